//! Draws the nation several times and prints the median time, the sizes and the promised figures:
//! `cargo run --release -p pehra-drill --example nation_speed [SEED]`.
#![expect(clippy::print_stdout, reason = "an example prints")]
#![expect(clippy::disallowed_types, reason = "a measurement needs a clock; the library has none")]

use pehra_drill::{Facts, facts, generate, nation::marginal::marginals};
use std::{error::Error, ops::ControlFlow, time::Instant};

const FIGURES: &str = include_str!("../../../data/ge2024.csv");
const SEATS: &str = include_str!("../../../data/seats.csv");
const ROOMS: &str = include_str!("../../../data/rooms.csv");
const DISTRICTS: &str = include_str!("../../../data/districts.csv");
const TOWNS: &str = include_str!("../../../data/towns.csv");
const RUNS: usize = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let seed = std::env::args().nth(1).map_or(Ok(2024), |text| text.parse())?;
    let facts = Facts::parse(FIGURES, SEATS, ROOMS)?;
    let gazetteer = facts::gazetteer(DISTRICTS, TOWNS)?;
    let mut times_ms = Vec::with_capacity(RUNS);
    let mut last = None;
    for _ in 0..RUNS {
        let start = Instant::now();
        last = Some(generate(&facts, &gazetteer, seed, &mut |_| ControlFlow::Continue(()))?);
        times_ms.push(start.elapsed().as_millis());
    }
    let Some(nation) = last else { return Ok(()) };
    for row in marginals(&facts, &nation) {
        let verdict = if row.promised == row.drawn { "=" } else { "DIFFERS" };
        let (area, measure) = (&row.area, row.measure.code());
        println!("{area:<36} {measure:<18} {:>12} {:>12} {verdict}", row.promised, row.drawn);
    }
    println!("stations {}", nation.stations.len());
    println!("buildings {} and {} other places", nation.buildings.len(), nation.places.len());
    println!("units {}", nation.units.len());
    println!("incidents {}", nation.incidents.len());
    println!("survey answers {}", nation.surveys.len());
    times_ms.sort_unstable();
    println!("median of {RUNS} runs: {} ms", times_ms[RUNS / 2]);
    Ok(())
}
