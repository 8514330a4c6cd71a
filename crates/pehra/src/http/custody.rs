//! Custody in the room: the board of areas, one area's exceptions and open hand-overs, one item's history, and what an
//! office's fire would leave.
//!
//! Whoever is to receive an item is shown none of its seal numbers before they have typed what they read.

pub mod act;
pub mod view;

use crate::http::{
    problem::{Fault, Problem},
    room::Room,
    who::Access,
};
use axum::{
    Json,
    extract::{Path, Query, State},
};
use pehra_domain::{AreaId, ConstituencyId, ItemId, UnixMs, role::Role};
use pehra_ops::{
    Hash32, State as Ops,
    custody::{
        Custody, Hold, Phase,
        exception::{exceptions, of_refused},
        survive::{Fire, survival},
        timer::timers,
    },
};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};
use view::{CustodyAreaView, ExceptionView, ItemRow, ItemView, SurvivalView};

/// An area's row is worked out anew after so long, even if nothing was done: times run out.
const ROW_AGE_MS: i64 = 60_000;
/// Items that one answer names at most.
const ITEMS_SHOWN_MAX: usize = 200;

/// Counts of one area.
#[derive(Clone, Debug, Default, Serialize, utoipa::ToSchema)]
pub struct BoardRow {
    pub area: String,
    pub stations: usize,
    pub items: usize,
    /// Items by where they stand: `held`, `offered`, `moving`, `late` …
    pub phases: BTreeMap<String, usize>,
    /// Open exceptions by severity, 1 to 5.
    pub open: [usize; 5],
    /// Stations whose bags the returning officer does not have yet.
    pub awaited: usize,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Board {
    pub now_ms: i64,
    /// The gravest first.
    pub areas: Vec<BoardRow>,
    /// Hand-overs without effect: one signature, or one person for two.
    pub refused: Vec<RefusedView>,
}

/// An entry that broke the rule of two and is kept without effect.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RefusedView {
    pub rule: &'static str,
    pub entry: String,
    pub person: String,
    pub area: String,
    pub at_ms: i64,
    pub text_en: String,
    pub text_ur: String,
}

struct KeptRow {
    changes: u64,
    made: UnixMs,
    row: BoardRow,
}

/// Rows that are still true.
#[derive(Default)]
pub struct Kept(Mutex<BTreeMap<AreaId, KeptRow>>);

impl Kept {
    fn row(&self, ops: &Ops, area: &AreaId, now: UnixMs) -> BoardRow {
        let changes = ops.custody.area(area).map_or(0, |it| it.changes());
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = kept
            .get(area)
            .filter(|it| it.changes == changes && (0..ROW_AGE_MS).contains(&(now.0 - it.made.0)));
        if let Some(fresh) = fresh {
            return fresh.row.clone();
        }
        let row = board_row(ops, area, now);
        kept.insert(area.clone(), KeptRow { changes, made: now, row: row.clone() });
        row
    }
}

fn board_row(ops: &Ops, area_id: &AreaId, now: UnixMs) -> BoardRow {
    let custody = &ops.custody;
    let Some(area) = custody.area(area_id) else { return BoardRow::default() };
    let mut row = BoardRow { area: area_id.to_string(), ..BoardRow::default() };
    let mut stations: std::collections::BTreeSet<&str> = std::collections::BTreeSet::new();
    for (id, item) in area.items() {
        row.items += 1;
        stations.extend(item.station.as_ref().map(pehra_domain::StationId::as_str));
        let phase = custody.phase(area_id, id, now);
        if phase != Phase::Inside {
            *row.phases.entry(phase.name().to_owned()).or_default() += 1;
        }
    }
    row.stations = stations.len();
    for one in exceptions(custody, area_id, now).iter().filter(|one| one.is_open()) {
        let place = usize::from(one.rule.severity().clamp(1, 5)) - 1;
        if let Some(count) = row.open.get_mut(place) {
            *count += 1;
        }
    }
    if let Some(election) = ops.election() {
        let marks = timers(custody, area_id, election.date, now);
        row.awaited = marks.iter().filter_map(|it| it.waiting).map(|it| it.0).max().unwrap_or(0);
    }
    row
}

async fn blocking<T: Send + 'static>(
    room: &Room,
    look: impl FnOnce(&Ops) -> T + Send + 'static,
) -> Result<T, Problem> {
    let node = room.node().clone();
    tokio::task::spawn_blocking(move || node.ops(look)).await.map_err(Problem::internal)
}

/// All areas within reach.
#[utoipa::path(get, path = "/api/custody", tag = "custody", responses((status = 200, body = Board)))]
pub async fn board(State(room): State<Room>, access: Access) -> Result<Json<Board>, Problem> {
    let now = room.node().day_now();
    let (who, kept) = (access.clone(), Arc::clone(room.custody()));
    let mut areas = blocking(&room, move |ops| {
        let reached = ops.custody.areas().map(|(area, _)| area).filter(|area| who.reaches(area));
        reached.map(|area| kept.row(ops, area, now)).collect::<Vec<_>>()
    })
    .await?;
    let worst = |row: &BoardRow| {
        let mut open = row.open;
        open.reverse();
        open
    };
    areas.sort_by(|a, b| worst(b).cmp(&worst(a)).then_with(|| a.area.cmp(&b.area)));
    let withheld = room.node().withheld();
    let refused = withheld.into_iter().filter_map(|one| {
        let area = AreaId::try_new(one.area.as_str()).ok()?;
        let rule = of_refused(one.kind, one.refused?).filter(|_| access.reaches(&area))?;
        Some(RefusedView {
            rule: rule.code(),
            entry: one.place.to_string(),
            person: one.person,
            area: one.area,
            at_ms: one.at.0,
            text_en: one.reason_en,
            text_ur: one.reason_ur,
        })
    });
    let refused = refused.collect();
    Ok(Json(Board { now_ms: now.0, areas, refused }))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct AreaQuery {
    pub area: String,
}

fn reached(access: &Access, area: &str) -> Result<AreaId, Problem> {
    let area = AreaId::try_new(area.trim())?;
    access.actor(&area)?;
    Ok(area)
}

/// One area: its exceptions, what is due, and hand-overs that wait for their second half.
#[utoipa::path(get, path = "/api/custody/area", tag = "custody", params(AreaQuery),
    responses((status = 200, body = CustodyAreaView), (status = 403, body = Fault)))]
pub async fn area(
    State(room): State<Room>,
    access: Access,
    Query(query): Query<AreaQuery>,
) -> Result<Json<CustodyAreaView>, Problem> {
    let area = reached(&access, &query.area)?;
    let now = room.node().day_now();
    blocking(&room, move |ops| view::area(ops, &area, &access, now)).await.map(Json)
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct ItemsQuery {
    pub area: String,
    /// A part of an item's or station's name.
    #[serde(default)]
    pub text: String,
    /// Only items that stand so: `late`, `offered` …
    #[serde(default)]
    pub phase: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Items {
    pub items: Vec<ItemRow>,
    /// How many there are; only the first are named.
    pub of: usize,
}

/// Items by name and by where they stand.
#[utoipa::path(get, path = "/api/custody/items", tag = "custody", params(ItemsQuery),
    responses((status = 200, body = Items), (status = 403, body = Fault)))]
pub async fn items(
    State(room): State<Room>,
    access: Access,
    Query(query): Query<ItemsQuery>,
) -> Result<Json<Items>, Problem> {
    let area = reached(&access, &query.area)?;
    let now = room.node().day_now();
    let found = blocking(&room, move |ops| {
        let text = query.text.trim().to_lowercase();
        let all = ops.custody.area(&area).into_iter().flat_map(|it| it.items());
        let named = all.filter(|(id, item)| {
            let station = item.station.as_ref().map(|it| it.as_str().to_lowercase());
            text.is_empty()
                || id.as_str().to_lowercase().contains(&text)
                || station.is_some_and(|it| it == text)
        });
        let (mut items, mut of) = (Vec::new(), 0);
        for (id, _) in named {
            let row = || view::item_row(&ops.custody, &area, id, now);
            if query.phase.is_empty()
                || ops.custody.phase(&area, id, now).name() == query.phase.trim()
            {
                of += 1;
                if items.len() < ITEMS_SHOWN_MAX {
                    items.extend(row());
                }
            }
        }
        Items { items, of }
    });
    found.await.map(Json)
}

/// One item: where it is, and every act on it.
#[utoipa::path(get, path = "/api/custody/items/{item}", tag = "custody",
    params(("item" = String, Path), AreaQuery),
    responses((status = 200, body = ItemView), (status = 404, body = Fault)))]
pub async fn item(
    State(room): State<Room>,
    access: Access,
    Path(item): Path<String>,
    Query(query): Query<AreaQuery>,
) -> Result<Json<ItemView>, Problem> {
    let area = reached(&access, &query.area)?;
    let id = ItemId::try_new(item.trim())?;
    let now = room.node().day_now();
    let found = blocking(&room, move |ops| view::item(&ops.custody, &area, &id, &access, now));
    found.await?.map(Json).ok_or_else(|| Problem::not_found(item))
}

/// Whether whoever asks is the one who is to read an item's seals blind.
pub(in crate::http) fn reads_blind(
    custody: &Custody,
    area: &AreaId,
    item: &ItemId,
    access: &Access,
) -> bool {
    let outer = custody.outermost(area, item);
    let Some(Hold::Offered(offer)) = custody.hold(area, &outer) else { return false };
    let offer = custody.offer(offer).map(|(offer, _)| &offer.to);
    access.holdings.iter().any(|one| Some(&one.role) == offer && one.area.contains(area))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct DeskQuery {
    pub area: String,
    /// What was scanned or typed: a station, or the label of an item.
    pub code: String,
}

/// The open hand-overs behind a scanned code. No seal number is among them.
#[utoipa::path(get, path = "/api/custody/desk", tag = "custody", params(DeskQuery),
    responses((status = 200, body = Vec<view::HandOverView>), (status = 403, body = Fault)))]
pub async fn desk(
    State(room): State<Room>,
    access: Access,
    Query(query): Query<DeskQuery>,
) -> Result<Json<Vec<view::HandOverView>>, Problem> {
    let area = reached(&access, &query.area)?;
    blocking(&room, move |ops| view::desk(&ops.custody, &area, query.code.trim(), &access))
        .await
        .map(Json)
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct FireQuery {
    pub area: String,
    /// Contests that the office serves, parted by commas; all when empty.
    #[serde(default)]
    pub contests: String,
}

/// What survives of each station if the returning officer's office burns.
#[utoipa::path(get, path = "/api/custody/survival", tag = "custody", params(FireQuery),
    responses((status = 200, body = SurvivalView), (status = 403, body = Fault)))]
pub async fn fire(
    State(room): State<Room>,
    access: Access,
    Query(query): Query<FireQuery>,
) -> Result<Json<SurvivalView>, Problem> {
    let area = reached(&access, &query.area)?;
    let names = query.contests.split(',').map(str::trim).filter(|name| !name.is_empty());
    let contests: Vec<ConstituencyId> =
        names.map(ConstituencyId::try_new).collect::<Result<_, _>>()?;
    let roles: Vec<Role> =
        ["RO", "ARO"].into_iter().map(Role::try_new).collect::<Result<_, _>>()?;
    let node = room.node().clone();
    let holds = move |hash: &Hash32| node.photograph(hash.0).ok().flatten().is_some();
    let found = blocking(&room, move |ops| {
        let fire = Fire { roles: &roles, contests: &contests, image_elsewhere: &holds };
        view::survival(&survival(&ops.custody, &area, &fire))
    });
    found.await.map(Json)
}

/// The exceptions of some items and their stations that stand open.
#[must_use]
pub fn open_about(
    custody: &Custody,
    area: &AreaId,
    items: &[ItemId],
    access: &Access,
    now: UnixMs,
) -> Vec<ExceptionView> {
    let stations: Vec<_> =
        items.iter().filter_map(|id| custody.item(area, id)?.station.clone()).collect();
    let concerns = |one: &pehra_ops::custody::exception::Exception<'_>| {
        one.item.is_some_and(|item| items.contains(item))
            || (one.item.is_none() && one.station.is_some_and(|it| stations.contains(it)))
    };
    exceptions(custody, area, now)
        .iter()
        .filter(|one| one.is_open() && concerns(one))
        .map(|one| view::exception(custody, area, one, access))
        .collect()
}
