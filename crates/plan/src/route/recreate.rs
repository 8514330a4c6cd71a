//! Recreate: the absent go back one by one, each to its cheapest place, which is now and then overlooked.

use super::{
    chance::Chance,
    problem::{Problem, Stop, VehicleKind},
    state::State,
    tour::Sums,
};

/// A place is overlooked once in 2⁷ = 128 times (the authors propose 0.01).
const BLINK_BITS: u32 = 7;

#[derive(Clone, Copy)]
struct Place {
    extra: i64,
    tour: usize,
    position: usize,
}

pub(super) fn recreate(problem: &Problem, state: &mut State, chance: &mut Chance) {
    let mut order = std::mem::take(&mut state.absent);
    sort(problem, chance, &mut order);
    for &stop in &order {
        insert(problem, state, chance, stop);
    }
    order.clear();
    // The stops that found no place were put into the new list; the old one's memory is kept for the next time.
    if state.absent.is_empty() {
        state.absent = order;
    }
}

/// The order of insertion: chance, demand, far from or near to the depot, windows by width, begin and end.
fn sort(problem: &Problem, chance: &mut Chance, order: &mut [u32]) {
    chance.shuffle(order);
    let ways = if problem.timeless { 11 } else { 17 };
    let stop = |place: u32| &problem.stops[place as usize];
    let way = chance.index(ways);
    match way {
        0..=3 => {}
        4..=7 => order.sort_by_key(|&place| -stop(place).demand.iter().sum::<i32>()),
        8..=9 => order.sort_by_key(|&place| -problem.cost.at(0, place as usize)),
        10 => order.sort_by_key(|&place| problem.cost.at(0, place as usize)),
        11..=12 => order.sort_by_key(|&place| stop(place).latest - stop(place).earliest),
        13..=14 => order.sort_by_key(|&place| stop(place).earliest),
        _ => order.sort_by_key(|&place| -stop(place).latest),
    }
}

fn insert(problem: &Problem, state: &mut State, chance: &mut Chance, place: u32) {
    let stop = &problem.stops[place as usize];
    // Serving it for more than its price is no gain.
    let most = stop.price;
    let mut best: Option<Place> = None;
    for (number, tour) in state.tours.iter().enumerate() {
        if tour.stops.is_empty() || !tour.has_room(problem, &stop.demand) {
            continue;
        }
        let below = best.map_or(most, |best| best.extra);
        let found = if problem.timeless {
            scan(problem, tour, place, below, chance, |_| Fits::Yes)
        } else {
            scan(problem, tour, place, below, chance, windows(problem, tour, place, stop))
        };
        if let Some((extra, position)) = found {
            best = Some(Place { extra, tour: number, position });
        }
    }
    let fresh = fresh_kind(problem, state, chance, place, stop).filter(|(extra, _)| *extra < most);
    match (best, fresh) {
        (Some(best), fresh) if fresh.is_none_or(|(extra, _)| best.extra <= extra) => {
            put(problem, state, place, best);
        }
        (_, Some((_, kind))) => {
            let tour = state.open(kind);
            state.cost += problem.kinds[kind].fixed;
            put(problem, state, place, Place { extra: 0, tour, position: 0 });
        }
        (Some(_) | None, None) => state.absent.push(place),
    }
}

fn put(problem: &Problem, state: &mut State, place: u32, at: Place) {
    state.touch(at.tour);
    state.tours[at.tour].stops.insert(at.position, place);
    state.tour_of[place as usize] = u32::try_from(at.tour).unwrap_or(u32::MAX);
    state.cost -= problem.stops[place as usize].price;
    state.settle(problem, at.tour);
}

/// Whether a stop may stand at a position as far as time goes.
enum Fits {
    Yes,
    No,
    /// Nor at any later one.
    NeverAgain,
}

fn windows<'a>(
    problem: &'a Problem,
    tour: &'a Sums,
    place: u32,
    stop: &'a Stop,
) -> impl Fn(usize) -> Fits + 'a {
    let out = problem.time.row(place as usize);
    let into = problem.time_into.row(place as usize);
    let at = |position: usize| tour.stops.get(position).map_or(0, |&stop| stop as usize);
    move |position| {
        let depart = tour.depart[position];
        if depart > stop.latest {
            return Fits::NeverAgain;
        }
        let before = if position == 0 { 0 } else { at(position - 1) };
        let begin = (depart + into[before]).max(stop.earliest);
        let done = begin.saturating_add(stop.service + out[at(position)]);
        if begin <= stop.latest && done <= tour.latest[position] { Fits::Yes } else { Fits::No }
    }
}

/// Cheapest position of one tour that adds less than `below`.
fn scan(
    problem: &Problem,
    tour: &Sums,
    place: u32,
    below: i64,
    chance: &mut Chance,
    fits: impl Fn(usize) -> Fits,
) -> Option<(i64, usize)> {
    let out = problem.cost.row(place as usize);
    let into = problem.cost_into.row(place as usize);
    let mut best = i32::try_from(below).unwrap_or(i32::MAX);
    let mut found = None;
    let mut arrive = into[0];
    for (position, leg) in tour.legs.iter().enumerate() {
        let next = tour.stops.get(position).map_or(0, |&stop| stop as usize);
        let extra = arrive.wrapping_add(out[next]).wrapping_sub(*leg);
        arrive = into[next];
        if extra >= best {
            continue;
        }
        match fits(position) {
            Fits::Yes => {}
            Fits::No => continue,
            Fits::NeverAgain => break,
        }
        if !chance.rare(BLINK_BITS) {
            best = extra;
            found = Some((i64::from(extra), position));
        }
    }
    found
}

/// A vehicle kind that could serve the stop alone, and that tour's cost: the cheapest, or, where there are several,
/// any of them half of the time, since a dearer kind may carry more.
fn fresh_kind(
    problem: &Problem,
    state: &State,
    chance: &mut Chance,
    place: u32,
    stop: &Stop,
) -> Option<(i64, usize)> {
    let to = place as usize;
    let travel = i64::from(problem.cost.at(0, to)) + i64::from(problem.cost.at(to, 0));
    let able = |(number, kind): &(usize, &VehicleKind)| {
        let begin = (kind.open + problem.time.at(0, to)).max(stop.earliest);
        state.used[*number] < kind.count
            && stop.demand.iter().zip(&kind.capacity).all(|(demand, most)| demand <= most)
            && begin <= stop.latest
            && begin + stop.service + problem.time.at(to, 0) <= kind.close
    };
    let all = || problem.kinds.iter().enumerate().filter(able);
    let priced = |(number, kind): (usize, &VehicleKind)| (travel + kind.fixed, number);
    if problem.kinds.len() > 1 && chance.rare(1) {
        let count = all().count();
        return all().nth(chance.index(count)).map(priced);
    }
    all().map(priced).min()
}
