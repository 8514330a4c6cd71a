//! Commands about training for devices that decide apart.

use super::{area, date, east, hash, pick};
use crate::{
    Command, EventRef, State,
    training::{
        Basis, Command as T, CourseFile, Forecast, Held, Line, Practical, Quiz, Roll, Standard,
        Taken,
    },
};
use pehra_domain::{Date, PersonId};

pub(crate) fn number(number: u8) -> PersonId {
    PersonId::try_new(format!("S-{number}")).unwrap()
}

pub(crate) fn roll(numbers: &[u8]) -> Roll {
    let all: Vec<PersonId> = numbers.iter().map(|it| number(*it)).collect();
    Roll::of(&all)
}

pub(crate) fn day() -> Date {
    date("2024-01-05")
}

/// Two hours, a quiz of ten with eight right, a practical test, for a month.
pub(crate) fn standard() -> Standard {
    Standard { hours: 2, percent: 80, questions: 10, practical: true, months: 1 }
}

pub(crate) fn held(course: u8, present: &[u8]) -> Held {
    Held {
        course: format!("HALL-{course} M1"),
        module: 1,
        on: day(),
        venue: format!("HALL-{course}"),
        hours: 2,
        trainer: PersonId::try_new("T-1").unwrap(),
        present: roll(present),
        taken: Taken::List,
        sheet: None,
    }
}

pub(crate) fn hold(course: u8, present: &[u8]) -> Command {
    Command::Training(T::Hold { area: east(), held: held(course, present) })
}

pub(crate) fn quiz(right: &[(u8, u8)]) -> Quiz {
    let numbers: Vec<u8> = right.iter().map(|(number, _)| *number).collect();
    Quiz {
        bank: hash(3),
        seed: 7,
        asked: 10,
        examiner: PersonId::try_new("T-1").unwrap(),
        sat: roll(&numbers),
        right: right.iter().map(|(_, right)| *right).collect(),
        on: day(),
    }
}

pub(crate) fn examine(course: EventRef, right: &[(u8, u8)]) -> Command {
    Command::Training(T::Examine { course, quiz: quiz(right), corrects: None })
}

pub(crate) fn practical(passed: &[u8], failed: &[u8]) -> Practical {
    Practical {
        test: "observed drill".to_owned(),
        examiner: PersonId::try_new("T-1").unwrap(),
        passed: roll(passed),
        failed: roll(failed),
        on: day(),
    }
}

pub(crate) fn practise(course: EventRef, passed: &[u8], failed: &[u8]) -> Command {
    let practical = practical(passed, failed);
    Command::Training(T::Practise { course, practical, corrects: None })
}

pub(crate) fn certify(basis: Basis, people: Roll) -> Command {
    Command::Training(T::Certify { basis, standard: standard(), people })
}

pub(crate) fn withdraw(certificate: EventRef, people: &[u8]) -> Command {
    let (people, reason) = (roll(people), "sat for somebody else".to_owned());
    Command::Training(T::Withdraw { certificate, people, reason })
}

pub(crate) fn forecast(needs: u8) -> Forecast {
    let line = Line {
        area: east(),
        tasked: 100,
        ready: 40,
        lacking: vec![u32::from(needs % 60); 13],
        completes: vec![(day(), 30), (Date(day().0 + 1), 20)],
    };
    Forecast { plan: "P-1".to_owned(), needs: hash(needs), lines: vec![line] }
}

/// What a course can be certified on, and by whom.
pub(crate) fn ready(state: &State, course: &CourseFile) -> Option<(Basis, Roll)> {
    state.trainings.ready(course, standard()).into_iter().next()
}

pub(crate) fn command(state: &State, which: u8, (a, b, c): (u8, u8, u8)) -> Command {
    let training = &state.trainings;
    let course = pick(training.courses().map(|(_, course)| course), a);
    let list = course.and_then(|it| it.lists().next()).map(|(at, ..)| at);
    let certificate =
        pick(training.courses().flat_map(|(_, it)| it.certificates().map(|(at, ..)| at)), b);
    let right = 7 + c % 4;
    Command::Training(match (which % 16, course, list) {
        (3 | 4, Some(course), Some(list)) => {
            let corrects = (b % 3 == 0).then(|| course.quizzes().next()).flatten();
            let corrects = corrects.map(|(at, ..)| at);
            T::Examine { course: list, quiz: quiz(&[(1, right), (2, 9)]), corrects }
        }
        (5 | 6, Some(course), Some(list)) => {
            let corrects = (b % 3 == 0).then(|| course.practicals().next()).flatten();
            let corrects = corrects.map(|(at, ..)| at);
            let practical =
                if c % 3 == 0 { practical(&[1], &[2]) } else { practical(&[1, 2], &[]) };
            T::Practise { course: list, practical, corrects }
        }
        (7..=11, Some(course), Some(list)) => match ready(state, course) {
            Some((basis, people)) => T::Certify { basis, standard: standard(), people },
            None => {
                let basis = Basis { lists: vec![list], quiz: None, practical: None };
                let standard =
                    Standard { percent: 0, questions: 0, practical: false, ..standard() };
                T::Certify { basis, standard, people: roll(&[1 + b % 3]) }
            }
        },
        (12 | 13, _, _) => match certificate {
            Some(certificate) => {
                T::Withdraw { certificate, people: roll(&[1]), reason: "not there".to_owned() }
            }
            None => T::Forecast { area: east(), forecast: forecast(b % 3) },
        },
        (14, _, _) => T::Forecast { area: area("pk/sindh"), forecast: forecast(b % 3) },
        _ => {
            let present: &[u8] = if b % 2 == 0 { &[1, 2] } else { &[1, 2, 3] };
            T::Hold { area: east(), held: held(a % 4, present) }
        }
    })
}
