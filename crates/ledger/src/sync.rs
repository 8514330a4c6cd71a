//! Two nodes find what either lacks, and move it: without I/O, without a clock, over whatever carries bytes.
//!
//! One side asks ([`asker::Asker`]), the other answers ([`answerer::Answerer`]); each reads and fills its own ledger
//! through a [`desk::Desk`]. First who may sign (statements), then whom not to believe (forks), then how far each log
//! reaches: by cells over heights ([`sketch`]), by symbols over heads ([`symbol`]) or by a packed frontier ([`pack`]),
//! whichever is the cheapest; then the entries. What both may hold is settled by certificates alone ([`scope`]).
//! Messages may be lost, doubled and late. Reasons and figures: `docs/adr/0048-finding-the-difference.md`.

pub mod answerer;
pub mod asker;
pub mod book;
pub mod desk;
pub mod element;
mod ground;
pub mod holding;
pub mod message;
pub mod pack;
pub mod parity;
pub mod scope;
pub mod sketch;
pub mod symbol;

#[cfg(test)]
mod tests;
