//! Lists of rooms, trainers and earlier seats.

use crate::{
    node::Node,
    work::{WorkError, file::disk, import::of_file},
};
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
    read(path, |file, options| lists::import_venues(file, options, &context, watch))
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
    read(path, |file, options| lists::import_trainers(file, options, &context, watch))
}

/// The courses of an earlier timetable from its list of seats, with what was found in the file.
///
/// # Errors
/// As [`read_venues`].
pub fn read_seats(
    path: &Path,
    watch: &mut Watch<'_>,
) -> Result<(Vec<Named>, Vec<Finding>), WorkError> {
    let read = read(path, |file, options| lists::import_seats(file, options, watch))?;
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

fn read<T>(
    path: &Path,
    import: impl FnOnce(&mut File, &ImportOptions) -> Result<Imported<T>, ImportError>,
) -> Result<Imported<T>, WorkError> {
    let mut file = File::open(path).map_err(|error| disk(path, &error))?;
    import(&mut file, &ImportOptions::default()).map_err(|error| of_file(path, error))
}
