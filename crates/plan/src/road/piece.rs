//! A connected part of an undirected graph on its own, with places, as the dissection cuts it.

use super::{arcs::Arcs, narrow};

/// Neighbours by local numbers; `back` is the position of the same edge at its other end.
#[derive(Clone, Debug, Default)]
pub(super) struct Piece {
    pub(super) first: Vec<u32>,
    pub(super) head: Vec<u32>,
    pub(super) back: Vec<u32>,
    /// The caller's name of each vertex.
    pub(super) name: Vec<u32>,
    /// Latitude and longitude, or any plane coordinates.
    pub(super) place: Vec<[i32; 2]>,
}

impl Piece {
    pub(super) fn whole(graph: &Arcs, place: Vec<[i32; 2]>) -> Self {
        let vertices = narrow(graph.vertices());
        let first = (0..vertices).map(|v| narrow(graph.out(v).start)).chain([narrow(graph.len())]);
        let mut piece = Self {
            first: first.collect(),
            head: graph.heads().to_vec(),
            back: Vec::new(),
            name: (0..vertices).collect(),
            place,
        };
        piece.link();
        piece
    }

    pub(super) fn len(&self) -> usize {
        self.name.len()
    }

    pub(super) fn arcs(&self, vertex: u32) -> std::ops::Range<usize> {
        self.first[vertex as usize] as usize..self.first[vertex as usize + 1] as usize
    }

    pub(super) fn neighbours(&self, vertex: u32) -> &[u32] {
        &self.head[self.arcs(vertex)]
    }

    /// Finds the other end of every edge. Neighbours are sorted, so the ends of a vertex are met in order.
    fn link(&mut self) {
        let mut next = self.first.clone();
        let mut back = vec![0; self.head.len()];
        for tail in 0..narrow(self.len()) {
            for arc in self.arcs(tail) {
                let head = self.head[arc] as usize;
                back[arc] = next[head];
                next[head] += 1;
            }
        }
        self.back = back;
    }

    /// The part made of some vertices, given in rising order. `local` is scratch of at least `len`, all `u32::MAX`, and is so again.
    pub(super) fn part(&self, vertices: &[u32], local: &mut [u32]) -> Self {
        for (at, &vertex) in vertices.iter().enumerate() {
            local[vertex as usize] = narrow(at);
        }
        let mut piece = Self { first: vec![0], ..Self::default() };
        piece.first.reserve(vertices.len());
        for &vertex in vertices {
            let within = self.neighbours(vertex).iter().map(|&head| local[head as usize]);
            piece.head.extend(within.filter(|&head| head != u32::MAX));
            piece.first.push(narrow(piece.head.len()));
            piece.name.push(self.name[vertex as usize]);
            piece.place.push(self.place[vertex as usize]);
        }
        piece.link();
        for &vertex in vertices {
            local[vertex as usize] = u32::MAX;
        }
        piece
    }

    /// The connected parts, each in rising order of vertices, by their lowest vertex.
    pub(super) fn components(&self, without: &[bool]) -> Vec<Vec<u32>> {
        let mut seen = without.to_vec();
        let mut parts = Vec::new();
        for start in 0..narrow(self.len()) {
            if seen[start as usize] {
                continue;
            }
            seen[start as usize] = true;
            let mut part = vec![start];
            let mut at = 0;
            while let Some(&vertex) = part.get(at) {
                at += 1;
                for &head in self.neighbours(vertex) {
                    if !seen[head as usize] {
                        seen[head as usize] = true;
                        part.push(head);
                    }
                }
            }
            part.sort_unstable();
            parts.push(part);
        }
        parts
    }
}
