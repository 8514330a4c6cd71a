//! Dispatch: units of the response, from going on duty to coming back, and which incident each is sent to.
//!
//! A unit stands under the area of its entries. Its progress is one fact: two nodes that send it to two incidents apart
//! leave both standing, in dispute until somebody sends or releases it. What a sending rests on stands in the sending
//! itself, so that every node judges it alike, whatever else it has heard: which duty the crew is on and since when, how
//! far it has to go, and by name the units that stay behind. Fewer than the floor need a second person.
//!
//! Where a unit is it says itself, on duty only: the last place is kept, never a track, and none beyond the duty.

mod decide;
pub mod late;
mod record;
mod rights;

pub(crate) use decide::{check, check_references, decide};
pub use record::{Answer, Ask, AskPhase, Dispatch, Phase, Progress, Record};

use crate::{content::Piece, stamp::EventRef, word::words};
use minicbor::{Decode, Encode};
use pehra_domain::{AreaId, IncidentId, PersonId, Point, UnitId, UnixMs};

/// Longest that a crew is on its feet before it is sent anywhere.
pub const DUTY_MS_MAX: i64 = 18 * 3_600_000;
/// A rest from which on a crew counts as fresh: what 18 hours leave of a day.
pub const REST_MS_MIN: i64 = 6 * 3_600_000;
/// Units that stay behind, in hundredths of those on duty, where nobody set a number: proposed.
pub const FLOOR_PERCENT: u32 = 30;
/// Most units that one sending names as staying behind.
pub const KEPT_MAX: usize = 256;
/// Most people in one unit.
pub const CREW_MAX: u16 = 200;

words! {
    /// What a unit is for.
    Kind {
        QuickReaction = 0 "quick-reaction",
        Patrol = 1 "patrol",
        /// Held back until the others are committed.
        Reserve = 2 "reserve",
    }
}

words! {
    /// Whether a time was measured along roads or estimated from the straight line.
    Basis { Road = 0 "road", Estimated = 1 "estimated" }
}

/// A unit with its crew, as it goes on duty.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Duty {
    #[n(0)]
    pub unit: UnitId,
    #[n(1)]
    pub kind: Kind,
    #[n(2)]
    pub crew: u16,
    /// Where it waits.
    #[n(3)]
    pub base: String,
    #[n(4)]
    pub point: Point,
    /// What it moves in, as its plate or call sign says; empty on foot.
    #[n(5)]
    pub vehicle: String,
    /// From being told to leaving.
    #[n(6)]
    pub ready_minutes: u16,
    /// Since when this crew is on its feet: not later than it goes on duty.
    #[n(7)]
    pub since: UnixMs,
}

/// What every act on a unit says.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct On {
    #[n(0)]
    pub unit: UnitId,
    #[n(1)]
    pub at: UnixMs,
    #[n(2)]
    pub note: String,
}

/// The incident to which a unit goes. Complaints about those who guard are none: nobody is sent to one from here.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Goal {
    #[n(0)]
    pub area: AreaId,
    #[n(1)]
    pub incident: IncidentId,
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Travel {
    #[n(0)]
    pub seconds: u32,
    #[n(1)]
    pub basis: Basis,
}

/// What stays behind when a unit leaves.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Reserve {
    /// Units of the area on duty, the one that is sent among them.
    #[n(0)]
    pub on_duty: u32,
    /// So many have to stay behind.
    #[n(1)]
    pub floor: u32,
    /// The entry that set the floor; none where [`FLOOR_PERCENT`] holds.
    #[n(2)]
    pub set_by: Option<EventRef>,
    /// Who they are: free units, at most as many as the floor asks for.
    #[n(3)]
    pub kept: Vec<UnitId>,
}

/// A sending with all that it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Sending {
    #[n(0)]
    pub goal: Goal,
    /// The entry with which the crew's present duty began.
    #[n(1)]
    pub duty: EventRef,
    #[n(2)]
    pub travel: Travel,
    #[n(3)]
    pub reserve: Reserve,
}

/// A rest that was long enough, and the duty that begins after it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Fresh {
    /// The entry with which the rest began.
    #[n(0)]
    pub rest: EventRef,
    #[n(1)]
    pub duty: Duty,
}

/// How many units of an area stay behind whatever happens.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Floor {
    #[n(0)]
    pub teams: u32,
    #[n(1)]
    pub reason: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    PutOnDuty { area: AreaId, at: UnixMs, duty: Duty },
    Act { area: AreaId, on: On, deed: Deed },
    Answer { ask: EventRef, at: UnixMs, answer: Answer, note: String },
    SetFloor { area: AreaId, at: UnixMs, floor: Floor },
}

/// What is done with a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    Send {
        goal: Goal,
        travel: Travel,
    },
    /// Asks for the second person who a sending below the floor needs.
    Ask {
        goal: Goal,
        travel: Travel,
    },
    Depart,
    Arrive,
    Contain,
    /// It is not needed there any more.
    Release,
    /// Another unit that is there stays in its place.
    HandOver {
        to: UnitId,
    },
    /// Back at its base, rested or mended.
    Ready,
    Rest,
    TakeOut,
    GoOffDuty,
    /// Where it is.
    Place {
        point: Point,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Event {
    #[n(2300)]
    WentOnDuty {
        #[n(0)]
        at: UnixMs,
        #[n(1)]
        duty: Duty,
    },
    #[n(2301)]
    Sent {
        #[n(0)]
        on: On,
        #[n(1)]
        sending: Sending,
    },
    /// One person wants to send it although fewer than the floor stay behind.
    #[n(2302)]
    Asked {
        #[n(0)]
        on: On,
        #[n(1)]
        sending: Sending,
    },
    /// Another person signs, and it is sent. Names the one who asked.
    #[n(2303)]
    Approved {
        #[n(0)]
        on: On,
        #[n(1)]
        ask: EventRef,
        #[n(2)]
        asked_by: PersonId,
        #[n(3)]
        goal: Goal,
    },
    #[n(2304)]
    Declined {
        #[n(0)]
        ask: EventRef,
        #[n(1)]
        at: UnixMs,
        #[n(2)]
        note: String,
    },
    #[n(2305)]
    Departed {
        #[n(0)]
        on: On,
        #[n(1)]
        goal: Goal,
    },
    #[n(2306)]
    Arrived {
        #[n(0)]
        on: On,
        #[n(1)]
        goal: Goal,
    },
    #[n(2307)]
    Contained {
        #[n(0)]
        on: On,
        #[n(1)]
        goal: Goal,
    },
    #[n(2308)]
    Released {
        #[n(0)]
        on: On,
    },
    #[n(2309)]
    HandedOver {
        #[n(0)]
        on: On,
        #[n(1)]
        to: UnitId,
    },
    #[n(2310)]
    Readied {
        #[n(0)]
        on: On,
        /// After a rest that was long enough.
        #[n(1)]
        fresh: Option<Fresh>,
    },
    #[n(2311)]
    Rested {
        #[n(0)]
        on: On,
    },
    #[n(2312)]
    TakenOut {
        #[n(0)]
        on: On,
    },
    #[n(2313)]
    WentOffDuty {
        #[n(0)]
        on: On,
    },
    #[n(2314)]
    Placed {
        #[n(0)]
        on: On,
        #[n(1)]
        point: Point,
    },
    #[n(2315)]
    FloorSet {
        #[n(0)]
        at: UnixMs,
        #[n(1)]
        floor: Floor,
    },
}

impl Event {
    #[must_use]
    pub fn kind(&self) -> u32 {
        match self {
            Self::WentOnDuty { .. } => 2300,
            Self::Sent { .. } => 2301,
            Self::Asked { .. } => 2302,
            Self::Approved { .. } => 2303,
            Self::Declined { .. } => 2304,
            Self::Departed { .. } => 2305,
            Self::Arrived { .. } => 2306,
            Self::Contained { .. } => 2307,
            Self::Released { .. } => 2308,
            Self::HandedOver { .. } => 2309,
            Self::Readied { .. } => 2310,
            Self::Rested { .. } => 2311,
            Self::TakenOut { .. } => 2312,
            Self::WentOffDuty { .. } => 2313,
            Self::Placed { .. } => 2314,
            Self::FloorSet { .. } => 2315,
        }
    }

    /// Which unit it is about, when and with what note; none of what is about an area or an asking.
    #[must_use]
    pub fn on(&self) -> Option<&On> {
        match self {
            Self::WentOnDuty { .. } | Self::Declined { .. } | Self::FloorSet { .. } => None,
            Self::Sent { on, .. }
            | Self::Asked { on, .. }
            | Self::Approved { on, .. }
            | Self::Departed { on, .. }
            | Self::Arrived { on, .. }
            | Self::Contained { on, .. }
            | Self::Released { on }
            | Self::HandedOver { on, .. }
            | Self::Readied { on, .. }
            | Self::Rested { on }
            | Self::TakenOut { on }
            | Self::WentOffDuty { on }
            | Self::Placed { on, .. } => Some(on),
        }
    }

    pub(crate) fn pieces<'a>(&'a self, see: &mut dyn FnMut(Piece<'a>)) {
        if let Some(on) = self.on() {
            see(Piece::unit(&on.unit));
            // Why a unit does not serve has to be said.
            let must_say = matches!(self, Self::TakenOut { .. });
            see(if must_say { Piece::Required(&on.note) } else { Piece::Optional(&on.note) });
        }
        match self {
            Self::WentOnDuty { duty, .. } => duty.pieces(see),
            Self::Sent { sending, .. } | Self::Asked { sending, .. } => {
                sending.goal.pieces(see);
                sending.reserve.kept.iter().for_each(|unit| see(Piece::unit(unit)));
            }
            Self::Approved { asked_by, goal, .. } => {
                see(Piece::person(asked_by));
                goal.pieces(see);
            }
            Self::Declined { note, .. } => see(Piece::Required(note)),
            Self::Departed { goal, .. }
            | Self::Arrived { goal, .. }
            | Self::Contained { goal, .. } => goal.pieces(see),
            Self::HandedOver { to, .. } => see(Piece::unit(to)),
            Self::Readied { fresh, .. } => {
                if let Some(fresh) = fresh {
                    fresh.duty.pieces(see);
                }
            }
            Self::FloorSet { floor, .. } => see(Piece::Required(&floor.reason)),
            Self::Released { .. }
            | Self::Rested { .. }
            | Self::TakenOut { .. }
            | Self::WentOffDuty { .. }
            | Self::Placed { .. } => {}
        }
    }
}

impl Duty {
    fn pieces<'a>(&'a self, see: &mut dyn FnMut(Piece<'a>)) {
        see(Piece::unit(&self.unit));
        see(Piece::Name(&self.base));
        see(Piece::Optional(&self.vehicle));
    }
}

impl Goal {
    fn pieces<'a>(&'a self, see: &mut dyn FnMut(Piece<'a>)) {
        see(Piece::Area(&self.area));
        see(Piece::incident(&self.incident));
    }

    /// Its name among incidents.
    #[must_use]
    pub fn key(&self) -> crate::incident::Key {
        crate::incident::Key {
            area: self.area.clone(),
            matter: crate::incident::Matter::Incident,
            incident: self.incident.clone(),
        }
    }
}

/// How many of so many have to stay behind where nobody set a number.
#[must_use]
pub fn proposed_floor(on_duty: u32) -> u32 {
    on_duty.saturating_mul(FLOOR_PERCENT).div_ceil(100)
}

#[cfg(test)]
mod tests;
