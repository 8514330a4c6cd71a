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
use pehra_domain::AreaId;
use pehra_ledger::Place;
use pehra_ops::{
    Actor, Command, EventRef,
    deletion::{self, Ground, RULE_DAYS, Standing, Stands, last_day},
    permission::PAYLOAD_DELETE_APPROVE,
    stamp::Mark,
};
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

/// What nodes delete by themselves when the rule of thirty days has run out: how reporters can be reached.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct StandingRow {
    /// Names it when it is approved or ended.
    pub id: String,
    pub area: String,
    /// Which rule.
    pub instrument: String,
    pub reason: String,
    pub proposed: MarkView,
    pub approved: Option<MarkView>,
    pub ended: Option<MarkView>,
    /// Why it was ended.
    pub ended_reason: Option<String>,
    pub in_force: bool,
    /// The first day on which nodes act by it; none while no day of poll is on record.
    pub first_day: Option<String>,
    /// Whoever asks may be the second person; false at the command line.
    pub may_approve: bool,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DeletionsView {
    /// The newest first.
    pub standing: Vec<StandingRow>,
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
        Self::seen(node, |_| true, |_| true, |_| false)
    }

    /// What somebody sees, which standing orders concern them, and whose order they may approve as the second person.
    fn seen(
        node: &Node,
        sees: impl Fn(&Mark) -> bool,
        concerns: impl Fn(&Mark) -> bool,
        second: impl Fn(&Mark) -> bool,
    ) -> Self {
        let backups = node.backups_made();
        let has_bus = node.mark(crate::backbone::STREAM_MARK).ok().flatten().is_some();
        let seen = node.deletions().into_iter().filter(|view| sees(&view.by));
        let rows = seen.map(|view| DeletionRow {
            may_approve: !view.in_force && second(&view.by),
            ..row(view, &backups, has_bus)
        });
        let not_reached = NOT_REACHED.iter().map(|&(name, en, ur)| NotReached { name, en, ur });
        let backup = |one: &MadeBackup| BackupRow {
            path: one.path.display().to_string(),
            at_ms: one.at_ms,
            is_there: one.is_there,
        };
        Self {
            standing: standing(node, concerns, &second),
            deletions: rows.collect(),
            backups: backups.iter().map(backup).collect(),
            carried: node.bundles_carried(),
            reached: &REACHED,
            not_reached: not_reached.collect(),
        }
    }
}

/// Standing orders that somebody sees, the newest first.
fn standing(
    node: &Node,
    sees: impl Fn(&Mark) -> bool,
    may_approve: impl Fn(&Mark) -> bool,
) -> Vec<StandingRow> {
    let mut rows: Vec<StandingRow> = node.ops(|state| {
        let first_day = last_day(state).map(|day| day.plus_days(RULE_DAYS + 1).to_string());
        let seen = state.deletions.standing_all().filter(|(_, _, mark, _)| sees(mark));
        let row = |(at, said, mark, found): (EventRef, &Standing, &Mark, &Stands)| StandingRow {
            id: at.to_string(),
            area: mark.area.to_string(),
            instrument: said.instrument.clone(),
            reason: said.reason.clone(),
            proposed: MarkView::of(mark),
            approved: found.approved.as_ref().map(|(_, by)| MarkView::of(by)),
            ended: found.ended.as_ref().map(|(_, by, _)| MarkView::of(by)),
            ended_reason: found.ended.as_ref().map(|(.., reason)| reason.clone()),
            in_force: found.is_in_force(),
            first_day: first_day.clone(),
            may_approve: found.approved.is_none() && found.ended.is_none() && may_approve(mark),
        };
        seen.map(row).collect()
    });
    rows.sort_by_key(|row| std::cmp::Reverse((row.proposed.at_ms, row.id.clone())));
    rows
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
        let second = |mark: &Mark| {
            mark.person != access.person && within.iter().any(|own| own.contains(&mark.area))
        };
        let sees = |mark: &Mark| access.reaches(&mark.area);
        DeletionsView::seen(&node, sees, |mark| access.concerns(&mark.area), second)
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

/// What is to go by itself.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct StandingWish {
    /// Which rule.
    pub instrument: String,
    /// For the record, where it stays for ever.
    pub reason: String,
}

/// Proposes that nodes delete reporters' contacts by themselves from the thirty-first day after the poll, in all that this
/// node plans for. It takes effect when a second person approves it.
#[utoipa::path(post, path = "/api/deletions/standing", tag = "deletions", request_body = StandingWish,
    responses((status = 200, body = DeletionsView), (status = 403, body = Fault), (status = 422, body = Fault)))]
pub async fn stand(
    State(room): State<Room>,
    access: Access,
    Given(wish): Given<StandingWish>,
) -> Result<Json<DeletionsView>, Problem> {
    let actor = access.actor_of_all(&room.node().world())?;
    let command = deletion::Command::Stand {
        area: actor.area.clone(),
        instrument: wish.instrument.trim().to_owned(),
        reason: wish.reason.trim().to_owned(),
    };
    ordered(&room, access, actor, command).await
}

/// Approves, as the second person, that contacts go by themselves; those that are due go at once.
#[utoipa::path(post, path = "/api/deletions/standing/{id}/approve", tag = "deletions", params(("id" = String, Path)),
    responses((status = 200, body = DeletionsView), (status = 403, body = Fault), (status = 404, body = Fault)))]
pub async fn approve_standing(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
) -> Result<Json<DeletionsView>, Problem> {
    let (standing, area) = named(&room, &access, &id)?;
    let actor = access.actor(&area)?;
    let command = deletion::Command::ApproveStanding { standing };
    ordered(&room, access, actor, command).await
}

/// Why contacts no longer go by themselves.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct StandingEnd {
    pub reason: String,
}

/// Ends a standing order: from now on a person orders each deletion.
#[utoipa::path(post, path = "/api/deletions/standing/{id}/end", tag = "deletions", params(("id" = String, Path)),
    request_body = StandingEnd,
    responses((status = 200, body = DeletionsView), (status = 403, body = Fault), (status = 404, body = Fault)))]
pub async fn end_standing(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Given(wish): Given<StandingEnd>,
) -> Result<Json<DeletionsView>, Problem> {
    let (standing, area) = named(&room, &access, &id)?;
    let actor = access.actor(&area)?;
    let reason = wish.reason.trim().to_owned();
    let command = deletion::Command::EndStanding { standing, reason };
    ordered(&room, access, actor, command).await
}

fn named(room: &Room, access: &Access, id: &str) -> Result<(EventRef, AreaId), Problem> {
    access.entry_within(room.node(), id, |state, at| {
        state.deletions.standing(at).map(|(_, mark)| &mark.area)
    })
}

/// Signs off the async threads; what is due by it goes at once.
async fn ordered(
    room: &Room,
    access: Access,
    actor: Actor,
    command: deletion::Command,
) -> Result<Json<DeletionsView>, Problem> {
    let node = room.node().clone();
    let done = tokio::task::spawn_blocking(move || {
        node.execute(&actor, Command::Deletion(command))?;
        node.delete_due().map(drop)
    });
    finished(room, access, done.await.map_err(Problem::internal)?).await
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
