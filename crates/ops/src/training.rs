//! Training as it was held: who attended, who passed what, and the certificates that follow from it.
//!
//! One entry holds a whole course's list. A certificate names the lists and tests that it rests on and what was asked, so
//! that every node judges it alike, whatever table of modules it has: who was not there for the hours, or did not pass,
//! is certified nowhere. Nobody signs for themselves: neither a trainer on his own list nor whoever signs the entry.

mod decide;
mod evidence;
mod person;
mod record;
mod roll;
mod rule;

pub(crate) use decide::decide;
pub use evidence::Basis;
pub use person::{Phase, Place};
pub use record::{Counted, Course as CourseFile, Key, Trainings};
pub use roll::Roll;
pub(crate) use rule::check;

use crate::{
    authorise::Act,
    content::Piece,
    permission as row,
    refusal::Refusal,
    stamp::{EventRef, Hash32, Mark},
    state::State,
};
use minicbor::{Decode, Encode};
use pehra_domain::{AreaId, Date, PersonId, UnixMs, training::Validity};

/// Most people of one list, as many as the largest room seats.
pub const PEOPLE_MAX: usize = 2_000;
/// Most attendance lists that a certificate rests on: with a quiz and a practical test they fit an entry's references.
pub const LISTS_MAX: usize = 2;
/// Most districts of one forecast.
pub const LINES_MAX: usize = 512;
/// Most days of one district's forecast.
pub const DAYS_MAX: usize = 400;

/// How attendance was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Taken {
    /// On paper, signed by those present.
    #[n(0)]
    List,
    /// From codes that those present carried.
    #[n(1)]
    Code,
    /// By telephone, from the room.
    #[n(2)]
    Phone,
}

impl Taken {
    pub const ALL: [Self; 3] = [Self::List, Self::Code, Self::Phone];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Code => "code",
            Self::Phone => "phone",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|taken| taken.name() == text)
    }
}

/// A course as it was held.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Held {
    /// As the timetable names it, within its area.
    #[n(0)]
    pub course: String,
    /// From 1 to 13.
    #[n(1)]
    pub module: u8,
    #[n(2)]
    pub on: Date,
    #[n(3)]
    pub venue: String,
    #[n(4)]
    pub hours: u8,
    /// By service number.
    #[n(5)]
    pub trainer: PersonId,
    #[n(6)]
    pub present: Roll,
    #[n(7)]
    pub taken: Taken,
    /// SHA-256 of a copy of the signed paper.
    #[n(8)]
    pub sheet: Option<Hash32>,
}

/// How a quiz came out.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Quiz {
    /// SHA-256 of the item bank that the questions were drawn from.
    #[n(0)]
    pub bank: Hash32,
    /// From which, with the bank, everybody's questions follow.
    #[n(1)]
    pub seed: u64,
    #[n(2)]
    pub asked: u8,
    /// Whoever marked it, by service number.
    #[n(3)]
    pub examiner: PersonId,
    #[n(4)]
    pub sat: Roll,
    /// Right answers, in the order of the roll.
    #[n(5)]
    #[cbor(with = "minicbor::bytes")]
    pub right: Vec<u8>,
    #[n(6)]
    pub on: Date,
}

impl Quiz {
    /// Right answers of somebody; none when they did not sit it.
    #[must_use]
    pub fn right_of(&self, number: &str) -> Option<u8> {
        let at = self.sat.iter().position(|other| other == number)?;
        self.right.get(at).copied()
    }

    fn passed(&self, number: &str, percent: u8) -> bool {
        self.right_of(number).is_some_and(|right| {
            u32::from(right) * 100 >= u32::from(percent) * u32::from(self.asked)
        })
    }
}

/// How a practical test came out.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Practical {
    /// What was shown: `observed drill`.
    #[n(0)]
    pub test: String,
    #[n(1)]
    pub examiner: PersonId,
    #[n(2)]
    pub passed: Roll,
    #[n(3)]
    pub failed: Roll,
    #[n(4)]
    pub on: Date,
}

/// What a module asks of whoever is certified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Standard {
    #[n(0)]
    pub hours: u8,
    /// Per cent of right answers; 0 where there is no quiz.
    #[n(1)]
    pub percent: u8,
    /// Fewest questions of the quiz.
    #[n(2)]
    pub questions: u8,
    #[n(3)]
    pub practical: bool,
    /// How long it counts; 0 for this election.
    #[n(4)]
    pub months: u8,
}

impl Standard {
    #[must_use]
    pub fn validity(self) -> Validity {
        match self.months {
            0 => Validity::Election,
            months => Validity::Months(months),
        }
    }

    /// Whether it asks nowhere less than another, and counts no longer.
    #[must_use]
    pub fn is_no_less_than(self, other: Self) -> bool {
        let lasts = |one: Self| if one.months == 0 { u8::MAX } else { one.months };
        self.hours >= other.hours
            && self.percent >= other.percent
            && self.questions >= other.questions
            && self.practical >= other.practical
            && lasts(self) <= lasts(other)
    }
}

/// Certificates of one module for people of one course.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Certificate {
    #[n(0)]
    pub module: u8,
    #[n(1)]
    pub standard: Standard,
    /// Attendance lists; hours are added.
    #[n(2)]
    pub lists: Vec<EventRef>,
    #[n(3)]
    pub quiz: Option<EventRef>,
    #[n(4)]
    pub practical: Option<EventRef>,
    #[n(5)]
    pub people: Roll,
    /// The last day on which it counts; none for this election.
    #[n(6)]
    pub until: Option<Date>,
}

/// One district of a forecast.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Line {
    #[n(0)]
    pub area: AreaId,
    /// People with a task in the plan.
    #[n(1)]
    pub tasked: u32,
    /// Of them lack nothing.
    #[n(2)]
    pub ready: u32,
    /// Who lack each module, M1 first.
    #[n(3)]
    pub lacking: Vec<u32>,
    /// How many complete what they lack on a day, if the timetable is kept.
    #[n(4)]
    pub completes: Vec<(Date, u32)>,
}

impl Line {
    /// Of those with a task, how many are expected ready at the end of a day.
    #[must_use]
    pub fn ready_by(&self, day: Date) -> u32 {
        let done = self.completes.iter().filter(|(on, _)| *on <= day).map(|(_, count)| *count);
        done.fold(self.ready, u32::saturating_add)
    }
}

/// What a plan asks, and how far its timetable will have come: figures, nobody's number.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Forecast {
    /// Of the plan that the needs follow from.
    #[n(0)]
    pub plan: String,
    /// SHA-256 of the table of needs, which stays on the node.
    #[n(1)]
    pub needs: Hash32,
    /// By area.
    #[n(2)]
    pub lines: Vec<Line>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Hold { area: AreaId, held: Held },
    Examine { course: EventRef, quiz: Quiz, corrects: Option<EventRef> },
    Practise { course: EventRef, practical: Practical, corrects: Option<EventRef> },
    Certify { basis: Basis, standard: Standard, people: Roll },
    Withdraw { certificate: EventRef, people: Roll, reason: String },
    Forecast { area: AreaId, forecast: Forecast },
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Event {
    #[n(2500)]
    Held(#[n(0)] Held),
    #[n(2501)]
    Examined {
        #[n(0)]
        course: EventRef,
        #[n(1)]
        quiz: Quiz,
    },
    #[n(2502)]
    Practised {
        #[n(0)]
        course: EventRef,
        #[n(1)]
        practical: Practical,
    },
    #[n(2503)]
    Certified(#[n(0)] Certificate),
    #[n(2504)]
    Withdrawn {
        #[n(0)]
        certificate: EventRef,
        #[n(1)]
        people: Roll,
        #[n(2)]
        reason: String,
    },
    #[n(2505)]
    Forecast(#[n(0)] Forecast),
}

impl Command {
    pub(crate) fn permission(&self) -> &'static str {
        match self {
            Self::Hold { .. } | Self::Examine { .. } | Self::Practise { .. } => {
                row::TRAINING_RECORD
            }
            Self::Certify { .. } | Self::Withdraw { .. } => row::TRAINING_CERTIFY,
            Self::Forecast { .. } => row::PLAN_EDIT,
        }
    }

    pub(crate) fn area<'a>(&'a self, state: &'a State) -> Option<&'a AreaId> {
        match self {
            Self::Hold { area, .. } | Self::Forecast { area, .. } => Some(area),
            Self::Examine { course, .. } | Self::Practise { course, .. } => {
                state.trainings.area_of(*course)
            }
            Self::Certify { basis, .. } => state.trainings.area_of(*basis.lists.first()?),
            Self::Withdraw { certificate, .. } => state.trainings.area_of(*certificate),
        }
    }

    /// What an act would find changed by another of the same run.
    #[must_use]
    pub fn about(&self) -> String {
        match self {
            Self::Hold { held, .. } => format!("training {}", held.course),
            Self::Examine { course: at, .. }
            | Self::Practise { course: at, .. }
            | Self::Withdraw { certificate: at, .. } => format!("training {at}"),
            Self::Certify { basis, .. } => {
                basis.lists.first().map_or_else(String::new, |at| format!("training {at}"))
            }
            Self::Forecast { .. } => "training forecast".to_owned(),
        }
    }
}

impl Event {
    #[must_use]
    pub fn kind(&self) -> u32 {
        match self {
            Self::Held(_) => 2500,
            Self::Examined { .. } => 2501,
            Self::Practised { .. } => 2502,
            Self::Certified(_) => 2503,
            Self::Withdrawn { .. } => 2504,
            Self::Forecast(_) => 2505,
        }
    }

    pub(crate) fn permission(&self) -> &'static str {
        match self {
            Self::Held(_) | Self::Examined { .. } | Self::Practised { .. } => row::TRAINING_RECORD,
            Self::Certified(_) | Self::Withdrawn { .. } => row::TRAINING_CERTIFY,
            Self::Forecast(_) => row::PLAN_EDIT,
        }
    }

    /// The entry that it answers first.
    #[must_use]
    pub fn answers(&self) -> Option<EventRef> {
        match self {
            Self::Held(_) | Self::Forecast(_) => None,
            Self::Examined { course: at, .. }
            | Self::Practised { course: at, .. }
            | Self::Withdrawn { certificate: at, .. } => Some(*at),
            Self::Certified(certificate) => certificate.lists.first().copied(),
        }
    }

    pub(crate) fn area<'a>(&self, state: &'a State) -> Option<&'a AreaId> {
        state.trainings.area_of(self.answers()?)
    }

    pub(crate) fn pieces<'a>(&'a self, see: &mut dyn FnMut(Piece<'a>)) {
        let roll = |roll: &'a Roll, see: &mut dyn FnMut(Piece<'a>)| {
            roll.iter().for_each(|number| see(Piece::number(number)));
        };
        match self {
            Self::Held(held) => {
                see(Piece::Name(&held.course));
                see(Piece::Name(&held.venue));
                see(Piece::person(&held.trainer));
                roll(&held.present, see);
            }
            Self::Examined { quiz, .. } => {
                see(Piece::person(&quiz.examiner));
                roll(&quiz.sat, see);
            }
            Self::Practised { practical, .. } => {
                see(Piece::Name(&practical.test));
                see(Piece::person(&practical.examiner));
                roll(&practical.passed, see);
                roll(&practical.failed, see);
            }
            Self::Certified(certificate) => roll(&certificate.people, see),
            Self::Withdrawn { people, reason, .. } => {
                roll(people, see);
                see(Piece::Required(reason));
            }
            Self::Forecast(forecast) => {
                see(Piece::Name(&forecast.plan));
                for line in &forecast.lines {
                    see(Piece::Area(&line.area));
                }
            }
        }
    }

    /// Everybody whom it speaks of.
    pub(crate) fn rolls(&self) -> Vec<&Roll> {
        match self {
            Self::Held(held) => vec![&held.present],
            Self::Examined { quiz, .. } => vec![&quiz.sat],
            Self::Practised { practical, .. } => vec![&practical.passed, &practical.failed],
            Self::Certified(certificate) => vec![&certificate.people],
            Self::Withdrawn { people, .. } => vec![people],
            Self::Forecast(_) => Vec::new(),
        }
    }

    /// What it refers to is on record and bears it, nothing lies ahead, and nobody signs for themselves.
    pub(crate) fn check_references(
        &self,
        state: &State,
        actor: &PersonId,
        at: UnixMs,
    ) -> Result<(), Refusal> {
        rule::check_references(self, state, actor, at)
    }

    /// Who recorded what a certificate rests on: somebody else certifies.
    pub(crate) fn earlier_acts<'a>(&self, state: &'a State) -> Vec<Act<'a>> {
        let Self::Certified(certificate) = self else { return Vec::new() };
        let marks = certificate.basis_refs().filter_map(|at| state.trainings.mark_of(at));
        marks.map(|Mark { person, .. }| Act { person, permission: row::TRAINING_RECORD }).collect()
    }
}

impl Certificate {
    /// The entries that it rests on.
    pub fn basis_refs(&self) -> impl Iterator<Item = EventRef> {
        self.lists.iter().copied().chain(self.quiz).chain(self.practical)
    }
}

#[cfg(test)]
mod tests;
