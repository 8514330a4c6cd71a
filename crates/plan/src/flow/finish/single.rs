//! One excess at a time to its nearest deficit, along the path by which it was found.

use super::{Finish, FlowError, STAGE};
use pehra_domain::progress::{Watch, tell};
use std::cmp::Reverse;

impl Finish<'_> {
    /// Places everybody in excess at a source or door. What the gap has in excess is left for rounds: from there every
    /// search would begin at every source.
    pub(super) fn place_each(
        &mut self,
        watch: &mut Watch<'_>,
        total: u64,
    ) -> Result<(), FlowError> {
        for start in 0..self.gap {
            while self.excess[start] > 0 {
                tell(watch, STAGE, total.saturating_sub(self.misplaced()), total)?;
                if !self.place_some(start) {
                    break;
                }
            }
        }
        Ok(())
    }

    /// Whether anybody could be placed.
    fn place_some(&mut self, start: usize) -> bool {
        let Some((end, reached)) = self.nearest_deficit(start) else { return false };
        self.raise(reached);
        let mut path = Vec::new();
        let mut at = end;
        while at != start {
            let step = self.search.by[at];
            path.push(step);
            at = step.from as usize;
        }
        path.reverse();
        self.push(start, end, &path);
        true
    }

    fn nearest_deficit(&mut self, start: usize) -> Option<(usize, i64)> {
        self.search.begin(std::iter::once(start));
        while let Some(Reverse((distance, node))) = self.search.heap.pop() {
            let at = node as usize;
            if distance > self.search.distance[at] {
                continue;
            }
            if self.excess[at] < 0 {
                return Some((at, distance));
            }
            self.search.settled.push(node);
            self.search.level = distance;
            if at == self.gap {
                self.expand_gap(distance);
            } else {
                self.expand(at, distance);
            }
            if let Some(near) = self.search.near {
                return Some((near as usize, distance));
            }
        }
        None
    }
}
