//! Rules on top of the flow: one file and one table of cases each, every one optional.
//!
//! A rule that says who may go where leaves the flow exact: the way does not exist. Teams and seats are no such rules:
//! the flow without them is the bound, and [`super::settle`] exchanges people until they hold. Nothing here weighs anything.

pub(super) mod duty;
pub(super) mod home;
pub(super) mod leader;
pub(super) mod seats;
pub(super) mod team;
pub(super) mod travel;
pub(super) mod window;

pub use duty::Duty;
pub use seats::Seats;
pub use team::Teams;

use minicbor::{Decode, Encode};
use pehra_domain::{TimeWindow, force::Unit};
use serde::{Deserialize, Serialize};

/// Which rules hold, and with which figures.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a rule of its own, on or off")]
pub struct Rules {
    /// Nobody is posted where a contest of their home is held.
    #[n(0)]
    pub home: bool,
    /// Nobody travels longer than this to their post.
    #[n(1)]
    pub travel_s_max: Option<u32>,
    /// Nobody is longer on duty than this, the ways there and home included.
    #[n(2)]
    pub duty: Option<Duty>,
    /// A unit that becomes free shortly before the poll reaches only places that it can be at in time.
    #[n(3)]
    pub arrival: bool,
    /// Nobody is sent alone.
    #[n(4)]
    pub teams: Option<Teams>,
    /// Every place has somebody who may lead.
    #[n(5)]
    pub leaders: bool,
    /// Nobody is driven without a seat.
    #[n(6)]
    pub seats: Option<Seats>,
    /// Nobody stands at a most sensitive place without its training.
    #[n(7)]
    pub training: bool,
}

impl Rules {
    pub const NONE: Self = Self {
        home: false,
        travel_s_max: None,
        duty: None,
        arrival: false,
        teams: None,
        leaders: false,
        seats: None,
        training: false,
    };

    /// Everything that is proposed: see each rule's file for where its figures come from.
    pub const PROPOSED: Self = Self {
        home: true,
        travel_s_max: Some(travel::PROPOSED_S_MAX),
        duty: Some(Duty::PROPOSED),
        arrival: true,
        teams: Some(Teams::PROPOSED),
        leaders: true,
        seats: Some(Seats::PROPOSED),
        training: true,
    };

    /// Longest way of a unit's people in seconds; [`u32::MAX`] where no rule says anything.
    pub(super) fn way_s_max(&self, unit: &Unit, poll: TimeWindow) -> u32 {
        travel::way_s_max(self.travel_s_max).min(duty::way_s_max(self.duty)).min(window::way_s_max(
            self.arrival,
            unit.window,
            poll,
        ))
    }

    /// The rules in words, for the certificate.
    pub(super) fn notes(&self, by_road: bool) -> Vec<String> {
        let known = if by_road {
            "by road where the map knows one, otherwise estimated"
        } else {
            "estimated"
        };
        [
            self.home.then(|| home::NOTE.to_owned()),
            self.training.then(|| home::NOTE_TRAINING.to_owned()),
            self.travel_s_max.map(|limit_s| travel::note(limit_s, known)),
            self.duty.map(|duty| duty::note(duty, known)),
            self.arrival.then(|| window::NOTE.to_owned()),
            self.teams.map(team::note),
            self.leaders.then(|| leader::NOTE.to_owned()),
            self.seats.map(seats::note),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// Why somebody who is left may not fill a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Bar {
    Excluded,
    /// Taken away again, because no vehicle of their unit had a seat left.
    Seatless,
    TooLong,
    AtHome,
}
