//! K26, K28, K31 and K32: training, polls held again, the risk model against the day, and the ledger's own soundness.

use super::{Caveat, Grounds, Indicator, Measure, Part, Reason, Site};
use crate::training::Phase;
use pehra_domain::{
    StationId, UnixMs,
    member::Modules,
    poll::{PollKey, PollState},
    station::Station,
};
use std::collections::{BTreeMap, BTreeSet};

/// What the model is to reach: so many thousandths of the base rate.
const LIFT_MIN: i64 = 3_000;
/// Law and drill: who lacks one of them is not drawn for any post.
const ASKED_OF_EVERYBODY: [u8; 2] = [1, 2];
const TRAINED_PERCENT_MIN: u64 = 95;

pub(super) fn tell(grounds: &Grounds<'_>, all: &mut Vec<Indicator>) {
    all.extend([trained(grounds), again(grounds), captured(grounds), sound(grounds)]);
}

/// People who hold what everybody posted must have passed, beside the posts of the plan.
fn trained(grounds: &Grounds<'_>) -> Indicator {
    let training = &grounds.state.trainings;
    let asked = Modules::of(&ASKED_OF_EVERYBODY);
    let mut held: BTreeMap<&str, Modules> = BTreeMap::new();
    let mut newest: Option<UnixMs> = None;
    for (_, course) in training.courses().filter(|(key, _)| grounds.area.contains(&key.area)) {
        let in_time = course.certificates().filter(|(.., mark)| mark.clock_ms <= grounds.as_of);
        for (at, certificate, mark) in in_time {
            newest = newest.max(Some(mark.clock_ms));
            for number in certificate.people.iter() {
                if training.phase_of(course, at, number, grounds.poll) == Phase::Certified {
                    let slot = held.entry(number).or_default();
                    *slot = slot.and(Modules::of(&[certificate.module]));
                }
            }
        }
    }
    if newest.is_none() {
        return Indicator::not_recorded(26, Reason::NoTraining);
    }
    let certified = held.values().filter(|modules| modules.includes(asked)).count() as u64;
    let mut one = Indicator::new(26);
    let posted = grounds.planned.as_ref();
    let posted = posted.map_or(0, |plan| plan.by_class.iter().map(|(_, posted)| posted).sum());
    if posted == 0 {
        one.row(Part::All, Measure::Count(certified));
    } else {
        let of = certified.min(posted);
        one.share(Part::All, of, posted);
        one.met = Some(of * 100 >= posted * TRAINED_PERCENT_MIN);
    }
    one.caveats.push(Caveat::CertifiedAnywhere);
    one.newest = newest.filter(|_| !grounds.exercise);
    one
}

/// The stations that an order about a poll concerns: the one it names, or all of its constituency.
#[must_use]
pub fn concerned<'a>(sites: &[Site<'a>], key: &PollKey) -> BTreeSet<&'a StationId> {
    let concerns = |station: &Station| match &key.station {
        Some(named) => station.id == *named,
        None => station.contests.iter().any(|it| it.constituency == key.constituency),
    };
    sites.iter().map(|site| site.station).filter(|it| concerns(it)).map(|it| &it.id).collect()
}

/// Stations of which a repeated poll is on record.
fn again(grounds: &Grounds<'_>) -> Indicator {
    let mut one = Indicator::new(28);
    let mut stations: BTreeSet<&StationId> = BTreeSet::new();
    let mut newest: Option<UnixMs> = None;
    for (key, register) in grounds.state.polls.all() {
        let repeated = register.heads().find(|(_, head)| head.value.state == PollState::Repeated);
        let Some((_, head)) = repeated else { continue };
        let before = stations.len();
        stations.extend(concerned(&grounds.sites, key));
        if stations.len() > before {
            newest = newest.max(Some(head.mark.clock_ms));
        }
    }
    one.row(Part::All, Measure::Count(stations.len() as u64));
    one.newest = newest.filter(|_| !grounds.exercise);
    one
}

fn captured(grounds: &Grounds<'_>) -> Indicator {
    let Some(capture) = &grounds.capture else {
        return Indicator::not_recorded(31, Reason::NoAssessment);
    };
    if capture.hit == 0 {
        return Indicator::not_recorded(31, Reason::NoHits);
    }
    let mut one = Indicator::new(31);
    one.share(Part::All, capture.captured, capture.hit);
    one.row(Part::Capture, Measure::Estimate(capture.capture));
    one.row(Part::Lift, Measure::Estimate(capture.lift));
    let [lift, ..] = capture.lift;
    one.met = Some(lift >= LIFT_MIN);
    if capture.too_small {
        one.caveats.push(Caveat::TooFew);
        one.met = None;
    }
    one.newest = Some(grounds.as_of);
    one
}

fn sound(grounds: &Grounds<'_>) -> Indicator {
    let mut one = Indicator::new(32);
    one.row(Part::Forks, Measure::Count(grounds.ledger.forks));
    one.row(Part::Withheld, Measure::Count(grounds.ledger.withheld));
    one.met = Some(grounds.ledger.forks == 0);
    one.caveats.push(Caveat::RefusedAtTheDoor);
    one.newest = Some(grounds.as_of);
    one
}
