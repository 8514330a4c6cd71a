//! What may be recorded about a poll, by what was recorded before.

use super::{Command, Event, Order, Phase};
use crate::{
    event,
    refusal::{Refusal, RefusalCode},
    stamp::{Context, Decided},
    state::State,
};
use pehra_domain::{Date, poll::PollKey};

pub(crate) fn decide(
    state: &State,
    _context: &Context,
    command: &Command,
) -> Result<Vec<Decided>, Refusal> {
    let (poll, order) = about(command);
    let nature = state.elections.nature()?;
    if poll.station.as_ref().is_some_and(|station| !nature.admits(station)) {
        return Err(Refusal::of(RefusalCode::NatureMixed, nature.name()));
    }
    if order.authority.trim().is_empty() || order.instrument.trim().is_empty() {
        return Err(Refusal::of(RefusalCode::InstrumentMissing, &poll.constituency));
    }
    check_phase(state.polls.phase(poll), command)?;
    let (poll, order) = (poll.clone(), order.clone());
    let (event, area, goes_on) = match command {
        Command::Schedule { area, .. } => (Event::Scheduled { poll, order }, area, None),
        Command::Postpone { area, to, .. } => {
            (Event::Postponed { poll, to: *to, order }, area, *to)
        }
        Command::Adjourn { area, to, .. } => (Event::Adjourned { poll, to: *to, order }, area, *to),
        Command::Repeat { area, on, .. } => {
            (Event::Repeated { poll, on: *on, order }, area, Some(*on))
        }
        Command::Hold { area, .. } => (Event::Held { poll, order }, area, None),
    };
    let mut refs = state.polls.refs(event.poll());
    refs.extend(next_refs(state, event.poll(), goes_on)?);
    refs.sort_unstable();
    refs.dedup();
    Ok(Decided::over(&event::Event::Poll(event), area, &refs))
}

fn about(command: &Command) -> (&PollKey, &Order) {
    match command {
        Command::Schedule { poll, order, .. }
        | Command::Postpone { poll, order, .. }
        | Command::Adjourn { poll, order, .. }
        | Command::Repeat { poll, order, .. }
        | Command::Hold { poll, order, .. } => (poll, order),
    }
}

/// The machine of docs/state-machines/poll.md. Any record but a second scheduling settles a dispute.
fn check_phase(phase: Phase, command: &Command) -> Result<(), Refusal> {
    let allowed = match (command, phase) {
        (Command::Schedule { .. }, Phase::Unknown) => true,
        (Command::Schedule { poll, .. }, _) => {
            return Err(Refusal::of(RefusalCode::PollExists, &poll.constituency));
        }
        (_, Phase::Unknown) => {
            return Err(Refusal::of(RefusalCode::PollUnknown, &about(command).0.constituency));
        }
        (_, Phase::Disputed) => true,
        (
            Command::Postpone { .. } | Command::Adjourn { .. } | Command::Hold { .. },
            Phase::Scheduled,
        ) => true,
        (Command::Repeat { .. }, Phase::Held | Phase::Adjourned) => true,
        (
            Command::Postpone { .. } | Command::Adjourn { .. } | Command::Hold { .. },
            Phase::Postponed | Phase::Adjourned | Phase::Repeated | Phase::Held,
        )
        | (Command::Repeat { .. }, Phase::Scheduled | Phase::Postponed | Phase::Repeated) => false,
    };
    if allowed {
        Ok(())
    } else {
        Err(Refusal::of(RefusalCode::PollStateForbids, &about(command).0.constituency))
    }
}

/// The poll of the new day must not have gone on yet.
fn next_refs(
    state: &State,
    poll: &PollKey,
    goes_on: Option<Date>,
) -> Result<Vec<crate::EventRef>, Refusal> {
    let Some(date) = goes_on else { return Ok(Vec::new()) };
    let next = PollKey { date, ..poll.clone() };
    match state.polls.phase(&next) {
        Phase::Unknown | Phase::Scheduled => Ok(state.polls.refs(&next)),
        Phase::Postponed | Phase::Adjourned | Phase::Repeated | Phase::Held | Phase::Disputed => {
            Err(Refusal::of(RefusalCode::PollStateForbids, date))
        }
    }
}

/// A poll goes on on a later day.
pub(crate) fn check(event: &Event) -> Result<(), Refusal> {
    match event.outcome().1 {
        Some(date) if date <= event.poll().date => {
            Err(Refusal::of(RefusalCode::DateNotLater, date))
        }
        Some(_) | None => Ok(()),
    }
}
