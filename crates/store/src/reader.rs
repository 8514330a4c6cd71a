//! Reading: heads, entries in either order, forks.

use crate::entry::{Raw, Receipt, Stored};
use crate::error::StoreError;
use crate::sql;
use pehra_ledger::fork::{ForkProof, SignedHeader};
use pehra_ledger::statement::Said;
use pehra_ledger::{
    DeviceId, Entry, Hash, Head, Hlc, Logs, LogsUnreadable, Place, PublicKey, Signature,
};
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// A connection that reads. It sees whole commits only.
#[derive(Debug)]
pub struct Reader {
    conn: Connection,
}

/// How far logs reach: the last sequence number of each device's epoch.
pub type Reach = BTreeMap<(DeviceId, u32), u64>;

/// What is told about each entry; `Break` ends the walk.
pub type Visit<'a> = dyn FnMut(Stored) -> ControlFlow<()> + 'a;

/// A fork as it is kept: what arrived, the proof, and when it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredFork {
    pub entry: Entry,
    pub proof: ForkProof,
    pub found_ms: u64,
}

pub(crate) struct LogRow {
    pub(crate) id: i64,
    pub(crate) device: DeviceId,
    pub(crate) epoch: u32,
    pub(crate) head: Option<Head>,
}

impl Reader {
    pub(crate) fn over(conn: Connection) -> Self {
        Self { conn }
    }

    pub(crate) fn conn(&self) -> &Connection {
        &self.conn
    }

    pub(crate) fn conn_mut(&mut self) -> &mut Connection {
        &mut self.conn
    }

    /// The public key of a device, if this node has ever been given it.
    ///
    /// # Errors
    /// [`StoreError`] when the database could not be read.
    pub fn device_key(&self, device: DeviceId) -> Result<Option<PublicKey>, StoreError> {
        let mut statement = self.conn.prepare_cached(sql::DEVICE)?;
        Ok(statement.query_row([device.0], |row| row.get(0)).optional()?.map(PublicKey))
    }

    /// Every key this node was given, in the order of device ids.
    ///
    /// # Errors
    /// [`StoreError`] when the database could not be read.
    pub fn devices(&self) -> Result<Vec<PublicKey>, StoreError> {
        let mut statement = self.conn.prepare_cached(sql::DEVICES)?;
        let keys = statement.query_map([], |row| row.get(0).map(PublicKey))?;
        Ok(keys.collect::<Result<_, _>>()?)
    }

    /// The last entry kept of one epoch.
    ///
    /// # Errors
    /// [`StoreError`] when the database could not be read.
    pub fn log_head(&self, device: DeviceId, epoch: u32) -> Result<Option<Head>, StoreError> {
        Ok(self.log(device, epoch)?.and_then(|log| log.head))
    }

    pub(crate) fn log(&self, device: DeviceId, epoch: u32) -> Result<Option<LogRow>, StoreError> {
        log(&self.conn, device, epoch)
    }

    pub(crate) fn logs(&self) -> Result<Vec<LogRow>, StoreError> {
        let mut statement = self.conn.prepare_cached(sql::LOGS)?;
        let rows = statement.query_map([], |row| {
            let (device, epoch) = (DeviceId(row.get(1)?), row.get(2)?);
            let head = head_of(row, device, epoch, 3)?;
            Ok(LogRow { id: row.get(0)?, device, epoch, head })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The heads of all logs, ordered by device and epoch.
    ///
    /// # Errors
    /// [`StoreError`] when the database could not be read.
    pub fn heads(&self) -> Result<Vec<Head>, StoreError> {
        Ok(self.logs()?.into_iter().filter_map(|log| log.head).collect())
    }

    /// The entry at a place.
    ///
    /// # Errors
    /// [`StoreError`] when the database could not be read or the entry is damaged.
    pub fn entry(&self, place: Place) -> Result<Option<Stored>, StoreError> {
        let Some(log) = self.log(place.device, place.epoch)? else { return Ok(None) };
        let mut statement = self.conn.prepare_cached(sql::ENTRY)?;
        let row = statement.query_row(params![log.id, seq(place.seq)?], Raw::read).optional()?;
        row.map(|raw| raw.stored(&self.conn)).transpose()
    }

    /// The highest receipt given out; costs nothing, however many entries there are.
    ///
    /// # Errors
    /// [`StoreError`] when the database could not be read.
    pub fn last_receipt(&self) -> Result<Receipt, StoreError> {
        last_receipt(&self.conn)
    }

    /// How many entries are kept, and the highest receipt. Counts them: for reports, not for every request.
    ///
    /// # Errors
    /// [`StoreError`] when the database could not be read.
    pub fn entries_count(&self) -> Result<(u64, Receipt), StoreError> {
        let mut statement = self.conn.prepare_cached(sql::ENTRIES_COUNT)?;
        let (count, last): (i64, i64) =
            statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let count = u64::try_from(count).map_err(|_negative| StoreError::OutOfRange("count"))?;
        Ok((count, Receipt(last)))
    }

    /// Tells entries in the order in which this node received them, from after a receipt on.
    ///
    /// # Errors
    /// [`StoreError`] when the database could not be read or an entry is damaged.
    pub fn entries_received(
        &self,
        after: Receipt,
        visit: &mut Visit<'_>,
    ) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(sql::ENTRIES_RECEIVED)?;
        let mut rows = statement.query([after.0])?;
        while let Some(row) = rows.next()? {
            if visit(Raw::read(row)?.stored(&self.conn)?).is_break() {
                break;
            }
        }
        Ok(())
    }

    /// Tells all entries that somebody who reaches so far does not have, log by log, each in its own order. An
    /// empty reach gives every entry.
    ///
    /// # Errors
    /// [`StoreError`] when the database could not be read or an entry is damaged.
    pub fn entries_after(&self, reach: &Reach, visit: &mut Visit<'_>) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(sql::ENTRIES_OF_LOG)?;
        for log in self.logs()? {
            let from = match reach.get(&(log.device, log.epoch)) {
                Some(&last) => seq(last.saturating_add(1))?,
                None => 0,
            };
            let mut rows = statement.query(params![log.id, from])?;
            while let Some(row) = rows.next()? {
                if visit(Raw::read(row)?.stored(&self.conn)?).is_break() {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Tells the entries of one log from a place on, in order.
    ///
    /// # Errors
    /// [`StoreError`] when the database could not be read or an entry is damaged.
    pub fn entries_of(
        &self,
        device: DeviceId,
        epoch: u32,
        from: u64,
        visit: &mut Visit<'_>,
    ) -> Result<(), StoreError> {
        let Some(log) = self.log(device, epoch)? else { return Ok(()) };
        let mut statement = self.conn.prepare_cached(sql::ENTRIES_OF_LOG)?;
        let mut rows = statement.query(params![log.id, seq(from)?])?;
        while let Some(row) = rows.next()? {
            if visit(Raw::read(row)?.stored(&self.conn)?).is_break() {
                break;
            }
        }
        Ok(())
    }

    /// Places whose payload never came, from after a receipt on, in the order in which they were received.
    ///
    /// # Errors
    /// [`StoreError`] when the database could not be read.
    pub fn withheld(
        &self,
        after: Receipt,
        visit: &mut dyn FnMut(Place, Receipt) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(sql::ENTRIES_WITHHELD)?;
        let mut rows = statement.query([after.0])?;
        while let Some(row) = rows.next()? {
            let (device, seq) = (DeviceId(row.get(0)?), row.get::<_, i64>(2)?.cast_unsigned());
            let place = Place { device, epoch: row.get(1)?, seq };
            if visit(place, Receipt(row.get(3)?)).is_break() {
                break;
            }
        }
        Ok(())
    }

    /// Where each forked log contradicts itself first, whether or not anything of it is kept.
    ///
    /// # Errors
    /// [`StoreError`] when the database could not be read.
    pub fn forked_logs(&self) -> Result<BTreeMap<(DeviceId, u32), u64>, StoreError> {
        let mut statement = self.conn.prepare_cached(sql::LOGS_FORKED)?;
        let rows = statement.query_map([], |row| {
            let at: i64 = row.get(2)?;
            Ok(((DeviceId(row.get(0)?), row.get(1)?), at.cast_unsigned()))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Every statement that was believed, in the order of their hashes.
    ///
    /// # Errors
    /// [`StoreError`] when the database could not be read or a statement is damaged.
    pub fn statements(&self) -> Result<Vec<Said>, StoreError> {
        let mut statement = self.conn.prepare_cached(sql::STATEMENTS)?;
        let mut rows = statement.query([])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            all.push(said_in(row)?);
        }
        Ok(all)
    }

    /// Every fork found, ordered by place.
    ///
    /// # Errors
    /// [`StoreError`] when the database could not be read or a proof is damaged.
    pub fn forks(&self) -> Result<Vec<StoredFork>, StoreError> {
        let mut statement = self.conn.prepare_cached(sql::FORKS)?;
        let mut rows = statement.query([])?;
        let mut forks = Vec::new();
        while let Some(row) = rows.next()? {
            let bytes: Vec<u8> = row.get(1)?;
            let entry = Entry::decode(&bytes)
                .map_err(|source| StoreError::EntryDamaged { place: Place::default(), source })?;
            let held =
                SignedHeader { header_bytes: row.get(2)?, signature: Signature(row.get(3)?) };
            let proof = ForkProof { held, other: SignedHeader::of(&entry) };
            let found_ms = u64::try_from(row.get::<_, i64>(0)?).unwrap_or_default();
            forks.push(StoredFork { entry, proof, found_ms });
        }
        Ok(forks)
    }

    /// What else was signed for a place, and is kept as proof of a fork.
    ///
    /// # Errors
    /// [`StoreError`] when the database could not be read or an entry is damaged.
    pub fn forks_at(&self, place: Place) -> Result<Vec<Entry>, StoreError> {
        forks_at(&self.conn, place)
    }

    fn signed_header(&self, place: Place) -> Result<Option<SignedHeader>, StoreError> {
        let Some(log) = self.log(place.device, place.epoch)? else { return Ok(None) };
        let mut statement = self.conn.prepare_cached(sql::ENTRY_SIGNED)?;
        let read = |row: &Row<'_>| {
            Ok(SignedHeader { header_bytes: row.get(0)?, signature: Signature(row.get(1)?) })
        };
        Ok(statement.query_row(params![log.id, seq(place.seq)?], read).optional()?)
    }
}

pub(crate) fn log(
    conn: &Connection,
    device: DeviceId,
    epoch: u32,
) -> Result<Option<LogRow>, StoreError> {
    let mut statement = conn.prepare_cached(sql::LOG)?;
    let read = |row: &Row<'_>| {
        Ok(LogRow { id: row.get(0)?, device, epoch, head: head_of(row, device, epoch, 1)? })
    };
    Ok(statement.query_row(params![device.0, epoch], read).optional()?)
}

pub(crate) fn forks_at(conn: &Connection, place: Place) -> Result<Vec<Entry>, StoreError> {
    let mut statement = conn.prepare_cached(sql::FORKS_AT)?;
    let at = params![place.device.0, place.epoch, seq(place.seq)?];
    let rows = statement.query_map(at, |row| row.get::<_, Vec<u8>>(0))?;
    let decode = |bytes: Vec<u8>| {
        Entry::decode(&bytes).map_err(|source| StoreError::EntryDamaged { place, source })
    };
    rows.map(|bytes| decode(bytes?)).collect()
}

pub(crate) fn last_receipt(conn: &Connection) -> Result<Receipt, StoreError> {
    Ok(Receipt(conn.prepare_cached(sql::LAST_RECEIPT)?.query_row([], |row| row.get(0))?))
}

/// The statement whose kind and body stand first in a row.
pub(crate) fn said_in(row: &Row<'_>) -> Result<Said, StoreError> {
    let (kind, body): (u32, Vec<u8>) = (row.get(0)?, row.get(1)?);
    Said::decode(kind, &body).map_err(|error| StoreError::Damaged(format!("a statement: {error}")))
}

fn head_of(
    row: &Row<'_>,
    device: DeviceId,
    epoch: u32,
    at: usize,
) -> rusqlite::Result<Option<Head>> {
    let Some(seq) = row.get::<_, Option<i64>>(at)? else { return Ok(None) };
    let forked_at: Option<i64> = row.get(at + 3)?;
    Ok(Some(Head {
        place: Place { device, epoch, seq: seq.cast_unsigned() },
        hash: Hash(row.get(at + 1)?),
        clock: Hlc::unpacked(row.get::<_, i64>(at + 2)?.cast_unsigned()),
        forked_at: forked_at.map(i64::cast_unsigned),
    }))
}

pub(crate) fn seq(seq: u64) -> Result<i64, StoreError> {
    i64::try_from(seq).map_err(|_beyond| StoreError::OutOfRange("seq"))
}

impl Logs for Reader {
    fn key(&self, device: DeviceId) -> Result<Option<PublicKey>, LogsUnreadable> {
        self.device_key(device).map_err(unreadable)
    }

    fn head(&self, device: DeviceId, epoch: u32) -> Result<Option<Head>, LogsUnreadable> {
        self.log_head(device, epoch).map_err(unreadable)
    }

    fn held(&self, place: Place) -> Result<Option<SignedHeader>, LogsUnreadable> {
        self.signed_header(place).map_err(unreadable)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err asks for")]
fn unreadable(error: StoreError) -> LogsUnreadable {
    LogsUnreadable(error.to_string())
}
