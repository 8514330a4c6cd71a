//! Bundles of STIX 2.1: what was released goes out, what others send is shown with its findings. What comes in is not
//! kept: a person writes it as a report, and it takes the same four steps as every other.

use super::{Sight, view};
use crate::http::{
    problem::{Fault, Problem},
    room::Room,
    who::Access,
};
use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    response::IntoResponse,
};
use pehra_exchange::stix::{self, Kind, Outgoing};
use pehra_ledger::Hash;
use pehra_ops::intelligence::warning::{Warning, warnings};
use serde::Serialize;

/// What one object of a bundle says.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TipRow {
    pub id: String,
    /// `report`, `indicator`, `sighting`, `note`.
    pub kind: &'static str,
    pub text: String,
    pub created_ms: i64,
    pub from_ms: i64,
    pub until_ms: Option<i64>,
    pub points: Vec<[i32; 2]>,
    pub radius_m: u32,
    /// 0 to 100: a proposal for the grade, which a person gives.
    pub confidence: Option<u8>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct StixFinding {
    /// The object's place in the bundle, from 1; 0 is the bundle.
    pub row: u32,
    pub code: String,
    /// A sentence that says what and where.
    pub text: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct StixView {
    pub tips: Vec<TipRow>,
    pub findings: Vec<StixFinding>,
}

/// Reads a bundle and shows what it holds. Nothing is kept.
#[utoipa::path(post, path = "/api/intelligence/stix", tag = "intelligence",
    request_body(content = String, content_type = "application/stix+json"),
    responses((status = 200, body = StixView), (status = 413, body = Fault)))]
pub async fn read(body: Bytes) -> Result<Json<StixView>, Problem> {
    let read = tokio::task::spawn_blocking(move || stix::read(&body));
    let bundle = read.await.map_err(Problem::internal)?;
    let tips = bundle.tips.into_iter().map(|tip| TipRow {
        id: tip.id,
        kind: match tip.kind {
            Kind::Report => "report",
            Kind::Indicator => "indicator",
            Kind::Sighting => "sighting",
            Kind::Note => "note",
        },
        text: tip.text,
        created_ms: tip.created.0,
        from_ms: tip.from.0,
        until_ms: tip.until.map(|at| at.0),
        points: view::pairs(&tip.points),
        radius_m: tip.radius_m,
        confidence: tip.confidence,
    });
    let finding = |one: pehra_domain::finding::Finding| StixFinding {
        row: one.row,
        code: one.code,
        text: one.text,
    };
    let findings = bundle.findings.into_iter().map(finding).collect();
    Ok(Json(StixView { tips: tips.collect(), findings }))
}

/// The warnings that were released to whoever asks, as a bundle.
#[utoipa::path(get, path = "/api/intelligence/warnings.stix", tag = "intelligence",
    responses((status = 200, content_type = "application/stix+json", body = String)))]
pub async fn bundle(
    State(room): State<Room>,
    access: Access,
) -> Result<impl IntoResponse, Problem> {
    let sight = Sight::of(&room, access);
    let at = room.node().day_now();
    let out: Vec<Outgoing> = room.node().ops(|state| {
        let all = warnings(state, at).into_iter();
        all.filter(|one| sight.sees_warning(one)).map(|one| outgoing(&one)).collect()
    });
    let text = stix::write(room.node().random()?, &out);
    let name = "attachment; filename=\"warnings.stix.json\"";
    Ok(([(CONTENT_TYPE, "application/stix+json"), (CONTENT_DISPOSITION, name)], text))
}

/// One release is the same three objects whoever takes it out, and whenever.
fn outgoing(one: &Warning<'_>) -> Outgoing {
    let hashes = [0, 1].map(|part| Hash::of(format!("{}/{part}", one.release).as_bytes()).0);
    let all = hashes.concat();
    Outgoing {
        name: std::array::from_fn(|at| all.get(at).copied().unwrap_or_default()),
        text: one.text.to_owned(),
        threat: one.told.threat.code().to_owned(),
        released: one.mark.clock_ms,
        from: one.told.window.from,
        until: one.told.window.until,
        points: one.told.place.points.clone(),
        radius_m: one.told.place.radius_m,
        area: one.mark.area.as_str().to_owned(),
    }
}
