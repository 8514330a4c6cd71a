//! What went wrong: incidents, exceptions of custody, polls held again, and what readiness said before.

use super::{
    super::{
        ExceptionInside, ExceptionLine, IncidentInside, IncidentLine, IncidentStep, ReadyLine,
        RepollLine, StopLine, Toll, Words,
    },
    Look, name,
};
use pehra_domain::{StationId, poll::PollState};
use pehra_ops::{
    EventRef,
    after_action::{ACKNOWLEDGED, ARRIVED, concerned, counted_incidents, is_attack, seconds},
    check_in::Subject,
    custody::exception::Exception,
    event::kind_name,
    incident::{Finding, Key, Record, Severity, Step},
};
use std::collections::BTreeSet;

/// Every incident that counts, the earliest first. Complaints about those who guard are in no edition.
pub(super) fn incidents(look: &Look<'_>) -> Vec<IncidentLine> {
    let grounds = look.grounds;
    let counted = counted_incidents(grounds.state, grounds.area, grounds.as_of);
    let mut lines: Vec<(String, IncidentLine)> = counted
        .filter_map(|(key, record)| Some((key.incident.to_string(), line(look, key, record)?)))
        .collect();
    lines.sort_by(|a, b| (a.1.at_ms, &a.1.area, &a.0).cmp(&(b.1.at_ms, &b.1.area, &b.0)));
    lines.into_iter().map(|(_, line)| line).collect()
}

fn line(look: &Look<'_>, key: &Key, record: &Record) -> Option<IncidentLine> {
    let ((report, _), (code, severity)) = (record.report()?, record.class()?);
    let as_of = look.grounds.as_of;
    let first = |kind: u32| {
        let at = record.first(kind).filter(|at| *at <= as_of)?;
        Some(seconds(report.at, at))
    };
    let kind = look.grounds.taxonomy.kind(code);
    let title = kind.map_or_else(
        || Words { en: code.name().to_owned(), ur: code.name().to_owned() },
        |kind| Words { en: kind.title.clone(), ur: kind.title_ur.clone() },
    );
    let tolls = record.tolls().into_iter().filter(|(_, at)| *at <= as_of);
    let toll = |(toll, at): (&pehra_ops::incident::Toll, pehra_domain::UnixMs)| Toll {
        at_ms: at.0,
        killed: [toll.killed_min, toll.killed_max],
        hurt: [toll.hurt_min, toll.hurt_max],
        source: look.inside().then(|| toll.source.clone()),
    };
    let station = match &report.place.subject {
        Some(Subject::Station(id)) => Some(id.to_string()),
        Some(Subject::Sector(_) | Subject::Convoy(_)) | None => None,
    };
    let finding = match record.finding() {
        None => "open",
        Some(Finding::Unverified) => "unverified",
        Some(Finding::Verified) => "verified",
        Some(Finding::False) => "false",
    };
    Some(IncidentLine {
        at_ms: report.at.0,
        code: code.name(),
        title,
        severity: severity.number(),
        attack: is_attack(code),
        area: key.area.to_string(),
        area_name: name(look.gazetteer, &key.area),
        station,
        phase: record.phase().name(),
        finding,
        acknowledged_after_s: first(ACKNOWLEDGED),
        arrived_after_s: first(ARRIVED),
        tolls: tolls.map(toll).collect(),
        inside: look.inside().then(|| IncidentInside {
            incident: key.incident.to_string(),
            words: report.place.words.clone(),
            text: report.text.clone(),
            units: record.units().iter().map(ToString::to_string).collect(),
            steps: record
                .steps()
                .into_iter()
                .filter(|(_, step)| step.at <= as_of)
                .map(|(at, step)| step_line(at, step))
                .collect(),
        }),
    })
}

fn step_line(at: EventRef, step: &Step) -> IncidentStep {
    IncidentStep {
        at_ms: step.at.0,
        what: kind_name(step.kind).unwrap_or_default().to_owned(),
        detail: step.detail.clone(),
        note: step.note.clone(),
        person: step.mark.person.to_string(),
        role: step.mark.role.as_str().to_owned(),
        entry: at.to_string(),
    }
}

/// What did not add up in the custody of material, the gravest first.
pub(super) fn exceptions(look: &Look<'_>) -> Vec<ExceptionLine> {
    let found = look.material.exceptions.iter();
    let mut lines: Vec<ExceptionLine> =
        found.map(|(area, one)| exception(look, area.as_str(), one)).collect();
    lines.sort_by(|a, b| {
        let order = |it: &ExceptionLine| (!it.open, 5 - it.severity.min(5), it.since_ms);
        (order(a), a.rule, &a.area, &a.station).cmp(&(order(b), b.rule, &b.area, &b.station))
    });
    lines
}

fn exception(look: &Look<'_>, area: &str, one: &Exception<'_>) -> ExceptionLine {
    ExceptionLine {
        rule: one.rule.code(),
        name: one.rule.name(),
        severity: one.rule.severity(),
        area: area.to_owned(),
        station: one.station.map(ToString::to_string),
        contest: one.contest.map(ToString::to_string),
        since_ms: one.since.0,
        open: one.is_open(),
        outcome: one.resolved.map(|(_, outcome, _)| outcome.name()),
        inside: look.inside().then(|| ExceptionInside {
            id: one.id.clone(),
            item: one.item.map(ToString::to_string),
            detail: one.detail.clone(),
            evidence: one.evidence.iter().map(ToString::to_string).collect(),
            resolved_by: one.resolved.map(|(mark, ..)| mark.person.to_string()),
            note: one.resolved.map(|(_, _, note)| note.to_owned()),
        }),
    }
}

/// Polls that are held again, with the order and what the record has against their stations.
pub(super) fn repolls(look: &Look<'_>) -> Vec<RepollLine> {
    let grounds = look.grounds;
    let mut lines = Vec::new();
    for (key, register) in grounds.state.polls.all() {
        let heads = register.heads().map(|(_, head)| &head.value);
        let repeated: Vec<_> = heads.filter(|it| it.state == PollState::Repeated).collect();
        if repeated.is_empty() {
            continue;
        }
        let stations = concerned(&grounds.sites, key);
        if stations.is_empty() {
            continue;
        }
        for record in repeated {
            lines.push(RepollLine {
                constituency: key.constituency.to_string(),
                station: key.station.as_ref().map(ToString::to_string),
                held: key.date.to_string(),
                again: record.goes_on.map(|date| date.to_string()),
                authority: record.order.authority.clone(),
                instrument: record.order.instrument.clone(),
                dated: record.order.dated.to_string(),
                causes: causes(look, &stations),
            });
        }
    }
    lines
}

/// Kinds of grave incidents at any of the stations.
fn causes(look: &Look<'_>, stations: &BTreeSet<&StationId>) -> Vec<&'static str> {
    let grounds = look.grounds;
    let mut found = BTreeSet::new();
    for (_, record) in counted_incidents(grounds.state, grounds.area, grounds.as_of) {
        let (Some((report, _)), Some((code, severity))) = (record.report(), record.class()) else {
            continue;
        };
        if severity >= Severity::Four
            && let Some(Subject::Station(id)) = &report.place.subject
            && stations.contains(id)
        {
            found.insert(code.name());
        }
    }
    found.into_iter().collect()
}

/// How ready each area was, by its last measured drill and the stop orders.
pub(super) fn readiness(look: &Look<'_>) -> Vec<ReadyLine> {
    let readiness = &look.grounds.state.readiness;
    let areas = readiness.areas().into_iter();
    let touching = areas.filter(|at| look.grounds.touches(at));
    touching
        .map(|area| {
            let drill = readiness.drill(area);
            let all: Vec<_> =
                readiness.all_stops().filter(|(_, _, mark, _)| mark.area == *area).collect();
            let paths = drill.map(|(_, drill, _)| {
                drill.paths.iter().map(|it| (it.path.clone(), it.asked, it.answered)).collect()
            });
            ReadyLine {
                area: area.to_string(),
                area_name: name(look.gazetteer, area),
                phase: readiness.phase(area).name(),
                drill: drill.map(|(_, drill, _)| drill.name.clone()),
                paths: paths.unwrap_or_default(),
                failures: drill.map_or(0, |(_, drill, _)| drill.failures.len()),
                open: readiness.open(area).len(),
                stops: all.len(),
                stops_lifted: all.iter().filter(|(.., lifted)| lifted.is_some()).count(),
                inside: look.inside().then(|| {
                    let stop = |(_, reason, mark, lifted): &(
                        EventRef,
                        &str,
                        &pehra_ops::Mark,
                        Option<&pehra_ops::readiness::Answer>,
                    )| StopLine {
                        reason: (*reason).to_owned(),
                        by: mark.person.to_string(),
                        role: mark.role.as_str().to_owned(),
                        lifted: lifted.map(|it| it.text.clone()),
                    };
                    all.iter().map(stop).collect()
                }),
            }
        })
        .collect()
}
