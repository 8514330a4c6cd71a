//! Reports that may be of one incident: of one family, within a kilometre and half an hour. A suggestion; only a
//! person merges.

use super::{Incidents, Key, Phase, Record};

/// Metres.
const NEAR_M: f64 = 1_000.0;
const WITHIN_MS: i64 = 30 * 60_000;

/// Other open incidents that may be the same as one, nearest in time first.
#[must_use]
pub fn duplicates<'a>(all: &'a Incidents, of: &Key) -> Vec<&'a Key> {
    let Some(record) = all.get(of) else { return Vec::new() };
    let Some((report, _)) = record.report() else { return Vec::new() };
    let mut found: Vec<(i64, &Key)> = all
        .all()
        .filter(|(key, _)| key.area == of.area && key.matter == of.matter && *key != of)
        .filter(|(key, other)| open(other) && all.standing_for(key) != all.standing_for(of))
        .filter_map(|(key, other)| {
            let (theirs, _) = other.report()?;
            let apart = theirs.at.0.saturating_sub(report.at.0).saturating_abs();
            let same_kind = theirs.code.family() == report.code.family();
            let same_place = match (&report.place.subject, &theirs.place.subject) {
                (Some(ours), Some(theirs)) if ours == theirs => true,
                _ => report
                    .place
                    .point
                    .zip(theirs.place.point)
                    .is_some_and(|(a, b)| a.distance_m(b) <= NEAR_M),
            };
            (same_kind && same_place && apart <= WITHIN_MS).then_some((apart, key))
        })
        .collect();
    found.sort();
    found.into_iter().map(|(_, key)| key).collect()
}

fn open(record: &Record) -> bool {
    record.phase() != Phase::Closed
}
