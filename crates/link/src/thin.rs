//! Thin frames: a check-in or an incident in at most 60 bytes, attested by a tag, the signed entry to follow.
//!
//! The device has sealed the entry already; the frame says what the entry will say, without its 32 random bytes and
//! without its signature. It may be shown as "attested, unsigned" and nothing more: [`crate::attest`] waits for the
//! entry. Which kinds may travel so is a list given by the caller; a hand-over of custody is never on it.

use crate::mac::{ChannelKey, TAG_BYTES_MAX, TAG_BYTES_MIN, same};
use crate::octets::{Cursor, FrameUnreadable, push_number};
use pehra_ledger::{DeviceId, Entry};

/// Longest thin frame, tag included.
pub const FRAME_BYTES_MAX: usize = 60;

/// First byte of a frame with a tag of 8 bytes.
pub const SORT: u8 = 0xa8;
/// First byte of a frame with two tags of 8 bytes, each for another desk.
pub const SORT_TWO: u8 = SORT + 3;
/// First bytes, and the sizes of the tags at the end.
const TAGS: [(u8, &[usize]); 4] = [
    (SORT, &[TAG_BYTES_MIN]),
    (SORT + 1, &[12]),
    (SORT + 2, &[TAG_BYTES_MAX]),
    (SORT_TWO, &[TAG_BYTES_MIN, TAG_BYTES_MIN]),
];

/// The form in which a body travels, from its kind, its bytes and the second of its entry's clock: one for each body, or
/// none where the body has no such form.
pub type Shorten = fn(u32, &[u8], u32) -> Option<Vec<u8>>;

/// Which kinds of act may travel unsigned at first, and how their bodies are written. Everything else is refused on both
/// sides.
#[derive(Clone, Debug)]
pub struct ThinKinds {
    kinds: std::collections::BTreeSet<u32>,
    shorten: Shorten,
}

impl Default for ThinKinds {
    fn default() -> Self {
        Self::of(&[])
    }
}

impl ThinKinds {
    /// Bodies travel as they are.
    #[must_use]
    pub fn of(kinds: &[u32]) -> Self {
        Self::shortened(kinds, |_, body, _| Some(body.to_vec()))
    }

    /// Bodies travel in a shorter form.
    #[must_use]
    pub fn shortened(kinds: &[u32], shorten: Shorten) -> Self {
        Self { kinds: kinds.iter().copied().collect(), shorten }
    }

    #[must_use]
    pub fn may(&self, kind: u32) -> bool {
        self.kinds.contains(&kind)
    }

    fn short(&self, kind: u32, body: &[u8], time_s: u32) -> Option<Vec<u8>> {
        (self.shorten)(kind, body, time_s)
    }
}

/// What a thin frame says: the same as the signed entry of this place will say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thin {
    pub device: DeviceId,
    /// The lower half of the log epoch, which holds chance.
    pub epoch_low: u16,
    pub seq: u64,
    /// The entry's clock, whole seconds since 1970.
    pub time_s: u32,
    pub kind: u32,
    /// The payload's body without its random bytes, in the form in which it travels.
    pub body: Vec<u8>,
}

/// Why an act cannot travel as a thin frame: send it signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotThin {
    #[error("acts of kind {0} always travel signed")]
    Kind(u32),
    #[error("the frame would have {0} bytes, at most {FRAME_BYTES_MAX} are sent")]
    TooLong(usize),
    #[error("the entry's content is withheld")]
    Withheld,
    #[error("an act of kind {0} that says this has no short form")]
    NoShortForm(u32),
    #[error("a tag has 8, 12 or 16 bytes, not {0}")]
    Tag(usize),
    #[error("the entry's clock is beyond the year 2106")]
    Clock,
}

/// Why a heard frame is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ThinRefused {
    #[error(transparent)]
    Unreadable(#[from] FrameUnreadable),
    #[error("no device of this district made this frame's tag")]
    Forged,
    #[error("acts of kind {0} are not believed unsigned")]
    Kind(u32),
    #[error("the frame is {0} seconds old")]
    Stale(u64),
    #[error("the frame is {0} seconds ahead of this clock")]
    Ahead(u64),
}

/// Seconds that a frame may lie behind and ahead of the receiver's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Freshness {
    pub behind_s_max: u64,
    pub ahead_s_max: u64,
}

impl Freshness {
    /// A day of shutdown and a night behind, five minutes ahead (as the ledger's clock).
    pub const DAY: Self = Self { behind_s_max: 36 * 3_600, ahead_s_max: 300 };
}

/// The lower half of an epoch, as frames carry it.
#[must_use]
pub fn epoch_low(epoch: u32) -> u16 {
    let [.., high, low] = epoch.to_be_bytes();
    u16::from_be_bytes([high, low])
}

impl Thin {
    /// What the frame of a sealed entry says.
    ///
    /// # Errors
    /// [`NotThin`].
    pub fn of_entry(entry: &Entry, kinds: &ThinKinds) -> Result<Self, NotThin> {
        let header = entry.header();
        if !kinds.may(header.kind) {
            return Err(NotThin::Kind(header.kind));
        }
        let payload = entry.payload().ok_or(NotThin::Withheld)?;
        let time_s = time_s(entry).ok_or(NotThin::Clock)?;
        let body = kinds.short(header.kind, payload.body(), time_s);
        Ok(Self {
            device: header.place.device,
            epoch_low: epoch_low(header.place.epoch),
            seq: header.place.seq,
            time_s,
            kind: header.kind,
            body: body.ok_or(NotThin::NoShortForm(header.kind))?,
        })
    }

    /// The frame: sort, four bytes of the device, epoch, seq, time, kind, body, tag.
    ///
    /// # Errors
    /// [`NotThin::TooLong`] or [`NotThin::Tag`].
    pub fn encode(
        &self,
        key: &ChannelKey,
        election: &[u8; 16],
        tag_bytes: usize,
    ) -> Result<Vec<u8>, NotThin> {
        let is_so = |(_, tags): &&(u8, &[usize])| *tags == [tag_bytes];
        let (sort, _) = TAGS.iter().find(is_so).ok_or(NotThin::Tag(tag_bytes))?;
        self.framed(*sort, &[key], election, tag_bytes)
    }

    /// One frame that two desks can check, each by its own tag of 8 bytes.
    ///
    /// # Errors
    /// [`NotThin::TooLong`]: send two frames.
    pub fn encode_for_two(
        &self,
        keys: [&ChannelKey; 2],
        election: &[u8; 16],
    ) -> Result<Vec<u8>, NotThin> {
        self.framed(SORT_TWO, &keys, election, TAG_BYTES_MIN)
    }

    fn framed(
        &self,
        sort: u8,
        keys: &[&ChannelKey],
        election: &[u8; 16],
        tag_bytes: usize,
    ) -> Result<Vec<u8>, NotThin> {
        let mut frame = vec![sort];
        frame.extend(self.device.0.iter().take(4));
        frame.extend(self.epoch_low.to_be_bytes());
        push_number(&mut frame, self.seq);
        frame.extend(self.time_s.to_be_bytes());
        push_number(&mut frame, u64::from(self.kind));
        frame.extend_from_slice(&self.body);
        let tags: Vec<_> =
            keys.iter().map(|key| tag_over(key, election, &self.device, &frame)).collect();
        for tag in tags {
            frame.extend(tag.iter().take(tag_bytes));
        }
        if frame.len() > FRAME_BYTES_MAX {
            return Err(NotThin::TooLong(frame.len()));
        }
        Ok(frame)
    }

    /// Reads a frame and checks its tag. `candidates` gives the devices whose ids begin with these four bytes, and
    /// their keys in a log epoch of that lower half; time is the receiver's, in Unix milliseconds.
    ///
    /// # Errors
    /// [`ThinRefused`].
    pub fn decode<C: IntoIterator<Item = (DeviceId, ChannelKey)>>(
        frame: &[u8],
        election: &[u8; 16],
        candidates: impl FnOnce([u8; 4], u16) -> C,
        kinds: &ThinKinds,
        freshness: Freshness,
        now_ms: u64,
    ) -> Result<Self, ThinRefused> {
        let heard = Heard::read(frame)?;
        let holds = |(device, key): &(DeviceId, ChannelKey)| {
            let tag = tag_over(key, election, device, heard.tagged);
            let is_own = |one: &&[u8]| tag.get(..one.len()).is_some_and(|tag| same(tag, one));
            device.0.starts_with(&heard.prefix) && heard.tags.iter().any(is_own)
        };
        let found = candidates(heard.prefix, heard.epoch_low).into_iter().find(holds);
        let (device, _) = found.ok_or(ThinRefused::Forged)?;
        if !kinds.may(heard.kind) {
            return Err(ThinRefused::Kind(heard.kind));
        }
        is_fresh(heard.time_s, freshness, now_ms / 1_000)?;
        Ok(Self {
            device,
            epoch_low: heard.epoch_low,
            seq: heard.seq,
            time_s: heard.time_s,
            kind: heard.kind,
            body: heard.body.to_vec(),
        })
    }

    /// The first thing in which a signed entry of this place says something else; none when it says the same.
    /// An entry whose content is withheld is compared as far as it goes.
    #[must_use]
    pub fn differs_from(&self, entry: &Entry, kinds: &ThinKinds) -> Option<Difference> {
        let header = entry.header();
        if header.kind != self.kind {
            return Some(Difference::Kind);
        }
        if time_s(entry) != Some(self.time_s) {
            return Some(Difference::Time);
        }
        let payload = entry.payload()?;
        let signed = kinds.short(header.kind, payload.body(), self.time_s);
        (signed.as_ref() != Some(&self.body)).then_some(Difference::Body)
    }
}

/// In what a thin frame and the signed entry of its place contradict each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Difference {
    Kind,
    Time,
    Body,
}

/// The fields of a frame before its tag is checked.
struct Heard<'a> {
    prefix: [u8; 4],
    epoch_low: u16,
    seq: u64,
    time_s: u32,
    kind: u32,
    body: &'a [u8],
    tagged: &'a [u8],
    tags: Vec<&'a [u8]>,
}

impl<'a> Heard<'a> {
    fn read(frame: &'a [u8]) -> Result<Self, FrameUnreadable> {
        if frame.len() > FRAME_BYTES_MAX {
            return Err(FrameUnreadable::Trailing);
        }
        let sort = frame.first().copied().ok_or(FrameUnreadable::Truncated)?;
        let (_, sizes) =
            TAGS.iter().find(|(known, _)| *known == sort).ok_or(FrameUnreadable::Unknown)?;
        let tag_bytes: usize = sizes.iter().sum();
        let tagged_bytes = frame.len().checked_sub(tag_bytes).ok_or(FrameUnreadable::Truncated)?;
        let (tagged, rest) =
            frame.split_at_checked(tagged_bytes).ok_or(FrameUnreadable::Truncated)?;
        let mut rest = Cursor::new(rest);
        let tags = sizes.iter().map(|size| rest.take(*size)).collect::<Result<_, _>>()?;
        let mut cursor = Cursor::new(tagged);
        cursor.byte()?;
        Ok(Self {
            prefix: cursor.exact()?,
            epoch_low: u16::from_be_bytes(cursor.exact()?),
            seq: cursor.number()?,
            time_s: u32::from_be_bytes(cursor.exact()?),
            kind: cursor.number_u32()?,
            body: cursor.rest(),
            tagged,
            tags,
        })
    }
}

fn tag_over(
    key: &ChannelKey,
    election: &[u8; 16],
    device: &DeviceId,
    frame: &[u8],
) -> [u8; TAG_BYTES_MAX] {
    key.tag(&[b"pehra/thinfr/1\0", election, &device.0, frame])
}

fn time_s(entry: &Entry) -> Option<u32> {
    u32::try_from(entry.header().clock.ms / 1_000).ok()
}

fn is_fresh(time_s: u32, freshness: Freshness, now_s: u64) -> Result<(), ThinRefused> {
    let time_s = u64::from(time_s);
    let behind = now_s.saturating_sub(time_s);
    let ahead = time_s.saturating_sub(now_s);
    if behind > freshness.behind_s_max {
        return Err(ThinRefused::Stale(behind));
    }
    if ahead > freshness.ahead_s_max {
        return Err(ThinRefused::Ahead(ahead));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
