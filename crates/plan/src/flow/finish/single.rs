//! One excess at a time to its nearest deficit, along the path by which it was found.

use super::{Finish, FlowError, STAGE};
use pehra_domain::progress::{Watch, tell};
use std::cmp::Reverse;

/// People placed, and nodes looked at for them.
#[derive(Clone, Copy)]
pub(super) struct Effort {
    pub(super) placed: u64,
    pub(super) looked: u64,
}

impl Finish<'_> {
    /// Places those in excess at a source or door, as long as it places more of them for every node looked at than a round
    /// did; that shows once as many were looked at. What the gap has in excess is left for rounds: from there every search
    /// would begin at every source.
    pub(super) fn place_each(
        &mut self,
        round: Effort,
        watch: &mut Watch<'_>,
        total: u64,
    ) -> Result<(), FlowError> {
        let before = self.misplaced();
        let mut now = Effort { placed: 0, looked: 0 };
        for start in 0..self.gap {
            while self.excess[start] > 0 {
                if now.looked > round.looked
                    && now.placed * round.looked < round.placed * now.looked
                {
                    return Ok(());
                }
                tell(watch, STAGE, total.saturating_sub(before - now.placed), total)?;
                let placed = self.place_some(start);
                now.looked += self.search.settled.len() as u64;
                if placed == 0 {
                    break;
                }
                now.placed += placed;
            }
        }
        Ok(())
    }

    /// How many could be placed.
    fn place_some(&mut self, start: usize) -> u64 {
        let Some((end, reached)) = self.nearest_deficit(start) else { return 0 };
        self.raise(reached);
        let mut path = Vec::new();
        let mut at = end;
        while at != start {
            let step = self.search.by[at];
            path.push(step);
            at = step.from as usize;
        }
        path.reverse();
        let before = self.excess[start];
        self.push(start, end, &path);
        u64::try_from(before - self.excess[start]).unwrap_or(0)
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
