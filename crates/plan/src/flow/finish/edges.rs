//! Edges between nodes: made from what a node serves, kept while that changes, found again where they became unsure.

use super::{Arc, Edge, Edges, FAR, Finish, Holder, IDLE, NOWHERE, Served, index};
use crate::flow::Problem;

/// Sinks by which an edge may go that are kept for each.
const CHOICES: usize = 3;

/// Where an edge leads, its length or a bound for it from below, and how far its end was when the edges were put in
/// order: prices never fall, so it is not nearer now.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way {
    pub(super) key: i64,
    pub(super) to: u32,
    pub(super) cost: i32,
}

/// What an edge may cost: 32 bits between sources, since the costs of both its arcs are at most
/// [`crate::flow::COST_MAX`]; 64 bits at the gap.
pub(super) trait Length: Copy + Ord {
    const NONE: Self;
}

impl Length for i32 {
    const NONE: Self = Self::MAX;
}

impl Length for i64 {
    const NONE: Self = FAR;
}

/// The sinks by which an edge is shortest, as far as they are known, in order; by all others it is no shorter than `rest`.
#[derive(Clone, Copy, Debug)]
pub(super) struct By<C> {
    known: u32,
    sink: [u32; CHOICES],
    cost: [C; CHOICES],
    rest: C,
}

impl<C: Length> By<C> {
    pub(super) fn nobody() -> Self {
        Self::bounded(C::NONE)
    }

    /// By sinks not yet looked at.
    pub(super) fn bounded(rest: C) -> Self {
        Self { known: 0, sink: [IDLE; CHOICES], cost: [C::NONE; CHOICES], rest }
    }

    /// The sink that makes the edge as long as it is said to be.
    pub(super) fn sink(&self) -> Option<u32> {
        (self.known > 0).then_some(self.sink[0])
    }

    /// Length of the edge, or a bound for it from below when no sink is known.
    pub(super) fn cost(&self) -> C {
        if self.known > 0 { self.cost[0] } else { self.rest }
    }

    /// Whether there may be sinks but none is known.
    fn is_unsure(&self) -> bool {
        self.known == 0 && self.rest < C::NONE
    }

    /// A sink would do, too.
    pub(super) fn add(&mut self, sink: u32, cost: C) {
        let known = self.known as usize;
        if cost > self.rest || self.sink[..known].contains(&sink) {
            return;
        }
        let place = self.cost[..known].partition_point(|&other| other <= cost);
        if place == CHOICES {
            self.rest = cost;
            return;
        }
        if known == CHOICES {
            self.rest = self.cost[CHOICES - 1];
        } else {
            self.known += 1;
        }
        self.sink[place..].rotate_right(1);
        self.cost[place..].rotate_right(1);
        (self.sink[place], self.cost[place]) = (sink, cost);
    }

    /// A sink would not do any more.
    pub(super) fn lose(&mut self, sink: u32) {
        let known = self.known as usize;
        if let Some(place) = self.sink[..known].iter().position(|&here| here == sink) {
            self.sink[place..known].rotate_left(1);
            self.cost[place..known].rotate_left(1);
            self.known -= 1;
        }
    }
}

/// The cost of the arc of a sink to a node, if there is one.
fn cost_of(problem: &Problem, sink: u32, node: u32) -> Option<i32> {
    let row = problem.row(sink as usize);
    row.binary_search_by_key(&node, |arc| arc.source).ok().map(|place| row[place].cost)
}

impl Finish {
    /// Adds people of a node at a sink.
    pub(super) fn give(&mut self, sink: usize, arc: Arc, count: u32) {
        if let Some(holder) = self.holders[sink].iter_mut().find(|h| h.source == arc.source) {
            holder.count += count;
            return;
        }
        let at = arc.source as usize;
        self.holders[sink].push(Holder { source: arc.source, cost: arc.cost, count });
        let served = Served { sink: index(sink), cost: arc.cost };
        self.served[at].push(served);
        if self.edges[at].built {
            self.note(at, served);
            // Edges that were passed by may lead on now.
            self.search.cursor[at] = 0;
        }
        self.note_into_gap(at, served);
    }

    /// Takes people of a node away from a sink.
    pub(super) fn take(&mut self, sink: usize, source: u32, count: u32) {
        let holders = &mut self.holders[sink];
        let Some(place) = holders.iter().position(|holder| holder.source == source) else { return };
        holders[place].count -= count;
        if holders[place].count > 0 {
            return;
        }
        holders.swap_remove(place);
        let (at, sink) = (source as usize, index(sink));
        let served = &mut self.served[at];
        if let Some(place) = served.iter().position(|here| here.sink == sink) {
            served.swap_remove(place);
        }
        let edges = &mut self.edges[at];
        for (way, by) in edges.ways.iter_mut().zip(&mut edges.by) {
            by.lose(sink);
            way.cost = by.cost();
        }
        self.into_gap[at].lose(sink);
    }

    /// Computes the edges out of a node from the sinks that it serves, if that was not done yet.
    pub(super) fn build(&mut self, at: usize) {
        if std::mem::replace(&mut self.edges[at].built, true) {
            return;
        }
        for &served in &self.served[at] {
            shorten(&mut self.edges[at], &mut self.search.slot, &self.problem, at, served);
        }
        for way in &self.edges[at].ways {
            self.search.slot[way.to as usize] = NOWHERE;
        }
    }

    /// Shortens the edges out of a node by a sink that it serves now.
    pub(super) fn note(&mut self, at: usize, served: Served) {
        let (edges, slot) = (&mut self.edges[at], &mut self.search.slot);
        edges.in_order = false;
        for (way, place) in edges.ways.iter().zip(0..) {
            slot[way.to as usize] = place;
        }
        shorten(edges, slot, &self.problem, at, served);
        for way in &edges.ways {
            slot[way.to as usize] = NOWHERE;
        }
    }

    /// Puts the nearest edges of a node first, if they are not, or so many were looked at in vain that it pays.
    pub(super) fn put_in_order(&mut self, at: usize) {
        self.build(at);
        let edges = &mut self.edges[at];
        if edges.in_order && edges.wasted < edges.ways.len() {
            return;
        }
        let far = |way: &Way| i64::from(way.cost) + self.price[way.to as usize];
        let order = &mut self.search.order;
        order.clear();
        order.extend(edges.ways.iter().zip(0..).map(|(way, place)| (far(way), place)));
        order.sort_unstable();
        let spare = &mut self.search.spare;
        spare.ways.clear();
        spare.by.clear();
        for &(key, place) in &*order {
            spare.ways.push(Way { key, ..edges.ways[place as usize] });
            spare.by.push(edges.by[place as usize]);
        }
        std::mem::swap(edges, spare);
        (edges.built, edges.in_order, edges.wasted) = (true, true, 0);
    }

    /// Finds by which sinks an edge is shortest; when there is none, the edge goes.
    pub(super) fn be_sure(&self, at: usize, edges: &mut Edges, place: usize) {
        let way = &mut edges.ways[place];
        let mut by = By::nobody();
        for served in &self.served[at] {
            if let Some(cost) = cost_of(&self.problem, served.sink, way.to) {
                by.add(served.sink, cost - served.cost);
            }
        }
        way.cost = by.cost();
        edges.by[place] = by;
        if by.sink().is_none() {
            edges.ways.remove(place);
            edges.by.remove(place);
        }
    }

    /// What the next missing person at a sink costs.
    fn next_price(&self, sink: u32) -> Option<i64> {
        self.problem.price_of_missing(sink as usize, self.unmet[sink as usize] + 1)
    }

    /// What the last missing person at a sink costs.
    fn last_price(&self, sink: u32) -> Option<i64> {
        self.problem.price_of_missing(sink as usize, self.unmet[sink as usize])
    }

    /// Shortens the edge into the gap by a sink that a node serves.
    fn note_into_gap(&mut self, at: usize, served: Served) {
        if let Some(price) = self.next_price(served.sink) {
            self.into_gap[at].add(served.sink, price - i64::from(served.cost));
        }
    }

    /// The edge into the gap, leaving short whom a node serves, if it would be shorter than this.
    pub(super) fn edge_into_gap(&mut self, at: usize, limit: i64) -> Option<Edge> {
        if self.into_gap[at].cost() < limit && self.into_gap[at].is_unsure() {
            let mut by = By::nobody();
            for served in &self.served[at] {
                if let Some(price) = self.next_price(served.sink) {
                    by.add(served.sink, price - i64::from(served.cost));
                }
            }
            self.into_gap[at] = by;
        }
        let by = &self.into_gap[at];
        let edge = Edge { to: index(self.gap), sink: by.sink()?, cost: by.cost() };
        (edge.cost < limit).then_some(edge)
    }

    /// The edge from the gap to a node, filling a shortfall or becoming idle, if it would be shorter than this.
    pub(super) fn edge_out_of_gap(&mut self, node: usize, limit: i64) -> Option<Edge> {
        let to = index(node);
        // Nobody is idle at a door.
        let can_idle = node < self.problem.sources() && 0 < limit;
        let limit = if can_idle { 0 } else { limit };
        if self.out_of_gap[node].cost() < limit && self.out_of_gap[node].is_unsure() {
            let mut by = By::nobody();
            for short in &self.short[node] {
                if let Some(price) = self.last_price(short.sink) {
                    by.add(short.sink, i64::from(short.cost) - price);
                }
            }
            self.out_of_gap[node] = by;
        }
        let by = &self.out_of_gap[node];
        match by.sink() {
            Some(sink) if by.cost() < limit => Some(Edge { to, sink, cost: by.cost() }),
            _ => can_idle.then_some(Edge { to, sink: IDLE, cost: 0 }),
        }
    }

    /// Notes a sink as one that people of its sources could be called to.
    pub(super) fn note_short(&mut self, sink: usize) {
        if !std::mem::replace(&mut self.was_short[sink], true) {
            for arc in self.problem.row(sink) {
                let served = Served { sink: index(sink), cost: arc.cost };
                self.short[arc.source as usize].push(served);
            }
        }
    }

    /// Changes a shortfall and the edges at the gap that hang on it.
    pub(super) fn set_unmet(&mut self, sink: usize, unmet: u32) {
        self.unmet[sink] = unmet;
        self.note_short(sink);
        self.price_short(sink);
    }

    /// Brings the edges at the gap up to the prices that a sink's next and last missing person have now.
    pub(super) fn price_short(&mut self, sink: usize) {
        let number = index(sink);
        for holder in 0..self.holders[sink].len() {
            let Holder { source, cost, .. } = self.holders[sink][holder];
            self.into_gap[source as usize].lose(number);
            self.note_into_gap(source as usize, Served { sink: number, cost });
        }
        let price = self.last_price(number);
        for arc in self.problem.row(sink) {
            let by = &mut self.out_of_gap[arc.source as usize];
            by.lose(number);
            if let Some(price) = price {
                by.add(number, i64::from(arc.cost) - price);
            }
        }
    }
}

/// Lays the arcs of a sink over the edges of the node that serves it; `slot` knows the place of each edge, and learns
/// those of new ones.
fn shorten(edges: &mut Edges, slot: &mut [u32], problem: &Problem, at: usize, served: Served) {
    for arc in problem.row(served.sink as usize) {
        let to = arc.source;
        if to as usize == at {
            continue;
        }
        let place = &mut slot[to as usize];
        if *place == NOWHERE {
            *place = index(edges.ways.len());
            edges.ways.push(Way { key: 0, to, cost: i32::NONE });
            edges.by.push(By::nobody());
        }
        let by = &mut edges.by[*place as usize];
        by.add(served.sink, arc.cost - served.cost);
        edges.ways[*place as usize].cost = by.cost();
    }
}
