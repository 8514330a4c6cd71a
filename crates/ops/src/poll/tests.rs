use super::*;
use crate::{
    Command as Any, RefusalCode, State,
    testing::{POLL_DAY, a_poll, an_order, apply, context, early, east, fold, machine, opened},
};

fn schedule() -> Any {
    Any::Poll(Command::Schedule { area: east(), poll: a_poll(40, POLL_DAY), order: an_order() })
}

fn postpone(days: Option<i32>) -> Any {
    let poll = a_poll(40, POLL_DAY);
    let to = days.map(|days| poll.date.plus_days(days));
    Any::Poll(Command::Postpone { area: east(), poll, to, order: an_order() })
}

fn offers(_: &State) -> Vec<machine::Offer> {
    let poll = || a_poll(40, POLL_DAY);
    let (area, order) = (east, an_order);
    let on = poll().date.plus_days(11);
    let adjourn = Command::Adjourn { area: area(), poll: poll(), to: Some(on), order: order() };
    let repeat = Command::Repeat { area: area(), poll: poll(), on, order: order() };
    let hold = Command::Hold { area: area(), poll: poll(), order: order() };
    vec![
        machine::offer("schedule", 1, schedule()),
        machine::offer("postpone", 1, postpone(Some(7))),
        machine::offer("adjourn", 1, Any::Poll(adjourn)),
        machine::offer("repeat", 1, Any::Poll(repeat)),
        machine::offer("hold", 1, Any::Poll(hold)),
    ]
}

#[test]
fn the_diagram_shows_what_the_code_does() {
    let phase = |state: &State, _| format!("{:?}", state.polls.phase(&a_poll(40, POLL_DAY)));
    machine::assert_drawn(Noun::Poll, &[machine::Machine { start: opened(), offers, phase }]);
}

#[test]
fn a_postponed_poll_goes_on_as_a_poll_of_its_own() {
    let mut state = opened();
    machine::must(&mut state, 1, 20, &schedule());
    machine::must(&mut state, 1, 20, &postpone(Some(7)));
    let next = a_poll(40, "2024-02-15");
    assert_eq!(state.polls.phase(&next), Phase::Scheduled);
    let (record, mark) = state.polls.get(&next).unwrap();
    assert_eq!(record.continues, Some(a_poll(40, POLL_DAY).date));
    assert_eq!(mark.clock_ms, early());
}

#[test]
fn a_poll_without_an_order_is_not_recorded() {
    let mut order = an_order();
    order.instrument = " ".to_owned();
    let command = Command::Schedule { area: east(), poll: a_poll(40, POLL_DAY), order };
    let refused = apply(&mut opened(), &context(1, "PEC", early()), 1, &Any::Poll(command));
    assert_eq!(refused.unwrap_err().code, RefusalCode::InstrumentMissing);
}

#[test]
fn a_poll_goes_on_on_a_later_day() {
    let mut state = opened();
    machine::must(&mut state, 1, 20, &schedule());
    for days in [0, -3] {
        let refused = apply(&mut state, &context(1, "PEC", early()), 1, &postpone(Some(days)));
        assert_eq!(refused.unwrap_err().code, RefusalCode::DateNotLater, "{days} days");
    }
}

#[test]
fn a_poll_postponed_to_two_days_apart_is_a_conflict() {
    let mut state = opened();
    machine::must(&mut state, 1, 20, &schedule());
    let who = context(1, "PEC", early());
    let here = crate::decide(&state, &who, &postpone(Some(7))).unwrap();
    let there = crate::decide(&state, &who, &postpone(Some(14))).unwrap();
    fold(&mut state, &who, 1, here);
    fold(&mut state, &who, 2, there);
    assert_eq!(state.polls.phase(&a_poll(40, POLL_DAY)), Phase::Disputed);
    assert_eq!(state.conflicts().len(), 1);
    apply(&mut state, &who, 1, &postpone(Some(14))).unwrap();
    assert_eq!(state.conflicts(), Vec::new());
}
