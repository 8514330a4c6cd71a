//! What is elected at a station: a seat of the National Assembly or of a provincial assembly.

use crate::ConstituencyId;
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(index_only)]
#[serde(rename_all = "lowercase")]
pub enum Assembly {
    #[n(0)]
    National,
    #[n(1)]
    Provincial,
}

/// One contest held at a station, with the station's number in that contest's list.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
pub struct Contest {
    #[n(0)]
    pub assembly: Assembly,
    #[n(1)]
    pub constituency: ConstituencyId,
    #[n(2)]
    pub station_no: String,
    /// Registered voters and booths as this contest's list gives them.
    #[n(3)]
    pub voters: crate::booth::BySex,
    #[n(4)]
    pub booths: crate::booth::BySex,
    /// Row of the imported file, counted from 1 with the header as row 1.
    #[n(5)]
    pub source_row: u32,
}
