//! What may be done with a unit, by what was done before.

use super::{
    Answer, AskPhase, CREW_MAX, Command, Deed, Duty, Event, Fresh, Goal, KEPT_MAX, On, Phase,
    REST_MS_MIN, Record, Reserve, Sending, Travel, proposed_floor, record::is_rested,
};
use crate::{
    content::each_once,
    event, incident,
    refusal::{Refusal, RefusalCode},
    stamp::{Context, Decided, EventRef, Mark},
    state::State,
};
use pehra_domain::{AreaId, PersonId, UnitId, UnixMs};

pub(crate) fn decide(
    state: &State,
    context: &Context,
    command: &Command,
) -> Result<Vec<Decided>, Refusal> {
    let nature = state.elections.nature()?;
    match command {
        Command::PutOnDuty { area, at, duty } => {
            nature.not_ahead(context, *at, &duty.unit)?;
            on_duty(state, area, &Event::WentOnDuty { at: *at, duty: duty.clone() }, duty)
        }
        Command::Act { area, on, deed } => {
            nature.not_ahead(context, on.at, &on.unit)?;
            act(state, context, area, on, deed)
        }
        Command::Answer { ask, at, answer, note } => {
            nature.not_ahead(context, *at, ask)?;
            match answer {
                Answer::Approve => approve(state, context, *ask, (*at, note)),
                Answer::Decline => decline(state, *ask, (*at, note)),
            }
        }
        Command::SetFloor { area, at, floor } => {
            nature.not_ahead(context, *at, area)?;
            let now = state.dispatch.floor(area);
            let heads = state.dispatch.floor_refs(area);
            if now.teams == floor.teams && heads.len() == 1 {
                return Ok(Vec::new());
            }
            Ok(over(Event::FloorSet { at: *at, floor: floor.clone() }, area, &heads))
        }
    }
}

fn over(event: Event, area: &AreaId, heads: &[EventRef]) -> Vec<Decided> {
    Decided::over(&event::Event::Dispatch(event), area, heads)
}

/// As [`over`], with what the event is judged by.
fn after(event: Event, area: &AreaId, heads: &[EventRef], causes: &[EventRef]) -> Vec<Decided> {
    Decided::after(&event::Event::Dispatch(event), area, heads, causes)
}

/// A wish that is on record, and how far it is.
fn wish(state: &State, ask: EventRef) -> Result<(AskPhase, (&On, &Sending, &Mark)), Refusal> {
    let found = state.dispatch.ask(ask).and_then(|it| Some((it.phase(), it.asked()?)));
    found.ok_or_else(|| Refusal::of(RefusalCode::NotKnown, ask))
}

fn decline(
    state: &State,
    ask: EventRef,
    (at, note): (UnixMs, &str),
) -> Result<Vec<Decided>, Refusal> {
    let (phase, (asked, _, mark)) = wish(state, ask)?;
    match phase {
        AskPhase::Declined => Ok(Vec::new()),
        AskPhase::Approved => Err(Refusal::of(RefusalCode::UnitStateForbids, &asked.unit)),
        AskPhase::Unknown | AskPhase::Asked | AskPhase::Disputed => {
            let event = Event::Declined { ask, at, note: note.to_owned() };
            Ok(after(event, &mark.area, &state.dispatch.answer_refs(ask), &[ask]))
        }
    }
}

fn approve(
    state: &State,
    context: &Context,
    ask: EventRef,
    (at, note): (UnixMs, &str),
) -> Result<Vec<Decided>, Refusal> {
    let (phase, (asked, sending, mark)) = wish(state, ask)?;
    match phase {
        AskPhase::Approved => return Ok(Vec::new()),
        // What was declined is asked again.
        AskPhase::Declined => {
            return Err(Refusal::of(RefusalCode::UnitStateForbids, &asked.unit));
        }
        AskPhase::Unknown | AskPhase::Asked | AskPhase::Disputed => {}
    }
    if context.actor.person == mark.person {
        return Err(Refusal::of(RefusalCode::SamePersonTwice, &mark.person));
    }
    let on = On { unit: asked.unit.clone(), at, note: note.to_owned() };
    let record = sendable(state, &mark.area, &on)?;
    let event = Event::Approved {
        on: on.clone(),
        ask,
        asked_by: mark.person.clone(),
        goal: sending.goal.clone(),
    };
    let answers = state.dispatch.answer_refs(ask).into_iter();
    let heads: Vec<EventRef> = answers.chain(record.progress_refs()).collect();
    let mut decided = after(event, &mark.area, &heads, &[ask]);
    decided.extend(assigned(state, context, &on, &sending.goal)?);
    Ok(decided)
}

fn on_duty(
    state: &State,
    area: &AreaId,
    event: &Event,
    duty: &Duty,
) -> Result<Vec<Decided>, Refusal> {
    let record = state.dispatch.get(area, &duty.unit);
    let phase = record.map_or(Phase::Unknown, Record::phase);
    if !phase.may_begin() {
        return Err(Refusal::of(RefusalCode::UnitStateForbids, &duty.unit));
    }
    let Some(record) = record else { return Ok(over(event.clone(), area, &[])) };
    if phase == Phase::Ready && record.duty().is_some_and(|(_, known)| known == duty) {
        return Ok(Vec::new());
    }
    Ok(over(event.clone(), area, &record.refs()))
}

/// The machine of docs/state-machines/dispatch.md.
fn allowed(phase: Phase, deed: &Deed) -> bool {
    use Phase as P;
    match deed {
        Deed::Send { .. } | Deed::Ask { .. } => phase.may_be_sent(),
        Deed::Depart => phase == P::Told,
        Deed::Arrive => matches!(phase, P::Told | P::OnTheWay),
        Deed::Contain => phase == P::There,
        Deed::Release => {
            matches!(phase, P::Told | P::OnTheWay | P::There | P::Contained | P::Disputed)
        }
        Deed::HandOver { .. } => matches!(phase, P::There | P::Contained),
        Deed::Ready => matches!(phase, P::Returning | P::Resting | P::OutOfService),
        Deed::Rest => matches!(phase, P::Ready | P::Returning),
        Deed::TakeOut => phase.serves() || phase == P::Resting,
        Deed::GoOffDuty => {
            matches!(phase, P::Ready | P::Returning | P::Resting | P::OutOfService)
        }
        Deed::Place { .. } => phase.serves(),
    }
}

fn known<'a>(state: &'a State, area: &AreaId, unit: &UnitId) -> Result<&'a Record, Refusal> {
    let found = state.dispatch.get(area, unit);
    found.ok_or_else(|| Refusal::of(RefusalCode::UnitUnknown, unit))
}

/// The unit, if it is free and its crew may still be sent.
fn sendable<'a>(state: &'a State, area: &AreaId, on: &On) -> Result<&'a Record, Refusal> {
    let record = known(state, area, &on.unit)?;
    if !record.phase().may_be_sent() {
        return Err(Refusal::of(RefusalCode::UnitStateForbids, &on.unit));
    }
    if !record.is_rested(on.at) {
        return Err(Refusal::of(RefusalCode::CrewUnrested, &on.unit));
    }
    Ok(record)
}

fn act(
    state: &State,
    context: &Context,
    area: &AreaId,
    on: &On,
    deed: &Deed,
) -> Result<Vec<Decided>, Refusal> {
    let record = known(state, area, &on.unit)?;
    if !allowed(record.phase(), deed) {
        return Err(Refusal::of(RefusalCode::UnitStateForbids, &on.unit));
    }
    let on = on.clone();
    let goal = record.goal().cloned();
    let stranded = || Refusal::of(RefusalCode::UnitStateForbids, &on.unit);
    let (event, progress) = match deed {
        Deed::Send { goal, travel } => {
            let sending = sending(state, area, &on, goal, *travel)?;
            let causes = sending.causes();
            let event = Event::Sent { on: on.clone(), sending };
            let mut decided = after(event, area, &record.progress_refs(), &causes);
            decided.extend(assigned(state, context, &on, goal)?);
            return Ok(decided);
        }
        Deed::Ask { goal, travel } => {
            let sending = sending(state, area, &on, goal, *travel)?;
            let causes = sending.causes();
            return Ok(after(Event::Asked { on, sending }, area, &[], &causes));
        }
        Deed::Place { point } => {
            let event = Event::Placed { on, point: *point };
            return Ok(over(event, area, &[]));
        }
        Deed::Depart => {
            let goal = goal.ok_or_else(stranded)?;
            (Event::Departed { on: on.clone(), goal }, Some(incident::Deed::Depart))
        }
        Deed::Arrive => {
            let goal = goal.ok_or_else(stranded)?;
            (Event::Arrived { on: on.clone(), goal }, Some(incident::Deed::Arrive))
        }
        Deed::Contain => {
            let goal = goal.ok_or_else(stranded)?;
            (Event::Contained { on: on.clone(), goal }, Some(incident::Deed::Contain))
        }
        Deed::HandOver { to } => {
            let relief = state.dispatch.get(area, to).filter(|_| *to != on.unit);
            let is_there = relief.is_some_and(|other| {
                matches!(other.phase(), Phase::There | Phase::Contained)
                    && other.goal() == record.goal()
            });
            if !is_there {
                return Err(Refusal::of(RefusalCode::ReliefElsewhere, to));
            }
            (Event::HandedOver { on: on.clone(), to: to.clone() }, None)
        }
        Deed::Release => (Event::Released { on: on.clone() }, None),
        Deed::Ready => return Ok(readied(record, area, on)),
        Deed::Rest => (Event::Rested { on: on.clone() }, None),
        Deed::TakeOut => (Event::TakenOut { on: on.clone() }, None),
        Deed::GoOffDuty => (Event::WentOffDuty { on: on.clone() }, None),
    };
    let mut decided = over(event, area, &record.progress_refs());
    if let (Some(goal), Some(deed)) = (record.goal(), progress) {
        decided.extend(told(state, context, &on, goal, deed)?);
    }
    Ok(decided)
}

/// Back to the base. Whoever rested long enough begins a new duty.
fn readied(record: &Record, area: &AreaId, on: On) -> Vec<Decided> {
    let rested = record.resting().filter(|(_, since)| on.at.0 - since.0 >= REST_MS_MIN);
    let fresh = rested.and_then(|(rest, _)| {
        let (_, duty) = record.duty()?;
        Some(Fresh { rest, duty: Duty { since: on.at, ..duty.clone() } })
    });
    let causes: Vec<EventRef> = fresh.iter().map(|fresh| fresh.rest).collect();
    let heads = if fresh.is_some() { record.refs() } else { record.progress_refs() };
    after(Event::Readied { on, fresh }, area, &heads, &causes)
}

impl Sending {
    /// The entries by which it is judged.
    fn causes(&self) -> Vec<EventRef> {
        [Some(self.duty), self.reserve.set_by].into_iter().flatten().collect()
    }
}

/// What a sending rests on, as things stand here.
fn sending(
    state: &State,
    area: &AreaId,
    on: &On,
    goal: &Goal,
    travel: Travel,
) -> Result<Sending, Refusal> {
    let record = sendable(state, area, on)?;
    let unknown = || Refusal::of(RefusalCode::UnitUnknown, &on.unit);
    let (duty, _) = record.duty().ok_or_else(unknown)?;
    let found = state.incidents.get(&goal.key());
    let found = found.ok_or_else(|| Refusal::of(RefusalCode::IncidentUnknown, &goal.incident))?;
    if found.phase() == incident::Phase::Closed {
        return Err(Refusal::of(RefusalCode::IncidentStateForbids, &goal.incident));
    }
    let floor = state.dispatch.floor(area);
    let free = state.dispatch.free(area, on.at).map(|(unit, _)| unit);
    let wanted = usize::try_from(floor.teams).unwrap_or(usize::MAX).min(KEPT_MAX);
    let kept = free.filter(|unit| **unit != on.unit).take(wanted).cloned().collect();
    let reserve = Reserve {
        on_duty: state.dispatch.on_duty(area),
        floor: floor.teams,
        set_by: floor.set_by,
        kept,
    };
    Ok(Sending { goal: goal.clone(), duty, travel, reserve })
}

/// The incident's own record says which units go there.
fn assigned(
    state: &State,
    context: &Context,
    on: &On,
    goal: &Goal,
) -> Result<Vec<Decided>, Refusal> {
    let going = state.dispatch.at(goal).map(|(_, unit, _)| unit).filter(|unit| **unit != on.unit);
    let mut units: Vec<UnitId> = going.cloned().chain([on.unit.clone()]).collect();
    units.sort();
    units.dedup();
    units.truncate(incident::UNITS_MAX);
    told(state, context, on, goal, incident::Deed::Assign { units })
}

/// The same told to the incident, where its machine has room for it: a second unit that arrives changes nothing there.
fn told(
    state: &State,
    context: &Context,
    on: &On,
    goal: &Goal,
    deed: incident::Deed,
) -> Result<Vec<Decided>, Refusal> {
    let key = goal.key();
    let about =
        incident::On { incident: key.incident, matter: key.matter, at: on.at, note: String::new() };
    let command = incident::Command::Act { area: key.area, on: about, deed };
    match incident::decide(state, context, &command) {
        Err(Refusal { code: RefusalCode::IncidentStateForbids, .. }) => Ok(Vec::new()),
        other => other,
    }
}

/// What an entry refers to must be what it says: the duty that a crew is on, the number that was set, the rest that was
/// long enough, the wish that a second person signs.
pub(crate) fn check_references(
    state: &State,
    event: &Event,
    two: impl Fn(&PersonId, Option<&PersonId>) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let dispatch = &state.dispatch;
    match event {
        Event::Sent { on, sending } | Event::Asked { on, sending } => {
            let area = on_its_duty(state, on, sending)?;
            let Some(set_by) = sending.reserve.set_by else { return Ok(()) };
            let floor = dispatch.floor_of(set_by);
            let (of, teams) = floor.ok_or_else(|| Refusal::of(RefusalCode::NotKnown, set_by))?;
            if of != area || teams != sending.reserve.floor {
                return Err(Refusal::of(RefusalCode::ReserveMalformed, &on.unit));
            }
            Ok(())
        }
        Event::Approved { on, ask, asked_by, goal } => {
            let asked = dispatch.ask(*ask).and_then(super::Ask::asked);
            two(asked_by, asked.map(|(_, _, mark)| &mark.person))?;
            let (first, sending, _) =
                asked.ok_or_else(|| Refusal::of(RefusalCode::NotKnown, ask))?;
            if first.unit != on.unit || sending.goal != *goal {
                return Err(Refusal::of(RefusalCode::ReserveMalformed, &on.unit));
            }
            on_its_duty(state, on, sending).map(drop)
        }
        Event::Readied { on, fresh: Some(fresh) } => {
            let rest = dispatch.rest_of(fresh.rest);
            let (_, unit, since) =
                rest.ok_or_else(|| Refusal::of(RefusalCode::NotKnown, fresh.rest))?;
            let is_long = on.at.0.saturating_sub(since.0) >= REST_MS_MIN;
            if *unit != on.unit || !is_long {
                return Err(Refusal::of(RefusalCode::RestTooShort, &on.unit));
            }
            Ok(())
        }
        Event::WentOnDuty { .. }
        | Event::Declined { .. }
        | Event::Departed { .. }
        | Event::Arrived { .. }
        | Event::Contained { .. }
        | Event::Released { .. }
        | Event::HandedOver { .. }
        | Event::Readied { fresh: None, .. }
        | Event::Rested { .. }
        | Event::TakenOut { .. }
        | Event::WentOffDuty { .. }
        | Event::Placed { .. }
        | Event::FloorSet { .. } => Ok(()),
    }
}

/// The area of the duty that a sending names, if it is that unit's and its crew may still be sent.
fn on_its_duty<'a>(state: &'a State, on: &On, sending: &Sending) -> Result<&'a AreaId, Refusal> {
    let found = state.dispatch.duty_of(sending.duty);
    let (area, duty) = found.ok_or_else(|| Refusal::of(RefusalCode::NotKnown, sending.duty))?;
    if duty.unit != on.unit {
        return Err(Refusal::of(RefusalCode::UnitUnknown, &on.unit));
    }
    if !is_rested(duty, on.at) {
        return Err(Refusal::of(RefusalCode::CrewUnrested, &on.unit));
    }
    Ok(area)
}

/// What must hold of an entry, whoever sent it. A sending that leaves fewer than the floor behind is none, unless a second
/// person signs it.
pub(crate) fn check(event: &Event) -> Result<(), Refusal> {
    match event {
        Event::WentOnDuty { at, duty } => check_duty(duty, *at),
        Event::Readied { on, fresh: Some(fresh) } => {
            if fresh.duty.unit != on.unit || fresh.duty.since != on.at {
                return Err(Refusal::of(RefusalCode::DutyMalformed, &on.unit));
            }
            check_duty(&fresh.duty, on.at)
        }
        Event::Asked { on, sending } => check_reserve(on, &sending.reserve),
        Event::Sent { on, sending } => {
            let reserve = &sending.reserve;
            check_reserve(on, reserve)?;
            if u32::try_from(reserve.kept.len()).unwrap_or(u32::MAX) < reserve.floor {
                return Err(Refusal::of(RefusalCode::ReserveBelowFloor, &on.unit));
            }
            Ok(())
        }
        Event::HandedOver { on, to } if on.unit == *to => {
            Err(Refusal::of(RefusalCode::ReliefElsewhere, to))
        }
        Event::FloorSet { floor, .. } if floor.teams as usize > KEPT_MAX => {
            Err(Refusal::of(RefusalCode::ReserveMalformed, floor.teams))
        }
        Event::Approved { .. }
        | Event::Declined { .. }
        | Event::Departed { .. }
        | Event::Arrived { .. }
        | Event::Contained { .. }
        | Event::Released { .. }
        | Event::HandedOver { .. }
        | Event::Readied { fresh: None, .. }
        | Event::Rested { .. }
        | Event::TakenOut { .. }
        | Event::WentOffDuty { .. }
        | Event::Placed { .. }
        | Event::FloorSet { .. } => Ok(()),
    }
}

fn check_duty(duty: &Duty, at: UnixMs) -> Result<(), Refusal> {
    if duty.crew == 0 || duty.crew > CREW_MAX || duty.since > at {
        return Err(Refusal::of(RefusalCode::DutyMalformed, &duty.unit));
    }
    Ok(())
}

fn check_reserve(on: &On, reserve: &Reserve) -> Result<(), Refusal> {
    let kept = reserve.kept.len();
    let is_sound = kept <= KEPT_MAX
        && each_once(&reserve.kept)
        && !reserve.kept.contains(&on.unit)
        && kept < reserve.on_duty as usize
        && (reserve.set_by.is_some() || reserve.floor == proposed_floor(reserve.on_duty));
    if is_sound { Ok(()) } else { Err(Refusal::of(RefusalCode::ReserveMalformed, &on.unit)) }
}
