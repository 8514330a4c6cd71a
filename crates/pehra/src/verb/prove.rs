//! `pehra prove`: is what was recorded what was signed, and can a stranger see it?

mod alert;
mod audit;
mod bundle;
mod code;
mod page;
mod proof;
mod report;
mod tiles;

use super::printer::Printer;
use crate::work::{self, THREADS};
use anyhow::bail;
use clap::Subcommand;
use std::path::{Path, PathBuf};

/// Codes side by side, as a drawing.
///
/// # Errors
/// When a text is longer than a code can hold.
pub(crate) fn drawn(lines: &[String]) -> anyhow::Result<String> {
    Ok(code::Sheet::of(lines)?.to_svg())
}

#[derive(Debug, Subcommand)]
pub(super) enum Prove {
    /// Check everything again. Without a path: every entry and chunk of this node. With paths: the exports of any number
    /// of nodes, with the public root alone.
    Verify {
        /// Files that `pehra prove export` wrote, or one folder that `pehra prove bundle` wrote.
        paths: Vec<PathBuf>,
        /// The election's founding file. Without it the exports' own is used, and its fingerprint shown for comparison.
        #[arg(long, value_name = "FILE")]
        root: Option<PathBuf>,
        /// One JSON object instead of sentences.
        #[arg(long)]
        json: bool,
    },
    /// Write everything that this node holds into one file that anybody can check.
    Export {
        /// The file to write; it must not be there yet.
        to: PathBuf,
        /// Entries of this area alone; of the others only their hashes go along.
        #[arg(long, value_name = "AREA")]
        area: Option<String>,
    },
    /// Prove one event: print what a stranger needs to check it.
    Event {
        /// The event's place: device/epoch/number.
        id: pehra_ledger::Place,
        /// Also show it as QR codes in the terminal.
        #[arg(long)]
        qr: bool,
        /// Write the QR codes as a drawing.
        #[arg(long, value_name = "OUT")]
        svg: Option<PathBuf>,
        /// Write the QR codes as an image.
        #[arg(long, value_name = "OUT")]
        png: Option<PathBuf>,
    },
    /// Check a proof of one event, offline. The folder of this node is not looked at.
    Check {
        /// What `pehra prove event` printed, or the lines that its codes hold.
        proof: PathBuf,
        /// The election's founding file.
        #[arg(long, value_name = "FILE")]
        root: PathBuf,
        /// Witnesses that must have signed.
        #[arg(long, value_name = "K", default_value_t = pehra_ledger::checkpoint::WITNESSES)]
        witnesses: usize,
        /// The content of the event, as a certificate has it beside its proof: checked against the proof and told.
        #[arg(long, value_name = "FILE")]
        content: Option<PathBuf>,
        /// One JSON object instead of sentences.
        #[arg(long)]
        json: bool,
    },
    /// Sign a checkpoint of all that this node holds, and print it with the signatures that came so far.
    Checkpoint,
    /// Print the election's public root: with it anybody can check proofs and exports.
    Root,
    /// Write this node's tree as tiles that any C2SP client can follow.
    Tiles {
        /// The folder to write into.
        to: PathBuf,
    },
    /// Check the code of a printed page: with the founding file and the pack's record alone, or by this node.
    Page {
        /// The code as a camera read it, or a file that holds it.
        code: String,
        /// The founding file of the election; without it this node is asked.
        #[arg(long, value_name = "FILE")]
        root: Option<PathBuf>,
        /// The proof of the entry: `record.txt` of the pack.
        #[arg(long, value_name = "FILE", requires = "root")]
        proof: Option<PathBuf>,
        /// One JSON object instead of sentences.
        #[arg(long)]
        json: bool,
    },
    /// Check a signed message of the Common Alerting Protocol, offline: with the founding file alone.
    Alert {
        /// What an office sent, or its feed links: `ID.cap.xml`. Not a copy that was indented on its way.
        file: PathBuf,
        /// The election's founding file.
        #[arg(long, value_name = "FILE")]
        root: PathBuf,
        /// The proof of the entry that let it out, as `pehra prove event` prints it.
        #[arg(long, value_name = "FILE")]
        proof: Option<PathBuf>,
        /// One JSON object instead of sentences.
        #[arg(long)]
        json: bool,
    },
    /// Give account of the day: thirty-two figures, the hours, incidents, custody, suspensions; a page and its JSON twin.
    Report(report::Report),
    /// Everything about one station, constituency or incident in a folder that a stranger checks with the public root
    /// alone: `pehra prove verify FOLDER --root ROOT`.
    Bundle(bundle::Bundle),
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
            Self::Verify { paths, root, json } if paths.is_empty() => {
                anyhow::ensure!(root.is_none(), "--root is for exports: name them");
                verify(data, *json, printer)
            }
            Self::Verify { paths, root, json } => {
                if let [folder] = paths.as_slice()
                    && crate::audit::court::is_bundle(folder)
                {
                    return bundle::verify(folder, root.as_deref(), *json, printer);
                }
                audit::verify(paths, root.as_deref(), *json, printer)
            }
            Self::Export { to, area } => audit::export(data, to, area.as_deref(), printer),
            Self::Event { id, qr, svg, png } => {
                let drawn = proof::Drawn { qr: *qr, svg: svg.as_deref(), png: png.as_deref() };
                proof::event(data, *id, &drawn, printer)
            }
            Self::Check { proof, root, witnesses, content, json } => {
                let given = (proof.as_path(), content.as_deref());
                proof::check(given, root, *witnesses, *json, printer)
            }
            Self::Checkpoint => tiles::checkpoint(data, printer),
            Self::Root => {
                printer.text(&super::open(data)?.public_root()?.to_text());
                Ok(())
            }
            Self::Tiles { to } => tiles::write(data, to, printer),
            Self::Page { code, root, proof, json } => {
                let (root, proof) = (root.as_deref(), proof.as_deref());
                page::page(data, &page::Given { code, root, proof, json: *json }, printer)
            }
            Self::Alert { file, root, proof, json } => {
                let given = alert::Given { file, root, proof: proof.as_deref(), json: *json };
                alert::alert(&given, printer)
            }
            Self::Bundle(wish) => bundle::bundle(data, wish, printer),
            Self::Report(wish) => report::report(data, wish, printer),
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
