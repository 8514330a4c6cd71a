//! Times along roads from thousands of bases to the places of a country: bases that lie together are measured at once,
//! against those places alone that can be within the longest time anything asks for.

use super::base::{Basis, Estimates, Nearest, TravelTimes};
use crate::{allocate::Place, road::NO_WAY};
use pehra_domain::{
    Point,
    point::EARTH_RADIUS_M,
    progress::{Cancelled, Watch, tell},
};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Bases that are measured at once.
const AT_ONCE: usize = 32;
/// Bases are ordered by squares of so many ten-millionths of a degree, so that those measured at once lie together.
const CELL_E7: i32 = 10_000_000;

/// A road map as it is asked for times. Bases are known by their number, places by that of their spot.
pub trait Roads: Sync {
    /// Whether a base, and a spot, is near enough to a road.
    fn has_base(&self, base: u32) -> bool;
    fn has_spot(&self, spot: u32) -> bool;
    /// Milliseconds from bases to spots, row by row; [`NO_WAY`] where nothing leads there.
    fn table(&self, bases: &[u32], spots: &[u32]) -> Vec<u32>;
    /// No way that takes so long leads farther than this, in metres as the crow flies.
    fn farthest_m(&self, limit_s: u32) -> f64;
}

/// Places of which many stand at one spot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spots {
    pub points: Vec<Point>,
    /// The spot of every place.
    of: Vec<u32>,
}

impl Spots {
    #[must_use]
    pub fn new(places: impl Iterator<Item = Point>) -> Self {
        let (mut points, mut known) = (Vec::new(), BTreeMap::new());
        let of = places.map(|point| {
            *known.entry((point.lat_e7, point.lon_e7)).or_insert_with(|| {
                points.push(point);
                narrow(points.len() - 1)
            })
        });
        let of = of.collect();
        Self { points, of }
    }

    /// The spot of a place.
    #[must_use]
    pub fn of(&self, place: usize) -> Option<u32> {
        self.of.get(place).copied()
    }
}

/// What is known of the way from a base to a spot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Known {
    /// Both touch a road, and one drives for so many seconds.
    Seconds(u32),
    /// Both touch a road, and no way leads there within the limit.
    Beyond,
    /// One of them is far from every road.
    OffRoad,
}

/// Times by road of all pairs within a limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measured {
    limit_s: u32,
    /// Per spot: bases, ascending, and seconds.
    start: Vec<usize>,
    near: Vec<(u32, u32)>,
    on_road: Vec<bool>,
    /// Per base: whether it stands on a road.
    has_base: Vec<bool>,
    /// Bases that stand on none.
    off_road: Vec<u32>,
}

impl Measured {
    /// Measures some bases. Of bases that are not among them nothing is known afterwards.
    ///
    /// # Errors
    /// [`Cancelled`] when the watcher says so.
    pub fn try_new(
        roads: &dyn Roads,
        (bases, wanted): (&[Point], &[u32]),
        spots: &Spots,
        limit_s: u32,
        watch: &mut Watch<'_>,
    ) -> Result<Self, Cancelled> {
        let all = 0..narrow(bases.len());
        let has_base: Vec<bool> = all.clone().map(|base| roads.has_base(base)).collect();
        let off_road = all.filter(|&base| !has_base[base as usize]).collect();
        let mut order: Vec<u32> =
            wanted.iter().copied().filter(|&base| has_base[base as usize]).collect();
        let cell = |base: &u32| {
            let point = bases[*base as usize];
            (point.lat_e7.div_euclid(CELL_E7), point.lon_e7.div_euclid(CELL_E7), *base)
        };
        order.sort_unstable_by_key(cell);
        order.dedup();
        let on_road: Vec<bool> =
            (0..narrow(spots.points.len())).map(|spot| roads.has_spot(spot)).collect();
        let reach = roads.farthest_m(limit_s) / EARTH_RADIUS_M;
        let at: Vec<Place> = spots.points.iter().map(|&point| Place::of(point)).collect();
        let mut found: Vec<(u32, u32, u32)> = Vec::new();
        for (done, together) in order.chunks(AT_ONCE).enumerate() {
            tell(watch, "measuring by road", (done * AT_ONCE) as u64, order.len() as u64)?;
            let from: Vec<Place> =
                together.iter().map(|&base| Place::of(bases[base as usize])).collect();
            // A chord is never longer than its arc.
            let is_near = |spot: usize| {
                on_road[spot] && from.iter().any(|it| it.chord_squared(at[spot]) <= reach * reach)
            };
            let near: Vec<u32> = (0..at.len()).filter(|&spot| is_near(spot)).map(narrow).collect();
            if near.is_empty() {
                continue;
            }
            let times = roads.table(together, &near);
            for (&base, row) in together.iter().zip(times.chunks(near.len())) {
                let within =
                    |&(_, &ms): &(&u32, &u32)| ms < NO_WAY && ms.div_ceil(1_000) <= limit_s;
                let row = near.iter().zip(row).filter(within);
                found.extend(row.map(|(&spot, &ms)| (spot, base, ms.div_ceil(1_000))));
            }
        }
        tell(watch, "measuring by road", order.len() as u64, order.len() as u64)?;
        found.sort_unstable();
        let mut start = vec![0; at.len() + 1];
        for &(spot, ..) in &found {
            start[spot as usize + 1] += 1;
        }
        for spot in 0..at.len() {
            start[spot + 1] += start[spot];
        }
        let near = found.into_iter().map(|(_, base, seconds)| (base, seconds)).collect();
        Ok(Self { limit_s, start, near, on_road, has_base, off_road })
    }

    #[must_use]
    pub fn known(&self, base: u32, spot: u32) -> Known {
        if !self.on_road(spot) || !self.has_base(base) {
            return Known::OffRoad;
        }
        let near = self.near(spot);
        let at = near.binary_search_by_key(&base, |&(base, _)| base);
        at.map_or(Known::Beyond, |at| Known::Seconds(near[at].1))
    }

    /// Up to here every way between bases and spots that touch a road is known.
    #[must_use]
    pub fn limit_s(&self) -> u32 {
        self.limit_s
    }

    /// Everything that was measured, in few bytes.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        let mut digest = Sha256::new_with_prefix(b"pehra/measured/1\0");
        digest.update(self.limit_s.to_le_bytes());
        for flags in [&self.on_road, &self.has_base] {
            digest.update((flags.len() as u64).to_le_bytes());
            digest.update(flags.iter().map(|&flag| u8::from(flag)).collect::<Vec<_>>());
        }
        for spot in 0..narrow(self.on_road.len()) {
            let near = self.near(spot);
            digest.update((near.len() as u64).to_le_bytes());
            for (base, seconds) in near {
                digest.update(base.to_le_bytes());
                digest.update(seconds.to_le_bytes());
            }
        }
        digest.finalize().into()
    }

    pub(crate) fn on_road(&self, spot: u32) -> bool {
        self.on_road.get(spot as usize).is_some_and(|&on_road| on_road)
    }

    pub(crate) fn has_base(&self, base: u32) -> bool {
        self.has_base.get(base as usize).is_some_and(|&has| has)
    }

    /// Bases that reach a spot within the limit, ascending, and seconds.
    pub(crate) fn near(&self, spot: u32) -> &[(u32, u32)] {
        &self.near[self.start[spot as usize]..self.start[spot as usize + 1]]
    }

    /// Pairs of a base and a spot within the limit.
    #[must_use]
    pub fn pairs(&self) -> usize {
        self.near.len()
    }
}

/// Times by road where base and place stand on one, otherwise estimated and marked so.
pub struct RoadTimes<'a> {
    pub estimates: Estimates<'a>,
    pub measured: &'a Measured,
    pub spots: &'a Spots,
    pub roads: &'a dyn Roads,
}

impl TravelTimes for RoadTimes<'_> {
    fn bases(&self) -> usize {
        self.estimates.bases()
    }

    fn seconds(&self, base: u32, place: usize) -> Option<(u32, Basis)> {
        let spot = self.spots.of[place];
        match self.measured.known(base, spot) {
            Known::Seconds(seconds) => Some((seconds, Basis::Road)),
            Known::Beyond => None,
            Known::OffRoad => self.estimates.seconds(base, place),
        }
    }

    fn within(&self, place: usize, limit_s: u32, found: &mut dyn FnMut(u32)) {
        let spot = self.spots.of[place];
        if !self.measured.on_road[spot as usize] {
            return self.estimates.within(place, limit_s, found);
        }
        for &(base, seconds) in self.measured.near(spot) {
            if seconds <= limit_s {
                found(base);
            }
        }
        for &base in &self.measured.off_road {
            if self.estimates.seconds(base, place).is_some_and(|(seconds, _)| seconds <= limit_s) {
                found(base);
            }
        }
    }

    fn known_up_to_s(&self) -> u32 {
        self.measured.limit_s
    }

    fn beyond(&self, places: &[usize], open: &[u32]) -> Vec<Option<Nearest>> {
        let bases: Vec<u32> =
            open.iter().copied().filter(|&base| self.measured.has_base[base as usize]).collect();
        let mut spots: Vec<u32> = places.iter().map(|&place| self.spots.of[place]).collect();
        spots.retain(|&spot| self.measured.on_road[spot as usize]);
        spots.sort_unstable();
        spots.dedup();
        let mut nearest: Vec<Option<Nearest>> = vec![None; spots.len()];
        if !spots.is_empty() {
            let times = self.roads.table(&bases, &spots);
            for (&base, row) in bases.iter().zip(times.chunks(spots.len())) {
                for (nearest, &ms) in nearest.iter_mut().zip(row) {
                    let seconds = ms.div_ceil(1_000);
                    if ms < NO_WAY && nearest.is_none_or(|known| seconds < known.seconds) {
                        *nearest = Some(Nearest { base, seconds, basis: Basis::Road });
                    }
                }
            }
        }
        let of = |&place: &usize| nearest[spots.binary_search(&self.spots.of[place]).ok()?];
        places.iter().map(of).collect()
    }
}

fn narrow(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
