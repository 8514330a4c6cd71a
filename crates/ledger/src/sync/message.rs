//! What the two sides say to each other: canonical CBOR, every list within a stated limit.

mod ask;
mod reply;

use super::element::{ELEMENT_BYTES, Element, Key, TAG_BYTES, Tag};
use super::holding::{GROUPS_MAX, Set, Summary};
use super::parity::{Parity, ROWS};
use super::sketch::{CELL_BYTES, CELLS_MAX, Cell};
use super::symbol::{SYMBOL_BYTES, SYMBOLS_MAX, Symbol};
use crate::blob::{CHUNK_BYTES as FILE_CHUNK_BYTES, MANIFEST_BYTES_MAX, Part, STRETCHES_MAX, Want};
use crate::canonical::{CanonicalError, Reader, Writer};
use crate::certificate::STATEMENT_BYTES_MAX;
use crate::entry::ENTRY_BYTES_MAX;
use crate::fork::{ForkProof, SignedHeader};
use crate::hash::Hash;
use crate::header::{HEADER_BYTES_MAX, Place, SEQ_MAX, decode_place};
use crate::key::Signature;
use crate::manifest::CHUNK_BYTES_MAX;

/// The version of this conversation.
pub const VERSION: u8 = 1;
/// Longest message: one entry at its limit, or a list of elements of every log that a node can hold.
pub const MESSAGE_BYTES_MAX: usize = 4 << 20;
/// Things in one list at most.
pub const LIST_MAX: usize = 4_096;
/// Elements in a full list, and numbers in a frontier.
pub const NAMES_MAX: usize = 1 << 18;
/// Longest packed frontier.
pub const PACKED_BYTES_MAX: usize = 1 << 21;

/// Chunks of a file in one answer.
pub const FILE_PARTS_MAX: usize = 4;
/// A chunk with its file's name and number.
const FILE_PART_BYTES_MAX: usize = FILE_CHUNK_BYTES + 64;
/// A name and at most so many stretches of two numbers.
const WANT_BYTES_MAX: usize = 64 + STRETCHES_MAX * 16;

/// A stretch of a log that somebody wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    pub tag: Tag,
    pub from: u64,
    /// The first place that is not wanted; none up to the end.
    pub until: Option<u64>,
}

/// A log of a later epoch, which the order of devices does not list: the device's number in it, epoch and height.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Later {
    pub device: u32,
    pub epoch: u32,
    pub next: u64,
}

/// How far the logs of some groups reach, in the order that `basis` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frontier {
    pub basis: [u8; 16],
    /// One bit for each group, the lowest first.
    pub groups: Vec<u8>,
    /// Heights of first epochs: see [`super::pack`].
    pub packed: Vec<u8>,
    pub later: Vec<Later>,
}

/// A fork as it travels: the proof, and what its second header was the header of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForkCarried {
    pub entry: Vec<u8>,
    pub proof: ForkProof,
}

/// What the side that asks says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// A new comparison: what each of my sets sums up to.
    Compare {
        key: Key,
        statements: Summary,
        forks: Summary,
        heights: Summary,
    },
    Symbols {
        set: Set,
        from: u32,
        count: u32,
    },
    /// Cells over the heights of first epochs, in the order of devices that `basis` names.
    Sketch {
        basis: [u8; 16],
        from: u32,
        count: u32,
    },
    /// I lack the last entries of these logs: so many of them, packed as steps between their places and numbers.
    WantRows {
        count: u32,
        packed: Vec<u8>,
    },
    /// All elements of a set.
    Names {
        set: Set,
    },
    /// Digests of the groups.
    Groups,
    /// My frontier: keep ready what I lack, and tell me what you lack.
    Frontier(Frontier),
    /// Your frontier, of these groups in this order.
    TellFrontier {
        basis: [u8; 16],
        groups: Vec<u8>,
    },
    /// Statements or forks by their elements.
    Want {
        set: Set,
        elements: Vec<Element>,
    },
    /// Keep these stretches ready, and give the first part.
    WantEntries {
        stretches: Vec<Stretch>,
    },
    /// The part of what is kept ready that begins here.
    Pull {
        line: u32,
        seq: u64,
    },
    GiveStatements {
        statements: Vec<(u32, Vec<u8>)>,
    },
    GiveForks {
        forks: Vec<ForkCarried>,
    },
    GiveEntries {
        entries: Vec<Vec<u8>>,
    },
    /// Entries whose payloads I have not got.
    WantPayloads {
        places: Vec<Place>,
    },
    /// Bytes of a manifest, or of a chunk that a manifest names.
    WantObject {
        manifest: Hash,
        chunk: Option<Hash>,
        from: u64,
    },
    /// A file by the SHA-256 of its bytes: first the list of its chunks, then those that are missing.
    WantFile {
        file: Hash,
        want: Option<Want>,
    },
    /// I have asked everything.
    End,
}

/// What the side that answers says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// Each set that differs, with its picture, and how many entries are held.
    Compared {
        sets: Box<[Option<(Summary, Parity)>; 3]>,
        basis: [u8; 16],
        entries: u64,
    },
    Symbols {
        symbols: Vec<Symbol>,
    },
    Sketch {
        cells: Vec<Cell>,
    },
    Names {
        elements: Vec<Element>,
    },
    Groups {
        digests: Vec<[u8; 8]>,
    },
    Frontier(Frontier),
    /// What the answering side lacks of a frontier: packed for first epochs, heights held for later ones.
    Lacks {
        packed: Vec<u8>,
        later: Vec<u64>,
    },
    Statements {
        statements: Vec<(u32, Vec<u8>)>,
    },
    Forks {
        forks: Vec<ForkCarried>,
    },
    /// Entries, and where the next part begins.
    Entries {
        entries: Vec<Vec<u8>>,
        next: Option<(u32, u64)>,
    },
    /// How many of the given things were new.
    Took {
        new: u32,
    },
    Object {
        length: u64,
        bytes: Vec<u8>,
    },
    /// The list of a file's chunks.
    FileList {
        manifest: Vec<u8>,
    },
    /// Chunks of a file, each believed for itself.
    FileParts {
        parts: Vec<Part>,
    },
    /// Not held, or not for you.
    Absent,
    /// The comparison that you mean is not the one I have: begin anew.
    Stale,
    Ended,
    /// You are not served, and why.
    Refused {
        why: String,
    },
}

/// Bits of a message's number that count; those above name the conversation, so that what comes late from an earlier one
/// answers nothing in this.
pub const COUNT_BITS: u32 = 20;

/// A message with the number by which an answer finds its question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbered<T> {
    pub number: u32,
    pub body: T,
}

impl Numbered<Ask> {
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut w = Writer::default();
        w.array(4).uint(VERSION).uint(self.number);
        ask::write(&mut w, &self.body);
        w.finish()
    }

    /// # Errors
    /// [`CanonicalError`] for every other spelling.
    pub fn decode(bytes: &[u8]) -> Result<Self, CanonicalError> {
        let mut r = Reader::new(bytes);
        r.array_of(4)?;
        r.constant(VERSION)?;
        let number = r.u32()?;
        let body = ask::read(&mut r)?;
        r.end()?;
        Ok(Self { number, body })
    }
}

impl Numbered<Reply> {
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut w = Writer::default();
        w.array(4).uint(VERSION).uint(self.number);
        reply::write(&mut w, &self.body);
        w.finish()
    }

    /// # Errors
    /// [`CanonicalError`] for every other spelling.
    pub fn decode(bytes: &[u8]) -> Result<Self, CanonicalError> {
        let mut r = Reader::new(bytes);
        r.array_of(4)?;
        r.constant(VERSION)?;
        let number = r.u32()?;
        let body = reply::read(&mut r)?;
        r.end()?;
        Ok(Self { number, body })
    }
}

fn symbol(bytes: &[u8; SYMBOL_BYTES]) -> Symbol {
    let mut sum = Element::default();
    sum.0.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
    let check =
        bytes.iter().skip(ELEMENT_BYTES).fold(0_u64, |sum, &byte| sum << 8 | u64::from(byte));
    Symbol { sum, check }
}

fn joined(elements: &[Element]) -> Vec<u8> {
    elements.iter().flat_map(|element| element.0).collect()
}

fn read_elements(r: &mut Reader<'_>, max: usize) -> Result<Vec<Element>, CanonicalError> {
    let at = r.at();
    let (whole, rest) = r.bytes(max * ELEMENT_BYTES)?.as_chunks::<ELEMENT_BYTES>();
    if rest.is_empty() {
        Ok(whole.iter().map(|bytes| Element(*bytes)).collect())
    } else {
        Err(CanonicalError::WrongType { at })
    }
}

fn read_all<T>(
    r: &mut Reader<'_>,
    max: usize,
    read: impl Fn(&mut Reader<'_>) -> Result<T, CanonicalError>,
) -> Result<Vec<T>, CanonicalError> {
    let count = r.array(max)?;
    (0..count).map(|_| read(r)).collect()
}

fn write_summary(w: &mut Writer, summary: &Summary) {
    w.array(2).uint(summary.count).bytes(&summary.digest);
}

fn read_summary(r: &mut Reader<'_>) -> Result<Summary, CanonicalError> {
    r.array_of(2)?;
    Ok(Summary { count: r.uint(u64::MAX)?, digest: r.exact()? })
}

fn read_differing(r: &mut Reader<'_>) -> Result<Option<(Summary, Parity)>, CanonicalError> {
    if r.is_null()? {
        return Ok(None);
    }
    r.array_of(2)?;
    let summary = read_summary(r)?;
    let bits: [u8; ROWS * 8] = r.exact()?;
    let mut parity = Parity::default();
    let (rows, _) = bits.as_chunks::<8>();
    parity.0.iter_mut().zip(rows).for_each(|(row, bytes)| *row = u64::from_be_bytes(*bytes));
    Ok(Some((summary, parity)))
}

fn write_frontier(w: &mut Writer, frontier: &Frontier) {
    w.array(4).bytes(&frontier.basis).bytes(&frontier.groups).bytes(&frontier.packed);
    w.array(frontier.later.len());
    for later in &frontier.later {
        w.array(3).uint(later.device).uint(later.epoch).uint(later.next);
    }
}

fn read_frontier(r: &mut Reader<'_>) -> Result<Frontier, CanonicalError> {
    r.array_of(4)?;
    let basis = r.exact()?;
    let groups = r.bytes(GROUPS_MAX / 8)?.to_vec();
    let packed = r.bytes(PACKED_BYTES_MAX)?.to_vec();
    let later = read_all(r, NAMES_MAX, |r| {
        r.array_of(3)?;
        Ok(Later { device: r.u32()?, epoch: r.u32()?, next: r.uint(SEQ_MAX + 1)? })
    })?;
    Ok(Frontier { basis, groups, packed, later })
}

fn read_stretch(r: &mut Reader<'_>) -> Result<Stretch, CanonicalError> {
    r.array_of(3)?;
    let tag = Tag(r.exact::<TAG_BYTES>()?);
    let (from, until) = (r.uint(SEQ_MAX + 1)?, r.uint(SEQ_MAX + 1)?);
    Ok(Stretch { tag, from, until: (until > 0).then_some(until) })
}

fn write_statements(w: &mut Writer, statements: &[(u32, Vec<u8>)]) {
    w.array(statements.len());
    for (kind, body) in statements {
        w.array(2).uint(*kind).bytes(body);
    }
}

fn read_statements(r: &mut Reader<'_>) -> Result<Vec<(u32, Vec<u8>)>, CanonicalError> {
    // A statement's body lies within its signatures.
    read_all(r, LIST_MAX, |r| {
        r.array_of(2)?;
        Ok((r.u32()?, r.bytes(2 * STATEMENT_BYTES_MAX)?.to_vec()))
    })
}

fn write_forks(w: &mut Writer, forks: &[ForkCarried]) {
    w.array(forks.len());
    for fork in forks {
        w.array(5).bytes(&fork.entry);
        for side in [&fork.proof.held, &fork.proof.other] {
            w.bytes(&side.header_bytes).bytes(&side.signature.0);
        }
    }
}

fn read_fork(r: &mut Reader<'_>) -> Result<ForkCarried, CanonicalError> {
    r.array_of(5)?;
    let entry = r.bytes(ENTRY_BYTES_MAX)?.to_vec();
    let side = |r: &mut Reader<'_>| {
        let header_bytes = r.bytes(HEADER_BYTES_MAX)?.to_vec();
        Ok::<_, CanonicalError>(SignedHeader { header_bytes, signature: Signature(r.exact()?) })
    };
    Ok(ForkCarried { entry, proof: ForkProof { held: side(r)?, other: side(r)? } })
}

fn write_list(w: &mut Writer, list: &[Vec<u8>]) {
    w.array(list.len());
    for bytes in list {
        w.bytes(bytes);
    }
}

fn read_entries(r: &mut Reader<'_>) -> Result<Vec<Vec<u8>>, CanonicalError> {
    read_all(r, LIST_MAX, |r| Ok(r.bytes(ENTRY_BYTES_MAX)?.to_vec()))
}

impl Set {
    pub const ALL: [Self; 3] = [Self::Statements, Self::Forks, Self::Heights];

    fn code(self) -> u8 {
        match self {
            Self::Statements => 0,
            Self::Forks => 1,
            Self::Heights => 2,
        }
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, CanonicalError> {
        let at = r.at();
        let code = r.u8()?;
        Self::ALL.into_iter().find(|set| set.code() == code).ok_or(CanonicalError::WrongType { at })
    }
}
