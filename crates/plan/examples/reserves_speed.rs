//! Bases 200 teams among 2,000 candidates for 90,675 places of an imagined country, and asks what changes would do.
//!
//! Before that, the OR-Library's p-median files that lie in a folder: of all forty, or the first, which lies beside the
//! house.
//!
//! `cargo run --release -p pehra-plan --example reserves_speed -- [seeds] [threads] [folder]`
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
use std::{
    ops::ControlFlow,
    path::{Path, PathBuf},
    time::Instant,
};

const DISTRICTS: usize = 136;
const PLACES: usize = 90_675;
const BASES: usize = 2_000;
const TEAMS: usize = 200;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (numbers, other): (Vec<_>, Vec<_>) =
        std::env::args().skip(1).partition(|text| text.parse::<u64>().is_ok());
    let mut numbers = numbers.iter().filter_map(|text| text.parse::<u64>().ok());
    let seeds = numbers.next().unwrap_or(3);
    let threads = usize::try_from(numbers.next().unwrap_or(2))?;
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/bench/pmedian");
    let folder = other.into_iter().rfind(|text| !text.starts_with('-')).map(PathBuf::from);
    published(&folder.unwrap_or(beside))?;
    for seed in 1..=seeds {
        measure(seed, threads)?;
    }
    Ok(())
}

/// The published optima of the OR-Library's p-median files, pmed1 first (J. E. Beasley, `pmedopt.txt`).
const OPTIMA: [i64; 40] = [
    5_819, 4_093, 4_250, 3_034, 1_355, 7_824, 5_631, 4_445, 2_734, 1_255, 7_696, 6_634, 4_374,
    2_968, 1_729, 8_162, 6_999, 4_809, 2_845, 1_789, 9_138, 8_579, 4_619, 2_961, 1_828, 9_917,
    8_307, 4_498, 3_033, 1_989, 10_086, 9_297, 4_700, 3_013, 10_400, 9_934, 5_057, 11_060, 9_423,
    5_128,
];

/// Those files that are in the folder, beside their published optima.
fn published(folder: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let (mut asked, mut reached, mut proven) = (0, 0, 0);
    for (number, optimum) in (1..).zip(OPTIMA) {
        let file = folder.join(format!("pmed{number}.txt"));
        let Ok(text) = std::fs::read_to_string(file) else { continue };
        let (distance, medians) = read(&text)?;
        let start = Instant::now();
        let found = choose(&distance, medians, &mut go_on)?;
        println!(
            "pmed{number}: objective {}, bound {}, published optimum {optimum}, {:.3} s",
            found.objective,
            found.dual_bound,
            start.elapsed().as_secs_f64()
        );
        asked += 1;
        reached += usize::from(found.objective == optimum);
        proven += usize::from(found.dual_bound == found.objective);
    }
    println!(
        "{asked} of 40 p-median files are in {}: {reached} at the published optimum, {proven} proven",
        folder.display()
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
    let effort = Effort { enough_per_100_000: 100, threads, ..Effort::default() };
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
