//! A signed departure from the computed class.

use crate::{PersonId, StationId, UnixMs, risk::RiskClass};
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(index_only)]
pub enum OverrideCode {
    /// Current, place-specific threat graded B2 or better: most sensitive.
    #[n(1)]
    O1,
    /// Fatal attack on the building in the last two polls: most sensitive.
    #[n(2)]
    O2,
    /// No working communication rung and quick reaction over 45 min away: at least sensitive.
    #[n(3)]
    O3,
}

impl OverrideCode {
    /// The class that the rule demands at the least.
    #[must_use]
    pub fn at_least(self) -> RiskClass {
        match self {
            Self::O1 | Self::O2 => RiskClass::Most,
            Self::O3 => RiskClass::Sensitive,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct OverrideRecord {
    #[n(0)]
    pub station: StationId,
    #[n(1)]
    pub code: OverrideCode,
    #[n(2)]
    pub reason: String,
    #[n(3)]
    pub signed_by: PersonId,
    #[n(4)]
    pub expires: UnixMs,
}
