//! How far somebody has come.

use super::{CourseFile, Key, Roll, Standard, Trainings, evidence::Basis};
use crate::stamp::EventRef;
use pehra_domain::{Date, member::Modules};
use std::collections::BTreeMap;

/// Somebody's way through one module, as it stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// On no list.
    Absent,
    Attended,
    /// Passed all that one course asks of the module.
    Passed,
    /// Two lists of his course differ.
    Disputed,
    Withdrawn,
    /// What the certificate rests on was corrected against him.
    Doubted,
    RunOut,
    Certified,
}

impl Phase {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Attended => "attended",
            Self::Passed => "passed",
            Self::Disputed => "disputed",
            Self::Withdrawn => "withdrawn",
            Self::Doubted => "doubted",
            Self::RunOut => "run-out",
            Self::Certified => "certified",
        }
    }
}

/// Where somebody stands in one course.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    pub key: &'a Key,
    pub course: &'a CourseFile,
    pub module: u8,
    pub phase: Phase,
}

impl Trainings {
    /// How one certificate stands for somebody whom it names.
    #[must_use]
    pub fn phase_of(&self, course: &CourseFile, at: EventRef, number: &str, day: Date) -> Phase {
        let found = course.certificates().find(|(other, ..)| *other == at);
        let Some((_, certificate, _)) = found else { return Phase::Absent };
        if !certificate.people.contains(number) {
            return Phase::Absent;
        }
        if course.withdrawn(at, number).is_some() {
            return Phase::Withdrawn;
        }
        let grounds = self.grounds(&certificate.basis());
        if !grounds.is_ok_and(|it| it.still_bears(certificate.standard, number)) {
            return Phase::Doubted;
        }
        match certificate.until {
            Some(until) if until < day => Phase::RunOut,
            Some(_) | None => Phase::Certified,
        }
    }

    /// Everywhere somebody was, in the order of courses. The standard of a module says what was to be passed.
    pub fn places<'a>(
        &'a self,
        number: &'a str,
        day: Date,
        standard: impl Fn(u8) -> Option<Standard> + 'a,
    ) -> impl Iterator<Item = Place<'a>> + 'a {
        self.courses().filter_map(move |(key, course)| {
            let lists: Vec<_> = course.lists().collect();
            let module = lists.first()?.1.module;
            let certified = course
                .certificates()
                .map(|(at, ..)| self.phase_of(course, at, number, day))
                .max()
                .unwrap_or(Phase::Absent);
            let there = lists.iter().filter(|(_, held, _)| held.present.contains(number)).count();
            let attended = match there {
                0 => Phase::Absent,
                count if count < lists.len() || course.is_disputed() => Phase::Disputed,
                _ => self.came_to(course, number, standard(module)),
            };
            let phase = certified.max(attended);
            (phase != Phase::Absent).then_some(Place { key, course, module, phase })
        })
    }

    fn came_to(&self, course: &CourseFile, number: &str, standard: Option<Standard>) -> Phase {
        let found = standard.and_then(|standard| self.basis_for(course, standard, number));
        if found.is_some() { Phase::Passed } else { Phase::Attended }
    }

    /// What somebody can be certified on by one course alone: the latest test that he passed.
    #[must_use]
    pub fn basis_for(
        &self,
        course: &CourseFile,
        standard: Standard,
        number: &str,
    ) -> Option<Basis> {
        let (list, ..) = course.agreed()?;
        let quiz = course
            .quizzes()
            .filter(|(_, quiz, _)| {
                quiz.asked >= standard.questions && quiz.passed(number, standard.percent)
            })
            .map(|(at, quiz, _)| (quiz.on, at))
            .max();
        let practical = course
            .practicals()
            .filter(|(_, practical, _)| practical.passed.contains(number))
            .map(|(at, practical, _)| (practical.on, at))
            .max();
        let basis = Basis {
            lists: vec![list],
            quiz: quiz.map(|(_, at)| at).filter(|_| standard.percent > 0),
            practical: practical.map(|(_, at)| at).filter(|_| standard.practical),
        };
        let grounds = self.grounds(&basis).ok()?;
        grounds.bears(standard, number).is_ok().then_some(basis)
    }

    /// Who of a course can be certified and is not yet, by what they rest on.
    #[must_use]
    pub fn ready(&self, course: &CourseFile, standard: Standard) -> Vec<(Basis, Roll)> {
        let Some((_, held, _)) = course.agreed() else { return Vec::new() };
        let mut groups: Vec<(Basis, Vec<&str>)> = Vec::new();
        for number in held.present.iter() {
            let named = course.certificates().any(|(_, it, _)| it.people.contains(number));
            let Some(basis) = self.basis_for(course, standard, number).filter(|_| !named) else {
                continue;
            };
            match groups.iter_mut().find(|(known, _)| *known == basis) {
                Some((_, people)) => people.push(number),
                None => groups.push((basis, vec![number])),
            }
        }
        let roll = |people: &[&str]| held.present.keep(|number| people.contains(&number));
        groups.into_iter().map(|(basis, people)| (basis, roll(&people))).collect()
    }

    /// Everybody whose certificates count on a day, with their modules. A certificate counts when it asked no less than
    /// the standard of its module.
    #[must_use]
    pub fn passed(
        &self,
        day: Date,
        standard: &dyn Fn(u8) -> Option<Standard>,
    ) -> BTreeMap<&str, Modules> {
        let mut all: BTreeMap<&str, Modules> = BTreeMap::new();
        for (_, course) in self.courses() {
            for (at, certificate, _) in course.certificates() {
                let asked = standard(certificate.module);
                let enough = asked.is_some_and(|it| certificate.standard.is_no_less_than(it));
                if !enough || certificate.until.is_some_and(|until| until < day) {
                    continue;
                }
                let Ok(grounds) = self.grounds(&certificate.basis()) else { continue };
                let module = Modules::of(&[certificate.module]);
                for number in certificate.people.iter() {
                    if course.withdrawn(at, number).is_none()
                        && grounds.still_bears(certificate.standard, number)
                    {
                        let slot = all.entry(number).or_default();
                        *slot = slot.and(module);
                    }
                }
            }
        }
        all
    }

    /// The modules of one person that count on a day, as [`Self::passed`] counts them.
    #[must_use]
    pub fn modules_of(
        &self,
        number: &str,
        day: Date,
        standard: &dyn Fn(u8) -> Option<Standard>,
    ) -> Modules {
        let mut all = Modules::default();
        for (_, course) in self.courses() {
            for (at, certificate, _) in course.certificates() {
                let enough = standard(certificate.module)
                    .is_some_and(|it| certificate.standard.is_no_less_than(it));
                if enough && self.phase_of(course, at, number, day) == Phase::Certified {
                    all = all.and(Modules::of(&[certificate.module]));
                }
            }
        }
        all
    }
}
