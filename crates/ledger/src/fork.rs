//! Proof that a device signed two histories: two headers, two signatures, nothing to argue about.

use crate::entry::Entry;
use crate::hash::Hash;
use crate::header::{Header, Place, entry_hash};
use crate::key::{AUTHOR_LABEL, PublicKey, Signature, message};

/// A header as it was signed. The payload is not needed to prove anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedHeader {
    pub header_bytes: Vec<u8>,
    pub signature: Signature,
}

impl SignedHeader {
    #[must_use]
    pub fn of(entry: &Entry) -> Self {
        let header_bytes = entry.header_bytes().to_vec();
        Self { header_bytes, signature: *entry.signature() }
    }

    #[must_use]
    pub fn hash(&self) -> Hash {
        entry_hash(&self.header_bytes)
    }
}

/// In what way the two headers contradict each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contradiction {
    /// Both claim one place of one log.
    SamePlace,
    /// The second follows the place of the first, but points back to another entry there.
    BrokenLink,
}

/// Two signed headers of one device and epoch that cannot both be true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForkProof {
    /// What this node holds.
    pub held: SignedHeader,
    /// What arrived.
    pub other: SignedHeader,
}

/// A fork that was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fork {
    pub contradiction: Contradiction,
    /// The first place that cannot be trusted.
    pub place: Place,
}

impl ForkProof {
    /// Checks the proof with the device's public key alone; none when it proves nothing.
    #[must_use]
    pub fn verify(&self, key: &PublicKey) -> Option<Fork> {
        let held = Header::decode(&self.held.header_bytes).ok()?;
        let other = Header::decode(&self.other.header_bytes).ok()?;
        let fork = contradiction(&held, self.held.hash(), &other, self.other.hash())?;
        let signed = held.place.device == key.id()
            && [&self.held, &self.other]
                .into_iter()
                .all(|side| key.verify(&message(AUTHOR_LABEL, &side.hash(), &[]), &side.signature));
        signed.then_some(fork)
    }

    /// The proof that the histories parted before this one's place, if what is held right before it is not what both of
    /// its sides point back to.
    #[must_use]
    pub fn earlier(&self, before: &SignedHeader) -> Option<Self> {
        let first = Header::decode(&before.header_bytes).ok()?;
        [&self.other, &self.held].into_iter().find_map(|side| {
            let next = Header::decode(&side.header_bytes).ok()?;
            let fork = contradiction(&first, before.hash(), &next, side.hash())?;
            let is_broken = fork.contradiction == Contradiction::BrokenLink;
            is_broken.then(|| Self { held: before.clone(), other: side.clone() })
        })
    }

    /// The entry that goes with the proof: the one at hand, if it is that one, else its header alone.
    #[must_use]
    pub fn shown(&self, at_hand: &Entry) -> Option<Entry> {
        let SignedHeader { header_bytes, signature } = &self.other;
        if at_hand.header_bytes() == header_bytes {
            return Some(at_hand.clone());
        }
        Entry::from_parts(header_bytes.clone(), *signature, Vec::new(), None).ok()
    }
}

fn contradiction(held: &Header, held_hash: Hash, other: &Header, other_hash: Hash) -> Option<Fork> {
    let (a, b) = (held.place, other.place);
    if a.device != b.device || a.epoch != b.epoch || held.election != other.election {
        return None;
    }
    let same_place = a.seq == b.seq && held_hash != other_hash;
    let broken_link = a.seq.checked_add(1) == Some(b.seq) && other.previous != held_hash;
    if same_place {
        Some(Fork { contradiction: Contradiction::SamePlace, place: a })
    } else if broken_link {
        Some(Fork { contradiction: Contradiction::BrokenLink, place: a })
    } else {
        None
    }
}
