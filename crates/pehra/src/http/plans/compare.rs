//! Two plans side by side, and what more people would change.

use super::find;
use crate::{
    http::{
        leave::{Waiting, Wish},
        problem::{Code, Fault, Problem},
        room::Room,
        stations::StaffWord,
        view::area_name,
        who::Access,
    },
    work,
    world::PlanTable,
};
use axum::{
    Json,
    extract::{Path, Query, State},
};
use pehra_domain::{
    AreaId, BuildingId, UnitId,
    force::StaffKind,
    plan::{Shortfall, ShortfallReason},
};
use pehra_plan::allocate::{AllocateError, WhatMore};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::ControlFlow,
    time::{Duration, Instant},
};

/// Rows of the sample of moves.
const SAMPLE: usize = 200;
/// Most people that a question may add.
const PEOPLE_MAX: u32 = 100_000;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CompareQuery {
    pub a: String,
    pub b: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DistrictChange {
    pub area: String,
    pub name: String,
    pub missing_a: u64,
    pub missing_b: u64,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct MoveView {
    pub unit: String,
    pub building: String,
    pub kind: StaffWord,
    pub was: u32,
    pub now: u32,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Comparison {
    pub a: String,
    pub b: String,
    /// Postings that differ.
    pub moves: usize,
    /// People who stand elsewhere, or nowhere, in the second plan.
    pub moved_people: u64,
    /// Districts whose unmet posts differ.
    pub per_district: Vec<DistrictChange>,
    /// The largest differences.
    pub sample: Vec<MoveView>,
    /// Objectives: lower is better.
    pub cost_a: i64,
    pub cost_b: i64,
}

/// Compares two plans within reach.
#[utoipa::path(get, path = "/api/plans/compare", tag = "plans", params(CompareQuery),
    responses((status = 200, body = Comparison), (status = 404, body = Fault)))]
pub async fn compare(
    State(room): State<Room>,
    access: Access,
    Query(query): Query<CompareQuery>,
) -> Result<Json<Comparison>, Problem> {
    let done = tokio::task::spawn_blocking(move || comparison(&room, &access, &query)).await;
    done.map_err(Problem::internal)?.map(Json)
}

type Counts<'a> = BTreeMap<(&'a UnitId, &'a BuildingId, StaffKind), (u32, u32)>;

fn comparison(room: &Room, access: &Access, query: &CompareQuery) -> Result<Comparison, Problem> {
    let world = room.node().world();
    let (a, b) = (find(&world, &query.a)?, find(&world, &query.b)?);
    let districts = super::districts_of(&world);
    let visible =
        |building: &BuildingId| districts.get(building).is_some_and(|area| access.reaches(area));
    let mut counts: Counts<'_> = BTreeMap::new();
    for posting in a.plan.postings.iter().filter(|posting| visible(&posting.building)) {
        counts.entry((&posting.unit, &posting.building, posting.kind)).or_default().0 +=
            posting.count;
    }
    for posting in b.plan.postings.iter().filter(|posting| visible(&posting.building)) {
        counts.entry((&posting.unit, &posting.building, posting.kind)).or_default().1 +=
            posting.count;
    }
    counts.retain(|_, (was, now)| was != now);
    let moved_people = counts.values().map(|(was, now)| u64::from(was.saturating_sub(*now))).sum();
    let mut sample: Vec<MoveView> = counts
        .iter()
        .map(|((unit, building, kind), (was, now))| MoveView {
            unit: unit.to_string(),
            building: building.to_string(),
            kind: (*kind).into(),
            was: *was,
            now: *now,
        })
        .collect();
    sample.sort_by_key(|row| std::cmp::Reverse(row.was.abs_diff(row.now)));
    let moves = sample.len();
    sample.truncate(SAMPLE);
    let (missing_a, missing_b) = (missing(&a, &districts), missing(&b, &districts));
    let areas: BTreeSet<&AreaId> = missing_a.keys().chain(missing_b.keys()).copied().collect();
    let gazetteer = room.node().gazetteer();
    let of = |sums: &BTreeMap<&AreaId, u64>, area: &AreaId| sums.get(area).copied().unwrap_or(0);
    let per_district = areas
        .into_iter()
        .filter(|area| access.reaches(area) && of(&missing_a, area) != of(&missing_b, area))
        .map(|area| DistrictChange {
            area: area.to_string(),
            name: area_name(gazetteer, area),
            missing_a: of(&missing_a, area),
            missing_b: of(&missing_b, area),
        });
    Ok(Comparison {
        a: a.id.clone(),
        b: b.id.clone(),
        moves,
        moved_people,
        per_district: per_district.collect(),
        sample,
        cost_a: a.certificate().objective,
        cost_b: b.certificate().objective,
    })
}

fn missing<'a>(
    plan: &PlanTable,
    districts: &BTreeMap<&BuildingId, &'a AreaId>,
) -> BTreeMap<&'a AreaId, u64> {
    let mut out = BTreeMap::new();
    for short in &plan.plan.shortfalls {
        if let Some(area) = districts.get(&short.building) {
            *out.entry(*area).or_default() += u64::from(short.missing);
        }
    }
    out
}

/// So long a person is let wait for the exact answer.
const EXACT_TIME: Duration = Duration::from_secs(10);

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct MoreQuery {
    pub kind: StaffWord,
    pub district: String,
    /// People added; at most 100,000.
    pub n: u32,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct More {
    pub district: String,
    pub kind: StaffWord,
    pub added: u32,
    /// Of them posted by the new plan.
    pub used: u32,
    /// Unmet posts that would be filled, in the whole plan.
    pub removes: u64,
    pub missing_before: u64,
    pub missing_after: u64,
    /// False: the plan was solved before this start of the program, or solving it again took too long; the answer
    /// is then read from the listed shortfalls and is the least that the people would change.
    pub exact: bool,
    pub sentence_en: String,
    pub sentence_ur: String,
}

/// What so many more people in a district would change.
#[utoipa::path(get, path = "/api/plans/{id}/more", tag = "plans", params(("id" = String, Path), MoreQuery),
    responses((status = 200, body = More), (status = 404, body = Fault), (status = 422, body = Fault)))]
pub async fn more(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Query(query): Query<MoreQuery>,
) -> Result<Json<More>, Problem> {
    if query.n == 0 || query.n > PEOPLE_MAX {
        return Err(Problem::about(Code::ValueRefused, format!("n: 1 to {PEOPLE_MAX}")));
    }
    // Solving again takes seconds on a nation: it stops when the caller leaves or the room closes.
    let waiting = Waiting::default();
    let wish = waiting.wish(&room);
    let done =
        tokio::task::spawn_blocking(move || what_more(&room, &access, &id, &query, &wish)).await;
    drop(waiting);
    done.map_err(Problem::internal)?.map(Json)
}

/// The exact answer, if the plan was solved since this start and can be solved again in [`EXACT_TIME`].
fn solve_again(
    room: &Room,
    id: &str,
    people: u32,
    kind: StaffKind,
    district: &AreaId,
    wish: &Wish,
) -> Result<Option<WhatMore>, Problem> {
    let Some(solved) = room.node().solved(id) else { return Ok(None) };
    let until = Instant::now() + EXACT_TIME;
    let mut ask = wish.watch();
    let mut watch = |step| if Instant::now() < until { ask(step) } else { ControlFlow::Break(()) };
    let found = pehra_plan::allocate::what_more(
        &solved.allocation,
        kind,
        district,
        people,
        work::THREADS,
        &mut watch,
    );
    match found {
        Ok(found) => Ok(Some(found)),
        Err(_) if wish.is_over() => Err(Problem::of(Code::Closing)),
        Err(AllocateError::Cancelled(_)) => Ok(None),
        Err(error) => Err(Problem::about(Code::ValueRefused, error.to_string())),
    }
}

/// What the listed shortfalls say: how many of the added people find an empty post of their kind in the district,
/// and how many posts are empty in the whole plan.
fn by_shortfalls(
    room: &Room,
    plan: &PlanTable,
    people: u32,
    kind: StaffKind,
    district: &AreaId,
) -> (u32, u64) {
    let world = room.node().world();
    let districts = super::districts_of(&world);
    // What a cap or a lock keeps empty, more people do not fill.
    let fillable = |short: &&Shortfall| {
        short.kind == kind
            && !matches!(short.reason, ShortfallReason::Capped | ShortfallReason::Locked)
            && districts.get(&short.building).is_some_and(|area| district.contains(area))
    };
    let here = plan.plan.shortfalls.iter().filter(fillable);
    let short: u64 = here.map(|short| u64::from(short.missing)).sum();
    let used = u32::try_from(u64::from(people).min(short)).unwrap_or(people);
    (used, plan.plan.shortfalls.iter().map(|short| u64::from(short.missing)).sum())
}

fn what_more(
    room: &Room,
    access: &Access,
    id: &str,
    query: &MoreQuery,
    wish: &Wish,
) -> Result<More, Problem> {
    let district = AreaId::try_new(query.district.as_str())?;
    let kind = StaffKind::from(query.kind);
    let plan = find(&room.node().world(), id)?;
    if !access.reaches(&district) {
        return Err(Problem::about(Code::OutsideArea, district.as_str()));
    }
    let solved_again = solve_again(room, id, query.n, kind, &district, wish)?;
    let (used, before, after, exact) = match solved_again {
        Some(found) => (found.used, found.missing_before, found.missing_after, true),
        None => {
            let (used, before) = by_shortfalls(room, &plan, query.n, kind, &district);
            (used, before, before - u64::from(used), false)
        }
    };
    let removes = before.saturating_sub(after);
    let name = area_name(room.node().gazetteer(), &district);
    Ok(More {
        district: district.to_string(),
        kind: query.kind,
        added: query.n,
        used,
        removes,
        missing_before: before,
        missing_after: after,
        exact,
        sentence_en: format!(
            "{} more {} in {name} remove {}{removes} unmet posts of {before}.",
            query.n,
            kind_english(kind),
            if exact { "" } else { "at least " },
        ),
        sentence_ur: format!(
            "{name} میں {} مزید {} سے {before} خالی جگہوں میں سے {}{removes} پُر ہوں گی۔",
            query.n,
            kind_urdu(kind),
            if exact { "" } else { "کم از کم " },
        ),
    })
}

fn kind_english(kind: StaffKind) -> &'static str {
    match kind {
        StaffKind::PoliceMan => "police men",
        StaffKind::PoliceWoman => "policewomen",
        StaffKind::CivilArmedForces => "civil armed forces",
        StaffKind::Army => "army",
    }
}

fn kind_urdu(kind: StaffKind) -> &'static str {
    match kind {
        StaffKind::PoliceMan => "مرد پولیس",
        StaffKind::PoliceWoman => "خواتین پولیس",
        StaffKind::CivilArmedForces => "سول مسلح افواج",
        StaffKind::Army => "فوج",
    }
}
