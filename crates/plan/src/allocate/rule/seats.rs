//! A unit drives no more people than its vehicles have seats; who stands near enough walks.
//!
//! Seats are shared by all kinds of a unit, so no flow can keep this. Units that would need more seats than they have
//! give up their dearest far places (the way is closed) and reach no other far place; others take over, and the plan
//! is solved again from where it is.

use super::super::model::Model;
use super::team::Apart;
use crate::flow::Solved;
use minicbor::{Decode, Encode};
use pehra_domain::force::StaffKind;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

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

/// People beyond the seats of their units, and the ways to close.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::allocate) struct Standing {
    pub(in crate::allocate) people: u64,
    pub(in crate::allocate) close: BTreeSet<Apart>,
    /// Units that reach no far place but those where they stand already and are not closed.
    pub(in crate::allocate) bound: BTreeSet<u32>,
}

/// Whether pinned by hand, metres, site, kind and people.
type Far = (bool, u32, u32, StaffKind, u32);

/// Looks at every unit; `seats` by unit.
pub(in crate::allocate) fn standing(model: &Model, solved: &Solved, rule: Seats) -> Standing {
    // By unit: far sites with metres, kind and people; pinned people stay.
    let mut far: BTreeMap<u32, Vec<Far>> = BTreeMap::new();
    let pins = model.pins.iter().map(|pin| (pin.source, pin.sink, pin.count, true));
    let flows = solved.solution.flows.iter().map(|f| (f.source, f.sink, f.count, false));
    for (source, sink, count, pinned) in flows.chain(pins) {
        let Some(sink) = model.sinks.get(sink as usize) else { continue };
        let source = &model.sources[source as usize];
        let metres = model.distance_m(source, &model.sites[sink.site as usize]);
        if metres > rule.walk_m {
            let row = (pinned, metres, sink.site, source.kind, count);
            far.entry(source.unit).or_default().push(row);
        }
    }
    let mut out = Standing::default();
    for (unit, mut rows) in far {
        let seats = u64::from(model.seats[unit as usize]) * u64::from(rule.trips);
        let mut driven: u64 = rows.iter().map(|row| u64::from(row.4)).sum();
        if driven <= seats {
            continue;
        }
        out.people += driven - seats;
        out.bound.insert(unit);
        // The farthest leave first, nobody who was pinned.
        rows.sort_unstable_by(|a, b| b.cmp(a));
        for (_, _, site, kind, count) in rows.into_iter().filter(|row| !row.0) {
            if driven <= seats {
                break;
            }
            driven -= u64::from(count);
            out.close.insert((site, unit, kind));
        }
    }
    out
}
