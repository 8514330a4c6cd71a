//! The day: how stations stand, what is open, and what is done about it.

pub mod act;
pub mod frame;
pub mod incident;
pub mod methane;
pub mod stream;

use crate::{
    day::{DayClock, Picture, schedule, taxonomy},
    http::{
        problem::{Code, Fault, Problem},
        room::Room,
        sight::complaints_within,
        view::{area_name, area_name_ur},
        who::Access,
    },
};
use axum::{
    Json,
    extract::{Path, State},
};
use frame::{Beside, Frame, Scope};
use pehra_domain::{AreaId, StationId};
use pehra_ops::check_in::{
    Code as CheckCode, Reading, Subject,
    late::{Standing, standing},
};
use serde::Serialize;
use std::sync::Arc;

/// The picture, made off the async threads.
async fn picture(room: &Room) -> Result<Arc<Picture>, Problem> {
    let node = room.node().clone();
    let made = tokio::task::spawn_blocking(move || node.day_picture()).await;
    made.map_err(Problem::internal)?.ok_or_else(|| Problem::about(Code::NotReady, "stations"))
}

/// What a person sees of a picture.
pub(in crate::http) fn scope(room: &Room, access: &Access, picture: &Picture) -> Scope {
    Scope {
        areas: access.holdings.iter().map(|holding| holding.area.clone()).collect(),
        complaints: complaints_within(room.node(), &access.person),
        ranges: access.ranges(&picture.stations),
    }
}

/// The whole state of the day within reach.
#[utoipa::path(get, path = "/api/day", tag = "day",
    responses((status = 200, body = Frame), (status = 409, body = Fault)))]
pub async fn now(State(room): State<Room>, access: Access) -> Result<Json<Frame>, Problem> {
    let picture = picture(&room).await?;
    let scope = scope(&room, &access, &picture);
    Ok(Json(frame::whole(&picture, &scope, Beside::now(room.node()))))
}

/// The clock by which the day goes: the wall's, or an exercise's own.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ClockView {
    pub now_ms: i64,
    /// Thousandths of the wall's pace; 1,000 unless an exercise set another.
    pub pace_milli: u32,
    /// An exercise set it.
    pub own: bool,
}

fn clock_view(clock: Option<DayClock>, now_ms: i64) -> ClockView {
    let pace_milli = clock.map_or(1_000, |clock| clock.pace_milli);
    ClockView { now_ms, pace_milli, own: clock.is_some() }
}

/// One kind of incident.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct IncidentKind {
    pub code: &'static str,
    pub severity: u8,
    pub title_en: String,
    pub title_ur: String,
    pub lead: String,
    pub first_actions: String,
    pub first_actions_ur: String,
    pub complaint: bool,
    pub acknowledge_min: u32,
    pub dispatch_min: u32,
    /// Urban, rural, remote.
    pub arrive_min: Option<[u32; 3]>,
}

/// One row of the schedule.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CheckInKind {
    pub code: &'static str,
    pub sender: &'static str,
    pub what: String,
    pub amber_min: u32,
    pub red_min: u32,
}

/// A word of a closed list, as it is said.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct WordView {
    pub name: &'static str,
    pub title_en: &'static str,
    pub title_ur: &'static str,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TablesView {
    pub incidents: Vec<IncidentKind>,
    pub check_ins: Vec<CheckInKind>,
    /// Of a report in the fixed order.
    pub hazards: Vec<WordView>,
    pub services: Vec<WordView>,
}

/// The tables of the day: kinds of incident with their targets, and the schedule of check-ins.
#[utoipa::path(get, path = "/api/day/tables", tag = "day", responses((status = 200, body = TablesView)))]
pub async fn tables() -> Json<TablesView> {
    let kinds = taxonomy().map(|taxonomy| taxonomy.kinds()).unwrap_or_default();
    let incidents = kinds.iter().map(|kind| IncidentKind {
        code: kind.code.name(),
        severity: kind.severity.number(),
        title_en: kind.title.clone(),
        title_ur: kind.title_ur.clone(),
        lead: kind.lead.clone(),
        first_actions: kind.first_actions.clone(),
        first_actions_ur: kind.first_actions_ur.clone(),
        complaint: kind.code.matter() == pehra_ops::incident::Matter::Complaint,
        acknowledge_min: kind.targets.acknowledge,
        dispatch_min: kind.targets.dispatch,
        arrive_min: kind.targets.arrive,
    });
    let rows = schedule().map(|schedule| schedule.rows()).unwrap_or_default();
    let check_ins = rows.iter().map(|row| CheckInKind {
        code: row.code.name(),
        sender: row.code.sender().name(),
        what: row.what.clone(),
        amber_min: row.amber_minutes,
        red_min: row.red_minutes,
    });
    Json(TablesView {
        incidents: incidents.collect(),
        check_ins: check_ins.collect(),
        hazards: methane::hazards(),
        services: methane::services(),
    })
}

/// One check-in as it was heard.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ClaimView {
    pub code: &'static str,
    pub at_ms: i64,
    pub word: &'static str,
    /// What the three numbers are follows from the code.
    pub counts: [Option<u16>; 3],
    pub rung: &'static str,
    pub note: String,
    /// Device, log epoch and number of the entry.
    pub entry: String,
    pub by: String,
    pub role: String,
    pub disputed: bool,
    pub struck: bool,
}

/// A station on the day.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct StationDay {
    pub id: String,
    pub name: String,
    pub district: String,
    pub district_name: String,
    pub district_name_ur: Option<String>,
    pub stage: &'static str,
    pub missing: Option<&'static str>,
    pub due_ms: Option<i64>,
    /// When the next rung of the ladder is reached without a word.
    pub next_ms: Option<i64>,
    pub heard_ms: Option<i64>,
    pub claims: Vec<ClaimView>,
}

/// What one station said, and how it stands.
#[utoipa::path(get, path = "/api/day/stations/{id}", tag = "day", params(("id" = String, Path)),
    responses((status = 200, body = StationDay), (status = 404, body = Fault)))]
pub async fn station(
    State(room): State<Room>,
    Path(id): Path<String>,
) -> Result<Json<StationDay>, Problem> {
    let world = room.node().world();
    let table = crate::http::map::stations_of(&world)?;
    let station = table.find(&id).and_then(|position| table.stations.get(position));
    let station = station.ok_or_else(|| Problem::not_found(&id))?;
    let now = room.node().day_now();
    let (standing, claims) = room.node().ops(|state| {
        let poll = state.election().map(|election| election.date);
        let area = state.check_ins.area(&station.district);
        let subject = Subject::Station(station.id.clone());
        let day = area.and_then(|area| area.day(&subject));
        let standing = match (schedule(), poll) {
            (Some(schedule), Some(poll)) => standing(schedule, poll, day, 0, now),
            (_, _) => Standing::default(),
        };
        let disputed = |code: CheckCode| {
            day.is_some_and(|day| matches!(day.reading(code), Reading::Disputed(_)))
        };
        let view = |claim: &pehra_ops::check_in::Claim, struck| {
            let area = area?;
            let mark = area.mark(claim.entry)?;
            Some(ClaimView {
                code: claim.code.name(),
                at_ms: claim.at.0,
                word: claim.word.name(),
                counts: [claim.counts.first, claim.counts.second, claim.counts.third],
                rung: claim.rung.name(),
                note: area.note(&subject, claim).to_owned(),
                entry: claim.entry.to_string(),
                by: mark.person.to_string(),
                role: mark.role.as_str().to_owned(),
                disputed: disputed(claim.code),
                struck,
            })
        };
        let mut claims: Vec<ClaimView> = day
            .into_iter()
            .flat_map(|day| {
                let standing = day.standing().filter_map(|claim| view(claim, false));
                standing.chain(day.struck().filter_map(|claim| view(claim, true)))
            })
            .collect();
        claims.sort_by_key(|claim| claim.at_ms);
        (standing, claims)
    });
    Ok(Json(StationDay {
        id: station.id.to_string(),
        name: station.name.clone(),
        district: station.district.to_string(),
        district_name: area_name(room.node().gazetteer(), &station.district),
        district_name_ur: area_name_ur(room.node().gazetteer(), &station.district),
        stage: standing.stage.name(),
        missing: standing.missing.map(CheckCode::name),
        due_ms: standing.due.map(|at| at.0),
        next_ms: standing.next.map(|at| at.0),
        heard_ms: standing.heard.map(|at| at.0),
        claims,
    }))
}

/// The last hours in bins of ten minutes.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TimelineView {
    pub from_ms: i64,
    pub bin_ms: i64,
    /// Check-ins said.
    pub heard: Vec<u32>,
    /// Check-ins due by the schedule's hours, at all stations within reach.
    pub due: Vec<u32>,
    /// Incidents reported: severity 1 and 2, 3, 4 and 5.
    pub incidents: Vec<[u32; 3]>,
    pub now_ms: i64,
}

/// The course of the day within reach.
#[utoipa::path(get, path = "/api/day/timeline", tag = "day",
    responses((status = 200, body = TimelineView), (status = 409, body = Fault)))]
pub async fn timeline(
    State(room): State<Room>,
    access: Access,
) -> Result<Json<TimelineView>, Problem> {
    let picture = picture(&room).await?;
    let scope = scope(&room, &access, &picture);
    Ok(Json(frame::timeline(&picture, &scope)))
}

/// The district of a station or an area given by name, within reach.
fn area_of(
    room: &Room,
    station: Option<&StationId>,
    area: Option<&str>,
) -> Result<AreaId, Problem> {
    if let Some(station) = station {
        let world = room.node().world();
        let table = crate::http::map::stations_of(&world)?;
        let found = table.named(station.as_str()).map(|found| found.district.clone());
        return found.ok_or_else(|| Problem::not_found(station.as_str()));
    }
    Ok(AreaId::try_new(area.unwrap_or_default())?)
}
