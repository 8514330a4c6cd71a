//! What may be written into the register.

use super::{COVERED_MAX, Command, Event, Record};
use crate::{
    event,
    refusal::{Refusal, RefusalCode},
    stamp::{Context, Decided, EventRef},
    state::State,
};

pub(crate) fn decide(
    state: &State,
    context: &Context,
    command: &Command,
) -> Result<Vec<Decided>, Refusal> {
    state.elections.nature()?;
    let (area, suspension) = command.key();
    let record = state.suspensions.get(area, suspension);
    if let Command::Open { services, at, .. } = command {
        let known = record.map(Record::services).unwrap_or_default();
        if services.iter().all(|service| known.contains(service)) && record.is_some() {
            return Ok(Vec::new());
        }
        let (suspension, services) = (suspension.clone(), services.clone());
        let event = Event::Opened { suspension, services, at: *at };
        return Ok(Decided::over(&event::Event::Suspension(event), area, &[]));
    }
    let unknown = || Refusal::of(RefusalCode::SuspensionUnknown, suspension);
    let record = record.ok_or_else(unknown)?;
    let (event, follows) = write(record, context, command)?;
    let Some(event) = event else { return Ok(Vec::new()) };
    Ok(Decided::over(&event::Event::Suspension(event), area, &follows))
}

/// The event of a command on an open record, and what it follows from; no event when it says nothing new.
fn write(
    record: &Record,
    context: &Context,
    command: &Command,
) -> Result<(Option<Event>, Vec<EventRef>), Refusal> {
    let opening: Vec<EventRef> = record.opened.keys().copied().take(1).collect();
    Ok(match command.clone() {
        Command::Open { .. } => (None, Vec::new()),
        Command::State { suspension, statement, source, .. } => {
            let said = record
                .standing()
                .any(|(_, known)| known.statement == statement && known.source == source);
            let event = Event::Stated { suspension, statement, source };
            (Some(event).filter(|_| !said), opening)
        }
        Command::Strike { suspension, entry, reason, .. } => {
            if !record.standing().any(|(at, _)| at == entry) {
                return Err(Refusal::of(RefusalCode::StatementUnknown, entry));
            }
            (Some(Event::Struck { suspension, entry, reason }), vec![entry])
        }
        Command::Countersign { suspension, note, .. } => {
            let person = &context.actor.person;
            if record.standing().any(|(_, stated)| stated.mark.person == *person) {
                return Err(Refusal::of(RefusalCode::SamePersonTwice, person));
            }
            let covers: Vec<EventRef> = record.standing().map(|(at, _)| at).collect();
            if record.is_countersigned() {
                return Ok((None, Vec::new()));
            }
            (Some(Event::Countersigned { suspension, covers, note }), opening)
        }
    })
}

/// What must hold of an entry, whoever sent it.
pub(crate) fn check(event: &Event) -> Result<(), Refusal> {
    match event {
        Event::Opened { suspension, services, .. } if services.is_empty() => {
            Err(Refusal::of(RefusalCode::ServicesMissing, suspension))
        }
        Event::Countersigned { suspension, covers, .. }
            if covers.is_empty() || covers.len() > COVERED_MAX =>
        {
            Err(Refusal::of(RefusalCode::StatementUnknown, suspension))
        }
        Event::Opened { .. }
        | Event::Stated { .. }
        | Event::Struck { .. }
        | Event::Countersigned { .. } => Ok(()),
    }
}
