//! Ways of teams estimated from the great circle, a detour and a speed, both by the terrain of where they go.

use super::tour::{Base, Ways};
use crate::{
    allocate::{DistanceModel, Place, Terrain, travel_m},
    reserve::base::{SPEEDS_M_PER_H, terrain_index},
};
use pehra_domain::Point;

/// A place on the ground and what the ways to it are like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Site {
    pub point: Point,
    pub terrain: Terrain,
}

/// Places shared out to their nearest base, and the ways between them.
pub struct Country {
    bases: Vec<Stop>,
    /// By base, in the order of its places.
    places: Vec<Vec<Stop>>,
    looked_after: Vec<Vec<u32>>,
}

#[derive(Clone, Copy)]
struct Stop {
    place: Place,
    detour_permille: u32,
    speed_m_per_h: u32,
}

impl Stop {
    fn seconds_from(self, from: Self) -> u32 {
        let metres = travel_m(from.place.chord_squared(self.place), self.detour_permille);
        let seconds = (u64::from(metres) * 3_600).div_ceil(u64::from(self.speed_m_per_h.max(1)));
        u32::try_from(seconds).unwrap_or(u32::MAX)
    }
}

impl Country {
    /// Every place goes to the base from which it is reached soonest, of equals the first.
    #[must_use]
    pub fn of(bases: &[Site], places: &[Site], distance: &DistanceModel) -> Self {
        let stop = |site: &Site| Stop {
            place: Place::of(site.point),
            detour_permille: distance.permille_of(site.terrain),
            speed_m_per_h: SPEEDS_M_PER_H[terrain_index(site.terrain)],
        };
        let bases: Vec<Stop> = bases.iter().map(stop).collect();
        let mut country = Self {
            places: vec![Vec::new(); bases.len()],
            looked_after: vec![Vec::new(); bases.len()],
            bases,
        };
        for (at, site) in (0_u32..).zip(places) {
            let stop = stop(site);
            let nearest =
                (0..country.bases.len()).min_by_key(|&base| stop.seconds_from(country.bases[base]));
            if let Some(base) = nearest {
                country.places[base].push(stop);
                country.looked_after[base].push(at);
            }
        }
        country
    }

    /// Shares teams out by what is to be looked after: one in turn to the base with most weight for each team it would have.
    #[must_use]
    pub fn with_teams(&self, teams: u32, weights: &[f64]) -> Vec<Base> {
        let of_base = |places: &Vec<u32>| -> f64 {
            places.iter().filter_map(|&at| weights.get(at as usize)).sum()
        };
        let weights: Vec<f64> = self.looked_after.iter().map(of_base).collect();
        let mut given = vec![0_u32; self.bases.len()];
        for _ in 0..teams {
            let due = |base: usize| weights[base] / (f64::from(given[base]) + 1.0);
            let next = (0..given.len()).max_by(|&a, &b| due(a).total_cmp(&due(b)).then(b.cmp(&a)));
            if let Some(next) = next.filter(|&next| weights[next] > 0.0) {
                given[next] += 1;
            }
        }
        let base = |(teams, places): (u32, &Vec<u32>)| Base { teams, places: places.clone() };
        given.into_iter().zip(&self.looked_after).map(base).collect()
    }
}

impl Ways for Country {
    fn seconds(&self, base: usize, from: usize, to: usize) -> u32 {
        let stop = |node: usize| match node.checked_sub(1) {
            None => self.bases[base],
            Some(at) => self.places[base][at],
        };
        stop(to).seconds_from(stop(from))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(lat: f64, lon: f64, terrain: Terrain) -> Site {
        Site { point: Point::try_from_degrees(lat, lon).unwrap(), terrain }
    }

    #[test]
    fn places_go_to_the_base_that_reaches_them_soonest_and_teams_to_what_weighs() {
        let bases = [site(24.0, 68.0, Terrain::Plain), site(24.0, 69.0, Terrain::Plain)];
        let places = [
            site(24.0, 68.1, Terrain::Plain),
            site(24.0, 68.9, Terrain::Plain),
            site(24.0, 68.2, Terrain::Mountain),
        ];
        let country = Country::of(&bases, &places, &DistanceModel::proposed());
        assert_eq!(country.looked_after, [vec![0, 2], vec![1]]);
        let [plain, mountain] = [1, 2].map(|node| country.seconds(0, 0, node));
        assert!(mountain > 4 * plain, "{plain} and {mountain}: slower and by longer ways");
        let teams: Vec<u32> =
            country.with_teams(3, &[4.0, 3.0, 2.0]).iter().map(|base| base.teams).collect();
        assert_eq!(teams, [2, 1]);
        assert_eq!(country.with_teams(2, &[0.0, 3.0, 0.0])[0].teams, 0, "nothing to look after");
    }
}
