//! Looking somebody up: by service number, or by the polling station where they stand.

use super::{Folder, engine_stage, material, record, replacements};
use crate::{node::Node, work::WorkError};
use pehra_domain::{
    AreaId, BuildingId, PersonId,
    duty::{Line, Lot},
    progress::Watch,
};
use pehra_ops::{
    EventRef,
    draw::{Record, Stage},
};
use pehra_plan::draw::roster_hash;

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Look {
    Number(PersonId),
    /// The station's own name, or that of any of its contests.
    Station(String),
}

/// One line of what was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub line: Line,
    /// The one who fell out and whose post this is now.
    pub for_whom: Option<PersonId>,
    /// Somebody stands in for this one.
    pub fell_out: bool,
    /// The district of the building, once the building is drawn.
    pub district: Option<AreaId>,
}

/// Looks the last drawn roster through. It is read from this node's files and held against what was signed; a file that
/// somebody touched is not read from.
///
/// # Errors
/// [`WorkError`]: nothing is drawn, the people are not on this node, the file is not what was signed, or stopped.
pub fn look(
    node: &Node,
    draw: EventRef,
    what: &Look,
    watch: &mut Watch<'_>,
) -> Result<(Stage, Vec<Found>), WorkError> {
    let record = record(node, draw)?;
    let stage = last(&record)?;
    let folder = material::folder(node, &record)?;
    material::catch_up(&folder, &record, stage, watch)?;
    let mut lines = signed_lines(&folder, &record, stage, watch)?;
    let replaced = if stage == Stage::Stations {
        replacements(node, draw, &record).unwrap_or_default()
    } else {
        Vec::new()
    };
    for (out, stands_in) in &replaced {
        exchange(&mut lines, out, stands_in);
    }
    let world = node.world();
    let building = match what {
        Look::Number(_) => None,
        Look::Station(id) => {
            let found = world.stations.as_ref().and_then(|table| {
                let at = table.find(id)?;
                table.building(at).map(|building| building.id.clone())
            });
            let unknown = || WorkError::Input(format!("there is no polling station {id}"));
            Some(found.ok_or_else(unknown)?)
        }
    };
    let is_asked = |line: &Line| match what {
        Look::Number(number) => line.number == *number,
        Look::Station(_) => posted_at(line).is_some_and(|at| Some(at) == building.as_ref()),
    };
    let found = lines.into_iter().filter(is_asked).map(|line| Found {
        for_whom: replaced.iter().find(|(_, it)| *it == line.number).map(|(out, _)| out.clone()),
        fell_out: replaced.iter().any(|(out, _)| *out == line.number),
        district: posted_at(&line)
            .and_then(|at| world.building(at))
            .map(|building| building.district.clone()),
        line,
    });
    Ok((stage, found.collect()))
}

fn posted_at(line: &Line) -> Option<&BuildingId> {
    if let Lot::Posted { building, .. } = &line.lot { Some(building) } else { None }
}

/// The last stage that is drawn.
fn last(record: &Record) -> Result<Stage, WorkError> {
    let mut back = Stage::ALL.iter().rev().copied();
    let drawn = back.find(|stage| record.outcome(*stage).is_some());
    drawn.ok_or(WorkError::Missing("no stage of this draw is drawn yet"))
}

fn signed_lines(
    folder: &Folder,
    record: &Record,
    stage: Stage,
    watch: &mut Watch<'_>,
) -> Result<Vec<Line>, WorkError> {
    let lines = folder.roster(engine_stage(stage), watch)?;
    let signed = record.outcome(stage).map(|outcome| outcome.roster.0);
    if Some(roster_hash(&lines)) == signed {
        Ok(lines)
    } else {
        Err(WorkError::Input(format!(
            "{}: this is not the roster that was signed; delete the file and look again",
            folder.roster_path(engine_stage(stage)).display()
        )))
    }
}

/// The one who stands in takes the post; the one who fell out has none.
fn exchange(lines: &mut [Line], out: &PersonId, stands_in: &PersonId) {
    let place = |lines: &[Line], who: &PersonId| lines.iter().position(|line| line.number == *who);
    if let (Some(a), Some(b)) = (place(lines, out), place(lines, stands_in)) {
        let post = std::mem::replace(&mut lines[a].lot, Lot::Spare);
        lines[b].lot = post;
    }
}
