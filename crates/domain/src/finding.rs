//! What an import says about one cell, row or file.

use crate::severity::Severity;
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// `row` counts from 1 with the header as row 1 (so it is the line a spreadsheet shows); 0 means the file.
/// For `identity-number` both `was` and `now` stay empty and `text` does not echo the value.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
pub struct Finding {
    #[n(0)]
    pub row: u32,
    #[n(1)]
    pub column: String,
    /// A code of the importer's closed list, for example `coordinate-swapped`.
    #[n(2)]
    pub code: String,
    #[n(3)]
    pub severity: Severity,
    #[n(4)]
    pub was: String,
    #[n(5)]
    pub now: String,
    /// A sentence in English: what, where, what to do.
    #[n(6)]
    pub text: String,
}
