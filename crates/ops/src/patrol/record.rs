//! What is on record about schedules, folded in any order. No sealed byte is kept here.

use super::{Event, Schedule, Shown, Terms};
use crate::{
    conflict::{self, Conflict, ConflictKind, Describe, Noun, Side},
    refusal::{Refusal, RefusalCode},
    register::{Reading, Register},
    stamp::{EventRef, Hash32, Mark, Stamped},
};
use minicbor::{Decode, Encode};
use pehra_domain::{AreaId, Date, UnixMs};
use std::collections::BTreeMap;

/// A schedule without what is sealed in it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Promised {
    #[n(0)]
    pub day: Date,
    #[n(1)]
    pub from: UnixMs,
    #[n(2)]
    pub terms: Terms,
    #[n(3)]
    pub input: Hash32,
    #[n(4)]
    pub promise: Hash32,
    #[n(5)]
    pub teams: Vec<String>,
}

impl Promised {
    fn of(schedule: &Schedule) -> Self {
        Self {
            day: schedule.day,
            from: schedule.from,
            terms: schedule.terms.clone(),
            input: schedule.input,
            promise: schedule.promise,
            teams: schedule.parts.iter().map(|part| part.team.clone()).collect(),
        }
    }

    /// Nothing is shown before the hour, and what is shown is of these teams.
    pub(crate) fn check_shown(&self, shown: &Shown, at: UnixMs) -> Result<(), Refusal> {
        if at < self.from {
            return Err(Refusal::of(RefusalCode::PatrolTooEarly, self.day));
        }
        if shown.ways.iter().map(|way| &way.team).eq(&self.teams) {
            Ok(())
        } else {
            Err(Refusal::of(RefusalCode::PatrolMalformed, self.day))
        }
    }
}

impl Describe for Shown {
    fn word(&self) -> &'static str {
        "shown"
    }
    fn detail(&self) -> String {
        Hash32(self.seed).to_string()
    }
}

/// How far a schedule has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    Unknown,
    Sealed,
    Shown,
    /// Two things were shown.
    Disputed,
    Withdrawn,
}

impl Phase {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Sealed => "sealed",
            Self::Shown => "shown",
            Self::Disputed => "disputed",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// All that is known of one schedule.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Record {
    /// None as long as only what answers it has arrived.
    #[n(0)]
    sealed: Option<(Promised, Mark)>,
    #[n(1)]
    shown: Register<Shown>,
    #[n(2)]
    withdrawn: BTreeMap<EventRef, (Mark, String)>,
}

impl Record {
    #[must_use]
    pub fn sealed(&self) -> Option<&(Promised, Mark)> {
        self.sealed.as_ref()
    }

    pub(crate) fn promise(&self) -> Option<Hash32> {
        self.sealed.as_ref().map(|(sealed, _)| sealed.promise)
    }

    /// What was shown at the hour; none before, and while two things were.
    #[must_use]
    pub fn shown(&self) -> Option<&Shown> {
        self.shown.agreed()
    }

    pub(crate) fn shown_refs(&self) -> Vec<EventRef> {
        self.shown.refs()
    }

    /// Why it was withdrawn, by the earliest word.
    #[must_use]
    pub fn withdrawn(&self) -> Option<(&Mark, &str)> {
        let all = self.withdrawn.iter();
        let first = all.min_by_key(|(at, (mark, _))| (mark.clock_ms, **at));
        first.map(|(_, (mark, reason))| (mark, reason.as_str()))
    }

    #[must_use]
    pub fn phase(&self) -> Phase {
        if self.sealed.is_none() {
            return Phase::Unknown;
        }
        if !self.withdrawn.is_empty() {
            return Phase::Withdrawn;
        }
        match self.shown.reading() {
            Reading::Empty => Phase::Sealed,
            Reading::Agreed(_) => Phase::Shown,
            Reading::Disputed => Phase::Disputed,
        }
    }
}

/// The state of this noun.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Patrols {
    #[n(0)]
    records: BTreeMap<EventRef, Record>,
}

impl Patrols {
    #[must_use]
    pub fn get(&self, schedule: EventRef) -> Option<&Record> {
        self.records.get(&schedule)
    }

    /// Every schedule that is on record, in the order of the entries' names.
    pub fn all(&self) -> impl Iterator<Item = (EventRef, &Record, &Promised, &Mark)> {
        self.records.iter().filter_map(|(at, record)| {
            let (sealed, mark) = record.sealed.as_ref()?;
            Some((*at, record, sealed, mark))
        })
    }

    /// The schedules of an area and a day that nobody withdrew: one, or some that were sealed apart.
    pub fn standing<'a>(
        &'a self,
        area: &'a AreaId,
        day: Date,
    ) -> impl Iterator<Item = (EventRef, &'a Record)> {
        self.all()
            .filter(move |(_, record, sealed, mark)| {
                record.phase() != Phase::Withdrawn && sealed.day == day && mark.area == *area
            })
            .map(|(at, record, ..)| (at, record))
    }

    #[must_use]
    pub fn area_of(&self, schedule: EventRef) -> Option<&AreaId> {
        self.get(schedule)?.sealed.as_ref().map(|(_, mark)| &mark.area)
    }

    pub(crate) fn evolve(&mut self, stamped: &Stamped, event: &Event) {
        match event {
            Event::Sealed(schedule) => {
                let record = self.records.entry(stamped.at).or_default();
                record.sealed = Some((Promised::of(schedule), stamped.mark()));
            }
            Event::Shown { schedule, shown } => {
                let record = self.records.entry(*schedule).or_default();
                record.shown.put(stamped, shown.clone(), "");
            }
            Event::Withdrawn { schedule, reason } => {
                let record = self.records.entry(*schedule).or_default();
                record.withdrawn.insert(stamped.at, (stamped.mark(), reason.clone()));
            }
        }
    }

    pub(crate) fn conflicts(&self) -> Vec<Conflict> {
        let mut found = Vec::new();
        let mut standing: BTreeMap<(&AreaId, Date), Vec<Side>> = BTreeMap::new();
        for (at, record, sealed, mark) in self.all() {
            let about = format!("{} {}", mark.area, sealed.day);
            found.extend(conflict::of_register(Noun::Patrol, about, &record.shown));
            if record.phase() != Phase::Withdrawn {
                let (word, detail) = ("sealed", sealed.promise.to_string());
                let sides = standing.entry((&mark.area, sealed.day)).or_default();
                let (mark, note) = (mark.clone(), String::new());
                sides.push(Side { at, mark, word, detail, note });
            }
        }
        for ((area, day), sides) in standing {
            if sides.len() > 1 {
                let (noun, kind) = (Noun::Patrol, ConflictKind::DecidedApart);
                found.push(Conflict { noun, kind, subject: format!("{area} {day}"), sides });
            }
        }
        found
    }
}
