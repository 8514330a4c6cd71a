//! Where a place touches the road: the nearest point of the nearest stretch, and the times from there to its ends.

use super::{
    NO_WAY,
    graph::{Drive, RoadGraph},
    join, narrow,
    route::Label,
};
use pehra_domain::{
    Point,
    point::EARTH_RADIUS_M,
    road::{RoadClass, RoadNetwork},
};

/// Edge of a cell of the index, in 1e-7 degrees: about a kilometre.
const CELL_E7: i32 = 100_000;

/// A point on a stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anchor {
    pub stretch: u32,
    /// Thousandths of the stretch's length, from its first junction.
    pub share_permille: u32,
    /// From the place to the road, as the crow flies.
    pub off_road_m: u32,
}

/// Segments by cell.
#[derive(Clone, Debug)]
pub struct Locator {
    /// Cell and stretch, sorted.
    cells: Vec<(u64, u32)>,
}

impl Locator {
    /// Indexes the stretches that `usable` allows; ferries and links by boat or air are never stopped at half way.
    #[must_use]
    pub fn new(network: &RoadNetwork, usable: &dyn Fn(usize) -> bool) -> Self {
        let mut cells = Vec::new();
        for (stretch, s) in network.stretches.iter().enumerate() {
            let on_land = !matches!(s.class, RoadClass::Ferry | RoadClass::Boat | RoadClass::Air);
            if !on_land || !usable(stretch) {
                continue;
            }
            let line: Vec<Point> = network.line_of(stretch).collect();
            for pair in line.windows(2) {
                if let [a, b] = pair {
                    cross(*a, *b, &mut |cell| cells.push((cell, narrow(stretch))));
                }
            }
        }
        cells.sort_unstable();
        cells.dedup();
        Self { cells }
    }

    /// The nearest road within `most_m`.
    #[must_use]
    pub fn nearest(&self, network: &RoadNetwork, place: Point, most_m: f64) -> Option<Anchor> {
        let (row, column) = cell(place);
        let narrowest_m = cell_width_m(place);
        let mut best: Option<(f64, Anchor)> = None;
        let mut ring = 0_i32;
        loop {
            let certain_m = f64::from(ring - 1) * narrowest_m;
            let found = best.as_ref().is_some_and(|(distance, _)| *distance <= certain_m);
            if found || certain_m > most_m {
                return best.filter(|(distance, _)| *distance <= most_m).map(|(_, anchor)| anchor);
            }
            for dy in -ring..=ring {
                let step = if dy.abs() == ring { 1 } else { (2 * ring).max(1) };
                let mut dx = -ring;
                while dx <= ring {
                    self.look(network, place, key(row + dy, column + dx), &mut best);
                    dx += step;
                }
            }
            ring += 1;
        }
    }

    fn look(
        &self,
        network: &RoadNetwork,
        place: Point,
        cell: u64,
        best: &mut Option<(f64, Anchor)>,
    ) {
        let start = self.cells.partition_point(|(known, _)| *known < cell);
        for &(_, stretch) in self.cells[start..].iter().take_while(|(known, _)| *known == cell) {
            let (distance, share) = project(network, stretch as usize, place);
            let better = best.as_ref().is_none_or(|(known, anchor)| {
                distance < *known || (distance <= *known && stretch < anchor.stretch)
            });
            if better {
                let anchor = Anchor { stretch, share_permille: share, off_road_m: whole(distance) };
                *best = Some((distance, anchor));
            }
        }
    }
}

impl Anchor {
    /// Where a journey that starts here can be next, and after how long.
    #[must_use]
    pub fn departures(&self, graph: &RoadGraph, weights: &[u32]) -> Vec<Label> {
        self.departures_where(graph, weights, &|_| true)
    }

    /// The same in those directions alone that may be taken: `true` is away from the stretch's first junction.
    #[must_use]
    pub fn departures_where(
        &self,
        graph: &RoadGraph,
        weights: &[u32],
        may: &dyn Fn(bool) -> bool,
    ) -> Vec<Label> {
        let mut labels = Vec::new();
        for forth in [true, false].into_iter().filter(|&forth| may(forth)) {
            let left = if forth { 1_000 - self.share_permille } else { self.share_permille };
            let arcs = graph.arcs_of(Drive::new(self.stretch, forth));
            let open = arcs.iter().map(|&arc| arc as usize).filter(|&arc| weights[arc] < NO_WAY);
            labels.extend(open.map(|arc| (graph.arcs.head(arc), part(weights[arc], left))));
        }
        labels.sort_unstable();
        labels.dedup_by_key(|(vertex, _)| *vertex);
        labels
    }

    /// From where a journey that ends here comes, and how long the rest takes.
    #[must_use]
    pub fn arrivals(&self, graph: &RoadGraph, weights: &[u32]) -> Vec<Label> {
        self.arrivals_where(graph, weights, &|_| true)
    }

    /// The same in those directions alone that may be taken: `true` is away from the stretch's first junction.
    #[must_use]
    pub fn arrivals_where(
        &self,
        graph: &RoadGraph,
        weights: &[u32],
        may: &dyn Fn(bool) -> bool,
    ) -> Vec<Label> {
        let mut labels = Vec::new();
        for forth in [true, false].into_iter().filter(|&forth| may(forth)) {
            let first = if forth { self.share_permille } else { 1_000 - self.share_permille };
            for &arc in graph.arcs_of(Drive::new(self.stretch, forth)) {
                let arc = arc as usize;
                if weights[arc] < NO_WAY {
                    labels.push((tail(graph, arc), part(weights[arc], first)));
                }
            }
        }
        labels.sort_unstable();
        labels.dedup_by_key(|(vertex, _)| *vertex);
        labels
    }

    /// The time along the stretch itself when both lie on it and it may be driven that way.
    #[must_use]
    pub fn along_ms(&self, to: &Self, graph: &RoadGraph, weights: &[u32]) -> u32 {
        if self.stretch != to.stretch {
            return NO_WAY;
        }
        if to.share_permille == self.share_permille {
            return 0;
        }
        let forth = to.share_permille > self.share_permille;
        let share = to.share_permille.abs_diff(self.share_permille);
        let arcs = graph.arcs_of(Drive::new(self.stretch, forth));
        let open = arcs.iter().map(|&arc| weights[arc as usize]).filter(|&time| time < NO_WAY);
        open.map(|time| part(time, share)).min().unwrap_or(NO_WAY)
    }
}

/// Table between anchors: what the hierarchy gives, or the stretch itself where both ends lie on it.
pub fn with_own_stretch(
    times: &mut [u32],
    from: &[Anchor],
    to: &[Anchor],
    graph: &RoadGraph,
    weights: &[u32],
) {
    for (row, source) in times.chunks_mut(to.len().max(1)).zip(from) {
        for (time, target) in row.iter_mut().zip(to) {
            if source.stretch == target.stretch {
                *time = (*time).min(source.along_ms(target, graph, weights));
            }
        }
    }
}

fn part(time: u32, permille: u32) -> u32 {
    let share = u64::from(time) * u64::from(permille) / 1_000;
    join(u32::try_from(share).unwrap_or(NO_WAY), 0)
}

fn tail(graph: &RoadGraph, arc: usize) -> u32 {
    let (mut low, mut high) = (0, narrow(graph.arcs.vertices()));
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if graph.arcs.out(middle).start <= arc { low = middle } else { high = middle }
    }
    low
}

fn cell(place: Point) -> (i32, i32) {
    (place.lat_e7.div_euclid(CELL_E7), place.lon_e7.div_euclid(CELL_E7))
}

fn key(row: i32, column: i32) -> u64 {
    u64::from(row.cast_unsigned()) << 32 | u64::from(column.cast_unsigned())
}

/// The narrower side of a cell there.
fn cell_width_m(place: Point) -> f64 {
    let side = (f64::from(CELL_E7) / 1e7).to_radians() * EARTH_RADIUS_M;
    side * libm::cos(place.lat_deg().abs().min(89.0).to_radians())
}

/// Every cell of the box around a segment. Roads are drawn in short segments; a long one costs cells, never answers.
fn cross(a: Point, b: Point, take: &mut dyn FnMut(u64)) {
    let ((row_a, column_a), (row_b, column_b)) = (cell(a), cell(b));
    for row in row_a.min(row_b)..=row_a.max(row_b) {
        for column in column_a.min(column_b)..=column_a.max(column_b) {
            take(key(row, column));
        }
    }
}

/// Distance in metres to a stretch and where on it, on the plane that touches the globe at the place.
fn project(network: &RoadNetwork, stretch: usize, place: Point) -> (f64, u32) {
    let scale = EARTH_RADIUS_M * (1e-7_f64).to_radians();
    let across = scale * libm::cos(place.lat_deg().to_radians());
    let plane = |point: Point| {
        let north = f64::from(point.lat_e7 - place.lat_e7) * scale;
        let east = f64::from(point.lon_e7 - place.lon_e7) * across;
        (east, north)
    };
    let line: Vec<(f64, f64)> = network.line_of(stretch).map(plane).collect();
    let (mut gone, mut best) = (0.0, (f64::INFINITY, 0.0));
    for pair in line.windows(2) {
        let [(ax, ay), (bx, by)] = pair else { continue };
        let (dx, dy) = (bx - ax, by - ay);
        let squared = dx * dx + dy * dy;
        let length = squared.sqrt();
        let along =
            if squared > 0.0 { (-(ax * dx + ay * dy) / squared).clamp(0.0, 1.0) } else { 0.0 };
        let (x, y) = (ax + along * dx, ay + along * dy);
        let distance = (x * x + y * y).sqrt();
        if distance < best.0 {
            best = (distance, gone + along * length);
        }
        gone += length;
    }
    let share = if gone > 0.0 { best.1 / gone * 1_000.0 } else { 0.0 };
    (best.0, whole(share).min(1_000))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a distance on earth in metres, or thousandths; never negative"
)]
fn whole(value: f64) -> u32 {
    value.round().clamp(0.0, 4e9) as u32
}

/// Metres from a place to a stretch.
pub(super) fn distance_m(network: &RoadNetwork, stretch: usize, place: Point) -> f64 {
    project(network, stretch, place).0
}
