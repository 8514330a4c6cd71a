//! Who may take a plan a step further.

use super::{Command, Event, Phase, Plan, Proposal};
use crate::{
    event,
    refusal::{Refusal, RefusalCode},
    stamp::{Context, Decided, EventRef, Mark},
    state::State,
};
use pehra_domain::AreaId;

pub(crate) fn decide(
    state: &State,
    context: &Context,
    command: &Command,
) -> Result<Vec<Decided>, Refusal> {
    match command {
        Command::Propose { proposal } => {
            propose(state, proposal, || Event::Proposed(proposal.clone()))
        }
        Command::ProposeReserve { proposal, reserve } => propose(state, proposal, || {
            let (proposal, reserve) = (proposal.clone(), reserve.clone());
            Event::ReserveProposed { proposal, reserve }
        }),
        Command::Approve { plan } => {
            let (found, proposal, mark) = known(state, *plan)?;
            match state.plans.phase(*plan) {
                Phase::Proposed => {}
                Phase::Approved | Phase::Adopted => return Ok(Vec::new()),
                Phase::Disputed => return Err(Refusal::of(RefusalCode::Disputed, plan)),
                Phase::Unknown | Phase::Rejected | Phase::Superseded | Phase::Withdrawn => {
                    return Err(Refusal::of(RefusalCode::PlanNotProposed, plan));
                }
            }
            if context.actor.person == mark.person {
                return Err(Refusal::of(RefusalCode::SamePersonTwice, &mark.person));
            }
            let event = Event::Approved { plan: *plan, proposed_by: mark.person.clone() };
            Ok(over(event, &proposal.area, &found.step.refs()))
        }
        Command::Reject { plan, reason } => {
            let (found, proposal, _) = known(state, *plan)?;
            if state.plans.phase(*plan) != Phase::Proposed {
                return Err(Refusal::of(RefusalCode::PlanNotProposed, plan));
            }
            let event = Event::Rejected { plan: *plan, reason: reason.clone() };
            Ok(over(event, &proposal.area, &found.step.refs()))
        }
        Command::Adopt { plan } => adopt(state, *plan),
        Command::Withdraw { plan, reason } => {
            let (found, proposal, _) = known(state, *plan)?;
            match state.plans.phase(*plan) {
                Phase::Proposed
                | Phase::Approved
                | Phase::Adopted
                | Phase::Superseded
                | Phase::Disputed => {}
                Phase::Unknown | Phase::Rejected | Phase::Withdrawn => {
                    return Err(Refusal::of(RefusalCode::PlanClosed, plan));
                }
            }
            let event = Event::Withdrawn { plan: *plan, reason: reason.clone() };
            Ok(over(event, &proposal.area, &found.step.refs()))
        }
    }
}

/// A plan once proposed and still alive is not proposed again.
fn propose(
    state: &State,
    proposal: &Proposal,
    event: impl FnOnce() -> Event,
) -> Result<Vec<Decided>, Refusal> {
    state.elections.nature()?;
    let alive = state.plans.all().any(|(_, plan, phase)| {
        let same = plan.proposed.as_ref().is_some_and(|(known, _)| {
            known.manifest == proposal.manifest && known.slot() == proposal.slot()
        });
        same && !matches!(phase, Phase::Rejected | Phase::Withdrawn)
    });
    if alive {
        return Ok(Vec::new());
    }
    Ok(over(event(), &proposal.area, &[]))
}

/// Adopts an approved plan; adopting again one of two that were adopted apart settles the conflict.
fn adopt(state: &State, plan: EventRef) -> Result<Vec<Decided>, Refusal> {
    let (found, proposal, _) = known(state, plan)?;
    let was_adopted = found.step.agreed() == Some(&super::Step::Adopted);
    match state.plans.phase(plan) {
        Phase::Approved | Phase::Superseded => {}
        Phase::Disputed if was_adopted => {}
        Phase::Adopted => return Ok(Vec::new()),
        Phase::Disputed => return Err(Refusal::of(RefusalCode::Disputed, plan)),
        Phase::Unknown | Phase::Proposed => {
            return Err(Refusal::of(RefusalCode::PlanNotApproved, plan));
        }
        Phase::Rejected | Phase::Withdrawn => {
            return Err(Refusal::of(RefusalCode::PlanClosed, plan));
        }
    }
    let slot = proposal.slot();
    let mut refs = found.step.refs();
    refs.extend(state.plans.slot_refs(&slot, found.reserve.is_some()));
    refs.sort_unstable();
    refs.dedup();
    let approved_in =
        *found.approvals.first().ok_or_else(|| Refusal::of(RefusalCode::PlanNotApproved, plan))?;
    let manifest = proposal.manifest;
    let event = if found.reserve.is_some() {
        Event::ReserveAdopted { plan, slot, manifest, approved_in }
    } else {
        Event::Adopted { plan, slot, manifest, approved_in }
    };
    Ok(over(event, &proposal.area, &refs))
}

fn known(state: &State, plan: EventRef) -> Result<(&Plan, &Proposal, &Mark), Refusal> {
    state.plans.get(plan).ok_or_else(|| Refusal::of(RefusalCode::PlanUnknown, plan))
}

fn over(event: Event, area: &AreaId, refs: &[EventRef]) -> Vec<Decided> {
    Decided::over(&event::Event::Plan(event), area, refs)
}
