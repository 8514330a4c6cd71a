//! The input as the search wants it: rows of offers in one piece, shares as exponents.

use super::Input;
use crate::campaign::relax::Fixed;

pub(super) struct Market {
    pub(super) people: Vec<f64>,
    pub(super) budget: f64,
    costs: Vec<f64>,
    begins: Vec<usize>,
    /// Group, share, and minus the logarithm of what is missed.
    cells: Vec<Cell>,
}

#[derive(Clone, Copy)]
pub(super) struct Cell {
    pub(super) group: usize,
    pub(super) share: f64,
    pub(super) weight: f64,
}

#[expect(clippy::cast_precision_loss, reason = "checked: at most 10^12 rupees")]
fn rupees(rs: u64) -> f64 {
    rs as f64
}

impl Market {
    pub(super) fn of(input: &Input) -> Self {
        let mut market = Self {
            people: input.people.iter().map(|people| f64::from(*people)).collect(),
            budget: rupees(input.budget_rs),
            costs: Vec::with_capacity(input.offers.len()),
            begins: vec![0],
            cells: Vec::new(),
        };
        for offer in &input.offers {
            market.costs.push(rupees(offer.cost_rs));
            let inhabited = |group: u32| input.people.get(group as usize).is_some_and(|it| *it > 0);
            market.cells.extend(
                offer.reach.iter().filter(|(group, share)| *share > 0 && inhabited(*group)).map(
                    |(group, share)| {
                        let share = f64::from(*share) / 1e6;
                        Cell { group: *group as usize, share, weight: -libm::log1p(-share) }
                    },
                ),
            );
            market.begins.push(market.cells.len());
        }
        market
    }

    pub(super) fn len(&self) -> usize {
        self.costs.len()
    }

    pub(super) fn groups(&self) -> usize {
        self.people.len()
    }

    pub(super) fn cost(&self, offer: usize) -> f64 {
        self.costs.get(offer).copied().unwrap_or(f64::MAX)
    }

    pub(super) fn cells(&self, offer: usize) -> &[Cell] {
        let (Some(begin), Some(end)) = (self.begins.get(offer), self.begins.get(offer + 1)) else {
            return &[];
        };
        self.cells.get(*begin..*end).unwrap_or_default()
    }

    /// What the offers cost that are fixed in.
    pub(super) fn cost_in(&self, fixed: &[Fixed]) -> f64 {
        let taken = self.costs.iter().zip(fixed).filter(|(_, fixed)| **fixed == Fixed::In);
        taken.map(|(cost, _)| cost).sum()
    }

    /// People of a group whom nothing reaches yet, and who would be.
    pub(super) fn gain(&self, missed: &[f64], offer: usize) -> f64 {
        let left = |cell: &Cell| self.left(missed, cell.group) * cell.share;
        self.cells(offer).iter().map(left).sum()
    }

    pub(super) fn left(&self, missed: &[f64], group: usize) -> f64 {
        match (self.people.get(group), missed.get(group)) {
            (Some(people), Some(missed)) => people * missed,
            _ => 0.0,
        }
    }

    /// People reached where of each group some share is missed.
    pub(super) fn reached(&self, missed: &[f64]) -> f64 {
        self.people.iter().zip(missed).map(|(people, missed)| people * (1.0 - missed)).sum()
    }
}
