//! Questions that the rooms ask of a node.

use super::{CONSOLE, Node, NodeError, Solved, Withheld, now};
use crate::world::{PlanTable, World};
use pehra_domain::{
    Date, PersonId, Point, UnixMs,
    exercise::{EXERCISE_MARK, SYNTHETIC_MARK},
    override_record::OverrideRecord,
};
use pehra_ops::{election::Nature, lock, plan::Slot};
use pehra_plan::allocate::{AllocateInput, Allocation, Lock, Selected};
use pehra_store::Query;
use std::sync::{Arc, MutexGuard, PoisonError};

/// Something that the room's search found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchHit {
    /// `station`, `building`, `unit`, `district` or `town`.
    pub kind: String,
    pub id: String,
    pub text: String,
    pub area: String,
    pub point: Option<Point>,
}

impl Node {
    /// The day of the general poll.
    #[must_use]
    pub fn poll_date(&self) -> Date {
        self.ops(|state| state.election().map_or(Date(19_761), |election| election.date))
    }

    /// Overrides that hold at a moment, in the shape that the risk model takes.
    #[must_use]
    pub fn overrides_in_force(&self, at: UnixMs) -> Vec<OverrideRecord> {
        self.ops(|state| state.overrides_at(at))
    }

    /// Locks that hold, in the shape that the allocation takes.
    #[must_use]
    pub fn locks(&self) -> Vec<Lock> {
        self.ops(|state| {
            state
                .locks_in_force()
                .filter_map(|(key, lock, _)| match lock {
                    lock::Lock::Pinned { kind, count, .. } => Some(Lock::Pin {
                        unit: key.unit.clone(),
                        building: key.building.clone(),
                        kind: *kind,
                        count: *count,
                    }),
                    lock::Lock::Excluded => Some(Lock::Exclude {
                        unit: key.unit.clone(),
                        building: Some(key.building.clone()),
                    }),
                    lock::Lock::Released => None,
                })
                .collect()
        })
    }

    /// The authorities' list of places outside which civil armed forces and army may stand. None has been signed
    /// as long as no list can be imported.
    #[must_use]
    pub fn selected_buildings(&self) -> Vec<Selected> {
        Vec::new()
    }

    /// The bytes of a survey's photograph; none when the entry came without them.
    ///
    /// # Errors
    /// [`NodeError::Store`] when the database could not be read or the disk has changed the bytes.
    pub fn photograph(&self, sha256: [u8; 32]) -> Result<Option<Vec<u8>>, NodeError> {
        Ok(self.reader().chunk(pehra_ledger::Hash(sha256))?)
    }

    /// Whether a photograph's bytes are here; a database that cannot be read has none.
    #[must_use]
    pub fn has_photograph(&self, sha256: [u8; 32]) -> bool {
        self.reader().has_chunk(pehra_ledger::Hash(sha256)).unwrap_or(false)
    }

    /// The plan in force for the day of the general poll, if one was adopted and is here.
    #[must_use]
    pub fn adopted_plan(&self, world: &World) -> Option<Arc<PlanTable>> {
        let slot = Slot { area: pehra_domain::AreaId::nation(), poll_date: self.poll_date() };
        let manifest = self.ops(|state| state.plans.adopted(&slot).map(|a| a.manifest.0))?;
        world.plans.iter().find(|plan| plan.provenance.manifest == manifest).cloned()
    }

    /// Entries that are kept and have no effect.
    #[must_use]
    pub fn withheld(&self) -> Vec<Withheld> {
        let fold = self.inner.fold.read().unwrap_or_else(PoisonError::into_inner);
        let waits = |entry| super::fold::withheld(entry, &super::intake::Reason::Waits);
        fold.withheld.iter().cloned().chain(fold.waiting().map(waits)).collect()
    }

    /// What the search of the room finds for a few letters.
    ///
    /// # Errors
    /// [`NodeError::Store`] when the database could not be read.
    pub fn search(&self, text: &str, limit: u32) -> Result<Vec<SearchHit>, NodeError> {
        let query = Query { text: text.to_owned(), limit, ..Query::default() };
        let rows = self.reader().search(&query)?;
        let world = self.world();
        Ok(rows
            .into_iter()
            .map(|row| SearchHit {
                point: self.point_of(&world, &row.kind, &row.key),
                kind: row.kind,
                id: row.key,
                text: row.text,
                area: row.area,
            })
            .collect())
    }

    fn point_of(&self, world: &World, kind: &str, key: &str) -> Option<Point> {
        match kind {
            "station" => {
                let table = world.stations.as_ref()?;
                Some(table.stations.get(table.find(key)?)?.point)
            }
            "unit" => {
                let table = world.units.as_ref()?;
                let id = pehra_domain::UnitId::try_new(key).ok()?;
                Some(table.units.get(*table.by_unit.get(&id)? as usize)?.point)
            }
            "district" => {
                self.gazetteer().districts.iter().find(|d| d.area.as_str() == key).map(|d| d.centre)
            }
            "town" => self.gazetteer().towns.iter().find(|t| t.name == key).map(|t| t.point),
            _ => {
                let id = pehra_domain::BuildingId::try_new(key).ok()?;
                world.building(&id).map(|building| building.point)
            }
        }
    }

    /// A person's password hash on this node.
    ///
    /// # Errors
    /// [`NodeError::Store`] when the database could not be read.
    pub fn get_password_hash(&self, person: &PersonId) -> Result<Option<String>, NodeError> {
        let record = self.reader().account(person.as_str())?;
        Ok(record.and_then(|bytes| String::from_utf8(bytes).ok()))
    }

    /// Keeps a person's password hash on this node; it never enters an entry.
    ///
    /// # Errors
    /// [`NodeError::Store`] when the disk refused.
    pub fn set_password_hash(&self, person: &PersonId, hash: &str) -> Result<(), NodeError> {
        Ok(self.writer().store.set_account(person.as_str(), Some(hash.as_bytes()))?)
    }

    /// Whether nobody but the console can act here yet: the room then asks for the first account.
    #[must_use]
    pub fn is_first_start(&self) -> bool {
        let accounts = self.reader().accounts().map_or(0, |accounts| accounts.len());
        accounts == 0 && self.ops(|state| state.persons.may_bootstrap())
    }

    /// Remembers a solved plan for later questions; the newest few are kept.
    pub fn keep_allocation(&self, id: &str, allocation: Arc<Allocation>, input: AllocateInput) {
        const KEPT: usize = 2;
        let mut solved = self.solved_plans();
        solved.retain(|(known, _)| known != id);
        while solved.len() >= KEPT {
            solved.remove(0);
        }
        solved.push((id.to_owned(), Solved { allocation, input: Arc::new(input) }));
    }

    /// A plan's solved model, if it was solved since this node was started.
    #[must_use]
    pub fn solved(&self, id: &str) -> Option<Solved> {
        self.solved_plans().iter().find(|(known, _)| known == id).map(|(_, solved)| solved.clone())
    }

    fn solved_plans(&self) -> MutexGuard<'_, Vec<(String, Solved)>> {
        self.inner.solved.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Fixed by the election's id, for ever.
    #[must_use]
    pub fn nature(&self) -> Nature {
        Nature::of_id(&self.inner.election_id)
    }

    /// What stands on every screen, message and page of an exercise.
    #[must_use]
    pub fn watermark(&self) -> Option<String> {
        match self.nature() {
            Nature::Real => None,
            Nature::Exercise => Some(EXERCISE_MARK.to_owned()),
            Nature::Synthetic => Some(format!("{EXERCISE_MARK} · {SYNTHETIC_MARK}")),
        }
    }

    /// The election's id while it is an exercise: nobody's life depends on what is recorded here.
    #[must_use]
    pub fn exercise(&self) -> Option<&str> {
        self.nature().is_exercise().then_some(self.inner.election_id.as_str())
    }

    /// Milliseconds since a figure was signed, never negative.
    #[must_use]
    pub fn age_ms(&self, at: UnixMs) -> i64 {
        (now().0 - at.0).max(0)
    }

    /// Whether a name is the console's.
    #[must_use]
    pub fn is_console(person: &PersonId) -> bool {
        person.as_str() == CONSOLE
    }
}
