//! What is different today: a stretch closed, mined, slow or open again. An edit names the map's own way and, where that is
//! long, a place on it; it changes times, never the map.

use super::{
    NO_WAY, anchor,
    graph::{Drive, RoadGraph},
};
use pehra_domain::{Point, road::RoadNetwork};

/// What happens to a stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    Closed,
    /// Thousandths of the usual time: 2,000 doubles it.
    Factor(u32),
    /// Seconds more, in each direction concerned.
    Delay(u32),
}

/// One edit. The signed event that carries it is the operation room's matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoadEdit {
    pub way: i64,
    /// Only the stretch of that way nearest to this place; none: the whole way.
    pub near: Option<Point>,
    /// Only in this direction of the map's drawing; none: both.
    pub forth: Option<bool>,
    pub effect: Effect,
}

/// New times of arcs, each arc once; edits apply in their order to the times given.
#[must_use]
pub fn changes(
    edits: &[RoadEdit],
    network: &RoadNetwork,
    graph: &RoadGraph,
    weights: &[u32],
) -> Vec<(usize, u32)> {
    let mut new: std::collections::BTreeMap<usize, u32> = std::collections::BTreeMap::new();
    for edit in edits {
        for stretch in stretches(edit, network) {
            for forth in [true, false] {
                if edit.forth.is_some_and(|only| only != forth) {
                    continue;
                }
                for &arc in graph.arcs_of(Drive::new(super::narrow(stretch), forth)) {
                    let arc = arc as usize;
                    let now = new.get(&arc).copied().unwrap_or(weights[arc]);
                    new.insert(arc, apply(edit.effect, now));
                }
            }
        }
    }
    new.into_iter().collect()
}

/// The stretches that an edit speaks of; none when the map has no such way.
#[must_use]
pub fn stretches(edit: &RoadEdit, network: &RoadNetwork) -> Vec<usize> {
    let of_way = |at: &usize| network.stretches[*at].way == edit.way;
    let all: Vec<usize> = (0..network.stretches.len()).filter(of_way).collect();
    let Some(place) = edit.near else { return all };
    let nearest = all.iter().copied().min_by(|&a, &b| {
        let distance = |stretch| anchor::distance_m(network, stretch, place);
        distance(a).total_cmp(&distance(b)).then(a.cmp(&b))
    });
    nearest.into_iter().collect()
}

fn apply(effect: Effect, time: u32) -> u32 {
    if time >= NO_WAY {
        return NO_WAY;
    }
    let changed = match effect {
        Effect::Closed => return NO_WAY,
        Effect::Factor(permille) => u64::from(time) * u64::from(permille) / 1_000,
        Effect::Delay(seconds) => u64::from(time) + u64::from(seconds) * 1_000,
    };
    u32::try_from(changed.max(1)).unwrap_or(NO_WAY).min(NO_WAY)
}
