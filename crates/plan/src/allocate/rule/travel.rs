//! Nobody travels longer to their post than a given time.
//!
//! The time is measured by road where a map knows both ends, otherwise estimated: great circle, detour and mean speed by
//! the terrain of the place, as for reserves.

use crate::{
    allocate::Terrain,
    reserve::base::{SPEEDS_M_PER_H, terrain_index},
};

/// Six hours (proposed): a day's march with its halts, so that whoever comes from afar still sleeps before the poll.
pub(in crate::allocate) const PROPOSED_S_MAX: u32 = 6 * 3_600;

pub(in crate::allocate) fn way_s_max(rule: Option<u32>) -> u32 {
    rule.unwrap_or(u32::MAX)
}

/// The longest way in metres that takes no longer than a limit.
pub(in crate::allocate) fn metres_max(limit_s: u32, speed_m_per_h: u32) -> u32 {
    let metres = u64::from(limit_s) * u64::from(speed_m_per_h) / 3_600;
    u32::try_from(metres).unwrap_or(u32::MAX)
}

/// Metres that one drives in so many seconds, rounded up.
pub(in crate::allocate) fn metres_in(seconds: u32, speed_m_per_h: u32) -> u32 {
    let metres = (u64::from(seconds) * u64::from(speed_m_per_h)).div_ceil(3_600);
    u32::try_from(metres).unwrap_or(u32::MAX)
}

/// Mean speed in a terrain.
pub(in crate::allocate) fn speed_m_per_h(terrain: Terrain) -> u32 {
    SPEEDS_M_PER_H[terrain_index(terrain)]
}

pub(in crate::allocate) fn note(limit_s: u32, known: &str) -> String {
    format!("Nobody travels longer than {} minutes to their post ({known}).", limit_s / 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::allocate::{Rules, tests::*};
    use pehra_domain::{force::Tier, plan::ShortfallReason, risk::RiskClass, station::StationKind};

    #[test]
    fn nobody_travels_longer_than_the_limit() {
        // 20 km of great circle are 27 km of road in the plain: 40.5 minutes at 40 km/h.
        // limit in seconds → posted of 4
        let table = [(None, 4), (Some(2_500), 4), (Some(2_400), 0), (Some(0), 0)];
        for (travel_s_max, want) in table {
            let mut input = one(RiskClass::Normal, StationKind::Men);
            input.units = vec![unit("police", Tier::Police, "pk/sindh/a", 20.0, (9, 0))];
            input.rules = Rules { travel_s_max, ..Rules::NONE };
            let plan = solve(&input);
            assert_eq!(posted(&plan)[0], want, "{travel_s_max:?}");
            let reasons = reasons(&plan);
            let told: &[ShortfallReason] =
                if want == 0 { &[ShortfallReason::TooLong] } else { &[] };
            assert_eq!(reasons, told);
        }
    }

    #[test]
    fn the_longest_way_takes_no_longer_than_the_limit() {
        // limit in seconds, metres an hour → metres
        let table = [
            (0, 40_000, 0),
            (1, 40_000, 11),
            (3_600, 40_000, 40_000),
            (3_599, 40_000, 39_988),
            (7_200, 0, 0),
            (u32::MAX, 40_000, u32::MAX),
        ];
        for (limit_s, speed, want) in table {
            assert_eq!(metres_max(limit_s, speed), want, "{limit_s} {speed}");
        }
    }
}
