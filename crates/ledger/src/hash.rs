//! SHA-256 (FIPS 180-4), plain for content, domain-separated for what is signed or chained.

use sha2::{Digest, Sha256};

/// A SHA-256 digest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// What stands where a log has nothing to point back to.
    pub const ZERO: Self = Self([0; 32]);

    /// The digest of bytes as any `sha256sum` prints it: payloads, chunks, manifests.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The digest of `label ‖ bytes`: one sort of object can never be taken for another.
    #[must_use]
    pub fn labelled(label: &[u8; LABEL_BYTES], bytes: &[u8]) -> Self {
        Self(Sha256::new().chain_update(label).chain_update(bytes).finalize().into())
    }

    /// The digest of parts one after the other, as if they were one.
    #[must_use]
    pub fn of_parts<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut digest = Sha256::new();
        for part in parts {
            digest.update(part);
        }
        Self(digest.finalize().into())
    }

    /// The first eight bytes: enough to tell two entries of one place apart.
    #[must_use]
    pub fn short(&self) -> [u8; 8] {
        let mut short = [0; 8];
        for (to, from) in short.iter_mut().zip(self.0) {
            *to = from;
        }
        short
    }
}

/// Bytes from hexadecimal digits of either case; none for anything else.
#[must_use]
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |&byte: &u8| (byte as char).to_digit(16).and_then(|it| u8::try_from(it).ok());
    let digits = text.as_bytes();
    digits
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => Some(digit(high)? << 4 | digit(low)?),
            _ => None,
        })
        .collect()
}

/// Every label has 15 bytes, so that a signed label and hash fill exactly one block of SHA-512.
pub const LABEL_BYTES: usize = 15;

impl std::fmt::Display for Hash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl std::fmt::Debug for Hash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Hash({self})")
    }
}

/// A text that is not 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a hash is written as 64 hexadecimal digits")]
pub struct NotAHash;

impl std::str::FromStr for Hash {
    type Err = NotAHash;

    fn from_str(text: &str) -> Result<Self, NotAHash> {
        let digits = text.as_bytes();
        if digits.len() != 64 {
            return Err(NotAHash);
        }
        let mut hash = [0; 32];
        for (to, pair) in hash.iter_mut().zip(digits.chunks_exact(2)) {
            for &digit in pair {
                let value = char::from(digit).to_digit(16).ok_or(NotAHash)?;
                *to = (*to << 4) | u8::try_from(value).map_err(|_not_a_digit| NotAHash)?;
            }
        }
        Ok(Self(hash))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_digest_of_abc() {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(Hash::of(b"abc").to_string(), abc);
        assert_eq!(abc.parse(), Ok(Hash::of(b"abc")));
        assert_eq!(Hash::of_parts([&b"a"[..], b"bc"]), Hash::of(b"abc"));
        assert_eq!("xyz".parse::<Hash>(), Err(NotAHash));
    }
}
