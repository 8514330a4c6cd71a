//! `pehra plan reserves`.

use crate::{verb::printer::Printer, work};
use clap::Args;
use pehra_domain::{Point, StationId, UnitId, risk::RiskClass};
use pehra_plan::reserve::base::{Block, ClassLine, Outlook, Suggestion};
use std::path::Path;

#[derive(Debug, Args)]
pub(in crate::verb) struct Reserves {
    /// Quick-reaction teams to base, each at the place of a unit.
    #[arg(long, default_value_t = 200)]
    teams: usize,
    /// What if this base were lost? May be given several times.
    #[arg(long, value_name = "UNIT")]
    lose: Vec<String>,
    /// What if no way could cross this line any more (a bridge gone, a road cut)? Degrees: LAT,LON,LAT,LON.
    #[arg(long, value_name = "LINE", allow_hyphen_values = true)]
    block: Vec<String>,
    /// What would so many teams more change?
    #[arg(long, default_value_t = 0)]
    more: usize,
    /// Which team should go to an incident at this station?
    #[arg(long, value_name = "STATION")]
    incident: Option<String>,
    /// Teams that must stay free; going below needs a signature.
    #[arg(long, default_value_t = 0)]
    keep: usize,
    /// How many names to list.
    #[arg(long, default_value_t = 10)]
    list: usize,
    /// One JSON object instead of sentences.
    #[arg(long)]
    json: bool,
}

#[derive(serde::Serialize)]
struct Report {
    objective: i64,
    bound: i64,
    gap_percent: f64,
    /// All times are estimates from the straight line and the terrain.
    estimated: bool,
    bases: Vec<String>,
    classes: [ClassLine; 3],
    change: Option<Changed>,
    suggestions: Vec<Suggested>,
}

#[derive(serde::Serialize)]
struct Changed {
    bases: Vec<String>,
    classes: [ClassLine; 3],
    lose: Vec<String>,
    gain: Vec<String>,
}

#[derive(serde::Serialize)]
struct Suggested {
    base: String,
    #[serde(flatten)]
    suggestion: Suggestion,
}

impl Reserves {
    pub(in crate::verb) fn run(&self, data: &Path, printer: &mut Printer) -> anyhow::Result<()> {
        let node = crate::verb::open(data)?;
        let lose: Result<_, _> = self.lose.iter().map(|id| UnitId::try_new(id.clone())).collect();
        let question = work::reserves::Question {
            teams: self.teams,
            lose: lose?,
            blocks: self.block.iter().map(|text| line(text)).collect::<Result<_, _>>()?,
            more: self.more,
            incident: self.incident.clone().map(StationId::try_new).transpose()?,
            keep: self.keep,
        };
        let found = work::reserves::run(&node, &question, &mut |step| printer.step(&step))?;
        let report = report(&found);
        if self.json {
            printer.line(&serde_json::to_string(&report)?);
            return Ok(());
        }
        self.tell(&found, &report, printer);
        Ok(())
    }

    fn tell(&self, found: &work::reserves::Reserves, report: &Report, printer: &mut Printer) {
        printer.line(&format!(
            "{} teams based; value {}, no choice above {}: gap {:.2} %",
            report.bases.len(),
            report.objective,
            report.bound,
            report.gap_percent
        ));
        if report.estimated {
            printer.line(
                "  times are estimates from straight lines and terrain, not measured along roads",
            );
        }
        classes(&found.outlook, printer);
        for base in report.bases.iter().take(self.list) {
            printer.line(&format!("  base {base}"));
        }
        if let (Some(change), Some(told)) = (&found.change, &report.change) {
            printer.line(&format!(
                "after the change: {} teams, {} stations lose all help in time, {} gain it",
                told.bases.len(),
                told.lose.len(),
                told.gain.len()
            ));
            classes(&change.outlook, printer);
            for station in told.lose.iter().take(self.list) {
                printer.line(&format!("  {station} is no longer reached in time"));
            }
        }
        for suggested in report.suggestions.iter().take(self.list) {
            let Suggestion { seconds, uncovered, needs_signature, .. } = suggested.suggestion;
            let signature =
                if needs_signature { "; below the reserve: needs a signature" } else { "" };
            printer.line(&format!(
                "  {} in {} min leaves {uncovered} stations without help in time{signature}",
                suggested.base,
                seconds.div_ceil(60)
            ));
        }
    }
}

fn report(found: &work::reserves::Reserves) -> Report {
    let unit =
        |base: &u32| found.units.get(*base as usize).map_or_else(String::new, ToString::to_string);
    let names = |places: &[usize]| -> Vec<String> {
        places.iter().filter_map(|&at| found.stations.get(at)).map(ToString::to_string).collect()
    };
    let basing = &found.basing;
    Report {
        objective: basing.objective,
        bound: basing.bound,
        gap_percent: f64::from(u32::try_from(basing.gap_per_100_000()).unwrap_or(u32::MAX))
            / 1_000.0,
        estimated: found.outlook.classes.iter().any(|line| line.estimated > 0),
        bases: basing.open.iter().map(unit).collect(),
        classes: found.outlook.classes,
        change: found.change.as_ref().map(|change| Changed {
            bases: change.open.iter().map(unit).collect(),
            classes: change.outlook.classes,
            lose: names(&change.lose),
            gain: names(&change.gain),
        }),
        suggestions: found
            .suggestions
            .iter()
            .map(|&suggestion| Suggested { base: unit(&suggestion.base), suggestion })
            .collect(),
    }
}

fn classes(outlook: &Outlook, printer: &mut Printer) {
    for (class, line) in RiskClass::ALL.into_iter().zip(&outlook.classes) {
        let name = class.title();
        let worst = line.worst_s.map_or_else(
            || "some without any way".to_owned(),
            |s| format!("{} min", s.div_ceil(60)),
        );
        printer.line(&format!(
            "  {name:<15} {:>7} stations  {:>7} in time  {:>7} twice  {:>7} within the guarantee  worst {worst}",
            line.places, line.reached, line.twice, line.guaranteed
        ));
    }
}

fn line(text: &str) -> anyhow::Result<Block> {
    let wrong = || anyhow::anyhow!("{text:?} is no line: give LAT,LON,LAT,LON in degrees");
    let numbers: Vec<f64> = text
        .split(',')
        .map(|word| word.trim().parse())
        .collect::<Result<_, _>>()
        .map_err(|_number| wrong())?;
    let [a, b, c, d] = numbers.as_slice() else { return Err(wrong()) };
    let point = |lat, lon| Point::try_from_degrees(lat, lon).ok_or_else(wrong);
    Ok(Block { from: point(*a, *b)?, to: point(*c, *d)? })
}
