//! Records of an export, one after the other, with their places in the file. Where a frame itself is damaged, the next
//! record is recognised by its form, so that one byte costs one record.

use super::AuditError;
use pehra_ledger::{
    Hash, PublicKey,
    entry::Entry,
    export::{self, FRAME_BYTES, Head, Kind, MAGIC, RECORD_BYTES_MAX, read_frame},
    note::Note,
    statement::Said,
};
use sha2::{Digest, Sha256};
use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

/// Bytes read at once.
const READ_BYTES: usize = 1 << 20;

/// One record, or a stretch in which there is none.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) offset: u64,
    /// None: the bytes begin no record.
    pub(super) kind: Option<Kind>,
    /// Without the frame; for a stretch without a record all its bytes, as far as they are kept.
    pub(super) bytes: Vec<u8>,
    /// The digest of everything before this record; for the last one only.
    pub(super) digest: Option<Hash>,
}

pub(super) struct Records {
    file: File,
    path: PathBuf,
    /// What was read and not given out yet, from `at` on.
    buffer: Vec<u8>,
    at: usize,
    offset: u64,
    ended: bool,
    digest: Option<Sha256>,
    needle: Vec<u8>,
}

impl Records {
    /// Opens an export of an election. `digest` asks for the digest that the last record signs.
    pub(super) fn open(
        path: &Path,
        election: Option<[u8; 16]>,
        digest: bool,
    ) -> Result<Self, AuditError> {
        let file = File::open(path).map_err(AuditError::file(path))?;
        let needle = election
            .map_or_else(Vec::new, |election| [&[0x92, 1, 1, 0x50][..], &election].concat());
        let mut records = Self {
            file,
            path: path.to_owned(),
            buffer: Vec::new(),
            at: 0,
            offset: 0,
            ended: false,
            digest: digest.then(Sha256::new),
            needle,
        };
        records.fill(MAGIC.len())?;
        if !records.rest().starts_with(MAGIC) && !records.is_near_magic() {
            return Err(AuditError::NotAnExport(path.to_owned()));
        }
        records.take(MAGIC.len());
        Ok(records)
    }

    /// A first line with a byte or two altered is damage, not another format.
    fn is_near_magic(&self) -> bool {
        let differ = self.rest().iter().zip(MAGIC).filter(|(a, b)| a != b).count();
        self.rest().len() >= MAGIC.len() && differ <= 2
    }

    /// Bytes given out so far.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    fn rest(&self) -> &[u8] {
        self.buffer.get(self.at..).unwrap_or_default()
    }

    /// Reads until so many bytes are there, or the file ends.
    fn fill(&mut self, bytes: usize) -> Result<(), AuditError> {
        while self.rest().len() < bytes && !self.ended {
            self.buffer.drain(..self.at);
            self.at = 0;
            let have = self.buffer.len();
            self.buffer.resize(have + READ_BYTES.max(bytes), 0);
            let room = self.buffer.get_mut(have..).unwrap_or_default();
            let read = self.file.read(room).map_err(AuditError::file(&self.path))?;
            self.buffer.truncate(have + read);
            self.ended = read == 0;
        }
        Ok(())
    }

    fn take(&mut self, bytes: usize) -> Vec<u8> {
        let taken = self.rest().get(..bytes).unwrap_or_else(|| self.rest()).to_vec();
        if let Some(digest) = &mut self.digest {
            digest.update(&taken);
        }
        self.at += taken.len();
        self.offset += u64::try_from(taken.len()).unwrap_or_default();
        taken
    }

    /// The next record; none at the end of the file.
    pub(super) fn next(&mut self) -> Result<Option<Record>, AuditError> {
        self.fill(FRAME_BYTES)?;
        if self.rest().is_empty() {
            return Ok(None);
        }
        let offset = self.offset;
        let framed = self.rest().first_chunk::<FRAME_BYTES>().and_then(|frame| read_frame(*frame));
        let Some((kind, length)) = framed else { return self.lost().map(Some) };
        self.fill(2 * FRAME_BYTES + length)?;
        let Some(whole) = self.rest().get(FRAME_BYTES..FRAME_BYTES + length) else {
            return self.lost().map(Some);
        };
        // What follows must be a frame again; if it is not, one of the two is damaged, and the form says which.
        if !follows(self.rest(), FRAME_BYTES + length) && !is_formed(kind, whole) {
            return self.lost().map(Some);
        }
        let digest = self.digest.clone().filter(|_| kind == Kind::End);
        self.take(FRAME_BYTES);
        let bytes = self.take(length);
        let digest = digest.map(|digest| Hash(digest.finalize().into()));
        Ok(Some(Record { offset, kind: Some(kind), bytes, digest }))
    }

    /// Steps over bytes that are no record, up to the next one that can be recognised, or to the end.
    fn lost(&mut self) -> Result<Record, AuditError> {
        let offset = self.offset;
        let mut bytes = Vec::new();
        let mut from = 1;
        loop {
            self.fill(2 * READ_BYTES)?;
            let found = self.next_record(from);
            let step = found.unwrap_or_else(|| {
                // A record may begin at the end of what was read.
                let keep = if self.ended { 0 } else { READ_BYTES };
                self.rest().len().saturating_sub(keep)
            });
            let mut taken = self.take(step);
            if bytes.len() < RECORD_BYTES_MAX {
                bytes.append(&mut taken);
            }
            from = 0;
            if found.is_some() || self.rest().is_empty() {
                return Ok(Record { offset, kind: None, bytes, digest: None });
            }
        }
    }

    /// Where the next record begins: a frame whose bytes have the form of their kind. Entries of this election are
    /// recognised even when what follows them is damaged too.
    fn next_record(&self, from: usize) -> Option<usize> {
        let rest = self.rest();
        (from..rest.len()).find(|&at| {
            let frame = rest.get(at..).and_then(|rest| rest.first_chunk::<FRAME_BYTES>());
            let Some((kind, length)) = frame.and_then(|frame| read_frame(*frame)) else {
                return false;
            };
            let begin = at + FRAME_BYTES;
            let Some(bytes) = rest.get(begin..begin + length) else { return false };
            let ours = kind != Kind::Entry || has(bytes, &self.needle);
            ours && is_formed(kind, bytes)
        })
    }
}

/// Whether an entry's beginning names the election.
fn has(entry: &[u8], needle: &[u8]) -> bool {
    needle.is_empty()
        || [3, 4].iter().any(|&at| entry.get(at..).is_some_and(|it| it.starts_with(needle)))
}

/// Whether another frame begins at a place, or the file ends there.
fn follows(rest: &[u8], at: usize) -> bool {
    match rest.get(at..) {
        None | Some([]) => true,
        Some(next) => next.first_chunk::<FRAME_BYTES>().is_some_and(|it| read_frame(*it).is_some()),
    }
}

/// Whether bytes have the form of their kind, whatever they are worth.
fn is_formed(kind: Kind, bytes: &[u8]) -> bool {
    match kind {
        Kind::Head => Head::decode(bytes).is_ok(),
        Kind::Statement => export::read_statement(bytes)
            .is_ok_and(|(kind, body)| Said::decode(kind, &body).is_ok()),
        Kind::Entry => Entry::decode(bytes).is_ok(),
        Kind::Leaf => bytes.len() == 32,
        Kind::Checkpoint => std::str::from_utf8(bytes).is_ok_and(|it| Note::from_text(it).is_ok()),
        Kind::Fork => export::read_fork(bytes).is_ok(),
        Kind::End => export::read_end(bytes, &PublicKey([0; 32])).is_ok(),
    }
}
