//! Allocates a synthetic nation of true size and prints what it took.
//!
//! `cargo run --release -p pehra-plan --example allocate_speed -- [threads] [seed] [rules|all] [each]`: with `rules` every
//! rule of the profile holds; with `all` units also keep a reserve, some become free late, and some are pinned or
//! excluded by hand. With `each`, one plan more for every rule alone. What the plan breaks is counted from its postings.
#![expect(clippy::print_stdout, reason = "a measuring program prints")]
#![expect(clippy::too_many_lines, reason = "one synthetic country, made in one go")]
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "sizes of units are small and positive"
)]
#![expect(clippy::disallowed_types, clippy::disallowed_methods, reason = "it measures real time")]

use pehra_domain::{
    AreaId, BuildingId, ConstituencyId, Point, StationId, TimeWindow, UnitId, UnixMs,
    building::{Building, BuildingKind},
    force::{HomeCount, StaffKind, Tier, Unit},
    risk::RiskClass,
    seed::Seed,
    station::{PlaceBasis, StationKind},
};
use pehra_plan::{
    allocate::{
        AllocateInput, DistanceModel, Lock, Rules, Selected, StationDuty, Weights, allocate,
        allocate_bounding, audit, what_more,
    },
    norm::NormBook,
};
use std::{ops::ControlFlow, time::Instant};

const DISTRICTS: usize = 136;
const BUILDINGS: usize = 65_000;
const STATIONS: usize = 90_675;
const UNITS: usize = 2_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1).filter_map(|text| text.parse::<u64>().ok());
    let threads = usize::try_from(arguments.next().unwrap_or(2))?;
    let seed = arguments.next().unwrap_or(1);
    let mut input = nation(seed)?;
    let said = |word: &str| std::env::args().any(|given| given == word);
    if said("rules") || said("all") {
        add_rules(&mut input)?;
    }
    if said("all") {
        add_wishes(&mut input);
    }
    if said("each") {
        return each(&mut input, threads);
    }
    let start = Instant::now();
    let mut stage = "";
    let mut watch = |step: pehra_domain::progress::Step| {
        if step.stage != stage {
            stage = step.stage;
            println!("{:7.2} s  {} ({})", start.elapsed().as_secs_f64(), step.stage, step.total);
        }
        ControlFlow::Continue(())
    };
    let allocation = allocate_bounding(&input, threads, &mut watch, &mut |bounds| {
        println!("          bound {} answer {:?}", bounds.dual_bound, bounds.objective);
    })?;
    let seconds = start.elapsed().as_secs_f64();
    let plan = &allocation.plan;
    println!("{:#?}", allocation.effort());
    let missing: u64 = plan.shortfalls.iter().map(|s| u64::from(s.missing)).sum();
    let posted: u64 = plan.postings.iter().map(|p| u64::from(p.count)).sum();
    println!(
        "threads {threads} seed {seed}: objective {} bound {} gap {} in {seconds:.2} s, peak {} MB",
        plan.certificate.objective,
        plan.certificate.dual_bound,
        plan.certificate.gap(),
        peak_mb()
    );
    println!("posted {posted}, missing {missing}, postings {}", plan.postings.len());
    let parts = plan.certificate.gap() as f64 / plan.certificate.dual_bound.max(1) as f64;
    println!("gap {:.4} % of the bound", parts * 100.0);
    for bent in &plan.certificate.relaxations {
        println!("bent: {} × {}: {}", bent.count, bent.rule, bent.text);
    }
    for row in audit(&input, plan) {
        println!("counted from the postings: {} people against {}", row.people, row.rule);
    }
    let district = AreaId::nation().below("province-0").below("district-0");
    let start = Instant::now();
    let kind = StaffKind::PoliceMan;
    let more = what_more(&allocation, kind, &district, 1_000, threads, &mut watch)?;
    println!("{:.2} s: {}", start.elapsed().as_secs_f64(), more.sentence);
    Ok(())
}

/// A plan for every rule alone, and for none: what each costs, and how far each is from its bound.
fn each(input: &mut AllocateInput, threads: usize) -> Result<(), Box<dyn std::error::Error>> {
    let Rules { home, travel_s_max, duty, arrival, teams, leaders, seats, training } = input.rules;
    let none = Rules::NONE;
    let table = [
        ("none", none.clone()),
        ("home", Rules { home, ..none.clone() }),
        ("training", Rules { training, ..none.clone() }),
        ("travel", Rules { travel_s_max, ..none.clone() }),
        ("duty", Rules { duty, ..none.clone() }),
        ("arrival", Rules { arrival, ..none.clone() }),
        ("teams", Rules { teams, ..none.clone() }),
        ("seats", Rules { seats, ..none.clone() }),
        ("leaders", Rules { leaders, ..none }),
    ];
    for (name, rules) in table {
        input.rules = rules;
        let start = Instant::now();
        let plan = allocate(input, threads, &mut |_| ControlFlow::Continue(()))?;
        let bound = plan.certificate.dual_bound;
        let bent: Vec<String> = plan
            .certificate
            .relaxations
            .iter()
            .map(|bent| format!("{} × {}", bent.count, bent.rule))
            .collect();
        println!(
            "{name:>9}: objective {} bound {bound} gap {:.4} % in {:.1} s; bent: {}",
            plan.certificate.objective,
            100.0 * plan.certificate.gap() as f64 / bound.max(1) as f64,
            start.elapsed().as_secs_f64(),
            bent.join(", "),
        );
    }
    Ok(())
}

/// A fiftieth of every unit stays in reserve, every twentieth unit becomes free three hours before the poll, a hundred
/// units have a pair pinned to the nearest place and are excluded from the next.
fn add_wishes(input: &mut AllocateInput) {
    let three_hours = 3 * 3_600_000;
    for (number, unit) in input.units.iter_mut().enumerate() {
        unit.reserve = (unit.men + unit.women) / 50;
        if number % 20 == 7 {
            let from = UnixMs(input.poll.from.0 - three_hours);
            unit.window =
                Some(TimeWindow { from, until: UnixMs(input.poll.until.0 + three_hours) });
        }
    }
    let far = |unit: Point, at: Point| {
        let square = |a: i32, b: i32| (i64::from(a) - i64::from(b)).pow(2);
        square(unit.lat_e7, at.lat_e7) + square(unit.lon_e7, at.lon_e7)
    };
    let mut taken = std::collections::BTreeSet::new();
    for unit in input.units.iter().filter(|unit| unit.men > 60).take(100) {
        let mut near: Vec<_> =
            input.buildings.iter().map(|b| (far(unit.point, b.point), b)).collect();
        near.select_nth_unstable_by_key(1, |(far, _)| *far);
        let [(_, first), (_, second), ..] = near.as_slice() else { continue };
        let id = unit.id.clone();
        if unit.tier == Tier::Police && taken.insert(first.id.clone()) {
            let (building, kind) = (first.id.clone(), StaffKind::PoliceMan);
            input.locks.push(Lock::Pin { unit: id.clone(), building, kind, count: 2 });
        }
        if !taken.contains(&second.id) {
            input.locks.push(Lock::Exclude { unit: id, building: Some(second.id.clone()) });
        }
    }
}

fn nation(seed: u64) -> Result<AllocateInput, Box<dyn std::error::Error>> {
    let mut chance = Seed::new(seed);
    let districts: Vec<AreaId> = (0..DISTRICTS)
        .map(|n| {
            AreaId::nation().below(&format!("province-{}", n % 4)).below(&format!("district-{n}"))
        })
        .collect();
    let centres: Vec<(f64, f64, f64)> = (0..DISTRICTS)
        .map(|_| {
            (25.0 + 10.0 * chance.unit(), 62.0 + 11.0 * chance.unit(), 0.1 + 0.25 * chance.unit())
        })
        .collect();
    let subs: Vec<Vec<(f64, f64)>> = centres
        .iter()
        .map(|&(lat, lon, wide)| {
            (0..8)
                .map(|_| (lat + wide * bell(&mut chance), lon + wide * bell(&mut chance)))
                .collect()
        })
        .collect();
    let weights: Vec<f64> = (1..=DISTRICTS).map(|n| 1.0 / (n as f64).powf(0.6)).collect();
    let place = |chance: &mut Seed, district: usize, spread: f64| {
        let (lat, lon) = subs[district][usize::try_from(chance.below(8)).unwrap_or(0)];
        let wide = centres[district].2 * spread;
        Point::try_from_degrees(lat + wide * bell(chance), lon + wide * bell(chance))
    };
    let mut input = AllocateInput {
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
        poll: TimeWindow { from: UnixMs(0), until: UnixMs(86_400_000) },
        seed,
        roads: None,
    };
    let mut homes = Vec::new();
    for number in 0..BUILDINGS {
        let district = pick(&mut chance, &weights);
        homes.push(district);
        input.buildings.push(Building {
            id: BuildingId::try_new(format!("B-{number:05}"))?,
            kind: BuildingKind::PollingStations,
            name: String::new(),
            district: districts[district].clone(),
            point: place(&mut chance, district, 0.35).ok_or("point")?,
            place_basis: PlaceBasis::Given,
            stations: Vec::new(),
            window: None,
            line: Vec::new(),
        });
    }
    let mut need = [0_u64; 2];
    for number in 0..STATIONS {
        let at = if number < BUILDINGS { number } else { usize::try_from(chance.below(65_000))? };
        let class = match chance.below(1_000) {
            0..=491 => RiskClass::Normal,
            492..=796 => RiskClass::Sensitive,
            _ => RiskClass::Most,
        };
        let kind = match chance.below(90_675) {
            0..=25_319 => StationKind::Men,
            25_320..=49_271 => StationKind::Women,
            _ => StationKind::Combined,
        };
        need[0] += [4, 6, 8][class as usize];
        need[1] += if kind == StationKind::Men { 0 } else { 1 };
        input.stations.push(StationDuty {
            station: StationId::try_new(format!("S-{number:05}"))?,
            building: input.buildings[at].id.clone(),
            class,
            kind,
            booths: 3,
            contests: Vec::new(),
        });
        if class == RiskClass::Most && chance.below(3) == 0 {
            let tier = if chance.below(2) == 0 { Tier::CivilArmedForces } else { Tier::Army };
            input.selected.push(Selected { building: input.buildings[at].id.clone(), tier });
        }
    }
    let sizes: Vec<f64> = (0..UNITS).map(|_| (0.8 * bell(&mut chance)).exp()).collect();
    let tier_of = |number: usize| match number % 10 {
        8 => Tier::CivilArmedForces,
        9 => Tier::Army,
        _ => Tier::Police,
    };
    let police: f64 = (0..UNITS).filter(|&n| tier_of(n) == Tier::Police).map(|n| sizes[n]).sum();
    let military: f64 = sizes.iter().sum::<f64>() - police;
    for (number, size) in sizes.iter().enumerate() {
        let district = if number < DISTRICTS { number } else { pick(&mut chance, &weights) };
        let tier = tier_of(number);
        let (men, women) = match tier {
            Tier::Police => (size / police * 400_000.0, size / police * 55_000.0),
            Tier::CivilArmedForces | Tier::Army => (size / military * 24_000.0, 0.0),
        };
        input.units.push(Unit {
            id: UnitId::try_new(format!("U-{number:04}"))?,
            name: String::new(),
            tier,
            district: districts[district].clone(),
            point: place(&mut chance, district, 0.4).ok_or("point")?,
            men: men as u32,
            women: women as u32,
            vehicles: 0,
            seats: 0,
            window: None,
            reserve: 0,
            home: None,
        });
    }
    Ok(input)
}

/// Two seats in every district, seven in ten of a unit's people at home in one of them, six in ten trained for most
/// sensitive places, seats for four fifths; all rules hold.
fn add_rules(input: &mut AllocateInput) -> Result<(), Box<dyn std::error::Error>> {
    let mut chance = Seed::new(input.seed ^ 7);
    let seat = |district: &AreaId, number: u64| {
        let district: u64 = district.name().rsplit('-').next().unwrap_or("0").parse().unwrap_or(0);
        ConstituencyId::try_new(format!("NA-{}", district * 2 + number + 1))
    };
    let places: std::collections::BTreeMap<BuildingId, (AreaId, Point)> =
        input.buildings.iter().map(|b| (b.id.clone(), (b.district.clone(), b.point))).collect();
    let mut middles: std::collections::BTreeMap<AreaId, Vec<i32>> = Default::default();
    for (district, point) in places.values() {
        middles.entry(district.clone()).or_default().push(point.lon_e7);
    }
    for list in middles.values_mut() {
        list.sort_unstable();
    }
    for station in &mut input.stations {
        let (district, point) = &places[&station.building];
        let list = &middles[district];
        let east = u64::from(point.lon_e7 > list[list.len() / 2]);
        station.contests = vec![seat(district, east)?];
    }
    for unit in &mut input.units {
        unit.seats = (unit.men + unit.women) * 4 / 5;
        for (kind, people) in [
            (StaffKind::PoliceMan, unit.strength(StaffKind::PoliceMan)),
            (StaffKind::PoliceWoman, unit.strength(StaffKind::PoliceWoman)),
            (StaffKind::CivilArmedForces, unit.strength(StaffKind::CivilArmedForces)),
            (StaffKind::Army, unit.strength(StaffKind::Army)),
        ] {
            let mut counts = [[0_u32; 2]; 3];
            for _ in 0..people {
                let home = [2, 2, 2, 0, 0, 0, 0, 1, 1, 1][usize::try_from(chance.below(10))?];
                counts[home][usize::from(chance.below(10) < 6)] += 1;
            }
            for (home, counts) in counts.into_iter().enumerate() {
                for (trained, count) in counts.into_iter().enumerate().filter(|(_, n)| *n > 0) {
                    input.homes.push(HomeCount {
                        unit: unit.id.clone(),
                        kind,
                        home: if home == 2 {
                            Vec::new()
                        } else {
                            vec![seat(&unit.district, home as u64)?]
                        },
                        count,
                        leaders: count / 5,
                        most_sensitive: trained == 1,
                    });
                }
            }
        }
    }
    input.rules = Rules::PROPOSED;
    Ok(())
}

fn pick(chance: &mut Seed, weights: &[f64]) -> usize {
    let mut left = chance.unit() * weights.iter().sum::<f64>();
    for (number, weight) in weights.iter().enumerate() {
        left -= weight;
        if left < 0.0 {
            return number;
        }
    }
    weights.len() - 1
}

/// Nearly normal: the sum of twelve uniform numbers less six.
fn bell(chance: &mut Seed) -> f64 {
    (0..12).map(|_| chance.unit()).sum::<f64>() - 6.0
}

fn peak_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok())
        .map_or(0, |kilobytes| kilobytes / 1_024)
}
