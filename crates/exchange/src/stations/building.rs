//! Groups stations into the buildings that are guarded.
//!
//! Two stations share a building when their stems of the building are equal and their points lie within 250 m,
//! or when the stems are alike (at most two letters differ, same digits) and the points within 60 m. Stations
//! with an estimated place share one only with others of their constituency of equal stem. The relation is
//! symmetric and groups are its connected parts, so the order of rows has no effect. A building is named by its
//! lowest station id (order of text): `B-NA-40-15`.

use crate::name::{alike, stem};
use pehra_domain::building::{Building, BuildingKind};
use pehra_domain::progress::{Cancelled, Watch, tell};
use pehra_domain::station::{PlaceBasis, Station};
use pehra_domain::{BuildingId, Point};
use std::collections::BTreeMap;

const SAME_NAME_M: f64 = 250.0;
const ALIKE_NAME_M: f64 = 60.0;
/// Side of a cell, 1e-7 degrees: the diagonal of a cell stays below 250 m everywhere in Pakistan.
const CELL_E7: i32 = 15_000;
/// Side of a cell for alike names, at most 56 m.
const FINE_E7: i32 = 5_000;
/// Stations of one cell that are compared one by one with another's; more than that share a name by accident.
const COMPARED_MAX: usize = 64;

/// Sets every station's building and gives the buildings, by id. `stations` must be sorted by id.
pub(super) fn group(
    stations: &mut [Station],
    watch: &mut Watch<'_>,
) -> Result<Vec<Building>, Cancelled> {
    let total = u64::try_from(stations.len()).unwrap_or(u64::MAX);
    tell(watch, "buildings", 0, total)?;
    let stems: Vec<String> = stations.iter().map(|station| stem(&station.name).building).collect();
    let mut sets = Sets { parent: (0..stations.len()).collect() };
    equal_names(stations, &stems, &mut sets, watch)?;
    alike_names(stations, &stems, &mut sets, watch)?;
    let mut buildings: BTreeMap<BuildingId, Building> = BTreeMap::new();
    for index in 0..stations.len() {
        let first = sets.root(index);
        let Ok(id) = BuildingId::try_new(format!("B-{}", stations[first].id)) else { continue };
        let lead = &stations[first];
        let building = buildings.entry(id.clone()).or_insert_with(|| Building {
            id: id.clone(),
            kind: BuildingKind::PollingStations,
            name: lead.name.clone(),
            district: lead.district.clone(),
            point: lead.point,
            place_basis: lead.place_basis,
            stations: Vec::new(),
            window: None,
            line: Vec::new(),
        });
        building.stations.push(stations[index].id.clone());
        stations[index].building = id;
    }
    Ok(buildings.into_values().collect())
}

/// Disjoint sets whose root is always their lowest member.
struct Sets {
    parent: Vec<usize>,
}

impl Sets {
    fn root(&mut self, index: usize) -> usize {
        let mut at = index;
        while self.parent[at] != at {
            self.parent[at] = self.parent[self.parent[at]];
            at = self.parent[at];
        }
        at
    }

    fn unite(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        self.parent[one.max(other)] = one.min(other);
    }
}

type Cell = (i32, i32);

fn cell(point: Point, side: i32) -> Cell {
    (point.lat_e7.div_euclid(side), point.lon_e7.div_euclid(side))
}

fn equal_names(
    stations: &[Station],
    stems: &[String],
    sets: &mut Sets,
    watch: &mut Watch<'_>,
) -> Result<(), Cancelled> {
    let estimated = |index: usize| stations[index].place_basis == PlaceBasis::Estimated;
    let seat = |index: usize| stations[index].contests.first().map(|contest| &contest.constituency);
    let mut order: Vec<usize> = (0..stations.len()).filter(|&i| !stems[i].is_empty()).collect();
    // Estimated places only meet within their constituency.
    let key = |i: usize| (&stems[i], estimated(i), if estimated(i) { seat(i) } else { None });
    order.sort_by(|&a, &b| key(a).cmp(&key(b)).then(a.cmp(&b)));
    for named in order.chunk_by(|&a, &b| key(a) == key(b)) {
        tell(watch, "buildings", 0, 0)?;
        let Some((&first, others)) = named.split_first() else { continue };
        if others.is_empty() {
            continue;
        }
        if estimated(first) {
            others.iter().for_each(|&other| sets.unite(first, other));
            continue;
        }
        let mut cells: BTreeMap<Cell, Vec<usize>> = BTreeMap::new();
        for &index in named {
            cells.entry(cell(stations[index].point, CELL_E7)).or_default().push(index);
        }
        for (&(row, column), members) in &cells {
            let Some(&lead) = members.first() else { continue };
            members.iter().for_each(|&member| sets.unite(lead, member));
            for (down, right) in FORWARD {
                let next = cells.get(&(row + down, column + right));
                let near = next.is_some_and(|next| touches(stations, members, next, SAME_NAME_M));
                if let Some(&other) = next.and_then(|next| next.first()).filter(|_| near) {
                    sets.unite(lead, other);
                }
            }
        }
    }
    Ok(())
}

/// Neighbour cells on one side, so that each pair of cells is met once; two cells away can still be near.
const FORWARD: [Cell; 12] = [
    (0, 1),
    (0, 2),
    (1, -2),
    (1, -1),
    (1, 0),
    (1, 1),
    (1, 2),
    (2, -2),
    (2, -1),
    (2, 0),
    (2, 1),
    (2, 2),
];

fn touches(stations: &[Station], here: &[usize], there: &[usize], most_m: f64) -> bool {
    here.iter().take(COMPARED_MAX).any(|&one| {
        there
            .iter()
            .take(COMPARED_MAX)
            .any(|&other| stations[one].point.distance_m(stations[other].point) <= most_m)
    })
}

fn alike_names(
    stations: &[Station],
    stems: &[String],
    sets: &mut Sets,
    watch: &mut Watch<'_>,
) -> Result<(), Cancelled> {
    // One station stands for all of equal stem in a cell: they are united already.
    let mut cells: BTreeMap<Cell, BTreeMap<&str, usize>> = BTreeMap::new();
    for (index, station) in stations.iter().enumerate() {
        if station.place_basis != PlaceBasis::Estimated && !stems[index].is_empty() {
            let names = cells.entry(cell(station.point, FINE_E7)).or_default();
            names.entry(stems[index].as_str()).or_insert(index);
        }
    }
    let mut done = 0_u64;
    for (&(row, column), names) in &cells {
        done += 1;
        if done.is_multiple_of(4096) {
            tell(watch, "buildings", done, 0)?;
        }
        for (down, right) in std::iter::once((0, 0)).chain(FORWARD) {
            let Some(others) = cells.get(&(row + down, column + right)) else { continue };
            for (name, &one) in names.iter().take(COMPARED_MAX) {
                for (other_name, &other) in others.iter().take(COMPARED_MAX) {
                    if one != other
                        && alike(name, other_name)
                        && stations[one].point.distance_m(stations[other].point) <= ALIKE_NAME_M
                    {
                        sets.unite(one, other);
                    }
                }
            }
        }
    }
    Ok(())
}
