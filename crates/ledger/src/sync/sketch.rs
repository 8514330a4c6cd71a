//! What differs between two rows of heights, in about twelve bytes for each log that does.
//!
//! Both sides know the same devices in the same order, so the heights are a long vector of which few places differ. A
//! cell sums some places: the heights, the heights times their number, the heights times a keyed check of the number, the
//! last two in a field. Summing is linear: the cells of two sides, taken from each other, are those of the differences
//! alone, and a cell with one difference left tells its place and its size. Which places a cell sums is drawn as for
//! [`super::symbol`], so that here too the row of cells is endless and nobody need know the number of differences before.
//! A place costs one difference, where a set of heads costs two, and the answer is known without asking back.

use super::element::Key;
use super::symbol::{SymbolFault, Walker};
use std::collections::BTreeMap;

/// The largest prime below 2^24: three bytes a sum, and more places than a node can hold logs.
const FIELD: u64 = 16_777_213;
pub const CELL_BYTES: usize = 8;
/// Cells of one comparison at most.
pub const CELLS_MAX: usize = 1 << 16;

/// Sums over some places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Cell {
    heights: u16,
    places: u32,
    checks: u32,
}

impl Cell {
    #[must_use]
    pub fn to_bytes(self) -> [u8; CELL_BYTES] {
        let [a, b] = self.heights.to_be_bytes();
        let ([_, c, d, e], [_, f, g, h]) = (self.places.to_be_bytes(), self.checks.to_be_bytes());
        [a, b, c, d, e, f, g, h]
    }

    #[must_use]
    pub fn from_bytes([a, b, c, d, e, f, g, h]: [u8; CELL_BYTES]) -> Self {
        let field = |bytes: [u8; 4]| narrow(u64::from(u32::from_be_bytes(bytes)) % FIELD);
        Self {
            heights: u16::from_be_bytes([a, b]),
            places: field([0, c, d, e]),
            checks: field([0, f, g, h]),
        }
    }

    /// Adds a weight at a place; negative takes it away.
    fn add(&mut self, weight: i64, place: u32, check: u64) {
        let [.., high, low] = weight.to_be_bytes();
        self.heights = self.heights.wrapping_add(u16::from_be_bytes([high, low]));
        let weight = in_field(weight);
        self.places = narrow((u64::from(self.places) + weight * u64::from(place)) % FIELD);
        self.checks = narrow((u64::from(self.checks) + weight * check) % FIELD);
    }

    fn minus(self, other: Self) -> Self {
        let less = |a: u32, b: u32| narrow((u64::from(a) + FIELD - u64::from(b)) % FIELD);
        Self {
            heights: self.heights.wrapping_sub(other.heights),
            places: less(self.places, other.places),
            checks: less(self.checks, other.checks),
        }
    }

    fn is_empty(self) -> bool {
        self == Self::default()
    }
}

fn narrow(value: u64) -> u32 {
    u32::try_from(value).unwrap_or_default()
}

fn in_field(weight: i64) -> u64 {
    weight.rem_euclid(FIELD.cast_signed()).cast_unsigned()
}

/// Fermat: the inverse is the power to p − 2.
fn inverse(value: u64) -> u64 {
    let (mut base, mut power, mut result) = (value % FIELD, FIELD - 2, 1);
    while power > 0 {
        if power & 1 == 1 {
            result = result * base % FIELD;
        }
        base = base * base % FIELD;
        power >>= 1;
    }
    result
}

fn field_check(check: u64) -> u64 {
    (check >> 13) % (FIELD - 1) + 1
}

/// Writes the cells of one side's heights.
#[derive(Clone, Debug, Default)]
pub struct Sketch {
    walkers: Vec<(Walker, i64, u32)>,
    cells: Vec<Cell>,
}

impl Sketch {
    /// `heights` in the order of places.
    #[must_use]
    pub fn new(key: &Key, heights: impl IntoIterator<Item = u64>) -> Self {
        let walkers = (0_u32..)
            .zip(heights)
            .filter(|(_, height)| *height > 0)
            .map(|(place, height)| {
                (Walker::new(key.place(place)), i64::try_from(height).unwrap_or(i64::MAX), place)
            })
            .collect();
        Self { walkers, cells: Vec::new() }
    }

    /// The first `count` cells, at most [`CELLS_MAX`].
    pub fn first(&mut self, count: usize) -> &[Cell] {
        let (have, count) = (self.cells.len(), count.min(CELLS_MAX));
        if count > have {
            self.cells.resize(count, Cell::default());
            let (_, fresh) = self.cells.split_at_mut(have);
            for (walker, height, place) in &mut self.walkers {
                let check = field_check(walker.seed());
                walker.walk(have, fresh, |cell: &mut Cell| cell.add(*height, *place, check));
            }
        }
        self.cells.get(..count).unwrap_or_default()
    }
}

/// Reads a peer's cells against one's own heights.
#[derive(Clone, Debug)]
pub struct SketchReader {
    key: Key,
    places: u32,
    own: Sketch,
    rest: Vec<Cell>,
    found: BTreeMap<u32, i64>,
    walkers: Vec<(Walker, i64, u32)>,
}

impl SketchReader {
    #[must_use]
    pub fn new(key: Key, heights: &[u64]) -> Self {
        let own = Sketch::new(&key, heights.iter().copied());
        let places = u32::try_from(heights.len()).unwrap_or(u32::MAX);
        Self { key, places, own, rest: Vec::new(), found: BTreeMap::new(), walkers: Vec::new() }
    }

    #[must_use]
    pub fn read(&self) -> usize {
        self.rest.len()
    }

    /// Reads the cells that follow; answers whether every difference is known.
    ///
    /// # Errors
    /// [`SymbolFault`]: the peer's cells are not those of heights, or there are too many.
    pub fn push(&mut self, cells: &[Cell]) -> Result<bool, SymbolFault> {
        let have = self.rest.len();
        let until = have + cells.len();
        if until > CELLS_MAX {
            return Err(SymbolFault::Endless);
        }
        let own = self.own.first(until).iter().skip(have);
        self.rest.extend(cells.iter().zip(own).map(|(theirs, ours)| theirs.minus(*ours)));
        if let Some(fresh) = self.rest.get_mut(have..) {
            for (walker, apart, place) in &mut self.walkers {
                let check = field_check(walker.seed());
                walker.walk(have, fresh, |cell: &mut Cell| cell.add(-*apart, *place, check));
            }
        }
        let mut look: Vec<usize> = (have..until).collect();
        while let Some(at) = look.pop() {
            let Some((place, apart)) = self.rest.get(at).and_then(|cell| self.single(*cell)) else {
                continue;
            };
            if self.found.insert(place, apart).is_some() {
                return Err(SymbolFault::Contradictory);
            }
            let mut walker = Walker::new(self.key.place(place));
            let check = field_check(walker.seed());
            while let Some(touched) = walker.at().filter(|at| *at < until) {
                if let Some(cell) = self.rest.get_mut(touched) {
                    cell.add(-apart, place, check);
                }
                look.push(touched);
                walker.step();
            }
            self.walkers.push((walker, apart, place));
        }
        let done = self.rest.first().is_some_and(|cell| cell.is_empty());
        if done && !self.rest.iter().all(|cell| cell.is_empty()) {
            return Err(SymbolFault::Contradictory);
        }
        Ok(done)
    }

    /// The place and size of a cell's only difference.
    fn single(&self, cell: Cell) -> Option<(u32, i64)> {
        let apart = i64::from(cell.heights.cast_signed());
        if apart == 0 {
            return None;
        }
        let weight = in_field(apart);
        let place = narrow(u64::from(cell.places) * inverse(weight) % FIELD);
        let check = || field_check(self.key.place(place));
        let fits = place < self.places && weight * check() % FIELD == u64::from(cell.checks);
        fits.then_some((place, apart))
    }

    /// By place how many entries more the peer holds; negative where it holds fewer.
    #[must_use]
    pub fn apart(&self) -> &BTreeMap<u32, i64> {
        &self.found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(
        mine: &[u64],
        theirs: &[u64],
        step: usize,
    ) -> Result<(BTreeMap<u32, i64>, usize), SymbolFault> {
        let key = Key([4; 16]);
        let mut sketch = Sketch::new(&key, theirs.iter().copied());
        let mut reader = SketchReader::new(key, mine);
        loop {
            let have = reader.read();
            let cells = sketch.first(have + step)[have..].to_vec();
            let cells: Vec<Cell> =
                cells.iter().map(|cell| Cell::from_bytes(cell.to_bytes())).collect();
            if reader.push(&cells)? {
                return Ok((reader.apart().clone(), reader.read()));
            }
        }
    }

    proptest! {
        #[test]
        fn every_difference_is_told_with_its_size(
            heights in prop::collection::vec((0_u64..70_000, -300_i64..300, 0_u8..6), 1..80),
            step in 1_usize..20,
        ) {
            let mine: Vec<u64> = heights.iter().map(|(height, _, _)| *height).collect();
            let theirs: Vec<u64> = heights
                .iter()
                .map(|(height, apart, rare)| if *rare == 0 { height.saturating_add_signed(*apart) } else { *height })
                .collect();
            let (apart, _) = read(&mine, &theirs, step).unwrap();
            for (place, (mine, theirs)) in (0_u32..).zip(mine.iter().zip(&theirs)) {
                let truth = theirs.cast_signed() - mine.cast_signed();
                prop_assert_eq!(apart.get(&place).copied().unwrap_or(0), truth);
            }
        }

        #[test]
        fn junk_neither_stops_nor_convinces_the_reader(
            junk in prop::collection::vec(any::<[u8; CELL_BYTES]>(), 1..200),
        ) {
            let mut reader = SketchReader::new(Key([4; 16]), &[5; 40]);
            let junk: Vec<Cell> = junk.into_iter().map(Cell::from_bytes).collect();
            let told = reader.push(&junk);
            prop_assert!(told != Ok(true) || reader.apart().is_empty());
        }
    }

    #[test]
    fn few_cells_a_difference_are_enough() {
        let mine = vec![11; 20_000];
        for differences in [100, 1_000, 4_000] {
            let mut theirs = mine.clone();
            theirs.iter_mut().take(differences).for_each(|height| *height += 1);
            let (apart, cells) = read(&mine, &theirs, 10).unwrap();
            assert_eq!(apart.len(), differences);
            assert!(cells < differences * 17 / 10, "{cells} cells for {differences}");
        }
    }

    #[test]
    fn a_height_too_far_apart_is_left_to_another_way() {
        let key = Key([4; 16]);
        let mut sketch = Sketch::new(&key, [70_000]);
        let mut reader = SketchReader::new(key, &[0]);
        assert_eq!(reader.push(sketch.first(50)), Ok(false));
    }
}
