//! What may be done about a report, by what was done before.

use super::{Command, Deed, Event, On, Phase, Record, Report, may_read, record::incident_key};
use crate::{
    event,
    refusal::{Refusal, RefusalCode},
    stamp::{Context, Decided, EventRef, Mark},
    state::State,
};
use pehra_domain::role::Role;

pub(crate) fn decide(
    state: &State,
    context: &Context,
    command: &Command,
) -> Result<Vec<Decided>, Refusal> {
    let nature = state.elections.nature()?;
    match command {
        Command::Receive { area, report } => {
            if let Some(hour) = report.hour {
                nature.not_ahead(context, hour, report.topic.name())?;
            }
            if let Some(station) = &report.station {
                state.elections.admits(station)?;
            }
            if state.reports.of_receipt(&report.receipt).is_some() {
                return Err(Refusal::of(RefusalCode::ReceiptTaken, report.topic.name()));
            }
            Ok(over(Event::Received(report.clone()), area, &[]))
        }
        Command::LeaveContact { on, sealed } => {
            let (record, _, mark) = known(state, *on)?;
            if record.contacts().next().is_some() || record.phase() == Phase::Closed {
                return Err(Refusal::of(RefusalCode::ReportStateForbids, on.report));
            }
            let event = Event::ContactLeft { on: *on, sealed: sealed.clone() };
            Ok(over(event, &mark.area, &[on.report]))
        }
        Command::Act { on, deed } => {
            let (record, report, mark) = known(state, *on)?;
            if !allowed(record.phase(), deed) {
                return Err(Refusal::of(RefusalCode::ReportStateForbids, on.report));
            }
            let (event, heads) = act(state, record, (report, mark), *on, deed)?;
            Ok(over(event, &mark.area, &heads))
        }
        Command::NameReader { area, key } => {
            let (person, role) = (&context.actor.person, &context.actor.role);
            let mut named = state.reports.readers();
            if named.any(|(_, known, by)| {
                known == key && by.person == *person && by.role == *role && by.area == *area
            }) {
                return Ok(Vec::new());
            }
            Ok(over(Event::ReaderNamed { key: *key }, area, &[]))
        }
        Command::EndReader { reader } => {
            let mark = state.reports.reader_mark(*reader);
            let mark = mark.ok_or_else(|| Refusal::of(RefusalCode::NotKnown, reader))?;
            if !state.reports.reader_stands(*reader) {
                return Ok(Vec::new());
            }
            Ok(over(Event::ReaderEnded { reader: *reader }, &mark.area, &[*reader]))
        }
    }
}

fn over(event: Event, area: &pehra_domain::AreaId, heads: &[EventRef]) -> Vec<Decided> {
    Decided::over(&event::Event::Report(event), area, heads)
}

/// The report that an act is about, under the matter that the act names.
fn known(state: &State, on: On) -> Result<(&Record, &Report, &Mark), Refusal> {
    let record = state.reports.get(on.report);
    let record = record.ok_or_else(|| Refusal::of(RefusalCode::NotKnown, on.report))?;
    let received = record.report();
    let (report, mark) = received.ok_or_else(|| Refusal::of(RefusalCode::NotKnown, on.report))?;
    if report.matter != on.matter {
        return Err(Refusal::of(RefusalCode::MatterDiffers, on.report));
    }
    Ok((record, report, mark))
}

/// The machine of docs/state-machines/report.md.
fn allowed(phase: Phase, deed: &Deed) -> bool {
    use Phase as P;
    match deed {
        Deed::Triage { .. } => matches!(phase, P::Received | P::Triaged | P::Disputed),
        Deed::Answer { .. } => {
            matches!(phase, P::Received | P::Triaged | P::Answered | P::Disputed)
        }
        // Nothing is put away unanswered.
        Deed::Close => matches!(phase, P::Answered | P::Disputed),
        Deed::Judge { .. } | Deed::Merge { .. } | Deed::Part | Deed::OpenContact { .. } => {
            phase != P::Unknown
        }
    }
}

/// The event of a deed, and the entries that it follows from.
fn act(
    state: &State,
    record: &Record,
    (report, mark): (&Report, &Mark),
    on: On,
    deed: &Deed,
) -> Result<(Event, Vec<EventRef>), Refusal> {
    let progress = || record.progress_refs(on.report);
    Ok(match deed {
        Deed::Triage { urgency } => (Event::Triaged { on, urgency: *urgency }, progress()),
        Deed::Judge { finding, basis } => (
            Event::Judged { on, finding: *finding, basis: *basis },
            record.judgement_refs(on.report),
        ),
        Deed::Merge { into } => {
            if state.incidents.get(&incident_key(report, mark, into)).is_none() {
                return Err(Refusal::of(RefusalCode::IncidentUnknown, into));
            }
            (Event::Merged { on, into: into.clone() }, record.merged_refs(on.report))
        }
        Deed::Part => {
            if record.merged_into().is_none() && !record.is_merge_disputed() {
                return Err(Refusal::of(RefusalCode::ReportStateForbids, on.report));
            }
            (Event::Parted { on }, record.merged_refs(on.report))
        }
        Deed::Answer { answer, note } => {
            (Event::Answered { on, answer: *answer, note: note.clone() }, progress())
        }
        Deed::Close => (Event::Closed { on }, progress()),
        Deed::OpenContact { reason } => {
            if record.contacts().next().is_none() {
                return Err(Refusal::of(RefusalCode::NotKnown, on.report));
            }
            (Event::ContactOpened { on, reason: reason.clone() }, vec![on.report])
        }
    })
}

/// What an act refers to must be on record, under the matter that it names; only readers have reading keys.
pub(crate) fn check_references(state: &State, event: &Event) -> Result<(), Refusal> {
    if let Some(on) = event.on() {
        known(state, on)?;
    }
    match event {
        Event::ReaderEnded { reader } if state.reports.reader_mark(*reader).is_none() => {
            Err(Refusal::of(RefusalCode::NotKnown, reader))
        }
        Event::Received(_)
        | Event::ContactLeft { .. }
        | Event::Triaged { .. }
        | Event::Judged { .. }
        | Event::Merged { .. }
        | Event::Parted { .. }
        | Event::Answered { .. }
        | Event::Closed { .. }
        | Event::ContactOpened { .. }
        | Event::ReaderNamed { .. }
        | Event::ReaderEnded { .. } => Ok(()),
    }
}

/// A reading key is named in a role that reads.
pub(crate) fn check_role(event: &Event, role: &Role) -> Result<(), Refusal> {
    if matches!(event, Event::ReaderNamed { .. }) && !may_read(role) {
        return Err(Refusal::of(RefusalCode::RoleLacksPermission, role.as_str()));
    }
    Ok(())
}
