//! The node's ledger as a conversation with another node uses it.

use super::{Node, NodeError, intake::Verdict, open::received_ms};
use pehra_domain::survey::SurveySubject;
use pehra_ledger::{
    Entry, Hash, Logs, LogsUnreadable, Place,
    blob::{BlobManifest, Reception},
    fork::{ForkProof, SignedHeader},
    manifest::Manifest,
    roster::Roster,
    statement::Said,
    sync::{
        desk::{Desk, Taken, Wanted},
        element::Log,
        holding::{ForkState, Holding},
        scope::Scope,
    },
};
use pehra_ops::dataset::DatasetKind;
use pehra_store::{
    Batch, Reader, Receipt, Store, StoreError, batch::FoundFork, reader::StoredFork,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::{ControlFlow, Range},
    sync::atomic::Ordering,
};

/// Photographs are made small where they are taken in; nothing larger is asked for.
const LARGEST_FILE: u64 = 1_000_000;

/// Entries without payload that are looked at in one question, and most of which may be nobody's business here: the next
/// question goes on behind them.
const PAYLOADS_LOOKED_AT: usize = 4_096;

/// Bytes of a log that are looked at to tell how urgent it is.
const URGENCY_BYTES: usize = 16_384;

/// One conversation's view: reading has a connection of its own, so that nobody in the room waits for it.
pub struct NodeDesk {
    node: Node,
    reader: Reader,
}

impl Node {
    /// A view for one conversation.
    ///
    /// # Errors
    /// [`NodeError`] when the database cannot be opened once more.
    pub fn desk(&self) -> Result<NodeDesk, NodeError> {
        Ok(NodeDesk { node: self.clone(), reader: self.writer().store.reader()? })
    }

    /// The secret bytes of the device's key, for a handshake that proves it.
    #[must_use]
    pub(crate) fn handshake_seed(&self) -> [u8; 32] {
        self.inner.key.seed()
    }

    /// How many entries were ever received here: changes with each one.
    #[must_use]
    pub(crate) fn receipts(&self) -> i64 {
        self.reader().last_receipt().map_or(0, |receipt| receipt.0)
    }

    /// Keeps the proof of a fork that another node found, and judges everything anew; answers whether it told anything
    /// new, none when it proves nothing.
    ///
    /// # Errors
    /// [`NodeError`] when this node's disk failed.
    pub fn receive_fork(&self, entry: Entry, proof: ForkProof) -> Result<Option<bool>, NodeError> {
        let writer = &mut *self.writer();
        let place = entry.header().place;
        let Some(key) = writer.store.device_key(place.device)? else { return Ok(Some(false)) };
        let shows = proof.other == SignedHeader::of(&entry);
        let Some(fork) = proof.verify(&key).filter(|_| shows) else { return Ok(None) };
        let log = (place.device, place.epoch);
        let states = states(&writer.store)?;
        let offered = ForkState::of(log, fork.place.seq, &proof);
        let better = states
            .get(&log)
            .is_none_or(|(kept, _)| (offered.at, !offered.settled) < (kept.at, !kept.settled));
        if !better {
            return Ok(Some(false));
        }
        let mut batch = self.batch();
        let entry = self.leave_deleted(entry, &mut batch);
        batch.forks = vec![FoundFork { entry, proof, fork }];
        writer.store.commit(&batch)?;
        look_before_forks(&mut writer.store, &BTreeSet::from([log]))?;
        self.refold(writer)?;
        Ok(Some(true))
    }

    /// Photographs that effective entries name, with the district of their building.
    #[must_use]
    pub(crate) fn named_photographs(&self) -> Vec<(Hash, String)> {
        let world = self.world();
        self.ops(|state| {
            let all = state.surveys.all_photographs();
            all.filter_map(|(subject, photograph)| {
                let SurveySubject::Building(building) = subject else { return None };
                let area = world.building(building)?.district.as_str().to_owned();
                Some((Hash(photograph.sha256.0), area))
            })
            .collect()
        })
    }

    /// Datasets that effective entries name, by kind and name.
    #[must_use]
    pub(crate) fn named_datasets(&self) -> Vec<Hash> {
        self.ops(|state| {
            let all = DatasetKind::ALL.iter().flat_map(|&kind| state.datasets.of_kind(kind));
            all.filter_map(|(key, _)| state.datasets.current(key))
                .map(|dataset| Hash(dataset.manifest.0))
                .collect()
        })
    }
}

/// Of logs that are known to fork, what is held right before may show that the histories parted earlier; answers whether it
/// did.
pub(super) fn look_before_forks(
    store: &mut Store,
    logs: &BTreeSet<Log>,
) -> Result<bool, NodeError> {
    let mut batch = Batch { received_ms: received_ms(), ..Batch::default() };
    for (log, (state, stored)) in states(store)?.into_iter().filter(|(log, _)| logs.contains(log)) {
        let (Some(stored), Some(seq)) = (stored, state.at.checked_sub(1)) else { continue };
        let place = Place { device: log.0, epoch: log.1, seq };
        let before = store.held(place).map_err(|it| NodeError::Table(it.to_string()))?;
        let Some(proof) = before.and_then(|before| stored.proof.earlier(&before)) else { continue };
        // What a damaged disk says of the place before proves nothing.
        let key = store.device_key(log.0)?;
        let Some(fork) = key.and_then(|key| proof.verify(&key)) else { continue };
        let shown = proof.shown(&stored.entry);
        batch.forks.extend(shown.map(|entry| FoundFork { entry, proof, fork }));
    }
    let found = !batch.forks.is_empty();
    if found {
        store.commit(&batch)?;
    }
    Ok(found)
}

/// What is known of each forked log, with the best proof of it.
fn states(reader: &Reader) -> Result<BTreeMap<Log, (ForkState, Option<StoredFork>)>, StoreError> {
    let mut states: BTreeMap<Log, (ForkState, Option<StoredFork>)> = reader
        .forked_logs()?
        .into_iter()
        .map(|(log, at)| (log, (ForkState::unproven(log, at), None)))
        .collect();
    if states.is_empty() {
        return Ok(states);
    }
    for stored in reader.forks()? {
        let place = stored.entry.header().place;
        let log = (place.device, place.epoch);
        let Some((state, best)) = states.get_mut(&log) else { continue };
        let proven = proven_at(&stored.proof);
        let offered = ForkState::of(log, proven, &stored.proof);
        if proven == state.at && (best.is_none() || (offered.settled && !state.settled)) {
            *state = offered;
            *best = Some(stored);
        }
    }
    Ok(states)
}

/// The place that a kept proof is about: of two at one place that one, of a broken link the one before.
fn proven_at(proof: &ForkProof) -> u64 {
    let seq = |side: &SignedHeader| {
        pehra_ledger::Header::decode(&side.header_bytes).map_or(u64::MAX, |it| it.place.seq)
    };
    seq(&proof.held).min(seq(&proof.other))
}

/// What settings begin with that mark parts of files on their way.
pub(super) const FILE_PART: &str = "file-part/";

/// Marks a chunk as part of a file that is on its way.
fn mark_of(part: Hash) -> String {
    format!("{FILE_PART}{part}")
}

impl NodeDesk {
    /// Whether both sides may hold the payload of an entry.
    fn may_have(&self, scope: &Scope, place: Place) -> Result<bool, LogsUnreadable> {
        let Some(stored) = self.reader.entry(place).map_err(here)? else { return Ok(false) };
        Ok(self.node.roster(|roster| {
            scope.shares_log(roster, place.device)
                && scope.mine.may_read(roster, &stored.entry)
                && scope.theirs.may_read(roster, &stored.entry)
        }))
    }
}

fn here(error: impl std::fmt::Display) -> LogsUnreadable {
    LogsUnreadable(error.to_string())
}

impl Desk for NodeDesk {
    fn with_roster(&self, look: &mut dyn FnMut(&Roster)) {
        self.node.roster(|roster| look(roster));
    }

    fn holding(&self, scope: &Scope) -> Result<Holding, LogsUnreadable> {
        let roster = self.node.roster(Roster::clone);
        let heads = self.reader.heads().map_err(here)?;
        let forks = states(&self.reader).map_err(here)?;
        let forks: Vec<ForkState> = forks.into_values().map(|(state, _)| state).collect();
        Ok(Holding::of(&roster, &heads, &forks, scope))
    }

    fn statement(&self, name: &Hash) -> Result<Option<Said>, LogsUnreadable> {
        Ok(self.node.roster(|roster| roster.statement(name)))
    }

    fn entries(
        &self,
        (device, epoch): Log,
        from: u64,
        until: Option<u64>,
        bytes_max: usize,
    ) -> Result<Vec<Entry>, LogsUnreadable> {
        let (mut some, mut bytes) = (Vec::new(), 0);
        let mut visit = |stored: pehra_store::Stored| {
            let entry = stored.entry;
            if until.is_some_and(|until| entry.header().place.seq >= until) {
                return ControlFlow::Break(());
            }
            bytes += entry.header_bytes().len() + entry.payload().map_or(0, |it| it.bytes().len());
            some.push(entry);
            if bytes >= bytes_max { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        self.reader.entries_of(device, epoch, from, &mut visit).map_err(here)?;
        Ok(some)
    }

    fn urgency(&self, log: Log, from: u64) -> Result<u8, LogsUnreadable> {
        Ok(super::backlog::urgency(&self.entries(log, from, None, URGENCY_BYTES)?))
    }

    fn fork(&self, log: Log) -> Result<Option<(Entry, ForkProof)>, LogsUnreadable> {
        let best = states(&self.reader).map_err(here)?.remove(&log).and_then(|(_, best)| best);
        Ok(best.map(|stored| (stored.entry, stored.proof)))
    }

    fn missing_payloads(
        &self,
        scope: &Scope,
        asked: &dyn Fn(&Place) -> bool,
        count: usize,
    ) -> Result<Vec<Place>, LogsUnreadable> {
        let cursor = &self.node.inner.payloads_from;
        let begin = Receipt(cursor.load(Ordering::Relaxed));
        let (mut places, mut looked) = (Vec::new(), 0);
        // From where somebody looked last to the end, then from the beginning to there.
        for (from, until) in [(begin, Receipt(i64::MAX)), (Receipt(0), begin)] {
            let mut some = Vec::new();
            let mut visit = |place, receipt| {
                if receipt > until || looked + some.len() >= PAYLOADS_LOOKED_AT {
                    return ControlFlow::Break(());
                }
                some.push((place, receipt));
                ControlFlow::Continue(())
            };
            self.reader.withheld(from, &mut visit).map_err(here)?;
            for (place, receipt) in some {
                looked += 1;
                cursor.store(receipt.0, Ordering::Relaxed);
                if !asked(&place) && self.may_have(scope, place)? {
                    places.push(place);
                }
                if places.len() >= count {
                    return Ok(places);
                }
            }
        }
        Ok(places)
    }

    fn missing_objects(
        &self,
        scope: &Scope,
        absent: &dyn Fn(&Wanted) -> bool,
        count: usize,
    ) -> Result<Vec<Wanted>, LogsUnreadable> {
        let mut wanted = Vec::new();
        if !scope.mine.holds_payloads() || !scope.theirs.holds_payloads() {
            return Ok(wanted);
        }
        for manifest in self.node.named_datasets() {
            let Some(named) = self.reader.manifest(manifest).map_err(here)? else {
                wanted.push(Wanted { manifest, chunk: None });
                continue;
            };
            for chunk in named.chunks().iter().filter(|it| scope.shares(&it.area)) {
                if !self.reader.has_chunk(chunk.hash).map_err(here)? {
                    wanted.push(Wanted { manifest, chunk: Some(chunk.hash) });
                }
            }
        }
        wanted.retain(|it| !absent(it));
        wanted.truncate(count);
        Ok(wanted)
    }

    fn manifest(&self, name: Hash) -> Result<Option<Manifest>, LogsUnreadable> {
        self.reader.manifest(name).map_err(here)
    }

    fn chunk(&self, name: Hash) -> Result<Option<Vec<u8>>, LogsUnreadable> {
        self.reader.chunk(name).map_err(here)
    }

    fn take_statements(&mut self, statements: Vec<Said>) -> Result<usize, LogsUnreadable> {
        self.node.learn(statements).map_err(here)
    }

    fn take_entries(&mut self, entries: Vec<Entry>) -> Result<Vec<Taken>, LogsUnreadable> {
        let bytes: Vec<Vec<u8>> = entries.iter().map(Entry::encode).collect();
        let received = self.node.receive(&bytes).map_err(here)?;
        let taken = |verdict| match verdict {
            Verdict::Effective | Verdict::WithoutEffect(_) | Verdict::Waits => Taken::New,
            Verdict::Known => Taken::Known,
            Verdict::Refused(refusal) => Taken::Refused(refusal),
            Verdict::Forked(_) => Taken::Forked,
        };
        Ok(received.verdicts.into_iter().map(taken).collect())
    }

    fn take_fork(
        &mut self,
        entry: Entry,
        proof: ForkProof,
    ) -> Result<Option<bool>, LogsUnreadable> {
        self.node.receive_fork(entry, proof).map_err(here)
    }

    fn take_object(&mut self, wanted: Wanted, bytes: Vec<u8>) -> Result<bool, LogsUnreadable> {
        if Hash::of(&bytes) != wanted.chunk.unwrap_or(wanted.manifest) {
            return Ok(false);
        }
        let mut batch = Batch { received_ms: received_ms(), ..Batch::default() };
        match wanted.chunk {
            Some(_) => batch.chunks.push(bytes),
            None => match Manifest::decode(&bytes) {
                Ok(manifest) => batch.manifests.push(manifest),
                Err(_form) => return Ok(false),
            },
        }
        self.node.writer().store.commit(&batch).map_err(here)?;
        Ok(true)
    }

    fn missing_files(
        &self,
        scope: &Scope,
        absent: &dyn Fn(&Hash) -> bool,
        count: usize,
    ) -> Result<Vec<Hash>, LogsUnreadable> {
        let mut wanted = Vec::new();
        if !scope.mine.holds_payloads() || !scope.theirs.holds_payloads() {
            return Ok(wanted);
        }
        for (file, area) in self.node.named_photographs() {
            if wanted.len() >= count {
                break;
            }
            if scope.shares(&area)
                && !absent(&file)
                && !self.reader.has_chunk(file).map_err(here)?
            {
                wanted.push(file);
            }
        }
        Ok(wanted)
    }

    fn file_list(&self, scope: &Scope, file: Hash) -> Result<Option<BlobManifest>, LogsUnreadable> {
        let named = self.node.named_photographs();
        let may = named.iter().any(|(name, area)| *name == file && scope.shares(area));
        let bytes = if may { self.reader.chunk(file).map_err(here)? } else { None };
        bytes.map(|bytes| BlobManifest::of(&bytes).map_err(here)).transpose()
    }

    fn file_bytes(&self, file: Hash, place: Range<u64>) -> Result<Vec<u8>, LogsUnreadable> {
        let bytes = self.reader.chunk(file).map_err(here)?.unwrap_or_default();
        let at = |place: u64| usize::try_from(place).unwrap_or(usize::MAX).min(bytes.len());
        Ok(bytes.get(at(place.start)..at(place.end)).unwrap_or_default().to_vec())
    }

    fn begin_file(
        &mut self,
        file: Hash,
        manifest: &[u8],
    ) -> Result<Option<Reception>, LogsUnreadable> {
        let Ok(mut reception) = Reception::begin(Hash::of(manifest), manifest) else {
            return Ok(None);
        };
        if reception.manifest().length() > LARGEST_FILE || file == Hash::ZERO {
            return Ok(None);
        }
        // What an earlier conversation brought lies among the chunks, under its own hash.
        let hashes = reception.manifest().hashes().to_vec();
        for (index, hash) in (0..).zip(hashes) {
            if let Some(bytes) = self.reader.chunk(hash).map_err(here)? {
                let _other_bytes_are_asked_for = reception.accept(index, &bytes);
            }
        }
        Ok(Some(reception))
    }

    fn keep_parts(&mut self, parts: Vec<Vec<u8>>) -> Result<(), LogsUnreadable> {
        let mut settings = Vec::with_capacity(parts.len());
        for part in &parts {
            let hash = Hash::of(part);
            // What is here for another reason is not ours to drop afterwards.
            if !self.reader.has_chunk(hash).map_err(here)? {
                settings.push((mark_of(hash), Some(String::new())));
            }
        }
        let batch =
            Batch { received_ms: received_ms(), chunks: parts, settings, ..Batch::default() };
        self.node.writer().store.commit(&batch).map_err(here)?;
        Ok(())
    }

    fn finish_file(&mut self, file: Hash, from: &Reception) -> Result<bool, LogsUnreadable> {
        let mut whole = Vec::new();
        for hash in from.manifest().hashes() {
            whole.extend(self.reader.chunk(*hash).map_err(here)?.unwrap_or_default());
        }
        let is_right = Hash::of(&whole) == file;
        let (mut spare_chunks, mut settings) = (Vec::new(), Vec::new());
        for hash in from.manifest().hashes() {
            let mark = mark_of(*hash);
            if self.node.writer().store.setting(&mark).map_err(here)?.is_some() {
                spare_chunks.push(*hash);
                settings.push((mark, None));
            }
        }
        // A photograph of one chunk is that chunk: it is dropped and kept in one transaction.
        let chunks = if is_right { vec![whole] } else { Vec::new() };
        let batch = Batch {
            received_ms: received_ms(),
            spare_chunks,
            settings,
            chunks,
            ..Batch::default()
        };
        self.node.writer().store.commit(&batch).map_err(here)?;
        Ok(is_right)
    }
}
