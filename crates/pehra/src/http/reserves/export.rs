//! A basing as files: its bases, and every station with its nearest team.

use super::look::{ask, bases};
use crate::http::{
    export::{Cell, Sheet, count, text},
    map::stations_of,
    problem::{Fault, Problem},
    room::Room,
    view::area_name,
    who::Access,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use pehra_domain::progress::Watch;
use pehra_plan::reserve::base::Basis;

/// The bases within reach as CSV.
#[utoipa::path(get, path = "/api/reserves/{id}/bases.csv", tag = "reserves", params(("id" = String, Path)),
    responses((status = 200, content_type = "text/csv", body = String), (status = 404, body = Fault)))]
pub async fn bases_csv(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    made(room, access, id, base_sheet).await?.csv("reserve-bases").await
}

/// The bases within reach as a workbook.
#[utoipa::path(get, path = "/api/reserves/{id}/bases.xlsx", tag = "reserves", params(("id" = String, Path)),
    responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        body = Vec<u8>), (status = 404, body = Fault)))]
pub async fn bases_xlsx(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    made(room, access, id, base_sheet).await?.xlsx("reserve-bases").await
}

/// The stations within reach with their nearest team as CSV.
#[utoipa::path(get, path = "/api/reserves/{id}/stations.csv", tag = "reserves", params(("id" = String, Path)),
    responses((status = 200, content_type = "text/csv", body = String), (status = 404, body = Fault)))]
pub async fn stations_csv(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    made(room, access, id, station_sheet).await?.csv("reserve-stations").await
}

/// The stations within reach with their nearest team as a workbook.
#[utoipa::path(get, path = "/api/reserves/{id}/stations.xlsx", tag = "reserves", params(("id" = String, Path)),
    responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        body = Vec<u8>), (status = 404, body = Fault)))]
pub async fn stations_xlsx(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    made(room, access, id, station_sheet).await?.xlsx("reserve-stations").await
}

type Make = fn(&Room, &Access, &str, &mut Watch<'_>) -> Result<Sheet, Problem>;

async fn made(room: Room, access: Access, id: String, make: Make) -> Result<Sheet, Problem> {
    ask(room, move |room, watch| make(room, &access, &id, watch)).await
}

fn base_sheet(
    room: &Room,
    access: &Access,
    id: &str,
    watch: &mut Watch<'_>,
) -> Result<Sheet, Problem> {
    let known = room.reserves().one(room, id)?;
    let looked = room.reserves().standing(room, &known, watch)?;
    let standing = looked.standing();
    let world = room.node().world();
    let title = format!("Reserves {id}");
    let mut sheet = Sheet::new(room.node(), &stations_of(&world)?.provenance, access, &title);
    sheet.header(&[
        "unit",
        "name",
        "district",
        "district_name",
        "latitude",
        "longitude",
        "teams",
        "nearest_for_stations",
        "alone_in_time_for_stations",
    ]);
    for base in bases(room, &world, access, standing, &standing.open) {
        sheet.row(vec![
            text(&base.unit),
            text(&base.name),
            text(&base.area),
            text(&base.area_name),
            Cell::Decimal(base.lat),
            Cell::Decimal(base.lon),
            count(base.teams),
            count(base.nearest),
            count(base.alone),
        ]);
    }
    Ok(sheet)
}

fn station_sheet(
    room: &Room,
    access: &Access,
    id: &str,
    watch: &mut Watch<'_>,
) -> Result<Sheet, Problem> {
    let known = room.reserves().one(room, id)?;
    let looked = room.reserves().standing(room, &known, watch)?;
    let standing = looked.standing();
    let ground = &standing.prepared.ground;
    let world = room.node().world();
    let title = format!("Reserves {id}");
    let mut sheet = Sheet::new(room.node(), &stations_of(&world)?.provenance, access, &title);
    sheet.header(&[
        "station",
        "district",
        "district_name",
        "class",
        "target_s",
        "teams_in_time",
        "nearest_base",
        "nearest_s",
        "time",
        "guarantee_s",
    ]);
    let gazetteer = room.node().gazetteer();
    let rows = ground.stations.iter().zip(&ground.station_areas).zip(&ground.demands);
    let outlook = standing.outlook.nearest.iter().zip(&standing.outlook.teams);
    for (((station, area), demand), (nearest, &teams)) in rows.zip(outlook) {
        if !access.reaches(area) {
            continue;
        }
        let guarantee = ground.targets.guarantee_s.get(demand.class as usize);
        let base = nearest.and_then(|it| ground.units.get(it.base as usize));
        sheet.row(vec![
            text(station.as_str()),
            text(area.as_str()),
            Cell::Text(area_name(gazetteer, area)),
            text(demand.class.title()),
            count(ground.targets.of(demand)),
            count(teams),
            base.map_or(Cell::Empty, |unit| text(unit.as_str())),
            nearest.map_or(Cell::Empty, |it| count(it.seconds)),
            nearest.map_or(Cell::Empty, |it| match it.basis {
                Basis::Road => text("by road"),
                Basis::Estimated => text("estimated"),
            }),
            guarantee.map_or(Cell::Empty, |&seconds| count(seconds)),
        ]);
    }
    Ok(sheet)
}
