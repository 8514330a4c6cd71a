//! Classes: people of one venue who take the same modules on the same day, full classes first, the rest put together so
//! that few courses are held; then each class gets a day and trainers, the weightiest first.

use super::{board::Board, rule::women::Sitting};
use pehra_domain::member::Modules;
use std::{cmp::Reverse, collections::BTreeMap};

/// Courses that one day of one venue is to hold.
#[derive(Clone, Debug, Default)]
struct Class {
    courses: Vec<(u8, Sitting, Vec<u32>)>,
    hours: u8,
    /// Sum over its people of weight times hours: by the hour of the class, what its seats are worth.
    weight: u64,
}

/// Forms and places classes of the people that were sent to each venue. Whoever finds no place whole has no seat.
pub(super) fn hold(board: &mut Board<'_, '_>, venues: &[Vec<u32>]) {
    let mut all: Vec<(u64, u32, usize, Class)> = Vec::new();
    for (venue, people) in (0_u32..).zip(venues) {
        for (number, class) in form(board, venue, people).into_iter().enumerate() {
            let value = class.weight / u64::from(class.hours.max(1));
            all.push((value, venue, number, class));
        }
    }
    all.sort_by_key(|&(value, venue, number, _)| (Reverse(value), venue, number));
    let mut lost: Vec<u32> = Vec::new();
    for (_, venue, _, class) in &all {
        if !place(board, *venue, class) {
            lost.extend(class.courses.iter().flat_map(|(_, _, people)| people));
        }
    }
    // Trained is who has everything: a part alone would only take seats.
    lost.sort_unstable();
    lost.dedup();
    for person in lost {
        board.release(person);
    }
}

fn form(board: &Board<'_, '_>, venue: u32, people: &[u32]) -> Vec<Class> {
    let piece = board.piece;
    let (seats, day_hours) = {
        let venue = piece.venue(venue);
        (usize::try_from(venue.seats).unwrap_or(usize::MAX), venue.hours_day)
    };
    if seats == 0 {
        return Vec::new();
    }
    let mut blocks: BTreeMap<(Sitting, Modules), Vec<u32>> = BTreeMap::new();
    for &person in people {
        let group = piece.group_of(person);
        for &block in piece.parts(group.lacks, day_hours) {
            blocks.entry((group.sitting, block)).or_default().push(person);
        }
    }
    let mut classes = Vec::new();
    let mut rest: Vec<(Sitting, Modules, Vec<u32>)> = Vec::new();
    for ((sitting, block), mut people) in blocks {
        people.sort_by_key(|&person| (Reverse(piece.group_of(person).weight), person));
        let mut full = people.chunks_exact(seats);
        for chunk in &mut full {
            let mut class = Class::default();
            class.add(board, sitting, block, chunk);
            classes.push(class);
        }
        if !full.remainder().is_empty() {
            rest.push((sitting, block, full.remainder().to_vec()));
        }
    }
    rest.sort_by_key(|(sitting, block, people)| {
        (*sitting, Reverse(piece.length_of(*block)), Reverse(people.len()), *block)
    });
    let full = classes.len();
    for (sitting, block, people) in rest {
        join(board, &mut classes, full, (sitting, block, &people), (seats, day_hours));
    }
    together(classes, day_hours)
}

impl Class {
    fn add(&mut self, board: &Board<'_, '_>, sitting: Sitting, block: Modules, people: &[u32]) {
        for module in block.numbers() {
            match self
                .courses
                .iter_mut()
                .find(|(known, who, _)| (*known, *who) == (module, sitting))
            {
                Some((_, _, seated)) => seated.extend(people),
                None => {
                    self.courses.push((module, sitting, people.to_vec()));
                    self.hours = self.hours.saturating_add(board.piece.length(module));
                }
            }
        }
        let hours = u64::from(board.piece.length_of(block));
        let weight = |&person: &u32| u64::from(board.piece.group_of(person).weight) * hours;
        self.weight += people.iter().map(weight).sum::<u64>();
    }

    /// Seats that all courses of a block still have, and the hours of those that are not held yet.
    fn offers(
        &self,
        board: &Board<'_, '_>,
        sitting: Sitting,
        block: Modules,
        seats: usize,
    ) -> (usize, u8) {
        let (mut free, mut hours) = (seats, 0_u8);
        for module in block.numbers() {
            match self.courses.iter().find(|(known, who, _)| (*known, *who) == (module, sitting)) {
                Some((_, _, seated)) => free = free.min(seats.saturating_sub(seated.len())),
                None => hours = hours.saturating_add(board.piece.length(module)),
            }
        }
        (free, hours)
    }
}

/// Puts the people of one block into classes that are not full: where nothing new is held for them, else where the least
/// is, else into a class of their own.
fn join(
    board: &Board<'_, '_>,
    classes: &mut Vec<Class>,
    full: usize,
    (sitting, block, people): (Sitting, Modules, &[u32]),
    (seats, day_hours): (usize, u8),
) {
    let mut left = people;
    while !left.is_empty() {
        let best = classes
            .iter()
            .enumerate()
            .skip(full)
            .filter_map(|(at, class)| {
                let (free, hours) = class.offers(board, sitting, block, seats);
                let fits = class.hours.checked_add(hours).is_some_and(|sum| sum <= day_hours);
                let enough = if hours == 0 { free > 0 } else { free >= left.len() };
                (fits && enough).then_some((hours, free, at))
            })
            .min_by_key(|&(hours, free, at)| (hours, Reverse(free), at));
        let (free, at) = best.map_or((left.len(), None), |(_, free, at)| (free, Some(at)));
        let (now, later) = left.split_at(free.min(left.len()));
        match at.and_then(|at| classes.get_mut(at)) {
            Some(class) => class.add(board, sitting, block, now),
            None => {
                let mut class = Class::default();
                class.add(board, sitting, block, now);
                classes.push(class);
            }
        }
        left = later;
    }
}

/// Short classes share a day, the longest first.
fn together(mut classes: Vec<Class>, day_hours: u8) -> Vec<Class> {
    classes.sort_by_key(|class| Reverse(class.hours));
    let mut days: Vec<Class> = Vec::new();
    for class in classes {
        let fits = |day: &&mut Class| {
            day.hours.checked_add(class.hours).is_some_and(|sum| sum <= day_hours)
        };
        match days.iter_mut().find(fits) {
            Some(day) => {
                day.hours += class.hours;
                day.weight += class.weight;
                day.courses.extend(class.courses);
            }
            None => days.push(class),
        }
    }
    days
}

/// Gives a class the first day on which room and trainers are there for all of it.
fn place(board: &mut Board<'_, '_>, venue: u32, class: &Class) -> bool {
    let piece = board.piece;
    for &day in &piece.halls[venue as usize].days {
        if board.rooms[venue as usize][usize::from(day)].hours > 0
            || !class.courses.iter().all(|(module, ..)| board.has_hours(venue, day, *module))
        {
            continue;
        }
        let mut opened: Vec<u32> = Vec::new();
        for (module, sitting, _) in &class.courses {
            let Some(trainer) = board.find_trainer(venue, day, *module, None) else { break };
            opened.push(board.open((venue, day), *module, *sitting, trainer));
        }
        if opened.len() < class.courses.len() {
            for course in opened {
                board.give_up(course);
            }
            continue;
        }
        for (&course, (_, _, people)) in opened.iter().zip(&class.courses) {
            for &person in people {
                // A trainer among them sits in another's course, if there is one: see `seat`.
                if board.may_sit(person, course) {
                    board.sit(person, course);
                }
            }
        }
        return true;
    }
    false
}
