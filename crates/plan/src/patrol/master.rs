//! The master of the column generation: how often each day plan is drawn.
//!
//! With `w = most − v` the program is: maximise w; `w − D(i) Σ x ≤ most − U(i)`; `Σ x ≤ 1` for each base; all from 0.

use super::{Stake, table::Table, tour::DayPlan};

/// What the attacker would do, and what a base's day is worth.
pub(super) struct Prices {
    pub(super) places: Vec<f64>,
    pub(super) bases: Vec<f64>,
}

pub(super) struct Master {
    places: usize,
    table: Table,
}

/// Most that an attack costs.
pub(super) fn most(stakes: &[Stake]) -> f64 {
    stakes.iter().fold(0.0, |most, stake| most.max(stake.uncovered))
}

/// What is not lost at each place when nobody is there.
pub(super) fn spared(stakes: &[Stake]) -> impl Iterator<Item = f64> + '_ {
    let most = most(stakes);
    stakes.iter().map(move |stake| most - stake.uncovered)
}

impl Master {
    pub(super) fn new(stakes: &[Stake], bases: usize) -> Self {
        let right = spared(stakes).chain(std::iter::repeat_n(1.0, bases)).collect();
        let mut table = Table::new(right, stakes.len());
        table.solve();
        Self { places: stakes.len(), table }
    }

    /// Takes in a day plan of a base.
    pub(super) fn add(&mut self, stakes: &[Stake], base: usize, plan: &DayPlan) {
        let helped = plan.places().map(|at| {
            let stake = stakes[at as usize];
            (at as usize, stake.covered - stake.uncovered)
        });
        let entries: Vec<(usize, f64)> = helped.chain([(self.places + base, 1.0)]).collect();
        self.table.add(&entries);
    }

    pub(super) fn solve(&mut self) {
        self.table.solve();
    }

    pub(super) fn prices(&self) -> Prices {
        let (places, bases) = self.table.prices().split_at(self.places);
        Prices { places: places.to_vec(), bases: bases.to_vec() }
    }

    /// The share of days of every day plan, in the order in which they came.
    pub(super) fn frequencies(&self) -> Vec<f64> {
        self.table.values().into_iter().map(|value| value.min(1.0)).collect()
    }
}
