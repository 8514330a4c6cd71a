//! A fully signed entry in few bytes: everything that both ends know already is left out and put back.
//!
//! The receiver rebuilds the very header that was signed and checks the author's signature and every co-signature
//! over its hash. If the two ends do not share what was left out, the signatures do not hold and nothing is
//! accepted; the sender falls back to the whole entry in fragments ([`crate::fountain`]).

use crate::octets::{Cursor, FrameUnreadable, push_number};
use pehra_ledger::clock::ClockSource;
use pehra_ledger::header::{
    CAUSES_MAX, Cause, EXTRA_BYTES_MAX, EXTRAS_MAX, EntryRef, Extra, NAME_BYTES_MAX, Relation,
};
use pehra_ledger::{
    ClockQuality, Cosignature, DeviceId, Entry, Hash, Header, Hlc, Place, PublicKey, Signature,
};

const SORT: u8 = 0xc1;
const EPOCH: u8 = 1;
const PREVIOUS: u8 = 2;
const WITHHELD: u8 = 4;
const CLOCK_NEVER_SET: u8 = 8;
/// What it follows and fields beside the usual ones come before the co-signatures.
const MORE: u8 = 16;

/// Co-signatures that a compact entry carries: giver, receiver and a witness.
pub const COSIGNATURES_MAX: usize = 3;
/// Longest body of a compact entry: what is longer travels whole.
pub const BODY_BYTES_MAX: usize = 4_096;
/// Keys tried for one prefix of four bytes.
const CANDIDATES_MAX: usize = 8;

const PARTS: [&str; 4] = ["actor", "second-person", "witness", "enrolment"];

/// What both ends hold: the election, the roster's keys, the newest entries of logs, and a list of words.
pub trait Shared {
    fn election(&self) -> [u8; 16];
    /// Certified keys whose ids begin with these four bytes.
    fn keys(&self, prefix: [u8; 4]) -> Vec<PublicKey>;
    /// The hash of the entry at a place, if it is held.
    fn entry_hash(&self, place: &Place) -> Option<Hash>;
    /// Areas, persons and roles by number; both ends made the list from the same roster.
    fn word(&self, number: u32) -> Option<String>;
    fn number(&self, word: &str) -> Option<u32>;
}

/// Why an entry has no compact form: send it whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotCompact {
    #[error("a device that it refers to is not in the shared roster")]
    Fields,
    #[error(
        "its co-signatures are more than {COSIGNATURES_MAX}, or not those that its header names"
    )]
    Cosignatures,
    #[error("its body has {0} bytes, at most {BODY_BYTES_MAX} are sent in compact form")]
    Body(usize),
    #[error("it belongs to another election")]
    Election,
    #[error("a key that signed it is not in the shared roster")]
    UnknownKey,
}

/// Why bytes did not become an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CompactRefused {
    #[error(transparent)]
    Unreadable(#[from] FrameUnreadable),
    #[error("the key whose id begins with {0:02x?} is not in this roster")]
    UnknownKey([u8; 4]),
    #[error("word {0} is not in this list of words: ask for the whole entry")]
    UnknownWord(u64),
    #[error(
        "the entry before it is not here: ask for the log from {from} on, or for the whole entry"
    )]
    PreviousMissing { from: Place },
    #[error("the signatures do not hold over what this end put back: ask for the whole entry")]
    NotSigned,
}

/// Writes an entry for a receiver that holds `shared`. `previous_known` leaves out the 32 bytes that point back.
///
/// # Errors
/// [`NotCompact`]: send the whole entry in fragments.
pub fn encode(
    entry: &Entry,
    shared: &impl Shared,
    previous_known: bool,
) -> Result<Vec<u8>, NotCompact> {
    let header = entry.header();
    check(entry, shared)?;
    let known_to_all = header.place.seq == 0 && header.previous == Hash::ZERO;
    let left_out = known_to_all || (previous_known && header.place.seq > 0);
    let mut flags = 0;
    flags |= if header.place.epoch == 0 { 0 } else { EPOCH };
    flags |= if left_out { 0 } else { PREVIOUS };
    flags |= if entry.payload().is_some() { 0 } else { WITHHELD };
    flags |= if header.clock_quality.age_s == u32::MAX { CLOCK_NEVER_SET } else { 0 };
    let more = !header.causes.is_empty() || !header.extras.is_empty();
    flags |= if more { MORE } else { 0 };
    let mut out = vec![SORT, flags];
    out.extend(header.place.device.0.iter().take(4));
    if flags & EPOCH != 0 {
        out.extend(header.place.epoch.to_be_bytes());
    }
    push_number(&mut out, header.place.seq);
    if flags & PREVIOUS != 0 {
        out.extend(header.previous.0);
    }
    out.extend(header.clock.ms.to_be_bytes().iter().skip(2));
    push_number(&mut out, u64::from(header.clock.counter));
    out.push(header.clock_quality.source.0);
    if flags & CLOCK_NEVER_SET == 0 {
        push_number(&mut out, u64::from(header.clock_quality.age_s));
    }
    for word in [&header.area, &header.person, &header.role] {
        push_word(&mut out, shared, word);
    }
    push_number(&mut out, u64::from(header.kind));
    if more {
        push_more(&mut out, header);
    }
    push_cosignatures(&mut out, entry);
    out.extend(entry.signature().0);
    match entry.payload() {
        Some(payload) => out.extend_from_slice(payload.bytes()),
        None => out.extend(header.payload_hash.0),
    }
    Ok(out)
}

fn check(entry: &Entry, shared: &impl Shared) -> Result<(), NotCompact> {
    let header = entry.header();
    if header.election != shared.election() {
        return Err(NotCompact::Election);
    }
    let mut came: Vec<DeviceId> = entry.cosignatures().iter().map(|it| it.key.id()).collect();
    came.sort_unstable();
    if came != header.cosigners || came.len() > COSIGNATURES_MAX {
        return Err(NotCompact::Cosignatures);
    }
    let body = entry.payload().map_or(0, |payload| payload.body().len());
    if body > BODY_BYTES_MAX {
        return Err(NotCompact::Body(body));
    }
    let known = |id: &DeviceId| shared.keys(prefix(id)).iter().any(|key| key.id() == *id);
    if !header.causes.iter().all(|cause| known(&cause.entry.place.device)) {
        return Err(NotCompact::Fields);
    }
    if known(&header.place.device) && came.iter().all(known) {
        Ok(())
    } else {
        Err(NotCompact::UnknownKey)
    }
}

fn prefix(id: &DeviceId) -> [u8; 4] {
    let [a, b, c, d, ..] = id.0;
    [a, b, c, d]
}

/// Number 0 and a text, or the word's number and one.
fn push_word(out: &mut Vec<u8>, shared: &impl Shared, word: &str) {
    match (word.is_empty(), shared.number(word)) {
        (false, Some(number)) => push_number(out, u64::from(number) + 1),
        (true, _) | (false, None) => {
            out.push(0);
            // A header's texts have at most 64 bytes.
            out.push(u8::try_from(word.len()).unwrap_or(u8::MAX));
            out.extend_from_slice(word.as_bytes());
        }
    }
}

fn read_word(cursor: &mut Cursor<'_>, shared: &impl Shared) -> Result<String, CompactRefused> {
    match cursor.number()? {
        0 => Ok(cursor.text(NAME_BYTES_MAX)?.to_owned()),
        more => {
            let number = u32::try_from(more - 1).ok();
            number
                .and_then(|number| shared.word(number))
                .ok_or(CompactRefused::UnknownWord(more - 1))
        }
    }
}

/// What it follows, each by four bytes of its device, and fields as they are.
fn push_more(out: &mut Vec<u8>, header: &Header) {
    push_number(out, u64::try_from(header.causes.len()).unwrap_or(u64::MAX));
    for Cause { relation, entry } in &header.causes {
        out.push(relation.0);
        out.extend(prefix(&entry.place.device));
        out.extend(entry.place.epoch.to_be_bytes());
        push_number(out, entry.place.seq);
        out.extend(entry.hash8);
    }
    push_number(out, u64::try_from(header.extras.len()).unwrap_or(u64::MAX));
    for Extra { key, value } in &header.extras {
        push_number(out, u64::from(*key));
        // A header's field has at most 128 bytes.
        out.push(u8::try_from(value.len()).unwrap_or(u8::MAX));
        out.extend_from_slice(value);
    }
}

fn read_more(
    cursor: &mut Cursor<'_>,
    shared: &impl Shared,
) -> Result<(Vec<Cause>, Vec<Extra>), CompactRefused> {
    let few = |count: u64, most: usize| {
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        if count > most { Err(FrameUnreadable::Number) } else { Ok(count) }
    };
    let mut causes = Vec::new();
    for _ in 0..few(cursor.number()?, CAUSES_MAX)? {
        let relation = Relation(cursor.byte()?);
        // Of two devices that share four bytes the first is taken: with the other the signatures do not hold, and the
        // whole entry is asked for.
        let device = candidates(cursor, shared)?.first().map(PublicKey::id).unwrap_or_default();
        let epoch = u32::from_be_bytes(cursor.exact()?);
        let place = Place { device, epoch, seq: cursor.number()? };
        causes.push(Cause { relation, entry: EntryRef { place, hash8: cursor.exact()? } });
    }
    let mut extras = Vec::new();
    for _ in 0..few(cursor.number()?, EXTRAS_MAX)? {
        let key = cursor.number_u32()?;
        let length = few(u64::from(cursor.byte()?), EXTRA_BYTES_MAX)?;
        let mut value = Vec::with_capacity(length);
        for _ in 0..length {
            value.push(cursor.byte()?);
        }
        extras.push(Extra { key, value });
    }
    Ok((causes, extras))
}

fn push_cosignatures(out: &mut Vec<u8>, entry: &Entry) {
    push_number(out, u64::try_from(entry.cosignatures().len()).unwrap_or(u64::MAX));
    for cosignature in entry.cosignatures() {
        out.extend(prefix(&cosignature.key.id()));
        match PARTS.iter().zip(1u8..).find(|(part, _)| **part == cosignature.part) {
            Some((_, number)) => out.push(number),
            None => {
                out.push(0);
                out.push(u8::try_from(cosignature.part.len()).unwrap_or(u8::MAX));
                out.extend_from_slice(cosignature.part.as_bytes());
            }
        }
        out.extend(cosignature.signature.0);
    }
}

/// A co-signature whose key is known by four bytes.
struct Cosigned {
    candidates: Vec<PublicKey>,
    part: String,
    signature: Signature,
}

fn candidates(
    cursor: &mut Cursor<'_>,
    shared: &impl Shared,
) -> Result<Vec<PublicKey>, CompactRefused> {
    let prefix = cursor.exact()?;
    let mut keys = shared.keys(prefix);
    keys.truncate(CANDIDATES_MAX);
    if keys.is_empty() { Err(CompactRefused::UnknownKey(prefix)) } else { Ok(keys) }
}

fn read_cosigned(
    cursor: &mut Cursor<'_>,
    shared: &impl Shared,
) -> Result<Vec<Cosigned>, CompactRefused> {
    let count = cursor.number()?;
    if usize::try_from(count).map_or(true, |count| count > COSIGNATURES_MAX) {
        return Err(FrameUnreadable::Number.into());
    }
    (0..count)
        .map(|_| {
            let candidates = candidates(cursor, shared)?;
            let part = match cursor.byte()? {
                0 => cursor.text(32)?.to_owned(),
                known => PARTS
                    .get(usize::from(known - 1))
                    .ok_or(FrameUnreadable::Unknown)
                    .map(|part| (*part).to_owned())?,
            };
            Ok(Cosigned { candidates, part, signature: Signature(cursor.exact()?) })
        })
        .collect()
}

/// Puts an entry together again. Its signatures were checked, so it is what its author signed; the ledger's intake
/// still judges its place and the author's right.
///
/// # Errors
/// [`CompactRefused`] says what is missing here.
pub fn decode(bytes: &[u8], shared: &impl Shared) -> Result<Entry, CompactRefused> {
    let mut cursor = Cursor::new(bytes);
    let [sort, flags] = cursor.exact()?;
    if sort != SORT || flags & !(EPOCH | PREVIOUS | WITHHELD | CLOCK_NEVER_SET | MORE) != 0 {
        return Err(FrameUnreadable::Unknown.into());
    }
    let authors = candidates(&mut cursor, shared)?;
    let epoch = if flags & EPOCH == 0 { 0 } else { u32::from_be_bytes(cursor.exact()?) };
    let seq = cursor.number()?;
    let given = if flags & PREVIOUS == 0 { None } else { Some(Hash(cursor.exact()?)) };
    let (clock, clock_quality) = read_clock(&mut cursor, flags)?;
    let area = read_word(&mut cursor, shared)?;
    let person = read_word(&mut cursor, shared)?;
    let role = read_word(&mut cursor, shared)?;
    let kind = cursor.number_u32()?;
    let (causes, extras) =
        if flags & MORE == 0 { Default::default() } else { read_more(&mut cursor, shared)? };
    let cosigned = read_cosigned(&mut cursor, shared)?;
    let signature = Signature(cursor.exact()?);
    let (payload, payload_hash) = read_payload(cursor, flags)?;
    let template = Header {
        election: shared.election(),
        place: Place { device: DeviceId::default(), epoch, seq },
        previous: Hash::ZERO,
        clock,
        clock_quality,
        area,
        kind,
        person,
        role,
        causes,
        payload_hash,
        cosigners: Vec::new(),
        extras,
    };
    let mut why = CompactRefused::NotSigned;
    for author in authors {
        let mut header = template.clone();
        header.place.device = author.id();
        header.previous = match given.or_else(|| previous_of(&header.place, shared)) {
            Some(previous) => previous,
            None => {
                why = CompactRefused::PreviousMissing { from: header.place };
                continue;
            }
        };
        if let Some(entry) = put_together(&header, &author, &signature, &cosigned, payload.as_ref())
        {
            return Ok(entry);
        }
    }
    Err(why)
}

fn read_clock(cursor: &mut Cursor<'_>, flags: u8) -> Result<(Hlc, ClockQuality), FrameUnreadable> {
    let ms = cursor.exact::<6>()?.iter().fold(0, |ms, byte| (ms << 8) | u64::from(*byte));
    let counter = u16::try_from(cursor.number()?).map_err(|_large| FrameUnreadable::Number)?;
    let source = ClockSource(cursor.byte()?);
    let age_s = if flags & CLOCK_NEVER_SET == 0 { cursor.number_u32()? } else { u32::MAX };
    Ok((Hlc { ms, counter }, ClockQuality { source, age_s }))
}

fn read_payload(cursor: Cursor<'_>, flags: u8) -> Result<(Option<Vec<u8>>, Hash), FrameUnreadable> {
    if flags & WITHHELD == 0 {
        let payload = cursor.rest();
        if payload.len() > BODY_BYTES_MAX + pehra_ledger::payload::SALT_BYTES {
            return Err(FrameUnreadable::Trailing);
        }
        return Ok((Some(payload.to_vec()), Hash::of(payload)));
    }
    let mut cursor = cursor;
    let hash = Hash(cursor.exact()?);
    cursor.end()?;
    Ok((None, hash))
}

fn previous_of(place: &Place, shared: &impl Shared) -> Option<Hash> {
    match place.seq.checked_sub(1) {
        Some(seq) => shared.entry_hash(&Place { seq, ..*place }),
        // A first entry that points back to an earlier epoch says so; this one does not.
        None => Some(Hash::ZERO),
    }
}

/// The entry, if there is a choice of co-signing keys under which every signature holds.
fn put_together(
    header: &Header,
    author: &PublicKey,
    signature: &Signature,
    cosigned: &[Cosigned],
    payload: Option<&Vec<u8>>,
) -> Option<Entry> {
    // Two keys of one roster share four bytes once in some millions; the first choice is nearly always the one.
    let ways = cosigned.iter().map(|it| it.candidates.len()).product::<usize>();
    (0..ways.min(64)).find_map(|mut way| {
        let mut cosignatures: Vec<Cosignature> = Vec::with_capacity(cosigned.len());
        for it in cosigned {
            let key = *it.candidates.get(way % it.candidates.len())?;
            way /= it.candidates.len();
            cosignatures.push(Cosignature { key, part: it.part.clone(), signature: it.signature });
        }
        let mut header = header.clone();
        header.cosigners = cosignatures.iter().map(|it| it.key.id()).collect();
        header.cosigners.sort_unstable();
        let bytes = header.encode().ok()?;
        let entry = Entry::from_parts(bytes, *signature, cosignatures, payload.cloned()).ok()?;
        let hash = entry.hash();
        let holds = entry.author_holds(author)
            && entry.cosignatures().iter().all(|cosignature| cosignature.holds(&hash));
        // The order of co-signatures is part of the canonical form.
        (holds && Entry::decode(&entry.encode()).is_ok()).then_some(entry)
    })
}

#[cfg(test)]
mod tests;
