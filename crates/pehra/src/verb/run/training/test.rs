//! Quizzes and practical tests.

use super::{Outcome, School, course, date, module, today};
use crate::{
    node::Node,
    verb::{plan::tell_read, printer::Printer},
};
use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use pehra_domain::{Date, PersonId};
use pehra_ops::{Command, EventRef, permission as row, training::Command as Act};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(in crate::verb::run) enum Quiz {
    /// Write a page for each candidate in both languages, and the key apart for whoever marks.
    Papers {
        #[arg(long, value_parser = module)]
        module: Option<u8>,
        /// Everybody on the list of a course, by its name or entry.
        #[arg(long, required_unless_present = "list")]
        course: Option<String>,
        /// A list with a column `number`.
        #[arg(long, value_name = "FILE", conflicts_with = "course", requires = "module")]
        list: Option<PathBuf>,
        /// Another number draws other papers. Keep it: marking needs it.
        #[arg(long)]
        seed: u64,
        /// The folder to write into.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
    /// Mark the letters that candidates gave (number, answers) and sign the result.
    Mark {
        answers: PathBuf,
        #[command(flatten)]
        of: Of,
        /// The number that the papers were drawn from.
        #[arg(long)]
        seed: u64,
    },
}

/// What a test belongs to.
#[derive(Debug, Args)]
pub(in crate::verb::run) struct Of {
    /// By name or entry.
    #[arg(long)]
    course: String,
    /// Whoever examined, by service number; the course's trainer unless named.
    #[arg(long)]
    examiner: Option<String>,
    /// Today unless named.
    #[arg(long, value_name = "DATE", value_parser = date)]
    on: Option<Date>,
    /// The entry in whose place this result stands.
    #[arg(long, value_name = "ENTRY")]
    corrects: Option<String>,
}

#[derive(Debug, Args)]
pub(in crate::verb::run) struct Practical {
    /// number, passed.
    results: PathBuf,
    #[command(flatten)]
    of: Of,
}

impl Of {
    fn corrects(&self) -> anyhow::Result<Option<EventRef>> {
        let Some(text) = &self.corrects else { return Ok(None) };
        EventRef::parse(text).map(Some).with_context(|| format!("`{text}` is no entry"))
    }

    fn examiner(&self, trainer: PersonId) -> anyhow::Result<PersonId> {
        Ok(self.examiner.as_deref().map(PersonId::try_new).transpose()?.unwrap_or(trainer))
    }
}

impl Quiz {
    pub(super) fn run(
        &self,
        node: &Node,
        school: &School,
        printer: &mut Printer,
    ) -> anyhow::Result<()> {
        match self {
            Self::Papers { module, course, list, seed, out } => {
                let (of, people) = match (course, list) {
                    (Some(named), _) => {
                        let (_, _, held) = course::find(node, named)?;
                        let people = held.present.iter().map(PersonId::try_new);
                        (held.module, people.collect::<Result<Vec<_>, _>>()?)
                    }
                    (None, Some(file)) => {
                        let read = course::read_attendance(file, &mut |step| printer.step(&step))?;
                        tell_read("candidates", &read, printer);
                        let module = module.context("name the module: --module M1")?;
                        (module, read.values.into_iter().map(|row| row.number).collect())
                    }
                    (None, None) => bail!("name a course or a list"),
                };
                let watermark = node.watermark();
                let files =
                    course::papers(school, (of, *seed), &people, watermark.as_deref(), out)?;
                printer.line(&format!(
                    "{} papers of M{of}: {} in {}",
                    people.len(),
                    files.join(" and "),
                    out.display()
                ));
                Ok(())
            }
            Self::Mark { answers, of, seed } => {
                let (key, course, held) = course::find(node, &of.course)?;
                let read = course::read_results(answers, &mut |step| printer.step(&step))?;
                tell_read("answers", &read, printer);
                let by = (of.examiner(held.trainer.clone())?, of.on.unwrap_or_else(today));
                let quiz = course::mark(school, held.module, *seed, by, &read.values)?;
                let percent = school.test(held.module).map_or(100, |test| u32::from(test.percent));
                let enough = |right: u8| u32::from(right) * 100 >= percent * u32::from(quiz.asked);
                let passed = quiz.right.iter().filter(|right| enough(**right)).count();
                let people = quiz.right.len();
                let act = Act::Examine { course, quiz, corrects: of.corrects()? };
                sign(node, (&key.to_string(), people), act, printer)?;
                printer.line(&format!("{passed} of {people} passed"));
                Ok(())
            }
        }
    }
}

impl Practical {
    pub(super) fn run(
        &self,
        node: &Node,
        school: &School,
        printer: &mut Printer,
    ) -> anyhow::Result<()> {
        let of = &self.of;
        let (key, course, held) = course::find(node, &of.course)?;
        let read = course::read_results(&self.results, &mut |step| printer.step(&step))?;
        tell_read("results", &read, printer);
        let by = (of.examiner(held.trainer.clone())?, of.on.unwrap_or_else(today));
        let practical = course::practical(school, held.module, by, &read.values)?;
        let (people, passed) = (read.values.len(), practical.passed.len());
        let act = Act::Practise { course, practical, corrects: of.corrects()? };
        sign(node, (&key.to_string(), people), act, printer)?;
        printer.line(&format!("{passed} of {people} passed"));
        Ok(())
    }
}

fn sign(
    node: &Node,
    (name, people): (&str, usize),
    act: Act,
    printer: &mut Printer,
) -> anyhow::Result<()> {
    let done = node.execute(&node.console(row::TRAINING_RECORD)?, Command::Training(act))?;
    let (signed, known) = if done.is_empty() { (0, 1) } else { (1, 0) };
    let people = if done.is_empty() { 0 } else { people as u64 };
    let outcome = Outcome { people, signed, known, refused: Vec::new() };
    super::tell(&format!("examined of {name}"), &outcome, printer)
}
