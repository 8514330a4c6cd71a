//! The night as it would really run: counts end when they end, roads are slower or quicker, convoys wait, and the
//! reception desk has a queue. A thousand seeded nights give the distribution of arrivals.
//!
//! The noise is log-normal. Its medians and widths are proposals without data behind them; what is known of 2024 is
//! that the first result came at 02:00 and all but a few within a day and a half.

use super::desk::serve;
use pehra_domain::seed::Seed;
use serde::{Deserialize, Serialize};

/// Polls close at 17:00.
pub const POLL_CLOSE_S: u32 = 17 * 3_600;
/// The statutory marks, 02:00 and 10:00 of the day after.
pub const MARK_PROVISIONAL_S: u32 = 26 * 3_600;
pub const MARK_OUTER_S: u32 = 34 * 3_600;

/// Median time from closing to packed bags: an hour and a half, and four seconds a registered voter (two contests,
/// about half of the voters, four seconds a ballot).
#[must_use]
pub fn count_s(voters: u32) -> u32 {
    voters.saturating_mul(4).saturating_add(5_400)
}

/// When a station's bags are planned to be ready.
#[must_use]
pub fn ready_s(voters: u32) -> u32 {
    POLL_CLOSE_S.saturating_add(count_s(voters))
}

/// Widths of the log-normal noise, in thousandths of the natural logarithm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noise {
    /// Of one station's count.
    pub count_permille: u32,
    /// Of one leg, and of all roads of one night together (fog, checkpoints).
    pub leg_permille: u32,
    pub roads_permille: u32,
    /// Of one handing over at the desk.
    pub desk_permille: u32,
}

impl Noise {
    /// Proposed: an hour's count lasts 40 minutes to an hour and a half in nine of ten cases.
    pub const PROPOSED: Self =
        Self { count_permille: 250, leg_permille: 200, roads_permille: 120, desk_permille: 300 };
}

/// A stop of a night trip: the leg to it, and for each station its median count in seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pick {
    pub halt: u32,
    pub leg_s: u32,
    pub counts_s: Vec<u32>,
}

/// One planned trip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NightTrip {
    pub team: u32,
    pub depart_s: u32,
    pub picks: Vec<Pick>,
    pub home_leg_s: u32,
}

/// What is simulated. Trips of one team are driven in the order of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NightInput {
    pub trips: Vec<NightTrip>,
    /// At a station, and at the office between two trips.
    pub handover_s: u32,
    pub turn_s: u32,
    /// The desk.
    pub counters: u32,
    pub receipt_s: u32,
    pub noise: Noise,
    pub runs: u32,
    pub seed: u64,
}

/// Whole seconds at three shares of a distribution.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spread {
    pub p50_s: u32,
    pub p90_s: u32,
    pub p95_s: u32,
}

/// Mean share of each cause in the time from closing to receipt, in thousandths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Causes {
    pub count_permille: u32,
    /// From packed bags to the convoy's arrival.
    pub pickup_permille: u32,
    /// At other stations, after one's own.
    pub others_permille: u32,
    pub road_permille: u32,
    pub desk_permille: u32,
}

/// A leg by what it costs the night: mean seconds, times the stations aboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeavyLeg {
    /// Halt that it leads from; none: the office.
    pub from: Option<u32>,
    pub to: Option<u32>,
    pub station_seconds: u64,
}

/// What the nights gave.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NightOutcome {
    pub stations: u32,
    pub runs: u32,
    pub arrival: Spread,
    pub receipt: Spread,
    /// The last receipt of a night.
    pub last: Spread,
    pub desk_wait: Spread,
    /// Stations received by the marks, in thousandths.
    pub by_provisional_permille: u32,
    pub by_outer_permille: u32,
    pub causes: Causes,
    pub heavy_legs: Vec<HeavyLeg>,
    /// When each trip is at the office, in the order of the plan's convoys.
    #[serde(default)]
    pub homes: Vec<Spread>,
    /// Stations received by each half hour after closing, in thousandths, until all are or a day and a half is over.
    #[serde(default)]
    pub received_permille: Vec<u16>,
}

/// Half hours of [`NightOutcome::received_permille`] at the most.
const HALF_HOURS_MAX: u32 = 72;
pub const HALF_HOUR_S: u32 = 1_800;

/// Steps of a tabled quantile function.
const STEPS: usize = 1_024;

/// A log-normal factor by table, in thousandths.
struct Factor(Vec<u32>);

impl Factor {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a factor is positive and below e^(3.3 × 1)"
    )]
    fn new(width_permille: u32) -> Self {
        let width = f64::from(width_permille.min(1_000)) / 1_000.0;
        let steps = (0..STEPS).map(|step| {
            let share = (step as f64 + 0.5) / STEPS as f64;
            (libm::exp(width * normal_quantile(share)) * 1_000.0).round() as u32
        });
        Self(steps.collect())
    }

    fn draw(&self, chance: &mut Seed) -> u64 {
        let step = usize::try_from(chance.next_u64() >> 54).unwrap_or(0);
        u64::from(self.0[step])
    }
}

/// Quantile of the normal distribution by bisection on `erfc`: exact enough for a table, and the same everywhere.
fn normal_quantile(share: f64) -> f64 {
    let (mut low, mut high) = (-8.0_f64, 8.0_f64);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        let below = 0.5 * libm::erfc(-middle / std::f64::consts::SQRT_2);
        if below < share { low = middle } else { high = middle }
    }
    f64::midpoint(low, high)
}

/// One station of one night.
#[derive(Clone, Copy)]
struct Arrived {
    at_s: u32,
    ready_s: u32,
    picked_s: u32,
    road_s: u32,
}

/// Sums over all nights.
#[derive(Default)]
struct Tally {
    arrivals: Vec<u32>,
    receipts: Vec<u32>,
    last: Vec<u32>,
    waits: Vec<u32>,
    causes: [u64; 5],
    /// By trip, a night after the other.
    homes: Vec<Vec<u32>>,
}

/// Runs the nights; night `k` depends on the seed and `k` alone.
#[must_use]
pub fn simulate(input: &NightInput) -> NightOutcome {
    let noise = &input.noise;
    let factors =
        [noise.count_permille, noise.leg_permille, noise.roads_permille, noise.desk_permille]
            .map(Factor::new);
    let mut tally = Tally { homes: vec![Vec::new(); input.trips.len()], ..Tally::default() };
    for run in 0..input.runs {
        let mut chance = Seed::fork(input.seed, u64::from(run));
        let mut arrived = one_night(input, &factors, &mut chance, &mut tally.homes);
        arrived.sort_by_key(|station| station.at_s);
        let at: Vec<u32> = arrived.iter().map(|station| station.at_s).collect();
        let receipts =
            serve(&at, input.counters, |_| scaled(input.receipt_s, factors[3].draw(&mut chance)));
        for (station, receipt) in arrived.iter().zip(&receipts) {
            tally.arrivals.push(station.at_s);
            tally.receipts.push(receipt.end_s);
            tally.waits.push(receipt.begin_s - station.at_s);
            let parts = [
                station.ready_s.saturating_sub(POLL_CLOSE_S),
                station.picked_s - station.ready_s,
                (station.at_s - station.picked_s).saturating_sub(station.road_s),
                station.road_s,
                receipt.end_s - station.at_s,
            ];
            for (sum, part) in tally.causes.iter_mut().zip(parts) {
                *sum += u64::from(part);
            }
        }
        tally.last.extend(receipts.iter().map(|receipt| receipt.end_s).max());
    }
    outcome(input, tally)
}

fn scaled(median_s: u32, permille: u64) -> u32 {
    u32::try_from(u64::from(median_s) * permille / 1_000).unwrap_or(u32::MAX)
}

/// Drives every trip of one night.
fn one_night(
    input: &NightInput,
    factors: &[Factor; 4],
    chance: &mut Seed,
    homes: &mut [Vec<u32>],
) -> Vec<Arrived> {
    let [count, leg, roads, _] = factors;
    let roads = roads.draw(chance);
    let drive = |leg_s: u32, chance: &mut Seed| scaled(leg_s, roads * leg.draw(chance) / 1_000);
    let teams = input.trips.iter().map(|trip| trip.team).max().map_or(0, |team| team as usize + 1);
    let mut free = vec![0_u32; teams];
    let mut arrived = Vec::new();
    for (trip, home) in input.trips.iter().zip(homes) {
        let mut now = trip.depart_s.max(free[trip.team as usize]);
        let first = arrived.len();
        for pick in &trip.picks {
            let took = drive(pick.leg_s, chance);
            now += took;
            for station in &mut arrived[first..] {
                let station: &mut Arrived = station;
                station.road_s += took;
            }
            let mine = arrived.len();
            for &median in &pick.counts_s {
                let ready_s = POLL_CLOSE_S + scaled(median, count.draw(chance));
                arrived.push(Arrived { at_s: 0, ready_s, picked_s: 0, road_s: 0 });
            }
            // The convoy does not leave a station behind: it waits for the last count of the building.
            let ready = arrived[mine..].iter().map(|station| station.ready_s).max();
            let begin = now.max(ready.unwrap_or(now));
            for station in &mut arrived[mine..] {
                station.picked_s = begin.max(station.ready_s);
            }
            let stations = u32::try_from(pick.counts_s.len()).unwrap_or(0);
            now = begin + input.handover_s * stations;
        }
        let took = drive(trip.home_leg_s, chance);
        now += took;
        for station in &mut arrived[first..] {
            station.road_s += took;
            station.at_s = now;
        }
        home.push(now);
        free[trip.team as usize] = now + input.turn_s;
    }
    arrived
}

fn outcome(input: &NightInput, mut tally: Tally) -> NightOutcome {
    let share = |mark: u32| {
        let in_time = tally.receipts.iter().filter(|&&at| at <= mark).count() as u64;
        u32::try_from(in_time * 1_000 / (tally.receipts.len() as u64).max(1)).unwrap_or(0)
    };
    let (by_provisional, by_outer) = (share(MARK_PROVISIONAL_S), share(MARK_OUTER_S));
    let whole: u64 = tally.causes.iter().sum();
    let part = |sum: u64| u32::try_from(sum * 1_000 / whole.max(1)).unwrap_or(0);
    let [count, pickup, others, road, desk] = tally.causes.map(part);
    let stations: usize =
        input.trips.iter().flat_map(|trip| &trip.picks).map(|pick| pick.counts_s.len()).sum();
    NightOutcome {
        stations: u32::try_from(stations).unwrap_or(u32::MAX),
        runs: input.runs,
        arrival: spread(&mut tally.arrivals),
        receipt: spread(&mut tally.receipts),
        last: spread(&mut tally.last),
        desk_wait: spread(&mut tally.waits),
        by_provisional_permille: by_provisional,
        by_outer_permille: by_outer,
        causes: Causes {
            count_permille: count,
            pickup_permille: pickup,
            others_permille: others,
            road_permille: road,
            desk_permille: desk,
        },
        heavy_legs: heavy_legs(input),
        homes: tally.homes.iter_mut().map(|home| spread(home)).collect(),
        received_permille: received(&tally.receipts),
    }
}

/// `receipts` ascend.
fn received(receipts: &[u32]) -> Vec<u16> {
    let mut shares = Vec::new();
    if receipts.is_empty() {
        return shares;
    }
    for half_hour in 1..=HALF_HOURS_MAX {
        let until = POLL_CLOSE_S + half_hour * HALF_HOUR_S;
        let done = receipts.partition_point(|&at| at <= until) * 1_000 / receipts.len();
        shares.push(u16::try_from(done).unwrap_or(1_000));
        if done >= 1_000 {
            break;
        }
    }
    shares
}

/// Percentiles by nearest rank.
fn spread(values: &mut [u32]) -> Spread {
    values.sort_unstable();
    let rank = |percent: usize| {
        let rank = (values.len() * percent).div_ceil(100).max(1);
        values.get(rank - 1).copied().unwrap_or_default()
    };
    Spread { p50_s: rank(50), p90_s: rank(90), p95_s: rank(95) }
}

/// The ten legs that hold up most stations for longest. Every leg has the same noise, so medians rank them.
fn heavy_legs(input: &NightInput) -> Vec<HeavyLeg> {
    let mut legs = Vec::new();
    for trip in &input.trips {
        let (mut from, mut aboard) = (None, 0_u64);
        for pick in &trip.picks {
            let waiting = pick.counts_s.len() as u64;
            let station_seconds = u64::from(pick.leg_s) * (aboard + waiting);
            legs.push(HeavyLeg { from, to: Some(pick.halt), station_seconds });
            (from, aboard) = (Some(pick.halt), aboard + waiting);
        }
        let station_seconds = u64::from(trip.home_leg_s) * aboard;
        legs.push(HeavyLeg { from, to: None, station_seconds });
    }
    legs.sort_by_key(|leg| (std::cmp::Reverse(leg.station_seconds), leg.from, leg.to));
    legs.truncate(10);
    legs
}

/// Fewest counters with which nine of ten stations wait no longer than `wait_s_max` (the p90 of the desk).
#[must_use]
pub fn counters_needed(input: &NightInput, wait_s_max: u32, most: u32) -> Option<u32> {
    let good = |counters: u32| {
        let outcome = simulate(&NightInput { counters, ..input.clone() });
        outcome.desk_wait.p90_s <= wait_s_max
    };
    // More counters never lengthen a wait of the same night (see `desk`), so halving finds the fewest.
    if !good(most) {
        return None;
    }
    let (mut low, mut high) = (0, most);
    while high - low > 1 {
        let middle = low.midpoint(high);
        if good(middle) { high = middle } else { low = middle }
    }
    Some(high)
}
