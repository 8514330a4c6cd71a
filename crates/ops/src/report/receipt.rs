//! The code that a reporter keeps: sixteen digits, so that every telephone and every mouth can say it. Fifteen are
//! chance, the last one tells a slip of the finger. The record keeps a hash of it.

use crate::stamp::Hash32;
use sha2::{Digest as _, Sha256};

/// So many codes there are: none is guessed as long as guesses are counted.
const CODES: u128 = 1_000_000_000_000_000;
const DIGITS: usize = 16;

/// A totally anti-symmetric quasigroup of order ten (Damm, 2004): every single wrong digit and every swap of two
/// neighbours is noticed.
const DAMM: [[u8; 10]; 10] = [
    [0, 3, 1, 7, 5, 9, 8, 6, 4, 2],
    [7, 0, 9, 2, 1, 5, 4, 8, 6, 3],
    [4, 2, 0, 6, 8, 7, 1, 3, 5, 9],
    [1, 7, 5, 0, 9, 8, 3, 4, 2, 6],
    [6, 1, 2, 3, 0, 4, 5, 9, 7, 8],
    [3, 6, 7, 4, 2, 0, 9, 5, 8, 1],
    [5, 8, 6, 9, 7, 2, 0, 1, 3, 4],
    [8, 9, 4, 5, 3, 6, 2, 0, 1, 7],
    [9, 4, 3, 8, 6, 1, 7, 2, 0, 5],
    [2, 5, 8, 1, 4, 3, 6, 7, 9, 0],
];

/// A code. It is never printed by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct Receipt([u8; DIGITS]);

impl std::fmt::Debug for Receipt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Receipt(…)")
    }
}

impl Receipt {
    /// A code out of fresh chance.
    #[must_use]
    pub fn draw(chance: [u8; 16]) -> Self {
        let mut rest = u128::from_be_bytes(chance) % CODES;
        let mut digits = [0; DIGITS];
        for place in digits.iter_mut().rev().skip(1) {
            *place = u8::try_from(rest % 10).unwrap_or(0);
            rest /= 10;
        }
        let (body, check) = digits.split_at_mut(DIGITS - 1);
        if let [check] = check {
            *check = damm(body);
        }
        Self(digits)
    }

    /// Reads a code as somebody types it: with spaces or hyphens, in Western, Arabic or Urdu digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut digits = [0; DIGITS];
        let mut count = 0;
        for c in text.chars().take(64) {
            if let Some(digit) = digit(c) {
                *digits.get_mut(count)? = digit;
                count += 1;
            } else if !c.is_whitespace() && !is_mark(c) {
                return None;
            }
        }
        (count == DIGITS && damm(&digits) == 0).then_some(Self(digits))
    }

    /// In groups of four.
    #[must_use]
    pub fn grouped(&self) -> String {
        let mut out = String::with_capacity(DIGITS + 3);
        for (place, digit) in self.0.iter().enumerate() {
            if place > 0 && place % 4 == 0 {
                out.push(' ');
            }
            out.push(char::from(b'0' + digit));
        }
        out
    }

    /// What the record keeps, bound to one election.
    #[must_use]
    pub fn hash(&self, election: &[u8; 16]) -> Hash32 {
        let mut hasher = Sha256::new();
        hasher.update(b"pehra/receipt/1\0");
        hasher.update(election);
        hasher.update(self.0);
        Hash32(hasher.finalize().into())
    }
}

/// The value of a digit of any of the three scripts.
pub(crate) fn digit(c: char) -> Option<u8> {
    let base = match c {
        '0'..='9' => '0',
        '\u{0660}'..='\u{0669}' => '\u{0660}',
        '\u{06f0}'..='\u{06f9}' => '\u{06f0}',
        _ => return None,
    };
    u8::try_from(u32::from(c) - u32::from(base)).ok()
}

fn is_mark(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2013}' | '.' | '\u{200e}' | '\u{200f}' | '\u{2066}'..='\u{2069}')
}

fn damm(digits: &[u8]) -> u8 {
    digits.iter().fold(0, |state, digit| {
        let row = DAMM.get(usize::from(state)).unwrap_or(&[0; 10]);
        row.get(usize::from(*digit)).copied().unwrap_or(0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_code_survives_every_way_of_writing_it(chance in any::<[u8; 16]>()) {
            let code = Receipt::draw(chance);
            let western = code.grouped();
            prop_assert_eq!(western.len(), 19);
            let urdu: String = western.chars().map(|c| match digit(c) {
                Some(value) => char::from_u32(0x06f0 + u32::from(value)).unwrap(),
                None => '-',
            }).collect();
            for written in [western.clone(), western.replace(' ', ""), urdu, format!("\u{2068}{western}\u{2069}")] {
                prop_assert_eq!(Receipt::parse(&written), Some(code.clone()));
            }
        }

        #[test]
        fn a_wrong_digit_and_a_swap_of_neighbours_are_noticed(
            chance in any::<[u8; 16]>(), place in 0_usize..16, by in 1_u8..10,
        ) {
            let code = Receipt::draw(chance);
            let text = |digits: [u8; DIGITS]| Receipt(digits).grouped();
            let mut wrong = code.0;
            wrong[place] = (wrong[place] + by) % 10;
            prop_assert_eq!(Receipt::parse(&text(wrong)), None);
            let mut swapped = code.0;
            if place < 15 && swapped[place] != swapped[place + 1] {
                swapped.swap(place, place + 1);
                prop_assert_eq!(Receipt::parse(&text(swapped)), None);
            }
        }

        #[test]
        fn what_is_no_code_is_refused(text in ".{0,80}") {
            if let Some(code) = Receipt::parse(&text) {
                prop_assert_eq!(Receipt::parse(&code.grouped()), Some(code));
            }
        }
    }

    #[test]
    fn two_elections_keep_different_hashes_of_one_code() {
        let code = Receipt::draw([7; 16]);
        assert_ne!(code.hash(&[1; 16]), code.hash(&[2; 16]));
        assert!(!format!("{code:?}").contains(&code.grouped()));
    }
}
