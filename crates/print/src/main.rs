//! `pehra-print`: jobs from standard input, documents into files, replies to standard output.
//!
//! `--memory-mb N` bounds what it may take, `--hands N` how many sheets are set at a time. Exit code 0: every job was
//! answered; 1: the pipes broke; 2: unusable arguments.
#![expect(clippy::print_stderr, reason = "a program without a terminal printer of its own")]

use std::{io, process::ExitCode};

struct Arguments {
    hands: usize,
    memory_mb: Option<u64>,
}

fn arguments() -> Result<Arguments, String> {
    let mut found = Arguments { hands: 2, memory_mb: None };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut number = || -> Result<u64, String> {
            let value = words.next().ok_or(format!("{word} needs a number"))?;
            value.parse().map_err(|_not| format!("{value:?} is no number"))
        };
        match word.as_str() {
            "--hands" => found.hands = usize::try_from(number()?.clamp(1, 64)).unwrap_or(2),
            "--memory-mb" => found.memory_mb = Some(number()?),
            other => return Err(format!("{other:?} is not understood: --hands N, --memory-mb N")),
        }
    }
    Ok(found)
}

/// What the process may write to in all. Past it an allocation fails and the process ends; the node that started it says so.
#[cfg(unix)]
fn limit(memory_mb: u64) -> Result<(), String> {
    let bytes = memory_mb.saturating_mul(1 << 20);
    rlimit::setrlimit(rlimit::Resource::DATA, bytes, bytes)
        .map_err(|error| format!("memory cannot be limited: {error}"))
}

#[cfg(not(unix))]
fn limit(_memory_mb: u64) -> Result<(), String> {
    Err("memory cannot be limited on this system: leave --memory-mb out".to_owned())
}

fn main() -> ExitCode {
    // Threads and fonts stand before the bound does: what fails afterwards is an allocation, which ends the process at once.
    let arguments = arguments()
        .inspect(|_| pehra_print::press::warm())
        .and_then(|found| found.memory_mb.map_or(Ok(()), limit).map(|()| found));
    let arguments = match arguments {
        Ok(arguments) => arguments,
        Err(error) => {
            eprintln!("pehra-print: {error}");
            return ExitCode::from(2);
        }
    };
    match pehra_print::desk::serve(io::stdin().lock(), io::stdout(), arguments.hands) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("pehra-print: {error}");
            ExitCode::FAILURE
        }
    }
}
