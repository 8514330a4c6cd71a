//! Networks that are sources, sinks and one hub in between: the form of force allocation.
//!
//! A source's links lead to sinks and to the hub (idle people, at a cost), the hub's links to sinks (people
//! missing, at rising prices); no other capacity binds. Such a network is a [`Problem`]; its answer is carried
//! back link by link, and the verifier judges it on the network itself.

use super::{Answer, Engine, LinkFlow, Network, index};
use crate::flow::{Arc, Piece, Problem, Solved};

const NONE: u32 = u32::MAX;

/// What a network's nodes are.
pub(super) struct Form {
    hub: u32,
    /// Per node: its number among the sources or the sinks; which of the two its links tell.
    number: Vec<u32>,
    /// Per source: cost of one idle person.
    idle: Vec<i64>,
}

/// The form of a network, none when it has another one.
pub(super) fn recognise(network: &Network, threads: usize) -> Option<(Form, Problem)> {
    let hub = hub(network)?;
    let links = network.links();
    let mut number = vec![NONE; network.nodes()];
    let mut supply = Vec::new();
    let mut demand = Vec::new();
    let mut sends = vec![false; network.nodes()];
    for link in links {
        sends[link.tail as usize] = true;
    }
    for (node, &count) in network.supply().iter().enumerate() {
        if node == hub as usize {
            continue;
        }
        if sends[node] {
            number[node] = index(supply.len());
            supply.push(u32::try_from(count).ok()?);
        } else {
            number[node] = index(demand.len());
            demand.push(u32::try_from(-count).ok()?);
        }
    }
    let mut idle = vec![None::<i64>; supply.len()];
    for link in links.iter().filter(|link| link.head == hub) {
        let source = number[link.tail as usize] as usize;
        if link.capacity < supply[source] {
            return None;
        }
        let cost = i64::from(link.cost);
        idle[source] = Some(idle[source].map_or(cost, |least| least.min(cost)));
    }
    let idle: Vec<i64> = idle
        .into_iter()
        .zip(&supply)
        .map(|(cost, &count)| if count == 0 { cost.or(Some(0)) } else { cost })
        .collect::<Option<_>>()?;
    let form = Form { hub, number, idle };
    let problem = form.problem(network, supply, &demand, threads)?;
    Some((form, problem))
}

/// The one node with links both in and out.
fn hub(network: &Network) -> Option<u32> {
    const OUT: u8 = 1;
    const IN: u8 = 2;
    let mut ends = vec![0_u8; network.nodes()];
    for link in network.links() {
        if link.tail == link.head {
            return None;
        }
        ends[link.tail as usize] |= OUT;
        ends[link.head as usize] |= IN;
    }
    let mut hubs = (0..network.nodes()).filter(|&node| ends[node] == OUT | IN);
    let hub = hubs.next()?;
    if hubs.next().is_some() { None } else { Some(index(hub)) }
}

impl Form {
    fn problem(
        &self,
        network: &Network,
        supply: Vec<u32>,
        demand: &[u32],
        threads: usize,
    ) -> Option<Problem> {
        let mut arc_start = vec![0_usize; demand.len() + 1];
        let mut piece_start = arc_start.clone();
        for link in network.links().iter().filter(|link| link.head != self.hub) {
            let sink = self.number[link.head as usize] as usize;
            if link.tail == self.hub {
                piece_start[sink + 1] += 1;
            } else {
                arc_start[sink + 1] += 1;
            }
        }
        for sink in 0..demand.len() {
            arc_start[sink + 1] += arc_start[sink];
            piece_start[sink + 1] += piece_start[sink];
        }
        let mut arcs = vec![Arc { source: 0, cost: 0 }; *arc_start.last()?];
        let mut pieces = vec![Piece { count: 0, price: 0 }; *piece_start.last()?];
        let (mut next_arc, mut next_piece) = (arc_start.clone(), piece_start.clone());
        for link in network.links().iter().filter(|link| link.head != self.hub) {
            let sink = self.number[link.head as usize] as usize;
            if link.tail == self.hub {
                pieces[next_piece[sink]] =
                    Piece { count: link.capacity, price: i64::from(link.cost) };
                next_piece[sink] += 1;
                continue;
            }
            let source = self.number[link.tail as usize];
            if link.capacity < supply[source as usize].min(demand[sink]) {
                return None;
            }
            let cost = i64::from(link.cost) - self.idle[source as usize];
            arcs[next_arc[sink]] = Arc { source, cost: i32::try_from(cost).ok()? };
            next_arc[sink] += 1;
        }
        // A piece cut down to nothing must go: its price would pass for one that the sink may still pay.
        let mut kept = Vec::with_capacity(pieces.len());
        let mut kept_start = vec![0];
        for (sink, &due) in demand.iter().enumerate() {
            let here = &mut pieces[piece_start[sink]..piece_start[sink + 1]];
            if !trim(here, due) {
                return None;
            }
            kept.extend(here.iter().filter(|piece| piece.count > 0));
            kept_start.push(kept.len());
        }
        Problem::try_from_rows(supply, (arc_start, arcs), (kept_start, kept), threads).ok()
    }

    /// The answer on the network's own nodes and links.
    pub(super) fn translate(&self, network: &Network, solved: &Solved) -> Answer {
        let solution = &solved.solution;
        let problem = &solved.problem;
        let mut start = vec![0_usize; problem.sinks() + 1];
        let mut missing: Vec<u32> = (0..problem.sinks()).map(|sink| problem.demand(sink)).collect();
        let mut idle: Vec<u32> = problem.supply().to_vec();
        for flow in &solution.flows {
            start[flow.sink as usize + 1] += 1;
            missing[flow.sink as usize] -= flow.count;
            idle[flow.source as usize] -= flow.count;
        }
        for sink in 0..problem.sinks() {
            start[sink + 1] += start[sink];
        }
        let mut left: Vec<u32> = solution.flows.iter().map(|flow| flow.count).collect();
        let short = self.short(network, missing);
        let mut rest = short.iter().peekable();
        let mut flows = Vec::with_capacity(solution.flows.len() + short.len() + idle.len());
        for (number, link) in network.links().iter().enumerate() {
            let link_number = index(number);
            let count = if link.head == self.hub {
                let source = self.number[link.tail as usize] as usize;
                let cheapest = i64::from(link.cost) == self.idle[source];
                if cheapest { std::mem::take(&mut idle[source]) } else { 0 }
            } else if link.tail == self.hub {
                rest.next_if(|&&(short, _)| short == link_number).map_or(0, |&(_, count)| count)
            } else {
                let sink = self.number[link.head as usize] as usize;
                let source = self.number[link.tail as usize];
                let here = start[sink]..start[sink + 1];
                match solution.flows[here.clone()].binary_search_by_key(&source, |f| f.source) {
                    Ok(place) if self.is_listed(problem, sink, source, link.cost) => {
                        std::mem::take(&mut left[here.start + place])
                    }
                    _ => 0,
                }
            };
            if count > 0 {
                flows.push(LinkFlow { link: link_number, count });
            }
        }
        let fixed = self.fixed(network, problem);
        Answer {
            flows,
            prices: self.prices(network, solved),
            objective: solution.objective.saturating_add(fixed),
            dual_bound: solution.dual_bound.saturating_add(fixed),
            engine: Engine::Transport,
        }
    }

    /// Puts people missing back on the hub's links, cheapest first; ascending by link.
    fn short(&self, network: &Network, mut missing: Vec<u32>) -> Vec<(u32, u32)> {
        let sink_of = |head: u32| self.number[head as usize] as usize;
        let mut choices: Vec<(usize, i32, u32)> = Vec::new();
        for (number, link) in network.links().iter().enumerate() {
            if link.tail == self.hub && missing[sink_of(link.head)] > 0 {
                choices.push((sink_of(link.head), link.cost, index(number)));
            }
        }
        choices.sort_unstable();
        let mut short = Vec::with_capacity(choices.len());
        for (sink, _, link) in choices {
            let count = missing[sink].min(network.links()[link as usize].capacity);
            missing[sink] -= count;
            if count > 0 {
                short.push((link, count));
            }
        }
        short.sort_unstable();
        short
    }

    /// Whether a link is the one that the problem lists for its source and sink.
    fn is_listed(&self, problem: &Problem, sink: usize, source: u32, cost: i32) -> bool {
        let row = problem.row(sink);
        row.binary_search_by_key(&source, |arc| arc.source).is_ok_and(|place| {
            i64::from(row[place].cost) + self.idle[source as usize] == i64::from(cost)
        })
    }

    /// Cost of everybody idle, which the problem counts from, and of what links must carry.
    fn fixed(&self, network: &Network, problem: &Problem) -> i64 {
        let idle: i64 = self
            .idle
            .iter()
            .zip(problem.supply())
            .map(|(&cost, &count)| cost * i64::from(count))
            .sum();
        idle.saturating_add(network.fixed_cost)
    }

    fn prices(&self, network: &Network, solved: &Solved) -> Vec<i64> {
        let bounds = bounds(self, network, solved);
        let mut prices = vec![0; network.nodes()];
        let mut sends = vec![false; network.nodes()];
        for link in network.links() {
            sends[link.tail as usize] = true;
        }
        for (node, price) in prices.iter_mut().enumerate() {
            let number = self.number[node] as usize;
            if node == self.hub as usize {
                continue;
            }
            *price = if sends[node] {
                self.idle[number] - solved.solution.prices[number]
            } else {
                -bounds[number]
            };
        }
        prices
    }
}

/// What every sink pays for one more person: its cheapest arc, or its dearest piece if that is cheaper.
fn bounds(form: &Form, network: &Network, solved: &Solved) -> Vec<i64> {
    let problem = &solved.problem;
    let mut bounds: Vec<Option<i64>> = (0..problem.sinks())
        .map(|sink| {
            crate::flow::bound_of(problem, sink, &solved.solution.prices)
                .or_else(|| crate::flow::cheapest(problem.row(sink), &solved.solution.prices))
        })
        .collect();
    for link in network.links().iter().filter(|link| link.tail == form.hub) {
        let sink = form.number[link.head as usize] as usize;
        if problem.pieces(sink).is_empty() {
            let price = i64::from(link.cost);
            bounds[sink] = Some(bounds[sink].map_or(price, |bound| bound.min(price)));
        }
    }
    bounds.into_iter().map(|bound| bound.unwrap_or(0)).collect()
}

/// Puts pieces in order of price and cuts them down to the demand; false when they do not reach it.
fn trim(pieces: &mut [Piece], due: u32) -> bool {
    pieces.sort_by_key(|piece| piece.price);
    let mut left = due;
    for piece in pieces {
        piece.count = piece.count.min(left);
        left -= piece.count;
    }
    left == 0
}
