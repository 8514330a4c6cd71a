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
            println!("round {round} {name}: {line}");
            runs.entry(name).or_default().push(serde_json::from_str(line)?);
        }
    }
    compare(&runs)
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
        ("weigh_s", "all weights anew, s"),
        ("way_us", "one way with its path, µs"),
        ("table_one_s", "1,000 × 1,000, one thread, s"),
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
