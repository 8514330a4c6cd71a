//! What may be done about training.

use super::{Basis, Certificate, Command, CourseFile, Event, Held, Key, Roll, Standard, Trainings};
use crate::{
    event,
    refusal::{Refusal, RefusalCode},
    stamp::{Context, Decided, EventRef},
    state::State,
};
use pehra_domain::AreaId;

pub(crate) fn decide(
    state: &State,
    context: &Context,
    command: &Command,
) -> Result<Vec<Decided>, Refusal> {
    state.elections.nature()?;
    let training = &state.trainings;
    let decided = match command {
        Command::Hold { area, held } => hold(training, area, held),
        Command::Examine { course, quiz, corrects } => {
            let (key, file) = standing(state, *course)?;
            let known: Vec<_> = file.quizzes().map(|(at, known, _)| (at, known)).collect();
            let event = Event::Examined { course: *course, quiz: quiz.clone() };
            test(&known, quiz, (*course, *corrects), event, &key.area)?
        }
        Command::Practise { course, practical, corrects } => {
            let (key, file) = standing(state, *course)?;
            let known: Vec<_> = file.practicals().map(|(at, known, _)| (at, known)).collect();
            let event = Event::Practised { course: *course, practical: practical.clone() };
            test(&known, practical, (*course, *corrects), event, &key.area)?
        }
        Command::Certify { basis, standard, people } => certify(state, basis, *standard, people)?,
        Command::Withdraw { certificate, people, reason } => {
            withdraw(training, *certificate, people, reason)?
        }
        Command::Forecast { area, forecast } => {
            if training.forecast(area) == Some(forecast) {
                return Ok(Vec::new());
            }
            over(Event::Forecast(forecast.clone()), area, &training.forecast_refs(area), &[])
        }
    };
    for one in &decided {
        one.event.check_references(state, &context.actor.person, context.at)?;
    }
    Ok(decided)
}

fn hold(training: &Trainings, area: &AreaId, held: &Held) -> Vec<Decided> {
    let key = Key { area: area.clone(), course: held.course.clone() };
    let lists: Vec<_> = training.course(&key).into_iter().flat_map(CourseFile::lists).collect();
    if !lists.is_empty() && lists.iter().all(|(_, known, _)| *known == held) {
        return Vec::new();
    }
    let heads: Vec<EventRef> = lists.iter().map(|(at, ..)| *at).collect();
    over(Event::Held(held.clone()), area, &heads, &[])
}

/// A test joins the others of its course, or stands in the place of the one that it corrects.
fn test<T: PartialEq>(
    known: &[(EventRef, &T)],
    told: &T,
    (course, corrects): (EventRef, Option<EventRef>),
    event: Event,
    area: &AreaId,
) -> Result<Vec<Decided>, Refusal> {
    if let Some(at) = corrects.filter(|at| !known.iter().any(|(other, _)| other == at)) {
        return Err(Refusal::of(RefusalCode::NotKnown, at));
    }
    if known.iter().any(|(_, other)| *other == told) {
        return Ok(Vec::new());
    }
    Ok(over(event, area, corrects.as_slice(), &[course]))
}

fn certify(
    state: &State,
    basis: &Basis,
    standard: Standard,
    people: &Roll,
) -> Result<Vec<Decided>, Refusal> {
    let grounds = state.trainings.grounds(basis)?;
    for at in basis.lists.iter().copied().chain(basis.quiz).chain(basis.practical) {
        let (_, file) = undisputed(state, at)?;
        let stands = file.lists().any(|(other, ..)| other == at)
            || file.quizzes().any(|(other, ..)| other == at)
            || file.practicals().any(|(other, ..)| other == at);
        if !stands {
            return Err(Refusal::of(RefusalCode::TrainingCorrected, at));
        }
    }
    let Some(first) = basis.lists.first() else {
        return Err(Refusal::of(RefusalCode::TrainingMalformed, "lists"));
    };
    let (key, file) = standing(state, *first)?;
    let certificate = Certificate {
        module: grounds.module,
        standard,
        lists: basis.lists.clone(),
        quiz: basis.quiz,
        practical: basis.practical,
        people: people.clone(),
        until: standard.validity().until(grounds.passed),
    };
    if let Some((at, ..)) = file.certificates().find(|(_, it, _)| **it == certificate) {
        return match people.iter().find(|number| file.withdrawn(at, number).is_some()) {
            Some(number) => Err(Refusal::of(RefusalCode::TrainingWithdrawn, number)),
            None => Ok(Vec::new()),
        };
    }
    // What it rests on must be there wherever it arrives, and all of it fits one entry.
    let supersedes = certificate.basis_refs().collect();
    let event = event::Event::Training(Event::Certified(certificate));
    Ok(vec![Decided { event, area: key.area.clone(), supersedes }])
}

fn withdraw(
    training: &Trainings,
    certificate: EventRef,
    people: &Roll,
    reason: &str,
) -> Result<Vec<Decided>, Refusal> {
    let missing = || Refusal::of(RefusalCode::NotKnown, certificate);
    let (key, file) = training.of(certificate).ok_or_else(missing)?;
    training.certificate(certificate).ok_or_else(missing)?;
    let people = people.keep(|number| file.withdrawn(certificate, number).is_none());
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let event = Event::Withdrawn { certificate, people, reason: reason.to_owned() };
    Ok(over(event, &key.area, &[certificate], &[]))
}

fn over(event: Event, area: &AreaId, heads: &[EventRef], causes: &[EventRef]) -> Vec<Decided> {
    Decided::after(&event::Event::Training(event), area, heads, causes)
}

/// The course of a list that stands and is not disputed.
fn standing(state: &State, list: EventRef) -> Result<(&Key, &CourseFile), Refusal> {
    let (key, file) = undisputed(state, list)?;
    if file.lists().any(|(at, ..)| at == list) {
        return Ok((key, file));
    }
    let corrected = file.held(list).is_some();
    let code = if corrected { RefusalCode::TrainingCorrected } else { RefusalCode::NotKnown };
    Err(Refusal::of(code, list))
}

fn undisputed(state: &State, at: EventRef) -> Result<(&Key, &CourseFile), Refusal> {
    let known = state.trainings.of(at).ok_or_else(|| Refusal::of(RefusalCode::NotKnown, at))?;
    if known.1.is_disputed() {
        return Err(Refusal::of(RefusalCode::Disputed, known.0));
    }
    Ok(known)
}
