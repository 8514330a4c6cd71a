//! Points by place: "which lie within so many metres" and "which is the nearest".

use pehra_domain::{Point, point::EARTH_RADIUS_M};

/// Cell size: 0.1 degree of latitude, about 11 km.
const CELL_E7: i32 = 1_000_000;
const RADIANS_PER_E7: f64 = std::f64::consts::PI / 180.0 / 1e7;
const METRES_PER_CELL: f64 = CELL_E7 as f64 * RADIANS_PER_E7 * EARTH_RADIUS_M;

/// Items sorted by cell; answers do not depend on the order in which they were given.
#[derive(Clone, Debug, Default)]
pub(crate) struct Grid {
    /// (row, column, item), sorted.
    cells: Vec<(i32, i32, u32)>,
    points: Vec<Point>,
}

/// One found item.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Hit {
    pub(crate) item: usize,
    pub(crate) distance_m: f64,
}

/// A centre with the cosine of its latitude: equirectangular distance, error below 0.1 % within 100 km.
struct Centre {
    point: Point,
    cosine: f64,
}

impl Centre {
    fn new(point: Point) -> Self {
        Self { point, cosine: libm::cos(point.lat_deg().to_radians()).max(0.05) }
    }

    fn distance_m(&self, other: Point) -> f64 {
        let north = (f64::from(other.lat_e7) - f64::from(self.point.lat_e7)) * RADIANS_PER_E7;
        let east = (f64::from(other.lon_e7) - f64::from(self.point.lon_e7)) * RADIANS_PER_E7;
        let east = east * self.cosine;
        EARTH_RADIUS_M * (north * north + east * east).sqrt()
    }
}

fn cell(point: Point) -> (i32, i32) {
    (point.lat_e7.div_euclid(CELL_E7), point.lon_e7.div_euclid(CELL_E7))
}

impl Grid {
    pub(crate) fn new(points: Vec<Point>) -> Self {
        let mut cells: Vec<(i32, i32, u32)> = points
            .iter()
            .zip(0_u32..)
            .map(|(point, item)| {
                let (row, column) = cell(*point);
                (row, column, item)
            })
            .collect();
        cells.sort_unstable();
        Self { cells, points }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.points.is_empty()
    }

    pub(crate) fn point(&self, item: usize) -> Point {
        self.points[item]
    }

    fn row_span(&self, row: i32, from: i32, to: i32) -> &[(i32, i32, u32)] {
        let start = self.cells.partition_point(|&(r, c, _)| (r, c) < (row, from));
        let rest = &self.cells[start..];
        &rest[..rest.partition_point(|&(r, c, _)| (r, c) <= (row, to))]
    }

    /// Calls back for every item within the radius, in the order of cells and items.
    pub(crate) fn within(&self, point: Point, radius_m: f64, mut found: impl FnMut(Hit)) {
        if self.cells.is_empty() {
            return;
        }
        let centre = Centre::new(point);
        let (row, column) = cell(point);
        let rows = cells_for(radius_m / METRES_PER_CELL);
        let columns = cells_for(radius_m / METRES_PER_CELL / centre.cosine);
        for at in row - rows..=row + rows {
            for &(_, _, item) in self.row_span(at, column - columns, column + columns) {
                let item = item as usize;
                let distance_m = centre.distance_m(self.points[item]);
                if distance_m <= radius_m {
                    found(Hit { item, distance_m });
                }
            }
        }
    }

    /// The nearest item that is wanted, within the radius; of equally near ones the first.
    pub(crate) fn nearest(
        &self,
        point: Point,
        radius_m: f64,
        wanted: impl Fn(usize) -> bool,
    ) -> Option<Hit> {
        let mut reach = METRES_PER_CELL.min(radius_m);
        loop {
            let mut best: Option<Hit> = None;
            self.within(point, reach, |hit| {
                if wanted(hit.item) && best.is_none_or(|b| nearer(hit, b)) {
                    best = Some(hit);
                }
            });
            if best.is_some() || reach >= radius_m {
                return best;
            }
            reach = (reach * 2.0).min(radius_m);
        }
    }
}

fn nearer(a: Hit, b: Hit) -> bool {
    a.distance_m < b.distance_m || (a.distance_m <= b.distance_m && a.item < b.item)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a radius is at most half the earth: 20 000 km"
)]
fn cells_for(cells: f64) -> i32 {
    cells.clamp(0.0, 4_000.0).ceil() as i32
}

#[cfg(test)]
mod tests {
    use super::*;
    use pehra_domain::seed::Seed;

    fn scatter(n: usize) -> Vec<Point> {
        let mut seed = Seed::new(11);
        (0..n)
            .map(|_| {
                Point::try_from_degrees(24.0 + 12.0 * seed.unit(), 61.0 + 14.0 * seed.unit())
                    .unwrap()
            })
            .collect()
    }

    #[test]
    fn the_grid_finds_what_a_full_search_finds() {
        let points = scatter(2_000);
        let grid = Grid::new(points.clone());
        for centre in scatter(40) {
            let mut found = Vec::new();
            grid.within(centre, 40_000.0, |hit| found.push(hit.item));
            found.sort_unstable();
            let near = Centre::new(centre);
            let full: Vec<usize> =
                (0..points.len()).filter(|&i| near.distance_m(points[i]) <= 40_000.0).collect();
            assert_eq!(found, full);
            let nearest = grid.nearest(centre, 1e6, |_| true).unwrap();
            let least = points.iter().map(|p| near.distance_m(*p)).fold(f64::INFINITY, f64::min);
            assert!((nearest.distance_m - least).abs() < 1e-9);
        }
    }

    #[test]
    fn the_flat_distance_is_close_to_the_great_circle() {
        for pair in scatter(400).chunks(2) {
            let near = Point {
                lat_e7: pair[0].lat_e7 + (pair[1].lat_e7 - pair[0].lat_e7) / 20,
                lon_e7: pair[0].lon_e7 + (pair[1].lon_e7 - pair[0].lon_e7) / 20,
            };
            let (flat, round) = (Centre::new(pair[0]).distance_m(near), pair[0].distance_m(near));
            assert!((flat - round).abs() <= 0.005 * round + 1.0, "{flat} {round}");
        }
    }
}
