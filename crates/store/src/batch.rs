//! Writing: everything that belongs together, in one transaction, on the disk before the answer.

use crate::entry::{PayloadState, Receipt};
use crate::error::StoreError;
use crate::open::Store;
use crate::reader::{self, seq};
use crate::search::{self, SearchChange};
use crate::sql;
use crate::tree::{self, KeptCheckpoint, TreeFork};
use pehra_ledger::fork::{Fork, ForkProof};
use pehra_ledger::manifest::{CHUNK_BYTES_MAX, Manifest};
use pehra_ledger::statement::Said;
use pehra_ledger::{
    Cosignature, DeviceId, Entry, Hash, Head, Header, Ingested, Place, PublicKey, Refusal,
};
use rusqlite::{OptionalExtension, Transaction, TransactionBehavior, params};
use std::collections::BTreeMap;

/// A folded state, so that opening need not fold everything again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    pub name: String,
    /// The version of the code that folds; another version's snapshot is of no use.
    pub version: u32,
    /// The last receipt that was folded.
    pub up_to: Receipt,
    pub bytes: Vec<u8>,
}

/// A fork that was found while taking entries in.
#[derive(Clone, Debug)]
pub struct FoundFork {
    pub entry: Entry,
    pub proof: ForkProof,
    pub fork: Fork,
}

/// What is to be kept together or not at all. Entries must have passed the ledger's intake.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// When this node received it, Unix milliseconds.
    pub received_ms: u64,
    /// What time it was then on the day, Unix milliseconds, where an exercise has a clock of its own.
    pub day_ms: Option<i64>,
    /// Keys of devices; known ones change nothing.
    pub devices: Vec<PublicKey>,
    /// Each with its standing: 0 takes effect.
    pub entries: Vec<(Entry, u8)>,
    pub forks: Vec<FoundFork>,
    /// Statements that were believed; known ones change nothing.
    pub statements: Vec<Said>,
    /// Signatures join those that are kept already.
    pub checkpoints: Vec<KeptCheckpoint>,
    /// Contradicting checkpoints that their log signed.
    pub tree_forks: Vec<TreeFork>,
    pub chunks: Vec<Vec<u8>>,
    /// Chunks that are kept no longer, by their hashes: dropped before the new ones are kept.
    pub spare_chunks: Vec<Hash>,
    pub manifests: Vec<Manifest>,
    pub search: Vec<SearchChange>,
    /// Payloads to delete, by the places and hashes of their entries: where a log forks, one place has more than one.
    /// All snapshots are dropped with them, because they may contain them; new ones can be given in the same batch, and
    /// so must the search rows that repeated a payload.
    pub forget: Vec<(Place, Hash)>,
    /// Entries whose standing has changed; a place where nothing is kept is passed over.
    pub standings: Vec<(Place, u8)>,
    pub snapshots: Vec<Snapshot>,
    /// Settings of this node; `None` removes one.
    pub settings: Vec<(String, Option<String>)>,
}

impl Batch {
    /// Adds what became of one incoming entry. `standing` is the caller's judgement of its signer's right: 0 takes
    /// effect. A refused entry is not kept; its refusal comes back.
    pub fn take(&mut self, ingested: Ingested, standing: u8) -> Option<Refusal> {
        match ingested {
            Ingested::Accepted(entry, _) | Ingested::Known(entry) => {
                self.entries.push((*entry, standing));
                None
            }
            Ingested::Forked(entry, proof, fork) => {
                self.forks.push(FoundFork { entry: *entry, proof, fork });
                None
            }
            Ingested::Refused(refusal) => Some(refusal),
        }
    }
}

/// What a commit added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Committed {
    pub appended: u64,
    /// Entries that were kept already.
    pub known: u64,
    /// The highest receipt given out, or the one before if nothing was appended.
    pub last: Receipt,
}

struct OpenLog {
    id: i64,
    head: Option<Head>,
    changed: bool,
}

struct Append<'t> {
    transaction: &'t Transaction<'t>,
    logs: BTreeMap<(DeviceId, u32), OpenLog>,
    received_ms: i64,
    committed: Committed,
}

impl Store {
    /// Keeps a batch. Once this returns, it is on the disk; if it fails, nothing of it is kept. Giving the same
    /// batch again changes nothing.
    ///
    /// # Errors
    /// [`StoreError`] says what stood in the way and what to do about it.
    pub fn commit(&mut self, batch: &Batch) -> Result<Committed, StoreError> {
        let forgets = !batch.forget.is_empty();
        let transaction =
            self.conn_mut().transaction_with_behavior(TransactionBehavior::Immediate)?;
        let committed = write(&transaction, batch)?;
        transaction.commit()?;
        if forgets {
            // What was deleted still stands in the write-ahead log until it is moved and cut.
            self.conn().query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        }
        Ok(committed)
    }

    /// Appends entries that take effect; short for a batch of nothing else.
    ///
    /// # Errors
    /// [`StoreError`] as for [`Self::commit`].
    pub fn append(
        &mut self,
        entries: Vec<Entry>,
        received_ms: u64,
    ) -> Result<Committed, StoreError> {
        let entries = entries.into_iter().map(|entry| (entry, 0)).collect();
        self.commit(&Batch { received_ms, entries, ..Batch::default() })
    }
}

fn write(transaction: &Transaction<'_>, batch: &Batch) -> Result<Committed, StoreError> {
    for key in &batch.devices {
        let mut add = transaction.prepare_cached(sql::DEVICE_ADD)?;
        add.execute(params![key.id().0, key.0])?;
    }
    let received_ms = ms(batch.received_ms)?;
    let last = reader::last_receipt(transaction)?;
    let committed = Committed { last, ..Committed::default() };
    let mut append = Append { transaction, logs: BTreeMap::new(), received_ms, committed };
    for (entry, standing) in &batch.entries {
        append.entry(entry, *standing)?;
    }
    for found in &batch.forks {
        append.fork(found)?;
    }
    for said in &batch.statements {
        let mut add = transaction.prepare_cached(sql::STATEMENT_ADD)?;
        add.execute(params![said.name().0, said.kind(), said.body(), received_ms])?;
    }
    tree::write(transaction, &batch.checkpoints)?;
    tree::write_forks(transaction, &batch.tree_forks)?;
    for (place, standing) in &batch.standings {
        append.standing(*place, *standing)?;
    }
    for (place, hash) in &batch.forget {
        append.forget(*place, *hash)?;
    }
    let committed = append.finish()?;
    if let (Some(day_ms), Ok(appended @ 1..)) = (batch.day_ms, i64::try_from(committed.appended)) {
        let first = committed.last.0 - appended + 1;
        let mut add = transaction.prepare_cached(sql::DAY_MOMENT_ADD)?;
        add.execute(params![first, committed.last.0, day_ms])?;
    }
    write_datasets(transaction, batch, received_ms)?;
    for change in &batch.search {
        search::apply(transaction, change)?;
    }
    if !batch.forget.is_empty() {
        transaction.execute(sql::SNAPSHOTS_CLEAR, [])?;
    }
    write_snapshots(transaction, batch)?;
    for (name, value) in &batch.settings {
        match value {
            Some(value) => transaction.execute(sql::SETTING_SET, params![name, value])?,
            None => transaction.execute(sql::SETTING_REMOVE, [name])?,
        };
    }
    Ok(committed)
}

fn write_datasets(
    transaction: &Transaction<'_>,
    batch: &Batch,
    added_ms: i64,
) -> Result<(), StoreError> {
    for hash in &batch.spare_chunks {
        transaction.execute(sql::CHUNK_REMOVE, [hash.0])?;
    }
    let mut add = transaction.prepare_cached(sql::CHUNK_ADD)?;
    for bytes in &batch.chunks {
        if bytes.len() > CHUNK_BYTES_MAX {
            return Err(StoreError::ChunkTooLarge(bytes.len()));
        }
        add.execute(params![Hash::of(bytes).0, bytes])?;
    }
    let mut add = transaction.prepare_cached(sql::DATASET_ADD)?;
    for manifest in &batch.manifests {
        let bytes = manifest.encode();
        add.execute(params![Hash::of(&bytes).0, manifest.kind(), added_ms, bytes])?;
    }
    Ok(())
}

fn write_snapshots(transaction: &Transaction<'_>, batch: &Batch) -> Result<(), StoreError> {
    let mut set = transaction.prepare_cached(sql::SNAPSHOT_SET)?;
    for snapshot in &batch.snapshots {
        let hash = Hash::of(&snapshot.bytes).0;
        let Snapshot { name, version, up_to, bytes } = snapshot;
        set.execute(params![name, version, up_to.0, hash, bytes])?;
    }
    Ok(())
}

fn ms(ms: u64) -> Result<i64, StoreError> {
    i64::try_from(ms).map_err(|_beyond| StoreError::OutOfRange("received_ms"))
}

impl Append<'_> {
    fn log(&mut self, place: Place) -> Result<&mut OpenLog, StoreError> {
        let key = (place.device, place.epoch);
        if !self.logs.contains_key(&key) {
            let open = match reader::log(self.transaction, place.device, place.epoch)? {
                Some(log) => OpenLog { id: log.id, head: log.head, changed: false },
                None => {
                    let mut add = self.transaction.prepare_cached(sql::LOG_ADD)?;
                    let id = add.insert(params![place.device.0, place.epoch])?;
                    OpenLog { id, head: None, changed: false }
                }
            };
            self.logs.insert(key, open);
        }
        self.logs.get_mut(&key).ok_or(StoreError::OutOfRange("log"))
    }

    fn entry(&mut self, entry: &Entry, standing: u8) -> Result<(), StoreError> {
        let place = entry.header().place;
        let received_ms = self.received_ms;
        let transaction = self.transaction;
        let log = self.log(place)?;
        let id = log.id;
        let expected = log.head.map_or(0, |head| head.place.seq + 1);
        if place.seq > expected {
            return Err(StoreError::NotNext { place, expected });
        }
        if place.seq < expected {
            return self.again(id, entry);
        }
        if log.head.is_some_and(|head| head.hash != entry.header().previous) {
            return Err(StoreError::NotLinked { place });
        }
        let payload = entry.payload().map(|payload| payload.bytes());
        let state = if payload.is_some() { PayloadState::Here } else { PayloadState::Withheld };
        let mut add = transaction.prepare_cached(sql::ENTRY_ADD)?;
        let receipt = add.insert(params![
            id,
            seq(place.seq)?,
            entry.hash().0,
            received_ms,
            standing,
            state.code(),
            entry.header_bytes(),
            entry.signature().0,
            Cosignature::encode_all(entry.cosignatures()),
            payload,
        ])?;
        log.head =
            Some(Head { forked_at: log.head.and_then(|head| head.forked_at), ..Head::of(entry) });
        log.changed = true;
        self.committed.appended += 1;
        self.committed.last = Receipt(receipt);
        Ok(())
    }

    /// The same entry again: it may bring a payload that was withheld, or co-signatures made since.
    fn again(&mut self, log: i64, entry: &Entry) -> Result<(), StoreError> {
        let place = entry.header().place;
        let mut kept = self.transaction.prepare_cached(sql::ENTRY_KEPT)?;
        let (receipt, hash, state, cosignatures) = kept
            .query_row(params![log, seq(place.seq)?], |row| {
                let hash = Hash(row.get(1)?);
                Ok((row.get::<_, i64>(0)?, hash, row.get(2)?, row.get::<_, Vec<u8>>(3)?))
            })
            .optional()?
            .ok_or_else(|| StoreError::Damaged(format!("nothing is kept at {place}")))?;
        if hash != entry.hash() {
            return Err(StoreError::Contradicts { place });
        }
        self.committed.known += 1;
        if let (PayloadState::Withheld, Some(payload)) = (PayloadState::of(state)?, entry.payload())
        {
            let mut set = self.transaction.prepare_cached(sql::ENTRY_PAYLOAD_SET)?;
            set.execute(params![receipt, payload.bytes(), PayloadState::Here.code()])?;
            let mut add = self.transaction.prepare_cached(sql::COMPLETION_ADD)?;
            add.execute(params![receipt, self.received_ms])?;
        }
        if !entry.cosignatures().is_empty() {
            self.cosign(receipt, place, &cosignatures, entry)?;
        }
        Ok(())
    }

    fn cosign(
        &self,
        receipt: i64,
        place: Place,
        kept: &[u8],
        entry: &Entry,
    ) -> Result<(), StoreError> {
        let damaged = |error: pehra_ledger::canonical::CanonicalError| StoreError::EntryDamaged {
            place,
            source: error.into(),
        };
        let mut all = entry.clone();
        for cosignature in Cosignature::decode_all(kept).map_err(damaged)? {
            // Beyond the limit later ones travel, and are kept, as entries of their own.
            if all.add_cosignature(cosignature).is_err() {
                return Ok(());
            }
        }
        let merged = Cosignature::encode_all(all.cosignatures());
        if merged != kept {
            let mut set = self.transaction.prepare_cached(sql::ENTRY_COSIGNATURES_SET)?;
            set.execute(params![receipt, merged])?;
        }
        Ok(())
    }

    fn fork(&mut self, found: &FoundFork) -> Result<(), StoreError> {
        let place = found.fork.place;
        let log = self.log(place)?.id;
        let at = found.entry.header().place;
        let held = &found.proof.held;
        // Of two proofs with one side in common the earlier one says more.
        let mut ask = self.transaction.prepare_cached(sql::FORK_HELD)?;
        let hash = found.entry.hash().0;
        let known: Option<Vec<u8>> = ask.query_row([hash], |row| row.get(0)).optional()?;
        let known = known.and_then(|bytes| Header::decode(&bytes).ok()).map(|it| it.place.seq);
        if known.is_some_and(|known| place.seq < known) {
            let mut set = self.transaction.prepare_cached(sql::FORK_HELD_SET)?;
            set.execute(params![hash, held.header_bytes, held.signature.0])?;
        }
        let mut add = self.transaction.prepare_cached(sql::FORK_ADD)?;
        add.execute(params![
            found.entry.hash().0,
            at.device.0,
            at.epoch,
            seq(at.seq)?,
            self.received_ms,
            found.entry.encode(),
            held.header_bytes,
            held.signature.0,
        ])?;
        let mut mark = self.transaction.prepare_cached(sql::LOG_FORKED)?;
        mark.execute(params![log, seq(place.seq)?])?;
        Ok(())
    }

    fn standing(&self, place: Place, standing: u8) -> Result<(), StoreError> {
        if let Some(log) = reader::log(self.transaction, place.device, place.epoch)? {
            let mut set = self.transaction.prepare_cached(sql::ENTRY_STANDING_SET)?;
            set.execute(params![log.id, seq(place.seq)?, standing])?;
        }
        Ok(())
    }

    /// Deletes one entry's payload, in its log or where it is kept as the other side of a fork. What else was signed for
    /// its place stays as it is.
    fn forget(&self, place: Place, hash: Hash) -> Result<(), StoreError> {
        if let Some(log) = reader::log(self.transaction, place.device, place.epoch)? {
            let mut kept = self.transaction.prepare_cached(sql::ENTRY_KEPT)?;
            let found: Option<(i64, [u8; 32])> = kept
                .query_row(params![log.id, seq(place.seq)?], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
            if let Some((receipt, _)) = found.filter(|(_, kept)| *kept == hash.0) {
                let mut set = self.transaction.prepare_cached(sql::ENTRY_PAYLOAD_SET)?;
                set.execute(params![receipt, None::<Vec<u8>>, PayloadState::Deleted.code()])?;
            }
        }
        for other in reader::forks_at(self.transaction, place)? {
            if other.hash() == hash && other.payload().is_some() {
                let mut set = self.transaction.prepare_cached(sql::FORK_ENTRY_SET)?;
                set.execute(params![hash.0, other.withheld().encode()])?;
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<Committed, StoreError> {
        let mut set = self.transaction.prepare_cached(sql::LOG_HEAD_SET)?;
        for log in self.logs.into_values().filter(|log| log.changed) {
            if let Some(head) = log.head {
                let clock = head.clock.packed().cast_signed();
                set.execute(params![log.id, seq(head.place.seq)?, head.hash.0, clock])?;
            }
        }
        Ok(self.committed)
    }
}
