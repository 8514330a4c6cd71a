//! Protected places that are no polling stations: offices, stores, routes; and candidates' offices, rallies and
//! processions, of which only an opaque id, a place and a window are kept.

use crate::code::Code;
use crate::coordinate::{Position, position, split_pair};
use crate::finding::{Findings, Outcome};
use crate::forces::{point, window};
use crate::mapping::{Schema, normalise};
use crate::province::Province;
use crate::rows::{Cells, ImportError, ImportOptions, Imported, read_values};
use crate::stations::district::{centre, locate};
use crate::stations::{Context, field};
use pehra_domain::building::{Building, BuildingKind};
use pehra_domain::progress::Watch;
use pehra_domain::station::PlaceBasis;
use pehra_domain::{BuildingId, Point};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

/// The columns of a list of places.
pub const SCHEMA: Schema = Schema {
    kind: "places",
    fields: &[
        field("id", true, &["id", "place id", "code"]),
        field("kind", true, &["kind", "type", "place type", "قسم"]),
        field("name", false, &["name", "title", "place", "نام"]),
        field("district", false, &["district", "ضلع"]),
        field("province", false, &["province", "صوبہ"]),
        field("latitude", false, &["latitude", "lat", "عرض بلد"]),
        field("longitude", false, &["longitude", "lon", "long", "lng", "طول بلد"]),
        field("from", false, &["from", "start", "سے"]),
        field("until", false, &["until", "to", "end", "تک"]),
        field("line", false, &["line", "route", "points", "راستہ"]),
    ],
};

const NAME: usize = 2;
const DISTRICT: usize = 3;
const LATITUDE: usize = 5;
const FROM: usize = 7;
const LINE: usize = 9;
/// Most points of a route.
const LINE_POINTS_MAX: usize = 2_000;

/// Imports protected places.
///
/// # Errors
/// [`ImportError`] when the file or its mapping cannot be used, or the watcher stops the work.
pub fn import(
    input: &mut dyn Read,
    options: &ImportOptions,
    context: &Context<'_>,
    watch: &mut Watch<'_>,
) -> Result<Imported<Building>, ImportError> {
    let mut seen = BTreeSet::new();
    let mut value =
        |cells: &Cells<'_>, findings: &mut Findings| place(cells, context, &mut seen, findings);
    let (reading, mut places) = read_values(input, &SCHEMA, options, watch, &mut value)?;
    places.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(reading.with(places))
}

fn kind(text: &str) -> Option<BuildingKind> {
    match normalise(text).as_str() {
        "returning office"
        | "returning officer s office"
        | "returning officer office"
        | "ro office"
        | "ro"
        | "دفتر ریٹرننگ افسر" => Some(BuildingKind::ReturningOffice),
        "store" | "strong room" | "treasury" | "گودام" => Some(BuildingKind::Store),
        "distribution point" | "distribution" | "dispatch point" => {
            Some(BuildingKind::DistributionPoint)
        }
        "press" | "printing press" => Some(BuildingKind::Press),
        "route" | "road" | "راستہ" => Some(BuildingKind::Route),
        "candidate office" | "candidate s office" | "candidates office" | "election office" => {
            Some(BuildingKind::CandidateOffice)
        }
        "rally" | "gathering" | "jalsa" | "جلسہ" => Some(BuildingKind::Rally),
        "procession" | "march" | "julus" | "جلوس" => Some(BuildingKind::Procession),
        _ => None,
    }
}

/// Whether a place of that kind belongs to somebody who stands for election.
fn is_opaque(kind: BuildingKind) -> bool {
    matches!(kind, BuildingKind::CandidateOffice | BuildingKind::Rally | BuildingKind::Procession)
}

/// An id that names nobody: up to 16 letters and digits, at least one digit, no more than three letters in a row.
fn names_nobody(id: &str) -> bool {
    let shape = id.len() <= 16 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let digits = id.bytes().any(|b| b.is_ascii_digit());
    let words = id.split(|c: char| !c.is_ascii_alphabetic()).any(|run| run.len() > 3);
    shape && digits && !words
}

fn place(
    cells: &Cells<'_>,
    context: &Context<'_>,
    seen: &mut BTreeSet<String>,
    findings: &mut Findings,
) -> Option<(Building, Outcome)> {
    let row = cells.number();
    let mut outcome = Outcome::Accepted;
    let Some(kind) = kind(cells.get(1)) else {
        findings.push(Code::PlaceKindUnknown, row, cells.header(1), cells.get(1), "");
        return None;
    };
    let opaque = is_opaque(kind);
    let id = BuildingId::try_new(cells.get(0)).ok();
    let Some(id) = id.filter(|id| !opaque || names_nobody(id.as_str())) else {
        findings.push(Code::IdInvalid, row, cells.header(0), "", "");
        return None;
    };
    if !seen.insert(id.as_str().to_owned()) {
        findings.push(Code::IdDuplicate, row, cells.header(0), id.as_str(), "");
        return None;
    }
    let mut name = crate::name::clean(cells.get(NAME)).name;
    if opaque && !name.is_empty() {
        findings.push(Code::PersonColumn, row, cells.header(NAME), "", "");
        name.clear();
        outcome = Outcome::Repaired;
    }
    let window = window(cells, FROM, findings, &mut outcome);
    if opaque && window.is_none() {
        findings.push(Code::WindowMissing, row, cells.header(FROM), "", "");
        return None;
    }
    let line = line(cells, findings, &mut outcome);
    let given = point(cells, LATITUDE, findings, &mut outcome).or_else(|| line.first().copied());
    let province = Province::read(cells.get(DISTRICT + 1), &BTreeMap::new());
    let named = cells.get(DISTRICT);
    let Some((district, known)) = locate(named, province, given, context) else {
        findings.push(Code::PlaceUnknown, row, cells.header(DISTRICT), named, "");
        return None;
    };
    if !known {
        let header = cells.header(DISTRICT);
        findings.push(Code::DistrictUnknown, row, header, named, district.as_str());
    }
    let Some(point) = given.or_else(|| centre(&district, context)) else {
        findings.push(Code::PlaceUnknown, row, cells.header(LATITUDE), named, "");
        return None;
    };
    let place_basis = if given.is_some() { PlaceBasis::Given } else { PlaceBasis::Estimated };
    if given.is_none() {
        let now = format!("the centre of {district}");
        findings.push(Code::CoordinateMissing, row, cells.header(LATITUDE), "", &now);
        outcome = outcome.max(Outcome::Repaired);
    }
    let stations = Vec::new();
    let place = Building { id, kind, name, district, point, place_basis, stations, window, line };
    Some((place, outcome))
}

/// `25.1 67.2; 25.3 67.4`: points parted by semicolons.
fn line(cells: &Cells<'_>, findings: &mut Findings, outcome: &mut Outcome) -> Vec<Point> {
    let mut points = Vec::new();
    for part in cells.get(LINE).split([';', '|']).filter(|part| !part.trim().is_empty()) {
        let pair = split_pair(part.trim());
        match pair.map(|(lat, lon)| position(lat, lon)) {
            Some(Position::At { point, .. }) if points.len() < LINE_POINTS_MAX => {
                points.push(point)
            }
            _ => {
                let header = cells.header(LINE);
                let now = "nothing: the point is left out of the line";
                findings.push(Code::CoordinateInvalid, cells.number(), header, part.trim(), now);
                *outcome = (*outcome).max(Outcome::Repaired);
            }
        }
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ops::ControlFlow;

    #[test]
    fn places_of_candidates_keep_no_name_and_need_a_window() {
        let csv = "id,kind,name,district,lat,lon,from,until,route\n\
            RO-1,RO office,Court building,pk/sindh/thatta,24.7,67.9,,,\n\
            R-7,rally,Big Name Rally,pk/sindh/thatta,24.7,67.9,2024-02-01 15:00,2024-02-01 19:00,\n\
            R-8,rally,,pk/sindh/thatta,24.7,67.9,,,\n\
            bigname1,rally,,pk/sindh/thatta,24.7,67.9,2024-02-01 15:00,2024-02-01 19:00,\n\
            W-1,route,North road,pk/sindh/thatta,,,,,24.7 67.9; 24.8 67.95; moon\n\
            W-1,route,North road,pk/sindh/thatta,24.7,67.9,,,\n\
            X-1,castle,,pk/sindh/thatta,24.7,67.9,,,\n\
            X-2,store,,,,,,,\n";
        let mut input = csv.as_bytes();
        let options = ImportOptions::default();
        let result =
            import(&mut input, &options, &Context::default(), &mut |_| ControlFlow::Continue(()))
                .unwrap();
        let ids: Vec<&str> = result.values.iter().map(|place| place.id.as_str()).collect();
        assert_eq!(ids, ["R-7", "RO-1", "W-1"]);
        assert_eq!(result.values[0].name, "");
        assert!(result.values[0].window.is_some());
        assert_eq!(result.values[2].line.len(), 2);
        assert!(!format!("{result:?}").contains("Big"), "no trace of the name");
        assert!(!format!("{result:?}").contains("bigname"));
        for code in [
            "person-column",
            "window-missing",
            "id-invalid",
            "id-duplicate",
            "place-kind-unknown",
            "place-unknown",
            "coordinate-invalid",
        ] {
            assert_eq!(result.counts.get(code), Some(&1), "{code}");
        }
        assert_eq!(
            (result.tally.accepted, result.tally.repaired, result.tally.quarantined),
            (1, 2, 5)
        );
    }
}
