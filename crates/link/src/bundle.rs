//! A bundle: what goes on a stick or card, through any number of hands, to whom it is sealed.
//!
//! The file is a row of blocks, each with a mark, its place and a checksum, so that a cut or a scratch costs the blocks it
//! touches and no other; what was lost is named. The ticket is signed and binds the list of pieces; ticket, list and letter
//! stand at both ends of the file. Pieces and letter are opaque here: they are sealed and opened by the caller. Several
//! bundles may stand one behind the other in one file.

pub mod record;

use pehra_ledger::canonical::{CanonicalError, Reader, Writer};
use pehra_ledger::certificate::{Body, NotWritable, Statement};
use pehra_ledger::hash::LABEL_BYTES;
use pehra_ledger::{DeviceId, Hash, SigningKey};
use std::collections::BTreeMap;
use std::ops::Range;

/// Devices that one bundle may be sealed to.
pub const RECIPIENTS_MAX: usize = 64;
/// Pieces of one bundle.
pub const PIECES_MAX: usize = 16_384;
/// Longest content of one block.
pub const BLOCK_BYTES_MAX: usize = 24 << 20;
/// Longest file that is read.
pub const FILE_BYTES_MAX: usize = 1 << 30;

const VERSION: u8 = 1;
const MARK: [u8; 4] = *b"PhBl";
const HEAD_BYTES: usize = 4 + 1 + 16 + 4 + 4;
const CHECK_BYTES: usize = 8;
const TICKET: u8 = 1;
const LIST: u8 = 2;
const LETTER: u8 = 3;
const PIECE: u8 = 4;

/// Names a bundle: sixteen random bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BundleId(pub [u8; 16]);

impl std::fmt::Display for BundleId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// What the sender signs, in the clear: who carries it must know for whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketBody {
    pub election: [u8; 16],
    pub bundle: BundleId,
    /// Ascending, each once.
    pub to: Vec<DeviceId>,
    pub made_ms: u64,
    pub pieces: u32,
    /// SHA-256 of the list: the pieces' SHA-256, one after the other.
    pub list: Hash,
    /// SHA-256 of the letter.
    pub letter: Hash,
}

pub type Ticket = Statement<TicketBody>;

impl Body for TicketBody {
    const LABEL: &'static [u8; LABEL_BYTES] = b"pehra/bundle/1\0";

    fn is_writable(&self) -> bool {
        (1..=RECIPIENTS_MAX).contains(&self.to.len())
            && self.to.is_sorted_by(|a, b| a < b)
            && usize::try_from(self.pieces).is_ok_and(|pieces| pieces <= PIECES_MAX)
    }

    fn encode(&self) -> Vec<u8> {
        let mut w = Writer::default();
        w.array(8).uint(VERSION).bytes(&self.election).bytes(&self.bundle.0).array(self.to.len());
        for device in &self.to {
            w.bytes(&device.0);
        }
        w.uint(self.made_ms).uint(self.pieces).bytes(&self.list.0).bytes(&self.letter.0);
        w.finish()
    }

    fn decode(bytes: &[u8]) -> Result<Self, CanonicalError> {
        let mut r = Reader::new(bytes);
        r.array_of(8)?;
        r.constant(VERSION)?;
        let (election, bundle) = (r.exact()?, BundleId(r.exact()?));
        let at = r.at();
        let count = r.array(RECIPIENTS_MAX)?;
        let mut to = Vec::with_capacity(count);
        for _ in 0..count {
            to.push(DeviceId(r.exact()?));
        }
        if to.is_empty() || !to.is_sorted_by(|a, b| a < b) {
            return Err(CanonicalError::WrongType { at });
        }
        let made_ms = r.uint(u64::MAX)?;
        let pieces = u32::try_from(r.uint(u64::try_from(PIECES_MAX).unwrap_or(u64::MAX))?)
            .map_err(|_large| CanonicalError::TooLarge { at })?;
        let (list, letter) = (Hash(r.exact()?), Hash(r.exact()?));
        r.end()?;
        Ok(Self { election, bundle, to, made_ms, pieces, list, letter })
    }
}

/// Why a bundle cannot be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotBundled {
    #[error("a bundle goes to 1 to {RECIPIENTS_MAX} devices in at most {PIECES_MAX} pieces")]
    Ticket(#[from] NotWritable),
    #[error("a block has at most {BLOCK_BYTES_MAX} bytes, not {0}")]
    Block(usize),
}

/// What is to be bundled: sealed already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub election: [u8; 16],
    pub bundle: BundleId,
    pub to: Vec<DeviceId>,
    pub made_ms: u64,
    pub letter: Vec<u8>,
    pub pieces: Vec<Vec<u8>>,
}

impl Draft {
    /// The file.
    ///
    /// # Errors
    /// [`NotBundled`].
    pub fn close(mut self, key: &SigningKey) -> Result<Vec<u8>, NotBundled> {
        self.to.sort_unstable();
        self.to.dedup();
        let list: Vec<u8> = self.pieces.iter().flat_map(|piece| Hash::of(piece).0).collect();
        let body = TicketBody {
            election: self.election,
            bundle: self.bundle,
            to: self.to,
            made_ms: self.made_ms,
            pieces: u32::try_from(self.pieces.len()).map_err(|_many| NotWritable)?,
            list: Hash::of(&list),
            letter: Hash::of(&self.letter),
        };
        let ticket = Statement::sign(body, &[key])?.encode();
        let mut out = Vec::new();
        let frame = |out: &mut Vec<u8>| {
            push_block(out, TICKET, self.bundle, 0, &ticket)?;
            push_block(out, LIST, self.bundle, 0, &list)?;
            push_block(out, LETTER, self.bundle, 0, &self.letter)
        };
        frame(&mut out)?;
        for (index, piece) in (0u32..).zip(&self.pieces) {
            push_block(&mut out, PIECE, self.bundle, index, piece)?;
        }
        frame(&mut out)?;
        Ok(out)
    }
}

fn push_block(
    out: &mut Vec<u8>,
    sort: u8,
    bundle: BundleId,
    index: u32,
    content: &[u8],
) -> Result<(), NotBundled> {
    let length = u32::try_from(content.len())
        .ok()
        .filter(|_| content.len() <= BLOCK_BYTES_MAX)
        .ok_or(NotBundled::Block(content.len()))?;
    let from = out.len();
    out.extend(MARK);
    out.push(sort);
    out.extend(bundle.0);
    out.extend(index.to_be_bytes());
    out.extend(length.to_be_bytes());
    out.extend_from_slice(content);
    let check = Hash::of(out.get(from..).unwrap_or_default()).short();
    out.extend(check);
    Ok(())
}

struct Block {
    sort: u8,
    bundle: BundleId,
    index: u32,
    content: Range<usize>,
    end: usize,
}

/// The sound block that begins here, if one does.
fn block_at(file: &[u8], from: usize) -> Option<Block> {
    let head = file.get(from..from + HEAD_BYTES)?;
    let mut cursor = crate::octets::Cursor::new(head);
    if cursor.exact::<4>().ok()? != MARK {
        return None;
    }
    let sort = cursor.byte().ok()?;
    let bundle = BundleId(cursor.exact().ok()?);
    let index = u32::from_be_bytes(cursor.exact().ok()?);
    let length = usize::try_from(u32::from_be_bytes(cursor.exact().ok()?)).ok()?;
    if length > BLOCK_BYTES_MAX {
        return None;
    }
    let content = from + HEAD_BYTES..from + HEAD_BYTES + length;
    let check = file.get(content.end..content.end + CHECK_BYTES)?;
    (Hash::of(file.get(from..content.end)?).short() == check).then_some(Block {
        sort,
        bundle,
        index,
        end: content.end + CHECK_BYTES,
        content,
    })
}

/// What was found wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    #[error("bytes {from} to {to} are no sound part of a bundle")]
    Bytes { from: usize, to: usize },
    #[error("bundle {bundle}: no sound ticket: who sent it and to whom is not known")]
    NoTicket { bundle: BundleId },
    #[error("bundle {bundle}: the list of its pieces is lost; they are judged one by one")]
    NoList { bundle: BundleId },
    #[error("bundle {bundle}: the letter is lost: nothing in it can be opened")]
    NoLetter { bundle: BundleId },
    #[error("bundle {bundle}: piece {index} of {of} is missing")]
    Missing { bundle: BundleId, index: u32, of: u32 },
    #[error("bundle {bundle}: piece {index} of {of} is not the one that was signed")]
    Altered { bundle: BundleId, index: u32, of: u32 },
}

/// One bundle as it was found: everything in it is what its sender signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle<'a> {
    pub ticket: Ticket,
    /// The signed list of pieces, if one came through.
    pub list: Option<&'a [u8]>,
    pub letter: &'a [u8],
    /// Sound pieces by their number.
    pub pieces: BTreeMap<u32, &'a [u8]>,
}

/// What stands in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading<'a> {
    pub bundles: Vec<Bundle<'a>>,
    pub damage: Vec<Damage>,
}

#[derive(Default)]
struct Found<'a> {
    tickets: Vec<&'a [u8]>,
    lists: Vec<&'a [u8]>,
    letters: Vec<&'a [u8]>,
    pieces: BTreeMap<u32, Vec<&'a [u8]>>,
}

/// Reads a file: every bundle in it as far as it is sound, and what is not.
#[must_use]
pub fn read(file: &[u8]) -> Reading<'_> {
    let mut reading = Reading::default();
    let mut found: BTreeMap<BundleId, Found<'_>> = BTreeMap::new();
    let mut order = Vec::new();
    let (mut at, mut bad_from) = (0, None);
    while at < file.len() {
        let Some(block) = block_at(file, at) else {
            bad_from.get_or_insert(at);
            at = next_mark(file, at + 1);
            continue;
        };
        if let Some(from) = bad_from.take() {
            reading.damage.push(Damage::Bytes { from, to: at });
        }
        let content = file.get(block.content).unwrap_or_default();
        let of = found.entry(block.bundle).or_insert_with(|| {
            order.push(block.bundle);
            Found::default()
        });
        match block.sort {
            TICKET => of.tickets.push(content),
            LIST => of.lists.push(content),
            LETTER => of.letters.push(content),
            PIECE => of.pieces.entry(block.index).or_default().push(content),
            _ => reading.damage.push(Damage::Bytes { from: at, to: block.end }),
        }
        at = block.end;
    }
    if let Some(from) = bad_from {
        reading.damage.push(Damage::Bytes { from, to: file.len() });
    }
    for bundle in order {
        if let Some(found) = found.remove(&bundle) {
            reading.bundles.extend(judge(bundle, &found, &mut reading.damage));
        }
    }
    reading
}

fn next_mark(file: &[u8], from: usize) -> usize {
    let rest = file.get(from..).unwrap_or_default();
    rest.windows(MARK.len()).position(|window| window == MARK).map_or(file.len(), |at| from + at)
}

fn judge<'a>(bundle: BundleId, found: &Found<'a>, damage: &mut Vec<Damage>) -> Option<Bundle<'a>> {
    let ticket = found.tickets.iter().find_map(|bytes| {
        let ticket = Ticket::decode(bytes).ok()?;
        (ticket.body.bundle == bundle && ticket.issuers().count() == 1 && ticket.holds())
            .then_some(ticket)
    });
    let Some(ticket) = ticket else {
        damage.push(Damage::NoTicket { bundle });
        return None;
    };
    let body = &ticket.body;
    let named = |all: &[&'a [u8]], name: Hash| all.iter().copied().find(|it| Hash::of(it) == name);
    let Some(letter) = named(&found.letters, body.letter) else {
        damage.push(Damage::NoLetter { bundle });
        return None;
    };
    let list = named(&found.lists, body.list);
    if list.is_none() {
        damage.push(Damage::NoList { bundle });
    }
    let mut pieces = BTreeMap::new();
    for index in 0..body.pieces {
        let came = found.pieces.get(&index).map(Vec::as_slice).unwrap_or_default();
        let signed = |piece: &&&'a [u8]| match list {
            None => true,
            Some(list) => usize::try_from(index)
                .ok()
                .and_then(|at| list.get(at * 32..at * 32 + 32))
                .is_some_and(|hash| Hash::of(piece).0 == hash),
        };
        match came.iter().find(signed) {
            Some(piece) => {
                pieces.insert(index, *piece);
            }
            None if came.is_empty() => {
                damage.push(Damage::Missing { bundle, index, of: body.pieces });
            }
            None => damage.push(Damage::Altered { bundle, index, of: body.pieces }),
        }
    }
    Some(Bundle { ticket, list, letter, pieces })
}

impl Bundle<'_> {
    /// The same bundle as a file of its own, for the next hand: what was sound, and nothing else.
    ///
    /// # Errors
    /// [`NotBundled::Block`].
    pub fn copy(&self) -> Result<Vec<u8>, NotBundled> {
        let (mut out, bundle) = (Vec::new(), self.ticket.body.bundle);
        let ticket = self.ticket.encode();
        let frame = |out: &mut Vec<u8>| {
            push_block(out, TICKET, bundle, 0, &ticket)?;
            if let Some(list) = self.list {
                push_block(out, LIST, bundle, 0, list)?;
            }
            push_block(out, LETTER, bundle, 0, self.letter)
        };
        frame(&mut out)?;
        for (index, piece) in &self.pieces {
            push_block(&mut out, PIECE, bundle, *index, piece)?;
        }
        frame(&mut out)?;
        Ok(out)
    }
}

#[cfg(test)]
mod tests;
