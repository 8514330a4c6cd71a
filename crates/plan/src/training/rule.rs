//! What a timetable must keep to: one rule, one file, one table of cases.

pub mod own;
pub mod reach;
pub mod room;
pub mod trainer;
pub mod validity;
pub mod women;
