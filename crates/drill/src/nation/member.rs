//! The people of the units, for the draw: imagined one by one, true to the units' strengths.

use super::{place_in, wide};
use pehra_domain::{
    AreaId, ConstituencyId, PersonId,
    force::{StaffKind, Unit},
    id::IdError,
    member::{Grade, Member, Modules},
    seed::Seed,
};
use std::collections::BTreeMap;

/// All shares are assumed: no count of ranks, homes or training by unit was published.
const GRADES_PERMILLE: [(u64, u8); 5] = [(780, 1), (140, 2), (50, 3), (20, 4), (10, 5)];
/// At home in a seat of the unit's own district; all others elsewhere.
const AT_HOME_PERMILLE: u64 = 700;
/// Passed law and code (M1) and the drill of the day (M2).
const TRAINED_PERMILLE: u64 = 960;
/// Passed bombs and cordon (M7).
const BOMBS_PERMILLE: u64 = 600;
/// Women who passed searching (M4).
const SEARCHER_PERMILLE: u64 = 950;
/// Senior people who passed reports and radio (M6).
const LEADER_PERMILLE: u64 = 950;
/// On leave, sick, or relatives of a candidate.
const EXCLUDED_PERMILLE: u64 = 15;

/// Everybody of the units, in their order: service numbers are the unit's id and a number.
///
/// # Errors
/// [`IdError`] when a unit's id leaves no room for a number.
pub fn members(
    units: &[Unit],
    seats: &BTreeMap<AreaId, Vec<ConstituencyId>>,
    seed: u64,
) -> Result<Vec<Member>, IdError> {
    let mut all = Vec::new();
    for (index, unit) in units.iter().enumerate() {
        let mut chance = super::stream(seed, super::Part::Member, index);
        let here = seats.get(&unit.district).map_or(&[][..], Vec::as_slice);
        for number in 0..unit.men + unit.women {
            let woman = number >= unit.men;
            all.push(member(unit, number + 1, woman, here, &mut chance)?);
        }
    }
    Ok(all)
}

fn member(
    unit: &Unit,
    number: u32,
    woman: bool,
    seats: &[ConstituencyId],
    chance: &mut Seed,
) -> Result<Member, IdError> {
    let kind = StaffKind::ALL
        .into_iter()
        .find(|kind| {
            kind.tier() == unit.tier
                && (*kind == StaffKind::PoliceWoman)
                    == (woman && unit.tier == pehra_domain::force::Tier::Police)
        })
        .unwrap_or(StaffKind::PoliceMan);
    let mut share = |permille: u64| chance.below(1_000) < permille;
    let mut modules =
        if share(TRAINED_PERMILLE) { Modules::of(&[1, 2]) } else { Modules::of(&[1]) };
    if share(BOMBS_PERMILLE) {
        modules = modules.and(Modules::of(&[7]));
    }
    if woman && share(SEARCHER_PERMILLE) {
        modules = modules.and(Modules::of(&[4]));
    }
    let excluded = if share(EXCLUDED_PERMILLE) { "on leave" } else { "" };
    let at_home = share(AT_HOME_PERMILLE);
    let senior = share(LEADER_PERMILLE);
    let mut draw = chance.below(1_000);
    let mut grade = 1;
    for (permille, named) in GRADES_PERMILLE {
        grade = named;
        if draw < permille {
            break;
        }
        draw -= permille;
    }
    if grade >= 2 && senior {
        modules = modules.and(Modules::of(&[6]));
    }
    let seat = place_in(chance.below(wide(seats.len())));
    let home = seats.get(seat).filter(|_| at_home);
    Ok(Member {
        number: PersonId::try_new(format!("{}-{number:04}", unit.id))?,
        unit: unit.id.clone(),
        kind,
        grade: Grade(grade),
        home: home.into_iter().cloned().collect(),
        modules,
        excluded: excluded.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use pehra_domain::{Point, UnitId, force::Tier};

    #[test]
    fn everybody_of_a_unit_is_there_and_nobody_else() {
        let unit = |id: &str, tier, men, women| Unit {
            id: UnitId::try_new(id).unwrap(),
            name: id.to_owned(),
            tier,
            district: AreaId::nation(),
            point: Point::try_from_degrees(30.0, 70.0).unwrap(),
            men,
            women,
            vehicles: 1,
            seats: 6,
            window: None,
            reserve: 0,
            home: None,
        };
        let units = [unit("SYN-A", Tier::Police, 400, 100), unit("SYN-B", Tier::Army, 300, 0)];
        let seat = ConstituencyId::try_new("NA-1").unwrap();
        let seats = BTreeMap::from([(AreaId::nation(), vec![seat])]);
        let people = members(&units, &seats, 7).unwrap();
        let count = |kind| {
            super::super::narrow(people.iter().filter(|one| one.kind == kind).count() as u64)
        };
        assert_eq!(count(StaffKind::PoliceMan), 400);
        assert_eq!(count(StaffKind::PoliceWoman), 100);
        assert_eq!(count(StaffKind::Army), 300);
        assert!(people.iter().all(|one| one.number.as_str().starts_with("SYN-")));
        let home = people.iter().filter(|one| !one.home.is_empty()).count();
        assert!((480..640).contains(&home), "seven in ten, not {home} of 800");
        assert_eq!(members(&units, &seats, 7).unwrap(), people, "the same seed, the same people");
    }
}
