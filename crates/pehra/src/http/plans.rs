//! Deployment plans: solve, look, compare, take away, decide.

mod compare;
mod detail;
mod export;
mod step;
mod sums;

pub use compare::{Comparison, compare, more};
pub use detail::{buildings, districts, units};
pub use export::{csv, xlsx};
pub use step::{Reason, adopt, approve, propose, reject, withdraw};
pub use sums::SumsKept;

// The attribute on a handler makes items beside it; the table names them by the handler's path.
pub use compare::{__path_compare, __path_more};
pub use detail::{__path_buildings, __path_districts, __path_units};
pub use export::{__path_csv, __path_xlsx};
pub use step::{__path_adopt, __path_approve, __path_propose, __path_reject, __path_withdraw};

use crate::{
    http::{
        given::Given,
        problem::{Fault, Problem},
        room::Room,
        stations::{PostingView, StaffWord},
        view::{Age, buildings as all_buildings},
        who::Access,
    },
    job::{Job, JobKind},
    node::Node,
    work,
    world::{PlanTable, World},
};
use axum::{
    Json,
    extract::{Path, State},
};
use pehra_domain::{AreaId, BuildingId, force::StaffKind, plan::Posting};
use pehra_ops::{plan::Phase, stamp::EventRef};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, sync::Arc};

/// Seed of a plan when none is wished: it is kept in the certificate; the engine draws no chance.
const SEED: u64 = 2024;

/// Where a plan stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum StatusWord {
    Draft,
    Proposed,
    Approved,
    Rejected,
    Adopted,
    Superseded,
    Withdrawn,
    Disputed,
}

impl From<Phase> for StatusWord {
    fn from(phase: Phase) -> Self {
        match phase {
            Phase::Unknown => Self::Draft,
            Phase::Proposed => Self::Proposed,
            Phase::Approved => Self::Approved,
            Phase::Rejected => Self::Rejected,
            Phase::Adopted => Self::Adopted,
            Phase::Superseded => Self::Superseded,
            Phase::Withdrawn => Self::Withdrawn,
            Phase::Disputed => Self::Disputed,
        }
    }
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PlanRow {
    pub id: String,
    pub label: String,
    pub status: StatusWord,
    pub made_ms: i64,
    pub by: String,
    /// Who proposed it, once it is proposed: another person approves.
    pub proposed_by: Option<String>,
    pub objective: i64,
    pub dual_bound: i64,
    /// Objective minus bound: how far from the best possible it can be.
    pub gap: i64,
    /// Within the asker's reach.
    pub posted: u64,
    pub missing: u64,
    /// The plan that the map and the stations show: the adopted one, else the newest.
    pub current: bool,
    /// It was made for an older list of stations.
    pub outdated: bool,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RelaxationView {
    pub rule: String,
    pub count: u64,
    pub text: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CertificateView {
    pub input_hash: String,
    pub seed: u64,
    pub engine: String,
    pub objective: i64,
    pub dual_bound: i64,
    pub gap: i64,
    pub relaxations: Vec<RelaxationView>,
    pub notes: Vec<String>,
}

/// Totals of one kind of staff within the asker's reach. `supply` and `unused` count the reserve as unavailable.
#[derive(Clone, Copy, Debug, Serialize, utoipa::ToSchema)]
pub struct KindTotal {
    pub kind: StaffWord,
    pub need: u64,
    pub posted: u64,
    pub missing: u64,
    pub minimum_missing: u64,
    pub supply: u64,
    pub unused: u64,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PlanDetail {
    #[serde(flatten)]
    pub row: PlanRow,
    pub certificate: CertificateView,
    pub totals: Vec<KindTotal>,
    /// It was solved since this node was started, and another may go on from it.
    pub at_hand: bool,
    #[serde(flatten)]
    pub age: Age,
}

#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct SolveWish {
    pub seed: Option<u64>,
    pub label: Option<String>,
    /// The plan to go on from, so that whoever can stay does: seconds in place of a minute. Where it is not at hand, or other
    /// units, places or weights came, the plan is made from nothing.
    pub from: Option<String>,
}

/// Solves the deployment in a job; its result is `{plan_id}`.
#[utoipa::path(post, path = "/api/plans", tag = "plans", request_body = SolveWish,
    responses((status = 200, body = Job), (status = 409, body = Fault)))]
pub async fn start(
    State(room): State<Room>,
    access: Access,
    Given(wish): Given<SolveWish>,
) -> Result<Json<Job>, Problem> {
    let node = room.node().clone();
    let actor = access.actor_of_all(&node.world())?;
    let options = work::allocate::Options {
        seed: wish.seed.unwrap_or(SEED),
        label: wish.label.unwrap_or_default().trim().to_owned(),
        from: wish.from,
        ..work::allocate::Options::default()
    };
    let by = access.person.to_string();
    let kept = room.clone();
    let job =
        room.node().jobs().start(JobKind::Allocate, "Solve the deployment", by, move |ctl| {
            let made = work::allocate::run(
                &node,
                &actor,
                &options,
                kept.roads(),
                &mut ctl.watch(),
                &mut |known| {
                    if let Some(objective) = known.objective {
                        ctl.bound(objective, known.dual_bound);
                    }
                },
            )?;
            Ok(serde_json::json!({ "plan_id": made.id }))
        })?;
    Ok(Json(job))
}

/// All plans, newest first.
#[utoipa::path(get, path = "/api/plans", tag = "plans", responses((status = 200, body = Vec<PlanRow>)))]
pub async fn list(State(room): State<Room>, access: Access) -> Result<Json<Vec<PlanRow>>, Problem> {
    let rows = tokio::task::spawn_blocking(move || {
        let world = room.node().world();
        world.plans.iter().rev().map(|plan| row(&room, &world, &access, plan)).collect()
    });
    rows.await.map(Json).map_err(Problem::internal)
}

/// One plan with its certificate.
#[utoipa::path(get, path = "/api/plans/{id}", tag = "plans", params(("id" = String, Path)),
    responses((status = 200, body = PlanDetail), (status = 404, body = Fault)))]
pub async fn one(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
) -> Result<Json<PlanDetail>, Problem> {
    let found = tokio::task::spawn_blocking(move || plan_detail(&room, &access, &id)).await;
    found.map_err(Problem::internal)?.map(Json)
}

fn plan_detail(room: &Room, access: &Access, id: &str) -> Result<PlanDetail, Problem> {
    let world = room.node().world();
    let plan = find(&world, id)?;
    let certificate = plan.certificate();
    Ok(PlanDetail {
        row: row(room, &world, access, &plan),
        certificate: CertificateView {
            input_hash: crate::auth::hex(&certificate.input_hash),
            seed: certificate.seed,
            engine: certificate.engine.clone(),
            objective: certificate.objective,
            dual_bound: certificate.dual_bound,
            gap: certificate.gap(),
            relaxations: certificate
                .relaxations
                .iter()
                .map(|bent| RelaxationView {
                    rule: bent.rule.clone(),
                    count: bent.count,
                    text: bent.text.clone(),
                })
                .collect(),
            notes: certificate.notes.clone(),
        },
        totals: room.sums().of(&world, &plan).totals(access),
        at_hand: room.node().solved(id).is_some(),
        age: Age::of(&plan.provenance),
    })
}

/// The plan of an id.
///
/// # Errors
/// Not found.
pub fn find(world: &World, id: &str) -> Result<Arc<PlanTable>, Problem> {
    let plan = world.plans.iter().find(|plan| plan.id == id);
    plan.cloned().ok_or_else(|| Problem::not_found(id))
}

/// The plan that the map and the stations show: the adopted one, else the newest made for the stations that are
/// current, else the newest.
#[must_use]
pub fn current(node: &Node, world: &World) -> Option<Arc<PlanTable>> {
    let newest = || world.plans.iter().rev();
    node.adopted_plan(world)
        .or_else(|| newest().find(|plan| !outdated(world, plan)).cloned())
        .or_else(|| newest().next().cloned())
}

fn outdated(world: &World, plan: &PlanTable) -> bool {
    let stations = world.stations.as_ref();
    stations.is_none_or(|table| table.provenance.manifest != plan.stations_manifest)
}

/// What was decided about a plan: its newest proposal, its phase, and who proposed it.
pub(super) fn decided(node: &Node, plan: &PlanTable) -> Option<(EventRef, Phase, String)> {
    node.ops(|state| {
        state
            .plans
            .all()
            .filter_map(|(at, found, phase)| {
                let (proposal, mark) = found.proposed.as_ref()?;
                let same = proposal.manifest.0 == plan.provenance.manifest;
                same.then(|| (mark.clock_ms, (at, phase, mark.person.to_string())))
            })
            .max_by_key(|(clock, (at, _, _))| (*clock, *at))
            .map(|(_, decided)| decided)
    })
}

fn row(room: &Room, world: &World, access: &Access, plan: &Arc<PlanTable>) -> PlanRow {
    let certificate = plan.certificate();
    let decided = decided(room.node(), plan);
    let totals = room.sums().of(world, plan).totals(access);
    let shown = current(room.node(), world);
    PlanRow {
        id: plan.id.clone(),
        label: plan.label.clone(),
        status: decided.as_ref().map_or(StatusWord::Draft, |(_, phase, _)| (*phase).into()),
        made_ms: plan.provenance.at.0,
        by: plan.provenance.signed_by.clone(),
        proposed_by: decided.map(|(_, _, person)| person),
        objective: certificate.objective,
        dual_bound: certificate.dual_bound,
        gap: certificate.gap(),
        posted: totals.iter().map(|total| total.posted).sum(),
        missing: totals.iter().map(|total| total.missing).sum(),
        current: shown.is_some_and(|shown| shown.id == plan.id),
        outdated: outdated(world, plan),
    }
}

/// The district of every building.
pub(super) fn districts_of(world: &World) -> BTreeMap<&BuildingId, &AreaId> {
    all_buildings(world).map(|building| (&building.id, &building.district)).collect()
}

/// People of each kind that a unit can post: its reserve is taken from the men first.
pub(super) fn available(unit: &pehra_domain::force::Unit) -> Vec<(StaffKind, u32)> {
    let mut held = unit.reserve;
    StaffKind::ALL
        .into_iter()
        .filter_map(|kind| {
            let strength = unit.strength(kind);
            let back = held.min(strength);
            held -= back;
            (strength > 0).then_some((kind, strength - back))
        })
        .collect()
}

/// One posting for the screens.
pub(super) fn posting(world: &World, posting: &Posting) -> PostingView {
    let unit = world.units.as_ref().and_then(|table| {
        let position = *table.by_unit.get(&posting.unit)?;
        table.units.get(position as usize)
    });
    PostingView {
        unit: posting.unit.to_string(),
        unit_name: unit.map(|unit| unit.name.clone()).unwrap_or_default(),
        kind: posting.kind.into(),
        count: posting.count,
        distance_m: posting.distance_m,
        origin: posting.origin.into(),
        estimated: true,
    }
}
