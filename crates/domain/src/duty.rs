//! Detachments of a plan, what each post of them asks, and who came to hold it: the shape of a roster.

use crate::{
    BuildingId, ConstituencyId, PersonId, UnitId,
    force::StaffKind,
    member::{Grade, Modules},
    risk::RiskClass,
};
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// What somebody does at a place.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum Duty {
    /// In charge of the detachment.
    #[n(0)]
    Leader,
    /// Searches women, by women only.
    #[n(1)]
    Searcher,
    #[n(2)]
    Guard,
}

/// So many of one kind from one unit at one building: a posting of the plan with what matters for names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, Serialize, Deserialize)]
pub struct Detachment {
    #[n(0)]
    pub unit: UnitId,
    #[n(1)]
    pub kind: StaffKind,
    #[n(2)]
    pub building: BuildingId,
    #[n(3)]
    pub count: u32,
    #[n(4)]
    pub class: RiskClass,
    /// Whose contests are held there: nobody at home in one of them may be posted.
    #[n(5)]
    pub contests: Vec<ConstituencyId>,
    /// Whether this detachment gives the one who is in charge.
    #[n(6)]
    pub leads: bool,
}

/// What posts ask for, as data (DOMAIN §3(h); `training_modules.csv`).
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Demands {
    /// Of everybody: law and code (M1), the drill of the day (M2).
    #[n(0)]
    pub everybody: Modules,
    /// Outside a most sensitive place: bombs, cordon, second device (M7).
    #[n(1)]
    pub most_sensitive: Modules,
    /// Of a woman who searches women (M4).
    #[n(2)]
    pub searcher: Modules,
    /// Of whoever is in charge: reports, radio, missed check-ins (M6).
    #[n(3)]
    pub leader: Modules,
    #[n(4)]
    pub leader_grade_least: Grade,
    /// Called besides those who are posted, in thousandths of them, to replace those who fall out.
    #[n(5)]
    pub spare_permille: u32,
}

impl Default for Demands {
    fn default() -> Self {
        Self {
            everybody: Modules::of(&[1, 2]),
            most_sensitive: Modules::of(&[7]),
            searcher: Modules::of(&[4]),
            leader: Modules::of(&[6]),
            leader_grade_least: Grade(2),
            spare_permille: 50,
        }
    }
}

/// What one post asks of its holder, the place aside.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
pub struct Post {
    #[n(0)]
    pub duty: Duty,
    #[n(1)]
    pub class: RiskClass,
}

impl Demands {
    #[must_use]
    pub fn modules(&self, post: Post) -> Modules {
        let duty = match post.duty {
            Duty::Leader => self.leader,
            Duty::Searcher => self.searcher,
            Duty::Guard => Modules::default(),
        };
        let class = match post.class {
            RiskClass::Most => self.most_sensitive,
            RiskClass::Normal | RiskClass::Sensitive => Modules::default(),
        };
        self.everybody.and(duty).and(class)
    }

    #[must_use]
    pub fn grade_least(&self, post: Post) -> Grade {
        match post.duty {
            Duty::Leader => self.leader_grade_least,
            Duty::Searcher | Duty::Guard => Grade::default(),
        }
    }
}

impl Detachment {
    /// The posts, the one in charge first.
    pub fn posts(&self) -> impl Iterator<Item = Post> + '_ {
        (0..self.count).map(|place| {
            let duty = match (self.leads && place == 0, self.kind) {
                (true, _) => Duty::Leader,
                (false, StaffKind::PoliceWoman) => Duty::Searcher,
                (false, StaffKind::PoliceMan | StaffKind::CivilArmedForces | StaffKind::Army) => {
                    Duty::Guard
                }
            };
            Post { duty, class: self.class }
        })
    }
}

/// What the draw said of somebody, as far as it has come.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lot {
    /// Not in the urn, for the reason that the list gives.
    #[n(0)]
    Excluded {
        #[n(0)]
        why: String,
    },
    /// Not in the urn: these modules are missing.
    #[n(1)]
    Untrained {
        #[n(0)]
        lacks: Vec<u8>,
    },
    /// In the urn of a unit that has no posts, or not called.
    #[n(2)]
    NotCalled,
    /// Called; for what, the next stage says.
    #[n(3)]
    Called,
    #[n(4)]
    Spare,
    /// Holds such a post; where, the last stage says.
    #[n(5)]
    Holds {
        #[n(0)]
        post: Post,
    },
    #[n(6)]
    Posted {
        #[n(0)]
        post: Post,
        #[n(1)]
        building: BuildingId,
    },
}

/// One line of the roster.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, Serialize, Deserialize)]
pub struct Line {
    #[n(0)]
    pub number: PersonId,
    #[n(1)]
    pub unit: UnitId,
    #[n(2)]
    pub kind: StaffKind,
    #[n(3)]
    pub lot: Lot,
}
