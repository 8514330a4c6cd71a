use super::*;
use pehra_domain::seed::Seed;
use proptest::prelude::*;
use std::ops::ControlFlow;

fn small(seed: u64) -> Problem {
    let mut chance = Seed::new(seed);
    let mut below = |bound: u64| u32::try_from(chance.below(bound)).unwrap();
    let sources = below(5);
    let supply = (0..sources).map(|_| below(7)).collect();
    let mut problem = Problem::try_new(supply).unwrap();
    let spread = [1, 4, 30, 1_000][below(4) as usize];
    for _ in 0..below(7) {
        let mut arcs = Vec::new();
        for source in 0..sources {
            if below(3) > 0 {
                let cost = i32::try_from(below(spread)).unwrap() - i32::from(below(9) == 0) * 3;
                arcs.push(Arc { source, cost });
            }
        }
        let pieces: Vec<Piece> = (0..below(4))
            .map(|_| Piece { count: below(4), price: i64::from(below(2 * spread)) })
            .collect();
        problem.push_sink(&arcs, &pieces).unwrap();
    }
    problem
}

fn mut_watch() -> impl FnMut(pehra_domain::progress::Step) -> ControlFlow<()> {
    |_| ControlFlow::Continue(())
}

fn solved(problem: &Problem) -> Solved {
    solve(problem.clone(), Options::default(), &mut mut_watch()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]
    #[test]
    fn every_small_problem_is_solved_to_the_least_cost(seed in any::<u64>()) {
        let problem = small(seed);
        prop_assert_eq!(solved(&problem).verified.objective, reference::least_cost(&problem));
    }
}
