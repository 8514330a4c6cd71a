//! What a planner fixes by hand before solving again.

use crate::http::{
    given::Given,
    persons::execute,
    problem::{Code, Fault, Problem},
    room::Room,
    stations::StaffWord,
    view,
    who::Access,
};
use axum::{
    Json,
    extract::{Path, State},
};
use pehra_domain::{AreaId, BuildingId, UnitId, force::StaffKind};
use pehra_ops::{
    command::Command,
    lock::{self, Lock, LockKey},
};
use serde::{Deserialize, Serialize};

/// Between the unit's and the building's name in a lock's name; no id contains it.
const BETWEEN: char = '\u{241f}';

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct LockView {
    /// Names the lock when it is lifted.
    pub id: String,
    pub unit: String,
    pub building: String,
    pub building_name: String,
    /// None for an exclusion.
    pub kind: Option<StaffWord>,
    pub count: Option<u32>,
    pub exclude: bool,
    pub by: String,
    pub at_ms: i64,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct LockWish {
    pub unit: String,
    pub building: String,
    /// With `count`: so many people of this kind stand there.
    pub kind: Option<StaffWord>,
    pub count: Option<u32>,
    /// Nobody of the unit stands there.
    #[serde(default)]
    pub exclude: bool,
    pub reason: String,
}

#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct LiftLock {
    #[serde(default)]
    pub reason: String,
}

/// The locks in force at buildings within reach.
#[utoipa::path(get, path = "/api/locks", tag = "locks", responses((status = 200, body = Vec<LockView>)))]
pub async fn list(State(room): State<Room>, access: Access) -> Json<Vec<LockView>> {
    Json(views(&room, &access))
}

fn views(room: &Room, access: &Access) -> Vec<LockView> {
    let world = room.node().world();
    room.node().ops(|state| {
        state
            .locks_in_force()
            .filter_map(|(key, lock, mark)| {
                let building = view::building(&world, &key.building);
                let area = building.map_or_else(AreaId::nation, |found| found.district.clone());
                let (kind, count, exclude) = match lock {
                    Lock::Pinned { kind, count, .. } => (Some((*kind).into()), Some(*count), false),
                    Lock::Excluded => (None, None, true),
                    Lock::Released => return None,
                };
                access.reaches(&area).then(|| LockView {
                    id: format!("{}{BETWEEN}{}", key.unit, key.building),
                    unit: key.unit.to_string(),
                    building: key.building.to_string(),
                    building_name: building.map(|found| found.name.clone()).unwrap_or_default(),
                    kind,
                    count,
                    exclude,
                    by: mark.person.to_string(),
                    at_ms: mark.clock_ms.0,
                })
            })
            .collect()
    })
}

/// Fixes people of a unit at a building, or keeps the unit away from it.
#[utoipa::path(post, path = "/api/locks", tag = "locks", request_body = LockWish,
    responses((status = 200, body = Vec<LockView>), (status = 403, body = Fault), (status = 409, body = Fault)))]
pub async fn set(
    State(room): State<Room>,
    access: Access,
    Given(wish): Given<LockWish>,
) -> Result<Json<Vec<LockView>>, Problem> {
    let key = LockKey {
        unit: UnitId::try_new(wish.unit)?,
        building: BuildingId::try_new(wish.building)?,
    };
    let area = area_of(&room, &key)?;
    let reason = wish.reason;
    let command = match (wish.exclude, wish.kind, wish.count) {
        (true, None, None) => lock::Command::Exclude { area: area.clone(), key, reason },
        (false, Some(kind), Some(count)) => {
            let kind = StaffKind::from(kind);
            let strength = strength(&room, &key.unit, kind)?;
            lock::Command::Pin { area: area.clone(), key, kind, count, strength, reason }
        }
        (_, _, _) => {
            return Err(Problem::about(Code::ValueRefused, "either kind and count, or exclude"));
        }
    };
    execute(&room, access.actor(&area)?, Command::Lock(command)).await?;
    room.node().live().publish("lock", serde_json::Value::Null);
    Ok(Json(views(&room, &access)))
}

/// Lifts a lock.
#[utoipa::path(delete, path = "/api/locks/{id}", tag = "locks", params(("id" = String, Path)),
    request_body = LiftLock,
    responses((status = 200, body = Vec<LockView>), (status = 403, body = Fault), (status = 404, body = Fault)))]
pub async fn lift(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Given(wish): Given<LiftLock>,
) -> Result<Json<Vec<LockView>>, Problem> {
    let (unit, building) = id.split_once(BETWEEN).ok_or_else(|| Problem::not_found(&id))?;
    let key = LockKey { unit: UnitId::try_new(unit)?, building: BuildingId::try_new(building)? };
    let area = area_of(&room, &key)?;
    let command = lock::Command::Release { area: area.clone(), key, reason: wish.reason };
    execute(&room, access.actor(&area)?, Command::Lock(command)).await?;
    room.node().live().publish("lock", serde_json::Value::Null);
    Ok(Json(views(&room, &access)))
}

fn area_of(room: &Room, key: &LockKey) -> Result<AreaId, Problem> {
    let world = room.node().world();
    let building = view::building(&world, &key.building);
    let area = building.map(|building| building.district.clone());
    area.ok_or_else(|| Problem::not_found(key.building.as_str()))
}

fn strength(room: &Room, unit: &UnitId, kind: StaffKind) -> Result<u32, Problem> {
    let world = room.node().world();
    let found = world.units.as_ref().and_then(|table| {
        let position = *table.by_unit.get(unit)?;
        table.units.get(position as usize)
    });
    found.map(|unit| unit.strength(kind)).ok_or_else(|| Problem::not_found(unit.as_str()))
}
