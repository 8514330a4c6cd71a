//! What surrounds an act: who, in what role, where, when, and which entry carries it.

use crate::event::Event;
use minicbor::{Decode, Encode};
use pehra_domain::{AreaId, PersonId, UnixMs, role::Role};

/// Most references one entry may carry: the entry format of the ledger has four places.
pub const SUPERSEDES_MAX: usize = 4;

/// Names one entry of the ledger by the device that wrote it, its log epoch and its place in that log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct EventRef {
    #[n(0)]
    #[cbor(with = "minicbor::bytes")]
    pub device: [u8; 16],
    #[n(1)]
    pub epoch: u32,
    #[n(2)]
    pub seq: u64,
}

impl std::fmt::Display for EventRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for byte in &self.device {
            write!(f, "{byte:02x}")?;
        }
        write!(f, ":{}:{}", self.epoch, self.seq)
    }
}

impl EventRef {
    /// Reads what [`std::fmt::Display`] writes; none for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(':');
        let (hex, epoch, seq) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        let mut device = [0_u8; 16];
        read_hex(hex, &mut device)?;
        Some(Self { device, epoch: epoch.parse().ok()?, seq: seq.parse().ok()? })
    }
}

/// The 32 bytes of a SHA-256: of a manifest, a source file, a photograph, a plan's inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct Hash32(
    #[n(0)]
    #[cbor(with = "minicbor::bytes")]
    pub [u8; 32],
);

impl Hash32 {
    /// Reads 64 hexadecimal digits; none for anything else.
    #[must_use]
    pub fn parse(hex: &str) -> Option<Self> {
        let mut bytes = [0_u8; 32];
        read_hex(hex, &mut bytes)?;
        Some(Self(bytes))
    }
}

impl std::fmt::Display for Hash32 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

fn read_hex(hex: &str, into: &mut [u8]) -> Option<()> {
    let digits = hex.as_bytes();
    if digits.len() != into.len() * 2 {
        return None;
    }
    let nibble = |byte: u8| (byte as char).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    for (place, pair) in into.iter_mut().zip(digits.chunks_exact(2)) {
        let [high, low] = pair else { return None };
        *place = nibble(*high)? << 4 | nibble(*low)?;
    }
    Some(())
}

/// The person who acts, in one role, for one area.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Actor {
    #[n(0)]
    pub person: PersonId,
    #[n(1)]
    pub role: Role,
    #[n(2)]
    pub area: AreaId,
}

/// How persons' own keys stand behind an act, beside the device's signature.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keys {
    /// Persons have keys of their own in this election at this time: an act of two persons needs both keys.
    pub required: bool,
    /// The first person's entry, if the acting person's key signed its header too, as second person.
    pub second_over: Option<EventRef>,
}

/// Everything ambient that a decision may use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Context {
    pub actor: Actor,
    /// The node's clock when the command arrived: what is signed carries it, and rights are judged by it.
    pub at: UnixMs,
    /// What time it is on the day: the same, or an exercise's own clock. What an act says of the day is judged by it.
    pub day: UnixMs,
    /// Other persons whose keys will sign the same header.
    pub cosigners: Vec<PersonId>,
    /// True while the acting person has no key of their own and the node signs in their place.
    pub attested_by_node: bool,
    pub keys: Keys,
}

/// An event that was decided and waits to be sealed. `supersedes` goes into the header's causal references.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    pub event: Event,
    pub area: AreaId,
    /// At most [`SUPERSEDES_MAX`]; an act that settles more heads becomes several equal events.
    pub supersedes: Vec<EventRef>,
}

impl Decided {
    /// One event for every four superseded heads, at least one. Equal events agree with each other, so that
    /// together they settle all heads.
    #[must_use]
    pub fn over(event: &Event, area: &AreaId, heads: &[EventRef]) -> Vec<Self> {
        Self::after(event, area, heads, &[])
    }

    /// As [`Self::over`]; every one of the entries also names what the event is judged by, at most two, so that wherever
    /// one of them arrives that is there already.
    #[must_use]
    pub fn after(
        event: &Event,
        area: &AreaId,
        heads: &[EventRef],
        causes: &[EventRef],
    ) -> Vec<Self> {
        let one = |some: &[EventRef]| Self {
            event: event.clone(),
            area: area.clone(),
            supersedes: some.iter().chain(causes).copied().collect(),
        };
        let rest: Vec<EventRef> =
            heads.iter().filter(|head| !causes.contains(head)).copied().collect();
        if rest.is_empty() {
            return vec![one(&[])];
        }
        rest.chunks(SUPERSEDES_MAX.saturating_sub(causes.len()).max(1)).map(one).collect()
    }
}

/// An event as the ledger delivers it: verified, authorised, in causal order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamped {
    pub at: EventRef,
    pub clock_ms: UnixMs,
    pub actor: Actor,
    pub area: AreaId,
    pub cosigners: Vec<PersonId>,
    pub attested_by_node: bool,
    pub keys: Keys,
    pub supersedes: Vec<EventRef>,
    pub event: Event,
}

impl Stamped {
    /// Who did it and when, to be kept beside what they did.
    #[must_use]
    pub fn mark(&self) -> Mark {
        let mut cosigners = self.cosigners.clone();
        cosigners.sort();
        cosigners.dedup();
        Mark {
            clock_ms: self.clock_ms,
            person: self.actor.person.clone(),
            role: self.actor.role.clone(),
            area: self.area.clone(),
            cosigners,
            attested_by_node: self.attested_by_node,
        }
    }
}

/// The trace of an act in the state: who, in what role, for what area, when, and how it was signed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Mark {
    #[n(0)]
    pub clock_ms: UnixMs,
    #[n(1)]
    pub person: PersonId,
    #[n(2)]
    pub role: Role,
    #[n(3)]
    pub area: AreaId,
    #[n(4)]
    pub cosigners: Vec<PersonId>,
    /// The node signed for the person. Shown wherever a two-person act is shown.
    #[n(5)]
    pub attested_by_node: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_survives_its_text() {
        let at = EventRef { device: [0xa7; 16], epoch: 3, seq: 91 };
        assert_eq!(EventRef::parse(&at.to_string()), Some(at));
        for bad in ["", "a7:1:2", "zz:1", &format!("{at}:1"), &"a7".repeat(16)] {
            assert_eq!(EventRef::parse(bad), None, "{bad}");
        }
        let hash = Hash32([0x0f; 32]);
        assert_eq!(Hash32::parse(&hash.to_string()), Some(hash));
    }
}
