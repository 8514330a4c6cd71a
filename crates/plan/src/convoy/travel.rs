//! Travel between two points: from roads where they are known, otherwise estimated and marked so.

use crate::allocate::Terrain;
use pehra_domain::Point;

/// One leg as planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leg {
    pub distance_m: u32,
    pub time_s: u32,
    /// Not from roads.
    pub estimated: bool,
}

/// Anything that knows how long a leg takes. None: there is no way.
pub trait Travel: Sync {
    fn leg(&self, from: Point, to: Point) -> Option<Leg>;

    /// Its seconds, and whether they are estimated: the same as [`Self::leg`] says, where the length is dear to find.
    fn time(&self, from: Point, to: Point) -> Option<(u32, bool)> {
        self.leg(from, to).map(|leg| (leg.time_s, leg.estimated))
    }
}

/// Great circle times a detour, at a mean speed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Estimate {
    pub detour_permille: u32,
    pub speed_m_per_h: u32,
}

impl Estimate {
    /// Proposed: 1.35 at 40 km/h in the plain, 1.6 at 28 in hills, 1.9 at 20 in mountains.
    #[must_use]
    pub fn proposed(terrain: Terrain) -> Self {
        let (detour_permille, speed_m_per_h) = match terrain {
            Terrain::Plain => (1_350, 40_000),
            Terrain::Hill => (1_600, 28_000),
            Terrain::Mountain => (1_900, 20_000),
        };
        Self { detour_permille, speed_m_per_h }
    }
}

impl Estimate {
    /// A way whose ends are so many metres apart in a straight line.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "metres on earth times a small factor; never negative"
    )]
    pub fn over(self, straight_m: f64) -> Leg {
        let distance = straight_m * f64::from(self.detour_permille) / 1_000.0;
        let distance_m = distance.round().clamp(0.0, 2e8) as u32;
        let time_s = u64::from(distance_m) * 3_600 / u64::from(self.speed_m_per_h.max(1));
        Leg { distance_m, time_s: u32::try_from(time_s).unwrap_or(u32::MAX), estimated: true }
    }
}

impl Travel for Estimate {
    fn leg(&self, from: Point, to: Point) -> Option<Leg> {
        Some(self.over(from.distance_m(to)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forty_kilometres_in_the_plain_take_an_hour() {
        let south = Point::try_from_degrees(30.0, 70.0).unwrap();
        let north = Point::try_from_degrees(30.266_47, 70.0).unwrap();
        let leg = Estimate::proposed(Terrain::Plain).leg(south, north).unwrap();
        assert!((39_990..=40_010).contains(&leg.distance_m), "{leg:?}");
        assert!((3_599..=3_601).contains(&leg.time_s) && leg.estimated, "{leg:?}");
    }
}
