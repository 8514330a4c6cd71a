//! Plans summed by district, and two plans side by side.

use super::AllocateInput;
use pehra_domain::{
    AreaId, BuildingId, UnitId,
    force::StaffKind,
    plan::{Origin, Plan, ShortfallReason},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One kind of staff in one district.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DistrictLine {
    pub district: AreaId,
    pub kind: StaffKind,
    pub buildings: u64,
    pub need: u64,
    pub posted: u64,
    pub missing: u64,
    /// Of the missing, women's minima.
    pub minimum_missing: u64,
    /// Posts that a cap forbids; not in `need`.
    pub capped: u64,
    /// People of this kind who come from another district, and of them from another province.
    pub borrowed: u64,
    pub from_outside: u64,
    /// Sum of travel of people of this kind, in metres.
    pub travel_m: u64,
    /// The highest shadow price of a shortfall.
    pub shadow_price_max: i64,
}

/// Need, posted and missing by district and kind, in order of both. `input` tells which building lies where.
#[must_use]
pub fn by_district(plan: &Plan, input: &AllocateInput) -> Vec<DistrictLine> {
    let places: BTreeMap<&BuildingId, &AreaId> =
        input.buildings.iter().map(|building| (&building.id, &building.district)).collect();
    let mut lines: BTreeMap<(&AreaId, StaffKind), DistrictLine> = BTreeMap::new();
    for need in &plan.needs {
        let Some(&district) = places.get(&need.building) else { continue };
        let line = entry(&mut lines, district, need.kind);
        line.buildings += 1;
        line.need += u64::from(need.need);
        line.posted += u64::from(need.posted);
        line.missing += u64::from(need.need - need.posted);
    }
    for shortfall in &plan.shortfalls {
        let Some(&district) = places.get(&shortfall.building) else { continue };
        let line = entry(&mut lines, district, shortfall.kind);
        line.minimum_missing += u64::from(shortfall.minimum_missing);
        line.shadow_price_max = line.shadow_price_max.max(shortfall.shadow_price);
        if shortfall.reason == ShortfallReason::Capped {
            line.capped += u64::from(shortfall.missing);
        }
    }
    for posting in &plan.postings {
        let Some(&district) = places.get(&posting.building) else { continue };
        let line = entry(&mut lines, district, posting.kind);
        let count = u64::from(posting.count);
        line.borrowed += if posting.origin == Origin::OwnDistrict { 0 } else { count };
        line.from_outside += if posting.origin == Origin::Outside { count } else { 0 };
        line.travel_m += count * u64::from(posting.distance_m);
    }
    lines.into_values().collect()
}

fn entry<'a, 'b>(
    lines: &'a mut BTreeMap<(&'b AreaId, StaffKind), DistrictLine>,
    district: &'b AreaId,
    kind: StaffKind,
) -> &'a mut DistrictLine {
    lines.entry((district, kind)).or_insert_with(|| DistrictLine {
        district: district.clone(),
        kind,
        buildings: 0,
        need: 0,
        posted: 0,
        missing: 0,
        minimum_missing: 0,
        capped: 0,
        borrowed: 0,
        from_outside: 0,
        travel_m: 0,
        shadow_price_max: 0,
    })
}

/// A change of one posting: people of a kind from a unit at a building, before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    pub unit: UnitId,
    pub building: BuildingId,
    pub kind: StaffKind,
    pub before: u32,
    pub after: u32,
}

/// What the second plan changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// In order of unit, building and kind.
    pub moves: Vec<Move>,
    /// People who leave a post, and people who come to one.
    pub leave: u64,
    pub come: u64,
    /// Change of missing people by district and kind; nought left out.
    pub missing: Vec<(AreaId, StaffKind, i64)>,
    pub objective: i64,
    pub travel_m: i64,
}

/// Compares two plans over the same buildings; `input` tells which building lies where.
#[must_use]
pub fn compare(before: &Plan, after: &Plan, input: &AllocateInput) -> Difference {
    type Key<'a> = (&'a UnitId, &'a BuildingId, StaffKind);
    let mut counts: BTreeMap<Key<'_>, (u32, u32)> = BTreeMap::new();
    for posting in &before.postings {
        counts.entry((&posting.unit, &posting.building, posting.kind)).or_default().0 +=
            posting.count;
    }
    for posting in &after.postings {
        counts.entry((&posting.unit, &posting.building, posting.kind)).or_default().1 +=
            posting.count;
    }
    let mut out = Difference {
        moves: Vec::new(),
        leave: 0,
        come: 0,
        missing: Vec::new(),
        objective: after.certificate.objective - before.certificate.objective,
        travel_m: travel(after) - travel(before),
    };
    for ((unit, building, kind), (before, after)) in counts {
        if before == after {
            continue;
        }
        out.leave += u64::from(before.saturating_sub(after));
        out.come += u64::from(after.saturating_sub(before));
        let (unit, building) = (unit.clone(), building.clone());
        out.moves.push(Move { unit, building, kind, before, after });
    }
    let mut missing: BTreeMap<(AreaId, StaffKind), i64> = BTreeMap::new();
    for (plan, sign) in [(before, -1), (after, 1)] {
        for line in by_district(plan, input) {
            let count = i64::try_from(line.missing).unwrap_or(i64::MAX);
            *missing.entry((line.district, line.kind)).or_default() += sign * count;
        }
    }
    out.missing = missing
        .into_iter()
        .filter(|&(_, change)| change != 0)
        .map(|((district, kind), change)| (district, kind, change))
        .collect();
    out
}

fn travel(plan: &Plan) -> i64 {
    plan.postings.iter().map(|p| i64::from(p.count) * i64::from(p.distance_m)).sum()
}
