//! The best answer of a base to an attack: tours of its teams that visit as much weight as they can within the shift, no
//! place twice (team orienteering; Chao, Golden and Wasil 1996).

use super::tour::{DayPlan, Ground};
use pehra_domain::seed::Seed;
use std::collections::BTreeSet;

/// Up to so many places with weight the answer is exact: every set of them is looked at.
pub(super) const EXACT_MAX: usize = 11;

/// How long an answer that is not exact is looked for.
#[derive(Clone, Copy)]
pub(super) struct Effort {
    /// Another number looks elsewhere.
    pub(super) number: u64,
    /// Rounds of ruin and repair.
    pub(super) ruins: u32,
}

/// The best day plan, exact on small bases. The same effort gives the same answer.
pub(super) fn best(ground: &Ground, weights: &[f64], effort: Effort) -> DayPlan {
    let nodes: Vec<usize> = worth_visiting(ground, weights);
    let chosen = if nodes.len() <= EXACT_MAX {
        exact(ground, weights, &nodes)
    } else {
        by_repair(ground, weights, &nodes, effort)
    };
    day_plan(ground, chosen)
}

/// A day plan of these walks, shortened until they can be gone and with what still fits into them; a place in two of them
/// stays in the first.
pub(super) fn made_of<'n>(
    ground: &Ground,
    weights: &[f64],
    tours: impl Iterator<Item = &'n [usize]>,
) -> DayPlan {
    let mut seen = BTreeSet::new();
    let mut tours: Vec<Vec<usize>> = tours
        .map(|tour| tour.iter().copied().filter(|&node| seen.insert(node)).collect())
        .collect();
    tours.iter_mut().for_each(|tour| cut(ground, weights, tour));
    fill(ground, weights, &worth_visiting(ground, weights), &mut tours);
    day_plan(ground, tours)
}

fn day_plan(ground: &Ground, chosen: Vec<Vec<usize>>) -> DayPlan {
    let place = |node: usize| ground.places[node - 1];
    let mut tours: Vec<Vec<u32>> = chosen
        .into_iter()
        .filter(|tour| !tour.is_empty())
        .map(|tour| tour.into_iter().map(place).collect())
        .collect();
    tours.sort();
    DayPlan { tours }
}

/// Nodes with weight.
pub(super) fn worth_visiting(ground: &Ground, weights: &[f64]) -> Vec<usize> {
    (1..=ground.places.len()).filter(|&node| weight(ground, weights, node) > 0.0).collect()
}

pub(super) fn weight(ground: &Ground, weights: &[f64], node: usize) -> f64 {
    weights[ground.places[node - 1] as usize]
}

/// Tours over every set of a few nodes.
struct Sets {
    /// Shortest way from the base over a set to one of it, and the node before that one.
    least: Vec<Vec<(u32, usize)>>,
    /// The last node of the shortest tour over a set, if a team is back in time.
    last: Vec<Option<usize>>,
    worth: Vec<f64>,
}

const NOBODY: usize = usize::MAX;

fn members(set: usize) -> impl Iterator<Item = usize> {
    (0..usize::BITS as usize).filter(move |at| set >> at & 1 == 1)
}

impl Sets {
    fn of(ground: &Ground, weights: &[f64], nodes: &[usize]) -> Self {
        let sets = 1_usize << nodes.len();
        let mut least = vec![vec![(u32::MAX, NOBODY); nodes.len()]; sets];
        for set in 1..sets {
            for last in members(set) {
                least[set][last] = step(ground, nodes, &least, (set, last));
            }
        }
        let back = |set: usize| {
            let ways = members(set)
                .map(|last| (least[set][last].0.saturating_add(ground.leg(nodes[last], 0)), last));
            ways.min().filter(|(length, _)| *length <= ground.shift.seconds).map(|(_, last)| last)
        };
        let last = (0..sets).map(back).collect();
        let worth = |set| members(set).map(|at| weight(ground, weights, nodes[at])).sum();
        let worth = (0..sets).map(worth).collect();
        Self { least, last, worth }
    }

    /// The nodes of the shortest tour over a set, by their place among all.
    fn way(&self, mut set: usize, mut last: usize) -> Vec<usize> {
        let mut way = Vec::new();
        while last != NOBODY {
            way.push(last);
            let before = self.least[set][last].1;
            set &= !(1 << last);
            last = before;
        }
        way.reverse();
        way
    }

    /// For each free set the best that one more team takes of it, when others have had `value` of what it leaves.
    fn one_more(&self, value: &[f64]) -> (Vec<f64>, Vec<usize>) {
        let (mut next, mut took) = (value.to_vec(), vec![0_usize; value.len()]);
        for free in 1..value.len() {
            let mut set = free;
            while set > 0 {
                let sum = self.worth[set] + value[free & !set];
                if self.last[set].is_some() && sum > next[free] + 1e-15 {
                    next[free] = sum;
                    took[free] = set;
                }
                set = (set - 1) & free;
            }
        }
        (next, took)
    }
}

/// The shortest way over a set to one of it (Held and Karp 1962).
fn step(
    ground: &Ground,
    nodes: &[usize],
    least: &[Vec<(u32, usize)>],
    (set, last): (usize, usize),
) -> (u32, usize) {
    let rest = set & !(1 << last);
    if rest == 0 {
        return (ground.leg(0, nodes[last]), NOBODY);
    }
    let ways = members(rest).map(|other| {
        let leg = ground.leg(nodes[other], nodes[last]);
        (least[rest][other].0.saturating_add(leg), other)
    });
    ways.min().unwrap_or((u32::MAX, NOBODY))
}

/// The best sets for the teams, no place twice, each by its shortest tour.
fn exact(ground: &Ground, weights: &[f64], nodes: &[usize]) -> Vec<Vec<usize>> {
    let sets = Sets::of(ground, weights, nodes);
    let teams = usize::try_from(ground.teams).unwrap_or(usize::MAX).min(nodes.len());
    let mut value = vec![0.0_f64; sets.worth.len()];
    let mut takes: Vec<Vec<usize>> = Vec::with_capacity(teams);
    for _ in 0..teams {
        let (next, took) = sets.one_more(&value);
        value = next;
        takes.push(took);
    }
    let mut free = sets.worth.len() - 1;
    let mut tours = Vec::new();
    for took in takes.iter().rev() {
        let set = took[free];
        free &= !set;
        if let Some(last) = sets.last[set].filter(|_| set > 0) {
            tours.push(sets.way(set, last).into_iter().map(|at| nodes[at]).collect());
        }
    }
    tours
}

/// Puts places in where they cost least time for their weight, then takes some out and puts them in again, and keeps what
/// is better.
fn by_repair(ground: &Ground, weights: &[f64], nodes: &[usize], effort: Effort) -> Vec<Vec<usize>> {
    let mut chance = Seed::new(0x7061_7472_6f6c ^ effort.number);
    let teams = usize::try_from(ground.teams).unwrap_or(usize::MAX).min(nodes.len());
    let mut tours: Vec<Vec<usize>> = vec![Vec::new(); teams];
    fill(ground, weights, nodes, &mut tours);
    let mut best = tours.clone();
    let mut best_worth = worth(ground, weights, &best);
    for _ in 0..effort.ruins {
        ruin(&mut tours, &mut chance);
        fill(ground, weights, nodes, &mut tours);
        let now = worth(ground, weights, &tours);
        if now > best_worth + 1e-12 {
            best_worth = now;
            best.clone_from(&tours);
        } else if now < best_worth * 0.97 {
            tours.clone_from(&best);
        }
    }
    best
}

fn worth(ground: &Ground, weights: &[f64], tours: &[Vec<usize>]) -> f64 {
    tours.iter().flatten().map(|&node| weight(ground, weights, node)).sum()
}

/// Takes a stretch out of one tour and single places out of the others.
fn ruin(tours: &mut [Vec<usize>], chance: &mut Seed) {
    let below = |chance: &mut Seed, count: usize| {
        usize::try_from(chance.below(count.max(1) as u64)).unwrap_or_default()
    };
    let one = below(chance, tours.len());
    for (at, tour) in tours.iter_mut().enumerate() {
        if tour.is_empty() {
            continue;
        }
        let from = below(chance, tour.len());
        if at == one {
            let many = 1 + below(chance, tour.len());
            let until = (from + many).min(tour.len());
            tour.drain(from..until);
        } else if chance.below(2) == 0 {
            tour.remove(from);
        }
    }
}

/// Puts in whatever fits, the most weight for its time first; ways are shortened by turning stretches round.
fn fill(ground: &Ground, weights: &[f64], nodes: &[usize], tours: &mut [Vec<usize>]) {
    let mut inside = vec![false; ground.places.len() + 1];
    tours.iter().flatten().for_each(|&node| inside[node] = true);
    for tour in tours.iter_mut() {
        shorten(ground, tour);
    }
    loop {
        let mut best: Option<(f64, usize, usize, usize)> = None;
        for (which, tour) in tours.iter().enumerate() {
            let length = ground.length(tour);
            let left = ground.shift.seconds.saturating_sub(length);
            for &node in nodes.iter().filter(|&&node| !inside[node]) {
                let Some((more, at)) = cheapest(ground, tour, node) else { continue };
                if more <= left {
                    let rate = weight(ground, weights, node) / f64::from(more.max(1));
                    if best.is_none_or(|(known, ..)| rate > known) {
                        best = Some((rate, which, at, node));
                    }
                }
            }
        }
        let Some((_, which, at, node)) = best else { return };
        tours[which].insert(at, node);
        shorten(ground, &mut tours[which]);
        inside[node] = true;
    }
}

/// Takes out what is worth least for its time until the team is home in time.
fn cut(ground: &Ground, weights: &[f64], tour: &mut Vec<usize>) {
    shorten(ground, tour);
    let mut length = ground.length(tour);
    while length > ground.shift.seconds {
        let without = |at: usize| {
            let mut rest = tour.clone();
            let node = rest.remove(at);
            let saved = length.saturating_sub(ground.length(&rest));
            weight(ground, weights, node) / f64::from(saved.max(1))
        };
        let least = (0..tour.len()).min_by(|&a, &b| without(a).total_cmp(&without(b)));
        let Some(least) = least else { return };
        tour.remove(least);
        length = ground.length(tour);
    }
}

/// Where a node costs least, and how much; none where it makes a tour shorter than the clock can tell.
fn cheapest(ground: &Ground, tour: &[usize], node: usize) -> Option<(u32, usize)> {
    (0..=tour.len())
        .map(|at| {
            let from = if at == 0 { 0 } else { tour[at - 1] };
            let to = tour.get(at).copied().unwrap_or(0);
            let with = ground.leg(from, node).saturating_add(ground.leg(node, to));
            (with.saturating_sub(ground.leg(from, to)), at)
        })
        .min()
}

/// Turns stretches round as long as that shortens the way (2-opt).
fn shorten(ground: &Ground, tour: &mut [usize]) {
    let mut length = ground.length(tour);
    loop {
        let mut better = false;
        for from in 0..tour.len() {
            for until in from + 2..=tour.len() {
                tour[from..until].reverse();
                let now = ground.length(tour);
                if now < length {
                    length = now;
                    better = true;
                } else {
                    tour[from..until].reverse();
                }
            }
        }
        if !better {
            return;
        }
    }
}
