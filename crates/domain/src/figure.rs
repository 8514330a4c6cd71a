//! A published number, with who published it. Contradictions stand side by side.

use crate::Date;
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// `value` is kept as published (`"over 6000"` stays so); `number` is its reading as a whole number, if it has one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, Serialize, Deserialize)]
pub struct Figure {
    #[n(0)]
    pub area: String,
    #[n(1)]
    pub measure: String,
    #[n(2)]
    pub value: String,
    #[n(3)]
    pub number: Option<i64>,
    #[n(4)]
    pub source: String,
    #[n(5)]
    pub as_of: Option<Date>,
    #[n(6)]
    pub note: String,
}
