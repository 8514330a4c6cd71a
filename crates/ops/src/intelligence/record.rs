//! What is on record at the desk, folded in any order.

use super::{
    Assessment, Compartment, Event, Feedback, Grade, Horizon, Report, Watch, fusion,
    side::{AdmissionPhase, Admitted, Said, TaskPhase, TaskRecord},
};
use crate::{
    conflict::{self, Conflict, Describe, Noun},
    register::{Reading, Register},
    stamp::{EventRef, Mark, Stamped},
};
use minicbor::{Decode, Encode};
use pehra_domain::{AreaId, PersonId, UnixMs, role::Role};
use std::collections::BTreeMap;

/// A root's name that somebody gave a report.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
struct RootName(#[n(0)] String);

impl Describe for RootName {
    fn word(&self) -> &'static str {
        "tied"
    }
    fn detail(&self) -> String {
        self.0.clone()
    }
}

impl Describe for Grade {
    fn word(&self) -> &'static str {
        "graded"
    }
    fn detail(&self) -> String {
        self.to_string()
    }
}

/// The words themselves stay out of lists of disputes.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
struct Text(#[n(0)] String);

impl Describe for Text {
    fn word(&self) -> &'static str {
        "sanitised"
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
enum Standing {
    #[n(0)]
    Released {
        #[n(0)]
        sanitised: EventRef,
        #[n(1)]
        to: Vec<Role>,
    },
    #[n(1)]
    Withdrawn,
}

impl Describe for Standing {
    fn word(&self) -> &'static str {
        match self {
            Self::Released { .. } => "released",
            Self::Withdrawn => "withdrawn",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    Unknown,
    Written,
    Graded,
    Sanitised,
    Released,
    Expired,
    Withdrawn,
    /// Nodes graded, sanitised or released apart.
    Disputed,
}

impl Phase {
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Written => "written",
            Self::Graded => "graded",
            Self::Sanitised => "sanitised",
            Self::Released => "released",
            Self::Expired => "expired",
            Self::Withdrawn => "withdrawn",
            Self::Disputed => "disputed",
        }
    }
}

/// Everything about one report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Record {
    /// Without its sealed text, which stays in its entry.
    #[n(0)]
    written: Option<(Report, Mark)>,
    #[n(1)]
    root: Register<RootName>,
    #[n(2)]
    grade: Register<Grade>,
    #[n(3)]
    grades: BTreeMap<EventRef, Said<Grade>>,
    #[n(4)]
    text: Register<Text>,
    #[n(5)]
    texts: BTreeMap<EventRef, (String, Mark)>,
    #[n(6)]
    standing: Register<Standing>,
    /// Who read the full text, and why.
    #[n(7)]
    opened: BTreeMap<EventRef, (String, Mark)>,
    #[n(8)]
    feedback: BTreeMap<EventRef, Said<Feedback>>,
}

impl Record {
    #[must_use]
    pub fn written(&self) -> Option<(&Report, &Mark)> {
        self.written.as_ref().map(|(report, mark)| (report, mark))
    }

    /// The grade that counts: of grades given apart the one that moves less.
    #[must_use]
    pub fn grade(&self) -> Option<Grade> {
        let fresh = |grade: &Grade| fusion::weight(*grade, Horizon::Imminent, 0).abs();
        let heads = self.grade.heads().map(|(_, head)| head.value);
        heads.min_by(|a, b| fresh(a).total_cmp(&fresh(b)).then(b.cmp(a)))
    }

    /// The names under which its root is known: more than one while that is in dispute.
    #[must_use]
    pub fn roots(&self) -> Vec<&str> {
        if self.root.is_empty() {
            return self.written.iter().map(|(report, _)| report.root.as_str()).collect();
        }
        self.root.heads().map(|(_, head)| head.value.0.as_str()).collect()
    }

    #[must_use]
    pub fn phase(&self, at: UnixMs) -> Phase {
        let Some((report, _)) = &self.written else { return Phase::Unknown };
        let standing = self.standing.reading();
        if standing == Reading::Agreed(&Standing::Withdrawn) {
            Phase::Withdrawn
        } else if standing == Reading::Disputed
            || self.grade.is_disputed()
            || self.text.is_disputed()
        {
            Phase::Disputed
        } else if report.expires <= at {
            Phase::Expired
        } else if standing != Reading::Empty {
            Phase::Released
        } else if !self.text.is_empty() {
            Phase::Sanitised
        } else if self.grade.is_empty() {
            Phase::Written
        } else {
            Phase::Graded
        }
    }

    #[must_use]
    pub fn is_withdrawn(&self) -> bool {
        self.standing.heads().any(|(_, head)| head.value == Standing::Withdrawn)
    }

    /// Whether it is part of what reports say together at a moment.
    #[must_use]
    pub fn counts(&self, at: UnixMs) -> bool {
        let lives = self.written.as_ref().is_some_and(|(report, _)| at < report.expires);
        lives && !self.is_withdrawn() && self.grade().is_some()
    }

    /// Every grade that was given, with its words, by entry.
    pub fn grades(&self) -> impl Iterator<Item = (EventRef, Grade, &str, &Mark)> {
        self.grades.iter().map(|(at, said)| (*at, said.what, said.words.as_str(), &said.mark))
    }

    /// The text that may go out, with its entry; none while there is none or two differ.
    #[must_use]
    pub fn sanitised(&self) -> Option<(EventRef, &str, &Mark)> {
        self.text.agreed()?;
        self.text.heads().next().map(|(at, head)| (at, head.value.0.as_str(), &head.mark))
    }

    /// The release that stands: its entry, the roles it goes to, the text's entry.
    #[must_use]
    pub fn released(&self) -> Option<(EventRef, &[Role], EventRef, &Mark)> {
        self.standing.agreed()?;
        self.standing.heads().find_map(|(at, head)| match &head.value {
            Standing::Released { sanitised, to } => {
                Some((at, to.as_slice(), *sanitised, &head.mark))
            }
            Standing::Withdrawn => None,
        })
    }

    /// The text of one of its entries: what went out stays what went out.
    pub(super) fn released_text(&self, at: EventRef) -> Option<&str> {
        self.texts.get(&at).map(|(text, _)| text.as_str())
    }

    /// Who read the full text, why and when.
    pub fn readers(&self) -> impl Iterator<Item = (EventRef, &str, &Mark)> {
        self.opened.iter().map(|(at, (reason, mark))| (*at, reason.as_str(), mark))
    }

    pub fn feedback(&self) -> impl Iterator<Item = (Feedback, &str, &Mark)> {
        self.feedback.values().map(|said| (said.what, said.words.as_str(), &said.mark))
    }

    pub(super) fn grader(&self, at: EventRef) -> Option<&Mark> {
        self.grades.get(&at).map(|said| &said.mark)
    }

    pub(super) fn sanitiser(&self, at: EventRef) -> Option<&Mark> {
        self.texts.get(&at).map(|(_, mark)| mark)
    }

    /// Who wrote a text that may go out.
    pub fn sanitisers(&self) -> impl Iterator<Item = &Mark> {
        self.texts.values().map(|(_, mark)| mark)
    }

    pub(super) fn is_grade_disputed(&self) -> bool {
        self.grade.is_disputed()
    }

    pub(super) fn root_refs(&self) -> Vec<EventRef> {
        self.root.refs()
    }

    pub(super) fn grade_refs(&self) -> Vec<EventRef> {
        self.grade.refs()
    }

    pub(super) fn text_refs(&self) -> Vec<EventRef> {
        self.text.refs()
    }

    pub(super) fn standing_refs(&self) -> Vec<EventRef> {
        self.standing.refs()
    }

    pub(super) fn is_released_as(&self, sanitised: EventRef, roles: &[Role]) -> bool {
        self.released().is_some_and(|(_, to, text, _)| to == roles && text == sanitised)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AssessmentPhase {
    Unsigned,
    Signed,
    Lapsed,
    Disputed,
}

impl Describe for Assessment {
    fn word(&self) -> &'static str {
        "assessed"
    }
    fn detail(&self) -> String {
        format!("{}/10000", self.posterior_e4)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WatchPhase {
    Unwatched,
    Watched,
    Ended,
    Disputed,
}

impl Describe for Option<Watch> {
    fn word(&self) -> &'static str {
        if self.is_some() { "watched" } else { "unwatched" }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Intelligence {
    #[n(0)]
    records: BTreeMap<EventRef, Record>,
    /// By the first report.
    #[n(1)]
    assessments: BTreeMap<EventRef, Register<Assessment>>,
    #[n(2)]
    watches: BTreeMap<(AreaId, String), Register<Option<Watch>>>,
    /// What was seen of what fell into a watched area: the first who saw it.
    #[n(3)]
    noticed: BTreeMap<(AreaId, String, String), (EventRef, String, Mark)>,
    #[n(4)]
    tasks: BTreeMap<EventRef, TaskRecord>,
    #[n(5)]
    admissions: BTreeMap<EventRef, Admitted>,
    /// Every release there was, with its report.
    #[n(6)]
    releases: BTreeMap<EventRef, EventRef>,
    /// Acts folded: another number whenever something changed.
    #[n(7)]
    changes: u64,
}

impl Intelligence {
    #[must_use]
    pub fn get(&self, report: EventRef) -> Option<&Record> {
        self.records.get(&report).filter(|record| record.written.is_some())
    }

    /// Every report, by its entry.
    pub fn all(&self) -> impl Iterator<Item = (EventRef, &Record)> {
        let known = self.records.iter().filter(|(_, record)| record.written.is_some());
        known.map(|(at, record)| (*at, record))
    }

    #[must_use]
    pub fn phase(&self, report: EventRef, at: UnixMs) -> Phase {
        self.get(report).map_or(Phase::Unknown, |record| record.phase(at))
    }

    /// The report of a release.
    #[must_use]
    pub fn of_release(&self, release: EventRef) -> Option<(EventRef, &Record)> {
        let report = *self.releases.get(&release)?;
        self.get(report).map(|record| (report, record))
    }

    /// What stands signed about a matter.
    #[must_use]
    pub fn assessment(&self, about: EventRef) -> Option<(EventRef, &Assessment, &Mark)> {
        let register = self.assessments.get(&about)?;
        register.agreed()?;
        register.heads().next().map(|(at, head)| (at, &head.value, &head.mark))
    }

    /// Every assessment that stands.
    pub fn assessments(&self) -> impl Iterator<Item = (EventRef, &Assessment, &Mark)> {
        self.assessments.keys().filter_map(|about| self.assessment(*about))
    }

    #[must_use]
    pub fn assessment_phase(&self, about: EventRef, at: UnixMs) -> AssessmentPhase {
        match self.assessments.get(&about).map(Register::reading) {
            None | Some(Reading::Empty) => AssessmentPhase::Unsigned,
            Some(Reading::Disputed) => AssessmentPhase::Disputed,
            Some(Reading::Agreed(one)) if one.until <= at => AssessmentPhase::Lapsed,
            Some(Reading::Agreed(_)) => AssessmentPhase::Signed,
        }
    }

    /// Areas that are watched at a moment. In a dispute every side is watched.
    pub fn watches(&self, at: UnixMs) -> impl Iterator<Item = (&AreaId, &Watch, &Mark)> {
        self.watches.iter().flat_map(move |((area, _), register)| {
            watched(register, at).map(move |(watch, mark)| (area, watch, mark))
        })
    }

    /// Whether an area is watched under a name by any side, whatever the time.
    pub(super) fn is_watched(&self, area: &AreaId, name: &str) -> bool {
        let register = self.watches.get(&(area.clone(), name.to_owned()));
        register.is_some_and(|it| watched(it, UnixMs(i64::MIN)).next().is_some())
    }

    #[must_use]
    pub fn watch_phase(&self, area: &AreaId, name: &str, at: UnixMs) -> WatchPhase {
        match self.watches.get(&(area.clone(), name.to_owned())).map(Register::reading) {
            None | Some(Reading::Empty | Reading::Agreed(None)) => WatchPhase::Unwatched,
            Some(Reading::Disputed) => WatchPhase::Disputed,
            Some(Reading::Agreed(Some(watch))) if watch.until <= at => WatchPhase::Ended,
            Some(Reading::Agreed(Some(_))) => WatchPhase::Watched,
        }
    }

    /// Who saw first that something fell into a watched area.
    #[must_use]
    pub fn noticed(&self, area: &AreaId, watch: &str, what: &str) -> Option<(&str, &Mark)> {
        let key = (area.clone(), watch.to_owned(), what.to_owned());
        self.noticed.get(&key).map(|(_, note, mark)| (note.as_str(), mark))
    }

    #[must_use]
    pub fn task(&self, task: EventRef) -> Option<&TaskRecord> {
        self.tasks.get(&task).filter(|record| record.asked.is_some())
    }

    pub fn tasks(&self) -> impl Iterator<Item = (EventRef, &TaskRecord)> {
        let known = self.tasks.iter().filter(|(_, record)| record.asked.is_some());
        known.map(|(at, record)| (*at, record))
    }

    #[must_use]
    pub fn task_phase(&self, task: EventRef, at: UnixMs) -> TaskPhase {
        self.task(task).map_or(TaskPhase::Unknown, |record| record.phase(at))
    }

    pub fn admissions(&self) -> impl Iterator<Item = (EventRef, &Admitted)> {
        self.admissions.iter().map(|(at, admitted)| (*at, admitted))
    }

    #[must_use]
    pub fn admission(&self, at: EventRef) -> Option<&Admitted> {
        self.admissions.get(&at).filter(|admitted| admitted.given.is_some())
    }

    /// The entry by which somebody may read a compartment at a moment, within an area.
    #[must_use]
    pub fn admits(
        &self,
        person: &PersonId,
        compartment: Compartment,
        area: &AreaId,
        at: UnixMs,
    ) -> Option<EventRef> {
        let holds = |admitted: &Admitted| {
            admitted.phase(at) == AdmissionPhase::Admitted
                && admitted.given.as_ref().is_some_and(|said| {
                    said.what.person == *person
                        && said.what.compartment == compartment
                        && said.mark.area.contains(area)
                })
        };
        self.admissions.iter().find(|(_, admitted)| holds(admitted)).map(|(at, _)| *at)
    }

    /// How many acts changed something so far.
    #[must_use]
    pub fn changes(&self) -> u64 {
        self.changes
    }

    pub(super) fn assessment_refs(&self, about: EventRef) -> Vec<EventRef> {
        self.assessments.get(&about).map(Register::refs).unwrap_or_default()
    }

    pub(super) fn watch_refs(&self, area: &AreaId, name: &str) -> Vec<EventRef> {
        let key = (area.clone(), name.to_owned());
        self.watches.get(&key).map(Register::refs).unwrap_or_default()
    }

    pub(super) fn watch(&self, area: &AreaId, name: &str) -> Option<&Watch> {
        self.watches.get(&(area.clone(), name.to_owned()))?.agreed()?.as_ref()
    }

    pub(crate) fn evolve(&mut self, stamped: &Stamped, event: &Event) {
        self.changes += 1;
        match event {
            Event::Written(report) => self.write(stamped, report),
            Event::Assessed(assessment) => {
                if let Some(about) = assessment.reports.first() {
                    let register = self.assessments.entry(*about).or_default();
                    register.put(stamped, assessment.clone(), "");
                }
            }
            Event::Watched(watch) => {
                let key = (stamped.area.clone(), watch.name.clone());
                self.watches.entry(key).or_default().put(stamped, Some(watch.clone()), "");
            }
            Event::Unwatched { watch, reason } => {
                let key = (stamped.area.clone(), watch.clone());
                self.watches.entry(key).or_default().put(stamped, None, reason);
            }
            Event::Noticed { watch, what, note } => {
                let key = (stamped.area.clone(), watch.clone(), what.clone());
                let new = (stamped.at, note.clone(), stamped.mark());
                let kept = self.noticed.entry(key).or_insert_with(|| new.clone());
                if (new.2.clock_ms, new.0) < (kept.2.clock_ms, kept.0) {
                    *kept = new;
                }
            }
            Event::Asked(task) => {
                let record = self.tasks.entry(stamped.at).or_default();
                record.asked = Some((task.clone(), stamped.mark()));
            }
            Event::TaskClosed { task, outcome, note } => {
                let record = self.tasks.entry(*task).or_default();
                record.closed.put(stamped, *outcome, note);
            }
            Event::Admitted { admitted, reason } => {
                let said =
                    Said { what: admitted.clone(), words: reason.clone(), mark: stamped.mark() };
                self.admissions.entry(stamped.at).or_default().given = Some(said);
            }
            Event::Excluded { admission, .. } => {
                self.admissions.entry(*admission).or_default().excluded.insert(stamped.at);
            }
            Event::Tied { report, .. }
            | Event::Graded { report, .. }
            | Event::Sanitised { report, .. }
            | Event::Released { report, .. }
            | Event::Withdrawn { report, .. }
            | Event::Opened { report, .. }
            | Event::FedBack { report, .. } => {
                if matches!(event, Event::Released { .. }) {
                    self.releases.insert(stamped.at, *report);
                }
                self.records.entry(*report).or_default().evolve(stamped, event);
            }
        }
    }

    fn write(&mut self, stamped: &Stamped, report: &Report) {
        if let Some(task) = report.task {
            let record = self.tasks.entry(task).or_default();
            record.answers.insert(stamped.at);
        }
        let unsealed = Report { sealed: Vec::new(), ..report.clone() };
        let record = self.records.entry(stamped.at).or_default();
        record.written = Some((unsealed, stamped.mark()));
    }

    pub(crate) fn conflicts(&self) -> Vec<Conflict> {
        let mut found = Vec::new();
        let noun = Noun::Intelligence;
        for (at, record) in &self.records {
            let about = |what: &str| format!("{at} {what}");
            found.extend(conflict::of_register(noun, about("root"), &record.root));
            found.extend(conflict::of_register(noun, about("grade"), &record.grade));
            found.extend(conflict::of_register(noun, about("text"), &record.text));
            found.extend(conflict::of_register(noun, about("release"), &record.standing));
        }
        for (at, register) in &self.assessments {
            found.extend(conflict::of_register(noun, format!("{at} assessment"), register));
        }
        for ((area, name), register) in &self.watches {
            let subject = format!("{} {name} watch", area.as_str());
            found.extend(conflict::of_register(noun, subject, register));
        }
        for (at, record) in &self.tasks {
            found.extend(conflict::of_register(noun, format!("{at} task"), &record.closed));
        }
        found
    }
}

/// The watches of all sides that hold at a moment.
fn watched(
    register: &Register<Option<Watch>>,
    at: UnixMs,
) -> impl Iterator<Item = (&Watch, &Mark)> {
    let heads = register.heads().filter_map(|(_, head)| Some((head.value.as_ref()?, &head.mark)));
    heads.filter(move |(watch, _)| at < watch.until)
}

impl Record {
    fn evolve(&mut self, stamped: &Stamped, event: &Event) {
        match event {
            Event::Tied { root, reason, .. } => {
                self.root.put(stamped, RootName(root.clone()), reason);
            }
            Event::Graded { grade, note, .. } => {
                self.grade.put(stamped, *grade, note);
                let said = Said { what: *grade, words: note.clone(), mark: stamped.mark() };
                self.grades.insert(stamped.at, said);
            }
            Event::Sanitised { text, .. } => {
                self.text.put(stamped, Text(text.clone()), "");
                self.texts.insert(stamped.at, (text.clone(), stamped.mark()));
            }
            Event::Released { sanitised, to, .. } => {
                let standing = Standing::Released { sanitised: *sanitised, to: to.clone() };
                self.standing.put(stamped, standing, "");
            }
            Event::Withdrawn { reason, .. } => {
                self.standing.put(stamped, Standing::Withdrawn, reason);
            }
            Event::Opened { reason, .. } => {
                self.opened.insert(stamped.at, (reason.clone(), stamped.mark()));
            }
            Event::FedBack { feedback, note, .. } => {
                let said = Said { what: *feedback, words: note.clone(), mark: stamped.mark() };
                self.feedback.insert(stamped.at, said);
            }
            Event::Written(_)
            | Event::Assessed(_)
            | Event::Watched(_)
            | Event::Unwatched { .. }
            | Event::Noticed { .. }
            | Event::Asked(_)
            | Event::TaskClosed { .. }
            | Event::Admitted { .. }
            | Event::Excluded { .. } => {}
        }
    }
}
