//! The protected place: the unit of guarding. Mostly a building with one to many stations.

use crate::{AreaId, BuildingId, Point, StationId, TimeWindow, station::PlaceBasis};
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum BuildingKind {
    #[n(0)]
    PollingStations,
    #[n(1)]
    ReturningOffice,
    #[n(2)]
    Store,
    #[n(3)]
    DistributionPoint,
    #[n(4)]
    Press,
    #[n(5)]
    Route,
    /// An opaque id and a window; never a name, never a party.
    #[n(6)]
    CandidateOffice,
    #[n(7)]
    Rally,
    #[n(8)]
    Procession,
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Building {
    #[n(0)]
    pub id: BuildingId,
    #[n(1)]
    pub kind: BuildingKind,
    /// Empty for candidates' offices, rallies and processions.
    #[n(2)]
    pub name: String,
    #[n(3)]
    pub district: AreaId,
    #[n(4)]
    pub point: Point,
    #[n(5)]
    pub place_basis: PlaceBasis,
    #[n(6)]
    pub stations: Vec<StationId>,
    /// When the place needs guarding, if not the whole election period.
    #[n(7)]
    pub window: Option<TimeWindow>,
    /// Further points of a route or procession, in order.
    #[n(8)]
    pub line: Vec<Point>,
}
