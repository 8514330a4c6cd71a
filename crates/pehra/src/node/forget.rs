//! Deletion of payloads: out of the store, its log, what was folded from it, what can be searched, and all backups made
//! from now on. Headers stay: they prove that something was deleted. See `docs/formats/retention.md`.

use super::{Node, NodeError, convert};
use pehra_ledger::{Hash, Place, statement};
use pehra_ops::{
    dataset::{self, DatasetKind},
    event::Event,
};
use pehra_store::{Batch, PayloadState, Receipt, Stored, search::SearchChange};
use std::{
    collections::BTreeSet,
    ops::ControlFlow,
    sync::{Arc, PoisonError},
};

/// Where a deletion reached, by the names of `docs/formats/retention.md`.
pub const REACHED: [&str; 7] =
    ["payload", "log", "projection", "snapshot", "memory", "chunk", "later-backup"];
/// What a deletion on one node cannot reach, and what to do about it: name, English, Urdu.
pub const NOT_REACHED: [(&str, &str, &str); 7] = [
    (
        "peer",
        "other nodes that hold the entry: run the same deletion on each",
        "دوسرے نوڈ جن کے پاس یہ اندراج ہے: ہر ایک پر یہی حذف چلائیں",
    ),
    (
        "old-backup",
        "backups made before now, and what is restored from them: destroy them, or make them anew",
        "اس سے پہلے کے بیک اپ اور ان سے بحال کیا گیا سب کچھ: تلف کریں یا نئے بنائیں",
    ),
    (
        "bundle",
        "sticks, codes and frames that have left this node: collect or destroy them",
        "اس نوڈ سے نکل چکے بنڈل، کوڈ اور فریم: واپس لیں یا تلف کریں",
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

/// What a deletion did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forgotten {
    pub payloads: u64,
    pub datasets: u64,
    pub chunks: u64,
}

impl Node {
    /// Deletes the payloads of entries, for ever: a copy that arrives later is not taken in. That it was done, and why,
    /// is an entry itself.
    ///
    /// # Errors
    /// [`NodeError::NotDeletable`] names a place where nothing can be deleted; nothing was then.
    pub fn forget(&self, places: &[Place], reason: &str) -> Result<Forgotten, NodeError> {
        let (named, kept) = self.manifests_named(places)?;
        let gone: Vec<Hash> = named.difference(&kept).copied().collect();
        // On record first: a power cut in between leaves a deletion that is told and not done, never the other way.
        let body = statement::Deletion::try_new(places.to_vec(), reason)
            .ok_or_else(|| NodeError::Table("a deletion names 1 to 256 places".to_owned()))?;
        self.write_note(statement::DELETION, &body.encode(), None)?;
        let mut guard = self.writer();
        let writer = &mut *guard;
        let batch = Batch { forget: places.to_vec(), ..Batch::default() };
        writer.store.commit(&batch)?;
        let chunks = writer.store.drop_datasets(&gone)?;
        self.refold(writer)?;
        let search = self.emptied_search();
        writer.store.commit(&Batch { search, ..Batch::default() })?;
        writer.store.empty_log()?;
        drop(guard);
        *self.inner.world.write().unwrap_or_else(PoisonError::into_inner) = Arc::default();
        self.inner.solved.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.reload_all()?;
        for topic in ["dataset", "plan", "node"] {
            self.live().publish(topic, serde_json::json!({}));
        }
        let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        Ok(Forgotten { payloads: count(places.len()), datasets: count(gone.len()), chunks })
    }

    /// Datasets that the entries at these places name, and those that others name.
    fn manifests_named(
        &self,
        places: &[Place],
    ) -> Result<(BTreeSet<Hash>, BTreeSet<Hash>), NodeError> {
        let mut left: BTreeSet<Place> = places.iter().copied().collect();
        let (mut named, mut kept) = (BTreeSet::new(), BTreeSet::new());
        let mut election = None;
        let mut visit = |stored: Stored| {
            let place = stored.entry.header().place;
            let asked = stored.payload_state == PayloadState::Here && left.remove(&place);
            let event = convert::stamped(&stored.entry).ok().map(|stamped| stamped.event);
            match event {
                Some(Event::Dataset(dataset::Event::Committed { dataset, .. })) => {
                    let manifest = Hash(dataset.manifest.0);
                    let _new = if asked { named.insert(manifest) } else { kept.insert(manifest) };
                }
                Some(Event::Election(_)) if asked => election = Some(place),
                Some(_) | None => {}
            }
            ControlFlow::Continue(())
        };
        self.reader().entries_received(Receipt(0), &mut visit)?;
        match election.or_else(|| left.first().copied()) {
            None => Ok((named, kept)),
            Some(place) => Err(NodeError::NotDeletable(place.to_string())),
        }
    }

    /// Search rows of lists that are no longer there.
    fn emptied_search(&self) -> Vec<SearchChange> {
        let nation = pehra_domain::AreaId::nation();
        let gone =
            |kind: DatasetKind| self.ops(|state| state.dataset(kind, &nation, "current").is_none());
        let mut kinds = Vec::new();
        if gone(DatasetKind::Stations) {
            kinds.extend(["station", "building"]);
        }
        if gone(DatasetKind::Forces) {
            kinds.push("unit");
        }
        kinds
            .into_iter()
            .map(|kind| SearchChange::ReplaceKind(kind.to_owned(), Vec::new()))
            .collect()
    }
}
