//! What became of an order: sent, received, read, acted on. Each word is a signed entry; silence raises a hand.
//!
//! A receipt is an entry of kind [`RECEIPT`] whose payload names the orders it is about. What it says counts as what its
//! signer says of itself: a device for "sent" and "received", the person in its header for "read" and "acted". Any order of
//! delivery ends in the same picture; a receipt that comes before its order waits for it.

use pehra_ledger::canonical::{CanonicalError, Reader, Writer};
use pehra_ledger::{DeviceId, Entry, Hash};
use std::collections::{BTreeMap, BTreeSet};

/// The entry's kind: one of the ledger's own numbers, for nothing of an election is in it.
pub const RECEIPT: u32 = 30;
/// Orders that one receipt names.
pub const ORDERS_MAX: usize = 64;
/// Receipts that wait for orders nobody has shown yet.
pub const EARLY_MAX: usize = 65_536;

const VERSION: u8 = 1;

/// How far an order came. Each stage says all those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// It left by some path.
    Sent,
    /// A device of the addressee holds it.
    Received,
    /// The addressee saw it.
    Read,
    /// The addressee says that it is done.
    Acted,
}

impl Stage {
    pub const ALL: [Self; 4] = [Self::Sent, Self::Received, Self::Read, Self::Acted];

    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Sent => 1,
            Self::Received => 2,
            Self::Read => 3,
            Self::Acted => 4,
        }
    }

    /// Only a person reads and acts.
    #[must_use]
    pub fn needs_person(self) -> bool {
        self >= Self::Read
    }
}

/// The payload's body of a receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    pub stage: Stage,
    /// Hashes of the orders' entries, ascending.
    pub orders: Vec<Hash>,
}

impl Receipt {
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut w = Writer::default();
        w.array(3).uint(VERSION).uint(self.stage.code()).array(self.orders.len());
        for order in &self.orders {
            w.bytes(&order.0);
        }
        w.finish()
    }

    /// # Errors
    /// [`CanonicalError`] for every other spelling.
    pub fn decode(bytes: &[u8]) -> Result<Self, CanonicalError> {
        let mut r = Reader::new(bytes);
        r.array_of(3)?;
        r.constant(VERSION)?;
        let at = r.at();
        let code = r.u8()?;
        let stage = Stage::ALL.into_iter().find(|stage| stage.code() == code);
        let stage = stage.ok_or(CanonicalError::WrongType { at })?;
        let count = r.array(ORDERS_MAX)?;
        let mut orders = Vec::with_capacity(count);
        for _ in 0..count {
            orders.push(Hash(r.exact()?));
        }
        r.end()?;
        if orders.is_empty() || !orders.is_sorted_by(|a, b| a < b) {
            return Err(CanonicalError::WrongType { at });
        }
        Ok(Self { stage, orders })
    }
}

/// To whom an order goes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Addressee {
    Person(String),
    /// A node without a person: it receives and cannot read.
    Device(DeviceId),
}

/// An order whose way is watched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// The hash of its entry.
    pub entry: Hash,
    /// Who gave it.
    pub from: DeviceId,
    pub area: String,
    pub to: Vec<Addressee>,
    pub given_ms: u64,
    /// Until when it should have been read, by each addressee that is a person; received by a device.
    pub due_ms: u64,
}

/// When a stage was reached, by the signer's clock, and by which entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reached {
    pub at_ms: u64,
    pub by: Hash,
}

/// The stages one addressee has reached; a later one stands for those before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress(BTreeMap<Stage, Reached>);

impl Progress {
    /// The furthest stage.
    #[must_use]
    pub fn stage(&self) -> Option<Stage> {
        self.0.last_key_value().map(|(stage, _)| *stage)
    }

    /// When a stage was first said to be reached.
    #[must_use]
    pub fn reached(&self, stage: Stage) -> Option<Reached> {
        self.0.get(&stage).copied()
    }

    fn note(&mut self, stage: Stage, reached: Reached) {
        let first = self.0.entry(stage).or_insert(reached);
        *first = reached.min(*first);
    }
}

/// An order that has not been read in its time: it asks for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RaisedHand {
    pub order: Hash,
    pub area: String,
    pub addressee: Addressee,
    /// How far it came.
    pub stage: Option<Stage>,
    pub late_ms: u64,
}

/// What an entry meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// So many orders moved.
    News(usize),
    /// Nothing new.
    Known,
    /// It waits for so many orders.
    Early(usize),
    NotAReceipt,
    /// A receipt that says what its signer cannot say.
    Refused(Why),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    #[error("its content is withheld or not in its canonical form")]
    Unreadable,
    #[error("only a person reads or acts, and the entry names none")]
    NoPerson,
    #[error("{EARLY_MAX} receipts of unknown orders wait already")]
    Full,
}

/// What one entry said of one order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Word {
    stage: Stage,
    device: DeviceId,
    person: String,
    reached: Reached,
}

#[derive(Clone, Debug)]
struct Watched {
    order: Order,
    progress: BTreeMap<Addressee, Progress>,
}

/// All orders whose way is watched.
#[derive(Clone, Debug, Default)]
pub struct Receipts {
    orders: BTreeMap<Hash, Watched>,
    early: BTreeMap<Hash, BTreeSet<Word>>,
    early_count: usize,
    raised: BTreeSet<(Hash, Addressee)>,
}

impl Receipts {
    /// Watches an order; receipts that came before it count.
    pub fn watch(&mut self, order: Order) {
        if self.orders.contains_key(&order.entry) {
            return;
        }
        let progress = order.to.iter().map(|to| (to.clone(), Progress::default())).collect();
        let mut watched = Watched { order, progress };
        let words = self.early.remove(&watched.order.entry).unwrap_or_default();
        self.early_count = self.early_count.saturating_sub(words.len());
        for word in &words {
            watched.take(word);
        }
        self.orders.insert(watched.order.entry, watched);
    }

    /// Takes an entry that the ledger accepted and whose signer may act.
    pub fn take(&mut self, entry: &Entry) -> Taken {
        let header = entry.header();
        if header.kind != RECEIPT {
            return Taken::NotAReceipt;
        }
        let body = entry.payload().and_then(|payload| Receipt::decode(payload.body()).ok());
        let Some(receipt) = body else { return Taken::Refused(Why::Unreadable) };
        if receipt.stage.needs_person() && header.person.is_empty() {
            return Taken::Refused(Why::NoPerson);
        }
        let word = Word {
            stage: receipt.stage,
            device: header.place.device,
            person: header.person.clone(),
            reached: Reached { at_ms: header.clock.ms, by: entry.hash() },
        };
        let (mut news, mut early) = (0, 0);
        for order in receipt.orders {
            if let Some(watched) = self.orders.get_mut(&order) {
                news += usize::from(watched.take(&word));
            } else if self.early_count >= EARLY_MAX {
                return Taken::Refused(Why::Full);
            } else if self.early.entry(order).or_default().insert(word.clone()) {
                self.early_count += 1;
                early += 1;
            }
        }
        match (news, early) {
            (0, 0) => Taken::Known,
            (0, early) => Taken::Early(early),
            (news, _) => Taken::News(news),
        }
    }

    /// How far an order came, addressee by addressee.
    pub fn progress(&self, order: &Hash) -> impl Iterator<Item = (&Addressee, &Progress)> {
        self.orders.get(order).into_iter().flat_map(|watched| &watched.progress)
    }

    /// Orders that are watched.
    pub fn orders(&self) -> impl Iterator<Item = &Order> {
        self.orders.values().map(|watched| &watched.order)
    }

    /// Every hand that is up: overdue and not read.
    #[must_use]
    pub fn hands(&self, now_ms: u64) -> Vec<RaisedHand> {
        let overdue = self.orders.values().filter(|it| now_ms > it.order.due_ms);
        overdue.flat_map(|it| it.hands(now_ms)).collect()
    }

    /// Hands that went up since the last call: for an alarm that sounds once.
    pub fn newly_raised(&mut self, now_ms: u64) -> Vec<RaisedHand> {
        let up = self.hands(now_ms);
        let names: BTreeSet<_> = up.iter().map(|it| (it.order, it.addressee.clone())).collect();
        let new = |hand: &RaisedHand| !self.raised.contains(&(hand.order, hand.addressee.clone()));
        let fresh = up.into_iter().filter(new).collect();
        self.raised = names;
        fresh
    }

    /// When a hand may go up next.
    #[must_use]
    pub fn wake_ms(&self) -> Option<u64> {
        let open = |it: &&Watched| it.hands(u64::MAX).next().is_some();
        self.orders.values().filter(open).map(|it| it.order.due_ms.saturating_add(1)).min()
    }
}

impl Watched {
    /// Whether the word is new for somebody it concerns.
    fn take(&mut self, word: &Word) -> bool {
        let mut news = false;
        for (addressee, progress) in &mut self.progress {
            let own = match addressee {
                Addressee::Person(name) => *name == word.person,
                Addressee::Device(device) => *device == word.device,
            };
            // That an order left is said by whoever sent it, for everybody it goes to.
            let sent = word.stage == Stage::Sent && word.device == self.order.from;
            let says = match word.stage {
                Stage::Sent => sent,
                Stage::Received | Stage::Read | Stage::Acted => own,
            };
            if says {
                let before = progress.clone();
                progress.note(word.stage, word.reached);
                news |= before != *progress;
            }
        }
        news
    }

    fn hands(&self, now_ms: u64) -> impl Iterator<Item = RaisedHand> {
        self.progress.iter().filter_map(move |(addressee, progress)| {
            let wanted = match addressee {
                Addressee::Person(_) => Stage::Read,
                Addressee::Device(_) => Stage::Received,
            };
            let stage = progress.stage();
            (stage < Some(wanted)).then(|| RaisedHand {
                order: self.order.entry,
                area: self.order.area.clone(),
                addressee: addressee.clone(),
                stage,
                late_ms: now_ms.saturating_sub(self.order.due_ms),
            })
        })
    }
}

#[cfg(test)]
mod tests;
