//! Nobody is on duty for longer than a given time, the ways there and home included.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// A stretch of duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Duty {
    /// At the post, in seconds, until relieved.
    #[n(0)]
    pub post_s: u32,
    /// At most, ways included, in seconds.
    #[n(1)]
    pub s_max: u32,
}

impl Duty {
    /// 14 hours at the post (05:00 to 19:00: three hours before the opening until the material has left for the
    /// office) and 18 hours in all (both proposed). Whoever takes the material to the office has a duty of their own.
    pub const PROPOSED: Self = Self { post_s: 14 * 3_600, s_max: 18 * 3_600 };
}

/// Half of what the post leaves is the longest way; a post as long as the limit leaves no way at all.
pub(in crate::allocate) fn way_s_max(rule: Option<Duty>) -> u32 {
    rule.map_or(u32::MAX, |duty| duty.s_max.saturating_sub(duty.post_s) / 2)
}

pub(in crate::allocate) fn note(duty: Duty, known: &str) -> String {
    format!(
        "Nobody is on duty for more than {} minutes: {} at the post and the ways there and home ({known}).",
        duty.s_max / 60,
        duty.post_s / 60
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::allocate::{Rules, tests::*};
    use pehra_domain::{force::Tier, plan::ShortfallReason, risk::RiskClass, station::StationKind};

    #[test]
    fn the_ways_there_and_home_count_as_duty() {
        const H: u32 = 3_600;
        // hours at the post, hours at most → longest way in seconds
        let table = [(14, 18, 2 * H), (18, 18, 0), (20, 18, 0), (0, 18, 9 * H), (17, 18, H / 2)];
        for (post_h, max_h, want) in table {
            let duty = Duty { post_s: post_h * H, s_max: max_h * H };
            assert_eq!(way_s_max(Some(duty)), want, "{post_h} of {max_h}");
        }
        assert_eq!(way_s_max(None), u32::MAX);
    }

    #[test]
    fn whoever_would_be_too_long_on_duty_is_not_posted() {
        // Kilometres of great circle to the post → posted of 4: two hours at 40 km/h are 80 km of road, 59 as the crow flies.
        for (km, want) in [(10.0, 4), (58.0, 4), (60.0, 0), (400.0, 0)] {
            let mut input = one(RiskClass::Normal, StationKind::Men);
            input.units = vec![unit("police", Tier::Police, "pk/sindh/a", km, (9, 0))];
            input.rules = Rules { duty: Some(Duty::PROPOSED), ..Rules::NONE };
            let plan = solve(&input);
            assert_eq!(posted(&plan)[0], want, "{km} km");
            let told = if want == 0 { vec![ShortfallReason::TooLong] } else { Vec::new() };
            assert_eq!(reasons(&plan), told);
        }
    }
}
