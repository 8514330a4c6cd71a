//! Chance that arrives as a seed: the same seed gives the same numbers on every machine, for ever.

/// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014). For sampling and
/// synthetic data; never for keys or for a draw that somebody could want to bend.
#[derive(Clone, Debug)]
pub struct Seed(u64);

impl Seed {
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A stream of its own for one named part, so that parts may be computed in any order or on any thread.
    #[must_use]
    pub fn fork(seed: u64, part: u64) -> Self {
        let mut mixed = Self(seed ^ part.wrapping_mul(0xd134_2543_de82_ef95));
        Self(mixed.next_u64())
    }

    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform in 0 ≤ x < 1, 53 bits.
    pub fn unit(&mut self) -> f64 {
        const STEP: f64 = 1.0 / 9_007_199_254_740_992.0;
        #[expect(clippy::cast_precision_loss, reason = "53 bits fit a double exactly")]
        let whole = (self.next_u64() >> 11) as f64;
        whole * STEP
    }

    /// Uniform in 0..`bound` without bias (Lemire 2019); 0 when `bound` is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        if bound == 0 {
            return 0;
        }
        let threshold = bound.wrapping_neg() % bound;
        loop {
            let wide = u128::from(self.next_u64()) * u128::from(bound);
            let (high, low) = halves(wide);
            if low >= threshold {
                return high;
            }
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "splitting is the point")]
fn halves(wide: u128) -> (u64, u64) {
    ((wide >> 64) as u64, wide as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_numbers_are_the_published_ones() {
        let mut seed = Seed::new(1_234_567);
        assert_eq!(seed.next_u64(), 6_457_827_717_110_365_317);
        assert_eq!(seed.next_u64(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn below_stays_below() {
        let mut seed = Seed::new(7);
        let mut seen = [0_u32; 7];
        for _ in 0..7_000 {
            seen[usize::try_from(seed.below(7)).unwrap()] += 1;
        }
        assert!(seen.iter().all(|&n| (800..1_200).contains(&n)), "{seen:?}");
        assert_eq!(seed.below(0), 0);
    }
}
