//! What may be done about a schedule.

use super::{Command, Event, Phase, Record};
use crate::{
    event,
    refusal::{Refusal, RefusalCode},
    register::heads_or,
    stamp::{Context, Decided, EventRef},
    state::State,
};

pub(crate) fn decide(
    state: &State,
    context: &Context,
    command: &Command,
) -> Result<Vec<Decided>, Refusal> {
    match command {
        Command::Seal { area, schedule } => {
            state.elections.nature()?;
            if let Some((_, known)) = state.patrols.standing(area, schedule.day).next() {
                if known.promise() == Some(schedule.promise) {
                    return Ok(Vec::new());
                }
                return Err(Refusal::of(RefusalCode::PatrolStands, schedule.day));
            }
            Ok(Decided::over(&event::Event::Patrol(Event::Sealed(schedule.clone())), area, &[]))
        }
        Command::Show { schedule, shown } => {
            let record = standing(state, *schedule)?;
            let (sealed, mark) = known(record, *schedule)?;
            sealed.check_shown(shown, context.at)?;
            if record.shown() == Some(shown) {
                return Ok(Vec::new());
            }
            let event = Event::Shown { schedule: *schedule, shown: shown.clone() };
            let heads = heads_or(record.shown_refs(), *schedule);
            Ok(Decided::over(&event::Event::Patrol(event), &mark.area, &heads))
        }
        Command::Withdraw { schedule, reason } => {
            let record = standing(state, *schedule)?;
            let (_, mark) = known(record, *schedule)?;
            let event = Event::Withdrawn { schedule: *schedule, reason: reason.clone() };
            Ok(Decided::over(&event::Event::Patrol(event), &mark.area, &[*schedule]))
        }
    }
}

fn known(record: &Record, at: EventRef) -> Result<&(super::Promised, crate::stamp::Mark), Refusal> {
    record.sealed().ok_or_else(|| Refusal::of(RefusalCode::NotKnown, at))
}

/// A schedule that nobody withdrew.
fn standing(state: &State, at: EventRef) -> Result<&Record, Refusal> {
    let record = state.patrols.get(at).ok_or_else(|| Refusal::of(RefusalCode::NotKnown, at))?;
    match record.phase() {
        Phase::Unknown => Err(Refusal::of(RefusalCode::NotKnown, at)),
        Phase::Withdrawn => Err(Refusal::of(RefusalCode::PatrolWithdrawn, at)),
        Phase::Sealed | Phase::Shown | Phase::Disputed => Ok(record),
    }
}
