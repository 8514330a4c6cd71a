//! What became of an order: sent, received, read, acted on. Each word is a signed entry; silence raises a hand.
//!
//! A receipt is an entry of kind [`RECEIPT`] whose payload names the orders it is about. What it says counts as what its
//! signer says of itself: a device for "sent" and "received", the person in its header for "read" and "acted". Where reading
//! is an act of its own among the acts of an election, whoever knows those acts hands their words over with
//! [`Receipts::say`]. Any order of delivery ends in the same picture; a receipt that comes before its order waits for it.
//!
//! The time to read runs from delivery: whoever got an order late has as long as everybody else. An order that has not been
//! delivered raises its hand when its own time is over, for then somebody must carry it.

use pehra_ledger::canonical::{CanonicalError, Reader, Writer};
use pehra_ledger::roster::contains;
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
    /// Whoever holds a role there, while nobody is known to.
    Post {
        role: String,
        area: String,
    },
    /// A node without a person: it receives and cannot read.
    Device(DeviceId),
}

/// An addressee, and the devices at which an order is with them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    pub who: Addressee,
    pub devices: Vec<DeviceId>,
}

impl From<Addressee> for Recipient {
    fn from(who: Addressee) -> Self {
        Self { who, devices: Vec::new() }
    }
}

/// An order whose way is watched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// The hash of its entry.
    pub entry: Hash,
    /// Who gave it.
    pub from: DeviceId,
    pub area: String,
    pub to: Vec<Recipient>,
    pub given_ms: u64,
    /// Until when it should have been read, by each addressee that is a person; received by a device. Whoever got it
    /// late has as long from then on.
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

impl RaisedHand {
    /// Whether it is not even there: somebody must carry it.
    #[must_use]
    pub fn is_undelivered(&self) -> bool {
        self.stage < Some(Stage::Received)
    }
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
pub struct Word {
    pub stage: Stage,
    pub device: DeviceId,
    /// Empty where no person spoke.
    pub person: String,
    pub role: String,
    pub area: String,
    pub reached: Reached,
}

/// An order and all that was said of it.
#[derive(Clone, Debug)]
pub struct Way {
    pub order: Order,
    words: BTreeSet<Word>,
}

/// All orders whose way is watched.
#[derive(Clone, Debug, Default)]
pub struct Receipts {
    orders: BTreeMap<Hash, Way>,
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
        let words = self.early.remove(&order.entry).unwrap_or_default();
        self.early_count = self.early_count.saturating_sub(words.len());
        self.orders.insert(order.entry, Way { order, words });
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
            role: header.role.clone(),
            area: header.area.clone(),
            reached: Reached { at_ms: header.clock.ms, by: entry.hash() },
        };
        let (mut news, mut early) = (0, 0);
        for order in receipt.orders {
            match self.say(order, word.clone()) {
                Taken::News(_) => news += 1,
                Taken::Early(_) => early += 1,
                Taken::Refused(why) => return Taken::Refused(why),
                Taken::Known | Taken::NotAReceipt => {}
            }
        }
        match (news, early) {
            (0, 0) => Taken::Known,
            (0, early) => Taken::Early(early),
            (news, _) => Taken::News(news),
        }
    }

    /// Takes one word of one order.
    pub fn say(&mut self, order: Hash, word: Word) -> Taken {
        if let Some(way) = self.orders.get_mut(&order) {
            let concerns = way.order.to.is_empty() || way.concerns(&word);
            let new = way.words.insert(word);
            return if new && concerns { Taken::News(1) } else { Taken::Known };
        }
        if self.early_count >= EARLY_MAX {
            return Taken::Refused(Why::Full);
        }
        if self.early.entry(order).or_default().insert(word) {
            self.early_count += 1;
            Taken::Early(1)
        } else {
            Taken::Known
        }
    }

    /// The way of one order.
    #[must_use]
    pub fn way(&self, order: &Hash) -> Option<&Way> {
        self.orders.get(order)
    }

    /// How far an order came, addressee by addressee.
    pub fn progress(&self, order: &Hash) -> impl Iterator<Item = (&Addressee, Progress)> {
        let way = self.orders.get(order).into_iter();
        way.flat_map(|way| way.order.to.iter().map(|to| (&to.who, way.progress(to))))
    }

    /// Orders that are watched.
    pub fn orders(&self) -> impl Iterator<Item = &Order> {
        self.orders.values().map(|way| &way.order)
    }

    /// Every hand that is up: overdue and not read.
    #[must_use]
    pub fn hands(&self, now_ms: u64) -> Vec<RaisedHand> {
        self.orders.values().flat_map(|way| way.hands(now_ms)).collect()
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
        self.orders.values().filter_map(Way::wake_ms).min()
    }
}

impl Way {
    /// How far the order came with one addressee: the first word of each stage that is theirs to say.
    #[must_use]
    pub fn progress(&self, to: &Recipient) -> Progress {
        let mut progress = Progress::default();
        if to.devices.contains(&self.order.from) {
            // It never had to leave the device on which it was given.
            let reached = Reached { at_ms: self.order.given_ms, by: self.order.entry };
            progress.note(Stage::Received, reached);
        }
        for word in self.words.iter().filter(|word| self.is_theirs(to, word)) {
            progress.note(word.stage, word.reached);
        }
        progress
    }

    /// Whether a device said this of the order.
    #[must_use]
    pub fn was_said_by(&self, device: DeviceId, stage: Stage) -> bool {
        self.words.iter().any(|word| word.device == device && word.stage == stage)
    }

    fn is_theirs(&self, to: &Recipient, word: &Word) -> bool {
        let own = match &to.who {
            Addressee::Person(name) => *name == word.person,
            Addressee::Post { role, area } => {
                let near = contains(area, &word.area) || contains(&word.area, area);
                near && *role == word.role && !word.person.is_empty()
            }
            Addressee::Device(device) => *device == word.device,
        };
        match word.stage {
            // That an order left is said by whoever sent it, for everybody it goes to.
            Stage::Sent => word.device == self.order.from,
            Stage::Received => own || to.devices.contains(&word.device),
            Stage::Read | Stage::Acted => own,
        }
    }

    fn concerns(&self, word: &Word) -> bool {
        self.order.to.iter().any(|to| self.is_theirs(to, word))
    }

    /// Until when one addressee has time: from delivery as long as from the giving to the due time.
    #[must_use]
    pub fn due_ms(&self, progress: &Progress) -> u64 {
        let Order { given_ms, due_ms, .. } = self.order;
        let delivered = progress.reached(Stage::Received).map_or(given_ms, |it| it.at_ms);
        due_ms.saturating_add(delivered.saturating_sub(given_ms))
    }

    /// Every hand of this order that is up.
    #[must_use]
    pub fn hands(&self, now_ms: u64) -> Vec<RaisedHand> {
        let open = self.open();
        let late = open.filter(|(_, _, due_ms)| now_ms > *due_ms);
        late.map(|(addressee, stage, due_ms)| RaisedHand {
            order: self.order.entry,
            area: self.order.area.clone(),
            addressee: addressee.clone(),
            stage,
            late_ms: now_ms.saturating_sub(due_ms),
        })
        .collect()
    }

    /// Addressees who still owe their word, how far it came with them, and until when they have time.
    fn open(&self) -> impl Iterator<Item = (&Addressee, Option<Stage>, u64)> {
        self.order.to.iter().filter_map(|to| {
            let wanted = match to.who {
                Addressee::Person(_) | Addressee::Post { .. } => Stage::Read,
                Addressee::Device(_) => Stage::Received,
            };
            let progress = self.progress(to);
            let stage = progress.stage();
            (stage < Some(wanted)).then(|| (&to.who, stage, self.due_ms(&progress)))
        })
    }

    fn wake_ms(&self) -> Option<u64> {
        self.open().map(|(_, _, due_ms)| due_ms.saturating_add(1)).min()
    }
}

#[cfg(test)]
mod tests;
