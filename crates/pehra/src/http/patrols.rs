//! Patrols in the room: schedules on record and how they stand, what is sealed opened by whoever may, the lot of a day,
//! and the plan behind it.
//!
//! A way leaves this file in two answers alone: to whoever speaks for the team or is the duty officer, on the node whose
//! key opens it; and to everybody once it was shown and its hour has come. No job, list or stream carries one.

pub mod coverage;
mod view;

pub use view::{
    OpenedView, PatrolShown, ScheduleActView, ScheduleRow, ScheduleView, SchedulesView, StopView,
    ToursView, WayView,
};

use crate::{
    http::{
        export::{Sheet, count, text},
        given::Given,
        problem::{Code, Fault, Problem},
        reply::blocking,
        room::Room,
        who::Access,
    },
    job::{Job, JobKind},
    node::Node,
    work::{
        WorkError,
        patrol::{self as work, Opened},
    },
};
use axum::{
    Json,
    extract::{Path, State},
    response::Response,
};
use pehra_domain::{AreaId, Date};
use pehra_ops::{Actor, EventRef, Refusal, RefusalCode, patrol as ops, permission as row};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Longest card of a team, as text.
const CARD_BYTES_MAX: usize = 16 * 1024;

/// Schedules of areas that touch one's own: what was asked and promised, and nothing that is sealed.
#[utoipa::path(get, path = "/api/patrols", tag = "patrols", responses((status = 200, body = SchedulesView)))]
pub async fn list(
    State(room): State<Room>,
    access: Access,
) -> Result<Json<SchedulesView>, Problem> {
    blocking(move || Ok(view::all(room.node(), &access))).await
}

fn find(node: &Node, access: &Access, id: &str) -> Result<(EventRef, AreaId), Problem> {
    let missing = || Problem::not_found(id);
    let at = EventRef::parse(id).ok_or_else(missing)?;
    let area = node.ops(|state| {
        let (_, mark) = state.patrols.get(at)?.sealed()?;
        Some(mark.area.clone())
    });
    area.filter(|area| access.concerns(area)).map(|area| (at, area)).ok_or_else(missing)
}

/// One schedule, and what was shown of it.
#[utoipa::path(get, path = "/api/patrols/{id}", tag = "patrols", params(("id" = String, Path)),
    responses((status = 200, body = ScheduleView), (status = 404, body = Fault)))]
pub async fn one(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
) -> Result<Json<ScheduleView>, Problem> {
    blocking(move || {
        let (at, _) = find(room.node(), &access, &id)?;
        view::one(room.node(), &access, at).ok_or_else(|| Problem::not_found(&id))
    })
    .await
}

/// What the asker speaks for when something sealed is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Speaks {
    /// Is the duty officer: all of it.
    Duty,
    /// Speaks for a unit: what this node's key opens of it, unless that is all.
    Unit,
}

impl Speaks {
    fn of(node: &Node, access: &Access, area: &AreaId) -> Option<Self> {
        if access.holds(node, area, row::PATROL_SHOW) {
            return Some(Self::Duty);
        }
        let table = &node.rules().permissions;
        let mut own = access.holdings.iter().filter(|one| one.area.meets(area));
        own.any(|one| table.allows(&one.role, row::DISPATCH_REPORT)).then_some(Self::Unit)
    }
}

/// Opens what is sealed to this node: the duty officer's all of it, a team's its own way. Changes nothing. Nobody opens
/// with another's key: elsewhere it stays closed until it is shown.
#[utoipa::path(post, path = "/api/patrols/{id}/open", tag = "patrols", params(("id" = String, Path)),
    responses((status = 200, body = OpenedView), (status = 403, body = Fault), (status = 404, body = Fault)))]
pub async fn open(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
) -> Result<Json<OpenedView>, Problem> {
    blocking(move || {
        let node = room.node();
        let (at, area) = find(node, &access, &id)?;
        let lacks = || Refusal::of(RefusalCode::RoleLacksPermission, row::PATROL_SHOW);
        let speaks = Speaks::of(node, &access, &area).ok_or_else(lacks)?;
        let opened = work::open_if_ours(node, at, None)?;
        let (whole, ways) = match (opened, speaks) {
            (Some(Opened::Whole(shown)), Speaks::Duty) => (true, shown.ways),
            // The duty officer's node, and somebody there who is not the duty officer.
            (Some(Opened::Whole(_)), Speaks::Unit) => return Err(lacks().into()),
            (Some(Opened::Ways(ways)), _) => (false, ways),
            (None, _) => return Err(Problem::of(Code::SealedToOthers)),
        };
        tracing::info!(person = %access.person, schedule = %at, whole, "a sealed schedule was opened");
        Ok(OpenedView { whole, ways: view::ways(&node.world(), &ways) })
    })
    .await
}

/// A team's card, from which its key is taken.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct TeamCard {
    /// The team's name, or its base's.
    pub team: String,
    /// The card as text.
    pub card: String,
}

/// What is planned, and what is drawn from it.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct PlanWish {
    pub area: String,
    /// How many buildings can be looked at in one day; with tours how many teams go out.
    pub teams: u32,
    /// How much of an attack's cost a team at the place takes away, in thousandths: another than the signed parameter.
    pub takes_permille: Option<u16>,
    /// Tours of teams from the police units of the area and back, instead of single buildings.
    pub tours: Option<ToursView>,
}

const TEAMS_MAX: u32 = 100_000;

impl PlanWish {
    /// The area and what is asked, if the asker may seal there.
    fn read(&self, node: &Node, access: &Access) -> Result<(Actor, AreaId, ops::Terms), Problem> {
        let area = AreaId::try_new(self.area.trim()).map_err(|_form| Problem::refused("area"))?;
        let actor = access.actor_with(node, &area, row::PATROL_SEAL)?;
        let within = |ok: bool, field| if ok { Ok(()) } else { Err(Problem::refused(field)) };
        within((1..=TEAMS_MAX).contains(&self.teams), "teams")?;
        within(self.takes_permille.is_none_or(|it| (1..=1_000).contains(&it)), "takes_permille")?;
        let tours = self.tours.as_ref().map(|tours| (tours.shift_hours, tours.stay_minutes));
        if let Some((hours, minutes)) = tours {
            within((1..=18).contains(&hours), "shift_hours")?;
            within((5..=240).contains(&minutes), "stay_minutes")?;
        }
        let tours =
            tours.map(|(shift_hours, stay_minutes)| ops::Tours { shift_hours, stay_minutes });
        let terms = work::terms(node, self.teams, self.takes_permille, tours);
        Ok((actor, area, terms))
    }
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct SealWish {
    #[serde(flatten)]
    pub plan: PlanWish,
    /// `2024-02-08`.
    pub day: String,
    /// The hour of that day from which on it may be shown, Pakistan time: `06:00`.
    pub from: String,
    /// Teams whose key is not looked up among the enrolled.
    #[serde(default)]
    pub cards: Vec<TeamCard>,
}

/// Draws a day and puts it on record, sealed, in a job; its result is `{schedule, teams, without_key, duty}` and nothing
/// of what was drawn.
#[utoipa::path(post, path = "/api/patrols", tag = "patrols", request_body = SealWish,
    responses((status = 200, body = Job), (status = 403, body = Fault), (status = 409, body = Fault), (status = 422, body = Fault)))]
pub async fn seal(
    State(room): State<Room>,
    access: Access,
    Given(wish): Given<SealWish>,
) -> Result<Json<Job>, Problem> {
    let node = room.node().clone();
    let (actor, area, terms) = wish.plan.read(&node, &access)?;
    let day = Date::parse(wish.day.trim()).ok_or_else(|| Problem::refused("day"))?;
    let from = work::hour(day, &wish.from).ok_or_else(|| Problem::refused("from"))?;
    let mut keys = BTreeMap::new();
    for TeamCard { team, card } in &wish.cards {
        if card.len() > CARD_BYTES_MAX {
            return Err(Problem::refused("cards"));
        }
        keys.insert(team.trim().to_owned(), work::card_key(card)?);
    }
    let label = format!("Draw the patrols of {}", work::name(&area, day));
    let wish = work::Wish { area, day, from, terms, keys };
    let by = access.person.to_string();
    let job = room.node().jobs().start(JobKind::Patrol, label, by, move |control| {
        let sealed = work::seal(&node, &actor, &wish, &mut control.watch())?;
        Ok(serde_json::json!({
            "schedule": sealed.schedule.to_string(),
            "teams": sealed.teams,
            "without_key": sealed.without_key,
            "duty": sealed.duty,
        }))
    })?;
    Ok(Json(job))
}

/// What is done about a schedule.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct ScheduleAct {
    /// `show` or `withdraw`.
    pub act: String,
    /// Why it is withdrawn.
    pub reason: Option<String>,
}

/// Shows, from its hour on, what was drawn; or withdraws a schedule.
#[utoipa::path(post, path = "/api/patrols/{id}", tag = "patrols", params(("id" = String, Path)), request_body = ScheduleAct,
    responses((status = 200, body = ScheduleView), (status = 403, body = Fault), (status = 404, body = Fault), (status = 409, body = Fault)))]
pub async fn act(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Given(wish): Given<ScheduleAct>,
) -> Result<Json<ScheduleView>, Problem> {
    blocking(move || {
        let node = room.node();
        let (at, area) = find(node, &access, &id)?;
        match wish.act.as_str() {
            "show" => {
                let actor = access.actor_with(node, &area, row::PATROL_SHOW)?;
                match work::show(node, &actor, at) {
                    Err(WorkError::Missing(_)) => return Err(Problem::of(Code::SealedToOthers)),
                    shown => shown?,
                };
            }
            "withdraw" => {
                let actor = access.actor_with(node, &area, row::PATROL_SEAL)?;
                let reason = wish.reason.as_deref().map(str::trim).unwrap_or_default();
                if reason.is_empty() {
                    return Err(Problem::refused("reason"));
                }
                work::withdraw(node, &actor, at, reason)?;
            }
            _ => return Err(Problem::refused("act")),
        }
        view::one(node, &access, at).ok_or_else(|| Problem::not_found(&id))
    })
    .await
}

/// Checks what was shown against what was promised and draws it again from this node's lists, in a job; its result is
/// `{schedule, kept, drawn_again, planned_by, plans_by}`: the last two are versions of the engine.
#[utoipa::path(post, path = "/api/patrols/{id}/check", tag = "patrols", params(("id" = String, Path)),
    responses((status = 200, body = Job), (status = 404, body = Fault), (status = 409, body = Fault)))]
pub async fn check(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
) -> Result<Json<Job>, Problem> {
    let node = room.node().clone();
    let (at, area) = find(&node, &access, &id)?;
    let by = access.person.to_string();
    let label = format!("Draw the patrols of {area} again");
    let job = room.node().jobs().start(JobKind::Patrol, label, by, move |control| {
        let found = work::check(&node, at, &mut control.watch())?;
        Ok(serde_json::json!({
            "schedule": at.to_string(),
            "kept": found.kept,
            "drawn_again": found.drawn_again,
            "planned_by": found.planned_by,
            "plans_by": found.plans_by,
        }))
    })?;
    Ok(Json(job))
}

/// What was shown, as a table; there is none before.
#[utoipa::path(get, path = "/api/patrols/{id}/csv", tag = "patrols", params(("id" = String, Path)),
    responses((status = 200, content_type = "text/csv", body = String), (status = 404, body = Fault), (status = 409, body = Fault)))]
pub async fn csv(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let sheet = blocking(move || {
        let node = room.node();
        let (at, area) = find(node, &access, &id)?;
        let shown = work::shown(node, at).ok_or_else(|| Problem::of(Code::StillSealed))?;
        let world = node.world();
        let stations = crate::http::map::stations_of(&world)?;
        let title = format!("Patrols {area}");
        let mut sheet = Sheet::new(node, &stations.provenance, &access, &title);
        sheet.header(&["team", "stop", "building", "name", "district"]);
        for way in view::ways(&world, &shown.ways) {
            if way.stops.is_empty() {
                sheet.row(vec![text(&way.team), count(0), text(""), text(""), text("")]);
            }
            for (number, stop) in (1_u32..).zip(&way.stops) {
                let (building, name) = (text(&stop.building), text(&stop.name));
                sheet.row(vec![
                    text(&way.team),
                    count(number),
                    building,
                    name,
                    text(&stop.district),
                ]);
            }
        }
        Ok(sheet)
    })
    .await?
    .0;
    sheet.csv("patrols").await
}
