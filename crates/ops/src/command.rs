//! All commands, and the way from a command to events.

use crate::{
    alert,
    authorise::{self, Rules, Standing},
    campaign, check_in, community, content, custody, dataset, deletion, dispatch, draw, election,
    equipment, finding, incident, intelligence, lock, official_class, order, parameter, patrol,
    permission as row, person, plan, poll, readiness,
    refusal::Refusal,
    report, risk_override,
    stamp::{Context, Decided},
    state::State,
    survey, suspension, training,
};
use pehra_domain::AreaId;

/// What a person or a device asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Election(election::Command),
    Person(person::Command),
    Dataset(dataset::Command),
    Parameter(parameter::Command),
    OfficialClass(official_class::Command),
    RiskOverride(risk_override::Command),
    Plan(plan::Command),
    Lock(lock::Command),
    Poll(poll::Command),
    Survey(survey::Command),
    CheckIn(check_in::Command),
    Incident(incident::Command),
    Suspension(suspension::Command),
    Intelligence(intelligence::Command),
    Order(order::Command),
    Custody(custody::Command),
    Deletion(deletion::Command),
    Equipment(equipment::Command),
    Report(report::Command),
    Draw(draw::Command),
    Dispatch(dispatch::Command),
    Readiness(readiness::Command),
    Patrol(patrol::Command),
    Training(training::Command),
    Alert(alert::Command),
    Finding(finding::Command),
    Campaign(campaign::Command),
    Community(community::Command),
}

/// Decides by the state alone. No events: what is asked for is so already. Rights are not looked at; [`act`] does.
///
/// # Errors
/// [`Refusal`] with one code of the closed set.
pub fn decide(
    state: &State,
    context: &Context,
    command: &Command,
) -> Result<Vec<Decided>, Refusal> {
    let decided = match command {
        Command::Election(command) => election::decide(state, context, command),
        Command::Person(command) => person::decide(state, context, command),
        Command::Dataset(command) => dataset::decide(state, context, command),
        Command::Parameter(command) => parameter::decide(state, context, command),
        Command::OfficialClass(command) => official_class::decide(state, context, command),
        Command::RiskOverride(command) => risk_override::decide(state, context, command),
        Command::Plan(command) => plan::decide(state, context, command),
        Command::Lock(command) => lock::decide(state, context, command),
        Command::Poll(command) => poll::decide(state, context, command),
        Command::Survey(command) => survey::decide(state, context, command),
        Command::CheckIn(command) => check_in::decide(state, context, command),
        Command::Incident(command) => incident::decide(state, context, command),
        Command::Suspension(command) => suspension::decide(state, context, command),
        Command::Intelligence(command) => intelligence::decide(state, context, command),
        Command::Order(command) => order::decide(state, context, command),
        Command::Custody(command) => custody::decide(state, context, command),
        Command::Deletion(command) => deletion::decide(state, context, command),
        Command::Equipment(command) => equipment::decide(state, context, command),
        Command::Report(command) => report::decide(state, context, command),
        Command::Draw(command) => draw::decide(state, context, command),
        Command::Dispatch(command) => dispatch::decide(state, context, command),
        Command::Readiness(command) => readiness::decide(state, context, command),
        Command::Patrol(command) => patrol::decide(state, context, command),
        Command::Training(command) => training::decide(state, context, command),
        Command::Alert(command) => alert::decide(state, context, command),
        Command::Finding(command) => finding::decide(state, context, command),
        Command::Campaign(command) => campaign::decide(state, context, command),
        Command::Community(command) => community::decide(state, context, command),
    }?;
    for one in &decided {
        content::check(&one.event)?;
    }
    Ok(decided)
}

/// The whole local way to the ledger: rights, then the decision, then the rights of every event. What comes back
/// may be sealed and appended.
///
/// # Errors
/// [`Refusal`]; somebody without the right learns nothing about the state.
pub fn act(
    rules: &Rules,
    standing: &Standing,
    state: &State,
    context: &Context,
    command: &Command,
) -> Result<Vec<Decided>, Refusal> {
    authorise::command(rules, standing, state, context, command)?;
    let decided = decide(state, context, command)?;
    for one in &decided {
        authorise::local_event(rules, standing, state, context, one)?;
    }
    Ok(decided)
}

impl Command {
    /// The row of the permission table that allows this command.
    #[must_use]
    pub fn permission(&self) -> &'static str {
        match self {
            Self::Election(election::Command::Open { .. } | election::Command::Settle { .. }) => {
                row::ELECTION_OPEN
            }
            Self::Person(command) => person_permission(command),
            Self::Dataset(
                dataset::Command::Commit { key, .. } | dataset::Command::Withdraw { key, .. },
            ) => row::of_dataset(key.kind),
            Self::Parameter(parameter::Command::Set { .. } | parameter::Command::Clear { .. }) => {
                row::PARAMETER_EDIT
            }
            Self::OfficialClass(official_class::Command::Propose { .. }) => row::CLASS_PROPOSE,
            Self::OfficialClass(
                official_class::Command::Approve { .. } | official_class::Command::Reject { .. },
            ) => row::CLASS_APPROVE,
            Self::RiskOverride(risk_override::Command::Raise { .. }) => row::OVERRIDE_RAISE,
            Self::RiskOverride(risk_override::Command::Withdraw { .. }) => row::OVERRIDE_WITHDRAW,
            Self::Plan(plan::Command::Propose { .. } | plan::Command::ProposeReserve { .. }) => {
                row::PLAN_EDIT
            }
            Self::Plan(plan::Command::Approve { .. } | plan::Command::Reject { .. }) => {
                row::PLAN_APPROVE
            }
            Self::Plan(plan::Command::Adopt { .. }) => row::PLAN_ADOPT,
            Self::Plan(plan::Command::Withdraw { .. }) => row::PLAN_WITHDRAW,
            Self::Lock(
                lock::Command::Pin { .. }
                | lock::Command::Exclude { .. }
                | lock::Command::Release { .. },
            ) => row::LOCK_SET,
            Self::Poll(
                poll::Command::Schedule { .. }
                | poll::Command::Postpone { .. }
                | poll::Command::Adjourn { .. }
                | poll::Command::Hold { .. },
            ) => row::POLL_RECORD,
            Self::Poll(poll::Command::Repeat { .. }) => row::POLL_REPEAT,
            Self::Survey(survey::Command::Record { .. }) => row::SURVEY_RECORD,
            Self::CheckIn(check_in::Command::Send { .. }) => row::CHECKIN_SEND,
            Self::CheckIn(check_in::Command::Hear { .. }) => row::CHECKIN_HEAR,
            Self::CheckIn(check_in::Command::Strike { .. }) => row::CHECKIN_STRIKE,
            Self::Incident(command) => incident_permission(command),
            Self::Suspension(suspension::Command::Countersign { .. }) => {
                row::SUSPENSION_COUNTERSIGN
            }
            Self::Suspension(
                suspension::Command::Open { .. }
                | suspension::Command::State { .. }
                | suspension::Command::Strike { .. },
            ) => row::SUSPENSION_RECORD,
            Self::Intelligence(command) => intelligence_permission(command),
            Self::Readiness(command) => command.permission(),
            Self::Patrol(command) => command.permission(),
            Self::Training(command) => command.permission(),
            Self::Alert(command) => command.permission(),
            Self::Finding(command) => command.permission(),
            Self::Campaign(command) => command.permission(),
            Self::Community(command) => command.permission(),
            Self::Order(command) => command.permission(),
            Self::Custody(command) => command.permission(),
            Self::Report(command) => report_permission(command),
            Self::Deletion(command) => command.permission(),
            Self::Equipment(command) => command.permission(),
            Self::Draw(command) => command.permission(),
            Self::Dispatch(command) => command.permission(),
        }
    }

    /// The area in which the command acts; none when it refers to something that is not on record here.
    #[must_use]
    pub fn area<'a>(&'a self, state: &'a State) -> Option<&'a AreaId> {
        match self {
            Self::Election(
                election::Command::Open { area, .. } | election::Command::Settle { area, .. },
            )
            | Self::OfficialClass(official_class::Command::Propose { area, .. })
            | Self::RiskOverride(risk_override::Command::Raise { area, .. })
            | Self::Lock(
                lock::Command::Pin { area, .. }
                | lock::Command::Exclude { area, .. }
                | lock::Command::Release { area, .. },
            )
            | Self::Poll(
                poll::Command::Schedule { area, .. }
                | poll::Command::Postpone { area, .. }
                | poll::Command::Adjourn { area, .. }
                | poll::Command::Repeat { area, .. }
                | poll::Command::Hold { area, .. },
            )
            | Self::Survey(survey::Command::Record { area, .. })
            | Self::CheckIn(
                check_in::Command::Send { area, .. } | check_in::Command::Hear { area, .. },
            )
            | Self::Incident(
                incident::Command::Report { area, .. } | incident::Command::Act { area, .. },
            )
            | Self::Order(
                order::Command::Give { area, .. }
                | order::Command::Read { area, .. }
                | order::Command::Act { area, .. },
            ) => Some(area),
            Self::Suspension(command) => Some(command.key().0),
            Self::Custody(command) => command.area(state),
            Self::Intelligence(command) => intelligence_area(state, command),
            Self::Report(command) => report_area(state, command),
            Self::CheckIn(check_in::Command::Strike { entry, subject, .. }) => {
                state.check_ins.area_of(*entry, subject)
            }
            Self::Readiness(command) => command.area(state),
            Self::Patrol(command) => command.area(state),
            Self::Training(command) => command.area(state),
            Self::Alert(command) => command.area(state),
            Self::Finding(command) => command.area(state),
            Self::Campaign(command) => command.area(state),
            Self::Community(command) => command.area(state),
            Self::Order(order::Command::Withdraw { order, .. }) => {
                state.orders.get(*order).map(|(_, mark, _)| &mark.area)
            }
            Self::Deletion(command) => command.area(state),
            Self::Person(command) => person_area(state, command),
            Self::Equipment(command) => command.area(state),
            Self::Draw(command) => command.area(state),
            Self::Dispatch(command) => command.area(state),
            Self::Dataset(
                dataset::Command::Commit { key, .. } | dataset::Command::Withdraw { key, .. },
            ) => Some(&key.area),
            Self::Parameter(
                parameter::Command::Set { key, .. } | parameter::Command::Clear { key, .. },
            ) => Some(&key.area),
            Self::OfficialClass(
                official_class::Command::Approve { proposal, .. }
                | official_class::Command::Reject { proposal, .. },
            ) => state.official_classes.get(*proposal).map(|(_, _, mark)| &mark.area),
            Self::RiskOverride(risk_override::Command::Withdraw { raised, .. }) => {
                state.risk_overrides.get(*raised).map(|(_, _, mark)| &mark.area)
            }
            Self::Plan(command) => command.area(state),
        }
    }
}

fn incident_permission(command: &incident::Command) -> &'static str {
    use incident::Deed as D;
    let (on, deed) = match command {
        incident::Command::Report { .. } => return row::INCIDENT_REPORT,
        incident::Command::Act { on, deed, .. } => (on, deed),
    };
    if on.matter == incident::Matter::Complaint {
        return row::COMPLAINT_HANDLE;
    }
    match deed {
        D::Acknowledge { .. } => row::INCIDENT_ACKNOWLEDGE,
        D::Judge { .. } | D::CountToll { .. } => row::INCIDENT_VERIFY,
        D::Assign { .. } => row::INCIDENT_DISPATCH,
        D::Depart | D::Arrive | D::Contain => row::INCIDENT_PROGRESS,
        D::Close { .. } | D::Reopen => row::INCIDENT_CLOSE,
        D::Reclassify { .. } => row::INCIDENT_RECLASSIFY,
        D::Merge { .. } | D::Part => row::INCIDENT_MERGE,
        D::Bypass { .. } => row::INCIDENT_BYPASS,
        D::Tell { .. } => row::INCIDENT_METHANE,
    }
}

fn report_permission(command: &report::Command) -> &'static str {
    use report::Command as C;
    match command {
        C::Receive { .. } | C::LeaveContact { .. } => row::REPORT_RECEIVE,
        C::Act { deed: report::Deed::OpenContact { .. }, .. } => row::REPORTER_CONTACT,
        C::Act { on, .. } => row::of_report(on.matter),
        C::NameReader { .. } | C::EndReader { .. } => row::REPORT_READER,
    }
}

fn report_area<'a>(state: &'a State, command: &'a report::Command) -> Option<&'a AreaId> {
    use report::Command as C;
    match command {
        C::Receive { area, .. } | C::NameReader { area, .. } => Some(area),
        C::LeaveContact { on, .. } | C::Act { on, .. } => state.reports.area_of(*on),
        C::EndReader { reader } => state.reports.reader_mark(*reader).map(|mark| &mark.area),
    }
}

fn intelligence_permission(command: &intelligence::Command) -> &'static str {
    use intelligence::Command as C;
    match command {
        C::Write { .. } => row::INTEL_WRITE,
        C::Tie { .. } | C::Grade { .. } => row::INTEL_GRADE,
        C::Sanitise { .. } => row::INTEL_SANITISE,
        C::Release { .. } | C::Withdraw { .. } => row::INTEL_RELEASE,
        C::Open { .. } => row::INTEL_READ_FULL,
        C::FeedBack { .. } => row::INTEL_FEEDBACK,
        C::Assess { .. } => row::INTEL_ASSESS,
        C::Watch { .. } | C::Unwatch { .. } | C::Notice { .. } => row::INTEL_WATCH,
        C::Ask { .. } | C::CloseTask { .. } => row::INTEL_TASK,
        C::Admit { .. } | C::Exclude { .. } => row::INTEL_ADMIT,
    }
}

fn intelligence_area<'a>(
    state: &'a State,
    command: &'a intelligence::Command,
) -> Option<&'a AreaId> {
    use intelligence::Command as C;
    let desk = &state.intelligence;
    match command {
        C::Write { area, .. }
        | C::Assess { area, .. }
        | C::Watch { area, .. }
        | C::Unwatch { area, .. }
        | C::Notice { area, .. }
        | C::Ask { area, .. }
        | C::Admit { area, .. } => Some(area),
        C::Tie { report, .. }
        | C::Grade { report, .. }
        | C::Sanitise { report, .. }
        | C::Release { report, .. }
        | C::Withdraw { report, .. }
        | C::Open { report, .. }
        | C::FeedBack { report, .. } => Some(&desk.get(*report)?.written()?.1.area),
        C::CloseTask { task, .. } => Some(&desk.task(*task)?.asked()?.1.area),
        C::Exclude { admission, .. } => Some(&desk.admission(*admission)?.given()?.2.area),
    }
}

fn person_permission(command: &person::Command) -> &'static str {
    match command {
        person::Command::FirstAccount { .. } => row::ACCOUNT_BOOTSTRAP,
        person::Command::OpenAccount { .. } | person::Command::CloseAccount { .. } => {
            row::ACCOUNT_MANAGE
        }
        person::Command::GrantRole { .. } => row::ROLE_GRANT,
        person::Command::ApproveRole { .. } | person::Command::RefuseRole { .. } => {
            row::ROLE_APPROVE
        }
        person::Command::RevokeRole { .. } => row::ROLE_REVOKE,
    }
}

fn person_area<'a>(state: &'a State, command: &'a person::Command) -> Option<&'a AreaId> {
    match command {
        person::Command::FirstAccount { area, .. }
        | person::Command::OpenAccount { area, .. }
        | person::Command::CloseAccount { area, .. } => Some(area),
        person::Command::GrantRole { scope, .. } => Some(&scope.area),
        person::Command::ApproveRole { grant }
        | person::Command::RefuseRole { grant, .. }
        | person::Command::RevokeRole { grant, .. } => {
            let proposed = state.persons.grants.get(grant)?.proposed.as_ref()?;
            Some(&proposed.scope.area)
        }
    }
}
