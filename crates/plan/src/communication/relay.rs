//! Relays: posts beyond the reach of the district's mast are heard through posts that repeat them. Each ring of posts is
//! reached from the ring before it over as few repeaters as the greedy cover finds; whoever no chain of ranges reaches is
//! cut off, and needs HF or a satellite.

use super::{field::Spot, narrow};

/// How each post reaches its district.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chain {
    /// Hops to the mast: 1 hears it, 0 is cut off.
    pub hops: Vec<u32>,
    /// The post that repeats for it; `u32::MAX` where none does.
    pub through: Vec<u32>,
    /// Posts that must repeat, in rising order.
    pub relays: Vec<u32>,
    /// At least so many are needed: one for each ring beyond the first.
    pub relays_at_least: u32,
}

/// Joins posts to a mast. `reach_m` is the range from a mast, `hop_m` from post to post.
#[must_use]
pub fn join(mast: Spot, posts: &[Spot], reach_m: u32, hop_m: u32) -> Chain {
    let mut chain = Chain {
        hops: vec![0; posts.len()],
        through: vec![u32::MAX; posts.len()],
        ..Chain::default()
    };
    let mut ring: Vec<u32> = Vec::new();
    for (at, post) in (0_u32..).zip(posts) {
        if post.within(mast, reach_m) {
            chain.hops[at as usize] = 1;
            ring.push(at);
        }
    }
    let mut hops = 1;
    while !ring.is_empty() {
        hops += 1;
        let mut beyond: Vec<u32> = (0..narrow(posts.len()))
            .filter(|&at| chain.hops[at as usize] == 0)
            .filter(|&at| ring.iter().any(|&r| posts[r as usize].within(posts[at as usize], hop_m)))
            .collect();
        let next = beyond.clone();
        chain.relays_at_least += u32::from(!beyond.is_empty());
        while !beyond.is_empty() {
            let heard = |relay: u32| {
                let here = posts[relay as usize];
                beyond.iter().filter(|&&at| here.within(posts[at as usize], hop_m)).count()
            };
            let best = ring.iter().copied().max_by_key(|&r| (heard(r), std::cmp::Reverse(r)));
            let Some(relay) = best.filter(|&relay| heard(relay) > 0) else { break };
            beyond.retain(|&at| {
                let heard = posts[relay as usize].within(posts[at as usize], hop_m);
                if heard {
                    chain.hops[at as usize] = hops;
                    chain.through[at as usize] = relay;
                }
                !heard
            });
            chain.relays.push(relay);
        }
        ring = next;
    }
    chain.relays.sort_unstable();
    chain.relays.dedup();
    chain
}
