//! What an event says about rights: its permission, its area, and the persons it names.

mod desk;

use super::Act;
use crate::{
    Event, campaign, check_in, community, custody, dataset, dispatch, election, finding, incident,
    intelligence, lock, official_class, order, parameter, permission as row, person,
    person::RoleScope,
    plan, poll,
    refusal::{Refusal, RefusalCode},
    report, risk_override,
    stamp::{EventRef, Mark},
    state::State,
    survey, suspension,
};
use desk::{
    incident_permission, intelligence_area, intelligence_permission, report_area, report_permission,
};
use pehra_domain::{AreaId, PersonId, UnixMs, role::Role};

impl Event {
    /// The row of the permission table that allows this event.
    #[must_use]
    pub fn permission(&self) -> &'static str {
        match self {
            Self::Election(election::Event::Opened(_) | election::Event::Settled { .. }) => {
                row::ELECTION_OPEN
            }
            Self::Person(event) => person_permission(event),
            Self::Dataset(
                dataset::Event::Committed { key, .. } | dataset::Event::Withdrawn { key, .. },
            ) => row::of_dataset(key.kind),
            Self::Parameter(parameter::Event::Set { .. } | parameter::Event::Cleared { .. }) => {
                row::PARAMETER_EDIT
            }
            Self::OfficialClass(official_class::Event::Proposed(_)) => row::CLASS_PROPOSE,
            Self::OfficialClass(
                official_class::Event::Approved { .. } | official_class::Event::Rejected { .. },
            ) => row::CLASS_APPROVE,
            Self::RiskOverride(risk_override::Event::Raised(_)) => row::OVERRIDE_RAISE,
            Self::RiskOverride(risk_override::Event::Withdrawn { .. }) => row::OVERRIDE_WITHDRAW,
            Self::Plan(plan::Event::Proposed(_) | plan::Event::ReserveProposed { .. }) => {
                row::PLAN_EDIT
            }
            Self::Plan(plan::Event::Approved { .. } | plan::Event::Rejected { .. }) => {
                row::PLAN_APPROVE
            }
            Self::Plan(plan::Event::Adopted { .. } | plan::Event::ReserveAdopted { .. }) => {
                row::PLAN_ADOPT
            }
            Self::Plan(plan::Event::Withdrawn { .. }) => row::PLAN_WITHDRAW,
            Self::Lock(
                lock::Event::Pinned { .. }
                | lock::Event::Excluded { .. }
                | lock::Event::Released { .. },
            ) => row::LOCK_SET,
            Self::Poll(
                poll::Event::Scheduled { .. }
                | poll::Event::Postponed { .. }
                | poll::Event::Adjourned { .. }
                | poll::Event::Held { .. },
            ) => row::POLL_RECORD,
            Self::Poll(poll::Event::Repeated { .. }) => row::POLL_REPEAT,
            Self::Survey(survey::Event::Recorded(_)) => row::SURVEY_RECORD,
            Self::CheckIn(check_in::Event::Sent(_)) => row::CHECKIN_SEND,
            Self::CheckIn(check_in::Event::Heard(_)) => row::CHECKIN_HEAR,
            Self::CheckIn(check_in::Event::Struck { .. }) => row::CHECKIN_STRIKE,
            Self::Incident(event) => incident_permission(event),
            Self::Suspension(suspension::Event::Countersigned { .. }) => {
                row::SUSPENSION_COUNTERSIGN
            }
            Self::Suspension(
                suspension::Event::Opened { .. }
                | suspension::Event::Stated { .. }
                | suspension::Event::Struck { .. },
            ) => row::SUSPENSION_RECORD,
            Self::Intelligence(event) => intelligence_permission(event),
            Self::Readiness(event) => event.permission(),
            Self::Patrol(event) => event.permission(),
            Self::Training(event) => event.permission(),
            Self::Alert(event) => event.permission(),
            Self::Finding(event) => event.permission(),
            Self::Campaign(event) => event.permission(),
            Self::Community(event) => event.permission(),
            Self::Order(event) => event.permission(),
            Self::Custody(event) => event.permission(),
            Self::Report(event) => report_permission(event),
            Self::Deletion(event) => event.permission(),
            Self::Equipment(event) => event.permission(),
            Self::Draw(event) => event.permission(),
            Self::Dispatch(event) => event.permission(),
        }
    }

    /// The area of the thing it acts on, where the event or the state says so; otherwise the header's counts.
    pub(crate) fn area<'a>(&'a self, state: &'a State) -> Option<&'a AreaId> {
        match self {
            Self::Election(_)
            | Self::Lock(_)
            | Self::Poll(_)
            | Self::CheckIn(_)
            | Self::Incident(_)
            | Self::Suspension(_) => None,
            Self::Custody(event) => {
                let first = event.answers().and_then(|first| state.custody.act(first));
                first.map(|act| &act.mark.area)
            }
            Self::Person(event) => person_area(event, state),
            Self::Equipment(event) => event.area(state),
            Self::Draw(event) => event.area(state),
            Self::Dispatch(event) => event.area(state),
            Self::Dataset(event) => Some(&event.key().area),
            Self::Parameter(event) => Some(&event.key().area),
            Self::OfficialClass(event) => match event {
                official_class::Event::Proposed(_) => None,
                official_class::Event::Approved { proposal, .. }
                | official_class::Event::Rejected { proposal, .. } => {
                    state.official_classes.get(*proposal).map(|(_, _, mark)| &mark.area)
                }
            },
            Self::RiskOverride(event) => match event {
                risk_override::Event::Raised(_) => None,
                risk_override::Event::Withdrawn { raised, .. } => {
                    state.risk_overrides.get(*raised).map(|(_, _, mark)| &mark.area)
                }
            },
            Self::Plan(event) => {
                match event {
                    plan::Event::Proposed(proposal)
                    | plan::Event::ReserveProposed { proposal, .. } => Some(&proposal.area),
                    plan::Event::Adopted { slot, .. }
                    | plan::Event::ReserveAdopted { slot, .. } => Some(&slot.area),
                    plan::Event::Approved { plan, .. }
                    | plan::Event::Rejected { plan, .. }
                    | plan::Event::Withdrawn { plan, .. } => {
                        state.plans.get(*plan).map(|(_, proposal, _)| &proposal.area)
                    }
                }
            }
            Self::Survey(survey::Event::Recorded(form)) => match &form.subject {
                pehra_domain::survey::SurveySubject::Building(_) => None,
                pehra_domain::survey::SurveySubject::District(area) => Some(area),
            },
            Self::Deletion(event) => event.area(state),
            Self::Intelligence(event) => intelligence_area(event, state),
            Self::Report(event) => report_area(event, state),
            Self::Readiness(event) => event.answers().and_then(|at| state.readiness.area_of(at)),
            Self::Patrol(event) => event.schedule().and_then(|at| state.patrols.area_of(at)),
            Self::Training(event) => event.area(state),
            Self::Alert(event) => event.draft().and_then(|at| state.alerts.area_of(at)),
            Self::Finding(event) => event.bound_to().and_then(|at| state.findings.area_of(at)),
            Self::Campaign(event) => event.bound_to().and_then(|at| state.campaigns.area_of(at)),
            Self::Community(event) => {
                event.committee().and_then(|at| state.communities.area_of(at))
            }
            Self::Order(event) => event.area(state),
        }
    }

    /// The roles of a first account; none for every other event.
    pub(crate) fn first_roles(&self) -> Option<&[RoleScope]> {
        if let Self::Person(person::Event::FirstAccount { roles, .. }) = self {
            Some(roles)
        } else {
            None
        }
    }

    /// The role that a grant gives; none for every other event.
    pub(crate) fn granted_role(&self) -> Option<&[RoleScope]> {
        if let Self::Person(person::Event::RoleGranted { scope, .. }) = self {
            Some(std::slice::from_ref(scope))
        } else {
            None
        }
    }

    /// The persons that a two-person act names must be two, and those who did act; what it refers to must be
    /// what it says.
    pub(crate) fn check_references(
        &self,
        state: &State,
        actor: &PersonId,
        at: UnixMs,
    ) -> Result<(), Refusal> {
        match self {
            Self::Person(event) => person_references(event, state, actor),
            Self::OfficialClass(event) => class_references(event, state, actor, at),
            Self::RiskOverride(event) => match event {
                risk_override::Event::Withdrawn { raised, raised_by, .. } => {
                    let found = state.risk_overrides.get(*raised);
                    two_who_acted(actor, raised_by, found.map(|(_, _, mark)| &mark.person))
                }
                risk_override::Event::Raised(_) => Ok(()),
            },
            Self::Plan(event) => plan_references(event, state, actor),
            Self::Custody(event) => custody_references(event, state, actor),
            Self::Deletion(event) => {
                event.check_references(state, at, |named, acted| two_who_acted(actor, named, acted))
            }
            Self::Intelligence(event) => intelligence::check_references(state, event, actor, at),
            Self::Order(event) => order::check_charge(state, event),
            Self::Equipment(event) => {
                event.check_references(state, |named, acted| two_who_acted(actor, named, acted))
            }
            Self::Report(event) => report::check_references(state, event),
            Self::Patrol(event) => event.check_references(state, at),
            Self::Training(event) => event.check_references(state, actor, at),
            Self::Alert(event) => event.check_references(state, actor, at),
            Self::Finding(event) => finding::check_references(state, event, |named, acted| {
                two_who_acted(actor, named, acted)
            }),
            Self::Campaign(event) => campaign::check_references(state, event, |named, acted| {
                two_who_acted(actor, named, acted)
            }),
            Self::Community(event) => community::check_references(state, event, |named, acted| {
                two_who_acted(actor, named, acted)
            }),
            Self::Draw(event) => event
                .check_references(state, actor, |named, acted| two_who_acted(actor, named, acted)),
            Self::Dispatch(event) => dispatch::check_references(state, event, |named, acted| {
                two_who_acted(actor, named, acted)
            }),
            Self::Election(_)
            | Self::Dataset(_)
            | Self::Parameter(_)
            | Self::Lock(_)
            | Self::Poll(_)
            | Self::Survey(_)
            | Self::Readiness(_)
            | Self::CheckIn(_)
            | Self::Incident(_)
            | Self::Suspension(_) => Ok(()),
        }
    }

    /// Whether the role is the one whose word this is: a check-in in one's own name, an answer for one's own level.
    pub(crate) fn check_role(&self, role: &Role) -> Result<(), Refusal> {
        match self {
            Self::CheckIn(check_in::Event::Sent(items)) => {
                match items.iter().find(|item| !item.code.sender().is(role.as_str())) {
                    Some(item) => Err(Refusal::of(RefusalCode::SenderDiffers, item.code.name())),
                    None => Ok(()),
                }
            }
            Self::Incident(incident::Event::Acknowledged { by, .. }) => {
                if incident::Level::of_role(role.as_str()) == Some(*by) {
                    Ok(())
                } else {
                    Err(Refusal::of(RefusalCode::LevelDiffers, by.name()))
                }
            }
            Self::Custody(event) => event.check_role(role),
            Self::Report(event) => report::check_role(event, role),
            Self::Draw(_)
            | Self::Alert(_)
            | Self::CheckIn(_)
            | Self::Incident(_)
            | Self::Suspension(_)
            | Self::Intelligence(_)
            | Self::Equipment(_)
            | Self::Dispatch(_)
            | Self::Election(_)
            | Self::Person(_)
            | Self::Dataset(_)
            | Self::Parameter(_)
            | Self::OfficialClass(_)
            | Self::RiskOverride(_)
            | Self::Plan(_)
            | Self::Lock(_)
            | Self::Poll(_)
            | Self::Survey(_)
            | Self::Deletion(_)
            | Self::Readiness(_)
            | Self::Patrol(_)
            | Self::Training(_)
            | Self::Finding(_)
            | Self::Campaign(_)
            | Self::Community(_)
            | Self::Order(_) => Ok(()),
        }
    }

    /// The first person's act that this one approves as the second.
    #[must_use]
    pub fn approves(&self) -> Option<EventRef> {
        match self {
            Self::Person(person::Event::RoleApproved { grant, .. }) => Some(*grant),
            Self::OfficialClass(official_class::Event::Approved { proposal, .. }) => {
                Some(*proposal)
            }
            Self::Plan(plan::Event::Approved { plan, .. }) => Some(*plan),
            Self::Custody(event) => event.approves(),
            Self::Deletion(event) => event.approves(),
            Self::Equipment(event) => event.approves().map(|(first, _)| first),
            Self::Draw(event) => event.approves(),
            Self::Dispatch(event) => event.approves(),
            Self::Alert(event) => event.approves(),
            Self::Campaign(event) => event.approves(),
            Self::Person(_)
            | Self::OfficialClass(_)
            | Self::Plan(_)
            | Self::RiskOverride(_)
            | Self::Election(_)
            | Self::Dataset(_)
            | Self::Parameter(_)
            | Self::Lock(_)
            | Self::Poll(_)
            | Self::Survey(_)
            | Self::Readiness(_)
            | Self::Patrol(_)
            | Self::Training(_)
            | Self::Finding(_)
            | Self::Community(_)
            | Self::Order(_)
            | Self::CheckIn(_)
            | Self::Incident(_)
            | Self::Intelligence(_)
            | Self::Report(_)
            | Self::Suspension(_) => None,
        }
    }

    /// How the act that this one approves was signed.
    pub(crate) fn first_mark<'a>(&self, state: &'a State) -> Option<&'a Mark> {
        match self {
            Self::Person(event) => {
                let grant = state.persons.grants.get(&granted(event)?)?;
                Some(&grant.proposed.as_ref()?.by)
            }
            Self::OfficialClass(
                official_class::Event::Approved { proposal, .. }
                | official_class::Event::Rejected { proposal, .. },
            ) => state.official_classes.get(*proposal).map(|(_, _, mark)| mark),
            Self::Plan(plan::Event::Approved { plan, .. }) => {
                state.plans.get(*plan).map(|(_, _, mark)| mark)
            }
            Self::Custody(event) => {
                event.approves().and_then(|first| state.custody.act(first)).map(|act| &act.mark)
            }
            Self::Deletion(event) => event.first_mark(state),
            Self::Equipment(event) => event.first_mark(state),
            Self::Draw(event) => event.first_mark(state),
            Self::Dispatch(event) => event.first_mark(state),
            Self::Alert(event) => event.first_mark(state),
            Self::Campaign(event) => event.first_mark(state),
            Self::OfficialClass(_)
            | Self::Plan(_)
            | Self::RiskOverride(_)
            | Self::Election(_)
            | Self::Dataset(_)
            | Self::Parameter(_)
            | Self::Lock(_)
            | Self::Poll(_)
            | Self::Survey(_)
            | Self::Readiness(_)
            | Self::Patrol(_)
            | Self::Training(_)
            | Self::Finding(_)
            | Self::Community(_)
            | Self::Order(_)
            | Self::CheckIn(_)
            | Self::Incident(_)
            | Self::Intelligence(_)
            | Self::Report(_)
            | Self::Suspension(_) => None,
        }
    }

    /// Who took the first step about the same thing, with which permission.
    pub(crate) fn earlier_act<'a>(&self, state: &'a State) -> Option<Act<'a>> {
        let (person, permission) = match self {
            Self::Person(event) => {
                let grant = granted(event)?;
                let proposed = state.persons.grants.get(&grant)?.proposed.as_ref()?;
                (&proposed.by.person, row::ROLE_GRANT)
            }
            Self::OfficialClass(event) => match event {
                official_class::Event::Approved { proposal, .. }
                | official_class::Event::Rejected { proposal, .. } => {
                    let (_, _, mark) = state.official_classes.get(*proposal)?;
                    (&mark.person, row::CLASS_PROPOSE)
                }
                official_class::Event::Proposed(_) => return None,
            },
            Self::RiskOverride(event) => match event {
                risk_override::Event::Withdrawn { raised, .. } => {
                    let (_, _, mark) = state.risk_overrides.get(*raised)?;
                    (&mark.person, row::OVERRIDE_RAISE)
                }
                risk_override::Event::Raised(_) => return None,
            },
            Self::Plan(event) => match event {
                plan::Event::Approved { plan, .. }
                | plan::Event::Rejected { plan, .. }
                | plan::Event::Adopted { plan, .. }
                | plan::Event::ReserveAdopted { plan, .. }
                | plan::Event::Withdrawn { plan, .. } => {
                    let (_, _, mark) = state.plans.get(*plan)?;
                    (&mark.person, row::PLAN_EDIT)
                }
                plan::Event::Proposed(_) | plan::Event::ReserveProposed { .. } => return None,
            },
            Self::Custody(event) => {
                let (custody::Event::Received(custody::Receipt { offer, .. })
                | custody::Event::Declined { offer, .. }) = event
                else {
                    return None;
                };
                (&state.custody.act(*offer)?.mark.person, row::CUSTODY_SIGN_OUT)
            }
            Self::Deletion(event) => (&event.first_mark(state)?.person, row::PAYLOAD_DELETE),
            Self::Equipment(event) => return event.earlier_act(state),
            Self::Draw(event) => return event.earlier_act(state),
            Self::Dispatch(event) => return event.earlier_act(state),
            Self::Alert(event) => return event.earlier_act(state),
            Self::Finding(event) => (event.finisher(state)?, row::FINDING_ANSWER),
            Self::Campaign(event) => return event.earlier_act(state),
            Self::Community(event) => return event.earlier_act(state),
            Self::Election(_)
            | Self::Dataset(_)
            | Self::Parameter(_)
            | Self::Lock(_)
            | Self::Poll(_)
            | Self::Survey(_)
            | Self::Readiness(_)
            | Self::Patrol(_)
            | Self::Training(_)
            | Self::Order(_)
            | Self::CheckIn(_)
            | Self::Incident(_)
            | Self::Intelligence(_)
            | Self::Report(_)
            | Self::Suspension(_) => return None,
        };
        Some(Act { person, permission })
    }

    /// Everybody who took an earlier step about the same thing, as far as the act itself names them.
    pub(crate) fn earlier_acts<'a>(&self, state: &'a State) -> Vec<Act<'a>> {
        if let Self::Intelligence(event) = self {
            return intelligence::earlier_acts(state, event);
        }
        if let Self::Training(event) = self {
            return event.earlier_acts(state);
        }
        self.earlier_act(state).into_iter().collect()
    }
}

/// The grant that an answer is about.
fn granted(event: &person::Event) -> Option<EventRef> {
    match event {
        person::Event::RoleApproved { grant, .. }
        | person::Event::RoleRefused { grant, .. }
        | person::Event::RoleRevoked { grant, .. } => Some(*grant),
        person::Event::FirstAccount { .. }
        | person::Event::AccountOpened { .. }
        | person::Event::AccountClosed { .. }
        | person::Event::RoleGranted { .. } => None,
    }
}

fn person_references(
    event: &person::Event,
    state: &State,
    actor: &PersonId,
) -> Result<(), Refusal> {
    match event {
        person::Event::RoleGranted { person, .. } => two(actor, person),
        person::Event::RoleApproved { grant, granted_by } => {
            let found = state.persons.grants.get(grant).and_then(|g| g.proposed.as_ref());
            if let Some(proposed) = found {
                two(actor, &proposed.person)?;
            }
            two_who_acted(actor, granted_by, found.map(|proposed| &proposed.by.person))
        }
        person::Event::FirstAccount { .. }
        | person::Event::AccountOpened { .. }
        | person::Event::AccountClosed { .. }
        | person::Event::RoleRefused { .. }
        | person::Event::RoleRevoked { .. } => Ok(()),
    }
}

fn class_references(
    event: &official_class::Event,
    state: &State,
    actor: &PersonId,
    at: UnixMs,
) -> Result<(), Refusal> {
    match event {
        official_class::Event::Approved { proposal, proposed_by, second, poll_date } => {
            let late = poll_date.is_some_and(|date| official_class::late_for(date, at));
            official_class::check_persons(late, actor, proposed_by, second.as_ref())?;
            let found = state.official_classes.get(*proposal);
            two_who_acted(actor, proposed_by, found.map(|(_, _, mark)| &mark.person))
        }
        official_class::Event::Proposed(_) | official_class::Event::Rejected { .. } => Ok(()),
    }
}

fn plan_references(event: &plan::Event, state: &State, actor: &PersonId) -> Result<(), Refusal> {
    match event {
        plan::Event::Approved { plan, proposed_by } => {
            let found = state.plans.get(*plan);
            two_who_acted(actor, proposed_by, found.map(|(_, _, mark)| &mark.person))
        }
        plan::Event::Adopted { plan, slot, manifest, approved_in }
        | plan::Event::ReserveAdopted { plan, slot, manifest, approved_in } => {
            let (found, proposal, _) = state
                .plans
                .get(*plan)
                .ok_or_else(|| Refusal::of(RefusalCode::PlanUnknown, plan))?;
            if !found.approvals.contains(approved_in) {
                return Err(Refusal::of(RefusalCode::PlanNotApproved, plan));
            }
            let of_reserves = matches!(event, plan::Event::ReserveAdopted { .. });
            let differs = proposal.slot() != *slot || proposal.manifest != *manifest;
            if differs || found.reserve.is_some() != of_reserves {
                return Err(Refusal::of(RefusalCode::AreaMismatch, plan));
            }
            Ok(())
        }
        plan::Event::Proposed(_)
        | plan::Event::Rejected { .. }
        | plan::Event::Withdrawn { .. }
        | plan::Event::ReserveProposed { .. } => Ok(()),
    }
}

/// What an act of custody answers must be here and of its kind, and the second person another than the first.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "an act that answers none has nothing to look at"
)]
fn custody_references(
    event: &custody::Event,
    state: &State,
    actor: &PersonId,
) -> Result<(), Refusal> {
    use custody::Event as E;
    let Some(first) = event.answers() else { return Ok(()) };
    let not_known = || Refusal::of(RefusalCode::NotKnown, first);
    let act = state.custody.act(first).ok_or_else(not_known)?;
    let fits = match event {
        E::Received(receipt) => {
            matches!(&act.event, E::Offered(offer) if offer.step == receipt.step)
        }
        E::Declined { .. } | E::Recalled { .. } => matches!(act.event, E::Offered(_)),
        E::ReleaseApproved { .. } => matches!(act.event, E::ReleaseProposed(_)),
        E::Compared(second) => matches!(&act.event, E::Compared(it) if it.is_before(second)),
        _ => true,
    };
    if !fits {
        return Err(not_known());
    }
    match event {
        E::Recalled { .. } if act.mark.person != *actor => {
            Err(Refusal::of(RefusalCode::OfferNotYours, &act.mark.person))
        }
        E::Received(_) | E::ReleaseApproved { .. } | E::Compared(_) => two(actor, &act.mark.person),
        _ => Ok(()),
    }
}

/// Two persons, and the one who is named is the one who took the first step.
fn two_who_acted(
    actor: &PersonId,
    named: &PersonId,
    acted: Option<&PersonId>,
) -> Result<(), Refusal> {
    two(actor, named)?;
    match acted {
        Some(person) if person == named => Ok(()),
        Some(_) => Err(Refusal::of(RefusalCode::SecondPersonDiffers, named)),
        None => Err(Refusal::of(RefusalCode::NotKnown, named)),
    }
}

fn two(actor: &PersonId, other: &PersonId) -> Result<(), Refusal> {
    if actor == other { Err(Refusal::of(RefusalCode::SamePersonTwice, actor)) } else { Ok(()) }
}

fn person_permission(event: &person::Event) -> &'static str {
    match event {
        person::Event::FirstAccount { .. } => row::ACCOUNT_BOOTSTRAP,
        person::Event::AccountOpened { .. } | person::Event::AccountClosed { .. } => {
            row::ACCOUNT_MANAGE
        }
        person::Event::RoleGranted { .. } => row::ROLE_GRANT,
        person::Event::RoleApproved { .. } | person::Event::RoleRefused { .. } => row::ROLE_APPROVE,
        person::Event::RoleRevoked { .. } => row::ROLE_REVOKE,
    }
}

fn person_area<'a>(event: &'a person::Event, state: &'a State) -> Option<&'a AreaId> {
    match event {
        person::Event::FirstAccount { .. }
        | person::Event::AccountOpened { .. }
        | person::Event::AccountClosed { .. } => None,
        person::Event::RoleGranted { scope, .. } => Some(&scope.area),
        person::Event::RoleApproved { grant, .. }
        | person::Event::RoleRefused { grant, .. }
        | person::Event::RoleRevoked { grant, .. } => {
            let proposed = state.persons.grants.get(grant)?.proposed.as_ref()?;
            Some(&proposed.scope.area)
        }
    }
}
