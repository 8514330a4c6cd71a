//! The concave relaxation: offers may be taken in part.
//!
//! For a price per rupee the Lagrangian is maximised offer by offer; the price is found by halving. At any point `x` the
//! function lies below its tangent there, and what the tangent is worth at the best is a fractional knapsack:
//!
//! > `F(y) ≤ F(x) + ∇F(x)·(y − x)` for every `y`, so `max F ≤ F(x) − ∇F(x)·x + max { ∇F(x)·y : c·y ≤ B, 0 ≤ y ≤ 1 }`
//!
//! This holds at every `x`, however far the search came: the least of these is the bound.

use super::market::Market;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fixed {
    Free,
    In,
    Out,
}

pub(super) struct Relaxed {
    /// Nothing that keeps to what is fixed reaches more.
    pub(super) bound: f64,
    pub(super) x: Vec<f64>,
}

const HALVINGS: usize = 36;
const SWEEPS: usize = 24;
/// An offer that moves less than this, as a share of itself, stands.
const STILL: f64 = 1e-5;
/// What sums of floating point may lose, as a share of the bound.
const SLACK: f64 = 1e-9;

struct Point<'a> {
    market: &'a Market,
    fixed: &'a [Fixed],
    x: Vec<f64>,
    /// By group, the share that is missed: `e^(−s)`.
    missed: Vec<f64>,
}

impl Point<'_> {
    /// What is missed, from the offers anew: steps leave rounding behind.
    fn settle(&mut self) {
        let mut sums = vec![0.0_f64; self.market.groups()];
        for (offer, x) in self.x.iter().enumerate().filter(|(_, x)| **x > 0.0) {
            for cell in self.market.cells(offer) {
                if let Some(sum) = sums.get_mut(cell.group) {
                    *sum += cell.weight * x;
                }
            }
        }
        self.missed = sums.into_iter().map(|sum| libm::exp(-sum)).collect();
    }

    /// People gained by a little more of an offer, a step away from where it stands.
    fn slope(&self, offer: usize, step: f64) -> f64 {
        let cells = self.market.cells(offer).iter();
        cells
            .map(|cell| {
                let left = self.market.left(&self.missed, cell.group) * cell.weight;
                if step.abs() > 0.0 { left * libm::exp(-cell.weight * step) } else { left }
            })
            .sum()
    }

    /// Moves one offer to where a little more of it is worth its price; says how far.
    fn improve(&mut self, offer: usize, price: f64) -> f64 {
        let Some(at) = self.x.get(offer).copied() else { return 0.0 };
        let worth = price * self.market.cost(offer);
        let here = self.slope(offer, 0.0);
        let edge = if here > worth { 1.0 - at } else { -at };
        if edge.abs() < 1e-12 {
            return 0.0;
        }
        let there = self.slope(offer, edge);
        let step = if (here > worth) == (there > worth) {
            edge
        } else {
            self.crossing(offer, worth, edge)
        };
        if step.abs() < 1e-12 {
            return 0.0;
        }
        for cell in self.market.cells(offer) {
            if let Some(missed) = self.missed.get_mut(cell.group) {
                *missed *= libm::exp(-cell.weight * step);
            }
        }
        if let Some(x) = self.x.get_mut(offer) {
            *x = (at + step).clamp(0.0, 1.0);
        }
        step.abs()
    }

    /// The step at which the slope is worth its price, between here and an edge: by halving, the slope only falls.
    fn crossing(&self, offer: usize, worth: f64, edge: f64) -> f64 {
        let (mut low, mut high) = if edge > 0.0 { (0.0, edge) } else { (edge, 0.0) };
        for _ in 0..18 {
            let middle = f64::midpoint(low, high);
            if self.slope(offer, middle) > worth {
                low = middle;
            } else {
                high = middle;
            }
        }
        f64::midpoint(low, high)
    }

    fn ascend(&mut self, price: f64) {
        self.settle();
        for _ in 0..SWEEPS {
            let mut moved = 0.0_f64;
            for offer in 0..self.market.len() {
                if self.fixed.get(offer) == Some(&Fixed::Free) {
                    moved = moved.max(self.improve(offer, price));
                }
            }
            if moved < STILL {
                break;
            }
        }
    }

    fn spent(&self) -> f64 {
        self.x.iter().enumerate().map(|(offer, x)| x * self.market.cost(offer)).sum()
    }

    /// The tangent here, at its best.
    fn bound(&self) -> f64 {
        let mut bound = self.market.reached(&self.missed);
        let mut rest = self.market.budget - self.market.cost_in(self.fixed);
        let mut worths = Vec::new();
        for (offer, x) in self.x.iter().enumerate() {
            if self.fixed.get(offer) != Some(&Fixed::Free) {
                continue;
            }
            let slope = self.slope(offer, 0.0);
            bound -= slope * x;
            if slope > 0.0 {
                worths.push((slope / self.market.cost(offer), slope, offer));
            }
        }
        worths.sort_by(|(one, _, a), (other, _, b)| other.total_cmp(one).then(a.cmp(b)));
        for (ratio, slope, offer) in worths {
            let cost = self.market.cost(offer);
            if cost > rest {
                bound += ratio * rest.max(0.0);
                break;
            }
            bound += slope;
            rest -= cost;
        }
        bound.mul_add(SLACK, bound)
    }
}

/// The relaxation with some offers fixed; begun where an earlier one ended.
pub(super) fn solve(market: &Market, fixed: &[Fixed], warm: Option<&[f64]>) -> Relaxed {
    let start = |offer: usize, fixed: &Fixed| match fixed {
        Fixed::In => 1.0,
        Fixed::Out => 0.0,
        Fixed::Free => warm.and_then(|warm| warm.get(offer)).copied().unwrap_or(0.0),
    };
    let x = fixed.iter().enumerate().map(|(offer, fixed)| start(offer, fixed)).collect();
    let mut point = Point { market, fixed, x, missed: Vec::new() };
    let dear = (0..market.len()).map(|offer| {
        let all: f64 = market
            .cells(offer)
            .iter()
            .map(|cell| cell.weight * market.people.get(cell.group).unwrap_or(&0.0))
            .sum();
        all / market.cost(offer)
    });
    let (mut low, mut high) = (0.0_f64, dear.fold(0.0, f64::max));
    let mut best = Relaxed { bound: f64::INFINITY, x: Vec::new() };
    // A price of nought: if everything can be afforded, that is it.
    let mut price = 0.0;
    for _ in 0..HALVINGS {
        point.ascend(price);
        point.settle();
        let bound = point.bound();
        if bound < best.bound {
            best = Relaxed { bound, x: point.x.clone() };
        }
        if point.spent() > market.budget {
            low = price;
        } else {
            if price <= 0.0 {
                break;
            }
            high = price;
        }
        price = f64::midpoint(low, high);
        if high - low <= high * 1e-7 {
            break;
        }
    }
    best
}
