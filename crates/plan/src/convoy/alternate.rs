//! Another way for every leg: over a third place, far enough from the first way to be of use when that is closed.
//!
//! Where roads are known they give better alternates; by estimate, a place to one side is the best that can be said,
//! and the leg stays marked as estimated.

use super::travel::Travel;
use pehra_domain::Point;
use serde::{Deserialize, Serialize};

/// A way over `via` (place in the list of candidates).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alternate {
    pub via: u32,
    pub time_s: u32,
    pub distance_m: u32,
    pub estimated: bool,
}

/// The candidate is off the first way by at least this part of its length, in thousandths, and this many metres.
const ASIDE_PERMILLE: f64 = 150.0;
const ASIDE_M: f64 = 500.0;
/// A detour longer than this multiple of the first way is none.
const TIMES_MAX: u32 = 3;

/// Quickest way over one of the candidates that lies aside.
#[must_use]
pub fn alternate(
    from: Point,
    to: Point,
    candidates: &[Point],
    travel: &dyn Travel,
) -> Option<Alternate> {
    let (first_s, _) = travel.time(from, to)?;
    let length_m = from.distance_m(to);
    let aside_m = (length_m * ASIDE_PERMILLE / 1_000.0).max(ASIDE_M);
    let mut best: Option<(u32, u32, Point)> = None;
    for (via, &point) in (0_u32..).zip(candidates) {
        // A via further than twice the leg's length from its start cannot be within the limit by far.
        let reach = from.distance_m(point) + point.distance_m(to);
        if reach > length_m * 3.0 || offset_m(from, to, point) < aside_m {
            continue;
        }
        let (Some(one), Some(two)) = (travel.time(from, point), travel.time(point, to)) else {
            continue;
        };
        let time_s = one.0.saturating_add(two.0);
        let better = best.is_none_or(|(known_s, ..)| time_s < known_s);
        if better && time_s <= first_s.saturating_mul(TIMES_MAX) {
            best = Some((time_s, via, point));
        }
    }
    let (time_s, via, point) = best?;
    let (one, two) = (travel.leg(from, point)?, travel.leg(point, to)?);
    let distance_m = one.distance_m.saturating_add(two.distance_m);
    let estimated = one.estimated || two.estimated;
    Some(Alternate { via, time_s, distance_m, estimated })
}

/// Distance of a point from the straight leg, on a plane that fits near its start.
#[must_use]
pub fn offset_m(from: Point, to: Point, point: Point) -> f64 {
    let (along, leg, aside) = project(from, to, point);
    if leg <= 0.0 {
        return from.distance_m(point);
    }
    if along < 0.0 {
        from.distance_m(point)
    } else if along > leg {
        to.distance_m(point)
    } else {
        aside
    }
}

/// How near a line comes to a place, in metres; infinite for a line of fewer than two points.
#[must_use]
pub fn line_offset_m(line: &[Point], place: Point) -> f64 {
    let parts = line.windows(2).map(|ends| offset_m(ends[0], ends[1], place));
    parts.fold(f64::INFINITY, f64::min)
}

/// Metres along the leg, its length, and metres aside.
pub(super) fn project(from: Point, to: Point, point: Point) -> (f64, f64, f64) {
    const METRES_PER_DEGREE: f64 = 111_195.0;
    let narrow = libm::cos(from.lat_deg().to_radians());
    let plane = |place: Point| {
        let east = (place.lon_deg() - from.lon_deg()) * narrow * METRES_PER_DEGREE;
        (east, (place.lat_deg() - from.lat_deg()) * METRES_PER_DEGREE)
    };
    let (to, point) = (plane(to), plane(point));
    let leg = (to.0 * to.0 + to.1 * to.1).sqrt();
    if leg <= 0.0 {
        return (0.0, 0.0, (point.0 * point.0 + point.1 * point.1).sqrt());
    }
    let along = (point.0 * to.0 + point.1 * to.1) / leg;
    let aside = (point.0 * to.1 - point.1 * to.0).abs() / leg;
    (along, leg, aside)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{allocate::Terrain, convoy::travel::Estimate};

    fn at(lat: f64, lon: f64) -> Point {
        Point::try_from_degrees(lat, lon).unwrap()
    }

    #[test]
    fn the_quickest_place_aside_is_taken_and_one_on_the_way_is_not() {
        let travel = Estimate::proposed(Terrain::Plain);
        let (from, to) = (at(30.0, 70.0), at(30.2, 70.0));
        let candidates = [at(30.1, 70.001), at(30.1, 70.1), at(30.1, 70.06), at(32.0, 70.0)];
        let found = alternate(from, to, &candidates, &travel).unwrap();
        assert_eq!(found.via, 2);
        assert!(found.estimated && found.time_s > travel.leg(from, to).unwrap().time_s);
        assert_eq!(alternate(from, to, &candidates[..1], &travel), None);
        assert_eq!(alternate(from, to, &candidates[3..], &travel), None);
        assert_eq!(alternate(from, from, &candidates, &travel), None);
    }

    #[test]
    fn offsets_are_measured_from_the_leg_not_from_its_line() {
        let (from, to) = (at(30.0, 70.0), at(30.1, 70.0));
        assert!((offset_m(from, to, at(30.05, 70.01)) - 963.0).abs() < 3.0);
        assert!((offset_m(from, to, at(30.2, 70.0)) - 11_119.0).abs() < 20.0);
        assert!((offset_m(from, from, at(30.0, 70.01)) - 963.0).abs() < 3.0);
    }
}
