//! What somebody saw at a building, or answered for a district: it feeds the factors.

use crate::{AreaId, BuildingId, Date, risk::Factor};
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// What an answer is about.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum SurveySubject {
    #[n(0)]
    Building(#[n(0)] BuildingId),
    #[n(1)]
    District(#[n(0)] AreaId),
}

/// One answered line of the building form or the district checklist.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct SurveyAnswer {
    #[n(0)]
    pub subject: SurveySubject,
    /// Key of the question in the form: `walls`, `gates`, `radio-test`.
    #[n(1)]
    pub question: String,
    /// Score in hundredths, 0 (no concern) to 400 (extreme).
    #[n(2)]
    pub centi: u16,
    #[n(3)]
    pub factor: Option<Factor>,
    #[n(4)]
    pub on: Date,
    /// Role of who looked; not a name.
    #[n(5)]
    pub surveyor_role: String,
    #[n(6)]
    pub note: String,
}
