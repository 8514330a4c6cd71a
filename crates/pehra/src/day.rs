//! The state of the day, computed: how each station stands on the ladder, what is open, what is suspended. One picture
//! for all readers; a new one only when something was folded or a minute has passed.

mod picture;

pub use picture::{
    AreaPicture, BIN_MS, BINS, Counts, FLAG_CLOSED, FLAG_OPENED, IncidentRow, MethaneRow, Picture,
    SuspensionRow, TargetRow, TollRow,
};

use crate::{
    facts,
    node::{Node, NodeError},
};
use pehra_domain::UnixMs;
use pehra_ops::{
    check_in::schedule::Schedule, election::Nature, incident::Taxonomy, refusal::Refusal,
    refusal::RefusalCode,
};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

/// What time it is in an exercise: so much of its day goes by in so much of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayClock {
    /// This node's time at which it was set.
    pub real: UnixMs,
    /// The day's time at that moment.
    pub day: UnixMs,
    /// Thousandths: 60,000 lets an hour pass in a minute, 0 stands still.
    pub pace_milli: u32,
}

impl DayClock {
    /// The day's time at a moment of this node's.
    #[must_use]
    pub fn at(&self, real: UnixMs) -> UnixMs {
        let passed = real.0.saturating_sub(self.real.0).max(0);
        UnixMs(self.day.0.saturating_add(passed.saturating_mul(i64::from(self.pace_milli)) / 1000))
    }
}

/// What the node keeps for the day.
#[derive(Default)]
pub struct Desk {
    clock: RwLock<Option<DayClock>>,
    picture: Mutex<Option<Arc<Picture>>>,
}

/// When each check-in is due. The shipped tables; a test keeps them readable.
#[must_use]
pub fn schedule() -> Option<&'static Schedule> {
    static SCHEDULE: OnceLock<Option<Schedule>> = OnceLock::new();
    SCHEDULE.get_or_init(|| facts::day_schedule().ok()).as_ref()
}

/// Kinds of incident. The shipped table; a test keeps it readable.
#[must_use]
pub fn taxonomy() -> Option<&'static Taxonomy> {
    static TAXONOMY: OnceLock<Option<Taxonomy>> = OnceLock::new();
    TAXONOMY.get_or_init(|| facts::taxonomy().ok()).as_ref()
}

impl Node {
    /// What time it is on the day: the wall's, or an exercise's own.
    #[must_use]
    pub fn day_now(&self) -> UnixMs {
        let now = self.now();
        self.day_clock().map_or(now, |clock| clock.at(now))
    }

    /// The exercise's clock, while one is set.
    #[must_use]
    pub fn day_clock(&self) -> Option<DayClock> {
        *self.day_desk().clock.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets the day of an exercise go by at its own pace; none goes back to the wall's.
    ///
    /// # Errors
    /// [`NodeError::Refused`] in a real election: its time is the wall's.
    pub fn set_day_clock(&self, clock: Option<DayClock>) -> Result<(), NodeError> {
        let real = self.ops(|state| state.elections.nature()) == Ok(Nature::Real);
        if real && clock.is_some() {
            return Err(Refusal::of(RefusalCode::NatureMixed, "clock").into());
        }
        *self.day_desk().clock.write().unwrap_or_else(PoisonError::into_inner) = clock;
        Ok(())
    }

    /// The day as it stands now; none while there are no stations. Takes some hundredths of a second for a nation when
    /// something has changed: call it off the async threads.
    #[must_use]
    pub fn day_picture(&self) -> Option<Arc<Picture>> {
        let (world, now) = (self.world(), self.day_now());
        let mut kept = self.day_desk().picture.lock().unwrap_or_else(PoisonError::into_inner);
        let made = self.ops(|state| Picture::make(kept.as_ref(), &world, state, now));
        if let Some(made) = &made {
            *kept = Some(made.clone());
        }
        made
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exercises_hour_passes_in_a_minute_and_stands_still_when_it_is_held() {
        let clock = DayClock { real: UnixMs(1_000), day: UnixMs(50_000), pace_milli: 60_000 };
        assert_eq!(clock.at(UnixMs(1_000)), UnixMs(50_000));
        assert_eq!(clock.at(UnixMs(61_000)), UnixMs(50_000 + 3_600_000));
        assert_eq!(clock.at(UnixMs(0)), UnixMs(50_000), "never backward");
        assert_eq!(DayClock { pace_milli: 0, ..clock }.at(UnixMs(99_000)), UnixMs(50_000));
    }

    #[test]
    fn the_shipped_tables_of_the_day_can_be_read() {
        assert!(schedule().is_some() && taxonomy().is_some());
    }
}
