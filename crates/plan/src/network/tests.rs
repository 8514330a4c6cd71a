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

fn link(tail: u32, head: u32, capacity: u32, cost: i32) -> Link {
    Link { tail, head, capacity, cost }
}

fn cost(chance: &mut Seed, spread: u64) -> i32 {
    i32::try_from(chance.below(spread)).unwrap()
}

/// Any network: loops, parallel links, negative costs, lower bounds, nodes without links; often infeasible.
fn any_network(seed: u64) -> Network {
    let mut chance = Seed::new(seed);
    let nodes = 1 + draw(&mut chance, 7);
    let mut supply: Vec<i64> = (0..nodes).map(|_| i64::from(draw(&mut chance, 7)) - 3).collect();
    supply[0] -= supply.iter().sum::<i64>();
    let mut network = Network::try_new(supply).unwrap();
    let spread = [1, 4, 30, 2_000][draw(&mut chance, 4) as usize];
    for _ in 0..draw(&mut chance, 5 * u64::from(nodes)) {
        let (tail, head) =
            (draw(&mut chance, u64::from(nodes)), draw(&mut chance, u64::from(nodes)));
        let capacity = draw(&mut chance, 9);
        let lower =
            if draw(&mut chance, 6) == 0 { draw(&mut chance, u64::from(capacity) + 1) } else { 0 };
        let cost = cost(&mut chance, spread) - cost(&mut chance, spread) / 3;
        network.push_link(link(tail, head, capacity, cost), lower).unwrap();
    }
    network
}

/// Sources, sinks and a hub, numbered at random, with parallel links and odd costs of idling.
fn hub_network(seed: u64) -> Network {
    let mut chance = Seed::new(seed);
    let (sources, sinks) = (1 + draw(&mut chance, 4), 1 + draw(&mut chance, 5));
    let nodes = sources + sinks + 1;
    let turn = draw(&mut chance, u64::from(nodes));
    let node = |number: u32| (number + turn) % nodes;
    let hub = node(nodes - 1);
    let mut supply = vec![0_i64; nodes as usize];
    let mut links = Vec::new();
    let spread = [2, 9, 500][draw(&mut chance, 3) as usize];
    for source in 0..sources {
        let count = draw(&mut chance, 8);
        supply[node(source) as usize] = i64::from(count);
        for _ in 0..1 + draw(&mut chance, 2) {
            let idle = cost(&mut chance, spread) / 4 - 1;
            links.push(link(node(source), hub, count + draw(&mut chance, 2), idle));
        }
    }
    for sink in sources..sources + sinks {
        let due = draw(&mut chance, 7);
        supply[node(sink) as usize] = -i64::from(due);
        for source in 0..sources {
            for _ in 0..draw(&mut chance, 3) {
                let cost = cost(&mut chance, spread);
                links.push(link(node(source), node(sink), due + draw(&mut chance, 3), cost));
            }
        }
        let half = draw(&mut chance, u64::from(due) + 1);
        links.push(link(hub, node(sink), half, cost(&mut chance, 3 * spread)));
        links.push(link(hub, node(sink), due - half, cost(&mut chance, 3 * spread)));
        links.push(link(hub, node(sink), draw(&mut chance, 4), cost(&mut chance, 3 * spread)));
    }
    supply[hub as usize] = -supply.iter().sum::<i64>();
    let mut network = Network::try_new(supply).unwrap();
    while !links.is_empty() {
        let place = usize::try_from(chance.below(links.len() as u64)).unwrap();
        network.push_link(links.swap_remove(place), 0).unwrap();
    }
    network
}

/// The least cost by cancelling negative cycles of any feasible flow: slow, and like neither engine. None when
/// there is no feasible flow.
fn reference(network: &Network) -> Option<i64> {
    const DEAR: i64 = 1 << 40;
    let root = network.nodes();
    let mut edges: Vec<(usize, usize, i64, i64)> = Vec::new();
    let mut add = |tail, head, capacity: i64, carried: i64, cost: i64| {
        edges.push((tail, head, capacity - carried, cost));
        edges.push((head, tail, carried, -cost));
    };
    for link in network.links() {
        let (tail, head) = (link.tail as usize, link.head as usize);
        add(tail, head, i64::from(link.capacity), 0, i64::from(link.cost));
    }
    for (node, &count) in network.supply().iter().enumerate() {
        if count >= 0 {
            add(node, root, count, count, DEAR);
        } else {
            add(root, node, -count, -count, DEAR);
        }
    }
    while let Some(cycle) = negative_cycle(&edges, root + 1) {
        let room = cycle.iter().map(|&edge| edges[edge].2).min().unwrap();
        for edge in cycle {
            edges[edge].2 -= room;
            edges[edge ^ 1].2 += room;
        }
    }
    let carried: i64 = edges.iter().skip(1).step_by(2).map(|back| -back.3 * back.2).sum();
    (carried < DEAR / 2).then_some(carried + network.fixed_cost)
}

fn negative_cycle(edges: &[(usize, usize, i64, i64)], nodes: usize) -> Option<Vec<usize>> {
    let mut distance = vec![0_i64; nodes];
    let mut by = vec![usize::MAX; nodes];
    let mut last = None;
    for _ in 0..nodes {
        last = None;
        for (number, &(tail, head, room, cost)) in edges.iter().enumerate() {
            if room > 0 && distance[tail] + cost < distance[head] {
                distance[head] = distance[tail] + cost;
                by[head] = number;
                last = Some(head);
            }
        }
        last?;
    }
    let mut node = last?;
    for _ in 0..nodes {
        node = edges[by[node]].0;
    }
    let (end, mut cycle) = (node, Vec::new());
    loop {
        cycle.push(by[node]);
        node = edges[by[node]].0;
        if node == end {
            return Some(cycle);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]
    #[test]
    fn any_network_is_solved_to_the_least_cost_or_refused(seed in any::<u64>()) {
        let network = any_network(seed);
        match (solve(&network, 1, &mut go_on), reference(&network)) {
            (Ok(answer), Some(least)) => {
                prop_assert_eq!(answer.objective, least);
                prop_assert_eq!(verify(&network, &answer), Ok(()));
            }
            (Err(NetworkError::Infeasible(_)), None) => {}
            other => prop_assert!(false, "{other:?}"),
        }
    }

    #[test]
    fn a_network_with_a_hub_takes_the_fast_engine_to_the_same_cost(seed in any::<u64>()) {
        let network = hub_network(seed);
        let fast = solve(&network, 1, &mut go_on).unwrap();
        prop_assert_eq!(Some(fast.objective), reference(&network));
        let plain = solve_by_simplex(&network, &mut go_on).unwrap();
        prop_assert_eq!(plain.engine, Engine::Simplex);
        prop_assert_eq!(plain.objective, fast.objective);
    }
}

#[test]
fn most_networks_with_a_hub_are_recognised() {
    let fast = (0..500)
        .filter(|&seed| {
            solve(&hub_network(seed), 1, &mut go_on).unwrap().engine == Engine::Transport
        })
        .count();
    assert!(fast > 350, "{fast}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]
    #[test]
    fn a_tampered_answer_is_refused(seed in any::<u64>()) {
        let network = hub_network(seed);
        let good = solve(&network, 1, &mut go_on).unwrap();
        let refused = |change: &dyn Fn(&mut Answer)| {
            let mut bad = good.clone();
            change(&mut bad);
            verify(&network, &bad).is_err()
        };
        prop_assert!(refused(&|a| a.objective -= 1));
        prop_assert!(refused(&|a| a.dual_bound += 1));
        prop_assert!(refused(&|a| { a.objective -= 1; a.dual_bound -= 1; }), "both");
        prop_assert!(refused(&|a| a.prices.push(0)));
        let spare = LinkFlow { link: index(network.links().len()), count: 1 };
        prop_assert!(refused(&|a| a.flows.push(spare)), "a link that is not there");
        for at in 0..good.flows.len() {
            prop_assert!(refused(&|a| { a.flows.remove(at); }), "one flow less");
            prop_assert!(refused(&|a| a.flows[at].count = 0), "an empty one");
            prop_assert!(refused(&|a| a.flows.push(a.flows[at])), "twice");
            if network.links()[good.flows[at].link as usize].tail
                != network.links()[good.flows[at].link as usize].head
            {
                prop_assert!(refused(&|a| a.flows[at].count += 1), "one unit more");
            }
        }
        for at in 0..good.prices.len() {
            // Other prices may prove the same bound; then they are no tampering.
            let mut other = good.clone();
            other.prices[at] += 1;
            let proves = verify(&network, &other).is_ok();
            let honest = reference(&network) == Some(other.dual_bound);
            prop_assert!(!proves || honest);
        }
    }
}

#[test]
fn a_larger_network_keeps_the_tree_right() {
    let mut chance = Seed::new(5);
    let side = 40_u32;
    let mut supply = vec![0_i64; (side * side) as usize];
    for _ in 0..300 {
        let (a, b) = (draw(&mut chance, 1_600), draw(&mut chance, 1_600));
        let count = i64::from(draw(&mut chance, 20));
        supply[a as usize] += count;
        supply[b as usize] -= count;
    }
    let mut network = Network::try_new(supply).unwrap();
    for row in 0..side {
        for column in 0..side {
            let here = row * side + column;
            for there in [row * side + (column + 1) % side, (row + 1) % side * side + column] {
                for (tail, head) in [(here, there), (there, here)] {
                    let capacity = 40 + draw(&mut chance, 60);
                    let cost = cost(&mut chance, 1_000);
                    network.push_link(link(tail, head, capacity, cost), 0).unwrap();
                }
            }
        }
    }
    let answer = solve(&network, 1, &mut go_on).unwrap();
    assert_eq!(answer.engine, Engine::Simplex);
    assert!(answer.flows.len() > 300);
}

const EXAMPLE: &str = "c an example\np min 4 5\nn 1 4\nn 4 -4\n\na 1 2 0 4 2\na 1 3 0 2 2\n\
                       a 2 3 0 2 1\na 2 4 1 3 3\na 3 4 0 5 1\n";

fn read(text: &str, pieces: usize) -> Result<Network, DimacsError> {
    let mut reader = Reader::default();
    for piece in text.as_bytes().chunks(pieces) {
        reader.feed(piece)?;
    }
    reader.finish()
}

#[test]
fn a_file_reads_the_same_in_pieces_of_any_size() {
    let whole = read(EXAMPLE, usize::MAX).unwrap();
    for pieces in 1..40 {
        assert_eq!(read(EXAMPLE, pieces).as_ref(), Ok(&whole));
    }
    assert_eq!(read(&EXAMPLE.replace('\n', "\r\n"), 7).as_ref(), Ok(&whole));
    let answer = solve(&whole, 1, &mut go_on).unwrap();
    assert_eq!((answer.objective, answer.dual_bound), (15, 15));
    let carried: u64 = whole
        .carried(&answer)
        .iter()
        .filter(|(link, _)| whole.links()[*link as usize].head == 3)
        .map(|&(_, count)| count)
        .sum();
    assert_eq!(carried, 4, "what a link must carry is told, too");
}

fn refused(from: &str, to: &str) -> DimacsError {
    read(&EXAMPLE.replace(from, to), 9).unwrap_err()
}

#[test]
fn a_file_of_another_shape_is_refused_with_its_line() {
    assert!(matches!(refused("p min", "p max"), DimacsError::Shape { line: 2, .. }));
    assert!(matches!(refused("p min 4 5\n", ""), DimacsError::Early { line: 2 }));
    assert!(matches!(refused("p min 4 5", "p min 4 6"), DimacsError::LinkCount { found: 5, .. }));
    assert!(matches!(refused("n 4 -4", "q 4"), DimacsError::Kind { line: 4, .. }));
    assert!(matches!(refused("n 4 -4", "n 4"), DimacsError::Shape { line: 4, .. }));
    assert!(matches!(refused("n 4 -4", "n 4 -4 9"), DimacsError::Shape { line: 4, .. }));
    assert!(matches!(read("", 9), Err(DimacsError::Empty)));
    assert!(matches!(read(&"c".repeat(5_000), 999), Err(DimacsError::Long { line: 1 })));
}

#[test]
fn a_file_with_wrong_figures_is_refused_with_its_line() {
    assert!(matches!(refused("n 4 -4", "n 5 -4"), DimacsError::Number { line: 4, .. }));
    assert!(matches!(refused("n 4 -4", "n 1 -4"), DimacsError::SecondSupply { line: 4, .. }));
    assert!(matches!(refused("1 3 3", "4 3 3"), DimacsError::Network { line: 9, .. }));
    assert!(matches!(refused("0 5 1", "0 5 1.5"), DimacsError::Number { line: 10, .. }));
    assert!(matches!(refused("0 5 1", "0 99999999999 1"), DimacsError::Number { .. }));
}

#[test]
fn supplies_that_cannot_balance_or_find_no_way_are_refused() {
    let unbalanced = Network::try_new(vec![3, -2]).unwrap();
    assert_eq!(solve(&unbalanced, 1, &mut go_on), Err(NetworkError::Unbalanced(1)));
    let mut narrow = Network::try_new(vec![3, -3]).unwrap();
    narrow.push_link(link(0, 1, 2, 5), 0).unwrap();
    assert_eq!(solve(&narrow, 1, &mut go_on), Err(NetworkError::Infeasible(1)));
    assert!(Network::try_new(vec![0]).unwrap().push_link(link(0, 1, 1, 1), 0).is_err());
}
