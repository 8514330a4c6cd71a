//! A deployment plan on its way from proposal to adoption: proposed by one person, approved by another, adopted.
//! One plan is adopted for an area and a day of poll; adopting another replaces it, adopting two apart is a
//! conflict. A plan of reserves goes the same way, beside it and for the same area and day.

mod decide;
mod reserve;

pub(crate) use decide::decide;
pub use reserve::{BASES_MAX, Base, Reach, Reserve, Terms};

use crate::{
    conflict::{self, Conflict, Describe, Noun},
    content::Piece,
    register::{Head, Reading, Register},
    stamp::{EventRef, Hash32, Mark, Stamped},
    state::State,
};
use minicbor::{Decode, Encode};
use pehra_domain::{AreaId, Date, PersonId};
use std::collections::{BTreeMap, BTreeSet};

/// What the certificate says, small enough to sign with the proposal.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Summary {
    /// SHA-256 of the canonical bytes of all inputs.
    #[n(0)]
    pub input_hash: Hash32,
    #[n(1)]
    pub seed: u64,
    #[n(2)]
    pub engine: String,
    #[n(3)]
    pub objective: i64,
    #[n(4)]
    pub dual_bound: i64,
    /// Posts that are due, and posts that are filled; of reserves, stations that vote and stations reached in time.
    #[n(5)]
    pub posts_due: u64,
    #[n(6)]
    pub posts_filled: u64,
    /// How many rules were relaxed.
    #[n(7)]
    pub relaxed: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Proposal {
    #[n(0)]
    pub area: AreaId,
    /// The day of the poll that the plan is for: a repeated poll has a plan of its own.
    #[n(1)]
    pub poll_date: Date,
    #[n(2)]
    pub name: String,
    /// The manifest of the plan's dataset.
    #[n(3)]
    pub manifest: Hash32,
    #[n(4)]
    pub summary: Summary,
    /// What changed and why, in the planner's words; may be empty.
    #[n(5)]
    pub note: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Propose {
        proposal: Proposal,
    },
    /// Where quick-reaction teams are kept; approved, adopted and withdrawn as any plan.
    ProposeReserve {
        proposal: Proposal,
        reserve: Box<Reserve>,
    },
    Approve {
        plan: EventRef,
    },
    Reject {
        plan: EventRef,
        reason: String,
    },
    Adopt {
        plan: EventRef,
    },
    Withdraw {
        plan: EventRef,
        reason: String,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Event {
    #[n(700)]
    Proposed(#[n(0)] Proposal),
    /// Names the proposer: the act is two persons'.
    #[n(701)]
    Approved {
        #[n(0)]
        plan: EventRef,
        #[n(1)]
        proposed_by: PersonId,
    },
    #[n(702)]
    Rejected {
        #[n(0)]
        plan: EventRef,
        #[n(1)]
        reason: String,
    },
    /// Carries the slot, so that it is understood whatever arrives first.
    #[n(703)]
    Adopted {
        #[n(0)]
        plan: EventRef,
        #[n(1)]
        slot: Slot,
        #[n(2)]
        manifest: Hash32,
        /// The entry in which another person approved it.
        #[n(3)]
        approved_in: EventRef,
    },
    #[n(704)]
    Withdrawn {
        #[n(0)]
        plan: EventRef,
        #[n(1)]
        reason: String,
    },
    #[n(705)]
    ReserveProposed {
        #[n(0)]
        proposal: Proposal,
        #[n(1)]
        reserve: Box<Reserve>,
    },
    /// As `Adopted`, in the slot of the reserves.
    #[n(706)]
    ReserveAdopted {
        #[n(0)]
        plan: EventRef,
        #[n(1)]
        slot: Slot,
        #[n(2)]
        manifest: Hash32,
        #[n(3)]
        approved_in: EventRef,
    },
}

/// For what a plan is adopted: one area, one day of poll.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Slot {
    #[n(0)]
    pub area: AreaId,
    #[n(1)]
    pub poll_date: Date,
}

impl Proposal {
    #[must_use]
    pub fn slot(&self) -> Slot {
        Slot { area: self.area.clone(), poll_date: self.poll_date }
    }

    fn pieces<'a>(&'a self, see: &mut dyn FnMut(Piece<'a>)) {
        see(Piece::Area(&self.area));
        see(Piece::Name(&self.name));
        see(Piece::Name(&self.summary.engine));
        see(Piece::Optional(&self.note));
    }
}

impl Command {
    pub(crate) fn area<'a>(&'a self, state: &'a State) -> Option<&'a AreaId> {
        match self {
            Self::Propose { proposal } | Self::ProposeReserve { proposal, .. } => {
                Some(&proposal.area)
            }
            Self::Approve { plan }
            | Self::Reject { plan, .. }
            | Self::Adopt { plan }
            | Self::Withdraw { plan, .. } => {
                state.plans.get(*plan).map(|(_, proposal, _)| &proposal.area)
            }
        }
    }
}

impl Event {
    pub(crate) fn pieces<'a>(&'a self, see: &mut dyn FnMut(Piece<'a>)) {
        match self {
            Self::Proposed(proposal) => proposal.pieces(see),
            Self::ReserveProposed { proposal, reserve } => {
                proposal.pieces(see);
                for base in &reserve.bases {
                    see(Piece::unit(&base.unit));
                }
            }
            Self::Approved { proposed_by, .. } => see(Piece::person(proposed_by)),
            Self::Rejected { reason, .. } | Self::Withdrawn { reason, .. } => {
                see(Piece::Required(reason));
            }
            Self::Adopted { slot, .. } | Self::ReserveAdopted { slot, .. } => {
                see(Piece::Area(&slot.area));
            }
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Step {
    #[n(0)]
    Proposed,
    #[n(1)]
    Approved,
    #[n(2)]
    Rejected,
    #[n(3)]
    Adopted,
    #[n(4)]
    Withdrawn,
}

impl Describe for Step {
    fn word(&self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Adopted => "adopted",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// The plan that holds a slot.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Adoption {
    #[n(0)]
    pub plan: EventRef,
    #[n(1)]
    pub manifest: Hash32,
}

impl Describe for Adoption {
    fn word(&self) -> &'static str {
        "adopted"
    }
    fn detail(&self) -> String {
        self.manifest.to_string()
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Plan {
    /// None as long as only answers have arrived.
    #[n(0)]
    pub proposed: Option<(Proposal, Mark)>,
    #[n(1)]
    pub step: Register<Step>,
    /// Every entry that ever approved it.
    #[n(2)]
    pub approvals: BTreeSet<EventRef>,
    /// Of a plan of reserves, what it says.
    #[n(3)]
    pub reserve: Option<Reserve>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Plans {
    #[n(0)]
    plans: BTreeMap<EventRef, Plan>,
    #[n(1)]
    adoptions: BTreeMap<Slot, Register<Adoption>>,
    #[n(2)]
    #[cbor(default)]
    reserves: BTreeMap<Slot, Register<Adoption>>,
}

/// Where a plan stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    Unknown,
    Proposed,
    Approved,
    Rejected,
    Adopted,
    /// Adopted, and then another one in its place.
    Superseded,
    Withdrawn,
    Disputed,
}

impl Plans {
    #[must_use]
    pub fn phase(&self, plan: EventRef) -> Phase {
        let Some(found) = self.plans.get(&plan) else { return Phase::Unknown };
        match found.step.reading() {
            Reading::Empty => Phase::Unknown,
            Reading::Disputed => Phase::Disputed,
            Reading::Agreed(Step::Proposed) => Phase::Proposed,
            Reading::Agreed(Step::Approved) => Phase::Approved,
            Reading::Agreed(Step::Rejected) => Phase::Rejected,
            Reading::Agreed(Step::Withdrawn) => Phase::Withdrawn,
            Reading::Agreed(Step::Adopted) => self.phase_of_adopted(plan),
        }
    }

    fn phase_of_adopted(&self, plan: EventRef) -> Phase {
        let slots = self.adoptions.values().chain(self.reserves.values());
        let mut holds =
            slots.filter(|register| register.heads().any(|(_, head)| head.value.plan == plan));
        match holds.next() {
            None => Phase::Superseded,
            Some(register) if self.is_contested(register) => Phase::Disputed,
            Some(_) => Phase::Adopted,
        }
    }

    /// Two different plans hold the slot, and neither was withdrawn since.
    fn is_contested(&self, register: &Register<Adoption>) -> bool {
        let mut standing = self.standing(register).map(|adoption| &adoption.manifest);
        let Some(first) = standing.next() else { return false };
        standing.any(|other| other != first)
    }

    /// The adoptions in a slot whose plans still stand as adopted (or in dispute about it).
    fn standing<'a>(
        &'a self,
        register: &'a Register<Adoption>,
    ) -> impl Iterator<Item = &'a Adoption> {
        register.heads().map(|(_, head)| &head.value).filter(|adoption| {
            let step = self.plans.get(&adoption.plan).map(|plan| plan.step.reading());
            !matches!(
                step,
                Some(Reading::Agreed(
                    Step::Withdrawn | Step::Rejected | Step::Proposed | Step::Approved
                ))
            )
        })
    }

    /// Every plan with its phase, in the order of the entries' names.
    pub fn all(&self) -> impl Iterator<Item = (EventRef, &Plan, Phase)> {
        self.plans.iter().map(|(at, plan)| (*at, plan, self.phase(*at)))
    }

    #[must_use]
    pub fn get(&self, plan: EventRef) -> Option<(&Plan, &Proposal, &Mark)> {
        let found = self.plans.get(&plan)?;
        let (proposal, mark) = found.proposed.as_ref()?;
        Some((found, proposal, mark))
    }

    /// The plan in force for a slot; none while there is none or two.
    #[must_use]
    pub fn adopted(&self, slot: &Slot) -> Option<&Adoption> {
        self.in_force(self.adoptions.get(slot)?)
    }

    /// The plan of reserves in force for a slot; none while there is none or two.
    #[must_use]
    pub fn reserve(&self, slot: &Slot) -> Option<(&Adoption, &Reserve)> {
        let adoption = self.in_force(self.reserves.get(slot)?)?;
        Some((adoption, self.plans.get(&adoption.plan)?.reserve.as_ref()?))
    }

    /// Every plan of reserves in force, by its slot.
    pub fn reserves(&self) -> impl Iterator<Item = (&Slot, &Adoption, &Reserve)> {
        self.reserves.keys().filter_map(|slot| {
            let (adoption, reserve) = self.reserve(slot)?;
            Some((slot, adoption, reserve))
        })
    }

    fn in_force<'a>(&'a self, register: &'a Register<Adoption>) -> Option<&'a Adoption> {
        let adoption = self.standing(register).next()?;
        (self.phase(adoption.plan) == Phase::Adopted).then_some(adoption)
    }

    pub fn slots(&self) -> impl Iterator<Item = &Slot> {
        self.adoptions.keys()
    }

    fn slot_refs(&self, slot: &Slot, of_reserves: bool) -> Vec<EventRef> {
        let slots = if of_reserves { &self.reserves } else { &self.adoptions };
        slots.get(slot).map(Register::refs).unwrap_or_default()
    }

    pub(crate) fn evolve(&mut self, stamped: &Stamped, event: &Event) {
        let (plan, value, note) = match event {
            Event::Proposed(proposal) => {
                let found = self.plans.entry(stamped.at).or_default();
                found.proposed = Some((proposal.clone(), stamped.mark()));
                (stamped.at, Step::Proposed, proposal.note.clone())
            }
            Event::ReserveProposed { proposal, reserve } => {
                let found = self.plans.entry(stamped.at).or_default();
                found.proposed = Some((proposal.clone(), stamped.mark()));
                found.reserve = Some(Reserve::clone(reserve));
                (stamped.at, Step::Proposed, proposal.note.clone())
            }
            Event::Approved { plan, .. } => {
                self.plans.entry(*plan).or_default().approvals.insert(stamped.at);
                (*plan, Step::Approved, String::new())
            }
            Event::Rejected { plan, reason } => (*plan, Step::Rejected, reason.clone()),
            Event::Withdrawn { plan, reason } => (*plan, Step::Withdrawn, reason.clone()),
            Event::Adopted { plan, slot, manifest, .. }
            | Event::ReserveAdopted { plan, slot, manifest, .. } => {
                let value = Adoption { plan: *plan, manifest: *manifest };
                let head = Head { mark: stamped.mark(), value, note: String::new() };
                let of_reserves = matches!(event, Event::ReserveAdopted { .. });
                let slots = if of_reserves { &mut self.reserves } else { &mut self.adoptions };
                let register = slots.entry(slot.clone()).or_default();
                register.write(stamped.at, &stamped.supersedes, head);
                (*plan, Step::Adopted, String::new())
            }
        };
        let head = Head { mark: stamped.mark(), value, note };
        let found = self.plans.entry(plan).or_default();
        found.step.write(stamped.at, &stamped.supersedes, head);
    }

    pub(crate) fn conflicts(&self) -> Vec<Conflict> {
        let steps = self.plans.iter().filter_map(|(at, plan)| {
            let subject = match &plan.proposed {
                Some((proposal, _)) => format!("{} {}", proposal.area, proposal.name),
                None => at.to_string(),
            };
            conflict::of_register(Noun::Plan, subject, &plan.step)
        });
        let slots = self.adoptions.iter().chain(&self.reserves);
        let adoptions = slots.filter_map(|(slot, register)| {
            let subject = format!("{} {}", slot.area, slot.poll_date);
            let contested = self.is_contested(register);
            conflict::of_register(Noun::Plan, subject, register).filter(|_| contested)
        });
        steps.chain(adoptions).collect()
    }
}

/// What holds of a plan's numbers, whoever sent it.
pub(crate) fn check(event: &Event) -> Result<(), crate::refusal::Refusal> {
    match event {
        Event::ReserveProposed { proposal, reserve } => reserve::check(proposal, reserve),
        Event::Proposed(_)
        | Event::Approved { .. }
        | Event::Rejected { .. }
        | Event::Adopted { .. }
        | Event::Withdrawn { .. }
        | Event::ReserveAdopted { .. } => Ok(()),
    }
}

#[cfg(test)]
mod tests;
