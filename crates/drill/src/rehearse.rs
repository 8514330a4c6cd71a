//! A plan rehearsed: thousands of seeded days in a reduced model, so that plans are chosen by what they do and not by how
//! they look. What is kept of the day: which stations no path is left to, how soon a team comes, which bags are late. What
//! is left out: queues on the air, the order of events, people who leave. [`crate::day`] is the whole day, one at a time.
//!
//! Luck belongs to a thing by its name and to the run by its number, not to a plan: two plans rehearsed with one seed meet
//! the same attacks' draws, breakdowns and outages, and their difference is measured run by run.

mod bags;
mod darkness;
mod help;
pub mod measure;
#[cfg(test)]
mod tests;

use crate::day::{Parameters, Plan, list::Service, plan::narrow};
use measure::{Interval, Paired, Spread};
use pehra_domain::{
    progress::{Cancelled, Watch, tell},
    risk::RiskClass,
    seed::Seed,
};

/// What is rehearsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setup {
    pub runs: u32,
    pub seed: u64,
    pub threads: usize,
    /// Services that are gone on the day.
    pub gone: Vec<Service>,
    /// So many of the weakest places are named.
    pub weakest: usize,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            runs: 1_000,
            seed: 2024,
            threads: 2,
            gone: vec![Service::Voice, Service::Sms, Service::Data],
            weakest: 10,
        }
    }
}

/// One imagined day in figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// Stations that nothing but a courier or a car reaches, by class: normal, sensitive, most sensitive.
    pub dark: [u32; 3],
    pub incidents: u32,
    /// No team of the district within the target of the terrain (20 minutes in the plain, 45 beyond) of severity 5.
    pub late_help: u32,
    /// No free team at all.
    pub unanswered: u32,
    pub response_median_s: u32,
    pub response_p95_s: u32,
    /// Stations whose convoy is at the gate when it is overdue.
    pub late_bags: u32,
    /// And later than the marks of the law: 02:00 and 10:00 of the day after.
    pub after_two: u32,
    pub after_ten: u32,
}

impl Run {
    /// The figures that are compared, in the order of [`MEASURES`].
    #[must_use]
    pub fn figures(&self) -> [u32; 9] {
        [
            self.dark.iter().sum(),
            self.dark[2],
            self.incidents,
            self.late_help,
            self.unanswered,
            self.response_median_s,
            self.response_p95_s,
            self.late_bags,
            self.after_two,
        ]
    }
}

/// What the figures are called.
pub const MEASURES: [&str; 9] = [
    "dark stations",
    "dark most sensitive stations",
    "incidents",
    "incidents with late help",
    "incidents unanswered",
    "response median, s",
    "response 95th percentile, s",
    "late bags",
    "bags after 02:00",
];

/// Why a place is weak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Weakness {
    /// No path but the mobile network, or none that a test proved.
    Paths,
    /// Help is too far.
    Help,
    /// Its convoy is late.
    Convoy,
}

/// A weak place: shares of runs (and of its stations, for darkness) in thousandths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weak {
    pub building: u32,
    pub dark_permille: u32,
    pub late_permille: u32,
    /// Of the nearest teams.
    pub help_s: u32,
    pub score: u64,
    pub because: Weakness,
}

/// All runs, and what they say of places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rehearsal {
    pub runs: Vec<Run>,
    pub weakest: Vec<Weak>,
}

/// What one thread adds up over its runs, by building.
#[derive(Clone)]
struct Sums {
    dark: Vec<u32>,
    late: Vec<u32>,
}

/// Runs between two words to the watcher.
const ROUND: usize = 64;

/// Rehearses a plan. The same plan, figures and seed give the same runs on any number of threads.
///
/// # Errors
/// [`Cancelled`] when the watcher stops the work.
pub fn rehearse(
    plan: &Plan,
    figures: &Parameters,
    setup: &Setup,
    watch: &mut Watch<'_>,
) -> Result<Rehearsal, Cancelled> {
    let ground = Ground::new(plan, figures, setup);
    let total = setup.runs as usize;
    let threads = setup.threads.max(1);
    let mut runs = vec![Run::default(); total];
    let blank = Sums { dark: vec![0; plan.buildings.len()], late: vec![0; plan.buildings.len()] };
    let mut sums = vec![blank; threads];
    for first in (0..total).step_by(ROUND) {
        tell(watch, "days rehearsed", first as u64, total as u64)?;
        let end = total.min(first + ROUND);
        let round = &mut runs[first..end];
        let part = round.len().div_ceil(threads).max(1);
        std::thread::scope(|scope| {
            for (number, (slots, sums)) in round.chunks_mut(part).zip(&mut sums).enumerate() {
                let ground = &ground;
                scope.spawn(move || {
                    for (at, slot) in slots.iter_mut().enumerate() {
                        *slot = ground.run(narrow(first + number * part + at), sums);
                    }
                });
            }
        });
    }
    tell(watch, "days rehearsed", total as u64, total as u64)?;
    let weakest = ground.weakest(&sums, setup);
    Ok(Rehearsal { runs, weakest })
}

/// Everything about a plan that every run needs, computed once.
struct Ground<'a> {
    plan: &'a Plan,
    figures: &'a Parameters,
    seed: u64,
    paths: Vec<darkness::Paths>,
    /// Districts' names as numbers, for chance.
    districts: Vec<u64>,
    help: help::Help,
    bags: bags::Bags,
}

impl<'a> Ground<'a> {
    fn new(plan: &'a Plan, figures: &'a Parameters, setup: &Setup) -> Self {
        Self {
            plan,
            figures,
            seed: setup.seed,
            paths: darkness::paths(plan, &setup.gone),
            districts: plan.districts.iter().map(|it| key(it.area.as_str())).collect(),
            help: help::Help::new(plan),
            bags: bags::Bags::new(plan, figures),
        }
    }

    fn run(&self, number: u32, sums: &mut Sums) -> Run {
        let mut luck = Seed::fork(self.seed, u64::from(number));
        let seed = luck.next_u64();
        let mut run = Run::default();
        self.darkness(seed, &mut run, &mut sums.dark);
        self.incidents(seed, &mut run);
        self.night(seed, &mut run, &mut sums.late);
        run
    }

    fn weakest(&self, sums: &[Sums], setup: &Setup) -> Vec<Weak> {
        let runs = u64::from(setup.runs.max(1));
        let share = |count: u64| u32::try_from(count * 1_000 / runs).unwrap_or(1_000);
        let mut all: Vec<Weak> = (0_u32..)
            .zip(&self.plan.buildings)
            .map(|(at, building)| {
                let sum = |of: &dyn Fn(&Sums) -> u32| {
                    sums.iter().map(|it| u64::from(of(it))).sum::<u64>()
                };
                let stations = building.stations.len().max(1) as u64;
                let dark_permille = share(sum(&|it| it.dark[at as usize]) / stations);
                let late_permille = share(sum(&|it| it.late[at as usize]));
                let help_s = self.help.nearest_s(at);
                weak(building.class, at, [dark_permille, late_permille], help_s)
            })
            .collect();
        all.sort_by_key(|it| (std::cmp::Reverse(it.score), it.building));
        all.truncate(setup.weakest);
        all
    }
}

/// Weight of a place by class, as in the placement of scarce terminals [P].
fn weight(class: RiskClass) -> u64 {
    match class {
        RiskClass::Normal => 1,
        RiskClass::Sensitive => 2,
        RiskClass::Most => 4,
    }
}

/// An hour to the nearest team counts as much as darkness in every run [P].
const HELP_HOUR_S: u64 = 3_600;

fn weak(class: RiskClass, building: u32, [dark, late]: [u32; 2], help_s: u32) -> Weak {
    let help = (u64::from(help_s) * 1_000 / HELP_HOUR_S).min(2_000);
    let parts = [
        (u64::from(dark), Weakness::Paths),
        (help, Weakness::Help),
        // A late bag is lived with more easily than silence.
        (u64::from(late) / 2, Weakness::Convoy),
    ];
    let because = parts.iter().max_by_key(|(points, _)| *points).map(|(_, why)| *why);
    Weak {
        building,
        dark_permille: dark,
        late_permille: late,
        help_s,
        score: parts.iter().map(|(points, _)| points).sum::<u64>() * weight(class),
        because: because.unwrap_or(Weakness::Paths),
    }
}

impl Rehearsal {
    /// The spread of each measure, in the order of [`MEASURES`].
    #[must_use]
    pub fn spreads(&self) -> [Spread; 9] {
        std::array::from_fn(|at| {
            Spread::of(self.runs.iter().map(|run| run.figures()[at]).collect())
        })
    }

    /// This plan against another, run by run under the same luck: the mean difference (other less this) with its interval,
    /// and how often the other was better. Runs beyond the shorter rehearsal are left out.
    #[must_use]
    pub fn against(&self, other: &Self) -> [Paired; 9] {
        std::array::from_fn(|at| {
            let pairs = self.runs.iter().zip(&other.runs);
            Paired::of(pairs.map(|(a, b)| (i64::from(a.figures()[at]), i64::from(b.figures()[at]))))
        })
    }

    /// The interval of a measure's mean, in thousandths.
    #[must_use]
    pub fn mean(&self, measure: usize) -> Interval {
        self.spreads()[measure].mean
    }
}

/// A name as a number, the same for ever (FNV-1a, 64 bits).
fn key(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// What a draw of a run decides.
#[derive(Clone, Copy)]
enum Draw {
    Radio = 1,
    Line,
    Far,
    Outage,
    Count,
    Attacks,
    Response,
    Roads,
    Leg,
    Desk,
}

/// The luck of one thing in one run.
fn luck(run: u64, draw: Draw, of: u64) -> Seed {
    Seed::fork(run ^ of, draw as u64)
}
