//! Roads: how long a vehicle needs from here to there, by which way, and what changes when a stretch is closed.
//!
//! The network that a file gives is weighed once for a vehicle and a season ([`speed`]), spread over vertices so that turn
//! restrictions hold ([`graph`]), and ordered once by nested dissection ([`order`]). On that order stands a customizable
//! contraction hierarchy (Dibbelt, Strasser and Wagner, "Customizable Contraction Hierarchies", 2016): the order and the
//! [`hierarchy`] depend on the map alone; the weights ([`metric`]) are put in within seconds, and one changed stretch
//! within milliseconds. Every answer equals Dijkstra's on the same weights; tests hold that on random graphs and on a real map.

pub mod anchor;
pub mod arcs;
mod cut;
mod dissect;
pub mod edit;
pub mod estimate;
pub mod graph;
pub mod hierarchy;
pub mod link;
pub mod metric;
pub mod order;
mod piece;
pub mod reach;
mod reduce;
pub mod route;
pub mod speed;
pub mod table;

/// A travel time in milliseconds that means "no way". Two of them can be added without leaving `i32`.
pub const NO_WAY: u32 = (1 << 30) - 1;

/// A count as the engine keeps it. Networks are refused long before 2³² of anything (`graph::GraphError`).
fn narrow(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Two times one after the other.
fn join(first: u32, second: u32) -> u32 {
    first.saturating_add(second).min(NO_WAY)
}

#[cfg(test)]
mod tests;
