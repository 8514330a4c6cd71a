//! The header: everything about an entry that is signed, hashed and chained.

use crate::canonical::{CanonicalError, Reader, Writer, is_plain};
use crate::clock::{ClockQuality, ClockSource, Hlc};
use crate::hash::{Hash, LABEL_BYTES, unhex};
use crate::key::DeviceId;

/// The format this code writes.
pub const VERSION: u8 = 1;
/// Ed25519 under ZIP-215 and SHA-256.
pub const SUITE: u8 = 1;
/// Longest area, person or role, in bytes.
pub const NAME_BYTES_MAX: usize = 64;
pub const CAUSES_MAX: usize = 4;
/// Co-signers that a header may name as required.
pub const COSIGNERS_MAX: usize = 4;
pub const EXTRAS_MAX: usize = 8;
pub const EXTRA_BYTES_MAX: usize = 128;
/// The highest place in a log: exact in every language that reads numbers as doubles.
pub const SEQ_MAX: u64 = (1 << 53) - 1;
/// Longest header: every field at its limit needs 1,669 bytes.
pub const HEADER_BYTES_MAX: usize = 2_048;

const FIELDS: usize = 18;
const HEADER_LABEL: &[u8; LABEL_BYTES] = b"pehra/header/1\0";

/// One place in one log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Place {
    pub device: DeviceId,
    pub epoch: u32,
    pub seq: u64,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}/{}", self.device, self.epoch, self.seq)
    }
}

/// A text that names no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a place is written as device/epoch/number: 32 hexadecimal digits and two numbers")]
pub struct NotAPlace;

impl std::str::FromStr for Place {
    type Err = NotAPlace;

    fn from_str(text: &str) -> Result<Self, NotAPlace> {
        let mut parts = text.trim().split('/');
        let device = parts.next().and_then(unhex).and_then(|bytes| bytes.try_into().ok());
        let epoch = parts.next().and_then(|epoch| epoch.parse().ok()).ok_or(NotAPlace)?;
        let seq = parts.next().and_then(|seq| seq.parse().ok()).ok_or(NotAPlace)?;
        let place = Self { device: DeviceId(device.ok_or(NotAPlace)?), epoch, seq };
        if parts.next().is_none() && seq <= SEQ_MAX { Ok(place) } else { Err(NotAPlace) }
    }
}

/// A place and eight bytes of the entry's hash, so that a reference into a fork says which side it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct EntryRef {
    pub place: Place,
    pub hash8: [u8; 8],
}

/// What an entry says about an earlier one. Codes may be added; an unknown one counts as "knew of it".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Relation(pub u8);

impl Relation {
    /// The author had seen it.
    pub const ACKNOWLEDGES: Self = Self(0);
    /// The author puts this entry in its stead.
    pub const SUPERSEDES: Self = Self(1);
}

/// A causal reference: what must be folded before this entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cause {
    pub relation: Relation,
    pub entry: EntryRef,
}

/// A field that this version does not know, or knows under its number. Unknown ones are kept and signed over,
/// so that a newer version can add a field without changing the format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extra {
    pub key: u32,
    pub value: Vec<u8>,
}

/// The signed part of an entry. Lists are in ascending order without repeats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    pub election: [u8; 16],
    pub place: Place,
    /// Hash of the entry before; for the first of an epoch a link to the last known entry of the device's epoch
    /// before, or zero.
    pub previous: Hash,
    pub clock: Hlc,
    pub clock_quality: ClockQuality,
    /// A path of names joined by `/`.
    pub area: String,
    /// What the payload is; the meaning is settled above this crate, unknown kinds are kept.
    pub kind: u32,
    /// Who acted, in which role; empty when the node itself did.
    pub person: String,
    pub role: String,
    pub causes: Vec<Cause>,
    pub payload_hash: Hash,
    /// Keys whose co-signatures must come with the entry: without them it is refused, so that no carrier can
    /// drop one unseen.
    pub cosigners: Vec<DeviceId>,
    pub extras: Vec<Extra>,
}

/// Why a header cannot be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
    #[error("{field} has {bytes} bytes, at most {max} are allowed")]
    TooLong { field: &'static str, bytes: usize, max: usize },
    #[error("{field} contains a control character")]
    NotPlain { field: &'static str },
    #[error("{field} is not in ascending order or repeats itself")]
    NotSorted { field: &'static str },
    #[error("the log is full: place {0} is beyond the last one")]
    LogFull(u64),
    #[error("the area is empty: every act happens somewhere")]
    NoArea,
    #[error("the clock is beyond the year 10889")]
    ClockBroken,
}

/// Why header bytes cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeaderUnreadable {
    #[error("the entry is written in format {0}, this program knows {VERSION}: update it")]
    Version(u64),
    #[error("the entry is signed under suite {0}, this program knows {SUITE}: update it")]
    Suite(u64),
    #[error("the header is not in its canonical form")]
    Canonical(#[from] CanonicalError),
}

impl Header {
    /// The canonical bytes.
    ///
    /// # Errors
    /// [`HeaderError`] names the field that breaks a limit.
    pub fn encode(&self) -> Result<Vec<u8>, HeaderError> {
        self.check()?;
        let mut w = Writer::with_capacity(320);
        w.array(FIELDS).uint(VERSION).uint(SUITE).bytes(&self.election);
        w.bytes(&self.place.device.0).uint(self.place.epoch).uint(self.place.seq);
        w.bytes(&self.previous.0).uint(self.clock.packed());
        w.uint(self.clock_quality.source.0).uint(self.clock_quality.age_s);
        w.text(&self.area).uint(self.kind).text(&self.person).text(&self.role);
        w.array(self.causes.len());
        for cause in &self.causes {
            let place = &cause.entry.place;
            w.array(5).uint(cause.relation.0).bytes(&place.device.0);
            w.uint(place.epoch).uint(place.seq).bytes(&cause.entry.hash8);
        }
        w.bytes(&self.payload_hash.0).array(self.cosigners.len());
        for cosigner in &self.cosigners {
            w.bytes(&cosigner.0);
        }
        w.array(self.extras.len());
        for extra in &self.extras {
            w.array(2).uint(extra.key).bytes(&extra.value);
        }
        Ok(w.finish())
    }

    fn check(&self) -> Result<(), HeaderError> {
        if self.area.is_empty() {
            return Err(HeaderError::NoArea);
        }
        for (field, text) in [("area", &self.area), ("person", &self.person), ("role", &self.role)]
        {
            at_most(field, text.len(), NAME_BYTES_MAX)?;
            if !is_plain(text) {
                return Err(HeaderError::NotPlain { field });
            }
        }
        at_most("list of causes", self.causes.len(), CAUSES_MAX)?;
        at_most("list of co-signers", self.cosigners.len(), COSIGNERS_MAX)?;
        at_most("list of extras", self.extras.len(), EXTRAS_MAX)?;
        for extra in &self.extras {
            at_most("extra", extra.value.len(), EXTRA_BYTES_MAX)?;
        }
        sorted("list of causes", &self.causes, |a, b| a < b)?;
        sorted("list of co-signers", &self.cosigners, |a, b| a < b)?;
        sorted("list of extras", &self.extras, |a, b| a.key < b.key)?;
        let far = self.causes.iter().map(|cause| cause.entry.place.seq).chain([self.place.seq]);
        if let Some(beyond) = far.filter(|&seq| seq > SEQ_MAX).max() {
            return Err(HeaderError::LogFull(beyond));
        }
        if self.clock.ms > crate::clock::MS_MAX {
            return Err(HeaderError::ClockBroken);
        }
        Ok(())
    }

    /// Reads canonical bytes; every other spelling is refused.
    ///
    /// # Errors
    /// [`HeaderUnreadable`] says what is wrong and where.
    pub fn decode(bytes: &[u8]) -> Result<Self, HeaderUnreadable> {
        if bytes.len() > HEADER_BYTES_MAX {
            return Err(CanonicalError::TooLarge { at: 0 }.into());
        }
        let mut r = Reader::new(bytes);
        r.array_of(FIELDS)?;
        let version = r.uint(u64::MAX)?;
        if version != u64::from(VERSION) {
            return Err(HeaderUnreadable::Version(version));
        }
        let suite = r.uint(u64::MAX)?;
        if suite != u64::from(SUITE) {
            return Err(HeaderUnreadable::Suite(suite));
        }
        let header = Self::decode_fields(&mut r)?;
        r.end()?;
        Ok(header)
    }

    fn decode_fields(r: &mut Reader<'_>) -> Result<Self, CanonicalError> {
        let election = r.exact()?;
        let place = decode_place(r)?;
        let previous = Hash(r.exact()?);
        let clock = Hlc::unpacked(r.uint(u64::MAX)?);
        let clock_quality = ClockQuality { source: ClockSource(r.u8()?), age_s: r.u32()? };
        let area_at = r.at();
        let area = r.text(NAME_BYTES_MAX)?.to_owned();
        if area.is_empty() {
            return Err(CanonicalError::WrongType { at: area_at });
        }
        let kind = r.u32()?;
        let person = r.text(NAME_BYTES_MAX)?.to_owned();
        let role = r.text(NAME_BYTES_MAX)?.to_owned();
        let causes = ascending(r, CAUSES_MAX, decode_cause, |a, b| a < b)?;
        let payload_hash = Hash(r.exact()?);
        let cosigners = ascending(r, COSIGNERS_MAX, |r| Ok(DeviceId(r.exact()?)), |a, b| a < b)?;
        let extras = ascending(r, EXTRAS_MAX, decode_extra, |a, b| a.key < b.key)?;
        Ok(Self {
            election,
            place,
            previous,
            clock,
            clock_quality,
            area,
            kind,
            person,
            role,
            causes,
            payload_hash,
            cosigners,
            extras,
        })
    }

    /// The value of an extra field, if the header has it.
    #[must_use]
    pub fn extra(&self, key: u32) -> Option<&[u8]> {
        self.extras.iter().find(|extra| extra.key == key).map(|extra| extra.value.as_slice())
    }
}

/// The hash that names an entry: over the label and the header's canonical bytes.
#[must_use]
pub fn entry_hash(header_bytes: &[u8]) -> Hash {
    Hash::labelled(HEADER_LABEL, header_bytes)
}

pub(crate) fn decode_place(r: &mut Reader<'_>) -> Result<Place, CanonicalError> {
    Ok(Place { device: DeviceId(r.exact()?), epoch: r.u32()?, seq: r.uint(SEQ_MAX)? })
}

fn decode_cause(r: &mut Reader<'_>) -> Result<Cause, CanonicalError> {
    r.array_of(5)?;
    let relation = Relation(r.u8()?);
    let place = decode_place(r)?;
    Ok(Cause { relation, entry: EntryRef { place, hash8: r.exact()? } })
}

fn decode_extra(r: &mut Reader<'_>) -> Result<Extra, CanonicalError> {
    r.array_of(2)?;
    Ok(Extra { key: r.u32()?, value: r.bytes(EXTRA_BYTES_MAX)?.to_vec() })
}

/// Reads a list of at most `max` items, each strictly after the one before.
pub(crate) fn ascending<T>(
    r: &mut Reader<'_>,
    max: usize,
    mut item: impl FnMut(&mut Reader<'_>) -> Result<T, CanonicalError>,
    before: impl Fn(&T, &T) -> bool,
) -> Result<Vec<T>, CanonicalError> {
    let count = r.array(max)?;
    let mut items: Vec<T> = Vec::new();
    for _ in 0..count {
        let at = r.at();
        let next = item(r)?;
        if items.last().is_some_and(|last| !before(last, &next)) {
            return Err(CanonicalError::NotSorted { at });
        }
        items.push(next);
    }
    Ok(items)
}

fn at_most(field: &'static str, bytes: usize, max: usize) -> Result<(), HeaderError> {
    if bytes > max { Err(HeaderError::TooLong { field, bytes, max }) } else { Ok(()) }
}

fn sorted<T>(
    field: &'static str,
    items: &[T],
    before: impl Fn(&T, &T) -> bool,
) -> Result<(), HeaderError> {
    let rises = items.windows(2).all(|pair| match pair {
        [a, b] => before(a, b),
        _ => true,
    });
    if rises { Ok(()) } else { Err(HeaderError::NotSorted { field }) }
}
