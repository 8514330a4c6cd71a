//! One basing with its stations: figures, map, what if, and two side by side.

use super::{ReserveRow, ReserveTargets};
use crate::{
    http::{
        given::Given,
        leave::Waiting,
        map::stations_of,
        points,
        problem::{Code, Fault, Problem},
        room::Room,
        stations::ClassWord,
        view::{area_name, area_name_ur},
        who::Access,
    },
    work::reserves::{self as work, Change, Question, Standing},
    world::World,
};
use axum::{
    Json,
    extract::{Path, Query, State},
    http::{HeaderValue, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use pehra_domain::{Point, UnitId, progress::Watch, risk::RiskClass};
use pehra_plan::reserve::base::{Basis, Block, ClassLine, Outlook, lines};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, time::Instant};

/// Most bases lost, roads blocked and teams added in one question.
const LOST_MAX: usize = 100;
const BLOCKS_MAX: usize = 20;
const MORE_MAX: u32 = 200;
/// Stations that an answer names; all of them are counted and pointed at.
const NAMED_MAX: usize = 300;

/// A class within the asker's reach.
#[derive(Clone, Copy, Debug, Serialize, utoipa::ToSchema)]
pub struct ReserveClass {
    pub class: ClassWord,
    pub stations: u32,
    /// In time by one team, and by two.
    pub reached: u32,
    pub twice: u32,
    /// Within the guarantee, and how long the worst one waits (none: some have no way at all).
    pub guaranteed: u32,
    pub worst_s: Option<u32>,
    /// Nearest teams whose time is estimated.
    pub estimated: u32,
}

/// A base within the asker's reach.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ReserveBase {
    pub unit: String,
    pub name: String,
    pub area: String,
    pub area_name: String,
    pub area_name_ur: Option<String>,
    pub lat: f64,
    pub lon: f64,
    /// Teams there.
    pub teams: u32,
    /// Stations of which it is the nearest, and such as no other team reaches in time.
    pub nearest: u32,
    pub alone: u32,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ReserveDetail {
    #[serde(flatten)]
    pub row: ReserveRow,
    pub targets: ReserveTargets,
    pub classes: Vec<ReserveClass>,
    pub base_list: Vec<ReserveBase>,
    /// Units, stations, classes or roads are not those that it was chosen on: what stands here is of today's.
    pub outdated: bool,
    pub input_hash: String,
    pub has_roads: bool,
}

/// One basing with its figures and its bases.
#[utoipa::path(get, path = "/api/reserves/{id}", tag = "reserves", params(("id" = String, Path)),
    responses((status = 200, body = ReserveDetail), (status = 404, body = Fault)))]
pub async fn one(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
) -> Result<Json<ReserveDetail>, Problem> {
    ask(room, move |room, watch| {
        let known = room.reserves().one(room, &id)?;
        let looked = room.reserves().standing(room, &known, watch)?;
        let standing = looked.standing();
        let ground = &standing.prepared.ground;
        let within = Within::of(&access, standing);
        let world = room.node().world();
        let input =
            known.found.as_ref().map_or(ground.input, |it| it.proposal.summary.input_hash.0);
        Ok(Json(ReserveDetail {
            row: known.row(),
            targets: (&ground.targets).into(),
            classes: within.classes(standing, &standing.outlook),
            base_list: bases(room, &world, &access, standing, &standing.open),
            outdated: looked.outdated,
            input_hash: crate::auth::hex(&input),
            has_roads: ground.roads().is_some(),
        }))
    })
    .await
}

/// Which stations of a basing the asker may see.
struct Within(Option<Vec<bool>>);

impl Within {
    fn of(access: &Access, standing: &Standing) -> Self {
        let areas = &standing.prepared.ground.station_areas;
        let mut known = BTreeMap::new();
        let seen: Vec<bool> = areas
            .iter()
            .map(|area| *known.entry(area).or_insert_with(|| access.reaches(area)))
            .collect();
        Self(if seen.iter().all(|seen| *seen) { None } else { Some(seen) })
    }

    fn has(&self, place: usize) -> bool {
        self.0.as_ref().is_none_or(|seen| seen.get(place).is_some_and(|seen| *seen))
    }

    fn classes(&self, standing: &Standing, outlook: &Outlook) -> Vec<ReserveClass> {
        let ground = &standing.prepared.ground;
        let found = match &self.0 {
            None => outlook.classes,
            Some(_) => {
                let of = (outlook.nearest.as_slice(), outlook.teams.as_slice());
                lines(&ground.demands, &ground.targets, of, &|place| self.has(place))
            }
        };
        RiskClass::ALL
            .into_iter()
            .zip(&found)
            .map(|(class, line)| class_view(class, line))
            .collect()
    }
}

fn class_view(class: RiskClass, line: &ClassLine) -> ReserveClass {
    ReserveClass {
        class: class.into(),
        stations: line.places,
        reached: line.reached,
        twice: line.twice,
        guaranteed: line.guaranteed,
        worst_s: line.worst_s,
        estimated: line.estimated,
    }
}

/// Some bases within reach, by district and unit. A station that one team alone reaches is reached by its nearest.
pub(super) fn bases(
    room: &Room,
    world: &World,
    access: &Access,
    standing: &Standing,
    of: &[u32],
) -> Vec<ReserveBase> {
    let ground = &standing.prepared.ground;
    let mut counts: BTreeMap<u32, (u32, u32)> = BTreeMap::new();
    for (nearest, &teams) in standing.outlook.nearest.iter().zip(&standing.outlook.teams) {
        let Some(nearest) = nearest else { continue };
        let (near, alone) = counts.entry(nearest.base).or_default();
        *near += 1;
        *alone += u32::from(teams == 1);
    }
    let name = |unit: &UnitId| {
        let table = world.units.as_ref()?;
        let position = *table.by_unit.get(unit)?;
        Some(table.units.get(position as usize)?.name.clone())
    };
    let gazetteer = room.node().gazetteer();
    let view = |(&base, &teams): (&u32, &u32)| {
        let at = base as usize;
        let (unit, area, point) =
            (ground.units.get(at)?, ground.unit_areas.get(at)?, ground.bases.get(at)?);
        let (nearest, alone) = counts.get(&base).copied().unwrap_or_default();
        access.reaches(area).then(|| ReserveBase {
            unit: unit.to_string(),
            name: name(unit).unwrap_or_default(),
            area: area.to_string(),
            area_name: area_name(gazetteer, area),
            area_name_ur: area_name_ur(gazetteer, area),
            lat: point.lat_deg(),
            lon: point.lon_deg(),
            teams,
            nearest,
            alone,
        })
    };
    let mut held: BTreeMap<u32, u32> = BTreeMap::new();
    for &base in of {
        *held.entry(base).or_default() += 1;
    }
    let mut found: Vec<ReserveBase> = held.iter().filter_map(view).collect();
    found.sort_by(|a, b| (&a.area, &a.unit).cmp(&(&b.area, &b.unit)));
    found
}

/// Two bytes for each of the map's points, in their order. The first: 0 does not vote in this poll, 1 reached in time by
/// two teams or more, 2 by one, 3 late but within the guarantee, 4 beyond it, 5 no way at all; 8 more where the time is
/// estimated. The second: minutes to the nearest team, begun ones counted, 255 for more and for no way.
#[utoipa::path(get, path = "/api/reserves/{id}/map", tag = "reserves", params(("id" = String, Path)),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>), (status = 404, body = Fault)))]
pub async fn map(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    ask(room, move |room, watch| {
        let known = room.reserves().one(room, &id)?;
        let looked = room.reserves().standing(room, &known, watch)?;
        let bytes = points_of(room, &access, looked.standing())?;
        let mut response = bytes.into_response();
        let kind = HeaderValue::from_static("application/octet-stream");
        response.headers_mut().insert(CONTENT_TYPE, kind);
        Ok(response)
    })
    .await
}

fn points_of(room: &Room, access: &Access, standing: &Standing) -> Result<Vec<u8>, Problem> {
    let world = room.node().world();
    let table = stations_of(&world)?;
    let ranges = access.ranges(table);
    let mut bytes = vec![0; 2 * points::count(&ranges) as usize];
    for (place, station) in standing.prepared.ground.stations.iter().enumerate() {
        let position = table.by_station.get(station).map(|&position| position as usize);
        let index = position.and_then(|position| points::index_of(&ranges, position));
        let Some(index) = index else { continue };
        let at = 2 * index as usize;
        if let Some(pair) = bytes.get_mut(at..at + 2) {
            pair.copy_from_slice(&code(standing, &standing.outlook, place));
        }
    }
    Ok(bytes)
}

fn code(standing: &Standing, outlook: &Outlook, place: usize) -> [u8; 2] {
    let ground = &standing.prepared.ground;
    let nearest = outlook.nearest.get(place).copied().flatten();
    let teams = outlook.teams.get(place).copied().unwrap_or_default();
    let guarantee = ground.demands.get(place).map_or(0, |demand| {
        ground.targets.guarantee_s.get(demand.class as usize).copied().unwrap_or_default()
    });
    let Some(nearest) = nearest else { return [5, u8::MAX] };
    let cover = match teams {
        0 if nearest.seconds <= guarantee => 3,
        0 => 4,
        1 => 2,
        _ => 1,
    };
    let estimated = if nearest.basis == Basis::Estimated { 8 } else { 0 };
    let minutes = u8::try_from(nearest.seconds.div_ceil(60)).unwrap_or(u8::MAX);
    [cover + estimated, minutes]
}

#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct ReserveIf {
    /// Units whose places are lost.
    pub lose: Vec<String>,
    /// Lines that no way may cross: latitude and longitude of both ends, in degrees.
    pub blocks: Vec<[f64; 4]>,
    /// Teams that come in addition.
    pub more: u32,
}

impl ReserveIf {
    fn question(&self) -> Result<Question, Problem> {
        let refused = |what: String| Problem::about(Code::ValueRefused, what);
        if self.lose.len() > LOST_MAX || self.blocks.len() > BLOCKS_MAX || self.more > MORE_MAX {
            return Err(refused(format!(
                "at most {LOST_MAX} bases, {BLOCKS_MAX} lines and {MORE_MAX} teams"
            )));
        }
        let lose: Result<Vec<UnitId>, _> =
            self.lose.iter().map(|unit| UnitId::try_new(unit.as_str())).collect();
        let end = |lat, lon| {
            Point::try_from_degrees(lat, lon).ok_or_else(|| refused(format!("{lat},{lon}")))
        };
        let line = |&[a, b, c, d]: &[f64; 4]| Ok(Block { from: end(a, b)?, to: end(c, d)? });
        let blocks: Result<Vec<Block>, Problem> = self.blocks.iter().map(line).collect();
        let question = Question { lose: lose?, blocks: blocks?, more: self.more as usize };
        if question.is_empty() {
            return Err(refused("lose, blocks, more".to_owned()));
        }
        Ok(question)
    }
}

/// A station that loses all help in time.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ReserveLost {
    pub station: String,
    pub class: ClassWord,
    pub area_name: String,
    pub area_name_ur: Option<String>,
    /// To the nearest team before, and afterwards; none: no way at all.
    pub was_s: Option<u32>,
    pub now_s: Option<u32>,
    pub estimated: bool,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ReserveIfAnswer {
    pub teams: u32,
    pub classes: Vec<ReserveClass>,
    /// Stations that lose, and that gain, all help in time.
    pub lose: u32,
    pub gain: u32,
    /// The first of those that lose it, most sensitive first.
    pub lost: Vec<ReserveLost>,
    /// All of them as numbers of the map's points.
    pub lost_points: Vec<u32>,
    pub gained_points: Vec<u32>,
    /// Where the teams that came in addition are based.
    pub added: Vec<ReserveBase>,
    pub took_ms: u64,
}

/// What a basing would be after losses, blocks and reinforcements. Signs nothing.
#[utoipa::path(post, path = "/api/reserves/{id}/what-if", tag = "reserves", params(("id" = String, Path)),
    request_body = ReserveIf, responses((status = 200, body = ReserveIfAnswer), (status = 404, body = Fault), (status = 422, body = Fault)))]
pub async fn what_if(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Given(wish): Given<ReserveIf>,
) -> Result<Json<ReserveIfAnswer>, Problem> {
    let question = wish.question()?;
    ask(room, move |room, watch| {
        let begun = Instant::now();
        let known = room.reserves().one(room, &id)?;
        let looked = room.reserves().standing(room, &known, watch)?;
        let change = looked.standing().change(&question, watch)?;
        let took_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        answer(room, &access, looked.standing(), &change, took_ms).map(Json)
    })
    .await
}

fn answer(
    room: &Room,
    access: &Access,
    standing: &Standing,
    change: &Change,
    took_ms: u64,
) -> Result<ReserveIfAnswer, Problem> {
    let world = room.node().world();
    let table = stations_of(&world)?;
    let ranges = access.ranges(table);
    let within = Within::of(access, standing);
    let ground = &standing.prepared.ground;
    let seen = |places: &[usize]| -> Vec<usize> {
        places.iter().copied().filter(|&place| within.has(place)).collect()
    };
    let (mut lose, gain) = (seen(&change.lose), seen(&change.gain));
    let index = |place: &usize| {
        let position = *table.by_station.get(ground.stations.get(*place)?)?;
        points::index_of(&ranges, position as usize)
    };
    let (lost_points, gained_points) =
        (lose.iter().filter_map(index).collect(), gain.iter().filter_map(index).collect());
    let count = |places: &[usize]| u32::try_from(places.len()).unwrap_or(u32::MAX);
    let (lost, gained) = (count(&lose), count(&gain));
    lose.sort_by_key(|&place| {
        std::cmp::Reverse(ground.demands.get(place).map_or(0, |demand| demand.class as u8))
    });
    let gazetteer = room.node().gazetteer();
    let view = |&place: &usize| {
        let at = |outlook: &Outlook| outlook.nearest.get(place).copied().flatten();
        let (was, now) = (at(&standing.outlook), at(&change.outlook));
        let area = ground.station_areas.get(place)?;
        Some(ReserveLost {
            station: ground.stations.get(place)?.to_string(),
            class: ground.demands.get(place)?.class.into(),
            area_name: area_name(gazetteer, area),
            area_name_ur: area_name_ur(gazetteer, area),
            was_s: was.map(|nearest| nearest.seconds),
            now_s: now.map(|nearest| nearest.seconds),
            estimated: now.or(was).is_some_and(|nearest| nearest.basis == Basis::Estimated),
        })
    };
    let added = beyond(&change.open, &standing.open);
    Ok(ReserveIfAnswer {
        teams: u32::try_from(change.open.len()).unwrap_or(u32::MAX),
        classes: within.classes(standing, &change.outlook),
        lose: lost,
        gain: gained,
        lost: lose.iter().take(NAMED_MAX).filter_map(view).collect(),
        lost_points,
        gained_points,
        added: bases(room, &world, access, standing, &added),
        took_ms,
    })
}

#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TwoReserves {
    pub a: String,
    pub b: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ReserveComparison {
    pub classes_a: Vec<ReserveClass>,
    pub classes_b: Vec<ReserveClass>,
    /// Bases of one alone.
    pub only_a: Vec<ReserveBase>,
    pub only_b: Vec<ReserveBase>,
    pub shared: u32,
    /// Stations that lose, and that gain, all help in time from the first to the second.
    pub lose: u32,
    pub gain: u32,
}

/// Two basings side by side, both by the lists that the second stands on.
#[utoipa::path(get, path = "/api/reserves/compare", tag = "reserves", params(TwoReserves),
    responses((status = 200, body = ReserveComparison), (status = 404, body = Fault)))]
pub async fn compare(
    State(room): State<Room>,
    access: Access,
    Query(two): Query<TwoReserves>,
) -> Result<Json<ReserveComparison>, Problem> {
    ask(room, move |room, watch| {
        let mut of = |id: &str| {
            let known = room.reserves().one(room, id)?;
            room.reserves().standing(room, &known, watch)
        };
        let (first, second) = (of(&two.a)?, of(&two.b)?);
        let second = second.standing();
        let moved;
        let first = if std::sync::Arc::ptr_eq(&first.standing().prepared, &second.prepared) {
            first.standing()
        } else {
            moved = work::elsewhere(first.standing(), &second.prepared, watch)?;
            &moved
        };
        Ok(Json(side_by_side(room, &access, first, second)))
    })
    .await
}

fn side_by_side(
    room: &Room,
    access: &Access,
    first: &Standing,
    second: &Standing,
) -> ReserveComparison {
    let within = Within::of(access, second);
    let (lose, gain) = pehra_plan::reserve::base::changed(&first.outlook, &second.outlook);
    let seen = |places: &[usize]| {
        let seen = places.iter().filter(|&&place| within.has(place)).count();
        u32::try_from(seen).unwrap_or(u32::MAX)
    };
    let world = room.node().world();
    let view = |of: &Standing, only: &[u32]| bases(room, &world, access, of, only);
    let (only_a, only_b) = (beyond(&first.open, &second.open), beyond(&second.open, &first.open));
    ReserveComparison {
        classes_a: within.classes(first, &first.outlook),
        classes_b: within.classes(second, &second.outlook),
        shared: u32::try_from(second.open.len() - only_b.len()).unwrap_or(u32::MAX),
        only_a: view(first, &only_a),
        only_b: view(second, &only_b),
        lose: seen(&lose),
        gain: seen(&gain),
    }
}

/// The teams of some bases beyond those of others, base by base.
fn beyond(of: &[u32], others: &[u32]) -> Vec<u32> {
    let mut left: BTreeMap<u32, u32> = BTreeMap::new();
    for &base in others {
        *left.entry(base).or_default() += 1;
    }
    let more = of.iter().copied().filter(|base| match left.get_mut(base) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    });
    more.collect()
}

/// Works something out off the async threads, for as long as somebody waits for it.
pub(super) async fn ask<T: Send + 'static>(
    room: Room,
    work: impl FnOnce(&Room, &mut Watch<'_>) -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let waiting = Waiting::default();
    let wish = waiting.wish(&room);
    let done = tokio::task::spawn_blocking(move || {
        let mut watch = wish.watch();
        work(&room, &mut watch)
    })
    .await;
    drop(waiting);
    done.map_err(Problem::internal)?
}
