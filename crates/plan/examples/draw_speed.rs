//! How long a draw of 600,000 people takes: `cargo run --release -p pehra-plan --example draw_speed -- [THREADS] [SEED]`.
//!
//! 136 districts of six seats, units of 200 men and 20 women, seven in ten at home in one of their district's seats, one in
//! ten without a module that everybody needs.
#![expect(
    clippy::print_stdout,
    clippy::disallowed_types,
    reason = "an example measures and prints"
)]

use pehra_domain::{
    BuildingId, ConstituencyId, PersonId, UnitId,
    duty::{Demands, Detachment, Lot},
    force::StaffKind,
    member::{Grade, Member, Modules},
    risk::RiskClass,
    seed::Seed,
};
use pehra_plan::draw::{Draw, Input, Stage, ceremony};
use std::{error::Error, ops::ControlFlow, time::Instant};

const PEOPLE: u64 = 600_000;
const DISTRICTS: u64 = 136;
const UNIT: u64 = 220;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let threads: usize = arguments.next().map_or(Ok(2), |text| text.parse())?;
    let number: u64 = arguments.next().map_or(Ok(2024), |text| text.parse())?;
    let input = imagined(number)?;
    let start = Instant::now();
    let mut draw = Draw::try_new(&input)?;
    println!(
        "{} people, {} detachments: urns filled in {:.2} s",
        input.people.len(),
        input.detachments.len(),
        start.elapsed().as_secs_f64()
    );
    println!("vacant before any draw: {}", draw.vacancies().count());
    let mut subject = input.hash();
    for stage in Stage::ALL {
        let begin = Instant::now();
        let seed = seed(&subject, stage)?;
        draw.draw(stage, &seed, threads, &mut |_| ControlFlow::Continue(()))?;
        subject = draw.hash();
        println!(
            "{:<9} {:.2} s, roster {}",
            stage.word(),
            begin.elapsed().as_secs_f64(),
            hex(&subject)
        );
    }
    let roster = draw.roster();
    let posted = roster.iter().filter(|line| matches!(line.lot, Lot::Posted { .. })).count();
    let spare = roster.iter().filter(|line| line.lot == Lot::Spare).count();
    println!("{posted} posted, {spare} spares, {} lines", roster.len());
    println!("all: {:.2} s, {threads} threads", start.elapsed().as_secs_f64());
    Ok(())
}

fn seed(subject: &[u8; 32], stage: Stage) -> Result<[u8; 32], ceremony::CeremonyError> {
    let mut commitments = Vec::new();
    let mut reveals = Vec::new();
    for (party, byte) in [("police", 1), ("commission", 2), ("observers", 3)] {
        let secret = [byte; 32];
        commitments.push(ceremony::commit(subject, stage, party, &secret)?);
        reveals.push(ceremony::Reveal { party: party.to_owned(), secret });
    }
    ceremony::seed(subject, stage, &commitments, &reveals)
}

fn imagined(number: u64) -> Result<Input, Box<dyn Error>> {
    let mut chance = Seed::new(number);
    let mut input = Input { demands: Demands::default(), ..Input::default() };
    let seat =
        |district: u64, seat: u64| ConstituencyId::try_new(format!("NA-{}", district * 6 + seat));
    for unit in 0..PEOPLE / UNIT {
        let district = unit % DISTRICTS;
        let name = UnitId::try_new(format!("U-{unit:04}"))?;
        for n in 0..UNIT {
            let home = if chance.below(10) < 7 {
                vec![seat(district, chance.below(6))?]
            } else {
                Vec::new()
            };
            let extra: &[u8] = [&[][..], &[7], &[6, 7], &[4, 7]][usize::try_from(chance.below(4))?];
            let base: &[u8] = if chance.below(10) == 0 { &[1] } else { &[1, 2] };
            let kind = if n < 20 { StaffKind::PoliceWoman } else { StaffKind::PoliceMan };
            input.people.push(Member {
                number: PersonId::try_new(format!("S-{unit:04}-{n:03}"))?,
                unit: name.clone(),
                kind,
                grade: Grade(u8::try_from(1 + chance.below(3))?),
                home,
                modules: Modules::of(base).and(Modules::of(extra)),
                excluded: String::new(),
            });
        }
        for building in 0..32 {
            let contests = vec![seat(district, chance.below(6))?];
            let class = RiskClass::ALL[usize::try_from(chance.below(3))?];
            for (kind, count) in
                [(StaffKind::PoliceMan, 5), (StaffKind::PoliceWoman, u32::from(building % 2 == 0))]
            {
                if count > 0 {
                    input.detachments.push(Detachment {
                        unit: name.clone(),
                        kind,
                        building: BuildingId::try_new(format!("B-{unit}-{building}"))?,
                        count,
                        class,
                        contests: contests.clone(),
                        leads: kind == StaffKind::PoliceMan,
                    });
                }
            }
        }
    }
    Ok(input)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
