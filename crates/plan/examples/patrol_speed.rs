//! How long the cover of 90,675 places takes: `cargo run --release -p pehra-plan --example patrol_speed -- [TEAMS]`.
#![expect(
    clippy::print_stdout,
    clippy::disallowed_types,
    reason = "an example measures and prints"
)]

use pehra_domain::seed::Seed;
use pehra_plan::patrol::{Stake, TEAM_TAKES_PERMILLE, cover, draw, stake_of};
use std::{error::Error, time::Instant};

const PLACES: usize = 90_675;
const RUNS: usize = 21;

fn main() -> Result<(), Box<dyn Error>> {
    let teams: u32 = std::env::args().nth(1).map_or(Ok(7_800), |text| text.parse())?;
    let mut chance = Seed::new(2_024);
    let mut stakes: Vec<Stake> = Vec::with_capacity(PLACES);
    for _ in 0..PLACES {
        let score = u16::try_from(500 + chance.below(9_000))?;
        stakes.push(stake_of(score, TEAM_TAKES_PERMILLE));
    }
    let mut times = Vec::new();
    let mut last = None;
    for _ in 0..RUNS {
        let start = Instant::now();
        let plan = cover(&stakes, teams)?;
        times.push(start.elapsed().as_secs_f64() * 1_000.0);
        last = Some(plan);
    }
    times.sort_by(f64::total_cmp);
    let plan = last.ok_or("no run")?;
    println!(
        "{PLACES} places, {teams} teams: median {:.2} ms of {RUNS} runs, most {:.2} ms",
        times[RUNS / 2],
        times[RUNS - 1]
    );
    println!("dearest attack {:.6}, bound {:.6}, idle {:.3}", plan.level, plan.bound, plan.idle);
    let start = Instant::now();
    let list = draw(&plan.shares, &[7; 32], "2024-02-08");
    println!(
        "one day's list: {} places in {:.2} ms",
        list.places.len(),
        start.elapsed().as_secs_f64() * 1_000.0
    );
    Ok(())
}
