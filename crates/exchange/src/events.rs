//! Past violence from the exports of UCDP GED and ACLED. Which of the two is seen from the columns.

use crate::code::Code;
use crate::coordinate::{Position, position};
use crate::finding::{Findings, Outcome};
use crate::mapping::Schema;
use crate::number::{count, date};
use crate::rows::{Cells, ImportError, ImportOptions, Imported, read_rows};
use crate::stations::field;
use pehra_domain::incident_record::IncidentRecord;
use pehra_domain::progress::Watch;
use std::collections::BTreeMap;
use std::io::Read;

/// The columns of both exports.
pub const SCHEMA: Schema = Schema {
    kind: "events",
    fields: &[
        field("id", true, &["id", "event id cnty", "event id", "data id"]),
        field("date", true, &["date start", "event date", "date"]),
        field("date-end", false, &["date end"]),
        field("latitude", true, &["latitude", "lat"]),
        field("longitude", true, &["longitude", "lon"]),
        field("ucdp-place-precision", false, &["where prec"]),
        field("acled-place-precision", false, &["geo precision"]),
        field("ucdp-date-precision", false, &["date prec"]),
        field("acled-date-precision", false, &["time precision"]),
        field("deaths", false, &["best", "best est", "fatalities", "deaths"]),
        field("deaths-low", false, &["low", "low est"]),
        field("deaths-high", false, &["high", "high est"]),
        field("district", false, &["district 2023", "adm 2", "admin2", "district"]),
        field("province", false, &["province 2023", "adm 1", "admin1", "province"]),
        field("violence", false, &["type of violence"]),
        field("event-type", false, &["event type"]),
        field("headline", false, &["source headline", "notes"]),
        field("where", false, &["where description", "where coordinates", "location"]),
        field("country", false, &["country"]),
    ],
};

const ID: usize = 0;
const DATE: usize = 1;
const LATITUDE: usize = 3;
const UCDP_PLACE: usize = 5;
const ACLED_PLACE: usize = 6;
const UCDP_TIME: usize = 7;
const ACLED_TIME: usize = 8;
const DEATHS: usize = 9;
const DISTRICT: usize = 12;
const PROVINCE: usize = 13;
const VIOLENCE: usize = 14;
const EVENT_TYPE: usize = 15;
const HEADLINE: usize = 16;

/// Which data set an export comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    Ucdp,
    Acled,
}

impl Source {
    fn of(cells: &Cells<'_>) -> Self {
        let acled = cells.has(ACLED_PLACE) || cells.has(EVENT_TYPE) || cells.has(ACLED_TIME);
        if acled && !cells.has(UCDP_PLACE) { Self::Acled } else { Self::Ucdp }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Ucdp => "ucdp",
            Self::Acled => "acled",
        }
    }
}

/// Imports events; `known` are those already held, so that the same act from another file counts once.
///
/// # Errors
/// [`ImportError`] when the file or its mapping cannot be used, or the watcher stops the work.
pub fn import(
    input: &mut dyn Read,
    options: &ImportOptions,
    known: &[IncidentRecord],
    watch: &mut Watch<'_>,
) -> Result<Imported<IncidentRecord>, ImportError> {
    let mut register = Register::new(known);
    let mut events: Vec<IncidentRecord> = Vec::new();
    let reading = read_rows(input, &SCHEMA, options, watch, &mut |cells, findings| {
        let Some((event, outcome)) = event(cells, findings) else { return Outcome::Quarantined };
        if let Some(same) = register.same(&event) {
            findings.push(Code::EventDuplicate, cells.number(), cells.header(ID), same, "");
            return Outcome::Quarantined;
        }
        register.add(&event);
        events.push(event);
        outcome
    })?;
    events.sort_by(|a, b| (a.date, &a.id).cmp(&(b.date, &b.id)));
    Ok(reading.with(events))
}

fn event(cells: &Cells<'_>, findings: &mut Findings) -> Option<(IncidentRecord, Outcome)> {
    let row = cells.number();
    let source = Source::of(cells);
    let id = cells.get(ID);
    if id.is_empty() || id.len() > 50 {
        findings.push(Code::IdInvalid, row, cells.header(ID), "", "");
        return None;
    }
    let Some(start) = date(cells.get(DATE)) else {
        let now = "the row is set aside";
        findings.push(Code::DateInvalid, row, cells.header(DATE), cells.get(DATE), now);
        return None;
    };
    let kind = cells.get(EVENT_TYPE);
    if matches!(kind, "Protests" | "Strategic developments") {
        findings.push(Code::EventPeaceful, row, cells.header(EVENT_TYPE), kind, "");
        return None;
    }
    let (lat, lon) = (cells.get(LATITUDE), cells.get(LATITUDE + 1));
    let Position::At { point, swapped, .. } = position(lat, lon) else {
        let was = format!("{lat} {lon}");
        let now = "no place: the event is set aside";
        findings.push(Code::CoordinateOutOfArea, row, cells.header(LATITUDE), &was, now);
        return None;
    };
    let mut outcome = Outcome::Accepted;
    if swapped {
        let (was, now) = (format!("{lat} {lon}"), format!("{lon} {lat}"));
        findings.push(Code::CoordinateSwapped, row, cells.header(LATITUDE), &was, &now);
        outcome = Outcome::Repaired;
    }
    let end = date(cells.get(DATE + 1)).filter(|end| *end >= start).unwrap_or(start);
    let place_precision = place_precision(cells, source, findings);
    let mut deaths = |at: usize, otherwise: u32| {
        let cell = cells.get(at);
        if cell.is_empty() {
            return otherwise;
        }
        count(cell).unwrap_or_else(|| {
            let now = otherwise.to_string();
            findings.push(Code::NumberInvalid, row, cells.header(at), cell, &now);
            outcome = Outcome::Repaired;
            otherwise
        })
    };
    let best = deaths(DEATHS, 0);
    let (low, high) = (deaths(DEATHS + 1, best).min(best), deaths(DEATHS + 2, best).max(best));
    let record = IncidentRecord {
        id: format!("{}:{id}", source.name()),
        date: start,
        date_end: end,
        point,
        place_precision,
        date_precision: date_precision(cells, source),
        deaths_best: best,
        deaths_low: low,
        deaths_high: high,
        district: cells.get(DISTRICT).to_owned(),
        province: cells.get(PROVINCE).to_owned(),
        violence_type: violence(cells, source),
        on_election: on_election(cells.get(HEADLINE)),
        source: source.name().to_owned(),
    };
    Some((record, outcome))
}

/// UCDP: 1 exact … 6 country. ACLED: 1 the place, 2 near it, 3 the province or a large area; kept as 1, 2, 3. An
/// unreadable one is taken as the vaguest, so that it never counts for a point.
fn place_precision(cells: &Cells<'_>, source: Source, findings: &mut Findings) -> u8 {
    let (at, most) = match source {
        Source::Ucdp => (UCDP_PLACE, 7),
        Source::Acled => (ACLED_PLACE, 3),
    };
    let read = count(cells.get(at)).and_then(|value| u8::try_from(value).ok());
    let precision = match read {
        Some(value) if (1..=most).contains(&value) => value,
        _ => {
            let cell = cells.get(at);
            findings.push(Code::NumberInvalid, cells.number(), cells.header(at), cell, "6");
            6
        }
    };
    const AREAS: [&str; 4] = ["a province", "a line or fuzzy area", "the country", "the open sea"];
    if precision >= 4 {
        let was = AREAS.get(usize::from(precision) - 4).copied().unwrap_or_default();
        findings.push(Code::PlaceVague, cells.number(), cells.header(at), was, "");
    }
    precision
}

/// UCDP: 1 the day … 5 the year. ACLED: 1 the day, 2 the week, 3 the month, which are UCDP's 1, 3 and 4.
fn date_precision(cells: &Cells<'_>, source: Source) -> u8 {
    let read = |at: usize| count(cells.get(at)).and_then(|value| u8::try_from(value).ok());
    match source {
        Source::Ucdp => read(UCDP_TIME).filter(|value| (1..=5).contains(value)).unwrap_or(5),
        Source::Acled => match read(ACLED_TIME) {
            Some(1) => 1,
            Some(2) => 3,
            Some(3) => 4,
            _ => 5,
        },
    }
}

/// ACLED does not tell state-based from non-state fighting; only violence against civilians has a UCDP code.
fn violence(cells: &Cells<'_>, source: Source) -> u8 {
    match source {
        Source::Ucdp => count(cells.get(VIOLENCE))
            .and_then(|value| u8::try_from(value).ok())
            .filter(|value| (1..=3).contains(value))
            .unwrap_or(0),
        Source::Acled if cells.get(EVENT_TYPE) == "Violence against civilians" => 3,
        Source::Acled => 0,
    }
}

/// Whether the headline or note speaks of an election, in words only used for one.
fn on_election(text: &str) -> bool {
    const WORDS: [&str; 9] = [
        "election",
        "electoral",
        "polling station",
        "polling staff",
        "ballot",
        "polling booth",
        "returning officer",
        "by-poll",
        "campaign rally",
    ];
    let lower = text.to_lowercase();
    WORDS.iter().any(|word| lower.contains(word))
}

/// Farthest two reports of one act may place it, in metres.
const SAME_PLACE_M: f64 = 5_000.0;

/// Events by day and id.
struct Register {
    by_day: BTreeMap<i32, Vec<IncidentRecord>>,
    ids: BTreeMap<String, ()>,
}

impl Register {
    fn new(known: &[IncidentRecord]) -> Self {
        let mut register = Self { by_day: BTreeMap::new(), ids: BTreeMap::new() };
        for event in known {
            register.add(event);
        }
        register
    }

    fn add(&mut self, event: &IncidentRecord) {
        self.ids.insert(event.id.clone(), ());
        self.by_day.entry(event.date.0).or_default().push(event.clone());
    }

    /// The id of an event that this one repeats: the same id, or another data set's event one day or less apart,
    /// 5 km or less away, with the same deaths, both placed no more vaguely than a district. Two events of one
    /// data set with different ids are two events.
    fn same<'r>(&'r self, event: &'r IncidentRecord) -> Option<&'r str> {
        if self.ids.contains_key(&event.id) {
            return Some(&event.id);
        }
        let days = event.date.0.saturating_sub(1)..=event.date.0.saturating_add(1);
        self.by_day
            .range(days)
            .flat_map(|(_, events)| events)
            .find(|other| {
                other.source != event.source
                    && other.deaths_best == event.deaths_best
                    && other.place_precision <= 3
                    && event.place_precision <= 3
                    && other.point.distance_m(event.point) <= SAME_PLACE_M
            })
            .map(|other| other.id.as_str())
    }
}

#[cfg(test)]
mod tests;
