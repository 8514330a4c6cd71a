//! The polling station: one place where voters of one list vote, in one or two contests.

use crate::{
    AreaId, BuildingId, Date, Point, StationId, booth::BySex, contest::Contest, risk::RiskClass,
};
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(index_only)]
#[serde(rename_all = "lowercase")]
pub enum StationKind {
    #[n(0)]
    Men,
    #[n(1)]
    Women,
    #[n(2)]
    Combined,
}

/// Where a position comes from. `Estimated` is shown as such wherever the position appears.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(index_only)]
#[serde(rename_all = "lowercase")]
pub enum PlaceBasis {
    #[n(0)]
    Given,
    /// Given in a broken form that has one reading only: decimal comma, swapped axes.
    #[n(1)]
    Repaired,
    /// The median of its constituency, or its district's centre.
    #[n(2)]
    Estimated,
}

/// Where a district comes from.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum DistrictBasis {
    #[n(0)]
    Column,
    #[n(1)]
    Boundary,
    #[n(2)]
    ConstituencyMajority,
    #[n(3)]
    NearestTown,
    #[n(4)]
    Unknown,
}

/// A class that an authority gave. Kept side by side with others, never overwritten.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
pub struct OfficialClass {
    #[n(0)]
    pub class: RiskClass,
    #[n(1)]
    pub source: String,
    #[n(2)]
    pub as_of: Option<Date>,
    #[n(3)]
    pub approved_by: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Station {
    #[n(0)]
    pub id: StationId,
    #[n(1)]
    pub name: String,
    #[n(2)]
    pub kind: StationKind,
    #[n(3)]
    pub district: AreaId,
    #[n(4)]
    pub district_basis: DistrictBasis,
    #[n(5)]
    pub point: Point,
    #[n(6)]
    pub place_basis: PlaceBasis,
    #[n(7)]
    pub building: BuildingId,
    /// One or two; the National Assembly's first.
    #[n(8)]
    pub contests: Vec<Contest>,
    #[n(9)]
    pub booths: BySex,
    #[n(10)]
    pub voters: BySex,
    #[n(11)]
    pub official: Vec<OfficialClass>,
}

impl Station {
    /// The class that wins for forces: the newest official one, if any (undated ones count as oldest).
    #[must_use]
    pub fn official_class(&self) -> Option<RiskClass> {
        self.official.iter().max_by_key(|given| given.as_of).map(|given| given.class)
    }
}
