//! A linear program as a dense tableau that takes a new column whenever one is found.
//!
//! Maximise one column, `w`, subject to `A x ≤ right`, everything from 0. Right sides are never negative, so that doing
//! nothing is where it starts. What it answers is checked elsewhere: values are counted anew, and any prices give a true
//! bound.

const SMALL: f64 = 1e-11;
/// Steps of one solve; what is not best by then is still a plan.
const STEPS_MAX: usize = 20_000;
/// Steps without gain after which the rule changes to the one that never goes round in circles.
const STILL_MAX: usize = 50;

pub(super) struct Table {
    /// The constraints, and the objective last: slacks first, then `w`, then what was taken in, the right side apart.
    rows: Vec<Vec<f64>>,
    right: Vec<f64>,
    /// Which column stands for each row.
    basis: Vec<usize>,
    slacks: usize,
    columns: usize,
}

impl Table {
    /// `right` has a number for each row; `w` stands in the first `gains` rows, once in each.
    pub(super) fn new(mut right: Vec<f64>, gains: usize) -> Self {
        let slacks = right.len();
        let columns = slacks + 1;
        let mut rows = vec![vec![0.0; columns]; slacks + 1];
        for (row, line) in rows.iter_mut().enumerate().take(slacks) {
            line[row] = 1.0;
            line[slacks] = if row < gains { 1.0 } else { 0.0 };
        }
        rows[slacks][slacks] = -1.0;
        right.push(0.0);
        Self { rows, right, basis: (0..slacks).collect(), slacks, columns }
    }

    /// Takes in a column by its entries.
    pub(super) fn add(&mut self, entries: &[(usize, f64)]) {
        for line in &mut self.rows {
            let value = entries.iter().map(|&(row, by)| line[row] * by).sum::<f64>();
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

    /// What `w` is.
    pub(super) fn value(&self) -> f64 {
        self.right[self.slacks]
    }

    /// The price of each row.
    pub(super) fn prices(&self) -> &[f64] {
        &self.rows[self.slacks][..self.slacks]
    }

    /// The value of every column that was taken in, in the order in which they came.
    pub(super) fn values(&self) -> Vec<f64> {
        let first = self.slacks + 1;
        let mut values = vec![0.0; self.columns - first];
        for (&column, &value) in self.basis.iter().zip(&self.right) {
            if column >= first {
                values[column - first] = value.max(0.0);
            }
        }
        values
    }
}
