//! When a unit is available: from the opening of the poll to its end, and early enough to be there.

use pehra_domain::TimeWindow;

pub(in crate::allocate) const NOTE: &str = "A unit that becomes free shortly before the poll reaches only places that it can be at in time.";

/// Whether a unit is there from the opening of the poll to its end.
pub(in crate::allocate) fn covers(window: Option<TimeWindow>, poll: TimeWindow) -> bool {
    window.is_none_or(|window| window.from <= poll.from && poll.until <= window.until)
}

/// Longest way in seconds between becoming free and the opening, and between the poll's end and the window's.
pub(in crate::allocate) fn way_s_max(
    rule: bool,
    window: Option<TimeWindow>,
    poll: TimeWindow,
) -> u32 {
    let Some(window) = window.filter(|_| rule) else { return u32::MAX };
    let there = (poll.from.0 - window.from.0) / 1_000;
    let home = (window.until.0 - poll.until.0) / 1_000;
    u32::try_from(there.min(home).max(0)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::allocate::{Rules, tests::*};
    use pehra_domain::{
        UnixMs,
        force::{Tier, Unit},
        plan::ShortfallReason,
        risk::RiskClass,
        station::StationKind,
    };

    const HOUR: i64 = 3_600_000;

    #[test]
    fn a_unit_is_where_it_can_be_in_time_and_leaves_when_it_must() {
        let poll = TimeWindow { from: UnixMs(100 * HOUR), until: UnixMs(124 * HOUR) };
        // hours before the opening and after the end; rule → posted of 4 at 20 km, 41 minutes away; why not
        use ShortfallReason::{NoSuchUnit, TooLong};
        let table = [
            (1, 1, true, 4, None),
            (0, 1, true, 0, Some(TooLong)),
            (1, 0, true, 0, Some(TooLong)),
            (0, 0, false, 4, None),
            (-1, 1, true, 0, Some(NoSuchUnit)),
            (1, -1, false, 0, Some(NoSuchUnit)),
        ];
        for (before, after, arrival, want, why) in table {
            let mut input = one(RiskClass::Normal, StationKind::Men);
            let window = Some(TimeWindow {
                from: UnixMs(poll.from.0 - before * HOUR),
                until: UnixMs(poll.until.0 + after * HOUR),
            });
            let police = unit("police", Tier::Police, "pk/sindh/a", 20.0, (9, 0));
            input.units = vec![Unit { window, ..police }];
            input.poll = poll;
            input.rules = Rules { arrival, ..Rules::NONE };
            let plan = solve(&input);
            assert_eq!(posted(&plan)[0], want, "{before} {after} {arrival}");
            assert_eq!(reasons(&plan), why.into_iter().collect::<Vec<_>>());
        }
    }
}
