//! Whole plans and whole nights on small made-up seats.

use super::{
    alternate::alternate,
    conflict::{Booking, double_booked},
    night::{NightInput, NightTrip, Noise, Pick, counters_needed, simulate},
    travel::{Estimate, Leg, Travel},
    *,
};
use crate::allocate::Terrain;
use pehra_domain::seed::Seed;
use std::collections::BTreeSet;

fn seat(halts: usize, direction: Direction, seed: u64) -> ConvoyInput {
    let mut chance = Seed::new(seed);
    let mut coordinate = |middle: f64| middle + (chance.unit() - 0.5) * 0.4;
    let points: Vec<Point> = (0..=halts)
        .map(|_| Point::try_from_degrees(coordinate(31.0), coordinate(72.0)).unwrap())
        .collect();
    let mut chance = Seed::new(seed + 1);
    let halts: Vec<Halt> = (0..halts)
        .map(|number| Halt {
            building: BuildingId::try_new(format!("B-{number}")).unwrap(),
            stations: (0..1 + chance.below(3))
                .map(|part| StationId::try_new(format!("NA-1-{number}{part}")).unwrap())
                .collect(),
            point: points[number + 1],
            class: match chance.below(5) {
                0 => RiskClass::Most,
                1 => RiskClass::Sensitive,
                _ => RiskClass::Normal,
            },
            voters: 1_000,
        })
        .collect();
    let stations = halts.iter().map(|halt| halt.stations.len()).sum();
    ConvoyInput {
        seat: ConstituencyId::try_new("NA-1").unwrap(),
        direction,
        office: points[0],
        halts,
        means: Means::proposed(direction, stations),
        seed: [7; 32],
    }
}

const EFFORT: Effort =
    Effort { iterations: 1_500, variants: 3, near_permille: 30, bound_passes: 25 };

fn plain() -> Estimate {
    Estimate::proposed(Terrain::Plain)
}

#[test]
fn every_station_rides_once_within_room_escort_and_time() {
    for direction in [Direction::Eve, Direction::Night] {
        let input = seat(60, direction, 3);
        let plan = plan(&input, &plain(), EFFORT);
        assert!(plan.unserved.is_empty() && plan.findings.is_empty(), "{:?}", plan.findings);
        let stations: usize = input.halts.iter().map(|halt| halt.stations.len()).sum();
        let bags: u32 = plan.convoys.iter().flat_map(|c| &c.calls).map(|call| call.bags).sum();
        assert_eq!(bags as usize, stations);
        for convoy in &plan.convoys {
            let load: u32 = convoy.calls.iter().map(|call| call.bags).sum();
            assert!(load <= input.means.bags && convoy.home_s <= input.means.close_s);
            assert!(convoy.depart_s >= input.means.open_s && convoy.estimated);
            let most =
                convoy.calls.iter().any(|c| input.halts[c.halt as usize].class == RiskClass::Most);
            assert_eq!(
                (convoy.escorts, convoy.commander_apart),
                if most { (6, true) } else { (4, false) }
            );
            assert!(convoy.calls.iter().all(|call| call.overdue_s >= call.arrive_s));
        }
        let bookings: Vec<Booking> = plan
            .convoys
            .iter()
            .map(|c| Booking {
                team: c.team,
                convoy: c.number,
                from_s: c.depart_s,
                until_s: c.home_s,
            })
            .collect();
        assert_eq!(double_booked(&bookings), []);
        let bound = plan.bound.unwrap();
        assert!(bound > 0 && bound <= plan.objective, "{bound} of {}", plan.objective);
    }
}

#[test]
fn another_sealed_seed_takes_other_ways_at_other_times() {
    let input = seat(50, Direction::Eve, 5);
    let one = plan(&input, &plain(), EFFORT);
    assert_eq!(one, plan(&input, &plain(), EFFORT));
    let other = plan(&ConvoyInput { seed: [8; 32], ..input }, &plain(), EFFORT);
    assert_ne!(one.convoys, other.convoys);
    assert!(
        other.objective * 100 <= one.objective * 110
            && one.objective * 100 <= other.objective * 110
    );
}

#[test]
fn what_cannot_work_ends_in_findings() {
    let base = seat(12, Direction::Eve, 6);
    let with = |change: &dyn Fn(&mut ConvoyInput)| {
        let mut input = base.clone();
        change(&mut input);
        plan(&input, &plain(), EFFORT)
    };
    let none = with(&|input| input.means.vehicles = 0);
    assert_eq!(
        (none.findings.as_slice(), none.unserved.len()),
        ([ConvoyFinding::NoMeans].as_slice(), 12)
    );
    let small = with(&|input| input.means.people = 1);
    assert!(small.findings.iter().any(|it| matches!(it, ConvoyFinding::HaltTooLarge { .. })));
    assert_eq!(small.unserved.len(), 12);
    let far = with(&|input| input.halts[4].point = Point::try_from_degrees(10.0, 10.0).unwrap());
    assert_eq!(far.findings, [ConvoyFinding::HaltTooFar { halt: 4 }]);
    assert!(far.bound.is_some_and(|bound| bound <= far.objective));
    assert!(far.objective < 1_000_000, "nobody pays for what no convoy could serve");
    let few = with(&|input| {
        input.means.vehicles = 1;
        input.means.close_s = input.means.open_s + 5 * 3_600;
    });
    assert!(
        few.findings
            .iter()
            .any(|it| matches!(it, ConvoyFinding::TooFewTeams { needed, .. } if *needed > 1))
    );
    let guards = with(&|input| input.means.escorts = 6);
    assert!(
        guards
            .findings
            .iter()
            .any(|it| matches!(it, ConvoyFinding::TooFewEscorts { teams: 1, .. }))
    );
    assert!(with(&|input| input.halts.clear()).convoys.is_empty());
}

/// No road leads to the north.
struct Island(Estimate);

impl Travel for Island {
    fn leg(&self, from: Point, to: Point) -> Option<Leg> {
        let north = |point: Point| point.lat_e7 > 311_500_000;
        (north(from) == north(to)).then(|| self.0.leg(from, to)).flatten()
    }
}

#[test]
fn halts_without_a_road_are_named_and_the_others_are_served() {
    let mut input = seat(40, Direction::Eve, 9);
    input.office = Point::try_from_degrees(31.0, 72.0).unwrap();
    let plan = plan(&input, &Island(plain()), EFFORT);
    let north: Vec<u32> = (0_u32..)
        .zip(&input.halts)
        .filter(|(_, halt)| halt.point.lat_e7 > 311_500_000)
        .map(|(number, _)| number)
        .collect();
    assert!(!north.is_empty());
    assert_eq!(plan.unserved, north);
}

#[test]
fn a_halt_is_left_out_only_when_a_convoy_of_its_own_would_be_home_too_late() {
    let mut left_out = 0;
    for seed in 0..12 {
        let mut input = seat(20, Direction::Eve, seed);
        input.means.close_s = input.means.open_s + 2 * 3_600;
        let plan = plan(&input, &plain(), EFFORT);
        let too_late = |halt: &Halt| {
            let there = plain().leg(input.office, halt.point).unwrap().time_s;
            let stations = u32::try_from(halt.stations.len()).unwrap();
            2 * there + 600 * stations > 2 * 3_600
        };
        let due: Vec<u32> = (0_u32..)
            .zip(&input.halts)
            .filter(|(_, halt)| too_late(halt))
            .map(|(number, _)| number)
            .collect();
        assert_eq!(plan.unserved, due, "{seed}");
        assert!(plan.bound.is_some_and(|bound| bound <= plan.objective), "{seed}");
        left_out += due.len();
    }
    assert!(left_out > 0);
    let mut nobody = seat(3, Direction::Eve, 1);
    nobody.office = Point::try_from_degrees(10.0, 10.0).unwrap();
    let plan = plan(&nobody, &plain(), EFFORT);
    assert_eq!((plan.unserved.len(), plan.objective, plan.bound), (3, 0, Some(0)));
    assert_eq!(plan.findings.len(), 3);
}

fn quiet_night(counters: u32) -> NightInput {
    let pick = |halt, count_s| Pick { halt, leg_s: 600, counts_s: vec![count_s] };
    NightInput {
        trips: vec![
            NightTrip {
                team: 0,
                depart_s: 18 * 3_600,
                picks: vec![pick(0, 7_200), pick(1, 14_400)],
                home_leg_s: 1_200,
            },
            NightTrip {
                team: 0,
                depart_s: 18 * 3_600,
                picks: vec![pick(2, 7_200)],
                home_leg_s: 600,
            },
        ],
        handover_s: 300,
        turn_s: 900,
        counters,
        receipt_s: 600,
        noise: Noise { count_permille: 0, leg_permille: 0, roads_permille: 0, desk_permille: 0 },
        runs: 3,
        seed: 1,
    }
}

#[test]
fn a_night_without_noise_is_arithmetic() {
    // 17:00 + 2 h count; there at 18:10, begin 19:00, +5 min; at the second 19:15, its count ends 21:00, +5 min;
    // home 21:25. Receipts at one counter 21:35 and 21:45. The team leaves again 21:40, 21:50 there, 21:55, home 22:05.
    let outcome = simulate(&quiet_night(1));
    let clock = |hours: u32, minutes: u32| hours * 3_600 + minutes * 60;
    assert_eq!((outcome.stations, outcome.receipt.p50_s), (3, clock(21, 45)));
    assert_eq!(outcome.last.p95_s, clock(22, 15));
    assert_eq!(outcome.desk_wait.p90_s, 600);
    assert_eq!((outcome.by_provisional_permille, outcome.by_outer_permille), (1_000, 1_000));
    assert_eq!(outcome.heavy_legs[0].station_seconds, 2_400);
    let homes: Vec<u32> = outcome.homes.iter().map(|home| home.p95_s).collect();
    assert_eq!(homes, [clock(21, 25), clock(22, 5)]);
    // 17:30, 18:00 … 21:30 nobody, 22:00 two of three, 22:30 all: nothing is told after that.
    assert_eq!(outcome.received_permille, [0, 0, 0, 0, 0, 0, 0, 0, 0, 666, 1_000]);
    assert_eq!(simulate(&quiet_night(2)).desk_wait.p90_s, 0);
    assert_eq!(counters_needed(&quiet_night(0), 60, 9), Some(2));
}

#[test]
fn noise_spreads_the_night_and_the_seed_repeats_it() {
    let noisy = NightInput { noise: Noise::PROPOSED, runs: 400, ..quiet_night(2) };
    let outcome = simulate(&noisy);
    assert_eq!(outcome, simulate(&noisy));
    assert!(outcome.receipt.p50_s < outcome.receipt.p95_s);
    assert!(outcome.last.p50_s.abs_diff(22 * 3_600 + 600) < 2_400, "{outcome:?}");
    let causes = outcome.causes;
    let sum = causes.count_permille
        + causes.pickup_permille
        + causes.others_permille
        + causes.road_permille
        + causes.desk_permille;
    assert!((996..=1_000).contains(&sum), "{causes:?}");
    let later = simulate(&NightInput { seed: 2, ..noisy });
    assert_ne!(later, outcome);
}

#[test]
fn one_trip_is_taken_when_the_offices_are_near_and_two_when_they_are_far() {
    let input = seat(30, Direction::Night, 11);
    let night = plan(&input, &plain(), EFFORT);
    let shared: BTreeSet<StationId> =
        input.halts.iter().flat_map(|halt| halt.stations.iter().cloned()).collect();
    let decide = |lat: f64| {
        let other = Point::try_from_degrees(lat, 72.0).unwrap();
        let offices = (input.office, other);
        trips::decide((&night, &input.halts), &night, shared.len(), &shared, offices, &plain())
            .unwrap()
    };
    assert!(decide(input.office.lat_deg()).one_trip);
    let far = decide(34.0);
    assert!(!far.one_trip && far.one_trip_s > far.two_trips_s);
    assert_eq!(far.convoys as usize, night.convoys.len());
}

#[test]
fn legs_of_a_seat_have_alternates_over_other_halts() {
    let input = seat(40, Direction::Eve, 12);
    let points: Vec<Point> = input.halts.iter().map(|halt| halt.point).collect();
    let found =
        points.windows(2).filter(|pair| alternate(pair[0], pair[1], &points, &plain()).is_some());
    assert!(found.count() > 30);
}
