//! Convoys that are planned in the room: files of the node's folder that its own key alone opens.

use super::{Node, NodeError, random, ring::RingName};
use pehra_seal::{
    chance::Chance,
    keyring::{KeyRing, VALUE_BYTES_MAX},
};
use zeroize::Zeroizing;

const RING: RingName = RingName { secret: "convoys-ring", label: b"pehra/convoys/1" };

/// What seals and opens them, in memory only.
pub struct ConvoyRing(KeyRing);

impl Node {
    /// The ring of the convoys; founded at its first use. After the node changed its key it is a new one, and what lay under
    /// the former is planned anew.
    ///
    /// # Errors
    /// [`NodeError`]: the store or the machine's chance.
    pub fn convoy_ring(&self) -> Result<ConvoyRing, NodeError> {
        // Held to the end: of two that come at once both get the same ring.
        let mut writer = self.writer();
        let ring = match self.device_ring(&writer.store, RING)? {
            Some(ring) => ring,
            None => self.found_device_ring(&mut writer.store, RING)?,
        };
        Ok(ConvoyRing(ring))
    }
}

impl ConvoyRing {
    /// The file under which something lies: it says nothing of its name.
    #[must_use]
    pub fn blind_name(&self, name: &str) -> String {
        self.0.blind_name(name)
    }

    /// Seals bytes of any length, in pieces that are tied to their place and their number.
    ///
    /// # Errors
    /// [`NodeError`]: the machine gives no chance.
    pub fn seal(&self, name: &str, bytes: &[u8]) -> Result<Vec<u8>, NodeError> {
        let pieces: Vec<&[u8]> = match bytes {
            [] => vec![&[]],
            bytes => bytes.chunks(VALUE_BYTES_MAX).collect(),
        };
        let mut out = Vec::with_capacity(bytes.len() + 128 * pieces.len());
        for (place, piece) in pieces.iter().enumerate() {
            let tie = tie(name, place, pieces.len());
            let sealed = self.0.seal(&tie, piece, Chance::from_bytes(random()?))?;
            out.extend((sealed.len() as u64).to_be_bytes());
            out.extend(sealed);
        }
        Ok(out)
    }

    /// The bytes again; none when they were altered, cut short, or lie under another key.
    #[must_use]
    pub fn open(&self, name: &str, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let mut pieces = Vec::new();
        let mut rest = sealed;
        while !rest.is_empty() {
            let (length, after) = rest.split_first_chunk::<8>()?;
            let length = usize::try_from(u64::from_be_bytes(*length)).ok()?;
            let (piece, after) = after.split_at_checked(length)?;
            pieces.push(piece);
            rest = after;
        }
        let mut bytes = Zeroizing::new(Vec::with_capacity(sealed.len()));
        for (place, piece) in pieces.iter().enumerate() {
            let tie = tie(name, place, pieces.len());
            bytes.extend_from_slice(&self.0.unseal(&tie, piece).ok()?);
        }
        (!pieces.is_empty()).then_some(bytes)
    }
}

fn tie(name: &str, place: usize, pieces: usize) -> String {
    format!("{name} {place}/{pieces}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use pehra_seal::keyring::Unlock;

    fn ring() -> ConvoyRing {
        let chance = Chance::from_bytes([7; 32]);
        ConvoyRing(KeyRing::found(&[Unlock::Machine(&[1; 32])], chance).unwrap().0)
    }

    #[test]
    fn what_is_sealed_comes_back_and_nothing_that_was_changed_does() {
        let ring = ring();
        for length in [0, 1, VALUE_BYTES_MAX, 2 * VALUE_BYTES_MAX + 5] {
            let bytes: Vec<u8> = (0..length).map(|at| u8::try_from(at % 251).unwrap()).collect();
            let sealed = ring.seal("NA-1", &bytes).unwrap();
            assert_eq!(ring.open("NA-1", &sealed).unwrap().as_slice(), bytes, "{length}");
            assert!(ring.open("NA-2", &sealed).is_none());
            assert!(ring.open("NA-1", &sealed[..sealed.len() - 1]).is_none());
            let mut turned = sealed.clone();
            *turned.last_mut().unwrap() ^= 1;
            assert!(ring.open("NA-1", &turned).is_none());
        }
        assert!(ring.open("NA-1", &[]).is_none());
    }

    #[test]
    fn a_piece_that_is_left_out_is_noticed() {
        let ring = ring();
        let sealed = ring.seal("NA-1", &vec![9; 2 * VALUE_BYTES_MAX]).unwrap();
        let length = usize::try_from(u64::from_be_bytes(*sealed.first_chunk().unwrap())).unwrap();
        assert!(ring.open("NA-1", &sealed[..8 + length]).is_none());
        assert!(ring.open("NA-1", &sealed[8 + length..]).is_none());
    }
}
