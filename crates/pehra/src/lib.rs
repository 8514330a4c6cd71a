//! The binary's rooms: verbs, HTTP and live stream, sign-in, wiring. `main.rs` only opens the door.

pub mod alert;
pub mod audit;
pub mod auth;
pub mod backbone;
pub mod dataset;
pub mod day;
pub mod devices;
pub mod drill;
pub mod facts;
pub mod http;
pub mod job;
pub mod lan;
pub mod last;
pub mod link;
pub mod live;
pub mod markup;
pub mod net;
pub mod node;
pub mod phone;
pub mod public;
pub mod trainer;
pub mod verb;
pub mod view;
pub mod work;
pub mod world;
