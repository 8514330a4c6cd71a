//! Import in four steps: file, columns, check, sign.

mod findings;
mod label;
mod pairs;
mod registry;
mod upload;

pub use findings::{findings, findings_csv};
pub use pairs::pairs;
pub use registry::{Import, Imports, Step};
pub use upload::upload;

// The attribute on a handler makes items beside it; the table names them by the handler's path.
pub use findings::{__path_findings, __path_findings_csv};
pub use pairs::__path_pairs;
pub use upload::__path_upload;

use crate::{
    http::{
        given::Given,
        problem::{Code, Fault, Problem},
        room::Room,
        who::Access,
    },
    job::{Job, JobError, JobKind, JobState},
    work::import::{self, Kind},
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use pehra_domain::StationId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Most pairs that one check may join: more than any list has offered.
const JOINED_MAX: usize = 100_000;

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct MeaningView {
    pub key: String,
    pub en: String,
    pub ur: String,
    pub required: bool,
}

/// A kind of file and the columns that it can have.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct KindView {
    pub kind: String,
    pub meanings: Vec<MeaningView>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ColumnView {
    pub index: usize,
    pub header: String,
    /// A meaning's key; `drop` for what must not be kept; none when unknown.
    pub guess: Option<String>,
    /// What it is taken for now.
    pub meaning: Option<String>,
    pub sample: Vec<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SummaryView {
    pub rows: u64,
    pub accepted: u64,
    pub repaired: u64,
    pub quarantined: u64,
    #[schema(value_type = Object)]
    pub findings: BTreeMap<String, u64>,
    pub stations: u64,
    pub buildings: u64,
    pub booths: u64,
    pub voters: u64,
    /// Units, events, figures, outlines, answers or places.
    pub values: u64,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DiffRow {
    pub id: String,
    /// `added`, `removed`, or the fields that differ.
    pub what: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DiffView {
    pub added: u64,
    pub changed: u64,
    pub removed: u64,
    pub unchanged: u64,
    pub sample: Vec<DiffRow>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ImportView {
    pub id: String,
    pub kind: String,
    pub name: String,
    pub bytes: u64,
    pub sha256: String,
    pub state: Step,
    /// `csv`, `xlsx` or `geojson`.
    pub format: String,
    pub encoding: Option<String>,
    pub delimiter: Option<String>,
    pub header_row: u32,
    pub columns: Vec<ColumnView>,
    pub meanings: Vec<MeaningView>,
    /// Required meanings that no column has.
    pub missing: Vec<String>,
    pub preview: Vec<Vec<String>>,
    pub summary: Option<SummaryView>,
    pub diff: Option<DiffView>,
    pub error: Option<Fault>,
    pub job: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct ColumnWish {
    pub index: usize,
    /// None: not read.
    pub meaning: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct MappingWish {
    pub columns: Vec<ColumnWish>,
}

/// The kinds of files that can be imported, with their columns.
#[utoipa::path(get, path = "/api/imports/kinds", tag = "imports", responses((status = 200, body = Vec<KindView>)))]
pub async fn kinds(_: Access) -> Json<Vec<KindView>> {
    let kinds = Kind::ALL.into_iter().map(|kind| KindView {
        kind: kind.word().to_owned(),
        meanings: kind
            .schema()
            .map(|schema| schema.fields.iter().map(|f| meaning(f.key, f.required)).collect())
            .unwrap_or_default(),
    });
    Json(kinds.collect())
}

fn meaning(key: &str, required: bool) -> MeaningView {
    let (en, ur) = label::of(key);
    MeaningView { key: key.to_owned(), en, ur, required }
}

/// One import.
#[utoipa::path(get, path = "/api/imports/{id}", tag = "imports", params(("id" = String, Path)),
    responses((status = 200, body = ImportView), (status = 404, body = Fault)))]
pub async fn one(
    State(room): State<Room>,
    _: Access,
    Path(id): Path<String>,
) -> Result<Json<ImportView>, Problem> {
    if let Some(job) = room.imports().look(&id, |import| import.job.clone())? {
        let ended = room.node().jobs().get(&job).filter(|job| job.state == JobState::Failed);
        if ended.is_some() {
            room.imports().broke_off(&id, &job, Problem::of(Code::Internal).fault);
        }
    }
    room.imports().look(&id, view).map(Json)
}

/// Says which column means what; a finished check is thrown away.
#[utoipa::path(put, path = "/api/imports/{id}/mapping", tag = "imports", params(("id" = String, Path)),
    request_body = MappingWish,
    responses((status = 200, body = ImportView), (status = 404, body = Fault), (status = 409, body = Fault), (status = 422, body = Fault)))]
pub async fn map_columns(
    State(room): State<Room>,
    _: Access,
    Path(id): Path<String>,
    Given(wish): Given<MappingWish>,
) -> Result<Json<ImportView>, Problem> {
    let view = room.imports().change(&id, |import| {
        import.must_be(&[Step::Columns, Step::Checked, Step::Failed])?;
        let known = |key: &str| import.inspection.meanings.iter().any(|meaning| meaning.key == key);
        for column in &wish.columns {
            let bad = column.meaning.as_deref().filter(|key| !known(key));
            if column.index >= import.inspection.columns.len() || bad.is_some() {
                let what = format!("column {}: {}", column.index, bad.unwrap_or("no such column"));
                return Err(Problem::about(Code::ValueRefused, what));
            }
        }
        let chosen: Vec<(usize, Option<String>)> =
            wish.columns.into_iter().map(|column| (column.index, column.meaning)).collect();
        import.mapping = Some(import.inspection.with_meanings(&chosen));
        import.checked = None;
        import.error = None;
        import.step = Step::Columns;
        Ok(view(import))
    })?;
    Ok(Json(view))
}

/// What a person decides before a file is checked; every part may be left out.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct CheckWish {
    /// The file is the complete list of the constituencies (or of the districts and tiers) that it names: what it
    /// does not name there is removed.
    #[serde(default)]
    pub complete: bool,
    /// Pairs that are one station: the National Assembly's key, then the provincial one.
    #[serde(default)]
    pub joined: Vec<(String, String)>,
}

/// Reads and checks every row in a job; nothing is kept yet.
#[utoipa::path(post, path = "/api/imports/{id}/check", tag = "imports", params(("id" = String, Path)),
    request_body = CheckWish,
    responses((status = 200, body = Job), (status = 404, body = Fault), (status = 409, body = Fault), (status = 422, body = Fault)))]
pub async fn check(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Given(wish): Given<CheckWish>,
) -> Result<Json<Job>, Problem> {
    if wish.joined.len() > JOINED_MAX {
        return Err(Problem::about(Code::ValueRefused, format!("joined: at most {JOINED_MAX}")));
    }
    let joined = wish
        .joined
        .into_iter()
        .map(|(national, provincial)| {
            Ok((StationId::try_new(national)?, StationId::try_new(provincial)?))
        })
        .collect::<Result<Vec<_>, Problem>>()?;
    let (back, kind, path, name, mapping) = room.imports().change(&id, |import| {
        import.must_be(&[Step::Columns, Step::Checked, Step::Failed])?;
        let back = import.begin(Step::Checking);
        Ok((back, import.kind, import.path.clone(), import.name.clone(), import.mapping.clone()))
    })?;
    let label = format!("Check {name}");
    let (inner, inner_id) = (room.clone(), id.clone());
    let started =
        room.node().jobs().start(JobKind::Import, label, access.person.as_str(), move |ctl| {
            let node = inner.node();
            let choice = import::Choice { mapping, joined, complete: wish.complete };
            let outcome = import::check(node, kind, &path, choice, &mut ctl.watch());
            let outcome = outcome.map_err(JobError::from).and_then(|mut checked| {
                checked.file_name = name;
                if ctl.is_cancelled() { Err(JobError::Cancelled) } else { Ok(checked) }
            });
            let result = serde_json::json!({ "import": inner_id });
            inner.imports().checked(&inner_id, outcome).map(|()| result)
        });
    room.imports().started(&id, back, started).map(Json)
}

/// Signs what was checked, in a job.
#[utoipa::path(post, path = "/api/imports/{id}/sign", tag = "imports", params(("id" = String, Path)),
    responses((status = 200, body = Job), (status = 404, body = Fault), (status = 409, body = Fault)))]
pub async fn sign(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
) -> Result<Json<Job>, Problem> {
    let actor = access.actor_of_all(&room.node().world())?;
    let (back, checked, name) = room.imports().change(&id, |import| {
        import.must_be(&[Step::Checked])?;
        let checked = import.checked.clone().ok_or_else(|| Problem::of(Code::WrongStep))?;
        Ok((import.begin(Step::Signing), checked, import.name.clone()))
    })?;
    let label = format!("Sign {name}");
    let (inner, inner_id) = (room.clone(), id.clone());
    let started =
        room.node().jobs().start(JobKind::Import, label, access.person.as_str(), move |ctl| {
            let checked = std::sync::Arc::unwrap_or_clone(checked);
            let outcome = import::sign(inner.node(), &actor, checked, &mut ctl.watch());
            inner.imports().signed(&inner_id, outcome.map_err(JobError::from))?;
            Ok(serde_json::json!({ "import": inner_id }))
        });
    room.imports().started(&id, back, started).map(Json)
}

/// Throws the file away.
#[utoipa::path(delete, path = "/api/imports/{id}", tag = "imports", params(("id" = String, Path)),
    responses((status = 204), (status = 404, body = Fault), (status = 409, body = Fault)))]
pub async fn discard(
    State(room): State<Room>,
    _: Access,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    room.imports().discard(&id)?;
    Ok(StatusCode::NO_CONTENT)
}

fn view(import: &Import) -> ImportView {
    let seen = &import.inspection;
    let columns = seen.columns.iter().map(|column| ColumnView {
        index: column.index,
        header: column.header.clone(),
        guess: column.guess.clone(),
        meaning: match &import.mapping {
            None => column.guess.clone(),
            Some(mapping) => mapping
                .columns
                .get(&column.header)
                .filter(|key| *key != pehra_exchange::mapping::IGNORE)
                .cloned(),
        },
        sample: column.sample.clone(),
    });
    ImportView {
        id: import.id.clone(),
        kind: import.kind.word().to_owned(),
        name: import.name.clone(),
        bytes: import.bytes,
        sha256: crate::auth::hex(&import.sha256),
        state: import.step,
        format: seen.format.clone(),
        encoding: seen.encoding.clone(),
        delimiter: seen.delimiter.map(String::from),
        header_row: seen.header_row,
        columns: columns.collect(),
        meanings: seen.meanings.iter().map(|m| meaning(m.key, m.required)).collect(),
        missing: seen.missing.clone(),
        preview: seen.preview.clone(),
        summary: import.checked.as_ref().map(|checked| summary(&checked.summary)),
        diff: import.checked.as_ref().map(|checked| DiffView {
            added: checked.diff.added,
            changed: checked.diff.changed,
            removed: checked.diff.removed,
            unchanged: checked.diff.unchanged,
            sample: checked
                .diff
                .sample
                .iter()
                .map(|(id, what)| DiffRow { id: id.clone(), what: what.clone() })
                .collect(),
        }),
        error: import.error.clone(),
        job: import.job.clone(),
    }
}

fn summary(of: &import::Summary) -> SummaryView {
    SummaryView {
        rows: of.rows,
        accepted: of.accepted,
        repaired: of.repaired,
        quarantined: of.quarantined,
        findings: of.findings.clone(),
        stations: of.stations,
        buildings: of.buildings,
        booths: of.booths,
        voters: of.voters,
        values: of.values,
    }
}
