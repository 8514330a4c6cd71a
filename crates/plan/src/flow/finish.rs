//! The exact finish: from any prices to a proven optimum by shortest paths between sources.
//!
//! Nodes are the sources and one more, the *gap*, which serves shortfalls at the pieces' prices and keeps people
//! idle at cost nothing. An edge `u → v` moves one person's worth of some sink from `u` to `v`; its length is the
//! least `cost(v,b) − cost(u,b)` over sinks `b` that `u` serves, so it does not depend on prices and can be kept
//! until `u`'s sinks change. Starting from each sink's cheapest choice at the given prices, every reduced length
//! is ≥ 0. Then, in rounds: Dijkstra from all excess at once to the nearest deficit, the prices of what was reached
//! rise so that shortest paths have reduced length nought, and excess is pushed along all such paths (the
//! primal–dual method; Ahuja, Magnanti and Orlin, *Network Flows*, ch. 9). Lengths stay ≥ 0 and the end is
//! balanced, hence optimal. Few rounds are needed, since distances are small whole numbers once prices are good.
//!
//! When a round places few, each excess goes its own way to its nearest deficit, as long as that places more people for
//! every node looked at than the round did: where only the way into the gap is narrow, each round would search the whole
//! country for a handful of people.
//!
//! With *slack*, people also go by edges that are a little longer than nought. The prices' value stays a bound, the answer
//! is above it by so much an edge at most, and a tail of hundreds of rounds for the last few people is not needed.
//!
//! A door is a node, too. What it serves stands on the sources behind it: it hands people on to any of them at length
//! nought, and takes back from each as many as stand on it for this door.

mod answer;
mod single;
mod start;

use super::{Arc, FlowError, Problem, Solution};
use pehra_domain::progress::{Watch, tell};
use single::Effort;
use std::{cmp::Reverse, collections::BinaryHeap};

const STAGE: &str = "placing the last people exactly";
/// Marks an edge that makes somebody idle, or an idle one busy.
const IDLE: u32 = u32::MAX;
/// Marks an edge between a door and a source behind it.
const DOOR: u32 = u32::MAX - 1;
const FAR: i64 = i64::MAX / 4;
/// A round is surely worth its search if it places one of so many.
const WORTH: u64 = 20;

#[derive(Clone, Copy)]
struct Holder {
    source: u32,
    cost: i32,
    count: u32,
}

#[derive(Clone, Copy)]
struct Edge {
    to: u32,
    cost: i64,
    sink: u32,
}

/// One step of a path: who hands over, who takes over, and where.
#[derive(Clone, Copy)]
struct Step {
    from: u32,
    to: u32,
    sink: u32,
}

struct Finish<'p> {
    problem: &'p Problem,
    /// Sources, then doors, then the gap.
    gap: usize,
    /// Edges up to this reduced length are taken; nought finds the optimum.
    slack: i64,
    doors: Doors,
    /// Per node, and last the gap's.
    price: Vec<i64>,
    excess: Vec<i64>,
    idle: Vec<i64>,
    holders: Vec<Vec<Holder>>,
    unmet: Vec<u32>,
    served: Vec<Vec<u32>>,
    edges: Vec<Vec<Edge>>,
    stale: Vec<bool>,
    gap_edges: Vec<Edge>,
    gap_stale: Vec<bool>,
    /// Per source: the sinks that were ever short and that it could serve, at what cost; and which sinks those are.
    short: Vec<Vec<(u32, i32)>>,
    was_short: Vec<bool>,
    search: Search,
}

/// How many people of each source stand for each door.
struct Doors {
    /// Per door the place of its first source in `through`; per source its doors with their places.
    start: Vec<usize>,
    through: Vec<u32>,
    of: Vec<Vec<(u32, usize)>>,
}

impl Doors {
    fn new(problem: &Problem) -> Self {
        let mut doors = Self {
            start: Vec::with_capacity(problem.doors()),
            through: Vec::new(),
            of: vec![Vec::new(); problem.sources()],
        };
        let mut place = 0;
        for (door, node) in (0..problem.doors()).zip(problem.sources()..) {
            doors.start.push(place);
            for &source in problem.behind(door) {
                doors.of[source as usize].push((index(node), place));
                place += 1;
            }
        }
        doors.through.resize(place, 0);
        doors
    }

    /// The place of a source behind a door, by their nodes.
    fn place(&self, source: usize, door: u32) -> usize {
        self.of[source].iter().find(|&&(node, _)| node == door).map_or(0, |&(_, place)| place)
    }
}

struct Search {
    distance: Vec<i64>,
    touched: Vec<u32>,
    settled: Vec<u32>,
    heap: BinaryHeap<Reverse<(i64, u32)>>,
    /// By which step each node was reached; and a deficit as near as the node in hand, `level` away.
    by: Vec<Step>,
    level: i64,
    near: Option<u32>,
    best: Vec<Edge>,
    /// Round in which a node was found to lead nowhere, or is on the path; and the edge to look at next.
    seen: Vec<u32>,
    cursor: Vec<usize>,
    round: u32,
}

impl Search {
    /// Forgets the last search and stands at these nodes.
    fn begin(&mut self, starts: impl Iterator<Item = usize>) {
        for &node in &self.touched {
            self.distance[node as usize] = FAR;
        }
        self.touched.clear();
        self.settled.clear();
        self.heap.clear();
        self.near = None;
        for node in starts {
            self.distance[node] = 0;
            self.touched.push(index(node));
            self.heap.push(Reverse((0, index(node))));
        }
    }
}

/// Solves exactly over the rows, starting from these prices (one per source, any whole numbers).
pub(super) fn finish(
    problem: &Problem,
    prices: &[i64],
    slack: i64,
    watch: &mut Watch<'_>,
) -> Result<Solution, FlowError> {
    let mut work = Finish::new(problem, prices, slack);
    work.assign();
    work.run(watch)?;
    Ok(work.solution())
}

/// Solves exactly over the rows, starting from an answer whose problem was a little different.
pub(super) fn finish_from(
    problem: &Problem,
    known: &Solution,
    slack: i64,
    watch: &mut Watch<'_>,
) -> Result<Solution, FlowError> {
    let mut work = Finish::new(problem, &known.prices, slack);
    work.take_up(&known.flows);
    work.run(watch)?;
    Ok(work.solution())
}

/// A price as a float, for the smoothed value.
#[expect(clippy::cast_precision_loss, reason = "prices stay below 2^53")]
pub(super) fn number_of(price: i64) -> f64 {
    price as f64
}

fn index(node: usize) -> u32 {
    u32::try_from(node).unwrap_or(u32::MAX)
}

impl<'p> Finish<'p> {
    fn new(problem: &'p Problem, prices: &[i64], slack: i64) -> Self {
        let (nodes, sinks) = (problem.nodes(), problem.sinks());
        let prices: Vec<i64> = prices.iter().map(|&price| price.max(0)).collect();
        let mut price = problem.node_prices(&prices);
        price.push(0);
        let none = Edge { to: 0, cost: FAR, sink: IDLE };
        Self {
            problem,
            gap: nodes,
            slack,
            doors: Doors::new(problem),
            price,
            excess: vec![0; nodes + 1],
            idle: vec![0; nodes],
            holders: vec![Vec::new(); sinks],
            unmet: vec![0; sinks],
            served: vec![Vec::new(); nodes],
            edges: vec![Vec::new(); nodes],
            stale: vec![true; nodes],
            gap_edges: vec![none; nodes],
            gap_stale: vec![true; nodes],
            short: vec![Vec::new(); nodes],
            was_short: vec![false; sinks],
            search: Search {
                distance: vec![FAR; nodes + 1],
                touched: Vec::new(),
                settled: Vec::new(),
                heap: BinaryHeap::new(),
                by: vec![Step { from: 0, to: 0, sink: IDLE }; nodes + 1],
                level: 0,
                near: None,
                best: vec![none; nodes + 1],
                seen: vec![0; nodes + 1],
                cursor: vec![0; nodes + 1],
                round: 0,
            },
        }
    }

    fn reduced(&self, arc: Arc) -> i64 {
        i64::from(arc.cost) + self.price[arc.source as usize]
    }

    /// Adds people of a source at a sink.
    fn give(&mut self, sink: usize, arc: Arc, count: u32) {
        if let Some(holder) = self.holders[sink].iter_mut().find(|h| h.source == arc.source) {
            holder.count += count;
            return;
        }
        self.holders[sink].push(Holder { source: arc.source, cost: arc.cost, count });
        self.served[arc.source as usize].push(index(sink));
        self.stale[arc.source as usize] = true;
    }

    /// Takes people of a source away from a sink.
    fn take(&mut self, sink: usize, source: u32, count: u32) {
        let holders = &mut self.holders[sink];
        let Some(place) = holders.iter().position(|holder| holder.source == source) else { return };
        holders[place].count -= count;
        if holders[place].count == 0 {
            holders.swap_remove(place);
            let served = &mut self.served[source as usize];
            if let Some(place) = served.iter().position(|&at| at as usize == sink) {
                served.swap_remove(place);
            }
            self.stale[source as usize] = true;
        }
    }

    fn run(&mut self, watch: &mut Watch<'_>) -> Result<(), FlowError> {
        let total = self.misplaced();
        tell(watch, STAGE, 0, total)?;
        while let Some(reached) = self.search() {
            let (before, looked) = (self.misplaced(), self.search.settled.len() as u64);
            self.raise(reached);
            self.push_all();
            let round = Effort { placed: before - self.misplaced(), looked };
            if round.placed * WORTH < before {
                self.place_each(round, watch, total)?;
            }
            tell(watch, STAGE, total.saturating_sub(self.misplaced()), total)?;
        }
        Ok(())
    }

    fn misplaced(&self) -> u64 {
        self.excess.iter().map(|&excess| u64::try_from(excess).unwrap_or(0)).sum()
    }

    /// Dijkstra from every excess until deficits for half of it are reached; how far the last of them is. Any
    /// distance would do: going on to several deficits saves rounds when each is far from the next.
    fn search(&mut self) -> Option<i64> {
        self.search.begin((0..=self.gap).filter(|&node| self.excess[node] > 0));
        let mut wanted = i64::try_from(self.misplaced().div_ceil(2)).unwrap_or(FAR);
        let mut reached = None;
        while let Some(Reverse((distance, node))) = self.search.heap.pop() {
            let at = node as usize;
            if distance > self.search.distance[at] {
                continue;
            }
            if self.excess[at] < 0 {
                reached = Some(distance);
                wanted += self.excess[at];
                if wanted <= 0 {
                    break;
                }
            }
            self.search.settled.push(node);
            self.search.level = distance;
            if at == self.gap {
                self.expand_gap(distance);
            } else {
                self.expand(at, distance);
            }
        }
        reached
    }

    /// Pushes along paths of reduced length nought until every one is blocked.
    fn push_all(&mut self) {
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
                self.push(start, at, &path);
                return true;
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
                let source = self.search.cursor[at];
                self.search.cursor[at] += 1;
                if self.search.seen[source] == round {
                    continue;
                }
                if self.gap_stale[source] {
                    self.refresh_gap(source);
                }
                let Edge { to, cost, sink } = self.gap_edges[source];
                if cost + self.price[source] <= price + self.slack {
                    return Some(Step { from, to, sink });
                }
            }
            return None;
        }
        if self.stale[at] {
            self.refresh(at);
            self.search.cursor[at] = 0;
        }
        let edges = &self.edges[at];
        while let Some(&Edge { to, cost, sink }) = edges.get(self.search.cursor[at]) {
            self.search.cursor[at] += 1;
            let there = to as usize;
            if self.search.seen[there] != round && cost + self.price[there] <= price + self.slack {
                return Some(Step { from, to, sink });
            }
        }
        while let Some(to) = self.beside(at, self.search.cursor[at] - self.edges[at].len()) {
            self.search.cursor[at] += 1;
            let step = Step { from, to, sink: DOOR };
            let there = to as usize;
            if self.search.seen[there] != round
                && self.price[there] <= price + self.slack
                && self.capacity(step) > 0
            {
                return Some(step);
            }
        }
        let free = self.idle[at] > 0
            && self.search.seen[self.gap] != round
            && self.price[self.gap] <= price + self.slack;
        free.then_some(Step { from, to: index(self.gap), sink: IDLE })
    }

    fn expand(&mut self, at: usize, distance: i64) {
        if self.stale[at] {
            self.refresh(at);
        }
        let base = distance - self.price[at];
        let edges = std::mem::take(&mut self.edges[at]);
        for &edge in &edges {
            self.relax(at, edge, base);
        }
        self.edges[at] = edges;
        let mut number = 0;
        while let Some(to) = self.beside(at, number) {
            number += 1;
            if self.capacity(Step { from: index(at), to, sink: DOOR }) > 0 {
                self.relax(at, Edge { to, cost: 0, sink: DOOR }, base);
            }
        }
        if self.idle[at] > 0 {
            self.relax(at, Edge { to: index(self.gap), cost: 0, sink: IDLE }, base);
        }
    }

    /// The `number`-th source behind a door, or door before a source.
    fn beside(&self, node: usize, number: usize) -> Option<u32> {
        match node.checked_sub(self.problem.sources()) {
            Some(door) => self.problem.behind(door).get(number).copied(),
            None => self.doors.of[node].get(number).map(|&(door, _)| door),
        }
    }

    fn expand_gap(&mut self, distance: i64) {
        let base = distance - self.price[self.gap];
        for source in 0..self.gap {
            if self.gap_stale[source] {
                self.refresh_gap(source);
            }
            if self.gap_edges[source].cost < FAR {
                self.relax(self.gap, self.gap_edges[source], base);
            }
        }
    }

    fn relax(&mut self, from: usize, edge: Edge, base: i64) {
        let to = edge.to as usize;
        // With slack a length may lie below nought.
        let distance = (base + edge.cost + self.price[to]).max(self.search.level);
        if distance < self.search.distance[to] {
            self.search.by[to] = Step { from: index(from), to: edge.to, sink: edge.sink };
            if distance == self.search.level && self.excess[to] < 0 {
                self.search.near = Some(edge.to);
            }
            if self.search.distance[to] == FAR {
                self.search.touched.push(edge.to);
            }
            self.search.distance[to] = distance;
            self.search.heap.push(Reverse((distance, edge.to)));
        }
    }

    /// Recomputes the edges out of a source from the sinks that it serves.
    fn refresh(&mut self, at: usize) {
        let gap = index(self.gap);
        let mut edges = std::mem::take(&mut self.edges[at]);
        edges.clear();
        let best = &mut self.search.best;
        let mut note = |to: u32, cost: i64, sink: u32| {
            let slot = &mut best[to as usize];
            if slot.cost == FAR {
                edges.push(Edge { to, cost, sink });
            }
            if cost < slot.cost {
                *slot = Edge { to, cost, sink };
            }
        };
        for &sink in &self.served[at] {
            let b = sink as usize;
            let Some(own) = self.holders[b].iter().find(|h| h.source as usize == at) else {
                continue;
            };
            let own = i64::from(own.cost);
            for arc in self.problem.row(b) {
                if arc.source as usize != at {
                    note(arc.source, i64::from(arc.cost) - own, sink);
                }
            }
            if let Some(price) = self.problem.price_of_missing(b, self.unmet[b] + 1) {
                note(gap, price - own, sink);
            }
        }
        for edge in &mut edges {
            let slot = &mut best[edge.to as usize];
            *edge = *slot;
            slot.cost = FAR;
        }
        self.edges[at] = edges;
        self.stale[at] = false;
    }

    /// Recomputes the edge from the gap to a source: filling a shortfall, or becoming idle.
    fn refresh_gap(&mut self, source: usize) {
        // Nobody is idle at a door.
        let idle = if source < self.problem.sources() { 0 } else { FAR };
        let mut best = Edge { to: index(source), cost: idle, sink: IDLE };
        for &(sink, cost) in &self.short[source] {
            let unmet = self.unmet[sink as usize];
            if let Some(price) = self.problem.price_of_missing(sink as usize, unmet) {
                let length = i64::from(cost) - price;
                if length < best.cost {
                    best = Edge { to: index(source), cost: length, sink };
                }
            }
        }
        self.gap_edges[source] = best;
        self.gap_stale[source] = false;
    }

    /// Raises prices so that shortest paths have reduced length nought and none becomes negative.
    fn raise(&mut self, reached: i64) {
        for &node in &self.search.settled {
            let at = node as usize;
            self.price[at] += (reached - self.search.distance[at]).max(0);
        }
    }

    fn push(&mut self, start: usize, end: usize, path: &[Step]) {
        let room = path.iter().map(|&step| self.capacity(step)).min().unwrap_or(0);
        let amount = room.min(self.excess[start]).min(-self.excess[end]);
        let count = u32::try_from(amount).unwrap_or(0);
        for &step in path.iter().rev() {
            self.apply(step, count);
        }
        self.excess[start] -= amount;
        self.excess[end] += amount;
    }

    /// Notes a sink as one that people of its sources could be called to.
    fn note_short(&mut self, sink: usize) {
        if !std::mem::replace(&mut self.was_short[sink], true) {
            for arc in self.problem.row(sink) {
                self.short[arc.source as usize].push((index(sink), arc.cost));
            }
        }
    }

    fn capacity(&self, step: Step) -> i64 {
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

    /// Changes a shortfall and everything that was derived from its prices.
    fn set_unmet(&mut self, sink: usize, unmet: u32) {
        let problem = self.problem;
        let before = self.unmet[sink];
        self.unmet[sink] = unmet;
        self.note_short(sink);
        let price = |count| problem.price_of_missing(sink, count);
        if price(before + 1) != price(unmet + 1) {
            for holder in &self.holders[sink] {
                self.stale[holder.source as usize] = true;
            }
        }
        let now = price(unmet);
        if price(before) == now {
            return;
        }
        for arc in problem.row(sink) {
            let source = arc.source as usize;
            let edge = &mut self.gap_edges[source];
            if edge.sink as usize == sink {
                self.gap_stale[source] = true;
            } else if let Some(price) = now
                && i64::from(arc.cost) - price < edge.cost
            {
                *edge =
                    Edge { to: arc.source, cost: i64::from(arc.cost) - price, sink: index(sink) };
            }
        }
    }
}
