use super::*;
use pehra_domain::{
    Point, StationId, UnitId,
    booth::BySex,
    building::BuildingKind,
    force::{StaffKind, Tier},
    plan::Origin,
    station::{DistrictBasis, PlaceBasis, StationKind},
};

fn area(name: &str) -> AreaId {
    AreaId::nation().below("Sindh").below(name)
}

fn station(id: &str, district: &str) -> Station {
    Station {
        id: StationId::try_new(id).unwrap(),
        name: format!("School {id}"),
        kind: StationKind::Combined,
        district: area(district),
        district_basis: DistrictBasis::Column,
        point: Point { lat_e7: 250_000_000, lon_e7: 670_000_000 },
        place_basis: PlaceBasis::Given,
        building: BuildingId::try_new(format!("B-{id}")).unwrap(),
        contests: Vec::new(),
        booths: BySex { men: 2, women: 1 },
        voters: BySex { men: 700, women: 600 },
        official: Vec::new(),
    }
}

fn building(id: &str, district: &str) -> Building {
    Building {
        id: BuildingId::try_new(format!("B-{id}")).unwrap(),
        kind: BuildingKind::PollingStations,
        name: format!("School {id}"),
        district: area(district),
        point: Point { lat_e7: 250_000_000, lon_e7: 670_000_000 },
        place_basis: PlaceBasis::Given,
        stations: vec![StationId::try_new(id).unwrap()],
        window: None,
        line: Vec::new(),
    }
}

#[test]
fn a_station_list_becomes_one_chunk_per_district_and_comes_back() {
    let stations = vec![
        station("NA-2-1", "Sukkur"),
        station("NA-1-2", "Larkana"),
        station("NA-1-1", "Larkana"),
    ];
    let buildings = vec![
        building("NA-2-1", "Sukkur"),
        building("NA-1-2", "Larkana"),
        building("NA-1-1", "Larkana"),
    ];
    let chunks = write_stations(stations.clone(), buildings);
    assert_eq!(chunks.iter().map(|c| c.area.name()).collect::<Vec<_>>(), ["larkana", "sukkur"]);
    assert_eq!(chunks.iter().map(|c| c.rows).collect::<Vec<_>>(), [2, 1]);
    let (back, houses) = read_stations(&chunks).unwrap();
    assert_eq!(back, [stations[2].clone(), stations[1].clone(), stations[0].clone()]);
    assert_eq!(houses.len(), 3);
}

#[test]
fn the_order_of_rows_in_the_file_does_not_change_the_bytes() {
    let a = write_stations(
        vec![station("NA-1-1", "Larkana"), station("NA-1-2", "Larkana")],
        Vec::new(),
    );
    let b = write_stations(
        vec![station("NA-1-2", "Larkana"), station("NA-1-1", "Larkana")],
        Vec::new(),
    );
    assert_eq!(a, b);
}

#[test]
fn a_chunk_of_a_newer_version_is_named_not_misread() {
    let newer =
        bytes_of(&StationRows { schema: SCHEMA + 1, stations: Vec::new(), buildings: Vec::new() });
    let chunk = Chunk { area: area("Sukkur"), bytes: newer, rows: 0 };
    let text = read_stations(&[chunk]).unwrap_err().to_string();
    assert!(text.contains("pk/sindh/sukkur") && text.contains("upgrade"), "{text}");
}

#[test]
fn a_chunk_cut_short_is_an_error_that_names_its_district() {
    let mut chunks = write_stations(vec![station("NA-1-1", "Larkana")], Vec::new());
    chunks[0].bytes.truncate(20);
    assert!(
        matches!(read_stations(&chunks), Err(ChunkError::Broken { area, .. }) if area.name() == "larkana")
    );
}

#[test]
fn a_plan_keeps_its_certificate_apart_and_its_postings_with_their_district() {
    let certificate = Certificate {
        input_hash: [7; 32],
        seed: 1,
        engine: "test".into(),
        objective: 10,
        dual_bound: 10,
        relaxations: Vec::new(),
        notes: Vec::new(),
    };
    let posting = Posting {
        unit: UnitId::try_new("U1").unwrap(),
        building: BuildingId::try_new("B-NA-1-1").unwrap(),
        kind: StaffKind::PoliceMan,
        count: 3,
        distance_m: 900,
        origin: Origin::OwnDistrict,
    };
    let plan = Plan {
        certificate: certificate.clone(),
        postings: vec![posting],
        shortfalls: Vec::new(),
        needs: Vec::new(),
    };
    let head = PlanHead {
        schema: SCHEMA,
        id: "P1".into(),
        label: "first".into(),
        profile: "PK-2024-SINDH".into(),
        stations_manifest: [1; 32],
        certificate,
        poll: Some(PollOf {
            constituency: ConstituencyId::try_new("NA-8").unwrap(),
            date: Date(19_800),
        }),
    };
    let chunks = write_plan(&head, &plan, |_| area("Larkana"));
    assert_eq!(chunks.len(), 2);
    assert_eq!(read_plan(&chunks).unwrap(), Some((head, plan)));
    assert_eq!(read_plan(&chunks[1..]).unwrap(), None);
}

#[test]
fn units_go_to_their_own_district() {
    let unit = |id: &str, district: &str| Unit {
        id: UnitId::try_new(id).unwrap(),
        name: id.into(),
        tier: Tier::Police,
        district: area(district),
        point: Point { lat_e7: 0, lon_e7: 0 },
        men: 1,
        women: 1,
        vehicles: 0,
        seats: 0,
        window: None,
        reserve: 0,
        home: None,
    };
    let chunks = write_units(vec![unit("A", "Sukkur"), unit("B", "Larkana"), unit("C", "Sukkur")]);
    assert_eq!(chunks.iter().map(|c| c.rows).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(read_rows::<Unit>(&chunks).unwrap().len(), 3);
}
