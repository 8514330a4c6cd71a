//! Rings of secrets that this device's key alone opens: what they hold is in no entry and in no diary.

use super::{Node, NodeError, random};
use pehra_seal::{
    chance::Chance,
    keyring::{KeyRing, KeyRingError, LockedRing, Unlock},
};
use pehra_store::{Reader, Store};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// One ring: the name of the secret that it lies in, and what its lock is derived with.
#[derive(Clone, Copy)]
pub(super) struct RingName {
    pub(super) secret: &'static str,
    pub(super) label: &'static [u8],
}

impl Node {
    /// What the ring's lock is made of follows from the device's key: whoever has the file alone has nothing while the key
    /// is locked, and a node that changes its key enters its secrets anew.
    fn ring_lock(&self, name: RingName) -> Zeroizing<[u8; 32]> {
        let mut hasher = Sha256::new();
        hasher.update(name.label);
        hasher.update(Zeroizing::new(self.handshake_seed()));
        Zeroizing::new(hasher.finalize().into())
    }

    /// None before its first secret, and none that this key opens after the node changed it.
    pub(super) fn device_ring(
        &self,
        reader: &Reader,
        name: RingName,
    ) -> Result<Option<KeyRing>, NodeError> {
        let Some(bytes) = reader.secret(name.secret)? else { return Ok(None) };
        let locked = LockedRing::decode(&bytes).map_err(KeyRingError::from)?;
        Ok(locked.open(&Unlock::Machine(&self.ring_lock(name))).ok())
    }

    pub(super) fn found_device_ring(
        &self,
        store: &mut Store,
        name: RingName,
    ) -> Result<KeyRing, NodeError> {
        let lock = self.ring_lock(name);
        let (ring, locked) =
            KeyRing::found(&[Unlock::Machine(&lock)], Chance::from_bytes(random()?))?;
        store.set_secret(name.secret, Some(&locked.encode()))?;
        Ok(ring)
    }
}
