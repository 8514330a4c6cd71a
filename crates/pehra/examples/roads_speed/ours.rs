//! Our side: read, order, weigh, ask.

use anyhow::{Context, Result};
use pehra::facts;
use pehra_domain::seed::Seed;
use pehra_exchange::osm;
use pehra_plan::{
    allocate::Terrain,
    road::{
        NO_WAY, graph::RoadGraph, hierarchy::Hierarchy, metric::Metric, order::Order, reach,
        route::Router, speed::Season, table::Targets,
    },
};
use std::{
    fs::File,
    io::BufReader,
    ops::ControlFlow,
    path::{Path, PathBuf},
    time::Instant,
};

const THREADS: usize = 2;
pub(crate) const PLACES: usize = 1_000;
/// Rows of the table that are held against Dijkstra's, cell by cell.
const TRUTH: usize = 5;

struct Ready {
    network: pehra_domain::road::RoadNetwork,
    graph: RoadGraph,
    hierarchy: Hierarchy,
    metric: Metric,
    weights: Vec<u32>,
}

fn prepare(file: &Path, tell: bool) -> Result<Ready> {
    let say = |text: String| {
        if tell {
            println!("{text}");
        }
    };
    let start = Instant::now();
    let opened = File::open(file).with_context(|| file.display().to_string())?;
    let bytes = opened.metadata()?.len();
    let mut input = BufReader::with_capacity(1 << 20, opened);
    let roads = osm::import(&mut input, bytes, &mut |_| ControlFlow::Continue(()))?;
    let network = roads.network;
    say(format!(
        "read {:.2} s: {} MB, {} ways, {} junctions, {} stretches, {} forbidden turns, {:?}, peak {} MB",
        start.elapsed().as_secs_f64(),
        bytes / 1_000_000,
        roads.tally.rows,
        network.junctions.len(),
        network.stretches.len(),
        network.forbidden.len(),
        roads.counts,
        status_mb("VmHWM:")
    ));
    let start = Instant::now();
    let graph = RoadGraph::try_new(&network)?;
    let times = facts::road_speeds()?.weigh(&network, Season::Dry, &|_| Terrain::Plain);
    let weights = graph.weights(&times);
    drop(times);
    say(format!(
        "graph {:.2} s: {} vertices, {} arcs",
        start.elapsed().as_secs_f64(),
        graph.arcs.vertices(),
        graph.arcs.len()
    ));
    let start = Instant::now();
    let order = Order::compute(&graph.arcs, &graph.points(&network), THREADS);
    say(format!("order {:.2} s, peak {} MB", start.elapsed().as_secs_f64(), status_mb("VmHWM:")));
    let start = Instant::now();
    let hierarchy = Hierarchy::try_new(&graph.arcs, order)?;
    say(format!(
        "hierarchy {:.2} s: {} links, height {}",
        start.elapsed().as_secs_f64(),
        hierarchy.links(),
        hierarchy.height()
    ));
    let start = Instant::now();
    let metric = Metric::new(&graph.arcs, &hierarchy, weights.clone(), THREADS);
    say(format!(
        "weights {:.2} s, peak {} MB, now {} MB",
        start.elapsed().as_secs_f64(),
        status_mb("VmHWM:"),
        status_mb("VmRSS:")
    ));
    Ok(Ready { network, graph, hierarchy, metric, weights })
}

fn places(ready: &Ready, seed: u64) -> (Vec<u32>, Vec<u32>) {
    let mut chance = Seed::new(seed);
    let (number, sizes) = ready.graph.islands();
    let largest = (0..sizes.len()).max_by_key(|&at| sizes[at]).unwrap_or_default();
    let mut draw = || loop {
        let at = chance.below(ready.network.junctions.len() as u64);
        let vertex = u32::try_from(at).unwrap_or_default();
        if number[vertex as usize] as usize == largest {
            return vertex;
        }
    };
    ((0..PLACES).map(|_| draw()).collect(), (0..PLACES).map(|_| draw()).collect())
}

/// One measured run, as a line of JSON. With a folder: also writes the graph and the table there for the others.
pub(crate) fn child(file: &Path, out: Option<PathBuf>) -> Result<()> {
    let clock = Clock::start();
    let mut ready = prepare(file, false)?;
    let (prepare_s, prepare_cpu_s) = clock.both();
    let clock = Clock::start();
    let again = Metric::new(&ready.graph.arcs, &ready.hierarchy, ready.weights.clone(), THREADS);
    let (weigh_s, weigh_cpu_s) = clock.both();
    drop(again);
    let (from, to) = places(&ready, 1);
    let mut router = Router::new(&ready.graph.arcs, &ready.hierarchy, &ready.metric);
    let clock = Clock::start();
    let mut arcs = 0;
    for (&a, &b) in from.iter().zip(&to) {
        arcs += router.way(&[(a, 0)], &[(b, 0)]).map_or(0, |way| way.arcs.len());
    }
    let [way_us, way_cpu_us] = each_us(clock.both());
    let clock = Clock::start();
    let mut total = 0_u64;
    for (&a, &b) in from.iter().zip(&to) {
        total += u64::from(router.time_ms(&[(a, 0)], &[(b, 0)]));
    }
    let [query_us, query_cpu_us] = each_us(clock.both());
    let label =
        |list: &[u32]| -> Vec<Vec<(u32, u32)>> { list.iter().map(|&v| vec![(v, 0)]).collect() };
    let (sources, goals) = (label(&from), label(&to));
    let table = |threads: usize| {
        let clock = Clock::start();
        let targets = Targets::new(&ready.hierarchy, &ready.metric, &goals);
        let times = targets.times_ms(&ready.hierarchy, &ready.metric, &sources, threads);
        (clock.both(), times)
    };
    let (((one_s, table_cpu_s), _), ((two_s, _), times)) = (table(1), table(THREADS));
    let peak_mb = status_mb("VmHWM:");
    let truth_rows = from.iter().take(TRUTH).zip(times.chunks(PLACES));
    let wrong: usize = truth_rows
        .map(|(&a, row)| {
            let truth = ready.graph.arcs.dijkstra(&ready.weights, &[(a, 0)]);
            let cells = to.iter().zip(row);
            cells.filter(|(goal, time)| truth[**goal as usize].min(NO_WAY) != **time).count()
        })
        .sum();
    if let Some(out) = out {
        write(&out, &ready, &from, &to, &times)?;
    }
    let (change_ms, change_worst_ms) = changes(&mut ready, 77, false)?;
    println!(
        "{}",
        serde_json::json!({ "prepare_s": prepare_s, "weigh_s": weigh_s, "way_us": way_us, "query_us": query_us,
            "table_one_s": one_s, "table_two_s": two_s, "prepare_cpu_s": prepare_cpu_s, "weigh_cpu_s": weigh_cpu_s,
            "way_cpu_us": way_cpu_us, "query_cpu_us": query_cpu_us, "table_cpu_s": table_cpu_s, "peak_mb": peak_mb,
            "compared_with_dijkstra": TRUTH * PLACES, "wrong": wrong, "change_ms": change_ms,
            "change_worst_ms": change_worst_ms, "check": total, "arcs": arcs })
    );
    Ok(())
}

/// Milliseconds for one arc that doubles, or, where stretches close as well, is shut every other time: the median and the
/// worst of forty.
fn changes(ready: &mut Ready, seed: u64, closes: bool) -> Result<(f64, f64)> {
    let mut chance = Seed::new(seed);
    let mut taken = Vec::new();
    for round in 0..40 {
        let arc = usize::try_from(chance.below(ready.graph.arcs.len() as u64))?;
        let doubled = ready.metric.weight(arc).saturating_mul(2).min(NO_WAY);
        let new = if closes && round % 2 == 0 { NO_WAY } else { doubled };
        let start = Instant::now();
        ready.metric.change(&ready.graph.arcs, &ready.hierarchy, &[(arc, new)]);
        taken.push(start.elapsed().as_secs_f64() * 1e3);
    }
    taken.sort_by(f64::total_cmp);
    Ok((taken[20], taken[39]))
}

/// Seconds by the wall, and of processor by all threads.
struct Clock {
    wall: Instant,
    cpu_s: f64,
}

impl Clock {
    fn start() -> Self {
        Self { wall: Instant::now(), cpu_s: cpu_s() }
    }

    fn both(&self) -> (f64, f64) {
        (self.wall.elapsed().as_secs_f64(), cpu_s() - self.cpu_s)
    }
}

/// Of one of so many as there are places, in microseconds.
fn each_us((wall_s, cpu_s): (f64, f64)) -> [f64; 2] {
    [wall_s, cpu_s].map(|seconds| seconds * 1e6 / 1e3)
}

/// As the kernel counts it, in hundredths.
fn cpu_s() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The second cell is a name in brackets; what is meant are cells 14 and 15.
    let rest = text.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks = rest.split_whitespace().skip(11).take(2);
    ticks.filter_map(|cell| cell.parse::<f64>().ok()).sum::<f64>() / 100.0
}

fn write(out: &Path, ready: &Ready, from: &[u32], to: &[u32], times: &[u32]) -> Result<()> {
    let save = |name: &str, numbers: &mut dyn Iterator<Item = u32>| -> Result<()> {
        let bytes: Vec<u8> = numbers.flat_map(u32::to_le_bytes).collect();
        Ok(std::fs::write(out.join(name), bytes)?)
    };
    let points = ready.graph.points(&ready.network);
    save("tail", &mut ready.graph.arcs.tails().into_iter())?;
    save("head", &mut ready.graph.arcs.heads().iter().copied())?;
    save("weight", &mut ready.weights.iter().copied())?;
    save("lat_e7", &mut points.iter().map(|p| p.lat_e7.cast_unsigned()))?;
    save("lon_e7", &mut points.iter().map(|p| p.lon_e7.cast_unsigned()))?;
    save("from", &mut from.iter().copied())?;
    save("to", &mut to.iter().copied())?;
    save("table", &mut times.iter().copied())
}

/// A synthetic country from its map file to its answers.
pub(crate) fn country(file: &Path, points: u64, seed: u64) -> Result<()> {
    let start = Instant::now();
    let written = super::country::write(file, points, seed, super::country::Land::Dense)?;
    println!(
        "{written} points on roads written in {:.1} s (seed {seed})",
        start.elapsed().as_secs_f64()
    );
    let start = Instant::now();
    let mut ready = prepare(file, true)?;
    println!("prepared in {:.1} s on {THREADS} threads", start.elapsed().as_secs_f64());
    let (from, to) = places(&ready, seed);
    let mut router = Router::new(&ready.graph.arcs, &ready.hierarchy, &ready.metric);
    let start = Instant::now();
    let times: Vec<u32> =
        from.iter().zip(&to).map(|(&a, &b)| router.time_ms(&[(a, 0)], &[(b, 0)])).collect();
    println!("query {:.0} µs (mean of {PLACES})", start.elapsed().as_secs_f64() * 1e3);
    let start = Instant::now();
    let arcs: usize = from
        .iter()
        .zip(&to)
        .take(100)
        .filter_map(|(&a, &b)| router.way(&[(a, 0)], &[(b, 0)]))
        .map(|w| w.arcs.len())
        .sum();
    println!(
        "way with its arcs {:.2} ms (mean of 100, {} arcs)",
        start.elapsed().as_secs_f64() * 10.0,
        arcs / 100
    );
    let label =
        |list: &[u32]| -> Vec<Vec<(u32, u32)>> { list.iter().map(|&v| vec![(v, 0)]).collect() };
    let start = Instant::now();
    let targets = Targets::new(&ready.hierarchy, &ready.metric, &label(&to));
    let table = targets.times_ms(&ready.hierarchy, &ready.metric, &label(&from), THREADS);
    println!(
        "table {PLACES} × {PLACES}: {:.2} s on {THREADS} threads",
        start.elapsed().as_secs_f64()
    );
    let start = Instant::now();
    let mut wrong = 0;
    for row in 0..3 {
        let truth = ready.graph.arcs.dijkstra(&ready.weights, &[(from[row], 0)]);
        let swept = reach::times_ms(&ready.hierarchy, &ready.metric, &[(from[row], 0)]);
        wrong += truth.iter().zip(&swept).filter(|(t, s)| (**t).min(NO_WAY) != **s).count();
        wrong += to
            .iter()
            .enumerate()
            .filter(|(c, v)| table[row * PLACES + c] != truth[**v as usize].min(NO_WAY))
            .count();
        wrong += usize::from(times[row] != truth[to[row] as usize].min(NO_WAY));
    }
    println!(
        "3 whole Dijkstra runs, sweeps and rows compared in {:.1} s: {wrong} differences",
        start.elapsed().as_secs_f64()
    );
    let (median, worst) = changes(&mut ready, seed ^ 77, true)?;
    println!("a stretch closed or doubled: median {median:.2} ms, worst of 40 {worst:.1} ms");
    let start = Instant::now();
    let all =
        Metric::new(&ready.graph.arcs, &ready.hierarchy, ready.metric.weights().to_vec(), THREADS);
    println!(
        "all weights anew: {:.2} s; the same as after the changes: {}",
        start.elapsed().as_secs_f64(),
        all == ready.metric
    );
    anyhow::ensure!(wrong == 0 && all == ready.metric, "answers differ");
    Ok(())
}

fn status_mb(key: &str) -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(key));
    line.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or_default()
        / 1_024
}
