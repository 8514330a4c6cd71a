//! How long one seat's convoys drive: over the node's road map where it knows the places, otherwise estimated and marked so.

use super::Site;
use crate::work::roads::{Among, Asker, Country, OFF_ROAD_M_KNOWN};
use pehra_domain::{
    Point,
    point::{length_m, whole_m},
};
use pehra_plan::{
    convoy::travel::{Estimate, Leg, Travel},
    road::NO_WAY,
};
use sha2::{Digest, Sha256};
use std::sync::{Mutex, PoisonError};

/// Travel among some places.
pub(super) struct Drive<'a> {
    estimate: Estimate,
    roads: Option<Roads<'a>>,
}

struct Roads<'a> {
    among: Among<'a>,
    router: Mutex<Asker<'a>>,
}

impl<'a> Drive<'a> {
    /// Among the office, the store and the halts of a seat.
    pub(super) fn of(site: &Site, country: Option<&'a Country>) -> Self {
        let halts = site.halts.iter().map(|halt| halt.point);
        let ends = [site.office].into_iter().chain(site.store.as_ref().map(|store| store.1));
        Self::among(halts.chain(ends), site.estimate, country)
    }

    pub(super) fn among(
        places: impl Iterator<Item = Point>,
        estimate: Estimate,
        country: Option<&'a Country>,
    ) -> Self {
        let roads = country.map(|country| Roads {
            among: Among::new(country, places),
            router: Mutex::new(country.router(None)),
        });
        Self { estimate, roads }
    }

    /// Whether the road map has both ends.
    pub(super) fn knows(&self, from: Point, to: Point) -> bool {
        self.roads.as_ref().is_some_and(|roads| roads.pair(from, to).is_some())
    }

    /// Equal for equal travel times: part of what a plan depends on.
    pub(super) fn fingerprint(&self) -> String {
        let mut digest = Sha256::new();
        digest.update(format!("{:?}", self.estimate));
        if let Some(roads) = &self.roads {
            for anchor in &roads.among.anchors {
                digest.update(format!("{anchor:?}"));
            }
            for time in &roads.among.times_ms {
                digest.update(time.to_be_bytes());
            }
        }
        crate::auth::hex(&digest.finalize())
    }

    /// Seconds off the road at both ends, by the estimate's speed.
    fn off_road_s(&self, metres: u32) -> u32 {
        let along = u64::from(metres) * u64::from(self.estimate.detour_permille) / 1_000;
        let seconds = along * 3_600 / u64::from(self.estimate.speed_m_per_h.max(1));
        u32::try_from(seconds).unwrap_or(u32::MAX)
    }
}

impl Roads<'_> {
    fn pair(&self, from: Point, to: Point) -> Option<(usize, usize)> {
        Some((self.among.row(from)?, self.among.row(to)?))
    }

    /// Points of the quickest way, in order.
    fn line(&self, pair: (usize, usize), (from, to): (Point, Point)) -> Option<Vec<Point>> {
        let mut router = self.router.lock().unwrap_or_else(PoisonError::into_inner);
        let Among { country, anchors, .. } = &self.among;
        let (start, end) = (&anchors[pair.0], &anchors[pair.1]);
        let (_, way) = country.way_by(&mut router, start, end)?;
        Some(country.line(&way, (from, start), (to, end)))
    }

    fn off_road_m(&self, (from, to): (usize, usize)) -> u32 {
        let off_m = |row: usize| self.among.anchors[row].off_road_m;
        off_m(from).saturating_add(off_m(to))
    }
}

impl Travel for Drive<'_> {
    fn leg(&self, from: Point, to: Point) -> Option<Leg> {
        let (time_s, estimated) = self.time(from, to)?;
        let on_roads = self.roads.as_ref().and_then(|roads| Some((roads, roads.pair(from, to)?)));
        let Some((roads, pair)) = on_roads else { return self.estimate.leg(from, to) };
        let line = roads.line(pair, (from, to))?;
        Some(Leg { distance_m: whole_m(length_m(&line)), time_s, estimated })
    }

    fn time(&self, from: Point, to: Point) -> Option<(u32, bool)> {
        let on_roads = self.roads.as_ref().and_then(|roads| Some((roads, roads.pair(from, to)?)));
        let Some((roads, pair)) = on_roads else {
            return self.estimate.leg(from, to).map(|leg| (leg.time_s, leg.estimated));
        };
        let time_ms = roads.among.ms(pair.0, pair.1);
        // A closed road stays closed: no estimate drives around it.
        let driven_s = (time_ms < NO_WAY).then_some(time_ms.div_ceil(1_000))?;
        let off_road_m = roads.off_road_m(pair);
        let time_s = driven_s.saturating_add(self.off_road_s(off_road_m));
        Some((time_s, off_road_m > OFF_ROAD_M_KNOWN))
    }
}
