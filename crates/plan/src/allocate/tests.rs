mod again;
mod cases;
mod roads;
mod whole;

use super::*;
use crate::norm::NormBook;
use pehra_domain::{
    AreaId, Point, TimeWindow, UnixMs,
    building::{Building, BuildingKind},
    force::{StaffKind, Tier, Unit},
    plan::{Plan, ShortfallReason},
    progress::Step,
    risk::RiskClass,
    station::{PlaceBasis, StationKind},
};
use std::ops::ControlFlow;

pub(super) const POLL: TimeWindow = TimeWindow { from: UnixMs(1_000), until: UnixMs(2_000) };

pub(super) fn go_on(_: Step) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

pub(super) fn area(path: &str) -> AreaId {
    AreaId::try_new(path).unwrap()
}

pub(super) fn building_id(name: &str) -> BuildingId {
    BuildingId::try_new(name).unwrap()
}

pub(super) fn unit_id(name: &str) -> UnitId {
    UnitId::try_new(name).unwrap()
}

pub(super) fn empty() -> AllocateInput {
    AllocateInput {
        buildings: Vec::new(),
        stations: Vec::new(),
        place_classes: Vec::new(),
        units: Vec::new(),
        norms: NormBook::builtin(),
        selected: Vec::new(),
        locks: Vec::new(),
        rules: Rules::NONE,
        homes: Vec::new(),
        distance: DistanceModel::proposed(),
        weights: Weights::PROPOSED,
        poll: POLL,
        seed: 7,
        roads: None,
    }
}

/// A place so many kilometres east of 68° E, 27° N.
pub(super) fn east(km: f64) -> Point {
    Point::try_from_degrees(27.0, 68.0 + km / 99.1).unwrap()
}

pub(super) fn building(name: &str, district: &str, km: f64) -> Building {
    Building {
        id: building_id(name),
        kind: BuildingKind::PollingStations,
        name: String::new(),
        district: area(district),
        point: east(km),
        place_basis: PlaceBasis::Given,
        stations: Vec::new(),
        window: None,
        line: Vec::new(),
    }
}

pub(super) fn station(name: &str, at: &str, class: RiskClass, kind: StationKind) -> StationDuty {
    StationDuty {
        station: StationId::try_new(name).unwrap(),
        building: building_id(at),
        class,
        kind,
        booths: 2,
        contests: Vec::new(),
    }
}

pub(super) fn unit(
    name: &str,
    tier: Tier,
    district: &str,
    km: f64,
    (men, women): (u32, u32),
) -> Unit {
    Unit {
        id: unit_id(name),
        name: String::new(),
        tier,
        district: area(district),
        point: east(km),
        men,
        women,
        vehicles: 0,
        seats: 0,
        window: None,
        reserve: 0,
        home: None,
    }
}

/// One building of one station in Sindh's profile.
pub(super) fn one(class: RiskClass, kind: StationKind) -> AllocateInput {
    AllocateInput {
        buildings: vec![building("B-1", "pk/sindh/a", 0.0)],
        stations: vec![station("S-1", "B-1", class, kind)],
        ..empty()
    }
}

pub(super) fn solve(input: &AllocateInput) -> Plan {
    let plan = allocate(input, 1, &mut go_on).unwrap();
    assert_eq!(plan.certificate.gap(), 0);
    plan
}

/// Posted, by kind of people.
pub(super) fn posted(plan: &Plan) -> [u32; 4] {
    StaffKind::ALL
        .map(|kind| plan.postings.iter().filter(|p| p.kind == kind).map(|p| p.count).sum())
}

/// Missing, by kind of post.
pub(super) fn missing(plan: &Plan) -> [u32; 4] {
    StaffKind::ALL
        .map(|kind| plan.shortfalls.iter().filter(|s| s.kind == kind).map(|s| s.missing).sum())
}

pub(super) fn reasons(plan: &Plan) -> Vec<ShortfallReason> {
    plan.shortfalls.iter().map(|shortfall| shortfall.reason).collect()
}
