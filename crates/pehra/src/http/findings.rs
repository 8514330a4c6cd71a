//! What was found wanting, who mends it until when, and what an exercise is for.

use crate::{
    http::{
        export::{Cell, Sheet, text},
        given::Given,
        mark::MarkView,
        persons::execute,
        problem::{Code, Fault, Problem},
        room::Room,
        sight::areas_to_name,
        who::Access,
    },
    node::Node,
};
use axum::{
    Json,
    extract::{Path, State},
    response::Response,
};
use pehra_domain::{AreaId, Date, role::Role};
use pehra_ops::{
    Command, EventRef,
    finding::{self, Action, Finding, Phase, Record, Source},
    order::speaking_area,
    permission as row,
};
use serde::{Deserialize, Serialize};

/// Who mends it, how, and until when.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct FindingAction {
    pub text: String,
    /// The code of a role.
    pub owner: String,
    /// `2024-03-01`.
    pub due: String,
}

/// Somebody's word about where it stands.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FindingWord {
    /// `charged`, `finished`, `closed` or `dropped`.
    pub word: &'static str,
    pub note: String,
    pub by: MarkView,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FindingEntry {
    /// Names it when something is done about it.
    pub id: String,
    pub area: String,
    /// `observed`, `exercise`, or the code of the account's figure that missed its target: `K07`.
    pub source: String,
    pub text: String,
    pub by: MarkView,
    /// `found`, `charged`, `overdue`, `finished`, `closed`, `dropped` or `disputed`.
    pub phase: &'static str,
    pub action: Option<FindingAction>,
    /// Several where it was decided apart.
    pub words: Vec<FindingWord>,
    /// Whoever asks may do this about it: `charge`, `finish`, `return`, `close`, `drop`.
    pub acts: Vec<&'static str>,
}

/// What an exercise is for.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AimRow {
    /// Names it when it is judged.
    pub id: String,
    pub area: String,
    pub text: String,
    pub by: MarkView,
    /// `open`, `met`, `missed` or `disputed`.
    pub verdict: &'static str,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FindingLog {
    /// What is overdue first, then what waits for somebody, then the rest; the newest first within each.
    pub findings: Vec<FindingEntry>,
    /// In the order in which they were set.
    pub aims: Vec<AimRow>,
    /// About which something is still to be done.
    pub open: usize,
    pub overdue: usize,
    /// Roles that may own an action.
    pub owners: Vec<String>,
    /// Areas for which whoever asks may record one.
    pub areas: Vec<String>,
    /// Whoever asks may set and judge the aims of an exercise.
    pub may_aim: bool,
}

fn urgency(phase: &str) -> u8 {
    ["overdue", "disputed", "finished", "found", "charged"]
        .iter()
        .position(|one| *one == phase)
        .and_then(|at| u8::try_from(at).ok())
        .unwrap_or(u8::MAX)
}

impl FindingEntry {
    /// Whether something is still to be done about it.
    #[must_use]
    pub fn is_open(&self) -> bool {
        Phase::read(self.phase).is_some_and(Phase::is_open)
    }
}

impl FindingLog {
    /// What somebody sees; everything for none.
    #[must_use]
    pub fn of(node: &Node, access: Option<&Access>) -> Self {
        let today = Date::of_pkt(node.now());
        let sees = |area: &AreaId| access.is_none_or(|access| access.reaches(area));
        let may = |area: &AreaId, permission: &str| {
            access.is_some_and(|access| access.holds(node, area, permission))
        };
        let permissions = &node.rules().permissions;
        let answers = |code: &&str| {
            Role::try_new(*code).is_ok_and(|role| permissions.allows(&role, row::FINDING_ANSWER))
        };
        node.ops(|state| {
            let of = |(at, finding, mark, record): (_, &Finding, _, &Record)| {
                row_of(at, finding, mark, record, today, access, &may)
            };
            let all = state.findings.all();
            let mut findings: Vec<FindingEntry> =
                all.filter(|(_, _, mark, _)| sees(&mark.area)).map(of).collect();
            findings.sort_by_key(|it| (urgency(it.phase), std::cmp::Reverse(it.by.at_ms)));
            let aims = state.findings.aims().filter(|(_, _, mark, _)| sees(&mark.area));
            let mut aims: Vec<AimRow> = aims
                .map(|(at, text, mark, aim)| AimRow {
                    id: at.to_string(),
                    area: mark.area.to_string(),
                    text: text.to_owned(),
                    by: MarkView::of(mark),
                    verdict: aim.verdict(),
                })
                .collect();
            aims.sort_by_key(|it| it.by.at_ms);
            Self {
                open: findings.iter().filter(|it| it.is_open()).count(),
                overdue: findings.iter().filter(|it| it.phase == "overdue").count(),
                owners: permissions.roles().filter(answers).map(str::to_owned).collect(),
                areas: access
                    .map(|access| areas_to_name(node, access, row::FINDING_RECORD))
                    .unwrap_or_default(),
                may_aim: may(&AreaId::nation(), row::FINDING_AIM),
                findings,
                aims,
            }
        })
    }
}

fn row_of(
    at: EventRef,
    finding: &Finding,
    mark: &pehra_ops::stamp::Mark,
    record: &Record,
    today: Date,
    access: Option<&Access>,
    may: &dyn Fn(&AreaId, &str) -> bool,
) -> FindingEntry {
    let phase = record.phase(today);
    let words = record.words().map(|(standing, mark, note)| FindingWord {
        word: standing.name(),
        note: note.to_owned(),
        by: MarkView::of(mark),
    });
    let words: Vec<FindingWord> = words.collect();
    let action = record.action().map(|(_, action, _)| action);
    let owns = action.is_some_and(|action| {
        access.is_some_and(|access| owner_area(access, action, &mark.area).is_some())
    });
    let mut acts = Vec::new();
    let me = access.map(|access| access.person.as_str());
    let own_word =
        words.iter().any(|it| it.word == "finished" && Some(it.by.person.as_str()) == me);
    if phase.is_open() && may(&mark.area, row::FINDING_CHARGE) {
        acts.extend(["charge", "drop"]);
        acts.extend((phase == Phase::Finished).then_some("return"));
    }
    if owns && matches!(phase, Phase::Charged | Phase::Overdue) {
        acts.push("finish");
    }
    if phase == Phase::Finished && !own_word && may(&mark.area, row::FINDING_CLOSE) {
        acts.push("close");
    }
    FindingEntry {
        id: at.to_string(),
        area: mark.area.to_string(),
        source: match &finding.source {
            Source::Figure(code) => code.clone(),
            other @ (Source::Observed | Source::Exercise) => other.word().to_owned(),
        },
        text: finding.text.clone(),
        by: MarkView::of(mark),
        phase: phase.name(),
        action: action.map(|action| FindingAction {
            text: action.text.clone(),
            owner: action.owner.as_str().to_owned(),
            due: action.due.to_string(),
        }),
        words,
        acts,
    }
}

/// The area in which somebody owns an action about another one, if they do.
fn owner_area(access: &Access, action: &Action, of: &AreaId) -> Option<AreaId> {
    let own = access.holdings.iter().filter(|it| it.role == action.owner);
    own.filter_map(|it| speaking_area(of, &it.area)).max_by_key(|area| area.depth()).cloned()
}

/// Findings within reach with where each stands, and the aims of the exercise.
#[utoipa::path(get, path = "/api/findings", tag = "findings", responses((status = 200, body = FindingLog)))]
pub async fn list(State(room): State<Room>, access: Access) -> Json<FindingLog> {
    Json(FindingLog::of(room.node(), Some(&access)))
}

fn sheet(room: &Room, access: &Access) -> Sheet {
    let node = room.node();
    let view = FindingLog::of(node, Some(access));
    let mut sheet = Sheet::of_entries(node, access, "Findings");
    sheet.header(&[
        "id",
        "area",
        "source",
        "finding",
        "phase",
        "action",
        "owner",
        "due",
        "recorded by",
        "words",
    ]);
    for it in &view.findings {
        let of =
            |get: fn(&FindingAction) -> &str| text(it.action.as_ref().map(get).unwrap_or_default());
        let last = it.words.iter().map(|word| word.note.as_str()).collect::<Vec<_>>().join(" / ");
        let cells: Vec<Cell> = vec![
            text(&it.id),
            text(&it.area),
            text(&it.source),
            text(&it.text),
            text(it.phase),
            of(|action| &action.text),
            of(|action| &action.owner),
            of(|action| &action.due),
            text(&it.by.person),
            text(&last),
        ];
        sheet.row(cells);
    }
    sheet
}

/// Findings within reach as a table.
#[utoipa::path(get, path = "/api/findings.csv", tag = "findings",
    responses((status = 200, content_type = "text/csv", body = String)))]
pub async fn csv(State(room): State<Room>, access: Access) -> Result<Response, Problem> {
    sheet(&room, &access).csv("findings").await
}

/// Findings within reach as a workbook.
#[utoipa::path(get, path = "/api/findings.xlsx", tag = "findings",
    responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        body = Vec<u8>)))]
pub async fn xlsx(State(room): State<Room>, access: Access) -> Result<Response, Problem> {
    sheet(&room, &access).xlsx("findings").await
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct FindingWish {
    pub area: String,
    pub text: String,
    /// `exercise`, or the code of a figure; by the eye of whoever signs when it is empty.
    #[serde(default)]
    pub source: String,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct ChargeAction {
    pub text: String,
    /// The code of a role that answers.
    pub owner: String,
    /// `2024-03-01`.
    pub due: String,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct FindingNote {
    #[serde(default)]
    pub note: String,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct AimWish {
    pub area: String,
    pub text: String,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct VerdictWish {
    pub met: bool,
    #[serde(default)]
    pub note: String,
}

/// What a word says of where a finding comes from.
///
/// # Errors
/// None of the words, and no figure's code.
pub fn source_of(word: &str) -> Result<Source, Problem> {
    match word.trim() {
        "" | "observed" => Ok(Source::Observed),
        "exercise" => Ok(Source::Exercise),
        code if code.starts_with('K') => Ok(Source::Figure(code.to_owned())),
        other => Err(Problem::about(Code::ValueRefused, other)),
    }
}

/// Does it in the role that may; the answer shows everything as it is then.
async fn done(
    room: &Room,
    access: &Access,
    area: AreaId,
    command: finding::Command,
) -> Result<Json<FindingLog>, Problem> {
    let command = Command::Finding(command);
    let actor = access.actor_with(room.node(), &area, command.permission())?;
    execute(room, actor, command).await?;
    Ok(Json(FindingLog::of(room.node(), Some(access))))
}

/// A finding or an aim within reach, and its area.
fn about(room: &Room, access: &Access, id: &str) -> Result<(EventRef, AreaId), Problem> {
    access.entry_within(room.node(), id, |state, at| state.findings.area_of(at))
}

/// Puts on record what was found wanting.
#[utoipa::path(post, path = "/api/findings", tag = "findings", request_body = FindingWish,
    responses((status = 200, body = FindingLog), (status = 403, body = Fault), (status = 422, body = Fault)))]
pub async fn record(
    State(room): State<Room>,
    access: Access,
    Given(wish): Given<FindingWish>,
) -> Result<Json<FindingLog>, Problem> {
    let area = AreaId::try_new(wish.area.trim())?;
    let finding = Finding { source: source_of(&wish.source)?, text: wish.text };
    done(&room, &access, area.clone(), finding::Command::Record { area, finding }).await
}

/// Charges an owner with an action, instead of whatever stood before.
#[utoipa::path(post, path = "/api/findings/{id}/charge", tag = "findings", params(("id" = String, Path)),
    request_body = ChargeAction, responses((status = 200, body = FindingLog), (status = 403, body = Fault),
        (status = 404, body = Fault), (status = 409, body = Fault), (status = 422, body = Fault)))]
pub async fn charge(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Given(wish): Given<ChargeAction>,
) -> Result<Json<FindingLog>, Problem> {
    let (finding, area) = about(&room, &access, &id)?;
    let owner = Role::try_new(wish.owner.trim())?;
    if !room.node().rules().permissions.allows(&owner, row::FINDING_ANSWER) {
        return Err(Problem::about(Code::ValueRefused, owner.as_str()));
    }
    let due = Date::parse(wish.due.trim());
    let due = due.ok_or_else(|| Problem::about(Code::ValueRefused, "due"))?;
    let action = Action { text: wish.text, owner, due };
    done(&room, &access, area, finding::Command::Charge { finding, action }).await
}

/// The owner says that it is done, and how.
#[utoipa::path(post, path = "/api/findings/{id}/finish", tag = "findings", params(("id" = String, Path)),
    request_body = FindingNote, responses((status = 200, body = FindingLog), (status = 403, body = Fault),
        (status = 404, body = Fault), (status = 409, body = Fault), (status = 422, body = Fault)))]
pub async fn finish(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Given(wish): Given<FindingNote>,
) -> Result<Json<FindingLog>, Problem> {
    let (finding, of) = about(&room, &access, &id)?;
    let known = room
        .node()
        .ops(|state| state.findings.get(finding).and_then(|it| Some(it.action()?.1.clone())));
    let owner = known.as_ref().map(|action| action.owner.clone());
    let own = known.and_then(|action| owner_area(&access, &action, &of));
    let area = own.unwrap_or(of);
    let command = finding::Command::Finish { area: area.clone(), finding, note: wish.note };
    let actor = access.actor_preferred(room.node(), &area, row::FINDING_ANSWER, |role| {
        owner.as_ref() == Some(role)
    })?;
    execute(&room, actor, Command::Finding(command)).await?;
    Ok(Json(FindingLog::of(room.node(), Some(&access))))
}

/// Sends back what is not done.
#[utoipa::path(post, path = "/api/findings/{id}/return", tag = "findings", params(("id" = String, Path)),
    request_body = FindingNote, responses((status = 200, body = FindingLog), (status = 403, body = Fault),
        (status = 404, body = Fault), (status = 409, body = Fault), (status = 422, body = Fault)))]
pub async fn send_back(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Given(wish): Given<FindingNote>,
) -> Result<Json<FindingLog>, Problem> {
    let (finding, area) = about(&room, &access, &id)?;
    done(&room, &access, area, finding::Command::Return { finding, reason: wish.note }).await
}

/// Closes what is done; by another person than said so.
#[utoipa::path(post, path = "/api/findings/{id}/close", tag = "findings", params(("id" = String, Path)),
    request_body = FindingNote, responses((status = 200, body = FindingLog), (status = 403, body = Fault),
        (status = 404, body = Fault), (status = 409, body = Fault), (status = 422, body = Fault)))]
pub async fn close(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Given(wish): Given<FindingNote>,
) -> Result<Json<FindingLog>, Problem> {
    let (finding, area) = about(&room, &access, &id)?;
    done(&room, &access, area, finding::Command::Close { finding, note: wish.note }).await
}

/// Drops what was none, with the reason.
#[utoipa::path(post, path = "/api/findings/{id}/drop", tag = "findings", params(("id" = String, Path)),
    request_body = FindingNote, responses((status = 200, body = FindingLog), (status = 403, body = Fault),
        (status = 404, body = Fault), (status = 409, body = Fault), (status = 422, body = Fault)))]
pub async fn drop(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Given(wish): Given<FindingNote>,
) -> Result<Json<FindingLog>, Problem> {
    let (finding, area) = about(&room, &access, &id)?;
    done(&room, &access, area, finding::Command::Drop { finding, reason: wish.note }).await
}

/// Says what an exercise is for.
#[utoipa::path(post, path = "/api/aims", tag = "findings", request_body = AimWish,
    responses((status = 200, body = FindingLog), (status = 403, body = Fault), (status = 422, body = Fault)))]
pub async fn aim(
    State(room): State<Room>,
    access: Access,
    Given(wish): Given<AimWish>,
) -> Result<Json<FindingLog>, Problem> {
    let area = AreaId::try_new(wish.area.trim())?;
    done(&room, &access, area.clone(), finding::Command::Aim { area, text: wish.text }).await
}

/// Judges whether an aim was met.
#[utoipa::path(post, path = "/api/aims/{id}/judge", tag = "findings", params(("id" = String, Path)),
    request_body = VerdictWish, responses((status = 200, body = FindingLog), (status = 403, body = Fault),
        (status = 404, body = Fault), (status = 422, body = Fault)))]
pub async fn judge(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Given(wish): Given<VerdictWish>,
) -> Result<Json<FindingLog>, Problem> {
    let (aim, area) = about(&room, &access, &id)?;
    let command = finding::Command::Judge { aim, met: wish.met, note: wish.note };
    done(&room, &access, area, command).await
}
