//! A living day beside the room: the engine's happenings go in as the desks' signed acts, by the doors of reality, at a
//! pace that a person directs.
//!
//! Invariants. Only an exercise has one: [`Drill::begin`] refuses a real election. What truly happens ([`truth`]) never
//! reaches the record but through what a station, a desk or a citizen said. One thread lives the day; whoever directs it
//! leaves orders and reads the last status.

pub mod branch;
mod bureau;
pub mod clock;
pub mod closely;
mod conduct;
pub mod convert;
mod deliver;
mod desk;
pub mod device;
pub mod evaluate;
pub mod file;
mod guard;
pub mod material;
pub mod measure;
pub mod network;
pub mod operator;
mod prepare;
pub mod repoll;
pub mod report;
mod stage;
pub mod tally;
mod team;
pub mod tip;
pub mod truth;
pub mod warned;

pub use {closely::Closely, stage::Stage};

use crate::{
    node::{Node, NodeError},
    work::WorkError,
};
use clock::Clock;
use operator::Skill;
use pehra_domain::{
    AreaId, Date,
    progress::{Cancelled, Watch, tell},
};
use pehra_drill::day::{
    Day, DayError, Plan, Scenario, Second,
    scenario::{Scripted, check::Impossible},
};
use serde::Serialize;
use std::{
    collections::{BTreeSet, VecDeque},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc},
    time::Instant,
};
use tally::Tally;

/// How the day is lived.
#[derive(Clone, Debug)]
pub struct Options {
    pub scenario: Scenario,
    /// The documented cases of the eve and the day of 2024 in place of chance and of the scenario's own script.
    pub replay: bool,
    /// Events of a scenario's file, still in words.
    pub events: Vec<file::Wish>,
    /// The clock begins here; what happens before it comes in as fast as it can.
    pub from: Second,
    pub pace: u32,
    /// Without a clock, as fast as the machine can.
    pub full: bool,
    /// The day stands at `from` until somebody lets it go.
    pub paused: bool,
    /// Only this area lives.
    pub area: Option<AreaId>,
    /// Where material goes on record piece by piece.
    pub closely: Closely,
    pub skill: Skill,
    /// From which likelihood on a warning becomes an order, in ten-thousandths; above 10,000 none does.
    pub order_from_e4: u32,
    /// What the commission orders to be held again.
    pub repolls: Vec<repoll::Repoll>,
    /// Days from the general poll to this one, where this is a repoll's: the replay's cases of that day are lived.
    pub days_after: i32,
}

/// Why there is no drill.
#[derive(Debug, thiserror::Error)]
pub enum DrillError {
    #[error(
        "this election is real: a drill is lived in an exercise's own folder (`EX-…` or `SYN-…`)"
    )]
    Real,
    #[error(
        "this node belongs to a founded exercise: desks of a drill are enrolled by a node that is its own root"
    )]
    Founded,
    #[error(transparent)]
    Plan(WorkError),
    #[error("a table of the program cannot be used: {0}")]
    Table(String),
    #[error(transparent)]
    Day(#[from] DayError),
    #[error("the scenario cannot be read: {0}")]
    File(String),
    #[error(transparent)]
    Node(#[from] NodeError),
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    #[error("the thread of the day cannot be started")]
    Thread(#[source] std::io::Error),
    #[error("the day has ended or was stopped: begin it anew")]
    Over,
}

impl From<WorkError> for DrillError {
    fn from(error: WorkError) -> Self {
        match error {
            WorkError::Cancelled(cancelled) => Self::Cancelled(cancelled),
            WorkError::Node(error) => Self::Node(error),
            other @ (WorkError::Missing(_) | WorkError::Input(_)) => Self::Plan(other),
        }
    }
}

/// What the day does just now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = DrillPhase)]
pub enum Phase {
    /// Runs as fast as it can to the moment that was asked for.
    CatchingUp,
    Running,
    Paused,
    Over,
    Stopped,
    /// The record could not be kept: `fault` says why.
    Failed,
}

/// How the day stands, as it was last told.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = DrillStatus)]
pub struct Status {
    pub phase: Phase,
    pub scenario: String,
    pub seed: u64,
    /// The day's time in seconds from midnight of the polling day; the eve is negative.
    pub now_s: i32,
    /// The same on the world's clock, Unix milliseconds.
    pub now_ms: i64,
    pub until_s: i32,
    pub pace: u32,
    pub full: bool,
    /// Seconds of the day by which the record stands behind the clock.
    pub lag_s: i32,
    pub lag_s_max: i32,
    /// Share of one core that the day takes, in thousandths, over the last ten seconds of the clock on the wall.
    pub busy_permille: u32,
    /// Happenings of the last second that was lived, by the clock on the wall.
    pub per_second: u64,
    pub entries: u64,
    /// Check-ins and acts that the desks entered.
    pub entered: u64,
    /// What a desk wanted to enter and could not, with the first reason.
    pub refused: u64,
    pub first_refusal: Option<String>,
    pub skill: Skill,
    /// Acts that simulated operators have still to do.
    pub operators_waiting: u64,
    pub players: Vec<String>,
    /// Districts whose material goes on record piece by piece.
    pub closely: Vec<String>,
    /// Stations in them.
    pub closely_stations: u64,
    pub tally: Tally,
    pub fault: Option<String>,
}

/// What the director asks for.
pub(crate) enum Order {
    Inject(Scripted, mpsc::Sender<Result<(), Vec<Impossible>>>),
    /// A copy of the day as it stands, for a branch.
    Copy(mpsc::Sender<Day>),
    Skill(Skill),
    Players(BTreeSet<u32>),
}

#[expect(
    clippy::struct_excessive_bools,
    reason = "each is set by another hand: the pause, the pace, the end that is asked for, the end that came"
)]
struct Control {
    clock: Clock,
    /// Somebody paused the day, perhaps before it has caught up and its clock begins.
    held: bool,
    full: bool,
    orders: VecDeque<Order>,
    stop: bool,
    over: bool,
}

struct Inner {
    node: Node,
    plan: Arc<Plan>,
    scenario: Scenario,
    day: Date,
    begun: Instant,
    control: Mutex<Control>,
    wake: Condvar,
    status: Mutex<Status>,
    truths: Mutex<truth::Truths>,
    tips: Mutex<tip::Known>,
    measures: Mutex<measure::Measures>,
    injected: Mutex<Vec<Scripted>>,
    knew: Mutex<Vec<evaluate::Knew>>,
}

/// A day under way; cloning is cheap.
#[derive(Clone)]
pub struct Drill {
    inner: Arc<Inner>,
}

impl Drill {
    /// Begins a day. It is lived on a thread of its own until it is over or stopped.
    ///
    /// # Errors
    /// [`DrillError`] with what to do: the election is real, something is missing, the scenario cannot be.
    pub fn begin(
        node: &Node,
        options: &Options,
        watch: &mut Watch<'_>,
    ) -> Result<Self, DrillError> {
        if node.exercise().is_none() {
            return Err(DrillError::Real);
        }
        if node.genesis().is_some() {
            return Err(DrillError::Founded);
        }
        let (plan, scenario) = prepare::prepare(node, options, watch)?;
        let repolls = prepare::repolls(node, options)?;
        let day = Day::new(Arc::clone(&plan), scenario.clone())?;
        let closely = options.closely.districts(&plan)?;
        let mut desks = Vec::with_capacity(plan.districts.len());
        let count = plan.districts.len() as u64;
        for (district, done) in plan.districts.iter().zip(0_u32..) {
            tell(watch, "enrol the districts' desks", done.into(), count)?;
            desks.push(desk::Desk::enrol(node, &district.area, closely.contains(&done))?);
        }
        let material = material::Material::of(node, &plan, &scenario.parameters, &closely);
        let devices = device::Devices::new(&day, &closely);
        let network = network::Network::new(Arc::clone(&plan));
        desks.push(desk::Desk::of_register(node, network.area())?);
        let commission = u32::try_from(desks.len()).unwrap_or(u32::MAX);
        let commission = repoll::Commission::new(commission, plan.day, repolls);
        if commission.is_needed() {
            desks.push(desk::Desk::of_commission(node)?);
        }
        let bureau = bureau::Bureau::enrol(node, network.area(), options.order_from_e4)?;
        let mut status = Status::first(options, &day);
        let name = |at: &u32| plan.districts.get(*at as usize).map(|it| it.area.to_string());
        status.closely = closely.iter().filter_map(name).collect();
        status.closely_stations = material.count() as u64;
        let begun = Instant::now();
        let drill = Self {
            inner: Arc::new(Inner {
                node: node.clone(),
                day: plan.day,
                plan,
                scenario,
                begun,
                control: Mutex::new(Control {
                    clock: Clock::stopped(options.from, options.pace),
                    held: options.paused,
                    full: options.full,
                    orders: VecDeque::new(),
                    stop: false,
                    over: false,
                }),
                wake: Condvar::new(),
                status: Mutex::new(status),
                truths: Mutex::default(),
                tips: Mutex::default(),
                measures: Mutex::default(),
                injected: Mutex::default(),
                knew: Mutex::default(),
            }),
        };
        let things = conduct::Things::new(material, devices, (network, commission), &day);
        let conduct = conduct::Conduct::new(drill.clone(), day, (desks, bureau, things), options);
        std::thread::Builder::new()
            .name("drill".to_owned())
            .spawn(move || conduct.live())
            .map_err(DrillError::Thread)?;
        Ok(drill)
    }

    /// The day alone, without a record beside it: for streams and measurements.
    ///
    /// # Errors
    /// As [`Self::begin`].
    pub fn alone(node: &Node, options: &Options, watch: &mut Watch<'_>) -> Result<Day, DrillError> {
        let (plan, scenario) = prepare::prepare(node, options, watch)?;
        Ok(Day::new(plan, scenario)?)
    }

    #[must_use]
    pub fn status(&self) -> Status {
        self.inner.status.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.inner.plan
    }

    #[must_use]
    pub fn node(&self) -> &Node {
        &self.inner.node
    }

    /// Goes on, or stands still. A day that still catches up stands once it has.
    pub fn run(&self, running: bool) {
        let at = self.machine_ms();
        let mut control = self.control();
        control.held = !running;
        control.clock.run(running, at);
        drop(control);
        // Whoever asked is told at once; the day's thread says the same at its next look.
        let mut status = self.inner.status.lock().unwrap_or_else(PoisonError::into_inner);
        match status.phase {
            Phase::Running if !running => status.phase = Phase::Paused,
            Phase::Paused if running => status.phase = Phase::Running,
            Phase::Running
            | Phase::Paused
            | Phase::CatchingUp
            | Phase::Over
            | Phase::Stopped
            | Phase::Failed => {}
        }
        drop(status);
        self.inner.wake.notify_all();
    }

    /// The clock begins when the eve has come in, unless somebody paused the day.
    fn start(&self) {
        let at = self.machine_ms();
        let mut control = self.control();
        let running = !control.held;
        control.clock.run(running, at);
    }

    /// Seconds of the day in one of the machine, 1 to 600; none: as fast as it can.
    pub fn set_pace(&self, pace: Option<u32>) {
        let at = self.machine_ms();
        let mut control = self.control();
        match pace {
            Some(pace) => {
                if control.full {
                    let now = self.status().now_s;
                    control.clock.set(Second(now), at);
                }
                control.full = false;
                control.clock.set_pace(pace, at);
            }
            None => control.full = true,
        }
        drop(control);
        self.inner.wake.notify_all();
    }

    /// Lets the day come to a later moment as fast as it can, and go on from there. Answers false for an earlier one: the
    /// record does not go back.
    #[must_use]
    pub fn jump(&self, to: Second) -> bool {
        let now = self.status().now_s;
        if to.0 < now || to > self.inner.scenario.until {
            return false;
        }
        let at = self.machine_ms();
        self.control().clock.set(to, at);
        self.inner.wake.notify_all();
        true
    }

    /// Lets something happen, now or later.
    ///
    /// # Errors
    /// [`InjectError`]: it cannot be, with all reasons, or the day is over.
    pub fn inject(&self, scripted: Scripted) -> Result<(), InjectError> {
        let (answer, told) = mpsc::channel();
        self.order(Order::Inject(scripted.clone(), answer))?;
        told.recv().map_err(|_gone| DrillError::Over)?.map_err(InjectError::Impossible)?;
        self.inner.injected.lock().unwrap_or_else(PoisonError::into_inner).push(scripted);
        Ok(())
    }

    /// What was injected so far.
    #[must_use]
    pub fn injected(&self) -> Vec<Scripted> {
        self.inner.injected.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Who plays: areas in which no operator is simulated.
    ///
    /// # Errors
    /// [`DrillError::Over`].
    pub fn set_players(&self, areas: &[AreaId]) -> Result<(), DrillError> {
        let districts = (0_u32..).zip(&self.inner.plan.districts);
        let played = districts
            .filter(|(_, district)| areas.iter().any(|area| area.contains(&district.area)))
            .map(|(at, _)| at)
            .collect();
        self.order(Order::Players(played))
    }

    /// # Errors
    /// [`DrillError::Over`].
    pub fn set_skill(&self, skill: Skill) -> Result<(), DrillError> {
        self.order(Order::Skill(skill))
    }

    /// Ends the thread of the day; what was entered stays on record.
    pub fn stop(&self) {
        self.control().stop = true;
        self.inner.wake.notify_all();
    }

    fn order(&self, order: Order) -> Result<(), DrillError> {
        let mut control = self.control();
        if control.over {
            return Err(DrillError::Over);
        }
        control.orders.push_back(order);
        drop(control);
        self.inner.wake.notify_all();
        Ok(())
    }

    fn machine_ms(&self) -> u64 {
        u64::try_from(self.inner.begun.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn control(&self) -> MutexGuard<'_, Control> {
        self.inner.control.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Why nothing was injected.
#[derive(Debug, thiserror::Error)]
pub enum InjectError {
    #[error("this cannot happen: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Impossible(Vec<Impossible>),
    #[error(transparent)]
    Drill(#[from] DrillError),
}

impl Status {
    fn first(options: &Options, day: &Day) -> Self {
        let now = day.now();
        Self {
            phase: Phase::CatchingUp,
            scenario: options.scenario.name.clone(),
            seed: options.scenario.seed,
            now_s: now.0,
            now_ms: now.unix_ms(day.plan().day).0,
            until_s: options.scenario.until.0,
            pace: options.pace,
            full: options.full,
            lag_s: 0,
            lag_s_max: 0,
            busy_permille: 0,
            per_second: 0,
            entries: 0,
            entered: 0,
            refused: 0,
            first_refusal: None,
            skill: options.skill,
            operators_waiting: 0,
            players: Vec::new(),
            closely: Vec::new(),
            closely_stations: 0,
            tally: Tally::default(),
            fault: None,
        }
    }
}
