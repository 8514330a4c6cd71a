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

impl Memo {
    /// The statement, if its signatures hold under the root of the story.
    pub(crate) fn held(&self, said: &Said, root: &Root) -> Option<Held> {
        let known = self.0.statements.borrow().get(&said.name()).cloned();
        known.unwrap_or_else(|| {
            let held = Held::check(said.clone(), root).ok();
            self.0.statements.borrow_mut().insert(said.name(), held.clone());
            held
        })
    }

    /// The checkpoint that an entry publishes, by the entry's hash and its author's key.
    pub(crate) fn published(
        &self,
        entry: Hash,
        key: PublicKey,
        check: impl FnOnce() -> Option<(Published, Checkpoint)>,
    ) -> Option<Signed> {
        let known = self.0.published.borrow().get(&(entry, key)).cloned();
        known.unwrap_or_else(|| {
            let signed = check().map(Rc::new);
            self.0.published.borrow_mut().insert((entry, key), signed.clone());
            signed
        })
    }

    /// When a witness signed, by its entry's hash and its key.
    pub(crate) fn word(
        &self,
        entry: Hash,
        key: PublicKey,
        check: impl FnOnce() -> Option<u64>,
    ) -> Option<u64> {
        let known = self.0.words.borrow().get(&(entry, key)).copied();
        known.unwrap_or_else(|| {
            let time_s = check();
            self.0.words.borrow_mut().insert((entry, key), time_s);
            time_s
        })
    }
}
