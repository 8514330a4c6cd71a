//! The nation of true size on a road map of a nation's size: everybody posted, reserves based, and what a loss would do.

use super::{
    country::{Land, write},
    steps::{Outcome, go_on, nation, posted, step},
};
use pehra::{
    node::{Node, OpenOptions},
    work::{
        communication,
        dispatch::RoadsKept,
        reserves::{self, Prepared, Question},
        roads,
    },
};
use pehra_domain::{Point, UnitId};
use pehra_plan::reserve::{base::Block, cover::Teams};
use std::sync::Arc;

const TEAMS: usize = 200;

/// Everything on a node of its own, in a folder that goes away.
pub(crate) fn run(points: u64, seed: u64) -> Outcome<()> {
    let folder = std::env::temp_dir().join(format!("pehra-posts-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let done = on(&folder, points, seed);
    std::fs::remove_dir_all(&folder)?;
    done
}

fn on(folder: &std::path::Path, points: u64, seed: u64) -> Outcome<()> {
    let map = folder.join("nation.osm.pbf");
    let node = Node::open(&folder.join("node"), &OpenOptions::synthetic())?;
    nation(&node, 2024)?;
    let kept = RoadsKept::default();
    tell(&posted(&node, 2024, "posted by estimates", &kept)?.allocation.plan);
    based(&node, &kept, "by estimates", false)?;
    spoken(&node, &kept, "by estimates")?;

    let written = step("the map written", || Ok(write(&map, points, seed, Land::Pakistan)?))?;
    let checked =
        step("the map read and put in order", || Ok(roads::check(&node, &map, None, &mut go_on)?))?;
    println!(
        "    {written} points on roads, {} junctions, {} stretches",
        checked.roads.network.junctions.len(),
        checked.roads.network.stretches.len()
    );
    step("the map signed", || Ok(roads::sign(&node, &node.operator()?, &checked)?))?;
    drop(checked);

    tell(&posted(&node, 2024, "posted by road, the map opened with it", &kept)?.allocation.plan);
    tell(&posted(&node, 2025, "posted by road, the map at hand", &kept)?.allocation.plan);
    based(&node, &kept, "by road", true)?;
    spoken(&node, &kept, "by road")
}

/// Communications, for the couriers' sake.
fn spoken(node: &Node, kept: &RoadsKept, how: &str) -> Outcome<()> {
    let made = step(&format!("communications, couriers {how}"), || {
        Ok(communication::run(node, communication::Options::default(), kept, &mut go_on)?)
    })?;
    let loops: Vec<_> = made.scheme.districts.iter().flat_map(|it| &it.loops).collect();
    println!(
        "    {} loops, {} estimated, {} over two hours, {} places without a path",
        loops.len(),
        loops.iter().filter(|one| one.estimated).count(),
        loops.iter().filter(|one| one.minutes > 120).count(),
        made.no_path.len()
    );
    Ok(())
}

fn tell(plan: &pehra_domain::plan::Plan) {
    let proof = &plan.certificate;
    println!("    objective {}, bound {}", proof.objective, proof.dual_bound);
    for note in proof.notes.iter().filter(|note| note.contains("road")) {
        println!("    {note}");
    }
}

/// Reserves, and the three questions about what would be lost or won.
fn based(node: &Node, kept: &RoadsKept, how: &str, by_road: bool) -> Outcome<()> {
    let prepared = step(&format!("reserves {how}: opened"), || {
        Ok(Arc::new(Prepared::open(node, kept, &mut go_on)?))
    })?;
    let found = step(&format!("reserves {how}: {TEAMS} teams based"), || {
        let teams = Teams { all: TEAMS, per_base: 1 };
        Ok(reserves::solve(Arc::clone(&prepared), teams, &mut go_on, &mut |_, _| {})?)
    })?;
    let estimated: u32 = found.standing.outlook.classes.iter().map(|line| line.estimated).sum();
    println!(
        "    gap {:.2} %, {estimated} of {} nearest teams estimated",
        found.gap_per_100_000() as f64 / 1_000.0,
        prepared.ground.stations.len()
    );
    if by_road && estimated as usize == prepared.ground.stations.len() {
        return Err("no nearest team was measured by road: the map was not asked".into());
    }
    let lost = |at: usize| -> Outcome<UnitId> {
        let base = *found.standing.open.get(at).ok_or("there are no teams")?;
        Ok(prepared.ground.units.get(base as usize).ok_or("there is no such base")?.clone())
    };
    let point = |lat, lon| Point::try_from_degrees(lat, lon).ok_or("no such place");
    // The Indus between Attock and Kalabagh, and a line across the plain south of Lahore.
    let indus = Block { from: point(33.9, 72.2)?, to: point(32.95, 71.5)? };
    let plain = Block { from: point(31.2, 74.0)?, to: point(31.2, 74.4)? };
    let questions = [
        ("a base lost", Question { lose: vec![lost(7)?], ..Question::default() }),
        ("a line blocked", Question { blocks: vec![plain], ..Question::default() }),
        ("a river without bridges", Question { blocks: vec![indus], ..Question::default() }),
        ("five teams more", Question { more: 5, ..Question::default() }),
        (
            "all at once",
            Question { lose: vec![lost(7)?, lost(90)?], blocks: vec![indus, plain], more: 5 },
        ),
    ];
    for (name, question) in questions {
        let change = step(&format!("what if, {how}: {name}"), || {
            Ok(found.standing.change(&question, &mut go_on)?)
        })?;
        println!("    {} stations lose, {} gain", change.lose.len(), change.gain.len());
    }
    Ok(())
}
