//! From silent equipment to alarms: what has one cause is one alarm with a count. The name of an alarm is made from its
//! cause, so that two nodes that see the same never raise two.
//!
//! The widest cause that explains the silence wins: a feeder, a line, a place, an area; what is left stands alone. A cause
//! explains when at least [`TOGETHER_MIN`] went silent, all within [`TOGETHER_MS`], and they are at least half of what
//! hangs on it; of an area a tenth is enough, as with check-ins.

use super::{Health, Kind, Record};
use pehra_domain::{AreaId, EquipmentId, UnixMs, risk::RiskClass};
use std::collections::{BTreeMap, BTreeSet};

/// So many at least have one cause.
pub const TOGETHER_MIN: usize = 3;
/// So many at least are an alarm of a whole area.
pub const WIDESPREAD_MIN: usize = 5;
/// What went silent within this time may have one cause: a heartbeat every five minutes, three of them missed.
pub const TOGETHER_MS: i64 = 15 * 60_000;

/// One piece of equipment that is to serve.
#[derive(Clone, Copy, Debug)]
pub struct Watched<'a> {
    pub equipment: &'a EquipmentId,
    pub record: &'a Record,
    /// Of the station where it stands.
    pub class: Option<RiskClass>,
    /// What is seen of it, and since when; none when it was never heard.
    pub health: Option<(Health, UnixMs)>,
}

/// What is behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// The power of one feeder.
    Feeder,
    /// A hub or line over which they are heard.
    Line,
    Place,
    Area,
    /// One piece of equipment by itself.
    Single,
}

impl Cause {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Feeder => "feeder",
            Self::Line => "line",
            Self::Place => "place",
            Self::Area => "area",
            Self::Single => "single",
        }
    }
}

/// Something that somebody must look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alarm {
    /// The same on every node.
    pub id: String,
    pub area: AreaId,
    pub cause: Cause,
    /// The feeder, line, place, area or piece of equipment.
    pub about: String,
    /// The gravest of its members.
    pub health: Health,
    /// When the first of them was lost.
    pub since: UnixMs,
    pub count: usize,
    /// How many hang on the cause.
    pub of: usize,
    pub kinds: BTreeMap<Kind, usize>,
    /// Those at most sensitive stations; of a single alarm the one.
    pub named: Vec<EquipmentId>,
    pub members: Vec<EquipmentId>,
    /// 2, with a most sensitive station 3: as code DEV.CAM of the taxonomy.
    pub severity: u8,
}

/// The alarms of one area, the gravest first.
#[must_use]
pub fn alarms(area: &AreaId, watched: &[Watched<'_>]) -> Vec<Alarm> {
    let mut left: BTreeSet<usize> = BTreeSet::new();
    left.extend((0..watched.len()).filter(|at| watched.get(*at).is_some_and(is_silent)));
    let mut all = Vec::new();
    for cause in [Cause::Feeder, Cause::Line, Cause::Place, Cause::Area] {
        let mut hanging: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, one) in watched.iter().enumerate() {
            if let Some(about) = about(cause, area, one) {
                hanging.entry(about).or_default().push(at);
            }
        }
        for (about, members) in hanging {
            let lost: Vec<usize> = members.iter().copied().filter(|at| left.contains(at)).collect();
            let together = together(watched, &lost);
            if explains(cause, together.len(), members.len()) {
                for at in &together {
                    left.remove(at);
                }
                all.extend(alarm(area, (cause, about), watched, &together, members.len()));
            }
        }
    }
    for (at, one) in watched.iter().enumerate() {
        let wrong = one.health.is_some_and(|(health, _)| health != Health::Live);
        if left.contains(&at) || wrong && !is_silent(one) {
            all.extend(alarm(area, (Cause::Single, one.equipment.as_str()), watched, &[at], 1));
        }
    }
    all.sort_by(|a, b| {
        (b.severity, b.count, a.since, &a.id).cmp(&(a.severity, a.count, b.since, &b.id))
    });
    all
}

/// Silence has causes outside of the thing; a covered lens has not.
fn is_silent(one: &Watched<'_>) -> bool {
    one.health.is_some_and(|(health, _)| health == Health::Silent)
}

fn about<'a>(cause: Cause, area: &'a AreaId, one: &Watched<'a>) -> Option<&'a str> {
    let listing = one.record.listing()?;
    let name = match cause {
        Cause::Feeder => listing.feeder.as_str(),
        Cause::Line => listing.line.as_str(),
        Cause::Place => one.record.place()?.0.name(),
        Cause::Area => area.as_str(),
        Cause::Single => one.equipment.as_str(),
    };
    (!name.is_empty()).then_some(name)
}

/// Of those that are lost the largest group that went within the time; of equal ones the first.
fn together(watched: &[Watched<'_>], lost: &[usize]) -> Vec<usize> {
    let mut times: Vec<(UnixMs, usize)> =
        lost.iter().filter_map(|at| Some((watched.get(*at)?.health?.1, *at))).collect();
    times.sort_unstable();
    let mut best: &[(UnixMs, usize)] = &[];
    let mut start = 0;
    for end in 0..times.len() {
        let last = times.get(end).map_or(0, |one| one.0.0);
        while times.get(start).is_some_and(|one| last.saturating_sub(one.0.0) > TOGETHER_MS) {
            start += 1;
        }
        let group = times.get(start..=end).unwrap_or_default();
        if group.len() > best.len() {
            best = group;
        }
    }
    best.iter().map(|(_, at)| *at).collect()
}

fn explains(cause: Cause, lost: usize, of: usize) -> bool {
    match cause {
        Cause::Area => lost >= WIDESPREAD_MIN && lost * 10 >= of,
        Cause::Feeder | Cause::Line | Cause::Place => lost >= TOGETHER_MIN && lost * 2 >= of,
        Cause::Single => true,
    }
}

/// `feeder@11 kV Gulshan 4`: never longer than an id may be.
fn name(cause: Cause, about: &str) -> String {
    let room = pehra_domain::id::ID_BYTES_MAX - cause.name().len() - 1;
    let skip = about.char_indices().map(|(at, _)| at).find(|at| about.len() - at <= room);
    format!("{}@{}", cause.name(), about.get(skip.unwrap_or(0)..).unwrap_or_default())
}

fn alarm(
    area: &AreaId,
    (cause, about): (Cause, &str),
    watched: &[Watched<'_>],
    members: &[usize],
    of: usize,
) -> Option<Alarm> {
    let members: Vec<&Watched<'_>> = members.iter().filter_map(|at| watched.get(*at)).collect();
    let mut kinds = BTreeMap::new();
    for kind in members.iter().filter_map(|one| one.record.kind()) {
        *kinds.entry(kind).or_insert(0) += 1;
    }
    let name_of = |one: &&Watched<'_>| one.equipment.clone();
    let most: Vec<EquipmentId> =
        members.iter().filter(|one| one.class == Some(RiskClass::Most)).map(name_of).collect();
    let severity = if most.is_empty() { 2 } else { 3 };
    Some(Alarm {
        id: name(cause, about),
        area: area.clone(),
        cause,
        about: about.to_owned(),
        health: members.iter().filter_map(|one| Some(one.health?.0)).max()?,
        since: members.iter().filter_map(|one| Some(one.health?.1)).min()?,
        count: members.len(),
        of,
        kinds,
        named: if cause == Cause::Single { members.iter().map(name_of).collect() } else { most },
        members: members.iter().map(name_of).collect(),
        severity,
    })
}
