//! Goes over a finished timetable by the rules alone, with nothing of what made it.

use super::{
    Course, Input, Timetable,
    rule::{own, reach::Site, room, trainer, validity, women::Sitting},
};
use pehra_domain::{AreaId, Date, member::Modules};
use std::collections::{BTreeMap, BTreeSet};

/// A rule that a timetable does not keep, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    pub rule: &'static str,
    pub what: String,
}

/// All that is broken; empty for a timetable that keeps every rule and whose certificate says of it what is so.
#[must_use]
pub fn audit(input: &Input, timetable: &Timetable) -> Vec<Broken> {
    let site = |area: &AreaId, point| Site::new(area, point, &input.distance);
    let venues = input.venues.iter().map(|one| site(&one.district, one.point)).collect();
    let homes = input.seekers.iter().map(|one| one.place.as_ref());
    let homes = homes.map(|place| place.map(|(area, point)| site(area, *point))).collect();
    let mut audit = Audit { input, venues, homes, broken: Vec::new() };
    for course in &timetable.courses {
        audit.course(course);
    }
    audit.rooms(&timetable.courses);
    audit.trainers(&timetable.courses);
    audit.people(timetable);
    audit.broken
}

struct Audit<'i> {
    input: &'i Input,
    /// Where each venue is and whence each person comes.
    venues: Vec<Site>,
    homes: Vec<Option<Site>>,
    broken: Vec<Broken>,
}

impl Audit<'_> {
    fn tell(&mut self, kept: bool, rule: &'static str, what: impl FnOnce() -> String) {
        if !kept {
            self.broken.push(Broken { rule, what: what() });
        }
    }

    fn course(&mut self, course: &Course) {
        let input = self.input;
        let (venue, one) =
            (&input.venues[course.venue as usize], &input.trainers[course.trainer as usize]);
        let name = || format!("M{} at {} on {}", course.module, venue.id, course.date);
        self.tell(room::opens(venue, course.date), "open days", name);
        let seated = u32::try_from(course.people.len()).unwrap_or(u32::MAX);
        self.tell((1..=venue.seats).contains(&seated), "seats", name);
        let module = input.modules.iter().find(|module| module.number == course.module);
        let Some(module) = module else { return self.tell(false, "modules", name) };
        let counts = validity::counts(module, course.date, input.election);
        self.tell(counts && course.date >= input.first, "validity", name);
        self.tell(trainer::may_train(one, module), "qualification", name);
        self.tell(trainer::is_free(one, course.date), "trainers' days", name);
        let from = Site::new(&one.district, one.point, &input.distance);
        let at = &self.venues[course.venue as usize];
        let near = from.way_m(at, input.rules.trainer_reach_m).is_some();
        self.tell(near, "trainers' ways", name);
        for &person in &course.people {
            let who = &input.seekers[person as usize];
            let name = || format!("{} in M{} at {}", who.number, course.module, venue.id);
            self.tell(own::may_train(&one.number, &who.number), "nobody trains himself", name);
            let sits = course.sitting.takes(who.woman)
                && course.sitting == Sitting::of(who.woman, input.rules.women_apart);
            self.tell(sits, "women apart", name);
            let lacks = who.lacks.includes(Modules::of(&[course.module]));
            self.tell(lacks, "nobody sits for nothing", name);
            let near =
                self.way_m(person, course.venue).is_some_and(|way| way <= input.rules.reach_m);
            self.tell(near, "longest way", name);
        }
    }

    /// One way, however long.
    fn way_m(&self, person: u32, venue: u32) -> Option<u32> {
        self.homes[person as usize].as_ref()?.way_m(&self.venues[venue as usize], u32::MAX)
    }

    /// One course at a time in a room, within its hours.
    fn rooms(&mut self, courses: &[Course]) {
        let mut days: BTreeMap<(u32, Date), Vec<(u8, u8)>> = BTreeMap::new();
        for course in courses {
            let hours = self.hours(course.module);
            days.entry((course.venue, course.date)).or_default().push((course.begins_h, hours));
        }
        let input = self.input;
        for ((venue, date), mut spans) in days {
            spans.sort_unstable();
            let mut until = 0;
            for (begins, hours) in spans {
                let one = &input.venues[venue as usize];
                let apart = begins >= until;
                until = begins.saturating_add(hours);
                let kept = apart && until <= one.hours_day;
                self.tell(kept, "one course at a time", || format!("{} on {date}", one.id));
            }
        }
    }

    fn trainers(&mut self, courses: &[Course]) {
        let mut days: BTreeMap<(u32, Date), (BTreeSet<u32>, u8)> = BTreeMap::new();
        for course in courses {
            let hours = self.hours(course.module);
            let day = days.entry((course.trainer, course.date)).or_default();
            day.0.insert(course.venue);
            day.1 = day.1.saturating_add(hours);
        }
        for ((trainer, date), (venues, hours)) in days {
            let one = &self.input.trainers[trainer as usize];
            let kept = venues.len() == 1 && hours <= one.hours_day;
            self.tell(kept, "one venue a day", || format!("{} on {date}", one.number));
        }
    }

    fn hours(&self, module: u8) -> u8 {
        let found = self.input.modules.iter().find(|known| known.number == module);
        found.map_or(u8::MAX, |module| module.hours)
    }

    /// All or nothing, at one venue, once each; everybody else is named; and the figures are those of the certificate.
    fn people(&mut self, timetable: &Timetable) {
        let input = self.input;
        let mut seats: BTreeMap<u32, Vec<&Course>> = BTreeMap::new();
        for course in &timetable.courses {
            for &person in &course.people {
                seats.entry(person).or_default().push(course);
            }
        }
        let untrained: BTreeSet<u32> = timetable.untrained.iter().map(|(one, _)| *one).collect();
        let once = untrained.len() == timetable.untrained.len();
        self.tell(once, "everybody once", || "the list of the untrained".to_owned());
        let (mut weight, mut travel_m) = (0_u64, 0_u64);
        for (at, who) in (0_u32..).zip(&input.seekers) {
            let Some(courses) = seats.get(&at) else {
                let named = untrained.contains(&at) != who.lacks.is_empty();
                self.tell(named, "everybody is seated or named", || who.number.to_string());
                continue;
            };
            let modules: Modules = courses.iter().map(|course| course.module).collect();
            let whole = modules == who.lacks && modules.numbers().count() == courses.len();
            self.tell(whole && !untrained.contains(&at), "all or nothing", || {
                who.number.to_string()
            });
            let venues: BTreeSet<u32> = courses.iter().map(|course| course.venue).collect();
            self.tell(venues.len() == 1, "one venue", || who.number.to_string());
            let days: BTreeSet<Date> = courses.iter().map(|course| course.date).collect();
            weight += u64::from(who.weight);
            for venue in venues {
                let way_m = self.way_m(at, venue).unwrap_or(0);
                travel_m += 2 * u64::from(way_m) * days.len() as u64;
            }
        }
        let said = &timetable.certificate;
        let figures = [
            ("people trained", seats.len() as u64, said.trained),
            ("weight", weight, said.weight),
            ("travel", travel_m, said.travel_m),
            ("courses", timetable.courses.len() as u64, said.courses),
            ("people", (seats.len() + untrained.len()) as u64, said.people),
        ];
        for (name, found, said) in figures {
            self.tell(found == said, "certificate", || {
                format!("{name}: {said} said, {found} found")
            });
        }
        let bounded = said.weight <= said.weight_bound
            && said.travel_m >= said.travel_bound_m
            && said.courses >= said.courses_bound_there
            && said.courses_bound_there >= said.courses_bound;
        self.tell(bounded, "certificate", || format!("{said:?}"));
    }
}
