//! Training before the day: who lacks what for the post he will hold, and a timetable of courses that gives it to him.
//!
//! A course is one module on one day at one venue under one trainer; a venue is one room, so its courses of a day follow
//! each other and nobody can be called to two at once. Whoever needs several modules is ordered to one venue for all of
//! them, and counts as trained only with all. In this order the timetable
//!
//! 1. trains as many as can be, weighted by the class of the station, before the day;
//! 2. lets them travel least (there and back, for each day on which somebody is called);
//! 3. holds the fewest courses.
//!
//! First people are shared among venues by an exact flow of hours (see [`share`]): its dual value bounds the first two
//! for every timetable there could be, and trainers' hours bound the first once more ([`bound`]). Then classes are formed
//! and given days and trainers, whoever is left is seated one by one, and exchanges better what can be bettered. Each
//! rule stands in a file of its own ([`rule`]); [`audit`] goes over a finished timetable by the rules alone.
//!
//! Nobody is trained outside his own province, so provinces are planned apart, on as many threads as there are.

pub mod audit;
mod better;
mod block;
mod board;
mod bound;
mod class;
pub mod coverage;
pub mod module;
pub mod need;
mod piece;
pub mod quiz;
pub mod replan;
pub mod rule;
mod seat;
mod share;
#[cfg(test)]
mod tests;

pub use replan::{Change, replan};

use crate::{allocate::DistanceModel, flow::FlowError, threads::in_batches};
use board::Board;
use pehra_domain::{
    AreaId, Date, PersonId, Point,
    member::Modules,
    progress::{Cancelled, Watch},
    training::{Trainer, TrainingModule, Venue},
};
use piece::Piece;
use rule::women::Sitting;
use serde::Serialize;

/// Somebody who lacks modules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seeker {
    pub number: PersonId,
    /// Whence: district and point of the unit; none when nobody knows where the unit stands.
    pub place: Option<(AreaId, Point)>,
    pub woman: bool,
    /// What it counts that this person is trained.
    pub weight: u32,
    pub lacks: Modules,
}

/// What can be set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Nobody is called farther than this, one way.
    pub reach_m: u32,
    pub trainer_reach_m: u32,
    /// Women sit in courses of their own.
    pub women_apart: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self { reach_m: 60_000, trainer_reach_m: 150_000, women_apart: true }
    }
}

/// Everything that a timetable depends on.
#[derive(Clone, Debug)]
pub struct Input {
    /// In the order of their numbers, nobody twice.
    pub seekers: Vec<Seeker>,
    pub venues: Vec<Venue>,
    pub trainers: Vec<Trainer>,
    pub modules: Vec<TrainingModule>,
    pub rules: Rules,
    pub distance: DistanceModel,
    /// The first day on which a course may be held.
    pub first: Date,
    pub election: Date,
}

/// Longest time before the day that is planned.
pub const DAYS_MAX: u16 = 400;

/// Why there is no timetable.
#[derive(Debug, thiserror::Error)]
pub enum TrainingError {
    #[error("service number {0} stands in the list twice")]
    DoubleNumber(PersonId),
    #[error("two venues are called {0}")]
    DoubleVenue(String),
    #[error("trainer {0} stands in the list twice")]
    DoubleTrainer(PersonId),
    #[error(
        "the first day of training, {first}, is not before the election, {election}, or more than {DAYS_MAX} days before it"
    )]
    Window { first: Date, election: Date },
    #[error("the table of modules does not hold M{0}, which somebody lacks")]
    UnknownModule(u8),
    #[error("the people could not be shared among the venues")]
    Flow(#[from] FlowError),
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// One course: numbers are positions in the input.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Course {
    pub venue: u32,
    pub date: Date,
    /// Hours after the venue's first on that day.
    pub begins_h: u8,
    pub module: u8,
    pub sitting: Sitting,
    pub trainer: u32,
    /// Who attends, in order.
    pub people: Vec<u32>,
}

/// Why somebody is not trained in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Nobody knows where the unit stands.
    NoPlace,
    /// No venue of the province within the longest way.
    TooFar,
    /// No venue within reach is open on enough days that still count, or long enough a day.
    NoDays,
    /// Nobody who may train this module comes to a venue within reach.
    NoTrainer { module: u8 },
    /// The rooms within reach are full.
    Full,
    /// There is room, but those who may train are elsewhere on every day left.
    TrainersBusy,
}

/// How good a timetable is, and how good one could be at the best.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Certificate {
    pub people: u64,
    pub trained: u64,
    /// Sums of weights: of those trained, and the most that any timetable trains.
    pub weight: u64,
    pub weight_bound: u64,
    /// Metres there and back, and the least that any timetable needs that trains as much.
    pub travel_m: u64,
    pub travel_bound_m: u64,
    pub courses: u64,
    /// The fewest courses that could seat the same people wherever they sit, and where they sit.
    pub courses_bound: u64,
    pub courses_bound_there: u64,
}

impl Certificate {
    /// Thousandths of a per cent that the weight can be below the best.
    #[must_use]
    pub fn weight_gap_per_100_000(&self) -> u64 {
        share_of(self.weight_bound.saturating_sub(self.weight), self.weight_bound)
    }

    /// Thousandths of a per cent that the travel can be above the least.
    #[must_use]
    pub fn travel_gap_per_100_000(&self) -> u64 {
        share_of(self.travel_m.saturating_sub(self.travel_bound_m), self.travel_m)
    }

    fn add(&mut self, other: &Self) {
        self.people += other.people;
        self.trained += other.trained;
        self.weight += other.weight;
        self.weight_bound += other.weight_bound;
        self.travel_m += other.travel_m;
        self.travel_bound_m += other.travel_bound_m;
        self.courses += other.courses;
        self.courses_bound += other.courses_bound;
        self.courses_bound_there += other.courses_bound_there;
    }
}

fn share_of(part: u64, whole: u64) -> u64 {
    part.saturating_mul(100_000).checked_div(whole).unwrap_or(0)
}

/// Who is trained where, when and by whom.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Timetable {
    /// By venue, date and hour.
    pub courses: Vec<Course>,
    /// Everybody who lacks something and will lack it on the day, in order.
    pub untrained: Vec<(u32, Reason)>,
    pub certificate: Certificate,
}

/// Makes a timetable. Any number of threads gives the same.
///
/// # Errors
/// [`TrainingError`] says what in the input cannot be, or that the watcher stopped the work.
pub fn plan(
    input: &Input,
    threads: usize,
    watch: &mut Watch<'_>,
) -> Result<Timetable, TrainingError> {
    check(input)?;
    let pieces = piece::split(input);
    each(input, &pieces, threads, watch, &|piece| {
        let shared = share::share(piece, 1)?;
        let mut board = Board::new(piece);
        class::hold(&mut board, &shared.venues);
        seat::the_rest(&mut board);
        better::better(&mut board);
        let certificate = bound::certify(&board, &shared);
        Ok(board.finish(certificate))
    })
}

/// Works on the pieces and puts the results together.
fn each(
    input: &Input,
    pieces: &[Piece<'_>],
    threads: usize,
    watch: &mut Watch<'_>,
    work: &(dyn Fn(&Piece<'_>) -> Result<Timetable, TrainingError> + Sync),
) -> Result<Timetable, TrainingError> {
    let found =
        in_batches((pieces, 1), threads, "timetable", watch, |piece, (): &mut ()| work(piece))?;
    let mut all = Timetable::default();
    for one in found {
        let one = one?;
        all.certificate.add(&one.certificate);
        all.courses.extend(one.courses);
        all.untrained.extend(one.untrained);
    }
    for (at, seeker) in (0_u32..).zip(&input.seekers) {
        if seeker.place.as_ref().is_none_or(|(area, _)| area.province().is_none())
            && !seeker.lacks.is_empty()
        {
            all.untrained.push((at, Reason::NoPlace));
            all.certificate.people += 1;
        }
    }
    all.untrained.sort_unstable();
    all.courses.sort_unstable();
    Ok(all)
}

fn check(input: &Input) -> Result<(), TrainingError> {
    let days = i64::from(input.election.0) - i64::from(input.first.0);
    if !(1..=i64::from(DAYS_MAX)).contains(&days) {
        return Err(TrainingError::Window { first: input.first, election: input.election });
    }
    let mut numbers: Vec<&PersonId> = input.seekers.iter().map(|one| &one.number).collect();
    if let Some(number) = twice(&mut numbers) {
        return Err(TrainingError::DoubleNumber(number.clone()));
    }
    let mut venues: Vec<&String> = input.venues.iter().map(|one| &one.id).collect();
    if let Some(id) = twice(&mut venues) {
        return Err(TrainingError::DoubleVenue(id.clone()));
    }
    let mut trainers: Vec<&PersonId> = input.trainers.iter().map(|one| &one.number).collect();
    if let Some(number) = twice(&mut trainers) {
        return Err(TrainingError::DoubleTrainer(number.clone()));
    }
    let known: Modules = input.modules.iter().map(|module| module.number).collect();
    match input.seekers.iter().find_map(|one| known.lacking(one.lacks).next()) {
        Some(number) => Err(TrainingError::UnknownModule(number)),
        None => Ok(()),
    }
}

fn twice<'v, T: Ord>(values: &mut [&'v T]) -> Option<&'v T> {
    values.sort_unstable();
    values.windows(2).find_map(|pair| match pair {
        [a, b] if a == b => Some(*a),
        _ => None,
    })
}
