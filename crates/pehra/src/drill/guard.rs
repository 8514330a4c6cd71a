//! Guards at their posts, as each presiding officer counts them when the station is ready (A6): those at the building, shared
//! among its stations, and the women among them where women vote.

use pehra_drill::day::{Code, Happening, Plan, What};
use pehra_ops::check_in::Counts;
use std::{collections::BTreeMap, sync::Arc};

/// Follows who stands at the buildings.
pub(super) struct Guards {
    plan: Arc<Plan>,
    /// Of each building those present, and the women among them.
    present: BTreeMap<u32, (u32, u32)>,
    /// What a station said, until it arrives.
    said: BTreeMap<u32, Counts>,
}

impl Guards {
    pub(super) fn new(plan: Arc<Plan>) -> Self {
        Self { plan, present: BTreeMap::new(), said: BTreeMap::new() }
    }

    pub(super) fn note(&mut self, happening: &Happening) {
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "the rest of what happens is no matter of guards"
        )]
        match &happening.what {
            What::GuardsPosted { building, present, women, .. } => {
                self.present.insert(*building, (*present, *women));
            }
            What::GuardsAbsent { building, count, .. } => self.miss(*building, *count),
            What::GuardLeft { building, .. } => self.miss(*building, 1),
            What::CheckInMade { station, code: Code::READY, .. } => {
                if let Some(counts) = self.counted(*station) {
                    self.said.insert(*station, counts);
                }
            }
            _ => {}
        }
    }

    /// What a station counted when it said that it was ready.
    pub(super) fn said(&mut self, station: u32) -> Option<Counts> {
        self.said.remove(&station)
    }

    fn miss(&mut self, building: u32, count: u32) {
        if let Some((present, women)) = self.present.get_mut(&building) {
            *present = present.saturating_sub(count);
            *women = (*women).min(*present);
        }
    }

    fn counted(&self, station: u32) -> Option<Counts> {
        let building = self.plan.stations.get(station as usize)?.building;
        let (present, women) = *self.present.get(&building)?;
        let all = self.plan.buildings.get(building as usize)?.stations;
        let vote =
            |at: &u32| self.plan.stations.get(*at as usize).is_some_and(|it| it.booths.women > 0);
        let hers: Vec<u32> = all.iter().filter(vote).collect();
        let first = share(present, all.iter().collect::<Vec<u32>>().as_slice(), station);
        let second = share(women, &hers, station);
        let short = |count: u32| Some(u16::try_from(count).unwrap_or(u16::MAX));
        Some(Counts { first: short(first), second: short(second.min(first)), third: None })
    }
}

/// Of so many, those at one of the stations: as equal as whole people can be.
fn share(count: u32, stations: &[u32], station: u32) -> u32 {
    let Some(place) = stations.iter().position(|at| *at == station) else { return 0 };
    let (all, place) = (
        u32::try_from(stations.len()).unwrap_or(u32::MAX).max(1),
        u32::try_from(place).unwrap_or(u32::MAX),
    );
    count / all + u32::from(place < count % all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guards_of_a_building_are_shared_among_its_stations_and_none_is_counted_twice() {
        for count in 0..9 {
            let shares = [7, 8, 9].map(|station| share(count, &[7, 8, 9], station));
            assert_eq!(shares.iter().sum::<u32>(), count, "{shares:?}");
            assert!(shares.iter().max().unwrap() - shares.iter().min().unwrap() <= 1);
        }
        assert_eq!(share(5, &[8], 7), 0, "it is none of them");
    }
}
