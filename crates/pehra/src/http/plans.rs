//! Deployment plans: solve, look, compare, take away, decide.

mod compare;
mod detail;
mod export;
mod step;

pub use compare::{Comparison, compare, more};
pub use detail::{buildings, districts, units};
pub use export::{csv, xlsx};
pub use step::{adopt, approve, propose, reject, withdraw};

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
    #[serde(flatten)]
    pub age: Age,
}

#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct SolveWish {
    pub seed: Option<u64>,
    pub label: Option<String>,
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
    };
    let by = access.person.to_string();
    let job =
        room.node().jobs().start(JobKind::Allocate, "Solve the deployment", by, move |ctl| {
            let made =
                work::allocate::run(&node, &actor, &options, &mut ctl.watch(), &mut |known| {
                    if let Some(objective) = known.objective {
                        ctl.bound(objective, known.dual_bound);
                    }
                })?;
            Ok(serde_json::json!({ "plan_id": made.id }))
        })?;
    Ok(Json(job))
}

/// All plans, newest first.
#[utoipa::path(get, path = "/api/plans", tag = "plans", responses((status = 200, body = Vec<PlanRow>)))]
pub async fn list(State(room): State<Room>, access: Access) -> Json<Vec<PlanRow>> {
    let world = room.node().world();
    let rows = world.plans.iter().rev().map(|plan| row(&room, &world, &access, plan)).collect();
    Json(rows)
}

/// One plan with its certificate.
#[utoipa::path(get, path = "/api/plans/{id}", tag = "plans", params(("id" = String, Path)),
    responses((status = 200, body = PlanDetail), (status = 404, body = Fault)))]
pub async fn one(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
) -> Result<Json<PlanDetail>, Problem> {
    let world = room.node().world();
    let plan = find(&world, &id)?;
    let certificate = plan.certificate();
    Ok(Json(PlanDetail {
        row: row(&room, &world, &access, &plan),
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
        totals: totals(&world, &plan, &access, None),
        age: Age::of(&plan.provenance),
    }))
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
    let totals = totals(world, plan, access, None);
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

/// Totals by kind of what lies within reach, and within `inside` if it is given.
pub(super) fn totals(
    world: &World,
    plan: &PlanTable,
    access: &Access,
    inside: Option<&AreaId>,
) -> Vec<KindTotal> {
    let places = districts_of(world);
    let seen =
        |area: &AreaId| access.reaches(area) && inside.is_none_or(|wide| wide.contains(area));
    let visible: BTreeMap<&BuildingId, ()> = places
        .into_iter()
        .filter(|(_, area)| seen(area))
        .map(|(building, _)| (building, ()))
        .collect();
    let mut sums: BTreeMap<StaffKind, [u64; 4]> = BTreeMap::new();
    for need in plan.plan.needs.iter().filter(|need| visible.contains_key(&need.building)) {
        let sum = sums.entry(need.kind).or_default();
        sum[0] += u64::from(need.need);
        sum[1] += u64::from(need.posted);
    }
    for short in plan.plan.shortfalls.iter().filter(|short| visible.contains_key(&short.building)) {
        let sum = sums.entry(short.kind).or_default();
        sum[2] += u64::from(short.missing);
        sum[3] += u64::from(short.minimum_missing);
    }
    let supply = supply(world, &seen);
    let used = used(world, plan, &seen);
    StaffKind::ALL
        .into_iter()
        .map(|kind| {
            let [need, posted, missing, minimum_missing] =
                sums.get(&kind).copied().unwrap_or_default();
            let supply = supply.get(&kind).copied().unwrap_or(0);
            let unused = supply.saturating_sub(used.get(&kind).copied().unwrap_or(0));
            KindTotal { kind: kind.into(), need, posted, missing, minimum_missing, supply, unused }
        })
        .collect()
}

fn supply(world: &World, seen: &impl Fn(&AreaId) -> bool) -> BTreeMap<StaffKind, u64> {
    let mut out = BTreeMap::new();
    for unit in world.units.iter().flat_map(|table| &table.units) {
        if !seen(&unit.district) {
            continue;
        }
        for (kind, people) in available(unit) {
            *out.entry(kind).or_default() += u64::from(people);
        }
    }
    out
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

fn used(
    world: &World,
    plan: &PlanTable,
    seen: &impl Fn(&AreaId) -> bool,
) -> BTreeMap<StaffKind, u64> {
    let Some(table) = &world.units else { return BTreeMap::new() };
    let mut out = BTreeMap::new();
    for posting in &plan.plan.postings {
        let position = table.by_unit.get(&posting.unit);
        let unit = position.and_then(|&position| table.units.get(position as usize));
        if unit.is_some_and(|unit| seen(&unit.district)) {
            *out.entry(posting.kind).or_default() += u64::from(posting.count);
        }
    }
    out
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
