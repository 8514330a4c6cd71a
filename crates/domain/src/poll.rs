//! A poll is one contest at one station on one date. Postponed, adjourned and repeated polls are polls of their own.

use crate::{ConstituencyId, Date, StationId};
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
pub struct PollKey {
    #[n(0)]
    pub constituency: ConstituencyId,
    /// None: every station of the constituency.
    #[n(1)]
    pub station: Option<StationId>,
    #[n(2)]
    pub date: Date,
}

#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum PollState {
    #[n(0)]
    Scheduled,
    #[n(1)]
    Postponed,
    #[n(2)]
    Adjourned,
    #[n(3)]
    Repeated,
    #[n(4)]
    Held,
}
