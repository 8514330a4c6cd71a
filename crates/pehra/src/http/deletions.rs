//! Deletions: what was ordered, who has carried it out, and what may still hold what should be gone.

use crate::node::{Answered, DeletionView, MadeBackup, NOT_REACHED, Node, REACHED};
use pehra_ops::stamp::Mark;
use serde::Serialize;

/// A person's act.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DeletionMark {
    pub person: String,
    pub role: String,
    pub at_ms: i64,
}

/// A device's word that a deletion is carried out.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DeletionAnswer {
    pub device: String,
    pub at_ms: u64,
    /// Payloads that were there and are gone.
    pub gone: u32,
}

/// A device that has not answered.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DeletionOwed {
    pub device: String,
    pub name: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DeletionRow {
    /// Names the deletion when it is approved.
    pub id: String,
    pub area: String,
    /// `rule` or `court`.
    pub ground: &'static str,
    /// Which rule, or the court and the number of its order.
    pub instrument: String,
    pub reason: String,
    pub places: Vec<String>,
    pub ordered: DeletionMark,
    pub approved: Option<DeletionMark>,
    /// False while a second person has not approved it.
    pub in_force: bool,
    pub done: Vec<DeletionAnswer>,
    /// Enrolled devices that have not answered: they may still hold it.
    pub owing: Vec<DeletionOwed>,
    /// Who emptied the national bus of it.
    pub bus: Vec<DeletionAnswer>,
    /// This node speaks with a bus, and nobody has said that it is empty of it.
    pub bus_owing: bool,
    /// Backups that were made before and are still there.
    pub backups: usize,
}

/// A backup of this node.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct BackupRow {
    pub path: String,
    pub at_ms: u64,
    /// False when it is no longer where it was made: moved, or destroyed.
    pub is_there: bool,
}

/// What a deletion never reaches, and what to do about it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct NotReached {
    pub name: &'static str,
    pub en: &'static str,
    pub ur: &'static str,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DeletionsView {
    /// The newest first.
    pub deletions: Vec<DeletionRow>,
    pub backups: Vec<BackupRow>,
    /// Sealed bundles for others that wait here: what is in them cannot be read on this node.
    pub carried: usize,
    pub reached: &'static [&'static str],
    pub not_reached: Vec<NotReached>,
}

impl DeletionsView {
    /// As things stand on this node.
    #[must_use]
    pub fn of(node: &Node) -> Self {
        let backups = node.backups_made();
        let has_bus = node.mark(crate::backbone::STREAM_MARK).ok().flatten().is_some();
        let rows = node.deletions().into_iter().map(|view| row(view, &backups, has_bus));
        let not_reached = NOT_REACHED.iter().map(|&(name, en, ur)| NotReached { name, en, ur });
        let backup = |one: &MadeBackup| BackupRow {
            path: one.path.display().to_string(),
            at_ms: one.at_ms,
            is_there: one.is_there,
        };
        Self {
            deletions: rows.collect(),
            backups: backups.iter().map(backup).collect(),
            carried: node.bundles_carried(),
            reached: &REACHED,
            not_reached: not_reached.collect(),
        }
    }
}

fn row(view: DeletionView, backups: &[MadeBackup], has_bus: bool) -> DeletionRow {
    let DeletionView { at, order, by, approved, in_force, done, bus, owing } = view;
    let mark = |mark: &Mark| DeletionMark {
        person: mark.person.to_string(),
        role: mark.role.as_str().to_owned(),
        at_ms: mark.clock_ms.0,
    };
    let answers = |all: Vec<Answered>| {
        let one = |one: Answered| DeletionAnswer {
            device: one.device.to_string(),
            at_ms: one.at_ms,
            gone: one.gone,
        };
        all.into_iter().map(one).collect()
    };
    let before = |one: &&MadeBackup| {
        one.is_there && i64::try_from(one.at_ms).is_ok_and(|at_ms| at_ms <= by.clock_ms.0)
    };
    let owed = |(device, name): (pehra_ledger::DeviceId, String)| DeletionOwed {
        device: device.to_string(),
        name,
    };
    DeletionRow {
        id: at.to_string(),
        area: by.area.as_str().to_owned(),
        ground: order.ground.code(),
        instrument: order.instrument,
        reason: order.reason,
        places: order
            .places
            .iter()
            .map(|at| crate::node::convert::place(*at).to_string())
            .collect(),
        ordered: mark(&by),
        approved: approved.as_ref().map(mark),
        in_force,
        bus_owing: in_force && has_bus && bus.is_empty(),
        done: answers(done),
        owing: owing.into_iter().map(owed).collect(),
        bus: answers(bus),
        backups: backups.iter().filter(before).count(),
    }
}
