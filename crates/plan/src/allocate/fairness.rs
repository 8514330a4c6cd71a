//! Whether a plan treats places alike: how many of the posts due are filled, by province, town or country, and sort of
//! station, among places of the same class.
//!
//! A class decides how many are due, so places are compared within a class only. The figures say what is; whether a
//! difference has a reason (terrain, homes, who volunteered) is for people to say in public.

use super::AllocateInput;
use pehra_domain::{
    AreaId, BuildingId, force::StaffKind, plan::Plan, risk::RiskClass, station::StationKind,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// By what places are compared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "by", content = "name")]
pub enum Group {
    Province(AreaId),
    /// Districts in which at least half of the adults live in towns.
    Town,
    Country,
    /// Places with a women's station, and all others.
    Women,
    NoWomen,
}

/// One group of places of one class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FairLine {
    pub group: Group,
    pub class: RiskClass,
    pub places: u64,
    pub due: u64,
    pub posted: u64,
    pub women_due: u64,
    pub women_posted: u64,
    /// Posts filled of those due in thousandths, and how much that is below the whole class (negative) or above.
    pub filled_permille: u32,
    pub against_class_permille: i32,
}

/// Compares places within each class, in order of group and class. Only places with stations count; a group of which
/// nobody knows whether it is town or country is left out there. `town` says so of a district.
#[must_use]
pub fn fairness(
    plan: &Plan,
    input: &AllocateInput,
    town: &dyn Fn(&AreaId) -> Option<bool>,
) -> Vec<FairLine> {
    let mut places: BTreeMap<&BuildingId, (RiskClass, bool)> = BTreeMap::new();
    for station in &input.stations {
        let place = places.entry(&station.building).or_insert((station.class, false));
        place.0 = place.0.max(station.class);
        place.1 |= station.kind == StationKind::Women;
    }
    let districts: BTreeMap<&BuildingId, &AreaId> =
        input.buildings.iter().map(|building| (&building.id, &building.district)).collect();
    let mut sums: BTreeMap<(Group, RiskClass), Sum> = BTreeMap::new();
    let mut classes: BTreeMap<RiskClass, Sum> = BTreeMap::new();
    let mut before = None;
    for need in &plan.needs {
        let (Some(&(class, women)), Some(&district)) =
            (places.get(&need.building), districts.get(&need.building))
        else {
            continue;
        };
        let first = before.replace(&need.building) != Some(&need.building);
        let mut one = Sum {
            places: u64::from(first),
            due: u64::from(need.need),
            posted: u64::from(need.posted),
            ..Sum::default()
        };
        if need.kind == StaffKind::PoliceWoman {
            (one.women_due, one.women_posted) = (one.due, one.posted);
        }
        let groups = [
            district.province().map(Group::Province),
            town(district).map(|town| if town { Group::Town } else { Group::Country }),
            Some(if women { Group::Women } else { Group::NoWomen }),
        ];
        for group in groups.into_iter().flatten() {
            sums.entry((group, class)).or_default().add(one);
        }
        classes.entry(class).or_default().add(one);
    }
    sums.into_iter()
        .map(|((group, class), sum)| {
            let whole = classes.get(&class).map_or(0, Sum::filled_permille);
            let filled_permille = sum.filled_permille();
            FairLine {
                group,
                class,
                places: sum.places,
                due: sum.due,
                posted: sum.posted,
                women_due: sum.women_due,
                women_posted: sum.women_posted,
                filled_permille,
                against_class_permille: difference(filled_permille, whole),
            }
        })
        .collect()
}

/// The lines that are further below their class than this.
pub fn behind(lines: &[FairLine], permille: u32) -> impl Iterator<Item = &FairLine> {
    lines.iter().filter(move |line| {
        line.against_class_permille < 0 && line.against_class_permille.unsigned_abs() > permille
    })
}

fn difference(one: u32, other: u32) -> i32 {
    // Both lie between 0 and 1,000.
    i32::try_from(one).unwrap_or(0) - i32::try_from(other).unwrap_or(0)
}

#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    places: u64,
    due: u64,
    posted: u64,
    women_due: u64,
    women_posted: u64,
}

impl Sum {
    fn add(&mut self, other: Self) {
        self.places += other.places;
        self.due += other.due;
        self.posted += other.posted;
        self.women_due += other.women_due;
        self.women_posted += other.women_posted;
    }

    /// Everything is filled where nothing is due.
    fn filled_permille(&self) -> u32 {
        let permille = (self.posted * 1_000).checked_div(self.due).unwrap_or(1_000);
        u32::try_from(permille.min(1_000)).unwrap_or(1_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::allocate::tests::*;
    use pehra_domain::force::Tier;

    #[test]
    fn places_are_compared_within_their_class_only() {
        use RiskClass::{Most, Normal};
        let mut input = empty();
        // Eight places: two provinces × two classes × town or country; four police each are due at a normal one in Sindh.
        for (number, (district, class)) in [
            ("pk/sindh/town", Normal),
            ("pk/sindh/country", Normal),
            ("pk/punjab/town", Normal),
            ("pk/punjab/country", Normal),
            ("pk/sindh/town", Most),
            ("pk/punjab/country", Most),
        ]
        .into_iter()
        .enumerate()
        {
            let name = format!("B-{number}");
            let km = if district.contains("punjab") { 900.0 } else { 0.0 };
            input.buildings.push(building(&name, district, km));
            let kind = if number == 0 { StationKind::Women } else { StationKind::Men };
            input.stations.push(station(&format!("S-{number}"), &name, class, kind));
        }
        // Enough in Sindh, half of what is due in Punjab, and no journey between them pays.
        input.weights.missing = [1_000, 2_000, 3_000];
        input.units = vec![
            unit("s", Tier::Police, "pk/sindh/town", 0.0, (40, 9)),
            unit("p", Tier::Police, "pk/punjab/town", 900.0, (8, 0)),
        ];
        let plan = solve(&input);
        let town = |area: &AreaId| Some(area.name() == "town");
        let lines = fairness(&plan, &input, &town);
        let line = |group: &Group, class| {
            lines.iter().find(|line| line.group == *group && line.class == class)
        };
        let sindh = line(&Group::Province(area("pk/sindh")), Normal).unwrap();
        assert_eq!((sindh.places, sindh.due, sindh.posted), (2, 8, 8));
        assert_eq!((sindh.women_due, sindh.women_posted, sindh.filled_permille), (2, 2, 1_000));
        let punjab = line(&Group::Province(area("pk/punjab")), Most).unwrap();
        assert!(punjab.filled_permille < 1_000 && punjab.against_class_permille < 0, "{punjab:?}");
        assert_eq!(line(&Group::Women, Most), None, "no such place");
        assert_eq!(line(&Group::Women, Normal).unwrap().filled_permille, 1_000);
        // Every grouping counts every place once.
        for groups in [[Group::Town, Group::Country], [Group::Women, Group::NoWomen]] {
            let due: u64 = lines.iter().filter(|l| groups.contains(&l.group)).map(|l| l.due).sum();
            assert_eq!(due, plan.needs.iter().map(|n| u64::from(n.need)).sum::<u64>());
        }
        let told: Vec<&FairLine> = behind(&lines, 0).collect();
        assert!(told.iter().all(|line| line.filled_permille < 1_000) && !told.is_empty());
        // Where nobody knows what is town, that comparison is left out and the others stay.
        let fewer = fairness(&plan, &input, &|_| None);
        assert!(fewer.iter().all(|line| !matches!(line.group, Group::Town | Group::Country)));
        assert!(fewer.contains(sindh));
    }

    #[test]
    fn where_nothing_is_due_nothing_is_missing() {
        assert_eq!(Sum::default().filled_permille(), 1_000);
        assert_eq!(Sum { due: 3, posted: 1, ..Sum::default() }.filled_permille(), 333);
        assert!(fairness(&solve(&empty()), &empty(), &|_| None).is_empty());
    }
}
