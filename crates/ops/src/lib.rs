//! Decide and evolve: what may be done, and what is then true.
//!
//! `act(rules, standing, state, context, command)` gives the events to seal; `State::evolve` folds what the ledger
//! delivers, local and remote alike. Everything ambient (time, persons, chance) arrives in the arguments.
//!
//! Invariants: the state is a function of the set of events, not of their order, as long as each device's order
//! and the superseding references are kept. Contradictory acts decided apart never overwrite each other: they
//! stand as a [`Conflict`] until a later act names both. What the ledger, the database or a screen is, is unknown
//! here.

pub mod after_action;
pub mod alert;
pub mod authorise;
pub mod campaign;
pub mod check_in;
pub mod command;
pub mod community;
pub mod conflict;
pub mod content;
pub mod custody;
pub mod dataset;
pub mod deletion;
pub mod dispatch;
pub mod draw;
pub mod election;
pub mod equipment;
pub mod event;
pub mod finding;
pub mod golden;
pub mod incident;
pub mod intelligence;
pub mod lock;
pub mod moment;
pub mod official_class;
pub mod order;
pub mod parameter;
pub mod patrol;
pub mod permission;
pub mod person;
pub mod plan;
pub mod poll;
pub mod readiness;
pub mod refusal;
pub mod register;
pub mod report;
pub mod risk_override;
pub mod stamp;
pub mod state;
pub mod survey;
pub mod suspension;
pub mod thin;
pub mod training;
mod word;

#[cfg(test)]
mod testing;

pub use authorise::{Holding, Rules, Standing, permit};
pub use command::{Command, act, decide};
pub use conflict::{Conflict, ConflictKind, Noun, Side};
pub use event::{DecodeError, Decoded, Event};
pub use permission::{PermissionTable, Separation};
pub use refusal::{Refusal, RefusalCode};
pub use register::{Reading, Register};
pub use stamp::{Actor, Context, Decided, EventRef, Hash32, Keys, Mark, Stamped};
pub use state::{Breach, Folded, SnapshotError, State};
