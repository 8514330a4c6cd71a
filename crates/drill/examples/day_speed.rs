//! Lets a whole national day happen at full speed and prints what it took and what it was:
//! `cargo run --release -p pehra-drill --example day_speed [SEED] [THREADS]`.
#![expect(clippy::print_stdout, reason = "an example prints")]
#![expect(clippy::disallowed_types, reason = "a measurement needs a clock; the library has none")]
#![expect(clippy::disallowed_methods, reason = "a measurement reads the process's own memory")]

use pehra_drill::{
    Facts,
    day::{Day, Parameters, Plan, Scenario, What, plan::nation::of_nation},
    facts, generate,
};
use pehra_plan::{
    allocate::{DistanceModel, Terrain},
    communication::bearer::Bearers,
};
use std::{collections::BTreeMap, error::Error, ops::ControlFlow, sync::Arc, time::Instant};

const FIGURES: &str = include_str!("../../../data/ge2024.csv");
const SEATS: &str = include_str!("../../../data/seats.csv");
const ROOMS: &str = include_str!("../../../data/rooms.csv");
const DISTRICTS: &str = include_str!("../../../data/districts.csv");
const TOWNS: &str = include_str!("../../../data/towns.csv");
const BEARERS: &str = include_str!("../../../data/bearers.csv");

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let seed = arguments.next().map_or(Ok(2024), |text| text.parse())?;
    let threads = arguments.next().map_or(Ok(2), |text| text.parse())?;
    let start = Instant::now();
    let plan = Arc::new(plan()?);
    println!("nation and plan in {} ms", start.elapsed().as_millis());
    let start = Instant::now();
    let scenario = Scenario::usual(seed, Parameters::shipped()?);
    let mut day = Day::new(Arc::clone(&plan), scenario)?.with_threads(threads);
    println!("day begun in {} ms", start.elapsed().as_millis());
    let start = Instant::now();
    let mut tally = Tally::default();
    let until = day.scenario().until;
    day.advance(until, &mut |happening| tally.take(&happening.what));
    let took = start.elapsed();
    for (kind, count) in &tally.kinds {
        println!("{kind:<22} {count:>9}");
    }
    println!("stations {}", plan.stations.len());
    println!("check-ins made {}, delivered {}", tally.made, tally.delivered);
    println!("census {:#?}", day.census());
    let hash: String = day.trace().iter().map(|byte| format!("{byte:02x}")).collect();
    println!("trace {hash}");
    println!("happenings {} on {threads} threads in {} ms", day.count(), took.as_millis());
    for line in std::fs::read_to_string("/proc/self/status").unwrap_or_default().lines() {
        if line.starts_with("VmHWM") {
            println!("most memory {}", line.trim_start_matches("VmHWM:").trim());
        }
    }
    Ok(())
}

#[derive(Default)]
struct Tally {
    kinds: BTreeMap<String, u64>,
    made: u64,
    delivered: u64,
}

impl Tally {
    fn take(&mut self, what: &What) {
        if let What::CheckInMade { .. } = what {
            self.made += 1;
            return;
        }
        let name = if let What::CheckInDelivered { path, .. } = what {
            self.delivered += 1;
            format!("delivered by {}", path.word())
        } else if let What::IncidentOccurred { trouble, .. } = what {
            format!("occurred {}", trouble.word())
        } else if let What::PathFailed { path, cause, .. } = what {
            format!("failed {} {}", path.word(), cause.word())
        } else if let What::Dark { code, .. } = what {
            format!("dark {code}")
        } else {
            what.kind().to_owned()
        };
        *self.kinds.entry(name).or_default() += 1;
    }
}

fn plan() -> Result<Plan, Box<dyn Error>> {
    let facts = Facts::parse(FIGURES, SEATS, ROOMS)?;
    let gazetteer = facts::gazetteer(DISTRICTS, TOWNS)?;
    let mut go_on = |_| ControlFlow::Continue(());
    let nation = generate(&facts, &gazetteer, 2024, &mut go_on)?;
    let bearers = Bearers::parse(BEARERS)?;
    let mountain = ["Malakand", "Hazara", "Kalat"];
    let terrain = gazetteer.districts.iter().filter_map(|district| {
        let high = mountain.contains(&district.division.as_str());
        high.then(|| (district.area.clone(), Terrain::Mountain))
    });
    let distance = DistanceModel { terrain: terrain.collect(), ..DistanceModel::proposed() };
    Ok(of_nation(&nation, (&gazetteer, &distance), &bearers, &mut go_on)?)
}
