//! Reports that may be of one thing, and incidents that a report may be of. Suggestions; only a person merges.

use super::{Phase, Reports, record::incident_key};
use crate::{incident::Incidents, stamp::EventRef};
use pehra_domain::IncidentId;

const WITHIN_MS: i64 = 2 * 3_600_000;
/// Suggestions shown at most.
const MOST: usize = 8;

/// Other open reports that may be of the same thing: of one matter, topic and place, within two hours; nearest in time
/// first.
#[must_use]
pub fn duplicates(all: &Reports, of: EventRef) -> Vec<EventRef> {
    let Some((report, mark)) = all.get(of).and_then(super::Record::report) else {
        return Vec::new();
    };
    let mut found: Vec<(i64, EventRef)> = all
        .all()
        .filter(|(at, record, _, _)| *at != of && record.phase() != Phase::Closed)
        .filter(|(_, _, other, theirs)| {
            let place = match (&report.station, &other.station) {
                (Some(ours), Some(theirs)) => ours == theirs,
                (None, _) | (_, None) => report.constituency == other.constituency,
            };
            theirs.area == mark.area
                && other.matter == report.matter
                && other.topic == report.topic
                && place
        })
        .map(|(at, _, _, theirs)| ((theirs.clock_ms.0 - mark.clock_ms.0).abs(), at))
        .filter(|(apart, _)| *apart <= WITHIN_MS)
        .collect();
    found.sort_unstable();
    found.into_iter().take(MOST).map(|(_, at)| at).collect()
}

/// Incidents of the report's area and matter, within two hours of it, nearest in time first; those into which its
/// duplicates were merged stand in front.
#[must_use]
pub fn incidents(all: &Reports, incidents: &Incidents, of: EventRef) -> Vec<IncidentId> {
    let Some((report, mark)) = all.get(of).and_then(super::Record::report) else {
        return Vec::new();
    };
    let mut found: Vec<IncidentId> = duplicates(all, of)
        .into_iter()
        .filter_map(|at| all.get(at)?.merged_into().cloned())
        .filter(|into| incidents.get(&incident_key(report, mark, into)).is_some())
        .collect();
    let mut near: Vec<(i64, &IncidentId)> = incidents
        .all()
        .filter(|(key, record)| {
            key.area == mark.area
                && key.matter == report.matter
                && record.phase() != crate::incident::Phase::Closed
        })
        .filter_map(|(key, record)| {
            let apart = (record.report()?.0.at.0 - mark.clock_ms.0).abs();
            (apart <= WITHIN_MS).then_some((apart, &key.incident))
        })
        .collect();
    near.sort_unstable();
    found.extend(near.into_iter().map(|(_, incident)| incident.clone()));
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|one| seen.insert(one.clone()));
    found.truncate(MOST);
    found
}
