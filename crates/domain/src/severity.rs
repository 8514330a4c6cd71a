//! How bad: 5 is death, capture, material destroyed or national effect; 1 is a note.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(index_only)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// For the record; nothing to do.
    #[n(0)]
    Note,
    /// Kept and used; somebody should look.
    #[n(1)]
    Warning,
    /// Kept, not used until mended.
    #[n(2)]
    Error,
}
