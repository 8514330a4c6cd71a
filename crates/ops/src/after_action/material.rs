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

/// What custody says at the moment of an account. It is looked up once: both reach through every item's history.
#[derive(Clone, Debug)]
pub struct Material<'a> {
    /// Every station's bag: of several the one that came furthest.
    pub bags: BTreeMap<&'a StationId, Rest>,
    pub exceptions: Vec<(&'a AreaId, Exception<'a>)>,
}

impl<'a> Material<'a> {
    #[must_use]
    pub fn of(grounds: &Grounds<'a>) -> Self {
        let custody = &grounds.state.custody;
        let of_area = |(at, _): (&'a AreaId, _)| {
            exceptions(custody, at, grounds.as_of).into_iter().map(move |one| (at, one))
        };
        Self { bags: bags(grounds), exceptions: grounds.custody().flat_map(of_area).collect() }
    }

    fn of_rule(&self, rule: Rule) -> impl Iterator<Item = &Exception<'a>> {
        self.exceptions.iter().map(|(_, one)| one).filter(move |one| one.rule == rule)
    }

    /// When the newest of what did not add up began.
    fn newest(&self) -> Option<UnixMs> {
        self.exceptions.iter().map(|(_, one)| one.since).max()
    }
}

fn bags<'a>(grounds: &Grounds<'a>) -> BTreeMap<&'a StationId, Rest> {
    let mut found: BTreeMap<&StationId, Rest> = BTreeMap::new();
    for (at, place) in grounds.custody() {
        let bag = |(id, item): (&'a ItemId, &'a Item)| {
            let station = item.station.as_ref().filter(|_| item.kind == Kind::Bag)?;
            Some((station, rest(&grounds.state.custody, at, id, grounds.as_of)?))
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

pub(super) fn tell(grounds: &Grounds<'_>, material: &Material<'_>, all: &mut Vec<Indicator>) {
    let known = grounds
        .custody()
        .any(|(_, place)| place.items().next().is_some() || place.forms().next().is_some());
    all.push(stages(&material.bags));
    all.push(received(grounds, &material.bags));
    if known {
        all.push(broken(material));
        all.push(late(material));
    } else {
        all.extend([13, 15].map(|kpi| Indicator::not_recorded(kpi, Reason::NoMaterial)));
    }
    all.push(same_form(grounds, material));
    all.push(few_women(grounds, material));
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

fn broken(material: &Material<'_>) -> Indicator {
    let mut one = Indicator::new(13);
    for rule in Rule::ALL {
        let of =
            |open: bool| material.of_rule(*rule).filter(|it| it.is_open() == open).count() as u64;
        for (part, count) in [(Part::Open(*rule), of(true)), (Part::Closed(*rule), of(false))] {
            if count > 0 {
                one.row(part, Measure::Count(count));
            }
        }
    }
    if one.rows.is_empty() {
        one.row(Part::All, Measure::Count(0));
    }
    let mut all = material.exceptions.iter();
    one.met = Some(!all.any(|(_, it)| it.is_open() && it.rule.severity() >= 5));
    one.newest = material.newest();
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

fn late(material: &Material<'_>) -> Indicator {
    let mut one = Indicator::new(15);
    for rule in [Rule::X05, Rule::X24] {
        let (open, closed): (Vec<_>, Vec<_>) = material.of_rule(rule).partition(|it| it.is_open());
        one.row(Part::Open(rule), Measure::Count(open.len() as u64));
        one.row(Part::Closed(rule), Measure::Count(closed.len() as u64));
    }
    one.newest = material.newest();
    one
}

fn same_form(grounds: &Grounds<'_>, material: &Material<'_>) -> Indicator {
    let mut checked = BTreeSet::new();
    let mut newest = None;
    for (_, place) in grounds.custody() {
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
    let differing: BTreeSet<_> =
        material.of_rule(Rule::X17).filter_map(|it| Some((it.station?, it.contest?))).collect();
    let equal = checked.iter().filter(|key| !differing.contains(*key)).count() as u64;
    one.share(Part::All, equal, checked.len() as u64);
    one.met = Some(equal == checked.len() as u64);
    one.newest = newest;
    one
}

fn few_women(grounds: &Grounds<'_>, material: &Material<'_>) -> Indicator {
    let mut contests = BTreeSet::new();
    let mut newest = None;
    for (_, place) in grounds.custody() {
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
    let low: BTreeSet<_> = material.of_rule(Rule::X19).filter_map(|it| it.contest).collect();
    one.share(Part::All, low.len() as u64, contests.len() as u64);
    one.met = Some(low.is_empty());
    one.newest = newest;
    one
}
