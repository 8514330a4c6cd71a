//! Leaders are moved to places that nobody may lead.
//!
//! At such a place some of those who stand there change places with people of a unit of the same kind that can spare one
//! who may lead there: with some at another place, or with some who are idle. Posts, homes, reserve and caps stay as they
//! are, nobody more stands in a small team or without a seat, and no place loses its leader. The cheapest such exchange is
//! made as long as it costs less than an empty normal post.

use super::ground::{Deal, Ground, Trade};
use crate::allocate::{
    AllocateInput,
    model::{Model, index},
    rule::{
        leader::{Here, Matching, Rows, Without},
        team::{Head, tier_index},
    },
};
use pehra_domain::{
    UnitId,
    force::{StaffKind, Tier},
    progress::{Cancelled, Watch, tell},
};
use std::collections::BTreeMap;

/// Most times that the places without a leader are gone through.
const ROUNDS: usize = 4;

/// Units that are asked for a place, the nearest first.
const NEAR: usize = 32;

/// Most people who change places at once, unless all of a unit do.
const MOST: u32 = 4;

/// Exchanges looked at for a place, the cheapest first.
const TRIES: usize = 400;

const TIERS: [Tier; 3] = [Tier::Police, Tier::CivilArmedForces, Tier::Army];

/// Moves leaders, and says why how many places stay without.
pub(super) fn lead(
    input: &AllocateInput,
    model: &Model,
    ground: &mut Ground<'_>,
    watch: &mut Watch<'_>,
) -> Result<BTreeMap<Without, u64>, Cancelled> {
    let mut leading = Leading::new(input, model, ground);
    for _ in 0..ROUNDS {
        let open = leading.open();
        let (mut moved, total) = (false, open.len() as u64);
        for (done, (site, tier)) in open.into_iter().enumerate() {
            if done % 64 == 0 {
                tell(watch, "moving leaders", done as u64, total)?;
            }
            moved |= leading.mend(site, tier);
        }
        if !moved {
            break;
        }
    }
    let mut without = BTreeMap::new();
    for (site, tier) in leading.open() {
        *without.entry(leading.reason(site, tier)).or_default() += 1;
    }
    Ok(without)
}

struct Leading<'a, 'm> {
    model: &'a Model,
    ground: &'a mut Ground<'m>,
    rows: Rows<'a>,
    /// By tier: no leader of one leads another's.
    matchings: [Matching; 3],
    /// By site and tier: its number in the tier's matching. Places with people whom nobody listed are not here.
    places: BTreeMap<(u32, Tier), usize>,
}

impl<'a, 'm> Leading<'a, 'm> {
    fn new(input: &'a AllocateInput, model: &'a Model, ground: &'a mut Ground<'m>) -> Self {
        let rows = Rows::new(input);
        let matchings = TIERS.map(|_| Matching::new(rows.leaders()));
        let mut leading = Self { model, ground, rows, matchings, places: BTreeMap::new() };
        for site in 0..index(model.sites.len()) {
            for tier in TIERS {
                let heads = of_tier(leading.ground.heads(site), tier);
                if heads.is_empty() {
                    continue;
                }
                let Some(able) = leading.able(site, &heads) else { continue };
                let matching = &mut leading.matchings[tier_index(tier)];
                matching.add(able);
                leading.places.insert((site, tier), matching.places() - 1);
            }
        }
        leading
    }

    fn able(&self, site: u32, heads: &[Head]) -> Option<Vec<usize>> {
        let units: Vec<(&UnitId, StaffKind)> =
            heads.iter().map(|head| (&self.model.units[head.unit as usize], head.kind)).collect();
        self.rows.able(&self.here(site), &units)
    }

    fn here(&self, site: u32) -> Here<'a> {
        self.rows.here(&self.model.sites[site as usize].id)
    }

    /// Places that nobody may lead, however those who may are spread.
    fn open(&mut self) -> Vec<(u32, Tier)> {
        let mut open = Vec::new();
        for (&(site, tier), &place) in &self.places {
            if !self.matchings[tier_index(tier)].lead(place) {
                open.push((site, tier));
            }
        }
        open
    }

    /// Makes the cheapest exchange that gives a place a leader; whether there was one.
    fn mend(&mut self, site: u32, tier: Tier) -> bool {
        if self.places.get(&(site, tier)).is_some_and(|&p| self.matchings[tier_index(tier)].lead(p))
        {
            return true;
        }
        let heads = leading_kinds(of_tier(self.ground.heads(site), tier));
        let mut deals: Vec<(i64, Trade)> = Vec::new();
        for head in &heads {
            for comes in self.sparing(site, head.kind) {
                if comes == head.unit {
                    continue;
                }
                let places = self.ground.stands(comes).iter().copied().filter(|&from| from != site);
                for from in std::iter::once(None).chain(places.map(Some)) {
                    let whole = (head.count > MOST).then_some(head.count);
                    for count in (1..=head.count.min(MOST)).chain(whole) {
                        let (leaves, kind) = (head.unit, head.kind);
                        let trade = Trade { site, leaves, comes, kind, count, from };
                        let cost = self.ground.cost(&trade);
                        deals.extend(
                            cost.filter(|&cost| cost < self.ground.price())
                                .map(|cost| (cost, trade)),
                        );
                    }
                }
            }
        }
        deals.sort_unstable();
        let few = deals.iter().filter(|(_, trade)| self.ground.keeps(trade)).take(TRIES);
        let few: Vec<Trade> = few.map(|&(_, trade)| trade).collect();
        let found = few.into_iter().find(|trade| self.lets_lead(trade, tier));
        if let Some(trade) = &found {
            self.ground.apply(&Deal::Trade(*trade));
        }
        found.is_some()
    }

    /// The nearest units of a kind that may come to a site and can spare one who may lead there.
    fn sparing(&mut self, site: u32, kind: StaffKind) -> Vec<u32> {
        let here = self.here(site);
        let mut near = self.coming(site, kind);
        near.retain(|&(_, unit)| self.spares(unit, kind, Some(&here)));
        near.sort_unstable();
        near.truncate(NEAR);
        near.into_iter().map(|(_, unit)| unit).collect()
    }

    /// Units of a kind whose people may come to a site, with the cost of the way.
    fn coming(&self, site: u32, kind: StaffKind) -> Vec<(u32, u32)> {
        let sources = &self.model.sources[self.model.of_kind(kind)];
        let first = sources.iter().enumerate().filter(|&(number, source)| {
            (number == 0 || sources[number - 1].unit != source.unit)
                && self.model.unit_bar(site, source).is_none()
        });
        let at = &self.model.sites[site as usize];
        first.map(|(_, source)| (self.model.way_cost(source, at), source.unit)).collect()
    }

    /// Whether a unit's kind has somebody to spare who may lead: here, or anywhere.
    fn spares(&mut self, unit: u32, kind: StaffKind, here: Option<&Here<'_>>) -> bool {
        let rows = self.rows.of(&self.model.units[unit as usize], kind).unwrap_or_default();
        let matching = &mut self.matchings[tier_index(kind.tier())];
        rows.iter().any(|&row| {
            here.map_or_else(|| self.rows.leads(row), |here| self.rows.may_lead(row, here))
                && matching.spares(row)
        })
    }

    /// Whether an exchange gives its site a leader and takes none from anybody; the matching is then as after it, and as
    /// before otherwise.
    fn lets_lead(&mut self, trade: &Trade, tier: Tier) -> bool {
        let &Trade { site, leaves, comes, kind, count, from } = trade;
        let more = i64::from(count);
        let to = [(leaves, kind, -more), (comes, kind, more)];
        let back = [(comes, kind, -more), (leaves, kind, more)];
        let Some((place, able)) = self.changed(site, tier, &to) else { return false };
        let other = from.and_then(|from| self.changed(from, tier, &back));
        let matching = &mut self.matchings[tier_index(tier)];
        let before = matching.set(place, able);
        let Some((other, able)) = other else {
            if matching.lead(place) {
                return true;
            }
            matching.set(place, before);
            return false;
        };
        let was_led = matching.is_led(other);
        let other_before = matching.set(other, able);
        let led = matching.lead(place);
        if (matching.lead(other) || !was_led) && led {
            return true;
        }
        // Whoever led the other place does so again before this one asks for anybody.
        matching.set(place, Vec::new());
        matching.set(other, other_before);
        if was_led {
            matching.lead(other);
        }
        matching.set(place, before);
        false
    }

    /// A place's number and who may lead it after a change.
    fn changed(
        &self,
        site: u32,
        tier: Tier,
        changes: &[(u32, StaffKind, i64)],
    ) -> Option<(usize, Vec<usize>)> {
        let place = *self.places.get(&(site, tier))?;
        let heads = of_tier(self.ground.heads_with(site, changes), tier);
        Some((place, self.able(site, &heads)?))
    }

    fn reason(&mut self, site: u32, tier: Tier) -> Without {
        let heads = leading_kinds(of_tier(self.ground.heads(site), tier));
        if !heads.iter().any(|head| self.ground.movable(head.unit, head.kind, site, None) > 0) {
            return Without::Pinned;
        }
        let Some(kind) = heads.first().map(|head| head.kind) else { return Without::NobodyLeft };
        let here = self.here(site);
        if self.coming(site, kind).iter().any(|&(_, unit)| self.spares(unit, kind, Some(&here))) {
            return Without::TooDear;
        }
        let all: Vec<u32> =
            self.model.sources[self.model.of_kind(kind)].iter().map(|source| source.unit).collect();
        if all.iter().any(|&unit| self.spares(unit, kind, None)) {
            return Without::OutOfReach;
        }
        Without::NobodyLeft
    }
}

fn of_tier(mut heads: Vec<Head>, tier: Tier) -> Vec<Head> {
    heads.retain(|head| head.kind.tier() == tier);
    heads
}

/// Those among whom one leads: women where nobody else stands.
fn leading_kinds(mut heads: Vec<Head>) -> Vec<Head> {
    let woman = |head: &Head| head.kind == StaffKind::PoliceWoman;
    if !heads.iter().all(woman) {
        heads.retain(|head| !woman(head));
    }
    heads
}
