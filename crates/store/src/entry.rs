//! Entries as they are kept.

use crate::error::StoreError;
use crate::sql;
use pehra_ledger::entry::EntryUnreadable;
use pehra_ledger::{Cosignature, DeviceId, Entry, Hash, Place, Signature};
use rusqlite::{Connection, Row};

/// The number under which this node received an entry: rises from 1, means nothing elsewhere. Zero is before all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Receipt(pub i64);

/// What became of an entry's payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayloadState {
    Here,
    /// It never came; it may still.
    Withheld,
    /// Deleted by retention; it does not come back.
    Deleted,
}

impl PayloadState {
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Here => 0,
            Self::Withheld => 1,
            Self::Deleted => 2,
        }
    }

    pub(crate) fn of(code: u8) -> Result<Self, StoreError> {
        match code {
            0 => Ok(Self::Here),
            1 => Ok(Self::Withheld),
            2 => Ok(Self::Deleted),
            _ => Err(StoreError::OutOfRange("payload_state")),
        }
    }
}

/// An entry and what this node knows about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    pub receipt: Receipt,
    pub received_ms: u64,
    /// Settled by the caller: 0 takes effect, anything else says why it does not.
    pub standing: u8,
    pub payload_state: PayloadState,
    pub entry: Entry,
}

/// The columns of one row, before they are believed.
pub(crate) struct Raw {
    receipt: i64,
    received_ms: i64,
    standing: u8,
    payload_state: u8,
    header: Vec<u8>,
    signature: [u8; 64],
    cosignatures: Vec<u8>,
    payload: Option<Vec<u8>>,
    hash: Hash,
}

impl Raw {
    pub(crate) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            receipt: row.get(0)?,
            received_ms: row.get(1)?,
            standing: row.get(2)?,
            payload_state: row.get(3)?,
            header: row.get(4)?,
            signature: row.get(5)?,
            cosignatures: row.get(6)?,
            payload: row.get(7)?,
            hash: Hash(row.get(8)?),
        })
    }

    /// Checks that the parts agree (header, payload hash, form); signatures are the scrub's business.
    pub(crate) fn stored(self, conn: &Connection) -> Result<Stored, StoreError> {
        let receipt = self.receipt;
        let damaged = |source| match place_of(conn, receipt) {
            Ok(place) => StoreError::EntryDamaged { place, source },
            Err(error) => error,
        };
        let cosignatures = Cosignature::decode_all(&self.cosignatures)
            .map_err(|error| damaged(EntryUnreadable::Canonical(error)))?;
        let signature = Signature(self.signature);
        let entry = Entry::from_parts(self.header, signature, cosignatures, self.payload)
            .map_err(damaged)?;
        if entry.hash() != self.hash {
            return Err(damaged(EntryUnreadable::HeaderHash));
        }
        Ok(Stored {
            receipt: Receipt(self.receipt),
            received_ms: u64::try_from(self.received_ms).unwrap_or_default(),
            standing: self.standing,
            payload_state: PayloadState::of(self.payload_state)?,
            entry,
        })
    }
}

/// Where an entry stands that cannot be read itself.
fn place_of(conn: &Connection, receipt: i64) -> Result<Place, StoreError> {
    let mut statement = conn.prepare_cached(sql::ENTRY_PLACE)?;
    Ok(statement.query_row([receipt], |row| {
        let seq: i64 = row.get(2)?;
        Ok(Place { device: DeviceId(row.get(0)?), epoch: row.get(1)?, seq: seq.cast_unsigned() })
    })?)
}

/// A row of the scrub: as stored, nothing believed.
pub(crate) struct Kept {
    pub(crate) seq: i64,
    pub(crate) hash: Hash,
    pub(crate) payload_state: u8,
    pub(crate) header: Vec<u8>,
    pub(crate) signature: Signature,
    pub(crate) cosignatures: Vec<u8>,
    pub(crate) payload: Option<Vec<u8>>,
}

impl Kept {
    pub(crate) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            seq: row.get(0)?,
            hash: Hash(row.get(1)?),
            payload_state: row.get(2)?,
            header: row.get(3)?,
            signature: Signature(row.get(4)?),
            cosignatures: row.get(5)?,
            payload: row.get(6)?,
        })
    }
}
