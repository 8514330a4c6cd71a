//! A file with the keys of a person or device, opened by a passphrase.
//!
//! It always has two places of one size. The keys lie in one of them, which one is chance; the other holds the keys
//! that the holder gives away under duress, or bytes of chance. The file does not tell which it is.

use crate::chance::{Chance, Draw, expand};
use crate::credential::{CREDENTIAL_BYTES, Credential, NAME_BYTES_MAX, is_name};
use crate::passphrase::{Cost, PassphraseError, SALT_BYTES, acceptable, same};
use crate::text::{TextError, only};
use chacha20poly1305::aead::AeadInOut;
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use pehra_ledger::armour::Piece;
use pehra_ledger::canonical::{CanonicalError, Reader, Writer};
use zeroize::Zeroizing;

const VERSION: u8 = 1;
const ARMOUR_KIND: &str = "keyfile-1";
const NONCE_BYTES: usize = 24;
const LOCKED_BYTES: usize = CREDENTIAL_BYTES + 16;

/// One of the two places. Without the passphrase it is chance, whatever it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    nonce: [u8; NONCE_BYTES],
    locked: [u8; LOCKED_BYTES],
}

/// The file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyFile {
    name: String,
    cost: Cost,
    salt: [u8; SALT_BYTES],
    places: [Place; 2],
}

/// What a new passphrase does to the other place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Other {
    /// Keeps it as it is: for a holder with a second passphrase. Whoever has the file of before and after sees that
    /// one place stayed.
    Keep,
    /// Fills it with fresh chance and draws a new salt: for a holder who has no second passphrase. A second one, if
    /// there was any, opens nothing any more.
    Refill,
}

/// Why a key file is not written or does not open.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFileError {
    #[error("the name is empty, longer than {NAME_BYTES_MAX} bytes or not plain text")]
    Name,
    #[error(transparent)]
    Passphrase(#[from] PassphraseError),
    #[error("the two passphrases must differ")]
    SamePassphrase,
    #[error("the passphrase does not open this key file")]
    NotOpened,
    #[error("this is no key file of this version: {0}")]
    Form(#[from] CanonicalError),
    #[error(transparent)]
    Text(#[from] TextError),
}

impl KeyFile {
    /// Locks a credential under a passphrase and, if given, the credential for duress under a second one.
    ///
    /// # Errors
    /// [`KeyFileError`]: the name, a passphrase that is too short, two that are one.
    pub fn write(
        name: &str,
        cost: Cost,
        own: (&Credential, &str),
        duress: Option<(&Credential, &str)>,
        chance: Chance,
    ) -> Result<Self, KeyFileError> {
        if !is_name(name) {
            return Err(KeyFileError::Name);
        }
        acceptable(own.1)?;
        if let Some((_, second)) = duress {
            acceptable(second)?;
            if same(own.1, second)? {
                return Err(KeyFileError::SamePassphrase);
            }
        }
        let secrets = own.0.encode();
        let mut draw = chance.draw("pehra/seal/keyfile/1", [name.as_bytes(), &secrets[..]]);
        let salt = draw.open();
        let places = [Place::filler(&mut draw), Place::filler(&mut draw)];
        let mut file = Self { name: name.to_owned(), cost, salt, places };
        let at = usize::from(draw.secret::<1>()[0] & 1);
        let key = cost.key(own.1, &salt)?;
        file.lock(at, &key, own.0, &mut draw)?;
        // The second key is computed for everybody, so that making the file takes one time.
        let second = cost.key(duress.map_or(own.1, |(_, passphrase)| passphrase), &salt)?;
        if let Some((credential, _)) = duress {
            file.lock(1 - at, &second, credential, &mut draw)?;
        }
        Ok(file)
    }

    /// Whose keys these are, as the file says in the clear; a passphrase that opens the file proves it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    #[must_use]
    pub fn cost(&self) -> Cost {
        self.cost
    }

    /// Opens the keys that belong to a passphrase. Both places are always tried.
    ///
    /// # Errors
    /// [`KeyFileError::NotOpened`] for a wrong passphrase, without detail.
    pub fn open(&self, passphrase: &str) -> Result<Credential, KeyFileError> {
        let key = self.cost.key(passphrase, &self.salt)?;
        self.find(&key).map(|(_, credential)| credential)
    }

    /// The file under a new passphrase.
    ///
    /// # Errors
    /// [`KeyFileError::NotOpened`] if the old passphrase does not open it; what [`KeyFile::write`] refuses.
    pub fn change_passphrase(
        &self,
        old: &str,
        new: &str,
        other: Other,
        chance: Chance,
    ) -> Result<Self, KeyFileError> {
        acceptable(new)?;
        let (at, credential) = self.find(&*self.cost.key(old, &self.salt)?)?;
        if other == Other::Refill {
            return Self::write(&self.name, self.cost, (&credential, new), None, chance);
        }
        let key = self.cost.key(new, &self.salt)?;
        // Only the other place counts: giving the old passphrase again is allowed and makes a fresh nonce.
        if self.unlock(1 - at, &key).is_some() {
            return Err(KeyFileError::SamePassphrase);
        }
        let mut draw = chance.draw("pehra/seal/keyfile/1", [&self.encode()[..], new.as_bytes()]);
        let mut file = self.clone();
        file.lock(at, &key, &credential, &mut draw)?;
        Ok(file)
    }

    fn find(&self, key: &[u8; 32]) -> Result<(usize, Credential), KeyFileError> {
        let [first, second] = [0, 1].map(|at| self.unlock(at, key).map(|found| (at, found)));
        first.or(second).ok_or(KeyFileError::NotOpened)
    }

    /// What a place is tied to: everything that stands in the clear, and which place it is.
    fn tie(&self, at: usize) -> Vec<u8> {
        let mut w = Writer::with_capacity(128);
        w.array(5).text("pehra/keyfile/1").text(&self.name);
        self.cost.write(&mut w);
        w.bytes(&self.salt).bool(at == 1);
        w.finish()
    }

    fn lock(
        &mut self,
        at: usize,
        key: &[u8; 32],
        credential: &Credential,
        draw: &mut Draw,
    ) -> Result<(), KeyFileError> {
        let mut bytes = credential.encode();
        let nonce = draw.open();
        cipher(key)
            .encrypt_in_place(&nonce.into(), &self.tie(at), &mut *bytes)
            .map_err(|_never_for_so_few_bytes| KeyFileError::NotOpened)?;
        let locked = <[u8; LOCKED_BYTES]>::try_from(&bytes[..])
            .map_err(|_length_is_settled| KeyFileError::NotOpened)?;
        if let Some(place) = self.places.get_mut(at) {
            *place = Place { nonce, locked };
        }
        Ok(())
    }

    fn unlock(&self, at: usize, key: &[u8; 32]) -> Option<Credential> {
        let place = self.places.get(at)?;
        let mut bytes = Zeroizing::new(place.locked.to_vec());
        cipher(key).decrypt_in_place(&place.nonce.into(), &self.tie(at), &mut *bytes).ok()?;
        Credential::decode(&bytes).ok()
    }

    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut w = Writer::with_capacity(420);
        w.array(5).uint(VERSION).text(&self.name);
        self.cost.write(&mut w);
        w.bytes(&self.salt).array(2);
        for place in &self.places {
            w.array(2).bytes(&place.nonce).bytes(&place.locked);
        }
        w.finish()
    }

    /// # Errors
    /// [`CanonicalError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, CanonicalError> {
        let mut r = Reader::new(bytes);
        r.array_of(5)?;
        r.constant(VERSION)?;
        let at = r.at();
        let name = r.text(NAME_BYTES_MAX)?.to_owned();
        if name.is_empty() {
            return Err(CanonicalError::WrongType { at });
        }
        let cost = Cost::read(&mut r)?;
        let salt = r.exact()?;
        r.array_of(2)?;
        let places = [Place::read(&mut r)?, Place::read(&mut r)?];
        r.end()?;
        Ok(Self { name, cost, salt, places })
    }

    /// The file as people keep it: text that can be printed, copied and pasted, with a check sum and the name.
    #[must_use]
    pub fn to_text(&self) -> String {
        let remark = format!("Keys of {}. Opens with its passphrase only.", self.name);
        Piece::new(ARMOUR_KIND, self.encode()).to_text(&remark)
    }

    /// # Errors
    /// [`KeyFileError`] with the line that cannot be read.
    pub fn from_text(text: &str) -> Result<Self, KeyFileError> {
        Ok(Self::decode(&only(text, ARMOUR_KIND)?)?)
    }
}

impl Place {
    fn filler(draw: &mut Draw) -> Self {
        Self { nonce: draw.open(), locked: draw.open() }
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, CanonicalError> {
        r.array_of(2)?;
        Ok(Self { nonce: r.exact()?, locked: r.exact()? })
    }
}

fn cipher(key: &[u8; 32]) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&(*expand::<32>(key, b"pehra/seal/keyfile/1")).into())
}

#[cfg(test)]
mod tests;
