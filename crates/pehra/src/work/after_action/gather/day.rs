//! The hours of the day, and what a suspension of service cost.

use super::{
    super::{Hour, SaidLine, SuspensionCost, SuspensionLine},
    Look, name,
};
use pehra_domain::{AreaId, UnixMs};
use pehra_ops::{
    after_action::{Site, counted_incidents, dark_at, in_effect, opened_at, seconds},
    check_in::{Code, Day, Rung, Word},
    suspension::{self, Record},
};

const HOUR_MS: i64 = 3_600_000;
/// From noon of the eve to noon of the day after.
const HOURS: i64 = 48;
const TOLL: u32 = 1_310;

/// What happened in each hour. What lies before or after counts in the first and the last.
pub(super) fn hours(look: &Look<'_>) -> Vec<Hour> {
    let grounds = look.grounds;
    let from = grounds.poll.midnight_pkt().0 - 12 * HOUR_MS;
    let mut hours: Vec<Hour> =
        (0..HOURS).map(|hour| Hour { from_ms: from + hour * HOUR_MS, ..Hour::default() }).collect();
    let mut count = |at: UnixMs, add: &dyn Fn(&mut Hour)| {
        if at > grounds.as_of {
            return;
        }
        let hour = (at.0 - from).div_euclid(HOUR_MS).clamp(0, HOURS - 1);
        if let Some(hour) = usize::try_from(hour).ok().and_then(|it| hours.get_mut(it)) {
            add(hour);
        }
    };
    for site in &grounds.sites {
        let Some(day) = grounds.day(site) else { continue };
        for claim in day.standing() {
            count(claim.at, &|hour| hour.check_ins += 1);
        }
        if let Some(at) = opened_at(day, grounds.as_of) {
            count(at, &|hour| hour.opened += 1);
        }
        let closed = day
            .standing()
            .filter(|claim| claim.code == Code::A12 && claim.word == Word::Well)
            .map(|claim| claim.at)
            .min();
        if let Some(at) = closed {
            count(at, &|hour| hour.closed += 1);
        }
    }
    for site in &grounds.sites {
        // Where material is on record its hand-over counts, elsewhere the receipt that was reported.
        let bag = look.material.bags.get(&site.station.id);
        if let Some(at) = bag.map_or_else(|| said_received(look, site), |rest| rest.received) {
            count(at, &|hour| hour.received += 1);
        }
    }
    for (_, record) in counted_incidents(grounds.state, grounds.area, grounds.as_of) {
        let (Some((report, _)), Some((_, severity))) = (record.report(), record.class()) else {
            continue;
        };
        let place = usize::from(severity.number().clamp(1, 5)) - 1;
        count(report.at, &|hour| {
            if let Some(of) = hour.incidents.get_mut(place) {
                *of += 1;
            }
        });
        for (_, step) in record.steps().iter().filter(|(_, step)| step.kind == TOLL) {
            count(step.at, &|hour| hour.toll_revisions += 1);
        }
    }
    hours
}

fn said_received(look: &Look<'_>, site: &Site<'_>) -> Option<UnixMs> {
    let day = look.grounds.day(site)?;
    day.standing().filter(|claim| claim.code == Code::A17).map(|claim| claim.at).min()
}

/// Every suspension that touches the area, with all that was stated, and what the record shows of its cost.
pub(super) fn suspensions(look: &Look<'_>) -> Vec<SuspensionLine> {
    let grounds = look.grounds;
    let all = grounds.state.suspensions.all();
    let touching = all.filter(|(area, ..)| grounds.touches(area));
    let mut lines: Vec<SuspensionLine> =
        touching.map(|(area, id, record)| line(look, area, &id.to_string(), record)).collect();
    lines.sort_by(|a, b| (a.effective_ms, &a.area, &a.id).cmp(&(b.effective_ms, &b.area, &b.id)));
    lines
}

fn line(look: &Look<'_>, area: &AreaId, id: &str, record: &Record) -> SuspensionLine {
    let window = in_effect(record, look.grounds.as_of);
    let said = |(_, stated): (_, &suspension::Stated)| SaidLine {
        what: stated.statement.word(),
        at_ms: stated.statement.at().map(|at| at.0),
        detail: stated.statement.detail(),
        source: stated.source.clone(),
    };
    let mut statements: Vec<SaidLine> = record.standing().map(said).collect();
    statements.sort_by(|a, b| {
        (a.at_ms, a.what, &a.detail, &a.source).cmp(&(b.at_ms, b.what, &b.detail, &b.source))
    });
    SuspensionLine {
        id: id.to_owned(),
        area: area.to_string(),
        area_name: name(look.gazetteer, area),
        services: record.services().into_iter().map(suspension::Service::name).collect(),
        phase: record.phase().name(),
        ordered_ms: record.moment("ordered").map(|at| at.0),
        effective_ms: record.moment("effective-observed").map(|at| at.0),
        restored_ms: record.moment("restored-observed").map(|at| at.0),
        minutes: window.map(|(from, until)| seconds(from, until) / 60),
        countersigned: record.is_countersigned(),
        statements,
        cost: window
            .map_or_else(SuspensionCost::default, |(from, until)| cost(look, area, from, until)),
    }
}

fn cost(look: &Look<'_>, area: &AreaId, from: UnixMs, until: UnixMs) -> SuspensionCost {
    let grounds = look.grounds;
    let mut cost = SuspensionCost::default();
    let within = |at: UnixMs| from <= at && at <= until;
    for site in grounds.sites.iter().filter(|site| area.contains(&site.station.district)) {
        let day = grounds.day(site);
        let dark = dark_at(grounds.schedule, grounds.poll, day, grounds.as_of);
        cost.stations_dark += u64::from(dark.is_some_and(within));
        for (_, in_time) in grounds.asked(day).filter(|(due, _)| within(*due)) {
            cost.check_ins_due += 1;
            cost.check_ins_missed += u64::from(!in_time);
        }
        let heard = day.into_iter().flat_map(Day::standing);
        let cellular = heard.filter(|it| it.rung == Rung::Cellular && within(it.at)).count();
        cost.cellular += cellular as u64;
    }
    cost
}
