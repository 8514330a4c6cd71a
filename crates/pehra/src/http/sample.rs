//! A small world for tests: six stations, two in each of three districts, assessed and posted.

use crate::world::{AssessmentTable, PlanTable, Provenance, StationTable, UnitTable, World};
use pehra_domain::{
    AreaId, BuildingId, ConstituencyId, Point, StationId, UnitId, UnixMs,
    booth::BySex,
    building::{Building, BuildingKind},
    contest::{Assembly, Contest},
    force::{StaffKind, Tier, Unit},
    plan::{BuildingNeed, Certificate, Origin, Plan, Posting, Shortfall, ShortfallReason},
    risk::{Factor, FactorBasis, FactorScore, RiskClass, StationAssessment},
    station::{DistrictBasis, OfficialClass, PlaceBasis, Station, StationKind},
};
use std::sync::Arc;

pub(crate) const DISTRICTS: [&str; 3] =
    ["pk/balochistan/quetta", "pk/sindh/karachi-east", "pk/sindh/tharparkar"];

fn provenance(byte: u8) -> Provenance {
    Provenance {
        manifest: [byte; 32],
        at: UnixMs(1_700_000_000_000),
        source: "sample.csv".to_owned(),
        signed_by: "tester".to_owned(),
    }
}

pub(crate) fn station(n: u8) -> Station {
    let district = DISTRICTS[usize::from(n) / 2 % 3];
    let voters = BySex { men: 600 + u32::from(n), women: 500 };
    let booths = BySex { men: 2, women: 2 };
    Station {
        id: StationId::try_new(format!("SYN-NA-{}-{n}", 10 + n / 2)).unwrap(),
        name: format!("School {n}"),
        kind: [StationKind::Men, StationKind::Women, StationKind::Combined][usize::from(n) % 3],
        district: AreaId::try_new(district).unwrap(),
        district_basis: DistrictBasis::Column,
        point: Point {
            lat_e7: 250_000_000 + i32::from(n) * 100_000,
            lon_e7: 670_000_000 - i32::from(n) * 50_000,
        },
        place_basis: if n == 5 { PlaceBasis::Estimated } else { PlaceBasis::Given },
        building: BuildingId::try_new(format!("B-{n}")).unwrap(),
        contests: vec![Contest {
            assembly: Assembly::National,
            constituency: ConstituencyId::try_new(format!("NA-{}", 10 + n / 2)).unwrap(),
            station_no: n.to_string(),
            voters,
            booths,
            source_row: u32::from(n) + 2,
        }],
        booths,
        voters,
        official: if n == 1 {
            vec![OfficialClass {
                class: RiskClass::Most,
                source: "list".to_owned(),
                as_of: None,
                approved_by: None,
            }]
        } else {
            Vec::new()
        },
    }
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

fn assessed(position: usize, station: &Station) -> StationAssessment {
    let inherent_centi = 2_000 + 800 * u16::try_from(position).unwrap();
    StationAssessment {
        station: station.id.clone(),
        factors: Factor::ALL
            .map(|_| FactorScore { centi: 150, basis: FactorBasis::Observed, confidence_pct: 80 })
            .to_vec(),
        inherent_centi,
        residual_centi: None,
        p10_centi: inherent_centi - 300,
        p50_centi: inherent_centi,
        p90_centi: inherent_centi + 300,
        class_permille: [500, 300, 200],
        class: if inherent_centi < 3_200 { RiskClass::Normal } else { RiskClass::Sensitive },
        provisional: position == 4,
        completeness_pct: 60,
        overrides: Vec::new(),
        official: station.official_class(),
    }
}

fn plan(stations: &[Station]) -> Plan {
    let unit = |district: &AreaId| UnitId::try_new(format!("SYN-U-{}", district.name())).unwrap();
    let need = |station: &Station, kind, need, posted| BuildingNeed {
        building: station.building.clone(),
        kind,
        need,
        minimum: u32::from(kind == StaffKind::PoliceWoman),
        posted,
    };
    let posting = |station: &Station| Posting {
        unit: unit(&station.district),
        building: station.building.clone(),
        kind: StaffKind::PoliceMan,
        count: 4,
        distance_m: 1_200,
        origin: Origin::OwnDistrict,
    };
    let short = |station: &Station| Shortfall {
        building: station.building.clone(),
        kind: StaffKind::PoliceWoman,
        missing: 1,
        minimum_missing: 1,
        reason: ShortfallReason::NobodyLeft,
        shadow_price: 120_000,
        mitigation: "Send the mobile team.".to_owned(),
    };
    Plan {
        certificate: Certificate {
            input_hash: [7; 32],
            seed: 1,
            engine: "sample".to_owned(),
            objective: 240_000,
            dual_bound: 240_000,
            relaxations: Vec::new(),
            notes: vec!["Distances are estimated.".to_owned()],
        },
        postings: stations.iter().map(posting).collect(),
        shortfalls: stations.iter().take(2).map(short).collect(),
        needs: stations
            .iter()
            .enumerate()
            .flat_map(|(n, s)| {
                let women =
                    if n < 2 { vec![need(s, StaffKind::PoliceWoman, 1, 0)] } else { Vec::new() };
                [need(s, StaffKind::PoliceMan, 4, 4)].into_iter().chain(women)
            })
            .collect(),
    }
}

/// The whole.
pub(crate) fn world() -> World {
    let stations: Vec<Station> = (0..6).map(station).collect();
    let buildings = stations.iter().map(building).collect();
    let table = StationTable::new(provenance(1), stations, buildings);
    let rows = table.stations.iter().enumerate().map(|(n, s)| assessed(n, s)).collect();
    let units = DISTRICTS.iter().map(|district| {
        let district = AreaId::try_new(*district).unwrap();
        Unit {
            id: UnitId::try_new(format!("SYN-U-{}", district.name())).unwrap(),
            name: format!("Police lines {}", district.name()),
            tier: Tier::Police,
            point: Point { lat_e7: 250_000_000, lon_e7: 670_000_000 },
            district,
            men: 10,
            women: 0,
            vehicles: 1,
            seats: 8,
            window: None,
            reserve: 1,
            home: None,
        }
    });
    let plan = PlanTable {
        provenance: provenance(3),
        id: "P-1".to_owned(),
        label: "first".to_owned(),
        profile: "sample".to_owned(),
        stations_manifest: table.provenance.manifest,
        poll: None,
        plan: plan(&table.stations),
    };
    World {
        assessment: Some(Arc::new(AssessmentTable {
            provenance: provenance(2),
            seed: 1,
            draws: 10,
            stations_manifest: table.provenance.manifest,
            rows,
        })),
        units: Some(Arc::new(UnitTable::new(provenance(4), units.collect()))),
        stations: Some(Arc::new(table)),
        plans: vec![Arc::new(plan)],
        ..World::default()
    }
}
