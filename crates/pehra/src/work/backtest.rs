//! Whether the model would have known: trained before a poll, scored in its window.

use super::WorkError;
use crate::node::Node;
use pehra_domain::{Date, StationId, progress::Watch, risk::RiskClass};
use pehra_plan::backtest::{BacktestError, Report, Task, backtest};
use std::collections::BTreeMap;

/// General elections whose window may be scored, and those before each.
pub const POLLS: [(i32, u32, u32); 4] = [(2008, 2, 18), (2013, 5, 11), (2018, 7, 25), (2024, 2, 8)];

#[derive(Clone, Copy, Debug)]
pub struct Options {
    pub poll: Date,
    pub days_before: i32,
    pub days_after: i32,
    pub place_precision_max: u8,
    pub top_districts: usize,
    pub bootstraps: u32,
    pub seed: u64,
    /// The node's station list is the one of this very poll: the capture at stations is reported too.
    pub own_stations: bool,
    /// The official classes in that list were given at the poll before: a rival of the model.
    pub previous_classes: bool,
}

/// Runs one backtest on the imported events.
///
/// # Errors
/// [`WorkError`]: no events, an empty window, or stopped.
pub fn run(node: &Node, options: Options, watch: &mut Watch<'_>) -> Result<Report, WorkError> {
    let world = node.world();
    let events = world.incidents.as_ref().ok_or(WorkError::Missing(
        "there are no events yet: import them first with `pehra plan import events FILE`",
    ))?;
    let earlier: Vec<Date> = POLLS
        .into_iter()
        .filter_map(|(y, m, d)| Date::from_civil(y, m, d))
        .filter(|&date| date < options.poll)
        .collect();
    let stations = world.stations.as_ref().filter(|_| options.own_stations);
    if options.own_stations && stations.is_none() {
        return Err(WorkError::Missing(super::assess::NO_STATIONS));
    }
    let classes: Option<BTreeMap<StationId, RiskClass>> =
        stations.filter(|_| options.previous_classes).map(|table| {
            let classed = table.stations.iter();
            classed.filter_map(|one| Some((one.id.clone(), one.official_class()?))).collect()
        });
    let task = Task {
        stations: stations.map(|table| table.stations.as_slice()),
        previous_classes: classes.as_ref(),
        earlier_polls: &earlier,
        days_before: options.days_before,
        days_after: options.days_after,
        place_precision_max: options.place_precision_max,
        top_districts: options.top_districts,
        bootstraps: options.bootstraps,
        seed: options.seed,
        ..Task::new(&events.rows, node.gazetteer(), options.poll)
    };
    backtest(&task, watch).map_err(|error| match error {
        BacktestError::Cancelled(cancelled) => WorkError::Cancelled(cancelled),
        other @ (BacktestError::EmptyWindow { .. }
        | BacktestError::NoPast(_)
        | BacktestError::FewDistricts(..)
        | BacktestError::Window) => WorkError::Input(other.to_string()),
    })
}
