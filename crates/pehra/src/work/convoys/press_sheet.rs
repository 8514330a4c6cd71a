//! The press → district leg as tables: districts, strips of the convoys, flights, and the manifest of every vehicle.

use super::{
    sheet::{clock, written},
    supply::{Goal, PressFile, SupplyFile, craft_word, day_clock, journey},
};
use crate::work::WorkError;
use pehra_plan::convoy::press::{Night, PressConvoy, load::Cartons};

fn word(yes: bool, one: &str, other: &str) -> String {
    (if yes { one } else { other }).to_owned()
}

fn name(file: &PressFile, number: u32) -> String {
    let row = file.consigned.get(number as usize);
    row.map_or_else(|| number.to_string(), |row| row.area.name().to_owned())
}

fn kilometres(metres: u32) -> String {
    (metres / 1_000).to_string()
}

/// A line for each district: its press, how the papers come, when they leave and when they are handed over. Districts without
/// a press, and those that nothing reaches, have a line too.
///
/// # Errors
/// [`WorkError::Input`] when a table cannot be written.
pub fn presses_csv(supply: &SupplyFile, watermark: Option<&str>) -> Result<Vec<u8>, WorkError> {
    let headers = [
        "district",
        "press",
        "town",
        "prints_for_it",
        "to",
        "papers",
        "kilograms",
        "by",
        "vehicles",
        "leaves",
        "handed_over",
        "state",
        "road_km",
        "road_driving",
        "travel",
    ];
    let mut rows = Vec::new();
    for file in &supply.presses {
        for (number, row) in (0_u32..).zip(&file.consigned) {
            let journey = journey(file, number);
            let state = match journey {
                _ if file.plan.unserved.contains(&number) => "nothing brings it",
                Some((_, _, true)) => "late",
                Some(_) => "in time",
                None => "no papers",
            };
            let road = |which: fn((u32, u32)) -> String| row.road.map_or("none".to_owned(), which);
            rows.push(vec![
                row.area.name().to_owned(),
                file.name.clone(),
                file.town.clone(),
                word(row.assumed, "assumed", "published"),
                match &row.goal {
                    Goal::Store(building) => format!("store {building}"),
                    Goal::Office(seat) => format!("office of {seat}"),
                },
                row.papers.to_string(),
                (row.grams / 1_000).to_string(),
                word(row.by_air, "air", "road"),
                file.vehicles(number).to_string(),
                journey.map_or_else(String::new, |it| day_clock(it.0)),
                journey.map_or_else(String::new, |it| day_clock(it.1)),
                state.to_owned(),
                road(|(_, metres)| kilometres(metres)),
                road(|(seconds, _)| clock(seconds)),
                word(row.estimated, "estimated", "roads"),
            ]);
        }
    }
    for area in &supply.without_press {
        let mut row = vec![String::new(); headers.len()];
        row[0] = area.name().to_owned();
        row[11] = "no press prints for it".to_owned();
        rows.push(row);
    }
    written(&headers, rows, watermark)
}

/// A line for each leg of each convoy, the way home with them.
///
/// # Errors
/// As [`presses_csv`].
pub fn press_strips_csv(
    supply: &SupplyFile,
    watermark: Option<&str>,
) -> Result<Vec<u8>, WorkError> {
    let headers = [
        "press",
        "convoy",
        "lorries",
        "escorts",
        "commander_apart",
        "loading",
        "leaves",
        "leg",
        "to",
        "lorries_left_there",
        "km",
        "driving",
        "nights",
        "arrives",
        "overdue",
        "hand_over_from",
        "hand_over_until",
        "travel",
        "alternate_over",
        "alternate_km",
        "alternate_driving",
    ];
    let mut rows = Vec::new();
    for file in &supply.presses {
        rows.extend(file.plan.convoys.iter().flat_map(|convoy| strip(file, convoy)));
    }
    written(&headers, rows, watermark)
}

fn strip(file: &PressFile, convoy: &PressConvoy) -> Vec<Vec<String>> {
    let night = |night: &Night| {
        let (evening, near) = (day_clock(night.evening), name(file, night.near));
        format!("{evening} near {near} ({} km off the way)", kilometres(night.off_m))
    };
    let drops = convoy.drops.iter().map(Some).chain([None]);
    let row = |((order, leg), drop): ((u32, &_), Option<&_>)| {
        let leg: &pehra_plan::convoy::press::PressLeg = leg;
        let drop: Option<&pehra_plan::convoy::press::Drop> = drop;
        let at = |moment: fn(&pehra_plan::convoy::press::Drop) -> String| {
            drop.map_or_else(String::new, moment)
        };
        let other = leg.alternate;
        vec![
            file.press.clone(),
            convoy.number.to_string(),
            convoy.lorries.to_string(),
            convoy.escorts.to_string(),
            word(convoy.commander_apart, "yes", "no"),
            day_clock(convoy.load),
            day_clock(convoy.depart),
            order.to_string(),
            leg.to.map_or_else(|| "press".to_owned(), |to| name(file, to)),
            at(|drop| drop.lorries.len().to_string()),
            kilometres(leg.distance_m),
            clock(leg.time_s),
            leg.nights.iter().map(night).collect::<Vec<_>>().join("; "),
            drop.map_or_else(|| day_clock(convoy.home), |drop| day_clock(drop.arrive)),
            at(|drop| day_clock(drop.overdue)),
            at(|drop| day_clock(drop.begin)),
            at(|drop| day_clock(drop.done)),
            word(leg.estimated, "estimated", "roads"),
            other.map_or_else(|| "none known".to_owned(), |way| name(file, way.via)),
            other.map_or_else(String::new, |way| kilometres(way.distance_m)),
            other.map_or_else(String::new, |way| clock(way.time_s)),
        ]
    };
    (1_u32..).zip(&convoy.legs).zip(drops).map(row).collect()
}

/// A line for each flight.
///
/// # Errors
/// As [`presses_csv`].
pub fn flights_csv(supply: &SupplyFile, watermark: Option<&str>) -> Result<Vec<u8>, WorkError> {
    let headers = [
        "press",
        "flight",
        "craft",
        "district",
        "kilograms",
        "escorts",
        "loading",
        "leaves",
        "lands",
        "given_to_districts_escort",
        "flown_km",
        "road_km",
        "road_driving",
        "arrives",
        "hand_over_until",
        "craft_home",
        "by_road_instead_km",
        "by_road_instead_driving",
    ];
    let mut rows = Vec::new();
    for file in &supply.presses {
        for flight in &file.plan.flights {
            let grams: u64 = flight.cartons.iter().map(|row| row.grams).sum();
            let instead = |which: fn((u32, u32)) -> String| {
                flight.by_road.map_or_else(|| "none known".to_owned(), which)
            };
            rows.push(vec![
                file.press.clone(),
                flight.number.to_string(),
                craft_word(flight.craft).to_owned(),
                name(file, flight.consignment),
                (grams / 1_000).to_string(),
                flight.escorts.to_string(),
                day_clock(flight.load),
                day_clock(flight.depart),
                day_clock(flight.landed),
                day_clock(flight.unloaded),
                kilometres(flight.distance_m),
                kilometres(flight.road_m),
                clock(flight.road_s),
                day_clock(flight.arrive),
                day_clock(flight.done),
                day_clock(flight.home),
                instead(|(metres, _)| kilometres(metres)),
                instead(|(_, seconds)| clock(seconds)),
            ]);
        }
    }
    written(&headers, rows, watermark)
}

/// The manifest of every lorry and flight: a line for each seat whose cartons ride in it. Seals and receipts are written
/// beside them by hand.
///
/// # Errors
/// As [`presses_csv`].
pub fn press_loads_csv(supply: &SupplyFile, watermark: Option<&str>) -> Result<Vec<u8>, WorkError> {
    let headers = [
        "press",
        "by",
        "number",
        "lorry",
        "district",
        "seat",
        "paper",
        "carton_from",
        "carton_until",
        "papers",
        "kilograms",
        "seal",
        "received_by",
    ];
    let mut rows = Vec::new();
    for file in &supply.presses {
        let mut load = |by: [String; 2], lorry: String, district: u32, cartons: &[Cartons]| {
            for row in cartons {
                let mut cells = vec![file.press.clone()];
                cells.extend(by.clone());
                cells.extend([
                    lorry.clone(),
                    name(file, district),
                    row.seat.clone(),
                    word(row.national, "green", "white"),
                    row.from.to_string(),
                    row.until.to_string(),
                    row.papers.to_string(),
                    (row.grams / 1_000).to_string(),
                    String::new(),
                    String::new(),
                ]);
                rows.push(cells);
            }
        };
        for convoy in &file.plan.convoys {
            let by = ["convoy".to_owned(), convoy.number.to_string()];
            let lorries = convoy
                .drops
                .iter()
                .flat_map(|drop| drop.lorries.iter().map(|cartons| (drop.consignment, cartons)));
            for (lorry, (district, cartons)) in (1_u32..).zip(lorries) {
                load(by.clone(), lorry.to_string(), district, cartons);
            }
        }
        for flight in &file.plan.flights {
            let by = [craft_word(flight.craft).to_owned(), flight.number.to_string()];
            load(by, String::new(), flight.consignment, &flight.cartons);
        }
    }
    written(&headers, rows, watermark)
}
