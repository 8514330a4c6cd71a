//! Vehicle routing: who is served by which tour, in which order, within capacities and time windows.
//!
//! The engine ruins and recreates: strings of neighbouring stops are taken out of neighbouring tours and put back
//! greedily with blinks, and simulated annealing decides what stays (Christiaens and Vanden Berghe, "Slack
//! induction by string removals for vehicle routing problems", Transportation Science 54(2), 2020). A place in a
//! tour is judged in constant time from the sums kept along it. Large problems are cut into districts of whole
//! tours, differently every round, which are searched at the same time.
//!
//! Invariants: a solution is always feasible, stops that fit nowhere are named and paid for; the same problem,
//! seed and number of iterations give the same tours on any number of threads.

mod anneal;
mod bound;
mod chance;
mod check;
mod problem;
mod recreate;
mod rounds;
mod ruin;
mod savings;
mod state;
mod tour;

#[cfg(test)]
mod tests;

pub use bound::{Bound, bound, pass_work};
pub use check::{Fault, check};
pub use problem::{COST_MAX, DIMENSIONS, Matrix, Problem, RouteError, Stop, VehicleKind};
pub use rounds::{Budget, Improved, Settings, solve};

/// One tour: the depot, these stops in order, the depot.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tour {
    /// Place in the problem's list of vehicle kinds.
    pub kind: usize,
    /// Stops by their number in the problem, from 1.
    pub stops: Vec<u32>,
}

/// An answer: tours without empty ones, and what fits in none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Solution {
    pub tours: Vec<Tour>,
    pub unserved: Vec<u32>,
    /// Travel of all tours, fixed costs of their vehicles and prices of the unserved.
    pub cost: i64,
    /// Ruins and recreations that were tried.
    pub iterations: u64,
}
