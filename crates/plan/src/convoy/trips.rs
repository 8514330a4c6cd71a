//! Two contests, two returning officers: does a convoy that has collected both bags go on to the second office, or
//! is there a convoy of its own for each contest? A decision for every pair of seats that share stations.

use super::{ConvoyPlan, Halt, travel::Travel};
use pehra_domain::{Point, StationId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The decision for one pair of seats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trips {
    /// Convoys of the first seat that carry a station of the second.
    pub convoys: u32,
    /// Vehicle seconds when each of them goes on to the second office and home again.
    pub one_trip_s: u64,
    /// Vehicle seconds of convoys of the second seat alone.
    pub two_trips_s: u64,
    /// By how much later the second office has its first bags than without the detour over the first office: the
    /// way between the offices.
    pub detour_s: u32,
    pub one_trip: bool,
}

/// Compares. `first` is the plan of the seat that collects, `second` the plan of the other seat, restricted by
/// `shared` to the stations they have in common (its time counts in proportion to these). None: there is no way
/// between the offices, so two trips it is.
#[must_use]
pub fn decide(
    (first, first_halts): (&ConvoyPlan, &[Halt]),
    second: &ConvoyPlan,
    second_stations: usize,
    shared: &BTreeSet<StationId>,
    offices: (Point, Point),
    travel: &dyn Travel,
) -> Option<Trips> {
    let there = travel.time(offices.0, offices.1)?.0;
    let back = travel.time(offices.1, offices.0)?.0;
    let carries = |halt: u32| {
        let halt = first_halts.get(halt as usize);
        halt.is_some_and(|halt| halt.stations.iter().any(|station| shared.contains(station)))
    };
    let convoys = first.convoys.iter().filter(|it| it.calls.iter().any(|call| carries(call.halt)));
    let convoys = u32::try_from(convoys.count()).unwrap_or(u32::MAX);
    let one_trip_s = u64::from(convoys) * (u64::from(there) + u64::from(back));
    let alone: u64 =
        second.convoys.iter().map(|convoy| u64::from(convoy.home_s - convoy.depart_s)).sum();
    let two_trips_s = alone * shared.len() as u64 / (second_stations as u64).max(1);
    let one_trip = one_trip_s < two_trips_s;
    Some(Trips { convoys, one_trip_s, two_trips_s, detour_s: there, one_trip })
}
