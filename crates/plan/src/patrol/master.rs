//! The master of the column generation: a dense tableau that takes a new column whenever one is found.
//!
//! With `w = most − v` the program is: maximise w; `w − D(i) Σ x ≤ most − U(i)`; `Σ x ≤ 1` for each base; all from 0. Right
//! sides are never negative, so that doing nothing is where it starts. What it answers is checked elsewhere: the level is
//! counted from the shares, and any prices give a true bound.

use super::{Stake, tour::DayPlan};

const SMALL: f64 = 1e-11;
/// Steps of one solve; what is not best by then is still a plan.
const STEPS_MAX: usize = 20_000;
/// Steps without gain after which the rule changes to the one that never goes round in circles.
const STILL_MAX: usize = 50;

/// What the attacker would do, and what a base's day is worth.
pub(super) struct Prices {
    pub(super) places: Vec<f64>,
    pub(super) bases: Vec<f64>,
}

pub(super) struct Master {
    places: usize,
    /// One for each place, one for each base, and the objective last: slacks first, then w, then day plans, the right side
    /// apart.
    rows: Vec<Vec<f64>>,
    right: Vec<f64>,
    /// Which column stands for each row.
    basis: Vec<usize>,
    slacks: usize,
    columns: usize,
}

impl Master {
    pub(super) fn new(stakes: &[Stake], bases: usize) -> Self {
        let most = stakes.iter().fold(0.0_f64, |most, stake| most.max(stake.uncovered));
        let slacks = stakes.len() + bases;
        let columns = slacks + 1;
        let mut rows = vec![vec![0.0; columns]; slacks + 1];
        let mut right = vec![0.0; slacks + 1];
        for (row, line) in rows.iter_mut().enumerate().take(slacks) {
            line[row] = 1.0;
        }
        for (row, stake) in stakes.iter().enumerate() {
            rows[row][slacks] = 1.0;
            right[row] = most - stake.uncovered;
        }
        right[stakes.len()..slacks].fill(1.0);
        rows[slacks][slacks] = -1.0;
        let mut master = Self {
            places: stakes.len(),
            rows,
            right,
            basis: (0..slacks).collect(),
            slacks,
            columns,
        };
        master.solve();
        master
    }

    /// Takes in a day plan of a base.
    pub(super) fn add(&mut self, stakes: &[Stake], base: usize, plan: &DayPlan) {
        let helped: Vec<(usize, f64)> = plan
            .places()
            .map(|at| {
                let stake = stakes[at as usize];
                (at as usize, stake.covered - stake.uncovered)
            })
            .collect();
        let own = self.places + base;
        for line in &mut self.rows {
            let value = helped.iter().map(|&(row, by)| line[row] * by).sum::<f64>() + line[own];
            line.push(value);
        }
        self.columns += 1;
    }

    pub(super) fn solve(&mut self) {
        let mut still = 0;
        for _ in 0..STEPS_MAX {
            let Some(enter) = self.enter(still > STILL_MAX) else { return };
            let Some(leave) = self.leave(enter) else { return };
            let before = self.right[self.slacks];
            self.pivot(leave, enter);
            still = if self.right[self.slacks] > before + SMALL { 0 } else { still + 1 };
        }
    }

    /// The column that gains most, or the first that gains at all.
    fn enter(&self, first: bool) -> Option<usize> {
        let line = &self.rows[self.slacks];
        let mut gains = (0..self.columns).filter(|&column| line[column] < -SMALL);
        if first {
            return gains.next();
        }
        gains.min_by(|&a, &b| line[a].total_cmp(&line[b]))
    }

    /// The row that gives way; of equals the one whose column comes first.
    fn leave(&self, enter: usize) -> Option<usize> {
        let mut best: Option<(usize, f64)> = None;
        for row in 0..self.slacks {
            let by = self.rows[row][enter];
            if by <= SMALL {
                continue;
            }
            let ratio = self.right[row] / by;
            let better = best.is_none_or(|(other, least)| {
                ratio < least - SMALL
                    || (ratio < least + SMALL && self.basis[row] < self.basis[other])
            });
            if better {
                best = Some((row, ratio));
            }
        }
        best.map(|(row, _)| row)
    }

    fn pivot(&mut self, leave: usize, enter: usize) {
        let by = self.rows[leave][enter];
        self.rows[leave].iter_mut().for_each(|cell| *cell /= by);
        self.right[leave] /= by;
        let line = std::mem::take(&mut self.rows[leave]);
        let right = self.right[leave];
        for (row, other) in self.rows.iter_mut().enumerate() {
            if row == leave {
                continue;
            }
            let factor = other[enter];
            if factor != 0.0 {
                other.iter_mut().zip(&line).for_each(|(cell, base)| *cell -= factor * base);
                self.right[row] = (self.right[row] - factor * right).max(if row < self.slacks {
                    0.0
                } else {
                    f64::MIN
                });
            }
        }
        self.rows[leave] = line;
        self.basis[leave] = enter;
    }

    pub(super) fn prices(&self) -> Prices {
        let line = &self.rows[self.slacks];
        Prices {
            places: line[..self.places].to_vec(),
            bases: line[self.places..self.slacks].to_vec(),
        }
    }

    /// The share of days of every day plan, in the order in which they came.
    pub(super) fn frequencies(&self) -> Vec<f64> {
        let first = self.slacks + 1;
        let mut shares = vec![0.0; self.columns - first];
        for (&column, &value) in self.basis.iter().zip(&self.right) {
            if column >= first {
                shares[column - first] = value.clamp(0.0, 1.0);
            }
        }
        shares
    }
}
