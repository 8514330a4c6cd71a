//! Checkpoints: what a node says about the tree of all that it received, and what witnesses say about that
//! (c2sp.org/tlog-checkpoint, c2sp.org/tlog-cosignature).
//!
//! A checkpoint proves that the entries under it were received when the witnesses signed, not that they are true, nor
//! when they were written. A node whose folder was restored from a backup begins another log epoch and with it another
//! tree: the origin names both.

use crate::base64;
use crate::canonical::{CanonicalError, Reader, Writer};
use crate::hash::{Hash, unhex};
use crate::key::{DeviceId, PublicKey, SigningKey};
use crate::note::{Line, NOTE_BYTES_MAX, Note, NoteError, Sort, Verifier};
use crate::tree::{CONSISTENCY_MAX, SIZE_MAX, verify_consistency};

/// The role in a certificate that lets its holder witness the trees of others.
pub const WITNESS: &str = "WITNESS";
/// Witnesses that must have signed before a checkpoint settles what a stolen device wrote in time, and what a proof
/// asks for unless the reader wants another number.
pub const WITNESSES: usize = 2;
const VERSION: u8 = 1;

/// The tree of one node: its device, in the log epoch in which it received the entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    pub election: [u8; 16],
    pub device: DeviceId,
    pub epoch: u32,
}

impl Origin {
    /// The first line of a checkpoint, and the name of the log's key.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}/{}", witness_name(self.election, self.device), self.epoch)
    }

    /// Reads a name; none for the logs of other programs.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let mut parts = name.strip_prefix("pehra/")?.split('/');
        let election = unhex(parts.next()?)?.try_into().ok()?;
        let device = DeviceId(unhex(parts.next()?)?.try_into().ok()?);
        let origin = Self { election, device, epoch: parts.next()?.parse().ok()? };
        (parts.next().is_none() && origin.name() == name).then_some(origin)
    }

    fn verifier(&self, key: PublicKey) -> Result<Verifier, NoteError> {
        Verifier::try_new(&self.name(), key, Sort::Log)
    }
}

/// The name under which a device cosigns.
#[must_use]
pub fn witness_name(election: [u8; 16], device: DeviceId) -> String {
    let election: String = election.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("pehra/{election}/{device}")
}

/// The device behind a cosigner's name; none for other programs' names.
#[must_use]
pub fn witness_of_name(election: [u8; 16], name: &str) -> Option<DeviceId> {
    let device = name.rsplit_once('/').and_then(|(_, device)| unhex(device))?;
    let device = DeviceId(device.try_into().ok()?);
    (witness_name(election, device) == name).then_some(device)
}

/// Why a text is not a checkpoint of this house.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    #[error(transparent)]
    Note(#[from] NoteError),
    #[error("the note is not a checkpoint: origin, size and root on the first three lines")]
    Form,
    #[error("the checkpoint is of another program's log")]
    OtherOrigin,
    #[error("the body is not in its canonical form")]
    Canonical(#[from] CanonicalError),
}

/// How large a tree is and what its root is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    pub origin: Origin,
    pub size: u64,
    pub root: Hash,
}

impl Checkpoint {
    /// The text that the log and the witnesses sign.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin.name(), self.size, base64::encode(&self.root.0))
    }

    /// Reads the text of a note. Lines after the third are kept in the note and mean nothing here.
    ///
    /// # Errors
    /// [`CheckpointError`].
    pub fn from_text(text: &str) -> Result<Self, CheckpointError> {
        let mut lines = text.split('\n');
        let (Some(origin), Some(digits), Some(root)) = (lines.next(), lines.next(), lines.next())
        else {
            return Err(CheckpointError::Form);
        };
        let origin = Origin::from_name(origin).ok_or(CheckpointError::OtherOrigin)?;
        let size = digits.parse().ok().filter(|size: &u64| size.to_string() == digits);
        let size = size.filter(|&size| size <= SIZE_MAX).ok_or(CheckpointError::Form)?;
        let root = base64::decode(root).and_then(|root| root.try_into().ok());
        Ok(Self { origin, size, root: Hash(root.ok_or(CheckpointError::Form)?) })
    }

    /// Signs a checkpoint of one's own tree.
    ///
    /// # Errors
    /// [`NoteError`]; never for a key that belongs to the origin.
    pub fn sign(&self, key: &SigningKey) -> Result<Note, NoteError> {
        let text = self.text();
        let line = Line::by_log(&self.origin.name(), key, &text)?;
        Note::try_new(text, vec![line])
    }

    /// Reads a note and checks the log's own signature under the key of the device that the origin names.
    ///
    /// # Errors
    /// [`CosignRefusal::NotSigned`] when the log did not sign it, or the key is another device's.
    pub fn of_note(note: &Note, key: PublicKey) -> Result<Self, CosignRefusal> {
        let checkpoint = Self::from_text(note.text())?;
        let verifier = checkpoint.origin.verifier(key)?;
        if key.id() == checkpoint.origin.device && verifier.signed(note).is_some() {
            Ok(checkpoint)
        } else {
            Err(CosignRefusal::NotSigned)
        }
    }
}

/// Why a witness does not sign.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CosignRefusal {
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    #[error("the log that the checkpoint names did not sign it")]
    NotSigned,
    #[error("a larger tree of this log was cosigned before: {size} entries")]
    Older { size: u64 },
    #[error("the log signed two roots for a tree of {size} entries: a fork of the tree")]
    Forked { size: u64 },
    #[error(
        "the tree of {size} entries that was cosigned before is not proven to be its beginning"
    )]
    Unproven { size: u64 },
}

impl From<NoteError> for CosignRefusal {
    fn from(error: NoteError) -> Self {
        Self::Checkpoint(error.into())
    }
}

/// Whether a checkpoint of a log may follow the one that was cosigned (or signed by ourselves) before. A witness keeps
/// what it decided on the disk before it gives the signature away.
///
/// # Errors
/// [`CosignRefusal`]; [`CosignRefusal::Forked`] is proof against the log, to be kept and shown.
pub fn follows(
    seen: Option<&Checkpoint>,
    next: &Checkpoint,
    path: &[Hash],
) -> Result<(), CosignRefusal> {
    let Some(seen) = seen else { return Ok(()) };
    let size = seen.size;
    if next.size < size {
        return Err(CosignRefusal::Older { size });
    }
    if next.size == size && next.root != seen.root {
        return Err(CosignRefusal::Forked { size });
    }
    if next.size == size || verify_consistency(size, &seen.root, next.size, &next.root, path) {
        Ok(())
    } else {
        Err(CosignRefusal::Unproven { size })
    }
}

/// A witness's line for a checkpoint that [`follows`] what it has seen. `time_s` is Unix seconds.
///
/// # Errors
/// [`NoteError`]; never for names of this house.
pub fn cosign(checkpoint: &Checkpoint, key: &SigningKey, time_s: u64) -> Result<Line, NoteError> {
    let name = witness_name(checkpoint.origin.election, key.id());
    Line::by_witness(&name, key, &checkpoint.text(), time_s)
}

/// When the holder of `key` cosigned a note, Unix seconds.
#[must_use]
pub fn cosigned(note: &Note, election: [u8; 16], key: PublicKey) -> Option<u64> {
    let name = witness_name(election, key.id());
    Verifier::try_new(&name, key, Sort::Witness).ok()?.signed(note)
}

/// What a node publishes about its own tree as an entry's payload: witnesses need nothing else but the one before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    pub note: Note,
    /// The size of the checkpoint that was published before; 0 for the first.
    pub old: u64,
    /// Proves that the tree of that size is the beginning of this one.
    pub path: Vec<Hash>,
}

impl Published {
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut w = Writer::default();
        w.array(4).uint(VERSION).bytes(self.note.to_text().as_bytes()).uint(self.old);
        w.array(self.path.len());
        for hash in &self.path {
            w.bytes(&hash.0);
        }
        w.finish()
    }

    /// Reads a payload's body; no signature is checked yet.
    ///
    /// # Errors
    /// [`CheckpointError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, CheckpointError> {
        let mut r = Reader::new(bytes);
        r.array_of(4)?;
        r.constant(VERSION)?;
        let note = read_note(&mut r)?;
        let old = r.uint(SIZE_MAX)?;
        let count = r.array(CONSISTENCY_MAX)?;
        let path = (0..count).map(|_| r.exact().map(Hash)).collect::<Result<_, _>>()?;
        r.end()?;
        Ok(Self { note, old, path })
    }
}

/// A witness's word about another node's checkpoint as an entry's payload: the checkpoint's text and its one line.
///
/// # Errors
/// [`NoteError`].
pub fn encode_witnessed(text: &str, line: Line) -> Result<Vec<u8>, NoteError> {
    let note = Note::try_new(text.to_owned(), vec![line])?;
    let mut w = Writer::default();
    w.array(2).uint(VERSION).bytes(note.to_text().as_bytes());
    Ok(w.finish())
}

/// Reads what [`encode_witnessed`] wrote; no signature is checked yet.
///
/// # Errors
/// [`CheckpointError`].
pub fn decode_witnessed(bytes: &[u8]) -> Result<Note, CheckpointError> {
    let mut r = Reader::new(bytes);
    r.array_of(2)?;
    r.constant(VERSION)?;
    let note = read_note(&mut r)?;
    r.end()?;
    Ok(note)
}

fn read_note(r: &mut Reader<'_>) -> Result<Note, CheckpointError> {
    let bytes = r.bytes(NOTE_BYTES_MAX)?;
    let text = std::str::from_utf8(bytes).map_err(|_bytes| NoteError::Form)?;
    Ok(Note::from_text(text)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tile::{Growth, TileBook};
    use crate::tree::{consistency, root};
    use proptest::prelude::*;

    const ELECTION: [u8; 16] = [7; 16];

    struct Log {
        key: SigningKey,
        growth: Growth,
        book: TileBook,
    }

    impl Log {
        fn new(seed: u8) -> Self {
            let key = SigningKey::from_seed([seed; 32]);
            Self { key, growth: Growth::default(), book: TileBook::default() }
        }

        fn grow(&mut self, count: u64, salt: u8) -> Checkpoint {
            for n in 0..count {
                self.growth.push(&Hash::of(&[&n.to_be_bytes()[..], &[salt]].concat()));
            }
            for (level, index, hashes) in self.growth.take_changed() {
                self.book.0.insert((level, index), hashes);
            }
            let origin = Origin { election: ELECTION, device: self.key.id(), epoch: 3 };
            let size = self.growth.size();
            Checkpoint { origin, size, root: root(&self.book, size).unwrap() }
        }

        fn publish(&mut self, count: u64, salt: u8, old: u64) -> Published {
            let checkpoint = self.grow(count, salt);
            let path = consistency(&self.book, old, checkpoint.size).unwrap();
            Published { note: checkpoint.sign(&self.key).unwrap(), old, path }
        }
    }

    #[test]
    fn a_checkpoint_survives_its_text_and_names_its_log() {
        let mut log = Log::new(1);
        let published = log.publish(5, 0, 0);
        let checkpoint = Checkpoint::of_note(&published.note, log.key.public()).unwrap();
        assert_eq!(checkpoint.size, 5);
        assert_eq!(Checkpoint::from_text(&checkpoint.text()), Ok(checkpoint));
        assert_eq!(Published::decode(&published.encode()), Ok(published.clone()));
        let other = SigningKey::from_seed([2; 32]).public();
        let refused = Checkpoint::of_note(&published.note, other);
        assert_eq!(refused, Err(CosignRefusal::NotSigned));
        for bad in ["pehra/x/y/0\n1\nAA==\n", "go.sum database tree\n1\nAA==\n", ""] {
            assert!(Checkpoint::from_text(bad).is_err(), "{bad}");
        }
        let padded = checkpoint.text().replace("\n5\n", "\n05\n");
        assert_eq!(Checkpoint::from_text(&padded), Err(CheckpointError::Form));
        let origin = checkpoint.origin.name();
        assert_eq!(Origin::from_name(&origin.to_uppercase()), None);
        assert_eq!(Origin::from_name(&format!("{origin}/1")), None);
    }

    #[test]
    fn a_witness_signs_what_grows_and_never_a_fork() {
        let mut log = Log::new(1);
        let first = log.grow(300, 0);
        let second = log.grow(300, 1);
        let path = consistency(&log.book, 300, 600).unwrap();
        assert_eq!(follows(None, &first, &[]), Ok(()));
        assert_eq!(follows(Some(&first), &second, &path), Ok(()));
        assert_eq!(follows(Some(&first), &first, &[]), Ok(()));
        assert_eq!(follows(Some(&second), &first, &[]), Err(CosignRefusal::Older { size: 600 }));
        let mut liar = Log::new(1);
        let other = liar.grow(300, 9);
        assert_eq!(follows(Some(&first), &other, &[]), Err(CosignRefusal::Forked { size: 300 }));
        let grown = liar.grow(300, 1);
        let lie = consistency(&liar.book, 300, 600).unwrap();
        let unproven = Err(CosignRefusal::Unproven { size: 300 });
        assert_eq!(follows(Some(&first), &grown, &lie), unproven);
        assert_eq!(follows(Some(&first), &second, &lie), unproven);
        assert_eq!(follows(Some(&first), &second, &[]), unproven);
    }

    #[test]
    fn a_cosignature_travels_alone_and_joins_the_checkpoint() {
        let mut log = Log::new(1);
        let checkpoint = log.grow(3, 0);
        let mut note = checkpoint.sign(&log.key).unwrap();
        let witness = SigningKey::from_seed([5; 32]);
        let line = cosign(&checkpoint, &witness, 1_707_350_400).unwrap();
        let body = encode_witnessed(note.text(), line).unwrap();
        let alone = decode_witnessed(&body).unwrap();
        assert_eq!(cosigned(&alone, ELECTION, witness.public()), Some(1_707_350_400));
        note.add(alone.signatures()[0].clone()).unwrap();
        note.add(alone.signatures()[0].clone()).unwrap();
        assert_eq!(note.signatures().len(), 2);
        assert_eq!(cosigned(&note, ELECTION, witness.public()), Some(1_707_350_400));
        assert_eq!(cosigned(&note, ELECTION, log.key.public()), None);
        let name = &note.signatures()[1].name;
        assert_eq!(witness_of_name(ELECTION, name), Some(witness.id()));
        assert_eq!(witness_of_name([8; 16], name), None);
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_readers_stumble(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(published) = Published::decode(&bytes) {
                prop_assert_eq!(published.encode(), bytes.clone());
            }
            let _ = decode_witnessed(&bytes);
        }
    }
}
