//! An entry: a signed header, co-signatures, and a payload that may be absent.

use crate::batch::Claim;
use crate::canonical::{CanonicalError, Reader, Writer, is_plain};
use crate::draft::{Draft, Next};
use crate::hash::{Hash, LABEL_BYTES};
use crate::header::{
    EntryRef, HEADER_BYTES_MAX, Header, HeaderError, HeaderUnreadable, ascending, entry_hash,
};
use crate::key::{AUTHOR_LABEL, DeviceId, PublicKey, Signature, SigningKey, message};
use crate::payload::{PAYLOAD_BYTES_MAX, Payload, PayloadError};

/// Co-signatures that may travel with one entry; later ones travel in entries of their own.
pub const COSIGNATURES_MAX: usize = 8;
/// Longest statement of what a co-signature means, in bytes.
pub const COSIGN_ROLE_BYTES_MAX: usize = 32;
/// Longest entry on the wire.
pub const ENTRY_BYTES_MAX: usize = HEADER_BYTES_MAX
    + PAYLOAD_BYTES_MAX
    + COSIGNATURES_MAX * (32 + 64 + COSIGN_ROLE_BYTES_MAX + 8)
    + 128;

pub(crate) const COSIGN_LABEL: &[u8; LABEL_BYTES] = b"pehra/cosign/1\0";

/// Another key's signature over the same header hash, and in what part it was given: `second-person`,
/// `actor`, `enrolment`, `witness`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cosignature {
    pub key: PublicKey,
    pub part: String,
    pub signature: Signature,
}

impl Cosignature {
    /// Signs an entry's hash in a stated part.
    ///
    /// # Errors
    /// [`SealError::Part`] when the part is empty, longer than 32 bytes or not plain text.
    pub fn sign(key: &SigningKey, part: &str, entry: &Hash) -> Result<Self, SealError> {
        if part.is_empty() || part.len() > COSIGN_ROLE_BYTES_MAX || !is_plain(part) {
            return Err(SealError::Part);
        }
        let signature = key.sign(&message(COSIGN_LABEL, entry, part.as_bytes()));
        Ok(Self { key: key.public(), part: part.to_owned(), signature })
    }

    /// Whether the key's holder signed this entry in this part.
    #[must_use]
    pub fn holds(&self, entry: &Hash) -> bool {
        self.key.verify(&message(COSIGN_LABEL, entry, self.part.as_bytes()), &self.signature)
    }

    fn claim(&self, entry: &Hash) -> Claim {
        let message = message(COSIGN_LABEL, entry, self.part.as_bytes());
        Claim { key: self.key, message, signature: self.signature }
    }

    fn write(&self, w: &mut Writer) {
        w.array(3).bytes(&self.key.0).text(&self.part).bytes(&self.signature.0);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, CanonicalError> {
        r.array_of(3)?;
        let key = PublicKey(r.exact()?);
        let at = r.at();
        let part = r.text(COSIGN_ROLE_BYTES_MAX)?.to_owned();
        if part.is_empty() {
            return Err(CanonicalError::WrongType { at });
        }
        Ok(Self { key, part, signature: Signature(r.exact()?) })
    }

    fn stands_before(&self, other: &Self) -> bool {
        (self.key, &self.part) < (other.key, &other.part)
    }

    /// The canonical bytes of a list, as a store keeps it.
    #[must_use]
    pub fn encode_all(cosignatures: &[Self]) -> Vec<u8> {
        let mut w = Writer::default();
        w.array(cosignatures.len());
        for cosignature in cosignatures {
            cosignature.write(&mut w);
        }
        w.finish()
    }

    /// Reads back what [`Self::encode_all`] wrote.
    ///
    /// # Errors
    /// [`CanonicalError`].
    pub fn decode_all(bytes: &[u8]) -> Result<Vec<Self>, CanonicalError> {
        let mut r = Reader::new(bytes);
        let all = ascending(&mut r, COSIGNATURES_MAX, Self::read, Self::stands_before)?;
        r.end()?;
        Ok(all)
    }
}

/// Why an entry could not be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    #[error("the header breaks a limit")]
    Header(#[from] HeaderError),
    #[error("the co-signature of {0}, which the header names, is missing or does not hold")]
    CosignatureMissing(DeviceId),
    #[error("more than {COSIGNATURES_MAX} co-signatures: send the others in entries of their own")]
    TooManyCosignatures,
    #[error("the part of a co-signature is 1 to {COSIGN_ROLE_BYTES_MAX} bytes of plain text")]
    Part,
}

/// Why bytes are not an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EntryUnreadable {
    #[error("the entry is not in its canonical form")]
    Canonical(#[from] CanonicalError),
    #[error(transparent)]
    Header(#[from] HeaderUnreadable),
    #[error(transparent)]
    Payload(#[from] PayloadError),
    #[error("the payload is not the one that was signed")]
    PayloadHash,
    #[error("the header is not the one that was kept under this hash")]
    HeaderHash,
}

/// A header with its bytes as they were signed, the author's signature, co-signatures, and the payload unless it
/// is withheld or deleted. The parts agree with each other; whether the signatures hold is asked separately.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    header: Header,
    header_bytes: Vec<u8>,
    hash: Hash,
    signature: Signature,
    cosignatures: Vec<Cosignature>,
    payload: Option<Payload>,
}

impl Entry {
    /// Signs a draft at a place.
    ///
    /// # Errors
    /// [`SealError`] when a limit is broken or a named co-signer has not signed.
    pub fn seal(key: &SigningKey, draft: &Draft, next: Next) -> Result<Self, SealError> {
        Self::seal_with(key, draft, next, Vec::new())
    }

    /// Signs a draft whose header others have signed before: see [`Draft::header`] and [`Cosignature::sign`].
    ///
    /// # Errors
    /// [`SealError`] when a limit is broken or a named co-signer has not signed.
    pub fn seal_with(
        key: &SigningKey,
        draft: &Draft,
        next: Next,
        cosignatures: Vec<Cosignature>,
    ) -> Result<Self, SealError> {
        let header = draft.header(key.id(), next);
        let header_bytes = header.encode()?;
        let hash = entry_hash(&header_bytes);
        let signature = key.sign(&message(AUTHOR_LABEL, &hash, &[]));
        let payload = Some(draft.payload.clone());
        let mut entry =
            Self { header, header_bytes, hash, signature, cosignatures: Vec::new(), payload };
        for cosignature in cosignatures {
            if !cosignature.holds(&hash) {
                return Err(SealError::CosignatureMissing(cosignature.key.id()));
            }
            entry.add_cosignature(cosignature)?;
        }
        match entry.missing_cosigner() {
            Some(missing) => Err(SealError::CosignatureMissing(missing)),
            None => Ok(entry),
        }
    }

    /// Puts an entry together from the parts a store keeps.
    ///
    /// # Errors
    /// [`EntryUnreadable`] when the parts do not agree.
    pub fn from_parts(
        header_bytes: Vec<u8>,
        signature: Signature,
        cosignatures: Vec<Cosignature>,
        payload: Option<Vec<u8>>,
    ) -> Result<Self, EntryUnreadable> {
        let header = Header::decode(&header_bytes)?;
        let hash = entry_hash(&header_bytes);
        let payload = payload.map(Payload::from_bytes).transpose()?;
        if payload.as_ref().is_some_and(|payload| payload.hash() != header.payload_hash) {
            return Err(EntryUnreadable::PayloadHash);
        }
        Ok(Self { header, header_bytes, hash, signature, cosignatures, payload })
    }

    /// Reads an entry from the wire. Its parts agree afterwards; its signatures are not checked yet.
    ///
    /// # Errors
    /// [`EntryUnreadable`] says what is wrong and where.
    pub fn decode(bytes: &[u8]) -> Result<Self, EntryUnreadable> {
        if bytes.len() > ENTRY_BYTES_MAX {
            return Err(CanonicalError::TooLarge { at: 0 }.into());
        }
        let mut r = Reader::new(bytes);
        r.array_of(4)?;
        let header_bytes = r.bytes(HEADER_BYTES_MAX)?.to_vec();
        let signature = Signature(r.exact()?);
        let cosignatures =
            ascending(&mut r, COSIGNATURES_MAX, Cosignature::read, Cosignature::stands_before)?;
        let payload = if r.is_null()? { None } else { Some(r.bytes(PAYLOAD_BYTES_MAX)?.to_vec()) };
        r.end()?;
        Self::from_parts(header_bytes, signature, cosignatures, payload)
    }

    /// The bytes for the wire.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let payload_bytes = self.payload.as_ref().map_or(1, |payload| payload.bytes().len() + 5);
        let mut w = Writer::with_capacity(self.header_bytes.len() + payload_bytes + 96);
        w.array(4).bytes(&self.header_bytes).bytes(&self.signature.0);
        w.array(self.cosignatures.len());
        for cosignature in &self.cosignatures {
            cosignature.write(&mut w);
        }
        match &self.payload {
            Some(payload) => w.bytes(payload.bytes()),
            None => w.null(),
        };
        w.finish()
    }

    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The header as it was signed, byte for byte.
    #[must_use]
    pub fn header_bytes(&self) -> &[u8] {
        &self.header_bytes
    }

    /// The name of this entry, which the next one points back to and co-signers sign.
    #[must_use]
    pub fn hash(&self) -> Hash {
        self.hash
    }

    #[must_use]
    pub fn signature(&self) -> &Signature {
        &self.signature
    }

    #[must_use]
    pub fn cosignatures(&self) -> &[Cosignature] {
        &self.cosignatures
    }

    #[must_use]
    pub fn payload(&self) -> Option<&Payload> {
        self.payload.as_ref()
    }

    /// How other entries refer to this one.
    #[must_use]
    pub fn reference(&self) -> EntryRef {
        EntryRef { place: self.header.place, hash8: self.hash.short() }
    }

    /// The same entry without its payload: for a carrier that may not read it, or after retention.
    #[must_use]
    pub fn withheld(mut self) -> Self {
        self.payload = None;
        self
    }

    /// Adds a co-signature, whether the header names it or not; a second one of the same key and part changes
    /// nothing. The caller has checked it.
    ///
    /// # Errors
    /// [`SealError::TooManyCosignatures`].
    pub fn add_cosignature(&mut self, cosignature: Cosignature) -> Result<(), SealError> {
        let at = self.cosignatures.partition_point(|have| have.stands_before(&cosignature));
        let known = self.cosignatures.get(at).is_some_and(|have| !cosignature.stands_before(have));
        if known {
            return Ok(());
        }
        if self.cosignatures.len() >= COSIGNATURES_MAX {
            return Err(SealError::TooManyCosignatures);
        }
        self.cosignatures.insert(at, cosignature);
        Ok(())
    }

    /// The first co-signer that the header names and whose signature did not come along.
    #[must_use]
    pub fn missing_cosigner(&self) -> Option<DeviceId> {
        let came = |named: &&DeviceId| !self.cosignatures.iter().any(|c| c.key.id() == **named);
        self.header.cosigners.iter().find(came).copied()
    }

    /// Whether the author's signature holds under `key`.
    #[must_use]
    pub fn author_holds(&self, key: &PublicKey) -> bool {
        key.verify(&message(AUTHOR_LABEL, &self.hash, &[]), &self.signature)
    }

    /// The signatures of this entry as claims: the author's first, then each co-signature.
    pub fn claims(&self, author: PublicKey) -> impl Iterator<Item = Claim> {
        let message = message(AUTHOR_LABEL, &self.hash, &[]);
        let author = Claim { key: author, message, signature: self.signature };
        std::iter::once(author).chain(self.cosignatures.iter().map(|c| c.claim(&self.hash)))
    }
}
