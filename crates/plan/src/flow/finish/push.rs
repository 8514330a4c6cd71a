//! Pushes along paths of reduced length nought, and what one step of them does.

use super::{DOOR, Edge, Finish, IDLE, Step, index};

impl Finish {
    /// Pushes along paths of reduced length nought until every one is blocked.
    pub(super) fn push_all(&mut self) {
        self.search.round += 1;
        self.search.cursor.fill(0);
        let starts: Vec<usize> = (0..=self.gap).filter(|&node| self.excess[node] > 0).collect();
        for start in starts {
            while self.excess[start] > 0 && self.walk(start) {}
        }
    }

    /// Depth first from a node with excess to any deficit, and a push along the path found.
    fn walk(&mut self, start: usize) -> bool {
        let round = self.search.round;
        let mut path: Vec<Step> = Vec::new();
        let mut at = start;
        if self.search.seen[at] == round {
            return false;
        }
        loop {
            self.search.seen[at] = round;
            if self.excess[at] < 0 {
                for step in &path {
                    // The edge may carry more: look at it again.
                    let from = step.from as usize;
                    self.search.seen[from] = 0;
                    self.search.cursor[from] = self.search.cursor[from].saturating_sub(1);
                }
                self.search.seen[at] = 0;
                return self.push(start, at, &path) > 0;
            }
            if let Some(step) = self.free_step(at) {
                at = step.to as usize;
                path.push(step);
            } else {
                let Some(step) = path.pop() else { return false };
                at = step.from as usize;
            }
        }
    }

    /// The next edge of reduced length nought to a node that was not yet seen.
    fn free_step(&mut self, at: usize) -> Option<Step> {
        let from = index(at);
        let round = self.search.round;
        let price = self.price[at];
        if at == self.gap {
            while self.search.cursor[at] < self.gap {
                let node = self.search.cursor[at];
                self.search.cursor[at] += 1;
                if self.search.seen[node] == round {
                    continue;
                }
                let room = self.room_free(price, node);
                if let Some(Edge { to, sink, .. }) = self.edge_out_of_gap(node, room) {
                    return Some(Step { from, to, sink });
                }
            }
            return None;
        }
        self.build(at);
        while let Some(way) = self.edges[at].ways.get(self.search.cursor[at]) {
            let place = self.search.cursor[at];
            let edge = Edge { to: way.to, sink: IDLE, cost: i64::from(way.cost) };
            if self.search.seen[edge.to as usize] == round
                || edge.cost >= self.room_free(price, edge.to as usize)
            {
                self.search.cursor[at] += 1;
            } else if let Some(sink) = self.edges[at].by[place].sink() {
                self.search.cursor[at] += 1;
                return Some(Step { from, to: edge.to, sink });
            } else {
                let mut edges = std::mem::take(&mut self.edges[at]);
                self.be_sure(at, &mut edges, place);
                self.edges[at] = edges;
            }
        }
        while let Some(to) = self.beside(at, self.search.cursor[at] - self.edges[at].ways.len()) {
            self.search.cursor[at] += 1;
            let step = Step { from, to, sink: DOOR };
            if self.search.seen[to as usize] != round
                && 0 < self.room_free(price, to as usize)
                && self.capacity(step) > 0
            {
                return Some(step);
            }
        }
        self.free_step_into_gap(at)
    }

    fn free_step_into_gap(&mut self, at: usize) -> Option<Step> {
        let price = self.price[at];
        if self.search.seen[self.gap] == self.search.round {
            return None;
        }
        let (from, to) = (index(at), index(self.gap));
        let room = self.room_free(price, self.gap);
        if let Some(edge) = self.edge_into_gap(at, room) {
            return Some(Step { from, to, sink: edge.sink });
        }
        (self.idle[at] > 0 && 0 < room).then_some(Step { from, to, sink: IDLE })
    }

    /// An edge to a node has a reduced length of nought, or slack makes it so, if it is shorter than this.
    fn room_free(&self, price: i64, to: usize) -> i64 {
        price + self.slack + 1 - self.price[to]
    }

    /// How many could be moved; nobody, only when what is kept belies itself.
    pub(super) fn push(&mut self, start: usize, end: usize, path: &[Step]) -> i64 {
        let room = path.iter().map(|&step| self.capacity(step)).min().unwrap_or(0);
        let amount = room.min(self.excess[start]).min(-self.excess[end]);
        let count = u32::try_from(amount).unwrap_or(0);
        for &step in path.iter().rev() {
            self.apply(step, count);
        }
        self.excess[start] -= amount;
        self.excess[end] += amount;
        amount
    }

    pub(super) fn capacity(&self, step: Step) -> i64 {
        let (from, to, sink) = (step.from as usize, step.to as usize, step.sink as usize);
        if step.sink == IDLE {
            return if from == self.gap { i64::MAX } else { self.idle[from] };
        }
        if step.sink == DOOR {
            return if from < self.problem.sources() {
                i64::from(self.doors.through[self.doors.place(from, step.to)])
            } else {
                i64::MAX
            };
        }
        let unmet = self.unmet[sink];
        if from == self.gap {
            // Down to the border of the dearest piece that is short.
            return i64::from(unmet - self.border_below(sink, unmet));
        }
        let held = self.holders[sink]
            .iter()
            .find(|holder| holder.source == step.from)
            .map_or(0, |holder| i64::from(holder.count));
        if to == self.gap {
            return held.min(i64::from(self.border_above(sink, unmet) - unmet));
        }
        held
    }

    /// The largest sum of whole pieces below `unmet`.
    fn border_below(&self, sink: usize, unmet: u32) -> u32 {
        let mut sum = 0;
        for piece in self.problem.pieces(sink) {
            if sum + piece.count >= unmet {
                break;
            }
            sum += piece.count;
        }
        sum
    }

    /// The least sum of whole pieces above `unmet`.
    fn border_above(&self, sink: usize, unmet: u32) -> u32 {
        let mut sum = 0;
        for piece in self.problem.pieces(sink) {
            sum += piece.count;
            if sum > unmet {
                break;
            }
        }
        sum
    }

    fn apply(&mut self, step: Step, count: u32) {
        let sink = step.sink as usize;
        if step.sink == DOOR {
            if (step.from as usize) < self.problem.sources() {
                let place = self.doors.place(step.from as usize, step.to);
                self.doors.through[place] -= count;
            } else {
                let place = self.doors.place(step.to as usize, step.from);
                self.doors.through[place] += count;
            }
            return;
        }
        if step.sink == IDLE {
            if step.from as usize == self.gap {
                self.idle[step.to as usize] += i64::from(count);
            } else {
                self.idle[step.from as usize] -= i64::from(count);
            }
            return;
        }
        if step.from as usize == self.gap {
            self.set_unmet(sink, self.unmet[sink] - count);
        } else {
            self.take(sink, step.from, count);
        }
        if step.to as usize == self.gap {
            self.set_unmet(sink, self.unmet[sink] + count);
        } else if let Ok(place) =
            self.problem.row(sink).binary_search_by_key(&step.to, |arc| arc.source)
        {
            self.give(sink, self.problem.row(sink)[place], count);
        }
    }
}
