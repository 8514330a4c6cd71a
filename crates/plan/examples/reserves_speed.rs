//! Bases 200 teams among 2,000 candidates for 90,675 places of an imagined country, and asks what changes would do.
//!
//! Before that, the OR-Library's first p-median file, when it lies beside the house.
//!
//! `cargo run --release -p pehra-plan --example reserves_speed -- [seeds] [threads]`
#![expect(clippy::print_stdout, reason = "a measuring program prints")]
#![expect(clippy::disallowed_types, clippy::disallowed_methods, reason = "it measures real time")]

use pehra_domain::{Point, progress::Step, risk::RiskClass, seed::Seed};
use pehra_plan::{
    allocate::{DistanceModel, Terrain},
    reserve::{
        base::{self, Block, Demand, Estimates, Targets},
        cover::{self, Effort},
        matrix::read,
        median::choose,
    },
};
use std::{ops::ControlFlow, time::Instant};

const DISTRICTS: usize = 136;
const PLACES: usize = 90_675;
const BASES: usize = 2_000;
const TEAMS: usize = 200;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1).filter_map(|text| text.parse::<u64>().ok());
    let seeds = arguments.next().unwrap_or(3);
    let threads = usize::try_from(arguments.next().unwrap_or(2))?;
    published()?;
    for seed in 1..=seeds {
        measure(seed, threads)?;
    }
    Ok(())
}

/// The OR-Library's first p-median file and its published optimum; it lies beside the house.
fn published() -> Result<(), Box<dyn std::error::Error>> {
    const FILE: &str = "../shared/bench/pmedian/pmed1.txt";
    const OPTIMUM: i64 = 5_819;
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(FILE);
    let Ok(text) = std::fs::read_to_string(path) else {
        println!("{FILE} is not there: the published optimum was not compared");
        return Ok(());
    };
    let (distance, medians) = read(&text)?;
    let start = Instant::now();
    let found = choose(&distance, medians, &mut go_on)?;
    println!(
        "pmed1: objective {}, bound {}, published optimum {OPTIMUM}, {:.3} s",
        found.objective,
        found.dual_bound,
        start.elapsed().as_secs_f64()
    );
    Ok(())
}

fn go_on(_: Step) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn measure(seed: u64, threads: usize) -> Result<(), Box<dyn std::error::Error>> {
    let (bases, demands, distance) = country(seed)?;
    let targets = Targets::proposed();
    let start = Instant::now();
    let times = Estimates::new(&bases, &demands, &distance, &[]);
    let cover = base::problem(&demands, &targets, &times, threads)?;
    let built_s = start.elapsed().as_secs_f64();
    let effort = Effort { enough_per_100_000: 100, ..Effort::default() };
    let basing = cover::choose(&cover, TEAMS, effort, &mut go_on)?;
    let chosen_s = start.elapsed().as_secs_f64();
    let before = base::outlook(&demands, &targets, &times, &basing.open, threads);
    println!(
        "seed {seed}, {threads} threads: value {} of at most {}, gap {:.2} %, {chosen_s:.2} s in all ({built_s:.2} s for who reaches whom), outlook after {:.2} s",
        basing.objective,
        basing.bound,
        basing.gap_per_100_000() as f64 / 1_000.0,
        start.elapsed().as_secs_f64()
    );
    for (class, line) in RiskClass::ALL.iter().zip(&before.classes) {
        println!("  {class:?}: {line:?}");
    }
    let start = Instant::now();
    let after = base::outlook(&demands, &targets, &times, &basing.open[1..], threads);
    let (lose, _) = base::changed(&before, &after);
    println!(
        "  lose a base: {} places lose help, {:.2} s",
        lose.len(),
        start.elapsed().as_secs_f64()
    );
    let start = Instant::now();
    let point = demands.first().ok_or("a place")?.point;
    let cut = |shift: f64| {
        Point::try_from_degrees(point.lat_deg() + shift, point.lon_deg() + 0.05).ok_or("a point")
    };
    let blocks = [Block { from: cut(-0.3)?, to: cut(0.3)? }];
    let blocked = Estimates::new(&bases, &demands, &distance, &blocks);
    let after = base::outlook(&demands, &targets, &blocked, &basing.open, threads);
    let (lose, _) = base::changed(&before, &after);
    println!(
        "  block a road: {} places lose help, {:.2} s",
        lose.len(),
        start.elapsed().as_secs_f64()
    );
    let start = Instant::now();
    let more = cover::extend(&cover, &basing.open, 5, &[]);
    let after = base::outlook(&demands, &targets, &times, &more, threads);
    let (_, gain) = base::changed(&before, &after);
    println!(
        "  five teams more: {} places gain help, {:.2} s",
        gain.len(),
        start.elapsed().as_secs_f64()
    );
    let start = Instant::now();
    let suggestions = base::dispatch(&cover, &times, 0, &basing.open, 20);
    println!("  dispatch: {:?}, {:.3} s", suggestions.first(), start.elapsed().as_secs_f64());
    Ok(())
}

type Country = (Vec<Point>, Vec<Demand>, DistanceModel);

fn country(seed: u64) -> Result<Country, Box<dyn std::error::Error>> {
    let mut chance = Seed::new(seed);
    let districts: Vec<(Terrain, f64, f64, f64)> = (0..DISTRICTS)
        .map(|_| {
            let north = 25.0 + 10.0 * chance.unit();
            let terrain = match north {
                n if n > 34.0 => Terrain::Mountain,
                n if n > 32.5 => Terrain::Hill,
                _ => Terrain::Plain,
            };
            (terrain, north, 62.0 + 11.0 * chance.unit(), 0.1 + 0.25 * chance.unit())
        })
        .collect();
    let place = |chance: &mut Seed| {
        // Populous districts come first: the square of a uniform number.
        let uniform = chance.unit();
        let rank = uniform * uniform * 136.0;
        let &(terrain, north, east, wide) =
            districts.iter().enumerate().find(|(n, _)| *n as f64 + 1.0 > rank).ok_or("district")?.1;
        let bell = |chance: &mut Seed| (0..12).map(|_| chance.unit()).sum::<f64>() - 6.0;
        let point =
            Point::try_from_degrees(north + wide * bell(chance), east + wide * bell(chance));
        Ok::<_, &str>((point.ok_or("a point")?, terrain))
    };
    let mut demands = Vec::with_capacity(PLACES);
    for _ in 0..PLACES {
        let (point, terrain) = place(&mut chance)?;
        let class = match chance.below(1_000) {
            0..=491 => RiskClass::Normal,
            492..=796 => RiskClass::Sensitive,
            _ => RiskClass::Most,
        };
        demands.push(Demand { point, terrain, class });
    }
    let bases: Result<Vec<Point>, &str> =
        (0..BASES).map(|_| place(&mut chance).map(|(point, _)| point)).collect();
    Ok((bases?, demands, DistanceModel::proposed()))
}
