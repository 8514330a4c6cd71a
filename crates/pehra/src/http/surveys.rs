//! Surveys: the two forms, where somebody has looked already, and what was seen.
//!
//! A filled form is one signed entry. Sent twice, because its answer was lost on the way, it is still one: a form that
//! says nothing new is answered like one that was just kept.

mod form;
mod photograph;
mod sight;

pub use form::{FormView, Forms, forms, paper};
pub use photograph::{one as photograph, take};
pub use sight::{Coverage, Places, SubjectView, coverage, places, seen};

// The attribute on a handler makes items beside it; the table names them by the handler's path.
pub use form::{__path_forms, __path_paper};
pub use photograph::{__path_one as __path_photograph, __path_take};
pub use sight::{__path_coverage, __path_places, __path_seen};

use crate::http::{
    given::Given,
    problem::{Code, Fault, Problem},
    room::Room,
    who::Access,
};
use axum::{Json, extract::State};
use pehra_domain::{AreaId, BuildingId, Date, role::Role, survey::SurveySubject};
use pehra_ops::{
    Actor, Command,
    survey::{self, Answer, Form},
};
use pehra_plan::survey_form;
use serde::Deserialize;

/// One ticked line.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct Ticked {
    /// Key of the question, as printed beside the line.
    pub question: String,
    /// `a` to `e`; empty: not seen.
    pub choice: String,
    /// About the place, never about a person.
    #[serde(default)]
    pub note: String,
}

/// A filled form: of a building or of a district.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct FormWish {
    pub building: Option<String>,
    pub district: Option<String>,
    /// The day on which somebody looked: `2024-01-20`.
    pub on: String,
    /// Role of who looked, if another than who sends it; never a name.
    #[serde(default)]
    pub looked: String,
    pub answers: Vec<Ticked>,
}

/// Signs a filled form.
#[utoipa::path(post, path = "/api/surveys", tag = "surveys", request_body = FormWish,
    responses((status = 200, body = SubjectView), (status = 403, body = Fault), (status = 404, body = Fault),
        (status = 409, body = Fault), (status = 422, body = Fault)))]
pub async fn record(
    State(room): State<Room>,
    access: Access,
    Given(wish): Given<FormWish>,
) -> Result<Json<SubjectView>, Problem> {
    let (subject, area) = subject(&room, wish.building.as_deref(), wish.district.as_deref())?;
    let actor = access.actor(&area)?;
    let on = day(&room, &wish.on)?;
    let surveyor_role = looked(&room, &actor, &wish.looked)?;
    let ticked: Vec<(&str, &str)> =
        wish.answers.iter().map(|line| (line.question.as_str(), line.choice.as_str())).collect();
    let read = survey_form::read(&subject, on, &surveyor_role, &ticked)
        .map_err(|error| Problem::about(Code::ValueRefused, error.to_string()))?;
    let note = |question: &str| {
        let line = wish.answers.iter().find(|line| line.question.trim() == question);
        line.map(|line| line.note.trim().to_owned()).unwrap_or_default()
    };
    let answers = read.into_iter().map(|answer| Answer {
        note: note(&answer.question),
        question: answer.question,
        centi: answer.centi,
        factor: answer.factor,
    });
    let form = Form {
        subject: subject.clone(),
        on,
        surveyor_role,
        answers: answers.collect(),
        photographs: Vec::new(),
    };
    keep(&room, actor, area, form, Vec::new()).await?;
    Ok(Json(sight::view(&room, &subject)))
}

/// Signs a form with the bytes that it names, unless all of it stands already.
async fn keep(
    room: &Room,
    actor: Actor,
    area: AreaId,
    form: Form,
    bytes: Vec<Vec<u8>>,
) -> Result<(), Problem> {
    let is_empty = form.answers.is_empty() && form.photographs.is_empty();
    if !is_empty && room.node().ops(|state| state.surveys.has(&form)) {
        return Ok(());
    }
    let node = room.node().clone();
    let command = Command::Survey(survey::Command::Record { area, form });
    let done =
        tokio::task::spawn_blocking(move || node.execute_keeping(&actor, &command, bytes)).await;
    done.map_err(Problem::internal)??;
    Ok(())
}

/// What a form is about, and the area in which its sender must hold a role.
fn subject(
    room: &Room,
    building: Option<&str>,
    district: Option<&str>,
) -> Result<(SurveySubject, AreaId), Problem> {
    match (building, district) {
        (Some(building), None) => {
            let id = BuildingId::try_new(building.trim())?;
            let world = room.node().world();
            let known = world.building(&id).ok_or_else(|| Problem::not_found(id.as_str()))?;
            let area = known.district.clone();
            Ok((SurveySubject::Building(id), area))
        }
        (None, Some(district)) => {
            let area = AreaId::try_new(district.trim())?;
            if area.depth() < 3 {
                return Err(Problem::about(Code::ValueRefused, "district: pk/sindh/thatta"));
            }
            Ok((SurveySubject::District(area.clone()), area))
        }
        (Some(_), Some(_)) | (None, None) => {
            Err(Problem::about(Code::ValueRefused, "building or district"))
        }
    }
}

/// The day of a visit; not one that is still to come.
fn day(room: &Room, text: &str) -> Result<Date, Problem> {
    let on = Date::parse(text.trim())
        .ok_or_else(|| Problem::about(Code::ValueRefused, "on: write 2024-01-20"))?;
    let today = Date::of_pkt(room.node().now());
    if on > today {
        return Err(Problem::about(Code::ValueRefused, format!("on: {on} is after {today}")));
    }
    Ok(on)
}

/// Role of who looked: a word of the permission table, so that no name can stand there.
fn looked(room: &Room, actor: &Actor, given: &str) -> Result<String, Problem> {
    let given = given.trim();
    if given.is_empty() {
        return Ok(actor.role.as_str().to_owned());
    }
    let role = Role::try_new(given)?;
    if room.node().rules().permissions.knows_role(&role) {
        Ok(role.as_str().to_owned())
    } else {
        Err(Problem::about(Code::ValueRefused, format!("looked: {given}")))
    }
}
