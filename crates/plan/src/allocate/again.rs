//! A plan solved again after a change, from the one that stands: prices and people stay where the change leaves them.
//!
//! The answer is certified like one from nothing and costs as much; among answers of equal cost it is the one nearest at
//! hand, so it depends on where it began. Who keeps it names that plan beside it.

use super::{
    AllocateError, AllocateInput, Allocation, finished,
    model::{Kept, Model, Site, Source, index},
    options,
};
use crate::flow::{Arc, Bounding, Flow, FlowError, Problem, Solution, resume};
use pehra_domain::progress::{Watch, tell};

/// Solves from a plan that was solved before. The second value says whether it could be begun from: units, places and who
/// may go where must be the same but for people, classes, selections and locks; otherwise the plan is made from nothing.
///
/// # Errors
/// As [`allocate`](super::allocate).
pub fn allocate_again(
    input: &AllocateInput,
    last: &Allocation,
    threads: usize,
    watch: &mut Watch<'_>,
    bounding: &mut Bounding<'_>,
) -> Result<(Allocation, bool), AllocateError> {
    tell(watch, "reading the input", 0, 1)?;
    let model = Model::try_new(input)?;
    if !model.has_ways_of(&last.model) {
        return Ok((super::from_nothing(input, model, threads, watch, bounding)?, false));
    }
    tell(watch, "finding ways", 0, 1)?;
    let (problem, known) = model.carried(last)?;
    let relaxed = resume(problem, &known, &model, options(input, threads), watch, bounding)?;
    Ok((finished(input, model, relaxed, watch, bounding)?, true))
}

impl Source {
    fn goes_like(&self, other: &Self) -> bool {
        (self.unit, self.kind, self.way_s_max, self.place, self.district)
            == (other.unit, other.kind, other.way_s_max, other.place, other.district)
    }
}

impl Site {
    fn lies_like(&self, other: &Self) -> bool {
        (&self.id, self.district, self.place, self.detour_permille, self.speed_m_per_h)
            == (&other.id, other.district, other.place, other.detour_permille, other.speed_m_per_h)
            && (self.spot, self.sort) == (other.spot, other.sort)
    }
}

impl Model {
    /// Whether each way costs here what it costs there, between the same nodes; single exclusions apart.
    fn has_ways_of(&self, other: &Self) -> bool {
        let sources = || self.sources.iter().zip(&other.sources);
        let sites = || self.sites.iter().zip(&other.sites);
        self.weights == other.weights
            && self.roads == other.roads
            && (&self.units, &self.districts) == (&other.units, &other.districts)
            && (self.sources.len(), self.sites.len()) == (other.sources.len(), other.sites.len())
            && sources().all(|(here, there)| here.goes_like(there))
            && sites().all(|(here, there)| here.lies_like(there))
            && self.doors == other.doors
    }

    /// The rows and the answer of a solved problem, for these sinks and strengths.
    fn carried(&self, last: &Allocation) -> Result<(Problem, Solution), FlowError> {
        let before = &last.relaxed;
        let mut problem = self.problem_without_sinks()?;
        let mut flows = Vec::with_capacity(before.solution.flows.len());
        let mut row: Vec<Arc> = Vec::new();
        let mut rest = before.solution.flows.as_slice();
        let mut carry = |old: usize, new: usize| {
            let begin = rest.partition_point(|flow| (flow.sink as usize) < old);
            let end = rest.partition_point(|flow| (flow.sink as usize) <= old);
            let sink = index(new);
            flows.extend(rest[begin..end].iter().map(|flow| Flow { sink, ..*flow }));
            rest = &rest[end..];
        };
        let mut old = 0;
        for (new, sink) in self.sinks.iter().enumerate() {
            let key = (sink.site, sink.post);
            let there = &last.model.sinks;
            while there.get(old).is_some_and(|other| (other.site, other.post) < key) {
                old += 1;
            }
            if there.get(old).is_some_and(|other| (other.site, other.post) == key) {
                row.clear();
                row.extend(
                    before.problem.row(old).iter().filter(|arc| self.is_open(sink.site, **arc)),
                );
                problem.push_sink(&row, &sink.pieces)?;
                carry(old, new);
            } else {
                problem.push_sink(&self.nearest(sink), &sink.pieces)?;
            }
        }
        self.push_kept(&mut problem)?;
        for (place, kept) in self.kept.iter().enumerate() {
            let same = |other: &Kept| other.sources == kept.sources;
            if let Some(old) = last.model.kept.iter().position(same) {
                carry(last.model.sinks.len() + old, self.sinks.len() + place);
            }
        }
        let known = Solution { flows, prices: before.solution.prices.clone(), ..before.solution };
        Ok((problem, known))
    }

    /// Whether an arc of the last problem is still a way: nobody excluded the unit there since.
    fn is_open(&self, site: u32, arc: Arc) -> bool {
        let node = arc.source as usize;
        let source = match node.checked_sub(self.sources.len()) {
            None => node,
            Some(door) => self.doors.behind[door].first().map_or(node, |&first| first as usize),
        };
        !self.is_excluded(site, self.sources[source].unit)
    }
}
