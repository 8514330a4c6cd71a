//! Minimum-cost flow over any network, exact in whole numbers, with prices that prove it.
//!
//! ```text
//! minimise   Σ cost(a)·x(a)
//! subject to Σ x(out of v) − Σ x(into v) = supply(v),   0 ≤ x(a) ≤ capacity(a)
//! ```
//!
//! A network of sources, sinks and one *hub* that serves shortfalls and takes idle people is the form that
//! [`crate::flow`] solves fastest: see `form`. Every other network goes to a network simplex. Either answer
//! passes the same verifier before anybody sees it.

mod dimacs;
mod form;
mod simplex;
mod verify;

#[cfg(test)]
mod tests;

pub use dimacs::{DimacsError, Reader};
pub use verify::{Defect, verify};

use crate::flow::{self, FlowError};
use pehra_domain::progress::{Cancelled, Watch};

/// A way from one node to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    pub tail: u32,
    pub head: u32,
    pub capacity: u32,
    pub cost: i32,
}

/// Most nodes of one network; with costs of 32 bits, prices then fit 58 bits.
pub const NODES_MAX: usize = 1 << 24;
/// Most links of one network.
pub const LINKS_MAX: usize = 1 << 30;

/// Why a network has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NetworkError {
    #[error("link {link} names node {node}, but nodes are numbered from 0 to below {nodes}")]
    UnknownNode { link: usize, node: u32, nodes: usize },
    #[error("link {link} must carry at least {lower} and at most {capacity}: that cannot be")]
    Bounds { link: usize, lower: u32, capacity: u32 },
    #[error("more than {NODES_MAX} nodes or {LINKS_MAX} links")]
    TooLarge,
    #[error("the figures are so large that the objective or a sum does not fit 64 bits")]
    Overflow,
    #[error("the supplies sum to {0}, not to nought: no flow can balance that")]
    Unbalanced(i128),
    #[error("no flow meets every supply: {0} units find no way")]
    Infeasible(i64),
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// The engine's own answer did not pass the verifier: a fault of this program, never of the input.
    #[error("the answer did not pass its own verifier ({0}); please report this input")]
    Defect(#[from] Defect),
    #[error("the engine's answer did not pass its own verifier ({0}); please report this input")]
    Engine(FlowError),
}

/// Nodes with a supply (negative: a demand) and links between them.
///
/// Links that must carry something are kept as if that had been sent already, so that all else may assume
/// that nothing must flow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Network {
    supply: Vec<i64>,
    links: Vec<Link>,
    /// Link and what it must carry, ascending; nought left out.
    lower: Vec<(u32, u32)>,
    /// Cost of what must be carried.
    fixed_cost: i64,
}

impl Network {
    /// Nodes with a supply each, and no links yet.
    ///
    /// # Errors
    /// [`NetworkError::TooLarge`].
    pub fn try_new(supply: Vec<i64>) -> Result<Self, NetworkError> {
        if supply.len() > NODES_MAX {
            return Err(NetworkError::TooLarge);
        }
        Ok(Self { supply, ..Self::default() })
    }

    /// Adds a link that must carry at least `lower`.
    ///
    /// # Errors
    /// [`NetworkError`] says which figure is out of bounds; the network is then unchanged.
    pub fn push_link(&mut self, link: Link, lower: u32) -> Result<(), NetworkError> {
        let number = self.links.len();
        if number >= LINKS_MAX {
            return Err(NetworkError::TooLarge);
        }
        let nodes = self.supply.len();
        if let Some(node) = [link.tail, link.head].into_iter().find(|&n| n as usize >= nodes) {
            return Err(NetworkError::UnknownNode { link: number, node, nodes });
        }
        let Some(capacity) = link.capacity.checked_sub(lower) else {
            let capacity = link.capacity;
            return Err(NetworkError::Bounds { link: number, lower, capacity });
        };
        if lower > 0 {
            let (tail, head) = (link.tail as usize, link.head as usize);
            let lack = |of: Option<i64>| of.ok_or(NetworkError::Overflow);
            let cost = lack(i64::from(lower).checked_mul(i64::from(link.cost)))?;
            let fixed_cost = lack(self.fixed_cost.checked_add(cost))?;
            let less = lack(self.supply[tail].checked_sub(i64::from(lower)))?;
            self.fixed_cost = fixed_cost;
            self.supply[tail] = less;
            self.supply[head] = lack(self.supply[head].checked_add(i64::from(lower)))?;
            self.lower.push((index(number), lower));
        }
        self.links.push(Link { capacity, ..link });
        Ok(())
    }

    /// Sets what a node supplies beside what links must carry.
    fn add_supply(&mut self, node: usize, count: i64) -> Result<(), NetworkError> {
        let sum = self.supply[node].checked_add(count).ok_or(NetworkError::Overflow)?;
        self.supply[node] = sum;
        Ok(())
    }

    #[must_use]
    pub fn nodes(&self) -> usize {
        self.supply.len()
    }

    /// Supplies after what links must carry was sent.
    #[must_use]
    pub fn supply(&self) -> &[i64] {
        &self.supply
    }

    /// Links with what they may carry beyond what they must.
    #[must_use]
    pub fn links(&self) -> &[Link] {
        &self.links
    }

    /// What each link carries in all, ascending by link; links that carry nothing are left out.
    #[must_use]
    pub fn carried(&self, answer: &Answer) -> Vec<(u32, u64)> {
        let mut all: Vec<(u32, u64)> = self
            .lower
            .iter()
            .map(|&(link, count)| (link, u64::from(count)))
            .chain(answer.flows.iter().map(|flow| (flow.link, u64::from(flow.count))))
            .collect();
        all.sort_unstable();
        all.dedup_by(|later, first| {
            let same = later.0 == first.0;
            first.1 += if same { later.1 } else { 0 };
            same
        });
        all
    }
}

/// What one link carries beyond what it must.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LinkFlow {
    pub link: u32,
    pub count: u32,
}

/// An optimal flow and the prices that prove it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// Ascending by link, counts above nought.
    pub flows: Vec<LinkFlow>,
    /// One per node: what one more unit of supply there would cost.
    pub prices: Vec<i64>,
    pub objective: i64,
    pub dual_bound: i64,
    /// Which engine found it.
    pub engine: Engine,
}

/// The engines of this crate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Engine {
    /// Prices by Newton, then exact shortest paths between sources: networks with one hub.
    #[default]
    Transport,
    /// Primal network simplex: all others.
    Simplex,
}

/// The network as a problem of the fast engine, if it has the form: for solving it again after a change.
#[must_use]
pub fn transport(network: &Network, threads: usize) -> Option<flow::Problem> {
    form::recognise(network, threads).map(|(_, problem)| problem)
}

/// Solves a network exactly. The answer has passed [`verify`].
///
/// # Errors
/// [`NetworkError`] says in plain words why there is no answer.
pub fn solve(
    network: &Network,
    threads: usize,
    watch: &mut Watch<'_>,
) -> Result<Answer, NetworkError> {
    let sum: i128 = network.supply.iter().map(|&count| i128::from(count)).sum();
    if sum != 0 {
        return Err(NetworkError::Unbalanced(sum));
    }
    let answer = match form::recognise(network, threads) {
        Some((form, problem)) => {
            let options = flow::Options { threads, ..flow::Options::default() };
            let solved = flow::solve(problem, options, watch).map_err(|error| match error {
                FlowError::Cancelled(cancelled) => NetworkError::Cancelled(cancelled),
                other @ (FlowError::UnknownSource { .. }
                | FlowError::UnknownSink(_)
                | FlowError::Door
                | FlowError::DoubleArc { .. }
                | FlowError::Cost { .. }
                | FlowError::Price { .. }
                | FlowError::TooLarge
                | FlowError::Defect(_)) => NetworkError::Engine(other),
            })?;
            form.translate(network, &solved)
        }
        None => simplex::solve(network, watch)?,
    };
    verify(network, &answer)?;
    Ok(answer)
}

/// Solves by the network simplex whatever the form: for tests and for comparison.
///
/// # Errors
/// As [`solve`].
pub fn solve_by_simplex(network: &Network, watch: &mut Watch<'_>) -> Result<Answer, NetworkError> {
    let sum: i128 = network.supply.iter().map(|&count| i128::from(count)).sum();
    if sum != 0 {
        return Err(NetworkError::Unbalanced(sum));
    }
    let answer = simplex::solve(network, watch)?;
    verify(network, &answer)?;
    Ok(answer)
}

fn index(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}
