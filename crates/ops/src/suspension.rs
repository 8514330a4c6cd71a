//! The register of suspensions of service: ordered and observed kept apart, contradictions side by side, what nobody
//! stated unknown. It is written and lived through; nothing here controls a network.
//!
//! A record is a set of statements, each with its source, its time and who signed it. A statement is never changed:
//! another one stands beside it, or it is taken back. The monitor's countersignature names the statements it covers,
//! so that what came later is seen to be later.

mod decide;
pub mod worked;

pub(crate) use decide::{check, decide};

use crate::{
    conflict::{Conflict, ConflictKind, Noun, Side},
    content::Piece,
    stamp::{EventRef, Hash32, Mark, Stamped},
};
use minicbor::{Decode, Encode};
use pehra_domain::{AreaId, Date, SuspensionId, UnixMs};
use std::collections::{BTreeMap, BTreeSet};

/// Most statements that one countersignature covers.
pub const COVERED_MAX: usize = 512;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Service {
    #[n(0)]
    Voice,
    #[n(1)]
    Sms,
    #[n(2)]
    Data,
    #[n(3)]
    Broadband,
    /// A site or an application.
    #[n(4)]
    Platform,
}

impl Service {
    pub const ALL: [Self; 5] =
        [Self::Voice, Self::Sms, Self::Data, Self::Broadband, Self::Platform];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Voice => "voice",
            Self::Sms => "sms",
            Self::Data => "data",
            Self::Broadband => "broadband",
            Self::Platform => "platform",
        }
    }
}

/// One thing that is said about a suspension.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum Statement {
    #[n(0)]
    Announced(#[n(0)] UnixMs),
    #[n(1)]
    Ordered(#[n(0)] UnixMs),
    /// First seen by probes and check-ins, whatever was ordered.
    #[n(2)]
    EffectiveObserved(#[n(0)] UnixMs),
    #[n(3)]
    RestoredObserved {
        #[n(0)]
        at: UnixMs,
        /// In some places only.
        #[n(1)]
        partly: bool,
    },
    #[n(4)]
    Authority(#[n(0)] String),
    #[n(5)]
    Instrument {
        #[n(0)]
        number: String,
        #[n(1)]
        dated: Option<Date>,
        /// SHA-256 of a copy, if one is kept.
        #[n(2)]
        copy: Option<Hash32>,
    },
    #[n(6)]
    LegalBasisClaimed(#[n(0)] String),
    #[n(7)]
    CourtOrder {
        #[n(0)]
        court: String,
        #[n(1)]
        dated: Option<Date>,
        #[n(2)]
        text: String,
        #[n(3)]
        status: String,
    },
    #[n(8)]
    ReasonGiven(#[n(0)] String),
    #[n(9)]
    Exemption(#[n(0)] String),
    #[n(10)]
    Probe {
        #[n(0)]
        at: UnixMs,
        #[n(1)]
        path: String,
        #[n(2)]
        reached: bool,
    },
    /// Stations dark, check-ins lost, results late, complaints: counted, not judged.
    #[n(11)]
    Impact {
        #[n(0)]
        measure: String,
        #[n(1)]
        count: u64,
    },
    #[n(12)]
    AlternativeUsed(#[n(0)] String),
    /// Where, in words, inside the record's area: places spared, places restored first.
    #[n(13)]
    Extent(#[n(0)] String),
}

impl Statement {
    /// A stable word for the screen to translate.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Announced(_) => "announced",
            Self::Ordered(_) => "ordered",
            Self::EffectiveObserved(_) => "effective-observed",
            Self::RestoredObserved { partly: false, .. } => "restored-observed",
            Self::RestoredObserved { partly: true, .. } => "partly-restored",
            Self::Authority(_) => "authority",
            Self::Instrument { .. } => "instrument",
            Self::LegalBasisClaimed(_) => "legal-basis-claimed",
            Self::CourtOrder { .. } => "court-order",
            Self::ReasonGiven(_) => "reason-given",
            Self::Exemption(_) => "exemption",
            Self::Probe { .. } => "probe",
            Self::Impact { .. } => "impact",
            Self::AlternativeUsed(_) => "alternative-used",
            Self::Extent(_) => "extent",
        }
    }

    /// The moment it names.
    #[must_use]
    pub fn at(&self) -> Option<UnixMs> {
        match self {
            Self::Announced(at)
            | Self::Ordered(at)
            | Self::EffectiveObserved(at)
            | Self::RestoredObserved { at, .. }
            | Self::Probe { at, .. } => Some(*at),
            Self::Authority(_)
            | Self::Instrument { .. }
            | Self::LegalBasisClaimed(_)
            | Self::CourtOrder { .. }
            | Self::ReasonGiven(_)
            | Self::Exemption(_)
            | Self::Impact { .. }
            | Self::AlternativeUsed(_)
            | Self::Extent(_) => None,
        }
    }

    /// What it says, for reading; moments are left to the screen.
    #[must_use]
    pub fn detail(&self) -> String {
        match self {
            Self::Announced(_)
            | Self::Ordered(_)
            | Self::EffectiveObserved(_)
            | Self::RestoredObserved { .. } => String::new(),
            Self::Authority(text)
            | Self::LegalBasisClaimed(text)
            | Self::ReasonGiven(text)
            | Self::Exemption(text)
            | Self::AlternativeUsed(text)
            | Self::Extent(text) => text.clone(),
            Self::Instrument { number, dated, .. } => with_date(number, *dated),
            Self::CourtOrder { court, dated, text, status } => {
                format!("{}: {text} ({status})", with_date(court, *dated))
            }
            Self::Probe { path, reached, .. } => {
                format!("{path}: {}", if *reached { "reached" } else { "not reached" })
            }
            Self::Impact { measure, count } => format!("{measure}: {count}"),
        }
    }

    /// Of these there is one truth: two that differ contradict each other.
    fn is_single(&self) -> bool {
        matches!(
            self,
            Self::Announced(_)
                | Self::Ordered(_)
                | Self::EffectiveObserved(_)
                | Self::RestoredObserved { partly: false, .. }
                | Self::Authority(_)
        )
    }
}

fn with_date(text: &str, dated: Option<Date>) -> String {
    dated.map_or_else(|| text.to_owned(), |date| format!("{text}, {date}"))
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Opens a record; nobody needs to have announced anything.
    Open {
        area: AreaId,
        suspension: SuspensionId,
        services: Vec<Service>,
        at: UnixMs,
    },
    State {
        area: AreaId,
        suspension: SuspensionId,
        statement: Statement,
        source: String,
    },
    /// Takes back a statement that was entered wrongly; it stays on record.
    Strike {
        area: AreaId,
        suspension: SuspensionId,
        entry: EventRef,
        reason: String,
    },
    /// The monitor confirms all that stands now.
    Countersign {
        area: AreaId,
        suspension: SuspensionId,
        note: String,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Event {
    #[n(1400)]
    Opened {
        #[n(0)]
        suspension: SuspensionId,
        #[n(1)]
        services: Vec<Service>,
        #[n(2)]
        at: UnixMs,
    },
    #[n(1401)]
    Stated {
        #[n(0)]
        suspension: SuspensionId,
        #[n(1)]
        statement: Statement,
        /// Who says so: a node's own probe, a newspaper, the regulator's letter.
        #[n(2)]
        source: String,
    },
    #[n(1402)]
    Struck {
        #[n(0)]
        suspension: SuspensionId,
        #[n(1)]
        entry: EventRef,
        #[n(2)]
        reason: String,
    },
    #[n(1403)]
    Countersigned {
        #[n(0)]
        suspension: SuspensionId,
        #[n(1)]
        covers: Vec<EventRef>,
        #[n(2)]
        note: String,
    },
}

impl Command {
    #[must_use]
    pub fn key(&self) -> (&AreaId, &SuspensionId) {
        match self {
            Self::Open { area, suspension, .. }
            | Self::State { area, suspension, .. }
            | Self::Strike { area, suspension, .. }
            | Self::Countersign { area, suspension, .. } => (area, suspension),
        }
    }
}

impl Event {
    #[must_use]
    pub fn suspension(&self) -> &SuspensionId {
        match self {
            Self::Opened { suspension, .. }
            | Self::Stated { suspension, .. }
            | Self::Struck { suspension, .. }
            | Self::Countersigned { suspension, .. } => suspension,
        }
    }

    pub(crate) fn pieces<'a>(&'a self, see: &mut dyn FnMut(Piece<'a>)) {
        see(Piece::suspension(self.suspension()));
        match self {
            Self::Opened { .. } => {}
            Self::Stated { statement, source, .. } => {
                see(Piece::Name(source));
                statement_pieces(statement, see);
            }
            Self::Struck { reason, .. } => see(Piece::Required(reason)),
            Self::Countersigned { note, .. } => see(Piece::Optional(note)),
        }
    }
}

fn statement_pieces<'a>(statement: &'a Statement, see: &mut dyn FnMut(Piece<'a>)) {
    match statement {
        Statement::Announced(_)
        | Statement::Ordered(_)
        | Statement::EffectiveObserved(_)
        | Statement::RestoredObserved { .. } => {}
        Statement::Authority(text)
        | Statement::LegalBasisClaimed(text)
        | Statement::ReasonGiven(text)
        | Statement::Exemption(text)
        | Statement::AlternativeUsed(text)
        | Statement::Extent(text) => see(Piece::Required(text)),
        Statement::Instrument { number, .. } => see(Piece::Name(number)),
        Statement::CourtOrder { court, text, status, .. } => {
            see(Piece::Name(court));
            see(Piece::Required(text));
            see(Piece::Name(status));
        }
        Statement::Probe { path, .. } => see(Piece::Name(path)),
        Statement::Impact { measure, .. } => see(Piece::Name(measure)),
    }
}

/// A statement on record.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Stated {
    #[n(0)]
    pub statement: Statement,
    #[n(1)]
    pub source: String,
    #[n(2)]
    pub mark: Mark,
}

/// What the monitor confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Countersignature {
    #[n(0)]
    pub covers: BTreeSet<EventRef>,
    #[n(1)]
    pub note: String,
    #[n(2)]
    pub mark: Mark,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Record {
    /// Services and the moment of each opening: two nodes may see the same loss.
    #[n(0)]
    opened: BTreeMap<EventRef, (Vec<Service>, UnixMs, Mark)>,
    #[n(1)]
    stated: BTreeMap<EventRef, Stated>,
    #[n(2)]
    struck: BTreeMap<EventRef, String>,
    #[n(3)]
    countersigned: BTreeMap<EventRef, Countersignature>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    Unknown,
    Open,
    Announced,
    Ordered,
    InEffect,
    PartlyRestored,
    Restored,
    Disputed,
}

impl Phase {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Open => "open",
            Self::Announced => "announced",
            Self::Ordered => "ordered",
            Self::InEffect => "in-effect",
            Self::PartlyRestored => "partly-restored",
            Self::Restored => "restored",
            Self::Disputed => "disputed",
        }
    }
}

impl Record {
    /// Every service that an opening names.
    #[must_use]
    pub fn services(&self) -> BTreeSet<Service> {
        self.opened.values().flat_map(|(services, ..)| services.iter().copied()).collect()
    }

    /// When the record was opened first.
    #[must_use]
    pub fn opened_at(&self) -> Option<UnixMs> {
        self.opened.values().map(|(_, at, _)| *at).min()
    }

    /// Statements that stand, in the order of entries.
    pub fn standing(&self) -> impl Iterator<Item = (EventRef, &Stated)> {
        let all = self.stated.iter().map(|(at, stated)| (*at, stated));
        all.filter(|(at, _)| !self.struck.contains_key(at))
    }

    /// Statements that were taken back, and why.
    pub fn struck(&self) -> impl Iterator<Item = (&Stated, &str)> {
        self.struck.iter().filter_map(|(at, reason)| Some((self.stated.get(at)?, reason.as_str())))
    }

    pub fn countersigned(&self) -> impl Iterator<Item = &Countersignature> {
        self.countersigned.values()
    }

    /// Whether the monitor has confirmed all that stands. By reading, since a countersignature may arrive before what it
    /// covers: nobody's own signature covers what they stated themselves.
    #[must_use]
    pub fn is_countersigned(&self) -> bool {
        let covers = |at: &EventRef, stated: &Stated| {
            let mut all = self.countersigned.values().filter(|one| one.covers.contains(at));
            all.any(|one| one.mark.person != stated.mark.person)
        };
        !self.countersigned.is_empty() && self.standing().all(|(at, stated)| covers(&at, stated))
    }

    /// The earliest moment that is stated of a kind; none while it is unknown.
    #[must_use]
    pub fn moment(&self, word: &str) -> Option<UnixMs> {
        let of_kind = self.standing().filter(|(_, stated)| stated.statement.word() == word);
        of_kind.filter_map(|(_, stated)| stated.statement.at()).min()
    }

    #[must_use]
    pub fn phase(&self) -> Phase {
        if self.opened.is_empty() {
            return Phase::Unknown;
        }
        if !self.contradictions().is_empty() {
            return Phase::Disputed;
        }
        let said = |word| self.moment(word).is_some();
        if said("restored-observed") {
            Phase::Restored
        } else if said("partly-restored") {
            Phase::PartlyRestored
        } else if said("effective-observed") {
            Phase::InEffect
        } else if said("ordered") {
            Phase::Ordered
        } else if said("announced") {
            Phase::Announced
        } else {
            Phase::Open
        }
    }

    /// Kinds of statement of which two that differ stand.
    fn contradictions(&self) -> BTreeSet<&'static str> {
        let mut first: BTreeMap<&str, &Statement> = BTreeMap::new();
        let single = self.standing().map(|(_, stated)| &stated.statement);
        let differs = single.filter(|statement| statement.is_single()).filter_map(|statement| {
            let known = *first.entry(statement.word()).or_insert(statement);
            (known != statement).then(|| statement.word())
        });
        differs.collect()
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Suspensions {
    #[n(0)]
    records: BTreeMap<(AreaId, SuspensionId), Record>,
    #[n(1)]
    changes: u64,
}

impl Suspensions {
    #[must_use]
    pub fn get(&self, area: &AreaId, suspension: &SuspensionId) -> Option<&Record> {
        let key = (area.clone(), suspension.clone());
        self.records.get(&key).filter(|record| !record.opened.is_empty())
    }

    pub fn all(&self) -> impl Iterator<Item = (&AreaId, &SuspensionId, &Record)> {
        let opened = self.records.iter().filter(|(_, record)| !record.opened.is_empty());
        opened.map(|((area, suspension), record)| (area, suspension, record))
    }

    #[must_use]
    pub fn phase(&self, area: &AreaId, suspension: &SuspensionId) -> Phase {
        self.get(area, suspension).map_or(Phase::Unknown, Record::phase)
    }

    /// How many acts changed something so far.
    #[must_use]
    pub fn changes(&self) -> u64 {
        self.changes
    }

    pub(crate) fn evolve(&mut self, stamped: &Stamped, event: &Event) {
        self.changes += 1;
        let key = (stamped.area.clone(), event.suspension().clone());
        let record = self.records.entry(key).or_default();
        let mark = stamped.mark();
        match event {
            Event::Opened { services, at, .. } => {
                record.opened.insert(stamped.at, (services.clone(), *at, mark));
            }
            Event::Stated { statement, source, .. } => {
                let (statement, source) = (statement.clone(), source.clone());
                record.stated.insert(stamped.at, Stated { statement, source, mark });
            }
            // Of reasons given apart the first in order is shown; the statement is gone either way.
            Event::Struck { entry, reason, .. } => {
                let kept = record.struck.entry(*entry).or_insert_with(|| reason.clone());
                if reason < kept {
                    kept.clone_from(reason);
                }
            }
            Event::Countersigned { covers, note, .. } => {
                let covers = covers.iter().copied().collect();
                let one = Countersignature { covers, note: note.clone(), mark };
                record.countersigned.insert(stamped.at, one);
            }
        }
    }

    pub(crate) fn conflicts(&self) -> Vec<Conflict> {
        let mut found = Vec::new();
        for ((_, suspension), record) in &self.records {
            for word in record.contradictions() {
                let of_kind = record.standing().filter(|(_, one)| one.statement.word() == word);
                let side = |(at, stated): (EventRef, &Stated)| Side {
                    at,
                    mark: stated.mark.clone(),
                    word,
                    detail: stated
                        .statement
                        .at()
                        .map_or_else(|| stated.statement.detail(), |at| at.0.to_string()),
                    note: stated.source.clone(),
                };
                found.push(Conflict {
                    noun: Noun::Suspension,
                    kind: ConflictKind::DecidedApart,
                    subject: suspension.to_string(),
                    sides: of_kind.map(side).collect(),
                });
            }
        }
        found
    }
}

#[cfg(test)]
mod tests;
