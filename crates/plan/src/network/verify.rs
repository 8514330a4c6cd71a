//! The verifier: a few lines that share nothing with the engines and trust nothing in an answer.

use super::{Answer, Network};

/// What is wrong with an answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Defect {
    #[error("{found} prices for {expected} nodes")]
    PriceCount { found: usize, expected: usize },
    #[error("flows are not in order of links, or one is nought or on no link")]
    Disorder,
    #[error("link {0} carries more than it can")]
    OverCapacity(usize),
    #[error("node {0} does not balance")]
    Imbalance(usize),
    #[error("the flows cost {found}, not {stated}")]
    Objective { found: i128, stated: i64 },
    #[error("the prices prove a bound of {found}, not {stated}")]
    DualBound { found: i128, stated: i64 },
    #[error("the objective {objective} is above the bound {bound}: not proven best")]
    Gap { objective: i64, bound: i64 },
}

/// Checks that the flow is feasible, costs what is stated, and that the prices' dual value
/// `Σ supply·price − Σ capacity·max(0, price(tail) − price(head) − cost)` equals that cost. By weak duality no
/// flow can then be cheaper.
///
/// # Errors
/// [`Defect`] names the first thing that does not hold.
pub fn verify(network: &Network, answer: &Answer) -> Result<(), Defect> {
    let prices = &answer.prices;
    if prices.len() != network.nodes() {
        return Err(Defect::PriceCount { found: prices.len(), expected: network.nodes() });
    }
    let mut balance: Vec<i128> = network.supply().iter().map(|&count| i128::from(count)).collect();
    let mut cost = i128::from(network.fixed_cost);
    let mut dual = cost;
    for (&supply, &price) in network.supply().iter().zip(prices) {
        dual += i128::from(supply) * i128::from(price);
    }
    let mut rest = answer.flows.iter().peekable();
    for (number, link) in network.links().iter().enumerate() {
        let (tail, head) = (link.tail as usize, link.head as usize);
        if let Some(flow) = rest.next_if(|flow| flow.link as usize == number) {
            if flow.count > link.capacity {
                return Err(Defect::OverCapacity(number));
            }
            if flow.count == 0 {
                return Err(Defect::Disorder);
            }
            balance[tail] -= i128::from(flow.count);
            balance[head] += i128::from(flow.count);
            cost += i128::from(flow.count) * i128::from(link.cost);
        }
        let gain = i128::from(prices[tail]) - i128::from(prices[head]) - i128::from(link.cost);
        if gain > 0 {
            dual -= gain * i128::from(link.capacity);
        }
    }
    if rest.next().is_some() {
        return Err(Defect::Disorder);
    }
    if let Some(node) = balance.iter().position(|&left| left != 0) {
        return Err(Defect::Imbalance(node));
    }
    let (objective, bound) = (answer.objective, answer.dual_bound);
    if cost != i128::from(objective) {
        return Err(Defect::Objective { found: cost, stated: objective });
    }
    if dual != i128::from(bound) {
        return Err(Defect::DualBound { found: dual, stated: bound });
    }
    if objective != bound {
        return Err(Defect::Gap { objective, bound });
    }
    Ok(())
}
