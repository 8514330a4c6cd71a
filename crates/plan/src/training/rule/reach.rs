//! How far anybody is called: within the own province, and no longer way than the bound.

use crate::allocate::{DistanceModel, Place, travel_m};
use pehra_domain::{AreaId, Point};

/// A place that somebody starts from or goes to.
#[derive(Clone, Debug)]
pub struct Site {
    province: Option<AreaId>,
    place: Place,
    detour_permille: u32,
}

impl Site {
    #[must_use]
    pub fn new(district: &AreaId, point: Point, distance: &DistanceModel) -> Self {
        Self {
            province: district.province(),
            place: Place::of(point),
            detour_permille: distance.permille(district),
        }
    }

    /// Estimated way in metres, by the terrain of this side; none beyond the bound or the province.
    #[must_use]
    pub fn way_m(&self, to: &Self, bound_m: u32) -> Option<u32> {
        if self.province.is_none() || self.province != to.province {
            return None;
        }
        let way = travel_m(self.place.chord_squared(to.place), self.detour_permille);
        (way <= bound_m).then_some(way)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_province_and_the_longest_way_bound_who_is_called_where() {
        let point = |lat, lon| Point::try_from_degrees(lat, lon).unwrap();
        let area = |text: &str| AreaId::try_new(text).unwrap();
        let (thatta, badin, hub) =
            (area("pk/sindh/thatta"), area("pk/sindh/badin"), area("pk/balochistan/hub"));
        let home = point(25.0, 68.0);
        // A tenth of a degree of latitude is 11,120 m, 15,011 m along a way in the plain.
        for (to, other, bound, way) in [
            (point(25.1, 68.0), &badin, 15_012, Some(15_011)),
            (point(25.1, 68.0), &badin, 15_010, None),
            (point(25.1, 68.0), &hub, 15_012, None),
            (home, &thatta, 0, Some(0)),
        ] {
            let from = Site::new(&thatta, home, &DistanceModel::proposed());
            let to = Site::new(other, to, &DistanceModel::proposed());
            assert_eq!(from.way_m(&to, bound), way, "{other} {bound}");
        }
        let nowhere = Site::new(&AreaId::nation(), home, &DistanceModel::proposed());
        assert_eq!(nowhere.way_m(&nowhere, 9), None, "a place in no province has no way");
    }
}
