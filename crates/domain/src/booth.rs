//! Counts by sex: booths and registered voters.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// A head count or booth count split by sex, as the commission publishes it.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Encode,
    Decode,
    Serialize,
    Deserialize,
)]
pub struct BySex {
    #[n(0)]
    pub men: u32,
    #[n(1)]
    pub women: u32,
}

impl BySex {
    #[must_use]
    pub fn total(self) -> u32 {
        self.men.saturating_add(self.women)
    }
}
