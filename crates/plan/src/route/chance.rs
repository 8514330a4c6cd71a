//! Chance in the inner loop: the house's seed, with quicker draws than unbiased ones.

use pehra_domain::seed::Seed;

#[derive(Clone, Debug)]
pub(super) struct Chance(Seed);

impl Chance {
    pub(super) fn fork(seed: u64, part: u64) -> Self {
        Self(Seed::fork(seed, part))
    }

    /// One of `0..count`; the bias of at most `count / 2³²` does not matter to a search. 0 when `count` is 0.
    pub(super) fn index(&mut self, count: usize) -> usize {
        let high = self.0.next_u64() >> 32;
        usize::try_from((high * count as u64) >> 32).unwrap_or(0)
    }

    pub(super) fn unit(&mut self) -> f64 {
        self.0.unit()
    }

    /// True once in `2^bits` on average.
    pub(super) fn rare(&mut self, bits: u32) -> bool {
        self.0.next_u64() >> (64 - bits) == 0
    }

    pub(super) fn shuffle(&mut self, values: &mut [u32]) {
        for end in (1..values.len()).rev() {
            values.swap(end, self.index(end + 1));
        }
    }
}
