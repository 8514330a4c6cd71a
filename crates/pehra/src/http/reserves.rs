//! Where quick-reaction teams are kept: choose, look, ask what if, compare, take away, decide.

mod export;
mod kept;
mod look;
mod step;

pub use export::{bases_csv, bases_xlsx, stations_csv, stations_xlsx};
pub use kept::ReservesKept;
pub use look::{compare, map, one, what_if};
pub use step::{adopt, approve, propose, reject, withdraw};

// The attribute on a handler makes items beside it; the table names them by the handler's path.
pub use export::{__path_bases_csv, __path_bases_xlsx, __path_stations_csv, __path_stations_xlsx};
pub use look::{__path_compare, __path_map, __path_one, __path_what_if};
pub use step::{__path_adopt, __path_approve, __path_propose, __path_reject, __path_withdraw};

use crate::{
    http::{
        given::Given,
        plans::StatusWord,
        problem::{Code, Fault, Problem},
        reply::blocking,
        room::Room,
        who::Access,
    },
    job::{Job, JobKind},
    work::reserves as work,
};
use axum::{Json, extract::State};
use kept::Known;
use pehra_plan::reserve::{base::Targets, cover::Teams};
use serde::{Deserialize, Serialize};

/// Most teams that are based at once.
const TEAMS_MAX: u32 = 4_000;
/// Most teams at one base.
const PER_BASE_MAX: u32 = 20;

/// A basing, signed or not.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ReserveRow {
    pub id: String,
    pub label: String,
    pub status: StatusWord,
    pub made_ms: i64,
    pub by: String,
    /// Who proposed it, once it is proposed: another person approves.
    pub proposed_by: Option<String>,
    pub teams: u32,
    pub bases: u32,
    /// What it is worth, and what no choice of so many bases is worth more than.
    pub objective: i64,
    pub bound: i64,
    pub gap: i64,
    /// Somebody stopped the search: it is the best until then. Known of basings chosen since this node's start.
    pub stopped: bool,
    /// Stations whose nearest team's time was measured along roads, and such as it was estimated for.
    pub by_road: u32,
    pub estimated: u32,
    /// It is the plan that counts.
    pub in_force: bool,
    /// It can be proposed: this node chose it and still has it.
    pub here: bool,
}

/// What in time means, in seconds.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ReserveTargets {
    /// By class (normal, sensitive, most sensitive) and terrain (plain, hill, mountain).
    pub target_s: [[u32; 3]; 3],
    /// By class: nobody should wait longer.
    pub guarantee_s: [u32; 3],
    /// What reaching a station in time is worth, by class.
    pub weight: [u32; 3],
    /// What a second team in time is worth, in hundredths of the first.
    pub backup_percent: u32,
}

impl From<&Targets> for ReserveTargets {
    fn from(targets: &Targets) -> Self {
        Self {
            target_s: targets.target_s,
            guarantee_s: targets.guarantee_s,
            weight: targets.weight,
            backup_percent: targets.backup_percent,
        }
    }
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ReserveList {
    /// Newest first.
    pub plans: Vec<ReserveRow>,
    pub targets: ReserveTargets,
    /// A road map was taken in: times are measured where both ends touch a road.
    pub has_roads: bool,
    /// Places at which teams can be kept.
    pub places: u32,
}

#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct ReserveWish {
    pub teams: u32,
    /// Most teams at one base; one unless said otherwise.
    pub per_base: Option<u32>,
    pub label: Option<String>,
}

/// Chooses bases in a job; its result is `{reserve_id}`. Stopped, it keeps the best so far.
#[utoipa::path(post, path = "/api/reserves", tag = "reserves", request_body = ReserveWish,
    responses((status = 200, body = Job), (status = 409, body = Fault), (status = 422, body = Fault)))]
pub async fn start(
    State(room): State<Room>,
    access: Access,
    Given(wish): Given<ReserveWish>,
) -> Result<Json<Job>, Problem> {
    if !(1..=TEAMS_MAX).contains(&wish.teams) {
        return Err(Problem::about(Code::ValueRefused, format!("teams: 1 to {TEAMS_MAX}")));
    }
    let per_base = wish.per_base.unwrap_or(1);
    if !(1..=PER_BASE_MAX).contains(&per_base) {
        return Err(Problem::about(Code::ValueRefused, format!("per_base: 1 to {PER_BASE_MAX}")));
    }
    let teams = Teams { all: wish.teams as usize, per_base };
    let label = wish.label.unwrap_or_default().trim().to_owned();
    let by = access.person.to_string();
    let (working, who) = (room.clone(), by.clone());
    let jobs = room.node().jobs();
    let job = jobs.start(JobKind::Reserves, "Base quick-reaction teams", by, move |control| {
        let mut watch = control.watch();
        let prepared = working.reserves().prepared(&working, &mut watch)?;
        let mut told = |objective, bound| control.bound(objective, bound);
        let based = work::solve(prepared, teams, &mut watch, &mut told)?;
        let stopped = based.stopped;
        let id = working.reserves().keep(based, label, who, working.node().now());
        working.node().live().publish("plan", serde_json::json!({ "id": id }));
        Ok(serde_json::json!({ "reserve_id": id, "stopped": stopped }))
    })?;
    Ok(Json(job))
}

/// All basings: those chosen here since the start, and those on record.
#[utoipa::path(get, path = "/api/reserves", tag = "reserves", responses((status = 200, body = ReserveList)))]
pub async fn list(State(room): State<Room>, _: Access) -> Result<Json<ReserveList>, Problem> {
    blocking(move || {
        let world = room.node().world();
        let places = world.units.as_ref().map_or(0, |table| table.units.len());
        Ok(ReserveList {
            plans: room.reserves().all(&room).iter().map(Known::row).collect(),
            targets: (&Targets::proposed()).into(),
            has_roads: world.roads.is_some(),
            places: u32::try_from(places).unwrap_or(u32::MAX),
        })
    })
    .await
}
