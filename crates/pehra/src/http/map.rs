//! What the map shows: points, districts, towns, boundaries.

use crate::{
    http::{
        plans,
        points::{self, Encoded, Source},
        problem::{Code, Fault, Problem},
        reply::accepts_gzip,
        room::Room,
        stations::{StationDetail, detail},
        view::{Assessed, area_name, area_name_ur},
        who::Access,
    },
    world::{StationTable, World},
};
use axum::{
    Json,
    body::Body,
    extract::{Path, Query, State},
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY},
    },
    response::{IntoResponse, Response},
};
use pehra_domain::{Point, station::Station};
use serde::{Deserialize, Serialize};
use std::{ops::Range, sync::Arc};

/// Most names that one look-up answers.
const IDS_MAX: u32 = 10_000;

/// The stations of the world, or the answer that there are none.
pub(super) fn stations_of(world: &World) -> Result<&Arc<StationTable>, Problem> {
    world.stations.as_ref().ok_or_else(|| Problem::about(Code::NotReady, "stations"))
}

/// The stations as columns: see `docs/formats/points.md`. Only those within reach.
#[utoipa::path(get, path = "/api/map/points", tag = "map",
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>),
        (status = 304), (status = 409, body = Fault)))]
pub async fn points(
    State(room): State<Room>,
    access: Access,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let world = room.node().world();
    let stations = stations_of(&world)?.clone();
    let ranges = access.ranges(&stations);
    let source = Source {
        stations,
        assessment: world.assessment.clone(),
        plan: plans::current(room.node(), &world),
        ranges,
    };
    let tag = source.tag();
    let known = headers.get(IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if known.is_some_and(|known| known.contains(&tag)) {
        return Ok(named(StatusCode::NOT_MODIFIED.into_response(), &tag));
    }
    let encoded = match room.points().find(&tag) {
        Some(encoded) => encoded,
        None => encode_apart(&room, source).await?,
    };
    Ok(named(points_response(&encoded, accepts_gzip(&headers)), &tag))
}

async fn encode_apart(room: &Room, source: Source) -> Result<Arc<Encoded>, Problem> {
    let room = room.clone();
    let encoded = tokio::task::spawn_blocking(move || room.points().encoded(&source)).await;
    encoded.map_err(Problem::internal)?.map_err(Problem::internal)
}

fn points_response(encoded: &Encoded, packed: bool) -> Response {
    let bytes = if packed { encoded.packed.clone() } else { encoded.plain.clone() };
    let mut response = Body::from(bytes).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    if packed {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

fn named(mut response: Response, tag: &str) -> Response {
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::try_from(format!("\"{tag}\"")) {
        headers.insert(ETAG, value);
    }
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(VARY, HeaderValue::from_static("accept-encoding, cookie"));
    response
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct MapDistrict {
    /// As in the points' district column.
    pub index: u32,
    pub area: String,
    pub name: String,
    pub name_ur: Option<String>,
    pub province: String,
    pub lat_e7: i32,
    pub lon_e7: i32,
    pub stations: u32,
    /// Normal, sensitive, most: the classes by which forces are due.
    pub classes: [u32; 3],
    /// Convex hull of its stations: `[lat_e7, lon_e7]`, counter-clockwise, not closed.
    pub hull: Vec<[i32; 2]>,
}

/// The districts within reach, in the order of the points' district column.
#[utoipa::path(get, path = "/api/map/districts", tag = "map",
    responses((status = 200, body = Vec<MapDistrict>), (status = 409, body = Fault)))]
pub async fn districts(
    State(room): State<Room>,
    access: Access,
) -> Result<Json<Vec<MapDistrict>>, Problem> {
    let world = room.node().world();
    stations_of(&world)?;
    let out = tokio::task::spawn_blocking(move || map_districts(&room, &world, &access)).await;
    Ok(Json(out.map_err(Problem::internal)?))
}

fn map_districts(room: &Room, world: &World, access: &Access) -> Vec<MapDistrict> {
    let Some(table) = &world.stations else { return Vec::new() };
    let assessed = Assessed::of(table, world.assessment.as_deref());
    let gazetteer = room.node().gazetteer();
    let visible = table.districts.iter().filter(|(area, _)| access.reaches(area));
    (0_u32..)
        .zip(visible)
        .map(|(index, (area, range))| {
            let stations = slice(table, range);
            let mut classes = [0_u32; 3];
            for (position, station) in (range.start as usize..).zip(stations) {
                if let Some(class) = assessed
                    .row(position, station)
                    .map(pehra_domain::risk::StationAssessment::force_class)
                    .or_else(|| station.official_class())
                {
                    classes[usize::from(points::class_byte(class))] += 1;
                }
            }
            let middle = median(stations);
            MapDistrict {
                index,
                area: area.to_string(),
                name: area_name(gazetteer, area),
                name_ur: area_name_ur(gazetteer, area),
                province: area.province().map(|province| province.to_string()).unwrap_or_default(),
                lat_e7: middle.lat_e7,
                lon_e7: middle.lon_e7,
                stations: range.end - range.start,
                classes,
                hull: pairs(hull(stations.iter().map(|station| station.point).collect())),
            }
        })
        .collect()
}

/// The stations of one district.
#[must_use]
pub fn slice<'a>(table: &'a StationTable, range: &Range<u32>) -> &'a [Station] {
    table.stations.get(range.start as usize..range.end as usize).unwrap_or_default()
}

fn median(stations: &[Station]) -> Point {
    let middle = |of: fn(&Station) -> i32| {
        let mut all: Vec<i32> = stations.iter().map(of).collect();
        all.sort_unstable();
        all.get(all.len() / 2).copied().unwrap_or_default()
    };
    Point { lat_e7: middle(|s| s.point.lat_e7), lon_e7: middle(|s| s.point.lon_e7) }
}

fn pairs(points: Vec<Point>) -> Vec<[i32; 2]> {
    points.into_iter().map(|point| [point.lat_e7, point.lon_e7]).collect()
}

/// Convex hull, after A. M. Andrew, "Another efficient algorithm for convex hulls in two dimensions" (1979).
pub(crate) fn hull(mut points: Vec<Point>) -> Vec<Point> {
    points.sort_unstable_by_key(|point| (point.lon_e7, point.lat_e7));
    points.dedup();
    if points.len() < 3 {
        return points;
    }
    let mut out = chain(points.iter().copied());
    out.pop();
    let mut upper = chain(points.iter().rev().copied());
    upper.pop();
    out.append(&mut upper);
    out
}

fn chain(points: impl Iterator<Item = Point>) -> Vec<Point> {
    let mut out: Vec<Point> = Vec::new();
    for point in points {
        while let [.., a, b] = out.as_slice() {
            if turns_left(*a, *b, point) {
                break;
            }
            out.pop();
        }
        out.push(point);
    }
    out
}

fn turns_left(a: Point, b: Point, c: Point) -> bool {
    let wide = |value: i32| i128::from(value);
    let cross = (wide(b.lon_e7) - wide(a.lon_e7)) * (wide(c.lat_e7) - wide(a.lat_e7))
        - (wide(b.lat_e7) - wide(a.lat_e7)) * (wide(c.lon_e7) - wide(a.lon_e7));
    cross > 0
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct MapTown {
    pub name: String,
    pub name_ur: String,
    pub lat_e7: i32,
    pub lon_e7: i32,
    pub population: u32,
}

/// The known towns, largest first.
#[utoipa::path(get, path = "/api/map/towns", tag = "map", responses((status = 200, body = Vec<MapTown>)))]
pub async fn towns(State(room): State<Room>, _: Access) -> Json<Vec<MapTown>> {
    let mut towns: Vec<MapTown> = room
        .node()
        .gazetteer()
        .towns
        .iter()
        .map(|town| MapTown {
            name: town.name.clone(),
            name_ur: town.name_ur.clone(),
            lat_e7: town.point.lat_e7,
            lon_e7: town.point.lon_e7,
            population: town.population,
        })
        .collect();
    towns.sort_by(|a, b| (b.population, &a.name).cmp(&(a.population, &b.name)));
    Json(towns)
}

/// The imported boundaries as GeoJSON; 404 while nothing was imported: then no boundary is drawn.
#[utoipa::path(get, path = "/api/map/boundaries", tag = "map",
    responses((status = 200, content_type = "application/geo+json", body = Object), (status = 404, body = Fault)))]
pub async fn boundaries(State(room): State<Room>, _: Access) -> Result<Response, Problem> {
    let world = room.node().world();
    let listed = world.boundaries.clone().ok_or_else(|| Problem::not_found("boundaries"))?;
    let text = tokio::task::spawn_blocking(move || boundaries_text(&listed.rows)).await;
    let mut response = Body::from(text.map_err(Problem::internal)?).into_response();
    let kind = HeaderValue::from_static("application/geo+json");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    Ok(response)
}

fn boundaries_text(outlines: &[crate::world::Outline]) -> String {
    let features: Vec<serde_json::Value> = outlines
        .iter()
        .map(|outline| {
            let lines: Vec<Vec<[f64; 2]>> = outline
                .rings
                .iter()
                .map(|ring| ring.iter().map(|p| [p.lon_deg(), p.lat_deg()]).collect())
                .collect();
            // Rings are kept as they were read, holes and islands not told apart: they are drawn as lines.
            serde_json::json!({
                "type": "Feature",
                "properties": { "area": outline.area.as_str(), "name": outline.name },
                "geometry": { "type": "MultiLineString", "coordinates": lines },
            })
        })
        .collect();
    serde_json::json!({ "type": "FeatureCollection", "features": features }).to_string()
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct IdsQuery {
    #[serde(default)]
    pub from: u32,
    /// At most 10,000.
    pub count: Option<u32>,
}

/// Names of the stations in the order of the points.
#[utoipa::path(get, path = "/api/map/station-ids", tag = "map", params(IdsQuery),
    responses((status = 200, body = Vec<String>), (status = 409, body = Fault)))]
pub async fn station_ids(
    State(room): State<Room>,
    access: Access,
    Query(query): Query<IdsQuery>,
) -> Result<Json<Vec<String>>, Problem> {
    let world = room.node().world();
    let table = stations_of(&world)?;
    let ranges = access.ranges(table);
    let count = query.count.unwrap_or(IDS_MAX).min(IDS_MAX);
    let ids = (query.from..query.from.saturating_add(count))
        .map_while(|index| points::position_of(&ranges, index))
        .filter_map(|position| Some(table.stations.get(position)?.id.to_string()))
        .collect();
    Ok(Json(ids))
}

/// The station of a point.
#[utoipa::path(get, path = "/api/map/at/{index}", tag = "map", params(("index" = u32, Path)),
    responses((status = 200, body = StationDetail), (status = 404, body = Fault), (status = 409, body = Fault)))]
pub async fn at(
    State(room): State<Room>,
    access: Access,
    Path(index): Path<u32>,
) -> Result<Json<StationDetail>, Problem> {
    let world = room.node().world();
    let table = stations_of(&world)?;
    let position = points::position_of(&access.ranges(table), index);
    let position = position.ok_or_else(|| Problem::not_found(index.to_string()))?;
    detail(&room, &world, &access, position)
        .map(Json)
        .ok_or_else(|| Problem::not_found(index.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(lat_e7: i32, lon_e7: i32) -> Point {
        Point { lat_e7, lon_e7 }
    }

    #[test]
    fn a_hull_keeps_corners_and_drops_what_lies_within_or_on_an_edge() {
        let square = [(0, 0), (0, 10), (10, 10), (10, 0), (5, 5), (0, 5), (5, 10), (0, 0)];
        let hull = pairs(hull(square.iter().map(|&(lat, lon)| point(lat, lon)).collect()));
        assert_eq!(hull, [[0, 0], [0, 10], [10, 10], [10, 0]]);
    }

    #[test]
    fn a_hull_of_two_places_is_the_two_and_of_a_line_its_ends() {
        assert_eq!(hull(vec![point(1, 1), point(2, 2), point(1, 1)]).len(), 2);
        let line = pairs(hull((0..10).map(|n| point(n, n)).collect()));
        assert_eq!(line, [[0, 0], [9, 9]]);
    }

    #[test]
    fn corners_of_the_whole_globe_do_not_overflow() {
        let far = [(-900, -1_800), (-900, 1_800), (900, 1_800), (900, -1_800)];
        let points = far.iter().map(|&(lat, lon)| point(lat * 1_000_000, lon * 1_000_000));
        assert_eq!(hull(points.collect()).len(), 4);
    }
}
