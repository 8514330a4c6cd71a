//! Why a station has its class, in sentences, and what one other value would change.
//!
//! Contributions are exact: the score minus the score with that one factor at the reference of 1 point (DOMAIN §3(a)).
//! They do not sum to the score, because the index multiplies its parts; each is true on its own.

mod evidence;
mod sentence;
mod status;
#[cfg(test)]
mod tests;

use crate::assess::{
    Derived, Model, class_with, inherent_points, points_of,
    score::{Points, drop_one, ranked, score, to_centi},
};
use pehra_domain::{
    StationId, UnixMs,
    override_record::OverrideRecord,
    risk::{FACTOR_COUNT, Factor, FactorBasis, FactorScore, RiskClass, StationAssessment},
};
use serde::Serialize;

/// How many reasons are told.
pub const REASONS: usize = 4;

/// One thing said in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sentence {
    pub en: String,
    pub ur: String,
}

impl Sentence {
    pub(crate) fn new(en: impl Into<String>, ur: impl Into<String>) -> Self {
        Self { en: en.into(), ur: ur.into() }
    }
}

/// One factor: its value, what it adds, and where the value comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    pub factor: Factor,
    /// The factor's name.
    pub name: Sentence,
    /// Hundredths of points, 0 to 400.
    pub centi: u16,
    pub basis: FactorBasis,
    pub confidence_pct: u8,
    /// Hundredths of score points against the reference of 1; negative: it holds the score down.
    pub contribution_centi: i32,
    /// Where the value comes from: "3 attacks within 10 km in 12 months, nearest 2.1 km".
    pub source: Sentence,
    /// The whole sentence.
    pub text: Sentence,
}

/// All that is to be said about one station's class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explanation {
    pub station: StationId,
    pub inherent_centi: u16,
    pub residual_centi: Option<u16>,
    pub class: RiskClass,
    pub official: Option<RiskClass>,
    /// Score, spread and class in one sentence.
    pub headline: Sentence,
    /// The four factors that move the score most, up or down.
    pub reasons: Vec<Reason>,
    /// Every factor, in the order of [`Factor::ALL`].
    pub factors: Vec<Reason>,
    /// One sentence for each override in force.
    pub overrides: Vec<Sentence>,
    /// What is not known, and what stands in for it.
    pub missing: Option<Sentence>,
    /// The official class where it differs.
    pub disagreement: Option<Sentence>,
}

/// Explains an assessment. `evidence` comes from [`crate::assess::Prepared::derive`] on the same inputs; without it (a
/// node that holds only the result) the sentences name the value and its basis. `overrides` may hold records of any
/// station and age; those in force at `as_of` are told.
#[must_use]
pub fn explain(
    model: &Model,
    assessment: &StationAssessment,
    evidence: Option<&[Derived; FACTOR_COUNT]>,
    overrides: &[OverrideRecord],
    as_of: UnixMs,
) -> Explanation {
    let points = inherent_points(&assessment.factors);
    let contributions = drop_one(model, &points);
    let factors: Vec<Reason> = Factor::ALL
        .into_iter()
        .map(|factor| {
            let value = shown(assessment, factor);
            let found = evidence.map(|all| all[factor.index()]);
            let contribution_centi = signed_centi(contributions[factor.index()]);
            sentence::reason(model, factor, value, contribution_centi, found)
        })
        .collect();
    let reasons = ranked(&contributions)
        .into_iter()
        .take(REASONS)
        .map(|(factor, _)| factors[factor.index()].clone())
        .collect();
    Explanation {
        station: assessment.station.clone(),
        inherent_centi: assessment.inherent_centi,
        residual_centi: assessment.residual_centi,
        class: assessment.class,
        official: assessment.official,
        headline: status::headline(assessment),
        reasons,
        factors,
        overrides: status::overrides(assessment, overrides, as_of),
        missing: status::missing(assessment),
        disagreement: status::disagreement(assessment),
    }
}

/// A factor as it counts in the inherent score: V4 is 4 whatever the plan.
fn shown(assessment: &StationAssessment, factor: Factor) -> FactorScore {
    let given = assessment.factors.get(factor.index()).copied().unwrap_or(FactorScore {
        centi: 100,
        basis: FactorBasis::Prior,
        confidence_pct: 0,
    });
    if factor == Factor::V4 { FactorScore { centi: 400, ..given } } else { given }
}

#[expect(clippy::cast_possible_truncation, reason = "clamped to ±10000 before the cast")]
fn signed_centi(value: f64) -> i32 {
    (value * 100.0).round().clamp(-10_000.0, 10_000.0) as i32
}

/// The answer to "what if this factor were so".
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WhatIf {
    pub factor: Factor,
    pub centi: u16,
    pub before_centi: u16,
    /// The inherent score with the changed value (for V4: the score with that force gap).
    pub score_centi: u16,
    /// The residual score with the changed value, if there is a plan.
    pub residual_centi: Option<u16>,
    /// Overrides stay in force.
    pub class: RiskClass,
    /// Hundredths of score points, in the order of [`Factor::ALL`].
    pub contributions_centi: Vec<i32>,
    pub text: Sentence,
}

/// Changes one factor of one station; microseconds, so that a slider may call it. `centi` above 400 counts as 400.
#[must_use]
pub fn what_if(
    model: &Model,
    assessment: &StationAssessment,
    factor: Factor,
    centi: u16,
) -> WhatIf {
    let centi = centi.min(400);
    let replace = |mut points: Points| {
        points[factor.index()] = f64::from(centi) / 100.0;
        points
    };
    let inherent = replace(inherent_points(&assessment.factors));
    let score_centi = to_centi(score(model, &inherent));
    let class = class_with(model.class_of(score_centi), &assessment.overrides);
    let residual = || to_centi(score(model, &replace(points_of(&assessment.factors))));
    WhatIf {
        factor,
        centi,
        before_centi: assessment.inherent_centi,
        score_centi,
        residual_centi: assessment.residual_centi.map(|_| residual()),
        class,
        contributions_centi: drop_one(model, &inherent).map(signed_centi).to_vec(),
        text: status::what_if(model, factor, centi, assessment, score_centi, class),
    }
}
