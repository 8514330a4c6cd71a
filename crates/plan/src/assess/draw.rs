//! Many draws of one station's score, fast and the same on every machine.
//!
//! A draw needs three logarithms; all else is whole numbers. Each uncertain factor has a table of 64 quantiles already
//! multiplied by its weight, so that a draw is a look-up and an addition. The weighted sum of a part (0 to 4·10⁸, weight
//! in millionths times hundredths of points) meets a table of `exponent · ln(part / 100)` with straight lines between
//! 6 104 knots: error below 4·10⁻⁵ relative (tested against `libm`). Percentiles and classes are read from the
//! logarithms; only three numbers a station are turned back by `exp`.

use super::model::{Model, Part};
use super::score::to_centi;
use pehra_domain::{
    risk::{FACTOR_COUNT, Factor},
    seed::Seed,
};

/// Steps in which a distribution is drawn.
pub(crate) const QUANTILES: usize = 64;
/// A distribution in hundredths of points.
pub(crate) type Quantiles = [u16; QUANTILES];

const SUM_MAX: i32 = 400_000_000;
const KNOT_BITS: i32 = 16;
const KNOTS: usize = (SUM_MAX >> KNOT_BITS) as usize + 2;
/// Whole units of one natural logarithm.
const UNIT: f64 = 134_217_728.0;

/// How one factor is drawn.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Spread<'a> {
    /// Known for sure.
    Fixed(u16),
    /// Known with a confidence below 100 %.
    Around { centi: u16, confidence_pct: u8 },
    /// Missing: from somebody else's distribution.
    From(&'a Quantiles),
}

/// What the draws say, in the units of `StationAssessment`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Summary {
    pub(crate) p10_centi: u16,
    pub(crate) p50_centi: u16,
    pub(crate) p90_centi: u16,
    pub(crate) class_permille: [u16; 3],
}

/// Tables that hold for all stations.
#[derive(Debug)]
pub(crate) struct Sampler {
    logs: [Vec<i32>; 3],
    weights: [i32; FACTOR_COUNT],
    /// Offsets in hundredths of points at no confidence.
    offsets: [f64; QUANTILES],
    sensitive_from: i32,
    most_from: i32,
}

/// Memory that a thread uses again for every station.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    sums: [Vec<i32>; 3],
    logs: Vec<i32>,
}

#[expect(clippy::cast_possible_truncation, reason = "callers pass values below 2^31")]
fn whole(value: f64) -> i32 {
    value.round() as i32
}

/// Quantile of a triangular distribution on −1 to 1.
fn triangular(at: f64) -> f64 {
    if at < 0.5 { (2.0 * at).sqrt() - 1.0 } else { 1.0 - (2.0 * (1.0 - at)).sqrt() }
}

impl Sampler {
    pub(crate) fn new(model: &Model) -> Self {
        let table = |exponent: f64| {
            (0..KNOTS)
                .map(|knot| {
                    #[expect(clippy::cast_precision_loss, reason = "a knot is below 2^53")]
                    let sum = (knot << KNOT_BITS) as f64;
                    let part = (100.0 * sum / f64::from(SUM_MAX)).max(model.floor);
                    whole(exponent * libm::log(part / 100.0) * UNIT)
                })
                .collect()
        };
        let exponents = model.exponents.array();
        #[expect(clippy::cast_precision_loss, reason = "q is below 64")]
        let offsets = std::array::from_fn(|q| {
            100.0 * model.spread_points * triangular((q as f64 + 0.5) / QUANTILES as f64)
        });
        let threshold = |score: f64| whole(libm::log(score / 100.0) * UNIT);
        Self {
            logs: exponents.map(table),
            weights: std::array::from_fn(|i| whole(model.factors[i].weight * 1e6)),
            offsets,
            sensitive_from: threshold(model.thresholds.sensitive),
            most_from: threshold(model.thresholds.most),
        }
    }

    fn table(&self, weight: i32, spread: Spread<'_>) -> [i32; QUANTILES] {
        match spread {
            Spread::Fixed(centi) => [weight * i32::from(centi); QUANTILES],
            Spread::From(quantiles) => quantiles.map(|centi| weight * i32::from(centi)),
            Spread::Around { centi, confidence_pct } => {
                let doubt = 1.0 - f64::from(confidence_pct) / 100.0;
                self.offsets.map(|offset| {
                    let value = (f64::from(centi) + doubt * offset).clamp(0.0, 400.0);
                    weight * whole(value)
                })
            }
        }
    }

    fn log(&self, part: usize, sum: i32) -> i32 {
        let sum = sum.clamp(0, SUM_MAX);
        let knot = usize::try_from(sum >> KNOT_BITS).unwrap_or(0);
        let (low, high) = (self.logs[part][knot], self.logs[part][knot + 1]);
        let along = i64::from(sum & ((1 << KNOT_BITS) - 1));
        let rise = ((i64::from(high) - i64::from(low)) * along) >> KNOT_BITS;
        low + i32::try_from(rise).unwrap_or(0)
    }

    /// Draws `draws` times (at least once). `seed` is the station's own.
    pub(crate) fn draw(
        &self,
        spreads: &[Spread<'_>; FACTOR_COUNT],
        seed: u64,
        draws: usize,
        scratch: &mut Scratch,
    ) -> Summary {
        let draws = draws.max(1);
        for sums in &mut scratch.sums {
            sums.clear();
            sums.resize(draws, 0);
        }
        for (factor, spread) in Factor::ALL.into_iter().zip(spreads) {
            let sums = &mut scratch.sums[Part::of(factor).index()];
            let table = self.table(self.weights[factor.index()], *spread);
            if matches!(spread, Spread::Fixed(_)) {
                sums.iter_mut().for_each(|sum| *sum += table[0]);
                continue;
            }
            let mut chance = Seed::fork(seed, factor.index() as u64 + 1);
            for eight in sums.chunks_mut(8) {
                let bytes = chance.next_u64().to_le_bytes();
                for (sum, byte) in eight.iter_mut().zip(bytes) {
                    *sum += table[usize::from(byte) % QUANTILES];
                }
            }
        }
        scratch.logs.clear();
        let [threat, vulnerability, consequence] = &scratch.sums;
        let threes = threat.iter().zip(vulnerability).zip(consequence);
        scratch
            .logs
            .extend(threes.map(|((t, v), c)| self.log(0, *t) + self.log(1, *v) + self.log(2, *c)));
        self.summarise(&mut scratch.logs)
    }

    fn summarise(&self, logs: &mut [i32]) -> Summary {
        let most = logs.iter().filter(|log| **log >= self.most_from).count();
        let sensitive = logs.iter().filter(|log| **log >= self.sensitive_from).count();
        let last = logs.len() - 1;
        let rank = |percent: usize| (last * percent + 50) / 100;
        let (r10, r50, r90) = (rank(10), rank(50), rank(90));
        let (_, p50, above) = logs.select_nth_unstable(r50);
        let p50 = *p50;
        let p90 = match (r90 - r50).checked_sub(1) {
            Some(at) => *above.select_nth_unstable(at).1,
            None => p50,
        };
        let p10 = if r10 == r50 { p50 } else { *logs[..r50].select_nth_unstable(r10).1 };
        let score = |log: i32| to_centi(100.0 * libm::exp(f64::from(log) / UNIT));
        Summary {
            p10_centi: score(p10),
            p50_centi: score(p50),
            p90_centi: score(p90),
            class_permille: permille(most, sensitive, logs.len()),
        }
    }
}

/// Shares of normal, sensitive and most in thousandths that sum to 1 000; `sensitive` counts those of `most` as well.
fn permille(most: usize, sensitive: usize, all: usize) -> [u16; 3] {
    let share = |count: usize| u16::try_from((count * 1_000 + all / 2) / all).unwrap_or(1_000);
    let (most, sensitive) = (share(most), share(sensitive));
    [1_000 - sensitive, sensitive - most, most]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_logarithms_agrees_with_libm() {
        let model = Model::default_pk2024();
        let sampler = Sampler::new(&model);
        let mut worst: f64 = 0.0;
        for sum in (0..SUM_MAX).step_by(30_011) {
            for (part, exponent) in model.exponents.array().into_iter().enumerate() {
                let exact = exponent
                    * libm::log((100.0 * f64::from(sum) / f64::from(SUM_MAX)).max(5.0) / 100.0);
                worst = worst.max((f64::from(sampler.log(part, sum)) / UNIT - exact).abs());
            }
        }
        assert!(worst < 4e-4, "worst error {worst} (only the knot at the floor bends)");
        let above_floor: f64 = (20_100_000..SUM_MAX)
            .step_by(30_011)
            .map(|sum| {
                let exact = 0.45 * libm::log(f64::from(sum) / f64::from(SUM_MAX));
                (f64::from(sampler.log(0, sum)) / UNIT - exact).abs()
            })
            .fold(0.0, f64::max);
        assert!(above_floor < 4e-6, "worst error above the floor {above_floor}");
    }

    #[test]
    fn a_station_without_doubt_draws_its_own_score() {
        let model = Model::default_pk2024();
        let points: [f64; FACTOR_COUNT] = std::array::from_fn(|i| [2.0, 4.0, 3.0, 1.0, 0.5][i % 5]);
        let spreads = points.map(|p| Spread::Fixed(super::super::score::points_centi(p)));
        let summary = Sampler::new(&model).draw(&spreads, 5, 500, &mut Scratch::default());
        let exact = to_centi(super::super::score::score(&model, &points));
        assert!(summary.p10_centi.abs_diff(exact) <= 1);
        assert_eq!(summary.p10_centi, summary.p90_centi);
        assert_eq!(summary.class_permille.iter().sum::<u16>(), 1_000);
    }

    #[test]
    fn the_percentiles_are_the_ranks_of_a_full_sort() {
        let sampler = Sampler::new(&Model::default_pk2024());
        for n in [1_usize, 2, 3, 10, 499, 500] {
            let mut seed = Seed::new(n as u64);
            let logs: Vec<i32> =
                (0..n).map(|_| -i32::try_from(seed.below(400_000_000)).unwrap()).collect();
            let mut sorted = logs.clone();
            sorted.sort_unstable();
            let at = |p: usize| {
                to_centi(100.0 * libm::exp(f64::from(sorted[((n - 1) * p + 50) / 100]) / UNIT))
            };
            let summary = sampler.summarise(&mut logs.clone());
            assert_eq!(
                [summary.p10_centi, summary.p50_centi, summary.p90_centi],
                [at(10), at(50), at(90)],
            );
        }
    }

    #[test]
    fn drawing_from_the_prior_gives_its_mean() {
        let quantiles: Quantiles = std::array::from_fn(|q| if q < 32 { 0 } else { 400 });
        let spreads: [Spread<'_>; FACTOR_COUNT] = [Spread::From(&quantiles); FACTOR_COUNT];
        let mut scratch = Scratch::default();
        Sampler::new(&Model::default_pk2024()).draw(&spreads, 9, 20_000, &mut scratch);
        for sums in &scratch.sums {
            let mean = sums.iter().map(|s| f64::from(*s)).sum::<f64>() / 20_000.0;
            assert!((mean / f64::from(SUM_MAX) - 0.5).abs() < 0.01, "{mean}");
        }
    }
}
