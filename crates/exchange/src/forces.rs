//! Units of police, civil armed forces and army from a table.

use crate::code::Code;
use crate::coordinate::{Position, position};
use crate::finding::{Findings, Outcome};
use crate::mapping::{Schema, normalise};
use crate::number::{count, moment};
use crate::province::Province;
use crate::rows::{Cells, ImportError, ImportOptions, Imported, read_values};
use crate::stations::district::{centre, locate};
use crate::stations::{Context, field};
use pehra_domain::force::{Tier, Unit};
use pehra_domain::progress::Watch;
use pehra_domain::{ConstituencyId, Point, TimeWindow, UnitId};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

/// The columns of a list of units.
pub const SCHEMA: Schema = Schema {
    kind: "forces",
    fields: &[
        field("id", true, &["id", "unit", "unit id", "code", "یونٹ"]),
        field("name", false, &["name", "unit name", "title", "نام"]),
        field("tier", true, &["tier", "force", "type", "kind", "فورس"]),
        field("district", false, &["district", "area", "ضلع"]),
        field("province", false, &["province", "صوبہ"]),
        field("latitude", false, &["latitude", "lat", "عرض بلد"]),
        field("longitude", false, &["longitude", "lon", "long", "lng", "طول بلد"]),
        field("men", false, &["men", "male", "male strength", "strength", "strength men", "مرد"]),
        field(
            "women",
            false,
            &["women", "female", "female strength", "strength women", "lady", "خواتین"],
        ),
        field("vehicles", false, &["vehicles", "vehicle", "گاڑیاں"]),
        field("seats", false, &["seats", "seats total", "نشستیں"]),
        field("reserve", false, &["reserve", "qrf", "quick reaction", "ریزرو"]),
        field("from", false, &["from", "start", "available from", "سے"]),
        field("until", false, &["until", "to", "end", "available until", "تک"]),
        field("home", false, &["home", "home constituency", "constituency", "حلقہ"]),
    ],
};

const ID: usize = 0;
const NAME: usize = 1;
const TIER: usize = 2;
const DISTRICT: usize = 3;
const PROVINCE: usize = 4;
const LATITUDE: usize = 5;
const MEN: usize = 7;
const FROM: usize = 12;
const HOME: usize = 14;

/// Most people of one unit; above it the number is kept and flagged.
const PEOPLE_MAX: u32 = 20_000;

/// Imports units.
///
/// # Errors
/// [`ImportError`] when the file or its mapping cannot be used, or the watcher stops the work.
pub fn import(
    input: &mut dyn Read,
    options: &ImportOptions,
    context: &Context<'_>,
    watch: &mut Watch<'_>,
) -> Result<Imported<Unit>, ImportError> {
    let mut seen = BTreeSet::new();
    let mut value =
        |cells: &Cells<'_>, findings: &mut Findings| unit(cells, context, &mut seen, findings);
    let (reading, mut units) = read_values(input, &SCHEMA, options, watch, &mut value)?;
    units.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(reading.with(units))
}

/// Police and levies first, civil armed forces second, army third.
pub(crate) fn tier(text: &str) -> Option<Tier> {
    match normalise(text).as_str() {
        "police" | "tier 1" | "1" | "levies" | "levy" | "khasadar" | "پولیس" | "لیویز" => {
            Some(Tier::Police)
        }
        "civil armed forces"
        | "civil armed force"
        | "caf"
        | "tier 2"
        | "2"
        | "rangers"
        | "fc"
        | "frontier corps"
        | "frontier constabulary"
        | "paramilitary"
        | "رینجرز"
        | "ایف سی" => Some(Tier::CivilArmedForces),
        "army" | "tier 3" | "3" | "pakistan army" | "military" | "فوج" => Some(Tier::Army),
        _ => None,
    }
}

fn unit(
    cells: &Cells<'_>,
    context: &Context<'_>,
    seen: &mut BTreeSet<String>,
    findings: &mut Findings,
) -> Option<(Unit, Outcome)> {
    let row = cells.number();
    let mut outcome = Outcome::Accepted;
    let Ok(id) = UnitId::try_new(cells.get(ID)) else {
        findings.push(Code::IdInvalid, row, cells.header(ID), "", "");
        return None;
    };
    if !seen.insert(id.as_str().to_owned()) {
        findings.push(Code::IdDuplicate, row, cells.header(ID), id.as_str(), "");
        return None;
    }
    let Some(tier) = tier(cells.get(TIER)) else {
        findings.push(Code::TierUnknown, row, cells.header(TIER), cells.get(TIER), "");
        return None;
    };
    let given = point(cells, LATITUDE, findings, &mut outcome);
    let province = Province::read(cells.get(PROVINCE), &BTreeMap::new());
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
    if given.is_none() {
        let now = format!("the centre of {district}");
        findings.push(Code::CoordinateMissing, row, cells.header(LATITUDE), "", &now);
        outcome = outcome.max(Outcome::Repaired);
    }
    let mut number = |at: usize| number(cells, at, PEOPLE_MAX, findings, &mut outcome);
    let (men, women) = (number(MEN), number(MEN + 1));
    let (vehicles, seats, reserve) = (number(MEN + 2), number(MEN + 3), number(MEN + 4));
    let window = window(cells, FROM, findings, &mut outcome);
    let home = ConstituencyId::try_new(cells.get(HOME)).ok();
    let name = crate::name::clean(cells.get(NAME)).name;
    let name = if name.is_empty() { id.as_str().to_owned() } else { name };
    let unit = Unit {
        id,
        name,
        tier,
        district,
        point,
        men,
        women,
        vehicles,
        seats,
        window,
        reserve,
        home,
    };
    Some((unit, outcome))
}

/// A count; an empty cell is 0, an unreadable one 0 with a finding.
pub(crate) fn number(
    cells: &Cells<'_>,
    at: usize,
    most: u32,
    findings: &mut Findings,
    outcome: &mut Outcome,
) -> u32 {
    let cell = cells.get(at);
    if cell.is_empty() {
        return 0;
    }
    let Some(value) = count(cell) else {
        findings.push(Code::NumberInvalid, cells.number(), cells.header(at), cell, "0");
        *outcome = (*outcome).max(Outcome::Repaired);
        return 0;
    };
    if value > most {
        findings.push(Code::NumberImplausible, cells.number(), cells.header(at), cell, cell);
    }
    value
}

/// A point from two neighbouring columns; none with a finding when something stands there that is no point in
/// Pakistan, none without when both are empty.
pub(crate) fn point(
    cells: &Cells<'_>,
    lat_at: usize,
    findings: &mut Findings,
    outcome: &mut Outcome,
) -> Option<Point> {
    let (lat, lon) = (cells.get(lat_at), cells.get(lat_at + 1));
    let was = format!("{lat} {lon}");
    let header = cells.header(lat_at);
    let mut tell = |code: Code, now: &str| {
        findings.push(code, cells.number(), header, &was, now);
        *outcome = (*outcome).max(Outcome::Repaired);
    };
    match position(lat, lon) {
        Position::Missing => None,
        Position::Unreadable => {
            tell(Code::CoordinateInvalid, "the centre of its district");
            None
        }
        Position::Outside(..) => {
            tell(Code::CoordinateOutOfArea, "the centre of its district");
            None
        }
        Position::At { point, style, swapped } => {
            let now = format!("{:.5} {:.5}", point.lat_deg(), point.lon_deg());
            match style {
                crate::coordinate::Style::Plain => {}
                crate::coordinate::Style::DecimalComma => tell(Code::CoordinateDecimalComma, &now),
                crate::coordinate::Style::DegreesMinutes => {
                    tell(Code::CoordinateDegreesMinutes, &now);
                }
            }
            if swapped {
                tell(Code::CoordinateSwapped, &now);
            }
            Some(point)
        }
    }
}

/// A window from two neighbouring columns; both empty is none, anything else that makes no window is a finding.
pub(crate) fn window(
    cells: &Cells<'_>,
    from_at: usize,
    findings: &mut Findings,
    outcome: &mut Outcome,
) -> Option<TimeWindow> {
    let (from, until) = (cells.get(from_at), cells.get(from_at + 1));
    if from.is_empty() && until.is_empty() {
        return None;
    }
    match (moment(from), moment(until)) {
        (Some(from), Some(until)) if from < until => Some(TimeWindow { from, until }),
        _ => {
            let was = format!("{from} – {until}");
            let now = "the window is left open";
            findings.push(Code::DateInvalid, cells.number(), cells.header(from_at), &was, now);
            *outcome = (*outcome).max(Outcome::Repaired);
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pehra_domain::AreaId;
    use pehra_domain::gazetteer::{District, Gazetteer};
    use std::ops::ControlFlow;

    fn gazetteer() -> Gazetteer {
        let thatta = District {
            area: AreaId::nation().below("Sindh").below("Thatta"),
            name: "Thatta".to_owned(),
            province: "Sindh".to_owned(),
            name_ur: String::new(),
            province_ur: String::new(),
            division: String::new(),
            adults: 1,
            adult_men: 1,
            adult_women: 0,
            adult_urban: 0,
            centre: Point::try_from_degrees(24.75, 67.92).unwrap(),
            area_km2: 8_570,
        };
        Gazetteer { districts: vec![thatta], towns: Vec::new() }
    }

    #[test]
    fn units_are_read_and_what_is_wrong_is_told() {
        let csv = "id,name,tier,district,lat,lon,men,women,vehicles,seats,reserve,from,until,home\n\
            U1,City line,Police,Thatta,24.7,67.9,120,15,6,40,20,2024-02-05 06:00,2024-02-10,NA-225\n\
            U2,,Rangers,Thatta,,,abc,0,2,20,0,10/2/2024,5/2/2024,\n\
            U2,,Army,Thatta,24.7,67.9,10,0,1,10,0,,,\n\
            U3,,Navy,Thatta,24.7,67.9,10,0,1,10,0,,,\n\
            U4,,Army,,,,10,0,1,10,0,,,\n\
            ,,Army,Thatta,,,10,0,1,10,0,,,\n";
        let gazetteer = gazetteer();
        let context = Context { gazetteer: Some(&gazetteer), boundaries: None };
        let mut input = csv.as_bytes();
        let options = ImportOptions::default();
        let result =
            import(&mut input, &options, &context, &mut |_| ControlFlow::Continue(())).unwrap();
        assert_eq!(result.values.len(), 2);
        let (first, second) = (&result.values[0], &result.values[1]);
        assert_eq!((first.men, first.women, first.reserve), (120, 15, 20));
        assert_eq!(first.window.map(|w| (w.until.0 - w.from.0) / 3_600_000), Some(114));
        assert_eq!((second.tier, second.men, second.window), (Tier::CivilArmedForces, 0, None));
        assert_eq!(second.point, gazetteer.districts[0].centre);
        for code in [
            "id-duplicate",
            "tier-unknown",
            "place-unknown",
            "id-invalid",
            "number-invalid",
            "date-invalid",
            "coordinate-missing",
        ] {
            assert_eq!(result.counts.get(code), Some(&1), "{code}");
        }
        let tally = result.tally;
        assert_eq!((tally.rows, tally.accepted, tally.repaired, tally.quarantined), (6, 1, 1, 4));
    }
}
