//! Warnings: released reports, and whether somebody was ordered to meet them and said in time that it is done.

use super::{Report, Window};
use crate::{
    order::{Charge, Order},
    stamp::{EventRef, Mark},
    state::State,
};
use pehra_domain::{UnixMs, role::Role};
use std::collections::BTreeMap;

/// Where a warning stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// Nobody was ordered to do anything.
    Unanswered,
    /// Ordered; its owner has time left.
    Ordered,
    Confirmed,
    /// An order was not confirmed in time.
    Late,
    /// Its window is over.
    Passed,
}

impl Standing {
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Unanswered => "unanswered",
            Self::Ordered => "ordered",
            Self::Confirmed => "confirmed",
            Self::Late => "late",
            Self::Passed => "passed",
        }
    }
}

/// An order that meets a warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measure<'a> {
    pub at: EventRef,
    pub order: &'a Order,
    pub charge: &'a Charge,
    pub mark: &'a Mark,
    /// When its owner said that it is done.
    pub confirmed: Option<UnixMs>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning<'a> {
    /// The entry that released it: what an order names.
    pub release: EventRef,
    pub report: EventRef,
    pub told: &'a Report,
    pub text: &'a str,
    pub to: &'a [Role],
    /// Who released it, for which area.
    pub mark: &'a Mark,
    pub measures: Vec<Measure<'a>>,
    pub standing: Standing,
}

impl Warning<'_> {
    /// Whether somebody must look: nothing was ordered, or it was not confirmed in time.
    #[must_use]
    pub fn hand(&self) -> bool {
        matches!(self.standing, Standing::Unanswered | Standing::Late)
    }
}

/// Every warning that stands, the one whose window opens first at the head.
#[must_use]
pub fn warnings(state: &State, at: UnixMs) -> Vec<Warning<'_>> {
    let mut found = Vec::new();
    let mut all = measures(state);
    for (report, record) in state.intelligence.all() {
        let Some((told, _)) = record.written() else { continue };
        let Some((release, to, text, mark)) = record.released() else { continue };
        let Some(text) = record.released_text(text) else { continue };
        let measures = all.remove(&report).unwrap_or_default();
        let standing = standing(told.window, &measures, at);
        found.push(Warning { release, report, told, text, to, mark, measures, standing });
    }
    found.sort_by_key(|one| (one.told.window.from, one.release));
    found
}

/// By report, the orders that name a release of it and were not withdrawn.
fn measures(state: &State) -> BTreeMap<EventRef, Vec<Measure<'_>>> {
    let mut found: BTreeMap<EventRef, Vec<Measure<'_>>> = BTreeMap::new();
    for (at, order, mark, entry) in state.orders.all() {
        let Some(charge) = order.charge.as_ref().filter(|_| entry.withdrawn.is_none()) else {
            continue;
        };
        let Some((report, _)) = state.intelligence.of_release(charge.warning) else { continue };
        let done = entry.acted.iter().filter(|((_, role), _)| *role == charge.owner);
        let confirmed = done.map(|(_, answer)| answer.mark.clock_ms).min();
        found.entry(report).or_default().push(Measure { at, order, charge, mark, confirmed });
    }
    found
}

fn standing(window: Window, measures: &[Measure<'_>], at: UnixMs) -> Standing {
    if window.until <= at {
        return Standing::Passed;
    }
    let late = |one: &Measure<'_>| one.confirmed.is_none() && one.charge.confirm_by <= at;
    if measures.is_empty() {
        Standing::Unanswered
    } else if measures.iter().any(late) {
        Standing::Late
    } else if measures.iter().all(|one| one.confirmed.is_some()) {
        Standing::Confirmed
    } else {
        Standing::Ordered
    }
}
