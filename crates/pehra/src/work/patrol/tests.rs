//! The golden vector of the promise: what a sealed schedule is drawn from, what comes out, and every hash. The same file
//! is read by a program that shares no line with this one (`web/tests/patrol.test.ts`).

use super::*;
use pehra_domain::{
    BuildingId, Point, UnitId, building::BuildingKind, progress::Step, risk::RiskClass,
    station::PlaceBasis,
};
use serde_json::{Value, json};
use std::ops::ControlFlow;

/// The first version names no version of the engine.
const VECTORS: [(Option<u16>, &str); 2] = [
    (None, include_str!("../../../../../fixtures/patrols/v1/promise.json")),
    (Some(1), include_str!("../../../../../fixtures/patrols/v2/promise.json")),
];
const SEED: [u8; 32] = [0x5a; 32];

fn area() -> AreaId {
    AreaId::try_new("pk/sindh/thatta").unwrap()
}

/// So far east of a corner and north of it, in steps of a seventieth of a degree.
fn point(east: i32, north: i32) -> Point {
    Point { lat_e7: 247_000_000 + north * 142_857, lon_e7: 679_000_000 + east * 142_857 }
}

fn buildings() -> Vec<Building> {
    let building = |n: i32| Building {
        id: BuildingId::try_new(format!("B-{n}")).unwrap(),
        kind: BuildingKind::PollingStations,
        name: format!("School {n}"),
        district: area(),
        point: point(n % 5, n / 5),
        place_basis: PlaceBasis::Given,
        stations: Vec::new(),
        window: None,
        line: Vec::new(),
    };
    (0..14).map(building).collect()
}

/// Scores between 5 and 94, a third of them of the highest class.
fn stake(n: usize, terms: &Terms) -> Stake {
    let class = [RiskClass::Normal, RiskClass::Sensitive, RiskClass::Most][n % 3];
    stake_of(500 + u16::try_from(n * 3_701 % 8_900).unwrap(), class, payoffs(terms))
}

fn bases() -> Vec<Unit> {
    let unit = |n: i32| Unit {
        id: UnitId::try_new(format!("U-{n}")).unwrap(),
        name: format!("Line {n}"),
        tier: Tier::Police,
        district: area(),
        point: point(4 * n, 2),
        men: 40,
        women: 4,
        vehicles: 4,
        seats: 30,
        reserve: 0,
        window: None,
        home: None,
    };
    (0..2).map(unit).collect()
}

fn terms(tours: Option<Tours>, engine: Option<u16>) -> Terms {
    Terms { teams: 4, takes_permille: 700, percent: [90, 100, 130], tours, engine }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A day's schedule with all that follows from it, as the vector has it.
fn made(terms: &Terms) -> Value {
    let (buildings, units) = (buildings(), bases());
    let places = buildings.iter().enumerate();
    let places = places.map(|(n, building)| Place { building, stake: stake(n, terms) });
    let bases = units.iter().filter(|_| terms.tours.is_some()).collect();
    let distance = DistanceModel::proposed();
    let ground = Ground { places: places.collect(), bases, distance };
    let planned = ground.plan(terms, &mut |_: Step| ControlFlow::Continue(())).unwrap();
    let (area, day) = (area(), Date::parse("2024-02-08").unwrap());
    let ways = ground.ways(&planned, terms, &SEED, &name(&area, day));
    let input = ground.input(&area, terms);
    let shown = Shown { seed: SEED, ways };
    let at = |point: Point| json!([point.lat_e7, point.lon_e7]);
    let bits = |value: f64| format!("{:016x}", value.to_bits());
    let plans = match &planned {
        Planned::Posts(_) => Value::Null,
        Planned::Tours(plan) => {
            let day = |(day, share): &(pehra_plan::patrol::tour::DayPlan, f64)| json!({ "share": bits(*share), "tours": day.tours });
            let base = |plans: &Vec<_>| plans.iter().map(day).collect::<Value>();
            plan.plans.iter().map(base).collect()
        }
    };
    let part = |way: &Way| hex(&part_text(way));
    let mut made = json!({
        "area": area.as_str(),
        "day": day.to_string(),
        "teams": terms.teams,
        "takes_permille": terms.takes_permille,
        "percent": terms.percent,
        "tours": terms.tours.map(|tours| [tours.shift_hours, tours.stay_minutes]),
        "bases": ground.bases.iter().map(|unit| json!({ "unit": unit.id.as_str(), "point": at(unit.point) })).collect::<Value>(),
        "places": ground.places.iter().map(|place| json!({
            "building": place.building.id.as_str(),
            "uncovered": bits(place.stake.uncovered),
            "covered": bits(place.stake.covered),
            "point": at(place.building.point),
        })).collect::<Value>(),
        "plans": plans,
        "input": input.to_string(),
        "seed": hex(&SEED),
        "ways": shown.ways.iter().map(|way| json!({
            "team": way.team,
            "stops": way.stops.iter().map(|stop| stop.as_str()).collect::<Vec<_>>(),
        })).collect::<Value>(),
        "parts": shown.ways.iter().map(part).collect::<Value>(),
        "whole": hex(&whole_text(&shown)),
        "promise": promise(&area, (day, input), &shown).to_string(),
    });
    if let Some(engine) = terms.engine {
        made["engine"] = engine.into();
    }
    made
}

#[test]
fn the_promise_of_a_schedule_is_the_one_of_the_golden_vector() {
    let tours = Tours { shift_hours: 2, stay_minutes: 20 };
    let of = |engine| json!({ "posts": made(&terms(None, engine)), "tours": made(&terms(Some(tours), engine)) });
    for (engine, vector) in VECTORS {
        let known: Value = serde_json::from_str(vector).unwrap();
        assert_eq!(of(engine), known, "{engine:?}");
    }
    assert_eq!(
        VECTORS.map(|(engine, _)| engine.unwrap_or(1)),
        [ENGINE; 2],
        "a new version plans a new vector"
    );
    let now = of(Some(ENGINE));
    // It is a vector of something: teams that go, and one list that is not the other.
    for kind in ["posts", "tours"] {
        let ways = now[kind]["ways"].as_array().unwrap();
        assert!(ways.iter().filter(|way| way["stops"][0].is_string()).count() > 2, "{ways:?}");
    }
    let plans = now["tours"]["plans"].as_array().unwrap();
    assert!(plans.iter().any(|plans| plans.as_array().unwrap().len() > 1), "nothing to draw");
    assert_ne!(now["posts"]["promise"], now["tours"]["promise"]);
}
