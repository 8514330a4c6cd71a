//! What may be done about an alert.

use super::{
    Basis, Command, Draft, Event, Phase, Record,
    rights::{check_draft, check_scope},
};
use crate::{
    event,
    refusal::{Refusal, RefusalCode},
    register::heads_or,
    stamp::{Context, Decided, EventRef, Mark},
    state::State,
};
use pehra_domain::{AreaId, UnixMs};

pub(crate) fn decide(
    state: &State,
    context: &Context,
    command: &Command,
) -> Result<Vec<Decided>, Refusal> {
    state.elections.nature()?;
    match command {
        Command::Draft { area, draft } => write(state, context, area, draft),
        Command::Release { draft, public } => release(state, context, *draft, *public),
        Command::Discard { draft, reason } => {
            let (record, _, mark) = known(state, *draft)?;
            let phase = state.alerts.phase(*draft, context.at);
            if phase == Phase::Discarded {
                return Ok(Vec::new());
            }
            allow(*draft, phase, phase == Phase::Drafted)?;
            let event = Event::Discarded { draft: *draft, reason: reason.clone() };
            Ok(over(event, mark, &heads_or(record.heads(), *draft)))
        }
        Command::Cancel { draft, public, english, urdu } => {
            let (record, written, mark) = known(state, *draft)?;
            let phase = state.alerts.phase(*draft, context.at);
            if phase == Phase::Cancelled {
                return Ok(Vec::new());
            }
            let disputed = phase == Phase::Disputed && record.went_out();
            allow(*draft, phase, phase == Phase::Released || disputed)?;
            check_scope(written, *public)?;
            let event = Event::Cancelled {
                draft: *draft,
                public: *public,
                english: english.clone(),
                urdu: urdu.clone(),
            };
            Ok(over(event, mark, &heads_or(record.heads(), *draft)))
        }
    }
}

fn allow(draft: EventRef, phase: Phase, may: bool) -> Result<(), Refusal> {
    if may {
        return Ok(());
    }
    Err(Refusal::of(RefusalCode::AlertStateForbids, format!("{draft} {}", phase.name())))
}

fn known(state: &State, draft: EventRef) -> Result<(&Record, &Draft, &Mark), Refusal> {
    state.alerts.get(draft).ok_or_else(|| Refusal::of(RefusalCode::NotKnown, draft))
}

fn over(event: Event, mark: &Mark, heads: &[EventRef]) -> Vec<Decided> {
    Decided::over(&event::Event::Alert(event), &mark.area, heads)
}

/// An alert is written anew, or takes the place of one that holds in the same area.
fn write(
    state: &State,
    context: &Context,
    area: &AreaId,
    draft: &Draft,
) -> Result<Vec<Decided>, Refusal> {
    check_draft(state, draft, context.at)?;
    let mut causes = Vec::new();
    if let Some(follows) = draft.follows {
        let (_, _, mark) = known(state, follows)?;
        if mark.area != *area {
            return Err(Refusal::of(RefusalCode::AreaMismatch, area));
        }
        holds(state, follows, context.at)?;
        causes.push(follows);
    }
    if let Some(Basis::Warning(release)) = &draft.basis {
        causes.push(*release);
    }
    let person = &context.actor.person;
    let same = state.alerts.all().any(|(at, _, known, mark)| {
        known == draft
            && mark.area == *area
            && mark.person == *person
            && state.alerts.phase(at, context.at) == Phase::Drafted
    });
    if same {
        return Ok(Vec::new());
    }
    let event = event::Event::Alert(Event::Drafted(Box::new(draft.clone())));
    Ok(Decided::after(&event, area, &[], &causes))
}

/// Only what holds is updated.
fn holds(state: &State, alert: EventRef, at: UnixMs) -> Result<(), Refusal> {
    let phase = state.alerts.phase(alert, at);
    allow(alert, phase, matches!(phase, Phase::Released | Phase::Disputed))
}

fn release(
    state: &State,
    context: &Context,
    draft: EventRef,
    public: bool,
) -> Result<Vec<Decided>, Refusal> {
    let (record, written, mark) = known(state, draft)?;
    let phase = state.alerts.phase(draft, context.at);
    if phase == Phase::Released {
        return Ok(Vec::new());
    }
    // What was cancelled is not let out again.
    let disputed = phase == Phase::Disputed && record.cancelled().is_none();
    allow(draft, phase, phase == Phase::Drafted || disputed)?;
    check_scope(written, public)?;
    if written.expires <= context.at {
        return Err(Refusal::of(RefusalCode::AlertExpires, draft));
    }
    if context.actor.person == mark.person {
        return Err(Refusal::of(RefusalCode::SamePersonTwice, &mark.person));
    }
    if let Some(follows) = written.follows {
        holds(state, follows, context.at)?;
    }
    let event = Event::Released { draft, drafted_by: mark.person.clone(), public };
    Ok(over(event, mark, &heads_or(record.heads(), draft)))
}
