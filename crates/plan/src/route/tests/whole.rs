//! The search as a whole: validity, repeatability, and inputs that cannot work.

use super::*;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) })]

    #[test]
    fn every_answer_passes_the_checker(seed in 0_u64..1_000_000, stops in 0_usize..60) {
        let problem = random(seed, stops);
        let solution = solved(&problem, 400);
        prop_assert_eq!(check(&problem, &solution), Ok(solution.cost));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) })]

    #[test]
    fn detours_that_are_quicker_than_the_straight_way_break_no_window(
        seed in 0_u64..1_000_000,
        stops in 1_usize..40,
    ) {
        let metric = random(seed, stops);
        let mut chance = Seed::new(seed);
        let table = Matrix::from_fn(stops + 1, |from, to| {
            let far = if chance.below(8) == 0 { COST_MAX } else { 60 };
            let leg = i32::try_from(chance.below(60)).unwrap_or(0) + far - 60;
            if from == to { 0 } else { leg }
        });
        let kinds = metric.kinds().to_vec();
        let problem = Problem::try_new(metric.stops[1..].to_vec(), kinds, table.clone(), table).unwrap();
        let solution = solved(&problem, 600);
        prop_assert_eq!(check(&problem, &solution), Ok(solution.cost));
        let proven = bound(&problem, solution.cost, 5, &|| false);
        prop_assert!(proven.is_none_or(|bound| bound.cost <= solution.cost));
    }
}

/// The stop between them was a short cut: without it, waiting for the second one's hour makes the third one late.
#[test]
fn a_stop_whose_hour_comes_too_late_for_the_next_one_is_not_on_time() {
    let stop =
        |earliest, latest| Stop { demand: [1, 0, 0], service: 0, earliest, latest, price: 900 };
    let kind = VehicleKind { count: 1, capacity: [9, 9, 9], fixed: 0, open: 0, close: 900 };
    let legs = [
        [0, 10, 10, 10, 10],
        [10, 0, 10, 10, 10],
        [10, 10, 0, 60, 5],
        [10, 10, 10, 0, 10],
        [10, 10, 10, 5, 0],
    ];
    let table = Matrix::from_fn(5, |from, to| legs[from][to]);
    let stops = vec![stop(0, 500), stop(100, 200), stop(0, 120), stop(0, 500)];
    let problem = Problem::try_new(stops, vec![kind], table.clone(), table).unwrap();
    let on_time = |stops: &[u32]| {
        let mut sums = tour::Sums { stops: stops.to_vec(), ..tour::Sums::default() };
        sums.refresh(&problem);
        sums.is_on_time(&problem)
    };
    assert!(on_time(&[1, 2, 4, 3]));
    assert!(!on_time(&[1, 2, 3]));
    assert!(!on_time(&[2, 3]));
    assert!(on_time(&[3, 2]));
}

#[test]
fn equal_seeds_give_equal_tours_on_any_number_of_threads() {
    let problem = random(9, 150);
    let run = |threads, seed| {
        let settings = Settings { district: 40, ..settings(seed, threads) };
        solve(&problem, &settings, Budget::Iterations(30_000), &mut |_| {})
    };
    let one = run(1, 5);
    assert_eq!(one.iterations, 30_000);
    for threads in [2, 3, 8] {
        assert_eq!(one, run(threads, 5));
    }
    assert_ne!(one.tours, run(1, 6).tours);
}

#[test]
fn a_share_that_is_used_up_stops_the_search_with_a_valid_answer() {
    let problem = random(3, 80);
    let solution = solve(&problem, &settings(1, 2), Budget::Share(&|| 1.0), &mut |_| {});
    assert_eq!(check(&problem, &solution), Ok(solution.cost));
    assert_eq!(solution.iterations, 0);
}

#[test]
fn what_no_vehicle_can_serve_is_left_out_and_paid_for() {
    let mut stops: Vec<Stop> = random(3, 5).stops[1..].to_vec();
    stops[1].demand = [99, 0, 0];
    stops[3].earliest = 500;
    stops[3].latest = 400;
    let kinds =
        vec![VehicleKind { count: 9, capacity: [30, 30, 30], fixed: 0, open: 0, close: 90_000 }];
    let table = Matrix::from_fn(6, |a, b| i32::from(a != b) * 7);
    let problem = Problem::try_new(stops, kinds, table.clone(), table).unwrap();
    let solution = solved(&problem, 200);
    assert_eq!(solution.unserved, [2, 4]);
    assert_eq!(check(&problem, &solution), Ok(solution.cost));
}

#[test]
fn without_vehicles_or_capacity_everything_is_unserved() {
    for (count, room) in [(0, 50), (5, 0)] {
        let stops: Vec<Stop> = random(3, 4).stops[1..].to_vec();
        let kinds =
            vec![VehicleKind { count, capacity: [room; 3], fixed: 1, open: 0, close: 90_000 }];
        let table = Matrix::from_fn(5, |_, _| 1);
        let problem = Problem::try_new(stops, kinds, table.clone(), table).unwrap();
        let solution = solved(&problem, 100);
        assert_eq!(solution.unserved, [1, 2, 3, 4]);
        assert_eq!(check(&problem, &solution), Ok(solution.cost));
        assert!(
            bound(&problem, solution.cost, 5, &|| false).is_none_or(|b| b.cost <= solution.cost)
        );
    }
}

#[test]
fn the_checker_refuses_what_was_tampered_with() {
    let problem = random(4, 30);
    let honest = solved(&problem, 2_000);
    assert_eq!(check(&problem, &honest), Ok(honest.cost));
    let refused = |change: &dyn Fn(&mut Solution)| {
        let mut spoilt = honest.clone();
        change(&mut spoilt);
        check(&problem, &spoilt).unwrap_err()
    };
    assert!(matches!(refused(&|s| s.cost -= 1), Fault::Cost { .. }));
    assert!(matches!(refused(&|s| s.tours[0].kind = 7), Fault::Kind(0)));
    assert!(matches!(refused(&|s| s.tours[0].stops.clear()), Fault::Empty(0)));
    assert!(matches!(refused(&|s| s.tours[0].stops.push(99)), Fault::Unknown(99)));
    assert!(matches!(refused(&|s| s.unserved.push(s.tours[0].stops[0])), Fault::Twice(_)));
    assert!(matches!(
        refused(&|s| s.tours[0].stops.truncate(1)),
        Fault::Missing(_) | Fault::Empty(_)
    ));
}

#[test]
fn figures_out_of_bounds_are_named() {
    let table = Matrix::from_fn(2, |_, _| 1);
    let stop = Stop { demand: [1, 0, 0], service: 0, earliest: 0, latest: 9, price: 5 };
    let state = |stop: Stop, table: Matrix| {
        Problem::try_new(vec![stop], Vec::new(), table.clone(), table).unwrap_err()
    };
    let negative = Stop { service: -1, ..stop.clone() };
    assert_eq!(state(negative, table), RouteError::Stop(1));
    let wide = Matrix::from_fn(3, |_, _| 1);
    assert_eq!(state(stop.clone(), wide), RouteError::Side { side: 3, stops: 1 });
    let dear = Matrix::from_fn(2, |_, _| COST_MAX + 1);
    assert!(matches!(state(stop, dear), RouteError::Leg { from: 0, to: 0, .. }));
}
