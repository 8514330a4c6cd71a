//! Plans, runs and proves the security of an election.

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    pehra::verb::main(&pehra::verb::Arguments::parse())
}
