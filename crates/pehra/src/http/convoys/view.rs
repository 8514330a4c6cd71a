//! One seat's convoys as whoever must know them reads them.

use super::sum::{ConvoyNarrow, count};
use crate::{
    http::{
        custody::reads_blind,
        problem::Problem,
        room::Room,
        sight::areas_with,
        stations::ClassWord,
        who::{Access, holdings},
    },
    node::Node,
    view::{self, area_name, area_name_ur},
    work::convoys::{
        Goal, Improvement, NamedCall, OfficeBasis, Planned, SeatFile, SupplyFile, bookings,
        journey, meetings_in, out_s, supply_in, trips_in,
    },
    world::World,
};
use pehra_domain::{AreaId, BuildingId, StationId};
use pehra_ops::{custody::Kind, permission as row};
use pehra_plan::convoy::{
    Convoy, ConvoyFinding, Direction, Means,
    conflict::double_booked,
    night::{HALF_HOUR_S, MARK_OUTER_S, MARK_PROVISIONAL_S, NightOutcome, POLL_CLOSE_S, Spread},
    rule::apart::{Rider, seat},
    strip::StripLeg,
};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Three shares of a distribution, seconds from midnight.
#[derive(Clone, Copy, Debug, Serialize, utoipa::ToSchema)]
pub struct ConvoySpread {
    pub p50_s: u32,
    pub p90_s: u32,
    pub p95_s: u32,
}

/// A bag of the custody register that belongs to a station.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ConvoyBag {
    pub item: String,
    pub station: String,
    /// Seals that were on it when it was registered; none for whoever may not read them or is to read them blind.
    pub seals: Vec<String>,
}

/// A convoy at a building.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ConvoyCall {
    pub building: String,
    pub name: String,
    pub class: ClassWord,
    /// None where this node does not know the building any more.
    pub lat: Option<f64>,
    pub lon: Option<f64>,
    pub stations: Vec<String>,
    /// Expected, and passed once in twenty trips: after it the convoy is overdue.
    pub arrive_s: u32,
    pub overdue_s: u32,
    pub leave_s: u32,
    pub bags: u32,
    pub people: u32,
    /// Its bags in the seat's numbering.
    pub bag_from: u32,
    pub bag_until: u32,
    pub registered: Vec<ConvoyBag>,
}

/// A way over another building when a leg is closed.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ConvoyAlternate {
    pub via: String,
    pub time_s: u32,
    pub distance_m: u32,
    pub estimated: bool,
}

/// A leg of the strip.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ConvoyLeg {
    /// None: the returning office.
    pub to: Option<String>,
    /// Course at its start, degrees from north.
    pub course_deg: u32,
    pub distance_m: u32,
    pub time_s: u32,
    pub estimated: bool,
    pub alternate: Option<ConvoyAlternate>,
}

/// Who and what rides in one vehicle.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ConvoyVehicle {
    pub bags: u32,
    pub staff: u32,
    pub escorts: u32,
    pub commander: bool,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ConvoyView {
    pub number: u32,
    pub team: u32,
    /// The team's first, second … trip.
    pub trip: u32,
    pub escorts: u32,
    pub commander_apart: bool,
    pub depart_s: u32,
    /// Back at the office as planned; at night also over all simulated nights.
    pub home_s: u32,
    pub home: Option<ConvoySpread>,
    pub distance_m: u64,
    pub estimated: bool,
    pub vehicles: Vec<ConvoyVehicle>,
    pub calls: Vec<ConvoyCall>,
    /// One more than calls: the last leads home.
    pub legs: Vec<ConvoyLeg>,
}

/// What stands against a plan.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ConvoyFindingView {
    pub code: String,
    pub text_en: String,
    pub text_ur: String,
}

/// A team that is promised to two convoys.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ConvoyClash {
    pub team: u32,
    pub first: u32,
    pub second: u32,
    pub from_s: u32,
    pub until_s: u32,
}

/// How the ballot papers of a seat's district come from their press.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four facts of one line that do not depend on each other"
)]
pub struct ConvoyPress {
    pub name: String,
    pub town: String,
    /// That it prints for this district is assumed.
    pub assumed: bool,
    /// Otherwise to a returning office.
    pub to_store: bool,
    /// The district's: all its contests, with the spare ones.
    pub papers: u64,
    pub kilograms: u64,
    pub by_air: bool,
    /// Lorries or flights.
    pub vehicles: u32,
    /// By road from the press, even where it is flown; none: there is no road.
    pub distance_m: Option<u32>,
    pub time_s: Option<u32>,
    pub estimated: bool,
    /// The first departure and the last hand-over: days before polling day, and seconds of that day. None: nothing brings it.
    pub leave_days_before: Option<i32>,
    pub leave_s: Option<u32>,
    pub done_days_before: Option<i32>,
    pub done_s: Option<u32>,
    /// After the last day of work.
    pub late: bool,
}

/// One direction.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ConvoyPlanView {
    pub convoys: Vec<ConvoyView>,
    /// Buildings that no convoy reaches.
    pub unserved: Vec<String>,
    pub objective: i64,
    pub bound: Option<i64>,
    /// How many near-best plans this one was drawn from.
    pub drawn_from: u32,
    pub open_s: u32,
    pub close_s: u32,
    pub vehicles_out_s: u64,
    pub escorts_out_s: u64,
    pub findings: Vec<ConvoyFindingView>,
    pub double_booked: Vec<ConvoyClash>,
}

/// A leg that holds up stations.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ConvoyHeavyLeg {
    /// None: the returning office.
    pub from: Option<String>,
    pub to: Option<String>,
    /// Hours that stations aboard spend on it, all together.
    pub station_hours: f64,
}

/// The return night over all its simulated runs.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ConvoyNight {
    pub stations: u32,
    pub runs: u32,
    pub arrival: ConvoySpread,
    pub receipt: ConvoySpread,
    pub last: ConvoySpread,
    pub desk_wait: ConvoySpread,
    pub by_provisional_permille: u32,
    pub by_outer_permille: u32,
    /// 02:00 and 10:00, and from when on the curve counts, in steps of half an hour.
    pub provisional_s: u32,
    pub outer_s: u32,
    pub curve_from_s: u32,
    pub curve_step_s: u32,
    pub received_permille: Vec<u16>,
    /// What the time from closing to receipt goes into, in thousandths: counting, waiting for the convoy, other stations,
    /// the road, the desk.
    pub causes_permille: [u32; 5],
    pub heavy_legs: Vec<ConvoyHeavyLeg>,
}

/// A change of means, what it brings and what it takes.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ConvoyImprovement {
    pub teams_more: u32,
    pub hours_earlier: u32,
    pub escorts_more: u32,
    pub vehicles_out_s: u64,
    pub escorts_out_s: u64,
    pub by_provisional_permille: u32,
    pub by_outer_permille: u32,
    pub receipt_p50_s: u32,
    pub receipt_p95_s: u32,
}

/// One trip to both offices, or two.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ConvoyPair {
    pub other: String,
    pub shared_stations: u32,
    /// None: there is no way between the offices, so two trips.
    pub one_trip: Option<bool>,
    pub one_trip_s: u64,
    pub two_trips_s: u64,
}

/// Another convoy at the same narrow place within five minutes.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ConvoyMeeting {
    pub place: String,
    pub direction: String,
    pub convoy: u32,
    /// The other convoy's seat and number; none where whoever asks may not know it.
    pub other: Option<String>,
    pub other_convoy: Option<u32>,
    pub at_s: u32,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ConvoyDetail {
    pub seat: String,
    pub area: String,
    pub area_name: String,
    pub area_name_ur: Option<String>,
    pub office_lat: f64,
    pub office_lon: f64,
    #[schema(value_type = String)]
    pub office_basis: OfficeBasis,
    /// None: no press in the list prints for the district, or the leg is not planned yet.
    pub press: Option<ConvoyPress>,
    /// District store to returning office, one way; none: no store in the list.
    pub supply_leg_s: Option<u32>,
    pub estimated: bool,
    pub eve: ConvoyPlanView,
    pub night: ConvoyPlanView,
    pub counters: u32,
    /// Fewest counters with which nine of ten stations wait at most half an hour; none: not even the most are enough.
    pub counters_needed: Option<u32>,
    pub counter_s: u32,
    pub outcome: ConvoyNight,
    /// Empty unless it was asked for.
    pub improvements: Vec<ConvoyImprovement>,
    pub pairs: Vec<ConvoyPair>,
    pub meetings: Vec<ConvoyMeeting>,
    pub narrows: Vec<ConvoyNarrow>,
}

fn press(supply: &SupplyFile, district: &AreaId) -> Option<ConvoyPress> {
    let (file, number) = supply.of(district)?;
    let row = file.consigned.get(number as usize)?;
    let journey = journey(file, number);
    Some(ConvoyPress {
        name: file.name.clone(),
        town: file.town.clone(),
        assumed: row.assumed,
        to_store: matches!(row.goal, Goal::Store(_)),
        papers: row.papers,
        kilograms: row.grams / 1_000,
        by_air: row.by_air,
        vehicles: count(file.vehicles(number)),
        distance_m: row.road.map(|(_, metres)| metres),
        time_s: row.road.map(|(seconds, _)| seconds),
        estimated: row.estimated,
        leave_days_before: journey.map(|it| it.0.days_before),
        leave_s: journey.map(|it| it.0.at_s),
        done_days_before: journey.map(|it| it.1.days_before),
        done_s: journey.map(|it| it.1.at_s),
        late: journey.is_some_and(|it| it.2),
    })
}

pub(super) fn detail(
    room: &Room,
    access: &Access,
    file: &SeatFile,
) -> Result<ConvoyDetail, Problem> {
    let node = room.node();
    let world = node.world();
    let locker = room.convoys().locker(node)?;
    let own = |other: &str| other == file.seat;
    let pairs = trips_in(&*locker)?.into_iter().filter_map(|pair| {
        let other = match (own(&pair.national), own(&pair.provincial)) {
            (true, _) => pair.provincial,
            (_, true) => pair.national,
            _ => return None,
        };
        Some(ConvoyPair {
            other,
            shared_stations: count(pair.shared_stations),
            one_trip: pair.trips.map(|trips| trips.one_trip),
            one_trip_s: pair.trips.map_or(0, |trips| trips.one_trip_s),
            two_trips_s: pair.trips.map_or(0, |trips| trips.two_trips_s),
        })
    });
    let seats = room.convoys().seats(node)?;
    let known = |seat: &str| {
        let found = seats.iter().find(|it| it.seat.as_str() == seat);
        found.is_some_and(|it| access.reaches(&it.district))
    };
    let meetings = meetings_in(&*locker)?.into_iter().filter_map(|met| {
        let (mine, other) = if own(&met.first.0) {
            (met.first, met.second)
        } else if own(&met.second.0) {
            (met.second, met.first)
        } else {
            return None;
        };
        let other = Some(other).filter(|(seat, _)| known(seat));
        Some(ConvoyMeeting {
            place: met.place,
            direction: met.direction,
            convoy: mine.1,
            other_convoy: other.as_ref().map(|(_, convoy)| *convoy),
            other: other.map(|(seat, _)| seat),
            at_s: met.at_s,
        })
    });
    let look = Look { world: &world, bags: bags(node, access, &world, file) };
    let stations = file.outcome.stations as usize;
    Ok(ConvoyDetail {
        area: file.district.to_string(),
        area_name: area_name(node.gazetteer(), &file.district),
        area_name_ur: area_name_ur(node.gazetteer(), &file.district),
        office_lat: file.office.lat_deg(),
        office_lon: file.office.lon_deg(),
        office_basis: file.office_basis,
        press: supply_in(&*locker)?.and_then(|supply| press(&supply, &file.district)),
        supply_leg_s: file.supply_leg_s,
        estimated: file.estimated,
        eve: look.plan(&file.eve, &[], &Means::proposed(Direction::Eve, stations)),
        night: look.plan(
            &file.night,
            &file.outcome.homes,
            &Means::proposed(Direction::Night, stations),
        ),
        counters: file.desk.counters,
        counters_needed: file.desk.counters_needed,
        counter_s: file.desk.receipt_s,
        outcome: look.night(&file.outcome, &file.night),
        improvements: file.improvements.iter().map(improvement).collect(),
        pairs: pairs.collect(),
        meetings: meetings.collect(),
        narrows: room.convoys().narrows(node)?,
        seat: file.seat.clone(),
    })
}

/// The registered bags of a seat's stations, by station. Their seals are told to those who may see custody there, and to
/// nobody who is to read them blind.
fn bags(
    node: &Node,
    access: &Access,
    world: &World,
    file: &SeatFile,
) -> BTreeMap<String, Vec<ConvoyBag>> {
    let mut found: BTreeMap<String, Vec<ConvoyBag>> = BTreeMap::new();
    let Some(table) = &world.stations else { return found };
    let held = holdings(node, &access.person, node.now());
    let sees = areas_with(node, &held, &[row::CUSTODY_VIEW]);
    let whole = Access { holdings: held, ..access.clone() };
    let calls = file.eve.calls.iter().flatten();
    let own = calls.flat_map(|call| &call.stations).filter_map(|name| {
        let station = table.named(name)?;
        Some((station.id.clone(), station.district.clone()))
    });
    let own: BTreeMap<StationId, AreaId> = own.collect();
    let areas: BTreeSet<&AreaId> = own.values().collect();
    node.ops(|state| {
        for area in areas {
            let may = sees.iter().any(|seen| seen.contains(area));
            let items = state.custody.area(area).into_iter().flat_map(|held| held.items());
            for (id, item) in items.filter(|(_, item)| item.kind == Kind::Bag) {
                let Some(station) = item.station.as_ref().filter(|it| own.contains_key(*it)) else {
                    continue;
                };
                let shown = may && !reads_blind(&state.custody, area, id, &whole);
                found.entry(station.to_string()).or_default().push(ConvoyBag {
                    item: id.to_string(),
                    station: station.to_string(),
                    seals: if shown { item.seals.clone() } else { Vec::new() },
                });
            }
        }
    });
    found
}

struct Look<'a> {
    world: &'a World,
    bags: BTreeMap<String, Vec<ConvoyBag>>,
}

impl Look<'_> {
    fn plan(&self, planned: &Planned, homes: &[Spread], means: &Means) -> ConvoyPlanView {
        let plan = &planned.plan;
        let names = Names::of(self.world, planned);
        let rows = plan.convoys.iter().zip(&planned.calls).zip(&planned.strips).enumerate();
        let convoys = rows.map(|(at, ((convoy, named), strip))| {
            let home = homes.get(at).copied().map(spread);
            self.convoy(convoy, (named, strip), (home, &names))
        });
        let (vehicles_out_s, escorts_out_s) = out_s(plan);
        let clashes = double_booked(&bookings(plan)).into_iter().map(|clash| ConvoyClash {
            team: clash.team,
            first: clash.first,
            second: clash.second,
            from_s: clash.from_s,
            until_s: clash.until_s,
        });
        ConvoyPlanView {
            convoys: convoys.collect(),
            unserved: plan.unserved.iter().map(|&halt| names.halt(halt)).collect(),
            objective: plan.objective,
            bound: plan.bound,
            drawn_from: plan.drawn_from,
            open_s: means.open_s,
            close_s: means.close_s,
            vehicles_out_s,
            escorts_out_s,
            findings: plan.findings.iter().map(|it| finding(it, &names)).collect(),
            double_booked: clashes.collect(),
        }
    }

    fn convoy(
        &self,
        convoy: &Convoy,
        (named, strip): (&[NamedCall], &[StripLeg]),
        (home, names): (Option<ConvoySpread>, &Names),
    ) -> ConvoyView {
        let bags: u32 = convoy.calls.iter().map(|call| call.bags).sum();
        let people: u32 = convoy.calls.iter().map(|call| call.people).sum();
        let vehicles = seat(bags, people, convoy.escorts, convoy.commander_apart);
        let vehicles = vehicles.iter().map(|riders| {
            let of = |rider: Rider| count(riders.iter().filter(|it| **it == rider).count());
            ConvoyVehicle {
                bags: of(Rider::Bag),
                staff: of(Rider::Staff),
                escorts: of(Rider::Escort),
                commander: riders.contains(&Rider::Commander),
            }
        });
        let calls = convoy.calls.iter().zip(named).enumerate().map(|(at, (call, named))| {
            // It leaves in time for what comes next: the next arrival, or home.
            let next_s = convoy.calls.get(at + 1).map_or(convoy.home_s, |next| next.arrive_s);
            let leg_s = strip.get(at + 1).map_or(0, |leg| leg.time_s);
            let building = BuildingId::try_new(named.building.clone()).ok();
            let building = building.and_then(|id| view::building(self.world, &id));
            let bags = named.stations.iter().filter_map(|station| self.bags.get(station));
            ConvoyCall {
                building: named.building.clone(),
                name: building.map_or_else(String::new, |building| building.name.clone()),
                class: named.class.into(),
                lat: building.map(|building| building.point.lat_deg()),
                lon: building.map(|building| building.point.lon_deg()),
                stations: named.stations.clone(),
                arrive_s: call.arrive_s,
                overdue_s: call.overdue_s,
                leave_s: next_s.saturating_sub(leg_s).max(call.arrive_s),
                bags: call.bags,
                people: call.people,
                bag_from: named.bag_from,
                bag_until: named.bag_until,
                registered: bags.flatten().cloned().collect(),
            }
        });
        let legs = strip.iter().map(|leg| ConvoyLeg {
            to: leg.to.map(|halt| names.halt(halt)),
            course_deg: leg.course_deg,
            distance_m: leg.distance_m,
            time_s: leg.time_s,
            estimated: leg.estimated,
            alternate: leg.alternate.map(|way| ConvoyAlternate {
                via: names.halt(way.via),
                time_s: way.time_s,
                distance_m: way.distance_m,
                estimated: way.estimated,
            }),
        });
        ConvoyView {
            number: convoy.number,
            team: convoy.team,
            trip: convoy.trip,
            escorts: convoy.escorts,
            commander_apart: convoy.commander_apart,
            depart_s: convoy.depart_s,
            home_s: convoy.home_s,
            home,
            distance_m: convoy.distance_m,
            estimated: convoy.estimated,
            vehicles: vehicles.collect(),
            calls: calls.collect(),
            legs: legs.collect(),
        }
    }

    fn night(&self, outcome: &NightOutcome, planned: &Planned) -> ConvoyNight {
        let names = Names::of(self.world, planned);
        let causes = outcome.causes;
        let legs = outcome.heavy_legs.iter().map(|leg| ConvoyHeavyLeg {
            from: leg.from.map(|halt| names.halt(halt)),
            to: leg.to.map(|halt| names.halt(halt)),
            station_hours: hours(leg.station_seconds),
        });
        ConvoyNight {
            stations: outcome.stations,
            runs: outcome.runs,
            arrival: spread(outcome.arrival),
            receipt: spread(outcome.receipt),
            last: spread(outcome.last),
            desk_wait: spread(outcome.desk_wait),
            by_provisional_permille: outcome.by_provisional_permille,
            by_outer_permille: outcome.by_outer_permille,
            provisional_s: MARK_PROVISIONAL_S,
            outer_s: MARK_OUTER_S,
            curve_from_s: POLL_CLOSE_S,
            curve_step_s: HALF_HOUR_S,
            received_permille: outcome.received_permille.clone(),
            causes_permille: [
                causes.count_permille,
                causes.pickup_permille,
                causes.others_permille,
                causes.road_permille,
                causes.desk_permille,
            ],
            heavy_legs: legs.collect(),
        }
    }
}

/// Tenths of hours.
fn hours(seconds: u64) -> f64 {
    let tenths = u32::try_from(seconds / 360).unwrap_or(u32::MAX);
    f64::from(tenths) / 10.0
}

fn spread(of: Spread) -> ConvoySpread {
    ConvoySpread { p50_s: of.p50_s, p90_s: of.p90_s, p95_s: of.p95_s }
}

fn improvement(of: &Improvement) -> ConvoyImprovement {
    ConvoyImprovement {
        teams_more: of.teams_more,
        hours_earlier: of.hours_earlier,
        escorts_more: of.escorts_more,
        vehicles_out_s: of.vehicles_out_s,
        escorts_out_s: of.escorts_out_s,
        by_provisional_permille: of.by_provisional_permille,
        by_outer_permille: of.by_outer_permille,
        receipt_p50_s: of.receipt_p50_s,
        receipt_p95_s: of.receipt_p95_s,
    }
}

/// Names of the halts of a plan: the building's, or its id where it has none.
struct Names(BTreeMap<u32, String>);

impl Names {
    fn of(world: &World, planned: &Planned) -> Self {
        let mut names = BTreeMap::new();
        for (convoy, named) in planned.plan.convoys.iter().zip(&planned.calls) {
            for (call, named) in convoy.calls.iter().zip(named) {
                names.entry(call.halt).or_insert_with(|| {
                    let id = BuildingId::try_new(named.building.clone()).ok();
                    let building = id.and_then(|id| view::building(world, &id));
                    let name = building.map(|it| it.name.clone()).filter(|name| !name.is_empty());
                    name.unwrap_or_else(|| named.building.clone())
                });
            }
        }
        Self(names)
    }

    fn halt(&self, halt: u32) -> String {
        self.0.get(&halt).cloned().unwrap_or_else(|| format!("halt {halt}"))
    }
}

fn finding(of: &ConvoyFinding, names: &Names) -> ConvoyFindingView {
    let clock = crate::work::convoys::clock;
    let (code, text_en, text_ur) = match of {
        ConvoyFinding::HaltTooLarge { halt, bags, people } => {
            let name = names.halt(*halt);
            (
                "halt-too-large",
                format!(
                    "{name}: {bags} bags and {people} people of one station fit no vehicle. Take a larger one."
                ),
                format!(
                    "{name}: ایک اسٹیشن کے {bags} تھیلے اور {people} افراد کسی گاڑی میں نہیں سماتے۔ بڑی گاڑی لیں۔"
                ),
            )
        }
        ConvoyFinding::HaltTooFar { halt } => {
            let name = names.halt(*halt);
            (
                "halt-too-far",
                format!(
                    "{name} cannot be reached and left within the hours. It needs a helicopter, a boat or another office."
                ),
                format!(
                    "{name} تک مقررہ گھنٹوں میں پہنچ کر واپسی ممکن نہیں۔ ہیلی کاپٹر، کشتی یا دوسرا دفتر چاہیے۔"
                ),
            )
        }
        ConvoyFinding::TooFewTeams { home_s, close_s, teams, needed } => (
            "too-few-teams",
            format!(
                "With {teams} teams the last convoy is home at {}, after {}; {needed} teams would do.",
                clock(*home_s),
                clock(*close_s)
            ),
            format!(
                "{teams} ٹیموں کے ساتھ آخری قافلہ {} پر لوٹتا ہے، {} کے بعد؛ {needed} ٹیمیں کافی ہوں گی۔",
                clock(*home_s),
                clock(*close_s)
            ),
        ),
        ConvoyFinding::TooFewEscorts { teams, vehicles } => (
            "too-few-escorts",
            format!("Escorts suffice for {teams} of {vehicles} teams."),
            format!("محافظ {vehicles} میں سے {teams} ٹیموں کے لیے کافی ہیں۔"),
        ),
        ConvoyFinding::NoMeans => (
            "no-means",
            "There is no vehicle, or no room in it.".to_owned(),
            "کوئی گاڑی نہیں، یا اس میں جگہ نہیں۔".to_owned(),
        ),
    };
    ConvoyFindingView { code: code.to_owned(), text_en, text_ur }
}
