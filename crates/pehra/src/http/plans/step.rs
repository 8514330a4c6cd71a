//! What people decide about a plan: propose, approve, adopt, withdraw. Each is a signed event.

use super::{PlanRow, decided, find, row};
use crate::{
    http::{
        given::Given,
        problem::{Code, Fault, Problem},
        room::Room,
        who::Access,
    },
    world::PlanTable,
};
use axum::{
    Json,
    extract::{Path, State},
};
use pehra_ops::{
    command::Command,
    plan::{self, Proposal, Summary},
    stamp::{Actor, EventRef, Hash32},
};
use serde::Deserialize;
use std::sync::Arc;

#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct Reason {
    /// In the planner's words.
    #[serde(default)]
    pub reason: String,
}

/// Proposes a solved plan for approval by another person.
#[utoipa::path(post, path = "/api/plans/{id}/propose", tag = "plans", params(("id" = String, Path)),
    request_body = Reason, responses((status = 200, body = PlanRow), (status = 404, body = Fault), (status = 409, body = Fault)))]
pub async fn propose(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Given(wish): Given<Reason>,
) -> Result<Json<PlanRow>, Problem> {
    act(room, access, id, move |room, actor, plan| {
        let command =
            plan::Command::Propose { proposal: proposal(room, &actor, plan, wish.reason) };
        Ok((actor, command))
    })
    .await
}

/// Approves a proposed plan; by another person than proposed it.
#[utoipa::path(post, path = "/api/plans/{id}/approve", tag = "plans", params(("id" = String, Path)),
    responses((status = 200, body = PlanRow), (status = 404, body = Fault), (status = 409, body = Fault)))]
pub async fn approve(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
) -> Result<Json<PlanRow>, Problem> {
    act(room, access, id, |room, actor, plan| {
        Ok((actor, plan::Command::Approve { plan: proposed(room, plan)? }))
    })
    .await
}

/// Adopts an approved plan: from now on it is the one that counts.
#[utoipa::path(post, path = "/api/plans/{id}/adopt", tag = "plans", params(("id" = String, Path)),
    responses((status = 200, body = PlanRow), (status = 404, body = Fault), (status = 409, body = Fault)))]
pub async fn adopt(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
) -> Result<Json<PlanRow>, Problem> {
    act(room, access, id, |room, actor, plan| {
        Ok((actor, plan::Command::Adopt { plan: proposed(room, plan)? }))
    })
    .await
}

/// Answers a proposed plan with no.
#[utoipa::path(post, path = "/api/plans/{id}/reject", tag = "plans", params(("id" = String, Path)),
    request_body = Reason, responses((status = 200, body = PlanRow), (status = 404, body = Fault), (status = 409, body = Fault)))]
pub async fn reject(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Given(wish): Given<Reason>,
) -> Result<Json<PlanRow>, Problem> {
    act(room, access, id, move |room, actor, plan| {
        let plan = proposed(room, plan)?;
        Ok((actor, plan::Command::Reject { plan, reason: wish.reason }))
    })
    .await
}

/// Withdraws a plan that was proposed, approved or adopted.
#[utoipa::path(post, path = "/api/plans/{id}/withdraw", tag = "plans", params(("id" = String, Path)),
    request_body = Reason, responses((status = 200, body = PlanRow), (status = 404, body = Fault), (status = 409, body = Fault)))]
pub async fn withdraw(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Given(wish): Given<Reason>,
) -> Result<Json<PlanRow>, Problem> {
    act(room, access, id, move |room, actor, plan| {
        let plan = proposed(room, plan)?;
        Ok((actor, plan::Command::Withdraw { plan, reason: wish.reason }))
    })
    .await
}

/// Signs what `make` says, off the async threads, and answers the plan as it then stands.
async fn act<M>(room: Room, access: Access, id: String, make: M) -> Result<Json<PlanRow>, Problem>
where
    M: FnOnce(&Room, Actor, &PlanTable) -> Result<(Actor, plan::Command), Problem> + Send + 'static,
{
    let done = tokio::task::spawn_blocking(move || {
        let world = room.node().world();
        let plan: Arc<PlanTable> = find(&world, &id)?;
        let actor = access.actor_of_all(&world)?;
        let (actor, command) = make(&room, actor, &plan)?;
        room.node().execute(&actor, Command::Plan(command))?;
        room.node().live().publish("plan", serde_json::json!({ "id": plan.id }));
        Ok(Json(row(&room, &room.node().world(), &access, &plan)))
    });
    done.await.map_err(Problem::internal)?
}

fn proposed(room: &Room, plan: &PlanTable) -> Result<EventRef, Problem> {
    let found = decided(room.node(), plan);
    found.map(|(at, _, _)| at).ok_or_else(|| Problem::about(Code::WrongStep, "propose"))
}

fn proposal(room: &Room, actor: &Actor, plan: &PlanTable, note: String) -> Proposal {
    let certificate = plan.certificate();
    Proposal {
        area: actor.area.clone(),
        poll_date: plan.poll.as_ref().map_or_else(|| room.node().poll_date(), |poll| poll.date),
        name: plan.label.clone(),
        manifest: Hash32(plan.provenance.manifest),
        summary: Summary {
            input_hash: Hash32(certificate.input_hash),
            seed: certificate.seed,
            engine: certificate.engine.clone(),
            objective: certificate.objective,
            dual_bound: certificate.dual_bound,
            posts_due: plan.plan.needs.iter().map(|need| u64::from(need.need)).sum(),
            posts_filled: plan.plan.needs.iter().map(|need| u64::from(need.posted)).sum(),
            relaxed: certificate.relaxations.iter().map(|bent| bent.count).sum(),
        },
        note,
    }
}
