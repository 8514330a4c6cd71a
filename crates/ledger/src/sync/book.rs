//! A desk in memory: for simulations, measurements and tests.

use super::desk::{Desk, Taken, Wanted};
use super::element::Log;
use super::holding::{ForkState, Holding};
use super::scope::Scope;
use crate::certificate::Subject;
use crate::entry::Entry;
use crate::fork::{ForkProof, SignedHeader};
use crate::hash::Hash;
use crate::header::Place;
use crate::ingest::{Ingested, Intake, Verify};
use crate::key::DeviceId;
use crate::log::{LogBook, Logs, LogsUnreadable};
use crate::manifest::Manifest;
use crate::roster::{Held, Root, Roster};
use crate::statement::Said;
use std::collections::{BTreeMap, BTreeSet};

/// A ledger in memory, with its roster, forks and datasets.
#[derive(Clone, Debug)]
pub struct Book {
    election: [u8; 16],
    pub roster: Roster,
    pub logs: LogBook,
    forks: BTreeMap<Log, (Entry, ForkProof)>,
    pub manifests: BTreeMap<Hash, Manifest>,
    pub chunks: BTreeMap<Hash, Vec<u8>>,
    /// Datasets that entries name.
    pub named: Vec<Hash>,
    /// Unix milliseconds, for the flags of clocks.
    pub now_ms: u64,
    /// Chance that senders do not know.
    pub seed: [u8; 32],
}

fn log_of(place: Place) -> Log {
    (place.device, place.epoch)
}

impl Book {
    #[must_use]
    pub fn new(election: [u8; 16], root: Root) -> Self {
        Self {
            election,
            roster: Roster::new(election, root),
            logs: LogBook::default(),
            forks: BTreeMap::new(),
            manifests: BTreeMap::new(),
            chunks: BTreeMap::new(),
            named: Vec::new(),
            now_ms: 0,
            seed: [0; 32],
        }
    }

    /// Takes one statement in; answers whether it was new.
    pub fn learn(&mut self, said: Said) -> bool {
        let root = self.roster.root();
        !self.roster.knows(&said) && Held::check(said, root).is_ok_and(|held| self.learn_held(held))
    }

    /// Takes one statement in whose signatures were checked; answers whether it was new.
    pub fn learn_held(&mut self, held: Held) -> bool {
        let said = held.said();
        let device = match said {
            Said::Certificate(one) if one.body.subject == Subject::DEVICE => Some(one.body.key),
            Said::Certificate(_) | Said::Revocation(_) | Said::Receipt(_) => None,
        };
        let is_office = device.is_none() && matches!(said, Said::Certificate(_));
        let new = self.roster.take_held(held).unwrap_or(false);
        if let (true, Some(key)) = (new, device)
            && self.roster.is_chained(key.id())
        {
            self.logs.know(key);
        }
        // An office that comes late stands behind devices that came before it.
        if new && is_office {
            let bodies = self.roster.all_certificates().map(|(_, one)| &one.body);
            let devices = bodies.filter(|it| it.subject == Subject::DEVICE).map(|it| it.key);
            let keys: Vec<_> = devices.filter(|key| self.roster.is_chained(key.id())).collect();
            keys.into_iter().for_each(|key| self.logs.know(key));
        }
        new
    }

    /// Every fork that is known.
    #[must_use]
    pub fn fork_states(&self) -> Vec<ForkState> {
        let state = |(log, at): (&Log, &u64)| match self.forks.get(log) {
            Some((_, proof)) => ForkState::of(*log, *at, proof),
            None => ForkState::unproven(*log, *at),
        };
        self.logs.forked().iter().map(state).collect()
    }

    /// The proofs that are kept, one for each forked log.
    pub fn fork_proofs(&self) -> impl Iterator<Item = &ForkProof> {
        self.forks.values().map(|(_, proof)| proof)
    }

    /// Every entry that is held: those of the logs, and those that proofs of forks carry.
    pub fn copies(&self) -> impl Iterator<Item = &Entry> {
        self.logs.entries().chain(self.forks.values().map(|(entry, _)| entry))
    }

    /// Takes the payloads of some entries away, wherever a copy is held: a fork's proof carries one, too.
    pub fn withhold(&mut self, is_gone: &dyn Fn(&Entry) -> bool) {
        self.logs.withhold(is_gone);
        for (entry, _) in self.forks.values_mut().filter(|(entry, _)| is_gone(entry)) {
            *entry = entry.clone().withheld();
        }
    }

    /// Takes entries in; `verify` checks their signatures, if somebody else than this does.
    ///
    /// # Errors
    /// [`LogsUnreadable`], as for every desk.
    pub fn take_entries_by(
        &mut self,
        entries: Vec<Entry>,
        verify: Option<&Verify<'_>>,
    ) -> Result<Vec<Taken>, LogsUnreadable> {
        let mut intake = Intake::new(&self.logs, self.election, self.now_ms);
        if let Some(verify) = verify {
            intake = intake.verified_by(verify);
        }
        let logs: BTreeSet<Log> = entries.iter().map(|it| log_of(it.header().place)).collect();
        let ingested = intake.ingest_decoded(entries, self.seed)?;
        let mut taken = Vec::with_capacity(ingested.len());
        for one in ingested {
            taken.push(match one {
                Ingested::Accepted(entry, _) => {
                    if let Ok(said) = Said::of_entry(&entry) {
                        self.learn(said);
                    }
                    self.logs.append(*entry);
                    Taken::New
                }
                Ingested::Known(entry) => {
                    self.logs.complete(*entry);
                    Taken::Known
                }
                Ingested::Refused(refusal) => Taken::Refused(refusal),
                Ingested::Forked(entry, proof, fork) => {
                    if self.keep_fork(*entry, proof, fork.place) {
                        Taken::Forked
                    } else {
                        Taken::Known
                    }
                }
            });
        }
        logs.into_iter().for_each(|log| self.look_before_fork(log));
        Ok(taken)
    }

    /// Of a log that is known to fork, what is held right before may show that the histories parted earlier.
    fn look_before_fork(&mut self, log: Log) {
        let Some((entry, proof)) = self.forks.get(&log) else { return };
        let at = self.logs.forked().get(&log).and_then(|at| at.checked_sub(1));
        let place = at.map(|seq| Place { device: log.0, epoch: log.1, seq });
        let before = place.and_then(|place| self.logs.entry(place)).map(SignedHeader::of);
        let Some(proof) = before.and_then(|before| proof.earlier(&before)) else { return };
        if let (Some(entry), Some(place)) = (proof.shown(entry), place) {
            self.keep_fork(entry, proof, place);
        }
    }

    fn keep_fork(&mut self, entry: Entry, proof: ForkProof, place: Place) -> bool {
        let log = log_of(place);
        let state = ForkState::of(log, place.seq, &proof);
        let kept = self.logs.forked().get(&log).copied();
        let better = match (kept, self.forks.get(&log)) {
            (Some(at), Some((_, kept))) => {
                let kept = ForkState::of(log, at, kept);
                (state.at, !state.settled) < (kept.at, !kept.settled)
            }
            (_, _) => true,
        };
        if better {
            self.logs.mark_forked(place);
            self.forks.insert(log, (entry, proof));
        }
        better
    }
}

impl Desk for Book {
    fn with_roster(&self, look: &mut dyn FnMut(&Roster)) {
        look(&self.roster);
    }

    fn holding(&self, scope: &Scope) -> Result<Holding, LogsUnreadable> {
        Ok(Holding::of(&self.roster, &self.logs.heads(), &self.fork_states(), scope))
    }

    fn statement(&self, name: &Hash) -> Result<Option<Said>, LogsUnreadable> {
        Ok(self.roster.statement(name))
    }

    fn entries(
        &self,
        (device, epoch): Log,
        from: u64,
        until: Option<u64>,
        bytes_max: usize,
    ) -> Result<Vec<Entry>, LogsUnreadable> {
        let (mut some, mut bytes) = (Vec::new(), 0);
        let log = self.logs.of_log(device, epoch).iter();
        let skip = usize::try_from(from).unwrap_or(usize::MAX);
        for entry in log.skip(skip).take_while(|it| until.is_none_or(|u| it.header().place.seq < u))
        {
            bytes += entry.header_bytes().len() + entry.payload().map_or(0, |it| it.bytes().len());
            some.push(entry.clone());
            if bytes >= bytes_max {
                break;
            }
        }
        Ok(some)
    }

    fn fork(&self, log: Log) -> Result<Option<(Entry, ForkProof)>, LogsUnreadable> {
        Ok(self.forks.get(&log).cloned())
    }

    fn missing_payloads(
        &self,
        scope: &Scope,
        asked: &dyn Fn(&Place) -> bool,
        count: usize,
    ) -> Result<Vec<Place>, LogsUnreadable> {
        let lacking = self.logs.entries().filter(|entry| entry.payload().is_none());
        let lacking = lacking.filter(|entry| !asked(&entry.header().place));
        Ok(lacking
            .filter(|entry| scope.shares_log(&self.roster, entry.header().place.device))
            .filter(|entry| {
                scope.mine.may_read(&self.roster, entry)
                    && scope.theirs.may_read(&self.roster, entry)
            })
            .map(|entry| entry.header().place)
            .take(count)
            .collect())
    }

    fn missing_objects(
        &self,
        scope: &Scope,
        absent: &dyn Fn(&Wanted) -> bool,
        count: usize,
    ) -> Result<Vec<Wanted>, LogsUnreadable> {
        let mut wanted = Vec::new();
        for &manifest in &self.named {
            match self.manifests.get(&manifest) {
                None => wanted.push(Wanted { manifest, chunk: None }),
                Some(named) => wanted.extend(
                    named
                        .chunks()
                        .iter()
                        .filter(|chunk| scope.mine.concerns(&chunk.area))
                        .filter(|chunk| !self.chunks.contains_key(&chunk.hash))
                        .map(|chunk| Wanted { manifest, chunk: Some(chunk.hash) }),
                ),
            }
        }
        wanted.retain(|it| !absent(it));
        wanted.truncate(count);
        Ok(wanted)
    }

    fn manifest(&self, name: Hash) -> Result<Option<Manifest>, LogsUnreadable> {
        Ok(self.manifests.get(&name).cloned())
    }

    fn chunk(&self, name: Hash) -> Result<Option<Vec<u8>>, LogsUnreadable> {
        Ok(self.chunks.get(&name).cloned())
    }

    fn take_statements(&mut self, statements: Vec<Said>) -> Result<usize, LogsUnreadable> {
        Ok(statements.into_iter().filter(|said| self.learn(said.clone())).count())
    }

    fn take_entries(&mut self, entries: Vec<Entry>) -> Result<Vec<Taken>, LogsUnreadable> {
        self.take_entries_by(entries, None)
    }

    fn take_fork(
        &mut self,
        entry: Entry,
        proof: ForkProof,
    ) -> Result<Option<bool>, LogsUnreadable> {
        let device: DeviceId = entry.header().place.device;
        let Some(key) = self.logs.key(device)? else { return Ok(Some(false)) };
        let shows = proof.other == SignedHeader::of(&entry);
        let Some(fork) = proof.verify(&key).filter(|_| shows) else { return Ok(None) };
        let is_new = self.keep_fork(entry, proof, fork.place);
        self.look_before_fork(log_of(fork.place));
        Ok(Some(is_new))
    }

    fn take_object(&mut self, wanted: Wanted, bytes: Vec<u8>) -> Result<bool, LogsUnreadable> {
        if Hash::of(&bytes) != wanted.chunk.unwrap_or(wanted.manifest) {
            return Ok(false);
        }
        match (wanted.chunk, Manifest::decode(&bytes)) {
            (Some(hash), _) => drop(self.chunks.insert(hash, bytes)),
            (None, Ok(manifest)) => drop(self.manifests.insert(wanted.manifest, manifest)),
            (None, Err(_)) => return Ok(false),
        }
        Ok(true)
    }
}
