//! The hot state of the plan: the current datasets, decoded, indexed and shared between readers.
//!
//! A `World` never changes; a new one takes its place when a dataset is committed. Readers hold the one that
//! they started with, so that a page never mixes two lists of stations.

use pehra_domain::{
    AreaId, BuildingId, Point, StationId, UnitId, UnixMs,
    building::Building,
    figure::Figure,
    force::{HomeCount, Unit},
    incident_record::IncidentRecord,
    norm::NormProfile,
    plan::{Certificate, Plan},
    risk::StationAssessment,
    station::Station,
    survey::SurveyAnswer,
};
use std::{collections::BTreeMap, ops::Range, sync::Arc};

/// What a figure on the screen rests on: which dataset, of when, by whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provenance {
    pub manifest: [u8; 32],
    pub at: UnixMs,
    pub source: String,
    pub signed_by: String,
}

/// Stations and their buildings. Stations are ordered by district, then by id: the order of the map's points.
#[derive(Debug)]
pub struct StationTable {
    pub provenance: Provenance,
    pub stations: Vec<Station>,
    pub buildings: Vec<Building>,
    pub by_station: BTreeMap<StationId, u32>,
    pub by_building: BTreeMap<BuildingId, u32>,
    /// Districts that have a station, in order, with their range in `stations`.
    pub districts: Vec<(AreaId, Range<u32>)>,
    /// For each station the position of its building in `buildings`.
    pub building_of: Vec<u32>,
}

impl StationTable {
    /// Sorts and indexes; a station whose building is missing from `buildings` points at `u32::MAX`.
    #[must_use]
    pub fn new(
        provenance: Provenance,
        mut stations: Vec<Station>,
        mut buildings: Vec<Building>,
    ) -> Self {
        stations.sort_by(|a, b| (&a.district, &a.id).cmp(&(&b.district, &b.id)));
        buildings.sort_by(|a, b| (&a.district, &a.id).cmp(&(&b.district, &b.id)));
        let by_station = positions(stations.iter().map(|s| s.id.clone()));
        let by_building = positions(buildings.iter().map(|b| b.id.clone()));
        let building_of = stations
            .iter()
            .map(|s| by_building.get(&s.building).copied().unwrap_or(u32::MAX))
            .collect();
        let mut districts: Vec<(AreaId, Range<u32>)> = Vec::new();
        for (position, station) in (0_u32..).zip(&stations) {
            match districts.last_mut() {
                Some((area, range)) if *area == station.district => range.end = position + 1,
                Some(_) | None => {
                    districts.push((station.district.clone(), position..position + 1))
                }
            }
        }
        Self { provenance, stations, buildings, by_station, by_building, districts, building_of }
    }

    /// The station of an id, or of any of its contests' keys (`PK-71-21`).
    #[must_use]
    pub fn find(&self, key: &str) -> Option<usize> {
        let id = StationId::try_new(key.trim()).ok()?;
        if let Some(&position) = self.by_station.get(&id) {
            return Some(position as usize);
        }
        let (constituency, number) = id.as_str().rsplit_once('-')?;
        self.stations.iter().position(|station| {
            station
                .contests
                .iter()
                .any(|c| c.constituency.as_str() == constituency && c.station_no == number)
        })
    }

    /// As [`Self::find`], the station itself.
    #[must_use]
    pub fn named(&self, key: &str) -> Option<&Station> {
        self.stations.get(self.find(key)?)
    }

    #[must_use]
    pub fn building(&self, station: usize) -> Option<&Building> {
        self.buildings.get(*self.building_of.get(station)? as usize)
    }

    #[must_use]
    pub fn district_index(&self, area: &AreaId) -> Option<usize> {
        self.districts.binary_search_by(|(known, _)| known.cmp(area)).ok()
    }
}

fn positions<K: Ord>(keys: impl Iterator<Item = K>) -> BTreeMap<K, u32> {
    keys.zip(0_u32..).collect()
}

/// An assessment whose rows stand in the order of the station table that it was made for.
#[derive(Debug)]
pub struct AssessmentTable {
    pub provenance: Provenance,
    pub seed: u64,
    pub draws: u32,
    /// Manifest of the station list that was assessed.
    pub stations_manifest: [u8; 32],
    pub rows: Vec<StationAssessment>,
}

/// A solved plan with what is needed to show it.
#[derive(Debug)]
pub struct PlanTable {
    pub provenance: Provenance,
    pub id: String,
    pub label: String,
    pub profile: String,
    pub stations_manifest: [u8; 32],
    /// The poll it is for; none: the day of the general poll.
    pub poll: Option<crate::dataset::PollOf>,
    pub plan: Plan,
}

impl PlanTable {
    #[must_use]
    pub fn certificate(&self) -> &Certificate {
        &self.plan.certificate
    }
}

#[derive(Debug)]
pub struct UnitTable {
    pub provenance: Provenance,
    pub units: Vec<Unit>,
    pub by_unit: BTreeMap<UnitId, u32>,
}

impl UnitTable {
    #[must_use]
    pub fn new(provenance: Provenance, mut units: Vec<Unit>) -> Self {
        units.sort_by(|a, b| (&a.district, &a.id).cmp(&(&b.district, &b.id)));
        let by_unit = positions(units.iter().map(|u| u.id.clone()));
        Self { provenance, units, by_unit }
    }
}

/// A list with its provenance.
#[derive(Debug)]
pub struct Listed<T> {
    pub provenance: Provenance,
    pub rows: Vec<T>,
}

/// The outline of a district.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
pub struct Outline {
    #[n(0)]
    pub area: AreaId,
    #[n(1)]
    pub name: String,
    #[n(2)]
    pub division: String,
    #[n(3)]
    pub province: String,
    /// Rings as read: a point lies inside where an odd number of rings surround it.
    #[n(4)]
    pub rings: Vec<Vec<Point>>,
}

/// Everything current. Absent parts have not been imported, generated or computed yet.
#[derive(Clone, Debug, Default)]
pub struct World {
    pub stations: Option<Arc<StationTable>>,
    /// Returning offices, stores, distribution points, routes, candidates' offices, rallies, processions.
    pub places: Option<Arc<Listed<Building>>>,
    pub units: Option<Arc<UnitTable>>,
    /// Where the units' people who may be drawn are at home.
    pub homes: Option<Arc<Listed<HomeCount>>>,
    pub incidents: Option<Arc<Listed<IncidentRecord>>>,
    pub figures: Option<Arc<Listed<Figure>>>,
    pub norms: Option<Arc<Listed<NormProfile>>>,
    pub surveys: Option<Arc<Listed<SurveyAnswer>>>,
    pub boundaries: Option<Arc<Listed<Outline>>>,
    /// Which road map is current; its content is decoded on demand.
    pub roads: Option<Provenance>,
    pub assessment: Option<Arc<AssessmentTable>>,
    /// Solved plans, oldest first.
    pub plans: Vec<Arc<PlanTable>>,
}

impl World {
    /// The newest plan of the general poll.
    #[must_use]
    pub fn general_plan(&self) -> Option<&Arc<PlanTable>> {
        self.plans.iter().rev().find(|plan| plan.poll.is_none())
    }

    /// What a protected place is called; empty when it has no name or is not known.
    #[must_use]
    pub fn building_name(&self, id: &BuildingId) -> &str {
        self.building(id).map_or("", |building| building.name.as_str())
    }

    /// A protected place of either list.
    #[must_use]
    pub fn building(&self, id: &BuildingId) -> Option<&Building> {
        let from_stations = self.stations.as_ref().and_then(|table| {
            let position = *table.by_building.get(id)?;
            table.buildings.get(position as usize)
        });
        from_stations.or_else(|| {
            self.places.as_ref().and_then(|l| l.rows.iter().find(|place| place.id == *id))
        })
    }
}
