//! Weights, thresholds and norms: data with a source; each change is signed.

use crate::{
    http::{
        given::Given,
        problem::{Code, Fault, Problem},
        room::Room,
        who::Access,
    },
    work::WorkError,
};
use axum::{
    Json,
    extract::{Path, State},
};
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ParameterRow {
    /// `risk.weight.T1`, `norms.PK-2024-SINDH.most.women.inner`.
    pub key: String,
    /// `weights`, `thresholds`, `exponents`, `travel`, `kernel`, `norms`, `rules`, `patrols`.
    pub group: String,
    pub value: f64,
    /// What the value counts in; empty when it is a bare number.
    pub unit: String,
    pub default: f64,
    pub source: String,
    /// None while nobody changed it.
    pub as_of_ms: Option<i64>,
    pub signed_by: Option<String>,
    /// Set apart, with different values: the default holds until it is settled.
    pub conflict: bool,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct ParameterWish {
    pub value: f64,
    /// Who says so: a law, a paper, an order, with its date.
    pub source: String,
    pub reason: String,
}

/// Every parameter with its default, its value and who signed it.
#[utoipa::path(get, path = "/api/parameters", tag = "parameters", responses((status = 200, body = Vec<ParameterRow>)))]
pub async fn list(State(room): State<Room>, _: Access) -> Result<Json<Vec<ParameterRow>>, Problem> {
    let rows = tokio::task::spawn_blocking(move || rows(&room)).await;
    rows.map_err(Problem::internal)?.map(Json)
}

fn rows(room: &Room) -> Result<Vec<ParameterRow>, Problem> {
    let views = room.node().parameters()?;
    let rows = views.into_iter().map(|view| {
        let signed = !view.signed_by.is_empty();
        ParameterRow {
            unit: unit(&view.key).to_owned(),
            key: view.key,
            group: view.group.to_owned(),
            value: view.value,
            default: view.default,
            source: view.source,
            as_of_ms: signed.then_some(view.at.0),
            signed_by: signed.then_some(view.signed_by),
            conflict: view.conflict,
        }
    });
    Ok(rows.collect())
}

fn unit(key: &str) -> &'static str {
    let last = key.rsplit(['.', '_']).next().unwrap_or_default();
    match last {
        "m" => "m",
        "days" => "d",
        "kmh" => "km/h",
        "permille" => "‰",
        "percent" => "%",
        "min" if key.ends_with("turnout_min") => "min",
        _ if key.starts_with("norms.") => "people",
        _ => "",
    }
}

/// Signs a new value.
#[utoipa::path(put, path = "/api/parameters/{key}", tag = "parameters", params(("key" = String, Path)),
    request_body = ParameterWish,
    responses((status = 200, body = Vec<ParameterRow>), (status = 403, body = Fault), (status = 422, body = Fault)))]
pub async fn set(
    State(room): State<Room>,
    access: Access,
    Path(key): Path<String>,
    Given(wish): Given<ParameterWish>,
) -> Result<Json<Vec<ParameterRow>>, Problem> {
    let rows = tokio::task::spawn_blocking(move || {
        let (source, reason) = (wish.source.trim(), wish.reason.trim());
        room.node().set_parameter(&access.person, &key, wish.value, source, reason)?;
        rows(&room)
    });
    rows.await.map_err(Problem::internal)?.map(Json)
}

impl From<WorkError> for Problem {
    fn from(error: WorkError) -> Self {
        match error {
            WorkError::Node(error) => error.into(),
            WorkError::Missing(what) => Self::about(Code::NotReady, what),
            WorkError::Input(what) => Self::about(Code::ValueRefused, what),
            WorkError::Cancelled(cancelled) => Self::internal(cancelled),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_read_from_the_keys() {
        assert_eq!(unit("risk.kernel.radius_m"), "m");
        assert_eq!(unit("risk.travel.speed_kmh"), "km/h");
        assert_eq!(unit("risk.travel.turnout_min"), "min");
        assert_eq!(unit("risk.weight.T1"), "");
        assert_eq!((unit("patrol.takes_permille"), unit("patrol.most_percent")), ("‰", "%"));
        assert_eq!(unit("norms.X.most.women.women_min"), "people");
    }
}
