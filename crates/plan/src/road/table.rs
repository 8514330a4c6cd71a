//! Many times many: sixteen sources at once sweep down over the ranks above the targets and nothing else (Delling, Goldberg
//! and Werneck, "Faster Batched Shortest Paths in Road Networks", 2011, restricted to what the targets need).

use super::{NO_WAY, hierarchy::Hierarchy, metric::Metric, narrow, route::Climb, route::Label};
use crate::threads::joined;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Sources that are swept together.
const LANES: usize = 16;

type Lanes = [i32; LANES];

const EMPTY: Lanes = [NO_WAY.cast_signed(); LANES];

/// The ranks above some targets with the links between them, ready for any number of sources.
#[derive(Clone, Debug)]
pub struct Targets {
    /// Ranks, falling.
    rank: Vec<u32>,
    first: Vec<u32>,
    /// Position of the upper end in `rank`, and the time from it.
    link: Vec<(u32, i32)>,
    /// For each target its labels: position in `rank` and the time that remains.
    labels: Vec<Vec<(u32, u32)>>,
    /// For each rank its position, `u32::MAX` where it is not above a target.
    position: Vec<u32>,
}

impl Targets {
    /// Each target has one or more labels: vertices from which it is reached in the time given.
    #[must_use]
    pub fn new(hierarchy: &Hierarchy, metric: &Metric, targets: &[Vec<Label>]) -> Self {
        let mut position = vec![u32::MAX; hierarchy.vertices()];
        let mut rank = Vec::new();
        for &(vertex, _) in targets.iter().flatten() {
            let mut above = hierarchy.order.rank[vertex as usize];
            while above != u32::MAX && position[above as usize] == u32::MAX {
                position[above as usize] = 0;
                rank.push(above);
                above = hierarchy.parent[above as usize];
            }
        }
        rank.sort_unstable_by_key(|&rank| std::cmp::Reverse(rank));
        for (at, &rank) in rank.iter().enumerate() {
            position[rank as usize] = narrow(at);
        }
        let (mut first, mut link) = (vec![0], Vec::new());
        for &rank in &rank {
            for up in hierarchy.up(rank) {
                if metric.down[up] < NO_WAY {
                    let above = position[hierarchy.head[up] as usize];
                    link.push((above, metric.down[up].cast_signed()));
                }
            }
            first.push(narrow(link.len()));
        }
        let labels = targets
            .iter()
            .map(|labels| {
                let at = |vertex: u32| position[hierarchy.order.rank[vertex as usize] as usize];
                labels.iter().map(|&(vertex, rest)| (at(vertex), rest)).collect()
            })
            .collect();
        Self { rank, first, link, labels, position }
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// Times from each source (its labels) to each target in milliseconds, row by row; [`NO_WAY`] where there is no way.
    /// The same on any number of threads.
    #[must_use]
    pub fn times_ms(
        &self,
        hierarchy: &Hierarchy,
        metric: &Metric,
        sources: &[Vec<Label>],
        threads: usize,
    ) -> Vec<u32> {
        let batches: Vec<&[Vec<Label>]> = sources.chunks(LANES).collect();
        let next = AtomicUsize::new(0);
        let work = || {
            let mut climb = Climb::new(hierarchy);
            let mut lanes = vec![EMPTY; self.rank.len()];
            let mut done = Vec::new();
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                let Some(batch) = batches.get(at) else { return done };
                let mut rows = vec![NO_WAY; batch.len() * self.len()];
                self.sweep(hierarchy, metric, batch, &mut climb, &mut lanes, &mut rows);
                done.push((at, rows));
            }
        };
        let mut all = std::thread::scope(|scope| {
            let others: Vec<_> = (1..threads.max(1)).map(|_| scope.spawn(work)).collect();
            let mut all = work();
            all.extend(others.into_iter().flat_map(joined));
            all
        });
        all.sort_unstable_by_key(|(at, _)| *at);
        all.into_iter().flat_map(|(_, rows)| rows).collect()
    }

    fn sweep(
        &self,
        hierarchy: &Hierarchy,
        metric: &Metric,
        batch: &[Vec<Label>],
        climb: &mut Climb,
        lanes: &mut [Lanes],
        rows: &mut [u32],
    ) {
        lanes.fill(EMPTY);
        for (lane, labels) in batch.iter().enumerate() {
            climb.run(hierarchy, &metric.up, labels);
            for &rank in &climb.seen {
                let at = self.position[rank as usize];
                if let Some(slot) = lanes.get_mut(at as usize) {
                    slot[lane] = climb.time[rank as usize].cast_signed();
                }
            }
        }
        let mut begin = 0;
        for (at, &end) in self.first.iter().skip(1).enumerate() {
            let (above, here) = lanes.split_at_mut(at);
            let Some(here) = here.first_mut() else { break };
            let mut best = *here;
            for &(upper, time) in &self.link[begin..end as usize] {
                for (best, from) in best.iter_mut().zip(&above[upper as usize]) {
                    *best = (*best).min(from.wrapping_add(time));
                }
            }
            *here = best;
            begin = end as usize;
        }
        for (target, labels) in self.labels.iter().enumerate() {
            for &(at, rest) in labels {
                let found = &lanes[at as usize];
                for (lane, row) in rows.chunks_mut(self.len()).enumerate() {
                    let time = found[lane].cast_unsigned().saturating_add(rest).min(NO_WAY);
                    row[target] = row[target].min(time);
                }
            }
        }
    }
}
