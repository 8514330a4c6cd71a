//! The others, installed by ordinary means and run in turn with us.

use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Command,
};

const SCRIPT: &str = include_str!("peers.py");

pub(crate) fn run(house: &Path, extract: &Path, rounds: u64) -> Result<()> {
    let folder = house.join("target/peers/roads");
    std::fs::create_dir_all(&folder)?;
    let script = folder.join("peers.py");
    std::fs::write(&script, SCRIPT)?;
    let python = install(&folder)?;
    let extract = extract.canonicalize()?;
    let this = std::env::current_exe()?;
    let mut runs: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for round in 0..rounds.max(1) {
        for name in ["ours", "pyroutingkit", "pyvalhalla"] {
            let mut command = if name == "ours" {
                let mut command = Command::new(&this);
                command.arg("ours").arg(&extract).arg(&folder);
                command
            } else {
                let mut command = Command::new(&python);
                command
                    .arg(&script)
                    .arg(name)
                    .arg(&folder)
                    .arg(&extract)
                    .env("OMP_NUM_THREADS", "2");
                command
            };
            let output = command.output().with_context(|| format!("{name} cannot be started"))?;
            let text = String::from_utf8_lossy(&output.stdout);
            let line = text.lines().rev().find(|line| line.starts_with('{'));
            let Some(line) = line.filter(|_| output.status.success()) else {
                let said = String::from_utf8_lossy(&output.stderr);
                println!(
                    "{name} could not be measured: {}",
                    said.lines().last().unwrap_or("no reason given")
                );
                continue;
            };
            println!("round {round} {name} (load {}): {line}", load());
            runs.entry(name).or_default().push(serde_json::from_str(line)?);
        }
    }
    println!("load at the end: {}", load());
    compare(&runs)
}

/// Of the machine: what stands beside every figure.
fn load() -> String {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load.split_whitespace().take(3).collect::<Vec<_>>().join(" ")
}

fn compare(runs: &BTreeMap<&str, Vec<Value>>) -> Result<()> {
    let median = |name: &str, key: &str| -> Option<f64> {
        let mut values: Vec<f64> =
            runs.get(name)?.iter().filter_map(|run| run[key].as_f64()).collect();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied()
    };
    println!("\nmedians, and ours ÷ theirs:");
    for (key, what) in [
        ("prepare_s", "preparation from the map file, s"),
        ("prepare_cpu_s", "  of processor, s"),
        ("weigh_s", "all weights anew, s"),
        ("weigh_cpu_s", "  of processor, s"),
        ("way_us", "one way with its path, µs"),
        ("way_cpu_us", "  of processor, µs"),
        ("table_one_s", "1,000 × 1,000, one thread, s"),
        ("table_cpu_s", "  of processor, s"),
        ("table_two_s", "1,000 × 1,000, two threads, s"),
        ("peak_mb", "peak memory, MB"),
    ] {
        let Some(ours) = median("ours", key) else { bail!("our own run gave nothing") };
        let mut line = format!("{what:<34} ours {ours:>9.4}");
        for other in ["pyroutingkit", "pyvalhalla"] {
            if let Some(theirs) = median(other, key) {
                line.push_str(&format!("   {other} {theirs:>10.4} (× {:.4})", ours / theirs));
            }
        }
        println!("{line}");
    }
    let ours = runs.get("ours").and_then(|runs| runs.first());
    if let Some(run) = ours {
        println!(
            "one arc doubled: median {:.2} ms, worst of 40 {:.0} ms; {} cells held against Dijkstra's: {} differ",
            run["change_ms"].as_f64().unwrap_or_default(),
            run["change_worst_ms"].as_f64().unwrap_or_default(),
            run["compared_with_dijkstra"],
            run["wrong"]
        );
        anyhow::ensure!(run["wrong"] == 0, "the table differs from Dijkstra's");
    }
    if let Some(run) = runs.get("pyvalhalla").and_then(|runs| runs.first())
        && run["table_whole"] == false
    {
        println!(
            "Valhalla's table is reckoned from smaller ones, in proportion to the side: {}",
            run["tables"]
        );
    }
    for (other, key, most, what) in [
        (
            "pyroutingkit",
            "table_cpu_s",
            1.0,
            "the table in at most RoutingKit's time (of processor)",
        ),
        (
            "pyvalhalla",
            "table_cpu_s",
            0.1,
            "the table in at most a tenth of Valhalla's (of processor)",
        ),
        ("pyvalhalla", "peak_mb", 0.5, "memory at most half of Valhalla's"),
    ] {
        let both = median("ours", key).zip(median(other, key));
        let met = both.map(|(ours, theirs)| (ours / theirs, ours <= theirs * most));
        println!(
            "goal: {what}: {}",
            met.map_or_else(
                || "not measured".to_owned(),
                |(ratio, met)| format!("× {ratio:.3}, {}", if met { "met" } else { "missed" })
            )
        );
    }
    if let Some(run) = runs.get("pyroutingkit").and_then(|runs| runs.first()) {
        println!(
            "cells of the table that differ from RoutingKit's on the same graph: {}",
            run["different"]
        );
        anyhow::ensure!(run["different"] == 0, "the tables differ");
    }
    Ok(())
}

/// A Python of its own with the wheels, and the names of those that could not be had.
fn install(folder: &Path) -> Result<PathBuf> {
    let home = folder.join("venv");
    let python = home.join("bin/python");
    if !python.exists() {
        let base = std::env::var("PEHRA_PYTHON").unwrap_or_else(|_unset| "python3".to_owned());
        let made = Command::new(&base).args(["-m", "venv"]).arg(&home).status();
        if !made.with_context(|| format!("{base} cannot be started"))?.success() {
            bail!("{base} -m venv failed");
        }
    }
    for wheel in ["numpy", "pyroutingkit", "pyvalhalla"] {
        let mut pip = Command::new(&python);
        pip.args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--only-binary=:all:",
            wheel,
        ]);
        if !pip.status()?.success() {
            println!(
                "no wheel of {wheel} could be had for this Python; set PEHRA_PYTHON to another"
            );
        }
    }
    Ok(python)
}
