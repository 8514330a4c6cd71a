//! How long one drives between a press and the districts: by the road map where it knows both ends, otherwise estimated in
//! three stretches, since a long way is a trunk road between two districts.

use super::drive::Drive;
use crate::work::roads::Country;
use pehra_domain::Point;
use pehra_plan::{
    allocate::Terrain,
    convoy::travel::{Estimate, Leg, Travel},
};
use std::collections::BTreeMap;

/// The last stretch before a place: so many metres by its district's terrain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct End {
    pub(super) terrain: Terrain,
    pub(super) radius_m: u32,
}

pub(super) struct Haul<'a> {
    drive: Drive<'a>,
    ends: BTreeMap<Point, End>,
}

impl<'a> Haul<'a> {
    /// Places without an end have none: all their way is trunk road.
    pub(super) fn among(
        places: &[Point],
        ends: BTreeMap<Point, End>,
        country: Option<&'a Country>,
    ) -> Self {
        let estimate = Estimate::proposed(Terrain::Plain);
        Self { drive: Drive::among(places.iter().copied(), estimate, country), ends }
    }

    /// Equal for equal travel times.
    pub(super) fn fingerprint(&self) -> String {
        format!("{} {:?}", self.drive.fingerprint(), self.ends)
    }

    fn estimated(&self, from: Point, to: Point) -> Leg {
        let straight_m = from.distance_m(to);
        let end = |place: Point| {
            let end = self.ends.get(&place).copied();
            let end = end.unwrap_or(End { terrain: Terrain::Plain, radius_m: 0 });
            (Estimate::proposed(end.terrain), f64::from(end.radius_m).min(straight_m / 2.0))
        };
        let ((first, first_m), (last, last_m)) = (end(from), end(to));
        let trunk = Estimate::proposed(Terrain::Plain);
        let mut leg = Leg { distance_m: 0, time_s: 0, estimated: true };
        for (estimate, metres) in
            [(first, first_m), (trunk, straight_m - first_m - last_m), (last, last_m)]
        {
            let along = estimate.over(metres);
            leg.distance_m = leg.distance_m.saturating_add(along.distance_m);
            leg.time_s = leg.time_s.saturating_add(along.time_s);
        }
        leg
    }
}

impl Travel for Haul<'_> {
    fn leg(&self, from: Point, to: Point) -> Option<Leg> {
        if self.drive.knows(from, to) {
            self.drive.leg(from, to)
        } else {
            Some(self.estimated(from, to))
        }
    }

    fn time(&self, from: Point, to: Point) -> Option<(u32, bool)> {
        if self.drive.knows(from, to) {
            self.drive.time(from, to)
        } else {
            let leg = self.estimated(from, to);
            Some((leg.time_s, leg.estimated))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mountains_at_the_end_of_a_way_slow_only_its_end() {
        let south = Point::try_from_degrees(30.0, 70.0).unwrap();
        let north = Point::try_from_degrees(32.0, 70.0).unwrap();
        let end = End { terrain: Terrain::Mountain, radius_m: 50_000 };
        let haul = Haul::among(&[south, north], BTreeMap::from([(north, end)]), None);
        // 222.4 km: 172.4 of them at 1.35 and 40 km/h, 50 at 1.9 and 20 km/h.
        let leg = haul.leg(south, north).unwrap();
        assert!(leg.distance_m.abs_diff(172_390 * 135 / 100 + 95_000) < 50, "{leg:?}");
        assert!(leg.time_s.abs_diff(232_726 * 9 / 100 + 17_100) < 10, "{leg:?}");
        assert_eq!(haul.time(north, south), Some((leg.time_s, true)));
        let near = Point::try_from_degrees(31.99, 70.0).unwrap();
        let short = haul.leg(near, north).unwrap();
        assert!(
            short.distance_m < 2_000,
            "half of a short way at the most is the end's: {short:?}"
        );
    }
}
