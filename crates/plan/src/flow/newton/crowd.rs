//! Sinks that are nearly neighbours, taken as one while the temperature is high.

use crate::flow::{Arc, Piece, Problem};

/// Sinks taken together: the arcs are those of one of them, the pieces those of all, so that every region is due
/// what it is due at every price. A plain sample would move the price level of whole regions.
#[derive(Default)]
pub(super) struct Crowd {
    pub(super) stride: usize,
    sink: Vec<u32>,
    start: Vec<usize>,
    pieces: Vec<Piece>,
}

impl Crowd {
    pub(super) fn new(problem: &Problem, order: &[(u32, u32)], stride: usize) -> Self {
        let mut crowd = Self { stride, sink: Vec::new(), start: vec![0], pieces: Vec::new() };
        let mut here: Vec<Piece> = Vec::new();
        // Neighbours have one cheapest source.
        let near = order.chunk_by(|a, b| a.0 == b.0);
        for group in near.flat_map(|near| near.chunks(stride.max(1))) {
            here.clear();
            for &(_, sink) in group {
                here.extend_from_slice(problem.pieces(sink as usize));
            }
            here.sort_unstable_by_key(|piece| piece.price);
            here.dedup_by(|later, first| {
                let same = later.price == first.price;
                first.count += if same { later.count } else { 0 };
                same
            });
            crowd.sink.push(group[group.len() / 2].1);
            crowd.pieces.extend_from_slice(&here);
            crowd.start.push(crowd.pieces.len());
        }
        crowd
    }

    pub(super) fn groups(&self) -> usize {
        self.sink.len()
    }

    /// The sink whose arcs stand for the group's.
    pub(super) fn sink(&self, group: usize) -> usize {
        self.sink[group] as usize
    }

    /// What the group is due, cheapest first.
    pub(super) fn pieces(&self, group: usize) -> &[Piece] {
        &self.pieces[self.start[group]..self.start[group + 1]]
    }
}

/// Sinks that are due anything and can be served, with their cheapest source and in order of it.
pub(super) fn neighbours(problem: &Problem) -> Vec<(u32, u32)> {
    let mut keyed: Vec<(u32, u32)> = Vec::with_capacity(problem.sinks());
    for sink in 0..problem.sinks() {
        let able = |arc: &&Arc| has_people(problem, arc.source as usize);
        let first = problem.row(sink).iter().filter(able).min_by_key(|arc| arc.cost);
        if let Some(arc) = first
            && !problem.pieces(sink).is_empty()
        {
            keyed.push((arc.source, u32::try_from(sink).unwrap_or(u32::MAX)));
        }
    }
    keyed.sort_unstable();
    keyed
}

/// Whether anybody is at a source, or behind a door.
fn has_people(problem: &Problem, node: usize) -> bool {
    let supply = problem.supply();
    node.checked_sub(problem.sources()).map_or_else(
        || supply[node] > 0,
        |door| problem.behind(door).iter().any(|&source| supply[source as usize] > 0),
    )
}
