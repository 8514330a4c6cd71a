//! From places, classes and targets to bases for teams, what they reach, and what a change would do.

use super::cover::{Cover, CoverError, Gain};
use crate::{
    allocate::{DistanceModel, Place, Terrain, travel_m},
    threads::in_runs,
};
use pehra_domain::{Point, risk::RiskClass};
use serde::{Deserialize, Serialize};

/// A place that may need help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demand {
    pub point: Point,
    pub terrain: Terrain,
    pub class: RiskClass,
}

/// Whether a time was measured along roads or estimated from the straight line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    Road,
    Estimated,
}

/// Travel times between bases and places, whoever knows them.
pub trait TravelTimes: Sync {
    fn bases(&self) -> usize;
    /// Seconds from a base to a place; none when there is no way.
    fn seconds(&self, base: u32, place: usize) -> Option<(u32, Basis)>;
    /// Tells every base within so many seconds of a place.
    fn within(&self, place: usize, limit_s: u32, found: &mut dyn FnMut(u32)) {
        for base in 0..u32::try_from(self.bases()).unwrap_or(u32::MAX) {
            if self.seconds(base, place).is_some_and(|(seconds, _)| seconds <= limit_s) {
                found(base);
            }
        }
    }
    /// The nearest of some bases to a place, of equal ones the first, and how many are within a limit.
    fn look(&self, place: usize, open: &[u32], limit_s: u32) -> (Option<Nearest>, u32) {
        let (mut nearest, mut within) = (None, 0);
        for &base in open {
            let Some((seconds, basis)) = self.seconds(base, place) else { continue };
            within += u32::from(seconds <= limit_s);
            nearest = Nearest::or_sooner(nearest, Nearest { base, seconds, basis });
        }
        (nearest, within)
    }
    /// Up to here every time is known; of longer ways [`Self::beyond`] tells.
    fn known_up_to_s(&self) -> u32 {
        u32::MAX
    }
    /// For each of some places the nearest of some bases, however far; none where nothing leads there.
    fn beyond(&self, places: &[usize], _open: &[u32]) -> Vec<Option<Nearest>> {
        vec![None; places.len()]
    }
}

/// The base that is soonest at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nearest {
    pub base: u32,
    pub seconds: u32,
    pub basis: Basis,
}

impl Nearest {
    /// The sooner one; of equals the first.
    fn or_sooner(known: Option<Self>, other: Self) -> Option<Self> {
        Some(known.filter(|known| known.seconds <= other.seconds).unwrap_or(other))
    }
}

/// A line on the ground that no way may cross: a road cut, a bridge gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    pub from: Point,
    pub to: Point,
}

impl Block {
    /// Whether a straight line on the map crosses it, ends included.
    #[must_use]
    pub fn stops(&self, from: Point, to: Point) -> bool {
        crosses([from, to], [self.from, self.to])
    }
}

/// Times estimated from the great circle, a detour factor and a speed, both by the terrain of the place.
pub struct Estimates<'a> {
    bases: Vec<(Place, Point)>,
    places: Vec<(Place, Point, u32, u32)>,
    blocks: &'a [Block],
}

/// Speeds with the detour factors of [`DistanceModel`], in metres an hour: plain, hill, mountain.
pub const SPEEDS_M_PER_H: [u32; 3] = [40_000, 25_000, 15_000];

impl<'a> Estimates<'a> {
    #[must_use]
    pub fn new(
        bases: &[Point],
        demands: &[Demand],
        distance: &DistanceModel,
        blocks: &'a [Block],
    ) -> Self {
        let places = demands
            .iter()
            .map(|demand| {
                let detour = distance.permille_of(demand.terrain);
                let speed = SPEEDS_M_PER_H[terrain_index(demand.terrain)];
                (Place::of(demand.point), demand.point, detour, speed)
            })
            .collect();
        let bases = bases.iter().map(|&point| (Place::of(point), point)).collect();
        Self { bases, places, blocks }
    }
}

impl Estimates<'_> {
    /// Squared chord beyond which nothing is within a limit: a chord is never longer than its arc.
    fn widest(&self, place: usize, limit_s: u32) -> f64 {
        let (_, _, detour, speed) = self.places[place];
        let metres = f64::from(limit_s) * f64::from(speed) / 3_600.0;
        let arc =
            (metres + 1.0) / pehra_domain::point::EARTH_RADIUS_M / f64::from(detour) * 1_000.0;
        arc * arc
    }
}

pub(crate) fn terrain_index(terrain: Terrain) -> usize {
    match terrain {
        Terrain::Plain => 0,
        Terrain::Hill => 1,
        Terrain::Mountain => 2,
    }
}

impl TravelTimes for Estimates<'_> {
    fn bases(&self) -> usize {
        self.bases.len()
    }

    fn seconds(&self, base: u32, place: usize) -> Option<(u32, Basis)> {
        let (from, start) = self.bases[base as usize];
        let (to, end, detour, speed) = self.places[place];
        if self.blocks.iter().any(|block| block.stops(start, end)) {
            return None;
        }
        let metres = u64::from(travel_m(from.chord_squared(to), detour));
        let seconds = (metres * 3_600).div_ceil(u64::from(speed));
        Some((u32::try_from(seconds).unwrap_or(u32::MAX), Basis::Estimated))
    }

    fn look(&self, place: usize, open: &[u32], limit_s: u32) -> (Option<Nearest>, u32) {
        let (to, ..) = self.places[place];
        let widest = self.widest(place, limit_s);
        let (mut nearest, mut within, mut least) = (None, 0, f64::INFINITY);
        for &base in open {
            let chord = self.bases[base as usize].0.chord_squared(to);
            // At one place a time grows with the chord: whoever is farther than the nearest is not sooner.
            if chord > widest && chord > least {
                continue;
            }
            let Some((seconds, basis)) = self.seconds(base, place) else { continue };
            least = least.min(chord);
            within += u32::from(seconds <= limit_s);
            nearest = Nearest::or_sooner(nearest, Nearest { base, seconds, basis });
        }
        (nearest, within)
    }

    fn within(&self, place: usize, limit_s: u32, found: &mut dyn FnMut(u32)) {
        let (to, ..) = self.places[place];
        let widest = self.widest(place, limit_s);
        for (base, (from, _)) in self.bases.iter().enumerate() {
            if from.chord_squared(to) <= widest {
                let base = u32::try_from(base).unwrap_or(u32::MAX);
                if self.seconds(base, place).is_some_and(|(seconds, _)| seconds <= limit_s) {
                    found(base);
                }
            }
        }
    }
}

/// Whether two straight lines on the map cross, ends included. Whole numbers, so without doubt.
fn crosses([a, b]: [Point; 2], [c, d]: [Point; 2]) -> bool {
    let side = |from: Point, to: Point, of: Point| {
        let (x, y) = (
            i128::from(to.lon_e7) - i128::from(from.lon_e7),
            i128::from(to.lat_e7) - i128::from(from.lat_e7),
        );
        let (u, v) = (
            i128::from(of.lon_e7) - i128::from(from.lon_e7),
            i128::from(of.lat_e7) - i128::from(from.lat_e7),
        );
        (x * v - y * u).signum()
    };
    let overlap = |axis: fn(Point) -> i32| {
        axis(a).max(axis(b)) >= axis(c).min(axis(d)) && axis(c).max(axis(d)) >= axis(a).min(axis(b))
    };
    overlap(|p| p.lon_e7)
        && overlap(|p| p.lat_e7)
        && side(a, b, c) * side(a, b, d) <= 0
        && side(c, d, a) * side(c, d, b) <= 0
}

/// What help in time means, and what it is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Targets {
    /// By class (normal, sensitive, most) and terrain (plain, hill, mountain).
    pub target_s: [[u32; 3]; 3],
    /// By class: nobody should wait longer than this, whatever the rest costs.
    pub guarantee_s: [u32; 3],
    /// What reaching a place in time is worth, by class.
    pub weight: [u32; 3],
    /// What a second team in time is worth, in hundredths of the first.
    pub backup_percent: u32,
    /// What the guarantee is worth, in multiples of reaching in time.
    pub guarantee_factor: u32,
}

impl Targets {
    /// Proposed, and to be set by the authority: 30, 20 and 15 minutes in the plain, half as much again in hills and
    /// twice in mountains; nobody beyond 120, 90 and 60 minutes.
    #[must_use]
    pub fn proposed() -> Self {
        let row = |minutes: u32| [minutes * 60, minutes * 90, minutes * 120];
        Self {
            target_s: [row(30), row(20), row(15)],
            guarantee_s: [7_200, 5_400, 3_600],
            weight: [100, 300, 800],
            backup_percent: 30,
            guarantee_factor: 4,
        }
    }

    /// The longest time that anything is asked of.
    #[must_use]
    pub fn longest_s(&self) -> u32 {
        let all = self.target_s.iter().flatten().chain(&self.guarantee_s);
        all.copied().max().unwrap_or_default()
    }

    /// In time for a place, in seconds.
    #[must_use]
    pub fn of(&self, demand: &Demand) -> u32 {
        self.target_s[demand.class as usize][terrain_index(demand.terrain)]
    }
}

/// The cover problem of places, targets and times: a row for every place in time, and one for its guarantee.
///
/// # Errors
/// [`CoverError::RisingGain`] when backup is worth more than first help.
pub fn problem(
    demands: &[Demand],
    targets: &Targets,
    times: &dyn TravelTimes,
    threads: usize,
) -> Result<Cover, CoverError> {
    let parts = in_runs(demands.len(), threads, |places| -> Vec<(Vec<u32>, Gain)> {
        places.flat_map(|place| rows(&demands[place], place, targets, times)).collect()
    });
    Cover::try_new(times.bases(), parts.into_iter().flatten())
}

fn rows(
    demand: &Demand,
    place: usize,
    targets: &Targets,
    times: &dyn TravelTimes,
) -> [(Vec<u32>, Gain); 2] {
    let weight = targets.weight[demand.class as usize];
    let reach = |limit_s: u32| {
        let mut reach = Vec::new();
        times.within(place, limit_s, &mut |base| reach.push(base));
        reach
    };
    let first = weight.saturating_mul(100);
    let second = weight.saturating_mul(targets.backup_percent);
    let guarantee = first.saturating_mul(targets.guarantee_factor);
    [
        (reach(targets.of(demand)), Gain { first, second }),
        (reach(targets.guarantee_s[demand.class as usize]), Gain { first: guarantee, second: 0 }),
    ]
}

/// How one class fares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassLine {
    pub places: u32,
    /// Reached in time by one team, and by two.
    pub reached: u32,
    pub twice: u32,
    /// Within the guarantee, and how long the worst place waits (none: some place has no way at all).
    pub guaranteed: u32,
    pub worst_s: Option<u32>,
    /// Nearest teams whose time is estimated rather than measured along roads.
    pub estimated: u32,
}

/// What open bases mean for every place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outlook {
    pub classes: [ClassLine; 3],
    /// Per place: the nearest open base.
    pub nearest: Vec<Option<Nearest>>,
    /// Per place: how many teams reach it in time.
    pub teams: Vec<u32>,
}

/// Looks at every place with these bases open. The same on any number of threads.
#[must_use]
pub fn outlook(
    demands: &[Demand],
    targets: &Targets,
    times: &dyn TravelTimes,
    open: &[u32],
    threads: usize,
) -> Outlook {
    let look = |place: usize| times.look(place, open, targets.of(&demands[place]));
    let parts = in_runs(demands.len(), threads, |places| places.map(look).collect::<Vec<_>>());
    let (mut nearest, teams): (Vec<_>, Vec<_>) = parts.into_iter().flatten().unzip();
    let known = times.known_up_to_s();
    let is_far = |found: &Option<Nearest>| found.is_none_or(|found| found.seconds > known);
    let far: Vec<usize> = (0..nearest.len()).filter(|&place| is_far(&nearest[place])).collect();
    for (&place, found) in far.iter().zip(times.beyond(&far, open)) {
        if let Some(found) = found {
            nearest[place] = Nearest::or_sooner(nearest[place], found);
        }
    }
    let classes = lines(demands, targets, (&nearest, &teams), &|_| true);
    Outlook { classes, nearest, teams }
}

/// How the classes fare, counting some of the places alone.
#[must_use]
pub fn lines(
    demands: &[Demand],
    targets: &Targets,
    (nearest, teams): (&[Option<Nearest>], &[u32]),
    counts: &dyn Fn(usize) -> bool,
) -> [ClassLine; 3] {
    let mut classes = [ClassLine { worst_s: Some(0), ..ClassLine::default() }; 3];
    let all = demands.iter().zip(nearest).zip(teams).enumerate();
    for (_, ((demand, nearest), &teams)) in all.filter(|(place, _)| counts(*place)) {
        let line = &mut classes[demand.class as usize];
        line.places += 1;
        line.reached += u32::from(teams > 0);
        line.twice += u32::from(teams > 1);
        match nearest {
            Some(found) => {
                let guarantee = targets.guarantee_s[demand.class as usize];
                line.guaranteed += u32::from(found.seconds <= guarantee);
                line.worst_s = line.worst_s.map(|worst| worst.max(found.seconds));
                line.estimated += u32::from(found.basis == Basis::Estimated);
            }
            None => line.worst_s = None,
        }
    }
    classes
}

/// Places that lose every team in time, and such as gain one, from one outlook to another. Ascending.
#[must_use]
pub fn changed(before: &Outlook, after: &Outlook) -> (Vec<usize>, Vec<usize>) {
    let pairs = || before.teams.iter().zip(&after.teams).enumerate();
    let lose = pairs().filter(|(_, (old, new))| **old > 0 && **new == 0).map(|(at, _)| at);
    let gain = pairs().filter(|(_, (old, new))| **old == 0 && **new > 0).map(|(at, _)| at);
    (lose.collect(), gain.collect())
}

/// A team that could go to an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    pub base: u32,
    pub seconds: u32,
    pub basis: Basis,
    /// Places that no free team would reach in time while it is away.
    pub uncovered: u32,
    /// Fewer free teams than the reserve would be left: somebody must sign for that.
    pub needs_signature: bool,
}

/// The bases of free teams by time to an incident at a known place, nearest first, with what one team's leaving would
/// uncover. A base is among `free` as often as it has free teams; `keep` teams are the reserve.
#[must_use]
pub fn dispatch(
    cover: &Cover,
    times: &dyn TravelTimes,
    place: usize,
    free: &[u32],
    keep: usize,
) -> Vec<Suggestion> {
    let mut teams = vec![0_u32; cover.rows()];
    for &base in free {
        for &row in cover.reached(base as usize) {
            teams[row as usize] += 1;
        }
    }
    let needs_signature = free.len() <= keep;
    let mut found: Vec<Suggestion> = free
        .iter()
        .filter_map(|&base| {
            let (seconds, basis) = times.seconds(base, place)?;
            // Rows of targets are even, of guarantees odd.
            let alone = cover
                .reached(base as usize)
                .iter()
                .filter(|&&row| row % 2 == 0 && teams[row as usize] == 1);
            let uncovered = u32::try_from(alone.count()).unwrap_or(u32::MAX);
            Some(Suggestion { base, seconds, basis, uncovered, needs_signature })
        })
        .collect();
    found.sort_by_key(|suggestion| (suggestion.seconds, suggestion.uncovered, suggestion.base));
    found.dedup_by_key(|suggestion| suggestion.base);
    found
}
