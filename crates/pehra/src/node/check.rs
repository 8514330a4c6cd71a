//! Safety copies, and the slow look at everything that was kept.

use super::{Node, NodeError, OpenOptions, random};
use pehra_domain::progress::Watch;
use pehra_store::{OpenError, Reader, Store};
use serde::Serialize;
use std::{
    ops::ControlFlow,
    path::{Path, PathBuf},
};

/// What a backup holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BackupReport {
    pub entries: u64,
    pub chunks: u64,
    pub bytes: u64,
    pub path: PathBuf,
}

/// What verification looked at and found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VerifyReport {
    pub entries: u64,
    pub logs: u64,
    pub manifests: u64,
    pub chunks: u64,
    /// Entries of devices whose key is not known here.
    pub unsigned: u64,
    pub damages: u64,
    pub first_damage: Option<String>,
    pub forks: Vec<String>,
    pub withheld: Vec<String>,
}

impl Node {
    /// Hashes and verifies everything again.
    ///
    /// # Errors
    /// [`NodeError`] when the disk cannot be read at all; damage is no error, it is what was looked for.
    pub fn verify(&self, watch: &mut Watch<'_>) -> Result<VerifyReport, NodeError> {
        let reader = self.writer().store.reader()?;
        let scrubbed = reader.scrub(random()?, watch)?;
        let forks = reader.forks()?;
        let withheld = self
            .withheld()
            .iter()
            .map(|one| {
                format!("{} by {} as {}: {}", one.place, one.person, one.role, one.reason_en)
            })
            .collect();
        Ok(VerifyReport {
            entries: scrubbed.entries,
            logs: reader.heads()?.len() as u64,
            manifests: scrubbed.manifests,
            chunks: scrubbed.chunks,
            unsigned: scrubbed.unsigned,
            damages: scrubbed.damages,
            first_damage: scrubbed.first.map(|damage| damage.to_string()),
            forks: forks.iter().map(|fork| fork.entry.header().place.to_string()).collect(),
            withheld,
        })
    }
}

/// Copies a node's folder into one checked file, whether its room is open or not.
///
/// # Errors
/// [`NodeError`]; no file of that name exists then.
pub fn backup(folder: &Path, to: &Path, watch: &mut Watch<'_>) -> Result<BackupReport, NodeError> {
    if !folder.join(pehra_store::open::FILE).exists() {
        return Err(NodeError::NoNode(folder.to_owned()));
    }
    let reader = match Store::open(folder) {
        Ok(store) => store.reader()?,
        Err(OpenError::InUse { .. }) => Reader::open(folder)?,
        Err(other) => return Err(other.into()),
    };
    let done = reader.backup(to, watch)?;
    super::oblivion::note_backup(folder, to)?;
    let (entries, _) = reader.entries_count()?;
    let (chunks, _) = reader.chunk_totals()?;
    Ok(BackupReport { entries, chunks, bytes: done.bytes, path: done.path })
}

/// Makes a node's folder out of a backup; answers the log epoch in which it goes on.
///
/// # Errors
/// [`NodeError`]; the folder then holds no node.
pub fn restore(from: &Path, into: &Path) -> Result<u32, NodeError> {
    let mut watch = |_| ControlFlow::Continue(());
    let epoch = pehra_store::backup::restore(from, into, &mut watch)?;
    super::oblivion::bring(from, into)?;
    Ok(epoch)
}

/// Removes a demo's folder, and only a demo's.
///
/// # Errors
/// [`NodeError::NotADemo`] when the folder holds a real election; [`NodeError::Remove`] when the disk refuses.
pub fn remove_synthetic(folder: &Path) -> Result<(), NodeError> {
    if !folder.join(pehra_store::open::FILE).exists() {
        return Ok(());
    }
    let node = Node::open(folder, &OpenOptions::synthetic())?;
    node.must_be_synthetic()?;
    drop(node);
    std::fs::remove_dir_all(folder)
        .map_err(|source| NodeError::Remove { path: folder.to_owned(), source })
}
