//! How often each building of an area is to be looked at: computed in a job, kept for a while, shown as figures, rows and
//! a layer of the map. It belongs to those who may draw there.

use super::PlanWish;
use crate::{
    http::{
        export::{Sheet, count, text},
        given::Given,
        map::stations_of,
        points::position_of,
        problem::{Code, Fault, Problem},
        reply::blocking,
        room::Room,
        sight::areas_with,
        who::{Access, holdings},
    },
    job::{Job, JobKind},
    node::Node,
    work::patrol::{Coverage, CoveredPlace},
};
use axum::{
    Json,
    body::Body,
    extract::{Path, Query, State},
    http::{HeaderValue, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use pehra_ops::permission as row;
use serde::{Deserialize, Serialize};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

/// Plans that are kept: a person compares a few.
const KEPT_MAX: usize = 8;
/// Rows of one answer.
const ROWS_MAX: usize = 500;

/// Plans that were computed of late, by their names.
#[derive(Default)]
pub struct Kept {
    table: Mutex<Table>,
}

#[derive(Default)]
struct Table {
    last: u64,
    kept: VecDeque<(String, Arc<Coverage>)>,
}

impl Kept {
    fn keep(&self, coverage: Coverage) -> String {
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        table.last += 1;
        let id = format!("c{}", table.last);
        if table.kept.len() >= KEPT_MAX {
            table.kept.pop_front();
        }
        table.kept.push_back((id.clone(), Arc::new(coverage)));
        id
    }

    fn get(&self, id: &str) -> Option<Arc<Coverage>> {
        let table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        table.kept.iter().find(|(known, _)| known == id).map(|(_, coverage)| coverage.clone())
    }
}

/// A plan that whoever asks could draw from, whatever door they came through.
fn find(room: &Room, access: &Access, id: &str) -> Result<Arc<Coverage>, Problem> {
    let node: &Node = room.node();
    let held = holdings(node, &access.person, node.now());
    let seals = areas_with(node, &held, &[row::PATROL_SEAL]);
    let found = room.patrols().get(id);
    let found = found.filter(|it| seals.iter().any(|own| own.contains(&it.area)));
    found.ok_or_else(|| Problem::not_found(id))
}

/// Plans how often each building of an area is looked at, in a job; its result is `{coverage}`.
#[utoipa::path(post, path = "/api/patrols/coverage", tag = "patrols", request_body = PlanWish,
    responses((status = 200, body = Job), (status = 403, body = Fault), (status = 409, body = Fault), (status = 422, body = Fault)))]
pub async fn start(
    State(room): State<Room>,
    access: Access,
    Given(wish): Given<PlanWish>,
) -> Result<Json<Job>, Problem> {
    let node = room.node().clone();
    let (_, area, terms) = wish.read(&node, &access)?;
    let by = access.person.to_string();
    let label = format!("Plan the patrols of {area}");
    let kept = room.clone();
    let job = room.node().jobs().start(JobKind::Patrol, label, by, move |control| {
        let world = node.world();
        let coverage = Coverage::of(&node, &world, (&area, &terms), &mut control.watch())?;
        Ok(serde_json::json!({ "coverage": kept.patrols().keep(coverage) }))
    })?;
    Ok(Json(job))
}

/// One building as the plan has it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PatrolCoverageRow {
    pub building: String,
    pub name: String,
    pub district: String,
    pub lat_e7: i32,
    pub lon_e7: i32,
    /// What an attack there costs without a team, in points of risk.
    pub stake: f64,
    /// On so many of 1,000 drawn days a team is there.
    pub permille: u16,
    pub why_en: String,
    pub why_ur: String,
}

impl PatrolCoverageRow {
    fn of(place: CoveredPlace<'_>) -> Self {
        let CoveredPlace { building, stake, permille, why_en, why_ur } = place;
        Self {
            building: building.id.to_string(),
            name: building.name.clone(),
            district: building.district.to_string(),
            lat_e7: building.point.lat_e7,
            lon_e7: building.point.lon_e7,
            stake,
            permille,
            why_en,
            why_ur,
        }
    }
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PatrolCoverage {
    pub id: String,
    pub area: String,
    pub teams: u32,
    pub tours: Option<super::ToursView>,
    /// Buildings that the plan is over.
    pub buildings: usize,
    /// Those that some drawn day visits.
    pub covered: usize,
    /// Bases from which teams go out; 0 for single posts.
    pub bases: usize,
    /// Teams that would change nothing.
    pub idle: u32,
    /// What the dearest attack costs under this plan, in points of risk; under any plan at least `bound`; without teams.
    pub level: f64,
    pub bound: f64,
    pub without: f64,
    /// What the payoffs say.
    pub payoffs_en: String,
    pub payoffs_ur: String,
    /// Whoever plans with it plans over the list of stations that is current now.
    pub current: bool,
    /// The most often looked at first.
    pub rows: Vec<PatrolCoverageRow>,
}

#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
pub struct RowsQuery {
    /// Rows from here on.
    #[serde(default)]
    pub from: usize,
    /// At most 500.
    pub count: Option<usize>,
}

/// A computed plan: figures and rows.
#[utoipa::path(get, path = "/api/patrols/coverage/{id}", tag = "patrols", params(("id" = String, Path), RowsQuery),
    responses((status = 200, body = PatrolCoverage), (status = 404, body = Fault)))]
pub async fn one(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Query(query): Query<RowsQuery>,
) -> Result<Json<PatrolCoverage>, Problem> {
    blocking(move || {
        let coverage = find(&room, &access, &id)?;
        let (payoffs_en, payoffs_ur) = coverage.sentence();
        let rows = query.count.unwrap_or(ROWS_MAX).min(ROWS_MAX);
        let tours = coverage.terms.tours;
        Ok(PatrolCoverage {
            id,
            area: coverage.area.to_string(),
            teams: coverage.terms.teams,
            tours: tours.map(|it| super::ToursView {
                shift_hours: it.shift_hours,
                stay_minutes: it.stay_minutes,
            }),
            buildings: coverage.buildings(),
            covered: coverage.covered(),
            bases: coverage.bases,
            idle: coverage.idle,
            level: coverage.level,
            bound: coverage.bound,
            without: coverage.without,
            payoffs_en,
            payoffs_ur,
            current: is_current(&room, &coverage),
            rows: coverage
                .places()
                .skip(query.from)
                .take(rows)
                .map(PatrolCoverageRow::of)
                .collect(),
        })
    })
    .await
}

fn is_current(room: &Room, coverage: &Coverage) -> bool {
    let world = room.node().world();
    let now = world.stations.as_ref().map(|table| table.provenance.manifest);
    now == Some(coverage.stations.provenance.manifest)
}

/// The same only while the list is the one that the map shows.
fn mapped(room: &Room, access: &Access, id: &str) -> Result<Arc<Coverage>, Problem> {
    let coverage = find(room, access, id)?;
    if is_current(room, &coverage) {
        Ok(coverage)
    } else {
        Err(Problem::about(Code::NotReady, "stations"))
    }
}

/// A byte for each point of the map, in its order: hundredths of the drawn days on which a team is there, 255 where the
/// station is not in the plan.
#[utoipa::path(get, path = "/api/patrols/coverage/{id}/points", tag = "patrols", params(("id" = String, Path)),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>), (status = 404, body = Fault), (status = 409, body = Fault)))]
pub async fn points(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let bytes = blocking(move || {
        let coverage = mapped(&room, &access, &id)?;
        let world = room.node().world();
        Ok(coverage.bytes(&access.ranges(stations_of(&world)?)))
    })
    .await?
    .0;
    let mut response = Body::from(bytes).into_response();
    let kind = HeaderValue::from_static("application/octet-stream");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    Ok(response)
}

/// What the plan says of the building of a point of the map.
#[utoipa::path(get, path = "/api/patrols/coverage/{id}/at/{index}", tag = "patrols",
    params(("id" = String, Path), ("index" = u32, Path)),
    responses((status = 200, body = PatrolCoverageRow), (status = 404, body = Fault), (status = 409, body = Fault)))]
pub async fn at(
    State(room): State<Room>,
    access: Access,
    Path((id, index)): Path<(String, u32)>,
) -> Result<Json<PatrolCoverageRow>, Problem> {
    blocking(move || {
        let coverage = mapped(&room, &access, &id)?;
        let world = room.node().world();
        let station = position_of(&access.ranges(stations_of(&world)?), index);
        let place = station.and_then(|station| coverage.at(station));
        place.map(PatrolCoverageRow::of).ok_or_else(|| Problem::not_found(index.to_string()))
    })
    .await
}

/// Every building with its share and the reason, as a table.
#[utoipa::path(get, path = "/api/patrols/coverage/{id}/csv", tag = "patrols", params(("id" = String, Path)),
    responses((status = 200, content_type = "text/csv", body = String), (status = 404, body = Fault)))]
pub async fn csv(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let sheet = blocking(move || {
        let coverage = find(&room, &access, &id)?;
        let title = format!("Cover {}", coverage.area);
        let provenance = &coverage.stations.provenance;
        let mut sheet = Sheet::new(room.node(), provenance, &access, &title);
        sheet.header(&["building", "name", "district", "score", "permille", "why", "why_ur"]);
        for place in coverage.places() {
            sheet.row(vec![
                text(place.building.id.as_str()),
                text(&place.building.name),
                text(place.building.district.as_str()),
                text(&format!("{:.2}", place.stake)),
                count(u32::from(place.permille)),
                text(&place.why_en),
                text(&place.why_ur),
            ]);
        }
        Ok(sheet)
    })
    .await?
    .0;
    sheet.csv("cover").await
}
