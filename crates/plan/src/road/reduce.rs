//! Dead ends and chains first: vertices with at most two neighbours are contracted before anything else, which never makes
//! the hierarchy larger than it must be and leaves a third of a road map for the dissection.

use super::{arcs::Arcs, narrow};

/// What is left of a graph, with the vertices that went, in the order in which they are contracted.
pub(super) struct Reduced {
    pub(super) contracted: Vec<u32>,
    /// The rest as a simple undirected graph.
    pub(super) core: Arcs,
    /// The vertex of the whole graph that each vertex of the core is.
    pub(super) vertex: Vec<u32>,
}

/// A round that takes less than one vertex in this many is the last.
const WORTH_A_ROUND: usize = 50;

pub(super) fn reduce(graph: Arcs) -> Reduced {
    let mut contracted = Vec::new();
    let mut vertex: Vec<u32> = (0..narrow(graph.vertices())).collect();
    let mut core = graph;
    loop {
        let before = core.vertices();
        let mut round = Round::of(&core);
        round.prune();
        let links = round.shorten();
        contracted.extend(round.gone.iter().map(|&local| vertex[local as usize]));
        let taken = round.gone.len();
        let alive = std::mem::take(&mut round.alive);
        (core, vertex) = rebuild(&core, &vertex, &alive, &links);
        if taken * WORTH_A_ROUND < before || taken == 0 {
            return Reduced { contracted, core, vertex };
        }
    }
}

struct Round<'g> {
    graph: &'g Arcs,
    alive: Vec<bool>,
    degree: Vec<u32>,
    gone: Vec<u32>,
}

impl<'g> Round<'g> {
    fn of(graph: &'g Arcs) -> Self {
        let vertices = graph.vertices();
        let degree = (0..narrow(vertices)).map(|v| narrow(graph.out(v).len())).collect();
        Self { graph, alive: vec![true; vertices], degree, gone: Vec::new() }
    }

    fn neighbours(&self, vertex: u32) -> impl Iterator<Item = u32> {
        let heads = &self.graph.heads()[self.graph.out(vertex)];
        heads.iter().copied().filter(|&head| self.alive[head as usize])
    }

    /// Takes dead ends away until none is left.
    fn prune(&mut self) {
        let mut queue: Vec<u32> =
            (0..narrow(self.degree.len())).filter(|&v| self.degree[v as usize] <= 1).collect();
        let mut at = 0;
        while let Some(&vertex) = queue.get(at) {
            at += 1;
            if !self.alive[vertex as usize] {
                continue;
            }
            let next = self.neighbours(vertex).next();
            self.alive[vertex as usize] = false;
            self.gone.push(vertex);
            if let Some(next) = next {
                self.degree[next as usize] -= 1;
                if self.degree[next as usize] == 1 {
                    queue.push(next);
                }
            }
        }
    }

    /// Replaces every chain of vertices with two neighbours by one link between its ends.
    fn shorten(&mut self) -> Vec<(u32, u32)> {
        let mut links = Vec::new();
        for start in 0..narrow(self.degree.len()) {
            if !self.alive[start as usize] || self.degree[start as usize] != 2 {
                continue;
            }
            let (mut chain, one_end) = self.walk(start, None);
            chain.reverse();
            let back = chain.len();
            let other_end = if one_end == start {
                start
            } else {
                let (forth, end) =
                    self.walk(start, chain.get(back.wrapping_sub(2)).copied().or(Some(one_end)));
                chain.extend_from_slice(&forth[1..]);
                end
            };
            for &vertex in &chain {
                self.alive[vertex as usize] = false;
            }
            // Every second one first, then every second of the rest: a long chain becomes a low tree.
            let mut order: Vec<usize> = (1..=chain.len()).collect();
            order.sort_by_key(|&place| (place.trailing_zeros(), place));
            self.gone.extend(order.into_iter().map(|place| chain[place - 1]));
            if one_end != other_end && one_end != start {
                links.push((one_end, other_end));
            }
        }
        links
    }

    /// Follows a chain from one of its vertices, away from `behind`; answers the chain and the vertex that ends it
    /// (`start` itself when it is a ring).
    fn walk(&self, start: u32, behind: Option<u32>) -> (Vec<u32>, u32) {
        let mut chain = vec![start];
        let mut before = behind;
        let mut here = start;
        loop {
            let mut ways = self.neighbours(here);
            let (one, two) = (ways.next(), ways.next());
            let next = if one == before && before.is_some() { two } else { one };
            let Some(next) = next else { return (chain, here) };
            if next == start || self.degree[next as usize] != 2 {
                return (chain, next);
            }
            chain.push(next);
            before = Some(here);
            here = next;
        }
    }
}

/// The graph of the vertices still alive, with the links that chains left behind.
fn rebuild(graph: &Arcs, vertex: &[u32], alive: &[bool], links: &[(u32, u32)]) -> (Arcs, Vec<u32>) {
    let mut local = vec![u32::MAX; alive.len()];
    let mut kept = Vec::new();
    for (at, _) in alive.iter().enumerate().filter(|(_, alive)| **alive) {
        local[at] = narrow(kept.len());
        kept.push(vertex[at]);
    }
    let mut arcs = Vec::new();
    for from in 0..narrow(alive.len()) {
        if alive[from as usize] {
            let heads = &graph.heads()[graph.out(from)];
            let to = heads.iter().filter(|&&head| alive[head as usize]);
            arcs.extend(to.map(|&head| (local[from as usize], local[head as usize])));
        }
    }
    arcs.extend(links.iter().map(|&(a, b)| (local[a as usize], local[b as usize])));
    let (directed, _) = Arcs::new(kept.len(), &arcs);
    (directed.undirected(), kept)
}
