//! Prepares a synthetic country of road junctions and measures preparation, queries, a table and changed stretches.
//!
//! `cargo run --release -p pehra-plan --example roads_hierarchy_speed -- [vertices] [threads] [seed]`
#![expect(clippy::print_stdout, reason = "a measuring program prints")]
#![expect(clippy::disallowed_types, clippy::disallowed_methods, reason = "it measures real time")]

use pehra_domain::{Point, seed::Seed};
use pehra_plan::road::{
    NO_WAY, arcs::Arcs, hierarchy::Hierarchy, metric::Metric, order::Order, reach, route::Router,
    table::Targets,
};
use std::time::Instant;

/// Junctions of a nation's highways stand this far apart, in junctions; of its main roads and its lanes.
const HIGHWAY: usize = 96;
const MAIN: usize = 12;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1).filter_map(|text| text.parse::<usize>().ok());
    let vertices = arguments.next().unwrap_or(1_000_000);
    let threads = arguments.next().unwrap_or(2);
    let seed = arguments.next().unwrap_or(1) as u64;
    let country = Country::new(vertices, seed);
    let Country { arcs, points, weights } = &country;
    println!(
        "{} junctions, {} arcs, seed {seed}, {threads} threads, {} MB",
        points.len(),
        arcs.len(),
        now_mb()
    );
    let start = Instant::now();
    let order = Order::compute(arcs, points, threads);
    println!("order {:.2} s, peak {} MB", start.elapsed().as_secs_f64(), peak_mb());
    let start = Instant::now();
    let hierarchy = Hierarchy::try_new(arcs, order)?;
    let height = hierarchy.height();
    println!(
        "hierarchy {:.2} s, {} links, height {height}",
        start.elapsed().as_secs_f64(),
        hierarchy.links()
    );
    let start = Instant::now();
    let mut metric = Metric::new(arcs, &hierarchy, weights.clone(), threads);
    println!(
        "weights in {:.2} s, peak {} MB, now {} MB",
        start.elapsed().as_secs_f64(),
        peak_mb(),
        now_mb()
    );
    let wrong = measure(&country, &hierarchy, &metric, threads, seed);
    changes(&country, &hierarchy, &mut metric, seed);
    if wrong > 0 {
        return Err(format!("{wrong} answers differ from Dijkstra's").into());
    }
    Ok(())
}

fn measure(
    country: &Country,
    hierarchy: &Hierarchy,
    metric: &Metric,
    threads: usize,
    seed: u64,
) -> usize {
    let Country { arcs, weights, .. } = country;
    let mut chance = Seed::new(seed ^ 0x5eed);
    let count = arcs.vertices() as u64;
    let mut draw = || u32::try_from(chance.below(count)).unwrap_or_default();
    let pairs: Vec<(u32, u32)> = (0..1_000).map(|_| (draw(), draw())).collect();
    let mut router = Router::new(arcs, hierarchy, metric);
    let start = Instant::now();
    let times: Vec<u32> =
        pairs.iter().map(|&(a, b)| router.time_ms(&[(a, 0)], &[(b, 0)])).collect();
    println!(
        "query {:.1} µs (mean of {})",
        start.elapsed().as_secs_f64() * 1e6 / 1_000.0,
        pairs.len()
    );
    let start = Instant::now();
    let arcs_on_ways: usize = pairs
        .iter()
        .take(100)
        .filter_map(|&(a, b)| router.way(&[(a, 0)], &[(b, 0)]))
        .map(|w| w.arcs.len())
        .sum();
    println!(
        "way {:.2} ms (mean of 100, {} arcs each)",
        start.elapsed().as_secs_f64() * 10.0,
        arcs_on_ways / 100
    );
    let sources: Vec<_> = pairs.iter().map(|&(a, _)| vec![(a, 0)]).collect();
    let goals: Vec<_> = pairs.iter().map(|&(_, b)| vec![(b, 0)]).collect();
    let start = Instant::now();
    let targets = Targets::new(hierarchy, metric, &goals);
    let chosen = start.elapsed().as_secs_f64();
    let table = targets.times_ms(hierarchy, metric, &sources, threads);
    println!(
        "table 1,000 × 1,000: {:.3} s on {threads} threads (targets {chosen:.3} s)",
        start.elapsed().as_secs_f64()
    );
    let start = Instant::now();
    let single = targets.times_ms(hierarchy, metric, &sources, 1);
    println!("table 1,000 × 1,000: {:.3} s on 1 thread", start.elapsed().as_secs_f64() + chosen);
    let mut wrong = usize::from(single != table);
    let start = Instant::now();
    let sampled = 3;
    for (row, &(from, _)) in pairs.iter().enumerate().take(sampled) {
        let truth = arcs.dijkstra(weights, &[(from, 0)]);
        let everywhere = reach::times_ms(hierarchy, metric, &[(from, 0)]);
        wrong += truth.iter().zip(&everywhere).filter(|(t, e)| (**t).min(NO_WAY) != **e).count();
        for (column, &(_, to)) in pairs.iter().enumerate() {
            wrong +=
                usize::from(table[row * pairs.len() + column] != truth[to as usize].min(NO_WAY));
        }
        wrong += usize::from(times[row] != truth[pairs[row].1 as usize].min(NO_WAY));
    }
    println!(
        "{sampled} whole Dijkstra runs and sweeps compared in {:.1} s: {wrong} differences",
        start.elapsed().as_secs_f64()
    );
    wrong
}

fn changes(country: &Country, hierarchy: &Hierarchy, metric: &mut Metric, seed: u64) {
    let mut chance = Seed::new(seed ^ 0xed17);
    let mut times = Vec::new();
    let mut links = 0;
    for round in 0..40 {
        let arc = usize::try_from(chance.below(country.arcs.len() as u64)).unwrap_or_default();
        let new =
            if round % 2 == 0 { NO_WAY } else { metric.weight(arc).saturating_mul(2).min(NO_WAY) };
        let start = Instant::now();
        links += metric.change(&country.arcs, hierarchy, &[(arc, new)]);
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    println!(
        "a stretch closed or doubled: median {:.3} ms, worst {:.3} ms, {} links in 40 changes",
        times[20], times[39], links
    );
}

struct Country {
    arcs: Arcs,
    points: Vec<Point>,
    weights: Vec<u32>,
}

impl Country {
    /// A jittered grid of lanes with a fifth to two fifths of them missing, by district; main roads and highways are whole,
    /// straight and faster.
    fn new(vertices: usize, seed: u64) -> Self {
        let mut chance = Seed::new(seed);
        let side = vertices.isqrt();
        let mut points = Vec::with_capacity(side * side);
        for at in 0..side * side {
            let mut place = |line: usize, base: i32| {
                let jitter = i32::try_from(chance.below(14_000)).unwrap_or_default();
                base + i32::try_from(line).unwrap_or_default() * 20_000 + jitter
            };
            points.push(Point {
                lat_e7: place(at / side, 240_000_000),
                lon_e7: place(at % side, 610_000_000),
            });
        }
        let mut given = Vec::with_capacity(side * side * 3);
        let mut weights = Vec::with_capacity(side * side * 3);
        for at in 0..side * side {
            let (row, column) = (at / side, at % side);
            let missing = 20 + (row / 64 * 7 + column / 64 * 13) % 21;
            for (line, other, exists) in
                [(row, at + 1, column + 1 < side), (column, at + side, row + 1 < side)]
            {
                let lane = !line.is_multiple_of(MAIN);
                if !exists || lane && chance.below(100) < missing as u64 {
                    continue;
                }
                let metres = points[at].distance_m(points[other]);
                let kmh = if line.is_multiple_of(HIGHWAY) {
                    90.0
                } else if lane {
                    25.0
                } else {
                    55.0
                };
                let weight = time_ms(metres, kmh);
                let (a, b) = (u32::try_from(at).unwrap_or(0), u32::try_from(other).unwrap_or(0));
                given.push((a, b));
                weights.push(weight);
                if !lane || chance.below(30) != 0 {
                    given.push((b, a));
                    weights.push(weight);
                }
            }
        }
        let (arcs, place) = Arcs::new(side * side, &given);
        let mut sorted = vec![0; weights.len()];
        for (&at, &weight) in place.iter().zip(&weights) {
            sorted[at as usize] = weight;
        }
        Self { arcs, points, weights: sorted }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a few seconds in milliseconds"
)]
fn time_ms(metres: f64, kmh: f64) -> u32 {
    (metres * 3_600.0 / kmh).max(1.0) as u32
}

fn status(key: &str) -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(key));
    line.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or_default()
        / 1_024
}

fn peak_mb() -> u64 {
    status("VmHWM:")
}

fn now_mb() -> u64 {
    status("VmRSS:")
}
