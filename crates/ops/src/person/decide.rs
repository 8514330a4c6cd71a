//! Who may be given an account or a role.

use super::{Command, Event, FIRST_ACCOUNTS_MAX, Grant, GrantState, Persons, Phase, RoleScope};
use crate::{
    event,
    refusal::{Refusal, RefusalCode},
    register::Register,
    stamp::{Context, Decided, EventRef},
    state::State,
};
use pehra_domain::{AreaId, PersonId, UnixMs};

/// Roles end so many days after the poll at the latest (DOMAIN §3(j)).
const ROLE_DAYS_AFTER_POLL_MAX: i32 = 15;
/// Roles given after that, for the record of a poll that is over, end so many days later.
const ROLE_DAYS_FOR_RECORD: i64 = 90;

pub(crate) fn decide(
    state: &State,
    context: &Context,
    command: &Command,
) -> Result<Vec<Decided>, Refusal> {
    let persons = &state.persons;
    match command {
        Command::FirstAccount { area, person, display_name, roles } => {
            first_account(state, context, (area, person), display_name, roles)
        }
        Command::OpenAccount { area, person, display_name } => {
            if matches!(persons.phase(person), Phase::Open | Phase::Disputed) {
                return Err(Refusal::of(RefusalCode::AccountExists, person));
            }
            let (person, display_name) = (person.clone(), display_name.clone());
            let refs = account_refs(persons, &person);
            Ok(over(Event::AccountOpened { person, display_name }, area, &refs))
        }
        Command::CloseAccount { area, person, reason } => {
            if !matches!(persons.phase(person), Phase::Open | Phase::Disputed) {
                return Err(Refusal::of(RefusalCode::AccountNotOpen, person));
            }
            let (person, reason) = (person.clone(), reason.clone());
            let refs = account_refs(persons, &person);
            Ok(over(Event::AccountClosed { person, reason }, area, &refs))
        }
        Command::GrantRole { person, scope, reason } => {
            grant_role(state, context, person, scope, reason)
        }
        Command::ApproveRole { grant } => approve_role(persons, context, *grant),
        Command::RefuseRole { grant, reason } => {
            let (found, proposed) = known(persons, *grant)?;
            if found.state.agreed() != Some(&GrantState::Granted) {
                return Err(Refusal::of(RefusalCode::GrantNotPending, grant));
            }
            let event = Event::RoleRefused { grant: *grant, reason: reason.clone() };
            Ok(over(event, &proposed.scope.area, &found.state.refs()))
        }
        Command::RevokeRole { grant, reason } => {
            let (found, proposed) = known(persons, *grant)?;
            match found.state.agreed() {
                Some(GrantState::Refused | GrantState::Revoked) => {
                    return Err(Refusal::of(RefusalCode::GrantNotInForce, grant));
                }
                Some(GrantState::Granted | GrantState::Approved) | None => {}
            }
            let event = Event::RoleRevoked { grant: *grant, reason: reason.clone() };
            Ok(over(event, &proposed.scope.area, &found.state.refs()))
        }
    }
}

fn first_account(
    state: &State,
    context: &Context,
    (area, person): (&AreaId, &PersonId),
    display_name: &str,
    roles: &[RoleScope],
) -> Result<Vec<Decided>, Refusal> {
    if !state.persons.may_bootstrap() {
        return Err(Refusal::of(RefusalCode::AlreadyBootstrapped, FIRST_ACCOUNTS_MAX));
    }
    if state.persons.phase(person) != Phase::Unknown {
        return Err(Refusal::of(RefusalCode::AccountExists, person));
    }
    if roles.is_empty() {
        return Err(Refusal::of(RefusalCode::RoleUnknown, person));
    }
    for scope in roles {
        check_expiry(state, context, scope)?;
    }
    let event = Event::FirstAccount {
        person: person.clone(),
        display_name: display_name.to_owned(),
        roles: roles.to_vec(),
    };
    Ok(over(event, area, &[]))
}

fn grant_role(
    state: &State,
    context: &Context,
    person: &PersonId,
    scope: &RoleScope,
    reason: &str,
) -> Result<Vec<Decided>, Refusal> {
    if state.persons.phase(person) != Phase::Open {
        return Err(Refusal::of(RefusalCode::AccountNotOpen, person));
    }
    if context.actor.person == *person {
        return Err(Refusal::of(RefusalCode::SamePersonTwice, person));
    }
    check_expiry(state, context, scope)?;
    let event = Event::RoleGranted {
        person: person.clone(),
        scope: scope.clone(),
        reason: reason.to_owned(),
    };
    Ok(over(event, &scope.area, &[]))
}

fn approve_role(
    persons: &Persons,
    context: &Context,
    grant: EventRef,
) -> Result<Vec<Decided>, Refusal> {
    let (found, proposed) = known(persons, grant)?;
    match found.state.agreed() {
        Some(GrantState::Granted) => {}
        Some(GrantState::Approved) => return Ok(Vec::new()),
        Some(GrantState::Refused | GrantState::Revoked) => {
            return Err(Refusal::of(RefusalCode::GrantNotPending, grant));
        }
        None => return Err(Refusal::of(RefusalCode::Disputed, grant)),
    }
    let approver = &context.actor.person;
    if *approver == proposed.by.person || *approver == proposed.person {
        return Err(Refusal::of(RefusalCode::SamePersonTwice, approver));
    }
    if proposed.scope.expires <= context.at {
        return Err(Refusal::of(RefusalCode::ExpiryInPast, grant));
    }
    let event = Event::RoleApproved { grant, granted_by: proposed.by.person.clone() };
    Ok(over(event, &proposed.scope.area, &found.state.refs()))
}

fn check_expiry(state: &State, context: &Context, scope: &RoleScope) -> Result<(), Refusal> {
    if scope.expires <= context.at {
        return Err(Refusal::of(RefusalCode::ExpiryInPast, scope.role.as_str()));
    }
    if scope.expires > latest_expiry(state, context.at, scope.expires) {
        return Err(Refusal::of(RefusalCode::ExpiryTooLate, scope.role.as_str()));
    }
    Ok(())
}

/// The latest moment up to `wished` at which a role given at `at` may end. After the poll is over and its roles have
/// run out, a role for its record (replay, audit, a demo of a past poll) holds ninety days.
pub(super) fn latest_expiry(state: &State, at: UnixMs, wished: UnixMs) -> UnixMs {
    let Some(election) = state.elections.current() else { return wished };
    let latest = election.date.plus_days(ROLE_DAYS_AFTER_POLL_MAX + 1).midnight_pkt();
    if latest > at {
        return wished.min(latest);
    }
    let for_record = UnixMs(at.0.saturating_add(ROLE_DAYS_FOR_RECORD * 86_400_000));
    wished.min(for_record)
}

fn known(persons: &Persons, grant: EventRef) -> Result<(&Grant, &super::Proposed), Refusal> {
    let found = persons.grants.get(&grant);
    found
        .and_then(|found| Some((found, found.proposed.as_ref()?)))
        .ok_or_else(|| Refusal::of(RefusalCode::NotKnown, grant))
}

fn account_refs(persons: &Persons, person: &PersonId) -> Vec<EventRef> {
    persons.accounts.get(person).map(Register::refs).unwrap_or_default()
}

fn over(event: Event, area: &AreaId, refs: &[EventRef]) -> Vec<Decided> {
    Decided::over(&event::Event::Person(event), area, refs)
}
