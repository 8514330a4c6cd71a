//! `pehra plan import`.

use crate::{
    node::{Node, OpenOptions},
    verb::{identity, printer::Printer},
    work::{
        self,
        import::{Checked, Choice, Content, Kind},
    },
};
use anyhow::Context;
use clap::Args;
use pehra_domain::{Date, StationId, finding::Finding};
use pehra_exchange::{Mapping, export};
use std::{
    fs::File,
    io::BufWriter,
    path::{Path, PathBuf},
};

/// Findings told one by one on the terminal for each code.
const TOLD_OF_A_CODE: usize = 3;

#[expect(clippy::struct_excessive_bools, reason = "independent switches of one command")]
#[derive(Debug, Args)]
pub(in crate::verb) struct Import {
    /// What the file is about.
    kind: Kind,
    /// CSV, TSV, XLSX; GeoJSON for boundaries; .osm.pbf for roads.
    file: PathBuf,
    /// Which column means what; print the guess with --show-mapping.
    #[arg(long, value_name = "M.toml")]
    mapping: Option<PathBuf>,
    /// Print the guessed columns as a mapping file and stop.
    #[arg(long)]
    show_mapping: bool,
    /// Write every finding to a CSV file.
    #[arg(long, value_name = "OUT.csv")]
    findings: Option<PathBuf>,
    /// Write the pairs of stations that may be one to a CSV file, for a person to decide.
    #[arg(long, value_name = "PAIRS.csv")]
    pairs: Option<PathBuf>,
    /// Two stations that a person decided are one, National Assembly first: NA-247-149=PS-110-12. Repeat it.
    #[arg(long, value_name = "NA=PA")]
    join: Vec<String>,
    /// The file is the complete list of the constituencies (or districts and tiers) that it names: what it does not
    /// name there is removed. Without this a file only adds and corrects.
    #[arg(long)]
    complete: bool,
    /// For roads: a table of links by boat or air that no map has.
    #[arg(long, value_name = "LINKS.csv")]
    links: Option<PathBuf>,
    /// Check and report; sign and keep nothing.
    #[arg(long)]
    dry_run: bool,
    /// One JSON object instead of sentences.
    #[arg(long)]
    json: bool,
    /// For a new folder: the election that it is about.
    #[arg(long, value_name = "ID", default_value = "PK-GE-2024")]
    election: String,
    /// For a new folder: the day of the poll.
    #[arg(long, value_name = "DATE", default_value = "2024-02-08")]
    poll_date: String,
}

impl Import {
    pub(in crate::verb) fn run(&self, data: &Path, printer: &mut Printer) -> anyhow::Result<()> {
        if self.show_mapping {
            let seen = work::import::inspect(self.kind, &self.file)?;
            printer.line(seen.mapping.to_toml()?.trim_end());
            return Ok(());
        }
        let node = identity::open(data, &self.options()?)?;
        if self.kind == Kind::Roads {
            return self.roads(&node, printer);
        }
        let mapping = self.mapping.as_deref().map(read_mapping).transpose()?;
        let choice = Choice { mapping, joined: self.joined()?, complete: self.complete };
        let checked = work::import::check(&node, self.kind, &self.file, choice, &mut |step| {
            printer.step(&step)
        })?;
        if let Some(out) = &self.pairs {
            write_pairs(&checked, out, node.watermark().as_deref())?;
        }
        if let Some(out) = &self.findings {
            write_findings(&checked.findings, out, node.watermark().as_deref())?;
        }
        if self.json {
            printer.line(&serde_json::to_string(&checked.summary)?);
        } else {
            tell(&checked, printer);
        }
        if self.dry_run {
            printer.note("dry run: nothing was signed or kept");
            return Ok(());
        }
        let unchanged = checked.diff.is_empty() && checked.based_on.is_some();
        let actor = node.operator()?;
        work::import::sign(&node, &actor, checked, &mut |step| printer.step(&step))?;
        printer.note(if unchanged {
            "nothing has changed since the last import: nothing was signed"
        } else {
            "signed and kept"
        });
        Ok(())
    }

    fn roads(&self, node: &Node, printer: &mut Printer) -> anyhow::Result<()> {
        let checked = work::roads::check(node, &self.file, self.links.as_deref(), &mut |step| {
            printer.step(&step)
        })?;
        if let Some(out) = &self.findings {
            write_findings(&checked.findings, out, node.watermark().as_deref())?;
        }
        if self.json {
            printer.line(&super::roads::json(&checked));
        } else {
            super::roads::tell(&checked, printer);
        }
        if self.dry_run {
            printer.note("dry run: nothing was signed or kept");
            return Ok(());
        }
        let signed = work::roads::sign(node, &node.operator()?, &checked)?;
        printer.note(if signed {
            "signed and kept"
        } else {
            "nothing has changed since the last import: nothing was signed"
        });
        Ok(())
    }

    fn joined(&self) -> anyhow::Result<Vec<(StationId, StationId)>> {
        let read = |text: &String| {
            let wrong = || format!("`{text}` is no pair of stations: write NA-247-149=PS-110-12");
            let (national, provincial) = text.split_once('=').with_context(wrong)?;
            let id = |name: &str| StationId::try_new(name.trim()).with_context(wrong);
            Ok((id(national)?, id(provincial)?))
        };
        self.join.iter().map(read).collect()
    }

    fn options(&self) -> anyhow::Result<OpenOptions> {
        let date = Date::parse(&self.poll_date)
            .with_context(|| format!("`{}` is no date: write 2024-02-08", self.poll_date))?;
        Ok(OpenOptions::of(&self.election, &format!("{}, poll of {date}", self.election), date))
    }
}

fn read_mapping(path: &Path) -> anyhow::Result<Mapping> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("the mapping {} cannot be read", path.display()))?;
    Ok(Mapping::from_toml(&text)?)
}

fn write_findings(findings: &[Finding], out: &Path, watermark: Option<&str>) -> anyhow::Result<()> {
    let cannot = || format!("the findings cannot be written to {}", out.display());
    let mut file = BufWriter::new(File::create(out).with_context(cannot)?);
    export::findings_csv(findings, watermark, &mut file).with_context(cannot)?;
    Ok(())
}

fn write_pairs(checked: &Checked, out: &Path, watermark: Option<&str>) -> anyhow::Result<()> {
    let cannot = || format!("the pairs cannot be written to {}", out.display());
    let none = Vec::new();
    let pairs = match &checked.content {
        Content::Stations { ambiguous, .. } => ambiguous,
        Content::Units(_)
        | Content::Incidents(_)
        | Content::Norms(_)
        | Content::Figures(_)
        | Content::Outlines(_)
        | Content::Surveys(_)
        | Content::Places(_) => &none,
    };
    let mut rows = pairs.iter().map(|pair| {
        let distance = pair.distance_m.map_or_else(String::new, |metres| metres.to_string());
        vec![
            pair.national.to_string(),
            pair.provincial.to_string(),
            distance,
            pair.reason.code().to_owned(),
            pair.reason.english().to_owned(),
        ]
    });
    let mut file = BufWriter::new(File::create(out).with_context(cannot)?);
    let headers = ["national", "provincial", "distance_m", "doubt", "why"];
    export::csv(&headers, &mut rows, watermark, &mut file).with_context(cannot)?;
    Ok(())
}

fn tell(checked: &Checked, printer: &mut Printer) {
    let summary = &checked.summary;
    printer.line(&format!(
        "{}: {} rows, {} accepted, {} repaired, {} quarantined",
        checked.file_name, summary.rows, summary.accepted, summary.repaired, summary.quarantined
    ));
    if summary.stations > 0 {
        printer.line(&format!(
            "{} stations in {} buildings, {} booths, {} voters",
            summary.stations, summary.buildings, summary.booths, summary.voters
        ));
    } else {
        printer.line(&format!("{} values", summary.values));
    }
    for (code, count) in &summary.findings {
        printer.line(&format!("  {count:>7} × {code}"));
        let of_code = checked.findings.iter().filter(|finding| finding.code == *code);
        for finding in of_code.take(TOLD_OF_A_CODE) {
            printer.line(&format!("            row {}: {}", finding.row, finding.text));
        }
    }
    if let Content::Stations { ambiguous, .. } = &checked.content
        && !ambiguous.is_empty()
    {
        printer.line(&format!(
            "  {} pairs may be one station each; they are kept apart until a person decides (--pairs lists them, --join joins two)",
            ambiguous.len()
        ));
    }
    let diff = &checked.diff;
    printer.line(&format!(
        "signing would add {}, change {}, remove {} and leave {} as they are",
        diff.added, diff.changed, diff.removed, diff.unchanged
    ));
    for (key, what) in diff.sample.iter().filter(|(_, what)| what != "added").take(5) {
        printer.line(&format!("  {key}: {what}"));
    }
}
