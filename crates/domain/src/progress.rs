//! How far a long work has come, and the caller's wish to go on or to stop.

use std::ops::ControlFlow;

/// One step of progress: `done` of `total` (0 when unknown) in a named stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub stage: &'static str,
    pub done: u64,
    pub total: u64,
}

/// The work was stopped by its caller; nothing was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("stopped by the caller")]
pub struct Cancelled;

/// Told at intervals; answering `Break` stops the work at its next safe place.
pub type Watch<'a> = dyn FnMut(Step) -> ControlFlow<()> + 'a;

/// Tells the watcher and turns its answer into a result.
///
/// # Errors
/// [`Cancelled`] when the watcher answers `Break`.
pub fn tell(
    watch: &mut Watch<'_>,
    stage: &'static str,
    done: u64,
    total: u64,
) -> Result<(), Cancelled> {
    match watch(Step { stage, done, total }) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(Cancelled),
    }
}
