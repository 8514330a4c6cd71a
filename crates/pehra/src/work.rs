//! Long work on the node's data, the same for the command line and the room: each takes a watcher that is told of
//! progress and may stop it, and each ends in one signed act or in nothing.

pub mod after_action;
pub mod allocate;
pub mod assess;
pub mod backtest;
pub mod campaign;
pub mod communication;
pub mod convoys;
pub mod course;
pub mod court;
pub mod day_plan;
pub mod dispatch;
pub mod draw;
pub mod explain;
mod file;
pub mod homes;
pub mod import;

pub mod nation;
pub mod pack;
pub mod patrol;
pub mod poll;
pub mod rehearse;
pub mod repoll;
pub mod reserves;
pub mod roads;
pub mod tar;
pub mod threats;
pub mod training;

use crate::node::NodeError;
use pehra_domain::progress::Cancelled;

/// Threads that heavy work may use.
pub const THREADS: usize = 2;

/// Why a piece of work ended without a result.
#[derive(Debug, thiserror::Error)]
pub enum WorkError {
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    #[error(transparent)]
    Node(#[from] NodeError),
    /// Something must be imported or computed first; the text says what, and how.
    #[error("{0}")]
    Missing(&'static str),
    #[error("{0}")]
    Input(String),
}
