//! Health is computed from what was heard last, never typed; and how long something was up, from what was seen of it
//! while somebody listened.

use super::{Health, Kind, Sight};
use pehra_domain::UnixMs;

/// How often a piece of equipment is expected to be heard, in seconds.
#[must_use]
pub fn interval_s(kind: Kind) -> u32 {
    match kind {
        Kind::Camera | Kind::Hub => 60,
        Kind::Tracker => 120,
        Kind::Verification | Kind::Generator => 300,
        // A radio is heard at its net's roll call.
        Kind::Radio => 7_200,
    }
}

/// After so many intervals without a word it is silent: one may get lost.
pub const SILENT_AFTER_INTERVALS: u32 = 3;

/// What a listener may say of something at a moment: nothing until it was heard for the first time.
#[must_use]
pub fn of(kind: Kind, heard: Option<UnixMs>, said: Health, now: UnixMs) -> Option<Health> {
    let heard = heard?;
    let patience_ms = i64::from(interval_s(kind)) * i64::from(SILENT_AFTER_INTERVALS) * 1_000;
    if now.0.saturating_sub(heard.0) > patience_ms { Some(Health::Silent) } else { Some(said) }
}

/// Camera-minutes up of those due (indicator K17), in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Uptime {
    pub due_ms: i64,
    pub up_ms: i64,
    /// Nobody listened, or it had never been heard: neither up nor down is known. It counts as not up.
    pub unseen_ms: i64,
}

impl Uptime {
    #[must_use]
    pub fn unseen(due_ms: i64) -> Self {
        Self { due_ms, up_ms: 0, unseen_ms: due_ms }
    }

    /// `sights` in the order of moments, `spans` apart and in order.
    #[must_use]
    pub fn of(sights: &[Sight], spans: &[(UnixMs, UnixMs)], from: UnixMs, until: UnixMs) -> Self {
        let due_ms = until.0.saturating_sub(from.0).max(0);
        let (mut up_ms, mut seen_ms) = (0_i64, 0_i64);
        let ends = sights.iter().skip(1).map(|sight| sight.at).chain([UnixMs(i64::MAX)]);
        for (sight, end) in sights.iter().zip(ends) {
            for (start, stop) in spans {
                let first = sight.at.0.max(start.0).max(from.0);
                let last = end.0.min(stop.0).min(until.0);
                let length = last.saturating_sub(first).max(0);
                seen_ms = length.saturating_add(seen_ms);
                up_ms = if sight.health.is_up() { length.saturating_add(up_ms) } else { up_ms };
            }
        }
        Self { due_ms, up_ms, unseen_ms: due_ms - seen_ms.min(due_ms) }
    }

    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            due_ms: self.due_ms.saturating_add(other.due_ms),
            up_ms: self.up_ms.saturating_add(other.up_ms),
            unseen_ms: self.unseen_ms.saturating_add(other.unseen_ms),
        }
    }

    /// Of a thousand due how many were up; none when nothing was due.
    #[must_use]
    pub fn per_mille(self) -> Option<i64> {
        self.up_ms.saturating_mul(1_000).checked_div(self.due_ms)
    }
}
