//! Keys between a device and its district, and the short tags that are made with them.
//!
//! A tag says that a holder of the key sent the bytes. Both ends hold it, so a tag is never evidence against
//! either of them; the signed entry is.

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use pehra_ledger::DeviceId;
use sha2::Sha256;

/// Shortest tag, in bytes: one forgery in 2^64 tries.
pub const TAG_BYTES_MIN: usize = 8;
/// Longest tag, in bytes.
pub const TAG_BYTES_MAX: usize = 16;

/// A secret that both ends of a thin channel hold. It never prints itself.
#[derive(Clone, PartialEq, Eq)]
pub struct ChannelKey([u8; 32]);

/// Who speaks to whom, as their certificates name them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ends {
    pub device: DeviceId,
    /// The X25519 key of the device's certificate.
    pub device_sealing: [u8; 32],
    /// The lower half of the device's log epoch: whoever goes on in a new epoch goes on under a new key.
    pub epoch_low: u16,
    pub desk: DeviceId,
    pub desk_sealing: [u8; 32],
}

impl std::fmt::Debug for ChannelKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ChannelKey")
    }
}

impl ChannelKey {
    /// The key between a device and one desk that receives it: HKDF-SHA256 (RFC 5869) over what their certified keys
    /// agree on, salted with the election, bound to both ends and to the device's log epoch.
    #[must_use]
    pub fn between(shared: &[u8; 32], election: &[u8; 16], ends: &Ends) -> Self {
        let Ends { device, device_sealing, epoch_low, desk, desk_sealing } = ends;
        let info: [&[u8]; 6] = [
            b"pehra thin frame 2",
            &device.0,
            device_sealing,
            &epoch_low.to_be_bytes(),
            &desk.0,
            desk_sealing,
        ];
        Self::derive(shared, election, &info)
    }

    /// The key under which a district's broadcast of one object stands. Everybody in the district holds it.
    #[must_use]
    pub fn of_broadcast(shared: &[u8; 32], election: &[u8; 16]) -> Self {
        Self::derive(shared, election, &[b"pehra broadcast 1"])
    }

    fn derive(shared: &[u8; 32], election: &[u8; 16], info: &[&[u8]]) -> Self {
        let mut key = [0; 32];
        let expanded =
            Hkdf::<Sha256>::new(Some(election), shared).expand_multi_info(info, &mut key);
        // RFC 5869 refuses outputs of more than 255 digests; this one is a single digest long.
        debug_assert!(expanded.is_ok());
        Self(key)
    }

    /// The first bytes of HMAC-SHA256 over the parts, one after the other.
    #[must_use]
    pub(crate) fn tag(&self, parts: &[&[u8]]) -> [u8; TAG_BYTES_MAX] {
        let mut tag = [0; TAG_BYTES_MAX];
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else { return tag };
        for part in parts {
            mac.update(part);
        }
        for (to, from) in tag.iter_mut().zip(mac.finalize().into_bytes()) {
            *to = from;
        }
        tag
    }
}

/// Whether two tags are equal, in a time that does not say where they differ.
#[must_use]
pub(crate) fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_tag() {
        // RFC 4231 §4.3, its key "Jefe" filled with zeros to a whole block changes nothing.
        let mut key = [0; 32];
        key[..4].copy_from_slice(b"Jefe");
        let tag = ChannelKey(key).tag(&[b"what do ya want ", b"for nothing?"]);
        assert_eq!(tag[..8], [0x5b, 0xdc, 0xc1, 0x46, 0xbf, 0x60, 0x75, 0x4e]);
    }

    #[test]
    fn another_end_epoch_or_election_is_another_key() {
        let ends = || Ends {
            device: DeviceId([1; 16]),
            device_sealing: [2; 32],
            epoch_low: 3,
            desk: DeviceId([4; 16]),
            desk_sealing: [5; 32],
        };
        let of = |ends: Ends| ChannelKey::between(&[1; 32], &[2; 16], &ends);
        let others = [
            Ends { device: DeviceId([9; 16]), ..ends() },
            Ends { device_sealing: [9; 32], ..ends() },
            Ends { epoch_low: 9, ..ends() },
            Ends { desk: DeviceId([9; 16]), ..ends() },
            Ends { desk_sealing: [9; 32], ..ends() },
            Ends { device: ends().desk, desk: ends().device, ..ends() },
        ];
        for other in others {
            assert_ne!(of(other.clone()), of(ends()), "{other:?}");
        }
        assert_ne!(of(ends()), ChannelKey::of_broadcast(&[1; 32], &[2; 16]));
        assert_ne!(of(ends()), ChannelKey::between(&[1; 32], &[3; 16], &ends()));
        assert_ne!(of(ends()), ChannelKey::between(&[2; 32], &[2; 16], &ends()));
        assert_eq!(format!("{:?}", of(ends())), "ChannelKey");
    }
}
