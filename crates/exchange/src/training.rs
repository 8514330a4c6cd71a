//! Venues, trainers and a timetable's seats from tables.

mod attendance;

pub use attendance::{ATTENDANCE, Answered, Attended, RESULTS, import_attendance, import_results};

use crate::code::Code;
use crate::finding::{Findings, Outcome};
use crate::forces::{number, point};
use crate::mapping::{Schema, normalise};
use crate::number::date;
use crate::people::{module, modules, woman};
use crate::province::Province;
use crate::rows::{Cells, ImportError, ImportOptions, Imported, read_values};
use crate::stations::district::{centre, locate};
use crate::stations::{Context, field};
use pehra_domain::progress::Watch;
use pehra_domain::training::{Trainer, Venue};
use pehra_domain::{AreaId, Date, PersonId, Point};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

/// The columns of a list of venues: one row a room.
pub const VENUES: Schema = Schema {
    kind: "venues",
    fields: &[
        field("id", true, &["id", "venue", "venue id", "room", "code", "کمرہ"]),
        field("name", false, &["name", "title", "نام"]),
        field("district", false, &["district", "area", "ضلع"]),
        field("province", false, &["province", "صوبہ"]),
        field("latitude", false, &["latitude", "lat", "عرض بلد"]),
        field("longitude", false, &["longitude", "lon", "long", "lng", "طول بلد"]),
        field("seats", true, &["seats", "capacity", "نشستیں"]),
        field("hours", false, &["hours", "hours a day", "گھنٹے"]),
        field("open", true, &["open", "open days", "days", "dates", "کھلا"]),
        field("closed", false, &["closed", "closed days", "weekly holiday", "بند"]),
    ],
};

/// The columns of a list of trainers.
pub const TRAINERS: Schema = Schema {
    kind: "trainers",
    fields: &[
        field("number", true, &["number", "service number", "service no", "belt no", "سروس نمبر"]),
        field("sex", false, &["sex", "gender", "جنس"]),
        field("district", false, &["district", "area", "ضلع"]),
        field("province", false, &["province", "صوبہ"]),
        field("latitude", false, &["latitude", "lat", "عرض بلد"]),
        field("longitude", false, &["longitude", "lon", "long", "lng", "طول بلد"]),
        field("modules", true, &["modules", "qualified", "qualified for", "trains", "تربیت"]),
        field("hours", false, &["hours", "hours a day", "گھنٹے"]),
        field("free", false, &["free", "available", "free days", "days", "فارغ"]),
        field("closed", false, &["closed", "not free", "weekly holiday", "بند"]),
    ],
};

/// The columns of a timetable's seats.
pub const SEATS: Schema = Schema {
    kind: "seats",
    fields: &[
        field("number", true, &["number", "service number", "service no", "سروس نمبر"]),
        field("date", true, &["date", "تاریخ"]),
        field("venue", true, &["venue", "room", "کمرہ"]),
        field("module", true, &["module", "code", "تربیت"]),
        field("trainer", true, &["trainer", "trainer number", "استاد"]),
        field("begins", false, &["begins", "hour", "time", "وقت"]),
    ],
};

/// Where district, province, latitude and longitude begin in a list of trainers; of venues as well.
const PLACE: usize = 2;
const SEATS_AT: usize = 6;
const MODULES_AT: usize = 6;
const HOURS: usize = 7;
const OPEN: usize = 8;

/// Most seats of one room; above it the number is kept and flagged.
const SEATS_MAX: u32 = 2_000;
/// Hours of teaching a day where none are given, and the most.
const HOURS_USUAL: u8 = 6;
const HOURS_MAX: u8 = 12;
/// Longest time that one range of days may cover.
const RANGE_DAYS_MAX: i32 = 400;

/// One row of a timetable's seats: who sits where, when, in what, under whom.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seat {
    pub date: Date,
    pub venue: String,
    /// As the table writes it: it tells two courses of one module apart, such as a men's and a women's.
    pub begins: String,
    pub module: u8,
    pub trainer: PersonId,
    pub number: PersonId,
}

/// Imports venues, in the order of their names.
///
/// # Errors
/// [`ImportError`] when the file or its mapping cannot be used, or the watcher stops the work.
pub fn import_venues(
    input: &mut dyn Read,
    options: &ImportOptions,
    context: &Context<'_>,
    watch: &mut Watch<'_>,
) -> Result<Imported<Venue>, ImportError> {
    let mut seen = BTreeSet::new();
    let mut value =
        |cells: &Cells<'_>, findings: &mut Findings| venue(cells, context, &mut seen, findings);
    let (reading, mut venues) = read_values(input, &VENUES, options, watch, &mut value)?;
    venues.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(reading.with(venues))
}

/// Imports trainers, in the order of their service numbers.
///
/// # Errors
/// As [`import_venues`].
pub fn import_trainers(
    input: &mut dyn Read,
    options: &ImportOptions,
    context: &Context<'_>,
    watch: &mut Watch<'_>,
) -> Result<Imported<Trainer>, ImportError> {
    let mut seen = BTreeSet::new();
    let mut value =
        |cells: &Cells<'_>, findings: &mut Findings| trainer(cells, context, &mut seen, findings);
    let (reading, mut trainers) = read_values(input, &TRAINERS, options, watch, &mut value)?;
    trainers.sort_by(|a, b| a.number.cmp(&b.number));
    Ok(reading.with(trainers))
}

/// Imports the seats of a timetable that was written before, in order.
///
/// # Errors
/// As [`import_venues`].
pub fn import_seats(
    input: &mut dyn Read,
    options: &ImportOptions,
    watch: &mut Watch<'_>,
) -> Result<Imported<Seat>, ImportError> {
    let mut value = |cells: &Cells<'_>, findings: &mut Findings| seat(cells, findings);
    let (reading, mut seats) = read_values(input, &SEATS, options, watch, &mut value)?;
    seats.sort();
    Ok(reading.with(seats))
}

fn venue(
    cells: &Cells<'_>,
    context: &Context<'_>,
    seen: &mut BTreeSet<PersonId>,
    findings: &mut Findings,
) -> Option<(Venue, Outcome)> {
    let row = cells.number();
    let mut outcome = Outcome::Accepted;
    // A venue's name stands on lists and in file names: the rule of a service number fits it.
    let id = name_once(cells, seen, findings)?.as_str().to_owned();
    let (district, point) = place(cells, context, findings, &mut outcome)?;
    let seats = number(cells, SEATS_AT, SEATS_MAX, findings, &mut outcome);
    let hours_day = hours(cells, findings, &mut outcome);
    let open = days(cells, findings, &mut outcome);
    if open.is_empty() {
        findings.push(Code::WindowMissing, row, cells.header(OPEN), cells.get(OPEN), "");
        return None;
    }
    let name = crate::name::clean(cells.get(1)).name;
    let name = if name.is_empty() { id.clone() } else { name };
    Some((Venue { id, name, district, point, seats, hours_day, open }, outcome))
}

fn trainer(
    cells: &Cells<'_>,
    context: &Context<'_>,
    seen: &mut BTreeSet<PersonId>,
    findings: &mut Findings,
) -> Option<(Trainer, Outcome)> {
    let row = cells.number();
    let mut outcome = Outcome::Accepted;
    let number = name_once(cells, seen, findings)?;
    let Some(woman) = woman(cells.get(1)) else {
        findings.push(Code::SexUnknown, row, cells.header(1), cells.get(1), "");
        return None;
    };
    let (district, point) = place(cells, context, findings, &mut outcome)?;
    let modules = modules(cells, MODULES_AT, findings, &mut outcome);
    let hours_day = hours(cells, findings, &mut outcome);
    let free = days(cells, findings, &mut outcome);
    if free.is_empty() && !cells.get(OPEN).is_empty() {
        // No day can be read: free on every day is not what was meant.
        findings.push(Code::WindowMissing, row, cells.header(OPEN), cells.get(OPEN), "");
        return None;
    }
    Some((Trainer { number, woman, modules, district, point, hours_day, free }, outcome))
}

fn seat(cells: &Cells<'_>, findings: &mut Findings) -> Option<(Seat, Outcome)> {
    let row = cells.number();
    let mut name = |at: usize| {
        let name = PersonId::try_new(cells.get(at)).ok();
        if name.is_none() {
            findings.push(Code::IdInvalid, row, cells.header(at), "", "");
        }
        name
    };
    let (number, venue, trainer) = (name(0)?, name(2)?, name(4)?);
    let Some(date) = date(cells.get(1)) else {
        findings.push(
            Code::DateInvalid,
            row,
            cells.header(1),
            cells.get(1),
            "the row is set aside",
        );
        return None;
    };
    let Some(module) = module(cells.get(3)) else {
        findings.push(Code::ModuleUnknown, row, cells.header(3), cells.get(3), "");
        return None;
    };
    let venue = venue.as_str().to_owned();
    let begins = cells.get(5).to_owned();
    Some((Seat { date, venue, begins, module, trainer, number }, Outcome::Accepted))
}

/// The name of a row, that no row before it had.
fn name_once(
    cells: &Cells<'_>,
    seen: &mut BTreeSet<PersonId>,
    findings: &mut Findings,
) -> Option<PersonId> {
    let (row, header) = (cells.number(), cells.header(0));
    let Ok(name) = PersonId::try_new(cells.get(0)) else {
        findings.push(Code::IdInvalid, row, header, "", "");
        return None;
    };
    if !seen.insert(name.clone()) {
        findings.push(Code::IdDuplicate, row, header, name.as_str(), "");
        return None;
    }
    Some(name)
}

/// District and point: one of them may be missing, as in a list of units.
fn place(
    cells: &Cells<'_>,
    context: &Context<'_>,
    findings: &mut Findings,
    outcome: &mut Outcome,
) -> Option<(AreaId, Point)> {
    let row = cells.number();
    let given = point(cells, PLACE + 2, findings, outcome);
    let province = Province::read(cells.get(PLACE + 1), &BTreeMap::new());
    let named = cells.get(PLACE);
    let Some((district, known)) = locate(named, province, given, context) else {
        findings.push(Code::PlaceUnknown, row, cells.header(PLACE), named, "");
        return None;
    };
    if !known {
        findings.push(Code::DistrictUnknown, row, cells.header(PLACE), named, district.as_str());
    }
    let Some(point) = given.or_else(|| centre(&district, context)) else {
        findings.push(Code::PlaceUnknown, row, cells.header(PLACE + 2), named, "");
        return None;
    };
    if given.is_none() {
        let now = format!("the centre of {district}");
        findings.push(Code::CoordinateMissing, row, cells.header(PLACE + 2), "", &now);
        *outcome = (*outcome).max(Outcome::Repaired);
    }
    Some((district, point))
}

fn hours(cells: &Cells<'_>, findings: &mut Findings, outcome: &mut Outcome) -> u8 {
    let cell = cells.get(HOURS);
    if cell.is_empty() {
        return HOURS_USUAL;
    }
    let read = crate::number::count(cell).and_then(|hours| u8::try_from(hours).ok());
    read.filter(|hours| (1..=HOURS_MAX).contains(hours)).unwrap_or_else(|| {
        let now = HOURS_USUAL.to_string();
        findings.push(Code::NumberInvalid, cells.number(), cells.header(HOURS), cell, &now);
        *outcome = (*outcome).max(Outcome::Repaired);
        HOURS_USUAL
    })
}

/// Days of one cell less those of the next: `2024-01-05`, `2024-01-05..2024-02-04`, parted by semicolons or commas; what is
/// closed may be weekdays as well. What cannot be read is left out and told.
fn days(cells: &Cells<'_>, findings: &mut Findings, outcome: &mut Outcome) -> Vec<Date> {
    let mut open: BTreeSet<Date> = BTreeSet::new();
    let mut tell = |at: usize, word: &str| {
        let now = "it is left out";
        findings.push(Code::DateInvalid, cells.number(), cells.header(at), word, now);
        *outcome = (*outcome).max(Outcome::Repaired);
    };
    for word in parts(cells.get(OPEN)) {
        match range(word) {
            Some((from, until)) => open.extend((from.0..=until.0).map(Date)),
            None => tell(OPEN, word),
        }
    }
    for word in parts(cells.get(OPEN + 1)) {
        if let Some(day) = weekday(word) {
            open.retain(|date| date.weekday() != day);
        } else if let Some((from, until)) = range(word) {
            open.retain(|date| !(from..=until).contains(date));
        } else {
            tell(OPEN + 1, word);
        }
    }
    open.into_iter().collect()
}

fn parts(cell: &str) -> impl Iterator<Item = &str> {
    cell.split([';', ',', '؛', '،']).map(str::trim).filter(|word| !word.is_empty())
}

fn range(word: &str) -> Option<(Date, Date)> {
    let (from, until) = word.split_once("..").unwrap_or((word, word));
    let (from, until) = (date(from)?, date(until)?);
    let days = until.0.checked_sub(from.0)?;
    (0..=RANGE_DAYS_MAX).contains(&days).then_some((from, until))
}

/// Monday is 0.
fn weekday(word: &str) -> Option<u8> {
    const NAMES: [[&str; 2]; 7] = [
        ["mon", "پیر"],
        ["tue", "منگل"],
        ["wed", "بدھ"],
        ["thu", "جمعرات"],
        ["fri", "جمعہ"],
        ["sat", "ہفتہ"],
        ["sun", "اتوار"],
    ];
    let plain = normalise(word);
    if plain.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    let known = |names: &[&str; 2]| plain.starts_with(names[0]) || word.trim() == names[1];
    u8::try_from(NAMES.iter().position(known)?).ok()
}

#[cfg(test)]
mod tests;
