//! `pehra plan reserves`.

mod step;

use crate::{
    verb::printer::Printer,
    work::{
        dispatch::RoadsKept,
        reserves::{self as work, Based, Change, Prepared, Question},
    },
};
use anyhow::ensure;
use clap::Args;
use pehra_domain::{Point, StationId, UnitId, risk::RiskClass};
use pehra_plan::reserve::{
    base::{Basis, Block, ClassLine, Outlook, Suggestion},
    cover::Teams,
};
use std::{path::Path, sync::Arc};

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(in crate::verb) struct Reserves {
    #[command(subcommand)]
    step: Option<step::Step>,
    /// Quick-reaction teams to base, each at the place of a unit.
    #[arg(long, default_value_t = 200)]
    teams: usize,
    /// Most teams at one base.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=20))]
    per_base: u32,
    /// Put the basing on record as a proposal, which another person approves.
    #[arg(long)]
    record: bool,
    /// With --record: what people call it.
    #[arg(long, requires = "record", default_value = "")]
    label: String,
    /// With --record: what changed and why.
    #[arg(long, requires = "record", default_value = "")]
    note: String,
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
    /// Somebody stopped the search: it is the best until then.
    stopped: bool,
    /// Some times are estimates from the straight line and the terrain.
    estimated: bool,
    /// Stations whose nearest team's time was measured along roads.
    by_road: u32,
    /// The name under which it was put on record.
    recorded: Option<String>,
    /// A base as often as it has teams.
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
    seconds: u32,
    basis: Basis,
    uncovered: u32,
    needs_signature: bool,
}

/// What was found, as it is told.
struct Found {
    based: Based,
    change: Option<Change>,
    suggestions: Vec<Suggestion>,
    recorded: Option<String>,
}

impl Reserves {
    pub(in crate::verb) fn run(&self, data: &Path, printer: &mut Printer) -> anyhow::Result<()> {
        let node = crate::verb::open(data)?;
        if let Some(step) = &self.step {
            return step.run(&node, printer);
        }
        let lose: Result<_, _> = self.lose.iter().map(|id| UnitId::try_new(id.clone())).collect();
        let question = Question {
            lose: lose?,
            blocks: self.block.iter().map(|text| line(text)).collect::<Result<_, _>>()?,
            more: self.more,
        };
        ensure!(
            !self.record || question.is_empty(),
            "a basing is put on record as it was chosen: ask what would change it without --record"
        );
        let incident = self.incident.clone().map(StationId::try_new).transpose()?;
        let watch = &mut |step| printer.step(&step);
        let prepared = Arc::new(Prepared::open(&node, &RoadsKept::default(), watch)?);
        let based = work::solve(
            prepared,
            Teams { all: self.teams, per_base: self.per_base },
            watch,
            &mut |_, _| {},
        )?;
        let standing = &based.standing;
        let change =
            if question.is_empty() { None } else { Some(standing.change(&question, watch)?) };
        let open = change.as_ref().map_or(&standing.open, |change| &change.open);
        let suggestions = match &incident {
            None => Vec::new(),
            Some(station) => {
                standing.dispatch(station, (open, &question.blocks, self.keep), watch)?
            }
        };
        let recorded = if self.record {
            let actor = node.operator()?;
            let manifest = work::propose(&node, &actor, &based, (&self.label, &self.note))?;
            Some(work::name_of(manifest))
        } else {
            None
        };
        let found = Found { based, change, suggestions, recorded };
        let report = report(&found);
        if self.json {
            printer.line(&serde_json::to_string(&report)?);
            return Ok(());
        }
        self.tell(&found, &report, printer);
        Ok(())
    }

    fn tell(&self, found: &Found, report: &Report, printer: &mut Printer) {
        printer.line(&format!(
            "{} teams based; value {}, no choice above {}: gap {:.2} %",
            report.bases.len(),
            report.objective,
            report.bound,
            report.gap_percent
        ));
        if report.stopped {
            printer.line("  stopped before the search was over: the best until then");
        }
        tell_times(report, printer);
        classes(&found.based.standing.outlook, printer);
        for teams in report.bases.chunk_by(String::eq).take(self.list) {
            match teams {
                [base] => printer.line(&format!("  base {base}")),
                [base, ..] => printer.line(&format!("  base {base}: {} teams", teams.len())),
                [] => {}
            }
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
            let Suggested { seconds, uncovered, needs_signature, .. } = suggested;
            let signature =
                if *needs_signature { "; below the reserve: needs a signature" } else { "" };
            printer.line(&format!(
                "  {} in {} min leaves {uncovered} stations without help in time{signature}",
                suggested.base,
                seconds.div_ceil(60)
            ));
        }
        if let Some(plan) = &report.recorded {
            printer.line(&format!(
                "on record as {plan}, proposed: another person approves it with `pehra plan reserves approve`"
            ));
        }
    }
}

fn tell_times(report: &Report, printer: &mut Printer) {
    let estimated: u32 = report.classes.iter().map(|line| line.estimated).sum();
    if report.by_road > 0 {
        printer.line(&format!(
            "  nearest teams' times: {} measured along roads, {estimated} estimated",
            report.by_road
        ));
    } else if report.estimated {
        printer.line(
            "  times are estimates from straight lines and terrain, not measured along roads",
        );
    }
}

fn report(found: &Found) -> Report {
    let Found { based, change, suggestions, recorded } = found;
    let (ground, outlook) = (&based.standing.prepared.ground, &based.standing.outlook);
    let unit =
        |base: &u32| ground.units.get(*base as usize).map_or_else(String::new, ToString::to_string);
    let names = |places: &[usize]| -> Vec<String> {
        places.iter().filter_map(|&at| ground.stations.get(at)).map(ToString::to_string).collect()
    };
    let gap = u32::try_from(based.gap_per_100_000()).unwrap_or(u32::MAX);
    Report {
        objective: based.objective,
        bound: based.bound,
        gap_percent: f64::from(gap) / 1_000.0,
        stopped: based.stopped,
        estimated: outlook.classes.iter().any(|line| line.estimated > 0),
        by_road: work::reserve_of(&based.standing).by_road,
        recorded: recorded.clone(),
        bases: based.standing.open.iter().map(unit).collect(),
        classes: outlook.classes,
        change: change.as_ref().map(|change| Changed {
            bases: change.open.iter().map(unit).collect(),
            classes: change.outlook.classes,
            lose: names(&change.lose),
            gain: names(&change.gain),
        }),
        suggestions: suggestions
            .iter()
            .map(|suggestion| Suggested {
                base: unit(&suggestion.base),
                seconds: suggestion.seconds,
                basis: suggestion.basis,
                uncovered: suggestion.uncovered,
                needs_signature: suggestion.needs_signature,
            })
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
