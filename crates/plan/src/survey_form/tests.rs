use super::*;
use pehra_domain::{AreaId, BuildingId};
use std::collections::BTreeSet;

fn building() -> SurveySubject {
    SurveySubject::Building(BuildingId::try_new("B-1").unwrap())
}

fn read_on(ticked: &[(&str, &str)]) -> Result<Vec<SurveyAnswer>, FormError> {
    read(&building(), Date::parse("2024-01-20").unwrap(), "sector officer", ticked)
}

#[test]
fn every_line_has_a_key_of_its_own_both_languages_and_a_scale_from_none_to_extreme() {
    let mut keys = BTreeSet::new();
    for question in BUILDING.iter().chain(DISTRICT) {
        assert!(keys.insert(question.key), "{} twice", question.key);
        assert!(!question.en.is_empty() && question.ur.chars().any(|c| c > '\u{600}'));
        assert_eq!(question.choices.first().map(|c| c.centi), Some(0));
        assert_eq!(question.choices.last().map(|c| c.centi), Some(400));
        assert!(question.choices.windows(2).all(|pair| pair[0].centi < pair[1].centi));
    }
}

#[test]
fn the_forms_feed_every_factor_that_only_a_survey_can_know() {
    for factor in
        [Factor::T5, Factor::T6, Factor::V1, Factor::V3, Factor::V5, Factor::V7, Factor::V8]
    {
        assert!(BUILDING.iter().chain(DISTRICT).any(|q| q.feeds == Some(factor)), "{factor:?}");
    }
}

#[test]
fn a_filled_form_becomes_factor_values() {
    let answers = read_on(&[
        ("walls", "a"),
        ("gates", "E"),
        ("radio-test", "a"),
        ("fixed-line", "d"),
        ("light", ""),
    ])
    .unwrap();
    assert_eq!(answers.len(), 4, "a line left empty is no answer");
    let values = factor_values(&Model::default_pk2024(), &answers);
    assert_eq!(values, vec![(Factor::V1, 300), (Factor::V3, 300)]);
}

#[test]
fn more_working_rungs_never_make_a_station_more_vulnerable() {
    let model = Model::default_pk2024();
    let with = |n: usize| combine(&model, Factor::V3, &vec![0.0; n]).unwrap();
    assert!((1..5).all(|n| with(n + 1) <= with(n)));
    assert!((combine(&model, Factor::V3, &[4.0, 4.0]).unwrap() - 4.0).abs() < 1e-12);
    assert_eq!(combine(&model, Factor::V1, &[]), None);
}

#[test]
fn an_answer_that_the_form_does_not_know_is_refused_by_name() {
    assert!(matches!(read_on(&[("wall", "a")]), Err(FormError::UnknownQuestion(k)) if k == "wall"));
    assert!(matches!(read_on(&[("walls", "z")]), Err(FormError::UnknownAnswer { .. })));
    assert!(matches!(read_on(&[("feuds", "a")]), Err(FormError::WrongForm(_))));
    assert!(matches!(read_on(&[("walls", "a"), ("walls", "b")]), Err(FormError::Twice(_))));
    let district = SurveySubject::District(AreaId::nation().below("KP").below("Tank"));
    let on = Date::parse("2024-01-20").unwrap();
    assert_eq!(read(&district, on, "r", &[("feuds", "c")]).unwrap()[0].centi, 200);
}

#[test]
fn blank_forms_carry_every_question_and_ask_no_network() {
    for form in [Form::Building, Form::District] {
        let (html, csv) = (blank_html(form), blank_csv(form));
        let (english, urdu) =
            (blank_text(form, Language::English), blank_text(form, Language::Urdu));
        for question in form.questions() {
            for text in [&html, &csv, &english, &urdu] {
                assert!(text.contains(question.key));
            }
            assert!(english.contains(question.en) && urdu.contains(question.ur));
        }
        assert_eq!(csv.lines().count(), form.questions().len() + 1);
        for foreign in ["http", "src=", "<script"] {
            assert!(!html.contains(foreign));
        }
    }
}
