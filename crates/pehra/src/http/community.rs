//! Community policing: committees by place, volunteers by number and duty, briefings, rotas, and feedback both ways.

mod detail;
mod look;
mod rota;
mod sheet;
mod view;

pub use detail::{CommunityDetail, one, volunteers};
pub use rota::{CommunityRotaPage, rota};
pub use sheet::{roster_csv, roster_xlsx, rota_csv, rota_xlsx};
pub use view::{CommunityLog, CommunityPage, committees, list};

// The attribute on a handler makes items beside it; the table names them by the handler's path.
pub use detail::{__path_one, __path_volunteers};
pub use rota::__path_rota;
pub use sheet::{__path_roster_csv, __path_roster_xlsx, __path_rota_csv, __path_rota_xlsx};
pub use view::{__path_committees, __path_list};

use crate::http::{
    given::Given,
    persons::execute,
    problem::{Fault, Problem},
    room::Room,
    who::Access,
};
use axum::{
    Json,
    extract::{Path, State},
};
use pehra_domain::{AreaId, Date, PersonId};
use pehra_ops::{
    Command, EventRef,
    community::{self, Committee, Duty, Kind, Matter, Rota, Seats, Shift, Topic},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Rows of one answer unless asked, and at most.
const PAGE: usize = 100;
const PAGE_MAX: usize = 1_000;

/// A committee, as somebody forms it.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct CommunityWish {
    pub area: String,
    /// `peace`, `health`, `teachers`, `elders` or `scouts`.
    pub kind: String,
    pub place: String,
    /// How many stand at once, by duty: `queue`, `help`, `women`, `traffic`, `care`, `runner`.
    pub seats: BTreeMap<String, u16>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct CommunityEnlist {
    /// Of the committee's own paper.
    pub number: String,
    pub duty: String,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct CommunityVet {
    pub number: String,
    /// The result alone.
    pub passed: bool,
    /// `2024-02-01`.
    pub on: String,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct CommunityNumber {
    pub number: String,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct CommunityBrief {
    /// `neutrality`, `limits`, `emergency`, `access` or `messages`.
    pub topic: String,
    /// `2024-02-01`.
    pub on: String,
    pub attended: u32,
}

/// Some hours at a place.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CommunityShift {
    /// Minutes after midnight.
    pub from: u16,
    pub until: u16,
    pub place: String,
    pub volunteers: Vec<String>,
}

/// A day's rota, in place of the one that stood.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct CommunityPlan {
    /// `2024-02-08`.
    pub day: String,
    pub shifts: Vec<CommunityShift>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct CommunityTell {
    /// `way`, `light`, `queue`, `access`, `water`, `mood` or `rumour`.
    pub matter: String,
    pub text: String,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct CommunityAnswer {
    /// The feedback that is answered.
    pub told: String,
    pub text: String,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct CommunityEnding {
    pub reason: String,
}

fn word<T>(found: Option<T>, field: &str) -> Result<T, Problem> {
    found.ok_or_else(|| Problem::refused(field))
}

fn number(text: &str) -> Result<PersonId, Problem> {
    Ok(PersonId::try_new(text.trim())?)
}

pub(super) fn date(text: &str) -> Result<Date, Problem> {
    word(Date::parse(text.trim()), "day")
}

fn shift(wish: CommunityShift) -> Result<Shift, Problem> {
    let numbers: Result<Vec<PersonId>, Problem> =
        wish.volunteers.iter().map(|one| number(one)).collect();
    Ok(Shift { from: wish.from, until: wish.until, place: wish.place, volunteers: numbers? })
}

/// Does it in the role that may; the answer shows the committee as it is then.
async fn done(
    room: &Room,
    access: &Access,
    id: &str,
    wish: impl FnOnce(EventRef) -> Result<community::Command, Problem>,
) -> Result<Json<CommunityDetail>, Problem> {
    let (committee, area) =
        access.entry_within(room.node(), id, |state, at| state.communities.area_of(at))?;
    let command = Command::Community(wish(committee)?);
    let actor = access.actor_with(room.node(), &area, command.permission())?;
    execute(room, actor, command).await?;
    detail::detail(room, access, committee, None).map(Json)
}

/// Forms a committee.
#[utoipa::path(post, path = "/api/community/committees", tag = "community", request_body = CommunityWish,
    responses((status = 200, body = CommunityDetail), (status = 403, body = Fault), (status = 422, body = Fault)))]
pub async fn form(
    State(room): State<Room>,
    access: Access,
    Given(wish): Given<CommunityWish>,
) -> Result<Json<CommunityDetail>, Problem> {
    let area = AreaId::try_new(wish.area.trim())?;
    let asked = wish.seats.into_iter().filter(|(_, count)| *count > 0);
    let seats: Result<Vec<Seats>, Problem> = asked
        .map(|(name, count)| Ok(Seats { duty: word(Duty::parse(&name), &name)?, count }))
        .collect();
    let kind = word(Kind::parse(wish.kind.trim()), "kind")?;
    let committee = Committee { kind, place: wish.place, seats: seats? };
    let form = community::Command::Form { area: area.clone(), committee };
    let command = Command::Community(form);
    let actor = access.actor_with(room.node(), &area, command.permission())?;
    let formed = execute(&room, actor, command).await?;
    let at = formed.first().copied().ok_or_else(|| Problem::internal("nothing was formed"))?;
    detail::detail(&room, &access, at, None).map(Json)
}

/// Enlists a volunteer by the number that the committee gave.
#[utoipa::path(post, path = "/api/community/committees/{id}/enlist", tag = "community",
    params(("id" = String, Path)), request_body = CommunityEnlist,
    responses((status = 200, body = CommunityDetail), (status = 403, body = Fault), (status = 404, body = Fault),
        (status = 409, body = Fault), (status = 422, body = Fault)))]
pub async fn enlist(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Given(wish): Given<CommunityEnlist>,
) -> Result<Json<CommunityDetail>, Problem> {
    let enlist = |committee| {
        let duty = word(Duty::parse(wish.duty.trim()), "duty")?;
        Ok(community::Command::Enlist { committee, number: number(&wish.number)?, duty })
    };
    done(&room, &access, &id, enlist).await
}

/// Vets a number: the result and the day, by another person than enlisted it.
#[utoipa::path(post, path = "/api/community/committees/{id}/vet", tag = "community",
    params(("id" = String, Path)), request_body = CommunityVet,
    responses((status = 200, body = CommunityDetail), (status = 403, body = Fault), (status = 404, body = Fault),
        (status = 409, body = Fault), (status = 422, body = Fault)))]
pub async fn vet(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Given(wish): Given<CommunityVet>,
) -> Result<Json<CommunityDetail>, Problem> {
    let vet = |committee| {
        let (number, on) = (number(&wish.number)?, date(&wish.on)?);
        Ok(community::Command::Vet { committee, number, passed: wish.passed, on })
    };
    done(&room, &access, &id, vet).await
}

/// Releases a number.
#[utoipa::path(post, path = "/api/community/committees/{id}/release", tag = "community",
    params(("id" = String, Path)), request_body = CommunityNumber,
    responses((status = 200, body = CommunityDetail), (status = 403, body = Fault), (status = 404, body = Fault),
        (status = 409, body = Fault), (status = 422, body = Fault)))]
pub async fn release(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Given(wish): Given<CommunityNumber>,
) -> Result<Json<CommunityDetail>, Problem> {
    let release =
        |committee| Ok(community::Command::Release { committee, number: number(&wish.number)? });
    done(&room, &access, &id, release).await
}

/// Puts a briefing on record: what it was about, the day, and how many came.
#[utoipa::path(post, path = "/api/community/committees/{id}/brief", tag = "community",
    params(("id" = String, Path)), request_body = CommunityBrief,
    responses((status = 200, body = CommunityDetail), (status = 403, body = Fault), (status = 404, body = Fault),
        (status = 409, body = Fault), (status = 422, body = Fault)))]
pub async fn brief(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Given(wish): Given<CommunityBrief>,
) -> Result<Json<CommunityDetail>, Problem> {
    let brief = |committee| {
        let (topic, on) = (word(Topic::parse(wish.topic.trim()), "topic")?, date(&wish.on)?);
        Ok(community::Command::Brief { committee, topic, on, attended: wish.attended })
    };
    done(&room, &access, &id, brief).await
}

/// Writes the rota of a day, in place of the one that stood.
#[utoipa::path(post, path = "/api/community/committees/{id}/rota", tag = "community",
    params(("id" = String, Path)), request_body = CommunityPlan,
    responses((status = 200, body = CommunityDetail), (status = 403, body = Fault), (status = 404, body = Fault),
        (status = 409, body = Fault), (status = 422, body = Fault)))]
pub async fn plan(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Given(wish): Given<CommunityPlan>,
) -> Result<Json<CommunityDetail>, Problem> {
    let plan = |committee| {
        let day = date(&wish.day)?;
        let shifts: Result<Vec<Shift>, Problem> = wish.shifts.into_iter().map(shift).collect();
        Ok(community::Command::Plan { committee, rota: Rota { day, shifts: shifts? } })
    };
    done(&room, &access, &id, plan).await
}

/// Puts on record what the committee tells of a place or a thing.
#[utoipa::path(post, path = "/api/community/committees/{id}/tell", tag = "community",
    params(("id" = String, Path)), request_body = CommunityTell,
    responses((status = 200, body = CommunityDetail), (status = 403, body = Fault), (status = 404, body = Fault),
        (status = 409, body = Fault), (status = 422, body = Fault)))]
pub async fn tell(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Given(wish): Given<CommunityTell>,
) -> Result<Json<CommunityDetail>, Problem> {
    let tell = |committee| {
        let matter = word(Matter::parse(wish.matter.trim()), "matter")?;
        Ok(community::Command::Tell { committee, matter, text: wish.text })
    };
    done(&room, &access, &id, tell).await
}

/// Answers the committee about something that it told.
#[utoipa::path(post, path = "/api/community/committees/{id}/answer", tag = "community",
    params(("id" = String, Path)), request_body = CommunityAnswer,
    responses((status = 200, body = CommunityDetail), (status = 403, body = Fault), (status = 404, body = Fault),
        (status = 409, body = Fault), (status = 422, body = Fault)))]
pub async fn answer(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Given(wish): Given<CommunityAnswer>,
) -> Result<Json<CommunityDetail>, Problem> {
    let answer = |committee| {
        let told = word(EventRef::parse(wish.told.trim()), "told")?;
        Ok(community::Command::Answer { committee, told, text: wish.text })
    };
    done(&room, &access, &id, answer).await
}

/// Dissolves a committee, with the reason.
#[utoipa::path(post, path = "/api/community/committees/{id}/dissolve", tag = "community",
    params(("id" = String, Path)), request_body = CommunityEnding,
    responses((status = 200, body = CommunityDetail), (status = 403, body = Fault), (status = 404, body = Fault),
        (status = 409, body = Fault), (status = 422, body = Fault)))]
pub async fn dissolve(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Given(wish): Given<CommunityEnding>,
) -> Result<Json<CommunityDetail>, Problem> {
    let dissolve = |committee| Ok(community::Command::Dissolve { committee, reason: wish.reason });
    done(&room, &access, &id, dissolve).await
}
