//! Hundreds of nodes under faults, from one seed: the ledger's own code, a disk that can fail at every write, lines that
//! lose and bend what they carry, devices that are stolen, and an oracle that knows everything.
//!
//! One seed gives one story and one hash of its trace, on every machine. Each seed switches on a random half of the
//! faults. Planted bugs are switches of the simulated node, never of the ledger: what they prove is that the checks
//! would notice.

pub mod bug;
pub mod chance;
pub mod check;
pub mod deletion;
pub mod disk;
mod enrol;
pub mod fault;
mod lies;
mod memo;
pub mod node;
pub mod oracle;
mod planted;
pub mod projection;
pub mod run;
pub mod witness;
pub mod world;
