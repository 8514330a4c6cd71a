//! Travel as it can be estimated without roads: the great circle times a detour factor.

use minicbor::{Decode, Encode};
use pehra_domain::{AreaId, Point, point::EARTH_RADIUS_M};
use serde::{Deserialize, Serialize};

#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum Terrain {
    #[n(0)]
    Plain,
    #[n(1)]
    Hill,
    #[n(2)]
    Mountain,
}

/// How much longer a journey is than the great circle, in thousandths, by the terrain of the place guarded.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct DistanceModel {
    /// Plain, hill, mountain.
    #[n(0)]
    pub detour_permille: [u32; 3],
    /// Terrain by area; the deepest area that contains the place wins, plain where none does.
    #[n(1)]
    pub terrain: Vec<(AreaId, Terrain)>,
}

impl DistanceModel {
    /// Proposed factors: 1.35 in the plain, 1.6 in hills, 1.9 in mountains.
    #[must_use]
    pub fn proposed() -> Self {
        Self { detour_permille: [1_350, 1_600, 1_900], terrain: Vec::new() }
    }

    pub(crate) fn sound(&self) -> bool {
        self.detour_permille.iter().all(|factor| (1_000..=5_000).contains(factor))
    }

    pub(crate) fn permille(&self, district: &AreaId) -> u32 {
        self.permille_of(self.terrain(district))
    }

    /// The terrain of the deepest area that contains a district.
    #[must_use]
    pub fn terrain(&self, district: &AreaId) -> Terrain {
        self.terrain
            .iter()
            .filter(|(area, _)| area.contains(district))
            .max_by_key(|(area, _)| area.depth())
            .map_or(Terrain::Plain, |&(_, terrain)| terrain)
    }

    pub(crate) fn permille_of(&self, terrain: Terrain) -> u32 {
        terrain.of(self.detour_permille)
    }
}

impl Terrain {
    /// Its own of three: plain, hill, mountain.
    #[must_use]
    pub fn of<T>(self, [plain, hill, mountain]: [T; 3]) -> T {
        match self {
            Self::Plain => plain,
            Self::Hill => hill,
            Self::Mountain => mountain,
        }
    }
}

/// A place as a unit vector: straight chords compare like great circles, without trigonometry.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Place {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) z: f64,
}

impl Place {
    pub(crate) fn of(point: Point) -> Self {
        let (lat, lon) = (point.lat_deg().to_radians(), point.lon_deg().to_radians());
        let (sin_lat, cos_lat) = (libm::sin(lat), libm::cos(lat));
        Self { x: cos_lat * libm::cos(lon), y: cos_lat * libm::sin(lon), z: sin_lat }
    }

    pub(crate) fn chord_squared(self, other: Self) -> f64 {
        let (dx, dy, dz) = (self.x - other.x, self.y - other.y, self.z - other.z);
        dx * dx + dy * dy + dz * dz
    }
}

/// Metres along the estimated way, for a squared chord and a detour in thousandths. At most 100,000 km.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "half the earth's girth times five is 1e8 m, and a distance is not negative"
)]
pub(crate) fn travel_m(chord_squared: f64, detour_permille: u32) -> u32 {
    let arc = 2.0 * libm::asin((chord_squared.sqrt() / 2.0).min(1.0));
    (EARTH_RADIUS_M * arc * f64::from(detour_permille) / 1_000.0).round() as u32
}

/// Cost of a journey: whole hundreds of metres, rounded up.
pub(crate) fn travel_cost(metres: u32) -> u32 {
    metres.div_ceil(100)
}

/// Squared chord per squared unit of cost: a journey that costs less than `c` spans a squared chord below
/// `(c + 1)²` times this, since a chord is never longer than its arc.
pub(crate) fn chord_squared_per_cost(detour_permille: u32) -> f64 {
    let arc = 100.0 / (EARTH_RADIUS_M * f64::from(detour_permille) / 1_000.0);
    arc * arc * (1.0 + 1e-9)
}
