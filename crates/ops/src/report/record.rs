//! What is on record about reports and about who may read the sealed ones, folded in any order.

use super::{ANSWER_MS, Answer, Event, On, Report, Text, may_read};
use crate::{
    conflict::{self, Conflict, Describe, Noun},
    incident::{self, COMPLAINT_PREFIX, Finding, Judgement, Matter, MergedInto},
    order::Priority,
    register::{Reading, Register, heads_or},
    stamp::{EventRef, Hash32, Mark, Stamped},
};
use minicbor::{Decode, Encode};
use pehra_domain::{AreaId, IncidentId, UnixMs};
use std::collections::BTreeMap;

/// How far the desk has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Progress {
    #[n(0)]
    Triaged(#[n(0)] Priority),
    #[n(1)]
    Answered(#[n(0)] Answer),
    #[n(2)]
    Closed,
}

impl Describe for Progress {
    fn word(&self) -> &'static str {
        match self {
            Self::Triaged(_) => "triaged",
            Self::Answered(_) => "answered",
            Self::Closed => "closed",
        }
    }
    fn detail(&self) -> String {
        match self {
            Self::Triaged(urgency) => urgency.code().to_owned(),
            Self::Answered(answer) => answer.name().to_owned(),
            Self::Closed => String::new(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    Unknown,
    Received,
    Triaged,
    Answered,
    Closed,
    Disputed,
}

impl Phase {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Received => "received",
            Self::Triaged => "triaged",
            Self::Answered => "answered",
            Self::Closed => "closed",
            Self::Disputed => "disputed",
        }
    }
}

/// One answer as it was given.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Answered {
    #[n(0)]
    pub answer: Answer,
    #[n(1)]
    pub note: String,
    #[n(2)]
    pub mark: Mark,
}

/// All that is known of one report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Record {
    /// None as long as only what follows from it has arrived. A sealed text is not kept here: it stands in the entry.
    #[n(0)]
    received: Option<(Report, Mark)>,
    #[n(1)]
    progress: Register<Progress>,
    #[n(2)]
    judgement: Register<Judgement>,
    #[n(3)]
    merged: Register<MergedInto>,
    #[n(4)]
    answers: BTreeMap<EventRef, Answered>,
    /// Entries that say how the reporter can be reached.
    #[n(5)]
    contacts: BTreeMap<EventRef, Mark>,
    /// Who has opened them, and why.
    #[n(6)]
    opened: BTreeMap<EventRef, (Mark, String)>,
}

impl Record {
    #[must_use]
    pub fn report(&self) -> Option<&(Report, Mark)> {
        self.received.as_ref()
    }

    #[must_use]
    pub fn phase(&self) -> Phase {
        if self.received.is_none() {
            return Phase::Unknown;
        }
        match self.progress.reading() {
            Reading::Empty => Phase::Received,
            Reading::Disputed => Phase::Disputed,
            Reading::Agreed(Progress::Triaged(_)) => Phase::Triaged,
            Reading::Agreed(Progress::Answered(_)) => Phase::Answered,
            Reading::Agreed(Progress::Closed) => Phase::Closed,
        }
    }

    /// How urgent the desk held it to be: the gravest of what was said apart.
    #[must_use]
    pub fn urgency(&self) -> Option<Priority> {
        let said = self.progress.heads().filter_map(|(_, head)| match head.value {
            Progress::Triaged(urgency) => Some(urgency),
            Progress::Answered(_) | Progress::Closed => None,
        });
        said.min()
    }

    /// What was found of its truth; `Open` while nobody said.
    #[must_use]
    pub fn finding_phase(&self) -> &'static str {
        match self.judgement.reading() {
            Reading::Empty => "Open",
            Reading::Disputed => "Disputed",
            Reading::Agreed(judgement) => match judgement.finding {
                Finding::Unverified => "Unverified",
                Finding::Verified => "Verified",
                Finding::False => "False",
            },
        }
    }

    #[must_use]
    pub fn merged_into(&self) -> Option<&IncidentId> {
        self.merged.agreed()?.into.as_ref()
    }

    pub(crate) fn is_merge_disputed(&self) -> bool {
        self.merged.is_disputed()
    }

    /// Every answer, oldest first.
    #[must_use]
    pub fn answers(&self) -> Vec<&Answered> {
        let mut all: Vec<_> = self.answers.iter().collect();
        all.sort_by_key(|(at, said)| (said.mark.clock_ms, **at));
        all.into_iter().map(|(_, said)| said).collect()
    }

    /// When an answer is owed; none once there is one.
    #[must_use]
    pub fn due(&self) -> Option<UnixMs> {
        let (_, mark) = self.received.as_ref()?;
        let owed = self.answers.is_empty() && self.phase() != Phase::Closed;
        owed.then(|| UnixMs(mark.clock_ms.0.saturating_add(ANSWER_MS)))
    }

    /// The entries with the reporter's sealed contact.
    pub fn contacts(&self) -> impl Iterator<Item = (EventRef, &Mark)> {
        self.contacts.iter().map(|(at, mark)| (*at, mark))
    }

    /// Who opened the contact, and why.
    pub fn contact_readings(&self) -> impl Iterator<Item = (&Mark, &str)> {
        self.opened.values().map(|(mark, reason)| (mark, reason.as_str()))
    }

    pub(crate) fn progress_refs(&self, report: EventRef) -> Vec<EventRef> {
        heads_or(self.progress.refs(), report)
    }

    pub(crate) fn judgement_refs(&self, report: EventRef) -> Vec<EventRef> {
        heads_or(self.judgement.refs(), report)
    }

    pub(crate) fn merged_refs(&self, report: EventRef) -> Vec<EventRef> {
        heads_or(self.merged.refs(), report)
    }
}

/// A key to which what somebody may read is sealed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
struct Reader {
    #[n(0)]
    named: Option<([u8; 32], Mark)>,
    #[n(1)]
    ended: bool,
}

impl Reader {
    /// The key and who named it, while it stands.
    #[must_use]
    fn key(&self) -> Option<(&[u8; 32], &Mark)> {
        let (key, mark) = self.named.as_ref()?;
        (!self.ended && may_read(&mark.role)).then_some((key, mark))
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Reports {
    #[n(0)]
    records: BTreeMap<EventRef, Record>,
    #[n(1)]
    receipts: BTreeMap<Hash32, EventRef>,
    #[n(2)]
    readers: BTreeMap<EventRef, Reader>,
}

impl Reports {
    /// A report that is here.
    #[must_use]
    pub fn get(&self, report: EventRef) -> Option<&Record> {
        self.records.get(&report).filter(|record| record.received.is_some())
    }

    /// Every report that is here.
    pub fn all(&self) -> impl Iterator<Item = (EventRef, &Record, &Report, &Mark)> {
        self.records.iter().filter_map(|(at, record)| {
            let (report, mark) = record.received.as_ref()?;
            Some((*at, record, report, mark))
        })
    }

    /// The report whose reporter keeps this code.
    #[must_use]
    pub fn of_receipt(&self, receipt: &Hash32) -> Option<(EventRef, &Record)> {
        let at = *self.receipts.get(receipt)?;
        Some((at, self.get(at)?))
    }

    #[must_use]
    pub fn phase(&self, report: EventRef) -> Phase {
        self.get(report).map_or(Phase::Unknown, Record::phase)
    }

    /// Keys that stand, with who named them.
    pub fn readers(&self) -> impl Iterator<Item = (EventRef, &[u8; 32], &Mark)> {
        self.readers.iter().filter_map(|(at, reader)| {
            let (key, mark) = reader.key()?;
            Some((*at, key, mark))
        })
    }

    /// Who named a key, whether it stands or not.
    #[must_use]
    pub fn reader_mark(&self, reader: EventRef) -> Option<&Mark> {
        self.readers.get(&reader)?.named.as_ref().map(|(_, mark)| mark)
    }

    /// Whether a key stands.
    #[must_use]
    pub fn reader_stands(&self, reader: EventRef) -> bool {
        self.readers.get(&reader).is_some_and(|reader| reader.key().is_some())
    }

    /// Where an act on a report belongs.
    #[must_use]
    pub fn area_of(&self, on: On) -> Option<&AreaId> {
        self.get(on.report).and_then(Record::report).map(|(_, mark)| &mark.area)
    }

    pub(crate) fn evolve(&mut self, stamped: &Stamped, event: &Event) {
        match event {
            Event::Received(report) => {
                let mut report = report.clone();
                if let Text::Sealed(sealed) = &mut report.text {
                    *sealed = Vec::new();
                }
                let first = self.receipts.entry(report.receipt).or_insert(stamped.at);
                *first = (*first).min(stamped.at);
                let record = self.records.entry(stamped.at).or_default();
                record.received = Some((report, stamped.mark()));
            }
            Event::ReaderNamed { key } => {
                self.reader(stamped.at).named = Some((*key, stamped.mark()));
            }
            Event::ReaderEnded { reader } => self.reader(*reader).ended = true,
            Event::ContactLeft { .. }
            | Event::Triaged { .. }
            | Event::Judged { .. }
            | Event::Merged { .. }
            | Event::Parted { .. }
            | Event::Answered { .. }
            | Event::Closed { .. }
            | Event::ContactOpened { .. } => {
                if let Some(on) = event.on() {
                    self.records.entry(on.report).or_default().evolve(stamped, event);
                }
            }
        }
    }

    fn reader(&mut self, at: EventRef) -> &mut Reader {
        self.readers.entry(at).or_insert(Reader { named: None, ended: false })
    }

    pub(crate) fn conflicts(&self) -> Vec<Conflict> {
        let mut found = Vec::new();
        for (at, record, report, _) in self.all() {
            let complaint = if report.matter == Matter::Complaint { COMPLAINT_PREFIX } else { "" };
            let about = |what: &str| format!("{complaint}{at} {what}");
            found.extend(conflict::of_register(Noun::Report, about("progress"), &record.progress));
            found.extend(conflict::of_register(Noun::Report, about("finding"), &record.judgement));
            found.extend(conflict::of_register(Noun::Report, about("merge"), &record.merged));
        }
        found
    }
}

impl Record {
    fn evolve(&mut self, stamped: &Stamped, event: &Event) {
        match event {
            Event::ContactLeft { .. } => {
                self.contacts.insert(stamped.at, stamped.mark());
            }
            Event::Triaged { urgency, .. } => {
                self.progress.put(stamped, Progress::Triaged(*urgency), "");
            }
            Event::Judged { finding, basis, .. } => {
                let value = Judgement { finding: *finding, basis: *basis };
                self.judgement.put(stamped, value, "");
            }
            Event::Merged { into, .. } => {
                self.merged.put(stamped, MergedInto { into: Some(into.clone()) }, "");
            }
            Event::Parted { .. } => self.merged.put(stamped, MergedInto { into: None }, ""),
            Event::Answered { answer, note, .. } => {
                let said = Answered { answer: *answer, note: note.clone(), mark: stamped.mark() };
                self.answers.insert(stamped.at, said);
                self.progress.put(stamped, Progress::Answered(*answer), "");
            }
            Event::Closed { .. } => self.progress.put(stamped, Progress::Closed, ""),
            Event::ContactOpened { reason, .. } => {
                self.opened.insert(stamped.at, (stamped.mark(), reason.clone()));
            }
            Event::Received(_) | Event::ReaderNamed { .. } | Event::ReaderEnded { .. } => {}
        }
    }
}

/// The name of an incident that a report may be merged into: of its own area and matter.
#[must_use]
pub fn incident_key(report: &Report, mark: &Mark, into: &IncidentId) -> incident::Key {
    incident::Key { area: mark.area.clone(), matter: report.matter, incident: into.clone() }
}
