//! The line of a way on the map, from where it leaves the first road's side to where it comes to the last.

use pehra_domain::{Point, point::length_m, road::RoadNetwork};
use pehra_plan::road::{anchor::Anchor, graph::RoadGraph, route::Way};

/// A place, and where it touches its road.
pub type Touching<'a> = (Point, &'a Anchor);

/// Points in order of travel, both places included.
#[must_use]
pub(super) fn line(
    (network, graph): (&RoadNetwork, &RoadGraph),
    way: &Way,
    (from, start): Touching<'_>,
    (to, end): Touching<'_>,
) -> Vec<Point> {
    let driven = way.arcs.iter().flat_map(|&arc| {
        let drive = graph.drives[arc];
        let mut points: Vec<Point> = network.line_of(drive.stretch()).collect();
        if !drive.forth() {
            points.reverse();
        }
        points
    });
    let driven: Vec<Point> = driven.collect();
    let own = |anchor: &Anchor| Own::of(network, anchor);
    let (before, after) = match (driven.first(), driven.last()) {
        (Some(&first), Some(&last)) => (own(start).leaving(first), own(end).coming(last)),
        _ if start.stretch == end.stretch => (own(start).until(end.share_permille), Vec::new()),
        // Both ways along their own stretches meet at a junction.
        _ => {
            let met = own(start).ends().into_iter().flatten();
            let met = met.filter(|end_point| own(end).ends().contains(&Some(*end_point)));
            let ways = met.map(|at| (own(start).leaving(at), own(end).coming(at)));
            let shorter = |(one, other): &(Vec<Point>, Vec<Point>)| length_m(one) + length_m(other);
            ways.min_by(|a, b| shorter(a).total_cmp(&shorter(b))).unwrap_or_default()
        }
    };
    let mut line = vec![from];
    for point in before.into_iter().chain(driven).chain(after).chain([to]) {
        if line.last() != Some(&point) {
            line.push(point);
        }
    }
    if line.len() == 1 {
        line.push(to);
    }
    line
}

/// From an anchor to a share of its stretch, in thousandths of its length from its first junction.
#[must_use]
pub(super) fn part(network: &RoadNetwork, anchor: &Anchor, permille: u32) -> Vec<Point> {
    Own::of(network, anchor).until(permille)
}

/// The stretch of an anchor, in two parts.
struct Own {
    points: Vec<Point>,
    share_permille: u32,
}

impl Own {
    fn of(network: &RoadNetwork, anchor: &Anchor) -> Self {
        Self {
            points: network.line_of(anchor.stretch as usize).collect(),
            share_permille: anchor.share_permille,
        }
    }

    fn ends(&self) -> [Option<Point>; 2] {
        [self.points.first().copied(), self.points.last().copied()]
    }

    /// From the anchor to an end of the stretch.
    fn leaving(&self, to: Point) -> Vec<Point> {
        match self.ends() {
            [_, Some(last)] if last == to => self.until(1_000),
            [Some(first), _] if first == to => self.until(0),
            _ => Vec::new(),
        }
    }

    /// From an end of the stretch to the anchor.
    fn coming(&self, from: Point) -> Vec<Point> {
        let mut points = self.leaving(from);
        points.reverse();
        points
    }

    /// From the anchor to another share of the stretch, in thousandths of its length from its first junction.
    fn until(&self, permille: u32) -> Vec<Point> {
        let (low, high) = (self.share_permille.min(permille), self.share_permille.max(permille));
        let all = length_m(&self.points);
        let (low_m, high_m) = (all * f64::from(low) / 1e3, all * f64::from(high) / 1e3);
        let mut found = Vec::new();
        let mut gone = 0.0;
        for part in self.points.windows(2) {
            let (from, to) = (part[0], part[1]);
            let length = from.distance_m(to);
            let share = |metres: f64| if length > 0.0 { (metres - gone) / length } else { 0.0 };
            if gone + length >= low_m && found.is_empty() {
                found.push(between(from, to, share(low_m)));
            }
            if !found.is_empty() {
                let inside = gone + length < high_m;
                found.push(if inside { to } else { between(from, to, share(high_m)) });
                if !inside {
                    break;
                }
            }
            gone += length;
        }
        if permille < self.share_permille {
            found.reverse();
        }
        found
    }
}

/// A share of the way from one point to a near one.
fn between(from: Point, to: Point, share: f64) -> Point {
    let on = |from: i32, to: i32| {
        let step = (f64::from(to) - f64::from(from)) * share.clamp(0.0, 1.0);
        whole(f64::from(from) + step)
    };
    Point { lat_e7: on(from.lat_e7, to.lat_e7), lon_e7: on(from.lon_e7, to.lon_e7) }
}

#[expect(clippy::cast_possible_truncation, reason = "between two coordinates")]
fn whole(e7: f64) -> i32 {
    e7.round() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(share_permille: u32) -> Own {
        let at = |lat_e7| Point { lat_e7, lon_e7: 700_000_000 };
        Own { points: vec![at(0), at(10_000), at(40_000)], share_permille }
    }

    fn lats(points: &[Point]) -> Vec<i32> {
        points.iter().map(|point| point.lat_e7).collect()
    }

    #[test]
    fn a_stretch_is_followed_from_its_anchor_either_way() {
        assert_eq!(lats(&own(500).until(1_000)), [20_000, 40_000]);
        assert_eq!(lats(&own(500).until(0)), [20_000, 10_000, 0]);
        assert_eq!(lats(&own(125).until(500)), [5_000, 10_000, 20_000]);
        assert_eq!(lats(&own(500).until(125)), [20_000, 10_000, 5_000]);
        assert_eq!(lats(&own(1_000).until(0)), [40_000, 10_000, 0]);
    }

    #[test]
    fn what_begins_at_a_junction_needs_no_part_of_its_stretch() {
        let far = Point { lat_e7: 99, lon_e7: 0 };
        assert_eq!(lats(&own(250).coming(Point { lat_e7: 0, lon_e7: 700_000_000 })), [0, 10_000]);
        assert!(own(250).leaving(far).is_empty());
    }
}
