//! What convoys do to each other: two on one bridge, one escort team in two places.

use super::alternate::{offset_m, project};
use pehra_domain::Point;
use serde::{Deserialize, Serialize};

/// A place that one convoy passes at a time: a bridge, a pass, a gate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Narrow {
    pub name: String,
    pub point: Point,
    pub radius_m: u32,
}

/// A convoy on the map: where it is when, in order. Halts appear twice, at arrival and departure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Track {
    pub convoy: u32,
    pub fixes: Vec<(u32, Point)>,
}

/// Two convoys that meet where only one should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meeting {
    pub narrow: u32,
    pub first: u32,
    pub second: u32,
    pub at_s: u32,
}

/// Somebody is promised to two convoys at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoubleBooking {
    pub team: u32,
    pub first: u32,
    pub second: u32,
    pub from_s: u32,
    pub until_s: u32,
}

/// When a convoy takes a team, from loading to home.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Booking {
    pub team: u32,
    pub convoy: u32,
    pub from_s: u32,
    pub until_s: u32,
}

/// Overlapping bookings of one team, in order of team and time.
#[must_use]
pub fn double_booked(bookings: &[Booking]) -> Vec<DoubleBooking> {
    let mut order = bookings.to_vec();
    order.sort_by_key(|it| (it.team, it.from_s, it.convoy));
    let mut found = Vec::new();
    for (place, a) in order.iter().enumerate() {
        for b in &order[place + 1..] {
            if b.team != a.team || b.from_s >= a.until_s {
                break;
            }
            found.push(DoubleBooking {
                team: a.team,
                first: a.convoy,
                second: b.convoy,
                from_s: b.from_s,
                until_s: a.until_s.min(b.until_s),
            });
        }
    }
    found
}

/// Convoys that pass one narrow place within `gap_s` of each other, by place and time.
#[must_use]
pub fn meetings(tracks: &[Track], narrows: &[Narrow], gap_s: u32) -> Vec<Meeting> {
    let mut found = Vec::new();
    for (number, narrow) in (0_u32..).zip(narrows) {
        let mut passes: Vec<(u32, u32)> = tracks
            .iter()
            .flat_map(|track| passes(track, narrow).into_iter().map(|at| (at, track.convoy)))
            .collect();
        passes.sort_unstable();
        for (place, a) in passes.iter().enumerate() {
            for b in &passes[place + 1..] {
                if b.0 - a.0 > gap_s {
                    break;
                }
                if a.1 != b.1 {
                    found.push(Meeting { narrow: number, first: a.1, second: b.1, at_s: b.0 });
                }
            }
        }
    }
    found
}

/// Times at which a convoy is nearest to a narrow place, leg by leg, if it comes within the radius.
fn passes(track: &Track, narrow: &Narrow) -> Vec<u32> {
    let mut times = Vec::new();
    for pair in track.fixes.windows(2) {
        let [(from_s, from), (to_s, to)] = *pair else { continue };
        if offset_m(from, to, narrow.point) > f64::from(narrow.radius_m) {
            continue;
        }
        let (along, leg, _) = project(from, to, narrow.point);
        let share = if leg > 0.0 { (along / leg).clamp(0.0, 1.0) } else { 0.0 };
        let at = from_s + part(to_s.saturating_sub(from_s), share);
        if times.last() != Some(&at) {
            times.push(at);
        }
    }
    times
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of a duration is not longer than it and not negative"
)]
fn part(duration_s: u32, share: f64) -> u32 {
    (f64::from(duration_s) * share).round() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlaps_of_one_team_are_found_and_turns_are_not() {
        let book = |team, convoy, from_s, until_s| Booking { team, convoy, from_s, until_s };
        let list =
            [book(1, 1, 0, 100), book(1, 2, 100, 200), book(2, 3, 50, 150), book(1, 4, 190, 250)];
        let found = double_booked(&list);
        let due = DoubleBooking { team: 1, first: 2, second: 4, from_s: 190, until_s: 200 };
        assert_eq!(found, [due]);
    }

    #[test]
    fn two_convoys_on_one_bridge_are_found_when_they_are_close_in_time() {
        let at = |lat: f64, lon: f64| Point::try_from_degrees(lat, lon).unwrap();
        let bridge = Narrow { name: "bridge".into(), point: at(30.05, 70.0), radius_m: 200 };
        let north = |convoy, start: u32| Track {
            convoy,
            fixes: vec![(start, at(30.0, 70.0)), (start + 600, at(30.1, 70.0))],
        };
        let aside = Track { convoy: 9, fixes: vec![(0, at(30.0, 70.1)), (600, at(30.1, 70.1))] };
        let narrows = [bridge];
        let found = meetings(&[north(1, 0), north(2, 200), aside.clone()], &narrows, 300);
        assert_eq!(found, [Meeting { narrow: 0, first: 1, second: 2, at_s: 500 }]);
        assert!(meetings(&[north(1, 0), north(2, 400), aside], &narrows, 300).is_empty());
    }
}
