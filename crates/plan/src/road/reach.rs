//! How far one gets: times from one place to everywhere, and what lies within a limit.

use super::{NO_WAY, hierarchy::Hierarchy, metric::Metric, route::Climb, route::Label};

/// Times from some labels to every vertex in milliseconds: up the tree, then once down over all ranks (PHAST).
#[must_use]
pub fn times_ms(hierarchy: &Hierarchy, metric: &Metric, from: &[Label]) -> Vec<u32> {
    let mut climb = Climb::new(hierarchy);
    climb.run(hierarchy, &metric.up, from);
    let mut time = climb.time;
    for rank in (0..super::narrow(hierarchy.vertices())).rev() {
        let mut best = time[rank as usize];
        for link in hierarchy.up(rank) {
            best = best.min(time[hierarchy.head[link] as usize].wrapping_add(metric.down[link]));
        }
        time[rank as usize] = best.min(NO_WAY);
    }
    hierarchy.order.rank.iter().map(|&rank| time[rank as usize]).collect()
}

/// How far along an arc one is when the time is over, in thousandths: 1,000 for an arc that is passed whole, 0 for one
/// that is not entered.
#[must_use]
pub fn share_permille(start_ms: u32, weight_ms: u32, limit_ms: u32) -> u32 {
    if start_ms >= limit_ms || weight_ms >= NO_WAY {
        return 0;
    }
    let left = u64::from(limit_ms - start_ms) * 1_000;
    let share = left / u64::from(weight_ms.max(1));
    u32::try_from(share.min(1_000)).unwrap_or(1_000)
}
