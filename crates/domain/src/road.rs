//! The road network as maps give it: junctions, stretches between them, turns that are forbidden. What a vehicle needs for
//! a stretch is not here: that depends on the vehicle, the season and what is closed today.

use crate::Point;
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// What a stretch is. Air and boat are links that a person enters; ferries come with the map.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(index_only)]
#[serde(rename_all = "lowercase")]
pub enum RoadClass {
    #[n(0)]
    Motorway,
    #[n(1)]
    Trunk,
    #[n(2)]
    Primary,
    #[n(3)]
    Secondary,
    #[n(4)]
    Tertiary,
    #[n(5)]
    Unclassified,
    #[n(6)]
    Residential,
    /// Living streets and pedestrian zones that vehicles may enter.
    #[n(7)]
    Living,
    #[n(8)]
    Service,
    #[n(9)]
    Track,
    #[n(10)]
    Ferry,
    #[n(11)]
    Boat,
    #[n(12)]
    Air,
}

impl RoadClass {
    pub const ALL: [Self; 13] = [
        Self::Motorway,
        Self::Trunk,
        Self::Primary,
        Self::Secondary,
        Self::Tertiary,
        Self::Unclassified,
        Self::Residential,
        Self::Living,
        Self::Service,
        Self::Track,
        Self::Ferry,
        Self::Boat,
        Self::Air,
    ];

    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Motorway => "motorway",
            Self::Trunk => "trunk",
            Self::Primary => "primary",
            Self::Secondary => "secondary",
            Self::Tertiary => "tertiary",
            Self::Unclassified => "unclassified",
            Self::Residential => "residential",
            Self::Living => "living",
            Self::Service => "service",
            Self::Track => "track",
            Self::Ferry => "ferry",
            Self::Boat => "boat",
            Self::Air => "air",
        }
    }

    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.word() == word)
    }

    /// The position in [`Self::ALL`].
    #[must_use]
    pub fn index(self) -> usize {
        Self::ALL.iter().position(|class| *class == self).unwrap_or_default()
    }
}

/// What one drives on.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(index_only)]
#[serde(rename_all = "lowercase")]
pub enum Surface {
    /// Not said by the map: as usual for the class.
    #[n(0)]
    Unknown,
    #[n(1)]
    Paved,
    #[n(2)]
    Gravel,
    #[n(3)]
    Earth,
}

impl Surface {
    pub const ALL: [Self; 4] = [Self::Unknown, Self::Paved, Self::Gravel, Self::Earth];

    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Paved => "paved",
            Self::Gravel => "gravel",
            Self::Earth => "earth",
        }
    }

    #[must_use]
    pub fn index(self) -> usize {
        Self::ALL.iter().position(|surface| *surface == self).unwrap_or_default()
    }
}

/// Which way a stretch may be driven.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(index_only)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    #[n(0)]
    Both,
    #[n(1)]
    Forth,
    #[n(2)]
    Back,
}

impl Direction {
    #[must_use]
    pub fn forth(self) -> bool {
        self != Self::Back
    }

    #[must_use]
    pub fn back(self) -> bool {
        self != Self::Forth
    }
}

/// The road between two junctions, without a junction inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Positions in the network's junctions.
    pub from: u32,
    pub to: u32,
    pub length_m: u32,
    /// Decimetres beyond whole metres, 0 to 9: short stretches add up.
    pub length_dm: u8,
    /// The map's number of the way that it is part of; the same in every edition of the map. Links entered by a person
    /// have negative numbers.
    pub way: i64,
    pub class: RoadClass,
    pub surface: Surface,
    pub direction: Direction,
    /// Signed limit in km/h; 0 when none is known.
    pub limit_kmh: u8,
    /// Gates, toll booths and posts that can be passed, at a cost of time.
    pub gates: u8,
    /// A ford: nothing passes in the wet season.
    pub ford: bool,
    pub bridge: bool,
    /// Private or for residents: may be driven at the ends of a journey, never preferred.
    pub private: bool,
    /// Fixed duration in seconds, of ferries and links; 0: by length and speed.
    pub duration_s: u32,
    /// First of its inner points in the network's shape.
    pub shape: u32,
}

impl Stretch {
    /// Length in decimetres.
    #[must_use]
    pub fn decimetres(&self) -> u64 {
        u64::from(self.length_m) * 10 + u64::from(self.length_dm)
    }
}

/// A turn that may not be taken: arriving at `via` over `from`, leaving over `to`. Positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ForbiddenTurn {
    pub from: u32,
    pub via: u32,
    pub to: u32,
}

/// A whole network. Stretches are sorted by their first junction; shapes follow in the order of stretches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RoadNetwork {
    pub junctions: Vec<Point>,
    pub stretches: Vec<Stretch>,
    /// Inner points of all stretches, one after the other.
    pub shape: Vec<Point>,
    pub forbidden: Vec<ForbiddenTurn>,
}

impl RoadNetwork {
    /// The inner points of a stretch, from `from` to `to`.
    #[must_use]
    pub fn shape_of(&self, stretch: usize) -> &[Point] {
        let begin = self.stretches.get(stretch).map_or(0, |s| s.shape as usize);
        let end = self.stretches.get(stretch + 1).map_or(self.shape.len(), |s| s.shape as usize);
        self.shape.get(begin..end).unwrap_or_default()
    }

    /// All points of a stretch, its junctions included.
    pub fn line_of(&self, stretch: usize) -> impl Iterator<Item = Point> {
        let ends = self.stretches.get(stretch);
        let at = |junction: u32| self.junctions.get(junction as usize).copied();
        let first = ends.and_then(|s| at(s.from));
        let last = ends.and_then(|s| at(s.to));
        first.into_iter().chain(self.shape_of(stretch).iter().copied()).chain(last)
    }

    /// Length of all stretches in kilometres.
    #[must_use]
    pub fn length_km(&self) -> u64 {
        self.stretches.iter().map(|s| s.decimetres()).sum::<u64>() / 10_000
    }
}
