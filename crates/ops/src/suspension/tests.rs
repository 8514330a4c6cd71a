use super::*;
use crate::{
    Command as Any, Noun, RefusalCode, State, decide,
    testing::{apply, at, context, date, day, early, fold, late, machine, opened},
};

fn recorder() -> crate::Context {
    context(1, "CTRL-N", late())
}

fn monitor() -> crate::Context {
    context(2, "ECP-MON", late())
}

fn open() -> Any {
    day::suspended(vec![Service::Voice, Service::Data])
}

fn state_it(statement: Statement, source: &str) -> Any {
    day::stated(statement, source)
}

fn record(state: &State) -> &Record {
    state.suspensions.get(&AreaId::nation(), &day::suspension()).unwrap()
}

fn moment(minutes: i64) -> UnixMs {
    UnixMs(early().0 + minutes * 60_000)
}

#[test]
fn the_diagram_shows_what_the_code_does() {
    let offers = |state: &State| {
        let say = |label, statement| machine::offer(label, 1, day::stated(statement, "probe"));
        let known = state.suspensions.get(&AreaId::nation(), &day::suspension());
        let last = known.and_then(|record| record.standing().last()).map(|(at, _)| at);
        let strike = Command::Strike {
            area: AreaId::nation(),
            suspension: day::suspension(),
            entry: last.unwrap_or(at(99, 1)),
            reason: "wrong hour".to_owned(),
        };
        vec![
            machine::offer("open", 1, open()),
            say("announce", Statement::Announced(moment(1))),
            say("order", Statement::Ordered(moment(2))),
            say("see it begin", Statement::EffectiveObserved(moment(3))),
            say("see it begin at another hour", Statement::EffectiveObserved(moment(9))),
            say(
                "see it return in part",
                Statement::RestoredObserved { at: moment(4), partly: true },
            ),
            say("see it return", Statement::RestoredObserved { at: moment(5), partly: false }),
            machine::offer("strike", 1, Any::Suspension(strike)),
        ]
    };
    let phase = |state: &State, _| {
        format!("{:?}", state.suspensions.phase(&AreaId::nation(), &day::suspension()))
    };
    machine::assert_drawn(Noun::Suspension, &[machine::Machine { start: opened(), offers, phase }]);
}

#[test]
fn the_record_of_8_february_2024_can_be_written_and_unknown_stays_unknown() {
    let mut state = opened();
    let example = worked::of_2024().unwrap();
    for command in &example {
        apply(&mut state, &recorder(), 1, &Any::Suspension(command.clone())).unwrap();
    }
    let (area, suspension) = example[0].key();
    let record = state.suspensions.get(area, suspension).unwrap();
    let ordered = record.moment("ordered").unwrap();
    assert_eq!(ordered.0 - date("2024-02-08").midnight_pkt().0, (5 * 60 + 39) * 60_000);
    assert_eq!(record.moment("effective-observed"), None, "nobody's probe saw it begin");
    assert_eq!(record.moment("announced"), None);
    assert_eq!(record.phase(), Phase::PartlyRestored);
    let courts = record.standing().filter(|(_, one)| one.statement.word() == "court-order").count();
    assert_eq!(courts, 3);
    assert_eq!(state.conflicts(), []);
    assert!(!record.is_countersigned());
}

#[test]
fn what_was_ordered_and_what_was_seen_are_apart_and_two_who_saw_differently_both_stand() {
    let mut state = opened();
    apply(&mut state, &recorder(), 1, &open()).unwrap();
    let order = state_it(Statement::Ordered(moment(2)), "letter");
    apply(&mut state, &recorder(), 1, &order).unwrap();
    assert_eq!(record(&state).phase(), Phase::Ordered, "an order is no effect");
    let seen = |minutes| state_it(Statement::EffectiveObserved(moment(minutes)), "own probe");
    let first = decide(&state, &recorder(), &seen(10)).unwrap();
    let second = decide(&state, &recorder(), &seen(12)).unwrap();
    fold(&mut state, &recorder(), 8, first);
    fold(&mut state, &recorder(), 9, second);
    assert_eq!(record(&state).phase(), Phase::Disputed);
    assert_eq!(state.conflicts()[0].sides.len(), 2);
    assert_eq!(record(&state).moment("effective-observed"), Some(moment(10)));
    let strike = Command::Strike {
        area: AreaId::nation(),
        suspension: day::suspension(),
        entry: at(9, 1),
        reason: "the probe's clock".to_owned(),
    };
    apply(&mut state, &recorder(), 1, &Any::Suspension(strike.clone())).unwrap();
    assert_eq!(record(&state).phase(), Phase::InEffect);
    assert_eq!(record(&state).struck().count(), 1, "taken back and still shown");
    let twice = apply(&mut state, &recorder(), 1, &Any::Suspension(strike));
    assert_eq!(twice.unwrap_err().code, RefusalCode::StatementUnknown);
}

#[test]
fn the_monitor_countersigns_what_stands_and_a_later_statement_is_seen_to_be_later() {
    let mut state = opened();
    apply(&mut state, &recorder(), 1, &open()).unwrap();
    let order = state_it(Statement::Ordered(moment(2)), "letter");
    apply(&mut state, &recorder(), 1, &order).unwrap();
    let countersign = Any::Suspension(Command::Countersign {
        area: AreaId::nation(),
        suspension: day::suspension(),
        note: String::new(),
    });
    let own = apply(&mut state, &recorder(), 1, &countersign);
    assert_eq!(own.unwrap_err().code, RefusalCode::SamePersonTwice);
    apply(&mut state, &monitor(), 2, &countersign).unwrap();
    assert!(record(&state).is_countersigned());
    assert_eq!(apply(&mut state, &monitor(), 2, &countersign).unwrap(), []);
    let later =
        state_it(Statement::Impact { measure: "stations dark".to_owned(), count: 12 }, "room");
    apply(&mut state, &recorder(), 1, &later).unwrap();
    assert!(!record(&state).is_countersigned());
}

#[test]
fn the_same_loss_seen_by_two_nodes_is_one_record_and_nothing_is_said_twice() {
    let mut state = opened();
    let first = decide(&state, &recorder(), &open()).unwrap();
    let second = decide(&state, &recorder(), &open()).unwrap();
    fold(&mut state, &recorder(), 1, first);
    fold(&mut state, &recorder(), 2, second);
    assert_eq!(state.suspensions.all().count(), 1);
    assert_eq!(apply(&mut state, &recorder(), 3, &open()).unwrap(), []);
    let wider = day::suspended(vec![Service::Voice, Service::Broadband]);
    apply(&mut state, &recorder(), 3, &wider).unwrap();
    assert_eq!(record(&state).services().len(), 3);
    let order = state_it(Statement::Ordered(moment(2)), "letter");
    apply(&mut state, &recorder(), 1, &order).unwrap();
    assert_eq!(apply(&mut state, &recorder(), 2, &order).unwrap(), []);
    let none = apply(&mut opened(), &recorder(), 1, &day::suspended(Vec::new()));
    assert_eq!(none.unwrap_err().code, RefusalCode::ServicesMissing);
    let early = apply(&mut opened(), &recorder(), 1, &order);
    assert_eq!(early.unwrap_err().code, RefusalCode::SuspensionUnknown);
}
