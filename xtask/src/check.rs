//! The whole gate, stage by stage, each with its seconds; at the end one line that counts every test.

use crate::{
    browser,
    count::{self, Count},
    debian,
    house::House,
    licence, nats, print,
    run::{Job, on_path},
    tidy, web,
};
use anyhow::{Context, Result, bail};
use std::{thread, time::Instant};

/// What a stage answers: tests, if it runs any.
type Answer = Result<Option<Count>>;
type Work = fn(&House) -> Answer;

/// One stage of the gate.
struct Stage {
    name: &'static str,
    work: Work,
    /// Left out by `--fast`.
    slow: bool,
    /// Begins behind the stage before it and is waited for in its turn: they share no folder and no output that counts.
    behind: bool,
}

const fn stage(name: &'static str, work: Work) -> Stage {
    Stage { name, work, slow: false, behind: false }
}

const fn slow(name: &'static str, work: Work) -> Stage {
    Stage { slow: true, ..stage(name, work) }
}

const STAGES: &[Stage] = &[
    stage("format", format),
    stage("laws of the house", laws),
    stage("licences", licences),
    stage("spelling", spelling),
    // Before whatever compiles the pages into the program, so that nothing is compiled twice for them.
    stage("web: packages", packages),
    stage("web: types", types),
    stage("web: tests", web_tests),
    stage("web: build", web_build),
    stage("web: budgets", budgets),
    stage("lints", lints),
    stage("bus for the tests", bus),
    // Before the tests, so that the story of a pack has its other half.
    slow("typesetter", typesetter),
    stage("tests", tests),
    Stage { behind: true, ..slow("release build", release) },
    slow("browser stories", stories),
];

/// What came of one stage.
struct Outcome {
    name: &'static str,
    seconds: f64,
    count: Option<Count>,
    fault: Option<String>,
}

/// Without the network the stories of the bus say that they are skipped.
fn bus(house: &House) -> Answer {
    if let Err(cause) = nats::install(house) {
        println!("no server of the bus: {cause:#}");
    }
    Ok(None)
}

pub(crate) fn check(house: &House, arguments: &[String]) -> Result<()> {
    let fast = match arguments {
        [] => false,
        [word] if word == "--fast" => true,
        other => bail!("check understands --fast alone, not {other:?}"),
    };
    let start = Instant::now();
    let stages: Vec<&Stage> = STAGES.iter().filter(|stage| !(fast && stage.slow)).collect();
    let outcomes = thread::scope(|scope| {
        let mut outcomes = Vec::new();
        let mut begun = None;
        for (place, stage) in stages.iter().enumerate() {
            println!("\n== {} [{:.0} s]", stage.name, start.elapsed().as_secs_f64());
            let waiting = begun.take();
            if let Some(next) = stages.get(place + 1).filter(|next| next.behind) {
                begun = Some(scope.spawn(move || next.run(house)));
            }
            let outcome = match waiting.map(thread::ScopedJoinHandle::join) {
                Some(Ok(outcome)) => outcome,
                Some(Err(_panic)) => stage.broken("it stopped in the middle"),
                None => stage.run(house),
            };
            if let Some(fault) = &outcome.fault {
                println!("FAILED {}: {fault}", stage.name);
            }
            outcomes.push(outcome);
        }
        outcomes
    });
    println!("\n== summary [{:.0} s]", start.elapsed().as_secs_f64());
    close(&outcomes, fast)
}

impl Stage {
    fn run(&self, house: &House) -> Outcome {
        let begin = Instant::now();
        let (count, fault) = judge((self.work)(house));
        Outcome { name: self.name, seconds: begin.elapsed().as_secs_f64(), count, fault }
    }

    fn broken(&self, fault: &str) -> Outcome {
        Outcome { name: self.name, seconds: 0.0, count: None, fault: Some(fault.to_owned()) }
    }
}

fn judge(answer: Answer) -> (Option<Count>, Option<String>) {
    match answer {
        Ok(count) => {
            let fault = count
                .filter(|count| count.failed > 0)
                .map(|count| format!("{} tests failed", count.failed));
            (count, fault)
        }
        Err(error) => (None, Some(format!("{error:#}"))),
    }
}

/// Prints the table and the closing line. A stage that fails without a failed test counts as one failure, so that the
/// line never reads better than the truth.
fn close(outcomes: &[Outcome], fast: bool) -> Result<()> {
    let mut total = Count::default();
    let mut broken = Vec::new();
    for outcome in outcomes {
        let count = outcome.count.unwrap_or_default();
        total += count;
        if outcome.fault.is_some() {
            broken.push(outcome.name);
            total.failed += u64::from(count.failed == 0);
        }
        let verdict = if outcome.fault.is_some() { "FAILED" } else { "ok" };
        let tests = outcome.count.map_or_else(String::new, |it| format!("{} tests", it.passed));
        println!("{verdict:<6} {:>7.1} s  {:<18} {tests}", outcome.seconds, outcome.name);
    }
    if fast {
        println!("left out: typesetter, release build, browser stories (--fast)");
    }
    println!("{} passed, {} failed", total.passed, total.failed);
    if broken.is_empty() {
        return Ok(());
    }
    bail!("failed: {}", broken.join(", "))
}

fn cargo<'a>(house: &'a House, arguments: &[&str]) -> Job<'a> {
    Job::new(&house.root, "cargo", arguments)
}

fn format(house: &House) -> Answer {
    cargo(house, &["fmt", "--all", "--check"]).run()?;
    Ok(None)
}

fn laws(house: &House) -> Answer {
    tidy::report(house)?;
    Ok(None)
}

fn licences(house: &House) -> Answer {
    licence::check(house)?;
    Ok(None)
}

fn spelling(house: &House) -> Answer {
    if on_path(&["typos"]).is_none() {
        println!(
            "typos is not installed: only the list of common slips was checked, among the laws of the house"
        );
        return Ok(None);
    }
    Job::new(&house.root, "typos", &["--config", "_typos.toml"]).run()?;
    Ok(None)
}

fn lints(house: &House) -> Answer {
    cargo(house, &["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"])
        .run()?;
    Ok(None)
}

fn tests(house: &House) -> Answer {
    debian::other_ends()?;
    let (heard, content) =
        cargo(house, &["test", "--workspace", "--locked", "--no-fail-fast"]).listen()?;
    let count = count::cargo(&heard).context("cargo test printed no closing line")?;
    if !content && count.failed == 0 {
        bail!("cargo test did not end well: something did not compile or stopped early");
    }
    Ok(Some(count))
}

fn packages(house: &House) -> Answer {
    web::install(&web::folder(house)?)?;
    Ok(None)
}

fn types(house: &House) -> Answer {
    web::script(&web::folder(house)?, "check")?.run()?;
    Ok(None)
}

fn web_tests(house: &House) -> Answer {
    node_tests(&web::script(&web::folder(house)?, "test")?)
}

fn web_build(house: &House) -> Answer {
    web::pages(house, &web::folder(house)?)?;
    Ok(None)
}

fn budgets(house: &House) -> Answer {
    web::script(&web::folder(house)?, "budgets")?.run()?;
    Ok(None)
}

/// Build and tests of the program that no other stage compiles.
fn typesetter(house: &House) -> Answer {
    print::check(house).map(Some)
}

fn release(house: &House) -> Answer {
    // The examples prepare folders for the browser stories.
    let parts = ["-p", "pehra", "--bin", "pehra"];
    let examples = ["--example", "two_offices", "--example", "trust_story"];
    let build = ["build", "--release", "--locked", "--quiet"];
    let job = cargo(house, &[&build[..], &parts, &examples].concat());
    job.below("10").run()?;
    Ok(None)
}

/// The stories in a real browser, against the binary that was just built.
fn stories(house: &House) -> Answer {
    let web = web::folder(house)?;
    let program = house.target().join("release").join("pehra");
    if !program.is_file() {
        bail!("{} is missing: the release build did not succeed", program.display());
    }
    let browser = browser::find()?;
    node_tests(
        &web::script(&web, "e2e")?
            .with("CHROMIUM", browser.to_string_lossy())
            .with("PEHRA_BIN", program.to_string_lossy()),
    )
}

fn node_tests(job: &Job<'_>) -> Answer {
    let (heard, content) = job.listen()?;
    let count = count::node(&heard).context("the web tests printed no closing count")?;
    if count == Count::default() {
        bail!("not a single web test ran");
    }
    if !content && count.failed == 0 {
        bail!("the web tests did not end well");
    }
    Ok(Some(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(count: Option<Count>, fault: Option<&str>) -> Outcome {
        Outcome { name: "stage", seconds: 0.0, count, fault: fault.map(str::to_owned) }
    }

    #[test]
    fn a_stage_that_breaks_without_a_test_still_fails_the_gate() {
        let green = Count { passed: 3, failed: 0 };
        assert!(close(&[outcome(Some(green), None)], false).is_ok());
        assert!(close(&[outcome(Some(green), None), outcome(None, Some("x"))], false).is_err());
        let (_, fault) = judge(Ok(Some(Count { passed: 3, failed: 1 })));
        assert!(fault.is_some());
    }
}
