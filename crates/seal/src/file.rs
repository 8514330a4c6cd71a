//! A photograph or file that travels sealed: its own key, named in a sealed report; its bytes, as a blob that any relay
//! may carry and nobody without the report reads.

use crate::chance::Chance;
use crate::compartment::{ContentKey, OpenError, TAG_BYTES};
use crate::padding::{is_padded_len, pad, unpad};
use pehra_ledger::Hash;
use zeroize::Zeroizing;

/// Longest file that is sealed in one piece, in memory.
pub const FILE_BYTES_MAX: usize = 64 << 20;

const TIE: &[u8] = b"pehra/file/1";
const COMMITMENT_BYTES: usize = 32;

/// A file that is too long to be sealed in one piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the file has {0} bytes, at most {FILE_BYTES_MAX} are sealed in one piece: cut it")]
pub struct FileTooLong(pub usize);

/// Seals a file: the key goes into the sealed report, the bytes travel as a blob. Equal files look unlike.
///
/// # Errors
/// [`FileTooLong`].
pub fn seal(bytes: &[u8], chance: Chance) -> Result<(ContentKey, Vec<u8>), FileTooLong> {
    let too_long = FileTooLong(bytes.len());
    if bytes.len() > FILE_BYTES_MAX {
        return Err(too_long);
    }
    let digest = Hash::of(bytes);
    let mut draw = chance.draw("pehra/seal/file/1", [&digest.0[..]]);
    let key = ContentKey::from_bytes(*draw.secret());
    let padded = pad(bytes).ok_or(too_long)?;
    let mut text = Vec::with_capacity(padded.len() + TAG_BYTES);
    text.extend_from_slice(&padded);
    key.seal(TIE, &mut text).map_err(|_too_long_for_the_cipher| too_long)?;
    Ok((key.clone(), [&key.commitment()[..], &text].concat()))
}

/// Opens a sealed file with the key of its report.
///
/// # Errors
/// [`OpenError::OtherKey`] or [`OpenError::Altered`].
pub fn open(key: &ContentKey, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let (commitment, text) =
        sealed.split_first_chunk::<COMMITMENT_BYTES>().ok_or(OpenError::Altered)?;
    if key.commitment() != *commitment {
        return Err(OpenError::OtherKey);
    }
    if !text.len().checked_sub(TAG_BYTES).is_some_and(is_padded_len) {
        return Err(OpenError::Altered);
    }
    let padded = key.open(TIE, text)?;
    let bytes = unpad(&padded).ok_or(OpenError::Altered)?;
    Ok(Zeroizing::new(bytes.to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn equal_files_look_unlike_under_fresh_chance() {
        let seal_with = |seed: u8| seal(b"photograph", Chance::from_bytes([seed; 32])).unwrap();
        let ((one_key, one), (other_key, other)) = (seal_with(1), seal_with(2));
        assert_ne!(one, other);
        assert_eq!(&open(&one_key, &one).unwrap()[..], b"photograph");
        assert_eq!(open(&other_key, &one).unwrap_err(), OpenError::OtherKey);
        assert_eq!(open(&one_key, &one[..20]).unwrap_err(), OpenError::Altered);
    }

    proptest! {
        #[test]
        fn a_file_comes_back_and_a_changed_byte_is_noticed(
            bytes in prop::collection::vec(any::<u8>(), 0..9000),
            at: prop::sample::Index,
            flip in 1_u8..,
        ) {
            let (key, mut sealed) = seal(&bytes, Chance::from_bytes([1; 32])).unwrap();
            prop_assert_eq!(&open(&key, &sealed).unwrap()[..], &bytes[..]);
            let at = at.index(sealed.len());
            sealed[at] ^= flip;
            prop_assert!(open(&key, &sealed).is_err());
        }

        #[test]
        fn any_bytes_are_read_without_harm(bytes: Vec<u8>) {
            prop_assert!(open(&ContentKey::from_bytes([1; 32]), &bytes).is_err());
        }
    }
}
