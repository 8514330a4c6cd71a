//! The verifier: shares no code with the engine beyond the problem itself, and trusts nothing in the answer.

use super::{Flow, Pairs, Problem, Solution};
use std::cmp::Ordering;

/// What is wrong with an answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Defect {
    #[error("{found} prices for {expected} sources")]
    PriceCount { found: usize, expected: usize },
    #[error("source {0} has a negative price")]
    NegativePrice(usize),
    #[error("flows are not in order of sink and source, or one is zero")]
    Disorder,
    #[error("no arc from source {source_index} to sink {sink}")]
    NoArc { sink: u32, source_index: u32 },
    #[error("source {0} sends more than it has")]
    OverSupply(usize),
    #[error("sink {0} receives more than it is due")]
    OverDemand(usize),
    #[error("the flows cost {found}, not {stated}")]
    Objective { found: i128, stated: i64 },
    #[error("the prices prove a bound of {found}, not {stated}")]
    DualBound { found: i128, stated: i64 },
    #[error("the objective {objective} is above the bound {bound}: not proven best")]
    Gap { objective: i64, bound: i64 },
    #[error("source {source_index} would serve sink {sink} more cheaply, by an arc left out")]
    Omitted { sink: usize, source_index: u32 },
}

/// A proven optimum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified {
    pub objective: i64,
    /// People who serve, and people who are missing.
    pub served: u64,
    pub missing: u64,
}

/// Checks feasibility, the objective, and that the prices' dual value equals it. By weak duality no answer over
/// these arcs can then be better; complementary slackness follows from the equality.
///
/// # Errors
/// [`Defect`] names the first thing that does not hold.
pub fn verify(problem: &Problem, solution: &Solution) -> Result<Verified, Defect> {
    let verified = check(problem, solution)?;
    let (objective, bound) = (solution.objective, solution.dual_bound);
    if objective == bound { Ok(verified) } else { Err(Defect::Gap { objective, bound }) }
}

/// Feasibility, and that cost and bound are what the answer states.
pub(super) fn check(problem: &Problem, solution: &Solution) -> Result<Verified, Defect> {
    let Solution { flows, prices, objective, dual_bound } = solution;
    let (stated, bound) = (*objective, *dual_bound);
    if prices.len() != problem.sources() {
        return Err(Defect::PriceCount { found: prices.len(), expected: problem.sources() });
    }
    if let Some(source) = prices.iter().position(|&price| price < 0) {
        return Err(Defect::NegativePrice(source));
    }
    let order = |pair: &[Flow]| matches!(pair, [a, b] if (a.sink, a.source) < (b.sink, b.source));
    if !flows.windows(2).all(order) || flows.iter().any(|flow| flow.count == 0) {
        return Err(Defect::Disorder);
    }
    let mut room: Vec<i64> = problem.supply().iter().map(|&count| i64::from(count)).collect();
    let (mut cost, mut dual, mut served, mut missing) = (0_i128, 0_i128, 0_u64, 0_u64);
    let mut rest = flows.as_slice();
    let prices = priced(problem, prices);
    for sink in 0..problem.sinks() {
        let mut open = i64::from(problem.demand(sink));
        let row = problem.row(sink);
        let least = row.iter().map(|arc| i64::from(arc.cost) + prices[arc.source as usize]).min();
        while let Some((flow, later)) =
            rest.split_first().filter(|(flow, _)| flow.sink as usize == sink)
        {
            rest = later;
            let here = row.iter().filter(|arc| leads(problem, arc.source, flow.source));
            let Some(arc) = here.min_by_key(|arc| arc.cost) else {
                return Err(Defect::NoArc { sink: flow.sink, source_index: flow.source });
            };
            open -= i64::from(flow.count);
            room[flow.source as usize] -= i64::from(flow.count);
            cost += i128::from(arc.cost) * i128::from(flow.count);
            served += u64::from(flow.count);
        }
        let mut left = u32::try_from(open).map_err(|_negative| Defect::OverDemand(sink))?;
        missing += u64::from(left);
        for piece in problem.pieces(sink) {
            let short = left.min(piece.count);
            left -= short;
            cost += i128::from(piece.price) * i128::from(short);
            let best = least.map_or(piece.price, |least| least.min(piece.price));
            dual += i128::from(best) * i128::from(piece.count);
        }
    }
    if let Some(flow) = rest.first() {
        return Err(Defect::NoArc { sink: flow.sink, source_index: flow.source });
    }
    if let Some(source) = room.iter().position(|&room| room < 0) {
        return Err(Defect::OverSupply(source));
    }
    for (&price, &count) in prices.iter().zip(problem.supply()) {
        dual -= i128::from(price) * i128::from(count);
    }
    if cost.cmp(&i128::from(stated)) != Ordering::Equal {
        return Err(Defect::Objective { found: cost, stated });
    }
    if dual.cmp(&i128::from(bound)) != Ordering::Equal {
        return Err(Defect::DualBound { found: dual, stated: bound });
    }
    Ok(Verified { objective: stated, served, missing })
}

/// A price for every door, too: whoever is cheapest behind it.
fn priced(problem: &Problem, prices: &[i64]) -> Vec<i64> {
    let least = |door| problem.behind(door).iter().map(|&source| prices[source as usize]).min();
    let doors = (0..problem.doors()).map(|door| least(door).unwrap_or(i64::MAX / 4));
    prices.iter().copied().chain(doors).collect()
}

fn leads(problem: &Problem, to: u32, source: u32) -> bool {
    let door = (to as usize).checked_sub(problem.sources());
    door.map_or(to == source, |door| problem.behind(door).contains(&source))
}

/// Checks the same over the whole problem: no pair that the rows leave out may be cheaper than what its sink
/// pays, so the bound of the rows is the bound of all pairs.
///
/// # Errors
/// [`Defect`] names the first thing that does not hold.
pub fn verify_whole(
    problem: &Problem,
    pairs: &dyn Pairs,
    solution: &Solution,
) -> Result<Verified, Defect> {
    let verified = verify(problem, solution)?;
    let prices = priced(problem, &solution.prices);
    for sink in 0..problem.sinks() {
        let Some(bound) = super::bound_of(problem, sink, &prices) else { continue };
        let mut improving = None;
        pairs.below(sink, bound, &prices, &mut |arc| {
            if i64::from(arc.cost) + prices[arc.source as usize] < bound {
                improving = improving.or(Some(arc.source));
            }
        });
        if let Some(source_index) = improving {
            return Err(Defect::Omitted { sink, source_index });
        }
    }
    Ok(verified)
}

/// Checks an answer that need not be the best, and states the bound that its prices prove over the whole problem: what
/// every sink pays at the least, by its row or by a pair that the row leaves out.
///
/// # Errors
/// [`Defect`] names the first thing that does not hold.
pub fn verify_near(
    problem: &Problem,
    pairs: &dyn Pairs,
    solution: &mut Solution,
) -> Result<Verified, Defect> {
    let verified = check(problem, solution)?;
    let prices = priced(problem, &solution.prices);
    let mut bound = 0;
    for sink in 0..problem.sinks() {
        let Some(paid) = super::bound_of(problem, sink, &prices) else { continue };
        let mut least = paid;
        pairs.below(sink, paid, &prices, &mut |arc| {
            least = least.min(i64::from(arc.cost) + prices[arc.source as usize]);
        });
        let pays = |piece: &super::Piece| piece.price.min(least) * i64::from(piece.count);
        bound += problem.pieces(sink).iter().map(pays).sum::<i64>();
    }
    for (&price, &count) in solution.prices.iter().zip(problem.supply()) {
        bound -= price * i64::from(count);
    }
    solution.dual_bound = bound;
    Ok(verified)
}
