//! What is on record about training, folded in any order. Lists that were corrected stay, because certificates name them.

use super::{Certificate, Event, Forecast, Held, Practical, Quiz, Roll, rule::named_in};
use crate::{
    conflict::{self, Conflict, ConflictKind, Describe, Noun, Side},
    refusal::{Refusal, RefusalCode},
    register::Register,
    stamp::{EventRef, Mark, Stamped},
};
use minicbor::{Decode, Encode};
use pehra_domain::{AreaId, Date};
use std::collections::{BTreeMap, BTreeSet};

/// A course by its area and name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Key {
    #[n(0)]
    pub area: AreaId,
    #[n(1)]
    pub course: String,
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.area, self.course)
    }
}

/// Something that was recorded, with who did it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Counted<T> {
    #[n(0)]
    pub what: T,
    #[n(1)]
    pub mark: Mark,
    /// A later entry stands in its stead.
    #[n(2)]
    pub replaced: bool,
}

/// All that is known of one course.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Course {
    #[n(0)]
    held: BTreeMap<EventRef, Box<Counted<Held>>>,
    #[n(1)]
    quizzes: BTreeMap<EventRef, Box<Counted<Quiz>>>,
    #[n(2)]
    practicals: BTreeMap<EventRef, Box<Counted<Practical>>>,
    #[n(3)]
    certificates: BTreeMap<EventRef, Box<(Certificate, Mark)>>,
    /// By certificate and service number: the earliest word.
    #[n(4)]
    withdrawn: BTreeMap<(EventRef, String), (EventRef, Mark, String)>,
}

impl Course {
    /// The attendance that stands: one list, or some that were written apart.
    pub fn lists(&self) -> impl Iterator<Item = (EventRef, &Held, &Mark)> {
        standing(&self.held)
    }

    /// Quizzes that nobody corrected.
    pub fn quizzes(&self) -> impl Iterator<Item = (EventRef, &Quiz, &Mark)> {
        standing(&self.quizzes)
    }

    /// Practical tests that nobody corrected.
    pub fn practicals(&self) -> impl Iterator<Item = (EventRef, &Practical, &Mark)> {
        standing(&self.practicals)
    }

    pub fn certificates(&self) -> impl Iterator<Item = (EventRef, &Certificate, &Mark)> {
        self.certificates.iter().map(|(at, one)| (*at, &one.0, &one.1))
    }

    /// Who took somebody's certificate back, and why.
    #[must_use]
    pub fn withdrawn(&self, certificate: EventRef, number: &str) -> Option<(&Mark, &str)> {
        let found = self.withdrawn.get(&(certificate, number.to_owned()));
        found.map(|(_, mark, reason)| (mark, reason.as_str()))
    }

    /// The one list that stands; none while two that differ do.
    #[must_use]
    pub fn agreed(&self) -> Option<(EventRef, &Held, &Mark)> {
        let (at, first, mark) = self.lists().next()?;
        self.lists().all(|(_, other, _)| other == first).then_some((at, first, mark))
    }

    #[must_use]
    pub fn is_disputed(&self) -> bool {
        !self.held.is_empty() && self.agreed().is_none()
    }

    /// A list, whether it still stands or not.
    #[must_use]
    pub fn held(&self, at: EventRef) -> Option<&Counted<Held>> {
        self.held.get(&at).map(Box::as_ref)
    }

    pub(super) fn quiz(&self, at: EventRef) -> Option<&Counted<Quiz>> {
        self.quizzes.get(&at).map(Box::as_ref)
    }

    pub(super) fn practical(&self, at: EventRef) -> Option<&Counted<Practical>> {
        self.practicals.get(&at).map(Box::as_ref)
    }
}

fn standing<T>(
    all: &BTreeMap<EventRef, Box<Counted<T>>>,
) -> impl Iterator<Item = (EventRef, &T, &Mark)> {
    let stand = all.iter().filter(|(_, one)| !one.replaced);
    stand.map(|(at, one)| (*at, &one.what, &one.mark))
}

/// Files an entry; those of its kind that it supersedes stand no longer.
fn file<T>(all: &mut BTreeMap<EventRef, Box<Counted<T>>>, stamped: &Stamped, what: T) {
    for old in &stamped.supersedes {
        if let Some(old) = all.get_mut(old) {
            old.replaced = true;
        }
    }
    // A map's leaf has room for eleven: boxed, a course with one list does not pay for them.
    let one = Counted { what, mark: stamped.mark(), replaced: false };
    all.insert(stamped.at, Box::new(one));
}

impl Describe for Forecast {
    fn word(&self) -> &'static str {
        "forecast"
    }
    fn detail(&self) -> String {
        self.needs.to_string()
    }
}

/// The state of this noun.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Trainings {
    #[n(0)]
    courses: BTreeMap<Key, Course>,
    /// Which course an entry is about.
    #[n(1)]
    places: BTreeMap<EventRef, Key>,
    #[n(2)]
    forecasts: BTreeMap<AreaId, Register<Forecast>>,
}

impl Trainings {
    /// Every course, by area and name.
    pub fn courses(&self) -> impl Iterator<Item = (&Key, &Course)> {
        self.courses.iter()
    }

    #[must_use]
    pub fn course(&self, key: &Key) -> Option<&Course> {
        self.courses.get(key)
    }

    /// The course that an entry is about.
    #[must_use]
    pub fn of(&self, at: EventRef) -> Option<(&Key, &Course)> {
        let key = self.places.get(&at)?;
        Some((key, self.courses.get(key)?))
    }

    /// A certificate entry with the mark of who signed it.
    #[must_use]
    pub fn certificate(&self, at: EventRef) -> Option<&(Certificate, Mark)> {
        self.of(at)?.1.certificates.get(&at).map(Box::as_ref)
    }

    /// The forecast of an area; none while two differ.
    #[must_use]
    pub fn forecast(&self, area: &AreaId) -> Option<&Forecast> {
        self.forecasts.get(area)?.agreed()
    }

    /// When the forecast of an area was signed, and by whom.
    #[must_use]
    pub fn forecast_mark(&self, area: &AreaId) -> Option<&Mark> {
        let heads = self.forecasts.get(area)?.heads();
        heads.map(|(_, head)| &head.mark).max_by_key(|mark| mark.clock_ms)
    }

    pub(super) fn forecast_refs(&self, area: &AreaId) -> Vec<EventRef> {
        self.forecasts.get(area).map(Register::refs).unwrap_or_default()
    }

    #[must_use]
    pub fn area_of(&self, at: EventRef) -> Option<&AreaId> {
        self.places.get(&at).map(|key| &key.area)
    }

    pub(crate) fn mark_of(&self, at: EventRef) -> Option<&Mark> {
        let (_, course) = self.of(at)?;
        let held = course.held.get(&at).map(|one| &one.mark);
        let quiz = || course.quizzes.get(&at).map(|one| &one.mark);
        held.or_else(quiz).or_else(|| course.practicals.get(&at).map(|one| &one.mark))
    }

    /// Everybody of a test attended the course, and no test was before it.
    pub(super) fn attended<'r>(
        &self,
        course: EventRef,
        rolls: impl IntoIterator<Item = &'r Roll>,
        on: Date,
    ) -> Result<(), Refusal> {
        let held = self.of(course).and_then(|(_, file)| file.held.get(&course));
        let held = held.ok_or_else(|| Refusal::of(RefusalCode::NotKnown, course))?;
        if on < held.what.on {
            return Err(Refusal::of(RefusalCode::TrainingAhead, on));
        }
        rolls.into_iter().try_for_each(|roll| named_in(roll, &held.what.present))
    }

    pub(crate) fn evolve(&mut self, stamped: &Stamped, event: &Event) {
        let key = match event {
            Event::Held(held) => Key { area: stamped.area.clone(), course: held.course.clone() },
            Event::Forecast(forecast) => {
                let register = self.forecasts.entry(stamped.area.clone()).or_default();
                register.put(stamped, forecast.clone(), "");
                return;
            }
            Event::Examined { .. }
            | Event::Practised { .. }
            | Event::Certified(_)
            | Event::Withdrawn { .. } => {
                // What it answers is on record, or it was given no effect.
                let known = event.answers().and_then(|at| self.places.get(&at));
                let Some(known) = known else { return };
                known.clone()
            }
        };
        let course = self.courses.entry(key.clone()).or_default();
        match event {
            Event::Held(held) => file(&mut course.held, stamped, held.clone()),
            Event::Examined { quiz, .. } => file(&mut course.quizzes, stamped, quiz.clone()),
            Event::Practised { practical, .. } => {
                file(&mut course.practicals, stamped, practical.clone());
            }
            Event::Certified(certificate) => {
                let one = Box::new((certificate.clone(), stamped.mark()));
                course.certificates.insert(stamped.at, one);
            }
            Event::Withdrawn { certificate, people, reason } => {
                for number in people.iter() {
                    let word = (stamped.at, stamped.mark(), reason.clone());
                    keep_first(&mut course.withdrawn, (*certificate, number.to_owned()), word);
                }
            }
            Event::Forecast(_) => {}
        }
        self.places.insert(stamped.at, key);
    }

    pub(crate) fn conflicts(&self) -> Vec<Conflict> {
        let mut found = Vec::new();
        for (key, course) in self.courses.iter().filter(|(_, course)| course.is_disputed()) {
            let side = |(at, held, mark): (EventRef, &Held, &Mark)| Side {
                at,
                mark: mark.clone(),
                word: "held",
                detail: held.present.len().to_string(),
                note: String::new(),
            };
            let sides = course.lists().map(side).collect();
            let (noun, kind) = (Noun::Training, ConflictKind::DecidedApart);
            found.push(Conflict { noun, kind, subject: key.to_string(), sides });
        }
        let forecasts = self.forecasts.iter();
        found.extend(
            forecasts.filter_map(|(area, register)| {
                conflict::of_register(Noun::Training, area, register)
            }),
        );
        found
    }

    /// Areas in which something was held.
    #[must_use]
    pub fn areas(&self) -> BTreeSet<&AreaId> {
        self.courses.keys().map(|key| &key.area).collect()
    }
}

/// The earlier of two, by clock and then by name, so that every order of delivery keeps the same one.
fn keep_first(
    kept: &mut BTreeMap<(EventRef, String), (EventRef, Mark, String)>,
    key: (EventRef, String),
    word: (EventRef, Mark, String),
) {
    let first = kept.entry(key).or_insert_with(|| word.clone());
    if (word.1.clock_ms, word.0) < (first.1.clock_ms, first.0) {
        *first = word;
    }
}
