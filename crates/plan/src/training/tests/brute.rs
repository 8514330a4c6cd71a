//! Every timetable there is, for small cases.

use super::*;
use crate::training::{audit::audit, plan, rule::reach::Site};
use proptest::prelude::*;
use std::cmp::Reverse;

/// The best that any timetable does: weight, then travel, then courses.
type Best = (u64, Reverse<u64>, Reverse<usize>);

struct Course {
    venue: usize,
    day: i32,
    module: u8,
    trainer: usize,
    taken: u32,
}

struct Search<'i> {
    input: &'i Input,
    /// Metres one way by seeker and venue.
    ways: Vec<Vec<Option<u64>>>,
    courses: Vec<Course>,
    best: Best,
}

impl Search<'_> {
    fn hours(&self, module: u8) -> u8 {
        self.input.modules[usize::from(module) - 1].hours
    }

    /// Courses of one room-day after the other: any that keep to the room's hours and the trainers' days.
    fn rooms(&mut self, slots: &[(usize, i32)], module: u8) {
        let Some((&(venue, day), rest)) = slots.split_first() else {
            let best = self.seat(0, (0, 0));
            self.best = self.best.max(best);
            return;
        };
        self.rooms(rest, 1);
        let here = |course: &&Course| course.venue == venue && course.day == day;
        let taken: u8 = self.courses.iter().filter(here).map(|one| self.hours(one.module)).sum();
        for next in module..=3 {
            if taken + self.hours(next) > self.input.venues[venue].hours_day {
                continue;
            }
            for trainer in 0..self.input.trainers.len() {
                let his = |one: &&Course| one.trainer == trainer && one.day == day;
                let hours: u8 =
                    self.courses.iter().filter(his).map(|one| self.hours(one.module)).sum();
                let one = &self.input.trainers[trainer];
                let elsewhere = self.courses.iter().filter(his).any(|one| one.venue != venue);
                if elsewhere
                    || hours + self.hours(next) > one.hours_day
                    || !one.modules.includes(Modules::of(&[next]))
                {
                    continue;
                }
                self.courses.push(Course { venue, day, module: next, trainer, taken: 0 });
                self.rooms(slots, next);
                self.courses.pop();
            }
        }
    }

    /// Seats for one person after the other, or none.
    fn seat(&mut self, person: usize, (weight, travel): (u64, u64)) -> Best {
        let Some(who) = self.input.seekers.get(person) else {
            return (
                weight,
                Reverse(travel),
                Reverse(self.courses.iter().filter(|one| one.taken > 0).count()),
            );
        };
        let lacks: Vec<u8> = who.lacks.numbers().collect();
        let mut best = self.seat(person + 1, (weight, travel));
        for venue in 0..self.input.venues.len() {
            let Some(way) = self.ways[person][venue] else { continue };
            let sofar = (weight + u64::from(who.weight), travel);
            best = best.max(self.take(person, (venue, way), &lacks, &mut Vec::new(), sofar));
        }
        best
    }

    fn take(
        &mut self,
        person: usize,
        (venue, way): (usize, u64),
        lacks: &[u8],
        days: &mut Vec<i32>,
        (weight, travel): (u64, u64),
    ) -> Best {
        let Some((&module, rest)) = lacks.split_first() else {
            let mut called = days.clone();
            called.sort_unstable();
            called.dedup();
            return self.seat(person + 1, (weight, travel + 2 * way * called.len() as u64));
        };
        let mut best = (0, Reverse(u64::MAX), Reverse(usize::MAX));
        for at in 0..self.courses.len() {
            let course = &self.courses[at];
            let fits = course.venue == venue
                && course.module == module
                && course.taken < self.input.venues[venue].seats;
            if fits {
                days.push(course.day);
                self.courses[at].taken += 1;
                best = best.max(self.take(person, (venue, way), rest, days, (weight, travel)));
                self.courses[at].taken -= 1;
                days.pop();
            }
        }
        best
    }
}

fn every_timetable(input: &Input) -> Best {
    let site = |area: &AreaId, point| Site::new(area, point, &input.distance);
    let ways = input
        .seekers
        .iter()
        .map(|who| {
            let (area, point) = who.place.as_ref().unwrap();
            let from = site(area, *point);
            let to = input.venues.iter().map(|venue| site(&venue.district, venue.point));
            to.map(|to| from.way_m(&to, input.rules.reach_m).map(u64::from)).collect()
        })
        .collect();
    let slots: Vec<(usize, i32)> = input
        .venues
        .iter()
        .enumerate()
        .flat_map(|(at, venue)| venue.open.iter().map(move |day| (at, day.0)))
        .collect();
    let best = (0, Reverse(u64::MAX), Reverse(usize::MAX));
    let mut search = Search { input, ways, courses: Vec::new(), best };
    search.rooms(&slots, 1);
    search.best
}

fn small(seed: u64) -> Input {
    let mut chance = Seed::new(seed);
    let rooms = 1 + draw(&mut chance, 2);
    let mut made = input(Vec::new(), Vec::new(), Vec::new());
    for name in 0..rooms {
        let open: Vec<i32> =
            (0..if rooms == 1 { 3 } else { 2 }).filter(|_| chance.below(5) > 0).collect();
        let size = (1 + u32::try_from(chance.below(3)).unwrap(), [2, 4][draw(&mut chance, 2)]);
        made.venues.push(venue(name, chance.below(20), size, &open));
    }
    let knows: [&[u8]; 4] = [&[1, 2, 3], &[1, 2], &[3], &[2, 3]];
    for name in 0..1 + draw(&mut chance, 2) {
        made.trainers.push(trainer(name, chance.below(20), knows[draw(&mut chance, 4)]));
    }
    let lacks: [&[u8]; 5] = [&[1], &[2], &[1, 2], &[2, 3], &[3]];
    for name in 0..1 + draw(&mut chance, 4) {
        let weight = [1, 2, 4][draw(&mut chance, 3)];
        made.seekers.push(seeker(name, chance.below(50), lacks[draw(&mut chance, 5)], weight));
    }
    made
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]
    #[test]
    fn no_timetable_is_better_than_the_bound_and_ours_lies_between(seed in any::<u64>()) {
        let input = small(seed);
        let found = plan(&input, 1, &mut go_on).unwrap();
        prop_assert_eq!(audit(&input, &found), vec![]);
        let said = found.certificate;
        let (weight, Reverse(travel), Reverse(courses)) = every_timetable(&input);
        prop_assert!(said.weight <= weight && weight <= said.weight_bound, "{said:?} {weight}");
        if said.weight == weight {
            prop_assert!(said.travel_bound_m <= travel && travel <= said.travel_m, "{said:?} {travel}");
            if said.travel_m == travel && said.trained == said.people {
                prop_assert!(said.courses_bound <= courses as u64 && courses as u64 <= said.courses);
            }
        }
    }
}

#[test]
fn of_four_hundred_small_cases_most_are_the_best_there_is() {
    let mut reached = [0; 3];
    for seed in 0..400 {
        let input = small(seed);
        let said = plan(&input, 1, &mut go_on).unwrap().certificate;
        let (weight, Reverse(travel), Reverse(courses)) = every_timetable(&input);
        let level = [
            said.weight == weight,
            said.travel_m == travel || weight == 0,
            said.courses == courses as u64 || weight == 0,
        ];
        for (count, _) in reached.iter_mut().zip(level.into_iter().take_while(|level| *level)) {
            *count += 1;
        }
    }
    assert!(reached[0] >= 380 && reached[1] >= 370 && reached[2] >= 360, "{reached:?}");
}
