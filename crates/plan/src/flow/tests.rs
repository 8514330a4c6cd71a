use super::*;
use pehra_domain::{progress::Step, seed::Seed};
use proptest::prelude::*;
use std::ops::ControlFlow;

fn go_on(_: Step) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn draw(chance: &mut Seed, bound: u64) -> u32 {
    u32::try_from(chance.below(bound)).unwrap()
}

/// Up to four sources and six sinks; ties, idle people, empty rows and negative costs all occur, and in every other
/// problem doors.
fn small(seed: u64) -> Problem {
    let mut chance = Seed::new(seed);
    let sources = draw(&mut chance, 5);
    let supply = (0..sources).map(|_| draw(&mut chance, 7)).collect();
    let mut problem = Problem::try_new(supply).unwrap();
    if sources > 0 && draw(&mut chance, 2) == 0 {
        for _ in 0..=draw(&mut chance, 3) {
            let all = 0..sources;
            let some: Vec<u32> = all.filter(|_| draw(&mut chance, 3) > 0).collect();
            problem.push_door(if some.is_empty() { &[0] } else { &some }).unwrap();
        }
    }
    let nodes = u32::try_from(problem.nodes()).unwrap();
    let spread = [1, 4, 30, 1_000][draw(&mut chance, 4) as usize];
    for _ in 0..draw(&mut chance, 7) {
        let mut arcs = Vec::new();
        for source in 0..nodes {
            if draw(&mut chance, 3) > 0 {
                let low = i32::from(draw(&mut chance, 9) == 0) * 3;
                let cost = i32::try_from(draw(&mut chance, spread)).unwrap() - low;
                arcs.push(Arc { source, cost });
            }
        }
        let pieces: Vec<Piece> = (0..draw(&mut chance, 4))
            .map(|_| Piece {
                count: draw(&mut chance, 4),
                price: i64::from(draw(&mut chance, 2 * spread)),
            })
            .collect();
        problem.push_sink(&arcs, &pieces).unwrap();
    }
    problem
}

/// Sources and sinks on a line; the rows list the nearest two only, the pairs know all.
struct Line {
    sources: Vec<i32>,
    sinks: Vec<i32>,
}

impl Line {
    fn arc(&self, sink: usize, source: usize) -> Arc {
        let cost = (self.sources[source] - self.sinks[sink]).abs();
        Arc { source: u32::try_from(source).unwrap(), cost }
    }

    fn problem(&self, seed: u64, listed: usize) -> Problem {
        let mut chance = Seed::new(seed);
        let supply = self.sources.iter().map(|_| draw(&mut chance, 9)).collect();
        let mut problem = Problem::try_new(supply).unwrap();
        for sink in 0..self.sinks.len() {
            let mut arcs: Vec<Arc> =
                (0..self.sources.len()).map(|source| self.arc(sink, source)).collect();
            arcs.sort_by_key(|arc| arc.cost);
            arcs.truncate(listed);
            let low = i64::from(draw(&mut chance, 150));
            let pieces = [
                Piece { count: draw(&mut chance, 5), price: low },
                Piece { count: draw(&mut chance, 5), price: 3 * low },
            ];
            problem.push_sink(&arcs, &pieces).unwrap();
        }
        problem
    }
}

impl Pairs for Line {
    fn below(&self, sink: usize, bound: i64, prices: &[i64], found: &mut dyn FnMut(Arc)) {
        for (source, price) in prices.iter().enumerate() {
            let arc = self.arc(sink, source);
            if i64::from(arc.cost) + price < bound {
                found(arc);
            }
        }
    }
}

fn line(seed: u64, sources: u64, sinks: u64) -> Line {
    spread_line(seed, sources, sinks, 100)
}

fn spread_line(seed: u64, sources: u64, sinks: u64, length: u64) -> Line {
    let mut chance = Seed::fork(seed, 1);
    let mut places = |count: u64| -> Vec<i32> {
        (0..count).map(|_| i32::try_from(draw(&mut chance, length)).unwrap()).collect()
    };
    Line { sources: places(sources), sinks: places(sinks) }
}

fn solved(problem: &Problem) -> Solved {
    solve(problem.clone(), Options::default(), &mut go_on).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]
    #[test]
    fn every_small_problem_is_solved_to_the_least_cost(seed in any::<u64>()) {
        let problem = small(seed);
        prop_assert_eq!(solved(&problem).verified.objective, reference::least_cost(&problem));
    }

    #[test]
    fn any_prices_to_start_from_lead_to_the_same_cost(seed in any::<u64>()) {
        let problem = small(seed);
        let mut chance = Seed::fork(seed, 2);
        let prices: Vec<i64> =
            (0..problem.sources()).map(|_| i64::from(draw(&mut chance, 2_000)) - 500).collect();
        let options = Options::default();
        let from = Standing::from_prices(problem.clone(), &prices, &NoPairs, options, &mut go_on, &mut |_| {}).unwrap();
        prop_assert_eq!(from.answer().verified.objective, reference::least_cost(&problem));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]
    #[test]
    fn pairs_that_the_rows_left_out_are_found(seed in any::<u64>(), listed in 0_usize..4) {
        let line = line(seed, 8, 10);
        let sparse = line.problem(seed, listed);
        let full = line.problem(seed, 8);
        let options = Options { arcs_per_round: 1, ..Options::default() };
        let answer = solve_whole(sparse, &line, options, &mut go_on, &mut |_| {}).unwrap();
        prop_assert_eq!(answer.verified.objective, reference::least_cost(&full));
        prop_assert_eq!(verify(&full, &answer.solution).map(|v| v.objective),
            Ok(answer.verified.objective));
    }

    #[test]
    fn a_tampered_answer_is_refused(seed in any::<u64>()) {
        let problem = small(seed);
        let good = solved(&problem).solution;
        prop_assert!(verify(&problem, &good).is_ok());
        let refused = |change: &dyn Fn(&mut Solution)| {
            let mut bad = good.clone();
            change(&mut bad);
            // A change to another answer of the same cost is no tampering.
            let equal = cost_of(&problem, &bad.flows) == Some(good.objective)
                && (bad.objective, &bad.prices) == (good.objective, &good.prices);
            equal || verify(&problem, &bad).is_err()
        };
        prop_assert_eq!(cost_of(&problem, &good.flows), Some(good.objective));
        prop_assert!(refused(&|s| s.objective -= 1), "objective");
        prop_assert!(refused(&|s| { s.objective -= 1; s.dual_bound -= 1; }), "both");
        prop_assert!(refused(&|s| s.prices.push(0)), "one price more");
        for at in 0..good.prices.len() {
            prop_assert!(refused(&|s| s.prices[at] = -1), "negative price");
        }
        for at in 0..good.flows.len() {
            prop_assert!(refused(&|s| s.flows[at].count += 1), "one person more");
            prop_assert!(refused(&|s| s.flows[at].count -= 1), "one person less");
            prop_assert!(refused(&|s| { s.flows.remove(at); }), "one flow less");
            prop_assert!(refused(&|s| s.flows[at].sink += 100), "elsewhere");
            prop_assert!(refused(&|s| s.flows[at].source += 100), "by nobody");
            prop_assert!(refused(&|s| s.flows.push(s.flows[at])), "twice");
        }
        let mut bad = good.clone();
        bad.dual_bound += 1;
        prop_assert!(verify(&problem, &bad).is_err(), "bound");
        let mut bad = good.clone();
        bad.flows.reverse();
        prop_assert!(bad == good || verify(&problem, &bad).is_err(), "order");
    }
}

/// What flows cost, if they keep to supplies, demands and arcs: the verifier's sums, done another way.
fn cost_of(problem: &Problem, flows: &[Flow]) -> Option<i64> {
    let mut open: Vec<Vec<i64>> = (0..problem.sinks())
        .map(|sink| {
            problem
                .pieces(sink)
                .iter()
                .flat_map(|piece| (0..piece.count).map(|_| piece.price))
                .collect()
        })
        .collect();
    let mut room: Vec<u32> = problem.supply().to_vec();
    let mut cost = 0;
    let mut seen = Vec::new();
    for flow in flows {
        if seen.contains(&(flow.sink, flow.source)) || flow.count == 0 {
            return None;
        }
        seen.push((flow.sink, flow.source));
        let row = (0..problem.sinks()).find(|&sink| sink == flow.sink as usize)?;
        let here = problem.row(row).iter().filter(|arc| problem.leads(**arc, flow.source));
        let arc = here.min_by_key(|arc| arc.cost)?;
        let place = room.get_mut(flow.source as usize)?;
        *place = place.checked_sub(flow.count)?;
        for _ in 0..flow.count {
            open[row].pop()?;
        }
        cost += i64::from(arc.cost) * i64::from(flow.count);
    }
    Some(cost + open.iter().flatten().sum::<i64>())
}

#[test]
fn a_dearer_answer_with_honest_figures_is_still_refused() {
    let mut problem = Problem::try_new(vec![1, 1]).unwrap();
    let arcs = [Arc { source: 0, cost: 1 }, Arc { source: 1, cost: 5 }];
    problem.push_sink(&arcs, &[Piece { count: 1, price: 9 }]).unwrap();
    let good = solved(&problem).solution;
    assert_eq!(good.objective, 1);
    let dearer = Solution {
        flows: vec![Flow { sink: 0, source: 1, count: 1 }],
        objective: 5,
        ..good.clone()
    };
    assert_eq!(verify(&problem, &dearer), Err(Defect::Gap { objective: 5, bound: 1 }));
    let over = Solution { flows: vec![Flow { sink: 0, source: 0, count: 2 }], ..good };
    assert_eq!(verify(&problem, &over), Err(Defect::OverDemand(0)));
    problem.push_sink(&arcs[..1], &[Piece { count: 1, price: 9 }]).unwrap();
    let flows = vec![Flow { sink: 0, source: 0, count: 1 }, Flow { sink: 1, source: 0, count: 1 }];
    let over = Solution { flows, prices: vec![8, 4], objective: 2, dual_bound: 2 };
    assert_eq!(verify(&problem, &over), Err(Defect::OverSupply(0)));
}

#[test]
fn an_omitted_pair_that_would_improve_is_refused() {
    let line = Line { sources: vec![0, 50], sinks: vec![49] };
    let mut sparse = Problem::try_new(vec![1, 1]).unwrap();
    sparse.push_sink(&[line.arc(0, 0)], &[Piece { count: 1, price: 90 }]).unwrap();
    let narrow = solved(&sparse).solution;
    assert_eq!(narrow.objective, 49);
    assert!(verify(&sparse, &narrow).is_ok());
    let refused = verify_whole(&sparse, &line, &narrow);
    assert_eq!(refused, Err(Defect::Omitted { sink: 0, source_index: 1 }));
    let whole = solve_whole(sparse, &line, Options::default(), &mut go_on, &mut |_| {}).unwrap();
    assert_eq!((whole.verified.objective, whole.arcs_added), (1, 1));
}

#[test]
fn threads_change_nothing_in_a_problem_large_enough_to_sample() {
    let line = spread_line(11, 100, 8_000, 4_000);
    let problem = line.problem(11, 6);
    let answer = |threads| {
        let options = Options { threads, ..Options::default() };
        solve_whole(problem.clone(), &line, options, &mut go_on, &mut |_| {}).unwrap()
    };
    let one = answer(1);
    assert!(one.verified.served > 0 && one.verified.missing > 0);
    assert_eq!(one, answer(2));
    assert_eq!(one, answer(5));
}

#[test]
fn figures_out_of_bounds_are_refused_and_leave_the_problem_as_it_was() {
    let mut problem = Problem::try_new(vec![1]).unwrap();
    let piece = |count, price| Piece { count, price };
    let arc = |source, cost| Arc { source, cost };
    let before = problem.clone();
    let mut refused = |arcs: &[Arc], pieces: &[Piece]| problem.push_sink(arcs, pieces).unwrap_err();
    assert!(matches!(refused(&[arc(1, 0)], &[]), FlowError::UnknownSource { .. }));
    assert!(matches!(refused(&[arc(0, 0), arc(0, 1)], &[]), FlowError::DoubleArc { .. }));
    assert!(matches!(refused(&[arc(0, i32::MIN)], &[]), FlowError::Cost { .. }));
    assert!(matches!(refused(&[], &[piece(1, PRICE_MAX + 1)]), FlowError::Price { .. }));
    assert_eq!(refused(&[], &[piece(u32::MAX, 0)]), FlowError::TooLarge);
    assert_eq!(problem, before);
    assert_eq!(Problem::try_new(vec![u32::MAX]), Err(FlowError::TooLarge));
    assert!(matches!(problem.set_supply(1, 1), Err(FlowError::UnknownSource { .. })));
    assert!(problem.set_supply(0, 3).is_ok());
    assert_eq!(problem.supply(), [3]);
}

#[test]
fn the_largest_figures_do_not_overflow() {
    let half = u32::try_from(PEOPLE_MAX / 2).unwrap();
    let mut problem = Problem::try_new(vec![half, half]).unwrap();
    let arcs = [Arc { source: 0, cost: COST_MAX }, Arc { source: 1, cost: -COST_MAX }];
    problem.push_sink(&arcs, &[Piece { count: half, price: PRICE_MAX }]).unwrap();
    problem.push_sink(&arcs[..1], &[Piece { count: half, price: PRICE_MAX }]).unwrap();
    let answer = solved(&problem);
    assert_eq!(answer.verified.objective, 0);
    assert_eq!(answer.verified.served, PEOPLE_MAX);
}

#[test]
fn bounds_close_in_on_the_answer_from_both_sides() {
    let line = spread_line(13, 40, 900, 1_000);
    let mut seen = Vec::new();
    let mut note = |bounds: Bounds| seen.push(bounds);
    let options = Options { arcs_per_round: 1, ..Options::default() };
    let sparse = line.problem(13, 1);
    let answer = solve_whole(sparse, &line, options, &mut go_on, &mut note).unwrap();
    let best = answer.verified.objective;
    assert!(seen.len() >= 3);
    assert!(seen.iter().all(|b| b.dual_bound <= best && b.objective.is_none_or(|o| o >= best)));
    assert_eq!(seen.last(), Some(&Bounds { objective: Some(best), dual_bound: best }));
}

#[test]
fn a_changed_strength_is_solved_again_from_the_old_prices() {
    for seed in 0..200 {
        let line = line(seed, 6, 8);
        let problem = line.problem(seed, 6);
        let first =
            solve_whole(problem, &line, Options::default(), &mut go_on, &mut |_| {}).unwrap();
        let mut changed = first.problem.clone();
        changed.set_supply(2, 0).unwrap();
        changed.set_supply(4, 20).unwrap();
        let want = reference::least_cost(&changed);
        let again = Standing::from_prices(
            changed,
            &first.solution.prices,
            &line,
            Options::default(),
            &mut go_on,
            &mut |_| {},
        )
        .unwrap();
        assert_eq!(again.answer().verified.objective, want);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]
    #[test]
    fn changed_strengths_and_demands_are_solved_again_from_the_old_answer(seed in any::<u64>()) {
        let problem = small(seed);
        let known = solved(&problem).solution;
        let mut chance = Seed::fork(seed, 3);
        let mut changes = Vec::new();
        for sink in 0..problem.sinks() {
            if chance.below(2) == 0 {
                let mut piece = || Piece {
                    count: draw(&mut chance, 5),
                    price: i64::from(draw(&mut chance, 60)),
                };
                changes.push((sink, vec![piece(), piece(), piece()]));
            }
        }
        let mut changed = problem.clone().with_pieces(&changes).unwrap();
        for source in 0..changed.sources() {
            if chance.below(2) == 0 {
                changed.set_supply(source, draw(&mut chance, 9)).unwrap();
            }
        }
        let again =
            resume(changed.clone(), &known, &NoPairs, Options::default(), &mut go_on, &mut |_| {})
                .unwrap();
        prop_assert_eq!(again.verified.objective, reference::least_cost(&changed));
    }
}

/// Other demands at some sinks and other strengths at some sources.
type Changes = (Vec<(usize, Vec<Piece>)>, Vec<(usize, u32)>);

fn changes(problem: &Problem, chance: &mut Seed) -> Changes {
    let mut pieces = Vec::new();
    for sink in 0..problem.sinks() {
        if chance.below(3) == 0 {
            let mut piece =
                || Piece { count: draw(chance, 5), price: i64::from(draw(chance, 200)) };
            pieces.push((sink, vec![piece(), piece()]));
        }
    }
    let mut supplies = Vec::new();
    for source in 0..problem.sources() {
        if chance.below(3) == 0 {
            supplies.push((source, draw(chance, 9)));
        }
    }
    (pieces, supplies)
}

fn change(standing: &mut Standing, (pieces, supplies): &Changes) {
    standing.set_pieces(pieces).unwrap();
    for &(source, count) in supplies {
        standing.set_supply(source, count).unwrap();
    }
}

fn stand(problem: Problem, pairs: &dyn Pairs) -> Standing {
    Standing::solve(problem, pairs, Options::default(), &mut go_on, &mut |_| {}).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]
    #[test]
    fn a_standing_answer_follows_every_change(seed in any::<u64>()) {
        let mut chance = Seed::fork(seed, 6);
        let mut standing = stand(small(seed), &NoPairs);
        for _ in 0..5 {
            let changes = changes(standing.problem(), &mut chance);
            change(&mut standing, &changes);
            let verified = standing.solve_again(&NoPairs, &mut go_on, &mut |_| {}).unwrap().verified;
            prop_assert_eq!(verified.objective, reference::least_cost(standing.problem()));
            let alone = verify(standing.problem(), standing.solution());
            prop_assert_eq!(alone, Ok(verified));
        }
    }

    #[test]
    fn damage_to_what_is_kept_is_noticed_or_harmless(seed in any::<u64>()) {
        let mut chance = Seed::fork(seed, 7);
        let mut standing = stand(small(seed), &NoPairs);
        let changes = changes(standing.problem(), &mut chance);
        let damage = standing.work.tamper(&mut chance);
        change(&mut standing, &changes);
        match standing.solve_again(&NoPairs, &mut go_on, &mut |_| {}) {
            Ok(answer) => {
                let found = answer.verified.objective;
                prop_assert_eq!(found, reference::least_cost(standing.problem()), "{:?}", damage);
            }
            Err(FlowError::Defect(_)) => prop_assert!(damage.is_some()),
            Err(other) => prop_assert!(false, "{other}"),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]
    #[test]
    fn a_standing_answer_takes_up_pairs_that_a_change_made_worth_while(
        seed in any::<u64>(), listed in 0_usize..4,
    ) {
        let line = line(seed, 8, 10);
        let mut chance = Seed::fork(seed, 8);
        let mut full = line.problem(seed, 8);
        let mut standing = stand(line.problem(seed, listed), &line);
        for _ in 0..4 {
            let changes = changes(&full, &mut chance);
            full.set_pieces(&changes.0).unwrap();
            for &(source, count) in &changes.1 {
                full.set_supply(source, count).unwrap();
            }
            change(&mut standing, &changes);
            let verified = standing.solve_again(&line, &mut go_on, &mut |_| {}).unwrap().verified;
            prop_assert_eq!(verified.objective, reference::least_cost(&full));
            prop_assert_eq!(verify(&full, standing.solution()), Ok(verified));
        }
    }
}

#[test]
fn damage_is_noticed_often_enough_to_be_a_test() {
    let mut noticed = std::collections::BTreeSet::new();
    for seed in 0..4_000 {
        let mut chance = Seed::fork(seed, 7);
        let mut standing = stand(small(seed), &NoPairs);
        let changes = changes(standing.problem(), &mut chance);
        let damage = standing.work.tamper(&mut chance);
        change(&mut standing, &changes);
        if standing.solve_again(&NoPairs, &mut go_on, &mut |_| {}).is_err() {
            noticed.extend(damage);
        }
    }
    assert!(noticed.len() >= 5, "only {noticed:?}");
}

#[test]
fn a_refused_change_leaves_everything_as_it_was() {
    let mut standing = stand(line(3, 6, 8).problem(3, 6), &NoPairs);
    let before = standing.solution().clone();
    let piece = |count, price| vec![Piece { count, price }];
    assert!(matches!(
        standing.set_pieces(&[(0, piece(1, PRICE_MAX + 1))]),
        Err(FlowError::Price { sink: 0, .. })
    ));
    assert_eq!(standing.set_pieces(&[(8, piece(1, 1))]), Err(FlowError::UnknownSink(8)));
    assert_eq!(
        standing.set_pieces(&[(1, piece(1, 1)), (0, piece(1, 1))]),
        Err(FlowError::UnknownSink(0))
    );
    assert_eq!(standing.set_pieces(&[(0, piece(u32::MAX, 1))]), Err(FlowError::TooLarge));
    assert_eq!(standing.set_supply(0, u32::MAX), Err(FlowError::TooLarge));
    assert!(matches!(standing.set_supply(6, 1), Err(FlowError::UnknownSource { .. })));
    let again = standing.solve_again(&NoPairs, &mut go_on, &mut |_| {}).unwrap();
    assert_eq!(again.solution, before);
}

#[test]
fn a_stopped_answer_is_found_when_asked_for_again() {
    let line = spread_line(17, 40, 900, 1_000);
    let mut standing = stand(line.problem(17, 6), &line);
    let changes = changes(standing.problem(), &mut Seed::new(17));
    change(&mut standing, &changes);
    for patience in 0..20 {
        let mut left = patience;
        let mut stop = |_: Step| {
            left -= 1;
            if left < 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        if standing.solve_again(&line, &mut stop, &mut |_| {}).is_ok() {
            break;
        }
    }
    let found = standing.solve_again(&line, &mut go_on, &mut |_| {}).unwrap().verified.objective;
    let anew =
        solve_whole(standing.problem().clone(), &line, Options::default(), &mut go_on, &mut |_| {});
    assert_eq!(found, anew.unwrap().verified.objective);
}

/// A country of units whose people are parted: behind each unit's two doors stand all of them, or all but the first.
fn parted(seed: u64) -> Problem {
    let mut chance = Seed::fork(seed, 5);
    let line = spread_line(seed, 60, 2_000, 4_000);
    let supply = (0..180).map(|_| draw(&mut chance, 40)).collect();
    let mut problem = Problem::try_new(supply).unwrap();
    for unit in 0..60 {
        problem.push_door(&[3 * unit, 3 * unit + 1, 3 * unit + 2]).unwrap();
        problem.push_door(&[3 * unit + 1, 3 * unit + 2]).unwrap();
    }
    for sink in 0..line.sinks.len() {
        let mut arcs = Vec::new();
        for unit in 0..60 {
            let to = [180 + 2 * unit, 181 + 2 * unit, 3 * unit][draw(&mut chance, 3) as usize];
            arcs.push(Arc { source: to, ..line.arc(sink, unit as usize) });
        }
        let price = i64::from(1_000 + draw(&mut chance, 9_000));
        let piece = Piece { count: 1 + draw(&mut chance, 3), price };
        problem.push_sink(&arcs, &[piece]).unwrap();
    }
    problem
}

/// The same with a way of its own to each source behind a door.
fn without_doors(problem: &Problem) -> Problem {
    let mut plain = Problem::try_new(problem.supply().to_vec()).unwrap();
    for sink in 0..problem.sinks() {
        let sources = 0..u32::try_from(problem.sources()).unwrap();
        let ways = sources.filter_map(|source| {
            problem.way(sink, source).map(|arc| Arc { source, cost: arc.cost })
        });
        plain.push_sink(&ways.collect::<Vec<_>>(), problem.pieces(sink)).unwrap();
    }
    plain
}

#[test]
fn doors_change_nothing_but_the_number_of_ways() {
    for seed in 0..6 {
        let problem = parted(seed);
        let plain = without_doors(&problem);
        assert!(plain.arc_count() > 2 * problem.arc_count() - problem.sinks() * 60 / 2);
        let answer = solved(&problem);
        assert_eq!(answer.verified.objective, solved(&plain).verified.objective, "seed {seed}");
        assert_eq!(verify(&plain, &answer.solution).unwrap(), answer.verified, "seed {seed}");
        let two = solve(problem, Options { threads: 2, ..Options::default() }, &mut go_on).unwrap();
        assert_eq!(two, answer);
    }
    let mut problem = Problem::try_new(vec![1]).unwrap();
    assert_eq!(
        (problem.push_door(&[]), problem.push_door(&[1])),
        (Err(FlowError::Door), Err(FlowError::Door))
    );
}
