//! `pehra solve cvrp` and `pehra solve vrptw`.

use crate::verb::printer::Printer;
use anyhow::{Context, ensure};
use clap::{Args, ValueEnum};
use pehra_exchange::vrplib::{self, RoutingFile};
use pehra_plan::route::{
    Bound, Budget, COST_MAX, Matrix, Problem, Settings, Solution, Stop, VehicleKind, bound, check,
    pass_work, solve,
};
use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

/// How plane distances and the file's times become whole numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Rounding {
    /// To the nearest whole number (CVRPLIB, EUC_2D).
    Nearest,
    /// Tenths, cut off (DIMACS challenge 2021, for instances with time windows).
    Dimacs,
}

#[derive(Debug, Args)]
pub(in crate::verb) struct Cvrp {
    #[command(flatten)]
    effort: Effort,
    #[arg(long, value_enum, default_value = "nearest")]
    rounding: Rounding,
}

#[derive(Debug, Args)]
pub(in crate::verb) struct Vrptw {
    #[command(flatten)]
    effort: Effort,
    #[arg(long, value_enum, default_value = "dimacs")]
    rounding: Rounding,
}

#[derive(Debug, Args)]
struct Effort {
    file: PathBuf,
    /// Time for the search and the bound together.
    #[arg(long, default_value_t = 10.0, conflicts_with = "iterations")]
    seconds: f64,
    /// Instead of a time: so many steps, which give the same tours on every machine and any number of threads.
    #[arg(long)]
    iterations: Option<u64>,
    #[arg(long, default_value_t = 2)]
    threads: usize,
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Part of the time that goes into a proven lower bound; 0 for none.
    #[arg(long, value_name = "PERCENT", default_value_t = 5, value_parser = clap::value_parser!(u32).range(0..=90))]
    bound: u32,
    /// One JSON object instead of sentences.
    #[arg(long)]
    json: bool,
}

impl Cvrp {
    pub(in crate::verb) fn run(&self, printer: &mut Printer) -> anyhow::Result<()> {
        let mut file = read(&self.effort)?;
        file.windows = None;
        run(&self.effort, &file, self.rounding, printer)
    }
}

impl Vrptw {
    pub(in crate::verb) fn run(&self, printer: &mut Printer) -> anyhow::Result<()> {
        let file = read(&self.effort)?;
        ensure!(
            file.windows.is_some(),
            "the file has no TIME_WINDOW_SECTION; use `pehra solve cvrp`"
        );
        run(&self.effort, &file, self.rounding, printer)
    }
}

#[derive(serde::Serialize)]
struct Report<'a> {
    name: &'a str,
    /// In units of the rounding: 1, or tenths.
    objective: i64,
    unit: f64,
    /// Proven; none when there is none.
    bound: Option<i64>,
    seconds: f64,
    iterations: u64,
    threads: usize,
    seed: u64,
    routes: Vec<&'a [u32]>,
    unserved: &'a [u32],
}

fn read(effort: &Effort) -> anyhow::Result<RoutingFile> {
    let bytes = std::fs::read(&effort.file)
        .with_context(|| format!("{} cannot be read", effort.file.display()))?;
    vrplib::read(&bytes)
        .with_context(|| format!("{} is no problem to solve", effort.file.display()))
}

fn run(
    effort: &Effort,
    file: &RoutingFile,
    rounding: Rounding,
    printer: &mut Printer,
) -> anyhow::Result<()> {
    ensure!(
        effort.seconds > 0.0 && effort.seconds <= 1e6,
        "--seconds must be above 0 and at most 1000000"
    );
    let start = Instant::now();
    let problem = problem(file, rounding)?;
    let settings = Settings {
        seed: effort.seed,
        threads: effort.threads.clamp(1, 256),
        ..Settings::default()
    };
    let whole = Duration::from_secs_f64(effort.seconds);
    let for_bound = whole.mul_f64(f64::from(effort.bound) / 100.0);
    let search_s = whole.saturating_sub(for_bound).as_secs_f64();
    let used = || start.elapsed().as_secs_f64() / search_s;
    let budget = effort.iterations.map_or(Budget::Share(&used), Budget::Iterations);
    let solution = solve(&problem, &settings, budget, &mut |cost| {
        let step = pehra_domain::progress::Step {
            stage: "a better answer:",
            done: u64::try_from(cost).unwrap_or(0),
            total: 0,
        };
        let _goes_on = printer.step(&step);
    });
    check(&problem, &solution)
        .context("the answer did not pass its own checker; please report this input")?;
    let until = effort.iterations.is_none().then(|| start + whole);
    let proven = if effort.bound > 0 { prove(&problem, &solution, until) } else { None };
    let seconds = start.elapsed().as_secs_f64();
    let report = Report {
        name: &file.name,
        objective: solution.cost,
        unit: if rounding == Rounding::Dimacs { 0.1 } else { 1.0 },
        bound: proven.map(|bound| bound.cost),
        seconds,
        iterations: solution.iterations,
        threads: settings.threads,
        seed: effort.seed,
        routes: solution.tours.iter().map(|tour| tour.stops.as_slice()).collect(),
        unserved: &solution.unserved,
    };
    if effort.json {
        printer.line(&serde_json::to_string(&report)?);
    } else {
        tell(&report, printer);
    }
    Ok(())
}

fn tell(report: &Report<'_>, printer: &mut Printer) {
    for (number, route) in report.routes.iter().enumerate() {
        let stops: Vec<String> = route.iter().map(ToString::to_string).collect();
        printer.line(&format!("Route #{}: {}", number + 1, stops.join(" ")));
    }
    printer.line(&format!("Cost {}", report.objective));
    let bound = report
        .bound
        .map_or_else(|| "no bound".to_owned(), |bound| format!("no less than {bound} is possible"));
    let (seconds, iterations) = (report.seconds, report.iterations);
    printer.note(&format!("{bound}; {iterations} iterations in {seconds:.2} s"));
    if !report.unserved.is_empty() {
        printer.note(&format!(
            "{} stops fit in no vehicle: {:?}",
            report.unserved.len(),
            report.unserved
        ));
    }
}

/// Passes of the bound when no time is given.
const PASSES: u32 = 60;
/// Elementary steps of the bound in a second on a slow machine.
const STEPS_PER_SECOND: f64 = 2e8;

/// Improves the bound as long as one more pass surely fits.
fn prove(problem: &Problem, solution: &Solution, until: Option<Instant>) -> Option<Bound> {
    #[expect(clippy::cast_precision_loss, reason = "an estimate of time")]
    let expected = Duration::from_secs_f64(pass_work(problem)? as f64 / STEPS_PER_SECOND);
    let Some(until) = until else { return bound(problem, solution.cost, PASSES, &|| false) };
    let begun = Instant::now();
    let passes = std::sync::atomic::AtomicU32::new(0);
    let stop = || {
        let done = passes.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let one = if done == 0 { expected } else { begun.elapsed() / done };
        Instant::now() + one.mul_f64(1.2) > until
    };
    bound(problem, solution.cost, u32::MAX, &stop)
}

fn problem(file: &RoutingFile, rounding: Rounding) -> anyhow::Result<Problem> {
    let scale = if rounding == Rounding::Dimacs { 10.0 } else { 1.0 };
    let time = |value: f64| whole(value * scale);
    let nodes = file.points.len();
    ensure!(nodes > 0, "the file has no nodes");
    let cost = Matrix::from_fn(nodes, |from, to| {
        let (a, b) = (file.points[from], file.points[to]);
        let distance = ((a.0 - b.0) * (a.0 - b.0) + (a.1 - b.1) * (a.1 - b.1)).sqrt();
        match rounding {
            Rounding::Nearest => whole(distance.round()),
            Rounding::Dimacs => whole(distance * scale),
        }
    });
    let window = |node: usize| {
        file.windows.as_ref().map_or((0, COST_MAX), |rows| (time(rows[node].0), time(rows[node].1)))
    };
    let stop = |node: usize| Stop {
        demand: [whole(file.demand[node]), 0, 0],
        service: if file.windows.is_some() { time(file.service[node]) } else { 0 },
        earliest: window(node).0,
        latest: window(node).1,
        price: 1 << 32,
    };
    let vehicles = file.vehicles.unwrap_or(u32::MAX).min(u32::try_from(nodes)?);
    let (open, close) = window(0);
    let capacity = [whole(file.capacity), 0, 0];
    let kind = VehicleKind { count: vehicles, capacity, fixed: 0, open, close };
    let time = if file.windows.is_some() { cost.clone() } else { Matrix::from_fn(nodes, |_, _| 0) };
    Ok(Problem::try_new((1..nodes).map(stop).collect(), vec![kind], cost, time)?)
}

/// The whole part; the reader has bounded every value.
#[expect(clippy::cast_possible_truncation, reason = "values are at most 1e7 times 10 times 3")]
fn whole(value: f64) -> i32 {
    value as i32
}
