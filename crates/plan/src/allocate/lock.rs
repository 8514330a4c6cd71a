//! What the planner fixes by hand, and why that may be refused.

use super::{
    AllocateError, AllocateInput, Lock,
    input::sorted,
    model::{Model, Post, Sink, index, postable},
    rule::Bar,
};
use crate::norm;
use pehra_domain::{BuildingId, UnitId, force::StaffKind};
use std::{collections::BTreeMap, ops::Range};

/// Why a lock cannot be kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LockRefusal {
    #[error("lock on unit {0}: there is no such unit")]
    UnknownUnit(UnitId),
    #[error("lock on building {0}: there is no such building in this plan")]
    UnknownBuilding(BuildingId),
    #[error("unit {unit} has {strength} people of kind {kind:?} to post, {pinned} are pinned")]
    OverStrength { unit: UnitId, kind: StaffKind, strength: u32, pinned: u32 },
    #[error("unit {unit} is not available from the opening of the poll to its end")]
    OutOfWindow { unit: UnitId },
    #[error(
        "building {building}: {pinned} more people would stand at the gate beyond the cap of {cap} visible armed"
    )]
    OverCap { building: BuildingId, cap: u32, pinned: u32 },
    #[error(
        "building {building}: {pinned} people of kind {kind:?} pinned on {posts} posts open to them"
    )]
    OverNeed { building: BuildingId, kind: StaffKind, posts: u32, pinned: u32 },
    #[error(
        "building {building}: {kind:?} may stand only outside most-sensitive buildings on the selected list"
    )]
    NotSelected { building: BuildingId, kind: StaffKind },
    #[error(
        "building {building}: {pinned} people of kind {kind:?} of unit {unit} are pinned there and {may} are not at \
         home there"
    )]
    AtHome { unit: UnitId, building: BuildingId, kind: StaffKind, may: u32, pinned: u32 },
    #[error(
        "building {building} is further from unit {unit} than the rules allow anybody to travel"
    )]
    TooLong { unit: UnitId, building: BuildingId },
    #[error("unit {unit} is both pinned to and excluded from building {building}")]
    Contradiction { unit: UnitId, building: BuildingId },
}

/// People fixed at a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pinned {
    pub(super) source: u32,
    pub(super) sink: u32,
    pub(super) count: u32,
    pub(super) penalty: u32,
}

/// Checks the locks alone, without solving.
///
/// # Errors
/// [`AllocateError::Lock`] names the first lock that cannot be kept; other errors name bad input.
pub fn check_locks(input: &AllocateInput) -> Result<(), AllocateError> {
    Model::try_new(input).map(|_model| ())
}

/// Takes the locks into the model: exclusions first, then pins in order.
pub(super) fn apply(input: &AllocateInput, model: &mut Model) -> Result<(), LockRefusal> {
    let locks = sorted(&input.locks, Clone::clone);
    for lock in &locks {
        if let Lock::Exclude { unit, building } = lock {
            let number = unit_number(model, unit)?;
            if let Some(building) = building {
                let site = site_number(model, building)?;
                model.excluded.insert((site, number));
            }
        }
    }
    let mut pins: BTreeMap<(&UnitId, &BuildingId, StaffKind), u32> = BTreeMap::new();
    for lock in &locks {
        if let Lock::Pin { unit, building, kind, count } = lock {
            let sum = pins.entry((unit, building, *kind)).or_default();
            *sum = sum.saturating_add(*count);
        }
    }
    for ((unit, building, kind), count) in pins {
        pin(input, model, unit, building, kind, count)?;
    }
    Ok(())
}

fn pin(
    input: &AllocateInput,
    model: &mut Model,
    unit: &UnitId,
    building: &BuildingId,
    kind: StaffKind,
    count: u32,
) -> Result<(), LockRefusal> {
    let number = unit_number(model, unit)?;
    let site = site_number(model, building)?;
    if model.excluded.contains(&(site, number)) || model.excluded_units.contains(&number) {
        return Err(LockRefusal::Contradiction { unit: unit.clone(), building: building.clone() });
    }
    let sources = strong_enough(input, model, unit, number, kind, count)?;
    let Some(sources) = sources else { return Ok(()) };
    may_stand(model, unit, building, site, &sources, kind, count)?;
    let posts = open_posts(model, site, kind);
    if posts < count {
        return Err(too_many(input, model, site, kind, posts, count));
    }
    place(model, site, sources, kind, count);
    Ok(())
}

/// Posts at a site that people of a kind may still fill.
fn open_posts(model: &Model, site: u32, kind: StaffKind) -> u32 {
    places(model, site, kind).map(|sink| model.sinks[sink].need - model.sinks[sink].pinned).sum()
}

fn places(model: &Model, site: u32, kind: StaffKind) -> impl Iterator<Item = usize> + '_ {
    let here = model.sinks.partition_point(|sink| sink.site < site)
        ..model.sinks.partition_point(|sink| sink.site <= site);
    posts_in_order(kind)
        .iter()
        .filter_map(move |&post| here.clone().find(|&sink| model.sinks[sink].post == post))
}

/// Fixes people of these sources at a site; the caller knows that there are enough people and posts.
fn place(model: &mut Model, site: u32, sources: Range<usize>, kind: StaffKind, count: u32) {
    let places: Vec<usize> = places(model, site, kind).collect();
    let mut left = count;
    for sink in places {
        let open = model.sinks[sink].need - model.sinks[sink].pinned;
        let here = left.min(open);
        if here == 0 {
            continue;
        }
        let penalty = model.sinks[sink]
            .post
            .fillers(&model.weights)
            .into_iter()
            .find(|&(filler, _)| filler == kind)
            .map_or(0, |(_, penalty)| penalty);
        fill(&mut model.sinks[sink], here);
        let mut open = here;
        for source in sources.clone() {
            let count = open.min(model.sources[source].free);
            if count == 0 || model.bar(site, &model.sources[source]).is_some() {
                continue;
            }
            model.sources[source].free -= count;
            let (source, sink) = (index(source), index(sink));
            model.pins.push(Pinned { source, sink, count, penalty });
            open -= count;
        }
        left -= here;
    }
}

/// Whether enough of the unit may stand there under the rules: a person fixes a post by hand, never a rule away.
fn may_stand(
    model: &Model,
    unit: &UnitId,
    building: &BuildingId,
    site: u32,
    sources: &Range<usize>,
    kind: StaffKind,
    count: u32,
) -> Result<(), LockRefusal> {
    let (mut may, mut bar) = (0, None);
    for source in &model.sources[sources.clone()] {
        match model.bar(site, source) {
            None => may += source.free,
            Some(found) => bar = bar.max(Some(found)),
        }
    }
    if may >= count {
        return Ok(());
    }
    let (unit, building) = (unit.clone(), building.clone());
    Err(match bar {
        Some(Bar::TooLong) => LockRefusal::TooLong { unit, building },
        Some(Bar::AtHome) => LockRefusal::AtHome { unit, building, kind, may, pinned: count },
        Some(Bar::Excluded | Bar::Seatless) | None => LockRefusal::Contradiction { unit, building },
    })
}

/// The source to draw from; none when nobody is asked for.
fn strong_enough(
    input: &AllocateInput,
    model: &Model,
    unit: &UnitId,
    number: u32,
    kind: StaffKind,
    count: u32,
) -> Result<Option<Range<usize>>, LockRefusal> {
    if count == 0 {
        return Ok(None);
    }
    let found = model.sources_of(number, kind);
    let kept: u32 =
        model.kept.iter().filter(|kept| kept.sources == found).map(|kept| kept.count).sum();
    let all: u32 = model.sources[found.clone()].iter().map(|source| source.strength).sum();
    let strength = all.saturating_sub(kept);
    let free = model.free(found.clone()).saturating_sub(kept);
    if count <= free {
        return Ok(Some(found));
    }
    let has = input.units.iter().find(|u| u.id == *unit).map_or(0, |u| postable(u, kind));
    if strength == 0 && has > 0 {
        return Err(LockRefusal::OutOfWindow { unit: unit.clone() });
    }
    let pinned = strength - free + count;
    Err(LockRefusal::OverStrength { unit: unit.clone(), kind, strength, pinned })
}

/// Which posts a pinned person takes, first to last: those that fewest others may fill.
fn posts_in_order(kind: StaffKind) -> &'static [Post] {
    match kind {
        StaffKind::PoliceMan => &[Post::Open, Post::Ring],
        StaffKind::PoliceWoman => &[Post::Women, Post::Open, Post::Ring],
        StaffKind::CivilArmedForces => &[Post::StaticCivil, Post::Ring],
        StaffKind::Army => &[Post::StaticArmy, Post::StaticCivil],
    }
}

fn too_many(
    input: &AllocateInput,
    model: &Model,
    site: u32,
    kind: StaffKind,
    posts: u32,
    pinned: u32,
) -> LockRefusal {
    let site = &model.sites[site as usize];
    let building = site.id.clone();
    let military = matches!(kind, StaffKind::CivilArmedForces | StaffKind::Army);
    if military && site.selected.is_none() {
        return LockRefusal::NotSelected { building, kind };
    }
    let profile = input.norms.profile(&model.districts[site.district as usize]);
    let cap = site.due.class.and_then(|class| norm::visible_cap(profile, class));
    match cap {
        // Whoever is beyond the posts would stand at the gate.
        Some(cap) if site.due.outer + site.due.static_outside + (pinned - posts) > cap => {
            LockRefusal::OverCap { building, cap, pinned: pinned - posts }
        }
        _ => LockRefusal::OverNeed { building, kind, posts, pinned },
    }
}

/// Takes people off the dearest pieces.
fn fill(sink: &mut Sink, count: u32) {
    let mut left = count;
    for piece in sink.pieces.iter_mut().rev() {
        let here = left.min(piece.count);
        piece.count -= here;
        left -= here;
    }
    sink.pinned += count;
}

fn unit_number(model: &Model, unit: &UnitId) -> Result<u32, LockRefusal> {
    model
        .units
        .binary_search(unit)
        .map(index)
        .map_err(|_place| LockRefusal::UnknownUnit(unit.clone()))
}

fn site_number(model: &Model, building: &BuildingId) -> Result<u32, LockRefusal> {
    model
        .sites
        .binary_search_by(|site| site.id.cmp(building))
        .map(index)
        .map_err(|_place| LockRefusal::UnknownBuilding(building.clone()))
}
