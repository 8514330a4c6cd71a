//! A solved problem that is kept, so that a change pays for what it changes: prices, who stands where, and the lengths of
//! all ways between sources stay as they are, and only what became cheaper or dearer is looked at.
//!
//! Nothing is believed for having been kept: every answer is written out in full and passes the same verifier as a first
//! one.

use super::{
    Bounding, FlowError, Options, Pairs, Piece, Problem, Solution, Solved,
    finish::Finish,
    rounds::{Answer, prices, widen},
};
use pehra_domain::progress::Watch;

/// A problem with its answer.
#[derive(Debug)]
pub struct Standing {
    pub(super) work: Finish,
    options: Options,
    answer: Answer,
}

impl Standing {
    /// Solves over all pairs from nothing.
    ///
    /// # Errors
    /// [`FlowError::Cancelled`], or [`FlowError::Defect`] when the answer does not verify.
    pub fn solve(
        problem: Problem,
        pairs: &dyn Pairs,
        options: Options,
        watch: &mut Watch<'_>,
        bounding: &mut Bounding<'_>,
    ) -> Result<Self, FlowError> {
        let listed = problem.arc_count();
        let (problem, prices) = prices(problem, pairs, options.threads, watch, bounding)?;
        let added = problem.arc_count() - listed;
        let mut standing = Self::from_prices(problem, &prices, pairs, options, watch, bounding)?;
        standing.answer.arcs_added += added;
        Ok(standing)
    }

    /// Solves from any prices, one per source.
    pub(super) fn from_prices(
        problem: Problem,
        prices: &[i64],
        pairs: &dyn Pairs,
        options: Options,
        watch: &mut Watch<'_>,
        bounding: &mut Bounding<'_>,
    ) -> Result<Self, FlowError> {
        let mut work = Finish::at_prices(problem, prices, options.slack);
        let answer = widen(&mut work, pairs, options, watch, bounding)?;
        Ok(Self { work, options, answer })
    }

    /// Changes the strength of a source; [`Self::solve_again`] then finds the answer.
    ///
    /// # Errors
    /// [`FlowError`] when there is no such source or too many people; then nothing is changed.
    pub fn set_supply(&mut self, source: usize, count: u32) -> Result<(), FlowError> {
        self.work.set_supply(source, count)
    }

    /// Changes what some sinks are due, in order of sink; [`Self::solve_again`] then finds the answer.
    ///
    /// # Errors
    /// [`FlowError`] when there is no such sink or a figure is out of bounds; then nothing is changed.
    pub fn set_pieces(&mut self, changes: &[(usize, Vec<Piece>)]) -> Result<(), FlowError> {
        self.work.set_pieces(changes)
    }

    /// The answer to the problem as it is now. Cancelled, it may be asked for again.
    ///
    /// # Errors
    /// [`FlowError::Cancelled`], or [`FlowError::Defect`] when the answer does not verify.
    pub fn solve_again(
        &mut self,
        pairs: &dyn Pairs,
        watch: &mut Watch<'_>,
        bounding: &mut Bounding<'_>,
    ) -> Result<&Answer, FlowError> {
        self.answer = widen(&mut self.work, pairs, self.options, watch, bounding)?;
        Ok(&self.answer)
    }

    #[must_use]
    pub fn problem(&self) -> &Problem {
        self.work.problem()
    }

    /// The last answer; after a change, that from before it.
    #[must_use]
    pub fn answer(&self) -> &Answer {
        &self.answer
    }

    #[must_use]
    pub fn solution(&self) -> &Solution {
        &self.answer.solution
    }

    #[must_use]
    pub fn into_solved(self) -> Solved {
        self.answer.of(self.work.into_problem())
    }
}
