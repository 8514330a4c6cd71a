//! Routing problems as CVRPLIB and VRPLIB publish them: `.vrp` files with plane coordinates.
//!
//! Format: <http://vrp.galgos.inf.puc-rio.br/> (after TSPLIB 95). Read are the header, `NODE_COORD_SECTION`,
//! `DEMAND_SECTION`, `TIME_WINDOW_SECTION`, `SERVICE_TIME_SECTION` and `DEPOT_SECTION`; one depot, which is the
//! first node.

use std::collections::BTreeMap;

/// Largest number of nodes that is read.
pub const NODES_MAX: usize = 20_001;
/// Largest coordinate, demand, capacity and time that is read.
pub const VALUE_MAX: f64 = 1e7;

/// Why a file is no problem that can be solved here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VrplibError {
    #[error("line {line}: {text:?} is not understood in {section}")]
    Line { line: usize, section: String, text: String },
    #[error("line {line}: node {node} is out of order; nodes are numbered from 1 without gaps")]
    Node { line: usize, node: i64 },
    #[error("{0} is missing")]
    Missing(&'static str),
    #[error("{field} is {value:?}; only {known} can be read")]
    Unknown { field: &'static str, value: String, known: &'static str },
    #[error("{section} names {found} nodes, NODE_COORD_SECTION {nodes}")]
    Count { section: &'static str, found: usize, nodes: usize },
    #[error("more than {NODES_MAX} nodes")]
    TooLarge,
    #[error("the depot is node {0}; it must be the first node")]
    Depot(i64),
}

/// A problem as the file states it, before any rounding. Node 0 is the depot.
#[derive(Clone, Debug, PartialEq)]
pub struct RoutingFile {
    pub name: String,
    pub capacity: f64,
    /// Vehicles at hand; as many as nodes when the file does not say.
    pub vehicles: Option<u32>,
    pub points: Vec<(f64, f64)>,
    pub demand: Vec<f64>,
    /// First and last begin of service.
    pub windows: Option<Vec<(f64, f64)>>,
    pub service: Vec<f64>,
}

/// Reads a file. Bytes that are no UTF-8 are replaced, since only comments hold such.
///
/// # Errors
/// [`VrplibError`] says which line or section is at fault.
pub fn read(bytes: &[u8]) -> Result<RoutingFile, VrplibError> {
    let text = String::from_utf8_lossy(bytes);
    let mut header: BTreeMap<String, String> = BTreeMap::new();
    let mut rows: BTreeMap<String, Vec<Vec<f64>>> = BTreeMap::new();
    let mut section = String::new();
    for (index, line) in text.lines().enumerate() {
        let line_number = index + 1;
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        if line == "EOF" {
            break;
        }
        if line.ends_with("_SECTION") {
            line.clone_into(&mut section);
            rows.entry(section.clone()).or_default();
        } else if let Some((key, value)) = line.split_once(':').filter(|_| section.is_empty()) {
            header.insert(key.trim().to_owned(), value.trim().trim_matches('"').trim().to_owned());
        } else if section.is_empty() {
            let section = "the header".to_owned();
            return Err(VrplibError::Line { line: line_number, section, text: short(line) });
        } else {
            push(&mut rows, &section, line_number, line)?;
        }
    }
    assemble(&header, &rows)
}

fn short(line: &str) -> String {
    line.chars().take(60).collect()
}

fn push(
    rows: &mut BTreeMap<String, Vec<Vec<f64>>>,
    section: &str,
    line: usize,
    text: &str,
) -> Result<(), VrplibError> {
    let bad = || VrplibError::Line { line, section: section.to_owned(), text: short(text) };
    let numbers: Result<Vec<f64>, _> = text.split_whitespace().map(str::parse::<f64>).collect();
    let Ok(row) = numbers else { return Err(bad()) };
    if row.iter().any(|value| !value.is_finite() || value.abs() > VALUE_MAX) {
        return Err(bad());
    }
    let here = rows.entry(section.to_owned()).or_default();
    let depots = section == "DEPOT_SECTION";
    let width = match section {
        "NODE_COORD_SECTION" | "TIME_WINDOW_SECTION" => 3,
        "DEMAND_SECTION" | "SERVICE_TIME_SECTION" => 2,
        _ => row.len(),
    };
    if row.len() != width {
        return Err(bad());
    }
    let expected = i64::try_from(here.len() + 1).unwrap_or(i64::MAX);
    let first = whole(row.first().copied().unwrap_or_default());
    if !depots && first != expected {
        return Err(VrplibError::Node { line, node: first });
    }
    here.push(row);
    if here.len() > NODES_MAX { Err(VrplibError::TooLarge) } else { Ok(()) }
}

#[expect(clippy::cast_possible_truncation, reason = "values are at most VALUE_MAX")]
fn whole(value: f64) -> i64 {
    value as i64
}

fn assemble(
    header: &BTreeMap<String, String>,
    rows: &BTreeMap<String, Vec<Vec<f64>>>,
) -> Result<RoutingFile, VrplibError> {
    let kind = header.get("EDGE_WEIGHT_TYPE").ok_or(VrplibError::Missing("EDGE_WEIGHT_TYPE"))?;
    if kind != "EUC_2D" {
        let (field, known) = ("EDGE_WEIGHT_TYPE", "EUC_2D");
        return Err(VrplibError::Unknown { field, value: short(kind), known });
    }
    let number = |field: &'static str| -> Result<Option<f64>, VrplibError> {
        let Some(text) = header.get(field) else { return Ok(None) };
        let value = text.parse::<f64>().ok().filter(|value| (0.0..=VALUE_MAX).contains(value));
        value.map(Some).ok_or(VrplibError::Unknown {
            field,
            value: short(text),
            known: "a number that is not negative",
        })
    };
    let coordinates =
        rows.get("NODE_COORD_SECTION").ok_or(VrplibError::Missing("NODE_COORD_SECTION"))?;
    let points: Vec<(f64, f64)> = coordinates.iter().map(|row| (row[1], row[2])).collect();
    let nodes = points.len();
    let column = |section: &'static str| -> Result<Option<&Vec<Vec<f64>>>, VrplibError> {
        match rows.get(section) {
            Some(rows) if rows.len() != nodes => {
                Err(VrplibError::Count { section, found: rows.len(), nodes })
            }
            found => Ok(found),
        }
    };
    let demand = column("DEMAND_SECTION")?.ok_or(VrplibError::Missing("DEMAND_SECTION"))?;
    let windows = column("TIME_WINDOW_SECTION")?;
    let fixed = number("SERVICE_TIME")?.unwrap_or(0.0);
    let service = match column("SERVICE_TIME_SECTION")? {
        Some(rows) => rows.iter().map(|row| row[1]).collect(),
        None => (0..nodes).map(|node| if node == 0 { 0.0 } else { fixed }).collect(),
    };
    let depot = rows.get("DEPOT_SECTION").and_then(|rows| rows.first()?.first().copied());
    if let Some(depot) = depot.map(whole).filter(|&depot| depot != 1) {
        return Err(VrplibError::Depot(depot));
    }
    let vehicles = number("VEHICLES")?.and_then(|count| u32::try_from(whole(count)).ok());
    Ok(RoutingFile {
        name: header.get("NAME").cloned().unwrap_or_default(),
        capacity: number("CAPACITY")?.ok_or(VrplibError::Missing("CAPACITY"))?,
        vehicles,
        points,
        demand: demand.iter().map(|row| row[1]).collect(),
        windows: windows.map(|rows| rows.iter().map(|row| (row[1], row[2])).collect()),
        service,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = "NAME : \tthree\t\r\nCOMMENT : \"of: us\"\nDIMENSION : 3\nVEHICLES : 2\nCAPACITY : 10\n\
        SERVICE_TIME : 4\nEDGE_WEIGHT_TYPE : EUC_2D\nNODE_COORD_SECTION\n1 0 0\n2 3 4\n3 0 2.5\n\
        DEMAND_SECTION\n1 0\n2 7\n3 2\nTIME_WINDOW_SECTION\n1 0 90\n2 5 9\n3 0 90\nDEPOT_SECTION\n1\n-1\nEOF\nrest";

    #[test]
    fn a_small_file_is_read_whole() {
        let file = read(SMALL.as_bytes()).unwrap();
        assert_eq!((file.name.as_str(), file.vehicles), ("three", Some(2)));
        assert_eq!(file.points[2], (0.0, 2.5));
        assert_eq!(file.demand, [0.0, 7.0, 2.0]);
        assert_eq!(file.windows.unwrap()[1], (5.0, 9.0));
        assert_eq!(file.service, [0.0, 4.0, 4.0]);
    }

    #[test]
    fn what_cannot_be_read_is_named_with_its_line() {
        let spoilt = |was: &str, now: &str| read(SMALL.replace(was, now).as_bytes()).unwrap_err();
        assert_eq!(
            spoilt("EUC_2D", "GEO").to_string(),
            "EDGE_WEIGHT_TYPE is \"GEO\"; only EUC_2D can be read"
        );
        assert!(matches!(spoilt("2 3 4", "2 3 x"), VrplibError::Line { line: 10, .. }));
        assert!(matches!(spoilt("2 3 4", "3 3 4"), VrplibError::Node { line: 10, node: 3 }));
        assert!(matches!(spoilt("3 2\n", ""), VrplibError::Count { found: 2, nodes: 3, .. }));
        assert_eq!(spoilt("SECTION\n1\n", "SECTION\n2\n"), VrplibError::Depot(2));
        assert_eq!(spoilt("CAPACITY : 10\n", ""), VrplibError::Missing("CAPACITY"));
        assert!(matches!(spoilt("2 7", "2 1e300"), VrplibError::Line { .. }));
    }

    #[test]
    fn no_bytes_stop_the_reader() {
        for cut in 0..SMALL.len() {
            let _any = read(&SMALL.as_bytes()[..cut]);
        }
        assert!(read(&[0xff, 0xfe, 0x00]).is_err());
    }
}
