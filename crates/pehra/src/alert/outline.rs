//! What an area looks like on a partner's map. Outlines are thinned, so that a message stays small; what is lost is said nowhere, and is at most the
//! distance given here.

use crate::world::{Outline, World};
use pehra_domain::{AreaId, Point, gazetteer::Gazetteer};
use pehra_ops::alert::{Circle, RADIUS_M_MAX};

/// Corners of one polygon.
const CORNERS_MAX: usize = 100;
/// Parts of an area that are drawn; the largest ones.
const PARTS_MAX: usize = 8;
/// A circle around places is at least so wide.
const RADIUS_M_MIN: u32 = 1_000;
/// A part is drawn when it is as large as this share of the largest one.
const PART_SHARE: i128 = 50;
/// First distance in ten-millionths of a degree, about 110 m; it doubles until the corners are few enough.
const DISTANCE_E7: f64 = 10_000.0;

/// What is drawn of an area.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drawn {
    pub polygons: Vec<Vec<Point>>,
    pub circles: Vec<Circle>,
}

/// An area as this node knows it: its official outline, the hull of its stations, a circle around them where they are
/// two or stand in a line, or a circle of the district's size around its middle. Nothing for what it does not know.
#[must_use]
pub fn of(world: &World, gazetteer: &Gazetteer, area: &AreaId) -> Drawn {
    let known = world.boundaries.iter().flat_map(|listed| &listed.rows);
    let official: Vec<Vec<Point>> =
        known.filter(|outline| outline.area == *area).flat_map(parts).collect();
    if !official.is_empty() {
        return Drawn { polygons: official, circles: Vec::new() };
    }
    let mut points = Vec::new();
    if let Some(table) = &world.stations {
        let within = table.districts.iter().filter(|(district, _)| area.contains(district));
        for (_, range) in within {
            let stations = crate::http::map::slice(table, range);
            points.extend(stations.iter().map(|station| station.point));
        }
    }
    let hull = crate::http::map::hull(points);
    if hull.len() >= 3 {
        return Drawn { polygons: vec![thin(&hull)], circles: Vec::new() };
    }
    let circle = around(&hull).or_else(|| {
        let district = gazetteer.districts.iter().find(|district| district.area == *area)?;
        let radius_m = metres(district.radius_km() * 1_000.0);
        Some(Circle { centre: district.centre, radius_m })
    });
    Drawn { polygons: Vec::new(), circles: circle.into_iter().collect() }
}

/// The circle through one place, or through two.
fn around(places: &[Point]) -> Option<Circle> {
    let (first, last) = (*places.first()?, *places.last()?);
    let middle = |a: i32, b: i32| a.midpoint(b);
    let centre = Point {
        lat_e7: middle(first.lat_e7, last.lat_e7),
        lon_e7: middle(first.lon_e7, last.lon_e7),
    };
    let farthest = centre.distance_m(first).max(centre.distance_m(last));
    Some(Circle { centre, radius_m: metres(farthest) })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "kept within what an alert may name"
)]
fn metres(radius: f64) -> u32 {
    radius.ceil().clamp(f64::from(RADIUS_M_MIN), f64::from(RADIUS_M_MAX)) as u32
}

/// The outer rings that matter, thinned. A ring with another around it is a hole or an island in one: it is left out.
fn parts(outline: &Outline) -> Vec<Vec<Point>> {
    let rings: Vec<&Vec<Point>> = outline.rings.iter().filter(|ring| ring.len() >= 3).collect();
    let outer = |ring: &&&Vec<Point>| {
        let Some(first) = ring.first() else { return false };
        let around = rings.iter().filter(|other| !std::ptr::eq(**other, **ring));
        !around.into_iter().any(|other| surrounds(other, *first))
    };
    let mut found: Vec<(i128, &Vec<Point>)> =
        rings.iter().filter(outer).map(|ring| (doubled_area(ring).abs(), *ring)).collect();
    found.sort_by_key(|(size, _)| std::cmp::Reverse(*size));
    let largest = found.first().map_or(0, |(size, _)| *size);
    found
        .into_iter()
        .take(PARTS_MAX)
        .filter(|(size, _)| size.saturating_mul(PART_SHARE) >= largest)
        .map(|(_, ring)| thin(ring))
        .filter(|ring| ring.len() >= 3)
        .collect()
}

fn doubled_area(ring: &[Point]) -> i128 {
    let next = ring.iter().skip(1).chain(ring.first());
    ring.iter()
        .zip(next)
        .map(|(a, b)| {
            i128::from(a.lon_e7) * i128::from(b.lat_e7)
                - i128::from(b.lon_e7) * i128::from(a.lat_e7)
        })
        .sum()
}

/// Whether a ring goes around a point: it crosses the ray to the east an odd number of times.
fn surrounds(ring: &[Point], point: Point) -> bool {
    let next = ring.iter().skip(1).chain(ring.first());
    let crossings = ring.iter().zip(next).filter(|(a, b)| {
        if (a.lat_e7 > point.lat_e7) == (b.lat_e7 > point.lat_e7) {
            return false;
        }
        let (dy, dx) = (
            i128::from(b.lat_e7) - i128::from(a.lat_e7),
            i128::from(b.lon_e7) - i128::from(a.lon_e7),
        );
        let up = i128::from(point.lat_e7) - i128::from(a.lat_e7);
        let east = i128::from(point.lon_e7) - i128::from(a.lon_e7);
        if dy > 0 { east * dy < dx * up } else { east * dy > dx * up }
    });
    crossings.count() % 2 == 1
}

/// Drops corners, after Douglas and Peucker (1973), at a distance that doubles until few enough are left.
fn thin(ring: &[Point]) -> Vec<Point> {
    let mut ring = ring.to_vec();
    if ring.len() > 1 && ring.first() == ring.last() {
        ring.pop();
    }
    ring.dedup();
    let mut distance = DISTANCE_E7;
    let mut left = ring.clone();
    while left.len() > CORNERS_MAX {
        left = thinned(&ring, distance);
        distance *= 2.0;
    }
    left
}

fn thinned(ring: &[Point], distance: f64) -> Vec<Point> {
    // The ring is cut at its first corner and at the one farthest from it.
    let Some(first) = ring.first() else { return Vec::new() };
    let far = (0..ring.len()).max_by(|a, b| {
        let of = |at: &usize| ring.get(*at).map_or(0.0, |point| apart(*first, *point));
        of(a).total_cmp(&of(b))
    });
    let far = far.unwrap_or_default();
    let mut kept = vec![false; ring.len()];
    let mut open = vec![(0, far), (far, ring.len())];
    for at in [0, far] {
        if let Some(kept) = kept.get_mut(at) {
            *kept = true;
        }
    }
    while let Some((from, to)) = open.pop() {
        let end = ring.get(to).or_else(|| ring.first());
        let (Some(a), Some(b)) = (ring.get(from), end) else { continue };
        let between = (from + 1..to).filter_map(|at| Some((at, off(*ring.get(at)?, *a, *b))));
        let farthest = between.max_by(|x, y| x.1.total_cmp(&y.1));
        let Some((at, _)) = farthest.filter(|(_, off)| *off > distance) else { continue };
        if let Some(kept) = kept.get_mut(at) {
            *kept = true;
        }
        open.extend([(from, at), (at, to)]);
    }
    ring.iter().zip(kept).filter(|(_, kept)| *kept).map(|(point, _)| *point).collect()
}

fn flat(point: Point) -> (f64, f64) {
    (f64::from(point.lon_e7), f64::from(point.lat_e7))
}

fn apart(a: Point, b: Point) -> f64 {
    let ((ax, ay), (bx, by)) = (flat(a), flat(b));
    (bx - ax).hypot(by - ay)
}

/// How far a point lies from the line between two others.
fn off(point: Point, a: Point, b: Point) -> f64 {
    let ((x, y), (ax, ay), (bx, by)) = (flat(point), flat(a), flat(b));
    let (dx, dy) = (bx - ax, by - ay);
    let length = dx.hypot(dy);
    if length <= 0.0 {
        return (x - ax).hypot(y - ay);
    }
    let along = (((x - ax) * dx + (y - ay) * dy) / (length * length)).clamp(0.0, 1.0);
    (x - ax - along * dx).hypot(y - ay - along * dy)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(corners: &[(i32, i32)]) -> Vec<Point> {
        corners.iter().map(|(lat_e7, lon_e7)| Point { lat_e7: *lat_e7, lon_e7: *lon_e7 }).collect()
    }

    fn outline(rings: Vec<Vec<Point>>) -> Outline {
        Outline {
            area: AreaId::try_new("pk/sindh/thatta").unwrap(),
            name: String::new(),
            division: String::new(),
            province: String::new(),
            rings,
        }
    }

    #[test]
    fn holes_and_specks_are_left_out_and_islands_stay() {
        let land = ring(&[(0, 0), (0, 1_000), (1_000, 1_000), (1_000, 0)]);
        let hole = ring(&[(400, 400), (400, 600), (600, 600), (600, 400)]);
        let island = ring(&[(0, 2_000), (0, 2_500), (500, 2_500), (500, 2_000)]);
        let speck = ring(&[(0, 3_000), (0, 3_010), (10, 3_010)]);
        let found = parts(&outline(vec![speck, hole, island.clone(), land.clone()]));
        assert_eq!(found, [land, island]);
    }

    #[test]
    fn an_area_without_an_outline_is_a_circle_around_what_is_known_of_it() {
        let area = AreaId::try_new("pk/sindh/thatta").unwrap();
        let two = [
            Point { lat_e7: 250_000_000, lon_e7: 680_000_000 },
            Point { lat_e7: 251_000_000, lon_e7: 680_000_000 },
        ];
        let circle = around(&two).unwrap();
        assert_eq!(circle.centre.lat_e7, 250_500_000);
        assert!((5_500..5_600).contains(&circle.radius_m), "{}", circle.radius_m);
        assert_eq!(around(&two[..1]).unwrap().radius_m, RADIUS_M_MIN);
        let gazetteer = crate::facts::gazetteer().unwrap();
        let drawn = of(&World::default(), &gazetteer, &area);
        assert_eq!((drawn.polygons.len(), drawn.circles.len()), (0, 1));
        assert!((10_000..200_000).contains(&drawn.circles[0].radius_m), "{drawn:?}");
        let nowhere = AreaId::try_new("pk/nowhere").unwrap();
        assert_eq!(of(&World::default(), &gazetteer, &nowhere), Drawn::default());
    }

    #[test]
    fn a_long_outline_is_thinned_and_keeps_its_shape() {
        // A circle of 2,000 corners, 0.5 degrees wide.
        let circle: Vec<Point> = (0..2_000)
            .map(|n| {
                let turn = f64::from(n) / 2_000.0 * std::f64::consts::TAU;
                Point::try_from_degrees(25.0 + turn.sin() / 2.0, 68.0 + turn.cos() / 2.0).unwrap()
            })
            .collect();
        let thin = thin(&circle);
        assert!((8..=CORNERS_MAX).contains(&thin.len()), "{}", thin.len());
        let share = doubled_area(&thin).abs() * 1_000 / doubled_area(&circle).abs();
        assert!((985..=1_000).contains(&share), "{share}");
        let closed = [circle.clone(), vec![circle[0]]].concat();
        assert_eq!(super::thin(&closed).first(), Some(&circle[0]));
    }
}
