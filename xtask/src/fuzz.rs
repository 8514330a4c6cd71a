//! The fuzzer's own programs over every decoder: compiled with coverage by the stable compiler, run one after another.

use crate::{house::House, run::Job};
use anyhow::{Context, Result, bail};
use std::{fs, path::PathBuf};

/// What tells libFuzzer where an input led: counters and comparisons in every block of the decoders.
const COVERAGE: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1 -Cdebug-assertions -Coverflow-checks";
/// Longest input; a decoder that takes longer ones takes them piece by piece.
const INPUT_BYTES_MAX: &str = "65536";
const MEMORY_MB_MAX: &str = "2048";
/// One input may take so long, in seconds.
const PATIENCE: &str = "10";

/// `[SECONDS] [TARGET…]`: each target for so long, 60 by default; all when none is named.
pub(crate) fn fuzz(house: &House, words: &[String]) -> Result<()> {
    let (seconds, named) = match words.split_first() {
        Some((first, rest)) if first.parse::<u64>().is_ok() => (first.as_str(), rest),
        _ => ("60", words),
    };
    let known = targets(house)?;
    if let Some(unknown) = named.iter().find(|name| !known.contains(name)) {
        bail!("there is no target {unknown:?}; there are {}", known.join(", "));
    }
    let wanted = if named.is_empty() { known.as_slice() } else { named };
    let programs = build(house)?;
    let mut broken = Vec::new();
    for name in wanted {
        let kept = house.path(&format!("fuzz/corpus/{name}"));
        let (found, broke) = (folder(house, "corpus", name)?, folder(house, "broke", name)?);
        let program = programs.join(name);
        let arguments = [
            text(&found)?.to_owned(),
            text(&kept)?.to_owned(),
            format!("-max_total_time={seconds}"),
            format!("-max_len={INPUT_BYTES_MAX}"),
            format!("-rss_limit_mb={MEMORY_MB_MAX}"),
            format!("-timeout={PATIENCE}"),
            format!("-artifact_prefix={}/", text(&broke)?),
            "-print_final_stats=1".to_owned(),
            "-verbosity=0".to_owned(),
        ];
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        println!("\n== {name}");
        if Job::new(&house.root, text(&program)?, &arguments).run().is_err() {
            broken.push(format!("{name} (the input lies in {})", broke.display()));
        }
    }
    if !broken.is_empty() {
        bail!("decoders that broke: {}", broken.join(", "));
    }
    println!("\n{} decoders took everything for {seconds} s each", wanted.len());
    Ok(())
}

/// One program a target stands in the folder of targets.
fn targets(house: &House) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(house.path("fuzz/fuzz_targets")).context("fuzz/fuzz_targets")? {
        let path = entry?.path();
        names.extend(path.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
    }
    names.sort();
    Ok(names)
}

/// Builds all programs and says where they lie. The passes are not stable yet, so the compiler is told to take them; a
/// target is named so that build scripts are compiled without them.
fn build(house: &House) -> Result<PathBuf> {
    let about = Job::new(&house.root, "rustc", &["-vV"]).ask().context("rustc does not answer")?;
    let host = about.lines().find_map(|line| line.strip_prefix("host: "));
    let host = host.context("rustc does not say for which machine it compiles")?;
    let target = house.target().join("fuzz");
    let build = ["build", "--release", "--bins", "--target", host];
    Job::new(&house.path("fuzz"), "cargo", &build)
        .with("RUSTC_BOOTSTRAP", "1")
        .with("RUSTFLAGS", COVERAGE)
        .with("CARGO_TARGET_DIR", text(&target)?)
        .run()?;
    Ok(target.join(host).join("release"))
}

/// A folder for what the fuzzer finds: what is worth keeping is copied into the kept corpus by hand.
fn folder(house: &House, sort: &str, name: &str) -> Result<PathBuf> {
    let folder = house.target().join("fuzz").join(sort).join(name);
    fs::create_dir_all(&folder).with_context(|| format!("{}", folder.display()))?;
    Ok(folder)
}

fn text(path: &std::path::Path) -> Result<&str> {
    path.to_str().context("the path is no text")
}
