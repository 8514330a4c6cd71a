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
//! Edges are not computed anew whenever somebody changes place. What a sink hands to its new source can only shorten that
//! one's edges, and is noted at once; where the sink that made an edge shortest leaves, the length stays as a bound from
//! below, and the edge is *unsure*: its length is found again only when a search would go by it.
//!
//! With *slack*, people also go by edges that are a little longer than nought. The prices' value stays a bound, the answer
//! is above it by so much an edge at most, and a tail of hundreds of rounds for the last few people is not needed.
//!
//! A door is a node, too. What it serves stands on the sources behind it: it hands people on to any of them at length
//! nought, and takes back from each as many as stand on it for this door.

mod answer;
mod change;
mod edges;
mod push;
mod single;
mod start;
#[cfg(test)]
mod tamper;

use super::{Arc, FlowError, Problem, Solution};
use edges::{By, Way};
use pehra_domain::progress::{Watch, tell};
use single::Effort;
use std::{cmp::Reverse, collections::BinaryHeap};

const STAGE: &str = "placing the last people exactly";
/// Marks an edge that makes somebody idle, or an idle one busy.
const IDLE: u32 = u32::MAX;
/// Marks an edge between a door and a source behind it.
const DOOR: u32 = u32::MAX - 1;
const NOWHERE: u32 = u32::MAX;
const FAR: i64 = i64::MAX / 4;
/// A round is surely worth its search if it places one of so many.
const WORTH: u64 = 20;

#[derive(Clone, Copy, Debug)]
struct Holder {
    source: u32,
    cost: i32,
    count: u32,
}

/// A sink that a node serves, and the cost there.
#[derive(Clone, Copy, Debug)]
struct Served {
    sink: u32,
    cost: i32,
}

#[derive(Clone, Copy, Debug)]
struct Edge {
    to: u32,
    sink: u32,
    cost: i64,
}

/// The edges of one node to sources and doors, the nearest first while they are in order.
#[derive(Clone, Debug, Default)]
struct Edges {
    ways: Vec<Way>,
    /// By which sinks each of them goes, in the same order.
    by: Vec<By<i32>>,
    built: bool,
    in_order: bool,
    /// Looks at edges that led too far, since they were put in order.
    wasted: usize,
}

/// One step of a path: who hands over, who takes over, and where.
#[derive(Clone, Copy, Debug)]
struct Step {
    from: u32,
    to: u32,
    sink: u32,
}

/// Who stands where, at which prices, with all that was derived from it: a problem in the middle of being solved, or one
/// that was solved and waits for a change.
#[derive(Debug)]
pub(super) struct Finish {
    problem: Problem,
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
    served: Vec<Vec<Served>>,
    /// Edges between sources and doors; and those of each node into and out of the gap.
    edges: Vec<Edges>,
    into_gap: Vec<By<i64>>,
    out_of_gap: Vec<By<i64>>,
    /// Per node: the sinks that were ever short and that it could serve, at what cost; and which sinks those are.
    short: Vec<Vec<Served>>,
    was_short: Vec<bool>,
    search: Search,
}

/// How many people of each source stand for each door.
#[derive(Debug)]
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

/// How far a node is, beside its price: they are read together.
#[derive(Clone, Copy, Debug)]
struct Spot {
    price: i64,
    distance: i64,
}

#[derive(Debug)]
struct Search {
    spot: Vec<Spot>,
    touched: Vec<u32>,
    settled: Vec<u32>,
    heap: BinaryHeap<Reverse<(i64, u32)>>,
    /// Nodes no further than the one in hand: they need no heap.
    here: Vec<u32>,
    /// By which step each node was reached, and how far away the node in hand is.
    by: Vec<Step>,
    level: i64,
    /// Whether one deficit is enough; the nearest so far, and how far it is: nothing beyond is looked at.
    one: bool,
    nearest: u32,
    limit: i64,
    /// By node, the place of the edge to it; nowhere between uses.
    slot: Vec<u32>,
    /// Edges with how far their ends are, while they are put in order.
    order: Vec<(i64, u32)>,
    spare: Edges,
    /// Round in which a node was found to lead nowhere, or is on the path; and the edge to look at next.
    seen: Vec<u32>,
    cursor: Vec<usize>,
    round: u32,
}

impl Search {
    /// Forgets the last search and stands at these nodes.
    fn begin(&mut self, one: bool, starts: impl Iterator<Item = usize>) {
        for &node in &self.touched {
            self.spot[node as usize].distance = FAR;
        }
        self.touched.clear();
        self.settled.clear();
        self.heap.clear();
        self.here.clear();
        self.level = 0;
        (self.one, self.limit) = (one, FAR);
        for node in starts {
            self.spot[node].distance = 0;
            self.touched.push(index(node));
            self.here.push(index(node));
        }
    }

    /// The nearest node that was reached and not yet settled, with its distance.
    fn next(&mut self) -> Option<(i64, u32)> {
        if let Some(node) = self.here.pop() {
            return Some((self.level, node));
        }
        while let Some(Reverse((distance, node))) = self.heap.pop() {
            if distance <= self.spot[node as usize].distance {
                self.level = distance;
                return Some((distance, node));
            }
        }
        None
    }
}

/// A price as a float, for the smoothed value.
#[expect(clippy::cast_precision_loss, reason = "prices stay below 2^53")]
pub(super) fn number_of(price: i64) -> f64 {
    price as f64
}

fn index(node: usize) -> u32 {
    u32::try_from(node).unwrap_or(u32::MAX)
}

impl Finish {
    /// Everybody at their cheapest choice under these prices, one per source, any whole numbers.
    pub(super) fn at_prices(problem: Problem, prices: &[i64], slack: i64) -> Self {
        let mut work = Self::new(problem, prices, slack);
        work.assign();
        work
    }

    /// As in an answer, whose problem may have been a little different.
    pub(super) fn at_answer(problem: Problem, known: &Solution, slack: i64) -> Self {
        let mut work = Self::new(problem, &known.prices, slack);
        work.take_up(&known.flows);
        work
    }

    fn new(problem: Problem, prices: &[i64], slack: i64) -> Self {
        let (nodes, sinks) = (problem.nodes(), problem.sinks());
        let prices: Vec<i64> = prices.iter().map(|&price| price.max(0)).collect();
        let mut price = problem.node_prices(&prices);
        price.push(0);
        Self {
            gap: nodes,
            slack,
            doors: Doors::new(&problem),
            excess: vec![0; nodes + 1],
            idle: vec![0; nodes],
            holders: vec![Vec::new(); sinks],
            unmet: vec![0; sinks],
            served: vec![Vec::new(); nodes],
            edges: vec![Edges::default(); nodes],
            into_gap: vec![By::bounded(-FAR); nodes],
            out_of_gap: vec![By::bounded(-FAR); nodes],
            short: vec![Vec::new(); nodes],
            was_short: vec![false; sinks],
            search: Search {
                spot: price.iter().map(|&price| Spot { price, distance: FAR }).collect(),
                touched: Vec::new(),
                settled: Vec::new(),
                heap: BinaryHeap::new(),
                here: Vec::new(),
                by: vec![Step { from: 0, to: 0, sink: IDLE }; nodes + 1],
                level: 0,
                one: false,
                nearest: 0,
                limit: FAR,
                slot: vec![NOWHERE; nodes + 1],
                order: Vec::new(),
                spare: Edges::default(),
                seen: vec![0; nodes + 1],
                cursor: vec![0; nodes + 1],
                round: 0,
            },
            price,
            problem,
        }
    }

    pub(super) fn problem(&self) -> &Problem {
        &self.problem
    }

    pub(super) fn into_problem(self) -> Problem {
        self.problem
    }

    fn reduced(&self, arc: Arc) -> i64 {
        i64::from(arc.cost) + self.price[arc.source as usize]
    }

    /// Until nobody is misplaced.
    ///
    /// # Errors
    /// [`FlowError::Cancelled`].
    pub(super) fn run(&mut self, watch: &mut Watch<'_>) -> Result<(), FlowError> {
        let total = self.misplaced();
        tell(watch, STAGE, 0, total)?;
        while let Some(reached) = self.search() {
            let (before, looked) = (self.misplaced(), self.search.settled.len() as u64);
            self.raise(reached);
            self.push_all();
            let round = Effort { placed: before - self.misplaced(), looked };
            if round.placed == 0 && reached == 0 {
                // What is kept belies itself. The verifier will say so.
                break;
            }
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
        self.search.begin(false, (0..=self.gap).filter(|&node| self.excess[node] > 0));
        let mut wanted = i64::try_from(self.misplaced().div_ceil(2)).unwrap_or(FAR);
        let mut reached = None;
        while let Some((distance, node)) = self.search.next() {
            let at = node as usize;
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

    fn expand(&mut self, at: usize, distance: i64) {
        let base = distance - self.price[at];
        let room = self.room(self.gap, base);
        if let Some(edge) = self.edge_into_gap(at, room) {
            self.reach(at, edge, base);
        }
        if self.idle[at] > 0 {
            self.reach(at, Edge { to: index(self.gap), sink: IDLE, cost: 0 }, base);
        }
        self.expand_edges(at, base);
        let mut number = 0;
        while let Some(to) = self.beside(at, number) {
            number += 1;
            if self.room(to as usize, base) > 0
                && self.capacity(Step { from: index(at), to, sink: DOOR }) > 0
            {
                self.reach(at, Edge { to, cost: 0, sink: DOOR }, base);
            }
        }
    }

    fn expand_edges(&mut self, at: usize, base: i64) {
        if self.search.one {
            self.put_in_order(at);
        } else {
            self.build(at);
        }
        let mut edges = std::mem::take(&mut self.edges[at]);
        let mut place = 0;
        let mut limit = self.search.limit - base;
        while let Some(way) = edges.ways.get(place) {
            if way.key >= limit {
                break;
            }
            let spot = self.search.spot[way.to as usize];
            let length = i64::from(way.cost) + spot.price;
            if length >= limit {
                edges.wasted += 1;
            } else if length < spot.distance - base {
                let (to, cost) = (way.to, i64::from(way.cost));
                let Some(sink) = edges.by[place].sink() else {
                    // Looked at again, or gone for good.
                    self.be_sure(at, &mut edges, place);
                    continue;
                };
                self.reach(at, Edge { to, sink, cost }, base);
                limit = self.search.limit - base;
            }
            place += 1;
        }
        self.edges[at] = edges;
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
        for node in 0..self.gap {
            let room = self.room(node, base);
            if let Some(edge) = self.edge_out_of_gap(node, room) {
                self.reach(self.gap, edge, base);
            }
        }
    }

    /// An edge to a node is of use if it is shorter than this.
    fn room(&self, to: usize, base: i64) -> i64 {
        let Spot { price, distance } = self.search.spot[to];
        distance.min(self.search.limit) - base - price
    }

    /// Takes an edge if it leads to its end by a shorter way than those before.
    fn reach(&mut self, from: usize, edge: Edge, base: i64) {
        let to = edge.to as usize;
        let Spot { price, distance: before } = self.search.spot[to];
        // With slack a length may lie below nought.
        let distance = (base + edge.cost + price).max(self.search.level);
        if distance >= before || distance >= self.search.limit {
            return;
        }
        self.search.by[to] = Step { from: index(from), to: edge.to, sink: edge.sink };
        if before == FAR {
            self.search.touched.push(edge.to);
        }
        self.search.spot[to].distance = distance;
        if self.search.one && self.excess[to] < 0 {
            (self.search.nearest, self.search.limit) = (edge.to, distance);
        } else if distance == self.search.level {
            self.search.here.push(edge.to);
        } else {
            self.search.heap.push(Reverse((distance, edge.to)));
        }
    }
    /// Raises prices so that shortest paths have reduced length nought and none becomes negative.
    fn raise(&mut self, reached: i64) {
        for &node in &self.search.settled {
            let spot = &mut self.search.spot[node as usize];
            spot.price += (reached - spot.distance).max(0);
            self.price[node as usize] = spot.price;
        }
    }
}
