//! The intelligence desk: reports that are graded by another person than their writer, sanitised, and released by
//! another person again; what they say together, signed by a person; areas that are watched; questions to services.
//!
//! The full text of a report is sealed before it comes here and no part of this crate can read it. What stands in the
//! clear is what fusion needs: a category of source, an opaque name of its root, place, window, threat, grade. There is
//! no field for a person, a party or an identity number, and a root's name cannot be a person's.

mod decide;
pub mod fusion;
pub mod geometry;
pub mod near;
mod record;
mod side;
pub mod warning;
pub mod watch;
mod word;

pub(crate) use decide::{check, check_references, decide, earlier_acts};
pub use record::{AssessmentPhase, Intelligence, Phase, Record, WatchPhase};
pub use side::{AdmissionPhase, Admitted, TaskPhase, TaskRecord};
pub use word::{
    Caveat, Compartment, Credibility, Feedback, Handling, Horizon, Outcome, Reliability, Service,
    SourceKind, Target, Threat,
};

use crate::{check_in::Subject, content::Piece, stamp::EventRef};
use minicbor::{Decode, Encode};
use pehra_domain::{AreaId, PersonId, Point, UnixMs, role::Role};

/// Longest sealed text, in bytes. A text of eight thousand bytes to sixty-four readers stays below it.
pub const SEALED_BYTES_MAX: usize = 24_576;
/// Most points of a route, and most corners of a watched area.
pub const POINTS_MAX: usize = 128;
/// Widest place that a report may name: beyond it, name the area.
pub const RADIUS_M_MAX: u32 = 200_000;
/// Most reports under one assessment.
pub const REPORTS_MAX: usize = 64;
/// Longest name of a root.
pub const ROOT_BYTES_MAX: usize = 24;

/// The two letters of the Admiralty scale, each judged for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct Grade {
    /// How far the source can be trusted.
    #[n(0)]
    pub source: Reliability,
    /// How likely what it says is.
    #[n(1)]
    pub item: Credibility,
}

impl std::fmt::Display for Grade {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}", self.source.letter(), self.item.number())
    }
}

/// From when (included) to when (excluded).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct Window {
    #[n(0)]
    pub from: UnixMs,
    #[n(1)]
    pub until: UnixMs,
}

impl Window {
    #[must_use]
    pub fn meets(&self, other: &Self) -> bool {
        self.from < other.until && other.from < self.until
    }
}

/// Where: a thing that is on record, a spot or a route, and how far around.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Place {
    #[n(0)]
    pub subject: Option<Subject>,
    /// None: the area alone. One: a spot. More: a route.
    #[n(1)]
    pub points: Vec<Point>,
    #[n(2)]
    pub radius_m: u32,
}

/// What a service reports. The text itself is sealed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Report {
    #[n(0)]
    pub service: Service,
    #[n(1)]
    pub source: SourceKind,
    /// Who said it first, under a name that says nothing: letters, digits and hyphens, one digit at least. Equal names
    /// are one root, however many services pass it on.
    #[n(2)]
    pub root: String,
    #[n(3)]
    pub obtained: UnixMs,
    #[n(4)]
    pub window: Window,
    #[n(5)]
    pub place: Place,
    #[n(6)]
    pub target: Target,
    #[n(7)]
    pub threat: Threat,
    #[n(8)]
    pub horizon: Horizon,
    #[n(9)]
    pub handling: Handling,
    #[n(10)]
    pub caveats: Vec<Caveat>,
    #[n(11)]
    pub compartment: Compartment,
    #[n(12)]
    pub expires: UnixMs,
    /// The text, sealed to the compartment's readers.
    #[n(13)]
    #[cbor(with = "minicbor::bytes")]
    pub sealed: Vec<u8>,
    /// The question that it answers.
    #[n(14)]
    pub task: Option<EventRef>,
}

/// What reports say together, as a person signs it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Assessment {
    /// The first names the matter.
    #[n(0)]
    pub reports: Vec<EventRef>,
    /// In ten-thousandths.
    #[n(1)]
    pub prior_e4: u32,
    #[n(2)]
    pub posterior_e4: u32,
    /// The risk index's T3.
    #[n(3)]
    pub level: u8,
    #[n(4)]
    pub roots: u32,
    /// The moment for which it was computed.
    #[n(5)]
    pub at: UnixMs,
    #[n(6)]
    pub until: UnixMs,
    /// The person's own words.
    #[n(7)]
    pub words: String,
}

/// What a watched area looks like.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Shape {
    /// The whole of the entry's area.
    #[n(0)]
    Area,
    #[n(1)]
    Circle {
        #[n(0)]
        centre: Point,
        #[n(1)]
        radius_m: u32,
    },
    /// Corners in order; the last is joined to the first.
    #[n(2)]
    Polygon(#[n(0)] Vec<Point>),
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Watch {
    #[n(0)]
    pub name: String,
    #[n(1)]
    pub shape: Shape,
    /// Empty: every threat.
    #[n(2)]
    pub threats: Vec<Threat>,
    /// Whether incidents raise the hand as well.
    #[n(3)]
    pub incidents: bool,
    #[n(4)]
    pub until: UnixMs,
}

/// A question to a service.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Task {
    #[n(0)]
    pub service: Service,
    #[n(1)]
    pub question: String,
    #[n(2)]
    pub place: Place,
    #[n(3)]
    pub answer_by: UnixMs,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Write { area: AreaId, report: Report },
    Tie { report: EventRef, root: String, reason: String },
    Grade { report: EventRef, grade: Grade, note: String },
    Sanitise { report: EventRef, text: String },
    Release { report: EventRef, to: Vec<Role> },
    Withdraw { report: EventRef, reason: String },
    Open { report: EventRef, reason: String },
    FeedBack { report: EventRef, feedback: Feedback, note: String },
    Assess { area: AreaId, reports: Vec<EventRef>, until: UnixMs, words: String },
    Watch { area: AreaId, watch: Watch },
    Unwatch { area: AreaId, watch: String, reason: String },
    Notice { area: AreaId, watch: String, what: String, note: String },
    Ask { area: AreaId, task: Task },
    CloseTask { task: EventRef, outcome: Outcome, note: String },
    Admit { area: AreaId, admitted: Admission, reason: String },
    Exclude { admission: EventRef, reason: String },
}

/// Somebody who may read a compartment.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Admission {
    #[n(0)]
    pub person: PersonId,
    #[n(1)]
    pub compartment: Compartment,
    #[n(2)]
    pub until: UnixMs,
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Event {
    #[n(1600)]
    Written(#[n(0)] Report),
    #[n(1601)]
    Tied {
        #[n(0)]
        report: EventRef,
        #[n(1)]
        root: String,
        #[n(2)]
        reason: String,
    },
    #[n(1602)]
    Graded {
        #[n(0)]
        report: EventRef,
        #[n(1)]
        grade: Grade,
        #[n(2)]
        note: String,
    },
    #[n(1603)]
    Sanitised {
        #[n(0)]
        report: EventRef,
        /// The grade that its writer had before them.
        #[n(1)]
        graded: EventRef,
        #[n(2)]
        text: String,
    },
    #[n(1604)]
    Released {
        #[n(0)]
        report: EventRef,
        #[n(1)]
        graded: EventRef,
        /// The entry with the text that goes out.
        #[n(2)]
        sanitised: EventRef,
        #[n(3)]
        to: Vec<Role>,
    },
    #[n(1605)]
    Withdrawn {
        #[n(0)]
        report: EventRef,
        #[n(1)]
        reason: String,
    },
    /// Somebody reads the full text.
    #[n(1606)]
    Opened {
        #[n(0)]
        report: EventRef,
        #[n(1)]
        admission: Option<EventRef>,
        #[n(2)]
        reason: String,
    },
    #[n(1607)]
    FedBack {
        #[n(0)]
        report: EventRef,
        #[n(1)]
        feedback: Feedback,
        #[n(2)]
        note: String,
    },
    #[n(1608)]
    Assessed(#[n(0)] Assessment),
    #[n(1609)]
    Watched(#[n(0)] Watch),
    #[n(1610)]
    Unwatched {
        #[n(0)]
        watch: String,
        #[n(1)]
        reason: String,
    },
    /// Somebody saw what fell into a watched area.
    #[n(1611)]
    Noticed {
        #[n(0)]
        watch: String,
        /// A report's entry or an incident's name.
        #[n(1)]
        what: String,
        #[n(2)]
        note: String,
    },
    #[n(1612)]
    Asked(#[n(0)] Task),
    #[n(1613)]
    TaskClosed {
        #[n(0)]
        task: EventRef,
        #[n(1)]
        outcome: Outcome,
        #[n(2)]
        note: String,
    },
    #[n(1614)]
    Admitted {
        #[n(0)]
        admitted: Admission,
        #[n(1)]
        reason: String,
    },
    #[n(1615)]
    Excluded {
        #[n(0)]
        admission: EventRef,
        #[n(1)]
        reason: String,
    },
}

impl Event {
    #[must_use]
    pub(crate) fn kind(&self) -> u32 {
        match self {
            Self::Written(_) => 1600,
            Self::Tied { .. } => 1601,
            Self::Graded { .. } => 1602,
            Self::Sanitised { .. } => 1603,
            Self::Released { .. } => 1604,
            Self::Withdrawn { .. } => 1605,
            Self::Opened { .. } => 1606,
            Self::FedBack { .. } => 1607,
            Self::Assessed(_) => 1608,
            Self::Watched(_) => 1609,
            Self::Unwatched { .. } => 1610,
            Self::Noticed { .. } => 1611,
            Self::Asked(_) => 1612,
            Self::TaskClosed { .. } => 1613,
            Self::Admitted { .. } => 1614,
            Self::Excluded { .. } => 1615,
        }
    }

    /// The report that a later act is about.
    #[must_use]
    pub fn report(&self) -> Option<EventRef> {
        match self {
            Self::Tied { report, .. }
            | Self::Graded { report, .. }
            | Self::Sanitised { report, .. }
            | Self::Released { report, .. }
            | Self::Withdrawn { report, .. }
            | Self::Opened { report, .. }
            | Self::FedBack { report, .. } => Some(*report),
            Self::Written(_)
            | Self::Assessed(_)
            | Self::Watched(_)
            | Self::Unwatched { .. }
            | Self::Noticed { .. }
            | Self::Asked(_)
            | Self::TaskClosed { .. }
            | Self::Admitted { .. }
            | Self::Excluded { .. } => None,
        }
    }

    pub(crate) fn pieces<'a>(&'a self, see: &mut dyn FnMut(Piece<'a>)) {
        match self {
            Self::Written(report) => {
                see(Piece::Id(&report.root, is_root(&report.root)));
                place_pieces(&report.place, see);
            }
            Self::Tied { root, reason, .. } => {
                see(Piece::Id(root, is_root(root)));
                see(Piece::Required(reason));
            }
            Self::Graded { note: words, .. }
            | Self::FedBack { note: words, .. }
            | Self::TaskClosed { note: words, .. } => see(Piece::Optional(words)),
            Self::Sanitised { text: words, .. }
            | Self::Withdrawn { reason: words, .. }
            | Self::Opened { reason: words, .. }
            | Self::Excluded { reason: words, .. } => see(Piece::Required(words)),
            Self::Released { to, .. } => {
                for role in to {
                    see(Piece::role(role));
                }
            }
            Self::Assessed(assessment) => see(Piece::Required(&assessment.words)),
            Self::Watched(watch) => see(Piece::Name(&watch.name)),
            Self::Unwatched { watch, reason } => {
                see(Piece::Name(watch));
                see(Piece::Required(reason));
            }
            Self::Noticed { watch, what, note } => {
                see(Piece::Name(watch));
                see(Piece::Name(what));
                see(Piece::Optional(note));
            }
            Self::Asked(task) => {
                see(Piece::Required(&task.question));
                place_pieces(&task.place, see);
            }
            Self::Admitted { admitted, reason } => {
                see(Piece::person(&admitted.person));
                see(Piece::Required(reason));
            }
        }
    }
}

fn place_pieces<'a>(place: &'a Place, see: &mut dyn FnMut(Piece<'a>)) {
    match &place.subject {
        Some(Subject::Station(id)) => see(Piece::station(id)),
        Some(Subject::Sector(name) | Subject::Convoy(name)) => see(Piece::Name(name)),
        None => {}
    }
}

/// Whether a text can name a root: nobody's name has a digit and no small letter.
#[must_use]
pub fn is_root(text: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-';
    (3..=ROOT_BYTES_MAX).contains(&text.len())
        && text.bytes().all(letter)
        && text.bytes().any(|byte| byte.is_ascii_digit())
        && !crate::content::holds_identity_number(text)
}

#[cfg(test)]
mod tests;
