//! A share of the sinks, worked on by one thread at a time.

use super::{BLOCK, REACH, crowd::Crowd, logistic, single};
use crate::flow::{
    Arc, Piece, Problem,
    approximate::{exponential, logarithm},
    finish::number_of,
};
use std::ops::Range;

/// Some sinks with the arcs that matter at one temperature.
#[derive(Default)]
pub(super) struct Part {
    pub(super) start: Vec<usize>,
    pub(super) source: Vec<u32>,
    pub(super) cost: Vec<f32>,
    pub(super) share: Vec<f32>,
    /// Per group of sinks: its number, and how much of what is served moves with the shares.
    pub(super) group: Vec<usize>,
    pub(super) stiff: Vec<f32>,
    /// Per source: people whom settled sinks take, and what sums run into.
    pub(super) settled: Vec<f64>,
    pub(super) sum: Vec<f64>,
    pub(super) drift: Vec<f64>,
    pub(super) settled_value: f64,
    pub(super) value: f64,
    /// Per source: how far its best arc lies above what the sink pays.
    pub(super) above: Vec<f32>,
    /// The pool: arcs of every group from `first` on.
    first: usize,
    pool_start: Vec<usize>,
    pool_source: Vec<u32>,
    pool_cost: Vec<f32>,
    /// Prices of the row in hand.
    prices: Vec<f32>,
}

impl Part {
    /// Takes up the arcs that may come into reach while prices move a little, and how far above what its sink
    /// pays each source stands. A source without people has an endless price.
    pub(super) fn pool(
        &mut self,
        problem: &Problem,
        crowd: &Crowd,
        groups: Range<usize>,
        lambda: &[f32],
        margin: f32,
    ) {
        self.pool_start.clear();
        self.pool_source.clear();
        self.pool_cost.clear();
        self.pool_start.push(0);
        self.first = groups.start;
        self.above.clear();
        self.above.resize(lambda.len(), f32::INFINITY);
        for group in groups {
            let row = problem.row(crowd.sink(group));
            self.prices.clear();
            let price = |arc: &Arc| narrow(arc.cost) + lambda[arc.source as usize];
            self.prices.extend(row.iter().map(price));
            let least = self.prices.iter().copied().fold(f32::INFINITY, f32::min);
            let dearest = crowd.pieces(group).last().map_or(least, |p| single(number_of(p.price)));
            let paid = least.min(dearest);
            for (arc, &price) in row.iter().zip(&self.prices) {
                if price <= least + margin && price < f32::INFINITY {
                    self.pool_source.push(arc.source);
                    self.pool_cost.push(narrow(arc.cost));
                    let above = &mut self.above[arc.source as usize];
                    *above = above.min(price - paid);
                }
            }
            self.pool_start.push(self.pool_source.len());
        }
    }

    /// Takes up the arcs that matter at this temperature, out of the pool.
    pub(super) fn gather(&mut self, crowd: &Crowd, lambda: &[f32], temperature: f64) {
        self.start.clear();
        self.source.clear();
        self.cost.clear();
        self.group.clear();
        self.start.push(0);
        self.settled.clear();
        self.settled.resize(lambda.len(), 0.0);
        self.settled_value = 0.0;
        let reach = single(REACH * temperature);
        for place in 0..self.pool_start.len().saturating_sub(1) {
            let range = self.pool_start[place]..self.pool_start[place + 1];
            let sources = &self.pool_source[range.clone()];
            let costs = &self.pool_cost[range];
            let price = |(&source, &cost): (&u32, &f32)| cost + lambda[source as usize];
            self.prices.clear();
            self.prices.extend(sources.iter().zip(costs).map(price));
            let least = self.prices.iter().copied().fold(f32::INFINITY, f32::min);
            let begin = self.source.len();
            for ((&source, &cost), &price) in sources.iter().zip(costs).zip(&self.prices) {
                if price <= least + reach {
                    self.source.push(source);
                    self.cost.push(cost);
                }
            }
            if self.source.len() == begin {
                continue;
            }
            let group = self.first + place;
            let least = f64::from(least);
            let pieces = crowd.pieces(group);
            let in_doubt = |p: &Piece| (number_of(p.price) - least).abs() < f64::from(reach);
            if self.source.len() > begin + 1 || pieces.iter().any(in_doubt) {
                self.group.push(group);
                self.start.push(self.source.len());
                continue;
            }
            let (Some(source), Some(cost)) = (self.source.pop(), self.cost.pop()) else { continue };
            for piece in pieces {
                let (count, price) = (f64::from(piece.count), number_of(piece.price));
                if price < least {
                    self.settled_value += count * price;
                } else {
                    self.settled[source as usize] += count;
                    self.settled_value += count * f64::from(cost);
                }
            }
        }
        self.share.clear();
        self.share.resize(self.source.len(), 0.0);
        self.stiff.clear();
        self.stiff.resize(self.group.len(), 0.0);
    }

    /// Shares, and the sums that make value and gradient.
    pub(super) fn evaluate(&mut self, crowd: &Crowd, lambda: &[f32], temperature: f64) {
        self.sum.clear();
        self.sum.resize(lambda.len(), 0.0);
        self.value = 0.0;
        let cold = single(1.0 / temperature);
        let mut least = [0.0_f32; BLOCK];
        for block in (0..self.group.len()).step_by(BLOCK) {
            let sinks = block..(block + BLOCK).min(self.group.len());
            for (at, least) in sinks.clone().zip(&mut least) {
                let range = self.start[at]..self.start[at + 1];
                let mut low = f32::INFINITY;
                let arcs = self.source[range.clone()].iter().zip(&self.cost[range.clone()]);
                for (share, (&source, &cost)) in self.share[range.clone()].iter_mut().zip(arcs) {
                    *share = cost + lambda[source as usize];
                    low = low.min(*share);
                }
                for share in &mut self.share[range] {
                    *share = (low - *share) * cold;
                }
                *least = low;
            }
            for share in &mut self.share[self.start[block]..self.start[sinks.end]] {
                *share = exponential(*share);
            }
            for (at, &least) in sinks.zip(&least) {
                let range = self.start[at]..self.start[at + 1];
                let shares = &mut self.share[range.clone()];
                let total: f32 = shares.iter().sum();
                let soft = f64::from(least) - temperature * logarithm(f64::from(total));
                let (mut served, mut stiff) = (0.0, 0.0);
                for piece in crowd.pieces(self.group[at]) {
                    let count = f64::from(piece.count);
                    let (part, over) = logistic((soft - number_of(piece.price)) / temperature);
                    let sigma = 1.0 - part;
                    served += count * sigma;
                    stiff += count * sigma * sigma;
                    self.value += count * (soft - temperature * over);
                }
                self.stiff[at] = single(stiff);
                let inverse = 1.0 / total;
                for (share, &source) in shares.iter_mut().zip(&self.source[range]) {
                    *share *= inverse;
                    self.sum[source as usize] += served * f64::from(*share);
                }
            }
        }
    }

    /// How the gradient changes with the temperature, from the shares as they are.
    pub(super) fn drift(&mut self, crowd: &Crowd, lambda: &[f32], temperature: f64) {
        self.drift.clear();
        self.drift.resize(lambda.len(), 0.0);
        let cold = 1.0 / temperature;
        for (at, &group) in self.group.iter().enumerate() {
            let range = self.start[at]..self.start[at + 1];
            let costs = &self.cost[range.clone()];
            let shares = &self.share[range.clone()];
            let sources = &self.source[range];
            let price = |place: usize| f64::from(costs[place] + lambda[sources[place] as usize]);
            let (mut mean, mut low, mut top) = (0.0, 0.0, 0.0_f32);
            for (place, &share) in shares.iter().enumerate() {
                mean += f64::from(share) * price(place);
                if share > top {
                    (top, low) = (share, price(place));
                }
            }
            // The dearest share tells the soft least price: share = exp((soft − price)/T).
            let soft = low + temperature * logarithm(f64::from(top));
            // dμ/dT = (μ − mean price)/T
            let soft_rate = (soft - mean) * cold;
            let (mut served, mut served_rate) = (0.0, 0.0);
            for piece in crowd.pieces(group) {
                let count = f64::from(piece.count);
                let gap = (number_of(piece.price) - soft) * cold;
                let (sigma, _) = logistic(gap);
                served += count * sigma;
                served_rate += count * sigma * (1.0 - sigma) * (-gap - soft_rate) * cold;
            }
            for (place, &share) in shares.iter().enumerate() {
                let above = price(place) - mean;
                let rate = served_rate + served * above * cold * cold;
                self.drift[sources[place] as usize] += f64::from(share) * rate;
            }
        }
    }

    /// The sum of outer products times a vector, into `sum`.
    pub(super) fn outer(&mut self, way: &[f32]) {
        self.sum.fill(0.0);
        for (at, &stiff) in self.stiff.iter().enumerate() {
            let range = self.start[at]..self.start[at + 1];
            let sources = &self.source[range.clone()];
            let shares = &self.share[range];
            let along: f32 =
                shares.iter().zip(sources).map(|(share, &s)| share * way[s as usize]).sum();
            let factor = stiff * along;
            for (share, &source) in shares.iter().zip(sources) {
                self.sum[source as usize] += f64::from(factor * share);
            }
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "single precision is the point")]
fn narrow(cost: i32) -> f32 {
    cost as f32
}
