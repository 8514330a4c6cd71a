//! What was signed about threats, as the risk index takes it (T3): of each station, place or area the highest.

use crate::world::{StationTable, World};
use pehra_domain::{StationId, UnixMs};
use pehra_ops::{
    State,
    check_in::Subject,
    intelligence::{
        Assessment, Compartment, Place, Record, Report,
        near::{self, Frame},
    },
};
use pehra_plan::assess::{ThreatPosterior, ThreatSubject};
use std::collections::BTreeMap;

/// Assessments that stood signed at a moment, none of whose reports was withdrawn. What rests on a closed compartment moves no list that planners read,
/// before a warning of it was released.
#[must_use]
pub fn posteriors(state: &State, world: &World, as_of: UnixMs) -> Vec<ThreatPosterior> {
    let desk = &state.intelligence;
    let mut highest: BTreeMap<ThreatSubject, u16> = BTreeMap::new();
    for (_, one, mark) in desk.assessments() {
        let records: Vec<&Record> =
            one.reports.iter().filter_map(|report| desk.get(*report)).collect();
        let stands = one.at <= as_of && as_of < one.until && records.iter().all(|it| is_open(it));
        if !stands {
            continue;
        }
        let places: Vec<&Place> =
            records.iter().filter_map(|record| Some(&record.written()?.0.place)).collect();
        let mut subjects: Vec<ThreatSubject> = places
            .iter()
            .flat_map(|place| stations(place, world.stations.as_deref()))
            .map(ThreatSubject::Station)
            .collect();
        if subjects.is_empty() && places.iter().all(|place| is_unplaced(place)) {
            subjects.push(ThreatSubject::Area(mark.area.clone()));
        }
        let permille = permille(one);
        for subject in subjects {
            let known = highest.entry(subject).or_default();
            *known = (*known).max(permille);
        }
    }
    highest.into_iter().map(|(subject, permille)| ThreatPosterior { subject, permille }).collect()
}

fn permille(one: &Assessment) -> u16 {
    u16::try_from(one.posterior_e4.min(10_000) / 10).unwrap_or(1_000)
}

fn is_open(record: &Record) -> bool {
    let open = |(told, _): (&Report, _)| told.compartment == Compartment::Open;
    let seen = record.written().is_some_and(open) || record.released().is_some();
    seen && !record.is_withdrawn()
}

/// Names neither a thing nor a spot: the whole area.
fn is_unplaced(place: &Place) -> bool {
    place.subject.is_none() && place.points.is_empty()
}

/// The station that a place names, and those within its radius.
fn stations(place: &Place, table: Option<&StationTable>) -> Vec<StationId> {
    let named = match &place.subject {
        Some(Subject::Station(id)) => Some(id.clone()),
        Some(Subject::Sector(_) | Subject::Convoy(_)) | None => None,
    };
    let around = table.zip(Frame::of(place, 0)).into_iter().flat_map(|(table, frame)| {
        table.stations.iter().filter(move |station| {
            let at = [station.point];
            frame.may_hold(&at) && near::distance_m(place, &at) == Some(0)
        })
    });
    named.into_iter().chain(around.map(|station| station.id.clone())).collect()
}
