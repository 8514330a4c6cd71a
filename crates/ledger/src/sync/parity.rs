//! How many things differ, roughly, in 112 bytes.
//!
//! Every element turns one bit over: of the first row with chance 1/2, of the second with 1/4, and so on, at a place
//! that chance chooses. What both sides hold cancels out when the two pictures are laid over each other; of `d`
//! differences thrown into 64 bits, 32 (1 - e^(-d/32)) stand turned over. The first row that is not yet saturated tells.

pub const ROWS: usize = 14;

/// A picture of a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Parity(pub [u64; ROWS]);

/// A row with more bits turned over than this says only "many".
const SATURATED: usize = 22;

/// 16 × −32 ln(1 − k/32): how many things, in sixteenths, turn k bits of 64 over.
const THINGS_16THS: [u64; SATURATED + 1] = [
    0, 16, 33, 50, 68, 87, 106, 126, 147, 169, 192, 216, 241, 267, 295, 324, 355, 388, 423, 461,
    502, 547, 596,
];

impl Parity {
    /// Puts an element in, or takes it out: the same. `check` is the element's keyed checksum.
    pub fn turn(&mut self, check: u64) {
        let [_, place, ..] = check.to_be_bytes();
        let row = (check.trailing_zeros() as usize).min(ROWS - 1);
        if let Some(bits) = self.0.get_mut(row) {
            *bits ^= 1 << (place & 63);
        }
    }

    /// About how many elements are in one set and not in the other.
    #[must_use]
    pub fn differences(&self, other: &Self) -> u64 {
        let turned: Vec<usize> =
            self.0.iter().zip(other.0).map(|(a, b)| (a ^ b).count_ones() as usize).collect();
        let from = turned.iter().rposition(|&bits| bits > SATURATED).map_or(0, |row| row + 1);
        let things: u64 = turned
            .iter()
            .skip(from)
            .map(|&bits| THINGS_16THS.get(bits).copied().unwrap_or_default())
            .sum();
        // Rows from `from` on see one element in 2^from; when the last one is saturated too, "at least".
        if from >= ROWS { 1 << (ROWS + 6) } else { (things << from).div_ceil(16) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::element::{Element, Key};

    fn estimate(differences: u32) -> u64 {
        let (key, mut mine, mut theirs) = (Key([3; 16]), Parity::default(), Parity::default());
        for n in 0..200_000_u32 {
            let mut element = Element::default();
            element.0.iter_mut().zip(n.to_be_bytes()).for_each(|(to, from)| *to = from);
            let check = key.check(&element);
            mine.turn(check);
            if n >= differences {
                theirs.turn(check);
            }
        }
        mine.differences(&theirs)
    }

    #[test]
    fn the_number_of_differences_is_told_within_half_of_it() {
        assert_eq!(estimate(0), 0);
        for differences in [10, 100, 1_000, 10_000, 100_000] {
            let told = estimate(differences);
            let truth = u64::from(differences);
            assert!(told > truth / 2 && told < truth * 3 / 2, "{told} for {truth}");
        }
    }
}
