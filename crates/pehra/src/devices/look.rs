//! Looking through cameras: each one once in a while, a few at a time. Of a camera without a mask that two persons stand for
//! it is only asked whether it answers: its picture is not decoded.

use super::{Seen, Still, Watch};
use crate::node::Node;
use pehra_camera::{Address, Failure, Mask, Memory, Verdict, ffmpeg::Ffmpeg, rtsp};
use pehra_domain::{AreaId, EquipmentId, UnixMs};
use pehra_ops::{
    Command, EventRef, Hash32,
    equipment::{self as kit, Frame, Health},
};
use sha2::{Digest, Sha256};
use std::{path::PathBuf, sync::Arc, time::Duration};
use tokio::sync::Semaphore;

/// Looks at the same time: a decoder is a core's work for a moment.
const AT_ONCE: usize = 4;
/// A camera that does not answer within this is not reachable.
const PATIENCE: Duration = Duration::from_secs(12);
/// A camera's clock may be so far off before its pictures are no evidence of a time.
const CLOCK_MS_MAX: i64 = 60_000;

/// How this node looks.
#[derive(Clone, Debug)]
pub struct Looking {
    pub every: Duration,
    pub ffmpeg: PathBuf,
}

impl Default for Looking {
    fn default() -> Self {
        Self { every: Duration::from_secs(60), ffmpeg: PathBuf::from("ffmpeg") }
    }
}

/// Looks until the room closes.
pub async fn look_for_ever(node: Node, watch: Watch, looking: Looking) {
    let gate = Arc::new(Semaphore::new(AT_ONCE));
    loop {
        if watch.areas().is_empty() {
            tokio::time::sleep(looking.every).await;
            continue;
        }
        let cameras = {
            let node = node.clone();
            tokio::task::spawn_blocking(move || node.cameras()).await
        };
        let cameras = match cameras {
            Ok(Ok(cameras)) => cameras,
            Ok(Err(error)) => {
                tracing::error!(%error, "the cameras' addresses cannot be read");
                return;
            }
            Err(_stopped) => return,
        };
        let mut looks = tokio::task::JoinSet::new();
        for ((area, equipment), address) in cameras {
            if watch.stands(&area).is_none() {
                continue;
            }
            let masked = in_force(&node, &area, &equipment);
            let one = Look {
                node: node.clone(),
                watch: watch.clone(),
                ffmpeg: Ffmpeg::at(&looking.ffmpeg),
                area,
                equipment,
            };
            let gate = Arc::clone(&gate);
            looks.spawn(async move {
                let Ok(_place) = gate.acquire_owned().await else { return };
                one.once(&address, masked).await;
            });
        }
        while looks.join_next().await.is_some() {}
        tokio::time::sleep(looking.every).await;
    }
}

fn in_force(node: &Node, area: &AreaId, equipment: &EquipmentId) -> Option<(EventRef, Mask)> {
    node.ops(|state| {
        let (at, mask) = state.equipment.mask_in_force(area, equipment)?;
        let corners = |polygon: &Vec<kit::Corner>| polygon.iter().map(|it| (it.x, it.y)).collect();
        Some((at, Mask::of(mask.polygons.iter().map(corners).collect())))
    })
}

struct Look {
    node: Node,
    watch: Watch,
    ffmpeg: Ffmpeg,
    area: AreaId,
    equipment: EquipmentId,
}

impl Look {
    async fn once(&self, address: &Address, masked: Option<(EventRef, Mask)>) {
        let taken = match rtsp::look(address, PATIENCE).await {
            Ok(taken) => taken,
            Err(Failure::Refused) => {
                let now = self.node.now();
                return self.seen(|seen| {
                    seen.hear(now);
                    seen.say(Health::Refused, now);
                });
            }
            Err(_failure) => return self.failed(),
        };
        let now = self.node.now();
        let Some((mask_at, mask)) = masked else {
            return self.seen(|seen| {
                seen.hear(now);
                seen.still = None;
                if seen.said.is_none_or(|(health, _)| health != Health::Moved) {
                    seen.say(Health::Live, now);
                }
            });
        };
        let mut picture = match self.ffmpeg.decode(taken.codec, &taken.key_frame).await {
            Ok(picture) => picture,
            Err(error) => {
                tracing::warn!(%error, camera = %self.equipment, "no picture of a camera");
                return self.failed();
            }
        };
        mask.paint(&mut picture);
        let (grey, open) = (picture.grey(), mask.open());
        let off =
            taken.camera_ms.is_some_and(|at| at.abs_diff(now.0) > CLOCK_MS_MAX.unsigned_abs());
        let mut first = false;
        let health = self.seen(|seen| {
            if seen.look.as_ref().is_none_or(|(at, _)| *at != mask_at) {
                seen.look = Some((mask_at, Memory::new(open, None)));
                first = true;
            }
            let verdict = seen.look.as_mut().map_or(Verdict::Live, |(_, it)| it.judge(&grey));
            health_of(verdict, off)
        });
        let jpeg = if health == Health::Moved {
            // Nobody knows what it looks at now.
            None
        } else {
            self.ffmpeg.jpeg(&picture).await.ok()
        };
        let jpeg = jpeg.map(Arc::new);
        let changed = self.seen(|seen| {
            seen.hear(now);
            let before = seen.said.map(|(health, _)| health);
            seen.say(health, now);
            seen.still = jpeg.clone().map(|jpeg| Still { at: now, jpeg });
            before != Some(health)
        });
        if let Some(jpeg) = jpeg.filter(|_| first || changed && health != Health::Live) {
            self.keep(mask_at, now, health, &jpeg).await;
        }
    }

    fn seen<T>(&self, change: impl FnOnce(&mut Seen) -> T) -> T {
        change(self.watch.lock().seen(&self.area, &self.equipment))
    }

    fn failed(&self) {
        let now = self.node.now();
        self.seen(|seen| {
            let (first, count) = seen.failed.unwrap_or((now, 0));
            seen.failed = Some((first, count.saturating_add(1)));
        });
    }

    /// A picture of a change is evidence: its file is kept with the entry that names its hash.
    async fn keep(&self, mask: EventRef, at: UnixMs, health: Health, jpeg: &Arc<Vec<u8>>) {
        let Some(actor) = self.watch.stands(&self.area) else { return };
        let (node, bytes) = (self.node.clone(), Vec::clone(jpeg));
        let kept = tokio::task::spawn_blocking(move || {
            let sha256 = Hash32(Sha256::digest(&bytes).into());
            let frames = vec![Frame { at, sha256, health }];
            let command = Command::Equipment(kit::Command::KeepFrames { mask, frames });
            node.execute_keeping(&actor, &command, vec![bytes])
        });
        match kept.await {
            Ok(Ok(_entries)) => {}
            Ok(Err(error)) => tracing::warn!(%error, "a camera's picture was not kept"),
            Err(error) => tracing::error!(%error, "a camera's picture was not kept"),
        }
    }
}

fn health_of(verdict: Verdict, clock_off: bool) -> Health {
    match verdict {
        Verdict::Live if clock_off => Health::ClockWrong,
        Verdict::Live => Health::Live,
        Verdict::Frozen => Health::Frozen,
        Verdict::Covered => Health::Covered,
        Verdict::Moved => Health::Moved,
        Verdict::Black => Health::Black,
    }
}
