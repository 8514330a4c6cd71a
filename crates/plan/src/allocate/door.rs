//! Who of a unit may go where, said once for all sites that are closed to the same people.
//!
//! Everybody of one unit and kind travels alike, so for a site only this matters: those of them who may stand there.
//! They are behind one door of the flow; the sites of one sort share it.

use super::model::{Model, index};
use pehra_domain::force::StaffKind;
use std::{collections::BTreeMap, ops::Range};

/// A unit's people of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Group {
    /// The first of their sources.
    pub(super) first: usize,
}

/// No node: nobody of the group may go.
const NOBODY: u32 = u32::MAX;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Doors {
    groups: Vec<Group>,
    of_kind: [Range<usize>; 4],
    /// By sort of site, then group: whom to ask.
    node: Vec<u32>,
    /// The sources behind each door.
    pub(super) behind: Vec<Vec<u32>>,
}

impl Doors {
    /// Whoever has people left, after pins.
    pub(super) fn new(model: &Model) -> Self {
        let mut doors = Self::default();
        let mut members: Vec<Range<usize>> = Vec::new();
        for kind in StaffKind::ALL {
            let begin = doors.groups.len();
            let mut first = model.of_kind(kind).start;
            while first < model.of_kind(kind).end {
                let source = &model.sources[first];
                let range = model.sources_of(source.unit, kind);
                doors.groups.push(Group { first });
                first = range.end;
                members.push(range);
            }
            doors.of_kind[super::model::kind_index(kind)] = begin..doors.groups.len();
        }
        let mut sorts: Vec<u32> = Vec::new();
        for (number, site) in model.sites.iter().enumerate() {
            let sort = site.sort as usize;
            if sort >= sorts.len() {
                sorts.resize(sort + 1, NOBODY);
            }
            sorts[sort] = sorts[sort].min(index(number));
        }
        doors.node = vec![NOBODY; sorts.len() * doors.groups.len()];
        for (group, range) in members.into_iter().enumerate() {
            let mut known: BTreeMap<Vec<u32>, u32> = BTreeMap::new();
            for (sort, &site) in sorts.iter().enumerate() {
                let able: Vec<u32> = range
                    .clone()
                    .filter(|&source| {
                        let source = &model.sources[source];
                        source.free > 0
                            && site != NOBODY
                            && !model.homes.closed(source.closed, site)
                    })
                    .map(index)
                    .collect();
                let node = match able.as_slice() {
                    [] => continue,
                    [one] => *one,
                    _ => *known.entry(able).or_insert_with_key(|able| {
                        doors.behind.push(able.clone());
                        index(model.sources.len() + doors.behind.len() - 1)
                    }),
                };
                doors.node[sort * doors.groups.len() + group] = node;
            }
        }
        doors
    }

    /// The groups of a kind of whom somebody may go to a sort of sites, with the node to ask.
    pub(super) fn ways(
        &self,
        kind: StaffKind,
        sort: u32,
    ) -> impl Iterator<Item = (&Group, u32)> + '_ {
        let range = self.of_kind[super::model::kind_index(kind)].clone();
        let row = sort as usize * self.groups.len();
        let nodes = self.node[row + range.start..row + range.end].iter().copied();
        self.groups[range].iter().zip(nodes).filter(|&(_, node)| node != NOBODY)
    }
}
