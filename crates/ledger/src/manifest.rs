//! Datasets: a manifest that names chunks by their hash. The manifest's own hash is what an entry signs.
//!
//! Equal content gives equal bytes, whoever makes the dataset: chunks are sorted, and there is no place for a
//! date, a name or chance.

use crate::canonical::{CanonicalError, Reader, Writer, is_plain};
use crate::hash::Hash;
use crate::header::{NAME_BYTES_MAX, ascending};
use crate::roster::contains;

/// Longest chunk. A larger district is cut into parts.
pub const CHUNK_BYTES_MAX: usize = 16 << 20;
pub const CHUNKS_MAX: usize = 16_384;
pub const INPUTS_MAX: usize = 64;
pub const MANIFEST_BYTES_MAX: usize = 4 << 20;

const VERSION: u8 = 1;

/// One piece of a dataset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    pub area: String,
    /// 0 unless an area has several chunks.
    pub part: u32,
    /// SHA-256 of the chunk's bytes.
    pub hash: Hash,
    pub bytes_len: u64,
    pub rows: u64,
}

impl Chunk {
    /// Names the bytes of an area's only chunk.
    #[must_use]
    pub fn of(area: &str, bytes: &[u8], rows: u64) -> Self {
        let bytes_len = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        Self { area: area.to_owned(), part: 0, hash: Hash::of(bytes), bytes_len, rows }
    }
}

/// A station list, an assessment, a plan: what it is, what it was made from, and its chunks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    kind: String,
    schema_version: u32,
    inputs: Vec<Hash>,
    chunks: Vec<Chunk>,
}

/// Why a dataset cannot have a manifest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    #[error("`{0}` is empty, too long or not plain text")]
    Name(String),
    #[error("area `{area}` has two chunks with the number {part}")]
    SameChunk { area: String, part: u32 },
    #[error(
        "the chunk of `{area}` has {bytes} bytes, at most {CHUNK_BYTES_MAX} are allowed: cut it into parts"
    )]
    ChunkTooLarge { area: String, bytes: u64 },
    #[error("more than {CHUNKS_MAX} chunks or {INPUTS_MAX} inputs")]
    TooMany,
}

impl Manifest {
    /// Puts a dataset together; the order in which chunks are given does not matter.
    ///
    /// # Errors
    /// [`ManifestError`] says which chunk or name breaks a limit.
    pub fn try_new(
        kind: &str,
        schema_version: u32,
        inputs: Vec<Hash>,
        mut chunks: Vec<Chunk>,
    ) -> Result<Self, ManifestError> {
        if chunks.len() > CHUNKS_MAX || inputs.len() > INPUTS_MAX {
            return Err(ManifestError::TooMany);
        }
        for name in chunks.iter().map(|chunk| chunk.area.as_str()).chain([kind]) {
            if name.is_empty() || name.len() > NAME_BYTES_MAX || !is_plain(name) {
                return Err(ManifestError::Name(name.to_owned()));
            }
        }
        let max = u64::try_from(CHUNK_BYTES_MAX).unwrap_or(u64::MAX);
        if let Some(large) = chunks.iter().find(|chunk| chunk.bytes_len > max) {
            let (area, bytes) = (large.area.clone(), large.bytes_len);
            return Err(ManifestError::ChunkTooLarge { area, bytes });
        }
        chunks.sort_by(|a, b| (&a.area, a.part).cmp(&(&b.area, b.part)));
        let twice = chunks.windows(2).find_map(|pair| match pair {
            [a, b] if !stands_before(a, b) => Some((b.area.clone(), b.part)),
            _ => None,
        });
        if let Some((area, part)) = twice {
            return Err(ManifestError::SameChunk { area, part });
        }
        Ok(Self { kind: kind.to_owned(), schema_version, inputs, chunks })
    }

    #[must_use]
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// The version of what the chunks contain; settled by the kind.
    #[must_use]
    pub fn schema_version(&self) -> u32 {
        self.schema_version
    }

    /// Manifests this one was computed from, in the order its kind settles.
    #[must_use]
    pub fn inputs(&self) -> &[Hash] {
        &self.inputs
    }

    /// Sorted by area, then by part.
    #[must_use]
    pub fn chunks(&self) -> &[Chunk] {
        &self.chunks
    }

    /// The chunks of an area and of all that lies in it: what a node of that area holds.
    pub fn chunks_within(&self, area: &str) -> impl Iterator<Item = &Chunk> {
        self.chunks.iter().filter(move |chunk| contains(area, &chunk.area))
    }

    #[must_use]
    pub fn rows(&self) -> u64 {
        self.chunks.iter().map(|chunk| chunk.rows).sum()
    }

    #[must_use]
    pub fn bytes_len(&self) -> u64 {
        self.chunks.iter().map(|chunk| chunk.bytes_len).sum()
    }

    /// The hash that names the dataset: SHA-256 of the canonical bytes.
    #[must_use]
    pub fn hash(&self) -> Hash {
        Hash::of(&self.encode())
    }

    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut w = Writer::with_capacity(64 + self.chunks.len() * 96);
        w.array(5).uint(VERSION).text(&self.kind).uint(self.schema_version);
        w.array(self.inputs.len());
        for input in &self.inputs {
            w.bytes(&input.0);
        }
        w.array(self.chunks.len());
        for chunk in &self.chunks {
            w.array(5).text(&chunk.area).uint(chunk.part).bytes(&chunk.hash.0);
            w.uint(chunk.bytes_len).uint(chunk.rows);
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
        r.array_of(5)?;
        r.constant(VERSION)?;
        let kind = name(&mut r)?;
        let schema_version = r.u32()?;
        let mut inputs = Vec::new();
        for _ in 0..r.array(INPUTS_MAX)? {
            inputs.push(Hash(r.exact()?));
        }
        let chunks = ascending(&mut r, CHUNKS_MAX, decode_chunk, stands_before)?;
        r.end()?;
        Ok(Self { kind, schema_version, inputs, chunks })
    }
}

fn stands_before(a: &Chunk, b: &Chunk) -> bool {
    (&a.area, a.part) < (&b.area, b.part)
}

fn name(r: &mut Reader<'_>) -> Result<String, CanonicalError> {
    let at = r.at();
    let name = r.text(NAME_BYTES_MAX)?;
    if name.is_empty() { Err(CanonicalError::WrongType { at }) } else { Ok(name.to_owned()) }
}

fn decode_chunk(r: &mut Reader<'_>) -> Result<Chunk, CanonicalError> {
    r.array_of(5)?;
    Ok(Chunk {
        area: name(r)?,
        part: r.u32()?,
        hash: Hash(r.exact()?),
        bytes_len: r.uint(u64::try_from(CHUNK_BYTES_MAX).unwrap_or(u64::MAX))?,
        rows: r.uint(u64::MAX)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn chunks() -> impl Strategy<Value = Vec<Chunk>> {
        let one = ("[a-z]{1,6}(/[a-z]{1,6}){0,2}", 0_u32..3, any::<[u8; 8]>(), 0_u64..9_000);
        prop::collection::vec(one, 0..20).prop_map(|all| {
            let mut seen = std::collections::BTreeSet::new();
            all.into_iter()
                .filter(|(area, part, ..)| seen.insert((area.clone(), *part)))
                .map(|(area, part, bytes, rows)| Chunk { part, ..Chunk::of(&area, &bytes, rows) })
                .collect()
        })
    }

    proptest! {
        #[test]
        fn the_order_of_the_chunks_does_not_matter((given, shuffled) in
            chunks().prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())))
        {
            let one = Manifest::try_new("stations", 1, vec![Hash::of(b"x")], given).unwrap();
            let two = Manifest::try_new("stations", 1, vec![Hash::of(b"x")], shuffled).unwrap();
            prop_assert_eq!(one.encode(), two.encode());
            prop_assert_eq!(Manifest::decode(&one.encode()), Ok(one));
        }

        #[test]
        fn a_changed_byte_is_another_dataset_or_none(all in chunks(), at: prop::sample::Index, flip in 1_u8..) {
            let manifest = Manifest::try_new("plan", 2, Vec::new(), all).unwrap();
            let mut bytes = manifest.encode();
            let at = at.index(bytes.len());
            bytes[at] ^= flip;
            if let Ok(read) = Manifest::decode(&bytes) {
                prop_assert_eq!(read.encode(), bytes, "one value, one spelling");
                prop_assert_ne!(read.hash(), manifest.hash());
            }
        }
    }

    #[test]
    fn a_district_sees_its_own_chunks() {
        let of = |area| Chunk::of(area, area.as_bytes(), 1);
        let all = vec![of("pk/sindh/sukkur"), of("pk/kp/swat"), of("pk/sindh")];
        let manifest = Manifest::try_new("stations", 1, Vec::new(), all).unwrap();
        let within = |area| manifest.chunks_within(area).count();
        assert_eq!(
            (within("pk"), within("pk/sindh"), within("pk/sindh/sukkur"), within("pk/si")),
            (3, 2, 1, 0)
        );
    }

    #[test]
    fn one_place_has_one_chunk() {
        let all = vec![Chunk::of("pk", b"a", 1), Chunk::of("pk", b"b", 1)];
        let error = Manifest::try_new("stations", 1, Vec::new(), all).unwrap_err();
        assert_eq!(error, ManifestError::SameChunk { area: "pk".to_owned(), part: 0 });
    }
}
