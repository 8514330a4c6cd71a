//! The patrols of a day, drawn beforehand and sealed: who goes where opens to the team itself and to the duty officer
//! until the hour comes, and to everybody afterwards.
//!
//! What was drawn never comes here before the hour: bytes that others open do, and a promise, a hash over the seed, all
//! that the draw follows from, and what came out. Whoever shows the seed at the hour can show no other schedule than the
//! one that was promised. That the promise holds is looked at outside, where the hash is known.

mod decide;
mod record;

pub(crate) use decide::decide;
pub use record::{Patrols, Phase, Promised, Record};

use crate::{
    content::Piece,
    permission as row,
    refusal::{Refusal, RefusalCode},
    stamp::{EventRef, Hash32},
    state::State,
};
use minicbor::{Decode, Encode};
use pehra_domain::{AreaId, BuildingId, Date, UnixMs};
use std::collections::BTreeSet;

/// Most teams of one schedule: with so many every part still fits the body of an entry.
pub const TEAMS_MAX: usize = 1_024;
/// Longest sealed part, and all of them together with what is sealed to the duty officer.
pub const SEALED_BYTES_MAX: usize = 1_000_000;
/// Most stops of one team.
pub const STOPS_MAX: usize = 256;
/// A schedule is of a day, and its hour lies in it or on the eve.
const HOUR_BEFORE_MS: i64 = 24 * 3_600_000;
const HOUR_AFTER_MS: i64 = 48 * 3_600_000;

/// Tours over several buildings instead of single ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Tours {
    #[n(0)]
    pub shift_hours: u8,
    #[n(1)]
    pub stay_minutes: u8,
}

/// What was asked of the draw, as it has to be asked again by whoever checks it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Terms {
    #[n(0)]
    pub teams: u32,
    /// How much of an attack's cost a team at the place takes away, in thousandths.
    #[n(1)]
    pub takes_permille: u16,
    /// What an attack costs by class (normal, sensitive, most), in hundredths of its score.
    #[n(2)]
    pub percent: [u16; 3],
    #[n(3)]
    pub tours: Option<Tours>,
    /// Which version of the engine plans the shares of days; none in schedules from before it was named, which are
    /// version 1's.
    #[n(4)]
    pub engine: Option<u16>,
}

impl Terms {
    /// The version of the engine that planned.
    #[must_use]
    pub fn engine(&self) -> u16 {
        self.engine.unwrap_or(1)
    }
}

/// A team and what opens for it alone.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Part {
    #[n(0)]
    pub team: String,
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    pub sealed: Vec<u8>,
}

/// A drawn schedule as it goes on record.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Schedule {
    #[n(0)]
    pub day: Date,
    /// The hour: from then on it may be shown.
    #[n(1)]
    pub from: UnixMs,
    #[n(2)]
    pub terms: Terms,
    /// Of all that the draw follows from besides its seed.
    #[n(3)]
    pub input: Hash32,
    /// Of the seed, the input and what was drawn.
    #[n(4)]
    pub promise: Hash32,
    #[n(5)]
    pub parts: Vec<Part>,
    /// The seed and all teams' ways, for the duty officer.
    #[n(6)]
    #[cbor(with = "minicbor::bytes")]
    pub whole: Vec<u8>,
}

/// Where a team was sent, in its order.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Way {
    #[n(0)]
    pub team: String,
    #[n(1)]
    pub stops: Vec<BuildingId>,
}

/// What is shown at the hour.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Shown {
    #[n(0)]
    #[cbor(with = "minicbor::bytes")]
    pub seed: [u8; 32],
    /// In the order of the parts.
    #[n(1)]
    pub ways: Vec<Way>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Seal { area: AreaId, schedule: Schedule },
    Show { schedule: EventRef, shown: Shown },
    Withdraw { schedule: EventRef, reason: String },
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Event {
    #[n(2400)]
    Sealed(#[n(0)] Schedule),
    #[n(2401)]
    Shown {
        #[n(0)]
        schedule: EventRef,
        #[n(1)]
        shown: Shown,
    },
    #[n(2402)]
    Withdrawn {
        #[n(0)]
        schedule: EventRef,
        #[n(1)]
        reason: String,
    },
}

impl Command {
    pub(crate) fn permission(&self) -> &'static str {
        match self {
            Self::Seal { .. } | Self::Withdraw { .. } => row::PATROL_SEAL,
            Self::Show { .. } => row::PATROL_SHOW,
        }
    }

    pub(crate) fn area<'a>(&'a self, state: &'a State) -> Option<&'a AreaId> {
        match self {
            Self::Seal { area, .. } => Some(area),
            Self::Show { schedule, .. } | Self::Withdraw { schedule, .. } => {
                state.patrols.area_of(*schedule)
            }
        }
    }
}

impl Event {
    #[must_use]
    pub fn kind(&self) -> u32 {
        match self {
            Self::Sealed(_) => 2400,
            Self::Shown { .. } => 2401,
            Self::Withdrawn { .. } => 2402,
        }
    }

    pub(crate) fn permission(&self) -> &'static str {
        match self {
            Self::Sealed(_) | Self::Withdrawn { .. } => row::PATROL_SEAL,
            Self::Shown { .. } => row::PATROL_SHOW,
        }
    }

    /// The schedule that it answers.
    #[must_use]
    pub fn schedule(&self) -> Option<EventRef> {
        match self {
            Self::Sealed(_) => None,
            Self::Shown { schedule, .. } | Self::Withdrawn { schedule, .. } => Some(*schedule),
        }
    }

    pub(crate) fn pieces<'a>(&'a self, see: &mut dyn FnMut(Piece<'a>)) {
        match self {
            Self::Sealed(schedule) => {
                for part in &schedule.parts {
                    see(Piece::Name(&part.team));
                }
            }
            Self::Shown { shown, .. } => {
                for way in &shown.ways {
                    see(Piece::Name(&way.team));
                    for stop in &way.stops {
                        see(Piece::building(stop));
                    }
                }
            }
            Self::Withdrawn { reason, .. } => see(Piece::Required(reason)),
        }
    }

    /// What is shown answers a schedule that is here, for the same teams, and not before the hour.
    pub(crate) fn check_references(&self, state: &State, at: UnixMs) -> Result<(), Refusal> {
        let Some(schedule) = self.schedule() else { return Ok(()) };
        let not_known = || Refusal::of(RefusalCode::NotKnown, schedule);
        let record = state.patrols.get(schedule).ok_or_else(not_known)?;
        let (sealed, _) = record.sealed().ok_or_else(not_known)?;
        match self {
            Self::Shown { shown, .. } => sealed.check_shown(shown, at),
            Self::Sealed(_) | Self::Withdrawn { .. } => Ok(()),
        }
    }
}

/// What holds of a schedule and of what is shown, whoever sent it.
pub(crate) fn check(event: &Event) -> Result<(), Refusal> {
    let right = match event {
        Event::Sealed(schedule) => {
            let each_once: BTreeSet<_> = schedule.parts.iter().map(|part| &part.team).collect();
            let length =
                |sealed: &Vec<u8>| if sealed.is_empty() { SEALED_BYTES_MAX } else { sealed.len() };
            let parts = schedule.parts.iter().map(|part| length(&part.sealed));
            let hour = schedule.from.0.saturating_sub(schedule.day.midnight_pkt().0);
            (1..=TEAMS_MAX).contains(&schedule.parts.len())
                && each_once.len() == schedule.parts.len()
                && parts.sum::<usize>() + length(&schedule.whole) < SEALED_BYTES_MAX
                && (-HOUR_BEFORE_MS..=HOUR_AFTER_MS).contains(&hour)
        }
        Event::Shown { shown, .. } => {
            shown.ways.len() <= TEAMS_MAX && shown.ways.iter().all(|it| it.stops.len() <= STOPS_MAX)
        }
        Event::Withdrawn { .. } => true,
    };
    if right { Ok(()) } else { Err(Refusal::of(RefusalCode::PatrolMalformed, event.kind())) }
}

#[cfg(test)]
mod tests;
