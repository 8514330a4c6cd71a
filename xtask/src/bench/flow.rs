//! `cargo xtask bench flow`: the flow engine beside OR-Tools and LEMON, on the same instances, in alternated runs.
//!
//! Instances and the programs that drive the peers lie beside the house, in `../shared/bench/flow`; the peers come
//! from PyPI and Debian by their ordinary clients and are built here. Nothing of that is kept in the house.

use super::{conditions, python};
use crate::{house::House, run::Job};
use anyhow::{Context, Result, bail};
use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

const KINDS: &[(&str, f64)] = &[("single", 3.0), ("multi", 5.0), ("tight", 5.0)];
const THREADS: &[&str] = &["1", "2"];

struct Peers {
    python: PathBuf,
    lemon: PathBuf,
}

/// One run of one solver on one instance.
struct Run {
    solver: &'static str,
    objective: i64,
    seconds: f64,
    /// Of the processors. A peer's is its time by the clock times what part of a processor its whole run had.
    processor_s: f64,
    peak_mb: f64,
}

/// `words`: kinds to run (all without one), `seeds=N`, `rounds=N`, `limit=SECONDS` after which a peer is stopped,
/// `without=ortools,cs`.
pub(crate) fn bench(house: &House, words: &[String]) -> Result<()> {
    let scripts = house.path("../shared/bench/flow");
    if !scripts.is_dir() {
        bail!(
            "{} is not there: the instances are made by generate.py in it and the peers driven by its programs",
            scripts.display()
        );
    }
    let number = |name: &str, usual: u32| {
        words.iter().find_map(|word| word.strip_prefix(name)?.parse::<u32>().ok()).unwrap_or(usual)
    };
    let (seeds, rounds) = (number("seeds=", 3), number("rounds=", 2));
    let limit_s = number("limit=", 1_800);
    let without = words.iter().find_map(|word| word.strip_prefix("without=")).unwrap_or("");
    let folder = house.target().join("peers/flow");
    fs::create_dir_all(folder.join("inst"))?;
    let peers = peers(house, &scripts, &folder)?;
    let build = ["build", "--release", "--quiet", "-p", "pehra-plan", "--example", "flow_speed"];
    Job::new(&house.root, "cargo", &build).run()?;
    let ours = house.target().join("release/examples/flow_speed");
    for &(kind, goal) in KINDS {
        if words.iter().any(|w| KINDS.iter().any(|k| k.0 == w)) && !words.iter().any(|w| w == kind)
        {
            continue;
        }
        for seed in 1..=seeds {
            let instance = instance(&peers, &scripts, &folder, kind, seed)?;
            let mut runs = Vec::new();
            println!("\n{kind}, seed {seed}: {}", conditions());
            for _ in 0..rounds {
                for &threads in THREADS {
                    runs.push(own(house, &ours, &instance, threads)?);
                }
                for peer in ["ortools", "ns", "cs"] {
                    if !without.split(',').any(|name| name == peer) {
                        runs.extend(peer_run(house, &peers, &scripts, &instance, peer, limit_s)?);
                    }
                }
            }
            report(goal, &runs)?;
        }
    }
    Ok(())
}

fn peers(house: &House, scripts: &Path, folder: &Path) -> Result<Peers> {
    let python = python(house, &folder.join("venv"), &["ortools", "numpy", "scipy"])?;
    let lemon = folder.join("lemonbin");
    if !lemon.is_file() {
        let root = folder.join("lemon");
        fs::create_dir_all(&root)?;
        Job::new(&root, "apt-get", &["download", "liblemon-dev"]).run()?;
        for entry in fs::read_dir(&root)? {
            let path = entry?.path();
            if path.extension().is_some_and(|end| end == "deb") {
                Job::new(&root, "dpkg", &["-x", &text(&path)?, "."]).run()?;
            }
        }
        let source = text(&scripts.join("peer_lemon.cpp"))?;
        let library = library(&root.join("usr/lib"))
            .with_context(|| format!("no liblemon.a below {}", root.display()))?;
        let include = format!("-I{}", text(&root.join("usr/include"))?);
        let out = text(&lemon)?;
        let arguments =
            ["-O3", "-march=native", "-w", &include, &source, &text(&library)?, "-o", &out];
        Job::new(&root, "g++", &arguments).run()?;
    }
    Ok(Peers { python, lemon })
}

fn library(folder: &Path) -> Option<PathBuf> {
    fs::read_dir(folder).ok()?.flatten().find_map(|entry| {
        let path = entry.path();
        if path.is_dir() {
            return library(&path);
        }
        (path.file_name()? == "liblemon.a").then_some(path)
    })
}

/// The instance without its ending; made when it is not there.
fn instance(
    peers: &Peers,
    scripts: &Path,
    folder: &Path,
    kind: &str,
    seed: u32,
) -> Result<PathBuf> {
    let path = folder.join(format!("inst/{kind}-{seed}"));
    if !path.with_extension("min").is_file() {
        let (script, out) = (text(&scripts.join("generate.py"))?, text(&path)?);
        let python = text(&peers.python)?;
        Job::new(folder, &python, &[&script, kind, &seed.to_string(), &out]).run()?;
    }
    Ok(path)
}

fn own(house: &House, program: &Path, instance: &Path, threads: &str) -> Result<Run> {
    let file = text(&instance.with_extension("min"))?;
    let program = text(program)?;
    let answer = Job::new(&house.root, &program, &[threads, "--json", &file])
        .ask()
        .with_context(|| format!("our engine failed on {file}"))?;
    let answer: serde_json::Value = serde_json::from_str(&answer)?;
    let bound = answer["dual_bound"].as_i64();
    let objective = answer["objective"].as_i64().context("no objective")?;
    if bound != Some(objective) {
        bail!("{file}: objective {objective} is not its own bound");
    }
    Ok(Run {
        solver: if threads == "1" { "pehra, 1 thread" } else { "pehra, 2 threads" },
        objective,
        seconds: answer["seconds"].as_f64().context("no seconds")?,
        processor_s: answer["processor_seconds"].as_f64().context("no processor seconds")?,
        peak_mb: answer["peak_mb"].as_f64().unwrap_or(f64::NAN),
    })
}

/// None when the peer was stopped at the limit.
fn peer_run(
    house: &House,
    peers: &Peers,
    scripts: &Path,
    instance: &Path,
    peer: &str,
    limit_s: u32,
) -> Result<Option<Run>> {
    let (clock, before) = (Instant::now(), children_s());
    let limit = limit_s.to_string();
    let (solver, heard) = if peer == "ortools" {
        let script = text(&scripts.join("peer_ortools.py"))?;
        let file = text(&instance.with_extension("npz"))?;
        let python = text(&peers.python)?;
        ("OR-Tools", Job::new(&house.root, "timeout", &[&limit, &python, &script, &file]).ask())
    } else {
        let file = text(&instance.with_extension("min"))?;
        let lemon = text(&peers.lemon)?;
        let name = if peer == "ns" { "LEMON simplex" } else { "LEMON scaling" };
        (name, Job::new(&house.root, "timeout", &[&limit, &lemon, &file, peer]).ask())
    };
    let Some(heard) = heard else {
        if clock.elapsed().as_secs() < u64::from(limit_s) {
            bail!("{solver} failed");
        }
        println!("  {solver}: not done after {limit_s} s");
        return Ok(None);
    };
    let share = (children_s() - before) / clock.elapsed().as_secs_f64();
    let after = |word: &str| {
        let mut words = heard.split_whitespace().skip_while(|found| *found != word);
        words.nth(1).with_context(|| format!("{solver} said no {word}: {heard}"))
    };
    let seconds: f64 = after("solve")?.parse()?;
    Ok(Some(Run {
        solver,
        objective: after("obj")?.parse()?,
        seconds,
        processor_s: seconds * share,
        peak_mb: after("maxrss_MB")?.parse()?,
    }))
}

/// Processor seconds of all programs that ended: fields 16 and 17 of `/proc/self/stat`, in hundredths.
fn children_s() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    fields.skip(13).take(2).filter_map(|field| field.parse::<f64>().ok()).sum::<f64>() / 100.0
}

fn report(goal: f64, runs: &[Run]) -> Result<()> {
    let mut names: Vec<&str> = Vec::new();
    for run in runs {
        if !names.contains(&run.solver) {
            names.push(run.solver);
        }
    }
    let of = |name: &str, pick: fn(&Run) -> f64| {
        median(runs.iter().filter(|run| run.solver == name).map(pick).collect())
    };
    let peers = names.iter().filter(|name| !name.starts_with("pehra"));
    let best = |pick: fn(&Run) -> f64| {
        peers.clone().map(|name| of(name, pick)).fold(f64::INFINITY, f64::min)
    };
    let (best_s, best_mb) = (best(|run| run.seconds), best(|run| run.peak_mb));
    let best_processor_s = best(|run| run.processor_s);
    for name in &names {
        let (seconds, mb) = (of(name, |run| run.seconds), of(name, |run| run.peak_mb));
        let processor_s = of(name, |run| run.processor_s);
        println!(
            "  {name:<18} {seconds:>8.2} s, {processor_s:>7.2} of a processor, {mb:>6.0} MB: {:.3} of the best peer's time, {:.3} of a processor's, {:.2} of the least memory",
            seconds / best_s,
            processor_s / best_processor_s,
            mb / best_mb
        );
    }
    let objective = runs.first().map(|run| run.objective);
    if let Some(other) = runs.iter().find(|run| Some(run.objective) != objective) {
        bail!("{} found {}, others {objective:?}", other.solver, other.objective);
    }
    println!(
        "  optimum {} in every run; asked for: 1/{goal} of the time with two threads, half the memory; {}",
        objective.unwrap_or(0),
        conditions()
    );
    Ok(())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn text(path: &Path) -> Result<String> {
    Ok(path.to_str().with_context(|| format!("{} is not UTF-8", path.display()))?.to_owned())
}
