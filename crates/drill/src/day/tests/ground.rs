//! A part of the imagined nation, so that a test's day takes a second: a town, a district of the hills, one of the plains.

use crate::{
    Facts,
    day::{
        Parameters, Plan, Scenario,
        plan::{
            Building, Convoy, District, Office, Sector, Span, Station, Stop,
            nation::{Lists, build},
        },
    },
    facts, generate,
};
use pehra_domain::{
    AreaId, BuildingId, ConstituencyId, Point, StationId, booth::BySex, poll::PollState,
    risk::RiskClass, station::StationKind,
};
use pehra_plan::{
    allocate::{DistanceModel, Terrain},
    communication::{
        bearer::{Bearer, Bearers},
        proof::Rungs,
    },
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
pub(crate) fn few() -> Arc<Plan> {
    static PLAN: OnceLock<Arc<Plan>> = OnceLock::new();
    Arc::clone(PLAN.get_or_init(|| Arc::new(plan(&|area| FEW.contains(&area.name())))))
}

/// The plan of the districts that are wanted.
pub(crate) fn plan(wanted: &dyn Fn(&AreaId) -> bool) -> Plan {
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

pub(crate) fn usual(seed: u64) -> Scenario {
    Scenario::usual(seed, Parameters::shipped().unwrap())
}

pub(crate) fn quiet(seed: u64) -> Scenario {
    Scenario::calm(seed, Parameters::shipped().unwrap())
}

/// A district of stations that have nothing but radio: sectors of so many, all within one mast's hearing. With one sector
/// for all, they speak straight to the control room.
#[expect(clippy::too_many_lines, reason = "one plan, written out")]
pub(crate) fn on_the_air(count: u32, per_sector: u32, message_s: u32) -> Plan {
    let point =
        |at: u32| Point { lat_e7: 310_000_000, lon_e7: 720_000_000 + i32::try_from(at).unwrap() };
    let direct = per_sector >= count;
    let only_radio = Rungs::default().with(Bearer::Vhf);
    let seat = ConstituencyId::try_new("NA-1").unwrap();
    let all = Span { first: 0, end: count };
    let sectors = count.div_ceil(per_sector);
    let one = Span { first: 0, end: 1 };
    Plan {
        day: crate::nation::POLL_DAY,
        districts: vec![District {
            area: AreaId::nation().below("Punjab").below("Air"),
            terrain: Terrain::Plain,
            control: point(0),
            buildings: all,
            stations: all,
            offices: one,
            sectors: Span { first: 0, end: sectors },
            convoys: one,
            couriers: Span::default(),
            teams: Span::default(),
            desks: 1,
            threat_micro: 1_000_000,
        }],
        buildings: all
            .iter()
            .map(|at| Building {
                id: BuildingId::try_new(format!("B-{at}")).unwrap(),
                district: 0,
                point: point(at),
                stations: Span { first: at, end: at + 1 },
                class: RiskClass::Normal,
                due: 4,
                posted: 4,
                women: 0,
            })
            .collect(),
        stations: all
            .iter()
            .map(|at| Station {
                id: StationId::try_new(format!("NA-1-{at}")).unwrap(),
                district: 0,
                constituency: seat.clone(),
                building: at,
                office: 0,
                sector: at / per_sector,
                kind: StationKind::Men,
                class: RiskClass::Normal,
                registered: BySex { men: 500, women: 0 },
                booths: BySex { men: 2, women: 0 },
                planned: only_radio,
                proved: only_radio,
                courier: None,
                postponed: false,
            })
            .collect(),
        offices: vec![Office {
            id: BuildingId::try_new("RO-NA-1").unwrap(),
            constituency: seat.clone(),
            district: 0,
            point: point(0),
            counters: 8,
            guards: 12,
        }],
        sectors: (0..sectors)
            .map(|sector| Sector {
                district: 0,
                post: sector * per_sector,
                stations: (sector * per_sector..((sector + 1) * per_sector).min(count)).collect(),
                bearer: Bearer::Vhf,
                hears: Vec::new(),
                hops: 1,
                terminal: false,
                direct,
            })
            .collect(),
        convoys: vec![Convoy {
            district: 0,
            office: 0,
            depart_s: -43_200,
            stops: all.iter().map(|building| Stop { building, leg_s: 1 }).collect(),
            home_leg_s: 1,
            vehicles: 2,
            escort: 4,
            length_m: 1_000,
        }],
        couriers: Vec::new(),
        teams: Vec::new(),
        message_s: [message_s; 11],
    }
}
