//! Lists of stations: on screen and as files.

use super::{ClassWord, KindWord, PlaceWord};
use crate::{
    http::{
        export::{Cell, Sheet, count, text},
        map::stations_of,
        problem::{Fault, Problem},
        room::Room,
        view::{Age, Assessed, area_name},
        who::{Access, area_asked},
    },
    world::World,
};
use axum::{
    Json,
    extract::{Query, State},
    response::Response,
};
use pehra_domain::{
    risk::{RiskClass, StationAssessment},
    station::Station,
};
use serde::{Deserialize, Serialize};

const PAGE_MAX: usize = 1_000;
const PAGE: usize = 100;

#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Filter {
    /// A district or province.
    pub district: Option<String>,
    /// The class by which forces are due.
    pub class: Option<ClassWord>,
    /// Only where the official class differs from the computed one.
    #[serde(default)]
    pub disagrees: bool,
    /// Only provisional ones.
    #[serde(default)]
    pub provisional: bool,
    /// At most 1,000.
    pub limit: Option<usize>,
    #[serde(default)]
    pub offset: usize,
    /// `score` (highest first, the default), `name`, `id`, `completeness` (lowest first).
    #[param(inline)]
    pub sort: Option<SortWord>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum SortWord {
    #[default]
    Score,
    Name,
    Id,
    Completeness,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct StationRow {
    pub id: String,
    pub name: String,
    pub kind: KindWord,
    pub district: String,
    /// Computed; none while not assessed.
    pub class: Option<ClassWord>,
    pub official: Option<ClassWord>,
    pub inherent_centi: Option<u16>,
    pub p10_centi: Option<u16>,
    pub p90_centi: Option<u16>,
    pub completeness_pct: Option<u8>,
    pub provisional: bool,
    pub disagrees: bool,
    pub place_basis: PlaceWord,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct StationPage {
    pub total: usize,
    pub rows: Vec<StationRow>,
    #[serde(flatten)]
    pub age: Age,
}

type Found<'a> = (&'a Station, Option<&'a StationAssessment>);

/// Stations within reach, filtered and in order.
#[utoipa::path(get, path = "/api/stations", tag = "stations", params(Filter),
    responses((status = 200, body = StationPage), (status = 409, body = Fault)))]
pub async fn list(
    State(room): State<Room>,
    access: Access,
    Query(filter): Query<Filter>,
) -> Result<Json<StationPage>, Problem> {
    let world = room.node().world();
    stations_of(&world)?;
    let page = tokio::task::spawn_blocking(move || page(&world, &access, &filter)).await;
    page.map_err(Problem::internal)?.map(Json)
}

fn page(world: &World, access: &Access, filter: &Filter) -> Result<StationPage, Problem> {
    let table = stations_of(world)?;
    let found = select(world, access, filter)?;
    let limit = filter.limit.unwrap_or(PAGE).min(PAGE_MAX);
    let rows = found.iter().skip(filter.offset).take(limit).map(|found| row(*found)).collect();
    let provenance = world.assessment.as_ref().map_or(&table.provenance, |table| &table.provenance);
    Ok(StationPage { total: found.len(), rows, age: Age::of(provenance) })
}

fn select<'a>(
    world: &'a World,
    access: &Access,
    filter: &Filter,
) -> Result<Vec<Found<'a>>, Problem> {
    let table = stations_of(world)?;
    let assessed = Assessed::of(table, world.assessment.as_deref());
    let district = area_asked(filter.district.as_deref())?;
    let mut found: Vec<Found<'a>> = Vec::new();
    for (area, range) in &table.districts {
        let wanted = district.as_ref().is_none_or(|district| district.contains(area));
        if !wanted || !access.reaches(area) {
            continue;
        }
        let stations = crate::http::map::slice(table, range);
        for (position, station) in (range.start as usize..).zip(stations) {
            let row = assessed.row(position, station);
            if passes(station, row, filter) {
                found.push((station, row));
            }
        }
    }
    sort(&mut found, filter.sort.unwrap_or_default());
    Ok(found)
}

fn passes(station: &Station, row: Option<&StationAssessment>, filter: &Filter) -> bool {
    let class = row.map(StationAssessment::force_class).or_else(|| station.official_class());
    filter.class.is_none_or(|wanted| class == Some(RiskClass::from(wanted)))
        && (!filter.disagrees || row.is_some_and(StationAssessment::disagrees))
        && (!filter.provisional || row.is_some_and(|row| row.provisional))
}

fn sort(found: &mut [Found<'_>], by: SortWord) {
    match by {
        SortWord::Score => found.sort_by(|(a, x), (b, y)| {
            let score = |row: &Option<&StationAssessment>| row.map(|row| row.inherent_centi);
            score(y).cmp(&score(x)).then_with(|| a.id.cmp(&b.id))
        }),
        SortWord::Name => found.sort_by(|(a, _), (b, _)| (&a.name, &a.id).cmp(&(&b.name, &b.id))),
        SortWord::Id => found.sort_by(|(a, _), (b, _)| a.id.cmp(&b.id)),
        SortWord::Completeness => found.sort_by(|(a, x), (b, y)| {
            let known = |row: &Option<&StationAssessment>| row.map(|row| row.completeness_pct);
            known(x).cmp(&known(y)).then_with(|| a.id.cmp(&b.id))
        }),
    }
}

fn row((station, row): Found<'_>) -> StationRow {
    StationRow {
        id: station.id.to_string(),
        name: station.name.clone(),
        kind: station.kind.into(),
        district: station.district.to_string(),
        class: row.map(|row| row.class.into()),
        official: station.official_class().map(ClassWord::from),
        inherent_centi: row.map(|row| row.inherent_centi),
        p10_centi: row.map(|row| row.p10_centi),
        p90_centi: row.map(|row| row.p90_centi),
        completeness_pct: row.map(|row| row.completeness_pct),
        provisional: row.is_some_and(|row| row.provisional),
        disagrees: row.is_some_and(StationAssessment::disagrees),
        place_basis: station.place_basis.into(),
    }
}

/// The same list as CSV, all rows.
#[utoipa::path(get, path = "/api/stations.csv", tag = "stations", params(Filter),
    responses((status = 200, content_type = "text/csv", body = String), (status = 409, body = Fault)))]
pub async fn csv(
    State(room): State<Room>,
    access: Access,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    export(room, access, filter).await?.csv("stations").await
}

/// The same list as a workbook, all rows.
#[utoipa::path(get, path = "/api/stations.xlsx", tag = "stations", params(Filter),
    responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        body = Vec<u8>), (status = 409, body = Fault)))]
pub async fn xlsx(
    State(room): State<Room>,
    access: Access,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    export(room, access, filter).await?.xlsx("stations").await
}

async fn export(room: Room, access: Access, filter: Filter) -> Result<Sheet, Problem> {
    let sheet = tokio::task::spawn_blocking(move || sheet(&room, &access, &filter)).await;
    sheet.map_err(Problem::internal)?
}

fn sheet(room: &Room, access: &Access, filter: &Filter) -> Result<Sheet, Problem> {
    let world = room.node().world();
    let table = stations_of(&world)?;
    let provenance = world.assessment.as_ref().map_or(&table.provenance, |table| &table.provenance);
    let mut sheet = Sheet::new(room.node(), provenance, access, "Stations");
    sheet.header(&[
        "station",
        "name",
        "kind",
        "district",
        "district_name",
        "building",
        "latitude",
        "longitude",
        "place_basis",
        "voters_men",
        "voters_women",
        "booths_men",
        "booths_women",
        "class",
        "official_class",
        "force_class",
        "score",
        "p10",
        "p90",
        "completeness_pct",
        "provisional",
    ]);
    let gazetteer = room.node().gazetteer();
    for (station, row) in select(&world, access, filter)? {
        let centi =
            |value: Option<u16>| value.map_or(Cell::Empty, |v| Cell::Decimal(f64::from(v) / 100.0));
        let class = |class: Option<RiskClass>| class.map_or(Cell::Empty, |c| text(c.title()));
        let force = row.map(StationAssessment::force_class).or_else(|| station.official_class());
        sheet.row(vec![
            text(station.id.as_str()),
            text(&station.name),
            text(kind_word(station)),
            text(station.district.as_str()),
            Cell::Text(area_name(gazetteer, &station.district)),
            text(station.building.as_str()),
            Cell::Decimal(station.point.lat_deg()),
            Cell::Decimal(station.point.lon_deg()),
            text(place_word(station)),
            count(station.voters.men),
            count(station.voters.women),
            count(station.booths.men),
            count(station.booths.women),
            class(row.map(|row| row.class)),
            class(station.official_class()),
            class(force),
            centi(row.map(|row| row.inherent_centi)),
            centi(row.map(|row| row.p10_centi)),
            centi(row.map(|row| row.p90_centi)),
            row.map_or(Cell::Empty, |row| count(u32::from(row.completeness_pct))),
            text(if row.is_some_and(|row| row.provisional) { "yes" } else { "no" }),
        ]);
    }
    Ok(sheet)
}

fn kind_word(station: &Station) -> &'static str {
    use pehra_domain::station::StationKind;
    match station.kind {
        StationKind::Men => "men",
        StationKind::Women => "women",
        StationKind::Combined => "combined",
    }
}

fn place_word(station: &Station) -> &'static str {
    use pehra_domain::station::PlaceBasis;
    match station.place_basis {
        PlaceBasis::Given => "given",
        PlaceBasis::Repaired => "repaired",
        PlaceBasis::Estimated => "estimated",
    }
}
