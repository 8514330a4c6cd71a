//! Where this node's cameras are and how they let it in: sealed under the node's own key, in no entry and in no diary.

use super::{Node, NodeError, random};
use pehra_camera::{Address, rtsp::AddressError};
use pehra_domain::{AreaId, EquipmentId};
use pehra_seal::{
    chance::Chance,
    keyring::{KeyRing, KeyRingError, LockedRing, Unlock},
};
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
        self.kept_cameras()?.iter().map(read).collect()
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
        let mut kept = self.kept_cameras()?;
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
        let ring = self.camera_ring()?;
        let sealed = ring.seal(LIST, &text, Chance::from_bytes(random()?))?;
        let mut writer = self.writer();
        writer.store.set_secret(&ring.blind_name(LIST), Some(&sealed)).map_err(NodeError::from)?;
        Ok(())
    }

    fn kept_cameras(&self) -> Result<Vec<Kept>, CameraError> {
        let ring = self.camera_ring()?;
        let name = ring.blind_name(LIST);
        let sealed = self.writer().store.secret(&name).map_err(NodeError::from)?;
        let Some(sealed) = sealed else { return Ok(Vec::new()) };
        let text = ring.unseal(LIST, &sealed)?;
        serde_json::from_slice(&text).map_err(|_unread| CameraError::Damaged)
    }

    /// A ring whose lock follows from the device's key: whoever has the file alone has nothing while the key is locked, and
    /// a node that changes its key enters its cameras anew.
    fn camera_ring(&self) -> Result<KeyRing, CameraError> {
        let mut hasher = Sha256::new();
        hasher.update(b"pehra/cameras/1");
        hasher.update(Zeroizing::new(self.handshake_seed()));
        let lock = Zeroizing::new(<[u8; 32]>::from(hasher.finalize()));
        let unlock = Unlock::Machine(&lock);
        let mut writer = self.writer();
        let found = writer.store.secret(RING).map_err(NodeError::from)?;
        if let Some(bytes) = found {
            let locked = LockedRing::decode(&bytes).map_err(KeyRingError::from)?;
            if let Ok(ring) = locked.open(&unlock) {
                return Ok(ring);
            }
        }
        let (ring, locked) =
            KeyRing::found(&[Unlock::Machine(&lock)], Chance::from_bytes(random()?))?;
        writer.store.set_secret(RING, Some(&locked.encode())).map_err(NodeError::from)?;
        Ok(ring)
    }
}
