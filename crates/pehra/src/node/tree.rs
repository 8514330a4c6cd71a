//! Checkpoints of what this node received, witnesses of what others received, and the proof of one entry.
//!
//! All of it travels as entries of the ledger's own kinds, over whatever carries entries: a node publishes its
//! checkpoint with the proof that it grew out of the one before, a witness answers with its signature, both in their own
//! logs and so in their own order.

use super::{Node, NodeError, Writer, ledger_ms, now, random};
use pehra_domain::AreaId;
use pehra_ledger::{
    ClockQuality, DeviceId, Draft, Entry, Payload, Place, PublicKey, Signature,
    certificate::{Revocation, RevocationBody},
    checkpoint::{
        self, Checkpoint, CheckpointError, CosignRefusal, Origin, Published, WITNESS, WITNESSES,
        follows, witness_of_name,
    },
    fork::SignedHeader,
    genesis::Genesis,
    note::{Note, NoteError},
    proof::{Cosigned, Proof, WITNESSES_MAX},
    roster::Roster,
    statement::{self, Said},
    tile::{self, Tile, Tiles},
    tree,
};
use pehra_store::{Batch, KeptCheckpoint, Receipt, StoreError, TreeFork};
use std::ops::ControlFlow;

/// What a node says about trees.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct TreeReport {
    /// Entries in this node's own tree.
    pub size: u64,
    /// This node's newest checkpoint, with every signature that came.
    pub newest: Option<Note>,
    /// Names of other nodes' trees of which checkpoints are kept.
    pub others: Vec<String>,
    /// Trees whose node signed two histories.
    pub forked: Vec<String>,
}

impl Node {
    /// The election's public root: the founding file of the election that this node has joined, or, while it stands
    /// alone, one of its own key.
    ///
    /// # Errors
    /// [`NodeError::Table`] when the election's name founds nothing.
    pub fn public_root(&self) -> Result<Genesis, NodeError> {
        if let Some(genesis) = self.genesis() {
            return Ok(genesis.clone());
        }
        let held = self.writer().store.setting(super::open::ELECTION_SETTING)?;
        let election = held.unwrap_or_default();
        Genesis::try_new(&election, vec![self.public_key()], 1)
            .map_err(|error| NodeError::Table(error.to_string()))
    }

    pub(super) fn origin(&self) -> Origin {
        let (election, device) = (self.inner.election, self.inner.key.id());
        Origin { election, device, epoch: self.inner.epoch }
    }

    /// What is known of this node's tree and of others.
    ///
    /// # Errors
    /// [`NodeError`] when the disk could not be read.
    pub fn tree_report(&self) -> Result<TreeReport, NodeError> {
        let (reader, own) = (self.reader(), self.origin().name());
        let newest = reader.checkpoints(&own)?.pop().map(|(_, note)| note);
        let others = reader.trees()?.into_iter().filter(|name| *name != own).collect();
        let forked = reader.tree_forks()?.into_iter().map(|fork| fork.origin).collect();
        Ok(TreeReport { size: reader.tree_size()?, newest, others, forked })
    }

    /// Signs and publishes a checkpoint of all that this node holds, after what it may prove of thefts; none when nothing came since the last one but
    /// checkpoints, cosignatures and receipts, which would answer each other for ever.
    ///
    /// # Errors
    /// [`NodeError`] when the disk failed, or [`NodeError::Table`] when the tree on it does not grow out of what was
    /// signed before: then nothing is signed.
    pub fn checkpoint(&self) -> Result<Option<Note>, NodeError> {
        // A node that stopped between a witness's word and the proof makes up for it here.
        self.prove_before_thefts()?;
        let mut guard = self.writer();
        let writer = &mut *guard;
        let origin = self.origin();
        let last = writer.store.checkpoints(&origin.name())?.pop().map(|(last, _)| last);
        let after = last.map_or(0, |last| last.size);
        let size = writer.store.grow_tree(&mut |_| ControlFlow::Continue(()))?;
        if size <= after || !has_news(writer, after)? {
            return Ok(None);
        }
        let root = tree::root(&*writer.store, size).map_err(unreadable)?;
        let path = tree::consistency(&*writer.store, after, size).map_err(unreadable)?;
        let next = Checkpoint { origin, size, root };
        follows(last.as_ref(), &next, &path).map_err(unreadable)?;
        let note = next.sign(&self.inner.key).map_err(unreadable)?;
        let published = Published { note: note.clone(), old: after, path };
        let kept = KeptCheckpoint { checkpoint: next, note: note.clone(), cosigned: false };
        self.say(writer, statement::CHECKPOINT, &published.encode(), vec![kept])?;
        drop(guard);
        self.live().publish("node", serde_json::json!({}));
        Ok(Some(note))
    }

    /// Writes an entry of one of the ledger's own kinds into this node's log, with the checkpoints that it is about, in
    /// one transaction.
    pub(super) fn say(
        &self,
        writer: &mut Writer,
        kind: u32,
        body: &[u8],
        checkpoints: Vec<KeptCheckpoint>,
    ) -> Result<(), NodeError> {
        let draft = Draft {
            election: self.inner.election,
            clock: writer.clock.tick(ledger_ms(now())),
            clock_quality: ClockQuality::UNKNOWN,
            area: own_area(&writer.roster, self.inner.key.id()),
            kind,
            person: String::new(),
            role: String::new(),
            causes: Vec::new(),
            cosigners: Vec::new(),
            extras: Vec::new(),
            payload: Payload::try_new(random()?, body)?,
        };
        let entry = Entry::seal(&self.inner.key, &draft, writer.store.next(self.inner.key.id())?)?;
        let batch = Batch {
            devices: vec![self.inner.key.public()],
            entries: vec![(entry.clone(), 0)],
            checkpoints,
            ..self.batch()
        };
        writer.store.commit(&batch)?;
        self.fold_own(writer, vec![entry]);
        Ok(())
    }

    /// Looks at what arrived: keeps checkpoints and cosignatures, and signs what it may witness. An entry that says
    /// nothing readable stays an entry and nothing more.
    pub(super) fn witness(&self, writer: &mut Writer, fresh: &[Entry]) -> Result<(), NodeError> {
        for entry in fresh {
            let Some(payload) = entry.payload() else { continue };
            let outcome = match entry.header().kind {
                statement::CHECKPOINT => self.witness_checkpoint(writer, entry, payload.body()),
                statement::WITNESSED => self.take_cosignature(writer, entry, payload.body()),
                _ => continue,
            };
            match outcome {
                Ok(()) => {}
                Err(Unwitnessed::Node(error)) => return Err(error),
                Err(Unwitnessed::Refused(refused)) => {
                    tracing::warn!(%refused, place = %entry.header().place, "not cosigned");
                }
            }
        }
        Ok(())
    }

    fn witness_checkpoint(
        &self,
        writer: &mut Writer,
        entry: &Entry,
        body: &[u8],
    ) -> Result<(), Unwitnessed> {
        let published = Published::decode(body)?;
        let key = self.key_of(writer, entry.header().place.device)?;
        let next = Checkpoint::of_note(&published.note, key)?;
        if next.origin.election != self.inner.election {
            return Err(CosignRefusal::NotSigned.into());
        }
        let name = next.origin.name();
        self.keep_tree_fork(writer, &next, &published.note)?;
        let seen = writer.store.cosigned(&name)?;
        let kept = |cosigned, note| KeptCheckpoint { checkpoint: next, note, cosigned };
        let own = self.inner.key.id();
        let may = next.origin.device != own && writer.roster.is_witness(own, ledger_ms(now()));
        if !may {
            let checkpoints = vec![kept(false, published.note)];
            let batch = Batch { checkpoints, ..Batch::default() };
            writer.store.commit(&batch)?;
            return Ok(());
        }
        if seen.is_some_and(|seen| seen == next) {
            return Ok(());
        }
        follows(seen.as_ref(), &next, &published.path)?;
        let time_s = ledger_ms(now()) / 1_000;
        let line = checkpoint::cosign(&next, &self.inner.key, time_s)?;
        let body = checkpoint::encode_witnessed(&next.text(), line.clone());
        let body = body?;
        let mut note = published.note;
        note.add(line)?;
        // Decision and signature reach the disk together, before anybody sees either.
        self.say(writer, statement::WITNESSED, &body, vec![kept(true, note)])?;
        Ok(())
    }

    /// Two roots for one size, both signed by the log, are kept as proof whoever holds a role here.
    fn keep_tree_fork(
        &self,
        writer: &mut Writer,
        next: &Checkpoint,
        note: &Note,
    ) -> Result<(), NodeError> {
        let origin = next.origin.name();
        let held = writer.store.checkpoints(&origin)?;
        let other =
            held.into_iter().find(|(one, _)| one.size == next.size && one.root != next.root);
        let Some((_, held)) = other else { return Ok(()) };
        tracing::error!(%origin, size = next.size, "a node signed two histories of its tree");
        let found_ms = ledger_ms(now());
        let fork = TreeFork { origin, found_ms, held, other: note.clone() };
        writer.store.commit(&Batch { tree_forks: vec![fork], ..Batch::default() })?;
        Ok(())
    }

    /// A witness's word: its line joins the checkpoint. Our own word, come back after a restore, is remembered, so that
    /// we do not sign what contradicts it.
    fn take_cosignature(
        &self,
        writer: &mut Writer,
        entry: &Entry,
        body: &[u8],
    ) -> Result<(), Unwitnessed> {
        let note = checkpoint::decode_witnessed(body)?;
        let checkpoint = Checkpoint::from_text(note.text())?;
        let device = entry.header().place.device;
        let key = self.key_of(writer, device)?;
        if checkpoint::cosigned(&note, self.inner.election, key).is_none() {
            return Err(CosignRefusal::NotSigned.into());
        }
        let name = checkpoint.origin.name();
        let seen = writer.store.cosigned(&name)?;
        let further = seen.is_none_or(|seen| seen.size < checkpoint.size);
        let cosigned = device == self.inner.key.id() && further;
        let known = writer.store.checkpoint_of_text(note.text())?;
        if known.is_some() || cosigned {
            let kept = KeptCheckpoint { checkpoint, note, cosigned };
            let batch = Batch { checkpoints: vec![kept], ..Batch::default() };
            writer.store.commit(&batch)?;
        }
        Ok(())
    }

    fn key_of(&self, writer: &Writer, device: DeviceId) -> Result<PublicKey, NodeError> {
        let key = writer.store.device_key(device)?.or_else(|| writer.roster.key(device));
        key.ok_or(NodeError::Vanished("a device's key"))
    }

    /// The proof of one entry under the checkpoint of this node that most witnesses signed; a checkpoint is made when
    /// none covers the entry yet.
    ///
    /// # Errors
    /// [`NodeError::NoEntry`] when nothing is held at this place.
    pub fn prove(&self, place: Place) -> Result<Proof, NodeError> {
        let held = |node: &Self| {
            let stored = node.reader().entry(place)?;
            stored.ok_or_else(|| NodeError::NoEntry(place.to_string()))
        };
        let index = index_of(held(self)?.receipt);
        let own = self.origin().name();
        let covering = || -> Result<Vec<(Checkpoint, Note)>, NodeError> {
            let mut all = self.reader().checkpoints(&own)?;
            all.retain(|(checkpoint, _)| checkpoint.size > index);
            Ok(all)
        };
        let mut candidates = covering()?;
        if candidates.is_empty() {
            self.checkpoint()?;
            candidates = covering()?;
        }
        // The first of those with most witnesses: the earliest word counts for most, and none counts for more than is
        // needed. Each is looked at apart, so that nobody waits for the roster until all signatures are verified.
        let mut best: Option<(&(Checkpoint, Note), Vec<Cosigned>)> = None;
        for candidate in &candidates {
            let found = self.roster(|roster| self.cosigners(roster, &candidate.1, u64::MAX));
            let enough = found.len() >= WITNESSES;
            if best.as_ref().is_none_or(|(_, witnesses)| witnesses.len() < found.len()) {
                best = Some((candidate, found));
            }
            if enough {
                break;
            }
        }
        let best = best.ok_or_else(|| NodeError::NotCovered(place.to_string()))?;
        let ((checkpoint, note), witnesses) = best;
        self.proof_under(place, checkpoint, note, witnesses)
    }

    /// Entries with their proofs, all under one checkpoint: of those that cover every one of them the one that most
    /// witnesses signed.
    ///
    /// # Errors
    /// As [`Self::prove`].
    pub fn prove_all(&self, places: &[Place]) -> Result<(Note, Vec<(Entry, Proof)>), NodeError> {
        let mut entries = Vec::with_capacity(places.len());
        let mut last = 0;
        for place in places {
            let stored = self.reader().entry(*place)?;
            let stored = stored.ok_or_else(|| NodeError::NoEntry(place.to_string()))?;
            last = index_of(stored.receipt).max(last);
            entries.push(stored.entry);
        }
        let own = self.origin().name();
        let covering = || -> Result<Vec<(Checkpoint, Note)>, NodeError> {
            let mut all = self.reader().checkpoints(&own)?;
            all.retain(|(checkpoint, _)| checkpoint.size > last);
            Ok(all)
        };
        let mut candidates = covering()?;
        if candidates.is_empty() {
            self.checkpoint()?;
            candidates = covering()?;
        }
        let counted = candidates.into_iter().map(|(under, note)| {
            let witnesses = self.roster(|roster| self.cosigners(roster, &note, u64::MAX));
            (under, note, witnesses)
        });
        // Of equals the first: the earliest word counts for most.
        let best = counted.reduce(|best, one| if one.2.len() > best.2.len() { one } else { best });
        let (under, note, witnesses) = best.ok_or_else(|| NodeError::NotCovered(own.clone()))?;
        let mut proven = Vec::with_capacity(entries.len());
        for entry in entries {
            let place = entry.header().place;
            let proof = self.proof_under(place, &under, &note, witnesses.clone())?;
            proven.push((entry, proof));
        }
        Ok((note, proven))
    }

    fn proof_under(
        &self,
        place: Place,
        under: &Checkpoint,
        note: &Note,
        witnesses: Vec<Cosigned>,
    ) -> Result<Proof, NodeError> {
        let (signed, index, path) = {
            let reader = self.reader();
            let stored = reader.entry(place)?;
            let stored = stored.ok_or_else(|| NodeError::NoEntry(place.to_string()))?;
            let index = index_of(stored.receipt);
            let path = tree::inclusion(&*reader, index, under.size).map_err(unreadable)?;
            (SignedHeader::of(&stored.entry), index, path)
        };
        let own = under.origin.name();
        let by_log = note.signatures().iter().find(|line| line.name == own);
        let log_signature = by_log.and_then(|line| <[u8; 64]>::try_from(&*line.signature).ok());
        let log_signature = log_signature.ok_or(NodeError::Vanished("a checkpoint's signature"))?;
        let devices = [place.device, under.origin.device].into_iter();
        let devices = devices.chain(witnesses.iter().map(|one| one.device));
        let certificates = self.roster(|roster| roster.chains(devices));
        Ok(Proof {
            signed,
            index,
            path,
            device: under.origin.device,
            epoch: under.origin.epoch,
            size: under.size,
            log_signature: Signature(log_signature),
            witnesses,
            certificates,
        })
    }

    /// Who cosigned a checkpoint of ours before a moment and is a witness, ascending by device.
    fn cosigners(&self, roster: &Roster, note: &Note, before_ms: u64) -> Vec<Cosigned> {
        let cosigned = |line: &pehra_ledger::note::Line| {
            let device = witness_of_name(self.inner.election, &line.name)?;
            let time_s = checkpoint::cosigned(note, self.inner.election, roster.key(device)?)?;
            let signature = Signature(line.signature.get(8..)?.try_into().ok()?);
            let at_ms = time_s.saturating_mul(1_000);
            let counts = at_ms < before_ms && roster.is_witness(device, at_ms);
            counts.then_some(Cosigned { device, time_s, signature })
        };
        let mut all: Vec<Cosigned> = note.signatures().iter().filter_map(cosigned).collect();
        all.sort_unstable();
        all.dedup_by_key(|one| one.device);
        all.truncate(WITNESSES_MAX);
        all
    }

    /// After thefts: publishes the proof of the last entry of each epoch that enough witnesses saw in time, so that
    /// every node comes to the same judgement of what the device wrote before. Asked again whenever a revocation, a
    /// witness or a witness's word arrives, in whatever order; what is proven already is not proven again.
    ///
    /// # Errors
    /// [`NodeError`] when the disk failed.
    pub(super) fn prove_before_thefts(&self) -> Result<(), NodeError> {
        let thefts: Vec<Revocation> = self.roster(|roster| roster.thefts().cloned().collect());
        if thefts.is_empty() {
            return Ok(());
        }
        let all = self.reader().checkpoints(&self.origin().name())?;
        for theft in &thefts {
            self.prove_before_theft(&theft.body, &all)?;
        }
        Ok(())
    }

    fn prove_before_theft(
        &self,
        theft: &RevocationBody,
        all: &[(Checkpoint, Note)],
    ) -> Result<(), NodeError> {
        let Some(before_ms) = theft.witnessed_before_ms else { return Ok(()) };
        let last = self.roster(|roster| {
            all.iter()
                .rev()
                .map(|(under, note)| (under, note, self.cosigners(roster, note, before_ms)))
                .find(|(.., witnesses)| witnesses.len() >= WITNESSES)
        });
        let Some((under, note, witnesses)) = last else { return Ok(()) };
        for last in &theft.last {
            let at = Place { device: theft.key, epoch: last.epoch, seq: last.seq };
            let Some(place) = self.reader().last_under(at, under.size)? else { continue };
            let proof = self.proof_under(place, under, note, witnesses.clone())?;
            let hash = proof.signed.hash();
            if !self.roster(|roster| roster.is_witnessed(theft, place, hash)) {
                self.publish(Said::Receipt(Box::new(proof)))?;
            }
        }
        Ok(())
    }

    /// Gives out this node's tree as c2sp.org/tlog-tiles lays it out, under its newest checkpoint, file by file; answers
    /// the number of entries.
    ///
    /// # Errors
    /// [`NodeError`] when the disk could not be read or `keep` could not keep a file.
    pub fn tiles(
        &self,
        keep: &mut dyn FnMut(&str, &[u8]) -> std::io::Result<()>,
    ) -> Result<u64, NodeError> {
        self.checkpoint()?;
        let reader = self.reader();
        let newest = reader.checkpoints(&self.origin().name())?.pop();
        let (checkpoint, note) = newest.ok_or(NodeError::Vanished("a checkpoint"))?;
        let size = checkpoint.size;
        for tile in Tile::all(size) {
            let kept = reader.tile(tile.level, tile.index).map_err(unreadable)?;
            let mut hashes = kept.ok_or(NodeError::Vanished("a tile"))?;
            hashes.truncate(usize::from(tile.width));
            keep(&tile.path(), &tile::encode(&hashes)).map_err(NodeError::File)?;
            if tile.level == 0 {
                let entries = reader.entry_hashes(tile.index * tile::WIDTH, tile.width)?;
                keep(&tile.bundle_path(), &tile::bundle(&entries)).map_err(NodeError::File)?;
            }
        }
        // Last, so that whoever follows the files finds everything that it names.
        keep("checkpoint", note.to_text().as_bytes()).map_err(NodeError::File)?;
        Ok(size)
    }

    /// Whether this device was made a witness of others' trees.
    #[must_use]
    pub fn is_witness(&self) -> bool {
        let own = self.inner.key.id();
        self.roster(|roster| roster.is_witness(own, ledger_ms(now())))
    }
}

/// The role by which an office makes a device a witness.
pub const WITNESS_ROLE: &str = WITNESS;

/// Why nothing was signed.
enum Unwitnessed {
    Refused(CosignRefusal),
    Node(NodeError),
}

impl From<NodeError> for Unwitnessed {
    fn from(error: NodeError) -> Self {
        Self::Node(error)
    }
}

impl From<StoreError> for Unwitnessed {
    fn from(error: StoreError) -> Self {
        Self::Node(error.into())
    }
}

impl From<CosignRefusal> for Unwitnessed {
    fn from(refused: CosignRefusal) -> Self {
        Self::Refused(refused)
    }
}

impl From<CheckpointError> for Unwitnessed {
    fn from(error: CheckpointError) -> Self {
        Self::Refused(error.into())
    }
}

impl From<NoteError> for Unwitnessed {
    fn from(error: NoteError) -> Self {
        Self::Refused(error.into())
    }
}

fn index_of(receipt: Receipt) -> u64 {
    u64::try_from(receipt.0.saturating_sub(1)).unwrap_or_default()
}

/// Whether anything but words about trees came after the first `after` entries.
fn has_news(writer: &Writer, after: u64) -> Result<bool, NodeError> {
    let mut news = false;
    let about_trees = [statement::CHECKPOINT, statement::WITNESSED, statement::RECEIPT];
    let from = Receipt(i64::try_from(after).unwrap_or(i64::MAX));
    writer.store.entries_received(from, &mut |stored| {
        news = !about_trees.contains(&stored.entry.header().kind);
        if news { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    Ok(news)
}

fn unreadable(error: impl std::fmt::Display) -> NodeError {
    NodeError::Table(error.to_string())
}

/// The area for which a device speaks: the widest that its certificates give it; the whole while it stands alone.
fn own_area(roster: &Roster, device: DeviceId) -> String {
    let areas = roster.certificates(device).map(|it| it.body.area.as_str());
    let nation = AreaId::nation();
    areas.min_by_key(|area| area.len()).unwrap_or_else(|| nation.as_str()).to_owned()
}
