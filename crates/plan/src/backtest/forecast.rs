//! The forecast: how many events each district may expect in the window, from the past alone.
//!
//! `rate(d) = mix · fast(d) + (1 − mix) · slow(d)`, each a sum over past events of `2^(−age / half-life) / half-life`; to
//! it comes a share of the neighbours' rates, `exp(−km / 30)` of centre distance (near repeats), and the whole is shrunk
//! towards the adult population by a small share, so that a quiet populous district is not taken for a safe one. Half-
//! lives, mix, neighbour and population shares are chosen on rolling windows before the cut: capture first, then the mean
//! log-likelihood; the eight best settings are averaged, because the best one alone is mostly luck.

use super::{Task, small};
use crate::threat::{DATE_PRECISION_MAX, duplicate};
use pehra_domain::{
    Date, Point,
    area::slug,
    incident_record::IncidentRecord,
    progress::{Cancelled, Watch, tell},
};
use serde::Serialize;
use std::collections::BTreeMap;

/// Rolling windows before the cut on which settings are chosen.
pub const WINDOWS: i32 = 36;
/// Settings that are averaged.
pub const AVERAGED: usize = 8;
const NEIGHBOUR_KM: f64 = 30.0;
const FAST: [f64; 2] = [30.0, 60.0];
const SLOW: [f64; 3] = [240.0, 480.0, 960.0];
const MIX: [f64; 3] = [0.25, 0.5, 0.75];
const NEIGHBOUR: [f64; 3] = [0.0, 0.05, 0.1];
const POPULATION: [f64; 3] = [0.0, 0.05, 0.15];

/// One choice of the model's settings.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Setting {
    pub fast_days: f64,
    pub slow_days: f64,
    pub mix: f64,
    pub neighbour: f64,
    pub population: f64,
    /// How it did on the rolling windows: capture, and mean log-likelihood of an event's district.
    pub capture: f64,
    pub log_likelihood: f64,
}

/// The forecast of one window.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Forecast {
    /// Name of each district, in the order of the gazetteer.
    pub names: Vec<String>,
    /// Expected events of each district in the window.
    pub expected: Vec<f64>,
    /// The averaged settings, best first.
    pub settings: Vec<Setting>,
    /// Events on the rolling windows.
    pub tuned_on: u32,
}

impl Forecast {
    /// All of it, bit by bit: equal forecasts and only those have equal bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (name, expected) in self.names.iter().zip(&self.expected) {
            bytes.extend_from_slice(name.as_bytes());
            bytes.push(0);
            bytes.extend_from_slice(&expected.to_bits().to_be_bytes());
        }
        for s in &self.settings {
            let numbers = [
                s.fast_days,
                s.slow_days,
                s.mix,
                s.neighbour,
                s.population,
                s.capture,
                s.log_likelihood,
            ];
            numbers.iter().for_each(|n| bytes.extend_from_slice(&n.to_bits().to_be_bytes()));
        }
        bytes.extend_from_slice(&self.tuned_on.to_be_bytes());
        bytes
    }
}

/// One past event: its day and district.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Past {
    pub(crate) day: i32,
    pub(crate) district: usize,
}

/// Everything that was known when the window began.
#[derive(Clone, Debug)]
pub struct Known {
    pub(crate) past: Vec<Past>,
    /// The same records whole, for the threat at stations.
    pub(crate) records: Vec<IncidentRecord>,
    cut: i32,
    window_days: i32,
    top: usize,
    pub(crate) names: Vec<String>,
    population: Vec<f64>,
    near: Vec<Vec<(usize, f64)>>,
}

/// Position of each district by slug of its name.
pub(crate) fn positions(task: &Task<'_>) -> BTreeMap<String, usize> {
    task.gazetteer.districts.iter().zip(0..).map(|(d, at)| (slug(&d.name), at)).collect()
}

impl Known {
    /// Keeps the records that had ended before the cut, whose day and district are known well enough.
    #[must_use]
    pub fn new(task: &Task<'_>) -> Self {
        let cut = task.cut();
        let before: Vec<IncidentRecord> = task
            .incidents
            .iter()
            .filter(|i| i.date < cut && i.date_end < cut && i.date_precision <= DATE_PRECISION_MAX)
            .cloned()
            .collect();
        let records = duplicate::distinct(&before).kept;
        let positions = positions(task);
        let mut past: Vec<Past> = records
            .iter()
            .filter(|i| i.place_precision <= task.place_precision_max)
            .filter_map(|i| {
                let district = *positions.get(&slug(&i.district))?;
                Some(Past { day: i.date.0, district })
            })
            .collect();
        past.sort_unstable_by_key(|p| (p.day, p.district));
        let districts = &task.gazetteer.districts;
        let adults: f64 = districts.iter().map(|d| f64::from(d.adults)).sum();
        let population = districts.iter().map(|d| f64::from(d.adults) / adults.max(1.0)).collect();
        let centres: Vec<Point> = districts.iter().map(|d| d.centre).collect();
        Self {
            past,
            records,
            cut: cut.0,
            window_days: task.window_days(),
            top: task.top_districts,
            names: districts.iter().map(|d| d.name.clone()).collect(),
            population,
            near: nearness(&centres),
        }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.past.is_empty()
    }

    fn count(&self, from: i32, until: i32) -> Vec<f64> {
        let mut counts = vec![0.0; self.names.len()];
        for event in self.past.iter().filter(|p| from <= p.day && p.day < until) {
            counts[event.district] += 1.0;
        }
        counts
    }

    /// The rival: events of the 730 days before the cut, scaled to the window.
    #[must_use]
    pub fn two_year_rate(&self) -> Vec<f64> {
        let scale = f64::from(self.window_days) / 730.0;
        self.count(self.cut - 730, self.cut).into_iter().map(|n| n * scale).collect()
    }

    /// The rival: events in the same window around the last earlier poll that lies wholly before the cut.
    #[must_use]
    pub fn last_time(&self, task: &Task<'_>) -> Option<Vec<f64>> {
        let whole = |poll: &&Date| poll.plus_days(task.days_after).0 < self.cut;
        let poll = task.earlier_polls.iter().filter(whole).max()?;
        let (from, until) =
            (poll.plus_days(-task.days_before), poll.plus_days(task.days_after + 1));
        Some(self.count(from.0, until.0))
    }

    /// Events a day by district at a day, from events before it.
    fn decayed(&self, at: i32, half_life: f64) -> Vec<f64> {
        let mut sums = vec![0.0; self.names.len()];
        for event in self.past.iter().take_while(|p| p.day < at) {
            let age = f64::from(at.saturating_sub(event.day));
            sums[event.district] +=
                libm::exp2(-age / half_life) * std::f64::consts::LN_2 / half_life;
        }
        sums
    }
}

/// The other districts within 200 km of each, with `exp(−km / 30)` of the distance of centres.
fn nearness(centres: &[Point]) -> Vec<Vec<(usize, f64)>> {
    let around = |(at, here): (usize, &Point)| {
        let others = centres.iter().enumerate().filter(|(other, _)| *other != at);
        others
            .map(|(other, there)| (other, here.distance_m(*there) / 1_000.0))
            .filter(|(_, km)| *km <= 200.0)
            .map(|(other, km)| (other, libm::exp(-km / NEIGHBOUR_KM)))
            .collect()
    };
    centres.iter().enumerate().map(around).collect()
}

/// The positions of the `top` highest values; of equal ones the name that comes first in the alphabet.
#[must_use]
pub fn ranking(names: &[String], values: &[f64], top: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*b].total_cmp(&values[*a]).then_with(|| names[*a].cmp(&names[*b])));
    order.truncate(top);
    order
}

/// The decayed rates at one day, for every half-life, so that settings only mix them.
struct Moment {
    fast: Vec<Vec<f64>>,
    slow: Vec<Vec<f64>>,
    /// Events of the following window by district; empty for the forecast itself.
    after: Vec<f64>,
}

impl Moment {
    fn new(known: &Known, at: i32, after: Vec<f64>) -> Self {
        let all = |lives: &[f64]| lives.iter().map(|h| known.decayed(at, *h)).collect();
        Self { fast: all(&FAST), slow: all(&SLOW), after }
    }

    fn rates(&self, known: &Known, setting: &Setting) -> Vec<f64> {
        let pick = |lives: &[f64], days: f64| {
            lives.iter().position(|h| h.total_cmp(&days).is_eq()).unwrap_or(0)
        };
        let fast = &self.fast[pick(&FAST, setting.fast_days)];
        let slow = &self.slow[pick(&SLOW, setting.slow_days)];
        let own: Vec<f64> =
            fast.iter().zip(slow).map(|(f, s)| setting.mix * f + (1.0 - setting.mix) * s).collect();
        let mut rates: Vec<f64> = if setting.neighbour > 0.0 {
            let felt = |near: &[(usize, f64)]| near.iter().map(|(at, n)| n * own[*at]).sum::<f64>();
            own.iter()
                .zip(&known.near)
                .map(|(o, near)| o + setting.neighbour * felt(near))
                .collect()
        } else {
            own.clone()
        };
        // Neighbours and population share out the nation's rate; they do not add to it.
        let (total, whole): (f64, f64) = (own.iter().sum(), rates.iter().sum());
        for (rate, share) in rates.iter_mut().zip(&known.population) {
            let kept = if whole > 0.0 { *rate / whole } else { 0.0 };
            *rate = total * ((1.0 - setting.population) * kept + setting.population * share);
        }
        rates
    }
}

fn settings() -> Vec<Setting> {
    let mut all = Vec::new();
    for fast_days in FAST {
        for slow_days in SLOW {
            for mix in MIX {
                for neighbour in NEIGHBOUR {
                    for population in POPULATION {
                        all.push(Setting {
                            fast_days,
                            slow_days,
                            mix,
                            neighbour,
                            population,
                            capture: 0.0,
                            log_likelihood: 0.0,
                        });
                    }
                }
            }
        }
    }
    all
}

/// Chooses the settings on the rolling windows and forecasts the one that begins at the cut.
///
/// # Errors
/// [`Cancelled`] when the watcher stops the work.
pub fn forecast(known: &Known, watch: &mut Watch<'_>) -> Result<Forecast, Cancelled> {
    let first = known.past.first().map_or(known.cut, |p| p.day);
    let starts = (1..=WINDOWS).map(|back| known.cut - back * known.window_days);
    let moments: Vec<Moment> = starts
        .filter(|start| *start > first)
        .map(|start| Moment::new(known, start, known.count(start, start + known.window_days)))
        .collect();
    let tuned_on: f64 = moments.iter().flat_map(|m| &m.after).sum();
    let mut tried = settings();
    let total = tried.len() as u64;
    for (done, setting) in (0..).zip(&mut tried) {
        if done % 16 == 0 {
            tell(watch, "tune", done, total)?;
        }
        (setting.capture, setting.log_likelihood) = rolling(known, &moments, setting, tuned_on);
    }
    tried.sort_by(|a, b| {
        b.capture.total_cmp(&a.capture).then_with(|| b.log_likelihood.total_cmp(&a.log_likelihood))
    });
    tried.truncate(AVERAGED);
    let now = Moment::new(known, known.cut, Vec::new());
    let mut expected = vec![0.0; known.names.len()];
    for setting in &tried {
        for (sum, rate) in expected.iter_mut().zip(now.rates(known, setting)) {
            *sum += rate * f64::from(known.window_days) / f64::from(small(tried.len()));
        }
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a count of records in memory"
    )]
    let tuned_on = tuned_on as u32;
    Ok(Forecast { names: known.names.clone(), expected, settings: tried, tuned_on })
}

/// Pooled capture and mean log-likelihood of a setting over the rolling windows.
fn rolling(known: &Known, moments: &[Moment], setting: &Setting, events: f64) -> (f64, f64) {
    if events <= 0.0 {
        return (0.0, 0.0);
    }
    let (mut captured, mut log_likelihood) = (0.0, 0.0);
    for moment in moments {
        let rates = moment.rates(known, setting);
        let total: f64 = rates.iter().sum();
        captured += ranking(&known.names, &rates, known.top)
            .into_iter()
            .map(|district| moment.after[district])
            .sum::<f64>();
        for (rate, count) in rates.iter().zip(&moment.after).filter(|(_, count)| **count > 0.0) {
            let share = if total > 0.0 { rate / total } else { 0.0 };
            log_likelihood += count * libm::log(share.max(1e-5));
        }
    }
    (captured / events, log_likelihood / events)
}
