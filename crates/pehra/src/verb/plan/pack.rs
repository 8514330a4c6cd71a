//! `pehra plan pack`.

use crate::{
    verb::printer::Printer,
    work::{
        dispatch::RoadsKept,
        pack::{Kind, Options, Report, Start, run},
    },
};
use anyhow::bail;
use clap::Args;
use pehra_domain::{AreaId, sheet::Language};
use std::{
    path::{Path, PathBuf},
    time::Instant,
};

#[derive(Debug, Args)]
pub(in crate::verb) struct Pack {
    /// The nation, a province, a district, or a sector: pk/punjab/lahore/s03. Above a district only the sums are printed
    /// unless kinds are named.
    #[arg(long, value_name = "AREA")]
    area: String,
    /// Where the documents go; what lies there from an earlier run and did not change is left.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Only this kind of sheet; may be given several times.
    #[arg(long, value_enum)]
    kind: Vec<Kind>,
    /// Only the sheets of this building or station; may be given several times.
    #[arg(long, value_name = "ID")]
    only: Vec<String>,
    /// Only this language: en or ur.
    #[arg(long, value_name = "LANGUAGE", value_parser = language)]
    language: Vec<Language>,
    /// A plan by its number or name; otherwise the adopted one, else the last.
    #[arg(long, value_name = "PLAN")]
    plan: Option<String>,
    /// A folder of `plan draw` whose last stage is done: its service numbers stand at the posts.
    #[arg(long, value_name = "DIR")]
    draw: Option<PathBuf>,
    /// A folder of `plan convoys`.
    #[arg(long, value_name = "DIR")]
    convoys: Option<PathBuf>,
    /// Quick-reaction teams for the reserve orders, as `plan reserves` bases them.
    #[arg(long, default_value_t = 200)]
    teams: usize,
    /// The typesetter, when it is not beside this program.
    #[arg(long, value_name = "FILE")]
    printer: Option<PathBuf>,
    /// Sheets that are set at a time.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..=64))]
    hands: u32,
    /// What the typesetter may take in all; 0: no bound.
    #[arg(long, default_value_t = 600, value_name = "MB")]
    memory_mb: u32,
    /// One JSON object instead of sentences.
    #[arg(long)]
    json: bool,
}

fn language(text: &str) -> Result<Language, String> {
    let found = Language::ALL.into_iter().find(|language| language.code() == text);
    found.ok_or_else(|| format!("`{text}` is no language of these sheets: en or ur"))
}

impl Pack {
    pub(in crate::verb) fn run(&self, data: &Path, printer: &mut Printer) -> anyhow::Result<()> {
        let node = crate::verb::open(data)?;
        let start = Instant::now();
        let languages =
            if self.language.is_empty() { Language::ALL.to_vec() } else { self.language.clone() };
        let options = Options {
            area: AreaId::try_new(self.area.as_str())?,
            folder: self.out.clone(),
            kinds: self.kind.clone(),
            languages,
            only: self.only.clone(),
            plan: self.plan.clone(),
            draw: self.draw.clone(),
            convoys: self.convoys.clone(),
            teams: self.teams,
            press: Start {
                program: self.printer.clone(),
                hands: self.hands,
                memory_mb: self.memory_mb,
            },
        };
        let report = run(&node, &options, &RoadsKept::default(), &mut |step| printer.step(&step))?;
        if self.json {
            printer.line(&serde_json::to_string(&report)?);
        } else {
            self.tell(&report, start, printer);
        }
        match report.failed.first() {
            None => Ok(()),
            Some(first) => {
                bail!("{} sheets could not be set; the first: {first}", report.failed.len())
            }
        }
    }

    fn tell(&self, report: &Report, start: Instant, printer: &mut Printer) {
        printer.line(&format!(
            "{} sheets of plan {}: {} documents with {} pages printed in {:.1} s, {} left as they were; {} tables",
            report.sheets,
            report.plan,
            report.printed,
            report.pages,
            start.elapsed().as_secs_f64(),
            report.kept,
            report.tables
        ));
        if !report.adopted {
            printer.line("  the plan is not adopted: every sheet says that it is a draft");
        }
        for (what, names) in [("changed", &report.changed), ("withdrawn", &report.withdrawn)] {
            if !names.is_empty() {
                printer.line(&format!("  {} sheets {what}: see changes.pdf", names.len()));
            }
        }
        printer.line(&format!("  in {}", self.out.display()));
    }
}
