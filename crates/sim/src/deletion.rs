//! Deletions: an act of the two offices that hold everything, carried out by every node that hears of it, on its disk and
//! in memory. What comes later is left at the door.

use crate::{
    bug::Bug,
    chance::Chance,
    disk::Record,
    node::{ENTRY, SimNode},
    world::World,
};
use pehra_ledger::{
    DeviceId, Entry, Place,
    canonical::{Reader, Writer},
    certificate::Subject,
    log::{LogBook, Logs as _},
    roster::contains,
    statement::Said,
};
use std::collections::BTreeSet;

/// The kind of an entry that orders a deletion; its body names one place.
pub const DELETION: u32 = 1_900;
/// The kind of an ordinary act.
const ACT: u32 = 700;
/// The role that may order a deletion.
const ENTITLED: &str = "DRO";
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
        let acts: Vec<(Place, String)> = node
            .book
            .logs
            .entries()
            .filter(|entry| entry.header().kind == ACT && entry.payload().is_some())
            .map(|entry| (entry.header().place, entry.header().area.clone()))
            .collect();
        if acts.is_empty() {
            return;
        }
        let Some((place, area)) = acts.get(chance.below(acts.len())).cloned() else { return };
        let (own, role) = (node.area.clone(), node.role.clone());
        if contains(&own, &area) && role == ENTITLED {
            self.oracle.ordered.insert(place);
        }
        let Some(node) = self.nodes.get_mut(at) else { return };
        node.say(DELETION, &own, &role, &encode(place), now_ms, &mut self.oracle, chance);
        node.obey();
        self.tell(&format!("{at} orders the deletion of {place}"));
    }
}

impl SimNode {
    /// Places whose payload is to be gone, by what this node holds and believes.
    #[must_use]
    pub fn deleted(&self) -> BTreeSet<Place> {
        self.named(false)
    }

    /// Orders and the places that they name.
    fn orders(&self, by_anybody: bool) -> impl Iterator<Item = (&Entry, Place)> {
        let orders = self.book.logs.entries().filter(|it| it.header().kind == DELETION);
        let orders = orders.filter(move |order| by_anybody || self.is_entitled(order));
        orders.filter_map(|order| Some((order, decode(order.payload()?.body())?)))
    }

    fn named(&self, by_anybody: bool) -> BTreeSet<Place> {
        let reached = self.orders(by_anybody).filter(|(order, place)| {
            let held = self.book.logs.entry(*place);
            by_anybody || held.is_none_or(|held| reaches(order, held))
        });
        reached.map(|(_, place)| place).collect()
    }

    fn is_entitled(&self, order: &Entry) -> bool {
        order.header().role == ENTITLED && self.is_clean(order)
    }

    /// Carries out what was ordered.
    pub(crate) fn obey(&mut self) {
        let mut named = self.named(self.has(Bug::DeletionOfAnybody));
        if self.has(Bug::DeletionOfNeighbour) {
            let next = |place: &Place| Place { seq: place.seq + 1, ..*place };
            named.extend(named.clone().iter().map(next));
        }
        let holds = |place: &Place| {
            self.book.logs.entry(*place).is_some_and(|held| held.payload().is_some())
        };
        let first = |place: &Place| !(self.has(Bug::DeletedComesBack) && self.gone.contains(place));
        let open: BTreeSet<Place> =
            named.into_iter().filter(|place| holds(place) && first(place)).collect();
        if open.is_empty() {
            return;
        }
        self.forget(&open);
        if !self.has(Bug::DeletionKeptOnDisk) {
            self.disk.replace(&|record| without(record, &open));
        }
        self.gone.extend(open);
    }

    fn forget(&mut self, places: &BTreeSet<Place>) {
        let mut logs = LogBook::default();
        for said in self.book.roster.statements() {
            if let Said::Certificate(one) = said
                && one.body.subject == Subject::DEVICE
                && matches!(self.book.logs.key(one.body.key.id()), Ok(Some(_)))
            {
                logs.know(one.body.key);
            }
        }
        logs.know(self.key.public());
        for entry in self.book.logs.entries() {
            let gone = places.contains(&entry.header().place);
            logs.append(if gone { entry.clone().withheld() } else { entry.clone() });
        }
        for (&(device, epoch), &seq) in self.book.logs.forked() {
            logs.mark_forked(Place { device, epoch, seq });
        }
        self.book.logs = logs;
    }

    /// What comes, without what was deleted before it came.
    pub(crate) fn leave_deleted(&self, entries: Vec<Entry>) -> Vec<Entry> {
        if self.has(Bug::DeletedComesBack) {
            return entries;
        }
        let orders: Vec<(&Entry, Place)> = self.orders(false).collect();
        let is_named = |entry: &Entry| {
            let place = entry.header().place;
            orders.iter().any(|(order, named)| *named == place && reaches(order, entry))
        };
        let bare = |entry: Entry| if is_named(&entry) { entry.withheld() } else { entry };
        entries.into_iter().map(bare).collect()
    }

    /// Places of which the disk still has the payload.
    #[must_use]
    pub fn on_disk(&self) -> BTreeSet<Place> {
        let sound = self.disk.read().into_iter().filter(|it| it.kind == ENTRY && it.is_sound());
        let entries = sound.filter_map(|record| Entry::decode(&record.bytes).ok());
        let whole = entries.filter(|entry| entry.payload().is_some());
        whole.map(|entry| entry.header().place).collect()
    }
}

fn reaches(order: &Entry, named: &Entry) -> bool {
    named.header().kind == ACT && contains(&order.header().area, &named.header().area)
}

/// The record without its payload, if it is of one of these places.
fn without(record: &Record, places: &BTreeSet<Place>) -> Option<Record> {
    let entry = (record.kind == ENTRY).then(|| Entry::decode(&record.bytes).ok()).flatten()?;
    let gone = places.contains(&entry.header().place) && record.is_sound();
    gone.then(|| Record::new(ENTRY, entry.withheld().encode()))
}
