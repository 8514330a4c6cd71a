//! What is done about equipment: one door for signed acts, and those that change this node alone: heartbeats, the watch, and
//! where a camera is.

use super::{DevicesView, view};
use crate::http::{
    given::Given,
    persons::execute,
    problem::{Code, Fault, Problem},
    room::Room,
    who::Access,
};
use axum::{Json, extract::State};
use pehra_camera::Address;
use pehra_domain::{AreaId, EquipmentId, StationId, UnixMs, role::Role};
use pehra_ops::{
    Command, EventRef, Hash32, Refusal, RefusalCode,
    equipment::{
        self as kit, Corner, Count, Installation, Kind, Listing, Mask, Place, Tally, Task, Test,
        View, Work,
    },
    permission as row,
};
use serde::Deserialize;

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct PlaceWish {
    /// `station`, `office`, `vehicle` or `store`.
    pub kind: String,
    pub name: String,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct ListingWish {
    pub equipment: String,
    /// `camera`, `verification`, `radio`, `tracker`, `generator` or `hub`.
    pub kind: String,
    pub place: PlaceWish,
    #[serde(default)]
    pub serial: String,
    #[serde(default)]
    pub owner: String,
    /// The line of the power company that feeds it.
    #[serde(default)]
    pub feeder: String,
    /// The hub or line over which it is heard.
    #[serde(default)]
    pub line: String,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct InstallWish {
    pub equipment: String,
    pub place: PlaceWish,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct TestWish {
    pub equipment: String,
    pub passed: bool,
    #[serde(default)]
    pub note: String,
}

/// Counts of attempts since the poll opened; never of persons.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct CountWish {
    pub equipment: String,
    pub attempts: u32,
    pub verified: u32,
    pub failed: u32,
    pub fallback: u32,
    pub down_minutes: u32,
}

/// One act.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(tag = "act", rename_all = "kebab-case")]
pub enum DeviceAct {
    List {
        items: Vec<ListingWish>,
    },
    Install {
        items: Vec<InstallWish>,
    },
    Test {
        items: Vec<TestWish>,
    },
    Fault {
        equipment: String,
        note: String,
    },
    Repair {
        equipment: String,
        #[serde(default)]
        note: String,
    },
    Withdraw {
        items: Vec<String>,
        reason: String,
    },
    Count {
        items: Vec<CountWish>,
    },
    /// Corners in thousandths of the picture, each a pair.
    DrawMask {
        equipment: String,
        view: String,
        polygons: Vec<Vec<[u16; 2]>>,
    },
    ConfirmMask {
        mask: String,
    },
    GiveTask {
        equipment: Vec<String>,
        work: String,
        owner: String,
        minutes: u32,
        #[serde(default)]
        alarm: String,
        #[serde(default)]
        note: String,
    },
    CloseTask {
        task: String,
        #[serde(default)]
        note: String,
    },
    OrderExport {
        frames: Vec<String>,
        instrument: String,
        reason: String,
    },
    ApproveExport {
        export: String,
    },
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct DeviceActWish {
    pub area: String,
    /// When it was done, if not now.
    #[serde(default)]
    pub at_ms: Option<i64>,
    #[serde(flatten)]
    pub act: DeviceAct,
}

fn word<T>(found: Option<T>, name: &str, text: &str) -> Result<T, Problem> {
    found.ok_or_else(|| Problem::about(Code::ValueRefused, format!("{name}: {text}")))
}

fn entry(text: &str) -> Result<EventRef, Problem> {
    EventRef::parse(text).ok_or_else(|| Problem::not_found(text))
}

fn equipment(text: &str) -> Result<EquipmentId, Problem> {
    Ok(EquipmentId::try_new(text.trim())?)
}

fn place(wish: &PlaceWish) -> Result<Place, Problem> {
    let name = wish.name.trim().to_owned();
    match wish.kind.as_str() {
        "station" => Ok(Place::Station(StationId::try_new(name)?)),
        "office" => Ok(Place::Office(name)),
        "vehicle" => Ok(Place::Vehicle(name)),
        "store" => Ok(Place::Store(name)),
        other => word(None, "place", other),
    }
}

fn listing(wish: ListingWish) -> Result<Listing, Problem> {
    Ok(Listing {
        equipment: equipment(&wish.equipment)?,
        kind: word(Kind::parse(&wish.kind), "kind", &wish.kind)?,
        place: place(&wish.place)?,
        serial: wish.serial,
        owner: wish.owner,
        feeder: wish.feeder,
        line: wish.line,
    })
}

fn command(area: AreaId, at: UnixMs, act: DeviceAct) -> Result<kit::Command, Problem> {
    use kit::Command as C;
    Ok(match act {
        DeviceAct::List { items } => {
            let items = items.into_iter().map(listing).collect::<Result<_, _>>()?;
            C::List { area, at, items }
        }
        DeviceAct::Install { items } => {
            let read = |one: InstallWish| {
                let (equipment, place) = (equipment(&one.equipment)?, place(&one.place)?);
                Ok::<_, Problem>(Installation { equipment, place })
            };
            let items = items.into_iter().map(read).collect::<Result<_, _>>()?;
            C::Install { area, at, items }
        }
        DeviceAct::Test { items } => {
            let read = |one: TestWish| {
                let (passed, note) = (one.passed, one.note);
                Ok::<_, Problem>(Test { equipment: equipment(&one.equipment)?, passed, note })
            };
            let items = items.into_iter().map(read).collect::<Result<_, _>>()?;
            C::Test { area, at, items }
        }
        DeviceAct::Fault { equipment: id, note } => {
            C::Fault { area, at, equipment: equipment(&id)?, note }
        }
        DeviceAct::Repair { equipment: id, note } => {
            C::Repair { area, at, equipment: equipment(&id)?, note }
        }
        DeviceAct::Withdraw { items, reason } => {
            let items = items.iter().map(|id| equipment(id)).collect::<Result<_, _>>()?;
            C::Withdraw { area, at, items, reason }
        }
        DeviceAct::Count { items } => {
            let items = items.iter().map(|one| count(one, at)).collect::<Result<_, _>>()?;
            C::Count { area, items }
        }
        DeviceAct::DrawMask { .. }
        | DeviceAct::ConfirmMask { .. }
        | DeviceAct::GiveTask { .. }
        | DeviceAct::CloseTask { .. }
        | DeviceAct::OrderExport { .. }
        | DeviceAct::ApproveExport { .. } => of_picture_or_task(area, at, act)?,
    })
}

fn count(one: &CountWish, at: UnixMs) -> Result<Count, Problem> {
    let tally = Tally {
        attempts: one.attempts,
        verified: one.verified,
        failed: one.failed,
        fallback: one.fallback,
        down_minutes: one.down_minutes,
    };
    Ok(Count { equipment: equipment(&one.equipment)?, at, tally })
}

fn of_picture_or_task(area: AreaId, at: UnixMs, act: DeviceAct) -> Result<kit::Command, Problem> {
    use kit::Command as C;
    Ok(match act {
        DeviceAct::DrawMask { equipment: id, view, polygons } => {
            let corners = |polygon: Vec<[u16; 2]>| {
                polygon.into_iter().map(|[x, y]| Corner { x, y }).collect::<Vec<_>>()
            };
            let mask = Mask {
                equipment: equipment(&id)?,
                view: word(View::parse(&view), "view", &view)?,
                polygons: polygons.into_iter().map(corners).collect(),
            };
            C::DrawMask { area, mask }
        }
        DeviceAct::ConfirmMask { mask } => C::ConfirmMask { mask: entry(&mask)? },
        DeviceAct::GiveTask { equipment: ids, work, owner, minutes, alarm, note } => {
            let task = Task {
                equipment: ids.iter().map(|id| equipment(id)).collect::<Result<_, _>>()?,
                work: word(Work::parse(&work), "work", &work)?,
                owner: Role::try_new(owner.trim())?,
                due: UnixMs((at.0 / 60_000 + 1 + i64::from(minutes)) * 60_000),
                alarm,
                note,
            };
            C::GiveTask { area, task }
        }
        DeviceAct::CloseTask { task, note } => C::CloseTask { task: entry(&task)?, note },
        DeviceAct::OrderExport { frames, instrument, reason } => {
            let read = |text: &String| word(Hash32::parse(text), "frame", text);
            let frames = frames.iter().map(read).collect::<Result<_, _>>()?;
            C::OrderExport { area, frames, instrument, reason }
        }
        DeviceAct::ApproveExport { export } => C::ApproveExport { export: entry(&export)? },
        DeviceAct::List { .. }
        | DeviceAct::Install { .. }
        | DeviceAct::Test { .. }
        | DeviceAct::Fault { .. }
        | DeviceAct::Repair { .. }
        | DeviceAct::Withdraw { .. }
        | DeviceAct::Count { .. } => return Err(Problem::of(Code::Malformed)),
    })
}

/// Does one act: lists, installs, tests, draws and confirms masks, gives tasks, orders exports.
#[utoipa::path(post, path = "/api/devices/acts", tag = "devices", request_body = DeviceActWish,
    responses((status = 200, body = DevicesView), (status = 403, body = Fault), (status = 409, body = Fault),
        (status = 422, body = Fault)))]
pub async fn act(
    State(room): State<Room>,
    access: Access,
    Given(wish): Given<DeviceActWish>,
) -> Result<Json<DevicesView>, Problem> {
    let area = AreaId::try_new(wish.area.trim())?;
    let now = room.node().now();
    // Whole seconds: an act that a person's own key signs is given twice, and must be the same act.
    let at = wish.at_ms.map_or_else(|| UnixMs(now.0 / 1_000 * 1_000), UnixMs);
    let command = Command::Equipment(command(area.clone(), at, wish.act)?);
    let actor = access.actor_with(room.node(), &area, command.permission())?;
    let known = room.node().ops(|ops| command.area(ops).cloned());
    if known.is_some_and(|other| other != area) {
        return Err(Refusal::of(RefusalCode::AreaMismatch, &area).into());
    }
    execute(&room, actor, command).await?;
    view(&room, &access).await.map(Json)
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct HeardWish {
    pub area: String,
    /// Labels of what was heard just now.
    pub equipment: Vec<String>,
}

/// Takes heartbeats from a gateway: they are kept in memory, and only what changes is signed.
#[utoipa::path(post, path = "/api/devices/heard", tag = "devices", request_body = HeardWish,
    responses((status = 204), (status = 403, body = Fault), (status = 422, body = Fault)))]
pub async fn heard(
    State(room): State<Room>,
    access: Access,
    Given(wish): Given<HeardWish>,
) -> Result<axum::http::StatusCode, Problem> {
    let area = AreaId::try_new(wish.area.trim())?;
    access.actor_with(room.node(), &area, row::DEVICE_WATCH)?;
    let now = room.node().now();
    for id in &wish.equipment {
        let id = equipment(id)?;
        // What is on no list takes no memory.
        let listed = room.node().ops(|ops| ops.equipment.get(&area, &id).is_some());
        if listed {
            room.config().devices.hear(&area, &id, now);
        }
    }
    Ok(axum::http::StatusCode::NO_CONTENT)
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct WatchWish {
    pub area: String,
    pub on: bool,
}

/// Begins an area's watch in the name of whoever asks, or ends it.
#[utoipa::path(post, path = "/api/devices/watch", tag = "devices", request_body = WatchWish,
    responses((status = 200, body = DevicesView), (status = 403, body = Fault)))]
pub async fn watch(
    State(room): State<Room>,
    access: Access,
    Given(wish): Given<WatchWish>,
) -> Result<Json<DevicesView>, Problem> {
    let area = AreaId::try_new(wish.area.trim())?;
    let actor = access.actor_with(room.node(), &area, row::DEVICE_WATCH)?;
    let now = room.node().now();
    room.config().devices.stand(&area, wish.on.then_some(actor), now);
    room.node().live().publish("equipment", serde_json::Value::Null);
    view(&room, &access).await.map(Json)
}

/// Where a camera is. The password goes in and never comes out.
#[derive(Deserialize, utoipa::ToSchema)]
pub struct CameraWish {
    pub area: String,
    pub equipment: String,
    /// `rtsp://HOST:PORT/PATH`, without a password; empty forgets the camera's address.
    pub url: String,
    #[serde(default)]
    pub user: String,
    #[serde(default)]
    pub password: String,
}

/// Keeps a camera's address on this node, sealed under its key.
#[utoipa::path(post, path = "/api/devices/camera", tag = "devices", request_body = CameraWish,
    responses((status = 204), (status = 403, body = Fault), (status = 422, body = Fault)))]
pub async fn camera(
    State(room): State<Room>,
    access: Access,
    Given(wish): Given<CameraWish>,
) -> Result<axum::http::StatusCode, Problem> {
    let area = AreaId::try_new(wish.area.trim())?;
    access.actor_with(room.node(), &area, row::DEVICE_MANAGE)?;
    let id = equipment(&wish.equipment)?;
    let listed = room.node().ops(|ops| {
        ops.equipment.get(&area, &id).is_some_and(|record| record.kind() == Some(Kind::Camera))
    });
    if !listed {
        return Err(Refusal::of(RefusalCode::EquipmentUnknown, &id).into());
    }
    let address = if wish.url.trim().is_empty() {
        None
    } else {
        let address = Address::try_new(wish.url.trim(), &wish.user, &wish.password);
        Some(address.map_err(|error| Problem::about(Code::ValueRefused, error.to_string()))?)
    };
    let node = room.node().clone();
    let kept = tokio::task::spawn_blocking(move || node.set_camera(&area, &id, address.as_ref()));
    kept.await.map_err(Problem::internal)?.map_err(Problem::internal)?;
    Ok(axum::http::StatusCode::NO_CONTENT)
}
