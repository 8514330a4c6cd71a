//! What counts: bearers that a test proved not too long ago, of different causes.

use super::bearer::{Bearer, Bearers, Service};
use pehra_domain::Date;
use std::collections::BTreeSet;

/// The last test of one bearer at one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Test {
    pub bearer: Bearer,
    pub on: Date,
    pub worked: bool,
}

/// Where a bearer stands at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// No test is known.
    Untested,
    Failed,
    /// It worked, too long before the day.
    Expired,
    Proved,
}

/// Judges one bearer by the tests of a place; of several the last says it, and of one day's the worst.
#[must_use]
pub fn standing(bearers: &Bearers, tests: &[Test], bearer: Bearer, day: Date) -> Standing {
    let of = tests.iter().filter(|test| test.bearer == bearer && test.on <= day);
    let Some(last) = of.max_by_key(|test| (test.on, !test.worked)) else {
        return Standing::Untested;
    };
    if !last.worked {
        return Standing::Failed;
    }
    let days = i32::try_from(bearers.of(bearer).valid_days).unwrap_or(i32::MAX);
    if last.on.plus_days(days) < day { Standing::Expired } else { Standing::Proved }
}

/// A station's bearers as a set of [`Bearer::index`] bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rungs(u16);

impl Rungs {
    #[must_use]
    pub fn with(self, bearer: Bearer) -> Self {
        Self(self.0 | 1 << bearer.index())
    }

    #[must_use]
    pub fn has(self, bearer: Bearer) -> bool {
        self.0 >> bearer.index() & 1 == 1
    }

    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub fn list(self) -> impl Iterator<Item = Bearer> {
        Bearer::ALL.into_iter().filter(move |bearer| self.has(*bearer))
    }

    /// What is left when services are suspended.
    #[must_use]
    pub fn without(self, bearers: &Bearers, suspended: &BTreeSet<Service>) -> Self {
        let stays = |bearer: &Bearer| {
            bearers.of(*bearer).service.is_none_or(|service| !suspended.contains(&service))
        };
        self.list().filter(stays).fold(Self::default(), Self::with)
    }

    /// Rungs that count: one for each cause.
    #[must_use]
    pub fn count(self, bearers: &Bearers) -> usize {
        let causes: BTreeSet<&str> =
            self.list().map(|bearer| bearers.of(bearer).cause.as_str()).collect();
        causes.len()
    }
}
