//! `pehra solve`: the planning engines as tools for anybody, on files in public formats; no node is opened.

mod routing;

use super::printer::Printer;
use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(super) enum Solve {
    /// Vehicle routing with capacities: a CVRPLIB file.
    Cvrp(routing::Cvrp),
    /// Vehicle routing with capacities and time windows: a VRPLIB file.
    Vrptw(routing::Vrptw),
}

impl Solve {
    pub(super) fn run(&self, printer: &mut Printer) -> anyhow::Result<()> {
        printer.stop_on_ctrl_c();
        match self {
            Self::Cvrp(cvrp) => cvrp.run(printer),
            Self::Vrptw(vrptw) => vrptw.run(printer),
        }
    }
}
