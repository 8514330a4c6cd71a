//! The same index for the other protected places: returning officers' offices, stores, distribution points, presses,
//! routes, candidates' offices, rallies and processions. On the day of 2024 most losses were on the road and at such
//! offices (DOMAIN §0.3).

use super::{Inputs, Model, Prepared, assess_from};
use pehra_domain::{
    AreaId, BuildingId, StationId,
    booth::BySex,
    building::{Building, BuildingKind},
    progress::{Cancelled, Watch},
    risk::StationAssessment,
    station::{DistrictBasis, Station, StationKind},
};
use std::collections::BTreeMap;

/// Assesses every building that is not a polling building, in the order of the inputs. The `station` of a result holds
/// the building's id. A place counts for the voters and booths that hang on it [P]: an office, store or distribution
/// point for its share of its district, a press for its province's share, others for none known. What is missing is drawn
/// from the district's stations.
///
/// # Errors
/// [`Cancelled`] when the watcher stops the work.
pub fn assess_places(
    model: &Model,
    inputs: &Inputs<'_>,
    seed: u64,
    draws: usize,
    threads: usize,
    watch: &mut Watch<'_>,
) -> Result<Vec<(BuildingId, StationAssessment)>, Cancelled> {
    let places: Vec<&Building> =
        inputs.buildings.iter().filter(|b| b.kind != BuildingKind::PollingStations).collect();
    let served = Served::new(inputs, &places);
    let mut stations = inputs.stations.to_vec();
    let first = stations.len();
    let mut named = Vec::new();
    for place in places {
        // Both kinds of name have one rule, so that a building's name can stand for a station's.
        let Ok(id) = StationId::try_new(place.id.as_str()) else { continue };
        named.push(place.id.clone());
        stations.push(stand_in(place, id, served.of(place)));
    }
    let all = Inputs { stations: &stations, ..*inputs };
    let prepared = Prepared::new(model, &all);
    let found = assess_from(&prepared, first, seed, draws, threads, watch)?;
    Ok(named.into_iter().zip(found).collect())
}

fn stand_in(place: &Building, id: StationId, (voters, booths): (BySex, BySex)) -> Station {
    let middle = place.line.get(place.line.len() / 2).copied();
    Station {
        id,
        name: String::new(),
        kind: StationKind::Combined,
        district: place.district.clone(),
        district_basis: DistrictBasis::Column,
        point: middle.unwrap_or(place.point),
        place_basis: place.place_basis,
        building: place.id.clone(),
        contests: Vec::new(),
        booths,
        voters,
        official: Vec::new(),
    }
}

/// Voters and booths by area, and how many places of one kind share them.
struct Served<'a> {
    sums: BTreeMap<AreaId, (BySex, BySex)>,
    sharers: BTreeMap<(BuildingKind, &'a AreaId), u32>,
}

impl<'a> Served<'a> {
    fn new(inputs: &Inputs<'_>, places: &[&'a Building]) -> Self {
        let mut sums: BTreeMap<AreaId, (BySex, BySex)> = BTreeMap::new();
        for station in inputs.stations {
            let areas = [Some(station.district.clone()), station.district.province()];
            for area in areas.into_iter().flatten() {
                let (voters, booths) = sums.entry(area).or_default();
                *voters = sum(*voters, station.voters);
                *booths = sum(*booths, station.booths);
            }
        }
        let mut sharers = BTreeMap::new();
        for place in places {
            *sharers.entry((place.kind, &place.district)).or_default() += 1;
        }
        Self { sums, sharers }
    }

    fn of(&self, place: &Building) -> (BySex, BySex) {
        let area = match place.kind {
            BuildingKind::ReturningOffice
            | BuildingKind::Store
            | BuildingKind::DistributionPoint => Some(place.district.clone()),
            BuildingKind::Press => place.district.province(),
            BuildingKind::PollingStations
            | BuildingKind::Route
            | BuildingKind::CandidateOffice
            | BuildingKind::Rally
            | BuildingKind::Procession => None,
        };
        let (voters, booths) = area.and_then(|a| self.sums.get(&a).copied()).unwrap_or_default();
        let sharers = self.sharers.get(&(place.kind, &place.district)).copied().unwrap_or(1).max(1);
        (share(voters, sharers), share(booths, sharers))
    }
}

fn sum(a: BySex, b: BySex) -> BySex {
    BySex { men: a.men.saturating_add(b.men), women: a.women.saturating_add(b.women) }
}

fn share(all: BySex, sharers: u32) -> BySex {
    BySex { men: all.men / sharers, women: all.women / sharers }
}
