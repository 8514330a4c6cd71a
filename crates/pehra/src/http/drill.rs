//! The director's doors: how the day stands, its pace, what is injected, who plays, branches, and the evaluation.

use crate::{
    drill::{
        Drill, DrillError, InjectError, Status,
        branch::Compared,
        evaluate::Evaluation,
        file::{Wish, time},
        measure::DrillMeasured,
        operator::Skill,
        report,
    },
    http::{
        given::Given,
        problem::{Code, Fault, Problem},
        reply,
        room::Room,
        who::Access,
    },
    job::{Job, JobError, JobKind},
};
use axum::{
    Json,
    extract::{Query, State},
    response::Response,
};
use pehra_domain::AreaId;
use pehra_drill::day::Second;
use serde::{Deserialize, Serialize};

/// The day beside the room.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DrillView {
    /// None: no day is lived here.
    pub status: Option<Status>,
    pub injected: Vec<Injected>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Injected {
    pub at_ms: i64,
    pub name: String,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct PaceWish {
    /// Goes on, or stands still.
    pub running: Option<bool>,
    /// Seconds of the day in one of the wall, 1 to 600.
    pub pace: Option<u32>,
    /// As fast as the machine can.
    pub full: Option<bool>,
    /// A later moment: `09:30`, `D+1 02:00`.
    pub jump: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct PlayersWish {
    /// Areas in which people play; elsewhere operators are simulated.
    pub areas: Option<Vec<String>>,
    pub skill: Option<Skill>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct BranchWish {
    /// None: from now.
    pub at: Option<String>,
    pub events: Vec<Wish>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Language {
    /// `ur` or `en`.
    #[serde(default)]
    pub language: String,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OfArea {
    /// A district: `pk/sindh/karachi-east`.
    pub area: String,
}

fn drill(room: &Room) -> Result<Drill, Problem> {
    room.stage().drill().ok_or_else(|| Problem::of(Code::NoDrill))
}

fn refused(error: &DrillError) -> Problem {
    if matches!(error, DrillError::Over) {
        return Problem::of(Code::NoDrill);
    }
    Problem::about(Code::DrillImpossible, error.to_string())
}

fn injected(drill: &Drill) -> Vec<Injected> {
    let day = drill.plan().day;
    let one = |it: &pehra_drill::day::Scripted| Injected {
        at_ms: it.at.unix_ms(day).0,
        name: it.name.clone(),
    };
    drill.injected().iter().map(one).collect()
}

fn view(room: &Room) -> DrillView {
    let Some(drill) = room.stage().drill() else {
        return DrillView { status: None, injected: Vec::new() };
    };
    DrillView { status: Some(drill.status()), injected: injected(&drill) }
}

/// How the day stands.
#[utoipa::path(get, path = "/api/drill", tag = "drill", responses((status = 200, body = DrillView)))]
pub async fn show(State(room): State<Room>, _: Access) -> Json<DrillView> {
    Json(view(&room))
}

/// Pace, pause, and a jump to a later moment.
#[utoipa::path(post, path = "/api/drill/pace", tag = "drill", request_body = PaceWish,
    responses((status = 200, body = DrillView), (status = 409, body = Fault), (status = 422, body = Fault)))]
pub async fn pace(
    State(room): State<Room>,
    access: Access,
    Given(wish): Given<PaceWish>,
) -> Result<Json<DrillView>, Problem> {
    let drill = drill(&room)?;
    if wish.pace.is_some_and(|pace| !(1..=crate::drill::clock::PACE_MAX).contains(&pace)) {
        return Err(Problem::about(Code::ValueRefused, "pace"));
    }
    if let Some(jump) = &wish.jump {
        let to = time(jump).ok_or_else(|| Problem::about(Code::ValueRefused, "jump"))?;
        if !drill.jump(to) {
            return Err(Problem::about(Code::ValueRefused, "jump"));
        }
    }
    if let Some(pace) = wish.pace {
        drill.set_pace(Some(pace));
    } else if wish.full == Some(true) {
        drill.set_pace(None);
    }
    if let Some(running) = wish.running {
        drill.run(running);
    }
    tracing::info!(person = %access.person, ?wish, "the day's pace");
    Ok(Json(view(&room)))
}

/// Lets something happen, now or later.
#[utoipa::path(post, path = "/api/drill/injects", tag = "drill", request_body = Wish,
    responses((status = 200, body = DrillView), (status = 409, body = Fault), (status = 422, body = Fault)))]
pub async fn inject(
    State(room): State<Room>,
    access: Access,
    Given(wish): Given<Wish>,
) -> Result<Json<DrillView>, Problem> {
    let drill = drill(&room)?;
    let told = tokio::task::spawn_blocking(move || {
        let now = Second(drill.status().now_s).plus(1);
        let unknown = |error| Problem::about(Code::DrillImpossible, error);
        // The day may go on between a look at its clock and the order.
        let later = now.plus(i32::try_from(drill.status().pace).unwrap_or(60) * 2);
        let at = if wish.at.is_some() { now } else { later };
        let scripted = wish.on(drill.plan(), at).map_err(unknown)?;
        drill.inject(scripted).map_err(|error| match error {
            InjectError::Drill(error) => refused(&error),
            impossible @ InjectError::Impossible(_) => {
                Problem::about(Code::DrillImpossible, impossible.to_string())
            }
        })
    });
    told.await.map_err(Problem::internal)??;
    tracing::info!(person = %access.person, "something was injected into the day");
    Ok(Json(view(&room)))
}

/// Who plays, and how good those are who are simulated.
#[utoipa::path(put, path = "/api/drill/players", tag = "drill", request_body = PlayersWish,
    responses((status = 200, body = DrillView), (status = 409, body = Fault), (status = 422, body = Fault)))]
pub async fn players(
    State(room): State<Room>,
    Given(wish): Given<PlayersWish>,
) -> Result<Json<DrillView>, Problem> {
    let drill = drill(&room)?;
    if let Some(areas) = &wish.areas {
        let areas: Result<Vec<AreaId>, _> =
            areas.iter().map(|area| AreaId::try_new(area.as_str())).collect();
        let areas = areas.map_err(|_invalid| Problem::about(Code::ValueRefused, "areas"))?;
        drill.set_players(&areas).map_err(|error| refused(&error))?;
    }
    if let Some(skill) = wish.skill {
        drill.set_skill(skill).map_err(|error| refused(&error))?;
    }
    Ok(Json(view(&room)))
}

/// Lives the rest of the day twice from a moment, with and without something more; the job's result is the comparison.
#[utoipa::path(post, path = "/api/drill/branches", tag = "drill", request_body = BranchWish,
    responses((status = 200, body = Job), (status = 409, body = Fault), (status = 422, body = Fault)))]
pub async fn branch(
    State(room): State<Room>,
    access: Access,
    Given(wish): Given<BranchWish>,
) -> Result<Json<Job>, Problem> {
    let drill = drill(&room)?;
    let now = Second(drill.status().now_s).plus(60);
    let at = wish
        .at
        .as_deref()
        .map(|text| time(text).ok_or_else(|| Problem::about(Code::ValueRefused, "at")));
    let at = at.transpose()?;
    let from = at.map_or(now, |at| at.plus(1));
    let unknown = |error| Problem::about(Code::DrillImpossible, error);
    let events = wish.events.iter().map(|wish| wish.on(drill.plan(), from).map_err(unknown));
    let events: Vec<_> = events.collect::<Result<_, _>>()?;
    let names: Vec<String> = events.iter().map(|it| it.name.clone()).collect();
    let label = format!("{}: {}", Second(from.0), names.join(", "));
    let by = access.person.as_str().to_owned();
    let started = room.node().jobs().start(JobKind::Branch, &label, &by, move |control| {
        let mut watch = control.watch();
        let compared: Compared = drill.branch(at, &events, &mut watch).map_err(|error| {
            if matches!(error, DrillError::Cancelled(_)) {
                return JobError::Cancelled;
            }
            let code = Code::DrillImpossible;
            JobError::failed(code.code(), format!("{} {error}", code.english()), code.urdu())
        })?;
        serde_json::to_value(&compared)
            .map_err(|error| JobError::failed("read-only", error.to_string(), error.to_string()))
    });
    Ok(Json(started?))
}

/// What the day measured of a district so far, as the file that the real election takes in.
#[utoipa::path(get, path = "/api/drill/measured", tag = "drill", params(OfArea),
    responses((status = 200, body = DrillMeasured), (status = 404, body = Fault), (status = 409, body = Fault)))]
pub async fn measured(
    State(room): State<Room>,
    _: Access,
    Query(of): Query<OfArea>,
) -> Result<Json<DrillMeasured>, Problem> {
    let drill = drill(&room)?;
    let unknown = Problem::not_found(&of.area);
    let area = AreaId::try_new(of.area).map_err(|_invalid| Problem::of(Code::OutsideArea))?;
    let done = tokio::task::spawn_blocking(move || drill.measured(&area)).await;
    let measured = done.map_err(Problem::internal)?.map_err(Problem::internal)?;
    measured.map(Json).ok_or(unknown)
}

async fn evaluated(room: Room) -> Result<Evaluation, Problem> {
    let drill = drill(&room)?;
    let done = tokio::task::spawn_blocking(move || drill.evaluate()).await;
    done.map_err(Problem::internal)?.map_err(Problem::internal)
}

/// The evaluation: expected acts with their times, what was seen and when, decisions with what the room knew.
#[utoipa::path(get, path = "/api/drill/report", tag = "drill",
    responses((status = 200, body = Evaluation), (status = 409, body = Fault)))]
pub async fn evaluation(State(room): State<Room>, _: Access) -> Result<Json<Evaluation>, Problem> {
    evaluated(room).await.map(Json)
}

/// The hot wash as a page to be printed.
#[utoipa::path(get, path = "/api/drill/report.html", tag = "drill", params(Language),
    responses((status = 200, content_type = "text/html", body = String), (status = 409, body = Fault)))]
pub async fn hot_wash(
    State(room): State<Room>,
    _: Access,
    Query(language): Query<Language>,
) -> Result<Response, Problem> {
    let evaluation = evaluated(room).await?;
    let page = report::html(&evaluation, &language.language);
    Ok(reply::file("pehra-exercise-hot-wash.html", "text/html; charset=utf-8", page.into_bytes()))
}
