//! What was released here, as a bundle for others.

use super::check::parse;
use pehra_domain::{Point, UnixMs, date::Date};
use serde_json::{Value, json};

/// One released warning. Names come from the caller, so that the same release is the same object for ever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// 48 bytes from which the three objects' names are made.
    pub name: [u8; 48],
    /// What went out, and nothing else.
    pub text: String,
    /// `explosive`, `roadside-device`.
    pub threat: String,
    pub released: UnixMs,
    pub from: UnixMs,
    pub until: UnixMs,
    pub points: Vec<Point>,
    pub radius_m: u32,
    /// The area's path, for those without a spot.
    pub area: String,
}

/// Writes a bundle: for each warning an indicator with its window, a location, and a report that holds both together.
#[must_use]
pub fn write(bundle: [u8; 16], warnings: &[Outgoing]) -> String {
    let objects: Vec<Value> = warnings.iter().flat_map(objects).collect();
    let mut root = json!({ "type": "bundle", "id": id("bundle", &bundle) });
    if !objects.is_empty() {
        root["objects"] = Value::Array(objects);
    }
    let mut text = serde_json::to_string_pretty(&root).unwrap_or_default();
    text.push('\n');
    text
}

fn objects(one: &Outgoing) -> Vec<Value> {
    let part = |place: usize| -> [u8; 16] {
        std::array::from_fn(|at| one.name.get(place * 16 + at).copied().unwrap_or_default())
    };
    let released = stamp(one.released);
    let indicator = id("indicator", &part(1));
    let mut all = vec![json!({
        "type": "indicator", "spec_version": "2.1", "id": indicator,
        "created": released, "modified": released,
        "name": one.threat, "description": one.text,
        "indicator_types": ["unknown"],
        "pattern": one.threat, "pattern_type": "pehra-threat",
        "valid_from": stamp(one.from), "valid_until": stamp(one.until),
    })];
    let places =
        if one.points.is_empty() { vec![None] } else { one.points.iter().map(Some).collect() };
    let mut refs = vec![json!(indicator)];
    for (number, point) in (0_u8..).zip(places) {
        let mut name = part(2);
        name[15] ^= number;
        let mut location = json!({
            "type": "location", "spec_version": "2.1", "id": id("location", &name),
            "created": released, "modified": released,
            "country": "PK", "administrative_area": one.area,
        });
        if let Some(point) = point {
            location["latitude"] = json!(point.lat_deg());
            location["longitude"] = json!(point.lon_deg());
            location["precision"] = json!(f64::from(one.radius_m));
        }
        refs.push(location["id"].clone());
        all.push(location);
    }
    all.push(json!({
        "type": "report", "spec_version": "2.1", "id": id("report", &part(0)),
        "created": released, "modified": released,
        "name": one.threat, "description": one.text,
        "report_types": ["threat-report"], "published": released, "object_refs": refs,
    }));
    all
}

/// The type, two hyphens and a UUID of version 4 made of 16 bytes.
fn id(kind: &str, bytes: &[u8; 16]) -> String {
    let mut bytes = *bytes;
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let mut text = format!("{kind}--");
    for (place, byte) in bytes.iter().enumerate() {
        if [4, 6, 8, 10].contains(&place) {
            text.push('-');
        }
        text.push_str(&format!("{byte:02x}"));
    }
    text
}

/// A moment as the standard writes it: in UTC, with milliseconds.
fn stamp(at: UnixMs) -> String {
    let (seconds, millis) = (at.0.div_euclid(1_000), at.0.rem_euclid(1_000));
    let (day, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let date = Date(i32::try_from(day).unwrap_or_default());
    let (hour, minute) = (second / 3_600, second / 60 % 60);
    let text = format!("{date}T{hour:02}:{minute:02}:{:02}.{millis:03}Z", second % 60);
    debug_assert_eq!(parse(&text), Some(at));
    text
}
