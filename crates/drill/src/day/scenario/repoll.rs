//! Repolls that were ordered after 8 February 2024: in which seat, about which spot, at how many stations, when it was ordered
//! and for which day.

use super::{super::Second, replay::moment};
use crate::{FactsError, table::Table};
use pehra_domain::{ConstituencyId, Date, Point};

/// The repolls that the product ships.
pub const REPOLLS_CSV: &str = include_str!("../../../../../data/repolls_2024.csv");

/// One order of the commission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repoll {
    pub seat: ConstituencyId,
    /// Which stations were named was not at hand: those of the seat nearest to this spot stand for them.
    pub near: Point,
    pub stations: usize,
    pub ordered: Second,
    /// Whether the clock time of the order was published; otherwise it is assumed.
    pub time_given: bool,
    pub date: Date,
    pub source: String,
}

/// Reads the repolls.
///
/// # Errors
/// [`FactsError`] names line and column.
pub fn repolls(text: &str) -> Result<Vec<Repoll>, FactsError> {
    const COLUMNS: [&str; 8] =
        ["seat", "lat", "lon", "stations", "ordered", "ordered_basis", "date", "source"];
    let table = Table::open("repolls_2024.csv", text, &COLUMNS)?;
    let rows = table.rows();
    rows.map(|row| {
        let bad = |column| row.bad(column, table.text(&row, column));
        let (lat, lon) = (table.value(&row, "lat")?, table.value(&row, "lon")?);
        Ok(Repoll {
            seat: ConstituencyId::try_new(table.text(&row, "seat")).map_err(|_no| bad("seat"))?,
            near: Point::try_from_degrees(lat, lon).ok_or_else(|| bad("lat"))?,
            stations: table.value(&row, "stations")?,
            ordered: moment(table.text(&row, "ordered")).ok_or_else(|| bad("ordered"))?,
            time_given: table.text(&row, "ordered_basis") == "given",
            date: Date::parse(table.text(&row, "date")).ok_or_else(|| bad("date"))?,
            source: table.text(&row, "source").to_owned(),
        })
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fifty_three_stations_voted_again_on_the_15th_and_six_on_the_19th() {
        let all = repolls(REPOLLS_CSV).unwrap();
        let on = |day: &str| {
            let date = Date::parse(day).unwrap();
            all.iter().filter(|it| it.date == date).map(|it| it.stations).sum::<usize>()
        };
        assert_eq!((on("2024-02-15"), on("2024-02-19")), (53, 6));
        assert!(all.iter().all(|it| !it.time_given), "no clock time was published");
        let wrong = REPOLLS_CSV.replace("D+2 10:00", "soon");
        assert!(repolls(&wrong).unwrap_err().to_string().contains("line 2"));
    }
}
