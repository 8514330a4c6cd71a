//! Training as it was held: signed lists, quizzes and practical tests into the record, certificates out of it, and how far
//! an area has come.

mod certificate;
mod paper;
mod status;

pub use certificate::{Content, certificate_page, read_content};
pub use paper::{Sheet, papers};
pub use status::{AreaStatus, Status, status};

use super::{WorkError, import::of_file};
use crate::{
    facts,
    node::{Done, Node},
};
use pehra_domain::{
    AreaId, Date, PersonId,
    member::{MODULES, Member, Modules},
    progress::{Watch, tell},
};
use pehra_exchange::{
    ImportError, ImportOptions,
    rows::Imported,
    training::{Answered, Attended, import_attendance, import_results},
};
use pehra_ops::{
    Actor, Command, EventRef, Hash32, State,
    training::{self as ops, Held, Key, Practical, Quiz, Roll, Standard, Taken},
};
use pehra_plan::training::quiz::{Bank, Test, parse_tests};
use std::{collections::BTreeMap, fs::File, path::Path};

/// What the modules ask, test and teach, by number.
pub struct School {
    standards: Vec<Standard>,
    pub tests: Vec<Test>,
    pub banks: Vec<Bank>,
    hours: Vec<u8>,
    titles: Vec<String>,
}

fn nth<T>(all: &[T], module: u8) -> Option<&T> {
    all.get(usize::from(module).checked_sub(1)?)
}

impl School {
    /// # Errors
    /// [`WorkError::Input`] names the line of the table or bank that cannot be read.
    pub fn read() -> Result<Self, WorkError> {
        let modules = super::training::modules()?;
        let wrong = |what: &str, error: &dyn std::fmt::Display| {
            WorkError::Input(format!("{what}: {error}"))
        };
        let tests = parse_tests(facts::TRAINING_TESTS_CSV)
            .map_err(|error| wrong("the table of tests", &error))?;
        let mut banks = Vec::new();
        for (module, text) in (1..=MODULES).zip(facts::QUIZ) {
            let bank = Bank::parse(module, text);
            banks
                .push(bank.map_err(|error| wrong(&format!("the questions of M{module}"), &error))?);
        }
        let standard =
            |(module, test): (&pehra_domain::training::TrainingModule, &Test)| Standard {
                hours: module.hours,
                percent: test.percent,
                questions: test.questions,
                practical: test.practical.is_some(),
                months: match module.validity {
                    pehra_domain::training::Validity::Election => 0,
                    pehra_domain::training::Validity::Months(months) => months,
                },
            };
        Ok(Self {
            standards: modules.iter().zip(&tests).map(standard).collect(),
            tests,
            banks,
            hours: modules.iter().map(|module| module.hours).collect(),
            titles: modules.into_iter().map(|module| module.title).collect(),
        })
    }

    #[must_use]
    pub fn standard(&self, module: u8) -> Option<Standard> {
        nth(&self.standards, module).copied()
    }

    #[must_use]
    pub fn bank(&self, module: u8) -> Option<&Bank> {
        nth(&self.banks, module)
    }

    #[must_use]
    pub fn test(&self, module: u8) -> Option<&Test> {
        nth(&self.tests, module)
    }

    #[must_use]
    pub fn title(&self, module: u8) -> &str {
        nth(&self.titles, module).map_or("", String::as_str)
    }

    /// Everybody's modules that count on a day, as certificates say.
    #[must_use]
    pub fn passed<'s>(&self, state: &'s State, day: Date) -> BTreeMap<&'s str, Modules> {
        state.trainings.passed(day, &|module| self.standard(module))
    }
}

/// Adds to people what their certificates say; how many of them gained something.
///
/// # Errors
/// As [`School::read`].
pub fn add_certificates(node: &Node, people: &mut [Member]) -> Result<u64, WorkError> {
    let school = School::read()?;
    let day = node.poll_date();
    Ok(node.ops(|state| {
        let passed = school.passed(state, day);
        let mut gained = 0;
        for one in people {
            let own = passed.get(one.number.as_str()).copied().unwrap_or_default();
            gained += u64::from(!one.modules.includes(own));
            one.modules = one.modules.and(own);
        }
        gained
    }))
}

/// What the rows of a list share; a row may say it itself.
#[derive(Clone, Debug, Default)]
pub struct Shared {
    pub area: Option<AreaId>,
    pub course: Option<String>,
    pub module: Option<u8>,
    pub on: Option<Date>,
    pub venue: Option<String>,
    pub hours: Option<u8>,
    pub trainer: Option<PersonId>,
    pub taken: Option<Taken>,
    /// Of a copy of the signed paper.
    pub sheet: Option<Hash32>,
}

/// Reads a signed list.
///
/// # Errors
/// [`WorkError`]: the file or its columns cannot be used, or stopped.
pub fn read_attendance(
    path: &Path,
    watch: &mut Watch<'_>,
) -> Result<Imported<Attended>, WorkError> {
    open(path, |file, options| import_attendance(file, options, watch))
}

/// Reads answers of a quiz or results of a practical test.
///
/// # Errors
/// As [`read_attendance`].
pub fn read_results(path: &Path, watch: &mut Watch<'_>) -> Result<Imported<Answered>, WorkError> {
    open(path, |file, options| import_results(file, options, watch))
}

fn open<T>(
    path: &Path,
    import: impl FnOnce(&mut File, &ImportOptions) -> Result<Imported<T>, ImportError>,
) -> Result<Imported<T>, WorkError> {
    let mut file = File::open(path).map_err(|error| super::file::disk(path, &error))?;
    import(&mut file, &ImportOptions::default()).map_err(|error| of_file(path, error))
}

/// The courses of a list, each with those who were there. A course nobody came to is left out.
///
/// # Errors
/// [`WorkError::Input`] says what is missing, or what two rows of one course say differently.
pub fn courses(
    rows: &[Attended],
    shared: &Shared,
    school: &School,
) -> Result<Vec<(AreaId, Held)>, WorkError> {
    let mut found: BTreeMap<Key, (Held, Vec<&PersonId>)> = BTreeMap::new();
    for row in rows {
        let missing = |what: &str| {
            WorkError::Input(format!(
                "{}: the list says no {what}; add a column or name it for the whole list",
                row.number
            ))
        };
        let module = row.module.or(shared.module).ok_or_else(|| missing("module"))?;
        let on = row.on.or(shared.on).ok_or_else(|| missing("date"))?;
        let venue = row.venue.clone().or_else(|| shared.venue.clone());
        let venue = venue.ok_or_else(|| missing("venue"))?;
        let trainer = row.trainer.clone().or_else(|| shared.trainer.clone());
        let trainer = trainer.ok_or_else(|| missing("trainer"))?;
        let area = row.area.clone().or_else(|| shared.area.clone());
        let area = area.ok_or_else(|| missing("area"))?;
        let hours = row.hours.or(shared.hours).or_else(|| nth(&school.hours, module).copied());
        let begins = row.begins.as_deref().map(|at| format!("{at} ")).unwrap_or_default();
        let course = row.course.clone().or_else(|| shared.course.clone());
        let course = course.unwrap_or_else(|| format!("{venue} {on} {begins}M{module}"));
        let held = Held {
            course: course.clone(),
            module,
            on,
            venue,
            hours: hours.ok_or_else(|| missing("hours"))?,
            trainer,
            present: Roll::default(),
            taken: shared.taken.unwrap_or(Taken::List),
            sheet: shared.sheet,
        };
        let (known, present) =
            found.entry(Key { area, course }).or_insert_with(|| (held.clone(), Vec::new()));
        if *known != held {
            return Err(WorkError::Input(format!(
                "course {}: two rows say different things of it; give each course its own name or list",
                held.course
            )));
        }
        if row.present {
            present.push(&row.number);
        }
    }
    let held = found.into_iter().filter(|(_, (_, present))| !present.is_empty());
    Ok(held
        .map(|(key, (held, present))| (key.area, Held { present: Roll::of(present), ..held }))
        .collect())
}

/// What became of a run of acts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    pub people: u64,
    /// Entries that were signed.
    pub signed: u64,
    /// Acts that were on record already.
    pub known: u64,
    /// What was refused, with the reason.
    pub refused: Vec<(String, pehra_ops::Refusal)>,
}

/// Signs attendance, thousands of courses in few commits.
///
/// # Errors
/// [`WorkError`] when the disk failed or the watcher stopped; what was committed before stands.
pub fn attend(
    node: &Node,
    actor: &Actor,
    courses: Vec<(AreaId, Held)>,
    watch: &mut Watch<'_>,
) -> Result<Outcome, WorkError> {
    let named = courses.into_iter().map(|(area, held)| {
        let (name, people) = (held.course.clone(), held.present.len());
        (name, people, ops::Command::Hold { area, held })
    });
    carry_out(node, actor, named.collect(), watch)
}

/// Most acts between two looks at the watcher.
const RUN: usize = 1_000;

fn carry_out(
    node: &Node,
    actor: &Actor,
    acts: Vec<(String, usize, ops::Command)>,
    watch: &mut Watch<'_>,
) -> Result<Outcome, WorkError> {
    let mut outcome = Outcome::default();
    let total = acts.len() as u64;
    let mut acts = acts.into_iter().peekable();
    let mut done = 0;
    while acts.peek().is_some() {
        let run: Vec<_> = acts.by_ref().take(RUN).collect();
        let commands: Vec<(Actor, Command)> = run
            .iter()
            .map(|(_, _, command)| (actor.clone(), Command::Training(command.clone())))
            .collect();
        let answers: Vec<Done> = node.execute_batch(&commands)?;
        for ((name, people, _), answer) in run.into_iter().zip(answers) {
            done += 1;
            match answer {
                Ok(entries) if entries.is_empty() => outcome.known += 1,
                Ok(_) => {
                    outcome.signed += 1;
                    outcome.people += people as u64;
                }
                Err(refusal) => outcome.refused.push((name, refusal)),
            }
        }
        tell(watch, "training", done, total)?;
    }
    Ok(outcome)
}

/// A course by the name of its entry, or by its own where only one area has it.
///
/// # Errors
/// [`WorkError::Input`]: there is none, there are several, or its lists differ.
pub fn find(node: &Node, named: &str) -> Result<(Key, EventRef, Held), WorkError> {
    node.ops(|state| {
        let by_entry = EventRef::parse(named).and_then(|at| state.trainings.of(at));
        let mut found = match by_entry {
            Some((key, _)) => vec![key],
            None => {
                let all = state.trainings.courses().map(|(key, _)| key);
                all.filter(|key| key.course == named || key.to_string() == named).collect()
            }
        };
        let (Some(key), None) = (found.pop(), found.pop()) else {
            return Err(WorkError::Input(format!(
                "`{named}` is no course, or several: write it as `pehra run training status` does, with its area"
            )));
        };
        let agreed = state.trainings.course(key).and_then(|course| course.agreed());
        let (at, held, _) = agreed.ok_or_else(|| {
            WorkError::Input(format!("course {key}: two lists differ; settle that first"))
        })?;
        Ok((key.clone(), at, held.clone()))
    })
}

/// A quiz marked from the letters that candidates gave.
///
/// # Errors
/// [`WorkError::Input`]: the module has no bank, or somebody stands twice.
pub fn mark(
    school: &School,
    module: u8,
    seed: u64,
    (examiner, on): (PersonId, Date),
    rows: &[Answered],
) -> Result<Quiz, WorkError> {
    let (Some(bank), Some(test)) = (school.bank(module), school.test(module)) else {
        return Err(WorkError::Input(format!("M{module} is no module with a quiz")));
    };
    let mut right: BTreeMap<&str, u8> = BTreeMap::new();
    for row in rows {
        let marked = bank.paper(seed, &row.number, test.questions).mark(&row.answers);
        if right.insert(row.number.as_str(), marked).is_some() {
            return Err(WorkError::Input(format!("{} stands in the answers twice", row.number)));
        }
    }
    let asked = u8::try_from(bank.items.len()).unwrap_or(u8::MAX).min(test.questions);
    Ok(Quiz {
        bank: Hash32(bank.hash),
        seed,
        asked,
        examiner,
        sat: Roll::of(rows.iter().map(|row| &row.number)),
        right: right.into_values().collect(),
        on,
    })
}

/// A practical test from its results.
///
/// # Errors
/// [`WorkError::Input`]: the module has none.
pub fn practical(
    school: &School,
    module: u8,
    (examiner, on): (PersonId, Date),
    rows: &[Answered],
) -> Result<Practical, WorkError> {
    let test = school.test(module).and_then(|test| test.practical.as_ref());
    let test = test.ok_or_else(|| WorkError::Input(format!("M{module} has no practical test")))?;
    let of = |wanted: bool| {
        Roll::of(rows.iter().filter(|row| row.passed == wanted).map(|row| &row.number))
    };
    Ok(Practical { test: test.en.clone(), examiner, passed: of(true), failed: of(false), on })
}

/// Certifies everybody of an area's courses who attended and passed and is not certified yet.
///
/// # Errors
/// As [`attend`].
pub fn certify(
    node: &Node,
    actor: &Actor,
    school: &School,
    chosen: impl Fn(&Key) -> bool,
    watch: &mut Watch<'_>,
) -> Result<Outcome, WorkError> {
    let acts = node.ops(|state| {
        let mut acts = Vec::new();
        for (key, course) in state.trainings.courses().filter(|(key, _)| chosen(key)) {
            let module = course.lists().next().map(|(_, held, _)| held.module);
            let Some(standard) = module.and_then(|module| school.standard(module)) else {
                continue;
            };
            for (basis, people) in state.trainings.ready(course, standard) {
                let name = key.to_string();
                acts.push((name, people.len(), ops::Command::Certify { basis, standard, people }));
            }
        }
        acts
    });
    carry_out(node, actor, acts, watch)
}
