//! `pehra run drill`: an exercise's day, lived beside the room.

use crate::{
    drill::{
        Closely, Drill, Options, Phase, Stage,
        file::{self, time},
        operator::Skill,
        tip,
    },
    http,
    job::{JobError, JobKind},
    node::{DEMO_PERSON, Node, OpenOptions},
    verb::{identity, printer::Printer},
    work,
};
use anyhow::{Context, bail};
use clap::Args;
use pehra_domain::{AreaId, Date, PersonId, progress::Watch};
use pehra_drill::day::{Day, Parameters, Scenario, Second};
use std::{
    net::SocketAddr,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};

#[derive(Clone, Debug, Args)]
pub(in crate::verb) struct DayArguments {
    /// Another seed makes another day of the same scenario.
    #[arg(long)]
    seed: Option<u64>,
    /// A scenario's file (TOML), or `replay`: the documented attacks and the suspension of 2023–24.
    #[arg(long, value_name = "FILE|replay")]
    scenario: Option<String>,
    /// The clock begins here; what happens before comes in at once.
    #[arg(long, value_name = "HH:MM", default_value = "05:30", value_parser = moment)]
    from: Second,
    /// Seconds of the day in one of the clock on the wall, 1 to 600, or `full`.
    #[arg(long, default_value = "60", value_parser = speed)]
    speed: Speed,
    /// The day stands until the director lets it go.
    #[arg(long)]
    paused: bool,
    /// Only this district or province lives, for example pk/sindh/tharparkar.
    #[arg(long, value_name = "AREA", value_parser = super::trust::area)]
    district: Option<AreaId>,
    /// Where bags, seals and forms go on record piece by piece: areas, or `nowhere`. Unless named: the whole plan up to 1,500
    /// stations, of a nation the districts with the most of the most sensitive stations.
    #[arg(long, value_name = "AREA|nowhere")]
    closely: Vec<String>,
    /// Nothing goes wrong by chance, and nothing is cut.
    #[arg(long)]
    quiet: bool,
    /// The day of a repoll that stands ordered on this folder's record: its stations alone, planned and lived in a folder
    /// `repoll-DATE` below it.
    #[arg(long, value_name = "DATE", value_parser = date)]
    repoll: Option<Date>,
    /// How good the operators are who are simulated: novice, trained or expert.
    #[arg(long, default_value = "trained", value_parser = skill)]
    skill: Skill,
}

/// `run drill`.
#[derive(Debug, Args)]
pub(in crate::verb) struct RunDrill {
    #[command(flatten)]
    day: DayArguments,
    /// Where the room listens.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Without a room and a record: everything that happens, one JSON object a line, as fast as it can.
    #[arg(long)]
    direct: bool,
    /// End when the day is over, and print what it came to and what it took as one JSON object.
    #[arg(long)]
    until_over: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Speed {
    Pace(u32),
    Full,
}

fn speed(text: &str) -> Result<Speed, String> {
    if text == "full" {
        return Ok(Speed::Full);
    }
    let pace: u32 = text.parse().map_err(|_not| "write 1 to 600, or `full`".to_owned())?;
    let fits = (1..=crate::drill::clock::PACE_MAX).contains(&pace);
    fits.then_some(Speed::Pace(pace)).ok_or_else(|| "write 1 to 600, or `full`".to_owned())
}

fn moment(text: &str) -> Result<Second, String> {
    time(text).ok_or_else(|| "write 05:30, `D-1 21:00` or `D+1 02:00`".to_owned())
}

fn date(text: &str) -> Result<Date, String> {
    Date::parse(text).ok_or_else(|| "write 2024-02-19".to_owned())
}

fn skill(text: &str) -> Result<Skill, String> {
    match text {
        "novice" => Ok(Skill::Novice),
        "trained" => Ok(Skill::Trained),
        "expert" => Ok(Skill::Expert),
        _ => Err("write novice, trained or expert".to_owned()),
    }
}

impl DayArguments {
    /// The drill's options.
    ///
    /// # Errors
    /// When the scenario's file cannot be read, or two of the options contradict each other.
    pub(in crate::verb) fn options(&self, seed: u64) -> anyhow::Result<Options> {
        let parameters = Parameters::shipped()?;
        let seed = self.seed.unwrap_or(seed);
        let (mut replay, mut events, mut repolls) = (false, Vec::new(), Vec::new());
        let mut order_from_e4 = tip::ORDER_FROM_E4;
        let scenario = match self.scenario.as_deref() {
            None if self.quiet => Scenario::calm(seed, parameters),
            None => Scenario::usual(seed, parameters),
            Some(_) if self.quiet => bail!("a quiet day has no scenario: leave out one of the two"),
            Some("replay") => {
                replay = true;
                Scenario::usual(seed, parameters)
            }
            Some(name) => {
                let text = std::fs::read_to_string(name)
                    .with_context(|| format!("the scenario {name} cannot be read"))?;
                let draft = file::read(&text, self.seed, parameters)
                    .map_err(|error| anyhow::anyhow!("{name}: {error}"))?;
                order_from_e4 = draft.order_from_e4;
                let on_day = |on: Date| draft.later.iter().filter(move |(day, _)| *day == on);
                (events, repolls) = match self.repoll {
                    Some(on) => (on_day(on).map(|(_, wish)| wish.clone()).collect(), Vec::new()),
                    None => (draft.events, draft.repolls),
                };
                draft.scenario
            }
        };
        if self.paused && self.speed == Speed::Full {
            bail!(
                "a day as fast as it can has no clock to stop: leave out --paused, or give a pace to --speed"
            );
        }
        let (pace, full) = match self.speed {
            Speed::Pace(pace) => (pace, false),
            Speed::Full => (60, true),
        };
        Ok(Options {
            scenario,
            replay,
            events,
            from: self.from,
            pace,
            full,
            paused: self.paused,
            area: self.district.clone(),
            closely: self.closely()?,
            skill: self.skill,
            order_from_e4,
            repolls,
            days_after: 0,
        })
    }
}

impl DayArguments {
    fn closely(&self) -> anyhow::Result<Closely> {
        if self.closely.iter().any(|word| word == "nowhere") {
            if self.closely.len() > 1 {
                bail!("`--closely nowhere` stands alone: leave it out, or the areas");
            }
            return Ok(Closely::Nowhere);
        }
        if self.closely.is_empty() {
            return Ok(Closely::Usual);
        }
        let area = |text: &String| {
            super::trust::area(text).map_err(|error| anyhow::anyhow!("--closely {text}: {error}"))
        };
        Ok(Closely::Areas(self.closely.iter().map(area).collect::<anyhow::Result<_>>()?))
    }
}

impl RunDrill {
    pub(in crate::verb) fn run(&self, data: &Path, printer: &mut Printer) -> anyhow::Result<()> {
        let node = identity::open_node(data, &OpenOptions::synthetic())?;
        if node.exercise().is_none() {
            return Err(crate::drill::DrillError::Real.into());
        }
        // A scenario that cannot be read is told before anything is made.
        let mut options = self.day.options(SEED)?;
        let node = match self.day.repoll {
            None => node,
            Some(on) => {
                options.days_after = on.0 - node.poll_date().0;
                printer.stop_on_ctrl_c();
                let dir = data.join(format!("repoll-{on}"));
                work::repoll::open(&node, on, &dir, &mut |step| printer.step(&step))?
            }
        };
        if self.day.paused && (self.direct || self.until_over) {
            bail!("nobody would let the day go: leave out --paused, or --direct and --until-over");
        }
        if self.direct {
            return self.stream(&node, &options, printer);
        }
        let stage = Stage::default();
        let ended = Arc::new(tokio::sync::Notify::new());
        let over = Arc::new(AtomicBool::new(false));
        begin(&node, &stage, options)?;
        if self.until_over {
            let (stage, ended, over) = (stage.clone(), Arc::clone(&ended), Arc::clone(&over));
            std::thread::spawn(move || {
                while !is_over(&stage) && !over.load(Ordering::Relaxed) {
                    std::thread::sleep(LOOK);
                }
                ended.notify_one();
            });
        }
        let mut config = http::Config::local(self.listen.port(), node.dir().join("uploads"));
        config.listen = self.listen;
        config.demo_person = PersonId::try_new(DEMO_PERSON).ok();
        config.stage = stage.clone();
        let outcome = http::run_until(node, config, |text| printer.line(text), async move {
            ended.notified().await;
        });
        over.store(true, Ordering::Relaxed);
        if let Some(drill) = stage.drill().filter(|_| self.until_over) {
            printer.line(&serde_json::to_string(&drill.status())?);
        }
        stage.clear();
        outcome.context("the room stopped")
    }

    /// Everything that happens, as lines; nothing is recorded.
    fn stream(&self, node: &Node, options: &Options, printer: &mut Printer) -> anyhow::Result<()> {
        printer.stop_on_ctrl_c();
        make_nation(node, &mut |step| printer.step(&step))?;
        let begun = Instant::now();
        let mut day: Day = Drill::alone(node, options, &mut |step| printer.step(&step))?;
        let until = day.scenario().until;
        let mut stopped = false;
        while !day.is_over() && !stopped {
            let next = until.min(day.now().plus(STREAM_S));
            let mut lines = String::new();
            day.advance(next, &mut |happening| {
                if let Ok(line) = serde_json::to_string(&happening) {
                    lines.push_str(&line);
                    lines.push('\n');
                }
            });
            printer.text(&lines);
            let step = pehra_domain::progress::Step {
                stage: "live the day",
                done: u64::try_from(day.now().since(day.scenario().from)).unwrap_or(0),
                total: u64::try_from(until.since(day.scenario().from)).unwrap_or(0),
            };
            stopped = printer.step(&step).is_break();
        }
        printer.note(&format!(
            "{} happenings in {:.1} s; trace {}",
            day.count(),
            begun.elapsed().as_secs_f64(),
            crate::auth::hex(&day.trace())
        ));
        if stopped { Err(pehra_domain::progress::Cancelled.into()) } else { Ok(()) }
    }
}

/// Seed of a day that nobody named.
pub(in crate::verb) const SEED: u64 = 2_024;
/// How often it is looked at whether the day is over.
const LOOK: std::time::Duration = std::time::Duration::from_millis(250);
/// Lines are handed on after so much of the day.
const STREAM_S: i32 = 600;

fn is_over(stage: &Stage) -> bool {
    stage.drill().is_some_and(|drill| {
        matches!(drill.status().phase, Phase::Over | Phase::Stopped | Phase::Failed)
    })
}

/// Prepares the day as a job that the room shows, and puts it on stage.
///
/// # Errors
/// When a job of this kind runs already.
pub(in crate::verb) fn begin(node: &Node, stage: &Stage, options: Options) -> anyhow::Result<()> {
    let (runner, stage) = (node.clone(), stage.clone());
    node.jobs().start(JobKind::Drill, "Prepare the day", crate::node::CONSOLE, move |control| {
        let mut watch = control.watch();
        make_nation(&runner, &mut watch)?;
        let drill = Drill::begin(&runner, &options, &mut watch).map_err(|error| {
            if matches!(error, crate::drill::DrillError::Cancelled(_)) {
                return JobError::Cancelled;
            }
            tracing::error!(%error, "no day is lived");
            let code = http::problem::Code::DrillImpossible;
            JobError::failed(code.code(), format!("{} {error}", code.english()), code.urdu())
        })?;
        stage.set(drill);
        Ok(serde_json::Value::Null)
    })?;
    Ok(())
}

/// On an empty exercise on generated places, the nation itself.
fn make_nation(node: &Node, watch: &mut Watch<'_>) -> Result<(), work::WorkError> {
    if node.world().stations.is_some() || !node.info().demo {
        return Ok(());
    }
    let actor = node.operator()?;
    work::nation::run(node, &actor, SEED, watch)
}
