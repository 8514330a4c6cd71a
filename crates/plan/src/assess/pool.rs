//! What stands in for a missing factor: the distribution of the district, else the province, else the nation, else the
//! declared prior. Never zero for want of knowledge.

use super::draw::{QUANTILES, Quantiles};
use super::input::{Derived, Evidence};
use super::model::{FactorParameters, Model};
use super::score::points_centi;
use pehra_domain::{
    AreaId,
    risk::{FACTOR_COUNT, Factor, FactorBasis, FactorScore},
    station::Station,
};
use std::collections::BTreeMap;

/// One station's factors in short: hundredths, or none.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known {
    pub(crate) centi: [Option<u16>; FACTOR_COUNT],
    pub(crate) confidence_pct: [u8; FACTOR_COUNT],
    /// Whether the value may stand in elsewhere. "No women vote here" is no measurement of women's staff.
    lends: [bool; FACTOR_COUNT],
}

impl Known {
    pub(crate) fn of(derived: &[Derived; FACTOR_COUNT]) -> Self {
        Self {
            centi: derived.map(|d| d.value.map(|(points, _)| points_centi(points))),
            confidence_pct: derived.map(|d| d.value.map_or(0, |(_, confidence)| confidence)),
            lends: derived.map(|d| !matches!(d.evidence, Evidence::NoWomen | Evidence::NoPlan)),
        }
    }
}

/// A distribution that stands in, with the point value that goes with it.
#[derive(Clone, Debug)]
pub(crate) struct StandIn {
    pub(crate) score: FactorScore,
    /// Hundredths of points, rising.
    pub(crate) quantiles: Quantiles,
}

/// The stand-ins of every area.
#[derive(Debug)]
pub(crate) struct Pools {
    areas: BTreeMap<AreaId, Vec<Option<StandIn>>>,
    priors: Vec<StandIn>,
}

/// Confidence in a value taken from elsewhere [P].
fn confidence(basis: FactorBasis) -> u8 {
    match basis {
        FactorBasis::Observed => 100,
        FactorBasis::District => 40,
        FactorBasis::Province => 25,
        FactorBasis::Nation => 15,
        FactorBasis::Prior => 5,
    }
}

impl Pools {
    pub(crate) fn new(model: &Model, stations: &[Station], known: &[Known]) -> Self {
        let mut values: BTreeMap<AreaId, Vec<Vec<u16>>> = BTreeMap::new();
        for (district, observed) in by_district(stations, known) {
            let mut above = Some(district.clone());
            while let Some(area) = above {
                let slot =
                    values.entry(area.clone()).or_insert_with(|| vec![Vec::new(); FACTOR_COUNT]);
                for (all, some) in slot.iter_mut().zip(&observed) {
                    all.extend_from_slice(some);
                }
                above = area.parent();
            }
        }
        let pool_min = usize::try_from(model.pool_min).unwrap_or(usize::MAX).max(1);
        let areas = values
            .into_iter()
            .map(|(area, factors)| {
                let basis = match area.depth() {
                    1 => FactorBasis::Nation,
                    2 => FactorBasis::Province,
                    _ => FactorBasis::District,
                };
                let stand_ins = factors
                    .into_iter()
                    .map(|all| (all.len() >= pool_min).then(|| from_values(all, basis)))
                    .collect();
                (area, stand_ins)
            })
            .collect();
        Self { areas, priors: model.factors.iter().map(from_prior).collect() }
    }

    /// The nearest area that knows the factor well enough, else the prior.
    pub(crate) fn stand_in(&self, district: &AreaId, factor: Factor) -> &StandIn {
        let index = factor.index();
        let mut above = Some(district.clone());
        while let Some(area) = above {
            if let Some(Some(found)) = self.areas.get(&area).map(|factors| &factors[index]) {
                return found;
            }
            above = area.parent();
        }
        &self.priors[index]
    }

    /// All stand-ins of one district.
    pub(crate) fn of_district(&self, district: &AreaId) -> [&StandIn; FACTOR_COUNT] {
        Factor::ALL.map(|factor| self.stand_in(district, factor))
    }
}

type Observed<'a> = BTreeMap<&'a AreaId, Vec<Vec<u16>>>;

fn by_district<'a>(stations: &'a [Station], known: &[Known]) -> Observed<'a> {
    let mut districts: Observed<'a> = BTreeMap::new();
    for (station, factors) in stations.iter().zip(known) {
        let slot =
            districts.entry(&station.district).or_insert_with(|| vec![Vec::new(); FACTOR_COUNT]);
        for ((all, value), lends) in slot.iter_mut().zip(factors.centi).zip(factors.lends) {
            all.extend(value.filter(|_| lends));
        }
    }
    districts
}

fn from_values(mut values: Vec<u16>, basis: FactorBasis) -> StandIn {
    values.sort_unstable();
    let sum: u64 = values.iter().map(|v| u64::from(*v)).sum();
    let count = values.len() as u64;
    let mean = (sum + count / 2) / count.max(1);
    let quantiles = std::array::from_fn(|q| values[(2 * q + 1) * values.len() / (2 * QUANTILES)]);
    let centi = u16::try_from(mean).unwrap_or(400);
    StandIn { score: FactorScore { centi, basis, confidence_pct: confidence(basis) }, quantiles }
}

fn from_prior(parameters: &FactorParameters) -> StandIn {
    let mean: f64 =
        parameters.prior.iter().zip([0.0, 1.0, 2.0, 3.0, 4.0]).map(|(p, x)| p * x).sum();
    let mut below = 0.0;
    let mut upper = [0.0; 5];
    for (slot, share) in upper.iter_mut().zip(parameters.prior) {
        below += share;
        *slot = below;
    }
    let quantiles = std::array::from_fn(|q| {
        #[expect(clippy::cast_precision_loss, reason = "q is below 64")]
        let at = (q as f64 + 0.5) / QUANTILES as f64;
        let levels = [(0, upper[0]), (100, upper[1]), (200, upper[2]), (300, upper[3])];
        levels.into_iter().find(|(_, top)| at <= *top).map_or(400, |(centi, _)| centi)
    });
    let basis = FactorBasis::Prior;
    // "Never zero": a prior so narrow that its mean rounds to nothing still counts a hundredth.
    let centi = points_centi(mean).max(1);
    StandIn { score: FactorScore { centi, basis, confidence_pct: confidence(basis) }, quantiles }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_prior_has_a_mean_above_zero_and_a_spread() {
        for parameters in &Model::default_pk2024().factors {
            let stand_in = from_prior(parameters);
            assert!(stand_in.score.centi > 0, "{:?}", parameters.code);
            assert!(stand_in.quantiles[QUANTILES - 1] > stand_in.quantiles[0]);
            assert_eq!(stand_in.score.basis, FactorBasis::Prior);
        }
    }

    #[test]
    fn quantiles_of_values_span_them() {
        let stand_in = from_values((0..=400).collect(), FactorBasis::District);
        assert_eq!(stand_in.score.centi, 200);
        assert!(stand_in.quantiles[0] < 10 && stand_in.quantiles[QUANTILES - 1] > 390);
    }
}
