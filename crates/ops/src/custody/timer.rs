//! What is due, computed from the acts and the poll's day. A timer's name is made from what it is about: the same on
//! every node.

use super::{
    Event, Hold, Kind, Step,
    record::{Custody, GRACE_MS, Item},
};
use pehra_domain::{AreaId, Date, ItemId, StationId, UnixMs};
use std::collections::BTreeSet;

const HOUR_MS: i64 = 3_600_000;
/// Provisional results are due at this hour of the day after the poll.
pub const PROVISIONAL_HOUR: i64 = 2;
/// With reasons for the delay, at this hour.
pub const OUTER_HOUR: i64 = 10;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Due {
    /// A custodian on the way.
    Bag,
    /// A delivery between two offices.
    Convoy,
    /// What was sent, its time and six hours.
    Receipt,
    /// 02:00 of the day after.
    Provisional,
    /// 10:00 of the day after.
    Outer,
}

impl Due {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Bag => "bag",
            Self::Convoy => "convoy",
            Self::Receipt => "receipt",
            Self::Provisional => "provisional",
            Self::Outer => "outer",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timer {
    /// `bag@NA-40-15-BAG`, `provisional@pk/sindh/karachi-east`.
    pub id: String,
    pub what: Due,
    pub by: UnixMs,
    pub over: bool,
    pub item: Option<ItemId>,
    pub station: Option<StationId>,
    /// Stations that are still awaited, of how many; for the marks of the law.
    pub waiting: Option<(usize, usize)>,
}

/// What runs in one area, the earliest first.
#[must_use]
pub fn timers(custody: &Custody, area_id: &AreaId, poll: Date, now: UnixMs) -> Vec<Timer> {
    let Some(area) = custody.area(area_id) else { return Vec::new() };
    let mut all = Vec::new();
    let (mut of, mut received) = (BTreeSet::new(), BTreeSet::new());
    for (id, item) in area.items() {
        if let Some(station) = item.station.as_ref().filter(|_| item.kind == Kind::Bag) {
            of.insert(station);
        }
        if item.acts.is_empty() {
            continue;
        }
        if let Some(station) = &item.station
            && is_received(custody, item)
        {
            received.insert(station);
        }
        all.extend(under_way(custody, area_id, id, item, now));
    }
    let day_after = poll.plus_days(1).midnight_pkt();
    if !of.is_empty() {
        let waiting = of.difference(&received).count();
        for (what, hour) in [(Due::Provisional, PROVISIONAL_HOUR), (Due::Outer, OUTER_HOUR)] {
            let by = UnixMs(day_after.0 + hour * HOUR_MS);
            all.push(Timer {
                id: format!("{}@{area_id}", what.name()),
                what,
                by,
                over: now > by && waiting > 0,
                item: None,
                station: None,
                waiting: Some((waiting, of.len())),
            });
        }
    }
    all.sort_by(|a, b| (a.by, &a.id).cmp(&(b.by, &b.id)));
    all
}

/// Whether a returning officer has received it.
pub(super) fn is_received(custody: &Custody, item: &Item) -> bool {
    custody
        .all_of(&item.acts)
        .any(|(_, act)| matches!(&act.event, Event::Received(receipt) if receipt.step >= Step::C13))
}

fn under_way(
    custody: &Custody,
    area_id: &AreaId,
    id: &ItemId,
    item: &Item,
    now: UnixMs,
) -> Vec<Timer> {
    let Some(Hold::Moving(at) | Hold::Offered(at)) = custody.hold(area_id, id) else {
        return Vec::new();
    };
    let (Some(due), Some(act)) = (custody.due(at), custody.act(at)) else { return Vec::new() };
    let what = if matches!(act.event, Event::Departed(_)) { Due::Bag } else { Due::Convoy };
    let timer = |what: Due, by: UnixMs| Timer {
        id: format!("{}@{id}", what.name()),
        what,
        by,
        over: now > by,
        item: Some(id.clone()),
        station: item.station.clone(),
        waiting: None,
    };
    vec![timer(what, due), timer(Due::Receipt, UnixMs(due.0.saturating_add(GRACE_MS)))]
}
