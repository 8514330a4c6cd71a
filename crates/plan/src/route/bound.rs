//! A lower bound: no set of tours can cost less.
//!
//! Tours are relaxed to walks of the right load that may come back to a stop, though not at once (q-routes;
//! Christofides, Mingozzi and Toth, "Exact algorithms for the vehicle routing problem", Mathematical Programming
//! 20, 1981). Every stop gets a multiplier λ and a share of the cheapest walk through it in proportion to its load;
//! these shares are a feasible answer to the dual of choosing tours, for any λ (Baldacci, Christofides and
//! Mingozzi, 2008). Subgradient steps improve λ. Legs that windows forbid are left out. All of it is whole
//! numbers, so the bound holds exactly.

mod walk;

use super::problem::{DIMENSIONS, Problem};
use walk::{Legs, Walks};

/// Costs are counted in this part of a unit.
const SCALE: i64 = 64;
/// Most steps of one pass over all walks: beyond, there is no bound.
const WORK_MAX: u64 = 600_000_000;

/// A proven bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    pub cost: i64,
    pub passes: u32,
}

/// Improves the bound for so many passes, or until `stop` says so. None when the problem has a stop without load
/// in every way of counting, or is too large.
#[must_use]
pub fn bound(
    problem: &Problem,
    upper: i64,
    passes: u32,
    stop: &(dyn Fn() -> bool + Sync),
) -> Option<Bound> {
    let load = Load::of(problem)?;
    let legs = Legs::of(problem, SCALE);
    let fixed = problem.kinds.iter().filter(|kind| kind.count > 0).map(|kind| kind.fixed).min()?;
    let mut lambda = vec![0_i64; problem.places()];
    let mut best: Option<Bound> = None;
    let (mut step, mut idle) = (1.5_f64, 0_u32);
    let mut best_lambda = lambda.clone();
    for pass in 1..=passes {
        if stop() {
            break;
        }
        let walks = Walks::find(&legs, &load.demand, load.capacity, &lambda);
        let (total, slope) = shares(problem, &walks, &load, fixed * SCALE, &lambda);
        let cost = total.div_euclid(SCALE) + i64::from(total.rem_euclid(SCALE) > 0);
        if best.is_none_or(|known| cost > known.cost) {
            best = Some(Bound { cost: cost.max(0), passes: pass });
            best_lambda.clone_from(&lambda);
            idle = 0;
        } else {
            idle += 1;
            if idle >= 7 {
                (step, idle) = (step * 0.6, 0);
                lambda.clone_from(&best_lambda);
            }
        }
        if cost >= upper || step < 0.01 {
            break;
        }
        climb(&mut lambda, &slope, step * gap(upper * SCALE, total));
    }
    best
}

#[expect(clippy::cast_precision_loss, reason = "a step length needs no exact cost")]
fn gap(upper: i64, total: i64) -> f64 {
    (upper - total).max(SCALE) as f64
}

#[expect(clippy::cast_possible_truncation, reason = "multipliers are clamped to what costs can be")]
fn climb(lambda: &mut [i64], slope: &[f64], gap: f64) {
    let norm: f64 = slope.iter().map(|slope| slope * slope).sum();
    if norm < 1e-9 {
        return;
    }
    for (lambda, slope) in lambda.iter_mut().zip(slope) {
        let moved = (gap / norm * slope).clamp(-1e12, 1e12);
        *lambda = (*lambda + moved.round() as i64).clamp(-(1 << 44), 1 << 44);
    }
}

/// Elementary steps of one pass of [`bound`]; none when there is no bound.
#[must_use]
pub fn pass_work(problem: &Problem) -> Option<u64> {
    let load = Load::of(problem)?;
    Some(work(problem.places() as u64, load.capacity as u64))
}

fn work(side: u64, capacity: u64) -> u64 {
    side * capacity * (2 * side + capacity / 2)
}

/// The one way of counting load that binds most.
struct Load {
    demand: Vec<usize>,
    capacity: usize,
}

impl Load {
    fn of(problem: &Problem) -> Option<Self> {
        let stops = &problem.stops[1..];
        let kinds = || problem.kinds.iter().filter(|kind| kind.count > 0);
        let capacity = |way: usize| kinds().map(|kind| kind.capacity[way]).max().unwrap_or(0);
        let total = |way: usize| stops.iter().map(|s| i64::from(s.demand[way])).sum::<i64>();
        let usable = |way: &usize| capacity(*way) > 0 && stops.iter().all(|s| s.demand[*way] > 0);
        let way = (0..DIMENSIONS)
            .filter(usable)
            .max_by_key(|&way| total(way) * 1_000 / i64::from(capacity(way)))?;
        let divisor = stops.iter().fold(0, |divisor, stop| gcd(divisor, stop.demand[way]));
        let whole = |value: i32| usize::try_from(value / divisor.max(1)).unwrap_or(0);
        let capacity = whole(capacity(way));
        let demand: Vec<usize> = problem.stops.iter().map(|stop| whole(stop.demand[way])).collect();
        let work = work(problem.places() as u64, capacity as u64);
        (work <= WORK_MAX).then_some(Self { demand, capacity })
    }
}

fn gcd(a: i32, b: i32) -> i32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// The sum of all stops' worth, and the direction in which it grows.
fn shares(
    problem: &Problem,
    walks: &Walks,
    load: &Load,
    fixed: i64,
    lambda: &[i64],
) -> (i64, Vec<f64>) {
    let mut total = 0_i64;
    let mut slope = vec![0.0_f64; problem.places()];
    for place in 1..problem.places() {
        let price = problem.stops[place].price.saturating_mul(SCALE);
        slope[place] += 1.0;
        let Some(cheapest) = walks.through(place, &load.demand, lambda, fixed) else {
            // No vehicle can serve it at all: it costs its price.
            total += price;
            slope[place] -= 1.0;
            continue;
        };
        let weight = load.demand[place];
        let share = (i128::from(cheapest.cost) * weight as i128)
            .div_euclid(cheapest.load as i128)
            .clamp(i128::from(i64::MIN / 4), i128::from(i64::MAX / 4));
        let worth = lambda[place] + i64::try_from(share).unwrap_or(0);
        total += worth.min(price);
        let part = weight as f64 / cheapest.load as f64;
        walks.follow(place, &cheapest, &load.demand, |stop| slope[stop] -= part);
    }
    slope[0] = 0.0;
    (total, slope)
}
