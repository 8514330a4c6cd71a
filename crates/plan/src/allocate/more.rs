//! What more people would change: the plan is solved again with them, from the answer already known. Teams and seats,
//! which no flow keeps, are left out of both sides.

use super::{
    AllocateError, Allocation,
    door::Doors,
    geo::Place,
    model::{Model, Source, index, kind_index},
};
use crate::flow::{Flow, Options, Solution, Solved, resume};
use pehra_domain::{AreaId, Point, force::StaffKind, progress::Watch};
use serde::{Deserialize, Serialize};

/// The exact effect of more people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhatMore {
    pub district: AreaId,
    pub kind: StaffKind,
    /// Where they are taken to stand: the middle of the district's places.
    pub point: Point,
    pub added: u32,
    /// Of them posted by the new plan.
    pub used: u32,
    pub missing_before: u64,
    pub missing_after: u64,
    /// Missing from women's minima.
    pub minimum_missing_before: u64,
    pub minimum_missing_after: u64,
    pub objective_before: i64,
    pub objective_after: i64,
    pub sentence: String,
}

/// Solves again with `people` more of a kind standing at the middle of a district's places.
///
/// # Errors
/// [`AllocateError::UnknownDistrict`] when the plan guards nothing there; [`AllocateError::Cancelled`]; other errors only if the enlarged problem is beyond the engine's limits.
pub fn what_more(
    allocation: &Allocation,
    kind: StaffKind,
    district: &AreaId,
    people: u32,
    threads: usize,
    watch: &mut Watch<'_>,
) -> Result<WhatMore, AllocateError> {
    let options = Options { threads, ..Options::default() };
    let exact;
    let before = if allocation.relaxed.solution.objective == allocation.relaxed.solution.dual_bound
    {
        &allocation.relaxed
    } else {
        let Solved { problem, solution, .. } = &allocation.relaxed;
        exact = resume(problem.clone(), solution, &allocation.model, options, watch, &mut |_| {})?;
        &exact
    };
    let mut model = allocation.model.clone();
    let mut prices = before.solution.prices.clone();
    let (new, point) = model
        .add_reinforcement(kind, district, people)
        .ok_or_else(|| AllocateError::UnknownDistrict(district.clone()))?;
    let price = first_price(&model, &prices, new);
    prices.insert(new, price);
    let problem = before.problem.with_source(new, people)?;
    let known = beside(&before.solution, new, prices);
    let after = resume(problem, &known, &model, options, watch, &mut |_| {})?;
    let used = after
        .solution
        .flows
        .iter()
        .filter(|flow| flow.source as usize == new)
        .map(|flow| flow.count)
        .sum();
    let (missing_before, minimum_missing_before) = missing(&allocation.model, before);
    let (missing_after, minimum_missing_after) = missing(&model, &after);
    Ok(WhatMore {
        district: district.clone(),
        kind,
        point,
        added: people,
        used,
        missing_before,
        missing_after,
        minimum_missing_before,
        minimum_missing_after,
        objective_before: before.solution.objective,
        objective_after: after.solution.objective,
        sentence: sentence(kind, district, people, missing_before, missing_after),
    })
}

/// A known answer once there is one source more, whom it does not use yet.
fn beside(known: &Solution, new: usize, prices: Vec<i64>) -> Solution {
    let shifted = |flow: &Flow| Flow {
        source: flow.source + u32::from(flow.source as usize >= new),
        ..*flow
    };
    Solution { flows: known.flows.iter().map(shifted).collect(), prices, ..*known }
}

fn sentence(kind: StaffKind, district: &AreaId, people: u32, before: u64, after: u64) -> String {
    let who = match kind {
        StaffKind::PoliceMan => "police men",
        StaffKind::PoliceWoman => "policewomen",
        StaffKind::CivilArmedForces => "civil armed forces",
        StaffKind::Army => "army",
    };
    let removed = before.saturating_sub(after);
    format!(
        "{people} more {who} in {} remove {removed} unmet posts of {before} in the whole plan.",
        district.name()
    )
}

/// People missing in all, and from women's minima.
fn missing(model: &Model, solved: &Solved) -> (u64, u64) {
    let mut open: Vec<u32> = model.sinks.iter().map(|sink| sink.need - sink.pinned).collect();
    for flow in &solved.solution.flows {
        // Sinks behind those of the model are reserves.
        if let Some(open) = open.get_mut(flow.sink as usize) {
            *open -= flow.count;
        }
    }
    let women = model
        .sinks
        .iter()
        .zip(&open)
        .filter(|(sink, _)| sink.post.counted_as() == StaffKind::PoliceWoman)
        .map(|(_, &open)| u64::from(open))
        .sum();
    (open.into_iter().map(u64::from).sum(), women)
}

/// A price to start from: the highest among the nearest sources of the kind, or of any that the kind can relieve.
fn first_price(model: &Model, prices: &[i64], new: usize) -> i64 {
    let place = model.sources[new].place;
    let kind = model.sources[new].kind;
    let mut near: Vec<(f64, i64)> = model
        .of_kind(kind)
        .filter(|&source| source != new)
        .map(|source| {
            let old = if source > new { source - 1 } else { source };
            (model.sources[source].place.chord_squared(place), prices[old])
        })
        .collect();
    near.sort_by(|a, b| a.0.total_cmp(&b.0));
    near.iter().take(8).map(|&(_, price)| price).max().unwrap_or(0)
}

impl Model {
    /// Adds a source last among those of its kind, at the median of the district's places; returns its
    /// index and its place, none when nothing is guarded in the district.
    fn add_reinforcement(
        &mut self,
        kind: StaffKind,
        district: &AreaId,
        people: u32,
    ) -> Option<(usize, Point)> {
        let new = self.of_kind(kind).end;
        let inside = |at: u32| district.contains(&self.districts[at as usize]);
        let places: Vec<_> = self
            .sites
            .iter()
            .filter(|site| inside(site.district))
            .map(|site| (site.point, site.district))
            .collect();
        let &(_, own) = places.first()?;
        let middle = |axis: fn(Point) -> i32| {
            let mut values: Vec<i32> = places.iter().map(|&(point, _)| axis(point)).collect();
            values.sort_unstable();
            values.get(values.len() / 2).copied()
        };
        let point = Point { lat_e7: middle(|p| p.lat_e7)?, lon_e7: middle(|p| p.lon_e7)? };
        let place = Place::of(point);
        let unit = index(self.units.len());
        self.sources.insert(
            new,
            Source {
                unit,
                kind,
                closed: 0,
                way_s_max: u32::MAX,
                strength: people,
                free: people,
                place,
                district: own,
            },
        );
        for kept in self.kept.iter_mut().filter(|kept| kept.sources.start >= new) {
            kept.sources = kept.sources.start + 1..kept.sources.end + 1;
        }
        for (number, range) in self.by_kind.iter_mut().enumerate() {
            match number.cmp(&kind_index(kind)) {
                std::cmp::Ordering::Less => {}
                std::cmp::Ordering::Equal => range.end += 1,
                std::cmp::Ordering::Greater => *range = range.start + 1..range.end + 1,
            }
        }
        self.doors = Doors::new(self);
        Some((new, point))
    }
}
