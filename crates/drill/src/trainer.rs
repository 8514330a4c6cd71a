//! Lessons out of the drill's own engine: a net for a radio operator, a watch for a duty officer, situations for a class.
//!
//! Invariants. The same plan, seed and level give the same lesson; the same answers give the same sheet. Nobody's name goes
//! in and nothing is kept: whoever asks for a sheet brings the answers along. What a learner sees of a lesson holds no
//! answer that the judge looks for: traps and truths are told with the sheet alone.

pub mod class;
pub mod net;
pub mod tell;
pub mod watch;

use crate::day::{
    Between, Day, DayError, Event, Happening, Place, Plan, Scenario, Scripted, Second, Statement,
    Trouble,
};
use pehra_domain::seed::Seed;
use std::sync::Arc;

/// How much is asked of a learner: 1 to 3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level(u8);

impl Level {
    #[must_use]
    pub fn try_new(number: u8) -> Option<Self> {
        (1..=3).contains(&number).then_some(Self(number))
    }

    #[must_use]
    pub fn number(self) -> u8 {
        self.0
    }
}

/// Which lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
    pub seed: u64,
    pub level: Level,
    /// Messages of a net or items of a watch, at most.
    pub count: usize,
}

/// Why there is no lesson.
#[derive(Debug, thiserror::Error)]
pub enum TrainerError {
    #[error("this plan has no {0} to learn with")]
    Nothing(&'static str),
    #[error(transparent)]
    Day(#[from] DayError),
    #[error(transparent)]
    Table(#[from] crate::FactsError),
}

/// What a lesson falls by chance: told apart from the day's own chances by its name.
fn luck(seed: u64, of: u64) -> Seed {
    Seed::fork(seed ^ 0x7472_6169_6e65_7221, of)
}

fn pick<'a, T>(luck: &mut Seed, all: &'a [T]) -> Option<&'a T> {
    let at = luck.below(all.len().max(1) as u64);
    all.get(usize::try_from(at).unwrap_or(0))
}

/// An incident that the lesson asks the engine for; where people are hurt, a first toll is told after seven minutes.
fn incident(at: Second, trouble: Trouble, place: Place, (killed, injured): (u32, u32)) -> Scripted {
    let up_to = |high: u32| Between { low: 0, high };
    let first = Statement { after_s: 420, killed: up_to(killed), injured: up_to(injured) };
    let event = Event::Incident {
        trouble,
        severity: if killed > 0 { 5 } else { trouble.severity() },
        place,
        killed,
        injured,
        statements: if killed + injured > 0 { vec![first] } else { Vec::new() },
        stops_s: 0,
    };
    Scripted { at, name: "lesson".to_owned(), event }
}

/// Lives the day to a moment and hands on what happens from another moment on.
fn live(
    plan: &Arc<Plan>,
    mut scenario: Scenario,
    script: Vec<Scripted>,
    (from, until): (Second, Second),
    sink: &mut dyn FnMut(Happening),
) -> Result<(), TrainerError> {
    scenario.script.extend(script);
    let mut day = Day::new(Arc::clone(plan), scenario)?;
    day.advance(until, &mut |happening| {
        if happening.at >= from {
            sink(happening);
        }
    });
    Ok(())
}

/// Whole percent of a part, rounded down; 0 of nothing.
fn percent(part: u32, whole: u32) -> u32 {
    (part * 100).checked_div(whole).unwrap_or(0)
}

/// The middle of some figures; none of none.
fn median(figures: impl Iterator<Item = u32>) -> Option<u32> {
    let mut all: Vec<u32> = figures.collect();
    all.sort_unstable();
    all.get(all.len() / 2).copied()
}
