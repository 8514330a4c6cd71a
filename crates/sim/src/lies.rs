//! Stolen keys and what is done with them: twins that no longer log ever shows, trees with two histories, and proofs of
//! receipt that prove nothing.

use crate::{
    node::ELECTION,
    oracle::Revoked,
    witness::{checkpoint_of, grown},
    world::{NOW_MS, World},
};
use pehra_ledger::{
    Draft, Entry, Hash, Head, Payload, Signature, SigningKey,
    certificate::{
        Certificate, CertificateBody, LastAccepted, Revocation, RevocationBody, Subject,
    },
    checkpoint::{Checkpoint, Origin, Published, WITNESS, cosign},
    draft::Next,
    fork::SignedHeader,
    proof::{Cosigned, Proof},
    statement::{CHECKPOINT, RECEIPT, Said},
    sync::message::Ask,
    tree,
};

/// The witness whose key is in wrong hands too. Two of them would be believed, and that is the rule.
const CORRUPT: usize = 1;

impl World {
    /// A node signs its tree, and both that talk next will hear of it.
    pub(crate) fn publish(&mut self, at: usize) {
        let now_ms = self.now_ms;
        let Some(node) = self.nodes.get_mut(at).filter(|node| node.up && !node.silent) else {
            return;
        };
        node.publish_tree(now_ms, &mut self.oracle, &mut self.chance);
        self.tell(&format!("{at} signs its tree"));
    }

    /// What may be witnessed and proven is, at these nodes.
    pub(crate) fn witness(&mut self, nodes: &[usize]) {
        let now_ms = self.now_ms;
        for &at in nodes {
            if let Some(node) = self.nodes.get_mut(at).filter(|node| node.up) {
                node.witness(now_ms, &mut self.oracle, &mut self.chance);
            }
        }
    }

    /// Takes a device from its desk; at most a quarter of all, and never the two that carry everything.
    fn take_away(&mut self, at: usize) -> Option<(SigningKey, Next)> {
        let gone = self.nodes.iter().filter(|node| node.silent).count();
        let enough = gone >= self.nodes.len() / 4;
        let node = self.nodes.get_mut(at).filter(|node| at > 1 && node.up && !node.silent)?;
        if enough || self.oracle.revoked.contains_key(&node.id()) {
            return None;
        }
        node.silent = true;
        let log = node.book.logs.of_log(node.id(), node.epoch);
        let first = Next { epoch: node.epoch, seq: 0, previous: Hash::ZERO };
        let next = log.last().map_or(first, |entry| Head::of(entry).next());
        Some((SigningKey::from_seed(node.seed), next))
    }

    /// Seals with a stolen key what the thief wants, and remembers that it was the thief.
    fn steal_entry(&mut self, key: &SigningKey, draft: &Draft, next: Next) -> Option<Entry> {
        let entry = Entry::seal(key, draft, next).ok()?;
        self.oracle.note(&entry, true, true, self.now_ms);
        Some(entry)
    }

    /// The device writes once more and is gone; a copy of it writes something else in the same place. Nobody writes after
    /// either, so that both logs stay equally long for ever.
    pub(crate) fn twin(&mut self, at: usize) -> Option<()> {
        let node = self.nodes.get(at).filter(|node| node.up && !node.silent)?;
        let log = node.book.logs.of_log(node.id(), node.epoch);
        let first = Next { epoch: node.epoch, seq: 0, previous: Hash::ZERO };
        let next = log.last().map_or(first, |entry| Head::of(entry).next());
        let (area, role) = (node.area.clone(), node.role.clone());
        if next.epoch != 0 && next.seq == 0 {
            return None;
        }
        self.write(at);
        let (key, after) = self.take_away(at)?;
        if after.seq != next.seq + 1 {
            return None;
        }
        let draft = self.draft(ELECTION, &area, &role)?;
        let twin = self.steal_entry(&key, &draft, next)?;
        let to = self.any();
        if to != at {
            self.inject(to, Ask::GiveEntries { entries: vec![twin.encode()] });
        }
        Some(())
    }

    /// A stolen key signs two trees of one size: in one log for everybody to see, or in two that contradict each other.
    pub(crate) fn lie_tree(&mut self, at: usize) -> Option<()> {
        let node = self.nodes.get(at)?;
        let epoch = node.epoch;
        let true_leaves = node.leaves();
        let (key, next) = self.take_away(at)?;
        let origin = Origin { election: ELECTION, device: key.id(), epoch };
        let keep = self.chance.below(true_leaves.len() + 1);
        let beginning = true_leaves.get(..keep)?.to_vec();
        let mut told: Vec<Entry> = Vec::new();
        let one_log = self.chance.once_in(2);
        for _ in 0..2 {
            let mut leaves = beginning.clone();
            let more = if one_log { 1 } else { 1 + self.chance.below(3) };
            leaves.extend((0..more).map(|_| Hash(self.chance.bytes())));
            let tree = checkpoint_of(origin, &leaves)?;
            self.oracle.note_tree(&tree, leaves.clone());
            let old = if keep == 0 { 0 } else { self.chance.below(keep) };
            let old = u64::try_from(old).ok()?;
            let path = tree::consistency(&grown(&leaves), old, tree.size).ok()?;
            let body = Published { note: tree.sign(&key).ok()?, old, path }.encode();
            let mut draft = self.draft(ELECTION, "pk", "")?;
            draft.kind = CHECKPOINT;
            draft.payload = Payload::try_new(self.chance.bytes(), &body).ok()?;
            let place = match told.last() {
                Some(first) if one_log => Head::of(first).next(),
                Some(_) | None => next,
            };
            told.push(self.steal_entry(&key, &draft, place)?);
        }
        // A witness that is told the first, stops, and is told the other.
        let witness = 1 + self.chance.below(2);
        if one_log && witness != at {
            let first = told.first().map(Entry::encode).into_iter().collect();
            self.inject(witness, Ask::GiveEntries { entries: first });
            self.power_cycle(witness);
            let both = told.iter().map(Entry::encode).collect();
            self.inject(witness, Ask::GiveEntries { entries: both });
        }
        for nth in 0..4 {
            let to = self.any();
            let entries = if one_log {
                told.iter().map(Entry::encode).collect()
            } else {
                told.get(nth % 2).map(Entry::encode).into_iter().collect()
            };
            if to != at {
                self.inject(to, Ask::GiveEntries { entries });
            }
        }
        Some(())
    }

    /// A device is stolen; the thief writes as if it were earlier and brings proofs of receipt for it. The office that
    /// revokes the device knows of the theft and not which entries are the thief's.
    pub(crate) fn lie_receipt(&mut self, at: usize) -> Option<()> {
        let node = self.nodes.get(at)?;
        let (area, role, papers) = (node.area.clone(), node.role.clone(), self.papers(node));
        let (key, mut next) = self.take_away(at)?;
        let theft_ms = self.now_ms;
        self.now_ms += 1_000;
        let mut told = Vec::new();
        for _ in 0..=self.chance.below(3) {
            let mut draft = self.draft(ELECTION, &area, &role)?;
            draft.clock.ms = theft_ms.saturating_sub(self.chance.draw() % 600_000);
            let entry = self.steal_entry(&key, &draft, next)?;
            next = Head::of(&entry).next();
            told.push(entry);
        }
        let last = told.last()?;
        for _ in 0..2 {
            let to = self.any();
            let entries = told.iter().map(Entry::encode).collect();
            if to != at {
                self.inject(to, Ask::GiveEntries { entries });
            }
        }
        let place = last.header().place;
        let accepted = vec![LastAccepted { epoch: place.epoch, seq: place.seq, hash: last.hash() }];
        let body = RevocationBody {
            election: ELECTION,
            key: key.id(),
            last: accepted.clone(),
            at_ms: self.now_ms,
            reason: "stolen".to_owned(),
            witnessed_before_ms: Some(theft_ms),
        };
        let revocation = Revocation::sign(body, &[&self.root]).ok()?;
        let revoked = Revoked { last: accepted, witnessed_before_ms: Some(theft_ms) };
        self.oracle.revoked.entry(key.id()).or_default().push(revoked);
        self.say_of(papers, revocation);
        for lie in 0..6 {
            let proof = self.false_proof(lie, last, &key, theft_ms)?;
            let to = self.any();
            let statements = vec![(RECEIPT, proof.encode())];
            self.inject(to, Ask::GiveStatements { statements });
        }
        Some(())
    }

    /// A proof of receipt with one lie in it.
    fn false_proof(
        &mut self,
        lie: usize,
        entry: &Entry,
        key: &SigningKey,
        theft_ms: u64,
    ) -> Option<Proof> {
        let leaves = vec![Hash(self.chance.bytes()), entry.hash()];
        let origin =
            Origin { election: ELECTION, device: key.id(), epoch: entry.header().place.epoch };
        let tree = checkpoint_of(origin, &leaves)?;
        self.oracle.note_tree(&tree, leaves.clone());
        let before_s = theft_ms.saturating_sub(3_600_000) / 1_000;
        let corrupt = self.nodes.get(CORRUPT)?.seed;
        let (thief, stranger) =
            (self.nodes.iter().find(|it| it.id() == key.id())?.seed, self.chance.bytes());
        let any = self.any();
        let other = self.nodes.get(any)?;
        // Whose name stands there, whose key signs, and when.
        let (name, signer, time_s) = match lie {
            // The thief itself.
            0 => (thief, thief, before_s),
            // Somebody whom nobody made a witness.
            1 => (stranger, stranger, before_s),
            // An honest witness's name under another key.
            2 => (self.nodes.get(2)?.seed, stranger, before_s),
            // The corrupt one again, later: a device counts once.
            3 => (corrupt, corrupt, before_s + 1),
            // A device with another office, if this one is no witness.
            _ if !self.oracle.enrolled.get(&other.id())?.witness => {
                (other.seed, other.seed, before_s)
            }
            // An honest witness, who was shown the tree after the theft.
            _ => (other.seed, other.seed, self.now_ms / 1_000 + 1),
        };
        let mut proof = self.empty_proof(entry, key, &tree, &leaves)?;
        for (name, signer, time_s) in [(corrupt, corrupt, before_s), (name, signer, time_s)] {
            let (name, signer) = (SigningKey::from_seed(name), SigningKey::from_seed(signer));
            let line = cosign(&tree, &signer, time_s).ok()?;
            let signature = Signature(line.signature.get(8..)?.try_into().ok()?);
            if signer.id() == name.id() {
                self.oracle.words.insert((name.id(), origin, tree.size, tree.root, time_s));
            }
            proof.witnesses.push(Cosigned { device: name.id(), time_s, signature });
            proof.certificates.extend(self.self_made(&name));
        }
        proof.witnesses.sort_unstable();
        if lie != 3 {
            proof.witnesses.dedup_by_key(|it| it.device);
        }
        Some(proof)
    }

    fn empty_proof(
        &self,
        entry: &Entry,
        key: &SigningKey,
        tree: &Checkpoint,
        leaves: &[Hash],
    ) -> Option<Proof> {
        let signature = tree.sign(key).ok()?.signatures().first()?.signature.clone();
        let node = self.nodes.iter().find(|it| it.id() == key.id())?;
        let true_papers = self.papers(node).into_iter().filter_map(|said| match said {
            Said::Certificate(it) => Some(it),
            Said::Revocation(_) | Said::Receipt(_) => None,
        });
        Some(Proof {
            signed: SignedHeader::of(entry),
            index: 1,
            path: tree::inclusion(&grown(leaves), 1, tree.size).ok()?,
            device: key.id(),
            epoch: tree.origin.epoch,
            size: tree.size,
            log_signature: Signature(signature.try_into().ok()?),
            witnesses: Vec::new(),
            certificates: self.self_made(key).into_iter().chain(true_papers).collect(),
        })
    }

    /// A witness's certificate that only its own holder signed.
    fn self_made(&self, key: &SigningKey) -> Option<Certificate> {
        let body = CertificateBody {
            election: ELECTION,
            subject: Subject::DEVICE,
            key: key.public(),
            name: "nobody".to_owned(),
            area: "pk".to_owned(),
            roles: vec![WITNESS.to_owned()],
            not_before_ms: 0,
            not_after_ms: NOW_MS * 2,
            sealing: None,
        };
        Certificate::sign(body, &[key]).ok()
    }

    /// The root says something of a device, to one of the two offices that carry everything.
    pub(crate) fn say_of(&mut self, papers: Vec<Said>, revocation: Revocation) {
        self.said.extend(papers.iter().cloned());
        self.said.push(Said::Revocation(revocation.clone()));
        let hub = self.chance.below(2);
        if let Some(hub) = self.nodes.get_mut(hub) {
            let statements = papers.into_iter().chain([Said::Revocation(revocation)]).collect();
            // An office that cannot write it down says it again later.
            let (full, stop) = (std::mem::take(&mut hub.disk.full), hub.disk.stop.take());
            let _kept = hub.learn(statements);
            (hub.disk.full, hub.disk.stop) = (full, stop);
        }
    }
}
