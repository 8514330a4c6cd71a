use super::*;
use crate::{
    Command as Any, Decided, RefusalCode, State, decide as decide_any,
    testing::{
        apply, context, early, fold, machine, opened,
        plans::{a_proposal, a_reserve},
    },
};

fn propose(number: u8) -> Any {
    Any::Plan(Command::Propose { proposal: a_proposal(number) })
}
fn approve(plan: EventRef) -> Any {
    Any::Plan(Command::Approve { plan })
}
fn adopt(plan: EventRef) -> Any {
    Any::Plan(Command::Adopt { plan })
}
fn withdraw(plan: EventRef) -> Any {
    Any::Plan(Command::Withdraw { plan, reason: "new data".to_owned() })
}

/// A plan that desk 1 proposed and desk 2 approved.
fn approved(state: &mut State, number: u8) -> EventRef {
    let plan = machine::must(state, 1, 20, &propose(number));
    machine::must(state, 2, 20, &approve(plan));
    plan
}

fn find(state: &State, number: u8) -> Option<EventRef> {
    let manifest = a_proposal(number).manifest;
    state
        .plans
        .all()
        .find(|(_, plan, _)| plan.proposed.as_ref().is_some_and(|(p, _)| p.manifest == manifest))
        .map(|(at, ..)| at)
}

#[test]
fn the_diagram_shows_what_the_code_does() {
    let offers = |state: &State| {
        let mut another = machine::offer("adopt another", 3, adopt(find(state, 2).unwrap()));
        another.about_another = true;
        let Some(plan) = find(state, 1) else {
            return vec![another, machine::offer("propose", 1, propose(1))];
        };
        let reject = Command::Reject { plan, reason: "too thin".to_owned() };
        vec![
            another,
            machine::offer("approve", 2, approve(plan)),
            machine::offer("reject", 2, Any::Plan(reject)),
            machine::offer("adopt", 3, adopt(plan)),
            machine::offer("withdraw", 3, withdraw(plan)),
        ]
    };
    let phase = |state: &State, _| {
        format!("{:?}", find(state, 1).map_or(Phase::Unknown, |plan| state.plans.phase(plan)))
    };
    let mut start = opened();
    approved(&mut start, 2);
    machine::assert_drawn(Noun::Plan, &[machine::Machine { start, offers, phase }]);
}

#[test]
fn the_proposer_does_not_approve() {
    let mut state = opened();
    let plan = machine::must(&mut state, 1, 20, &propose(1));
    let own = apply(&mut state, &context(1, "PEC", early()), 1, &approve(plan));
    assert_eq!(own.unwrap_err().code, RefusalCode::SamePersonTwice);
    let early_adoption = apply(&mut state, &context(2, "PEC", early()), 1, &adopt(plan));
    assert_eq!(early_adoption.unwrap_err().code, RefusalCode::PlanNotApproved);
}

#[test]
fn adopting_another_plan_supersedes_the_first() {
    let mut state = opened();
    let (first, second) = (approved(&mut state, 1), approved(&mut state, 2));
    let slot = a_proposal(1).slot();
    machine::must(&mut state, 3, 20, &adopt(first));
    assert_eq!(state.plans.adopted(&slot).unwrap().plan, first);
    machine::must(&mut state, 3, 20, &adopt(second));
    assert_eq!(state.plans.adopted(&slot).unwrap().plan, second);
    assert_eq!(state.plans.phase(first), Phase::Superseded);
    machine::must(&mut state, 3, 20, &withdraw(second));
    assert_eq!(state.plans.adopted(&slot), None, "a withdrawn plan is not in force");
    assert_eq!(state.conflicts(), Vec::new());
}

fn adopted_apart(state: &mut State, first: EventRef, second: EventRef) {
    let who = context(3, "PEC", early());
    let here: Vec<Decided> = decide_any(state, &who, &adopt(first)).unwrap();
    let there = decide_any(state, &who, &adopt(second)).unwrap();
    fold(state, &who, 1, here);
    fold(state, &who, 2, there);
}

#[test]
fn two_plans_adopted_apart_are_a_conflict_and_neither_is_in_force() {
    let mut state = opened();
    let (first, second) = (approved(&mut state, 1), approved(&mut state, 2));
    adopted_apart(&mut state, first, second);
    let slot = a_proposal(1).slot();
    assert_eq!(state.plans.adopted(&slot), None);
    assert_eq!(state.plans.phase(first), Phase::Disputed);
    assert_eq!(state.plans.phase(second), Phase::Disputed);
    let conflicts = state.conflicts();
    assert_eq!(conflicts.len(), 1);
    assert_eq!(conflicts[0].sides.len(), 2);
    assert!(conflicts[0].sides.iter().all(|side| side.mark.attested_by_node));
}

#[test]
fn adopting_one_of_two_again_settles_the_conflict() {
    let mut state = opened();
    let (first, second) = (approved(&mut state, 1), approved(&mut state, 2));
    adopted_apart(&mut state, first, second);
    machine::must(&mut state, 3, 20, &adopt(second));
    assert_eq!(state.plans.adopted(&a_proposal(1).slot()).unwrap().plan, second);
    assert_eq!(state.plans.phase(first), Phase::Superseded);
    assert_eq!(state.conflicts(), Vec::new());
}

#[test]
fn withdrawing_one_of_two_settles_the_conflict_too() {
    let mut state = opened();
    let (first, second) = (approved(&mut state, 1), approved(&mut state, 2));
    adopted_apart(&mut state, first, second);
    machine::must(&mut state, 3, 20, &withdraw(first));
    assert_eq!(state.plans.adopted(&a_proposal(1).slot()).unwrap().plan, second);
    assert_eq!(state.conflicts(), Vec::new());
}

#[test]
fn one_plan_adopted_on_two_nodes_is_no_conflict() {
    let mut state = opened();
    let plan = approved(&mut state, 1);
    adopted_apart(&mut state, plan, plan);
    assert_eq!(state.plans.phase(plan), Phase::Adopted);
    assert_eq!(state.conflicts(), Vec::new());
}

#[test]
fn a_repeated_poll_has_a_plan_of_its_own() {
    let mut state = opened();
    let first = approved(&mut state, 1);
    machine::must(&mut state, 3, 20, &adopt(first));
    let mut proposal = a_proposal(2);
    proposal.poll_date = proposal.poll_date.plus_days(11);
    let slot = proposal.slot();
    let second = machine::must(&mut state, 1, 20, &Any::Plan(Command::Propose { proposal }));
    machine::must(&mut state, 2, 20, &approve(second));
    machine::must(&mut state, 3, 20, &adopt(second));
    assert_eq!(state.plans.adopted(&slot).unwrap().plan, second);
    assert_eq!(state.plans.phase(first), Phase::Adopted);
    assert_eq!(state.plans.slots().count(), 2);
}

#[test]
fn a_living_plan_is_not_proposed_twice() {
    let mut state = opened();
    let plan = machine::must(&mut state, 1, 20, &propose(1));
    let who = context(1, "DRO", early());
    assert_eq!(apply(&mut state, &who, 1, &propose(1)).unwrap(), Vec::new());
    machine::must(&mut state, 3, 20, &withdraw(plan));
    assert_eq!(apply(&mut state, &who, 1, &propose(1)).unwrap().len(), 1);
}

fn propose_reserve(number: u8) -> Any {
    let (proposal, reserve) = a_reserve(number);
    Any::Plan(Command::ProposeReserve { proposal, reserve: Box::new(reserve) })
}

fn approved_reserve(state: &mut State, number: u8) -> EventRef {
    let plan = machine::must(state, 1, 20, &propose_reserve(number));
    machine::must(state, 2, 20, &approve(plan));
    plan
}

#[test]
fn reserves_take_force_by_another_person_beside_the_deployment_of_the_same_day() {
    let mut state = opened();
    let deployment = approved(&mut state, 1);
    machine::must(&mut state, 3, 20, &adopt(deployment));
    let plan = machine::must(&mut state, 1, 20, &propose_reserve(1));
    let own = apply(&mut state, &context(1, "PEC", early()), 1, &approve(plan));
    assert_eq!(own.unwrap_err().code, RefusalCode::SamePersonTwice);
    let alone = apply(&mut state, &context(1, "PEC", early()), 1, &adopt(plan));
    assert_eq!(alone.unwrap_err().code, RefusalCode::PlanNotApproved);
    machine::must(&mut state, 2, 20, &approve(plan));
    let (proposal, reserve) = a_reserve(1);
    let slot = proposal.slot();
    assert_eq!(state.plans.reserve(&slot), None, "approved is not yet in force");
    machine::must(&mut state, 3, 20, &adopt(plan));
    let (adoption, held) = state.plans.reserve(&slot).unwrap();
    assert_eq!((adoption.plan, held), (plan, &reserve));
    assert_eq!(state.plans.adopted(&slot).unwrap().plan, deployment);
    let second = approved_reserve(&mut state, 2);
    machine::must(&mut state, 3, 20, &adopt(second));
    assert_eq!(state.plans.phase(plan), Phase::Superseded);
    assert_eq!(state.plans.phase(deployment), Phase::Adopted);
    machine::must(&mut state, 3, 20, &withdraw(second));
    assert_eq!(state.plans.reserve(&slot), None);
    assert_eq!(state.conflicts(), Vec::new());
}

#[test]
fn two_reserves_adopted_apart_are_a_conflict_until_one_is_adopted_again() {
    let mut state = opened();
    let (first, second) = (approved_reserve(&mut state, 1), approved_reserve(&mut state, 2));
    adopted_apart(&mut state, first, second);
    let slot = a_reserve(1).0.slot();
    assert_eq!(state.plans.reserve(&slot), None);
    assert_eq!(state.plans.phase(first), Phase::Disputed);
    assert_eq!(state.conflicts().len(), 1);
    machine::must(&mut state, 3, 20, &adopt(first));
    assert_eq!(state.plans.reserve(&slot).unwrap().0.plan, first);
    assert_eq!(state.conflicts(), Vec::new());
}

#[test]
fn what_a_plan_of_reserves_says_must_hold_together() {
    type Bend = fn(&mut Proposal, &mut Reserve);
    let table: [(&str, Bend); 10] = [
        ("no base", |_, reserve| reserve.bases.clear()),
        ("a base twice", |_, reserve| {
            let again = reserve.bases.last().unwrap().clone();
            reserve.bases.push(again);
        }),
        ("out of order", |_, reserve| reserve.bases.reverse()),
        ("a base without a team", |_, reserve| reserve.bases[0].teams = 0),
        ("a target of no time", |_, reserve| reserve.terms.target_s[2][0] = 0),
        ("a guarantee of two days", |_, reserve| reserve.terms.guarantee_s[0] = 172_800),
        ("more reached than there are", |_, reserve| reserve.reach[1].reached = 21),
        ("twice without once", |_, reserve| reserve.reach[0].twice = 19),
        ("roads without a map", |_, reserve| reserve.by_road = 1),
        ("worth more than its bound", |proposal, _| proposal.summary.objective = 1_001),
    ];
    let mut state = opened();
    let who = context(1, "PEC", early());
    let mut ask = |proposal, reserve| {
        let command = Any::Plan(Command::ProposeReserve { proposal, reserve: Box::new(reserve) });
        apply(&mut state, &who, 1, &command).map(|made| made.len())
    };
    for (what, bend) in table {
        let (mut proposal, mut reserve) = a_reserve(1);
        bend(&mut proposal, &mut reserve);
        proposal.manifest = reserve.manifest();
        assert_eq!(
            ask(proposal, reserve).unwrap_err().code,
            RefusalCode::BasingMalformed,
            "{what}"
        );
    }
    let (mut proposal, reserve) = a_reserve(1);
    proposal.manifest = a_reserve(2).0.manifest;
    assert_eq!(ask(proposal, reserve).unwrap_err().code, RefusalCode::BasingMalformed, "a hash");
    let (proposal, reserve) = a_reserve(1);
    assert_eq!(ask(proposal, reserve), Ok(1));
}
