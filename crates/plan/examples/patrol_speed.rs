//! How long the cover of 90,675 places takes: `cargo run --release -p pehra-plan --example patrol_speed -- [TEAMS]`.
#![expect(
    clippy::print_stdout,
    clippy::disallowed_types,
    reason = "an example measures and prints"
)]

use pehra_domain::{Point, risk::RiskClass, seed::Seed};
use pehra_plan::{
    allocate::{DistanceModel, Terrain},
    patrol::{
        Payoffs, Stake, cover, draw, stake_of,
        tour::{Shift, tours},
        way::{Country, Site},
    },
};
use std::{error::Error, time::Instant};

const PLACES: usize = 90_675;
const RUNS: usize = 21;

fn main() -> Result<(), Box<dyn Error>> {
    let teams: u32 = std::env::args().nth(1).map_or(Ok(7_800), |text| text.parse())?;
    let mut chance = Seed::new(2_024);
    let mut stakes: Vec<Stake> = Vec::with_capacity(PLACES);
    for _ in 0..PLACES {
        let score = u16::try_from(500 + chance.below(9_000))?;
        stakes.push(stake_of(score, RiskClass::Normal, Payoffs::PROPOSED));
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
    for teams in [30, 20] {
        district_tours(&mut chance.clone(), teams)?;
    }
    Ok(())
}

/// A district of 400 buildings over some 60 by 60 km, ten police stations, some teams out for eight hours.
fn district_tours(chance: &mut Seed, teams: u32) -> Result<(), Box<dyn Error>> {
    let mut site = || -> Result<Site, Box<dyn Error>> {
        let away = |chance: &mut Seed| u32::try_from(chance.below(6_000)).map(f64::from);
        let (lat, lon) = (24.5 + away(chance)? / 10_000.0, 67.5 + away(chance)? / 10_000.0);
        let point = Point::try_from_degrees(lat, lon).ok_or("no such place")?;
        Ok(Site { point, terrain: Terrain::Plain })
    };
    let bases: Vec<Site> = (0..10).map(|_| site()).collect::<Result<_, _>>()?;
    let places: Vec<Site> = (0..400).map(|_| site()).collect::<Result<_, _>>()?;
    let stakes: Vec<Stake> = (0..400)
        .map(|_| {
            Ok(stake_of(
                u16::try_from(2_000 + chance.below(6_000))?,
                RiskClass::Normal,
                Payoffs::PROPOSED,
            ))
        })
        .collect::<Result<_, Box<dyn Error>>>()?;
    let country = Country::of(&bases, &places, &DistanceModel::proposed());
    let weights: Vec<f64> = stakes.iter().map(|stake| stake.uncovered).collect();
    let bases = country.with_teams(teams, &weights);
    let shift = Shift { seconds: 8 * 3_600, stay_s: 1_200 };
    let start = Instant::now();
    let mut go_on = |_| std::ops::ControlFlow::Continue(());
    let plan = tours(&stakes, &bases, &country, shift, &mut go_on)?;
    println!(
        "tours: 400 buildings, 10 bases, {teams} teams: dearest attack {:.3}, bound {:.3} ({:.2} % apart), {} rounds, {} day plans, {:.2} s",
        plan.level,
        plan.bound,
        (plan.level - plan.bound) / plan.level * 100.0,
        plan.rounds,
        plan.plans.iter().map(Vec::len).sum::<usize>(),
        start.elapsed().as_secs_f64()
    );
    Ok(())
}
