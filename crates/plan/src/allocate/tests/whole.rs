//! Whole plans: nothing at all, many threads, other orders, stopping, sums, more people.

use super::*;
use pehra_domain::seed::Seed;
use std::collections::BTreeMap;

/// A small country: 3 provinces of 4 districts, buildings around their middles, uneven units.
pub(super) fn country(seed: u64, buildings: u64, units: u64) -> AllocateInput {
    let mut chance = Seed::new(seed);
    let mut input = empty();
    let names: Vec<String> = (0..12)
        .map(|n| format!("pk/{}/d{n}", ["sindh", "punjab", "khyber-pakhtunkhwa"][n % 3]))
        .collect();
    let spot = |chance: &mut Seed| {
        let home = chance.below(12);
        let at = |n: u64, chance: &mut Seed| {
            let n = f64::from(u32::try_from(n).unwrap());
            25.0 + n + 1.5 * chance.unit()
        };
        let lat = at(home % 4 * 2, chance);
        let lon = at(40 + home / 4 * 3, chance);
        (usize::try_from(home).unwrap(), Point::try_from_degrees(lat, lon).unwrap())
    };
    for number in 0..buildings {
        let (home, point) = spot(&mut chance);
        let name = format!("B-{number:04}");
        input.buildings.push(Building { point, ..building(&name, &names[home], 0.0) });
        for extra in 0..=chance.below(3) {
            let class = RiskClass::ALL[usize::try_from(chance.below(3)).unwrap()];
            let kind = [StationKind::Men, StationKind::Women, StationKind::Combined]
                [usize::try_from(chance.below(3)).unwrap()];
            input.stations.push(station(&format!("S-{number:04}-{extra}"), &name, class, kind));
        }
        if chance.below(4) == 0 {
            let tier = if chance.below(2) == 0 { Tier::CivilArmedForces } else { Tier::Army };
            input.selected.push(Selected { building: building_id(&name), tier });
        }
    }
    for number in 0..units {
        let (home, point) = spot(&mut chance);
        let tier = match number % 8 {
            6 => Tier::CivilArmedForces,
            7 => Tier::Army,
            _ => Tier::Police,
        };
        let most = 16 * buildings / units.max(1);
        let men = u32::try_from(chance.below(most + 1)).unwrap();
        let women = u32::try_from(chance.below(most / 4 + 1)).unwrap();
        let name = format!("U-{number:03}");
        input.units.push(Unit { point, ..unit(&name, tier, &names[home], 0.0, (men, women)) });
    }
    input
}

fn bytes(plan: &Plan) -> Vec<u8> {
    minicbor::to_vec(plan).unwrap()
}

#[test]
fn nothing_to_guard_or_nobody_to_guard_it_is_still_a_plan() {
    let plan = solve(&empty());
    assert!(plan.postings.is_empty() && plan.shortfalls.is_empty() && plan.needs.is_empty());
    let mut input = country(1, 30, 0);
    let plan = solve(&input);
    assert!(plan.postings.is_empty());
    assert!(plan.needs.iter().all(|need| need.posted == 0 && need.need > 0));
    assert!(plan.shortfalls.iter().all(|s| s.reason == ShortfallReason::NoSuchUnit));
    input = AllocateInput {
        units: country(1, 30, 20).units,
        buildings: vec![],
        stations: vec![],
        ..empty()
    };
    assert!(solve(&input).needs.is_empty());
    input = country(1, 30, 20);
    input.locks =
        input.units.iter().map(|u| Lock::Exclude { unit: u.id.clone(), building: None }).collect();
    let plan = solve(&input);
    assert!(plan.postings.is_empty());
    assert!(plan.shortfalls.iter().all(|s| s.reason == ShortfallReason::Locked));
}

#[test]
fn threads_and_the_order_of_rows_change_no_byte() {
    let mut input = country(2, 400, 60);
    let once = bytes(&allocate(&input, 1, &mut go_on).unwrap());
    assert_eq!(once, bytes(&allocate(&input, 1, &mut go_on).unwrap()));
    for threads in [2, 3, 8] {
        assert_eq!(once, bytes(&allocate(&input, threads, &mut go_on).unwrap()), "{threads}");
    }
    input.buildings.reverse();
    input.stations.reverse();
    input.units.reverse();
    input.selected.reverse();
    assert_eq!(once, bytes(&allocate(&input, 2, &mut go_on).unwrap()));
}

#[test]
fn every_part_of_the_input_changes_its_hash() {
    let input = country(3, 20, 8);
    let mut hashes = vec![input.hash()];
    let mut note = |change: &dyn Fn(&mut AllocateInput)| {
        let mut other = input.clone();
        change(&mut other);
        hashes.push(other.hash());
    };
    note(&|i| i.seed += 1);
    note(&|i| i.poll.until = UnixMs(3_000));
    note(&|i| i.weights.missing[0] += 1);
    note(&|i| i.distance.detour_permille[0] += 1);
    note(&|i| i.units[0].men += 1);
    note(&|i| i.buildings[0].point.lat_e7 += 1);
    note(&|i| i.stations[0].booths += 1);
    note(&|i| i.norms.fallback.booth_rule = false);
    note(&|i| i.norms.places.clear());
    note(&|i| i.norms.by_area.clear());
    note(&|i| i.selected.clear());
    note(&|i| i.place_classes.push((building_id("B-0001"), RiskClass::Most)));
    note(&|i| i.locks.push(Lock::Exclude { unit: unit_id("U-001"), building: None }));
    let count = hashes.len();
    hashes.sort_unstable();
    hashes.dedup();
    assert_eq!(hashes.len(), count);
}

#[test]
fn nobody_is_over_strength_and_nobody_stands_where_they_may_not() {
    for seed in 0..12 {
        let input = country(seed, 150, 40);
        let plan = solve(&input);
        let mut sent: BTreeMap<(&UnitId, StaffKind), u32> = BTreeMap::new();
        for posting in &plan.postings {
            *sent.entry((&posting.unit, posting.kind)).or_default() += posting.count;
            if posting.kind.tier() != Tier::Police {
                assert!(input.selected.iter().any(|s| s.building == posting.building));
            }
        }
        for unit in &input.units {
            for kind in StaffKind::ALL {
                let sent = sent.get(&(&unit.id, kind)).copied().unwrap_or(0);
                assert!(sent <= unit.strength(kind), "{} {kind:?}", unit.id);
            }
        }
        let posted: u32 = plan.needs.iter().map(|need| need.posted).sum();
        let sent: u32 = plan.postings.iter().map(|posting| posting.count).sum();
        assert_eq!(posted, sent);
        let open: u32 = plan.needs.iter().map(|need| need.need - need.posted).sum();
        let listed: u32 = plan
            .shortfalls
            .iter()
            .filter(|s| s.reason != ShortfallReason::Capped)
            .map(|s| s.missing)
            .sum();
        assert_eq!(open, listed);
        for shortfall in &plan.shortfalls {
            let woman = shortfall.kind == StaffKind::PoliceWoman;
            assert_eq!(shortfall.minimum_missing > 0, woman);
            assert_eq!(shortfall.mitigation.is_empty(), !woman);
        }
    }
}

#[test]
fn no_post_stays_empty_while_somebody_who_may_fill_it_is_idle() {
    for seed in 0..12 {
        let input = country(seed, 150, 40);
        let plan = solve(&input);
        assert!(plan.certificate.notes.iter().any(|note| note.starts_with("No post stays empty")));
        assert!(plan.shortfalls.iter().all(|s| s.reason != ShortfallReason::TooFar));
    }
}

#[test]
fn districts_sum_to_the_plan() {
    let input = country(5, 200, 40);
    let plan = solve(&input);
    let lines = by_district(&plan, &input);
    let total = |of: fn(&DistrictLine) -> u64| lines.iter().map(of).sum::<u64>();
    assert_eq!(total(|l| l.need), plan.needs.iter().map(|n| u64::from(n.need)).sum::<u64>());
    assert_eq!(total(|l| l.posted), plan.needs.iter().map(|n| u64::from(n.posted)).sum::<u64>());
    assert_eq!(total(|l| l.need), total(|l| l.posted) + total(|l| l.missing));
    let away =
        |p: &&pehra_domain::plan::Posting| p.origin != pehra_domain::plan::Origin::OwnDistrict;
    let borrowed: u64 = plan.postings.iter().filter(away).map(|p| u64::from(p.count)).sum();
    assert_eq!(total(|l| l.borrowed), borrowed);
    assert!(borrowed > 0 && total(|l| l.from_outside) <= borrowed);
    let same = compare(&plan, &plan, &input);
    assert!(same.moves.is_empty() && same.missing.is_empty() && same.objective == 0);
}

#[test]
fn more_people_change_what_a_new_plan_says_they_change() {
    for (seed, kind) in
        [(1, StaffKind::PoliceMan), (2, StaffKind::PoliceWoman), (3, StaffKind::Army)]
    {
        let input = country(seed, 200, 30);
        let kept = allocate_keeping(&input, 2, &mut go_on).unwrap();
        let district = input.buildings[0].district.clone();
        let more = what_more(&kept, kind, &district, 25, 2, &mut go_on).unwrap();
        let open = |plan: &Plan| -> u64 {
            plan.needs.iter().map(|need| u64::from(need.need - need.posted)).sum()
        };
        assert_eq!(more.missing_before, open(&kept.plan));
        assert!(more.used > 0 && more.used <= 25 && more.objective_after < more.objective_before);
        // The same people as a real unit, planned from nothing, give the same objective.
        let tier = kind.tier();
        let people = if kind == StaffKind::PoliceWoman { (0, 25) } else { (25, 0) };
        let mut with_unit = input.clone();
        let new = unit("ZZ", tier, district.as_str(), 0.0, people);
        with_unit.units.push(Unit { point: more.point, ..new });
        let again = solve(&with_unit);
        assert_eq!(again.certificate.objective, more.objective_after);
        assert_eq!(open(&again), more.missing_after);
    }
    let kept = allocate_keeping(&country(1, 20, 5), 1, &mut go_on).unwrap();
    let nowhere = area("pk/sindh/nowhere");
    let refused = what_more(&kept, StaffKind::Army, &nowhere, 1, 1, &mut go_on);
    assert_eq!(refused.unwrap_err(), AllocateError::UnknownDistrict(nowhere));
}

#[test]
fn the_work_tells_its_stages_and_stops_when_asked() {
    let input = country(6, 300, 40);
    let mut stages: Vec<&str> = Vec::new();
    let mut told = 0_u32;
    allocate(&input, 1, &mut |step| {
        told += 1;
        stages.push(step.stage);
        ControlFlow::Continue(())
    })
    .unwrap();
    stages.dedup();
    assert!(stages.contains(&"finding prices") && stages.contains(&"pricing all pairs"));
    for stop_at in [1, 2, 3, told / 2, told] {
        let mut left = stop_at;
        let stopped = allocate(&input, 1, &mut |_| {
            left -= 1;
            if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        assert_eq!(stopped, Err(AllocateError::Cancelled(Cancelled)));
    }
}

#[test]
fn bad_input_is_named() {
    let good = country(7, 10, 4);
    let error = |change: &dyn Fn(&mut AllocateInput)| {
        let mut input = good.clone();
        change(&mut input);
        allocate(&input, 1, &mut go_on).unwrap_err()
    };
    let first = good.buildings[0].id.clone();
    let double = error(&|i| i.buildings.push(i.buildings[0].clone()));
    assert_eq!(double, AllocateError::DoubleBuilding(first));
    let double = error(&|i| i.units.push(i.units[3].clone()));
    assert_eq!(double, AllocateError::DoubleUnit(good.units[3].id.clone()));
    let double = error(&|i| i.stations.push(i.stations[0].clone()));
    assert_eq!(double, AllocateError::DoubleStation(good.stations[0].station.clone()));
    let lost = error(&|i| i.stations[0].building = building_id("B-none"));
    assert!(matches!(lost, AllocateError::UnknownBuilding { .. }));
    let tier = Tier::Army;
    let lost = error(&|i| i.selected.push(Selected { building: building_id("B-none"), tier }));
    assert_eq!(lost, AllocateError::UnknownSelected(building_id("B-none")));
    assert_eq!(error(&|i| i.weights.missing = [5, 4, 3]), AllocateError::Weights);
    assert_eq!(error(&|i| i.distance.detour_permille[2] = 900), AllocateError::Detour);
    assert!(matches!(error(&|i| i.norms.fallback.rows.clear()), AllocateError::Norm(_)));
}

#[test]
fn other_places_are_guarded_by_their_own_norms_and_only_on_the_day() {
    let mut input = empty();
    let place =
        |name: &str, kind, window| Building { kind, window, ..building(name, "pk/sindh/a", 0.0) };
    let before = Some(TimeWindow { from: UnixMs(0), until: UnixMs(1_000) });
    input.buildings = vec![
        place("P-1", BuildingKind::ReturningOffice, None),
        place("P-2", BuildingKind::Store, None),
        place("P-3", BuildingKind::Rally, before),
    ];
    input.place_classes = vec![(building_id("P-2"), RiskClass::Most)];
    input.units = vec![unit("police", Tier::Police, "pk/sindh/a", 1.0, (100, 9))];
    let plan = solve(&input);
    assert_eq!(posted(&plan), [15 + 12, 2, 0, 0]);
    assert!(
        plan.certificate.notes.iter().any(|note| note.starts_with("1 places are guarded on other"))
    );
}
