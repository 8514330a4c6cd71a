use super::*;
use crate::{
    Command as Any, Noun,
    testing::{a_drill, apply, area, context, early, east, late, machine, opened},
};

fn record(drill: Drill) -> Any {
    Any::Readiness(Command::Record { area: east(), drill })
}

fn mend(drill: EventRef, failure: &str) -> Any {
    let (failure, how) = (failure.to_owned(), "new antenna".to_owned());
    Any::Readiness(Command::Mend { drill, failure, how })
}

fn waive(drill: EventRef, failure: &str) -> Any {
    let (failure, reason) = (failure.to_owned(), "a courier stands by".to_owned());
    Any::Readiness(Command::Waive { drill, failure, reason })
}

fn stop() -> Any {
    Any::Readiness(Command::Stop { area: east(), reason: "no seals".to_owned() })
}

fn lift(stop: EventRef) -> Any {
    Any::Readiness(Command::Lift { stop, reason: "seals came".to_owned() })
}

#[test]
fn the_diagram_shows_what_the_code_does() {
    let offers = |state: &State| {
        let mut all = vec![
            machine::offer("record a short drill", 1, record(Drill { dark: false, ..a_drill(0) })),
            machine::offer("record a drill that failed", 1, record(a_drill(1))),
            machine::offer("record a good drill", 1, record(a_drill(0))),
            machine::offer("stop", 1, stop()),
        ];
        if let Some((at, ..)) = state.readiness.stops(&east()).next() {
            all.push(machine::offer("lift", 1, lift(at)));
        }
        if let Some((at, ..)) = state.readiness.drill(&east())
            && let Some(failure) = state.readiness.open(&east()).first()
        {
            all.push(machine::offer("mend", 1, mend(at, &failure.key)));
            all.push(machine::offer("waive", 1, waive(at, &failure.key)));
        }
        all
    };
    let phase = |state: &State, _| format!("{:?}", state.readiness.phase(&east()));
    machine::assert_drawn(Noun::Readiness, &[machine::Machine { start: opened(), offers, phase }]);
}

#[test]
fn no_area_is_ready_without_a_whole_dark_drill_of_every_path() {
    let phase_after = |drill: Drill| {
        let mut state = opened();
        apply(&mut state, &context(1, "ECP-NAT", early()), 1, &record(drill)).unwrap();
        state.readiness.phase(&east())
    };
    assert_eq!(opened().readiness.phase(&east()), Phase::Untried);
    assert_eq!(phase_after(Drill { full: false, ..a_drill(0) }), Phase::Short);
    assert_eq!(phase_after(Drill { dark: false, ..a_drill(0) }), Phase::Short);
    assert_eq!(phase_after(Drill { played: false, ..a_drill(0) }), Phase::Short);
    assert_eq!(phase_after(Drill { paths: Vec::new(), ..a_drill(0) }), Phase::Short);
    let mut unasked = a_drill(0);
    unasked.paths[1] = Measured { asked: 0, answered: 0, ..unasked.paths[1].clone() };
    assert_eq!(phase_after(unasked), Phase::Short);
    assert_eq!(phase_after(a_drill(1)), Phase::Blocked);
    assert_eq!(phase_after(a_drill(0)), Phase::Ready);
}

#[test]
fn what_failed_blocks_until_each_of_it_is_mended_or_waived_by_name() {
    let mut state = opened();
    let who = context(1, "ECP-NAT", early());
    let drill = machine::must(&mut state, 1, 20, &record(a_drill(2)));
    apply(&mut state, &who, 1, &mend(drill, "failure-0")).unwrap();
    assert_eq!(state.readiness.phase(&east()), Phase::Blocked);
    let unknown = apply(&mut state, &who, 1, &waive(drill, "nothing")).unwrap_err();
    assert_eq!(unknown.code, RefusalCode::NotKnown);
    apply(&mut state, &who, 1, &waive(drill, "failure-1")).unwrap();
    assert_eq!(state.readiness.phase(&east()), Phase::Ready);
    let by = state.readiness.answer(drill, "failure-1").unwrap();
    assert!(by.waived && by.mark.person == who.actor.person, "by name");
    assert!(apply(&mut state, &who, 1, &mend(drill, "failure-1")).unwrap().is_empty());
    // A later drill counts alone, and what was waived before it is asked again.
    apply(&mut state, &context(1, "ECP-NAT", late()), 1, &record(a_drill(2))).unwrap();
    assert_eq!(state.readiness.phase(&east()), Phase::Blocked);
}

#[test]
fn a_stop_order_holds_for_everything_below_its_area_until_it_is_lifted() {
    let mut state = opened();
    let who = context(1, "ECP-NAT", early());
    apply(&mut state, &who, 1, &record(a_drill(0))).unwrap();
    let command =
        Any::Readiness(Command::Stop { area: area("pk/sindh"), reason: "no seals".to_owned() });
    let order = machine::must(&mut state, 1, 21, &command);
    assert_eq!(state.readiness.phase(&east()), Phase::Stopped);
    assert_eq!(state.readiness.phase(&area("pk/punjab/lahore")), Phase::Untried);
    apply(&mut state, &who, 1, &lift(order)).unwrap();
    assert_eq!(state.readiness.phase(&east()), Phase::Ready);
    assert!(apply(&mut state, &who, 1, &lift(order)).unwrap().is_empty());
}

#[test]
fn a_drill_that_contradicts_itself_is_refused() {
    let who = context(1, "ECP-NAT", early());
    let refusal = |drill| apply(&mut opened(), &who, 1, &record(drill)).unwrap_err().code;
    let mut more = a_drill(0);
    more.paths[0].answered = more.paths[0].asked + 1;
    assert_eq!(refusal(more), RefusalCode::DrillMalformed);
    let mut twice = a_drill(2);
    twice.failures[1].key = twice.failures[0].key.clone();
    assert_eq!(refusal(twice), RefusalCode::DrillMalformed);
}
