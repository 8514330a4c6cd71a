//! Backups: one file that is whole or does not exist, and a restore that never continues the old log.
//!
//! The file is the database itself, followed by a 16-byte mark and the SHA-256 of all before the mark. It holds
//! the node's key and its accounts: it must be kept as safely as the node.

use crate::error::{OpenError, StoreError};
use crate::open::{self, FILE, PARTIAL};
use crate::reader::Reader;
use crate::sql;
use pehra_domain::progress::{Watch, tell};
use pehra_ledger::Hash;
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, params};
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

const MARK: &[u8; 16] = b"pehra-backup-1\0\0";
const TRAILER_BYTES: u64 = 16 + 32;
const PAGES_PER_STEP: i32 = 2_048;
const COPY_BYTES: usize = 1 << 20;

/// What a backup holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackedUp {
    pub path: PathBuf,
    pub bytes: u64,
    /// SHA-256 of the database within.
    pub hash: Hash,
}

impl Reader {
    /// Copies the whole store as of one moment into a new file, while others go on writing. Stages: `copy`
    /// (pages), `check` (bytes).
    ///
    /// # Errors
    /// [`StoreError`]; no file of that name exists then.
    pub fn backup(&self, to: &Path, watch: &mut Watch<'_>) -> Result<BackedUp, StoreError> {
        if to.exists() {
            return Err(StoreError::Exists { path: to.to_owned() });
        }
        let mut name = to.as_os_str().to_owned();
        name.push(".partial");
        let partial = PathBuf::from(name);
        let done = self.backup_into(&partial, to, watch);
        if done.is_err() {
            // The error that matters is the one that stopped the backup.
            let _left = fs::remove_file(&partial);
        }
        done
    }

    fn backup_into(
        &self,
        partial: &Path,
        to: &Path,
        watch: &mut Watch<'_>,
    ) -> Result<BackedUp, StoreError> {
        match fs::remove_file(partial) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(StoreError::file(partial)(error));
            }
            Ok(()) | Err(_) => {}
        }
        make_private(partial)?;
        self.copy_pages(partial, watch)?;
        let io = StoreError::file;
        let mut file =
            File::options().read(true).append(true).open(partial).map_err(io(partial))?;
        let bytes = file.metadata().map_err(io(partial))?.len();
        let mut nowhere = std::io::sink();
        let hash = copy_hashed(&mut file, &mut nowhere, bytes, partial, watch)?;
        file.write_all(MARK).map_err(io(partial))?;
        file.write_all(&hash.0).map_err(io(partial))?;
        file.sync_all().map_err(io(partial))?;
        fs::rename(partial, to).map_err(io(to))?;
        sync_dir(to.parent())?;
        Ok(BackedUp { path: to.to_owned(), bytes: bytes + TRAILER_BYTES, hash })
    }

    fn copy_pages(&self, partial: &Path, watch: &mut Watch<'_>) -> Result<(), StoreError> {
        let mut target = Connection::open(partial)?;
        // One read transaction around all steps: every page is of the same moment, and a writer in the meantime
        // does not make the copy begin again.
        let _moment = self.conn().unchecked_transaction()?;
        self.last_receipt()?;
        {
            let backup = Backup::new(self.conn(), &mut target)?;
            loop {
                let step = backup.step(PAGES_PER_STEP)?;
                let progress = backup.progress();
                let total = u64::try_from(progress.pagecount).unwrap_or_default();
                let left = u64::try_from(progress.remaining).unwrap_or_default();
                tell(watch, "copy", total.saturating_sub(left), total)?;
                if step == StepResult::Done {
                    break;
                }
            }
        }
        // Without a write-ahead log the copy is one file.
        target.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))?;
        target.close().map_err(|(_, error)| error)?;
        Ok(())
    }
}

/// Puts a backup into an empty folder. The node that is opened there keeps its key and begins a new log epoch.
/// Answers that epoch. Stage: `check` (bytes).
///
/// # Errors
/// [`StoreError`] and [`OpenError`]; the folder then holds no store.
pub fn restore(from: &Path, into: &Path, watch: &mut Watch<'_>) -> Result<u32, OpenError> {
    open::make_dir(into)?;
    let partial = into.join(PARTIAL);
    for found in fs::read_dir(into).map_err(StoreError::file(into))? {
        let found = found.map_err(StoreError::file(into))?;
        if found.path() != partial {
            return Err(StoreError::NotEmpty { path: into.to_owned() }.into());
        }
    }
    let done = restore_into(from, &partial, into, watch);
    if done.is_err() {
        // The error that matters is the one that stopped the restore.
        let _left = fs::remove_file(&partial);
    }
    done
}

fn restore_into(
    from: &Path,
    partial: &Path,
    into: &Path,
    watch: &mut Watch<'_>,
) -> Result<u32, OpenError> {
    make_private(partial)?;
    unpack(from, partial, watch)?;
    let epoch = begin_epoch(partial)?;
    let file = into.join(FILE);
    fs::rename(partial, &file).map_err(StoreError::file(&file))?;
    sync_dir(Some(into))?;
    Ok(epoch)
}

/// Copies the database out of a backup and checks it on the way.
fn unpack(from: &Path, to: &Path, watch: &mut Watch<'_>) -> Result<(), StoreError> {
    let not_whole = |detail| StoreError::NotABackup { path: from.to_owned(), detail };
    let mut source = File::open(from).map_err(StoreError::file(from))?;
    let length = source.metadata().map_err(StoreError::file(from))?.len();
    let bytes = length.checked_sub(TRAILER_BYTES).ok_or_else(|| not_whole("it is too short"))?;
    source.seek(SeekFrom::Start(bytes)).map_err(StoreError::file(from))?;
    let mut mark = [0; 16];
    let mut named = [0; 32];
    source.read_exact(&mut mark).map_err(StoreError::file(from))?;
    source.read_exact(&mut named).map_err(StoreError::file(from))?;
    if mark != *MARK {
        return Err(not_whole("its end is missing"));
    }
    source.seek(SeekFrom::Start(0)).map_err(StoreError::file(from))?;
    let mut target =
        File::options().write(true).truncate(true).open(to).map_err(StoreError::file(to))?;
    let found = copy_hashed(&mut source, &mut target, bytes, to, watch)?;
    if found != Hash(named) {
        return Err(not_whole("its content is not what was written"));
    }
    target.sync_all().map_err(StoreError::file(to))
}

fn begin_epoch(partial: &Path) -> Result<u32, OpenError> {
    let conn = Connection::open(partial).map_err(StoreError::from)?;
    let known = u32::try_from(sql::MIGRATIONS.len()).unwrap_or(u32::MAX);
    let (application, found, _) = open::layout(&conn).map_err(StoreError::from)?;
    if application != sql::APPLICATION_ID {
        return Err(OpenError::NotOurs { file: partial.to_owned() });
    }
    if found > known {
        return Err(OpenError::Newer { file: partial.to_owned(), found, known });
    }
    let health: String =
        conn.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(StoreError::from)?;
    if health != "ok" {
        return Err(OpenError::Damaged { file: partial.to_owned(), detail: health });
    }
    let last: u32 = conn.query_row(sql::NODE, [], |row| row.get(0)).map_err(StoreError::from)?;
    let epoch = open::next_epoch(last)?;
    let identity = open::identity_of(partial)?;
    conn.execute_batch("PRAGMA synchronous = FULL").map_err(StoreError::from)?;
    conn.execute(sql::NODE_SET, params![epoch, identity, "backup"]).map_err(StoreError::from)?;
    conn.close().map_err(|(_, error)| StoreError::from(error))?;
    Ok(epoch)
}

fn copy_hashed(
    from: &mut File,
    to: &mut dyn Write,
    bytes: u64,
    path: &Path,
    watch: &mut Watch<'_>,
) -> Result<Hash, StoreError> {
    let mut digest = Sha256::new();
    let mut buffer = vec![0; COPY_BYTES];
    let mut done = 0;
    from.seek(SeekFrom::Start(0)).map_err(StoreError::file(path))?;
    let mut limited = from.take(bytes);
    loop {
        let count = limited.read(&mut buffer).map_err(StoreError::file(path))?;
        let Some(read) = buffer.get(..count).filter(|read| !read.is_empty()) else { break };
        digest.update(read);
        to.write_all(read).map_err(StoreError::file(path))?;
        done += u64::try_from(count).unwrap_or_default();
        tell(watch, "check", done, bytes)?;
    }
    Ok(Hash(digest.finalize().into()))
}

fn make_private(path: &Path) -> Result<(), StoreError> {
    let mut options = File::options();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop).map_err(StoreError::file(path))
}

/// A rename is on the disk only when its folder is.
fn sync_dir(dir: Option<&Path>) -> Result<(), StoreError> {
    #[cfg(unix)]
    if let Some(dir) = dir {
        let dir = if dir.as_os_str().is_empty() { Path::new(".") } else { dir };
        File::open(dir).and_then(|open| open.sync_all()).map_err(StoreError::file(dir))?;
    }
    #[cfg(not(unix))]
    let _ = dir;
    Ok(())
}
