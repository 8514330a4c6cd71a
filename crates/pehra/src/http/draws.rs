//! Draws as the record has them: how far each stage is, what waits for whom, and who may do it; and a look at who was
//! drawn, for those who may see service numbers.

mod view;

pub use view::{DrawActView, DrawPartyView, DrawView, DrawsView, StagePartyView, StageView};

use crate::{
    http::{
        given::Given,
        problem::{Code, Fault, Problem},
        reply::blocking,
        room::Room,
        who::Access,
    },
    node::Node,
    work::draw::{duty_word, entries},
};
use axum::{
    Json,
    extract::{Path, Query, State},
};
use pehra_domain::{AreaId, PersonId, duty::Lot};
use pehra_ops::{
    Actor, Command, EventRef, Refusal, RefusalCode,
    draw::{self as ops, On, Stage},
    permission as row,
};
use serde::{Deserialize, Serialize};
use std::ops::ControlFlow;

/// Draws of areas that touch one's own.
#[utoipa::path(get, path = "/api/draws", tag = "draws", responses((status = 200, body = DrawsView)))]
pub async fn list(State(room): State<Room>, access: Access) -> Result<Json<DrawsView>, Problem> {
    blocking(move || Ok(view::all(room.node(), &access))).await
}

fn find(node: &Node, access: &Access, id: &str) -> Result<(EventRef, AreaId), Problem> {
    let draw = EventRef::parse(id).ok_or_else(|| Problem::not_found(id))?;
    let area = node.ops(|state| state.draws.area_of(draw).cloned());
    let area = area.filter(|area| access.concerns(area)).ok_or_else(|| Problem::not_found(id))?;
    Ok((draw, area))
}

/// What is done about a draw.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct DrawAct {
    /// `join`, `propose`, `open`, `commit`, `reveal`, `show-share`, `recover`, `draw`, `replace` or `withdraw`.
    pub act: String,
    /// `pool`, `posts` or `stations`.
    pub stage: Option<String>,
    /// The party whose share is shown or whose secret is put together.
    pub party: Option<String>,
    /// The proposal that is opened.
    pub proposal: Option<String>,
    /// The service number of whoever fell out.
    pub number: Option<String>,
    /// Why the draw is withdrawn.
    pub reason: Option<String>,
}

/// The draw as it is now, and who stands in if somebody was replaced.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DrawDone {
    pub draw: DrawView,
    /// Who stands in for whoever fell out; nothing when no spare may hold the post.
    pub stands_in: Option<String>,
}

/// Acts on a draw; the answer shows it as it is now.
#[utoipa::path(post, path = "/api/draws/{id}", tag = "draws", params(("id" = String, Path)), request_body = DrawAct,
    responses((status = 200, body = DrawDone), (status = 403, body = Fault), (status = 404, body = Fault), (status = 409, body = Fault)))]
pub async fn act(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Given(wish): Given<DrawAct>,
) -> Result<Json<DrawDone>, Problem> {
    blocking(move || {
        let node = room.node();
        let (draw, area) = find(node, &access, &id)?;
        let stands_in = done(node, &access, (draw, &area), &wish)?;
        let draw = view::one(node, &access, draw).ok_or_else(|| Problem::not_found(&id))?;
        Ok(DrawDone { draw, stands_in })
    })
    .await
}

fn needed(word: Option<&String>, field: &'static str) -> Result<String, Problem> {
    let word = word.map(|word| word.trim().to_owned()).filter(|word| !word.is_empty());
    word.ok_or_else(|| Problem::refused(field))
}

fn done(
    node: &Node,
    access: &Access,
    (draw, area): (EventRef, &AreaId),
    wish: &DrawAct,
) -> Result<Option<String>, Problem> {
    let able = |permission| actor(node, access, area, permission);
    let mut go_on = |_| ControlFlow::Continue(());
    match wish.act.as_str() {
        "join" => entries::join(node, &able(row::DRAW_PARTY)?, draw)?,
        "commit" | "reveal" | "show-share" | "recover" => {
            party_act(node, &able(row::DRAW_PARTY)?, on(draw, wish)?, wish)?;
        }
        "draw" => {
            entries::run(node, &able(row::DRAW_OPEN)?, on(draw, wish)?, &mut go_on)?;
        }
        "replace" => {
            let number = needed(wish.number.as_ref(), "number")?;
            let out = PersonId::try_new(number).map_err(|_form| Problem::refused("number"))?;
            let actor = able(row::DRAW_OPEN)?;
            let stands_in = entries::replace(node, &actor, draw, &out, &mut go_on)?;
            return Ok(stands_in.map(|person| person.to_string()));
        }
        "propose" => {
            let command = ops::Command::ProposeStage { on: on(draw, wish)? };
            node.execute(&able(row::DRAW_OPEN)?, Command::Draw(command))?;
        }
        "open" => {
            let proposal = EventRef::parse(&needed(wish.proposal.as_ref(), "proposal")?);
            let proposal = proposal.ok_or_else(|| Problem::refused("proposal"))?;
            let command = ops::Command::OpenStage { proposal };
            node.execute(&able(row::DRAW_APPROVE)?, Command::Draw(command))?;
        }
        "withdraw" => {
            let reason = needed(wish.reason.as_ref(), "reason")?;
            let command = ops::Command::Withdraw { draw, reason };
            node.execute(&able(row::DRAW_APPROVE)?, Command::Draw(command))?;
        }
        _ => return Err(Problem::refused("act")),
    }
    Ok(None)
}

fn on(draw: EventRef, wish: &DrawAct) -> Result<On, Problem> {
    let word = needed(wish.stage.as_ref(), "stage")?;
    let stage = Stage::parse(&word).ok_or_else(|| Problem::refused("stage"))?;
    Ok(On { draw, stage })
}

/// What a party's own person does in a stage.
fn party_act(node: &Node, actor: &Actor, on: On, wish: &DrawAct) -> Result<(), Problem> {
    let party = || needed(wish.party.as_ref(), "party");
    match wish.act.as_str() {
        "commit" => entries::commit(node, actor, on)?,
        "reveal" => entries::reveal(node, actor, on)?,
        "show-share" => entries::show_share(node, actor, on, &party()?)?,
        _ => entries::recover(node, actor, on, &party()?)?,
    }
    Ok(())
}

/// Acts in the narrowest role that reaches the area and holds the permission.
fn actor(node: &Node, access: &Access, area: &AreaId, permission: &str) -> Result<Actor, Problem> {
    let able = access.able(node, area, permission);
    Ok(able.ok_or_else(|| Refusal::of(RefusalCode::RoleLacksPermission, permission))?)
}

/// Whom or which place one looks up.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
pub struct RosterQuery {
    /// A service number.
    pub number: Option<String>,
    /// A polling station, `NA-40-15` or `PK-71-21`.
    pub station: Option<String>,
}

/// Somebody of the roster.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RosterLine {
    pub number: String,
    pub unit: String,
    /// `police-man`, `police-woman`, `civil-armed-forces` or `army`.
    pub kind: &'static str,
    /// `excluded`, `untrained`, `not-called`, `called`, `spare`, `holds` or `posted`.
    pub lot: &'static str,
    /// `in charge`, `searcher` or `guard`; empty without a post.
    pub duty: &'static str,
    /// `normal`, `sensitive` or `most`; empty without a post.
    pub class: &'static str,
    pub building: Option<String>,
    pub building_name: Option<String>,
    /// Why somebody is not in the lot: what the list says, or the modules that are missing.
    pub why: String,
    /// Somebody stands in for this one.
    pub fell_out: bool,
    /// Whose post this was before they fell out.
    pub for_whom: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RosterView {
    /// The last stage that is drawn.
    pub stage: &'static str,
    pub lines: Vec<RosterLine>,
    /// Lines that were found and belong to another area.
    pub elsewhere: usize,
}

/// Who was drawn: by service number, or by the polling station where they stand. Whoever answers for a district sees
/// those who are posted there.
#[utoipa::path(get, path = "/api/draws/{id}/roster", tag = "draws", params(("id" = String, Path), RosterQuery),
    responses((status = 200, body = RosterView), (status = 403, body = Fault), (status = 404, body = Fault)))]
pub async fn roster(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Query(query): Query<RosterQuery>,
) -> Result<Json<RosterView>, Problem> {
    blocking(move || {
        let node = room.node();
        let (draw, area) = find(node, &access, &id)?;
        let look = match (&query.number, &query.station) {
            (Some(number), None) => {
                let number = PersonId::try_new(number.trim());
                entries::Look::Number(number.map_err(|_form| Problem::refused("number"))?)
            }
            (None, Some(station)) => entries::Look::Station(station.trim().to_owned()),
            (Some(_), Some(_)) | (None, None) => {
                return Err(Problem::about(Code::ValueRefused, "number or station"));
            }
        };
        let mut go_on = |_| ControlFlow::Continue(());
        let (stage, found) = entries::look(node, room.roster(), (draw, &look), &mut go_on)?;
        // A role for the whole draw sees every line, one for a district the lines that are posted there.
        let (seen, elsewhere): (Vec<_>, Vec<_>) = found.into_iter().partition(|one| {
            access.reaches(&area) || one.district.as_ref().is_some_and(|it| access.reaches(it))
        });
        let world = node.world();
        let lines = seen.into_iter().map(|one| line(&world, one)).collect();
        Ok(RosterView { stage: stage.name(), lines, elsewhere: elsewhere.len() })
    })
    .await
}

fn line(world: &crate::world::World, found: entries::Found) -> RosterLine {
    let entries::Found { line, for_whom, fell_out, .. } = found;
    let (lot, post, building, why) = match line.lot {
        Lot::Excluded { why } => ("excluded", None, None, why),
        Lot::Untrained { lacks } => {
            let lacks: Vec<String> = lacks.iter().map(|module| format!("M{module}")).collect();
            ("untrained", None, None, lacks.join(" "))
        }
        Lot::NotCalled => ("not-called", None, None, String::new()),
        Lot::Called => ("called", None, None, String::new()),
        Lot::Spare => ("spare", None, None, String::new()),
        Lot::Holds { post } => ("holds", Some(post), None, String::new()),
        Lot::Posted { post, building } => ("posted", Some(post), Some(building), String::new()),
    };
    RosterLine {
        number: line.number.to_string(),
        unit: line.unit.to_string(),
        kind: line.kind.word(),
        lot,
        duty: post.map_or("", |post| duty_word(post.duty)),
        class: post.map_or("", |post| post.class.word()),
        building_name: building.as_ref().map(|id| world.building_name(id).to_owned()),
        building: building.map(|id| id.to_string()),
        why,
        fell_out,
        for_whom: for_whom.map(|person| person.to_string()),
    }
}
