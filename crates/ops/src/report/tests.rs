use super::*;
use crate::{
    Command as Any, Noun, State,
    authorise::permit,
    testing::{
        all_roles, apply, context, day, early, east, machine,
        machine::offer,
        opened, person,
        reports::{self, act, complained, contact, name_reader, receive, told},
        role, rules,
    },
};
use std::collections::BTreeSet;

fn first(state: &State) -> Option<EventRef> {
    state.reports.all().next().map(|(at, ..)| at)
}

fn on_first(state: &State, deed: Deed) -> Any {
    let report = first(state).unwrap();
    act(reports::on(state, report), deed)
}

fn with(report: Report) -> (State, EventRef) {
    let mut state = opened();
    let at = machine::must(&mut state, 1, 20, &receive(report));
    (state, at)
}

fn with_incident() -> State {
    let (mut state, _) = with(told(1));
    let report = day::report(1, crate::incident::Code::ArmPst, early());
    machine::must(&mut state, 1, 21, &day::reported(report));
    state
}

fn refused(state: &mut State, code: &str, command: &Any) -> RefusalCode {
    apply(state, &context(5, code, early()), 30, command).unwrap_err().code
}

#[test]
fn the_diagrams_show_what_the_code_does() {
    let progress = machine::Machine {
        start: opened(),
        offers: |state| match first(state) {
            None => vec![offer("receive", 1, receive(told(1)))],
            Some(_) => vec![
                offer("triage", 2, on_first(state, Deed::Triage { urgency: Priority::Urgent })),
                offer(
                    "triage otherwise",
                    3,
                    on_first(state, Deed::Triage { urgency: Priority::Life }),
                ),
                offer(
                    "answer",
                    2,
                    on_first(state, Deed::Answer { answer: Answer::Acted, note: String::new() }),
                ),
                offer("close", 2, on_first(state, Deed::Close)),
            ],
        },
        phase: |state, _| {
            format!("{:?}", first(state).map_or(Phase::Unknown, |at| state.reports.phase(at)))
        },
    };
    let finding = machine::Machine {
        start: with(told(1)).0,
        offers: |state| {
            let judge = |label, finding| {
                offer(label, 2, on_first(state, Deed::Judge { finding, basis: Basis::TwoSources }))
            };
            vec![
                judge("verify", Finding::Verified),
                judge("leave open", Finding::Unverified),
                judge("find false", Finding::False),
            ]
        },
        phase: |state, _| {
            let found = first(state).and_then(|at| state.reports.get(at));
            found.map_or("Open", Record::finding_phase).to_owned()
        },
    };
    let merge = machine::Machine {
        start: with_incident(),
        offers: |state| {
            vec![
                offer("merge", 2, on_first(state, Deed::Merge { into: day::incident(1) })),
                offer("part", 2, on_first(state, Deed::Part)),
            ]
        },
        phase: |state, _| {
            let found = first(state).and_then(|at| state.reports.get(at)).unwrap();
            let word = if found.is_merge_disputed() {
                "Disputed"
            } else if found.merged_into().is_some() {
                "Merged"
            } else {
                "Alone"
            };
            word.to_owned()
        },
    };
    machine::assert_drawn(Noun::Report, &[progress, finding, merge]);
}

#[test]
fn nothing_is_closed_unanswered_and_an_answer_is_owed_within_the_hour() {
    let (mut state, report) = with(told(1));
    let due = state.reports.get(report).unwrap().due();
    assert_eq!(due, Some(UnixMs(early().0 + ANSWER_MS)));
    let close = on_first(&state, Deed::Close);
    assert_eq!(refused(&mut state, "PUBDESK", &close), RefusalCode::ReportStateForbids);
    let answer = on_first(&state, Deed::Answer { answer: Answer::Acted, note: "open".to_owned() });
    apply(&mut state, &context(2, "PUBDESK", early()), 2, &answer).unwrap();
    assert_eq!(state.reports.get(report).unwrap().due(), None);
    apply(&mut state, &context(2, "PUBDESK", early()), 2, &close).unwrap();
    assert_eq!(state.reports.phase(report), Phase::Closed);
}

#[test]
fn what_speaks_of_those_who_guard_is_kept_sealed_only_and_with_a_coarse_place() {
    let mut state = opened();
    let mut refusal = |report: Report| refused(&mut state, "PUBDESK", &receive(report));
    let clear = Report { topic: Topic::Guards, ..told(1) };
    assert_eq!(refusal(clear), RefusalCode::ComplaintInClear);
    let named = Report { text: Text::Plain("پولیس نے روکا".to_owned()), ..told(1) };
    assert_eq!(refusal(named), RefusalCode::ComplaintInClear);
    let fine = Report { station: told(1).station, ..complained(1) };
    assert_eq!(refusal(fine), RefusalCode::PlaceTooFine);
    let open = Report { text: Text::Plain("a".to_owned()), ..complained(1) };
    assert_eq!(refusal(open), RefusalCode::ComplaintInClear);
    let hidden = Report { matter: Matter::Incident, ..complained(1) };
    assert_eq!(refusal(hidden), RefusalCode::ComplaintInClear);
    let empty = Report { text: Text::Sealed(Vec::new()), ..complained(1) };
    assert_eq!(refusal(empty), RefusalCode::TextNotSealed);
}

#[test]
fn no_number_and_no_moment_that_leads_to_a_person_is_kept() {
    let mut state = opened();
    let mut refusal = |report: Report| refused(&mut state, "PUBDESK", &receive(report));
    let text = |words: &str| Report { text: Text::Plain(words.to_owned()), ..told(1) };
    assert_eq!(refusal(text("I am 42101-1234567-1")), RefusalCode::IdentityNumber);
    assert_eq!(refusal(text("call 0300-1234567")), RefusalCode::ContactInText);
    let minute = Report { hour: Some(UnixMs(early().0 + 60_000)), ..told(1) };
    assert_eq!(refusal(minute), RefusalCode::TimeTooFine);
}

#[test]
fn a_sealed_text_is_not_kept_in_the_state() {
    let sealed = vec![0xab; 64];
    let report = Report { text: Text::Sealed(sealed.clone()), ..complained(3) };
    let (state, _) = with(report);
    let bytes = state.encode();
    assert!(!bytes.windows(sealed.len()).any(|part| part == sealed));
}

#[test]
fn a_complaint_is_answered_by_a_word_of_the_list_alone_and_never_under_another_matter() {
    let (mut state, report) = with(complained(1));
    let noted = on_first(&state, Deed::Answer { answer: Answer::Passed, note: "he".to_owned() });
    assert_eq!(refused(&mut state, "DRO", &noted), RefusalCode::NoteOnComplaint);
    let as_incident = On { report, matter: Matter::Incident };
    let triage = act(as_incident, Deed::Triage { urgency: Priority::Life });
    assert_eq!(refused(&mut state, "CTRL-D", &triage), RefusalCode::MatterDiffers);
}

/// No role of a chain of command may read, handle or open anything about a complaint.
#[test]
fn commanders_and_control_rooms_hold_none_of_the_rows_of_complaints() {
    let (rules, at) = (rules(), early());
    let standing = all_roles(&rules);
    let rows = [
        crate::permission::REPORT_STAFF_HANDLE,
        crate::permission::REPORT_READER,
        crate::permission::REPORTER_CONTACT,
        crate::permission::COMPLAINT_READ,
    ];
    let allowed = |row: &'static str| -> BTreeSet<String> {
        let roles: Vec<String> = rules.permissions.roles().map(str::to_owned).collect();
        let may = |code: &String| {
            let actor = crate::Actor { person: person(1), role: role(code), area: east() };
            permit(&rules, &standing, &actor, &east(), at, row).is_ok()
        };
        roles.into_iter().filter(may).collect()
    };
    for row in rows {
        for code in [
            "CTRL-D", "CTRL-P", "CTRL-N", "POL-SP", "SHO", "SECTOR", "STN-SEC", "QRF", "CAF",
            "ARMY",
        ] {
            assert!(!allowed(row).contains(code), "{code} holds {row}");
        }
    }
    let readers = allowed(crate::permission::REPORT_READER);
    assert_eq!(readers, READERS.iter().map(|code| (*code).to_owned()).collect());
    assert_eq!(allowed(crate::permission::REPORTER_CONTACT).len(), 1, "the public desk alone");
}

#[test]
fn a_reading_key_is_named_in_a_role_that_reads() {
    let rules = rules();
    let standing = all_roles(&rules);
    let state = opened();
    for (code, may) in [("PUBDESK", true), ("ECP-MON", true), ("DRO", true), ("CTRL-D", false)] {
        let who = context(2, code, early());
        let done = crate::act(&rules, &standing, &state, &who, &name_reader(1));
        assert_eq!(done.is_ok(), may, "{code}");
    }
}

#[test]
fn a_reading_key_stands_until_it_is_ended() {
    let mut state = opened();
    let who = context(2, "PUBDESK", early());
    let named = apply(&mut state, &who, 2, &name_reader(7)).unwrap()[0].at;
    assert!(apply(&mut state, &who, 2, &name_reader(7)).unwrap().is_empty(), "named already");
    let keys: Vec<[u8; 32]> = state.reports.readers().map(|(_, key, _)| *key).collect();
    assert_eq!(keys, [[7; 32]]);
    let end = Any::Report(Command::EndReader { reader: named });
    apply(&mut state, &who, 2, &end).unwrap();
    assert_eq!(state.reports.readers().count(), 0);
    assert!(apply(&mut state, &who, 2, &end).unwrap().is_empty(), "ended already");
}

#[test]
fn the_same_telling_twice_is_suggested_and_merged_only_by_a_person() {
    let mut state = with_incident();
    let first = first(&state).unwrap();
    let second = machine::must(&mut state, 1, 22, &receive(told(2)));
    let other = Report { topic: Topic::Access, ..told(3) };
    machine::must(&mut state, 1, 23, &receive(other));
    assert_eq!(suggest::Alike::among(&state.reports).duplicates(first), [second]);
    assert!(state.reports.get(second).unwrap().merged_into().is_none());
    let into = day::incident(1);
    let near = suggest::Alike::among(&state.reports).incidents(&state.incidents, first);
    assert_eq!(near, std::slice::from_ref(&into));
    let merge = act(reports::on(&state, first), Deed::Merge { into: into.clone() });
    apply(&mut state, &context(2, "PUBDESK", early()), 2, &merge).unwrap();
    let kept = state.reports.get(first).unwrap();
    assert_eq!(kept.merged_into(), Some(&into));
    assert!(matches!(kept.report().unwrap().0.text, Text::Plain(_)), "the original is kept");
    let nowhere = act(reports::on(&state, second), Deed::Merge { into: day::incident(9) });
    assert_eq!(refused(&mut state, "PUBDESK", &nowhere), RefusalCode::IncidentUnknown);
}

#[test]
fn a_contact_is_left_once_and_opened_with_a_reason() {
    let (mut state, report) = with(told(1));
    let open = on_first(&state, Deed::OpenContact { reason: "to ask".to_owned() });
    assert_eq!(refused(&mut state, "PUBDESK", &open), RefusalCode::NotKnown);
    let leave = contact(reports::on(&state, report));
    machine::must(&mut state, 1, 24, &leave);
    assert_eq!(refused(&mut state, "PUBDESK", &leave), RefusalCode::ReportStateForbids);
    let silent = on_first(&state, Deed::OpenContact { reason: " ".to_owned() });
    assert_eq!(refused(&mut state, "PUBDESK", &silent), RefusalCode::TextEmpty);
    apply(&mut state, &context(2, "PUBDESK", early()), 2, &open).unwrap();
    assert_eq!(state.reports.get(report).unwrap().contact_readings().count(), 1);
}
