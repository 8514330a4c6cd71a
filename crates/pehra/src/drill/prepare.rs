//! The plan of the day, from what the node holds.

use super::{DrillError, Options};
use crate::{node::Node, work::day_plan::day_plan};
use pehra_domain::progress::Watch;
use pehra_drill::day::{Plan, Scenario, scenario::replay::replay};
use std::sync::Arc;

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
        let cases = found.scenario.script.into_iter();
        scenario = Scenario {
            from: window.start,
            until: window.end,
            script: cases.filter(|case| window.contains(&case.at)).collect(),
            ..found.scenario
        };
    }
    for wish in &options.events {
        scenario.script.push(wish.on(&plan, scenario.from).map_err(DrillError::File)?);
    }
    Ok((plan, scenario))
}
