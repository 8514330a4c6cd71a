//! Whether each area is ready: what its last drill measured, what failed and is still open, and stop orders.

use crate::{
    drill::measure::{DrillMeasured, MeasuredPath},
    http::{
        given::Given,
        mark::MarkView,
        persons::execute,
        problem::{Fault, Problem},
        room::Room,
        who::Access,
    },
};
use axum::{
    Json,
    extract::{Path, Query, State},
};
use pehra_domain::AreaId;
use pehra_ops::{
    Command, EventRef, State as Ops,
    readiness::{self, Answer, Phase},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ReadinessRow {
    pub area: String,
    /// `untried`, `short`, `blocked`, `ready` or `stopped`.
    pub phase: &'static str,
    /// When its last drill was recorded.
    pub drilled_ms: Option<i64>,
    /// Failures that are neither mended nor waived.
    pub open: usize,
    pub waived: usize,
    /// Stop orders that hold here.
    pub stops: usize,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ReadinessView {
    /// Every district within reach, and every other area that was drilled or stopped; the worst first.
    pub areas: Vec<ReadinessRow>,
}

/// What was said to a failure or a stop.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ReadinessAnswer {
    /// Accepted as it is; otherwise mended.
    pub waived: bool,
    pub text: String,
    pub by: MarkView,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ReadinessFailure {
    pub key: String,
    pub text: String,
    pub answer: Option<ReadinessAnswer>,
}

/// The drill that counts.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ReadinessDrill {
    /// Names it when a failure is answered.
    pub id: String,
    pub exercise: String,
    pub full: bool,
    pub dark: bool,
    pub played: bool,
    pub stations: u32,
    pub paths: Vec<MeasuredPath>,
    pub failures: Vec<ReadinessFailure>,
    pub trace: String,
    pub by: MarkView,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct StopRow {
    /// Names it when it is lifted.
    pub id: String,
    /// It holds for everything below.
    pub area: String,
    pub reason: String,
    pub by: MarkView,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ReadinessDetail {
    pub row: ReadinessRow,
    pub drill: Option<ReadinessDrill>,
    pub stops: Vec<StopRow>,
}

fn row(state: &Ops, area: &AreaId) -> ReadinessRow {
    let readiness = &state.readiness;
    let drill = readiness.drill(area);
    let waived = drill.iter().flat_map(|(at, drill, _)| {
        drill.failures.iter().filter_map(|it| readiness.answer(*at, &it.key))
    });
    ReadinessRow {
        area: area.to_string(),
        phase: readiness.phase(area).name(),
        drilled_ms: drill.map(|(_, _, mark)| mark.clock_ms.0),
        open: readiness.open(area).len(),
        waived: waived.filter(|answer| answer.waived).count(),
        stops: readiness.stops(area).count(),
    }
}

fn worst_first(phase: Phase) -> u8 {
    match phase {
        Phase::Stopped => 0,
        Phase::Blocked => 1,
        Phase::Untried => 2,
        Phase::Short => 3,
        Phase::Ready => 4,
    }
}

fn view(room: &Room, access: &Access) -> ReadinessView {
    let world = room.node().world();
    let districts = world.stations.iter().flat_map(|table| &table.districts);
    room.node().ops(|state| {
        let mut areas: BTreeSet<&AreaId> = districts.map(|(area, _)| area).collect();
        areas.extend(state.readiness.areas());
        let mut areas: Vec<&AreaId> = areas.into_iter().filter(|it| access.reaches(it)).collect();
        areas.sort_by_cached_key(|area| (worst_first(state.readiness.phase(area)), *area));
        ReadinessView { areas: areas.into_iter().map(|area| row(state, area)).collect() }
    })
}

fn detail(room: &Room, area: &AreaId) -> ReadinessDetail {
    let answer = |answer: &Answer| ReadinessAnswer {
        waived: answer.waived,
        text: answer.text.clone(),
        by: MarkView::of(&answer.mark),
    };
    room.node().ops(|state| {
        let readiness = &state.readiness;
        let drill = readiness.drill(area).map(|(at, drill, mark)| ReadinessDrill {
            id: at.to_string(),
            exercise: drill.name.clone(),
            full: drill.full,
            dark: drill.dark,
            played: drill.played,
            stations: drill.stations,
            paths: drill.paths.iter().map(MeasuredPath::of).collect(),
            failures: drill
                .failures
                .iter()
                .map(|it| ReadinessFailure {
                    key: it.key.clone(),
                    text: it.text.clone(),
                    answer: readiness.answer(at, &it.key).map(answer),
                })
                .collect(),
            trace: drill.trace.to_string(),
            by: MarkView::of(mark),
        });
        let stops = readiness.stops(area).map(|(at, reason, mark)| StopRow {
            id: at.to_string(),
            area: mark.area.to_string(),
            reason: reason.to_owned(),
            by: MarkView::of(mark),
        });
        ReadinessDetail { row: row(state, area), drill, stops: stops.collect() }
    })
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Of {
    pub area: String,
}

/// How ready the areas within reach are, the worst first.
#[utoipa::path(get, path = "/api/readiness", tag = "readiness", responses((status = 200, body = ReadinessView)))]
pub async fn list(State(room): State<Room>, access: Access) -> Json<ReadinessView> {
    Json(view(&room, &access))
}

/// What an area's last drill measured, what was said to each failure, and the stop orders that hold there.
#[utoipa::path(get, path = "/api/readiness/area", tag = "readiness", params(Of),
    responses((status = 200, body = ReadinessDetail), (status = 403, body = Fault)))]
pub async fn one(
    State(room): State<Room>,
    access: Access,
    Query(of): Query<Of>,
) -> Result<Json<ReadinessDetail>, Problem> {
    Ok(Json(detail(&room, &access.area_within(&of.area)?)))
}

/// Records what an exercise measured of its area, from the file that it gave out.
#[utoipa::path(post, path = "/api/readiness/drills", tag = "readiness", request_body = DrillMeasured,
    responses((status = 200, body = ReadinessDetail), (status = 403, body = Fault), (status = 422, body = Fault)))]
pub async fn record(
    State(room): State<Room>,
    access: Access,
    Given(measured): Given<DrillMeasured>,
) -> Result<Json<ReadinessDetail>, Problem> {
    let area = access.area_within(&measured.area)?;
    let drill = measured.drill().ok_or_else(|| Problem::refused("trace"))?;
    let command = readiness::Command::Record { area: area.clone(), drill };
    done(&room, &access, area, command).await
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct MendWish {
    /// Of the drill in which it failed.
    pub failure: String,
    pub how: String,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct WaiveWish {
    pub failure: String,
    /// Why it is accepted as it is; it stands beside the name of whoever says so.
    pub reason: String,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct StopWish {
    pub area: String,
    pub reason: String,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct LiftWish {
    pub reason: String,
}

/// A drill or a stop order within reach, and its area.
fn about(room: &Room, access: &Access, id: &str) -> Result<(EventRef, AreaId), Problem> {
    access.entry_within(room.node(), id, |state, at| state.readiness.area_of(at))
}

/// Does it in the role that may; the answer shows the area as it is then.
async fn done(
    room: &Room,
    access: &Access,
    area: AreaId,
    command: readiness::Command,
) -> Result<Json<ReadinessDetail>, Problem> {
    let command = Command::Readiness(command);
    let actor = access.actor_with(room.node(), &area, command.permission())?;
    execute(room, actor, command).await?;
    Ok(Json(detail(room, &area)))
}

/// Says that what failed was mended, and how.
#[utoipa::path(post, path = "/api/readiness/drills/{id}/mend", tag = "readiness", params(("id" = String, Path)),
    request_body = MendWish,
    responses((status = 200, body = ReadinessDetail), (status = 403, body = Fault), (status = 404, body = Fault), (status = 422, body = Fault)))]
pub async fn mend(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Given(wish): Given<MendWish>,
) -> Result<Json<ReadinessDetail>, Problem> {
    let (drill, area) = about(&room, &access, &id)?;
    let command = readiness::Command::Mend { drill, failure: wish.failure, how: wish.how };
    done(&room, &access, area, command).await
}

/// Accepts by name what failed.
#[utoipa::path(post, path = "/api/readiness/drills/{id}/waive", tag = "readiness", params(("id" = String, Path)),
    request_body = WaiveWish,
    responses((status = 200, body = ReadinessDetail), (status = 403, body = Fault), (status = 404, body = Fault), (status = 422, body = Fault)))]
pub async fn waive(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Given(wish): Given<WaiveWish>,
) -> Result<Json<ReadinessDetail>, Problem> {
    let (drill, area) = about(&room, &access, &id)?;
    let command = readiness::Command::Waive { drill, failure: wish.failure, reason: wish.reason };
    done(&room, &access, area, command).await
}

/// Stops an area and everything below it until the order is lifted.
#[utoipa::path(post, path = "/api/readiness/stops", tag = "readiness", request_body = StopWish,
    responses((status = 200, body = ReadinessDetail), (status = 403, body = Fault), (status = 422, body = Fault)))]
pub async fn stop(
    State(room): State<Room>,
    access: Access,
    Given(wish): Given<StopWish>,
) -> Result<Json<ReadinessDetail>, Problem> {
    let area = access.area_within(&wish.area)?;
    let command = readiness::Command::Stop { area: area.clone(), reason: wish.reason };
    done(&room, &access, area, command).await
}

/// Lifts a stop order.
#[utoipa::path(post, path = "/api/readiness/stops/{id}/lift", tag = "readiness", params(("id" = String, Path)),
    request_body = LiftWish,
    responses((status = 200, body = ReadinessDetail), (status = 403, body = Fault), (status = 404, body = Fault), (status = 422, body = Fault)))]
pub async fn lift(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Given(wish): Given<LiftWish>,
) -> Result<Json<ReadinessDetail>, Problem> {
    let (stop, area) = about(&room, &access, &id)?;
    let command = readiness::Command::Lift { stop, reason: wish.reason };
    done(&room, &access, area, command).await
}
