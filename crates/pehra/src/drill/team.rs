//! What the teams of the imagined day do, as acts of their desk: by how the record stands when their turn comes. A desk calls a
//! team back before it sends it elsewhere, relieves a crew that is tired, and below the floor asks its chief.

use super::{
    deliver::{Act, Todo},
    operator::Deed as Operation,
};
use pehra_domain::{AreaId, UnitId, UnixMs, exercise::EXERCISE_MARK};
use pehra_drill::day::{Plan, plan::travel_s};
use pehra_ops::{
    Command, State,
    dispatch::{self, Answer, AskPhase, Basis, Deed, Duty, Goal, Kind, On, Phase, Record, Travel},
    incident,
};

/// From being told to leaving: proposed.
const READY_MINUTES: u16 = 2;
/// Crews are relieved so long before they may not be sent any more.
const RELIEF_MS: i64 = 3_600_000;

/// A team of the plan in one district, and what is done with it.
#[derive(Clone, Debug)]
pub struct TeamAct {
    pub team: u32,
    pub goal: Goal,
    pub deed: Operation,
    pub at: UnixMs,
}

/// A team's name in the room: its unit's, and which of the unit's teams it is.
#[must_use]
pub(super) fn name(plan: &Plan, team: u32) -> Option<UnitId> {
    let at = team as usize;
    let own = plan.teams.get(at)?;
    let others = plan.teams.get(..at)?.iter().rev().take_while(|it| it.unit == own.unit);
    UnitId::try_new(format!("{}-T{}", own.unit, others.count() + 1)).ok()
}

/// Its crew goes on duty as the day begins; none where it is out already.
pub(super) fn begin(
    plan: &Plan,
    state: &State,
    area: &AreaId,
    team: u32,
    at: UnixMs,
) -> Option<Act> {
    let duty = duty(plan, team, at)?;
    let phase = state.dispatch.get(area, &duty.unit).map_or(Phase::Unknown, Record::phase);
    phase.may_begin().then(|| put_on_duty(area, duty))
}

fn put_on_duty(area: &AreaId, duty: Duty) -> Act {
    let (area, at) = (area.clone(), duty.since);
    Act::desk(Command::Dispatch(dispatch::Command::PutOnDuty { area, at, duty }))
}

/// A team with its crew as it goes on duty.
fn duty(plan: &Plan, team: u32, since: UnixMs) -> Option<Duty> {
    let own = plan.teams.get(team as usize)?;
    Some(Duty {
        unit: name(plan, team)?,
        kind: Kind::QuickReaction,
        crew: u16::try_from(own.people.max(1)).unwrap_or(u16::MAX),
        base: own.unit.to_string(),
        point: own.point,
        vehicle: String::new(),
        ready_minutes: READY_MINUTES,
        since,
    })
}

/// The acts that a team's step needs as the record stands. The last of them may be the step itself again, when something has
/// to be done first.
pub(super) fn todo(plan: &Plan, state: &State, area: &AreaId, act: &TeamAct) -> Vec<Todo> {
    let Some(unit) = name(plan, act.team) else { return Vec::new() };
    let record = state.dispatch.get(area, &unit);
    let phase = record.map_or(Phase::Unknown, Record::phase);
    let does = |deed: Deed| by_desk(area, &unit, act.at, deed);
    let again = || Todo::Team(act.clone());
    let fresh = || Some(Todo::Act(put_on_duty(area, duty(plan, act.team, act.at)?)));
    let goal = state.incidents.get(&act.goal.key());
    let is_over = goal.is_some_and(|it| it.phase() == incident::Phase::Closed);
    let is_here = record.is_some_and(|it| it.goal() == Some(&act.goal));
    match act.deed {
        Operation::Depart if is_here && phase == Phase::Told => vec![does(Deed::Depart)],
        Operation::Arrive if is_here && matches!(phase, Phase::Told | Phase::OnTheWay) => {
            vec![does(Deed::Arrive)]
        }
        Operation::Back if is_here => vec![does(Deed::Release), again()],
        Operation::Back if phase == Phase::Returning => vec![does(Deed::Ready)],
        Operation::Assign if is_here || is_over => Vec::new(),
        Operation::Assign => match phase {
            Phase::Unknown | Phase::OffDuty => fresh().into_iter().chain([again()]).collect(),
            Phase::Told | Phase::OnTheWay | Phase::There | Phase::Contained => {
                vec![does(Deed::Release), again()]
            }
            Phase::Resting | Phase::OutOfService => vec![does(Deed::Ready), again()],
            Phase::Ready | Phase::Returning | Phase::Disputed => {
                let is_tired = record.is_none_or(|it| !it.is_rested(UnixMs(act.at.0 + RELIEF_MS)));
                match (is_tired, phase) {
                    (true, Phase::Ready) => fresh().into_iter().chain([again()]).collect(),
                    (true, Phase::Returning) => vec![does(Deed::Ready), again()],
                    _ => send(plan, state, area, act, &unit),
                }
            }
        },
        Operation::Acknowledge
        | Operation::Depart
        | Operation::Arrive
        | Operation::Contain
        | Operation::Close
        | Operation::Back => Vec::new(),
    }
}

/// Sends a team; where fewer than the floor stay behind, one person of the desk asks and its chief signs.
fn send(plan: &Plan, state: &State, area: &AreaId, act: &TeamAct, unit: &UnitId) -> Vec<Todo> {
    let goal = act.goal.clone();
    let report = state.incidents.get(&goal.key()).and_then(|it| it.report());
    let travel = travel(plan, act.team, report.and_then(|(it, _)| it.place.point));
    let others = state.dispatch.free(area, act.at).filter(|(other, _)| *other != unit);
    let kept = u32::try_from(others.count()).unwrap_or(u32::MAX);
    if kept >= state.dispatch.floor(area).teams {
        return vec![by_desk(area, unit, act.at, Deed::Send { goal, travel })];
    }
    let ask = Deed::Ask { goal: goal.clone(), travel };
    vec![by_desk(area, unit, act.at, ask), Todo::Sign { unit: unit.clone(), goal, at: act.at }]
}

fn travel(plan: &Plan, team: u32, to: Option<pehra_domain::Point>) -> Travel {
    let team = plan.teams.get(team as usize);
    let terrain = team.and_then(|it| plan.districts.get(it.district as usize)).map(|it| it.terrain);
    let seconds = team.zip(to).zip(terrain);
    let seconds = seconds.map_or(0, |((team, to), terrain)| travel_s(team.point, to, terrain));
    Travel { seconds, basis: Basis::Estimated }
}

/// The chief's signature under the wish that waits for it; none where there is none, or the unit has gone elsewhere since.
pub(super) fn signature(
    state: &State,
    area: &AreaId,
    (unit, goal): (&UnitId, &Goal),
    at: UnixMs,
) -> Option<Act> {
    if !state.dispatch.get(area, unit)?.phase().may_be_sent() {
        return None;
    }
    let waits = state.dispatch.asks().filter(|(_, ask)| ask.phase() == AskPhase::Asked);
    let mine = waits.filter(|(_, ask)| {
        ask.asked().is_some_and(|(on, sending, _)| on.unit == *unit && sending.goal == *goal)
    });
    let (ask, _) = mine.last()?;
    let note = EXERCISE_MARK.to_owned();
    let command = dispatch::Command::Answer { ask, at, answer: Answer::Approve, note };
    Some(Act::desk(Command::Dispatch(command)))
}

/// What a desk's word about an incident is where teams are there: one of them says that it is contained, and all are let go
/// when it is closed.
pub(super) fn with_teams(state: &State, act: &Act) -> Vec<Todo> {
    let Command::Incident(incident::Command::Act { area, on, deed }) = &act.command else {
        return vec![Todo::Told(act.clone())];
    };
    let goal = Goal { area: area.clone(), incident: on.incident.clone() };
    let at_it = || state.dispatch.of(area).filter(|(_, it)| it.goal() == Some(&goal));
    let told = Todo::Told(act.clone());
    if on.matter == incident::Matter::Complaint {
        let phase =
            state.incidents.get(&incident::Key::of_act(area, on)).map(incident::Record::phase);
        return if comes_too_late(phase, deed) { Vec::new() } else { vec![told] };
    }
    if *deed == incident::Deed::Contain {
        let there = at_it().filter(|(_, it)| it.phase() == Phase::There);
        let contain = |unit| by_desk(area, unit, on.at, Deed::Contain);
        let acts: Vec<Todo> = there.map(|(unit, _)| contain(unit)).collect();
        return if acts.is_empty() { vec![told] } else { acts };
    }
    let goes = matches!(deed, incident::Deed::Close { .. });
    let go = at_it().filter(|_| goes).map(|(unit, _)| by_desk(area, unit, on.at, Deed::Release));
    [told].into_iter().chain(go).collect()
}

/// Whoever is sent, leaves or arrives when it is over there has nothing to say any more: a complaint has no unit's record that
/// would know.
fn comes_too_late(phase: Option<incident::Phase>, deed: &incident::Deed) -> bool {
    use incident::{Deed as Word, Phase as Stands};
    matches!(phase, Some(Stands::Contained | Stands::Closed))
        && matches!(deed, Word::Assign { .. } | Word::Depart | Word::Arrive)
}

fn by_desk(area: &AreaId, unit: &UnitId, at: UnixMs, deed: Deed) -> Todo {
    let on = On { unit: unit.clone(), at, note: EXERCISE_MARK.to_owned() };
    let command = dispatch::Command::Act { area: area.clone(), on, deed };
    Todo::Act(Act::desk(Command::Dispatch(command)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use incident::{Deed as Word, Outcome, Phase as Stands};

    #[test]
    fn who_comes_when_a_complaint_is_over_says_nothing_and_nobody_else_is_silenced() {
        let sent = Word::Assign { units: Vec::new() };
        for phase in [Stands::Contained, Stands::Closed] {
            for deed in [&sent, &Word::Depart, &Word::Arrive] {
                assert!(comes_too_late(Some(phase), deed), "{phase:?} {deed:?}");
            }
            let close = Word::Close { outcome: Outcome::Noted };
            assert!(!comes_too_late(Some(phase), &close));
        }
        for phase in [Stands::Reported, Stands::Acknowledged, Stands::Assigned, Stands::EnRoute] {
            assert!(!comes_too_late(Some(phase), &Word::Arrive), "{phase:?}");
        }
        assert!(!comes_too_late(None, &sent));
    }
}
