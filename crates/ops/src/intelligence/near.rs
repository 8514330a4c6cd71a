//! What lies where a report points, in space and in time.

use super::{Place, Window, geometry};
use crate::{
    incident::{self, Matter},
    state::State,
};
use pehra_domain::{AreaId, Point, UnixMs};

/// Something near a place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Near<T> {
    /// From the place's edge; 0 inside.
    pub distance_m: u32,
    pub what: T,
}

/// Metres from a place's edge to a line of points: a station is one, a convoy's way is more. None where either has none.
#[must_use]
pub fn distance_m(place: &Place, line: &[Point]) -> Option<u32> {
    let apart = geometry::distance_between_m(&place.points, line)?;
    let beyond = (apart - f64::from(place.radius_m)).max(0.0);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at most half the globe"
    )]
    Some(beyond.round() as u32)
}

/// Ten-millionths of a degree of latitude that a metre has at most.
const LATITUDE_E7_A_METRE: i64 = 91;
/// As far north and south a degree of longitude is at least half as long as one of latitude.
const NARROWING_E7: i64 = 590_000_000;

/// A rectangle outside of which nothing is near a place: so that a nation's stations are not all measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    latitudes: (i64, i64),
    longitudes: (i64, i64),
}

impl Frame {
    /// None where the place has no points.
    #[must_use]
    pub fn of(place: &Place, within_m: u32) -> Option<Self> {
        let beyond = (i64::from(place.radius_m) + i64::from(within_m) + 1) * LATITUDE_E7_A_METRE;
        let (latitudes, longitudes) = extent(&place.points)?;
        let latitudes = (latitudes.0 - beyond, latitudes.1 + beyond);
        let polar = latitudes.0 < -NARROWING_E7 || latitudes.1 > NARROWING_E7;
        let wide = if polar { i64::from(u32::MAX) } else { 2 * beyond };
        Some(Self { latitudes, longitudes: (longitudes.0 - wide, longitudes.1 + wide) })
    }

    /// Whether a line could be near. Never no where it is.
    #[must_use]
    pub fn may_hold(&self, line: &[Point]) -> bool {
        let apart = |ours: (i64, i64), theirs: (i64, i64)| ours.1 < theirs.0 || theirs.1 < ours.0;
        extent(line).is_some_and(|(latitudes, longitudes)| {
            !apart(self.latitudes, latitudes) && !apart(self.longitudes, longitudes)
        })
    }
}

/// The least and the greatest latitude and longitude.
fn extent(line: &[Point]) -> Option<((i64, i64), (i64, i64))> {
    let latitudes = line.iter().map(|point| i64::from(point.lat_e7));
    let longitudes = line.iter().map(|point| i64::from(point.lon_e7));
    Some((
        (latitudes.clone().min()?, latitudes.max()?),
        (longitudes.clone().min()?, longitudes.max()?),
    ))
}

/// Those of some things that lie within a distance of a place, the nearest first.
#[must_use]
pub fn within<T: Ord, L: AsRef<[Point]>>(
    place: &Place,
    within_m: u32,
    things: impl Iterator<Item = (T, L)>,
) -> Vec<Near<T>> {
    let Some(frame) = Frame::of(place, within_m) else { return Vec::new() };
    let mut found: Vec<Near<T>> = things
        .filter(|(_, line)| frame.may_hold(line.as_ref()))
        .filter_map(|(what, line)| {
            Some(Near { distance_m: distance_m(place, line.as_ref())?, what })
        })
        .filter(|near| near.distance_m <= within_m)
        .collect();
    found.sort();
    found
}

/// A way that is driven in a time: a convoy's leg, a patrol's.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Way {
    pub name: String,
    pub line: Vec<Point>,
    pub from: UnixMs,
    pub until: UnixMs,
}

/// Ways that pass a place while a report's window is open, the nearest first.
#[must_use]
pub fn ways(place: &Place, window: Window, within_m: u32, all: &[Way]) -> Vec<Near<String>> {
    let open = all.iter().filter(|way| window.meets(&Window { from: way.from, until: way.until }));
    within(place, within_m, open.map(|way| (way.name.clone(), &way.line)))
}

/// Incidents near a place that were reported at most so long before a window, or in it. Complaints are no such thing.
#[must_use]
pub fn incidents(
    state: &State,
    area: &AreaId,
    (place, window): (&Place, Window),
    within_m: u32,
    before_ms: i64,
) -> Vec<Near<incident::Key>> {
    let recent = Window { from: UnixMs(window.from.0.saturating_sub(before_ms)), ..window };
    let all = state.incidents.all().filter_map(|(key, record)| {
        let (report, _) = record.report()?;
        let at = Window { from: report.at, until: UnixMs(report.at.0.saturating_add(1)) };
        let fits = key.matter == Matter::Incident && area.contains(&key.area) && recent.meets(&at);
        let point = report.place.point.filter(|_| fits)?;
        Some((key.clone(), [point]))
    });
    within(place, within_m, all)
}

#[cfg(test)]
mod tests {
    use super::super::{Compartment, Report};
    use super::*;
    use crate::{
        incident::Code,
        testing::{apply, context, day, desk::*, early, east, opened as open_state},
    };

    fn told() -> Report {
        report("SB-1", Compartment::Open)
    }

    #[test]
    fn a_way_that_passes_in_the_window_is_near_and_one_that_passes_earlier_is_not() {
        let told = told();
        let way = |name: &str, hour: i64, lat: f64| Way {
            name: name.to_owned(),
            line: vec![spot(lat, 67.0), spot(lat, 67.2)],
            from: hours(hour),
            until: hours(hour + 2),
        };
        let all = [
            way("C-1", 25, 24.91),
            way("C-2", 20, 24.9),
            way("C-3", 29, 24.9),
            way("C-4", 25, 25.3),
        ];
        let near = ways(&told.place, told.window, 2_000, &all);
        let names: Vec<&str> = near.iter().map(|one| one.what.as_str()).collect();
        assert_eq!(names, ["C-3", "C-1"]);
        assert_eq!(near[0].distance_m, 0);
        assert!((near[1].distance_m.cast_signed() - 812).abs() < 5, "{}", near[1].distance_m);
    }

    #[test]
    fn the_frame_leaves_out_nothing_that_is_near() {
        let mut told = told();
        let mut near = 0;
        for (south, radius_m) in
            [(0.0, 500), (24.9, 500), (36.9, 20_000), (58.0, 1_000), (71.0, 800)]
        {
            told.place.points = vec![spot(south, 67.0), spot(south + 0.05, 67.02)];
            told.place.radius_m = radius_m;
            let frame = Frame::of(&told.place, 2_000).unwrap();
            for step in 0..40_i32 {
                for side in -30..30_i32 {
                    let from = spot(south - 0.2 + f64::from(step) / 100.0, 67.0);
                    let to =
                        spot(f64::from(from.lat_e7) / 1e7 + 0.01, 67.0 + f64::from(side) / 50.0);
                    let is_near = distance_m(&told.place, &[from, to]).unwrap() <= 2_000;
                    near += usize::from(is_near);
                    assert!(!is_near || frame.may_hold(&[from, to]), "{south} {step} {side}");
                }
            }
            let far = [spot(south - 2.0, 67.0), spot(south - 2.1, 67.0)];
            assert!(!frame.may_hold(&far));
        }
        assert!(near > 100, "{near}: the test looks in vain");
    }

    #[test]
    fn incidents_of_the_days_before_are_near_and_older_ones_are_not() {
        let mut state = open_state();
        let mut tell = |number, hour: i64, lon: f64| {
            let mut event = day::report(number, Code::IedPst, UnixMs(early().0 + hour * 3_600_000));
            event.place.point = Some(spot(24.9, lon));
            let who = context(1, "CTRL-D", hours(40));
            apply(&mut state, &who, 30, &day::reported(event)).unwrap();
        };
        tell(1, 20, 67.11);
        tell(2, -80, 67.1);
        tell(3, 20, 67.9);
        let told = told();
        let found = incidents(&state, &east(), (&told.place, told.window), 2_000, 48 * 3_600_000);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].what, day::key(1));
    }
}
