//! K26, K28, K31 and K32: training, polls held again, the risk model against the day, and the ledger's own soundness.

use super::{Caveat, Grounds, Indicator, Measure, Part, Reason, Site};
use pehra_domain::{
    StationId, UnixMs,
    poll::{PollKey, PollState},
    station::Station,
};
use std::collections::BTreeSet;

/// What the model is to reach: so many thousandths of the base rate.
const LIFT_MIN: i64 = 3_000;

pub(super) fn tell(grounds: &Grounds<'_>, all: &mut Vec<Indicator>) {
    all.extend([
        Indicator::not_recorded(26, Reason::NoTraining),
        again(grounds),
        captured(grounds),
        sound(grounds),
    ]);
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
