//! Opening a folder: lock, layout, a quick look at the file's health, and the epoch this node writes in.

use crate::error::{OpenError, StoreError};
use crate::lock::Lock;
use crate::reader::Reader;
use crate::sql;
use pehra_ledger::draft::Next;
use pehra_ledger::{DeviceId, Hash, epoch};
use rusqlite::{Connection, OpenFlags, OptionalExtension, TransactionBehavior, params};
use std::fs::{self, File};
use std::io::Read;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

/// The database in its folder.
pub const FILE: &str = "pehra.db";
/// What a restore writes until it is whole.
pub(crate) const PARTIAL: &str = "pehra.db.partial";
/// Another connection of this process may be in the way for an instant.
const BUSY_MAX: Duration = Duration::from_secs(10);
/// Fixed when the file is made.
const PAGE_BYTES: u64 = 4_096;
const STATEMENTS_KEPT: usize = 96;

/// The store of one node, open for writing. It reads like a [`Reader`].
#[derive(Debug)]
pub struct Store {
    reader: Reader,
    dir: PathBuf,
    epoch: u32,
    restored: String,
    _lock: Lock,
}

impl Deref for Store {
    type Target = Reader;

    fn deref(&self) -> &Reader {
        &self.reader
    }
}

impl Store {
    /// Opens the store in a folder, making both if they do not exist.
    ///
    /// # Errors
    /// [`OpenError`] says what stands in the way and what to do about it.
    pub fn open(dir: &Path) -> Result<Self, OpenError> {
        make_dir(dir)?;
        let lock = Lock::take(dir)?;
        if dir.join(PARTIAL).exists() {
            return Err(OpenError::HalfRestored { dir: dir.to_owned() });
        }
        let file = dir.join(FILE);
        make_private(&file)?;
        check_beginning(&file)?;
        let mut conn = connect(&file).map_err(|error| damaged_or(&file, error.into()))?;
        check_layout(&mut conn, &file)?;
        check_length(&conn, &file)?;
        let mut store = Self {
            reader: Reader::over(conn),
            dir: dir.to_owned(),
            epoch: epoch::FIRST,
            restored: String::new(),
            _lock: lock,
        };
        store.settle_epoch(&file)?;
        Ok(store)
    }

    /// The folder this store lives in.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The epoch in which this node writes its own log. It changes when a backup was restored or the file was
    /// copied, so that no place of a log is ever written twice.
    #[must_use]
    pub fn epoch(&self) -> u32 {
        self.epoch
    }

    /// Why the epoch is not the first: empty, `backup` or `copy`.
    #[must_use]
    pub fn restored(&self) -> &str {
        &self.restored
    }

    /// Where a device of this node writes next.
    ///
    /// # Errors
    /// [`StoreError`] when the database could not be read.
    pub fn next(&self, device: DeviceId) -> Result<Next, StoreError> {
        if let Some(head) = self.reader.log_head(device, self.epoch)? {
            return Ok(head.next());
        }
        if self.epoch == epoch::FIRST {
            return Ok(Next::FIRST);
        }
        let mut statement = self.conn().prepare_cached(sql::LOG_LAST_BEFORE)?;
        let link =
            statement.query_row(params![device.0, self.epoch], |row| row.get(0)).optional()?;
        Ok(Next::of_epoch(self.epoch, link.map_or(Hash::ZERO, Hash)))
    }

    /// A second connection for another thread: it reads what is committed while this one writes.
    ///
    /// # Errors
    /// [`StoreError`] when the file cannot be opened again.
    pub fn reader(&self) -> Result<Reader, StoreError> {
        Reader::open(&self.dir)
    }

    pub(crate) fn conn(&self) -> &Connection {
        self.reader.conn()
    }

    pub(crate) fn conn_mut(&mut self) -> &mut Connection {
        self.reader.conn_mut()
    }

    fn settle_epoch(&mut self, file: &Path) -> Result<(), OpenError> {
        let (epoch, identity, restored): (u32, i64, String) = self
            .conn()
            .query_row(sql::NODE, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .map_err(StoreError::from)?;
        (self.epoch, self.restored) = (epoch, restored);
        let found = identity_of(file)?;
        if identity == found {
            return Ok(());
        }
        if identity == 0 {
            self.conn().execute(sql::NODE_IDENTITY_SET, [found]).map_err(StoreError::from)?;
        } else {
            self.epoch = next_epoch(epoch)?;
            "copy".clone_into(&mut self.restored);
            let row = params![self.epoch, found, self.restored];
            self.conn().execute(sql::NODE_SET, row).map_err(StoreError::from)?;
        }
        Ok(())
    }
}

impl Reader {
    /// Reads a folder that another process writes: for a safety copy while the room goes on.
    ///
    /// # Errors
    /// [`StoreError`] when there is no store in the folder or it cannot be read.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let conn = Connection::open_with_flags(dir.join(FILE), flags)?;
        conn.busy_timeout(BUSY_MAX)?;
        conn.execute_batch("PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY")?;
        conn.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
        Ok(Self::over(conn))
    }
}

/// An epoch after `last` that no other restore has drawn.
pub(crate) fn next_epoch(last: u32) -> Result<u32, StoreError> {
    let chance = getrandom::u32().map_err(StoreError::NoChance)?;
    epoch::next(last, chance).ok_or(StoreError::NoEpochLeft(last))
}

pub(crate) fn connect(file: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(file, flags)?;
    conn.busy_timeout(BUSY_MAX)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    conn.execute_batch(
        "PRAGMA page_size = 4096;
         PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA fullfsync = ON;
         PRAGMA checkpoint_fullfsync = ON;
         PRAGMA foreign_keys = ON;
         PRAGMA secure_delete = ON;
         PRAGMA cell_size_check = ON;
         PRAGMA trusted_schema = OFF;
         PRAGMA temp_store = MEMORY;
         PRAGMA cache_size = -65536;
         PRAGMA journal_size_limit = 67108864;",
    )?;
    Ok(conn)
}

/// Brings an older layout up to date; refuses a newer one and foreign files.
fn check_layout(conn: &mut Connection, file: &Path) -> Result<(), OpenError> {
    let known = u32::try_from(sql::MIGRATIONS.len()).unwrap_or(u32::MAX);
    let (application, found, tables) = layout(conn).map_err(|e| damaged_or(file, e.into()))?;
    let is_new = application == 0 && found == 0 && tables == 0;
    if !is_new && application != sql::APPLICATION_ID {
        return Err(OpenError::NotOurs { file: file.to_owned() });
    }
    if found > known {
        return Err(OpenError::Newer { file: file.to_owned(), found, known });
    }
    let taken = usize::try_from(found).unwrap_or(usize::MAX);
    for (step, (script, version)) in sql::MIGRATIONS.iter().zip(1_u32..).enumerate().skip(taken) {
        migrate(conn, script, version, step == 0).map_err(|e| damaged_or(file, e.into()))?;
    }
    Ok(())
}

pub(crate) fn layout(conn: &Connection) -> rusqlite::Result<(i32, u32, u32)> {
    let application = conn.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    let version = conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let tables = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    Ok((application, version, tables))
}

fn migrate(conn: &mut Connection, script: &str, version: u32, first: bool) -> rusqlite::Result<()> {
    let transaction = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch(script)?;
    if first {
        transaction.pragma_update(None, "application_id", sql::APPLICATION_ID)?;
    }
    transaction.pragma_update(None, "user_version", version)?;
    transaction.commit()
}

/// A file cut down to less than its first page would be taken for a new one, and overwritten.
fn check_beginning(file: &Path) -> Result<(), OpenError> {
    let io = |source| OpenError::Io { path: file.to_owned(), source };
    let found = fs::metadata(file).map_err(io)?.len();
    if found == 0 || found >= PAGE_BYTES {
        return Ok(());
    }
    let detail = format!("it has {found} bytes, less than one page");
    Err(OpenError::Damaged { file: file.to_owned(), detail })
}

/// A file that was cut off is noticed here, not in the middle of the day. What was committed but not yet moved
/// from the write-ahead log is moved first, so that the file's own length must be right.
fn check_length(conn: &Connection, file: &Path) -> Result<(), OpenError> {
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .map_err(|e| damaged_or(file, e.into()))?;
    let io = |source| OpenError::Io { path: file.to_owned(), source };
    let mut header = [0; 32];
    File::open(file).and_then(|mut open| open.read_exact(&mut header)).map_err(io)?;
    let be = |at: usize, count: usize| {
        header.iter().skip(at).take(count).fold(0_u64, |sum, &byte| (sum << 8) | u64::from(byte))
    };
    // SQLite's file format, "The Database Header": page size at 16 (1 means 65,536), pages at 28.
    let page_bytes = if be(16, 2) == 1 { 65_536 } else { be(16, 2) };
    let expected = page_bytes * be(28, 4);
    let found = fs::metadata(file).map_err(io)?.len();
    if found < expected {
        let detail = format!("it has {found} bytes and should have {expected}");
        return Err(OpenError::Damaged { file: file.to_owned(), detail });
    }
    Ok(())
}

fn damaged_or(file: &Path, error: StoreError) -> OpenError {
    if let StoreError::Damaged(detail) = error {
        OpenError::Damaged { file: file.to_owned(), detail }
    } else {
        OpenError::Store(error)
    }
}

pub(crate) fn make_dir(dir: &Path) -> Result<(), OpenError> {
    let io = |source| OpenError::Io { path: dir.to_owned(), source };
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir).map_err(io)
}

/// The file holds key material: nobody else on the machine may read it.
pub(crate) fn make_private(file: &Path) -> Result<(), OpenError> {
    let io = |source| OpenError::Io { path: file.to_owned(), source };
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).map(drop).map_err(io)
}

/// What tells a file from its copy: when it came into being, in nanoseconds, which no copying tool carries over
/// and which stays when a removable disk is mounted again (numbers of files do not, on FAT). Where the file system
/// does not keep it, the file's number.
pub(crate) fn identity_of(file: &Path) -> Result<i64, OpenError> {
    let io = |source| OpenError::Io { path: file.to_owned(), source };
    let metadata = fs::metadata(file).map_err(io)?;
    let born = metadata.created().ok().and_then(|born| born.duration_since(UNIX_EPOCH).ok());
    let born = born.and_then(|born| i64::try_from(born.as_nanos()).ok()).filter(|&born| born != 0);
    Ok(born.unwrap_or_else(|| number_of(&metadata)))
}

#[cfg(unix)]
fn number_of(metadata: &fs::Metadata) -> i64 {
    std::os::unix::fs::MetadataExt::ino(metadata).cast_signed()
}

/// A copied file cannot be told here; a restored backup still can.
#[cfg(not(unix))]
fn number_of(_metadata: &fs::Metadata) -> i64 {
    1
}
