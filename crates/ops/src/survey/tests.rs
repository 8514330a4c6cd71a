use super::*;
use crate::{
    Command as Any,
    testing::{a_form, apply, context, early, east, fold, machine, opened},
};

fn record(form: Form) -> Any {
    Any::Survey(Command::Record { area: east(), form })
}

#[test]
fn the_diagram_shows_what_the_code_does() {
    let offers = |_: &State| {
        vec![
            machine::offer("record", 1, record(a_form(1, &[("walls", 100)]))),
            machine::offer("record", 1, record(a_form(1, &[("walls", 300)]))),
        ]
    };
    let phase = |state: &State, _| format!("{:?}", state.surveys.phase(&a_form(1, &[]).subject));
    machine::assert_drawn(Noun::Survey, &[machine::Machine { start: opened(), offers, phase }]);
}

#[test]
fn a_second_look_at_one_question_leaves_the_other_answers() {
    let (mut state, who) = (opened(), context(1, "SHO", early()));
    apply(&mut state, &who, 1, &record(a_form(1, &[("walls", 100), ("gates", 200)]))).unwrap();
    apply(&mut state, &who, 1, &record(a_form(1, &[("walls", 300)]))).unwrap();
    let scores: Vec<(String, u16)> =
        state.surveys.answers().into_iter().map(|a| (a.question, a.centi)).collect();
    assert_eq!(scores, [("gates".to_owned(), 200), ("walls".to_owned(), 300)]);
    assert_eq!(state.surveys.photographs(&a_form(1, &[]).subject).count(), 1);
}

#[test]
fn of_two_answers_seen_apart_the_more_careful_counts_and_the_dispute_shows() {
    let (mut state, who) = (opened(), context(1, "SHO", early()));
    let command = |score| record(a_form(1, &[("walls", score)]));
    let first = crate::decide(&state, &who, &command(100)).unwrap();
    let second = crate::decide(&state, &who, &command(300)).unwrap();
    fold(&mut state, &who, 1, first);
    fold(&mut state, &who, 2, second);
    assert_eq!(state.surveys.answers()[0].centi, 300);
    assert_eq!(state.conflicts().len(), 1);
    assert_eq!(state.surveys.by_question(&a_form(1, &[]).subject).count(), 2);
}

#[test]
fn a_form_that_makes_no_sense_is_refused_with_its_reason() {
    let who = context(1, "SHO", early());
    let refusal = |form| apply(&mut opened(), &who, 1, &record(form)).unwrap_err().code;
    let mut empty = a_form(1, &[]);
    empty.photographs.clear();
    assert_eq!(refusal(empty), RefusalCode::SurveyEmpty);
    assert_eq!(refusal(a_form(1, &[("walls", 401)])), RefusalCode::ScoreOutOfRange);
    let twice = a_form(1, &[("walls", 1), ("walls", 2)]);
    assert_eq!(refusal(twice), RefusalCode::QuestionTwice);
    let mut district = a_form(1, &[("walls", 1)]);
    district.subject = SurveySubject::District(east());
    assert_eq!(refusal(district), RefusalCode::PhotographOfDistrict);
    let mut named = a_form(1, &[("walls", 1)]);
    named.answers[0].note = "keeper 42101-1234567-1".to_owned();
    assert_eq!(refusal(named), RefusalCode::IdentityNumber);
}

#[test]
fn a_form_that_stands_already_is_known_and_a_changed_one_is_not() {
    let (mut state, who) = (opened(), context(1, "SHO", early()));
    let form = a_form(1, &[("walls", 100), ("gates", 200)]);
    assert!(!state.surveys.has(&form));
    apply(&mut state, &who, 1, &record(form.clone())).unwrap();
    assert!(state.surveys.has(&form));
    assert!(state.surveys.has(&a_form(1, &[("gates", 200)])), "a part of it stands too");
    assert!(!state.surveys.has(&a_form(1, &[("gates", 300)])));
    assert!(!state.surveys.has(&a_form(2, &[("gates", 200)])), "another building");
    let mut noted = form.clone();
    noted.answers[0].note = "the north side fell".to_owned();
    assert!(!state.surveys.has(&noted));
    let mut shown = form;
    shown.photographs[0].view = View::Walls;
    assert!(!state.surveys.has(&shown));
}

#[test]
fn the_mark_knows_which_forms_were_folded_and_not_in_which_order() {
    let who = context(1, "SHO", early());
    let decided = |number| {
        let form = a_form(number, &[("walls", 100)]);
        crate::decide(&opened(), &who, &record(form)).unwrap()
    };
    let folded = |order: &[(u8, u8)]| {
        let mut state = opened();
        for &(number, device) in order {
            fold(&mut state, &who, device, decided(number));
        }
        state.surveys.mark()
    };
    assert_eq!(folded(&[(1, 1), (2, 2)]), folded(&[(2, 2), (1, 1)]));
    let marks = [folded(&[]), folded(&[(1, 1)]), folded(&[(1, 2)]), folded(&[(1, 1), (2, 2)])];
    let different: BTreeSet<u64> = marks.into_iter().collect();
    assert_eq!(different.len(), marks.len());
}
