//! Moments of the drill: whole seconds from midnight in Pakistan at which the polling day begins.

use minicbor::{Decode, Encode};
use pehra_domain::{Date, UnixMs};
use serde::{Deserialize, Serialize};

/// Seconds from the polling day's midnight; the eve is negative.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Encode,
    Decode,
    Serialize,
    Deserialize,
)]
#[cbor(transparent)]
#[serde(transparent)]
pub struct Second(#[n(0)] pub i32);

/// Seconds of a day.
const DAY: i32 = 86_400;

impl Second {
    /// A clock time of the polling day (`day` 0), its eve (−1) or the day after (1).
    #[must_use]
    pub const fn on(day: i32, hour: i32, minute: i32) -> Self {
        Self(day * DAY + hour * 3_600 + minute * 60)
    }

    #[must_use]
    pub fn plus(self, seconds: i32) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    #[must_use]
    pub fn plus_minutes(self, minutes: i32) -> Self {
        self.plus(minutes.saturating_mul(60))
    }

    /// Seconds from an earlier moment to this one.
    #[must_use]
    pub fn since(self, earlier: Self) -> i32 {
        self.0.saturating_sub(earlier.0)
    }

    /// The moment on the world's clock.
    #[must_use]
    pub fn unix_ms(self, day: Date) -> UnixMs {
        UnixMs(day.midnight_pkt().0 + i64::from(self.0) * 1_000)
    }
}

impl std::fmt::Display for Second {
    /// `D 05:39:00`, `D-1 21:00:00`, `D+1 02:00:00`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (day, rest) = (self.0.div_euclid(DAY), self.0.rem_euclid(DAY));
        match day {
            0 => f.write_str("D")?,
            other => write!(f, "D{other:+}")?,
        }
        write!(f, " {:02}:{:02}:{:02}", rest / 3_600, rest / 60 % 60, rest % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_reads_like_the_table_of_check_ins() {
        assert_eq!(Second::on(0, 5, 39).to_string(), "D 05:39:00");
        assert_eq!(Second::on(-1, 21, 0).to_string(), "D-1 21:00:00");
        assert_eq!(Second::on(1, 2, 0).plus(-1).to_string(), "D+1 01:59:59");
        let day = Date::parse("2024-02-08").unwrap();
        assert_eq!(Second(0).unix_ms(day), day.midnight_pkt());
    }
}
