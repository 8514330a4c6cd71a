//! Every seat as it lies on the ground: its returning office, its store, its buildings with their stations.

use crate::{
    node::Node,
    work::{WorkError, dispatch::RoadsKept},
    world::{StationTable, World},
};
use pehra_domain::{
    AreaId, BuildingId, ConstituencyId, Point, StationId,
    building::{Building, BuildingKind},
    contest::Assembly,
    risk::{RiskClass, StationAssessment},
};
use pehra_plan::convoy::{Halt, travel::Estimate};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// How the returning office of a seat was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfficeBasis {
    /// A returning office whose name in the list ends with the seat's.
    Listed,
    /// No such office: the nearest one of the district.
    Nearest,
    /// No office in the district at all: the building in the middle.
    Assumed,
}

/// One seat.
#[derive(Clone, Debug)]
pub struct Site {
    pub seat: ConstituencyId,
    pub assembly: Assembly,
    pub office: Point,
    pub office_basis: OfficeBasis,
    pub district: AreaId,
    /// The district's store, where there is one in the list.
    pub store: Option<(BuildingId, Point)>,
    pub halts: Vec<Halt>,
    /// Where no road is known.
    pub estimate: Estimate,
}

impl Site {
    #[must_use]
    pub fn is_national(&self) -> bool {
        self.assembly == Assembly::National
    }

    #[must_use]
    pub fn station_count(&self) -> usize {
        self.halts.iter().map(|halt| halt.stations.len()).sum()
    }

    /// Its stations, building by building.
    pub fn stations(&self) -> impl Iterator<Item = &StationId> {
        self.halts.iter().flat_map(|halt| &halt.stations)
    }
}

/// A seat by its name, where it counts, and how large it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeatBrief {
    pub seat: ConstituencyId,
    pub district: AreaId,
    pub stations: u32,
}

/// All seats with a station that votes, by name; none without a list of stations.
///
/// # Errors
/// [`WorkError`] when the poll's record cannot be read.
pub fn seats(node: &Node) -> Result<Vec<SeatBrief>, WorkError> {
    let world = node.world();
    let Some(table) = world.stations.as_ref() else { return Ok(Vec::new()) };
    let brief = |site: Site| SeatBrief {
        stations: u32::try_from(site.station_count()).unwrap_or(u32::MAX),
        seat: site.seat,
        district: site.district,
    };
    Ok(sites(node, &world, table)?.into_iter().map(brief).collect())
}

/// Equal as long as the lists, classes and roads are those that convoys were planned on.
#[must_use]
pub fn sign(node: &Node) -> String {
    let world = node.world();
    let mut digest = Sha256::new();
    let mut put = |manifest: Option<[u8; 32]>| digest.update(manifest.unwrap_or([0; 32]));
    put(world.stations.as_ref().map(|table| table.provenance.manifest));
    put(world.places.as_ref().map(|places| places.provenance.manifest));
    put(world.assessment.as_ref().map(|table| table.provenance.manifest));
    let roads = RoadsKept::key(node, &world);
    put(roads.map(|(map, _)| map));
    put(roads.and_then(|(_, marks)| marks));
    let approved = node.ops(|state| state.official_classes.all_current());
    digest.update(format!("{approved:?}"));
    crate::auth::hex(&digest.finalize())
}

/// All seats with a station that votes, by name.
pub(super) fn sites(
    node: &Node,
    world: &World,
    table: &StationTable,
) -> Result<Vec<Site>, WorkError> {
    let voting = crate::work::poll::voting(node, table, None)?;
    let assessed = world
        .assessment
        .as_ref()
        .filter(|assessed| assessed.stations_manifest == table.provenance.manifest);
    let approved = node.ops(|state| state.official_classes.all_current());
    let mut seats: BTreeMap<ConstituencyId, (Assembly, BTreeMap<BuildingId, Halt>)> =
        BTreeMap::new();
    for (position, station) in table.stations.iter().enumerate() {
        if !voting.contains(position) {
            continue;
        }
        let class = approved
            .get(&station.id)
            .copied()
            .or_else(|| {
                assessed.and_then(|a| a.rows.get(position)).map(StationAssessment::force_class)
            })
            .or_else(|| station.official_class())
            .unwrap_or(RiskClass::Sensitive);
        let point = table.building(position).map_or(station.point, |building| building.point);
        for contest in &station.contests {
            let seat = seats
                .entry(contest.constituency.clone())
                .or_insert_with(|| (contest.assembly, BTreeMap::new()));
            let halt = seat.1.entry(station.building.clone()).or_insert_with(|| Halt {
                building: station.building.clone(),
                stations: Vec::new(),
                point,
                class,
                voters: 0,
            });
            halt.stations.push(station.id.clone());
            halt.class = halt.class.max(class);
            halt.voters = halt.voters.saturating_add(station.voters.total());
        }
    }
    let places = Places::of(world);
    let distances = crate::facts::distances(node.gazetteer());
    let site = |(seat, (assembly, halts)): (ConstituencyId, (Assembly, BTreeMap<_, Halt>))| {
        let halts: Vec<Halt> = halts.into_values().collect();
        let district = district(table, &halts);
        let (office, office_basis) = places.office(&seat, &district, &halts);
        let store = places.stores.get(&district).map(|it| (it.id.clone(), it.point));
        let estimate = Estimate::proposed(distances.terrain(&district));
        Site { seat, assembly, office, office_basis, district, store, halts, estimate }
    };
    Ok(seats.into_iter().map(site).collect())
}

/// The district of most of a seat's buildings.
fn district(table: &StationTable, halts: &[Halt]) -> AreaId {
    let mut counts: BTreeMap<&AreaId, usize> = BTreeMap::new();
    for halt in halts {
        let position = table.by_building.get(&halt.building);
        if let Some(building) = position.and_then(|&it| table.buildings.get(it as usize)) {
            *counts.entry(&building.district).or_default() += 1;
        }
    }
    let most = counts.into_iter().max_by_key(|&(area, count)| (count, std::cmp::Reverse(area)));
    most.map_or_else(AreaId::nation, |(area, _)| area.clone())
}

struct Places<'a> {
    offices: Vec<&'a Building>,
    stores: BTreeMap<AreaId, &'a Building>,
}

impl<'a> Places<'a> {
    fn of(world: &'a World) -> Self {
        let rows = world.places.as_ref().map_or(&[][..], |places| &places.rows);
        let of_kind = |kind| rows.iter().filter(move |place| place.kind == kind);
        let stores = of_kind(BuildingKind::Store).map(|store| (store.district.clone(), store));
        Self { offices: of_kind(BuildingKind::ReturningOffice).collect(), stores: stores.collect() }
    }

    fn office(
        &self,
        seat: &ConstituencyId,
        district: &AreaId,
        halts: &[Halt],
    ) -> (Point, OfficeBasis) {
        let suffix = format!("RO-{}", seat.as_str());
        if let Some(office) = self.offices.iter().find(|it| it.id.as_str().ends_with(&suffix)) {
            return (office.point, OfficeBasis::Listed);
        }
        let middle = middle(halts);
        let here = self.offices.iter().filter(|office| office.district == *district);
        let nearest =
            here.min_by(|a, b| a.point.distance_m(middle).total_cmp(&b.point.distance_m(middle)));
        nearest.map_or((middle, OfficeBasis::Assumed), |it| (it.point, OfficeBasis::Nearest))
    }
}

/// The halt nearest to the medians of latitude and longitude.
fn middle(halts: &[Halt]) -> Point {
    let median = |mut values: Vec<i32>| {
        values.sort_unstable();
        values.get(values.len() / 2).copied().unwrap_or(0)
    };
    let centre = Point {
        lat_e7: median(halts.iter().map(|halt| halt.point.lat_e7).collect()),
        lon_e7: median(halts.iter().map(|halt| halt.point.lon_e7).collect()),
    };
    let nearest = halts
        .iter()
        .min_by(|a, b| a.point.distance_m(centre).total_cmp(&b.point.distance_m(centre)));
    nearest.map_or(centre, |halt| halt.point)
}
