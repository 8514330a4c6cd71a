//! A plain reference for small cases: successive shortest paths by Bellman–Ford on the full residual graph.

use super::Problem;

struct Edge {
    from: usize,
    to: usize,
    room: i64,
    cost: i64,
}

/// The least cost of a problem.
pub(super) fn least_cost(problem: &Problem) -> i64 {
    let (sources, sinks) = (problem.sources(), problem.sinks());
    let (first, last) = (sources + sinks, sources + sinks + 1);
    let mut edges = Vec::new();
    let mut add = |from, to, room: i64, cost: i64| {
        edges.push(Edge { from, to, room, cost });
        edges.push(Edge { from: to, to: from, room: 0, cost: -cost });
    };
    for (source, &count) in problem.supply().iter().enumerate() {
        add(first, source, i64::from(count), 0);
    }
    for sink in 0..sinks {
        for arc in problem.row(sink) {
            for source in (0..sources).filter(|&s| problem.leads(*arc, u32::try_from(s).unwrap())) {
                add(source, sources + sink, i64::MAX / 2, i64::from(arc.cost));
            }
        }
        for piece in problem.pieces(sink) {
            add(first, sources + sink, i64::from(piece.count), piece.price);
        }
        add(sources + sink, last, i64::from(problem.demand(sink)), 0);
    }
    let mut due: i64 = (0..sinks).map(|sink| i64::from(problem.demand(sink))).sum();
    let mut cost = 0;
    while due > 0 {
        let path = shortest(&edges, last + 1, first, last);
        let amount = path.iter().map(|&edge| edges[edge].room).min().unwrap().min(due);
        for &edge in &path {
            edges[edge].room -= amount;
            edges[edge ^ 1].room += amount;
            cost += edges[edge].cost * amount;
        }
        due -= amount;
    }
    cost
}

fn shortest(edges: &[Edge], nodes: usize, first: usize, last: usize) -> Vec<usize> {
    let mut distance = vec![i64::MAX / 4; nodes];
    let mut by = vec![usize::MAX; nodes];
    distance[first] = 0;
    let mut moved = true;
    while moved {
        moved = false;
        for (number, edge) in edges.iter().enumerate() {
            if edge.room > 0
                && distance[edge.from] < i64::MAX / 8
                && distance[edge.from] + edge.cost < distance[edge.to]
            {
                distance[edge.to] = distance[edge.from] + edge.cost;
                by[edge.to] = number;
                moved = true;
            }
        }
    }
    let mut path = Vec::new();
    let mut node = last;
    while node != first {
        path.push(by[node]);
        node = edges[by[node]].from;
    }
    path
}
