//! Plans, runs and proves the security of an election.

mod auth;
mod http;
mod job;
mod live;
mod node;
mod world;

fn main() {}
