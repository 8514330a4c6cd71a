//! What an entry says: 32 random bytes, then the body.
//!
//! The random bytes make sure that a deleted payload cannot be guessed and confirmed from the hash that stays.

use crate::hash::Hash;

/// Random bytes before every body.
pub const SALT_BYTES: usize = 32;

/// Longest payload with its salt. What is larger is a dataset and travels by hash.
pub const PAYLOAD_BYTES_MAX: usize = 1 << 20;

/// Why bytes are not a payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PayloadError {
    #[error("a payload begins with {SALT_BYTES} random bytes, this one has {0} bytes in all")]
    NoSalt(usize),
    #[error(
        "a payload has at most {PAYLOAD_BYTES_MAX} bytes, this one has {0}: send it as a dataset"
    )]
    TooLong(usize),
}

/// `salt ‖ body`, with its hash at hand.
#[derive(Clone, PartialEq, Eq)]
pub struct Payload {
    bytes: Vec<u8>,
    hash: Hash,
}

impl Payload {
    /// Joins 32 fresh random bytes and a body.
    ///
    /// # Errors
    /// [`PayloadError::TooLong`].
    pub fn try_new(salt: [u8; SALT_BYTES], body: &[u8]) -> Result<Self, PayloadError> {
        let mut bytes = Vec::with_capacity(SALT_BYTES + body.len());
        bytes.extend_from_slice(&salt);
        bytes.extend_from_slice(body);
        Self::from_bytes(bytes)
    }

    /// Takes a payload as it was stored or received.
    ///
    /// # Errors
    /// [`PayloadError`] when it is too short to have a salt, or too long.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, PayloadError> {
        match bytes.len() {
            short if short < SALT_BYTES => Err(PayloadError::NoSalt(short)),
            long if long > PAYLOAD_BYTES_MAX => Err(PayloadError::TooLong(long)),
            _ => Ok(Self { hash: Hash::of(&bytes), bytes }),
        }
    }

    /// SHA-256 of salt and body: what the header carries.
    #[must_use]
    pub fn hash(&self) -> Hash {
        self.hash
    }

    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    #[must_use]
    pub fn body(&self) -> &[u8] {
        self.bytes.get(SALT_BYTES..).unwrap_or_default()
    }
}

impl std::fmt::Debug for Payload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Payload({} bytes, {})", self.bytes.len(), self.hash)
    }
}
