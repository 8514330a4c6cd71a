//! Nobody is posted where a contest of their home is held, and nobody at a most sensitive place without its training.
//!
//! A unit's people of one kind are parted by home and training, each part a source of its own that has no ways to the
//! places closed to it. Places closed to the same people are one *sort*; whoever of a unit may stand at a sort of places
//! is behind one door of the flow (see [`super::super::door`]), so that the parts do not multiply the ways.
//!
//! Who is kept in reserve is for the engine to choose, too: a reserve of a parted unit is a sink that only its own
//! people serve, at no cost and at a price above every post.

use super::super::{
    input::AllocateInput,
    model::{Site, index},
};
use pehra_domain::{BuildingId, ConstituencyId, UnitId, force::StaffKind, risk::RiskClass};
use std::collections::{BTreeMap, BTreeSet};

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

    fn has(&self, site: u32) -> bool {
        self.0[site as usize / 64] & (1 << (site % 64)) != 0
    }

    fn close(&mut self, site: u32) {
        self.0[site as usize / 64] |= 1 << (site % 64);
    }
}

/// People of one kind in a unit to whom the same sites are closed: which set of sites, and how many they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::allocate) struct Class {
    pub(in crate::allocate) closed: u32,
    pub(in crate::allocate) count: u32,
}

/// Who is at home where, by unit and kind, and the sets of sites that closes. Set 0 closes nothing.
#[derive(Clone, Debug, Default)]
pub(in crate::allocate) struct Homes {
    sets: Vec<Closed>,
    numbers: BTreeMap<Closed, u32>,
    classes: BTreeMap<(UnitId, StaffKind), Vec<Class>>,
}

impl Homes {
    /// Nothing at all unless a rule holds. Tells the sites their sort.
    pub(in crate::allocate) fn new(input: &AllocateInput, sites: &mut [Site]) -> Self {
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
        sort_sites(&of_seat, &most, sites);
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
}

/// Sites with the same seats, and alike in whether they ask for training, are one sort.
fn sort_sites(
    of_seat: &BTreeMap<&ConstituencyId, BTreeSet<u32>>,
    most: &Closed,
    sites: &mut [Site],
) {
    let mut seats: Vec<Vec<usize>> = vec![Vec::new(); sites.len()];
    for (seat, here) in of_seat.values().enumerate() {
        for &site in here {
            seats[site as usize].push(seat);
        }
    }
    let mut sorts: BTreeMap<(Vec<usize>, bool), u32> = BTreeMap::new();
    for (number, (site, seats)) in sites.iter_mut().zip(seats).enumerate() {
        let next = index(sorts.len());
        site.sort = *sorts.entry((seats, most.has(index(number)))).or_insert(next);
    }
}

#[cfg(test)]
mod tests;
