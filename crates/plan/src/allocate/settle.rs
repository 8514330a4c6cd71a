//! Rules that no flow can keep: the flow without them is a bound, and people are exchanged until they hold.
//!
//! Where exchanges follow, the flow is solved to within a two-thousandth of its bound only.
//!
//! The bound is the optimum under all rules that forbid ways. Where two units meet it leaves splinters: a unit's team
//! that is too small, a woman without anybody of her own unit, people without a seat. Each is mended where it lies, by the
//! cheapest exchange between two units that makes fewer people break a rule: some of one unit leave a place, as many
//! of the other's come from a place where they stand, or from those idle, and the first take theirs. Both are of one kind,
//! so every post stays filled and every rule on ways and posts is looked at as it is; nothing but ways gets longer. Where
//! posts are empty for want of people, somebody may also go from one place of the unit to an empty post at another. What
//! none of these mends at less than an empty post would cost stays, and is named. Leaders are moved last (see [`lead`]).

mod ground;
mod lead;

use super::{
    AllocateInput,
    model::Model,
    rule::{Teams, leader::Without, team},
};
use crate::flow::{Solution, Solved};
use ground::{Deal, Ground, Shift, Trade};
use pehra_domain::{
    force::StaffKind,
    plan::Relaxation,
    progress::{Cancelled, Watch, tell},
};
use std::collections::{BTreeMap, BTreeSet};

/// Most times that the places with somebody who breaks a rule are gone through.
const ROUNDS: u64 = 8;

/// Most people exchanged at once.
const MOST: u32 = 4;

/// How much dearer than the cheapest the ways may be that exchanges begin from: 3 km where they follow at all.
pub(super) fn slack(input: &AllocateInput) -> i64 {
    let follow = input.rules.teams.is_some() || input.rules.seats.is_some();
    if follow { SLACK } else { 0 }
}

const SLACK: i64 = 30;

/// What holds at the end: the bound on the whole, and how many people the rules are not kept for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Held {
    pub(super) dual_bound: i64,
    /// Sites, with the units whose people were taken away from there again because they had no seat.
    pub(super) vacated: BTreeSet<(u32, u32)>,
    small: u64,
    standing: u64,
    /// Places that nobody may lead.
    pub(super) without_leader: BTreeMap<Without, u64>,
}

impl Held {
    /// Rules that were bent, with their extent.
    pub(super) fn relaxations(&self) -> Vec<Relaxation> {
        let (small, standing) = (self.small, self.standing);
        let bent = [
            (
                "team_size",
                small,
                format!("{small} people stand in teams smaller than the rule asks."),
            ),
            (
                "vehicle_seats",
                standing,
                format!(
                    "{standing} people have no seat in their unit's vehicles and must be driven by others."
                ),
            ),
        ];
        bent.into_iter()
            .filter(|(_, count, _)| *count > 0)
            .map(|(rule, count, text)| Relaxation { rule: rule.to_owned(), count, text })
            .collect()
    }
}

/// From the optimum without teams and seats to an answer that keeps them as far as they can be kept.
pub(super) fn settle(
    input: &AllocateInput,
    model: &Model,
    relaxed: &Solved,
    watch: &mut Watch<'_>,
) -> Result<(Solution, Held), Cancelled> {
    let dual_bound = relaxed.solution.dual_bound;
    let exchanges = input.rules.teams.is_some() || input.rules.seats.is_some();
    let leaders = input.rules.leaders && !input.homes.is_empty();
    if !exchanges && !leaders {
        return Ok((relaxed.solution.clone(), Held { dual_bound, ..Held::default() }));
    }
    let teams = input.rules.teams.unwrap_or(Teams { people_min: 0, women_min: 0 });
    let mut ground = Ground::new(model, relaxed, teams, input.rules.seats);
    if exchanges {
        mend(&mut ground, watch)?;
    }
    let vacated = ground.vacate();
    let without_leader =
        if leaders { lead::lead(input, model, &mut ground, watch)? } else { BTreeMap::new() };
    let (small, standing) = ground.broken();
    let solution = ground.solution(relaxed);
    Ok((solution, Held { dual_bound, vacated, small, standing, without_leader }))
}

fn mend(ground: &mut Ground<'_>, watch: &mut Watch<'_>) -> Result<(), Cancelled> {
    for _ in 0..ROUNDS {
        let places = ground.places();
        let (mut traded, total) = (false, places.len() as u64);
        for (done, site) in places.into_iter().enumerate() {
            if done % 512 == 0 {
                tell(watch, "exchanging people of small teams", done as u64, total)?;
            }
            while let Some(deal) = cheapest(ground, site) {
                ground.apply(&deal);
                traded = true;
            }
        }
        if !traded {
            break;
        }
    }
    Ok(())
}

/// The cheapest exchange at a site that leaves fewer people who break a rule.
fn cheapest(ground: &Ground<'_>, site: u32) -> Option<Deal> {
    let heads = ground.heads(site);
    let mut wrong: BTreeSet<u32> = team::small(ground.due(site), ground.teams, &heads)
        .into_iter()
        .map(|(unit, _)| unit)
        .collect();
    wrong.extend(
        heads.iter().map(|head| head.unit).filter(|&unit| ground.drives_too_many(unit, site)),
    );
    let mut best: Option<(i64, Deal)> = None;
    let mut consider = |deal: Deal| {
        if let Some(gain) = ground.weigh(&deal)
            && best.as_ref().is_none_or(|(least, _)| gain < *least)
        {
            best = Some((gain, deal));
        }
    };
    let kinds: BTreeSet<StaffKind> = heads.iter().map(|head| head.kind).collect();
    for &unit in &wrong {
        for &kind in &kinds {
            let units: BTreeSet<u32> =
                heads.iter().filter(|h| h.kind.tier() == kind.tier()).map(|h| h.unit).collect();
            for head in heads.iter().filter(|head| head.kind == kind) {
                // Those of the unit leave for anybody's who is there; or others leave for the unit's.
                let comes: Vec<u32> = if head.unit == unit {
                    units.iter().copied().filter(|&other| other != unit).collect()
                } else {
                    vec![unit]
                };
                for comes in comes {
                    let trades = (1..=head.count.min(MOST)).map(|count| Trade {
                        site,
                        leaves: head.unit,
                        comes,
                        kind,
                        count,
                        from: None,
                    });
                    for trade in trades {
                        consider(Deal::Trade(trade));
                        for &from in ground.stands(comes).iter().filter(|&&from| from != site) {
                            consider(Deal::Trade(Trade { from: Some(from), ..trade }));
                        }
                    }
                }
            }
        }
        for &kind in &kinds {
            for &other in ground.stands(unit).iter().filter(|&&other| other != site) {
                for (from, to) in [(site, other), (other, site)] {
                    for count in 1..=2 {
                        consider(Deal::Shift(Shift { unit, kind, count, from, to }));
                    }
                }
            }
        }
        if ground.drives_too_many(unit, site) {
            for head in heads.iter().filter(|head| head.unit == unit) {
                for comes in ground.idle_units(head.kind) {
                    let (leaves, kind) = (unit, head.kind);
                    let count = head.count.min(MOST);
                    consider(Deal::Trade(Trade { site, leaves, comes, kind, count, from: None }));
                }
            }
        }
    }
    best.map(|(_, deal)| deal)
}

#[cfg(test)]
mod tests;
