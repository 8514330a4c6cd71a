//! What the drill needs of the node's plan: the lists as they stand, and the deployment that was asked for.

use super::{WorkError, assess::NO_STATIONS};
use crate::{facts, node::Node, world::PlanTable};
use pehra_domain::{AreaId, StationId, progress::Watch, risk::RiskClass};
use pehra_drill::day::plan::{
    Plan,
    nation::{Lists, build},
};
use std::{borrow::Cow, collections::BTreeMap, sync::Arc};

/// Satellite terminals or HF sets that the communication plan may place, as `pehra plan comms` has it.
const TERMINALS: usize = 100;

/// The plan of the day. `deployment`: the guards as that plan posts them; without one, as far as the police at hand reach.
/// `area`: only what lies in it; the forces stay those of the whole list.
///
/// # Errors
/// [`WorkError::Missing`] without stations or units; [`WorkError::Input`] when no station lies in the area, or a shipped
/// table cannot be used.
pub fn day_plan(
    node: &Node,
    deployment: Option<&PlanTable>,
    area: Option<&AreaId>,
    watch: &mut Watch<'_>,
) -> Result<Plan, WorkError> {
    let world = node.world();
    let table = world.stations.as_ref().ok_or(WorkError::Missing(NO_STATIONS))?;
    let units = world.units.as_ref().ok_or(WorkError::Missing(
        "there are no units yet: import them first with `pehra plan import forces FILE`",
    ))?;
    let within = |district: &AreaId| area.is_none_or(|area| area.contains(district));
    let stations = near(&table.stations, area, |station| within(&station.district));
    let buildings = near(&table.buildings, area, |building| within(&building.district));
    let places = world.places.as_ref().map_or(&[][..], |list| &list.rows);
    let places = near(places, area, |place| within(&place.district));
    if let Some(area) = area.filter(|_| stations.is_empty()) {
        return Err(WorkError::Input(format!(
            "no station lies in {area}: name a district or province as `pk/sindh/tharparkar`"
        )));
    }
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
        stations: &stations,
        buildings: &buildings,
        places: &places,
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

/// All rows, or those of an area.
fn near<'a, T: Clone>(
    rows: &'a [T],
    area: Option<&AreaId>,
    within: impl Fn(&T) -> bool,
) -> Cow<'a, [T]> {
    match area {
        None => Cow::Borrowed(rows),
        Some(_) => rows.iter().filter(|row| within(row)).cloned().collect(),
    }
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
