//! `pehra prove export` and `pehra prove verify PATH…`.

use super::{super::printer::Printer, proof::founding};
use crate::audit::{self, AuditReport, Options};
use anyhow::{Context, bail};
use std::path::{Path, PathBuf};

/// Findings of one sort that are printed; `--json` has all that are kept.
const PRINTED_MAX: usize = 20;

pub(super) fn export(
    data: &Path,
    to: &Path,
    area: Option<&str>,
    printer: &mut Printer,
) -> anyhow::Result<()> {
    printer.stop_on_ctrl_c();
    let node = crate::verb::open(data)?;
    let report = node
        .export(to, area, &mut |step| printer.step(&step))
        .with_context(|| format!("{} was not written", to.display()))?;
    printer.line(&format!(
        "{} entries and {} hashes are in {} ({} bytes)",
        report.entries,
        report.leaves_only,
        report.path.display(),
        report.bytes
    ));
    Ok(())
}

pub(super) fn verify(
    paths: &[PathBuf],
    root: Option<&Path>,
    json: bool,
    printer: &mut Printer,
) -> anyhow::Result<()> {
    printer.stop_on_ctrl_c();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut seed = [0; 32];
    getrandom::fill(&mut seed)?;
    let options = Options { root: root.map(founding).transpose()?, threads, seed };
    let began = std::time::Instant::now();
    let report = audit::verify(paths, &options, &mut |step| printer.step(&step))?;
    let seconds = began.elapsed().as_secs_f64();
    if json {
        printer.line(&serde_json::to_string(&report)?);
    } else {
        tell(&report, root.is_none(), seconds, printer);
    }
    if report.is_whole() { Ok(()) } else { bail!("not everything is as it was signed") }
}

fn tell(report: &AuditReport, compare: bool, seconds: f64, printer: &mut Printer) {
    printer.line(&format!("election {}, root {}", report.election, report.root_fingerprint));
    if compare {
        printer.line("compare the root with the published one: the files themselves named it");
    }
    #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
    let per_second = report.entries as f64 / seconds.max(0.001);
    printer.line(&format!(
        "{} entries of {} logs in {} files, {per_second:.0} a second",
        report.entries,
        report.logs,
        report.files.len()
    ));
    for file in &report.files {
        let standings: Vec<String> =
            file.standings.iter().map(|(name, count)| format!("{count} {name}")).collect();
        printer.line(&format!(
            "{}: node {}, {} entries ({}), {} contents absent, {} hashes alone, {} checkpoints, \
             witnessed up to {}{}",
            file.path,
            file.device,
            file.entries,
            standings.join(", "),
            file.contents_absent,
            file.leaves_only,
            file.checkpoints,
            file.witnessed_size,
            if file.complete { "" } else { ", its end is missing or damaged" }
        ));
    }
    findings(report, printer);
}

fn findings(report: &AuditReport, printer: &mut Printer) {
    for damage in report.damages.iter().take(PRINTED_MAX) {
        let at = match (damage.byte_offset, damage.is, damage.should_be) {
            (Some(at), Some(is), Some(should_be)) => {
                format!("byte {at} is {is:#04x} and was {should_be:#04x}")
            }
            _ => format!("in the record at byte {}", damage.record_offset),
        };
        let place = damage.place.as_ref().map(|place| format!(" {place}")).unwrap_or_default();
        printer.line(&format!(
            "altered: {}: {at}, in {}{place}: {}",
            damage.file, damage.belongs_to, damage.why
        ));
    }
    for fork in report.forks.iter().take(PRINTED_MAX) {
        printer.line(&format!("fork: two signed entries claim {}", fork.place));
        for side in &fork.sides {
            printer.line(&format!("  {} in {} at byte {}", side.hash, side.file, side.offset));
        }
    }
    for gap in report.gaps.iter().take(PRINTED_MAX) {
        let elsewhere = if gap.elsewhere { "; another file shows them" } else { "" };
        printer.line(&format!(
            "gap: {} lacks {} to {} of log {}{elsewhere}",
            gap.file, gap.from, gap.to, gap.log
        ));
    }
    for one in report.withheld.iter().take(PRINTED_MAX) {
        let what = match (&one.up_to, one.entries) {
            (Some(seq), _) => format!("log {} up to {seq}", one.log),
            (None, Some(count)) => format!("{count} entries"),
            (None, None) => "the rest".to_owned(),
        };
        printer.line(&format!("withheld: {what}: {}", one.known_from));
    }
    for one in report.trees.iter().take(PRINTED_MAX) {
        printer.line(&format!(
            "tree: {}: {} at {} entries: {}",
            one.file, one.origin, one.size, one.what
        ));
    }
    let found = report.damages.len() + report.forks.len() + report.gaps.len();
    if found == 0 && report.withheld.is_empty() && report.trees.is_empty() {
        printer.line("every signature, hash, chain and tree holds; nothing is missing");
    }
}
