use super::super::{
    anchor::{self, Anchor, Locator, with_own_stretch},
    edit::{self, Effect, RoadEdit},
    estimate,
    graph::{Drive, RoadGraph},
    link::{Link, with_links},
    speed::{Season, Speeds},
};
use super::*;
use crate::allocate::Terrain;
use pehra_domain::road::{Direction, ForbiddenTurn, RoadClass, RoadNetwork, Stretch, Surface};

const TABLE: &str = include_str!("../../../../../data/road_speeds.csv");

fn stretch(from: u32, to: u32, metres: u32) -> Stretch {
    Stretch {
        from,
        to,
        length_m: metres,
        length_dm: 0,
        way: i64::from(from) * 100 + i64::from(to),
        class: RoadClass::Primary,
        surface: Surface::Paved,
        direction: Direction::Both,
        limit_kmh: 0,
        gates: 0,
        ford: false,
        bridge: false,
        private: false,
        duration_s: 0,
        shape: 0,
    }
}

/// A random network with one-ways and forbidden turns; every junction somewhere on a small grid.
fn network(seed: u64) -> RoadNetwork {
    let mut chance = Seed::new(seed);
    let side = 3 + draw(&mut chance, 5);
    let point = |at: usize| Point {
        lat_e7: 300_000_000 + i32::try_from(at / side).unwrap() * 50_000,
        lon_e7: 700_000_000 + i32::try_from(at % side).unwrap() * 50_000,
    };
    let mut network =
        RoadNetwork { junctions: (0..side * side).map(point).collect(), ..RoadNetwork::default() };
    for at in 0..side * side {
        for (other, exists) in
            [(at + 1, at % side + 1 < side), (at + side, at + side < side * side)]
        {
            if exists && chance.below(6) > 0 {
                let mut new = stretch(
                    narrow(at),
                    narrow(other),
                    200 + u32::try_from(chance.below(900)).unwrap(),
                );
                new.direction = match chance.below(8) {
                    0 => Direction::Forth,
                    1 => Direction::Back,
                    _ => Direction::Both,
                };
                network.stretches.push(new);
            }
        }
    }
    for _ in 0..chance.below(30) {
        if network.stretches.is_empty() {
            break;
        }
        let from = draw(&mut chance, network.stretches.len());
        let s = network.stretches[from];
        let via = if chance.below(2) == 0 { s.from } else { s.to };
        let around: Vec<usize> = (0..network.stretches.len())
            .filter(|&at| network.stretches[at].from == via || network.stretches[at].to == via)
            .collect();
        let to = around[draw(&mut chance, around.len())];
        network.forbidden.push(ForbiddenTurn { from: narrow(from), via, to: narrow(to) });
    }
    network
}

/// Shortest times by stretches driven: each state is a stretch with its direction, and a turn is looked up in the list.
fn by_turns(network: &RoadNetwork, times: &[[u32; 2]], from: u32, to: u32) -> u32 {
    let states = network.stretches.len() * 2;
    let end = |state: usize, arrive: bool| {
        let s = &network.stretches[state / 2];
        if state.is_multiple_of(2) == arrive { s.to } else { s.from }
    };
    let time = |state: usize| times[state / 2][state % 2];
    let has_rule = |via: u32, over: usize| {
        network.forbidden.iter().any(|t| t.via == via && t.from as usize == over)
    };
    let forbidden = |over: usize, via: u32, next: usize| {
        network
            .forbidden
            .iter()
            .any(|t| (t.from as usize, t.via, t.to as usize) == (over, via, next))
    };
    let mut best = vec![NO_WAY; states];
    for (state, best) in best.iter_mut().enumerate() {
        if end(state, false) == from {
            *best = time(state);
        }
    }
    loop {
        let mut settled = true;
        for state in 0..states {
            if best[state] >= NO_WAY {
                continue;
            }
            let (via, over) = (end(state, true), state / 2);
            let others: Vec<usize> = (0..states)
                .filter(|&next| end(next, false) == via && time(next) < NO_WAY)
                .filter(|&next| !forbidden(over, via, next / 2))
                .collect();
            let may_return = !has_rule(via, over) || others.iter().all(|next| next / 2 == over);
            for next in others {
                if next / 2 == over && !may_return {
                    continue;
                }
                let reached = join(best[state], time(next));
                if reached < best[next] {
                    best[next] = reached;
                    settled = false;
                }
            }
        }
        if settled {
            break;
        }
    }
    let arrived =
        (0..states).filter(|&state| end(state, true) == to).map(|state| best[state]).min();
    if from == to { 0 } else { arrived.unwrap_or(NO_WAY) }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn forbidden_turns_are_never_taken_and_cost_nothing_else(seed in any::<u64>()) {
        let network = network(seed);
        let speeds = Speeds::parse(TABLE).unwrap();
        let times = speeds.weigh(&network, Season::Dry, &|_| Terrain::Hill);
        let graph = RoadGraph::try_new(&network).unwrap();
        let weights = graph.weights(&times);
        let order = Order::compute(&graph.arcs, &graph.points(&network), 1);
        let hierarchy = Hierarchy::try_new(&graph.arcs, order).unwrap();
        let metric = Metric::new(&graph.arcs, &hierarchy, weights, 1);
        let mut router = Router::new(&graph.arcs, &hierarchy, &metric);
        let mut chance = Seed::new(seed ^ 9);
        for _ in 0..12 {
            let from = narrow(draw(&mut chance, network.junctions.len()));
            let to = narrow(draw(&mut chance, network.junctions.len()));
            let goals: Vec<(u32, u32)> = (0_u32..).zip(&graph.junction)
                .filter(|(_, junction)| **junction == to).map(|(vertex, _)| (vertex, 0)).collect();
            prop_assert_eq!(router.time_ms(&[(from, 0)], &goals), by_turns(&network, &times, from, to));
        }
    }

    #[test]
    fn places_between_junctions_are_reached_as_if_junctions_stood_there(seed in any::<u64>()) {
        let mut network = network(seed);
        network.forbidden.clear();
        prop_assume!(network.stretches.len() > 2);
        let graph = RoadGraph::try_new(&network).unwrap();
        let speeds = Speeds::parse(TABLE).unwrap();
        let weights = graph.weights(&speeds.weigh(&network, Season::Dry, &|_| Terrain::Plain));
        let order = Order::compute(&graph.arcs, &graph.points(&network), 1);
        let hierarchy = Hierarchy::try_new(&graph.arcs, order).unwrap();
        let metric = Metric::new(&graph.arcs, &hierarchy, weights.clone(), 1);
        let mut chance = Seed::new(seed ^ 5);
        let anchors: Vec<Anchor> = (0..6).map(|_| Anchor {
            stretch: narrow(draw(&mut chance, network.stretches.len())),
            share_permille: u32::try_from(chance.below(1_001)).unwrap(),
            off_road_m: 0,
        }).collect();
        let from: Vec<_> = anchors.iter().map(|a| a.departures(&graph, &weights)).collect();
        let to: Vec<_> = anchors.iter().map(|a| a.arrivals(&graph, &weights)).collect();
        let targets = Targets::new(&hierarchy, &metric, &to);
        let mut table = targets.times_ms(&hierarchy, &metric, &from, 1);
        with_own_stretch(&mut table, &anchors, &anchors, &graph, &weights);
        for (row, a) in anchors.iter().enumerate() {
            let truth = graph.arcs.dijkstra(&weights, &from[row]);
            for (column, b) in anchors.iter().enumerate() {
                let over = to[column].iter().map(|&(v, rest)| join(truth[v as usize], rest)).min().unwrap_or(NO_WAY);
                let best = over.min(a.along_ms(b, &graph, &weights)).min(NO_WAY);
                prop_assert_eq!(table[row * anchors.len() + column], best);
                prop_assert!(row != column || best == 0);
            }
        }
    }

    #[test]
    fn the_nearest_road_is_the_nearest(seed in any::<u64>()) {
        let network = network(seed);
        let locator = Locator::new(&network, &|_| true);
        let mut chance = Seed::new(seed ^ 6);
        for _ in 0..10 {
            let e7 = |chance: &mut Seed, base: i32| base - 200_000 + i32::try_from(chance.below(800_000)).unwrap();
            let place = Point { lat_e7: e7(&mut chance, 300_000_000), lon_e7: e7(&mut chance, 700_000_000) };
            let found = locator.nearest(&network, place, 100_000.0).map(|a| a.off_road_m);
            let truth = (0..network.stretches.len())
                .map(|at| anchor::distance_m(&network, at, place))
                .min_by(f64::total_cmp);
            prop_assert_eq!(found.is_some(), truth.is_some());
            if let (Some(found), Some(truth)) = (found, truth) {
                prop_assert!((f64::from(found) - truth).abs() <= 0.6, "{} {}", found, truth);
            }
        }
    }
}

#[test]
fn a_contradicting_network_is_refused() {
    let network = RoadNetwork { stretches: vec![stretch(0, 1, 5)], ..RoadNetwork::default() };
    assert!(RoadGraph::try_new(&network).is_err());
}

#[test]
fn speeds_follow_class_terrain_surface_season_limits_and_waits() {
    let speeds = Speeds::parse(TABLE).unwrap();
    let km = stretch(0, 1, 1_000);
    let time = |s: &Stretch, terrain, season| speeds.time_ms(s, terrain, season);
    // 55 km/h in the plain: 65.45 s a kilometre.
    assert_eq!(time(&km, Terrain::Plain, Season::Dry), 65_454);
    assert!(time(&km, Terrain::Mountain, Season::Dry) > time(&km, Terrain::Hill, Season::Dry));
    assert_eq!(time(&Stretch { limit_kmh: 36, ..km }, Terrain::Plain, Season::Dry), 100_000);
    let earth = Stretch { surface: Surface::Earth, ..km };
    assert!(time(&earth, Terrain::Plain, Season::Wet) > time(&earth, Terrain::Plain, Season::Dry));
    let ford = Stretch { ford: true, ..km };
    assert_eq!(time(&ford, Terrain::Plain, Season::Wet), NO_WAY);
    assert_eq!(time(&ford, Terrain::Plain, Season::Dry), 65_454);
    assert_eq!(time(&Stretch { gates: 2, ..km }, Terrain::Plain, Season::Dry), 125_454);
    assert_eq!(time(&Stretch { duration_s: 600, ..km }, Terrain::Plain, Season::Wet), 600_000);
    for broken in [
        "",
        "what\nclass,motorway,1,2\n",
        "what\nclass,motorway,a,2,3,x\n",
        "what\nclass,motorway,1,2,3,\n",
    ] {
        assert!(Speeds::parse(broken).is_err(), "{broken}");
    }
    assert!(Speeds::parse(&TABLE.replace("class,track,12", "class,track,0")).is_err());
}

#[test]
fn an_edit_closes_doubles_or_delays_what_it_names() {
    let mut network = network(3);
    for s in &mut network.stretches {
        s.way = 7;
        s.direction = Direction::Both;
    }
    network.stretches[0].way = 9;
    let graph = RoadGraph::try_new(&network).unwrap();
    let weights = graph.weights(&vec![[1_000, 2_000]; network.stretches.len()]);
    let edit = |effect, near, forth| RoadEdit { way: 9, near, forth, effect };
    let of = |edit: RoadEdit| edit::changes(&[edit], &network, &graph, &weights);
    let forth = graph.arcs_of(Drive::new(0, true)).len();
    let back = graph.arcs_of(Drive::new(0, false)).len();
    assert_eq!(of(edit(Effect::Closed, None, None)).len(), forth + back);
    assert!(of(edit(Effect::Closed, None, None)).iter().all(|&(_, time)| time == NO_WAY));
    assert!(
        of(edit(Effect::Factor(2_000), None, Some(true))).iter().all(|&(_, time)| time == 2_000)
    );
    assert!(of(edit(Effect::Delay(60), None, Some(false))).iter().all(|&(_, time)| time == 62_000));
    let near = Some(network.junctions[network.stretches[5].from as usize]);
    let one =
        edit::stretches(&RoadEdit { way: 7, near, forth: None, effect: Effect::Closed }, &network);
    assert_eq!(one.len(), 1);
    let none = RoadEdit { way: 1_234, near: None, forth: None, effect: Effect::Closed };
    assert!(edit::stretches(&none, &network).is_empty());
}

#[test]
fn a_link_joins_the_roads_or_stands_alone() {
    let point = |lat_e7, lon_e7| Point { lat_e7, lon_e7 };
    let mut network = RoadNetwork {
        junctions: vec![point(300_000_000, 700_000_000), point(300_100_000, 700_000_000)],
        stretches: vec![stretch(0, 1, 1_112)],
        ..RoadNetwork::default()
    };
    let link = Link {
        class: RoadClass::Boat,
        from: point(300_100_500, 700_000_000),
        to: point(310_000_000, 700_000_000),
        duration_s: 3_600,
    };
    network = with_links(network, &[link.clone(), link]);
    assert_eq!((network.junctions.len(), network.stretches.len()), (3, 3));
    let boat = network.stretches[1];
    assert_eq!((boat.from, boat.to, boat.way, boat.class), (1, 2, -1, RoadClass::Boat));
    assert_eq!(network.stretches[2].to, 2);
    let graph = RoadGraph::try_new(&network).unwrap();
    assert_eq!(graph.islands().1, [3]);
    let locator = Locator::new(&network, &|_| true);
    assert!(locator.nearest(&network, point(310_000_000, 700_000_000), 5_000.0).is_none());
}

#[test]
fn an_estimate_says_that_it_is_one_and_learns_from_roads() {
    let near = Point { lat_e7: 300_000_000, lon_e7: 700_000_000 };
    let far = Point { lat_e7: 310_000_000, lon_e7: 700_000_000 };
    let travel = estimate::travel(near, far, 1_500, 50_000);
    assert!(travel.estimated);
    assert_eq!((travel.distance_m, travel.time_s), (166_793, 12_009));
    let mut network = network(11);
    for s in &mut network.stretches {
        let ends = [s.from, s.to].map(|end| network.junctions[end as usize]);
        // Every road is a quarter longer than the straight line.
        s.length_m = 650;
        assert!((ends[0].distance_m(ends[1]) - 520.0).abs() < 60.0);
        s.direction = Direction::Both;
    }
    let graph = RoadGraph::try_new(&network).unwrap();
    let speeds = Speeds::parse(TABLE).unwrap();
    let weights = graph.weights(&speeds.weigh(&network, Season::Dry, &|_| Terrain::Plain));
    let order = Order::compute(&graph.arcs, &graph.points(&network), 1);
    let hierarchy = Hierarchy::try_new(&graph.arcs, order).unwrap();
    let metric = Metric::new(&graph.arcs, &hierarchy, weights, 1);
    let learned =
        estimate::calibrate(&network, &graph, (&hierarchy, &metric), &|_| Terrain::Plain, (400, 1));
    let again =
        estimate::calibrate(&network, &graph, (&hierarchy, &metric), &|_| Terrain::Plain, (400, 1));
    assert_eq!(learned, again);
    let [plain] = learned.as_slice() else { panic!("{learned:?}") };
    assert!((1_150..2_200).contains(&plain.detour_permille), "{plain:?}");
    assert!(plain.speed_m_per_h.abs_diff(55_000) < 600, "{plain:?}");
    assert!(plain.error_p50_permille <= plain.error_p95_permille);
}
