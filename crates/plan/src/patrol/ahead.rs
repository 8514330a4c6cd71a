//! The most that a team may still visit before it must be home: over time on a grid onto which legs are rounded down, where a
//! place may be come back to, but not at once (Kohl's two-cycle rule). So it is never less than any tour gives.

use super::{tour::Ground, walk::Walk};

/// The shift in so many parts.
const PARTS: u32 = 240;
/// Finer than this it is not cut.
const PARTS_MAX: u32 = 2_400;

/// What is best from a node on: the next node, and the best by way of another.
#[derive(Clone, Copy)]
struct Best {
    worth: f64,
    next: usize,
    second: f64,
    second_next: usize,
}

/// Going home: worth nothing more.
const HOME: Best = Best { worth: 0.0, next: 0, second: 0.0, second_next: 0 };

/// How time is cut for a base.
pub(super) struct Grid {
    part: u32,
    parts: usize,
    /// `legs[from][to]` in parts, the base first.
    legs: Vec<Vec<usize>>,
    /// The shortest way home in parts.
    home: Vec<usize>,
}

impl Grid {
    /// None where staying is so short that time would have to be cut too finely.
    pub(super) fn over(ground: &Ground) -> Option<Self> {
        // Every leg from a place has its stay, so that it takes one part at least and a walk ends.
        let part = (ground.shift.seconds / PARTS).min(ground.shift.stay_s);
        let parts = ground.shift.seconds.checked_div(part).filter(|&parts| parts <= PARTS_MAX)?;
        let nodes = 0..=ground.places.len();
        let leg = |from, to| usize::try_from(ground.leg(from, to) / part).unwrap_or(usize::MAX);
        let legs = nodes.clone().map(|from| nodes.clone().map(|to| leg(from, to)).collect());
        let home =
            ground.home.iter().map(|&home| usize::try_from(home / part).unwrap_or(usize::MAX));
        let (legs, home) = (legs.collect(), home.collect());
        Some(Self { part, parts: usize::try_from(parts).ok()?, legs, home })
    }

    /// What is ahead of every node at every time, where `worth` is by node, that of the base unused.
    pub(super) fn ahead<'g>(&'g self, worth: &'g [f64]) -> Ahead<'g> {
        let nodes: Vec<usize> = (1..worth.len()).filter(|&node| worth[node] > 0.0).collect();
        let best = vec![vec![HOME; worth.len()]; self.parts + 1];
        let mut ahead = Ahead { grid: self, worth, best };
        for left in 0..=self.parts {
            for &node in &nodes {
                let mut best = HOME;
                for &next in nodes.iter().filter(|&&next| next != node) {
                    if let Some(sum) = ahead.by_way_of(node, next, left) {
                        offer(&mut best, sum, next);
                    }
                }
                ahead.best[left][node] = best;
            }
        }
        ahead
    }
}

/// What is ahead.
pub(super) struct Ahead<'g> {
    grid: &'g Grid,
    worth: &'g [f64],
    /// By parts of time that are left, and by node.
    best: Vec<Vec<Best>>,
}

impl Ahead<'_> {
    /// Going to a node and on from there; none where nobody would be home in time.
    fn by_way_of(&self, node: usize, next: usize, left: usize) -> Option<f64> {
        let left = left.checked_sub(self.grid.legs[node][next])?;
        let in_time = self.grid.home[next] <= left;
        in_time.then(|| self.worth[next] + self.most(next, node, left))
    }

    /// From a node on when one came from another.
    fn most(&self, node: usize, before: usize, left: usize) -> f64 {
        let best = self.best[left][node];
        if before != 0 && best.next == before { best.second } else { best.worth }
    }

    /// The most that is still to be had from a node on when so many seconds are left, for one who came from another node or
    /// the base.
    pub(super) fn after(&self, node: usize, before: usize, seconds_left: u32) -> f64 {
        let left = usize::try_from(seconds_left / self.grid.part).unwrap_or(usize::MAX);
        self.most(node, before, left.min(self.grid.parts))
    }

    /// The best walk from the base and back.
    pub(super) fn walk(&self) -> Walk {
        let mut left = self.grid.parts;
        let first = (1..self.worth.len())
            .filter(|&node| self.worth[node] > 0.0)
            .filter_map(|node| Some((self.by_way_of(0, node, left)?, node)))
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        let Some((worth, mut node)) = first else { return Walk { nodes: Vec::new(), worth: 0.0 } };
        let mut nodes = Vec::new();
        let mut before = 0;
        while node != 0 {
            nodes.push(node);
            left = left.saturating_sub(self.grid.legs[before][node]);
            let best = self.best[left][node];
            let turned = before != 0 && best.next == before;
            (before, node) = (node, if turned { best.second_next } else { best.next });
        }
        Walk { nodes, worth }
    }
}

/// Keeps the two best ways that go to different nodes.
fn offer(best: &mut Best, worth: f64, next: usize) {
    if worth > best.worth {
        (best.second, best.second_next) = (best.worth, best.next);
        (best.worth, best.next) = (worth, next);
    } else if worth > best.second {
        (best.second, best.second_next) = (worth, next);
    }
}
