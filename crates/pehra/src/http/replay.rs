//! Any past hour of the day as this room knew it then. Nothing can be done in it: the routes only answer.

use crate::{
    http::{
        day::{
            ClockView,
            frame::{self, Beside, Frame, Scope},
            scope,
        },
        problem::{Code, Fault, Problem},
        room::Room,
        sight::Sight,
        view::{area_name, area_name_ur},
        who::Access,
    },
    node::{
        Node, convert,
        replay::{Later, Shown, When},
    },
};
use axum::{
    Json,
    extract::{Query, State},
};
use pehra_domain::AreaId;
use pehra_ops::moment;
use pehra_store::Stored;
use serde::{Deserialize, Serialize};
use std::{
    hash::{DefaultHasher, Hash, Hasher},
    time::Duration,
};

/// What came later is listed so far.
const LATER_MAX: usize = 60;
const REST_EVERY: Duration = Duration::from_secs(60);
const NAME_MAX: usize = 64;

/// Which moment, and for which screen.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ReplayQuery {
    /// The day's time, Unix milliseconds; what is still to come is not known.
    pub at_ms: Option<i64>,
    /// In its place: when the entry of this receipt had just been received.
    pub receipt: Option<i64>,
    /// Names the screen, so that going on costs no more than what lies between.
    #[serde(default)]
    pub seat: String,
    /// The number of the picture that the screen shows: the answer then tells only what differs.
    pub holds: Option<u64>,
}

impl ReplayQuery {
    fn when(&self) -> Result<When, Problem> {
        match (self.at_ms, self.receipt) {
            (Some(at), None) => Ok(When::At(at)),
            (None, Some(receipt)) => Ok(When::After(receipt)),
            (_, _) => Err(Problem::about(Code::ValueRefused, "at_ms")),
        }
    }
}

/// How far the record had come.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PositionView {
    /// The day's moment that is shown.
    pub at_ms: i64,
    /// When the last entry came that is in the picture; none before all.
    pub last_ms: Option<i64>,
    pub receipt: i64,
    pub entries: u64,
    /// Of so many in the record today.
    pub of: u64,
    /// The content of so many was deleted since: the picture is without them.
    pub deleted: u64,
    /// By which clock moments of reception were kept: `wall`, `day` (the exercise's own) or `bounds` (not kept: not before
    /// the latest hour of which anything received until then speaks).
    pub basis: &'static str,
}

/// The day as this room knew it at a moment.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ReplayView {
    pub number: u64,
    pub position: PositionView,
    pub frame: Frame,
}

/// The day as this room knew it at a moment, within today's reach of whoever asks.
#[utoipa::path(get, path = "/api/replay", tag = "replay", params(ReplayQuery),
    responses((status = 200, body = ReplayView), (status = 409, body = Fault), (status = 422, body = Fault)))]
pub async fn at(
    State(room): State<Room>,
    access: Access,
    Query(query): Query<ReplayQuery>,
) -> Result<Json<ReplayView>, Problem> {
    let when = query.when()?;
    let name: String = query.seat.chars().take(NAME_MAX).collect();
    let person = access.person.clone();
    let within = reach(&room, &access);
    // Whoever's reach has changed since begins with a whole picture.
    let seat = format!("{person} {name} {within:x}");
    let node = room.node().clone();
    let shown = tokio::task::spawn_blocking(move || node.replay(&seat, when, query.holds)).await;
    let shown = shown.map_err(Problem::internal)??;
    rest_later(&room);
    let shown = shown.ok_or_else(|| Problem::about(Code::NotReady, "stations"))?;
    let scope = scope(&room, &access, &shown.picture);
    Ok(Json(view(room.node(), &shown, &scope)))
}

fn view(node: &Node, shown: &Shown, scope: &Scope) -> ReplayView {
    let position = shown.position;
    let beside = || Beside {
        clock: ClockView { now_ms: position.at_ms, pace_milli: 0, own: true },
        exercise: node.exercise().is_some(),
    };
    let frame = match &shown.before {
        Some(before) => frame::since(before, &shown.picture, scope, beside())
            .unwrap_or_else(|| frame::again(&shown.picture, scope, beside())),
        None => frame::whole(&shown.picture, scope, beside()),
    };
    ReplayView {
        number: shown.number,
        frame,
        position: PositionView {
            at_ms: position.at_ms,
            last_ms: position.last_ms,
            receipt: position.receipt,
            entries: position.entries as u64,
            of: shown.of as u64,
            deleted: position.deleted as u64,
            basis: shown.basis.name(),
        },
    }
}

/// Names what somebody may see.
fn reach(room: &Room, access: &Access) -> u64 {
    let mut hasher = DefaultHasher::new();
    for holding in &access.holdings {
        holding.area.hash(&mut hasher);
    }
    for area in crate::http::sight::complaints_within(room.node(), &access.person) {
        (1_u8, area).hash(&mut hasher);
    }
    hasher.finish()
}

/// Folds of the past leave the memory once nobody looks any more.
fn rest_later(room: &Room) {
    let (node, mut closing) = (room.node().clone(), room.closing());
    if !node.theatre().begin_rest() {
        return;
    }
    tokio::spawn(async move {
        loop {
            tokio::select! {
                () = tokio::time::sleep(REST_EVERY) => {}
                _ = closing.changed() => return,
            }
            if node.theatre().rest() {
                return;
            }
        }
    });
}

/// When this room received what.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CourseView {
    /// Where the first bin begins, in the day's time.
    pub from_ms: i64,
    /// The last reception.
    pub until_ms: i64,
    pub bin_ms: i64,
    /// Entries received in each bin.
    pub received: Vec<u32>,
    /// How many of them speak of a moment at least one bin earlier.
    pub late: Vec<u32>,
    /// `wall`, `day` or `bounds`.
    pub basis: &'static str,
    pub entries: u64,
}

/// When this room received what: the scale on which an hour is chosen.
#[utoipa::path(get, path = "/api/replay/course", tag = "replay",
    responses((status = 200, body = CourseView), (status = 409, body = Fault)))]
pub async fn course(State(room): State<Room>) -> Result<Json<CourseView>, Problem> {
    let node = room.node().clone();
    let course = tokio::task::spawn_blocking(move || node.replay_course()).await;
    let course = course.map_err(Problem::internal)??;
    rest_later(&room);
    let course = course.ok_or_else(|| Problem::about(Code::NotReady, "record"))?;
    Ok(Json(CourseView {
        from_ms: course.from_ms,
        until_ms: course.until_ms,
        bin_ms: course.bin_ms,
        received: course.bins.iter().map(|[all, _]| *all).collect(),
        late: course.bins.iter().map(|[_, late]| *late).collect(),
        basis: course.basis.name(),
        entries: course.entries as u64,
    }))
}

/// One entry that came later.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct LaterRow {
    /// The number in the header.
    pub kind: u32,
    pub area: String,
    pub area_name: String,
    pub area_name_ur: Option<String>,
    /// The earliest moment that it speaks of; none where it speaks of none.
    pub happened_ms: Option<i64>,
    /// When its writer's clock says that it was signed.
    pub written_ms: i64,
    /// When it came, in the day's time.
    pub received_ms: i64,
    /// How many things it says.
    pub sayings: u32,
    pub role: String,
    /// Device, log epoch and number of the entry.
    pub entry: String,
}

/// What came later about a moment.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct LaterView {
    pub at_ms: i64,
    pub receipt: i64,
    /// Entries within reach that speak of that moment or an earlier one and were received after it.
    pub entries: u64,
    /// The first of them, in the order of reception.
    pub first: Vec<LaterRow>,
}

/// What came later about a moment: entries of before it that this room received after it.
#[utoipa::path(get, path = "/api/replay/later", tag = "replay", params(ReplayQuery),
    responses((status = 200, body = LaterView), (status = 422, body = Fault)))]
pub async fn later(
    State(room): State<Room>,
    access: Access,
    Query(query): Query<ReplayQuery>,
) -> Result<Json<LaterView>, Problem> {
    let when = query.when()?;
    let node = room.node().clone();
    let sight = Sight::of(&node, access);
    let found = tokio::task::spawn_blocking(move || {
        node.replay_later(when, LATER_MAX, &|stored| sight.entry(&stored.entry))
    });
    let (position, Later { entries, first }) = found.await.map_err(Problem::internal)??;
    rest_later(&room);
    let row = |(received_ms, stored): &(i64, Stored)| later_row(room.node(), *received_ms, stored);
    Ok(Json(LaterView {
        at_ms: position.at_ms,
        receipt: position.receipt,
        entries: entries as u64,
        first: first.iter().map(row).collect(),
    }))
}

fn later_row(node: &Node, received_ms: i64, stored: &Stored) -> LaterRow {
    let header = stored.entry.header();
    let (mut happened_ms, mut sayings) = (None, 1);
    if let Ok(stamped) = convert::stamped(&stored.entry) {
        moment::moments(&stamped.event, &mut |at| {
            happened_ms = Some(happened_ms.map_or(at.0, |known: i64| known.min(at.0)));
        });
        sayings = u32::try_from(moment::sayings(&stamped.event)).unwrap_or(u32::MAX);
    }
    let area = AreaId::try_new(header.area.as_str()).ok();
    LaterRow {
        kind: header.kind,
        area_name: area.as_ref().map(|it| area_name(node.gazetteer(), it)).unwrap_or_default(),
        area_name_ur: area.as_ref().and_then(|it| area_name_ur(node.gazetteer(), it)),
        area: header.area.clone(),
        happened_ms,
        written_ms: convert::wall(header.clock).0,
        received_ms,
        sayings,
        role: header.role.clone(),
        entry: convert::event_ref(header.place).to_string(),
    }
}
