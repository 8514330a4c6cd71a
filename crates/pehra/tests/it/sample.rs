//! Six stations in three districts, and the police of each.

use pehra::{
    dataset,
    node::{DatasetDraft, Node},
};
use pehra_domain::{
    AreaId, BuildingId, ConstituencyId, Point, StationId, UnitId,
    booth::BySex,
    building::{Building, BuildingKind},
    contest::{Assembly, Contest},
    force::{Tier, Unit},
    risk::RiskClass,
    station::{DistrictBasis, OfficialClass, PlaceBasis, Station, StationKind},
};
use pehra_ops::dataset::DatasetKind;

pub(crate) const DISTRICTS: [&str; 3] =
    ["pk/balochistan/quetta", "pk/sindh/karachi-east", "pk/sindh/tharparkar"];

/// Signs the lists.
pub(crate) fn fill(node: &Node) {
    let actor = node.operator().unwrap();
    let stations: Vec<Station> = (0..6).map(station).collect();
    let buildings: Vec<Building> = stations.iter().map(building).collect();
    let lists = [
        (DatasetKind::Stations, dataset::write_stations(stations, buildings)),
        (DatasetKind::Forces, dataset::write_units(DISTRICTS.map(unit).to_vec())),
    ];
    for (kind, chunks) in lists {
        let draft = DatasetDraft::generated(kind, "sample.csv", chunks, &[("rows", 6)]);
        node.commit_dataset(&actor, draft).unwrap();
    }
}

pub(crate) fn station(n: u8) -> Station {
    let voters = BySex { men: 600 + u32::from(n), women: 500 };
    let booths = BySex { men: 2, women: 2 };
    let constituency = ConstituencyId::try_new(format!("NA-{}", 10 + n / 2)).unwrap();
    Station {
        id: StationId::try_new(format!("{constituency}-{n}")).unwrap(),
        name: format!("School {n}"),
        kind: [StationKind::Men, StationKind::Women, StationKind::Combined][usize::from(n) % 3],
        district: AreaId::try_new(DISTRICTS[usize::from(n) / 2]).unwrap(),
        district_basis: DistrictBasis::Column,
        point: place(n),
        place_basis: if n == 5 { PlaceBasis::Estimated } else { PlaceBasis::Given },
        building: BuildingId::try_new(format!("B-{n}")).unwrap(),
        contests: vec![Contest {
            assembly: Assembly::National,
            constituency,
            station_no: n.to_string(),
            voters,
            booths,
            source_row: u32::from(n) + 2,
        }],
        booths,
        voters,
        official: (n == 1)
            .then(|| OfficialClass {
                class: RiskClass::Most,
                source: "list".to_owned(),
                as_of: None,
                approved_by: None,
            })
            .into_iter()
            .collect(),
    }
}

fn place(n: u8) -> Point {
    let (lat, lon) = [(30.19, 67.0), (24.88, 67.1), (24.74, 69.8)][usize::from(n) / 2];
    let shift = f64::from(n % 2) / 50.0;
    Point::try_from_degrees(lat + shift, lon + shift).unwrap()
}

fn building(station: &Station) -> Building {
    Building {
        id: station.building.clone(),
        kind: BuildingKind::PollingStations,
        name: station.name.clone(),
        district: station.district.clone(),
        point: station.point,
        place_basis: station.place_basis,
        stations: vec![station.id.clone()],
        window: None,
        line: Vec::new(),
    }
}

fn unit(district: &str) -> Unit {
    let district = AreaId::try_new(district).unwrap();
    let n = DISTRICTS.iter().position(|known| *known == district.as_str()).unwrap();
    Unit {
        id: UnitId::try_new(format!("U-{}", district.name())).unwrap(),
        name: format!("Police lines {}", district.name()),
        tier: Tier::Police,
        point: place(u8::try_from(2 * n).unwrap()),
        district,
        men: 6,
        women: 1,
        vehicles: 1,
        seats: 8,
        window: None,
        reserve: 0,
        home: None,
    }
}
