mod golden;
mod whole;
pub(crate) mod world;
