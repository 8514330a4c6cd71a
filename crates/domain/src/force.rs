//! Those who guard: units of police, civil armed forces and army.

use crate::{AreaId, ConstituencyId, Point, TimeWindow, UnitId};
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// The three tiers of the code of conduct: police answer first, civil armed forces second, army third.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    #[n(0)]
    Police,
    #[n(1)]
    CivilArmedForces,
    #[n(2)]
    Army,
}

/// What is counted and posted: tier and, for police, sex (women frisk women).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum StaffKind {
    #[n(0)]
    PoliceMan,
    #[n(1)]
    PoliceWoman,
    #[n(2)]
    CivilArmedForces,
    #[n(3)]
    Army,
}

impl StaffKind {
    pub const ALL: [Self; 4] =
        [Self::PoliceMan, Self::PoliceWoman, Self::CivilArmedForces, Self::Army];

    /// Its name in files and on paper, such as `police-man`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::PoliceMan => "police-man",
            Self::PoliceWoman => "police-woman",
            Self::CivilArmedForces => "civil-armed-forces",
            Self::Army => "army",
        }
    }

    #[must_use]
    pub fn tier(self) -> Tier {
        match self {
            Self::PoliceMan | Self::PoliceWoman => Tier::Police,
            Self::CivilArmedForces => Tier::CivilArmedForces,
            Self::Army => Tier::Army,
        }
    }
}

/// A unit: where it stands, whom it can send, and when.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Unit {
    #[n(0)]
    pub id: UnitId,
    #[n(1)]
    pub name: String,
    #[n(2)]
    pub tier: Tier,
    #[n(3)]
    pub district: AreaId,
    #[n(4)]
    pub point: Point,
    /// People who can be posted, by sex.
    #[n(5)]
    pub men: u32,
    #[n(6)]
    pub women: u32,
    #[n(7)]
    pub vehicles: u32,
    #[n(8)]
    pub seats: u32,
    #[n(9)]
    pub window: Option<TimeWindow>,
    /// Quick-reaction people held back from fixed posts.
    #[n(10)]
    pub reserve: u32,
    #[n(11)]
    pub home: Option<ConstituencyId>,
}

/// How many of one kind in a unit may be drawn and are at home in these constituencies: a count, nobody's name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, Serialize, Deserialize)]
pub struct HomeCount {
    #[n(0)]
    pub unit: UnitId,
    #[n(1)]
    pub kind: StaffKind,
    /// In order; empty for people at home where nobody votes in this election.
    #[n(2)]
    pub home: Vec<ConstituencyId>,
    #[n(3)]
    pub count: u32,
    /// How many of them may lead.
    #[n(4)]
    pub leaders: u32,
    /// Whether these have passed what a most sensitive place asks.
    #[n(5)]
    pub most_sensitive: bool,
}

impl Unit {
    /// People of one kind that this unit can post, reserve excluded by the caller.
    #[must_use]
    pub fn strength(&self, kind: StaffKind) -> u32 {
        match kind {
            StaffKind::PoliceMan if self.tier == Tier::Police => self.men,
            StaffKind::PoliceWoman if self.tier == Tier::Police => self.women,
            StaffKind::CivilArmedForces if self.tier == Tier::CivilArmedForces => {
                self.men + self.women
            }
            StaffKind::Army if self.tier == Tier::Army => self.men + self.women,
            StaffKind::PoliceMan
            | StaffKind::PoliceWoman
            | StaffKind::CivilArmedForces
            | StaffKind::Army => 0,
        }
    }
}
