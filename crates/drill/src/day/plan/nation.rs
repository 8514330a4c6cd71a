//! A day's plan from lists as they stand: stations, buildings, offices, units, surveys, past violence and, where there is
//! one, the adopted deployment. What is not at hand is made as the planner makes it: sectors, channels and couriers by
//! `pehra_plan::communication`, guards by the norm and the police at hand, convoys by neighbourhood.

use super::{Building, District, Office, Plan, Span, Station, Team, narrow};
use crate::{Nation, apportion::largest_remainder};
use pehra_domain::{
    AreaId, BuildingId, ConstituencyId, Date, Point, StationId,
    building::{Building as House, BuildingKind},
    force::{Tier, Unit},
    gazetteer::Gazetteer,
    incident_record::IncidentRecord,
    plan::Plan as Deployment,
    poll::PollState,
    progress::{Cancelled, Watch},
    risk::RiskClass,
    station::Station as Listed,
    survey::{SurveyAnswer, SurveySubject},
};
use pehra_plan::{
    allocate::DistanceModel,
    communication::{
        bearer::{Bearer, Bearers},
        proof::Test,
        scheme::{self, Ground, Scheme, Site},
    },
    norm::{NormBook, StationDue, need},
};
use std::collections::{BTreeMap, BTreeSet};

/// Everything that a plan of the day is made from.
#[derive(Clone, Copy)]
pub struct Lists<'a> {
    pub day: Date,
    pub stations: &'a [Listed],
    pub buildings: &'a [House],
    /// Returning offices and other places; offices are found by the constituency at the end of their name.
    pub places: &'a [House],
    pub units: &'a [Unit],
    pub incidents: &'a [IncidentRecord],
    pub surveys: &'a [SurveyAnswer],
    /// Constituencies whose poll is put off.
    pub postponed: &'a BTreeSet<ConstituencyId>,
    /// Classes of an assessment, for stations without an official one.
    pub classes: &'a BTreeMap<StationId, RiskClass>,
    pub deployment: Option<&'a Deployment>,
    pub distance: &'a DistanceModel,
    pub bearers: &'a Bearers,
    pub norms: &'a NormBook,
    /// Satellite terminals or HF sets that may be placed.
    pub terminals: usize,
}

/// People of one quick-reaction team (DOMAIN §3(b)).
const TEAM_PEOPLE: u32 = 14;
/// Counters of a receiving desk for every so many stations, at least two [P].
const STATIONS_PER_COUNTER: usize = 30;
/// Guards of a returning office (DOMAIN §3(b)) [P].
const OFFICE_GUARDS: u32 = 12;
/// An answer means "not tried", or that it worked, up to these marks, as in the survey form.
const UNTRIED_CENTI: u16 = 280;
const WORKED_CENTI_MAX: u16 = 150;

/// The plan of an imagined nation's day.
///
/// # Errors
/// [`Cancelled`] when the watcher stops the work.
pub fn of_nation(
    nation: &Nation,
    (gazetteer, distance): (&Gazetteer, &DistanceModel),
    bearers: &Bearers,
    watch: &mut Watch<'_>,
) -> Result<Plan, Cancelled> {
    debug_assert!(!gazetteer.districts.is_empty());
    let postponed: BTreeSet<ConstituencyId> = nation
        .polls
        .iter()
        .filter(|poll| poll.state == PollState::Postponed && poll.key.station.is_none())
        .map(|poll| poll.key.constituency.clone())
        .collect();
    let lists = Lists {
        day: crate::nation::POLL_DAY,
        stations: &nation.stations,
        buildings: &nation.buildings,
        places: &nation.places,
        units: &nation.units,
        incidents: &nation.incidents,
        surveys: &nation.surveys,
        postponed: &postponed,
        classes: &BTreeMap::new(),
        deployment: None,
        distance,
        bearers,
        norms: &NormBook::builtin(),
        terminals: 100,
    };
    build(&lists, watch)
}

/// The plan of a day from lists.
///
/// # Errors
/// [`Cancelled`] when the watcher stops the work.
pub fn build(lists: &Lists<'_>, watch: &mut Watch<'_>) -> Result<Plan, Cancelled> {
    let mut plan = Plan {
        day: lists.day,
        districts: Vec::new(),
        buildings: Vec::with_capacity(lists.buildings.len()),
        stations: Vec::with_capacity(lists.stations.len()),
        offices: Vec::new(),
        sectors: Vec::new(),
        convoys: Vec::new(),
        couriers: Vec::new(),
        teams: Vec::new(),
        message_s: Bearer::ALL.map(|bearer| lists.bearers.of(bearer).message_s),
    };
    place(lists, &mut plan);
    guard(lists, &mut plan);
    let scheme = communicate(lists, &plan, watch)?;
    super::roads::connect(&scheme, &mut plan);
    super::roads::convoys(&mut plan);
    Ok(plan)
}

/// Districts with their buildings, stations, offices, teams and history.
fn place(lists: &Lists<'_>, plan: &mut Plan) {
    let by_id: BTreeMap<&StationId, &Listed> =
        lists.stations.iter().map(|station| (&station.id, station)).collect();
    let mut houses: BTreeMap<&AreaId, Vec<&House>> = BTreeMap::new();
    for house in lists.buildings.iter().filter(|it| it.kind == BuildingKind::PollingStations) {
        houses.entry(&house.district).or_default().push(house);
    }
    let threats = threats(lists, &houses.keys().copied().collect::<Vec<_>>());
    for ((area, houses), threat_micro) in houses.into_iter().zip(threats) {
        let number = narrow(plan.districts.len());
        let starts =
            [plan.buildings.len(), plan.stations.len(), plan.offices.len(), plan.teams.len()]
                .map(narrow);
        let mut offices = Desks::default();
        for house in houses {
            building(lists, plan, &by_id, house, (number, &mut offices));
        }
        offices.finish(plan);
        teams(lists, area, number, plan);
        let ends =
            [plan.buildings.len(), plan.stations.len(), plan.offices.len(), plan.teams.len()]
                .map(narrow);
        let span = |list: usize| Span { first: starts[list], end: ends[list] };
        let control = control(plan, span(2), span(0));
        plan.districts.push(District {
            area: area.clone(),
            terrain: lists.distance.terrain(area),
            control,
            buildings: span(0),
            stations: span(1),
            offices: span(2),
            sectors: Span::default(),
            convoys: Span::default(),
            couriers: Span::default(),
            teams: span(3),
            desks: lists.bearers.of(Bearer::FixedLine).channels,
            threat_micro,
        });
    }
}

/// The receiving desks of a district while its buildings are read.
#[derive(Default)]
struct Desks {
    of: BTreeMap<ConstituencyId, (u32, usize)>,
}

impl Desks {
    fn of(
        &mut self,
        lists: &Lists<'_>,
        plan: &mut Plan,
        seat: &ConstituencyId,
        (district, point): (u32, Point),
    ) -> u32 {
        if let Some((office, stations)) = self.of.get_mut(seat) {
            *stations += 1;
            return *office;
        }
        let named = format!("-{seat}");
        let place = lists.places.iter().find(|place| {
            place.kind == BuildingKind::ReturningOffice && place.id.as_str().ends_with(&named)
        });
        let fallback = BuildingId::try_new(format!("RO-{seat}"));
        let Some(id) = place.map(|place| place.id.clone()).or_else(|| fallback.ok()) else {
            return 0;
        };
        let office = narrow(plan.offices.len());
        plan.offices.push(Office {
            id,
            constituency: seat.clone(),
            district,
            point: place.map_or(point, |place| place.point),
            counters: 2,
            guards: OFFICE_GUARDS,
        });
        self.of.insert(seat.clone(), (office, 1));
        office
    }

    fn finish(self, plan: &mut Plan) {
        for (office, stations) in self.of.into_values() {
            let counters = narrow(stations.div_ceil(STATIONS_PER_COUNTER)).max(2);
            plan.offices[office as usize].counters = counters;
        }
    }
}

fn building(
    lists: &Lists<'_>,
    plan: &mut Plan,
    by_id: &BTreeMap<&StationId, &Listed>,
    house: &House,
    (district, offices): (u32, &mut Desks),
) {
    let building = narrow(plan.buildings.len());
    let first = narrow(plan.stations.len());
    let mut class = RiskClass::Normal;
    for listed in house.stations.iter().filter_map(|id| by_id.get(id)) {
        let Some(contest) = listed.contests.first() else { continue };
        let seat = &contest.constituency;
        let official = listed.official_class();
        let own = official.or_else(|| lists.classes.get(&listed.id).copied());
        let own = own.unwrap_or(RiskClass::Normal);
        class = class.max(own);
        let office = offices.of(lists, plan, seat, (district, house.point));
        plan.stations.push(Station {
            id: listed.id.clone(),
            district,
            constituency: seat.clone(),
            building,
            office,
            sector: 0,
            kind: listed.kind,
            class: own,
            registered: listed.voters,
            booths: listed.booths,
            planned: pehra_plan::communication::proof::Rungs::default(),
            proved: pehra_plan::communication::proof::Rungs::default(),
            courier: None,
            postponed: listed.contests.iter().all(|it| lists.postponed.contains(&it.constituency)),
        });
    }
    plan.buildings.push(Building {
        id: house.id.clone(),
        district,
        point: house.point,
        stations: Span { first, end: narrow(plan.stations.len()) },
        class,
        due: 0,
        posted: 0,
        women: 0,
    });
}

/// The first returning office of the district, where the control room sits; else its first building.
fn control(plan: &Plan, offices: Span, buildings: Span) -> Point {
    let office = plan.offices[offices.range()].first().map(|office| office.point);
    let building = || plan.buildings[buildings.range()].first().map(|it| it.point);
    office.or_else(building).unwrap_or(Point { lat_e7: 0, lon_e7: 0 })
}

fn teams(lists: &Lists<'_>, area: &AreaId, district: u32, plan: &mut Plan) {
    let units = lists.units.iter().filter(|unit| unit.district == *area && unit.reserve > 0);
    for unit in units {
        let teams = unit.reserve.div_ceil(TEAM_PEOPLE);
        for people in largest_remainder(u64::from(unit.reserve), &vec![1; teams as usize]) {
            plan.teams.push(Team {
                unit: unit.id.clone(),
                district,
                point: unit.point,
                tier: unit.tier,
                people: u32::try_from(people).unwrap_or(0),
            });
        }
    }
}

/// Each district's share of attacks in millionths: past violence, fresh counting more than old and on elections thrice,
/// and a little everywhere, so that no place is promised to be safe.
fn threats(lists: &Lists<'_>, areas: &[&AreaId]) -> Vec<u32> {
    let mut weights = vec![200_u64; areas.len()];
    let known: BTreeMap<String, usize> =
        areas.iter().enumerate().map(|(at, area)| (area.name().to_owned(), at)).collect();
    for record in lists.incidents {
        let place = pehra_domain::area::slug(&record.district);
        let Some(&at) = known.get(&place) else { continue };
        let days = u64::from(lists.day.0.abs_diff(record.date.0));
        let fresh = 180_000 / (days + 30);
        weights[at] += fresh * if record.on_election { 3 } else { 1 };
    }
    largest_remainder(1_000_000, &weights)
        .into_iter()
        .map(|share| u32::try_from(share).unwrap_or(0))
        .collect()
}

/// Posts by the norm; people by the deployment, or as far as the district's police reach.
fn guard(lists: &Lists<'_>, plan: &mut Plan) {
    for at in 0..plan.buildings.len() {
        let building = &plan.buildings[at];
        let area = &plan.districts[building.district as usize].area;
        let duties: Vec<StationDue> = plan.stations[building.stations.range()]
            .iter()
            .map(|it| StationDue { class: it.class, kind: it.kind, booths: it.booths.total() })
            .collect();
        let due = need(lists.norms.profile(area), &duties, false);
        plan.buildings[at].due = due.police();
        plan.buildings[at].women = due.women();
    }
    match lists.deployment {
        Some(deployment) => adopted(deployment, plan),
        None => at_hand(lists, plan),
    }
}

fn adopted(deployment: &Deployment, plan: &mut Plan) {
    let mut needs: BTreeMap<&BuildingId, (u32, u32, u32)> = BTreeMap::new();
    for need in &deployment.needs {
        let slot = needs.entry(&need.building).or_default();
        slot.0 += need.need;
        slot.1 += need.posted;
        if need.kind == pehra_domain::force::StaffKind::PoliceWoman {
            slot.2 += need.posted;
        }
    }
    for building in &mut plan.buildings {
        let (due, posted, women) = needs.get(&building.id).copied().unwrap_or_default();
        (building.due, building.posted, building.women) = (due, posted, women.min(posted));
    }
}

fn at_hand(lists: &Lists<'_>, plan: &mut Plan) {
    let mut people: BTreeMap<&AreaId, (u64, u64)> = BTreeMap::new();
    for unit in lists.units.iter().filter(|unit| unit.tier == Tier::Police) {
        let slot = people.entry(&unit.district).or_default();
        slot.0 += u64::from(unit.men + unit.women).saturating_sub(u64::from(unit.reserve));
        slot.1 += u64::from(unit.women);
    }
    for district in &plan.districts {
        let (people, women) = people.get(&district.area).copied().unwrap_or_default();
        let buildings = &mut plan.buildings[district.buildings.range()];
        let dues: Vec<u64> = buildings.iter().map(|it| u64::from(it.due)).collect();
        let wanted: Vec<u64> = buildings.iter().map(|it| u64::from(it.women)).collect();
        let posted = largest_remainder(people.min(dues.iter().sum()), &dues);
        let sent = largest_remainder(women.min(wanted.iter().sum()), &wanted);
        for ((building, posted), women) in buildings.iter_mut().zip(posted).zip(sent) {
            building.posted = u32::try_from(posted).unwrap_or(u32::MAX);
            building.women = u32::try_from(women).unwrap_or(u32::MAX).min(building.posted);
        }
    }
}

fn communicate(lists: &Lists<'_>, plan: &Plan, watch: &mut Watch<'_>) -> Result<Scheme, Cancelled> {
    let tests = tests(lists);
    let grounds = plan.districts.iter().map(|district| Ground {
        area: district.area.clone(),
        terrain: district.terrain,
        control: district.control,
        sites: plan.stations[district.stations.range()]
            .iter()
            .map(|station| {
                let building = &plan.buildings[station.building as usize];
                Site {
                    station: station.id.clone(),
                    point: building.point,
                    class: station.class,
                    tests: tests.get(&building.id).cloned().unwrap_or_default(),
                }
            })
            .collect(),
    });
    let input = scheme::Input {
        bearers: lists.bearers,
        districts: grounds.collect(),
        day: lists.day,
        terminals: lists.terminals,
        detour_permille: lists.distance.detour_permille,
    };
    scheme::plan(&input, &|_| None, watch)
}

/// Answered lines of the building survey are the record of tests.
fn tests<'a>(lists: &Lists<'a>) -> BTreeMap<&'a BuildingId, Vec<Test>> {
    let by_question: Vec<(&str, Bearer)> =
        [Bearer::Vhf, Bearer::FixedLine, Bearer::Courier, Bearer::Hf]
            .into_iter()
            .map(|bearer| (lists.bearers.of(bearer).survey.as_str(), bearer))
            .collect();
    let mut all: BTreeMap<&BuildingId, Vec<Test>> = BTreeMap::new();
    for answer in lists.surveys.iter().filter(|answer| answer.centi != UNTRIED_CENTI) {
        let SurveySubject::Building(building) = &answer.subject else { continue };
        let bearer = by_question.iter().find(|(question, _)| *question == answer.question);
        let Some(&(_, bearer)) = bearer else { continue };
        let worked = answer.centi <= WORKED_CENTI_MAX;
        all.entry(building).or_default().push(Test { bearer, on: answer.on, worked });
    }
    all
}
