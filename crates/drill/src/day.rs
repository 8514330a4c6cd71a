//! A whole election day from a plan, a scenario and a seed: from noon of the eve to noon of the day after.
//!
//! ```text
//! let mut day = Day::new(plan, scenario)?;
//! day.advance(Second::on(0, 5, 39), &mut |happening| println!("{happening:?}"));
//! let mut other = day.clone();   // a branch: both go on from here
//! ```
//!
//! Invariants. The same plan, scenario and seed give the same happenings, byte for byte, in the same order, on any number
//! of threads and however the time is cut into calls of [`Day::advance`]: a district is simulated with nothing but its own
//! part of the plan, every chance is named by whom it is about and what it decides ([`chance`]), and the districts' days
//! are merged by second, district and order in the district. The engine knows what the room does not: whether a report is
//! malicious, whether a seal was swapped. What the room may see is what is delivered.

pub(crate) mod chance;
pub mod content;
mod district;
mod fate;
pub mod list;
pub mod parameter;
pub mod plan;
pub mod scenario;
mod second;
#[cfg(test)]
pub(crate) mod tests;
pub mod what;
mod word;
pub(crate) use word::words;

pub use content::{Code, Content, Totals};
pub use list::{Cause, Channel, Device, Path, Role, Service, Step, Trouble, Truth};
pub use parameter::Parameters;
pub use plan::{Plan, Span};
pub use scenario::{Cut, Event, Scenario, Scripted, Statement, check::Impossible};
pub use second::Second;
pub use what::{Between, Happening, Place, Tamper, What};

pub use district::census::Census;

use district::Local;
use pehra_plan::communication::schedule::{self, CheckIn};
use plan::check::PlanFault;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// The check-ins that the day follows: `data/checkins.csv`.
const CHECKINS_CSV: &str = include_str!("../../../data/checkins.csv");

/// Why a day cannot begin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DayError {
    #[error("the plan is not whole: {}", joined(.0))]
    Plan(Vec<PlanFault>),
    #[error("the scenario cannot be: {}", joined(.0))]
    Scenario(Vec<Impossible>),
    #[error(transparent)]
    CheckIns(#[from] schedule::ScheduleError),
}

fn joined(faults: &[impl ToString]) -> String {
    let texts: Vec<String> = faults.iter().take(20).map(ToString::to_string).collect();
    texts.join("; ")
}

/// What all districts look at and nobody changes.
pub(crate) struct Shared {
    pub(crate) plan: Arc<Plan>,
    pub(crate) scenario: Scenario,
    /// By code, from A1.
    pub(crate) checkins: Vec<CheckIn>,
}

/// A day under way. A clone is a branch.
#[derive(Clone)]
pub struct Day {
    shared: Arc<Shared>,
    locals: Vec<Local>,
    /// The nation's own happenings that are still to come, the next one last.
    nation: Vec<(Second, What)>,
    now: Second,
    number: u64,
    trace: Sha256,
    threads: usize,
}

/// Longest stretch that is simulated before the districts' happenings are merged and handed on.
const SLICE_S: i32 = 600;

impl Day {
    /// A day about to begin, on two threads.
    ///
    /// # Errors
    /// [`DayError`] with all reasons: the plan is not whole, or the scenario is impossible on it.
    pub fn new(plan: Arc<Plan>, scenario: Scenario) -> Result<Self, DayError> {
        let faults = plan.check();
        if !faults.is_empty() {
            return Err(DayError::Plan(faults));
        }
        let reasons = scenario.check(&plan);
        if !reasons.is_empty() {
            return Err(DayError::Scenario(reasons));
        }
        let checkins = schedule::parse(CHECKINS_CSV)?;
        let shared = Arc::new(Shared { plan, scenario, checkins });
        let mut fate = fate::draw(&shared);
        let locals = (0_u32..)
            .zip(&mut fate.districts)
            .map(|(district, fates)| Local::new(&shared, district, std::mem::take(fates)))
            .collect();
        fate.nation.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        let now = shared.scenario.from;
        Ok(Self {
            shared,
            locals,
            nation: fate.nation,
            now,
            number: 0,
            trace: Sha256::new(),
            threads: 2,
        })
    }

    /// On so many threads; the happenings do not depend on it.
    #[must_use]
    pub fn with_threads(mut self, threads: usize) -> Self {
        self.threads = threads.max(1);
        self
    }

    #[must_use]
    pub fn plan(&self) -> &Arc<Plan> {
        &self.shared.plan
    }

    #[must_use]
    pub fn scenario(&self) -> &Scenario {
        &self.shared.scenario
    }

    /// Everything before this moment has happened.
    #[must_use]
    pub fn now(&self) -> Second {
        self.now
    }

    /// Whether the window has ended.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.now >= self.shared.scenario.until
    }

    /// Lets everything happen that happens before `until`, in order.
    pub fn advance(&mut self, until: Second, sink: &mut dyn FnMut(Happening)) {
        let until = until.min(self.shared.scenario.until);
        while self.now < until {
            let next = until.min(self.now.plus(SLICE_S));
            self.slice(next);
            self.merge(next, sink);
            self.now = next;
        }
    }

    /// Adds an event to a day under way, at the present moment or later: an inject. It does not disturb any other chance.
    ///
    /// # Errors
    /// [`Impossible`]: all reasons why it cannot be.
    pub fn inject(&mut self, scripted: Scripted) -> Result<(), Vec<Impossible>> {
        let plan = Arc::clone(&self.shared.plan);
        let mut alone = self.shared.scenario.clone();
        alone.script = vec![scripted];
        let mut reasons = alone.check(&plan);
        let Some(scripted) = alone.script.pop() else { return Ok(()) };
        if scripted.at < self.now {
            let name = scripted.name.clone();
            reasons.push(Impossible::OutsideWindow { name, at: scripted.at });
        }
        if !reasons.is_empty() {
            return Err(reasons);
        }
        for (district, part) in fate::parts(&plan, &scripted) {
            self.locals[district as usize].add(part);
        }
        Ok(())
    }

    /// SHA-256 over everything that has happened so far, in its canonical bytes.
    #[must_use]
    pub fn trace(&self) -> [u8; 32] {
        self.trace.clone().finalize().into()
    }

    /// Happenings so far.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.number
    }

    /// Where everything and everybody is now.
    #[must_use]
    pub fn census(&self) -> Census {
        let mut all = Census::default();
        for local in &self.locals {
            all.add(&local.census(&self.shared));
        }
        all
    }

    /// When a convoy that has left must be home: of the way out before it leaves at night, of the way back from then on.
    /// None for one that has not left yet.
    #[must_use]
    pub fn overdue_home(&self, convoy: u32) -> Option<Second> {
        let district = self.shared.plan.convoys.get(convoy as usize)?.district;
        self.locals.get(district as usize)?.overdue_home(&self.shared, convoy)
    }

    /// Whether a station has such a device at all.
    #[must_use]
    pub fn has(&self, station: u32, device: Device) -> bool {
        let listed = self.shared.plan.stations.get(station as usize);
        let local = listed.and_then(|it| self.locals.get(it.district as usize));
        local.is_some_and(|local| local.has_at(&self.shared, station, device))
    }

    fn slice(&mut self, until: Second) {
        let shared = &self.shared;
        let threads = self.threads.min(self.locals.len()).max(1);
        if threads == 1 {
            for local in &mut self.locals {
                local.run(shared, until);
            }
            return;
        }
        // Large districts would wait for each other in runs of neighbours: every thread takes each n-th.
        let mut hands: Vec<Vec<&mut Local>> = (0..threads).map(|_| Vec::new()).collect();
        for (at, local) in self.locals.iter_mut().enumerate() {
            hands[at % threads].push(local);
        }
        std::thread::scope(|scope| {
            for hand in hands {
                scope.spawn(move || {
                    for local in hand {
                        local.run(shared, until);
                    }
                });
            }
        });
    }

    /// Hands the districts' happenings on by second, district, and order in the district; the nation's come first in
    /// their second.
    fn merge(&mut self, until: Second, sink: &mut dyn FnMut(Happening)) {
        let mut all: Vec<(Second, Option<u32>, What)> = Vec::new();
        while let Some((at, what)) = self.nation.pop_if(|(at, _)| *at < until) {
            all.push((at, None, what));
        }
        for (district, local) in (0_u32..).zip(&mut self.locals) {
            all.extend(local.drain().map(|(at, what)| (at, Some(district), what)));
        }
        // Stable: what a district says in one second stays in its order.
        all.sort_by_key(|(at, district, _)| (*at, *district));
        let mut bytes = Vec::with_capacity(64);
        for (at, district, what) in all {
            let happening = Happening { at, number: self.number, district, what };
            self.number += 1;
            bytes.clear();
            if minicbor::encode(&happening, &mut bytes).is_ok() {
                self.trace.update(&bytes);
            }
            sink(happening);
        }
    }
}
