//! Links that no map has: a country boat over a river in flood, a helicopter to a valley. A person enters them; each joins
//! the network at the nearest junction, or stands alone where there is no road.

use super::narrow;
use pehra_domain::{
    Point,
    road::{Direction, RoadClass, RoadNetwork, Stretch, Surface},
};

/// A link may begin this far from the nearest junction; farther off it gets a junction of its own.
pub const JOIN_M: f64 = 2_000.0;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub class: RoadClass,
    pub from: Point,
    pub to: Point,
    /// Loading and waiting included, in seconds.
    pub duration_s: u32,
}

/// The network with links, both ways each, as ways -1, -2, … in the order given.
#[must_use]
pub fn with_links(mut network: RoadNetwork, links: &[Link]) -> RoadNetwork {
    let known = network.junctions.len();
    for (way, link) in (1_i64..).zip(links) {
        let [from, to] = [link.from, link.to].map(|place| join(&mut network, known, place));
        let decimetres = tenths(link.from.distance_m(link.to));
        network.stretches.push(Stretch {
            from,
            to,
            length_m: decimetres / 10,
            length_dm: u8::try_from(decimetres % 10).unwrap_or_default(),
            way: -way,
            class: link.class,
            surface: Surface::Unknown,
            direction: Direction::Both,
            limit_kmh: 0,
            gates: 0,
            ford: false,
            bridge: false,
            private: false,
            duration_s: link.duration_s,
            shape: narrow(network.shape.len()),
        });
    }
    network
}

fn join(network: &mut RoadNetwork, known: usize, place: Point) -> u32 {
    let distance = |at: &usize| network.junctions[*at].distance_m(place);
    let near = |at: &usize| {
        let point = network.junctions[*at];
        // A degree of latitude is 111 km: whatever is farther than this in latitude alone is out of reach.
        point.lat_e7.abs_diff(place.lat_e7) < 200_000 && distance(at) <= JOIN_M
    };
    let roads =
        (0..known).filter(near).min_by(|a, b| distance(a).total_cmp(&distance(b)).then(a.cmp(b)));
    let own = (known..network.junctions.len()).find(|&at| network.junctions[at] == place);
    if let Some(at) = roads.or(own) {
        return narrow(at);
    }
    network.junctions.push(place);
    narrow(network.junctions.len() - 1)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "half the earth's girth in decimetres is 2e8; never negative"
)]
fn tenths(metres: f64) -> u32 {
    (metres * 10.0).round() as u32
}
