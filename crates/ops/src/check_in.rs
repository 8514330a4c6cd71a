//! What a station, a sector or a convoy says of itself at the hours of the schedule. One signed entry carries all
//! that one desk heard in one go, so that a million a day cost thousands of signatures. What is *late* is nowhere
//! recorded: it is computed from the time ([`late`]).
//!
//! A check-in stands under the area of its entry: what an office says about a station outside its area is on record
//! and changes nothing about that station.

pub mod alarm;
mod decide;
pub mod late;
pub mod quick;
pub mod schedule;

pub(crate) use decide::{check, decide};

use crate::{
    conflict::{Conflict, ConflictKind, Noun, Side},
    content::Piece,
    stamp::{EventRef, Mark, Stamped},
};
use minicbor::{Decode, Encode};
use pehra_domain::{AreaId, StationId, UnixMs};
use std::collections::{BTreeMap, BTreeSet};

/// Most check-ins in one entry.
pub const ITEMS_MAX: usize = 1_024;

macro_rules! codes {
    ($($name:ident = $number:literal by $sender:ident),+ $(,)?) => {
        /// The seventeen check-ins, in the order of the day.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
        #[cbor(index_only)]
        pub enum Code { $(#[n($number)] $name = $number),+ }

        impl Code {
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// `A7`, as it stands on the card and is said over the radio.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name)),+ }
            }

            /// Who sends it.
            #[must_use]
            pub fn sender(self) -> Sender {
                match self { $(Self::$name => Sender::$sender),+ }
            }
        }
    };
}

codes! {
    A1 = 1 by PresidingOfficer,
    A2 = 2 by PresidingOfficer,
    A3 = 3 by StationGuard,
    A4 = 4 by Sector,
    A5 = 5 by PresidingOfficer,
    A6 = 6 by PresidingOfficer,
    A7 = 7 by PresidingOfficer,
    A8 = 8 by StationGuard,
    A9 = 9 by StationGuard,
    A10 = 10 by StationGuard,
    A11 = 11 by StationGuard,
    A12 = 12 by PresidingOfficer,
    A13 = 13 by PresidingOfficer,
    A14 = 14 by PresidingOfficer,
    A15 = 15 by PresidingOfficer,
    A16 = 16 by PresidingOfficer,
    A17 = 17 by ReturningOfficer,
}

impl Code {
    /// Reads `A7` or `a7`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.name().eq_ignore_ascii_case(text.trim()))
    }

    /// Its place in the day, from 0.
    #[must_use]
    pub fn index(self) -> usize {
        self as usize - 1
    }

    /// States a fact of the poll that no later message makes good: opened, closed, form posted, at the gate, received.
    #[must_use]
    pub fn is_fact(self) -> bool {
        matches!(self, Self::A7 | Self::A12 | Self::A14 | Self::A16 | Self::A17)
    }
}

/// Whose word a check-in is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sender {
    PresidingOfficer,
    StationGuard,
    Sector,
    ReturningOfficer,
}

impl Sender {
    /// As the schedule writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::PresidingOfficer => "presiding officer",
            Self::StationGuard => "station guard",
            Self::Sector => "sector",
            Self::ReturningOfficer => "returning officer",
        }
    }

    /// Whether somebody in a role sends it in their own name.
    #[must_use]
    pub fn is(self, role: &str) -> bool {
        match self {
            Self::PresidingOfficer => role == "PO",
            Self::StationGuard => role == "STN-SEC",
            Self::Sector => role == "SECTOR",
            Self::ReturningOfficer => role == "RO" || role == "ARO",
        }
    }
}

/// Whom a check-in is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub enum Subject {
    #[n(0)]
    Station(#[n(0)] StationId),
    /// A sector's post, by its call sign.
    #[n(1)]
    Sector(#[n(0)] String),
    /// A convoy, by its number.
    #[n(2)]
    Convoy(#[n(0)] String),
}

impl Subject {
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Station(id) => id.as_str(),
            Self::Sector(name) | Self::Convoy(name) => name,
        }
    }
}

/// What was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Word {
    /// As the schedule hopes: ready, open, calm, closed.
    #[n(0)]
    Well,
    /// Missing, not open, incident: the note or an incident says what.
    #[n(1)]
    Trouble,
}

impl Word {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Well => "well",
            Self::Trouble => "trouble",
        }
    }
}

/// On which rung it came. Which of them stand is what the plan's proof says; this is what was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Rung {
    #[n(0)]
    Radio,
    #[n(1)]
    Fixed,
    #[n(2)]
    Courier,
    #[n(3)]
    InPerson,
    #[n(4)]
    Cellular,
    #[n(5)]
    Satellite,
}

impl Rung {
    pub const ALL: [Self; 6] =
        [Self::Radio, Self::Fixed, Self::Courier, Self::InPerson, Self::Cellular, Self::Satellite];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Radio => "radio",
            Self::Fixed => "fixed",
            Self::Courier => "courier",
            Self::InPerson => "in-person",
            Self::Cellular => "cellular",
            Self::Satellite => "satellite",
        }
    }
}

/// Numbers that go with a code: guards of the night (A3), staff present and expected (A5), guards at their posts and the women
/// among them who search (A6), queues of men and women and women counted (A8 to
/// A11), people inside (A12), agents present (A13). Never a vote.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Counts {
    #[n(0)]
    pub first: Option<u16>,
    #[n(1)]
    pub second: Option<u16>,
    #[n(2)]
    pub third: Option<u16>,
}

/// One check-in as it was heard.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Item {
    #[n(0)]
    pub subject: Subject,
    #[n(1)]
    pub code: Code,
    /// When it was said; the entry's clock tells when it was signed.
    #[n(2)]
    pub at: UnixMs,
    #[n(3)]
    pub word: Word,
    #[n(4)]
    pub counts: Counts,
    #[n(5)]
    pub rung: Rung,
    #[n(6)]
    pub note: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// By who says it, in their own name.
    Send { area: AreaId, items: Vec<Item> },
    /// By a desk that heard others.
    Hear { area: AreaId, items: Vec<Item> },
    /// Takes back one check-in that was entered wrongly. The entry stays on record.
    Strike { entry: EventRef, subject: Subject, code: Code, reason: String },
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Event {
    #[n(1200)]
    Sent(#[n(0)] Vec<Item>),
    #[n(1201)]
    Heard(#[n(0)] Vec<Item>),
    #[n(1202)]
    Struck {
        #[n(0)]
        entry: EventRef,
        #[n(1)]
        subject: Subject,
        #[n(2)]
        code: Code,
        #[n(3)]
        reason: String,
    },
}

impl Event {
    /// The check-ins that it brings.
    #[must_use]
    pub fn items(&self) -> &[Item] {
        match self {
            Self::Sent(items) | Self::Heard(items) => items,
            Self::Struck { .. } => &[],
        }
    }

    pub(crate) fn pieces<'a>(&'a self, see: &mut dyn FnMut(Piece<'a>)) {
        for item in self.items() {
            see(subject_piece(&item.subject));
            see(Piece::Optional(&item.note));
        }
        if let Self::Struck { subject, reason, .. } = self {
            see(subject_piece(subject));
            see(Piece::Required(reason));
        }
    }
}

fn subject_piece(subject: &Subject) -> Piece<'_> {
    match subject {
        Subject::Station(id) => Piece::station(id),
        Subject::Sector(name) | Subject::Convoy(name) => Piece::Name(name),
    }
}

/// One check-in on record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Claim {
    #[n(0)]
    pub code: Code,
    #[n(1)]
    pub at: UnixMs,
    #[n(2)]
    pub entry: EventRef,
    #[n(3)]
    pub word: Word,
    #[n(4)]
    pub counts: Counts,
    #[n(5)]
    pub rung: Rung,
}

impl Claim {
    fn says_the_same(&self, other: &Self) -> bool {
        (self.word, self.counts) == (other.word, other.counts)
    }
}

/// All that one subject said, in the order of codes, times and entries.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Day {
    #[n(0)]
    claims: Vec<Claim>,
    #[n(1)]
    struck: BTreeSet<(EventRef, Code)>,
}

/// What stands for one code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading<'a> {
    Silent,
    /// The latest word.
    Said(&'a Claim),
    /// Two entries say different things of the same moment; the graver one is shown.
    Disputed(&'a Claim),
}

impl Day {
    /// Everything on record that was not taken back.
    pub fn standing(&self) -> impl Iterator<Item = &Claim> {
        self.claims.iter().filter(|claim| !self.struck.contains(&(claim.entry, claim.code)))
    }

    /// What was taken back.
    pub fn struck(&self) -> impl Iterator<Item = &Claim> {
        self.claims.iter().filter(|claim| self.struck.contains(&(claim.entry, claim.code)))
    }

    fn of(&self, code: Code) -> impl Iterator<Item = &Claim> {
        self.standing().filter(move |claim| claim.code == code)
    }

    /// The latest word for a code: of different words of one moment the graver.
    #[must_use]
    pub fn reading(&self, code: Code) -> Reading<'_> {
        let Some(latest) = self.of(code).max_by_key(|claim| (claim.at, claim.word, claim.entry))
        else {
            return Reading::Silent;
        };
        let apart = self.of(code).any(|one| one.at == latest.at && !one.says_the_same(latest));
        if apart { Reading::Disputed(latest) } else { Reading::Said(latest) }
    }

    /// The latest word of all: when anything was heard of it last.
    #[must_use]
    pub fn last_heard(&self) -> Option<&Claim> {
        self.standing().max_by_key(|claim| (claim.at, claim.entry))
    }

    fn add(&mut self, claim: Claim) {
        let place = self.claims.partition_point(|known| *known < claim);
        if self.claims.get(place) != Some(&claim) {
            self.claims.insert(place, claim);
        }
    }
}

/// The check-ins of one area.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct AreaDay {
    #[n(0)]
    subjects: BTreeMap<Subject, Day>,
    /// Who entered them: one mark an entry, however many check-ins it brought.
    #[n(1)]
    marks: BTreeMap<EventRef, Mark>,
    #[n(2)]
    notes: BTreeMap<(EventRef, Subject, Code), String>,
    /// Entries folded: another number whenever something changed.
    #[n(3)]
    changes: u64,
}

impl AreaDay {
    #[must_use]
    pub fn day(&self, subject: &Subject) -> Option<&Day> {
        self.subjects.get(subject)
    }

    pub fn subjects(&self) -> impl Iterator<Item = (&Subject, &Day)> {
        self.subjects.iter()
    }

    /// Who signed an entry.
    #[must_use]
    pub fn mark(&self, entry: EventRef) -> Option<&Mark> {
        self.marks.get(&entry)
    }

    /// What was written beside a check-in; empty when nothing was.
    #[must_use]
    pub fn note(&self, subject: &Subject, claim: &Claim) -> &str {
        let key = (claim.entry, subject.clone(), claim.code);
        self.notes.get(&key).map(String::as_str).unwrap_or_default()
    }

    /// How many entries changed it so far.
    #[must_use]
    pub fn changes(&self) -> u64 {
        self.changes
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct CheckIns {
    #[n(0)]
    areas: BTreeMap<AreaId, AreaDay>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    Silent,
    Well,
    Trouble,
    Disputed,
}

impl CheckIns {
    #[must_use]
    pub fn area(&self, area: &AreaId) -> Option<&AreaDay> {
        self.areas.get(area)
    }

    pub fn areas(&self) -> impl Iterator<Item = (&AreaId, &AreaDay)> {
        self.areas.iter()
    }

    /// How many check-ins are on record.
    #[must_use]
    pub fn count(&self) -> usize {
        self.areas
            .values()
            .flat_map(|area| area.subjects.values())
            .map(|day| day.claims.len())
            .sum()
    }

    #[must_use]
    pub fn phase(&self, area: &AreaId, subject: &Subject, code: Code) -> Phase {
        let day = self.areas.get(area).and_then(|area| area.day(subject));
        match day.map_or(Reading::Silent, |day| day.reading(code)) {
            Reading::Silent => Phase::Silent,
            Reading::Disputed(_) => Phase::Disputed,
            Reading::Said(claim) => match claim.word {
                Word::Well => Phase::Well,
                Word::Trouble => Phase::Trouble,
            },
        }
    }

    /// The area under which an entry put a check-in.
    #[must_use]
    pub fn area_of(&self, entry: EventRef, subject: &Subject) -> Option<&AreaId> {
        self.areas
            .iter()
            .find(|(_, area)| {
                area.marks.contains_key(&entry) && area.subjects.contains_key(subject)
            })
            .map(|(area, _)| area)
    }

    pub(crate) fn evolve(&mut self, stamped: &Stamped, event: &Event) {
        let area = self.areas.entry(stamped.area.clone()).or_default();
        area.changes += 1;
        match event {
            Event::Sent(items) | Event::Heard(items) => {
                area.marks.insert(stamped.at, stamped.mark());
                for item in items {
                    let Item { code, at, word, counts, rung, .. } = *item;
                    let claim = Claim { code, at, entry: stamped.at, word, counts, rung };
                    if !item.note.is_empty() {
                        let key = (stamped.at, item.subject.clone(), item.code);
                        area.notes.insert(key, item.note.clone());
                    }
                    match area.subjects.get_mut(&item.subject) {
                        Some(day) => day.add(claim),
                        None => area.subjects.entry(item.subject.clone()).or_default().add(claim),
                    }
                }
            }
            // Kept whether or not what it takes back is here yet: the order of arrival says nothing.
            Event::Struck { entry, subject, code, .. } => {
                area.subjects.entry(subject.clone()).or_default().struck.insert((*entry, *code));
            }
        }
    }

    pub(crate) fn conflicts(&self) -> Vec<Conflict> {
        let mut found = Vec::new();
        for area in self.areas.values() {
            for (subject, day) in &area.subjects {
                // Alone in its minute is the rule: only a second word for a code can contradict.
                if day.claims.len() < 2 {
                    continue;
                }
                found.extend(Code::ALL.iter().filter_map(|code| apart(area, subject, day, *code)));
            }
        }
        found
    }
}

fn apart(area: &AreaDay, subject: &Subject, day: &Day, code: Code) -> Option<Conflict> {
    let Reading::Disputed(latest) = day.reading(code) else { return None };
    let side = |claim: &Claim| {
        Some(Side {
            at: claim.entry,
            mark: area.mark(claim.entry)?.clone(),
            word: claim.word.name(),
            detail: claim.code.name().to_owned(),
            note: area.note(subject, claim).to_owned(),
        })
    };
    let sides: Vec<Side> =
        day.of(code).filter(|claim| claim.at == latest.at).filter_map(side).collect();
    Some(Conflict {
        noun: Noun::CheckIn,
        kind: ConflictKind::DecidedApart,
        subject: format!("{} {}", subject.name(), code.name()),
        sides,
    })
}

#[cfg(test)]
mod tests;
