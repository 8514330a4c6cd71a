//! Every place has somebody of each tier who may lead.
//!
//! Leaders are few and at home somewhere, too. Which unit gives the one in charge of a place is a matching: places on
//! one side, leaders by unit and home on the other. What cannot be matched is named, place by place in the draw and in
//! sum in the certificate; nobody without the rank leads quietly.

use super::super::input::AllocateInput;
use pehra_domain::{
    BuildingId, ConstituencyId, UnitId,
    force::{HomeCount, StaffKind, Tier},
    plan::{Plan, Relaxation},
};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

pub(in crate::allocate) const NOTE: &str = "At every place somebody of each tier leads who has the rank and the training for it, and is not at home there.";

/// The places that nobody may lead, if there are any. Units whose people nobody listed lead as they please.
pub(in crate::allocate) fn relaxation(input: &AllocateInput, plan: &Plan) -> Option<Relaxation> {
    let count = without(input, plan);
    (count > 0).then(|| Relaxation {
        rule: "leader".to_owned(),
        count,
        text: format!(
            "{count} places and tiers have nobody who may lead: train head constables in M6, or send some from elsewhere."
        ),
    })
}

fn without(input: &AllocateInput, plan: &Plan) -> u64 {
    let mut contests: BTreeMap<&BuildingId, BTreeSet<&ConstituencyId>> = BTreeMap::new();
    for station in &input.stations {
        contests.entry(&station.building).or_default().extend(&station.contests);
    }
    let mut leaders: BTreeMap<(&UnitId, StaffKind), Vec<usize>> = BTreeMap::new();
    for (number, row) in input.homes.iter().enumerate() {
        leaders.entry((&row.unit, row.kind)).or_default().push(number);
    }
    let mut places: BTreeMap<(&BuildingId, Tier), Vec<(&UnitId, StaffKind)>> = BTreeMap::new();
    for posting in &plan.postings {
        // Women search; they lead where nobody else stands.
        let place = places.entry((&posting.building, posting.kind.tier())).or_default();
        place.push((&posting.unit, posting.kind));
    }
    let none = BTreeSet::new();
    let mut matching = Matching::new(&input.homes);
    let mut without = 0;
    for ((building, _), mut units) in places {
        if units.iter().any(|(_, kind)| *kind != StaffKind::PoliceWoman) {
            units.retain(|(_, kind)| *kind != StaffKind::PoliceWoman);
        }
        if units.iter().any(|unit| !leaders.contains_key(unit)) {
            continue;
        }
        let here = contests.get(building).unwrap_or(&none);
        let able = units
            .iter()
            .filter_map(|unit| leaders.get(unit))
            .flatten()
            .copied()
            .filter(|&row| !input.homes[row].home.iter().any(|seat| here.contains(seat)))
            .collect();
        without += u64::from(!matching.add(able));
    }
    without
}

/// Places matched to leaders, one at a time.
struct Matching {
    free: Vec<u32>,
    /// Leaders from whom no free one can be reached, now or ever.
    dead: Vec<bool>,
    /// By place: the rows that may lead it, and the one that does.
    able: Vec<Vec<usize>>,
    led: Vec<Vec<usize>>,
}

impl Matching {
    fn new(rows: &[HomeCount]) -> Self {
        Self {
            free: rows.iter().map(|row| row.leaders).collect(),
            dead: vec![false; rows.len()],
            able: Vec::new(),
            led: vec![Vec::new(); rows.len()],
        }
    }

    /// Finds a leader for one more place, moving others on where that helps (a shortest alternating path).
    fn add(&mut self, able: Vec<usize>) -> bool {
        let place = self.able.len();
        self.able.push(able);
        // Over which place a row was reached, and which row leads that place now.
        let mut reached: BTreeMap<usize, (usize, Option<usize>)> = BTreeMap::new();
        let mut queue = VecDeque::from([(place, None)]);
        while let Some((at, leader)) = queue.pop_front() {
            for &row in &self.able[at] {
                if self.dead[row] || reached.contains_key(&row) {
                    continue;
                }
                reached.insert(row, (at, leader));
                if self.free[row] > 0 {
                    self.free[row] -= 1;
                    self.hand_on(row, &reached);
                    return true;
                }
                queue.extend(self.led[row].iter().map(|&place| (place, Some(row))));
            }
        }
        for row in reached.into_keys() {
            self.dead[row] = true;
        }
        false
    }

    fn hand_on(&mut self, free: usize, reached: &BTreeMap<usize, (usize, Option<usize>)>) {
        let mut row = free;
        while let Some(&(place, before)) = reached.get(&row) {
            self.led[row].push(place);
            let Some(before) = before else { return };
            self.led[before].retain(|&led| led != place);
            row = before;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::allocate::{Rules, tests::*};
    use pehra_domain::{risk::RiskClass, station::StationKind};

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

    #[test]
    fn somebody_leads_elsewhere_when_that_frees_a_leader() {
        let row = |leaders| HomeCount {
            unit: unit_id("police"),
            kind: StaffKind::PoliceMan,
            home: Vec::new(),
            count: 1,
            leaders,
            most_sensitive: true,
        };
        let mut matching = Matching::new(&[row(1), row(1), row(1)]);
        assert!(matching.add(vec![0, 1]));
        assert!(matching.add(vec![0, 2]));
        assert!(matching.add(vec![0]), "the first two move on to the others");
        assert!(!matching.add(vec![0, 1, 2]));
        assert!(!matching.add(vec![1]));
    }
}
