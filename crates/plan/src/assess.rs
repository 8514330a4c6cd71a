//! How much each station is at risk, how sure that is, and why.
//!
//! The index of DOMAIN §3(a): 19 factors of 0 to 4 points in three parts, floored weighted sums, a weighted geometric
//! mean, three classes. [`assess`] derives the factors from data ([`Prepared::derive`]), fills what is missing from the
//! district, the province, the nation or the prior, and draws the score many times. Allocation uses the inherent score
//! (no plan, V4 = 4); the residual one counts the force that a plan posts. Results depend on the inputs and the seed
//! alone: each station draws from a stream named after its id, so neither order nor threads matter.

mod defaults;
mod derive;
mod draw;
pub(crate) mod grid;
pub mod input;
pub mod model;
pub mod place;
mod pool;
mod prepare;
pub mod proposal;
pub mod quota;
pub mod score;
#[cfg(test)]
pub(crate) mod tests;

pub use input::{Derived, Evidence, Inputs, RouteStart, ThreatPosterior, ThreatSubject};
pub use model::{Model, ModelError, Part};
pub use prepare::Prepared;

use crate::threads::in_batches;
use draw::{Sampler, Scratch, Spread};
use pehra_domain::{
    AreaId, StationId, UnixMs,
    override_record::{OverrideCode, OverrideRecord},
    progress::{Cancelled, Watch, tell},
    risk::{FACTOR_COUNT, Factor, FactorBasis, FactorScore, RiskClass, StationAssessment},
    station::Station,
};
use pool::{Known, Pools, StandIn};
use score::{Points, score, to_centi};
use std::collections::BTreeMap;

/// Stations that a thread takes at a time, and between two looks at the watcher.
const BATCH: usize = 512;
/// Points of V4 without a plan.
const NO_PLAN_CENTI: u16 = 400;

/// Assesses every station, in the order of the inputs. `threads` is at least 1; results do not depend on it.
///
/// # Errors
/// [`Cancelled`] when the watcher stops the work.
pub fn assess(
    model: &Model,
    inputs: &Inputs<'_>,
    seed: u64,
    draws: usize,
    threads: usize,
    watch: &mut Watch<'_>,
) -> Result<Vec<StationAssessment>, Cancelled> {
    tell(watch, "prepare", 0, inputs.stations.len() as u64)?;
    let prepared = Prepared::new(model, inputs);
    assess_prepared(&prepared, seed, draws, threads, watch)
}

/// As [`assess`], with indexes that the caller keeps for explanations.
///
/// # Errors
/// [`Cancelled`] when the watcher stops the work.
pub fn assess_prepared(
    prepared: &Prepared<'_>,
    seed: u64,
    draws: usize,
    threads: usize,
    watch: &mut Watch<'_>,
) -> Result<Vec<StationAssessment>, Cancelled> {
    assess_from(prepared, 0, seed, draws, threads, watch)
}

/// Assesses the stations from position `first` on; the ones before it only lend their distributions.
fn assess_from(
    prepared: &Prepared<'_>,
    first: usize,
    seed: u64,
    draws: usize,
    threads: usize,
    watch: &mut Watch<'_>,
) -> Result<Vec<StationAssessment>, Cancelled> {
    let stations = prepared.inputs.stations;
    let known = in_batches((stations, BATCH), threads, "factors", watch, |station, _: &mut ()| {
        Known::of(&prepared.derive(station))
    })?;
    let lenders = if first == 0 { stations.len() } else { first };
    let pools = Pools::new(prepared.model, &stations[..lenders], &known);
    let districts: BTreeMap<&AreaId, [&StandIn; FACTOR_COUNT]> = stations
        .iter()
        .map(|s| &s.district)
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .map(|district| (district, pools.of_district(district)))
        .collect();
    let round = Round {
        prepared,
        sampler: Sampler::new(prepared.model),
        districts,
        overrides: valid_overrides(prepared.inputs.overrides, prepared.inputs.as_of),
        seed,
        draws,
    };
    let pairs: Vec<(&Station, &Known)> = stations.iter().zip(&known).skip(first).collect();
    in_batches(
        (&pairs, BATCH),
        threads,
        "draws",
        watch,
        |(station, known), scratch: &mut Scratch| round.one(station, known, scratch),
    )
}

/// The codes that hold at a moment, by station, each once and in order.
fn valid_overrides(
    records: &[OverrideRecord],
    as_of: UnixMs,
) -> BTreeMap<&StationId, Vec<OverrideCode>> {
    let mut valid: BTreeMap<&StationId, Vec<OverrideCode>> = BTreeMap::new();
    for record in records.iter().filter(|record| as_of < record.expires) {
        valid.entry(&record.station).or_default().push(record.code);
    }
    for codes in valid.values_mut() {
        codes.sort_unstable();
        codes.dedup();
    }
    valid
}

/// What all stations of one assessment share.
struct Round<'r, 'a> {
    prepared: &'r Prepared<'a>,
    sampler: Sampler,
    districts: BTreeMap<&'r AreaId, [&'r StandIn; FACTOR_COUNT]>,
    overrides: BTreeMap<&'a StationId, Vec<OverrideCode>>,
    seed: u64,
    draws: usize,
}

impl Round<'_, '_> {
    fn one(&self, station: &Station, known: &Known, scratch: &mut Scratch) -> StationAssessment {
        let model = self.prepared.model;
        let stand_ins = self.districts.get(&station.district);
        let factors: [FactorScore; FACTOR_COUNT] = std::array::from_fn(|i| match known.centi[i] {
            Some(centi) => FactorScore {
                centi,
                basis: FactorBasis::Observed,
                confidence_pct: known.confidence_pct[i],
            },
            None => stand_ins.map_or(
                FactorScore { centi: 200, basis: FactorBasis::Prior, confidence_pct: 0 },
                |all| all[i].score,
            ),
        });
        let mut spreads: [Spread<'_>; FACTOR_COUNT] =
            std::array::from_fn(|i| match (known.centi[i], stand_ins) {
                (Some(centi), _) if known.confidence_pct[i] >= 100 => Spread::Fixed(centi),
                (Some(centi), _) => {
                    Spread::Around { centi, confidence_pct: known.confidence_pct[i] }
                }
                (None, Some(all)) => Spread::From(&all[i].quantiles),
                (None, None) => Spread::Around { centi: 200, confidence_pct: 0 },
            });
        spreads[Factor::V4.index()] = Spread::Fixed(NO_PLAN_CENTI);
        let own_seed = self.seed ^ name_hash(station.id.as_str());
        let summary = self.sampler.draw(&spreads, own_seed, self.draws, scratch);
        let inherent_centi = inherent(model, &factors);
        let overrides = self.overrides.get(&station.id).cloned().unwrap_or_default();
        let completeness_pct = completeness(model, &factors);
        StationAssessment {
            station: station.id.clone(),
            inherent_centi,
            residual_centi: self
                .prepared
                .inputs
                .coverage
                .map(|_| to_centi(score(model, &points_of(&factors)))),
            p10_centi: summary.p10_centi,
            p50_centi: summary.p50_centi,
            p90_centi: summary.p90_centi,
            class_permille: summary.class_permille,
            class: class_with(model.class_of(inherent_centi), &overrides),
            provisional: completeness_pct < model.provisional_below_pct,
            completeness_pct,
            overrides,
            official: station.official_class(),
            factors: factors.to_vec(),
        }
    }
}

/// The factor values as points. A short list counts as the reference of 1 point where it ends.
#[must_use]
pub fn points_of(factors: &[FactorScore]) -> Points {
    std::array::from_fn(|i| factors.get(i).map_or(1.0, |f| f64::from(f.centi.min(400)) / 100.0))
}

/// As [`points_of`] with V4 = 4: without the plan.
#[must_use]
pub fn inherent_points(factors: &[FactorScore]) -> Points {
    let mut points = points_of(factors);
    points[Factor::V4.index()] = 4.0;
    points
}

fn inherent(model: &Model, factors: &[FactorScore]) -> u16 {
    to_centi(score(model, &inherent_points(factors)))
}

/// The computed class raised to what the overrides demand; an override never lowers.
#[must_use]
pub fn class_with(computed: RiskClass, overrides: &[OverrideCode]) -> RiskClass {
    overrides.iter().map(|code| code.at_least()).fold(computed, RiskClass::max)
}

/// Share of the index that rests on observation, in percent: exponents times weights of observed factors. V4 stands
/// aside, because the inherent score fixes it.
#[must_use]
pub fn completeness(model: &Model, factors: &[FactorScore]) -> u8 {
    let exponents = model.exponents.array();
    let (mut seen, mut all) = (0.0, 0.0);
    for (factor, value) in Factor::ALL.into_iter().zip(factors) {
        if factor == Factor::V4 {
            continue;
        }
        let share = exponents[Part::of(factor).index()] * model.factor(factor).weight;
        all += share;
        if value.basis == FactorBasis::Observed {
            seen += share;
        }
    }
    if all <= 0.0 {
        return 0;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to 0..=100 before the cast"
    )]
    let percent = (100.0 * seen / all + 1e-9).floor().clamp(0.0, 100.0) as u8;
    percent
}

/// FNV-1a over a name: a stream of chance of its own for each station.
pub(crate) fn name_hash(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
