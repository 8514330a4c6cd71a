//! A file says everything about what it names, and nothing about the rest.
//!
//! A station list is complete for the constituencies in it, a list of forces for a district and a tier; what lies
//! outside stays as it was. Of the other kinds each value replaces the one of its key, and none goes because a
//! file is silent about it.

use super::content::Content;
use crate::world::World;
use pehra_domain::{ConstituencyId, building::Building, force::Unit, station::Station};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn with_held(world: &World, content: Content) -> Content {
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
                Some(held) => united_stations(&held.stations, &held.buildings, stations, buildings),
                None => (stations, buildings),
            };
            Content::Stations { stations, buildings, ambiguous }
        }
        Content::Units(rows) => Content::Units(match &world.units {
            Some(held) => united_units(&held.units, rows),
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

fn united_units(held: &[Unit], new: Vec<Unit>) -> Vec<Unit> {
    let named: BTreeSet<_> = new.iter().map(|unit| (unit.district.clone(), unit.tier)).collect();
    let kept: Vec<Unit> = held
        .iter()
        .filter(|unit| !named.contains(&(unit.district.clone(), unit.tier)))
        .cloned()
        .collect();
    united(&kept, new, |unit| unit.id.clone())
}

fn united_stations(
    held: &[Station],
    held_buildings: &[Building],
    new: Vec<Station>,
    new_buildings: Vec<Building>,
) -> (Vec<Station>, Vec<Building>) {
    let constituencies = |station: &Station| -> Vec<ConstituencyId> {
        station.contests.iter().map(|contest| contest.constituency.clone()).collect()
    };
    let named: BTreeSet<ConstituencyId> = new.iter().flat_map(constituencies).collect();
    let kept: Vec<Station> = held
        .iter()
        .filter(|station| !constituencies(station).iter().any(|name| named.contains(name)))
        .cloned()
        .collect();
    let kept_ids: BTreeSet<_> = kept.iter().map(|station| station.id.clone()).collect();
    let kept_buildings: Vec<Building> = held_buildings
        .iter()
        .filter_map(|building| {
            let mut building = building.clone();
            building.stations.retain(|id| kept_ids.contains(id));
            (!building.stations.is_empty()).then_some(building)
        })
        .collect();
    let stations = united(&kept, new, |station| station.id.clone());
    let mut buildings: BTreeMap<_, Building> =
        kept_buildings.into_iter().map(|building| (building.id.clone(), building)).collect();
    for building in new_buildings {
        match buildings.get_mut(&building.id) {
            // One name on both sides: the lowest station moved to another list; both sides stand in one place.
            Some(known) => known.stations.extend(building.stations),
            None => {
                buildings.insert(building.id.clone(), building);
            }
        }
    }
    (stations, buildings.into_values().collect())
}
