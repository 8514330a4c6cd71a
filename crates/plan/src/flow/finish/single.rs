//! One excess at a time to its nearest deficit, along the path by which it was found.

use super::{FAR, Finish, FlowError, STAGE};
use pehra_domain::progress::{Watch, tell};

/// People placed, and nodes looked at for them.
#[derive(Clone, Copy)]
pub(super) struct Effort {
    pub(super) placed: u64,
    pub(super) looked: u64,
}

impl Finish {
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
        let (mut next, mut lost) = (0, Vec::new());
        while let Some(start) = self.excess_from(next, &lost) {
            next = start;
            let mut here = Some(start);
            while let Some(start) = here {
                if now.looked > round.looked
                    && now.placed * round.looked < round.placed * now.looked
                {
                    return Ok(());
                }
                tell(watch, STAGE, total.saturating_sub(before - now.placed), total)?;
                let placed = self.place_some(start);
                now.looked += self.search.settled.len() as u64;
                now.placed += placed;
                if placed == 0 {
                    lost.push(start);
                }
                // What the next search looks at was looked at just now.
                here = self.excess_beside(&lost);
            }
        }
        Ok(())
    }

    fn excess_from(&self, first: usize, lost: &[usize]) -> Option<usize> {
        (first..self.gap).find(|node| self.excess[*node] > 0 && !lost.contains(node))
    }

    /// The nearest in excess that the last search came by.
    fn excess_beside(&self, lost: &[usize]) -> Option<usize> {
        let mut nodes = self.search.settled.iter().map(|&node| node as usize);
        nodes.find(|node| *node != self.gap && self.excess[*node] > 0 && !lost.contains(node))
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
        u64::try_from(self.push(start, end, &path)).unwrap_or(0)
    }

    fn nearest_deficit(&mut self, start: usize) -> Option<(usize, i64)> {
        self.search.begin(true, std::iter::once(start));
        while let Some((distance, node)) = self.search.next() {
            let at = node as usize;
            if distance >= self.search.limit {
                break;
            }
            self.search.settled.push(node);
            if at == self.gap {
                self.expand_gap(distance);
            } else {
                self.expand(at, distance);
            }
            if self.search.limit <= distance {
                break;
            }
        }
        let found = self.search.limit < FAR;
        found.then_some((self.search.nearest as usize, self.search.limit))
    }
}
