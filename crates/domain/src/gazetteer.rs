//! Known districts and towns: facts with a source, used to place what a file leaves unplaced.

use crate::{AreaId, Point};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct District {
    pub area: AreaId,
    pub name: String,
    pub province: String,
    /// Empty when not known.
    pub name_ur: String,
    /// Empty when not known.
    pub province_ur: String,
    pub division: String,
    pub adults: u32,
    pub adult_men: u32,
    pub adult_women: u32,
    pub adult_urban: u32,
    pub centre: Point,
    pub area_km2: u32,
}

impl District {
    /// Kilometres from the middle to the edge of a disc of its size: `√(area / π)`.
    #[must_use]
    pub fn radius_km(&self) -> f64 {
        (f64::from(self.area_km2) / std::f64::consts::PI).sqrt()
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Town {
    pub name: String,
    /// Empty when not known.
    pub name_ur: String,
    pub point: Point,
    pub population: u32,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gazetteer {
    pub districts: Vec<District>,
    pub towns: Vec<Town>,
}
