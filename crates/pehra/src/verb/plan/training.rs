//! `pehra plan training`.

use super::draw::{read_people, tell_findings, tell_read};
use crate::{
    verb::printer::Printer,
    work::{
        self,
        training::{Question, Training as Work},
    },
};
use anyhow::{Context, bail};
use clap::Args;
use pehra_domain::{
    AreaId, Date,
    training::{Trainer, Venue},
};
use pehra_plan::training::{Certificate, Change, Rules};
use serde::Serialize;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

#[expect(clippy::struct_excessive_bools, reason = "independent switches of one command")]
#[derive(Debug, Args)]
pub(in crate::verb) struct Training {
    /// The list for the draw: number, unit, tier, sex, rank, home, modules, excluded.
    #[arg(long, value_name = "FILE", required_unless_present = "imagined")]
    people: Option<PathBuf>,
    /// Rooms: id, name, district, latitude, longitude, seats, hours, open, closed. Without them only needs are written.
    #[arg(long, value_name = "FILE", requires = "trainers")]
    venues: Option<PathBuf>,
    /// Trainers: number, sex, district, latitude, longitude, modules, hours, free.
    #[arg(long, value_name = "FILE", requires = "venues")]
    trainers: Option<PathBuf>,
    /// Imagined people, rooms and trainers for the demo's imagined nation.
    #[arg(long, conflicts_with_all = ["people", "venues", "trainers"])]
    imagined: bool,
    /// Only units that stand there: pk/sindh/thatta or any area.
    #[arg(long)]
    area: Option<String>,
    /// The plan; the newest unless named.
    #[arg(long, value_name = "ID")]
    plan: Option<String>,
    /// The first day of training; that on which the first room opens unless named.
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
    /// The longest way anybody is called, one way.
    #[arg(long, value_name = "KM", default_value_t = Rules::default().reach_m / 1_000)]
    reach: u32,
    /// The longest way of a trainer, one way.
    #[arg(long, value_name = "KM", default_value_t = Rules::default().trainer_reach_m / 1_000)]
    trainer_reach: u32,
    /// Men and women sit in the same courses.
    #[arg(long)]
    mixed: bool,
    /// Only what bars somebody from his post: neither use of force, first aid nor human rights.
    #[arg(long)]
    barring: bool,
    /// The seats.csv of an earlier timetable: whatever can stay stays.
    #[arg(long, value_name = "FILE")]
    keep: Option<PathBuf>,
    /// Sign what the plan expects, district by district: the page Training and the board of posts show it.
    #[arg(long)]
    record: bool,
    /// The folder for tables and lists.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// One JSON object instead of sentences.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report {
    plan: String,
    people: usize,
    /// Of whom certificates on record say more than the list.
    certified: u64,
    with_a_task: usize,
    ready: u64,
    lacking: u64,
    unit_unknown: u64,
    posts_nobody_can_take: u64,
    /// By module: men who lack it, women who lack it.
    lacks: BTreeMap<String, [u64; 2]>,
    timetable: Option<Told>,
    change: Option<Change>,
    files: Vec<String>,
}

#[derive(Serialize)]
struct Told {
    #[serde(flatten)]
    certificate: Certificate,
    weight_gap_percent: String,
    travel_gap_percent: String,
    first: String,
    last: String,
    untrained: BTreeMap<&'static str, u64>,
}

impl Training {
    pub(in crate::verb) fn run(&self, data: &Path, printer: &mut Printer) -> anyhow::Result<()> {
        let node = crate::verb::open(data)?;
        let people = match &self.people {
            Some(file) => read_people(file, printer)?,
            None if self.imagined => work::nation::people(&node)?,
            None => bail!("name the list of people with --people FILE"),
        };
        let (venues, trainers) = self.rooms(&node, printer)?;
        let before = match &self.keep {
            Some(file) => {
                let (courses, findings) =
                    work::training::read_seats(file, &mut |step| printer.step(&step))?;
                tell_findings(&findings, printer);
                Some(courses)
            }
            None => None,
        };
        let question = Question {
            people,
            venues,
            trainers,
            area: self.area.as_deref().map(AreaId::try_new).transpose()?,
            plan: self.plan.clone(),
            first: self.from.as_deref().map(date).transpose()?,
            rules: Rules {
                reach_m: self.reach.saturating_mul(1_000),
                trainer_reach_m: self.trainer_reach.saturating_mul(1_000),
                women_apart: !self.mixed,
            },
            barring_only: self.barring,
            before,
        };
        let made = work::training::run(&node, question, &mut |step| printer.step(&step))?;
        let files =
            work::training::write(&node, &made, &self.out, &mut |step| printer.step(&step))?;
        if self.record {
            let area = self.area.as_deref().map_or(Ok(AreaId::nation()), AreaId::try_new)?;
            let actor = node.operator()?;
            let new = work::training::record(&node, &actor, area, &made, &self.out)?;
            printer.note(if new {
                "the forecast is signed"
            } else {
                "the forecast stands on record already"
            });
        }
        let report = report(&made, files);
        if self.json {
            printer.line(&serde_json::to_string(&report)?);
        } else {
            tell(&report, &self.out, printer);
        }
        Ok(())
    }

    fn rooms(
        &self,
        node: &crate::node::Node,
        printer: &mut Printer,
    ) -> anyhow::Result<(Vec<Venue>, Vec<Trainer>)> {
        if self.imagined {
            return Ok(work::nation::rooms_and_trainers(node)?);
        }
        let (Some(venues), Some(trainers)) = (&self.venues, &self.trainers) else {
            return Ok((Vec::new(), Vec::new()));
        };
        let rooms = work::training::read_venues(node, venues, &mut |step| printer.step(&step))?;
        tell_read("rooms", &rooms, printer);
        let staff = work::training::read_trainers(node, trainers, &mut |step| printer.step(&step))?;
        tell_read("trainers", &staff, printer);
        if rooms.values.is_empty() || staff.values.is_empty() {
            bail!(
                "no room or no trainer of these lists can be used: the findings above say what to mend"
            );
        }
        Ok((rooms.values, staff.values))
    }
}

fn date(text: &str) -> anyhow::Result<Date> {
    Date::parse(text).with_context(|| format!("`{text}` is no date: write 2024-01-09"))
}

fn report(made: &Work, files: Vec<String>) -> Report {
    let mut lacks: BTreeMap<u8, [u64; 2]> = BTreeMap::new();
    for need in &made.needs.needs {
        let woman = made.people[need.person].kind == pehra_domain::force::StaffKind::PoliceWoman;
        for number in need.lacks.numbers() {
            if let Some(count) = lacks.entry(number).or_default().get_mut(usize::from(woman)) {
                *count += 1;
            }
        }
    }
    let ready = made.ready();
    let timetable = made.timetable.as_ref().map(|planned| {
        let said = planned.timetable.certificate;
        let dates = || planned.timetable.courses.iter().map(|course| course.date);
        let word = |date: Option<Date>| date.map_or_else(String::new, |date| date.to_string());
        let mut untrained = BTreeMap::new();
        for &(_, reason) in &planned.timetable.untrained {
            *untrained.entry(work::training::reason_code(reason)).or_default() += 1;
        }
        Told {
            weight_gap_percent: percent(said.weight_gap_per_100_000()),
            travel_gap_percent: percent(said.travel_gap_per_100_000()),
            certificate: said,
            first: word(dates().min()),
            last: word(dates().max()),
            untrained,
        }
    });
    Report {
        plan: made.plan.clone(),
        people: made.people.len(),
        certified: made.certified,
        with_a_task: made.needs.needs.len(),
        ready,
        lacking: made.needs.needs.len() as u64 - ready,
        unit_unknown: made.unplaced,
        posts_nobody_can_take: made.needs.unfilled.iter().map(|one| u64::from(one.count)).sum(),
        lacks: lacks.into_iter().map(|(number, count)| (format!("M{number}"), count)).collect(),
        timetable,
        change: made.timetable.as_ref().and_then(|planned| planned.change.clone()),
        files,
    }
}

/// Thousandths of a per cent as per cent.
fn percent(per_100_000: u64) -> String {
    format!("{}.{:03}", per_100_000 / 1_000, per_100_000 % 1_000)
}

fn tell(report: &Report, out: &Path, printer: &mut Printer) {
    printer.line(&format!(
        "plan {}: {} people, {} with a task, {} of them lack nothing, {} lack something; {} posts that nobody of their unit \
         could take",
        report.plan,
        report.people,
        report.with_a_task,
        report.ready,
        report.lacking,
        report.posts_nobody_can_take
    ));
    if report.certified > 0 {
        printer.line(&format!(
            "  certificates on record add to what the list says of {} people",
            report.certified
        ));
    }
    for (module, [men, women]) in &report.lacks {
        printer.line(&format!("  {module:<4} {men:>7} men  {women:>7} women lack it"));
    }
    match &report.timetable {
        None => {
            printer.line("no rooms: name them with --venues FILE --trainers FILE for a timetable")
        }
        Some(told) => tell_timetable(told, printer),
    }
    if let Some(change) = &report.change {
        printer.line(&format!(
            "kept: {} people as they were, {} moved, {} new, {} without seats now; {} courses kept, {} with another trainer, \
             {} new, {} fell",
            change.people_kept,
            change.moved.len(),
            change.people_new,
            change.lost.len(),
            change.courses_kept,
            change.courses_entrusted,
            change.courses_new,
            change.courses_fallen
        ));
    }
    printer.line(&format!("{} files in {}", report.files.len(), out.display()));
}

fn tell_timetable(told: &Told, printer: &mut Printer) {
    let said = &told.certificate;
    printer.line(&format!(
        "{} courses from {} to {}: {} of {} trained before the day",
        said.courses, told.first, told.last, said.trained, said.people
    ));
    printer.line(&format!(
        "  weight {} of at most {}: gap {} %",
        said.weight, said.weight_bound, told.weight_gap_percent
    ));
    printer.line(&format!(
        "  travel {} km, at least {}: gap {} %; ways are estimates from straight lines and terrain",
        said.travel_m / 1_000,
        said.travel_bound_m / 1_000,
        told.travel_gap_percent
    ));
    printer.line(&format!(
        "  courses {}, at least {} where people sit, {} anywhere",
        said.courses, said.courses_bound_there, said.courses_bound
    ));
    for (reason, count) in &told.untrained {
        printer.line(&format!("  {count} not trained: {reason}"));
    }
}
