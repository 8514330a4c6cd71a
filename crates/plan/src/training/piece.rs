//! One province: its people in groups that differ in nothing that matters, the venues within their reach, the trainers
//! within the venues' reach.

use super::{
    Input,
    block::pack,
    module::Hours,
    rule::{reach::Site, room, trainer, validity, women::Sitting},
};
use pehra_domain::{
    AreaId, Date, Point,
    member::{MODULES, Modules},
};
use std::collections::BTreeMap;

/// People of one place who lack the same and weigh the same.
pub(super) struct Group {
    pub(super) weight: u32,
    pub(super) lacks: Modules,
    /// Hours of all that they lack.
    pub(super) hours: u32,
    pub(super) sitting: Sitting,
    /// In the order of their numbers.
    pub(super) people: Vec<u32>,
    /// Venues where all of it can be had, that of the least travel first.
    pub(super) ways: Vec<Way>,
    /// The nearest reason why there is none.
    pub(super) hindrance: Hindrance,
}

impl Group {
    pub(super) fn weight_of_all(&self) -> u64 {
        u64::from(self.weight) * self.people.len() as u64
    }
}

/// What a venue means to a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Way {
    pub(super) venue: u32,
    /// One way.
    pub(super) metres: u32,
    /// The fewest days on which they are called.
    pub(super) days: u32,
}

impl Way {
    /// There and back for as many days.
    pub(super) fn travel_m(self, days: u32) -> u64 {
        2 * u64::from(self.metres) * u64::from(days)
    }

    pub(super) fn least_m(self) -> u64 {
        self.travel_m(self.days)
    }
}

/// What stands between a group and every venue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Hindrance {
    None,
    NoTrainer(u8),
    NoDays,
    TooFar,
}

pub(super) struct Person {
    /// Position in the input.
    pub(super) at: u32,
    pub(super) group: u32,
    pub(super) woman: bool,
}

/// A venue as the piece sees it.
pub(super) struct Hall {
    /// Position in the input.
    pub(super) at: u32,
    /// Days from the first on which it is open, in order.
    pub(super) days: Vec<u16>,
    /// Trainers within reach, the nearest first.
    pub(super) trainers: Vec<u32>,
    /// What can be taught here at all, before men and before women.
    pub(super) taught: Modules,
}

/// One province of an input. Numbers of people, venues and trainers are the piece's own.
pub(super) struct Piece<'i> {
    pub(super) input: &'i Input,
    pub(super) hours: Hours,
    pub(super) people: Vec<Person>,
    pub(super) groups: Vec<Group>,
    pub(super) halls: Vec<Hall>,
    /// Positions of trainers in the input.
    pub(super) trainers: Vec<u32>,
    /// Days from the first to the eve.
    pub(super) days: u16,
    /// For each module, the days on which it counts.
    pub(super) counts: Vec<Vec<bool>>,
    packs: BTreeMap<(Modules, u8), Option<Vec<Modules>>>,
}

/// A group's key: place, woman, lacks, weight.
type Key<'i> = (&'i AreaId, Point2, bool, Modules, std::cmp::Reverse<u32>);
/// A point that can be put in order.
type Point2 = (i32, i32);

pub(super) fn split(input: &Input) -> Vec<Piece<'_>> {
    let mut provinces: BTreeMap<AreaId, BTreeMap<Key<'_>, Vec<u32>>> = BTreeMap::new();
    for (at, one) in (0_u32..).zip(&input.seekers) {
        let Some((area, point)) = &one.place else { continue };
        let Some(province) = area.province() else { continue };
        if one.lacks.is_empty() {
            continue;
        }
        let place = (point.lat_e7, point.lon_e7);
        let key = (area, place, one.woman, one.lacks, std::cmp::Reverse(one.weight));
        provinces.entry(province).or_default().entry(key).or_default().push(at);
    }
    provinces.into_iter().map(|(province, groups)| Piece::new(input, &province, groups)).collect()
}

impl<'i> Piece<'i> {
    fn new(input: &'i Input, province: &AreaId, groups: BTreeMap<Key<'i>, Vec<u32>>) -> Self {
        let days = u16::try_from(input.election.0 - input.first.0).unwrap_or(0);
        let date = |day: u16| input.first.plus_days(day.into());
        let counts = (1..=MODULES)
            .map(|number| {
                let module = input.modules.iter().find(|module| module.number == number);
                (0..days)
                    .map(|day| {
                        module.is_some_and(|one| validity::counts(one, date(day), input.election))
                    })
                    .collect()
            })
            .collect();
        let inside = |area: &AreaId| area.province().as_ref() == Some(province);
        let of = |all: Vec<&AreaId>| -> Vec<u32> {
            (0_u32..).zip(all).filter(|(_, area)| inside(area)).map(|(at, _)| at).collect()
        };
        let mut piece = Self {
            input,
            hours: Hours::new(&input.modules),
            people: Vec::new(),
            groups: Vec::new(),
            halls: Vec::new(),
            trainers: of(input.trainers.iter().map(|one| &one.district).collect()),
            days,
            counts,
            packs: BTreeMap::new(),
        };
        let venues = of(input.venues.iter().map(|one| &one.district).collect());
        let sites = piece.add_halls(&venues);
        piece.add_groups(groups, &sites);
        piece
    }

    pub(super) fn date(&self, day: u16) -> Date {
        self.input.first.plus_days(day.into())
    }

    fn add_halls(&mut self, venues: &[u32]) -> Vec<Site> {
        let input = self.input;
        let from: Vec<Site> = self
            .trainers
            .iter()
            .map(|&at| &input.trainers[at as usize])
            .map(|one| Site::new(&one.district, one.point, &input.distance))
            .collect();
        let mut sites = Vec::with_capacity(venues.len());
        for &at in venues {
            let venue = &input.venues[at as usize];
            let site = Site::new(&venue.district, venue.point, &input.distance);
            let mut near: Vec<(u32, u32)> = (0_u32..)
                .zip(&from)
                .filter_map(|(trainer, from)| {
                    Some((from.way_m(&site, input.rules.trainer_reach_m)?, trainer))
                })
                .collect();
            near.sort_unstable();
            let trainers: Vec<u32> = near.into_iter().map(|(_, trainer)| trainer).collect();
            let days = (0..self.days).filter(|&day| room::opens(venue, self.date(day))).collect();
            let taught = input.modules.iter().filter(|module| {
                trainers.iter().any(|&one| trainer::may_train(self.trainer(one), module))
            });
            let taught = taught.map(|module| module.number).collect();
            self.halls.push(Hall { at, days, trainers, taught });
            sites.push(site);
        }
        sites
    }

    fn add_groups(&mut self, groups: BTreeMap<Key<'i>, Vec<u32>>, sites: &[Site]) {
        let input = self.input;
        let mut near: Vec<(u32, u32)> = Vec::new();
        let mut last: Option<(&AreaId, Point2)> = None;
        for ((area, place, woman, lacks, weight), people) in groups {
            if last != Some((area, place)) {
                let point = Point { lat_e7: place.0, lon_e7: place.1 };
                let from = Site::new(area, point, &input.distance);
                near = (0_u32..)
                    .zip(sites)
                    .filter_map(|(venue, to)| Some((from.way_m(to, input.rules.reach_m)?, venue)))
                    .collect();
                near.sort_unstable();
                last = Some((area, place));
            }
            let (ways, hindrance) = self.ways(&near, lacks);
            let group = u32::try_from(self.groups.len()).unwrap_or(u32::MAX);
            let mut local = Vec::with_capacity(people.len());
            for at in people {
                local.push(u32::try_from(self.people.len()).unwrap_or(u32::MAX));
                self.people.push(Person { at, group, woman });
            }
            let hours = self.hours.sum(lacks);
            let sitting = Sitting::of(woman, input.rules.women_apart);
            let weight = weight.0;
            self.groups.push(Group {
                weight,
                lacks,
                hours,
                sitting,
                people: local,
                ways,
                hindrance,
            });
        }
    }

    /// Venues among the near ones where all that is lacking can be had.
    fn ways(&mut self, near: &[(u32, u32)], lacks: Modules) -> (Vec<Way>, Hindrance) {
        let mut ways = Vec::new();
        let mut hindrance = Hindrance::TooFar;
        for &(metres, venue) in near {
            let hall = &self.halls[venue as usize];
            if let Some(number) = hall.taught.lacking(lacks).next() {
                hindrance = hindrance.min(Hindrance::NoTrainer(number));
                continue;
            }
            let day_hours = self.input.venues[hall.at as usize].hours_day;
            let hours = &self.hours;
            let parts = self
                .packs
                .entry((lacks, day_hours))
                .or_insert_with(|| pack(lacks, hours, day_hours));
            let open = |part: &Modules| {
                hall.days.iter().any(|&day| {
                    part.numbers()
                        .all(|number| self.counts[usize::from(number) - 1][usize::from(day)])
                })
            };
            let fits = parts
                .as_ref()
                .filter(|parts| parts.len() <= hall.days.len() && parts.iter().all(open));
            match fits {
                Some(parts) => {
                    let days = u32::try_from(parts.len()).unwrap_or(u32::MAX);
                    ways.push(Way { venue, metres, days });
                }
                None => hindrance = hindrance.min(Hindrance::NoDays),
            }
        }
        ways.sort_unstable_by_key(|way| (way.least_m(), way.venue));
        if !ways.is_empty() {
            hindrance = Hindrance::None;
        }
        (ways, hindrance)
    }

    pub(super) fn venue(&self, hall: u32) -> &'i pehra_domain::training::Venue {
        &self.input.venues[self.halls[hall as usize].at as usize]
    }

    pub(super) fn trainer(&self, trainer: u32) -> &'i pehra_domain::training::Trainer {
        &self.input.trainers[self.trainers[trainer as usize] as usize]
    }

    pub(super) fn group_of(&self, person: u32) -> &Group {
        &self.groups[self.people[person as usize].group as usize]
    }

    pub(super) fn length(&self, module: u8) -> u8 {
        self.hours.of(module)
    }

    pub(super) fn length_of(&self, modules: Modules) -> u8 {
        u8::try_from(self.hours.sum(modules)).unwrap_or(u8::MAX)
    }

    pub(super) fn counts_on(&self, module: u8, day: u16) -> bool {
        let days = self.counts.get(usize::from(module) - 1);
        days.and_then(|days| days.get(usize::from(day))).copied().unwrap_or(false)
    }

    /// The days of somebody's modules at a venue of such days.
    pub(super) fn parts(&self, lacks: Modules, day_hours: u8) -> &[Modules] {
        let parts = self.packs.get(&(lacks, day_hours)).and_then(Option::as_ref);
        parts.map(Vec::as_slice).unwrap_or_default()
    }
}
