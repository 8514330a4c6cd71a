//! A timetable in the making: what each room, trainer and person does on each day. Whatever is written here keeps every
//! rule.

use super::{
    Certificate, Course, Reason, Timetable,
    piece::{Hindrance, Piece},
    rule::{
        own, room,
        trainer::{self, DayOf},
        women::Sitting,
    },
};
use pehra_domain::member::Modules;

/// A course that is held, or was given up.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub(super) venue: u32,
    pub(super) day: u16,
    pub(super) module: u8,
    pub(super) sitting: Sitting,
    pub(super) trainer: u32,
    pub(super) people: Vec<u32>,
    pub(super) given_up: bool,
    /// Stays even while nobody sits in it: somebody may come back.
    pub(super) awaited: Option<u32>,
}

/// One venue on one day.
#[derive(Clone, Debug, Default)]
pub(super) struct Day {
    pub(super) hours: u8,
    pub(super) courses: Vec<u32>,
}

pub(super) struct Board<'p, 'i> {
    pub(super) piece: &'p Piece<'i>,
    pub(super) courses: Vec<Held>,
    /// By venue and day.
    pub(super) rooms: Vec<Vec<Day>>,
    /// By trainer and day.
    trainers: Vec<Vec<DayOf>>,
    /// Courses of each person.
    pub(super) seats: Vec<Vec<u32>>,
    /// People who are trainers, too.
    own: Vec<Option<u32>>,
}

impl<'p, 'i> Board<'p, 'i> {
    pub(super) fn new(piece: &'p Piece<'i>) -> Self {
        let days = usize::from(piece.days);
        let mut numbers: Vec<(&pehra_domain::PersonId, u32)> =
            (0..).zip(&piece.trainers).map(|(at, _)| (&piece.trainer(at).number, at)).collect();
        numbers.sort_unstable();
        let own = piece
            .people
            .iter()
            .map(|person| &piece.input.seekers[person.at as usize].number)
            .map(|number| {
                let found = numbers.binary_search_by_key(&number, |(known, _)| known).ok()?;
                let trainer = numbers.get(found)?.1;
                (!own::may_train(&piece.trainer(trainer).number, number)).then_some(trainer)
            })
            .collect();
        Self {
            piece,
            courses: Vec::new(),
            rooms: vec![vec![Day::default(); days]; piece.halls.len()],
            trainers: vec![vec![DayOf::default(); days]; piece.trainers.len()],
            seats: vec![Vec::new(); piece.people.len()],
            own,
        }
    }

    pub(super) fn is_seated(&self, person: u32) -> bool {
        !self.seats[person as usize].is_empty()
    }

    /// The trainer that somebody is.
    pub(super) fn own_trainer(&self, person: u32) -> Option<u32> {
        self.own[person as usize]
    }

    pub(super) fn trains(&self, person: u32) -> bool {
        self.own[person as usize].is_some()
    }

    pub(super) fn sitting(&self, person: u32) -> Sitting {
        self.piece.group_of(person).sitting
    }

    /// Whether a module could still be taught in a room on that day, trainers aside.
    pub(super) fn has_hours(&self, venue: u32, day: u16, module: u8) -> bool {
        let taken = self.rooms[venue as usize][usize::from(day)].hours;
        let venue = self.piece.venue(venue);
        room::has_seat(venue, 0)
            && room::fits(venue, taken, self.piece.length(module))
            && self.piece.counts_on(module, day)
    }

    /// A course of a module in which somebody may still sit.
    pub(super) fn open_course(&self, venue: u32, day: u16, module: u8, person: u32) -> Option<u32> {
        let courses = &self.rooms[venue as usize][usize::from(day)].courses;
        courses.iter().copied().find(|&course| {
            self.courses[course as usize].module == module && self.may_sit(person, course)
        })
    }

    pub(super) fn may_sit(&self, person: u32, course: u32) -> bool {
        let held = &self.courses[course as usize];
        !held.given_up
            && held.sitting.takes(self.piece.people[person as usize].woman)
            && room::has_seat(self.piece.venue(held.venue), held.people.len())
            && self.own[person as usize] != Some(held.trainer)
    }

    /// Somebody who may train a module there and then: whoever trains there already, else the nearest who is free, else one
    /// whose courses elsewhere others can take over.
    pub(super) fn find_trainer(
        &mut self,
        venue: u32,
        day: u16,
        module: u8,
        not: Option<u32>,
    ) -> Option<u32> {
        let free = self.free_trainer(venue, day, module, not);
        if free.is_some() {
            return free;
        }
        let piece = self.piece;
        piece.halls[venue as usize].trainers.iter().copied().find(|&one| {
            Some(one) != not
                && self.is_qualified(one, day, module)
                && self.trainers[one as usize][usize::from(day)].venue != Some(venue)
                && self.hand_over(one, day)
        })
    }

    fn is_qualified(&self, one: u32, day: u16, module: u8) -> bool {
        let input = self.piece.input;
        let module = input.modules.iter().find(|known| known.number == module);
        trainer::is_free(self.piece.trainer(one), self.piece.date(day))
            && module.is_some_and(|module| trainer::may_train(self.piece.trainer(one), module))
    }

    /// Whether a trainer could take a module there and then.
    pub(super) fn may_take(&self, one: u32, venue: u32, day: u16, module: u8) -> bool {
        let at = self.trainers[one as usize][usize::from(day)];
        trainer::fits(self.piece.trainer(one), at, venue, self.piece.length(module))
            && self.is_qualified(one, day, module)
    }

    fn free_trainer(&self, venue: u32, day: u16, module: u8, not: Option<u32>) -> Option<u32> {
        let here = &self.piece.halls[venue as usize].trainers;
        let may = |one: &&u32| Some(**one) != not && self.may_take(**one, venue, day, module);
        let there = |one: &&u32| self.trainers[**one as usize][usize::from(day)].venue.is_some();
        here.iter().filter(there).find(may).or_else(|| here.iter().find(may)).copied()
    }

    /// Frees a trainer for a day if others can take all that he trains on it.
    fn hand_over(&mut self, one: u32, day: u16) -> bool {
        let at = self.trainers[one as usize][usize::from(day)];
        let Some(venue) = at.venue else { return false };
        let courses: Vec<u32> = self.rooms[venue as usize][usize::from(day)]
            .courses
            .iter()
            .copied()
            .filter(|&course| self.courses[course as usize].trainer == one)
            .collect();
        let mut handed = Vec::new();
        for &course in &courses {
            let module = self.courses[course as usize].module;
            let held = &self.courses[course as usize];
            // Whoever is awaited may sit down again.
            let mut people = held.people.iter().chain(&held.awaited);
            let next = self.free_trainer(venue, day, module, Some(one));
            let next =
                next.filter(|&next| people.all(|&person| self.own[person as usize] != Some(next)));
            let Some(next) = next else {
                for course in handed {
                    self.entrust(course, one);
                }
                return false;
            };
            self.entrust(course, next);
            handed.push(course);
        }
        true
    }

    /// Gives a course another trainer; the caller has made sure that it may be.
    pub(super) fn entrust(&mut self, course: u32, to: u32) {
        let held = &self.courses[course as usize];
        let (venue, day, module, from) = (held.venue, held.day, held.module, held.trainer);
        let hours = self.piece.length(module);
        self.courses[course as usize].trainer = to;
        self.release_trainer(from, day, hours);
        self.take_trainer(to, venue, day, hours);
    }

    fn take_trainer(&mut self, one: u32, venue: u32, day: u16, hours: u8) {
        let at = &mut self.trainers[one as usize][usize::from(day)];
        at.venue = Some(venue);
        at.hours = at.hours.saturating_add(hours);
    }

    fn release_trainer(&mut self, one: u32, day: u16, hours: u8) {
        let at = &mut self.trainers[one as usize][usize::from(day)];
        at.hours = at.hours.saturating_sub(hours);
        if at.hours == 0 {
            at.venue = None;
        }
    }

    /// Opens a course; room, day and trainer were asked before.
    pub(super) fn open(
        &mut self,
        (venue, day): (u32, u16),
        module: u8,
        sitting: Sitting,
        trainer: u32,
    ) -> u32 {
        let course = u32::try_from(self.courses.len()).unwrap_or(u32::MAX);
        let hours = self.piece.length(module);
        let people = Vec::new();
        let (given_up, awaited) = (false, None);
        self.courses.push(Held { venue, day, module, sitting, trainer, people, given_up, awaited });
        let room = &mut self.rooms[venue as usize][usize::from(day)];
        room.hours = room.hours.saturating_add(hours);
        room.courses.push(course);
        self.take_trainer(trainer, venue, day, hours);
        course
    }

    pub(super) fn sit(&mut self, person: u32, course: u32) {
        self.courses[course as usize].people.push(person);
        self.seats[person as usize].push(course);
    }

    pub(super) fn stand(&mut self, person: u32, course: u32) {
        self.courses[course as usize].people.retain(|&other| other != person);
        self.seats[person as usize].retain(|&other| other != course);
    }

    /// Gives up a course in which nobody sits.
    pub(super) fn give_up(&mut self, course: u32) {
        let held = &mut self.courses[course as usize];
        if held.given_up || held.awaited.is_some() || !held.people.is_empty() {
            return;
        }
        held.given_up = true;
        let (venue, day, module, trainer) = (held.venue, held.day, held.module, held.trainer);
        let hours = self.piece.length(module);
        let room = &mut self.rooms[venue as usize][usize::from(day)];
        room.hours = room.hours.saturating_sub(hours);
        room.courses.retain(|&other| other != course);
        self.release_trainer(trainer, day, hours);
    }

    /// Frees all seats of somebody; courses that are empty then are given up.
    pub(super) fn release(&mut self, person: u32) {
        self.release_after(person, 0);
    }

    /// The same for all seats but the first few.
    pub(super) fn release_after(&mut self, person: u32, kept: usize) {
        for course in self.seats[person as usize].split_off(kept) {
            self.courses[course as usize].people.retain(|&other| other != person);
            self.give_up(course);
        }
    }

    /// Days on which somebody is called, in order.
    pub(super) fn days_of(&self, person: u32) -> Vec<u16> {
        let mut days: Vec<u16> = self.seats[person as usize]
            .iter()
            .map(|&course| self.courses[course as usize].day)
            .collect();
        days.sort_unstable();
        days.dedup();
        days
    }

    pub(super) fn venue_of(&self, person: u32) -> Option<u32> {
        let course = self.seats[person as usize].first()?;
        Some(self.courses[*course as usize].venue)
    }

    /// Metres there and back.
    pub(super) fn travel_m(&self, person: u32) -> u64 {
        let Some(venue) = self.venue_of(person) else { return 0 };
        let days = u32::try_from(self.days_of(person).len()).unwrap_or(u32::MAX);
        let way = self.piece.group_of(person).ways.iter().find(|way| way.venue == venue);
        way.map_or(0, |way| way.travel_m(days))
    }

    /// What somebody lacks and has no seat for.
    pub(super) fn open_modules(&self, person: u32) -> Modules {
        let lacks = self.piece.group_of(person).lacks;
        let seats = self.seats[person as usize].iter();
        lacks.without(seats.map(|&course| self.courses[course as usize].module).collect())
    }

    /// A quick look: whether each open module of somebody has, by itself, a seat or an hour somewhere at a venue.
    pub(super) fn has_room(&self, person: u32, venue: u32) -> bool {
        let days = &self.piece.halls[venue as usize].days;
        self.open_modules(person).numbers().all(|module| {
            days.iter().any(|&day| {
                self.has_hours(venue, day, module)
                    || self.open_course(venue, day, module, person).is_some()
            })
        })
    }

    fn reason(&self, person: u32) -> Reason {
        let group = self.piece.group_of(person);
        match group.hindrance {
            Hindrance::TooFar => return Reason::TooFar,
            Hindrance::NoDays => return Reason::NoDays,
            Hindrance::NoTrainer(module) => return Reason::NoTrainer { module },
            Hindrance::None => {}
        }
        let has_room = group.ways.iter().any(|way| self.has_room(person, way.venue));
        if has_room { Reason::TrainersBusy } else { Reason::Full }
    }

    /// The timetable in the input's numbers.
    pub(super) fn finish(self, certificate: Certificate) -> Timetable {
        let global = |person: u32| self.piece.people[person as usize].at;
        let mut courses = Vec::new();
        for (hall, days) in self.piece.halls.iter().zip(&self.rooms) {
            for (day, room) in (0_u16..).zip(days) {
                let mut here: Vec<&Held> =
                    room.courses.iter().map(|&at| &self.courses[at as usize]).collect();
                here.sort_by_key(|&held| (held.module, held.sitting, held.trainer, &held.people));
                let mut begins_h = 0_u8;
                for held in here {
                    let mut people: Vec<u32> = held.people.iter().map(|&one| global(one)).collect();
                    people.sort_unstable();
                    courses.push(Course {
                        venue: hall.at,
                        date: self.piece.date(day),
                        begins_h,
                        module: held.module,
                        sitting: held.sitting,
                        trainer: self.piece.trainers[held.trainer as usize],
                        people,
                    });
                    begins_h = begins_h.saturating_add(self.piece.length(held.module));
                }
            }
        }
        let untrained = (0..)
            .zip(&self.seats)
            .filter(|(_, seats)| seats.is_empty())
            .map(|(person, _)| (global(person), self.reason(person)))
            .collect();
        Timetable { courses, untrained, certificate }
    }
}
