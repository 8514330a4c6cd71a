//! The exact finish: from any prices to a proven optimum by shortest paths between sources.
//!
//! Nodes are the sources and one more, the *gap*, which serves shortfalls at the pieces' prices and keeps people
//! idle at cost nothing. An edge `u → v` moves one person's worth of some sink from `u` to `v`; its length is the
//! least `cost(v,b) − cost(u,b)` over sinks `b` that `u` serves, so it does not depend on prices and can be kept
//! until `u`'s sinks change. Starting from each sink's cheapest choice at the given prices, every reduced length
//! is ≥ 0; excess is then pushed along shortest paths to the nearest deficit (successive shortest paths; Ahuja,
//! Magnanti and Orlin, *Network Flows*, ch. 9), which keeps lengths ≥ 0 and ends balanced, hence optimal.

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
    column_start: Vec<usize>,
    columns: Vec<(u32, i32)>,
    search: Search,
}

struct Search {
    distance: Vec<i64>,
    parent: Vec<Step>,
    touched: Vec<u32>,
    settled: Vec<u32>,
    heap: BinaryHeap<Reverse<(i64, u32)>>,
    best: Vec<Edge>,
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
        let (column_start, columns) = transpose(problem);
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
            column_start,
            columns,
            search: Search {
                distance: vec![FAR; sources + 1],
                parent: vec![Step { from: 0, to: 0, sink: IDLE }; sources + 1],
                touched: Vec::new(),
                settled: Vec::new(),
                heap: BinaryHeap::new(),
                best: vec![none; sources + 1],
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
        for (source, &room) in room.iter().enumerate() {
            if room > 0 && self.price[source] == 0 {
                self.idle[source] = room;
            } else {
                self.excess[source] = -room;
            }
        }
        self.excess[self.gap] = -self.excess.iter().sum::<i64>();
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
        let mut pushes = 0_u64;
        tell(watch, STAGE, 0, total)?;
        for start in 0..=self.gap {
            while self.excess[start] > 0 {
                let Some(end) = self.search(start) else { break };
                self.raise(end);
                self.push(start, end);
                pushes += 1;
                if pushes.is_multiple_of(256) {
                    tell(watch, STAGE, total.saturating_sub(self.misplaced()), total)?;
                }
            }
        }
        Ok(())
    }

    fn misplaced(&self) -> u64 {
        self.excess.iter().map(|&excess| u64::try_from(excess).unwrap_or(0)).sum()
    }

    /// Dijkstra from a node with excess to the nearest one with a deficit.
    fn search(&mut self, start: usize) -> Option<usize> {
        for &node in &self.search.touched {
            self.search.distance[node as usize] = FAR;
        }
        self.search.touched.clear();
        self.search.settled.clear();
        self.search.heap.clear();
        self.search.distance[start] = 0;
        self.search.touched.push(index(start));
        self.search.heap.push(Reverse((0, index(start))));
        while let Some(Reverse((distance, node))) = self.search.heap.pop() {
            let at = node as usize;
            if distance > self.search.distance[at] {
                continue;
            }
            if self.excess[at] < 0 {
                return Some(at);
            }
            self.search.settled.push(node);
            if at == self.gap {
                self.expand_gap(distance);
            } else {
                self.expand(at, distance);
            }
        }
        None
    }

    fn expand(&mut self, at: usize, distance: i64) {
        if self.stale[at] {
            self.refresh(at);
        }
        let base = distance - self.price[at];
        let edges = std::mem::take(&mut self.edges[at]);
        for &edge in &edges {
            self.relax(index(at), edge, base);
        }
        self.edges[at] = edges;
        if self.idle[at] > 0 {
            self.relax(index(at), Edge { to: index(self.gap), cost: 0, sink: IDLE }, base);
        }
    }

    fn expand_gap(&mut self, distance: i64) {
        let base = distance - self.price[self.gap];
        for source in 0..self.gap {
            if self.gap_stale[source] {
                self.refresh_gap(source);
            }
            self.relax(index(self.gap), self.gap_edges[source], base);
        }
    }

    fn relax(&mut self, from: u32, edge: Edge, base: i64) {
        let to = edge.to as usize;
        let distance = base + edge.cost + self.price[to];
        if distance < self.search.distance[to] {
            if self.search.distance[to] == FAR {
                self.search.touched.push(edge.to);
            }
            self.search.distance[to] = distance;
            self.search.parent[to] = Step { from, to: edge.to, sink: edge.sink };
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
        for &(sink, cost) in &self.columns[self.column_start[source]..self.column_start[source + 1]]
        {
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

    /// Raises prices so that the path found has reduced length zero and none becomes negative.
    fn raise(&mut self, end: usize) {
        let reached = self.search.distance[end];
        for &node in &self.search.settled {
            let at = node as usize;
            self.price[at] += reached - self.search.distance[at];
        }
    }

    fn push(&mut self, start: usize, end: usize) {
        let mut amount = self.excess[start].min(-self.excess[end]);
        let mut path = Vec::new();
        let mut node = end;
        while node != start {
            let step = self.search.parent[node];
            amount = amount.min(self.capacity(step));
            path.push(step);
            node = step.from as usize;
        }
        let count = u32::try_from(amount).unwrap_or(0);
        for step in path {
            self.apply(step, count);
        }
        self.excess[start] -= amount;
        self.excess[end] += amount;
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

fn transpose(problem: &Problem) -> (Vec<usize>, Vec<(u32, i32)>) {
    let sources = problem.sources();
    let mut start = vec![0_usize; sources + 1];
    for sink in 0..problem.sinks() {
        for arc in problem.row(sink) {
            start[arc.source as usize + 1] += 1;
        }
    }
    for source in 0..sources {
        start[source + 1] += start[source];
    }
    let mut next = start.clone();
    let mut columns = vec![(0_u32, 0_i32); problem.arc_count()];
    for sink in 0..problem.sinks() {
        for arc in problem.row(sink) {
            let place = &mut next[arc.source as usize];
            columns[*place] = (index(sink), arc.cost);
            *place += 1;
        }
    }
    (start, columns)
}
