//! A report that only its recipients read: sealed once under a key of its own, the key wrapped for each recipient.

use crate::chance::{Chance, Draw, expand};
use crate::hybrid::{Envelope, OpeningKey, SealingPublic, WeakKey};
use crate::padding::{LENGTH_BYTES, is_padded_len, pad, padded_len, unpad};
use chacha20poly1305::aead::AeadInOut;
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use pehra_ledger::canonical::{CanonicalError, Reader, Writer};
use pehra_ledger::hash::LABEL_BYTES;
use pehra_ledger::{DeviceId, Hash, Header};
use zeroize::Zeroizing;

/// Most recipients of one report. More than that is no secret.
pub const RECIPIENTS_MAX: usize = 64;
/// Longest report in the clear: padded and sealed to [`RECIPIENTS_MAX`] it fits the body of an entry.
pub const PLAINTEXT_BYTES_MAX: usize = PADDED_BYTES_MAX - LENGTH_BYTES;
/// Longest sealed body: a payload of 1 MiB without its 32 random bytes.
pub const SEALED_BYTES_MAX: usize = (1 << 20) - 32;

const PADDED_BYTES_MAX: usize = 63 << 14;
pub(crate) const TAG_BYTES: usize = 16;
const VERSION: u8 = 1;
const VERSION_REGRANT: u8 = 1;
/// Places come in these numbers, so that their count tells little about who reads.
const PLACES: [usize; 5] = [4, 8, 16, 32, RECIPIENTS_MAX];

/// Names a compartment and says nothing about it: 16 random bytes, drawn when it is founded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CompartmentId(pub [u8; 16]);

impl CompartmentId {
    /// The name that follows from an election and a text, the same for whoever asks; under another label another.
    #[must_use]
    pub fn of_text(label: &[u8; LABEL_BYTES], election: [u8; 16], text: &str) -> Self {
        let mut w = Writer::default();
        w.array(2).bytes(&election).text(text);
        let hash = Hash::labelled(label, &w.finish()).0;
        let mut name = [0; 16];
        name.copy_from_slice(&hash[..16]);
        Self(name)
    }
}

/// What a sealed report belongs to. It opens nowhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binding {
    pub election: [u8; 16],
    /// The device whose entry carries the report: nobody can post it again as their own.
    pub author: DeviceId,
    /// The entry's kind.
    pub kind: u32,
    pub compartment: CompartmentId,
}

/// The key of one report. Shown to a third party, it proves this report's contents and opens no other.
#[derive(Clone, PartialEq, Eq)]
pub struct ContentKey(Zeroizing<[u8; 32]>);

impl std::fmt::Debug for ContentKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ContentKey(…)")
    }
}

/// A sealed report as it stands in an entry's body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    compartment: CompartmentId,
    commitment: [u8; 32],
    /// Ascending, 4, 8, 16, 32 or 64 of them.
    places: Vec<Envelope>,
    ciphertext: Vec<u8>,
}

/// A later record by which a reader lets others read: the same key, wrapped for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Regrant {
    /// SHA-256 of the sealed body.
    sealed: Hash,
    places: Vec<Envelope>,
}

/// What a recipient finds.
#[derive(Clone, Debug)]
pub struct Opened {
    pub plaintext: Zeroizing<Vec<u8>>,
    pub key: ContentKey,
}

/// Why a report cannot be sealed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    #[error("a sealed report needs at least one recipient")]
    NoRecipient,
    #[error("{0} recipients are too many: at most {RECIPIENTS_MAX} may read one report")]
    TooMany(usize),
    #[error(
        "the report has {0} bytes, at most {PLAINTEXT_BYTES_MAX} can be sealed: send the rest as a file"
    )]
    TooLong(usize),
    #[error(transparent)]
    WeakKey(#[from] WeakKey),
}

/// Why a sealed report does not open.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    #[error("the report belongs to another compartment")]
    OtherCompartment,
    #[error(
        "none of the {places} places opens with this key: its holder is no recipient, or the report was taken from another entry"
    )]
    NotARecipient { places: usize },
    #[error("the key is not the one this report was sealed with")]
    OtherKey,
    #[error("the sealed report was altered after it was sealed")]
    Altered,
}

impl Binding {
    /// Of a report in an entry with this header.
    #[must_use]
    pub fn of(header: &Header, compartment: CompartmentId) -> Self {
        let author = header.place.device;
        Self { election: header.election, author, kind: header.kind, compartment }
    }

    /// What every place and the text are tied to.
    fn tie(&self, commitment: &[u8; 32]) -> Vec<u8> {
        let mut w = Writer::with_capacity(128);
        w.array(6).text("pehra/compartment/1").bytes(&self.election).bytes(&self.author.0);
        w.uint(self.kind).bytes(&self.compartment.0).bytes(commitment);
        w.finish()
    }
}

impl ContentKey {
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    #[must_use]
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// What binds the author to one key for all recipients: XChaCha20-Poly1305 alone would let a forger show each
    /// recipient another text.
    pub(crate) fn commitment(&self) -> [u8; 32] {
        *expand(&self.0, b"pehra/seal/commitment/1")
    }

    /// Seals in place. One key seals one text, so that the nonce may follow from the key.
    pub(crate) fn seal(&self, tie: &[u8], text: &mut Vec<u8>) -> Result<(), SealError> {
        let (cipher, nonce) = self.cipher();
        let length = text.len();
        cipher
            .encrypt_in_place(&(*nonce).into(), tie, text)
            .map_err(|_too_long| SealError::TooLong(length))
    }

    pub(crate) fn open(&self, tie: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let (cipher, nonce) = self.cipher();
        let mut text = Zeroizing::new(sealed.to_vec());
        cipher
            .decrypt_in_place(&(*nonce).into(), tie, &mut *text)
            .map_err(|_no_detail| OpenError::Altered)?;
        Ok(text)
    }

    fn cipher(&self) -> (XChaCha20Poly1305, Zeroizing<[u8; 24]>) {
        let key = expand::<32>(&self.0, b"pehra/seal/text/1");
        let nonce = expand::<24>(&self.0, b"pehra/seal/nonce/1");
        (XChaCha20Poly1305::new(&(*key).into()), nonce)
    }
}

impl Sealed {
    /// Seals a report for its recipients; one who is named twice gets one place.
    ///
    /// # Errors
    /// [`SealError`].
    pub fn seal(
        binding: &Binding,
        recipients: &[SealingPublic],
        plaintext: &[u8],
        chance: Chance,
    ) -> Result<Self, SealError> {
        let recipients = readers(recipients)?;
        if plaintext.len() > PLAINTEXT_BYTES_MAX {
            return Err(SealError::TooLong(plaintext.len()));
        }
        let named: Vec<u8> = recipients.iter().flat_map(|one| one.0).collect();
        let context = [&binding.tie(&[0; 32])[..], plaintext, &named];
        let mut draw = chance.draw("pehra/seal/compartment/1", context);
        let key = ContentKey(draw.secret());
        let commitment = key.commitment();
        let tie = binding.tie(&commitment);
        let padded = pad(plaintext).ok_or(SealError::TooLong(plaintext.len()))?;
        let mut ciphertext = Vec::with_capacity(padded.len() + TAG_BYTES);
        ciphertext.extend_from_slice(&padded);
        key.seal(&tie, &mut ciphertext)?;
        let places = places(&recipients, &tie, &key, &mut draw)?;
        Ok(Self { compartment: binding.compartment, commitment, places, ciphertext })
    }

    #[must_use]
    pub fn compartment(&self) -> CompartmentId {
        self.compartment
    }

    /// Opens the report with a recipient's key, through its own places or those that were granted later.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open(
        &self,
        binding: &Binding,
        holder: &OpeningKey,
        regrants: &[Regrant],
    ) -> Result<Opened, OpenError> {
        self.belongs(binding)?;
        let tie = binding.tie(&self.commitment);
        let hash = if regrants.is_empty() { Hash::ZERO } else { self.hash() };
        let granted = regrants.iter().filter(|regrant| regrant.sealed == hash);
        let mut places = 0;
        for place in self.places.iter().chain(granted.flat_map(|regrant| &regrant.places)) {
            places += 1;
            // A place that was forged gives a key without the commitment: another may still hold the true one.
            let key = place.unwrap_with(holder, &tie).map(ContentKey);
            if let Some(key) = key.filter(|key| key.commitment() == self.commitment) {
                return self.open_with(binding, &key);
            }
        }
        Err(OpenError::NotARecipient { places })
    }

    /// Opens the report with its own key, as a recipient has disclosed it.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open_with(&self, binding: &Binding, key: &ContentKey) -> Result<Opened, OpenError> {
        self.belongs(binding)?;
        if key.commitment() != self.commitment {
            return Err(OpenError::OtherKey);
        }
        let padded = key.open(&binding.tie(&self.commitment), &self.ciphertext)?;
        let text = unpad(&padded).ok_or(OpenError::Altered)?;
        Ok(Opened { plaintext: Zeroizing::new(text.to_vec()), key: key.clone() })
    }

    fn belongs(&self, binding: &Binding) -> Result<(), OpenError> {
        if binding.compartment == self.compartment {
            Ok(())
        } else {
            Err(OpenError::OtherCompartment)
        }
    }

    /// Lets others read: `key` comes from [`Opened`], so only a reader can grant.
    ///
    /// # Errors
    /// [`GrantError`].
    pub fn regrant(
        &self,
        binding: &Binding,
        key: &ContentKey,
        recipients: &[SealingPublic],
        chance: Chance,
    ) -> Result<Regrant, GrantError> {
        self.belongs(binding)?;
        if key.commitment() != self.commitment {
            return Err(GrantError::Key(OpenError::OtherKey));
        }
        let recipients = readers(recipients)?;
        let sealed = self.hash();
        let named: Vec<u8> = recipients.iter().flat_map(|one| one.0).collect();
        let mut draw = chance.draw("pehra/seal/regrant/1", [&sealed.0[..], &named]);
        let tie = binding.tie(&self.commitment);
        Ok(Regrant { sealed, places: places(&recipients, &tie, key, &mut draw)? })
    }

    /// SHA-256 of the sealed body.
    #[must_use]
    pub fn hash(&self) -> Hash {
        Hash::of(&self.encode())
    }

    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut w = Writer::with_capacity(80 + 86 * self.places.len() + self.ciphertext.len());
        w.array(5).uint(VERSION).bytes(&self.compartment.0).bytes(&self.commitment);
        write_places(&mut w, &self.places);
        w.bytes(&self.ciphertext);
        w.finish()
    }

    /// # Errors
    /// [`CanonicalError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, CanonicalError> {
        if bytes.len() > SEALED_BYTES_MAX {
            return Err(CanonicalError::TooLarge { at: 0 });
        }
        let mut r = Reader::new(bytes);
        r.array_of(5)?;
        r.constant(VERSION)?;
        let compartment = CompartmentId(r.exact()?);
        let commitment = r.exact()?;
        let places = read_places(&mut r)?;
        let at = r.at();
        let ciphertext = r.bytes(PADDED_BYTES_MAX + TAG_BYTES)?;
        r.end()?;
        let whole = ciphertext.len().checked_sub(TAG_BYTES).is_some_and(is_padded_len);
        if !whole {
            return Err(CanonicalError::WrongType { at });
        }
        Ok(Self { compartment, commitment, places, ciphertext: ciphertext.to_vec() })
    }
}

/// Why a reader cannot let others read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GrantError {
    #[error(transparent)]
    Key(#[from] OpenError),
    #[error(transparent)]
    Recipients(#[from] SealError),
}

impl Regrant {
    /// SHA-256 of the sealed body whose key it carries.
    #[must_use]
    pub fn sealed(&self) -> Hash {
        self.sealed
    }

    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut w = Writer::with_capacity(48 + 86 * self.places.len());
        w.array(3).uint(VERSION_REGRANT).bytes(&self.sealed.0);
        write_places(&mut w, &self.places);
        w.finish()
    }

    /// # Errors
    /// [`CanonicalError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, CanonicalError> {
        let mut r = Reader::new(bytes);
        r.array_of(3)?;
        r.constant(VERSION_REGRANT)?;
        let regrant = Self { sealed: Hash(r.exact()?), places: read_places(&mut r)? };
        r.end()?;
        Ok(regrant)
    }
}

fn readers(recipients: &[SealingPublic]) -> Result<Vec<SealingPublic>, SealError> {
    let mut all = recipients.to_vec();
    all.sort_unstable();
    all.dedup();
    match all.len() {
        0 => Err(SealError::NoRecipient),
        1..=RECIPIENTS_MAX => Ok(all),
        more => Err(SealError::TooMany(more)),
    }
}

/// A place for each recipient and places for nobody up to the next number, in an order that chance gives.
fn places(
    recipients: &[SealingPublic],
    tie: &[u8],
    key: &ContentKey,
    draw: &mut Draw,
) -> Result<Vec<Envelope>, SealError> {
    let wanted = PLACES.into_iter().find(|&count| count >= recipients.len());
    let mut places = Vec::with_capacity(RECIPIENTS_MAX);
    for recipient in recipients {
        places.push(Envelope::wrap(*recipient, tie, &key.0, draw)?);
    }
    while places.len() < wanted.unwrap_or(RECIPIENTS_MAX) {
        places.push(Envelope::filler(draw)?);
    }
    places.sort_unstable();
    Ok(places)
}

fn write_places(w: &mut Writer, places: &[Envelope]) {
    w.array(places.len());
    for place in places {
        place.write(w);
    }
}

fn read_places(r: &mut Reader<'_>) -> Result<Vec<Envelope>, CanonicalError> {
    let at = r.at();
    let count = r.array(RECIPIENTS_MAX)?;
    if !PLACES.contains(&count) {
        return Err(CanonicalError::WrongType { at });
    }
    let mut places: Vec<Envelope> = Vec::with_capacity(count);
    for _ in 0..count {
        let at = r.at();
        let place = Envelope::read(r)?;
        if places.last().is_some_and(|last| *last >= place) {
            return Err(CanonicalError::NotSorted { at });
        }
        places.push(place);
    }
    Ok(places)
}

/// Bytes of a sealed body for a report of `plaintext` bytes to so many recipients.
#[must_use]
pub fn sealed_len(plaintext: usize, recipients: usize) -> usize {
    let places = PLACES.into_iter().find(|&count| count >= recipients).unwrap_or(RECIPIENTS_MAX);
    let text = padded_len(plaintext + LENGTH_BYTES) + TAG_BYTES;
    let head = |length: usize| match length {
        0..=23 => 1,
        24..=255 => 2,
        256..=65_535 => 3,
        _ => 5,
    };
    2 + 17 + 34 + head(places) + places * 85 + head(text) + text
}

#[cfg(test)]
mod tests;
