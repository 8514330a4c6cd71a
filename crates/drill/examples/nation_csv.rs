//! Writes the imagined nation's station list to standard output, as a file to import:
//! `cargo run --release -p pehra-drill --example nation_csv [SEED] > nation.csv`.

use pehra_drill::{Facts, facts, generate, nation::csv};
use std::{error::Error, io::Write, ops::ControlFlow};

fn main() -> Result<(), Box<dyn Error>> {
    let seed = std::env::args().nth(1).map_or(Ok(2024), |text| text.parse())?;
    let facts = Facts::parse(
        include_str!("../../../data/ge2024.csv"),
        include_str!("../../../data/seats.csv"),
        include_str!("../../../data/rooms.csv"),
    )?;
    let gazetteer = facts::gazetteer(
        include_str!("../../../data/districts.csv"),
        include_str!("../../../data/towns.csv"),
    )?;
    let nation = generate(&facts, &gazetteer, seed, &mut |_| ControlFlow::Continue(()))?;
    std::io::stdout().write_all(csv::stations(&nation, &gazetteer).as_bytes())?;
    Ok(())
}
