//! Campaigns of public awareness: drafts, readers, approval, measures, the plan, and what is printed and read out.

mod paper;
mod plan;
mod view;

pub use paper::{poster, script};
pub use plan::plan;
pub use view::{CampaignLog, list};

// The attribute on a handler makes items beside it; the table names them by the handler's path.
pub use paper::{__path_poster, __path_script};
pub use plan::__path_plan;
pub use view::__path_list;

use crate::http::{
    given::Given,
    persons::execute,
    problem::{Code, Fault, Problem},
    room::Room,
    who::Access,
};
use axum::{
    Json,
    extract::{Path, State},
};
use pehra_domain::{
    AreaId, Date, IncidentId,
    campaign::{Channel, Language},
};
use pehra_ops::{
    Command, EventRef,
    campaign::{self, Draft, Fact, Measure, Text, Topic},
    incident::{Key, Matter},
    permission as row,
};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct CampaignDraft {
    pub area: String,
    /// `safety`, `station`, `guards`, `help`, `reporting` or `correction`.
    pub topic: String,
    pub name: String,
    /// `radio`, `poster` and so on, each once.
    pub channels: Vec<String>,
    /// `2024-02-01`.
    pub from: String,
    pub until: String,
    #[serde(default)]
    pub reach_planned: u64,
    #[serde(default)]
    pub cost_rs: u64,
    /// Of a correction: `incident AREA ID` or `report ID`, as the list of facts names it.
    #[serde(default)]
    pub fact: String,
    /// By language's code.
    pub texts: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct CampaignText {
    pub text: String,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct CampaignNote {
    #[serde(default)]
    pub note: String,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct CampaignMeasure {
    /// The campaign's own area when it is empty.
    #[serde(default)]
    pub area: String,
    pub channel: String,
    pub reached: u64,
    pub spent_rs: u64,
    /// `2024-02-05`.
    pub on: String,
    /// How it is known.
    pub how: String,
}

fn refused(what: &str) -> Problem {
    Problem::about(Code::ValueRefused, what)
}

fn channel(word: &str) -> Result<Channel, Problem> {
    Channel::parse(word.trim()).ok_or_else(|| refused(word))
}

pub(super) fn language(code: &str) -> Result<Language, Problem> {
    Language::parse(code.trim()).ok_or_else(|| refused(code))
}

fn date(text: &str) -> Result<Date, Problem> {
    Date::parse(text.trim()).ok_or_else(|| refused(text))
}

fn fact(word: &str) -> Result<Option<Fact>, Problem> {
    let words: Vec<&str> = word.split_whitespace().collect();
    match words.as_slice() {
        [] => Ok(None),
        ["report", at] => {
            EventRef::parse(at).map(|at| Some(Fact::Report(at))).ok_or_else(|| refused(word))
        }
        ["incident", area, id] => {
            let (area, incident) = (AreaId::try_new(*area)?, IncidentId::try_new(*id)?);
            Ok(Some(Fact::Incident(Key { area, matter: Matter::Incident, incident })))
        }
        _ => Err(refused(word)),
    }
}

/// Does it in the role that may; the answer shows everything as it is then.
async fn done(
    room: &Room,
    access: &Access,
    area: &AreaId,
    command: campaign::Command,
) -> Result<Json<CampaignLog>, Problem> {
    let command = Command::Campaign(command);
    let actor = access.actor_with(room.node(), area, command.permission())?;
    execute(room, actor, command).await?;
    Ok(Json(CampaignLog::of(room.node(), access)))
}

/// A campaign that somebody sees, and its area.
pub(super) fn about(room: &Room, access: &Access, id: &str) -> Result<(EventRef, AreaId), Problem> {
    let at = EventRef::parse(id);
    let found = at.and_then(|at| {
        let area = room.node().ops(|state| state.campaigns.area_of(at).cloned())?;
        access.concerns(&area).then_some((at, area))
    });
    found.ok_or_else(|| Problem::not_found(id))
}

/// The area in which a reader speaks of a campaign: where their own role is, the narrowest first.
pub(super) fn reading_area(access: &Access, room: &Room) -> Option<AreaId> {
    let table = &room.node().rules().permissions;
    let able = access.holdings.iter().filter(|it| table.allows(&it.role, row::CAMPAIGN_READ));
    able.map(|it| &it.area).max_by_key(|area| area.depth()).cloned()
}

/// Drafts a campaign with its texts.
#[utoipa::path(post, path = "/api/campaigns", tag = "campaigns", request_body = CampaignDraft,
    responses((status = 200, body = CampaignLog), (status = 403, body = Fault), (status = 422, body = Fault)))]
pub async fn draft(
    State(room): State<Room>,
    access: Access,
    Given(wish): Given<CampaignDraft>,
) -> Result<Json<CampaignLog>, Problem> {
    let area = AreaId::try_new(wish.area.trim())?;
    let channels: Result<Vec<Channel>, Problem> =
        wish.channels.iter().map(|word| channel(word)).collect();
    let texts: Result<Vec<Text>, Problem> = wish
        .texts
        .into_iter()
        .filter(|(_, text)| !text.trim().is_empty())
        .map(|(code, text)| Ok(Text { language: language(&code)?, text }))
        .collect();
    let draft = Box::new(Draft {
        topic: Topic::parse(&wish.topic).ok_or_else(|| refused(&wish.topic))?,
        name: wish.name,
        channels: channels?,
        from: date(&wish.from)?,
        until: date(&wish.until)?,
        reach_planned: wish.reach_planned,
        cost_rs: wish.cost_rs,
        fact: fact(&wish.fact)?,
        texts: texts?,
    });
    done(&room, &access, &area.clone(), campaign::Command::Draft { area, draft }).await
}

/// Writes a language, or writes it anew: readers sign it again.
#[utoipa::path(post, path = "/api/campaigns/{id}/texts/{language}", tag = "campaigns",
    params(("id" = String, Path), ("language" = String, Path)), request_body = CampaignText,
    responses((status = 200, body = CampaignLog), (status = 403, body = Fault), (status = 404, body = Fault),
        (status = 409, body = Fault), (status = 422, body = Fault)))]
pub async fn write(
    State(room): State<Room>,
    access: Access,
    Path((id, code)): Path<(String, String)>,
    Given(wish): Given<CampaignText>,
) -> Result<Json<CampaignLog>, Problem> {
    let (campaign, area) = about(&room, &access, &id)?;
    let text = Text { language: language(&code)?, text: wish.text };
    done(&room, &access, &area, campaign::Command::Write { campaign, text }).await
}

/// A native reader signs the text as it stands.
#[utoipa::path(post, path = "/api/campaigns/{id}/texts/{language}/sign", tag = "campaigns",
    params(("id" = String, Path), ("language" = String, Path)),
    responses((status = 200, body = CampaignLog), (status = 403, body = Fault), (status = 404, body = Fault),
        (status = 409, body = Fault)))]
pub async fn sign(
    State(room): State<Room>,
    access: Access,
    Path((id, code)): Path<(String, String)>,
) -> Result<Json<CampaignLog>, Problem> {
    let (campaign, of) = about(&room, &access, &id)?;
    let area = reading_area(&access, &room).unwrap_or(of);
    let language = language(&code)?;
    let command = campaign::Command::Sign { area: area.clone(), campaign, language };
    done(&room, &access, &area, command).await
}

/// A native reader holds a fault against the text as it stands: its language is blocked.
#[utoipa::path(post, path = "/api/campaigns/{id}/texts/{language}/fault", tag = "campaigns",
    params(("id" = String, Path), ("language" = String, Path)), request_body = CampaignNote,
    responses((status = 200, body = CampaignLog), (status = 403, body = Fault), (status = 404, body = Fault),
        (status = 409, body = Fault), (status = 422, body = Fault)))]
pub async fn fault(
    State(room): State<Room>,
    access: Access,
    Path((id, code)): Path<(String, String)>,
    Given(wish): Given<CampaignNote>,
) -> Result<Json<CampaignLog>, Problem> {
    let (campaign, of) = about(&room, &access, &id)?;
    let area = reading_area(&access, &room).unwrap_or(of);
    let (language, note) = (language(&code)?, wish.note);
    let command = campaign::Command::Fault { area: area.clone(), campaign, language, note };
    done(&room, &access, &area, command).await
}

/// Another person lets out every language that two readers have signed.
#[utoipa::path(post, path = "/api/campaigns/{id}/approve", tag = "campaigns", params(("id" = String, Path)),
    responses((status = 200, body = CampaignLog), (status = 403, body = Fault), (status = 404, body = Fault),
        (status = 409, body = Fault)))]
pub async fn approve(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
) -> Result<Json<CampaignLog>, Problem> {
    let (campaign, area) = about(&room, &access, &id)?;
    done(&room, &access, &area, campaign::Command::Approve { campaign }).await
}

/// Refuses a draft, with the reason.
#[utoipa::path(post, path = "/api/campaigns/{id}/refuse", tag = "campaigns", params(("id" = String, Path)),
    request_body = CampaignNote, responses((status = 200, body = CampaignLog), (status = 403, body = Fault),
        (status = 404, body = Fault), (status = 409, body = Fault), (status = 422, body = Fault)))]
pub async fn refuse(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Given(wish): Given<CampaignNote>,
) -> Result<Json<CampaignLog>, Problem> {
    let (campaign, area) = about(&room, &access, &id)?;
    done(&room, &access, &area, campaign::Command::Refuse { campaign, reason: wish.note }).await
}

/// Stops what was approved, with the reason.
#[utoipa::path(post, path = "/api/campaigns/{id}/stop", tag = "campaigns", params(("id" = String, Path)),
    request_body = CampaignNote, responses((status = 200, body = CampaignLog), (status = 403, body = Fault),
        (status = 404, body = Fault), (status = 409, body = Fault), (status = 422, body = Fault)))]
pub async fn stop(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Given(wish): Given<CampaignNote>,
) -> Result<Json<CampaignLog>, Problem> {
    let (campaign, area) = about(&room, &access, &id)?;
    done(&room, &access, &area, campaign::Command::Stop { campaign, reason: wish.note }).await
}

/// Puts on record how many people a channel reached.
#[utoipa::path(post, path = "/api/campaigns/{id}/measure", tag = "campaigns", params(("id" = String, Path)),
    request_body = CampaignMeasure, responses((status = 200, body = CampaignLog), (status = 403, body = Fault),
        (status = 404, body = Fault), (status = 409, body = Fault), (status = 422, body = Fault)))]
pub async fn measure(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Given(wish): Given<CampaignMeasure>,
) -> Result<Json<CampaignLog>, Problem> {
    let (campaign, of) = about(&room, &access, &id)?;
    let area = if wish.area.trim().is_empty() { of } else { AreaId::try_new(wish.area.trim())? };
    let measure = Measure {
        channel: channel(&wish.channel)?,
        reached: wish.reached,
        spent_rs: wish.spent_rs,
        on: date(&wish.on)?,
        how: wish.how,
    };
    let command = campaign::Command::Measure { area: area.clone(), campaign, measure };
    done(&room, &access, &area, command).await
}
