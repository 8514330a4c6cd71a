mod golden;
mod more;
mod whole;
pub(crate) mod world;
