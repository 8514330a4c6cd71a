//! Photographs and files: named by a hash, carried in chunks that are believed each for itself.
//!
//! An entry names a blob by the SHA-256 of its manifest; the manifest lists the SHA-256 of every 64 KiB. A chunk that is
//! wrong is known at once and alone asked for again; a transfer that breaks goes on where it stopped, from the same
//! peer or another. Reasons: `docs/adr/0042-encryption.md`; format: `docs/formats/file-transfer.md`.

use crate::canonical::{CanonicalError, Reader, Writer};
use crate::hash::Hash;
use std::ops::Range;

/// Bytes of every chunk but the last, which has the rest. Part of the format: equal files have one name.
pub const CHUNK_BYTES: usize = 65_536;
/// Longest file: 1 GiB.
pub const BLOB_BYTES_MAX: u64 = 1 << 30;
pub const CHUNKS_MAX: usize = 16_384;
/// Longest manifest: one chunk hash is 34 bytes.
pub const MANIFEST_BYTES_MAX: usize = 16 + CHUNKS_MAX * 34;
/// Most stretches that one request asks for.
pub const STRETCHES_MAX: usize = 64;

const VERSION: u8 = 1;

/// A file's length and the hashes of its chunks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlobManifest {
    length: u64,
    chunks: Vec<Hash>,
}

/// Why a file, a chunk or a record of a transfer is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BlobError {
    #[error("the file has {0} bytes, at most {BLOB_BYTES_MAX} travel as one: cut it")]
    TooLong(u64),
    #[error("this manifest is not the one of file {asked}")]
    OtherManifest { asked: Hash },
    #[error("the file has no chunk {index}: it has {chunks}")]
    NoSuchChunk { index: u32, chunks: u32 },
    #[error("chunk {index} has {got} bytes, the file has {expected} there")]
    Length { index: u32, expected: usize, got: usize },
    #[error(
        "chunk {index} does not have the hash that the manifest names: ask for it again, from another peer"
    )]
    WrongChunk { index: u32 },
    #[error("the record belongs to the transfer of another file")]
    OtherFile,
    #[error("not the bytes of a file's manifest or transfer: {0}")]
    Form(#[from] CanonicalError),
}

/// Takes a file in as it is read, in pieces of any size, and holds one chunk in memory.
#[derive(Debug, Default)]
pub struct BlobReader {
    length: u64,
    chunks: Vec<Hash>,
    rest: Vec<u8>,
}

impl BlobReader {
    /// The next bytes of the file.
    ///
    /// # Errors
    /// [`BlobError::TooLong`] once the file passes the limit.
    pub fn push(&mut self, mut bytes: &[u8]) -> Result<(), BlobError> {
        self.length = self.length.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        if self.length > BLOB_BYTES_MAX {
            return Err(BlobError::TooLong(self.length));
        }
        while self.rest.len() + bytes.len() >= CHUNK_BYTES {
            let room = CHUNK_BYTES - self.rest.len();
            let (now, later) = bytes.split_at(room.min(bytes.len()));
            self.chunks.push(Hash::of_parts([&self.rest[..], now]));
            self.rest.clear();
            bytes = later;
        }
        self.rest.extend_from_slice(bytes);
        Ok(())
    }

    #[must_use]
    pub fn finish(mut self) -> BlobManifest {
        if !self.rest.is_empty() {
            self.chunks.push(Hash::of(&self.rest));
        }
        BlobManifest { length: self.length, chunks: self.chunks }
    }
}

impl BlobManifest {
    /// The manifest of a file in memory.
    ///
    /// # Errors
    /// [`BlobError::TooLong`].
    pub fn of(bytes: &[u8]) -> Result<Self, BlobError> {
        let mut reader = BlobReader::default();
        reader.push(bytes)?;
        Ok(reader.finish())
    }

    /// Bytes of the file.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
    }

    #[must_use]
    pub fn chunks(&self) -> u32 {
        u32::try_from(self.chunks.len()).unwrap_or(u32::MAX)
    }

    /// The hash of each chunk, in order.
    #[must_use]
    pub fn hashes(&self) -> &[Hash] {
        &self.chunks
    }

    /// Names the file: SHA-256 of the manifest's bytes.
    #[must_use]
    pub fn name(&self) -> Hash {
        Hash::of(&self.encode())
    }

    /// Where a chunk lies in the file, in bytes.
    ///
    /// # Errors
    /// [`BlobError::NoSuchChunk`].
    pub fn place(&self, index: u32) -> Result<Range<u64>, BlobError> {
        let chunks = self.chunks();
        if index >= chunks {
            return Err(BlobError::NoSuchChunk { index, chunks });
        }
        let chunk = u64::try_from(CHUNK_BYTES).unwrap_or(u64::MAX);
        let start = u64::from(index) * chunk;
        Ok(start..self.length.min(start + chunk))
    }

    /// Whether bytes are those of a chunk.
    ///
    /// # Errors
    /// [`BlobError`] names the chunk and what is wrong with it.
    pub fn check(&self, index: u32, bytes: &[u8]) -> Result<(), BlobError> {
        let place = self.place(index)?;
        let expected = usize::try_from(place.end - place.start).unwrap_or(usize::MAX);
        if bytes.len() != expected {
            return Err(BlobError::Length { index, expected, got: bytes.len() });
        }
        let named = usize::try_from(index).ok().and_then(|at| self.chunks.get(at));
        if named == Some(&Hash::of(bytes)) { Ok(()) } else { Err(BlobError::WrongChunk { index }) }
    }

    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut w = Writer::with_capacity(16 + 34 * self.chunks.len());
        w.array(4).uint(VERSION).uint(self.length).uint(length_of(CHUNK_BYTES));
        w.array(self.chunks.len());
        for chunk in &self.chunks {
            w.bytes(&chunk.0);
        }
        w.finish()
    }

    /// # Errors
    /// [`CanonicalError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, CanonicalError> {
        if bytes.len() > MANIFEST_BYTES_MAX {
            return Err(CanonicalError::TooLarge { at: 0 });
        }
        let mut r = Reader::new(bytes);
        r.array_of(4)?;
        r.constant(VERSION)?;
        let length = r.uint(BLOB_BYTES_MAX)?;
        r.constant(length_of(CHUNK_BYTES))?;
        let at = r.at();
        let count = r.array(CHUNKS_MAX)?;
        if length_of(count) != length.div_ceil(length_of(CHUNK_BYTES)) {
            return Err(CanonicalError::WrongType { at });
        }
        let mut chunks = Vec::new();
        for _ in 0..count {
            chunks.push(Hash(r.exact()?));
        }
        r.end()?;
        Ok(Self { length, chunks })
    }
}

fn length_of(items: usize) -> u64 {
    u64::try_from(items).unwrap_or(u64::MAX)
}

/// What an accepted chunk was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// It is to be kept.
    New,
    /// It was here already.
    Known,
}

/// A file on its way here: which of its chunks have arrived. The bytes are the caller's to keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reception {
    name: Hash,
    manifest: BlobManifest,
    /// Bit `i % 8` of byte `i / 8`: chunk `i` is here.
    held: Vec<u8>,
}

impl Reception {
    /// Begins with the manifest that a peer gave for the file's name; `name` comes from a signed entry.
    ///
    /// # Errors
    /// [`BlobError::OtherManifest`] if the peer's manifest is another file's.
    pub fn begin(name: Hash, manifest: &[u8]) -> Result<Self, BlobError> {
        if Hash::of(manifest) != name {
            return Err(BlobError::OtherManifest { asked: name });
        }
        let manifest = BlobManifest::decode(manifest)?;
        let held = vec![0; manifest.chunks.len().div_ceil(8)];
        Ok(Self { name, manifest, held })
    }

    /// Goes on after a break, with what [`Reception::progress`] last gave.
    ///
    /// # Errors
    /// [`BlobError::OtherFile`] for another file's record; what [`Reception::begin`] refuses.
    pub fn resume(name: Hash, manifest: &[u8], progress: &[u8]) -> Result<Self, BlobError> {
        let mut reception = Self::begin(name, manifest)?;
        let mut r = Reader::new(progress);
        r.array_of(3)?;
        r.constant(VERSION)?;
        if Hash(r.exact()?) != name {
            return Err(BlobError::OtherFile);
        }
        let at = r.at();
        let held = r.bytes(CHUNKS_MAX.div_ceil(8))?;
        r.end()?;
        let unused = reception.held.len() * 8 - reception.manifest.chunks.len();
        let clean = held.last().is_none_or(|last| {
            usize::try_from(last.leading_zeros()).is_ok_and(|zeros| zeros >= unused)
        });
        if held.len() != reception.held.len() || !clean {
            return Err(BlobError::Form(CanonicalError::WrongType { at }));
        }
        reception.held = held.to_vec();
        Ok(reception)
    }

    /// The record to keep beside the chunks: written after the chunks it names are safely on disk, never before.
    #[must_use]
    pub fn progress(&self) -> Vec<u8> {
        let mut w = Writer::with_capacity(48 + self.held.len());
        w.array(3).uint(VERSION).bytes(&self.name.0).bytes(&self.held);
        w.finish()
    }

    #[must_use]
    pub fn name(&self) -> Hash {
        self.name
    }

    #[must_use]
    pub fn manifest(&self) -> &BlobManifest {
        &self.manifest
    }

    /// Takes a chunk, in any order and from anybody.
    ///
    /// # Errors
    /// [`BlobError`] names the chunk that is wrong; what is here already stays.
    pub fn accept(&mut self, index: u32, bytes: &[u8]) -> Result<Arrival, BlobError> {
        self.manifest.check(index, bytes)?;
        if self.holds(index) {
            return Ok(Arrival::Known);
        }
        self.set(index, true);
        Ok(Arrival::New)
    }

    /// Takes an arrival back: the disk was full, or a later reading found the chunk damaged.
    pub fn forget(&mut self, index: u32) {
        self.set(index, false);
    }

    #[must_use]
    pub fn holds(&self, index: u32) -> bool {
        let (byte, bit) = spot(index);
        index < self.manifest.chunks() && self.held.get(byte).is_some_and(|held| held & bit != 0)
    }

    fn set(&mut self, index: u32, here: bool) {
        let (byte, bit) = spot(index);
        if index < self.manifest.chunks()
            && let Some(held) = self.held.get_mut(byte)
        {
            *held = if here { *held | bit } else { *held & !bit };
        }
    }

    /// Chunks that are here.
    #[must_use]
    pub fn arrived(&self) -> u32 {
        self.held.iter().map(|byte| byte.count_ones()).sum()
    }

    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.arrived() == self.manifest.chunks()
    }

    /// The next request: the first stretches that are missing, with at most `chunks` chunks in all.
    #[must_use]
    pub fn want(&self, chunks: u32) -> Want {
        let mut stretches: Vec<Range<u32>> = Vec::new();
        let missing = (0..self.manifest.chunks()).filter(|&index| !self.holds(index));
        for index in missing.take(usize::try_from(chunks).unwrap_or(usize::MAX)) {
            let full = stretches.len() == STRETCHES_MAX;
            match stretches.last_mut() {
                Some(last) if last.end == index => last.end += 1,
                Some(_) | None if full => break,
                Some(_) | None => stretches.push(index..index + 1),
            }
        }
        Want { file: self.name, stretches }
    }
}

fn spot(index: u32) -> (usize, u8) {
    (usize::try_from(index / 8).unwrap_or(usize::MAX), 1 << (index % 8))
}

/// What a receiver asks a peer for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Want {
    pub file: Hash,
    /// Ascending, none empty, none touching the next.
    stretches: Vec<Range<u32>>,
}

impl Want {
    /// The chunks asked for, ascending.
    pub fn chunks(&self) -> impl Iterator<Item = u32> {
        self.stretches.iter().cloned().flatten()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.stretches.is_empty()
    }

    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut w = Writer::with_capacity(48 + 8 * self.stretches.len());
        w.array(3).uint(VERSION).bytes(&self.file.0).array(self.stretches.len());
        for stretch in &self.stretches {
            w.array(2).uint(stretch.start).uint(stretch.end - stretch.start);
        }
        w.finish()
    }

    /// # Errors
    /// [`CanonicalError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, CanonicalError> {
        let mut r = Reader::new(bytes);
        r.array_of(3)?;
        r.constant(VERSION)?;
        let file = Hash(r.exact()?);
        let mut stretches: Vec<Range<u32>> = Vec::new();
        for _ in 0..r.array(STRETCHES_MAX)? {
            let at = r.at();
            r.array_of(2)?;
            let start = r.u32()?;
            let count = r.uint(length_of(CHUNKS_MAX))?;
            let end = u32::try_from(u64::from(start) + count).unwrap_or(u32::MAX);
            let first = stretches.last().map_or(0, |last| last.end + 1);
            if count == 0 || start < first || length_of(CHUNKS_MAX) < u64::from(end) {
                return Err(CanonicalError::NotSorted { at });
            }
            stretches.push(start..end);
        }
        r.end()?;
        Ok(Self { file, stretches })
    }
}

/// One chunk on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub file: Hash,
    pub index: u32,
    pub bytes: Vec<u8>,
}

impl Part {
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut w = Writer::with_capacity(48 + self.bytes.len());
        w.array(4).uint(VERSION).bytes(&self.file.0).uint(self.index).bytes(&self.bytes);
        w.finish()
    }

    /// # Errors
    /// [`CanonicalError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, CanonicalError> {
        let mut r = Reader::new(bytes);
        r.array_of(4)?;
        r.constant(VERSION)?;
        let part =
            Self { file: Hash(r.exact()?), index: r.u32()?, bytes: r.bytes(CHUNK_BYTES)?.to_vec() };
        r.end()?;
        Ok(part)
    }
}

#[cfg(test)]
mod tests;
