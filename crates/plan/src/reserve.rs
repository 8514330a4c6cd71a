//! Quick-reaction forces: where to keep them so that help comes in time, twice where that can be had.
//!
//! Two engines: maximal covering with backup ([`cover`]) for basing, and the p-median ([`median`]) as a tool for
//! files of the OR-Library. [`base`] turns places, classes and targets into a cover problem; [`road`] measures the times
//! along roads that it asks for.

pub mod base;
pub mod cover;
pub mod matrix;
pub mod median;
pub mod road;

#[cfg(test)]
mod tests;
