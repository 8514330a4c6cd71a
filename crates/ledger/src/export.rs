//! What a node hands to an auditor: everything it holds in one file, record after record, in the order in which it
//! received the entries, which is also the order of its tree.
//!
//! A file is [`MAGIC`] and records: one letter for the kind, the length in four bytes, the bytes. Nothing in it is
//! believed because of where it stands; the frame only says where to look.

use crate::canonical::{CanonicalError, Reader, Writer};
use crate::entry::ENTRY_BYTES_MAX;
use crate::fork::{ForkProof, SignedHeader};
use crate::hash::{Hash, LABEL_BYTES};
use crate::header::{HEADER_BYTES_MAX, NAME_BYTES_MAX};
use crate::key::{PublicKey, Signature, SigningKey, message};

pub const MAGIC: &[u8; 16] = b"pehra-export-01\n";
/// Letter and length before each record's bytes.
pub const FRAME_BYTES: usize = 5;
/// Longest record.
pub const RECORD_BYTES_MAX: usize = ENTRY_BYTES_MAX + 2 * HEADER_BYTES_MAX;
const VERSION: u8 = 1;
const HEAD_LABEL: &[u8; LABEL_BYTES] = b"pehra/exhead/1\0";
const END_LABEL: &[u8; LABEL_BYTES] = b"pehra/export/1\0";

/// What a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The first record: who exports what.
    Head,
    /// A statement that the node believed: its kind and body.
    Statement,
    /// An entry as on the wire.
    Entry,
    /// The hash of an entry that is not shown.
    Leaf,
    /// A signed note with a checkpoint, of this node's tree or of another's.
    Checkpoint,
    /// Two signed headers that contradict each other.
    Fork,
    /// The last record: the digest of all before it, signed.
    End,
}

impl Kind {
    const ALL: [Self; 7] = [
        Self::Head,
        Self::Statement,
        Self::Entry,
        Self::Leaf,
        Self::Checkpoint,
        Self::Fork,
        Self::End,
    ];

    #[must_use]
    pub fn letter(self) -> u8 {
        match self {
            Self::Head => b'H',
            Self::Statement => b'S',
            Self::Entry => b'E',
            Self::Leaf => b'L',
            Self::Checkpoint => b'C',
            Self::Fork => b'F',
            Self::End => b'Z',
        }
    }

    #[must_use]
    pub fn of_letter(letter: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.letter() == letter)
    }
}

/// The bytes before a record's own; none for a record that is too long.
#[must_use]
pub fn frame(kind: Kind, bytes: usize) -> Option<[u8; FRAME_BYTES]> {
    let length = u32::try_from(bytes).ok().filter(|_| bytes <= RECORD_BYTES_MAX)?;
    let [a, b, c, d] = length.to_be_bytes();
    Some([kind.letter(), a, b, c, d])
}

/// Reads a frame: kind and length; none when these bytes begin no record.
#[must_use]
pub fn read_frame(frame: [u8; FRAME_BYTES]) -> Option<(Kind, usize)> {
    let [letter, a, b, c, d] = frame;
    let length = usize::try_from(u32::from_be_bytes([a, b, c, d])).ok()?;
    let kind = Kind::of_letter(letter)?;
    (length <= RECORD_BYTES_MAX).then_some((kind, length))
}

/// Who exports what, signed, so that no byte of it can be changed unseen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The founding file's canonical bytes.
    pub genesis: Vec<u8>,
    pub key: PublicKey,
    pub epoch: u32,
    /// Unix milliseconds.
    pub made_ms: u64,
    /// Entries in the node's tree.
    pub entries: u64,
    /// Empty for everything; otherwise entries of other areas are leaves.
    pub area: String,
}

impl Head {
    fn body(&self) -> Vec<u8> {
        let mut w = Writer::default();
        w.array(7).uint(VERSION).bytes(&self.genesis).bytes(&self.key.0).uint(self.epoch);
        w.uint(self.made_ms).uint(self.entries).text(&self.area);
        w.finish()
    }

    /// The record's bytes.
    #[must_use]
    pub fn sign(&self, key: &SigningKey) -> Vec<u8> {
        let body = self.body();
        let signature = key.sign(&message(HEAD_LABEL, &Hash::of(&body), &[]));
        let mut w = Writer::default();
        w.array(2).bytes(&body).bytes(&signature.0);
        w.finish()
    }

    /// Reads the record; the second value says whether the signature holds.
    ///
    /// # Errors
    /// [`CanonicalError`].
    pub fn decode(bytes: &[u8]) -> Result<(Self, bool), CanonicalError> {
        let mut outer = Reader::new(bytes);
        outer.array_of(2)?;
        let body = outer.bytes(RECORD_BYTES_MAX)?;
        let signature = Signature(outer.exact()?);
        outer.end()?;
        let mut r = Reader::new(body);
        r.array_of(7)?;
        r.constant(VERSION)?;
        let head = Self {
            genesis: r.bytes(HEADER_BYTES_MAX)?.to_vec(),
            key: PublicKey(r.exact()?),
            epoch: r.u32()?,
            made_ms: r.uint(u64::MAX)?,
            entries: r.uint(u64::MAX)?,
            area: r.text(NAME_BYTES_MAX)?.to_owned(),
        };
        r.end()?;
        let holds = head.key.verify(&message(HEAD_LABEL, &Hash::of(body), &[]), &signature);
        Ok((head, holds))
    }
}

/// The last record's bytes over the digest of everything before it.
#[must_use]
pub fn sign_end(key: &SigningKey, digest: &Hash) -> Vec<u8> {
    let mut w = Writer::default();
    let signature = key.sign(&message(END_LABEL, digest, &[]));
    w.array(2).bytes(&digest.0).bytes(&signature.0);
    w.finish()
}

/// Reads the last record: the digest, and whether the exporter signed it.
///
/// # Errors
/// [`CanonicalError`].
pub fn read_end(bytes: &[u8], key: &PublicKey) -> Result<(Hash, bool), CanonicalError> {
    let mut r = Reader::new(bytes);
    r.array_of(2)?;
    let digest = Hash(r.exact()?);
    let signature = Signature(r.exact()?);
    r.end()?;
    Ok((digest, key.verify(&message(END_LABEL, &digest, &[]), &signature)))
}

/// The record of a statement.
#[must_use]
pub fn statement(kind: u32, body: &[u8]) -> Vec<u8> {
    let mut w = Writer::default();
    w.array(2).uint(kind).bytes(body);
    w.finish()
}

/// Kind and body of a statement's record.
///
/// # Errors
/// [`CanonicalError`].
pub fn read_statement(bytes: &[u8]) -> Result<(u32, Vec<u8>), CanonicalError> {
    let mut r = Reader::new(bytes);
    r.array_of(2)?;
    let statement = (r.u32()?, r.bytes(RECORD_BYTES_MAX)?.to_vec());
    r.end()?;
    Ok(statement)
}

/// The record of a fork.
#[must_use]
pub fn fork(proof: &ForkProof) -> Vec<u8> {
    let mut w = Writer::default();
    w.array(4);
    for side in [&proof.held, &proof.other] {
        w.bytes(&side.header_bytes).bytes(&side.signature.0);
    }
    w.finish()
}

/// Reads a fork's record; whether it proves anything is asked of the proof.
///
/// # Errors
/// [`CanonicalError`].
pub fn read_fork(bytes: &[u8]) -> Result<ForkProof, CanonicalError> {
    let mut r = Reader::new(bytes);
    r.array_of(4)?;
    let side = |r: &mut Reader<'_>| {
        let header_bytes = r.bytes(HEADER_BYTES_MAX)?.to_vec();
        Ok::<_, CanonicalError>(SignedHeader { header_bytes, signature: Signature(r.exact()?) })
    };
    let proof = ForkProof { held: side(&mut r)?, other: side(&mut r)? };
    r.end()?;
    Ok(proof)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn frames_say_kind_and_length_and_nothing_else_passes() {
        for kind in Kind::ALL {
            assert_eq!(read_frame(frame(kind, 300).unwrap()), Some((kind, 300)));
        }
        assert_eq!(frame(Kind::Entry, RECORD_BYTES_MAX + 1), None);
        assert_eq!(read_frame([b'X', 0, 0, 0, 1]), None);
        assert_eq!(read_frame([b'E', 255, 0, 0, 0]), None);
    }

    #[test]
    fn head_and_end_survive_and_no_byte_of_them_changes_unseen() {
        let key = SigningKey::from_seed([3; 32]);
        let head = Head {
            genesis: vec![1, 2, 3],
            key: key.public(),
            epoch: 4,
            made_ms: 5,
            entries: 6,
            area: "pk/sindh".to_owned(),
        };
        let bytes = head.sign(&key);
        assert_eq!(Head::decode(&bytes), Ok((head, true)));
        let digest = Hash::of(b"everything");
        let end = sign_end(&key, &digest);
        assert_eq!(read_end(&end, &key.public()), Ok((digest, true)));
        for (whole, sound) in [
            (
                bytes,
                (|b: &[u8]| Head::decode(b).is_ok_and(|(_, holds)| holds)) as fn(&[u8]) -> bool,
            ),
            (end, |b: &[u8]| {
                let key = SigningKey::from_seed([3; 32]).public();
                read_end(b, &key).is_ok_and(|(_, holds)| holds)
            }),
        ] {
            for at in 0..whole.len() {
                let mut bent = whole.clone();
                bent[at] ^= 4;
                assert!(!sound(&bent), "byte {at}");
            }
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_readers_stumble(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Head::decode(&bytes);
            let _ = read_end(&bytes, &PublicKey([1; 32]));
            if let Ok((kind, body)) = read_statement(&bytes) {
                prop_assert_eq!(statement(kind, &body), bytes.clone());
            }
            if let Ok(proof) = read_fork(&bytes) {
                prop_assert_eq!(fork(&proof), bytes);
            }
        }
    }
}
