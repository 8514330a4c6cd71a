//! What the drill needs of the node's plan: the lists as they stand, and the deployment that was asked for.

use super::{WorkError, assess::NO_STATIONS};
use crate::{facts, node::Node, world::PlanTable};
use pehra_domain::{StationId, progress::Watch, risk::RiskClass};
use pehra_drill::day::plan::{
    Plan,
    nation::{Lists, build},
};
use std::{collections::BTreeMap, sync::Arc};

/// Satellite terminals or HF sets that the communication plan may place, as `pehra plan comms` has it.
const TERMINALS: usize = 100;

/// The plan of the day. `deployment`: the guards as that plan posts them; without one, as far as the police at hand reach.
///
/// # Errors
/// [`WorkError::Missing`] without stations or units; [`WorkError::Input`] when a shipped table cannot be used.
pub fn day_plan(
    node: &Node,
    deployment: Option<&PlanTable>,
    watch: &mut Watch<'_>,
) -> Result<Plan, WorkError> {
    let world = node.world();
    let table = world.stations.as_ref().ok_or(WorkError::Missing(NO_STATIONS))?;
    let units = world.units.as_ref().ok_or(WorkError::Missing(
        "there are no units yet: import them first with `pehra plan import forces FILE`",
    ))?;
    let assessed = world
        .assessment
        .as_ref()
        .filter(|assessed| assessed.stations_manifest == table.provenance.manifest);
    let mut classes: BTreeMap<StationId, RiskClass> = assessed
        .map(|assessed| assessed.rows.iter().map(|row| (row.station.clone(), row.class)).collect())
        .unwrap_or_default();
    classes.extend(node.ops(|state| state.official_classes.all_current()));
    let bearers = facts::bearers().map_err(|error| WorkError::Input(error.to_string()))?;
    let postponed = super::poll::put_off(node);
    let lists = Lists {
        day: node.poll_date(),
        stations: &table.stations,
        buildings: &table.buildings,
        places: world.places.as_ref().map_or(&[][..], |list| &list.rows),
        units: &units.units,
        incidents: world.incidents.as_ref().map_or(&[][..], |list| &list.rows),
        surveys: world.surveys.as_ref().map_or(&[][..], |list| &list.rows),
        postponed: &postponed,
        classes: &classes,
        deployment: deployment.map(|table| &table.plan),
        distance: &facts::distances(node.gazetteer()),
        bearers: &bearers,
        norms: &node.norm_book()?,
        terminals: TERMINALS,
    };
    Ok(build(&lists, watch)?)
}

/// A solved plan by its number or by what people call it.
///
/// # Errors
/// [`WorkError::Input`] names the plans that there are.
pub fn solved(node: &Node, name: &str) -> Result<Arc<PlanTable>, WorkError> {
    let world = node.world();
    let found = world.plans.iter().rev().find(|plan| plan.id == name || plan.label == name);
    found.cloned().ok_or_else(|| {
        let known: Vec<&str> = world.plans.iter().map(|plan| plan.id.as_str()).collect();
        let list = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        WorkError::Input(format!("there is no plan {name}; there are: {list}"))
    })
}
