//! Equipment in the room: coverage by area, what is dark by its cause, the wall of masked stills, tasks.

pub mod act;

use crate::{
    devices::Watch,
    http::{
        problem::{Code, Fault, Problem},
        room::Room,
        view::Assessed,
        who::Access,
    },
    node::Node,
    world::World,
};
use axum::{
    Json,
    extract::{Path, Query, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use pehra_domain::{AreaId, EquipmentId, StationId, UnixMs, risk::RiskClass};
use pehra_ops::{
    Hash32, State as Ops,
    equipment::{
        AreaKit, ExportPhase, Health, Kind, MaskPhase, Phase, Place, Record, TaskPhase,
        alarm::{Alarm, Watched, alarms},
        cover::{self, Norm, Site},
        health::Uptime,
    },
    permission as row,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Stations and pieces that one answer names at most.
const NAMED_MAX: usize = 50;
/// Cameras on the wall at most.
const WALL_MAX: usize = 120;
/// Up-time is due from five in the morning of the polling day.
const DUE_FROM_MS: i64 = 5 * 3_600_000;

/// One kind of equipment in one area.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DeviceCover {
    pub kind: &'static str,
    pub due: u32,
    pub serving: u32,
    pub stations_due: u32,
    pub stations_covered: u32,
    /// Most sensitive stations with less than is due; the first of them.
    pub most_lacking: Vec<String>,
    pub most_lacking_count: usize,
    pub listed: u32,
    pub faulty: u32,
}

/// One cause, however much it darkens.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DeviceAlarm {
    /// The same on every node.
    pub id: String,
    pub area: String,
    /// `feeder`, `line`, `place`, `area` or `single`.
    pub cause: &'static str,
    pub about: String,
    pub health: &'static str,
    pub since_ms: i64,
    pub count: usize,
    pub of: usize,
    pub kinds: BTreeMap<String, usize>,
    /// Those at most sensitive stations; the first of them.
    pub named: Vec<String>,
    pub members: Vec<String>,
    pub severity: u8,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DeviceArea {
    pub area: String,
    pub cover: Vec<DeviceCover>,
    pub alarms: Vec<DeviceAlarm>,
    /// Who stands for the watch on this node; none when nobody listens here.
    pub watched_by: Option<String>,
    /// Whoever asks may begin or end it.
    pub may_watch: bool,
    /// Camera-minutes up at most sensitive stations, of a thousand due since five o'clock of the polling day; none before.
    pub camera_uptime: Option<i64>,
    pub unseen_minutes: i64,
    /// Attempts, verified, failed, on paper, minutes down: of all verification devices together.
    pub verification: [u64; 5],
}

/// A camera on the wall.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DeviceCamera {
    pub area: String,
    pub equipment: String,
    pub place: String,
    pub class: Option<&'static str>,
    pub view: Option<&'static str>,
    pub phase: &'static str,
    /// What was seen of it last; none when nothing ever was.
    pub health: Option<&'static str>,
    pub since_ms: Option<i64>,
    /// When the still was taken that this node has; none when there is none, or whoever asks may not see it.
    pub still_ms: Option<i64>,
    /// `none`, `drawn` or `confirmed`.
    pub mask: &'static str,
    /// The drawn mask that waits for a second person.
    pub mask_entry: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DeviceTask {
    pub id: String,
    pub area: String,
    pub equipment: Vec<String>,
    pub work: &'static str,
    pub owner: String,
    pub due_ms: i64,
    pub overdue: bool,
    pub alarm: String,
    pub note: String,
    pub closed_by: Option<String>,
}

/// Pictures that are to leave the house.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DeviceExport {
    pub id: String,
    pub area: String,
    pub frames: Vec<String>,
    pub instrument: String,
    pub reason: String,
    pub ordered_by: String,
    pub approved_by: Option<String>,
}

/// A kept picture, by the hash of its file.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DeviceFrame {
    pub sha256: String,
    pub area: String,
    pub equipment: String,
    pub at_ms: i64,
    pub health: &'static str,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DevicesView {
    pub now_ms: i64,
    pub areas: Vec<DeviceArea>,
    pub cameras: Vec<DeviceCamera>,
    /// How many cameras there are; only the first are on the wall, the gravest first.
    pub cameras_of: usize,
    pub tasks: Vec<DeviceTask>,
    pub exports: Vec<DeviceExport>,
    /// The newest first.
    pub frames: Vec<DeviceFrame>,
}

/// Everything about equipment within reach.
#[utoipa::path(get, path = "/api/devices", tag = "devices", responses((status = 200, body = DevicesView)))]
pub async fn board(State(room): State<Room>, access: Access) -> Result<Json<DevicesView>, Problem> {
    view(&room, &access).await.map(Json)
}

async fn view(room: &Room, access: &Access) -> Result<DevicesView, Problem> {
    let (node, access) = (room.node().clone(), access.clone());
    let watch = room.config().devices.clone();
    let made = tokio::task::spawn_blocking(move || {
        let world = node.world();
        let looking = Looking { node: &node, watch: &watch, world: &world, access: &access };
        let classes = looking.classes();
        node.ops(|ops| looking.all(ops, &classes))
    });
    made.await.map_err(Problem::internal)
}

/// The class of a station, as forces count it, and its booths.
type Classes<'a> = BTreeMap<&'a StationId, (RiskClass, u32)>;

struct Looking<'a> {
    node: &'a Node,
    watch: &'a Watch,
    world: &'a World,
    access: &'a Access,
}

impl Looking<'_> {
    fn all(&self, ops: &Ops, classes: &Classes<'_>) -> DevicesView {
        let now = self.node.now();
        let reached = || ops.equipment.areas().filter(|(area, _)| self.access.reaches(area));
        let areas =
            reached().map(|(area, kit)| self.area(ops, (area, kit), classes, now)).collect();
        let mut cameras: Vec<(&AreaId, &EquipmentId, &Record)> = reached()
            .flat_map(|(area, kit)| kit.items().map(move |(id, record)| (area, id, record)))
            .filter(|(_, _, record)| {
                record.kind() == Some(Kind::Camera) && record.phase() != Phase::Withdrawn
            })
            .collect();
        let rank = |record: &Record| {
            record.sight().map_or(2, |sight| u8::from(sight.health == Health::Live))
        };
        cameras.sort_by_key(|(_, id, record)| (rank(record), *id));
        let cameras_of = cameras.len();
        // Only those that the wall has room for are looked into.
        let on_wall = cameras.into_iter().take(WALL_MAX);
        let cameras =
            on_wall.map(|(area, id, record)| self.camera(ops, area, id, record, classes)).collect();
        DevicesView {
            now_ms: now.0,
            areas,
            cameras,
            cameras_of,
            tasks: self.tasks(ops, now),
            exports: self.exports(ops),
            frames: self.frames(ops),
        }
    }

    /// Of every station within reach.
    fn classes(&self) -> Classes<'_> {
        let Some(table) = self.world.stations.as_ref() else { return BTreeMap::new() };
        let assessed = Assessed::of(table, self.world.assessment.as_deref());
        let within = self.access.ranges(table).into_iter();
        let positions = within.flat_map(|range| range.start as usize..range.end as usize);
        let rows = positions.filter_map(|at| table.stations.get(at).map(|station| (at, station)));
        rows.map(|(at, station)| {
            let row = assessed.row(at, station).map(|row| row.force_class());
            let class = row.or_else(|| station.official_class()).unwrap_or(RiskClass::Normal);
            (&station.id, (class, station.booths.total()))
        })
        .collect()
    }

    fn area(
        &self,
        ops: &Ops,
        (area, kit): (&AreaId, &AreaKit),
        classes: &Classes<'_>,
        now: UnixMs,
    ) -> DeviceArea {
        let table = self.world.stations.as_ref();
        let range = table.and_then(|table| {
            let (_, range) = table.districts.iter().find(|(district, _)| district == area)?;
            table.stations.get(range.start as usize..range.end as usize)
        });
        let sites = range.unwrap_or_default().iter().map(|station| {
            let (class, booths) =
                classes.get(&station.id).copied().unwrap_or((RiskClass::Normal, 0));
            Site { station: &station.id, class, booths }
        });
        let covers = cover::of(&Norm::default(), sites, kit.items());
        let watched: Vec<Watched<'_>> = kit
            .items()
            .filter(|(_, record)| record.phase() != Phase::Withdrawn)
            .map(|(equipment, record)| Watched {
                equipment,
                record,
                class: station_of(record).and_then(|it| classes.get(it)).map(|(class, _)| *class),
                health: record.sight().map(|sight| (sight.health, sight.at)),
            })
            .collect();
        let mut verification = [0_u64; 5];
        for (_, tally) in kit.items().filter_map(|(_, record)| record.tally()) {
            let parts =
                [tally.attempts, tally.verified, tally.failed, tally.fallback, tally.down_minutes];
            for (sum, part) in verification.iter_mut().zip(parts) {
                *sum = sum.saturating_add(u64::from(part));
            }
        }
        let uptime = uptime(ops, kit, classes, now);
        DeviceArea {
            area: area.to_string(),
            cover: covers.iter().map(|(kind, one)| cover_of(*kind, one)).collect(),
            alarms: alarms(area, &watched).into_iter().map(alarm_of).collect(),
            watched_by: self.watch.stands(area).map(|actor| actor.person.to_string()),
            may_watch: self.access.holds(self.node, area, row::DEVICE_WATCH),
            camera_uptime: uptime.per_mille(),
            unseen_minutes: uptime.unseen_ms / 60_000,
            verification,
        }
    }

    fn camera(
        &self,
        ops: &Ops,
        area: &AreaId,
        id: &EquipmentId,
        record: &Record,
        classes: &Classes<'_>,
    ) -> DeviceCamera {
        let in_force = ops.equipment.mask_in_force(area, id);
        let waiting = ops
            .equipment
            .masks_of(area, id)
            .filter(|at| ops.equipment.mask_phase(*at) == MaskPhase::Drawn)
            .last();
        let mask = match (&in_force, &waiting) {
            (Some(_), _) => "confirmed",
            (None, Some(_)) => "drawn",
            (None, None) => "none",
        };
        let sees = in_force.is_some() && self.access.holds(self.node, area, row::CCTV_VIEW);
        DeviceCamera {
            area: area.to_string(),
            equipment: id.to_string(),
            place: record.place().map(|(place, _)| place.name().to_owned()).unwrap_or_default(),
            class: station_of(record).and_then(|it| classes.get(it)).map(|(class, _)| class.word()),
            view: in_force.map(|(_, mask)| mask.view.name()),
            phase: record.phase().name(),
            health: record.sight().map(|sight| sight.health.name()),
            since_ms: record.sight().map(|sight| sight.at.0),
            still_ms: self.watch.still(area, id).filter(|_| sees).map(|still| still.at.0),
            mask,
            mask_entry: waiting.map(|at| at.to_string()),
        }
    }

    fn tasks(&self, ops: &Ops, now: UnixMs) -> Vec<DeviceTask> {
        let within =
            ops.equipment.tasks().filter(|(_, _, mark, _)| self.access.reaches(&mark.area));
        let mut all: Vec<DeviceTask> = within
            .map(|(at, task, mark, record)| DeviceTask {
                id: at.to_string(),
                area: mark.area.to_string(),
                equipment: task.equipment.iter().map(ToString::to_string).collect(),
                work: task.work.name(),
                owner: task.owner.as_str().to_owned(),
                due_ms: task.due.0,
                overdue: ops.equipment.task_phase(at, now) == TaskPhase::Overdue,
                alarm: task.alarm.clone(),
                note: task.note.clone(),
                closed_by: record.closed.as_ref().map(|answer| answer.mark.person.to_string()),
            })
            .collect();
        all.sort_by_key(|task| (task.closed_by.is_some(), task.due_ms));
        all
    }

    fn exports(&self, ops: &Ops) -> Vec<DeviceExport> {
        let all = ops.equipment.exports().filter_map(|(at, export)| {
            let (frames, instrument, reason, mark) = export.ordered.as_ref()?;
            self.access.reaches(&mark.area).then(|| DeviceExport {
                id: at.to_string(),
                area: mark.area.to_string(),
                frames: frames.iter().map(ToString::to_string).collect(),
                instrument: instrument.clone(),
                reason: reason.clone(),
                ordered_by: mark.person.to_string(),
                approved_by: export.approved.as_ref().map(|one| one.mark.person.to_string()),
            })
        });
        all.collect()
    }

    fn frames(&self, ops: &Ops) -> Vec<DeviceFrame> {
        let mut all: Vec<DeviceFrame> = ops
            .equipment
            .frames()
            .filter_map(|(mask, frame)| {
                let (mask, mark, _) = ops.equipment.mask(mask)?;
                self.access.reaches(&mark.area).then(|| DeviceFrame {
                    sha256: frame.sha256.to_string(),
                    area: mark.area.to_string(),
                    equipment: mask.equipment.to_string(),
                    at_ms: frame.at.0,
                    health: frame.health.name(),
                })
            })
            .collect();
        all.sort_by_key(|frame| std::cmp::Reverse(frame.at_ms));
        all.truncate(NAMED_MAX);
        all
    }
}

fn station_of(record: &Record) -> Option<&StationId> {
    match record.place()?.0 {
        Place::Station(station) => Some(station),
        Place::Office(_) | Place::Vehicle(_) | Place::Store(_) => None,
    }
}

/// Of cameras at most sensitive stations, since five o'clock of the polling day.
fn uptime(ops: &Ops, kit: &AreaKit, classes: &Classes<'_>, now: UnixMs) -> Uptime {
    let Some(election) = ops.election() else { return Uptime::default() };
    let from = UnixMs(election.date.midnight_pkt().0 + DUE_FROM_MS);
    let at_most = kit.items().filter(|(_, record)| {
        record.kind() == Some(Kind::Camera)
            && station_of(record)
                .and_then(|station| classes.get(station))
                .is_some_and(|(class, _)| *class == RiskClass::Most)
    });
    at_most.fold(Uptime::default(), |sum, (id, _)| sum.plus(kit.uptime(id, from, now)))
}

fn cover_of(kind: Kind, one: &cover::Cover) -> DeviceCover {
    DeviceCover {
        kind: kind.name(),
        due: one.due,
        serving: one.serving,
        stations_due: one.stations_due,
        stations_covered: one.stations_covered,
        most_lacking_count: one.most_lacking.len(),
        most_lacking: one.most_lacking.iter().take(NAMED_MAX).map(ToString::to_string).collect(),
        listed: one.listed,
        faulty: one.faulty,
    }
}

fn alarm_of(alarm: Alarm) -> DeviceAlarm {
    let names = |all: &[EquipmentId]| all.iter().take(NAMED_MAX).map(ToString::to_string).collect();
    DeviceAlarm {
        id: alarm.id,
        area: alarm.area.to_string(),
        cause: alarm.cause.name(),
        about: alarm.about,
        health: alarm.health.name(),
        since_ms: alarm.since.0,
        count: alarm.count,
        of: alarm.of,
        kinds: alarm.kinds.iter().map(|(kind, count)| (kind.name().to_owned(), *count)).collect(),
        named: names(&alarm.named),
        members: names(&alarm.members),
        severity: alarm.severity,
    }
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct StillQuery {
    pub area: String,
    pub equipment: String,
}

/// The newest masked still of a camera, while its mask is in force.
#[utoipa::path(get, path = "/api/devices/still", tag = "devices", params(StillQuery),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>), (status = 403, body = Fault), (status = 404, body = Fault)))]
pub async fn still(
    State(room): State<Room>,
    access: Access,
    Query(query): Query<StillQuery>,
) -> Result<Response, Problem> {
    let area = AreaId::try_new(query.area.trim())?;
    access.actor(&area)?;
    let equipment = EquipmentId::try_new(query.equipment.trim())?;
    let missing = || Problem::not_found(equipment.as_str());
    let in_force = room.node().ops(|ops| ops.equipment.mask_in_force(&area, &equipment).is_some());
    let still = room.config().devices.still(&area, &equipment).filter(|_| in_force);
    let still = still.ok_or_else(missing)?;
    Ok(picture(Vec::clone(&still.jpeg)))
}

fn picture(bytes: Vec<u8>) -> Response {
    let jpeg = (header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg"));
    let never = (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    ([jpeg, never], bytes).into_response()
}

/// A kept picture that leaves the house: only one that an approved export names.
#[utoipa::path(get, path = "/api/devices/frames/{sha256}", tag = "devices", params(("sha256" = String, Path)),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>), (status = 404, body = Fault)))]
pub async fn frame(
    State(room): State<Room>,
    access: Access,
    Path(sha256): Path<String>,
) -> Result<Response, Problem> {
    let hash = Hash32::parse(&sha256).ok_or_else(|| Problem::not_found(sha256.clone()))?;
    let approved = room.node().ops(|ops| {
        let area = ops.equipment.area_of_frame(hash)?;
        access.reaches(area).then_some(())?;
        ops.equipment.exports().find_map(|(at, export)| {
            let (frames, ..) = export.ordered.as_ref()?;
            let both = ops.equipment.export_phase(at) == ExportPhase::Approved;
            (both && frames.contains(&hash)).then_some(())
        })
    });
    approved.ok_or_else(|| Problem::about(Code::NotFound, &sha256))?;
    let node = room.node().clone();
    let bytes = tokio::task::spawn_blocking(move || node.photograph(hash.0)).await;
    let bytes = bytes.map_err(Problem::internal)??;
    bytes.map(picture).ok_or_else(|| Problem::not_found(sha256))
}
