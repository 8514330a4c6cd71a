//! Exponential and logarithm that are quick and the same on every machine: sums, products and the bits of
//! numbers, nothing else. Five digits and more, enough for prices that the exact finish corrects.

/// 1.5·2²³: adding it rounds a small number to a whole one, which then stands in the lowest bits.
const ROUNDER: f32 = 12_582_912.0;

/// eˣ for x ≤ 0: a power of two times a polynomial for the rest; nought below e⁻⁸⁷. Free of branches, so that a
/// loop over many runs several at once.
pub(super) fn exponential(x: f32) -> f32 {
    let scaled = x.max(-87.0) * std::f32::consts::LOG2_E;
    let shifted = scaled + ROUNDER;
    let f = (scaled - (shifted - ROUNDER)) * std::f32::consts::LN_2;
    let tail = 1.0 / 6.0 + f * (1.0 / 24.0 + f * (1.0 / 120.0 + f / 720.0));
    let power = 1.0 + f * (1.0 + f * (0.5 + f * tail));
    let bits = (shifted.to_bits() << 23).wrapping_add(127 << 23);
    power * f32::from_bits(bits)
}

/// ln x for x > 0 and normal: the exponent, and a series in (m − 1)/(m + 1) for the mantissa within √½ and √2.
pub(super) fn logarithm(x: f64) -> f64 {
    let bits = x.to_bits();
    // Shifts the border between two exponents from 1 to √½.
    let moved = bits.wrapping_sub(0x3fe6_a09e_667f_3bcd);
    let exponent = moved.cast_signed() >> 52;
    let mantissa = f64::from_bits(bits.wrapping_sub(moved & 0xfff0_0000_0000_0000));
    let s = (mantissa - 1.0) / (mantissa + 1.0);
    let z = s * s;
    let series = 1.0 / 5.0 + z * (1.0 / 7.0 + z * (1.0 / 9.0 + z / 11.0));
    let whole = super::finish::number_of(exponent);
    whole * std::f64::consts::LN_2 + 2.0 * s * (1.0 + z * (1.0 / 3.0 + z * series))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exponential_is_right_to_five_digits() {
        for step in 0..8_600 {
            let x = -0.01 * f64::from(step);
            #[expect(clippy::cast_possible_truncation, reason = "single precision is tested")]
            let narrow = x as f32;
            let exact = libm::exp(f64::from(narrow));
            let off = (f64::from(exponential(narrow)) - exact).abs();
            assert!(off <= 1e-5 * exact, "{x}");
        }
        assert!(exponential(-1e30) < 1e-37);
        assert!(exponential(f32::NEG_INFINITY) < 1e-37);
    }

    #[test]
    fn the_logarithm_is_right_to_eight_digits() {
        for step in 1..100_000 {
            let x = f64::from(step) * 0.001;
            assert!((logarithm(x) - libm::log(x)).abs() < 1e-8, "{x}");
        }
        assert!((logarithm(1e-30) - libm::log(1e-30)).abs() < 1e-6);
    }
}
