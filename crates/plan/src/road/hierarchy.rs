//! The hierarchy without times: for each rank the higher ranks that it is linked to once all lower ones are contracted.
//! Independent of weights; every metric stands on it.

use super::{arcs::Arcs, narrow, order::Order};
use std::ops::Range;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hierarchy {
    pub(super) order: Order,
    /// The lowest higher rank that a rank is linked to; `u32::MAX` at the top of its island.
    pub(super) parent: Vec<u32>,
    first_up: Vec<u32>,
    /// Upper end of each link; rising within a rank.
    pub(super) head: Vec<u32>,
    /// Lower end of each link.
    pub(super) tail: Vec<u32>,
    first_down: Vec<u32>,
    /// Links that end at a rank from below, by rising lower end.
    down: Vec<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HierarchyError {
    #[error(
        "the order is for {ordered} vertices and the map has {vertices}: prepare the roads again"
    )]
    OtherMap { ordered: usize, vertices: usize },
    #[error(
        "the road map is too dense: its hierarchy would have more than four thousand million links"
    )]
    TooDense,
}

impl Hierarchy {
    /// Contracts in the given order.
    ///
    /// # Errors
    /// [`HierarchyError`] when the order belongs to another map or the map is no road map.
    pub fn try_new(arcs: &Arcs, order: Order) -> Result<Self, HierarchyError> {
        let (ordered, vertices) = (order.vertex.len(), arcs.vertices());
        if ordered != vertices {
            return Err(HierarchyError::OtherMap { ordered, vertices });
        }
        let graph = arcs.undirected();
        let (first_up, head, parent) = contract(&graph, &order)?;
        let mut tail = Vec::with_capacity(head.len());
        for rank in 0..vertices {
            tail.resize(first_up[rank + 1] as usize, narrow(rank));
        }
        let mut first_down = vec![0_u32; vertices + 1];
        for &upper in &head {
            first_down[upper as usize + 1] += 1;
        }
        for at in 1..first_down.len() {
            first_down[at] += first_down[at - 1];
        }
        let mut next = first_down.clone();
        let mut down = vec![0; head.len()];
        for (link, &upper) in head.iter().enumerate() {
            down[next[upper as usize] as usize] = narrow(link);
            next[upper as usize] += 1;
        }
        Ok(Self { order, parent, first_up, head, tail, first_down, down })
    }

    #[must_use]
    pub fn vertices(&self) -> usize {
        self.parent.len()
    }

    #[must_use]
    pub fn links(&self) -> usize {
        self.head.len()
    }

    #[must_use]
    pub fn order(&self) -> &Order {
        &self.order
    }

    /// The most ranks on a way from a vertex to the top: what a query visits at most.
    #[must_use]
    pub fn height(&self) -> usize {
        let mut height = vec![1_u32; self.vertices()];
        for rank in 0..self.vertices() {
            if let Some(above) = height.get(self.parent[rank] as usize).copied() {
                height[self.parent[rank] as usize] = above.max(height[rank] + 1);
            }
        }
        height.into_iter().max().unwrap_or_default() as usize
    }

    pub(super) fn up(&self, rank: u32) -> Range<usize> {
        self.first_up[rank as usize] as usize..self.first_up[rank as usize + 1] as usize
    }

    pub(super) fn down(&self, rank: u32) -> &[u32] {
        let range =
            self.first_down[rank as usize] as usize..self.first_down[rank as usize + 1] as usize;
        &self.down[range]
    }

    pub(super) fn first_up(&self, rank: usize) -> usize {
        self.first_up[rank] as usize
    }

    /// The link between two ranks, if there is one.
    pub(super) fn link(&self, one: u32, other: u32) -> Option<usize> {
        let (low, high) = (one.min(other), one.max(other));
        let range = self.up(low);
        self.head[range.clone()].binary_search(&high).ok().map(|at| range.start + at)
    }

    /// Pairs of links `(low → a, low → b)` below the link of `a` and `b`, the lower of them first.
    pub(super) fn below(&self, link: usize) -> impl Iterator<Item = (usize, usize)> {
        let (one, two) = (self.down(self.tail[link]), self.down(self.head[link]));
        let (mut i, mut j) = (0, 0);
        std::iter::from_fn(move || {
            while let (Some(&a), Some(&b)) = (one.get(i), two.get(j)) {
                let (low_a, low_b) = (self.tail[a as usize], self.tail[b as usize]);
                if low_a == low_b {
                    i += 1;
                    j += 1;
                    return Some((a as usize, b as usize));
                }
                if low_a < low_b { i += 1 } else { j += 1 }
            }
            None
        })
    }
}

type Contracted = (Vec<u32>, Vec<u32>, Vec<u32>);

/// The links of a rank: its own higher neighbours and those that its children in the tree hand up.
fn contract(graph: &Arcs, order: &Order) -> Result<Contracted, HierarchyError> {
    let count = order.vertex.len();
    let parent = order.tree(graph);
    let (mut child, mut sibling) = (vec![u32::MAX; count], vec![u32::MAX; count]);
    let mut seen = vec![u32::MAX; count];
    let mut first_up = Vec::with_capacity(count + 1);
    first_up.push(0);
    let mut head: Vec<u32> = Vec::with_capacity(graph.len());
    let mut own = Vec::new();
    for rank in 0..narrow(count) {
        own.clear();
        let mut take = |upper: u32, own: &mut Vec<u32>| {
            if upper > rank && seen[upper as usize] != rank {
                seen[upper as usize] = rank;
                own.push(upper);
            }
        };
        for &near in &graph.heads()[graph.out(order.vertex[rank as usize])] {
            take(order.rank[near as usize], &mut own);
        }
        let mut below = child[rank as usize];
        while below != u32::MAX {
            let (start, end) =
                (first_up[below as usize] as usize, first_up[below as usize + 1] as usize);
            for &upper in &head[start..end] {
                take(upper, &mut own);
            }
            below = sibling[below as usize];
        }
        own.sort_unstable();
        head.extend_from_slice(&own);
        first_up.push(u32::try_from(head.len()).map_err(|_large| HierarchyError::TooDense)?);
        if let Some(slot) = child.get_mut(parent[rank as usize] as usize) {
            sibling[rank as usize] = std::mem::replace(slot, rank);
        }
    }
    Ok((first_up, head, parent))
}
