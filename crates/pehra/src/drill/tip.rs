//! Words of services in the imagined day, as a desk of intelligence takes them: several services pass one root on, each
//! writes its own report, and by the skill of who is not there each is graded, weighed together with the others, and of
//! each root one warning is released and met.
//!
//! Whether anything happens is not in any word: the engine alone knows which root is true.

mod known;
mod word;

pub use known::{Known, Matter};
pub(in crate::drill) use word::SERVICES;

use super::{
    convert::{self, Entered},
    operator::{self, Skill},
};
use pehra_domain::UnixMs;
use pehra_drill::day::{Happening, Place, Plan, Second, Trouble, What};
use pehra_ops::intelligence::{Grade, Report};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// A matter that stands at this likelihood or above is met by an order, in ten-thousandths: one B2 alone is 583. Proposed.
pub const ORDER_FROM_E4: u32 = 500;
/// Where somebody else must act first, the desk looks again after so long.
const AGAIN_S: i32 = 600;
/// The sum is signed so long after a grade.
const SUM_S: i32 = 60;

/// What is done about a report, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// The service writes it down.
    Write,
    /// An analyst reads it and says why, and grades source and item.
    Grade,
    /// What all reports of the matter say together is signed.
    Assess,
    /// Another analyst writes what may go out.
    Sanitise,
    /// Somebody else again lets it out.
    Release,
    /// The control room charges the station house with meeting it.
    Order,
    /// The officer of the station house reads the order.
    Read,
    /// And says that it is done.
    Confirm,
}

impl Step {
    /// The role that takes it.
    #[must_use]
    pub fn role(self) -> &'static str {
        match self {
            Self::Write | Self::Grade | Self::Assess | Self::Sanitise => "INTEL-AN",
            Self::Release => "INTEL-MGR",
            Self::Order => "CTRL-D",
            Self::Read | Self::Confirm => "SHO",
        }
    }

    /// Whether whoever has a district's desk takes it.
    #[must_use]
    pub fn is_of_district(self) -> bool {
        matches!(self, Self::Order | Self::Read | Self::Confirm)
    }

    /// Median seconds that trained people take for it, from the step before. Proposed, not measured.
    fn median_s(self) -> f64 {
        match self {
            Self::Write | Self::Assess => 0.0,
            Self::Grade => 900.0,
            Self::Sanitise | Self::Release | Self::Order => 600.0,
            Self::Read => 300.0,
            Self::Confirm => 2_400.0,
        }
    }
}

/// A word that one service passes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tip {
    /// The day's number of the report.
    pub number: u32,
    pub root: u32,
    pub district: u32,
    pub trouble: Trouble,
    pub place: Place,
    pub from: Second,
    pub until: Second,
    /// Without its text, which is sealed when it is written.
    pub report: Report,
    pub text: String,
    /// What goes out of it: nothing of the source.
    pub warning: String,
    pub grade: Grade,
}

/// What is done about a word, at a moment of the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    pub tip: Arc<Tip>,
    pub step: Step,
    pub at: UnixMs,
}

/// Follows every word of a service.
#[derive(Clone, Debug)]
pub struct Tips {
    plan: Arc<Plan>,
    seed: u64,
    skill: Skill,
    due: BTreeMap<(Second, u64), (Arc<Tip>, Step)>,
    next: u64,
    /// How many services have passed a root on.
    said: BTreeMap<u32, u32>,
    /// Roots of which a step was left to people.
    left: BTreeSet<u32>,
}

impl Tips {
    #[must_use]
    pub fn new(plan: Arc<Plan>, seed: u64, skill: Skill) -> Self {
        let (due, said, left) = (BTreeMap::new(), BTreeMap::new(), BTreeSet::new());
        Self { plan, seed, skill, due, next: 0, said, left }
    }

    /// Counts for what is said from now on.
    pub fn set_skill(&mut self, skill: Skill) {
        self.skill = skill;
    }

    /// Takes up a word of a service; the word itself where the happening is one.
    pub fn note(&mut self, happening: &Happening) -> Option<Arc<Tip>> {
        let What::Intelligence { root, .. } = &happening.what else { return None };
        let before = self.said.entry(*root).or_default();
        let tip = Arc::new(word::tip(&self.plan, happening, *before)?);
        *before += 1;
        let is_first = *before == 1;
        let mut at = happening.at;
        self.plan(at, &tip, Step::Write);
        at = at.plus(self.delay_s(&tip, Step::Grade));
        self.plan(at, &tip, Step::Grade);
        self.plan(at.plus(SUM_S), &tip, Step::Assess);
        if is_first {
            use Step::{Confirm, Order, Read, Release, Sanitise};
            for step in [Sanitise, Release, Order, Read, Confirm] {
                at = at.plus(self.delay_s(&tip, step));
                self.plan(at, &tip, step);
            }
        }
        Some(tip)
    }

    /// Everything that falls due before a moment, in order. What `is_left` says people do is not done here; what follows
    /// from it waits until `is_ready`, and no longer than the word holds.
    pub fn take_until(
        &mut self,
        until: Second,
        is_left: &dyn Fn(&Tip, Step) -> bool,
        is_ready: &dyn Fn(&Deed) -> bool,
    ) -> Vec<Entered> {
        let later = self.due.split_off(&(until, 0));
        let now = std::mem::replace(&mut self.due, later);
        let mut all = Vec::with_capacity(now.len());
        for ((at, _), (tip, step)) in now {
            if step != Step::Write && is_left(&tip, step) {
                self.left.insert(tip.root);
                continue;
            }
            let deed = Deed { tip: Arc::clone(&tip), step, at: at.unix_ms(self.plan.day) };
            if step != Step::Write && self.left.contains(&tip.root) && !is_ready(&deed) {
                let again = at.max(until).plus(AGAIN_S);
                if again < tip.until {
                    self.plan(again, &tip, step);
                }
                continue;
            }
            let what = convert::Matter::Tip(Box::new(deed));
            all.push(Entered { district: tip.district, role: step.role(), what });
        }
        all
    }

    /// Acts that are still to be done.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.due.len()
    }

    fn plan(&mut self, at: Second, tip: &Arc<Tip>, step: Step) {
        self.due.insert((at, self.next), (Arc::clone(tip), step));
        self.next += 1;
    }

    fn delay_s(&self, tip: &Tip, step: Step) -> i32 {
        let part = u64::from(tip.number) * 16 + step as u64;
        let median = step.median_s() * self.skill.desk_times();
        operator::delay_s(self.seed ^ 0x7469_7073, part, median)
    }
}
