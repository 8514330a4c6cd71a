//! Whether a step about a committee can be taken.

use super::{
    ATTENDED_MAX, Command, Event, Phase, ROTA_MAX, Record, Rota, Shift, VolunteerPhase as Standing,
};
use crate::{
    campaign::neutral,
    content::each_once,
    event,
    refusal::{Refusal, RefusalCode},
    register::heads_or,
    stamp::{Context, Decided, EventRef, Mark},
    state::State,
};
use pehra_domain::{AreaId, Date, PersonId};

pub(crate) fn decide(
    state: &State,
    context: &Context,
    command: &Command,
) -> Result<Vec<Decided>, Refusal> {
    let today = Date::of_pkt(context.at);
    match command {
        Command::Form { area, committee } => {
            state.elections.nature()?;
            must_name_nobody(&committee.place)?;
            Ok(said(Event::Formed(committee.clone()), area, &[]))
        }
        Command::Enlist { committee, number, duty } => {
            let (record, area) = open(state, *committee)?;
            if !record.standing(number).is_empty() {
                return Ok(Vec::new());
            }
            let event =
                Event::Enlisted { committee: *committee, number: number.clone(), duty: *duty };
            Ok(said(event, area, &[*committee]))
        }
        Command::Vet { committee, number, passed, on } => {
            vet(state, context, (*committee, number), (*passed, *on))
        }
        Command::Release { committee, number } => {
            let (record, area) = open(state, *committee)?;
            let open = record.standing(number).into_iter().map(|(enlisted, ..)| enlisted);
            let released = open.flat_map(|enlisted| {
                let heads = heads_or(record.heads(enlisted), enlisted);
                said(Event::Released { committee: *committee, enlisted }, area, &heads)
            });
            Ok(released.collect())
        }
        Command::Brief { committee, topic, on, attended } => {
            let (_, area) = open(state, *committee)?;
            not_ahead(*on, today)?;
            let (topic, on, attended) = (*topic, *on, *attended);
            let event = Event::Briefed { committee: *committee, topic, on, attended };
            Ok(said(event, area, &[*committee]))
        }
        Command::Plan { committee, rota } => plan(state, *committee, rota),
        Command::Tell { committee, matter, text } => {
            let (_, area) = open(state, *committee)?;
            must_name_nobody(text)?;
            let event = Event::Told { committee: *committee, matter: *matter, text: text.clone() };
            Ok(said(event, area, &[*committee]))
        }
        Command::Answer { committee, told, text } => {
            let (record, area) = open(state, *committee)?;
            if !record.has_told(*told) {
                return Err(Refusal::of(RefusalCode::NotKnown, told));
            }
            if record.answers(*told).any(|(known, _)| known == text) {
                return Ok(Vec::new());
            }
            must_name_nobody(text)?;
            let (committee, told, text) = (*committee, *told, text.clone());
            Ok(said(Event::Answered { committee, told, text }, area, &[told]))
        }
        Command::Dissolve { committee, reason } => {
            let (record, area) = known(state, *committee)?;
            if record.phase() == Phase::Dissolved {
                return Ok(Vec::new());
            }
            must_name_nobody(reason)?;
            let event = Event::Dissolved { committee: *committee, reason: reason.clone() };
            Ok(said(event, area, &[*committee]))
        }
    }
}

fn vet(
    state: &State,
    context: &Context,
    (committee, number): (EventRef, &PersonId),
    (passed, on): (bool, Date),
) -> Result<Vec<Decided>, Refusal> {
    let (record, area) = open(state, committee)?;
    not_ahead(on, Date::of_pkt(context.at))?;
    let open = record.standing(number);
    if open.is_empty() {
        return Err(Refusal::of(RefusalCode::CommunityUnknown, number));
    }
    if open.iter().any(|(.., by)| by.person == context.actor.person) {
        return Err(Refusal::of(RefusalCode::SamePersonTwice, &context.actor.person));
    }
    let so = if passed { Standing::Passed } else { Standing::Refused };
    let is_so = |(_, phase, day, _): &(EventRef, Standing, Option<Date>, &Mark)| {
        *phase == so && *day == Some(on)
    };
    if open.iter().all(is_so) {
        return Ok(Vec::new());
    }
    let vetted = open.into_iter().flat_map(|(enlisted, _, _, by)| {
        let heads = heads_or(record.heads(enlisted), enlisted);
        let enlisted_by = by.person.clone();
        said(Event::Vetted { committee, enlisted, enlisted_by, passed, on }, area, &heads)
    });
    Ok(vetted.collect())
}

/// Whoever stands on a rota has passed.
fn plan(state: &State, committee: EventRef, rota: &Rota) -> Result<Vec<Decided>, Refusal> {
    let (record, area) = open(state, committee)?;
    for shift in &rota.shifts {
        must_name_nobody(&shift.place)?;
        if let Some(one) = shift.volunteers.iter().find(|one| !record.may_serve(one)) {
            return Err(Refusal::of(RefusalCode::VolunteerNotVetted, one));
        }
    }
    if record.rotas().any(|(_, known)| known == Some(rota)) {
        return Ok(Vec::new());
    }
    let heads = heads_or(record.rota_heads(rota.day), committee);
    Ok(said(Event::Planned { committee, rota: rota.clone() }, area, &heads))
}

fn said(event: Event, area: &AreaId, after: &[EventRef]) -> Vec<Decided> {
    Decided::over(&event::Event::Community(event), area, after)
}

fn known(state: &State, committee: EventRef) -> Result<(&Record, &AreaId), Refusal> {
    let found = state.communities.get(committee).zip(state.communities.area_of(committee));
    found.ok_or_else(|| Refusal::of(RefusalCode::CommunityUnknown, committee))
}

fn open(state: &State, committee: EventRef) -> Result<(&Record, &AreaId), Refusal> {
    let (record, area) = known(state, committee)?;
    match record.phase() {
        Phase::Formed => Ok((record, area)),
        Phase::Unknown | Phase::Dissolved => {
            Err(Refusal::of(RefusalCode::CommunityDissolved, committee))
        }
    }
}

fn not_ahead(on: Date, today: Date) -> Result<(), Refusal> {
    if on <= today { Ok(()) } else { Err(Refusal::of(RefusalCode::TimeAhead, on)) }
}

/// Places and things are told, nobody is.
fn must_name_nobody(text: &str) -> Result<(), Refusal> {
    let names = neutral::breaks(text).into_iter().any(|kind| {
        use neutral::Kind as K;
        matches!(kind, K::Person | K::Contact | K::Accusation | K::Side | K::Candidate)
    });
    if names { Err(Refusal::of(RefusalCode::CommunityNamesSomebody, "text")) } else { Ok(()) }
}

/// What an entry refers to is what it says, and whoever vets is not who enlisted.
pub(crate) fn check_references(
    state: &State,
    event: &Event,
    two_who_acted: impl Fn(&PersonId, Option<&PersonId>) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let Some(committee) = event.committee() else { return Ok(()) };
    let (record, _) = known(state, committee)?;
    match event {
        Event::Vetted { enlisted, enlisted_by, .. } => {
            let by = record.enlisting(*enlisted);
            two_who_acted(enlisted_by, by.map(|(_, mark)| &mark.person))
        }
        Event::Released { enlisted, .. } => match record.enlisting(*enlisted) {
            Some(_) => Ok(()),
            None => Err(Refusal::of(RefusalCode::NotKnown, enlisted)),
        },
        Event::Answered { told, .. } if !record.has_told(*told) => {
            Err(Refusal::of(RefusalCode::NotKnown, told))
        }
        Event::Formed(_)
        | Event::Enlisted { .. }
        | Event::Briefed { .. }
        | Event::Planned { .. }
        | Event::Told { .. }
        | Event::Answered { .. }
        | Event::Dissolved { .. } => Ok(()),
    }
}

/// What holds of a committee, a briefing and a rota, whoever sent it.
pub(crate) fn check(event: &Event) -> Result<(), Refusal> {
    let right = match event {
        Event::Formed(committee) => {
            let seats = &committee.seats;
            !seats.is_empty()
                && each_once(seats.iter().map(|one| one.duty))
                && seats.iter().all(|one| (1..=1_000).contains(&one.count))
        }
        Event::Briefed { attended, .. } => (1..=ATTENDED_MAX).contains(attended),
        Event::Planned { rota, .. } => {
            if let Some(number) = in_two_places(rota) {
                return Err(Refusal::of(RefusalCode::VolunteerTwiceAtOnce, number));
            }
            let all: usize = rota.shifts.iter().map(|shift| shift.volunteers.len()).sum();
            let whole = |shift: &Shift| shift.from < shift.until && shift.until <= 24 * 60;
            all <= ROTA_MAX && rota.shifts.len() <= ROTA_MAX && rota.shifts.iter().all(whole)
        }
        Event::Enlisted { .. }
        | Event::Vetted { .. }
        | Event::Released { .. }
        | Event::Told { .. }
        | Event::Answered { .. }
        | Event::Dissolved { .. } => true,
    };
    if right { Ok(()) } else { Err(Refusal::of(RefusalCode::CommunityMalformed, event.kind())) }
}

/// Somebody whom a rota sets on two shifts of the same minute.
fn in_two_places(rota: &Rota) -> Option<&PersonId> {
    let mut stood: Vec<(&PersonId, u16, u16)> = Vec::new();
    for shift in &rota.shifts {
        stood.extend(shift.volunteers.iter().map(|one| (one, shift.from, shift.until)));
    }
    stood.sort_unstable();
    let mut pairs = stood.windows(2);
    pairs.find_map(|pair| match pair {
        [(one, _, until), (next, from, _)] if one == next && from < until => Some(*one),
        _ => None,
    })
}
