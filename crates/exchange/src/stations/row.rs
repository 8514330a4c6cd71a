//! One row of a station list, read and checked alone.

use super::{Draft, Drafts, Seat, StationOptions};
use crate::code::Code;
use crate::coordinate::{Position, Style, position, split_pair};
use crate::finding::{Findings, Outcome};
use crate::name::{clean, kind_in_name, kind_word};
use crate::number::{count, date, plain_digits};
use crate::province::Province;
use crate::rows::Cells;
use pehra_domain::booth::BySex;
use pehra_domain::contest::Assembly;
use pehra_domain::risk::RiskClass;
use pehra_domain::station::{OfficialClass, StationKind};
use pehra_domain::{ConstituencyId, Point};
use std::collections::BTreeMap;

// Places in SCHEMA; a test holds them together.
pub(super) const PROVINCE: usize = 0;
pub(super) const CONSTITUENCY: usize = 1;
pub(super) const ASSEMBLY: usize = 2;
pub(super) const STATION_NO: usize = 4;
pub(super) const NAME: usize = 5;
pub(super) const KIND: usize = 6;
pub(super) const BOOTHS: usize = 7;
pub(super) const VOTERS: usize = 10;
pub(super) const LATITUDE: usize = 13;
pub(super) const LONGITUDE: usize = 14;
pub(super) const COORDINATES: usize = 15;
pub(super) const DISTRICT: usize = 16;
pub(super) const CLASS: usize = 17;

/// More booths or voters than a station has: the commission's lists stay below 10 and 5,000.
const BOOTHS_MAX: u32 = 20;
const VOTERS_MAX: u32 = 10_000;
/// Longest station number, in bytes.
const NUMBER_BYTES_MAX: usize = 12;

pub(super) struct Reader<'a> {
    options: &'a StationOptions,
    more: BTreeMap<String, String>,
    drafts: Drafts,
    seats: BTreeMap<(String, String, String), Option<usize>>,
    places: BTreeMap<(ConstituencyId, Option<Province>), usize>,
    districts: BTreeMap<String, usize>,
    last_seat: Option<((String, String, String), Option<usize>)>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(options: &'a StationOptions) -> Self {
        let more = options.rows.mapping.as_ref().map(|m| m.provinces.clone()).unwrap_or_default();
        Self {
            options,
            more,
            drafts: Drafts::default(),
            seats: BTreeMap::new(),
            places: BTreeMap::new(),
            districts: BTreeMap::new(),
            last_seat: None,
        }
    }

    pub(super) fn into_drafts(self) -> Drafts {
        self.drafts
    }

    /// Reads one row; a usable one becomes a draft whose outcome is counted later.
    pub(super) fn row(&mut self, cells: &Cells<'_>, findings: &mut Findings) -> Outcome {
        if self.drafts.coordinate_column.is_empty() {
            let column = if cells.has(LATITUDE) { LATITUDE } else { COORDINATES };
            cells.header(column).clone_into(&mut self.drafts.coordinate_column);
        }
        let number = station_number(cells.get(STATION_NO));
        let (Some(seat), Some(station_no)) = (self.seat(cells), number) else {
            let was = format!("{} / {}", cells.get(CONSTITUENCY), cells.get(STATION_NO));
            let column = cells.header(CONSTITUENCY);
            findings.push(Code::KeyMissing, cells.number(), column, &was, "");
            return Outcome::Quarantined;
        };
        let mut outcome = Outcome::Accepted;
        if self.drafts.seats.get(seat).is_some_and(|seat| seat.province.is_none()) {
            let was = cells.get(PROVINCE);
            let now = "the province is left open";
            findings.push(Code::ProvinceUnknown, cells.number(), cells.header(PROVINCE), was, now);
        }
        let name = name(cells, &station_no, findings, &mut outcome);
        let mut booths = Counts::read(cells, BOOTHS, BOOTHS_MAX, findings, &mut outcome);
        let mut voters = Counts::read(cells, VOTERS, VOTERS_MAX, findings, &mut outcome);
        let kind = kind(cells, &name, &booths, &voters, findings, &mut outcome);
        booths.split(cells, BOOTHS, kind, findings, &mut outcome);
        voters.split(cells, VOTERS, kind, findings, &mut outcome);
        let place = place(cells, findings, &mut outcome);
        let official = self.official(cells, findings, &mut outcome);
        let district = self.district(cells.get(DISTRICT));
        self.drafts.list.push(Draft {
            row: cells.number(),
            seat,
            station_no,
            name,
            kind,
            booths: booths.by_sex,
            voters: voters.by_sex,
            point: place.point,
            repaired_point: place.repaired,
            no_point: place.no_point,
            district,
            official,
            outcome,
        });
        Outcome::Accepted
    }

    fn seat(&mut self, cells: &Cells<'_>) -> Option<usize> {
        let text = (cells.get(PROVINCE), cells.get(CONSTITUENCY), cells.get(ASSEMBLY));
        if let Some((key, seat)) = &self.last_seat
            && (key.0.as_str(), key.1.as_str(), key.2.as_str()) == text
        {
            return *seat;
        }
        let key = (text.0.to_owned(), text.1.to_owned(), text.2.to_owned());
        let known = self.seats.get(&key).copied();
        let seat = match known {
            Some(seat) => seat,
            None => {
                let read = read_seat(text.0, text.1, text.2, &self.more);
                let seat = read.map(|seat| self.intern(seat));
                self.seats.insert(key.clone(), seat);
                seat
            }
        };
        self.last_seat = Some((key, seat));
        seat
    }

    /// One place per constituency and province, however they are spelt.
    fn intern(&mut self, seat: Seat) -> usize {
        let seats = &mut self.drafts.seats;
        *self.places.entry((seat.id.clone(), seat.province)).or_insert_with(|| {
            seats.push(seat);
            seats.len() - 1
        })
    }

    fn district(&mut self, cell: &str) -> Option<usize> {
        if cell.is_empty() {
            return None;
        }
        if let Some(known) = self.districts.get(cell) {
            return Some(*known);
        }
        let place = self.drafts.district_names.len();
        self.drafts.district_names.push(cell.to_owned());
        self.districts.insert(cell.to_owned(), place);
        Some(place)
    }

    fn official(
        &self,
        cells: &Cells<'_>,
        findings: &mut Findings,
        outcome: &mut Outcome,
    ) -> Option<Box<OfficialClass>> {
        let cell = cells.get(CLASS);
        if cell.is_empty() {
            return None;
        }
        let Some(class) = class_word(cell) else {
            let header = cells.header(CLASS);
            findings.push(Code::ClassUnknown, cells.number(), header, cell, "left empty");
            *outcome = (*outcome).max(Outcome::Repaired);
            return None;
        };
        let source = match cells.get(CLASS + 1) {
            "" => self.options.class_source.as_str(),
            given => given,
        };
        let approved = cells.get(CLASS + 3);
        Some(Box::new(OfficialClass {
            class,
            source: source.to_owned(),
            as_of: date(cells.get(CLASS + 2)),
            approved_by: (!approved.is_empty()).then(|| approved.to_owned()),
        }))
    }
}

/// A sensitivity class as lists name it: `normal`, `sensitive`, `highly sensitive`, `A`/`B`/`C`.
#[must_use]
pub(crate) fn class_word(text: &str) -> Option<RiskClass> {
    let plain = crate::mapping::normalise(text);
    match plain.as_str() {
        "normal" | "c" | "green" | "n" | "معمول" | "نارمل" | "عام" => {
            Some(RiskClass::Normal)
        }
        "sensitive" | "b" | "yellow" | "s" | "حساس" => Some(RiskClass::Sensitive),
        "most sensitive"
        | "highly sensitive"
        | "most"
        | "a"
        | "red"
        | "ms"
        | "hs"
        | "very sensitive"
        | "انتہائی حساس" => Some(RiskClass::Most),
        _ => None,
    }
}

/// `015` is 15; letters and hyphens may follow. None when nothing usable stands there.
fn station_number(cell: &str) -> Option<String> {
    if cell.bytes().all(|b| b.is_ascii_digit()) {
        let plain = cell.trim_start_matches('0');
        let fits = !plain.is_empty() && plain.len() <= NUMBER_BYTES_MAX;
        return fits.then(|| plain.to_owned());
    }
    let plain = plain_digits(cell);
    let plain = plain.trim().strip_suffix(".0").unwrap_or(plain.trim()).to_uppercase();
    let shape = plain.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'/' | b'.'))
        && plain.bytes().any(|b| b.is_ascii_digit() && b != b'0');
    let plain = plain.trim_start_matches('0');
    (shape && plain.len() <= NUMBER_BYTES_MAX).then(|| plain.to_owned())
}

/// Reads `40` with assembly `NA`, `NA-40`, `NA 40 (Bajaur)`, `PK-29`, `40` in a list of one assembly.
fn read_seat(
    province: &str,
    constituency: &str,
    assembly: &str,
    more: &BTreeMap<String, String>,
) -> Option<Seat> {
    let given = Province::read(province, more);
    let text = plain_digits(constituency).to_uppercase();
    let letters: String = text.chars().take_while(|c| c.is_alphabetic()).collect();
    let digits: String = text
        .chars()
        .skip_while(|c| !c.is_ascii_digit())
        .take_while(char::is_ascii_digit)
        .take(4)
        .collect();
    let number = digits.parse::<u16>().ok().filter(|number| (1..=999).contains(number))?;
    let prefix = match letters.as_str() {
        "NA" | "PP" | "PS" | "PK" | "PB" => letters,
        "PF" => "PK".to_owned(),
        _ => match assembly.to_uppercase().as_str() {
            "NA" | "NATIONAL" | "NATIONAL ASSEMBLY" | "MNA" | "N" => "NA".to_owned(),
            "PA" | "PROVINCIAL" | "PROVINCIAL ASSEMBLY" | "MPA" | "P" => {
                given?.seat_prefix()?.to_owned()
            }
            named @ ("PP" | "PS" | "PK" | "PB") => named.to_owned(),
            _ => return None,
        },
    };
    let national = prefix == "NA";
    Some(Seat {
        id: ConstituencyId::try_new(format!("{prefix}-{number}")).ok()?,
        assembly: if national { Assembly::National } else { Assembly::Provincial },
        // The prefix is the province's own; it outranks a code that says otherwise.
        province: if national { given } else { Province::of_prefix(&prefix).or(given) },
    })
}

fn name(
    cells: &Cells<'_>,
    station_no: &str,
    findings: &mut Findings,
    outcome: &mut Outcome,
) -> String {
    let given = cells.get(NAME);
    let cleaned = clean(given);
    if !cleaned.name.chars().any(char::is_alphanumeric) {
        let now = format!("Polling station {station_no}");
        findings.push(Code::NameEmpty, cells.number(), cells.header(NAME), given, &now);
        *outcome = (*outcome).max(Outcome::Repaired);
        return now;
    }
    if cleaned.garbled {
        let header = cells.header(NAME);
        findings.push(Code::TextGarbled, cells.number(), header, given, &cleaned.name);
        if cleaned.mended {
            *outcome = (*outcome).max(Outcome::Repaired);
        }
    }
    cleaned.name
}

/// Men, women and total as three columns give them.
struct Counts {
    by_sex: BySex,
    /// Whether the list gave a number for men and women.
    parts: bool,
    /// Whether a cell could not be read: then the numbers say nothing about the kind.
    broken: bool,
    total: Option<u32>,
}

impl Counts {
    fn read(
        cells: &Cells<'_>,
        first: usize,
        most: u32,
        findings: &mut Findings,
        outcome: &mut Outcome,
    ) -> Self {
        let mut broken = false;
        let mut one = |field: usize| -> Option<u32> {
            let cell = cells.get(field);
            if cell.is_empty() || cell == "-" {
                return None;
            }
            let value = count(cell);
            match value {
                None => {
                    let header = cells.header(field);
                    findings.push(Code::NumberInvalid, cells.number(), header, cell, "0");
                    broken = true;
                    *outcome = (*outcome).max(Outcome::Repaired);
                }
                Some(large) if large > most => {
                    let header = cells.header(field);
                    findings.push(Code::NumberImplausible, cells.number(), header, cell, cell);
                }
                Some(_) => {}
            }
            value
        };
        let (men, women, total) = (one(first), one(first + 1), one(first + 2));
        let (men, women) = match (men, women, total) {
            // One part missing: the total tells it.
            (Some(men), None, Some(total)) if total >= men => (Some(men), Some(total - men)),
            (None, Some(women), Some(total)) if total >= women => {
                (Some(total - women), Some(women))
            }
            _ => (men, women),
        };
        let by_sex = BySex { men: men.unwrap_or(0), women: women.unwrap_or(0) };
        let parts = men.is_some() || women.is_some();
        if let Some(total) = total
            && parts
            && total != by_sex.total()
        {
            let header = cells.header(first + 2);
            let (was, now) = (total.to_string(), by_sex.total().to_string());
            findings.push(Code::SumMismatch, cells.number(), header, &was, &now);
            *outcome = (*outcome).max(Outcome::Repaired);
        }
        Self { by_sex, parts, broken, total }
    }

    /// A total without parts is given to men or women by the kind, or halved.
    fn split(
        &mut self,
        cells: &Cells<'_>,
        first: usize,
        kind: StationKind,
        findings: &mut Findings,
        outcome: &mut Outcome,
    ) {
        let Some(total) = self.total.filter(|total| !self.parts && *total > 0) else { return };
        self.by_sex = match kind {
            StationKind::Men => BySex { men: total, women: 0 },
            StationKind::Women => BySex { men: 0, women: total },
            StationKind::Combined => BySex { men: total - total / 2, women: total / 2 },
        };
        let now = format!("{} + {}", self.by_sex.men, self.by_sex.women);
        let header = cells.header(first + 2);
        findings.push(Code::SplitUnknown, cells.number(), header, &total.to_string(), &now);
        *outcome = (*outcome).max(Outcome::Repaired);
    }

    fn kind(&self) -> Option<StationKind> {
        if self.broken {
            return None;
        }
        match (self.by_sex.men > 0, self.by_sex.women > 0) {
            (true, true) => Some(StationKind::Combined),
            (true, false) => Some(StationKind::Men),
            (false, true) => Some(StationKind::Women),
            (false, false) => None,
        }
    }
}

/// Voters say who comes and win; then booths, the kind column, the name. Any two that differ are a finding.
fn kind(
    cells: &Cells<'_>,
    name: &str,
    booths: &Counts,
    voters: &Counts,
    findings: &mut Findings,
    outcome: &mut Outcome,
) -> StationKind {
    let cell = cells.get(KIND);
    let by_column = if cell.is_empty() { None } else { kind_word(cell) };
    let witnesses = [voters.kind(), booths.kind(), by_column, kind_in_name(name)];
    let first = witnesses.iter().flatten().next().copied();
    let Some(kind) = first else {
        let header = cells.header(if cells.has(KIND) { KIND } else { NAME });
        findings.push(Code::KindUnknown, cells.number(), header, cell, "combined");
        *outcome = (*outcome).max(Outcome::Repaired);
        return StationKind::Combined;
    };
    if witnesses.iter().flatten().any(|other| *other != kind) {
        let say = |witness: Option<StationKind>| witness.map_or("-", kind_name);
        let was = format!(
            "voters {}, booths {}, column {}, name {}",
            say(witnesses[0]),
            say(witnesses[1]),
            say(witnesses[2]),
            say(witnesses[3])
        );
        let header = cells.header(NAME);
        findings.push(Code::KindContradicted, cells.number(), header, &was, kind_name(kind));
    } else if !cell.is_empty() && by_column.is_none() {
        let header = cells.header(KIND);
        findings.push(Code::KindUnknown, cells.number(), header, cell, kind_name(kind));
        *outcome = (*outcome).max(Outcome::Repaired);
    }
    kind
}

fn kind_name(kind: StationKind) -> &'static str {
    match kind {
        StationKind::Men => "men",
        StationKind::Women => "women",
        StationKind::Combined => "combined",
    }
}

struct Place {
    point: Option<Point>,
    repaired: bool,
    no_point: Option<(Code, String)>,
}

fn place(cells: &Cells<'_>, findings: &mut Findings, outcome: &mut Outcome) -> Place {
    let (mut lat, mut lon) = (cells.get(LATITUDE), cells.get(LONGITUDE));
    if lat.is_empty()
        && lon.is_empty()
        && let Some(pair) = split_pair(cells.get(COORDINATES))
    {
        (lat, lon) = pair;
    }
    let none = |code: Code, was: String| Place {
        point: None,
        repaired: false,
        no_point: Some((code, was)),
    };
    match position(lat, lon) {
        Position::Missing => none(Code::CoordinateMissing, format!("{lat}{lon}")),
        Position::Unreadable => none(Code::CoordinateInvalid, format!("{lat} {lon}")),
        Position::Outside(..) => none(Code::CoordinateOutOfArea, format!("{lat} {lon}")),
        Position::At { point, style, swapped } => {
            let mut tell = |code: Code| {
                let now = format!("{:.5} {:.5}", point.lat_deg(), point.lon_deg());
                let was = format!("{lat} {lon}");
                findings.push(code, cells.number(), cells.header(LATITUDE), &was, &now);
                *outcome = (*outcome).max(Outcome::Repaired);
            };
            match style {
                Style::Plain => {}
                Style::DecimalComma => tell(Code::CoordinateDecimalComma),
                Style::DegreesMinutes => tell(Code::CoordinateDegreesMinutes),
            }
            if swapped {
                tell(Code::CoordinateSwapped);
            }
            Place { point: Some(point), repaired: swapped || style != Style::Plain, no_point: None }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stations::SCHEMA;

    #[test]
    fn places_in_the_schema_are_the_ones_used_here() {
        for (key, place) in [
            ("province", PROVINCE),
            ("constituency", CONSTITUENCY),
            ("assembly", ASSEMBLY),
            ("station-no", STATION_NO),
            ("name", NAME),
            ("kind", KIND),
            ("booths-men", BOOTHS),
            ("booths-women", BOOTHS + 1),
            ("booths-total", BOOTHS + 2),
            ("voters-men", VOTERS),
            ("voters-women", VOTERS + 1),
            ("voters-total", VOTERS + 2),
            ("latitude", LATITUDE),
            ("longitude", LONGITUDE),
            ("coordinates", COORDINATES),
            ("district", DISTRICT),
            ("class", CLASS),
            ("class-source", CLASS + 1),
            ("class-as-of", CLASS + 2),
            ("class-approved-by", CLASS + 3),
        ] {
            assert_eq!(SCHEMA.index(key), Some(place), "{key}");
        }
    }

    #[test]
    fn seats_are_read_in_every_spelling() {
        let none = BTreeMap::new();
        let read = |p: &str, c: &str, a: &str| {
            read_seat(p, c, a, &none).map(|seat| (seat.id.as_str().to_owned(), seat.province))
        };
        let sindh = Some(Province::Sindh);
        assert_eq!(read("12", "40", "NA"), Some(("NA-40".to_owned(), sindh)));
        assert_eq!(read("12", "7", "PA"), Some(("PS-7".to_owned(), sindh)));
        assert_eq!(read("", "PS-107 (Karachi)", ""), Some(("PS-107".to_owned(), sindh)));
        assert_eq!(read("", "NA ۴۰", ""), Some(("NA-40".to_owned(), None)));
        assert_eq!(read("11", "7", "PA"), None);
        assert_eq!(read("12", "x", "NA"), None);
        assert_eq!(read("12", "40", ""), None);
    }

    #[test]
    fn station_numbers_lose_their_leading_zeros() {
        assert_eq!(station_number("015"), Some("15".to_owned()));
        assert_eq!(station_number("۱۵"), Some("15".to_owned()));
        assert_eq!(station_number("15.0"), Some("15".to_owned()));
        assert_eq!(station_number("15-a"), Some("15-A".to_owned()));
        for text in ["", "0", "abc", "1 2", "1234567890123"] {
            assert_eq!(station_number(text), None, "{text}");
        }
    }
}
