//! Distances on the small: from a spot to a route, and whether a spot lies inside a drawn area.
//!
//! Around each spot the globe is taken as flat: within 200 km at the latitudes of Pakistan the error stays below 1 %.

use super::Place;
use pehra_domain::{Point, point::EARTH_RADIUS_M};

/// Metres east and north of an origin.
fn flat(origin: Point, point: Point) -> (f64, f64) {
    let scale = libm::cos(origin.lat_deg().to_radians());
    let east = (point.lon_deg() - origin.lon_deg()).to_radians() * scale * EARTH_RADIUS_M;
    let north = (point.lat_deg() - origin.lat_deg()).to_radians() * EARTH_RADIUS_M;
    (east, north)
}

fn legs(line: &[Point]) -> impl Iterator<Item = (Point, Point)> {
    line.iter().copied().zip(line.iter().copied().skip(1))
}

/// Metres from a spot to the nearest spot of a line; none of an empty line.
#[must_use]
pub fn distance_to_line_m(spot: Point, line: &[Point]) -> Option<f64> {
    let first = line.first()?;
    let mut nearest = spot.distance_m(*first);
    for (from, to) in legs(line) {
        let ((ax, ay), (bx, by)) = (flat(spot, from), flat(spot, to));
        let (dx, dy) = (bx - ax, by - ay);
        let length = dx * dx + dy * dy;
        let along =
            if length > 0.0 { (-(ax * dx + ay * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
        let (x, y) = (ax + along * dx, ay + along * dy);
        nearest = nearest.min((x * x + y * y).sqrt());
    }
    Some(nearest)
}

/// Metres between two lines that do not cross, 0 where they do; none when one is empty.
#[must_use]
pub fn distance_between_m(ours: &[Point], theirs: &[Point]) -> Option<f64> {
    if legs(ours).any(|one| legs(theirs).any(|other| cross(one, other))) {
        return Some(0.0);
    }
    let from_ours = ours.iter().filter_map(|spot| distance_to_line_m(*spot, theirs));
    let from_theirs = theirs.iter().filter_map(|spot| distance_to_line_m(*spot, ours));
    from_ours.chain(from_theirs).reduce(f64::min)
}

fn cross((a, b): (Point, Point), (c, d): (Point, Point)) -> bool {
    let side = |p: Point, q: Point, r: Point| {
        let wide = |value: i32| i128::from(value);
        let (px, py) = (wide(q.lon_e7) - wide(p.lon_e7), wide(q.lat_e7) - wide(p.lat_e7));
        let (rx, ry) = (wide(r.lon_e7) - wide(p.lon_e7), wide(r.lat_e7) - wide(p.lat_e7));
        (px * ry - py * rx).signum()
    };
    side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0
}

/// Whether a spot lies inside a drawn area (even–odd rule, exact in whole units).
#[must_use]
pub fn is_inside(spot: Point, corners: &[Point]) -> bool {
    let mut inside = false;
    let before = corners.iter().cycle().skip(corners.len().saturating_sub(1));
    for (to, from) in corners.iter().zip(before) {
        let (y, x) = (i128::from(spot.lat_e7), i128::from(spot.lon_e7));
        let (ay, ax) = (i128::from(from.lat_e7), i128::from(from.lon_e7));
        let (by, bx) = (i128::from(to.lat_e7), i128::from(to.lon_e7));
        if (ay > y) == (by > y) {
            continue;
        }
        // x < ax + (y - ay) * (bx - ax) / (by - ay), without dividing.
        let (left, right) = ((x - ax) * (by - ay), (y - ay) * (bx - ax));
        if (by > ay && left < right) || (by < ay && left > right) {
            inside = !inside;
        }
    }
    inside
}

/// Whether two places may be one: the same thing on record, or nearer than their radii and `slack_m` together.
#[must_use]
pub fn touch(ours: &Place, theirs: &Place, slack_m: f64) -> bool {
    if ours.subject.is_some() && ours.subject == theirs.subject {
        return true;
    }
    let reach = f64::from(ours.radius_m) + f64::from(theirs.radius_m) + slack_m;
    distance_between_m(&ours.points, &theirs.points).is_some_and(|apart| apart <= reach)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::desk::spot;

    #[test]
    fn a_spot_beside_a_road_is_as_far_as_it_is_beside_it() {
        let road = [spot(24.9, 67.0), spot(24.9, 67.2)];
        let beside = distance_to_line_m(spot(24.91, 67.1), &road).unwrap();
        assert!((beside - 1_112.0).abs() < 5.0, "{beside}");
        let beyond = distance_to_line_m(spot(24.9, 67.3), &road).unwrap();
        assert!((beyond - spot(24.9, 67.3).distance_m(road[1])).abs() < 20.0);
        assert_eq!(distance_to_line_m(spot(0.0, 0.0), &[]), None);
    }

    #[test]
    fn roads_that_cross_touch_and_parallel_ones_do_not() {
        let road = [spot(24.9, 67.0), spot(24.9, 67.2)];
        let across = [spot(24.8, 67.1), spot(25.0, 67.1)];
        assert_eq!(distance_between_m(&road, &across), Some(0.0));
        let beside = [spot(24.95, 67.0), spot(24.95, 67.2)];
        let apart = distance_between_m(&road, &beside).unwrap();
        assert!((apart - 5_560.0).abs() < 20.0, "{apart}");
    }

    #[test]
    fn a_drawn_area_holds_what_is_inside_whichever_way_it_was_drawn() {
        let mut corners =
            vec![spot(24.0, 66.0), spot(26.0, 66.0), spot(25.5, 67.0), spot(25.0, 66.5)];
        for _ in 0..2 {
            assert!(is_inside(spot(25.2, 66.3), &corners));
            assert!(!is_inside(spot(25.0, 66.8), &corners), "in the notch");
            assert!(!is_inside(spot(27.0, 66.3), &corners));
            corners.reverse();
        }
        assert!(!is_inside(spot(1.0, 1.0), &[]));
    }
}
