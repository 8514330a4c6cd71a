//! The embedded database: entries, datasets as opaque chunks, snapshots, what is local to a node, and what must
//! be searched. The only SQL in the house.
//!
//! Invariants: one process writes, and [`Store::commit`] answers only when everything it was given is on the disk,
//! in one transaction. Nothing here knows what a payload means. Key material and password hashes live in tables of
//! their own and never enter an entry.

pub mod backup;
pub mod batch;
pub mod dataset;
pub mod entry;
pub mod error;
pub mod local;
mod lock;
pub mod moment;
pub mod open;
pub mod reader;
pub mod scrub;
pub mod search;
mod sql;
pub mod tree;

pub use batch::{Batch, Committed, Snapshot};
pub use entry::{PayloadState, Receipt, Stored};
pub use error::{OpenError, StoreError};
pub use moment::{Completion, DayMoment, Learnt};
pub use open::Store;
pub use reader::Reader;
pub use search::{Query, SearchRow};
pub use tree::{KeptCheckpoint, TreeFork};
