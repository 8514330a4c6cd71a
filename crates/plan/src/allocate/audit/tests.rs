use super::*;
use crate::allocate::{Rules, Selected, allocate, tests::*};
use pehra_domain::{TimeWindow, UnixMs, force::HomeCount, station::StationKind};

/// Two places of one seat each, a pin, an exclusion, a reserve and every rule.
fn input() -> AllocateInput {
    let seat = |number: u32| ConstituencyId::try_new(format!("NA-{number}")).unwrap();
    let mut input = one(RiskClass::Most, StationKind::Combined);
    input.buildings.push(building("B-2", "pk/sindh/a", 10.0));
    input.stations.push(station("S-2", "B-2", RiskClass::Normal, StationKind::Combined));
    input.stations[0].contests = vec![seat(1)];
    input.stations[1].contests = vec![seat(2)];
    input.selected = vec![Selected { building: building_id("B-1"), tier: Tier::Army }];
    let unit = |name: &str, tier, km, people| Unit {
        seats: 20,
        reserve: 2,
        ..unit(name, tier, "pk/sindh/a", km, people)
    };
    input.units = vec![
        unit("police", Tier::Police, 1.0, (14, 4)),
        unit("other", Tier::Police, 9.0, (14, 4)),
        unit("army", Tier::Army, 2.0, (9, 0)),
    ];
    for (unit, kind, count) in [
        ("police", StaffKind::PoliceMan, 7),
        ("police", StaffKind::PoliceWoman, 2),
        ("other", StaffKind::PoliceMan, 7),
        ("other", StaffKind::PoliceWoman, 2),
    ] {
        for (home, most_sensitive) in [(1, false), (2, true)] {
            let home = vec![seat(home)];
            let unit = unit_id(unit);
            input.homes.push(HomeCount { unit, kind, home, count, leaders: count, most_sensitive });
        }
    }
    input.locks = vec![
        Lock::Pin {
            unit: unit_id("other"),
            building: building_id("B-1"),
            kind: StaffKind::PoliceMan,
            count: 2,
        },
        Lock::Exclude { unit: unit_id("army"), building: Some(building_id("B-2")) },
    ];
    input.rules = Rules::PROPOSED;
    input
}

fn broken(input: &AllocateInput, plan: &Plan) -> Vec<(&'static str, u64)> {
    let rows = audit(input, plan).into_iter().filter(|row| row.people > 0);
    rows.map(|row| (row.rule, row.people)).collect()
}

#[test]
fn a_plan_under_every_rule_breaks_none_and_every_change_for_the_worse_is_found() {
    let input = input();
    let plan = allocate(&input, 1, &mut go_on).unwrap();
    assert_eq!(broken(&input, &plan), []);
    assert_eq!(audit(&input, &plan).len(), 11);
    let of = |unit: &str, kind: StaffKind, building: &str| Posting {
        unit: unit_id(unit),
        building: building_id(building),
        kind,
        ..plan.postings[0].clone()
    };
    let added = |posting: Posting, count| {
        let mut plan = plan.clone();
        plan.postings.push(Posting { count, ..posting });
        broken(&input, &plan)
    };
    let finds = |found: &[(&str, u64)], rule: &str| found.iter().any(|(name, _)| *name == rule);
    let man = StaffKind::PoliceMan;
    assert!(finds(&added(of("police", man, "B-1"), 30), "strength and reserve"));
    assert!(finds(&added(of("police", man, "B-1"), 30), "posts of the norm, caps included"));
    assert!(finds(&added(of("police", man, "B-1"), 30), "home and training"));
    let army = added(of("army", StaffKind::Army, "B-2"), 2);
    assert!(finds(&army, "armed forces outside selected places") && finds(&army, "exclusions"));
    let mut unpinned = plan.clone();
    unpinned.postings.retain(|p| p.unit != unit_id("other") || p.building != building_id("B-1"));
    assert!(finds(&broken(&input, &unpinned), "pins"));
    // The same plan under tighter rules and other units.
    let mut far = input.clone();
    far.units[0].point = east(900.0);
    assert!(finds(&broken(&far, &plan), "travel, duty and arrival"));
    let mut tight = input.clone();
    tight.rules.teams = Some(Teams { people_min: 50, women_min: 9 });
    tight.rules.seats = Some(Seats { walk_m: 0, trips: 0 });
    tight.units[0].window =
        Some(TimeWindow { from: UnixMs(POLL.from.0 + 1), until: UnixMs(POLL.until.0) });
    for home in &mut tight.homes {
        home.leaders = 0;
    }
    let found = broken(&tight, &plan);
    for rule in ["team_size", "vehicle_seats", "windows", "leader"] {
        assert!(finds(&found, rule), "{rule}");
    }
}

#[test]
fn who_cannot_be_served_is_counted_by_the_most_that_can() {
    // people by row; who may stand and how many are asked, by sort → left over
    type Case<'a> = (&'a [u64], &'a [(&'a [bool], u64)], u64);
    let table: [Case<'_>; 4] = [
        (&[2, 2], &[(&[true, true], 2), (&[true, false], 2)], 0),
        (&[2, 2], &[(&[true, true], 3), (&[true, false], 2)], 1),
        (
            &[1, 1, 1],
            &[(&[true, true, false], 1), (&[true, false, true], 1), (&[true, false, false], 1)],
            0,
        ),
        (&[5], &[(&[false], 3)], 3),
    ];
    for (people, sorts, want) in table {
        let sorts: Vec<(Vec<bool>, u64)> =
            sorts.iter().map(|(may, n)| (may.to_vec(), *n)).collect();
        assert_eq!(unserved(people.to_vec(), &sorts), want, "{sorts:?}");
    }
}

#[test]
fn as_many_places_are_led_as_trying_every_row_finds() {
    fn most(places: &[Vec<usize>], left: &mut [u32]) -> usize {
        let Some((first, rest)) = places.split_first() else { return 0 };
        let mut best = most(rest, left);
        for &row in first {
            if left[row] > 0 {
                left[row] -= 1;
                best = best.max(1 + most(rest, left));
                left[row] += 1;
            }
        }
        best
    }
    let mut short = 0;
    for seed in 0..2_000 {
        let mut chance = pehra_domain::seed::Seed::new(seed);
        let mut below = |most: u64| usize::try_from(chance.below(most)).unwrap();
        let mut left: Vec<u32> = (0..5).map(|_| u32::try_from(below(3)).unwrap()).collect();
        let places: Vec<Vec<usize>> =
            (0..7).map(|_| (0..5).filter(|_| below(3) == 0).collect()).collect();
        let led = leader::most_led(&places, left.clone());
        assert_eq!(led, most(&places, &mut left), "seed {seed}");
        short += usize::from(led < 7);
    }
    assert!(short > 500);
}
