//! Why one station has its class, with the evidence behind every factor.

use super::{
    WorkError,
    assess::{Material, NO_STATIONS, assessed_at},
};
use crate::{node::Node, world::World};
use pehra_domain::risk::FACTOR_COUNT;
use pehra_plan::{
    assess::{Derived, Prepared},
    explain::{Explanation, explain},
};

/// Explains the station at a position of the station table.
///
/// # Errors
/// [`WorkError::Missing`] when nothing has been assessed yet.
pub fn run(node: &Node, position: usize) -> Result<Explanation, WorkError> {
    with(node, &node.world(), position, || evidence(node, position))
}

/// As [`run`], in a picture that the caller holds and with evidence from elsewhere; it must have been derived for the
/// station at that position.
///
/// # Errors
/// [`WorkError::Missing`] when nothing has been assessed yet; what `evidence` says.
pub fn with(
    node: &Node,
    world: &World,
    position: usize,
    evidence: impl FnOnce() -> Result<[Derived; FACTOR_COUNT], WorkError>,
) -> Result<Explanation, WorkError> {
    const NOT_ASSESSED: &str = "the stations have not been assessed yet: run `pehra plan assess` or press Assess in the room";
    let stations = world.stations.as_ref().ok_or(WorkError::Missing(NO_STATIONS))?;
    let assessed = world.assessment.as_ref().ok_or(WorkError::Missing(NOT_ASSESSED))?;
    let (_, row) = stations
        .stations
        .get(position)
        .zip(assessed.rows.get(position))
        .filter(|(station, row)| station.id == row.station)
        .ok_or(WorkError::Missing(
            "the assessment is older than the station list: assess again with `pehra plan assess`",
        ))?;
    let evidence = evidence()?;
    let as_of = assessed_at(node.now(), node.poll_date());
    let overrides = node.overrides_in_force(as_of);
    Ok(explain(&node.risk_model()?, row, Some(&evidence), &overrides, as_of))
}

fn evidence(node: &Node, position: usize) -> Result<[Derived; FACTOR_COUNT], WorkError> {
    let material = Material::gather(node)?;
    let derived = material.with_inputs(node, |model, inputs| {
        let station = inputs.stations.get(position);
        station.map(|station| Prepared::new(model, inputs).derive(station))
    })?;
    derived.ok_or(WorkError::Missing(NO_STATIONS))
}
