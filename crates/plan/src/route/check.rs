//! A checker of its own: it shares no code with the search and follows every vehicle minute by minute.

use super::{Solution, problem::Problem};

/// What is wrong with an answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("stop {0} does not exist")]
    Unknown(u32),
    #[error("stop {0} is served twice, or served and left out")]
    Twice(u32),
    #[error("stop {0} is neither served nor named as left out")]
    Missing(u32),
    #[error("tour {0} has no stops")]
    Empty(usize),
    #[error("tour {0} is of a vehicle kind that does not exist")]
    Kind(usize),
    #[error("{used} vehicles of kind {kind} are used, of {count}")]
    Fleet { kind: usize, used: u32, count: u32 },
    #[error("tour {tour} carries {load} of at most {capacity}")]
    Load { tour: usize, load: i64, capacity: i32 },
    #[error("tour {tour} reaches stop {stop} at {at}, after {latest}")]
    Late { tour: usize, stop: u32, at: i64, latest: i32 },
    #[error("tour {tour} is home at {at}, after {close}")]
    Home { tour: usize, at: i64, close: i32 },
    #[error("the cost is {counted}, not {claimed}")]
    Cost { claimed: i64, counted: i64 },
}

/// Follows every tour. The answer is the counted cost.
///
/// # Errors
/// The first [`Fault`].
pub fn check(problem: &Problem, solution: &Solution) -> Result<i64, Fault> {
    let mut seen = vec![false; problem.places()];
    let mut visit = |stop: u32| -> Result<(), Fault> {
        let Some(seen) = seen.get_mut(stop as usize).filter(|_| stop > 0) else {
            return Err(Fault::Unknown(stop));
        };
        if std::mem::replace(seen, true) { Err(Fault::Twice(stop)) } else { Ok(()) }
    };
    let mut used = vec![0_u32; problem.kinds().len()];
    let mut cost = 0_i64;
    for (number, tour) in solution.tours.iter().enumerate() {
        if tour.stops.is_empty() {
            return Err(Fault::Empty(number));
        }
        *used.get_mut(tour.kind).ok_or(Fault::Kind(number))? += 1;
        for &stop in &tour.stops {
            visit(stop)?;
        }
        cost += follow(problem, number, tour.kind, &tour.stops)?;
    }
    for &stop in &solution.unserved {
        visit(stop)?;
        cost += problem.stop(stop).price;
    }
    if let Some(stop) = (1_u32..).zip(seen.iter().skip(1)).find(|(_, seen)| !**seen) {
        return Err(Fault::Missing(stop.0));
    }
    for (kind, &used) in used.iter().enumerate() {
        let count = problem.kinds()[kind].count;
        if used > count {
            return Err(Fault::Fleet { kind, used, count });
        }
    }
    if cost == solution.cost {
        Ok(cost)
    } else {
        Err(Fault::Cost { claimed: solution.cost, counted: cost })
    }
}

fn follow(problem: &Problem, tour: usize, kind: usize, stops: &[u32]) -> Result<i64, Fault> {
    let vehicle = &problem.kinds()[kind];
    for (way, &capacity) in vehicle.capacity.iter().enumerate() {
        let load = stops.iter().map(|&stop| i64::from(problem.stop(stop).demand[way])).sum();
        if load > i64::from(capacity) {
            return Err(Fault::Load { tour, load, capacity });
        }
    }
    let (mut here, mut now, mut cost) = (0_usize, i64::from(vehicle.open), vehicle.fixed);
    for &stop in stops {
        let there = problem.stop(stop);
        cost += i64::from(problem.cost().at(here, stop as usize));
        now += i64::from(problem.time().at(here, stop as usize));
        now = now.max(i64::from(there.earliest));
        if now > i64::from(there.latest) {
            return Err(Fault::Late { tour, stop, at: now, latest: there.latest });
        }
        now += i64::from(there.service);
        here = stop as usize;
    }
    cost += i64::from(problem.cost().at(here, 0));
    now += i64::from(problem.time().at(here, 0));
    if now > i64::from(vehicle.close) {
        return Err(Fault::Home { tour, at: now, close: vehicle.close });
    }
    Ok(cost)
}
