//! What may be done about an incident, by what was done before.

use super::{
    Basis, Command, Deed, Event, Finding, Key, Matter, On, Phase, Record, Report, Source,
    UNITS_MAX, call,
};
use crate::{
    check_in::Subject,
    event, permission,
    refusal::{Refusal, RefusalCode},
    stamp::{Context, Decided, EventRef},
    state::State,
};
use pehra_domain::{AreaId, IncidentId};

pub(crate) fn decide(
    state: &State,
    context: &Context,
    command: &Command,
) -> Result<Vec<Decided>, Refusal> {
    let nature = state.elections.nature()?;
    match command {
        Command::Report { area, report } => {
            nature.not_ahead(context, report.at, &report.incident)?;
            reported(state, area, report)
        }
        Command::Act { area, on, deed } => {
            let unknown = || Refusal::of(RefusalCode::IncidentUnknown, &on.incident);
            let key = Key::of_act(area, on);
            let record = state.incidents.get(&key).ok_or_else(unknown)?;
            nature.not_ahead(context, on.at, &on.incident)?;
            if !allowed(record.phase(), deed) {
                return Err(Refusal::of(RefusalCode::IncidentStateForbids, &on.incident));
            }
            let person = &context.actor.person;
            if matches!(deed, Deed::Close { .. }) && !record.may_be_closed_by(person) {
                return Err(Refusal::of(RefusalCode::DutiesSeparated, permission::INCIDENT_REPORT));
            }
            let (event, heads) = act(state, record, &key, on.clone(), deed.clone())?;
            Ok(Decided::over(&event::Event::Incident(event), area, &heads))
        }
    }
}

fn reported(state: &State, area: &AreaId, report: &Report) -> Result<Vec<Decided>, Refusal> {
    if let Some(Subject::Station(station)) = &report.place.subject {
        state.elections.admits(station)?;
    }
    if let Some(record) = state.incidents.get(&Key::of_report(area, report)) {
        // The same alarm raised again says nothing new.
        if report.source == Source::Derived
            && record.reports().any(|known| known.code == report.code)
        {
            return Ok(Vec::new());
        }
        return Err(Refusal::of(RefusalCode::IncidentExists, &report.incident));
    }
    let event = event::Event::Incident(Event::Reported(report.clone()));
    Ok(Decided::over(&event, area, &[]))
}

/// The machine of docs/state-machines/incident.md.
fn allowed(phase: Phase, deed: &Deed) -> bool {
    use Phase as P;
    match deed {
        Deed::Acknowledge { .. } | Deed::Judge { .. } | Deed::Bypass { .. } => phase != P::Closed,
        Deed::Assign { .. } => {
            matches!(phase, P::Acknowledged | P::Assigned | P::EnRoute | P::Disputed)
        }
        Deed::Depart => matches!(phase, P::Assigned | P::Disputed),
        Deed::Arrive => matches!(phase, P::Assigned | P::EnRoute | P::Disputed),
        Deed::Contain => {
            matches!(phase, P::Acknowledged | P::Assigned | P::EnRoute | P::OnScene | P::Disputed)
        }
        Deed::Close { .. } => !matches!(phase, P::Reported | P::Reopened | P::Closed),
        Deed::Reopen => phase == P::Closed,
        // What is over is reopened before it becomes anything larger.
        Deed::Tell { .. } => phase != P::Closed,
        Deed::Reclassify { .. } | Deed::CountToll { .. } | Deed::Merge { .. } | Deed::Part => true,
    }
}

/// The event of a deed, and the entries that it follows from.
fn act(
    state: &State,
    record: &Record,
    key: &Key,
    on: On,
    deed: Deed,
) -> Result<(Event, Vec<EventRef>), Refusal> {
    let progress = || record.progress_refs();
    let beside = || record.over(Vec::new());
    Ok(match deed {
        Deed::Acknowledge { by } => {
            let moves =
                matches!(record.phase(), Phase::Reported | Phase::Reopened | Phase::Disputed);
            let heads = if moves { progress() } else { beside() };
            (Event::Acknowledged { on, by, moves }, heads)
        }
        Deed::Judge { finding, basis } => {
            (Event::Judged { on, finding, basis }, record.judgement_refs())
        }
        Deed::Assign { units } => (Event::Assigned { on, units }, progress()),
        Deed::Depart => (Event::Departed { on }, progress()),
        Deed::Arrive => (Event::Arrived { on }, progress()),
        Deed::Contain => (Event::Contained { on }, progress()),
        Deed::Close { outcome } => (Event::Closed { on, outcome }, progress()),
        Deed::Reopen => (Event::Reopened { on }, progress()),
        Deed::Reclassify { code, severity } => {
            (Event::Reclassified { on, code, severity }, record.class_refs())
        }
        Deed::CountToll { toll } => (Event::TollCounted { on, toll }, beside()),
        Deed::Merge { into } => {
            mergeable(state, key, &into)?;
            (Event::Merged { on, into }, record.merged_refs())
        }
        Deed::Part => {
            if record.merged_into().is_none() && !record.is_merge_disputed() {
                return Err(Refusal::of(RefusalCode::IncidentStateForbids, &on.incident));
            }
            (Event::Parted { on }, record.merged_refs())
        }
        Deed::Bypass { level } => {
            if record.answered(level).is_some() || !call::may_be_bypassed(level) {
                return Err(Refusal::of(RefusalCode::LevelAnswered, level.name()));
            }
            (Event::Bypassed { on, level }, beside())
        }
        Deed::Tell { methane } => {
            if !record.declaration().allows(methane.declared) {
                let code = RefusalCode::DeclarationForbids;
                return Err(Refusal::of(code, methane.declared.name()));
            }
            (Event::MethaneReported { on, methane }, record.declared_refs())
        }
    })
}

/// Only what is not the same may become one, and only one way: no circle.
fn mergeable(state: &State, key: &Key, into: &IncidentId) -> Result<(), Refusal> {
    let other = key.beside(into);
    if state.incidents.get(&other).is_none() {
        return Err(Refusal::of(RefusalCode::IncidentUnknown, into));
    }
    if state.incidents.standing_for(&other) == state.incidents.standing_for(key) {
        return Err(Refusal::of(RefusalCode::MergeImpossible, into));
    }
    Ok(())
}

/// What must hold of an act, whoever sent it.
pub(crate) fn check(event: &Event) -> Result<(), Refusal> {
    let wrong = |code| Err(Refusal::of(code, event.on().map_or("", |on| on.incident.as_str())));
    match event {
        Event::Judged { finding: Finding::Verified, basis: Basis::Desk, .. } => {
            wrong(RefusalCode::SourcesTooFew)
        }
        Event::Assigned { units, .. } if units.is_empty() || units.len() > UNITS_MAX => {
            wrong(RefusalCode::UnitsMissing)
        }
        Event::TollCounted { toll, .. } if !toll.is_forward() => wrong(RefusalCode::TollBackward),
        // A complaint reaches no control room; a report in this form calls all of them.
        Event::MethaneReported { on, methane }
            if on.matter == Matter::Complaint || methane.code.matter() != on.matter =>
        {
            wrong(RefusalCode::MatterDiffers)
        }
        Event::MethaneReported { methane, .. } => methane.check(),
        Event::Reclassified { on, code, .. } if code.matter() != on.matter => {
            wrong(RefusalCode::MatterDiffers)
        }
        Event::Reported(_)
        | Event::Acknowledged { .. }
        | Event::Judged { .. }
        | Event::Assigned { .. }
        | Event::Departed { .. }
        | Event::Arrived { .. }
        | Event::Contained { .. }
        | Event::Closed { .. }
        | Event::Reopened { .. }
        | Event::Reclassified { .. }
        | Event::TollCounted { .. }
        | Event::Merged { .. }
        | Event::Parted { .. }
        | Event::Bypassed { .. } => Ok(()),
    }
}
