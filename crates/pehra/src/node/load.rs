//! From the disk to the hot state: entries folded, datasets decoded.

use super::{
    Node, NodeError,
    fold::{Fold, Judge},
};
use crate::{
    dataset::{self, AssessmentHead, Chunk},
    world::{AssessmentTable, Listed, PlanTable, Provenance, StationTable, UnitTable, World},
};
use pehra_domain::{AreaId, UnixMs};
use pehra_ledger::Hash;
use pehra_ops::{
    State,
    dataset::{DatasetKey, DatasetKind},
};
use pehra_store::{Reader, Store, StoreError, Stored};
use std::{
    ops::ControlFlow,
    sync::{Arc, PoisonError},
};

/// Folds every entry in the order in which this node received it.
pub(super) fn fold(store: &Store, judge: &Judge<'_>) -> Result<Fold, NodeError> {
    // Also of logs of which nothing is held yet: what comes later stands after the fork all the same.
    let mut folded = Fold::new(store.forked_logs()?);
    let mut visit = |stored: Stored| {
        folded.take(stored.entry, judge);
        ControlFlow::Continue(())
    };
    store.entries_received(pehra_store::Receipt(0), &mut visit)?;
    Ok(folded)
}

impl Node {
    /// Decodes every current dataset.
    ///
    /// # Errors
    /// [`NodeError::Chunk`] names the district whose data cannot be read.
    pub(crate) fn reload_all(&self) -> Result<(), NodeError> {
        let keys: Vec<DatasetKey> = self.ops(|s| {
            DatasetKind::ALL
                .iter()
                .flat_map(|&k| s.datasets.of_kind(k))
                .map(|(key, _)| key.clone())
                .collect()
        });
        for key in keys {
            self.reload(key.kind, &key.name)?;
        }
        Ok(())
    }

    /// Decodes one dataset and puts a new picture in the place of the old one.
    ///
    /// # Errors
    /// As [`Self::reload_all`].
    pub(super) fn reload(&self, kind: DatasetKind, name: &str) -> Result<(), NodeError> {
        let found = self.ops(|state| provenance(state, kind, name));
        let Some(provenance) = found else { return Ok(()) };
        if kind == DatasetKind::Roads {
            // A country's roads are decoded by whoever drives on them, not at every opening.
            self.put_world(&World { roads: Some(provenance), ..(*self.world()).clone() });
            return Ok(());
        }
        // A member of an election holds what its certificate covers, and that may still be on its way.
        let partial = self.inner.genesis.is_some();
        let found = chunks(&self.reader(), provenance.manifest, partial)?;
        let Some(chunks) = found else { return Ok(()) };
        let mut world = (*self.world()).clone();
        put(&mut world, kind, provenance, &chunks)?;
        self.put_world(&world);
        Ok(())
    }

    fn put_world(&self, world: &World) {
        *self.inner.world.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(world.clone());
    }

    /// The road map with its order of contraction, decoded anew at each call; none when no map was taken in.
    ///
    /// # Errors
    /// [`NodeError::Chunk`] when it cannot be read.
    pub fn roads(&self) -> Result<Option<dataset::road::Roads>, NodeError> {
        let Some(provenance) = self.world().roads.clone() else { return Ok(None) };
        // A map with a part missing is no map: ways through the gap would be wrong.
        let Some(chunks) = chunks(&self.reader(), provenance.manifest, false)? else {
            return Ok(None);
        };
        Ok(Some(dataset::road::read_roads(&chunks)?))
    }

    /// What is closed or slow on the roads today, as it was signed; empty when nothing ever was.
    ///
    /// # Errors
    /// [`NodeError::Chunk`] when it cannot be read.
    pub fn road_marks(&self) -> Result<Vec<dataset::road::RoadMark>, NodeError> {
        let nation = AreaId::nation();
        let manifest = self.ops(|state| {
            state.dataset(DatasetKind::RoadMarks, &nation, "current").map(|it| it.0.manifest.0)
        });
        let Some(manifest) = manifest else { return Ok(Vec::new()) };
        let partial = self.inner.genesis.is_some();
        let chunks = chunks(&self.reader(), manifest, partial)?.unwrap_or_default();
        Ok(dataset::read_rows(&chunks)?)
    }
}

/// Which dataset is current in a state; none while there is none of this kind and name.
fn provenance(state: &State, kind: DatasetKind, name: &str) -> Option<Provenance> {
    let (dataset, mark) = state.dataset(kind, &AreaId::nation(), name)?;
    Some(Provenance {
        manifest: dataset.manifest.0,
        at: mark.clock_ms,
        source: dataset.source_name.clone(),
        signed_by: mark.person.as_str().to_owned(),
    })
}

/// What the picture of the day is made from, by a state of the past: taken from the pictures at hand where they are the
/// same lists, decoded where they are not.
pub(super) fn world_of(
    reader: &Reader,
    state: &State,
    partial: bool,
    at_hand: &[Arc<World>],
) -> Result<World, NodeError> {
    let mut world = World::default();
    if let Some(list) = provenance(state, DatasetKind::Stations, CURRENT) {
        let same = |it: &&Arc<StationTable>| it.provenance.manifest == list.manifest;
        match at_hand.iter().filter_map(|world| world.stations.as_ref()).find(same) {
            Some(table) => world.stations = Some(Arc::clone(table)),
            None => fetch(&mut world, reader, DatasetKind::Stations, list, partial)?,
        }
    }
    if let Some(list) = provenance(state, DatasetKind::Assessment, CURRENT) {
        let same = |it: &&Arc<AssessmentTable>| it.provenance.manifest == list.manifest;
        match at_hand.iter().filter_map(|world| world.assessment.as_ref()).find(same) {
            Some(table) => world.assessment = Some(Arc::clone(table)),
            None => fetch(&mut world, reader, DatasetKind::Assessment, list, partial)?,
        }
    }
    Ok(world)
}

fn fetch(
    world: &mut World,
    reader: &Reader,
    kind: DatasetKind,
    provenance: Provenance,
    partial: bool,
) -> Result<(), NodeError> {
    if let Some(chunks) = chunks(reader, provenance.manifest, partial)? {
        put(world, kind, provenance, &chunks)?;
    }
    Ok(())
}

/// The name of a list of which there is one.
const CURRENT: &str = "current";

/// The chunks of a dataset that are kept, in the order of their areas; none while its manifest is not here. Unless
/// `partial`, all of it must be there.
fn chunks(
    reader: &Reader,
    manifest: [u8; 32],
    partial: bool,
) -> Result<Option<Vec<Chunk>>, NodeError> {
    let lost = || StoreError::Damaged("a dataset's manifest or chunk is not there".to_owned());
    let manifest = match reader.manifest(Hash(manifest))? {
        Some(manifest) => manifest,
        None if partial => return Ok(None),
        None => return Err(lost().into()),
    };
    let mut chunks = Vec::with_capacity(manifest.chunks().len());
    for named in manifest.chunks() {
        let bytes = match reader.chunk(named.hash)? {
            Some(bytes) => bytes,
            None if partial => continue,
            None => return Err(lost().into()),
        };
        let area = AreaId::try_new(named.area.as_str()).map_err(|_invalid| lost())?;
        chunks.push(Chunk { area, bytes, rows: u32::try_from(named.rows).unwrap_or(u32::MAX) });
    }
    Ok(Some(chunks))
}

fn put(
    world: &mut World,
    kind: DatasetKind,
    provenance: Provenance,
    chunks: &[Chunk],
) -> Result<(), NodeError> {
    match kind {
        DatasetKind::Stations => {
            let (stations, buildings) = dataset::read_stations(chunks)?;
            world.stations = Some(Arc::new(StationTable::new(provenance, stations, buildings)));
        }
        DatasetKind::Buildings => world.places = Some(listed(provenance, chunks)?),
        DatasetKind::Forces => {
            let units = dataset::read_rows(chunks)?;
            world.units = Some(Arc::new(UnitTable::new(provenance, units)));
        }
        DatasetKind::Homes => world.homes = Some(listed(provenance, chunks)?),
        DatasetKind::Events => world.incidents = Some(listed(provenance, chunks)?),
        DatasetKind::Norms => world.norms = Some(listed(provenance, chunks)?),
        DatasetKind::Figures => world.figures = Some(listed(provenance, chunks)?),
        DatasetKind::Boundaries => world.boundaries = Some(listed(provenance, chunks)?),
        DatasetKind::Surveys => world.surveys = Some(listed(provenance, chunks)?),
        DatasetKind::Assessment => {
            let (head, rows) = dataset::read_assessment(chunks)?;
            let head = head.unwrap_or(AssessmentHead {
                schema: dataset::SCHEMA,
                seed: 0,
                draws: 0,
                stations_manifest: [0; 32],
            });
            world.assessment = Some(Arc::new(AssessmentTable {
                provenance,
                seed: head.seed,
                draws: head.draws,
                stations_manifest: head.stations_manifest,
                rows,
            }));
        }
        DatasetKind::Plan => {
            if let Some((head, plan)) = dataset::read_plan(chunks)? {
                let table = PlanTable {
                    provenance,
                    id: head.id,
                    label: head.label,
                    profile: head.profile,
                    stations_manifest: head.stations_manifest,
                    poll: head.poll,
                    plan,
                };
                world.plans.retain(|known| known.id != table.id);
                world.plans.push(Arc::new(table));
                world.plans.sort_by_key(|plan| plan.provenance.at);
            }
        }
        DatasetKind::Parameters | DatasetKind::Roads | DatasetKind::RoadMarks => {}
    }
    Ok(())
}

fn listed<T: for<'b> minicbor::Decode<'b, ()>>(
    provenance: Provenance,
    chunks: &[Chunk],
) -> Result<Arc<Listed<T>>, NodeError> {
    Ok(Arc::new(Listed { provenance, rows: dataset::read_rows(chunks)? }))
}

/// The oldest moment, for what was never dated.
pub(super) const NEVER: UnixMs = UnixMs(0);
