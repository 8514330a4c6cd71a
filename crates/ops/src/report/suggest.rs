//! Reports that may be of one thing, and incidents that a report may be of. Suggestions; only a person merges.

use super::{Phase, Report, Reports, Topic, record::incident_key};
use crate::{
    incident::{self, Incidents, Matter},
    stamp::{EventRef, Mark},
};
use pehra_domain::{AreaId, IncidentId};
use std::collections::{BTreeMap, BTreeSet};

const WITHIN_MS: i64 = 2 * 3_600_000;
/// Suggestions shown at most.
const MOST: usize = 8;

/// Open reports by district, matter and topic, in the order of their time: built once for a whole list.
pub struct Alike<'a> {
    all: &'a Reports,
    groups: BTreeMap<Group<'a>, Vec<(i64, EventRef, &'a Report)>>,
}

type Group<'a> = (&'a AreaId, Matter, Topic);

fn group<'a>(report: &Report, mark: &'a Mark) -> Group<'a> {
    (&mark.area, report.matter, report.topic)
}

impl<'a> Alike<'a> {
    #[must_use]
    pub fn among(all: &'a Reports) -> Self {
        let mut groups: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (at, record, report, mark) in all.all() {
            if record.phase() != Phase::Closed {
                let one = (mark.clock_ms.0, at, report);
                groups.entry(group(report, mark)).or_default().push(one);
            }
        }
        for group in groups.values_mut() {
            group.sort_unstable_by_key(|(clock, at, _)| (*clock, *at));
        }
        Self { all, groups }
    }

    /// Other open reports that may be of the same thing: of one matter, topic and place, within two hours; nearest in
    /// time first.
    #[must_use]
    pub fn duplicates(&self, of: EventRef) -> Vec<EventRef> {
        let Some((report, mark)) = self.all.get(of).and_then(super::Record::report) else {
            return Vec::new();
        };
        let told = mark.clock_ms.0;
        let group = self.groups.get(&group(report, mark)).map_or(&[][..], Vec::as_slice);
        let first = group.partition_point(|(clock, ..)| *clock < told.saturating_sub(WITHIN_MS));
        let until = told.saturating_add(WITHIN_MS);
        let mut found: Vec<(i64, EventRef)> = group
            .iter()
            .skip(first)
            .take_while(|(clock, ..)| *clock <= until)
            .filter(|(_, at, other)| *at != of && same_place(report, other))
            .map(|(clock, at, _)| ((clock - told).abs(), *at))
            .collect();
        found.sort_unstable();
        found.into_iter().take(MOST).map(|(_, at)| at).collect()
    }

    /// Incidents of the report's area and matter, within two hours of it, nearest in time first; those into which its
    /// duplicates were merged stand in front.
    #[must_use]
    pub fn incidents(&self, incidents: &Incidents, of: EventRef) -> Vec<IncidentId> {
        let Some((report, mark)) = self.all.get(of).and_then(super::Record::report) else {
            return Vec::new();
        };
        let mut found: Vec<IncidentId> = self
            .duplicates(of)
            .into_iter()
            .filter_map(|at| self.all.get(at)?.merged_into().cloned())
            .filter(|into| incidents.get(&incident_key(report, mark, into)).is_some())
            .collect();
        let mut near: Vec<(i64, &IncidentId)> = incidents
            .all()
            .filter(|(key, record)| {
                key.area == mark.area
                    && key.matter == report.matter
                    && record.phase() != incident::Phase::Closed
            })
            .filter_map(|(key, record)| {
                let at = record.report()?.0.at.0;
                let apart = at.saturating_sub(mark.clock_ms.0).saturating_abs();
                (apart <= WITHIN_MS).then_some((apart, &key.incident))
            })
            .collect();
        near.sort_unstable();
        found.extend(near.into_iter().map(|(_, incident)| incident.clone()));
        let mut seen = BTreeSet::new();
        found.retain(|one| seen.insert(one.clone()));
        found.truncate(MOST);
        found
    }
}

fn same_place(ours: &Report, theirs: &Report) -> bool {
    match (&ours.station, &theirs.station) {
        (Some(own), Some(other)) => own == other,
        (None, _) | (_, None) => ours.constituency == theirs.constituency,
    }
}
