//! From single places to tours of teams: which day plans to draw from, and how good that is.
//!
//! A base has teams; a *day plan* of a base gives each of its teams a tour from the base over some of the base's places and
//! back within the shift, no place twice. So a place is covered with exactly the probability of the day plans that visit
//! it, and the game stays linear:
//!
//! ```text
//! minimise v   subject to   U(i) − D(i) · Σ x(p) [p visits i] ≤ v,   Σ x(p) ≤ 1 for each base,   x ≥ 0
//! ```
//! Day plans are too many to list. They are found one by one (column generation): the master's prices say where the attacker
//! would strike, and the best answer of a base to that is a team orienteering problem, solved exactly where a base has few
//! places and by construction with ruin and repair elsewhere ([`answer`](super::answer)). What certifies the value is the
//! attacker's side: striking by the prices costs at least `Σ q(i) U(i)` less what the best answers could save, and of that an
//! upper bound is known ([`limit`](super::limit)). Bases draw apart from each other.

use super::{PatrolError, Stake, answer, limit, master::Master};
use pehra_domain::progress::{Cancelled, Watch, tell};

/// Most places of one plan of tours: the master's table grows with their square.
pub const TOUR_PLACES_MAX: usize = 1_500;
/// Most rounds of column generation.
const ROUNDS_MAX: usize = 600;
/// Rounds between two looks at the bound.
const BOUND_EVERY: usize = 20;
/// A gap below this share of the value ends the search.
const GAP_GOOD: f64 = 1e-6;

/// Teams that start and end at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base {
    pub teams: u32,
    /// Positions of the places that it looks after.
    pub places: Vec<u32>,
}

/// Seconds of travel, by position: 0 is the base, `1 + k` the k-th of its places. Symmetric or not.
pub trait Ways {
    fn seconds(&self, base: usize, from: usize, to: usize) -> u32;
}

/// How long a team is out, and how long it stays at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shift {
    pub seconds: u32,
    pub stay_s: u32,
}

/// A team's way: positions of places in the order of the visits.
pub type Tour = Vec<u32>;

/// What the teams of one base do on a day.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DayPlan {
    /// One for each team that goes out.
    pub tours: Vec<Tour>,
}

impl DayPlan {
    /// Every place that is visited.
    pub fn places(&self) -> impl Iterator<Item = u32> + '_ {
        self.tours.iter().flatten().copied()
    }
}

/// Which day plans to draw from, how often, and how good that is.
#[derive(Clone, Debug, PartialEq)]
pub struct Tours {
    /// For each base its day plans and their shares of the days, 0 to 1; what is missing to one is a day at the base.
    pub plans: Vec<Vec<(DayPlan, f64)>>,
    /// For each place the share of days on which a team visits it.
    pub shares: Vec<f64>,
    /// What the dearest attack costs, counted anew from the shares.
    pub level: f64,
    /// What it costs at least under any draw of tours with these bases, teams and shifts.
    pub bound: f64,
    pub rounds: usize,
}

/// A base with its ways written out.
pub(super) struct Ground {
    pub(super) teams: u32,
    pub(super) places: Vec<u32>,
    /// `seconds[from][to]`, the base first; staying is counted with the place that is left.
    pub(super) seconds: Vec<Vec<u32>>,
    pub(super) shift: Shift,
}

impl Ground {
    pub(super) fn of(number: usize, base: &Base, ways: &dyn Ways, shift: Shift) -> Self {
        let count = base.places.len() + 1;
        let seconds = (0..count)
            .map(|from| {
                (0..count)
                    .map(|to| if from == to { 0 } else { ways.seconds(number, from, to) })
                    .collect()
            })
            .collect();
        Self { teams: base.teams, places: base.places.clone(), seconds, shift }
    }

    /// Seconds of a way from one node to another with the stay at the first; the base asks for none.
    pub(super) fn leg(&self, from: usize, to: usize) -> u32 {
        let stay = if from == 0 { 0 } else { self.shift.stay_s };
        self.seconds[from][to].saturating_add(stay)
    }

    /// How long a tour takes, over nodes from 1.
    pub(super) fn length(&self, nodes: &[usize]) -> u32 {
        let mut at = 0;
        let mut sum = 0_u32;
        for &node in nodes.iter().chain([&0]) {
            sum = sum.saturating_add(self.leg(at, node));
            at = node;
        }
        sum
    }
}

/// Plans tours. The same input gives the same answer everywhere.
///
/// # Errors
/// [`PatrolError`]: a stake that cannot be, or too many places; [`PatrolError::Cancelled`] when the watch breaks off.
pub fn tours(
    stakes: &[Stake],
    bases: &[Base],
    ways: &dyn Ways,
    shift: Shift,
    watch: &mut Watch<'_>,
) -> Result<Tours, PatrolError> {
    super::water::sound(stakes)?;
    if stakes.len() > TOUR_PLACES_MAX {
        return Err(PatrolError::TooManyForTours);
    }
    let grounds: Vec<Ground> = bases
        .iter()
        .enumerate()
        .map(|(number, base)| Ground::of(number, base, ways, shift))
        .collect();
    let mut master = Master::new(stakes, grounds.len());
    let mut plans: Vec<(usize, DayPlan)> = Vec::new();
    let mut best_bound = 0.0_f64;
    let mut rounds = 0;
    while rounds < ROUNDS_MAX {
        tell(watch, "tours", rounds as u64, ROUNDS_MAX as u64)?;
        let prices = master.prices();
        let weights = weights(stakes, &prices.places);
        let mut found = false;
        for (number, ground) in grounds.iter().enumerate() {
            let plan = answer::best(ground, &weights, rounds as u64);
            let worth: f64 = plan.places().map(|at| weights[at as usize]).sum();
            let known = plans.iter().any(|(base, one)| *base == number && *one == plan);
            if worth > prices.bases[number] + 1e-9 && !known {
                master.add(stakes, number, &plan);
                plans.push((number, plan));
                found = true;
            }
        }
        rounds += 1;
        if !found || rounds % BOUND_EVERY == 0 {
            best_bound = best_bound.max(bound(stakes, &grounds, &prices.places));
        }
        if !found {
            break;
        }
        master.solve();
        let frequencies = master.frequencies();
        let now = plans.iter().map(|(_, plan)| plan).zip(frequencies.iter().copied());
        let level = level(stakes, &shares_of(stakes.len(), now));
        if level - best_bound <= GAP_GOOD * level {
            break;
        }
    }
    let prices = master.prices();
    best_bound = best_bound.max(bound(stakes, &grounds, &prices.places));
    Ok(finished(stakes, &grounds, plans, &master.frequencies(), best_bound, rounds))
}

fn finished(
    stakes: &[Stake],
    grounds: &[Ground],
    plans: Vec<(usize, DayPlan)>,
    frequencies: &[f64],
    bound: f64,
    rounds: usize,
) -> Tours {
    let mut by_base: Vec<Vec<(DayPlan, f64)>> = vec![Vec::new(); grounds.len()];
    for ((base, plan), &share) in plans.into_iter().zip(frequencies) {
        if share > 1e-12 {
            by_base[base].push((plan, share));
        }
    }
    for plans in &mut by_base {
        // Rounding never lets a base be out more often than every day.
        let sum: f64 = plans.iter().map(|(_, share)| share).sum();
        if sum > 1.0 {
            plans.iter_mut().for_each(|(_, share)| *share /= sum);
        }
    }
    let drawn = by_base.iter().flatten().map(|(plan, share)| (plan, *share));
    let shares = shares_of(stakes.len(), drawn);
    let level = level(stakes, &shares);
    Tours { plans: by_base, shares, level, bound: bound.min(level), rounds }
}

/// What is saved by visiting a place when the attacker strikes by these prices.
fn weights(stakes: &[Stake], prices: &[f64]) -> Vec<f64> {
    stakes.iter().zip(prices).map(|(stake, q)| q * (stake.uncovered - stake.covered)).collect()
}

fn shares_of<'p>(count: usize, plans: impl Iterator<Item = (&'p DayPlan, f64)>) -> Vec<f64> {
    let mut shares = vec![0.0; count];
    for (plan, share) in plans {
        for at in plan.places() {
            shares[at as usize] += share;
        }
    }
    shares
}

/// What the dearest attack costs.
#[must_use]
pub fn level(stakes: &[Stake], shares: &[f64]) -> f64 {
    let cost = |(stake, share): (&Stake, &f64)| {
        stake.uncovered - share.min(1.0) * (stake.uncovered - stake.covered)
    };
    stakes.iter().zip(shares).map(cost).fold(0.0, f64::max)
}

/// What an attacker who strikes by these prices is sure of, whatever tours are drawn.
fn bound(stakes: &[Stake], grounds: &[Ground], prices: &[f64]) -> f64 {
    // Prices of the master are what they are to its last digit: made to add up to one, they are an attack.
    let sum: f64 = prices.iter().sum();
    if sum <= 0.0 {
        return 0.0;
    }
    let attack: Vec<f64> = prices.iter().map(|q| q.max(0.0) / sum).collect();
    let costs: f64 = stakes.iter().zip(&attack).map(|(stake, q)| q * stake.uncovered).sum();
    let weights = weights(stakes, &attack);
    let saved: f64 = grounds.iter().map(|ground| limit::most(ground, &weights)).sum();
    (costs - saved).max(0.0)
}

impl From<Cancelled> for PatrolError {
    fn from(_: Cancelled) -> Self {
        Self::Cancelled
    }
}
