//! A place on the globe, in whole ten-millionths of a degree (about 11 mm).

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// WGS 84 position; 1e-7 degrees.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
pub struct Point {
    #[n(0)]
    pub lat_e7: i32,
    #[n(1)]
    pub lon_e7: i32,
}

/// Mean earth radius in metres (IUGG).
pub const EARTH_RADIUS_M: f64 = 6_371_008.8;

impl Point {
    /// Rounds degrees; none outside ±90 and ±180 or when not a number.
    #[must_use]
    pub fn try_from_degrees(lat: f64, lon: f64) -> Option<Self> {
        if !(-90.0..=90.0).contains(&lat) || !(-180.0..=180.0).contains(&lon) {
            return None;
        }
        Some(Self { lat_e7: to_e7(lat), lon_e7: to_e7(lon) })
    }

    #[must_use]
    pub fn lat_deg(self) -> f64 {
        f64::from(self.lat_e7) / 1e7
    }

    #[must_use]
    pub fn lon_deg(self) -> f64 {
        f64::from(self.lon_e7) / 1e7
    }

    /// Great-circle distance in metres (haversine on a sphere of mean radius; error below 0.6 %).
    #[must_use]
    pub fn distance_m(self, other: Self) -> f64 {
        let (lat1, lat2) = (self.lat_deg().to_radians(), other.lat_deg().to_radians());
        let sin_lat = libm::sin((lat2 - lat1) / 2.0);
        let sin_lon = libm::sin((other.lon_deg() - self.lon_deg()).to_radians() / 2.0);
        let h = sin_lat * sin_lat + libm::cos(lat1) * libm::cos(lat2) * sin_lon * sin_lon;
        2.0 * EARTH_RADIUS_M * libm::asin(h.sqrt().min(1.0))
    }
}

/// Metres on earth without their fraction; whatever is no distance, at the nearest end.
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between nought and four million kilometres"
)]
pub fn whole_m(metres: f64) -> u32 {
    metres.round().clamp(0.0, 4e9) as u32
}

/// Metres along a line of points.
#[must_use]
pub fn length_m(line: &[Point]) -> f64 {
    line.windows(2).map(|ends| ends[0].distance_m(ends[1])).sum()
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the caller checked ±180, and 180e7 fits an i32"
)]
fn to_e7(degrees: f64) -> i32 {
    (degrees * 1e7).round() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_degree_of_latitude_is_111_195_m() {
        let south = Point::try_from_degrees(30.0, 70.0).unwrap();
        let north = Point::try_from_degrees(31.0, 70.0).unwrap();
        assert!((south.distance_m(north) - 111_195.0).abs() < 1.0);
        let east = Point::try_from_degrees(30.0, 71.0).unwrap();
        assert!((south.distance_m(east) - 111_195.0 * 0.866_025_4).abs() < 5.0);
        assert!(Point::try_from_degrees(91.0, 0.0).is_none());
        assert!(Point::try_from_degrees(f64::NAN, 0.0).is_none());
    }
}
