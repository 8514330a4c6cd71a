//! Reads the shared event and district files, for tests and the example; the product reads them through its importer.

use pehra_domain::{
    AreaId, Date, Point,
    gazetteer::{District, Gazetteer},
    incident_record::IncidentRecord,
};
use std::collections::BTreeMap;

/// Rows of a CSV text by column name; quotes and doubled quotes are understood.
pub(crate) fn rows(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut lines: Vec<Vec<String>> = vec![vec![String::new()]];
    let mut quoted = false;
    let mut chars = text.trim_start_matches('\u{feff}').chars().peekable();
    while let Some(c) = chars.next() {
        let line = lines.last_mut().expect("one line at least");
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                line.last_mut().expect("one cell at least").push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => line.push(String::new()),
            '\r' if !quoted => {}
            '\n' if !quoted => lines.push(vec![String::new()]),
            other => line.last_mut().expect("one cell at least").push(other),
        }
    }
    let header = lines.remove(0);
    lines
        .into_iter()
        .filter(|line| line.len() == header.len())
        .map(|line| header.iter().cloned().zip(line).collect())
        .collect()
}

/// The files of `../shared/data`, or none when they are absent.
pub(crate) fn shared() -> Option<(Vec<IncidentRecord>, Gazetteer)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    #[expect(clippy::disallowed_methods, reason = "tests and examples read the shared data")]
    let read = |name: &str| std::fs::read_to_string(format!("{folder}/{name}")).ok();
    let events = read("events/ucdp_ged_pakistan_1989_2014.csv")?;
    let districts = read("facts/districts.csv")?;
    Some((incidents(&events), gazetteer(&districts)))
}

fn incidents(text: &str) -> Vec<IncidentRecord> {
    rows(text)
        .into_iter()
        .map(|row| {
            let number = |name: &str| row[name].parse::<u32>().unwrap_or(0);
            let small = |name: &str| row[name].parse::<u8>().unwrap_or(9);
            let degrees = |name: &str| row[name].parse::<f64>().expect("a coordinate");
            IncidentRecord {
                id: format!("ucdp:{}", row["id"]),
                date: Date::parse(&row["date_start"]).expect("a start"),
                date_end: Date::parse(&row["date_end"]).expect("an end"),
                point: Point::try_from_degrees(degrees("latitude"), degrees("longitude"))
                    .expect("a place"),
                place_precision: small("where_prec"),
                date_precision: small("date_prec"),
                deaths_best: number("best"),
                deaths_low: number("low"),
                deaths_high: number("high"),
                district: row["district_2023"].clone(),
                province: row["province_2023"].clone(),
                violence_type: small("type_of_violence"),
                on_election: false,
                source: "UCDP GED, CC BY 4.0".to_owned(),
            }
        })
        .collect()
}

fn gazetteer(text: &str) -> Gazetteer {
    let districts = rows(text)
        .into_iter()
        .map(|row| {
            let number = |name: &str| row[name].parse::<u32>().unwrap_or(0);
            let degrees = |name: &str| row[name].parse::<f64>().expect("a coordinate");
            District {
                area: AreaId::nation().below(&row["province"]).below(&row["district"]),
                name: row["district"].clone(),
                province: row["province"].clone(),
                name_ur: String::new(),
                province_ur: String::new(),
                division: row["division"].clone(),
                adults: number("adults_2023"),
                adult_men: number("adult_men"),
                adult_women: number("adult_women"),
                adult_urban: number("adult_urban"),
                centre: Point::try_from_degrees(degrees("centroid_lat"), degrees("centroid_lon"))
                    .expect("a centre"),
                area_km2: number("area_km2"),
            }
        })
        .collect();
    Gazetteer { districts, towns: Vec::new() }
}
