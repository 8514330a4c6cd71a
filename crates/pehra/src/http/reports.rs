//! What citizens told, as the public desk, the commission's monitor and the returning officer handle it. A sealed text
//! leaves the node sealed: the reader's own key opens it, in the reader's browser.

mod view;

pub use view::{
    DueContact, ReaderView, ReportAnswer, ReportDetail, ReportsView, SealedView, ToldRow,
};

use crate::{
    auth::hex,
    http::{
        day::act::{judgement, severity},
        given::Given,
        persons::execute,
        problem::{Code, Fault, Problem},
        reply::blocking,
        room::Room,
        sign::unhex_exact,
        who::Access,
    },
    node::Node,
    public::intake::{self, Telling, Turned},
};
use axum::{
    Json,
    extract::{Path, State},
};
use pehra_domain::{AreaId, IncidentId, UnixMs};
use pehra_ops::{
    Actor, Command, EventRef, Refusal, RefusalCode,
    incident::{self, Code as Kind, Matter, Place, Source, Terrain},
    order::Priority,
    permission as row,
    report::{self, Answer, Deed, Door, Language, On, Topic},
};
use serde::{Deserialize, Serialize};

/// Reports within reach that somebody may read.
#[utoipa::path(get, path = "/api/reports", tag = "reports", responses((status = 200, body = ReportsView)))]
pub async fn list(State(room): State<Room>, access: Access) -> Result<Json<ReportsView>, Problem> {
    blocking(move || Ok(view::all(&room, &access))).await
}

/// One report, with its sealed text for who may open it.
#[utoipa::path(get, path = "/api/reports/{id}", tag = "reports", params(("id" = String, Path)),
    responses((status = 200, body = ReportDetail), (status = 404, body = Fault)))]
pub async fn one(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
) -> Result<Json<ReportDetail>, Problem> {
    blocking(move || view::detail(&room, &access, find(&room, &access, &id)?.0)).await
}

/// A report that whoever asks may know of, and where it belongs.
fn find(room: &Room, access: &Access, id: &str) -> Result<(On, AreaId), Problem> {
    let at = EventRef::parse(id).ok_or_else(|| Problem::not_found(id))?;
    let node = room.node();
    let known = node.ops(|state| {
        let (report, mark) = state.reports.get(at)?.report()?;
        Some((report.matter, mark.area.clone()))
    });
    let (matter, area) = known.ok_or_else(|| Problem::not_found(id))?;
    if !may_read(node, access, matter, &area) {
        return Err(Problem::not_found(id));
    }
    Ok((On { report: at, matter }, area))
}

/// Whether one of the roles reads reports of this matter there.
fn may_read(node: &Node, access: &Access, matter: Matter, area: &AreaId) -> bool {
    let needed: &[&str] = match matter {
        Matter::Complaint => &[row::COMPLAINT_READ],
        Matter::Incident => &[row::REPORT_READ, row::COMPLAINT_READ],
    };
    holds(node, access, area, needed)
}

fn holds(node: &Node, access: &Access, area: &AreaId, needed: &[&str]) -> bool {
    let table = &node.rules().permissions;
    access
        .holdings
        .iter()
        .any(|one| one.area.contains(area) && needed.iter().any(|row| table.allows(&one.role, row)))
}

/// Acts in the narrowest role that reaches the area and holds the permission; an area out of reach is no other refusal.
fn actor(node: &Node, access: &Access, area: &AreaId, permission: &str) -> Result<Actor, Problem> {
    let able = access.able(node, area, permission);
    Ok(able.ok_or_else(|| Refusal::of(RefusalCode::RoleLacksPermission, permission))?)
}

/// What is done about a report.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct ReportAct {
    /// `triage`, `judge`, `merge`, `part`, `answer` or `close`.
    pub act: String,
    /// `life`, `urgent` or `routine`.
    pub urgency: Option<String>,
    /// `verified`, `unverified` or `false`.
    pub finding: Option<String>,
    /// `two-sources`, `official-on-scene` or `desk`.
    pub basis: Option<String>,
    /// The incident into which it is merged.
    pub into: Option<String>,
    /// `passed`, `acted`, `not-confirmed`, `more-needed` or `explained`.
    pub answer: Option<String>,
    #[serde(default)]
    pub note: String,
}

fn deed(wish: &ReportAct) -> Result<Deed, Problem> {
    let word = |given: &Option<String>, field| given.clone().ok_or_else(|| Problem::refused(field));
    Ok(match wish.act.as_str() {
        "triage" => {
            let name = word(&wish.urgency, "urgency")?;
            let urgency = Priority::ALL.into_iter().find(|one| one.code() == name);
            Deed::Triage { urgency: urgency.ok_or_else(|| Problem::refused("urgency"))? }
        }
        "judge" => {
            let (finding, basis) = judgement(wish.finding.as_deref(), wish.basis.as_deref())?;
            Deed::Judge { finding, basis }
        }
        "merge" => Deed::Merge { into: IncidentId::try_new(word(&wish.into, "into")?)? },
        "part" => Deed::Part,
        "answer" => Deed::Answer {
            answer: Answer::parse(&word(&wish.answer, "answer")?)
                .ok_or_else(|| Problem::refused("answer"))?,
            note: wish.note.trim().to_owned(),
        },
        "close" => Deed::Close,
        _ => return Err(Problem::refused("act")),
    })
}

/// Acts on a report; the answer shows it as it is now.
#[utoipa::path(post, path = "/api/reports/{id}", tag = "reports", params(("id" = String, Path)),
    request_body = ReportAct,
    responses((status = 200, body = ReportDetail), (status = 403, body = Fault), (status = 409, body = Fault)))]
pub async fn act(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Given(wish): Given<ReportAct>,
) -> Result<Json<ReportDetail>, Problem> {
    let (on, area) = find(&room, &access, &id)?;
    let command = report::Command::Act { on, deed: deed(&wish)? };
    let actor = actor(room.node(), &access, &area, row::of_report(on.matter))?;
    execute(&room, actor, Command::Report(command)).await?;
    blocking(move || view::detail(&room, &access, on)).await
}

/// The incident that is made of a report.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct IncidentOfReport {
    /// `ARM.PST`; of a complaint one of the codes for those who guard.
    pub code: String,
    pub severity: Option<u8>,
    /// The desk's own words: of a sealed report they say no more than everybody who sees incidents may know.
    pub text: String,
}

/// Makes an incident of a report, and merges the report into it. The original stays as it was told.
#[utoipa::path(post, path = "/api/reports/{id}/incident", tag = "reports", params(("id" = String, Path)),
    request_body = IncidentOfReport,
    responses((status = 200, body = ReportDetail), (status = 403, body = Fault), (status = 409, body = Fault)))]
pub async fn make_incident(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Given(wish): Given<IncidentOfReport>,
) -> Result<Json<ReportDetail>, Problem> {
    let (on, area) = find(&room, &access, &id)?;
    let node = room.node().clone();
    let code = Kind::parse(&wish.code).filter(|code| code.matter() == on.matter);
    let code = code.ok_or_else(|| Problem::refused("code"))?;
    let severity = severity(code, wish.severity)?;
    let reporter = actor(&node, &access, &area, row::INCIDENT_REPORT)?;
    let handler = actor(&node, &access, &area, row::of_report(on.matter))?;
    let incident = IncidentId::try_new(format!("I-{}", hex(&node.random::<4>()?).to_uppercase()))?;
    let station = node.ops(|state| {
        let (report, _) = state.reports.get(on.report)?.report()?;
        report.station.clone()
    });
    let told = incident::Report {
        incident: incident.clone(),
        code,
        severity,
        at: node.day_now(),
        place: Place {
            subject: station.map(pehra_ops::check_in::Subject::Station),
            point: None,
            terrain: Terrain::Rural,
            words: String::new(),
        },
        source: Source::Public,
        text: wish.text,
    };
    let raise = incident::Command::Report { area, report: told };
    execute(&room, reporter, Command::Incident(raise)).await?;
    let merge = report::Command::Act { on, deed: Deed::Merge { into: incident } };
    execute(&room, handler, Command::Report(merge)).await?;
    blocking(move || view::detail(&room, &access, on)).await
}

/// What the helpline's operator or the desk writes down.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct HeardReport {
    /// `helpline`, `desk` or `slip`.
    pub door: String,
    /// The district.
    pub area: String,
    /// `closed`, `turned-away`, `women`, `violence`, `guards`, `access`, `material`, `crowd`, `rumour` or `other`.
    pub topic: String,
    #[serde(default)]
    pub about_guards: bool,
    /// `NA-40-15`, `NA-40` or nothing.
    #[serde(default)]
    pub place: String,
    /// How many hours ago it happened; nothing if the caller does not say.
    pub hours_ago: Option<u16>,
    /// `ur`, `en`, `sd`, `ps`, `pa`, `bal` or `skr`.
    pub language: String,
    pub text: String,
    /// Only if the caller wants to be called back.
    #[serde(default)]
    pub contact: String,
}

/// The code that the operator says to the caller; it is kept nowhere.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ReceiptView {
    pub code: String,
    pub sealed: bool,
}

/// Takes down what somebody told by telephone, at the desk or on a slip.
#[utoipa::path(post, path = "/api/reports", tag = "reports", request_body = HeardReport,
    responses((status = 200, body = ReceiptView), (status = 403, body = Fault), (status = 422, body = Fault)))]
pub async fn hear(
    State(room): State<Room>,
    access: Access,
    Given(heard): Given<HeardReport>,
) -> Result<Json<ReceiptView>, Problem> {
    let area = AreaId::try_new(heard.area.trim())?;
    let door = Door::parse(&heard.door).filter(|door| !matches!(door, Door::Page | Door::Sms));
    let (constituency, station) = crate::public::place(&heard.place);
    let now = room.node().day_now();
    let telling = Telling {
        door: door.ok_or_else(|| Problem::refused("door"))?,
        topic: Topic::parse(&heard.topic).ok_or_else(|| Problem::refused("topic"))?,
        about_guards: heard.about_guards,
        constituency,
        station,
        at: heard.hours_ago.map(|hours| UnixMs(now.0 - i64::from(hours) * report::HOUR_MS)),
        language: Language::parse(&heard.language).ok_or_else(|| Problem::refused("language"))?,
        text: heard.text,
        contact: heard.contact,
        area,
    };
    let actor = actor(room.node(), &access, &telling.area, row::REPORT_RECEIVE)?;
    blocking(move || match intake::take(room.node(), room.buckets(), Some(&actor), &telling) {
        Ok(taken) => Ok(ReceiptView { code: taken.receipt.grouped(), sealed: taken.sealed }),
        Err(turned) => Err(problem(turned)),
    })
    .await
}

fn problem(turned: Turned) -> Problem {
    match turned {
        Turned::Empty => Refusal::of(RefusalCode::TextEmpty, "text").into(),
        Turned::TooLong => Refusal::of(RefusalCode::TextTooLong, "text").into(),
        Turned::LeadsToSomebody(_) => Refusal::of(RefusalCode::ContactInText, "text").into(),
        Turned::NoReader => Problem::about(Code::NoReadingKey, "area"),
        Turned::Busy(seconds) => {
            Problem { retry_after_s: Some(seconds), ..Problem::about(Code::TooBusy, "area") }
        }
        Turned::NoSuchPlace => Problem::refused("area"),
        Turned::Failed(cause) => cause.into(),
    }
}

/// A key whose private half lies with whoever asks.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct ReadingKeyWish {
    /// X25519, 64 hexadecimal digits.
    pub key: String,
    /// The area for which it reads.
    pub area: String,
}

/// Publishes the key to which reports are sealed for whoever asks.
#[utoipa::path(post, path = "/api/reports/readers", tag = "reports", request_body = ReadingKeyWish,
    responses((status = 200, body = ReportsView), (status = 403, body = Fault), (status = 422, body = Fault)))]
pub async fn name_reader(
    State(room): State<Room>,
    access: Access,
    Given(wish): Given<ReadingKeyWish>,
) -> Result<Json<ReportsView>, Problem> {
    let key: [u8; 32] = unhex_exact(&wish.key, "key")?;
    // To a key of small order nobody can seal, and a report would be turned away for it.
    if pehra_seal::hybrid::OpeningKey::from_secret(room.node().random()?)
        .agree(pehra_seal::hybrid::SealingPublic(key))
        .is_err()
    {
        return Err(Problem::refused("key"));
    }
    let area = AreaId::try_new(wish.area.trim())?;
    let actor = actor(room.node(), &access, &area, row::REPORT_READER)?;
    let command = report::Command::NameReader { area, key };
    execute(&room, actor, Command::Report(command)).await?;
    blocking(move || Ok(view::all(&room, &access))).await
}

/// Ends a key: nothing more is sealed to it. What was sealed to it before it still opens.
#[utoipa::path(post, path = "/api/reports/readers/{id}/end", tag = "reports", params(("id" = String, Path)),
    responses((status = 200, body = ReportsView), (status = 403, body = Fault), (status = 404, body = Fault)))]
pub async fn end_reader(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
) -> Result<Json<ReportsView>, Problem> {
    let reader = EventRef::parse(&id).ok_or_else(|| Problem::not_found(&id))?;
    let area = room.node().ops(|state| state.reports.reader_mark(reader).map(|it| it.area.clone()));
    let area = area.ok_or_else(|| Problem::not_found(&id))?;
    let actor = actor(room.node(), &access, &area, row::REPORT_READER)?;
    execute(&room, actor, Command::Report(report::Command::EndReader { reader })).await?;
    blocking(move || Ok(view::all(&room, &access))).await
}

/// Why the reporter has to be reached.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct ContactWish {
    pub reason: String,
}

/// Hands out the sealed contact, after it went on record who asks for it and why.
#[utoipa::path(post, path = "/api/reports/{id}/contact", tag = "reports", params(("id" = String, Path)),
    request_body = ContactWish,
    responses((status = 200, body = SealedView), (status = 403, body = Fault), (status = 404, body = Fault)))]
pub async fn contact(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Given(wish): Given<ContactWish>,
) -> Result<Json<SealedView>, Problem> {
    let (on, area) = find(&room, &access, &id)?;
    let actor = actor(room.node(), &access, &area, row::REPORTER_CONTACT)?;
    let deed = Deed::OpenContact { reason: wish.reason };
    execute(&room, actor, Command::Report(report::Command::Act { on, deed })).await?;
    blocking(move || view::sealed_contact(room.node(), on)?.ok_or_else(|| Problem::not_found(id)))
        .await
}

/// Contacts that are on record, and until when: what a deletion by rule names.
#[utoipa::path(get, path = "/api/reports/contacts", tag = "reports",
    responses((status = 200, body = Vec<DueContact>)))]
pub async fn contacts(
    State(room): State<Room>,
    access: Access,
) -> Result<Json<Vec<DueContact>>, Problem> {
    blocking(move || Ok(view::due_contacts(room.node(), &access))).await
}
