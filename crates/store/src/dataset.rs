//! Datasets: manifests and chunks. A chunk is believed only when its bytes have its hash.

use crate::batch::Snapshot;
use crate::entry::Receipt;
use crate::error::StoreError;
use crate::open::Store;
use crate::reader::Reader;
use crate::sql;
use pehra_ledger::Hash;
use pehra_ledger::manifest::Manifest;
use rusqlite::OptionalExtension;

/// A dataset that is kept, without its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatasetRow {
    pub hash: Hash,
    pub kind: String,
    pub added_ms: u64,
}

impl Reader {
    /// The manifest of a dataset.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when the bytes kept are not the ones that were named.
    pub fn manifest(&self, hash: Hash) -> Result<Option<Manifest>, StoreError> {
        let mut statement = self.conn().prepare_cached(sql::DATASET)?;
        let bytes: Option<Vec<u8>> = statement.query_row([hash.0], |row| row.get(0)).optional()?;
        let Some(bytes) = bytes else { return Ok(None) };
        let damaged = || StoreError::Damaged(format!("the manifest {hash} is not what was signed"));
        if Hash::of(&bytes) != hash {
            return Err(damaged());
        }
        Manifest::decode(&bytes).map(Some).map_err(|_form| damaged())
    }

    /// All datasets, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database could not be read.
    pub fn datasets(&self) -> Result<Vec<DatasetRow>, StoreError> {
        let mut statement = self.conn().prepare_cached(sql::DATASETS)?;
        let rows = statement.query_map([], |row| {
            let added_ms = u64::try_from(row.get::<_, i64>(2)?).unwrap_or_default();
            Ok(DatasetRow { hash: Hash(row.get(0)?), kind: row.get(1)?, added_ms })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The bytes of a chunk, hashed again on the way.
    ///
    /// # Errors
    /// [`StoreError::ChunkDamaged`] when the bytes on the disk are not the ones that were named.
    pub fn chunk(&self, hash: Hash) -> Result<Option<Vec<u8>>, StoreError> {
        let mut statement = self.conn().prepare_cached(sql::CHUNK)?;
        let bytes: Option<Vec<u8>> = statement.query_row([hash.0], |row| row.get(0)).optional()?;
        match bytes {
            Some(bytes) if Hash::of(&bytes) != hash => Err(StoreError::ChunkDamaged(hash)),
            bytes => Ok(bytes),
        }
    }

    /// Whether a chunk is kept; its content is not looked at.
    ///
    /// # Errors
    /// [`StoreError`] when the database could not be read.
    pub fn has_chunk(&self, hash: Hash) -> Result<bool, StoreError> {
        Ok(self.conn().prepare_cached(sql::CHUNK_HAS)?.exists([hash.0])?)
    }

    /// How many chunks are kept, and their bytes.
    ///
    /// # Errors
    /// [`StoreError`] when the database could not be read.
    pub fn chunk_totals(&self) -> Result<(u64, u64), StoreError> {
        let mut statement = self.conn().prepare_cached(sql::CHUNK_TOTALS)?;
        Ok(statement.query_row([], |row| {
            let (count, bytes): (i64, i64) = (row.get(0)?, row.get(1)?);
            Ok((count.cast_unsigned(), bytes.cast_unsigned()))
        })?)
    }

    /// A snapshot, unless there is none or the disk has changed it: a snapshot can always be folded anew.
    ///
    /// # Errors
    /// [`StoreError`] when the database could not be read.
    pub fn snapshot(&self, name: &str) -> Result<Option<Snapshot>, StoreError> {
        let mut statement = self.conn().prepare_cached(sql::SNAPSHOT)?;
        let read = statement
            .query_row([name], |row| {
                let (version, up_to) = (row.get(0)?, Receipt(row.get(1)?));
                let hash = Hash(row.get(2)?);
                Ok((hash, Snapshot { name: name.to_owned(), version, up_to, bytes: row.get(3)? }))
            })
            .optional()?;
        Ok(read.filter(|(hash, kept)| Hash::of(&kept.bytes) == *hash).map(|(_, kept)| kept))
    }
}

impl Store {
    /// Drops datasets and the chunks that no other dataset needs; answers how many chunks went. An entry that
    /// names a dropped dataset stays.
    ///
    /// # Errors
    /// [`StoreError`]; nothing is dropped then.
    pub fn drop_datasets(&mut self, hashes: &[Hash]) -> Result<u64, StoreError> {
        let mut needed = std::collections::BTreeSet::new();
        for row in self.datasets()?.iter().filter(|row| !hashes.contains(&row.hash)) {
            if let Some(manifest) = self.manifest(row.hash)? {
                needed.extend(manifest.chunks().iter().map(|chunk| chunk.hash));
            }
        }
        let mut spare = std::collections::BTreeSet::new();
        for hash in hashes {
            if let Some(manifest) = self.manifest(*hash)? {
                spare.extend(manifest.chunks().iter().map(|chunk| chunk.hash));
            }
        }
        let transaction =
            self.conn_mut().transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        for hash in hashes {
            transaction.execute(sql::DATASET_REMOVE, [hash.0])?;
        }
        let mut gone = 0_u64;
        for hash in spare.difference(&needed) {
            gone += u64::from(transaction.execute(sql::CHUNK_REMOVE, [hash.0])? > 0);
        }
        transaction.commit()?;
        Ok(gone)
    }
}
