mod golden;
mod whole;
mod world;
