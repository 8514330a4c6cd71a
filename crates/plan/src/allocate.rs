//! Who guards what: from places, norms and units to a plan that carries its own proof.
//!
//! Four kinds of staff flow together. A women's minimum is filled by policewomen only; any other police post by
//! either sex; the outer ring of a selected most-sensitive building by civil armed forces too; a static post of
//! the civil armed forces by army too, and an army post by army alone. Nobody else ever stands anywhere: the caps
//! and the code of conduct are built into which posts exist and which ways lead to them, not weighed as a cost.

mod again;
mod audit;
mod district;
mod door;
mod fairness;
mod geo;
mod input;
mod lock;
mod model;
mod more;
mod outcome;
mod road;
mod rule;
mod settle;
#[cfg(test)]
mod tests;
mod way;

pub use again::allocate_again;
pub use audit::{Broken, audit};
pub use district::{Difference, DistrictLine, Move, by_district, compare};
pub use fairness::{FairLine, Group, behind, fairness};
pub use geo::{DistanceModel, Terrain};
pub(crate) use geo::{Place, travel_m};
pub use input::{AllocateInput, Lock, Selected, StationDuty, Weights};
pub use lock::{LockRefusal, check_locks};
pub use more::{WhatMore, what_more};
pub use road::{Ends, RoadWays, longest_way_s};
pub use rule::{Duty, Rules, Seats, Teams};

use crate::{
    flow::{Bounding, Bounds, FlowError, Options, Solved, solve_whole},
    norm::NormError,
};
use model::Model;
use pehra_domain::{
    AreaId, BuildingId, StationId, UnitId,
    plan::Plan,
    progress::{Cancelled, Watch, tell},
};

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AllocateError {
    #[error("two buildings are called {0}; give each its own name")]
    DoubleBuilding(BuildingId),
    #[error("two units are called {0}; give each its own name")]
    DoubleUnit(UnitId),
    #[error("station {0} is listed twice")]
    DoubleStation(StationId),
    #[error("station {station} stands in building {building}, which is not in the list")]
    UnknownBuilding { station: StationId, building: BuildingId },
    #[error("the selected list names building {0}, which is not in the list of buildings")]
    UnknownSelected(BuildingId),
    #[error("nothing is guarded in {0}; name a district of the plan")]
    UnknownDistrict(AreaId),
    #[error(
        "the weights do not rise: a missing person must cost more at a higher class and at the dearer half, and \
         no weight may be above 1,000,000"
    )]
    Weights,
    #[error("the distance model's detour factors must lie between 1.000 and 5.000")]
    Detour,
    #[error(
        "the times by road were measured between other units or places than the lists name: measure them anew"
    )]
    Roads,
    #[error(transparent)]
    Norm(#[from] NormError),
    #[error(transparent)]
    Lock(#[from] LockRefusal),
    #[error(transparent)]
    Flow(FlowError),
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

impl From<FlowError> for AllocateError {
    fn from(error: FlowError) -> Self {
        match error {
            FlowError::Cancelled(cancelled) => Self::Cancelled(cancelled),
            other @ (FlowError::UnknownSource { .. }
            | FlowError::UnknownSink(_)
            | FlowError::Door
            | FlowError::DoubleArc { .. }
            | FlowError::Cost { .. }
            | FlowError::Price { .. }
            | FlowError::TooLarge
            | FlowError::Defect(_)) => Self::Flow(other),
        }
    }
}

/// A plan with what is needed to go on from it without starting again.
#[derive(Clone, Debug)]
pub struct Allocation {
    pub plan: Plan,
    /// The optimum under every rule that forbids ways, or nearly: teams and seats are not in it.
    relaxed: Solved,
    model: Model,
}

impl Allocation {
    /// Arcs and pricing rounds of the certified problem, for reports of speed.
    #[must_use]
    pub fn effort(&self) -> Effort {
        Effort {
            sources: self.relaxed.problem.sources(),
            sinks: self.relaxed.problem.sinks(),
            arcs: self.relaxed.problem.arc_count(),
            rounds: self.relaxed.rounds,
            arcs_added: self.relaxed.arcs_added,
        }
    }
}

/// How large the solved problem was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort {
    pub sources: usize,
    pub sinks: usize,
    pub arcs: usize,
    pub rounds: u32,
    pub arcs_added: usize,
}

/// Makes a certified plan. The same input gives the same bytes on any number of threads, and in any order of its
/// rows.
///
/// # Errors
/// [`AllocateError`] says what is wrong with the input, or that the caller stopped the work.
pub fn allocate(
    input: &AllocateInput,
    threads: usize,
    watch: &mut Watch<'_>,
) -> Result<Plan, AllocateError> {
    Ok(allocate_keeping(input, threads, watch)?.plan)
}

/// The same, keeping the solved model for [`what_more`].
///
/// # Errors
/// As [`allocate`].
pub fn allocate_keeping(
    input: &AllocateInput,
    threads: usize,
    watch: &mut Watch<'_>,
) -> Result<Allocation, AllocateError> {
    allocate_bounding(input, threads, watch, &mut |_| {})
}

/// The same, telling besides every better bound and answer (people pinned by hand not counted in either).
///
/// # Errors
/// As [`allocate`].
pub fn allocate_bounding(
    input: &AllocateInput,
    threads: usize,
    watch: &mut Watch<'_>,
    bounding: &mut Bounding<'_>,
) -> Result<Allocation, AllocateError> {
    tell(watch, "reading the input", 0, 1)?;
    let model = Model::try_new(input)?;
    from_nothing(input, model, threads, watch, bounding)
}

fn from_nothing(
    input: &AllocateInput,
    model: Model,
    threads: usize,
    watch: &mut Watch<'_>,
    bounding: &mut Bounding<'_>,
) -> Result<Allocation, AllocateError> {
    tell(watch, "finding ways", 0, 1)?;
    let problem = model.problem(threads)?;
    let relaxed = solve_whole(problem, &model, options(input, threads), watch, bounding)?;
    finished(input, model, relaxed, watch, bounding)
}

fn options(input: &AllocateInput, threads: usize) -> Options {
    Options { threads, slack: settle::slack(input), ..Options::default() }
}

/// The plan from the flow: exchanges for the rules that no flow keeps, then everything written out.
fn finished(
    input: &AllocateInput,
    model: Model,
    relaxed: Solved,
    watch: &mut Watch<'_>,
    bounding: &mut Bounding<'_>,
) -> Result<Allocation, AllocateError> {
    let (solution, held) = settle::settle(input, &model, &relaxed, watch)?;
    bounding(Bounds { objective: Some(solution.objective), dual_bound: held.dual_bound });
    let answer = outcome::Answer { problem: &relaxed.problem, solution: &solution };
    let plan = outcome::plan(input, &model, &answer, &held);
    Ok(Allocation { plan, relaxed, model })
}
