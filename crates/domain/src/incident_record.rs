//! A past act of violence from a public data set (UCDP GED, ACLED), for the threat model. Not a live incident.

use crate::{Date, Point};
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct IncidentRecord {
    /// Data set and its own id: `ucdp:59553`.
    #[n(0)]
    pub id: String,
    #[n(1)]
    pub date: Date,
    #[n(2)]
    pub date_end: Date,
    #[n(3)]
    pub point: Point,
    /// Location precision as UCDP codes it: 1 exact … 3 district … 6 country. ACLED's 1–3 map to 1, 2, 3.
    #[n(4)]
    pub place_precision: u8,
    /// Date precision as UCDP codes it: 1 the day … 5 the year.
    #[n(5)]
    pub date_precision: u8,
    #[n(6)]
    pub deaths_best: u32,
    #[n(7)]
    pub deaths_low: u32,
    #[n(8)]
    pub deaths_high: u32,
    /// District as the file gives it, empty if it does not.
    #[n(9)]
    pub district: String,
    #[n(10)]
    pub province: String,
    /// UCDP: 1 state-based, 2 non-state, 3 one-sided. 0 when not coded.
    #[n(11)]
    pub violence_type: u8,
    /// The file says that an election was the target.
    #[n(12)]
    pub on_election: bool,
    #[n(13)]
    pub source: String,
}
