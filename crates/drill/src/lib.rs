//! Imagined elections, for the demo, for exercises and for load. Nothing here is a real place's secret: names are
//! invented, every id starts with `SYN-`, and no class is ever attached to a real school.
//!
//! Invariants: no clock, disk, network or ambient chance. The same facts and the same seed give the same bytes on
//! every machine: shares are whole numbers apportioned by largest remainder, and the few angles come from `libm`.

pub mod apportion;
pub mod day;
pub mod facts;
pub mod nation;
pub mod rehearse;
mod table;
pub mod trainer;

pub use facts::{Facts, FactsError};
pub use nation::{Nation, NationError, generate};
