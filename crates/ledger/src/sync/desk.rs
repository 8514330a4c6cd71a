//! What a comparison reads and where it puts what arrives: the store of a node, or a book in memory.

use super::element::Log;
use super::holding::Holding;
use super::scope::Scope;
use crate::blob::{BlobManifest, Reception};
use crate::entry::Entry;
use crate::fork::ForkProof;
use crate::hash::Hash;
use crate::header::Place;
use crate::ingest::Refusal;
use crate::log::LogsUnreadable;
use crate::manifest::Manifest;
use crate::roster::Roster;
use crate::statement::Said;
use std::ops::Range;

/// What became of an entry that arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    New,
    Known,
    /// Signed, and contradicts what is held: kept as proof.
    Forked,
    Refused(Refusal),
}

/// Bytes that are carried beside entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wanted {
    pub manifest: Hash,
    /// None for the manifest itself.
    pub chunk: Option<Hash>,
}

/// A node's ledger, as the two sides of a comparison use it. What is taken must be kept before the answer.
pub trait Desk {
    /// Looks at the roster.
    fn with_roster(&self, look: &mut dyn FnMut(&Roster));

    /// What is held of what both sides may hold.
    ///
    /// # Errors
    /// [`LogsUnreadable`] when this node's disk fails, as for every method below.
    fn holding(&self, scope: &Scope) -> Result<Holding, LogsUnreadable>;

    /// A statement by its name.
    ///
    /// # Errors
    /// [`LogsUnreadable`].
    fn statement(&self, name: &Hash) -> Result<Option<Said>, LogsUnreadable>;

    /// Entries of a log from a place on, in order, until `bytes_max` are passed; at least one if there is one.
    ///
    /// # Errors
    /// [`LogsUnreadable`].
    fn entries(
        &self,
        log: Log,
        from: u64,
        until: Option<u64>,
        bytes_max: usize,
    ) -> Result<Vec<Entry>, LogsUnreadable>;

    /// How much of a hurry what follows in a log is in: 0 goes before everything else. Logs keep their own order.
    ///
    /// # Errors
    /// [`LogsUnreadable`].
    fn urgency(&self, _log: Log, _from: u64) -> Result<u8, LogsUnreadable> {
        Ok(0)
    }

    /// The proof of a log's fork at its first known place, and what its second header was the header of.
    ///
    /// # Errors
    /// [`LogsUnreadable`].
    fn fork(&self, log: Log) -> Result<Option<(Entry, ForkProof)>, LogsUnreadable>;

    /// Entries whose payloads this node may hold and lacks, at most `count`; none of those in `asked`. Once nothing is
    /// left to ask for, whatever stands in the way, nothing comes.
    ///
    /// # Errors
    /// [`LogsUnreadable`].
    fn missing_payloads(
        &self,
        scope: &Scope,
        asked: &dyn Fn(&Place) -> bool,
        count: usize,
    ) -> Result<Vec<Place>, LogsUnreadable>;

    /// Manifests and chunks that this node may hold and lacks, at most `count`; none of those in `absent`.
    ///
    /// # Errors
    /// [`LogsUnreadable`].
    fn missing_objects(
        &self,
        scope: &Scope,
        absent: &dyn Fn(&Wanted) -> bool,
        count: usize,
    ) -> Result<Vec<Wanted>, LogsUnreadable>;

    /// # Errors
    /// [`LogsUnreadable`].
    fn manifest(&self, name: Hash) -> Result<Option<Manifest>, LogsUnreadable>;

    /// # Errors
    /// [`LogsUnreadable`].
    fn chunk(&self, name: Hash) -> Result<Option<Vec<u8>>, LogsUnreadable>;

    /// Takes statements in; answers how many were new.
    ///
    /// # Errors
    /// [`LogsUnreadable`].
    fn take_statements(&mut self, statements: Vec<Said>) -> Result<usize, LogsUnreadable>;

    /// Takes entries in; answers what became of each.
    ///
    /// # Errors
    /// [`LogsUnreadable`].
    fn take_entries(&mut self, entries: Vec<Entry>) -> Result<Vec<Taken>, LogsUnreadable>;

    /// Takes a fork's proof in; answers whether it told anything new, none when it proves nothing.
    ///
    /// # Errors
    /// [`LogsUnreadable`].
    fn take_fork(&mut self, entry: Entry, proof: ForkProof)
    -> Result<Option<bool>, LogsUnreadable>;

    /// Takes an object in whole; answers whether it is the one that was wanted.
    ///
    /// # Errors
    /// [`LogsUnreadable`].
    fn take_object(&mut self, wanted: Wanted, bytes: Vec<u8>) -> Result<bool, LogsUnreadable>;

    /// Files that this node may hold and lacks, by the SHA-256 of their bytes, at most `count`; none of those in
    /// `absent`. A desk without files has none.
    ///
    /// # Errors
    /// [`LogsUnreadable`].
    fn missing_files(
        &self,
        _scope: &Scope,
        _absent: &dyn Fn(&Hash) -> bool,
        _count: usize,
    ) -> Result<Vec<Hash>, LogsUnreadable> {
        Ok(Vec::new())
    }

    /// The list of a file's chunks; none when it is not held or the peer may not hold it.
    ///
    /// # Errors
    /// [`LogsUnreadable`].
    fn file_list(
        &self,
        _scope: &Scope,
        _file: Hash,
    ) -> Result<Option<BlobManifest>, LogsUnreadable> {
        Ok(None)
    }

    /// Bytes of a file that is held.
    ///
    /// # Errors
    /// [`LogsUnreadable`].
    fn file_bytes(&self, _file: Hash, _place: Range<u64>) -> Result<Vec<u8>, LogsUnreadable> {
        Ok(Vec::new())
    }

    /// Begins to receive a file by the list that a peer gave, or goes on where it broke off; none when the list is of
    /// no file that is kept here.
    ///
    /// # Errors
    /// [`LogsUnreadable`].
    fn begin_file(
        &mut self,
        _file: Hash,
        _manifest: &[u8],
    ) -> Result<Option<Reception>, LogsUnreadable> {
        Ok(None)
    }

    /// Keeps chunks that the reception has accepted.
    ///
    /// # Errors
    /// [`LogsUnreadable`].
    fn keep_parts(&mut self, _parts: Vec<Vec<u8>>) -> Result<(), LogsUnreadable> {
        Ok(())
    }

    /// Puts a whole file together; answers whether it is the one that was asked for. If not, nothing of it is kept.
    ///
    /// # Errors
    /// [`LogsUnreadable`].
    fn finish_file(&mut self, _file: Hash, _from: &Reception) -> Result<bool, LogsUnreadable> {
        Ok(false)
    }
}
