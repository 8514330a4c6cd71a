//! Which team drives which tour when: several trips a team, escorts shared by all.

/// A tour that waits for a team.
pub trait Trip {
    /// Earliest sensible departure.
    fn ready_s(&self) -> u32;
    /// Home time for a departure; never before it, and not earlier for a later departure.
    fn home_s(&self, depart_s: u32) -> u32;
}

/// When a tour leaves and who drives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Place in the list of trips.
    pub trip: usize,
    pub team: u32,
    /// The team's first, second … trip, from 1.
    pub number: u32,
    pub depart_s: u32,
    pub home_s: u32,
}

/// How many teams can be on the road at once.
#[must_use]
pub fn teams(vehicles: u32, escorts: u32, escorts_per_team: u32) -> u32 {
    vehicles.min(escorts.checked_div(escorts_per_team).unwrap_or(vehicles))
}

/// Gives every trip to the team that is free first: ready trips in order of readiness, the longer first among
/// equals. A team needs `turn_s` between home and departure; `put_off(trip)` delays a departure. In order of
/// departure. Nothing is given when there is no team.
pub fn assign(
    trips: &[impl Trip],
    teams: u32,
    open_s: u32,
    turn_s: u32,
    put_off: impl Fn(usize) -> u32,
) -> Vec<Slot> {
    if teams == 0 {
        return Vec::new();
    }
    let mut order: Vec<usize> = (0..trips.len()).collect();
    let length = |trip: usize| {
        let ready = trips[trip].ready_s();
        trips[trip].home_s(ready).saturating_sub(ready)
    };
    order.sort_by_key(|&trip| (trips[trip].ready_s(), std::cmp::Reverse(length(trip)), trip));
    let mut free: Vec<(u32, u32)> = vec![(open_s, 0); teams as usize];
    let mut slots = Vec::with_capacity(trips.len());
    for trip in order {
        let Some(team) = (0..free.len()).min_by_key(|&team| (free[team], team)) else { break };
        let (at_s, done) = free[team];
        let depart_s = at_s.max(trips[trip].ready_s()).saturating_add(put_off(trip));
        let home_s = trips[trip].home_s(depart_s);
        free[team] = (home_s.saturating_add(turn_s), done + 1);
        let team = u32::try_from(team).unwrap_or(u32::MAX);
        slots.push(Slot { trip, team, number: done + 1, depart_s, home_s });
    }
    slots.sort_by_key(|slot| (slot.depart_s, slot.team));
    slots
}

/// Fewest teams with which [`assign`] has everything home by `close_s`; none when even a team for each trip is too few.
pub fn teams_needed(
    trips: &[impl Trip],
    open_s: u32,
    turn_s: u32,
    close_s: u32,
    put_off: impl Fn(usize) -> u32,
) -> Option<u32> {
    let in_time = |teams: u32| {
        assign(trips, teams, open_s, turn_s, &put_off).iter().all(|slot| slot.home_s <= close_s)
    };
    let most = u32::try_from(trips.len()).ok()?;
    if trips.is_empty() || !in_time(most) {
        return trips.is_empty().then_some(0);
    }
    // List scheduling is not monotone in the number of teams, so every smaller number is tried.
    (1..=most).find(|&teams| in_time(teams))
}

#[cfg(test)]
mod tests {
    use super::*;
    use pehra_domain::seed::Seed;

    struct Plain(u32, u32);

    impl Trip for Plain {
        fn ready_s(&self) -> u32 {
            self.0
        }
        fn home_s(&self, depart_s: u32) -> u32 {
            depart_s + self.1
        }
    }

    #[test]
    fn no_team_is_in_two_places_and_every_trip_is_driven_once() {
        let mut chance = Seed::new(4);
        let mut draw = |most: u64| u32::try_from(chance.below(most)).unwrap();
        for _ in 0..300 {
            let count = draw(30);
            let trips: Vec<Plain> = (0..count).map(|_| Plain(draw(500), 1 + draw(300))).collect();
            let (teams, turn) = (1 + draw(5), draw(40));
            let slots = assign(&trips, teams, 100, turn, |trip| u32::try_from(trip % 7).unwrap());
            let mut driven: Vec<usize> = slots.iter().map(|slot| slot.trip).collect();
            driven.sort_unstable();
            assert_eq!(driven, (0..trips.len()).collect::<Vec<_>>());
            for (place, a) in slots.iter().enumerate() {
                assert!(a.depart_s >= 100.max(trips[a.trip].0) && a.team < teams);
                for b in &slots[place + 1..] {
                    assert!(a.team != b.team || a.home_s + turn <= b.depart_s, "{a:?} {b:?}");
                }
            }
        }
    }

    #[test]
    fn the_teams_needed_are_the_fewest_that_are_home_in_time() {
        let trips: Vec<Plain> = [60, 50, 40, 30, 20].map(|length| Plain(0, length)).into();
        assert_eq!(teams_needed(&trips, 0, 0, 110, |_| 0), Some(2));
        assert_eq!(teams_needed(&trips, 0, 0, 100, |_| 0), Some(3));
        assert_eq!(teams_needed(&trips, 0, 0, 60, |_| 0), Some(4));
        assert_eq!(teams_needed(&trips, 0, 0, 59, |_| 0), None);
        assert_eq!(teams_needed(&[] as &[Plain], 0, 0, 0, |_| 0), Some(0));
    }

    #[test]
    fn escorts_limit_the_teams() {
        assert_eq!(teams(10, 24, 6), 4);
        assert_eq!(teams(3, 24, 6), 3);
        assert_eq!(teams(3, 5, 6), 0);
        assert_eq!(teams(3, 0, 0), 3);
    }
}
