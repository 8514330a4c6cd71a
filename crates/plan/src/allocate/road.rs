//! Times by road between the units and the places of an allocation, measured before it begins.
//!
//! They are part of the input: an allocation is made of the same bytes on any machine, and its hash names the network and
//! every time that was measured on it.

use super::{AllocateInput, input::sorted, rule::travel};
use crate::reserve::road::{Known, Measured, Roads, Spots};
use pehra_domain::{
    BuildingId, Point, UnitId,
    progress::{Cancelled, Watch},
};
use sha2::{Digest, Sha256};

/// Units and places between which times are asked for, both in order of name. A network knows a unit by its number here,
/// a place by that of its spot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ends {
    pub units: Vec<UnitId>,
    pub bases: Vec<Point>,
    pub buildings: Vec<BuildingId>,
    pub spots: Spots,
}

impl Ends {
    #[must_use]
    pub fn of(input: &AllocateInput) -> Self {
        let units = sorted(&input.units, |unit| unit.id.clone());
        let buildings = sorted(&input.buildings, |building| building.id.clone());
        Self {
            units: units.iter().map(|unit| unit.id.clone()).collect(),
            bases: units.iter().map(|unit| unit.point).collect(),
            spots: Spots::new(buildings.iter().map(|building| building.point)),
            buildings: buildings.into_iter().map(|building| building.id.clone()).collect(),
        }
    }
}

/// The longest way in seconds that any unit may have; six hours for those of whom no rule says anything.
#[must_use]
pub fn longest_way_s(input: &AllocateInput) -> u32 {
    let of = |unit| match input.rules.way_s_max(unit, input.poll) {
        u32::MAX => travel::PROPOSED_S_MAX,
        limit => limit,
    };
    input.units.iter().map(of).max().unwrap_or(0)
}

/// Times by road of all pairs that a rule allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoadWays {
    units: Vec<UnitId>,
    buildings: Vec<BuildingId>,
    spots: Spots,
    measured: Measured,
    digest: [u8; 32],
}

impl RoadWays {
    /// Measures every way of up to so many seconds. The network is named by its own hash, with what is closed on it.
    ///
    /// # Errors
    /// [`Cancelled`] when the watcher says so.
    pub fn measure(
        ends: Ends,
        (network, roads): ([u8; 32], &dyn Roads),
        limit_s: u32,
        watch: &mut Watch<'_>,
    ) -> Result<Self, Cancelled> {
        let Ends { units, bases, buildings, spots } = ends;
        let all: Vec<u32> = (0..).take(bases.len()).collect();
        let measured = Measured::try_new(roads, (&bases, &all), &spots, limit_s, watch)?;
        let mut digest = Sha256::new_with_prefix(b"pehra/road-ways/1\0");
        digest.update(network);
        digest.update(measured.digest());
        Ok(Self { units, buildings, spots, measured, digest: digest.finalize().into() })
    }

    /// Names the network and all that was measured on it.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        self.digest
    }

    /// What is known of the way from a unit to a building.
    #[must_use]
    pub fn known(&self, unit: &UnitId, building: &BuildingId) -> Known {
        let base = self.units.binary_search(unit).ok().and_then(|at| u32::try_from(at).ok());
        match (base, self.spot(building)) {
            (Some(base), Some(spot)) => self.measured.known(base, spot),
            _ => Known::OffRoad,
        }
    }

    /// Up to here ways are known.
    #[must_use]
    pub fn limit_s(&self) -> u32 {
        self.measured.limit_s()
    }

    pub(super) fn units(&self) -> &[UnitId] {
        &self.units
    }

    pub(super) fn spot(&self, building: &BuildingId) -> Option<u32> {
        self.spots.of(self.buildings.binary_search(building).ok()?)
    }

    /// By the numbers of a unit and a spot.
    pub(super) fn between(&self, unit: u32, spot: u32) -> Known {
        self.measured.known(unit, spot)
    }

    /// Of a spot, for units in ascending order.
    pub(super) fn to(&self, spot: u32) -> Arriving<'_> {
        let on_road = self.measured.on_road(spot);
        let near = if on_road { self.measured.near(spot) } else { &[] };
        Arriving { measured: &self.measured, on_road, near }
    }
}

/// The ways to one spot, asked unit by unit in ascending order.
pub(super) struct Arriving<'a> {
    measured: &'a Measured,
    on_road: bool,
    near: &'a [(u32, u32)],
}

impl Arriving<'_> {
    pub(super) fn from(&mut self, unit: u32) -> Known {
        if !self.on_road || !self.measured.has_base(unit) {
            return Known::OffRoad;
        }
        while let Some((&(base, seconds), rest)) = self.near.split_first() {
            if base == unit {
                return Known::Seconds(seconds);
            }
            if base > unit {
                break;
            }
            self.near = rest;
        }
        Known::Beyond
    }
}
