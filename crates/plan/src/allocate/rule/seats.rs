//! A unit drives no more people than its vehicles have seats; who stands near enough walks.
//!
//! Seats are shared by all kinds of a unit, so no flow can keep this. Units that would need more seats than they have
//! exchange their far people for others' (see [`super::super::settle`]); whoever is left without a seat does not go, the
//! farthest first, and the post is empty. People pinned by hand go all the same and are named.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// Who must be driven, and how often a vehicle drives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Seats {
    /// Whoever has a shorter way walks.
    #[n(0)]
    pub walk_m: u32,
    /// Times that a vehicle takes people out before the poll.
    #[n(1)]
    pub trips: u32,
}

impl Seats {
    /// 5 km on foot, two trips on the eve (both proposed).
    pub const PROPOSED: Self = Self { walk_m: 5_000, trips: 2 };
}

pub(in crate::allocate) fn note(seats: Seats) -> String {
    format!(
        "A unit drives no more people than its vehicles have seats, {} times; within {} m people walk.",
        seats.trips, seats.walk_m
    )
}
