//! A node's secrets at rest: every value that the store keeps as a secret is sealed under one key of the ring, and the
//! ring's key is locked by a passphrase or by a secret of the machine. The database file alone says nothing of them,
//! not even their names.

use crate::chance::{Chance, Draw, expand};
use crate::padding::{pad, unpad};
use crate::passphrase::{Cost, PassphraseError, SALT_BYTES, acceptable};
use chacha20poly1305::aead::AeadInOut;
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use pehra_ledger::canonical::{CanonicalError, Reader, Writer};
use zeroize::Zeroizing;

/// Most locks of one ring: a passphrase, the machine, and two in reserve.
pub const LOCKS_MAX: usize = 4;
/// Longest secret that is kept.
pub const VALUE_BYTES_MAX: usize = 1 << 20;

const VERSION: u8 = 1;
const NONCE_BYTES: usize = 24;
const LOCKED_BYTES: usize = 32 + 16;
const PASSPHRASE_WAY: u8 = 0;
const MACHINE_WAY: u8 = 1;

/// What opens a ring.
#[derive(Clone, Copy)]
pub enum Unlock<'a> {
    /// Typed in at the node's start.
    Passphrase { passphrase: &'a str, cost: Cost },
    /// 32 bytes that the machine keeps outside the data folder: a file of the service account, a TPM, a token.
    Machine(&'a [u8; 32]),
}

impl std::fmt::Debug for Unlock<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Unlock::Passphrase { .. } => f.write_str("Passphrase(…)"),
            Unlock::Machine(_) => f.write_str("Machine(…)"),
        }
    }
}

/// The open ring, in memory only. Wiped when dropped.
pub struct KeyRing {
    root: Zeroizing<[u8; 32]>,
}

impl std::fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeyRing(…)")
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Way {
    Passphrase { cost: Cost, salt: [u8; SALT_BYTES] },
    Machine { salt: [u8; SALT_BYTES] },
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Lock {
    way: Way,
    nonce: [u8; NONCE_BYTES],
    locked: [u8; LOCKED_BYTES],
}

/// The locked ring as it lies in the data folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockedRing {
    locks: Vec<Lock>,
}

/// Why a ring does not open or a value is not what was kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyRingError {
    #[error(transparent)]
    Passphrase(#[from] PassphraseError),
    #[error("neither the passphrase nor the machine's secret opens this ring")]
    NotOpened,
    #[error("a ring has 1 to {LOCKS_MAX} locks")]
    Locks,
    #[error("the secret has {0} bytes, at most {VALUE_BYTES_MAX} are kept")]
    TooLong(usize),
    #[error(
        "the secret `{0}` was altered, exchanged for another, or belongs to another ring: restore it from a backup"
    )]
    Altered(String),
    #[error("this is no ring or secret of this version: {0}")]
    Form(#[from] CanonicalError),
}

impl KeyRing {
    /// Founds the ring of a new node, with one lock or several: each opens it alone.
    ///
    /// # Errors
    /// [`KeyRingError`]: no lock, too many, a passphrase that is too short.
    pub fn found(locks: &[Unlock<'_>], chance: Chance) -> Result<(Self, LockedRing), KeyRingError> {
        let mut draw = chance.draw("pehra/seal/ring/1", []);
        let ring = Self { root: draw.secret() };
        let locked = ring.locked(locks, &mut draw)?;
        Ok((ring, locked))
    }

    /// The same ring under other locks: a changed passphrase, a new machine. Its values stay as they are.
    ///
    /// # Errors
    /// As [`KeyRing::found`].
    pub fn relock(&self, locks: &[Unlock<'_>], chance: Chance) -> Result<LockedRing, KeyRingError> {
        self.locked(locks, &mut chance.draw("pehra/seal/relock/1", [&self.root[..]]))
    }

    fn locked(&self, locks: &[Unlock<'_>], draw: &mut Draw) -> Result<LockedRing, KeyRingError> {
        if locks.is_empty() || locks.len() > LOCKS_MAX {
            return Err(KeyRingError::Locks);
        }
        let locks = locks.iter().map(|unlock| self.lock(unlock, draw)).collect::<Result<_, _>>()?;
        Ok(LockedRing { locks })
    }

    fn lock(&self, unlock: &Unlock<'_>, draw: &mut Draw) -> Result<Lock, KeyRingError> {
        let salt = draw.open();
        let way = match *unlock {
            Unlock::Passphrase { passphrase, cost } => {
                acceptable(passphrase)?;
                Way::Passphrase { cost, salt }
            }
            Unlock::Machine(_) => Way::Machine { salt },
        };
        let key = way.key(unlock)?.ok_or(KeyRingError::NotOpened)?;
        let nonce = draw.open();
        let mut root = Zeroizing::new(Vec::with_capacity(LOCKED_BYTES));
        root.extend_from_slice(&self.root[..]);
        XChaCha20Poly1305::new(&(*key).into())
            .encrypt_in_place(&nonce.into(), &way.tie(), &mut *root)
            .map_err(|_never_for_so_few_bytes| KeyRingError::NotOpened)?;
        let locked = <[u8; LOCKED_BYTES]>::try_from(&root[..])
            .map_err(|_length_is_settled| KeyRingError::NotOpened)?;
        Ok(Lock { way, nonce, locked })
    }

    /// The name under which a secret is kept: 32 hexadecimal digits that say nothing without the ring.
    #[must_use]
    pub fn blind_name(&self, name: &str) -> String {
        let key = expand::<32>(&self.root, b"pehra/seal/ring-name/1");
        expand::<16>(&key, name.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Seals a secret under its name; it opens under no other.
    ///
    /// # Errors
    /// [`KeyRingError::TooLong`].
    pub fn seal(&self, name: &str, value: &[u8], chance: Chance) -> Result<Vec<u8>, KeyRingError> {
        let too_long = KeyRingError::TooLong(value.len());
        if value.len() > VALUE_BYTES_MAX {
            return Err(too_long);
        }
        let mut draw = chance.draw("pehra/seal/ring-value/1", [name.as_bytes(), value]);
        let nonce = draw.open();
        let padded = pad(value).ok_or_else(|| too_long.clone())?;
        let mut sealed = Vec::with_capacity(padded.len() + 16);
        sealed.extend_from_slice(&padded);
        self.cipher()
            .encrypt_in_place(&nonce.into(), &tie(name), &mut sealed)
            .map_err(|_too_long_for_the_cipher| too_long)?;
        let mut w = Writer::with_capacity(sealed.len() + 40);
        w.array(3).uint(VERSION).bytes(&nonce).bytes(&sealed);
        Ok(w.finish())
    }

    /// The secret again.
    ///
    /// # Errors
    /// [`KeyRingError::Altered`] names the secret; [`KeyRingError::Form`] if the bytes are no sealed value.
    pub fn unseal(&self, name: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyRingError> {
        let mut r = Reader::new(sealed);
        r.array_of(3)?;
        r.constant(VERSION)?;
        let nonce = r.exact::<NONCE_BYTES>()?;
        let mut padded = Zeroizing::new(r.bytes(2 * VALUE_BYTES_MAX)?.to_vec());
        r.end()?;
        let altered = || KeyRingError::Altered(name.to_owned());
        self.cipher()
            .decrypt_in_place(&nonce.into(), &tie(name), &mut *padded)
            .map_err(|_no_detail| altered())?;
        let value = unpad(&padded).ok_or_else(altered)?;
        Ok(Zeroizing::new(value.to_vec()))
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&(*expand::<32>(&self.root, b"pehra/seal/ring-value/1")).into())
    }
}

fn tie(name: &str) -> Vec<u8> {
    let mut w = Writer::with_capacity(32 + name.len());
    w.array(2).text("pehra/ring-value/1").text(name);
    w.finish()
}

impl Way {
    /// The key of this lock, if what is given is of its sort.
    fn key(&self, unlock: &Unlock<'_>) -> Result<Option<Zeroizing<[u8; 32]>>, PassphraseError> {
        match (self, unlock) {
            // The cost is the lock's own: the one given is for new locks.
            (Self::Passphrase { cost, salt }, Unlock::Passphrase { passphrase, .. }) => {
                let key = cost.key(passphrase, salt)?;
                Ok(Some(expand(&key, b"pehra/seal/ring-passphrase/1")))
            }
            (Self::Machine { salt }, Unlock::Machine(secret)) => {
                let info = [&b"pehra/seal/ring-machine/1"[..], salt].concat();
                Ok(Some(expand(secret, &info)))
            }
            (Self::Passphrase { .. }, Unlock::Machine(_))
            | (Self::Machine { .. }, Unlock::Passphrase { .. }) => Ok(None),
        }
    }

    fn write(&self, w: &mut Writer) {
        match self {
            Self::Passphrase { cost, salt } => {
                w.array(3).uint(PASSPHRASE_WAY);
                cost.write(w);
                w.bytes(salt);
            }
            Self::Machine { salt } => {
                w.array(2).uint(MACHINE_WAY).bytes(salt);
            }
        }
    }

    fn tie(&self) -> Vec<u8> {
        let mut w = Writer::with_capacity(64);
        w.array(2).text("pehra/ring/1");
        self.write(&mut w);
        w.finish()
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, CanonicalError> {
        let at = r.at();
        let items = r.array(3)?;
        match (items, r.u8()?) {
            (3, PASSPHRASE_WAY) => Ok(Self::Passphrase { cost: Cost::read(r)?, salt: r.exact()? }),
            (2, MACHINE_WAY) => Ok(Self::Machine { salt: r.exact()? }),
            _ => Err(CanonicalError::WrongType { at }),
        }
    }
}

impl LockedRing {
    /// Opens the ring by whichever of its locks fits.
    ///
    /// # Errors
    /// [`KeyRingError::NotOpened`], without detail.
    pub fn open(&self, unlock: &Unlock<'_>) -> Result<KeyRing, KeyRingError> {
        for lock in &self.locks {
            let Some(key) = lock.way.key(unlock)? else { continue };
            let mut root = Zeroizing::new(lock.locked.to_vec());
            let opened = XChaCha20Poly1305::new(&(*key).into()).decrypt_in_place(
                &lock.nonce.into(),
                &lock.way.tie(),
                &mut *root,
            );
            if let (Ok(()), Ok(root)) = (opened, <[u8; 32]>::try_from(&root[..])) {
                return Ok(KeyRing { root: Zeroizing::new(root) });
            }
        }
        Err(KeyRingError::NotOpened)
    }

    /// Whether a passphrase can open it: whether the node must ask for one.
    #[must_use]
    pub fn asks_for_passphrase(&self) -> bool {
        self.locks.iter().any(|lock| matches!(lock.way, Way::Passphrase { .. }))
    }

    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut w = Writer::default();
        w.array(2).uint(VERSION).array(self.locks.len());
        for lock in &self.locks {
            w.array(3);
            lock.way.write(&mut w);
            w.bytes(&lock.nonce).bytes(&lock.locked);
        }
        w.finish()
    }

    /// # Errors
    /// [`CanonicalError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, CanonicalError> {
        let mut r = Reader::new(bytes);
        r.array_of(2)?;
        r.constant(VERSION)?;
        let at = r.at();
        let count = r.array(LOCKS_MAX)?;
        if count == 0 {
            return Err(CanonicalError::WrongType { at });
        }
        let mut locks = Vec::with_capacity(count);
        for _ in 0..count {
            r.array_of(3)?;
            let way = Way::read(&mut r)?;
            locks.push(Lock { way, nonce: r.exact()?, locked: r.exact()? });
        }
        r.end()?;
        Ok(Self { locks })
    }
}

#[cfg(test)]
mod tests;
