use super::*;
use crate::{
    Command as Any, Noun, RefusalCode,
    authorise::{self, Standing},
    testing::{
        all_roles, apply, area, context, date, early, east, late, lessons as told, machine, opened,
        rules,
    },
};
use pehra_domain::member::Modules;

fn refused(state: &mut State, command: &Any) -> RefusalCode {
    apply(state, &context(1, "TRAINER", early()), 1, command).unwrap_err().code
}

/// A course with a quiz and a practical test of two: the first passes both.
fn taught() -> (State, EventRef) {
    let mut state = opened();
    let list = machine::must(&mut state, 1, 20, &told::hold(1, &[1, 2]));
    machine::must(&mut state, 1, 21, &told::examine(list, &[(1, 8), (2, 7)]));
    machine::must(&mut state, 1, 22, &told::practise(list, &[1, 2], &[]));
    (state, list)
}

fn course(state: &State) -> &CourseFile {
    state.trainings.courses().next().unwrap().1
}

fn phase(state: &State, number: u8, day: Date) -> Phase {
    let number = told::number(number);
    let standard = |_| Some(told::standard());
    let places = state.trainings.places(number.as_str(), day, standard);
    places.map(|place| place.phase).max().unwrap_or(Phase::Absent)
}

#[test]
fn the_diagram_shows_what_the_code_does() {
    let offers = |state: &State| {
        let mut all = vec![
            machine::offer("attend", 1, told::hold(1, &[1, 2])),
            machine::offer("correct the list", 1, told::hold(1, &[2, 3])),
        ];
        let Some((_, course)) = state.trainings.courses().next() else { return all };
        if let Some((list, ..)) = course.agreed() {
            all.push(machine::offer("quiz", 1, told::examine(list, &[(1, 9)])));
            all.push(machine::offer("practical test", 1, told::practise(list, &[1], &[])));
        }
        if let Some((basis, people)) = told::ready(state, course) {
            all.push(machine::offer("certify", 2, told::certify(basis, people)));
        }
        if let Some((at, ..)) = course.certificates().next() {
            all.push(machine::offer("withdraw", 2, told::withdraw(at, &[1])));
        }
        all
    };
    let phase = |state: &State, moment| format!("{:?}", phase(state, 1, Date::of_pkt(moment)));
    machine::assert_drawn(Noun::Training, &[machine::Machine { start: opened(), offers, phase }]);
}

#[test]
fn nobody_is_certified_without_hours_quiz_and_practical_test() {
    let (mut state, list) = taught();
    let ready = state.trainings.ready(course(&state), told::standard());
    let [(basis, people)] = ready.as_slice() else { panic!("{ready:?}") };
    assert_eq!(*people, told::roll(&[1]), "the other missed the mark by one answer");
    let failed = told::certify(basis.clone(), told::roll(&[1, 2]));
    assert_eq!(refused(&mut state, &failed), RefusalCode::TrainingQuizFailed);
    let stranger = told::certify(basis.clone(), told::roll(&[1, 9]));
    assert_eq!(refused(&mut state, &stranger), RefusalCode::TrainingHoursShort);
    let bare = Basis { lists: vec![list], quiz: basis.quiz, practical: None };
    let bare = told::certify(bare, told::roll(&[1]));
    assert_eq!(refused(&mut state, &bare), RefusalCode::TrainingPracticalFailed);
    let longer = Any::Training(Command::Certify {
        basis: basis.clone(),
        standard: Standard { hours: 3, ..told::standard() },
        people: told::roll(&[1]),
    });
    assert_eq!(refused(&mut state, &longer), RefusalCode::TrainingHoursShort);
    let more = Any::Training(Command::Certify {
        basis: basis.clone(),
        standard: Standard { questions: 11, ..told::standard() },
        people: told::roll(&[1]),
    });
    assert_eq!(refused(&mut state, &more), RefusalCode::TrainingQuizFailed);

    let made = told::certify(basis.clone(), people.clone());
    machine::must(&mut state, 2, 23, &made);
    assert_eq!(phase(&state, 1, date("2024-02-05")), Phase::Certified, "the last day counts");
    assert_eq!(phase(&state, 1, date("2024-02-06")), Phase::RunOut);
    let modules = |state: &State, day: &str| {
        let number = told::number(1);
        let standard = |_| Some(told::standard());
        let all = state.trainings.passed(date(day), &standard);
        let one = state.trainings.modules_of(number.as_str(), date(day), &standard);
        assert_eq!(all.get(number.as_str()).copied().unwrap_or_default(), one);
        one
    };
    assert_eq!(modules(&state, "2024-02-05"), Modules::of(&[1]));
    assert_eq!(modules(&state, "2024-02-06"), Modules::default());
    let stricter = |_| Some(Standard { hours: 4, ..told::standard() });
    assert!(state.trainings.passed(date("2024-02-05"), &stricter).is_empty(), "asked too little");
}

#[test]
fn hours_of_two_courses_add_and_those_of_one_corrected_list_do_not() {
    let mut state = opened();
    let half = |course, hours| {
        let held = Held { hours, ..told::held(course, &[1]) };
        Any::Training(Command::Hold { area: east(), held })
    };
    let standard = Standard { percent: 0, questions: 0, practical: false, ..told::standard() };
    let certify = |lists: Vec<EventRef>| {
        let basis = Basis { lists, quiz: None, practical: None };
        Any::Training(Command::Certify { basis, standard, people: told::roll(&[1]) })
    };
    let first = machine::must(&mut state, 1, 20, &half(1, 1));
    assert_eq!(refused(&mut state, &certify(vec![first])), RefusalCode::TrainingHoursShort);
    assert_eq!(refused(&mut state, &certify(vec![first, first])), RefusalCode::TrainingOtherCourse);
    let second = machine::must(&mut state, 1, 21, &half(2, 1));
    machine::must(&mut state, 2, 22, &certify(vec![first, second]));
    assert_eq!(phase(&state, 1, told::day()), Phase::Certified);
}

#[test]
fn nobody_signs_for_himself() {
    let mut state = opened();
    let own = Held { trainer: told::number(1), ..told::held(1, &[1, 2]) };
    let own = Any::Training(Command::Hold { area: east(), held: own });
    assert_eq!(refused(&mut state, &own), RefusalCode::TrainingOwnRecord);
    let list = machine::must(&mut state, 1, 20, &told::hold(1, &[1, 2]));
    let quiz = Quiz { examiner: told::number(2), ..told::quiz(&[(1, 8), (2, 8)]) };
    let quiz = Any::Training(Command::Examine { course: list, quiz, corrects: None });
    assert_eq!(refused(&mut state, &quiz), RefusalCode::TrainingOwnRecord);
    let practical = Practical { examiner: told::number(2), ..told::practical(&[1], &[2]) };
    let practical = Any::Training(Command::Practise { course: list, practical, corrects: None });
    assert_eq!(refused(&mut state, &practical), RefusalCode::TrainingOwnRecord);

    // Whoever signs the entry is not on it either.
    let mut who = context(1, "TRAINER", early());
    who.actor.person = told::number(2);
    let command = told::hold(2, &[2, 3]);
    let code = apply(&mut state, &who, 1, &command).unwrap_err().code;
    assert_eq!(code, RefusalCode::TrainingOwnRecord);
}

#[test]
fn whoever_recorded_does_not_certify_here_or_on_any_other_node() {
    let (mut state, _) = taught();
    let rules = rules();
    let standing: Standing = all_roles(&rules);
    let (basis, people) = told::ready(&state, course(&state)).unwrap();
    let command = told::certify(basis, people);
    let own = crate::act(&rules, &standing, &state, &context(1, "TRAINER", early()), &command);
    assert_eq!(own.unwrap_err().code, RefusalCode::DutiesSeparated);
    let other = context(2, "TRAINER", early());
    assert_eq!(crate::act(&rules, &standing, &state, &other, &command).unwrap().len(), 1);
    let desk = context(3, "CTRL-N", early());
    let desk = crate::act(&rules, &standing, &state, &desk, &command);
    assert_eq!(desk.unwrap_err().code, RefusalCode::RoleLacksPermission);

    let mut entry = apply(&mut state, &other, 30, &command).unwrap().remove(0);
    assert_eq!(authorise::remote(&rules, &standing, &state, &entry), Ok(()));
    entry.actor = context(1, "TRAINER", early()).actor;
    let remote = authorise::remote(&rules, &standing, &state, &entry).unwrap_err();
    assert_eq!(remote.code, RefusalCode::DutiesSeparated);
}

#[test]
fn a_certificate_that_its_basis_does_not_bear_has_no_effect_wherever_it_comes_from() {
    let (mut state, _) = taught();
    let (rules, who) = (rules(), context(2, "TRAINER", early()));
    let standing = all_roles(&rules);
    let (basis, people) = told::ready(&state, course(&state)).unwrap();
    let entry = apply(&mut state, &who, 30, &told::certify(basis, people)).unwrap().remove(0);
    let judged = |bend: fn(&mut Certificate)| {
        let mut entry = entry.clone();
        let crate::Event::Training(Event::Certified(certificate)) = &mut entry.event else {
            panic!()
        };
        bend(certificate);
        authorise::remote(&rules, &standing, &state, &entry).map_err(|refusal| refusal.code)
    };
    assert_eq!(judged(|_| {}), Ok(()));
    assert_eq!(judged(|it| it.people = told::roll(&[1, 2])), Err(RefusalCode::TrainingQuizFailed));
    assert_eq!(judged(|it| it.quiz = None), Err(RefusalCode::TrainingQuizFailed));
    assert_eq!(judged(|it| it.practical = None), Err(RefusalCode::TrainingPracticalFailed));
    assert_eq!(judged(|it| it.module = 2), Err(RefusalCode::TrainingOtherCourse));
    let longer = |it: &mut Certificate| it.until = it.until.map(|day| day.plus_days(1));
    assert_eq!(judged(longer), Err(RefusalCode::TrainingMalformed));
    assert_eq!(judged(|it| it.lists.clear()), Err(RefusalCode::TrainingMalformed));
}

#[test]
fn a_list_corrected_against_somebody_puts_his_certificate_in_doubt() {
    let (mut state, _) = taught();
    let (basis, people) = told::ready(&state, course(&state)).unwrap();
    machine::must(&mut state, 2, 23, &told::certify(basis.clone(), people.clone()));
    let who = context(1, "TRAINER", early());
    apply(&mut state, &who, 1, &told::hold(1, &[1, 2, 3])).unwrap();
    assert_eq!(phase(&state, 1, told::day()), Phase::Certified, "he is on the new list as well");
    apply(&mut state, &who, 1, &told::hold(1, &[2, 3])).unwrap();
    assert_eq!(phase(&state, 1, told::day()), Phase::Doubted);
    let again = told::certify(basis, people);
    assert_eq!(refused(&mut state, &again), RefusalCode::TrainingCorrected);
}

#[test]
fn a_quiz_corrected_against_somebody_puts_his_certificate_in_doubt() {
    let (mut state, list) = taught();
    let (basis, people) = told::ready(&state, course(&state)).unwrap();
    let corrects = basis.quiz;
    machine::must(&mut state, 2, 23, &told::certify(basis, people));
    let quiz = told::quiz(&[(1, 7), (2, 7)]);
    let correct = Any::Training(Command::Examine { course: list, quiz, corrects });
    apply(&mut state, &context(1, "TRAINER", early()), 1, &correct).unwrap();
    assert_eq!(phase(&state, 1, told::day()), Phase::Doubted);
    // Sitting it again is no correction: the better one counts.
    let again = told::examine(list, &[(1, 10)]);
    apply(&mut state, &context(1, "TRAINER", early()), 1, &again).unwrap();
    assert_eq!(phase(&state, 1, told::day()), Phase::Certified);
}

#[test]
fn what_was_taken_back_is_not_given_again_on_the_same_course_and_test() {
    let (mut state, _) = taught();
    let (basis, people) = told::ready(&state, course(&state)).unwrap();
    let command = told::certify(basis, people);
    let at = machine::must(&mut state, 2, 23, &command);
    let who = context(2, "TRAINER", early());
    assert!(apply(&mut state, &who, 1, &command).unwrap().is_empty(), "it is given already");
    assert_eq!(refused(&mut state, &told::withdraw(at, &[2])), RefusalCode::TrainingNotAttended);
    apply(&mut state, &who, 1, &told::withdraw(at, &[1])).unwrap();
    assert_eq!(phase(&state, 1, told::day()), Phase::Withdrawn);
    assert!(apply(&mut state, &who, 1, &told::withdraw(at, &[1])).unwrap().is_empty());
    assert_eq!(refused(&mut state, &command), RefusalCode::TrainingWithdrawn);
}

#[test]
fn nothing_is_recorded_before_its_day_and_no_test_before_its_course() {
    let mut state = opened();
    let ahead = Held { on: date("2024-02-06"), ..told::held(1, &[1]) };
    let ahead = Any::Training(Command::Hold { area: east(), held: ahead });
    assert_eq!(refused(&mut state, &ahead), RefusalCode::TrainingAhead);
    let on_time = context(1, "TRAINER", late());
    let list = apply(&mut state, &on_time, 9, &ahead).unwrap().remove(0).at;
    let before = told::examine(list, &[(1, 8)]);
    let code = apply(&mut state, &on_time, 9, &before).unwrap_err().code;
    assert_eq!(code, RefusalCode::TrainingAhead);
    let stranger = Any::Training(Command::Examine {
        course: list,
        quiz: Quiz { on: date("2024-02-06"), ..told::quiz(&[(2, 8)]) },
        corrects: None,
    });
    let code = apply(&mut state, &on_time, 9, &stranger).unwrap_err().code;
    assert_eq!(code, RefusalCode::TrainingNotAttended);
}

#[test]
fn lists_that_do_not_hold_together_are_refused() {
    let held = |bend: fn(&mut Held)| {
        let mut held = told::held(1, &[1, 2]);
        bend(&mut held);
        refused(&mut opened(), &Any::Training(Command::Hold { area: east(), held }))
    };
    let backward = |it: &mut Held| {
        it.present = minicbor::decode(&minicbor::to_vec(["S-2", "S-1"]).unwrap()).unwrap();
    };
    let bends: [fn(&mut Held); 5] = [
        |it| it.module = 0,
        |it| it.module = 14,
        |it| it.hours = 0,
        |it| it.present = Roll::default(),
        backward,
    ];
    for bend in bends {
        assert_eq!(held(bend), RefusalCode::TrainingMalformed);
    }
    let identity = |it: &mut Held| {
        it.present = minicbor::decode(&minicbor::to_vec(["42101-1234567-1"]).unwrap()).unwrap();
    };
    assert_eq!(held(identity), RefusalCode::IdentityNumber);
}

#[test]
fn a_forecast_counts_nobody_twice() {
    let refused_of = |bend: fn(&mut Line)| {
        let mut forecast = told::forecast(1);
        bend(&mut forecast.lines[0]);
        let command = Command::Forecast { area: area("pk/sindh"), forecast };
        refused(&mut opened(), &Any::Training(command))
    };
    let bends: [fn(&mut Line); 4] = [
        |it| it.ready = 101,
        |it| it.completes[0].1 = 41,
        |it| it.lacking.truncate(12),
        |it| it.completes.swap(0, 1),
    ];
    for bend in bends {
        assert_eq!(refused_of(bend), RefusalCode::TrainingMalformed);
    }
    let line = &told::forecast(1).lines[0];
    let by = |days| line.ready_by(told::day().plus_days(days));
    assert_eq!((by(-1), by(0), by(1), by(9)), (40, 70, 90, 90));
}
