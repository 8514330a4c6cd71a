//! Stations: only where the list of that very election is given.

use super::forecast::{Forecast, Known};
use super::measure::{Interval, interval};
use super::{Method, Task, small};
use crate::assess::{Inputs, Model, assess, grid::Grid};
use crate::threat::{ElectionField, ThreatField};
use pehra_domain::{
    Date, Point,
    area::slug,
    risk::RiskClass,
    seed::Seed,
    station::{PlaceBasis, Station},
};
use serde::Serialize;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// An event this near counts as at the station (DOMAIN §3(a), validation).
pub const AT_STATION_M: f64 = 1_000.0;
/// Below this many hit stations the report says that the sample is too small.
pub const HIT_MIN: u32 = 30;

/// How one method did on the stations.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StationRow {
    pub method: Method,
    /// Share of the hit stations among the top fifth.
    pub capture: Interval,
    pub lift: Interval,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StationReport {
    pub stations: u32,
    /// Stations with an exactly placed event within 1 km in the window.
    pub hit: u32,
    pub rows: Vec<StationRow>,
    pub too_small: bool,
}

/// Share of stations classed most sensitive at the previous poll (half for sensitive), by district; none when no
/// station with such a class lies in a known district.
pub(super) fn class_share(task: &Task<'_>) -> Option<Vec<f64>> {
    let (stations, classes) = (task.stations?, task.previous_classes?);
    let positions = super::forecast::positions(task);
    let mut sums = vec![(0.0, 0.0); task.gazetteer.districts.len()];
    for station in stations {
        let class = classes.get(&station.id);
        let place = positions.get(&slug(station.district.name()));
        if let (Some(class), Some(at)) = (class, place) {
            sums[*at].0 += class_points(*class);
            sums[*at].1 += 1.0;
        }
    }
    if sums.iter().all(|(_, n)| *n <= 0.0) {
        return None;
    }
    Some(sums.into_iter().map(|(sum, n)| if n > 0.0 { sum / n } else { 0.0 }).collect())
}

fn class_points(class: RiskClass) -> f64 {
    match class {
        RiskClass::Normal => 0.0,
        RiskClass::Sensitive => 0.5,
        RiskClass::Most => 1.0,
    }
}

/// Scores the stations, if their list is given and any event is placed exactly enough.
pub(super) fn score(task: &Task<'_>, known: &Known, forecast: &Forecast) -> Option<StationReport> {
    let listed = task.stations?;
    let placed: Vec<usize> =
        (0..listed.len()).filter(|at| listed[*at].place_basis != PlaceBasis::Estimated).collect();
    let stations: Vec<&Station> = placed.iter().map(|at| &listed[*at]).collect();
    if stations.len() < 5 {
        return None;
    }
    let hit = hit_stations(task, &stations);
    let mut ways = ways(task, known, forecast, &stations);
    let index = index(task, known, listed);
    ways.insert(1, (Method::Index, placed.iter().map(|at| index[*at]).collect()));
    let districts = groups(&stations);
    let rows = ways
        .into_iter()
        .map(|(method, values)| {
            let chosen = top_fifth(&stations, &values);
            measure(task, method, &hit, &chosen, &districts)
        })
        .collect();
    let hits = small(hit.iter().filter(|h| **h).count());
    Some(StationReport {
        stations: small(stations.len()),
        hit: hits,
        rows,
        too_small: hits < HIT_MIN,
    })
}

fn hit_stations(task: &Task<'_>, stations: &[&Station]) -> Vec<bool> {
    let (from, until) = (task.cut(), task.last_day());
    let exact: Vec<Point> = task
        .incidents
        .iter()
        .filter(|i| i.place_precision <= 1 && from <= i.date && i.date <= until)
        .map(|i| i.point)
        .collect();
    let grid = Grid::new(exact);
    stations.iter().map(|s| grid.nearest(s.point, AT_STATION_M, |_| true).is_some()).collect()
}

/// The risk index of every listed station on the eve of the window, from the list and the known records alone: no
/// surveys, units or intelligence of that time are at hand.
fn index(task: &Task<'_>, known: &Known, listed: &[Station]) -> Vec<f64> {
    let inputs = Inputs {
        stations: listed,
        buildings: &[],
        incidents: &known.records,
        units: &[],
        surveys: &[],
        overrides: &[],
        posteriors: &[],
        coverage: None,
        gazetteer: task.gazetteer,
        poll: task.poll,
        // D-55, the first day of the schedule in 2024 [P].
        schedule: task.poll.plus_days(-55),
        earlier_polls: task.earlier_polls,
        as_of: task.cut().plus_days(-1).midnight_pkt(),
    };
    let model = Model::default_pk2024();
    let go_on = &mut |_| ControlFlow::Continue(());
    // Nobody stops this one: a second for a nation.
    let found = assess(&model, &inputs, task.seed, 1, 1, go_on).unwrap_or_default();
    let mut values: Vec<f64> = found.iter().map(|a| f64::from(a.inherent_centi)).collect();
    values.resize(listed.len(), 0.0);
    values
}

/// A value a station for every method, from the past alone. The model multiplies what happened within reach (the threat
/// field, and incidents of earlier polls within 1 km) with what its district may expect; the small constants keep a
/// quiet place in a violent district above a quiet place in a quiet one [P].
fn ways(
    task: &Task<'_>,
    known: &Known,
    forecast: &Forecast,
    stations: &[&Station],
) -> Vec<(Method, Vec<f64>)> {
    let kernel = Model::default_pk2024().kernel;
    let eve = task.cut().plus_days(-1);
    let field = ThreatField::new(kernel, &known.records, task.gazetteer, eve);
    let earlier: Vec<Date> = task.earlier_polls.iter().copied().filter(|p| *p < eve).collect();
    let elections = ElectionField::new(kernel, &known.records, &earlier, eve);
    let positions = super::forecast::positions(task);
    let of_district = |values: &[f64], station: &Station| {
        positions.get(&slug(station.district.name())).map_or(0.0, |at| values[*at])
    };
    let rate = known.two_year_rate();
    let each = |value: &dyn Fn(&Station) -> f64| stations.iter().map(|s| value(s)).collect();
    let mut ways: Vec<(Method, Vec<f64>)> = vec![
        (
            Method::Model,
            each(&|s| {
                let local = field.intensity_at(s.point) + elections.read(s.point).sum;
                (0.1 + local) * (0.01 + of_district(&forecast.expected, s))
            }),
        ),
        (Method::DistrictRate, each(&|s| of_district(&rate, s))),
    ];
    if elections.polls_covered > 0 {
        ways.push((Method::LastTime, each(&|s| elections.read(s.point).sum)));
    }
    if let Some(classes) = task.previous_classes {
        ways.push((
            Method::PreviousClass,
            each(&|s| classes.get(&s.id).map_or(0.0, |class| class_points(*class))),
        ));
    }
    ways
}

fn top_fifth(stations: &[&Station], values: &[f64]) -> Vec<bool> {
    let mut order: Vec<usize> = (0..stations.len()).collect();
    // Equal values are spread by a hash of the id, so that a rival with few levels is not helped by the list's order.
    let spread = |at: usize| crate::assess::name_hash(stations[at].id.as_str());
    order.sort_by(|a, b| {
        values[*b].total_cmp(&values[*a]).then_with(|| spread(*a).cmp(&spread(*b)))
    });
    let mut chosen = vec![false; stations.len()];
    order.iter().take(stations.len() / 5).for_each(|at| chosen[*at] = true);
    chosen
}

fn groups(stations: &[&Station]) -> Vec<Vec<usize>> {
    let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, station) in stations.iter().enumerate() {
        groups.entry(station.district.as_str()).or_default().push(at);
    }
    groups.into_values().collect()
}

fn measure(
    task: &Task<'_>,
    method: Method,
    hit: &[bool],
    chosen: &[bool],
    districts: &[Vec<usize>],
) -> StationRow {
    let (capture, lift) = capture(hit, chosen, districts, task.bootstraps, task.seed);
    StationRow { method, capture, lift }
}

/// Which share of the hit stations is among the chosen, and how many times the share of the chosen among all that is.
/// The intervals draw whole districts, given as lists of positions, because what happens in one comes together.
#[must_use]
pub fn capture(
    hit: &[bool],
    chosen: &[bool],
    districts: &[Vec<usize>],
    bootstraps: u32,
    seed: u64,
) -> (Interval, Interval) {
    let is = |flags: &[bool], at: usize| flags.get(at).copied().unwrap_or(false);
    let tallies: Vec<(f64, f64)> = districts
        .iter()
        .map(|members| {
            let hits = members.iter().filter(|at| is(hit, **at)).count();
            let caught = members.iter().filter(|at| is(hit, **at) && is(chosen, **at)).count();
            (f64::from(small(caught)), f64::from(small(hits)))
        })
        .collect();
    let share = |picked: &mut dyn Iterator<Item = &(f64, f64)>| {
        let (caught, hits) = picked.fold((0.0, 0.0), |(a, b), (c, h)| (a + c, b + h));
        caught / hits
    };
    let value = share(&mut tallies.iter());
    let value = if value.is_finite() { value } else { 0.0 };
    let mut chance = Seed::fork(seed, 3);
    let resamples: Vec<f64> = (0..bootstraps)
        .map(|_| {
            let picks: Vec<usize> = (0..tallies.len())
                .map(|_| usize::try_from(chance.below(tallies.len() as u64)).unwrap_or(0))
                .collect();
            share(&mut picks.iter().filter_map(|at| tallies.get(*at)))
        })
        .collect();
    let share_chosen =
        f64::from(small(chosen.iter().filter(|c| **c).count())) / f64::from(small(chosen.len()));
    let lifts = resamples.iter().map(|c| c / share_chosen).collect();
    (interval(value, resamples), interval(value / share_chosen, lifts))
}
