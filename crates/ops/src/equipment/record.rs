//! What is on record, folded: a function of the set of entries, in whatever order they arrive.

use super::{
    Change, Event, Frame, Health, Kind, Listing, Mask, Place, SPAN_MS_MAX, Tally, Task,
    health::Uptime,
};
use crate::{
    conflict::{Conflict, ConflictKind, Noun, Side},
    stamp::{EventRef, Hash32, Mark, Stamped},
};
use minicbor::{Decode, Encode};
use pehra_domain::{AreaId, EquipmentId, UnixMs};
use std::collections::{BTreeMap, BTreeSet};

/// What was done to a piece of equipment.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum Deed {
    #[n(0)]
    Listed(#[n(0)] Listing),
    #[n(1)]
    Installed(#[n(0)] Place),
    #[n(2)]
    Tested(#[n(0)] bool),
    #[n(3)]
    Faulted,
    #[n(4)]
    Repaired,
    #[n(5)]
    Withdrawn,
}

impl Deed {
    /// A word for data and screens.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Listed(_) => "listed",
            Self::Installed(_) => "installed",
            Self::Tested(true) => "passed",
            Self::Tested(false) => "failed",
            Self::Faulted => "faulted",
            Self::Repaired => "repaired",
            Self::Withdrawn => "withdrawn",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Claim {
    #[n(0)]
    pub at: UnixMs,
    #[n(1)]
    pub entry: EventRef,
    #[n(2)]
    pub deed: Deed,
    #[n(3)]
    pub note: String,
}

/// What a node saw of it, from a moment on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Sight {
    #[n(0)]
    pub at: UnixMs,
    #[n(1)]
    pub entry: EventRef,
    #[n(2)]
    pub health: Health,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    Unknown,
    Listed,
    Installed,
    Working,
    Faulty,
    /// Mended, and not tested since.
    Repaired,
    Withdrawn,
    /// Nodes apart say different things of one moment.
    Disputed,
}

impl Phase {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Listed => "listed",
            Self::Installed => "installed",
            Self::Working => "working",
            Self::Faulty => "faulty",
            Self::Repaired => "repaired",
            Self::Withdrawn => "withdrawn",
            Self::Disputed => "disputed",
        }
    }
}

/// One piece of equipment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Record {
    /// In the order of moments and entries.
    #[n(0)]
    claims: Vec<Claim>,
    #[n(1)]
    sights: Vec<Sight>,
    #[n(2)]
    counts: BTreeMap<(UnixMs, EventRef), Tally>,
}

impl Record {
    /// All that was done to it, in the order of moments.
    #[must_use]
    pub fn claims(&self) -> &[Claim] {
        &self.claims
    }

    /// All that was seen of it, in the order of moments.
    #[must_use]
    pub fn sights(&self) -> &[Sight] {
        &self.sights
    }

    /// The last word of every device about the latest moment.
    fn latest(&self) -> Vec<&Claim> {
        let Some(moment) = self.claims.last().map(|claim| claim.at) else { return Vec::new() };
        let mut words: BTreeMap<([u8; 16], u32), &Claim> = BTreeMap::new();
        // The latest first: it is the last word of its device.
        for claim in self.claims.iter().rev().take_while(|claim| claim.at == moment) {
            words.entry((claim.entry.device, claim.entry.epoch)).or_insert(claim);
        }
        words.into_values().collect()
    }

    #[must_use]
    pub fn phase(&self) -> Phase {
        let latest = self.latest();
        let Some(first) = latest.first() else { return Phase::Unknown };
        if latest.iter().any(|claim| claim.deed != first.deed) {
            return Phase::Disputed;
        }
        match first.deed {
            Deed::Listed(_) => Phase::Listed,
            Deed::Installed(_) => Phase::Installed,
            Deed::Tested(true) => Phase::Working,
            Deed::Tested(false) | Deed::Faulted => Phase::Faulty,
            Deed::Repaired => Phase::Repaired,
            Deed::Withdrawn => Phase::Withdrawn,
        }
    }

    /// Its line of the inventory: the latest.
    #[must_use]
    pub fn listing(&self) -> Option<&Listing> {
        self.claims.iter().rev().find_map(|claim| match &claim.deed {
            Deed::Listed(listing) => Some(listing),
            Deed::Installed(_)
            | Deed::Tested(_)
            | Deed::Faulted
            | Deed::Repaired
            | Deed::Withdrawn => None,
        })
    }

    #[must_use]
    pub fn kind(&self) -> Option<Kind> {
        self.listing().map(|listing| listing.kind)
    }

    /// Where it is, by the latest word, and whether it stands there to serve.
    #[must_use]
    pub fn place(&self) -> Option<(&Place, bool)> {
        self.claims.iter().rev().find_map(|claim| match &claim.deed {
            Deed::Listed(listing) => Some((&listing.place, false)),
            Deed::Installed(place) => Some((place, true)),
            Deed::Tested(_) | Deed::Faulted | Deed::Repaired | Deed::Withdrawn => None,
        })
    }

    /// What was seen of it last.
    #[must_use]
    pub fn sight(&self) -> Option<&Sight> {
        self.sights.last()
    }

    /// The latest counts of a verification device, and their moment.
    #[must_use]
    pub fn tally(&self) -> Option<(UnixMs, Tally)> {
        self.counts.last_key_value().map(|((at, _), tally)| (*at, *tally))
    }

    /// Stands where it is to serve, was tested and works, and nobody sees it silent or blind.
    #[must_use]
    pub fn serves(&self) -> bool {
        self.phase() == Phase::Working
            && self.place().is_some_and(|(_, installed)| installed)
            && self.sight().is_none_or(|sight| sight.health.is_up())
    }
}

fn insert<T: Ord>(into: &mut Vec<T>, one: T) {
    let place = into.partition_point(|known| *known < one);
    if into.get(place) != Some(&one) {
        into.insert(place, one);
    }
}

/// The equipment of one area.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct AreaKit {
    #[n(0)]
    items: BTreeMap<EquipmentId, Record>,
    #[n(1)]
    marks: BTreeMap<EventRef, Mark>,
    /// When each device of the ledger listened: spans that do not touch, in order.
    #[n(2)]
    spans: BTreeMap<[u8; 16], Vec<(UnixMs, UnixMs)>>,
}

impl AreaKit {
    #[must_use]
    pub fn get(&self, equipment: &EquipmentId) -> Option<&Record> {
        self.items.get(equipment)
    }

    pub fn items(&self) -> impl Iterator<Item = (&EquipmentId, &Record)> {
        self.items.iter()
    }

    /// When a device of the ledger listened here.
    #[must_use]
    pub fn spans(&self, device: [u8; 16]) -> &[(UnixMs, UnixMs)] {
        self.spans.get(&device).map(Vec::as_slice).unwrap_or_default()
    }

    /// How long a piece of equipment was up in a window, by whoever saw it last.
    #[must_use]
    pub fn uptime(&self, equipment: &EquipmentId, from: UnixMs, until: UnixMs) -> Uptime {
        let due_ms = until.0.saturating_sub(from.0).max(0);
        let Some(record) = self.items.get(equipment) else { return Uptime::unseen(due_ms) };
        let Some(last) = record.sights.last() else { return Uptime::unseen(due_ms) };
        let spans = self.spans(last.entry.device);
        Uptime::of(&record.sights, spans, from, until)
    }

    fn span(&mut self, device: [u8; 16], from: UnixMs, until: UnixMs) {
        let spans = self.spans.entry(device).or_default();
        let (mut from, mut until) = (from, until);
        // The union of spans is the same in every order.
        spans.retain(|(start, end)| {
            let touches = *start <= until && from <= *end;
            if touches {
                from = from.min(*start);
                until = until.max(*end);
            }
            !touches
        });
        insert(spans, (from, until));
    }

    fn claim(
        &mut self,
        stamped: &Stamped,
        at: UnixMs,
        equipment: &EquipmentId,
        deed: Deed,
        note: &str,
    ) {
        let claim = Claim { at, entry: stamped.at, deed, note: note.to_owned() };
        insert(&mut self.items.entry(equipment.clone()).or_default().claims, claim);
    }

    fn see(&mut self, stamped: &Stamped, change: &Change) {
        let sight = Sight { at: change.at, entry: stamped.at, health: change.health };
        insert(&mut self.items.entry(change.equipment.clone()).or_default().sights, sight);
    }
}

/// What somebody did once: of two the earlier counts.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Answer {
    #[n(0)]
    pub at: EventRef,
    #[n(1)]
    pub mark: Mark,
    #[n(2)]
    pub note: String,
}

fn keep_first(place: &mut Option<Answer>, stamped: &Stamped, note: &str) {
    let new = Answer { at: stamped.at, mark: stamped.mark(), note: note.to_owned() };
    let elder = |one: &Answer| (one.mark.clock_ms, one.at);
    if place.as_ref().is_none_or(|kept| elder(&new) < elder(kept)) {
        *place = Some(new);
    }
}

/// A mask and who confirmed it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct MaskRecord {
    /// None as long as only what follows from it has arrived.
    #[n(0)]
    pub drawn: Option<(Mask, Mark)>,
    #[n(1)]
    pub confirmed: Option<Answer>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct TaskRecord {
    #[n(0)]
    pub given: Option<(Task, Mark)>,
    #[n(1)]
    pub closed: Option<Answer>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Export {
    /// Frames, instrument, reason.
    #[n(0)]
    pub ordered: Option<(Vec<Hash32>, String, String, Mark)>,
    #[n(1)]
    pub approved: Option<Answer>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MaskPhase {
    Unknown,
    Drawn,
    Confirmed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TaskPhase {
    Unknown,
    Open,
    /// Its time is over.
    Overdue,
    Closed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExportPhase {
    Unknown,
    Ordered,
    Approved,
}

/// All of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Equipment {
    #[n(0)]
    areas: BTreeMap<AreaId, AreaKit>,
    #[n(1)]
    masks: BTreeMap<EventRef, MaskRecord>,
    #[n(2)]
    tasks: BTreeMap<EventRef, TaskRecord>,
    #[n(3)]
    exports: BTreeMap<EventRef, Export>,
    /// Kept frames by the mask that they were painted with.
    #[n(4)]
    frames: BTreeMap<EventRef, BTreeSet<Frame>>,
    #[n(5)]
    masks_of: BTreeMap<(AreaId, EquipmentId), BTreeSet<EventRef>>,
}

impl Equipment {
    #[must_use]
    pub fn area(&self, area: &AreaId) -> Option<&AreaKit> {
        self.areas.get(area)
    }

    pub fn areas(&self) -> impl Iterator<Item = (&AreaId, &AreaKit)> {
        self.areas.iter()
    }

    #[must_use]
    pub fn get(&self, area: &AreaId, equipment: &EquipmentId) -> Option<&Record> {
        self.areas.get(area)?.get(equipment)
    }

    #[must_use]
    pub fn mask(&self, mask: EventRef) -> Option<(&Mask, &Mark, &MaskRecord)> {
        let record = self.masks.get(&mask)?;
        let (drawn, mark) = record.drawn.as_ref()?;
        Some((drawn, mark, record))
    }

    /// Masks whose drawing is here.
    pub fn masks(&self) -> impl Iterator<Item = (EventRef, &Mask, &Mark, &MaskRecord)> {
        self.masks
            .keys()
            .filter_map(|at| self.mask(*at).map(|(mask, mark, all)| (*at, mask, mark, all)))
    }

    #[must_use]
    pub fn mask_phase(&self, mask: EventRef) -> MaskPhase {
        match self.mask(mask) {
            None => MaskPhase::Unknown,
            Some((.., MaskRecord { confirmed: None, .. })) => MaskPhase::Drawn,
            Some(_) => MaskPhase::Confirmed,
        }
    }

    /// Masks that were drawn of a camera, in the order of entries.
    pub fn masks_of(&self, area: &AreaId, camera: &EquipmentId) -> impl Iterator<Item = EventRef> {
        self.masks_of.get(&(area.clone(), camera.clone())).into_iter().flatten().copied()
    }

    /// The mask through which a camera may be looked at: the latest that two persons stand for, drawn after the camera
    /// was last seen to look elsewhere.
    #[must_use]
    pub fn mask_in_force(&self, area: &AreaId, camera: &EquipmentId) -> Option<(EventRef, &Mask)> {
        let drawn = self.masks_of(area, camera);
        let known = drawn.filter_map(|at| self.mask(at).map(|found| (at, found)));
        let confirmed = known.filter(|(_, (.., record))| record.confirmed.is_some());
        let latest = confirmed.max_by_key(|(at, (_, mark, _))| (mark.clock_ms, *at))?;
        let sights = self.get(area, camera).map(Record::sights).unwrap_or_default();
        let moved = sights.iter().rev().find(|sight| sight.health == Health::Moved);
        let (at, (mask, mark, _)) = latest;
        moved.is_none_or(|sight| sight.at < mark.clock_ms).then_some((at, mask))
    }

    #[must_use]
    pub fn task(&self, task: EventRef) -> Option<(&Task, &Mark, &TaskRecord)> {
        let record = self.tasks.get(&task)?;
        let (given, mark) = record.given.as_ref()?;
        Some((given, mark, record))
    }

    pub fn tasks(&self) -> impl Iterator<Item = (EventRef, &Task, &Mark, &TaskRecord)> {
        self.tasks
            .keys()
            .filter_map(|at| self.task(*at).map(|(task, mark, all)| (*at, task, mark, all)))
    }

    #[must_use]
    pub fn task_phase(&self, task: EventRef, at: UnixMs) -> TaskPhase {
        match self.task(task) {
            None => TaskPhase::Unknown,
            Some((.., TaskRecord { closed: Some(_), .. })) => TaskPhase::Closed,
            Some((task, ..)) if task.due < at => TaskPhase::Overdue,
            Some(_) => TaskPhase::Open,
        }
    }

    #[must_use]
    pub fn export(&self, export: EventRef) -> Option<&Export> {
        self.exports.get(&export).filter(|found| found.ordered.is_some())
    }

    pub fn exports(&self) -> impl Iterator<Item = (EventRef, &Export)> {
        self.exports.keys().filter_map(|at| self.export(*at).map(|found| (*at, found)))
    }

    #[must_use]
    pub fn export_phase(&self, export: EventRef) -> ExportPhase {
        match self.export(export) {
            None => ExportPhase::Unknown,
            Some(Export { approved: None, .. }) => ExportPhase::Ordered,
            Some(_) => ExportPhase::Approved,
        }
    }

    /// Every frame on record, with the camera's mask.
    pub fn frames(&self) -> impl Iterator<Item = (EventRef, &Frame)> {
        self.frames.iter().flat_map(|(mask, frames)| frames.iter().map(|frame| (*mask, frame)))
    }

    /// The area of a kept frame; none when no such frame was kept.
    #[must_use]
    pub fn area_of_frame(&self, sha256: Hash32) -> Option<&AreaId> {
        let (mask, _) = self.frames().find(|(_, frame)| frame.sha256 == sha256)?;
        self.mask(mask).map(|(_, mark, _)| &mark.area)
    }

    pub(crate) fn evolve(&mut self, stamped: &Stamped, event: &Event) {
        match event {
            Event::MaskDrawn(mask) => {
                let camera = (stamped.area.clone(), mask.equipment.clone());
                self.masks_of.entry(camera).or_default().insert(stamped.at);
                self.masks.entry(stamped.at).or_default().drawn =
                    Some((mask.clone(), stamped.mark()));
            }
            Event::MaskConfirmed { mask, .. } => {
                keep_first(&mut self.masks.entry(*mask).or_default().confirmed, stamped, "");
            }
            Event::TaskGiven(task) => {
                self.tasks.entry(stamped.at).or_default().given =
                    Some((task.clone(), stamped.mark()));
            }
            Event::TaskClosed { task, note } => {
                keep_first(&mut self.tasks.entry(*task).or_default().closed, stamped, note);
            }
            Event::FramesKept { mask, frames } => {
                self.frames.entry(*mask).or_default().extend(frames);
            }
            Event::ExportOrdered { frames, instrument, reason } => {
                let ordered = (frames.clone(), instrument.clone(), reason.clone(), stamped.mark());
                self.exports.entry(stamped.at).or_default().ordered = Some(ordered);
            }
            Event::ExportApproved { export, .. } => {
                keep_first(&mut self.exports.entry(*export).or_default().approved, stamped, "");
            }
            Event::Listed { .. }
            | Event::Installed { .. }
            | Event::Tested { .. }
            | Event::Faulted { .. }
            | Event::Repaired { .. }
            | Event::Withdrawn { .. }
            | Event::Observed { .. }
            | Event::Counted(_) => self.claim(stamped, event),
        }
    }

    fn claim(&mut self, stamped: &Stamped, event: &Event) {
        let kit = self.areas.entry(stamped.area.clone()).or_default();
        kit.marks.insert(stamped.at, stamped.mark());
        match event {
            Event::Listed { at, items } => items.iter().for_each(|item| {
                kit.claim(stamped, *at, &item.equipment, Deed::Listed(item.clone()), "");
            }),
            Event::Installed { at, items } => items.iter().for_each(|item| {
                kit.claim(stamped, *at, &item.equipment, Deed::Installed(item.place.clone()), "");
            }),
            Event::Tested { at, items } => items.iter().for_each(|item| {
                kit.claim(stamped, *at, &item.equipment, Deed::Tested(item.passed), &item.note);
            }),
            Event::Faulted { at, equipment, note } => {
                kit.claim(stamped, *at, equipment, Deed::Faulted, note);
            }
            Event::Repaired { at, equipment, note } => {
                kit.claim(stamped, *at, equipment, Deed::Repaired, note);
            }
            Event::Withdrawn { at, items, reason } => items.iter().for_each(|item| {
                kit.claim(stamped, *at, item, Deed::Withdrawn, reason);
            }),
            Event::Observed { from, until, changes, .. } => {
                let until = UnixMs(until.0.min(from.0.saturating_add(SPAN_MS_MAX)));
                kit.span(stamped.at.device, *from, until);
                changes.iter().for_each(|change| kit.see(stamped, change));
            }
            Event::Counted(items) => items.iter().for_each(|item| {
                let record = kit.items.entry(item.equipment.clone()).or_default();
                record.counts.insert((item.at, stamped.at), item.tally);
            }),
            Event::MaskDrawn(_)
            | Event::MaskConfirmed { .. }
            | Event::TaskGiven(_)
            | Event::TaskClosed { .. }
            | Event::FramesKept { .. }
            | Event::ExportOrdered { .. }
            | Event::ExportApproved { .. } => {}
        }
    }

    pub(crate) fn conflicts(&self) -> Vec<Conflict> {
        let mut found = Vec::new();
        for kit in self.areas.values() {
            for (equipment, record) in &kit.items {
                if record.phase() != Phase::Disputed {
                    continue;
                }
                let side = |claim: &Claim| {
                    Some(Side {
                        at: claim.entry,
                        mark: kit.marks.get(&claim.entry)?.clone(),
                        word: claim.deed.word(),
                        detail: String::new(),
                        note: claim.note.clone(),
                    })
                };
                let mut sides: Vec<Side> = record.latest().into_iter().filter_map(side).collect();
                sides.sort_by_key(|side| side.at);
                found.push(Conflict {
                    noun: Noun::Equipment,
                    kind: ConflictKind::DecidedApart,
                    subject: equipment.to_string(),
                    sides,
                });
            }
        }
        found
    }
}
