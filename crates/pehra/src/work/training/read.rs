//! Lists of rooms, trainers and earlier seats.

use crate::{node::Node, work::WorkError};
use pehra_domain::{
    finding::Finding,
    progress::Watch,
    training::{Trainer, Venue},
};
use pehra_exchange::{
    ImportError, ImportOptions, rows::Imported, stations::Context, training as lists,
};
use pehra_plan::training::replan::Named;
use std::{fs::File, path::Path};

/// Rooms, with what was found in the file.
///
/// # Errors
/// [`WorkError`]: the file or its columns cannot be used, or stopped.
pub fn read_venues(
    node: &Node,
    path: &Path,
    watch: &mut Watch<'_>,
) -> Result<Imported<Venue>, WorkError> {
    let context = Context { gazetteer: Some(node.gazetteer()), boundaries: None };
    let options = ImportOptions::default();
    lists::import_venues(&mut open(path)?, &options, &context, watch)
        .map_err(|error| of(path, error))
}

/// Trainers, with what was found in the file.
///
/// # Errors
/// As [`read_venues`].
pub fn read_trainers(
    node: &Node,
    path: &Path,
    watch: &mut Watch<'_>,
) -> Result<Imported<Trainer>, WorkError> {
    let context = Context { gazetteer: Some(node.gazetteer()), boundaries: None };
    let options = ImportOptions::default();
    lists::import_trainers(&mut open(path)?, &options, &context, watch)
        .map_err(|error| of(path, error))
}

/// The courses of an earlier timetable from its list of seats, with what was found in the file.
///
/// # Errors
/// As [`read_venues`].
pub fn read_seats(
    path: &Path,
    watch: &mut Watch<'_>,
) -> Result<(Vec<Named>, Vec<Finding>), WorkError> {
    let options = ImportOptions::default();
    let read =
        lists::import_seats(&mut open(path)?, &options, watch).map_err(|error| of(path, error))?;
    let mut courses: Vec<Named> = Vec::new();
    let mut last = String::new();
    for seat in read.values {
        let same = |course: &Named| {
            (course.date, &course.venue, course.module, &course.trainer)
                == (seat.date, &seat.venue, seat.module, &seat.trainer)
        };
        match courses.last_mut().filter(|course| last == seat.begins && same(course)) {
            Some(course) => course.people.push(seat.number),
            None => courses.push(Named {
                date: seat.date,
                venue: seat.venue,
                module: seat.module,
                trainer: seat.trainer,
                people: vec![seat.number],
            }),
        }
        last = seat.begins;
    }
    Ok((courses, read.findings))
}

fn open(path: &Path) -> Result<File, WorkError> {
    File::open(path).map_err(|error| crate::work::file::disk(path, &error))
}

#[expect(clippy::needless_pass_by_value, reason = "shaped for map_err")]
fn of(path: &Path, error: ImportError) -> WorkError {
    if let ImportError::Cancelled(cancelled) = error {
        return WorkError::Cancelled(cancelled);
    }
    WorkError::Input(format!("{}: {error}", path.display()))
}
