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
