//! Looking somebody up: by service number, or by the polling station where they stand.

use super::{Folder, engine_stage, material, record, replacements};
use crate::{node::Node, work::WorkError};
use pehra_domain::{
    AreaId, BuildingId, PersonId,
    duty::{Line, Lot},
    progress::Watch,
};
use pehra_ops::{
    EventRef, Hash32,
    draw::{Record, Stage},
};
use pehra_plan::draw::roster_hash;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

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

/// The roster that was looked through last, under the hash by which it was signed: 600,000 lines are read and hashed once,
/// not for every question.
#[derive(Default)]
pub struct RosterKept {
    last: Mutex<Option<(Hash32, Arc<Vec<Line>>)>>,
}

impl RosterKept {
    /// The lines that were signed under a hash, as `read` gives them unless they are here.
    fn lines(
        &self,
        signed: Hash32,
        read: impl FnOnce() -> Result<Vec<Line>, WorkError>,
    ) -> Result<Arc<Vec<Line>>, WorkError> {
        // Held while it is read: who asks meanwhile waits for the same lines.
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, lines)) = &*last
            && *known == signed
        {
            return Ok(lines.clone());
        }
        let lines = Arc::new(read()?);
        *last = Some((signed, lines.clone()));
        Ok(lines)
    }
}

/// Looks the last drawn roster through. It is read from this node's files and held against what was signed, once; a file
/// that somebody touched is not read from.
///
/// # Errors
/// [`WorkError`]: nothing is drawn, the people are not on this node, the file is not what was signed, or stopped.
pub fn look(
    node: &Node,
    kept: &RosterKept,
    (draw, what): (EventRef, &Look),
    watch: &mut Watch<'_>,
) -> Result<(Stage, Vec<Found>), WorkError> {
    let record = record(node, draw)?;
    let stage = last(&record)?;
    let folder = material::folder(node, &record)?;
    material::catch_up(&folder, &record, stage, watch)?;
    let signed = record.outcome(stage).map(|outcome| outcome.roster);
    let signed = signed.ok_or(WorkError::Missing(NOT_DRAWN))?;
    let lines = kept.lines(signed, || signed_lines(&folder, (stage, signed), watch))?;
    let replaced = if stage == Stage::Stations {
        replacements(node, draw, &record).unwrap_or_default()
    } else {
        Vec::new()
    };
    let lots = exchanged(&lines, &replaced);
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
    let as_it_is = |line: &Line| match lots.get(&line.number) {
        Some(lot) => Line { lot: lot.clone(), ..line.clone() },
        None => line.clone(),
    };
    let is_asked = |line: &Line| match what {
        Look::Number(number) => line.number == *number,
        Look::Station(_) => posted_at(line).is_some_and(|at| Some(at) == building.as_ref()),
    };
    // Whoever is asked for by number, and all whose post may be another than in the file, are looked at as they are now.
    let may_be = |line: &&Line| is_asked(line) || lots.contains_key(&line.number);
    let found = lines.iter().filter(may_be).map(as_it_is).filter(is_asked).map(|line| Found {
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
    drawn.ok_or(WorkError::Missing(NOT_DRAWN))
}

const NOT_DRAWN: &str = "no stage of this draw is drawn yet";

fn signed_lines(
    folder: &Folder,
    (stage, signed): (Stage, Hash32),
    watch: &mut Watch<'_>,
) -> Result<Vec<Line>, WorkError> {
    let lines = folder.roster(engine_stage(stage), watch)?;
    if roster_hash(&lines) == signed.0 {
        Ok(lines)
    } else {
        Err(WorkError::Input(format!(
            "{}: this is not the roster that was signed; delete the file and look again",
            folder.roster_path(engine_stage(stage)).display()
        )))
    }
}

/// What replacements left of whom: the one who stands in takes the post, the one who fell out has none.
fn exchanged(lines: &[Line], replaced: &[(PersonId, PersonId)]) -> BTreeMap<PersonId, Lot> {
    let mut lots = BTreeMap::new();
    for (out, stands_in) in replaced {
        let find = |who: &PersonId| lines.iter().find(|line| line.number == *who);
        let (Some(of_out), Some(_)) = (find(out), find(stands_in)) else { continue };
        let post = lots.insert(out.clone(), Lot::Spare).unwrap_or_else(|| of_out.lot.clone());
        lots.insert(stands_in.clone(), post);
    }
    lots
}
