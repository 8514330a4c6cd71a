//! Where this node's cameras are and how they let it in: sealed under the node's own key, in no entry and in no diary.

use super::{Node, NodeError, random, ring::RingName};
use pehra_camera::{Address, rtsp::AddressError};
use pehra_domain::{AreaId, EquipmentId};
use pehra_seal::{
    chance::Chance,
    keyring::{KeyRing, KeyRingError},
};
use pehra_store::Reader;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use zeroize::{Zeroize, Zeroizing};

const RING: RingName = RingName { secret: "cameras-ring", label: b"pehra/cameras/1" };
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
        let Some(ring) = self.device_ring(&reader, RING)? else { return Ok(Cameras::new()) };
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
        let ring = match self.device_ring(&writer.store, RING)? {
            Some(ring) => ring,
            None => self.found_device_ring(&mut writer.store, RING)?,
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
}

fn kept_cameras(reader: &Reader, ring: &KeyRing) -> Result<Vec<Kept>, CameraError> {
    let sealed = reader.secret(&ring.blind_name(LIST)).map_err(NodeError::from)?;
    let Some(sealed) = sealed else { return Ok(Vec::new()) };
    let text = ring.unseal(LIST, &sealed)?;
    serde_json::from_slice(&text).map_err(|_unread| CameraError::Damaged)
}
