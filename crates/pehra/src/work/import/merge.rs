//! A file updates what it names, by key; nothing goes because a file is silent about it.
//!
//! Only when a person says that the file is complete does it also remove: of a station list what it does not name in
//! the constituencies that it names, of forces in the districts and tiers that it names.

use super::content::Content;
use crate::world::World;
use pehra_domain::{
    BuildingId, ConstituencyId, StationId, building::Building, force::Unit, station::Station,
};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn with_held(world: &World, content: Content, complete: bool) -> Content {
    macro_rules! united {
        ($held:expr, $rows:expr, $key:expr) => {
            match &$held {
                Some(held) => united(&held.rows, $rows, $key),
                None => $rows,
            }
        };
    }
    match content {
        Content::Stations { stations, buildings, ambiguous } => {
            let (stations, buildings) = match &world.stations {
                Some(held) => {
                    let new = List { stations, buildings };
                    united_stations(&held.stations, &held.buildings, new, complete)
                }
                None => (stations, buildings),
            };
            Content::Stations { stations, buildings, ambiguous }
        }
        Content::Units(rows) => Content::Units(match &world.units {
            Some(held) => united_units(&held.units, rows, complete),
            None => rows,
        }),
        Content::Incidents(rows) => {
            Content::Incidents(united!(world.incidents, rows, |row| row.id.clone()))
        }
        Content::Norms(rows) => Content::Norms(united!(world.norms, rows, |row| row.name.clone())),
        Content::Figures(rows) => Content::Figures(united!(world.figures, rows, |row| (
            row.area.clone(),
            row.measure.clone(),
            row.value.clone(),
            row.source.clone()
        ))),
        Content::Outlines(rows) => {
            Content::Outlines(united!(world.boundaries, rows, |row| row.area.clone()))
        }
        Content::Surveys(rows) => Content::Surveys(united!(world.surveys, rows, |row| (
            row.subject.clone(),
            row.question.clone()
        ))),
        Content::Places(rows) => Content::Places(united!(world.places, rows, |row| row.id.clone())),
    }
}

/// Held values, each replaced by the new one of its key, and then what is new, in the order of keys.
fn united<T: Clone, K: Ord>(held: &[T], new: Vec<T>, key: impl Fn(&T) -> K) -> Vec<T> {
    let mut all: BTreeMap<K, T> = held.iter().map(|row| (key(row), row.clone())).collect();
    all.extend(new.into_iter().map(|row| (key(&row), row)));
    all.into_values().collect()
}

fn united_units(held: &[Unit], new: Vec<Unit>, complete: bool) -> Vec<Unit> {
    let named: BTreeSet<_> = new.iter().map(|unit| (unit.district.clone(), unit.tier)).collect();
    let goes = |unit: &Unit| complete && named.contains(&(unit.district.clone(), unit.tier));
    let kept: Vec<Unit> = held.iter().filter(|unit| !goes(unit)).cloned().collect();
    united(&kept, new, |unit| unit.id.clone())
}

/// A station list as a file gives it.
struct List {
    stations: Vec<Station>,
    buildings: Vec<Building>,
}

fn united_stations(
    held: &[Station],
    held_buildings: &[Building],
    new: List,
    complete: bool,
) -> (Vec<Station>, Vec<Building>) {
    let constituencies = |station: &Station| -> Vec<ConstituencyId> {
        station.contests.iter().map(|contest| contest.constituency.clone()).collect()
    };
    let named: BTreeSet<ConstituencyId> = new.stations.iter().flat_map(constituencies).collect();
    let goes = |station: &Station| {
        complete && constituencies(station).iter().any(|name| named.contains(name))
    };
    let kept: Vec<Station> = held.iter().filter(|station| !goes(station)).cloned().collect();
    let before: BTreeMap<_, &Station> = kept.iter().map(|station| (&station.id, station)).collect();
    let mut arrived = new.stations;
    for station in &mut arrived {
        // A station that did not move stays in the building where it stands with its neighbours: a file of a few
        // rows does not know them.
        if let Some(known) = before.get(&station.id)
            && known.point == station.point
            && known.name == station.name
        {
            station.building = known.building.clone();
        }
    }
    let stations = united(&kept, arrived, |station| station.id.clone());
    let buildings = inhabited(held_buildings, new.buildings, &stations);
    (stations, buildings)
}

/// The buildings that some station names, each with its stations; what the file says of a building wins.
fn inhabited(held: &[Building], new: Vec<Building>, stations: &[Station]) -> Vec<Building> {
    let mut known: BTreeMap<BuildingId, Building> =
        held.iter().map(|building| (building.id.clone(), building.clone())).collect();
    known.extend(new.into_iter().map(|building| (building.id.clone(), building)));
    let mut living: BTreeMap<&BuildingId, Vec<StationId>> = BTreeMap::new();
    for station in stations {
        living.entry(&station.building).or_default().push(station.id.clone());
    }
    living
        .into_iter()
        .filter_map(|(id, stations)| Some(Building { stations, ..known.remove(id)? }))
        .collect()
}

#[cfg(test)]
mod tests;
