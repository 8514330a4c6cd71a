//! What somebody wants to say, before it has a place in a log.

use crate::clock::{ClockQuality, Hlc};
use crate::epoch;
use crate::hash::Hash;
use crate::header::{Cause, Extra, Header, Place};
use crate::key::DeviceId;
use crate::payload::Payload;

/// An act that is not signed yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub election: [u8; 16],
    pub clock: Hlc,
    pub clock_quality: ClockQuality,
    pub area: String,
    pub kind: u32,
    pub person: String,
    pub role: String,
    pub causes: Vec<Cause>,
    pub cosigners: Vec<DeviceId>,
    pub extras: Vec<Extra>,
    pub payload: Payload,
}

/// The next free place of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Next {
    pub epoch: u32,
    pub seq: u64,
    pub previous: Hash,
}

impl Next {
    /// The first place of a device's life.
    pub const FIRST: Self = Self { epoch: epoch::FIRST, seq: 0, previous: Hash::ZERO };

    /// The first place of a new epoch. `link` is the hash of the last entry that the device remembers of its
    /// epoch before, or zero when it remembers none.
    #[must_use]
    pub fn of_epoch(epoch: u32, link: Hash) -> Self {
        Self { epoch, seq: 0, previous: link }
    }
}

impl Draft {
    /// The header that this draft gets at a place; co-signers sign its hash before the entry is sealed.
    #[must_use]
    pub fn header(&self, device: DeviceId, next: Next) -> Header {
        let mut causes = self.causes.clone();
        causes.sort_unstable();
        causes.dedup();
        let mut cosigners = self.cosigners.clone();
        cosigners.sort_unstable();
        cosigners.dedup();
        let mut extras = self.extras.clone();
        extras.sort_by_key(|extra| extra.key);
        Header {
            election: self.election,
            place: Place { device, epoch: next.epoch, seq: next.seq },
            previous: next.previous,
            clock: self.clock,
            clock_quality: self.clock_quality,
            area: self.area.clone(),
            kind: self.kind,
            person: self.person.clone(),
            role: self.role.clone(),
            causes,
            payload_hash: self.payload.hash(),
            cosigners,
            extras,
        }
    }
}
