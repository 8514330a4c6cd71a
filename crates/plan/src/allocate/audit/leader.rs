//! Places that nobody may lead, counted from the postings: as many as can be are given one who may lead.

use super::Look;
use pehra_domain::{
    BuildingId, UnitId,
    force::{StaffKind, Tier},
    risk::RiskClass,
};
use std::collections::{BTreeMap, BTreeSet};

impl Look<'_> {
    pub(super) fn without_leader(&self) -> u64 {
        let mut listed: BTreeMap<(&UnitId, StaffKind), Vec<usize>> = BTreeMap::new();
        for (number, row) in self.input.homes.iter().enumerate() {
            listed.entry((&row.unit, row.kind)).or_default().push(number);
        }
        let mut men: BTreeSet<(&BuildingId, Tier)> = BTreeSet::new();
        for posting in &self.plan.postings {
            if posting.kind != StaffKind::PoliceWoman {
                men.insert((&posting.building, posting.kind.tier()));
            }
        }
        let none = BTreeSet::new();
        // Nothing where somebody stands whom nobody listed.
        let mut places: BTreeMap<(&BuildingId, Tier), Option<Vec<usize>>> = BTreeMap::new();
        for posting in &self.plan.postings {
            let key = (&posting.building, posting.kind.tier());
            if posting.kind == StaffKind::PoliceWoman && men.contains(&key) {
                continue;
            }
            let place = places.entry(key).or_insert(Some(Vec::new()));
            let Some(rows) = listed.get(&(&posting.unit, posting.kind)) else {
                *place = None;
                continue;
            };
            let contests = self.contests.get(&posting.building).unwrap_or(&none);
            let asks = self.input.rules.training
                && self.class.get(&posting.building) == Some(&RiskClass::Most);
            let may = rows.iter().copied().filter(|&row| {
                let row = &self.input.homes[row];
                let trained = row.most_sensitive || !asks;
                trained && !row.home.iter().any(|seat| contests.contains(seat))
            });
            if let Some(place) = place {
                place.extend(may);
            }
        }
        let places: Vec<Vec<usize>> = places.into_values().flatten().collect();
        let leaders = self.input.homes.iter().map(|row| row.leaders).collect();
        (places.len() - most_led(&places, leaders)) as u64
    }
}

/// The most places that can be led at once: depth first, a row once between two places that gain a leader.
pub(super) fn most_led(places: &[Vec<usize>], mut left: Vec<u32>) -> usize {
    let mut leads: Vec<Vec<usize>> = vec![Vec::new(); left.len()];
    let mut seen = vec![0_usize; left.len()];
    let mut led = 0;
    for place in 0..places.len() {
        // Rows seen without success stay so until a leader is given: nothing has changed for them.
        let stamp = led + 1;
        // A place of the way, the row it asks next, and the place of that row's that was asked to go on.
        let mut way: Vec<(usize, usize, usize)> = vec![(place, 0, 0)];
        while let Some(&(at, row, next)) = way.last() {
            let Some(&number) = places[at].get(row) else {
                way.pop();
                if let Some(last) = way.last_mut() {
                    last.2 += 1;
                }
                continue;
            };
            if next == 0 {
                if seen[number] == stamp {
                    way.pop();
                    way.push((at, row + 1, 0));
                    continue;
                }
                seen[number] = stamp;
                if left[number] > 0 {
                    left[number] -= 1;
                    hand_over(places, &way, &mut leads);
                    led += 1;
                    break;
                }
            }
            way.pop();
            match leads[number].get(next) {
                Some(&other) => way.extend([(at, row, next), (other, 0, 0)]),
                None => way.push((at, row + 1, 0)),
            }
        }
    }
    led
}

/// Every place of a way takes its row's leader; all but the first leave the row before.
fn hand_over(places: &[Vec<usize>], way: &[(usize, usize, usize)], leads: &mut [Vec<usize>]) {
    let row_of = |&(place, row, _): &(usize, usize, usize)| places[place][row];
    for pair in way.windows(2) {
        let [before, after] = pair else { continue };
        leads[row_of(before)].retain(|&place| place != after.0);
    }
    for step in way {
        leads[row_of(step)].push(step.0);
    }
}
