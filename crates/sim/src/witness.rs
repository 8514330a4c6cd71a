//! Trees, checkpoints, witnesses and proofs of receipt at a simulated node. Everything is decided from the entries that
//! are held, so that a start finds what was there before it.

use crate::{
    bug::Bug,
    chance::Chance,
    memo::{Signed, Word},
    node::SimNode,
    oracle::Oracle,
};
use pehra_ledger::{
    DeviceId, Entry, Hash, Place, PublicKey, Signature,
    certificate::{LastAccepted, Revocation},
    checkpoint::{
        Checkpoint, Origin, Published, WITNESSES, cosign, cosigned, decode_witnessed,
        encode_witnessed, follows,
    },
    fork::SignedHeader,
    proof::{Cosigned, Proof, WITNESSES_MAX},
    statement::{CHECKPOINT, Said, WITNESSED},
    tile::{Growth, TileBook},
    tree,
};
use std::collections::{BTreeMap, BTreeSet};

/// What a node knows of trees.
#[derive(Clone, Debug, Default)]
pub struct Trees {
    /// Whose node signed two roots for one size.
    pub forked: BTreeSet<Origin>,
    /// What this node witnessed last, of each tree.
    witnessed: BTreeMap<Origin, Checkpoint>,
    /// What nodes signed, by tree and size.
    seen: BTreeMap<(Origin, u64), Hash>,
    /// Words of witnesses, by the checkpoint's text.
    words: BTreeMap<String, BTreeMap<DeviceId, Cosigned>>,
    /// Revocations that a planted bug has looked at.
    looked_at: BTreeSet<Hash>,
    /// Checkpoints that nobody here has looked at as a witness yet.
    waiting: Vec<Signed>,
}

/// A tree in memory.
pub fn grown(leaves: &[Hash]) -> TileBook {
    let (mut growth, mut book) = (Growth::default(), TileBook::default());
    leaves.iter().for_each(|leaf| growth.push(leaf));
    for (level, index, hashes) in growth.take_changed() {
        book.0.insert((level, index), hashes);
    }
    book
}

/// A checkpoint of a tree of these entries.
pub fn checkpoint_of(origin: Origin, leaves: &[Hash]) -> Option<Checkpoint> {
    let size = u64::try_from(leaves.len()).ok()?;
    let root = tree::root(&grown(leaves), size).ok()?;
    Some(Checkpoint { origin, size, root })
}

/// The checkpoint that an entry publishes, signed by its own log.
fn published(node: &SimNode, entry: &Entry) -> Option<Signed> {
    if entry.header().kind != CHECKPOINT {
        return None;
    }
    let body = entry.payload()?.body();
    let key = node.book.roster.key(entry.header().place.device)?;
    node.memo.published(entry.hash(), key, || {
        let published = Published::decode(body).ok()?;
        let checkpoint = Checkpoint::of_note(&published.note, key).ok()?;
        Some((published, checkpoint))
    })
}

/// What a witness's entry says, if its signature holds.
fn word(body: &[u8], device: DeviceId, key: PublicKey) -> Option<Word> {
    let note = decode_witnessed(body).ok()?;
    let checkpoint = Checkpoint::from_text(note.text()).ok()?;
    let time_s = cosigned(&note, crate::node::ELECTION, key)?;
    let signature = note.signatures().first()?.signature.get(8..)?;
    let signature = Signature(signature.try_into().ok()?);
    let cosigned = Cosigned { device, time_s, signature };
    Some(Word { text: note.text().to_owned(), checkpoint, cosigned })
}

impl SimNode {
    /// Every checkpoint that this node holds.
    #[must_use]
    pub fn checkpoints_held(&self) -> Vec<Checkpoint> {
        let all = self.book.logs.entries().filter_map(|entry| published(self, entry));
        all.map(|signed| signed.1).collect()
    }

    fn origin(&self) -> Origin {
        Origin { election: crate::node::ELECTION, device: self.id(), epoch: self.epoch }
    }

    /// What this node's own tree is of: entries in the order in which they came.
    #[must_use]
    pub fn leaves(&self) -> Vec<Hash> {
        let at = |place: &Place| {
            let log = self.book.logs.of_log(place.device, place.epoch);
            log.get(usize::try_from(place.seq).ok()?).map(Entry::hash)
        };
        self.arrived.iter().filter_map(at).collect()
    }

    fn own_checkpoints(&self) -> Vec<Signed> {
        let log = self.book.logs.of_log(self.id(), self.epoch).iter();
        log.filter_map(|entry| published(self, entry)).collect()
    }

    /// Signs and publishes a checkpoint of all that is held.
    pub fn publish_tree(&mut self, now_ms: u64, oracle: &mut Oracle, chance: &mut Chance) {
        let leaves = self.leaves();
        let last = self.own_checkpoints().pop().map(|last| last.1);
        let Some(next) = checkpoint_of(self.origin(), &leaves) else { return };
        let old = last.map_or(0, |last| last.size);
        if next.size <= old {
            return;
        }
        let Ok(path) = tree::consistency(&grown(&leaves), old, next.size) else { return };
        // A disk that has lost something has another tree: then nothing is signed.
        if follows(last.as_ref(), &next, &path).is_err() {
            return;
        }
        let Ok(note) = next.sign(&self.key) else { return };
        oracle.note_tree(&next, leaves);
        oracle.true_trees.insert((next.origin, next.size, next.root));
        let body = Published { note, old, path }.encode();
        self.say(CHECKPOINT, "pk", "", &body, now_ms, oracle, chance);
    }

    /// Looks at an entry that was kept, now or at a start.
    pub(crate) fn observe(&mut self, entry: &Entry, starts: bool) {
        if let Some(signed) = published(self, entry) {
            let checkpoint = &signed.1;
            let at = (checkpoint.origin, checkpoint.size);
            let root = *self.trees.seen.entry(at).or_insert(checkpoint.root);
            if root != checkpoint.root && !self.has(Bug::TreeForkUnseen) {
                self.trees.forked.insert(checkpoint.origin);
            }
            if !starts {
                self.trees.waiting.push(signed);
            }
        }
        if entry.header().kind == WITNESSED {
            self.observe_word(entry, starts);
        }
    }

    fn observe_word(&mut self, entry: &Entry, starts: bool) -> Option<()> {
        let body = entry.payload()?.body();
        let device = entry.header().place.device;
        let key = self.book.roster.key(device)?;
        let word = self.memo.word(entry.hash(), key, || word(body, device, key))?;
        let checkpoint = word.checkpoint;
        if !self.trees.words.contains_key(&word.text) {
            self.trees.words.insert(word.text.clone(), BTreeMap::new());
        }
        self.trees.words.get_mut(&word.text)?.insert(device, word.cosigned);
        let forgets = starts && self.has(Bug::WitnessForgets);
        if device == self.id() && !forgets {
            let kept = self.trees.witnessed.entry(checkpoint.origin).or_insert(checkpoint);
            if kept.size < checkpoint.size {
                *kept = checkpoint;
            }
        }
        Some(())
    }

    /// Signs what it may witness of all that came, and proves what it saw before a theft.
    pub fn witness(&mut self, now_ms: u64, oracle: &mut Oracle, chance: &mut Chance) {
        let wall_ms = self.wall_ms(now_ms);
        for signed in std::mem::take(&mut self.trees.waiting) {
            if self.up && self.book.roster.is_witness(self.id(), wall_ms) {
                self.witness_one(&signed.0, now_ms, oracle, chance);
            }
        }
        let stolen: Vec<Revocation> = self.book.roster.thefts().cloned().collect();
        let stolen = self.once_only(stolen);
        let receipts: Vec<Said> = stolen.iter().flat_map(|it| self.prove_before(it)).collect();
        if self.up && !receipts.is_empty() {
            let _kept = self.learn(receipts);
        }
    }

    /// The planted bug: what was once looked at is not looked at again.
    fn once_only(&mut self, mut stolen: Vec<Revocation>) -> Vec<Revocation> {
        if self.has(Bug::ProvenOnce) {
            stolen.retain(|it| self.trees.looked_at.insert(it.name()));
        }
        stolen
    }

    fn witness_one(
        &mut self,
        published: &Published,
        now_ms: u64,
        oracle: &mut Oracle,
        chance: &mut Chance,
    ) -> Option<()> {
        let next = Checkpoint::from_text(published.note.text()).ok()?;
        if next.origin.device == self.id() {
            return None;
        }
        let seen = self.trees.witnessed.get(&next.origin);
        let grows = follows(seen, &next, &published.path).is_ok();
        if seen == Some(&next) || (!grows && !self.has(Bug::WitnessUnproven)) {
            return None;
        }
        let time_s = self.wall_ms(now_ms) / 1_000;
        let line = cosign(&next, &self.key, time_s).ok()?;
        let body = encode_witnessed(&next.text(), line).ok()?;
        // Decision and signature reach the disk together, before anybody sees either.
        if self.say(WITNESSED, "pk", "", &body, now_ms, oracle, chance) {
            let life = self.disk.is_honest().then_some(self.life);
            oracle.note_word(self.id(), life, &next, time_s);
        }
        Some(())
    }

    /// Proofs of the last entries of a stolen device that enough witnesses saw in time.
    fn prove_before(&self, revocation: &Revocation) -> Vec<Said> {
        let Some(before_ms) = revocation.body.witnessed_before_ms else { return Vec::new() };
        let leaves = self.leaves();
        let mut found = Vec::new();
        for signed in self.own_checkpoints().iter().rev() {
            let (published, checkpoint) = &**signed;
            let words = self.trees.words.get(published.note.text());
            let in_time = |it: &&Cosigned| {
                let at_ms = it.time_s * 1_000;
                at_ms < before_ms && self.book.roster.is_witness(it.device, at_ms)
            };
            let words: Vec<Cosigned> =
                words.into_iter().flat_map(BTreeMap::values).filter(in_time).copied().collect();
            let size = usize::try_from(checkpoint.size).unwrap_or(usize::MAX);
            let Some(leaves) = leaves.get(..size).filter(|_| words.len() >= WITNESSES) else {
                continue;
            };
            if checkpoint_of(checkpoint.origin, leaves).as_ref() != Some(checkpoint) {
                continue;
            }
            for last in &revocation.body.last {
                let at = Place { device: revocation.body.key, epoch: last.epoch, seq: last.seq };
                found.extend(self.proof_of(at, leaves, published, checkpoint, words.clone()));
            }
            break;
        }
        found
    }

    /// The proof of the latest entry of a log, up to a place, that lies under a checkpoint.
    fn proof_of(
        &self,
        at: Place,
        leaves: &[Hash],
        published: &Published,
        under: &Checkpoint,
        mut witnesses: Vec<Cosigned>,
    ) -> Option<Said> {
        let log = self.book.logs.of_log(at.device, at.epoch).iter();
        let mut before = log.take_while(|entry| entry.header().place.seq <= at.seq);
        let covered = |entry: &&Entry| leaves.contains(&entry.hash());
        let entry = before.by_ref().filter(covered).last()?;
        let index = leaves.iter().position(|leaf| *leaf == entry.hash())?;
        let index = u64::try_from(index).ok()?;
        let signature = published.note.signatures().first()?.signature.clone();
        witnesses.sort_unstable();
        witnesses.truncate(WITNESSES_MAX);
        let mut devices = vec![at.device, under.origin.device];
        devices.extend(witnesses.iter().map(|it| it.device));
        Some(Said::Receipt(Box::new(Proof {
            signed: SignedHeader::of(entry),
            index,
            path: tree::inclusion(&grown(leaves), index, under.size).ok()?,
            device: under.origin.device,
            epoch: under.origin.epoch,
            size: under.size,
            log_signature: Signature(signature.try_into().ok()?),
            witnesses,
            certificates: self.book.roster.chains(devices),
        })))
    }

    /// The last entries of a device that lie in a tree of this node which enough witnesses saw in time, by their words
    /// here: as the oracle counts them.
    pub(crate) fn provable(
        &self,
        oracle: &Oracle,
        device: DeviceId,
        last: &[LastAccepted],
        before_ms: u64,
    ) -> Vec<(Place, Hash)> {
        let mut found = Vec::new();
        for signed in self.own_checkpoints() {
            let (published, Checkpoint { origin, size, root }) = &*signed;
            let words = self.trees.words.get(published.note.text());
            let counts = |it: &&Cosigned| {
                ![device, self.id()].contains(&it.device)
                    && it.time_s * 1_000 < before_ms
                    && oracle.counts_as_witness(it.device, it.time_s)
            };
            let enough = words.into_iter().flat_map(BTreeMap::values).filter(counts).count();
            // A tree that a thief signed of leaves that nobody has proves nothing.
            let at = (*origin, *size, *root);
            let enough = enough >= WITNESSES && oracle.true_trees.contains(&at);
            let Some(tree) = oracle.trees.get(&at).filter(|_| enough) else { continue };
            for last in last {
                let log = self.book.logs.of_log(device, last.epoch).iter();
                let up_to = log.take_while(|it| it.header().place.seq <= last.seq);
                let lies_in = |it: &&Entry| tree.contains(&it.hash());
                let latest = up_to.filter(lies_in).last();
                found.extend(latest.map(|it| (it.header().place, it.hash())));
            }
        }
        found
    }

    /// What the planted bugs believe of a stolen device's entry.
    pub(crate) fn believes_receipt(&self, place: Place, before_ms: u64) -> bool {
        let roster = &self.book.roster;
        let mut claims = self.claimed.iter().map(|(place, _)| *place);
        if self.has(Bug::ReceiptUnchecked)
            && claims.any(|it| {
                it.device == place.device && it.epoch == place.epoch && place.seq <= it.seq
            })
        {
            return true;
        }
        let needed = if self.has(Bug::OneWitnessEnough) { 1 } else { WITNESSES };
        let late = self.has(Bug::LateWitnessEnough);
        if needed == WITNESSES && !late {
            return false;
        }
        self.claimed.iter().filter(|(_, holds)| holds.is_some()).any(|(at, proof)| {
            let Some(proof) = proof else { return false };
            let counts = |it: &&Cosigned| {
                let at_ms = it.time_s * 1_000;
                ![at.device, proof.device].contains(&it.device)
                    && (late || at_ms < before_ms)
                    && roster.is_witness(it.device, at_ms)
            };
            at.device == place.device
                && at.epoch == place.epoch
                && place.seq <= at.seq
                && proof.witnesses.iter().filter(counts).count() >= needed
        })
    }
}
