//! `pehra prove`: is what was recorded what was signed?

use super::printer::Printer;
use clap::Subcommand;
use std::path::Path;

#[derive(Debug, Subcommand)]
pub(super) enum Prove {
    /// Re-hash and re-verify every entry and chunk of this node; names the first one that was altered.
    Verify {
        /// One JSON object instead of sentences.
        #[arg(long)]
        json: bool,
    },
}

impl Prove {
    pub(super) fn run(&self, data: &Path, printer: &mut Printer) -> anyhow::Result<()> {
        match self {
            Self::Verify { json } => verify(data, *json, printer),
        }
    }
}

fn verify(data: &Path, json: bool, printer: &mut Printer) -> anyhow::Result<()> {
    printer.stop_on_ctrl_c();
    let node = super::open(data)?;
    let report = node.verify(&mut |step| printer.step(&step))?;
    if json {
        printer.line(&serde_json::to_string(&report)?);
    } else {
        printer.line(&format!(
            "{} entries of {} logs: every signature, hash and chain holds; {} chunks hold",
            report.entries, report.logs, report.chunks
        ));
        for fork in &report.forks {
            printer.line(&format!("fork: {fork}"));
        }
        for withheld in &report.withheld {
            printer.line(&format!("without effect: {withheld}"));
        }
    }
    Ok(())
}
