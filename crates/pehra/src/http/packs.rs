//! Packs in the room: an area's sheets are printed in a job, and taken along as one document, one kind, what changed, or all.
//!
//! What the room prints holds nothing that is sealed: service numbers stand on sheets that the command line prints from a
//! draw's own folder, routes of convoys on those from a convoy folder. Here their places are blank.

mod take;

pub use take::{__path_archive, __path_document, archive, document};

use crate::{
    http::{
        given::Given,
        problem::{Code, Fault, Problem},
        reply::blocking,
        room::Room,
        sight::areas_to_name,
        view::{area_name, area_name_ur},
        who::Access,
    },
    job::{Job, JobKind},
    work::{
        pack::{
            Change, Kind, Manifest, belonging, chosen, current, places,
            shelf::{self, KindSum, Run, Wish},
        },
        reserves,
    },
};
use axum::{
    Json,
    extract::{Query, State},
};
use pehra_domain::{AreaId, sheet::Language};
use pehra_ops::permission as row;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Sheets that one answer names.
const SHEETS_MAX: usize = 100;

/// The typesetter beside this program.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PackPrinter {
    pub found: bool,
    /// Where it was looked for.
    pub places: Vec<String>,
}

/// What can be printed of an area.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PackKinds {
    /// Steps of an area's path: 1 nation, 2 province, 3 district, 4 sector.
    pub depth: u8,
    pub kinds: Vec<Kind>,
}

/// The plan that would be printed now.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PackPlan {
    pub label: String,
    pub adopted: bool,
}

/// The sheets of one kind that are out.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PackKindRow {
    pub kind: String,
    pub sheets: u32,
    /// Documents that lie here.
    pub documents_en: u32,
    pub documents_ur: u32,
    pub pages: u64,
    pub bytes: u64,
    /// Sheets that the last change sheet names.
    pub changed: u32,
    /// Another plan counts since it was printed, or its last run did not come to its end.
    pub outdated: bool,
}

/// How far what lies here can be trusted to be the plan; the first that holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum PackState {
    /// Its documents were taken away to make room: printing again keeps their versions.
    Cleared,
    /// Its last run was stopped or broke off.
    Unfinished,
    /// A kind of it is outdated, or its sheets say that they are a draft and the plan was adopted since.
    Outdated,
    Whole,
}

/// An area's pack as its last run left it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PackRow {
    pub area: String,
    pub area_name: String,
    pub area_name_ur: Option<String>,
    pub by: String,
    pub at_ms: i64,
    pub adopted: bool,
    pub state: PackState,
    /// Documents printed by the last run, and those that it left because nothing on them had changed.
    pub printed: u64,
    pub kept: u64,
    pub failed: Vec<String>,
    pub changed: u32,
    pub withdrawn: u32,
    pub bytes: u64,
    pub kinds: Vec<PackKindRow>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PackArea {
    pub area: String,
    pub name: String,
    pub name_ur: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PackList {
    pub packs: Vec<PackRow>,
    /// Areas that whoever asks may have printed, with stations in them.
    pub prints: Vec<PackArea>,
    pub kinds: Vec<PackKinds>,
    pub printer: PackPrinter,
    pub plan: Option<PackPlan>,
    /// A plan of reserves is in force; without it no reserve orders are printed here.
    pub has_reserves: bool,
}

/// Every pack within reach, and what can be printed.
#[utoipa::path(get, path = "/api/packs", tag = "packs", responses((status = 200, body = PackList)))]
pub async fn list(State(room): State<Room>, access: Access) -> Result<Json<PackList>, Problem> {
    blocking(move || {
        let node = room.node();
        let world = node.world();
        let adopted = node.adopted_plan(&world).is_some();
        let plan = chosen(node, &world, None).ok();
        let current = current(node).map(|place| place.to_string());
        let now = (current.as_deref(), adopted);
        let runs = shelf::runs(node)?;
        let reached = runs.iter().filter_map(|run| {
            let area = AreaId::try_new(run.area.as_str()).ok()?;
            access.reaches(&area).then(|| told(&room, &area, run, now))
        });
        let programs = places(room.config().printer.as_deref());
        Ok(PackList {
            packs: reached.collect(),
            prints: printable(&room, &access),
            kinds: (1..=4_u8)
                .map(|depth| PackKinds { depth, kinds: belonging(usize::from(depth)) })
                .collect(),
            printer: PackPrinter {
                found: programs.iter().any(|program| program.is_file()),
                places: programs.iter().map(|it| it.display().to_string()).collect(),
            },
            plan: plan.map(|plan| PackPlan { label: plan.label.clone(), adopted }),
            has_reserves: reserves::in_force(node).is_some(),
        })
    })
    .await
}

fn printable(room: &Room, access: &Access) -> Vec<PackArea> {
    let node = room.node();
    let world = node.world();
    let Some(stations) = &world.stations else { return Vec::new() };
    let named = areas_to_name(node, access, row::PACK_PRINT).into_iter();
    let areas = named.filter_map(|name| AreaId::try_new(name).ok());
    let peopled = areas.filter(|area| stations.districts.iter().any(|(one, _)| area.contains(one)));
    let gazetteer = node.gazetteer();
    let told = peopled.map(|area| PackArea {
        name: area_name(gazetteer, &area),
        name_ur: area_name_ur(gazetteer, &area),
        area: area.to_string(),
    });
    told.collect()
}

fn told(room: &Room, area: &AreaId, run: &Run, (entry, adopted): (Option<&str>, bool)) -> PackRow {
    let gazetteer = room.node().gazetteer();
    let kind = |sum: &KindSum| {
        let of = |language| sum.documents.get(&language).copied().unwrap_or_default();
        PackKindRow {
            kind: sum.kind.clone(),
            sheets: sum.sheets,
            documents_en: of(Language::English),
            documents_ur: of(Language::Urdu),
            pages: sum.pages,
            bytes: sum.bytes,
            changed: sum.changed,
            outdated: sum.entry.as_deref() != entry,
        }
    };
    let kinds: Vec<PackKindRow> = run.kinds.iter().map(kind).collect();
    PackRow {
        area: run.area.clone(),
        area_name: area_name(gazetteer, area),
        area_name_ur: area_name_ur(gazetteer, area),
        by: run.by.clone(),
        at_ms: run.at_ms,
        adopted: run.adopted,
        state: match (run.cleared, run.stopped) {
            (true, _) => PackState::Cleared,
            (false, true) => PackState::Unfinished,
            (false, false) if kinds.iter().any(|it| it.outdated) || run.adopted != adopted => {
                PackState::Outdated
            }
            (false, false) => PackState::Whole,
        },
        printed: run.printed,
        kept: run.kept,
        failed: run.failed.clone(),
        changed: run.changed,
        withdrawn: run.withdrawn,
        bytes: run.bytes,
        kinds,
    }
}

/// What is to be printed.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct PackWish {
    /// The nation, a province, a district, or a sector of one: `pk/punjab/lahore/s03`.
    pub area: String,
    /// All that belong to the area when none is named; `reserve` only while a plan of reserves is in force.
    #[serde(default)]
    pub kinds: Vec<Kind>,
    /// Both when none is named.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub languages: Vec<Language>,
}

/// Prints an area's pack in a job, only what changed since its last run; its result is `{area, printed, kept, pages, changed,
/// withdrawn, failed}`. Stopped, it keeps whole documents, and the next run goes on from there.
#[utoipa::path(post, path = "/api/packs", tag = "packs", request_body = PackWish,
    responses((status = 200, body = Job), (status = 403, body = Fault), (status = 409, body = Fault), (status = 422, body = Fault)))]
pub async fn start(
    State(room): State<Room>,
    access: Access,
    Given(wish): Given<PackWish>,
) -> Result<Json<Job>, Problem> {
    let area = AreaId::try_new(wish.area.trim()).map_err(|_form| Problem::refused("area"))?;
    access.actor_with(room.node(), &area, row::PACK_PRINT)?;
    let wish = read(&room, wish, area)?;
    let by = access.person.to_string();
    let (working, who) = (room.clone(), by.clone());
    let label = format!("Print the pack of {}", wish.area);
    let job = room.node().jobs().start(JobKind::Pack, label, by, move |control| {
        let node = working.node();
        let outcome = shelf::print(node, (&wish, &who), working.roads(), &mut control.watch());
        node.live().publish("pack", serde_json::json!({}));
        let report = outcome?;
        Ok(serde_json::json!({
            "area": wish.area,
            "printed": report.printed,
            "kept": report.kept,
            "pages": report.pages,
            "changed": report.changed.len(),
            "withdrawn": report.withdrawn.len(),
            "failed": report.failed.len(),
        }))
    })?;
    Ok(Json(job))
}

fn read(room: &Room, wish: PackWish, area: AreaId) -> Result<Wish, Problem> {
    let program = places(room.config().printer.as_deref()).into_iter().find(|it| it.is_file());
    let program = program.ok_or_else(|| Problem::of(Code::NoTypesetter))?;
    let has_reserves = reserves::in_force(room.node()).is_some();
    let here = belonging(area.depth()).into_iter();
    let here: Vec<Kind> = here.filter(|kind| has_reserves || *kind != Kind::Reserve).collect();
    let kinds = if wish.kinds.is_empty() { here.clone() } else { wish.kinds };
    if let Some(strange) = kinds.iter().find(|kind| !here.contains(kind)) {
        return Err(Problem::refused(strange.word()));
    }
    let languages = if wish.languages.is_empty() { Language::ALL.to_vec() } else { wish.languages };
    Ok(Wish { area, kinds, languages, program })
}

/// The pack of an area within reach: where it lies, and what is in it.
fn opened(
    room: &Room,
    access: &Access,
    name: &str,
) -> Result<(AreaId, PathBuf, Manifest), Problem> {
    let area = access.area_within(name)?;
    let folder = shelf::folder(room.node(), &area);
    let manifest = Manifest::read(&folder)?.ok_or_else(|| Problem::not_found(area.as_str()))?;
    Ok((area, folder, manifest))
}

#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
pub struct SheetsQuery {
    pub area: String,
    pub kind: Option<String>,
    /// Part of a sheet's name, or the number of a station or a building.
    pub find: Option<String>,
    /// Only what the last change sheet names.
    #[serde(default)]
    pub changed: bool,
    #[serde(default)]
    pub offset: usize,
    pub limit: Option<usize>,
}

/// One document.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PackDocument {
    pub pages: u32,
    pub bytes: u64,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PackSheet {
    pub name: String,
    pub kind: String,
    /// 0: the plan does not have it any more.
    pub version: u32,
    pub change: Option<Change>,
    pub en: Option<PackDocument>,
    pub ur: Option<PackDocument>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PackSheetPage {
    /// How many there are in all.
    pub total: usize,
    /// By name, a hundred at most.
    pub rows: Vec<PackSheet>,
}

/// The sheets of a pack, a hundred at a time.
#[utoipa::path(get, path = "/api/packs/sheets", tag = "packs", params(SheetsQuery),
    responses((status = 200, body = PackSheetPage), (status = 403, body = Fault), (status = 404, body = Fault)))]
pub async fn sheets(
    State(room): State<Room>,
    access: Access,
    Query(query): Query<SheetsQuery>,
) -> Result<Json<PackSheetPage>, Problem> {
    blocking(move || {
        let (_, _, manifest) = opened(&room, &access, &query.area)?;
        let find = needle(&room, query.find.as_deref().unwrap_or_default().trim());
        let fits = |name: &str, kind: Option<&str>| {
            (!query.changed || manifest.changes.contains_key(name))
                && query
                    .kind
                    .as_deref()
                    .is_none_or(|wanted| wanted.is_empty() || kind == Some(wanted))
                && find.iter().any(|find| name.to_lowercase().contains(find))
        };
        let mut found: Vec<PackSheet> = manifest
            .sheets
            .iter()
            .filter(|(name, printed)| fits(name, Some(&printed.kind)))
            .map(|(name, printed)| {
                let of = |language| {
                    let document = printed.documents.get(&language)?;
                    Some(PackDocument { pages: document.pages, bytes: document.bytes })
                };
                PackSheet {
                    name: name.clone(),
                    kind: printed.kind.clone(),
                    version: printed.version,
                    change: manifest.changes.get(name).copied(),
                    en: of(Language::English),
                    ur: of(Language::Urdu),
                }
            })
            .collect();
        let gone = manifest.changes.iter().filter(|(name, change)| {
            **change == Change::Withdrawn
                && !manifest.sheets.contains_key(*name)
                && fits(name, None)
        });
        found.extend(gone.map(|(name, change)| PackSheet {
            name: name.clone(),
            kind: String::new(),
            version: 0,
            change: Some(*change),
            en: None,
            ur: None,
        }));
        let total = found.len();
        let limit = query.limit.unwrap_or(SHEETS_MAX).min(SHEETS_MAX);
        let rows = found.into_iter().skip(query.offset).take(limit).collect();
        Ok(PackSheetPage { total, rows })
    })
    .await
}

/// What a sheet's name is searched for: what was typed, and the building of a station of that number.
fn needle(room: &Room, typed: &str) -> Vec<String> {
    let mut needles = vec![typed.to_lowercase()];
    if let Some(table) = &room.node().world().stations {
        let station = table.stations.iter().find(|it| it.id.as_str().eq_ignore_ascii_case(typed));
        needles.extend(station.map(|it| it.building.as_str().to_lowercase()));
    }
    needles
}
