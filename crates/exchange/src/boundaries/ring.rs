//! One ring: read, mended, checked for crossings, thinned for the screen.

use crate::code::Code;
use crate::finding::{Findings, Outcome};
use pehra_domain::Point;
use serde_json::Value;

/// Metres of one degree of latitude on the mean sphere.
const DEGREE_M: f64 = 111_195.0;

/// Reads a ring; an open one is closed, repeated points are left out; fewer than three different points are no
/// ring.
pub(super) fn read(
    row: u32,
    name: &str,
    value: &Value,
    findings: &mut Findings,
    outcome: &mut Outcome,
) -> Option<Vec<Point>> {
    let given = value.as_array().map(Vec::as_slice).unwrap_or_default();
    let mut points: Vec<Point> = Vec::with_capacity(given.len());
    let mut lost = 0_usize;
    for pair in given {
        let number = |at: usize| pair.get(at).and_then(Value::as_f64);
        let point = match (number(0), number(1)) {
            (Some(lon), Some(lat)) => Point::try_from_degrees(lat, lon),
            _ => None,
        };
        match point {
            Some(point) if points.last() != Some(&point) => points.push(point),
            Some(_) => {}
            None => lost += 1,
        }
    }
    let closed = points.len() > 1 && points.first() == points.last();
    let different = if closed { points.len() - 1 } else { points.len() };
    if different < 3 {
        findings.push(Code::RingBroken, row, "geometry", name, "");
        *outcome = (*outcome).max(Outcome::Repaired);
        return None;
    }
    if lost > 0 {
        let was = format!("{lost} points of {name}");
        findings.push(Code::CoordinateInvalid, row, "geometry", &was, "left out");
        *outcome = (*outcome).max(Outcome::Repaired);
    }
    if !closed {
        findings.push(Code::RingOpen, row, "geometry", name, "");
        *outcome = (*outcome).max(Outcome::Repaired);
        points.extend(points.first().copied());
    }
    let crossings = crossings(&points);
    if crossings > 0 {
        let times = format!("{crossings} times");
        findings.push(Code::RingCrossing, row, "geometry", name, &times);
        *outcome = (*outcome).max(Outcome::Repaired);
    }
    Some(points)
}

fn cross(a: Point, b: Point, c: Point) -> i128 {
    let along = |from: i32, to: i32| i128::from(to) - i128::from(from);
    along(a.lon_e7, b.lon_e7) * along(a.lat_e7, c.lat_e7)
        - along(a.lat_e7, b.lat_e7) * along(a.lon_e7, c.lon_e7)
}

/// Pairs of sides that properly cross; touching ends do not count. Sides are swept from west to east, so only
/// sides whose longitudes overlap are compared.
fn crossings(ring: &[Point]) -> usize {
    let mut sides: Vec<(i32, i32, Point, Point)> = ring
        .windows(2)
        .filter_map(|pair| match pair {
            [a, b] => Some((a.lon_e7.min(b.lon_e7), a.lon_e7.max(b.lon_e7), *a, *b)),
            _ => None,
        })
        .collect();
    sides.sort_unstable();
    let mut count = 0;
    for (index, &(_, east, a, b)) in sides.iter().enumerate() {
        let rest = sides.get(index + 1..).unwrap_or_default();
        for &(_, _, c, d) in rest.iter().take_while(|other| other.0 <= east).take(4096) {
            let apart = a.lat_e7.max(b.lat_e7) < c.lat_e7.min(d.lat_e7)
                || c.lat_e7.max(d.lat_e7) < a.lat_e7.min(b.lat_e7);
            if apart {
                continue;
            }
            let sides_of_ab = cross(a, b, c).signum() * cross(a, b, d).signum();
            let sides_of_cd = cross(c, d, a).signum() * cross(c, d, b).signum();
            if sides_of_ab < 0 && sides_of_cd < 0 {
                count += 1;
            }
        }
    }
    count
}

/// Leaves out points that lie within `tolerance_m` metres of the line between those kept (Douglas and Peucker,
/// "Algorithms for the reduction of the number of points required to represent a digitized line", 1973). The
/// first and last points stay; a ring keeps at least four points.
#[must_use]
pub fn simplify(ring: &[Point], tolerance_m: f64) -> Vec<Point> {
    if ring.len() <= 4 {
        return ring.to_vec();
    }
    let mut keep = vec![false; ring.len()];
    let middle = ring.len() / 2;
    // A closed ring has no span between its ends: it is cut in the middle first.
    for at in [0, middle, ring.len() - 1] {
        keep[at] = true;
    }
    let mut open = vec![(0, middle), (middle, ring.len() - 1)];
    while let Some((from, to)) = open.pop() {
        let Some((at, distance)) = farthest(ring, from, to) else { continue };
        if distance > tolerance_m {
            keep[at] = true;
            open.push((from, at));
            open.push((at, to));
        }
    }
    let kept: Vec<Point> =
        ring.iter().zip(&keep).filter(|(_, keep)| **keep).map(|(point, _)| *point).collect();
    if kept.len() >= 4 {
        kept
    } else {
        ring.iter().step_by(ring.len() / 4).chain(ring.last()).copied().collect()
    }
}

fn farthest(ring: &[Point], from: usize, to: usize) -> Option<(usize, f64)> {
    let (a, b) = (*ring.get(from)?, *ring.get(to)?);
    let shrink = libm::cos(a.lat_deg().to_radians());
    let flat = |point: Point| {
        let north = (point.lat_deg() - a.lat_deg()) * DEGREE_M;
        ((point.lon_deg() - a.lon_deg()) * shrink * DEGREE_M, north)
    };
    let (bx, by) = flat(b);
    let span = bx * bx + by * by;
    let mut best = None;
    for (offset, &point) in ring.get(from + 1..to)?.iter().enumerate() {
        let (x, y) = flat(point);
        let along = if span > 0.0 { ((x * bx + y * by) / span).clamp(0.0, 1.0) } else { 0.0 };
        let (dx, dy) = (x - along * bx, y - along * by);
        let distance = (dx * dx + dy * dy).sqrt();
        if best.is_none_or(|(_, most)| distance > most) {
            best = Some((from + 1 + offset, distance));
        }
    }
    best
}
