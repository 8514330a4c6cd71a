//! The shape of a deployment plan and of the certificate that travels with it. The engine lives in `pehra-plan`.

use crate::{BuildingId, UnitId, force::StaffKind};
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// So many people of one kind from one unit at one building.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, Serialize, Deserialize)]
pub struct Posting {
    #[n(0)]
    pub unit: UnitId,
    #[n(1)]
    pub building: BuildingId,
    #[n(2)]
    pub kind: StaffKind,
    #[n(3)]
    pub count: u32,
    /// Estimated travel distance in metres (see the certificate for how it was estimated).
    #[n(4)]
    pub distance_m: u32,
    #[n(5)]
    pub origin: Origin,
}

/// Whence the unit comes, seen from the building.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    #[n(0)]
    OwnDistrict,
    #[n(1)]
    OwnProvince,
    #[n(2)]
    Outside,
}

/// Why posts stay empty.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum ShortfallReason {
    /// No unit within reach has anybody of this kind left.
    #[n(0)]
    NobodyLeft,
    /// People are left elsewhere, but the journey costs more than the gap is worth.
    #[n(1)]
    TooFar,
    /// A cap on visible armed presence.
    #[n(2)]
    Capped,
    /// A lock set by hand.
    #[n(3)]
    Locked,
    /// There is no unit of this kind at all.
    #[n(4)]
    NoSuchUnit,
    /// Whoever is left is at home there.
    #[n(5)]
    AtHome,
    /// Whoever is left would be too long on the way, or on duty, or come too late.
    #[n(6)]
    TooLong,
    /// Whoever is left would stand alone, or without a seat to get there.
    #[n(7)]
    Together,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, Serialize, Deserialize)]
pub struct Shortfall {
    #[n(0)]
    pub building: BuildingId,
    #[n(1)]
    pub kind: StaffKind,
    #[n(2)]
    pub missing: u32,
    /// How many of the missing are a legal or women's minimum; each is an exception with a mitigation.
    #[n(3)]
    pub minimum_missing: u32,
    #[n(4)]
    pub reason: ShortfallReason,
    /// Objective units gained by one more person of this kind here.
    #[n(5)]
    pub shadow_price: i64,
    /// The mitigation proposed for an unmet women's minimum, empty otherwise.
    #[n(6)]
    pub mitigation: String,
}

/// What one building is due and gets, per kind of staff.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, Serialize, Deserialize)]
pub struct BuildingNeed {
    #[n(0)]
    pub building: BuildingId,
    #[n(1)]
    pub kind: StaffKind,
    #[n(2)]
    pub need: u32,
    #[n(3)]
    pub minimum: u32,
    #[n(4)]
    pub posted: u32,
}

/// A rule that was bent, with its extent.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, Serialize, Deserialize)]
pub struct Relaxation {
    #[n(0)]
    pub rule: String,
    #[n(1)]
    pub count: u64,
    #[n(2)]
    pub text: String,
}

/// Proof that the plan is as good as it says: `gap = objective - dual_bound`, both exact integers.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Certificate {
    /// SHA-256 of the canonical bytes of all inputs.
    #[n(0)]
    #[cbor(with = "minicbor::bytes")]
    pub input_hash: [u8; 32],
    #[n(1)]
    pub seed: u64,
    #[n(2)]
    pub engine: String,
    #[n(3)]
    pub objective: i64,
    #[n(4)]
    pub dual_bound: i64,
    #[n(5)]
    pub relaxations: Vec<Relaxation>,
    /// Sentences: distance estimate, units of the objective, what was left out.
    #[n(6)]
    pub notes: Vec<String>,
}

impl Certificate {
    /// How far the plan can be from the best possible, in objective units.
    #[must_use]
    pub fn gap(&self) -> i64 {
        self.objective.saturating_sub(self.dual_bound)
    }
}

/// A whole plan. Stored as one chunk per district plus a head with certificate and totals.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Plan {
    #[n(0)]
    pub certificate: Certificate,
    #[n(1)]
    pub postings: Vec<Posting>,
    #[n(2)]
    pub shortfalls: Vec<Shortfall>,
    #[n(3)]
    pub needs: Vec<BuildingNeed>,
}
