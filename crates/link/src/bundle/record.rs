//! What a bundle's pieces hold, once opened: records, each whole within one piece.

use crate::octets::{Cursor, FrameUnreadable};
use pehra_ledger::canonical::{CanonicalError, Reader, Writer};
use pehra_ledger::header::SEQ_MAX;
use pehra_ledger::{DeviceId, EntryRef, Hash, Place};

/// Records are gathered into pieces of about this size; a larger one stands alone.
pub const PIECE_BYTES: usize = 256 << 10;
/// Heads in one record.
pub const HEADS_MAX: usize = 16_384;

const STATEMENT: u8 = 1;
const ENTRY: u8 = 2;
const MANIFEST: u8 = 3;
const CHUNK: u8 = 4;
const HEADS: u8 = 5;
const SEEN: u8 = 6;
const DATASETS: u8 = 7;

/// One thing that is carried. Each is believed for itself, by its own signature or hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// A certificate or revocation: the ledger's kind and body.
    Statement {
        kind: u32,
        body: Vec<u8>,
    },
    Entry(Vec<u8>),
    /// A dataset's manifest.
    Manifest(Vec<u8>),
    /// A dataset's chunk or a part of a file, named by its hash.
    Chunk(Vec<u8>),
    /// How far the sender holds each log: what need not be sent back.
    Heads(Vec<EntryRef>),
    /// The receipt of a bundle: so many pieces of so many came through.
    Seen {
        bundle: [u8; 16],
        sound: u32,
        of: u32,
    },
    /// Manifests of datasets that the sender holds whole.
    Datasets(Vec<Hash>),
}

impl Record {
    fn sort(&self) -> u8 {
        match self {
            Self::Statement { .. } => STATEMENT,
            Self::Entry(_) => ENTRY,
            Self::Manifest(_) => MANIFEST,
            Self::Chunk(_) => CHUNK,
            Self::Heads(_) => HEADS,
            Self::Seen { .. } => SEEN,
            Self::Datasets(_) => DATASETS,
        }
    }

    fn content(&self) -> Vec<u8> {
        match self {
            Self::Statement { kind, body } => {
                let mut bytes = kind.to_be_bytes().to_vec();
                bytes.extend_from_slice(body);
                bytes
            }
            Self::Entry(bytes) | Self::Manifest(bytes) | Self::Chunk(bytes) => bytes.clone(),
            Self::Heads(heads) => {
                let mut w = Writer::default();
                w.array(heads.len());
                for head in heads {
                    let place = head.place;
                    w.array(4).bytes(&place.device.0).uint(place.epoch).uint(place.seq);
                    w.bytes(&head.hash8);
                }
                w.finish()
            }
            Self::Seen { bundle, sound, of } => {
                let mut bytes = bundle.to_vec();
                bytes.extend(sound.to_be_bytes());
                bytes.extend(of.to_be_bytes());
                bytes
            }
            Self::Datasets(manifests) => manifests.iter().flat_map(|hash| hash.0).collect(),
        }
    }

    fn of(sort: u8, content: &[u8]) -> Result<Self, RecordUnreadable> {
        let mut cursor = Cursor::new(content);
        Ok(match sort {
            STATEMENT => {
                let kind = u32::from_be_bytes(cursor.exact()?);
                Self::Statement { kind, body: cursor.rest().to_vec() }
            }
            ENTRY => Self::Entry(content.to_vec()),
            MANIFEST => Self::Manifest(content.to_vec()),
            CHUNK => Self::Chunk(content.to_vec()),
            HEADS => Self::Heads(heads(content)?),
            SEEN => {
                let bundle = cursor.exact()?;
                let (sound, of) = (cursor.exact()?, cursor.exact()?);
                cursor.end()?;
                Self::Seen { bundle, sound: u32::from_be_bytes(sound), of: u32::from_be_bytes(of) }
            }
            DATASETS => {
                let mut manifests = Vec::with_capacity(content.len() / 32);
                while cursor.end().is_err() {
                    manifests.push(Hash(cursor.exact()?));
                }
                Self::Datasets(manifests)
            }
            _ => return Err(FrameUnreadable::Unknown.into()),
        })
    }
}

fn heads(bytes: &[u8]) -> Result<Vec<EntryRef>, CanonicalError> {
    let mut r = Reader::new(bytes);
    let count = r.array(HEADS_MAX)?;
    let mut heads = Vec::with_capacity(count.min(1_024));
    for _ in 0..count {
        r.array_of(4)?;
        let place = Place { device: DeviceId(r.exact()?), epoch: r.u32()?, seq: r.uint(SEQ_MAX)? };
        heads.push(EntryRef { place, hash8: r.exact()? });
    }
    r.end()?;
    Ok(heads)
}

/// Why a record was passed over; those before and behind it are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordUnreadable {
    #[error(transparent)]
    Frame(#[from] FrameUnreadable),
    #[error("the record is not in its canonical form")]
    Canonical(#[from] CanonicalError),
}

/// Gathers records into pieces, in their order.
#[must_use]
pub fn pack(records: &[Record]) -> Vec<Vec<u8>> {
    let mut pieces = Vec::new();
    let mut piece: Vec<u8> = Vec::new();
    for record in records {
        let content = record.content();
        if !piece.is_empty() && piece.len() + content.len() > PIECE_BYTES {
            pieces.push(std::mem::take(&mut piece));
        }
        piece.push(record.sort());
        piece.extend(u32::try_from(content.len()).unwrap_or(u32::MAX).to_be_bytes());
        piece.extend(content);
    }
    if !piece.is_empty() {
        pieces.push(piece);
    }
    pieces
}

/// Records of one opened piece, and what in it could not be read.
#[must_use]
pub fn unpack(piece: &[u8]) -> (Vec<Record>, Vec<RecordUnreadable>) {
    let (mut records, mut unreadable) = (Vec::new(), Vec::new());
    let mut cursor = Cursor::new(piece);
    while cursor.end().is_err() {
        match next(&mut cursor) {
            Ok((sort, content)) => match Record::of(sort, content) {
                Ok(record) => records.push(record),
                Err(why) => unreadable.push(why),
            },
            Err(why) => {
                unreadable.push(why.into());
                break;
            }
        }
    }
    (records, unreadable)
}

fn next<'a>(cursor: &mut Cursor<'a>) -> Result<(u8, &'a [u8]), FrameUnreadable> {
    let sort = cursor.byte()?;
    let length = usize::try_from(u32::from_be_bytes(cursor.exact()?));
    Ok((sort, cursor.take(length.map_err(|_large| FrameUnreadable::Number)?)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn records() -> impl Strategy<Value = Record> {
        let bytes = || proptest::collection::vec(any::<u8>(), 0..200);
        let head = (any::<[u8; 16]>(), any::<u32>(), 0..=SEQ_MAX, any::<[u8; 8]>()).prop_map(
            |(device, epoch, seq, hash8)| EntryRef {
                place: Place { device: DeviceId(device), epoch, seq },
                hash8,
            },
        );
        prop_oneof![
            (any::<u32>(), bytes()).prop_map(|(kind, body)| Record::Statement { kind, body }),
            bytes().prop_map(Record::Entry),
            bytes().prop_map(Record::Manifest),
            bytes().prop_map(Record::Chunk),
            proptest::collection::vec(head, 0..20).prop_map(Record::Heads),
            (any::<[u8; 16]>(), any::<u32>(), any::<u32>())
                .prop_map(|(bundle, sound, of)| Record::Seen { bundle, sound, of }),
            proptest::collection::vec(any::<[u8; 32]>().prop_map(Hash), 0..5)
                .prop_map(Record::Datasets),
        ]
    }

    #[test]
    fn large_records_stand_alone_and_small_ones_together() {
        let large = || Record::Chunk(vec![1; PIECE_BYTES + 1]);
        let small = || Record::Entry(vec![2; 100]);
        let pieces = pack(&[small(), small(), large(), small(), small()]);
        assert_eq!(pieces.iter().map(Vec::len).collect::<Vec<_>>(), [210, PIECE_BYTES + 6, 210]);
    }

    #[test]
    fn an_unknown_record_is_passed_over_and_the_next_is_read() {
        let mut piece = vec![99, 0, 0, 0, 2, 7, 7];
        piece.extend(pack(&[Record::Entry(vec![1])]).concat());
        let (records, unreadable) = unpack(&piece);
        assert_eq!(records, [Record::Entry(vec![1])]);
        assert_eq!(unreadable, [RecordUnreadable::Frame(FrameUnreadable::Unknown)]);
    }

    proptest! {
        #[test]
        fn records_come_back_in_order(records in proptest::collection::vec(records(), 0..30)) {
            let (mut got, mut bad) = (Vec::new(), Vec::new());
            for piece in pack(&records) {
                let (some, unreadable) = unpack(&piece);
                got.extend(some);
                bad.extend(unreadable);
            }
            prop_assert_eq!(got, records);
            prop_assert!(bad.is_empty());
        }

        #[test]
        fn any_bytes_are_read_without_harm(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let (records, _) = unpack(&bytes);
            prop_assert!(records.len() <= bytes.len() / 5);
        }
    }
}
