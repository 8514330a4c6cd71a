//! Who goes to which venue: an exact flow of hours, and what no timetable can better.
//!
//! A room's seats times its open hours is what it can give; a person takes the hours that he lacks. Whoever is trained at
//! one venue is there on at least as many days as [`block`](super::block) counts, and travels for each of them. Letting
//! people be parted and classes be full makes a flow, and every timetable is one of its answers. So with `D` the flow's
//! dual value when a person missing costs `P` a unit of weight,
//!
//! ```text
//! travel ≥ D − P · weight missing        for every timetable
//! ```
//!
//! and a second flow without travel bounds the weight. Where hours are too many for the flow's whole numbers, they are
//! counted in larger units: demands rounded down, rooms up, costs down, so that the bounds hold.

use super::piece::{Group, Piece};
use crate::flow::{self, Arc, FlowError, PRICE_MAX, Piece as Missing, Problem};
use std::ops::ControlFlow;

/// People by venue, and the bounds.
pub(super) struct Shared {
    /// For each venue, whom it shall train, by group in order.
    pub(super) venues: Vec<Vec<u32>>,
    /// The most weight that can be trained, rooms considered.
    pub(super) weight_bound: u64,
    /// `D` and `P`.
    pub(super) value: i64,
    pub(super) price: i64,
}

impl Shared {
    /// The least travel in metres of any timetable in which so much weight is missing, of what can go anywhere at all.
    pub(super) fn travel_bound_m(&self, weight_missing: u64) -> u64 {
        let missing = i64::try_from(weight_missing).unwrap_or(i64::MAX);
        let least = self.value.saturating_sub(self.price.saturating_mul(missing));
        u64::try_from(least.div_euclid(FINE).saturating_add(i64::from(least.rem_euclid(FINE) > 0)))
            .unwrap_or(0)
    }
}

/// Parts of a metre in which costs are counted.
const FINE: i64 = 8;
/// What a missing unit of weight costs, in dearest journeys: enough that leaving somebody out never pays. Should it not be
/// enough, it is raised.
const JOURNEYS: i64 = 4;
const RAISES: u32 = 3;
/// Hours over which the flow's limit is kept with room to spare.
const UNITS_MAX: u64 = flow::PEOPLE_MAX - 1;

pub(super) fn share(piece: &Piece<'_>, threads: usize) -> Result<Shared, FlowError> {
    let groups: Vec<(u32, &Group)> =
        (0_u32..).zip(&piece.groups).filter(|(_, group)| !group.ways.is_empty()).collect();
    let all: u64 = groups.iter().map(|(_, one)| one.weight_of_all()).sum();
    let mut shared = Shared {
        venues: vec![Vec::new(); piece.halls.len()],
        weight_bound: all,
        value: 0,
        price: 0,
    };
    if groups.is_empty() {
        return Ok(shared);
    }
    let rooms = Rooms::new(piece, &groups);
    let dearest = groups.iter().flat_map(|(_, one)| &one.ways).map(|way| way.least_m()).max();
    let dearest = i64::try_from(dearest.unwrap_or(0)).unwrap_or(i64::MAX).max(1);
    let heaviest = groups.iter().map(|(_, one)| i64::from(one.weight)).max().unwrap_or(1).max(1);
    let most = PRICE_MAX / heaviest / i64::from(rooms.unit);
    shared.price = (JOURNEYS * FINE * dearest).min(most);
    let mut solved = rooms.solve(&groups, Costs::Travel { price: shared.price }, threads)?;
    let mut missing = rooms.missing(&groups, &solved.solution.flows);
    if missing > 0 {
        shared.weight_bound = rooms.weight_bound(&groups, all, threads)?;
        for _ in 0..RAISES {
            if missing <= all - shared.weight_bound || shared.price == most {
                break;
            }
            shared.price = shared.price.saturating_mul(8).min(most);
            solved = rooms.solve(&groups, Costs::Travel { price: shared.price }, threads)?;
            missing = rooms.missing(&groups, &solved.solution.flows);
        }
    }
    shared.value = solved.solution.dual_bound;
    rooms.send(&groups, &solved.solution.flows, &mut shared.venues);
    Ok(shared)
}

#[derive(Clone, Copy)]
enum Costs {
    /// Parts of a metre, and what a missing unit of weight costs.
    Travel { price: i64 },
    /// Nothing but missing weight.
    Weight,
}

/// Parts of a unit of weight in the flow without travel.
const WEIGHT_FINE: i64 = 5_040;

/// What the rooms can give.
struct Rooms {
    /// Hours that count as one.
    unit: u32,
    supply: Vec<u32>,
}

impl Rooms {
    fn new(piece: &Piece<'_>, groups: &[(u32, &Group)]) -> Self {
        let mut asked = vec![0_u64; piece.halls.len()];
        let mut demand = 0;
        for (_, group) in groups {
            let hours = u64::from(group.hours) * group.people.len() as u64;
            demand += hours;
            for way in &group.ways {
                asked[way.venue as usize] += hours;
            }
        }
        let given: Vec<u64> =
            (0_u32..).zip(asked).map(|(hall, asked)| seat_hours(piece, hall).min(asked)).collect();
        let mut unit = 1_u32;
        let sum =
            |unit: u32| given.iter().map(|hours| hours.div_ceil(u64::from(unit))).sum::<u64>();
        while demand / u64::from(unit) > UNITS_MAX || sum(unit) > UNITS_MAX {
            unit *= 2;
        }
        let supply = given
            .iter()
            .map(|hours| u32::try_from(hours.div_ceil(u64::from(unit))).unwrap_or(u32::MAX))
            .collect();
        Self { unit, supply }
    }

    fn units(&self, group: &Group) -> u32 {
        let hours = u64::from(group.hours) * group.people.len() as u64;
        u32::try_from(hours / u64::from(self.unit)).unwrap_or(u32::MAX)
    }

    fn solve(
        &self,
        groups: &[(u32, &Group)],
        costs: Costs,
        threads: usize,
    ) -> Result<flow::Solved, FlowError> {
        let mut problem = Problem::try_new(self.supply.clone())?;
        let unit = i64::from(self.unit);
        for (_, group) in groups {
            let hours = i64::from(group.hours.max(1));
            let row: Vec<Arc> = group
                .ways
                .iter()
                .map(|way| {
                    let least = i64::try_from(way.least_m()).unwrap_or(i64::MAX / 1_024);
                    let cost = match costs {
                        Costs::Travel { .. } => FINE * least * unit / hours,
                        Costs::Weight => 0,
                    };
                    Arc { source: way.venue, cost: i32::try_from(cost).unwrap_or(flow::COST_MAX) }
                })
                .collect();
            let weight = i64::from(group.weight);
            let price = match costs {
                Costs::Travel { price } => price.saturating_mul(weight * unit) / hours,
                Costs::Weight => WEIGHT_FINE * weight * unit / hours,
            };
            problem.push_sink(&row, &[Missing { count: self.units(group), price }])?;
        }
        let options = flow::Options { threads, ..flow::Options::default() };
        flow::solve(problem, options, &mut |_| ControlFlow::Continue(()))
    }

    fn weight_bound(
        &self,
        groups: &[(u32, &Group)],
        all: u64,
        threads: usize,
    ) -> Result<u64, FlowError> {
        let solved = self.solve(groups, Costs::Weight, threads)?;
        let fine = solved.solution.dual_bound;
        let missing = fine.div_euclid(WEIGHT_FINE) + i64::from(fine.rem_euclid(WEIGHT_FINE) > 0);
        Ok(all.saturating_sub(u64::try_from(missing).unwrap_or(0)))
    }

    /// The weight that the flow leaves out, whole people counted.
    fn missing(&self, groups: &[(u32, &Group)], flows: &[flow::Flow]) -> u64 {
        let mut left: Vec<u32> = groups.iter().map(|(_, group)| self.units(group)).collect();
        for flow in flows {
            left[flow.sink as usize] -= flow.count;
        }
        let unit = u64::from(self.unit);
        groups
            .iter()
            .zip(left)
            .map(|((_, group), left)| {
                u64::from(group.weight) * (u64::from(left) * unit / u64::from(group.hours.max(1)))
            })
            .sum()
    }

    /// Whole people to the venues; whoever is parted, or left out, is sent nowhere yet.
    fn send(&self, groups: &[(u32, &Group)], flows: &[flow::Flow], venues: &mut [Vec<u32>]) {
        let mut flows = flows.iter().peekable();
        for (sink, (_, group)) in (0_u32..).zip(groups) {
            let mut people = group.people.iter().copied();
            while let Some(flow) = flows.next_if(|flow| flow.sink == sink) {
                let whole = flow.count == self.units(group);
                let hours = u64::from(flow.count) * u64::from(self.unit);
                let count = hours / u64::from(group.hours.max(1));
                let count = if whole { group.people.len() as u64 } else { count };
                let count = usize::try_from(count).unwrap_or(usize::MAX);
                venues[flow.source as usize].extend(people.by_ref().take(count));
            }
        }
    }
}

/// Seats times the hours on which a course could be held: the room open, somebody there to train.
fn seat_hours(piece: &Piece<'_>, hall: u32) -> u64 {
    let venue = piece.venue(hall);
    let here = &piece.halls[hall as usize];
    let hours: u64 = here
        .days
        .iter()
        .map(|&day| {
            let date = piece.date(day);
            let trainers = here
                .trainers
                .iter()
                .map(|&one| piece.trainer(one))
                .filter(|one| one.hours_day > 0 && super::rule::trainer::is_free(one, date))
                .map(|one| u32::from(one.hours_day))
                .take(usize::from(venue.hours_day))
                .sum::<u32>();
            u64::from(trainers.min(u32::from(venue.hours_day)))
        })
        .sum();
    hours * u64::from(venue.seats)
}
