//! Whether a lock can be set.

use super::{Command, Event, Lock, Phase};
use crate::{
    event,
    refusal::{Refusal, RefusalCode},
    stamp::{Context, Decided},
    state::State,
};

pub(crate) fn decide(
    state: &State,
    _context: &Context,
    command: &Command,
) -> Result<Vec<Decided>, Refusal> {
    state.elections.nature()?;
    let locks = &state.locks;
    let (event, area) = match command {
        Command::Pin { area, key, kind, count, strength, reason } => {
            let asked = locks.pinned_elsewhere(key, *kind) + u64::from(*count);
            if asked > u64::from(*strength) {
                return Err(Refusal::of(
                    RefusalCode::BeyondStrength,
                    format!("{} {asked}/{strength}", key.unit),
                ));
            }
            let wanted = Lock::Pinned { kind: *kind, count: *count, strength: *strength };
            if locks.agreed(key) == Some(&wanted) {
                return Ok(Vec::new());
            }
            let event = Event::Pinned {
                key: key.clone(),
                kind: *kind,
                count: *count,
                strength: *strength,
                reason: reason.clone(),
            };
            (event, area)
        }
        Command::Exclude { area, key, reason } => {
            if locks.agreed(key) == Some(&Lock::Excluded) {
                return Ok(Vec::new());
            }
            (Event::Excluded { key: key.clone(), reason: reason.clone() }, area)
        }
        Command::Release { area, key, reason } => {
            if locks.phase(key) == Phase::Free {
                return Err(Refusal::of(RefusalCode::LockUnknown, key));
            }
            (Event::Released { key: key.clone(), reason: reason.clone() }, area)
        }
    };
    let refs = locks.refs(event.key());
    Ok(Decided::over(&event::Event::Lock(event), area, &refs))
}

/// A pin is of somebody, and of no more than the unit has.
pub(crate) fn check(event: &Event) -> Result<(), Refusal> {
    let Event::Pinned { key, count, strength, .. } = event else { return Ok(()) };
    if *count == 0 {
        return Err(Refusal::of(RefusalCode::CountZero, key));
    }
    if count > strength {
        return Err(Refusal::of(RefusalCode::BeyondStrength, key));
    }
    Ok(())
}
