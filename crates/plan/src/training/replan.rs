//! The same timetable after people, venues or trainers have fallen out: whatever can stay stays.
//!
//! Courses keep their day, room and trainer where these are still there; a course whose trainer fell out gets another on
//! the same day. People keep their seats in the courses that remain, and get what is missing at the same venue if they
//! can. Only those who cannot are seated anew, and nobody is moved to better the whole.

use super::{
    Input, Timetable, TrainingError, board::Board, bound, check, each, piece, piece::Piece, seat,
    share,
};
use pehra_domain::{
    Date, PersonId,
    member::{MODULES, Modules},
    progress::Watch,
};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A course by names, so that it means something beside another input.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named {
    pub date: Date,
    pub venue: String,
    pub module: u8,
    pub trainer: PersonId,
    pub people: Vec<PersonId>,
}

/// What a re-plan changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Courses that stayed with their trainer, that got another, and that are new or fell.
    pub courses_kept: u64,
    pub courses_entrusted: u64,
    pub courses_new: u64,
    pub courses_fallen: u64,
    /// People whose seats are the same, who have others, who have seats for the first time, and who lost them.
    pub people_kept: u64,
    pub moved: Vec<PersonId>,
    pub people_new: u64,
    pub lost: Vec<PersonId>,
}

impl Timetable {
    /// The courses by names.
    #[must_use]
    pub fn named(&self, input: &Input) -> Vec<Named> {
        let mut all: Vec<Named> = self
            .courses
            .iter()
            .map(|course| Named {
                date: course.date,
                venue: input.venues[course.venue as usize].id.clone(),
                module: course.module,
                trainer: input.trainers[course.trainer as usize].number.clone(),
                people: course
                    .people
                    .iter()
                    .map(|&one| input.seekers[one as usize].number.clone())
                    .collect(),
            })
            .collect();
        all.sort();
        all
    }
}

/// Plans again, keeping what was planned before. `input` is what is so now; courses before its first day are past and
/// left alone: whoever attended them no longer lacks their module.
///
/// # Errors
/// As [`plan`](super::plan).
pub fn replan(
    input: &Input,
    before: &[Named],
    threads: usize,
    watch: &mut Watch<'_>,
) -> Result<(Timetable, Change), TrainingError> {
    check(input)?;
    let before: Vec<&Named> = before.iter().filter(|course| course.date >= input.first).collect();
    let pieces = piece::split(input);
    let timetable = each(input, &pieces, threads, watch, &|piece| {
        let shared = share::share(piece, 1)?;
        let mut board = Board::new(piece);
        keep(&mut board, &before);
        complete(&mut board);
        seat::the_rest(&mut board);
        let certificate = bound::certify(&board, &shared);
        Ok(board.finish(certificate))
    })?;
    let change = difference(input, &before, &timetable);
    Ok((timetable, change))
}

/// Who stands behind a name.
struct Names<'i> {
    halls: BTreeMap<&'i str, u32>,
    trainers: BTreeMap<&'i PersonId, u32>,
    people: BTreeMap<&'i PersonId, u32>,
}

impl<'i> Names<'i> {
    fn new(piece: &Piece<'i>) -> Self {
        let input = piece.input;
        let hall = |at: u32| input.venues[at as usize].id.as_str();
        let number = |at: u32| &input.seekers[at as usize].number;
        Self {
            halls: (0..).zip(&piece.halls).map(|(at, one)| (hall(one.at), at)).collect(),
            trainers: (0..)
                .zip(&piece.trainers)
                .map(|(at, _)| (&piece.trainer(at).number, at))
                .collect(),
            people: (0..).zip(&piece.people).map(|(at, one)| (number(one.at), at)).collect(),
        }
    }
}

fn keep(board: &mut Board<'_, '_>, before: &[&Named]) {
    let names = Names::new(board.piece);
    // Those with their own trainer first, so that nobody else is given their trainer.
    let orphaned: Vec<&Named> =
        before.iter().copied().filter(|course| !keep_one(board, &names, course, true)).collect();
    for course in orphaned {
        keep_one(board, &names, course, false);
    }
}

/// Keeps one course, with its own trainer or with another. Says whether it is done with.
fn keep_one(board: &mut Board<'_, '_>, names: &Names<'_>, course: &Named, own: bool) -> bool {
    let piece = board.piece;
    let Some(&venue) = names.halls.get(course.venue.as_str()) else { return true };
    let day = u16::try_from(course.date.0.saturating_sub(piece.input.first.0));
    let open = |day: &u16| piece.halls[venue as usize].days.contains(day);
    let Some(day) = day.ok().filter(open) else { return true };
    let known = (1..=MODULES).contains(&course.module);
    if !known || !board.has_hours(venue, day, course.module) {
        return true;
    }
    let trainer = if own {
        let same = names.trainers.get(&course.trainer).copied();
        same.filter(|one| piece.halls[venue as usize].trainers.contains(one))
            .filter(|&one| board.may_take(one, venue, day, course.module))
    } else {
        board.find_trainer(venue, day, course.module, None)
    };
    let Some(trainer) = trainer else { return false };
    let this = Modules::of(&[course.module]);
    let seated: Vec<u32> = course
        .people
        .iter()
        .filter_map(|number| names.people.get(number).copied())
        .filter(|&person| {
            board.open_modules(person).includes(this)
                && board.venue_of(person).is_none_or(|at| at == venue)
                && piece.group_of(person).ways.iter().any(|way| way.venue == venue)
        })
        .collect();
    let Some(&first) = seated.first() else { return true };
    let held = board.open((venue, day), course.module, board.sitting(first), trainer);
    for person in seated {
        if board.may_sit(person, held) {
            board.sit(person, held);
        }
    }
    board.give_up(held);
    true
}

/// Gives those who have a part the rest of it at the same venue; who cannot be completed has no seat any more.
fn complete(board: &mut Board<'_, '_>) {
    let people: Vec<u32> = (0..).zip(&board.piece.people).map(|(at, _)| at).collect();
    for person in people {
        let Some(venue) = board.venue_of(person) else { continue };
        if !board.open_modules(person).is_empty() && !seat::seat_at(board, person, venue) {
            board.release(person);
        }
    }
}

/// A seat: date, venue, module.
type Seat<'n> = (Date, &'n str, u8);

fn difference(input: &Input, before: &[&Named], after: &Timetable) -> Change {
    let after = after.named(input);
    let key = |course: &Named| (course.date, course.venue.clone(), course.module);
    let mut change = Change::default();
    let mut old: BTreeMap<_, Vec<&PersonId>> = BTreeMap::new();
    for course in before {
        old.entry(key(course)).or_default().push(&course.trainer);
    }
    for course in &after {
        match old.get_mut(&key(course)).filter(|trainers| !trainers.is_empty()) {
            None => change.courses_new += 1,
            Some(trainers) => match trainers.iter().position(|one| **one == course.trainer) {
                Some(at) => {
                    trainers.remove(at);
                    change.courses_kept += 1;
                }
                None => {
                    trainers.pop();
                    change.courses_entrusted += 1;
                }
            },
        }
    }
    change.courses_fallen = old.values().map(|left| left.len() as u64).sum();
    let lacks: BTreeMap<&PersonId, Modules> =
        input.seekers.iter().map(|one| (&one.number, one.lacks)).collect();
    let had = seats(before.iter().copied());
    let has = seats(&after);
    for (number, seats) in &has {
        match had.get(number) {
            None => change.people_new += 1,
            Some(old) => {
                // A seat for what is no longer lacking is no move.
                let still = lacks.get(number).copied().unwrap_or_default();
                let old: BTreeSet<Seat<'_>> = old
                    .iter()
                    .copied()
                    .filter(|(_, _, module)| still.includes(Modules::of(&[*module])))
                    .collect();
                if old == *seats {
                    change.people_kept += 1;
                } else {
                    change.moved.push((*number).clone());
                }
            }
        }
    }
    let gone = had.keys().filter(|number| {
        !has.contains_key(*number) && lacks.get(*number).is_some_and(|one| !one.is_empty())
    });
    change.lost = gone.map(|number| (*number).clone()).collect();
    change
}

fn seats<'n>(
    courses: impl IntoIterator<Item = &'n Named>,
) -> BTreeMap<&'n PersonId, BTreeSet<Seat<'n>>> {
    let mut seats: BTreeMap<&PersonId, BTreeSet<Seat<'_>>> = BTreeMap::new();
    for course in courses {
        for person in &course.people {
            let seat = (course.date, course.venue.as_str(), course.module);
            seats.entry(person).or_default().insert(seat);
        }
    }
    seats
}
