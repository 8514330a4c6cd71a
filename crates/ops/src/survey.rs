//! What somebody saw at a building or answered for a district. By schema there is no place for a person:
//! photographs are of a closed list of parts of a building.

use crate::{
    conflict::{self, Conflict, Describe, Noun},
    content::Piece,
    event,
    refusal::{Refusal, RefusalCode},
    register::{Head, Register},
    stamp::{Context, Decided, EventRef, Hash32, Mark, Stamped},
    state::State,
};
use minicbor::{Decode, Encode};
use pehra_domain::{
    AreaId, Date, UnixMs,
    risk::Factor,
    survey::{SurveyAnswer, SurveySubject},
};
use std::collections::{BTreeMap, BTreeSet};

/// Highest score: 4.00, extreme.
pub const SCORE_CENTI_MAX: u16 = 400;

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Answer {
    /// Key of the question in the form: `walls`, `gates`, `radio-test`.
    #[n(0)]
    pub question: String,
    /// Score in hundredths, 0 (no concern) to 400 (extreme).
    #[n(1)]
    pub centi: u16,
    #[n(2)]
    pub factor: Option<Factor>,
    #[n(3)]
    pub note: String,
}

/// What a photograph may show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum View {
    #[n(0)]
    Walls,
    #[n(1)]
    Gate,
    #[n(2)]
    SightLine,
    #[n(3)]
    Light,
    #[n(4)]
    Power,
    #[n(5)]
    RadioTest,
    #[n(6)]
    QueueSpace,
    #[n(7)]
    Approach,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Photograph {
    /// SHA-256 of the file.
    #[n(0)]
    pub sha256: Hash32,
    #[n(1)]
    pub view: View,
}

/// One filled form.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Form {
    #[n(0)]
    pub subject: SurveySubject,
    #[n(1)]
    pub on: Date,
    /// Role of who looked; not a name.
    #[n(2)]
    pub surveyor_role: String,
    #[n(3)]
    pub answers: Vec<Answer>,
    #[n(4)]
    pub photographs: Vec<Photograph>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Record { area: AreaId, form: Form },
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Event {
    #[n(1000)]
    Recorded(#[n(0)] Form),
}

impl Event {
    pub(crate) fn pieces<'a>(&'a self, see: &mut dyn FnMut(Piece<'a>)) {
        let Self::Recorded(form) = self;
        match &form.subject {
            SurveySubject::Building(building) => see(Piece::building(building)),
            SurveySubject::District(area) => see(Piece::Area(area)),
        }
        see(Piece::Name(&form.surveyor_role));
        for answer in &form.answers {
            see(Piece::Name(&answer.question));
            see(Piece::Optional(&answer.note));
        }
    }
}

/// One answer as it stands, with the day it was seen.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Seen {
    #[n(0)]
    pub centi: u16,
    #[n(1)]
    pub factor: Option<Factor>,
    #[n(2)]
    pub on: Date,
    #[n(3)]
    pub surveyor_role: String,
}

impl Describe for Seen {
    fn word(&self) -> &'static str {
        "answered"
    }
    fn detail(&self) -> String {
        format!(
            "{}.{:02} · {} · {}",
            self.centi / 100,
            self.centi % 100,
            self.on,
            self.surveyor_role
        )
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Surveys {
    #[n(0)]
    answers: BTreeMap<(SurveySubject, String), Register<Seen>>,
    #[n(1)]
    photographs: BTreeMap<SurveySubject, BTreeSet<Photograph>>,
    /// See [`Self::mark`].
    #[n(2)]
    #[cbor(default)]
    mark: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    Unseen,
    Answered,
    Disputed,
}

impl Surveys {
    /// Where a building or district stands: disputed if any of its answers is.
    #[must_use]
    pub fn phase(&self, subject: &SurveySubject) -> Phase {
        let mut phase = Phase::Unseen;
        if self.photographs.contains_key(subject) {
            phase = Phase::Answered;
        }
        for (_, register) in self.of(subject) {
            phase =
                phase.max(if register.is_disputed() { Phase::Disputed } else { Phase::Answered });
        }
        phase
    }

    fn of<'a>(
        &'a self,
        subject: &'a SurveySubject,
    ) -> impl Iterator<Item = (&'a str, &'a Register<Seen>)> {
        self.answers
            .range((subject.clone(), String::new())..)
            .take_while(move |((other, _), _)| other == subject)
            .map(|((_, question), register)| (question.as_str(), register))
    }

    /// All answers that stand, in the shape that the risk model takes. Of answers that differ the most recent
    /// day counts, and of the same day the more careful (higher) score: the dispute stays visible.
    #[must_use]
    pub fn answers(&self) -> Vec<SurveyAnswer> {
        self.answers
            .iter()
            .filter_map(|((subject, question), register)| {
                let head = register
                    .heads()
                    .map(|(at, head)| (head.value.on, head.value.centi, at, head))
                    .max_by_key(|(on, centi, at, _)| (*on, *centi, *at))?
                    .3;
                Some(SurveyAnswer {
                    subject: subject.clone(),
                    question: question.clone(),
                    centi: head.value.centi,
                    factor: head.value.factor,
                    on: head.value.on,
                    surveyor_role: head.value.surveyor_role.clone(),
                    note: head.note.clone(),
                })
            })
            .collect()
    }

    /// The answers of one form's subject by question, with who recorded them.
    pub fn by_question<'a>(
        &'a self,
        subject: &'a SurveySubject,
    ) -> impl Iterator<Item = (&'a str, &'a Seen, &'a Mark, &'a str)> {
        self.of(subject).flat_map(|(question, register)| {
            register
                .heads()
                .map(move |(_, head)| (question, &head.value, &head.mark, head.note.as_str()))
        })
    }

    pub fn photographs(&self, subject: &SurveySubject) -> impl Iterator<Item = &Photograph> {
        self.photographs.get(subject).into_iter().flatten()
    }

    /// Every answered question's subject, whether its answers contradict each other, and when the newest was signed.
    pub fn subjects(&self) -> impl Iterator<Item = (&SurveySubject, bool, UnixMs)> {
        self.answers.iter().filter_map(|((subject, _), register)| {
            let newest = register.heads().map(|(_, head)| head.mark.clock_ms).max()?;
            Some((subject, register.is_disputed(), newest))
        })
    }

    /// Every photograph on record, with its building.
    pub fn all_photographs(&self) -> impl Iterator<Item = (&SurveySubject, &Photograph)> {
        let all = self.photographs.iter();
        all.flat_map(|(subject, kept)| kept.iter().map(move |photograph| (subject, photograph)))
    }

    /// Whether a form says nothing that does not stand already, so that a form that is sent twice, because its answer
    /// was lost on the way, is one entry.
    #[must_use]
    pub fn has(&self, form: &Form) -> bool {
        let stands = |answer: &Answer| {
            let key = (form.subject.clone(), answer.question.clone());
            let Some(register) = self.answers.get(&key) else { return false };
            register.agreed().is_some_and(|seen| {
                seen.centi == answer.centi
                    && seen.factor == answer.factor
                    && seen.on == form.on
                    && seen.surveyor_role == form.surveyor_role
            }) && register.heads().all(|(_, head)| head.note == answer.note)
        };
        let kept = self.photographs.get(&form.subject);
        let shown = |photograph| kept.is_some_and(|kept| kept.contains(photograph));
        form.answers.iter().all(stands) && form.photographs.iter().all(shown)
    }

    /// Another number whenever other forms were folded, whatever their order: what was worked out from the answers is
    /// current as long as the mark stays.
    #[must_use]
    pub fn mark(&self) -> u64 {
        self.mark
    }

    pub(crate) fn evolve(&mut self, stamped: &Stamped, event: &Event) {
        let Event::Recorded(form) = event;
        self.mark = self.mark.wrapping_add(spread(&stamped.at));
        for answer in &form.answers {
            let value = Seen {
                centi: answer.centi,
                factor: answer.factor,
                on: form.on,
                surveyor_role: form.surveyor_role.clone(),
            };
            let head = Head { mark: stamped.mark(), value, note: answer.note.clone() };
            let key = (form.subject.clone(), answer.question.clone());
            let register = self.answers.entry(key).or_default();
            register.write(stamped.at, &stamped.supersedes, head);
        }
        if !form.photographs.is_empty() {
            let kept = self.photographs.entry(form.subject.clone()).or_default();
            kept.extend(form.photographs.iter().copied());
        }
    }

    pub(crate) fn conflicts(&self) -> Vec<Conflict> {
        self.answers
            .iter()
            .filter_map(|((subject, question), register)| {
                let subject = match subject {
                    SurveySubject::Building(building) => format!("{building} {question}"),
                    SurveySubject::District(area) => format!("{area} {question}"),
                };
                conflict::of_register(Noun::Survey, subject, register)
            })
            .collect()
    }
}

/// A reference as a number that looks like chance, so that sums of different ones differ.
fn spread(at: &EventRef) -> u64 {
    let parts = at.device.iter().map(|byte| u64::from(*byte)).chain([u64::from(at.epoch), at.seq]);
    parts.fold(0xcbf2_9ce4_8422_2325, |sum, part| {
        let mixed = (sum ^ part).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed ^ (mixed >> 29)
    })
}

pub(crate) fn decide(
    state: &State,
    _context: &Context,
    command: &Command,
) -> Result<Vec<Decided>, Refusal> {
    let Command::Record { area, form } = command;
    state.elections.nature()?;
    let surveys = &state.surveys;
    let asked: BTreeSet<&str> = form.answers.iter().map(|a| a.question.as_str()).collect();
    let refs: BTreeSet<EventRef> = surveys
        .of(&form.subject)
        .filter(|(question, _)| asked.contains(question))
        .flat_map(|(_, register)| register.refs())
        .collect();
    let refs: Vec<EventRef> = refs.into_iter().collect();
    Ok(Decided::over(&event::Event::Survey(Event::Recorded(form.clone())), area, &refs))
}

pub(crate) fn check(form: &Form) -> Result<(), Refusal> {
    if form.answers.is_empty() && form.photographs.is_empty() {
        return Err(Refusal::of(RefusalCode::SurveyEmpty, ""));
    }
    if matches!(form.subject, SurveySubject::District(_)) && !form.photographs.is_empty() {
        return Err(Refusal::of(RefusalCode::PhotographOfDistrict, ""));
    }
    let mut asked = BTreeSet::new();
    for answer in &form.answers {
        if answer.centi > SCORE_CENTI_MAX {
            return Err(Refusal::of(RefusalCode::ScoreOutOfRange, &answer.question));
        }
        if !asked.insert(answer.question.as_str()) {
            return Err(Refusal::of(RefusalCode::QuestionTwice, &answer.question));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
