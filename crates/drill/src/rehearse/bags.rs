//! The night in short: counts end when they end, convoys wait and drive, the receiving desk has a queue.

use super::{Draw, Ground, Run, key, luck};
use crate::day::{
    Parameters, Plan,
    chance::{normal, slowest_of, times},
    plan::{counts, narrow},
};

/// Polls close at 17:00; the marks of the law are 02:00 and 10:00 of the day after.
const SHUT_S: i32 = 17 * 3_600;
const TWO_S: i32 = 26 * 3_600;
const TEN_S: i32 = 34 * 3_600;

/// One convoy's night.
struct Night {
    key: u64,
    depart_s: i32,
    /// When it is overdue: its slowest count is done nineteen times in twenty, and driving may take half as long again.
    due_s: i32,
    stops: Vec<Halt>,
    home_s: i32,
    district: u32,
    office: u32,
}

struct Halt {
    building: u32,
    leg_s: i32,
    /// Median count of its largest station, in seconds from closing.
    ready_s: i32,
    stations: u32,
    key: u64,
}

pub(super) struct Bags {
    nights: Vec<Night>,
}

impl Bags {
    pub(super) fn new(plan: &Plan, figures: &Parameters) -> Self {
        let nights = plan.convoys.iter().map(|convoy| {
            let stops: Vec<Halt> = convoy
                .stops
                .iter()
                .map(|stop| {
                    let building = &plan.buildings[stop.building as usize];
                    let stations = &plan.stations[building.stations.range()];
                    let polling = stations.iter().filter(|it| !it.postponed);
                    let most = polling.clone().map(|it| it.registered.total()).max().unwrap_or(0);
                    let count = u64::from(most) * u64::from(figures.count_voter_ms) / 1_000;
                    let count = i32::try_from(count).unwrap_or(0);
                    Halt {
                        building: stop.building,
                        leg_s: i32::try_from(stop.leg_s).unwrap_or(i32::MAX),
                        ready_s: figures.count_base_s + count,
                        stations: narrow(polling.count()),
                        key: key(building.id.as_str()),
                    }
                })
                .collect();
            let home_s = i32::try_from(convoy.home_leg_s).unwrap_or(i32::MAX);
            let post = figures.form_post_s;
            let first = stops.first();
            let depart_s =
                first.map_or(SHUT_S, |it| (SHUT_S + it.ready_s + post - it.leg_s).max(SHUT_S));
            let slow = slowest_of(counts(plan, convoy), figures.count_spread_permille);
            let mut at = depart_s;
            let mut driving = home_s;
            for stop in &stops {
                driving += stop.leg_s;
                let ready_s = times(stop.ready_s, slow) + post;
                at = (at + stop.leg_s).max(SHUT_S + ready_s) + figures.handover_s;
            }
            let key = first.map_or(0, |it| it.key);
            let due_s = at + home_s + driving / 2;
            Night {
                key,
                depart_s,
                due_s,
                stops,
                home_s,
                district: convoy.district,
                office: convoy.office,
            }
        });
        Self { nights: nights.collect() }
    }
}

/// A log-normal factor in thousandths.
fn factor(noise: f64, spread_permille: u32) -> f64 {
    libm::exp(noise * f64::from(spread_permille) / 1_000.0)
}

impl Ground<'_> {
    pub(super) fn night(&self, run: u64, into: &mut Run, late: &mut [u32]) {
        let figures = self.figures;
        let roads: Vec<f64> = self
            .districts
            .iter()
            .map(|&name| {
                let mut fate = luck(run, Draw::Roads, name);
                factor(normal(&mut fate), figures.roads_spread_permille)
            })
            .collect();
        let mut home = Vec::with_capacity(self.bags.nights.len());
        for (number, night) in self.bags.nights.iter().enumerate() {
            let road = roads[night.district as usize];
            let mut fate = luck(run, Draw::Leg, night.key);
            let mut at = night.depart_s;
            let mut metres = 0_u64;
            for stop in &night.stops {
                let drive = road * factor(normal(&mut fate), figures.leg_spread_permille);
                metres += u64::from(stop.leg_s.unsigned_abs()) * 11;
                let mut count = luck(run, Draw::Count, stop.key);
                // The slowest of several counts decides.
                let noise = (0..stop.stations.clamp(1, 4))
                    .map(|_| normal(&mut count))
                    .fold(f64::NEG_INFINITY, f64::max);
                let counted = times(stop.ready_s, factor(noise, figures.count_spread_permille));
                let ready = SHUT_S + counted + figures.form_post_s;
                at = (at + times(stop.leg_s, drive)).max(ready) + figures.handover_s;
            }
            let drive = road * factor(normal(&mut fate), figures.leg_spread_permille);
            at += times(night.home_s, drive);
            metres += u64::from(night.home_s.unsigned_abs()) * 11;
            let ppm = metres * 2 * u64::from(figures.breakdown_per_100km_ppm) / 100_000;
            if fate.below(1_000_000) < ppm {
                at += times(figures.breakdown_median_s, factor(normal(&mut fate), 600));
            }
            if at > night.due_s {
                for stop in &night.stops {
                    into.late_bags += stop.stations;
                    late[stop.building as usize] += 1;
                }
            }
            home.push((night.office, at, number));
        }
        self.desk(run, &mut home, into);
    }

    /// The receiving desks serve convoys as they come, station by station.
    fn desk(&self, run: u64, home: &mut [(u32, i32, usize)], into: &mut Run) {
        let figures = self.figures;
        home.sort_unstable();
        let mut counters: Vec<i32> = Vec::new();
        let mut open = u32::MAX;
        for &(office, arrived, number) in home.iter() {
            if office != open {
                open = office;
                let count = self.plan.offices[office as usize].counters.max(1);
                counters.clear();
                counters.resize(count as usize, i32::MIN);
            }
            let night = &self.bags.nights[number];
            let mut fate = luck(run, Draw::Desk, night.key);
            for stop in &night.stops {
                for _ in 0..stop.stations {
                    let noise = factor(normal(&mut fate), figures.receipt_spread_permille);
                    let Some(counter) = counters.iter_mut().min() else { continue };
                    *counter = (*counter).max(arrived) + times(figures.receipt_s, noise);
                    into.after_two += u32::from(*counter > TWO_S);
                    into.after_ten += u32::from(*counter > TEN_S);
                }
            }
        }
    }
}
