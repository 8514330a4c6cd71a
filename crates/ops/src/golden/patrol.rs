//! One of each act about sealed patrols.

use super::{DAY, ENTRY, text};
use crate::{
    Event, Hash32,
    patrol::{Event as E, Part, Schedule, Shown, Terms, Tours, Way},
};
use pehra_domain::{BuildingId, UnixMs, id::IdError};

pub(super) fn all() -> Result<Vec<Event>, IdError> {
    let tours = Tours { shift_hours: 8, stay_minutes: 20 };
    let terms = Terms {
        teams: 2,
        takes_permille: 700,
        percent: [100, 100, 150],
        tours: Some(tours),
        engine: None,
    };
    let part = |team: &str, byte| Part { team: text(team), sealed: vec![byte; 40] };
    let schedule = Schedule {
        day: DAY,
        from: UnixMs(DAY.midnight_pkt().0 + 6 * 3_600_000),
        terms,
        input: Hash32([3; 32]),
        promise: Hash32([4; 32]),
        parts: vec![part("U-7/1", 5), part("U-7/2", 6)],
        whole: vec![8; 60],
    };
    let way = |team: &str, stops: &[&str]| {
        let stops: Result<_, _> = stops.iter().map(|id| BuildingId::try_new(*id)).collect();
        stops.map(|stops| Way { team: text(team), stops })
    };
    let ways = vec![way("U-7/1", &["B-000041", "B-000007"])?, way("U-7/2", &[])?];
    let events = [
        E::Sealed(schedule),
        E::Shown { schedule: ENTRY, shown: Shown { seed: [9; 32], ways } },
        E::Withdrawn {
            schedule: ENTRY, reason: text("a team fell out · ٹیم دستیاب نہیں")
        },
    ];
    Ok(events.map(Event::Patrol).into())
}
