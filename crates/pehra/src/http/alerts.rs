//! Alerts to partners: written in both languages, released by a second person, served to whoever may read them. What is
//! public is served without a name.

pub mod seed;
mod view;

pub use view::{AlertActView, AlertCircle, AlertEnd, AlertRow, AlertsView};

use crate::{
    alert::{self, AlertError, Reader, outline},
    http::{
        given::Given,
        persons::execute,
        problem::{Code, Fault, Problem},
        reply::{blocking, file as attached},
        room::Room,
        who::Access,
    },
    node::Node,
};
use axum::{
    Json,
    extract::{Path, State},
    http::header::CONTENT_TYPE,
    response::{IntoResponse, Response},
};
use pehra_domain::{AreaId, IncidentId, Point, UnixMs};
use pehra_ops::{
    Command, EventRef,
    alert::{
        self as ops, Basis, Category, Certainty, Circle, Draft, Response as Answer, Scope,
        Severity, Urgency, Words,
    },
    incident::{Key, Matter},
    permission as row,
};
use serde::{Deserialize, Serialize};

pub const CAP: &str = "application/cap+xml; charset=utf-8";
pub const ATOM: &str = "application/atom+xml; charset=utf-8";
/// How the file of a message ends.
pub const ENDING: &str = ".cap.xml";

/// What one language says.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AlertWords {
    pub event: String,
    pub place: String,
    /// The office that speaks; no person.
    pub office: String,
    pub headline: String,
    pub description: String,
    #[serde(default)]
    pub instruction: String,
}

/// What is drawn on a partner's map.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AlertOutline {
    /// `area`: as this node knows it; `circle`; `none`: its name alone.
    pub kind: String,
    /// Ten-millionths of a degree.
    pub lat_e7: Option<i32>,
    pub lon_e7: Option<i32>,
    pub radius_m: Option<u32>,
}

/// An alert as it is written.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AlertWish {
    pub area: String,
    /// Words of the protocol: `Security`, `Avoid`, `Immediate`, `Severe`, `Observed`, `Public`.
    pub category: String,
    pub response: String,
    pub urgency: String,
    pub severity: String,
    pub certainty: String,
    pub scope: String,
    /// For whom, where it is Restricted.
    #[serde(default)]
    pub restriction: String,
    /// Offices, where it is Private.
    #[serde(default)]
    pub addresses: Vec<String>,
    pub english: AlertWords,
    pub urdu: AlertWords,
    pub onset_ms: Option<i64>,
    pub expires_ms: i64,
    pub outline: AlertOutline,
    /// What made somebody write it: an incident of the same area, or a warning. It does not go out.
    pub incident: Option<String>,
    pub warning: Option<String>,
    /// The alert that this one takes the place of.
    pub follows: Option<String>,
}

fn reference(id: &str) -> Result<EventRef, Problem> {
    EventRef::parse(id).ok_or_else(|| Problem::not_found(id))
}

fn words(said: AlertWords) -> Words {
    let trimmed = |text: String| text.trim().replace("\r\n", "\n");
    Words {
        event: trimmed(said.event),
        place: trimmed(said.place),
        office: trimmed(said.office),
        headline: trimmed(said.headline),
        description: trimmed(said.description),
        instruction: trimmed(said.instruction),
    }
}

impl AlertWish {
    fn read(self, node: &Node) -> Result<(AreaId, Draft), Problem> {
        let area = AreaId::try_new(self.area.trim())?;
        let refused = |field: &'static str| move || Problem::refused(field);
        let incident = self.incident.as_deref().filter(|id| !id.is_empty());
        let basis = match (incident, self.warning.as_deref().filter(|id| !id.is_empty())) {
            (Some(id), _) => {
                let incident = IncidentId::try_new(id)?;
                let (area, matter) = (area.clone(), Matter::Incident);
                Some(Basis::Incident(Key { area, matter, incident }))
            }
            (None, Some(release)) => Some(Basis::Warning(reference(release)?)),
            (None, None) => None,
        };
        let (polygons, circles) = self.outline.read(node, &area)?;
        let draft = Draft {
            category: Category::parse(&self.category).ok_or_else(refused("category"))?,
            response: Answer::parse(&self.response).ok_or_else(refused("response"))?,
            urgency: Urgency::parse(&self.urgency).ok_or_else(refused("urgency"))?,
            severity: Severity::parse(&self.severity).ok_or_else(refused("severity"))?,
            certainty: Certainty::parse(&self.certainty).ok_or_else(refused("certainty"))?,
            scope: Scope::parse(&self.scope).ok_or_else(refused("scope"))?,
            restriction: self.restriction.trim().to_owned(),
            addresses: self.addresses.iter().map(|it| it.trim().to_owned()).collect(),
            english: words(self.english),
            urdu: words(self.urdu),
            onset: self.onset_ms.map(UnixMs),
            expires: UnixMs(self.expires_ms),
            polygons,
            circles,
            basis,
            follows: self.follows.as_deref().map(reference).transpose()?,
        };
        Ok((area, draft))
    }
}

impl AlertOutline {
    fn read(&self, node: &Node, area: &AreaId) -> Result<(Vec<Vec<Point>>, Vec<Circle>), Problem> {
        match self.kind.as_str() {
            "none" => Ok((Vec::new(), Vec::new())),
            "area" => {
                let drawn = outline::of(&node.world(), node.gazetteer(), area);
                Ok((drawn.polygons, drawn.circles))
            }
            "circle" => {
                let at = self.lat_e7.zip(self.lon_e7).zip(self.radius_m);
                let ((lat_e7, lon_e7), radius_m) = at.ok_or_else(|| Problem::refused("circle"))?;
                Ok((Vec::new(), vec![Circle { centre: Point { lat_e7, lon_e7 }, radius_m }]))
            }
            _ => Err(Problem::refused("outline")),
        }
    }
}

/// Alerts that concern whoever asks, the newest first.
#[utoipa::path(get, path = "/api/alerts", tag = "alerts", responses((status = 200, body = AlertsView)))]
pub async fn list(State(room): State<Room>, access: Access) -> Result<Json<AlertsView>, Problem> {
    blocking(move || Ok(view::all(room.node(), &access))).await
}

/// Writes an alert; nothing goes out yet.
#[utoipa::path(post, path = "/api/alerts", tag = "alerts", request_body = AlertWish,
    responses((status = 200, body = AlertsView), (status = 403, body = Fault), (status = 409, body = Fault), (status = 422, body = Fault)))]
pub async fn draft(
    State(room): State<Room>,
    access: Access,
    Given(wish): Given<AlertWish>,
) -> Result<Json<AlertsView>, Problem> {
    let node = room.node().clone();
    let read = tokio::task::spawn_blocking(move || wish.read(&node));
    let (area, draft) = read.await.map_err(Problem::internal)??;
    // Who may not read a warning writes none from it.
    if let Some(Basis::Warning(release)) = draft.basis
        && !seed::may_use(&room, &access, release)
    {
        return Err(Problem::not_found(release.to_string()));
    }
    let actor = access.actor_with(room.node(), &area, row::ALERT_DRAFT)?;
    execute(&room, actor, Command::Alert(ops::Command::Draft { area, draft: Box::new(draft) }))
        .await?;
    blocking(move || Ok(view::all(room.node(), &access))).await
}

/// What is done about an alert.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct AlertAct {
    /// `release`, `discard` or `cancel`.
    pub act: String,
    /// Why it is thrown away.
    #[serde(default)]
    pub reason: String,
    /// What a cancellation says, in both languages.
    #[serde(default)]
    pub english: String,
    #[serde(default)]
    pub urdu: String,
}

/// Releases a draft as the second person, throws it away, or takes back what went out.
#[utoipa::path(post, path = "/api/alerts/{id}", tag = "alerts", params(("id" = String, Path)), request_body = AlertAct,
    responses((status = 200, body = AlertsView), (status = 403, body = Fault), (status = 404, body = Fault), (status = 409, body = Fault)))]
pub async fn act(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Given(wish): Given<AlertAct>,
) -> Result<Json<AlertsView>, Problem> {
    let node = room.node();
    let draft = reference(&id)?;
    let found = node.ops(|state| {
        let (_, draft, mark) = state.alerts.get(draft)?;
        Some((mark.area.clone(), draft.is_public()))
    });
    let (area, public) = found.ok_or_else(|| Problem::not_found(&id))?;
    if !access.concerns(&area) {
        return Err(Problem::not_found(&id));
    }
    let releases = if public { row::ALERT_RELEASE_PUBLIC } else { row::ALERT_RELEASE };
    let (permission, command) = match wish.act.as_str() {
        "release" => (releases, ops::Command::Release { draft, public }),
        "discard" => (row::ALERT_DRAFT, ops::Command::Discard { draft, reason: wish.reason }),
        "cancel" => {
            let (english, urdu) = (wish.english, wish.urdu);
            (releases, ops::Command::Cancel { draft, public, english, urdu })
        }
        _ => return Err(Problem::refused("act")),
    };
    let actor = access.actor_with(node, &area, permission)?;
    execute(&room, actor, Command::Alert(command)).await?;
    blocking(move || Ok(view::all(room.node(), &access))).await
}

fn problem(error: AlertError) -> Problem {
    match error {
        AlertError::NotOut(id) => Problem::not_found(id.to_string()),
        AlertError::Node(error) => error.into(),
        AlertError::Sign(..) => Problem::internal(error),
    }
}

/// The signed file of any message within reach, to be handed to those for whom it is.
#[utoipa::path(get, path = "/api/alerts/{id}/cap", tag = "alerts", params(("id" = String, Path)),
    responses((status = 200, content_type = "application/cap+xml", body = String), (status = 404, body = Fault)))]
pub async fn message(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let at = reference(&id)?;
    let node = room.node().clone();
    let made = tokio::task::spawn_blocking(move || {
        let area = node.ops(|state| state.alerts.message(at).map(|it| it.mark.area.clone()));
        let seen = area.filter(|area| access.concerns(area));
        seen.ok_or_else(|| Problem::not_found(at.to_string()))?;
        alert::file(&node, at, Reader::Admitted).map_err(problem)
    });
    let text = made.await.map_err(Problem::internal)??;
    let name = format!("{}{ENDING}", id.replace(':', "-"));
    Ok(attached(&name, CAP, text.into_bytes()))
}

/// The feed of what everybody may read.
#[utoipa::path(get, path = "/alerts/atom.xml", tag = "alerts",
    responses((status = 200, content_type = "application/atom+xml", body = String)))]
pub async fn feed(State(room): State<Room>) -> Result<Response, Problem> {
    let node = room.node().clone();
    let made = tokio::task::spawn_blocking(move || alert::feed(&node).write());
    let text = made.await.map_err(Problem::internal)?;
    Ok(([(CONTENT_TYPE, ATOM)], text).into_response())
}

/// The signed file of one message that everybody may read: `ID.cap.xml`.
#[utoipa::path(get, path = "/alerts/{file}", tag = "alerts", params(("file" = String, Path)),
    responses((status = 200, content_type = "application/cap+xml", body = String), (status = 404, body = Fault)))]
pub async fn file(State(room): State<Room>, Path(file): Path<String>) -> Result<Response, Problem> {
    let text = public_file(room.node(), &file).await?;
    Ok(([(CONTENT_TYPE, CAP)], text).into_response())
}

/// The signed file under its name in the feed, for whoever asks.
///
/// # Errors
/// [`Problem`]: there is none.
pub(crate) async fn public_file(node: &Node, file: &str) -> Result<String, Problem> {
    let id = file.strip_suffix(ENDING).and_then(EventRef::parse);
    let id = id.ok_or_else(|| Problem::about(Code::NotFound, file))?;
    let node = node.clone();
    let made = tokio::task::spawn_blocking(move || alert::file(&node, id, Reader::Anybody));
    made.await.map_err(Problem::internal)?.map_err(problem)
}
