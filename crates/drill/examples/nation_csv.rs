//! Writes the imagined nation's station list, or with `forces` its units, to standard output, as a file to import:
//! `cargo run --release -p pehra-drill --example nation_csv [stations|forces] [SEED] > nation.csv`.

use pehra_drill::{Facts, facts, generate, nation::csv};
use std::{error::Error, io::Write, ops::ControlFlow};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1).peekable();
    let which = arguments.next_if(|word| word.parse::<u64>().is_err());
    let seed = arguments.next().map_or(Ok(2024), |text| text.parse())?;
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
    let text = match which.as_deref() {
        None | Some("stations") => csv::stations(&nation, &gazetteer),
        Some("forces") => csv::forces(&nation),
        Some(other) => return Err(format!("{other}: say stations or forces").into()),
    };
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(())
}
