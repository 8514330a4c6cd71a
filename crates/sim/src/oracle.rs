//! What really happened: every key, every signature, every revocation. Only the checks look here.

use crate::deletion::{ENTITLED, named_by, reaches};
use pehra_ledger::{
    DeviceId, Entry, Hash, Place, Signature,
    certificate::LastAccepted,
    checkpoint::{Checkpoint, Origin, WITNESSES},
    clock::AHEAD_MS_MAX,
    proof::Proof,
    roster::contains,
    statement::OWN_KINDS_END,
    sync::element::Log,
};
use std::collections::{BTreeMap, BTreeSet};

/// What a device was enrolled for.
#[derive(Clone, Debug)]
pub struct Enrolled {
    /// One for each certificate.
    pub grants: Vec<Grant>,
    pub role: String,
    pub not_before_ms: u64,
    pub not_after_ms: u64,
    /// Whether it may read payloads.
    pub reads: bool,
    /// Whether it may witness the trees of others.
    pub witness: bool,
}

/// One certificate of a device.
#[derive(Clone, Debug)]
pub struct Grant {
    pub area: String,
    /// Who issued it; none for the root.
    pub office: Option<DeviceId>,
}

/// One entry that the holder of a key has signed.
#[derive(Clone, Debug)]
pub struct Signed {
    pub signature: Signature,
    pub area: String,
    pub role: String,
    pub at_ms: u64,
    /// Signed with a key that was stolen.
    pub stolen: bool,
    pub kind: u32,
    /// The place that it orders to be emptied.
    pub names: Option<Place>,
    /// When it was really signed, whatever its clock says.
    pub true_ms: u64,
}

/// A revocation as the root meant it.
#[derive(Clone, Debug)]
pub struct Revoked {
    pub last: Vec<LastAccepted>,
    pub witnessed_before_ms: Option<u64>,
}

/// A witness's word: who, about which tree of what size and root, and when by its clock, Unix seconds.
pub type Word = (DeviceId, Origin, u64, Hash, u64);

/// A proof of receipt that is what it says.
#[derive(Clone, Debug)]
pub struct Receipt {
    place: Place,
    hash: Hash,
    log: DeviceId,
    signers: Vec<(DeviceId, u64)>,
}

#[derive(Clone, Debug, Default)]
pub struct Oracle {
    pub enrolled: BTreeMap<DeviceId, Enrolled>,
    pub signed: BTreeMap<Place, BTreeMap<Hash, Signed>>,
    /// By device; several revocations all count.
    pub revoked: BTreeMap<DeviceId, Vec<Revoked>>,
    /// Epochs that a restore has closed, by device.
    pub closed: BTreeMap<DeviceId, BTreeSet<u32>>,
    /// The entries of each tree that somebody signed, by tree, size and root.
    pub trees: BTreeMap<(Origin, u64, Hash), Vec<Hash>>,
    /// Those of them that a node signed of what it holds, and no thief of what nobody has.
    pub true_trees: BTreeSet<(Origin, u64, Hash)>,
    /// What the holders of witnesses' keys signed.
    pub words: BTreeSet<Word>,
    /// What each witness on a sound disk signed of each tree since its last restore.
    signed_trees: BTreeMap<(DeviceId, u32, Origin), Vec<Checkpoint>>,
    pub now_ms: u64,
    pub problems: Vec<String>,
}

impl Oracle {
    /// Somebody who holds a key has signed.
    pub fn note(&mut self, entry: &Entry, stolen: bool, sound: bool, wall_ms: u64) {
        let header = entry.header();
        let at = self.signed.entry(header.place).or_default();
        let again = at.keys().any(|hash| *hash != entry.hash()) && at.values().all(|it| !it.stolen);
        if again && !stolen && sound {
            self.problems.push(format!("an honest device signs {} twice", header.place));
        }
        let closed = self.closed.get(&header.place.device);
        if !stolen && closed.is_some_and(|all| all.contains(&header.place.epoch)) {
            let place = header.place;
            self.problems.push(format!("a restored device goes on in its old epoch at {place}"));
        }
        if !stolen && header.clock.ms > wall_ms.saturating_add(AHEAD_MS_MAX + 1) {
            self.problems.push(format!("an honest clock was dragged at {}", header.place));
        }
        at.insert(
            entry.hash(),
            Signed {
                signature: *entry.signature(),
                area: header.area.clone(),
                role: header.role.clone(),
                at_ms: header.clock.ms,
                stolen,
                kind: header.kind,
                names: named_by(entry),
                true_ms: self.now_ms,
            },
        );
    }

    /// Somebody signs a tree of these entries.
    pub fn note_tree(&mut self, checkpoint: &Checkpoint, entries: Vec<Hash>) {
        let Checkpoint { origin, size, root } = *checkpoint;
        self.trees.insert((origin, size, root), entries);
    }

    /// A witness signs a tree. `life` counts its restores; none on a disk that has lost something.
    pub fn note_word(
        &mut self,
        witness: DeviceId,
        life: Option<u32>,
        next: &Checkpoint,
        time_s: u64,
    ) {
        let Checkpoint { origin, size, root } = *next;
        self.words.insert((witness, origin, size, root, time_s));
        let Some(life) = life else { return };
        let before = self.signed_trees.entry((witness, life, origin)).or_default();
        let tree = |it: &Checkpoint| self.trees.get(&(it.origin, it.size, it.root));
        let grows = |one: &Checkpoint| match (tree(one), tree(next)) {
            (Some(one), Some(next)) => next.starts_with(one) || one.starts_with(next),
            (_, _) => false,
        };
        if !before.iter().all(grows) {
            let name = origin.name();
            self.problems.push(format!("I2: {witness} witnesses two histories of {name}"));
        }
        before.push(*next);
    }

    /// What a proof of receipt really shows; none when it shows nothing.
    #[must_use]
    pub fn receipt(&self, proof: &Proof) -> Option<Receipt> {
        let header = pehra_ledger::Header::decode(&proof.signed.header_bytes).ok()?;
        let (place, hash) = (header.place, proof.signed.hash());
        self.signed.get(&place)?.get(&hash)?;
        let Checkpoint { origin, size, root } = proof.checkpoint().ok()?;
        let tree = self.trees.get(&(origin, size, root))?;
        let index = usize::try_from(proof.index).ok()?;
        if tree.get(index) != Some(&hash) || !self.enrolled.contains_key(&origin.device) {
            return None;
        }
        let signed = |device, time_s| self.words.contains(&(device, origin, size, root, time_s));
        let signers = proof.witnesses.iter().map(|it| (it.device, it.time_s));
        let signers = signers.filter(|(device, time_s)| signed(*device, *time_s)).collect();
        Some(Receipt { place, hash, log: origin.device, signers })
    }

    /// Whether the word of a device, given at a moment, is a witness's.
    #[must_use]
    pub fn counts_as_witness(&self, device: DeviceId, time_s: u64) -> bool {
        let enrolled = self.enrolled.get(&device).filter(|it| it.witness);
        let at_ms = time_s * 1_000;
        let in_time = |it: &Enrolled| (it.not_before_ms..=it.not_after_ms).contains(&at_ms);
        enrolled.is_some_and(in_time)
            && self.standing_areas(device).next().is_some()
            && !self.revoked.contains_key(&device)
    }

    /// Whether enough witnesses saw an entry before a moment.
    #[must_use]
    pub fn is_witnessed(
        &self,
        place: Place,
        hash: Hash,
        before_ms: u64,
        receipts: &[Receipt],
    ) -> bool {
        let counts = |receipt: &Receipt, device: DeviceId, time_s: u64| {
            device != receipt.log
                && device != place.device
                && time_s * 1_000 < before_ms
                && self.counts_as_witness(device, time_s)
        };
        receipts.iter().any(|it| {
            let covers = it.place.device == place.device
                && it.place.epoch == place.epoch
                && (place.seq < it.place.seq || (place == it.place && hash == it.hash));
            let signers: BTreeSet<DeviceId> = it
                .signers
                .iter()
                .filter(|(device, time_s)| counts(it, *device, *time_s))
                .map(|(device, _)| *device)
                .collect();
            covers && signers.len() >= WITNESSES
        })
    }

    /// Whether an entry is one that a key's holder signed, signature and all.
    #[must_use]
    pub fn knows(&self, entry: &Entry) -> bool {
        let at = self.signed.get(&entry.header().place);
        at.and_then(|at| at.get(&entry.hash())).is_some_and(|it| it.signature == *entry.signature())
    }

    /// Whether an entry takes effect, forks aside, by the rules as they are written down.
    #[must_use]
    pub fn is_good(&self, place: Place, hash: Hash, receipts: &[Receipt]) -> bool {
        let signed = self.signed.get(&place).and_then(|at| at.get(&hash));
        let (Some(signed), Some(enrolled)) = (signed, self.enrolled.get(&place.device)) else {
            return false;
        };
        let mut revoked = self.revoked.get(&place.device).into_iter().flatten();
        let believed = revoked.all(|one| {
            let left = one.last.iter().any(|it| {
                it.epoch == place.epoch
                    && (place.seq < it.seq || (place.seq == it.seq && hash == it.hash))
            });
            let before = one.witnessed_before_ms;
            left && before.is_none_or(|it| self.is_witnessed(place, hash, it, receipts))
        });
        believed
            && signed.kind >= OWN_KINDS_END
            && (enrolled.not_before_ms..=enrolled.not_after_ms).contains(&signed.at_ms)
            && self.standing_areas(place.device).any(|area| contains(area, &signed.area))
            && enrolled.role == signed.role
    }

    /// Whether anybody whose role and area let them has ordered that an entry's payload be gone.
    #[must_use]
    pub fn is_ordered(&self, place: Place, hash: Hash) -> bool {
        let orders = self.signed.values().flat_map(BTreeMap::values);
        let mut naming = orders.filter(|order| order.names == Some(place));
        naming.any(|order| order.role == ENTITLED && self.reaches(order, place, hash))
    }

    /// Whether an order reaches what was signed at a place.
    #[must_use]
    pub fn reaches(&self, order: &Signed, place: Place, hash: Hash) -> bool {
        let named = self.signed.get(&place).and_then(|at| at.get(&hash));
        named.is_some_and(|named| reaches(&order.area, named.kind, &named.area))
    }

    /// Where each log forks, of what the given places and hashes show: the first place that has two.
    #[must_use]
    pub fn forks(shown: &BTreeSet<(Place, Hash)>) -> BTreeMap<Log, u64> {
        let mut forks: BTreeMap<Log, u64> = BTreeMap::new();
        let mut before: Option<(Place, Hash)> = None;
        for (place, hash) in shown {
            if before.is_some_and(|(at, other)| at == *place && other != *hash) {
                let log = (place.device, place.epoch);
                let at = forks.entry(log).or_insert(place.seq);
                *at = place.seq.min(*at);
            }
            before = Some((*place, *hash));
        }
        forks
    }

    /// Areas that a device was enrolled for.
    pub fn areas(&self, device: DeviceId) -> impl Iterator<Item = &str> {
        let grants = self.enrolled.get(&device).into_iter().flat_map(|it| &it.grants);
        grants.map(|it| it.area.as_str())
    }

    /// Those of them whose office was not taken away.
    pub fn standing_areas(&self, device: DeviceId) -> impl Iterator<Item = &str> {
        let grants = self.enrolled.get(&device).into_iter().flat_map(|it| &it.grants);
        let stands = |it: &&Grant| it.office.is_none_or(|it| !self.revoked.contains_key(&it));
        grants.filter(stands).map(|it| it.area.as_str())
    }

    /// Whether a device of an area may hold what belongs to another.
    #[must_use]
    pub fn concerns(own: &str, area: &str) -> bool {
        contains(own, area) || contains(area, own)
    }
}
