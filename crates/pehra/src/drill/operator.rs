//! Simulated operators: where nobody plays, they answer as people of a settable skill would, neither at once nor always.

use pehra_domain::seed::Seed;
use pehra_drill::day::Second;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How good the people are who are not there. Delays are proposed, not measured; an exercise that measures its own
/// people replaces them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = DrillSkill)]
pub enum Skill {
    Novice,
    Trained,
    Expert,
}

impl Skill {
    /// Median seconds until an answer, until help is sent, and until an ended incident is closed.
    fn medians_s(self) -> [f64; 3] {
        match self {
            Self::Novice => [300.0, 420.0, 1_500.0],
            Self::Trained => [90.0, 150.0, 600.0],
            Self::Expert => [30.0, 60.0, 300.0],
        }
    }

    /// How many times as long as trained people somebody at the desk of intelligence takes.
    #[must_use]
    pub fn desk_times(self) -> f64 {
        match self {
            Self::Novice => 2.5,
            Self::Trained => 1.0,
            Self::Expert => 0.4,
        }
    }

    /// In how many of a thousand a report is overlooked until the next level asks.
    fn overlooked_permille(self) -> u64 {
        match self {
            Self::Novice => 120,
            Self::Trained => 30,
            Self::Expert => 5,
        }
    }
}

/// What an operator does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deed {
    Acknowledge,
    Assign,
    Depart,
    Arrive,
    Contain,
    Close,
    /// The team is at its base again.
    Back,
}

/// An act that falls due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    pub district: u32,
    /// The incident's number in the day.
    pub incident: u32,
    pub deed: Deed,
    /// The team of the plan that is sent, leaves, is there or back.
    pub team: Option<u32>,
}

/// Spread of the delays: one standard deviation doubles or halves them.
const SPREAD: f64 = std::f64::consts::LN_2;
/// Whoever overlooks a report finds it after so many more medians.
const OVERLOOKED_TIMES: f64 = 8.0;

/// All operators of the districts in which nobody plays.
#[derive(Clone, Debug)]
pub struct Operators {
    seed: u64,
    skill: Skill,
    due: BTreeMap<(Second, u64), Due>,
    /// When an incident's last step was or will be taken: no step comes before the one that it follows from.
    last: BTreeMap<u32, Second>,
    next: u64,
}

impl Operators {
    #[must_use]
    pub fn new(seed: u64, skill: Skill) -> Self {
        Self { seed, skill, due: BTreeMap::new(), last: BTreeMap::new(), next: 0 }
    }

    #[must_use]
    pub fn skill(&self) -> Skill {
        self.skill
    }

    /// Counts for what is reported from now on.
    pub fn set_skill(&mut self, skill: Skill) {
        self.skill = skill;
    }

    /// A report has come to the desk.
    pub fn reported(&mut self, district: u32, incident: u32, at: Second) {
        if self.last.contains_key(&incident) {
            return;
        }
        let wait = self.delay_s(incident, 0);
        self.plan(at.plus(wait), Due { district, incident, deed: Deed::Acknowledge, team: None });
    }

    /// A citizen has told something: it is acknowledged, looked into, and noted.
    pub fn told(&mut self, district: u32, report: u32, at: Second) {
        self.reported(district, report, at);
        let wait = self.delay_s(report, 2);
        let due = Due { district, incident: report, deed: Deed::Close, team: None };
        self.plan(at.plus(wait), due);
    }

    /// The plan's nearest team goes; who sent it enters so after a while.
    pub fn sent(&mut self, district: u32, incident: u32, team: u32, at: Second) {
        if !self.last.contains_key(&incident) {
            return;
        }
        let wait = self.delay_s(incident, 1);
        let team = Some(team);
        self.plan(at.plus(wait), Due { district, incident, deed: Deed::Assign, team });
        self.plan(at.plus(wait + 1), Due { district, incident, deed: Deed::Depart, team });
    }

    pub fn arrived(&mut self, district: u32, incident: u32, team: u32, at: Second) {
        if self.last.contains_key(&incident) {
            let team = Some(team);
            self.plan(at.plus(5), Due { district, incident, deed: Deed::Arrive, team });
        }
    }

    /// A team is at its base again; it was away for this incident.
    pub fn back(&mut self, district: u32, incident: u32, team: u32, at: Second) {
        if self.last.contains_key(&incident) {
            let team = Some(team);
            self.plan(at.plus(5), Due { district, incident, deed: Deed::Back, team });
        }
    }

    /// It is over at the place: contained, and closed when the desk comes to it.
    pub fn ended(&mut self, district: u32, incident: u32, at: Second) {
        if !self.last.contains_key(&incident) {
            return;
        }
        let wait = self.delay_s(incident, 2);
        self.plan(at.plus(10), Due { district, incident, deed: Deed::Contain, team: None });
        self.plan(at.plus(wait), Due { district, incident, deed: Deed::Close, team: None });
    }

    /// Everything that falls due before a moment, in order.
    pub fn take_until(&mut self, until: Second) -> Vec<(Second, Due)> {
        let later = self.due.split_off(&(until, 0));
        let now = std::mem::replace(&mut self.due, later);
        now.into_iter().map(|((at, _), due)| (at, due)).collect()
    }

    /// How many acts wait to be done.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.due.len()
    }

    fn plan(&mut self, at: Second, due: Due) {
        let last = self.last.get(&due.incident).copied();
        let at = last.map_or(at, |last| at.max(last.plus(1)));
        self.last.insert(due.incident, at);
        self.due.insert((at, self.next), due);
        self.next += 1;
    }

    /// Drawn by what it is about, so that one more incident changes no other.
    fn delay_s(&self, incident: u32, step: usize) -> i32 {
        let part = u64::from(incident) * 8 + step as u64;
        let mut chance = Seed::fork(self.seed ^ 0x6f70_6572_6174_6f72, part);
        let median = self.skill.medians_s().get(step).copied().unwrap_or(60.0);
        let normal = normal(&mut chance);
        let overlooked = step == 0 && chance.below(1_000) < self.skill.overlooked_permille();
        let times = if overlooked { OVERLOOKED_TIMES } else { 1.0 };
        spread_s(median * times, normal)
    }
}

/// Seconds that one act takes, around a median; drawn by what it is about.
#[must_use]
pub fn delay_s(seed: u64, part: u64, median_s: f64) -> i32 {
    spread_s(median_s, normal(&mut Seed::fork(seed, part)))
}

/// The sum of twelve uniform numbers is near enough to the normal curve.
fn normal(chance: &mut Seed) -> f64 {
    (0..12).map(|_| chance.unit()).sum::<f64>() - 6.0
}

fn spread_s(median_s: f64, normal: f64) -> i32 {
    let seconds = (median_s * libm::exp(SPREAD * normal)).round();
    #[expect(clippy::cast_possible_truncation, reason = "between a second and a day")]
    let seconds = seconds.clamp(1.0, 86_400.0) as i32;
    seconds
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i32) -> Second {
        Second::on(0, 9, minute)
    }

    fn answered(skill: Skill) -> Vec<i32> {
        let mut operators = Operators::new(7, skill);
        for incident in 0..400 {
            operators.reported(3, incident, at(0));
        }
        let done = operators.take_until(at(0).plus(86_401));
        assert_eq!(done.len(), 400);
        done.into_iter().map(|(when, _)| when.since(at(0))).collect()
    }

    #[test]
    fn the_better_the_people_the_sooner_the_answer_and_never_at_once() {
        let middle = |waits: &[i32]| waits[waits.len() / 2];
        let [novice, trained, expert] =
            [Skill::Novice, Skill::Trained, Skill::Expert].map(answered);
        assert!(middle(&novice) > 2 * middle(&trained) && middle(&trained) > 2 * middle(&expert));
        assert!(expert.iter().all(|&wait| wait >= 1));
        let long = |waits: &[i32]| waits.iter().filter(|&&wait| wait > 1_800).count();
        assert!(long(&novice) > 20 && long(&expert) < 5, "{} {}", long(&novice), long(&expert));
    }

    #[test]
    fn no_step_comes_before_the_one_it_follows_from_and_one_seed_gives_one_day() {
        let run = || {
            let mut operators = Operators::new(7, Skill::Novice);
            operators.reported(3, 5, at(0));
            operators.reported(3, 5, at(1));
            operators.sent(3, 5, 9, at(1));
            operators.arrived(3, 5, 9, at(2));
            operators.ended(3, 5, at(3));
            operators.back(3, 5, 9, at(4));
            operators.sent(3, 6, 9, at(3));
            operators.take_until(at(0).plus(86_400))
        };
        let deeds: Vec<Deed> = run().into_iter().map(|(_, due)| due.deed).collect();
        use Deed::{Acknowledge, Arrive, Assign, Back, Close, Contain, Depart};
        assert_eq!(deeds, [Acknowledge, Assign, Depart, Arrive, Contain, Close, Back]);
        assert_eq!(run(), run());
    }
}
