mod exact;
mod whole;

use super::*;
use pehra_domain::seed::Seed;

/// A small random problem; every third one without windows, every second one with one-way costs.
fn random(seed: u64, stops: usize) -> Problem {
    let mut chance = Seed::new(seed);
    let mut draw = |low: u64, high: u64| i32::try_from(low + chance.below(high - low)).unwrap();
    let places: Vec<(i32, i32)> = (0..=stops).map(|_| (draw(0, 100), draw(0, 100))).collect();
    let list = (0..stops).map(|_| {
        let earliest = if seed.is_multiple_of(3) { 0 } else { draw(0, 300) };
        let latest = if seed.is_multiple_of(3) { COST_MAX } else { earliest + draw(20, 300) };
        Stop {
            demand: [draw(1, 9), draw(0, 3), 0],
            service: draw(0, 20),
            earliest,
            latest,
            price: i64::from(draw(100, 2_000)),
        }
    });
    let list = list.collect();
    let close = if seed.is_multiple_of(3) { COST_MAX } else { 600 };
    let kinds = vec![
        VehicleKind { count: 2, capacity: [15, 4, 0], fixed: 50, open: 10, close },
        VehicleKind { count: 1, capacity: [25, 9, 5], fixed: 90, open: 0, close },
    ];
    let skew: Vec<i32> =
        (0..=stops).map(|_| if seed.is_multiple_of(2) { draw(0, 30) } else { 0 }).collect();
    let cost = Matrix::from_fn(stops + 1, |from, to| {
        let (a, b) = (places[from], places[to]);
        (a.0 - b.0).abs() + (a.1 - b.1).abs() + if from == to { 0 } else { skew[to] }
    });
    Problem::try_new(list, kinds, cost.clone(), cost).unwrap()
}

fn settings(seed: u64, threads: usize) -> Settings {
    Settings { seed, threads, ..Settings::default() }
}

fn solved(problem: &Problem, iterations: u64) -> Solution {
    solve(problem, &settings(1, 1), Budget::Iterations(iterations), &mut |_| {})
}
