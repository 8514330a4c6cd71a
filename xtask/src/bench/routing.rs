//! `cargo xtask bench routing [SECONDS] [INSTANCE…]`: our vehicle routing beside PyVRP, on one machine in one run.
//!
//! The peer comes from PyPI into a folder below `target/`. Runs alternate, both get one thread and the same time
//! (ours spends a twentieth of it on the lower bound); gaps are to the best solution known.

use super::python;
use crate::{house::House, run::Job};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
};

const INSTANCES: &str = "../shared/bench/routing";
const PEER: &str = "pyvrp==0.14.1";

const SCRIPT: &str = "\
import json, sys, time
from pyvrp import read, solve
from pyvrp.stop import MaxRuntime
path, rounding, seconds, seed = sys.argv[1], sys.argv[2], float(sys.argv[3]), int(sys.argv[4])
data = read(path, round_func=rounding)
begin = time.time()
result = solve(data, MaxRuntime(seconds), seed=seed, display=False)
cost = result.cost() if result.is_feasible() else None
print(json.dumps({'objective': cost, 'seconds': time.time() - begin}))
";

struct Instance {
    name: String,
    file: PathBuf,
    timed: bool,
    best_known: f64,
}

/// What one run of one solver gave.
struct Run {
    gap_percent: f64,
    seconds: f64,
    bound: Option<f64>,
}

pub(super) fn bench(house: &House, words: &[String]) -> Result<()> {
    let (seconds, names) = match words.split_first() {
        Some((first, rest)) if first.parse::<f64>().is_ok() => (first.as_str(), rest),
        _ => ("10", words),
    };
    let instances = instances(&house.path(INSTANCES), names)?;
    let python = python(house, &house.target().join("peers/routing"), &[PEER])?;
    let build = ["build", "--release", "--quiet", "-p", "pehra"];
    Job::new(&house.root, "cargo", &build).run()?;
    let pehra = house.target().join("release/pehra");
    println!("{seconds} s and one thread each; gaps to the best known, in percent");
    println!(
        "{:<14}{:>9}{:>9}{:>8}{:>9}{:>9}  bound of ours",
        "instance", "pehra", "pyvrp", "ratio", "s", "s"
    );
    let mut ratios = Vec::new();
    for (number, instance) in (1_u32..).zip(&instances) {
        let seed = number.to_string();
        let ours = ours(house, &pehra, instance, seconds, &seed)?;
        let theirs = theirs(house, &python, instance, seconds, &seed)?;
        let ratio = (theirs.gap_percent > 0.0).then(|| ours.gap_percent / theirs.gap_percent);
        ratios.extend(ratio);
        println!(
            "{:<14}{:>9.2}{:>9.2}{:>8}{:>9.2}{:>9.2}  {}",
            instance.name,
            ours.gap_percent,
            theirs.gap_percent,
            ratio.map_or_else(|| "-".to_owned(), |ratio| format!("{ratio:.2}")),
            ours.seconds,
            theirs.seconds,
            ours.bound.map_or_else(
                || "no bound".to_owned(),
                |share| format!("{share:.1} % of the best known")
            ),
        );
    }
    ratios.sort_by(f64::total_cmp);
    if let Some(median) = ratios.get(ratios.len() / 2) {
        println!("median ratio of gaps (pehra / pyvrp): {median:.2}");
    }
    Ok(())
}

fn instances(folder: &Path, names: &[String]) -> Result<Vec<Instance>> {
    let entries = fs::read_dir(folder).with_context(|| {
        format!("{} is absent: the instances are not part of the checkout", folder.display())
    })?;
    let mut found = Vec::new();
    for entry in entries {
        let file = entry?.path();
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let wanted = names.is_empty() || names.iter().any(|word| name.starts_with(word));
        if file.extension().is_some_and(|it| it == "vrp") && wanted {
            let file = file.canonicalize()?;
            let timed = fs::read_to_string(&file)?.contains("TIME_WINDOW_SECTION");
            let solution = fs::read_to_string(file.with_extension("sol"))?;
            let cost = solution.lines().find_map(|line| line.strip_prefix("Cost"));
            let cost: f64 = cost.context("no Cost line in a .sol file")?.trim().parse()?;
            let best_known = if timed { (cost * 10.0).round() } else { cost };
            found.push(Instance { name, file, timed, best_known });
        }
    }
    if found.is_empty() {
        bail!("no instance in {} begins with any of {names:?}", folder.display());
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

fn ours(
    house: &House,
    pehra: &Path,
    instance: &Instance,
    seconds: &str,
    seed: &str,
) -> Result<Run> {
    let kind = if instance.timed { "vrptw" } else { "cvrp" };
    let file = instance.file.to_string_lossy();
    let arguments =
        ["solve", kind, &file, "--seconds", seconds, "--threads", "1", "--seed", seed, "--json"];
    run_of(instance, &ask(house, &pehra.to_string_lossy(), &arguments)?)
}

fn theirs(
    house: &House,
    python: &Path,
    instance: &Instance,
    seconds: &str,
    seed: &str,
) -> Result<Run> {
    let rounding = if instance.timed { "dimacs" } else { "round" };
    let file = instance.file.to_string_lossy();
    run_of(
        instance,
        &ask(house, &python.to_string_lossy(), &["-c", SCRIPT, &file, rounding, seconds, seed])?,
    )
}

fn ask(house: &House, program: &str, arguments: &[&str]) -> Result<Value> {
    let answer = Job::new(&house.root, program, arguments).ask();
    let answer = answer.with_context(|| format!("{program} was not content"))?;
    serde_json::from_str(answer.trim()).with_context(|| format!("{program} answered {answer:?}"))
}

fn run_of(instance: &Instance, answer: &Value) -> Result<Run> {
    let number = |key: &str| answer.get(key).and_then(Value::as_f64);
    let objective = number("objective").context("no feasible answer")?;
    Ok(Run {
        gap_percent: 100.0 * (objective / instance.best_known - 1.0),
        seconds: number("seconds").context("no time in the answer")?,
        bound: number("bound").map(|bound| 100.0 * bound / instance.best_known),
    })
}
