//! Logs as others see them: who signs, how far each one reaches, what stands at a place.

use crate::clock::Hlc;
use crate::draft::Next;
use crate::entry::Entry;
use crate::fork::SignedHeader;
use crate::hash::Hash;
use crate::header::Place;
use crate::key::{DeviceId, PublicKey};
use std::collections::BTreeMap;

/// How far one epoch of one device's log reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    pub place: Place,
    pub hash: Hash,
    pub clock: Hlc,
    /// The first place that two signed entries claim, if a fork is known.
    pub forked_at: Option<u64>,
}

impl Head {
    #[must_use]
    pub fn of(entry: &Entry) -> Self {
        let header = entry.header();
        Self { place: header.place, hash: entry.hash(), clock: header.clock, forked_at: None }
    }

    /// Where the device writes next in this epoch.
    #[must_use]
    pub fn next(&self) -> Next {
        Next { epoch: self.place.epoch, seq: self.place.seq + 1, previous: self.hash }
    }
}

/// The place where logs are kept could not be read; carries the reason for a person.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the logs on this node could not be read: {0}")]
pub struct LogsUnreadable(pub String);

/// What an incoming entry is checked against.
pub trait Logs {
    /// The public key of a device that this node knows.
    ///
    /// # Errors
    /// [`LogsUnreadable`] when the answer could not be found out.
    fn key(&self, device: DeviceId) -> Result<Option<PublicKey>, LogsUnreadable>;

    /// The last entry held of one epoch.
    ///
    /// # Errors
    /// [`LogsUnreadable`] when the answer could not be found out.
    fn head(&self, device: DeviceId, epoch: u32) -> Result<Option<Head>, LogsUnreadable>;

    /// The signed header held at a place.
    ///
    /// # Errors
    /// [`LogsUnreadable`] when the answer could not be found out.
    fn held(&self, place: Place) -> Result<Option<SignedHeader>, LogsUnreadable>;
}

/// Logs in memory: for simulations, exports and tests.
#[derive(Clone, Debug, Default)]
pub struct LogBook {
    keys: BTreeMap<DeviceId, PublicKey>,
    logs: BTreeMap<(DeviceId, u32), Vec<Entry>>,
    forked_at: BTreeMap<(DeviceId, u32), u64>,
}

impl LogBook {
    /// Makes a device's key known.
    pub fn know(&mut self, key: PublicKey) {
        self.keys.insert(key.id(), key);
    }

    /// Adds an entry that [`crate::ingest::Intake`] has accepted; any other place is left alone.
    pub fn append(&mut self, entry: Entry) {
        let place = entry.header().place;
        let log = self.logs.entry((place.device, place.epoch)).or_default();
        if u64::try_from(log.len()) == Ok(place.seq) {
            log.push(entry);
        }
    }

    /// Gives an entry held without its payload the payload that came later.
    pub fn complete(&mut self, entry: Entry) {
        let place = entry.header().place;
        let log = self.logs.get_mut(&(place.device, place.epoch));
        let held = usize::try_from(place.seq).ok().and_then(|at| log?.get_mut(at));
        if let Some(held) = held
            && held.hash() == entry.hash()
            && held.payload().is_none()
        {
            *held = entry;
        }
    }

    /// Takes the payloads of some entries away. Headers and signatures stay, and so the chain.
    pub fn withhold(&mut self, is_gone: &dyn Fn(&Entry) -> bool) {
        let whole = self.logs.values_mut().flatten().filter(|it| it.payload().is_some());
        for entry in whole.filter(|entry| is_gone(entry)) {
            *entry = entry.clone().withheld();
        }
    }

    /// The heads of all logs, by device and epoch.
    #[must_use]
    pub fn heads(&self) -> Vec<Head> {
        let head = |(log, entries): (&(DeviceId, u32), &Vec<Entry>)| {
            let forked_at = self.forked_at.get(log).copied();
            entries.last().map(|entry| Head { forked_at, ..Head::of(entry) })
        };
        self.logs.iter().filter_map(head).collect()
    }

    /// Where each forked epoch contradicts itself first.
    #[must_use]
    pub fn forked(&self) -> &BTreeMap<(DeviceId, u32), u64> {
        &self.forked_at
    }

    /// Entries of an epoch, in order.
    #[must_use]
    pub fn of_log(&self, device: DeviceId, epoch: u32) -> &[Entry] {
        self.logs.get(&(device, epoch)).map(Vec::as_slice).unwrap_or_default()
    }

    /// Marks an epoch as forked from `seq` on.
    pub fn mark_forked(&mut self, place: Place) {
        let at = self.forked_at.entry((place.device, place.epoch)).or_insert(place.seq);
        *at = place.seq.min(*at);
    }

    /// All entries, log by log, each log in its own order.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.logs.values().flatten()
    }

    #[must_use]
    pub fn entry(&self, place: Place) -> Option<&Entry> {
        let log = self.logs.get(&(place.device, place.epoch))?;
        log.get(usize::try_from(place.seq).ok()?)
    }
}

impl Logs for LogBook {
    fn key(&self, device: DeviceId) -> Result<Option<PublicKey>, LogsUnreadable> {
        Ok(self.keys.get(&device).copied())
    }

    fn head(&self, device: DeviceId, epoch: u32) -> Result<Option<Head>, LogsUnreadable> {
        let last = self.logs.get(&(device, epoch)).and_then(|log| log.last());
        let forked_at = self.forked_at.get(&(device, epoch)).copied();
        Ok(last.map(|entry| Head { forked_at, ..Head::of(entry) }))
    }

    fn held(&self, place: Place) -> Result<Option<SignedHeader>, LogsUnreadable> {
        Ok(self.entry(place).map(SignedHeader::of))
    }
}
