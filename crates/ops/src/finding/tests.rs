use super::*;
use crate::{
    Command as Any, RefusalCode, decide as decide_any,
    testing::{
        apply, area, context, date, early, east, findings as f, fold, late, machine, opened, role,
    },
};

fn found() -> (State, EventRef) {
    let mut state = opened();
    let at = machine::must(&mut state, 1, 20, &f::record());
    (state, at)
}

fn phase(state: &State, at: EventRef) -> Phase {
    state.findings.get(at).map_or(Phase::Unknown, |record| record.phase(date("2024-02-07")))
}

/// Somebody in a role.
fn say(state: &mut State, person: u8, code: &str, command: &Any) -> Result<usize, RefusalCode> {
    let done = apply(state, &context(person, code, early()), person, command);
    done.map(|entries| entries.len()).map_err(|refusal| refusal.code)
}

#[test]
fn the_diagram_shows_what_the_code_does() {
    let offers = |state: &State| match state.findings.all().next() {
        None => vec![machine::offer("record", 1, f::record())],
        Some((at, ..)) => vec![
            machine::offer("charge", 1, f::charge(at, 1)),
            machine::offer("finish", 2, f::finish(at)),
            machine::offer("return", 1, f::send_back(at)),
            machine::offer("close", 3, f::close(at)),
            machine::offer("drop", 1, f::dismiss(at)),
        ],
    };
    let phase = |state: &State, moment| {
        let first = state.findings.all().next();
        let phase = first.map_or(Phase::Unknown, |(.., record)| record.phase(Date::of_pkt(moment)));
        format!("{phase:?}")
    };
    let verdicts = |state: &State| match state.findings.aims().next() {
        None => vec![machine::offer("aim", 1, f::aim())],
        Some((at, ..)) => vec![
            machine::offer("judge met", 1, f::judge(at, true)),
            machine::offer("judge missed", 1, f::judge(at, false)),
        ],
    };
    let verdict = |state: &State, _| {
        let first = state.findings.aims().next();
        let drawn = match first.map_or("unknown", |(.., aim)| aim.verdict()) {
            "open" => "Open",
            "met" => "Met",
            "missed" => "Missed",
            "disputed" => "Disputed",
            _ => "Unknown",
        };
        drawn.to_owned()
    };
    let finding = machine::Machine { start: opened(), offers, phase };
    let aim = machine::Machine { start: opened(), offers: verdicts, phase: verdict };
    machine::assert_drawn(Noun::Finding, &[finding, aim]);
}

#[test]
fn a_finding_is_closed_by_another_person_than_said_that_it_is_done() {
    let (mut state, at) = found();
    assert_eq!(phase(&state, at), Phase::Found);
    say(&mut state, 1, "ECP-NAT", &f::charge(at, 1)).unwrap();
    assert_eq!(phase(&state, at), Phase::Charged);
    let refused = say(&mut state, 2, "ECP-NAT", &f::close(at));
    assert_eq!(refused, Err(RefusalCode::FindingStateForbids), "nobody has said that it is done");
    say(&mut state, 2, f::OWNER, &f::finish(at)).unwrap();
    assert_eq!(phase(&state, at), Phase::Finished);
    assert_eq!(say(&mut state, 2, "PEC", &f::close(at)), Err(RefusalCode::SamePersonTwice));
    say(&mut state, 3, "PEC", &f::send_back(at)).unwrap();
    assert_eq!(phase(&state, at), Phase::Charged);
    say(&mut state, 2, f::OWNER, &f::finish(at)).unwrap();
    say(&mut state, 3, "PEC", &f::close(at)).unwrap();
    assert_eq!(phase(&state, at), Phase::Closed);
    let record = state.findings.get(at).unwrap();
    assert_eq!(record.action().unwrap().1.owner, role(f::OWNER));
    for again in [f::charge(at, 2), f::finish(at), f::dismiss(at), f::close(at)] {
        assert_eq!(say(&mut state, 4, f::OWNER, &again), Err(RefusalCode::FindingStateForbids));
    }
}

#[test]
fn only_its_owner_near_it_says_that_an_action_is_done() {
    let (mut state, at) = found();
    assert_eq!(say(&mut state, 2, f::OWNER, &f::finish(at)), Err(RefusalCode::FindingStateForbids));
    say(&mut state, 1, "ECP-NAT", &f::charge(at, 1)).unwrap();
    assert_eq!(say(&mut state, 2, "SHO", &f::finish(at)), Err(RefusalCode::FindingNotYours));
    let far = Command::Finish { area: area("pk/punjab/lahore"), finding: at, note: "x".to_owned() };
    let far = say(&mut state, 2, f::OWNER, &Any::Finding(far));
    assert_eq!(far, Err(RefusalCode::FindingNotYours));
    let above = Command::Finish { area: area("pk/sindh"), finding: at, note: "done".to_owned() };
    say(&mut state, 2, f::OWNER, &Any::Finding(above)).unwrap();
    assert_eq!(phase(&state, at), Phase::Finished);
}

#[test]
fn what_is_due_is_overdue_the_day_after_and_its_day_lies_near() {
    let (mut state, at) = found();
    let due = |days: i32| {
        let due = Date(Date::of_pkt(early()).0 + days);
        let action = Action { text: "maps".to_owned(), owner: role(f::OWNER), due };
        Any::Finding(Command::Charge { finding: at, action })
    };
    assert_eq!(say(&mut state, 1, "ECP-NAT", &due(-8)), Err(RefusalCode::FindingDueFar));
    assert_eq!(say(&mut state, 1, "ECP-NAT", &due(2_197)), Err(RefusalCode::FindingDueFar));
    say(&mut state, 1, "ECP-NAT", &due(3)).unwrap();
    assert_eq!(say(&mut state, 1, "ECP-NAT", &due(3)), Ok(0), "nothing new is nothing written");
    let record = state.findings.get(at).unwrap();
    let day = Date::of_pkt(early()).0 + 3;
    assert_eq!(
        [record.phase(Date(day)), record.phase(Date(day + 1))],
        [Phase::Charged, Phase::Overdue]
    );
}

#[test]
fn owners_charged_apart_are_a_conflict_until_somebody_decides() {
    let (mut state, at) = found();
    let who = context(1, "ECP-NAT", early());
    let here = decide_any(&state, &who, &f::charge(at, 1)).unwrap();
    let there = decide_any(&state, &who, &f::charge(at, 2)).unwrap();
    fold(&mut state, &who, 1, here);
    fold(&mut state, &who, 2, there);
    assert_eq!(phase(&state, at), Phase::Disputed);
    let conflicts = state.conflicts();
    assert_eq!(
        (conflicts.len(), conflicts[0].noun, conflicts[0].sides.len()),
        (1, Noun::Finding, 2)
    );
    assert_eq!(say(&mut state, 2, f::OWNER, &f::finish(at)), Err(RefusalCode::FindingStateForbids));
    apply(&mut state, &context(1, "ECP-NAT", late()), 1, &f::charge(at, 2)).unwrap();
    assert_eq!((phase(&state, at), state.conflicts()), (Phase::Charged, Vec::new()));
}

#[test]
fn words_that_make_no_sense_are_refused_with_their_reason() {
    let mut state = opened();
    let finding = |source, text: &str| {
        let finding = Finding { source, text: text.to_owned() };
        Any::Finding(Command::Record { area: east(), finding })
    };
    let mut refusal = |command: &Any| say(&mut state, 1, "ECP-NAT", command).unwrap_err();
    assert_eq!(refusal(&finding(Source::Observed, " ")), RefusalCode::TextEmpty);
    let named = finding(Source::Observed, "told by 42101-1234567-1");
    assert_eq!(refusal(&named), RefusalCode::IdentityNumber);
    for code in ["K7", "k07", "K007", ""] {
        let source = Source::Figure(code.to_owned());
        let told = refusal(&finding(source, "bags late"));
        assert!([RefusalCode::NameMalformed, RefusalCode::TextEmpty].contains(&told), "{code}");
    }
    let nowhere = machine::next_of(&state, 77);
    assert_eq!(say(&mut state, 1, "ECP-NAT", &f::close(nowhere)), Err(RefusalCode::FindingUnknown));
    assert_eq!(
        say(&mut state, 1, "ECP-NAT", &f::judge(nowhere, true)),
        Err(RefusalCode::FindingUnknown)
    );
}
