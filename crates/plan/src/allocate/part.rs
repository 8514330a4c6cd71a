//! From coarse parts by home to finer ones: which units need it, and how a solved problem is carried over.

use super::{
    model::{Model, index},
    rule::home::{self, Given, Taken},
};
use crate::flow::{Arc, Flow, FlowError, Problem, Solution, Solved};
use pehra_domain::force::StaffKind;
use std::collections::BTreeMap;

/// A unit whose people cannot take all the posts it was given, home by home.
#[derive(Clone, Debug)]
pub(super) struct Failing {
    pub(super) unit: u32,
    pub(super) kind: StaffKind,
    /// The most that they can take.
    taken: Taken,
}

/// The units that fail, in order of kind and unit.
pub(super) fn failing(model: &Model, solved: &Solved) -> Vec<Failing> {
    let mut given: BTreeMap<u32, Vec<Given>> = BTreeMap::new();
    let pins = model.pins.iter().map(|pin| (pin.source, pin.sink, pin.count, true));
    let flows = solved.solution.flows.iter().map(|f| (f.source, f.sink, f.count, false));
    for (source, sink, count, _) in flows.chain(pins) {
        // Who stays in reserve can be anybody.
        let Some(at) = model.sinks.get(sink as usize) else { continue };
        given.entry(model.first_of(source)).or_default().push(Given { sink, site: at.site, count });
    }
    let mut out = Vec::new();
    for (first, mut posts) in given {
        let source = &model.sources[first as usize];
        let (unit, kind) = (source.unit, source.kind);
        let parts = model.sources_of(unit, kind).len();
        let Some(classes) = model.homes.classes(&model.units[unit as usize], kind) else {
            continue;
        };
        if classes.len() < 2 || classes.len() == parts {
            continue;
        }
        posts.sort_unstable();
        let taken = home::take(model, classes, &posts);
        if taken.open > 0 {
            out.push(Failing { unit, kind, taken });
        }
    }
    out
}

/// The finer model's problem with the ways already listed, and the answer as far as it still holds.
pub(super) fn carry_over(
    model: &Model,
    solved: &Solved,
    finer: &Model,
    failing: &[Failing],
) -> Result<(Problem, Solution), FlowError> {
    // For each old source the new ones.
    let mut new_of: Vec<Vec<u32>> = vec![Vec::new(); model.sources.len()];
    let mut prices = vec![0; finer.sources.len()];
    for (old, source) in model.sources.iter().enumerate() {
        let olds = model.sources_of(source.unit, source.kind);
        let news = finer.sources_of(source.unit, source.kind);
        if olds.len() == news.len() {
            new_of[old].push(index(news.start + old - olds.start));
        } else {
            // Any of the old parts' ways may be of use to any of the new ones.
            new_of[old].extend(news.map(index));
        }
        for &new in &new_of[old] {
            prices[new as usize] = prices[new as usize].max(solved.solution.prices[old]);
        }
    }
    let mut problem = Problem::try_new(finer.sources.iter().map(|source| source.free).collect())?;
    let mut row: Vec<Arc> = Vec::new();
    for (number, sink) in finer.sinks.iter().enumerate() {
        row.clear();
        for arc in solved.problem.row(number) {
            let may = |new: &&u32| {
                let source = &finer.sources[**new as usize];
                source.free > 0 && finer.bar(sink.site, source).is_none()
            };
            let news = new_of[arc.source as usize].iter().filter(may);
            row.extend(news.map(|&source| Arc { source, cost: arc.cost }));
        }
        row.sort_unstable();
        row.dedup_by_key(|arc| arc.source);
        problem.push_sink(&row, &sink.pieces)?;
    }
    finer.push_kept(&mut problem)?;
    let flows = carried_flows(model, solved, finer, failing, &new_of);
    Ok((problem, Solution { flows, prices, objective: 0, dual_bound: 0 }))
}

fn carried_flows(
    model: &Model,
    solved: &Solved,
    finer: &Model,
    failing: &[Failing],
    new_of: &[Vec<u32>],
) -> Vec<Flow> {
    let mut counts: BTreeMap<(u32, u32), u32> = BTreeMap::new();
    for flow in &solved.solution.flows {
        let kept = flow.sink as usize >= model.sinks.len();
        if let ([new], false) = (new_of[flow.source as usize].as_slice(), kept) {
            *counts.entry((flow.sink, *new)).or_default() += flow.count;
        }
    }
    for unit in failing {
        let first = finer.sources_of(unit.unit, unit.kind).start;
        for &(class, sink, count) in &unit.taken.posts {
            *counts.entry((sink, index(first + class))).or_default() += count;
        }
    }
    counts.into_iter().map(|((sink, source), count)| Flow { sink, source, count }).collect()
}
