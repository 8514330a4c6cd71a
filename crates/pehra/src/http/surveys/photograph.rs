//! Photographs of a building: taken in without what the telephone adds, named by the hash of what is left.

use super::{
    day, keep, looked,
    sight::{self, SubjectView},
    subject,
};
use crate::http::{
    problem::{Code, Fault, Problem},
    room::Room,
    who::Access,
};
use axum::{
    Json,
    body::Bytes,
    extract::{Path, Query, State},
    http::{HeaderValue, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use pehra_domain::survey::SurveySubject;
use pehra_exchange::photograph::{PhotographError, cleaned};
use pehra_ops::{
    stamp::Hash32,
    survey::{Form, Photograph},
};
use serde::Deserialize;
use sha2::{Digest, Sha256};

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PhotographQuery {
    pub building: String,
    /// The part of the building that it shows: see `parts` of the forms.
    pub part: String,
    /// The day on which it was taken: `2024-01-20`.
    pub on: String,
    /// Role of who looked, if another than who sends it.
    #[serde(default)]
    pub looked: String,
}

/// Signs one photograph of a building: a JPEG file. Everything in it but the picture is dropped.
#[utoipa::path(post, path = "/api/surveys/photographs", tag = "surveys", params(PhotographQuery),
    request_body(content = Vec<u8>, content_type = "image/jpeg"),
    responses((status = 200, body = SubjectView), (status = 403, body = Fault), (status = 404, body = Fault),
        (status = 413, body = Fault), (status = 422, body = Fault)))]
pub async fn take(
    State(room): State<Room>,
    access: Access,
    Query(query): Query<PhotographQuery>,
    file: Bytes,
) -> Result<Json<SubjectView>, Problem> {
    let (subject, area) = subject(&room, Some(&query.building), None)?;
    let actor = access.actor(&area)?;
    let on = day(&room, &query.on)?;
    let surveyor_role = looked(&room, &actor, &query.looked)?;
    let view = super::form::part(&query.part)
        .ok_or_else(|| Problem::about(Code::ValueRefused, format!("part: {}", query.part)))?;
    let picture = cleaned(&file).map_err(|error| {
        let code = match error {
            PhotographError::TooLarge(_) => Code::TooLarge,
            PhotographError::NotJpeg
            | PhotographError::Damaged(_)
            | PhotographError::Size(_, _) => Code::PhotographRefused,
        };
        Problem::about(code, error.to_string())
    })?;
    let sha256 = Hash32(Sha256::digest(&picture).into());
    let form = Form {
        subject: subject.clone(),
        on,
        surveyor_role,
        answers: Vec::new(),
        photographs: vec![Photograph { sha256, view }],
    };
    keep(&room, actor, area, form, vec![picture]).await?;
    Ok(Json(sight::view(&room, &subject)))
}

/// A photograph, by its SHA-256; only of buildings within reach.
#[utoipa::path(get, path = "/api/surveys/photographs/{sha256}", tag = "surveys", params(("sha256" = String, Path)),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>), (status = 404, body = Fault)))]
pub async fn one(
    State(room): State<Room>,
    access: Access,
    Path(sha256): Path<String>,
) -> Result<Response, Problem> {
    let missing = || Problem::not_found(sha256.clone());
    let world = room.node().world();
    let found = room.node().ops(|state| {
        let mut all = state.surveys.all_photographs();
        let (subject, photograph) =
            all.find(|(_, photograph)| crate::auth::hex(&photograph.sha256.0) == sha256)?;
        Some((subject.clone(), photograph.sha256))
    });
    let (subject, hash) = found.ok_or_else(missing)?;
    let SurveySubject::Building(building) = subject else { return Err(missing()) };
    // A photograph out of reach is answered like one that does not exist.
    let within = world.building(&building).is_some_and(|known| access.reaches(&known.district));
    if !within {
        return Err(missing());
    }
    let node = room.node().clone();
    let bytes = tokio::task::spawn_blocking(move || node.photograph(hash.0)).await;
    let bytes = bytes.map_err(Problem::internal)??.ok_or_else(missing)?;
    Ok(([(CONTENT_TYPE, HeaderValue::from_static("image/jpeg"))], bytes).into_response())
}
