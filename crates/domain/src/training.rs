//! What staff are trained in, where, and by whom: the shape of the table of modules, of venues and of trainers.

use crate::{AreaId, Date, PersonId, Point, member::Modules};
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// Whom a module is for. Which of these a plan of posts knows is said in `pehra_plan::training::need`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    #[n(0)]
    Everybody,
    #[n(1)]
    Armed,
    /// Women who search women.
    #[n(2)]
    Searchers,
    #[n(3)]
    Escorts,
    #[n(4)]
    Leaders,
    /// Posts outside a most sensitive place.
    #[n(5)]
    MostSensitive,
    #[n(6)]
    OneInFour,
    #[n(7)]
    Reserve,
    #[n(8)]
    Evidence,
    #[n(9)]
    Analysts,
    #[n(10)]
    ControlRooms,
    #[n(11)]
    Officers,
}

impl Audience {
    pub const ALL: [Self; 12] = [
        Self::Everybody,
        Self::Armed,
        Self::Searchers,
        Self::Escorts,
        Self::Leaders,
        Self::MostSensitive,
        Self::OneInFour,
        Self::Reserve,
        Self::Evidence,
        Self::Analysts,
        Self::ControlRooms,
        Self::Officers,
    ];

    /// As the table writes it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Everybody => "everybody",
            Self::Armed => "armed",
            Self::Searchers => "searchers",
            Self::Escorts => "escorts",
            Self::Leaders => "leaders",
            Self::MostSensitive => "most sensitive",
            Self::OneInFour => "one in four",
            Self::Reserve => "reserve",
            Self::Evidence => "evidence",
            Self::Analysts => "analysts",
            Self::ControlRooms => "control rooms",
            Self::Officers => "officers",
        }
    }
}

/// How long a passed module counts.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Validity {
    /// For this election.
    #[n(0)]
    Election,
    #[n(1)]
    Months(#[n(0)] u8),
}

impl Validity {
    /// The last day on which a module counts that was passed on a day; none where it counts for this election.
    #[must_use]
    pub fn until(self, passed: Date) -> Option<Date> {
        let Self::Months(months) = self else { return None };
        let counts = |day: &Date| self.counts_from(*day) <= passed;
        // A month has at most 31 days, and the end of a month reaches at most three days further.
        let last = passed.plus_days(i32::from(months) * 31 + 3);
        (0..=i32::from(months) * 4 + 6).map(|back| last.plus_days(-back)).find(counts)
    }

    /// The first day on which a module may be passed and still counts on the day of the election.
    #[must_use]
    pub fn counts_from(self, election: Date) -> Date {
        match self {
            Self::Election => Date(i32::MIN),
            Self::Months(months) => {
                let (year, month, day) = election.civil();
                let all = year.saturating_mul(12) + i32::try_from(month).unwrap_or(1)
                    - 1
                    - i32::from(months);
                let month = u32::try_from(all.rem_euclid(12)).unwrap_or(0) + 1;
                // 31 August less six months is the last day of February.
                let last = (1..=day)
                    .rev()
                    .find_map(|day| Date::from_civil(all.div_euclid(12), month, day));
                last.unwrap_or(election)
            }
        }
    }
}

/// One module of the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrainingModule {
    /// From 1 to [`crate::member::MODULES`].
    pub number: u8,
    pub title: String,
    pub hours: u8,
    pub audience: Audience,
    /// What must be shown to pass, in words.
    pub pass: String,
    pub validity: Validity,
    /// Whether only a woman may train it.
    pub woman_trains: bool,
    /// Whence the figures: a source, or `assumed`.
    pub basis: String,
}

/// One room in which one course at a time is held.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Venue {
    #[n(0)]
    pub id: String,
    #[n(1)]
    pub name: String,
    #[n(2)]
    pub district: AreaId,
    #[n(3)]
    pub point: Point,
    #[n(4)]
    pub seats: u32,
    /// Hours of teaching on an open day.
    #[n(5)]
    pub hours_day: u8,
    /// In order.
    #[n(6)]
    pub open: Vec<Date>,
}

/// Somebody who may train, by service number.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Trainer {
    #[n(0)]
    pub number: PersonId,
    #[n(1)]
    pub woman: bool,
    /// What this trainer is qualified for.
    #[n(2)]
    pub modules: Modules,
    #[n(3)]
    pub district: AreaId,
    #[n(4)]
    pub point: Point,
    #[n(5)]
    pub hours_day: u8,
    /// In order; empty for every day.
    #[n(6)]
    pub free: Vec<Date>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_counted_back_by_the_calendar() {
        for (months, election, from) in [
            (6, "2024-02-08", "2023-08-08"),
            (12, "2024-02-08", "2023-02-08"),
            (24, "2024-01-31", "2022-01-31"),
            (6, "2024-08-31", "2024-02-29"),
            (6, "2023-08-31", "2023-02-28"),
            (2, "2024-02-08", "2023-12-08"),
        ] {
            let day = Date::parse(election).unwrap();
            assert_eq!(Validity::Months(months).counts_from(day), Date::parse(from).unwrap());
        }
        assert_eq!(Validity::Election.counts_from(Date(0)), Date(i32::MIN));
    }

    #[test]
    fn the_last_day_counts_and_the_next_one_does_not() {
        for months in [1, 2, 6, 12, 24, 60] {
            let validity = Validity::Months(months);
            for passed in (19_000..19_800).map(Date) {
                let until = validity.until(passed).unwrap();
                assert!(validity.counts_from(until) <= passed, "{passed} {months}");
                assert!(validity.counts_from(until.plus_days(1)) > passed, "{passed} {months}");
            }
        }
        assert_eq!(
            Validity::Months(6).until(Date::parse("2024-01-10").unwrap()),
            Date::parse("2024-07-10")
        );
        assert_eq!(Validity::Election.until(Date(0)), None);
    }
}
