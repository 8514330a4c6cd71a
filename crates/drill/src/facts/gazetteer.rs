//! The districts and towns of `data/`, read into the domain's gazetteer.

use super::FactsError;
use crate::table::Table;
use pehra_domain::{
    AreaId, Point,
    gazetteer::{District, Gazetteer, Town},
};

/// Reads `data/districts.csv` and `data/towns.csv`. Counts that a row leaves empty (adults by sex in Islamabad) are 0.
///
/// # Errors
/// [`FactsError`] names the table, the line and the column that cannot be read.
pub fn gazetteer(districts: &str, towns: &str) -> Result<Gazetteer, FactsError> {
    Ok(Gazetteer { districts: parse_districts(districts)?, towns: parse_towns(towns)? })
}

fn parse_districts(text: &str) -> Result<Vec<District>, FactsError> {
    const COLUMNS: [&str; 10] = [
        "district",
        "division",
        "province",
        "adults_2023",
        "adult_men",
        "adult_women",
        "adult_urban",
        "centroid_lat",
        "centroid_lon",
        "area_km2",
    ];
    let table = Table::open("districts.csv", text, &COLUMNS)?;
    table
        .rows()
        .map(|row| {
            let count = |column| {
                if table.text(&row, column).is_empty() { Ok(0) } else { table.value(&row, column) }
            };
            let (lat, lon): (f64, f64) =
                (table.value(&row, "centroid_lat")?, table.value(&row, "centroid_lon")?);
            let name = table.text(&row, "district");
            let province = table.text(&row, "province");
            Ok(District {
                area: AreaId::nation().below(province).below(name),
                name: name.to_owned(),
                province: province.to_owned(),
                division: table.text(&row, "division").to_owned(),
                adults: table.value(&row, "adults_2023")?,
                adult_men: count("adult_men")?,
                adult_women: count("adult_women")?,
                adult_urban: count("adult_urban")?,
                centre: Point::try_from_degrees(lat, lon)
                    .ok_or_else(|| row.bad("centroid_lat", table.text(&row, "centroid_lat")))?,
                area_km2: table.value(&row, "area_km2")?,
            })
        })
        .collect()
}

fn parse_towns(text: &str) -> Result<Vec<Town>, FactsError> {
    let table = Table::open("towns.csv", text, &["name", "name_ur", "lat", "lon", "population"])?;
    table
        .rows()
        .map(|row| {
            let (lat, lon): (f64, f64) = (table.value(&row, "lat")?, table.value(&row, "lon")?);
            Ok(Town {
                name: table.text(&row, "name").to_owned(),
                name_ur: table.text(&row, "name_ur").to_owned(),
                point: Point::try_from_degrees(lat, lon)
                    .ok_or_else(|| row.bad("lat", table.text(&row, "lat")))?,
                population: table.value(&row, "population")?,
            })
        })
        .collect()
}
