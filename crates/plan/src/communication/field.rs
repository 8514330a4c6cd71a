//! Places on a plane, in metres: one district is small enough for it, and whole numbers make ties the same everywhere.

use pehra_domain::{Point, point::EARTH_RADIUS_M};

/// East and north of a district's middle, in metres.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    pub x: i64,
    pub y: i64,
}

impl Spot {
    #[must_use]
    pub fn squared(self, other: Self) -> i64 {
        let (x, y) = (self.x - other.x, self.y - other.y);
        x * x + y * y
    }

    #[must_use]
    pub fn metres(self, other: Self) -> u32 {
        u32::try_from(self.squared(other).unsigned_abs().isqrt()).unwrap_or(u32::MAX)
    }

    #[must_use]
    pub fn within(self, other: Self, metres: u32) -> bool {
        self.squared(other) <= i64::from(metres) * i64::from(metres)
    }
}

/// Points around their own middle latitude.
#[must_use]
pub fn spots(points: &[Point]) -> Vec<Spot> {
    let count = i64::try_from(points.len()).unwrap_or(1).max(1);
    let middle =
        |of: fn(&Point) -> i32| points.iter().map(|p| i64::from(of(p))).sum::<i64>() / count;
    let (lat, lon) = (middle(|p| p.lat_e7), middle(|p| p.lon_e7));
    let scale = EARTH_RADIUS_M * (1e-7_f64).to_radians();
    let degrees = i32::try_from(lat).map_or(0.0, |e7| f64::from(e7) / 1e7);
    let across = scale * libm::cos(degrees.to_radians());
    let whole = |from: i32, middle: i64, scale: f64| {
        let steps = i32::try_from(i64::from(from) - middle).map_or(0.0, f64::from);
        rounded(steps * scale)
    };
    points
        .iter()
        .map(|p| Spot { x: whole(p.lon_e7, lon, across), y: whole(p.lat_e7, lat, scale) })
        .collect()
}

#[expect(clippy::cast_possible_truncation, reason = "metres on earth fit an i64 by far")]
fn rounded(metres: f64) -> i64 {
    metres.round() as i64
}

/// Place along Hilbert's curve over a square of 65,536 steps of 32 m around the middle: near on the curve is near on the
/// ground.
#[must_use]
pub fn along_curve(spot: Spot) -> u64 {
    const SIDE: i64 = 65_536;
    let clamp = |value: i64| (value / 32 + SIDE / 2).clamp(0, SIDE - 1).unsigned_abs();
    let (mut x, mut y) = (clamp(spot.x), clamp(spot.y));
    let mut along = 0;
    let mut half = SIDE.unsigned_abs() / 2;
    while half > 0 {
        let (right, up) = (u64::from(x & half > 0), u64::from(y & half > 0));
        along += half * half * ((3 * right) ^ up);
        if up == 0 {
            if right == 1 {
                x = (SIDE.unsigned_abs() - 1) - x;
                y = (SIDE.unsigned_abs() - 1) - y;
            }
            std::mem::swap(&mut x, &mut y);
        }
        half /= 2;
    }
    along
}
