//! Whole offers: greedily by people per rupee, from nothing and from what the relaxation is sure of, bettered by exchanges.

use super::{market::Market, relax::Fixed};
use std::{cmp::Ordering, collections::BinaryHeap};

/// Offers that were taken.
#[derive(Clone, Debug, Default)]
pub(super) struct Choice {
    pub(super) offers: Vec<u32>,
    pub(super) reached: f64,
}

/// The relaxation is sure of an offer of which it takes this much.
const SURE: f64 = 0.999;
/// So many of the weakest are put in question in a round of exchanges.
const WEAK: usize = 48;
const ROUNDS: usize = 24;

struct Basket<'a> {
    market: &'a Market,
    fixed: &'a [Fixed],
    taken: Vec<bool>,
    missed: Vec<f64>,
    rest: f64,
}

struct Promise {
    ratio: f64,
    offer: usize,
    /// When it was reckoned: promises only fall, so that one that is still the best after a look is the best.
    round: usize,
}

impl PartialEq for Promise {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Promise {}
impl PartialOrd for Promise {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Promise {
    fn cmp(&self, other: &Self) -> Ordering {
        self.ratio.total_cmp(&other.ratio).then(other.offer.cmp(&self.offer))
    }
}

impl<'a> Basket<'a> {
    /// With what is fixed in.
    fn new(market: &'a Market, fixed: &'a [Fixed]) -> Self {
        let mut basket = Self {
            market,
            fixed,
            taken: vec![false; market.len()],
            missed: vec![1.0; market.groups()],
            rest: market.budget,
        };
        for offer in 0..market.len() {
            if fixed.get(offer) == Some(&Fixed::In) {
                basket.take(offer);
            }
        }
        basket
    }

    fn is_open(&self, offer: usize) -> bool {
        self.fixed.get(offer) == Some(&Fixed::Free) && self.taken.get(offer) == Some(&false)
    }

    fn take(&mut self, offer: usize) {
        if let Some(taken) = self.taken.get_mut(offer) {
            *taken = true;
        }
        self.rest -= self.market.cost(offer);
        for cell in self.market.cells(offer) {
            if let Some(missed) = self.missed.get_mut(cell.group) {
                *missed *= 1.0 - cell.share;
            }
        }
    }

    fn leave(&mut self, offer: usize) {
        if let Some(taken) = self.taken.get_mut(offer) {
            *taken = false;
        }
        self.rest += self.market.cost(offer);
        for cell in self.market.cells(offer) {
            if let Some(missed) = self.missed.get_mut(cell.group) {
                *missed /= 1.0 - cell.share;
            }
        }
    }

    /// Takes what gains the most people per rupee as long as anything can be paid for; never one that is barred.
    fn fill(&mut self, barred: Option<usize>) {
        let mut heap: BinaryHeap<Promise> = (0..self.market.len())
            .filter(|offer| self.is_open(*offer) && Some(*offer) != barred)
            .filter(|offer| self.market.cost(*offer) <= self.rest)
            .map(|offer| self.promise(offer, 0))
            .filter(|promise| promise.ratio > 0.0)
            .collect();
        let mut round = 0;
        while let Some(best) = heap.pop() {
            if self.market.cost(best.offer) > self.rest {
                continue;
            }
            if best.round == round {
                self.take(best.offer);
                round += 1;
                continue;
            }
            let again = self.promise(best.offer, round);
            if again.ratio > 0.0 {
                heap.push(again);
            }
        }
    }

    fn promise(&self, offer: usize, round: usize) -> Promise {
        let ratio = self.market.gain(&self.missed, offer) / self.market.cost(offer);
        Promise { ratio, offer, round }
    }

    fn reached(&self) -> f64 {
        self.market.reached(&self.missed)
    }

    /// People who would be lost with an offer.
    fn loss(&self, offer: usize) -> f64 {
        let lost = self.market.cells(offer).iter().map(|cell| {
            self.market.left(&self.missed, cell.group) * cell.share / (1.0 - cell.share)
        });
        lost.sum()
    }

    /// Puts the weakest offers in question one by one: without it, does the money reach more?
    fn exchange(&mut self) {
        for _ in 0..ROUNDS {
            let mut weak: Vec<(f64, usize)> = (0..self.market.len())
                .filter(|offer| {
                    self.taken.get(*offer) == Some(&true)
                        && self.fixed.get(*offer) == Some(&Fixed::Free)
                })
                .map(|offer| (self.loss(offer) / self.market.cost(offer), offer))
                .collect();
            weak.sort_by(|(one, a), (other, b)| one.total_cmp(other).then(a.cmp(b)));
            weak.truncate(WEAK);
            let before = self.reached();
            let better = weak.into_iter().any(|(_, offer)| self.without(offer, before));
            if !better {
                break;
            }
        }
    }

    /// Leaves an offer for others if they reach more together; otherwise all stays.
    fn without(&mut self, offer: usize, before: f64) -> bool {
        let kept = (self.taken.clone(), self.missed.clone(), self.rest);
        self.leave(offer);
        self.fill(Some(offer));
        if self.reached() > before + 1e-6 {
            return true;
        }
        (self.taken, self.missed, self.rest) = kept;
        false
    }

    fn choice(&self) -> Choice {
        let offers =
            (0_u32..).zip(&self.taken).filter(|(_, taken)| **taken).map(|(at, _)| at).collect();
        Choice { offers, reached: self.reached() }
    }
}

/// The best choice of whole offers that three ways find.
pub(super) fn pick(market: &Market, fixed: &[Fixed], x: &[f64]) -> Choice {
    let mut plain = Basket::new(market, fixed);
    plain.fill(None);
    let mut sure = Basket::new(market, fixed);
    let mut order: Vec<(usize, f64)> =
        x.iter().copied().enumerate().filter(|(_, x)| *x > SURE).collect();
    order.sort_by(|(a, one), (b, other)| other.total_cmp(one).then(a.cmp(b)));
    for (offer, _) in order {
        if sure.is_open(offer) && market.cost(offer) <= sure.rest {
            sure.take(offer);
        }
    }
    sure.fill(None);
    // Greed alone may miss one offer that is worth all the others (Khuller, Moss and Naor, 1999).
    let mut alone = Basket::new(market, fixed);
    let single = (0..market.len())
        .filter(|offer| alone.is_open(*offer) && market.cost(*offer) <= alone.rest)
        .map(|offer| (market.gain(&alone.missed, offer), offer))
        .max_by(|(one, a), (other, b)| one.total_cmp(other).then(b.cmp(a)));
    if let Some((_, offer)) = single {
        alone.take(offer);
        alone.fill(None);
    }
    let mut best = plain;
    for other in [sure, alone] {
        if other.reached() > best.reached() {
            best = other;
        }
    }
    best.exchange();
    best.choice()
}
