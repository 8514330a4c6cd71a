//! What can go wrong with a disk, said so that the person at the desk knows what to do.

use pehra_domain::progress::Cancelled;
use pehra_ledger::entry::EntryUnreadable;
use pehra_ledger::{Hash, Place};
use rusqlite::ErrorCode;
use std::path::PathBuf;

/// Why a folder cannot be opened as a store.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(
        "another pehra{} uses this folder: {dir}. Use that one, or stop it first",
        pid.map(|pid| format!(" (process {pid})")).unwrap_or_default()
    )]
    InUse { dir: PathBuf, pid: Option<u32> },
    #[error(
        "{file} was written by a newer pehra (layout {found}, this one knows {known}): update this program"
    )]
    Newer { file: PathBuf, found: u32, known: u32 },
    #[error("{file} is a database, but not one of pehra's: choose another folder")]
    NotOurs { file: PathBuf },
    #[error(
        "{file} is damaged ({detail}). Keep the file, restore the last backup into an empty folder, and let the \
         other nodes send what is missing"
    )]
    Damaged { file: PathBuf, detail: String },
    #[error("a restore into {dir} was not finished: empty the folder and restore again")]
    HalfRestored { dir: PathBuf },
    #[error("{path} cannot be used: check that the folder exists and may be written")]
    Io {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a store did not do what it was asked. Nothing of a failed commit is kept.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error(
        "the disk is full: nothing of this change was kept, all that was there before is intact. Free some space, \
         then try again"
    )]
    DiskFull,
    #[error("the disk refused to read or write: check the disk and its cable, then try again")]
    Disk(#[source] rusqlite::Error),
    #[error(
        "the database is damaged ({0}): run a scrub, then restore the last backup into an empty folder"
    )]
    Damaged(String),
    #[error("the entry kept at {place} is damaged: run a scrub; another node can send it again")]
    EntryDamaged {
        place: Place,
        #[source]
        source: EntryUnreadable,
    },
    #[error(
        "the chunk {0} is damaged on this disk: delete it with a scrub and fetch it from another node"
    )]
    ChunkDamaged(Hash),
    #[error("{place} is not next in its log, {expected} is")]
    NotNext { place: Place, expected: u64 },
    #[error("{place} does not follow the entry kept before it")]
    NotLinked { place: Place },
    #[error("another entry is kept at {place}: give both as a fork")]
    Contradicts { place: Place },
    #[error("a chunk has {0} bytes, more than a chunk may have: cut it into parts")]
    ChunkTooLarge(usize),
    #[error("device {0} has begun its log anew too often: give it a new key")]
    NoEpochLeft(u32),
    #[error("a number in the database is out of its range: {0}")]
    OutOfRange(&'static str),
    #[error("this machine gives no random numbers")]
    NoChance(#[source] getrandom::Error),
    #[error("{path} cannot be read or written")]
    File {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("{path} is not a whole backup of pehra ({detail}): take another copy")]
    NotABackup { path: PathBuf, detail: &'static str },
    #[error(
        "what was deleted still stands in the write-ahead log: somebody reads what was before; it is tried again"
    )]
    LogHeld,
    #[error("{path} is not empty: restore into an empty folder, so that nothing is overwritten")]
    NotEmpty { path: PathBuf },
    #[error("{path} exists already: choose another name, so that no backup is overwritten")]
    Exists { path: PathBuf },
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    #[error("the database refused a statement")]
    Sql(#[source] rusqlite::Error),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(ErrorCode::SystemIoFailure | ErrorCode::CannotOpen | ErrorCode::ReadOnly) => {
                Self::Disk(error)
            }
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::Damaged(error.to_string())
            }
            Some(_) | None => Self::Sql(error),
        }
    }
}

impl StoreError {
    pub(crate) fn file(path: &std::path::Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| {
            if source.kind() == std::io::ErrorKind::StorageFull {
                Self::DiskFull
            } else {
                Self::File { path, source }
            }
        }
    }
}
