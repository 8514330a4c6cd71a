//! Roads, measured: a real extract against PyPI's `pyroutingkit` and `pyvalhalla` in one run, and a synthetic country.
//!
//! `cargo run --release -p pehra --example roads_speed -- [peers [EXTRACT [ROUNDS]] | country [POINTS [SEED]] | nation [POINTS
//! [SEED [ROUNDS]]] | posts [POINTS [SEED]]]`
//!
//! `country` measures our side alone on a made-up country, `nation` all three on the same one; `posts` lays it over all of
//! Pakistan and bases and posts the nation of true size on it. `peers` (the default) and
//! `nation` install the wheels into `target/peers/roads` by ordinary `pip --only-binary=:all:`; set `PEHRA_PYTHON` to a
//! Python for which wheels exist (3.12 when this was written). Runs alternate: ours, RoutingKit, Valhalla, ours, … each in
//! a process of its own; medians, ratios and goals are printed, seconds by the wall and of processor.
#![expect(clippy::print_stdout, reason = "a measuring program prints")]
#![expect(clippy::too_many_lines, reason = "one country and one measured run, each told in one go")]

#[path = "roads_speed/country.rs"]
mod country;
#[path = "roads_speed/ours.rs"]
mod ours;
#[path = "roads_speed/peers.rs"]
mod peers;
#[path = "roads_speed/posts.rs"]
mod posts;
#[path = "steps/mod.rs"]
mod steps;

use std::path::PathBuf;

fn main() -> anyhow::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let word = |at: usize| words.get(at).map(String::as_str);
    let number = |at: usize| word(at).and_then(|text| text.parse::<u64>().ok());
    let house = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    match word(0) {
        Some("country") => {
            let file = house.join("target/peers/roads/country.osm.pbf");
            std::fs::create_dir_all(house.join("target/peers/roads"))?;
            ours::country(&file, number(1).unwrap_or(10_000_000), number(2).unwrap_or(1))
        }
        Some("nation") => {
            let folder = house.join("target/peers/roads");
            std::fs::create_dir_all(&folder)?;
            let file = folder.join("country.osm.pbf");
            let (points, seed) = (number(1).unwrap_or(10_000_000), number(2).unwrap_or(1));
            let written = country::write(&file, points, seed, country::Land::Dense)?;
            println!("{written} points on roads in {}", file.display());
            peers::run(&house, &file, number(3).unwrap_or(1))
        }
        Some("posts") => posts::run(number(1).unwrap_or(10_000_000), number(2).unwrap_or(1))
            .map_err(|error| anyhow::anyhow!("{error}")),
        Some("ours") => {
            ours::child(&PathBuf::from(word(1).unwrap_or_default()), word(2).map(PathBuf::from))
        }
        _ => {
            let shared = house.join("../shared/data/roads/liechtenstein.osm.pbf");
            let extract = word(1).map_or(shared, PathBuf::from);
            if !extract.exists() {
                println!(
                    "{} is not there: give an extract of your own, peers EXTRACT",
                    extract.display()
                );
                return Ok(());
            }
            peers::run(&house, &extract, number(2).unwrap_or(3))
        }
    }
}
