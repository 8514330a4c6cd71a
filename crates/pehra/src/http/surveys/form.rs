//! The two forms as data for a screen, and as a page for paper.

use crate::http::{problem::Problem, who::Access};
use axum::{
    Json,
    extract::Path,
    http::{HeaderName, HeaderValue, header::CONTENT_TYPE},
    response::{Html, IntoResponse, Response},
};
use pehra_ops::survey::View;
use pehra_plan::survey_form::{self, Form, Language, Question};
use serde::Serialize;

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ChoiceView {
    pub key: String,
    pub en: String,
    pub ur: String,
    /// Hundredths of points, 0 (no concern) to 400 (extreme).
    pub centi: u16,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct QuestionView {
    pub key: String,
    pub en: String,
    pub ur: String,
    /// The factor that it feeds; none: for discussion and planning only.
    pub feeds: Option<String>,
    pub choices: Vec<ChoiceView>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FormView {
    pub title_en: String,
    pub title_ur: String,
    pub line_en: String,
    pub line_ur: String,
    pub questions: Vec<QuestionView>,
}

/// A part of a building that a photograph may show.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PartView {
    pub key: String,
    pub en: String,
    pub ur: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Forms {
    pub building: FormView,
    pub district: FormView,
    pub parts: Vec<PartView>,
    /// Longest photograph, in bytes.
    pub photograph_bytes_max: usize,
}

/// The questions of both forms with their answers, in both languages.
#[utoipa::path(get, path = "/api/surveys/forms", tag = "surveys", responses((status = 200, body = Forms)))]
pub async fn forms(_: Access) -> Json<Forms> {
    Json(Forms {
        building: view(Form::Building),
        district: view(Form::District),
        parts: PARTS
            .iter()
            .map(|(_, key, en, ur)| PartView {
                key: (*key).to_owned(),
                en: (*en).to_owned(),
                ur: (*ur).to_owned(),
            })
            .collect(),
        photograph_bytes_max: pehra_exchange::photograph::BYTES_MAX,
    })
}

/// One blank form for a printer, both languages side by side: `building` or `district`.
#[utoipa::path(get, path = "/api/surveys/paper/{form}", tag = "surveys", params(("form" = String, Path)),
    responses((status = 200, content_type = "text/html", body = String), (status = 404, body = crate::http::problem::Fault)))]
pub async fn paper(_: Access, Path(form): Path<String>) -> Result<Response, Problem> {
    let form = match form.as_str() {
        "building" => Form::Building,
        "district" => Form::District,
        _ => return Err(Problem::not_found(form)),
    };
    let mut response = Html(survey_form::blank_html(form)).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(HeaderName::from_static("content-language"), HeaderValue::from_static("en, ur"));
    Ok(response)
}

fn view(form: Form) -> FormView {
    let text = |language| form.title(language).to_owned();
    let line = |language| form.instruction(language).to_owned();
    FormView {
        title_en: text(Language::English),
        title_ur: text(Language::Urdu),
        line_en: line(Language::English),
        line_ur: line(Language::Urdu),
        questions: form.questions().iter().map(question).collect(),
    }
}

fn question(of: &Question) -> QuestionView {
    QuestionView {
        key: of.key.to_owned(),
        en: of.en.to_owned(),
        ur: of.ur.to_owned(),
        feeds: of.feeds.map(|factor| format!("{factor:?}")),
        choices: of
            .choices
            .iter()
            .map(|choice| ChoiceView {
                key: choice.key.to_owned(),
                en: choice.en.to_owned(),
                ur: choice.ur.to_owned(),
                centi: choice.centi,
            })
            .collect(),
    }
}

/// What a photograph may show, with its key and its names. There is no word for a person.
const PARTS: [(View, &str, &str, &str); 8] = [
    (View::Walls, "walls", "Wall", "چاردیواری"),
    (View::Gate, "gate", "Gate", "دروازہ"),
    (View::SightLine, "sight-line", "View over the approach", "راستے کا منظر"),
    (View::Light, "light", "Light", "روشنی"),
    (View::Power, "power", "Power", "بجلی"),
    (View::RadioTest, "radio-test", "Place of the radio test", "وائرلیس آزمائش کی جگہ"),
    (View::QueueSpace, "queue-space", "Space for queues", "قطاروں کی جگہ"),
    (View::Approach, "approach", "Road to it", "راستہ"),
];

/// The part of a key.
pub(super) fn part(key: &str) -> Option<View> {
    PARTS.iter().find(|(_, known, _, _)| *known == key).map(|(view, ..)| *view)
}

pub(super) fn part_key(of: View) -> &'static str {
    PARTS.iter().find(|(view, ..)| *view == of).map_or("", |(_, key, ..)| key)
}
