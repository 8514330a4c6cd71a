//! What a certificate rests on, and whether it bears it.

use super::{Certificate, CourseFile, Held, Key, Roll, Standard, Trainings};
use crate::{
    refusal::{Refusal, RefusalCode},
    stamp::EventRef,
};
use pehra_domain::Date;

/// The entries that certificates are to rest on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Basis {
    /// Attendance lists of one module; hours are added.
    pub lists: Vec<EventRef>,
    pub quiz: Option<EventRef>,
    pub practical: Option<EventRef>,
}

/// The lists, courses and days of a basis.
pub(super) struct Grounds<'a> {
    pub(super) module: u8,
    lists: Vec<(&'a Key, &'a CourseFile, &'a Held, EventRef)>,
    quiz: Option<(EventRef, &'a CourseFile)>,
    practical: Option<(EventRef, &'a CourseFile)>,
    /// When all of it was shown.
    pub(super) passed: Date,
}

impl Trainings {
    /// Finds what a basis names: lists of one module in one area, tests of these courses.
    pub(super) fn grounds(&self, basis: &Basis) -> Result<Grounds<'_>, Refusal> {
        let mut lists: Vec<(&Key, &CourseFile, &Held, EventRef)> = Vec::new();
        for at in &basis.lists {
            let missing = || Refusal::of(RefusalCode::NotKnown, at);
            let (key, course) = self.of(*at).ok_or_else(missing)?;
            lists.push((key, course, &course.held(*at).ok_or_else(missing)?.what, *at));
        }
        let Some(&(first, _, held, _)) = lists.first() else {
            return Err(Refusal::of(RefusalCode::TrainingMalformed, "lists"));
        };
        let differs = |what: &EventRef| Refusal::of(RefusalCode::TrainingOtherCourse, what);
        for (key, _, other, at) in lists.iter().skip(1) {
            // Two lists of one course are one corrected, not more hours.
            if other.module != held.module || key.area != first.area || *key == first {
                return Err(differs(at));
            }
        }
        let mut passed = lists.iter().map(|(_, _, held, _)| held.on).max().unwrap_or(held.on);
        let mut of_course = |at: Option<EventRef>, quiz: bool| {
            let Some(at) = at else { return Ok(None) };
            let missing = || Refusal::of(RefusalCode::NotKnown, at);
            let (key, course) = self.of(at).ok_or_else(missing)?;
            let on = if quiz {
                course.quiz(at).map(|one| one.what.on)
            } else {
                course.practical(at).map(|one| one.what.on)
            };
            passed = passed.max(on.ok_or_else(missing)?);
            if lists.iter().any(|(known, ..)| *known == key) {
                Ok(Some((at, course)))
            } else {
                Err(differs(&at))
            }
        };
        let quiz = of_course(basis.quiz, true)?;
        let practical = of_course(basis.practical, false)?;
        Ok(Grounds { module: held.module, lists, quiz, practical, passed })
    }

    /// Whether a certificate's basis bears it, for everybody whom it names.
    pub(super) fn bears(&self, certificate: &Certificate) -> Result<(), Refusal> {
        let grounds = self.grounds(&certificate.basis())?;
        if certificate.module != grounds.module {
            return Err(Refusal::of(RefusalCode::TrainingOtherCourse, certificate.module));
        }
        if certificate.until != certificate.standard.validity().until(grounds.passed) {
            return Err(Refusal::of(RefusalCode::TrainingMalformed, "until"));
        }
        grounds.bear(certificate.standard, &certificate.people)
    }
}

impl Certificate {
    pub(super) fn basis(&self) -> Basis {
        Basis { lists: self.lists.clone(), quiz: self.quiz, practical: self.practical }
    }
}

impl Grounds<'_> {
    pub(super) fn bear(&self, standard: Standard, people: &Roll) -> Result<(), Refusal> {
        people.iter().try_for_each(|number| {
            self.bears(standard, number).map_err(|code| Refusal::of(code, number))
        })
    }

    /// Whether somebody was there for the hours and passed what is asked.
    pub(super) fn bears(&self, standard: Standard, number: &str) -> Result<(), RefusalCode> {
        let there = self.lists.iter().filter(|(_, _, held, _)| held.present.contains(number));
        let hours = there.map(|(_, _, held, _)| u32::from(held.hours)).sum::<u32>();
        if hours < u32::from(standard.hours) {
            return Err(RefusalCode::TrainingHoursShort);
        }
        if standard.percent > 0 {
            let quiz = self.quiz.and_then(|(at, course)| course.quiz(at));
            let passed = quiz.is_some_and(|one| {
                one.what.asked >= standard.questions && one.what.passed(number, standard.percent)
            });
            if !passed {
                return Err(RefusalCode::TrainingQuizFailed);
            }
        }
        if standard.practical {
            let practical = self.practical.and_then(|(at, course)| course.practical(at));
            if !practical.is_some_and(|one| one.what.passed.contains(number)) {
                return Err(RefusalCode::TrainingPracticalFailed);
            }
        }
        Ok(())
    }

    /// Whether nothing that it rests on was corrected against somebody since.
    pub(super) fn still_bears(&self, standard: Standard, number: &str) -> bool {
        let lists = self.lists.iter().all(|(_, course, held, at)| {
            let stands = course.held(*at).is_some_and(|one| !one.replaced);
            stands
                || !held.present.contains(number)
                || course
                    .lists()
                    .any(|(_, now, _)| now.hours >= held.hours && now.present.contains(number))
        });
        let quiz = self.quiz.is_none_or(|(at, course)| {
            course.quiz(at).is_some_and(|one| !one.replaced)
                || course.quizzes().any(|(_, now, _)| {
                    now.asked >= standard.questions && now.passed(number, standard.percent)
                })
        });
        let practical = self.practical.is_none_or(|(at, course)| {
            course.practical(at).is_some_and(|one| !one.replaced)
                || course.practicals().any(|(_, now, _)| now.passed.contains(number))
        });
        lists && quiz && practical
    }
}
