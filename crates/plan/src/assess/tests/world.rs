//! A small made-up country for tests.

use crate::assess::Inputs;
use pehra_domain::{
    AreaId, BuildingId, Date, Point, StationId, UnitId, UnixMs,
    booth::BySex,
    building::{Building, BuildingKind},
    force::{Tier, Unit},
    gazetteer::{District, Gazetteer, Town},
    incident_record::IncidentRecord,
    risk::Factor,
    seed::Seed,
    station::{DistrictBasis, PlaceBasis, Station, StationKind},
    survey::{SurveyAnswer, SurveySubject},
};

pub(crate) struct World {
    pub(crate) districts: Vec<AreaId>,
    pub(crate) stations: Vec<Station>,
    pub(crate) buildings: Vec<Building>,
    pub(crate) incidents: Vec<IncidentRecord>,
    pub(crate) units: Vec<Unit>,
    pub(crate) surveys: Vec<SurveyAnswer>,
    pub(crate) gazetteer: Gazetteer,
    pub(crate) earlier: Vec<Date>,
    pub(crate) as_of: UnixMs,
}

const DISTRICTS: usize = 8;

fn below(chance: &mut Seed, bound: u64) -> u32 {
    u32::try_from(chance.below(bound)).unwrap()
}

fn near(centre: Point, chance: &mut Seed) -> Point {
    let mut offset = || i32::try_from(chance.below(6_000_000)).unwrap() - 3_000_000;
    Point { lat_e7: centre.lat_e7 + offset(), lon_e7: centre.lon_e7 + offset() }
}

impl World {
    pub(crate) fn new(stations: usize, seed: u64) -> Self {
        let mut chance = Seed::new(seed);
        let gazetteer = gazetteer();
        let poll = Date::parse("2024-02-08").unwrap();
        let mut world = Self {
            districts: gazetteer.districts.iter().map(|d| d.area.clone()).collect(),
            stations: Vec::new(),
            buildings: Vec::new(),
            incidents: Vec::new(),
            units: Vec::new(),
            surveys: Vec::new(),
            gazetteer,
            earlier: vec![Date::parse("2018-07-25").unwrap(), Date::parse("2013-05-11").unwrap()],
            as_of: poll.plus_days(-10).midnight_pkt(),
        };
        for n in 0..stations {
            world.add_station(n, &mut chance);
        }
        for n in 0..stations / 2 {
            world.add_incident(n, &mut chance);
        }
        world.add_forces(&mut chance);
        world
    }

    fn add_station(&mut self, n: usize, chance: &mut Seed) {
        let district = n % DISTRICTS;
        let home = &self.gazetteer.districts[district];
        let shared = n % 3 == 2 && n >= DISTRICTS && n % (2 * DISTRICTS) >= DISTRICTS;
        let id = StationId::try_new(format!("NA-{}-{}", district + 1, n)).unwrap();
        if !shared {
            self.buildings.push(Building {
                id: BuildingId::try_new(format!("B-{n}")).unwrap(),
                kind: BuildingKind::PollingStations,
                name: format!("School {n}"),
                district: home.area.clone(),
                point: near(home.centre, chance),
                place_basis: PlaceBasis::Given,
                stations: Vec::new(),
                window: None,
                line: Vec::new(),
            });
        }
        let area = home.area.clone();
        let building = if shared {
            self.buildings.iter_mut().rev().find(|b| b.district == area).unwrap()
        } else {
            self.buildings.last_mut().unwrap()
        };
        building.stations.push(id.clone());
        let kind = [StationKind::Men, StationKind::Women, StationKind::Combined]
            [below(chance, 3) as usize];
        let men = if kind == StationKind::Women { 0 } else { 200 + below(chance, 1_500) };
        let women = if kind == StationKind::Men { 0 } else { 200 + below(chance, 1_200) };
        let (building, point) = (building.id.clone(), building.point);
        if chance.below(3) == 0 {
            let subject = SurveySubject::Building(building.clone());
            self.survey(subject, "walls", Factor::V1, chance);
        }
        self.stations.push(Station {
            id,
            name: format!("School {n}"),
            kind,
            district: area,
            district_basis: DistrictBasis::Column,
            point,
            place_basis: PlaceBasis::Given,
            building,
            contests: Vec::new(),
            booths: BySex { men: men / 450, women: women / 450 + 1 },
            voters: BySex { men, women },
            official: Vec::new(),
        });
    }

    fn survey(
        &mut self,
        subject: SurveySubject,
        question: &str,
        factor: Factor,
        chance: &mut Seed,
    ) {
        self.surveys.push(SurveyAnswer {
            subject,
            question: question.to_owned(),
            centi: u16::try_from(100 * chance.below(5)).unwrap(),
            factor: Some(factor),
            on: Date::parse("2024-01-10").unwrap(),
            surveyor_role: "sector officer".to_owned(),
            note: String::new(),
        });
    }

    fn add_incident(&mut self, n: usize, chance: &mut Seed) {
        // The first districts are the violent ones.
        let district = (below(chance, DISTRICTS as u64) * below(chance, DISTRICTS as u64)) as usize
            / DISTRICTS;
        let home = &self.gazetteer.districts[district];
        let days = i32::try_from(chance.below(4_200)).unwrap();
        let date = Date::parse("2012-10-01").unwrap().plus_days(days);
        self.incidents.push(IncidentRecord {
            id: format!("ucdp:{n}"),
            date,
            date_end: date,
            point: near(home.centre, chance),
            place_precision: 1 + u8::try_from(chance.below(4)).unwrap(),
            date_precision: 1,
            deaths_best: below(chance, 5),
            deaths_low: 0,
            deaths_high: 5,
            district: home.name.clone(),
            province: home.province.clone(),
            violence_type: 1,
            on_election: chance.below(9) == 0,
            source: "made up".to_owned(),
        });
    }

    fn add_forces(&mut self, chance: &mut Seed) {
        for (n, home) in (0..).zip(self.gazetteer.districts.clone()) {
            self.units.push(Unit {
                id: UnitId::try_new(format!("U-{n}")).unwrap(),
                name: format!("Lines {n}"),
                tier: Tier::Police,
                district: home.area.clone(),
                point: home.centre,
                men: 300,
                women: 30,
                vehicles: 10,
                seats: 60,
                window: None,
                reserve: 28 * (n % 2),
                home: None,
            });
            if n % 2 == 0 {
                let subject = SurveySubject::District(home.area.clone());
                self.survey(subject, "weapons", Factor::T6, chance);
            }
        }
    }

    pub(crate) fn inputs(&self) -> Inputs<'_> {
        Inputs {
            stations: &self.stations,
            buildings: &self.buildings,
            incidents: &self.incidents,
            units: &self.units,
            surveys: &self.surveys,
            overrides: &[],
            posteriors: &[],
            coverage: None,
            gazetteer: &self.gazetteer,
            poll: Date::parse("2024-02-08").unwrap(),
            schedule: Date::parse("2023-12-15").unwrap(),
            earlier_polls: &self.earlier,
            as_of: self.as_of,
        }
    }
}

fn gazetteer() -> Gazetteer {
    let districts: Vec<District> = (0..DISTRICTS)
        .map(|n| {
            let province = if n < DISTRICTS / 2 { "North" } else { "South" };
            let name = format!("District {n}");
            #[expect(clippy::cast_precision_loss, reason = "a handful of districts")]
            let centre = Point::try_from_degrees(28.0 + n as f64, 68.0).unwrap();
            District {
                area: AreaId::nation().below(province).below(&name),
                name,
                province: province.to_owned(),
                name_ur: String::new(),
                province_ur: String::new(),
                division: String::new(),
                adults: 500_000,
                adult_men: 260_000,
                adult_women: 240_000,
                adult_urban: 100_000,
                centre,
                area_km2: 4_000,
            }
        })
        .collect();
    let towns = districts
        .iter()
        .map(|district| Town {
            name: district.name.clone(),
            name_ur: String::new(),
            point: district.centre,
            population: 40_000,
        })
        .collect();
    Gazetteer { districts, towns }
}
