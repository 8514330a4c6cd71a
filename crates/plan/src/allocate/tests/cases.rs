//! Tables of cases: substitution, women's minima, caps, selection, locks, windows.

use super::*;

#[test]
fn each_kind_fills_what_it_may_and_nothing_else() {
    use RiskClass::{Most, Normal};
    use StationKind::{Combined, Men, Women};
    // A most-sensitive women's station: 3 women's posts, 5 in the ring, 4 static if selected.
    // class, kind, selected, (men, women, civil armed forces, army) → posted by kind, missing by kind of post
    type Case = (RiskClass, StationKind, Option<Tier>, [u32; 4], [u32; 4], [u32; 4]);
    let table: [Case; 13] = [
        (Normal, Men, None, [9, 9, 9, 9], [4, 0, 0, 0], [0, 0, 0, 0]),
        (Normal, Men, None, [0, 9, 9, 9], [0, 4, 0, 0], [0, 0, 0, 0]),
        (Normal, Women, None, [9, 0, 9, 9], [2, 0, 0, 0], [0, 2, 0, 0]),
        (Normal, Women, None, [9, 1, 9, 9], [2, 1, 0, 0], [0, 1, 0, 0]),
        (Normal, Combined, None, [1, 9, 0, 0], [1, 3, 0, 0], [0, 0, 0, 0]),
        (Most, Men, None, [0, 0, 9, 9], [0, 0, 0, 0], [8, 0, 0, 0]),
        (Most, Men, Some(Tier::CivilArmedForces), [9, 0, 9, 0], [8, 0, 4, 0], [0, 0, 0, 0]),
        (Most, Men, Some(Tier::CivilArmedForces), [2, 0, 9, 0], [2, 0, 9, 0], [1, 0, 0, 0]),
        (Most, Men, Some(Tier::CivilArmedForces), [9, 0, 1, 9], [8, 0, 1, 3], [0, 0, 0, 0]),
        (Most, Men, Some(Tier::Army), [9, 0, 9, 9], [8, 0, 0, 4], [0, 0, 0, 0]),
        (Most, Men, Some(Tier::Army), [9, 0, 9, 1], [8, 0, 0, 1], [0, 0, 0, 3]),
        (Most, Men, Some(Tier::Police), [9, 0, 9, 9], [8, 0, 0, 0], [0, 0, 0, 0]),
        (Normal, Men, Some(Tier::Army), [9, 0, 9, 9], [4, 0, 0, 0], [0, 0, 0, 0]),
    ];
    for (class, kind, selected, strength, want_posted, want_missing) in table {
        let mut input = one(class, kind);
        input.selected = selected
            .into_iter()
            .map(|tier| Selected { building: building_id("B-1"), tier })
            .collect();
        let [men, women, civil, army] = strength;
        input.units = vec![
            unit("police", Tier::Police, "pk/sindh/a", 1.0, (men, women)),
            unit("civil", Tier::CivilArmedForces, "pk/sindh/a", 1.0, (civil, 0)),
            unit("army", Tier::Army, "pk/sindh/a", 1.0, (army, 0)),
        ];
        let plan = solve(&input);
        let case = format!("{class:?} {kind:?} {selected:?} {strength:?}");
        assert_eq!(posted(&plan), want_posted, "{case}");
        assert_eq!(missing(&plan), want_missing, "{case}");
    }
}

#[test]
fn an_unmet_womens_minimum_is_an_exception_with_a_mitigation() {
    let mut input = one(RiskClass::Most, StationKind::Women);
    input.units = vec![unit("police", Tier::Police, "pk/sindh/a", 1.0, (50, 1))];
    let plan = solve(&input);
    let [shortfall] = plan.shortfalls.as_slice() else { panic!("{:?}", plan.shortfalls) };
    assert_eq!((shortfall.missing, shortfall.minimum_missing), (2, 2));
    assert!(shortfall.mitigation.contains("mobile women's team"));
    let [relaxation] = plan.certificate.relaxations.as_slice() else { panic!() };
    assert_eq!((relaxation.rule.as_str(), relaxation.count), ("women_minimum", 2));
    let women: Vec<_> = plan.needs.iter().filter(|n| n.kind == StaffKind::PoliceWoman).collect();
    assert_eq!((women[0].need, women[0].minimum, women[0].posted), (3, 3, 1));
}

#[test]
fn a_woman_goes_where_only_a_woman_may() {
    let mut input = one(RiskClass::Normal, StationKind::Men);
    input.buildings.push(building("B-2", "pk/sindh/a", 60.0));
    input.stations.push(station("S-2", "B-2", RiskClass::Normal, StationKind::Women));
    input.units = vec![unit("police", Tier::Police, "pk/sindh/a", 0.0, (6, 2))];
    let plan = solve(&input);
    assert_eq!(missing(&plan), [0; 4]);
    assert!(
        plan.postings
            .iter()
            .all(|p| p.kind != StaffKind::PoliceWoman || p.building == building_id("B-2"))
    );
}

#[test]
fn caps_take_posts_away_and_say_so() {
    // cap of the class, class, selected → police posts, static posts, capped
    let table = [
        (3, RiskClass::Normal, false, 4, 0, 0),
        (1, RiskClass::Normal, false, 3, 0, 1),
        (0, RiskClass::Normal, false, 2, 0, 2),
        (5, RiskClass::Most, true, 8, 0, 4),
        (7, RiskClass::Most, true, 8, 2, 2),
        (9, RiskClass::Most, true, 8, 4, 0),
    ];
    for (cap, class, selected, police, fixed, capped) in table {
        let mut input = one(class, StationKind::Men);
        input.norms.fallback.visible_armed_max = [Some(cap); 3];
        if selected {
            let tier = Tier::CivilArmedForces;
            input.selected.push(Selected { building: building_id("B-1"), tier });
        }
        input.units = vec![
            unit("police", Tier::Police, "pk/sindh/a", 1.0, (50, 0)),
            unit("civil", Tier::CivilArmedForces, "pk/sindh/a", 1.0, (50, 0)),
        ];
        let plan = solve(&input);
        assert_eq!(posted(&plan), [police, 0, fixed, 0], "cap {cap} {class:?}");
        let hidden: u32 = plan
            .shortfalls
            .iter()
            .filter(|s| s.reason == ShortfallReason::Capped)
            .map(|s| s.missing)
            .sum();
        assert_eq!(hidden, capped, "cap {cap} {class:?}");
        assert_eq!(plan.certificate.relaxations.len(), usize::from(capped > 0));
    }
}

#[test]
fn reasons_tell_why_a_post_is_empty() {
    let mut input = one(RiskClass::Normal, StationKind::Men);
    assert_eq!(reasons(&solve(&input)), [ShortfallReason::NoSuchUnit]);
    input.units = vec![unit("police", Tier::Police, "pk/sindh/a", 1.0, (1, 0))];
    assert_eq!(reasons(&solve(&input)), [ShortfallReason::NobodyLeft]);
    input.locks = vec![Lock::Exclude { unit: unit_id("police"), building: None }];
    assert_eq!(reasons(&solve(&input)), [ShortfallReason::Locked]);
    input.locks =
        vec![Lock::Exclude { unit: unit_id("police"), building: Some(building_id("B-1")) }];
    assert_eq!(reasons(&solve(&input)), [ShortfallReason::Locked]);
    input.locks.clear();
    input.units = vec![unit("police", Tier::Police, "pk/sindh/a", 900.0, (9, 0))];
    input.weights.missing = [1_000, 2_000, 3_000];
    let plan = solve(&input);
    assert_eq!(reasons(&plan), [ShortfallReason::TooFar]);
    assert_eq!(plan.shortfalls[0].shadow_price, 3_000);
    assert!(plan.certificate.notes.iter().any(|note| note.starts_with("A post may stay empty")));
}

#[test]
fn nobody_outside_their_window_or_in_reserve_is_posted() {
    let window = |from, until| Some(TimeWindow { from: UnixMs(from), until: UnixMs(until) });
    // window, reserve → posted men of 6, women of 2, at a building due 4
    let table = [
        (None, 0, 4),
        (window(1_000, 2_000), 0, 4),
        (window(1_001, 2_000), 0, 0),
        (window(1_000, 1_999), 0, 0),
        (None, 3, 4),
        (None, 5, 3),
        (None, 7, 1),
        (None, 99, 0),
    ];
    for (window, reserve, want) in table {
        let mut input = one(RiskClass::Normal, StationKind::Men);
        let own = unit("police", Tier::Police, "pk/sindh/a", 1.0, (6, 2));
        input.units = vec![Unit { window, reserve, ..own }];
        let total: u32 = posted(&solve(&input)).iter().sum();
        assert_eq!(total, want, "{window:?} {reserve}");
    }
}

#[test]
fn the_own_district_comes_before_the_province_before_outside() {
    let mut input = one(RiskClass::Normal, StationKind::Men);
    // Equal distances: 4 posts, 2 people each.
    input.units = vec![
        unit("a-outside", Tier::Police, "pk/punjab/x", 10.0, (2, 0)),
        unit("b-province", Tier::Police, "pk/sindh/b", 10.0, (2, 0)),
        unit("c-own", Tier::Police, "pk/sindh/a", 10.0, (1, 0)),
    ];
    let plan = solve(&input);
    let count = |name: &str| {
        plan.postings.iter().filter(|p| p.unit == unit_id(name)).map(|p| p.count).sum::<u32>()
    };
    assert_eq!([count("c-own"), count("b-province"), count("a-outside")], [1, 2, 1]);
    // A much nearer one from outside comes before a far one of the own province.
    input.units[0].point = east(1.0);
    input.units[1].point = east(200.0);
    let plan = solve(&input);
    let far: u32 =
        plan.postings.iter().filter(|p| p.unit == unit_id("b-province")).map(|p| p.count).sum();
    assert_eq!(far, 1);
}

#[test]
fn the_higher_class_is_served_first_and_a_shared_shortage_is_spread() {
    let mut input = one(RiskClass::Normal, StationKind::Men);
    input.buildings.push(building("B-2", "pk/sindh/a", 300.0));
    input.stations.push(station("S-2", "B-2", RiskClass::Most, StationKind::Men));
    input.units = vec![unit("police", Tier::Police, "pk/sindh/a", 0.0, (8, 0))];
    let plan = solve(&input);
    let at = |plan: &Plan, name: &str| -> u32 {
        plan.postings.iter().filter(|p| p.building == building_id(name)).map(|p| p.count).sum()
    };
    assert_eq!((at(&plan, "B-1"), at(&plan, "B-2")), (0, 8));
    // Two equal buildings share: the second half of one is dearer than the first half of the other.
    input.stations[1].class = RiskClass::Normal;
    input.units[0].men = 4;
    let plan = solve(&input);
    assert_eq!((at(&plan, "B-1"), at(&plan, "B-2")), (2, 2));
}

fn pin(unit: &str, at: &str, kind: StaffKind, count: u32) -> Lock {
    Lock::Pin { unit: unit_id(unit), building: building_id(at), kind, count }
}

fn out(unit: &str, at: Option<&str>) -> Lock {
    Lock::Exclude { unit: unit_id(unit), building: at.map(building_id) }
}

/// What is said to these locks on a normal men's station with four posts.
fn refusal(locks: Vec<Lock>) -> Option<LockRefusal> {
    let mut input = one(RiskClass::Normal, StationKind::Men);
    let late = Some(TimeWindow { from: UnixMs(1_500), until: UnixMs(9_000) });
    input.units = vec![
        unit("police", Tier::Police, "pk/sindh/a", 1.0, (3, 9)),
        unit("army", Tier::Army, "pk/sindh/a", 1.0, (50, 0)),
        Unit { window: late, ..unit("late", Tier::Police, "pk/sindh/a", 1.0, (5, 0)) },
    ];
    input.locks = locks;
    match check_locks(&input) {
        Ok(()) => None,
        Err(AllocateError::Lock(refusal)) => Some(refusal),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn locks_that_cannot_be_kept_are_refused_by_name() {
    let man = StaffKind::PoliceMan;
    let (unit, building) = (unit_id("police"), building_id("B-1"));
    assert_eq!(refusal(vec![]), None);
    assert_eq!(refusal(vec![pin("police", "B-1", man, 3)]), None);
    assert_eq!(refusal(vec![pin("police", "B-1", man, 0), out("army", None)]), None);
    assert_eq!(
        refusal(vec![pin("nobody", "B-1", man, 1)]),
        Some(LockRefusal::UnknownUnit(unit_id("nobody")))
    );
    assert_eq!(
        refusal(vec![out("nobody", Some("B-1"))]),
        Some(LockRefusal::UnknownUnit(unit_id("nobody")))
    );
    assert_eq!(
        refusal(vec![pin("police", "B-9", man, 1)]),
        Some(LockRefusal::UnknownBuilding(building_id("B-9")))
    );
    let over = LockRefusal::OverStrength { unit: unit.clone(), kind: man, strength: 3, pinned: 4 };
    assert_eq!(refusal(vec![pin("police", "B-1", man, 4)]), Some(over.clone()));
    assert_eq!(
        refusal(vec![pin("police", "B-1", man, 1), pin("police", "B-1", man, 3)]),
        Some(over)
    );
    assert_eq!(
        refusal(vec![pin("late", "B-1", man, 1)]),
        Some(LockRefusal::OutOfWindow { unit: unit_id("late") })
    );
    // Two inner and two outer posts; the cap of a normal building is three visible.
    let woman = StaffKind::PoliceWoman;
    assert_eq!(
        refusal(vec![pin("police", "B-1", woman, 5)]),
        Some(LockRefusal::OverNeed {
            building: building.clone(),
            kind: woman,
            posts: 4,
            pinned: 5
        })
    );
    assert_eq!(
        refusal(vec![pin("police", "B-1", woman, 6)]),
        Some(LockRefusal::OverCap { building: building.clone(), cap: 3, pinned: 2 })
    );
    assert_eq!(
        refusal(vec![pin("army", "B-1", StaffKind::Army, 1)]),
        Some(LockRefusal::NotSelected { building: building.clone(), kind: StaffKind::Army })
    );
    for at in [None, Some("B-1")] {
        assert_eq!(
            refusal(vec![pin("police", "B-1", man, 1), out("police", at)]),
            Some(LockRefusal::Contradiction { unit: unit.clone(), building: building.clone() })
        );
    }
}

#[test]
fn a_lock_is_kept_and_counted_in_the_objective() {
    let mut input = one(RiskClass::Normal, StationKind::Combined);
    input.units = vec![
        unit("near", Tier::Police, "pk/sindh/a", 1.0, (9, 9)),
        unit("far", Tier::Police, "pk/sindh/a", 100.0, (9, 9)),
    ];
    let free = solve(&input);
    input.locks = vec![Lock::Pin {
        unit: unit_id("far"),
        building: building_id("B-1"),
        kind: StaffKind::PoliceWoman,
        count: 2,
    }];
    let locked = solve(&input);
    let far: Vec<_> = locked.postings.iter().filter(|p| p.unit == unit_id("far")).collect();
    let [far] = far.as_slice() else { panic!("{far:?}") };
    assert_eq!((far.kind, far.count), (StaffKind::PoliceWoman, 2));
    assert_eq!(missing(&locked), [0; 4]);
    assert!(locked.certificate.objective > free.certificate.objective);
    let change = compare(&free, &locked, &input);
    assert_eq!((change.leave, change.come, change.missing.len()), (2, 2, 0));
    assert_eq!(change.objective, locked.certificate.objective - free.certificate.objective);
    assert!(change.travel_m > 0);
}
