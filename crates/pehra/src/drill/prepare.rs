//! The plan of the day, from what the node holds.

use super::{
    DrillError, Options,
    repoll::{self, Repoll},
};
use crate::{node::Node, work::day_plan::day_plan};
use pehra_domain::progress::Watch;
use pehra_drill::day::{Plan, Scenario, Scripted, Second, scenario::replay::replay};
use std::sync::Arc;

const DAY_S: i32 = 86_400;
const HOUR_S: i32 = 3_600;

/// What the commission orders: as the scenario names it, or as it was documented.
///
/// # Errors
/// [`DrillError::Table`] when the shipped table cannot be read.
pub(super) fn repolls(node: &Node, options: &Options) -> Result<Vec<Repoll>, DrillError> {
    let world = node.world();
    let mut all = options.repolls.clone();
    if let Some(table) =
        world.stations.as_ref().filter(|_| options.replay && options.days_after == 0)
    {
        all.extend(repoll::documented(table).map_err(DrillError::Table)?);
    }
    Ok(all)
}

/// The plan of the day, and the scenario with its script on it.
///
/// # Errors
/// [`DrillError`] says what is missing, and what of the script is unknown here.
pub(super) fn prepare(
    node: &Node,
    options: &Options,
    watch: &mut Watch<'_>,
) -> Result<(Arc<Plan>, Scenario), DrillError> {
    let world = node.world();
    let newest = world.general_plan();
    let plan = day_plan(node, newest.map(AsRef::as_ref), options.area.as_ref(), watch)?;
    let plan = Arc::new(plan);
    let mut scenario = options.scenario.clone();
    if options.replay {
        let found = replay(&plan, scenario.seed, scenario.parameters.clone())
            .map_err(|error| DrillError::Table(error.to_string()))?;
        for name in &found.unplaced {
            tracing::warn!(%name, "a documented case lies where this plan has no station");
        }
        let window = scenario.from..scenario.until;
        let shift = options.days_after.saturating_mul(DAY_S);
        let here = |at: Second| at.plus(-shift);
        let cases = found.scenario.script.into_iter();
        let cases = cases.map(|case| Scripted { at: here(case.at), ..case });
        let mut cuts = found.scenario.cuts;
        // What was cut on another day is no matter of this one.
        cuts.retain(|_| shift == 0);
        scenario = Scenario {
            cuts,
            from: window.start,
            until: window.end,
            script: cases.filter(|case| window.contains(&case.at)).collect(),
            ..found.scenario
        };
    }
    // The commission decides after the day: the record goes on until it has.
    if let Some(last) = repolls(node, options)?.iter().map(|it| it.ordered).max() {
        scenario.until = scenario.until.max(last.plus(HOUR_S));
    }
    for wish in &options.events {
        scenario.script.push(wish.on(&plan, scenario.from).map_err(DrillError::File)?);
    }
    Ok((plan, scenario))
}
