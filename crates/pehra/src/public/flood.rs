//! How many reports are taken in, counted by door and district and never by who sends them: nothing here could tell two
//! reporters apart.
//!
//! A bucket of places for each door and district fills up again at a steady pace. A flood in one district therefore
//! closes that district's door for a minute and no other; the helpline and the desk have buckets of their own. Wrong
//! codes have a bucket for the whole door.

use pehra_domain::{AreaId, UnixMs};
use pehra_ops::report::Door;
use std::{
    collections::BTreeMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

/// Places of a district's bucket: as many reports at once.
const DISTRICT_PLACES: i64 = 60;
/// A place comes back after so long: 900 reports an hour from one district through one door.
const DISTRICT_REFILL_MS: i64 = 4_000;
/// Wrong codes at once, and how often another one may be tried.
const CODE_PLACES: i64 = 60;
const CODE_REFILL_MS: i64 = 500;

/// Places that are taken at once and come back one by one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bucket {
    /// Places in thousandths of the refill's time, so that nothing is lost in rounding.
    filled_ms: i64,
    at: UnixMs,
}

impl Bucket {
    pub(crate) fn full(at: UnixMs, places: i64, refill_ms: i64) -> Self {
        Self { filled_ms: places * refill_ms, at }
    }

    /// Takes a place; otherwise in how many seconds there is one.
    pub(crate) fn take(&mut self, now: UnixMs, places: i64, refill_ms: i64) -> Result<(), u32> {
        let passed = now.0.saturating_sub(self.at.0).max(0);
        self.at = now;
        self.filled_ms = self.filled_ms.saturating_add(passed).min(places * refill_ms);
        if self.filled_ms >= refill_ms {
            self.filled_ms -= refill_ms;
            return Ok(());
        }
        let wait = (refill_ms - self.filled_ms + 999) / 1_000;
        Err(u32::try_from(wait).unwrap_or(1))
    }
}

/// The buckets of one node, and how often a door was shut.
#[derive(Debug, Default)]
pub struct Buckets {
    districts: Mutex<BTreeMap<(Door, AreaId), Bucket>>,
    codes: Mutex<Option<Bucket>>,
    turned_away: AtomicU64,
}

impl Buckets {
    /// A place for a report.
    ///
    /// # Errors
    /// In how many seconds there is one.
    pub fn report(&self, door: Door, area: &AreaId, now: UnixMs) -> Result<(), u32> {
        let mut all = self.districts.lock().unwrap_or_else(PoisonError::into_inner);
        let full = Bucket::full(now, DISTRICT_PLACES, DISTRICT_REFILL_MS);
        let bucket = all.entry((door, area.clone())).or_insert(full);
        let taken = bucket.take(now, DISTRICT_PLACES, DISTRICT_REFILL_MS);
        if taken.is_err() {
            self.turned_away.fetch_add(1, Ordering::Relaxed);
        }
        taken
    }

    /// A place for a code that was not found.
    ///
    /// # Errors
    /// In how many seconds there is one.
    pub fn wrong_code(&self, now: UnixMs) -> Result<(), u32> {
        let mut bucket = self.codes.lock().unwrap_or_else(PoisonError::into_inner);
        let full = Bucket::full(now, CODE_PLACES, CODE_REFILL_MS);
        bucket.get_or_insert(full).take(now, CODE_PLACES, CODE_REFILL_MS)
    }

    /// How many reports found the door shut since the node was opened.
    #[must_use]
    pub fn turned_away(&self) -> u64 {
        self.turned_away.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_in_one_district_shuts_no_other_and_no_other_door() {
        let buckets = Buckets::default();
        let [east, west] = ["pk/sindh/karachi-east", "pk/sindh/karachi-west"]
            .map(|area| AreaId::try_new(area).unwrap());
        let now = UnixMs(1_000_000);
        let taken = (0..1_000).filter(|_| buckets.report(Door::Page, &east, now).is_ok()).count();
        assert_eq!(i64::try_from(taken).unwrap(), DISTRICT_PLACES);
        assert_eq!(buckets.turned_away(), 1_000 - u64::try_from(taken).unwrap());
        assert!(buckets.report(Door::Page, &west, now).is_ok());
        assert!(buckets.report(Door::Helpline, &east, now).is_ok());
        assert_eq!(buckets.report(Door::Page, &east, UnixMs(now.0 + 1_000)), Err(3));
        assert!(buckets.report(Door::Page, &east, UnixMs(now.0 + 4_000)).is_ok());
        assert!(
            buckets.report(Door::Page, &east, UnixMs(now.0 - 60_000)).is_err(),
            "a clock set back"
        );
    }

    #[test]
    fn codes_are_not_guessed_faster_than_two_a_second() {
        let buckets = Buckets::default();
        let tried = |from: i64| {
            (0..600).filter(|at| buckets.wrong_code(UnixMs(from + at * 10)).is_ok()).count()
        };
        let first = tried(0);
        assert!((60..=72).contains(&first), "{first}");
        let then = tried(6_000);
        assert!((11..=13).contains(&then), "{then}");
    }
}
