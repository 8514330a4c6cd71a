//! Convoys: how the material reaches every polling station on the eve, and how it comes back in the night.
//!
//! One problem is one returning officer's seat in one direction. Stations of one building are one halt. Tours come
//! from [`crate::route`]; this module says what a tour may carry and what rides with it ([`rule`]), who drives it
//! when ([`schedule`]), which of several good plans is taken and when it leaves ([`draw`]), where else it could go
//! ([`alternate`]), how the ballot papers come to the district before it ([`press`]), what it meets ([`conflict`]), and how the night would really run ([`night`], [`desk`]).
//!
//! Times are seconds from midnight at the beginning of polling day minus one (the eve) or of polling day (the
//! night), local time; they run on past 24 h.

pub mod alternate;
pub mod conflict;
pub mod desk;
pub mod draw;
pub mod night;
mod plan;
pub mod press;
pub mod rule;
pub mod schedule;
pub mod strip;
pub mod travel;
pub mod trips;

#[cfg(test)]
mod tests;

pub use plan::{Effort, plan};

use pehra_domain::{BuildingId, ConstituencyId, Point, StationId, risk::RiskClass};
use serde::{Deserialize, Serialize};

/// The way of a convoy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Returning officer → stations (custody steps C05, C06).
    Eve,
    /// Stations → returning officer (C12, C13).
    Night,
}

/// A building with the stations that get or give their material there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Halt {
    pub building: BuildingId,
    pub stations: Vec<StationId>,
    pub point: Point,
    /// The highest class of its stations.
    pub class: RiskClass,
    pub voters: u32,
}

/// Vehicles, people and times. All figures are proposals for the planner to change; none is law.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Means {
    /// Convoys that can be on the road at once as far as vehicles go.
    pub vehicles: u32,
    /// Trained escorts that can be on the road at once.
    pub escorts: u32,
    /// Bags and people of the stations that one convoy carries.
    pub bags: u32,
    pub people: u32,
    /// What one station hands over: a bag, the presiding officer and a senior assistant.
    pub bags_per_station: u32,
    pub people_per_station: u32,
    /// First departure and last arrival.
    pub open_s: u32,
    pub close_s: u32,
    /// At a halt, for each station: seals read, receipt signed.
    pub handover_s: u32,
    /// At the returning office before each trip.
    pub loading_s: u32,
    /// What a further convoy is worth, as travel time.
    pub convoy_s: u32,
    /// A departure is put off by up to this much, drawn.
    pub jitter_s_max: u32,
}

impl Means {
    /// Proposed for a direction: eve 09:00 to 20:00; night from the first counts at 18:00 to 10:00.
    #[must_use]
    pub fn proposed(direction: Direction, stations: usize) -> Self {
        let vehicles = u32::try_from(stations.div_ceil(20)).unwrap_or(u32::MAX).max(2);
        let (open_s, close_s) = match direction {
            Direction::Eve => (9 * 3_600, 20 * 3_600),
            Direction::Night => (18 * 3_600, 34 * 3_600),
        };
        Self {
            vehicles,
            escorts: vehicles.saturating_mul(rule::escort::ESCORTS_MOST),
            bags: 12,
            people: 24,
            bags_per_station: 1,
            people_per_station: 2,
            open_s,
            close_s,
            handover_s: 600,
            loading_s: 1_200,
            convoy_s: 1_800,
            jitter_s_max: 1_200,
        }
    }
}

/// One seat in one direction.
#[derive(Clone, Debug)]
pub struct ConvoyInput {
    pub seat: ConstituencyId,
    pub direction: Direction,
    pub office: Point,
    pub halts: Vec<Halt>,
    pub means: Means,
    /// Opened no sooner than the order is given: whoever has it can foresee the way.
    pub seed: [u8; 32],
}

/// What one convoy does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Convoy {
    /// From 1, in order of departure.
    pub number: u32,
    /// Which of the vehicle teams drives it, and as which of its trips.
    pub team: u32,
    pub trip: u32,
    pub escorts: u32,
    /// The escort commander rides in a vehicle without a bag.
    pub commander_apart: bool,
    pub depart_s: u32,
    /// Back at the office (night: with the material).
    pub home_s: u32,
    pub calls: Vec<Call>,
    pub distance_m: u64,
    /// Any leg is an estimate, not a road.
    pub estimated: bool,
}

/// A convoy at a halt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// Place in the input's list.
    pub halt: u32,
    pub arrive_s: u32,
    /// Arrival that is passed in one of twenty trips: after it the convoy is overdue.
    pub overdue_s: u32,
    pub bags: u32,
    pub people: u32,
}

/// What stands against the plan as made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum ConvoyFinding {
    /// One halt's load is larger than a convoy's room.
    HaltTooLarge { halt: u32, bags: u32, people: u32 },
    /// The halt cannot be reached and left again between opening and closing.
    HaltTooFar { halt: u32 },
    /// The last convoy is home after closing; so many teams would do.
    TooFewTeams { home_s: u32, close_s: u32, teams: u32, needed: u32 },
    /// Escorts suffice for fewer teams than there are vehicles.
    TooFewEscorts { teams: u32, vehicles: u32 },
    /// There is no vehicle or no room in it.
    NoMeans,
}

/// A plan for one seat in one direction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConvoyPlan {
    pub seat: String,
    pub direction: Direction,
    pub convoys: Vec<Convoy>,
    /// Halts in no convoy.
    pub unserved: Vec<u32>,
    /// Risk-weighted travel seconds, convoys at their worth.
    pub objective: i64,
    /// No set of tours can cost less; none: no bound.
    pub bound: Option<i64>,
    /// How many near-best plans the drawn one was taken from.
    pub drawn_from: u32,
    pub findings: Vec<ConvoyFinding>,
}
