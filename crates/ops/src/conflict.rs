//! What was decided differently by people who could not hear each other. Shown until somebody settles it.

use crate::{
    register::Register,
    stamp::{EventRef, Mark},
};

/// The noun that is in dispute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Noun {
    Election,
    Person,
    Dataset,
    Parameter,
    OfficialClass,
    RiskOverride,
    Plan,
    Lock,
    Poll,
    Survey,
    CheckIn,
    Incident,
    Suspension,
    Order,
    Custody,
    Deletion,
    Intelligence,
    Equipment,
    Report,
    Draw,
    Dispatch,
    Readiness,
    Patrol,
    Training,
    Alert,
    Finding,
    Campaign,
    Community,
}

impl Noun {
    pub const ALL: [Self; 28] = [
        Self::Election,
        Self::Person,
        Self::Dataset,
        Self::Parameter,
        Self::OfficialClass,
        Self::RiskOverride,
        Self::Plan,
        Self::Lock,
        Self::Poll,
        Self::Survey,
        Self::CheckIn,
        Self::Incident,
        Self::Suspension,
        Self::Order,
        Self::Custody,
        Self::Deletion,
        Self::Intelligence,
        Self::Equipment,
        Self::Report,
        Self::Draw,
        Self::Dispatch,
        Self::Readiness,
        Self::Patrol,
        Self::Training,
        Self::Alert,
        Self::Finding,
        Self::Campaign,
        Self::Community,
    ];

    /// The name of the noun's file and diagram: `official_class`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Election => "election",
            Self::Person => "person",
            Self::Dataset => "dataset",
            Self::Parameter => "parameter",
            Self::OfficialClass => "official_class",
            Self::RiskOverride => "risk_override",
            Self::Plan => "plan",
            Self::Lock => "lock",
            Self::Poll => "poll",
            Self::Survey => "survey",
            Self::CheckIn => "check_in",
            Self::Incident => "incident",
            Self::Suspension => "suspension",
            Self::Intelligence => "intelligence",
            Self::Order => "order",
            Self::Custody => "custody",
            Self::Deletion => "deletion",
            Self::Equipment => "equipment",
            Self::Report => "report",
            Self::Draw => "draw",
            Self::Dispatch => "dispatch",
            Self::Readiness => "readiness",
            Self::Patrol => "patrol",
            Self::Training => "training",
            Self::Alert => "alert",
            Self::Finding => "finding",
            Self::Campaign => "campaign",
            Self::Community => "community",
        }
    }
}

/// One side of a conflict: who did what, when, and in which entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    pub at: EventRef,
    pub mark: Mark,
    /// What was done, as a stable word for the screen to translate: `adopted`, `withdrawn`, `pinned`.
    pub word: &'static str,
    /// The value: a hash, a class, a number. Needs no translation.
    pub detail: String,
    /// The reason that was given, as written.
    pub note: String,
}

/// How the sides contradict each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConflictKind {
    /// Written apart, with different values.
    DecidedApart,
    /// Each was possible alone; together they ask for more people than the unit has.
    BeyondStrength,
}

impl ConflictKind {
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::DecidedApart => "decided-apart",
            Self::BeyondStrength => "beyond-strength",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    pub noun: Noun,
    pub kind: ConflictKind,
    /// What it is about: a key of the noun as text.
    pub subject: String,
    /// In the order of the entries' names; at least two.
    pub sides: Vec<Side>,
}

/// How a value reads as one side of a conflict.
pub(crate) trait Describe {
    fn word(&self) -> &'static str;
    fn detail(&self) -> String {
        String::new()
    }
}

/// All sides of a register.
pub(crate) fn sides<T: Describe + PartialEq>(register: &Register<T>) -> Vec<Side> {
    register
        .heads()
        .map(|(at, head)| Side {
            at,
            mark: head.mark.clone(),
            word: head.value.word(),
            detail: head.value.detail(),
            note: head.note.clone(),
        })
        .collect()
}

/// The conflict in a register, if its heads differ.
#[expect(clippy::needless_pass_by_value, reason = "callers pass what they have at hand")]
pub(crate) fn of_register<T: Describe + PartialEq>(
    noun: Noun,
    subject: impl ToString,
    register: &Register<T>,
) -> Option<Conflict> {
    register.is_disputed().then(|| Conflict {
        noun,
        kind: ConflictKind::DecidedApart,
        subject: subject.to_string(),
        sides: sides(register),
    })
}
