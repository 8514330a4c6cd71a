//! From where the finish ended to flows, prices, and what they cost and prove.

use super::{Finish, Holder, index};
use crate::{
    flow::{Flow, Problem, Solution, cheapest},
    threads::in_runs,
};

impl Finish {
    pub(in crate::flow) fn solution(&self, threads: usize) -> Solution {
        let sources = self.problem.sources();
        let mut through = self.doors.through.clone();
        // Where each door's people are taken from next.
        let mut next = self.doors.start.clone();
        let mut flows = Vec::new();
        for (sink, holders) in self.holders.iter().enumerate() {
            let begin = flows.len();
            let sink = index(sink);
            for &Holder { source, count, .. } in holders {
                let Some(door) = (source as usize).checked_sub(sources) else {
                    flows.push(Flow { sink, source, count });
                    continue;
                };
                let mut left = count;
                while left > 0 {
                    let place = next[door];
                    let Some(&source) =
                        self.problem.behind(door).get(place - self.doors.start[door])
                    else {
                        break;
                    };
                    let count = left.min(through[place]);
                    if count > 0 {
                        flows.push(Flow { sink, source, count });
                    }
                    through[place] -= count;
                    left -= count;
                    next[door] += usize::from(through[place] == 0);
                }
            }
            flows[begin..].sort_unstable();
            merge(&mut flows, begin);
        }
        let base = self.price[self.gap];
        let prices: Vec<i64> = self.price[..sources].iter().map(|&price| price - base).collect();
        let (objective, dual_bound) = value(&self.problem, &flows, &prices, threads);
        Solution { flows, prices, objective, dual_bound }
    }
}

/// Makes one of flows between the same two from `begin` on, which are in order.
fn merge(flows: &mut Vec<Flow>, begin: usize) {
    let mut end = begin;
    for at in begin..flows.len() {
        let flow = flows[at];
        if end > begin && flows[end - 1].source == flow.source {
            flows[end - 1].count += flow.count;
        } else {
            flows[end] = flow;
            end += 1;
        }
    }
    flows.truncate(end);
}

/// Objective of flows and dual value of prices. Both fit: see [`crate::flow::PEOPLE_MAX`].
fn value(problem: &Problem, flows: &[Flow], prices: &[i64], threads: usize) -> (i64, i64) {
    let nodes = problem.node_prices(prices);
    let parts = in_runs(problem.sinks(), threads, |sinks| {
        let begin = flows.partition_point(|flow| (flow.sink as usize) < sinks.start);
        let (mut objective, mut dual, mut rest) = (0_i64, 0_i64, &flows[begin..]);
        for sink in sinks {
            let row = problem.row(sink);
            let here = rest.iter().take_while(|flow| flow.sink as usize == sink).count();
            let (now, later) = rest.split_at(here);
            rest = later;
            let mut unmet = problem.demand(sink);
            for flow in now {
                if let Some(arc) = problem.way(sink, flow.source) {
                    objective += i64::from(arc.cost) * i64::from(flow.count);
                }
                unmet = unmet.saturating_sub(flow.count);
            }
            let least = cheapest(row, &nodes);
            for piece in problem.pieces(sink) {
                let short = unmet.min(piece.count);
                unmet -= short;
                objective += piece.price * i64::from(short);
                let best = least.map_or(piece.price, |least| least.min(piece.price));
                dual += best * i64::from(piece.count);
            }
        }
        (objective, dual)
    });
    let idle: i64 =
        prices.iter().zip(problem.supply()).map(|(&price, &count)| price * i64::from(count)).sum();
    let sum = |part: fn(&(i64, i64)) -> i64| parts.iter().map(part).sum::<i64>();
    (sum(|part| part.0), sum(|part| part.1) - idle)
}
