//! The most that a base's teams could visit: an upper bound on the best answer, exact where the base is small.
//!
//! Where it is not, a place may be visited by several teams at a price `λ` that is asked for every visit and given back once
//! (Lagrange): `Σ λ(i) + teams · max over tours of Σ (w(i) − λ(i))`. The best single tour is bounded by a walk over time that
//! may come back to a place, but not at once and not by way of one other (Kohl's two-cycle rule), on a grid of time onto which
//! legs are rounded down. Any prices give a true bound; a few steps make them good.

use super::{
    answer::{self, EXACT_MAX},
    tour::Ground,
};

/// Steps that better the prices.
const STEPS: u32 = 40;
/// The shift in so many parts.
const PARTS: u32 = 96;
/// Finer than this it is not cut.
const PARTS_MAX: u32 = 960;

/// An upper bound on the weight of any day plan of the base.
pub(super) fn most(ground: &Ground, weights: &[f64]) -> f64 {
    let nodes = answer::worth_visiting(ground, weights);
    if nodes.len() <= EXACT_MAX {
        let plan = answer::best(ground, weights, 0);
        return plan.places().map(|at| weights[at as usize]).sum();
    }
    by_walks(ground, weights)
}

/// The bound for bases of any size.
pub(super) fn by_walks(ground: &Ground, weights: &[f64]) -> f64 {
    let nodes = answer::worth_visiting(ground, weights);
    let all: f64 = nodes.iter().map(|&node| answer::weight(ground, weights, node)).sum();
    if nodes.is_empty() || ground.teams == 0 {
        return 0.0;
    }
    let worth: Vec<f64> = nodes.iter().map(|&node| answer::weight(ground, weights, node)).collect();
    let Some(walk) = Walk::over(ground, &nodes) else { return all };
    let teams = f64::from(ground.teams);
    let mut prices = vec![0.0_f64; nodes.len()];
    let mut least = all;
    let mut stride = 0.5;
    for _ in 0..STEPS {
        let left: Vec<f64> = worth.iter().zip(&prices).map(|(w, price)| w - price).collect();
        let (best, visits) = walk.best(&left);
        let bound = prices.iter().sum::<f64>() + teams * best;
        if bound < least - 1e-12 {
            least = bound;
        } else {
            stride *= 0.8;
        }
        // A place that all teams would visit is asked more for, one that nobody would less.
        let over: Vec<f64> = visits.iter().map(|&visits| teams * f64::from(visits) - 1.0).collect();
        let norm: f64 = over
            .iter()
            .zip(&prices)
            .filter(|(over, price)| **over > 0.0 || **price > 0.0)
            .map(|(over, _)| over * over)
            .sum();
        if norm <= 0.0 {
            break;
        }
        let step = stride * bound / norm;
        for (price, over) in prices.iter_mut().zip(&over) {
            *price = (*price + step * over).max(0.0);
        }
    }
    least
}

/// Ways over time, rounded down onto the grid so that no tour is lost.
struct Walk {
    count: usize,
    parts: usize,
    /// `legs[from][to]` in parts; the base is the last.
    legs: Vec<Vec<usize>>,
}

/// The best way to stand at a node at a time, and the best one that came from elsewhere.
#[derive(Clone, Copy)]
struct Best {
    worth: f64,
    from: usize,
    second: f64,
    second_from: usize,
}

const NOBODY: usize = usize::MAX;
const NEVER: Best =
    Best { worth: f64::NEG_INFINITY, from: NOBODY, second: f64::NEG_INFINITY, second_from: NOBODY };

impl Walk {
    /// None where staying is so short that time would have to be cut too finely.
    fn over(ground: &Ground, nodes: &[usize]) -> Option<Self> {
        // Every leg from a place has its stay, so that it takes one part at least and a walk ends.
        let part = (ground.shift.seconds / PARTS).min(ground.shift.stay_s);
        let parts = ground.shift.seconds.checked_div(part).filter(|&parts| parts <= PARTS_MAX)?;
        let all: Vec<usize> = nodes.iter().copied().chain([0]).collect();
        let leg = |from, to| usize::try_from(ground.leg(from, to) / part).unwrap_or(usize::MAX);
        let legs = all.iter().map(|&from| all.iter().map(|&to| leg(from, to)).collect()).collect();
        Some(Self { count: nodes.len(), parts: usize::try_from(parts).ok()?, legs })
    }

    /// What the best walk is worth, and how often it visits each node.
    fn best(&self, worth: &[f64]) -> (f64, Vec<u32>) {
        let base = self.count;
        let mut at = vec![vec![NEVER; self.count]; self.parts + 1];
        let (mut most, mut end) = (0.0_f64, None);
        for time in 0..=self.parts {
            for node in 0..self.count {
                let mut best = NEVER;
                if self.legs[base][node] == time {
                    offer(&mut best, worth[node], base);
                }
                for other in (0..self.count).filter(|&other| other != node) {
                    let Some(then) = time.checked_sub(self.legs[other][node]) else { continue };
                    let before = at[then][other];
                    let value = if before.from == node { before.second } else { before.worth };
                    offer(&mut best, value + worth[node], other);
                }
                // Waiting never hurts: what could be had a part earlier can be had now.
                if time > 0 {
                    let earlier = at[time - 1][node];
                    offer(&mut best, earlier.worth, earlier.from);
                    offer(&mut best, earlier.second, earlier.second_from);
                }
                at[time][node] = best;
                let home = time.saturating_add(self.legs[node][base]);
                if home <= self.parts && best.worth > most {
                    (most, end) = (best.worth, Some((time, node)));
                }
            }
        }
        (most, self.visits(&at, end))
    }

    /// Follows a best walk back. Where two are equally good any of them will do: visits guide the prices, no more.
    fn visits(&self, at: &[Vec<Best>], end: Option<(usize, usize)>) -> Vec<u32> {
        let mut visits = vec![0; self.count];
        let Some((mut time, mut node)) = end else { return visits };
        let mut avoid = NOBODY;
        loop {
            let best = at[time][node];
            let (value, from) = if best.from == avoid {
                (best.second, best.second_from)
            } else {
                (best.worth, best.from)
            };
            // Back to when this was first so.
            while time > 0 {
                let earlier = at[time - 1][node];
                let same = |worth: f64, by: usize| by == from && (worth - value).abs() < 1e-12;
                if same(earlier.worth, earlier.from) || same(earlier.second, earlier.second_from) {
                    time -= 1;
                } else {
                    break;
                }
            }
            visits[node] += 1;
            if from >= self.count {
                return visits;
            }
            let Some(then) = time.checked_sub(self.legs[from][node]) else { return visits };
            (avoid, node, time) = (node, from, then);
        }
    }
}

/// Keeps the two best ways that come from different nodes.
fn offer(best: &mut Best, worth: f64, from: usize) {
    if from == NOBODY || worth == f64::NEG_INFINITY {
        return;
    }
    if from == best.from {
        best.worth = best.worth.max(worth);
    } else if worth > best.worth {
        (best.second, best.second_from) = (best.worth, best.from);
        (best.worth, best.from) = (worth, from);
    } else if worth > best.second {
        (best.second, best.second_from) = (worth, from);
    }
}
