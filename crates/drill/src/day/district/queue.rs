//! People before the booths, one sex at a time: arrivals and service in steps of ten minutes.

use crate::day::{
    Second,
    chance::{On, Who, chance, poisson},
    parameter::{HOURS, Parameters},
};

/// One line of waiting people.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Line {
    pub(super) waiting: u32,
    pub(super) voted: u32,
    /// Counted up to the beginning of this step from opening.
    step: u32,
    /// Seconds of service that are left over within the last step.
    spare_s: i32,
    /// Service is accounted for up to here.
    until: Second,
}

/// Length of a step, and of the hours of the table of arrivals.
const STEP_S: i32 = 600;
const STEPS_AN_HOUR: u32 = 6;
pub(super) const DOORS_OPEN: Second = Second::on(0, 8, 0);
pub(super) const DOORS_SHUT: Second = Second::on(0, 17, 0);

/// Who stands in line, and how they are served.
#[derive(Clone, Copy)]
pub(super) struct Voters {
    pub(super) seed: u64,
    /// Position in the plan, and 0 for men, 1 for women.
    pub(super) station: u32,
    pub(super) sex: u32,
    /// Expected on the whole day.
    pub(super) expected: u32,
    pub(super) registered: u32,
    pub(super) booths: u32,
    pub(super) serve_s: i32,
}

impl Line {
    /// Brings the line up to `now`. `open`: whether the booths worked since the last call.
    pub(super) fn update(
        &mut self,
        now: Second,
        voters: &Voters,
        open: bool,
        figures: &Parameters,
    ) {
        if self.until < DOORS_OPEN {
            self.until = DOORS_OPEN.min(now.max(self.until));
        }
        while self.until < now {
            let steps = self.arrived_by();
            if steps > self.step && self.until < DOORS_SHUT {
                self.arrive(voters, figures);
                continue;
            }
            let next = if self.until < DOORS_SHUT {
                let end = DOORS_OPEN.plus(STEP_S * i32::try_from(self.step).unwrap_or(0));
                now.min(end.max(self.until.plus(1)))
            } else {
                now
            };
            if open {
                self.serve(next.since(self.until), voters);
            }
            self.until = next;
        }
    }

    /// Steps whose people have come by `until`: those of a step stand there at its beginning.
    fn arrived_by(&self) -> u32 {
        let past = self.until.since(DOORS_OPEN);
        u32::try_from(past.div_euclid(STEP_S) + 1).unwrap_or(0)
    }

    fn arrive(&mut self, voters: &Voters, figures: &Parameters) {
        let hour = (self.step / STEPS_AN_HOUR) as usize;
        let share = figures.arrivals_hourly_permille[hour.min(HOURS - 1)];
        let mean_micro =
            u64::from(voters.expected) * u64::from(share) * 1_000 / u64::from(STEPS_AN_HOUR);
        let again = self.step * 2 + voters.sex;
        let mut luck = chance(voters.seed, Who::Station, voters.station, On::Queue, again);
        let left = voters.registered.saturating_sub(self.waiting + self.voted);
        self.waiting += poisson(&mut luck, mean_micro).min(left);
        self.step += 1;
    }

    fn serve(&mut self, seconds: i32, voters: &Voters) {
        let booths = i32::try_from(voters.booths.max(1)).unwrap_or(1);
        let work = seconds.saturating_mul(booths) + self.spare_s;
        let able = u32::try_from(work / voters.serve_s.max(1)).unwrap_or(0);
        let served = able.min(self.waiting);
        self.waiting -= served;
        self.voted += served;
        // Booths that stood idle do not save their time up.
        self.spare_s = if self.waiting == 0 { 0 } else { work % voters.serve_s.max(1) };
    }

    /// Seconds until everybody who waits has voted.
    pub(super) fn empty_in(&self, voters: &Voters) -> i32 {
        let booths = voters.booths.max(1);
        let rounds = i32::try_from(self.waiting.div_ceil(booths)).unwrap_or(i32::MAX);
        rounds.saturating_mul(voters.serve_s.max(1))
    }
}
