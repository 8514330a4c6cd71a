//! Why one station has its class, with the evidence behind every factor.

use super::{
    WorkError,
    assess::{Material, NO_STATIONS},
};
use crate::node::Node;
use pehra_plan::{
    assess::Prepared,
    explain::{Explanation, explain},
};

/// Explains the station at a position of the station table.
///
/// # Errors
/// [`WorkError::Missing`] when nothing has been assessed yet.
pub fn run(node: &Node, position: usize) -> Result<Explanation, WorkError> {
    const NOT_ASSESSED: &str = "the stations have not been assessed yet: run `pehra plan assess` or press Assess in the room";
    let material = Material::gather(node)?;
    let stations = material.world.stations.clone().ok_or(WorkError::Missing(NO_STATIONS))?;
    let assessed = material.world.assessment.clone().ok_or(WorkError::Missing(NOT_ASSESSED))?;
    let (station, row) = stations
        .stations
        .get(position)
        .zip(assessed.rows.get(position))
        .filter(|(station, row)| station.id == row.station)
        .ok_or(WorkError::Missing(
            "the assessment is older than the station list: assess again with `pehra plan assess`",
        ))?;
    material.with_inputs(node, |model, inputs| {
        let prepared = Prepared::new(model, inputs);
        let evidence = prepared.derive(station);
        explain(model, row, Some(&evidence), inputs.overrides, inputs.as_of)
    })
}
