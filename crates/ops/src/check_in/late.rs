//! The ladder, computed from the time: amber (try another rung), red (the sector's car goes), twenty minutes later
//! the district, forty minutes after red: dark.
//!
//! A station that was heard since a check-in fell due is not silent, whatever code it sent. Only the facts of the poll
//! (opened, closed, form posted, at the gate, received) stay asked for, and no higher than red.

use super::{
    Code, Day, Word,
    schedule::{Row, Schedule},
};
use pehra_domain::{Date, UnixMs};

const MINUTE_MS: i64 = 60_000;
/// After red, the district is told.
pub const DISTRICT_AFTER_RED_MINUTES: u32 = 20;
/// After red, the station counts as dark.
pub const DARK_AFTER_RED_MINUTES: u32 = 40;

/// How far up the ladder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Nothing was due yet.
    #[default]
    Waiting,
    /// Everything due was heard.
    Heard,
    /// Due, not yet amber.
    Due,
    /// Another rung is tried.
    Amber,
    /// The sector's car goes.
    Red,
    /// The district is told.
    District,
    /// Nobody knows how it is: an incident of its own.
    Dark,
}

impl Stage {
    pub const ALL: [Self; 7] =
        [Self::Waiting, Self::Heard, Self::Due, Self::Amber, Self::Red, Self::District, Self::Dark];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Heard => "heard",
            Self::Due => "due",
            Self::Amber => "amber",
            Self::Red => "red",
            Self::District => "district",
            Self::Dark => "dark",
        }
    }
}

/// Where one subject stands at a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    pub stage: Stage,
    /// The check-in that is missing, from `Due` on.
    pub missing: Option<Code>,
    /// When it was due.
    pub due: Option<UnixMs>,
    /// When the next rung of the ladder is reached without a word.
    pub next: Option<UnixMs>,
    /// When anything was heard last.
    pub heard: Option<UnixMs>,
    /// The last word was trouble.
    pub trouble: bool,
}

/// Computes where a subject stands. `allow_minutes` is added where a check-in follows a journey (A2, A16): what this
/// station's journey takes longer than the schedule's.
#[must_use]
pub fn standing(
    schedule: &Schedule,
    poll: Date,
    day: Option<&Day>,
    allow_minutes: u32,
    now: UnixMs,
) -> Standing {
    let mut said = [None; 17];
    let mut heard = None;
    for claim in day.into_iter().flat_map(Day::standing).filter(|claim| claim.at <= now) {
        if let Some(place) = said.get_mut(claim.code.index()) {
            *place = (*place).max(Some(claim.at));
        }
        heard = heard.max(Some((claim.at, claim.word)));
    }
    let of = |code: Code| said.get(code.index()).copied().flatten();
    let mut worst = Standing {
        heard: heard.map(|(at, _)| at),
        trouble: heard.is_some_and(|(_, word)| word == Word::Trouble),
        ..Standing::default()
    };
    for row in schedule.rows() {
        let Some(mut due) = row.due_at(poll, of) else { continue };
        if matches!(row.code, Code::A2 | Code::A16) {
            due = later(due, allow_minutes);
        }
        if now < due {
            continue;
        }
        let alive = worst.heard.is_some_and(|at| at >= due);
        let found = match of(row.code) {
            Some(_) => Standing { stage: Stage::Heard, ..worst },
            None if alive && !row.code.is_fact() => Standing { stage: Stage::Heard, ..worst },
            None => missing(row, due, alive, now, &worst),
        };
        // Of two missing the elder stays: its ladder is the higher one.
        if found.stage > worst.stage {
            worst = found;
        }
    }
    worst
}

fn missing(row: &Row, due: UnixMs, alive: bool, now: UnixMs, base: &Standing) -> Standing {
    let red = later(due, row.red_minutes);
    let marks = [
        (Stage::Due, due),
        (Stage::Amber, later(due, row.amber_minutes)),
        (Stage::Red, red),
        (Stage::District, later(red, DISTRICT_AFTER_RED_MINUTES)),
        (Stage::Dark, later(red, DARK_AFTER_RED_MINUTES)),
    ];
    let marks = if alive { marks.get(..3).unwrap_or(&marks) } else { &marks };
    let reached = marks.iter().rev().find(|(_, from)| *from <= now);
    let next = marks.iter().find(|(_, from)| *from > now);
    Standing {
        stage: reached.map_or(Stage::Due, |(stage, _)| *stage),
        missing: Some(row.code),
        due: Some(due),
        next: next.map(|(_, from)| *from),
        ..*base
    }
}

fn later(from: UnixMs, minutes: u32) -> UnixMs {
    UnixMs(from.0 + i64::from(minutes) * MINUTE_MS)
}
