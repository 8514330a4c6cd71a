//! What is left of a station's result if an office burns: which copies stood elsewhere. A question to the record, asked
//! before the fire or after it.

use super::{
    Copy, Counted, Desk, Event, Hold, Kind,
    record::{Area, Custody},
};
use crate::stamp::Hash32;
use pehra_domain::{AreaId, ConstituencyId, ItemId, StationId, role::Role};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// Never made, or not on record.
    Absent,
    /// Somebody looked and it was gone.
    Gone,
    /// It lies where the fire is.
    Lost,
    Survives,
}

impl Fate {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Gone => "gone",
            Self::Lost => "lost",
            Self::Survives => "survives",
        }
    }
}

/// The copies of one station's result in one contest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Survival {
    pub station: StationId,
    pub contest: ConstituencyId,
    pub copies: Vec<(Copy, Fate)>,
    /// Tamper-evident bags that burn, and that stand elsewhere.
    pub bags_lost: Vec<ItemId>,
    pub bags_left: Vec<ItemId>,
}

impl Survival {
    /// Whether the fire takes anything of this station.
    #[must_use]
    pub fn is_touched(&self) -> bool {
        !self.bags_lost.is_empty() || self.copies.iter().any(|(_, fate)| *fate == Fate::Lost)
    }

    #[must_use]
    pub fn left(&self) -> usize {
        self.copies.iter().filter(|(_, fate)| *fate == Fate::Survives).count()
    }
}

/// What stands where the fire is.
#[derive(Clone, Copy)]
pub struct Fire<'a> {
    /// The roles whose office it is: `RO`, `ARO`.
    pub roles: &'a [Role],
    /// Only of these contests; of all when empty: one office serves one or a few.
    pub contests: &'a [ConstituencyId],
    /// Whether the sealed image with this hash is held by a node elsewhere.
    pub image_elsewhere: &'a dyn Fn(&Hash32) -> bool,
}

/// Every station of the contests, with what is left of it.
#[must_use]
pub fn survival(custody: &Custody, area_id: &AreaId, fire: &Fire<'_>) -> Vec<Survival> {
    let Some(area) = custody.area(area_id) else { return Vec::new() };
    let mut bags: BTreeMap<(&StationId, &ConstituencyId), Vec<&ItemId>> = BTreeMap::new();
    for (id, item) in area.items() {
        let place = item.station.as_ref().zip(item.contest.as_ref());
        if let Some(place) = place.filter(|_| item.kind == Kind::TamperBag) {
            bags.entry(place).or_default().push(id);
        }
    }
    let keys: BTreeSet<(&StationId, &ConstituencyId)> = area
        .forms
        .keys()
        .map(|(station, contest)| (station, contest))
        .chain(bags.keys().copied())
        .filter(|(_, contest)| fire.contests.is_empty() || fire.contests.contains(contest))
        .collect();
    let one = |(station, contest): (&StationId, &ConstituencyId)| {
        let own = bags.get(&(station, contest)).map(Vec::as_slice).unwrap_or_default();
        of_station(custody, area_id, area, fire, (station, contest), own)
    };
    keys.into_iter().map(one).collect()
}

#[expect(clippy::wildcard_enum_match_arm, reason = "only these say something of a copy")]
fn of_station(
    custody: &Custody,
    area_id: &AreaId,
    area: &Area,
    fire: &Fire<'_>,
    (station, contest): (&StationId, &ConstituencyId),
    bags: &[&ItemId],
) -> Survival {
    let acts = area.forms.get(&(station.clone(), contest.clone()));
    let mut acts: Vec<_> = custody.all_of(acts.into_iter().flatten()).collect();
    acts.sort_by_key(|(at, act)| (act.at(), *at));
    let mut counted: Option<&Counted> = None;
    let mut seen: BTreeMap<Copy, bool> = BTreeMap::new();
    let mut desks: BTreeSet<Desk> = BTreeSet::new();
    for (_, act) in &acts {
        match &act.event {
            Event::Counted(it) => counted = Some(it),
            Event::CopySeen(it) => {
                seen.insert(it.copy, it.there);
            }
            Event::FormRead(it) => {
                desks.insert(it.desk);
            }
            _ => {}
        }
    }
    let burns = |id: &ItemId| {
        let outer = custody.outermost(area_id, id);
        match custody.hold(area_id, &outer) {
            Some(Hold::Held { role, .. }) => fire.roles.contains(&role),
            Some(Hold::Offered(_) | Hold::Moving(_) | Hold::Inside(_) | Hold::Ended) | None => {
                false
            }
        }
    };
    let (bags_lost, bags_left): (Vec<ItemId>, Vec<ItemId>) =
        bags.iter().map(|id| (*id).clone()).partition(burns);
    let office_burns = !fire.roles.is_empty();
    let copies = Copy::ALL.iter().map(|copy| {
        let made = match copy {
            Copy::Wall => counted.is_some_and(|it| it.posted),
            Copy::PresidingOfficer => counted.is_some(),
            Copy::Agents => counted.is_some_and(|it| it.copies > 0),
            Copy::Packet => !bags.is_empty(),
            Copy::Image => counted.is_some_and(|it| !it.sheets.is_empty()),
            Copy::ReturningOffice => desks.contains(&Desk::Reception),
            Copy::Published => desks.contains(&Desk::Published),
        };
        let burns = match copy {
            Copy::Wall | Copy::PresidingOfficer | Copy::Agents | Copy::Published => false,
            Copy::Packet => bags_left.is_empty(),
            Copy::Image => !counted.is_some_and(|it| {
                it.sheets.iter().all(|sheet| (fire.image_elsewhere)(&sheet.sealed))
            }),
            Copy::ReturningOffice => office_burns,
        };
        let fate = match (seen.get(copy), made, burns) {
            (Some(false), ..) => Fate::Gone,
            (Some(true), _, false) | (None, true, false) => Fate::Survives,
            (Some(true), _, true) | (None, true, true) => Fate::Lost,
            (None, false, _) => Fate::Absent,
        };
        (*copy, fate)
    });
    Survival {
        station: station.clone(),
        contest: contest.clone(),
        copies: copies.collect(),
        bags_lost,
        bags_left,
    }
}
