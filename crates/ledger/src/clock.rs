//! Hybrid logical clock (Kulkarni and others, 2014): wall time that never runs behind what was already seen.
//!
//! It sorts for display. What came before what is settled by each device's own order and by causes.

/// Milliseconds kept: 48 bits reach the year 10889.
pub const MS_MAX: u64 = (1 << 48) - 1;

/// A clock further ahead than this is kept and flagged, and never moves ours. Milliseconds.
pub const AHEAD_MS_MAX: u64 = 5 * 60 * 1000;

/// Unix milliseconds and a counter for acts within one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Hlc {
    pub ms: u64,
    pub counter: u16,
}

impl Hlc {
    /// 48 bits of milliseconds above 16 bits of counter; sorts as the value does.
    #[must_use]
    pub fn packed(self) -> u64 {
        (self.ms.min(MS_MAX) << 16) | u64::from(self.counter)
    }

    #[must_use]
    pub fn unpacked(packed: u64) -> Self {
        let [.., high, low] = packed.to_be_bytes();
        Self { ms: packed >> 16, counter: u16::from_be_bytes([high, low]) }
    }

    fn next(self) -> Self {
        match self.counter.checked_add(1) {
            Some(counter) => Self { ms: self.ms, counter },
            None => Self { ms: (self.ms + 1).min(MS_MAX), counter: 0 },
        }
    }
}

/// Where a device's time comes from. Codes may be added; a code from a newer version is kept as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClockSource(pub u8);

impl ClockSource {
    pub const UNKNOWN: Self = Self(0);
    /// Set by a person.
    pub const HAND: Self = Self(1);
    /// A time service over a network.
    pub const NETWORK: Self = Self(2);
    /// Navigation satellites.
    pub const SATELLITE: Self = Self(3);
    /// Another node of this election.
    pub const PEER: Self = Self(4);
}

/// How far a device's time may be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClockQuality {
    pub source: ClockSource,
    /// Seconds since the clock was last set from its source; `u32::MAX` when it never was.
    pub age_s: u32,
}

impl ClockQuality {
    pub const UNKNOWN: Self = Self { source: ClockSource::UNKNOWN, age_s: u32::MAX };
}

/// This node's clock: the last time that it gave out or took over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Clock {
    last: Hlc,
}

impl Clock {
    /// Goes on from the last entry that this node wrote.
    #[must_use]
    pub fn resumed(last: Hlc) -> Self {
        Self { last }
    }

    /// The time for a new act. It does not go back, unless ours stood more than five minutes ahead of `now_ms`:
    /// then the wall clock was wrong before, and following it for ever would be worse than one step back.
    pub fn tick(&mut self, now_ms: u64) -> Hlc {
        let now_ms = now_ms.min(MS_MAX);
        let stands_ahead = self.last.ms > now_ms.saturating_add(AHEAD_MS_MAX);
        self.last = if now_ms > self.last.ms || stands_ahead {
            Hlc { ms: now_ms, counter: 0 }
        } else {
            self.last.next()
        };
        self.last
    }

    /// Takes over another node's time, so that our next act sorts after what we have seen. Answers whether the
    /// other clock stands too far ahead to be followed.
    pub fn observe(&mut self, remote: Hlc, now_ms: u64) -> bool {
        let ahead = is_ahead(remote, now_ms);
        if !ahead {
            self.last = self.last.max(remote);
        }
        ahead
    }
}

/// Whether a time stands more than five minutes ahead of `now_ms`.
#[must_use]
pub fn is_ahead(time: Hlc, now_ms: u64) -> bool {
    time.ms > now_ms.saturating_add(AHEAD_MS_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_remote_clock_far_ahead_never_drags_ours() {
        let mut clock = Clock::default();
        let now = 1_707_000_000_000;
        assert!(clock.observe(Hlc { ms: now + AHEAD_MS_MAX + 1, counter: 0 }, now));
        assert_eq!(clock.tick(now), Hlc { ms: now, counter: 0 });
        assert!(!clock.observe(Hlc { ms: now + AHEAD_MS_MAX, counter: 3 }, now));
        assert_eq!(clock.tick(now), Hlc { ms: now + AHEAD_MS_MAX, counter: 4 });
    }

    #[test]
    fn a_wall_clock_that_was_a_year_wrong_is_left_behind() {
        let mut clock = Clock::default();
        let now = 1_707_000_000_000;
        clock.tick(now + 365 * 86_400_000);
        assert_eq!(clock.tick(now), Hlc { ms: now, counter: 0 });
    }

    #[test]
    fn a_full_counter_borrows_a_millisecond() {
        let mut clock = Clock::resumed(Hlc { ms: 9, counter: u16::MAX });
        assert_eq!(clock.tick(9), Hlc { ms: 10, counter: 0 });
    }

    proptest! {
        #[test]
        fn time_given_out_rises_while_the_wall_clock_is_nearly_right(
            steps in prop::collection::vec((0_u64..600_000, any::<bool>()), 1..60),
        ) {
            let base = 1_707_000_000_000_u64;
            let mut clock = Clock::default();
            let mut last = Hlc::default();
            for (offset, observed) in steps {
                let now = base + offset % 200_000;
                if observed {
                    clock.observe(Hlc { ms: base + offset, counter: 7 }, now);
                }
                let time = clock.tick(now);
                if last.ms <= now + AHEAD_MS_MAX {
                    prop_assert!(time > last);
                }
                last = time;
            }
        }

        #[test]
        fn packing_keeps_the_value_and_the_order(a in 0..=MS_MAX, b in 0..=MS_MAX, x: u16, y: u16) {
            let (a, b) = (Hlc { ms: a, counter: x }, Hlc { ms: b, counter: y });
            prop_assert_eq!(Hlc::unpacked(a.packed()), a);
            prop_assert_eq!(a.cmp(&b), a.packed().cmp(&b.packed()));
        }
    }
}
