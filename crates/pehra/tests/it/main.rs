//! Stories told to a real room: its own folder, its own port, over TCP.

mod account;
mod client;
mod door;
mod house;
mod import;
mod live;
mod map;
mod plan;
mod sample;
