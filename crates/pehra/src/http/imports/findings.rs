//! What a check found, by code and row by row.

use crate::http::{
    problem::{Code, Fault, Problem},
    reply,
    room::Room,
    who::Access,
};
use crate::work::import::Checked;
use axum::{
    Json,
    extract::{Path, Query, State},
    response::Response,
};
use pehra_domain::{finding::Finding, severity::Severity};
use pehra_exchange::{code::Code as FindingCode, code::fill, export};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, sync::Arc};

const PAGE: usize = 100;
const PAGE_MAX: usize = 1_000;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FindingFilter {
    pub code: Option<String>,
    /// `note`, `warning` or `error`.
    pub severity: Option<String>,
    #[serde(default)]
    pub offset: usize,
    /// At most 1,000.
    pub limit: Option<usize>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CodeCount {
    pub code: String,
    pub severity: String,
    pub count: u64,
    pub text_en: String,
    pub text_ur: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FindingRow {
    /// Line of the file, the header being line 1; 0 means the file as a whole.
    pub row: u32,
    pub column: String,
    pub code: String,
    pub severity: String,
    pub was: String,
    pub now: String,
    pub text_en: String,
    pub text_ur: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FindingPage {
    /// Findings that the filter lets through; of very many only the first are listed row by row.
    pub total: usize,
    pub codes: Vec<CodeCount>,
    pub rows: Vec<FindingRow>,
}

/// What the check found.
#[utoipa::path(get, path = "/api/imports/{id}/findings", tag = "imports",
    params(("id" = String, Path), FindingFilter),
    responses((status = 200, body = FindingPage), (status = 404, body = Fault), (status = 409, body = Fault)))]
pub async fn findings(
    State(room): State<Room>,
    _: Access,
    Path(id): Path<String>,
    Query(filter): Query<FindingFilter>,
) -> Result<Json<FindingPage>, Problem> {
    let checked = checked(&room, &id)?;
    let page = tokio::task::spawn_blocking(move || page(&checked, &filter)).await;
    page.map(Json).map_err(Problem::internal)
}

fn checked(room: &Room, id: &str) -> Result<Arc<Checked>, Problem> {
    let checked = room.imports().look(id, |import| import.checked.clone())?;
    checked.ok_or_else(|| Problem::about(Code::WrongStep, "check"))
}

fn page(checked: &Checked, filter: &FindingFilter) -> FindingPage {
    let passes = |finding: &&Finding| {
        filter.code.as_deref().is_none_or(|code| code.is_empty() || finding.code == code)
            && filter
                .severity
                .as_deref()
                .is_none_or(|word| word.is_empty() || severity(finding.severity) == word)
    };
    let limit = filter.limit.unwrap_or(PAGE).min(PAGE_MAX);
    FindingPage {
        total: checked.findings.iter().filter(passes).count(),
        codes: codes(&checked.summary.findings),
        rows: checked
            .findings
            .iter()
            .filter(passes)
            .skip(filter.offset)
            .take(limit)
            .map(row)
            .collect(),
    }
}

fn codes(counts: &BTreeMap<String, u64>) -> Vec<CodeCount> {
    let mut out: Vec<CodeCount> = counts
        .iter()
        .filter_map(|(name, &count)| {
            let code = FindingCode::from_code(name)?;
            Some(CodeCount {
                code: name.clone(),
                severity: severity(code.severity()).to_owned(),
                count,
                text_en: without_places(code.english()),
                text_ur: without_places(code.urdu()),
            })
        })
        .collect();
    out.sort_by_key(|code| std::cmp::Reverse(code.count));
    out
}

/// A sentence for the whole code: an ellipsis stands where a row's own values would.
fn without_places(sentence: &str) -> String {
    ["{was}", "{now}", "{row}", "{column}"]
        .iter()
        .fold(sentence.to_owned(), |text, place| text.replace(place, "…"))
}

fn row(finding: &Finding) -> FindingRow {
    let urdu = FindingCode::from_code(&finding.code).map(|code| fill(code.urdu(), finding));
    FindingRow {
        row: finding.row,
        column: finding.column.clone(),
        code: finding.code.clone(),
        severity: severity(finding.severity).to_owned(),
        was: finding.was.clone(),
        now: finding.now.clone(),
        text_en: finding.text.clone(),
        text_ur: urdu.unwrap_or_default(),
    }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

/// All findings as CSV.
#[utoipa::path(get, path = "/api/imports/{id}/findings.csv", tag = "imports", params(("id" = String, Path)),
    responses((status = 200, content_type = "text/csv", body = String), (status = 404, body = Fault), (status = 409, body = Fault)))]
pub async fn findings_csv(
    State(room): State<Room>,
    _: Access,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let checked = checked(&room, &id)?;
    let watermark = room.node().watermark();
    let done = tokio::task::spawn_blocking(move || {
        let mut out = Vec::new();
        export::findings_csv(&checked.findings, watermark.as_deref(), &mut out).map(|_| out)
    });
    let bytes = done.await.map_err(Problem::internal)?.map_err(Problem::internal)?;
    Ok(reply::file("pehra-findings.csv", reply::CSV, bytes))
}
