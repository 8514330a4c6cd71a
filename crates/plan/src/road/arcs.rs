//! A directed graph as two arrays, and Dijkstra's algorithm on it: the reference that every faster answer must equal.

use super::{NO_WAY, join, narrow};
use std::{cmp::Reverse, collections::BinaryHeap, ops::Range};

/// Arcs sorted by tail; parallel arcs and loops are kept as given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arcs {
    /// For each vertex the position of its first arc; one more at the end.
    first: Vec<u32>,
    head: Vec<u32>,
}

impl Arcs {
    /// Sorts arcs by tail. Also answers where each given arc went. Ends beyond `vertices` are folded onto vertex 0 by
    /// nobody: callers give ends below `vertices`; others are dropped and answered as `u32::MAX`.
    #[must_use]
    pub fn new(vertices: usize, given: &[(u32, u32)]) -> (Self, Vec<u32>) {
        let within = |end: u32| (end as usize) < vertices;
        let mut first = vec![0_u32; vertices + 1];
        for &(tail, head) in given {
            if within(tail) && within(head) {
                first[tail as usize + 1] += 1;
            }
        }
        for at in 1..first.len() {
            first[at] += first[at - 1];
        }
        let mut next = first.clone();
        let mut head_of = vec![0; first.last().copied().unwrap_or_default() as usize];
        let mut place = vec![u32::MAX; given.len()];
        for (&(tail, head), place) in given.iter().zip(&mut place) {
            if within(tail) && within(head) {
                let at = next[tail as usize];
                next[tail as usize] += 1;
                head_of[at as usize] = head;
                *place = at;
            }
        }
        (Self { first, head: head_of }, place)
    }

    #[must_use]
    pub fn vertices(&self) -> usize {
        self.first.len().saturating_sub(1)
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.head.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.head.is_empty()
    }

    /// Positions of the arcs that leave a vertex.
    #[must_use]
    pub fn out(&self, vertex: u32) -> Range<usize> {
        self.first[vertex as usize] as usize..self.first[vertex as usize + 1] as usize
    }

    #[must_use]
    pub fn head(&self, arc: usize) -> u32 {
        self.head[arc]
    }

    #[must_use]
    pub fn heads(&self) -> &[u32] {
        &self.head
    }

    /// The tail of every arc, in the order of the arcs.
    #[must_use]
    pub fn tails(&self) -> Vec<u32> {
        let mut tails = Vec::with_capacity(self.len());
        for vertex in 0..narrow(self.vertices()) {
            tails.resize(self.first[vertex as usize + 1] as usize, vertex);
        }
        tails
    }

    /// The lightest arc from `tail` to `head`, with its weight.
    #[must_use]
    pub fn lightest(&self, weights: &[u32], tail: u32, head: u32) -> Option<(usize, u32)> {
        self.out(tail)
            .filter(|&arc| self.head[arc] == head)
            .map(|arc| (arc, weights[arc]))
            .min_by_key(|&(arc, weight)| (weight, arc))
    }

    /// Both directions of every arc as one simple graph without loops: neighbours sorted, each once.
    #[must_use]
    pub(super) fn undirected(&self) -> Self {
        let mut both = Vec::with_capacity(self.len() * 2);
        for vertex in 0..narrow(self.vertices()) {
            for arc in self.out(vertex) {
                let head = self.head[arc];
                if head != vertex {
                    both.push((vertex, head));
                    both.push((head, vertex));
                }
            }
        }
        let (mut doubled, _) = Self::new(self.vertices(), &both);
        doubled.simplify();
        doubled
    }

    /// Sorts the neighbours of every vertex and keeps each once.
    fn simplify(&mut self) {
        let mut kept = 0;
        let mut begin = 0;
        for vertex in 0..self.vertices() {
            let end = self.first[vertex + 1] as usize;
            self.head[begin..end].sort_unstable();
            let from = kept;
            for at in begin..end {
                if kept == from || self.head[kept - 1] != self.head[at] {
                    self.head[kept] = self.head[at];
                    kept += 1;
                }
            }
            begin = end;
            self.first[vertex + 1] = narrow(kept);
        }
        self.head.truncate(kept);
        self.head.shrink_to_fit();
    }

    /// Shortest times from the given vertices (each with a time already spent) to all, by Dijkstra's algorithm.
    #[must_use]
    pub fn dijkstra(&self, weights: &[u32], from: &[(u32, u32)]) -> Vec<u32> {
        let mut time = vec![NO_WAY; self.vertices()];
        let mut queue = BinaryHeap::new();
        for &(vertex, spent) in from {
            if spent < time[vertex as usize] {
                time[vertex as usize] = spent;
                queue.push(Reverse((spent, vertex)));
            }
        }
        while let Some(Reverse((reached, vertex))) = queue.pop() {
            if reached > time[vertex as usize] {
                continue;
            }
            for arc in self.out(vertex) {
                let head = self.head[arc];
                let next = join(reached, weights[arc]);
                if next < time[head as usize] {
                    time[head as usize] = next;
                    queue.push(Reverse((next, head)));
                }
            }
        }
        time
    }
}
