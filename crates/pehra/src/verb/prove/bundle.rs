//! `pehra prove bundle`, and `pehra prove verify` of what it wrote.

use super::{super::printer::Printer, proof::founding};
use crate::{
    audit::court::{self, CourtReport},
    work::court::{Register, Subject, write},
};
use anyhow::{Context, bail};
use clap::Args;
use pehra_domain::{AreaId, ConstituencyId, IncidentId, StationId};
use std::path::{Path, PathBuf};

/// Faults that are printed; `--json` has all.
const PRINTED_MAX: usize = 20;

#[derive(Debug, Args)]
pub(crate) struct Bundle {
    #[command(flatten)]
    about: About,
    /// A folder that is empty or not there yet.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// One JSON object instead of sentences.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct About {
    /// A station of the list, such as NA-40-15.
    #[arg(long, value_name = "STATION")]
    station: Option<String>,
    /// A constituency: all its stations.
    #[arg(long, value_name = "CONSTITUENCY")]
    constituency: Option<String>,
    /// An incident, as the internal report and the room name it.
    #[arg(long, value_name = "INCIDENT")]
    incident: Option<String>,
    /// What an observer follows: classes, custody, suspensions, releases or draws.
    #[arg(long, value_name = "REGISTER")]
    register: Option<String>,
}

impl About {
    fn subject(&self) -> anyhow::Result<Subject> {
        if let Some(id) = &self.station {
            Ok(Subject::Station(StationId::try_new(id.trim())?))
        } else if let Some(id) = &self.constituency {
            Ok(Subject::Constituency(ConstituencyId::try_new(id.trim())?))
        } else if let Some(id) = &self.incident {
            Ok(Subject::Incident(IncidentId::try_new(id.trim())?))
        } else if let Some(name) = &self.register {
            let register = Register::named(name.trim());
            let register = register.with_context(|| {
                format!("`{name}` is no register: classes, custody, suspensions, releases or draws")
            })?;
            Ok(Subject::Register(register, vec![AreaId::nation()]))
        } else {
            bail!("say what it is about: --station, --constituency, --incident or --register")
        }
    }
}

pub(super) fn bundle(data: &Path, wish: &Bundle, printer: &mut Printer) -> anyhow::Result<()> {
    let subject = wish.about.subject()?;
    let node = crate::verb::open(data)?;
    let written = write(&node, &subject, &wish.out)?;
    if wish.json {
        printer.line(&serde_json::to_string(&written)?);
        return Ok(());
    }
    printer.line(&format!(
        "{}: {} entries, each proven in a tree of {}; {} contents withheld, {} absent; {} bytes in {}",
        written.subject,
        written.entries,
        written.tree_size,
        written.withheld,
        written.absent,
        written.bytes,
        wish.out.display()
    ));
    printer.line(&format!(
        "anybody checks it with: pehra prove verify {} --root FOUNDING-FILE",
        wish.out.display()
    ));
    Ok(())
}

pub(super) fn verify(
    folder: &Path,
    root: Option<&Path>,
    json: bool,
    printer: &mut Printer,
) -> anyhow::Result<()> {
    let given = root.map(founding).transpose()?;
    let report = court::check(folder, given.as_ref());
    if json {
        printer.line(&serde_json::to_string(&report)?);
    } else {
        tell(&report, given.is_none(), printer);
    }
    if report.is_whole() { Ok(()) } else { bail!("not everything is as it was signed") }
}

fn tell(report: &CourtReport, compare: bool, printer: &mut Printer) {
    printer.line(&format!("election {}, root {}", report.election, report.root));
    if compare {
        printer.line("compare the root with the published one: the folder itself named it");
    }
    printer.line(&format!(
        "about {}: {} entries; {} contents here, {} absent, {} withheld",
        report.subject,
        report.entries,
        report.contents_here,
        report.contents_absent,
        report.contents_withheld
    ));
    printer.line(&format!(
        "each stands in the tree of {} entries that node {} signed; {} witnesses saw it",
        report.tree_size, report.node, report.witnesses
    ));
    for doubt in &report.doubts {
        printer.line(&format!("but: {doubt}"));
    }
    for fault in report.faults.iter().take(PRINTED_MAX) {
        printer.line(&format!("altered: {}: {}", fault.file, fault.what));
    }
    if report.is_whole() {
        printer.line(
            "every hash, signature, proof and certificate holds, and nothing is missing or added",
        );
    }
}
