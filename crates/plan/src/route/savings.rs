//! A first answer by savings (Clarke and Wright, "Scheduling of vehicles from a central depot to a number of
//! delivery points", Operations Research 12, 1964): tours of one stop are joined end to end, most saving first.

use super::{
    Tour,
    problem::{DIMENSIONS, Problem},
    tour::Sums,
};

/// Chains of stops that are joined as long as the largest vehicle can run them, then given to the vehicles that
/// fit, fullest chain first. Chains without a vehicle are left out.
pub(super) fn savings(problem: &Problem) -> Vec<Tour> {
    let Some(widest) = widest(problem) else { return Vec::new() };
    let mut chains: Vec<Sums> = (0..problem.places()).map(|_| Sums::default()).collect();
    let mut chain_of: Vec<usize> = (0..problem.places()).collect();
    for (place, chain) in (0_u32..).zip(chains.iter_mut()).skip(1) {
        chain.kind = widest;
        chain.stops.push(place);
        chain.refresh(problem);
    }
    for (_, before, after) in joins(problem) {
        let (first, second) = (chain_of[before as usize], chain_of[after as usize]);
        let joins = first != second
            && chains[first].stops.last() == Some(&before)
            && chains[second].stops.first() == Some(&after)
            && chains[first].has_room(problem, &chains[second].load)
            && in_time(problem, &chains[first], &chains[second], before, after);
        if joins {
            let tail = std::mem::take(&mut chains[second]);
            for &stop in &tail.stops {
                chain_of[stop as usize] = first;
            }
            chains[first].stops.extend(tail.stops);
            chains[first].refresh(problem);
        }
    }
    chains.retain(|chain| !chain.stops.is_empty());
    give(problem, chains)
}

/// The vehicle kind with the largest capacity, the ways of counting taken together.
fn widest(problem: &Problem) -> Option<usize> {
    let width = |kind: usize| -> i64 {
        problem.kinds[kind].capacity.iter().map(|&room| i64::from(room)).sum()
    };
    (0..problem.kinds.len()).filter(|&kind| problem.kinds[kind].count > 0).max_by_key(|&k| width(k))
}

/// `(saving, before, after)` for near pairs, most saving first.
fn joins(problem: &Problem) -> Vec<(i64, u32, u32)> {
    let at = |from: usize, to: usize| i64::from(problem.cost.at(from, to));
    let mut joins = Vec::new();
    for (place, near) in (0_u32..).zip(&problem.near) {
        for &other in near {
            let (from, to) = (place as usize, other as usize);
            joins.push((at(from, 0) + at(0, to) - at(from, to), place, other));
        }
    }
    joins.sort_unstable_by(|a, b| (b.0, a.1, a.2).cmp(&(a.0, b.1, b.2)));
    joins
}

fn in_time(problem: &Problem, first: &Sums, second: &Sums, before: u32, after: u32) -> bool {
    if problem.timeless {
        return true;
    }
    let leg = problem.time.at(before as usize, after as usize);
    let (Some(depart), Some(latest)) = (first.depart.last(), second.latest.first()) else {
        return false;
    };
    (depart + leg).max(problem.stops[after as usize].earliest) <= *latest
}

fn give(problem: &Problem, mut chains: Vec<Sums>) -> Vec<Tour> {
    let weight = |load: &[i32; DIMENSIONS]| -> i64 { load.iter().map(|&it| i64::from(it)).sum() };
    chains.sort_by(|a, b| (weight(&b.load), &a.stops).cmp(&(weight(&a.load), &b.stops)));
    let mut left: Vec<u32> = problem.kinds.iter().map(|kind| kind.count).collect();
    let mut tours = Vec::with_capacity(chains.len());
    for mut chain in chains {
        let mut able: Vec<usize> =
            (0..problem.kinds.len()).filter(|&kind| left[kind] > 0).collect();
        able.sort_by_key(|&kind| (problem.kinds[kind].fixed, kind));
        let taken = able.into_iter().find(|&kind| {
            chain.kind = kind;
            chain.refresh(problem);
            chain.has_room(problem, &[0; DIMENSIONS]) && chain.is_on_time(problem)
        });
        if let Some(kind) = taken {
            left[kind] -= 1;
            tours.push(Tour { kind, stops: chain.stops });
        }
    }
    tours
}
