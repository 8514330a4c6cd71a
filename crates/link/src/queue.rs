//! What waits for one path: most important first, fair between devices, within stated memory, nothing dropped unnamed.
//!
//! Time is an argument. Within a class the order is that of self-clocked fair queueing (Golestani, INFOCOM 1994): a
//! parcel's turn is the class's turn or its device's last one, whichever is later, and its size. So a device that sends a
//! thousand parcels waits behind its own and delays another's by one parcel at most.

use pehra_ledger::{DeviceId, Hash};
use std::collections::{BTreeMap, BTreeSet};

/// What goes first. A class waits while a higher one has anything to send, but for one turn in [`FLOOR`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// Somebody's life is in danger.
    Life,
    /// Orders, hand-overs of custody, revocations.
    Urgent,
    /// Check-ins, figures.
    Routine,
    /// Photographs, old history.
    Bulk,
}

impl Priority {
    pub const ALL: [Self; 4] = [Self::Life, Self::Urgent, Self::Routine, Self::Bulk];
}

/// One turn of so many goes to the lowest class that waits: who calls everything urgent stops nothing for ever.
pub const FLOOR: u32 = 16;
/// First wait before a parcel without an answer is sent again, milliseconds; doubled each time.
pub const RETRY_MS: u64 = 2_000;
/// Longest wait between two attempts.
pub const RETRY_MS_MAX: u64 = 15 * 60_000;

/// Something to send, sealed or signed already: the queue never looks inside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parcel {
    /// Whose it is: the share it uses.
    pub source: DeviceId,
    pub priority: Priority,
    /// Unix milliseconds; not sent after it.
    pub expires_ms: u64,
    pub content: Vec<u8>,
}

impl Parcel {
    /// Names the parcel: equal contents are one.
    #[must_use]
    pub fn name(&self) -> Hash {
        Hash::of(&self.content)
    }

    fn bytes(&self) -> u64 {
        u64::try_from(self.content.len()).unwrap_or(u64::MAX)
    }
}

/// How much one path may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub bytes_max: u64,
    pub parcels_max: usize,
    /// Of one device, in all classes.
    pub device_bytes_max: u64,
    pub device_parcels_max: usize,
    /// Sent and without an answer.
    pub in_flight_max: usize,
    /// An answer is waited for so long.
    pub answer_ms: u64,
}

impl Limits {
    pub const NODE: Self = Self {
        bytes_max: 256 << 20,
        parcels_max: 100_000,
        device_bytes_max: 32 << 20,
        device_parcels_max: 4_096,
        in_flight_max: 64,
        answer_ms: 30_000,
    };
}

/// Why a parcel was not taken. The sender keeps it and comes again: this is back-pressure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("it expired {0} ms ago")]
    Expired(u64),
    #[error("it is empty")]
    Empty,
    #[error("this device's share is full; again in {retry_ms} ms")]
    Share { retry_ms: u64 },
    #[error("the path is full of what is as important; again in {retry_ms} ms")]
    Full { retry_ms: u64 },
}

/// What became of an offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Offered {
    /// Taken. What had to give way is less important, and is named with its content.
    Queued {
        gave_way: Vec<Parcel>,
    },
    /// Held already; the more important class and the later end hold from now on.
    Known,
    Refused(Refused),
}

#[derive(Clone, Debug)]
struct Held {
    parcel: Parcel,
    turn: u64,
    attempts: u32,
    queued_ms: u64,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Waiting,
    /// Sent; an answer is due.
    InFlight {
        due_ms: u64,
    },
    /// To be sent again, not before.
    Later {
        due_ms: u64,
    },
}

#[derive(Clone, Copy, Debug, Default)]
struct Share {
    bytes: u64,
    parcels: usize,
    turns: [u64; 4],
}

/// What waits in one class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Depth {
    pub priority: Priority,
    pub parcels: usize,
    pub bytes: u64,
    /// When the oldest one came, Unix milliseconds.
    pub oldest_ms: Option<u64>,
}

/// The queue of one path.
#[derive(Clone, Debug)]
pub struct Queue {
    limits: Limits,
    seed: u64,
    held: BTreeMap<Hash, Held>,
    waiting: BTreeSet<(Priority, u64, Hash)>,
    timed: BTreeSet<(u64, Hash)>,
    expiries: BTreeSet<(u64, Hash)>,
    shares: BTreeMap<DeviceId, Share>,
    turns: [u64; 4],
    in_flight: usize,
    bytes: u64,
    above_floor: u32,
}

fn class(priority: Priority) -> usize {
    Priority::ALL.iter().position(|one| *one == priority).unwrap_or_default()
}

impl Queue {
    /// An empty queue. `seed` spreads retries, so that a thousand nodes that lost one link do not come back at once.
    #[must_use]
    pub fn new(limits: Limits, seed: u64) -> Self {
        Self {
            limits,
            seed,
            held: BTreeMap::new(),
            waiting: BTreeSet::new(),
            timed: BTreeSet::new(),
            expiries: BTreeSet::new(),
            shares: BTreeMap::new(),
            turns: [0; 4],
            in_flight: 0,
            bytes: 0,
            above_floor: 0,
        }
    }

    /// Takes a parcel, or says why not.
    pub fn offer(&mut self, parcel: Parcel, now_ms: u64) -> Offered {
        if parcel.content.is_empty() {
            return Offered::Refused(Refused::Empty);
        }
        if parcel.expires_ms <= now_ms {
            return Offered::Refused(Refused::Expired(now_ms - parcel.expires_ms));
        }
        let name = parcel.name();
        if self.held.contains_key(&name) {
            self.raise(name, &parcel);
            return Offered::Known;
        }
        let bytes = parcel.bytes();
        let share = self.shares.get(&parcel.source).copied().unwrap_or_default();
        let over = share.bytes.saturating_add(bytes) > self.limits.device_bytes_max;
        if over || share.parcels >= self.limits.device_parcels_max {
            return Offered::Refused(Refused::Share { retry_ms: self.retry_ms(&name, 0) });
        }
        let Some(victims) = self.room_for(bytes, parcel.priority) else {
            return Offered::Refused(Refused::Full { retry_ms: self.retry_ms(&name, 0) });
        };
        let gave_way = victims.iter().filter_map(|victim| self.remove(victim)).collect();
        self.insert(name, parcel, now_ms);
        Offered::Queued { gave_way }
    }

    fn insert(&mut self, name: Hash, parcel: Parcel, now_ms: u64) {
        let (at, bytes) = (class(parcel.priority), parcel.bytes());
        let share = self.shares.entry(parcel.source).or_default();
        share.bytes += bytes;
        share.parcels += 1;
        let turn = turn_after(&self.turns, share, at, bytes);
        self.bytes += bytes;
        self.waiting.insert((parcel.priority, turn, name));
        self.expiries.insert((parcel.expires_ms, name));
        let state = State::Waiting;
        self.held.insert(name, Held { parcel, turn, attempts: 0, queued_ms: now_ms, state });
    }

    /// A parcel that is held comes again, perhaps as more important or with a later end.
    fn raise(&mut self, name: Hash, again: &Parcel) {
        let Some(held) = self.held.get_mut(&name) else { return };
        if again.expires_ms > held.parcel.expires_ms {
            self.expiries.remove(&(held.parcel.expires_ms, name));
            held.parcel.expires_ms = again.expires_ms;
            self.expiries.insert((again.expires_ms, name));
        }
        if again.priority < held.parcel.priority {
            let was = (held.parcel.priority, held.turn, name);
            held.parcel.priority = again.priority;
            let (at, bytes) = (class(again.priority), held.parcel.bytes());
            let share = self.shares.entry(held.parcel.source).or_default();
            held.turn = turn_after(&self.turns, share, at, bytes);
            if self.waiting.remove(&was) {
                self.waiting.insert((again.priority, held.turn, name));
            }
        }
    }

    /// Which less important parcels make room, least important and last in turn first; none when they do not suffice.
    /// What is on its way is left alone.
    fn room_for(&self, bytes: u64, priority: Priority) -> Option<Vec<Hash>> {
        let mut free = self.limits.bytes_max.saturating_sub(self.bytes);
        let mut places = self.limits.parcels_max.saturating_sub(self.held.len());
        let mut victims = Vec::new();
        for (waiting, _, name) in self.waiting.iter().rev() {
            if free >= bytes && places > 0 {
                break;
            }
            if *waiting <= priority {
                return None;
            }
            free = free.saturating_add(self.held.get(name)?.parcel.bytes());
            places += 1;
            victims.push(*name);
        }
        (free >= bytes && places > 0).then_some(victims)
    }

    fn remove(&mut self, name: &Hash) -> Option<Parcel> {
        let held = self.held.remove(name)?;
        match held.state {
            State::Waiting => {
                self.waiting.remove(&(held.parcel.priority, held.turn, *name));
            }
            State::InFlight { due_ms } => {
                self.timed.remove(&(due_ms, *name));
                self.in_flight = self.in_flight.saturating_sub(1);
            }
            State::Later { due_ms } => {
                self.timed.remove(&(due_ms, *name));
            }
        }
        self.expiries.remove(&(held.parcel.expires_ms, *name));
        let bytes = held.parcel.bytes();
        self.bytes = self.bytes.saturating_sub(bytes);
        if let Some(share) = self.shares.get_mut(&held.parcel.source) {
            share.bytes = share.bytes.saturating_sub(bytes);
            share.parcels = share.parcels.saturating_sub(1);
            // A device with nothing here and no turn ahead of the class is forgotten.
            if share.parcels == 0
                && share.turns.iter().zip(self.turns).all(|(own, all)| *own <= all)
            {
                self.shares.remove(&held.parcel.source);
            }
        }
        Some(held.parcel)
    }

    /// What is to be sent now, and how often it was sent before; it is on its way afterwards. None when nothing
    /// may be sent: nothing waits, or too much is without an answer.
    pub fn next(&mut self, now_ms: u64) -> Option<(Parcel, u32)> {
        self.wake(now_ms);
        if self.in_flight >= self.limits.in_flight_max {
            return None;
        }
        let first = *self.waiting.first()?;
        let last_class = self.waiting.last().map_or(first.0, |last| last.0);
        let chosen = if first.0 == last_class {
            self.above_floor = 0;
            first
        } else if self.above_floor + 1 >= FLOOR {
            self.above_floor = 0;
            *self.waiting.range((last_class, 0, Hash::ZERO)..).next()?
        } else {
            self.above_floor += 1;
            first
        };
        self.waiting.remove(&chosen);
        let (priority, turn, name) = chosen;
        if let Some(all) = self.turns.get_mut(class(priority)) {
            *all = turn.max(*all);
        }
        let due_ms = now_ms.saturating_add(self.limits.answer_ms);
        let held = self.held.get_mut(&name)?;
        held.state = State::InFlight { due_ms };
        self.timed.insert((due_ms, name));
        self.in_flight += 1;
        Some((held.parcel.clone(), held.attempts))
    }

    /// The other end has it. Answers how long it took since it was offered.
    pub fn arrived(&mut self, name: &Hash, now_ms: u64) -> Option<u64> {
        let queued_ms = self.held.get(name)?.queued_ms;
        self.remove(name)?;
        Some(now_ms.saturating_sub(queued_ms))
    }

    /// It did not get through: it comes again later, each time after about twice as long.
    pub fn failed(&mut self, name: &Hash, now_ms: u64) {
        let Some(held) = self.held.get(name) else { return };
        let State::InFlight { due_ms } = held.state else { return };
        let later_ms = now_ms.saturating_add(self.retry_ms(name, held.attempts));
        self.timed.remove(&(due_ms, *name));
        self.timed.insert((later_ms, *name));
        self.in_flight = self.in_flight.saturating_sub(1);
        if let Some(held) = self.held.get_mut(name) {
            held.attempts = held.attempts.saturating_add(1);
            held.state = State::Later { due_ms: later_ms };
        }
    }

    /// The path is back: everything that waits for its next attempt may go at once, in the order of importance.
    pub fn path_is_back(&mut self) {
        let later = |held: &Held| matches!(held.state, State::Later { .. });
        let names: Vec<Hash> =
            self.held.iter().filter(|(_, held)| later(held)).map(|(name, _)| *name).collect();
        for name in names {
            self.wait_again(name);
        }
    }

    fn wait_again(&mut self, name: Hash) {
        let Some(held) = self.held.get_mut(&name) else { return };
        if let State::Later { due_ms } = held.state {
            self.timed.remove(&(due_ms, name));
            held.state = State::Waiting;
            self.waiting.insert((held.parcel.priority, held.turn, name));
        }
    }

    /// Answers that did not come are failures; waits that are over are over.
    fn wake(&mut self, now_ms: u64) {
        while let Some((due_ms, name)) = self.timed.first().copied() {
            if due_ms > now_ms {
                break;
            }
            match self.held.get(&name).map(|held| held.state) {
                Some(State::InFlight { .. }) => self.failed(&name, now_ms),
                Some(State::Later { .. }) => self.wait_again(name),
                Some(State::Waiting) | None => {
                    self.timed.remove(&(due_ms, name));
                }
            }
        }
    }

    /// Takes out what is past its end: each is handed back, to be shown as not delivered.
    pub fn expire(&mut self, now_ms: u64) -> Vec<Parcel> {
        let mut expired = Vec::new();
        while let Some((expires_ms, name)) = self.expiries.first().copied() {
            if expires_ms > now_ms {
                break;
            }
            expired.extend(self.remove(&name));
        }
        expired
    }

    /// When [`Self::next`] or [`Self::expire`] should be asked again although nothing was offered.
    #[must_use]
    pub fn wake_ms(&self) -> Option<u64> {
        let timed = self.timed.first().map(|(ms, _)| *ms);
        let expiry = self.expiries.first().map(|(ms, _)| *ms);
        timed.into_iter().chain(expiry).min()
    }

    /// What is held, class by class, on its way or not.
    #[must_use]
    pub fn depths(&self) -> [Depth; 4] {
        let mut depths =
            Priority::ALL.map(|priority| Depth { priority, parcels: 0, bytes: 0, oldest_ms: None });
        for held in self.held.values() {
            if let Some(depth) = depths.get_mut(class(held.parcel.priority)) {
                depth.parcels += 1;
                depth.bytes += held.parcel.bytes();
                let oldest = depth.oldest_ms.map_or(held.queued_ms, |ms| ms.min(held.queued_ms));
                depth.oldest_ms = Some(oldest);
            }
        }
        depths
    }

    /// Bytes held.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Doubled each time up to the longest wait, then between three quarters and five quarters of it.
    fn retry_ms(&self, name: &Hash, attempts: u32) -> u64 {
        let doubled = RETRY_MS.saturating_mul(1 << attempts.min(20)).min(RETRY_MS_MAX);
        let bytes = [&self.seed.to_be_bytes()[..], &attempts.to_be_bytes(), &name.0];
        let draw = u64::from_be_bytes(Hash::of_parts(bytes).short());
        doubled - doubled / 4 + draw % (doubled / 2)
    }
}

/// A device's next turn in a class: after its last one, not before the class's, by the parcel's size.
fn turn_after(turns: &[u64; 4], share: &mut Share, class: usize, bytes: u64) -> u64 {
    let all = turns.get(class).copied().unwrap_or_default();
    let Some(own) = share.turns.get_mut(class) else { return all };
    // Every parcel costs something beside its bytes, or empty ones would come for nothing.
    *own = (*own).max(all).saturating_add(bytes).saturating_add(64);
    *own
}

#[cfg(test)]
mod tests;
