//! Nobody is posted where a contest of their home is held, and nobody at a most sensitive place without its training.
//!
//! A unit's people of one kind are parted by home and training, each part a source of its own that has no ways to the
//! places closed to it. To part everybody by everything would make the problem many times as large, so parts begin
//! coarse: people to whom the same of the unit's nearest places are closed. That is a relaxation. After solving, every
//! unit is checked (can its people, home by home, take the posts it was given?); units that fail are parted in full and
//! the plan is solved again from where it stands. The end is exact: nobody fails, so the relaxation's optimum is the
//! rule's.
//!
//! Who is kept in reserve is for the engine to choose, too: a reserve of a parted unit is a sink that only its own
//! people serve, at no cost and at a price above every post.

use super::super::{
    input::AllocateInput,
    model::{Model, Site, index},
};
use pehra_domain::{BuildingId, ConstituencyId, UnitId, force::StaffKind, risk::RiskClass};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

pub(in crate::allocate) const NOTE: &str =
    "Nobody is posted where a contest of their home is held.";
pub(in crate::allocate) const NOTE_TRAINING: &str =
    "Nobody is posted at a most sensitive place without the training that it asks.";

/// The sites closed to people of one home: one bit a site.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::allocate) struct Closed(Vec<u64>);

impl Closed {
    fn none(sites: usize) -> Self {
        Self(vec![0; sites.div_ceil(64)])
    }

    pub(in crate::allocate) fn has(&self, site: u32) -> bool {
        self.0[site as usize / 64] & (1 << (site % 64)) != 0
    }

    fn close(&mut self, site: u32) {
        self.0[site as usize / 64] |= 1 << (site % 64);
    }

    fn and(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(a, b)| a & b).collect())
    }
}

/// People of one kind in a unit to whom the same sites are closed: which set of sites, and how many they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::allocate) struct Class {
    pub(in crate::allocate) closed: u32,
    pub(in crate::allocate) count: u32,
}

/// Some classes that are one source for now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::allocate) struct Part {
    /// The set of sites closed to all of them.
    pub(in crate::allocate) closed: u32,
    pub(in crate::allocate) classes: Vec<Class>,
}

impl Part {
    pub(in crate::allocate) fn count(&self) -> u32 {
        self.classes.iter().map(|class| class.count).sum()
    }
}

/// Who is at home where, by unit and kind, and the sets of sites that closes. Set 0 closes nothing.
#[derive(Clone, Debug, Default)]
pub(in crate::allocate) struct Homes {
    sets: Vec<Closed>,
    numbers: BTreeMap<Closed, u32>,
    classes: BTreeMap<(UnitId, StaffKind), Vec<Class>>,
}

impl Homes {
    /// Nothing at all unless the rule holds.
    pub(in crate::allocate) fn new(input: &AllocateInput, sites: &[Site]) -> Self {
        let mut homes = Self::default();
        let nothing = homes.number(Closed::none(sites.len()));
        if !input.rules.home && !input.rules.training {
            return homes;
        }
        let mut most = Closed::none(sites.len());
        for (number, site) in sites.iter().enumerate().filter(|_| input.rules.training) {
            if site.stations && site.due.class == Some(RiskClass::Most) {
                most.close(index(number));
            }
        }
        let known = |id: &BuildingId| sites.binary_search_by(|site| site.id.cmp(id)).ok();
        let mut of_seat: BTreeMap<&ConstituencyId, BTreeSet<u32>> = BTreeMap::new();
        for station in input.stations.iter().filter(|_| input.rules.home) {
            let Some(site) = known(&station.building) else { continue };
            for seat in &station.contests {
                of_seat.entry(seat).or_default().insert(index(site));
            }
        }
        let mut sets: BTreeMap<(&[ConstituencyId], bool), u32> = BTreeMap::new();
        for row in &input.homes {
            let key = (row.home.as_slice(), row.most_sensitive);
            let closed = if let Some(&number) = sets.get(&key) {
                number
            } else {
                let mut closed =
                    if row.most_sensitive { Closed::none(sites.len()) } else { most.clone() };
                for site in row.home.iter().filter_map(|seat| of_seat.get(seat)).flatten() {
                    closed.close(*site);
                }
                let number = homes.number(closed);
                sets.insert(key, number);
                number
            };
            let classes = homes.classes.entry((row.unit.clone(), row.kind)).or_default();
            classes.push(Class { closed, count: row.count });
        }
        debug_assert_eq!(nothing, 0, "the first set closes nothing");
        for classes in homes.classes.values_mut() {
            classes.sort_unstable();
            classes.dedup_by(|next, first| {
                let same = next.closed == first.closed;
                first.count += if same { next.count } else { 0 };
                same
            });
            classes.retain(|class| class.count > 0);
        }
        homes
    }

    fn number(&mut self, closed: Closed) -> u32 {
        let next = index(self.sets.len());
        let number = *self.numbers.entry(closed.clone()).or_insert(next);
        if number == next {
            self.sets.push(closed);
        }
        number
    }

    pub(in crate::allocate) fn closed(&self, set: u32, site: u32) -> bool {
        set != 0 && self.sets[set as usize].has(site)
    }

    pub(in crate::allocate) fn classes(&self, unit: &UnitId, kind: StaffKind) -> Option<&[Class]> {
        self.classes.get(&(unit.clone(), kind)).map(Vec::as_slice)
    }

    /// The coarse parts to begin with: people to whom the same of the unit's nearest sites are closed are one part.
    pub(in crate::allocate) fn parts(&mut self, classes: &[Class], nearest: &[u32]) -> Vec<Part> {
        let mut alike: BTreeMap<u64, Vec<Class>> = BTreeMap::new();
        for class in classes {
            let near = nearest.iter().take(64).enumerate().fold(0, |bits, (place, &site)| {
                bits | u64::from(self.closed(class.closed, site)) << place
            });
            alike.entry(near).or_default().push(*class);
        }
        let mut parts = Vec::with_capacity(alike.len());
        for classes in alike.into_values() {
            let Some((first, others)) = classes.split_first() else { continue };
            let mut closed = self.sets[first.closed as usize].clone();
            for class in others {
                closed = closed.and(&self.sets[class.closed as usize]);
            }
            parts.push(Part { closed: self.number(closed), classes });
        }
        parts
    }

    /// Every class a part of its own.
    pub(in crate::allocate) fn in_full(classes: &[Class]) -> Vec<Part> {
        classes.iter().map(|&class| Part { closed: class.closed, classes: vec![class] }).collect()
    }
}

/// So many people of a unit at a site, by sink of the problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::allocate) struct Given {
    pub(in crate::allocate) sink: u32,
    pub(in crate::allocate) site: u32,
    pub(in crate::allocate) count: u32,
}

/// Which class takes which posts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::allocate) struct Taken {
    /// Class, sink, count.
    pub(in crate::allocate) posts: Vec<(usize, u32, u32)>,
    /// Posts that nobody may take.
    pub(in crate::allocate) open: u32,
}

/// Whether people of these classes can take all posts that their unit was given: the most that can be taken, by
/// augmenting between classes and sorts of sites.
pub(in crate::allocate) fn take(model: &Model, classes: &[Class], given: &[Given]) -> Taken {
    // Sites closed to the same classes are one sort.
    let mut sorts: BTreeMap<Vec<bool>, Vec<Given>> = BTreeMap::new();
    for &post in given {
        let fits =
            classes.iter().map(|class| !model.homes.closed(class.closed, post.site)).collect();
        sorts.entry(fits).or_default().push(post);
    }
    let fits: Vec<&Vec<bool>> = sorts.keys().collect();
    let mut asked: Vec<u32> =
        sorts.values().map(|posts| posts.iter().map(|post| post.count).sum()).collect();
    let mut free: Vec<u32> = classes.iter().map(|class| class.count).collect();
    let mut taken = vec![vec![0_u32; fits.len()]; classes.len()];
    for (sort, asked) in asked.iter_mut().enumerate() {
        while *asked > 0 {
            let Some(path) = way(&fits, &free, &taken, sort) else { break };
            let Some(&(last, _)) = path.last() else { break };
            let mut count = (*asked).min(free[last]);
            for pair in path.windows(2) {
                count = count.min(taken[pair[0].0][pair[1].1]);
            }
            for (step, &(class, at)) in path.iter().enumerate() {
                taken[class][at] += count;
                if let Some(&(_, next)) = path.get(step + 1) {
                    taken[class][next] -= count;
                }
            }
            free[last] -= count;
            *asked -= count;
        }
    }
    let mut posts = Vec::new();
    for (sort, here) in sorts.values().enumerate() {
        let mut class = 0;
        for post in here {
            let mut left = post.count;
            while left > 0 && class < classes.len() {
                let count = left.min(taken[class][sort]);
                if count > 0 {
                    posts.push((class, post.sink, count));
                    taken[class][sort] -= count;
                    left -= count;
                } else {
                    class += 1;
                }
            }
        }
    }
    Taken { posts, open: asked.iter().sum() }
}

/// A way from a sort of sites to a class with somebody free: steps of (class, sort that it takes), where each class
/// leaves the sort of the step after it to whoever comes after.
fn way(
    fits: &[&Vec<bool>],
    free: &[u32],
    taken: &[Vec<u32>],
    from: usize,
) -> Option<Vec<(usize, usize)>> {
    let mut reached: Vec<Option<usize>> = vec![None; free.len()];
    let mut held_by: Vec<Option<usize>> = vec![None; fits.len()];
    let mut queue = VecDeque::from([from]);
    while let Some(sort) = queue.pop_front() {
        for class in 0..free.len() {
            if reached[class].is_some() || !fits[sort][class] {
                continue;
            }
            reached[class] = Some(sort);
            if free[class] > 0 {
                let mut path = Vec::new();
                let (mut class, mut sort) = (class, sort);
                loop {
                    path.push((class, sort));
                    if sort == from {
                        break;
                    }
                    let before = held_by[sort]?;
                    (class, sort) = (before, reached[before]?);
                }
                path.reverse();
                return Some(path);
            }
            for next in 0..fits.len() {
                if next != from && held_by[next].is_none() && taken[class][next] > 0 {
                    held_by[next] = Some(class);
                    queue.push_back(next);
                }
            }
        }
    }
    None
}

#[cfg(test)]
mod tests;
