//! Where no roads are loaded: the great circle times a detour, at a speed, both by terrain and both taken from roads that
//! are known. Whatever comes from here says that it is estimated, and how far off it was where that could be checked.

use super::{
    NO_WAY, anchor::Anchor, graph::RoadGraph, hierarchy::Hierarchy, metric::Metric, route::Router,
};
use crate::allocate::{DistanceModel, Terrain};
use pehra_domain::{Point, road::RoadNetwork, seed::Seed};

/// A journey's length and time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Travel {
    pub distance_m: u32,
    pub time_s: u32,
    /// Not from roads.
    pub estimated: bool,
}

/// What roads of one terrain taught.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calibration {
    pub terrain: Terrain,
    /// Journeys compared.
    pub pairs: u32,
    /// Median of road ÷ great circle, in thousandths.
    pub detour_permille: u32,
    /// Median speed along the road, in metres an hour.
    pub speed_m_per_h: u32,
    /// Error of the estimated time against the road's, in thousandths of it: median and 95th percentile of the half of the
    /// journeys that the figures above were not taken from.
    pub error_p50_permille: u32,
    pub error_p95_permille: u32,
    /// The same for the estimated length.
    pub length_error_p50_permille: u32,
    pub length_error_p95_permille: u32,
    /// Error of the length by the proposed detour instead, for comparison.
    pub proposed_p50_permille: u32,
}

/// An estimate between two places in one terrain.
#[must_use]
pub fn travel(from: Point, to: Point, detour_permille: u32, speed_m_per_h: u32) -> Travel {
    let distance_m = whole(from.distance_m(to) * f64::from(detour_permille) / 1_000.0);
    let time_s = u64::from(distance_m) * 3_600 / u64::from(speed_m_per_h.max(1));
    Travel { distance_m, time_s: u32::try_from(time_s).unwrap_or(u32::MAX), estimated: true }
}

/// One journey as the roads have it.
#[derive(Clone, Copy, Debug)]
struct Journey {
    terrain: Terrain,
    from: Point,
    to: Point,
    distance_m: u32,
    time_s: u32,
}

/// Shortest great circle of a journey that teaches anything.
const LEAST_M: f64 = 500.0;

/// Compares `pairs` seeded journeys between points of the network with the great circle.
#[must_use]
pub fn calibrate(
    network: &RoadNetwork,
    graph: &RoadGraph,
    (hierarchy, metric): (&Hierarchy, &Metric),
    terrain: &dyn Fn(Point) -> Terrain,
    (pairs, seed): (usize, u64),
) -> Vec<Calibration> {
    let mut router = Router::new(&graph.arcs, hierarchy, metric);
    let mut chance = Seed::new(seed);
    let mut journeys = Vec::new();
    let stretches = network.stretches.len() as u64;
    for _ in 0..pairs {
        let mut draw = || Anchor {
            stretch: u32::try_from(chance.below(stretches)).unwrap_or_default(),
            share_permille: 500,
            off_road_m: 0,
        };
        let (one, other) = (draw(), draw());
        journeys.extend(journey(network, graph, metric, &mut router, terrain, one, other));
    }
    let kinds = [Terrain::Plain, Terrain::Hill, Terrain::Mountain];
    kinds.into_iter().filter_map(|kind| fit(&journeys, kind)).collect()
}

fn journey(
    network: &RoadNetwork,
    graph: &RoadGraph,
    metric: &Metric,
    router: &mut Router<'_>,
    terrain: &dyn Fn(Point) -> Terrain,
    one: Anchor,
    other: Anchor,
) -> Option<Journey> {
    let middle = |anchor: Anchor| {
        let line: Vec<Point> = network.line_of(anchor.stretch as usize).collect();
        line.get(line.len() / 2).copied()
    };
    let (from, to) = (middle(one)?, middle(other)?);
    if one.stretch == other.stretch || from.distance_m(to) < LEAST_M {
        return None;
    }
    let departures = one.departures(graph, metric.weights());
    let arrivals = other.arrivals(graph, metric.weights());
    let way = router.way(&departures, &arrivals).filter(|way| way.time_ms < NO_WAY)?;
    let ends =
        [one, other].map(|anchor| network.stretches[anchor.stretch as usize].decimetres() / 2);
    let inner: u64 = way
        .arcs
        .iter()
        .map(|&arc| network.stretches[graph.drives[arc].stretch()].decimetres())
        .sum();
    let distance_m = u32::try_from((inner + ends.iter().sum::<u64>()) / 10).ok()?;
    let time_s = (way.time_ms / 1_000).max(1);
    Some(Journey { terrain: terrain(from), from, to, distance_m, time_s })
}

/// Figures from every second journey, errors from the others. None below a dozen journeys.
fn fit(journeys: &[Journey], terrain: Terrain) -> Option<Calibration> {
    let of_kind: Vec<&Journey> = journeys.iter().filter(|j| j.terrain == terrain).collect();
    if of_kind.len() < 12 {
        return None;
    }
    let taught: Vec<&Journey> = of_kind.iter().copied().step_by(2).collect();
    let ratio = |j: &Journey| whole(f64::from(j.distance_m) * 1_000.0 / j.from.distance_m(j.to));
    let speed = |j: &Journey| {
        let per_hour = u64::from(j.distance_m) * 3_600 / u64::from(j.time_s);
        u32::try_from(per_hour).unwrap_or(u32::MAX)
    };
    let detour_permille = nearest_rank(taught.iter().map(|j| ratio(j)).collect(), 50);
    let speed_m_per_h = nearest_rank(taught.iter().map(|j| speed(j)).collect(), 50);
    let proposed = terrain.of(DistanceModel::proposed().detour_permille);
    let errors = |measure: &dyn Fn(&Journey) -> (u32, u32)| -> Vec<u32> {
        let others = of_kind.iter().skip(1).step_by(2);
        others.map(|j| error_permille(measure(j))).collect()
    };
    let estimate = |j: &Journey| travel(j.from, j.to, detour_permille, speed_m_per_h);
    let times = errors(&|j| (estimate(j).time_s, j.time_s));
    let lengths = errors(&|j| (estimate(j).distance_m, j.distance_m));
    let by_proposal = errors(&|j| (travel(j.from, j.to, proposed, 1).distance_m, j.distance_m));
    Some(Calibration {
        terrain,
        pairs: super::narrow(of_kind.len()),
        detour_permille,
        speed_m_per_h,
        error_p50_permille: nearest_rank(times.clone(), 50),
        error_p95_permille: nearest_rank(times, 95),
        length_error_p50_permille: nearest_rank(lengths.clone(), 50),
        length_error_p95_permille: nearest_rank(lengths, 95),
        proposed_p50_permille: nearest_rank(by_proposal, 50),
    })
}

fn error_permille((estimate, truth): (u32, u32)) -> u32 {
    let off = u64::from(estimate.abs_diff(truth)) * 1_000 / u64::from(truth.max(1));
    u32::try_from(off).unwrap_or(u32::MAX)
}

/// Percentile by nearest rank; 0 of nothing.
fn nearest_rank(mut values: Vec<u32>, percent: usize) -> u32 {
    values.sort_unstable();
    let rank = (values.len() * percent).div_ceil(100).max(1);
    values.get(rank - 1).copied().unwrap_or_default()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "metres on earth and ratios of them; never negative"
)]
fn whole(value: f64) -> u32 {
    value.round().clamp(0.0, 4e9) as u32
}
