//! Where the units' people are at home: from a list of people to counts, which alone are kept and signed.

use super::WorkError;
use crate::{
    dataset,
    node::{DatasetDraft, Node},
};
use pehra_domain::{
    AreaId, ConstituencyId, UnitId,
    duty::Demands,
    force::{HomeCount, StaffKind, Unit},
    member::Member,
};
use pehra_ops::{dataset::DatasetKind, stamp::Actor};
use std::collections::BTreeMap;

/// What a list of people came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// People who may be drawn, in so many units.
    pub people: u64,
    pub units: usize,
    /// Excluded, or without what everybody must have passed.
    pub left_out: u64,
}

/// People who may be drawn, counted by unit, kind and home.
#[must_use]
pub fn count(people: &[Member], demands: &Demands) -> (Vec<HomeCount>, Counted) {
    type Key<'a> = (&'a UnitId, StaffKind, &'a [ConstituencyId], bool);
    let mut counts: BTreeMap<Key<'_>, (u32, u32)> = BTreeMap::new();
    let mut left_out = 0;
    for one in people {
        let fit = one.excluded.is_empty() && one.modules.includes(demands.everybody);
        // A unit of which nobody may be drawn is on the list all the same.
        let most = one.modules.includes(demands.most_sensitive);
        let entry = counts.entry((&one.unit, one.kind, &one.home, most)).or_default();
        entry.0 += u32::from(fit);
        entry.1 += u32::from(fit && leads(one, demands));
        left_out += u64::from(!fit);
    }
    let rows: Vec<HomeCount> = counts
        .into_iter()
        .map(|((unit, kind, home, most_sensitive), (count, leaders))| HomeCount {
            unit: unit.clone(),
            kind,
            home: home.to_vec(),
            count,
            leaders,
            most_sensitive,
        })
        .collect();
    let people = rows.iter().map(|row| u64::from(row.count)).sum();
    let mut units: Vec<&UnitId> = rows.iter().map(|row| &row.unit).collect();
    units.dedup();
    let counted = Counted { people, units: units.len(), left_out };
    (rows, counted)
}

/// Whether somebody may be in charge of a detachment anywhere but at a most sensitive place.
fn leads(one: &Member, demands: &Demands) -> bool {
    one.modules.includes(demands.leader) && one.grade >= demands.leader_grade_least
}

/// Signs the counts of a list, each with the district of its unit.
///
/// # Errors
/// [`WorkError::Input`] names a unit that is not on record; otherwise the node could not keep the result.
pub fn sign(
    node: &Node,
    actor: &Actor,
    people: &[Member],
    source: (&str, [u8; 32]),
) -> Result<Counted, WorkError> {
    let world = node.world();
    let units = world.units.as_ref().ok_or(WorkError::Missing(
        "there are no units yet: import them first with `pehra plan import forces FILE`",
    ))?;
    let (rows, counted) = count(people, &Demands::default());
    if let Some(row) = rows.iter().find(|row| !units.by_unit.contains_key(&row.unit)) {
        return Err(WorkError::Input(format!(
            "unit {} of the list of people is not on record: import the forces first",
            row.unit
        )));
    }
    let chunks = chunks(rows, &units.units);
    let mut draft = DatasetDraft::generated(
        DatasetKind::Homes,
        source.0,
        chunks,
        &[("people", counted.people), ("left out", counted.left_out)],
    );
    draft.source_sha256 = source.1;
    node.commit_dataset(actor, draft)?;
    Ok(counted)
}

/// One chunk a district.
#[must_use]
pub fn chunks(rows: Vec<HomeCount>, units: &[Unit]) -> Vec<dataset::Chunk> {
    let districts: BTreeMap<&UnitId, &AreaId> =
        units.iter().map(|unit| (&unit.id, &unit.district)).collect();
    dataset::write_homes(rows, |unit| {
        districts.get(unit).map_or_else(AreaId::nation, |district| (*district).clone())
    })
}
