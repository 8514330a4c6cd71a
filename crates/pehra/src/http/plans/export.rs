//! A plan as a file: one row for every building and kind of staff, with its postings and what is missing.

use super::{detail::reason, find};
use crate::http::{
    export::{Cell, Sheet, count, text},
    problem::{Fault, Problem},
    room::Room,
    view::{area_name, buildings},
    who::Access,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use pehra_domain::{
    building::Building,
    force::StaffKind,
    plan::{BuildingNeed, Posting},
};

/// The plan within reach as CSV.
#[utoipa::path(get, path = "/api/plans/{id}/export.csv", tag = "plans", params(("id" = String, Path)),
    responses((status = 200, content_type = "text/csv", body = String), (status = 404, body = Fault)))]
pub async fn csv(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    export(room, access, id).await?.csv("plan").await
}

/// The plan within reach as a workbook.
#[utoipa::path(get, path = "/api/plans/{id}/export.xlsx", tag = "plans", params(("id" = String, Path)),
    responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        body = Vec<u8>), (status = 404, body = Fault)))]
pub async fn xlsx(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    export(room, access, id).await?.xlsx("plan").await
}

async fn export(room: Room, access: Access, id: String) -> Result<Sheet, Problem> {
    let sheet = tokio::task::spawn_blocking(move || sheet(&room, &access, &id)).await;
    sheet.map_err(Problem::internal)?
}

fn sheet(room: &Room, access: &Access, id: &str) -> Result<Sheet, Problem> {
    let world = room.node().world();
    let plan = find(&world, id)?;
    let index = room.plan_index(&plan);
    let gazetteer = room.node().gazetteer();
    let title = format!("Plan {} {}", plan.id, plan.label);
    let mut sheet = Sheet::new(room.node(), &plan.provenance, access, title.trim());
    sheet.header(&[
        "building",
        "name",
        "district",
        "district_name",
        "kind",
        "need",
        "minimum",
        "posted",
        "unit",
        "unit_name",
        "count",
        "distance_m",
        "origin",
        "missing",
        "minimum_missing",
        "reason",
        "mitigation",
    ]);
    for building in buildings(&world).filter(|building| access.reaches(&building.district)) {
        let district = area_name(gazetteer, &building.district);
        for need in index.needs_at(&building.id) {
            let first = start(building, &district, need);
            let postings: Vec<&Posting> =
                index.postings_at(&building.id).filter(|row| row.kind == need.kind).collect();
            for posting in &postings {
                let view = super::posting(&world, posting);
                let mut row = first.clone();
                row.extend([
                    text(&view.unit),
                    Cell::Text(view.unit_name),
                    count(view.count),
                    count(view.distance_m),
                    text(match view.origin {
                        crate::http::stations::OriginWord::OwnDistrict => "own district",
                        crate::http::stations::OriginWord::OwnProvince => "own province",
                        crate::http::stations::OriginWord::Outside => "outside",
                    }),
                ]);
                row.extend([Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty]);
                sheet.row(row);
            }
            let short = index.shortfalls_at(&building.id).find(|short| short.kind == need.kind);
            if short.is_none() && !postings.is_empty() {
                continue;
            }
            let mut row = first;
            row.extend([Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty]);
            row.extend(short.map_or_else(
                || vec![count(0), count(0), Cell::Empty, Cell::Empty],
                |short| {
                    vec![
                        count(short.missing),
                        count(short.minimum_missing),
                        text(reason(short.reason).1),
                        text(&short.mitigation),
                    ]
                },
            ));
            sheet.row(row);
        }
    }
    Ok(sheet)
}

fn start(building: &Building, district: &str, need: &BuildingNeed) -> Vec<Cell> {
    vec![
        text(building.id.as_str()),
        text(&building.name),
        text(building.district.as_str()),
        text(district),
        text(match need.kind {
            StaffKind::PoliceMan => "police man",
            StaffKind::PoliceWoman => "police woman",
            StaffKind::CivilArmedForces => "civil armed forces",
            StaffKind::Army => "army",
        }),
        count(need.need),
        count(need.minimum),
        count(need.posted),
    ]
}
