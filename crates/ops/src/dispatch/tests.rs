use super::{late::What, *};
use crate::{
    Command as Any, ConflictKind, Noun, RefusalCode, Stamped, State,
    authorise::{self},
    incident::{Code, Phase as IncidentPhase, Taxonomy},
    testing::{
        all_roles, apply, area, at, context, day, early, east, fold, machine, opened, rules, unit,
        units::*,
    },
};

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

/// So many minutes after six hours before the moment at which samples are decided.
fn after(minutes: i64) -> UnixMs {
    UnixMs(early().0 - 6 * HOUR_MS + minutes * MINUTE_MS)
}

/// So many units on duty, and two incidents that somebody answered.
fn on_duty(count: u8) -> State {
    let mut state = opened();
    for number in 0..2 {
        let report = day::report(number, Code::ArmPst, after(0));
        machine::must(&mut state, 9, 1, &day::reported(report));
        let by = crate::incident::Level::District;
        let deed = crate::incident::Deed::Acknowledge { by };
        machine::must(&mut state, 9, 1, &day::act(day::on(number, after(0)), deed));
    }
    for number in 0..count {
        machine::must(&mut state, 9, 1, &duty(number, after(0)));
    }
    state
}

fn record(state: &State, number: u8) -> Record {
    state.dispatch.get(&east(), &unit(number)).unwrap().clone()
}

fn phase(state: &State, number: u8) -> Phase {
    state.dispatch.get(&east(), &unit(number)).map_or(Phase::Unknown, Record::phase)
}

fn refused(state: &State, person: u8, command: &Any) -> RefusalCode {
    apply(&mut state.clone(), &context(person, "CTRL-D", early()), 7, command).unwrap_err().code
}

/// Entries of a device that decided on what `state` holds; the state stays as it was.
fn apart(state: &State, device: u8, command: &Any) -> Vec<Stamped> {
    let decided = crate::decide(state, &context(device, "CTRL-D", early()), command).unwrap();
    fold(&mut state.clone(), &context(device, "CTRL-D", early()), device, decided)
}

#[test]
fn the_diagram_shows_what_the_code_does() {
    let life = |_: &State| {
        let now = after(10);
        let deed = |label, deed| machine::offer(label, 1, act(0, now, deed));
        vec![
            machine::offer("put on duty", 1, duty(0, now)),
            machine::offer("send", 1, send(0, 0, now)),
            machine::offer("send", 2, send(0, 1, now)),
            deed("depart", Deed::Depart),
            deed("arrive", Deed::Arrive),
            deed("contain", Deed::Contain),
            deed("release", Deed::Release),
            deed("hand over", Deed::HandOver { to: unit(4) }),
            deed("come back", Deed::Ready),
            deed("rest", Deed::Rest),
            deed("take out", Deed::TakeOut),
            deed("go off duty", Deed::GoOffDuty),
        ]
    };
    let life_phase = |state: &State, _| format!("{:?}", phase(state, 0));
    let mut start = opened();
    for number in 0..2 {
        let report = day::report(number, Code::ArmPst, after(0));
        machine::must(&mut start, 9, 1, &day::reported(report));
    }
    for number in 1..5 {
        machine::must(&mut start, 9, 1, &duty(number, after(0)));
    }
    machine::must(&mut start, 9, 1, &send(4, 0, after(1)));
    machine::must(&mut start, 9, 1, &act(4, after(2), Deed::Arrive));
    let wish = |state: &State| match state.dispatch.asks().next() {
        None => vec![machine::offer("ask", 1, ask(0, 0, after(10)))],
        Some((entry, _)) => vec![
            machine::offer("sign", 2, answer(entry, after(11), Answer::Approve)),
            machine::offer("decline", 3, answer(entry, after(11), Answer::Decline)),
        ],
    };
    let wish_phase = |state: &State, _| {
        let first = state.dispatch.asks().next();
        format!("{:?}", first.map_or(AskPhase::Unknown, |(_, ask)| ask.phase()))
    };
    machine::assert_drawn(
        Noun::Dispatch,
        &[
            machine::Machine { start, offers: life, phase: life_phase },
            machine::Machine { start: on_duty(1), offers: wish, phase: wish_phase },
        ],
    );
}

#[test]
fn one_sending_tells_the_incident_too_and_so_does_every_step_on_the_way() {
    let mut state = on_duty(4);
    let incident = |state: &State| state.incidents.get(&day::key(0)).unwrap().clone();
    machine::must(&mut state, 1, 1, &send(0, 0, after(10)));
    assert_eq!(incident(&state).phase(), IncidentPhase::Assigned);
    assert_eq!(incident(&state).units(), [unit(0)]);
    machine::must(&mut state, 1, 1, &act(0, after(12), Deed::Depart));
    assert_eq!(incident(&state).phase(), IncidentPhase::EnRoute);
    machine::must(&mut state, 1, 1, &send(1, 0, after(13)));
    assert_eq!(incident(&state).units(), [unit(0), unit(1)]);
    machine::must(&mut state, 1, 1, &act(0, after(20), Deed::Arrive));
    assert_eq!(incident(&state).phase(), IncidentPhase::OnScene);
    machine::must(&mut state, 1, 1, &act(1, after(25), Deed::Arrive));
    machine::must(&mut state, 1, 1, &act(0, after(30), Deed::HandOver { to: unit(1) }));
    assert_eq!((phase(&state, 0), phase(&state, 1)), (Phase::Returning, Phase::There));
    machine::must(&mut state, 1, 1, &act(1, after(40), Deed::Contain));
    assert_eq!(incident(&state).phase(), IncidentPhase::Contained);
    let words: Vec<u32> = record(&state, 0).steps().iter().map(|(_, step)| step.kind).collect();
    assert_eq!(words, [2300, 2301, 2305, 2306, 2309]);
}

#[test]
fn a_sending_below_the_floor_needs_another_person() {
    let mut state = on_duty(3);
    assert_eq!(state.dispatch.floor(&east()).teams, 1, "30 % of three, rounded up");
    machine::must(&mut state, 1, 1, &send(0, 0, after(10)));
    machine::must(&mut state, 1, 1, &send(1, 0, after(10)));
    assert_eq!(refused(&state, 1, &send(2, 1, after(11))), RefusalCode::ReserveBelowFloor);
    let wish = machine::must(&mut state, 1, 1, &ask(2, 1, after(11)));
    assert_eq!(phase(&state, 2), Phase::Ready, "one person alone moves nobody");
    let sign = answer(wish, after(12), Answer::Approve);
    assert_eq!(refused(&state, 1, &sign), RefusalCode::SamePersonTwice);
    machine::must(&mut state, 2, 2, &sign);
    assert_eq!(phase(&state, 2), Phase::Told);
    assert_eq!(state.dispatch.ask(wish).unwrap().phase(), AskPhase::Approved);
    assert_eq!(state.incidents.get(&day::key(1)).unwrap().units(), [unit(2)]);
    assert!(state.conflicts().is_empty());
}

#[test]
fn the_floor_that_was_set_counts_in_place_of_the_proposed_one() {
    let mut state = on_duty(4);
    machine::must(&mut state, 1, 1, &floor(3, after(5)));
    machine::must(&mut state, 1, 1, &send(0, 0, after(10)));
    assert_eq!(refused(&state, 1, &send(1, 0, after(11))), RefusalCode::ReserveBelowFloor);
    machine::must(&mut state, 1, 1, &floor(0, after(12)));
    machine::must(&mut state, 1, 1, &send(1, 0, after(13)));
}

/// Every node judges a sending by its own words and by what it follows from.
#[test]
fn what_a_device_sends_below_the_floor_has_no_effect_on_any_node() {
    let state = on_duty(4);
    let (rules, who) = (rules(), context(1, "CTRL-D", early()));
    let certificate = all_roles(&rules);
    let honest = apart(&state, 30, &send(0, 0, after(10)));
    let judge = |change: &dyn Fn(&mut On, &mut Sending)| {
        let mut sent = honest[0].clone();
        if let crate::Event::Dispatch(Event::Sent { on, sending }) = &mut sent.event {
            change(on, sending);
        }
        sent.actor = who.actor.clone();
        authorise::remote(&rules, &certificate, &state, &sent).map_err(|refusal| refusal.code)
    };
    assert_eq!(judge(&|_, _| {}), Ok(()));
    let code = |change: &dyn Fn(&mut On, &mut Sending)| judge(change).unwrap_err();
    assert_eq!(
        code(&|_, it| it.reserve.kept.truncate(1)),
        RefusalCode::ReserveBelowFloor,
        "two of four stay behind"
    );
    assert_eq!(code(&|_, it| it.reserve.floor = 0), RefusalCode::ReserveMalformed);
    assert_eq!(code(&|_, it| it.reserve.on_duty = 2), RefusalCode::ReserveMalformed);
    assert_eq!(
        code(&|on, it| it.reserve.kept = vec![on.unit.clone()]),
        RefusalCode::ReserveMalformed
    );
    assert_eq!(code(&|_, it| it.reserve.set_by = Some(at(77, 1))), RefusalCode::NotKnown);
    assert_eq!(code(&|_, it| it.duty = at(77, 1)), RefusalCode::NotKnown);
    let tired = |on: &mut On, _: &mut Sending| on.at = UnixMs(after(0).0 + DUTY_MS_MAX + 1);
    assert_eq!(code(&tired), RefusalCode::CrewUnrested);
    assert_eq!(code(&|on, _| on.unit = unit(1)), RefusalCode::ReserveMalformed);
}

#[test]
fn a_crew_of_eighteen_hours_is_not_sent_and_six_hours_of_rest_make_it_fresh() {
    let mut state = on_duty(4);
    let late = |hours: i64| UnixMs(after(0).0 + hours * HOUR_MS);
    let who = |at| context(1, "CTRL-D", at);
    let run = |state: &mut State, at: UnixMs, command: &Any| {
        apply(state, &who(at), 1, command).map(|entries| entries.len()).map_err(|no| no.code)
    };
    assert_eq!(run(&mut state.clone(), late(18), &send(0, 0, late(18))), Ok(2));
    let tired = run(&mut state, late(19), &send(0, 0, late(19)));
    assert_eq!(tired, Err(RefusalCode::CrewUnrested));
    let free = state.dispatch.free(&east(), late(19)).count();
    assert_eq!(free, 0, "whoever may not be sent is no reserve");
    run(&mut state, late(19), &act(0, late(19), Deed::Rest)).unwrap();
    run(&mut state, late(20), &act(0, late(20), Deed::Ready)).unwrap();
    assert!(!record(&state, 0).is_rested(late(20)), "an hour is no rest");
    run(&mut state, late(20), &act(0, late(20), Deed::Rest)).unwrap();
    run(&mut state, late(26), &act(0, late(26), Deed::Ready)).unwrap();
    assert!(record(&state, 0).is_rested(late(26)));
    assert_eq!(record(&state, 0).duty().unwrap().1.since, late(26));
}

#[test]
fn two_nodes_that_send_one_unit_at_once_end_in_a_visible_contradiction() {
    let mut state = on_duty(4);
    let first = apart(&state, 31, &send(0, 0, after(10)));
    let second = apart(&state, 32, &send(0, 1, after(10)));
    for entry in first.iter().chain(&second) {
        state.evolve(entry);
    }
    assert_eq!(phase(&state, 0), Phase::Disputed);
    let all = state.conflicts();
    let words: Vec<_> = all.iter().map(|one| (one.noun, one.subject.as_str())).collect();
    assert_eq!(words, [(Noun::Dispatch, "U-0 progress")]);
    let sides: Vec<_> = all[0].sides.iter().map(|side| side.detail.as_str()).collect();
    assert_eq!(sides, ["I-0", "I-1"]);
    assert_eq!(record(&state, 0).goals().count(), 2);
    machine::must(&mut state, 1, 1, &send(0, 1, after(12)));
    assert_eq!((phase(&state, 0), state.conflicts().len()), (Phase::Told, 0));
}

#[test]
fn two_nodes_that_send_each_others_reserve_show_that_the_floor_is_broken() {
    let mut state = on_duty(3);
    machine::must(&mut state, 1, 1, &floor(2, after(1)));
    let first = apart(&state, 31, &send(0, 0, after(10)));
    let second = apart(&state, 32, &send(1, 1, after(10)));
    for entry in first.iter().chain(&second) {
        state.evolve(entry);
    }
    let all = state.conflicts();
    assert_eq!(all.len(), 1);
    assert_eq!(
        (all[0].kind, all[0].subject.as_str()),
        (ConflictKind::BeyondStrength, east().as_str())
    );
    assert_eq!(all[0].sides.len(), 2);
    machine::must(&mut state, 1, 1, &act(0, after(20), Deed::Release));
    machine::must(&mut state, 1, 1, &act(0, after(30), Deed::Ready));
    assert!(state.conflicts().is_empty());
}

#[test]
fn a_place_is_kept_on_duty_only_and_no_track_of_it() {
    let mut state = on_duty(2);
    let here = |lat: i32| Deed::Place { point: Point { lat_e7: lat, lon_e7: 1 } };
    machine::must(&mut state, 1, 1, &act(0, after(10), here(1)));
    machine::must(&mut state, 1, 1, &act(0, after(30), here(3)));
    machine::must(&mut state, 1, 2, &act(0, after(20), here(2)));
    assert_eq!(record(&state, 0).position().unwrap().1.lat_e7, 3, "the latest by its own time");
    let bytes = state.encode();
    machine::must(&mut state, 1, 1, &act(0, after(40), Deed::GoOffDuty));
    assert_eq!(record(&state, 0).position(), None);
    assert!(state.encode().len() < bytes.len() + 200, "no place is left behind");
    assert_eq!(refused(&state, 1, &act(0, after(50), here(5))), RefusalCode::UnitStateForbids);
    machine::must(&mut state, 1, 1, &duty(0, after(60)));
    assert_eq!(record(&state, 0).position(), None, "a new duty begins without the old place");
}

#[test]
fn what_is_late_is_an_alarm_with_one_name() {
    let taxonomy = Taxonomy::parse(include_str!("../../../../data/incidents.csv")).unwrap();
    let mut state = on_duty(4);
    machine::must(&mut state, 1, 1, &send(0, 0, after(10)));
    let at_minute = |state: &State, minute| {
        let all = late::alarms(state, &taxonomy, &east(), after(minute));
        all.into_iter().map(|one| (one.what, one.id)).collect::<Vec<_>>()
    };
    assert_eq!(at_minute(&state, 12), []);
    assert_eq!(at_minute(&state, 14), [(What::Departure, "departure@U-0@07-1810".to_owned())]);
    machine::must(&mut state, 1, 1, &act(0, after(14), Deed::Depart));
    assert_eq!(at_minute(&state, 30), [], "severity 4, rural: half an hour");
    assert_eq!(at_minute(&state, 31), [(What::Arrival, "arrival@U-0@07-1810".to_owned())]);
    machine::must(&mut state, 1, 1, &act(0, after(31), Deed::Arrive));
    machine::must(&mut state, 1, 1, &ask(1, 0, after(40)));
    assert_eq!(at_minute(&state, 43), [(What::Answer, "answer@U-1@07-1840".to_owned())]);
    let tired = at_minute(&state, 18 * 60 + 1);
    assert_eq!(tired.iter().filter(|(what, _)| *what == What::Rest).count(), 4);
    assert_eq!(late::alarms(&state, &taxonomy, &area("pk/sindh"), after(9_999)), []);
}

#[test]
fn what_makes_no_sense_is_refused_with_its_reason() {
    let mut state = on_duty(4);
    assert_eq!(refused(&state, 1, &send(9, 0, after(9))), RefusalCode::UnitUnknown);
    assert_eq!(refused(&state, 1, &send(0, 7, after(9))), RefusalCode::IncidentUnknown);
    let depart = act(0, after(9), Deed::Depart);
    assert_eq!(refused(&state, 1, &depart), RefusalCode::UnitStateForbids);
    let nobody = Duty { crew: 0, ..a_duty(6, after(1)) };
    let nobody = Any::Dispatch(Command::PutOnDuty { area: east(), at: after(1), duty: nobody });
    assert_eq!(refused(&state, 1, &nobody), RefusalCode::DutyMalformed);
    let mut silent = on(0, after(9));
    silent.note = String::new();
    let silent = Any::Dispatch(Command::Act { area: east(), on: silent, deed: Deed::TakeOut });
    assert_eq!(refused(&state, 1, &silent), RefusalCode::TextEmpty);
    machine::must(&mut state, 1, 1, &send(0, 0, after(10)));
    machine::must(&mut state, 1, 1, &act(0, after(11), Deed::Arrive));
    let over = act(0, after(12), Deed::HandOver { to: unit(1) });
    assert_eq!(refused(&state, 1, &over), RefusalCode::ReliefElsewhere);
    let ahead = UnixMs(early().0 + HOUR_MS);
    assert_eq!(refused(&state, 1, &send(1, 0, ahead)), RefusalCode::TimeAhead);
}
