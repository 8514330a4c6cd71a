//! Some places on a road map, and how long one drives between any two of them.

use super::Country;
use pehra_domain::Point;
use pehra_plan::road::anchor::Anchor;
use std::collections::BTreeMap;

/// Places that touch a road, each once, by rows.
pub struct Among<'a> {
    pub country: &'a Country,
    /// Of each row: where it touches its road.
    pub anchors: Vec<Anchor>,
    /// Milliseconds between rows, row by row.
    pub times_ms: Vec<u32>,
    rows: BTreeMap<Point, usize>,
}

impl<'a> Among<'a> {
    pub fn new(country: &'a Country, places: impl IntoIterator<Item = Point>) -> Self {
        let (mut rows, mut anchors) = (BTreeMap::new(), Vec::new());
        for place in places {
            if rows.contains_key(&place) {
                continue;
            }
            if let Some(anchor) = country.anchor(place) {
                rows.insert(place, anchors.len());
                anchors.push(anchor);
            }
        }
        let times_ms = country.table(&anchors, &anchors);
        Self { country, anchors, times_ms, rows }
    }

    /// None for a place that is far from every road.
    #[must_use]
    pub fn row(&self, place: Point) -> Option<usize> {
        self.rows.get(&place).copied()
    }

    /// Milliseconds from row to row; [`NO_WAY`](pehra_plan::road::NO_WAY) where no road leads.
    #[must_use]
    pub fn ms(&self, from: usize, to: usize) -> u32 {
        self.times_ms[from * self.anchors.len() + to]
    }
}
