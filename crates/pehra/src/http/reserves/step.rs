//! What people decide about a basing: propose, approve, adopt, withdraw. Each is a signed event.

use super::{ReserveRow, kept::Known};
use crate::{
    http::{
        given::Given,
        plans::Reason,
        problem::{Fault, Problem},
        reply::blocking,
        room::Room,
        who::Access,
    },
    work::reserves as work,
};
use axum::{
    Json,
    extract::{Path, State},
};
use pehra_ops::{
    plan::Command,
    stamp::{Actor, EventRef},
};

/// Proposes a basing for approval by another person.
#[utoipa::path(post, path = "/api/reserves/{id}/propose", tag = "reserves", params(("id" = String, Path)),
    request_body = Reason, responses((status = 200, body = ReserveRow), (status = 404, body = Fault), (status = 409, body = Fault)))]
pub async fn propose(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Given(wish): Given<Reason>,
) -> Result<Json<ReserveRow>, Problem> {
    act(room, access, id, move |room, actor, known| {
        let (based, label) = known.based()?;
        work::propose(room.node(), actor, based, (label, &wish.reason))?;
        Ok(())
    })
    .await
}

/// Approves a proposed basing; by another person than proposed it.
#[utoipa::path(post, path = "/api/reserves/{id}/approve", tag = "reserves", params(("id" = String, Path)),
    responses((status = 200, body = ReserveRow), (status = 404, body = Fault), (status = 409, body = Fault)))]
pub async fn approve(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
) -> Result<Json<ReserveRow>, Problem> {
    answer(room, access, id, |plan| Command::Approve { plan }).await
}

/// Puts an approved basing in force: from now on it is the one that counts.
#[utoipa::path(post, path = "/api/reserves/{id}/adopt", tag = "reserves", params(("id" = String, Path)),
    responses((status = 200, body = ReserveRow), (status = 404, body = Fault), (status = 409, body = Fault)))]
pub async fn adopt(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
) -> Result<Json<ReserveRow>, Problem> {
    answer(room, access, id, |plan| Command::Adopt { plan }).await
}

/// Answers a proposed basing with no.
#[utoipa::path(post, path = "/api/reserves/{id}/reject", tag = "reserves", params(("id" = String, Path)),
    request_body = Reason, responses((status = 200, body = ReserveRow), (status = 404, body = Fault), (status = 409, body = Fault)))]
pub async fn reject(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Given(wish): Given<Reason>,
) -> Result<Json<ReserveRow>, Problem> {
    answer(room, access, id, |plan| Command::Reject { plan, reason: wish.reason }).await
}

/// Withdraws a basing that was proposed, approved or put in force.
#[utoipa::path(post, path = "/api/reserves/{id}/withdraw", tag = "reserves", params(("id" = String, Path)),
    request_body = Reason, responses((status = 200, body = ReserveRow), (status = 404, body = Fault), (status = 409, body = Fault)))]
pub async fn withdraw(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Given(wish): Given<Reason>,
) -> Result<Json<ReserveRow>, Problem> {
    answer(room, access, id, |plan| Command::Withdraw { plan, reason: wish.reason }).await
}

async fn answer<M>(
    room: Room,
    access: Access,
    id: String,
    make: M,
) -> Result<Json<ReserveRow>, Problem>
where
    M: FnOnce(EventRef) -> Command + Send + 'static,
{
    act(room, access, id, |room, actor, known| {
        let plan = known.proposed()?.at;
        Ok(work::step(room.node(), actor, make(plan))?)
    })
    .await
}

/// Signs off the async threads, and answers the basing as it then stands.
async fn act<D>(
    room: Room,
    access: Access,
    id: String,
    deed: D,
) -> Result<Json<ReserveRow>, Problem>
where
    D: FnOnce(&Room, &Actor, &Known) -> Result<(), Problem> + Send + 'static,
{
    blocking(move || {
        let actor = access.actor_of_all(&room.node().world())?;
        let known = room.reserves().one(&room, &id)?;
        deed(&room, &actor, &known)?;
        Ok(room.reserves().one(&room, &id)?.row())
    })
    .await
}
