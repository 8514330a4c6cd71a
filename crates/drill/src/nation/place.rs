//! Where the imagined buildings stand: in and around real towns, and scattered over the country between them, always
//! inside a circle that lies wholly within their district.

use super::{
    Draft, DraftBuilding, NationError, Part, narrow, place_in,
    size::{STATIONS_PER_BUILDING_MAX, Size, Sizes},
    stream, wide,
};
use crate::{
    apportion::largest_remainder,
    facts::{Facts, Room},
};
use pehra_domain::{Point, gazetteer::Gazetteer, seed::Seed};
use std::collections::BTreeMap;

/// Metres in one degree of latitude on the sphere of mean radius.
const METRES_PER_DEGREE: f64 = 111_195.08;
/// Buildings of one village stand within this distance of each other.
const VILLAGE_RADIUS_M: u32 = 1_500;
/// A town spreads at about 6,000 people per square kilometre (assumed): 1,000,000 / 6,000 / π square metres.
const M2_PER_PERSON_OVER_PI: u64 = 53;
const TOWN_RADIUS_M_MIN: u32 = 1_200;

/// A district's circles, and which of them surround a town.
pub(super) struct Ground<'f> {
    pub(super) towns: Vec<TownRoom<'f>>,
    pub(super) country: Vec<&'f Room>,
}

pub(super) struct TownRoom<'f> {
    pub(super) room: &'f Room,
    /// Position in the gazetteer.
    pub(super) town: usize,
    pub(super) population: u32,
}

pub(super) fn grounds<'f>(
    facts: &'f Facts,
    gazetteer: &Gazetteer,
) -> Result<Vec<Ground<'f>>, NationError> {
    let towns: BTreeMap<Point, usize> =
        gazetteer.towns.iter().enumerate().map(|(index, town)| (town.point, index)).collect();
    let districts: BTreeMap<&str, usize> = gazetteer
        .districts
        .iter()
        .enumerate()
        .map(|(index, district)| (district.name.as_str(), index))
        .collect();
    let mut grounds: Vec<Ground<'f>> = gazetteer
        .districts
        .iter()
        .map(|_| Ground { towns: Vec::new(), country: Vec::new() })
        .collect();
    for room in &facts.rooms {
        let &district = districts.get(room.district.as_str()).ok_or_else(|| {
            NationError::UnknownDistrict { table: "rooms.csv", name: room.district.clone() }
        })?;
        match towns.get(&room.centre).filter(|_| room.town) {
            Some(&town) => grounds[district].towns.push(TownRoom {
                room,
                town,
                population: gazetteer.towns[town].population,
            }),
            None => grounds[district].country.push(room),
        }
    }
    for (ground, district) in grounds.iter().zip(&gazetteer.districts) {
        if ground.towns.is_empty() && ground.country.is_empty() {
            return Err(NationError::NoRoom { name: district.name.clone() });
        }
    }
    Ok(grounds)
}

pub(super) fn places(
    facts: &Facts,
    gazetteer: &Gazetteer,
    sizes: &Sizes<'_>,
    seed: u64,
) -> Result<Draft, NationError> {
    let grounds = grounds(facts, gazetteer)?;
    let mut draft = Draft { buildings: Vec::new(), stations: Vec::new() };
    let mut next = 0_usize;
    for (district, (ground, size)) in grounds.iter().zip(&sizes.of).enumerate() {
        let mut chance = stream(seed, Part::Place, district);
        let points = points(ground, size, &mut chance);
        let counts = counts(size, &mut chance);
        for (point, count) in points.into_iter().zip(counts) {
            draft.buildings.push(DraftBuilding {
                district,
                point,
                near: nearest(ground, point),
                first: next,
                count,
            });
            next += count;
        }
    }
    Ok(draft)
}

/// How many stations each building holds: one, and the rest dealt at random up to the limit.
fn counts(size: &Size, chance: &mut Seed) -> Vec<usize> {
    let mut counts = vec![1_u64; place_in(size.buildings)];
    let mut left = size.stations - size.buildings;
    while left > 0 {
        let index = place_in(chance.below(size.buildings));
        if counts[index] < STATIONS_PER_BUILDING_MAX {
            counts[index] += 1;
            left -= 1;
        }
    }
    counts.into_iter().map(place_in).collect()
}

fn points(ground: &Ground<'_>, size: &Size, chance: &mut Seed) -> Vec<Point> {
    let in_towns = if ground.towns.is_empty() {
        0
    } else if ground.country.is_empty() {
        size.buildings
    } else {
        // Even a city's outskirts are not all near the one point that a gazetteer gives it.
        size.buildings * (size.urban_permille * 3 / 4).clamp(100, 750) / 1_000
    };
    let mut points = Vec::with_capacity(place_in(size.buildings));
    let weights: Vec<u64> =
        ground.towns.iter().map(|town| u64::from(town.population) + 2_000).collect();
    for (town, count) in ground.towns.iter().zip(largest_remainder(in_towns, &weights)) {
        let radius_m = town_radius_m(town).min(town.room.radius_m);
        for _ in 0..count {
            points.push(about(town.room.centre, radius_m, Spread::Dense, chance));
        }
    }
    let weights: Vec<u64> =
        ground.country.iter().map(|room| u64::from(room.radius_m).pow(2)).collect();
    let rural = size.buildings - wide(points.len());
    for (room, count) in ground.country.iter().zip(largest_remainder(rural, &weights)) {
        villages(room, count, chance, &mut points);
    }
    points
}

/// Buildings between the towns come in villages of one to six.
fn villages(room: &Room, count: u64, chance: &mut Seed, points: &mut Vec<Point>) {
    let village_m = VILLAGE_RADIUS_M.min(room.radius_m / 2);
    let mut left = count;
    while left > 0 {
        let centre = about(room.centre, room.radius_m - village_m, Spread::Even, chance);
        let here = (1 + chance.below(6)).min(left);
        for _ in 0..here {
            points.push(about(centre, village_m, Spread::Even, chance));
        }
        left -= here;
    }
}

/// The radius of a disc with the town's people at the assumed density: `sqrt(people / density / π)`.
fn town_radius_m(town: &TownRoom<'_>) -> u32 {
    narrow((u64::from(town.population) * M2_PER_PERSON_OVER_PI).isqrt()).max(TOWN_RADIUS_M_MIN)
}

/// How points fill a circle.
#[derive(Clone, Copy)]
pub(super) enum Spread {
    /// Equally over the area.
    Even,
    /// Thinning out from the centre: density falls with the distance.
    Dense,
}

/// A random point within `radius_m` of `centre`.
pub(super) fn about(centre: Point, radius_m: u32, spread: Spread, chance: &mut Seed) -> Point {
    let (share, turn) = (chance.unit(), chance.unit());
    let reach = match spread {
        Spread::Even => share.sqrt(),
        Spread::Dense => share,
    };
    let distance_deg = f64::from(radius_m) * reach / METRES_PER_DEGREE;
    let angle = turn * std::f64::consts::TAU;
    let shrink = libm::cos(centre.lat_deg().to_radians()).max(0.01);
    Point::try_from_degrees(
        centre.lat_deg() + distance_deg * libm::sin(angle),
        centre.lon_deg() + distance_deg * libm::cos(angle) / shrink,
    )
    .unwrap_or(centre)
}

/// The nearest of the district's own towns.
fn nearest(ground: &Ground<'_>, point: Point) -> Option<usize> {
    ground.towns.iter().min_by_key(|town| square(town.room.centre, point)).map(|town| town.town)
}

/// A squared distance good enough to compare neighbours: degrees of longitude count seven eighths here (30° N).
pub(super) fn square(a: Point, b: Point) -> i64 {
    let north = i64::from(a.lat_e7) - i64::from(b.lat_e7);
    let east = (i64::from(a.lon_e7) - i64::from(b.lon_e7)) * 7 / 8;
    north * north + east * east
}
