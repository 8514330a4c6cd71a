//! What of a basing is signed, and how plans of reserves stand on record.

use super::{Based, Standing};
use crate::{
    auth::hex,
    node::{Node, NodeError},
};
use pehra_ops::{
    Actor, Command, EventRef, Hash32,
    plan::{self as ops, Adoption, Base, Phase, Proposal, Reach, Reserve, Summary, Terms},
};
use pehra_plan::reserve::base::{Basis, ClassLine};

const ENGINE: &str = "cover-1";

/// A plan of reserves on record.
#[derive(Clone, Debug)]
pub struct Found {
    pub at: EventRef,
    pub phase: Phase,
    pub proposal: Proposal,
    pub reserve: Reserve,
    pub proposed_by: String,
    pub proposed_ms: i64,
}

/// By this people know a plan of reserves, signed or not.
#[must_use]
pub fn name_of(manifest: Hash32) -> String {
    format!("R-{}", hex(&manifest.0[..4]))
}

/// What is signed of open bases and what they reach.
#[must_use]
pub fn reserve_of(standing: &Standing) -> Reserve {
    let Standing { prepared, open, outlook, .. } = standing;
    let ground = &prepared.ground;
    let held = open.chunk_by(u32::eq).filter_map(|teams| {
        let unit = ground.units.get(*teams.first()? as usize)?.clone();
        Some(Base { unit, teams: u16::try_from(teams.len()).unwrap_or(u16::MAX) })
    });
    let mut bases: Vec<Base> = held.collect();
    bases.sort_by(|a, b| a.unit.cmp(&b.unit));
    let targets = &ground.targets;
    let reach = |line: &ClassLine| Reach {
        stations: line.places,
        reached: line.reached,
        twice: line.twice,
        guaranteed: line.guaranteed,
        worst_s: line.worst_s,
    };
    let known = |basis: Basis| {
        let nearest = outlook.nearest.iter().flatten();
        let count = nearest.filter(|nearest| nearest.basis == basis).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    };
    Reserve {
        bases,
        terms: Terms {
            target_s: targets.target_s,
            guarantee_s: targets.guarantee_s,
            weight: targets.weight,
            backup_percent: targets.backup_percent,
            guarantee_factor: targets.guarantee_factor,
        },
        reach: outlook.classes.each_ref().map(reach),
        by_road: known(Basis::Road),
        estimated: known(Basis::Estimated),
        roads: ground.roads().map(Hash32),
    }
}

/// Proposes a basing for approval by another person.
///
/// # Errors
/// [`NodeError`]: refused, or not signed yet.
pub fn propose(
    node: &Node,
    actor: &Actor,
    based: &Based,
    (label, note): (&str, &str),
) -> Result<Hash32, NodeError> {
    let reserve = reserve_of(&based.standing);
    let manifest = reserve.manifest();
    let sum = |of: fn(&Reach) -> u32| reserve.reach.iter().map(|it| u64::from(of(it))).sum();
    let label = label.trim();
    let proposal = Proposal {
        area: actor.area.clone(),
        poll_date: node.poll_date(),
        name: if label.is_empty() { name_of(manifest) } else { label.to_owned() },
        manifest,
        summary: Summary {
            input_hash: Hash32(based.standing.prepared.ground.input),
            seed: 0,
            engine: ENGINE.to_owned(),
            objective: based.objective,
            dual_bound: based.bound,
            posts_due: sum(|reach| reach.stations),
            posts_filled: sum(|reach| reach.reached),
            relaxed: 0,
        },
        note: note.trim().to_owned(),
    };
    let reserve = Box::new(reserve);
    node.execute(actor, Command::Plan(ops::Command::ProposeReserve { proposal, reserve }))?;
    Ok(manifest)
}

/// What a second person, and whoever puts it in force, does about a plan on record.
///
/// # Errors
/// As [`propose`].
pub fn step(node: &Node, actor: &Actor, command: ops::Command) -> Result<(), NodeError> {
    node.execute(actor, Command::Plan(command)).map(|_| ())
}

/// Every plan of reserves on record, the newest first.
#[must_use]
pub fn decided(node: &Node) -> Vec<Found> {
    let mut found: Vec<Found> = node.ops(|state| {
        let all = state.plans.all().filter_map(|(at, plan, phase)| {
            let (proposal, mark) = plan.proposed.as_ref()?;
            Some(Found {
                at,
                phase,
                proposal: proposal.clone(),
                reserve: plan.reserve.clone()?,
                proposed_by: mark.person.to_string(),
                proposed_ms: mark.clock_ms.0,
            })
        });
        all.collect()
    });
    found.sort_by_key(|found| std::cmp::Reverse((found.proposed_ms, found.at)));
    found
}

/// The plan of a name, or of its entry; of equal ones the newest.
#[must_use]
pub fn find(node: &Node, name: &str) -> Option<Found> {
    let named =
        |found: &Found| name_of(found.proposal.manifest) == name || found.at.to_string() == name;
    decided(node).into_iter().find(named)
}

/// The plan of reserves in force for the day of the general poll.
#[must_use]
pub fn in_force(node: &Node) -> Option<(Adoption, Reserve)> {
    let day = node.poll_date();
    node.ops(|state| {
        let mut held = state.plans.reserves().filter(|(slot, ..)| slot.poll_date == day);
        held.next().map(|(_, adoption, reserve)| (adoption.clone(), reserve.clone()))
    })
}
