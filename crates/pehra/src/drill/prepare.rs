//! The plan of the day, from what the node holds.

use super::{DrillError, Options};
use crate::{facts, node::Node};
use pehra_domain::{
    AreaId,
    building::Building,
    plan::Plan as Deployment,
    poll::{PollKey, PollState},
    progress::Watch,
    station::Station,
};
use pehra_drill::day::{
    Plan, Scenario,
    plan::nation::{Lists, build},
    scenario::replay::replay,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Terminals that the plan of communications may place.
const TERMINALS: usize = 100;

/// The plan of the day, and the scenario with its script on it.
///
/// # Errors
/// [`DrillError`] says what is missing, and what of the script is unknown here.
pub(super) fn prepare(
    node: &Node,
    options: &Options,
    watch: &mut Watch<'_>,
) -> Result<(Arc<Plan>, Scenario), DrillError> {
    let plan = Arc::new(plan(node, options, watch)?);
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

/// The plan of the day: stations, forces and places of the node, its newest deployment, and what communications its
/// planner makes of them.
///
/// # Errors
/// [`DrillError`] says what is missing.
fn plan(node: &Node, options: &Options, watch: &mut Watch<'_>) -> Result<Plan, DrillError> {
    let world = node.world();
    let table = world.stations.as_ref().ok_or(DrillError::Missing("stations"))?;
    let units = world.units.as_ref().ok_or(DrillError::Missing("forces"))?;
    let within = |area: &AreaId| options.area.as_ref().is_none_or(|wanted| wanted.contains(area));
    let stations: Vec<Station> =
        table.stations.iter().filter(|it| within(&it.district)).cloned().collect();
    if stations.is_empty() {
        let area = options.area.as_ref().map_or_else(String::new, ToString::to_string);
        return Err(DrillError::NoStation(area));
    }
    let near = |houses: &[Building]| -> Vec<Building> {
        houses.iter().filter(|it| within(&it.district)).cloned().collect()
    };
    let buildings = near(&table.buildings);
    let places = world.places.as_ref().map_or_else(Vec::new, |listed| near(&listed.rows));
    let postponed = node.ops(|state| {
        let general = state.polls.all().map(|(key, _)| key).filter(|key| key.station.is_none());
        let is_off = |key: &&PollKey| {
            state.polls.get(key).is_some_and(|(poll, _)| poll.state == PollState::Postponed)
        };
        general.filter(is_off).map(|key| key.constituency.clone()).collect::<BTreeSet<_>>()
    });
    let classes: BTreeMap<_, _> = world.assessment.as_ref().map_or_else(BTreeMap::new, |table| {
        table.rows.iter().map(|row| (row.station.clone(), row.force_class())).collect()
    });
    let deployment: Option<&Deployment> =
        world.plans.iter().rev().find(|plan| plan.poll.is_none()).map(|plan| &plan.plan);
    let incidents = world.incidents.as_ref().map_or(&[][..], |listed| &listed.rows);
    let surveys = world.surveys.as_ref().map_or(&[][..], |listed| &listed.rows);
    let table_error = |error: &dyn std::fmt::Display| DrillError::Table(error.to_string());
    let bearers = facts::bearers().map_err(|error| table_error(&error))?;
    let norms = facts::norms().map_err(|error| table_error(&error))?;
    let distance = facts::distances(node.gazetteer());
    let lists = Lists {
        day: node.poll_date(),
        stations: &stations,
        buildings: &buildings,
        places: &places,
        units: &units.units,
        incidents,
        surveys,
        postponed: &postponed,
        classes: &classes,
        deployment,
        distance: &distance,
        bearers: &bearers,
        norms: &norms,
        terminals: TERMINALS,
    };
    Ok(build(&lists, watch)?)
}
