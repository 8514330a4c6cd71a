//! Rooms and trainers for the imagined nation. All figures are assumed: no list of rooms, seats or trainers by district was
//! published.

use super::{Part, place_in, stream};
use pehra_domain::{
    AreaId, Date, PersonId,
    force::{Tier, Unit},
    id::IdError,
    member::Modules,
    training::{Trainer, Venue},
};
use std::collections::BTreeMap;

/// Days before the poll on which rooms are open, Sundays aside.
const DAYS: i32 = 30;
const SUNDAY: u8 = 6;
const HOURS_DAY: u8 = 6;
/// So many people of a district share one room.
const PEOPLE_A_ROOM: u32 = 600;
const SEATS_LEAST: u64 = 30;
const SEATS_MORE: u64 = 31;
/// Trainers for each room; of four, one is a woman.
const TRAINERS_A_ROOM: u64 = 3;
/// Trained by everybody: law, drill, force. Of the others each trainer knows every second.
const BASE: [u8; 3] = [1, 2, 3];

/// Rooms at the places of police units, and trainers beside them.
///
/// # Errors
/// [`IdError`] when a district's name leaves no room for a number.
pub fn rooms_and_trainers(
    units: &[Unit],
    election: Date,
    seed: u64,
) -> Result<(Vec<Venue>, Vec<Trainer>), IdError> {
    let mut districts: BTreeMap<&AreaId, Vec<&Unit>> = BTreeMap::new();
    for unit in units {
        districts.entry(&unit.district).or_default().push(unit);
    }
    let (mut venues, mut trainers) = (Vec::new(), Vec::new());
    for (index, (district, units)) in districts.into_iter().enumerate() {
        let mut chance = stream(seed, Part::Training, index);
        let people: u32 = units.iter().map(|unit| unit.men + unit.women).sum();
        let police: Vec<&Unit> =
            units.iter().copied().filter(|unit| unit.tier == Tier::Police).collect();
        let hosts = if police.is_empty() { &units } else { &police };
        for room in 0..people.div_ceil(PEOPLE_A_ROOM) {
            let host = place_in(chance.below(super::wide(hosts.len())));
            let Some(point) = hosts.get(host).map(|unit| unit.point) else { continue };
            let seats = u32::try_from(SEATS_LEAST + chance.below(SEATS_MORE)).unwrap_or(0);
            let open = (1..=DAYS).rev().map(|days| election.plus_days(-days));
            let name = format!("{}-{}", district.name(), room + 1);
            venues.push(Venue {
                id: PersonId::try_new(format!("V-{name}"))?.as_str().to_owned(),
                name: format!("Room {}, {}", room + 1, district.name()),
                district: district.clone(),
                point,
                seats,
                hours_day: HOURS_DAY,
                open: open.filter(|date| date.weekday() != SUNDAY).collect(),
            });
            for trainer in 0..TRAINERS_A_ROOM {
                let extra = Modules(u16::try_from(chance.below(1 << 13)).unwrap_or(0));
                trainers.push(Trainer {
                    number: PersonId::try_new(format!("T-{name}-{}", trainer + 1))?,
                    woman: chance.below(4) == 0,
                    modules: Modules::of(&BASE).and(extra),
                    district: district.clone(),
                    point,
                    hours_day: HOURS_DAY,
                    free: Vec::new(),
                });
            }
        }
    }
    venues.sort_by(|a, b| a.id.cmp(&b.id));
    trainers.sort_by(|a, b| a.number.cmp(&b.number));
    Ok((venues, trainers))
}

#[cfg(test)]
mod tests {
    use super::*;
    use pehra_domain::{Point, UnitId};

    #[test]
    fn rooms_are_open_on_working_days_of_the_month_before_and_have_trainers() {
        let unit = |name: &str, tier, men, lat| Unit {
            id: UnitId::try_new(name).unwrap(),
            name: name.to_owned(),
            tier,
            district: AreaId::nation().below("Sindh").below("Thatta"),
            point: Point::try_from_degrees(lat, 67.9).unwrap(),
            men,
            women: 0,
            vehicles: 0,
            seats: 0,
            window: None,
            reserve: 0,
            home: None,
        };
        let units = [unit("U-1", Tier::Police, 1_000, 24.7), unit("U-2", Tier::Army, 300, 24.9)];
        let poll = Date::parse("2024-02-08").unwrap();
        let (venues, trainers) = rooms_and_trainers(&units, poll, 7).unwrap();
        assert_eq!((venues.len(), trainers.len()), (3, 9));
        for venue in &venues {
            assert_eq!(venue.point, units[0].point, "the army gives no room");
            assert!((30..=60).contains(&venue.seats));
            let (first, last) = (venue.open.first().unwrap(), venue.open.last().unwrap());
            assert_eq!(
                (first.to_string(), last.to_string()),
                ("2024-01-09".into(), "2024-02-07".into())
            );
            // 14, 21 and 28 January and 4 February were Sundays.
            assert_eq!(venue.open.len(), 26);
            assert!(!venue.open.contains(&Date::parse("2024-01-14").unwrap()));
        }
        assert!(trainers.iter().all(|one| one.modules.includes(Modules::of(&BASE))));
        assert_eq!(rooms_and_trainers(&units, poll, 7).unwrap().0, venues);
    }
}
