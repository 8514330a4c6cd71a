//! A plan's sums by district: made once for a plan and the lists that it is read with, and added up for each asker.

use super::{KindTotal, available};
use crate::{
    http::{view::buildings as all_buildings, who::Access},
    world::{PlanTable, World},
};
use pehra_domain::{AreaId, BuildingId, force::StaffKind};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

/// Sums that are kept: a district each for four kinds, a few ten kilobytes for a plan.
const SUMS_KEPT: usize = 64;

/// People of one kind in one district.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sum {
    need: u64,
    posted: u64,
    missing: u64,
    minimum_missing: u64,
    /// At hand with the district's units, and posted by them, wherever.
    supply: u64,
    used: u64,
}

/// A plan's sums by district and kind.
#[derive(Debug, Default)]
pub struct PlanSums {
    by_place: BTreeMap<(AreaId, StaffKind), Sum>,
}

impl PlanSums {
    fn of(world: &World, plan: &PlanTable) -> Self {
        let mut sums = Self::default();
        let places: BTreeMap<&BuildingId, &AreaId> =
            all_buildings(world).map(|building| (&building.id, &building.district)).collect();
        for need in &plan.plan.needs {
            if let Some(area) = places.get(&need.building) {
                let sum = sums.at(area, need.kind);
                sum.need += u64::from(need.need);
                sum.posted += u64::from(need.posted);
            }
        }
        for short in &plan.plan.shortfalls {
            if let Some(area) = places.get(&short.building) {
                let sum = sums.at(area, short.kind);
                sum.missing += u64::from(short.missing);
                sum.minimum_missing += u64::from(short.minimum_missing);
            }
        }
        let Some(units) = &world.units else { return sums };
        for unit in &units.units {
            for (kind, people) in available(unit) {
                sums.at(&unit.district, kind).supply += u64::from(people);
            }
        }
        for posting in &plan.plan.postings {
            let position = units.by_unit.get(&posting.unit);
            let unit = position.and_then(|&position| units.units.get(position as usize));
            if let Some(unit) = unit {
                sums.at(&unit.district, posting.kind).used += u64::from(posting.count);
            }
        }
        sums
    }

    fn at(&mut self, area: &AreaId, kind: StaffKind) -> &mut Sum {
        self.by_place.entry((area.clone(), kind)).or_default()
    }

    /// Totals by kind of what lies within reach.
    #[must_use]
    pub fn totals(&self, access: &Access) -> Vec<KindTotal> {
        let mut by_kind: BTreeMap<StaffKind, Sum> = BTreeMap::new();
        for ((area, kind), sum) in &self.by_place {
            if access.reaches(area) {
                let all = by_kind.entry(*kind).or_default();
                all.need += sum.need;
                all.posted += sum.posted;
                all.missing += sum.missing;
                all.minimum_missing += sum.minimum_missing;
                all.supply += sum.supply;
                all.used += sum.used;
            }
        }
        let total = |kind: StaffKind| {
            let sum = by_kind.get(&kind).copied().unwrap_or_default();
            KindTotal {
                kind: kind.into(),
                need: sum.need,
                posted: sum.posted,
                missing: sum.missing,
                minimum_missing: sum.minimum_missing,
                supply: sum.supply,
                unused: sum.supply.saturating_sub(sum.used),
            }
        };
        StaffKind::ALL.into_iter().map(total).collect()
    }
}

/// What the sums rest on: the plan, and the lists that say where its places and units are.
type Key = [Option<[u8; 32]>; 4];

fn key(world: &World, plan: &PlanTable) -> Key {
    [
        Some(plan.provenance.manifest),
        world.stations.as_ref().map(|table| table.provenance.manifest),
        world.places.as_ref().map(|list| list.provenance.manifest),
        world.units.as_ref().map(|table| table.provenance.manifest),
    ]
}

/// The sums of the plans that were looked at last.
#[derive(Default)]
pub struct SumsKept {
    kept: Mutex<Vec<(Key, Arc<PlanSums>)>>,
}

impl SumsKept {
    /// The sums of a plan, made at their first use and again when a list is replaced.
    #[must_use]
    pub fn of(&self, world: &World, plan: &PlanTable) -> Arc<PlanSums> {
        let key = key(world, plan);
        let lock = || self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, sums)) = lock().iter().find(|(known, _)| *known == key) {
            return sums.clone();
        }
        // Made without the lock: two who ask at once may both make them, and nobody waits for another's plan.
        let sums = Arc::new(PlanSums::of(world, plan));
        let mut kept = lock();
        if kept.len() >= SUMS_KEPT {
            kept.remove(0);
        }
        kept.push((key, sums.clone()));
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{sample, who::Holding};
    use pehra_domain::{PersonId, role::Role};

    fn access(area: &str) -> Access {
        let holding = Holding {
            role: Role::try_new("PEC").unwrap(),
            area: AreaId::try_new(area).unwrap(),
            expires: None,
        };
        let person = PersonId::try_new("planner").unwrap();
        Access { person, name: "planner".to_owned(), holdings: vec![holding] }
    }

    #[test]
    fn districts_add_up_to_the_nation_and_sums_are_made_once() {
        let world = sample::world();
        let plan = &world.plans[0];
        let kept = SumsKept::default();
        let sums = kept.of(&world, plan);
        let whole = sums.totals(&access("pk"));
        let needed: u64 = plan.plan.needs.iter().map(|need| u64::from(need.need)).sum();
        assert_eq!(whole.iter().map(|total| total.need).sum::<u64>(), needed);
        let parts: u64 = sample::DISTRICTS
            .iter()
            .flat_map(|district| sums.totals(&access(district)))
            .map(|total| total.need + 1_000 * total.missing + 1_000_000 * total.supply)
            .sum();
        let all =
            whole.iter().map(|total| total.need + 1_000 * total.missing + 1_000_000 * total.supply);
        assert_eq!(parts, all.sum::<u64>());
        assert!(Arc::ptr_eq(&sums, &kept.of(&world, plan)), "made once");
        let mut without = world.clone();
        without.units = None;
        let fewer = kept.of(&without, plan).totals(&access("pk"));
        assert!(fewer.iter().all(|total| total.supply == 0), "another list, other sums");
    }
}
