//! District boundaries from GeoJSON: polygons, mended where that is certain, and which one holds a point.

mod index;
mod ring;

use crate::code::Code;
use crate::finding::{Findings, Outcome, Tally};
use crate::name::clean;
use crate::province::Province;
use crate::rows::ImportError;
use pehra_domain::finding::Finding;
use pehra_domain::progress::{Watch, tell};
use pehra_domain::{AreaId, Point};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Read;

pub use index::BoundaryIndex;
pub use ring::simplify;

/// Largest GeoJSON file, in bytes.
pub const GEOJSON_BYTES_MAX: u64 = 256 * 1024 * 1024;

/// One district's outline. Inside is what an odd number of its rings encloses, so holes are simply rings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Boundary {
    pub area: AreaId,
    pub name: String,
    pub division: String,
    /// As [`Province::name`] writes it when it is one; else as the file does.
    pub province: String,
    /// Closed: the last point repeats the first.
    pub rings: Vec<Vec<Point>>,
}

/// Boundaries with what was found. Rows are features, counted from 1.
#[derive(Clone, Debug)]
pub struct BoundaryImport {
    pub boundaries: Vec<Boundary>,
    pub findings: Vec<Finding>,
    pub counts: BTreeMap<String, u64>,
    pub tally: Tally,
}

/// Reads a GeoJSON feature collection of polygons with a name (`name`, `district`, `NAME_2`, …).
///
/// # Errors
/// [`ImportError::GeoJson`] when it is not one; cancelled when the watcher stops the work.
pub fn import(input: &mut dyn Read, watch: &mut Watch<'_>) -> Result<BoundaryImport, ImportError> {
    let mut bytes = Vec::new();
    loop {
        let part = input.take(1024 * 1024).read_to_end(&mut bytes);
        let count = part.map_err(|error| ImportError::GeoJson(error.to_string()))?;
        let have = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if have > GEOJSON_BYTES_MAX {
            let limit =
                format!("the file has more than {GEOJSON_BYTES_MAX} bytes; simplify it first");
            return Err(ImportError::GeoJson(limit));
        }
        tell(watch, "read", have, 0)?;
        if count == 0 {
            break;
        }
    }
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let root: Value = serde_json::from_slice(text)
        .map_err(|error| ImportError::GeoJson(format!("it is not whole JSON: {error}")))?;
    drop(bytes);
    let features = match (root.get("type").and_then(Value::as_str), root.get("features")) {
        (Some("FeatureCollection"), Some(Value::Array(features))) => features.as_slice(),
        (Some("Feature"), _) => std::slice::from_ref(&root),
        _ => {
            let text = "it is no feature collection; export the districts as GeoJSON polygons";
            return Err(ImportError::GeoJson(text.to_owned()));
        }
    };
    let mut findings = Findings::default();
    let mut tally = Tally::default();
    let mut boundaries: Vec<Boundary> = Vec::new();
    let total = u64::try_from(features.len()).unwrap_or(u64::MAX);
    for (row, feature) in (1_u32..).zip(features) {
        tell(watch, "boundaries", u64::from(row), total)?;
        let (outcome, boundary) = read_feature(row, feature, &boundaries, &mut findings);
        tally.add(outcome);
        boundaries.extend(boundary);
    }
    let (findings, counts) = findings.into_parts();
    Ok(BoundaryImport { boundaries, findings, counts, tally })
}

fn text<'a>(properties: &'a Value, keys: &[&str]) -> &'a str {
    keys.iter()
        .filter_map(|key| properties.get(key).and_then(Value::as_str))
        .map(str::trim)
        .find(|text| !text.is_empty())
        .unwrap_or_default()
}

fn read_feature(
    row: u32,
    feature: &Value,
    known: &[Boundary],
    findings: &mut Findings,
) -> (Outcome, Option<Boundary>) {
    let none = Value::Null;
    let properties = feature.get("properties").unwrap_or(&none);
    let name =
        clean(text(properties, &["name", "name:en", "district", "DISTRICT", "NAME_2", "NAME_3"]))
            .name;
    if name.is_empty() || crate::identity::holds_identity_number(&name) {
        findings.push(Code::IdInvalid, row, "name", "", "");
        return (Outcome::Quarantined, None);
    }
    let province = text(properties, &["province", "PROVINCE", "NAME_1", "admin1"]);
    let province = Province::read(province, &BTreeMap::new())
        .map_or_else(|| province.to_owned(), |known| known.name().to_owned());
    let area = match province.as_str() {
        "" => AreaId::nation().below(&name),
        named => AreaId::nation().below(named).below(&name),
    };
    if area.as_str().len() > 64 {
        findings.push(Code::IdInvalid, row, "name", "", "");
        return (Outcome::Quarantined, None);
    }
    if known.iter().any(|other| other.area == area) {
        findings.push(Code::IdDuplicate, row, "name", &name, "");
        return (Outcome::Quarantined, None);
    }
    let geometry = feature.get("geometry").unwrap_or(&none);
    let kind = geometry.get("type").and_then(Value::as_str).unwrap_or("none");
    let coordinates = geometry.get("coordinates").unwrap_or(&none);
    let mut given: Vec<&Value> = Vec::new();
    let array = |value: &Value| value.as_array().map(Vec::len).unwrap_or_default();
    match kind {
        "Polygon" => given.extend(coordinates.as_array().into_iter().flatten()),
        "MultiPolygon" if array(coordinates) > 0 => {
            let polygons = coordinates.as_array().into_iter().flatten();
            given.extend(polygons.filter_map(Value::as_array).flatten());
        }
        other => {
            findings.push(Code::GeometryUnknown, row, "geometry", other, "");
            return (Outcome::Quarantined, None);
        }
    }
    let mut outcome = Outcome::Accepted;
    let rings: Vec<Vec<Point>> = given
        .into_iter()
        .filter_map(|value| ring::read(row, &name, value, findings, &mut outcome))
        .collect();
    if rings.is_empty() {
        findings.push(Code::GeometryUnknown, row, "geometry", "no usable ring", "");
        return (Outcome::Quarantined, None);
    }
    let division = clean(text(properties, &["division", "DIVISION"])).name;
    (outcome, Some(Boundary { area, name, division, province, rings }))
}

#[cfg(test)]
mod tests;
