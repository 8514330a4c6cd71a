//! Deliveries held against cases by hand, every way written out, and a checker of its own.

use super::*;
use crate::{allocate::Terrain, convoy::travel::Estimate};
use pehra_domain::{ConstituencyId, contest::Assembly, seed::Seed};

const HOUR: u32 = 3_600;

fn at(lat: f64, lon: f64) -> Point {
    Point::try_from_degrees(lat, lon).unwrap()
}

fn lot(seat: &str, voters: u32) -> Lot {
    let seat = ConstituencyId::try_new(seat).unwrap();
    Lot { seat, assembly: Assembly::National, voters, stations: 0 }
}

/// A gram a paper, a hundred a carton, ten kilograms a lorry: a thousand papers a lorry.
fn small_means() -> PressMeans {
    let proposed = PressMeans::proposed(0);
    PressMeans {
        paper: Paper {
            milligrams: 1_000,
            spare_per_station: 0,
            per_carton: 100,
            packed_permille: 1_000,
            litres_permille: 1_000,
        },
        lorry: Room { kilograms: 1, litres: 100 },
        lorries: 6,
        escorts: 12,
        bays: 2,
        loading_s: 1_800,
        lorries_per_convoy: 3,
        jitter_s_max: 0,
        ..proposed
    }
}

fn effort() -> Effort {
    Effort { iterations: 2_000, variants: 2, near_permille: 0, bound_passes: 40 }
}

fn estimate() -> Estimate {
    Estimate::proposed(Terrain::Plain)
}

fn consignment(name: &str, goal: Point, voters: u32) -> Consignment {
    Consignment {
        area: AreaId::nation().below(name),
        goal,
        class: RiskClass::Normal,
        lots: vec![lot("NA-1", voters)],
        air: None,
    }
}

fn input(consignments: Vec<Consignment>, means: PressMeans) -> PressInput {
    PressInput { press: "P".to_owned(), place: at(30.0, 70.0), consignments, means, seed: [7; 32] }
}

/// Forty kilometres of road in the plain: an hour.
const NORTH_HOUR: f64 = 0.266_47;

#[test]
fn two_districts_by_hand() {
    // 1,500 papers are two lorries, 900 one; both are on one road north, so one convoy of three lorries takes all.
    let consignments = vec![
        consignment("near", at(30.0 + NORTH_HOUR, 70.0), 1_500),
        consignment("far", at(30.0 + 2.0 * NORTH_HOUR, 70.0), 900),
    ];
    let plan = deliver(&input(consignments, small_means()), &estimate(), effort());
    assert_eq!(plan.findings, []);
    assert_eq!((plan.convoys.len(), plan.unserved.len(), plan.late()), (1, 0, 0));
    let convoy = &plan.convoys[0];
    assert_eq!((convoy.lorries, convoy.escorts, convoy.commander_apart), (3, 4, false));
    // Two turns at two bays: an hour; then there and back four hours of road, as the travel says to the second.
    assert_eq!(convoy.load, Moment { days_before: 7, at_s: 7 * HOUR });
    assert_eq!(convoy.depart, Moment { days_before: 7, at_s: 8 * HOUR });
    let road_s: u32 = convoy.legs.iter().map(|leg| leg.time_s).sum();
    assert!((road_s.abs_diff(4 * HOUR)) <= 3, "{road_s}");
    assert_eq!(plan.objective, i64::from(road_s) + 3_600);
    let service_s = 2 * 1_800 + 3 * 900;
    assert_eq!(convoy.home.at_s, convoy.depart.at_s + road_s + service_s);
    for drop in &convoy.drops {
        let lorries = if drop.consignment == 0 { 2 } else { 1 };
        assert_eq!(drop.lorries.len(), lorries);
        assert_eq!(drop.done.at_s - drop.begin.at_s, 1_800 + 900 * u32::try_from(lorries).unwrap());
        let driven = drop.overdue.at_s - drop.arrive.at_s;
        assert!(driven > 0 && !drop.late, "half of the road so far is its margin");
    }
    assert!(plan.bound.is_some_and(|bound| bound <= plan.objective), "{plan:?}");
    assert_eq!(
        plan.last_done(),
        convoy.drops.iter().map(|drop| drop.done).max_by_key(|it| it.at_s)
    );
}

#[test]
fn a_long_way_has_nights_and_stands_at_the_nearest_store() {
    // Fourteen hours of road: one night on the way out, beside a store that lies ten hours out.
    let far = at(30.0 + 14.0 * NORTH_HOUR, 70.0);
    let beside = at(30.0 + 9.5 * NORTH_HOUR, 70.05);
    let consignments = vec![consignment("far", far, 3_000), consignment("beside", beside, 3_000)];
    let plan = deliver(&input(consignments, small_means()), &estimate(), effort());
    let convoy = plan.convoys.iter().find(|it| it.drops[0].consignment == 0).unwrap();
    let nights = &convoy.legs[0].nights;
    assert_eq!(nights.len(), 1);
    assert_eq!(
        (nights[0].near, nights[0].evening),
        (1, Moment { days_before: 7, at_s: 17 * HOUR })
    );
    assert!(nights[0].off_m < 6_000);
    assert_eq!(convoy.drops[0].done.days_before, 6);
    // What would be unloaded in the dark waits for the morning.
    let late = at(30.0 + 8.9 * NORTH_HOUR, 70.0);
    let plan = deliver(
        &input(vec![consignment("evening", late, 900)], small_means()),
        &estimate(),
        effort(),
    );
    let drop = &plan.convoys[0].drops[0];
    assert!(drop.arrive.days_before == 7 && drop.arrive.at_s > 16 * HOUR, "{drop:?}");
    assert_eq!(drop.begin, Moment { days_before: 6, at_s: 7 * HOUR });
}

#[test]
fn lorries_and_escorts_make_several_trips_and_too_few_are_counted() {
    // Six full convoys of three lorries, eight hours of road each: with one convoy's worth there is a trip a day and five days.
    let goal = |n: f64| at(30.0 + 4.0 * NORTH_HOUR, 70.0 + 0.001 * n);
    let consignments: Vec<Consignment> =
        (0..6).map(|n| consignment(&format!("d{n}"), goal(f64::from(n)), 3_000)).collect();
    let plan = |lorries, escorts| {
        let means = PressMeans { lorries, escorts, ..small_means() };
        deliver(&input(consignments.clone(), means), &estimate(), effort())
    };
    let rich = plan(18, 36);
    assert_eq!((rich.convoys.len(), rich.late(), rich.findings.len()), (6, 0, 0));
    assert!(rich.convoys.iter().all(|it| it.depart.days_before == 7));
    let poor = plan(3, 6);
    assert_eq!((poor.convoys.len(), poor.late()), (6, 1), "{poor:?}");
    assert!(
        poor.convoys.windows(2).all(|two| two[0].home.days_before >= two[1].depart.days_before)
    );
    assert_eq!(
        poor.findings,
        [PressFinding::TooFewMeans { late: 1, lorries: 3, escorts: 6, needed: Some((6, 12)) }]
    );
    assert_eq!(plan(6, 12).late(), 0);
    // Escorts for no convoy at all: named, not driven.
    let none = plan(18, 3);
    assert_eq!((none.convoys.len(), none.unserved.len()), (0, 6));
    assert!(none.findings.contains(&PressFinding::NoConvoy { consignment: 3 }));
}

#[test]
fn an_air_link_flies_and_one_that_is_of_no_use_goes_by_road() {
    let goal = at(31.0, 70.0);
    let landing = at(31.0, 70.1);
    let mut flown = consignment("flown", goal, 6_000);
    flown.air = Some(AirLink { craft: Craft::Helicopter, landing });
    let mut means = small_means();
    means.helicopter.room = Room { kilograms: 3, litres: 100 };
    let plan = deliver(&input(vec![flown.clone()], means.clone()), &estimate(), effort());
    assert_eq!((plan.flights.len(), plan.convoys.len(), plan.findings.len()), (2, 0, 0));
    let first = &plan.flights[0];
    let out_s = first.landed.at_s - first.depart.at_s;
    // 111.6 km at 200 km/h.
    assert!((2_000..2_020).contains(&out_s), "{out_s}");
    assert_eq!(first.depart.at_s, 7 * HOUR + 2_700);
    assert_eq!(first.unloaded.at_s, first.landed.at_s + 1_800);
    assert_eq!(first.arrive.at_s, first.unloaded.at_s + first.road_s);
    assert_eq!(first.done.at_s, first.arrive.at_s + 1_800);
    assert!(first.road_s > 0 && first.estimated && first.by_road.is_some());
    assert_eq!(plan.flights[1].load.at_s, first.home.at_s, "one helicopter");
    means.helicopter.range_m = 100_000;
    let plan = deliver(&input(vec![flown.clone()], means.clone()), &estimate(), effort());
    assert_eq!((plan.flights.len(), plan.convoys.len()), (0, 2));
    assert_eq!(plan.findings, [PressFinding::NotFlown { consignment: 0 }]);
    means.helicopter.count = 0;
    assert_eq!(deliver(&input(vec![flown], means), &estimate(), effort()).convoys.len(), 2);
}

/// No way leads east of a meridian.
struct Cut(Estimate);

impl Travel for Cut {
    fn leg(&self, from: Point, to: Point) -> Option<super::super::travel::Leg> {
        let border = |point: Point| point.lon_deg() > 71.0;
        (border(from) == border(to)).then(|| self.0.leg(from, to)).flatten()
    }
}

#[test]
fn what_nothing_reaches_is_named_with_its_reason() {
    let beyond = consignment("beyond", at(30.0, 71.5), 900);
    let mut by_air = beyond.clone();
    by_air.air = Some(AirLink { craft: Craft::Aeroplane, landing: at(30.0, 71.4) });
    let far = consignment("far", at(-20.0, 70.0), 900);
    let empty = consignment("empty", at(30.1, 70.0), 0);
    let plan = deliver(
        &input(vec![beyond, by_air, far, empty], small_means()),
        &Cut(estimate()),
        effort(),
    );
    assert_eq!(plan.unserved, [0, 2]);
    assert_eq!(plan.flights.len(), 1);
    assert_eq!(plan.flights[0].by_road, None);
    assert_eq!(plan.findings[0], PressFinding::NoWay { consignment: 0 });
    assert!(matches!(
        plan.findings[1],
        PressFinding::TooFar { consignment: 2, needed_s, horizon_s: 180_000 } if needed_s > 180_000
    ));
    let mut means = small_means();
    means.lorry.kilograms = 0;
    let plan = deliver(
        &input(vec![consignment("any", at(30.1, 70.0), 900)], means),
        &estimate(),
        effort(),
    );
    assert_eq!((plan.unserved, plan.convoys.len()), (vec![0], 0));
    assert_eq!(plan.findings, [PressFinding::NoVehicle { consignment: 0 }]);
}

/// A few districts of chance, each at most one part.
fn chance_input(chance: &mut Seed, districts: u64) -> PressInput {
    let mut draw = |most: u64| u32::try_from(chance.below(most)).unwrap();
    let consignments = (0..1 + draw(districts))
        .map(|n| {
            let goal = at(
                30.0 + f64::from(draw(4_000)) / 1_000.0,
                70.0 + f64::from(draw(4_000)) / 1_000.0,
            );
            let class =
                [RiskClass::Normal, RiskClass::Sensitive, RiskClass::Most][draw(3) as usize];
            Consignment { class, ..consignment(&format!("d{n}"), goal, 100 + draw(2_900)) }
        })
        .collect();
    let means = PressMeans {
        lorries: 3 + draw(9),
        escorts: 6 + draw(12),
        bays: 1 + draw(3),
        jitter_s_max: draw(5_000),
        ..small_means()
    };
    PressInput { seed: [u8::try_from(draw(256)).unwrap(); 32], ..input(consignments, means) }
}

/// The least cost of serving a set of parts, over every partition into convoys and every order.
fn every_way(ground: &Ground<'_>) -> i64 {
    let count = ground.parts.len();
    let loads: Vec<usize> = ground.parts.iter().map(|part| part.lorries.len()).collect();
    let most = ground.input.means.lorries_per_convoy as usize;
    let mut tour = vec![i64::MAX; 1 << count];
    let mut orders: Vec<(Vec<usize>, i64)> = vec![(Vec::new(), 0)];
    while let Some((order, cost)) = orders.pop() {
        let last = order.last().map_or(0, |part| part + 1);
        if !order.is_empty() {
            let set = order.iter().fold(0, |set, part| set | 1 << part);
            let whole =
                cost + i64::from(ground.cost_s(last, 0)) + i64::from(ground.input.means.convoy_s);
            tour[set] = tour[set].min(whole);
        }
        for next in (0..count).filter(|part| !order.contains(part)) {
            let load: usize = order.iter().chain([&next]).map(|part| loads[*part]).sum();
            if load <= most {
                let mut longer = order.clone();
                longer.push(next);
                orders.push((longer, cost + i64::from(ground.cost_s(last, next + 1))));
            }
        }
    }
    let mut least = vec![i64::MAX; 1 << count];
    least[0] = 0;
    for set in 1..1_usize << count {
        let mut part = set;
        while part > 0 {
            if tour[part] < i64::MAX && least[set & !part] < i64::MAX {
                least[set] = least[set].min(tour[part] + least[set & !part]);
            }
            part = (part - 1) & set;
        }
    }
    least[(1 << count) - 1]
}

#[test]
fn small_plans_are_the_best_of_every_way_and_no_bound_is_above_it() {
    let mut chance = Seed::new(11);
    let mut proven = 0;
    for round in 0..60 {
        let input = chance_input(&mut chance, 6);
        let travel = estimate();
        let (ground, unserved) = Ground::measure(&input, &travel, &mut Vec::new());
        assert!(unserved.is_empty());
        let least = every_way(&ground);
        let plan = deliver(&input, &travel, effort());
        assert_eq!(plan.objective, least, "round {round}");
        assert!(plan.bound.is_none_or(|bound| bound <= least), "round {round}: {:?}", plan.bound);
        proven += u32::from(plan.bound.is_some_and(|bound| bound * 10 >= least * 9));
    }
    assert!(proven > 40, "{proven}");
}

/// Hours of work of a moment, both as it begins and as it ends.
fn worked_s(days: &Days, moment: Moment) -> i64 {
    i64::from(days.first_before) * i64::from(days.work_s)
        - i64::from(moment.days_before) * i64::from(days.work_s)
        + i64::from(moment.at_s)
        - i64::from(days.open_s)
}

#[test]
fn plans_never_use_more_than_there_is_and_every_paper_is_handed_over_once() {
    let mut chance = Seed::new(5);
    for round in 0..60 {
        let input = chance_input(&mut chance, 14);
        let plan = deliver(&input, &estimate(), Effort { iterations: 300, ..effort() });
        let days = input.means.days;
        let mut taken: Vec<(i64, i64, u32, u32)> = Vec::new();
        for convoy in &plan.convoys {
            let (load, home) = (worked_s(&days, convoy.load), worked_s(&days, convoy.home));
            assert!(load < worked_s(&days, convoy.depart));
            taken.push((load, home, convoy.lorries, convoy.escorts));
            assert!(convoy.lorries <= input.means.lorries_per_convoy);
            let carried: usize = convoy.drops.iter().map(|drop| drop.lorries.len()).sum();
            assert_eq!(carried, convoy.lorries as usize);
            let most = convoy
                .drops
                .iter()
                .any(|it| input.consignments[it.consignment as usize].class == RiskClass::Most);
            assert_eq!((convoy.escorts, convoy.commander_apart), (if most { 6 } else { 4 }, most));
            for drop in &convoy.drops {
                assert_eq!(drop.begin.days_before, drop.done.days_before, "no hand-over at night");
                assert_eq!(drop.late, worked_s(&days, drop.done) > i64::from(days.horizon_s()));
            }
        }
        for &(at, ..) in &taken {
            let here = taken.iter().filter(|(from, until, ..)| *from <= at && at < *until);
            let (lorries, escorts) = here.fold((0, 0), |(l, e), it| (l + it.2, e + it.3));
            assert!(lorries <= input.means.lorries && escorts <= input.means.escorts, "{round}");
        }
        for (number, consignment) in (0_u32..).zip(&input.consignments) {
            let drops = plan.convoys.iter().flat_map(|it| &it.drops);
            let rows = drops.filter(|it| it.consignment == number).flat_map(|it| &it.lorries);
            let papers: u64 = rows.flatten().map(|row| row.papers).sum();
            let due: u64 = consignment.lots.iter().map(|lot| lot.papers(&input.means.paper)).sum();
            assert_eq!(papers, if plan.unserved.contains(&number) { 0 } else { due }, "{round}");
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_plan_and_another_leaves_at_other_times() {
    let mut chance = Seed::new(8);
    let mut input = chance_input(&mut chance, 14);
    input.means.jitter_s_max = 3_000;
    let plan = |input: &PressInput| deliver(input, &estimate(), effort());
    let first = plan(&input);
    assert_eq!(first, plan(&input));
    input.seed = [99; 32];
    let second = plan(&input);
    let times =
        |plan: &PressPlan| -> Vec<Moment> { plan.convoys.iter().map(|it| it.depart).collect() };
    assert_ne!(times(&first), times(&second));
}

#[test]
fn a_tour_whose_hand_overs_wait_past_the_last_day_is_cut() {
    // Two days of work. The near store is reached when its hand-over does not fit the day any more; on the next morning it
    // is made, and then the far one, seven hours on, comes too late, although the hours of work alone are enough.
    let near = consignment("near", at(30.0 + 8.8 * NORTH_HOUR, 70.0), 1_000);
    let far = consignment("far", at(30.0 + 15.9 * NORTH_HOUR, 70.0), 1_000);
    let mut means = small_means();
    means.days.count = 2;
    means.handover_s = 3 * 1_800 - 900;
    let plan = deliver(&input(vec![near, far], means), &estimate(), effort());
    assert_eq!((plan.late(), plan.unserved.len(), plan.convoys.len()), (0, 0, 2), "{plan:?}");
    let road_s: u32 = plan.convoys.iter().flat_map(|it| &it.legs).map(|leg| leg.time_s).sum();
    assert_eq!(plan.objective, i64::from(road_s) + 2 * 3_600);
    assert!(plan.bound.is_some_and(|bound| bound <= plan.objective));
}
