//! K12 to K16 and K29: polling material and the forms that came of it.

use super::{Grounds, Indicator, Measure, Part, Reason};
use crate::{
    State,
    check_in::Code,
    custody::{
        Custody, Event, Item, Kind, Rule, Step,
        exception::{Exception, exceptions},
    },
};
use pehra_domain::{AreaId, ItemId, StationId, UnixMs};
use std::collections::{BTreeMap, BTreeSet};

/// The hour of the day after by which every bag is to be with the returning officer.
const RECEIVED_BY_HOUR: i64 = 10;

/// Where a station's bag came to rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rest {
    /// The furthest step that somebody completed.
    pub step: Option<Step>,
    /// When the returning officer's desk signed for it.
    pub received: Option<UnixMs>,
    pub newest: UnixMs,
}

fn rest(custody: &Custody, area: &AreaId, id: &ItemId, as_of: UnixMs) -> Option<Rest> {
    let history = custody.history(area, id);
    let acts = history.iter().map(|(_, act)| *act).filter(|act| act.at() <= as_of);
    let mut rest: Option<Rest> = None;
    for act in acts {
        let known = rest.get_or_insert(Rest { step: None, received: None, newest: act.at() });
        known.newest = known.newest.max(act.at());
        known.step = known.step.max(act.event.completed());
        if let Event::Received(receipt) = &act.event
            && receipt.step >= Step::C13
        {
            known.received = Some(known.received.map_or(receipt.at, |at| at.min(receipt.at)));
        }
    }
    rest
}

/// Every station's bag: of several the one that came furthest.
#[must_use]
pub fn bags<'a>(state: &'a State, area: &AreaId, as_of: UnixMs) -> BTreeMap<&'a StationId, Rest> {
    let mut found: BTreeMap<&StationId, Rest> = BTreeMap::new();
    let within = state.custody.areas().filter(|(at, _)| area.contains(at));
    for (at, place) in within {
        let bag = |(id, item): (&'a ItemId, &'a Item)| {
            let station = item.station.as_ref().filter(|_| item.kind == Kind::Bag)?;
            Some((station, rest(&state.custody, at, id, as_of)?))
        };
        for (station, rest) in place.items().filter_map(bag) {
            let further = |known: &Rest| (known.received, known.step) < (rest.received, rest.step);
            if found.get(station).is_none_or(further) {
                found.insert(station, rest);
            }
        }
    }
    found
}

/// Every moment that custody speaks of in an area.
pub(super) fn moments<'a>(state: &'a State, area: &'a AreaId) -> impl Iterator<Item = UnixMs> + 'a {
    let within = state.custody.areas().filter(|(at, _)| area.contains(at));
    within.flat_map(|(at, place)| {
        place
            .items()
            .flat_map(|(id, _)| state.custody.history(at, id).into_iter().map(|(_, act)| act.at()))
    })
}

pub(super) fn tell(grounds: &Grounds<'_>, all: &mut Vec<Indicator>) {
    let bags = bags(grounds.state, grounds.area, grounds.as_of);
    let found: Vec<Exception<'_>> = grounds
        .state
        .custody
        .areas()
        .filter(|(at, _)| grounds.area.contains(at))
        .flat_map(|(at, _)| exceptions(&grounds.state.custody, at, grounds.as_of))
        .collect();
    let known = grounds.state.custody.areas().any(|(at, place)| {
        grounds.area.contains(at)
            && (place.items().next().is_some() || place.forms().next().is_some())
    });
    all.push(stages(&bags));
    all.push(received(grounds, &bags));
    if known {
        all.push(broken(&found));
        all.push(late(&found));
    } else {
        all.extend([13, 15].map(|kpi| Indicator::not_recorded(kpi, Reason::NoMaterial)));
    }
    all.push(same_form(grounds, &found));
    all.push(few_women(grounds, &found));
}

fn newest(bags: &BTreeMap<&StationId, Rest>) -> Option<UnixMs> {
    bags.values().map(|rest| rest.newest).max()
}

fn stages(bags: &BTreeMap<&StationId, Rest>) -> Indicator {
    if bags.is_empty() {
        return Indicator::not_recorded(12, Reason::NoMaterial);
    }
    let mut one = Indicator::new(12);
    let mut counts: BTreeMap<Option<Step>, u64> = BTreeMap::new();
    bags.values().for_each(|rest| *counts.entry(rest.step).or_default() += 1);
    for (step, count) in counts {
        one.row(step.map_or(Part::Registered, Part::Step), Measure::Count(count));
    }
    one.newest = newest(bags);
    one
}

fn broken(found: &[Exception<'_>]) -> Indicator {
    let mut one = Indicator::new(13);
    for rule in Rule::ALL {
        let of = |open: bool| {
            let same = found.iter().filter(|it| it.rule == *rule && it.is_open() == open);
            same.count() as u64
        };
        for (part, count) in [(Part::Open(*rule), of(true)), (Part::Closed(*rule), of(false))] {
            if count > 0 {
                one.row(part, Measure::Count(count));
            }
        }
    }
    if one.rows.is_empty() {
        one.row(Part::All, Measure::Count(0));
    }
    one.met = Some(!found.iter().any(|it| it.is_open() && it.rule.severity() >= 5));
    one.newest = found.iter().map(|it| it.since).max();
    one
}

fn received(grounds: &Grounds<'_>, bags: &BTreeMap<&StationId, Rest>) -> Indicator {
    let mut one = Indicator::new(14);
    let by = grounds.minute((24 + RECEIVED_BY_HOUR) * 60).min(grounds.as_of);
    let all = grounds.sites.len() as u64;
    let own = |id: &StationId| bags.get(id).and_then(|rest| rest.received);
    let (mut signed, mut said, mut newest_said) = (0, 0, None);
    for (site, day) in grounds.days() {
        signed += u64::from(own(&site.station.id).is_some_and(|at| at <= by));
        let mut receipts = day.into_iter().flat_map(|day| day.standing());
        let receipt = receipts.find(|claim| claim.code == Code::A17 && claim.at <= by);
        said += u64::from(receipt.is_some());
        newest_said = newest_said.max(receipt.map(|claim| claim.at));
    }
    // Two sources of one fact stand beside each other.
    if !bags.is_empty() {
        one.share(Part::HandOver, signed, all);
        one.met = Some(signed == all);
    }
    if newest_said.is_some() {
        one.share(Part::Receipt, said, all);
        one.met = super::response::both(one.met, Some(said == all));
    }
    if one.rows.is_empty() {
        one.reason = Some(if all == 0 { Reason::NoStations } else { Reason::NoMaterial });
    }
    one.newest = newest(bags).max(newest_said);
    one
}

fn late(found: &[Exception<'_>]) -> Indicator {
    let mut one = Indicator::new(15);
    let of = |rule: Rule| found.iter().filter(|it| it.rule == rule).count() as u64;
    for rule in [Rule::X05, Rule::X24] {
        let open = found.iter().filter(|it| it.rule == rule && it.is_open()).count() as u64;
        one.row(Part::Open(rule), Measure::Count(open));
        one.row(Part::Closed(rule), Measure::Count(of(rule) - open));
    }
    one.newest = found.iter().map(|it| it.since).max();
    one
}

fn same_form(grounds: &Grounds<'_>, found: &[Exception<'_>]) -> Indicator {
    let mut checked = BTreeSet::new();
    let mut newest = None;
    for (_, place) in grounds.state.custody.areas().filter(|(at, _)| grounds.area.contains(at)) {
        for ((station, contest), acts) in place.forms() {
            let looked =
                acts.iter().filter_map(|act| grounds.state.custody.act(*act)).filter(|act| {
                    act.at() <= grounds.as_of
                        && matches!(act.event, Event::FormRead(_) | Event::Compared(_))
                });
            let last = looked.map(crate::custody::Act::at).max();
            if last.is_some() {
                checked.insert((station, contest));
            }
            newest = newest.max(last);
        }
    }
    if checked.is_empty() {
        return Indicator::not_recorded(16, Reason::NoForms);
    }
    let mut one = Indicator::new(16);
    let differing: BTreeSet<_> = found
        .iter()
        .filter(|it| it.rule == Rule::X17)
        .filter_map(|it| Some((it.station?, it.contest?)))
        .collect();
    let equal = checked.iter().filter(|key| !differing.contains(*key)).count() as u64;
    one.share(Part::All, equal, checked.len() as u64);
    one.met = Some(equal == checked.len() as u64);
    one.newest = newest;
    one
}

fn few_women(grounds: &Grounds<'_>, found: &[Exception<'_>]) -> Indicator {
    let within = grounds.state.custody.areas().filter(|(at, _)| grounds.area.contains(at));
    let mut contests = BTreeSet::new();
    let mut newest = None;
    for (_, place) in within {
        for ((_, contest), acts) in place.forms() {
            for act in acts.iter().filter_map(|act| grounds.state.custody.act(*act)) {
                if let Event::Counted(counted) = &act.event
                    && counted.totals.women.is_some()
                {
                    contests.insert(contest);
                    newest = newest.max(Some(act.at()));
                }
            }
        }
    }
    if contests.is_empty() {
        return Indicator::not_recorded(29, Reason::NoForms);
    }
    let mut one = Indicator::new(29);
    let low: BTreeSet<_> =
        found.iter().filter(|it| it.rule == Rule::X19).filter_map(|it| it.contest).collect();
    one.share(Part::All, low.len() as u64, contests.len() as u64);
    one.met = Some(low.is_empty());
    one.newest = newest;
    one
}
