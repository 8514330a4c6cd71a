//! A party's secret split among the other parties, so that one withheld can be put together and is never skipped.
//!
//! Shamir's scheme byte by byte over the field of 256 elements with the polynomial `x⁸ + x⁴ + x³ + x + 1`: each byte is
//! the value at 0 of a polynomial whose other coefficients are chance, a share its value at the party's number from 1.
//! More than half of the other parties put the secret together; fewer learn nothing of it.
//!
//! ```text
//! mark = SHA-256("pehra draw share 1" ‖ 0 ‖ subject ‖ stage ‖ length of from ‖ from ‖ length of to ‖ to ‖ number ‖ share)
//! ```

use super::Stage;
use sha2::{Digest, Sha256};

/// One party's share of another's secret.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share {
    /// Where the polynomials were evaluated: from 1.
    pub number: u8,
    pub bytes: [u8; 32],
}

/// Why shares give no secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShareError {
    #[error("{given} shares are given and {needed} are needed")]
    TooFew { given: usize, needed: usize },
    #[error("two shares have the number {0}, or it is 0")]
    Number(u8),
}

/// Shares that put a secret together, of so many others: more than half.
#[must_use]
pub fn needed(others: usize) -> usize {
    others / 2 + 1
}

/// Splits a secret into a share for each of so many others (at most 255). `chance` gives bytes that nobody can foresee.
pub fn split(secret: &[u8; 32], others: u8, chance: &mut dyn FnMut() -> [u8; 32]) -> Vec<Share> {
    let more = needed(usize::from(others)) - 1;
    let coefficients: Vec<[u8; 32]> = (0..more).map(|_| chance()).collect();
    (1..=others)
        .map(|number| {
            let mut bytes = [0; 32];
            for (at, byte) in bytes.iter_mut().enumerate() {
                // Horner, from the highest coefficient down to the secret.
                let value = coefficients.iter().rev().fold(0, |sum, c| times(sum ^ c[at], number));
                *byte = value ^ secret[at];
            }
            Share { number, bytes }
        })
        .collect()
}

/// Puts a secret together from shares of so many others (Lagrange at 0).
///
/// # Errors
/// [`ShareError`] when there are too few, or two of one number.
pub fn join(shares: &[Share], others: usize) -> Result<[u8; 32], ShareError> {
    let needed = needed(others);
    if shares.len() < needed {
        return Err(ShareError::TooFew { given: shares.len(), needed });
    }
    let shares = &shares[..needed];
    let mut secret = [0; 32];
    for (place, share) in shares.iter().enumerate() {
        let mut weight = 1;
        for (other, next) in shares.iter().enumerate() {
            if other != place {
                if next.number == share.number || next.number == 0 || share.number == 0 {
                    return Err(ShareError::Number(next.number));
                }
                // x / (x - y) at 0; minus is plus here.
                weight = times(weight, times(next.number, inverse(next.number ^ share.number)));
            }
        }
        for (byte, value) in secret.iter_mut().zip(share.bytes) {
            *byte ^= times(value, weight);
        }
    }
    Ok(secret)
}

/// What is published of a share beforehand, so that nobody can bring another one later.
#[must_use]
pub fn mark(subject: &[u8; 32], stage: Stage, from: &str, to: &str, share: &Share) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(b"pehra draw share 1\0");
    hash.update(subject);
    hash.update(stage.word().as_bytes());
    for name in [from, to] {
        hash.update((name.len() as u64).to_be_bytes());
        hash.update(name.as_bytes());
    }
    hash.update([share.number]);
    hash.update(share.bytes);
    hash.finalize().into()
}

/// Product in the field.
fn times(mut a: u8, mut b: u8) -> u8 {
    let mut product = 0;
    while b > 0 {
        if b & 1 == 1 {
            product ^= a;
        }
        let carry = a & 0x80;
        a <<= 1;
        if carry > 0 {
            a ^= 0x1b;
        }
        b >>= 1;
    }
    product
}

/// What gives 1 when multiplied: the 254th power; 0 for 0.
fn inverse(a: u8) -> u8 {
    (0..253).fold(a, |power, _| times(power, a))
}

#[cfg(test)]
mod tests {
    use super::*;
    use pehra_domain::seed::Seed;

    fn bytes(chance: &mut Seed) -> [u8; 32] {
        std::array::from_fn(|_| u8::try_from(chance.below(256)).unwrap())
    }

    #[test]
    fn the_field_is_the_one_that_is_named() {
        // From the standard that made this field common (FIPS 197, 4.2): 57 · 83 = c1, 57 · 13 = fe.
        assert_eq!((times(0x57, 0x83), times(0x57, 0x13)), (0xc1, 0xfe));
        for a in 1..=255 {
            assert_eq!(times(a, inverse(a)), 1, "{a}");
        }
    }

    #[test]
    fn more_than_half_put_the_secret_together_and_fewer_do_not() {
        let mut chance = Seed::new(5);
        for others in 1..=15_u8 {
            let secret = bytes(&mut chance);
            let mut shares = split(&secret, others, &mut || bytes(&mut chance));
            for _ in 0..20 {
                // Any of them, in any order.
                for at in (1..shares.len()).rev() {
                    let other = usize::try_from(chance.below(at as u64 + 1)).unwrap();
                    shares.swap(at, other);
                }
                let enough = needed(usize::from(others));
                assert_eq!(join(&shares[..enough], usize::from(others)), Ok(secret));
                let few = &shares[..enough - 1];
                let told = ShareError::TooFew { given: enough - 1, needed: enough };
                assert_eq!(join(few, usize::from(others)), Err(told));
                if enough > 1 {
                    let twice = vec![shares[0].clone(); enough];
                    assert!(join(&twice, usize::from(others)).is_err());
                }
            }
        }
    }

    #[test]
    fn one_share_of_two_says_nothing_of_the_secret() {
        // Over all coefficients every value of a share comes up once, whatever the secret.
        for secret in [0, 1, 77, 255] {
            let mut seen = [0; 256];
            for coefficient in 0..=255 {
                let shares = split(&[secret; 32], 2, &mut || [coefficient; 32]);
                seen[usize::from(shares[1].bytes[0])] += 1;
            }
            assert!(seen.iter().all(|&count| count == 1), "{secret}");
        }
    }

    #[test]
    fn a_share_of_another_stage_or_party_has_another_mark() {
        let share = Share { number: 1, bytes: [7; 32] };
        let marks = [
            mark(&[0; 32], Stage::Pool, "a", "bc", &share),
            mark(&[0; 32], Stage::Posts, "a", "bc", &share),
            mark(&[1; 32], Stage::Pool, "a", "bc", &share),
            mark(&[0; 32], Stage::Pool, "ab", "c", &share),
            mark(&[0; 32], Stage::Pool, "a", "bc", &Share { number: 2, ..share.clone() }),
        ];
        let distinct: std::collections::BTreeSet<_> = marks.iter().collect();
        assert_eq!(distinct.len(), marks.len());
    }
}
