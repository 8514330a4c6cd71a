//! Channels: nets that hear each other get different ones as long as there are any. The net with the fewest choices left goes
//! first (Brélaz's rule, 1979); once all channels are heard around it, a net shares the one that costs its neighbours least,
//! and the sharing stands in the plan.

use super::narrow;
use std::collections::BTreeSet;

/// Nets that hear each other, each list sorted and without the net itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hearing {
    near: Vec<Vec<u32>>,
}

/// Who got which channel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Channels {
    /// For each net, from 0.
    pub channel: Vec<u32>,
    /// For each net the load of all nets in hearing on its channel, its own included, in the caller's unit.
    pub load: Vec<u64>,
    /// Nets that share with a neighbour.
    pub sharing: u32,
    /// Different channels in use.
    pub used: u32,
    /// So many at least would be needed for nobody to share: the largest group found in which all hear each other.
    pub needed_at_least: u32,
}

impl Hearing {
    /// From pairs of nets, in any order.
    #[must_use]
    pub fn new(nets: usize, pairs: &[(u32, u32)]) -> Self {
        let mut near = vec![Vec::new(); nets];
        for &(a, b) in pairs.iter().filter(|(a, b)| a != b) {
            near[a as usize].push(b);
            near[b as usize].push(a);
        }
        for list in &mut near {
            list.sort_unstable();
            list.dedup();
        }
        Self { near }
    }

    /// Gives every net one of `channels`. `load` is what each net keeps a channel busy for.
    #[must_use]
    pub fn assign(&self, channels: u32, load: &[u64]) -> Channels {
        let nets = self.near.len();
        let channels = channels.max(1);
        let mut chosen = vec![u32::MAX; nets];
        // For each net the load on each channel around it; filled as neighbours choose.
        let mut around: Vec<Vec<u64>> = vec![Vec::new(); nets];
        let mut kinds = vec![0_u32; nets];
        let degree = |net: u32| self.near[net as usize].len();
        let place =
            |net: u32, kinds: u32| (std::cmp::Reverse(kinds), std::cmp::Reverse(degree(net)), net);
        let mut waiting: BTreeSet<_> = (0..narrow(nets)).map(|net| place(net, 0)).collect();
        while let Some((.., net)) = waiting.pop_first() {
            let busy = &around[net as usize];
            let on = |channel: u32| busy.get(channel as usize).copied().unwrap_or_default();
            let channel = (0..channels).min_by_key(|&channel| (on(channel), channel)).unwrap_or(0);
            chosen[net as usize] = channel;
            for &other in &self.near[net as usize] {
                let list = &mut around[other as usize];
                if list.len() <= channel as usize {
                    list.resize(channel as usize + 1, 0);
                }
                let first = list[channel as usize] == 0;
                list[channel as usize] += load[net as usize].max(1);
                if first && chosen[other as usize] == u32::MAX {
                    let known = kinds[other as usize];
                    waiting.remove(&place(other, known));
                    kinds[other as usize] = known + 1;
                    waiting.insert(place(other, known + 1));
                }
            }
        }
        self.outcome(chosen, load)
    }

    fn outcome(&self, channel: Vec<u32>, load: &[u64]) -> Channels {
        let same = |net: usize| {
            let others = self.near[net].iter().map(|&other| other as usize);
            others.filter(|&other| channel[other] == channel[net]).collect::<Vec<_>>()
        };
        let sums: Vec<u64> = (0..channel.len())
            .map(|net| load[net] + same(net).into_iter().map(|other| load[other]).sum::<u64>())
            .collect();
        let sharing = (0..channel.len()).filter(|&net| !same(net).is_empty()).count();
        let used: BTreeSet<u32> = channel.iter().copied().collect();
        Channels {
            load: sums,
            sharing: narrow(sharing),
            used: narrow(used.len()),
            needed_at_least: narrow(self.group()),
            channel,
        }
    }

    /// Size of a group in which all hear each other, found greedily from the nets with most neighbours.
    fn group(&self) -> usize {
        let mut nets: Vec<usize> = (0..self.near.len()).collect();
        nets.sort_by_key(|&net| (std::cmp::Reverse(self.near[net].len()), net));
        let grow = |&start: &usize| {
            let mut group = vec![narrow(start)];
            let mut candidates = self.near[start].clone();
            candidates.sort_by_key(|&net| (std::cmp::Reverse(self.near[net as usize].len()), net));
            for net in candidates {
                if group.iter().all(|member| self.near[net as usize].binary_search(member).is_ok())
                {
                    group.push(net);
                }
            }
            group.len()
        };
        nets.iter().take(64).map(grow).max().unwrap_or_default()
    }
}
