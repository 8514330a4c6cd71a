//! Nobody is sent alone: at a place a unit has a team of a least size, and women stand in pairs.
//!
//! This is no rule of single ways, so no flow can keep it. The flow without it is a bound; then people are exchanged
//! between units until no team is too small (see [`super::super::settle`]). What is left over is named: mostly people
//! who are alone because nobody is left to go with them.

use super::super::model::{Model, Post};
use minicbor::{Decode, Encode};
use pehra_domain::force::{StaffKind, Tier};
use serde::{Deserialize, Serialize};

/// How small a team may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Teams {
    /// People of one unit and tier at a place, or all that the place is due if that is less.
    #[n(0)]
    pub people_min: u32,
    /// Women of one unit at a place that is due women, or all women it is due if that is less.
    #[n(1)]
    pub women_min: u32,
}

impl Teams {
    /// Two and two (proposed): nobody alone among strangers.
    pub const PROPOSED: Self = Self { people_min: 2, women_min: 2 };
}

pub(in crate::allocate) fn note(teams: Teams) -> String {
    format!(
        "A unit stands at a place with at least {} people, women with at least {}, or with all that are due there.",
        teams.people_min, teams.women_min
    )
}

/// People of a unit and kind at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::allocate) struct Head {
    pub(in crate::allocate) unit: u32,
    pub(in crate::allocate) kind: StaffKind,
    pub(in crate::allocate) count: u32,
}

/// Posts of a place by the tier that mostly fills them, and of women only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::allocate) struct PostsDue {
    by_tier: [u32; 3],
    women: u32,
}

pub(in crate::allocate) fn tier_index(tier: Tier) -> usize {
    match tier {
        Tier::Police => 0,
        Tier::CivilArmedForces => 1,
        Tier::Army => 2,
    }
}

impl PostsDue {
    pub(in crate::allocate) fn by_site(model: &Model) -> Vec<Self> {
        let mut due = vec![Self::default(); model.sites.len()];
        for sink in &model.sinks {
            let here = &mut due[sink.site as usize];
            here.by_tier[tier_index(sink.post.counted_as().tier())] += sink.need;
            here.women += if sink.post == Post::Women { sink.need } else { 0 };
        }
        due
    }
}

/// The teams at a place that are too small: unit and people, a woman twice if both her unit is too few and its women.
pub(in crate::allocate) fn small(due: PostsDue, rule: Teams, heads: &[Head]) -> Vec<(u32, u32)> {
    let mut out = Vec::new();
    for (number, head) in heads.iter().enumerate().filter(|(_, head)| head.count > 0) {
        let tier = head.kind.tier();
        let of_team = |other: &&Head| other.unit == head.unit && other.kind.tier() == tier;
        // Told once for a team, at its first.
        if heads[..number].iter().filter(|other| other.count > 0).any(|other| of_team(&other)) {
            continue;
        }
        let people: u32 = heads.iter().filter(of_team).map(|other| other.count).sum();
        if people < rule.people_min.min(due.by_tier[tier_index(tier)]) {
            out.push((head.unit, people));
        }
    }
    let women = heads.iter().filter(|head| head.kind == StaffKind::PoliceWoman && head.count > 0);
    let least = rule.women_min.min(due.women);
    out.extend(women.filter(|head| head.count < least).map(|head| (head.unit, head.count)));
    out
}
