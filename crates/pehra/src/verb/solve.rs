//! `pehra solve`: the planning engines as tools for anybody, on files in public formats; no node is opened.

mod flow;
mod median;
mod routing;

use super::printer::Printer;
use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(super) enum Solve {
    /// Minimum-cost flow of a DIMACS file, exact, with its certificate.
    Flow(flow::Flow),
    /// p-median of an OR-Library file: the best places for p bases, with a bound.
    Pmedian(median::Median),
    /// Vehicle routing with capacities: a CVRPLIB file.
    Cvrp(routing::Cvrp),
    /// Vehicle routing with capacities and time windows: a VRPLIB file.
    Vrptw(routing::Vrptw),
}

impl Solve {
    pub(super) fn run(&self, printer: &mut Printer) -> anyhow::Result<()> {
        printer.stop_on_ctrl_c();
        match self {
            Self::Flow(flow) => flow.run(printer),
            Self::Pmedian(median) => median.run(printer),
            Self::Cvrp(cvrp) => cvrp.run(printer),
            Self::Vrptw(vrptw) => vrptw.run(printer),
        }
    }
}

/// Most memory that this process ever held, in MB; none where the system does not tell.
fn peak_mb() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.split_whitespace().next()?.parse::<u64>().ok()?.div_ceil(1_024))
}
