//! Thresholds fitted to an election: so many most sensitive, so many sensitive, as the authority counts them.

use super::model::Thresholds;
use pehra_domain::risk::{RiskClass, StationAssessment};

/// The thresholds under which, overrides aside, at least `most` stations are most sensitive and at least `sensitive`
/// more are sensitive; stations with equal scores share a class, so that the counts may be passed but never missed. None
/// when there are fewer stations than asked for, or the scores leave no room for two rising thresholds above 0.
#[must_use]
pub fn fit_thresholds(
    assessments: &[StationAssessment],
    most: usize,
    sensitive: usize,
) -> Option<Thresholds> {
    let mut scores: Vec<u16> = assessments.iter().map(|a| a.inherent_centi).collect();
    scores.sort_unstable_by(|a, b| b.cmp(a));
    let above = |count: usize| -> Option<u16> {
        if count == 0 { Some(10_000) } else { scores.get(count - 1).copied() }
    };
    let (most, sensitive) = (above(most)?, above(most.checked_add(sensitive)?)?);
    // Equal scores at both ends: the lower class begins a hundredth below.
    let sensitive = if sensitive >= most { most.checked_sub(1)? } else { sensitive };
    (sensitive > 0).then(|| Thresholds {
        sensitive: f64::from(sensitive) / 100.0,
        most: f64::from(most) / 100.0,
    })
}

/// How many stations each class has, in the order of [`RiskClass::ALL`].
#[must_use]
pub fn count_classes(assessments: &[StationAssessment]) -> [usize; 3] {
    RiskClass::ALL.map(|class| assessments.iter().filter(|a| a.class == class).count())
}
