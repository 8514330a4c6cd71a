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

use super::{Arc, Flow, FlowError, Problem, Solution};
use pehra_domain::progress::{Watch, tell};
use std::{cmp::Reverse, collections::BinaryHeap};

const STAGE: &str = "placing the last people exactly";
/// Marks an edge that makes somebody idle, or an idle one busy.
const IDLE: u32 = u32::MAX;
const FAR: i64 = i64::MAX / 4;

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
    gap: usize,
    /// Per source, and last the gap's.
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

struct Search {
    distance: Vec<i64>,
    touched: Vec<u32>,
    settled: Vec<u32>,
    heap: BinaryHeap<Reverse<(i64, u32)>>,
    best: Vec<Edge>,
    /// Round in which a node was found to lead nowhere, or is on the path; and the edge to look at next.
    seen: Vec<u32>,
    cursor: Vec<usize>,
    round: u32,
}

/// Solves exactly over the rows, starting from these prices (one per source, any whole numbers).
pub(super) fn finish(
    problem: &Problem,
    prices: &[i64],
    watch: &mut Watch<'_>,
) -> Result<Solution, FlowError> {
    let mut work = Finish::new(problem, prices);
    work.assign();
    work.run(watch)?;
    Ok(work.solution())
}

/// Solves exactly over the rows, starting from an answer whose problem was a little different.
pub(super) fn finish_from(
    problem: &Problem,
    known: &Solution,
    watch: &mut Watch<'_>,
) -> Result<Solution, FlowError> {
    let mut work = Finish::new(problem, &known.prices);
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
    fn new(problem: &'p Problem, prices: &[i64]) -> Self {
        let (sources, sinks) = (problem.sources(), problem.sinks());
        let mut price: Vec<i64> = prices.iter().map(|&price| price.max(0)).collect();
        price.resize(sources, 0);
        price.push(0);
        let none = Edge { to: 0, cost: FAR, sink: IDLE };
        Self {
            problem,
            gap: sources,
            price,
            excess: vec![0; sources + 1],
            idle: vec![0; sources],
            holders: vec![Vec::new(); sinks],
            unmet: vec![0; sinks],
            served: vec![Vec::new(); sources],
            edges: vec![Vec::new(); sources],
            stale: vec![true; sources],
            gap_edges: vec![none; sources],
            gap_stale: vec![true; sources],
            short: vec![Vec::new(); sources],
            was_short: vec![false; sinks],
            search: Search {
                distance: vec![FAR; sources + 1],
                touched: Vec::new(),
                settled: Vec::new(),
                heap: BinaryHeap::new(),
                best: vec![none; sources + 1],
                seen: vec![0; sources + 1],
                cursor: vec![0; sources + 1],
                round: 0,
            },
        }
    }

    /// Every piece of every sink takes its cheapest choice, ties going to whoever has most room.
    fn assign(&mut self) {
        let mut room: Vec<i64> =
            self.problem.supply().iter().map(|&count| i64::from(count)).collect();
        for sink in 0..self.problem.sinks() {
            let row = self.problem.row(sink);
            let least = super::cheapest(row, &self.price);
            let mut open = 0;
            for piece in self.problem.pieces(sink) {
                if least.is_some_and(|least| least <= piece.price) {
                    open += piece.count;
                } else {
                    self.unmet[sink] += piece.count;
                }
            }
            if self.unmet[sink] > 0 {
                self.note_short(sink);
            }
            let Some(least) = least else { continue };
            while open > 0 {
                let tied = row.iter().filter(|arc| self.reduced(**arc) == least);
                let Some(best) =
                    tied.max_by_key(|arc| (room[arc.source as usize].max(0), Reverse(arc.source)))
                else {
                    break;
                };
                let here = room[best.source as usize].max(0);
                let count =
                    if here == 0 { open } else { open.min(u32::try_from(here).unwrap_or(open)) };
                self.give(sink, *best, count);
                room[best.source as usize] -= i64::from(count);
                open -= count;
            }
        }
        self.balance(&room);
    }

    /// What is left of each source: idle where that costs nothing, else to be placed or called back.
    fn balance(&mut self, room: &[i64]) {
        for (source, &room) in room.iter().enumerate() {
            if room > 0 && self.price[source] == 0 {
                self.idle[source] = room;
            } else {
                self.excess[source] = -room;
            }
        }
        self.excess[self.gap] = -self.excess.iter().sum::<i64>();
    }

    /// Every sink keeps those who still stand where it is cheapest, as far as their pieces are worth it, and takes or
    /// leaves the difference there.
    fn take_up(&mut self, flows: &[Flow]) {
        let mut room: Vec<i64> =
            self.problem.supply().iter().map(|&count| i64::from(count)).collect();
        let mut rest = flows;
        for sink in 0..self.problem.sinks() {
            let here = rest.iter().take_while(|flow| flow.sink as usize == sink).count();
            let (now, later) = rest.split_at(here);
            rest = later;
            let row = self.problem.row(sink);
            let least = super::cheapest(row, &self.price);
            // Between these two, the number served costs the same.
            let (mut low, mut high) = (0, 0);
            for piece in self.problem.pieces(sink) {
                low += if least.is_some_and(|least| least < piece.price) { piece.count } else { 0 };
                high +=
                    if least.is_some_and(|least| least <= piece.price) { piece.count } else { 0 };
            }
            let mut served = 0;
            for flow in now {
                let Ok(place) = row.binary_search_by_key(&flow.source, |arc| arc.source) else {
                    continue;
                };
                let count = flow.count.min(high - served);
                if Some(self.reduced(row[place])) == least && count > 0 {
                    self.give(sink, row[place], count);
                    room[flow.source as usize] -= i64::from(count);
                    served += count;
                }
            }
            if served < low
                && let Some(arc) = row
                    .iter()
                    .filter(|arc| Some(self.reduced(**arc)) == least)
                    .max_by_key(|arc| (room[arc.source as usize], Reverse(arc.source)))
            {
                room[arc.source as usize] -= i64::from(low - served);
                self.give(sink, *arc, low - served);
                served = low;
            }
            self.unmet[sink] = self.problem.demand(sink) - served;
            if self.unmet[sink] > 0 {
                self.note_short(sink);
            }
        }
        self.balance(&room);
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
            self.raise(reached);
            self.push_all();
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
        let search = &mut self.search;
        for &node in &search.touched {
            search.distance[node as usize] = FAR;
        }
        search.touched.clear();
        search.settled.clear();
        search.heap.clear();
        for node in (0..=self.gap).filter(|&node| self.excess[node] > 0) {
            search.distance[node] = 0;
            search.touched.push(index(node));
            search.heap.push(Reverse((0, index(node))));
        }
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
                if cost + self.price[source] == price {
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
            if self.search.seen[there] != round && cost + self.price[there] == price {
                return Some(Step { from, to, sink });
            }
        }
        let free = self.idle[at] > 0
            && self.search.seen[self.gap] != round
            && self.price[self.gap] == price;
        free.then_some(Step { from, to: index(self.gap), sink: IDLE })
    }

    fn expand(&mut self, at: usize, distance: i64) {
        if self.stale[at] {
            self.refresh(at);
        }
        let base = distance - self.price[at];
        let edges = std::mem::take(&mut self.edges[at]);
        for &edge in &edges {
            self.relax(edge, base);
        }
        self.edges[at] = edges;
        if self.idle[at] > 0 {
            self.relax(Edge { to: index(self.gap), cost: 0, sink: IDLE }, base);
        }
    }

    fn expand_gap(&mut self, distance: i64) {
        let base = distance - self.price[self.gap];
        for source in 0..self.gap {
            if self.gap_stale[source] {
                self.refresh_gap(source);
            }
            self.relax(self.gap_edges[source], base);
        }
    }

    fn relax(&mut self, edge: Edge, base: i64) {
        let to = edge.to as usize;
        let distance = base + edge.cost + self.price[to];
        if distance < self.search.distance[to] {
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
        let mut best = Edge { to: index(source), cost: 0, sink: IDLE };
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

    fn solution(self) -> Solution {
        let mut flows = Vec::new();
        for (sink, mut holders) in self.holders.into_iter().enumerate() {
            holders.sort_unstable_by_key(|holder| holder.source);
            flows.extend(holders.into_iter().map(|holder| Flow {
                sink: index(sink),
                source: holder.source,
                count: holder.count,
            }));
        }
        let base = self.price[self.gap];
        let prices: Vec<i64> = self.price[..self.gap].iter().map(|&price| price - base).collect();
        let (objective, dual_bound) = value(self.problem, &flows, &prices);
        Solution { flows, prices, objective, dual_bound }
    }
}

/// Objective of flows and dual value of prices. Both fit: see [`super::PEOPLE_MAX`].
fn value(problem: &Problem, flows: &[Flow], prices: &[i64]) -> (i64, i64) {
    let (mut objective, mut dual) = (0_i64, 0_i64);
    let mut rest = flows;
    for sink in 0..problem.sinks() {
        let row = problem.row(sink);
        let here = rest.iter().take_while(|flow| flow.sink as usize == sink).count();
        let (now, later) = rest.split_at(here);
        rest = later;
        let mut unmet = problem.demand(sink);
        for flow in now {
            if let Ok(place) = row.binary_search_by_key(&flow.source, |arc| arc.source) {
                objective += i64::from(row[place].cost) * i64::from(flow.count);
            }
            unmet = unmet.saturating_sub(flow.count);
        }
        let least = super::cheapest(row, prices);
        for piece in problem.pieces(sink) {
            let short = unmet.min(piece.count);
            unmet -= short;
            objective += piece.price * i64::from(short);
            let best = least.map_or(piece.price, |least| least.min(piece.price));
            dual += best * i64::from(piece.count);
        }
    }
    for (&price, &count) in prices.iter().zip(problem.supply()) {
        dual -= price * i64::from(count);
    }
    (objective, dual)
}
