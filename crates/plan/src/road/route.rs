//! One way from here to there: both ends climb the elimination tree and meet at the best common rank.

use super::{NO_WAY, arcs::Arcs, hierarchy::Hierarchy, join, metric::Metric};

/// A vertex with the time to it (from it, for a goal) already spent.
pub type Label = (u32, u32);

/// Scratch for queries on one hierarchy; made once, used for many.
#[derive(Clone, Debug)]
pub struct Router<'a> {
    arcs: &'a Arcs,
    hierarchy: &'a Hierarchy,
    metric: &'a Metric,
    forth: Climb,
    back: Climb,
}

/// A shortest way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// Total with the labels' times, in milliseconds.
    pub time_ms: u32,
    /// The label that it starts from and the one that it ends at, by position.
    pub from: usize,
    pub to: usize,
    /// Arcs of the graph, in order; empty when both labels name one vertex.
    pub arcs: Vec<usize>,
}

/// Times of the ranks above some labels.
#[derive(Clone, Debug)]
pub(super) struct Climb {
    pub(super) time: Vec<u32>,
    /// The link over which a rank was reached, `u32::MAX - label` for a label itself.
    via: Vec<u32>,
    /// Ranks visited, rising.
    pub(super) seen: Vec<u32>,
}

impl Climb {
    pub(super) fn new(hierarchy: &Hierarchy) -> Self {
        let count = hierarchy.vertices();
        Self { time: vec![NO_WAY; count], via: vec![u32::MAX; count], seen: Vec::new() }
    }

    pub(super) fn clear(&mut self) {
        for &rank in &self.seen {
            self.time[rank as usize] = NO_WAY;
        }
        self.seen.clear();
    }

    /// Climbs from labels to the top; `weight` is the metric's side for this direction.
    pub(super) fn run(&mut self, hierarchy: &Hierarchy, weight: &[u32], labels: &[Label]) {
        self.clear();
        let mut fronts: Vec<u32> = Vec::with_capacity(labels.len());
        for (label, &(vertex, spent)) in (0_u32..).zip(labels) {
            let rank = hierarchy.order.rank[vertex as usize];
            if spent < self.time[rank as usize] {
                self.time[rank as usize] = spent;
                self.via[rank as usize] = u32::MAX - label;
            }
            fronts.push(rank);
        }
        while let Some(&rank) = fronts.iter().min() {
            fronts.retain(|&front| front != rank);
            self.seen.push(rank);
            let here = self.time[rank as usize];
            if here < NO_WAY {
                for link in hierarchy.up(rank) {
                    let next = here.wrapping_add(weight[link]);
                    let slot = &mut self.time[hierarchy.head[link] as usize];
                    if next < *slot {
                        *slot = next;
                        self.via[hierarchy.head[link] as usize] = super::narrow(link);
                    }
                }
            }
            let above = hierarchy.parent[rank as usize];
            if above != u32::MAX {
                fronts.push(above);
            }
        }
    }
}

impl<'a> Router<'a> {
    #[must_use]
    pub fn new(arcs: &'a Arcs, hierarchy: &'a Hierarchy, metric: &'a Metric) -> Self {
        let (forth, back) = (Climb::new(hierarchy), Climb::new(hierarchy));
        Self { arcs, hierarchy, metric, forth, back }
    }

    /// The least time from any of the first labels to any of the second, in milliseconds; [`NO_WAY`] if there is none.
    pub fn time_ms(&mut self, from: &[Label], to: &[Label]) -> u32 {
        self.meet(from, to).map_or(NO_WAY, |(time, _)| time)
    }

    /// A shortest way with its arcs; none when there is no way.
    pub fn way(&mut self, from: &[Label], to: &[Label]) -> Option<Way> {
        let (time_ms, top) = self.meet(from, to)?;
        let (mut links, start) = self.trace(top, true);
        links.reverse();
        let mut arcs = Vec::new();
        for link in links {
            self.unfold(link, true, &mut arcs);
        }
        let (links, end) = self.trace(top, false);
        for link in links {
            self.unfold(link, false, &mut arcs);
        }
        Some(Way { time_ms, from: start, to: end, arcs })
    }

    fn meet(&mut self, from: &[Label], to: &[Label]) -> Option<(u32, u32)> {
        self.forth.run(self.hierarchy, &self.metric.up, from);
        self.back.run(self.hierarchy, &self.metric.down, to);
        let both = |&rank: &u32| {
            (join(self.forth.time[rank as usize], self.back.time[rank as usize]), rank)
        };
        self.forth.seen.iter().map(both).min().filter(|&(time, _)| time < NO_WAY)
    }

    /// Links from a rank down to the label that reached it.
    fn trace(&self, top: u32, forth: bool) -> (Vec<usize>, usize) {
        let climb = if forth { &self.forth } else { &self.back };
        let mut links = Vec::new();
        let mut rank = top;
        loop {
            let via = climb.via[rank as usize];
            if via as usize >= self.hierarchy.links() {
                return (links, (u32::MAX - via) as usize);
            }
            links.push(via as usize);
            rank = self.hierarchy.tail[via as usize];
        }
    }

    /// The arcs that a link stands for, in order of travel.
    fn unfold(&self, link: usize, upwards: bool, arcs: &mut Vec<usize>) {
        let vertex = &self.hierarchy.order.vertex;
        let mut stack = vec![(link, upwards)];
        while let Some((link, upwards)) = stack.pop() {
            let (low, high) = (self.hierarchy.tail[link], self.hierarchy.head[link]);
            let (from, to) = if upwards { (low, high) } else { (high, low) };
            let time = if upwards { self.metric.up[link] } else { self.metric.down[link] };
            let own = self.arcs.lightest(
                &self.metric.weights,
                vertex[from as usize],
                vertex[to as usize],
            );
            if let Some((arc, weight)) = own
                && weight == time
            {
                arcs.push(arc);
                continue;
            }
            let halves = self.hierarchy.below(link).find(|&(to_low, to_high)| {
                let (first, second) = if upwards { (to_low, to_high) } else { (to_high, to_low) };
                self.metric.down[first] + self.metric.up[second] == time
            });
            if let Some((to_low, to_high)) = halves {
                let (first, second) = if upwards { (to_low, to_high) } else { (to_high, to_low) };
                stack.push((second, true));
                stack.push((first, false));
            }
        }
    }
}
