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

use super::{
    PatrolError, Stake, answer,
    limit::{self, Limit},
    master::{Master, Prices},
};
use pehra_domain::progress::{Cancelled, Watch, tell};
use std::collections::BTreeSet;

/// Most places of one plan of tours: the master's table grows with their square.
pub const TOUR_PLACES_MAX: usize = 1_500;
/// Most rounds of column generation.
const ROUNDS_MAX: usize = 600;
/// A gap below this share of the value ends the search.
const GAP_GOOD: f64 = 1e-6;
/// How hard an answer is looked for, and then how hard when no more comes of it.
const RUINS: &[u32] = &[60, 400];
/// Rounds of which each gains less than a part of the value, after which no more is expected.
const STILL_MAX: usize = 40;
const STILL_BELOW: f64 = 1e-5;

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
    /// From each node home with the stay there, by whatever way is shortest.
    pub(super) home: Vec<u32>,
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
        let places = base.places.clone();
        let mut ground = Self { teams: base.teams, places, seconds, home: Vec::new(), shift };
        ground.home = (0..count).map(|node| ground.leg(node, 0)).collect();
        while ground.shorten_home() {}
        ground
    }

    /// One round of Bellman's and Ford's, from the end; whether it found a shorter way.
    fn shorten_home(&mut self) -> bool {
        let mut shorter = false;
        for from in 1..self.home.len() {
            let ways = (1..self.home.len()).filter(|&by| by != from);
            let ways = ways.map(|by| self.leg(from, by).saturating_add(self.home[by]));
            if let Some(least) = ways.min().filter(|&least| least < self.home[from]) {
                self.home[from] = least;
                shorter = true;
            }
        }
        shorter
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
    let mut all = Tours {
        plans: vec![Vec::new(); bases.len()],
        shares: vec![0.0; stakes.len()],
        level: 0.0,
        bound: 0.0,
        rounds: 0,
    };
    let mut alone = vec![true; stakes.len()];
    let parts = parts(bases);
    let total = parts.len() as u64;
    for (done, (places, part)) in (0..).zip(parts) {
        let mut go_on = || tell(watch, "tours", done, total);
        let places: Vec<u32> = places.into_iter().collect();
        places.iter().for_each(|&at| alone[at as usize] = false);
        let own = |at: u32| u32::try_from(places.partition_point(|&it| it < at)).unwrap_or(at);
        let grounds: Vec<Ground> = part
            .iter()
            .map(|&number| {
                let mut ground = Ground::of(number, &bases[number], ways, shift);
                ground.places.iter_mut().for_each(|at| *at = own(*at));
                ground
            })
            .collect();
        let own_stakes: Vec<Stake> = places.iter().map(|&at| stakes[at as usize]).collect();
        let found = play(&own_stakes, &grounds, &mut go_on)?;
        for (&base, plans) in part.iter().zip(found.plans) {
            let theirs = plans.into_iter().map(|(mut plan, share)| {
                plan.tours.iter_mut().flatten().for_each(|at| *at = places[*at as usize]);
                (plan, share)
            });
            all.plans[base] = theirs.collect();
        }
        places.iter().zip(&found.shares).for_each(|(&at, &share)| all.shares[at as usize] = share);
        all.bound = all.bound.max(found.bound);
        all.rounds += found.rounds;
    }
    // Where nobody goes an attack costs what it costs.
    let nobody = stakes.iter().zip(&alone).filter(|(_, alone)| **alone);
    all.bound = nobody.fold(all.bound, |bound, (stake, _)| bound.max(stake.uncovered));
    all.level = level(stakes, &all.shares);
    all.bound = all.bound.min(all.level);
    Ok(all)
}

/// Bases that share places, together, and the others each by itself, with the places that they look after: what the dearest
/// attack costs is the dearest of theirs.
fn parts(bases: &[Base]) -> Vec<(BTreeSet<u32>, Vec<usize>)> {
    let mut parts: Vec<(BTreeSet<u32>, Vec<usize>)> = Vec::new();
    for (number, base) in bases.iter().enumerate() {
        let mut places: BTreeSet<u32> = base.places.iter().copied().collect();
        let mut members = vec![number];
        parts.retain_mut(|(theirs, others)| {
            let apart = theirs.is_disjoint(&places);
            if !apart {
                places.append(theirs);
                members.append(others);
            }
            apart
        });
        members.sort_unstable();
        parts.push((places, members));
    }
    parts
}

/// Asked between steps whether somebody still wants the answer.
pub(super) type GoOn<'a> = dyn FnMut() -> Result<(), Cancelled> + 'a;

/// The game of some bases over the places that they look after.
fn play(stakes: &[Stake], grounds: &[Ground], go_on: &mut GoOn<'_>) -> Result<Tours, Cancelled> {
    let small = grounds.iter().all(|ground| ground.places.len() <= answer::EXACT_MAX);
    let mut bound = 0.0_f64;
    let mut game = Game::new(stakes, grounds);
    if !small {
        let easier = limit::limit(stakes, grounds, go_on)?;
        bound = easier.bound;
        game.begin_with(&easier);
    }
    let mut efforts = RUINS.iter();
    let mut ruins = efforts.next();
    let (mut best, mut still) = (f64::INFINITY, 0);
    let mut rounds = 0;
    while let Some(&now) = ruins.filter(|_| rounds < ROUNDS_MAX) {
        go_on()?;
        let prices = game.master.prices();
        if small {
            bound = bound.max(exact_bound(stakes, grounds, &prices.places));
        }
        let found = game.round(&prices, answer::Effort { number: rounds as u64, ruins: now });
        rounds += 1;
        game.master.solve();
        let level = game.level();
        if level - bound <= GAP_GOOD * level {
            break;
        }
        still = if level < best * (1.0 - STILL_BELOW) { 0 } else { still + 1 };
        best = best.min(level);
        if !found || still >= STILL_MAX {
            ruins = efforts.next();
            still = 0;
        }
    }
    if small {
        bound = bound.max(exact_bound(stakes, grounds, &game.master.prices().places));
    }
    Ok(game.finished(bound, rounds))
}

/// The day plans that were found so far, and how often each is drawn.
struct Game<'g> {
    stakes: &'g [Stake],
    grounds: &'g [Ground],
    master: Master,
    plans: Vec<(usize, DayPlan)>,
    known: BTreeSet<(usize, DayPlan)>,
}

impl<'g> Game<'g> {
    fn new(stakes: &'g [Stake], grounds: &'g [Ground]) -> Self {
        let master = Master::new(stakes, grounds.len());
        Self { stakes, grounds, master, plans: Vec::new(), known: BTreeSet::new() }
    }

    fn add(&mut self, base: usize, plan: DayPlan) -> bool {
        let new = !plan.tours.is_empty() && self.known.insert((base, plan.clone()));
        if new {
            self.master.add(self.stakes, base, &plan);
            self.plans.push((base, plan));
        }
        new
    }

    /// Day plans out of the tours of the easier game: those that are drawn most together, as long as they visit different
    /// places, until all are used up.
    fn begin_with(&mut self, easier: &Limit) {
        let worth: Vec<f64> =
            self.stakes.iter().map(|stake| stake.uncovered - stake.covered).collect();
        for (number, (ground, walks)) in self.grounds.iter().zip(&easier.walks).enumerate() {
            let mut left: Vec<f64> = walks.iter().map(|(_, share)| *share).collect();
            let walks: Vec<&[usize]> =
                walks.iter().map(|(walk, _)| walk.nodes.as_slice()).collect();
            let teams = usize::try_from(ground.teams).unwrap_or(usize::MAX);
            for _ in 0..2 * walks.len() {
                let day = together(&walks, &left, teams);
                let share = day.iter().map(|&at| left[at]).min_by(f64::total_cmp);
                let Some(share) = share else { break };
                day.iter().for_each(|&at| left[at] -= share);
                let tours = day.iter().map(|&at| walks[at]);
                self.add(number, answer::made_of(ground, &worth, tours));
            }
        }
        self.master.solve();
    }

    /// Each base's best answer to the prices; whether one of them is worth more than its price.
    fn round(&mut self, prices: &Prices, effort: answer::Effort) -> bool {
        let weights = weights(self.stakes, &prices.places);
        let mut found = false;
        for (number, ground) in self.grounds.iter().enumerate() {
            let plan = answer::best(ground, &weights, effort);
            let worth: f64 = plan.places().map(|at| weights[at as usize]).sum();
            found |= worth > prices.bases[number] + 1e-9 && self.add(number, plan);
        }
        found
    }

    fn level(&self) -> f64 {
        let frequencies = self.master.frequencies();
        let now = self.plans.iter().map(|(_, plan)| plan).zip(frequencies);
        level(self.stakes, &shares_of(self.stakes.len(), now))
    }

    fn finished(self, bound: f64, rounds: usize) -> Tours {
        let mut by_base: Vec<Vec<(DayPlan, f64)>> = vec![Vec::new(); self.grounds.len()];
        for ((base, plan), share) in self.plans.into_iter().zip(self.master.frequencies()) {
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
        let shares = shares_of(self.stakes.len(), drawn);
        let level = level(self.stakes, &shares);
        Tours { plans: by_base, shares, level, bound: bound.min(level), rounds }
    }
}

/// Walks for the teams of one day: what is left of each, as far as it goes where nobody of that day is yet, counts.
fn together(walks: &[&[usize]], left: &[f64], teams: usize) -> Vec<usize> {
    let mut day: Vec<usize> = Vec::new();
    let mut seen: BTreeSet<usize> = BTreeSet::new();
    while day.len() < teams {
        let new = |at: &usize| {
            let new = walks[*at].iter().filter(|node| !seen.contains(*node)).count();
            left[*at] * new as f64 / walks[*at].len().max(1) as f64
        };
        let next = (0..walks.len())
            .filter(|at| left[*at] > 1e-9 && !day.contains(at))
            .max_by(|a, b| new(a).total_cmp(&new(b)).then(b.cmp(a)));
        let Some(next) = next else { break };
        seen.extend(walks[next]);
        day.push(next);
    }
    day
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

/// What an attacker who strikes by these prices is sure of, whatever tours small bases draw.
fn exact_bound(stakes: &[Stake], grounds: &[Ground], prices: &[f64]) -> f64 {
    // Prices of the master are what they are to its last digit: made to add up to one, they are an attack.
    let sum: f64 = prices.iter().sum();
    if sum <= 0.0 {
        return 0.0;
    }
    let attack: Vec<f64> = prices.iter().map(|q| q.max(0.0) / sum).collect();
    let costs: f64 = stakes.iter().zip(&attack).map(|(stake, q)| q * stake.uncovered).sum();
    let weights = weights(stakes, &attack);
    let best = |ground| {
        let plan = answer::best(ground, &weights, answer::Effort { number: 0, ruins: 0 });
        plan.places().map(|at| weights[at as usize]).sum::<f64>()
    };
    let saved: f64 = grounds.iter().map(best).sum();
    (costs - saved).max(0.0)
}

impl From<Cancelled> for PatrolError {
    fn from(_: Cancelled) -> Self {
        Self::Cancelled
    }
}
