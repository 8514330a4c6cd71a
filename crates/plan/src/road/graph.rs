//! From a network to vertices and arcs. A junction is one vertex; where a turn is forbidden, whoever arrives over the
//! stretch concerned arrives at a copy of the junction that lacks the forbidden way out. Answers are then exact on a plain
//! graph, at the price of one vertex for each stretch with a rule.

use super::{NO_WAY, arcs::Arcs, narrow};
use pehra_domain::{Point, road::RoadNetwork};
use std::collections::BTreeMap;

/// Most junctions of a network.
pub const JUNCTIONS_MAX: usize = 200_000_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GraphError {
    #[error("stretch {0} ends at a junction that the network does not have")]
    NoJunction(usize),
    #[error("the network has {0} junctions, more than this program can number")]
    TooLarge(usize),
}

/// One direction of a stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Drive(u32);

impl Drive {
    #[must_use]
    pub fn new(stretch: u32, forth: bool) -> Self {
        Self(stretch << 1 | u32::from(!forth))
    }

    #[must_use]
    pub fn stretch(self) -> usize {
        (self.0 >> 1) as usize
    }

    #[must_use]
    pub fn forth(self) -> bool {
        self.0 & 1 == 0
    }
}

/// Vertices and arcs of a network, and which arc drives which stretch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoadGraph {
    pub arcs: Arcs,
    /// What each arc drives.
    pub drives: Vec<Drive>,
    /// Junction of each vertex; copies follow the junctions.
    pub junction: Vec<u32>,
    /// Arcs of each direction of each stretch, by [`Drive`].
    first_of_drive: Vec<u32>,
    of_drive: Vec<u32>,
}

impl RoadGraph {
    /// # Errors
    /// [`GraphError`] when the network contradicts itself.
    pub fn try_new(network: &RoadNetwork) -> Result<Self, GraphError> {
        let junctions = network.junctions.len();
        if junctions > JUNCTIONS_MAX || network.stretches.len() > JUNCTIONS_MAX {
            return Err(GraphError::TooLarge(junctions));
        }
        let beyond = |end: u32| end as usize >= junctions;
        if let Some(at) = network.stretches.iter().position(|s| beyond(s.from) || beyond(s.to)) {
            return Err(GraphError::NoJunction(at));
        }
        let rules = rules(network);
        let mut junction: Vec<u32> = (0..narrow(junctions)).collect();
        let mut copy: BTreeMap<(u32, u32), u32> = BTreeMap::new();
        let mut copies_of: BTreeMap<u32, Vec<(u32, u32)>> = BTreeMap::new();
        for &(via, from) in rules.keys() {
            let vertex = narrow(junction.len());
            junction.push(via);
            copy.insert((via, from), vertex);
            copies_of.entry(via).or_default().push((vertex, from));
        }
        let mut ends = Vec::with_capacity(network.stretches.len() * 2);
        let mut drives = Vec::with_capacity(network.stretches.len() * 2);
        for (stretch, s) in (0_u32..).zip(&network.stretches) {
            for (allowed, forth, tail, head) in [
                (s.direction.forth(), true, s.from, s.to),
                (s.direction.back(), false, s.to, s.from),
            ] {
                if !allowed {
                    continue;
                }
                let head = copy.get(&(head, stretch)).copied().unwrap_or(head);
                ends.push((tail, head));
                drives.push(Drive::new(stretch, forth));
                for &(vertex, from) in copies_of.get(&tail).map_or(&[][..], Vec::as_slice) {
                    let forbidden = rules.get(&(tail, from));
                    if !forbidden.is_some_and(|to| to.contains(&stretch)) {
                        ends.push((vertex, head));
                        drives.push(Drive::new(stretch, forth));
                    }
                }
            }
        }
        Ok(Self::assemble(network.stretches.len(), junction, &ends, &drives))
    }

    fn assemble(
        stretches: usize,
        junction: Vec<u32>,
        ends: &[(u32, u32)],
        given: &[Drive],
    ) -> Self {
        let (arcs, place) = Arcs::new(junction.len(), ends);
        let mut drives = vec![Drive(0); arcs.len()];
        let mut first_of_drive = vec![0_u32; stretches * 2 + 1];
        for (&arc, &drive) in place.iter().zip(given) {
            drives[arc as usize] = drive;
            first_of_drive[drive.0 as usize + 1] += 1;
        }
        for at in 1..first_of_drive.len() {
            first_of_drive[at] += first_of_drive[at - 1];
        }
        let mut next = first_of_drive.clone();
        let mut of_drive = vec![0; drives.len()];
        for (arc, drive) in (0_u32..).zip(&drives) {
            let slot = &mut next[drive.0 as usize];
            of_drive[*slot as usize] = arc;
            *slot += 1;
        }
        Self { arcs, drives, junction, first_of_drive, of_drive }
    }

    /// The arcs that drive one direction of a stretch: one, and one more for each copy of its first junction.
    #[must_use]
    pub fn arcs_of(&self, drive: Drive) -> &[u32] {
        let at = drive.0 as usize;
        &self.of_drive[self.first_of_drive[at] as usize..self.first_of_drive[at + 1] as usize]
    }

    /// Places of all vertices.
    #[must_use]
    pub fn points(&self, network: &RoadNetwork) -> Vec<Point> {
        self.junction.iter().map(|&junction| network.junctions[junction as usize]).collect()
    }

    /// Times of all arcs from the times of stretches: forth and back.
    #[must_use]
    pub fn weights(&self, times_ms: &[[u32; 2]]) -> Vec<u32> {
        let time = |drive: &Drive| {
            times_ms.get(drive.stretch()).map_or(NO_WAY, |both| both[usize::from(!drive.forth())])
        };
        self.drives.iter().map(time).collect()
    }

    /// For each vertex the number of its island, islands numbered by their lowest vertex; and the vertices of each.
    #[must_use]
    pub fn islands(&self) -> (Vec<u32>, Vec<u32>) {
        let mut above: Vec<u32> = (0..narrow(self.junction.len())).collect();
        for tail in 0..narrow(self.junction.len()) {
            for arc in self.arcs.out(tail) {
                let (a, b) = (root(&mut above, tail), root(&mut above, self.arcs.head(arc)));
                above[a.max(b) as usize] = a.min(b);
            }
        }
        let mut number = vec![u32::MAX; above.len()];
        let mut sizes = Vec::new();
        for vertex in 0..narrow(above.len()) {
            let top = root(&mut above, vertex) as usize;
            if number[top] == u32::MAX {
                number[top] = narrow(sizes.len());
                sizes.push(0);
            }
            number[vertex as usize] = number[top];
            sizes[number[top] as usize] += 1;
        }
        (number, sizes)
    }
}

fn root(above: &mut [u32], mut vertex: u32) -> u32 {
    while above[vertex as usize] != vertex {
        above[vertex as usize] = above[above[vertex as usize] as usize];
        vertex = above[vertex as usize];
    }
    vertex
}

/// For each junction and stretch of arrival: the stretches that may not follow. Turning back where one came from is among
/// them unless nothing else is left.
fn rules(network: &RoadNetwork) -> BTreeMap<(u32, u32), Vec<u32>> {
    let mut rules: BTreeMap<(u32, u32), Vec<u32>> = BTreeMap::new();
    for turn in &network.forbidden {
        let arrives = network.stretches.get(turn.from as usize).is_some_and(|s| {
            s.from != s.to
                && ((s.to == turn.via && s.direction.forth())
                    || (s.from == turn.via && s.direction.back()))
        });
        if arrives {
            rules.entry((turn.via, turn.from)).or_default().push(turn.to);
        }
    }
    if rules.is_empty() {
        return rules;
    }
    let mut ways_out: BTreeMap<u32, Vec<u32>> =
        rules.keys().map(|&(via, _)| (via, Vec::new())).collect();
    for (stretch, s) in (0_u32..).zip(&network.stretches) {
        for (allowed, tail) in [(s.direction.forth(), s.from), (s.direction.back(), s.to)] {
            if let Some(out) = ways_out.get_mut(&tail).filter(|_| allowed) {
                out.push(stretch);
            }
        }
    }
    for (&(via, from), forbidden) in &mut rules {
        let out = ways_out.get(&via).map_or(&[][..], Vec::as_slice);
        if out.iter().any(|way| *way != from && !forbidden.contains(way)) {
            forbidden.push(from);
        }
    }
    rules
}
