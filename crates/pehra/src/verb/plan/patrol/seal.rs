//! Schedules of patrols on record: sealed beforehand, opened by their teams and the duty officer, shown at the hour,
//! checked by anybody.

use super::{Asked, day};
use crate::{
    node::Node,
    verb::{identity, printer::Printer},
    view,
    work::patrol::{self as work, Opened},
    world::World,
};
use anyhow::{Context, bail, ensure};
use clap::{Args, Subcommand};
use pehra_domain::Date;
use pehra_ops::{
    EventRef,
    patrol::{Phase, Way},
    permission as row,
};
use pehra_seal::hybrid::SealingPublic;
use std::{collections::BTreeMap, path::PathBuf};

#[derive(Debug, Subcommand)]
pub(super) enum Step {
    /// Draw a day's patrols from fresh chance and put them on record, sealed: each team's part to its own key, all of it to
    /// the duty officer's. Nothing of it is printed or kept.
    Seal(Seal),
    /// Say which schedules are on record and how they stand.
    Status {
        /// One JSON object instead of lines.
        #[arg(long)]
        json: bool,
    },
    /// Open what is sealed to this node's key, or to a team's key file: a team its own way, the duty officer all. Changes
    /// nothing.
    Open {
        #[command(flatten)]
        which: Which,
        /// The team's key file, where its key is not this node's.
        #[arg(long, value_name = "FILE")]
        team_key: Option<PathBuf>,
    },
    /// Show, from its hour on, what was drawn: the duty officer's node puts seed and ways on record for everybody.
    Show(Which),
    /// Check that what was shown is what was promised, and draw it again from this node's own lists.
    Check(Which),
    /// Withdraw a schedule with a reason: it stays sealed, and another can be drawn for its day.
    Withdraw {
        #[command(flatten)]
        which: Which,
        #[arg(long)]
        reason: String,
    },
}

#[derive(Debug, Args)]
pub(super) struct Seal {
    #[command(flatten)]
    asked: Asked,
    /// The day of the patrols; tomorrow unless given.
    #[arg(long, value_name = "DATE")]
    day: Option<String>,
    /// The hour from which on the schedule may be shown, on its day, Pakistan time.
    #[arg(long, value_name = "HH:MM", default_value = "06:00")]
    from: String,
    /// A team's name, or its base's, and the card with its key. Others are looked up among the enrolled.
    #[arg(long, value_name = "NAME=CARD")]
    team: Vec<String>,
}

#[derive(Debug, Args)]
pub(super) struct Which {
    /// The schedule, by the name that `status` shows; the only one that stands unless named.
    schedule: Option<String>,
}

impl Which {
    fn find(&self, node: &Node) -> anyhow::Result<EventRef> {
        if let Some(name) = &self.schedule {
            return EventRef::parse(name).with_context(|| format!("`{name}` names no schedule"));
        }
        let standing: Vec<EventRef> = node.ops(|state| {
            let all = state.patrols.all();
            all.filter(|(_, record, ..)| record.phase() != Phase::Withdrawn)
                .map(|(at, ..)| at)
                .collect()
        });
        match standing.as_slice() {
            [one] => Ok(*one),
            [] => bail!("no schedule stands: `pehra plan patrol seal` draws one"),
            [_, _, ..] => bail!("several schedules stand: name one, as `status` shows it"),
        }
    }
}

impl Step {
    pub(super) fn run(&self, node: &Node, printer: &mut Printer) -> anyhow::Result<()> {
        match self {
            Self::Seal(seal) => seal.run(node, printer),
            Self::Status { json } => status(node, *json, printer),
            Self::Open { which, team_key } => {
                let at = which.find(node)?;
                let given = team_key.as_ref().map(|file| identity::open_key(file)).transpose()?;
                let key = given.as_ref().map(|opened| opened.credential.opening());
                let ways = match work::open(node, at, key)? {
                    Opened::Whole(shown) => shown.ways,
                    Opened::Ways(ways) => ways,
                };
                tell(&node.world(), &ways, printer);
                Ok(())
            }
            Self::Show(which) => {
                let at = which.find(node)?;
                let shown = work::show(node, &node.console(row::PATROL_SHOW)?, at)?;
                printer.note("shown to everybody; `pehra plan patrol check` draws it again");
                tell(&node.world(), &shown.ways, printer);
                Ok(())
            }
            Self::Check(which) => {
                let at = which.find(node)?;
                let found = work::check(node, at, &mut |step| printer.step(&step))?;
                ensure!(found.kept, "what was shown of schedule {at} is not what was promised");
                printer.line("what was shown is what was promised");
                match found.drawn_again {
                    None if !found.same_engine() => printer.line(&format!(
                        "not drawn again: planned by version {} of the engine, this program plans version {}; check it with a program of version {}",
                        found.planned_by, found.plans_by, found.planned_by
                    )),
                    Some(true) => printer.line("drawn again from this node's lists: the same"),
                    Some(false) => bail!(
                        "drawn again from the same lists and seed, schedule {at} comes out otherwise: it was not drawn by this program's rule"
                    ),
                    None => printer.line(
                        "not drawn again: this node's list, assessment or units are not those of the schedule",
                    ),
                }
                Ok(())
            }
            Self::Withdraw { which, reason } => {
                let actor = node.console(row::PATROL_SEAL)?;
                work::withdraw(node, &actor, which.find(node)?, reason)?;
                status(node, false, printer)
            }
        }
    }
}

impl Seal {
    fn run(&self, node: &Node, printer: &mut Printer) -> anyhow::Result<()> {
        let day = match &self.day {
            Some(text) => day(text)?,
            None => Date::of_pkt(node.now()).plus_days(1),
        };
        let from = work::hour(day, &self.from)
            .with_context(|| format!("`{}` is no hour: write 06:00", self.from))?;
        let wish = work::Wish {
            area: self.asked.area()?,
            day,
            from,
            terms: self.asked.terms(node)?,
            keys: self.keys()?,
        };
        let actor = node.console(row::PATROL_SEAL)?;
        let sealed = work::seal(node, &actor, &wish, &mut |step| printer.step(&step))?;
        printer.line(&format!("schedule {}", sealed.schedule));
        printer.line(&format!("promise {}", sealed.promise));
        printer.line(&format!(
            "{} teams of {} on {day}, sealed until {}; the duty officer: {}",
            sealed.teams,
            wish.area,
            self.from,
            sealed.duty.join(", ")
        ));
        if !sealed.without_key.is_empty() {
            printer.line(&format!(
                "{} teams have no key here, so that the duty officer tells them: {}",
                sealed.without_key.len(),
                sealed.without_key.iter().take(super::TOLD).cloned().collect::<Vec<_>>().join(", ")
            ));
        }
        Ok(())
    }

    fn keys(&self) -> anyhow::Result<BTreeMap<String, SealingPublic>> {
        let mut keys = BTreeMap::new();
        for one in &self.team {
            let (name, file) =
                one.split_once('=').with_context(|| format!("`{one}`: write --team NAME=CARD"))?;
            let text = identity::read_text(&PathBuf::from(file))?;
            let key = work::card_key(&text).with_context(|| file.to_owned())?;
            keys.insert(name.trim().to_owned(), key);
        }
        Ok(keys)
    }
}

fn tell(world: &World, ways: &[Way], printer: &mut Printer) {
    for way in ways {
        if way.stops.is_empty() {
            printer.line(&format!("{} · stays at its base", way.team));
        }
        for (number, stop) in (1_u32..).zip(&way.stops) {
            let name = view::building(world, stop).map_or("", |building| building.name.as_str());
            printer.line(&format!("{} · {number} · {stop} · {name}", way.team));
        }
    }
}

#[derive(serde::Serialize)]
struct Row {
    schedule: String,
    area: String,
    day: String,
    from_ms: i64,
    phase: &'static str,
    teams: usize,
    tours: bool,
    input: String,
    promise: String,
    sealed_by: String,
    sealed_ms: i64,
}

fn status(node: &Node, json: bool, printer: &mut Printer) -> anyhow::Result<()> {
    let rows: Vec<Row> = node.ops(|state| {
        let all = state.patrols.all();
        all.map(|(at, record, sealed, mark)| Row {
            schedule: at.to_string(),
            area: mark.area.to_string(),
            day: sealed.day.to_string(),
            from_ms: sealed.from.0,
            phase: record.phase().name(),
            teams: sealed.teams.len(),
            tours: sealed.terms.tours.is_some(),
            input: sealed.input.to_string(),
            promise: sealed.promise.to_string(),
            sealed_by: mark.person.to_string(),
            sealed_ms: mark.clock_ms.0,
        })
        .collect()
    });
    if json {
        printer.line(&serde_json::to_string(&rows)?);
        return Ok(());
    }
    if rows.is_empty() {
        printer.note("no schedule is on record");
    }
    for row in rows {
        printer.line(&format!(
            "schedule {} {} {}: {} teams, {}",
            row.schedule, row.area, row.day, row.teams, row.phase
        ));
        printer.line(&format!("  promise {}", row.promise));
    }
    Ok(())
}
