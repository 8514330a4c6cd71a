//! `pehra prove`: is what was recorded what was signed?

use super::printer::Printer;
use crate::work::{self, THREADS};
use anyhow::bail;
use clap::Subcommand;
use std::path::{Path, PathBuf};

#[derive(Debug, Subcommand)]
pub(super) enum Prove {
    /// Re-hash and re-verify every entry and chunk of this node; names the first one that was altered.
    Verify {
        /// One JSON object instead of sentences.
        #[arg(long)]
        json: bool,
    },
    /// Draw again what a folder says was drawn, and name the first thing that differs. Needs no node.
    Draw {
        /// The folder as it was published.
        folder: PathBuf,
        /// One JSON object instead of sentences.
        #[arg(long)]
        json: bool,
    },
}

impl Prove {
    pub(super) fn run(&self, data: &Path, printer: &mut Printer) -> anyhow::Result<()> {
        match self {
            Self::Verify { json } => verify(data, *json, printer),
            Self::Draw { folder, json } => draw(folder, *json, printer),
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

fn draw(folder: &Path, json: bool, printer: &mut Printer) -> anyhow::Result<()> {
    printer.stop_on_ctrl_c();
    let folder = work::draw::Folder::open(folder)?;
    let checked = work::draw::prove(&folder, THREADS, &mut |step| printer.step(&step))?;
    if json {
        printer.line(&serde_json::to_string(&checked)?);
    } else if checked.difference.is_none() {
        printer.line(&format!(
            "{}: {} people, {} posts; stages drawn again and equal: {}; {} replacements equal",
            folder.title(),
            checked.people,
            checked.posts,
            if checked.stages.is_empty() {
                "none yet".to_owned()
            } else {
                checked.stages.join(", ")
            },
            checked.replacements
        ));
    }
    let Some(found) = checked.difference else { return Ok(()) };
    bail!(
        "the {} is not what the secrets give\n  at         {}\n  published  {}\n  drawn      {}",
        found.stage,
        found.at,
        found.published,
        found.drawn
    )
}
