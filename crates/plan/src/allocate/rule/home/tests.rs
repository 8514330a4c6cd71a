use crate::allocate::{Lock, LockRefusal, Rules, check_locks, input::AllocateInput, tests::*};
use pehra_domain::{
    ConstituencyId, UnitId,
    force::{HomeCount, StaffKind, Tier, Unit},
    plan::{Plan, ShortfallReason},
    risk::RiskClass,
    seed::Seed,
    station::StationKind,
};
use std::collections::BTreeMap;

const HOME: Rules = Rules { home: true, ..Rules::NONE };

fn seat(number: u64) -> ConstituencyId {
    ConstituencyId::try_new(format!("NA-{number}")).unwrap()
}

fn at_home(unit: &str, kind: StaffKind, home: &[u64], count: u32) -> HomeCount {
    let home = home.iter().map(|&number| seat(number)).collect();
    HomeCount { unit: unit_id(unit), kind, home, count, leaders: 0, most_sensitive: true }
}

/// Two normal men's stations of four posts, one in NA-1 and one ten kilometres further in NA-2.
fn two_seats() -> AllocateInput {
    let mut input = one(RiskClass::Normal, StationKind::Men);
    input.buildings.push(building("B-2", "pk/sindh/a", 10.0));
    input.stations.push(station("S-2", "B-2", RiskClass::Normal, StationKind::Men));
    input.stations[0].contests = vec![seat(1)];
    input.stations[1].contests = vec![seat(2)];
    input.units = vec![unit("police", Tier::Police, "pk/sindh/a", 0.0, (8, 0))];
    input.rules = HOME;
    input
}

fn at(plan: &Plan, name: &str) -> u32 {
    plan.postings.iter().filter(|p| p.building == building_id(name)).map(|p| p.count).sum()
}

#[test]
fn nobody_is_posted_where_a_contest_of_their_home_is_held() {
    let man = StaffKind::PoliceMan;
    // (home, count) of eight policemen → posted at the place of NA-1, of NA-2
    type Case<'a> = (&'a [(&'a [u64], u32)], u32, u32);
    let table: [Case<'_>; 8] = [
        (&[(&[], 8)], 4, 4),
        (&[(&[1], 8)], 0, 4),
        (&[(&[2], 8)], 4, 0),
        (&[(&[1], 4), (&[2], 4)], 4, 4),
        (&[(&[1], 6), (&[2], 2)], 2, 4),
        (&[(&[1, 2], 7), (&[], 1)], 1, 0),
        (&[(&[3], 8)], 4, 4),
        (&[(&[1], 3), (&[1, 3], 3), (&[], 2)], 2, 4),
    ];
    for (homes, first, second) in table {
        let mut input = two_seats();
        input.homes =
            homes.iter().map(|&(home, count)| at_home("police", man, home, count)).collect();
        let plan = solve(&input);
        assert_eq!((at(&plan, "B-1"), at(&plan, "B-2")), (first, second), "{homes:?}");
        let short = if first + second < 8 { vec![ShortfallReason::AtHome] } else { Vec::new() };
        let mut told = reasons(&plan);
        told.dedup();
        let idle = homes.iter().map(|&(_, count)| count).sum::<u32>() > first + second;
        assert_eq!(told, if idle { short } else { told.clone() }, "{homes:?}");
        input.rules = Rules::NONE;
        let free = solve(&input);
        assert_eq!((at(&free, "B-1"), at(&free, "B-2")), (4, 4), "without the rule");
    }
}

#[test]
fn nobody_stands_at_a_most_sensitive_place_without_its_training() {
    // trained and untrained of eight → posted at the most sensitive place (eight posts), at the normal one (four)
    for (trained, untrained, most, normal) in
        [(8, 0, 8, 0), (5, 3, 5, 3), (0, 8, 0, 4), (3, 5, 3, 4)]
    {
        let mut input = two_seats();
        input.stations[0].class = RiskClass::Most;
        let man = StaffKind::PoliceMan;
        let row = |count, most_sensitive| HomeCount {
            most_sensitive,
            ..at_home("police", man, &[], count)
        };
        input.homes = vec![row(trained, true), row(untrained, false)];
        input.rules = Rules { training: true, ..Rules::NONE };
        let plan = solve(&input);
        assert_eq!((at(&plan, "B-1"), at(&plan, "B-2")), (most, normal), "{trained} {untrained}");
    }
}

#[test]
fn units_without_a_list_are_named_and_people_beyond_a_list_stay() {
    let mut input = two_seats();
    let plan = solve(&input);
    let [bent] = plan.certificate.relaxations.as_slice() else { panic!() };
    assert_eq!((bent.rule.as_str(), bent.count), ("home_constituency", 8));
    input.homes = vec![at_home("police", StaffKind::PoliceMan, &[], 5)];
    let plan = solve(&input);
    assert_eq!(posted(&plan), [5, 0, 0, 0]);
    assert!(plan.certificate.relaxations.is_empty());
    assert!(plan.certificate.notes.iter().any(|note| note.starts_with("3 people on the units'")));
}

#[test]
fn the_reserve_is_kept_from_those_whom_home_makes_least_useful() {
    // Eight people, four of them kept; each place wants two more urgently than the rest. → posted in all
    for (at_first, elsewhere, want) in [(4, 4, 4), (8, 0, 4), (0, 8, 4), (6, 2, 4)] {
        let mut input = two_seats();
        input.units[0].reserve = 4;
        let man = StaffKind::PoliceMan;
        input.homes =
            vec![at_home("police", man, &[1], at_first), at_home("police", man, &[], elsewhere)];
        let plan = solve(&input);
        assert_eq!(posted(&plan)[0], want, "{at_first} {elsewhere}");
        // Whoever may stand at the first place does: those at home there are the ones kept.
        assert_eq!(at(&plan, "B-1"), elsewhere.min(2), "{at_first} {elsewhere}");
    }
}

#[test]
fn a_pin_does_not_undo_the_rule() {
    let mut input = two_seats();
    let man = StaffKind::PoliceMan;
    input.homes = vec![at_home("police", man, &[1], 6), at_home("police", man, &[2], 2)];
    let pin = |count| Lock::Pin {
        unit: unit_id("police"),
        building: building_id("B-1"),
        kind: man,
        count,
    };
    input.locks = vec![pin(2)];
    check_locks(&input).unwrap();
    assert_eq!(at(&solve(&input), "B-1"), 2);
    input.locks = vec![pin(3)];
    let refused = crate::allocate::allocate(&input, 1, &mut go_on).unwrap_err();
    let wanted = LockRefusal::AtHome {
        unit: unit_id("police"),
        building: building_id("B-1"),
        kind: man,
        may: 2,
        pinned: 3,
    };
    assert_eq!(refused, wanted.into());
}

/// A small country whose buildings vote for one or two of six seats.
fn country(seed: u64) -> AllocateInput {
    let mut chance = Seed::new(seed);
    let mut input = empty();
    input.rules = HOME;
    for number in 0..6 + chance.below(8) {
        let name = format!("B-{number:02}");
        let km = f64::from(u32::try_from(chance.below(200)).unwrap());
        input.buildings.push(building(&name, "pk/sindh/a", km));
        let class = RiskClass::ALL[usize::try_from(chance.below(3)).unwrap()];
        let kind = [StationKind::Men, StationKind::Women, StationKind::Combined]
            [usize::try_from(chance.below(3)).unwrap()];
        let mut duty = station(&format!("S-{number:02}"), &name, class, kind);
        duty.contests = vec![seat(chance.below(3)), seat(3 + chance.below(3))];
        input.stations.push(duty);
    }
    for number in 0..2 + chance.below(4) {
        let name = format!("U-{number:02}");
        let km = f64::from(u32::try_from(chance.below(200)).unwrap());
        let (mut men, mut women) = (0, 0);
        for (kind, sum) in [(StaffKind::PoliceMan, &mut men), (StaffKind::PoliceWoman, &mut women)]
        {
            for _ in 0..chance.below(5) {
                let home: Vec<u64> = match chance.below(3) {
                    0 => vec![],
                    1 => vec![chance.below(3)],
                    _ => vec![chance.below(3), 3 + chance.below(3)],
                };
                let count = u32::try_from(1 + chance.below(9)).unwrap();
                *sum += count;
                input.homes.push(at_home(&name, kind, &home, count));
            }
        }
        input.units.push(unit(&name, Tier::Police, "pk/sindh/a", km, (men, women)));
    }
    input
}

/// The same country with every home of a unit as a unit of its own that is excluded by hand from the places at home.
fn taken_apart(input: &AllocateInput) -> AllocateInput {
    let mut apart = AllocateInput { rules: Rules::NONE, homes: Vec::new(), ..input.clone() };
    apart.units.clear();
    for (number, row) in input.homes.iter().enumerate() {
        let like = input.units.iter().find(|unit| unit.id == row.unit).unwrap();
        let id = UnitId::try_new(format!("{}-{number}", row.unit)).unwrap();
        let (men, women) =
            if row.kind == StaffKind::PoliceMan { (row.count, 0) } else { (0, row.count) };
        apart.units.push(Unit { id: id.clone(), men, women, ..like.clone() });
        for station in &input.stations {
            if station.contests.iter().any(|seat| row.home.contains(seat)) {
                let building = Some(station.building.clone());
                apart.locks.push(Lock::Exclude { unit: id.clone(), building });
            }
        }
    }
    apart
}

#[test]
fn the_optimum_is_that_of_every_home_as_a_unit_of_its_own() {
    for seed in 0..400 {
        let input = country(seed);
        let plan = solve(&input);
        let apart = solve(&taken_apart(&input));
        assert_eq!(plan.certificate.objective, apart.certificate.objective, "seed {seed}");
        // Nobody is at home where they stand: of each unit no more stand in a seat than are not at home there.
        let mut there: BTreeMap<(&UnitId, StaffKind, &ConstituencyId), u32> = BTreeMap::new();
        for posting in &plan.postings {
            let stands = input.stations.iter().find(|s| s.building == posting.building).unwrap();
            for seat in &stands.contests {
                *there.entry((&posting.unit, posting.kind, seat)).or_default() += posting.count;
            }
        }
        for ((unit, kind, seat), count) in there {
            let others: u32 = input
                .homes
                .iter()
                .filter(|row| row.unit == *unit && row.kind == kind && !row.home.contains(seat))
                .map(|row| row.count)
                .sum();
            assert!(count <= others, "seed {seed}: {count} of {unit} in {seat}, {others} may");
        }
    }
}
