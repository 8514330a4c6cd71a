//! Nobody is sent alone: at a place a unit has a team of a least size, and women stand in pairs.
//!
//! This is no rule of single ways, so no flow can keep it. The flow without it is a bound; then teams that are too
//! small beside another unit's leave (the way is closed to them) or grow (so many of them are fixed there), and the plan
//! is solved again from where it is, for a few rounds. What is left over is named: mostly people who are alone because
//! nobody is left to go with them.

use super::super::model::{Model, Post};
use crate::flow::Solved;
use minicbor::{Decode, Encode};
use pehra_domain::force::{StaffKind, Tier};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

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

/// A way that is closed: so that nobody of this kind of a unit stands at a site.
pub(in crate::allocate) type Apart = (u32, u32, StaffKind);

/// So many of a kind of a unit that a site gets at least: a small team grows.
pub(in crate::allocate) type Grown = (u32, u32, StaffKind, u32);

/// People who stand in teams that are too small, and what to do about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::allocate) struct Small {
    pub(in crate::allocate) people: u64,
    pub(in crate::allocate) close: BTreeSet<Apart>,
    pub(in crate::allocate) grow: BTreeSet<Grown>,
}

/// People of a unit at a site: how many of each kind, and the highest price among their sources.
#[derive(Clone, Debug, Default)]
struct Team {
    people: u32,
    by_kind: BTreeMap<StaffKind, u32>,
    price: i64,
}

/// Looks at every place. Where a larger team of another unit stands beside a small one, the small one leaves if its
/// people are worth more elsewhere than those of the larger one, and grows otherwise.
pub(in crate::allocate) fn small(model: &Model, solved: &Solved, rule: Teams) -> Small {
    let mut here: BTreeMap<(u32, Tier, bool), BTreeMap<u32, Team>> = BTreeMap::new();
    let pins = model.pins.iter().map(|pin| (pin.source, pin.sink, pin.count));
    let flows = solved.solution.flows.iter().map(|flow| (flow.source, flow.sink, flow.count));
    for (number, sink, count) in flows.chain(pins) {
        let Some(sink) = model.sinks.get(sink as usize) else { continue };
        let source = &model.sources[number as usize];
        for women in [false, true] {
            if women && source.kind != StaffKind::PoliceWoman {
                continue;
            }
            let teams = here.entry((sink.site, source.kind.tier(), women)).or_default();
            let team = teams.entry(source.unit).or_default();
            team.people += count;
            *team.by_kind.entry(source.kind).or_default() += count;
            team.price = team.price.max(solved.solution.prices[number as usize]);
        }
    }
    let due = due(model);
    let pinned: BTreeSet<(u32, u32)> = model
        .pins
        .iter()
        .map(|pin| (model.sinks[pin.sink as usize].site, model.sources[pin.source as usize].unit))
        .collect();
    let mut out = Small::default();
    for ((site, tier, women), teams) in here {
        let posts = due.get(&(site, tier, women)).copied().unwrap_or(0);
        let least = if women { rule.women_min } else { rule.people_min }.min(posts);
        // The largest stays, the first of equals: somebody must.
        let order =
            |a: &(&u32, &Team), b: &(&u32, &Team)| a.1.people.cmp(&b.1.people).then(b.0.cmp(a.0));
        let Some((&stays, largest)) = teams.iter().max_by(order) else { continue };
        for (&unit, team) in teams.iter().filter(|(_, team)| team.people < least) {
            out.people += u64::from(team.people);
            if unit == stays || pinned.contains(&(site, unit)) {
                continue;
            }
            let lacking = least - team.people;
            let most =
                team.by_kind.iter().max_by_key(|&(kind, count)| (count, std::cmp::Reverse(kind)));
            if let Some((&kind, &count)) = most.filter(|_| team.price <= largest.price) {
                out.grow.insert((site, unit, kind, count + lacking));
                continue;
            }
            for kind in StaffKind::ALL {
                if kind.tier() == tier && (!women || kind == StaffKind::PoliceWoman) {
                    out.close.insert((site, unit, kind));
                }
            }
        }
    }
    out
}

/// Posts by site, by the tier that mostly fills them, and of women only.
fn due(model: &Model) -> BTreeMap<(u32, Tier, bool), u32> {
    let mut due: BTreeMap<(u32, Tier, bool), u32> = BTreeMap::new();
    for sink in &model.sinks {
        *due.entry((sink.site, sink.post.counted_as().tier(), false)).or_default() += sink.need;
        if sink.post == Post::Women {
            *due.entry((sink.site, Tier::Police, true)).or_default() += sink.need;
        }
    }
    due
}
