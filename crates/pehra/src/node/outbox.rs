//! What a carrier asks of a node: sealed entries to pass on, how far it has come, and what it may take later.

use super::{Node, NodeError};
use pehra_ledger::{DeviceId, Hash, Head, Place, entry::Entry};
use pehra_store::{Receipt, Stored};
use std::ops::ControlFlow;

/// An entry as it travels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    pub receipt: i64,
    pub place: Place,
    pub hash: Hash,
    pub bytes: Vec<u8>,
}

impl Sealed {
    fn of(stored: &Stored) -> Self {
        let entry = &stored.entry;
        let (place, hash) = (entry.header().place, entry.hash());
        Self { receipt: stored.receipt.0, place, hash, bytes: entry.encode() }
    }
}

impl Node {
    /// Up to `count` entries in the order of receipt, from after a receipt on.
    ///
    /// # Errors
    /// [`NodeError`] when the disk could not be read.
    pub fn sealed_after(&self, receipt: i64, count: u32) -> Result<Vec<Sealed>, NodeError> {
        let mut sealed = Vec::new();
        self.reader().entries_received(Receipt(receipt), &mut |stored| {
            sealed.push(Sealed::of(&stored));
            more(&sealed, count)
        })?;
        Ok(sealed)
    }

    /// Up to `count` entries of one log, from a number on.
    ///
    /// # Errors
    /// [`NodeError`] when the disk could not be read.
    pub fn sealed_of_log(
        &self,
        log: (DeviceId, u32),
        from: u64,
        count: u32,
    ) -> Result<Vec<Sealed>, NodeError> {
        let mut sealed = Vec::new();
        let reader = self.reader();
        for seq in (from..).take(usize::try_from(count).unwrap_or(usize::MAX)) {
            let Some(stored) = reader.entry(Place { device: log.0, epoch: log.1, seq })? else {
                break;
            };
            sealed.push(Sealed::of(&stored));
        }
        Ok(sealed)
    }

    /// How far each log reaches.
    ///
    /// # Errors
    /// [`NodeError`] when the disk could not be read.
    pub fn log_heads(&self) -> Result<Vec<Head>, NodeError> {
        Ok(self.reader().heads()?)
    }

    /// The hash of what is held at a place.
    ///
    /// # Errors
    /// [`NodeError`] when the disk could not be read.
    pub fn hash_of(&self, place: Place) -> Result<Option<Hash>, NodeError> {
        Ok(self.reader().entry(place)?.map(|stored| stored.entry.hash()))
    }

    /// Whether an entry that was refused may be taken once more is known: its device has no certificate here yet, or
    /// entries before it are missing.
    #[must_use]
    pub fn may_come_later(&self, bytes: &[u8]) -> bool {
        let Ok(entry) = Entry::decode(bytes) else { return false };
        let header = entry.header();
        if header.election != self.inner.election {
            return false;
        }
        let (device, epoch) = (header.place.device, header.place.epoch);
        let reader = self.reader();
        if !matches!(reader.device_key(device), Ok(Some(_))) {
            return true;
        }
        let head = reader.log_head(device, epoch).ok().flatten();
        header.place.seq > head.map_or(0, |head| head.place.seq + 1)
    }

    /// How far a carrier has come, as it wrote it down.
    ///
    /// # Errors
    /// [`NodeError`] when the disk could not be read.
    pub fn mark(&self, name: &str) -> Result<Option<String>, NodeError> {
        Ok(self.reader().setting(name)?)
    }

    /// Writes down how far a carrier has come.
    ///
    /// # Errors
    /// [`NodeError`] when the disk failed.
    pub fn set_mark(&self, name: &str, value: &str) -> Result<(), NodeError> {
        Ok(self.writer().store.set_setting(name, Some(value))?)
    }
}

fn more(sealed: &[Sealed], count: u32) -> ControlFlow<()> {
    let full = u32::try_from(sealed.len()).is_ok_and(|have| have >= count);
    if full { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
}
