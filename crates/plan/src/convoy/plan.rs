//! From halts and means to convoys with times.

use super::{
    Call, Convoy, ConvoyFinding, ConvoyInput, ConvoyPlan, Direction, Means, draw::draw,
    night::ready_s, rule, schedule, travel::Travel,
};
use crate::route::{
    Budget, COST_MAX, Matrix, Problem, Settings, Solution, Stop, VehicleKind, bound, solve,
};
use pehra_domain::{Point, risk::RiskClass};

/// How hard to search; the same effort gives the same plan everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort {
    /// Ruins and recreations for each of the variants.
    pub iterations: u64,
    pub variants: u32,
    /// A variant is near-best up to so many thousandths above the best.
    pub near_permille: u32,
    pub bound_passes: u32,
}

impl Effort {
    /// For a halt count: enough for a few thousandths of the long run's cost.
    #[must_use]
    pub fn proposed(halts: usize) -> Self {
        let iterations = 4_000 + 60 * halts as u64;
        Self { iterations, variants: 3, near_permille: 20, bound_passes: 60 }
    }

    /// The proposed one with so many thousandths of its iterations.
    #[must_use]
    pub fn scaled(halts: usize, permille: u32) -> Self {
        let proposed = Self::proposed(halts);
        Self { iterations: proposed.iterations * u64::from(permille) / 1_000, ..proposed }
    }
}

/// Price of leaving a halt out, in seconds: above any tour, below a leg that does not exist.
pub(super) const LEFT_OUT_S: i64 = 50_000_000;
/// A leg that does not exist.
pub(super) const NO_WAY_S: i32 = COST_MAX;
/// The time of a leg that is passed once in twenty, by the noise of [`super::night`].
const OVERDUE_PERMILLE: u64 = 1_500;

/// An arrival that is passed once in twenty, after so many seconds of road.
pub(super) fn overdue_s(arrive_s: u32, road_s: u64) -> u32 {
    let late_s = road_s * (OVERDUE_PERMILLE - 1_000) / 1_000;
    arrive_s.saturating_add(u32::try_from(late_s).unwrap_or(u32::MAX))
}

/// Risk-weighted seconds of a leg between places of these classes.
pub(super) fn cost_s(time_s: i32, from: Option<RiskClass>, to: Option<RiskClass>) -> i32 {
    let weighed = rule::risk::weighed_s(u32::try_from(time_s).unwrap_or(0), from, to);
    i32::try_from(weighed).unwrap_or(NO_WAY_S).min(NO_WAY_S)
}

/// One part of a halt that fits a vehicle.
struct Part {
    halt: usize,
    stations: u32,
}

/// Everything measured once.
struct Ground<'a> {
    input: &'a ConvoyInput,
    parts: Vec<Part>,
    /// By place of the routing problem.
    time_s: Vec<Vec<i32>>,
    travel: &'a dyn Travel,
    estimated: bool,
}

/// Plans one seat in one direction.
#[must_use]
pub fn plan(input: &ConvoyInput, travel: &dyn Travel, effort: Effort) -> ConvoyPlan {
    let mut findings = Vec::new();
    let parts = parts(input, &mut findings);
    let mut ground = Ground::measure(input, parts, travel);
    // What no convoy could serve even alone is named, and neither the plan nor its bound pays for it.
    let mut unserved = ground.take_unreachable();
    let problem = ground.problem();
    let (solution, drawn_from, proven) = match &problem {
        Some(_) if ground.parts.is_empty() => (Solution::default(), 0, Some(0)),
        Some(problem) => {
            let what = match input.direction {
                Direction::Eve => "eve",
                Direction::Night => "night",
            };
            search(&input.seed, input.seat.as_str(), what, problem, effort)
        }
        None => {
            findings.push(ConvoyFinding::NoMeans);
            unserved = (0_u32..).zip(&input.halts).map(|(halt, _)| halt).collect();
            (Solution::default(), 0, None)
        }
    };
    unserved.extend(solution.unserved.iter().map(|&place| ground.halt_of(place)));
    unserved.sort_unstable();
    unserved.dedup();
    for &halt in &unserved {
        let known = |it: &ConvoyFinding| matches!(it, ConvoyFinding::HaltTooLarge { halt: other, .. } if *other == halt);
        if problem.is_some() && !findings.iter().any(known) {
            findings.push(ConvoyFinding::HaltTooFar { halt });
        }
    }
    let convoys = ground.convoys(&solution, &mut findings);
    ConvoyPlan {
        seat: input.seat.as_str().to_owned(),
        direction: input.direction,
        convoys,
        unserved,
        objective: solution.cost,
        bound: proven,
        drawn_from,
        findings,
    }
}

/// Halts cut into what one convoy can carry; a station that is too large alone stays whole and finds no place.
fn parts(input: &ConvoyInput, findings: &mut Vec<ConvoyFinding>) -> Vec<Part> {
    let means = &input.means;
    let by_bags = means.bags.checked_div(means.bags_per_station).unwrap_or(u32::MAX);
    let by_people = means.people.checked_div(means.people_per_station).unwrap_or(u32::MAX);
    let most = by_bags.min(by_people);
    let mut parts = Vec::with_capacity(input.halts.len());
    for (halt, row) in input.halts.iter().enumerate() {
        let mut left = u32::try_from(row.stations.len()).unwrap_or(u32::MAX);
        if most == 0 && left > 0 {
            findings.push(ConvoyFinding::HaltTooLarge {
                halt: u32::try_from(halt).unwrap_or(u32::MAX),
                bags: means.bags_per_station,
                people: means.people_per_station,
            });
        }
        while left > 0 {
            let stations = left.min(most.max(1));
            parts.push(Part { halt, stations });
            left -= stations;
        }
    }
    parts
}

/// Near-best plans by different chance, one of them drawn, and the bound that holds for all of them.
pub(super) fn search(
    sealed: &[u8; 32],
    seat: &str,
    what: &str,
    problem: &Problem,
    effort: Effort,
) -> (Solution, u32, Option<i64>) {
    let mut found: Vec<Solution> = (0..u64::from(effort.variants.max(1)))
        .map(|variant| {
            let seed = draw(sealed, seat, what, variant, u64::MAX);
            let settings = Settings { seed, ..Settings::default() };
            solve(problem, &settings, Budget::Iterations(effort.iterations), &mut |_| {})
        })
        .collect();
    found.sort_by(|a, b| (a.cost, &a.tours).cmp(&(b.cost, &b.tours)));
    found.dedup_by(|a, b| a.tours == b.tours);
    let least = found.first().map_or(0, |best| best.cost);
    let unserved = found.first().map_or(0, |best| best.unserved.len());
    let most = least + least.saturating_mul(i64::from(effort.near_permille)) / 1_000;
    found.retain(|it| it.cost <= most && it.unserved.len() == unserved);
    let proven = (effort.bound_passes > 0)
        .then(|| bound(problem, least, effort.bound_passes, &|| false))
        .flatten()
        .map(|bound| bound.cost);
    let count = found.len() as u64;
    let chosen = usize::try_from(draw(sealed, seat, what, u64::MAX, count)).unwrap_or(0);
    let solution = if found.is_empty() { Solution::default() } else { found.swap_remove(chosen) };
    (solution, u32::try_from(count).unwrap_or(u32::MAX), proven)
}

impl<'a> Ground<'a> {
    fn measure(input: &'a ConvoyInput, parts: Vec<Part>, travel: &'a dyn Travel) -> Self {
        let mut ground = Self { input, parts, time_s: Vec::new(), travel, estimated: false };
        let side = ground.parts.len() + 1;
        let mut estimated = false;
        let rows = (0..side).map(|from| {
            let times = (0..side).map(|to| {
                if from == to {
                    return 0;
                }
                let Some((time_s, guessed)) = travel.time(ground.point(from), ground.point(to))
                else {
                    return NO_WAY_S;
                };
                estimated |= guessed;
                i32::try_from(time_s).unwrap_or(NO_WAY_S).min(NO_WAY_S)
            });
            times.collect()
        });
        let time_s = rows.collect();
        ground.time_s = time_s;
        ground.estimated = estimated;
        ground
    }

    /// Takes out the parts that a convoy of their own cannot serve between opening and closing; answers their halts.
    fn take_unreachable(&mut self) -> Vec<u32> {
        let Means { open_s, close_s, bags, people, .. } = self.input.means;
        let means = &self.input.means;
        let fits = |part: &Part| {
            let within = |each: u32, room: u32| {
                each.checked_mul(part.stations).is_some_and(|load| load <= room)
            };
            within(means.bags_per_station, bags) && within(means.people_per_station, people)
        };
        let alone = |place: usize, part: &Part| {
            let [out, back] = [self.time_s[0][place], self.time_s[place][0]];
            if out >= NO_WAY_S || back >= NO_WAY_S {
                return false;
            }
            let [out, back] = [out, back].map(|leg| u64::try_from(leg).unwrap_or(0));
            let begin = (u64::from(open_s) + out).max(u64::from(self.ready_s(part)));
            let service = u64::from(means.handover_s) * u64::from(part.stations);
            begin + service + back <= u64::from(close_s)
        };
        let rows = (1..).zip(&self.parts);
        let kept: Vec<bool> = rows.map(|(place, part)| fits(part) && alone(place, part)).collect();
        let lost = kept.iter().zip(&self.parts).filter(|(kept, _)| !**kept);
        let lost = lost.map(|(_, part)| u32::try_from(part.halt).unwrap_or(u32::MAX)).collect();
        let place_kept = |place: usize| place.checked_sub(1).is_none_or(|part| kept[part]);
        let of_kept = |row: &Vec<i32>| -> Vec<i32> {
            let cells = row.iter().enumerate().filter(|(place, _)| place_kept(*place));
            cells.map(|(_, time)| *time).collect()
        };
        let rows = self.time_s.iter().enumerate().filter(|(place, _)| place_kept(*place));
        self.time_s = rows.map(|(_, row)| of_kept(row)).collect();
        let mut at = 0;
        self.parts.retain(|_| {
            at += 1;
            kept[at - 1]
        });
        lost
    }

    fn point(&self, place: usize) -> Point {
        match place.checked_sub(1) {
            None => self.input.office,
            Some(part) => self.input.halts[self.parts[part].halt].point,
        }
    }

    fn distance_m(&self, from: usize, to: usize) -> u32 {
        if from == to {
            return 0;
        }
        self.travel.leg(self.point(from), self.point(to)).map_or(0, |leg| leg.distance_m)
    }

    fn class(&self, place: usize) -> Option<RiskClass> {
        place.checked_sub(1).map(|part| self.input.halts[self.parts[part].halt].class)
    }

    fn halt_of(&self, place: u32) -> u32 {
        let part = place.checked_sub(1).and_then(|part| self.parts.get(part as usize));
        part.map_or(u32::MAX, |part| u32::try_from(part.halt).unwrap_or(u32::MAX))
    }

    /// From the opening on: earliest service at a place.
    fn ready_s(&self, part: &Part) -> u32 {
        match self.input.direction {
            Direction::Eve => self.input.means.open_s,
            Direction::Night => {
                let halt = &self.input.halts[part.halt];
                let stations = u32::try_from(halt.stations.len()).unwrap_or(1).max(1);
                ready_s(halt.voters / stations).max(self.input.means.open_s)
            }
        }
    }

    /// None without vehicles, or with figures that no problem can hold.
    fn problem(&self) -> Option<Problem> {
        let Means { vehicles, bags, people, open_s, close_s, .. } = self.input.means;
        let means = &self.input.means;
        if vehicles == 0 || bags == 0 || people == 0 || close_s <= open_s {
            return None;
        }
        let horizon = i32::try_from(close_s - open_s).ok()?;
        let stop = |part: &Part| -> Option<Stop> {
            let load = |each: u32| i32::try_from(each.checked_mul(part.stations)?).ok();
            let ready = i32::try_from(self.ready_s(part) - open_s).ok()?;
            Some(Stop {
                demand: [load(means.bags_per_station)?, load(means.people_per_station)?, 0],
                service: load(means.handover_s)?,
                earliest: ready.min(horizon),
                latest: horizon,
                price: LEFT_OUT_S,
            })
        };
        let stops = self.parts.iter().map(stop).collect::<Option<Vec<Stop>>>()?;
        let kind = VehicleKind {
            count: u32::try_from(self.parts.len()).ok()?,
            capacity: [i32::try_from(bags).ok()?, i32::try_from(people).ok()?, 0],
            fixed: i64::from(means.convoy_s),
            open: 0,
            close: horizon,
        };
        let side = self.parts.len() + 1;
        let time = Matrix::from_fn(side, |from, to| self.time_s[from][to]);
        let cost = Matrix::from_fn(side, |from, to| {
            cost_s(self.time_s[from][to], self.class(from), self.class(to))
        });
        Problem::try_new(stops, vec![kind], cost, time).ok()
    }

    /// Tours become convoys: teams, departures with their jitter, arrivals and the overdue alarm.
    fn convoys(&self, solution: &Solution, findings: &mut Vec<ConvoyFinding>) -> Vec<Convoy> {
        let means = &self.input.means;
        let trips: Vec<Drive<'_>> =
            solution.tours.iter().map(|tour| Drive { ground: self, stops: &tour.stops }).collect();
        let escorts = |trip: &Drive<'_>| rule::escort::escorts(&trip.classes());
        let most_escorts = trips.iter().map(escorts).max().unwrap_or(0);
        let teams = schedule::teams(means.vehicles, means.escorts, most_escorts);
        if teams < means.vehicles {
            findings.push(ConvoyFinding::TooFewEscorts { teams, vehicles: means.vehicles });
        }
        let seat = self.input.seat.as_str();
        let jitter = u64::from(means.jitter_s_max) + 1;
        let put_off = |trip: usize| {
            let drawn = draw(&self.input.seed, seat, "departure", trip as u64, jitter);
            u32::try_from(drawn).unwrap_or(0)
        };
        let slots = schedule::assign(&trips, teams, means.open_s, means.loading_s, put_off);
        let home_s = slots.iter().map(|slot| slot.home_s).max().unwrap_or(0);
        if home_s > means.close_s || slots.len() < trips.len() {
            let (open_s, turn_s, close_s) = (means.open_s, means.loading_s, means.close_s);
            let needed = schedule::teams_needed(&trips, open_s, turn_s, close_s, put_off);
            let needed = needed.unwrap_or(u32::MAX);
            findings.push(ConvoyFinding::TooFewTeams { home_s, close_s, teams, needed });
        }
        let convoys = (1_u32..).zip(&slots).map(|(number, slot)| {
            let trip = &trips[slot.trip];
            let classes = trip.classes();
            Convoy {
                number,
                team: slot.team + 1,
                trip: slot.number,
                escorts: rule::escort::escorts(&classes),
                commander_apart: rule::apart::bomb_feared(&classes),
                depart_s: slot.depart_s,
                home_s: slot.home_s,
                calls: trip.calls(slot.depart_s),
                distance_m: trip.distance_m(),
                estimated: self.estimated,
            }
        });
        convoys.collect()
    }
}

/// A tour that can leave at any time.
struct Drive<'a> {
    ground: &'a Ground<'a>,
    stops: &'a [u32],
}

impl Drive<'_> {
    fn classes(&self) -> Vec<RiskClass> {
        self.stops.iter().filter_map(|&stop| self.ground.class(stop as usize)).collect()
    }

    fn distance_m(&self) -> u64 {
        let mut before = 0;
        let mut sum = 0;
        for &stop in self.stops.iter().chain(&[0]) {
            sum += u64::from(self.ground.distance_m(before, stop as usize));
            before = stop as usize;
        }
        sum
    }

    fn time_s(&self, from: usize, to: usize) -> u32 {
        u32::try_from(self.ground.time_s[from][to]).unwrap_or(0)
    }

    /// Follows the tour; the answer is the time home.
    fn follow(&self, depart_s: u32, mut visit: impl FnMut(u32, u32, u64)) -> u32 {
        let (mut now, mut before, mut road) = (depart_s, 0, 0_u64);
        for &stop in self.stops {
            let part = &self.ground.parts[stop as usize - 1];
            let leg = self.time_s(before, stop as usize);
            road += u64::from(leg);
            now += leg;
            visit(stop, now, road);
            now = now.max(self.ground.ready_s(part));
            now += self.ground.input.means.handover_s * part.stations;
            before = stop as usize;
        }
        now + self.time_s(before, 0)
    }

    fn calls(&self, depart_s: u32) -> Vec<Call> {
        let means = &self.ground.input.means;
        let mut calls = Vec::with_capacity(self.stops.len());
        self.follow(depart_s, |stop, arrive_s, road_s| {
            let part = &self.ground.parts[stop as usize - 1];
            calls.push(Call {
                halt: self.ground.halt_of(stop),
                arrive_s,
                overdue_s: overdue_s(arrive_s, road_s),
                bags: means.bags_per_station * part.stations,
                people: means.people_per_station * part.stations,
            });
        });
        calls
    }
}

impl schedule::Trip for Drive<'_> {
    /// In time for the first halt, when that is later than the opening.
    fn ready_s(&self) -> u32 {
        let open_s = self.ground.input.means.open_s;
        let Some(&first) = self.stops.first() else { return open_s };
        let ready = self.ground.ready_s(&self.ground.parts[first as usize - 1]);
        ready.saturating_sub(self.time_s(0, first as usize)).max(open_s)
    }

    fn home_s(&self, depart_s: u32) -> u32 {
        self.follow(depart_s, |_, _, _| {})
    }
}
