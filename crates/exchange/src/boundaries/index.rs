//! Which boundary holds a point: a grid over the boundaries' boxes, then exact counting of crossings.

use super::Boundary;
use pehra_domain::Point;
use std::collections::BTreeMap;

/// Side of a cell: a quarter of a degree, in 1e-7 degrees.
const CELL_E7: i32 = 2_500_000;
/// Most cells one boundary is entered in; a larger one is looked at for every point.
const CELLS_MAX: i64 = 40_000;

/// Boundaries ready to be asked.
#[derive(Clone, Debug, Default)]
pub struct BoundaryIndex {
    boundaries: Vec<Boundary>,
    boxes: Vec<(Point, Point)>,
    cells: BTreeMap<(i32, i32), Vec<usize>>,
    large: Vec<usize>,
}

impl BoundaryIndex {
    #[must_use]
    pub fn new(boundaries: Vec<Boundary>) -> Self {
        let mut index = Self::default();
        for (at, boundary) in boundaries.iter().enumerate() {
            let points = || boundary.rings.iter().flatten();
            let low = |pick: fn(&Point) -> i32| points().map(pick).min().unwrap_or_default();
            let high = |pick: fn(&Point) -> i32| points().map(pick).max().unwrap_or_default();
            let south_west = Point { lat_e7: low(|p| p.lat_e7), lon_e7: low(|p| p.lon_e7) };
            let north_east = Point { lat_e7: high(|p| p.lat_e7), lon_e7: high(|p| p.lon_e7) };
            index.boxes.push((south_west, north_east));
            let (from, to) = (cell(south_west), cell(north_east));
            let (rows, columns) =
                (i64::from(to.0) - i64::from(from.0) + 1, i64::from(to.1) - i64::from(from.1) + 1);
            if rows * columns > CELLS_MAX {
                index.large.push(at);
                continue;
            }
            for row in from.0..=to.0 {
                for column in from.1..=to.1 {
                    index.cells.entry((row, column)).or_default().push(at);
                }
            }
        }
        index.boundaries = boundaries;
        index
    }

    #[must_use]
    pub fn boundaries(&self) -> &[Boundary] {
        &self.boundaries
    }

    /// The first boundary that holds the point.
    #[must_use]
    pub fn at(&self, point: Point) -> Option<&Boundary> {
        let near = self.cells.get(&cell(point)).map(Vec::as_slice).unwrap_or_default();
        near.iter().chain(&self.large).find_map(|&at| {
            let (low, high) = self.boxes.get(at)?;
            let in_box = (low.lat_e7..=high.lat_e7).contains(&point.lat_e7)
                && (low.lon_e7..=high.lon_e7).contains(&point.lon_e7);
            let boundary = self.boundaries.get(at)?;
            (in_box && holds(&boundary.rings, point)).then_some(boundary)
        })
    }

    /// Whether any boundary belongs to that province.
    #[must_use]
    pub fn covers(&self, province: &str) -> bool {
        self.boundaries.iter().any(|boundary| boundary.province == province)
    }

    /// The boundary of that name, in that province if one is given; case and marks do not matter.
    #[must_use]
    pub fn named(&self, province: Option<&str>, name: &str) -> Option<&Boundary> {
        let plain = |text: &str| -> String {
            text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()
        };
        let wanted = plain(name);
        self.boundaries.iter().find(|boundary| {
            province.is_none_or(|province| province == boundary.province)
                && plain(&boundary.name) == wanted
        })
    }
}

fn cell(point: Point) -> (i32, i32) {
    (point.lat_e7.div_euclid(CELL_E7), point.lon_e7.div_euclid(CELL_E7))
}

/// Even-odd rule in whole numbers: exact, and the same on every machine.
fn holds(rings: &[Vec<Point>], point: Point) -> bool {
    let mut inside = false;
    let (x, y) = (i128::from(point.lon_e7), i128::from(point.lat_e7));
    for side in rings.iter().flat_map(|ring| ring.windows(2)) {
        let [a, b] = side else { continue };
        if (a.lat_e7 > point.lat_e7) == (b.lat_e7 > point.lat_e7) {
            continue;
        }
        let (ax, ay) = (i128::from(a.lon_e7), i128::from(a.lat_e7));
        let (bx, by) = (i128::from(b.lon_e7), i128::from(b.lat_e7));
        // The side's longitude at the point's latitude, against the point's own, without division.
        let left = (x - ax) * (by - ay) - (y - ay) * (bx - ax);
        if (left < 0) == (by > ay) && left != 0 {
            inside = !inside;
        }
    }
    inside
}
