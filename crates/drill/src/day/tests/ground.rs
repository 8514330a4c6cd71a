//! A part of the imagined nation, so that a test's day takes a second: a town, a district of the hills, one of the plains.

use crate::{
    Facts,
    day::{
        Parameters, Plan, Scenario,
        plan::nation::{Lists, build},
    },
    facts, generate,
};
use pehra_domain::{AreaId, poll::PollState};
use pehra_plan::{
    allocate::{DistanceModel, Terrain},
    communication::bearer::Bearers,
    norm::NormBook,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::ControlFlow,
    sync::{Arc, OnceLock},
};

const FIGURES: &str = include_str!("../../../../../data/ge2024.csv");
const SEATS: &str = include_str!("../../../../../data/seats.csv");
const ROOMS: &str = include_str!("../../../../../data/rooms.csv");
const DISTRICTS: &str = include_str!("../../../../../data/districts.csv");
const TOWNS: &str = include_str!("../../../../../data/towns.csv");
const BEARERS: &str = include_str!("../../../../../data/bearers.csv");

/// Kohat, Tank and Ghotki by their slugs.
const FEW: [&str; 3] = ["kohat", "tank", "ghotki"];

/// The plan of the few districts.
pub(in crate::day) fn few() -> Arc<Plan> {
    static PLAN: OnceLock<Arc<Plan>> = OnceLock::new();
    Arc::clone(PLAN.get_or_init(|| Arc::new(plan(&|area| FEW.contains(&area.name())))))
}

/// The plan of the districts that are wanted.
pub(in crate::day) fn plan(wanted: &dyn Fn(&AreaId) -> bool) -> Plan {
    let facts = Facts::parse(FIGURES, SEATS, ROOMS).unwrap();
    let gazetteer = facts::gazetteer(DISTRICTS, TOWNS).unwrap();
    let mut go_on = |_| ControlFlow::Continue(());
    let nation = generate(&facts, &gazetteer, 2024, &mut go_on).unwrap();
    let buildings: Vec<_> =
        nation.buildings.iter().filter(|it| wanted(&it.district)).cloned().collect();
    let stations: Vec<_> =
        nation.stations.iter().filter(|it| wanted(&it.district)).cloned().collect();
    let units: Vec<_> = nation.units.iter().filter(|it| wanted(&it.district)).cloned().collect();
    let postponed: BTreeSet<_> = nation
        .polls
        .iter()
        .filter(|poll| poll.state == PollState::Postponed)
        .map(|poll| poll.key.constituency.clone())
        .collect();
    let hills = ["Bannu", "Kohat", "Dera Ismail Khan"];
    let terrain = gazetteer
        .districts
        .iter()
        .filter(|district| hills.contains(&district.division.as_str()))
        .map(|district| (district.area.clone(), Terrain::Hill));
    let distance = DistanceModel { terrain: terrain.collect(), ..DistanceModel::proposed() };
    let lists = Lists {
        day: crate::nation::POLL_DAY,
        stations: &stations,
        buildings: &buildings,
        places: &nation.places,
        units: &units,
        incidents: &nation.incidents,
        surveys: &nation.surveys,
        postponed: &postponed,
        classes: &BTreeMap::new(),
        deployment: None,
        distance: &distance,
        bearers: &Bearers::parse(BEARERS).unwrap(),
        norms: &NormBook::builtin(),
        terminals: 20,
    };
    build(&lists, &mut go_on).unwrap()
}

pub(in crate::day) fn usual(seed: u64) -> Scenario {
    Scenario::usual(seed, Parameters::shipped().unwrap())
}

pub(in crate::day) fn quiet(seed: u64) -> Scenario {
    Scenario::calm(seed, Parameters::shipped().unwrap())
}
