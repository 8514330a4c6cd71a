//! What is done with units. Every act is a command through the same door as all others; the way and what stays behind are
//! reckoned here when a unit is sent, not typed.

use super::{DispatchView, basis, view};
use crate::{
    http::{
        given::Given,
        persons::execute,
        problem::{Fault, Problem},
        room::Room,
        who::Access,
    },
    work::dispatch::suggest,
};
use axum::{
    Json,
    extract::{Path, State},
};
use pehra_domain::{AreaId, IncidentId, Point, UnitId, UnixMs};
use pehra_ops::{
    Actor, Command, EventRef, Refusal, RefusalCode,
    dispatch::{self, Answer, Deed, Duty, Floor, Goal, Kind, On, Travel},
    incident::{self, Level, Phase},
    permission as row,
};
use serde::Deserialize;

/// A crew as it goes on duty.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct DutyWish {
    pub unit: String,
    /// `quick-reaction`, `patrol` or `reserve`.
    pub kind: String,
    pub crew: u16,
    pub base: String,
    pub lat: f64,
    pub lon: f64,
    #[serde(default)]
    pub vehicle: String,
    pub ready_minutes: u16,
    /// Since when the crew is on its feet, if not now.
    pub since_ms: Option<i64>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct OnDutyWish {
    pub area: String,
    /// At most 200.
    pub units: Vec<DutyWish>,
}

/// Most crews of one request.
const DUTIES_MAX: usize = 200;

/// Puts crews on duty.
#[utoipa::path(post, path = "/api/dispatch/duty", tag = "dispatch", request_body = OnDutyWish,
    responses((status = 200, body = DispatchView), (status = 403, body = Fault), (status = 409, body = Fault),
        (status = 422, body = Fault)))]
pub async fn duty(
    State(room): State<Room>,
    access: Access,
    Given(wish): Given<OnDutyWish>,
) -> Result<Json<DispatchView>, Problem> {
    let area = AreaId::try_new(wish.area.trim())?;
    let actor = access.actor_with(room.node(), &area, row::DISPATCH_DUTY)?;
    if wish.units.is_empty() || wish.units.len() > DUTIES_MAX {
        return Err(Problem::refused("units"));
    }
    let at = moment(&room);
    for one in wish.units {
        let duty = read_duty(one, at)?;
        let command = dispatch::Command::PutOnDuty { area: area.clone(), at, duty };
        execute(&room, actor.clone(), Command::Dispatch(command)).await?;
    }
    view(&room, &access).await
}

fn read_duty(wish: DutyWish, at: UnixMs) -> Result<Duty, Problem> {
    let kind = Kind::parse(&wish.kind).ok_or_else(|| Problem::refused("kind"))?;
    let point = Point::try_from_degrees(wish.lat, wish.lon);
    Ok(Duty {
        unit: UnitId::try_new(wish.unit.trim())?,
        kind,
        crew: wish.crew,
        base: wish.base,
        point: point.ok_or_else(|| Problem::refused("lat"))?,
        vehicle: wish.vehicle,
        ready_minutes: wish.ready_minutes,
        since: wish.since_ms.map_or(at, UnixMs),
    })
}

/// Whole minutes of the day: an act that a person's own key signs is given twice, and must be the same act.
fn moment(room: &Room) -> UnixMs {
    UnixMs(room.node().day_now().0 / 60_000 * 60_000)
}

/// Does it; the answer shows everything as it is then.
async fn done(
    room: &Room,
    access: &Access,
    actor: Actor,
    command: dispatch::Command,
) -> Result<Json<DispatchView>, Problem> {
    execute(room, actor, Command::Dispatch(command)).await?;
    view(room, access).await
}

/// Where a unit is sent.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct SendWish {
    /// The unit's area.
    pub area: String,
    pub unit: String,
    /// The incident's district, if another.
    pub goal_area: Option<String>,
    pub incident: String,
    #[serde(default)]
    pub note: String,
    /// Asks for the second person's signature instead of sending.
    #[serde(default)]
    pub ask: bool,
}

/// Sends a unit to an incident, or asks for the signature that a sending below the floor needs. An incident that nobody
/// answered yet is acknowledged by the same stroke, where the acting role has a level of its own.
#[utoipa::path(post, path = "/api/dispatch/send", tag = "dispatch", request_body = SendWish,
    responses((status = 200, body = DispatchView), (status = 403, body = Fault), (status = 409, body = Fault)))]
pub async fn send(
    State(room): State<Room>,
    access: Access,
    Given(wish): Given<SendWish>,
) -> Result<Json<DispatchView>, Problem> {
    let area = AreaId::try_new(wish.area.trim())?;
    let unit = UnitId::try_new(wish.unit.trim())?;
    let goal_area = wish.goal_area.as_deref().map(|it| AreaId::try_new(it.trim())).transpose()?;
    let goal = Goal {
        area: goal_area.unwrap_or_else(|| area.clone()),
        incident: IncidentId::try_new(wish.incident.trim())?,
    };
    let actor = access.actor_with(room.node(), &area, row::INCIDENT_DISPATCH)?;
    let travel = travel(&room, &area, &unit, &goal).await?;
    let at = moment(&room);
    let deed = if wish.ask {
        Deed::Ask { goal: goal.clone(), travel }
    } else {
        Deed::Send { goal: goal.clone(), travel }
    };
    let on = On { unit, at, note: wish.note };
    let command = dispatch::Command::Act { area, on, deed };
    if !wish.ask {
        acknowledge(&room, &access, &goal, at).await?;
    }
    done(&room, &access, actor, command).await
}

/// How long the way is, as the suggestion reckons it.
async fn travel(room: &Room, area: &AreaId, unit: &UnitId, goal: &Goal) -> Result<Travel, Problem> {
    let (room, area, goal, unit) = (room.clone(), area.clone(), goal.clone(), unit.clone());
    let (unit_is_known, goal_is_known) = room.node().ops(|state| {
        let goal_is_known = state.incidents.get(&goal.key()).is_some();
        (state.dispatch.get(&area, &unit).is_some(), goal_is_known)
    });
    if !unit_is_known {
        return Err(Refusal::of(RefusalCode::UnitUnknown, &unit).into());
    }
    if !goal_is_known {
        return Err(Refusal::of(RefusalCode::IncidentUnknown, &goal.incident).into());
    }
    let at = room.node().day_now();
    let found = tokio::task::spawn_blocking(move || {
        let found = suggest(room.node(), room.roads(), &area, &goal, at)?;
        let offer = found.offers.into_iter().find(|offer| offer.unit == unit);
        // A unit that is not free is refused with its own reason when it is sent.
        Ok::<_, Problem>(offer.map_or(
            Travel { seconds: 0, basis: dispatch::Basis::Estimated },
            |offer| Travel { seconds: offer.travel_s, basis: basis(offer.basis) },
        ))
    });
    found.await.map_err(Problem::internal)?
}

/// Answers an incident that nobody answered, in the narrowest role that may.
async fn acknowledge(room: &Room, access: &Access, goal: &Goal, at: UnixMs) -> Result<(), Problem> {
    let key = goal.key();
    let phase = room.node().ops(|state| state.incidents.phase(&key));
    if !matches!(phase, Phase::Reported | Phase::Reopened) {
        return Ok(());
    }
    let Some(actor) = access.able(room.node(), &goal.area, row::INCIDENT_ACKNOWLEDGE) else {
        return Ok(());
    };
    let Some(by) = Level::of_role(actor.role.as_str()) else { return Ok(()) };
    let on = incident::On { incident: key.incident, matter: key.matter, at, note: String::new() };
    let deed = incident::Deed::Acknowledge { by };
    let command = incident::Command::Act { area: key.area, on, deed };
    execute(room, actor, Command::Incident(command)).await.map(drop)
}

/// What is done with a unit.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(tag = "act", rename_all = "kebab-case")]
pub enum UnitDeed {
    Depart,
    Arrive,
    Contain,
    Release,
    HandOver {
        to: String,
    },
    Ready,
    Rest,
    /// The note says why.
    TakeOut,
    GoOffDuty,
    /// Own force, on duty only: the last place is kept, never a track.
    Place {
        lat: f64,
        lon: f64,
    },
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct UnitActWish {
    pub area: String,
    pub unit: String,
    #[serde(default)]
    pub note: String,
    #[serde(flatten)]
    pub deed: UnitDeed,
}

/// Says how far a unit is, or what becomes of it.
#[utoipa::path(post, path = "/api/dispatch/acts", tag = "dispatch", request_body = UnitActWish,
    responses((status = 200, body = DispatchView), (status = 403, body = Fault), (status = 409, body = Fault)))]
pub async fn act(
    State(room): State<Room>,
    access: Access,
    Given(wish): Given<UnitActWish>,
) -> Result<Json<DispatchView>, Problem> {
    let area = AreaId::try_new(wish.area.trim())?;
    let deed = match wish.deed {
        UnitDeed::Depart => Deed::Depart,
        UnitDeed::Arrive => Deed::Arrive,
        UnitDeed::Contain => Deed::Contain,
        UnitDeed::Release => Deed::Release,
        UnitDeed::HandOver { to } => Deed::HandOver { to: UnitId::try_new(to.trim())? },
        UnitDeed::Ready => Deed::Ready,
        UnitDeed::Rest => Deed::Rest,
        UnitDeed::TakeOut => Deed::TakeOut,
        UnitDeed::GoOffDuty => Deed::GoOffDuty,
        UnitDeed::Place { lat, lon } => {
            let point = Point::try_from_degrees(lat, lon);
            Deed::Place { point: point.ok_or_else(|| Problem::refused("lat"))? }
        }
    };
    let actor = access.actor_with(room.node(), &area, deed.permission())?;
    let unit = UnitId::try_new(wish.unit.trim())?;
    let on = On { unit, at: moment(&room), note: wish.note };
    let command = dispatch::Command::Act { area, on, deed };
    done(&room, &access, actor, command).await
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct AskAnswer {
    /// Signs it; otherwise declines it, and the note says why.
    pub sign: bool,
    #[serde(default)]
    pub note: String,
}

/// Signs a sending below the floor as the second person, or declines it.
#[utoipa::path(post, path = "/api/dispatch/asks/{id}", tag = "dispatch", params(("id" = String, Path)),
    request_body = AskAnswer,
    responses((status = 200, body = DispatchView), (status = 403, body = Fault), (status = 404, body = Fault),
        (status = 409, body = Fault)))]
pub async fn answer(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Given(wish): Given<AskAnswer>,
) -> Result<Json<DispatchView>, Problem> {
    let ask = EventRef::parse(&id).ok_or_else(|| Problem::not_found(&id))?;
    let area = room.node().ops(|state| {
        let (.., mark) = state.dispatch.ask(ask)?.asked()?;
        Some(mark.area.clone())
    });
    let area = area.ok_or_else(|| Problem::not_found(&id))?;
    let actor = access.actor_with(room.node(), &area, row::DISPATCH_APPROVE)?;
    let answer = if wish.sign { Answer::Approve } else { Answer::Decline };
    let command = dispatch::Command::Answer { ask, at: moment(&room), answer, note: wish.note };
    done(&room, &access, actor, command).await
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct FloorWish {
    pub area: String,
    pub teams: u32,
    pub reason: String,
}

/// Says how many units of an area stay behind whatever happens.
#[utoipa::path(post, path = "/api/dispatch/floor", tag = "dispatch", request_body = FloorWish,
    responses((status = 200, body = DispatchView), (status = 403, body = Fault), (status = 422, body = Fault)))]
pub async fn floor(
    State(room): State<Room>,
    access: Access,
    Given(wish): Given<FloorWish>,
) -> Result<Json<DispatchView>, Problem> {
    let area = AreaId::try_new(wish.area.trim())?;
    let actor = access.actor_with(room.node(), &area, row::DISPATCH_FLOOR)?;
    let floor = Floor { teams: wish.teams, reason: wish.reason };
    let command = dispatch::Command::SetFloor { area, at: moment(&room), floor };
    done(&room, &access, actor, command).await
}
