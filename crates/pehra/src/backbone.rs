//! The national tier: sealed entries distributed over a replicated stream (NATS JetStream) to any number of nodes that
//! read. The ledger stays the record; the stream only carries. Whatever the stream loses, repeats or reorders, every
//! entry is verified again where it arrives, and what is missing is published again.

mod bus;
mod wire;

pub use wire::Servers;

use crate::node::{Node, NodeError, Sealed, backlog::Backlog};
use bus::{Bus, Holders, Parcel};
use pehra_ledger::{DeviceId, Hash, Place, entry::Entry};
use pehra_link::path::{Carrier, Event, Way};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

/// Entries published or read together.
const TOGETHER: u32 = 256;
/// Entries that are kept aside until their certificate or what is before them has come.
const ASIDE_MAX: usize = 50_000;
/// Bytes of a message besides the entry.
const HEADER_BYTES: usize = 512;
/// How often bus and ledger are compared log by log.
const RECONCILE_EVERY: Duration = Duration::from_secs(300);
/// How often it is looked whether something new came.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// After a failure the next server is tried after so long, then twice as long, and so on up to the second figure.
const WAIT: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(10));

/// After the last deletion it is waited so long before the servers are made to cut their logs: a server does not cut one
/// again within ten seconds.
const CUT_AFTER: Duration = Duration::from_secs(15);

const READ_MARK: &str = "backbone-read";
/// The name of the bus among the paths.
pub const PATH: &str = "bus";
const PUBLISHED_MARK: &str = "backbone-published";
/// Set while the servers' own logs may hold what was deleted.
const UNCUT_MARK: &str = "backbone-uncut";
/// Set once the node has spoken with a bus.
pub(crate) const STREAM_MARK: &str = "backbone-stream";

/// Why the bus could not be used. The ledger is as it was; the next round goes on where this one stopped.
#[derive(Debug, thiserror::Error)]
pub enum BackboneError {
    #[error("{0} is no address of a bus: write nats://host:port,host:port")]
    Address(String),
    #[error("no server of the bus answers")]
    Nobody(#[source] Option<Box<BackboneError>>),
    #[error("the server does not speak as NATS does")]
    NotNats,
    #[error(
        "the server demands TLS, which this node does not speak yet: put an encrypting tunnel between them"
    )]
    Tls,
    #[error("the server has no JetStream: switch it on in its configuration")]
    NoJetStream,
    #[error("the server closed the connection")]
    Closed,
    #[error("the bus has no leader at the moment")]
    NotReady,
    #[error("the bus has no stream for this election")]
    NoStream,
    #[error("the bus has no such message")]
    NoMessage,
    #[error("the bus refused: {0}")]
    Refused(String),
    #[error("this machine gives no random numbers")]
    NoChance,
    #[error("the connection failed")]
    Io(#[from] std::io::Error),
    #[error(transparent)]
    Node(#[from] NodeError),
}

/// What one round did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Exchanged {
    pub published: u64,
    pub read: u64,
    /// Larger than the bus takes: they travel by other carriers.
    pub too_large: u64,
    /// Waiting for a certificate or for what is before them.
    pub aside: usize,
    /// Taken off the bus, because a deletion names them.
    pub deleted: u64,
}

type Log = (DeviceId, u32);

/// What the bus holds of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OnBus {
    /// Up to this entry.
    UpTo(u64),
    Nothing,
    /// Another history than ours: both sides must be seen.
    Contradicts,
}

/// The servers' own logs of what they agreed on, which hold what was deleted until each server has cut its own.
struct Uncut {
    since: Instant,
    /// Who led when it was looked last.
    leader: Option<String>,
    /// Who has become the leader since, and has cut its log by that.
    done: BTreeSet<String>,
}

/// One node's side of the bus.
pub struct Backbone {
    node: Node,
    servers: Servers,
    nth: usize,
    bus: Option<Bus>,
    logs: BTreeMap<Log, OnBus>,
    /// Read from the bus, by number there, and not taken yet.
    aside: BTreeMap<u64, Vec<u8>>,
    /// Read, and to be deleted: somebody published it who had not heard of its deletion.
    late: BTreeMap<u64, Entry>,
    uncut: Option<Uncut>,
    /// Messages that were taken off for deletions of which nobody has said yet that the bus is empty.
    taken_off: BTreeMap<Hash, u64>,
    read: u64,
    published: i64,
}

impl Uncut {
    fn now() -> Self {
        Self { since: Instant::now(), leader: None, done: BTreeSet::new() }
    }
}

impl Backbone {
    /// Goes on where this node left off.
    ///
    /// # Errors
    /// [`BackboneError::Node`] when the disk could not be read.
    pub fn new(node: Node, servers: Servers) -> Result<Self, BackboneError> {
        let mark = |name| node.mark(name).map(|mark| mark.unwrap_or_default());
        let read = mark(READ_MARK)?.parse().unwrap_or(0);
        let published = mark(PUBLISHED_MARK)?.parse().unwrap_or(0);
        let uncut = mark(UNCUT_MARK)?;
        let uncut = (!uncut.is_empty()).then(Uncut::now);
        Ok(Self {
            node,
            servers,
            nth: 0,
            bus: None,
            logs: BTreeMap::new(),
            aside: BTreeMap::new(),
            late: BTreeMap::new(),
            uncut,
            taken_off: BTreeMap::new(),
            read,
            published,
        })
    }

    /// One round: reads what is new on the bus, publishes what is new in the ledger. After an error the next round
    /// tries the next server.
    ///
    /// # Errors
    /// [`BackboneError`].
    pub fn exchange(&mut self) -> Result<Exchanged, BackboneError> {
        let done = self.try_exchange();
        self.settle(done)
    }

    /// Compares bus and ledger log by log, publishes what the bus lacks, and reads anew what the ledger lacks; answers
    /// how many entries were published.
    ///
    /// # Errors
    /// [`BackboneError`].
    pub fn reconcile(&mut self) -> Result<u64, BackboneError> {
        let done = self.try_reconcile();
        self.settle(done)
    }

    fn settle<T>(&mut self, done: Result<T, BackboneError>) -> Result<T, BackboneError> {
        if done.is_err() {
            self.bus = None;
            self.nth = self.nth.wrapping_add(1);
        }
        done
    }

    fn bus(&mut self) -> Result<&mut Bus, BackboneError> {
        if self.bus.is_none() {
            let election = self.node.ledger_election();
            let (bus, state) = Bus::open(&self.servers, self.nth, election)?;
            let known = self.node.mark(STREAM_MARK)?;
            if known.as_deref() != Some(&*state.created) || state.last < self.read {
                // Another stream, or one that lost its end: all of it is read and published again.
                self.forget()?;
                self.node.set_mark(STREAM_MARK, &state.created)?;
            }
            self.logs.clear();
            self.bus = Some(bus);
        }
        self.bus.as_mut().ok_or(BackboneError::NotReady)
    }

    fn forget(&mut self) -> Result<(), BackboneError> {
        (self.read, self.published) = (0, 0);
        self.aside.clear();
        self.node.set_mark(READ_MARK, "0")?;
        Ok(self.node.set_mark(PUBLISHED_MARK, "0")?)
    }

    fn try_exchange(&mut self) -> Result<Exchanged, BackboneError> {
        let mut done = Exchanged::default();
        loop {
            let from = self.read + 1;
            let batch = self.bus()?.read(from, TOGETHER)?;
            let Some(&(last, _)) = batch.last() else { break };
            done.read += batch.len() as u64;
            self.take(batch)?;
            self.read = last;
            // What waits is read again after a restart.
            let waits = [self.aside.keys().next(), self.late.keys().next()];
            let safe = waits.into_iter().flatten().min().map_or(last, |first| first - 1);
            self.node.set_mark(READ_MARK, &safe.to_string())?;
        }
        loop {
            let sealed = self.node.sealed_after(self.published, TOGETHER)?;
            let Some(last) = sealed.last().map(|one| one.receipt) else { break };
            done.published += self.publish(sealed, &mut done.too_large)?;
            self.published = last;
            self.node.set_mark(PUBLISHED_MARK, &last.to_string())?;
        }
        done.aside = self.aside.len();
        done.deleted = self.purge()?;
        match self.cut() {
            // Between two leaders: in the next round.
            Ok(()) | Err(BackboneError::NotReady) => Ok(done),
            Err(error) => Err(error),
        }
    }

    /// Makes the next server cut its own log, once deletions have come to rest. A server cuts it when it becomes the
    /// leader; so each becomes it once, one a round. One that is away or behind is waited for: it erases what was deleted
    /// when it reads so in the others' log, and what it gets in the place of a log that was cut says nothing of it.
    fn cut(&mut self) -> Result<(), BackboneError> {
        if self.uncut.as_ref().is_none_or(|it| it.since.elapsed() < CUT_AFTER) {
            return Ok(());
        }
        let holders = self.bus()?.holders()?;
        let Some(uncut) = &mut self.uncut else { return Ok(()) };
        // One server alone agrees with nobody and keeps no such log.
        let Some(holders) = holders else { return self.is_cut() };
        if !holders.are_whole() {
            return Err(BackboneError::NotReady);
        }
        let Holders { leader, replicas } = holders;
        let leader = leader.ok_or(BackboneError::NotReady)?;
        if uncut.leader.as_ref().is_some_and(|last| *last != leader) {
            uncut.done.insert(leader.clone());
        }
        let is_done = |name: &String| uncut.done.contains(name);
        let leads_since_before = !is_done(&leader);
        let next = replicas.iter().find(|it| !is_done(&it.name));
        if next.is_none() && !leads_since_before {
            return self.is_cut();
        }
        let next = next.or_else(|| replicas.first()).ok_or(BackboneError::NotReady)?;
        let next = next.name.clone();
        uncut.leader = Some(leader);
        self.bus()?.hand_over(&next)
    }

    fn is_cut(&mut self) -> Result<(), BackboneError> {
        self.uncut = None;
        Ok(self.node.set_mark(UNCUT_MARK, "")?)
    }

    /// Takes off the bus what deletions name, and says so. In its place goes the entry without its payload, so that
    /// whoever reads from the beginning finds every log whole. As long as a server is away the bus owes it: a server that
    /// missed the deletion would keep the words on its disk and call them gone.
    fn purge(&mut self) -> Result<u64, BackboneError> {
        let owed = self.node.owed_by_bus();
        if (self.late.is_empty() && owed.is_empty()) || !self.is_whole()? {
            return Ok(0);
        }
        let late: Vec<(u64, Entry)> = self.late.clone().into_iter().collect();
        let mut deleted = self.take_off(&late)?;
        self.late.clear();
        for (deletion, places) in owed {
            let mut found = Vec::new();
            for place in places {
                found.extend(self.copies(place)?);
            }
            let gone = self.take_off(&found)?;
            deleted += gone;
            *self.taken_off.entry(deletion).or_default() += gone;
        }
        // One may have gone away in between.
        if self.is_whole()? {
            for (deletion, gone) in std::mem::take(&mut self.taken_off) {
                self.node.answer_for_bus(deletion, u32::try_from(gone).unwrap_or(u32::MAX))?;
            }
        }
        Ok(deleted)
    }

    /// Whether every server that holds the stream is there.
    fn is_whole(&mut self) -> Result<bool, BackboneError> {
        let holders = self.bus()?.holders()?;
        Ok(holders.is_none_or(|holders| holders.are_whole()))
    }

    /// Messages that carry the payload of one entry, by number.
    fn copies(&mut self, place: Place) -> Result<Vec<(u64, Entry)>, BackboneError> {
        let subject = self.subject((place.device, place.epoch));
        let (mut from, mut found) = (1, Vec::new());
        loop {
            let batch = self.bus()?.read_under(&subject, from, TOGETHER)?;
            let Some((last, _)) = batch.last() else { return Ok(found) };
            from = last + 1;
            let read = batch
                .iter()
                .filter_map(|(number, bytes)| Some((*number, Entry::decode(bytes).ok()?)));
            found.extend(
                read.filter(|(_, entry)| {
                    entry.header().place == place && entry.payload().is_some()
                }),
            );
        }
    }

    fn take_off(&mut self, found: &[(u64, Entry)]) -> Result<u64, BackboneError> {
        if found.is_empty() {
            return Ok(0);
        }
        let bare = |(_, entry): &(u64, Entry)| {
            let place = entry.header().place;
            let body = entry.clone().withheld().encode();
            let election = crate::auth::hex(&self.node.ledger_election());
            // Not among the log's own messages: the last of those says how far the bus reaches.
            let subject = format!("pehra.{election}.deleted.{}.{}", place.device, place.epoch);
            Parcel { subject, id: format!("{place}/{}/deleted", entry.hash()), body }
        };
        let parcels: Vec<Parcel> = found.iter().map(bare).collect();
        let numbers: Vec<u64> = found.iter().map(|(number, _)| *number).collect();
        let bus = self.bus()?;
        bus.publish(&parcels)?;
        bus.delete(&numbers)?;
        self.node.set_mark(UNCUT_MARK, "1")?;
        self.uncut = Some(Uncut::now());
        Ok(numbers.len() as u64)
    }

    /// Gives entries to the node. What it cannot take yet is tried again with what comes later.
    fn take(&mut self, batch: Vec<(u64, Vec<u8>)>) -> Result<(), BackboneError> {
        let mut is_bare = false;
        for (number, bytes) in &batch {
            if let Ok(entry) = Entry::decode(bytes) {
                let place = entry.header().place;
                is_bare |= entry.payload().is_none();
                if entry.payload().is_some() && self.node.is_deleted(entry.header()) {
                    self.late.insert(*number, entry.clone());
                }
                let log = self.logs.entry((place.device, place.epoch)).or_insert(OnBus::Nothing);
                match log {
                    OnBus::UpTo(last) => *last = place.seq.max(*last),
                    OnBus::Nothing if place.seq == 0 => *log = OnBus::UpTo(0),
                    // Read from the middle on: asked when it matters.
                    OnBus::Nothing => {
                        self.logs.remove(&(place.device, place.epoch));
                    }
                    OnBus::Contradicts => {}
                }
            }
        }
        let had = self.aside.len();
        self.aside.extend(batch);
        loop {
            let mut entries: Vec<Vec<u8>> = self.aside.values().cloned().collect();
            if is_bare {
                // It stands behind what follows it in its log.
                entries.sort_by_cached_key(|bytes| {
                    Entry::decode(bytes).ok().map(|entry| entry.header().place)
                });
            }
            self.node.receive(&entries)?;
            let before = self.aside.len();
            let node = &self.node;
            self.aside.retain(|_, bytes| node.may_come_later(bytes));
            if self.aside.is_empty() || self.aside.len() == before || had == 0 {
                break;
            }
        }
        while self.aside.len() > ASIDE_MAX {
            self.aside.pop_first();
        }
        Ok(())
    }

    fn publish(&mut self, sealed: Vec<Sealed>, too_large: &mut u64) -> Result<u64, BackboneError> {
        let mut parcels = Vec::new();
        let room = self.bus()?.max_payload().saturating_sub(HEADER_BYTES);
        for one in sealed {
            let log = (one.place.device, one.place.epoch);
            let on_bus = match self.logs.get(&log) {
                Some(&known) => known,
                None => self.look_up(log)?,
            };
            if matches!(on_bus, OnBus::UpTo(last) if one.place.seq <= last) {
                continue;
            }
            if one.bytes.len() > room {
                *too_large += 1;
                continue;
            }
            if on_bus != OnBus::Contradicts {
                self.logs.insert(log, OnBus::UpTo(one.place.seq));
            }
            parcels.push(self.parcel(one));
        }
        let count = parcels.len() as u64;
        if let Err(error) = self.bus()?.publish(&parcels) {
            // How much of it arrived is asked anew.
            self.logs.clear();
            return Err(error);
        }
        Ok(count)
    }

    /// The id is the place and eight bytes of the entry's hash: with the place alone the bus would swallow the second
    /// side of a fork.
    fn parcel(&self, one: Sealed) -> Parcel {
        let short: String = one.hash.short().iter().map(|byte| format!("{byte:02x}")).collect();
        Parcel {
            subject: self.subject((one.place.device, one.place.epoch)),
            id: format!("{}/{short}", one.place),
            body: one.bytes,
        }
    }

    fn subject(&self, log: Log) -> String {
        let election = crate::auth::hex(&self.node.ledger_election());
        format!("pehra.{election}.{}.{}", log.0, log.1)
    }

    /// Asks the bus how much it holds of a log.
    fn look_up(&mut self, log: Log) -> Result<OnBus, BackboneError> {
        let subject = self.subject(log);
        let last = self.bus()?.last_under(&subject)?;
        let found = match last.as_deref().map(Entry::decode) {
            Some(Ok(entry)) => {
                let ours = self.node.hash_of(entry.header().place)?;
                let same = ours.is_none_or(|ours: Hash| ours == entry.hash());
                if same { OnBus::UpTo(entry.header().place.seq) } else { OnBus::Contradicts }
            }
            Some(Err(_)) | None => OnBus::Nothing,
        };
        self.logs.insert(log, found);
        Ok(found)
    }

    fn try_reconcile(&mut self) -> Result<u64, BackboneError> {
        self.logs.clear();
        let (mut published, mut lacking) = (0, false);
        for head in self.node.log_heads()? {
            let log = (head.place.device, head.place.epoch);
            let from = match self.look_up(log)? {
                OnBus::UpTo(last) if last >= head.place.seq => {
                    lacking |= last > head.place.seq;
                    continue;
                }
                OnBus::UpTo(last) => last + 1,
                OnBus::Nothing | OnBus::Contradicts => 0,
            };
            let mut too_large = 0;
            let mut from = from;
            loop {
                let sealed = self.node.sealed_of_log(log, from, TOGETHER)?;
                let Some(last) = sealed.last().map(|one| one.place.seq) else { break };
                published += self.publish(sealed, &mut too_large)?;
                from = last + 1;
            }
        }
        if lacking {
            self.read = 0;
        }
        Ok(published)
    }

    /// Exchanges until `stop` is true. A bus that is away is waited for; the node goes on without it.
    pub fn run(mut self, stop: &AtomicBool) {
        let (mut wait, mut compared) = (WAIT.0, Instant::now());
        let nation = pehra_domain::AreaId::nation().as_str().to_owned();
        let way = Way { area: nation.clone(), carrier: Carrier::Internet, due_every_ms: None };
        self.node.watch_path(PATH, way);
        while !stop.load(Ordering::Relaxed) {
            let exchanged = self.exchange();
            let published = exchanged.as_ref().map_or(0, |done| done.published);
            let mut outcome = exchanged.map(|_| ());
            if outcome.is_ok() && compared.elapsed() >= RECONCILE_EVERY {
                compared = Instant::now();
                outcome = self.reconcile().map(|_| ());
            }
            let pause = match outcome {
                Ok(()) => {
                    self.node.observe_path(PATH, Event::Delivered);
                    if published > 0
                        && let Err(error) = self.node.note_sent(std::slice::from_ref(&nation))
                    {
                        tracing::error!(%error, "that orders left could not be written down");
                    }
                    wait = WAIT.0;
                    LOOK_EVERY
                }
                Err(error) => {
                    self.node.observe_path(PATH, Event::Failed);
                    tracing::warn!(%error, "the bus is not reached; entries wait in the ledger");
                    wait = (wait * 2).min(WAIT.1);
                    wait
                }
            };
            let mut behind = Backlog::empty_at(self.published);
            self.node.queued_on_path(PATH, behind.grow(&self.node));
            let until = Instant::now() + pause;
            while Instant::now() < until && !stop.load(Ordering::Relaxed) {
                std::thread::park_timeout(LOOK_EVERY.min(pause));
            }
        }
    }
}
