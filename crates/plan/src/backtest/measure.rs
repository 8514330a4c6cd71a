//! The measures and their intervals.

use super::forecast::{Known, positions, ranking};
use super::{Difference, Method, Row, Task, small};
use crate::threat::duplicate;
use pehra_domain::{area::slug, seed::Seed};
use serde::Serialize;

/// A value with the 2.5th and 97.5th percentile of its bootstrap.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    pub value: f64,
    pub low: f64,
    pub high: f64,
}

/// One tenth of the districts by forecast probability.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ReliabilityBin {
    pub districts: u32,
    /// Mean forecast probability of at least one event.
    pub forecast: f64,
    /// Share of these districts that had one.
    pub observed: Interval,
}

/// What [`score_all`] finds.
pub(super) struct Scored {
    pub(super) rows: Vec<Row>,
    pub(super) difference: Difference,
}

/// The district of every event of the window, duplicates dropped.
pub(super) fn window_events(task: &Task<'_>) -> Vec<usize> {
    let positions = positions(task);
    let (from, until) = (task.cut(), task.last_day());
    let inside: Vec<_> = task
        .incidents
        .iter()
        .filter(|i| from <= i.date && i.date <= until)
        .filter(|i| i.place_precision <= task.place_precision_max)
        .cloned()
        .collect();
    duplicate::distinct(&inside)
        .kept
        .iter()
        .filter_map(|i| positions.get(&slug(&i.district)).copied())
        .collect()
}

pub(super) fn counts(events: &[usize], districts: usize) -> Vec<u32> {
    let mut counts = vec![0; districts];
    events.iter().for_each(|at| counts[*at] += 1);
    counts
}

pub(super) fn ceiling(counts: &[u32], top: usize) -> f64 {
    let mut sorted = counts.to_vec();
    sorted.sort_unstable_by(|a, b| b.cmp(a));
    let all: u32 = sorted.iter().sum();
    f64::from(sorted.iter().take(top).sum::<u32>()) / f64::from(all.max(1))
}

/// Value and the middle 95 % of its resamples.
pub(super) fn interval(value: f64, mut resamples: Vec<f64>) -> Interval {
    resamples.retain(|r| r.is_finite());
    resamples.sort_unstable_by(f64::total_cmp);
    let at = |per_mille: usize| {
        let last = resamples.len().saturating_sub(1);
        resamples.get((last * per_mille + 500) / 1_000).copied().unwrap_or(value)
    };
    Interval { value, low: at(25), high: at(975) }
}

/// How often each of `n` things is drawn when `n` are drawn with replacement.
fn resample(n: usize, chance: &mut Seed) -> Vec<u32> {
    let mut drawn = vec![0; n];
    for _ in 0..n {
        let at = usize::try_from(chance.below(n as u64)).unwrap_or(0);
        drawn[at] += 1;
    }
    drawn
}

/// Share of events, each district counted as often as it was drawn, that lie in the chosen districts.
fn capture(counts: &[u32], chosen: &[bool], drawn: Option<&[u32]>) -> f64 {
    let (mut inside, mut all) = (0_u64, 0_u64);
    for (at, (count, chosen)) in counts.iter().zip(chosen).enumerate() {
        let weight = u64::from(drawn.map_or(1, |d| d[at])) * u64::from(*count);
        all += weight;
        inside += if *chosen { weight } else { 0 };
    }
    #[expect(clippy::cast_precision_loss, reason = "event counts are far below 2^53")]
    let share = inside as f64 / all as f64;
    share
}

/// Probability of at least one event when so many are expected and they come independently.
pub(super) fn at_least_one(expected: f64) -> f64 {
    1.0 - libm::exp(-expected.max(0.0))
}

fn brier(counts: &[u32], expected: &[f64], drawn: Option<&[u32]>) -> f64 {
    let (mut sum, mut all) = (0.0, 0.0);
    for (at, (count, expected)) in counts.iter().zip(expected).enumerate() {
        let weight = f64::from(drawn.map_or(1, |d| d[at]));
        let outcome = if *count > 0 { 1.0 } else { 0.0 };
        let miss = at_least_one(*expected) - outcome;
        sum += weight * miss * miss;
        all += weight;
    }
    sum / all
}

fn reliability(
    counts: &[u32],
    expected: &[f64],
    bootstraps: u32,
    chance: &mut Seed,
) -> Vec<ReliabilityBin> {
    let mut order: Vec<usize> = (0..counts.len()).collect();
    order.sort_by(|a, b| expected[*a].total_cmp(&expected[*b]).then(a.cmp(b)));
    let mut bin = |tenth: usize| {
        let members = &order[tenth * order.len() / 10..(tenth + 1) * order.len() / 10];
        let n = f64::from(small(members.len()).max(1));
        let forecast: f64 = members.iter().map(|at| at_least_one(expected[*at])).sum();
        let hits: Vec<u32> = members.iter().map(|at| u32::from(counts[*at] > 0)).collect();
        let resamples = (0..bootstraps).map(|_| {
            let drawn = resample(hits.len(), chance);
            f64::from(drawn.iter().zip(&hits).map(|(d, h)| d * h).sum::<u32>()) / n
        });
        let resamples = resamples.collect();
        ReliabilityBin {
            districts: small(members.len()),
            forecast: forecast / n,
            observed: interval(f64::from(hits.iter().sum::<u32>()) / n, resamples),
        }
    };
    (0..10).map(&mut bin).collect()
}

/// Scores every method on the same resamples of districts.
pub(super) fn score_all(
    task: &Task<'_>,
    known: &Known,
    counts: &[u32],
    ways: &[(Method, Vec<f64>, bool)],
) -> Scored {
    let n = counts.len();
    let chosen: Vec<Vec<bool>> = ways
        .iter()
        .map(|(_, values, _)| {
            let mut chosen = vec![false; n];
            let top = ranking(&known.names, values, task.top_districts);
            top.into_iter().for_each(|at| chosen[at] = true);
            chosen
        })
        .collect();
    let mut chance = Seed::fork(task.seed, 1);
    let draws: Vec<Vec<u32>> = (0..task.bootstraps).map(|_| resample(n, &mut chance)).collect();
    let share = f64::from(small(task.top_districts)) / f64::from(small(n));
    let rows = ways
        .iter()
        .zip(&chosen)
        .map(|((method, values, probable), chosen)| {
            let found = capture(counts, chosen, None);
            let captures: Vec<f64> =
                draws.iter().map(|drawn| capture(counts, chosen, Some(drawn))).collect();
            let lifts = captures.iter().map(|c| c / share).collect();
            let briers = || draws.iter().map(|drawn| brier(counts, values, Some(drawn))).collect();
            Row {
                method: *method,
                captured: counts.iter().zip(chosen).filter(|(_, c)| **c).map(|(n, _)| *n).sum(),
                capture: interval(found, captures),
                lift: interval(found / share, lifts),
                brier: probable.then(|| interval(brier(counts, values, None), briers())),
                reliability: if *probable {
                    let mut chance = Seed::fork(task.seed, 5);
                    reliability(counts, values, task.bootstraps, &mut chance)
                } else {
                    Vec::new()
                },
            }
        })
        .collect();
    let mut difference = difference(task, counts, &chosen[0], &chosen[1], &draws);
    let gap =
        |drawn: Option<&[u32]>| brier(counts, &ways[0].1, drawn) - brier(counts, &ways[1].1, drawn);
    difference.brier = interval(gap(None), draws.iter().map(|drawn| gap(Some(drawn))).collect());
    Scored { rows, difference }
}

fn difference(
    task: &Task<'_>,
    counts: &[u32],
    model: &[bool],
    rival: &[bool],
    draws: &[Vec<u32>],
) -> Difference {
    let value = capture(counts, model, None) - capture(counts, rival, None);
    let by_district = draws
        .iter()
        .map(|drawn| capture(counts, model, Some(drawn)) - capture(counts, rival, Some(drawn)))
        .collect();
    // One entry an event: +1 caught by the model alone, -1 by the rival alone.
    let mut events = Vec::new();
    for (at, count) in counts.iter().enumerate() {
        let gain = f64::from(u8::from(model[at])) - f64::from(u8::from(rival[at]));
        events.extend((0..*count).map(|_| gain));
    }
    let mut chance = Seed::fork(task.seed, 2);
    let by_event = (0..task.bootstraps)
        .map(|_| {
            let drawn = resample(events.len(), &mut chance);
            let sum: f64 = drawn.iter().zip(&events).map(|(d, g)| f64::from(*d) * g).sum();
            sum / f64::from(small(events.len()))
        })
        .collect();
    let unknown = Interval { value: 0.0, low: 0.0, high: 0.0 };
    Difference {
        by_district: interval(value, by_district),
        by_event: interval(value, by_event),
        brier: unknown,
    }
}
