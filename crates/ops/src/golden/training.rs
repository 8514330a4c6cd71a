//! One of each act of training.

use super::{DAY, ENTRY, district, text};
use crate::{
    Event, EventRef, Hash32,
    training::{
        Certificate, Event as E, Forecast, Held, Line, Practical, Quiz, Roll, Standard, Taken,
    },
};
use pehra_domain::{Date, PersonId, id::IdError};

pub(super) fn all() -> Result<Vec<Event>, IdError> {
    let numbers: Result<Vec<PersonId>, IdError> =
        ["B-1042", "B-1043", "ک-77"].into_iter().map(PersonId::try_new).collect();
    let numbers = numbers?;
    let people = Roll::of(&numbers);
    let trainer = PersonId::try_new("T-12")?;
    let on = Date(DAY.0 - 20);
    let held = Held {
        course: text("HALL-3 2024-01-19 09:00 M1"),
        module: 1,
        on,
        venue: text("HALL-3"),
        hours: 2,
        trainer: trainer.clone(),
        present: people.clone(),
        taken: Taken::List,
        sheet: Some(Hash32([1; 32])),
    };
    let quiz = Quiz {
        bank: Hash32([2; 32]),
        seed: 4_711,
        asked: 20,
        examiner: trainer.clone(),
        sat: people.clone(),
        right: vec![20, 16, 15],
        on,
    };
    let practical = Practical {
        test: text("observed drill"),
        examiner: trainer,
        passed: people.keep(|number| number != "ک-77"),
        failed: people.keep(|number| number == "ک-77"),
        on,
    };
    let other = |seq| EventRef { seq, ..ENTRY };
    let certificate = Certificate {
        module: 1,
        standard: Standard { hours: 2, percent: 80, questions: 20, practical: true, months: 12 },
        lists: vec![ENTRY],
        quiz: Some(other(42)),
        practical: Some(other(43)),
        people: people.keep(|number| number != "ک-77"),
        until: Some(Date(on.0 + 366)),
    };
    let mut lacking = vec![0; 13];
    if let Some(first) = lacking.first_mut() {
        *first = 380;
    }
    let line = Line {
        area: district()?,
        tasked: 1_200,
        ready: 800,
        lacking,
        completes: vec![(on, 200), (Date(on.0 + 1), 180)],
    };
    let forecast = Forecast { plan: text("P-3"), needs: Hash32([4; 32]), lines: vec![line] };
    let events = [
        E::Held(held),
        E::Examined { course: ENTRY, quiz },
        E::Practised { course: ENTRY, practical },
        E::Certified(certificate),
        E::Withdrawn {
            certificate: other(44),
            people: people.keep(|number| number == "B-1043"),
            reason: text("sat for somebody else · کسی اور کی جگہ بیٹھا"),
        },
        E::Forecast(forecast),
    ];
    Ok(events.map(Event::Training).into())
}
