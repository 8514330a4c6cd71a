//! Chance that anybody can recompute from a published seed: SHA-256 in counter mode.
//!
//! Block `n` of a stream is `SHA-256(key ‖ n)` with `n` as eight bytes, most significant first, and the key
//! `SHA-256(label ‖ 0 ‖ seed ‖ name)`. The 32 bytes are read as eight numbers of 32 bits, most significant byte first.

use sha2::{Digest, Sha256};

const WORDS: usize = 8;

/// A stream of numbers that a seed and a name stand for.
#[derive(Clone, Debug)]
pub struct Chance {
    key: [u8; 32],
    block: u64,
    words: [u32; WORDS],
    next: usize,
}

impl Chance {
    /// The stream of one named part, so that parts may be drawn in any order and on any thread.
    #[must_use]
    pub fn new(label: &str, seed: &[u8; 32], name: &str) -> Self {
        let mut key = Sha256::new();
        key.update(label.as_bytes());
        key.update([0]);
        key.update(seed);
        key.update(name.as_bytes());
        Self { key: key.finalize().into(), block: 0, words: [0; WORDS], next: WORDS }
    }

    /// 32 bits.
    pub fn word(&mut self) -> u32 {
        if self.next == WORDS {
            self.refill();
        }
        let word = self.words[self.next];
        self.next += 1;
        word
    }

    fn refill(&mut self) {
        let mut block = Sha256::new();
        block.update(self.key);
        block.update(self.block.to_be_bytes());
        let bytes: [u8; 32] = block.finalize().into();
        let (words, _) = bytes.as_chunks::<4>();
        for (word, bytes) in self.words.iter_mut().zip(words) {
            *word = u32::from_be_bytes(*bytes);
        }
        self.block += 1;
        self.next = 0;
    }

    /// Uniform in 0..`bound`, without bias: the upper half of `word × bound`, drawn again while the lower half lies
    /// below `2³² mod bound` (Lemire, Fast random integer generation in an interval, 2019). 0 when `bound` is 0.
    pub fn below(&mut self, bound: u32) -> u32 {
        if bound == 0 {
            return 0;
        }
        loop {
            let wide = u64::from(self.word()) * u64::from(bound);
            let (high, low) = halves(wide);
            if low >= bound || low >= bound.wrapping_neg() % bound {
                return high;
            }
        }
    }

    /// Puts a list into an order of which every one is equally likely (Fisher and Yates).
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for left in (1..list.len()).rev() {
            let bound = u32::try_from(left + 1).unwrap_or(u32::MAX);
            let other = self.below(bound);
            list.swap(left, other as usize);
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "splitting is the point")]
fn halves(wide: u64) -> (u32, u32) {
    ((wide >> 32) as u32, wide as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_the_one_that_the_format_describes() {
        // printf 'pehra\0' plus 32 zero bytes plus 'a', hashed; then that hash plus eight zero bytes, hashed.
        let mut chance = Chance::new("pehra", &[0; 32], "a");
        let key: [u8; 32] = Sha256::digest([&b"pehra\0"[..], &[0; 32], b"a"].concat()).into();
        let first: [u8; 32] = Sha256::digest([&key[..], &[0; 8]].concat()).into();
        let second: [u8; 32] = Sha256::digest([&key[..], &1_u64.to_be_bytes()].concat()).into();
        for bytes in first.as_chunks::<4>().0.iter().chain(second.as_chunks::<4>().0) {
            assert_eq!(chance.word(), u32::from_be_bytes(*bytes));
        }
        assert_ne!(
            Chance::new("pehra", &[0; 32], "b").word(),
            u32::from_be_bytes([first[0], first[1], first[2], first[3]])
        );
    }

    #[test]
    fn every_number_below_a_bound_is_equally_likely() {
        let mut chance = Chance::new("test", &[7; 32], "below");
        let mut seen = [0_u32; 6];
        for _ in 0..60_000 {
            seen[chance.below(6) as usize] += 1;
        }
        // Chi-square with 5 degrees of freedom: 20.5 is passed by chance once in a thousand.
        let chi: f64 =
            seen.iter().map(|&n| (f64::from(n) - 1e4) * (f64::from(n) - 1e4) / 1e4).sum();
        assert!(chi < 20.5, "{seen:?}");
        assert_eq!(chance.below(0), 0);
    }

    #[test]
    fn every_order_is_equally_likely() {
        let mut chance = Chance::new("test", &[9; 32], "shuffle");
        let mut seen = std::collections::BTreeMap::new();
        for _ in 0..24_000 {
            let mut list = [0, 1, 2, 3];
            chance.shuffle(&mut list);
            *seen.entry(list).or_insert(0_u32) += 1;
        }
        assert_eq!(seen.len(), 24);
        let chi: f64 =
            seen.values().map(|&n| (f64::from(n) - 1e3) * (f64::from(n) - 1e3) / 1e3).sum();
        // 23 degrees of freedom: 49.7 once in a thousand.
        assert!(chi < 49.7, "{chi}");
    }
}
