//! Deletions that outlive the folder: written beside the backups that were made before them, so that a backup that is
//! restored deletes again before its node opens its door. Entries in the file are believed by their signatures alone.

use super::{Node, NodeError, convert, intake, open::received_ms};
use pehra_ledger::{Entry, Place, roster::Act, roster::Standing};
use pehra_ops::State;
use std::{
    collections::BTreeSet,
    fs,
    io::Write,
    path::{Path, PathBuf},
};

/// In a node's folder: what a backup's file of deletions becomes when the backup is restored.
pub(super) const WAITING: &str = "deletions.waiting";
/// In a node's folder: every backup that was made of it, a line each: Unix milliseconds, a tab, the path.
const MADE: &str = "backups.made";
/// Beside a backup, after its name.
const BESIDE: &str = "deletions";
const FILE_HEAD: &[u8] = b"pehra-deletions-1\n";
/// Longest file of deletions that is read.
const FILE_BYTES_MAX: u64 = 64 << 20;

/// A backup that was made, when, and whether it is still where it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeBackup {
    pub at_ms: u64,
    pub path: PathBuf,
    pub is_there: bool,
}

fn beside(backup: &Path) -> PathBuf {
    let mut name = backup.as_os_str().to_owned();
    name.push(".");
    name.push(BESIDE);
    PathBuf::from(name)
}

/// Writes down that a backup was made: whoever deletes later must know which hold what was before.
pub(super) fn note_backup(folder: &Path, to: &Path) -> Result<(), NodeError> {
    let whole = std::path::absolute(to).unwrap_or_else(|_relative| to.to_owned());
    let line = format!("{}\t{}\n", received_ms(), whole.display());
    let file = fs::File::options().create(true).append(true).open(folder.join(MADE));
    file.and_then(|mut file| file.write_all(line.as_bytes())).map_err(NodeError::File)
}

/// Puts the deletions that lie beside a backup into the folder that was made of it.
pub(super) fn bring(from: &Path, into: &Path) -> Result<(), NodeError> {
    let beside = beside(from);
    if beside.is_file() {
        fs::copy(&beside, into.join(WAITING)).map_err(NodeError::File)?;
    }
    Ok(())
}

impl Node {
    /// Backups that were made of this folder.
    #[must_use]
    pub fn backups_made(&self) -> Vec<MadeBackup> {
        let text = fs::read_to_string(self.inner.dir.join(MADE)).unwrap_or_default();
        let line = |line: &str| {
            let (at_ms, path) = line.split_once('\t')?;
            let path = PathBuf::from(path);
            Some(MadeBackup { at_ms: at_ms.parse().ok()?, is_there: path.is_file(), path })
        };
        text.lines().filter_map(line).collect()
    }

    /// Writes every deletion that is in force beside each backup that is still there. A backup that cannot be reached is
    /// listed as such; that is no error.
    pub(super) fn tell_backups(&self) {
        let bytes = match self.deletions_file() {
            Ok(bytes) => bytes,
            Err(error) => {
                tracing::error!(%error, "deletions could not be written beside the backups");
                return;
            }
        };
        for backup in self.backups_made().into_iter().filter(|one| one.is_there) {
            let (to, part) = (beside(&backup.path), beside(&backup.path).with_extension("part"));
            if let Err(error) = fs::write(&part, &bytes).and_then(|()| fs::rename(&part, &to)) {
                tracing::warn!(%error, path = %to.display(), "a backup could not be told");
            }
        }
    }

    /// Every deletion in force with its approval, as entries.
    fn deletions_file(&self) -> Result<Vec<u8>, NodeError> {
        let mut places: Vec<Place> = Vec::new();
        self.ops(|state| {
            for (at, .., found) in state.deletions.all() {
                if found.in_force().is_some() {
                    let approved = found.approved.as_ref().map(|(at, _)| *at);
                    places.extend([Some(at), approved].into_iter().flatten().map(convert::place));
                }
            }
        });
        let mut bytes = FILE_HEAD.to_vec();
        for place in places {
            let Some(stored) = self.reader().entry(place)? else { continue };
            let entry = stored.entry.encode();
            bytes.extend(u32::try_from(entry.len()).unwrap_or(u32::MAX).to_be_bytes());
            bytes.extend(entry);
        }
        Ok(bytes)
    }

    /// Deletes again what was deleted after the backup was made that this folder was restored from. The entries in the
    /// file stand later in their logs than anything here: each is believed by its signature and its signer's right.
    pub(super) fn delete_again(&self) -> Result<(), NodeError> {
        let file = self.inner.dir.join(WAITING);
        let Ok(length) = fs::metadata(&file).map(|found| found.len()) else { return Ok(()) };
        if length > FILE_BYTES_MAX {
            return Err(NodeError::Table(format!("{} is too large", file.display())));
        }
        let bytes = fs::read(&file).map_err(NodeError::File)?;
        let state = self.state_with(&entries_of(&bytes));
        let mut copies = BTreeSet::new();
        for (_, order, mark, found) in state.deletions.all() {
            if found.in_force().is_some() {
                copies.extend(self.reached(order, mark)?.into_iter().map(|(copy, _)| copy));
            }
        }
        if !copies.is_empty() {
            let done = self.erase(&copies)?;
            tracing::warn!(
                payloads = done.payloads,
                "deleted again what a backup had brought back"
            );
        }
        fs::remove_file(&file).map_err(NodeError::File)
    }

    /// What would be true with these entries, of which each is judged like any that arrives.
    fn state_with(&self, entries: &[Entry]) -> State {
        let guard = self.writer();
        let held = |place: Place| intake::held(&guard.store, place);
        let judge = self.judge(&guard.roster, &held);
        let mut state = self.ops(State::clone);
        for entry in entries {
            let device = entry.header().place.device;
            let key = guard.store.device_key(device).ok().flatten();
            let signed = key.is_some_and(|key| entry.author_holds(&key))
                && entry.missing_cosigner().is_none()
                && entry.cosignatures().iter().all(|one| one.holds(&entry.hash()));
            let standing = guard.roster.standing(&Act::of(entry.header(), entry.hash()));
            let own =
                device == self.inner.key.id() || self.inner.former.wrote(entry.header().place);
            if signed
                && (own || standing == Standing::Good)
                && let Ok(stamped) = judge.entry(entry, entry.header().clock.ms, (&state, false))
            {
                state.evolve(&stamped);
            }
        }
        state
    }
}

fn entries_of(bytes: &[u8]) -> Vec<Entry> {
    let Some(mut rest) = bytes.strip_prefix(FILE_HEAD) else { return Vec::new() };
    let mut entries = Vec::new();
    while let Some((length, more)) = rest.split_first_chunk::<4>() {
        let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
        let Some((entry, more)) = more.split_at_checked(length) else { break };
        entries.extend(Entry::decode(entry).ok());
        rest = more;
    }
    entries
}
