//! What holds of every act of training, whoever sent it.

use super::{
    Certificate, DAYS_MAX, Event, Forecast, LINES_MAX, LISTS_MAX, Line, PEOPLE_MAX, Roll, Standard,
};
use crate::{
    content::each_once,
    refusal::{Refusal, RefusalCode},
    state::State,
};
use pehra_domain::{Date, PersonId, UnixMs, member::MODULES};

/// Longest course of a day.
const HOURS_MAX: u8 = 12;
const QUESTIONS_MAX: u8 = 100;
/// Longest time that a module counts.
const MONTHS_MAX: u8 = 60;

/// What holds of an act by itself.
pub(crate) fn check(event: &Event) -> Result<(), Refusal> {
    let rolls = event.rolls();
    let people: usize = rolls.iter().map(|roll| roll.len()).sum();
    let in_order = rolls.iter().all(|roll| roll.is_in_order());
    let sound = match event {
        Event::Held(held) => is_module(held.module) && (1..=HOURS_MAX).contains(&held.hours),
        Event::Examined { quiz, .. } => {
            (1..=QUESTIONS_MAX).contains(&quiz.asked)
                && quiz.right.len() == quiz.sat.len()
                && quiz.right.iter().all(|right| *right <= quiz.asked)
        }
        Event::Practised { practical, .. } => {
            each_once(practical.passed.iter().chain(practical.failed.iter()))
        }
        Event::Certified(certificate) => is_sound(certificate),
        Event::Withdrawn { .. } => true,
        Event::Forecast(forecast) => return check_forecast(forecast),
    };
    if !sound || !in_order || !(1..=PEOPLE_MAX).contains(&people) {
        return Err(Refusal::of(RefusalCode::TrainingMalformed, event.kind()));
    }
    let own = match event {
        Event::Held(held) => held.present.contains(held.trainer.as_str()),
        Event::Examined { quiz, .. } => quiz.sat.contains(quiz.examiner.as_str()),
        Event::Practised { practical, .. } => {
            rolls.iter().any(|roll| roll.contains(practical.examiner.as_str()))
        }
        Event::Certified(_) | Event::Withdrawn { .. } | Event::Forecast(_) => false,
    };
    if own { Err(Refusal::of(RefusalCode::TrainingOwnRecord, event.kind())) } else { Ok(()) }
}

fn is_module(number: u8) -> bool {
    (1..=MODULES).contains(&number)
}

fn is_standard(standard: Standard) -> bool {
    (1..=HOURS_MAX).contains(&standard.hours)
        && standard.percent <= 100
        && standard.questions <= QUESTIONS_MAX
        && (standard.percent == 0) == (standard.questions == 0)
        && standard.months <= MONTHS_MAX
}

fn is_sound(certificate: &Certificate) -> bool {
    is_module(certificate.module)
        && is_standard(certificate.standard)
        && (1..=LISTS_MAX).contains(&certificate.lists.len())
        && each_once(certificate.basis_refs())
}

fn check_forecast(forecast: &Forecast) -> Result<(), Refusal> {
    let lines = &forecast.lines;
    let sound = (1..=LINES_MAX).contains(&lines.len())
        && lines.iter().zip(lines.iter().skip(1)).all(|(a, b)| a.area < b.area)
        && lines.iter().all(is_line);
    if sound { Ok(()) } else { Err(Refusal::of(RefusalCode::TrainingMalformed, &forecast.plan)) }
}

fn is_line(line: &Line) -> bool {
    let days = &line.completes;
    let lack = line.tasked.checked_sub(line.ready);
    line.lacking.len() == usize::from(MODULES)
        && lack.is_some_and(|lack| {
            let completes = days.iter().map(|(_, count)| u64::from(*count)).sum::<u64>();
            completes <= u64::from(lack) && line.lacking.iter().all(|count| *count <= lack)
        })
        && days.len() <= DAYS_MAX
        && days.iter().zip(days.iter().skip(1)).all(|((a, _), (b, _))| a < b)
}

/// As [`Event::check_references`].
pub(super) fn check_references(
    event: &Event,
    state: &State,
    actor: &PersonId,
    at: UnixMs,
) -> Result<(), Refusal> {
    if event.rolls().iter().any(|roll| roll.contains(actor.as_str())) {
        return Err(Refusal::of(RefusalCode::TrainingOwnRecord, event.kind()));
    }
    let training = &state.trainings;
    match event {
        Event::Held(held) => is_past(held.on, at),
        Event::Examined { course, quiz } => {
            is_past(quiz.on, at)?;
            training.attended(*course, [&quiz.sat], quiz.on)
        }
        Event::Practised { course, practical } => {
            is_past(practical.on, at)?;
            training.attended(*course, [&practical.passed, &practical.failed], practical.on)
        }
        Event::Certified(certificate) => training.bears(certificate),
        Event::Withdrawn { certificate, people, .. } => {
            let known = training.certificate(*certificate);
            let (known, _) =
                known.ok_or_else(|| Refusal::of(RefusalCode::NotKnown, certificate))?;
            named_in(people, &known.people)
        }
        Event::Forecast(_) => Ok(()),
    }
}

/// Nothing is recorded before its day.
fn is_past(on: Date, at: UnixMs) -> Result<(), Refusal> {
    if on <= Date::of_pkt(at) { Ok(()) } else { Err(Refusal::of(RefusalCode::TrainingAhead, on)) }
}

/// Everybody stands in the list that the act is about.
pub(super) fn named_in(people: &Roll, list: &Roll) -> Result<(), Refusal> {
    let stranger = people.iter().find(|number| !list.contains(number));
    stranger.map_or(Ok(()), |number| Err(Refusal::of(RefusalCode::TrainingNotAttended, number)))
}
