//! How many guards a place is due: norms as data with a source.

use crate::{risk::RiskClass, station::StationKind};
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// One line of a norms profile.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct NormRow {
    #[n(0)]
    pub class: RiskClass,
    #[n(1)]
    pub kind: StationKind,
    #[n(2)]
    pub inner_per_station: u32,
    #[n(3)]
    pub outer_per_building: u32,
    #[n(4)]
    pub women_min: u32,
    /// Paramilitary or army standing outside, only at places on the selected list.
    #[n(5)]
    pub static_outside: u32,
}

/// `need(building) = Σ inner(station) + outer(highest class) + booth rule`: one more inner post for every two
/// booths above `booths_free` (DOMAIN §3(b), proposed default).
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct NormProfile {
    #[n(0)]
    pub name: String,
    #[n(1)]
    pub source: String,
    #[n(2)]
    pub rows: Vec<NormRow>,
    #[n(3)]
    pub booths_free: u32,
    /// False: the booth rule is off.
    #[n(4)]
    pub booth_rule: bool,
    /// Most visible armed people at the gate of a building whose highest class is normal, sensitive, most.
    #[n(5)]
    pub visible_armed_max: [Option<u32>; 3],
}
