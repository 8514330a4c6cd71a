//! What a training plan expects, district by district, as a signed entry: figures alone.

use super::Training;
use crate::{
    node::Node,
    work::{WorkError, file::disk},
};
use pehra_domain::{AreaId, member::MODULES};
use pehra_ops::{
    Actor, Command, Hash32,
    training::{Command as Act, Forecast, Line},
};
use pehra_plan::training::coverage;
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, fs, path::Path};

/// Counts a plan's needs and its timetable, by district; people without a place under the nation.
#[must_use]
pub fn forecast(training: &Training, needs: Hash32) -> Forecast {
    let mut lines: BTreeMap<AreaId, Line> = BTreeMap::new();
    for need in &training.needs.needs {
        let place = training.places.get(&training.people[need.person].unit);
        let area = place.map_or_else(AreaId::nation, |(area, _)| area.clone());
        let line = lines.entry(area.clone()).or_insert_with(|| Line {
            area,
            tasked: 0,
            ready: 0,
            lacking: vec![0; usize::from(MODULES)],
            completes: Vec::new(),
        });
        line.tasked += 1;
        line.ready += u32::from(need.lacks.is_empty());
        for module in need.lacks.numbers() {
            if let Some(count) = line.lacking.get_mut(usize::from(module) - 1) {
                *count += 1;
            }
        }
    }
    let covered = training.timetable.as_ref();
    let covered = covered.map(|planned| coverage::by_area(&planned.input, &planned.timetable));
    for (area, covered) in covered.unwrap_or_default() {
        if let Some(line) = lines.get_mut(&area) {
            let days = covered.completes.into_iter();
            line.completes =
                days.map(|(day, count)| (day, u32::try_from(count).unwrap_or(u32::MAX))).collect();
        }
    }
    let plan = training.plan.clone();
    Forecast { plan, needs, lines: lines.into_values().collect() }
}

/// Signs what a written plan expects; its table of needs is named by its hash and stays where it is. False when the same
/// stands on record already.
///
/// # Errors
/// [`WorkError`]: the table cannot be read, or the act is refused.
pub fn record(
    node: &Node,
    actor: &Actor,
    area: AreaId,
    training: &Training,
    out: &Path,
) -> Result<bool, WorkError> {
    let table = out.join("needs.csv");
    let bytes = fs::read(&table).map_err(|error| disk(&table, &error))?;
    let needs = Hash32(Sha256::digest(bytes).into());
    let command = Act::Forecast { area, forecast: forecast(training, needs) };
    Ok(!node.execute(actor, Command::Training(command))?.is_empty())
}
