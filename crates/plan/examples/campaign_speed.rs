//! How long a campaign for the nation takes to plan, how near the bound, and the same instance as a file for a peer.
//!
//! `cargo run --release -p pehra-plan --example campaign_speed -- [MILLIONS] [NODES] [FILE]`
//!
//! 136 districts, seven languages, eleven channels, mobile networks off everywhere. One JSON line a budget; a FILE is
//! written for the last of them: people by group, and by offer its price and shares in millionths.
#![expect(
    clippy::print_stdout,
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "an example measures, prints and writes a file"
)]

use pehra_domain::{
    AreaId, Point,
    campaign::{Channel, Language},
    gazetteer::District,
};
use pehra_plan::campaign::{
    Effort,
    audience::{Understood, parse_audiences, parse_channels},
    choose,
    question::{Cut, Prepared, Question, Tables},
};
use std::{error::Error, fmt::Write as _, ops::ControlFlow, time::Instant};

const DISTRICTS: &str = include_str!("../../../data/districts.csv");
const AUDIENCE: &str = include_str!("../../../data/audience.csv");
const CHANNELS: &str = include_str!("../../../data/channels.csv");
const UNDERSTOOD: &str = include_str!("../../../data/understood.csv");

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let millions: Option<u64> = arguments.next().map(|text| text.parse()).transpose()?;
    let nodes: u32 = arguments.next().map_or(Ok(Effort::default().nodes), |text| text.parse())?;
    let file = arguments.next();
    let tables = Tables {
        districts: districts()?,
        audiences: parse_audiences(AUDIENCE)?,
        channels: parse_channels(CHANNELS)?,
        understood: Understood::parse(UNDERSTOOD)?,
    };
    for millions in millions.map_or_else(|| vec![20, 100, 400], |one| vec![one]) {
        let question = Question {
            area: AreaId::nation(),
            cut: Cut::Everywhere,
            languages: Language::ALL.into(),
            channels: Channel::ALL.into(),
            budget_rs: millions * 1_000_000,
        };
        let begin = Instant::now();
        let prepared = Prepared::of(&tables, &question);
        let built = begin.elapsed();
        let effort = Effort { nodes, ..Effort::default() };
        let chosen = choose(&prepared.input, effort, &mut |_| ControlFlow::Continue(()))?;
        println!(
            "{{\"budget_rs\":{},\"offers\":{},\"groups\":{},\"reached\":{},\"bound\":{},\"gap_ppm\":{},\"cost_rs\":{},\
             \"nodes\":{},\"build_s\":{:.3},\"seconds\":{:.3}}}",
            question.budget_rs,
            prepared.input.offers.len(),
            prepared.groups.len(),
            chosen.certificate.reached,
            chosen.certificate.bound,
            chosen.certificate.gap_ppm,
            chosen.certificate.cost_rs,
            chosen.certificate.nodes,
            built.as_secs_f64(),
            begin.elapsed().as_secs_f64()
        );
        if let Some(file) = &file {
            let mut text = format!("budget {}\npeople", question.budget_rs);
            for people in &prepared.input.people {
                write!(text, " {people}")?;
            }
            for offer in &prepared.input.offers {
                write!(text, "\noffer {}", offer.cost_rs)?;
                for (group, share) in &offer.reach {
                    write!(text, " {group}:{share}")?;
                }
            }
            std::fs::write(file, text + "\n")?;
        }
    }
    Ok(())
}

/// What of `data/districts.csv` a campaign needs: the house reads the table where it is a fact, in `pehra-drill`.
fn districts() -> Result<Vec<District>, Box<dyn Error>> {
    let mut found = Vec::new();
    for (number, line) in DISTRICTS.lines().enumerate().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let [name, division, province, _, adults, men, women, urban, ..] = cells.as_slice() else {
            return Err(format!("line {number} of the districts is short").into());
        };
        let count = |cell: &str| if cell.is_empty() { Ok(0) } else { cell.parse::<u32>() };
        found.push(District {
            area: AreaId::try_new(format!("pk/p{}/d{number}", province.len()))?,
            name: (*name).to_owned(),
            province: (*province).to_owned(),
            name_ur: String::new(),
            province_ur: String::new(),
            division: (*division).to_owned(),
            adults: count(adults)?,
            adult_men: count(men)?,
            adult_women: count(women)?,
            adult_urban: count(urban)?,
            centre: Point { lat_e7: 0, lon_e7: 0 },
            area_km2: 0,
        });
    }
    Ok(found)
}
