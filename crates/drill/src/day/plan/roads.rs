//! Ways estimated as the rest of the product estimates them where no road map is at hand; nets, couriers and convoys.

use super::{Convoy, Courier, Plan, Sector, Span, Stop, narrow};
use pehra_domain::{Point, risk::RiskClass};
use pehra_plan::{
    allocate::{DistanceModel, Terrain},
    communication::{
        bearer::Bearer,
        field,
        scheme::{District as Made, Scheme},
    },
    reserve::base::SPEEDS_M_PER_H,
};

pub(super) fn road_m(from: Point, to: Point, terrain: Terrain) -> u32 {
    let detour = terrain.of(DistanceModel::proposed().detour_permille);
    whole(from.distance_m(to) * f64::from(detour) / 1_000.0)
}

pub(super) fn travel_s(from: Point, to: Point, terrain: Terrain) -> u32 {
    let metres = u64::from(road_m(from, to, terrain));
    let speed = u64::from(terrain.of(SPEEDS_M_PER_H));
    u32::try_from((metres * 3_600).div_ceil(speed)).unwrap_or(u32::MAX)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the range before"
)]
fn whole(metres: f64) -> u32 {
    libm::round(metres.clamp(0.0, 4.0e7)) as u32
}

/// Takes the communication plan over: sectors, what each station can use, couriers.
pub(super) fn connect(scheme: &Scheme, plan: &mut Plan) {
    for (at, made) in scheme.districts.iter().enumerate() {
        let number = narrow(at);
        let first = plan.districts[at].stations.first;
        let sectors = narrow(plan.sectors.len());
        let couriers = narrow(plan.couriers.len());
        let hearing = hearing(plan, made, first);
        for (net, hears) in made.nets.iter().zip(hearing) {
            plan.sectors.push(Sector {
                district: number,
                post: first + net.post,
                stations: net.stations.iter().map(|&station| first + station).collect(),
                bearer: net.bearer,
                hears: hears.into_iter().map(|other| sectors + other).collect(),
                hops: net.hops,
                terminal: net.terminal,
                direct: false,
            });
        }
        for (local, reach) in (0_u32..).zip(&made.reach) {
            let station = &mut plan.stations[(first + local) as usize];
            station.sector = sectors + reach.net;
            station.planned = reach.planned;
            station.proved = reach.proved;
        }
        for ride in &made.loops {
            let courier = narrow(plan.couriers.len());
            for &stop in &ride.stops {
                plan.stations[(first + stop) as usize].courier = Some(courier);
            }
            plan.couriers.push(Courier {
                district: number,
                stops: ride.stops.iter().map(|&stop| first + stop).collect(),
                loop_s: ride.minutes.max(10) * 60,
                sector: ride.from_net.map(|net| sectors + net),
            });
        }
        let district = &mut plan.districts[at];
        district.sectors = Span { first: sectors, end: narrow(plan.sectors.len()) };
        district.couriers = Span { first: couriers, end: narrow(plan.couriers.len()) };
    }
}

/// Metres within which two nets of one channel hear each other, by band, as the table of bearers has them.
const REUSE_M: [(Bearer, f64); 2] = [(Bearer::Uhf, 10_000.0), (Bearer::Vhf, 40_000.0)];

/// For each net the others of its band and channel in hearing: they share its air.
fn hearing(plan: &Plan, made: &Made, first: u32) -> Vec<Vec<u32>> {
    let point = |net: usize| {
        let station = &plan.stations[(first + made.nets[net].post) as usize];
        plan.buildings[station.building as usize].point
    };
    let hear = |a: usize, b: usize| {
        let (one, other) = (&made.nets[a], &made.nets[b]);
        let reuse = REUSE_M.iter().find(|(bearer, _)| *bearer == one.bearer);
        a != b
            && one.bearer == other.bearer
            && one.channel == other.channel
            && reuse.is_some_and(|(_, metres)| point(a).distance_m(point(b)) <= *metres)
    };
    let nets = 0..made.nets.len();
    nets.clone().map(|a| nets.clone().filter(|&b| hear(a, b)).map(narrow).collect()).collect()
}

/// Stations that one convoy serves at most, so that its officers and bags fit two vehicles [P].
const STATIONS_MAX: u32 = 8;
/// The first convoy leaves at one in the afternoon of the eve, the others of its office every two minutes [P].
const FIRST_DEPARTURE: i32 = -11 * 3_600;
const EVERY_S: i32 = 120;

/// Convoys by neighbourhood: an office's buildings along the curve that fills the plane, cut where the vehicles are full.
pub(super) fn convoys(plan: &mut Plan) {
    for at in 0..plan.districts.len() {
        let first = narrow(plan.convoys.len());
        for office in plan.districts[at].offices.iter() {
            of_office(plan, narrow(at), office);
        }
        plan.districts[at].convoys = Span { first, end: narrow(plan.convoys.len()) };
    }
}

fn of_office(plan: &mut Plan, district: u32, office: u32) {
    let buildings: Vec<u32> = plan.districts[district as usize]
        .buildings
        .iter()
        .filter(|&at| {
            let stations = plan.buildings[at as usize].stations;
            plan.stations[stations.range()].iter().any(|it| it.office == office && !it.postponed)
        })
        .collect();
    let points: Vec<_> = buildings.iter().map(|&at| plan.buildings[at as usize].point).collect();
    let spots = field::spots(&points);
    let mut order: Vec<usize> = (0..buildings.len()).collect();
    order.sort_by_key(|&at| (field::along_curve(spots[at]), at));
    let mut depart_s = FIRST_DEPARTURE;
    let mut load: Vec<u32> = Vec::new();
    let mut stations = 0;
    for at in order {
        let building = buildings[at];
        let more = narrow(plan.buildings[building as usize].stations.len());
        if !load.is_empty() && stations + more > STATIONS_MAX {
            let convoy = convoy(plan, (district, office), &std::mem::take(&mut load), depart_s);
            plan.convoys.push(convoy);
            stations = 0;
            depart_s += EVERY_S;
        }
        load.push(building);
        stations += more;
    }
    if !load.is_empty() {
        let convoy = convoy(plan, (district, office), &load, depart_s);
        plan.convoys.push(convoy);
    }
}

fn convoy(plan: &Plan, (district, office): (u32, u32), load: &[u32], depart_s: i32) -> Convoy {
    let terrain = plan.districts[district as usize].terrain;
    let start = plan.offices[office as usize].point;
    let mut here = start;
    let mut length_m = 0;
    let mut stops = Vec::with_capacity(load.len());
    let mut worst = RiskClass::Normal;
    for &building in load {
        let there = &plan.buildings[building as usize];
        stops.push(Stop { building, leg_s: travel_s(here, there.point, terrain).max(60) });
        length_m += road_m(here, there.point, terrain);
        worst = worst.max(there.class);
        here = there.point;
    }
    Convoy {
        district,
        office,
        depart_s,
        stops,
        home_leg_s: travel_s(here, start, terrain).max(60),
        vehicles: 2,
        escort: if worst == RiskClass::Most { 6 } else { 4 },
        length_m: length_m + road_m(here, start, terrain),
    }
}
