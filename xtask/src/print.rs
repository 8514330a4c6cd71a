//! The typesetter: a house of its own, with its own lock, built in release into a corner of the target folder.

use crate::{
    count::{self, Count},
    debian,
    house::House,
    run::{Job, on_path},
};
use anyhow::{Context, Result, bail};
use std::path::PathBuf;

const MANIFEST: &str = "crates/print/Cargo.toml";
/// What the tests read pages with.
const READERS: (&str, &str) = ("pdftotext", "poppler-utils");

fn corner(house: &House) -> PathBuf {
    house.target().join("print")
}

/// Where the program lies once it is built.
pub(crate) fn program(house: &House) -> PathBuf {
    corner(house).join("release").join("pehra-print")
}

fn cargo<'a>(house: &'a House, verb: &str, rest: &[&str]) -> Job<'a> {
    let corner = corner(house).to_string_lossy().into_owned();
    let mut arguments =
        vec![verb, "--release", "--locked", "--manifest-path", MANIFEST, "--target-dir", &corner];
    arguments.extend(rest);
    Job::new(&house.root, "cargo", &arguments)
}

/// Builds the program: a quarter of an hour of two cores the first time, seconds afterwards.
pub(crate) fn build(house: &House) -> Result<()> {
    cargo(house, "build", &[]).run()
}

/// Starts the build behind whatever runs next, below its priority.
pub(crate) fn build_behind(house: &House) -> Result<std::process::Child> {
    let job = cargo(house, "build", &["--quiet"]).below("19");
    job.command().spawn().context("the typesetter's build does not start")
}

/// Format, build and tests, as one step of the gate.
pub(crate) fn check(house: &House) -> Result<Count> {
    Job::new(&house.root, "cargo", &["fmt", "--manifest-path", MANIFEST, "--check"]).run()?;
    if on_path(&[READERS.0]).is_none() {
        debian::install(READERS.1, "before the typesetter's tests")?;
    }
    build(house)?;
    let (heard, content) = cargo(house, "test", &["--no-fail-fast"]).listen()?;
    let count = count::cargo(&heard).context("the typesetter's tests printed no closing line")?;
    if !content && count.failed == 0 {
        bail!(
            "the typesetter's tests did not end well: something did not compile or stopped early"
        );
    }
    Ok(count)
}

/// Two thousand pages, or as many as asked for: seconds and the most memory that the program took.
pub(crate) fn bench(house: &House, words: &[String]) -> Result<()> {
    build(house)?;
    let program = program(house).to_string_lossy().into_owned();
    let mut rest = vec!["--example", "print_speed", "--", &program];
    rest.extend(words.iter().map(String::as_str));
    cargo(house, "run", &rest).run()
}
