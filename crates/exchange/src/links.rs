//! Links by boat, ferry or air that a person adds to a road map, one a row.

use crate::{
    code::Code,
    coordinate::{Position, position},
    finding::{Findings, Outcome},
    mapping::Schema,
    rows::{Cells, ImportError, ImportOptions, Imported, read_values},
    stations::field,
};
use pehra_domain::{Point, progress::Watch, road::RoadClass};
use std::io::Read;

/// The columns of such a table.
pub const SCHEMA: Schema = Schema {
    kind: "links",
    fields: &[
        field("by", true, &["by", "kind", "means", "ذریعہ"]),
        field("from-latitude", true, &["from latitude", "from lat", "lat1"]),
        field("from-longitude", true, &["from longitude", "from lon", "lon1"]),
        field("to-latitude", true, &["to latitude", "to lat", "lat2"]),
        field("to-longitude", true, &["to longitude", "to lon", "lon2"]),
        field("minutes", true, &["minutes", "duration", "منٹ"]),
    ],
};

/// Longest journey of one link, in minutes.
const MINUTES_MAX: u32 = 2_880;

/// A link as a table gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub class: RoadClass,
    pub from: Point,
    pub to: Point,
    pub duration_s: u32,
}

/// Imports links.
///
/// # Errors
/// [`ImportError`] when the file or its mapping cannot be used, or the watcher stops the work.
pub fn import(
    input: &mut dyn Read,
    options: &ImportOptions,
    watch: &mut Watch<'_>,
) -> Result<Imported<Link>, ImportError> {
    let mut value = |cells: &Cells<'_>, findings: &mut Findings| match link(cells) {
        Ok(link) => Some((link, Outcome::Accepted)),
        Err((column, why)) => {
            let header = cells.header(column);
            findings.push(Code::RoadLinkInvalid, cells.number(), header, why, "");
            None
        }
    };
    let (reading, links) = read_values(input, &SCHEMA, options, watch, &mut value)?;
    Ok(reading.with(links))
}

fn link(cells: &Cells<'_>) -> Result<Link, (usize, &'static str)> {
    let class = match cells.get(0).trim().to_lowercase().as_str() {
        "boat" | "کشتی" => RoadClass::Boat,
        "ferry" => RoadClass::Ferry,
        "air" | "helicopter" | "ہیلی کاپٹر" => RoadClass::Air,
        _ => return Err((0, "it is neither boat, ferry nor air")),
    };
    let place = |at: usize| match position(cells.get(at), cells.get(at + 1)) {
        Position::At { point, .. } => Ok(point),
        Position::Missing | Position::Unreadable | Position::Outside(..) => {
            Err((at, "a place cannot be read"))
        }
    };
    let (from, to) = (place(1)?, place(3)?);
    let minutes = cells.get(5).trim().parse::<u32>().ok();
    let minutes = minutes.filter(|minutes| (1..=MINUTES_MAX).contains(minutes));
    let minutes = minutes.ok_or((5, "the minutes must be a whole number from 1 to 2880"))?;
    if from == to {
        return Err((3, "it ends where it begins"));
    }
    Ok(Link { class, from, to, duration_s: minutes * 60 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ops::ControlFlow;

    #[test]
    fn links_are_read_and_others_are_told() {
        let csv = "by,from latitude,from longitude,to latitude,to longitude,minutes\n\
            boat,25.5,68.3,25.51,68.32,40\nair,34.2,72.1,36.0,71.8,55\n\
            mule,34.2,72.1,36.0,71.8,55\nboat,25.5,68.3,25.5,68.3,40\nboat,,68.3,25.5,68.3,40\n\
            boat,25.5,68.3,25.51,68.32,soon\n";
        let mut input = csv.as_bytes();
        let options = ImportOptions::default();
        let read = import(&mut input, &options, &mut |_| ControlFlow::Continue(())).unwrap();
        let seen: Vec<_> = read.values.iter().map(|l| (l.class, l.duration_s)).collect();
        assert_eq!(seen, [(RoadClass::Boat, 2_400), (RoadClass::Air, 3_300)]);
        assert_eq!(read.counts["road-link-invalid"], 4);
    }
}
