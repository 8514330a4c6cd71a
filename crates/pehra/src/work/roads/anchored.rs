//! A road map with bases and spots put on it, ready to be measured between them.

use super::{Country, Cut, OFF_ROAD_M_MAX};
use pehra_domain::Point;
use pehra_plan::{reserve::road::Roads, road::anchor::Anchor};
use std::sync::Arc;

/// The road map, and where bases and spots touch it.
pub struct Anchored {
    country: Arc<Country>,
    bases: Vec<Option<Anchor>>,
    spots: Vec<Option<Anchor>>,
    fastest_m_per_s: f64,
}

impl Anchored {
    #[must_use]
    pub fn new(country: Arc<Country>, bases: &[Point], spots: &[Point]) -> Self {
        let anchors =
            |points: &[Point]| points.iter().map(|&point| country.anchor(point)).collect();
        Self {
            bases: anchors(bases),
            spots: anchors(spots),
            fastest_m_per_s: country.fastest_m_per_s(),
            country,
        }
    }

    #[must_use]
    pub fn country(&self) -> &Country {
        &self.country
    }
}

/// The roads as they are, or with some cut.
pub struct Asked<'a> {
    pub ground: &'a Anchored,
    pub cut: Option<&'a Cut>,
}

impl Roads for Asked<'_> {
    fn has_base(&self, base: u32) -> bool {
        self.ground.bases.get(base as usize).is_some_and(Option::is_some)
    }

    fn has_spot(&self, spot: u32) -> bool {
        self.ground.spots.get(spot as usize).is_some_and(Option::is_some)
    }

    fn table(&self, bases: &[u32], spots: &[u32]) -> Vec<u32> {
        let anchors = |numbers: &[u32], all: &[Option<Anchor>]| -> Vec<Anchor> {
            numbers.iter().filter_map(|&at| all.get(at as usize).copied().flatten()).collect()
        };
        let from = anchors(bases, &self.ground.bases);
        let to = anchors(spots, &self.ground.spots);
        self.ground.country.table_with(self.cut, &from, &to)
    }

    /// Both ends may lie off their road, and the map's lengths are rounded.
    fn farthest_m(&self, limit_s: u32) -> f64 {
        f64::from(limit_s) * self.ground.fastest_m_per_s * 1.01 + 2.0 * OFF_ROAD_M_MAX
    }
}
