//! What does not add up, computed from the acts and the time: nobody types an exception, and its name is made from what it
//! is about, so that two nodes that see the same name it the same. It stays until somebody resolves it on record: a later
//! right number does not take back a wrong one.

#![expect(clippy::wildcard_enum_match_arm, reason = "a rule looks at the acts that it is about")]

mod chain;
mod form;
mod number;

use super::{
    Outcome, Rule,
    record::{Answer, Area, Custody},
};
use crate::{
    refusal::RefusalCode,
    stamp::{EventRef, Mark},
};
use pehra_domain::{AreaId, ConstituencyId, ItemId, PersonId, StationId, UnixMs};
use std::collections::{BTreeMap, BTreeSet};

/// Numbers of the event kinds of this noun.
const KINDS: std::ops::Range<u32> = 1_500..1_600;

/// One thing that somebody must look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception<'a> {
    /// The same on every node: `X03@NA-40-15-BAG@d1d1d1d1.41`.
    pub id: String,
    pub rule: Rule,
    pub item: Option<&'a ItemId>,
    pub station: Option<&'a StationId>,
    pub contest: Option<&'a ConstituencyId>,
    /// When it began.
    pub since: UnixMs,
    /// Numbers that contradict each other, as they stand; needs no translation.
    pub detail: String,
    /// The acts that show it.
    pub evidence: Vec<EventRef>,
    pub taken: Option<&'a Mark>,
    pub resolved: Option<(&'a Mark, Outcome, &'a str)>,
}

impl Exception<'_> {
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.resolved.is_none()
    }
}

/// Everything that one rule found about one thing, before anybody looked at it.
pub(super) struct Found<'a> {
    pub(super) rule: Rule,
    pub(super) subject: Subject<'a>,
    /// Tells it from others of the same rule and subject.
    pub(super) about: String,
    pub(super) since: UnixMs,
    pub(super) detail: String,
    pub(super) evidence: Vec<EventRef>,
}

#[derive(Clone, Copy)]
pub(super) enum Subject<'a> {
    Item(&'a ItemId, Option<&'a StationId>),
    Station(&'a StationId),
    Form(&'a StationId, &'a ConstituencyId),
    Contest(&'a ConstituencyId),
    Number,
}

/// What rules look at.
pub(super) struct Look<'a> {
    pub(super) custody: &'a Custody,
    pub(super) area: &'a Area,
    pub(super) now: UnixMs,
}

/// All exceptions of one area at a moment, open ones first, the gravest first.
#[must_use]
pub fn exceptions<'a>(custody: &'a Custody, area_id: &AreaId, now: UnixMs) -> Vec<Exception<'a>> {
    let Some(area) = custody.area(area_id) else { return Vec::new() };
    let look = Look { custody, area, now };
    let mut found = Vec::new();
    for (id, item) in area.items() {
        chain::look(&look, id, item, &mut found);
    }
    number::look(&look, &mut found);
    form::look(&look, &mut found);
    let mut named: BTreeMap<String, Exception<'a>> = BTreeMap::new();
    for one in found {
        let id = name(&one);
        let Answer { taken, resolved } = custody.answer(area_id, &id);
        let (item, station, contest) = match one.subject {
            Subject::Item(item, station) => (Some(item), station, None),
            Subject::Station(station) => (None, Some(station), None),
            Subject::Form(station, contest) => (None, Some(station), Some(contest)),
            Subject::Contest(contest) => (None, None, Some(contest)),
            Subject::Number => (None, None, None),
        };
        named.entry(id.clone()).or_insert(Exception {
            id,
            rule: one.rule,
            item,
            station,
            contest,
            since: one.since,
            detail: one.detail,
            evidence: one.evidence,
            taken,
            resolved,
        });
    }
    let mut all: Vec<_> = named.into_values().collect();
    all.sort_by(|a, b| order(a).cmp(&order(b)));
    all
}

fn order<'a>(one: &'a Exception<'_>) -> (bool, u8, UnixMs, &'a str) {
    (!one.is_open(), 5 - one.rule.severity().min(5), one.since, &one.id)
}

fn name(found: &Found<'_>) -> String {
    let subject = match found.subject {
        Subject::Item(item, _) => item.as_str().to_owned(),
        Subject::Station(station) => station.as_str().to_owned(),
        Subject::Form(station, contest) => format!("{station}/{contest}"),
        Subject::Contest(contest) => contest.as_str().to_owned(),
        Subject::Number => String::new(),
    };
    let mut id = format!("{}@{subject}", found.rule.code());
    if !found.about.is_empty() {
        id.push('@');
        id.push_str(&found.about);
    }
    id
}

/// An act by a few letters: enough to tell the acts on one item apart.
pub(super) fn short(at: EventRef) -> String {
    use std::fmt::Write;
    let mut text = String::new();
    for byte in at.device.iter().take(4) {
        // Writing to a text cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    let _ = write!(text, ".{}", at.seq);
    if at.epoch > 0 {
        let _ = write!(text, ".{:x}", at.epoch);
    }
    text
}

/// The persons whose acts show an exception: they do not resolve it.
#[must_use]
pub fn parties<'a>(custody: &'a Custody, exception: &Exception<'_>) -> BTreeSet<&'a PersonId> {
    let acts = exception.evidence.iter().filter_map(|at| custody.act(*at));
    acts.map(|act| &act.mark.person).collect()
}

/// The rule that an entry without effect has broken: an act that one person or one key did for two is kept and shown.
#[must_use]
pub fn of_refused(kind: u32, code: RefusalCode) -> Option<Rule> {
    if !KINDS.contains(&kind) {
        return None;
    }
    match code {
        RefusalCode::SecondKeyMissing
        | RefusalCode::FirstKeyMissing
        | RefusalCode::OwnKeyNeeded => Some(Rule::X09),
        RefusalCode::SamePersonTwice | RefusalCode::DutiesSeparated => Some(Rule::X10),
        _ => None,
    }
}
