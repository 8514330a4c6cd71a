use super::*;
use crate::{
    Command as Any, decide as decide_any,
    testing::{a_class, apply, context, early, east, fold, late, machine, opened, person, station},
};

fn propose(class: RiskClass, as_of: &str) -> Any {
    Any::OfficialClass(Command::Propose { area: east(), record: a_class(1, class, as_of) })
}

fn approve(proposal: EventRef, second: Option<u8>) -> Any {
    Any::OfficialClass(Command::Approve { proposal, second: second.map(person) })
}

#[test]
fn the_diagram_shows_what_the_code_does() {
    let offers = |state: &State| {
        let Some((proposal, _)) = state.official_classes.proposals().next() else {
            return vec![machine::offer("propose", 1, propose(RiskClass::Most, "2024-01-05"))];
        };
        let reject = Command::Reject { proposal, reason: "no ground".to_owned() };
        vec![
            machine::offer("approve", 2, approve(proposal, Some(3))),
            machine::offer("reject", 2, Any::OfficialClass(reject)),
        ]
    };
    let phase = |state: &State, _| {
        let first = state.official_classes.proposals().next();
        let phase = first.map_or(Phase::Unknown, |(at, _)| state.official_classes.phase(at));
        format!("{phase:?}")
    };
    let machine = machine::Machine { start: opened(), offers, phase };
    machine::assert_drawn(Noun::OfficialClass, &[machine]);
}

#[test]
fn classes_stand_side_by_side_and_the_latest_counts() {
    let mut state = opened();
    for (class, as_of) in [(RiskClass::Most, "2024-01-05"), (RiskClass::Normal, "2024-01-04")] {
        let proposal = machine::must(&mut state, 1, 20, &propose(class, as_of));
        assert_eq!(state.official_classes.phase(proposal), Phase::Proposed);
        machine::must(&mut state, 2, 20, &approve(proposal, None));
    }
    let stations = station(1);
    assert_eq!(state.official_classes.approved(&stations).count(), 2);
    assert_eq!(state.official_classes.current(&stations), Some(RiskClass::Most));
    assert_eq!(state.official_classes.all_current()[&stations], RiskClass::Most);
}

#[test]
fn two_classes_of_one_day_are_a_conflict_and_none_counts() {
    let mut state = opened();
    for class in [RiskClass::Most, RiskClass::Normal] {
        let proposal = machine::must(&mut state, 1, 20, &propose(class, "2024-01-05"));
        machine::must(&mut state, 2, 20, &approve(proposal, None));
    }
    assert_eq!(state.official_classes.current(&station(1)), None);
    assert!(state.official_classes.all_current().is_empty());
    let conflicts = state.conflicts();
    assert_eq!(conflicts.len(), 1);
    assert_eq!(conflicts[0].sides.len(), 2);
}

#[test]
fn the_proposer_never_approves() {
    let mut state = opened();
    let proposal = machine::must(&mut state, 1, 20, &propose(RiskClass::Most, "2024-01-05"));
    let own = apply(&mut state, &context(1, "PEC", early()), 1, &approve(proposal, None));
    assert_eq!(own.unwrap_err().code, RefusalCode::SamePersonTwice);
}

#[test]
fn within_ten_days_before_the_poll_a_second_person_is_named_who_is_neither() {
    let mut state = opened();
    let proposal = machine::must(&mut state, 1, 20, &propose(RiskClass::Most, "2024-01-05"));
    let who = context(2, "ECP-NAT", late());
    let mut refusal = |second| {
        apply(&mut state, &who, 1, &approve(proposal, second)).map_err(|refusal| refusal.code)
    };
    assert_eq!(refusal(None), Err(RefusalCode::ClassChangeLate));
    assert_eq!(refusal(Some(1)), Err(RefusalCode::SamePersonTwice));
    assert_eq!(refusal(Some(2)), Err(RefusalCode::SamePersonTwice));
    assert!(refusal(Some(3)).is_ok());
}

#[test]
fn the_tenth_day_before_the_poll_is_late_and_the_eleventh_is_not() {
    let poll = crate::testing::date(crate::testing::POLL_DAY);
    assert!(!late_for(poll, poll.plus_days(-11).midnight_pkt()));
    assert!(late_for(poll, poll.plus_days(-10).midnight_pkt()));
    assert!(late_for(poll, poll.midnight_pkt()));
    assert!(!late_for(poll, poll.plus_days(1).midnight_pkt()));
}

#[test]
fn a_postponed_poll_moves_the_days_that_count() {
    let mut state = opened();
    let key = crate::testing::a_poll(40, crate::testing::POLL_DAY);
    let (area, order) = (east(), crate::testing::an_order());
    let schedule = crate::poll::Command::Schedule {
        area: area.clone(),
        poll: key.clone(),
        order: order.clone(),
    };
    machine::must(&mut state, 1, 20, &Any::Poll(schedule));
    let record = a_class(1, RiskClass::Most, "2024-01-05");
    assert_eq!(poll_date(&state, &record, late()), Some(key.date));
    let to = Some(key.date.plus_days(30));
    let postpone = crate::poll::Command::Postpone { area, poll: key, to, order };
    machine::must(&mut state, 1, 20, &Any::Poll(postpone));
    assert_eq!(poll_date(&state, &record, late()), to);
}

#[test]
fn approved_here_and_rejected_there_is_a_conflict_that_a_further_answer_settles() {
    let mut state = opened();
    let proposal = machine::must(&mut state, 1, 20, &propose(RiskClass::Most, "2024-01-05"));
    let who = context(2, "PEC", early());
    let yes = decide_any(&state, &who, &approve(proposal, None)).unwrap();
    let reject = Command::Reject { proposal, reason: "no ground".to_owned() };
    let no = decide_any(&state, &who, &Any::OfficialClass(reject)).unwrap();
    fold(&mut state, &who, 1, yes);
    fold(&mut state, &who, 2, no);
    assert_eq!(state.official_classes.phase(proposal), Phase::Disputed);
    assert_eq!(state.official_classes.current(&station(1)), None);
    apply(&mut state, &who, 1, &approve(proposal, None)).unwrap();
    assert_eq!(state.official_classes.current(&station(1)), Some(RiskClass::Most));
}
