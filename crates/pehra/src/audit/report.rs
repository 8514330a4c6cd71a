//! What an audit found, for people and for programs.

use serde::Serialize;

/// What was found in all files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AuditReport {
    pub election: String,
    /// To be compared with the fingerprint that the election published.
    pub root_fingerprint: String,
    pub files: Vec<FileReport>,
    /// Entries looked at, each file's counted.
    pub entries: u64,
    pub logs: u64,
    pub devices_revoked: u64,
    pub damages: Vec<Damage>,
    /// More damages than are listed.
    pub damages_more: u64,
    pub forks: Vec<Fork>,
    pub gaps: Vec<Gap>,
    pub gaps_more: u64,
    pub withheld: Vec<Withheld>,
    pub trees: Vec<TreeFinding>,
}

impl AuditReport {
    /// Whether nothing was found that should not be. A fork is found and proven: it is no fault of who shows it.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.damages.is_empty()
            && self.forks.is_empty()
            && self.gaps.is_empty()
            && self.withheld.is_empty()
            && self.trees.is_empty()
    }
}

/// One file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FileReport {
    pub path: String,
    /// The exporting node.
    pub device: String,
    pub epoch: u32,
    /// Empty: everything that it holds.
    pub area: String,
    pub bytes: u64,
    pub entries: u64,
    /// Shown as hashes alone.
    pub leaves_only: u64,
    /// Entries whose content was withheld or deleted.
    pub contents_absent: u64,
    /// Entries by the standing of their signer: `good`, `revoked`, …
    pub standings: std::collections::BTreeMap<String, u64>,
    pub checkpoints: u64,
    /// Of its own tree, signed by enough witnesses; the largest size.
    pub witnessed_size: u64,
    /// The exporter signed the end of the file.
    pub complete: bool,
}

/// Bytes that are not what was signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Damage {
    pub file: String,
    /// Where the record begins.
    pub record_offset: u64,
    /// The first altered byte, when it could be proven.
    pub byte_offset: Option<u64>,
    pub is: Option<u8>,
    pub should_be: Option<u8>,
    /// `trial`: the signatures hold with this byte; `copy`: another export shows the record whole.
    pub proven_by: Option<&'static str>,
    pub belongs_to: String,
    /// The entry's place, when it can be told.
    pub place: Option<String>,
    pub why: &'static str,
}

/// Two signed entries for one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fork {
    pub place: String,
    /// Each side: the entry's hash, and where it is shown.
    pub sides: Vec<ForkSide>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ForkSide {
    pub hash: String,
    pub file: String,
    pub offset: u64,
}

/// Entries that are missing between two that are there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Gap {
    pub file: String,
    pub log: String,
    pub from: u64,
    pub to: u64,
    /// Another of the files shows them.
    pub elsewhere: bool,
}

/// Something that must exist and that nobody shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Withheld {
    /// Device and epoch; empty when only hashes are known.
    pub log: String,
    pub up_to: Option<u64>,
    pub entries: Option<u64>,
    pub known_from: String,
}

/// A tree that is not what its node signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TreeFinding {
    pub file: String,
    pub origin: String,
    pub size: u64,
    pub what: String,
}
