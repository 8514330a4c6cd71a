//! Certificates and revocations: who may sign what, where and when. Signed by an issuer, chained to the root.

use crate::canonical::{CanonicalError, Reader, Writer, is_plain};
use crate::hash::{Hash, LABEL_BYTES};
use crate::header::{NAME_BYTES_MAX, Place, SEQ_MAX, ascending};
use crate::key::{DeviceId, PublicKey, Signature, SigningKey, message};

pub const ROLES_MAX: usize = 32;
/// Signatures on one statement: a root of at most this many keys.
pub const ISSUERS_MAX: usize = 16;
/// Epochs of one device that a revocation can list.
pub const LAST_MAX: usize = 16;
pub const STATEMENT_BYTES_MAX: usize = 8_192;

const VERSION: u8 = 1;
/// A certificate that also carries a key to which others seal.
const VERSION_SEALING: u8 = 2;
/// A revocation of a stolen device, whose entries need a witness.
const VERSION_STOLEN: u8 = 2;
const CERTIFICATE_LABEL: &[u8; LABEL_BYTES] = b"pehra/certif/1\0";
const REVOCATION_LABEL: &[u8; LABEL_BYTES] = b"pehra/revoke/1\0";

/// What a certified key is. Codes may be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subject(pub u8);

impl Subject {
    /// A node or phone: signs entries.
    pub const DEVICE: Self = Self(0);
    /// A person's own key: co-signs entries.
    pub const PERSON: Self = Self(1);
    /// An enrolment office: issues certificates within its area and its time.
    pub const ENROLMENT: Self = Self(2);
}

/// What an issuer says about a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateBody {
    pub election: [u8; 16],
    pub subject: Subject,
    pub key: PublicKey,
    /// What people call the device, the person or the office.
    pub name: String,
    pub area: String,
    /// In ascending order without repeats.
    pub roles: Vec<String>,
    /// Unix milliseconds, both inclusive.
    pub not_before_ms: u64,
    pub not_after_ms: u64,
    /// X25519 public key to which others seal what only the holder may read.
    pub sealing: Option<[u8; 32]>,
}

/// The last entry of one epoch that is still believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LastAccepted {
    pub epoch: u32,
    pub seq: u64,
    pub hash: Hash,
}

/// What an issuer says about a key that is lost, stolen or out of service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevocationBody {
    pub election: [u8; 16],
    pub key: DeviceId,
    /// One for each epoch that is believed, ascending; an epoch that is not listed is not believed at all.
    pub last: Vec<LastAccepted>,
    /// When it was decided, Unix milliseconds: for people; the effect is settled by `last`.
    pub at_ms: u64,
    /// For people.
    pub reason: String,
    /// The device was stolen: entries up to `last` are believed only under a checkpoint that witnesses signed before
    /// this moment, Unix milliseconds. Whoever holds the key can write as if it were earlier; nobody can have been
    /// witnessed earlier.
    pub witnessed_before_ms: Option<u64>,
}

/// A body of statement: how it is written, and under which label it is signed.
pub trait Body: Sized {
    /// Whether the body keeps the limits of its format, so that what is written can be read back.
    fn is_writable(&self) -> bool;
    /// The label of this sort of statement.
    const LABEL: &'static [u8; LABEL_BYTES];
    /// The canonical bytes.
    fn encode(&self) -> Vec<u8>;
    /// Reads the canonical bytes.
    ///
    /// # Errors
    /// [`CanonicalError`].
    fn decode(bytes: &[u8]) -> Result<Self, CanonicalError>;
}

/// A statement that breaks a limit of its format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a list or a text of the statement is too long, not sorted or not plain")]
pub struct NotWritable;

/// A body and the signatures of those who stand for it: one of an enrolment office, or several of the root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement<B> {
    pub body: B,
    /// In ascending order of keys, each once.
    signatures: Vec<(PublicKey, Signature)>,
    hash: Hash,
}

pub type Certificate = Statement<CertificateBody>;
pub type Revocation = Statement<RevocationBody>;

impl<B: Body> Statement<B> {
    /// Signs a body with each of the keys.
    ///
    /// # Errors
    /// [`NotWritable`] when the body breaks a limit, or there are no keys or too many.
    pub fn sign(body: B, keys: &[&SigningKey]) -> Result<Self, NotWritable> {
        let hash = Hash::labelled(B::LABEL, &body.encode());
        let message = message(B::LABEL, &hash, &[]);
        let signed = keys.iter().map(|key| (key.public(), key.sign(&message))).collect();
        Self::of_signatures(body, signed)
    }

    /// Puts a body and the signatures over it together.
    pub(crate) fn of_signatures(
        body: B,
        mut signatures: Vec<(PublicKey, Signature)>,
    ) -> Result<Self, NotWritable> {
        if !body.is_writable() || signatures.is_empty() || signatures.len() > ISSUERS_MAX {
            return Err(NotWritable);
        }
        let hash = Hash::labelled(B::LABEL, &body.encode());
        signatures.sort_unstable();
        signatures.dedup_by_key(|(key, _)| *key);
        Ok(Self { body, signatures, hash })
    }

    /// The exact bytes that a key signs to stand for a body.
    #[must_use]
    pub fn to_sign(body: &B) -> Vec<u8> {
        message(B::LABEL, &Hash::labelled(B::LABEL, &body.encode()), &[])
    }

    /// A statement whose signatures were made elsewhere; whether they hold is asked separately.
    #[must_use]
    pub fn from_signatures(body: B, mut signatures: Vec<(PublicKey, Signature)>) -> Self {
        signatures.sort_unstable();
        signatures.dedup_by_key(|(key, _)| *key);
        signatures.truncate(ISSUERS_MAX);
        let hash = Hash::labelled(B::LABEL, &body.encode());
        Self { body, signatures, hash }
    }

    /// Adds the signatures of another copy: for offices that sign one after the other.
    #[must_use]
    pub fn joined(self, other: &Self) -> Self {
        if self.hash != other.hash {
            return self;
        }
        let both = self.signatures.into_iter().chain(other.signatures.iter().copied()).collect();
        Self::from_signatures(self.body, both)
    }

    /// What is signed: the hash of the body. Anybody can put a worthless signature of their own under the same body, so
    /// this does not tell two statements apart; [`Self::name`] does.
    #[must_use]
    pub fn hash(&self) -> Hash {
        self.hash
    }

    /// Names the statement together with its signatures.
    #[must_use]
    pub fn name(&self) -> Hash {
        Hash::of(&self.encode())
    }

    /// Keys whose signatures are on it, ascending.
    pub fn issuers(&self) -> impl Iterator<Item = PublicKey> {
        self.signatures.iter().map(|(key, _)| *key)
    }

    /// Whether every signature holds and there is at least one.
    #[must_use]
    pub fn holds(&self) -> bool {
        let message = message(B::LABEL, &self.hash, &[]);
        !self.signatures.is_empty()
            && self.signatures.iter().all(|(key, signature)| key.verify(&message, signature))
    }

    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut w = Writer::default();
        w.array(2).bytes(&self.body.encode()).array(self.signatures.len());
        for (key, signature) in &self.signatures {
            w.array(2).bytes(&key.0).bytes(&signature.0);
        }
        w.finish()
    }

    /// Reads a statement; its signatures are not checked yet.
    ///
    /// # Errors
    /// [`CanonicalError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, CanonicalError> {
        let mut r = Reader::new(bytes);
        r.array_of(2)?;
        let body = r.bytes(STATEMENT_BYTES_MAX)?;
        let hash = Hash::labelled(B::LABEL, body);
        let body = B::decode(body)?;
        let signature = |r: &mut Reader<'_>| {
            r.array_of(2)?;
            Ok((PublicKey(r.exact()?), Signature(r.exact()?)))
        };
        let signatures = ascending(&mut r, ISSUERS_MAX, signature, |a, b| a.0 < b.0)?;
        r.end()?;
        Ok(Self { body, signatures, hash })
    }
}

impl Body for CertificateBody {
    const LABEL: &'static [u8; LABEL_BYTES] = CERTIFICATE_LABEL;

    fn is_writable(&self) -> bool {
        let texts = self.roles.iter().chain([&self.name, &self.area]);
        self.roles.len() <= ROLES_MAX
            && self.roles.is_sorted_by(|a, b| a < b)
            && texts.into_iter().all(|text| text.len() <= NAME_BYTES_MAX && is_plain(text))
    }

    fn encode(&self) -> Vec<u8> {
        let mut w = Writer::default();
        match self.sealing {
            None => w.array(9).uint(VERSION),
            Some(_) => w.array(10).uint(VERSION_SEALING),
        };
        w.bytes(&self.election).uint(self.subject.0);
        w.bytes(&self.key.0).text(&self.name).text(&self.area).array(self.roles.len());
        for role in &self.roles {
            w.text(role);
        }
        w.uint(self.not_before_ms).uint(self.not_after_ms);
        if let Some(sealing) = &self.sealing {
            w.bytes(sealing);
        }
        w.finish()
    }

    fn decode(bytes: &[u8]) -> Result<Self, CanonicalError> {
        let mut r = Reader::new(bytes);
        let seals = r.array(10)? == 10;
        if !seals {
            r = Reader::new(bytes);
            r.array_of(9)?;
        }
        r.constant(if seals { VERSION_SEALING } else { VERSION })?;
        let body = Self {
            election: r.exact()?,
            subject: Subject(r.u8()?),
            key: PublicKey(r.exact()?),
            name: r.text(NAME_BYTES_MAX)?.to_owned(),
            area: r.text(NAME_BYTES_MAX)?.to_owned(),
            roles: ascending(
                &mut r,
                ROLES_MAX,
                |r| Ok(r.text(NAME_BYTES_MAX)?.to_owned()),
                |a, b| a < b,
            )?,
            not_before_ms: r.uint(u64::MAX)?,
            not_after_ms: r.uint(u64::MAX)?,
            sealing: if seals { Some(r.exact()?) } else { None },
        };
        r.end()?;
        Ok(body)
    }
}

impl Body for RevocationBody {
    const LABEL: &'static [u8; LABEL_BYTES] = REVOCATION_LABEL;

    fn is_writable(&self) -> bool {
        self.last.len() <= LAST_MAX
            && self.last.is_sorted_by(|a, b| a.epoch < b.epoch)
            && self.last.iter().all(|last| last.seq <= SEQ_MAX)
            && self.reason.len() <= NAME_BYTES_MAX
            && is_plain(&self.reason)
    }

    fn encode(&self) -> Vec<u8> {
        let mut w = Writer::default();
        match self.witnessed_before_ms {
            None => w.array(6).uint(VERSION),
            Some(_) => w.array(7).uint(VERSION_STOLEN),
        };
        w.bytes(&self.election).bytes(&self.key.0).array(self.last.len());
        for last in &self.last {
            w.array(3).uint(last.epoch).uint(last.seq).bytes(&last.hash.0);
        }
        w.uint(self.at_ms).text(&self.reason);
        if let Some(before_ms) = self.witnessed_before_ms {
            w.uint(before_ms);
        }
        w.finish()
    }

    fn decode(bytes: &[u8]) -> Result<Self, CanonicalError> {
        let mut r = Reader::new(bytes);
        let stolen = r.array(7)? == 7;
        if !stolen {
            r = Reader::new(bytes);
            r.array_of(6)?;
        }
        r.constant(if stolen { VERSION_STOLEN } else { VERSION })?;
        let election = r.exact()?;
        let key = DeviceId(r.exact()?);
        let last = |r: &mut Reader<'_>| {
            r.array_of(3)?;
            Ok(LastAccepted { epoch: r.u32()?, seq: r.uint(SEQ_MAX)?, hash: Hash(r.exact()?) })
        };
        let last = ascending(&mut r, LAST_MAX, last, |a, b| a.epoch < b.epoch)?;
        let at_ms = r.uint(u64::MAX)?;
        let reason = r.text(NAME_BYTES_MAX)?.to_owned();
        let witnessed_before_ms = if stolen { Some(r.uint(u64::MAX)?) } else { None };
        r.end()?;
        Ok(Self { election, key, last, at_ms, reason, witnessed_before_ms })
    }
}

impl RevocationBody {
    /// Whether an entry is still believed after this revocation.
    #[must_use]
    pub fn leaves(&self, place: Place, hash: Hash) -> bool {
        self.last.iter().any(|last| {
            let before = place.seq < last.seq;
            last.epoch == place.epoch && (before || (place.seq == last.seq && hash == last.hash))
        })
    }
}
