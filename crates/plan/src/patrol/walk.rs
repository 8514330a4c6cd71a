//! The best single tour of a team, or a little better than that: walks that may come back to a place, but not while they are
//! still near it (ng-routes; Baldacci, Mingozzi and Roberti, Operations Research 59, 2011). Times are exact to the second.
//!
//! Labels are followed in the order of their times. A label that some other at its place is not later than, worth as much
//! as, and remembers nothing more than, leads nowhere better and is dropped, and so is one that cannot come to more than is
//! asked for, whatever is ahead of it. So what is found is the best, and an upper bound on what any tour is worth.

use super::{ahead::Ahead, tour::Ground};

/// Places that a walk remembers at a place, itself among them.
const NEAR: usize = 12;
/// Labels after which there is no answer.
const LABELS_MAX: usize = 4_000_000;

/// The neighbourhoods of a base's places.
pub(super) struct Near {
    /// For each node from 1 the nodes that a walk remembers there, itself first.
    near: Vec<Vec<usize>>,
    /// For each two nodes where the bits of the one's neighbourhood are in the other's; `u8::MAX` where they are not.
    bits: Vec<Vec<[u8; NEAR]>>,
}

struct Label {
    node: usize,
    worth: f64,
    seen: u16,
    before: u32,
}

const FIRST: u32 = u32::MAX;

/// A walk and what it is worth.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Walk {
    pub(super) nodes: Vec<usize>,
    pub(super) worth: f64,
}

impl Near {
    pub(super) fn of(ground: &Ground) -> Self {
        let count = ground.places.len();
        let near: Vec<Vec<usize>> = (1..=count)
            .map(|node| {
                let mut others: Vec<usize> = (1..=count).filter(|&other| other != node).collect();
                others.sort_by_key(|&other| (ground.seconds[other][node], other));
                std::iter::once(node).chain(others).take(NEAR).collect()
            })
            .collect();
        let place = |list: &[usize], node: usize| {
            let at = list.iter().position(|&other| other == node);
            at.and_then(|at| u8::try_from(at).ok()).unwrap_or(u8::MAX)
        };
        let bits = near.iter().map(|from| {
            let row = near.iter().map(|to| {
                let mut bits = [u8::MAX; NEAR];
                bits.iter_mut().zip(from).for_each(|(bit, &node)| *bit = place(to, node));
                bits
            });
            row.collect()
        });
        let bits = bits.collect();
        Self { near, bits }
    }

    /// The best walks of more than `least` by node at their end, the best first; none where there are too many ways. `worth`
    /// is by node, that of the base unused; only what is worth something is visited.
    pub(super) fn best(
        &self,
        ground: &Ground,
        worth: &[f64],
        ahead: Option<&Ahead<'_>>,
        least: f64,
    ) -> Option<Vec<Walk>> {
        let shift = usize::try_from(ground.shift.seconds).ok()?;
        let nodes: Vec<usize> = (1..=self.near.len()).filter(|&node| worth[node] > 0.0).collect();
        let mut labels: Vec<Label> = Vec::new();
        let mut due: Vec<Vec<u32>> = vec![Vec::new(); shift + 1];
        let mut held: Vec<Vec<(f64, u16)>> = vec![Vec::new(); self.near.len() + 1];
        let mut ends: Vec<Option<(f64, u32)>> = vec![None; self.near.len() + 1];
        let offer = |label: Label, time: u64, due: &mut Vec<Vec<u32>>, labels: &mut Vec<Label>| {
            let home = time + u64::from(ground.home[label.node]);
            if home <= u64::from(ground.shift.seconds) && labels.len() < LABELS_MAX {
                let at = u32::try_from(labels.len()).unwrap_or(FIRST);
                due[usize::try_from(time).unwrap_or(0)].push(at);
                labels.push(label);
            }
        };
        for &node in &nodes {
            let label = Label { node, worth: worth[node], seen: 1, before: FIRST };
            offer(label, u64::from(ground.leg(0, node)), &mut due, &mut labels);
        }
        for time in 0..=shift {
            let mut next_due = 0;
            // A step may take no time at all.
            while let Some(&at) = due[time].get(next_due) {
                next_due += 1;
                let Label { node, worth: sum, seen, .. } = labels[at as usize];
                let known = &mut held[node];
                if known.iter().any(|&(other, less)| other >= sum && less & !seen == 0) {
                    continue;
                }
                known.retain(|&(other, more)| other > sum || seen & !more != 0);
                known.push((sum, seen));
                let home = time as u64 + u64::from(ground.leg(node, 0));
                let in_time = home <= u64::from(ground.shift.seconds);
                if in_time && ends[node].is_none_or(|(other, _)| sum > other) {
                    ends[node] = Some((sum, at));
                }
                for &next in &nodes {
                    let Some(seen) = self.go(node, next, seen) else { continue };
                    let then = time as u64 + u64::from(ground.leg(node, next));
                    let left = u64::from(ground.shift.seconds).checked_sub(then);
                    let Some(left) = left.and_then(|left| u32::try_from(left).ok()) else {
                        continue;
                    };
                    let ahead = ahead.map_or(f64::INFINITY, |ahead| ahead.after(next, node, left));
                    if sum + worth[next] + ahead <= least {
                        continue;
                    }
                    let label = Label { node: next, worth: sum + worth[next], seen, before: at };
                    offer(label, then, &mut due, &mut labels);
                }
            }
        }
        if labels.len() >= LABELS_MAX {
            return None;
        }
        let walk = |&(worth, at): &(f64, u32)| Walk { nodes: way(&labels, at), worth };
        let more = ends.iter().flatten().filter(|(worth, _)| *worth > least);
        let mut walks: Vec<Walk> = more.map(walk).collect();
        walks.sort_by(|a, b| b.worth.total_cmp(&a.worth).then_with(|| a.nodes.cmp(&b.nodes)));
        Some(walks)
    }

    /// What is remembered after a step; none where the step leads to what is remembered.
    fn go(&self, from: usize, to: usize, seen: u16) -> Option<u16> {
        let bits = &self.bits[from - 1][to - 1];
        let mut then = 1;
        for (at, &bit) in bits.iter().enumerate() {
            if seen >> at & 1 == 1 && bit != u8::MAX {
                if bit == 0 {
                    return None;
                }
                then |= 1 << bit;
            }
        }
        Some(then)
    }
}

fn way(labels: &[Label], mut at: u32) -> Vec<usize> {
    let mut nodes = Vec::new();
    while at != FIRST {
        let label = &labels[at as usize];
        nodes.push(label.node);
        at = label.before;
    }
    nodes.reverse();
    nodes
}
