//! `pehra run training`: what comes back from the rooms, quizzes and their papers, certificates, and how far it has come.

mod test;

use crate::{
    node::Node,
    verb::{plan::tell_read, printer::Printer},
    work::course::{self, Outcome, School, Shared},
};
use anyhow::{Context, bail};
use clap::{Args, Subcommand, ValueEnum};
use pehra_domain::{AreaId, Date, PersonId, UnixMs, member::Modules};
use pehra_exchange::{export, people as list};
use pehra_ops::{
    Command, EventRef, Hash32, permission as row,
    training::{Command as Act, Phase, Roll, Taken},
};
use sha2::{Digest, Sha256};
use std::{
    fs::{self, File},
    io::BufWriter,
    path::{Path, PathBuf},
    time::SystemTime,
};

#[derive(Debug, Subcommand)]
pub(super) enum Training {
    /// Sign who was there: from a signed list with a column `present`, or from all of a timetable's seats at once.
    Attend(Attend),
    /// Papers for a quiz, and their marking.
    #[command(subcommand)]
    Quiz(test::Quiz),
    /// Sign how a practical test came out: number, passed.
    Practical(test::Practical),
    /// Certify everybody who attended and passed and is not certified yet. Whoever recorded that does not certify it.
    Certify {
        /// One course, by name or entry; every course within --area unless named.
        #[arg(long)]
        course: Option<String>,
        #[arg(long, default_value = "pk", value_parser = super::trust::area)]
        area: AreaId,
    },
    /// Take certificates back.
    Withdraw {
        /// The certificate's entry.
        certificate: String,
        #[arg(long = "number", required = true)]
        numbers: Vec<String>,
        #[arg(long)]
        reason: String,
    },
    /// Somebody's certificate on paper: a page with codes, the proof and the content, checked with the public root alone.
    Certificate {
        /// The certificate's entry.
        certificate: String,
        #[arg(long)]
        number: String,
        /// The folder to write into.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
    /// Where one service number stands, course by course.
    Who { number: String },
    /// How far an area has come, beside what the signed forecast expected.
    Status {
        #[arg(long, default_value = "pk", value_parser = super::trust::area)]
        area: AreaId,
        /// One JSON object instead of sentences.
        #[arg(long)]
        json: bool,
    },
    /// A list of people with what their certificates say added to its modules, for the next plan and the draw.
    People {
        list: PathBuf,
        #[arg(long, value_name = "OUT.csv")]
        out: PathBuf,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum TakenWord {
    List,
    Code,
    Phone,
}

#[derive(Debug, Args)]
pub(super) struct Attend {
    /// number, present, and as far as its rows differ: course, module, date, venue, begins, hours, trainer, area.
    list: PathBuf,
    #[arg(long, value_parser = super::trust::area)]
    area: Option<AreaId>,
    /// The course's name; made from venue, day, hour and module unless named.
    #[arg(long)]
    course: Option<String>,
    #[arg(long, value_parser = module)]
    module: Option<u8>,
    #[arg(long, value_name = "DATE", value_parser = date)]
    on: Option<Date>,
    #[arg(long)]
    venue: Option<String>,
    /// The module's hours unless named.
    #[arg(long)]
    hours: Option<u8>,
    /// By service number.
    #[arg(long)]
    trainer: Option<String>,
    /// How attendance was taken.
    #[arg(long, value_enum, default_value = "list")]
    taken: TakenWord,
    /// A copy of the signed paper: its SHA-256 goes on record.
    #[arg(long, value_name = "FILE")]
    sheet: Option<PathBuf>,
}

pub(super) fn date(text: &str) -> Result<Date, String> {
    Date::parse(text).ok_or_else(|| format!("`{text}` is no date: write 2024-01-09"))
}

pub(super) fn module(text: &str) -> Result<u8, String> {
    let number = text.trim_start_matches(['M', 'm']).parse::<u8>().ok();
    let number = number.filter(|number| !Modules::of(&[*number]).is_empty());
    number.ok_or_else(|| format!("`{text}` is no module: write M1 to M13"))
}

/// Today where polls are held.
pub(super) fn today() -> Date {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Date::of_pkt(UnixMs(i64::try_from(since.as_millis()).unwrap_or(i64::MAX)))
}

impl Training {
    pub(super) fn run(&self, data: &Path, printer: &mut Printer) -> anyhow::Result<()> {
        let node = crate::verb::open(data)?;
        let school = School::read()?;
        match self {
            Self::Attend(attend) => attend.run(&node, &school, printer),
            Self::Quiz(quiz) => quiz.run(&node, &school, printer),
            Self::Practical(practical) => practical.run(&node, &school, printer),
            Self::Certify { course, area } => {
                let actor = node.console(row::TRAINING_CERTIFY)?;
                let named =
                    course.as_deref().map(|named| course::find(&node, named)).transpose()?;
                let chosen = |key: &pehra_ops::training::Key| match &named {
                    Some((known, ..)) => key == known,
                    None => area.contains(&key.area),
                };
                let mut watch = |step| printer.step(&step);
                let outcome = course::certify(&node, &actor, &school, chosen, &mut watch)?;
                tell("certified", &outcome, printer)
            }
            Self::Withdraw { certificate, numbers, reason } => {
                let certificate = entry(certificate)?;
                let numbers =
                    numbers.iter().map(PersonId::try_new).collect::<Result<Vec<_>, _>>()?;
                let (people, reason) = (Roll::of(&numbers), reason.clone());
                let act = Act::Withdraw { certificate, people, reason };
                let done =
                    node.execute(&node.console(row::TRAINING_CERTIFY)?, Command::Training(act))?;
                printer.line(if done.is_empty() { "withdrawn already" } else { "withdrawn" });
                Ok(())
            }
            Self::Certificate { certificate, number, out } => {
                paper(&node, &school, (entry(certificate)?, number), out, printer)
            }
            Self::Who { number } => who(&node, &school, number, printer),
            Self::Status { area, json } => status(&node, &school, area, *json, printer),
            Self::People { list, out } => people(&node, list, out, printer),
        }
    }
}

fn entry(text: &str) -> anyhow::Result<EventRef> {
    EventRef::parse(text).with_context(|| {
        format!("`{text}` is no entry: `pehra run training who NUMBER` names certificates")
    })
}

impl Attend {
    fn run(&self, node: &Node, school: &School, printer: &mut Printer) -> anyhow::Result<()> {
        let read = course::read_attendance(&self.list, &mut |step| printer.step(&step))?;
        tell_read("attendance", &read, printer);
        let sheet = match &self.sheet {
            Some(file) => {
                let bytes =
                    fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
                Some(Hash32(Sha256::digest(bytes).into()))
            }
            None => None,
        };
        let shared = Shared {
            area: self.area.clone(),
            course: self.course.clone(),
            module: self.module,
            on: self.on,
            venue: self.venue.clone(),
            hours: self.hours,
            trainer: self.trainer.as_deref().map(PersonId::try_new).transpose()?,
            taken: Some(match self.taken {
                TakenWord::List => Taken::List,
                TakenWord::Code => Taken::Code,
                TakenWord::Phone => Taken::Phone,
            }),
            sheet,
        };
        let courses = course::courses(&read.values, &shared, school)?;
        let actor = node.console(row::TRAINING_RECORD)?;
        let outcome = course::attend(node, &actor, courses, &mut |step| printer.step(&step))?;
        tell("present", &outcome, printer)
    }
}

/// Refusals told one by one.
const REFUSED_TOLD: usize = 20;

pub(super) fn tell(what: &str, outcome: &Outcome, printer: &mut Printer) -> anyhow::Result<()> {
    printer.line(&format!(
        "{} {what} in {} signed entries; {} were on record already",
        outcome.people, outcome.signed, outcome.known
    ));
    for (name, refusal) in outcome.refused.iter().take(REFUSED_TOLD) {
        printer.note(&format!("{name}: {refusal}"));
    }
    match outcome.refused.len() {
        0 => Ok(()),
        count => bail!("{count} were refused; the reasons stand above"),
    }
}

fn who(node: &Node, school: &School, number: &str, printer: &mut Printer) -> anyhow::Result<()> {
    let number = PersonId::try_new(number)?;
    let poll = node.poll_date();
    let (lines, modules) = node.ops(|state| {
        let training = &state.trainings;
        let standard = |module| school.standard(module);
        let places = training.places(number.as_str(), poll, standard);
        let mut lines = Vec::new();
        for place in places {
            lines.push(format!("M{:<3} {:<10} {}", place.module, place.phase.name(), place.key));
            for (at, certificate, _) in place.course.certificates() {
                let phase = training.phase_of(place.course, at, number.as_str(), poll);
                if phase != Phase::Absent {
                    let until = certificate.until.map_or_else(
                        || "for this election".to_owned(),
                        |until| format!("until {until}"),
                    );
                    lines.push(format!("     certificate {at} {until}: {}", phase.name()));
                }
            }
        }
        (lines, training.modules_of(number.as_str(), poll, &|module| school.standard(module)))
    });
    if lines.is_empty() {
        printer.line("on no list");
    }
    for line in lines {
        printer.line(&line);
    }
    let names: Vec<String> = modules.numbers().map(|number| format!("M{number}")).collect();
    printer.line(&format!("counts on {poll}: {}", names.join(" ")));
    Ok(())
}

fn status(
    node: &Node,
    school: &School,
    area: &AreaId,
    json: bool,
    printer: &mut Printer,
) -> anyhow::Result<()> {
    let status = course::status(node, school, area, today());
    if json {
        printer.line(&serde_json::to_string(&status)?);
        return Ok(());
    }
    for row in &status.areas {
        printer.line(&format!(
            "{}: {} courses, {} people attended, {} hold a certificate, {} passed and wait for one{}",
            row.area,
            row.courses,
            row.attended,
            row.certified,
            row.waiting,
            if row.disputed > 0 { format!("; {} courses disputed", row.disputed) } else { String::new() }
        ));
        if let (Some(tasked), Some(ready), Some(today), Some(expected)) =
            (row.tasked, row.ready, row.expected_today, row.expected)
        {
            printer.line(&format!(
                "  of {tasked} with a task {ready} lacked nothing when planned; expected today {today}, on the day {expected}"
            ));
        }
    }
    let keys: Vec<String> = node.ops(|state| {
        let keys = state.trainings.courses().map(|(key, _)| key);
        keys.filter(|key| area.contains(&key.area))
            .take(COURSES_TOLD)
            .map(ToString::to_string)
            .collect()
    });
    for key in keys {
        printer.line(&format!("  {key}"));
    }
    Ok(())
}

/// Courses named one by one.
const COURSES_TOLD: usize = 40;

fn people(node: &Node, from: &Path, out: &Path, printer: &mut Printer) -> anyhow::Result<()> {
    let mut people = crate::verb::plan::read_people(from, printer)?;
    let gained = course::add_certificates(node, &mut people)?;
    let file = File::create(out).with_context(|| format!("{} cannot be written", out.display()))?;
    let mut rows = people.iter().map(list::row);
    let watermark = node.watermark();
    export::csv(list::HEADERS, &mut rows, watermark.as_deref(), &mut BufWriter::new(file))?;
    printer
        .line(&format!("{} people, {gained} of them with more than the list said", people.len()));
    Ok(())
}

fn paper(
    node: &Node,
    school: &School,
    (at, number): (EventRef, &str),
    out: &Path,
    printer: &mut Printer,
) -> anyhow::Result<()> {
    let number = PersonId::try_new(number)?;
    let draw = |lines: &[String]| crate::verb::prove::drawn(lines).ok();
    let files = course::certificate_page(node, school, (at, &number), today(), &draw)?;
    fs::create_dir_all(out).with_context(|| format!("{} cannot be made", out.display()))?;
    for (name, text) in ["certificate.html", "proof.txt", "content.txt"].iter().zip(files) {
        let path = out.join(name);
        fs::write(&path, text).with_context(|| format!("{} cannot be written", path.display()))?;
    }
    printer.line(&format!("certificate.html, proof.txt and content.txt in {}", out.display()));
    Ok(())
}
