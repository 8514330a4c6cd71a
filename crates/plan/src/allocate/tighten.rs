//! Rules that no flow can keep: the flow without them is a bound, and ways are closed until they hold.
//!
//! Homes come first, exactly (see [`super::rule::home`]); the value of that optimum bounds every plan that keeps the
//! other rules as well. Then, for a few rounds, teams that are too small and people without a seat have their ways
//! closed, and the plan is solved again from where it is, homes included. Each round's answer is the best one under the
//! ways closed so far, so all that is lost is between the bound and the last answer.

use super::{
    AllocateError, AllocateInput, lock,
    model::{Model, Source},
    part,
    rule::{
        Seats,
        seats::standing,
        team::{Apart, Grown, small},
    },
};
use crate::flow::{Bounding, Bounds, NoPairs, Options, Solved, resume};
use pehra_domain::{
    plan::Relaxation,
    progress::{Watch, tell},
};
use std::collections::{BTreeMap, BTreeSet};

/// Rounds of closing ways. Each leaves some third of the small teams of the one before.
const ROUNDS: u64 = 8;

/// Ways closed so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Narrow {
    apart: BTreeSet<Apart>,
    /// People fixed at a site so that a small team grows.
    grown: Vec<Grown>,
    /// Units that may be driven to these sites only, with the rule that says what driving is.
    bound: BTreeMap<u32, BTreeSet<u32>>,
    walk_m: u32,
}

impl Narrow {
    pub(super) fn closes(&self, model: &Model, site: u32, source: &Source) -> bool {
        if self.apart.contains(&(site, source.unit, source.kind)) {
            return true;
        }
        self.bound.get(&source.unit).is_some_and(|sites| {
            !sites.contains(&site)
                && model.distance_m(source, &model.sites[site as usize]) > self.walk_m
        })
    }
}

/// What holds at the end: the bound on the whole, and how many people the rules are not kept for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Held {
    pub(super) dual_bound: i64,
    small: u64,
    standing: u64,
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

/// Solves until every rule holds or the rounds are over. Between, only the ways listed are looked at; all pairs are
/// priced before the bound is taken and at the end.
pub(super) fn tighten(
    input: &AllocateInput,
    mut model: Model,
    mut solved: Solved,
    options: Options,
    watch: &mut Watch<'_>,
    bounding: &mut Bounding<'_>,
) -> Result<(Model, Solved, Held), AllocateError> {
    let mut in_full = BTreeSet::new();
    let mut bound: Option<i64> = None;
    let (mut round, mut priced) = (0, true);
    loop {
        let failing = part::failing(&model, &solved);
        if !failing.is_empty() {
            tell(watch, "parting units by home", failing.len() as u64, model.units.len() as u64)?;
            in_full.extend(failing.iter().map(|unit| (unit.unit, unit.kind)));
            let mut finer = Model::try_new(input, &in_full)?;
            finer.narrow = std::mem::take(&mut model.narrow);
            for grown in finer.narrow.grown.clone() {
                let _placed = place(&mut finer, grown);
            }
            solved = by_rows(&model, &solved, &finer, &failing, options, watch)?;
            (model, priced) = (finer, false);
            continue;
        }
        if priced {
            bound.get_or_insert(solved.solution.dual_bound);
        }
        let Some(dual_bound) = bound else {
            solved = by_pairs(solved, &model, options, watch, (None, bounding))?;
            priced = true;
            continue;
        };
        let closing = close(input, &mut model, &solved, round < ROUNDS);
        if closing.ways > 0 {
            tell(watch, "closing ways of small teams", round, ROUNDS)?;
            round += 1;
            solved = by_rows(&model, &solved, &model, &[], options, watch)?;
            priced = false;
        } else if !priced {
            solved = by_pairs(solved, &model, options, watch, (Some(dual_bound), bounding))?;
            priced = true;
        } else {
            let Closing { small, standing, .. } = closing;
            return Ok((model, solved, Held { dual_bound, small, standing }));
        }
    }
}

/// Solves over the ways listed so far, from a known answer of a coarser model or the same.
fn by_rows(
    model: &Model,
    solved: &Solved,
    finer: &Model,
    failing: &[part::Failing],
    options: Options,
    watch: &mut Watch<'_>,
) -> Result<Solved, AllocateError> {
    let (problem, known) = part::carry_over(model, solved, finer, failing)?;
    Ok(resume(problem, &known, &NoPairs, options, watch, &mut |_| {})?)
}

/// Goes on over all pairs. Once ways are closed, the bound told is that of the whole problem.
fn by_pairs(
    solved: Solved,
    model: &Model,
    options: Options,
    watch: &mut Watch<'_>,
    (bound, bounding): (Option<i64>, &mut Bounding<'_>),
) -> Result<Solved, AllocateError> {
    let mut told = |bounds: Bounds| {
        bounding(Bounds { dual_bound: bound.unwrap_or(bounds.dual_bound), ..bounds });
    };
    Ok(resume(solved.problem, &solved.solution, model, options, watch, &mut told)?)
}

/// Fixes people at a site; nothing is done where the unit has not so many who may stand there, or the site no posts.
fn place(model: &mut Model, (site, unit, kind, count): Grown) -> bool {
    let sources = model.sources_of(unit, kind);
    let may: u32 = model.sources[sources.clone()]
        .iter()
        .filter(|source| model.bar(site, source).is_none())
        .map(|source| source.free)
        .sum();
    let kept: u32 =
        model.kept.iter().filter(|kept| kept.sources == sources).map(|kept| kept.count).sum();
    let free = model.free(sources.clone()).saturating_sub(kept).min(may);
    if free < count || lock::open_posts(model, site, kind) < count {
        return false;
    }
    lock::place(model, site, sources, kind, count, true);
    true
}

/// What one look at the answer found.
struct Closing {
    ways: usize,
    small: u64,
    standing: u64,
}

/// Finds who breaks a rule and, if `close`, closes their ways; answers how many ways that are new.
fn close(input: &AllocateInput, model: &mut Model, solved: &Solved, close: bool) -> Closing {
    let mut out = Closing { ways: 0, small: 0, standing: 0 };
    let (mut ways, mut grow): (BTreeSet<Apart>, BTreeSet<Grown>) = Default::default();
    if let Some(rule) = input.rules.teams {
        let found = small(model, solved, rule);
        out.small = found.people;
        ways.extend(found.close);
        grow = found.grow;
    }
    let mut bind = BTreeSet::new();
    if let Some(rule) = input.rules.seats {
        let found = standing(model, solved, rule);
        out.standing = found.people;
        ways.extend(found.close);
        bind = found.bound;
        bind.retain(|unit| !model.narrow.bound.contains_key(unit));
    }
    if !close {
        return out;
    }
    for grown in grow {
        if place(model, grown) {
            model.narrow.grown.push(grown);
            out.ways += 1;
        } else {
            let (site, unit, kind, _) = grown;
            ways.insert((site, unit, kind));
        }
    }
    ways.retain(|way| !model.narrow.apart.contains(way));
    out.ways += ways.len();
    if let Some(Seats { walk_m, .. }) = input.rules.seats {
        model.narrow.walk_m = walk_m;
        let mut stands: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
        for flow in &solved.solution.flows {
            let unit = model.sources[flow.source as usize].unit;
            if let Some(sink) = model.sinks.get(flow.sink as usize).filter(|_| bind.contains(&unit))
            {
                stands.entry(unit).or_default().insert(sink.site);
            }
        }
        model.narrow.bound.extend(stands);
    }
    model.narrow.apart.extend(ways);
    out
}

#[cfg(test)]
mod tests;
