//! Days and moments. Nothing here asks what time it is.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// Milliseconds since 1970-01-01T00:00Z.
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
pub struct UnixMs(#[n(0)] pub i64);

/// Days since 1970-01-01 in the civil (proleptic Gregorian) calendar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct Date(#[n(0)] pub i32);

/// From `from` (included) to `until` (excluded).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
pub struct TimeWindow {
    #[n(0)]
    pub from: UnixMs,
    #[n(1)]
    pub until: UnixMs,
}

impl TimeWindow {
    #[must_use]
    pub fn contains(&self, moment: UnixMs) -> bool {
        self.from <= moment && moment < self.until
    }
}

impl Date {
    /// The civil date, after Howard Hinnant, "chrono-compatible low-level date algorithms".
    #[must_use]
    pub fn civil(self) -> (i32, u32, u32) {
        let z = i64::from(self.0) + 719_468;
        let era = z.div_euclid(146_097);
        let day_of_era = z.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        (
            i32::try_from(year).unwrap_or(i32::MAX),
            u32::try_from(month).unwrap_or(1),
            u32::try_from(day).unwrap_or(1),
        )
    }

    /// The day of a civil date, or none when the calendar has no such day.
    #[must_use]
    pub fn from_civil(year: i32, month: u32, day: u32) -> Option<Self> {
        if !(1..=12).contains(&month)
            || !(1..=31).contains(&day)
            || !(-9_999..=9_999).contains(&year)
        {
            return None;
        }
        let y = i64::from(year) - i64::from(month <= 2);
        let era = y.div_euclid(400);
        let year_of_era = y.rem_euclid(400);
        let m = i64::from(month);
        let day_of_year = (153 * (if m > 2 { m - 3 } else { m + 9 }) + 2) / 5 + i64::from(day) - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        let date = Self(i32::try_from(era * 146_097 + day_of_era - 719_468).ok()?);
        (date.civil() == (year, month, day)).then_some(date)
    }

    /// Reads `2024-02-08`, with or without a time of day behind it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let day = text.trim().get(..10)?;
        let mut parts = day.split('-');
        let (year, month, date) = (parts.next()?, parts.next()?, parts.next()?);
        Self::from_civil(year.parse().ok()?, month.parse().ok()?, date.parse().ok()?)
    }

    #[must_use]
    pub fn plus_days(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// The day of the week: Monday is 0, Sunday 6.
    #[must_use]
    pub fn weekday(self) -> u8 {
        // 1 January 1970 was a Thursday.
        u8::try_from((i64::from(self.0) + 3).rem_euclid(7)).unwrap_or(0)
    }

    /// Midnight in Pakistan (UTC+05:00) at which this day begins.
    #[must_use]
    pub fn midnight_pkt(self) -> UnixMs {
        UnixMs(i64::from(self.0) * 86_400_000 - 5 * 3_600_000)
    }

    /// The day it is in Pakistan (UTC+05:00) at a moment.
    #[must_use]
    pub fn of_pkt(moment: UnixMs) -> Self {
        let days = moment.0.saturating_add(5 * 3_600_000).div_euclid(86_400_000);
        Self(i32::try_from(days).unwrap_or(if days < 0 { i32::MIN } else { i32::MAX }))
    }
}

impl std::fmt::Display for Date {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (year, month, day) = self.civil();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl Serialize for Date {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("a date is written 2024-02-08"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_eight_centuries_survives_the_calendar() {
        for days in -146_097..=146_097 {
            let (y, m, d) = Date(days).civil();
            assert_eq!(Date::from_civil(y, m, d), Some(Date(days)));
        }
    }

    #[test]
    fn a_moment_beyond_the_calendar_is_the_calendars_edge() {
        assert_eq!(Date::of_pkt(UnixMs(i64::MAX)), Date(i32::MAX));
        assert_eq!(Date::of_pkt(UnixMs(i64::MIN)), Date(i32::MIN));
    }

    #[test]
    fn the_poll_of_2024_is_day_19761() {
        assert_eq!(Date::parse("2024-02-08"), Some(Date(19_761)));
        assert_eq!(Date::parse("2024-02-30"), None);
        assert_eq!(Date(19_761).to_string(), "2024-02-08");
        assert_eq!(Date::of_pkt(Date(19_761).midnight_pkt()), Date(19_761));
    }

    #[test]
    fn the_poll_of_2024_was_on_a_thursday() {
        let week = (19_757..=19_764).map(|day| Date(day).weekday());
        assert_eq!(week.collect::<Vec<_>>(), [6, 0, 1, 2, 3, 4, 5, 6]);
        assert_eq!(Date(-1).weekday(), 2);
    }
}
