//! Thousands of days under a plan, and two plans under the same luck.

use super::{THREADS, WorkError, day_plan};
use crate::node::Node;
use pehra_domain::progress::Watch;
use pehra_drill::{
    day::{Parameters, Plan, Service},
    rehearse::{Rehearsal, Setup, measure::Paired, rehearse},
};
use std::time::{Duration, Instant};

/// What is asked.
#[derive(Clone, Debug)]
pub struct Question {
    pub runs: u32,
    pub seed: u64,
    /// A solved plan; none: the adopted one, else the newest, else the police at hand.
    pub plan: Option<String>,
    pub against: Option<String>,
    /// Services that are gone on the day.
    pub gone: Vec<Service>,
    pub weakest: usize,
}

/// What was found.
pub struct Rehearsed {
    pub plan: Plan,
    pub name: String,
    pub rehearsal: Rehearsal,
    pub other: Option<Other>,
    /// How long the runs took, the plan's making aside.
    pub took: Duration,
    pub runs: u32,
}

/// The other plan.
pub struct Other {
    pub name: String,
    pub rehearsal: Rehearsal,
    pub paired: [Paired; 9],
}

/// Rehearses.
///
/// # Errors
/// [`WorkError`]: something is missing, a plan is unknown, or stopped.
pub fn run(
    node: &Node,
    question: &Question,
    watch: &mut Watch<'_>,
) -> Result<Rehearsed, WorkError> {
    let figures = Parameters::shipped().map_err(|error| WorkError::Input(error.to_string()))?;
    let setup = Setup {
        runs: question.runs,
        seed: question.seed,
        threads: THREADS,
        gone: question.gone.clone(),
        weakest: question.weakest,
    };
    let first = match &question.plan {
        Some(name) => Some(day_plan::solved(node, name)?),
        None => {
            let world = node.world();
            node.adopted_plan(&world).or_else(|| world.plans.last().cloned())
        }
    };
    let name = first.as_ref().map_or_else(|| "police at hand".to_owned(), |plan| plan.id.clone());
    let plan = day_plan::day_plan(node, first.as_deref(), None, watch)?;
    let against = match &question.against {
        Some(name) => Some((name.clone(), day_plan::solved(node, name)?)),
        None => None,
    };
    let start = Instant::now();
    let rehearsal = rehearse(&plan, &figures, &setup, watch)?;
    let mut took = start.elapsed();
    let mut runs = question.runs;
    let mut other = None;
    if let Some((name, table)) = against {
        let plan = day_plan::day_plan(node, Some(&table), None, watch)?;
        let start = Instant::now();
        let second = rehearse(&plan, &figures, &setup, watch)?;
        took += start.elapsed();
        runs += question.runs;
        let paired = rehearsal.against(&second);
        other = Some(Other { name, rehearsal: second, paired });
    }
    Ok(Rehearsed { plan, name, rehearsal, other, took, runs })
}
