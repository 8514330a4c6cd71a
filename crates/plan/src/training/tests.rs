mod brute;
mod cases;
mod stays;

use super::{Input, Rules, Seeker, module::parse};
use crate::allocate::DistanceModel;
use pehra_domain::{
    AreaId, Date, PersonId, Point,
    member::Modules,
    progress::Step,
    seed::Seed,
    training::{Trainer, Venue},
};
use std::ops::ControlFlow;

const TABLE: &str = include_str!("../../../../data/training_modules.csv");

fn go_on(_: Step) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn draw(chance: &mut Seed, bound: u64) -> usize {
    usize::try_from(chance.below(bound)).unwrap()
}

fn number(text: String) -> PersonId {
    PersonId::try_new(text).unwrap()
}

/// A place so many hundredths of a degree north of a town in Sindh: about 1,501 m of way each.
fn place(steps: u64) -> (AreaId, Point) {
    let lat = 25.0 + f64::from(u32::try_from(steps).unwrap()) / 100.0;
    (AreaId::try_new("pk/sindh/thatta").unwrap(), Point::try_from_degrees(lat, 68.0).unwrap())
}

fn seeker(name: usize, steps: u64, lacks: &[u8], weight: u32) -> Seeker {
    Seeker {
        number: number(format!("B-{name:04}")),
        place: Some(place(steps)),
        woman: false,
        weight,
        lacks: Modules::of(lacks),
    }
}

fn venue(name: usize, steps: u64, (seats, hours_day): (u32, u8), open: &[i32]) -> Venue {
    let (district, point) = place(steps);
    let open = open.iter().map(|&day| Date(day)).collect();
    let id = format!("V-{name}");
    Venue { name: id.clone(), id, district, point, seats, hours_day, open }
}

fn trainer(name: usize, steps: u64, modules: &[u8]) -> Trainer {
    let (district, point) = place(steps);
    Trainer {
        number: number(format!("T-{name}")),
        woman: false,
        modules: Modules::of(modules),
        district,
        point,
        hours_day: 6,
        free: Vec::new(),
    }
}

/// Ten days before the day, beginning with day 0.
fn input(seekers: Vec<Seeker>, venues: Vec<Venue>, trainers: Vec<Trainer>) -> Input {
    Input {
        seekers,
        venues,
        trainers,
        modules: parse(TABLE).unwrap(),
        rules: Rules { women_apart: true, ..Rules::default() },
        distance: DistanceModel::proposed(),
        first: Date(0),
        election: Date(10),
    }
}

/// A district, or several: people of units with needs as a plan gives them, venues and trainers of all sizes, some of them
/// short of everything.
fn imagined(seed: u64, people: usize) -> Input {
    let mut chance = Seed::new(seed);
    let venues = 1 + draw(&mut chance, 6);
    let span = [20, 60, 200][draw(&mut chance, 3)];
    let short = draw(&mut chance, 3) == 0;
    let mut made = input(Vec::new(), Vec::new(), Vec::new());
    made.election = Date(30);
    made.rules.women_apart = chance.below(2) == 0;
    for name in 0..venues {
        let open: Vec<i32> =
            (0..30).filter(|_| chance.below(if short { 9 } else { 2 }) == 0).collect();
        let size = (4 + u32::try_from(chance.below(30)).unwrap(), [4, 6, 8][draw(&mut chance, 3)]);
        made.venues.push(venue(name, chance.below(span), size, &open));
    }
    for name in 0..1 + draw(&mut chance, 9) {
        let modules =
            Modules(u16::try_from(chance.below(1 << 13) | chance.below(1 << 13)).unwrap());
        let mut one = trainer(name, chance.below(span), &[]);
        one.modules = modules;
        one.woman = chance.below(2) == 0;
        if chance.below(3) == 0 {
            one.free = (0..30).filter(|_| chance.below(2) == 0).map(Date).collect();
        }
        made.trainers.push(one);
    }
    let needs: [&[u8]; 8] = [
        &[1, 2, 3],
        &[1, 2, 3, 7],
        &[3],
        &[2, 3, 8],
        &[1, 2, 3, 6, 7],
        &[7, 8],
        &[3, 9],
        &[1, 2, 12],
    ];
    let units: Vec<u64> = (0..1 + people / 40).map(|_| chance.below(span)).collect();
    for name in 0..people {
        let unit = units[draw(&mut chance, units.len() as u64)];
        let lacks = needs[draw(&mut chance, 8)];
        let mut one = seeker(name, unit, lacks, [1, 2, 4][draw(&mut chance, 3)]);
        if chance.below(6) == 0 {
            one.woman = true;
            one.lacks = one.lacks.and(Modules::of(&[4]));
        }
        if chance.below(90) == 0 {
            one.place = None;
        }
        if chance.below(50) == 0 {
            one.number = number(format!("T-{}", name % 9));
        }
        made.seekers.push(one);
    }
    made.seekers.sort_by(|a, b| a.number.cmp(&b.number));
    made.seekers.dedup_by(|a, b| a.number == b.number);
    made
}
