//! Questions to services, and ways into compartments, as they stand on record.

use super::{Admission, Outcome, Task};
use crate::{
    conflict::Describe,
    register::{Reading, Register},
    stamp::{EventRef, Mark},
};
use minicbor::{Decode, Encode};
use pehra_domain::UnixMs;
use std::collections::BTreeSet;

/// One act with its words and who did it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(super) struct Said<T> {
    #[n(0)]
    pub(super) what: T,
    #[n(1)]
    pub(super) words: String,
    #[n(2)]
    pub(super) mark: Mark,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TaskPhase {
    Unknown,
    Asked,
    /// A report names it.
    Answered,
    /// Its time is over and nobody answered.
    Overdue,
    Closed,
    Disputed,
}

impl TaskPhase {
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Asked => "asked",
            Self::Answered => "answered",
            Self::Overdue => "overdue",
            Self::Closed => "closed",
            Self::Disputed => "disputed",
        }
    }
}

impl Describe for Outcome {
    fn word(&self) -> &'static str {
        "closed"
    }
    fn detail(&self) -> String {
        self.code().to_owned()
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct TaskRecord {
    #[n(0)]
    pub(super) asked: Option<(Task, Mark)>,
    #[n(1)]
    pub(super) closed: Register<Outcome>,
    /// Reports that name it.
    #[n(2)]
    pub(super) answers: BTreeSet<EventRef>,
}

impl TaskRecord {
    #[must_use]
    pub fn asked(&self) -> Option<(&Task, &Mark)> {
        self.asked.as_ref().map(|(task, mark)| (task, mark))
    }

    pub fn answers(&self) -> impl Iterator<Item = EventRef> {
        self.answers.iter().copied()
    }

    /// How it ended, in whose words.
    #[must_use]
    pub fn closing(&self) -> Option<(Outcome, &str, &Mark)> {
        self.closed.agreed()?;
        let (_, head) = self.closed.heads().next()?;
        Some((head.value, head.note.as_str(), &head.mark))
    }

    #[must_use]
    pub fn phase(&self, at: UnixMs) -> TaskPhase {
        let Some((task, _)) = &self.asked else { return TaskPhase::Unknown };
        match self.closed.reading() {
            Reading::Disputed => TaskPhase::Disputed,
            Reading::Agreed(_) => TaskPhase::Closed,
            Reading::Empty if !self.answers.is_empty() => TaskPhase::Answered,
            Reading::Empty if task.answer_by <= at => TaskPhase::Overdue,
            Reading::Empty => TaskPhase::Asked,
        }
    }

    pub(super) fn refs(&self) -> Vec<EventRef> {
        self.closed.refs()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AdmissionPhase {
    Unknown,
    Admitted,
    RunOut,
    Excluded,
}

/// Somebody's way into a compartment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Admitted {
    #[n(0)]
    pub(super) given: Option<Said<Admission>>,
    /// Entries that end it.
    #[n(1)]
    pub(super) excluded: BTreeSet<EventRef>,
}

impl Admitted {
    #[must_use]
    pub fn given(&self) -> Option<(&Admission, &str, &Mark)> {
        self.given.as_ref().map(|said| (&said.what, said.words.as_str(), &said.mark))
    }

    #[must_use]
    pub fn phase(&self, at: UnixMs) -> AdmissionPhase {
        match &self.given {
            None => AdmissionPhase::Unknown,
            Some(_) if !self.excluded.is_empty() => AdmissionPhase::Excluded,
            Some(said) if said.what.until <= at => AdmissionPhase::RunOut,
            Some(_) => AdmissionPhase::Admitted,
        }
    }
}
