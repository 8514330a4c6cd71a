//! Many windows instead of one: a poll comes every five years, but the same forecast can be tested on ordinary windows of
//! the same length before it. Each is forecast from its own past, tuned on its own past, and pooled.

use super::forecast::{Known, forecast, ranking};
use super::measure::{Interval, counts, interval, window_events};
use super::{BacktestError, Task, small};
use pehra_domain::{
    progress::{Watch, tell},
    seed::Seed,
};
use serde::Serialize;
use std::ops::ControlFlow;

/// The pooled result.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Series {
    pub windows: u32,
    pub events: u32,
    /// Share of all events in the top districts of their window.
    pub model: f64,
    pub district_rate: f64,
    /// Model minus rate; whole windows resampled.
    pub difference: Interval,
}

/// Caught by the model, caught by the rate, all events of one window.
type Tally = (u32, u32, u32);

/// Tests `windows` windows that follow each other and end before the task's cut. Windows without a past or without an
/// event are left out.
///
/// # Errors
/// [`BacktestError`] when the task cannot be tested at all, or the watcher stops the work.
pub fn series(
    task: &Task<'_>,
    windows: u32,
    watch: &mut Watch<'_>,
) -> Result<Series, BacktestError> {
    task.check()?;
    let mut tallies = Vec::new();
    for back in 1..=windows {
        tell(watch, "series", u64::from(back) - 1, u64::from(windows))?;
        let days = i32::try_from(back).unwrap_or(i32::MAX).saturating_mul(task.window_days());
        let then = Task { poll: task.poll.plus_days(-days), ..*task };
        tallies.extend(tally(&then)?);
    }
    if tallies.is_empty() {
        return Err(BacktestError::NoPast(task.cut()));
    }
    let mut chance = Seed::fork(task.seed, 4);
    let resamples = (0..task.bootstraps).map(|_| {
        let picks = (0..tallies.len())
            .map(|_| tallies[usize::try_from(chance.below(tallies.len() as u64)).unwrap_or(0)]);
        difference(sum(picks))
    });
    let resamples = resamples.collect();
    let (model, rate, events) = sum(tallies.iter().copied());
    let share = |caught: u32| f64::from(caught) / f64::from(events);
    Ok(Series {
        windows: small(tallies.len()),
        events,
        model: share(model),
        district_rate: share(rate),
        difference: interval(difference((model, rate, events)), resamples),
    })
}

fn tally(task: &Task<'_>) -> Result<Option<Tally>, BacktestError> {
    let known = Known::new(task);
    let events = window_events(task);
    if known.is_empty() || events.is_empty() {
        return Ok(None);
    }
    let counts = counts(&events, task.gazetteer.districts.len());
    let caught = |values: &[f64]| -> u32 {
        ranking(&known.names, values, task.top_districts).into_iter().map(|at| counts[at]).sum()
    };
    let model = forecast(&known, &mut |_| ControlFlow::Continue(()))?;
    Ok(Some((caught(&model.expected), caught(&known.two_year_rate()), small(events.len()))))
}

fn sum(tallies: impl Iterator<Item = Tally>) -> Tally {
    tallies.fold((0, 0, 0), |a, b| (a.0 + b.0, a.1 + b.1, a.2 + b.2))
}

fn difference((model, rate, events): Tally) -> f64 {
    (f64::from(model) - f64::from(rate)) / f64::from(events)
}

impl Series {
    /// One sentence.
    #[must_use]
    pub fn text(&self) -> String {
        let Interval { value, low, high } = self.difference;
        let judged = if value <= 0.0 {
            "the model does not beat the district rate"
        } else if low > 0.0 {
            "the model beats the district rate"
        } else {
            "the model is ahead of the district rate, but the interval reaches 0"
        };
        format!(
            "On {} ordinary windows of the same length before the cut, {} events, each forecast from its own past: model {:.1} %, district rate {:.1} %, difference {:+.1} points (95 % {:+.1} to {:+.1}, windows resampled): {judged}.",
            self.windows,
            self.events,
            100.0 * self.model,
            100.0 * self.district_rate,
            100.0 * value,
            100.0 * low,
            100.0 * high,
        )
    }
}
