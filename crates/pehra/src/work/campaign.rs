//! A campaign planned: which channels in which languages and districts, with a bound, and what a cut of the networks leaves.

use super::{
    WorkError,
    file::{disk, write as write_file},
};
use crate::{facts, node::Node};
use pehra_domain::{
    AreaId,
    campaign::{Channel, Language},
    progress::Watch,
};
use pehra_exchange::export::{self, Cell, Sheet};
use pehra_ops::{EventRef, campaign::LanguageState};
use pehra_plan::campaign::{
    CampaignError, Chosen, Effort, choose,
    question::{Label, Prepared, Question, Told},
};
use std::{collections::BTreeSet, fs, path::Path};

/// What came out.
pub struct Planned {
    pub question: Question,
    pub prepared: Prepared,
    pub chosen: Chosen,
    pub told: Told,
}

/// One offer that was chosen.
pub struct Line<'p> {
    pub label: &'p Label,
    pub cost_rs: u64,
}

/// Plans a campaign by the house's tables.
///
/// # Errors
/// [`WorkError`]: there is nothing to plan with, a number is out of range, or stopped.
pub fn plan(
    node: &Node,
    question: Question,
    effort: Effort,
    watch: &mut Watch<'_>,
) -> Result<Planned, WorkError> {
    if question.languages.is_empty() {
        return Err(WorkError::Missing(
            "no language may be used: two native readers sign a text first; to plan ahead of them, name languages yourself",
        ));
    }
    let tables =
        facts::awareness(node.gazetteer()).map_err(|error| WorkError::Input(error.to_string()))?;
    let prepared = Prepared::of(&tables, &question);
    if prepared.groups.is_empty() {
        return Err(WorkError::Missing(
            "nobody is known to live there: the area is a province or a district, as pk/sindh/thatta",
        ));
    }
    let chosen = choose(&prepared.input, effort, watch).map_err(|error| match error {
        CampaignError::Cancelled(stopped) => WorkError::Cancelled(stopped),
        other @ (CampaignError::TooMany(_)
        | CampaignError::People(_)
        | CampaignError::Rupees(_)
        | CampaignError::Free(_)
        | CampaignError::Reach(_)) => WorkError::Input(other.to_string()),
    })?;
    let told = prepared.told(&chosen);
    Ok(Planned { question, prepared, chosen, told })
}

/// Languages of which two native readers have signed the text as it stands: of one campaign, or of any.
#[must_use]
pub fn signed(node: &Node, campaign: Option<EventRef>) -> BTreeSet<Language> {
    node.ops(|state| {
        let asked =
            state.campaigns.all().filter(|(at, ..)| campaign.is_none_or(|asked| asked == *at));
        asked
            .flat_map(|(.., record)| {
                Language::ALL.into_iter().filter(|one| {
                    matches!(record.language(*one), LanguageState::Signed | LanguageState::Out)
                })
            })
            .collect()
    })
}

impl Planned {
    /// Chosen offers, the dearest first.
    #[must_use]
    pub fn lines(&self) -> Vec<Line<'_>> {
        let offers = self.chosen.offers.iter();
        let mut lines: Vec<Line<'_>> = offers
            .filter_map(|at| {
                let label = self.prepared.labels.get(*at as usize)?;
                let cost_rs = self.prepared.input.offers.get(*at as usize)?.cost_rs;
                Some(Line { label, cost_rs })
            })
            .collect();
        lines.sort_by_key(|line| std::cmp::Reverse(line.cost_rs));
        lines
    }

    /// By channel: how many offers were chosen, and what they cost.
    #[must_use]
    pub fn channels(&self) -> Vec<(Channel, u64, u64)> {
        let lines = self.lines();
        let of = |channel| {
            let own = || lines.iter().filter(move |line| line.label.channel == channel);
            (channel, own().count() as u64, own().map(|line| line.cost_rs).sum())
        };
        Channel::ALL.into_iter().map(of).filter(|(_, count, _)| *count > 0).collect()
    }

    /// Languages that may not be used here, with how many people speak each at home.
    #[must_use]
    pub fn blocked(&self) -> Vec<(Language, u64)> {
        let all = Language::ALL.into_iter();
        let blocked = all.filter(|one| !self.question.languages.contains(one));
        blocked
            .map(|one| (one, self.told.languages.get(&Some(one)).map_or(0, |part| part.people)))
            .collect()
    }
}

fn whole(number: u64) -> Cell {
    Cell::Whole(i64::try_from(number).unwrap_or(i64::MAX))
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn sheet(name: &str, headers: &[&str], rows: Vec<Vec<Cell>>) -> Sheet {
    let headers = headers.iter().map(|header| (*header).to_owned()).collect();
    Sheet { name: name.to_owned(), headers, rows, right_to_left: false }
}

fn offers(planned: &Planned) -> Sheet {
    let row = |line: Line<'_>| {
        let label = line.label;
        vec![
            text(label.area.as_str()),
            text(label.channel.word()),
            text(label.language.code()),
            whole(line.cost_rs),
            whole(label.alone),
        ]
    };
    let headers = ["area", "channel", "language", "cost_rs", "reached_alone_after_cut"];
    sheet("offers", &headers, planned.lines().into_iter().map(row).collect())
}

fn districts(planned: &Planned) -> Sheet {
    let rows = planned.told.districts.iter().map(|(area, row)| {
        let (reached, uncut) = row.part.whole();
        let cells = [row.part.people, reached, uncut, row.cost_rs].map(whole);
        [vec![text(area.as_str())], cells.into()].concat()
    });
    let headers = ["district", "adults", "reached_after_cut", "reached_without_cut", "cost_rs"];
    sheet("districts", &headers, rows.collect())
}

fn languages(planned: &Planned) -> Sheet {
    let rows = planned.told.languages.iter().map(|(language, part)| {
        let (reached, uncut) = part.whole();
        let word = language.map_or("other", Language::code);
        let may = language.is_some_and(|one| planned.question.languages.contains(&one));
        let cells = [part.people, reached, uncut].map(whole);
        [vec![text(word), text(if may { "signed" } else { "blocked" })], cells.into()].concat()
    });
    let headers = ["spoken_at_home", "text", "adults", "reached_after_cut", "reached_without_cut"];
    sheet("languages", &headers, rows.collect())
}

fn certificate(planned: &Planned) -> Sheet {
    let it = &planned.told.certificate;
    let rows = [
        ("reached", it.reached),
        ("bound", it.bound),
        ("gap_millionths", it.gap_ppm),
        ("reached_if_audiences_lie_inside_each_other", it.reached_at_least),
        ("reached_if_no_audiences_meet", it.reached_at_most),
        ("women_reached", planned.told.women.whole().0),
        ("women", planned.told.women.people),
        ("cost_rs", it.cost_rs),
        ("budget_rs", it.budget_rs),
        ("offers", it.offers),
        ("groups", it.groups),
    ];
    let rows = rows.into_iter().map(|(name, number)| vec![text(name), whole(number)]).collect();
    sheet("certificate", &["what", "number"], rows)
}

/// Writes the plan as CSV files and one workbook; the names of the files.
///
/// # Errors
/// [`WorkError::Input`]: the folder cannot be written.
pub fn write(node: &Node, planned: &Planned, out: &Path) -> Result<Vec<String>, WorkError> {
    fs::create_dir_all(out).map_err(|error| disk(out, &error))?;
    let watermark = node.watermark();
    let watermark = watermark.as_deref();
    let of = |error: export::ExportError| WorkError::Input(error.to_string());
    let sheets = [offers(planned), districts(planned), languages(planned), certificate(planned)];
    let mut names = Vec::new();
    for sheet in &sheets {
        let mut bytes = Vec::new();
        sheet.csv(watermark, &mut bytes).map_err(of)?;
        let name = format!("{}.csv", sheet.name);
        write_file(&out.join(&name), &bytes)?;
        names.push(name);
    }
    let bytes = export::xlsx(&sheets, watermark).map_err(of)?;
    write_file(&out.join("campaign.xlsx"), &bytes)?;
    names.push("campaign.xlsx".to_owned());
    Ok(names)
}

/// The area that a word names; the nation for none.
///
/// # Errors
/// The word is no area.
pub fn area(word: Option<&str>) -> Result<AreaId, WorkError> {
    let word = word.unwrap_or("pk").trim();
    AreaId::try_new(word)
        .map_err(|_malformed| WorkError::Input(format!("{word} is no area: write pk/sindh/thatta")))
}
