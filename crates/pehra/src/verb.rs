//! What the command line can say: three verbs and their tools.

mod demo;
mod identity;
mod link;
mod plan;
mod printer;
mod prove;
mod run;
mod solve;

use crate::{
    node::{Node, NodeError, OpenOptions},
    work::WorkError,
};
use clap::{Parser, Subcommand};
use printer::Printer;
use std::{path::PathBuf, process::ExitCode};

/// Plans, runs and proves the security of an election. Works on a laptop with no network.
#[derive(Debug, Parser)]
#[command(name = "pehra", version, about, propagate_version = true)]
pub struct Arguments {
    /// The folder that this node owns; made if it is not there.
    #[arg(long, global = true, value_name = "DIR", default_value = "pehra-data")]
    pub data: PathBuf,

    #[command(flatten)]
    identity: identity::Identity,

    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Import, assess, explain, allocate: everything before the day.
    #[command(subcommand)]
    Plan(plan::Plan),
    /// Open the operations room, or back up and restore the node.
    Run(Box<run::Run>),
    /// Check what was recorded.
    #[command(subcommand)]
    Prove(prove::Prove),
    /// Use a planning engine on a file in a public format; no node is opened.
    #[command(subcommand)]
    Solve(solve::Solve),
    /// Carry the record by hand: addresses and bundles.
    #[command(subcommand)]
    Link(link::Link),
    /// Make a nation of true size from published figures and open the room on it.
    Demo(demo::Demo),
    /// Print the OpenAPI document of the room.
    Openapi,
}

/// Runs one command line; the answer is the process's exit code: 0 done, 1 failed, 2 unusable arguments (by the
/// argument parser), 3 refused, 130 stopped by Ctrl-C.
pub fn main(arguments: &Arguments) -> ExitCode {
    let mut printer = Printer::new();
    identity::give(&arguments.identity);
    let outcome = match &arguments.verb {
        Verb::Plan(plan) => plan.run(&arguments.data, &mut printer),
        Verb::Run(run) => run.run(&arguments.data, &mut printer),
        Verb::Prove(prove) => prove.run(&arguments.data, &mut printer),
        Verb::Solve(solve) => solve.run(&mut printer),
        Verb::Link(link) => link.run(&arguments.data, &mut printer),
        Verb::Demo(demo) => demo.run(arguments, &mut printer),
        Verb::Openapi => {
            printer.line(&crate::http::openapi());
            Ok(())
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            printer.failure(&error);
            ExitCode::from(code_of(&error))
        }
    }
}

fn code_of(error: &anyhow::Error) -> u8 {
    let node = match error.downcast_ref::<WorkError>() {
        Some(WorkError::Cancelled(_)) => return 130,
        Some(WorkError::Node(node)) => Some(node),
        Some(WorkError::Missing(_) | WorkError::Input(_)) => None,
        None => error.downcast_ref::<NodeError>(),
    };
    match node {
        Some(NodeError::Refused(_) | NodeError::Unsigned(_)) => 3,
        Some(NodeError::Cancelled(_)) => 130,
        Some(_) => 1,
        None if error.downcast_ref::<pehra_domain::progress::Cancelled>().is_some() => 130,
        None => 1,
    }
}

/// Opens the node of a folder for a command-line verb, with the key that was given.
fn open(data: &std::path::Path) -> anyhow::Result<Node> {
    identity::open(data, &OpenOptions::default())
}
