//! Rows of a checked list that may be one station: shown side by side, decided by a person.

use super::Step;
use crate::{
    http::{
        problem::{Code, Fault, Problem},
        room::Room,
        who::Access,
    },
    work::import::Content,
};
use axum::{
    Json,
    extract::{Path, Query, State},
};
use pehra_domain::{StationId, station::Station};
use pehra_exchange::stations::AmbiguousPair;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

const PAGE: usize = 100;
const PAGE_MAX: usize = 1_000;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PairPage {
    /// At most 1,000.
    pub limit: Option<usize>,
    #[serde(default)]
    pub offset: usize,
}

/// One of the two rows.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PairSide {
    pub id: String,
    pub name: String,
    pub lat_e7: i32,
    pub lon_e7: i32,
    pub men: u32,
    pub women: u32,
    pub source_row: Option<u32>,
}

/// Two rows that may be one station.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PairView {
    pub national: PairSide,
    pub provincial: PairSide,
    /// Metres between the two given points; none when one has none.
    pub distance_m: Option<u32>,
    /// `several-fit`, `points-apart`, `voters-differ`.
    pub reason: String,
    pub reason_en: String,
    pub reason_ur: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Pairs {
    pub total: usize,
    pub rows: Vec<PairView>,
}

/// The pairs of a checked station list that a person should decide. Those that are one station are sent back with the
/// next check as `joined`.
#[utoipa::path(get, path = "/api/imports/{id}/pairs", tag = "imports", params(("id" = String, Path), PairPage),
    responses((status = 200, body = Pairs), (status = 404, body = Fault), (status = 409, body = Fault)))]
pub async fn pairs(
    State(room): State<Room>,
    _: Access,
    Path(id): Path<String>,
    Query(page): Query<PairPage>,
) -> Result<Json<Pairs>, Problem> {
    let checked = room.imports().look(&id, |import| {
        import.must_be(&[Step::Checked, Step::Signing, Step::Signed])?;
        import.checked.clone().ok_or_else(|| Problem::of(Code::WrongStep))
    })??;
    let Content::Stations { stations, ambiguous, .. } = &checked.content else {
        return Ok(Json(Pairs { total: 0, rows: Vec::new() }));
    };
    let limit = page.limit.unwrap_or(PAGE).min(PAGE_MAX);
    let shown: Vec<&AmbiguousPair> = ambiguous.iter().skip(page.offset).take(limit).collect();
    let ids: BTreeSet<&StationId> =
        shown.iter().flat_map(|pair| [&pair.national, &pair.provincial]).collect();
    let found: Rows<'_> =
        stations.iter().filter(|row| ids.contains(&row.id)).map(|row| (&row.id, row)).collect();
    let rows = shown.into_iter().map(|pair| view(&found, pair));
    Ok(Json(Pairs { total: ambiguous.len(), rows: rows.collect() }))
}

type Rows<'a> = BTreeMap<&'a StationId, &'a Station>;

fn view(found: &Rows<'_>, pair: &AmbiguousPair) -> PairView {
    PairView {
        national: side(found, &pair.national),
        provincial: side(found, &pair.provincial),
        distance_m: pair.distance_m,
        reason: pair.reason.code().to_owned(),
        reason_en: pair.reason.english().to_owned(),
        reason_ur: pair.reason.urdu().to_owned(),
    }
}

fn side(found: &Rows<'_>, id: &StationId) -> PairSide {
    let found = found.get(id);
    let contest = found.and_then(|station| station.contests.first());
    PairSide {
        id: id.to_string(),
        name: found.map(|station| station.name.clone()).unwrap_or_default(),
        lat_e7: found.map_or(0, |station| station.point.lat_e7),
        lon_e7: found.map_or(0, |station| station.point.lon_e7),
        men: found.map_or(0, |station| station.voters.men),
        women: found.map_or(0, |station| station.voters.women),
        source_row: contest.map(|contest| contest.source_row),
    }
}
