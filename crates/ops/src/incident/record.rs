//! What is on record about incidents, folded in any order.

use super::{
    Basis, Code, Event, Finding, Key, Level, Matter, Methane, Outcome, Report, Severity, Toll,
    methane::{Declaration, Standing, Told},
};
use crate::{
    conflict::{self, Conflict, Describe, Noun},
    register::{Reading, Register},
    stamp::{EventRef, Mark, Stamped},
};
use minicbor::{Decode, Encode};
use pehra_domain::{IncidentId, PersonId, UnitId, UnixMs};
use std::collections::BTreeMap;

/// The subject of a dispute about a complaint begins so: who shows disputes shows these to its readers alone.
pub const COMPLAINT_PREFIX: &str = "complaint ";

/// A chain of merges is followed so far.
const MERGES_MAX: usize = 8;

/// From this severity on whoever reported does not close, see `data/separation_of_duties.csv`.
const GRAVE: Severity = Severity::Four;

/// How far help has come.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Progress {
    #[n(0)]
    Acknowledged,
    #[n(1)]
    Assigned(#[n(0)] Vec<UnitId>),
    #[n(2)]
    EnRoute,
    #[n(3)]
    OnScene,
    #[n(4)]
    Contained,
    #[n(5)]
    Closed(#[n(0)] Outcome),
    #[n(6)]
    Reopened,
}

impl Describe for Progress {
    fn word(&self) -> &'static str {
        self.phase().name()
    }
    fn detail(&self) -> String {
        match self {
            Self::Assigned(units) => {
                units.iter().map(UnitId::as_str).collect::<Vec<_>>().join(", ")
            }
            Self::Closed(outcome) => outcome.name().to_owned(),
            Self::Acknowledged
            | Self::EnRoute
            | Self::OnScene
            | Self::Contained
            | Self::Reopened => String::new(),
        }
    }
}

impl Progress {
    fn phase(&self) -> Phase {
        match self {
            Self::Acknowledged => Phase::Acknowledged,
            Self::Assigned(_) => Phase::Assigned,
            Self::EnRoute => Phase::EnRoute,
            Self::OnScene => Phase::OnScene,
            Self::Contained => Phase::Contained,
            Self::Closed(_) => Phase::Closed,
            Self::Reopened => Phase::Reopened,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    Unknown,
    Reported,
    Acknowledged,
    Assigned,
    EnRoute,
    OnScene,
    Contained,
    Closed,
    Reopened,
    Disputed,
}

impl Phase {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Reported => "reported",
            Self::Acknowledged => "acknowledged",
            Self::Assigned => "assigned",
            Self::EnRoute => "en-route",
            Self::OnScene => "on-scene",
            Self::Contained => "contained",
            Self::Closed => "closed",
            Self::Reopened => "reopened",
            Self::Disputed => "disputed",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Judgement {
    #[n(0)]
    pub(crate) finding: Finding,
    #[n(1)]
    pub(crate) basis: Basis,
}

impl Describe for Judgement {
    fn word(&self) -> &'static str {
        match self.finding {
            Finding::Unverified => "unverified",
            Finding::Verified => "verified",
            Finding::False => "false",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
struct Class {
    #[n(0)]
    code: Code,
    #[n(1)]
    severity: Severity,
}

impl Describe for Class {
    fn word(&self) -> &'static str {
        "reclassified"
    }
    fn detail(&self) -> String {
        format!("{} {}", self.code.name(), self.severity.number())
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct MergedInto {
    #[n(0)]
    pub(crate) into: Option<IncidentId>,
}

impl Describe for MergedInto {
    fn word(&self) -> &'static str {
        if self.into.is_some() { "merged" } else { "parted" }
    }
    fn detail(&self) -> String {
        self.into.as_ref().map(ToString::to_string).unwrap_or_default()
    }
}

/// One line of an incident's history.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Step {
    #[n(0)]
    pub at: UnixMs,
    #[n(1)]
    pub mark: Mark,
    /// The number of the event's kind; its name is the word for the screen.
    #[n(2)]
    pub kind: u32,
    #[n(3)]
    pub detail: String,
    #[n(4)]
    pub note: String,
}

/// Everything about one incident.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Record {
    #[n(0)]
    reports: BTreeMap<EventRef, (Report, Mark)>,
    #[n(1)]
    progress: Register<Progress>,
    #[n(2)]
    judgement: Register<Judgement>,
    #[n(3)]
    class: Register<Class>,
    #[n(4)]
    merged: Register<MergedInto>,
    #[n(5)]
    tolls: BTreeMap<EventRef, (Toll, UnixMs)>,
    #[n(6)]
    answers: BTreeMap<EventRef, (Level, UnixMs)>,
    #[n(7)]
    bypassed: BTreeMap<EventRef, (Level, UnixMs)>,
    #[n(8)]
    steps: BTreeMap<EventRef, Step>,
    #[n(9)]
    units: BTreeMap<EventRef, (Vec<UnitId>, UnixMs)>,
    #[n(10)]
    #[cbor(default)]
    methanes: BTreeMap<EventRef, (Methane, Mark, UnixMs)>,
    #[n(11)]
    #[cbor(default)]
    declared: Register<Declaration>,
}

impl Record {
    /// The first report; of reports made apart the one of the earliest time. None while only acts have arrived.
    #[must_use]
    pub fn report(&self) -> Option<(&Report, &Mark)> {
        let first = self.reports.iter().min_by_key(|(at, (report, _))| (report.at, **at));
        first.map(|(_, (report, mark))| (report, mark))
    }

    /// All reports under this name: two nodes may raise the same alarm.
    pub fn reports(&self) -> impl Iterator<Item = &Report> {
        self.reports.values().map(|(report, _)| report)
    }

    /// Code and severity as they stand; of reclassifications made apart the graver.
    #[must_use]
    pub fn class(&self) -> Option<(Code, Severity)> {
        let standing = self.class.heads().map(|(_, head)| head.value);
        let grave = standing.max_by_key(|class| (class.severity, class.code));
        let reported = || {
            let all = self.reports.values().map(|(report, _)| report);
            all.max_by_key(|report| (report.severity, report.code))
                .map(|report| (report.code, report.severity))
        };
        grave.map(|class| (class.code, class.severity)).or_else(reported)
    }

    #[must_use]
    pub fn phase(&self) -> Phase {
        if self.reports.is_empty() {
            return Phase::Unknown;
        }
        match self.progress.reading() {
            Reading::Empty => Phase::Reported,
            Reading::Disputed => Phase::Disputed,
            Reading::Agreed(Progress::Closed(_)) if self.closed_by_its_reporter() => {
                Phase::Contained
            }
            Reading::Agreed(progress) => progress.phase(),
        }
    }

    /// Whether this person may close it: who reported something grave does not also end it.
    #[must_use]
    pub fn may_be_closed_by(&self, person: &PersonId) -> bool {
        let grave = self.class().is_some_and(|(_, severity)| severity >= GRAVE);
        !grave || self.reports.values().all(|(_, mark)| mark.person != *person)
    }

    /// Nobody else said that it is over. By reading, since a report or a graver class may arrive after the closing.
    fn closed_by_its_reporter(&self) -> bool {
        !self.progress.heads().any(|(_, head)| self.may_be_closed_by(&head.mark.person))
    }

    /// The units of the last assignment.
    #[must_use]
    pub fn units(&self) -> &[UnitId] {
        let last = self.units.iter().max_by_key(|(at, (_, told))| (*told, **at));
        last.map(|(_, (units, _))| units.as_slice()).unwrap_or_default()
    }

    #[must_use]
    pub fn finding(&self) -> Option<Finding> {
        self.judgement.agreed().map(|judgement| judgement.finding)
    }

    /// What disputes there are about the truth of it.
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

    /// Every toll that was given, oldest first.
    #[must_use]
    pub fn tolls(&self) -> Vec<(&Toll, UnixMs)> {
        let mut all: Vec<_> = self.tolls.iter().collect();
        all.sort_by_key(|(at, (_, told))| (*told, **at));
        all.into_iter().map(|(_, (toll, told))| (toll, *told)).collect()
    }

    /// The toll that stands: the latest.
    #[must_use]
    pub fn toll(&self) -> Option<&Toll> {
        self.tolls().pop().map(|(toll, _)| toll)
    }

    /// Every report in the fixed order that was given, oldest first.
    #[must_use]
    pub fn methanes(&self) -> Vec<Told<'_>> {
        let mut all: Vec<_> = self.methanes.iter().collect();
        all.sort_by_key(|(entry, (.., at))| (*at, **entry));
        all.into_iter().map(|(entry, given)| self.told(*entry, given)).collect()
    }

    /// The report that stands: the latest.
    #[must_use]
    pub fn methane(&self) -> Option<Told<'_>> {
        let last = self.methanes.iter().max_by_key(|(entry, (.., at))| (*at, **entry));
        last.map(|(entry, given)| self.told(*entry, given))
    }

    fn told<'a>(
        &'a self,
        entry: EventRef,
        (methane, mark, at): &'a (Methane, Mark, UnixMs),
    ) -> Told<'a> {
        Told { entry, methane, at: *at, mark, toll: self.toll_until(*at, entry) }
    }

    /// The toll that stood at a moment, of those told until then the last, and how many these were.
    fn toll_until(&self, at: UnixMs, entry: EventRef) -> Option<(&Toll, usize)> {
        let until = self.tolls.iter().filter(|(toll, (_, told))| (*told, **toll) <= (at, entry));
        let count = until.clone().count();
        let last = until.max_by_key(|(toll, (_, told))| (*told, **toll));
        last.map(|(_, (toll, _))| (toll, count))
    }

    /// Whether a major incident is declared.
    #[must_use]
    pub fn declaration(&self) -> Standing {
        match self.declared.reading() {
            Reading::Empty => Standing::Undeclared,
            Reading::Disputed => Standing::Disputed,
            Reading::Agreed(Declaration::None) => Standing::Below,
            Reading::Agreed(Declaration::Standby) => Standing::Standby,
            Reading::Agreed(Declaration::Major) => Standing::Major,
            Reading::Agreed(Declaration::StoodDown) => Standing::StoodDown,
        }
    }

    /// Whether it is to be handled as a major incident; declared apart, it is.
    #[must_use]
    pub fn is_major(&self) -> bool {
        self.declared.heads().any(|(_, head)| head.value == Declaration::Major)
    }

    /// Since when it has been declared major without a break; none where it is not.
    #[must_use]
    pub fn major_since(&self) -> Option<UnixMs> {
        let told = self.methanes();
        let major = |one: &Told<'_>| one.methane.declared == Declaration::Major;
        let last = told.iter().rposition(major).filter(|_| self.is_major())?;
        let before = told.iter().take(last).rposition(|one| !major(one));
        told.get(before.map_or(0, |before| before + 1)).map(|one| one.at)
    }

    /// Who answered, and when first.
    #[must_use]
    pub fn answered(&self, level: Level) -> Option<UnixMs> {
        self.answers.values().filter(|(by, _)| *by == level).map(|(_, at)| *at).min()
    }

    /// The levels that are on record as bypassed.
    pub fn bypassed(&self) -> impl Iterator<Item = (Level, UnixMs)> {
        self.bypassed.values().copied()
    }

    /// Everything that was done, by time.
    #[must_use]
    pub fn steps(&self) -> Vec<(EventRef, &Step)> {
        let mut all: Vec<_> = self.steps.iter().map(|(at, step)| (*at, step)).collect();
        all.sort_by_key(|(at, step)| (step.at, *at));
        all
    }

    /// When an act of a kind was done first.
    #[must_use]
    pub fn first(&self, kind: u32) -> Option<UnixMs> {
        self.steps.values().filter(|step| step.kind == kind).map(|step| step.at).min()
    }

    /// When an act of a kind was done last.
    #[must_use]
    pub fn last(&self, kind: u32) -> Option<UnixMs> {
        self.steps.values().filter(|step| step.kind == kind).map(|step| step.at).max()
    }

    #[must_use]
    pub fn merged_into(&self) -> Option<&IncidentId> {
        self.merged.agreed()?.into.as_ref()
    }

    pub(crate) fn is_merge_disputed(&self) -> bool {
        self.merged.is_disputed()
    }

    pub(crate) fn progress_refs(&self) -> Vec<EventRef> {
        self.over(self.progress.refs())
    }

    pub(crate) fn judgement_refs(&self) -> Vec<EventRef> {
        self.over(self.judgement.refs())
    }

    pub(crate) fn class_refs(&self) -> Vec<EventRef> {
        self.over(self.class.refs())
    }

    pub(crate) fn declared_refs(&self) -> Vec<EventRef> {
        self.over(self.declared.refs())
    }

    pub(crate) fn merged_refs(&self) -> Vec<EventRef> {
        self.over(self.merged.refs())
    }

    /// What an act follows from: the heads it replaces, or else the report.
    pub(crate) fn over(&self, heads: Vec<EventRef>) -> Vec<EventRef> {
        if heads.is_empty() { self.reports.keys().copied().take(1).collect() } else { heads }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Incidents {
    #[n(0)]
    records: BTreeMap<Key, Record>,
    /// Acts folded: another number whenever something changed.
    #[n(1)]
    changes: u64,
}

impl Incidents {
    #[must_use]
    pub fn get(&self, key: &Key) -> Option<&Record> {
        self.records.get(key).filter(|record| !record.reports.is_empty())
    }

    /// Incidents with a report, those that were merged into others too.
    pub fn all(&self) -> impl Iterator<Item = (&Key, &Record)> {
        self.records.iter().filter(|(_, record)| !record.reports.is_empty())
    }

    #[must_use]
    pub fn phase(&self, key: &Key) -> Phase {
        self.get(key).map_or(Phase::Unknown, Record::phase)
    }

    /// How many acts changed something so far.
    #[must_use]
    pub fn changes(&self) -> u64 {
        self.changes
    }

    /// The incident that stands for this one: itself, unless a person merged it. A circle stands for nobody.
    #[must_use]
    pub fn standing_for(&self, key: &Key) -> Key {
        let mut at = key.clone();
        for _ in 0..MERGES_MAX {
            let into = self.get(&at).and_then(Record::merged_into).map(|into| key.beside(into));
            match into.filter(|into| self.get(into).is_some()) {
                Some(into) if into == *key => break,
                Some(into) => at = into,
                None => return at,
            }
        }
        key.clone()
    }

    pub(crate) fn evolve(&mut self, stamped: &Stamped, event: &Event) {
        self.changes += 1;
        if let Event::Reported(report) = event {
            let key = Key::of_report(&stamped.area, report);
            let record = self.records.entry(key).or_default();
            record.reports.insert(stamped.at, (report.clone(), stamped.mark()));
            record.note(stamped, report.at, detail(event), report.text.clone());
        } else if let Some(on) = event.on() {
            let record = self.records.entry(Key::of_act(&stamped.area, on)).or_default();
            record.evolve(stamped, event, on.at);
            record.note(stamped, on.at, detail(event), on.note.clone());
        }
    }

    pub(crate) fn conflicts(&self) -> Vec<Conflict> {
        let mut found = Vec::new();
        for (key, record) in &self.records {
            let complaint = if key.matter == Matter::Complaint { COMPLAINT_PREFIX } else { "" };
            let about = |what: &str| format!("{complaint}{} {what}", key.incident);
            let noun = Noun::Incident;
            found.extend(conflict::of_register(noun, about("progress"), &record.progress));
            found.extend(conflict::of_register(noun, about("finding"), &record.judgement));
            found.extend(conflict::of_register(noun, about("class"), &record.class));
            found.extend(conflict::of_register(noun, about("merge"), &record.merged));
            found.extend(conflict::of_register(noun, about("declaration"), &record.declared));
        }
        found
    }
}

/// What a line of the history says beside its word.
fn detail(event: &Event) -> String {
    match event {
        Event::Reported(report) => report.code.name().to_owned(),
        Event::Acknowledged { by: level, .. } | Event::Bypassed { level, .. } => {
            level.name().to_owned()
        }
        Event::Judged { finding, basis, .. } => {
            Judgement { finding: *finding, basis: *basis }.word().to_owned()
        }
        Event::Assigned { units, .. } => Progress::Assigned(units.clone()).detail(),
        Event::Closed { outcome, .. } => outcome.name().to_owned(),
        Event::Reclassified { code, severity, .. } => {
            Class { code: *code, severity: *severity }.detail()
        }
        Event::TollCounted { toll, .. } => format!(
            "{}-{} / {}-{} · {}",
            toll.killed_min, toll.killed_max, toll.hurt_min, toll.hurt_max, toll.source
        ),
        Event::Merged { into, .. } => into.to_string(),
        Event::MethaneReported { methane, .. } => methane.declared.name().to_owned(),
        Event::Departed { .. }
        | Event::Arrived { .. }
        | Event::Contained { .. }
        | Event::Reopened { .. }
        | Event::Parted { .. } => String::new(),
    }
}

impl Record {
    fn note(&mut self, stamped: &Stamped, at: UnixMs, detail: String, note: String) {
        let (mark, kind) = (stamped.mark(), stamped.event.kind());
        self.steps.insert(stamped.at, Step { at, mark, kind, detail, note });
    }

    fn evolve(&mut self, stamped: &Stamped, event: &Event, told: UnixMs) {
        match event {
            Event::Reported(_) => {}
            Event::Acknowledged { by, moves, .. } => {
                self.answers.insert(stamped.at, (*by, told));
                if *moves {
                    self.go(stamped, Progress::Acknowledged);
                }
            }
            Event::Judged { finding, basis, .. } => {
                let value = Judgement { finding: *finding, basis: *basis };
                self.judgement.put(stamped, value, "");
            }
            Event::Assigned { units, .. } => {
                self.units.insert(stamped.at, (units.clone(), told));
                self.go(stamped, Progress::Assigned(units.clone()));
            }
            Event::Departed { .. } => self.go(stamped, Progress::EnRoute),
            Event::Arrived { .. } => self.go(stamped, Progress::OnScene),
            Event::Contained { .. } => self.go(stamped, Progress::Contained),
            Event::Closed { outcome, .. } => self.go(stamped, Progress::Closed(*outcome)),
            Event::Reopened { .. } => self.go(stamped, Progress::Reopened),
            Event::Reclassified { code, severity, .. } => {
                self.class.put(stamped, Class { code: *code, severity: *severity }, "");
            }
            Event::TollCounted { toll, .. } => {
                self.tolls.insert(stamped.at, (toll.clone(), told));
            }
            Event::Merged { into, .. } => {
                self.merged.put(stamped, MergedInto { into: Some(into.clone()) }, "");
            }
            Event::Parted { .. } => self.merged.put(stamped, MergedInto { into: None }, ""),
            Event::Bypassed { level, .. } => {
                self.bypassed.insert(stamped.at, (*level, told));
            }
            Event::MethaneReported { methane, .. } => {
                if let Some(toll) = &methane.toll {
                    self.tolls.insert(stamped.at, (toll.clone(), told));
                }
                self.declared.put(stamped, methane.declared, "");
                self.methanes.insert(stamped.at, (methane.as_ref().clone(), stamped.mark(), told));
            }
        }
    }

    fn go(&mut self, stamped: &Stamped, progress: Progress) {
        self.progress.put(stamped, progress, "");
    }
}
