use super::*;
use crate::{
    Command as Any, RefusalCode, State, decide as decide_any,
    testing::{a_lock, apply, context, early, east, fold, machine, opened, pin},
};

fn exclude() -> Any {
    let (key, reason) = (a_lock(1, 1), "feud with the village".to_owned());
    Any::Lock(Command::Exclude { area: east(), key, reason })
}

fn release() -> Any {
    let (key, reason) = (a_lock(1, 1), "not needed".to_owned());
    Any::Lock(Command::Release { area: east(), key, reason })
}

#[test]
fn the_diagram_shows_what_the_code_does() {
    let offers = |_: &State| {
        vec![
            machine::offer("pin", 1, pin(a_lock(1, 1), 3, 10)),
            machine::offer("pin", 1, pin(a_lock(1, 1), 4, 10)),
            machine::offer("exclude", 1, exclude()),
            machine::offer("release", 1, release()),
        ]
    };
    let phase = |state: &State, _| format!("{:?}", state.locks.phase(&a_lock(1, 1)));
    machine::assert_drawn(Noun::Lock, &[machine::Machine { start: opened(), offers, phase }]);
}

#[test]
fn nobody_pins_more_people_than_a_unit_has() {
    let (mut state, who) = (opened(), context(1, "DRO", early()));
    apply(&mut state, &who, 1, &pin(a_lock(1, 1), 6, 10)).unwrap();
    let refused = apply(&mut state, &who, 1, &pin(a_lock(1, 2), 5, 10));
    assert_eq!(refused.unwrap_err().code, RefusalCode::BeyondStrength);
    apply(&mut state, &who, 1, &pin(a_lock(1, 2), 4, 10)).unwrap();
    apply(&mut state, &who, 1, &pin(a_lock(1, 1), 1, 10)).unwrap();
    apply(&mut state, &who, 1, &pin(a_lock(1, 2), 9, 10)).unwrap();
    assert_eq!(state.conflicts(), Vec::new());
    let zero = apply(&mut state, &who, 1, &pin(a_lock(1, 3), 0, 10));
    assert_eq!(zero.unwrap_err().code, RefusalCode::CountZero);
}

#[test]
fn one_unit_pinned_apart_beyond_its_strength_is_a_conflict_until_one_pin_goes() {
    let (mut state, who) = (opened(), context(1, "DRO", early()));
    let here = decide_any(&state, &who, &pin(a_lock(1, 1), 6, 10)).unwrap();
    let there = decide_any(&state, &who, &pin(a_lock(1, 2), 5, 10)).unwrap();
    fold(&mut state, &who, 1, here);
    fold(&mut state, &who, 2, there);
    let conflicts = state.conflicts();
    assert_eq!(conflicts.len(), 1);
    assert_eq!(conflicts[0].kind, ConflictKind::BeyondStrength);
    assert_eq!(conflicts[0].subject, "U-1 police-man 11/10");
    let told: Vec<&str> = conflicts[0].sides.iter().map(|side| side.detail.as_str()).collect();
    assert_eq!(told, ["6 · B-NA-40-1", "5 · B-NA-40-2"]);
    apply(&mut state, &who, 1, &release()).unwrap();
    assert_eq!(state.conflicts(), Vec::new());
    assert_eq!(state.locks_in_force().count(), 1);
}
