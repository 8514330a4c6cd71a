//! Sharing a key so that any `k` of `n` holders have it and fewer have nothing: Shamir's scheme over GF(256), byte by
//! byte (Shamir, How to Share a Secret, CACM 1979). The field is that of AES, x⁸ + x⁴ + x³ + x + 1.
//!
//! Multiplication runs the same steps for every input: no table is looked up by a secret.

use crate::chance::Draw;
use zeroize::Zeroizing;

pub(crate) const SECRET_BYTES: usize = 32;

/// The value of the polynomials at one place; the place is never 0, where the secret lies.
#[derive(Clone)]
pub(crate) struct Point {
    pub(crate) x: u8,
    pub(crate) y: Zeroizing<[u8; SECRET_BYTES]>,
}

/// Product in GF(256).
fn times(mut a: u8, b: u8) -> u8 {
    let mut product = 0;
    for bit in 0..8 {
        product ^= a & mask((b >> bit) & 1);
        a = (a << 1) ^ (0x1b & mask(a >> 7));
    }
    product
}

/// All ones for 1, all zeros for 0.
fn mask(bit: u8) -> u8 {
    bit.wrapping_neg()
}

/// The inverse, a²⁵⁴; of 0 it is 0, and is never asked for.
fn inverse(a: u8) -> u8 {
    // 254 = 2 + 4 + … + 128.
    let (mut square, mut product) = (a, 1);
    for _ in 1..8 {
        square = times(square, square);
        product = times(product, square);
    }
    product
}

/// Shares at the places 1, 2, … `shares`: of each byte's polynomial the secret is the value at 0, and the other
/// `threshold − 1` coefficients are chance.
pub(crate) fn split(
    secret: &[u8; SECRET_BYTES],
    threshold: u8,
    shares: u8,
    draw: &mut Draw,
) -> Vec<Point> {
    let higher: Vec<Zeroizing<[u8; SECRET_BYTES]>> =
        (1..threshold).map(|_| draw.secret()).collect();
    let at = |x: u8| {
        let mut y = Zeroizing::new([0; SECRET_BYTES]);
        // Horner's rule from the highest coefficient down to the secret.
        for coefficients in higher.iter().map(|one| &**one).rev().chain([secret]) {
            for (y, coefficient) in y.iter_mut().zip(coefficients) {
                *y = times(*y, x) ^ coefficient;
            }
        }
        Point { x, y }
    };
    (1..=shares).map(at).collect()
}

/// The value at 0 of the polynomials through the points; their places differ and are not 0.
pub(crate) fn join(points: &[Point]) -> Zeroizing<[u8; SECRET_BYTES]> {
    let mut secret = Zeroizing::new([0; SECRET_BYTES]);
    for point in points {
        let others = points.iter().map(|other| other.x).filter(|&x| x != point.x);
        // Lagrange at 0; subtraction is exclusive or.
        let weight = others.fold(1, |weight, x| times(weight, times(x, inverse(x ^ point.x))));
        for (byte, y) in secret.iter_mut().zip(point.y.iter()) {
            *byte ^= times(weight, *y);
        }
    }
    secret
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Chance;
    use proptest::prelude::*;

    /// Schoolbook: polynomials over two elements, then long division.
    fn schoolbook(a: u8, b: u8) -> u8 {
        let mut product = 0_u16;
        for bit in 0..8 {
            if b & (1 << bit) != 0 {
                product ^= u16::from(a) << bit;
            }
        }
        for bit in (8..16).rev() {
            if product & (1 << bit) != 0 {
                product ^= 0x11b << (bit - 8);
            }
        }
        u8::try_from(product).unwrap()
    }

    #[test]
    fn every_product_is_that_of_long_division() {
        for a in 0..=255 {
            for b in 0..=255 {
                assert_eq!(times(a, b), schoolbook(a, b), "{a} × {b}");
            }
        }
        // FIPS 197 §4.2.
        assert_eq!((times(0x57, 0x83), times(0x57, 0x13)), (0xc1, 0xfe));
    }

    #[test]
    fn every_element_but_zero_has_its_inverse() {
        for a in 1..=255 {
            assert_eq!(times(a, inverse(a)), 1, "{a}");
        }
    }

    #[test]
    fn one_share_leaves_every_secret_equally_possible() {
        // For each place and value there is, for each secret, exactly one line through both.
        for x in 1..=255 {
            for y in [0_u8, 1, 0x57, 0xff] {
                let mut secrets = [0_u16; 256];
                for slope in 0..=255 {
                    secrets[usize::from(y ^ times(slope, x))] += 1;
                }
                assert!(secrets.iter().all(|&count| count == 1), "at {x}");
            }
        }
    }

    proptest! {
        #[test]
        fn enough_shares_give_the_secret_and_fewer_do_not(
            secret: [u8; 32],
            chance: [u8; 32],
            (threshold, shares) in (2_u8..8).prop_flat_map(|k| (Just(k), k..12)),
            order: prop::sample::Selector,
        ) {
            let mut draw = Chance::from_bytes(chance).draw("test", []);
            let mut points = split(&secret, threshold, shares, &mut draw);
            let mut chosen = Vec::new();
            while chosen.len() < usize::from(threshold) {
                let at = order.select(0..points.len());
                chosen.push(points.swap_remove(at));
            }
            prop_assert_eq!(*join(&chosen), secret);
            chosen.pop();
            prop_assert_ne!(*join(&chosen), secret);
        }
    }
}
