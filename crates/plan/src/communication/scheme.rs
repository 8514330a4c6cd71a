//! The communication plan of a whole country: sectors, channels, relays, courier loops and scarce terminals, and what every
//! station can use. First no station may be dark, then the picture should be young, then it should be cheap.

use super::{
    airtime,
    bearer::{Bearer, Bearers},
    channel::{Channels, Hearing},
    courier::{self, Legs, Ride, Rides},
    field::{self, Spot},
    narrow,
    proof::{Rungs, Standing, Test, standing},
    relay::{self, Chain},
    scarce::{self, Placement},
    sector::{self, Sector},
};
use crate::allocate::Terrain;
use pehra_domain::{
    AreaId, Date, Point, StationId,
    progress::{Cancelled, Watch, tell},
    risk::RiskClass,
};
use serde::Serialize;

/// A station as communications see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    pub station: StationId,
    pub point: Point,
    pub class: RiskClass,
    pub tests: Vec<Test>,
}

/// A district with its control room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ground {
    pub area: AreaId,
    pub terrain: Terrain,
    pub control: Point,
    pub sites: Vec<Site>,
}

/// What the plan is made for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input<'a> {
    pub bearers: &'a Bearers,
    pub districts: Vec<Ground>,
    /// The polling day.
    pub day: Date,
    /// Satellite terminals or HF sets that may be placed.
    pub terminals: usize,
    /// Detour of couriers by plain, hill, mountain, in thousandths.
    pub detour_permille: [u32; 3],
}

/// One sector's net.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Net {
    /// Positions in the district's sites.
    pub post: u32,
    pub stations: Vec<u32>,
    pub bearer: Bearer,
    /// From 0, within its band.
    pub channel: u32,
    /// One round of all who share the channel in hearing, in milliseconds.
    pub round_ms: u64,
    /// Hops to the district's mast; 0: cut off.
    pub hops: u32,
    /// The net whose post repeats for it.
    pub through: Option<u32>,
    pub relay: bool,
    /// A scarce terminal stands at its post.
    pub terminal: bool,
}

impl Net {
    /// Whether the district hears it.
    #[must_use]
    pub fn heard(&self) -> bool {
        self.hops > 0 || self.terminal
    }
}

/// A courier's loop from the post of a net, or from the control room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CourierLoop {
    pub from_net: Option<u32>,
    /// Positions in the district's sites, in the order of the visit.
    pub stops: Vec<u32>,
    pub minutes: u32,
    /// Some of its ways are not measured on roads.
    pub estimated: bool,
}

/// What one station can use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    pub net: u32,
    /// Foreseen by the plan, and known by its survey.
    pub planned: Rungs,
    /// Of these, and of what else its survey names, proved by a test that still holds.
    pub proved: Rungs,
    /// Minutes of the courier's loop; 0 without one.
    pub loop_minutes: u32,
}

/// The plan of one district.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct District {
    pub area: AreaId,
    pub terrain: Terrain,
    pub nets: Vec<Net>,
    pub loops: Vec<CourierLoop>,
    pub reach: Vec<Reach>,
    /// One round of all sectors with the district, repeats included, in milliseconds.
    pub round_ms: u64,
    /// Stations with a fixed line, and with HF: they wait for each other.
    pub lines: u32,
    pub hf: u32,
}

/// Everything, with what it cannot do better.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scheme {
    pub districts: Vec<District>,
    /// By band: UHF, VHF.
    pub channels: [Channels; 2],
    pub placement: Placement,
    /// Sectors at least, by the most that one officer leads.
    pub sectors_at_least: u64,
    pub relays_at_least: u64,
    pub cost: u64,
}

/// Most pairs of nets compared for hearing before the plan is refused as no country.
const BANDS: [Bearer; 2] = [Bearer::Uhf, Bearer::Vhf];

/// Weight of a station without a path by class, in the placement of scarce terminals [P].
fn weight(class: RiskClass) -> u64 {
    match class {
        RiskClass::Normal => 1,
        RiskClass::Sensitive => 2,
        RiskClass::Most => 4,
    }
}

/// A station that only a courier reaches counts this many times less than one that nothing reaches [P].
const DARK_OVER_STALE: u64 = 10;

/// Riding times of a district by road; none: couriers' ways are estimated.
pub type RidesOf<'a> = dyn Fn(&Ground) -> Option<Rides> + 'a;

/// Makes the plan. The same input and times give the same plan.
///
/// # Errors
/// [`Cancelled`] when the watcher stops the work.
pub fn plan(
    input: &Input<'_>,
    rides: &RidesOf<'_>,
    watch: &mut Watch<'_>,
) -> Result<Scheme, Cancelled> {
    let total = input.districts.len() as u64;
    let mut districts = Vec::new();
    let mut relays_at_least = 0;
    for (ground, done) in input.districts.iter().zip(0_u64..) {
        tell(watch, "sectors and relays", done, total)?;
        let (district, least) = divide(input.bearers, ground);
        relays_at_least += u64::from(least);
        districts.push(district);
    }
    tell(watch, "channels", 0, 1)?;
    let channels = BANDS.map(|band| assign(input, &mut districts, band));
    tell(watch, "scarce terminals", 0, 1)?;
    let placement = terminals(input, &mut districts);
    for ((district, ground), done) in districts.iter_mut().zip(&input.districts).zip(0_u64..) {
        tell(watch, "rungs and couriers", done, total)?;
        rungs(input, ground, rides(ground).as_ref(), district);
    }
    let stations = |ground: &Ground| ground.sites.len().div_ceil(sector::SPAN_MAX) as u64;
    let cost = districts.iter().map(|district| cost(input.bearers, district)).sum();
    let sectors_at_least = input.districts.iter().map(stations).sum();
    Ok(Scheme { districts, channels, placement, sectors_at_least, relays_at_least, cost })
}

fn divide(bearers: &Bearers, ground: &Ground) -> (District, u32) {
    let (spots, control) = on_plane(ground);
    let terrain = ground.terrain;
    let sectors = sector::divide(&spots, bearers.range_m(Bearer::Vhf, terrain));
    let posts: Vec<Spot> = sectors.iter().map(|sector| spots[sector.post as usize]).collect();
    let base = bearers.range_m(Bearer::VhfBase, terrain);
    // A mast hears twice as far as one vehicle hears another.
    let chain = relay::join(control, &posts, base, base / 2);
    let least = chain.relays_at_least;
    let uhf = bearers.range_m(Bearer::Uhf, terrain);
    let nets = (0_u32..)
        .zip(sectors)
        .map(|(at, sector)| net(at, sector, &spots, &chain, uhf))
        .collect::<Vec<Net>>();
    let message_ms = u64::from(bearers.of(Bearer::VhfBase).message_s) * 1_000;
    let hops: u64 = nets.iter().map(|net| u64::from(net.hops)).sum();
    let district = District {
        area: ground.area.clone(),
        terrain,
        nets,
        loops: Vec::new(),
        reach: Vec::new(),
        round_ms: airtime::round_ms(hops, message_ms, 1),
        lines: 0,
        hf: 0,
    };
    (district, least)
}

fn on_plane(ground: &Ground) -> (Vec<Spot>, Spot) {
    let mut points: Vec<Point> = ground.sites.iter().map(|site| site.point).collect();
    points.push(ground.control);
    let mut spots = field::spots(&points);
    let control = spots.pop().unwrap_or(Spot { x: 0, y: 0 });
    (spots, control)
}

fn net(at: u32, sector: Sector, spots: &[Spot], chain: &Chain, uhf_m: u32) -> Net {
    let post = spots[sector.post as usize];
    let near = sector.stations.iter().all(|&s| post.within(spots[s as usize], uhf_m));
    let through = chain.through[at as usize];
    Net {
        post: sector.post,
        stations: sector.stations,
        bearer: if near { Bearer::Uhf } else { Bearer::Vhf },
        channel: 0,
        round_ms: 0,
        hops: chain.hops[at as usize],
        through: (through != u32::MAX).then_some(through),
        relay: chain.relays.binary_search(&at).is_ok(),
        terminal: false,
    }
}

/// Channels of one band over the whole country: nets do not end at a district's border.
fn assign(input: &Input<'_>, districts: &mut [District], band: Bearer) -> Channels {
    let means = input.bearers.of(band);
    let mut of_band: Vec<(usize, usize, Point)> = Vec::new();
    for (d, (district, ground)) in districts.iter().zip(&input.districts).enumerate() {
        for (n, net) in district.nets.iter().enumerate().filter(|(_, net)| net.bearer == band) {
            of_band.push((d, n, ground.sites[net.post as usize].point));
        }
    }
    let hearing = Hearing::new(of_band.len(), &pairs(&of_band, means.reuse_m));
    let message_ms = u64::from(means.message_s) * 1_000;
    let load: Vec<u64> = of_band
        .iter()
        .map(|&(d, n, _)| {
            airtime::round_ms(districts[d].nets[n].stations.len() as u64, message_ms, 1)
        })
        .collect();
    let channels = hearing.assign(means.channels, &load);
    for (at, &(d, n, _)) in of_band.iter().enumerate() {
        districts[d].nets[n].channel = channels.channel[at];
        districts[d].nets[n].round_ms = channels.load[at];
    }
    channels
}

/// Pairs within hearing, found by latitude bands.
fn pairs(nets: &[(usize, usize, Point)], reuse_m: u32) -> Vec<(u32, u32)> {
    let mut order: Vec<u32> = (0..narrow(nets.len())).collect();
    let point = |at: u32| nets[at as usize].2;
    order.sort_by_key(|&at| (point(at).lat_e7, point(at).lon_e7, at));
    // 111 km a degree: 1e7 / 111,000 steps a metre, with a little to spare.
    let reach_e7 = i64::from(reuse_m) * 91;
    let mut pairs = Vec::new();
    for (place, &a) in order.iter().enumerate() {
        for &b in &order[place + 1..] {
            let north = i64::from(point(b).lat_e7) - i64::from(point(a).lat_e7);
            if north > reach_e7 {
                break;
            }
            let east = (i64::from(point(b).lon_e7) - i64::from(point(a).lon_e7)).abs();
            if east <= reach_e7 * 2 && point(a).distance_m(point(b)) <= f64::from(reuse_m) {
                pairs.push((a, b));
            }
        }
    }
    pairs
}

/// Puts scarce terminals at posts that no chain of ranges reaches.
fn terminals(input: &Input<'_>, districts: &mut [District]) -> Placement {
    let (mut places, mut serves, mut weights) = (Vec::new(), Vec::new(), Vec::new());
    for (d, (district, ground)) in districts.iter().zip(&input.districts).enumerate() {
        let walk = input.bearers.range_m(Bearer::Runner, ground.terrain);
        let (spots, _) = on_plane(ground);
        let cut_off: Vec<usize> =
            (0..district.nets.len()).filter(|&n| district.nets[n].hops == 0).collect();
        let mut number = vec![u32::MAX; ground.sites.len()];
        for &station in cut_off.iter().flat_map(|&n| &district.nets[n].stations) {
            number[station as usize] = narrow(weights.len());
            let site = &ground.sites[station as usize];
            let courier = known(input.bearers, site, Bearer::Courier, input.day);
            weights.push(weight(site.class) * if courier { 1 } else { DARK_OVER_STALE });
        }
        for n in cut_off {
            let net = &district.nets[n];
            let post = spots[net.post as usize];
            let near = (0..narrow(spots.len())).filter(|&at| {
                number[at as usize] != u32::MAX && post.within(spots[at as usize], walk)
            });
            let mut served: Vec<u32> =
                net.stations.iter().copied().chain(near).map(|at| number[at as usize]).collect();
            served.sort_unstable();
            served.dedup();
            places.push((d, n));
            serves.push(served);
        }
    }
    let placement = scarce::place(&serves, &weights, input.terminals);
    for &at in &placement.chosen {
        let (d, n) = places[at as usize];
        districts[d].nets[n].terminal = true;
    }
    placement
}

/// A survey names it and does not say that it failed.
fn known(bearers: &Bearers, site: &Site, bearer: Bearer, day: Date) -> bool {
    matches!(standing(bearers, &site.tests, bearer, day), Standing::Expired | Standing::Proved)
}

fn rungs(input: &Input<'_>, ground: &Ground, rides: Option<&Rides>, district: &mut District) {
    let (spots, control) = on_plane(ground);
    let bearers = input.bearers;
    let mut reach: Vec<Reach> = ground
        .sites
        .iter()
        .map(|_| Reach {
            net: 0,
            planned: Rungs::default(),
            proved: Rungs::default(),
            loop_minutes: 0,
        })
        .collect();
    for (at, net) in (0_u32..).zip(&district.nets) {
        for &station in &net.stations {
            let slot = &mut reach[station as usize];
            slot.net = at;
            if net.heard() {
                slot.planned = slot.planned.with(net.bearer);
            }
        }
    }
    for (slot, site) in reach.iter_mut().zip(&ground.sites) {
        for bearer in [Bearer::FixedLine, Bearer::Hf, Bearer::Fibre, Bearer::Satellite] {
            if known(bearers, site, bearer, input.day) {
                slot.planned = slot.planned.with(bearer);
            }
        }
        slot.planned = slot.planned.with(Bearer::CellularVoice);
    }
    for at in 0..narrow(district.nets.len()) {
        district.loops.extend(couriers(input, (district, at), (&spots, control, rides), &reach));
    }
    for ride in &district.loops {
        for &stop in &ride.stops {
            let slot = &mut reach[stop as usize];
            slot.planned = slot.planned.with(Bearer::Courier);
            slot.loop_minutes = ride.minutes;
        }
    }
    for (slot, site) in reach.iter_mut().zip(&ground.sites) {
        for bearer in slot.planned.list() {
            if proves(bearers, site, bearer, input.day) {
                slot.proved = slot.proved.with(bearer);
            }
        }
        district.lines += u32::from(slot.planned.has(Bearer::FixedLine));
        district.hf += u32::from(slot.planned.has(Bearer::Hf));
    }
    district.reach = reach;
}

/// Whether a test of this bearer, or of another that fails for the same reason, holds on the day.
#[must_use]
pub fn proves(bearers: &Bearers, site: &Site, bearer: Bearer, day: Date) -> bool {
    let cause = &bearers.of(bearer).cause;
    let same = Bearer::ALL.into_iter().filter(|other| bearers.of(*other).cause == *cause);
    let found: Vec<Standing> =
        same.map(|other| standing(bearers, &site.tests, other, day)).collect();
    found.contains(&Standing::Proved) && !found.contains(&Standing::Failed)
}

/// Loops round the stations of a net that have fewer than two causes to rely on once mobile networks are gone.
fn couriers(
    input: &Input<'_>,
    (district, at): (&District, u32),
    (spots, control, rides): (&[Spot], Spot, Option<&Rides>),
    reach: &[Reach],
) -> Vec<CourierLoop> {
    let net = &district.nets[at as usize];
    let gone = [super::bearer::Service::Voice, super::bearer::Service::Data].into_iter().collect();
    let weak = |station: &u32| {
        reach[*station as usize].planned.without(input.bearers, &gone).count(input.bearers) < 2
    };
    // Whoever stands at a post that is heard is never visited: the loop begins there.
    let stops: Vec<u32> = net
        .stations
        .iter()
        .copied()
        .filter(weak)
        .filter(|&station| !(net.heard() && station == net.post))
        .collect();
    let from = rides.map(|rides| if net.heard() { net.post } else { rides.control() });
    let legs = match rides.zip(from) {
        Some((rides, from)) => rides.legs(from, &stops),
        None => {
            let start = if net.heard() { spots[net.post as usize] } else { control };
            let places: Vec<Spot> = stops.iter().map(|&stop| spots[stop as usize]).collect();
            Legs::straight(start, &places)
        }
    };
    let named = |ride: courier::Loop| {
        let stops: Vec<u32> = ride.stops.into_iter().map(|stop| stops[stop as usize]).collect();
        let estimated =
            rides.is_none_or(|rides| rides.estimates(stops.iter().copied().chain(from)));
        CourierLoop { from_net: net.heard().then_some(at), stops, minutes: ride.minutes, estimated }
    };
    let ride = Ride::proposed(district.terrain.of(input.detour_permille));
    courier::loops(&legs, ride).into_iter().map(named).collect()
}

fn cost(bearers: &Bearers, district: &District) -> u64 {
    let of = |bearer: Bearer| u64::from(bearers.of(bearer).cost);
    let nets: u64 = district
        .nets
        .iter()
        .map(|net| {
            net.stations.len() as u64 * of(net.bearer)
                + of(Bearer::VhfBase) * (1 + u64::from(net.relay))
                + of(Bearer::Satellite) * u64::from(net.terminal)
        })
        .sum();
    nets + district.loops.len() as u64 * of(Bearer::Courier)
}

impl District {
    /// How old the district's picture of a station is at worst over one bearer, in seconds.
    #[must_use]
    pub fn age_s(&self, bearers: &Bearers, station: usize, bearer: Bearer) -> u64 {
        let reach = &self.reach[station];
        let net = &self.nets[reach.net as usize];
        let seconds = |ms: u64| ms.div_ceil(1_000);
        let message_ms = u64::from(bearers.of(bearer).message_s) * 1_000;
        let queue = |waiting: u64| {
            let desks = u64::from(bearers.of(Bearer::FixedLine).channels);
            seconds(airtime::round_ms(waiting, message_ms, desks))
        };
        match bearer {
            Bearer::Uhf | Bearer::Vhf | Bearer::VhfBase => seconds(net.round_ms + self.round_ms),
            Bearer::Hf => seconds(airtime::round_ms(u64::from(self.hf), message_ms, 1)),
            Bearer::FixedLine => queue(u64::from(self.lines)),
            Bearer::CellularVoice | Bearer::CellularData => queue(self.reach.len() as u64),
            Bearer::Fibre | Bearer::Satellite | Bearer::Runner => seconds(message_ms).max(60),
            // At worst a report just misses one loop and rides the whole next one; then the sector passes it on.
            Bearer::Courier => {
                let minutes = u64::from(reach.loop_minutes);
                minutes.max(120) * 60 + minutes * 60 + seconds(self.round_ms)
            }
        }
    }

    /// The youngest picture over any of some rungs; none when there is none.
    #[must_use]
    pub fn youngest_s(&self, bearers: &Bearers, station: usize, rungs: Rungs) -> Option<u64> {
        rungs.list().map(|bearer| self.age_s(bearers, station, bearer)).min()
    }
}
