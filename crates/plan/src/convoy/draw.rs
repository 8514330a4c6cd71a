//! Unpredictability: what cannot be known before the sealed seed is opened, and can be checked by anybody after.
//!
//! A draw is SHA-256 over a label, the sealed seed, the seat and what is drawn; nobody who lacks the seed can
//! foresee it, and whoever has it gets the same plan again.

use sha2::{Digest, Sha256};

/// A whole number in `0..count`; 0 when `count` is 0. The bias is below `count / 2⁶⁴`.
#[must_use]
pub fn draw(sealed: &[u8; 32], seat: &str, what: &str, number: u64, count: u64) -> u64 {
    let mut hash = Sha256::new();
    hash.update(b"pehra convoy draw 1\0");
    hash.update(sealed);
    for part in [seat, what] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.update(number.to_be_bytes());
    let digest = hash.finalize();
    let mut first = [0_u8; 8];
    first.copy_from_slice(&digest[..8]);
    u64::from_be_bytes(first).checked_rem(count).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_depend_on_every_part_and_on_nothing_else() {
        let one = [1; 32];
        let many = 1 << 60;
        let first = draw(&one, "NA-1", "plan", 0, many);
        assert_eq!(first, draw(&one, "NA-1", "plan", 0, many));
        assert_ne!(first, draw(&[2; 32], "NA-1", "plan", 0, many));
        assert_ne!(first, draw(&one, "NA-2", "plan", 0, many));
        assert_ne!(first, draw(&one, "NA-1", "departure", 0, many));
        assert_ne!(first, draw(&one, "NA-1", "plan", 1, many));
        assert_ne!(draw(&one, "a", "bc", 0, many), draw(&one, "ab", "c", 0, many));
        assert_eq!(draw(&one, "NA-1", "plan", 0, 0), 0);
    }

    #[test]
    fn draws_are_spread_evenly() {
        let mut seen = [0_u32; 6];
        for number in 0..6_000 {
            seen[usize::try_from(draw(&[9; 32], "NA-1", "x", number, 6)).unwrap()] += 1;
        }
        assert!(seen.iter().all(|count| (880..1_120).contains(count)), "{seen:?}");
    }
}
