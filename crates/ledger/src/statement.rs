//! Statements of offices travel as the payloads of entries: chained in the log of whoever published them, synced,
//! checkpointed and proven like everything else, so that a withheld revocation is a visible gap.
//!
//! The entry is only the carrier: a statement is believed by its own signatures, whoever carried it. Kinds below
//! [`OWN_KINDS_END`] belong to the ledger; what they mean is settled here and nowhere else.

use crate::canonical::{CanonicalError, Reader, Writer, is_plain};
use crate::certificate::{Certificate, Revocation};
use crate::entry::{Cosignature, Entry};
use crate::hash::Hash;
use crate::header::{Extra, Header, Place};
use crate::key::{DeviceId, PublicKey, Signature};
use crate::proof::{Proof, ProofRefusal};

/// Kinds below this one are the ledger's own.
pub const OWN_KINDS_END: u32 = 100;
/// The payload's body is a certificate.
pub const CERTIFICATE: u32 = 1;
/// The payload's body is a revocation.
pub const REVOCATION: u32 = 2;
/// The payload's body is a co-signature that was made after its entry was sealed: see [`LateCosignature`].
pub const LATE_COSIGNATURE: u32 = 3;
/// The payload's body is a node's checkpoint: see [`crate::checkpoint::Published`].
pub const CHECKPOINT: u32 = 4;
/// The payload's body is a witness's word about another node's checkpoint: see [`crate::checkpoint::decode_witnessed`].
pub const WITNESSED: u32 = 5;
/// The payload's body proves that an entry was received before witnesses signed: see [`crate::proof::Proof`].
pub const RECEIPT: u32 = 6;

/// The payload's body is a [`Deletion`]: as nodes of before wrote it, about themselves alone.
pub const DELETION: u32 = 7;
/// The payload's body is a [`CarriedOut`]: a node did what a deletion asked.
pub const CARRIED_OUT: u32 = 8;
/// Places that one deletion names at most.
pub const DELETED_MAX: usize = 256;
/// Longest reason of a deletion, in bytes.
const REASON_BYTES_MAX: usize = 256;

/// The part in which the acting person's own key signs.
pub const ACTOR: &str = "actor";
/// The part in which a second person signs what a first one proposed.
pub const SECOND_PERSON: &str = "second-person";
/// The header's extra field with a second person's signature over an earlier entry: 32 bytes of key, 64 of signature.
pub const EXTRA_SECOND: u32 = 1;

/// What an office says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    Certificate(Certificate),
    Revocation(Revocation),
    /// Not an office's word, but like one: believed by the signatures in it.
    Receipt(Box<Proof>),
}

/// Why a payload of one of the ledger's kinds says nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSaid {
    #[error("the entry is of kind {0}, which is not a statement's")]
    OtherKind(u32),
    #[error("the statement was withheld or deleted")]
    Absent,
    #[error("the statement is not in its canonical form")]
    Canonical(#[from] CanonicalError),
    #[error(transparent)]
    Proof(#[from] ProofRefusal),
}

impl Said {
    /// The kind of the entry that carries it.
    #[must_use]
    pub fn kind(&self) -> u32 {
        match self {
            Self::Certificate(_) => CERTIFICATE,
            Self::Revocation(_) => REVOCATION,
            Self::Receipt(_) => RECEIPT,
        }
    }

    /// Whether entries of a kind carry statements.
    #[must_use]
    pub fn is_kind(kind: u32) -> bool {
        [CERTIFICATE, REVOCATION, RECEIPT].contains(&kind)
    }

    /// The payload's body.
    #[must_use]
    pub fn body(&self) -> Vec<u8> {
        match self {
            Self::Certificate(certificate) => certificate.encode(),
            Self::Revocation(revocation) => revocation.encode(),
            Self::Receipt(proof) => proof.encode(),
        }
    }

    /// Names the statement together with its signatures.
    #[must_use]
    pub fn name(&self) -> Hash {
        match self {
            Self::Certificate(certificate) => certificate.name(),
            Self::Revocation(revocation) => revocation.name(),
            Self::Receipt(proof) => proof.name(),
        }
    }

    /// The key that it is about.
    #[must_use]
    pub fn subject(&self) -> DeviceId {
        match self {
            Self::Certificate(certificate) => certificate.body.key.id(),
            Self::Revocation(revocation) => revocation.body.key,
            Self::Receipt(proof) => Header::decode(&proof.signed.header_bytes)
                .map_or_else(|_unreadable| DeviceId::default(), |header| header.place.device),
        }
    }

    /// Reads a statement of a kind; its signatures are not checked yet.
    ///
    /// # Errors
    /// [`NotSaid`].
    pub fn decode(kind: u32, body: &[u8]) -> Result<Self, NotSaid> {
        match kind {
            CERTIFICATE => Ok(Self::Certificate(Certificate::decode(body)?)),
            REVOCATION => Ok(Self::Revocation(Revocation::decode(body)?)),
            RECEIPT => Ok(Self::Receipt(Box::new(Proof::decode(body)?))),
            other => Err(NotSaid::OtherKind(other)),
        }
    }

    /// Reads the statement that an entry carries.
    ///
    /// # Errors
    /// [`NotSaid`]; [`NotSaid::OtherKind`] for every entry that carries none.
    pub fn of_entry(entry: &Entry) -> Result<Self, NotSaid> {
        let kind = entry.header().kind;
        if !Self::is_kind(kind) {
            return Err(NotSaid::OtherKind(kind));
        }
        Self::decode(kind, entry.payload().ok_or(NotSaid::Absent)?.body())
    }
}

/// That payloads were deleted on the node that says so, and why. What they were is not told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deletion {
    /// Ascending, each once.
    places: Vec<Place>,
    reason: String,
}

/// What a deletion was carried out on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reached {
    /// The node that says so: its store and everything made from it.
    Node,
    /// The national bus, on every replica.
    Bus,
}

/// A node's word that it has carried out a deletion, which is an entry of the application's kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CarriedOut {
    /// The hash of the deletion's entry.
    pub deletion: Hash,
    pub reached: Reached,
    /// Payloads that were there and are gone.
    pub gone: u32,
}

impl CarriedOut {
    /// The canonical bytes: [1, deletion, 0 for the node or 1 for the bus, payloads].
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut w = Writer::default();
        let reached = match self.reached {
            Reached::Node => 0_u8,
            Reached::Bus => 1,
        };
        w.array(4).uint(1_u8).bytes(&self.deletion.0).uint(reached).uint(self.gone);
        w.finish()
    }

    /// # Errors
    /// [`CanonicalError`] for every other spelling.
    pub fn decode(bytes: &[u8]) -> Result<Self, CanonicalError> {
        let mut r = Reader::new(bytes);
        r.array_of(4)?;
        r.constant(1_u8)?;
        let deletion = Hash(r.exact()?);
        let reached = match r.uint(1)? {
            0 => Reached::Node,
            _ => Reached::Bus,
        };
        let gone = u32::try_from(r.uint(u64::from(u32::MAX))?).unwrap_or(u32::MAX);
        r.end()?;
        Ok(Self { deletion, reached, gone })
    }
}

impl Deletion {
    /// None without a place, with more than [`DELETED_MAX`], or with a reason that is too long or not plain.
    #[must_use]
    pub fn try_new(mut places: Vec<Place>, reason: &str) -> Option<Self> {
        places.sort_unstable();
        places.dedup();
        let fits = (1..=DELETED_MAX).contains(&places.len())
            && reason.len() <= REASON_BYTES_MAX
            && is_plain(reason);
        fits.then(|| Self { places, reason: reason.to_owned() })
    }

    #[must_use]
    pub fn places(&self) -> &[Place] {
        &self.places
    }

    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// The canonical bytes: [1, places ascending as device, epoch, seq, reason text].
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut w = Writer::default();
        w.array(3).uint(1_u8).array(self.places.len());
        for place in &self.places {
            w.array(3).bytes(&place.device.0).uint(place.epoch).uint(place.seq);
        }
        w.text(&self.reason);
        w.finish()
    }

    /// # Errors
    /// [`CanonicalError`] for every other spelling.
    pub fn decode(bytes: &[u8]) -> Result<Self, CanonicalError> {
        let mut r = Reader::new(bytes);
        r.array_of(3)?;
        r.constant(1_u64)?;
        let place = |r: &mut Reader<'_>| {
            r.array_of(3)?;
            crate::header::decode_place(r)
        };
        let places = crate::header::ascending(&mut r, DELETED_MAX, place, |a, b| a < b)?;
        let at = r.at();
        let reason = r.text(REASON_BYTES_MAX)?.to_owned();
        r.end()?;
        Self::try_new(places, &reason).ok_or(CanonicalError::WrongType { at })
    }
}

/// A co-signature that was given after its entry was sealed, for whoever holds the entry without it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LateCosignature {
    pub place: Place,
    /// The entry's whole hash.
    pub entry: Hash,
    pub cosignature: Cosignature,
}

impl LateCosignature {
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut w = Writer::default();
        w.array(5).bytes(&self.place.device.0).uint(self.place.epoch).uint(self.place.seq);
        w.bytes(&self.entry.0);
        w.bytes(&Cosignature::encode_all(std::slice::from_ref(&self.cosignature)));
        w.finish()
    }

    /// # Errors
    /// [`CanonicalError`] for every other spelling.
    pub fn decode(bytes: &[u8]) -> Result<Self, CanonicalError> {
        let mut r = Reader::new(bytes);
        r.array_of(5)?;
        let place = crate::header::decode_place(&mut r)?;
        let entry = Hash(r.exact()?);
        let at = r.at();
        let mut list = Cosignature::decode_all(r.bytes(1_024)?)?;
        r.end()?;
        match (list.pop(), list.is_empty()) {
            (Some(cosignature), true) => Ok(Self { place, entry, cosignature }),
            (Some(_) | None, _) => Err(CanonicalError::WrongType { at }),
        }
    }
}

/// The header's field for a second person's signature over an earlier entry.
#[must_use]
pub fn second_person(cosignature: &Cosignature) -> Extra {
    let value = [cosignature.key.0.as_slice(), &cosignature.signature.0].concat();
    Extra { key: EXTRA_SECOND, value }
}

/// The second person's signature that a header carries over the entry of hash `over`; none when it carries none or it
/// does not hold.
#[must_use]
pub fn second_person_over(value: &[u8], over: &Hash) -> Option<Cosignature> {
    let (key, signature) = value.split_at_checked(32)?;
    let cosignature = Cosignature {
        key: PublicKey(key.try_into().ok()?),
        part: SECOND_PERSON.to_owned(),
        signature: Signature(signature.try_into().ok()?),
    };
    cosignature.holds(over).then_some(cosignature)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn no_two_sorts_of_entries_of_the_ledger_share_a_kind() {
        let kinds = [
            CERTIFICATE,
            REVOCATION,
            LATE_COSIGNATURE,
            CHECKPOINT,
            WITNESSED,
            RECEIPT,
            DELETION,
            CARRIED_OUT,
        ];
        let different: std::collections::BTreeSet<u32> = kinds.into_iter().collect();
        assert_eq!(different.len(), kinds.len());
        assert!(kinds.iter().all(|kind| *kind < OWN_KINDS_END));
    }

    #[test]
    fn a_deletion_comes_back_and_names_something() {
        let place = |seq| Place { device: DeviceId([1; 16]), epoch: 0, seq };
        let deletion =
            Deletion::try_new(vec![place(5), place(3), place(5)], "ninety days").unwrap();
        assert_eq!(deletion.places(), [place(3), place(5)]);
        assert_eq!(Deletion::decode(&deletion.encode()), Ok(deletion));
        assert_eq!(Deletion::try_new(Vec::new(), "nothing"), None);
        assert_eq!(Deletion::try_new(vec![place(1)], &"x".repeat(257)), None);
    }

    #[test]
    fn what_was_carried_out_comes_back() {
        for reached in [Reached::Node, Reached::Bus] {
            let done = CarriedOut { deletion: Hash([5; 32]), reached, gone: 3 };
            assert_eq!(CarriedOut::decode(&done.encode()), Ok(done));
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_harm(bytes: Vec<u8>) {
            if let Ok(read) = Deletion::decode(&bytes) {
                prop_assert_eq!(read.encode(), bytes.clone());
            }
            if let Ok(read) = CarriedOut::decode(&bytes) {
                prop_assert_eq!(read.encode(), bytes);
            }
        }
    }
}
