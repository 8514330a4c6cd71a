//! Public awareness: which channels, in which languages and districts, reach the most people for the money, counting only
//! what still works once networks are cut.
//!
//! People are parted into groups: a district, town or country, men or women, and what is spoken at home. An *offer* is one
//! channel in one language in one district, or in the nation; it reaches a known share of each group, for a known price.
//! Several offers reach the same people. Within a group they are taken as independent, so that of a group of `P` people
//!
//! > `P · (1 − Π (1 − r))`
//!
//! are reached by offers with the shares `r`. Nobody knows the true overlap: how few people it could be (every audience
//! lies inside the largest) and how many (no two audiences meet) stands beside it, by Fréchet's bounds (1935).
//!
//! What is asked is a budgeted maximal coverage: monotone, submodular, and NP-hard. Its continuous relaxation is concave,
//! since a group's share is `1 − e^(−s)` of the sum `s` of its offers' `−ln(1 − r)`; any tangent to it with a fractional
//! knapsack below is a bound on every choice there is ([`relax`]). Offers are then chosen greedily by the relaxation and by
//! people per rupee, bettered by exchanges ([`pick`]), and the rest of the gap is closed by branching, as far as is wished.

pub mod audience;
mod market;
mod pick;
pub mod question;
mod relax;
#[cfg(test)]
mod tests;

use market::Market;
use pehra_domain::progress::{Cancelled, Watch, tell};
use pick::Choice;
use relax::{Fixed, Relaxed};
use serde::Serialize;
use std::{cmp::Ordering, collections::BinaryHeap};

/// Largest share that an offer may reach of a group, in millionths: nothing reaches everybody.
pub const SHARE_MAX: u32 = 999_000;
/// Most people in one group, offers, and rupees: beyond that sums of floating point lose single persons.
pub const OFFERS_MAX: usize = 200_000;
pub const PEOPLE_MAX: u64 = 1_000_000_000;
pub const RUPEES_MAX: u64 = 1_000_000_000_000;

/// One channel in one language and place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// More than nought.
    pub cost_rs: u64,
    /// Position of a group, and the share of it that is reached in millionths; each group once.
    pub reach: Vec<(u32, u32)>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Input {
    /// By group.
    pub people: Vec<u32>,
    pub offers: Vec<Offer>,
    pub budget_rs: u64,
}

/// How long to search for what the first choice left open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort {
    /// Nodes of the search tree at the most; the first is always solved.
    pub nodes: u32,
    /// A gap that is small enough, in millionths of the bound.
    pub gap_ppm: u32,
}

impl Default for Effort {
    fn default() -> Self {
        Self { nodes: 24, gap_ppm: 100 }
    }
}

/// What was found, and how much better it could be at the best.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Certificate {
    /// People reached, audiences taken as independent within a group; rounded down.
    pub reached: u64,
    /// No choice within the budget reaches more; rounded up.
    pub bound: u64,
    /// Between them, in millionths of the bound.
    pub gap_ppm: u64,
    /// If every audience of a group lay inside the largest of them.
    pub reached_at_least: u64,
    /// If no two audiences of a group met.
    pub reached_at_most: u64,
    pub cost_rs: u64,
    pub budget_rs: u64,
    pub offers: u64,
    pub groups: u64,
    pub nodes: u32,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    /// Positions of offers, in order.
    pub offers: Vec<u32>,
    pub certificate: Certificate,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CampaignError {
    #[error("there are {0} offers, at most {OFFERS_MAX} are planned at once: ask for one province")]
    TooMany(usize),
    #[error("{0} people are more than {PEOPLE_MAX}: groups count somebody twice")]
    People(u64),
    #[error("{0} rupees are more than {RUPEES_MAX}")]
    Rupees(u64),
    #[error("offer {0} costs nothing: what is free needs no plan")]
    Free(usize),
    #[error("offer {0} reaches a group that is not there, or one twice, or more than 99.9 % of it")]
    Reach(usize),
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// A part of the search tree that is still open.
struct Open {
    bound: f64,
    /// Nodes were made in this order: equal bounds are taken so, on every machine.
    number: u32,
    fixed: Vec<(u32, bool)>,
    x: Vec<f64>,
}

impl PartialEq for Open {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Open {}
impl PartialOrd for Open {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Open {
    fn cmp(&self, other: &Self) -> Ordering {
        self.bound.total_cmp(&other.bound).then(other.number.cmp(&self.number))
    }
}

/// Chooses offers that reach the most people within the budget.
///
/// # Errors
/// [`CampaignError`]: a number is out of its range, or the watcher stopped it.
pub fn choose(
    input: &Input,
    effort: Effort,
    watch: &mut Watch<'_>,
) -> Result<Chosen, CampaignError> {
    check(input)?;
    let market = Market::of(input);
    tell(watch, "campaign-relax", 0, 0)?;
    let mut fixed = vec![Fixed::Free; market.len()];
    let root = relax::solve(&market, &fixed, None);
    let mut best = pick::pick(&market, &fixed, &root.x);
    let mut open = BinaryHeap::new();
    let mut made = 1_u32;
    let mut nodes = 1_u32;
    open.push(Open { bound: root.bound, number: 0, fixed: Vec::new(), x: root.x });
    while let Some(node) = open.pop() {
        if node.bound <= closed(best.reached) {
            open.clear();
            break;
        }
        let enough = (node.bound - best.reached) * 1e6 <= f64::from(effort.gap_ppm) * node.bound;
        let Some(split) = fractional(&market, &node.x) else {
            // The relaxation is whole and its bound still lies above: nothing to part by.
            open.push(node);
            break;
        };
        if nodes >= effort.nodes || enough {
            open.push(node);
            break;
        }
        tell(watch, "campaign-branch", u64::from(nodes), u64::from(effort.nodes))?;
        for taken in [true, false] {
            let mut choices = node.fixed.clone();
            choices.push((split, taken));
            set(&mut fixed, &choices);
            if market.cost_in(&fixed) > market.budget {
                continue;
            }
            let Relaxed { bound, x } = relax::solve(&market, &fixed, Some(&node.x));
            nodes += 1;
            let found = pick::pick(&market, &fixed, &x);
            if found.reached > best.reached {
                best = found;
            }
            let bound = bound.min(node.bound);
            if bound > closed(best.reached) {
                open.push(Open { bound, number: made, fixed: choices, x });
                made += 1;
            }
        }
    }
    let bound = open.peek().map_or(0.0, |node| node.bound).max(closed(best.reached));
    Ok(certified(input, &market, best, (bound, nodes)))
}

/// What a part of the tree must promise beyond to be looked at: a hundredth of a person, and what sums may lose.
fn closed(reached: f64) -> f64 {
    reached.mul_add(1e-9, reached + 0.01)
}

fn set(fixed: &mut [Fixed], choices: &[(u32, bool)]) {
    fixed.fill(Fixed::Free);
    for (offer, taken) in choices {
        if let Some(slot) = fixed.get_mut(*offer as usize) {
            *slot = if *taken { Fixed::In } else { Fixed::Out };
        }
    }
}

/// The offer that the relaxation leaves most in doubt, by money.
fn fractional(market: &Market, x: &[f64]) -> Option<u32> {
    let doubt = |at: usize, x: f64| x.min(1.0 - x) * market.cost(at);
    let most = x
        .iter()
        .enumerate()
        .map(|(at, &x)| (at, doubt(at, x)))
        .filter(|(_, doubt)| *doubt > 1e-6)
        .max_by(|(a, one), (b, other)| one.total_cmp(other).then(b.cmp(a)))?;
    u32::try_from(most.0).ok()
}

fn check(input: &Input) -> Result<(), CampaignError> {
    if input.offers.len() > OFFERS_MAX {
        return Err(CampaignError::TooMany(input.offers.len()));
    }
    let people: u64 = input.people.iter().map(|people| u64::from(*people)).sum();
    if people > PEOPLE_MAX {
        return Err(CampaignError::People(people));
    }
    if input.budget_rs > RUPEES_MAX {
        return Err(CampaignError::Rupees(input.budget_rs));
    }
    let mut last = vec![usize::MAX; input.people.len()];
    for (at, offer) in input.offers.iter().enumerate() {
        if offer.cost_rs == 0 {
            return Err(CampaignError::Free(at));
        }
        if offer.cost_rs > RUPEES_MAX {
            return Err(CampaignError::Rupees(offer.cost_rs));
        }
        for (group, share) in &offer.reach {
            let seen = last.get_mut(*group as usize).ok_or(CampaignError::Reach(at))?;
            if *seen == at || *share > SHARE_MAX {
                return Err(CampaignError::Reach(at));
            }
            *seen = at;
        }
    }
    Ok(())
}

/// Whole people of a sum that is not negative.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between nought and a thousand million"
)]
fn whole(people: f64) -> u64 {
    people.clamp(0.0, 1e12) as u64
}

fn certified(input: &Input, market: &Market, best: Choice, (bound, nodes): (f64, u32)) -> Chosen {
    let Choice { offers, .. } = best;
    let reach = reach(input, &offers);
    let bound = whole(bound.ceil()).max(reach.reached);
    let gap = u128::from(bound - reach.reached) * 1_000_000;
    let certificate = Certificate {
        reached: reach.reached,
        bound,
        gap_ppm: u64::try_from(gap.div_ceil(u128::from(bound.max(1)))).unwrap_or(u64::MAX),
        reached_at_least: reach.at_least,
        reached_at_most: reach.at_most,
        cost_rs: offers
            .iter()
            .filter_map(|at| input.offers.get(*at as usize))
            .map(|it| it.cost_rs)
            .sum(),
        budget_rs: input.budget_rs,
        offers: input.offers.len() as u64,
        groups: market.groups() as u64,
        nodes,
    };
    Chosen { offers, certificate }
}

/// How many people some offers reach together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Reach {
    /// Audiences independent within each group.
    pub reached: u64,
    pub at_least: u64,
    pub at_most: u64,
}

/// By group, the three ways in which offers may overlap: as shares of nought to one.
pub(crate) fn shares(input: &Input, offers: &[u32]) -> Vec<[f64; 3]> {
    let mut missed = vec![[1.0_f64, 0.0, 0.0]; input.people.len()];
    for offer in offers.iter().filter_map(|at| input.offers.get(*at as usize)) {
        for (group, share) in &offer.reach {
            let share = f64::from(*share) / 1e6;
            if let Some([independent, most, sum]) = missed.get_mut(*group as usize) {
                *independent *= 1.0 - share;
                *most = most.max(share);
                *sum += share;
            }
        }
    }
    for [independent, _, sum] in &mut missed {
        *independent = 1.0 - *independent;
        *sum = sum.min(1.0);
    }
    missed
}

/// How many people offers reach together.
#[must_use]
pub fn reach(input: &Input, offers: &[u32]) -> Reach {
    let mut sum = [0.0; 3];
    for (people, shares) in input.people.iter().zip(shares(input, offers)) {
        for (sum, share) in sum.iter_mut().zip(shares) {
            *sum += f64::from(*people) * share;
        }
    }
    let [reached, at_least, at_most] = sum.map(whole);
    Reach { reached, at_least, at_most }
}
