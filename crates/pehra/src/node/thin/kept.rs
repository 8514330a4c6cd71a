//! Frames outlast a restart: what is attested and unsigned, and what a signed entry has not borne out, is written down as
//! it was heard and weighed anew at the start, as of the moment at which it came.

use super::{Frame, Heard, Node, NodeError, Thin, epoch_low};
use crate::auth::hex;
use pehra_ledger::{DeviceId, Place, hash::unhex};
use pehra_store::Batch;
use std::collections::BTreeSet;

/// What settings begin with that keep a frame; then the device, half the epoch and the place.
const FRAME: &str = "thin-frame/";

fn name_of(device: DeviceId, epoch_low: u16, seq: u64) -> String {
    format!("{FRAME}{device}/{epoch_low}/{seq}")
}

/// The setting that keeps a frame of a place; every frame of it says the same, or raises an alarm and is not kept.
pub(in crate::node) fn name_at(place: Place) -> String {
    name_of(place.device, epoch_low(place.epoch), place.seq)
}

impl Node {
    /// Writes a frame down that waits for its entry, or was not borne out by it.
    pub(super) fn keep_frame(
        &self,
        thin: &Thin,
        frame: &[u8],
        heard_ms: u64,
    ) -> Result<(), NodeError> {
        let name = name_of(thin.device, thin.epoch_low, thin.seq);
        let value = format!("{heard_ms}/{}", hex(frame));
        Ok(self.writer().store.set_setting(&name, Some(&value))?)
    }

    /// Keeps frames no longer: their entries came, or their devices may no longer say so.
    pub(super) fn drop_frames<'a>(
        &self,
        which: impl IntoIterator<Item = &'a Thin>,
    ) -> Result<(), NodeError> {
        let name = |thin: &Thin| (name_of(thin.device, thin.epoch_low, thin.seq), None);
        let settings: Vec<_> = which.into_iter().map(name).collect();
        if !settings.is_empty() {
            self.writer().store.commit(&Batch { settings, ..Batch::default() })?;
        }
        Ok(())
    }

    /// Weighs the frames that were kept, each as of the moment at which it was heard; those that wait for nothing any
    /// more are dropped.
    pub(in crate::node) fn recall_frames(&self) -> Result<(), NodeError> {
        let all = self.writer().store.settings()?;
        let mut settings = Vec::new();
        for (name, value) in all.into_iter().filter(|(name, _)| name.starts_with(FRAME)) {
            let kept = value.split_once('/');
            let kept = kept.and_then(|(ms, bytes)| Some((ms.parse().ok()?, unhex(bytes)?)));
            let weighed =
                kept.map(|(heard_ms, frame): (_, Vec<u8>)| self.weigh_thin(&frame, heard_ms));
            let became = weighed.transpose()?.map(|(_, became)| became);
            let stands = matches!(&became, Some(Frame::Thin(heard)) if waits(heard));
            if !stands {
                settings.push((name, None));
            }
        }
        if !settings.is_empty() {
            self.writer().store.commit(&Batch { settings, ..Batch::default() })?;
        }
        Ok(())
    }

    /// Takes the words of deleted entries from the shelf.
    pub(in crate::node) fn forget_frames(&self, places: &BTreeSet<Place>) {
        let named = |thin: &Thin| {
            places.iter().any(|place| {
                (place.device, epoch_low(place.epoch), place.seq)
                    == (thin.device, thin.epoch_low, thin.seq)
            })
        };
        self.carriers().attested.withdraw(named);
    }
}

/// Whether what was heard is still open.
pub(super) fn waits(heard: &Heard) -> bool {
    matches!(heard, Heard::Attested | Heard::Mismatch { .. })
}
