mod network;

use super::{
    arcs::Arcs, hierarchy::Hierarchy, metric::Metric, order::Order, reach, route::Router,
    table::Targets, *,
};
use pehra_domain::{Point, seed::Seed};
use proptest::prelude::*;

struct Map {
    arcs: Arcs,
    points: Vec<Point>,
    weights: Vec<u32>,
}

fn draw(chance: &mut Seed, bound: usize) -> usize {
    usize::try_from(chance.below(bound as u64)).unwrap()
}

/// A grid with gaps, one-ways, dead ends, parallel arcs, loops, chains and now and then a far link; sometimes in pieces.
fn map(seed: u64, side: usize) -> Map {
    let mut chance = Seed::new(seed);
    let count = side * side;
    let mut points = Vec::new();
    for at in 0..count {
        let jitter = |chance: &mut Seed| i32::try_from(chance.below(6_000)).unwrap();
        let (row, column) = (i32::try_from(at / side).unwrap(), i32::try_from(at % side).unwrap());
        points.push(Point {
            lat_e7: 300_000_000 + row * 10_000 + jitter(&mut chance),
            lon_e7: 700_000_000 + column * 10_000 + jitter(&mut chance),
        });
    }
    let gaps = chance.below(5);
    let mut given = Vec::new();
    let mut weights = Vec::new();
    let mut road = |chance: &mut Seed, a: usize, b: usize| {
        let weight = u32::try_from(1 + chance.below(50)).unwrap();
        let (a, b) = (narrow(a), narrow(b));
        let kind = chance.below(12);
        if kind != 0 {
            given.push((a, b));
            weights.push(weight);
        }
        if kind > 1 {
            given.push((b, a));
            weights.push(if kind == 2 { weight + 7 } else { weight });
        }
    };
    for at in 0..count {
        if at % side + 1 < side && chance.below(10) >= gaps {
            road(&mut chance, at, at + 1);
        }
        if at + side < count && chance.below(10) >= gaps {
            road(&mut chance, at, at + side);
        }
        if chance.below(40) == 0 {
            let other = draw(&mut chance, count);
            road(&mut chance, at, other);
        }
    }
    let (arcs, place) = Arcs::new(count, &given);
    let mut sorted = vec![0; weights.len()];
    for (&at, &weight) in place.iter().zip(&weights) {
        sorted[at as usize] = weight;
    }
    Map { arcs, points, weights: sorted }
}

fn prepare(map: &Map, threads: usize) -> (Hierarchy, Metric) {
    let order = Order::compute(&map.arcs, &map.points, threads);
    let hierarchy = Hierarchy::try_new(&map.arcs, order).unwrap();
    let metric = Metric::new(&map.arcs, &hierarchy, map.weights.clone(), threads);
    (hierarchy, metric)
}

fn capped(mut times: Vec<u32>) -> Vec<u32> {
    for time in &mut times {
        *time = (*time).min(NO_WAY);
    }
    times
}

fn check_all(map: &Map, hierarchy: &Hierarchy, metric: &Metric, weights: &[u32], seed: u64) {
    let mut chance = Seed::new(seed);
    let count = map.arcs.vertices();
    let mut router = Router::new(&map.arcs, hierarchy, metric);
    let labels = |chance: &mut Seed| -> Vec<(u32, u32)> {
        let number = 1 + draw(chance, 3);
        (0..number)
            .map(|_| (narrow(draw(chance, count)), u32::try_from(chance.below(30)).unwrap()))
            .collect()
    };
    let sources: Vec<_> = (0..19).map(|_| labels(&mut chance)).collect();
    let targets: Vec<_> = (0..7).map(|_| labels(&mut chance)).collect();
    let ready = Targets::new(hierarchy, metric, &targets);
    let table = ready.times_ms(hierarchy, metric, &sources, 2);
    assert_eq!(table, ready.times_ms(hierarchy, metric, &sources, 1));
    for (row, from) in sources.iter().enumerate() {
        let truth = capped(map.arcs.dijkstra(weights, from));
        assert_eq!(reach::times_ms(hierarchy, metric, from), truth);
        for (column, to) in targets.iter().enumerate() {
            let best = to.iter().map(|&(v, rest)| join(truth[v as usize], rest)).min().unwrap();
            assert_eq!(table[row * targets.len() + column], best);
            assert_eq!(router.time_ms(from, to), best);
            let Some(way) = router.way(from, to) else {
                assert_eq!(best, NO_WAY);
                continue;
            };
            check_way(map, weights, &way, from, to, best);
        }
    }
}

/// The arcs are a walk between the labels and take exactly the time.
fn check_way(
    map: &Map,
    weights: &[u32],
    way: &route::Way,
    from: &[(u32, u32)],
    to: &[(u32, u32)],
    best: u32,
) {
    let tails = map.arcs.tails();
    let mut here = from[way.from].0;
    let mut time = from[way.from].1 + to[way.to].1;
    for &arc in &way.arcs {
        assert_eq!(tails[arc], here);
        here = map.arcs.head(arc);
        time += weights[arc];
    }
    assert_eq!((here, time), (to[way.to].0, best));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn every_answer_equals_dijkstra(seed in any::<u64>(), side in 2_usize..24) {
        let map = map(seed, side);
        let (hierarchy, metric) = prepare(&map, 1);
        check_all(&map, &hierarchy, &metric, &map.weights, seed ^ 1);
    }

    #[test]
    fn a_change_ends_where_a_fresh_start_ends(seed in any::<u64>(), side in 2_usize..20) {
        let map = map(seed, side);
        let (hierarchy, mut metric) = prepare(&map, 1);
        let mut weights = map.weights.clone();
        let mut chance = Seed::new(seed ^ 2);
        for _ in 0..6 {
            if weights.is_empty() {
                break;
            }
            let changes: Vec<(usize, u32)> = (0..=chance.below(3)).map(|_| {
                let arc = draw(&mut chance, weights.len());
                let new = match chance.below(4) {
                    0 => NO_WAY,
                    1 => weights[arc].saturating_mul(2).min(NO_WAY),
                    2 => 1,
                    _ => u32::try_from(1 + chance.below(60)).unwrap(),
                };
                (arc, new)
            }).collect();
            for &(arc, new) in &changes {
                weights[arc] = new;
            }
            metric.change(&map.arcs, &hierarchy, &changes);
            prop_assert_eq!(&metric, &Metric::new(&map.arcs, &hierarchy, weights.clone(), 1));
        }
        check_all(&map, &hierarchy, &metric, &weights, seed ^ 3);
    }

    #[test]
    fn threads_change_nothing(seed in any::<u64>(), side in 10_usize..48) {
        let map = map(seed, side);
        let alone = prepare(&map, 1);
        prop_assert!(alone == prepare(&map, 2));
        prop_assert!(alone == prepare(&map, 5));
    }
}

#[test]
fn a_map_of_nothing_and_of_one_vertex_have_no_ways() {
    for count in [0, 1] {
        let (arcs, _) = Arcs::new(count, &[]);
        let map =
            Map { arcs, points: vec![Point { lat_e7: 0, lon_e7: 0 }; count], weights: Vec::new() };
        let (hierarchy, metric) = prepare(&map, 2);
        assert_eq!(hierarchy.links(), 0);
        if count == 1 {
            let mut router = Router::new(&map.arcs, &hierarchy, &metric);
            assert_eq!(router.time_ms(&[(0, 3)], &[(0, 4)]), 7);
        }
    }
}

#[test]
fn a_long_ring_stays_low() {
    let count = 4_097_u32;
    let chain: Vec<(u32, u32)> = (1..count).flat_map(|v| [(v - 1, v), (v, v - 1)]).collect();
    let ring: Vec<(u32, u32)> =
        chain.iter().copied().chain([(count - 1, 0), (0, count - 1)]).collect();
    {
        let (arcs, _) = Arcs::new(count as usize, &ring);
        let order = Order::compute(&arcs, &vec![Point { lat_e7: 0, lon_e7: 0 }; count as usize], 1);
        let hierarchy = Hierarchy::try_new(&arcs, order).unwrap();
        assert!(hierarchy.height() <= 40, "{}", hierarchy.height());
    }
}

#[test]
fn an_order_of_another_map_is_refused() {
    let map = map(1, 4);
    let order = Order::try_from_vertices(vec![0, 1, 2]).unwrap();
    assert!(Hierarchy::try_new(&map.arcs, order).is_err());
    assert!(Order::try_from_vertices(vec![0, 0]).is_none());
    assert!(Order::try_from_vertices(vec![0, 2]).is_none());
}
