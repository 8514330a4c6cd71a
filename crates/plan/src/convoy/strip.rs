//! The order of one convoy as a strip: leg after leg, with course, length, times, and another way.

use super::{
    Call, Convoy, ConvoyInput, ConvoyPlan,
    alternate::{Alternate, alternate},
    conflict::Track,
    night::{NightInput, NightTrip, Noise, Pick, count_s},
    travel::Travel,
};
use pehra_domain::{Point, point::length_m};
use serde::{Deserialize, Serialize};

/// One leg of the strip.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StripLeg {
    /// Halt that it leads to; none: the office.
    pub to: Option<u32>,
    /// Course at the start, whole degrees from north, clockwise.
    pub course_deg: u32,
    pub distance_m: u32,
    pub time_s: u32,
    pub estimated: bool,
    /// Over another halt, when the first way is closed.
    pub alternate: Option<AlternateWay>,
}

/// An [`Alternate`] as it is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlternateWay {
    pub via: u32,
    pub time_s: u32,
    pub distance_m: u32,
    pub estimated: bool,
}

impl From<Alternate> for AlternateWay {
    fn from(way: Alternate) -> Self {
        let Alternate { via, time_s, distance_m, estimated } = way;
        Self { via, time_s, distance_m, estimated }
    }
}

fn place(input: &ConvoyInput, halt: Option<u32>) -> Point {
    halt.and_then(|halt| input.halts.get(halt as usize)).map_or(input.office, |halt| halt.point)
}

/// The halts of a convoy with the office before and after them.
fn ends(convoy: &Convoy) -> impl Iterator<Item = (Option<u32>, Option<u32>)> + '_ {
    let halts = convoy.calls.iter().map(|call| Some(call.halt));
    let before = std::iter::once(None).chain(halts.clone());
    before.zip(halts.chain(std::iter::once(None)))
}

/// The strip of a convoy; legs between parts of one halt have no length.
#[must_use]
pub fn strip(input: &ConvoyInput, convoy: &Convoy, travel: &dyn Travel) -> Vec<StripLeg> {
    let candidates: Vec<Point> = input.halts.iter().map(|halt| halt.point).collect();
    let legs = ends(convoy).map(|(from, to)| {
        let (a, b) = (place(input, from), place(input, to));
        let leg = if a == b { None } else { travel.leg(a, b) };
        StripLeg {
            to,
            course_deg: course_deg(a, b),
            distance_m: leg.map_or(0, |leg| leg.distance_m),
            time_s: leg.map_or(0, |leg| leg.time_s),
            estimated: leg.is_some_and(|leg| leg.estimated),
            alternate: alternate(a, b, &candidates, travel).map(AlternateWay::from),
        }
    });
    legs.collect()
}

/// Initial course of a great circle.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "whole degrees between 0 and 359"
)]
fn course_deg(from: Point, to: Point) -> u32 {
    let (lat1, lat2) = (from.lat_deg().to_radians(), to.lat_deg().to_radians());
    let turn = (to.lon_deg() - from.lon_deg()).to_radians();
    let east = libm::sin(turn) * libm::cos(lat2);
    let north =
        libm::cos(lat1) * libm::sin(lat2) - libm::sin(lat1) * libm::cos(lat2) * libm::cos(turn);
    (libm::atan2(east, north).to_degrees().rem_euclid(360.0).round() as u32) % 360
}

/// Where a convoy is when: for conflicts and the chart of time and way. `line` tells the points of a leg, by its number in the
/// convoy and its ends; between two of them the convoy keeps the pace that brings it to the leg's end in time.
#[must_use]
pub fn track(
    input: &ConvoyInput,
    convoy: &Convoy,
    line: &dyn Fn(usize, Point, Point) -> Vec<Point>,
) -> Track {
    let (mut from_s, mut from) = (convoy.depart_s, input.office);
    let mut fixes = vec![(from_s, from)];
    let mut drive = |leg: usize, until_s: u32, to: Point, stay_s: u32| {
        fixes.extend(along(&line(leg, from, to), from_s, until_s));
        fixes.push((until_s, to));
        (from_s, from) = (until_s.saturating_add(stay_s), to);
        if stay_s > 0 {
            fixes.push((from_s, from));
        }
    };
    for (leg, (call, stay_s)) in convoy.calls.iter().zip(stays(input, convoy)).enumerate() {
        drive(leg, call.arrive_s, place(input, Some(call.halt)), stay_s);
    }
    drive(convoy.calls.len(), convoy.home_s, input.office, 0);
    Track { convoy: convoy.number, fixes }
}

/// When a convoy is at the inner points of a line, by the metres it has behind it.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of a duration is not longer than it and not negative"
)]
fn along(line: &[Point], from_s: u32, until_s: u32) -> Vec<(u32, Point)> {
    let all = length_m(line);
    let mut behind = 0.0;
    let inner = line.windows(2).take(line.len().saturating_sub(2)).map(|ends| {
        behind += ends[0].distance_m(ends[1]);
        let share = if all > 0.0 { behind / all } else { 0.0 };
        let after_s = f64::from(until_s.saturating_sub(from_s)) * share;
        (from_s.saturating_add(after_s.round() as u32), ends[1])
    });
    inner.collect()
}

/// Handing over at each call; waiting for a count is not in it.
fn stays<'a>(input: &'a ConvoyInput, convoy: &'a Convoy) -> impl Iterator<Item = u32> + 'a {
    convoy.calls.iter().map(|call| input.means.handover_s * stations(input, call))
}

fn stations(input: &ConvoyInput, call: &Call) -> u32 {
    call.bags.checked_div(input.means.bags_per_station).unwrap_or(1).max(1)
}

/// The night of a plan, ready to be simulated.
#[must_use]
pub fn night_of(
    input: &ConvoyInput,
    plan: &ConvoyPlan,
    travel: &dyn Travel,
    (counters, receipt_s): (u32, u32),
    (runs, seed): (u32, u64),
) -> NightInput {
    let time_s = |from: Option<u32>, to: Option<u32>| {
        let (a, b) = (place(input, from), place(input, to));
        if a == b { 0 } else { travel.time(a, b).map_or(0, |(time_s, _)| time_s) }
    };
    let trip = |convoy: &Convoy| {
        let mut legs: Vec<u32> = ends(convoy).map(|(from, to)| time_s(from, to)).collect();
        let home_leg_s = legs.pop().unwrap_or(0);
        let pick = |(call, leg_s): (&Call, u32)| {
            let halt = input.halts.get(call.halt as usize);
            let all = halt.map_or(1, |halt| u32::try_from(halt.stations.len()).unwrap_or(1));
            let voters = halt.map_or(0, |halt| halt.voters) / all.max(1);
            let counts_s = vec![count_s(voters); stations(input, call) as usize];
            Pick { halt: call.halt, leg_s, counts_s }
        };
        NightTrip {
            team: convoy.team,
            depart_s: convoy.depart_s,
            picks: convoy.calls.iter().zip(legs).map(pick).collect(),
            home_leg_s,
        }
    };
    NightInput {
        trips: plan.convoys.iter().map(trip).collect(),
        handover_s: input.means.handover_s,
        turn_s: input.means.loading_s,
        counters,
        receipt_s,
        noise: Noise::PROPOSED,
        runs,
        seed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_followed_at_one_pace() {
        let at = |lat: f64, lon: f64| Point::try_from_degrees(lat, lon).unwrap();
        let line = [at(30.0, 70.0), at(30.0, 70.0), at(30.1, 70.0), at(30.4, 70.0)];
        let found = along(&line, 100, 500);
        assert_eq!(found, [(100, line[1]), (200, line[2])]);
        assert_eq!(along(&line[..2], 100, 500), []);
        assert_eq!(along(&[], 100, 500), []);
    }

    #[test]
    fn courses_are_those_of_the_compass() {
        let at = |lat: f64, lon: f64| Point::try_from_degrees(lat, lon).unwrap();
        let here = at(30.0, 70.0);
        assert_eq!(course_deg(here, at(31.0, 70.0)), 0);
        assert_eq!(course_deg(here, at(30.0, 70.1)), 90);
        assert_eq!(course_deg(here, at(29.0, 70.0)), 180);
        assert_eq!(course_deg(here, at(30.0, 69.9)), 270);
    }
}
