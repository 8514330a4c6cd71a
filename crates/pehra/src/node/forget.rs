//! Deletion of payloads: out of the store, its log, what was folded from it, what can be searched, what waits to be
//! carried, and all backups made from now on. Headers stay: they prove that something was deleted. See
//! `docs/formats/retention.md`.

use super::{Node, NodeError, convert, desk::FILE_PART, thin::kept};
use crate::work::import::{station_search, unit_search};
use pehra_ledger::{Entry, Hash, Place, hash::unhex, header::Header, statement::OWN_KINDS_END};
use pehra_ops::{
    dataset, equipment,
    event::{Event, kind_name},
    survey,
};
use pehra_store::{Batch, PayloadState, Receipt, Stored, search::SearchChange};
use std::{
    collections::BTreeSet,
    ops::ControlFlow,
    sync::{Arc, PoisonError},
};

/// Where a deletion reaches on every node that it reaches, by the names of `docs/formats/retention.md`.
pub const REACHED: [&str; 11] = [
    "payload",
    "log",
    "projection",
    "snapshot",
    "memory",
    "chunk",
    "outbox",
    "bus",
    "later-backup",
    "peer",
    "restore",
];
/// What a deletion cannot reach, and what to do about it: name, English, Urdu.
pub const NOT_REACHED: [(&str, &str, &str); 8] = [
    (
        "silent-peer",
        "nodes that have not answered: they may still hold it; they are named, ask them, or revoke them",
        "جن نوڈوں نے جواب نہیں دیا ان کے پاس اندراج اب بھی ہو سکتا ہے؛ ان کے نام درج ہیں، ان سے پوچھیں یا ان کی سند منسوخ کریں",
    ),
    (
        "old-backup",
        "backups made before now: destroy them or make them anew; one that is restored deletes again",
        "اس سے پہلے کے بیک اپ: تلف کریں یا نئے بنائیں؛ جو بحال ہو گا وہ دوبارہ حذف کرے گا",
    ),
    (
        "bus-log",
        "the own log of a bus server that was away: it cuts it when it is back; a server that stays away: empty its disk",
        "جو بس سرور اس وقت بند تھا اس کا اپنا اندراجی لاگ: واپس آ کر وہ اسے خود کاٹے گا؛ جو واپس نہ آئے اس کی ڈسک صاف کریں",
    ),
    (
        "bundle",
        "sticks, codes and frames that have left a node: collect or destroy them",
        "نوڈ سے نکل چکے بنڈل، کوڈ اور فریم: واپس لیں یا تلف کریں",
    ),
    (
        "paper",
        "prints, exports and photographs: collect and destroy them by hand",
        "پرنٹ، برآمدات اور تصاویر: ہاتھ سے جمع کر کے تلف کریں",
    ),
    ("reader", "what people read or copied: ask them", "جو لوگوں نے پڑھا یا نقل کیا: ان سے پوچھیں"),
    (
        "disk",
        "old sectors of worn disks: encrypt the disk, destroy it at the end",
        "پرانی ڈسک کے حصے: ڈسک خفیہ رکھیں اور آخر میں تلف کریں",
    ),
    (
        "header",
        "author, time, area, kind and size of the entry: kept on purpose",
        "اندراج کا مصنف، وقت، علاقہ، قسم اور حجم: دانستہ رکھے گئے",
    ),
];

/// What a deletion did on one node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Forgotten {
    pub payloads: u64,
    pub datasets: u64,
    pub photographs: u64,
    pub chunks: u64,
}

/// One of the entries that are kept for a place: where a log forks, there is more than one.
pub(super) type Kept = (Place, Hash);

/// What payloads name beside themselves.
#[derive(Default)]
struct Named {
    manifests: BTreeSet<Hash>,
    photographs: BTreeSet<Hash>,
}

impl Named {
    fn take(&mut self, event: &Event) {
        if let Event::Dataset(dataset::Event::Committed { dataset, .. }) = event {
            self.manifests.insert(Hash(dataset.manifest.0));
        }
        if let Event::Survey(survey::Event::Recorded(form)) = event {
            self.photographs.extend(form.photographs.iter().map(|it| Hash(it.sha256.0)));
        }
        if let Event::Equipment(equipment::Event::FramesKept { frames, .. }) = event {
            self.photographs.extend(frames.iter().map(|it| Hash(it.sha256.0)));
        }
    }
}

/// Whether a payload of this kind may be deleted at all. Everything else rests on the opening; a deletion proves itself;
/// and what was done to the networks is never to be hidden.
pub(super) fn is_deletable(header: &Header) -> bool {
    let name = kind_name(header.kind).unwrap_or_default();
    let kept = ["election.", "deletion.", "suspension."];
    header.kind >= OWN_KINDS_END && !kept.iter().any(|noun| name.starts_with(noun))
}

impl Node {
    /// Deletes payloads and what they alone name, wherever this node keeps it.
    pub(super) fn erase(&self, copies: &BTreeSet<Kept>) -> Result<Forgotten, NodeError> {
        let (named, kept) = self.named_by(copies)?;
        let gone: Vec<Hash> = named.manifests.difference(&kept.manifests).copied().collect();
        let photographs: Vec<Hash> =
            named.photographs.difference(&kept.photographs).copied().collect();
        let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        let mut guard = self.writer();
        let writer = &mut *guard;
        let (mut spare_chunks, mut settings) = (photographs.clone(), Vec::new());
        // Parts of files that are on their way, whosesoever: what is still wanted is fetched again.
        for (name, _) in writer.store.settings()? {
            if let Some(part) = name.strip_prefix(FILE_PART).and_then(unhex) {
                spare_chunks.extend(part.try_into().ok().map(Hash));
                settings.push((name, None));
            }
        }
        // Words that were heard before their entry came.
        let places: BTreeSet<Place> = copies.iter().map(|(place, _)| *place).collect();
        settings.extend(places.iter().map(|place| (kept::name_at(*place), None)));
        self.forget_frames(&places);
        let forget = copies.iter().copied().collect();
        writer.store.commit(&Batch { forget, spare_chunks, settings, ..Batch::default() })?;
        let chunks = writer.store.drop_datasets(&gone)? + count(photographs.len());
        self.refold(writer)?;
        drop(guard);
        *self.inner.world.write().unwrap_or_else(PoisonError::into_inner) = Arc::default();
        self.inner.solved.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.forget_shown();
        self.reload_all()?;
        if !gone.is_empty() {
            let search = self.search_anew();
            self.writer().store.commit(&Batch { search, ..Batch::default() })?;
        }
        self.writer().store.empty_log()?;
        for topic in ["dataset", "plan", "node", "survey", "order", "deletion"] {
            self.live().publish(topic, serde_json::json!({}));
        }
        let (datasets, photographs) = (count(gone.len()), count(photographs.len()));
        Ok(Forgotten { payloads: count(copies.len()), datasets, photographs, chunks })
    }

    /// Datasets and photographs that these entries name, and those that others name.
    fn named_by(&self, copies: &BTreeSet<Kept>) -> Result<(Named, Named), NodeError> {
        let (mut named, mut kept) = (Named::default(), Named::default());
        for (place, hash) in copies {
            for (entry, _) in self.copies(*place)?.iter().filter(|(one, _)| one.hash() == *hash) {
                if let Ok(stamped) = convert::stamped(entry) {
                    named.take(&stamped.event);
                }
            }
        }
        if named.manifests.is_empty() && named.photographs.is_empty() {
            return Ok((named, kept));
        }
        kept = self.named_beside(copies)?;
        Ok((named, kept))
    }

    /// What all other entries name.
    fn named_beside(&self, copies: &BTreeSet<Kept>) -> Result<Named, NodeError> {
        let mut kept = Named::default();
        let mut visit = |stored: Stored| {
            if !copies.contains(&(stored.entry.header().place, stored.entry.hash()))
                && let Ok(stamped) = convert::stamped(&stored.entry)
            {
                kept.take(&stamped.event);
            }
            ControlFlow::Continue(())
        };
        self.reader().entries_received(Receipt(0), &mut visit)?;
        Ok(kept)
    }

    /// Drops lists of which no entry here says anything: they came with a stick whose entry was deleted before.
    pub(super) fn drop_unnamed(&self, manifests: &BTreeSet<Hash>) -> Result<(), NodeError> {
        let kept = self.named_beside(&BTreeSet::new())?;
        let unnamed: Vec<Hash> = manifests.difference(&kept.manifests).copied().collect();
        if unnamed.is_empty() {
            return Ok(());
        }
        let mut writer = self.writer();
        writer.store.drop_datasets(&unnamed)?;
        Ok(writer.store.empty_log()?)
    }

    /// Every entry that is kept for a place and was not emptied: the one in its log, and what else was signed there and
    /// proves a fork. With each, whether its payload is here; if not, it may still come.
    pub(super) fn copies(&self, place: Place) -> Result<Vec<(Entry, bool)>, NodeError> {
        let reader = self.reader();
        let held = reader.entry(place)?.filter(|it| it.payload_state != PayloadState::Deleted);
        let held = held.map(|it| (it.entry, it.payload_state == PayloadState::Here));
        let others = reader.forks_at(place)?.into_iter().filter(|it| it.payload().is_some());
        Ok(held.into_iter().chain(others.map(|entry| (entry, true))).collect())
    }

    /// What can be searched, by the lists that are current now.
    fn search_anew(&self) -> Vec<SearchChange> {
        let world = self.world();
        let stations = world.stations.as_ref().map(|table| &*table.stations);
        let units = world.units.as_ref().map(|table| &*table.units);
        vec![station_search(stations.unwrap_or_default()), unit_search(units.unwrap_or_default())]
    }
}
