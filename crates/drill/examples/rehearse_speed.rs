//! Rehearses the imagined nation and prints runs a second, the spreads and the weakest places:
//! `cargo run --release -p pehra-drill --example rehearse_speed [RUNS]`.
#![expect(clippy::print_stdout, reason = "an example prints")]
#![expect(clippy::disallowed_types, reason = "a measurement needs a clock; the library has none")]

use pehra_drill::{
    Facts,
    day::{Parameters, plan::nation::of_nation},
    facts, generate,
    rehearse::{MEASURES, Setup, rehearse},
};
use pehra_plan::{allocate::DistanceModel, communication::bearer::Bearers};
use std::{error::Error, ops::ControlFlow, time::Instant};

const FIGURES: &str = include_str!("../../../data/ge2024.csv");
const SEATS: &str = include_str!("../../../data/seats.csv");
const ROOMS: &str = include_str!("../../../data/rooms.csv");
const DISTRICTS: &str = include_str!("../../../data/districts.csv");
const TOWNS: &str = include_str!("../../../data/towns.csv");
const BEARERS: &str = include_str!("../../../data/bearers.csv");

fn main() -> Result<(), Box<dyn Error>> {
    let runs = std::env::args().nth(1).map_or(Ok(1_000), |text| text.parse())?;
    let facts = Facts::parse(FIGURES, SEATS, ROOMS)?;
    let gazetteer = facts::gazetteer(DISTRICTS, TOWNS)?;
    let mut go_on = |_| ControlFlow::Continue(());
    let nation = generate(&facts, &gazetteer, 2024, &mut go_on)?;
    let bearers = Bearers::parse(BEARERS)?;
    let distance = DistanceModel::proposed();
    let plan = of_nation(&nation, (&gazetteer, &distance), &bearers, &mut go_on)?;
    let figures = Parameters::shipped()?;
    for threads in [1, 2] {
        let setup = Setup { runs, threads, ..Setup::default() };
        let start = Instant::now();
        let rehearsal = rehearse(&plan, &figures, &setup, &mut go_on)?;
        let took = start.elapsed().as_secs_f64();
        println!(
            "{threads} threads: {runs} runs in {took:.1} s, {:.1} a second",
            f64::from(runs) / took
        );
        if threads == 2 {
            for (name, spread) in MEASURES.iter().zip(rehearsal.spreads()) {
                println!("{name:<30} median {:>6} p95 {:>6}", spread.median, spread.p95);
            }
            for weak in &rehearsal.weakest {
                let id = &plan.buildings[weak.building as usize].id;
                println!(
                    "{id} {:?} dark {} late {} help {} s",
                    weak.because, weak.dark_permille, weak.late_permille, weak.help_s
                );
            }
        }
    }
    Ok(())
}
