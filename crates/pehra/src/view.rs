//! How tables that were made at different moments fit together: which assessment row belongs to which station, what
//! a plan says of one building or one unit.

use crate::world::{AssessmentTable, PlanTable, StationTable, World};
use pehra_domain::{
    AreaId, BuildingId, StationId, UnitId, UnixMs,
    building::Building,
    plan::{BuildingNeed, Posting, Shortfall},
    risk::StationAssessment,
    station::Station,
};
use std::{collections::BTreeMap, sync::Arc};

/// An assessment read by the stations that are current. Rows of an older list are matched by name.
pub enum Assessed<'a> {
    Nothing,
    InOrder(&'a AssessmentTable),
    ByName(BTreeMap<&'a StationId, &'a StationAssessment>),
}

impl<'a> Assessed<'a> {
    #[must_use]
    pub fn of(stations: &StationTable, assessment: Option<&'a AssessmentTable>) -> Self {
        match assessment {
            None => Self::Nothing,
            Some(table) if table.stations_manifest == stations.provenance.manifest => {
                Self::InOrder(table)
            }
            Some(table) => Self::ByName(table.rows.iter().map(|row| (&row.station, row)).collect()),
        }
    }

    #[must_use]
    pub fn row(&self, position: usize, station: &Station) -> Option<&'a StationAssessment> {
        match self {
            Self::Nothing => None,
            Self::InOrder(table) => {
                table.rows.get(position).filter(|row| row.station == station.id)
            }
            Self::ByName(rows) => rows.get(&station.id).copied(),
        }
    }
}

/// One station's row, without going through all of them.
#[must_use]
pub fn assessment_of<'a>(
    stations: &StationTable,
    assessment: Option<&'a AssessmentTable>,
    position: usize,
) -> Option<&'a StationAssessment> {
    let table = assessment?;
    let station = stations.stations.get(position)?;
    let at_place = table.rows.get(position).filter(|row| row.station == station.id);
    at_place.or_else(|| table.rows.iter().find(|row| row.station == station.id))
}

/// A plan ordered for look-ups by building and by unit.
pub struct PlanIndex {
    pub table: Arc<PlanTable>,
    postings_by_building: Vec<u32>,
    postings_by_unit: Vec<u32>,
    needs: Vec<u32>,
    shortfalls: Vec<u32>,
}

impl PlanIndex {
    #[must_use]
    pub fn new(table: Arc<PlanTable>) -> Self {
        let plan = &table.plan;
        Self {
            postings_by_building: order(&plan.postings, |a, b| {
                (&a.building, a.kind, &a.unit).cmp(&(&b.building, b.kind, &b.unit))
            }),
            postings_by_unit: order(&plan.postings, |a, b| {
                (&a.unit, &a.building, a.kind).cmp(&(&b.unit, &b.building, b.kind))
            }),
            needs: order(&plan.needs, |a, b| (&a.building, a.kind).cmp(&(&b.building, b.kind))),
            shortfalls: order(&plan.shortfalls, |a, b| {
                (&a.building, a.kind).cmp(&(&b.building, b.kind))
            }),
            table,
        }
    }

    pub fn postings_at<'a>(
        &'a self,
        building: &'a BuildingId,
    ) -> impl Iterator<Item = &'a Posting> {
        let rows = &self.table.plan.postings;
        equal(rows, &self.postings_by_building, move |row| row.building.cmp(building))
    }

    pub fn postings_of<'a>(&'a self, unit: &'a UnitId) -> impl Iterator<Item = &'a Posting> {
        let rows = &self.table.plan.postings;
        equal(rows, &self.postings_by_unit, move |row| row.unit.cmp(unit))
    }

    pub fn needs_at<'a>(
        &'a self,
        building: &'a BuildingId,
    ) -> impl Iterator<Item = &'a BuildingNeed> {
        equal(&self.table.plan.needs, &self.needs, move |row| row.building.cmp(building))
    }

    pub fn shortfalls_at<'a>(
        &'a self,
        building: &'a BuildingId,
    ) -> impl Iterator<Item = &'a Shortfall> {
        equal(&self.table.plan.shortfalls, &self.shortfalls, move |row| row.building.cmp(building))
    }
}

fn order<T>(rows: &[T], by: impl Fn(&T, &T) -> std::cmp::Ordering) -> Vec<u32> {
    let mut places: Vec<u32> = (0_u32..).zip(rows).map(|(place, _)| place).collect();
    places.sort_by(|&a, &b| match (rows.get(a as usize), rows.get(b as usize)) {
        (Some(a), Some(b)) => by(a, b),
        (None, _) | (_, None) => std::cmp::Ordering::Equal,
    });
    places
}

fn equal<'a, T>(
    rows: &'a [T],
    places: &'a [u32],
    compare: impl Fn(&T) -> std::cmp::Ordering + 'a,
) -> impl Iterator<Item = &'a T> {
    let row = |place: u32| rows.get(place as usize);
    let start = places.partition_point(|&place| row(place).is_some_and(|row| compare(row).is_lt()));
    let found = places.get(start..).unwrap_or_default();
    found.iter().filter_map(move |&place| row(place)).take_while(move |row| compare(row).is_eq())
}

/// A building of the stations or one of the other protected places.
#[must_use]
pub fn building<'a>(world: &'a World, id: &BuildingId) -> Option<&'a Building> {
    let stations = world.stations.as_ref();
    let of_stations = stations.and_then(|table| {
        let position = *table.by_building.get(id)?;
        table.buildings.get(position as usize)
    });
    of_stations.or_else(|| world.places.as_ref()?.rows.iter().find(|place| place.id == *id))
}

/// All protected places, in the order of the tables.
pub fn buildings(world: &World) -> impl Iterator<Item = &Building> {
    let of_stations = world.stations.iter().flat_map(|table| &table.buildings);
    of_stations.chain(world.places.iter().flat_map(|places| &places.rows))
}

/// Age and source, as every answer with figures carries them.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Age {
    pub as_of_ms: i64,
    pub source: String,
}

impl Age {
    #[must_use]
    pub fn of(provenance: &crate::world::Provenance) -> Self {
        let UnixMs(as_of_ms) = provenance.at;
        Self { as_of_ms, source: provenance.source.clone() }
    }
}

/// A district's name for people: the gazetteer's, else its path's last step with its first letters raised.
#[must_use]
pub fn area_name(gazetteer: &pehra_domain::gazetteer::Gazetteer, area: &AreaId) -> String {
    let known = gazetteer.districts.iter().find(|district| district.area == *area);
    match known {
        Some(district) => district.name.clone(),
        None => area.name().split('-').map(raised).collect::<Vec<_>>().join(" "),
    }
}

/// The Urdu name of a known district or province.
#[must_use]
pub fn area_name_ur(
    gazetteer: &pehra_domain::gazetteer::Gazetteer,
    area: &AreaId,
) -> Option<String> {
    let mut districts = gazetteer.districts.iter();
    let name = districts.find_map(|district| {
        if district.area == *area {
            Some(&district.name_ur)
        } else {
            (district.area.province().as_ref() == Some(area)).then_some(&district.province_ur)
        }
    });
    name.filter(|name| !name.is_empty()).cloned()
}

fn raised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
