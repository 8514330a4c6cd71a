//! Doors: soft least prices of the sources behind, and what follows from them for value, slope and curvature.
//!
//! A door `d` has the price `Λ = −T·ln Σ exp(−λ/T)` over those behind it; what it serves, `F`, is shared among them by
//! `s = exp((Λ − λ)/T)`, the derivatives of `Λ`. Written with the part `m` of `F` that moves with the sinks' shares, the
//! curvature is `s·[F·w − (F − m)·(s·w) − outer]` for a direction `w`, so its diagonal is `s·F`.

use super::single;
use crate::flow::{
    Problem,
    approximate::{exponential, logarithm},
};

pub(super) struct Doors<'p> {
    problem: &'p Problem,
    /// By place among all that stand behind doors.
    share: Vec<f64>,
    /// By door: price, entropy, all that it serves and the part of it that does not move, and a direction.
    pub(super) soft: Vec<f64>,
    entropy: Vec<f64>,
    served: Vec<f64>,
    still: Vec<f64>,
    pub(super) way: Vec<f64>,
}

impl<'p> Doors<'p> {
    pub(super) fn new(problem: &'p Problem) -> Self {
        let behind = (0..problem.doors()).map(|door| problem.behind(door).len()).sum();
        let none = || vec![0.0; problem.doors()];
        Self {
            problem,
            share: vec![0.0; behind],
            soft: none(),
            entropy: none(),
            served: none(),
            still: none(),
            way: none(),
        }
    }

    /// Doors with the sources behind them and the place of the first in `share`.
    fn each(problem: &'p Problem) -> impl Iterator<Item = (usize, &'p [u32], usize)> {
        let mut place = 0;
        (0..problem.doors()).map(move |door| {
            let behind = problem.behind(door);
            place += behind.len();
            (door, behind, place - behind.len())
        })
    }

    /// Prices and shares. A source without people is not behind its door; a door without any has an endless price.
    pub(super) fn price(&mut self, lambda: &[f64], temperature: f64) {
        for (door, behind, first) in Self::each(self.problem) {
            let shares = &mut self.share[first..first + behind.len()];
            let supply = self.problem.supply();
            let able = |source: u32| supply[source as usize] > 0;
            let prices = behind.iter().filter(|&&s| able(s)).map(|&s| lambda[s as usize]);
            let low = prices.fold(f64::INFINITY, f64::min);
            let (mut total, mut mean) = (0.0, 0.0);
            for (share, &source) in shares.iter_mut().zip(behind) {
                *share = 0.0;
                if able(source) {
                    let price = lambda[source as usize];
                    *share = f64::from(exponential(single((low - price) / temperature)));
                    total += *share;
                    mean += *share * price;
                }
            }
            if total <= 0.0 {
                (self.soft[door], self.entropy[door]) = (f64::INFINITY, 0.0);
                continue;
            }
            for share in shares {
                *share /= total;
            }
            self.soft[door] = low - temperature * logarithm(total);
            self.entropy[door] = (mean / total - self.soft[door]) / temperature;
        }
    }

    /// Makes prices behind a door equal that differ by less than a margin from one to the next: a mean by people. Rounded
    /// each by itself, one of them would serve everything and the others nothing.
    pub(super) fn level(&self, lambda: &mut [f64], margin: f64) {
        let mut doors: Vec<usize> = (0..self.problem.doors()).collect();
        doors.sort_by_key(|&door| std::cmp::Reverse(self.problem.behind(door).len()));
        let people = |source: u32| f64::from(self.problem.supply()[source as usize]);
        for door in doors {
            let mut behind: Vec<u32> = self.problem.behind(door).to_vec();
            let near = |a: &u32, b: &u32| lambda[*a as usize].total_cmp(&lambda[*b as usize]);
            behind.sort_by(near);
            let steps = |a: &u32, b: &u32| lambda[*b as usize] - lambda[*a as usize] < margin;
            let levels: Vec<Vec<u32>> = behind.chunk_by(steps).map(<[u32]>::to_vec).collect();
            for level in levels {
                let all: f64 = level.iter().map(|&source| people(source)).sum();
                if all > 0.0 {
                    let priced = |&source: &u32| people(source) * lambda[source as usize];
                    let mean = level.iter().map(priced).sum::<f64>() / all;
                    for source in level {
                        lambda[source as usize] = mean;
                    }
                }
            }
        }
    }

    /// How far the sources' best arcs lie above what sinks pay, from how far the doors' do.
    pub(super) fn reach_behind(&self, lambda: &[f64], above: &mut Vec<f64>) {
        let sources = self.problem.sources();
        for (door, behind, _) in Self::each(self.problem) {
            let here = above[sources + door] - self.soft[door];
            for &source in behind.iter().filter(|_| here.is_finite()) {
                let source = source as usize;
                above[source] = above[source].min(here + lambda[source]);
            }
        }
        above.truncate(sources);
    }

    /// Hands what doors serve, and the part of it that moves, on to the sources behind them.
    pub(super) fn share_out(&mut self, gradient: &mut Vec<f64>, diagonal: &mut Vec<f64>) {
        let sources = self.problem.sources();
        for (door, behind, first) in Self::each(self.problem) {
            let served = gradient[sources + door];
            self.served[door] = served;
            self.still[door] = served - diagonal[sources + door];
            for (&source, share) in behind.iter().zip(&self.share[first..]) {
                gradient[source as usize] += share * served;
                diagonal[source as usize] += share * served;
            }
        }
        gradient.truncate(sources);
        diagonal.truncate(sources);
    }

    /// A direction for the doors from one for the sources.
    pub(super) fn lead(&mut self, way: &[f64]) {
        for (door, behind, first) in Self::each(self.problem) {
            let along = behind.iter().zip(&self.share[first..]);
            self.way[door] = along.map(|(&source, share)| share * way[source as usize]).sum();
        }
    }

    /// Hands the doors' sums of a product with the curvature on to the sources.
    pub(super) fn gather(&self, sums: &mut Vec<f64>) {
        let sources = self.problem.sources();
        for (door, behind, first) in Self::each(self.problem) {
            let here = sums[sources + door] + self.still[door] * self.way[door];
            for (&source, share) in behind.iter().zip(&self.share[first..]) {
                sums[source as usize] += share * here;
            }
        }
        sums.truncate(sources);
    }

    /// How prices change with the temperature while nothing behind the doors moves.
    pub(super) fn fall(&self, way: &mut [f32]) {
        let (sources, doors) = way.split_at_mut(self.problem.sources());
        sources.fill(0.0);
        for (to, &entropy) in doors.iter_mut().zip(&self.entropy) {
            *to = single(-entropy);
        }
    }

    /// How the sources' slopes change with the temperature, from how the doors' do.
    pub(super) fn drift(&self, lambda: &[f64], temperature: f64, drift: &mut Vec<f64>) {
        let sources = self.problem.sources();
        for (door, behind, first) in Self::each(self.problem) {
            let served = self.served[door];
            let moving = served - self.still[door];
            let here = drift[sources + door] + moving * self.entropy[door] / temperature;
            let shares = self.share[first..].iter();
            let mean: f64 = behind
                .iter()
                .zip(shares.clone())
                .map(|(&s, share)| share * lambda[s as usize])
                .sum();
            for (&source, share) in behind.iter().zip(shares) {
                let above = (lambda[source as usize] - mean) / (temperature * temperature);
                drift[source as usize] += share * (here + served * above);
            }
        }
        drift.truncate(sources);
    }
}
