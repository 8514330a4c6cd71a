use super::*;
use crate::{
    Command as Any, Noun,
    testing::{apply, area, context, date, early, east, machine, opened, patrols as told},
};

/// When the hour of a day has come.
fn after(day: Date) -> UnixMs {
    UnixMs(day.midnight_pkt().0 + 3_600_000)
}

fn day() -> Date {
    date("2024-02-08")
}

#[test]
fn the_diagram_shows_what_the_code_does() {
    // Its hour was before the moments of the machine: what is refused before it is another test's.
    let offers = |state: &State| match state.patrols.all().next() {
        None => vec![machine::offer("seal", 1, told::seal(east(), told::days()[1], 1))],
        Some((at, ..)) => vec![
            machine::offer("show", 1, told::show(at, 1)),
            machine::offer("show another", 1, told::show(at, 2)),
            machine::offer("withdraw", 1, told::withdraw(at)),
        ],
    };
    let phase = |state: &State, _| {
        let first = state.patrols.all().next();
        format!("{:?}", first.map_or(Phase::Unknown, |(_, record, ..)| record.phase()))
    };
    machine::assert_drawn(Noun::Patrol, &[machine::Machine { start: opened(), offers, phase }]);
}

#[test]
fn nothing_is_shown_before_the_hour_and_never_for_other_teams() {
    let mut state = opened();
    let at = machine::must(&mut state, 1, 20, &told::seal(east(), day(), 1));
    let mut show = |moment, command: &Any| {
        apply(&mut state, &context(1, "ECP-NAT", moment), 1, command).map(|made| made.len())
    };
    let hour = day().midnight_pkt();
    let early = show(UnixMs(hour.0 - 1), &told::show(at, 1)).unwrap_err();
    assert_eq!(early.code, RefusalCode::PatrolTooEarly);
    let mut others = told::shown(1);
    others.ways.swap(0, 1);
    let others = Any::Patrol(Command::Show { schedule: at, shown: others });
    assert_eq!(show(hour, &others).unwrap_err().code, RefusalCode::PatrolMalformed);
    assert_eq!(show(hour, &told::show(at, 1)), Ok(1));
    assert_eq!(show(hour, &told::show(at, 1)), Ok(0), "it is shown already");
    assert_eq!(state.patrols.get(at).unwrap().shown(), Some(&told::shown(1)));
}

#[test]
fn what_another_node_showed_before_the_hour_has_no_effect() {
    let mut state = opened();
    let at = machine::must(&mut state, 1, 20, &told::seal(east(), day(), 1));
    let event = Event::Shown { schedule: at, shown: told::shown(1) };
    let hour = day().midnight_pkt();
    let early = event.check_references(&state, UnixMs(hour.0 - 1)).unwrap_err();
    assert_eq!(early.code, RefusalCode::PatrolTooEarly);
    assert_eq!(event.check_references(&state, hour), Ok(()));
    let unknown = event.check_references(&opened(), hour).unwrap_err();
    assert_eq!(unknown.code, RefusalCode::NotKnown);
}

#[test]
fn one_schedule_stands_for_an_area_and_a_day_until_it_is_withdrawn() {
    let mut state = opened();
    let who = context(1, "ECP-NAT", early());
    let at = machine::must(&mut state, 1, 20, &told::seal(east(), day(), 1));
    assert!(apply(&mut state, &who, 1, &told::seal(east(), day(), 1)).unwrap().is_empty());
    let second = apply(&mut state, &who, 1, &told::seal(east(), day(), 2)).unwrap_err();
    assert_eq!(second.code, RefusalCode::PatrolStands);
    let elsewhere = told::seal(area("pk/punjab/lahore"), day(), 2);
    assert_eq!(apply(&mut state, &who, 1, &elsewhere).unwrap().len(), 1);
    assert_eq!(apply(&mut state, &who, 1, &told::seal(east(), Date(19_700), 2)).unwrap().len(), 1);
    apply(&mut state, &who, 1, &told::withdraw(at)).unwrap();
    assert_eq!(apply(&mut state, &who, 1, &told::seal(east(), day(), 2)).unwrap().len(), 1);
    let shown = context(1, "ECP-NAT", after(day()));
    let late = apply(&mut state, &shown, 1, &told::show(at, 1)).unwrap_err();
    assert_eq!(late.code, RefusalCode::PatrolWithdrawn, "what was withdrawn stays sealed");
}

#[test]
fn a_schedule_that_does_not_hold_together_is_refused() {
    let who = context(1, "ECP-NAT", early());
    let refused = |bend: fn(&mut Schedule)| {
        let mut schedule = told::schedule(day(), 1);
        bend(&mut schedule);
        let command = Any::Patrol(Command::Seal { area: east(), schedule });
        apply(&mut opened(), &who, 1, &command).unwrap_err().code
    };
    let bends: [fn(&mut Schedule); 6] = [
        |it| it.parts.clear(),
        |it| it.parts[1].team = it.parts[0].team.clone(),
        |it| it.parts[1].sealed.clear(),
        |it| it.whole.clear(),
        |it| it.whole = vec![0; SEALED_BYTES_MAX],
        |it| it.from = UnixMs(it.from.0 + 49 * 3_600_000),
    ];
    for bend in bends {
        assert_eq!(refused(bend), RefusalCode::PatrolMalformed);
    }
}
