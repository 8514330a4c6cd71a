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
    const COLUMNS: [&str; 12] = [
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
        "name_ur",
        "province_ur",
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
                name_ur: table.text(&row, "name_ur").to_owned(),
                province_ur: table.text(&row, "province_ur").to_owned(),
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    const DISTRICTS: &str = include_str!("../../../../data/districts.csv");
    const TOWNS: &str = include_str!("../../../../data/towns.csv");

    /// Letters of the Arabic block, with spaces and brackets between them.
    fn is_urdu(name: &str) -> bool {
        let fits = |letter: char| {
            matches!(letter, '\u{0600}'..='\u{06ff}' | ' ' | '(' | ')') && !"كيى٠".contains(letter)
        };
        !name.trim().is_empty() && name.trim() == name && name.chars().all(fits)
    }

    #[test]
    fn every_district_and_province_has_an_urdu_name() {
        let gazetteer = gazetteer(DISTRICTS, TOWNS).unwrap();
        assert_eq!(gazetteer.districts.len(), 136);
        for district in &gazetteer.districts {
            assert!(is_urdu(&district.name_ur), "{}: {:?}", district.name, district.name_ur);
            assert!(is_urdu(&district.province_ur), "{}", district.province);
        }
    }

    #[test]
    fn no_two_districts_of_a_province_share_an_urdu_name() {
        let gazetteer = gazetteer(DISTRICTS, TOWNS).unwrap();
        let mut seen = BTreeSet::new();
        for district in &gazetteer.districts {
            assert!(seen.insert((&district.province, &district.name_ur)), "{}", district.name);
        }
    }

    #[test]
    fn a_province_has_one_urdu_name_and_shares_it_with_no_other() {
        let gazetteer = gazetteer(DISTRICTS, TOWNS).unwrap();
        let mut names: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for district in &gazetteer.districts {
            names.entry(&district.province).or_default().insert(&district.province_ur);
        }
        assert!(names.values().all(|names| names.len() == 1), "{names:?}");
        let all: BTreeSet<&str> = names.values().flatten().copied().collect();
        assert_eq!((all.len(), names.len()), (5, 5));
    }

    #[test]
    fn a_district_is_called_as_its_town_is() {
        let gazetteer = gazetteer(DISTRICTS, TOWNS).unwrap();
        let mut compared = 0;
        for district in &gazetteer.districts {
            let towns = gazetteer.towns.iter();
            for town in towns.filter(|it| it.name == district.name && !it.name_ur.is_empty()) {
                assert_eq!(district.name_ur, town.name_ur, "{}", district.name);
                compared += 1;
            }
        }
        assert!(compared > 60, "{compared}");
    }
}
