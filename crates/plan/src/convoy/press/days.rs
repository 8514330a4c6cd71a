//! The clock of working hours: ballot papers move and are handed over by day alone.

use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// Days of work before the poll.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    /// The first day, so many before polling day.
    pub first_before: u32,
    pub count: u32,
    /// Work begins at this second of a day and goes on for so long.
    pub open_s: u32,
    pub work_s: u32,
}

/// A day before polling day, and a second of it. The earlier is the less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// Below zero: after polling day.
    pub days_before: i32,
    pub at_s: u32,
}

impl Ord for Moment {
    fn cmp(&self, other: &Self) -> Ordering {
        other.days_before.cmp(&self.days_before).then(self.at_s.cmp(&other.at_s))
    }
}

impl PartialOrd for Moment {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Days {
    /// Seconds of work in all days.
    #[must_use]
    pub fn horizon_s(&self) -> u32 {
        self.count.saturating_mul(self.work_s)
    }

    /// When something begins after so many seconds of work: in the morning rather than at the end of a day.
    #[must_use]
    pub fn begin(&self, worked_s: u32) -> Moment {
        let day = worked_s.checked_div(self.work_s).unwrap_or(0);
        self.moment(day, worked_s - day * self.work_s)
    }

    /// When something ends after so many seconds of work: in the evening rather than on the next morning.
    #[must_use]
    pub fn end(&self, worked_s: u32) -> Moment {
        let day = worked_s.saturating_sub(1).checked_div(self.work_s).unwrap_or(0);
        self.moment(day, worked_s - day * self.work_s)
    }

    fn moment(&self, day: u32, into_s: u32) -> Moment {
        let signed = |days: u32| i32::try_from(days).unwrap_or(i32::MAX);
        Moment {
            days_before: signed(self.first_before).saturating_sub(signed(day)),
            at_s: self.open_s.saturating_add(into_s),
        }
    }

    /// The earliest begin from `worked_s` on of something that no night may interrupt. What is longer than a day begins in
    /// the morning.
    #[must_use]
    pub fn whole(&self, worked_s: u32, lasts_s: u32) -> u32 {
        let into_s = worked_s.checked_rem(self.work_s).unwrap_or(0);
        if into_s == 0 || into_s.saturating_add(lasts_s) <= self.work_s {
            worked_s
        } else {
            worked_s.saturating_add(self.work_s - into_s)
        }
    }

    /// Seconds of work at which nights fall strictly within a stretch.
    pub fn nights(&self, from_s: u32, until_s: u32) -> impl Iterator<Item = u32> + use<> {
        let work_s = self.work_s.max(1);
        let first = from_s / work_s + 1;
        (first..).map(move |day| day.saturating_mul(work_s)).take_while(move |at| *at < until_s)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAYS: Days = Days { first_before: 7, count: 5, open_s: 25_200, work_s: 36_000 };

    #[test]
    fn a_day_ends_in_its_evening_and_the_next_begins_in_the_morning() {
        assert_eq!(DAYS.begin(36_000), Moment { days_before: 6, at_s: 25_200 });
        assert_eq!(DAYS.end(36_000), Moment { days_before: 7, at_s: 61_200 });
        assert_eq!(DAYS.begin(0), Moment { days_before: 7, at_s: 25_200 });
        assert_eq!(DAYS.end(0), DAYS.begin(0));
        assert_eq!(DAYS.begin(8 * 36_000 + 60), Moment { days_before: -1, at_s: 25_260 });
        assert_eq!(DAYS.horizon_s(), 180_000);
    }

    #[test]
    fn what_no_night_may_interrupt_waits_for_the_morning() {
        assert_eq!(DAYS.whole(35_000, 1_000), 35_000);
        assert_eq!(DAYS.whole(35_001, 1_000), 36_000);
        assert_eq!(DAYS.whole(36_000, 90_000), 36_000, "longer than a day: from the morning on");
        assert_eq!(DAYS.whole(1, 90_000), 36_000);
        assert_eq!(DAYS.nights(0, 36_000).count(), 0);
        assert_eq!(DAYS.nights(36_000, 72_001).collect::<Vec<_>>(), [72_000]);
        assert_eq!(DAYS.nights(100, 110_000).collect::<Vec<_>>(), [36_000, 72_000, 108_000]);
    }
}
