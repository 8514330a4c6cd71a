use super::*;
use pehra_domain::{
    AreaId, Point,
    booth::BySex,
    building::BuildingKind,
    contest::{Assembly, Contest},
    station::{DistrictBasis, PlaceBasis, StationKind},
};

fn station(seat: u32, number: u32, building: &str) -> Station {
    Station {
        id: StationId::try_new(format!("NA-{seat}-{number}")).unwrap(),
        name: format!("School {number}"),
        kind: StationKind::Combined,
        district: AreaId::nation().below("Sindh").below("Sukkur"),
        district_basis: DistrictBasis::Column,
        point: Point { lat_e7: 270_000_000, lon_e7: 680_000_000 },
        place_basis: PlaceBasis::Given,
        building: BuildingId::try_new(building).unwrap(),
        contests: vec![Contest {
            assembly: Assembly::National,
            constituency: ConstituencyId::try_new(format!("NA-{seat}")).unwrap(),
            station_no: number.to_string(),
            voters: BySex::default(),
            booths: BySex::default(),
            source_row: number,
        }],
        booths: BySex::default(),
        voters: BySex::default(),
        official: Vec::new(),
    }
}

fn building(id: &str, stations: &[&Station]) -> Building {
    Building {
        id: BuildingId::try_new(id).unwrap(),
        kind: BuildingKind::PollingStations,
        name: id.to_owned(),
        district: AreaId::nation().below("Sindh").below("Sukkur"),
        point: Point { lat_e7: 270_000_000, lon_e7: 680_000_000 },
        place_basis: PlaceBasis::Given,
        stations: stations.iter().map(|station| station.id.clone()).collect(),
        window: None,
        line: Vec::new(),
    }
}

fn ids(stations: &[Station]) -> Vec<&str> {
    stations.iter().map(|station| station.id.as_str()).collect()
}

#[test]
fn a_file_of_one_row_corrects_that_row_and_leaves_its_neighbours_and_their_building() {
    let (a, b) = (station(1, 1, "B-NA-1-1"), station(1, 2, "B-NA-1-1"));
    let held_buildings = [building("B-NA-1-1", &[&a, &b])];
    let mut corrected = station(1, 2, "B-NA-1-2");
    corrected.voters = BySex { men: 5, women: 6 };
    let file =
        List { buildings: vec![building("B-NA-1-2", &[&corrected])], stations: vec![corrected] };
    let (stations, buildings) = united_stations(&[a, b], &held_buildings, file, false);
    assert_eq!(ids(&stations), ["NA-1-1", "NA-1-2"]);
    assert_eq!(stations[1].voters.total(), 11);
    assert_eq!(stations[1].building.as_str(), "B-NA-1-1");
    assert_eq!(buildings.len(), 1);
    assert_eq!(buildings[0].stations.len(), 2);
}

#[test]
fn a_complete_file_removes_what_it_does_not_name_in_its_constituencies_only() {
    let held = [station(1, 1, "B-NA-1-1"), station(1, 2, "B-NA-1-2"), station(2, 1, "B-NA-2-1")];
    let held_buildings: Vec<Building> =
        held.iter().map(|station| building(station.building.as_str(), &[station])).collect();
    let kept = station(1, 1, "B-NA-1-1");
    let file =
        || List { buildings: vec![building("B-NA-1-1", &[&kept])], stations: vec![kept.clone()] };
    let (stations, buildings) = united_stations(&held, &held_buildings, file(), true);
    assert_eq!(ids(&stations), ["NA-1-1", "NA-2-1"]);
    assert_eq!(buildings.len(), 2);
    let (stations, _) = united_stations(&held, &held_buildings, file(), false);
    assert_eq!(stations.len(), 3);
}

#[test]
fn a_station_that_moved_takes_the_building_of_the_file() {
    let (a, b) = (station(1, 1, "B-NA-1-1"), station(1, 2, "B-NA-1-1"));
    let held_buildings = [building("B-NA-1-1", &[&a, &b])];
    let mut moved = station(1, 2, "B-NA-1-2");
    moved.point.lat_e7 += 500_000;
    let file = List { buildings: vec![building("B-NA-1-2", &[&moved])], stations: vec![moved] };
    let (stations, buildings) = united_stations(&[a, b], &held_buildings, file, false);
    assert_eq!(stations[1].building.as_str(), "B-NA-1-2");
    assert_eq!(buildings.iter().map(|b| b.stations.len()).collect::<Vec<_>>(), [1, 1]);
}
