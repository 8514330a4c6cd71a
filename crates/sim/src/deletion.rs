//! Deletions: an act of the two offices that hold everything, carried out by every node that hears of it, on its disk and
//! in memory. What comes later is left at the door.

use crate::{
    bug::Bug,
    chance::Chance,
    disk::Record,
    node::{ENTRY, FORK, SimNode, read_fork, write_fork},
    world::World,
};
use pehra_ledger::{
    DeviceId, Entry, Hash, Place,
    canonical::{Reader, Writer},
    roster::contains,
};
use std::collections::BTreeSet;

/// The kind of an entry that orders a deletion; its body names one place.
pub const DELETION: u32 = 1_900;
/// The kind of an ordinary act.
const ACT: u32 = 700;
/// The role that may order a deletion.
pub(crate) const ENTITLED: &str = "DRO";
/// One story in so many has deletions: the others stay as they are, seed for seed.
const STORIES: u64 = 8;
const STORY: u64 = 3;

/// The chance of a story's deletions, apart from all other chance; none in most stories.
pub(crate) fn chance_of(seed: u64) -> Option<Chance> {
    (seed % STORIES == STORY).then(|| Chance::new(seed ^ 0xde1e_7e00))
}

fn encode(place: Place) -> Vec<u8> {
    let mut w = Writer::default();
    w.array(3).bytes(&place.device.0).uint(place.epoch).uint(place.seq);
    w.finish()
}

fn decode(body: &[u8]) -> Option<Place> {
    let mut r = Reader::new(body);
    r.array_of(3).ok()?;
    let device = DeviceId(r.exact().ok()?);
    Some(Place { device, epoch: r.u32().ok()?, seq: r.uint(u64::MAX).ok()? })
}

impl World {
    /// Somebody orders a deletion, once in a while; sometimes somebody who may not.
    pub(crate) fn delete(&mut self) {
        let Some(mut chance) = self.deletes.take() else { return };
        if chance.once_in(9) {
            let count = if chance.once_in(4) { self.nodes.len() } else { 2 };
            self.order(chance.below(count), &mut chance);
        }
        self.deletes = Some(chance);
    }

    fn order(&mut self, at: usize, chance: &mut Chance) {
        let now_ms = self.now_ms;
        let Some(node) = self.nodes.get_mut(at).filter(|node| node.up && !node.silent) else {
            return;
        };
        let whole = node.book.logs.entries().filter(|it| it.payload().is_some());
        let acts: Vec<Place> =
            whole.filter(|it| it.header().kind == ACT).map(|it| it.header().place).collect();
        if acts.is_empty() {
            return;
        }
        let Some(place) = acts.get(chance.below(acts.len())).copied() else { return };
        let (own, role) = (node.area.clone(), node.role.clone());
        node.say(DELETION, &own, &role, &encode(place), now_ms, &mut self.oracle, chance);
        node.obey();
        self.tell(&format!("{at} orders the deletion of {place}"));
    }
}

/// An order that is believed: where it stands, what it reaches, and the place that it names.
pub(crate) struct Order {
    pub(crate) at: Place,
    area: String,
    pub(crate) named: Place,
}

/// The place that an entry orders to be emptied.
pub(crate) fn named_by(entry: &Entry) -> Option<Place> {
    let body = entry.payload().filter(|_| entry.header().kind == DELETION)?.body();
    decode(body)
}

/// Whether an order reaches an entry. By its own header: where a log forks, one place has two entries, of which an order
/// may reach one alone.
pub(crate) fn is_named(orders: &[Order], entry: &Entry) -> bool {
    let header = entry.header();
    let mut naming = orders.iter().filter(|order| order.named == header.place);
    naming.any(|order| reaches(&order.area, header.kind, &header.area))
}

/// Whether an order of an area reaches an entry of a kind and area.
pub(crate) fn reaches(order_area: &str, kind: u32, area: &str) -> bool {
    kind == ACT && contains(order_area, area)
}

impl SimNode {
    /// Orders that this node believes, and the places that they name.
    pub(crate) fn orders(&self, by_anybody: bool) -> Vec<Order> {
        let believed = |entry: &&Entry| by_anybody || self.is_entitled(entry);
        let order = |(entry, named): (&Entry, Place)| Order {
            at: entry.header().place,
            area: entry.header().area.clone(),
            named,
        };
        let all = self.book.logs.entries().filter_map(|it| named_by(it).map(|named| (it, named)));
        all.filter(|(entry, _)| believed(entry)).map(order).collect()
    }

    fn is_entitled(&self, order: &Entry) -> bool {
        order.header().role == ENTITLED && self.is_clean(order)
    }

    /// Carries out what was ordered.
    pub(crate) fn obey(&mut self) {
        let bug = self.bug;
        let has = move |other: Bug| bug == Some(other);
        let by_anybody = has(Bug::DeletionOfAnybody);
        let orders = self.orders(by_anybody);
        if orders.is_empty() {
            return;
        }
        let places: BTreeSet<Place> = orders.iter().map(|order| order.at).collect();
        let mut gone = std::mem::take(&mut self.gone);
        let is_gone = |entry: &Entry| {
            let place = entry.header().place;
            let at = |place: Place| orders.iter().any(|order| order.named == place);
            let before = place.seq.checked_sub(1).map(|seq| Place { seq, ..place });
            is_named(&orders, entry)
                || ((by_anybody || has(Bug::DeletionByPlace)) && at(place))
                || (has(Bug::DeletionOfNeighbour) && before.is_some_and(at))
        };
        let first = |entry: &Entry| {
            let (place, hash) = (entry.header().place, entry.hash());
            !(has(Bug::DeletedComesBack) && gone.contains(&(place, hash)))
        };
        let whole = self.book.copies().filter(|entry| entry.payload().is_some());
        let open = whole.filter(|entry| is_gone(entry) && first(entry));
        let open: BTreeSet<(Place, Hash)> =
            open.map(|entry| (entry.header().place, entry.hash())).collect();
        if open.is_empty() && places == self.obeyed {
            self.gone = gone;
            return;
        }
        // What the disk has and nobody reads is gone with the rest.
        if !has(Bug::DeletionKeptOnDisk) {
            self.disk.replace(&|record| {
                if record.kind == FORK && has(Bug::DeletionLeavesProofs) {
                    return None;
                }
                let entry = entry_of(record).filter(|entry| entry.payload().is_some())?;
                if is_gone(&entry) && first(&entry) { without(record, entry) } else { None }
            });
        }
        let is_open = |entry: &Entry| open.contains(&(entry.header().place, entry.hash()));
        if has(Bug::DeletionLeavesProofs) {
            self.book.logs.withhold(&is_open);
        } else {
            self.book.withhold(&is_open);
        }
        self.obeyed = places;
        gone.extend(open);
        self.gone = gone;
    }

    /// What comes, without what was deleted before it came.
    pub(crate) fn leave_deleted(&self, entries: Vec<Entry>) -> Vec<Entry> {
        if self.has(Bug::DeletedComesBack) {
            return entries;
        }
        let orders = self.orders(false);
        let bare = |entry: Entry| {
            if is_named(&orders, &entry) { entry.withheld() } else { entry }
        };
        entries.into_iter().map(bare).collect()
    }

    /// Every payload that lies here with the header of its entry: in a log, with a fork's proof, or on the disk.
    #[must_use]
    pub fn payloads(&self) -> Vec<Entry> {
        let sound = self.disk.read().into_iter().filter(Record::is_sound);
        let on_disk = sound.filter_map(|record| entry_of(&record));
        let all = self.book.copies().cloned().chain(on_disk);
        all.filter(|entry| entry.payload().is_some()).collect()
    }
}

/// The entry that a record keeps, by itself or with a fork's proof.
fn entry_of(record: &Record) -> Option<Entry> {
    match record.kind {
        ENTRY => Entry::decode(&record.bytes).ok(),
        FORK => read_fork(&record.bytes).map(|(entry, _)| entry),
        _ => None,
    }
}

/// The record without its entry's payload.
fn without(record: &Record, entry: Entry) -> Option<Record> {
    if !record.is_sound() {
        return None;
    }
    let bare = entry.withheld();
    let bytes = match record.kind {
        FORK => write_fork(&bare, &read_fork(&record.bytes)?.1),
        _ => bare.encode(),
    };
    Some(Record::new(record.kind, bytes))
}
