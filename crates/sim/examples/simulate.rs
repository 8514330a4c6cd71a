//! Runs seeds: `cargo xtask simulate --seeds N [--from K]`, `--replay SEED` for one seed with its story, `--bugs [NAME…]` for
//! how soon each planted bug is noticed. After a stop it says from which seed to go on.
#![expect(clippy::print_stdout, reason = "the figures are the output")]

use pehra_sim::{bug::Bug, fault::Fault, run::run};
use std::{collections::BTreeMap, process::ExitCode};

/// Seeds in which a planted bug must be noticed; the large ones are left out.
const BUG_SEEDS: u64 = 1_000;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let after = |name: &str| {
        let at = words.iter().position(|word| word == name)?;
        words.get(at + 1)?.parse::<u64>().ok()
    };
    if let Some(seed) = after("--replay") {
        return replay(seed);
    }
    if words.iter().any(|word| word == "--bugs") {
        return bugs(&words);
    }
    seeds(after("--from").unwrap_or(0), after("--seeds").unwrap_or(200))
}

fn replay(seed: u64) -> ExitCode {
    let outcome = run(seed, None, true);
    let faults = Fault::ALL.iter().filter(|fault| outcome.faults.has(**fault));
    println!("seed {seed}: {} nodes; {:?}", outcome.nodes, faults.collect::<Vec<_>>());
    outcome.story.iter().for_each(|line| println!("  {line}"));
    outcome.problems.iter().for_each(|line| println!("BROKEN {line}"));
    println!("trace {}", outcome.trace);
    if outcome.problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn seeds(from: u64, count: u64) -> ExitCode {
    let (mut broken, mut entries) = (0, 0);
    for seed in from..from.saturating_add(count) {
        let outcome = run(seed, None, false);
        entries += outcome.entries;
        if !outcome.problems.is_empty() {
            broken += 1;
            println!("seed {seed}: {}", outcome.problems.join("; "));
            println!("  cargo xtask simulate --replay {seed}");
        }
        if (seed + 1) % 1_000 == 0 {
            println!("{} seeds done; go on with --from {}", seed + 1 - from, seed + 1);
        }
    }
    println!("{count} seeds from {from}: {broken} broken; {entries} entries at the first nodes");
    if broken == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn bugs(words: &[String]) -> ExitCode {
    let (mut missed, mut sound) = (0, BTreeMap::new());
    let mut is_sound = |seed: u64| {
        *sound.entry(seed).or_insert_with(|| run(seed, None, false).problems.is_empty())
    };
    let named: Vec<Bug> =
        Bug::ALL.iter().filter(|bug| words.contains(&format!("{bug:?}"))).copied().collect();
    let asked = if named.is_empty() { Bug::ALL } else { &named };
    for &bug in asked {
        let seeds = (0..BUG_SEEDS).filter(|seed| seed % 40 != 39);
        let noticed = seeds.filter(|seed| is_sound(*seed)).find_map(|seed| {
            let problems = run(seed, Some(bug), false).problems;
            problems.first().map(|first| (seed, first.clone()))
        });
        match noticed {
            Some((seed, how)) => println!("    (Bug::{bug:?}, {seed}), // {how}"),
            None => {
                missed += 1;
                println!("    {bug:?}: NOT NOTICED in {BUG_SEEDS} seeds ({})", bug.text());
            }
        }
    }
    println!("{} bugs planted, {missed} not noticed", asked.len());
    if missed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
