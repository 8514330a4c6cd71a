//! How long needs and a timetable take, and how near the bound: a district, a province, a nation of 600,000 people.
//!
//! `cargo run --release -p pehra-plan --example training_speed -- [THREADS] [SEED] [district|province|nation]`
//!
//! 136 districts of four provinces, units of 220 people with a post for seven in eight of them, 8 rooms of 30 to 60 seats a
//! district open on 20 of 30 days, 28 trainers a district. Seven in ten lack each module of the constable's path.
#![expect(
    clippy::print_stdout,
    clippy::disallowed_types,
    reason = "an example measures and prints"
)]

use pehra_domain::{
    AreaId, BuildingId, Date, PersonId, Point, UnitId,
    duty::{Demands, Detachment},
    force::{StaffKind, Tier, Unit},
    member::{Grade, Member, Modules},
    risk::RiskClass,
    seed::Seed,
    training::{Trainer, TrainingModule, Venue},
};
use pehra_plan::{
    allocate::DistanceModel,
    training::{Input, Rules, audit::audit, module, need, plan, replan},
};
use std::{collections::BTreeMap, error::Error, ops::ControlFlow, time::Instant};

const TABLE: &str = include_str!("../../../data/training_modules.csv");
/// Units by province: 600,000 people in all.
const PROVINCES: [(&str, u64, u64); 4] = [
    ("punjab", 41, 1_430),
    ("sindh", 30, 620),
    ("khyber-pakhtunkhwa", 36, 480),
    ("balochistan", 29, 198),
];
const UNIT: u64 = 220;
const DAYS: i32 = 30;

#[derive(Default)]
struct Country {
    people: Vec<Member>,
    units: Vec<Unit>,
    detachments: Vec<Detachment>,
    venues: Vec<Venue>,
    trainers: Vec<Trainer>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let threads: usize = arguments.next().map_or(Ok(2), |text| text.parse())?;
    let number: u64 = arguments.next().map_or(Ok(2_024), |text| text.parse())?;
    let asked = arguments.next();
    let modules = module::parse(TABLE)?;
    for (name, provinces, districts) in
        [("district", 1..2, 1), ("province", 1..2, u64::MAX), ("nation", 0..4, u64::MAX)]
    {
        if asked.as_deref().is_none_or(|asked| asked == name) {
            let mut country = Country::default();
            for province in provinces {
                country.imagine(province, districts, &mut Seed::fork(number, province as u64))?;
            }
            measure(name, &country, &modules, threads)?;
        }
    }
    Ok(())
}

fn measure(
    name: &str,
    country: &Country,
    modules: &[TrainingModule],
    threads: usize,
) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let question = need::Question {
        people: &country.people,
        detachments: &country.detachments,
        units: &country.units,
        demands: &Demands::default(),
        modules,
        barring_only: false,
    };
    let needs = need::derive(&question, threads, &mut |_| ControlFlow::Continue(()))?;
    let lacking = needs.needs.iter().filter(|one| !one.lacks.is_empty()).count();
    println!(
        "{name}: {} people, {} with a task, {lacking} lack something; needs in {:.2} s",
        country.people.len(),
        needs.needs.len(),
        start.elapsed().as_secs_f64()
    );
    let input = country.input(&needs.needs, modules);
    let start = Instant::now();
    let found = plan(&input, threads, &mut |_| ControlFlow::Continue(()))?;
    let said = found.certificate;
    println!(
        "  timetable in {:.2} s, {threads} threads: {} of {} trained, weight {} of at most {} (gap {} per 100,000)",
        start.elapsed().as_secs_f64(),
        said.trained,
        said.people,
        said.weight,
        said.weight_bound,
        said.weight_gap_per_100_000()
    );
    println!(
        "  travel {} km, at least {} (gap {} per 100,000); courses {}, at least {} where people sit, {} anywhere",
        said.travel_m / 1_000,
        said.travel_bound_m / 1_000,
        said.travel_gap_per_100_000(),
        said.courses,
        said.courses_bound_there,
        said.courses_bound
    );
    let mut why: BTreeMap<String, usize> = BTreeMap::new();
    for (_, reason) in &found.untrained {
        *why.entry(format!("{reason:?}")).or_default() += 1;
    }
    println!("  untrained: {why:?}; rules broken: {}", audit(&input, &found).len());
    let before = found.named(&input);
    let mut after = input;
    after.venues.remove(0);
    after.seekers.retain(|one| !one.number.as_str().ends_with("07"));
    let start = Instant::now();
    let (again, change) = replan(&after, &before, threads, &mut |_| ControlFlow::Continue(()))?;
    println!(
        "  a venue and one in a hundred fall out: {:.2} s, {} keep their seats, {} move, {} lose them, {} trained",
        start.elapsed().as_secs_f64(),
        change.people_kept,
        change.moved.len(),
        change.lost.len(),
        again.certificate.trained
    );
    Ok(())
}

impl Country {
    fn imagine(
        &mut self,
        province: usize,
        districts_most: u64,
        chance: &mut Seed,
    ) -> Result<(), Box<dyn Error>> {
        let (name, districts, units) = PROVINCES[province];
        let share = units / districts;
        for district in 0..districts.min(districts_most) {
            let area = AreaId::nation().below(name).below(&format!("district {district}"));
            let (row, column) = (district / 6, district % 6);
            let place = |chance: &mut Seed| {
                let spread = |chance: &mut Seed| 0.5 * chance.unit();
                let lat = 25.0 + 3.0 * f64::from(u8::try_from(province).unwrap_or(0));
                let lat = lat + 0.5 * f64::from(u8::try_from(row).unwrap_or(0)) + spread(chance);
                let lon =
                    66.0 + 0.5 * f64::from(u8::try_from(column).unwrap_or(0)) + spread(chance);
                Point::try_from_degrees(lat, lon).ok_or("a place on the globe")
            };
            for unit in 0..share + u64::from(district < units % districts) {
                let point = place(chance)?;
                self.add_unit(
                    &format!("{province}-{district:02}-{unit:03}"),
                    &area,
                    point,
                    chance,
                )?;
            }
            for room in 0..8 {
                self.venues.push(Venue {
                    id: format!("V-{province}-{district}-{room}"),
                    name: String::new(),
                    district: area.clone(),
                    point: place(chance)?,
                    seats: u32::try_from(30 + chance.below(31))?,
                    hours_day: 6,
                    open: (0..DAYS).filter(|_| chance.below(3) < 2).map(Date).collect(),
                });
            }
            for trainer in 0..28 {
                let extra = Modules(u16::try_from(chance.below(1 << 13))?);
                self.trainers.push(Trainer {
                    number: PersonId::try_new(format!("T-{province}-{district}-{trainer}"))?,
                    woman: trainer % 4 == 0,
                    modules: Modules::of(&[1, 2, 3]).and(extra),
                    district: area.clone(),
                    point: place(chance)?,
                    hours_day: 6,
                    free: Vec::new(),
                });
            }
        }
        Ok(())
    }

    fn add_unit(
        &mut self,
        name: &str,
        area: &AreaId,
        point: Point,
        chance: &mut Seed,
    ) -> Result<(), Box<dyn Error>> {
        let id = UnitId::try_new(format!("U-{name}"))?;
        for n in 0..UNIT {
            let passed: Vec<u8> = [1, 2, 3].into_iter().filter(|_| chance.below(10) < 3).collect();
            let more: Vec<u8> = [4, 6, 7, 8].into_iter().filter(|_| chance.below(2) == 0).collect();
            self.people.push(Member {
                number: PersonId::try_new(format!("S-{name}-{n:03}"))?,
                unit: id.clone(),
                kind: if n < 20 { StaffKind::PoliceWoman } else { StaffKind::PoliceMan },
                grade: Grade(u8::try_from(1 + chance.below(3))?),
                home: Vec::new(),
                modules: Modules::of(&passed).and(Modules::of(&more)),
                excluded: String::new(),
            });
        }
        for building in 0..32 {
            let class = RiskClass::ALL[usize::try_from(chance.below(3))?];
            for (kind, count) in
                [(StaffKind::PoliceMan, 5), (StaffKind::PoliceWoman, u32::from(building % 2 == 0))]
            {
                if count > 0 {
                    self.detachments.push(Detachment {
                        unit: id.clone(),
                        kind,
                        building: BuildingId::try_new(format!("B-{name}-{building}"))?,
                        count,
                        class,
                        contests: Vec::new(),
                        leads: kind == StaffKind::PoliceMan,
                    });
                }
            }
        }
        self.units.push(Unit {
            id,
            name: String::new(),
            tier: Tier::Police,
            district: area.clone(),
            point,
            men: 200,
            women: 20,
            vehicles: 0,
            seats: 0,
            window: None,
            reserve: 10,
            home: None,
        });
        Ok(())
    }

    fn input(&self, needs: &[need::Need], modules: &[TrainingModule]) -> Input {
        let places: BTreeMap<&UnitId, (AreaId, Point)> =
            self.units.iter().map(|unit| (&unit.id, (unit.district.clone(), unit.point))).collect();
        let seeker = |need: &need::Need| {
            need.seeker(&self.people, places.get(&self.people[need.person].unit).cloned())
        };
        Input {
            seekers: needs.iter().map(seeker).collect(),
            venues: self.venues.clone(),
            trainers: self.trainers.clone(),
            modules: modules.to_vec(),
            rules: Rules::default(),
            distance: DistanceModel::proposed(),
            first: Date(0),
            election: Date(DAYS),
        }
    }
}
