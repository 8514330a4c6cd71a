//! The index itself, for one set of factor values.
//!
//! Source: DOMAIN §3(a). For each part `K = max(floor, 100 · Σ wᵢ xᵢ / 4)`, then
//! `S = 100 · (T/100)^a · (V/100)^b · (C/100)^c`.

use super::model::{Model, Part};
use pehra_domain::risk::{FACTOR_COUNT, Factor, RiskClass};

/// Points 0.0 to 4.0 in the order of [`Factor::ALL`].
pub type Points = [f64; FACTOR_COUNT];

/// The three parts, each from the floor to 100.
#[must_use]
pub fn parts(model: &Model, points: &Points) -> [f64; 3] {
    let mut sums = [0.0; 3];
    for ((factor, parameters), value) in Factor::ALL.into_iter().zip(&model.factors).zip(points) {
        sums[Part::of(factor).index()] += parameters.weight * value;
    }
    sums.map(|sum| (100.0 * sum / 4.0).max(model.floor))
}

/// The score, 0 to 100.
#[must_use]
pub fn score(model: &Model, points: &Points) -> f64 {
    combine(model, parts(model, points))
}

/// The score of three parts.
#[must_use]
pub fn combine(model: &Model, parts: [f64; 3]) -> f64 {
    let shares = parts.into_iter().zip(model.exponents.array());
    100.0 * shares.map(|(part, exponent)| libm::pow(part / 100.0, exponent)).product::<f64>()
}

/// A score in hundredths, 0 to 10 000.
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to 0..=10000 before the cast"
)]
pub fn to_centi(score: f64) -> u16 {
    (score * 100.0).round().clamp(0.0, 10_000.0) as u16
}

/// Points in hundredths, 0 to 400.
#[must_use]
pub fn points_centi(points: f64) -> u16 {
    to_centi(points.clamp(0.0, 4.0))
}

/// The class of a set of factor values, by the score rounded to hundredths.
#[must_use]
pub fn classify(model: &Model, points: &Points) -> RiskClass {
    model.class_of(to_centi(score(model, points)))
}

/// What each factor adds, in the order of [`Factor::ALL`]: the score minus the score with that factor alone set to
/// the reference of 1 point. Exact: nothing is approximated or shared out.
#[must_use]
pub fn drop_one(model: &Model, points: &Points) -> [f64; FACTOR_COUNT] {
    let whole = score(model, points);
    let mut sums = [0.0; 3];
    for ((factor, parameters), value) in Factor::ALL.into_iter().zip(&model.factors).zip(points) {
        sums[Part::of(factor).index()] += parameters.weight * value;
    }
    std::array::from_fn(|index| {
        let mut changed = sums;
        let part = Part::of(Factor::ALL[index]).index();
        changed[part] += model.factors[index].weight * (1.0 - points[index]);
        whole - combine(model, changed.map(|sum| (100.0 * sum / 4.0).max(model.floor)))
    })
}

/// The factors by size of their contribution, greatest first; equal ones in the order of [`Factor::ALL`].
#[must_use]
pub fn ranked(contributions: &[f64; FACTOR_COUNT]) -> Vec<(Factor, f64)> {
    let mut all: Vec<(Factor, f64)> =
        Factor::ALL.into_iter().zip(contributions.iter().copied()).collect();
    all.sort_by_key(|(_, value)| std::cmp::Reverse(millionths(*value)));
    all
}

#[expect(clippy::cast_possible_truncation, reason = "a contribution is within ±100")]
fn millionths(value: f64) -> i64 {
    (value.abs() * 1e6).round() as i64
}
