//! What was checked once need not be checked again: the same bytes under the same key hold or do not hold at every node of
//! a story. The nodes' own code decides; only the arithmetic of signatures is remembered.

use pehra_ledger::{
    Hash, PublicKey,
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
}

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
