//! The search palette: stations, buildings, units, districts, towns.

use crate::http::{problem::Problem, room::Room, who::Access};
use axum::{
    Json,
    extract::{Query, State},
};
use pehra_domain::AreaId;
use serde::{Deserialize, Serialize};

const HITS: u32 = 20;
const HITS_MAX: u32 = 100;
/// Longest question that is looked at.
const QUESTION_CHARS_MAX: usize = 100;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SearchQuery {
    #[serde(default)]
    pub q: String,
    /// At most 100.
    pub limit: Option<u32>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Hit {
    /// `station`, `building`, `unit`, `district`, `town`.
    pub kind: String,
    pub id: String,
    pub text: String,
    /// What tells it from others of the same name.
    pub sub: String,
    pub lat_e7: Option<i32>,
    pub lon_e7: Option<i32>,
}

/// What matches, best first, of areas within reach.
#[utoipa::path(get, path = "/api/search", tag = "search", params(SearchQuery),
    responses((status = 200, body = Vec<Hit>)))]
pub async fn search(
    State(room): State<Room>,
    access: Access,
    Query(query): Query<SearchQuery>,
) -> Result<Json<Vec<Hit>>, Problem> {
    let question: String = query.q.trim().chars().take(QUESTION_CHARS_MAX).collect();
    if question.is_empty() {
        return Ok(Json(Vec::new()));
    }
    let limit = query.limit.unwrap_or(HITS).min(HITS_MAX);
    let hits = tokio::task::spawn_blocking(move || find(&room, &access, &question, limit));
    Ok(Json(hits.await.map_err(Problem::internal)??))
}

fn find(room: &Room, access: &Access, question: &str, limit: u32) -> Result<Vec<Hit>, Problem> {
    // Hits out of reach are dropped afterwards, so more are asked for than are shown.
    let asked = if access.reaches(&AreaId::nation()) { limit } else { HITS_MAX * 10 };
    let mut hits: Vec<Hit> = room
        .node()
        .search(question, asked)?
        .into_iter()
        .filter(|hit| match AreaId::try_new(hit.area.as_str()) {
            Ok(area) => access.reaches(&area),
            // Towns are known to everybody.
            Err(_) => hit.area.is_empty(),
        })
        .map(|hit| Hit {
            kind: hit.kind,
            id: hit.id,
            text: hit.text,
            sub: hit.area,
            lat_e7: hit.point.map(|point| point.lat_e7),
            lon_e7: hit.point.map(|point| point.lon_e7),
        })
        .collect();
    hits.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(hits)
}
