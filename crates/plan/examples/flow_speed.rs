//! Solves a problem of national size from nothing, then again after one in a hundred strengths and demands changed.
//!
//! `cargo run --release -p pehra-plan --example flow_speed -- THREADS FILE…` with DIMACS files of the force problem's
//! form; without a file, an imagined country. With `--json FILE…` each is solved once, and one line tells of it: what
//! `cargo xtask bench flow` reads.
#![expect(clippy::print_stdout, reason = "a measuring program prints")]
#![expect(clippy::disallowed_types, clippy::disallowed_methods, reason = "it measures real time")]

use pehra_domain::{progress::Step, seed::Seed};
use pehra_plan::{
    flow::{Arc, NoPairs, Options, Piece, Problem, Standing, solve},
    network::{Network, Reader, transport},
};
use std::{io::Read, ops::ControlFlow, time::Instant};

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let threads = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(2);
    let mut files: Vec<String> = arguments.collect();
    if files.first().is_some_and(|word| word == "--json") {
        for path in files.drain(1..) {
            once(&path, threads)?;
        }
        return Ok(());
    }
    for path in &files {
        let network = read(path)?;
        let start = Instant::now();
        let answer = pehra_plan::network::solve(&network, threads, &mut go_on)?;
        println!(
            "{path}: {} links, {threads} threads: {:.3} s from links in memory to the verified answer, objective {} = bound, peak {} MB",
            network.links().len(),
            start.elapsed().as_secs_f64(),
            answer.objective,
            peak_mb()
        );
        let problem = transport(&network, threads).ok_or("not of the force problem's form")?;
        drop((network, answer));
        measure(path, &problem, threads)?;
    }
    if files.is_empty() {
        measure("an imagined country", &country(1)?, threads)?;
    }
    Ok(())
}

/// From links in memory to the verified answer.
fn once(path: &str, threads: usize) -> Result<(), Failure> {
    let network = read(path)?;
    let (start, before) = (Instant::now(), processor_s());
    let answer = pehra_plan::network::solve(&network, threads, &mut go_on)?;
    println!(
        "{{\"objective\":{},\"dual_bound\":{},\"seconds\":{:.3},\"processor_seconds\":{:.2},\"peak_mb\":{}}}",
        answer.objective,
        answer.dual_bound,
        start.elapsed().as_secs_f64(),
        processor_s() - before,
        peak_mb()
    );
    Ok(())
}

/// Processor seconds of all threads so far, in hundredths: fields 14 and 15 of `/proc/self/stat`.
fn processor_s() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    fields.skip(11).take(2).filter_map(|field| field.parse::<f64>().ok()).sum::<f64>() / 100.0
}

fn go_on(_: Step) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn measure(name: &str, problem: &Problem, threads: usize) -> Result<(), Failure> {
    let options = Options { threads, ..Options::default() };
    let before = problem.clone();
    let start = Clock::start();
    let mut standing = Standing::solve(before, &NoPairs, options, &mut go_on, &mut |_| {})?;
    let cold = start.read();
    println!(
        "{name}: {} sources, {} sinks, {} arcs, {threads} threads, load {}: {cold} from nothing; objective {} = bound",
        problem.sources(),
        problem.sinks(),
        problem.arc_count(),
        load(),
        standing.solution().objective,
    );
    for seed in 7..7 + CHANGES {
        let (pieces, strengths) = changes(standing.problem(), seed)?;
        let start = Clock::start();
        standing.set_pieces(&pieces)?;
        for &(source, supply) in &strengths {
            standing.set_supply(source, supply)?;
        }
        let objective = standing.solve_again(&NoPairs, &mut go_on, &mut |_| {})?.verified.objective;
        let warm = start.read();
        let changed = standing.problem().clone();
        let start = Clock::start();
        let anew = solve(changed, options, &mut go_on)?;
        let cold = start.read();
        if anew.verified.objective != objective {
            return Err("the same problem has two optima".into());
        }
        println!(
            "  {} demands and {} strengths changed: {warm}, {cold} from nothing: {:.1} % by the clock, {:.1} % of a processor; objective {objective} = bound",
            pieces.len(),
            strengths.len(),
            100.0 * warm.seconds / cold.seconds,
            100.0 * warm.processor_s / cold.processor_s,
        );
    }
    Ok(())
}

/// Rounds of change, each on top of those before.
const CHANGES: u64 = 3;

type Demands = Vec<(usize, Vec<Piece>)>;

/// One class in a hundred higher: one person more, and every one three times as dear. One strength in a hundred up to a
/// fifth off.
fn changes(problem: &Problem, seed: u64) -> Result<(Demands, Vec<(usize, u32)>), Failure> {
    let mut chance = Seed::new(seed);
    let mut demands = Vec::new();
    for sink in 0..problem.sinks() {
        if chance.below(100) == 0 {
            let higher = |piece: &Piece| Piece { count: piece.count + 1, price: piece.price * 3 };
            demands.push((sink, problem.pieces(sink).iter().map(higher).collect()));
        }
    }
    let mut strengths = Vec::new();
    for (source, &supply) in problem.supply().iter().enumerate() {
        if chance.below(100) == 0 {
            strengths.push((source, supply * u32::try_from(80 + chance.below(41))? / 100));
        }
    }
    Ok((demands, strengths))
}

/// Time by the clock and of the processors.
#[derive(Clone, Copy)]
struct Clock {
    start: Instant,
    processor_s: f64,
}

#[derive(Clone, Copy)]
struct Took {
    seconds: f64,
    processor_s: f64,
}

impl Clock {
    fn start() -> Self {
        Self { start: Instant::now(), processor_s: processor_s() }
    }

    fn read(self) -> Took {
        let seconds = self.start.elapsed().as_secs_f64();
        Took { seconds, processor_s: processor_s() - self.processor_s }
    }
}

impl std::fmt::Display for Took {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.3} s ({:.2} of a processor)", self.seconds, self.processor_s)
    }
}

fn load() -> String {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load.split_whitespace().next().unwrap_or("unknown").to_owned()
}

fn read(path: &str) -> Result<Network, Failure> {
    let mut file = std::fs::File::open(path)?;
    let mut reader = Reader::default();
    let mut piece = vec![0; 1 << 20];
    loop {
        let count = file.read(&mut piece)?;
        if count == 0 {
            break;
        }
        reader.feed(&piece[..count])?;
    }
    Ok(reader.finish()?)
}

fn peak_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok())
        .map_or(0, |kilobytes| kilobytes.div_ceil(1_024))
}

/// 2,000 units and 90,675 stations on a square, 30 nearest ways each, nine tenths of the people needed.
fn country(seed: u64) -> Result<Problem, Failure> {
    let mut chance = Seed::new(seed);
    let mut places = |count: usize| -> Vec<(f64, f64)> {
        (0..count).map(|_| (10_000.0 * chance.unit(), 10_000.0 * chance.unit())).collect()
    };
    let (units, stations) = (places(2_000), places(90_675));
    let mut problem = Problem::try_new(vec![151; units.len()])?;
    for (number, station) in stations.iter().enumerate() {
        let mut arcs: Vec<Arc> = units
            .iter()
            .zip(0..)
            .map(|(unit, source)| {
                let far = (unit.0 - station.0).powi(2) + (unit.1 - station.1).powi(2);
                #[expect(clippy::cast_possible_truncation, reason = "some thousands")]
                let cost = (1.35 * far.sqrt()) as i32;
                Arc { source, cost }
            })
            .collect();
        arcs.select_nth_unstable_by_key(30, |arc| arc.cost);
        arcs.truncate(30);
        let price = [4_000, 12_000, 40_000][number % 3];
        let pieces = [
            Piece { count: 2, price },
            Piece { count: u32::try_from(number % 3)?, price: 3 * price },
        ];
        problem.push_sink(&arcs, &pieces)?;
    }
    Ok(problem)
}
