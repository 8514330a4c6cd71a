//! The tree of all that this node received, checkpoints of this tree and of others, and what this node has cosigned.

use crate::error::StoreError;
use crate::open::Store;
use crate::reader::Reader;
use crate::sql;
use pehra_domain::progress::{Watch, tell};
use pehra_ledger::checkpoint::Checkpoint;
use pehra_ledger::note::Note;
use pehra_ledger::tile::{self, Growth, Tiles};
use pehra_ledger::tree::TreeError;
use pehra_ledger::{Hash, Place};
use rusqlite::{OptionalExtension, Transaction, TransactionBehavior, params};

/// Entries that one transaction adds to the tree.
const GROWN_TOGETHER: u64 = 65_536;

/// A checkpoint with its signatures, and what else was decided with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptCheckpoint {
    pub checkpoint: Checkpoint,
    pub note: Note,
    /// This node signs no checkpoint of that tree any more that does not grow out of this one.
    pub cosigned: bool,
}

/// Two checkpoints that their log signed and that cannot both be true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeFork {
    pub origin: String,
    pub found_ms: u64,
    pub held: Note,
    pub other: Note,
}

impl Store {
    /// Takes every entry into the tree that is not in it yet; answers the tree's size. Stage: `tree`.
    ///
    /// # Errors
    /// [`StoreError`]; what was taken in before stays.
    pub fn grow_tree(&mut self, watch: &mut Watch<'_>) -> Result<u64, StoreError> {
        let total = u64::try_from(self.last_receipt()?.0).unwrap_or_default();
        let size = self.tree_size()?;
        if size >= total {
            return Ok(size);
        }
        let mut growth = Growth::resume(&**self, size).map_err(damaged)?;
        while growth.size() < total {
            let transaction =
                self.conn_mut().transaction_with_behavior(TransactionBehavior::Immediate)?;
            grow_some(&transaction, &mut growth)?;
            transaction.commit()?;
            tell(watch, "tree", growth.size(), total)?;
        }
        Ok(growth.size())
    }
}

fn grow_some(transaction: &Transaction<'_>, growth: &mut Growth) -> Result<(), StoreError> {
    let from = growth.size();
    {
        let mut statement = transaction.prepare_cached(sql::ENTRY_HASHES_RECEIVED)?;
        let mut rows = statement.query(params![number(from)?, number(GROWN_TOGETHER)?])?;
        while let Some(row) = rows.next()? {
            let receipt: i64 = row.get(0)?;
            if u64::try_from(receipt) != Ok(growth.size() + 1) {
                return Err(StoreError::Damaged(format!(
                    "receipt {} is missing",
                    growth.size() + 1
                )));
            }
            growth.push(&Hash(row.get(1)?));
        }
    }
    if growth.size() == from {
        return Err(StoreError::Damaged(format!("receipt {} is missing", from + 1)));
    }
    let mut set = transaction.prepare_cached(sql::TILE_SET)?;
    for (level, index, hashes) in growth.take_changed() {
        set.execute(params![tile_id(level, index)?, tile::encode(&hashes)])?;
    }
    transaction.execute(sql::TREE_SIZE_SET, [number(growth.size())?])?;
    Ok(())
}

fn tile_id(level: u8, index: u64) -> Result<i64, StoreError> {
    Ok(i64::from(level) << 56 | number(index)?)
}

fn number(value: u64) -> Result<i64, StoreError> {
    i64::try_from(value).map_err(|_beyond| StoreError::OutOfRange("tree"))
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err asks for")]
fn damaged(error: TreeError) -> StoreError {
    StoreError::Damaged(error.to_string())
}

impl Reader {
    /// How many entries are in the tree; those received since are not yet.
    ///
    /// # Errors
    /// [`StoreError`] when the database could not be read.
    pub fn tree_size(&self) -> Result<u64, StoreError> {
        let size: i64 = self.conn().query_row(sql::TREE_SIZE, [], |row| row.get(0))?;
        Ok(u64::try_from(size).unwrap_or_default())
    }

    /// The hashes of `count` entries in the order of receipt, from the entry `from` of the tree on.
    ///
    /// # Errors
    /// [`StoreError`] when the database could not be read.
    pub fn entry_hashes(&self, from: u64, count: u16) -> Result<Vec<Hash>, StoreError> {
        let mut statement = self.conn().prepare_cached(sql::ENTRY_HASHES_RECEIVED)?;
        let hashes = statement.query_map(params![number(from)?, count], |row| row.get(1))?;
        hashes.map(|hash| Ok(Hash(hash?))).collect()
    }

    /// The last entry of a log, at `at` or before it, among the first `size` entries of the tree.
    ///
    /// # Errors
    /// [`StoreError`] when the database could not be read.
    pub fn last_under(&self, at: Place, size: u64) -> Result<Option<Place>, StoreError> {
        let Some(log) = self.log(at.device, at.epoch)? else { return Ok(None) };
        let mut statement = self.conn().prepare_cached(sql::ENTRY_LAST_UNDER)?;
        let seq: Option<i64> = statement
            .query_row(params![log.id, number(at.seq)?, number(size)?], |row| row.get(0))
            .optional()?;
        Ok(seq.map(|seq| Place { seq: seq.cast_unsigned(), ..at }))
    }

    /// Checkpoints kept of one tree, by size.
    ///
    /// # Errors
    /// [`StoreError`] when the database could not be read or a note is damaged.
    pub fn checkpoints(&self, origin: &str) -> Result<Vec<(Checkpoint, Note)>, StoreError> {
        let mut statement = self.conn().prepare_cached(sql::CHECKPOINTS)?;
        let notes = statement.query_map([origin], |row| row.get::<_, String>(0))?;
        notes.map(|note| checkpoint(&note?)).collect()
    }

    /// The names of trees of which checkpoints are kept, in their order.
    ///
    /// # Errors
    /// [`StoreError`] when the database could not be read.
    pub fn trees(&self) -> Result<Vec<String>, StoreError> {
        let mut statement = self.conn().prepare_cached(sql::TREES)?;
        let names = statement.query_map([], |row| row.get(0))?;
        Ok(names.collect::<Result<_, _>>()?)
    }

    /// The checkpoint kept under the very text that is signed.
    ///
    /// # Errors
    /// [`StoreError`] when the database could not be read or the note is damaged.
    pub fn checkpoint_of_text(&self, text: &str) -> Result<Option<Note>, StoreError> {
        let mut statement = self.conn().prepare_cached(sql::CHECKPOINT)?;
        let note: Option<String> = statement.query_row([text], |row| row.get(0)).optional()?;
        note.map(|note| checkpoint(&note).map(|(_, note)| note)).transpose()
    }

    /// The last checkpoint of a tree that this node cosigned.
    ///
    /// # Errors
    /// [`StoreError`] when the database could not be read.
    pub fn cosigned(&self, origin: &str) -> Result<Option<Checkpoint>, StoreError> {
        let mut statement = self.conn().prepare_cached(sql::COSIGNED)?;
        let text: Option<String> = statement.query_row([origin], |row| row.get(0)).optional()?;
        let read = |text: String| {
            Checkpoint::from_text(&text)
                .map_err(|error| StoreError::Damaged(format!("a cosigned checkpoint: {error}")))
        };
        text.map(read).transpose()
    }

    /// Every fork of a tree that was found.
    ///
    /// # Errors
    /// [`StoreError`] when the database could not be read or a note is damaged.
    pub fn tree_forks(&self) -> Result<Vec<TreeFork>, StoreError> {
        let mut statement = self.conn().prepare_cached(sql::TREE_FORKS)?;
        let mut rows = statement.query([])?;
        let mut forks = Vec::new();
        while let Some(row) = rows.next()? {
            let (held, other): (String, String) = (row.get(2)?, row.get(3)?);
            forks.push(TreeFork {
                origin: row.get(0)?,
                found_ms: u64::try_from(row.get::<_, i64>(1)?).unwrap_or_default(),
                held: checkpoint(&held)?.1,
                other: checkpoint(&other)?.1,
            });
        }
        Ok(forks)
    }
}

fn checkpoint(note: &str) -> Result<(Checkpoint, Note), StoreError> {
    let damaged = |detail: String| StoreError::Damaged(format!("a checkpoint: {detail}"));
    let note = Note::from_text(note).map_err(|error| damaged(error.to_string()))?;
    let checkpoint =
        Checkpoint::from_text(note.text()).map_err(|error| damaged(error.to_string()))?;
    Ok((checkpoint, note))
}

impl Tiles for Reader {
    fn tile(&self, level: u8, index: u64) -> Result<Option<Vec<Hash>>, TreeError> {
        let unreadable = |detail: String| TreeError::Unreadable(detail);
        let id = tile_id(level, index).map_err(|error| unreadable(error.to_string()))?;
        let mut statement =
            self.conn().prepare_cached(sql::TILE).map_err(|error| unreadable(error.to_string()))?;
        let bytes: Option<Vec<u8>> = statement
            .query_row([id], |row| row.get(0))
            .optional()
            .map_err(|error| unreadable(error.to_string()))?;
        let damaged = || unreadable(format!("tile {level}/{index} is damaged"));
        bytes.map(|bytes| tile::decode(&bytes).ok_or_else(damaged)).transpose()
    }
}

/// Keeps checkpoints; signatures join those that are kept already.
pub(crate) fn write(
    transaction: &Transaction<'_>,
    checkpoints: &[KeptCheckpoint],
) -> Result<(), StoreError> {
    for kept in checkpoints {
        let (text, origin) = (kept.note.text(), kept.checkpoint.origin.name());
        let mut find = transaction.prepare_cached(sql::CHECKPOINT)?;
        let held: Option<String> = find.query_row([text], |row| row.get(0)).optional()?;
        let mut note = match held {
            Some(held) => checkpoint(&held)?.1,
            None => kept.note.clone(),
        };
        for line in kept.note.signatures() {
            // Beyond the limit of a note one more witness adds nothing.
            let _full = note.add(line.clone());
        }
        let mut set = transaction.prepare_cached(sql::CHECKPOINT_SET)?;
        set.execute(params![text, origin, number(kept.checkpoint.size)?, note.to_text()])?;
        if kept.cosigned {
            let mut set = transaction.prepare_cached(sql::COSIGNED_SET)?;
            set.execute(params![origin, text])?;
        }
    }
    Ok(())
}

pub(crate) fn write_forks(
    transaction: &Transaction<'_>,
    forks: &[TreeFork],
) -> Result<(), StoreError> {
    for fork in forks {
        let mut add = transaction.prepare_cached(sql::TREE_FORK_ADD)?;
        let (held, other) = (fork.held.to_text(), fork.other.to_text());
        let found_ms = number(fork.found_ms)?;
        add.execute(params![fork.other.text(), fork.origin, found_ms, held, other])?;
    }
    Ok(())
}
