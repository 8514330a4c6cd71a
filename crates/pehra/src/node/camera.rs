//! Where this node's cameras are and how they let it in: sealed under the node's own key, in no entry and in no diary.

use super::{Node, NodeError, random};
use pehra_camera::{Address, rtsp::AddressError};
use pehra_domain::{AreaId, EquipmentId};
use pehra_seal::{
    chance::Chance,
    keyring::{KeyRing, KeyRingError, LockedRing, Unlock},
};
use pehra_store::{Reader, Store};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use zeroize::{Zeroize, Zeroizing};

const RING: &str = "cameras-ring";
const LIST: &str = "cameras";

/// One camera's address, as it is kept.
#[derive(Clone, Serialize, Deserialize)]
struct Kept {
    area: AreaId,
    equipment: EquipmentId,
    url: String,
    user: String,
    password: String,
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.password.zeroize();
    }
}

/// Cameras that this node looks through, by area and label.
pub type Cameras = BTreeMap<(AreaId, EquipmentId), Address>;

#[derive(Debug, thiserror::Error)]
pub enum CameraError {
    #[error(transparent)]
    Node(#[from] NodeError),
    #[error("the list of cameras cannot be sealed or opened")]
    Seal(#[from] KeyRingError),
    #[error("the list of cameras is damaged: enter the addresses again")]
    Damaged,
    #[error(transparent)]
    Address(#[from] AddressError),
}

impl Node {
    /// All cameras whose address is known here.
    ///
    /// # Errors
    /// [`CameraError`] when the list cannot be opened.
    pub fn cameras(&self) -> Result<Cameras, CameraError> {
        let read = |one: &Kept| {
            let address = Address::try_new(&one.url, &one.user, &one.password)?;
            Ok(((one.area.clone(), one.equipment.clone()), address))
        };
        let reader = self.reader();
        let Some(ring) = self.camera_ring(&reader)? else { return Ok(Cameras::new()) };
        kept_cameras(&reader, &ring)?.iter().map(read).collect()
    }

    /// Keeps a camera's address, or forgets it.
    ///
    /// # Errors
    /// [`CameraError`]; nothing is changed then.
    pub fn set_camera(
        &self,
        area: &AreaId,
        equipment: &EquipmentId,
        address: Option<&Address>,
    ) -> Result<(), CameraError> {
        // Held to the end: of two addresses that come at once none is lost.
        let mut writer = self.writer();
        let ring = match self.camera_ring(&writer.store)? {
            Some(ring) => ring,
            None => self.found_camera_ring(&mut writer.store)?,
        };
        let mut kept = kept_cameras(&writer.store, &ring)?;
        kept.retain(|one| (&one.area, &one.equipment) != (area, equipment));
        kept.extend(address.map(|address| Kept {
            area: area.clone(),
            equipment: equipment.clone(),
            url: address.url.to_string(),
            user: address.user.clone(),
            password: address.password.clone(),
        }));
        let text = serde_json::to_vec(&kept).map_err(|_unwritten| CameraError::Damaged)?;
        let text = Zeroizing::new(text);
        let sealed = ring.seal(LIST, &text, Chance::from_bytes(random()?))?;
        writer.store.set_secret(&ring.blind_name(LIST), Some(&sealed)).map_err(NodeError::from)?;
        Ok(())
    }

    /// What the ring's lock is made of follows from the device's key: whoever has the file alone has nothing while the key
    /// is locked, and a node that changes its key enters its cameras anew.
    fn camera_lock(&self) -> Zeroizing<[u8; 32]> {
        let mut hasher = Sha256::new();
        hasher.update(b"pehra/cameras/1");
        hasher.update(Zeroizing::new(self.handshake_seed()));
        Zeroizing::new(hasher.finalize().into())
    }

    /// None before the first address, and none that this key opens after the node changed it.
    fn camera_ring(&self, reader: &Reader) -> Result<Option<KeyRing>, CameraError> {
        let found = reader.secret(RING).map_err(NodeError::from)?;
        let Some(bytes) = found else { return Ok(None) };
        let locked = LockedRing::decode(&bytes).map_err(KeyRingError::from)?;
        Ok(locked.open(&Unlock::Machine(&self.camera_lock())).ok())
    }

    fn found_camera_ring(&self, store: &mut Store) -> Result<KeyRing, CameraError> {
        let lock = self.camera_lock();
        let (ring, locked) =
            KeyRing::found(&[Unlock::Machine(&lock)], Chance::from_bytes(random()?))?;
        store.set_secret(RING, Some(&locked.encode())).map_err(NodeError::from)?;
        Ok(ring)
    }
}

fn kept_cameras(reader: &Reader, ring: &KeyRing) -> Result<Vec<Kept>, CameraError> {
    let sealed = reader.secret(&ring.blind_name(LIST)).map_err(NodeError::from)?;
    let Some(sealed) = sealed else { return Ok(Vec::new()) };
    let text = ring.unseal(LIST, &sealed)?;
    serde_json::from_slice(&text).map_err(|_unread| CameraError::Damaged)
}
