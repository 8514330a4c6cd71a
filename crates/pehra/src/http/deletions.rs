//! Deletions: what was ordered, who has carried it out, and what may still hold what should be gone.

use crate::{
    http::{
        given::Given,
        mark::MarkView,
        problem::{Code, Fault, Problem},
        room::Room,
        sight::areas_with,
        who::Access,
    },
    node::{Answered, DeletionView, MadeBackup, NOT_REACHED, Node, NodeError, REACHED},
};
use axum::{
    Json,
    extract::{Path, State},
};
use pehra_ledger::Place;
use pehra_ops::{EventRef, deletion::Ground, permission::PAYLOAD_DELETE_APPROVE};
use serde::{Deserialize, Serialize};

/// A device's word that a deletion is carried out.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DeletionAnswer {
    pub device: String,
    pub at_ms: u64,
    /// Payloads that were there and are gone.
    pub gone: u32,
}

/// A device that has not answered.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DeletionOwed {
    pub device: String,
    pub name: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DeletionRow {
    /// Names the deletion when it is approved.
    pub id: String,
    pub area: String,
    /// `rule` or `court`.
    pub ground: &'static str,
    /// Which rule, or the court and the number of its order.
    pub instrument: String,
    pub reason: String,
    pub places: Vec<String>,
    pub ordered: MarkView,
    pub approved: Option<MarkView>,
    /// False while a second person has not approved it.
    pub in_force: bool,
    pub done: Vec<DeletionAnswer>,
    /// Enrolled devices that have not answered: they may still hold it.
    pub owing: Vec<DeletionOwed>,
    /// Who emptied the national bus of it.
    pub bus: Vec<DeletionAnswer>,
    /// This node speaks with a bus, and nobody has said that it is empty of it.
    pub bus_owing: bool,
    /// Backups that were made before and are still there.
    pub backups: usize,
    /// Whoever asks may be the second person; false at the command line.
    pub may_approve: bool,
}

/// A backup of this node.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct BackupRow {
    pub path: String,
    pub at_ms: u64,
    /// False when it is no longer where it was made: moved, or destroyed.
    pub is_there: bool,
}

/// What a deletion never reaches, and what to do about it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct NotReached {
    pub name: &'static str,
    pub en: &'static str,
    pub ur: &'static str,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DeletionsView {
    /// The newest first.
    pub deletions: Vec<DeletionRow>,
    pub backups: Vec<BackupRow>,
    /// Sealed bundles for others that wait here: what is in them cannot be read on this node.
    pub carried: usize,
    pub reached: &'static [&'static str],
    pub not_reached: Vec<NotReached>,
}

impl DeletionsView {
    /// As things stand on this node.
    #[must_use]
    pub fn of(node: &Node) -> Self {
        Self::seen(node, |_| true, |_| false)
    }

    fn seen(
        node: &Node,
        sees: impl Fn(&DeletionView) -> bool,
        may_approve: impl Fn(&DeletionView) -> bool,
    ) -> Self {
        let backups = node.backups_made();
        let has_bus = node.mark(crate::backbone::STREAM_MARK).ok().flatten().is_some();
        let seen = node.deletions().into_iter().filter(sees);
        let rows = seen.map(|view| DeletionRow {
            may_approve: may_approve(&view),
            ..row(view, &backups, has_bus)
        });
        let not_reached = NOT_REACHED.iter().map(|&(name, en, ur)| NotReached { name, en, ur });
        let backup = |one: &MadeBackup| BackupRow {
            path: one.path.display().to_string(),
            at_ms: one.at_ms,
            is_there: one.is_there,
        };
        Self {
            deletions: rows.collect(),
            backups: backups.iter().map(backup).collect(),
            carried: node.bundles_carried(),
            reached: &REACHED,
            not_reached: not_reached.collect(),
        }
    }
}

fn row(view: DeletionView, backups: &[MadeBackup], has_bus: bool) -> DeletionRow {
    let DeletionView { at, order, by, approved, in_force, done, bus, owing } = view;
    let answers = |all: Vec<Answered>| {
        let one = |one: Answered| DeletionAnswer {
            device: one.device.to_string(),
            at_ms: one.at_ms,
            gone: one.gone,
        };
        all.into_iter().map(one).collect()
    };
    let before = |one: &&MadeBackup| {
        one.is_there && i64::try_from(one.at_ms).is_ok_and(|at_ms| at_ms <= by.clock_ms.0)
    };
    let owed = |(device, name): (pehra_ledger::DeviceId, String)| DeletionOwed {
        device: device.to_string(),
        name,
    };
    DeletionRow {
        id: at.to_string(),
        area: by.area.as_str().to_owned(),
        ground: order.ground.code(),
        instrument: order.instrument,
        reason: order.reason,
        places: order
            .places
            .iter()
            .map(|at| crate::node::convert::place(*at).to_string())
            .collect(),
        ordered: MarkView::of(&by),
        approved: approved.as_ref().map(MarkView::of),
        in_force,
        bus_owing: in_force && has_bus && bus.is_empty(),
        done: answers(done),
        owing: owing.into_iter().map(owed).collect(),
        bus: answers(bus),
        backups: backups.iter().filter(before).count(),
        may_approve: false,
    }
}

/// Deletions within reach, the backups of this node and what no deletion reaches.
#[utoipa::path(get, path = "/api/deletions", tag = "deletions", responses((status = 200, body = DeletionsView)))]
pub async fn list(
    State(room): State<Room>,
    access: Access,
) -> Result<Json<DeletionsView>, Problem> {
    views(&room, access).await.map(Json)
}

async fn views(room: &Room, access: Access) -> Result<DeletionsView, Problem> {
    let node = room.node().clone();
    let view = tokio::task::spawn_blocking(move || {
        let within = areas_with(&node, &access.holdings, &[PAYLOAD_DELETE_APPROVE]);
        let may_approve = |view: &DeletionView| {
            !view.in_force
                && view.by.person != access.person
                && within.iter().any(|own| own.contains(&view.by.area))
        };
        DeletionsView::seen(&node, |view| access.reaches(&view.by.area), may_approve)
    });
    view.await.map_err(Problem::internal)
}

/// Why something is to be deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum GroundWord {
    /// A retention rule whose time is over: one person's word is enough.
    Rule,
    /// A court's order, at any time: a second person approves it.
    Court,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct DeletionWish {
    /// Places of the entries, `device/epoch/number`.
    pub places: Vec<String>,
    pub ground: GroundWord,
    /// Which rule, or the court and the number of its order.
    pub instrument: String,
    /// For the record, where it stays for ever.
    pub reason: String,
}

/// Orders that what stands in some entries be deleted. It takes effect at once where a rule's time is over.
#[utoipa::path(post, path = "/api/deletions", tag = "deletions", request_body = DeletionWish,
    responses((status = 200, body = DeletionsView), (status = 403, body = Fault), (status = 422, body = Fault)))]
pub async fn order(
    State(room): State<Room>,
    access: Access,
    Given(wish): Given<DeletionWish>,
) -> Result<Json<DeletionsView>, Problem> {
    let mut places = Vec::with_capacity(wish.places.len());
    for text in &wish.places {
        let place: Place = text.trim().parse().map_err(|_no_place| Problem::not_found(text))?;
        places.push(place);
    }
    if places.is_empty() {
        return Err(Problem::about(Code::ValueRefused, "places"));
    }
    let ground = match wish.ground {
        GroundWord::Rule => Ground::Rule,
        GroundWord::Court => Ground::Court,
    };
    let (node, actor) = (room.node().clone(), access.actor_of_all(&room.node().world())?);
    let done = tokio::task::spawn_blocking(move || {
        let why = (wish.instrument.trim(), wish.reason.trim());
        node.order_deletion(&actor, &places, ground, why)
    });
    finished(&room, access, done.await.map_err(Problem::internal)?.map(drop)).await
}

/// Approves, as the second person, a deletion that a court ordered; it is carried out at once.
#[utoipa::path(post, path = "/api/deletions/{id}/approve", tag = "deletions", params(("id" = String, Path)),
    responses((status = 200, body = DeletionsView), (status = 403, body = Fault), (status = 404, body = Fault), (status = 409, body = Fault)))]
pub async fn approve(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
) -> Result<Json<DeletionsView>, Problem> {
    let order = EventRef::parse(&id).ok_or_else(|| Problem::not_found(&id))?;
    let node = room.node().clone();
    let area = node.ops(|ops| ops.deletions.get(order).map(|(_, mark, _)| mark.area.clone()));
    let area = area.filter(|area| access.reaches(area)).ok_or_else(|| Problem::not_found(&id))?;
    let actor = access.actor(&area)?;
    let done = tokio::task::spawn_blocking(move || node.approve_deletion(&actor, order));
    finished(&room, access, done.await.map_err(Problem::internal)?).await
}

/// What is deleted is no longer what pages show: they ask again.
async fn finished(
    room: &Room,
    access: Access,
    done: Result<(), NodeError>,
) -> Result<Json<DeletionsView>, Problem> {
    if let Err(NodeError::NotDeletable(place)) = done {
        return Err(Problem::about(Code::NotDeletable, place));
    }
    done?;
    room.node().live().publish("deletion", serde_json::Value::Null);
    views(room, access).await.map(Json)
}
