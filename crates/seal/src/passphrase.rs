//! From a passphrase to a key: Argon2id (RFC 9106) with its costs in the file, none too cheap and none absurd.

use argon2::{Algorithm, Argon2, Block, Params, Version};
use pehra_ledger::canonical::{CanonicalError, Reader, Writer};
use unicode_normalization::UnicodeNormalization;
use zeroize::{Zeroize, Zeroizing};

/// Fewest characters of a passphrase that the house accepts.
pub const PASSPHRASE_CHARS_MIN: usize = 12;
/// Most bytes of a passphrase.
pub const PASSPHRASE_BYTES_MAX: usize = 1024;
pub(crate) const SALT_BYTES: usize = 16;

const MEMORY_KIB_MAX: u32 = 262_144;
const PASSES_MAX: u32 = 16;
const LANES_MAX: u32 = 4;

/// What one attempt costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

/// Why there is no key from a passphrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PassphraseError {
    #[error(
        "the passphrase is too short: take at least {PASSPHRASE_CHARS_MIN} characters, better five words"
    )]
    TooShort,
    #[error("the passphrase is longer than {PASSPHRASE_BYTES_MAX} bytes")]
    TooLong,
    #[error(
        "the costs of an attempt are outside what is safe: {memory_kib} KiB, {passes} passes, {lanes} lanes"
    )]
    Cost { memory_kib: u32, passes: u32, lanes: u32 },
    #[error(
        "this machine has no {memory_kib} KiB of memory free, which the file asks for: close programs or take another machine"
    )]
    Memory { memory_kib: u32 },
}

impl Cost {
    /// For people's files and a node's start: 64 MiB, three passes, one lane (RFC 9106 §4, second choice, on one lane).
    pub const USUAL: Self = Self { memory_kib: 65_536, passes: 3, lanes: 1 };
    /// The least that is written or read: 19 MiB, two passes, one lane.
    pub const LEAST: Self = Self { memory_kib: 19_456, passes: 2, lanes: 1 };

    /// # Errors
    /// [`PassphraseError::Cost`] below [`Cost::LEAST`] or above 256 MiB, 16 passes, 4 lanes.
    pub fn try_new(memory_kib: u32, passes: u32, lanes: u32) -> Result<Self, PassphraseError> {
        let least = Self::LEAST;
        let fits = (least.memory_kib..=MEMORY_KIB_MAX).contains(&memory_kib)
            && (least.passes..=PASSES_MAX).contains(&passes)
            && (least.lanes..=LANES_MAX).contains(&lanes);
        if fits {
            Ok(Self { memory_kib, passes, lanes })
        } else {
            Err(PassphraseError::Cost { memory_kib, passes, lanes })
        }
    }

    pub(crate) fn write(self, w: &mut Writer) {
        w.array(3).uint(self.memory_kib).uint(self.passes).uint(self.lanes);
    }

    pub(crate) fn read(r: &mut Reader<'_>) -> Result<Self, CanonicalError> {
        let at = r.at();
        r.array_of(3)?;
        Self::try_new(r.u32()?, r.u32()?, r.u32()?)
            .map_err(|_outside_the_limits| CanonicalError::TooLarge { at })
    }

    /// The key of a passphrase: 32 bytes.
    pub(crate) fn key(
        self,
        passphrase: &str,
        salt: &[u8; SALT_BYTES],
    ) -> Result<Zeroizing<[u8; 32]>, PassphraseError> {
        let passphrase = composed(passphrase)?;
        let Self { memory_kib, passes, lanes } = self;
        let refused = PassphraseError::Cost { memory_kib, passes, lanes };
        let params = Params::new(memory_kib, passes, lanes, Some(32)).map_err(|_limits| refused)?;
        let no_memory = PassphraseError::Memory { memory_kib };
        let mut blocks: Vec<Block> = Vec::new();
        blocks.try_reserve_exact(params.block_count()).map_err(|_none_left| no_memory)?;
        blocks.resize(params.block_count(), Block::default());
        let mut key = Zeroizing::new([0; 32]);
        let done = Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into_with_memory(passphrase.as_bytes(), salt, &mut key[..], &mut blocks);
        blocks.iter_mut().for_each(Zeroize::zeroize);
        done.map_err(|_limits| refused)?;
        Ok(key)
    }
}

/// The passphrase as every keyboard gives it: composed characters (NFC), without blanks at its ends.
fn composed(passphrase: &str) -> Result<Zeroizing<String>, PassphraseError> {
    if passphrase.len() > PASSPHRASE_BYTES_MAX {
        return Err(PassphraseError::TooLong);
    }
    let mut whole = Zeroizing::new(String::with_capacity(3 * PASSPHRASE_BYTES_MAX));
    whole.extend(passphrase.trim().nfc());
    Ok(whole)
}

/// Whether a passphrase is good enough to be set.
pub(crate) fn acceptable(passphrase: &str) -> Result<(), PassphraseError> {
    if composed(passphrase)?.chars().count() < PASSPHRASE_CHARS_MIN {
        return Err(PassphraseError::TooShort);
    }
    Ok(())
}

/// Whether two passphrases are one and the same.
pub(crate) fn same(one: &str, other: &str) -> Result<bool, PassphraseError> {
    Ok(*composed(one)? == *composed(other)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use pehra_ledger::Hash;

    #[test]
    fn the_key_is_that_of_the_reference_program() {
        // The reference implementation's test: 64 MiB, two passes; its salt has eight bytes, ours sixteen.
        let params = Params::new(65_536, 2, 1, Some(32)).unwrap();
        let mut key = [0; 32];
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(b"password", b"somesalt", &mut key)
            .unwrap();
        let shown: Hash =
            "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7".parse().unwrap();
        assert_eq!(Hash(key), shown);
    }

    #[test]
    fn a_cheap_or_absurd_cost_is_refused() {
        for (memory, passes, lanes) in [
            (19_455, 2, 1),
            (19_456, 1, 1),
            (19_456, 2, 0),
            (MEMORY_KIB_MAX + 1, 3, 1),
            (65_536, PASSES_MAX + 1, 1),
            (65_536, 3, LANES_MAX + 1),
            (u32::MAX, u32::MAX, u32::MAX),
        ] {
            assert!(Cost::try_new(memory, passes, lanes).is_err(), "{memory} {passes} {lanes}");
            let mut w = Writer::default();
            w.array(3).uint(memory).uint(passes).uint(lanes);
            assert!(Cost::read(&mut Reader::new(&w.finish())).is_err());
        }
        assert_eq!(Cost::try_new(65_536, 3, 1), Ok(Cost::USUAL));
    }

    #[test]
    fn a_passphrase_is_the_same_on_every_keyboard() {
        // Alef with madda: one character here, two there.
        let salt = [1; SALT_BYTES];
        let one = Cost::LEAST.key("\u{622}ج کا دن اچھا", &salt).unwrap();
        let two = Cost::LEAST.key(" \u{627}\u{653}ج کا دن اچھا\n", &salt).unwrap();
        let three = Cost::LEAST.key("\u{627}ج کا دن اچھا", &salt).unwrap();
        assert_eq!(one, two);
        assert_ne!(one, three);
    }

    #[test]
    fn short_and_endless_passphrases_are_refused() {
        assert_eq!(acceptable("eleven char"), Err(PassphraseError::TooShort));
        assert_eq!(acceptable("           x            "), Err(PassphraseError::TooShort));
        assert_eq!(acceptable("twelve chars"), Ok(()));
        assert_eq!(acceptable(&"x".repeat(1025)), Err(PassphraseError::TooLong));
    }
}
