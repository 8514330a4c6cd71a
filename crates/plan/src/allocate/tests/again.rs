//! Solving again after a change: as good as from nothing, near to what stood, and from nothing where nothing carries over.

use super::{whole::country, *};
use crate::allocate::{audit, compare, rule::Teams};
use pehra_domain::seed::Seed;

/// One in so many stations and units changes.
fn changed(input: &AllocateInput, seed: u64, one_in: u64) -> AllocateInput {
    let mut chance = Seed::new(seed);
    let mut input = input.clone();
    for unit in &mut input.units {
        if chance.below(one_in) == 0 && unit.men > 0 && unit.women > 0 {
            unit.men += 1 + u32::try_from(chance.below(9)).unwrap();
            unit.women = (unit.women / 2).max(1);
        }
    }
    for station in &mut input.stations {
        if chance.below(one_in) == 0 {
            station.class = RiskClass::ALL[usize::try_from(chance.below(3)).unwrap()];
        }
    }
    input
}

fn again(input: &AllocateInput, last: &Allocation, threads: usize) -> (Allocation, bool) {
    allocate_again(input, last, threads, &mut go_on, &mut |_| {}).unwrap()
}

fn kept(input: &AllocateInput) -> Allocation {
    allocate_keeping(input, 2, &mut go_on).unwrap()
}

fn moved(before: &Plan, after: &Plan, input: &AllocateInput) -> u64 {
    compare(before, after, input)
        .moves
        .iter()
        .map(|one| u64::from(one.before.abs_diff(one.after)))
        .sum()
}

#[test]
fn a_change_solved_from_the_last_plan_costs_what_it_costs_from_nothing() {
    let mut carried_on = 0;
    for seed in 0..24 {
        let input = country(seed, 120, 24);
        let last = kept(&input);
        let mut now = changed(&input, seed, 12);
        now.selected.truncate(now.selected.len() / 2);
        let posting = last.plan.postings.first().unwrap();
        let (unit, building) = (posting.unit.clone(), Some(posting.building.clone()));
        now.locks.push(Lock::Exclude { unit, building });
        if let Some(posting) =
            last.plan.postings.iter().rev().find(|p| p.kind == StaffKind::PoliceMan)
            && posting.unit != last.plan.postings[0].unit
        {
            let (unit, building) = (posting.unit.clone(), posting.building.clone());
            now.locks.push(Lock::Pin { unit, building, kind: posting.kind, count: 1 });
        }
        let Ok(nothing) = allocate(&now, 1, &mut go_on) else { continue };
        let (found, carried) = again(&now, &last, 1);
        if !carried {
            // The last of a unit's people was pinned: other doors lead to whoever is left.
            assert_eq!(found.plan, nothing, "{seed}");
            continue;
        }
        carried_on += 1;
        assert_eq!(found.plan.certificate.objective, nothing.certificate.objective, "{seed}");
        assert_eq!(found.plan.certificate.dual_bound, nothing.certificate.dual_bound, "{seed}");
        assert_eq!(found.plan.certificate.input_hash, nothing.certificate.input_hash);
        assert_eq!(audit(&now, &found.plan), audit(&now, &nothing), "{seed}");
        let (back, carried) = again(&input, &found, 1);
        assert!(carried);
        assert_eq!(back.plan.certificate.objective, last.plan.certificate.objective, "{seed}");
    }
    assert!(carried_on >= 16, "{carried_on}");
}

#[test]
fn what_did_not_change_stays_where_it_stood() {
    let input = country(3, 300, 40);
    let last = kept(&input);
    let (same, carried) = again(&input, &last, 2);
    assert!(carried);
    assert_eq!(same.plan, last.plan);
    let mut less = input.clone();
    less.stations[7].class = RiskClass::Most;
    let (near, _) = again(&less, &last, 2);
    let nothing = allocate(&less, 2, &mut go_on).unwrap();
    let few = moved(&last.plan, &near.plan, &less);
    assert!(few <= moved(&last.plan, &nothing, &less), "{few}");
    assert!(few < 60, "{few}");
}

#[test]
fn threads_change_no_byte_of_a_plan_that_was_solved_again() {
    let input = country(5, 300, 40);
    let last = kept(&input);
    let now = changed(&input, 5, 20);
    let once = again(&now, &last, 1).0.plan;
    for threads in [2, 3, 8] {
        assert_eq!(once, again(&now, &last, threads).0.plan, "{threads}");
    }
}

#[test]
fn other_units_places_or_weights_make_the_plan_from_nothing() {
    let input = country(8, 60, 20);
    let last = kept(&input);
    let changes: [&dyn Fn(&mut AllocateInput); 5] = [
        &|i| i.units.push(unit("ZZ", Tier::Police, "pk/sindh/d0", 0.0, (20, 5))),
        &|i| i.units[0].point = east(50.0),
        &|i| i.buildings[0].point = east(50.0),
        &|i| i.weights.other_district += 1,
        &|i| i.distance.detour_permille[0] += 10,
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let mut other = input.clone();
        change(&mut other);
        let (found, carried) = again(&other, &last, 1);
        assert!(!carried, "{number}");
        assert_eq!(found.plan, allocate(&other, 1, &mut go_on).unwrap(), "{number}");
    }
}

#[test]
fn rules_that_no_flow_keeps_hold_again_within_their_bound() {
    for seed in 0..6 {
        let mut input = country(seed, 120, 24);
        input.rules.teams = Some(Teams { people_min: 3, women_min: 2 });
        let last = kept(&input);
        let now = changed(&input, seed + 50, 15);
        let (found, _) = again(&now, &last, 1);
        let nothing = allocate(&now, 1, &mut go_on).unwrap();
        let (here, there) = (&found.plan.certificate, &nothing.certificate);
        // Both stand between one optimum and their own answers.
        assert!(here.dual_bound <= there.objective && there.dual_bound <= here.objective, "{seed}");
        assert!(here.gap() * 100 <= here.dual_bound.abs().max(there.gap() * 200), "{seed}");
    }
}

#[test]
fn a_plan_that_is_solved_again_stops_when_asked() {
    let input = country(6, 100, 20);
    let last = kept(&input);
    let stop = &mut |_: Step| ControlFlow::Break(());
    let stopped = allocate_again(&changed(&input, 1, 4), &last, 1, stop, &mut |_| {});
    assert!(matches!(stopped, Err(AllocateError::Cancelled(_))));
}
