//! Assess, allocate, certify: inputs and a seed in, a plan with its reasons out.
//!
//! Invariants: no clock, disk, network or ambient chance; the same inputs and seed give the same bytes on any
//! number of threads.

pub mod allocate;
pub mod assess;
pub mod backtest;
pub mod campaign;
pub mod communication;
pub mod convoy;
pub mod draw;
pub mod explain;
pub mod flow;
pub mod network;
pub mod norm;
pub mod patrol;
pub mod reserve;
pub mod road;
pub mod route;
pub mod survey_form;
mod threads;
pub mod threat;
pub mod training;
