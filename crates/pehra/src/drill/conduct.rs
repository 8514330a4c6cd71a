//! The thread that lives the day: it follows the clock, lets the engine go on, and enters what was heard.

use super::{
    Drill, Options, Order, Phase, Status,
    bureau::Bureau,
    convert::{CITIZEN, Convert, Entered, Matter},
    deliver::{Deliver, Delivered},
    desk::Desk,
    device::Devices,
    guard::Guards,
    material::Material,
    network::Network,
    operator::Operators,
    repoll::Commission,
    tally::Tally,
    tip::{Known, Step, Tips},
};
use crate::{day::DayClock, node::NodeError};
use pehra_domain::{AreaId, UnixMs};
use pehra_drill::day::{Code as Said, Day, Happening, Second, Trouble, What};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// How often the clock is looked at.
const LOOK: Duration = Duration::from_millis(250);
/// Longest stretch that is lived before orders are looked at and the record is told.
const STEP_S: i32 = 300;
/// What the room knows is written down so often, in seconds of the day.
const NOTE_S: i32 = 60;
/// The load is measured over this.
const OVER: Duration = Duration::from_secs(10);
/// More than so many looks behind its clock, the day is catching up.
const LATE_LOOKS: i32 = 8;

/// Everything that the thread owns.
pub(super) struct Conduct {
    drill: Drill,
    day: Day,
    deliver: Deliver,
    operators: Operators,
    tips: Tips,
    things: Things,
    players: BTreeSet<u32>,
    /// What each reported incident is about.
    troubles: BTreeMap<u32, Trouble>,
    /// What was said of tolls before anybody reported the incident.
    tolls: BTreeMap<u32, Vec<Happening>>,
    /// For which incident a team is away.
    away: BTreeMap<u32, u32>,
    tally: Tally,
    status: Status,
    load: Load,
    started: bool,
    /// Teams were put on duty.
    on_duty: bool,
    noted: Second,
}

/// What is followed beside the desks' own matters.
pub(super) struct Things {
    pub(super) material: Material,
    pub(super) devices: Devices,
    pub(super) network: Network,
    commission: Commission,
    guards: Guards,
    begun: bool,
}

impl Things {
    pub(super) fn new(
        material: Material,
        devices: Devices,
        (network, commission): (Network, Commission),
        day: &Day,
    ) -> Self {
        let guards = Guards::new(std::sync::Arc::clone(day.plan()));
        Self { material, devices, network, commission, guards, begun: false }
    }

    /// What is entered before anything happens, once.
    fn begin(&mut self, at: Second) -> Vec<Entered> {
        if std::mem::replace(&mut self.begun, true) {
            return Vec::new();
        }
        let mut all = self.material.made_up(at);
        all.extend(self.devices.installed(at));
        all
    }

    fn note(&mut self, happening: &Happening, day: &Day) -> Vec<Entered> {
        self.guards.note(happening);
        let mut all = self.material.note(happening, &|convoy| day.overdue_home(convoy));
        all.extend(self.devices.note(happening));
        all.extend(self.network.note(happening));
        all
    }

    /// A station that is ready says how many guards it counted, beside what else it says.
    fn count_guards(&mut self, happening: &Happening, entered: &mut Entered) {
        let What::CheckInDelivered { station, code: Said::READY, .. } = happening.what else {
            return;
        };
        if let Matter::CheckIn(item) = &mut entered.what {
            item.counts = self.guards.said(station).unwrap_or_default();
        }
    }
}

/// How much of the wall's time went into the day.
struct Load {
    since: Instant,
    busy: Duration,
    happenings: u64,
}

impl Conduct {
    pub(super) fn new(
        drill: Drill,
        day: Day,
        (desks, bureau, things): (Vec<Desk>, Bureau, Things),
        options: &Options,
    ) -> Self {
        let status = drill.status();
        Self {
            deliver: Deliver::new(
                drill.inner.node.clone(),
                (desks, bureau),
                std::sync::Arc::clone(day.plan()),
            ),
            operators: Operators::new(options.scenario.seed, options.skill),
            tips: Tips::new(
                std::sync::Arc::clone(day.plan()),
                options.scenario.seed,
                options.skill,
            ),
            things,
            players: BTreeSet::new(),
            troubles: BTreeMap::new(),
            tolls: BTreeMap::new(),
            away: BTreeMap::new(),
            tally: Tally::default(),
            load: Load { since: Instant::now(), busy: Duration::ZERO, happenings: 0 },
            started: false,
            on_duty: false,
            noted: day.now(),
            drill,
            day,
            status,
        }
    }

    pub(super) fn live(mut self) {
        let end = loop {
            let Some((target, late)) = self.listen() else { break Phase::Stopped };
            if self.day.is_over() {
                break Phase::Over;
            }
            if self.day.now() < target {
                let until = target.min(self.day.now().plus(STEP_S));
                let begun = Instant::now();
                let outcome = self.step(until);
                self.load.busy += begun.elapsed();
                if let Err(error) = outcome {
                    tracing::error!(%error, "the day cannot be kept");
                    self.status.fault = Some(error.to_string());
                    break Phase::Failed;
                }
                // Until the clock begins the eve is being caught up with, however near its end is.
                let behind = late || !(self.started || self.status.full);
                self.tell(if behind { Phase::CatchingUp } else { Phase::Running });
            } else {
                self.start();
                self.tell(Phase::Running);
                self.wait();
            }
        };
        let mut control = self.drill.control();
        control.over = true;
        // Whoever waits for an answer hears that there is none.
        control.orders.clear();
        drop(control);
        self.tell(end);
    }

    /// Takes orders; answers how far the day should be, and whether it is far from it.
    fn listen(&mut self) -> Option<(Second, bool)> {
        let machine_ms = self.drill.machine_ms();
        let drill = self.drill.clone();
        let mut control = drill.control();
        let orders: Vec<Order> = control.orders.drain(..).collect();
        let (stop, full, clock) = (control.stop, control.full, control.clock);
        drop(control);
        for order in orders {
            self.follow(order);
        }
        if stop {
            return None;
        }
        self.status.full = full;
        self.status.pace = clock.pace();
        let now = clock.now(machine_ms);
        let target = if full && (clock.is_running() || !self.started) {
            self.drill.inner.scenario.until
        } else {
            now
        };
        let looks = i32::try_from(clock.pace()).unwrap_or(60).max(4) / 4 * LATE_LOOKS;
        let behind = now.since(self.day.now()).max(0);
        if self.started && !full {
            self.status.lag_s = behind;
            if clock.is_running() {
                self.status.lag_s_max = self.status.lag_s_max.max(behind);
            }
        }
        Some((target, behind > looks && !full))
    }

    fn start(&mut self) {
        if !self.started {
            self.started = true;
            self.drill.start();
        }
    }

    fn follow(&mut self, order: Order) {
        match order {
            Order::Inject(scripted, answer) => {
                let _nobody_waits = answer.send(self.day.inject(scripted));
            }
            Order::Copy(answer) => {
                let _nobody_waits = answer.send(self.day.clone());
            }
            Order::Skill(skill) => {
                self.operators.set_skill(skill);
                self.tips.set_skill(skill);
                self.status.skill = skill;
            }
            Order::Players(players) => {
                let name = |at: &u32| self.day.plan().districts.get(*at as usize);
                self.status.players = players
                    .iter()
                    .filter_map(|at| name(at).map(|district| district.area.to_string()))
                    .collect();
                self.players = players;
            }
        }
    }

    fn step(&mut self, until: Second) -> Result<(), NodeError> {
        let begins = self.things.begin(self.day.now());
        if !begins.is_empty() {
            self.enter(begins)?;
        }
        let mut heard: Vec<Happening> = Vec::new();
        let from = self.day.now();
        self.day.advance(until, &mut |happening| heard.push(happening));
        self.load.happenings += heard.len() as u64;
        let plan = std::sync::Arc::clone(self.day.plan());
        let convert = Convert { plan: &plan, day: plan.day };
        let mut entered = Vec::new();
        // Crews begin when somebody looks on; whoever is needed before that goes on duty then.
        if self.started && !self.on_duty {
            self.on_duty = true;
            entered.extend(convert.on_duty(self.day.now()));
        }
        {
            let mut truths = self.drill.inner.truths.lock().unwrap_or_else(PoisonError::into_inner);
            let mut measures =
                self.drill.inner.measures.lock().unwrap_or_else(PoisonError::into_inner);
            for happening in &heard {
                self.tally.count(happening);
                truths.note(happening);
                measures.note(happening);
            }
            measures.played(&self.players, from, until);
        }
        for happening in &heard {
            entered.extend(self.things.note(happening, &self.day));
            self.tell_operators(happening);
            if let Some(tip) = self.tips.note(happening) {
                self.drill.tips().hear(&tip, happening.at);
            }
            if let Some(mut said) = convert.entered(happening) {
                self.things.count_guards(happening, &mut said);
                entered.push(said);
            }
            self.count_toll(happening, &convert, &mut entered);
        }
        entered.extend(self.things.devices.watched(until));
        for (at, due) in self.operators.take_until(until) {
            let trouble = self.troubles.get(&due.incident).copied();
            entered.extend(trouble.and_then(|trouble| convert.operated(at, &due, trouble)));
        }
        entered.extend(self.tipped(until));
        entered.extend(self.ordered(until));
        self.enter(entered)?;
        if self.started && until.since(self.noted) >= NOTE_S {
            self.noted = until;
            self.status.now_ms = until.unix_ms(plan.day).0;
            self.status.tally = self.tally.clone();
            self.drill.note_knowledge(&self.status);
        }
        Ok(())
    }

    /// What the desk of intelligence does until a moment; where people play, what they have the role for is theirs.
    fn tipped(&mut self, until: Second) -> Vec<Entered> {
        let players = &self.players;
        let is_left = |tip: &super::tip::Tip, step: Step| {
            players.contains(&tip.district)
                && (step.is_of_district() || self.drill.is_held(step.role(), tip.district))
        };
        let is_ready = |deed: &super::tip::Deed| self.deliver.is_ready(deed);
        self.tips.take_until(until, &is_left, &is_ready)
    }

    /// What the commission orders until a moment, unless somebody of the room holds its role where people play.
    fn ordered(&mut self, until: Second) -> Vec<Entered> {
        let (players, drill) = (&self.players, &self.drill);
        let plan = self.day.plan();
        let is_left = |station: &pehra_domain::StationId| {
            let listed = plan.stations.iter().find(|it| it.id == *station);
            listed.is_some_and(|it| {
                players.contains(&it.district) && drill.is_held("ECP-NAT", it.district)
            })
        };
        self.things.commission.take_until(&drill.inner.node, until, &is_left)
    }

    fn enter(&mut self, all: Vec<Entered>) -> Result<(), NodeError> {
        let Delivered { entries, entered, refused, first_refusal, tips } =
            self.deliver.deliver(all)?;
        if !tips.is_empty() {
            let mut known = self.drill.tips();
            tips.iter().for_each(|deed| known.take(deed));
        }
        self.status.entries += entries;
        self.status.entered += entered;
        self.status.refused += refused;
        if self.status.first_refusal.is_none() {
            self.status.first_refusal = first_refusal;
        }
        Ok(())
    }

    /// A toll is entered on what was reported; said earlier, it waits for the report.
    fn count_toll(
        &mut self,
        happening: &Happening,
        convert: &Convert<'_>,
        entered: &mut Vec<Entered>,
    ) {
        if let What::TollStated { incident, .. } = &happening.what {
            match self.troubles.get(incident) {
                Some(&trouble) => entered.extend(convert.toll(happening, trouble)),
                None => self.tolls.entry(*incident).or_default().push(happening.clone()),
            }
        } else if let What::IncidentReported { incident, trouble, .. } = &happening.what {
            for told in self.tolls.remove(incident).unwrap_or_default() {
                entered.extend(convert.toll(&told, *trouble));
            }
        }
    }

    fn tell_operators(&mut self, happening: &Happening) {
        let at = happening.at;
        let Some(district) = happening.district else { return };
        if let What::IncidentReported { incident, trouble, .. } = &happening.what {
            self.troubles.insert(*incident, *trouble);
        }
        if let What::CitizenReport { report, trouble, .. } = &happening.what {
            self.troubles.insert(*report | CITIZEN, *trouble);
        }
        if self.players.contains(&district) {
            return;
        }
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "the rest of what happens says nothing to this"
        )]
        match &happening.what {
            What::IncidentReported { incident, .. } => {
                self.operators.reported(district, *incident, at);
            }
            What::CitizenReport { report, .. } => {
                self.operators.told(district, *report | CITIZEN, at);
            }
            What::TeamSent { team, incident } => {
                self.away.insert(*team, *incident);
                self.operators.sent(district, *incident, *team, at);
            }
            What::TeamArrived { team, incident, .. } => {
                self.operators.arrived(district, *incident, *team, at);
            }
            What::TeamBack { team } => {
                if let Some(incident) = self.away.remove(team) {
                    self.operators.back(district, incident, *team, at);
                }
            }
            What::IncidentEnded { incident } => self.operators.ended(district, *incident, at),
            _ => {}
        }
    }

    fn wait(&self) {
        let control = self.drill.control();
        if control.orders.is_empty() && !control.stop {
            let waited = self.drill.inner.wake.wait_timeout(control, LOOK);
            drop(waited.unwrap_or_else(PoisonError::into_inner));
        }
    }

    /// Tells how the day stands, and the room what time it is.
    fn tell(&mut self, phase: Phase) {
        let clock = self.drill.control().clock;
        let stands = phase == Phase::Running && !clock.is_running();
        let phase = if stands { Phase::Paused } else { phase };
        let now = self.day.now();
        self.status.phase = phase;
        self.status.now_s = now.0;
        self.status.now_ms = now.unix_ms(self.day.plan().day).0;
        self.status.tally = self.tally.clone();
        let waiting = self.operators.waiting() + self.tips.waiting();
        self.status.operators_waiting = waiting as u64;
        let passed = self.load.since.elapsed();
        if passed >= OVER {
            let share = self.load.busy.as_secs_f64() / passed.as_secs_f64() * 1_000.0;
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "0 to 1,000"
            )]
            let share = share.clamp(0.0, 1_000.0) as u32;
            self.status.busy_permille = share;
            self.status.per_second = self.load.happenings / passed.as_secs().max(1);
            self.load = Load { since: Instant::now(), busy: Duration::ZERO, happenings: 0 };
        }
        let pace = if phase == Phase::Running && !self.status.full { clock.pace() } else { 0 };
        let node = &self.drill.inner.node;
        let day = UnixMs(self.status.now_ms);
        let clock = DayClock { real: node.now(), day, pace_milli: pace * 1_000 };
        // Refused in a real election alone, which has no drill.
        let _an_exercise_has_a_clock = node.set_day_clock(Some(clock));
        *self.drill.inner.status.lock().unwrap_or_else(PoisonError::into_inner) =
            self.status.clone();
        self.drill.publish();
    }
}

impl Drill {
    /// Tells every open screen.
    fn publish(&self) {
        let status = self.status();
        let body = serde_json::json!({
            "phase": status.phase, "now_ms": status.now_ms, "pace": status.pace, "full": status.full,
        });
        self.inner.node.live().publish("drill", body);
    }

    /// What came of words of services.
    pub(super) fn tips(&self) -> MutexGuard<'_, Known> {
        self.inner.tips.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a person of the room holds a role about a district.
    fn is_held(&self, role: &str, district: u32) -> bool {
        let (node, Some(area)) = (&self.inner.node, self.area(district)) else { return false };
        let held = node.ops(|state| state.persons.in_force(node.now()));
        let mut all = held.into_iter().flat_map(|(_, holdings)| holdings);
        all.any(|own| own.role.as_str() == role && own.area.meets(area))
    }

    /// The area of a district of the plan.
    #[must_use]
    pub fn area(&self, district: u32) -> Option<&AreaId> {
        self.inner.plan.districts.get(district as usize).map(|district| &district.area)
    }
}
