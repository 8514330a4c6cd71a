//! The exercise's own clock: the day's time, at a pace, beside the machine's.

use pehra_drill::day::Second;

/// Fastest pace that a person directs; `full` runs without a clock.
pub const PACE_MAX: u32 = 600;

/// Tells the day's time from milliseconds of a clock that never goes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// The day's time at `since_ms`.
    at: Second,
    since_ms: u64,
    /// Seconds of the day in one of the machine.
    pace: u32,
    running: bool,
}

impl Clock {
    #[must_use]
    pub fn stopped(at: Second, pace: u32) -> Self {
        Self { at, since_ms: 0, pace: pace.clamp(1, PACE_MAX), running: false }
    }

    #[must_use]
    pub fn pace(&self) -> u32 {
        self.pace
    }

    #[must_use]
    pub fn is_running(&self) -> bool {
        self.running
    }

    /// The day's time, to the millisecond.
    #[must_use]
    pub fn now_ms(&self, machine_ms: u64) -> i64 {
        let at = i64::from(self.at.0) * 1_000;
        if !self.running {
            return at;
        }
        let passed = machine_ms.saturating_sub(self.since_ms).saturating_mul(u64::from(self.pace));
        at.saturating_add(i64::try_from(passed).unwrap_or(i64::MAX))
    }

    /// The day's time, in whole seconds.
    #[must_use]
    pub fn now(&self, machine_ms: u64) -> Second {
        Second(i32::try_from(self.now_ms(machine_ms).div_euclid(1_000)).unwrap_or(i32::MAX))
    }

    /// Goes on, or stands still.
    pub fn run(&mut self, running: bool, machine_ms: u64) {
        self.at = self.now(machine_ms);
        self.since_ms = machine_ms;
        self.running = running;
    }

    /// Another pace from now on.
    pub fn set_pace(&mut self, pace: u32, machine_ms: u64) {
        self.at = self.now(machine_ms);
        self.since_ms = machine_ms;
        self.pace = pace.clamp(1, PACE_MAX);
    }

    /// Another time from now on.
    pub fn set(&mut self, at: Second, machine_ms: u64) {
        self.at = at;
        self.since_ms = machine_ms;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_passes_in_a_second_at_sixty() {
        let mut clock = Clock::stopped(Second::on(0, 5, 30), 60);
        assert_eq!(clock.now(9_000), Second::on(0, 5, 30), "it stands until it runs");
        clock.run(true, 10_000);
        assert_eq!(clock.now(10_999), Second::on(0, 5, 30).plus(59));
        assert_eq!(clock.now(11_000), Second::on(0, 5, 31));
    }

    #[test]
    fn a_change_of_pace_or_a_pause_moves_no_time() {
        let mut clock = Clock::stopped(Second::on(0, 8, 0), 60);
        clock.run(true, 0);
        clock.set_pace(600, 1_000);
        assert_eq!(clock.now(1_000), Second::on(0, 8, 1));
        clock.run(false, 2_000);
        assert_eq!(clock.now(60_000), Second::on(0, 8, 11));
        clock.set(Second::on(0, 5, 0), 60_000);
        assert_eq!(clock.now(90_000), Second::on(0, 5, 0));
        clock.set_pace(9_000, 0);
        assert_eq!(clock.pace(), PACE_MAX);
    }
}
