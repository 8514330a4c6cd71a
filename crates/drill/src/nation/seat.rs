//! Which seats each building votes for. Seats are cut as compact pieces of about equal electorates, first the National
//! Assembly's, then the provincial ones, inside the districts that `seats.csv` gives them.

use super::{Draft, NationError, wide};
use crate::facts::{Facts, SeatRange};
use pehra_domain::{contest::Assembly, gazetteer::Gazetteer};
use std::collections::BTreeMap;

/// The prefix of the National Assembly's seats.
const NATIONAL: &str = "NA";

#[derive(Clone, Debug)]
pub(super) struct Seat {
    pub(super) assembly: Assembly,
    pub(super) prefix: String,
    pub(super) number: u32,
    /// Positions in the gazetteer.
    pub(super) districts: Vec<usize>,
}

impl Seat {
    pub(super) fn name(&self) -> String {
        format!("{}-{}", self.prefix, self.number)
    }
}

/// All seats, and for each building the positions of its own in that list.
pub(super) struct Seats {
    pub(super) all: Vec<Seat>,
    pub(super) national: Vec<usize>,
    /// None where no provincial assembly is elected (Islamabad).
    pub(super) provincial: Vec<Option<usize>>,
}

pub(super) fn cut(
    draft: &Draft,
    facts: &Facts,
    gazetteer: &Gazetteer,
) -> Result<Seats, NationError> {
    let all = seats(facts, gazetteer)?;
    let voters = voters(draft);
    let mut by_district: Vec<Vec<usize>> = vec![Vec::new(); gazetteer.districts.len()];
    for (index, building) in draft.buildings.iter().enumerate() {
        by_district[building.district].push(index);
    }
    let mut seat_of = [vec![None; draft.buildings.len()], vec![None; draft.buildings.len()]];
    for ((assembly, districts), seats) in groups(&all) {
        let buildings: Vec<usize> =
            districts.iter().flat_map(|&district| by_district[district].iter().copied()).collect();
        let table = &mut seat_of[usize::from(assembly == Assembly::Provincial)];
        if let Some(&taken) = buildings.iter().find(|&&building| table[building].is_some()) {
            let name = gazetteer.districts[draft.buildings[taken].district].name.clone();
            return Err(NationError::NoSeat { name, found: 2 });
        }
        split(draft, &voters, buildings, &seats, table);
    }
    let [national, provincial] = seat_of;
    let national = national
        .into_iter()
        .enumerate()
        .map(|(building, seat)| {
            seat.ok_or_else(|| NationError::NoSeat {
                name: gazetteer.districts[draft.buildings[building].district].name.clone(),
                found: 0,
            })
        })
        .collect::<Result<_, _>>()?;
    Ok(Seats { all, national, provincial })
}

fn seats(facts: &Facts, gazetteer: &Gazetteer) -> Result<Vec<Seat>, NationError> {
    let known: BTreeMap<&str, usize> = gazetteer
        .districts
        .iter()
        .enumerate()
        .map(|(index, district)| (district.name.as_str(), index))
        .collect();
    let mut all = Vec::new();
    for SeatRange { prefix, first, last, districts } in &facts.seats {
        let mut places = Vec::with_capacity(districts.len());
        for name in districts {
            let &place = known.get(name.as_str()).ok_or_else(|| NationError::UnknownDistrict {
                table: "seats.csv",
                name: name.clone(),
            })?;
            places.push(place);
        }
        let assembly = if prefix == NATIONAL { Assembly::National } else { Assembly::Provincial };
        all.extend((*first..=*last).map(|number| Seat {
            assembly,
            prefix: prefix.clone(),
            number,
            districts: places.clone(),
        }));
    }
    Ok(all)
}

/// Seats that share the same districts, whatever ranges named them.
fn groups(all: &[Seat]) -> BTreeMap<(Assembly, Vec<usize>), Vec<usize>> {
    let mut groups: BTreeMap<(Assembly, Vec<usize>), Vec<usize>> = BTreeMap::new();
    for (index, seat) in all.iter().enumerate() {
        groups.entry((seat.assembly, seat.districts.clone())).or_default().push(index);
    }
    groups
}

fn voters(draft: &Draft) -> Vec<u64> {
    draft
        .buildings
        .iter()
        .map(|building| {
            draft.stations[building.first..building.first + building.count]
                .iter()
                .map(|station| u64::from(station.voters.total()))
                .sum()
        })
        .collect()
}

/// Halves the seats and the voters again and again, across the longer side of the ground.
fn split(
    draft: &Draft,
    voters: &[u64],
    mut buildings: Vec<usize>,
    seats: &[usize],
    table: &mut [Option<usize>],
) {
    if let [seat] = seats {
        for building in buildings {
            table[building] = Some(*seat);
        }
        return;
    }
    let (low_seats, high_seats) = seats.split_at(seats.len() / 2);
    if low_seats.is_empty() || buildings.is_empty() {
        return;
    }
    let along = |building: usize, north: bool| {
        let point = draft.buildings[building].point;
        if north { point.lat_e7 } else { point.lon_e7 }
    };
    let extent = |north: bool| {
        let side = buildings.iter().map(|&building| i64::from(along(building, north)));
        side.clone().max().unwrap_or(0) - side.min().unwrap_or(0)
    };
    let north = extent(true) * 8 > extent(false) * 7;
    buildings.sort_unstable_by_key(|&building| (along(building, north), building));
    let total: u64 = buildings.iter().map(|&building| voters[building]).sum();
    let wanted = total * wide(low_seats.len()) / wide(seats.len());
    let mut sum = 0;
    let at = buildings
        .iter()
        .position(|&building| {
            sum += voters[building];
            sum > wanted
        })
        .unwrap_or(buildings.len())
        .clamp(1, buildings.len().saturating_sub(1).max(1));
    let high = buildings.split_off(at);
    split(draft, voters, buildings, low_seats, table);
    split(draft, voters, high, high_seats, table);
}
