//! The documented cases of 2023 and 2024 as a scenario: each at its time, or at an assumed one where none was published, at the
//! nearest place that the plan has; and the record of the suspension of 8 February 2024.

use super::{Cut, Event, Scenario, Scripted, Second, Statement};
use crate::{
    FactsError,
    day::{Between, Cause, Parameters, Place, Plan, Trouble},
    table::{Row, Table},
};
use pehra_domain::{AreaId, Point, area::slug};

/// The cases that the product ships.
pub const REPLAY_CSV: &str = include_str!("../../../../../data/replay_cases.csv");
/// The record of the suspension.
pub const SUSPENSION_CSV: &str = include_str!("../../../../../data/suspension_2024.csv");

/// One documented case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    pub id: String,
    pub what: String,
    /// As the gazetteer spells it; empty for the nation.
    pub district: String,
    pub point: Option<Point>,
    pub trouble: Trouble,
    pub severity: u8,
    pub killed: Between,
    pub injured: Between,
    pub source: String,
    pub time_precision: String,
    pub at: Second,
    /// Whether the clock time was published; otherwise it is assumed.
    pub time_given: bool,
    event: String,
    statements: Vec<Statement>,
}

/// One line of the record of a suspension: contradictions stand as lines of their own, unknown stays unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    pub field: String,
    pub value: String,
    pub source: String,
}

/// The record of 8 February 2024.
///
/// # Errors
/// [`FactsError`]; a test keeps the shipped table readable.
pub fn suspension(text: &str) -> Result<Vec<Recorded>, FactsError> {
    let table = Table::open("suspension_2024.csv", text, &["field", "value", "source"])?;
    let rows = table.rows();
    Ok(rows
        .map(|row| {
            let cell = |column| table.text(&row, column).to_owned();
            Recorded { field: cell("field"), value: cell("value"), source: cell("source") }
        })
        .collect())
}

/// A station farther than this from a spot does not stand for it.
const ABOUT_M: f64 = 60_000.0;

/// Reads the cases.
///
/// # Errors
/// [`FactsError`] names line and column.
pub fn cases(text: &str) -> Result<Vec<Case>, FactsError> {
    const COLUMNS: [&str; 15] = [
        "id",
        "what",
        "district",
        "lat",
        "lon",
        "code",
        "severity",
        "killed",
        "injured",
        "source",
        "time_precision",
        "at",
        "at_basis",
        "event",
        "tolls",
    ];
    let table = Table::open("replay_cases.csv", text, &COLUMNS)?;
    table.rows().map(|row| case(&table, &row)).collect()
}

fn case(table: &Table<'_>, row: &Row) -> Result<Case, FactsError> {
    let cell = |column| table.text(row, column).to_owned();
    let bad = |column| row.bad(column, table.text(row, column));
    let point = if table.text(row, "lat").is_empty() {
        None
    } else {
        let (lat, lon) = (table.value(row, "lat")?, table.value(row, "lon")?);
        Some(Point::try_from_degrees(lat, lon).ok_or_else(|| bad("lat"))?)
    };
    let tolls = table.text(row, "tolls");
    let statements = tolls.split(';').filter(|it| !it.is_empty()).map(statement);
    Ok(Case {
        id: cell("id"),
        what: cell("what"),
        district: cell("district"),
        point,
        trouble: Trouble::from_word(table.text(row, "code")).ok_or_else(|| bad("code"))?,
        severity: table.value(row, "severity")?,
        killed: range(table.text(row, "killed")).ok_or_else(|| bad("killed"))?,
        injured: range(table.text(row, "injured")).ok_or_else(|| bad("injured"))?,
        source: cell("source"),
        time_precision: cell("time_precision"),
        at: moment(table.text(row, "at")).ok_or_else(|| bad("at"))?,
        time_given: table.text(row, "at_basis") == "given",
        event: cell("event"),
        statements: statements.collect::<Option<_>>().ok_or_else(|| bad("tolls"))?,
    })
}

/// `16-18`, `4`, or nothing known: 0.
fn range(text: &str) -> Option<Between> {
    if text.is_empty() {
        return Some(Between::default());
    }
    let (low, high) = text.split_once('-').unwrap_or((text, text));
    Some(Between { low: low.parse().ok()?, high: high.parse().ok()? })
}

/// `90:14-14/25-30`: after so many minutes, killed, injured.
fn statement(text: &str) -> Option<Statement> {
    let (after, tolls) = text.split_once(':')?;
    let (killed, injured) = tolls.split_once('/')?;
    let minutes: i32 = after.parse().ok()?;
    let (killed, injured) = (range(killed)?, range(injured)?);
    Some(Statement { after_s: minutes.checked_mul(60)?, killed, injured })
}

/// `D-1 13:00`.
pub(super) fn moment(text: &str) -> Option<Second> {
    let (day, clock) = text.strip_prefix('D')?.split_once(' ')?;
    let day: i32 = if day.is_empty() { 0 } else { day.parse().ok()? };
    let (hour, minute) = clock.split_once(':')?;
    Some(Second::on(day, hour.parse().ok()?, minute.parse().ok()?))
}

/// What of the cases could be placed, and what the plan has no place for.
#[derive(Clone, Debug)]
pub struct Replay {
    pub scenario: Scenario,
    /// Cases whose district or seat the plan does not have.
    pub unplaced: Vec<String>,
}

/// All cases on a plan, over their whole time from December to the repoll. Chance is off: nothing else happens.
///
/// # Errors
/// [`FactsError`] when the table cannot be read.
pub fn replay(plan: &Plan, seed: u64, parameters: Parameters) -> Result<Replay, FactsError> {
    let cases = cases(REPLAY_CSV)?;
    let mut scenario = Scenario::calm(seed, parameters);
    "replay of 2024".clone_into(&mut scenario.name);
    let first = cases.iter().map(|case| case.at).min().unwrap_or(super::FROM);
    let last = cases.iter().map(|case| case.at).max().unwrap_or(super::UNTIL);
    scenario.from = Second::on(first.0.div_euclid(86_400), 0, 0);
    scenario.until = Second::on(last.0.div_euclid(86_400) + 1, 0, 0);
    let mut replay = Replay { scenario, unplaced: Vec::new() };
    let mut places: Vec<(String, Place)> = Vec::new();
    for case in &cases {
        if case.event == "cut" {
            replay.scenario.cuts.push(cut(plan, &cases));
            continue;
        }
        if case.event == "restored" {
            continue;
        }
        match event(plan, case, &mut places) {
            Some(event) => {
                let name = case.id.clone();
                replay.scenario.script.push(Scripted { at: case.at, name, event });
            }
            None => replay.unplaced.push(case.id.clone()),
        }
    }
    Ok(replay)
}

/// The suspension with its early ends. Taxila, Gujar Khan and Chakri are parts of a district: they come back with it.
fn cut(plan: &Plan, cases: &[Case]) -> Cut {
    let begun = cases.iter().find(|case| case.event == "cut").map(|case| case.at);
    let back = cases.iter().find(|case| case.event == "restored").map(|case| case.at);
    let (from, early) = (begun.unwrap_or(super::CUT_2024), back.unwrap_or(Second::on(0, 20, 0)));
    let mut cut = Cut::mobile(from, Some(from.plus(24 * 3_600)));
    let named = ["bhakkar", "sargodha", "loralai", "sibi", "jhal-magsi"];
    let karachi = ["malir", "keamari", "korangi"];
    for district in &plan.districts {
        let name = district.area.name();
        let sindh = district.area.province().is_some_and(|it| it.name() == "sindh");
        let in_karachi = name.starts_with("karachi") || karachi.contains(&name);
        if named.contains(&name) || sindh && !in_karachi {
            cut.earlier.push((district.area.clone(), early));
        }
    }
    cut
}

fn event(plan: &Plan, case: &Case, places: &mut Vec<(String, Place)>) -> Option<Event> {
    let words: Vec<&str> = case.event.split(' ').collect();
    let number = |at: usize| words.get(at).and_then(|word| word.parse::<u32>().ok());
    let until = |from: usize| moment(&words.get(from..)?.join(" "));
    let incident = |place: Place, stops_s: u32| Event::Incident {
        trouble: case.trouble,
        severity: case.severity,
        place,
        killed: case.killed.low,
        injured: case.injured.low,
        statements: case.statements.clone(),
        stops_s: i32::try_from(stops_s).unwrap_or(0),
    };
    let mut kept = |place: Place| {
        places.push((case.id.clone(), place));
        place
    };
    match *words.first()? {
        "nation" => Some(incident(Place::Nation, 0)),
        "ground" => Some(incident(Place::Ground(district(plan, case)?, case.point?), 0)),
        "station" => {
            let station = *nearest(plan, case, 1)?.first()?;
            Some(incident(kept(Place::Station(station)), number(1).unwrap_or(0)))
        }
        "office" => Some(incident(Place::Office(office_near(plan, case)?), 0)),
        "as" => {
            let known = places.iter().find(|(id, _)| Some(id.as_str()) == words.get(1).copied());
            let place = known.map(|(_, place)| *place).or_else(|| about(plan, case))?;
            Some(incident(place, 0))
        }
        "paralyse" => {
            let office = office_of(plan, words.get(1)?)?;
            Some(Event::OfficeParalysed { office, until: until(2)? })
        }
        "not-open" => {
            let stations = nearest(plan, case, number(1)?)?;
            let until = until(2)?;
            Some(Event::NotOpen { stations, cause: Cause::Material, until })
        }
        "burn-office" => {
            let office = office_of(plan, words.get(1)?)?;
            Some(Event::BurnOffice { office, count: number(2)? })
        }
        "burn" => Some(Event::Burn { stations: nearest(plan, case, number(1)?)? }),
        "snatch" => Some(Event::Snatch { stations: nearest(plan, case, number(1)?)? }),
        _ => None,
    }
}

fn district(plan: &Plan, case: &Case) -> Option<u32> {
    let wanted = slug(&case.district);
    let named = |area: &AreaId| area.name() == wanted;
    (0_u32..).zip(&plan.districts).find(|(_, it)| named(&it.area)).map(|(at, _)| at)
}

/// The stations nearest to a case in its district that hold a poll, nearest first.
fn nearest(plan: &Plan, case: &Case, count: u32) -> Option<Vec<u32>> {
    let here = &plan.districts[district(plan, case)? as usize];
    let point = case.point?;
    let mut stations: Vec<u32> =
        here.stations.iter().filter(|&at| !plan.stations[at as usize].postponed).collect();
    let place = |at: u32| plan.buildings[plan.stations[at as usize].building as usize].point;
    let steps = |at: u32| {
        let (there, of) = (place(at), |a: i32, b: i32| i64::from(a) - i64::from(b));
        let (x, y) = (of(there.lat_e7, point.lat_e7), of(there.lon_e7, point.lon_e7));
        (x * x + y * y, at)
    };
    stations.sort_by_key(|&at| steps(at));
    stations.truncate(count as usize);
    (stations.len() == count as usize).then_some(stations)
}

/// The station nearest to a case's spot, whatever its district. At a repoll few vote: it stands for a place that is not
/// among them.
fn about(plan: &Plan, case: &Case) -> Option<Place> {
    let spot = case.point?;
    let away =
        |at: usize| plan.buildings[plan.stations[at].building as usize].point.distance_m(spot);
    let near = (0..plan.stations.len()).filter(|&at| !plan.stations[at].postponed);
    let near = near.map(|at| (away(at), at)).min_by(|a, b| a.0.total_cmp(&b.0))?;
    let (_, at) = Some(near).filter(|(away_m, _)| *away_m <= ABOUT_M)?;
    u32::try_from(at).ok().map(Place::Station)
}

fn office_near(plan: &Plan, case: &Case) -> Option<u32> {
    plan.districts[district(plan, case)? as usize].offices.iter().next()
}

fn office_of(plan: &Plan, seat: &str) -> Option<u32> {
    (0_u32..).zip(&plan.offices).find(|(_, it)| it.constituency.as_str() == seat).map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_29_cases_are_read_and_say_whether_their_time_was_published() {
        let cases = cases(REPLAY_CSV).unwrap();
        assert_eq!(cases.len(), 29);
        let given: Vec<&str> =
            cases.iter().filter(|it| it.time_given).map(|it| it.id.as_str()).collect();
        assert_eq!(given, ["RC10", "RC11", "RC14", "RC16", "RC22", "RC23", "RC27", "RC28"]);
        let pishin = &cases[11];
        assert_eq!(pishin.killed, Between { low: 16, high: 18 });
        assert_eq!(moment("D+11 11:00"), Some(Second::on(11, 11, 0)));
        assert_eq!(moment("11:00"), None);
    }

    #[test]
    fn the_record_of_the_suspension_keeps_what_is_unknown() {
        let record = suspension(SUSPENSION_CSV).unwrap();
        let of = |field: &str| {
            record.iter().find(|it| it.field == field).map(|it| it.value.as_str()).unwrap()
        };
        assert_eq!(of("ordered_at"), "2024-02-08 05:39");
        assert_eq!((of("announced_at"), of("impact_stations_dark")), ("unknown", "unknown"));
        assert_eq!(record.iter().filter(|it| it.field.starts_with("court_order")).count(), 5);
        assert!(record.iter().all(|it| !it.source.is_empty()));
    }
}
