//! What was checked once need not be checked again: the same bytes under the same key hold or do not hold at every node of
//! a story. The nodes' own code decides; only the arithmetic of signatures is remembered.

use pehra_ledger::{
    Hash, PublicKey,
    batch::{Claim, verify_batch},
    checkpoint::{Checkpoint, Published},
    roster::{Held, Root},
    statement::Said,
};
use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

/// A checkpoint that its own log signed.
pub(crate) type Signed = Rc<(Published, Checkpoint)>;

/// What the nodes of one story share.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memo(Rc<Checked>);

#[derive(Debug, Default)]
struct Checked {
    statements: RefCell<BTreeMap<Hash, Option<Held>>>,
    published: RefCell<BTreeMap<(Hash, PublicKey), Option<Signed>>>,
    words: RefCell<BTreeMap<(Hash, PublicKey), Option<u64>>>,
    claims: RefCell<BTreeMap<Signed64, bool>>,
}

/// A signature under a key over a message.
type Signed64 = ([u8; 64], PublicKey, Vec<u8>);

/// What is known under a key, or what is found now and kept.
fn remember<K: Ord, V: Clone>(
    known: &RefCell<BTreeMap<K, V>>,
    key: K,
    find: impl FnOnce() -> V,
) -> V {
    if let Some(value) = known.borrow().get(&key) {
        return value.clone();
    }
    let value = find();
    known.borrow_mut().insert(key, value.clone());
    value
}

impl Memo {
    /// The statement, if its signatures hold under the root of the story.
    pub(crate) fn held(&self, said: &Said, root: &Root) -> Option<Held> {
        remember(&self.0.statements, said.name(), || Held::check(said.clone(), root).ok())
    }

    /// Which signatures of entries hold.
    pub(crate) fn claims(&self, claims: &[Claim], seed: [u8; 32]) -> Vec<bool> {
        let mut known = self.0.claims.borrow_mut();
        let key = |it: &Claim| (it.signature.0, it.key, it.message.clone());
        let new: Vec<Claim> =
            claims.iter().filter(|it| !known.contains_key(&key(it))).cloned().collect();
        let verdicts = verify_batch(&new, seed);
        known.extend(new.iter().map(key).zip(verdicts));
        claims.iter().map(|it| known.get(&key(it)).copied().unwrap_or(false)).collect()
    }

    /// The checkpoint that an entry publishes, by the entry's hash and its author's key.
    pub(crate) fn published(
        &self,
        entry: Hash,
        key: PublicKey,
        check: impl FnOnce() -> Option<(Published, Checkpoint)>,
    ) -> Option<Signed> {
        remember(&self.0.published, (entry, key), || check().map(Rc::new))
    }

    /// When a witness signed, by its entry's hash and its key.
    pub(crate) fn word(
        &self,
        entry: Hash,
        key: PublicKey,
        check: impl FnOnce() -> Option<u64>,
    ) -> Option<u64> {
        remember(&self.0.words, (entry, key), check)
    }
}
