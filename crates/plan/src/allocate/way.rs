//! What a way costs, and who may take it: by road where a map knows both its ends, otherwise estimated.
//!
//! A minute by road counts as many metres as one drives in it at the mean speed of the place's terrain, so that ways by
//! road and estimated ones are weighed alike. Between ends that both touch a road and that nothing joins within the time
//! that was measured, the way is longer than that time, and never shorter than the estimate.

use super::{
    geo::{Place, chord_squared_per_cost, travel_cost, travel_m},
    model::{Model, Site, Source},
    road::Arriving,
    rule::{Bar, travel},
};
use crate::reserve::road::Known;
use pehra_domain::{plan::Origin, point::EARTH_RADIUS_M};

impl Model {
    /// Metres as they are estimated, by road or not.
    pub(super) fn distance_m(&self, source: &Source, site: &Site) -> u32 {
        travel_m(source.place.chord_squared(site.place), site.detour_permille)
    }

    /// What is known of a way by road.
    pub(super) fn by_road(&self, source: &Source, site: &Site) -> Known {
        match (&self.roads, site.spot) {
            (Some(roads), Some(spot)) => roads.between(source.unit, spot),
            _ => Known::OffRoad,
        }
    }

    /// Metres that a way counts.
    fn way_m(&self, source: &Source, site: &Site) -> u32 {
        match self.by_road(source, site) {
            Known::Seconds(seconds) => travel::metres_in(seconds, site.speed_m_per_h),
            Known::Beyond => self.beyond_m(site).max(self.distance_m(source, site)),
            Known::OffRoad => self.distance_m(source, site),
        }
    }

    /// Metres that a way counts at least which is longer than any that was measured.
    fn beyond_m(&self, site: &Site) -> u32 {
        let limit_s = self.roads.as_ref().map_or(0, |roads| roads.limit_s());
        travel::metres_in(limit_s.saturating_add(1), site.speed_m_per_h)
    }

    /// Cost of one person's way, without the penalty for the post.
    pub(super) fn way_cost(&self, source: &Source, site: &Site) -> u32 {
        let border = match self.origin(source, site) {
            Origin::OwnDistrict => 0,
            Origin::OwnProvince => self.weights.other_district,
            Origin::Outside => self.weights.other_province,
        };
        travel_cost(self.way_m(source, site)) + border
    }

    /// Orders sources by their way to a site.
    pub(super) fn farness(&self, source: &Source, site: &Site) -> f64 {
        if self.roads.is_none() {
            return source.place.chord_squared(site.place);
        }
        f64::from(self.way_m(source, site))
    }

    /// A bound on the cost of the longest way between any source and any site.
    pub(super) fn dearest_way(&self) -> i64 {
        let places = self.sites.iter().map(|site| site.place);
        let all = || places.clone().chain(self.sources.iter().map(|source| source.place));
        let span = |axis: fn(Place) -> f64| {
            let low = all().map(axis).fold(f64::INFINITY, f64::min);
            let high = all().map(axis).fold(f64::NEG_INFINITY, f64::max);
            if low < high { (high - low) * (high - low) } else { 0.0 }
        };
        let chord = span(|p| p.x) + span(|p| p.y) + span(|p| p.z);
        let detour = self.sites.iter().map(|site| site.detour_permille).max().unwrap_or(1_000);
        let by_road = self.sites.iter().filter(|_| self.roads.is_some());
        let by_road_m = by_road.map(|site| self.beyond_m(site)).max().unwrap_or(0);
        i64::from(travel_cost(travel_m(chord.min(4.0), detour).max(by_road_m)))
            + i64::from(self.weights.other_province)
            + i64::from(self.weights.substitute.max(self.weights.woman_at_open_post))
    }

    pub(super) fn is_excluded(&self, site: u32, unit: u32) -> bool {
        !self.excluded.is_empty() && self.excluded.contains(&(site, unit))
    }

    /// Why a source may not serve a site; none when it may.
    pub(super) fn bar(&self, site: u32, source: &Source) -> Option<Bar> {
        if self.homes.closed(source.closed, site) && !self.is_excluded(site, source.unit) {
            return Some(Bar::AtHome);
        }
        self.unit_bar(site, source)
    }

    /// Why nobody of a source's unit may serve a site, wherever they are at home.
    pub(super) fn unit_bar(&self, site: u32, source: &Source) -> Option<Bar> {
        if self.is_excluded(site, source.unit) {
            return Some(Bar::Excluded);
        }
        (source.way_s_max < u32::MAX && self.is_beyond(&self.sites[site as usize], source))
            .then_some(Bar::TooLong)
    }

    /// Whether the way takes longer than the source may travel.
    fn is_beyond(&self, at: &Site, source: &Source) -> bool {
        let limit_s = source.way_s_max;
        match self.by_road(source, at) {
            Known::Seconds(seconds) => seconds > limit_s,
            Known::Beyond => {
                self.roads.as_ref().is_some_and(|roads| roads.limit_s() >= limit_s)
                    || self.is_estimated_beyond(at, source)
            }
            Known::OffRoad => self.is_estimated_beyond(at, source),
        }
    }

    /// Chords tell most of it: an arc is never shorter than its chord, and up to half the earth's radius it is at most a
    /// twentieth of the chord's cube longer.
    fn is_estimated_beyond(&self, at: &Site, source: &Source) -> bool {
        let most_m = travel::metres_max(source.way_s_max, at.speed_m_per_h);
        let squared = source.place.chord_squared(at.place);
        let metres = squared.sqrt() * EARTH_RADIUS_M * f64::from(at.detour_permille) / 1_000.0;
        if metres > f64::from(most_m) + 1.0 {
            return true;
        }
        let surely_near =
            squared < 0.25 && metres * (1.0 + squared / 20.0) + 1.0 < f64::from(most_m);
        !surely_near && self.distance_m(source, at) > most_m
    }
}

/// Tells quickly which ways to a site may cost less than something, of units in ascending order.
pub(super) struct Near<'a> {
    site: &'a Site,
    /// A squared chord for a squared unit of cost.
    scale: f64,
    arriving: Option<Arriving<'a>>,
}

impl<'a> Near<'a> {
    pub(super) fn new(model: &'a Model, site: &'a Site) -> Self {
        let roads = model.roads.as_ref();
        let arriving = roads.zip(site.spot).map(|(roads, spot)| roads.to(spot));
        Self { site, scale: chord_squared_per_cost(site.detour_permille), arriving }
    }

    /// Whether a source's way may cost less than so much, which is above nought. Only a no is certain.
    pub(super) fn may_cost_below(&mut self, source: &Source, reach: i64) -> bool {
        if let Some(arriving) = &mut self.arriving
            && let Known::Seconds(seconds) = arriving.from(source.unit)
        {
            let metres = travel::metres_in(seconds, self.site.speed_m_per_h);
            return i64::from(travel_cost(metres)) < reach;
        }
        // Whoever is beyond what was measured has no shorter way than the estimate.
        #[expect(clippy::cast_precision_loss, reason = "costs stay below 2^53")]
        let reach = (reach + 1) as f64;
        source.place.chord_squared(self.site.place) < reach * reach * self.scale
    }
}
