//! K07 to K11 and K27: what was reported, how soon it was answered, and whom it cost.

use super::{Caveat, Grounds, Indicator, Measure, Part, Reason, figure::seconds};
use crate::{
    State,
    incident::{Code, Finding, Key, Matter, Phase, Record, Severity, Terrain},
};
use pehra_domain::{AreaId, UnixMs};
use std::collections::BTreeMap;

/// Kinds of the steps that are timed.
pub const ACKNOWLEDGED: u32 = 1_301;
pub const ARRIVED: u32 = 1_305;
const SEVERITIES: [Severity; 5] =
    [Severity::Five, Severity::Four, Severity::Three, Severity::Two, Severity::One];
const TERRAINS: [Terrain; 3] = [Terrain::Urban, Terrain::Rural, Terrain::Remote];

/// Families whose incidents are attacks.
const ATTACKS: [&str; 4] = ["ARM", "GRE", "IED", "CAN"];

#[must_use]
pub fn is_attack(code: Code) -> bool {
    ATTACKS.contains(&code.family())
}

/// The incidents of an area that count: reported up to a moment, not found false, and not merged into another. Complaints
/// about those who guard are counted apart.
pub fn counted_incidents<'a>(
    state: &'a State,
    area: &'a AreaId,
    as_of: UnixMs,
) -> impl Iterator<Item = (&'a Key, &'a Record)> {
    state.incidents.all().filter(move |(key, record)| {
        key.matter == Matter::Incident
            && area.contains(&key.area)
            && record.report().is_some_and(|(report, _)| report.at <= as_of)
            && record.finding() != Some(Finding::False)
            && state.incidents.standing_for(key) == **key
    })
}

struct Case<'a> {
    record: &'a Record,
    code: Code,
    severity: Severity,
    terrain: Terrain,
    reported: UnixMs,
}

impl Case<'_> {
    /// Seconds from the report to the first step of a kind.
    fn until(&self, kind: u32, as_of: UnixMs) -> Option<u64> {
        let at = self.record.first(kind).filter(|at| *at <= as_of)?;
        Some(seconds(self.reported, at))
    }
}

fn cases<'a>(grounds: &Grounds<'a>) -> Vec<Case<'a>> {
    let counted = counted_incidents(grounds.state, grounds.area, grounds.as_of);
    let case = |(_, record): (_, &'a Record)| {
        let ((report, _), (code, severity)) = (record.report()?, record.class()?);
        let (terrain, reported) = (report.place.terrain, report.at);
        Some(Case { record, code, severity, terrain, reported })
    };
    counted.filter_map(case).collect()
}

pub(super) fn tell(grounds: &Grounds<'_>, all: &mut Vec<Indicator>) {
    let cases = cases(grounds);
    let newest = cases
        .iter()
        .flat_map(|case| case.record.steps())
        .map(|(_, step)| step.at)
        .filter(|at| *at <= grounds.as_of)
        .max();
    let mut found = [
        acknowledged(grounds, &cases),
        arrived(grounds, &cases),
        still_open(&cases),
        attacks(&cases),
    ];
    for one in &mut found {
        one.seen(newest);
    }
    all.extend(found);
    all.push(free(grounds));
    all.push(Indicator::not_recorded(10, Reason::NoCover));
}

fn acknowledged(grounds: &Grounds<'_>, cases: &[Case<'_>]) -> Indicator {
    if cases.is_empty() {
        return Indicator::not_recorded(7, Reason::NoIncidents);
    }
    let mut one = Indicator::new(7);
    let mut met = None;
    for severity in SEVERITIES {
        let of = cases.iter().filter(|case| case.severity == severity);
        let (mut answered, mut unanswered) = (Vec::new(), 0);
        for case in of {
            match case.until(ACKNOWLEDGED, grounds.as_of) {
                Some(after) => answered.push(after),
                None => unanswered += 1,
            }
        }
        let minutes = grounds.taxonomy.targets(severity).map(|it| u64::from(it.acknowledge));
        let target = minutes.map(|minutes| minutes * 60);
        let kept = one.spread(Part::Severity(severity), answered, target);
        if unanswered > 0 {
            one.row(Part::Unanswered(severity), Measure::Count(unanswered));
        }
        let kept = if unanswered > 0 { Some(false) } else { kept };
        met = both(met, kept);
    }
    one.met = met;
    one
}

/// Both kept, as far as there is anything to keep.
pub(super) fn both(one: Option<bool>, other: Option<bool>) -> Option<bool> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one && other),
        (known, None) | (None, known) => known,
    }
}

fn arrived(grounds: &Grounds<'_>, cases: &[Case<'_>]) -> Indicator {
    if cases.is_empty() {
        return Indicator::not_recorded(8, Reason::NoIncidents);
    }
    let mut one = Indicator::new(8);
    let mut met = None;
    for severity in SEVERITIES {
        for terrain in TERRAINS {
            let of = cases.iter().filter(|it| it.severity == severity && it.terrain == terrain);
            let after: Vec<u64> = of.filter_map(|it| it.until(ARRIVED, grounds.as_of)).collect();
            let targets = grounds.taxonomy.targets(severity);
            let minutes = targets.and_then(|it| it.arrive_in(terrain)).map(u64::from);
            let kept =
                one.spread(Part::Terrain(severity, terrain), after, minutes.map(|it| it * 60));
            met = both(met, kept);
        }
    }
    one.met = met;
    if one.rows.is_empty() {
        one.reason = Some(Reason::NoIncidents);
    }
    one
}

/// Free units of those on duty, as they stand at the moment of the account.
fn free(grounds: &Grounds<'_>) -> Indicator {
    let mut districts: BTreeMap<&AreaId, (u64, u64)> = BTreeMap::new();
    let within = grounds.state.dispatch.all().filter(|(at, ..)| grounds.area.contains(at));
    let mut newest = None;
    for (area, _, unit) in within {
        let steps = unit.steps();
        newest = newest.max(steps.iter().map(|(_, step)| step.at).max());
        if unit.phase().serves() {
            let place = districts.entry(area).or_default();
            place.0 += u64::from(unit.phase().may_be_sent());
            place.1 += 1;
        }
    }
    if districts.is_empty() {
        return Indicator::not_recorded(9, Reason::NoUnits);
    }
    let mut one = Indicator::new(9);
    for (area, (of, all)) in &districts {
        one.share(Part::District((*area).clone()), *of, *all);
    }
    one.met = Some(districts.values().all(|(of, all)| of * 100 >= all * 30));
    one.caveats.push(Caveat::AtTheEnd);
    one.newest = newest;
    one
}

fn still_open(cases: &[Case<'_>]) -> Indicator {
    let mut one = Indicator::new(11);
    for severity in SEVERITIES {
        let open =
            |case: &&Case<'_>| case.severity == severity && case.record.phase() != Phase::Closed;
        let count = cases.iter().filter(open).count() as u64;
        one.row(Part::Severity(severity), Measure::Count(count));
    }
    if cases.is_empty() {
        one.rows.clear();
        one.reason = Some(Reason::NoIncidents);
    }
    one
}

fn attacks(cases: &[Case<'_>]) -> Indicator {
    if cases.is_empty() {
        return Indicator::not_recorded(27, Reason::NoIncidents);
    }
    let mut one = Indicator::new(27);
    let attacks = cases.iter().filter(|case| is_attack(case.code)).count() as u64;
    let (mut killed, mut injured) = ((0, 0), (0, 0));
    for toll in cases.iter().filter_map(|case| case.record.toll()) {
        killed.0 += u64::from(toll.killed_min);
        killed.1 += u64::from(toll.killed_max);
        injured.0 += u64::from(toll.hurt_min);
        injured.1 += u64::from(toll.hurt_max);
    }
    one.row(Part::Attacks, Measure::Count(attacks));
    one.row(Part::Killed, Measure::Range { low: killed.0, high: killed.1 });
    one.row(Part::Injured, Measure::Range { low: injured.0, high: injured.1 });
    one.caveats.push(Caveat::VictimsTogether);
    one
}
