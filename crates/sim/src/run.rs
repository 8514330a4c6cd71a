//! One seed, one story, one hash.

use crate::{bug::Bug, chance::Chance, check, fault::Faults, node::SimNode, world::World};
use pehra_ledger::Hash;

/// Rounds after which everybody must hold the same.
const ROUNDS_MAX: usize = 16;

/// What came of one seed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub seed: u64,
    pub nodes: usize,
    pub faults: Faults,
    pub entries: usize,
    pub trace: Hash,
    /// Empty when every invariant held.
    pub problems: Vec<String>,
    pub story: Vec<String>,
}

/// How many nodes and steps a seed has: most stories are small, one in forty has more than a hundred nodes.
#[must_use]
pub fn size(seed: u64) -> (usize, usize) {
    let mut chance = Chance::new(seed ^ 0xa5a5);
    if seed % 40 == 39 {
        (100 + chance.below(120), 400)
    } else {
        (4 + chance.below(6), 60 + chance.below(80))
    }
}

/// Runs a seed.
#[must_use]
pub fn run(seed: u64, bug: Option<Bug>, tells: bool) -> Outcome {
    let (count, steps) = size(seed);
    let mut world = World::new(seed, count, bug, tells);
    for _ in 0..steps {
        world.step();
    }
    world.heal();
    let mut quiet = false;
    for _ in 0..ROUNDS_MAX {
        let before = fingerprint(&world);
        for at in 0..world.nodes.len() {
            world.talk(at, at & 1, false);
            world.talk(at, 1 - (at & 1), false);
        }
        if fingerprint(&world) == before {
            quiet = true;
            break;
        }
    }
    let mut problems = check::broken(&world);
    if !quiet {
        problems.push("I3: it never becomes quiet".to_owned());
    }
    let entries = world.nodes.first().map_or(0, |node| node.book.logs.entries().count());
    let (faults, trace) = (world.faults, world.trace);
    let story = world.story.unwrap_or_default();
    Outcome { seed, nodes: count, faults, entries, trace, problems, story }
}

fn fingerprint(world: &World) -> Vec<(Hash, usize, usize)> {
    let of = |node: &SimNode| {
        let forks =
            node.book.logs.forked().iter().flat_map(|(log, at)| {
                [&log.0.0[..], &log.1.to_be_bytes(), &at.to_be_bytes()].concat()
            });
        let forks: Vec<u8> = forks.collect();
        let settled = node.book.fork_states().iter().filter(|it| it.settled).count();
        let hash = Hash::of_parts([&node.book.roster.epoch().digest.0[..], &forks]);
        (hash, node.book.logs.entries().count(), settled)
    };
    world.nodes.iter().map(of).collect()
}
