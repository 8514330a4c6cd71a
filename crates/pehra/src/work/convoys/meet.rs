//! Convoys of any seats that pass one narrow place at nearly the same time.

use super::{Planned, SeatFile, Site};
use crate::work::roads::{Asker, Country};
use pehra_domain::Point;
use pehra_plan::convoy::{
    ConvoyInput, Direction, Means,
    conflict::{Narrow, Track, meetings},
    strip::{StripLeg, track},
};
use std::{cell::RefCell, collections::BTreeMap};

/// Two convoys within this time at one place are one too many.
const GAP_S: u32 = 300;

/// One meeting, by the names that people use.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Met {
    pub place: String,
    /// `eve` or `night`.
    pub direction: String,
    /// Seat and convoy.
    pub first: (String, u32),
    pub second: (String, u32),
    pub at_s: u32,
}

/// Reads `NAME=LATITUDE,LONGITUDE,RADIUS` (degrees, metres).
///
/// # Errors
/// A sentence with the shape that is expected.
pub fn parse_narrow(text: &str) -> Result<Narrow, String> {
    let bad = || {
        format!(
            "{text:?} is not NAME=LATITUDE,LONGITUDE,RADIUS_M, as in \"Indus bridge=25.44,68.32,300\""
        )
    };
    let (name, rest) = text.rsplit_once('=').ok_or_else(bad)?;
    let cells: Vec<&str> = rest.split(',').map(str::trim).collect();
    let [lat, lon, radius] = cells.as_slice() else { return Err(bad()) };
    let degrees = |cell: &str| cell.parse::<f64>().ok();
    let point =
        degrees(lat).zip(degrees(lon)).and_then(|(lat, lon)| Point::try_from_degrees(lat, lon));
    let radius_m = radius.parse().ok().filter(|radius: &u32| (1..=50_000).contains(radius));
    let (Some(point), Some(radius_m)) = (point, radius_m) else { return Err(bad()) };
    Ok(Narrow { name: name.trim().to_owned(), point, radius_m })
}

/// All meetings, eve and night apart: along the roads where the plan has its legs from them, otherwise along straight lines.
pub(super) fn met(
    sites: &[Site],
    files: &BTreeMap<String, SeatFile>,
    narrows: &[Narrow],
    country: Option<&Country>,
) -> Vec<Met> {
    let mut all = Vec::new();
    if narrows.is_empty() {
        return all;
    }
    let ways = Ways {
        narrows,
        roads: country.map(|country| (country, RefCell::new(country.router(None)))),
    };
    for (direction, word) in [(Direction::Eve, "eve"), (Direction::Night, "night")] {
        let mut names: Vec<(String, u32)> = Vec::new();
        let mut tracks: Vec<Track> = Vec::new();
        for site in sites {
            let Some(file) = files.get(site.seat.as_str()) else { continue };
            let plan = match direction {
                Direction::Eve => &file.eve,
                Direction::Night => &file.night,
            };
            follow((site, plan, direction), &ways, &mut names, &mut tracks);
        }
        let name = |convoy: u32| names.get(convoy as usize).cloned().unwrap_or_default();
        all.extend(meetings(&tracks, narrows, GAP_S).into_iter().map(|meeting| Met {
            place:
                narrows.get(meeting.narrow as usize).map_or_else(String::new, |it| it.name.clone()),
            direction: word.to_owned(),
            first: name(meeting.first),
            second: name(meeting.second),
            at_s: meeting.at_s,
        }));
    }
    all
}

/// What is asked for the line of a leg.
struct Ways<'a> {
    narrows: &'a [Narrow],
    roads: Option<(&'a Country, RefCell<Asker<'a>>)>,
}

impl Ways<'_> {
    /// The points of a leg. Whatever leads past no narrow place is not looked up: its straight line does as well.
    fn line(&self, leg: Option<&StripLeg>, from: Point, to: Point) -> Vec<Point> {
        let straight = vec![from, to];
        let driven = leg.filter(|leg| leg.distance_m > 0 && self.may_pass(leg, from, to));
        let Some(((country, router), _)) = self.roads.as_ref().zip(driven) else { return straight };
        let Some((start, end)) = country.anchor(from).zip(country.anchor(to)) else {
            return straight;
        };
        let way = country.way_by(&mut router.borrow_mut(), &start, &end);
        way.map_or(straight, |(_, way)| country.line(&way, (from, &start), (to, &end)))
    }

    /// Nothing of that length between these ends comes near a place that is farther from both together.
    fn may_pass(&self, leg: &StripLeg, from: Point, to: Point) -> bool {
        self.narrows.iter().any(|narrow| {
            let by = from.distance_m(narrow.point) + narrow.point.distance_m(to);
            by <= f64::from(leg.distance_m) * 1.01 + 2.0 * f64::from(narrow.radius_m)
        })
    }
}

fn follow(
    (site, planned, direction): (&Site, &Planned, Direction),
    ways: &Ways<'_>,
    names: &mut Vec<(String, u32)>,
    tracks: &mut Vec<Track>,
) {
    let input = ConvoyInput {
        seat: site.seat.clone(),
        direction,
        office: site.office,
        halts: site.halts.clone(),
        means: Means::proposed(direction, site.station_count()),
        seed: [0; 32],
    };
    for (convoy, strip) in planned.plan.convoys.iter().zip(&planned.strips) {
        let number = u32::try_from(names.len()).unwrap_or(u32::MAX);
        names.push((site.seat.as_str().to_owned(), convoy.number));
        let line = |leg: usize, from, to| ways.line(strip.get(leg), from, to);
        tracks.push(Track { convoy: number, ..track(&input, convoy, &line) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_narrow_place_is_read_and_a_slip_is_explained() {
        let bridge = parse_narrow("Indus bridge = 25.44, 68.32,300").unwrap();
        assert_eq!((bridge.name.as_str(), bridge.radius_m), ("Indus bridge", 300));
        assert_eq!(bridge.point.lat_e7, 254_400_000);
        for slip in ["", "x", "x=1,2", "x=91,2,300", "x=1,2,0", "x=a,2,3"] {
            assert!(parse_narrow(slip).unwrap_err().contains("LATITUDE"), "{slip}");
        }
    }
}
