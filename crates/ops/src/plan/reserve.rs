//! Where quick-reaction teams are kept, small enough to be signed whole with its proposal.

use crate::{
    refusal::{Refusal, RefusalCode},
    stamp::Hash32,
};
use minicbor::{Decode, Encode};
use pehra_domain::UnitId;
use sha2::{Digest, Sha256};

/// Most bases of one plan: with so many it still fits the body of an entry.
pub const BASES_MAX: usize = 4_096;
/// Longest time that a target or a guarantee may name.
const SECONDS_MAX: u32 = 24 * 3_600;

/// Teams at the place of a unit.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Base {
    #[n(0)]
    pub unit: UnitId,
    #[n(1)]
    pub teams: u16,
}

/// What help in time meant when the bases were chosen, in seconds, and what it was worth.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Terms {
    /// By class (normal, sensitive, most) and terrain (plain, hill, mountain).
    #[n(0)]
    pub target_s: [[u32; 3]; 3],
    /// By class: nobody should wait longer.
    #[n(1)]
    pub guarantee_s: [u32; 3],
    #[n(2)]
    pub weight: [u32; 3],
    #[n(3)]
    pub backup_percent: u32,
    #[n(4)]
    pub guarantee_factor: u32,
}

/// What the bases give the stations of a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Reach {
    #[n(0)]
    pub stations: u32,
    /// In time by one team, and by two.
    #[n(1)]
    pub reached: u32,
    #[n(2)]
    pub twice: u32,
    #[n(3)]
    pub guaranteed: u32,
    /// None: some station has no way at all.
    #[n(4)]
    pub worst_s: Option<u32>,
}

/// Bases for quick-reaction teams, and from which times they follow.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Reserve {
    /// By unit, ascending.
    #[n(0)]
    pub bases: Vec<Base>,
    #[n(1)]
    pub terms: Terms,
    /// By class: normal, sensitive, most.
    #[n(2)]
    pub reach: [Reach; 3],
    /// Stations whose nearest team's time was measured along roads, and such as it was estimated for.
    #[n(3)]
    pub by_road: u32,
    #[n(4)]
    pub estimated: u32,
    /// The road map; none: every time is an estimate.
    #[n(5)]
    pub roads: Option<Hash32>,
}

impl Reserve {
    /// By this its plan is known: of all that it says.
    #[must_use]
    pub fn manifest(&self) -> Hash32 {
        // Writing to memory cannot fail: the error type of a vector is empty.
        let bytes = minicbor::to_vec(self).unwrap_or_default();
        let mut digest = Sha256::new_with_prefix(b"pehra/reserve/1\0");
        digest.update(bytes);
        Hash32(digest.finalize().into())
    }

    /// Teams of all bases.
    #[must_use]
    pub fn teams(&self) -> u32 {
        self.bases.iter().map(|base| u32::from(base.teams)).sum()
    }

    /// Each base once and with a team, times that are times, nobody reached who is not there, and no road's time without
    /// a map.
    fn is_sound(&self) -> bool {
        let each_once = self.bases.windows(2).all(|pair| pair[0].unit < pair[1].unit);
        let terms = &self.terms;
        let mut times = terms.target_s.iter().flatten().chain(&terms.guarantee_s);
        let of_all = |reach: &Reach| {
            reach.twice <= reach.reached
                && reach.reached <= reach.stations
                && reach.guaranteed <= reach.stations
        };
        let stations: u64 = self.reach.iter().map(|reach| u64::from(reach.stations)).sum();
        (1..=BASES_MAX).contains(&self.bases.len())
            && each_once
            && self.bases.iter().all(|base| base.teams > 0)
            && times.all(|seconds| (1..=SECONDS_MAX).contains(seconds))
            && terms.backup_percent <= 100
            && self.reach.iter().all(of_all)
            && u64::from(self.by_road) + u64::from(self.estimated) <= stations
            && (self.by_road == 0 || self.roads.is_some())
    }
}

/// What holds of a proposed plan of reserves, whoever sent it.
pub(crate) fn check(proposal: &super::Proposal, reserve: &Reserve) -> Result<(), Refusal> {
    let proven = proposal.summary.objective <= proposal.summary.dual_bound;
    if reserve.is_sound() && proven && proposal.manifest == reserve.manifest() {
        return Ok(());
    }
    Err(Refusal::of(RefusalCode::BasingMalformed, &proposal.name))
}
