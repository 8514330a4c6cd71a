//! What sets are compared by: ten keyed bytes for each thing held.
//!
//! The key is drawn for every comparison, so that nobody can prepare entries whose elements collide, and what collides
//! by chance in one comparison does not in the next.

use crate::hash::{Hash, LABEL_BYTES};
use crate::key::DeviceId;
use sha2::{Digest, Sha256};

pub const ELEMENT_BYTES: usize = 10;
/// Bytes that name a log within one comparison.
pub const TAG_BYTES: usize = 5;
pub const CHECK_BYTES: usize = 8;
/// Heights travel modulo 2^24; the other side knows which of them is meant from its own.
const HEIGHT_BITS: u32 = 24;

const ELEMENT_LABEL: &[u8; LABEL_BYTES] = b"pehra/element/1";

/// One epoch of one device's log.
pub type Log = (DeviceId, u32);

/// One thing held, under the key of one comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Element(pub [u8; ELEMENT_BYTES]);

/// A log, under the key of one comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Tag(pub [u8; TAG_BYTES]);

/// The key of one comparison: chance of the side that asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Key(pub [u8; 16]);

/// How far a log reaches here, in the form in which two nodes that agree are equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Height {
    pub log: Log,
    /// Entries held from the first on; at a known fork, those before it.
    pub next: u64,
    /// The last one's hash; zero once the log is forked here, because each side may hold another branch.
    pub hash: Hash,
}

impl Key {
    fn digest(&self, sort: u8, parts: &[&[u8]]) -> [u8; 32] {
        let mut digest = Sha256::new_with_prefix(ELEMENT_LABEL);
        digest.update([sort]);
        digest.update(self.0);
        for part in parts {
            digest.update(part);
        }
        digest.finalize().into()
    }

    #[must_use]
    pub fn tag(&self, log: Log) -> Tag {
        Tag(first(&self.digest(0, &[&log.0.0, &log.1.to_be_bytes()])))
    }

    /// Tag, height, and two bytes of the head's hash: forks of equal height stay apart.
    #[must_use]
    pub fn height(&self, height: &Height) -> Element {
        let Tag([a, b, c, d, e]) = self.tag(height.log);
        let [.., high, middle, low] = height.next.to_be_bytes();
        let [x, y] = first(&self.digest(1, &[&height.hash.0, &height.next.to_be_bytes()]));
        Element([a, b, c, d, e, high, middle, low, x, y])
    }

    /// The element of a thing that has a name.
    #[must_use]
    pub fn name(&self, name: &Hash) -> Element {
        Element(first(&self.digest(2, &[&name.0])))
    }

    /// The check of a place in the order of devices.
    #[must_use]
    pub fn place(&self, place: u32) -> u64 {
        u64::from_le_bytes(first(&self.digest(4, &[&place.to_be_bytes()])))
    }

    /// What tells a single element from a sum of several.
    #[must_use]
    pub fn check(&self, element: &Element) -> u64 {
        u64::from_le_bytes(first(&self.digest(3, &[&element.0])))
    }
}

fn first<const N: usize>(digest: &[u8; 32]) -> [u8; N] {
    let mut bytes = [0; N];
    bytes.iter_mut().zip(digest).for_each(|(to, from)| *to = *from);
    bytes
}

impl Element {
    /// The log's tag, for the element of a height.
    #[must_use]
    pub fn tag(&self) -> Tag {
        let [a, b, c, d, e, ..] = self.0;
        Tag([a, b, c, d, e])
    }

    /// The height that an element means, to a node that holds `own` entries of the log.
    #[must_use]
    pub fn next(&self, own: u64) -> u64 {
        let [.., high, middle, low, _, _] = self.0;
        let (whole, half) = (1_u64 << HEIGHT_BITS, 1_u64 << (HEIGHT_BITS - 1));
        let part = u64::from(u32::from_be_bytes([0, high, middle, low]));
        let near = (own - own % whole) + part;
        if near > own + half && near >= whole {
            near - whole
        } else if near + half < own {
            near + whole
        } else {
            near
        }
    }

    /// Adds or takes away another element: the same.
    pub(crate) fn fold(&mut self, other: &Self) {
        self.0.iter_mut().zip(other.0).for_each(|(to, from)| *to ^= from);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_height_is_understood_by_whoever_is_within_eight_million_of_it(
            own in 0..(1_u64 << 40), apart in -8_000_000_i64..8_000_000,
        ) {
            let meant = own.saturating_add_signed(apart);
            let log = (DeviceId([1; 16]), 0);
            let element = Key([7; 16]).height(&Height { log, next: meant, hash: Hash::ZERO });
            prop_assert_eq!(element.next(own), meant);
            prop_assert_eq!(element.tag(), Key([7; 16]).tag(log));
        }
    }

    #[test]
    fn equal_heights_over_different_heads_are_different_elements() {
        let key = Key([7; 16]);
        let one = Height { log: (DeviceId([1; 16]), 0), next: 5, hash: Hash::of(b"one") };
        let two = Height { hash: Hash::of(b"two"), ..one };
        assert_ne!(key.height(&one), key.height(&two));
        assert_ne!(key.height(&one), Key([8; 16]).height(&one));
    }
}
