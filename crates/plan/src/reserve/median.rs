//! The p-median problem: which `p` of the candidates, so that the sum of everybody's way to the nearest is least.
//!
//! The bound comes from relaxing "each is served once" with a price `u(j)` per customer: whatever the prices,
//! `Σ u(j) − Σ over the p best candidates of Σ max(0, u(j) − d(i,j))` is not above the optimum (Cornuéjols, Fisher
//! and Nemhauser 1977). Prices are improved by subgradients and every candidate set that they suggest by exchange
//! of one median for another (Teitz and Bart 1968, with the quick rule of Whitaker 1983). Prices are whole
//! multiples of 1/[`SCALE`], so that the bound can be recomputed exactly.

use super::matrix::Matrix;
use pehra_domain::progress::{Cancelled, Watch, tell};

/// Prices count in this part of a unit of distance.
pub const SCALE: i64 = 1_024;

/// Chosen medians with a bound that proves how good they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Medians {
    /// Ascending.
    pub chosen: Vec<usize>,
    pub objective: i64,
    /// Not above any choice's objective.
    pub dual_bound: i64,
    /// Per customer, in 1/[`SCALE`]: the prices that prove the bound.
    pub prices: Vec<i64>,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MedianError {
    #[error(
        "{medians} medians of {candidates} candidates: choose at least one and not more than there are"
    )]
    Count { medians: usize, candidates: usize },
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    #[error("the answer did not pass its own verifier; please report this input")]
    Defect,
}

/// How long to try.
const STEPS_MAX: usize = 3_000;
/// Steps without a better bound after which steps become shorter.
const PATIENCE: usize = 25;

/// Chooses `medians` of the candidates (rows) for the customers (columns).
///
/// # Errors
/// [`MedianError`].
pub fn choose(
    distance: &Matrix,
    medians: usize,
    watch: &mut Watch<'_>,
) -> Result<Medians, MedianError> {
    let candidates = distance.rows();
    if medians == 0 || medians > candidates {
        return Err(MedianError::Count { medians, candidates });
    }
    let mut best = Choice::new(distance, greedy(distance, medians));
    best.exchange(distance);
    // A customer's price begins at its way to the nearest and is worth raising up to the second nearest.
    let mut prices: Vec<i64> = best.near.iter().map(|near| near.1 * SCALE).collect();
    let (mut bound, mut bound_prices) = (i64::MIN, prices.clone());
    let (mut length, mut since) = (1.5_f64, 0_usize);
    let mut tried: Vec<Vec<usize>> = Vec::new();
    for step in 0..STEPS_MAX {
        tell(watch, "bounding the choice", step as u64, STEPS_MAX as u64)?;
        let (value, open) = relaxed(distance, medians, &prices);
        if value > bound {
            (bound, bound_prices, since) = (value, prices.clone(), 0);
        } else {
            since += 1;
        }
        if since == 0 || step % 50 == 0 {
            let mut sorted = open.clone();
            sorted.sort_unstable();
            if !tried.contains(&sorted) {
                let mut choice = Choice::new(distance, sorted.clone());
                tried.push(sorted);
                choice.exchange(distance);
                if choice.objective < best.objective {
                    best = choice;
                }
            }
        }
        if ceiling(bound) >= best.objective {
            break;
        }
        if since >= PATIENCE {
            (length, since) = (length / 2.0, 0);
            prices.clone_from(&bound_prices);
            if length < 1e-5 {
                break;
            }
            continue;
        }
        improve(distance, &open, &mut prices, length * to_float(best.objective * SCALE - value));
    }
    best.chosen.sort_unstable();
    let answer = Medians {
        chosen: best.chosen,
        objective: best.objective,
        dual_bound: ceiling(bound).min(best.objective),
        prices: bound_prices,
    };
    if verify(distance, medians, &answer) { Ok(answer) } else { Err(MedianError::Defect) }
}

/// Checks that the medians are what was asked for, cost what is stated, and that the prices prove the bound.
#[must_use]
pub fn verify(distance: &Matrix, medians: usize, answer: &Medians) -> bool {
    let sound = answer.chosen.len() == medians
        && answer.chosen.windows(2).all(|pair| pair[0] < pair[1])
        && answer.chosen.iter().all(|&row| row < distance.rows())
        && answer.prices.len() == distance.columns();
    if !sound {
        return false;
    }
    let cost: i64 = (0..distance.columns())
        .map(|at| answer.chosen.iter().map(|&row| distance.get(row, at)).min().unwrap_or(0))
        .sum();
    let (value, _) = relaxed(distance, medians, &answer.prices);
    cost == answer.objective
        && answer.dual_bound <= ceiling(value)
        && answer.dual_bound <= answer.objective
}

/// The least whole distance that is not below a scaled bound.
fn ceiling(scaled: i64) -> i64 {
    scaled.div_euclid(SCALE) + i64::from(scaled.rem_euclid(SCALE) > 0)
}

#[expect(clippy::cast_precision_loss, reason = "sums stay far below 2^53")]
fn to_float(number: i64) -> f64 {
    number as f64
}

/// The bound of prices, scaled, and the candidates that attain it.
fn relaxed(distance: &Matrix, medians: usize, prices: &[i64]) -> (i64, Vec<usize>) {
    let mut gains: Vec<(i64, usize)> = (0..distance.rows())
        .map(|row| {
            let gain = distance
                .row(row)
                .iter()
                .zip(prices)
                .map(|(&far, &price)| (price - far * SCALE).max(0))
                .sum::<i64>();
            (-gain, row)
        })
        .collect();
    gains.sort_unstable();
    gains.truncate(medians);
    let value = prices.iter().sum::<i64>() + gains.iter().map(|&(gain, _)| gain).sum::<i64>();
    (value, gains.into_iter().map(|(_, row)| row).collect())
}

/// Moves prices along the subgradient: up where nobody serves, down where several do.
#[expect(clippy::cast_possible_truncation, reason = "a step is far below 2^53")]
fn improve(distance: &Matrix, open: &[usize], prices: &mut [i64], gap: f64) {
    let mut lack = vec![1_i64; prices.len()];
    for &row in open {
        for ((lack, &far), &price) in lack.iter_mut().zip(distance.row(row)).zip(&*prices) {
            *lack -= i64::from(price > far * SCALE);
        }
    }
    let size = lack.iter().map(|lack| lack * lack).sum::<i64>();
    if size == 0 {
        return;
    }
    let step = (gap / to_float(size)).max(1.0) as i64;
    for (price, lack) in prices.iter_mut().zip(lack) {
        *price += step * lack;
    }
}

fn greedy(distance: &Matrix, medians: usize) -> Vec<usize> {
    let mut near = vec![i64::MAX / 4; distance.columns()];
    let mut chosen = Vec::with_capacity(medians);
    for _ in 0..medians {
        let cost = |row: usize| -> i64 {
            distance.row(row).iter().zip(&near).map(|(&far, &near)| far.min(near)).sum()
        };
        let free = (0..distance.rows()).filter(|row| !chosen.contains(row));
        let Some(row) = free.min_by_key(|&row| cost(row)) else { break };
        for (near, &far) in near.iter_mut().zip(distance.row(row)) {
            *near = far.min(*near);
        }
        chosen.push(row);
    }
    chosen
}

/// A choice with everybody's nearest and second nearest.
struct Choice {
    chosen: Vec<usize>,
    /// Per customer: place in `chosen` and way of the nearest, and the way of the second nearest.
    near: Vec<(usize, i64, i64)>,
    objective: i64,
}

impl Choice {
    fn new(distance: &Matrix, chosen: Vec<usize>) -> Self {
        let mut choice = Self { chosen, near: Vec::new(), objective: 0 };
        choice.look(distance);
        choice
    }

    fn look(&mut self, distance: &Matrix) {
        let far = i64::MAX / 4;
        self.near = vec![(0, far, far); distance.columns()];
        for (place, &row) in self.chosen.iter().enumerate() {
            for (near, &way) in self.near.iter_mut().zip(distance.row(row)) {
                if way < near.1 {
                    *near = (place, way, near.1);
                } else if way < near.2 {
                    near.2 = way;
                }
            }
        }
        self.objective = self.near.iter().map(|near| near.1).sum();
    }

    /// Exchanges one for another while that helps, the best exchange first.
    fn exchange(&mut self, distance: &Matrix) {
        loop {
            let mut best = (0_i64, 0_usize, 0_usize);
            for row in 0..distance.rows() {
                if self.chosen.contains(&row) {
                    continue;
                }
                // What everybody gains by the new one, and what each old one's leaving then costs.
                let mut gain = 0;
                let mut loss = vec![0_i64; self.chosen.len()];
                for (&(place, first, second), &way) in self.near.iter().zip(distance.row(row)) {
                    if way < first {
                        gain += first - way;
                    } else {
                        loss[place] += way.min(second) - first;
                    }
                }
                for (place, loss) in loss.into_iter().enumerate() {
                    let change = loss - gain;
                    if change < best.0 {
                        best = (change, place, row);
                    }
                }
            }
            let (change, place, row) = best;
            if change >= 0 {
                return;
            }
            self.chosen[place] = row;
            self.look(distance);
        }
    }
}
