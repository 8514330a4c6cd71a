//! Measurements: the examples of the crates, in release. Figures, never verdicts: no test asserts a time.

mod campaign;
mod flow;
mod replicate;
mod routing;

use crate::{
    house::House,
    run::{Job, on_path},
};
use anyhow::{Context, Result, bail};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// The machine and how busy it is, for beside the figures.
fn conditions() -> String {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    format!("{cores} cores, load {}", load.trim())
}

/// A Python of its own in a folder, with these packages from PyPI; installed once, and again where that was broken off or
/// other packages are asked for.
fn python(house: &House, folder: &Path, packages: &[&str]) -> Result<PathBuf> {
    let (python, mark) = (folder.join("bin/python"), folder.join("installed"));
    let wanted = packages.join(" ");
    if fs::read_to_string(&mark).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    let system = on_path(&["python3"]).context("python3 is not installed")?;
    Job::new(&house.root, &system.to_string_lossy(), &["-m", "venv", &folder.to_string_lossy()])
        .run()?;
    let install = [&["-m", "pip", "install", "--quiet"], packages].concat();
    Job::new(&house.root, &python.to_string_lossy(), &install).run()?;
    fs::write(&mark, wanted)?;
    Ok(python)
}

/// One example of one crate.
struct Example {
    package: String,
    name: String,
}

/// What an example that measures is called; the others write files.
const ENDINGS: &[&str] = &["_speed", "throughput"];

/// Runs every measuring example whose name, or whose crate's name, begins with one of the given words; all without a word.
/// What stands after `--` is given to each of them.
pub(crate) fn bench(house: &House, words: &[String]) -> Result<()> {
    if let Some(("routing", rest)) = words.split_first().map(|(word, rest)| (word.as_str(), rest)) {
        return routing::bench(house, rest);
    }
    if let Some(("flow", rest)) = words.split_first().map(|(word, rest)| (word.as_str(), rest)) {
        return flow::bench(house, rest);
    }
    if let Some(("campaign", rest)) = words.split_first().map(|(word, rest)| (word.as_str(), rest))
    {
        return campaign::bench(house, rest);
    }
    if let Some(("print", rest)) = words.split_first().map(|(word, rest)| (word.as_str(), rest)) {
        return crate::print::bench(house, rest);
    }
    let (words, given) = match words.iter().position(|word| word == "--") {
        Some(at) => (words.get(..at).unwrap_or_default(), words.get(at..).unwrap_or_default()),
        None => (words, Default::default()),
    };
    let examples = examples(house)?;
    let names: Vec<String> =
        examples.iter().map(|it| format!("{} ({})", it.name, it.package)).collect();
    for word in words.iter().filter(|word| *word != "replicate") {
        if !examples.iter().any(|example| matches(example, word)) {
            bail!("no measurement begins with {word:?}; there are: {}", names.join(", "));
        }
    }
    for example in examples
        .iter()
        .filter(|example| words.is_empty() || words.iter().any(|word| matches(example, word)))
    {
        println!("\n== {} ({})", example.name, example.package);
        let (package, name) = (example.package.as_str(), example.name.as_str());
        let mut arguments = vec!["run", "--release", "--quiet", "-p", package, "--example", name];
        arguments.extend(given.iter().map(String::as_str));
        Job::new(&house.root, "cargo", &arguments).run()?;
    }
    // The peer of the ledger's own measurements.
    let beside = ["ledger", "ledger_replicate", "replicate"];
    if words.is_empty() || words.iter().any(|word| beside.contains(&word.as_str())) {
        replicate::bench(house)?;
    }
    Ok(())
}

fn matches(example: &Example, word: &str) -> bool {
    // What measures a roster is the draw.
    let word = if word == "roster" { "draw" } else { word };
    example.name.starts_with(word) || example.package.trim_start_matches("pehra-") == word
}

fn examples(house: &House) -> Result<Vec<Example>> {
    let mut found = Vec::new();
    for path in house.files()? {
        let mut steps = path.split('/');
        let (Some("crates"), Some(folder), Some("examples"), Some(file), None) =
            (steps.next(), steps.next(), steps.next(), steps.next(), steps.next())
        else {
            continue;
        };
        let Some(name) = file.strip_suffix(".rs") else { continue };
        if !ENDINGS.iter().any(|ending| name.ends_with(ending)) {
            continue;
        }
        let package = if folder == "pehra" { folder.to_owned() } else { format!("pehra-{folder}") };
        found.push(Example { package, name: name.to_owned() });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_names_an_example_by_its_beginning_or_its_crate() {
        let example = Example { package: "pehra-plan".into(), name: "allocate_speed".into() };
        assert!(matches(&example, "allocate") && matches(&example, "plan"));
        assert!(!matches(&example, "speed") && !matches(&example, "pla"));
    }
}
