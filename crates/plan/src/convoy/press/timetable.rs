//! Which tour is loaded and leaves when: lorries, escorts, bays and aircraft shared by all, several trips each.

use super::{
    Craft, Drop, Flight, Night, PressConvoy, PressLeg,
    days::Days,
    ground::{Flown, Ground},
    pool::Pool,
};
use crate::{
    convoy::{
        alternate::{alternate, offset_m},
        draw::draw,
        plan::overdue_s,
        rule,
        strip::AlternateWay,
    },
    route::Solution,
};
use pehra_domain::{Point, point::whole_m, risk::RiskClass};

/// A tour with its hours of work.
struct Slot {
    stops: Vec<u32>,
    lorries: u32,
    escorts: u32,
    load_s: u32,
    depart_s: u32,
    home_s: u32,
}

/// A flight with its hours of work.
struct Sortie {
    flown: usize,
    load: usize,
    load_s: u32,
    depart_s: u32,
}

pub(super) struct Timetable {
    slots: Vec<Slot>,
    sorties: Vec<Sortie>,
    /// Consignments of tours for which there are never enough lorries or escorts.
    pub(super) left: Vec<u32>,
    late: bool,
}

/// What a convoy does at a stop, in hours of work.
struct Visit {
    stop: u32,
    leave_s: u32,
    arrive_s: u32,
    begin_s: u32,
    done_s: u32,
    road_s: u64,
}

/// Tours that are in time when they are loaded first of all, and what they cost.
pub(super) struct Mended {
    pub(super) tours: Vec<Vec<u32>>,
    pub(super) cost: i64,
}

/// Hand-overs that wait for the morning can bring a tour's end past the last day although its hours of work fit: its last stop
/// gets a convoy of its own then.
pub(super) fn mend(ground: &Ground<'_>, solution: &Solution) -> Mended {
    let means = &ground.input.means;
    let in_time = |stops: &[u32]| {
        let wanted: u32 = stops.iter().map(|&stop| lorries_of(ground, stop)).sum();
        let loaded_s = wanted.div_ceil(means.bays.max(1)).saturating_mul(means.loading_s);
        let visits = follow(ground, stops, loaded_s);
        visits.last().is_none_or(|visit| visit.done_s <= means.days.horizon_s())
    };
    let cost_s = |stops: &[u32]| -> i64 {
        let places = stops.iter().map(|&stop| stop as usize);
        let ends = [0].into_iter().chain(places.clone()).zip(places.chain([0]));
        ends.map(|(from, to)| i64::from(ground.cost_s(from, to))).sum::<i64>()
            + i64::from(means.convoy_s)
    };
    let mut mended = Mended { tours: Vec::new(), cost: solution.cost };
    for tour in &solution.tours {
        let mut stops = tour.stops.clone();
        let mut alone: Vec<Vec<u32>> = Vec::new();
        while stops.len() > 1 && !in_time(&stops) {
            alone.extend(stops.pop().map(|last| vec![last]));
        }
        if !alone.is_empty() {
            mended.cost -= cost_s(&tour.stops);
            mended.cost += alone.iter().chain([&stops]).map(|tour| cost_s(tour)).sum::<i64>();
        }
        mended.tours.push(stops);
        mended.tours.append(&mut alone);
    }
    mended
}

/// Gives every tour its lorries and escorts: flights first, then the tour that has the least time to spare.
pub(super) fn assign(
    ground: &Ground<'_>,
    trips: &[&[u32]],
    lorries: u32,
    escorts: u32,
) -> Timetable {
    let means = &ground.input.means;
    let horizon_s = means.days.horizon_s();
    let (mut vehicles, mut guards) = (Pool::new(lorries), Pool::new(escorts));
    let mut table =
        Timetable { slots: Vec::new(), sorties: Vec::new(), left: Vec::new(), late: false };
    fly(ground, &mut guards, &mut table);
    let lasts = |trip: &[u32]| follow(ground, trip, 0).last().map_or(0, |visit| visit.done_s);
    let mut order: Vec<usize> = (0..trips.len()).collect();
    order.sort_by_key(|&trip| (std::cmp::Reverse(lasts(trips[trip])), trip));
    let mut bays_s = 0_u32;
    for trip in order {
        let stops = trips[trip];
        let wanted: u32 = stops.iter().map(|&stop| lorries_of(ground, stop)).sum();
        let riding = rule::escort::escorts(&classes(ground, stops));
        let (Some(one), Some(two)) = (vehicles.free_s(wanted), guards.free_s(riding)) else {
            table.left.extend(stops.iter().map(|&s| ground.parts[s as usize - 1].consignment));
            continue;
        };
        let load_s = one.max(two).max(bays_s);
        let turns = wanted.div_ceil(means.bays.max(1));
        let loaded_s = load_s.saturating_add(turns.saturating_mul(means.loading_s));
        bays_s = loaded_s;
        let on_time = |depart_s: u32| {
            follow(ground, stops, depart_s).last().is_none_or(|visit| visit.done_s <= horizon_s)
        };
        let jitter = u64::from(means.jitter_s_max) + 1;
        let drawn = draw(&ground.input.seed, &ground.input.press, "departure", trip as u64, jitter);
        let put_off = loaded_s.saturating_add(u32::try_from(drawn).unwrap_or(0));
        let depart_s = if on_time(put_off) { put_off } else { loaded_s };
        table.late |= !on_time(depart_s);
        let home_s = home_s(ground, stops, depart_s);
        vehicles.take(wanted, home_s);
        guards.take(riding, home_s);
        let stops = stops.to_vec();
        table.slots.push(Slot {
            stops,
            lorries: wanted,
            escorts: riding,
            load_s,
            depart_s,
            home_s,
        });
    }
    table.slots.sort_by(|a, b| (a.depart_s, &a.stops).cmp(&(b.depart_s, &b.stops)));
    table
}

/// Lorries and escorts, in steps of one convoy, with which nothing is late; none when not even those of all loads at once are
/// enough.
pub(super) fn needed(ground: &Ground<'_>, trips: &[&[u32]]) -> Option<(u32, u32)> {
    let means = &ground.input.means;
    let step = (means.lorries_per_convoy.max(1), rule::escort::ESCORTS_MOST);
    let flights = u32::from(!ground.flown.is_empty());
    let most = u32::try_from(trips.len()).unwrap_or(u32::MAX).saturating_add(2 * flights);
    (1..=most).map(|convoys| (step.0 * convoys, step.1 * convoys)).find(|&(lorries, escorts)| {
        let table = assign(ground, trips, lorries, escorts);
        !table.late && table.left.is_empty()
    })
}

fn lorries_of(ground: &Ground<'_>, stop: u32) -> u32 {
    u32::try_from(ground.parts[stop as usize - 1].lorries.len()).unwrap_or(u32::MAX)
}

fn classes(ground: &Ground<'_>, stops: &[u32]) -> Vec<RiskClass> {
    stops.iter().filter_map(|&stop| ground.class(stop as usize)).collect()
}

fn leg_s(ground: &Ground<'_>, from: usize, to: usize) -> u32 {
    u32::try_from(ground.time_s(from, to)).unwrap_or(0)
}

fn follow(ground: &Ground<'_>, stops: &[u32], depart_s: u32) -> Vec<Visit> {
    let days = &ground.input.means.days;
    let (mut now_s, mut before, mut road_s) = (depart_s, 0, 0_u64);
    let visit = |&stop: &u32| {
        let driven_s = leg_s(ground, before, stop as usize);
        let leave_s = now_s;
        let arrive_s = now_s.saturating_add(driven_s);
        let lasts_s = ground.handing_over_s(stop);
        let begin_s = days.whole(arrive_s, lasts_s);
        let done_s = begin_s.saturating_add(lasts_s);
        road_s += u64::from(driven_s);
        (now_s, before) = (done_s, stop as usize);
        Visit { stop, leave_s, arrive_s, begin_s, done_s, road_s }
    };
    stops.iter().map(visit).collect()
}

fn home_s(ground: &Ground<'_>, stops: &[u32], depart_s: u32) -> u32 {
    let visits = follow(ground, stops, depart_s);
    let (done_s, last) = visits.last().map_or((depart_s, 0), |it| (it.done_s, it.stop as usize));
    done_s.saturating_add(leg_s(ground, last, 0))
}

/// Every flight out and back by day, as the aircraft of its kind come free.
fn fly(ground: &Ground<'_>, guards: &mut Pool, table: &mut Timetable) {
    let means = &ground.input.means;
    let pool = |craft: Craft| Pool::new(means.aircraft(craft).count);
    let (mut aeroplanes, mut helicopters) = (pool(Craft::Aeroplane), pool(Craft::Helicopter));
    for (number, flown) in ground.flown.iter().enumerate() {
        let free = match flown.link.craft {
            Craft::Aeroplane => &mut aeroplanes,
            Craft::Helicopter => &mut helicopters,
        };
        let craft = means.aircraft(flown.link.craft);
        for load in 0..flown.loads.len() {
            let both = free.free_s(1).zip(guards.free_s(rule::escort::ESCORTS));
            let Some((craft_s, guards_s)) = both else {
                table.left.push(flown.consignment);
                continue;
            };
            let load_s = craft_s.max(guards_s);
            let away_s = flown.out_s.saturating_mul(2).saturating_add(craft.unloading_s);
            let loaded_s = load_s.saturating_add(craft.loading_s);
            let depart_s = means.days.whole(loaded_s, away_s);
            free.take(1, depart_s.saturating_add(away_s));
            guards.take(rule::escort::ESCORTS, depart_s.saturating_add(away_s));
            let sortie = Sortie { flown: number, load, load_s, depart_s };
            table.late |= sortie.hours(ground, flown).done_s > means.days.horizon_s();
            table.sorties.push(sortie);
        }
    }
}

/// Hours of work of a flight after its departure.
struct FlightHours {
    landed_s: u32,
    unloaded_s: u32,
    arrive_s: u32,
    done_s: u32,
    home_s: u32,
}

impl Sortie {
    fn hours(&self, ground: &Ground<'_>, flown: &Flown) -> FlightHours {
        let means = &ground.input.means;
        let landed_s = self.depart_s.saturating_add(flown.out_s);
        let unloaded_s = landed_s.saturating_add(means.aircraft(flown.link.craft).unloading_s);
        let arrive_s = unloaded_s.saturating_add(flown.road.time_s);
        let done_s = means.days.whole(arrive_s, means.handover_s).saturating_add(means.handover_s);
        let home_s = unloaded_s.saturating_add(flown.out_s);
        FlightHours { landed_s, unloaded_s, arrive_s, done_s, home_s }
    }
}

impl Timetable {
    pub(super) fn told(&self, ground: &Ground<'_>) -> (Vec<PressConvoy>, Vec<Flight>) {
        let convoys = (1..).zip(&self.slots).map(|(number, slot)| slot.told(ground, number));
        let flights = (1..).zip(&self.sorties).map(|(number, it)| it.told(ground, number));
        (convoys.collect(), flights.collect())
    }
}

impl Slot {
    fn told(&self, ground: &Ground<'_>, number: u32) -> PressConvoy {
        let days = &ground.input.means.days;
        let visits = follow(ground, &self.stops, self.depart_s);
        let drop = |visit: &Visit| {
            let part = &ground.parts[visit.stop as usize - 1];
            Drop {
                consignment: part.consignment,
                arrive: days.end(visit.arrive_s),
                overdue: days.end(overdue_s(visit.arrive_s, visit.road_s)),
                begin: days.begin(visit.begin_s),
                done: days.end(visit.done_s),
                late: visit.done_s > days.horizon_s(),
                lorries: part.lorries.clone(),
            }
        };
        let mut legs: Vec<PressLeg> = Vec::with_capacity(visits.len() + 1);
        let mut before = 0;
        for visit in &visits {
            let hours = (visit.leave_s, visit.arrive_s);
            legs.push(leg(ground, days, before, visit.stop as usize, hours));
            before = visit.stop as usize;
        }
        let done_s = visits.last().map_or(self.depart_s, |visit| visit.done_s);
        legs.push(leg(ground, days, before, 0, (done_s, self.home_s)));
        PressConvoy {
            number,
            lorries: self.lorries,
            escorts: self.escorts,
            commander_apart: rule::apart::bomb_feared(&classes(ground, &self.stops)),
            load: days.begin(self.load_s),
            depart: days.begin(self.depart_s),
            home: days.end(self.home_s),
            drops: visits.iter().map(drop).collect(),
            distance_m: legs.iter().map(|leg| u64::from(leg.distance_m)).sum(),
            estimated: legs.iter().any(|leg| leg.estimated),
            legs,
        }
    }
}

fn leg(
    ground: &Ground<'_>,
    days: &Days,
    from: usize,
    to: usize,
    (leave_s, arrive_s): (u32, u32),
) -> PressLeg {
    let (a, b) = (ground.point(from), ground.point(to));
    let goals: Vec<Point> = ground.input.consignments.iter().map(|it| it.goal).collect();
    let way = if a == b { None } else { ground.travel.leg(a, b) };
    let night = |at_s: u32| {
        let share = f64::from(at_s - leave_s) / f64::from(arrive_s.saturating_sub(leave_s).max(1));
        let here = between(a, b, share);
        let (near, goal) = (0_u32..).zip(&goals).min_by(|(_, one), (_, two)| {
            here.distance_m(**one).total_cmp(&here.distance_m(**two))
        })?;
        Some(Night { evening: days.end(at_s), near, off_m: whole_m(offset_m(a, b, *goal)) })
    };
    let other = if a == b { None } else { alternate(a, b, &goals, ground.travel) };
    PressLeg {
        to: to.checked_sub(1).map(|part| ground.parts[part].consignment),
        distance_m: way.map_or(0, |way| way.distance_m),
        time_s: leg_s(ground, from, to),
        estimated: way.is_some_and(|way| way.estimated),
        alternate: other.map(AlternateWay::from),
        nights: days.nights(leave_s, arrive_s).filter_map(night).collect(),
    }
}

/// A place on the straight way, by latitude and longitude.
#[expect(clippy::cast_possible_truncation, reason = "between two coordinates that fit")]
fn between(from: Point, to: Point, share: f64) -> Point {
    let part = |a: i32, b: i32| {
        (f64::from(a) + (f64::from(b) - f64::from(a)) * share.clamp(0.0, 1.0)).round() as i32
    };
    Point { lat_e7: part(from.lat_e7, to.lat_e7), lon_e7: part(from.lon_e7, to.lon_e7) }
}

impl Sortie {
    fn told(&self, ground: &Ground<'_>, number: u32) -> Flight {
        let days = &ground.input.means.days;
        let flown = &ground.flown[self.flown];
        let hours = self.hours(ground, flown);
        let goal = ground.input.consignments[flown.consignment as usize].goal;
        let by_road = ground.travel.leg(ground.input.place, goal);
        Flight {
            number,
            craft: flown.link.craft,
            consignment: flown.consignment,
            escorts: rule::escort::ESCORTS,
            cartons: flown.loads[self.load].clone(),
            load: days.begin(self.load_s),
            depart: days.begin(self.depart_s),
            landed: days.end(hours.landed_s),
            unloaded: days.end(hours.unloaded_s),
            arrive: days.end(hours.arrive_s),
            done: days.end(hours.done_s),
            home: days.end(hours.home_s),
            late: hours.done_s > days.horizon_s(),
            distance_m: flown.distance_m,
            road_m: flown.road.distance_m,
            road_s: flown.road.time_s,
            estimated: flown.road.estimated,
            by_road: by_road.map(|leg| (leg.distance_m, leg.time_s)),
        }
    }
}
