//! Sizes that say little: powers of two from 256 bytes to 4 KiB, beyond that the lengths of Padmé.
//!
//! Padmé (Nikitin et al., Reducing Metadata Leakage from Encrypted Files, PETS 2019) keeps of a length as many leading
//! bits as the length of its own exponent has; it costs at most 12 % and leaks O(log log n) bits.

use zeroize::Zeroizing;

/// Every padded text begins with its length, 4 bytes big-endian.
pub(crate) const LENGTH_BYTES: usize = 4;

const LEAST: usize = 256;
const LADDER_END: usize = 4096;

/// The size that stands for all texts of up to `len` bytes: what is sealed is never shorter.
#[must_use]
pub fn padded_len(len: usize) -> usize {
    if len <= LADDER_END { len.next_power_of_two().max(LEAST) } else { padme(len) }
}

/// Whether [`padded_len`] gives this size for anything.
#[must_use]
pub fn is_padded_len(len: usize) -> bool {
    padded_len(len) == len
}

fn padme(len: usize) -> usize {
    let exponent = len.max(2).ilog2();
    let kept = exponent.ilog2() + 1;
    let mask = (1_usize << (exponent - kept.min(exponent))) - 1;
    len.checked_add(mask).map_or(len, |up| up & !mask)
}

/// `length ‖ text ‖ zeros`; `None` when the text has 4 GiB or more.
pub(crate) fn pad(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let length = u32::try_from(text.len()).ok()?;
    let size = padded_len(text.len().checked_add(LENGTH_BYTES)?);
    let mut padded = Zeroizing::new(Vec::with_capacity(size));
    padded.extend_from_slice(&length.to_be_bytes());
    padded.extend_from_slice(text);
    padded.resize(size, 0);
    Some(padded)
}

/// The text again; `None` unless the size and the zeros are those of its length.
pub(crate) fn unpad(padded: &[u8]) -> Option<&[u8]> {
    let (length, rest) = padded.split_first_chunk::<LENGTH_BYTES>()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    let (text, filler) = rest.split_at_checked(length)?;
    let exact = padded_len(length.checked_add(LENGTH_BYTES)?) == padded.len();
    (exact && filler.iter().all(|&byte| byte == 0)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_page_of_the_format_gives_these_figures() {
        let sizes = |to: usize| {
            let mut all: Vec<usize> = (1..=to).map(padded_len).collect();
            all.dedup();
            all.len()
        };
        assert_eq!((sizes(256), sizes(4096), sizes(65_536), sizes(1 << 20)), (1, 5, 69, 197));
        let worst = (4097..=1_usize << 20).map(|n| (padded_len(n) - n) * 10_000 / n).max();
        assert_eq!(worst, Some(624), "hundredths of a per cent above 4 KiB");
    }

    #[test]
    fn lengths_are_those_of_the_paper() {
        // Padmé of 9 KiB and of 1,000,001 by hand: 13 → 4 bits kept, 9 cleared; 19 → 5 bits kept, 14 cleared.
        assert_eq!((padme(9217), padme(9216), padme(1_000_001)), (9728, 9216, 1_015_808));
    }

    proptest! {
        #[test]
        fn padding_grows_and_stays(a in 0_usize..2_000_000, b in 0_usize..2_000_000) {
            let (small, large) = (a.min(b), a.max(b));
            prop_assert!(padded_len(small) >= small);
            prop_assert!(padded_len(small) <= padded_len(large));
            prop_assert!(is_padded_len(padded_len(a)));
        }

        #[test]
        fn what_is_padded_comes_back(text: Vec<u8>, extra in 1_usize..600) {
            let padded = pad(&text).unwrap();
            prop_assert_eq!(unpad(&padded), Some(&text[..]));
            prop_assert_eq!(unpad(&padded[..padded.len() - 1]), None);
            let mut longer = padded.to_vec();
            longer.resize(padded.len() + extra, 0);
            prop_assert_eq!(unpad(&longer), None, "one text, one size");
        }

        #[test]
        fn filler_that_is_not_zero_is_refused(text in prop::collection::vec(any::<u8>(), 0..200)) {
            let mut padded = pad(&text).unwrap();
            *padded.last_mut().unwrap() = 1;
            prop_assert_eq!(unpad(&padded), None);
        }

        #[test]
        fn any_bytes_are_read_without_harm(bytes: Vec<u8>) {
            if let Some(text) = unpad(&bytes) {
                prop_assert_eq!(&pad(text).unwrap()[..], &bytes[..]);
            }
        }
    }
}
