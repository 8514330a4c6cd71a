//! The node's ledger as a conversation with another node uses it.

use super::{Node, NodeError, intake::Verdict, open::received_ms};
use pehra_ledger::{
    Entry, Hash, LogsUnreadable, Place,
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
use pehra_store::{Batch, Reader, StoreError, batch::FoundFork, reader::StoredFork};
use std::{collections::BTreeMap, ops::ControlFlow};

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
        let forks = vec![FoundFork { entry, proof, fork }];
        writer.store.commit(&Batch { received_ms: received_ms(), forks, ..Batch::default() })?;
        self.refold(writer)?;
        Ok(Some(true))
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

/// What is known of each forked log, with the best proof of it.
fn states(reader: &Reader) -> Result<BTreeMap<Log, (ForkState, Option<StoredFork>)>, StoreError> {
    let mut states: BTreeMap<Log, (ForkState, Option<StoredFork>)> = reader
        .forked_logs()?
        .into_iter()
        .map(|(log, at)| (log, (ForkState { log, at, settled: at == 0 }, None)))
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

    fn fork(&self, log: Log) -> Result<Option<(Entry, ForkProof)>, LogsUnreadable> {
        let best = states(&self.reader).map_err(here)?.remove(&log).and_then(|(_, best)| best);
        Ok(best.map(|stored| (stored.entry, stored.proof)))
    }

    fn missing_payloads(&self, scope: &Scope, count: usize) -> Result<Vec<Place>, LogsUnreadable> {
        let mut withheld = Vec::new();
        let mut visit = |place| {
            withheld.push(place);
            // Those that this node may not read stay in the way of nothing.
            if withheld.len() < count * 16 {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        };
        self.reader.withheld(&mut visit).map_err(here)?;
        let mut places = Vec::new();
        for place in withheld {
            let Some(stored) = self.reader.entry(place).map_err(here)? else { continue };
            let may = self.node.roster(|roster| {
                scope.shares_log(roster, place.device)
                    && scope.mine.may_read(roster, &stored.entry)
                    && scope.theirs.may_read(roster, &stored.entry)
            });
            if may {
                places.push(place);
            }
            if places.len() >= count {
                break;
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
}
