//! `pehra link`: what goes from hand to hand when no network does.

use super::printer::Printer;
use crate::{
    link::{Carrier, https::Office, radio::Radio, send_object, serial::Line},
    node::{
        Node,
        bundle::{Exported, Imported, Recipient},
        carriers::Frame,
    },
};
use anyhow::Context;
use clap::{Args, Subcommand};
use pehra_link::fountain::{Binding, Sender};
use std::{
    io::Write,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

#[derive(Debug, Subcommand)]
pub(super) enum Link {
    /// Print this node's address, to which others seal bundles.
    Address,
    /// Write a bundle: what its receivers lack by their last word, sealed to them.
    Export {
        /// A file with an address, a device's name in the roster, or the beginning of its id.
        #[arg(long, required = true, value_name = "RECIPIENT")]
        to: Vec<String>,
        /// Take along every bundle that is carried here, not only those for these receivers.
        #[arg(long)]
        carry_all: bool,
        /// One JSON object instead of sentences.
        #[arg(long)]
        json: bool,
        /// The file to write; it must not be there yet.
        out: PathBuf,
    },
    /// Take a bundle in. One for others is kept and goes along with the next file.
    Import {
        /// One JSON object instead of sentences.
        #[arg(long)]
        json: bool,
        file: PathBuf,
    },
    /// Exchange bundles with an office over HTTPS, at its door for phones: `https://HOST:PORT/?to=DEVICE&authority=FILE`.
    /// While the room is open, `pehra run --office` does the same every five minutes.
    Exchange {
        /// One JSON object instead of sentences.
        #[arg(long)]
        json: bool,
        #[arg(value_name = "URL")]
        office: Office,
    },
    /// Send a file, a bundle for example, over radio or a serial line: in frames of which any that get through will do.
    Send {
        #[command(flatten)]
        over: Over,
        /// Frames beyond those needed, in percent: for what the way loses.
        #[arg(long, value_name = "PERCENT", default_value_t = 50)]
        spare: u32,
        file: PathBuf,
    },
    /// Listen on radio or a serial line and take in what comes, until something is whole or the time is over.
    Hear {
        #[command(flatten)]
        over: Over,
        #[arg(long, value_name = "SECONDS", default_value_t = 3_600)]
        seconds: u64,
    },
}

/// The way.
#[derive(Debug, Args)]
pub(super) struct Over {
    /// A modem that speaks KISS over TCP, as direwolf does on port 8001; needs --call-sign.
    #[arg(long, value_name = "HOST:PORT", requires = "call_sign", conflicts_with = "serial")]
    radio: Option<String>,
    #[arg(long, value_name = "SIGN")]
    call_sign: Option<String>,
    /// A serial port, for example /dev/ttyUSB0.
    #[arg(long, value_name = "PORT", required_unless_present = "radio")]
    serial: Option<PathBuf>,
    #[arg(long, value_name = "BAUD", default_value_t = 9_600)]
    baud: u32,
    /// Bytes of one frame; shorter ones come through where longer ones do not.
    #[arg(long, value_name = "BYTES", default_value_t = 200)]
    frame: usize,
}

impl Over {
    fn open(&self) -> anyhow::Result<Box<dyn Carrier>> {
        match (&self.radio, &self.call_sign, &self.serial) {
            (Some(modem), Some(sign), _) => Ok(Box::new(Radio::over_tcp(modem, sign)?)),
            (_, _, Some(port)) => Ok(Box::new(Line::open(port, self.baud)?)),
            (_, _, None) => anyhow::bail!("name a way: --radio with --call-sign, or --serial"),
        }
    }
}

impl Link {
    pub(super) fn run(&self, data: &Path, printer: &mut Printer) -> anyhow::Result<()> {
        match self {
            Self::Address => {
                printer.line(super::open(data)?.address()?.trim_end());
                Ok(())
            }
            Self::Export { to, carry_all, json, out } => {
                export(data, to, *carry_all, *json, out, printer)
            }
            Self::Import { json, file } => import(data, *json, file, printer),
            Self::Exchange { json, office } => {
                let report = office.exchange(&super::open(data)?)?;
                if *json {
                    printer.line(&serde_json::to_string(&report)?);
                } else {
                    printer.line(&format!("exchanged with {}", office.address()));
                    imported(&report, printer);
                }
                Ok(())
            }
            Self::Send { over, spare, file } => send(over, *spare, file, printer),
            Self::Hear { over, seconds } => hear(data, over, *seconds, printer),
        }
    }
}

fn export(
    data: &Path,
    to: &[String],
    carry_all: bool,
    json: bool,
    out: &Path,
    printer: &mut Printer,
) -> anyhow::Result<()> {
    let node = super::open(data)?;
    let recipients = to.iter().map(|named| recipient(&node, named));
    let recipients = recipients.collect::<anyhow::Result<Vec<_>>>()?;
    let (bytes, report) = node.export_bundle(&recipients, carry_all)?;
    write_whole(out, &bytes)?;
    if json {
        printer.line(&serde_json::to_string(&report)?);
    } else {
        exported(&report, out, printer);
    }
    Ok(())
}

/// A device by a file with its address, its name in the roster, or the beginning of its id.
pub(super) fn recipient(node: &Node, named: &str) -> anyhow::Result<Recipient> {
    let path = Path::new(named);
    if path.is_file() {
        let text =
            std::fs::read_to_string(path).with_context(|| format!("{named} cannot be read"))?;
        return Ok(node.recipient(&text)?);
    }
    Ok(node.recipient(named)?)
}

/// A stick that is pulled out must not leave half a file under the name: the name comes last.
fn write_whole(out: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    if out.exists() {
        anyhow::bail!("{} is there already", out.display());
    }
    let mut part = out.as_os_str().to_owned();
    part.push(".part");
    let write = || {
        let mut file = std::fs::File::create(&part)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&part, out)
    };
    write().with_context(|| format!("{} cannot be written", out.display()))
}

fn exported(report: &Exported, out: &Path, printer: &mut Printer) {
    printer.line(&format!(
        "{} for {}: {} entries ({} without their content), {} statements, {} chunks in {} pieces, {} bytes",
        out.display(),
        report.to.join(", "),
        report.entries,
        report.withheld,
        report.statements,
        report.chunks,
        report.pieces,
        report.bytes
    ));
    for bundle in &report.carried {
        printer.line(&format!("with it goes bundle {bundle}, which this node cannot read"));
    }
}

fn import(data: &Path, json: bool, file: &Path, printer: &mut Printer) -> anyhow::Result<()> {
    let length = std::fs::metadata(file).map_or(0, |it| it.len());
    if usize::try_from(length).map_or(true, |it| it > pehra_link::bundle::FILE_BYTES_MAX) {
        anyhow::bail!(
            "{} has {length} bytes; a bundle has at most {}",
            file.display(),
            pehra_link::bundle::FILE_BYTES_MAX
        );
    }
    let bytes =
        std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let node = super::open(data)?;
    let report = node.import_bundle(&bytes)?;
    if json {
        printer.line(&serde_json::to_string(&report)?);
    } else {
        imported(&report, printer);
    }
    if report.opened.is_empty() && report.carried.is_empty() {
        anyhow::bail!("{} holds no bundle that can be used", file.display());
    }
    Ok(())
}

fn imported(report: &Imported, printer: &mut Printer) {
    if !report.opened.is_empty() {
        printer.line(&format!(
            "{} entries new ({} without effect), {} known, {} refused; {} statements, {} chunks",
            report.entries_new,
            report.without_effect,
            report.entries_known,
            report.refused,
            report.statements_new,
            report.chunks
        ));
    }
    for bundle in &report.carried {
        printer.line(&format!(
            "bundle {bundle} is for others: kept, and carried on with the next file"
        ));
    }
    for (bundle, sound, of) in &report.receipts {
        printer.line(&format!("bundle {bundle} of this node arrived: {sound} of {of} pieces"));
    }
    for fork in &report.forks {
        printer.line(&format!("fork: {fork}"));
    }
    for damage in report.damage.iter().chain(&report.first_reason) {
        printer.line(&format!("wrong: {damage}"));
    }
}

fn send(over: &Over, spare: u32, file: &Path, printer: &mut Printer) -> anyhow::Result<()> {
    let object =
        std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let mut carrier = over.open()?;
    let frame_bytes = over.frame.min(carrier.frame_bytes());
    let sender = Sender::try_new(&object, frame_bytes, Binding::Open)?;
    let needed = sender.symbols();
    let frames = needed.saturating_add(needed.saturating_mul(spare).div_ceil(100));
    send_object(carrier.as_mut(), &sender, 0..frames)?;
    printer.line(&format!(
        "{} bytes in {frames} frames of {frame_bytes}; about {needed} are enough",
        object.len()
    ));
    Ok(())
}

fn hear(data: &Path, over: &Over, seconds: u64, printer: &mut Printer) -> anyhow::Result<()> {
    let node = super::open(data)?;
    let mut carrier = over.open()?;
    let until = Instant::now() + Duration::from_secs(seconds);
    while Instant::now() < until {
        let left = until.saturating_duration_since(Instant::now());
        for frame in carrier.hear(left)? {
            match node.hear_frame("line", &frame)? {
                Frame::Part { held, needed, .. } => {
                    printer.note(&format!("{held} of {needed} frames"));
                }
                Frame::Whole { brought: Some(brought), .. } => {
                    imported(&brought, printer);
                    return Ok(());
                }
                Frame::Whole { brought: None, .. } => {}
                Frame::Thin(heard) => printer.line(&format!("a thin frame: {heard:?}")),
                Frame::Entry { new } => {
                    printer.line(if new { "a signed entry" } else { "a known entry" });
                }
                Frame::Refused(why) => printer.line(&format!("refused: {why}")),
            }
        }
    }
    anyhow::bail!("nothing was whole within {seconds} seconds")
}
