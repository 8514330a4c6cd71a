//! The seats and their calls as tables.

use super::{Planned, SeatFile};
use crate::work::WorkError;
use pehra_exchange::export::{Cell, Sheet, csv, xlsx};
use std::collections::BTreeMap;

/// 27:15 is a quarter past three on the next day.
#[must_use]
pub fn clock(seconds: u32) -> String {
    format!("{:02}:{:02}", seconds / 3_600, seconds / 60 % 60)
}

pub(super) fn written(
    headers: &[&str],
    rows: Vec<Vec<String>>,
    watermark: Option<&str>,
) -> Result<Vec<u8>, WorkError> {
    let mut out = Vec::new();
    csv(headers, &mut rows.into_iter(), watermark, &mut out)
        .map_err(|error| WorkError::Input(error.to_string()))?;
    Ok(out)
}

/// A line for each seat.
///
/// # Errors
/// [`WorkError::Input`] when the table cannot be written.
pub fn seats_csv(
    files: &BTreeMap<String, SeatFile>,
    watermark: Option<&str>,
) -> Result<Vec<u8>, WorkError> {
    let row = |file: &SeatFile| {
        let bound = |planned: &Planned| {
            planned.plan.bound.map_or("no bound".to_owned(), |it| it.to_string())
        };
        vec![
            file.seat.clone(),
            file.district.name().to_owned(),
            file.outcome.stations.to_string(),
            file.eve.plan.convoys.len().to_string(),
            file.night.plan.convoys.len().to_string(),
            file.eve.plan.objective.to_string(),
            bound(&file.eve),
            file.night.plan.objective.to_string(),
            bound(&file.night),
            (file.eve.plan.unserved.len() + file.night.plan.unserved.len()).to_string(),
            file.desk.counters.to_string(),
            clock(file.outcome.receipt.p50_s),
            clock(file.outcome.receipt.p95_s),
            clock(file.outcome.last.p95_s),
            file.outcome.by_provisional_permille.to_string(),
            file.outcome.by_outer_permille.to_string(),
            (if file.estimated { "estimated" } else { "roads" }).to_owned(),
        ]
    };
    let headers = [
        "seat",
        "district",
        "stations",
        "convoys_eve",
        "convoys_night",
        "cost_eve",
        "bound_eve",
        "cost_night",
        "bound_night",
        "unserved",
        "counters",
        "receipt_p50",
        "receipt_p95",
        "last_receipt_p95",
        "by_0200_permille",
        "by_1000_permille",
        "travel",
    ];
    written(&headers, files.values().map(row).collect(), watermark)
}

const CALL_HEADERS: [&str; 16] = [
    "seat",
    "direction",
    "convoy",
    "team",
    "trip",
    "depart",
    "order",
    "building",
    "stations",
    "class",
    "arrive",
    "overdue",
    "bag_from",
    "bag_until",
    "escorts",
    "commander_apart",
];

/// A line for each call of each convoy.
///
/// # Errors
/// [`WorkError::Input`] when the table cannot be written.
pub fn calls_csv(
    files: &BTreeMap<String, SeatFile>,
    watermark: Option<&str>,
) -> Result<Vec<u8>, WorkError> {
    written(&CALL_HEADERS, files.values().flat_map(both_rows).collect(), watermark)
}

/// The same of one seat.
///
/// # Errors
/// As [`calls_csv`].
pub fn seat_calls_csv(file: &SeatFile, watermark: Option<&str>) -> Result<Vec<u8>, WorkError> {
    written(&CALL_HEADERS, both_rows(file).collect(), watermark)
}

fn both_rows(file: &SeatFile) -> impl Iterator<Item = Vec<String>> + '_ {
    let both = [("eve", &file.eve), ("night", &file.night)];
    both.into_iter().flat_map(|(word, planned)| call_rows(&file.seat, word, planned))
}

fn call_rows(seat: &str, direction: &str, planned: &Planned) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for (convoy, named) in planned.plan.convoys.iter().zip(&planned.calls) {
        for ((order, call), named) in (1_u32..).zip(&convoy.calls).zip(named) {
            rows.push(vec![
                seat.to_owned(),
                direction.to_owned(),
                convoy.number.to_string(),
                convoy.team.to_string(),
                convoy.trip.to_string(),
                clock(convoy.depart_s),
                order.to_string(),
                named.building.clone(),
                named.stations.join(" "),
                named.class.title().to_owned(),
                clock(call.arrive_s),
                clock(call.overdue_s),
                named.bag_from.to_string(),
                named.bag_until.to_string(),
                convoy.escorts.to_string(),
                (if convoy.commander_apart { "yes" } else { "no" }).to_owned(),
            ]);
        }
    }
    rows
}

fn strip_rows(direction: &str, planned: &Planned) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for (convoy, strip) in planned.plan.convoys.iter().zip(&planned.strips) {
        let building = |halt: u32| {
            let mut calls = planned
                .plan
                .convoys
                .iter()
                .zip(&planned.calls)
                .flat_map(|(c, named)| c.calls.iter().zip(named));
            let found = calls.find(|(call, _)| call.halt == halt);
            found.map_or_else(|| format!("halt {halt}"), |(_, named)| named.building.clone())
        };
        for (order, leg) in (1_u32..).zip(strip) {
            let way = leg.alternate;
            rows.push(vec![
                direction.to_owned(),
                convoy.number.to_string(),
                order.to_string(),
                leg.to.map_or_else(|| "returning office".to_owned(), building),
                leg.course_deg.to_string(),
                leg.distance_m.to_string(),
                leg.time_s.to_string(),
                (if leg.estimated { "estimated" } else { "roads" }).to_owned(),
                way.map_or_else(|| "none known".to_owned(), |way| building(way.via)),
                way.map_or_else(String::new, |way| way.time_s.to_string()),
            ]);
        }
    }
    rows
}

/// A workbook for one seat: calls of the eve, calls of the night, strips.
///
/// # Errors
/// [`WorkError::Input`] when it cannot be made.
pub fn seat_xlsx(file: &SeatFile, watermark: Option<&str>) -> Result<Vec<u8>, WorkError> {
    let sheet = |name: &str, headers: &[&str], rows: Vec<Vec<String>>| Sheet {
        name: name.to_owned(),
        headers: headers.iter().map(|&header| header.to_owned()).collect(),
        rows: rows.into_iter().map(|row| row.into_iter().map(Cell::Text).collect()).collect(),
        right_to_left: false,
    };
    let strip_headers = [
        "direction",
        "convoy",
        "leg",
        "to",
        "course_deg",
        "distance_m",
        "time_s",
        "travel",
        "alternate_over",
        "alternate_time_s",
    ];
    let mut strips = strip_rows("eve", &file.eve);
    strips.extend(strip_rows("night", &file.night));
    let sheets = [
        sheet("eve", &CALL_HEADERS, call_rows(&file.seat, "eve", &file.eve)),
        sheet("night", &CALL_HEADERS, call_rows(&file.seat, "night", &file.night)),
        sheet("strips", &strip_headers, strips),
    ];
    xlsx(&sheets, watermark).map_err(|error| WorkError::Input(error.to_string()))
}
