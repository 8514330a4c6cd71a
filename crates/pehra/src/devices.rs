//! Listening to equipment: when each was heard, what is seen of it now, and the signing of what changed.
//!
//! Heartbeats live here and nowhere else. Somebody who may stands for an area's watch; what changes is signed in their name,
//! attested by the node, many in one entry, and every few minutes that nothing did.

pub mod look;

use crate::node::{Node, NodeError};
use pehra_domain::{AreaId, EquipmentId, UnixMs};
use pehra_ops::{
    Actor, Command, EventRef,
    equipment::{self as kit, Change, Health, ITEMS_MAX, Kind, health},
};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// How often it is looked at whether something changed.
const TICK: Duration = Duration::from_secs(2);
/// A watch without changes says so this often, so that silence in the record means that somebody listened.
const SPAN_MS: i64 = 10 * 60_000;
/// A look may fail once.
const FAILURES_MAX: u32 = 2;

/// The newest masked still of a camera.
#[derive(Clone, Debug)]
pub struct Still {
    pub at: UnixMs,
    pub jpeg: Arc<Vec<u8>>,
}

/// What this node knows of one piece of equipment by itself.
#[derive(Clone, Debug, Default)]
struct Seen {
    heard: Option<UnixMs>,
    /// When the first of the looks that failed in a row was tried, and how many there were.
    failed: Option<(UnixMs, u32)>,
    said: Option<(Health, UnixMs)>,
    still: Option<Still>,
    look: Option<(EventRef, pehra_camera::Memory)>,
}

impl Seen {
    fn hear(&mut self, now: UnixMs) {
        self.heard = Some(now);
        self.failed = None;
    }

    /// What a look found: it stands since it was first found.
    fn say(&mut self, health: Health, now: UnixMs) {
        if self.said.is_none_or(|(before, _)| before != health) {
            self.said = Some((health, now));
        }
    }

    fn now(&self, kind: Kind, now: UnixMs) -> Option<(Health, UnixMs)> {
        if let Some((first, count)) = self.failed
            && count >= FAILURES_MAX
        {
            return Some((Health::Silent, self.heard.unwrap_or(first)));
        }
        let (said, since) = self.said.unwrap_or((Health::Live, self.heard?));
        let found = health::of(kind, self.heard, said, now)?;
        Some(if found == Health::Silent { (found, self.heard?) } else { (found, since) })
    }
}

/// Who stands for an area's watch, and up to when it is signed.
#[derive(Clone, Debug)]
struct Stands {
    actor: Actor,
    signed: UnixMs,
}

#[derive(Debug, Default)]
struct Inner {
    areas: BTreeMap<AreaId, Stands>,
    seen: BTreeMap<AreaId, BTreeMap<EquipmentId, Seen>>,
}

impl Inner {
    fn seen(&mut self, area: &AreaId, equipment: &EquipmentId) -> &mut Seen {
        self.seen.entry(area.clone()).or_default().entry(equipment.clone()).or_default()
    }
}

/// Shared by the room's doors and the listeners; cloning is cheap.
#[derive(Clone, Debug, Default)]
pub struct Watch(Arc<Mutex<Inner>>);

impl Watch {
    /// Whoever needs the state of the node as well takes it first: the other way round, two of them and somebody who
    /// writes would wait for each other for ever.
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Who stands for the watch of an area, on this node.
    #[must_use]
    pub fn stands(&self, area: &AreaId) -> Option<Actor> {
        self.lock().areas.get(area).map(|one| one.actor.clone())
    }

    /// Begins an area's watch in somebody's name, or ends it.
    pub fn stand(&self, area: &AreaId, actor: Option<Actor>, now: UnixMs) {
        let mut inner = self.lock();
        match actor {
            Some(actor) => {
                inner
                    .areas
                    .entry(area.clone())
                    .and_modify(|it| it.actor = actor.clone())
                    .or_insert(Stands { actor, signed: now });
            }
            None => {
                inner.areas.remove(area);
            }
        }
    }

    /// A heartbeat: it was heard now.
    pub fn hear(&self, area: &AreaId, equipment: &EquipmentId, now: UnixMs) {
        self.lock().seen(area, equipment).hear(now);
    }

    /// The newest masked still, if there is one.
    #[must_use]
    pub fn still(&self, area: &AreaId, equipment: &EquipmentId) -> Option<Still> {
        self.lock().seen.get(area)?.get(equipment)?.still.clone()
    }

    fn areas(&self) -> Vec<(AreaId, Stands)> {
        self.lock().areas.iter().map(|(area, one)| (area.clone(), one.clone())).collect()
    }

    /// What differs from what is on record, and how many are listened to.
    fn changes(&self, node: &Node, area: &AreaId, now: UnixMs) -> (Vec<Change>, u32) {
        node.ops(|state| {
            let Some(on_record) = state.equipment.area(area) else { return (Vec::new(), 0) };
            let inner = self.lock();
            let mut changes = Vec::new();
            let mut watched = 0;
            for (equipment, seen) in inner.seen.get(area).into_iter().flatten() {
                let Some(record) = on_record.get(equipment) else { continue };
                let Some(kind) = record.kind() else { continue };
                let Some((health, since)) = seen.now(kind, now) else { continue };
                watched += 1;
                let before = record.sight();
                if before.is_none_or(|sight| sight.health != health) {
                    // Never before what is on record: the later moment counts.
                    let after = before.map_or(i64::MIN, |sight| sight.at.0 + 1);
                    let at = UnixMs(since.0.max(after));
                    changes.push(Change { equipment: equipment.clone(), at, health });
                }
            }
            changes.truncate(ITEMS_MAX);
            (changes, watched)
        })
    }

    /// Signs what changed since the last time. Blocks.
    ///
    /// # Errors
    /// [`NodeError`] of the first area whose watch could not be signed; such a watch has ended.
    pub fn sign(&self, node: &Node) -> Result<(), NodeError> {
        let now = node.now();
        for (area, stands) in self.areas() {
            let (changes, watched) = self.changes(node, &area, now);
            let quiet_ms = now.0 - stands.signed.0;
            if watched == 0 || changes.is_empty() && quiet_ms < SPAN_MS {
                continue;
            }
            let from = UnixMs(stands.signed.0.max(now.0 - kit::SPAN_MS_MAX));
            let command = kit::Command::Observe {
                area: area.clone(),
                from: UnixMs(from.0.min(now.0)),
                until: now,
                watched,
                changes,
            };
            if let Err(error) = node.execute(&stands.actor, Command::Equipment(command)) {
                self.stand(&area, None, now);
                return Err(error);
            }
            if let Some(one) = self.lock().areas.get_mut(&area) {
                one.signed = now;
            }
        }
        Ok(())
    }
}

/// Signs changes until the room closes.
pub async fn sign_for_ever(node: Node, watch: Watch) {
    loop {
        tokio::time::sleep(TICK).await;
        let (node, watch) = (node.clone(), watch.clone());
        let signed = tokio::task::spawn_blocking(move || watch.sign(&node)).await;
        match signed {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "an area's watch over equipment has ended"),
            Err(error) => tracing::error!(%error, "the watch over equipment stopped for a moment"),
        }
    }
}

#[cfg(test)]
mod tests;
