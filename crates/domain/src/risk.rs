//! The shape of an assessment. The model that fills it lives in `pehra-plan`.

use crate::{StationId, override_record::OverrideCode};
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(index_only)]
#[serde(rename_all = "lowercase")]
pub enum RiskClass {
    #[n(0)]
    Normal,
    #[n(1)]
    Sensitive,
    #[n(2)]
    Most,
}

impl RiskClass {
    pub const ALL: [Self; 3] = [Self::Normal, Self::Sensitive, Self::Most];

    /// Its name in files and keys.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Sensitive => "sensitive",
            Self::Most => "most",
        }
    }

    /// Its English name in tables that people read.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Normal | Self::Sensitive => self.word(),
            Self::Most => "most sensitive",
        }
    }
}

/// The 19 factors of DOMAIN §3(a), each scored 0.00 (none) to 4.00 (extreme).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(index_only)]
pub enum Factor {
    #[n(0)]
    T1,
    #[n(1)]
    T2,
    #[n(2)]
    T3,
    #[n(3)]
    T4,
    #[n(4)]
    T5,
    #[n(5)]
    T6,
    #[n(6)]
    V1,
    #[n(7)]
    V2,
    #[n(8)]
    V3,
    #[n(9)]
    V4,
    #[n(10)]
    V5,
    #[n(11)]
    V6,
    #[n(12)]
    V7,
    #[n(13)]
    V8,
    #[n(14)]
    C1,
    #[n(15)]
    C2,
    #[n(16)]
    C3,
    #[n(17)]
    C4,
    #[n(18)]
    C5,
}

pub const FACTOR_COUNT: usize = 19;

impl Factor {
    pub const ALL: [Self; FACTOR_COUNT] = [
        Self::T1,
        Self::T2,
        Self::T3,
        Self::T4,
        Self::T5,
        Self::T6,
        Self::V1,
        Self::V2,
        Self::V3,
        Self::V4,
        Self::V5,
        Self::V6,
        Self::V7,
        Self::V8,
        Self::C1,
        Self::C2,
        Self::C3,
        Self::C4,
        Self::C5,
    ];

    /// Position in [`Factor::ALL`].
    #[must_use]
    pub fn index(self) -> usize {
        self as usize
    }

    /// `"T1"` … `"C5"`.
    #[must_use]
    pub fn code(self) -> &'static str {
        const CODES: [&str; FACTOR_COUNT] = [
            "T1", "T2", "T3", "T4", "T5", "T6", "V1", "V2", "V3", "V4", "V5", "V6", "V7", "V8",
            "C1", "C2", "C3", "C4", "C5",
        ];
        CODES[self.index()]
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|factor| factor.code() == code)
    }
}

/// Where a factor's value comes from. All but `Observed` lower the completeness.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(index_only)]
#[serde(rename_all = "lowercase")]
pub enum FactorBasis {
    #[n(0)]
    Observed,
    #[n(1)]
    District,
    #[n(2)]
    Province,
    #[n(3)]
    Nation,
    /// A declared prior, with its source in the model's parameters.
    #[n(4)]
    Prior,
}

/// A factor's value in hundredths (0 to 400), its basis and the confidence in it (0 to 100 %).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct FactorScore {
    #[n(0)]
    pub centi: u16,
    #[n(1)]
    pub basis: FactorBasis,
    #[n(2)]
    pub confidence_pct: u8,
}

/// One station's assessment. Scores in hundredths (0 to 10 000), probabilities in thousandths.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct StationAssessment {
    #[n(0)]
    pub station: StationId,
    /// In the order of [`Factor::ALL`].
    #[n(1)]
    pub factors: Vec<FactorScore>,
    /// Without the plan (V4 = 4).
    #[n(2)]
    pub inherent_centi: u16,
    /// With the adopted plan's force gap, if there is a plan.
    #[n(3)]
    pub residual_centi: Option<u16>,
    #[n(4)]
    pub p10_centi: u16,
    #[n(5)]
    pub p50_centi: u16,
    #[n(6)]
    pub p90_centi: u16,
    /// Probability of normal, sensitive, most; sums to 1 000.
    #[n(7)]
    pub class_permille: [u16; 3],
    /// The computed class after overrides.
    #[n(8)]
    pub class: RiskClass,
    /// Completeness below 50 %.
    #[n(9)]
    pub provisional: bool,
    #[n(10)]
    pub completeness_pct: u8,
    #[n(11)]
    pub overrides: Vec<OverrideCode>,
    /// As the authority gave it; wins for forces.
    #[n(12)]
    pub official: Option<RiskClass>,
}

impl StationAssessment {
    /// The class by which forces are due.
    #[must_use]
    pub fn force_class(&self) -> RiskClass {
        self.official.unwrap_or(self.class)
    }

    #[must_use]
    pub fn disagrees(&self) -> bool {
        self.official.is_some_and(|official| official != self.class)
    }
}
