//! The order of contraction: dead ends and chains, then nested dissection of the rest, then renumbered so that whatever
//! hangs below a vertex stands in one run before it.

use super::{arcs::Arcs, dissect, narrow, piece::Piece, reduce};
use pehra_domain::Point;

const NONE: u32 = u32::MAX;

/// Rank of every vertex, and the vertex of every rank. Depends on the map alone, not on times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    pub(super) rank: Vec<u32>,
    pub(super) vertex: Vec<u32>,
}

impl Order {
    /// Computes an order for a graph whose vertices lie at `points`. The same on any number of threads.
    #[must_use]
    pub fn compute(arcs: &Arcs, points: &[Point], threads: usize) -> Self {
        let graph = arcs.undirected();
        let reduced = reduce::reduce(graph.clone());
        let place = reduced
            .vertex
            .iter()
            .map(|&vertex| points.get(vertex as usize).map_or([0, 0], |p| [p.lat_e7, p.lon_e7]))
            .collect();
        let core = Piece::whole(&reduced.core, place);
        let mut vertex = reduced.contracted;
        let names = dissect::order(core, threads.max(1));
        vertex.extend(names.into_iter().map(|local| reduced.vertex[local as usize]));
        Self::of(vertex).in_runs(&graph)
    }

    /// An order that was kept. None when it does not name every vertex once.
    #[must_use]
    pub fn try_from_vertices(vertex: Vec<u32>) -> Option<Self> {
        let mut seen = vec![false; vertex.len()];
        for &one in &vertex {
            let slot = seen.get_mut(one as usize)?;
            if std::mem::replace(slot, true) {
                return None;
            }
        }
        Some(Self::of(vertex))
    }

    /// The vertices from the first to be contracted to the last.
    #[must_use]
    pub fn vertices(&self) -> &[u32] {
        &self.vertex
    }

    fn of(vertex: Vec<u32>) -> Self {
        let mut rank = vec![0; vertex.len()];
        for (at, &one) in vertex.iter().enumerate() {
            rank[one as usize] = narrow(at);
        }
        Self { rank, vertex }
    }

    /// Renumbers along the elimination tree (Liu, "The role of elimination trees in sparse factorization", 1990), children
    /// before parents and each subtree in one run. The hierarchy stays the same graph.
    fn in_runs(self, graph: &Arcs) -> Self {
        let parent = self.tree(graph);
        let count = parent.len();
        let (mut first_child, mut sibling) = (vec![NONE; count + 1], vec![NONE; count]);
        for rank in (0..count).rev() {
            let above = if parent[rank] == NONE { count } else { parent[rank] as usize };
            sibling[rank] = first_child[above];
            first_child[above] = narrow(rank);
        }
        let mut vertex = Vec::with_capacity(count);
        let mut stack = Vec::new();
        let mut next = first_child[count];
        loop {
            while next != NONE {
                stack.push(next);
                next = first_child[next as usize];
            }
            let Some(done) = stack.pop() else { break };
            vertex.push(self.vertex[done as usize]);
            next = sibling[done as usize];
        }
        Self::of(vertex)
    }

    /// The parent of each rank in the elimination tree.
    pub(super) fn tree(&self, graph: &Arcs) -> Vec<u32> {
        let count = self.vertex.len();
        let (mut parent, mut above) = (vec![NONE; count], vec![NONE; count]);
        for rank in 0..narrow(count) {
            let vertex = self.vertex[rank as usize];
            for &head in &graph.heads()[graph.out(vertex)] {
                let mut low = self.rank[head as usize];
                if low >= rank {
                    continue;
                }
                while above[low as usize] != rank {
                    let up = std::mem::replace(&mut above[low as usize], rank);
                    if up == NONE {
                        parent[low as usize] = rank;
                        break;
                    }
                    low = up;
                }
            }
        }
        parent
    }
}
