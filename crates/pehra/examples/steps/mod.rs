//! What the measuring programs share: a nation of true size on a node, and what each step takes.

use pehra::{node::Node, work};
use pehra_domain::progress::Step;
use std::{error::Error, ops::ControlFlow, time::Instant};

pub(crate) type Outcome<T> = Result<T, Box<dyn Error>>;

pub(crate) fn go_on(_: Step) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// Megabytes of the process: now, and at most since the last look.
fn memory_mb() -> (u64, u64) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let of = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name));
        let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
        kib.unwrap_or(0) / 1024
    };
    let found = (of("VmRSS:"), of("VmHWM:"));
    // The kernel begins to count anew.
    let _where_it_does_not_the_peak_is_that_of_all = std::fs::write("/proc/self/clear_refs", "5");
    found
}

/// Does one step and prints what it took.
pub(crate) fn step<T>(name: &str, deed: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
    memory_mb();
    let start = Instant::now();
    let done = deed()?;
    let seconds = start.elapsed().as_secs_f64();
    let (now, most) = memory_mb();
    println!("{name:44} {seconds:8.2} s   {most:5} MB at most, {now:5} MB after");
    Ok(done)
}

/// A nation of true size, assessed, made unless it is there.
pub(crate) fn nation(node: &Node, seed: u64) -> Outcome<()> {
    let actor = node.operator()?;
    if node.world().stations.is_none() {
        step("the nation", || Ok(work::nation::run(node, &actor, seed, &mut go_on)?))?;
    }
    if node.world().assessment.is_none() {
        let options = work::assess::Options { seed, draws: 20, ..work::assess::Options::default() };
        step("assessment", || Ok(work::assess::run(node, &actor, options, &mut go_on).map(drop)?))?;
    }
    Ok(())
}

/// Posts everybody, by the roads that the node has; answers the plan's number.
pub(crate) fn posted(
    node: &Node,
    seed: u64,
    name: &str,
    kept: &work::dispatch::RoadsKept,
) -> Outcome<work::allocate::Made> {
    let actor = node.operator()?;
    let options = work::allocate::Options { seed, ..work::allocate::Options::default() };
    let mut bounds = |_| {};
    step(name, || Ok(work::allocate::run(node, &actor, &options, kept, &mut go_on, &mut bounds)?))
}
