//! Every place has somebody of each tier who may lead.
//!
//! Leaders are few and at home somewhere, too. Which unit gives the one in charge of a place is a matching: places on
//! one side, leaders by unit and home on the other. Where somebody is missing, people of a unit that can spare a leader
//! change places with those who are there (see [`super::super::settle`]). What is still left is named, place by place in
//! the draw and in sum, with the reason, in the certificate; nobody without the rank leads quietly.
//!
//! A row of the list gives a place one who may stand there, and no more than it has. Whether the others of its unit can
//! then still stand where they are posted is looked at by the draw alone.

mod matching;

pub(in crate::allocate) use matching::Matching;

use super::super::input::AllocateInput;
use pehra_domain::{
    BuildingId, ConstituencyId, UnitId,
    force::{StaffKind, Tier},
    plan::{Plan, Relaxation},
    risk::RiskClass,
};
use std::collections::{BTreeMap, BTreeSet};

pub(in crate::allocate) const NOTE: &str = "At every place somebody of each tier leads who has the rank and the training for it, and is not at home there.";

/// Why a place has nobody who may lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::allocate) enum Without {
    /// All leaders of the tier lead elsewhere.
    NobodyLeft,
    /// Some are left, but none who may stand there.
    OutOfReach,
    /// Everybody there was pinned by hand.
    Pinned,
    /// Every exchange would break another rule, or cost more than an empty post.
    TooDear,
}

impl Without {
    fn text(self) -> &'static str {
        match self {
            Self::NobodyLeft => "all leaders of the tier lead elsewhere",
            Self::OutOfReach => "no leader of the tier who is left may go there",
            Self::Pinned => "everybody there was pinned by hand",
            Self::TooDear => {
                "every exchange would break another rule or cost more than an empty post"
            }
        }
    }
}

/// The places that nobody may lead, if there are any. Units whose people nobody listed lead as they please.
pub(in crate::allocate) fn relaxation(
    input: &AllocateInput,
    plan: &Plan,
    reasons: &BTreeMap<Without, u64>,
) -> Option<Relaxation> {
    let count = without(input, plan);
    let reasons: Vec<String> =
        reasons.iter().map(|(reason, count)| format!("{count}: {}", reason.text())).collect();
    (count > 0).then(|| Relaxation {
        rule: "leader".to_owned(),
        count,
        text: format!(
            "{count} places and tiers have nobody who may lead ({}): train head constables in M6, or send some from elsewhere.",
            reasons.join("; ")
        ),
    })
}

fn without(input: &AllocateInput, plan: &Plan) -> u64 {
    let rows = Rows::new(input);
    let mut places: BTreeMap<(&BuildingId, Tier), Vec<(&UnitId, StaffKind)>> = BTreeMap::new();
    for posting in &plan.postings {
        let place = places.entry((&posting.building, posting.kind.tier())).or_default();
        place.push((&posting.unit, posting.kind));
    }
    let mut matching = Matching::new(rows.leaders());
    let mut without = 0;
    for ((building, _), units) in places {
        let Some(able) = rows.able(&rows.here(building), &units) else { continue };
        without += u64::from(!matching.add(able));
    }
    without
}

/// What of a place decides who may lead there.
pub(in crate::allocate) struct Here<'a> {
    contests: Vec<&'a ConstituencyId>,
    most: bool,
}

/// Who may lead which places, by row of the list of homes.
pub(in crate::allocate) struct Rows<'a> {
    input: &'a AllocateInput,
    contests: BTreeMap<&'a BuildingId, Vec<&'a ConstituencyId>>,
    /// Where training is asked for.
    most: BTreeSet<&'a BuildingId>,
    of: BTreeMap<&'a UnitId, BTreeMap<StaffKind, Vec<usize>>>,
}

impl<'a> Rows<'a> {
    pub(in crate::allocate) fn new(input: &'a AllocateInput) -> Self {
        let mut rows =
            Self { input, contests: BTreeMap::new(), most: BTreeSet::new(), of: BTreeMap::new() };
        for station in &input.stations {
            rows.contests.entry(&station.building).or_default().extend(&station.contests);
            if input.rules.training && station.class == RiskClass::Most {
                rows.most.insert(&station.building);
            }
        }
        for contests in rows.contests.values_mut() {
            contests.sort_unstable();
            contests.dedup();
        }
        for (number, row) in input.homes.iter().enumerate() {
            rows.of.entry(&row.unit).or_default().entry(row.kind).or_default().push(number);
        }
        rows
    }

    pub(in crate::allocate) fn leaders(&self) -> Vec<u32> {
        self.input.homes.iter().map(|row| row.leaders).collect()
    }

    /// The rows of a unit's kind; none where nobody listed its people.
    pub(in crate::allocate) fn of(&self, unit: &UnitId, kind: StaffKind) -> Option<&[usize]> {
        self.of.get::<UnitId>(unit)?.get(&kind).map(Vec::as_slice)
    }

    pub(in crate::allocate) fn here(&self, building: &BuildingId) -> Here<'a> {
        let contests = self.contests.get(building).cloned().unwrap_or_default();
        Here { contests, most: self.most.contains(building) }
    }

    pub(in crate::allocate) fn leads(&self, row: usize) -> bool {
        self.input.homes[row].leaders > 0
    }

    /// Whether somebody of a row may lead at a place: not at home there, and trained where that is asked for.
    pub(in crate::allocate) fn may_lead(&self, row: usize, here: &Here<'_>) -> bool {
        let row = &self.input.homes[row];
        let home = row.home.iter().any(|seat| here.contests.contains(&seat));
        row.leaders > 0 && !home && (row.most_sensitive || !here.most)
    }

    /// The rows that may lead those of a tier at a place; nothing where people stand whom nobody listed. Women search;
    /// they lead where nobody else stands.
    pub(in crate::allocate) fn able(
        &self,
        here: &Here<'_>,
        units: &[(&UnitId, StaffKind)],
    ) -> Option<Vec<usize>> {
        let woman = |kind: StaffKind| kind == StaffKind::PoliceWoman;
        let others = units.iter().any(|&(_, kind)| !woman(kind));
        let mut able = Vec::new();
        for &(unit, kind) in units.iter().filter(|&&(_, kind)| !(others && woman(kind))) {
            able.extend(self.of(unit, kind)?.iter().filter(|&&row| self.may_lead(row, here)));
        }
        Some(able)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::allocate::{Rules, tests::*};
    use pehra_domain::{force::HomeCount, station::StationKind};

    #[test]
    fn places_without_anybody_who_may_lead_are_counted() {
        // leaders at home in the first seat, in the second, nowhere → places of two that nobody leads
        let table = [
            ((0, 0, 0), 2),
            ((0, 0, 1), 1),
            ((0, 0, 2), 0),
            ((1, 0, 0), 1),
            ((2, 0, 0), 1),
            ((1, 1, 0), 0),
        ];
        for ((first, second, nowhere), want) in table {
            let seat = |number: u32| ConstituencyId::try_new(format!("NA-{number}")).unwrap();
            let mut input = one(RiskClass::Normal, StationKind::Men);
            input.buildings.push(building("B-2", "pk/sindh/a", 3.0));
            input.stations.push(station("S-2", "B-2", RiskClass::Normal, StationKind::Men));
            input.stations[0].contests = vec![seat(1)];
            input.stations[1].contests = vec![seat(2)];
            input.units = vec![unit("police", Tier::Police, "pk/sindh/a", 1.0, (30, 0))];
            let row = |home: Vec<ConstituencyId>, leaders| HomeCount {
                unit: unit_id("police"),
                kind: StaffKind::PoliceMan,
                home,
                count: 10,
                leaders,
                most_sensitive: true,
            };
            input.homes =
                vec![row(vec![seat(1)], first), row(vec![seat(2)], second), row(vec![], nowhere)];
            input.rules = Rules { leaders: true, ..Rules::NONE };
            let bent = solve(&input).certificate.relaxations;
            let count = bent.iter().find(|bent| bent.rule == "leader").map_or(0, |bent| bent.count);
            assert_eq!(count, want, "{first} {second} {nowhere}");
        }
    }
}
