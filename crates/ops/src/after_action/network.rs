//! K17 to K21: cameras, means of communication, suspensions of service, and how far the nodes were behind.

use super::{Caveat, Grounds, Indicator, Measure, Part, Reason, seconds};
use crate::{
    check_in::{Day, Rung},
    equipment::{Health, Kind, Place, health::Uptime},
    suspension::Record,
};
use pehra_domain::{StationId, UnixMs, risk::RiskClass};
use std::collections::{BTreeMap, BTreeSet};

/// Minutes after midnight from which a camera at a most sensitive station is due.
const CAMERAS_FROM: i64 = 5 * 60;
const LAG_SECONDS_MAX: u64 = 30 * 60;

pub(super) fn tell(grounds: &Grounds<'_>, all: &mut Vec<Indicator>) {
    let (uptime, tamper) = cameras(grounds);
    all.extend([uptime, tamper, rungs(grounds), suspensions(grounds), lag(grounds)]);
}

fn cameras(grounds: &Grounds<'_>) -> (Indicator, Indicator) {
    let most: BTreeSet<&StationId> = grounds
        .sites
        .iter()
        .filter(|site| site.class == RiskClass::Most)
        .map(|site| &site.station.id)
        .collect();
    let from = grounds.minute(CAMERAS_FROM);
    let (mut up, mut due, mut alarms, mut known, mut newest) =
        (Uptime::default(), false, 0, false, None);
    for (_, kit) in grounds.state.equipment.areas().filter(|(at, _)| grounds.area.contains(at)) {
        for (id, record) in kit.items().filter(|(_, it)| it.kind() == Some(Kind::Camera)) {
            known = true;
            let sights = record.sights().iter().filter(|sight| sight.at <= grounds.as_of);
            for sight in sights {
                newest = newest.max(Some(sight.at));
                alarms += u64::from(matches!(sight.health, Health::Covered | Health::Moved));
            }
            let Some((Place::Station(station), _)) = record.place() else { continue };
            if most.contains(station) {
                due = true;
                up = up.plus(kit.uptime(id, from, grounds.as_of));
            }
        }
    }
    let mut uptime = Indicator::not_recorded(17, Reason::NoCameras);
    if due {
        uptime.reason = None;
        let minutes = |ms: i64| u64::try_from(ms.max(0) / 60_000).unwrap_or(0);
        uptime.share(Part::All, minutes(up.up_ms), minutes(up.due_ms));
        uptime.row(Part::Unsaid, Measure::Minutes(minutes(up.unseen_ms)));
        uptime.met = up.per_mille().map(|it| it >= 950);
        uptime.newest = newest;
    }
    let mut tamper = Indicator::not_recorded(18, Reason::NoCameras);
    if known {
        tamper.reason = None;
        tamper.row(Part::All, Measure::Count(alarms));
        tamper.newest = newest;
    }
    (uptime, tamper)
}

fn rungs(grounds: &Grounds<'_>) -> Indicator {
    let mut counts: BTreeMap<Rung, u64> = BTreeMap::new();
    let mut newest = None;
    let days = grounds.area_days().flat_map(|day| day.subjects()).map(|(_, day)| day);
    for claim in days.flat_map(Day::standing).filter(|claim| claim.at <= grounds.as_of) {
        *counts.entry(claim.rung).or_default() += 1;
        newest = newest.max(Some(claim.at));
    }
    let all: u64 = counts.values().sum();
    if all == 0 {
        return Indicator::not_recorded(19, Reason::NoCheckIns);
    }
    let mut one = Indicator::new(19);
    for rung in Rung::ALL {
        one.share(Part::Rung(rung), counts.get(&rung).copied().unwrap_or(0), all);
    }
    one.newest = newest;
    one
}

/// From the observed effect to the observed restoration, up to the moment of an account.
#[must_use]
pub fn in_effect(record: &Record, as_of: UnixMs) -> Option<(UnixMs, UnixMs)> {
    let from = record.moment("effective-observed")?;
    Some((from, record.moment("restored-observed").map_or(as_of, |at| at.min(as_of))))
}

fn suspensions(grounds: &Grounds<'_>) -> Indicator {
    let all = grounds.state.suspensions.all();
    let all: Vec<&Record> =
        all.filter(|(area, ..)| grounds.touches(area)).map(|(.., record)| record).collect();
    if all.is_empty() {
        return Indicator::not_recorded(20, Reason::NoSuspension);
    }
    let mut one = Indicator::new(20);
    let total = all.len() as u64;
    let basis = |record: &&&Record| {
        record.standing().any(|(_, it)| it.statement.word() == "legal-basis-claimed")
    };
    let (with_basis, signed) = (
        all.iter().filter(basis).count() as u64,
        all.iter().filter(|record| record.is_countersigned()).count() as u64,
    );
    let lasted = all.iter().filter_map(|record| in_effect(record, grounds.as_of));
    let lasted = lasted.map(|(from, until)| seconds(from, until) / 60).sum();
    one.row(Part::Minutes, Measure::Minutes(lasted));
    one.share(Part::LegalBasis, with_basis, total);
    one.share(Part::Countersigned, signed, total);
    one.met = Some(with_basis == total);
    let moments = all.iter().flat_map(|record| record.standing());
    one.newest = moments.filter_map(|(_, it)| it.statement.at()).max();
    one
}

fn lag(grounds: &Grounds<'_>) -> Indicator {
    if grounds.exercise {
        return Indicator::not_recorded(21, Reason::OtherClock);
    }
    let lags =
        grounds.ledger.lags_ms.iter().map(|ms| u64::try_from((*ms).max(0)).unwrap_or(0) / 1_000);
    let mut lags: Vec<u64> = lags.collect();
    lags.sort_unstable();
    let (Some(p50_s), Some(p95_s)) = (super::percentile(&lags, 50), super::percentile(&lags, 95))
    else {
        return Indicator::not_recorded(21, Reason::NobodySigned);
    };
    let mut one = Indicator::new(21);
    let count = lags.len() as u64;
    one.row(Part::All, Measure::Spread { count, p50_s, p90_s: p95_s });
    one.met = Some(p95_s <= LAG_SECONDS_MAX);
    one.caveats.push(Caveat::AtTheEnd);
    one.newest = Some(grounds.as_of);
    one
}
