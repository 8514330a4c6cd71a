//! How long a nation takes: 90 675 made-up stations, 500 draws each, a third of the buildings surveyed in full.
//!
//! `cargo run --release -p pehra-plan --example assess_speed [stations] [draws] [threads]`

#![expect(
    clippy::print_stdout,
    clippy::disallowed_types,
    clippy::expect_used,
    reason = "a measurement prints, reads the clock, and may stop with a message"
)]

use pehra_domain::{
    AreaId, BuildingId, Date, Point, StationId, UnitId,
    booth::BySex,
    building::{Building, BuildingKind},
    force::{Tier, Unit},
    gazetteer::{District, Gazetteer, Town},
    incident_record::IncidentRecord,
    risk::RiskClass,
    seed::Seed,
    station::{DistrictBasis, PlaceBasis, Station, StationKind},
    survey::{SurveyAnswer, SurveySubject},
};
use pehra_plan::assess::{Inputs, Model, assess};
use pehra_plan::survey_form::BUILDING;
use std::ops::ControlFlow;
use std::time::Instant;

const DISTRICTS: u32 = 136;

fn below(chance: &mut Seed, bound: u32) -> u32 {
    u32::try_from(chance.below(u64::from(bound))).unwrap_or(0)
}

fn around(centre: Point, chance: &mut Seed) -> Point {
    let mut offset = || i32::try_from(below(chance, 6_000_000)).unwrap_or(0) - 3_000_000;
    Point { lat_e7: centre.lat_e7 + offset(), lon_e7: centre.lon_e7 + offset() }
}

fn gazetteer(chance: &mut Seed) -> Gazetteer {
    let mut place = || {
        Point::try_from_degrees(24.5 + 11.5 * chance.unit(), 62.0 + 12.5 * chance.unit())
            .expect("inside the country's box")
    };
    let districts: Vec<District> = (0..DISTRICTS)
        .map(|n| {
            let (name, province) = (format!("District {n}"), format!("Province {}", n % 5));
            District {
                area: AreaId::nation().below(&province).below(&name),
                name,
                province,
                name_ur: String::new(),
                province_ur: String::new(),
                division: String::new(),
                adults: 900_000,
                adult_men: 460_000,
                adult_women: 440_000,
                adult_urban: 300_000,
                centre: place(),
                area_km2: 5_700,
            }
        })
        .collect();
    let towns = districts.iter().flat_map(|d| {
        let town = |point| Town {
            name: d.name.clone(),
            name_ur: String::new(),
            point,
            population: 40_000,
        };
        [town(d.centre)]
    });
    Gazetteer { towns: towns.collect(), districts }
}

fn stations(gazetteer: &Gazetteer, count: u32, chance: &mut Seed) -> (Vec<Station>, Vec<Building>) {
    let (mut stations, mut buildings): (Vec<Station>, Vec<Building>) = (Vec::new(), Vec::new());
    for n in 0..count {
        let home = &gazetteer.districts[(n % DISTRICTS) as usize];
        let id = StationId::try_new(format!("SYN-{n}")).expect("a short name");
        if n < DISTRICTS || below(chance, 4) > 0 || buildings.is_empty() {
            buildings.push(Building {
                id: BuildingId::try_new(format!("B-{n}")).expect("a short name"),
                kind: BuildingKind::PollingStations,
                name: String::new(),
                district: home.area.clone(),
                point: around(home.centre, chance),
                place_basis: PlaceBasis::Given,
                stations: vec![],
                window: None,
                line: vec![],
            });
        }
        let Some(building) = buildings.last_mut() else { continue };
        building.stations.push(id.clone());
        let (men, women) = (300 + below(chance, 900), 300 + below(chance, 900));
        stations.push(Station {
            id,
            name: String::new(),
            kind: StationKind::Combined,
            district: building.district.clone(),
            district_basis: DistrictBasis::Column,
            point: building.point,
            place_basis: PlaceBasis::Given,
            building: building.id.clone(),
            contests: vec![],
            booths: BySex { men: men / 450 + 1, women: women / 450 + 1 },
            voters: BySex { men, women },
            official: vec![],
        });
    }
    (stations, buildings)
}

fn incidents(gazetteer: &Gazetteer, count: u32, chance: &mut Seed) -> Vec<IncidentRecord> {
    let first = Date::parse("2012-06-01").unwrap_or_default();
    let one = |n: u32| {
        let home = &gazetteer.districts[(below(chance, DISTRICTS)) as usize];
        let date = first.plus_days(i32::try_from(below(chance, 4_260)).unwrap_or(0));
        IncidentRecord {
            id: format!("ucdp:{n}"),
            date,
            date_end: date,
            point: around(home.centre, chance),
            place_precision: 1 + u8::try_from(below(chance, 4)).unwrap_or(0),
            date_precision: 1,
            deaths_best: below(chance, 5),
            deaths_low: 0,
            deaths_high: 5,
            district: home.name.clone(),
            province: home.province.clone(),
            violence_type: 1,
            on_election: below(chance, 20) == 0,
            source: String::new(),
        }
    };
    (0..count).map(one).collect()
}

fn units(gazetteer: &Gazetteer, chance: &mut Seed) -> Vec<Unit> {
    let one = |n: u32| {
        let home = &gazetteer.districts[(n % DISTRICTS) as usize];
        Unit {
            id: UnitId::try_new(format!("U-{n}")).expect("a short name"),
            name: String::new(),
            tier: Tier::Police,
            district: home.area.clone(),
            point: around(home.centre, chance),
            men: 200,
            women: 20,
            vehicles: 8,
            seats: 60,
            window: None,
            reserve: 14,
            home: None,
        }
    };
    (0..2_000).map(one).collect()
}

fn surveys(buildings: &[Building], chance: &mut Seed) -> Vec<SurveyAnswer> {
    let on = Date::parse("2024-01-10").unwrap_or_default();
    let mut answers = Vec::new();
    for building in buildings {
        if below(chance, 3) > 0 {
            continue;
        }
        for question in BUILDING {
            let choice = below(chance, u32::try_from(question.choices.len()).unwrap_or(1));
            answers.push(SurveyAnswer {
                subject: SurveySubject::Building(building.id.clone()),
                question: question.key.to_owned(),
                centi: question.choices[choice as usize].centi,
                factor: question.feeds,
                on,
                surveyor_role: String::new(),
                note: String::new(),
            });
        }
    }
    answers
}

fn argument(position: usize, default: u32) -> u32 {
    std::env::args().nth(position).and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// Peak resident memory in MB where the kernel tells it.
fn peak_mb() -> Option<u64> {
    #[expect(clippy::disallowed_methods, reason = "a measurement asks the kernel")]
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? / 1_024)
}

fn main() {
    let (count, draws, threads) = (argument(1, 90_675), argument(2, 500), argument(3, 2));
    let mut chance = Seed::new(2_024);
    let gazetteer = gazetteer(&mut chance);
    let (stations, buildings) = stations(&gazetteer, count, &mut chance);
    let incidents = incidents(&gazetteer, 6_000, &mut chance);
    let units = units(&gazetteer, &mut chance);
    let surveys = surveys(&buildings, &mut chance);
    let poll = Date::parse("2024-02-08").unwrap_or_default();
    let earlier = ["2018-07-25", "2013-05-11"].map(|day| Date::parse(day).unwrap_or_default());
    let inputs = Inputs {
        stations: &stations,
        buildings: &buildings,
        incidents: &incidents,
        units: &units,
        surveys: &surveys,
        overrides: &[],
        posteriors: &[],
        coverage: None,
        gazetteer: &gazetteer,
        poll,
        schedule: poll.plus_days(-55),
        earlier_polls: &earlier,
        as_of: poll.plus_days(-1).midnight_pkt(),
    };
    println!("inputs ready, peak memory {:?} MB", peak_mb());
    let start = Instant::now();
    let mut last = ("", start);
    let result = assess(
        &Model::default_pk2024(),
        &inputs,
        7,
        draws as usize,
        threads as usize,
        &mut |step| {
            if step.stage != last.0 {
                println!("{:>8.3} s  {}", start.elapsed().as_secs_f64(), step.stage);
                last = (step.stage, Instant::now());
            }
            ControlFlow::Continue(())
        },
    );
    let seconds = start.elapsed().as_secs_f64();
    let all = result.unwrap_or_default();
    let count_of = |class| all.iter().filter(|a| a.class == class).count();
    println!("{seconds:>8.3} s  {} stations x {draws} draws on {threads} threads", all.len());
    println!("peak memory {:?} MB", peak_mb());
    println!("classes {:?}", RiskClass::ALL.map(count_of));
}
