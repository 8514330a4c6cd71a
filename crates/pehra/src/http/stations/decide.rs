//! What people decide about a station: overrides and the official class. Each is a signed event.

use super::{ClassWord, OfficialView, ProposalView, StationDetail, detail};
use crate::http::{
    given::Given,
    persons::execute,
    plans::Reason,
    problem::{Code, Fault, Problem},
    room::Room,
    who::Access,
};
use axum::{
    Json,
    extract::{Path, State},
};
use pehra_domain::{
    AreaId, Date, PersonId, StationId, UnixMs, override_record::OverrideCode, station::Station,
};
use pehra_ops::{
    command::Command,
    official_class::{self, ClassRecord, Phase},
    risk_override::{self, RiskOverride},
    stamp::EventRef,
};
use serde::Deserialize;

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct OverrideWish {
    /// `O1`: current threat graded B2 or better. `O2`: fatal attack in the last two polls. `O3`: no working rung of
    /// communication and quick reaction over 45 minutes away.
    pub code: String,
    pub reason: String,
    pub expires_ms: i64,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct OfficialWish {
    pub class: ClassWord,
    /// The authority and its paper.
    pub source: String,
    /// `2024-02-08`
    pub as_of: String,
    #[serde(default)]
    pub reason: String,
}

/// Raises a station's class by one of the rules, until a moment.
#[utoipa::path(post, path = "/api/stations/{id}/override", tag = "stations", params(("id" = String, Path)),
    request_body = OverrideWish,
    responses((status = 200, body = StationDetail), (status = 403, body = Fault), (status = 422, body = Fault)))]
pub async fn set_override(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Given(wish): Given<OverrideWish>,
) -> Result<Json<StationDetail>, Problem> {
    let code = code(&wish.code)?;
    let (station, area) = place(&room, &id)?;
    let raised = RiskOverride {
        station,
        code: Some(code),
        at_least: code.at_least(),
        reason: wish.reason,
        expires: UnixMs(wish.expires_ms),
    };
    let command = risk_override::Command::Raise { area: area.clone(), raised };
    execute(&room, access.actor(&area)?, Command::RiskOverride(command)).await?;
    answer(&room, &access, &id)
}

/// Lifts an override; by another person than raised it.
#[utoipa::path(delete, path = "/api/stations/{id}/override/{code}", tag = "stations",
    params(("id" = String, Path), ("code" = String, Path)), request_body = Reason,
    responses((status = 200, body = StationDetail), (status = 403, body = Fault), (status = 404, body = Fault)))]
pub async fn lift_override(
    State(room): State<Room>,
    access: Access,
    Path(names): Path<(String, String)>,
    Given(wish): Given<Reason>,
) -> Result<Json<StationDetail>, Problem> {
    let (id, code_text) = names;
    let code = code(&code_text)?;
    let (station, area) = place(&room, &id)?;
    let now = room.node().now();
    let raised = room.node().ops(|state| {
        let mut all = state.risk_overrides.in_force(now);
        let found =
            all.find(|(_, raised, _)| raised.station == station && raised.code == Some(code));
        found.map(|(at, _, _)| at)
    });
    let raised = raised.ok_or_else(|| Problem::not_found(code_text))?;
    let command = risk_override::Command::Withdraw { raised, reason: wish.reason };
    execute(&room, access.actor(&area)?, Command::RiskOverride(command)).await?;
    answer(&room, &access, &id)
}

/// Proposes the class that an authority gave; it counts once another person approves it.
#[utoipa::path(post, path = "/api/stations/{id}/official", tag = "stations", params(("id" = String, Path)),
    request_body = OfficialWish,
    responses((status = 200, body = StationDetail), (status = 403, body = Fault), (status = 422, body = Fault)))]
pub async fn set_official(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Given(wish): Given<OfficialWish>,
) -> Result<Json<StationDetail>, Problem> {
    let as_of = Date::parse(&wish.as_of)
        .ok_or_else(|| Problem::about(Code::ValueRefused, "as_of: write 2024-02-08"))?;
    let (station, area) = place(&room, &id)?;
    let world = room.node().world();
    let constituency = world.stations.as_ref().and_then(|table| {
        let position = *table.by_station.get(&station)?;
        Some(table.stations.get(position as usize)?.contests.first()?.constituency.clone())
    });
    let source = wish.source.trim().to_owned();
    let reason = Some(wish.reason.trim().to_owned()).filter(|reason| !reason.is_empty());
    let record = ClassRecord {
        station,
        constituency,
        class: wish.class.into(),
        reason: reason.unwrap_or_else(|| source.clone()),
        source,
        as_of,
    };
    let command = official_class::Command::Propose { area: area.clone(), record };
    execute(&room, access.actor(&area)?, Command::OfficialClass(command)).await?;
    answer(&room, &access, &id)
}

#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct ApproveWish {
    /// A third person who agrees: needed within ten days before the poll.
    pub second: Option<String>,
}

/// Approves a proposed class; by another person than proposed it.
#[utoipa::path(post, path = "/api/stations/{id}/official/{proposal}/approve", tag = "stations",
    params(("id" = String, Path), ("proposal" = String, Path)), request_body = ApproveWish,
    responses((status = 200, body = StationDetail), (status = 403, body = Fault), (status = 409, body = Fault)))]
pub async fn approve_official(
    State(room): State<Room>,
    access: Access,
    Path(names): Path<(String, String)>,
    Given(wish): Given<ApproveWish>,
) -> Result<Json<StationDetail>, Problem> {
    let (id, proposal) = names;
    let (station, area) = place(&room, &id)?;
    let proposal = waiting(&room, &station, &proposal)?;
    let second = wish.second.map(PersonId::try_new).transpose()?;
    let command = official_class::Command::Approve { proposal, second };
    execute(&room, access.actor(&area)?, Command::OfficialClass(command)).await?;
    answer(&room, &access, &id)
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct RejectWish {
    pub reason: String,
}

/// Rejects a proposed class: it never counts.
#[utoipa::path(post, path = "/api/stations/{id}/official/{proposal}/reject", tag = "stations",
    params(("id" = String, Path), ("proposal" = String, Path)), request_body = RejectWish,
    responses((status = 200, body = StationDetail), (status = 403, body = Fault), (status = 409, body = Fault)))]
pub async fn reject_official(
    State(room): State<Room>,
    access: Access,
    Path(names): Path<(String, String)>,
    Given(wish): Given<RejectWish>,
) -> Result<Json<StationDetail>, Problem> {
    let (id, proposal) = names;
    let (station, area) = place(&room, &id)?;
    let proposal = waiting(&room, &station, &proposal)?;
    let command = official_class::Command::Reject { proposal, reason: wish.reason };
    execute(&room, access.actor(&area)?, Command::OfficialClass(command)).await?;
    answer(&room, &access, &id)
}

/// A proposal for this station that waits for an answer.
fn waiting(room: &Room, station: &StationId, proposal: &str) -> Result<EventRef, Problem> {
    let known = proposals(room, station).iter().any(|known| known.proposal == proposal);
    let at = EventRef::parse(proposal).filter(|_| known);
    at.ok_or_else(|| Problem::not_found(proposal))
}

/// Every official class of a station, side by side: the list's, and those approved on this node.
pub(super) fn official(room: &Room, station: &Station) -> Vec<OfficialView> {
    let listed = station.official.iter().map(|given| OfficialView {
        class: given.class.into(),
        source: given.source.clone(),
        as_of: given.as_of.map(|date| date.to_string()),
        approved_by: given.approved_by.clone(),
    });
    let approved: Vec<OfficialView> = room.node().ops(|state| {
        let classes = &state.official_classes;
        classes
            .proposals()
            .filter(|(at, _)| classes.phase(*at) == Phase::Approved)
            .filter_map(|(_, found)| {
                let (record, _) = found.proposed.as_ref()?;
                let by = found.answer.heads().map(|(_, head)| head.mark.person.to_string()).next();
                (record.station == station.id).then(|| OfficialView {
                    class: record.class.into(),
                    source: record.source.clone(),
                    as_of: Some(record.as_of.to_string()),
                    approved_by: by,
                })
            })
            .collect()
    });
    listed.chain(approved).collect()
}

/// Classes that wait for approval.
pub(super) fn proposals(room: &Room, station: &StationId) -> Vec<ProposalView> {
    room.node().ops(|state| {
        let classes = &state.official_classes;
        let waiting =
            |at: &EventRef| matches!(classes.phase(*at), Phase::Proposed | Phase::Disputed);
        classes
            .proposals()
            .filter(|(at, _)| waiting(at))
            .filter_map(|(at, found)| {
                let (record, mark) = found.proposed.as_ref()?;
                (record.station == *station).then(|| ProposalView {
                    proposal: at.to_string(),
                    class: record.class.into(),
                    source: record.source.clone(),
                    as_of: record.as_of.to_string(),
                    reason: record.reason.clone(),
                    proposed_by: mark.person.to_string(),
                })
            })
            .collect()
    })
}

fn code(text: &str) -> Result<OverrideCode, Problem> {
    match text {
        "O1" => Ok(OverrideCode::O1),
        "O2" => Ok(OverrideCode::O2),
        "O3" => Ok(OverrideCode::O3),
        _ => Err(Problem::about(Code::ValueRefused, "code: O1, O2 or O3")),
    }
}

fn place(room: &Room, id: &str) -> Result<(StationId, AreaId), Problem> {
    let world = room.node().world();
    let table = world.stations.as_ref();
    let station = table.and_then(|table| table.stations.get(table.find(id)?));
    let station = station.ok_or_else(|| Problem::not_found(id))?;
    Ok((station.id.clone(), station.district.clone()))
}

fn answer(room: &Room, access: &Access, id: &str) -> Result<Json<StationDetail>, Problem> {
    room.node().live().publish("assessment", serde_json::json!({ "station": id }));
    let world = room.node().world();
    let position = world.stations.as_ref().and_then(|table| table.find(id));
    let found = position.and_then(|position| detail(room, &world, access, position));
    found.map(Json).ok_or_else(|| Problem::not_found(id))
}
