//! What is done at the desk. Every act is a command through the same door as all others.

use super::Sight;
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
use pehra_domain::{AreaId, PersonId, Point, StationId, UnixMs, role::Role};
use pehra_ops::{
    Actor, Command, EventRef, Refusal, RefusalCode,
    check_in::Subject,
    intelligence::{
        self as desk, Admission, Caveat, Compartment, Credibility, Feedback, Grade, Handling,
        Horizon, Outcome, Place, Reliability, Report, Service, Shape, SourceKind, Target, Task,
        Threat, Watch, Window,
    },
};
use serde::{Deserialize, Serialize};

/// A report as it is typed. Its text is sealed before anything is kept.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct TipWish {
    pub area: String,
    pub service: String,
    pub source: String,
    /// Capital letters, digits and hyphens, one digit at least: never a person's name.
    pub root: String,
    pub obtained_ms: i64,
    pub from_ms: i64,
    pub until_ms: i64,
    pub station: Option<String>,
    pub convoy: Option<String>,
    /// Latitude and longitude in ten-millionths of a degree: none, a spot or a route.
    #[serde(default)]
    pub points: Vec<[i32; 2]>,
    #[serde(default)]
    pub radius_m: u32,
    pub target: String,
    pub threat: String,
    pub horizon: String,
    pub handling: String,
    #[serde(default)]
    pub caveats: Vec<String>,
    pub compartment: String,
    pub expires_ms: i64,
    pub text: String,
    pub task: Option<String>,
}

/// The entry that was made.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ActView {
    /// None when what was asked for is so already.
    pub id: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct ReadWish {
    /// Why the full text is read: it is signed before anything is shown.
    pub reason: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TextView {
    pub text: String,
}

/// An act at the desk.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(tag = "act", rename_all = "kebab-case")]
pub enum DeskAct {
    Tie {
        report: String,
        root: String,
        reason: String,
    },
    /// `B2`.
    Grade {
        report: String,
        grade: String,
        #[serde(default)]
        note: String,
    },
    Sanitise {
        report: String,
        text: String,
    },
    Release {
        report: String,
        to: Vec<String>,
    },
    Withdraw {
        report: String,
        reason: String,
    },
    FeedBack {
        report: String,
        feedback: String,
        #[serde(default)]
        note: String,
    },
    Assess {
        area: String,
        reports: Vec<String>,
        until_ms: i64,
        words: String,
    },
    Watch {
        area: String,
        name: String,
        /// None: the whole area. One: a circle. Three and more: corners.
        #[serde(default)]
        points: Vec<[i32; 2]>,
        #[serde(default)]
        radius_m: u32,
        #[serde(default)]
        threats: Vec<String>,
        #[serde(default)]
        incidents: bool,
        until_ms: i64,
    },
    Unwatch {
        area: String,
        watch: String,
        reason: String,
    },
    Notice {
        area: String,
        watch: String,
        what: String,
        #[serde(default)]
        note: String,
    },
    Ask {
        area: String,
        service: String,
        question: String,
        answer_by_ms: i64,
    },
    CloseTask {
        task: String,
        outcome: String,
        #[serde(default)]
        note: String,
    },
    Admit {
        area: String,
        person: String,
        compartment: String,
        until_ms: i64,
        reason: String,
    },
    Exclude {
        admission: String,
        reason: String,
    },
}

fn entry(text: &str) -> Result<EventRef, Problem> {
    EventRef::parse(text).ok_or_else(|| Problem::not_found(text))
}

fn points(given: &[[i32; 2]]) -> Vec<Point> {
    given.iter().map(|[lat_e7, lon_e7]| Point { lat_e7: *lat_e7, lon_e7: *lon_e7 }).collect()
}

fn word<T>(read: Option<T>, field: &str) -> Result<T, Problem> {
    read.ok_or_else(|| Problem::refused(field))
}

fn grade(text: &str) -> Result<Grade, Problem> {
    let (letter, number) = text.split_at_checked(1).ok_or_else(|| Problem::refused("grade"))?;
    Ok(Grade {
        source: word(Reliability::of_code(letter), "grade")?,
        item: word(Credibility::of_code(number), "grade")?,
    })
}

/// A root's name that could be a person's is refused with that reason, before anything else is looked at.
fn root(text: &str) -> Result<String, Problem> {
    let text = text.trim();
    if desk::is_root(text) {
        Ok(text.to_owned())
    } else {
        Err(Refusal::of(RefusalCode::RootMalformed, "").into())
    }
}

fn report(wish: &TipWish) -> Result<Report, Problem> {
    let subject = match (&wish.station, &wish.convoy) {
        (Some(id), _) => Some(Subject::Station(StationId::try_new(id.trim())?)),
        (None, Some(name)) => Some(Subject::Convoy(name.trim().to_owned())),
        (None, None) => None,
    };
    let caveat = |code: &String| word(Caveat::of_code(code), "caveats");
    Ok(Report {
        service: word(Service::of_code(&wish.service), "service")?,
        source: word(SourceKind::of_code(&wish.source), "source")?,
        root: root(&wish.root)?,
        obtained: UnixMs(wish.obtained_ms),
        window: Window { from: UnixMs(wish.from_ms), until: UnixMs(wish.until_ms) },
        place: Place { subject, points: points(&wish.points), radius_m: wish.radius_m },
        target: word(Target::of_code(&wish.target), "target")?,
        threat: word(Threat::of_code(&wish.threat), "threat")?,
        horizon: word(Horizon::of_code(&wish.horizon), "horizon")?,
        handling: word(Handling::of_code(&wish.handling), "handling")?,
        caveats: wish.caveats.iter().map(caveat).collect::<Result<_, _>>()?,
        compartment: word(Compartment::of_code(&wish.compartment), "compartment")?,
        expires: UnixMs(wish.expires_ms),
        sealed: Vec::new(),
        task: wish.task.as_deref().map(entry).transpose()?,
    })
}

/// Writes a report. The text is sealed to the desks of its area first.
#[utoipa::path(post, path = "/api/intelligence/reports", tag = "intelligence", request_body = TipWish,
    responses((status = 200, body = ActView), (status = 403, body = Fault), (status = 409, body = Fault),
        (status = 422, body = Fault)))]
pub async fn write(
    State(room): State<Room>,
    access: Access,
    Given(wish): Given<TipWish>,
) -> Result<Json<ActView>, Problem> {
    let area = AreaId::try_new(wish.area.trim())?;
    let actor = access.actor(&area)?;
    let unsealed = report(&wish)?;
    let (node, text, of) = (room.node().clone(), wish.text.clone(), area.clone());
    let sealed = tokio::task::spawn_blocking(move || node.seal_report(&of, &unsealed, &text));
    let report = sealed.await.map_err(Problem::internal)??;
    done(&room, actor, desk::Command::Write { area, report }).await
}

async fn done(room: &Room, actor: Actor, command: desk::Command) -> Result<Json<ActView>, Problem> {
    let made = execute(room, actor, Command::Intelligence(command)).await?;
    Ok(Json(ActView { id: made.first().map(ToString::to_string) }))
}

/// Acts at the desk. Each act asks for its own row of the permission table.
#[utoipa::path(post, path = "/api/intelligence/acts", tag = "intelligence", request_body = DeskAct,
    responses((status = 200, body = ActView), (status = 403, body = Fault), (status = 404, body = Fault),
        (status = 409, body = Fault), (status = 422, body = Fault)))]
pub async fn act(
    State(room): State<Room>,
    access: Access,
    Given(wish): Given<DeskAct>,
) -> Result<Json<ActView>, Problem> {
    let command = command(wish)?;
    let actor = actor(&room, &access, &command)?;
    done(&room, actor, command).await
}

/// Opens the full text of a report. The reading is signed first.
#[utoipa::path(post, path = "/api/intelligence/reports/{id}/open", tag = "intelligence",
    params(("id" = String, Path)), request_body = ReadWish,
    responses((status = 200, body = TextView), (status = 403, body = Fault), (status = 404, body = Fault),
        (status = 409, body = Fault)))]
pub async fn open(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Given(wish): Given<ReadWish>,
) -> Result<Json<TextView>, Problem> {
    let report = entry(&id)?;
    let command = desk::Command::Open { report, reason: wish.reason };
    let actor = actor(&room, &access, &command)?;
    execute(&room, actor, Command::Intelligence(command)).await?;
    let node = room.node().clone();
    let text = tokio::task::spawn_blocking(move || node.open_report(report));
    Ok(Json(TextView { text: text.await.map_err(Problem::internal)?? }))
}

/// In the narrowest role that holds the act's permission where it acts. Whoever may not see a report learns no more of
/// it than that there is none.
fn actor(room: &Room, access: &Access, command: &desk::Command) -> Result<Actor, Problem> {
    if let Some(report) = command.report() {
        let sight = Sight::of(room, access.clone());
        let known = room
            .node()
            .ops(|state| state.intelligence.get(report).is_some_and(|record| sight.knows(record)));
        if !known {
            return Err(Problem::not_found(report.to_string()));
        }
    }
    let command = Command::Intelligence(command.clone());
    let area = room.node().ops(|state| command.area(state).cloned());
    let area = area.ok_or_else(|| Problem::of(Code::NotFound))?;
    access.actor_with(room.node(), &area, command.permission())
}

fn area(text: &str) -> Result<AreaId, Problem> {
    Ok(AreaId::try_new(text.trim())?)
}

fn command(wish: DeskAct) -> Result<desk::Command, Problem> {
    use desk::Command as C;
    Ok(match wish {
        DeskAct::Tie { report, root: name, reason } => {
            C::Tie { report: entry(&report)?, root: root(&name)?, reason }
        }
        DeskAct::Grade { report, grade: code, note } => {
            C::Grade { report: entry(&report)?, grade: grade(&code)?, note }
        }
        DeskAct::Sanitise { report, text } => C::Sanitise { report: entry(&report)?, text },
        DeskAct::Release { report, to } => {
            let to = to.iter().map(|code| Role::try_new(code.trim()));
            C::Release { report: entry(&report)?, to: to.collect::<Result<_, _>>()? }
        }
        DeskAct::Withdraw { report, reason } => C::Withdraw { report: entry(&report)?, reason },
        DeskAct::FeedBack { report, feedback, note } => {
            let feedback = word(Feedback::of_code(&feedback), "feedback")?;
            C::FeedBack { report: entry(&report)?, feedback, note }
        }
        DeskAct::Assess { area: of, reports, until_ms, words } => {
            let reports = reports.iter().map(|one| entry(one)).collect::<Result<_, _>>()?;
            C::Assess { area: area(&of)?, reports, until: UnixMs(until_ms), words }
        }
        watching @ (DeskAct::Watch { .. } | DeskAct::Unwatch { .. } | DeskAct::Notice { .. }) => {
            watch_command(watching)?
        }
        DeskAct::Ask { area: of, service, question, answer_by_ms } => {
            let task = Task {
                service: word(Service::of_code(&service), "service")?,
                question,
                place: Place { subject: None, points: Vec::new(), radius_m: 0 },
                answer_by: UnixMs(answer_by_ms),
            };
            C::Ask { area: area(&of)?, task }
        }
        DeskAct::CloseTask { task, outcome, note } => {
            let outcome = word(Outcome::of_code(&outcome), "outcome")?;
            C::CloseTask { task: entry(&task)?, outcome, note }
        }
        DeskAct::Admit { area: of, person, compartment, until_ms, reason } => {
            let admitted = Admission {
                person: PersonId::try_new(person.trim())?,
                compartment: word(Compartment::of_code(&compartment), "compartment")?,
                until: UnixMs(until_ms),
            };
            C::Admit { area: area(&of)?, admitted, reason }
        }
        DeskAct::Exclude { admission, reason } => {
            C::Exclude { admission: entry(&admission)?, reason }
        }
    })
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the caller gives only these three")]
fn watch_command(wish: DeskAct) -> Result<desk::Command, Problem> {
    use desk::Command as C;
    Ok(match wish {
        DeskAct::Watch {
            area: of,
            name,
            points: drawn,
            radius_m,
            threats,
            incidents,
            until_ms,
        } => {
            let drawn = points(&drawn);
            let shape = match drawn.as_slice() {
                [] => Shape::Area,
                [centre] => Shape::Circle { centre: *centre, radius_m },
                _ => Shape::Polygon(drawn),
            };
            let threat = |code: &String| word(Threat::of_code(code), "threats");
            let threats = threats.iter().map(threat).collect::<Result<_, _>>()?;
            let until = UnixMs(until_ms);
            let watch = Watch { name: name.trim().to_owned(), shape, threats, incidents, until };
            C::Watch { area: area(&of)?, watch }
        }
        DeskAct::Unwatch { area: of, watch, reason } => {
            C::Unwatch { area: area(&of)?, watch, reason }
        }
        DeskAct::Notice { area: of, watch, what, note } => {
            C::Notice { area: area(&of)?, watch, what, note }
        }
        _ => return Err(Problem::refused("act")),
    })
}
