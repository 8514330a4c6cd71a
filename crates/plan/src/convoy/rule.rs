//! What a convoy must keep, a rule a file, each with its table of cases.

pub mod apart;
pub mod arrive;
pub mod escort;
pub mod risk;
