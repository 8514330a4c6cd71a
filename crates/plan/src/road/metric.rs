//! Times on the hierarchy. Putting a whole set of weights in takes one pass over all triangles; a changed stretch follows
//! only the links whose time it changes.

use super::{NO_WAY, arcs::Arcs, hierarchy::Hierarchy, join, narrow};
use std::collections::BTreeSet;

/// Runs of ranks handed to threads, per thread.
const RUNS_PER_THREAD: usize = 8;

/// A weighed hierarchy. `up[link]` is the time from the lower to the upper end over ranks below both; `down[link]` back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metric {
    /// Time of every arc of the graph, in milliseconds; [`NO_WAY`] where it is closed.
    pub(super) weights: Vec<u32>,
    pub(super) up: Vec<u32>,
    pub(super) down: Vec<u32>,
}

impl Metric {
    /// Puts weights in, one for each arc. Weights above [`NO_WAY`] count as closed. The same on any number of threads.
    #[must_use]
    pub fn new(arcs: &Arcs, hierarchy: &Hierarchy, weights: Vec<u32>, threads: usize) -> Self {
        let links = hierarchy.links();
        let (mut up, mut down) = (vec![NO_WAY; links], vec![NO_WAY; links]);
        let rank = &hierarchy.order.rank;
        for tail in 0..narrow(arcs.vertices()) {
            for arc in arcs.out(tail) {
                let (low, high) = (rank[tail as usize], rank[arcs.head(arc) as usize]);
                let Some(link) = hierarchy.link(low, high) else { continue };
                let side = if low < high { &mut up } else { &mut down };
                side[link] = side[link].min(weights[arc].min(NO_WAY));
            }
        }
        let mut metric = Self { weights, up, down };
        metric.settle(hierarchy, threads.max(1));
        metric
    }

    /// Time of an arc as it stands.
    #[must_use]
    pub fn weight(&self, arc: usize) -> u32 {
        self.weights[arc].min(NO_WAY)
    }

    #[must_use]
    pub fn weights(&self) -> &[u32] {
        &self.weights
    }

    /// Lets every link know the ways below it: runs of ranks that share nothing go to threads, the rest follows.
    fn settle(&mut self, hierarchy: &Hierarchy, threads: usize) {
        let count = hierarchy.vertices();
        let runs = if threads > 1 {
            runs(hierarchy, count / (threads * RUNS_PER_THREAD))
        } else {
            Vec::new()
        };
        let mut top: Vec<u32> = Vec::new();
        let mut at = 0;
        for &(start, end) in &runs {
            top.extend(at..start);
            at = end;
        }
        top.extend(at..narrow(count));
        if !runs.is_empty() {
            self.settle_runs(hierarchy, &runs, threads);
        }
        let mut mark = vec![u32::MAX; count];
        let whole = Part { up: &mut self.up, down: &mut self.down, first: 0 };
        settle_ranks(hierarchy, top.into_iter(), whole, &mut mark);
    }

    fn settle_runs(&mut self, hierarchy: &Hierarchy, runs: &[(u32, u32)], threads: usize) {
        let mut parts = Vec::new();
        let (mut up, mut down) = (self.up.as_mut_slice(), self.down.as_mut_slice());
        let mut at = 0;
        for &(start, end) in runs {
            let (from, to) = (hierarchy.first_up(start as usize), hierarchy.first_up(end as usize));
            let (mine_up, rest_up) = std::mem::take(&mut up)[from - at..].split_at_mut(to - from);
            let (mine_down, rest_down) =
                std::mem::take(&mut down)[from - at..].split_at_mut(to - from);
            parts.push((start..end, Part { up: mine_up, down: mine_down, first: from }));
            (up, down, at) = (rest_up, rest_down, to);
        }
        parts.sort_by_key(|(_, part)| part.up.len());
        let parts = std::sync::Mutex::new(parts);
        let work = || {
            let mut mark = vec![u32::MAX; hierarchy.vertices()];
            loop {
                let next = parts.lock().map_or(None, |mut parts| parts.pop());
                let Some((ranks, part)) = next else { return };
                settle_ranks(hierarchy, ranks, part, &mut mark);
            }
        };
        std::thread::scope(|scope| {
            for _ in 1..threads {
                scope.spawn(work);
            }
            work();
        });
    }

    /// Changes the time of some arcs. Only what they change is recomputed; answers how many links that was.
    pub fn change(
        &mut self,
        arcs: &Arcs,
        hierarchy: &Hierarchy,
        changes: &[(usize, u32)],
    ) -> usize {
        let tails = Tails { arcs };
        let mut due = BTreeSet::new();
        for &(arc, weight) in changes {
            let Some(slot) = self.weights.get_mut(arc) else { continue };
            *slot = weight;
            let rank = &hierarchy.order.rank;
            let (tail, head) = (rank[tails.of(arc) as usize], rank[arcs.head(arc) as usize]);
            due.extend(hierarchy.link(tail, head));
        }
        let mut changed = 0;
        while let Some(link) = due.pop_first() {
            let (up, down) = self.due_times(arcs, hierarchy, link);
            if (up, down) == (self.up[link], self.down[link]) {
                continue;
            }
            let before = (self.up[link], self.down[link]);
            (self.up[link], self.down[link]) = (up, down);
            changed += 1;
            self.touch(hierarchy, link, before, &mut due);
        }
        changed
    }

    /// What a link's times are: its own arcs and all ways over lower ranks.
    fn due_times(&self, arcs: &Arcs, hierarchy: &Hierarchy, link: usize) -> (u32, u32) {
        let (low, high) = (hierarchy.tail[link], hierarchy.head[link]);
        let vertex = &hierarchy.order.vertex;
        let (below, above) = (vertex[low as usize], vertex[high as usize]);
        let own = |from, to| {
            arcs.lightest(&self.weights, from, to).map_or(NO_WAY, |(_, weight)| weight.min(NO_WAY))
        };
        let (mut up, mut down) = (own(below, above), own(above, below));
        for (to_low, to_high) in hierarchy.below(link) {
            up = up.min(self.down[to_low] + self.up[to_high]);
            down = down.min(self.down[to_high] + self.up[to_low]);
        }
        (up.min(NO_WAY), down.min(NO_WAY))
    }

    /// Links above that may owe their time to a link that changed, or may gain from it.
    fn touch(
        &self,
        hierarchy: &Hierarchy,
        link: usize,
        before: (u32, u32),
        due: &mut BTreeSet<usize>,
    ) {
        let (low, one) = (hierarchy.tail[link], hierarchy.head[link]);
        for other in hierarchy.up(low) {
            if other == link {
                continue;
            }
            let Some(above) = hierarchy.link(one, hierarchy.head[other]) else { continue };
            let there = |down: u32| join(down, self.up[other]);
            let back = |up: u32| join(self.down[other], up);
            let (forth, home) = if one < hierarchy.head[other] {
                (self.up[above], self.down[above])
            } else {
                (self.down[above], self.up[above])
            };
            let owed = |through: u32, known: u32| through == known && known < NO_WAY;
            if owed(there(before.1), forth)
                || there(self.down[link]) < forth
                || owed(back(before.0), home)
                || back(self.up[link]) < home
            {
                due.insert(above);
            }
        }
    }
}

/// Tails by binary search, for the few arcs of a change.
struct Tails<'a> {
    arcs: &'a Arcs,
}

impl Tails<'_> {
    fn of(&self, arc: usize) -> u32 {
        let (mut low, mut high) = (0, narrow(self.arcs.vertices()));
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if self.arcs.out(middle).start <= arc { low = middle } else { high = middle }
        }
        low
    }
}

/// Links of a run of ranks, for one thread alone.
struct Part<'m> {
    up: &'m mut [u32],
    down: &'m mut [u32],
    /// Number of the first link in it.
    first: usize,
}

/// Disjoint subtrees of at most `most` ranks, as runs in rising order.
fn runs(hierarchy: &Hierarchy, most: usize) -> Vec<(u32, u32)> {
    let count = hierarchy.vertices();
    let mut size = vec![1_u32; count];
    for rank in 0..count {
        if let Some(above) = size.get(hierarchy.parent[rank] as usize).copied() {
            size[hierarchy.parent[rank] as usize] = above + size[rank];
        }
    }
    let fits = |rank: usize| size[rank] as usize <= most;
    (0..count)
        .filter(|&rank| {
            fits(rank)
                && size.get(hierarchy.parent[rank] as usize).is_none_or(|&s| s as usize > most)
        })
        .map(|rank| (narrow(rank + 1) - size[rank], narrow(rank + 1)))
        .collect()
}

fn settle_ranks(
    hierarchy: &Hierarchy,
    ranks: impl Iterator<Item = u32>,
    part: Part<'_>,
    mark: &mut [u32],
) {
    let Part { up, down, first } = part;
    for rank in ranks {
        let own = hierarchy.up(rank);
        for link in own.clone() {
            mark[hierarchy.head[link] as usize] = narrow(link);
        }
        for &to_low in hierarchy.down(rank) {
            let to_low = to_low as usize;
            let end = hierarchy.up(hierarchy.tail[to_low]).end;
            let (low_up, low_down) = (up[to_low - first], down[to_low - first]);
            for to_high in to_low + 1..end {
                let link = mark[hierarchy.head[to_high] as usize] as usize - first;
                let forth = low_down.wrapping_add(up[to_high - first]);
                let back = down[to_high - first].wrapping_add(low_up);
                up[link] = up[link].min(forth);
                down[link] = down[link].min(back);
            }
        }
    }
}
