//! What was checked once need not be checked again: the same bytes under the same key hold or do not hold at every node of
//! a story. The nodes' own code decides; only the arithmetic of signatures is remembered.

use pehra_ledger::{
    Hash, PublicKey,
    batch::{Claim, verify_batch},
    checkpoint::{Checkpoint, Published},
    proof::Cosigned,
    roster::{Held, Root},
    statement::Said,
    sync::{
        book::Book,
        holding::{Holding, Shared},
        scope::Scope,
    },
};
use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

/// A checkpoint that its own log signed.
pub(crate) type Signed = Rc<(Published, Checkpoint)>;

/// A witness's word, as its entry says it.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    /// The text of the checkpoint that it is about.
    pub(crate) text: String,
    pub(crate) checkpoint: Checkpoint,
    pub(crate) cosigned: Cosigned,
}

/// What the nodes of one story share.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memo(Rc<Checked>);

#[derive(Debug, Default)]
struct Checked {
    statements: RefCell<BTreeMap<Hash, Option<Held>>>,
    published: RefCell<BTreeMap<Authored, Option<Signed>>>,
    words: RefCell<BTreeMap<Authored, Option<Rc<Word>>>>,
    claims: RefCell<BTreeMap<Signed64, bool>>,
}

/// An entry by its hash, and its author's key.
type Authored = (Hash, PublicKey);

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

    /// What a witness said, by its entry's hash and its key.
    pub(crate) fn word(
        &self,
        entry: Hash,
        key: PublicKey,
        check: impl FnOnce() -> Option<Word>,
    ) -> Option<Rc<Word>> {
        remember(&self.0.words, (entry, key), || check().map(Rc::new))
    }
}

/// What a node shares with others by its roster, while the roster stays what it is.
#[derive(Debug, Default)]
pub(crate) struct Company(RefCell<Known>);

#[derive(Debug, Default)]
struct Known {
    /// Statements in the roster of which this is.
    statements: usize,
    scopes: Vec<(Scope, Shared)>,
}

impl Company {
    /// What a node holds within a scope.
    pub(crate) fn holding(&self, book: &Book, scope: &Scope) -> Holding {
        let (heads, forks) = (book.logs.heads(), book.fork_states());
        let mut known = self.0.borrow_mut();
        if known.statements != book.roster.count() {
            *known = Known { statements: book.roster.count(), scopes: Vec::new() };
        }
        if let Some((_, shared)) = known.scopes.iter().find(|(of, _)| of == scope) {
            return Holding::within(shared, &heads, &forks);
        }
        let shared = Shared::of(&book.roster, scope);
        let holding = Holding::within(&shared, &heads, &forks);
        known.scopes.push((scope.clone(), shared));
        holding
    }

    /// The node has another roster.
    pub(crate) fn forget(&mut self) {
        *self = Self::default();
    }
}
