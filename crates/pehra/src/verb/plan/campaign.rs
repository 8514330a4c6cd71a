//! `pehra plan campaign`: which channels, languages and districts, with a bound, and what a cut leaves.

use crate::{
    verb::printer::Printer,
    work::campaign::{self as work, Planned},
};
use anyhow::{Context, bail};
use clap::Args;
use pehra_domain::campaign::{Channel, Language};
use pehra_ops::EventRef;
use pehra_plan::campaign::{
    Certificate, Effort,
    question::{Cut, Part, Question},
};
use serde::Serialize;
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

#[derive(Debug, Args)]
pub(in crate::verb) struct Campaign {
    /// What may be spent, in rupees.
    #[arg(long, value_name = "RUPEES")]
    budget: u64,
    /// One province or district: pk/sindh/thatta. The nation without it.
    #[arg(long)]
    area: Option<String>,
    /// Where mobile networks are expected to be off: `none`, `all`, or areas parted by commas.
    #[arg(long, default_value = "all")]
    cut: String,
    /// A campaign on record: its signed languages, its channels and its area.
    #[arg(long, value_name = "ID", conflicts_with_all = ["area", "languages", "channels"])]
    campaign: Option<String>,
    /// Languages by code, parted by commas: ur,sd,ps,pa,bal,skr,en. Those that two native readers have signed without it.
    #[arg(long, value_delimiter = ',')]
    languages: Vec<String>,
    /// Channels, parted by commas; all eleven without it.
    #[arg(long, value_delimiter = ',')]
    channels: Vec<String>,
    /// Nodes of the search after the first look.
    #[arg(long, default_value_t = Effort::default().nodes)]
    nodes: u32,
    /// The folder for tables: offers, districts, languages, certificate, and all of them as one workbook.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// One JSON object instead of sentences.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report {
    #[serde(flatten)]
    certificate: Certificate,
    gap_percent: String,
    adults: u64,
    /// If nothing were cut.
    reached_without_cut: u64,
    women: u64,
    women_reached: u64,
    languages: Vec<Spoken>,
    blocked: Vec<Blocked>,
    channels: Vec<Used>,
    files: Vec<String>,
}

#[derive(Serialize)]
struct Spoken {
    /// At home; `other` for what no campaign speaks.
    language: &'static str,
    adults: u64,
    reached: u64,
    reached_without_cut: u64,
}

#[derive(Serialize)]
struct Blocked {
    language: &'static str,
    adults: u64,
}

#[derive(Serialize)]
struct Used {
    channel: &'static str,
    offers: u64,
    cost_rs: u64,
}

impl Campaign {
    pub(in crate::verb) fn run(&self, data: &Path, printer: &mut Printer) -> anyhow::Result<()> {
        let node = crate::verb::open(data)?;
        let question = self.question(&node)?;
        let effort = Effort { nodes: self.nodes, ..Effort::default() };
        let planned = work::plan(&node, question, effort, &mut |step| printer.step(&step))?;
        let files = match &self.out {
            Some(out) => work::write(&node, &planned, out)?,
            None => Vec::new(),
        };
        let report = report(&planned, files);
        if self.json {
            printer.line(&serde_json::to_string(&report)?);
        } else {
            tell(&report, printer);
        }
        Ok(())
    }

    fn question(&self, node: &crate::node::Node) -> anyhow::Result<Question> {
        let cut = match self.cut.as_str() {
            "none" => Cut::Nowhere,
            "all" => Cut::Everywhere,
            areas => {
                let areas: Result<Vec<_>, _> =
                    areas.split(',').map(|area| work::area(Some(area))).collect();
                Cut::In(areas?)
            }
        };
        if let Some(id) = &self.campaign {
            let at = EventRef::parse(id).with_context(|| format!("{id} names no entry"))?;
            let told = node.ops(|state| {
                let (draft, mark) = state.campaigns.get(at)?.told()?;
                Some((mark.area.clone(), draft.channels.iter().copied().collect()))
            });
            let Some((area, channels)) = told else { bail!("{id} is no campaign on record here") };
            let languages = work::signed(node, Some(at));
            return Ok(Question { area, cut, languages, channels, budget_rs: self.budget });
        }
        let languages: BTreeSet<Language> = if self.languages.is_empty() {
            work::signed(node, None)
        } else {
            let all = self.languages.iter().map(|code| {
                Language::parse(code.trim()).with_context(|| format!("{code} is no language here"))
            });
            all.collect::<Result<_, _>>()?
        };
        let channels: BTreeSet<Channel> = if self.channels.is_empty() {
            Channel::ALL.into()
        } else {
            let all = self.channels.iter().map(|word| {
                Channel::parse(word.trim()).with_context(|| format!("{word} is no channel here"))
            });
            all.collect::<Result<_, _>>()?
        };
        let area = work::area(self.area.as_deref())?;
        Ok(Question { area, cut, languages, channels, budget_rs: self.budget })
    }
}

fn report(planned: &Planned, files: Vec<String>) -> Report {
    let told = &planned.told;
    let spoken = |(language, part): (&Option<Language>, &Part)| {
        let (reached, reached_without_cut) = part.whole();
        let language = language.map_or("other", Language::code);
        Spoken { language, adults: part.people, reached, reached_without_cut }
    };
    Report {
        certificate: told.certificate,
        gap_percent: percent(told.certificate.gap_ppm),
        adults: told.all.people,
        reached_without_cut: told.all.whole().1,
        women: told.women.people,
        women_reached: told.women.whole().0,
        languages: told.languages.iter().map(spoken).collect(),
        blocked: planned
            .blocked()
            .into_iter()
            .map(|(language, adults)| Blocked { language: language.code(), adults })
            .collect(),
        channels: planned
            .channels()
            .into_iter()
            .map(|(channel, offers, cost_rs)| Used { channel: channel.word(), offers, cost_rs })
            .collect(),
        files,
    }
}

/// Of millionths, with four places.
fn percent(ppm: u64) -> String {
    format!("{}.{:04}", ppm / 10_000, ppm % 10_000)
}

fn tell(report: &Report, printer: &mut Printer) {
    let it = &report.certificate;
    printer.line(&format!(
        "{} of {} adults reached after the cut ({} without one); no choice reaches more than {} (gap {} %)",
        it.reached, report.adults, report.reached_without_cut, it.bound, report.gap_percent
    ));
    printer.line(&format!(
        "whatever audiences share: between {} and {}; of {} women {}",
        it.reached_at_least, it.reached_at_most, report.women, report.women_reached
    ));
    printer.line(&format!("{} of {} rupees", it.cost_rs, it.budget_rs));
    for one in &report.channels {
        printer.line(&format!(
            "{:<12}{:>6} offers  {:>14} rupees",
            one.channel, one.offers, one.cost_rs
        ));
    }
    for one in &report.languages {
        printer.line(&format!(
            "{:<6}{:>12} adults  {:>12} reached  {:>12} without a cut",
            one.language, one.adults, one.reached, one.reached_without_cut
        ));
    }
    for one in &report.blocked {
        printer.note(&format!(
            "blocked: {} (not signed by two native readers, or not named; {} adults speak it)",
            one.language, one.adults
        ));
    }
}
