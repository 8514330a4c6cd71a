//! STIX 2.1 bundles (OASIS Standard, 10 June 2021): what other desks send, and what was released here.
//!
//! Carried are reports, indicators, locations, sightings and notes. Persons, groups and whatever else the standard knows
//! are refused with a finding that says which object, and nothing of it is kept. Every object is held to the standard's
//! own rules first.

mod check;
mod write;

pub use write::{Outgoing, write};

use crate::{code::Code, finding::Findings, identity::holds_identity_number};
use check::{check, moment, text};
use pehra_domain::{Point, UnixMs, finding::Finding};
use serde_json::Value;
use std::collections::BTreeMap;

/// Largest bundle, in bytes.
pub const BYTES_MAX: usize = 16 * 1024 * 1024;
/// Most objects that are read.
pub const OBJECTS_MAX: usize = 20_000;
/// Most values of any kind in one bundle, so that small bytes cannot become a large memory.
const VALUES_MAX: usize = 1_000_000;
const DEPTH_MAX: usize = 32;
/// Longest text that is taken over, in bytes.
const TEXT_BYTES_MAX: usize = 4_096;

/// What one object says, with what it refers to put in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tip {
    /// The object's own name: `report--…`.
    pub id: String,
    pub kind: Kind,
    pub text: String,
    pub created: UnixMs,
    /// From when it holds.
    pub from: UnixMs,
    pub until: Option<UnixMs>,
    pub points: Vec<Point>,
    pub radius_m: u32,
    /// The standard's confidence, 0 to 100: a proposal for the grade, which a person gives.
    pub confidence: Option<u8>,
}

/// What a tip came as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Report,
    Indicator,
    Sighting,
    Note,
}

/// What a bundle held.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bundle {
    pub tips: Vec<Tip>,
    /// Rows are the objects' places in the bundle, counted from 1; 0 is the bundle.
    pub findings: Vec<Finding>,
    pub counts: BTreeMap<String, u64>,
}

/// Reads a bundle. Whatever the bytes are, this ends in tips and findings.
#[must_use]
pub fn read(bytes: &[u8]) -> Bundle {
    let mut findings = Findings::default();
    let tips = tips(bytes, &mut findings);
    let (findings, counts) = findings.into_parts();
    Bundle { tips, findings, counts }
}

fn tips(bytes: &[u8], findings: &mut Findings) -> Vec<Tip> {
    if bytes.len() > BYTES_MAX || !is_moderate(bytes) {
        findings.push(Code::StixTooLarge, 0, "", "", "");
        return Vec::new();
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let root: Value = serde_json::from_slice(bytes).unwrap_or_default();
    let is_bundle = text(&root, "type") == Some("bundle")
        && text(&root, "id").is_some_and(|id| check::is_id(id, "bundle"));
    let objects =
        root.get("objects").map_or(Some(&[][..]), |all| all.as_array().map(Vec::as_slice));
    let Some(objects) = objects.filter(|_| is_bundle) else {
        findings.push(Code::StixNotBundle, 0, "", "", "");
        return Vec::new();
    };
    let good: Vec<(u32, &Value)> = (1_u32..)
        .zip(objects.iter().take(OBJECTS_MAX))
        .filter(|(row, object)| admit(*row, object, findings))
        .collect();
    if objects.len() > OBJECTS_MAX {
        findings.push(Code::StixTooLarge, 0, "objects", "", "");
    }
    // Of several versions of one object the latest counts.
    let mut named: BTreeMap<&str, (u32, &Value)> = BTreeMap::new();
    for (row, object) in good {
        let Some(id) = text(object, "id") else { continue };
        let newer = named.get(id).is_none_or(|(_, known)| modified(known) < modified(object));
        if newer {
            named.insert(id, (row, object));
        }
    }
    let mut found: Vec<(u32, Tip)> = named
        .values()
        .filter_map(|(row, object)| Some((*row, tip(*row, object, &named, findings)?)))
        .collect();
    found.sort_by_key(|(row, _)| *row);
    found.into_iter().map(|(_, tip)| tip).collect()
}

fn modified(object: &Value) -> Option<UnixMs> {
    moment(object, "modified")
}

/// Whether the bytes hold few enough values, none too deep. Looks at brackets and commas outside of texts.
fn is_moderate(bytes: &[u8]) -> bool {
    let (mut depth, mut values, mut quoted, mut escaped) = (0_usize, 0_usize, false, false);
    for byte in bytes {
        match (quoted, *byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (_, b'"') => quoted = !quoted,
            (false, b'[' | b'{') => {
                depth += 1;
                values += 1;
            }
            (false, b']' | b'}') => depth = depth.saturating_sub(1),
            (false, b',') => values += 1,
            _ => {}
        }
        if depth > DEPTH_MAX || values > VALUES_MAX {
            return false;
        }
    }
    true
}

/// Whether an object may be looked at further.
fn admit(row: u32, object: &Value, findings: &mut Findings) -> bool {
    let kind = text(object, "type").unwrap_or_default();
    match kind {
        "report" | "indicator" | "location" | "sighting" | "note" => {}
        "identity" | "threat-actor" | "intrusion-set" | "user-account" | "email-addr" => {
            findings.push(Code::StixPerson, row, kind, "", "");
            return false;
        }
        _ => {
            let known = kind.chars().all(|c| c.is_ascii_lowercase() || c == '-');
            findings.push(Code::StixNotCarried, row, if known { kind } else { "" }, "", "");
            return false;
        }
    }
    if let Err(rule) = check(kind, object) {
        findings.push(Code::StixInvalid, row, kind, rule, "");
        return false;
    }
    if object.get("revoked") == Some(&Value::Bool(true)) {
        findings.push(Code::StixNotCarried, row, "revoked", "", "");
        return false;
    }
    let words = ["name", "description", "content", "abstract"];
    if words.iter().filter_map(|key| text(object, key)).any(holds_identity_number) {
        findings.push(Code::IdentityNumber, row, kind, "", "");
        return false;
    }
    true
}

type Named<'a> = BTreeMap<&'a str, (u32, &'a Value)>;

fn tip(row: u32, object: &Value, named: &Named<'_>, findings: &mut Findings) -> Option<Tip> {
    let kind = match text(object, "type")? {
        "report" => Kind::Report,
        "indicator" => Kind::Indicator,
        "sighting" => Kind::Sighting,
        "note" => Kind::Note,
        // A place is a part of what refers to it.
        _ => return None,
    };
    let created = moment(object, "created")?;
    let first = match kind {
        Kind::Report => "published",
        Kind::Indicator => "valid_from",
        Kind::Sighting => "first_seen",
        Kind::Note => "created",
    };
    let last = match kind {
        Kind::Report | Kind::Note => "",
        Kind::Indicator => "valid_until",
        Kind::Sighting => "last_seen",
    };
    let mut tip = Tip {
        id: text(object, "id")?.to_owned(),
        kind,
        text: words(object),
        created,
        from: moment(object, first).unwrap_or(created),
        until: moment(object, last),
        points: Vec::new(),
        radius_m: 0,
        confidence: object
            .get("confidence")
            .and_then(Value::as_u64)
            .and_then(|n| n.try_into().ok()),
    };
    for key in ["object_refs", "where_sighted_refs", "sighting_of_ref"] {
        for id in check::references(object, key) {
            match named.get(id) {
                Some((_, other)) => add(&mut tip, other),
                None => findings.push(Code::StixReference, row, key, "", ""),
            }
        }
    }
    if tip.text.trim().is_empty() {
        findings.push(Code::StixInvalid, row, "description", "it says nothing in words", "");
        return None;
    }
    Some(tip)
}

/// Takes over what an object that is referred to says of place and time.
fn add(tip: &mut Tip, other: &Value) {
    match text(other, "type") {
        Some("location") => {
            let degrees = |key| other.get(key).and_then(Value::as_f64);
            let point = degrees("latitude").zip(degrees("longitude"));
            tip.points.extend(point.and_then(|(lat, lon)| Point::try_from_degrees(lat, lon)));
            tip.radius_m = tip.radius_m.max(metres(degrees("precision")));
        }
        Some("indicator") => {
            tip.from = moment(other, "valid_from").unwrap_or(tip.from);
            tip.until = moment(other, "valid_until").or(tip.until);
            if tip.text.trim().is_empty() {
                tip.text = words(other);
            }
        }
        _ => {}
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped before")]
fn metres(precision: Option<f64>) -> u32 {
    precision.unwrap_or(0.0).clamp(0.0, 1_000_000.0).round() as u32
}

fn words(object: &Value) -> String {
    let parts = ["name", "abstract", "description", "content"];
    let said: Vec<&str> = parts.iter().filter_map(|key| text(object, key)).collect();
    let mut all = said.join("\n");
    all.truncate(all.floor_char_boundary(TEXT_BYTES_MAX));
    all
}

#[cfg(test)]
mod tests;
