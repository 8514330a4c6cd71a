//! What was heard as a thin frame and not yet seen signed: attested, confirmed, contradicted or overdue.

use crate::thin::{Difference, Thin, ThinKinds, epoch_low};
use pehra_ledger::{DeviceId, Entry, Hash};
use std::collections::BTreeMap;

/// Frames of one device that wait for their entries; one more is refused, so that a stolen key fills one shelf only.
pub const WAITING_PER_DEVICE_MAX: usize = 64;
/// Frames of all devices that wait.
pub const WAITING_MAX: usize = 65_536;
/// Logs whose newest frames are remembered against replays.
pub const LOGS_MAX: usize = 200_000;
/// How far behind the newest frame of a log a frame is still taken.
pub const WINDOW: u64 = 1_024;

/// Where a frame belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slot {
    pub device: DeviceId,
    pub epoch_low: u16,
    pub seq: u64,
}

impl Slot {
    fn of(thin: &Thin) -> Self {
        Self { device: thin.device, epoch_low: thin.epoch_low, seq: thin.seq }
    }

    fn of_entry(entry: &Entry) -> Self {
        let place = entry.header().place;
        Self { device: place.device, epoch_low: epoch_low(place.epoch), seq: place.seq }
    }
}

/// What a frame means to the room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// Show it as "attested, unsigned".
    Attested,
    /// Heard before: changes nothing.
    Again,
    /// The signed entry is here already and says the same.
    Confirmed { entry: Hash },
    /// An alarm: the signed entry says something else.
    Mismatch { entry: Hash, in_what: Difference },
    /// An alarm: another frame of the same place said something else. The first one stands.
    Contradiction,
    /// Not taken, and why.
    Refused(Full),
}

/// Why a frame was not put on the shelf.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Full {
    #[error("{WAITING_PER_DEVICE_MAX} frames of this device wait for their entries already")]
    Device,
    #[error("{WAITING_MAX} frames wait for their entries already")]
    All,
    #[error("frames of {LOGS_MAX} logs are remembered already")]
    Logs,
    #[error("the frame is older than the last {WINDOW} places of its log")]
    Window,
}

/// What a signed entry settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settled {
    /// No frame announced it.
    Unannounced,
    /// As announced. `content_seen` is false when the entry came with its content withheld.
    Confirmed { content_seen: bool, after_ms: u64 },
    /// An alarm: the frame said something else than what was signed. Both are in it.
    Mismatch { said: Thin, in_what: Difference },
}

/// A frame whose entry did not come in time: an alarm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absence {
    pub slot: Slot,
    pub said: Thin,
    pub heard_ms: u64,
    pub waited_ms: u64,
}

#[derive(Clone, Debug)]
struct Waiting {
    said: Thin,
    heard_ms: u64,
    alarmed: bool,
}

/// The newest places of one log that frames came for; what came for them.
#[derive(Clone, Debug, Default)]
struct Window {
    newest: u64,
    /// Digest of what was said, for the places within the window.
    said: BTreeMap<u64, [u8; 8]>,
}

/// All frames of a district that wait, and the window against replays.
#[derive(Clone, Debug, Default)]
pub struct Attestations {
    kinds: ThinKinds,
    waiting: BTreeMap<Slot, Waiting>,
    windows: BTreeMap<(DeviceId, u16), Window>,
}

impl Attestations {
    /// Nothing was heard yet. What was said is compared in the form in which these kinds travel.
    #[must_use]
    pub fn of(kinds: ThinKinds) -> Self {
        Self { kinds, ..Self::default() }
    }

    #[must_use]
    pub fn kinds(&self) -> &ThinKinds {
        &self.kinds
    }

    /// Takes a frame whose tag was checked. `held` is the signed entry of its place if this node has it.
    pub fn hear(&mut self, thin: Thin, held: Option<&Entry>, now_ms: u64) -> Heard {
        let slot = Slot::of(&thin);
        let digest = digest(&thin);
        match self.windows.get(&(slot.device, slot.epoch_low)) {
            Some(window) => {
                if let Some(before) = window.said.get(&slot.seq) {
                    return if *before == digest { Heard::Again } else { Heard::Contradiction };
                }
                if slot.seq.saturating_add(WINDOW) <= window.newest {
                    return Heard::Refused(Full::Window);
                }
            }
            None if self.windows.len() >= LOGS_MAX => return Heard::Refused(Full::Logs),
            None => {}
        }
        if let Some(entry) = held {
            self.remember(slot, digest);
            let hash = entry.hash();
            return match thin.differs_from(entry, &self.kinds) {
                Some(in_what) => Heard::Mismatch { entry: hash, in_what },
                None => Heard::Confirmed { entry: hash },
            };
        }
        if let Some(full) = self.is_full(slot.device) {
            return Heard::Refused(full);
        }
        self.remember(slot, digest);
        self.waiting.insert(slot, Waiting { said: thin, heard_ms: now_ms, alarmed: false });
        Heard::Attested
    }

    fn is_full(&self, device: DeviceId) -> Option<Full> {
        let first = Slot { device, epoch_low: 0, seq: 0 };
        let last = Slot { device, epoch_low: u16::MAX, seq: u64::MAX };
        if self.waiting.range(first..=last).count() >= WAITING_PER_DEVICE_MAX {
            return Some(Full::Device);
        }
        (self.waiting.len() >= WAITING_MAX).then_some(Full::All)
    }

    fn remember(&mut self, slot: Slot, digest: [u8; 8]) {
        let window = self.windows.entry((slot.device, slot.epoch_low)).or_default();
        window.newest = window.newest.max(slot.seq);
        window.said.insert(slot.seq, digest);
        let from = window.newest.saturating_sub(WINDOW - 1);
        window.said = window.said.split_off(&from);
    }

    /// Takes a signed entry that the ledger accepted.
    pub fn settle(&mut self, entry: &Entry, now_ms: u64) -> Settled {
        let Some(waiting) = self.waiting.remove(&Slot::of_entry(entry)) else {
            return Settled::Unannounced;
        };
        match waiting.said.differs_from(entry, &self.kinds) {
            Some(in_what) => Settled::Mismatch { said: waiting.said, in_what },
            None => Settled::Confirmed {
                content_seen: entry.payload().is_some(),
                after_ms: now_ms.saturating_sub(waiting.heard_ms),
            },
        }
    }

    /// Frames that have waited longer than `due_ms` and were not reported before. They go on waiting: an entry that
    /// comes late still settles them.
    pub fn alarms(&mut self, due_ms: u64, now_ms: u64) -> Vec<Absence> {
        let mut alarms = Vec::new();
        for (slot, waiting) in &mut self.waiting {
            let waited_ms = now_ms.saturating_sub(waiting.heard_ms);
            if !waiting.alarmed && waited_ms > due_ms {
                waiting.alarmed = true;
                let (said, heard_ms) = (waiting.said.clone(), waiting.heard_ms);
                alarms.push(Absence { slot: *slot, said, heard_ms, waited_ms });
            }
        }
        alarms
    }

    /// Everything that is attested and unsigned, with the time it was heard.
    pub fn unsigned(&self) -> impl Iterator<Item = (&Thin, u64)> {
        self.waiting.values().map(|waiting| (&waiting.said, waiting.heard_ms))
    }

    /// Ends waiting for what `which` names, and hands it out: its device may no longer say so.
    pub fn withdraw(&mut self, mut which: impl FnMut(&Thin) -> bool) -> Vec<Thin> {
        let is_gone = |(slot, one): (&Slot, &Waiting)| which(&one.said).then_some(*slot);
        let slots: Vec<Slot> = self.waiting.iter().filter_map(is_gone).collect();
        slots.iter().filter_map(|slot| self.waiting.remove(slot)).map(|it| it.said).collect()
    }

    /// Ends waiting for frames heard before `ms`, and hands them out: what is dropped is named.
    pub fn give_up_before(&mut self, ms: u64) -> Vec<Thin> {
        let old: Vec<Slot> = self
            .waiting
            .iter()
            .filter(|(_, waiting)| waiting.heard_ms < ms)
            .map(|(slot, _)| *slot)
            .collect();
        old.iter().filter_map(|slot| self.waiting.remove(slot)).map(|it| it.said).collect()
    }
}

fn digest(thin: &Thin) -> [u8; 8] {
    let (time, kind) = (thin.time_s.to_be_bytes(), thin.kind.to_be_bytes());
    Hash::of_parts([&time[..], &kind, &thin.body]).short()
}

#[cfg(test)]
mod tests;
