use super::*;
use crate::{
    Command as Any, Noun,
    testing::{apply, context, early, east, machine, opened},
};

fn key(area: AreaId) -> ParameterKey {
    ParameterKey { area, key: "risk.weight.T1".to_owned() }
}

fn set(area: AreaId, number: i64) -> Any {
    let (value, source) = (Value::Whole(number), "letter 12".to_owned());
    let (parameter, reason) = (Parameter { value, source }, "fits 2018 better".to_owned());
    Any::Parameter(Command::Set { key: key(area), parameter, reason })
}

fn clear(area: AreaId) -> Any {
    Any::Parameter(Command::Clear { key: key(area), reason: "back to the paper".to_owned() })
}

#[test]
fn the_diagram_shows_what_the_code_does() {
    let offers = |_: &State| {
        vec![
            machine::offer("set", 1, set(east(), 1)),
            machine::offer("set", 1, set(east(), 2)),
            machine::offer("clear", 1, clear(east())),
        ]
    };
    let phase = |state: &State, _| format!("{:?}", state.parameters.phase(&key(east())));
    machine::assert_drawn(Noun::Parameter, &[machine::Machine { start: opened(), offers, phase }]);
}

#[test]
fn an_area_inherits_the_nearest_value_above() {
    let (mut state, who) = (opened(), context(1, "PEC", early()));
    apply(&mut state, &who, 1, &set(AreaId::nation(), 22)).unwrap();
    let here = |state: &State| {
        state.parameter(&east(), "risk.weight.T1").map(|parameter| parameter.value.clone())
    };
    assert_eq!(here(&state), Some(Value::Whole(22)));
    apply(&mut state, &who, 1, &set(east(), 30)).unwrap();
    assert_eq!(here(&state), Some(Value::Whole(30)));
    apply(&mut state, &who, 1, &clear(east())).unwrap();
    assert_eq!(here(&state), Some(Value::Whole(22)));
    let refused = apply(&mut state, &who, 1, &clear(east()));
    assert_eq!(refused.unwrap_err().code, RefusalCode::ParameterUnset);
}

#[test]
fn setting_the_same_value_again_changes_nothing() {
    let (mut state, who) = (opened(), context(1, "PEC", early()));
    apply(&mut state, &who, 1, &set(east(), 1)).unwrap();
    assert_eq!(apply(&mut state, &who, 1, &set(east(), 1)).unwrap(), Vec::new());
    assert_eq!(state.parameters.all().count(), 1);
}
