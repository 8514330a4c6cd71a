//! What has been published about an election: the figures that a synthetic nation keeps exactly, the seats and their
//! districts, and the circles in which an imagined place may stand. Read from the tables in `data/`.

mod gazetteer;
mod measure;

pub use gazetteer::gazetteer;
pub use measure::{Basis, Measure};

use crate::table::Table;
use pehra_domain::Point;
use std::collections::BTreeMap;

/// The area name under which national figures stand.
pub const NATION: &str = "nation";

/// Why a table of facts cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FactsError {
    #[error("{table} has no column {column:?}: the table must keep the header it was shipped with")]
    Column { table: &'static str, column: &'static str },
    #[error("{table}, line {line}: column {column:?} cannot be {was:?}")]
    Value { table: &'static str, line: usize, column: &'static str, was: String },
}

/// One figure: whose, of what, how much, and on what ground it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    pub area: String,
    pub measure: Measure,
    pub value: u64,
    pub basis: Basis,
    pub source: String,
}

/// Seats `first..=last` of one assembly (`NA`, `PP`, `PS`, `PK`, `PB`) that lie in these districts together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeatRange {
    pub prefix: String,
    pub first: u32,
    pub last: u32,
    pub districts: Vec<String>,
}

/// A circle wholly inside one district; `town` when it is drawn about a known town.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Room {
    pub district: String,
    pub town: bool,
    pub centre: Point,
    pub radius_m: u32,
}

/// All that is known before chance begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    pub figures: Vec<Figure>,
    pub seats: Vec<SeatRange>,
    pub rooms: Vec<Room>,
}

impl Facts {
    /// Reads `data/ge2024.csv`, `data/seats.csv` and `data/rooms.csv`.
    ///
    /// # Errors
    /// [`FactsError`] names the table, the line and the column that cannot be read.
    pub fn parse(figures: &str, seats: &str, rooms: &str) -> Result<Self, FactsError> {
        Ok(Self {
            figures: parse_figures(figures)?,
            seats: parse_seats(seats)?,
            rooms: parse_rooms(rooms)?,
        })
    }

    /// The figure of one area and measure, if there is one.
    #[must_use]
    pub fn figure(&self, area: &str, measure: Measure) -> Option<u64> {
        self.figures
            .iter()
            .find(|figure| figure.measure == measure && figure.area == area)
            .map(|figure| figure.value)
    }

    /// Every area that has a figure of this measure, in the order of their names.
    #[must_use]
    pub fn by_area(&self, measure: Measure) -> BTreeMap<&str, u64> {
        self.figures
            .iter()
            .filter(|figure| figure.measure == measure)
            .map(|figure| (figure.area.as_str(), figure.value))
            .collect()
    }
}

fn parse_figures(text: &str) -> Result<Vec<Figure>, FactsError> {
    const COLUMNS: [&str; 5] = ["area", "measure", "value", "basis", "source"];
    let table = Table::open("ge2024.csv", text, &COLUMNS)?;
    table
        .rows()
        .map(|row| {
            let measure = table.text(&row, "measure");
            let basis = table.text(&row, "basis");
            Ok(Figure {
                area: table.text(&row, "area").to_owned(),
                measure: Measure::from_code(measure).ok_or_else(|| row.bad("measure", measure))?,
                value: table.value(&row, "value")?,
                basis: Basis::from_code(basis).ok_or_else(|| row.bad("basis", basis))?,
                source: table.text(&row, "source").to_owned(),
            })
        })
        .collect()
}

fn parse_seats(text: &str) -> Result<Vec<SeatRange>, FactsError> {
    let table = Table::open("seats.csv", text, &["prefix", "first", "last", "districts"])?;
    table
        .rows()
        .map(|row| {
            let (first, last): (u32, u32) =
                (table.value(&row, "first")?, table.value(&row, "last")?);
            if first == 0 || last < first {
                return Err(row.bad("last", table.text(&row, "last")));
            }
            let districts = table.text(&row, "districts");
            Ok(SeatRange {
                prefix: table.text(&row, "prefix").to_owned(),
                first,
                last,
                districts: districts.split(';').map(|name| name.trim().to_owned()).collect(),
            })
        })
        .collect()
}

fn parse_rooms(text: &str) -> Result<Vec<Room>, FactsError> {
    let table =
        Table::open("rooms.csv", text, &["district", "geonameid", "lat", "lon", "radius_m"])?;
    table
        .rows()
        .map(|row| {
            let (lat, lon): (f64, f64) = (table.value(&row, "lat")?, table.value(&row, "lon")?);
            Ok(Room {
                district: table.text(&row, "district").to_owned(),
                town: !table.text(&row, "geonameid").is_empty(),
                centre: Point::try_from_degrees(lat, lon)
                    .ok_or_else(|| row.bad("lat", table.text(&row, "lat")))?,
                radius_m: table.value(&row, "radius_m")?,
            })
        })
        .collect()
}
