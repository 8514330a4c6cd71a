//! Long work as the screens see it.

use crate::{
    http::{problem::Problem, room::Room, who::Access},
    job::Job,
};
use axum::{
    Json,
    extract::{Path, State},
};

/// All jobs of this run that are remembered, newest first.
#[utoipa::path(get, path = "/api/jobs", tag = "jobs", responses((status = 200, body = Vec<Job>)))]
pub async fn list(State(room): State<Room>, _: Access) -> Json<Vec<Job>> {
    Json(room.node().jobs().list())
}

/// One job.
#[utoipa::path(get, path = "/api/jobs/{id}", tag = "jobs", params(("id" = String, Path)),
    responses((status = 200, body = Job), (status = 404, body = crate::http::problem::Fault)))]
pub async fn one(
    State(room): State<Room>,
    _: Access,
    Path(id): Path<String>,
) -> Result<Json<Job>, Problem> {
    room.node().jobs().get(&id).map(Json).ok_or_else(|| Problem::not_found(id))
}

/// Asks a job to stop; it ends at its next safe place. One's own, or everybody's with a role over all.
#[utoipa::path(delete, path = "/api/jobs/{id}", tag = "jobs", params(("id" = String, Path)),
    responses((status = 200, body = Job), (status = 403, body = crate::http::problem::Fault), (status = 404, body = crate::http::problem::Fault)))]
pub async fn cancel(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
) -> Result<Json<Job>, Problem> {
    let job = room.node().jobs().get(&id).ok_or_else(|| Problem::not_found(&id))?;
    // Others' work is stopped by whoever answers for everything that the node plans.
    if job.by != access.person.as_str() {
        access.actor_of_all(&room.node().world())?;
    }
    tracing::info!(person = %access.person, job = id, "asked to stop");
    room.node().jobs().cancel(&id).map(Json).ok_or_else(|| Problem::not_found(id))
}
