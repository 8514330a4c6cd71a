//! Would the model have known? Trained on events before a day, scored on a window after it, beside simple rivals.
//!
//! No look-ahead by construction: [`forecast::Known`] is the only thing a forecast can see, and it holds records that had
//! *ended* before the cut. The settings of the model are tuned inside, on rolling windows that lie before the cut; the
//! window under test is touched only by the scoring. Capture, lift, Brier score and reliability come with bootstrap
//! intervals that resample whole districts, because events of one district are not independent.

pub mod forecast;
pub mod measure;
mod print;
pub mod series;
pub mod station;
#[cfg(test)]
mod tests;

use forecast::{Forecast, Known};
use measure::{Interval, ReliabilityBin};
use pehra_domain::{
    Date,
    gazetteer::Gazetteer,
    incident_record::IncidentRecord,
    progress::{Cancelled, Watch, tell},
    risk::RiskClass,
    station::Station,
};
use serde::Serialize;
use std::collections::BTreeMap;

/// Below this many events, or this many districts with one, the figures say little, and the report says so.
pub const EVENTS_MIN: usize = 30;
pub const DISTRICTS_MIN: usize = 10;
/// Longest window on either side of the poll.
pub const WINDOW_SIDE_DAYS_MAX: i32 = 366;

/// What to test.
#[derive(Clone, Copy, Debug)]
pub struct Task<'a> {
    /// Records of any time, duplicates included.
    pub incidents: &'a [IncidentRecord],
    /// The districts that are ranked; records elsewhere are left out.
    pub gazetteer: &'a Gazetteer,
    pub poll: Date,
    /// Polls before this one, for "incident last time".
    pub earlier_polls: &'a [Date],
    /// The window: so many days before the poll (the cut lies at its start) and after it.
    pub days_before: i32,
    pub days_after: i32,
    /// Worst place precision that counts (3: known to the district).
    pub place_precision_max: u8,
    pub top_districts: usize,
    /// The station list of this very election, if there is one; without it no station capture is reported.
    pub stations: Option<&'a [Station]>,
    /// Classes that the authority gave at the previous poll, by station id; the first rival, if given.
    pub previous_classes: Option<&'a BTreeMap<pehra_domain::StationId, RiskClass>>,
    pub bootstraps: u32,
    pub seed: u64,
}

impl<'a> Task<'a> {
    /// The issue's own window: D-30 to D+2, precision 3 or better, 20 districts.
    #[must_use]
    pub fn new(incidents: &'a [IncidentRecord], gazetteer: &'a Gazetteer, poll: Date) -> Self {
        Self {
            incidents,
            gazetteer,
            poll,
            earlier_polls: &[],
            days_before: 30,
            days_after: 2,
            place_precision_max: 3,
            top_districts: 20,
            stations: None,
            previous_classes: None,
            bootstraps: 2_000,
            seed: 7,
        }
    }

    /// First day of the window; nothing from this day on may be known.
    #[must_use]
    pub fn cut(&self) -> Date {
        self.poll.plus_days(-self.days_before)
    }

    #[must_use]
    pub fn last_day(&self) -> Date {
        self.poll.plus_days(self.days_after)
    }

    /// Whether there is anything to rank and a window to rank it in.
    fn check(&self) -> Result<(), BacktestError> {
        let days = 0..=WINDOW_SIDE_DAYS_MAX;
        if !days.contains(&self.days_before) || !days.contains(&self.days_after) {
            return Err(BacktestError::Window);
        }
        let districts = self.gazetteer.districts.len();
        if self.top_districts == 0 || districts <= self.top_districts {
            return Err(BacktestError::FewDistricts(districts, self.top_districts));
        }
        Ok(())
    }

    pub(crate) fn window_days(&self) -> i32 {
        self.days_before + self.days_after + 1
    }
}

/// Why there is nothing to report.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BacktestError {
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    #[error(
        "no event of place precision {precision} or better lies in {from} to {until}; give a record set that covers the window"
    )]
    EmptyWindow { precision: u8, from: Date, until: Date },
    #[error("no event lies before {0}; a forecast needs a past")]
    NoPast(Date),
    #[error(
        "the gazetteer has {0} districts, and the report ranks {1}; give the list of voting districts"
    )]
    FewDistricts(usize, usize),
    #[error(
        "the window has an impossible length; give from 0 to {WINDOW_SIDE_DAYS_MAX} days before and after the poll"
    )]
    Window,
}

/// A way of ranking the districts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    Model,
    /// The risk index of the station on the eve of the window (stations only).
    Index,
    /// Events over the two years before the cut.
    DistrictRate,
    /// Events in the same window of the last poll.
    LastTime,
    /// Share of stations that the authority called most sensitive at the previous poll.
    PreviousClass,
}

impl Method {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Index => "risk index",
            Self::DistrictRate => "district rate, two years",
            Self::LastTime => "incident last time",
            Self::PreviousClass => "previous official class",
        }
    }
}

/// How one method did on the districts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    pub method: Method,
    pub captured: u32,
    /// Share of the window's events in the top districts.
    pub capture: Interval,
    /// Capture over what a random choice of as many districts would catch.
    pub lift: Interval,
    /// Mean squared error of "at least one event in this district"; none for a method that gives no probability.
    pub brier: Option<Interval>,
    pub reliability: Vec<ReliabilityBin>,
}

/// The model against the district rate, on the same resamples.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// Model minus rival, capture; districts resampled.
    pub by_district: Interval,
    /// The same with single events resampled, as if they were independent (narrower, and too sure of itself).
    pub by_event: Interval,
    /// Model minus rival, Brier score, districts resampled; below 0 the model's probabilities are the better ones.
    pub brier: Interval,
}

/// What the interval allows to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Ahead, and the interval by districts lies above 0.
    Beats,
    /// Ahead, but the interval reaches 0: it may be chance.
    AheadNotSure,
    /// Level or behind.
    DoesNotBeat,
}

/// One backtest.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    pub poll: Date,
    pub from: Date,
    pub until: Date,
    pub events: u32,
    pub districts_hit: u32,
    pub districts: u32,
    pub top_districts: u32,
    /// The best capture that any choice of as many districts could have had.
    pub ceiling: f64,
    pub rows: Vec<Row>,
    pub difference: Difference,
    pub verdict: Verdict,
    pub too_small: bool,
    pub forecast: Forecast,
    pub stations: Option<station::StationReport>,
}

impl Report {
    #[must_use]
    pub fn row(&self, method: Method) -> Option<&Row> {
        self.rows.iter().find(|row| row.method == method)
    }
}

/// Trains before the window, scores in it.
///
/// # Errors
/// [`BacktestError`] when there is no past, no window or too few districts, or when the watcher stops the work.
pub fn backtest(task: &Task<'_>, watch: &mut Watch<'_>) -> Result<Report, BacktestError> {
    let districts = task.gazetteer.districts.len();
    task.check()?;
    let known = Known::new(task);
    if known.is_empty() {
        return Err(BacktestError::NoPast(task.cut()));
    }
    let forecast = forecast::forecast(&known, watch)?;
    tell(watch, "score", 0, 1).map_err(BacktestError::Cancelled)?;
    let events = measure::window_events(task);
    if events.is_empty() {
        let (from, until) = (task.cut(), task.last_day());
        let precision = task.place_precision_max;
        return Err(BacktestError::EmptyWindow { precision, from, until });
    }
    let counts = measure::counts(&events, districts);
    let mut ways = vec![(Method::Model, forecast.expected.clone(), true)];
    ways.push((Method::DistrictRate, known.two_year_rate(), true));
    if let Some(last) = known.last_time(task) {
        ways.push((Method::LastTime, last, false));
    }
    if let Some(classes) = station::class_share(task) {
        ways.push((Method::PreviousClass, classes, false));
    }
    let scored = measure::score_all(task, &known, &counts, &ways);
    let difference = scored.difference;
    let hit = counts.iter().filter(|count| **count > 0).count();
    let report = Report {
        poll: task.poll,
        from: task.cut(),
        until: task.last_day(),
        events: small(events.len()),
        districts_hit: small(hit),
        districts: small(districts),
        top_districts: small(task.top_districts),
        ceiling: measure::ceiling(&counts, task.top_districts),
        rows: scored.rows,
        difference,
        verdict: verdict(difference),
        too_small: events.len() < EVENTS_MIN || hit < DISTRICTS_MIN,
        stations: station::score(task, &known, &forecast),
        forecast,
    };
    tell(watch, "score", 1, 1).map_err(BacktestError::Cancelled)?;
    Ok(report)
}

fn verdict(difference: Difference) -> Verdict {
    if difference.by_district.value <= 0.0 {
        Verdict::DoesNotBeat
    } else if difference.by_district.low > 0.0 {
        Verdict::Beats
    } else {
        Verdict::AheadNotSure
    }
}

pub(crate) fn small(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
