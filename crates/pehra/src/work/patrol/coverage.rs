//! How often each building of an area is to be looked at, as it is shown: figures, a row for each building, a byte for
//! each point of the map. No day was drawn yet: nothing here says where a team will be.

use super::{Ground, Planned, WorkError, payoffs};
use crate::{
    node::Node,
    world::{StationTable, World},
};
use pehra_domain::{AreaId, building::Building, progress::Watch};
use pehra_ops::patrol::Terms;
use pehra_plan::patrol::{Stake, sentence};
use std::{ops::Range, sync::Arc};

/// The byte of a station whose building is not in the plan.
pub const NOT_PLANNED: u8 = 255;

/// A computed plan of an area.
pub struct Coverage {
    pub area: AreaId,
    pub terms: Terms,
    /// The list of stations that it was computed over.
    pub stations: Arc<StationTable>,
    /// The most often looked at first.
    places: Vec<Placed>,
    /// The place of each building of the list; none where it is not in the plan.
    place_of: Vec<Option<u32>>,
    pub level: f64,
    pub bound: f64,
    /// The dearest attack without any team.
    pub without: f64,
    /// Teams that would change nothing.
    pub idle: u32,
    /// Bases from which teams go out; none for single posts.
    pub bases: usize,
}

struct Placed {
    building: u32,
    stake: Stake,
    permille: u16,
}

/// One building as the plan has it.
pub struct Place<'c> {
    pub building: &'c Building,
    /// What an attack there costs without a team.
    pub stake: f64,
    /// On so many of 1,000 drawn days a team is there.
    pub permille: u16,
    pub why_en: String,
    pub why_ur: String,
}

impl Coverage {
    /// Plans an area and keeps what is shown of it.
    ///
    /// # Errors
    /// [`WorkError`] as [`Ground::of`] and [`Ground::plan`].
    pub fn of(
        node: &Node,
        world: &World,
        (area, terms): (&AreaId, &Terms),
        watch: &mut Watch<'_>,
    ) -> Result<Self, WorkError> {
        let ground = Ground::of(node, world, (area, terms))?;
        let planned = ground.plan(terms, watch)?;
        let stations = world.stations.clone();
        let stations = stations.ok_or(WorkError::Missing(super::NO_STATIONS))?;
        let (shares, level, bound, idle, bases) = match &planned {
            Planned::Posts(plan) => (&plan.shares, plan.level, plan.bound, whole(plan.idle), 0),
            Planned::Tours(plan) => {
                let bases = plan.plans.iter().filter(|plans| !plans.is_empty()).count();
                (&plan.shares, plan.level, plan.bound, 0, bases)
            }
        };
        let mut places = Vec::with_capacity(ground.places.len());
        for (place, share) in ground.places.iter().zip(shares) {
            let Some(&building) = stations.by_building.get(&place.building.id) else { continue };
            let stake = place.stake;
            places.push(Placed { building, stake, permille: super::thousandths(*share) });
        }
        places.sort_by_key(|place| (std::cmp::Reverse(place.permille), place.building));
        let mut place_of = vec![None; stations.buildings.len()];
        for (at, place) in (0_u32..).zip(&places) {
            if let Some(known) = place_of.get_mut(place.building as usize) {
                *known = Some(at);
            }
        }
        let without = places.iter().map(|place| place.stake.uncovered).fold(0.0, f64::max);
        let (area, terms) = (area.clone(), terms.clone());
        Ok(Self { area, terms, stations, places, place_of, level, bound, without, idle, bases })
    }

    /// What the payoffs say, in a sentence: English and Urdu.
    #[must_use]
    pub fn sentence(&self) -> (String, String) {
        payoffs(&self.terms).sentence()
    }

    #[must_use]
    pub fn buildings(&self) -> usize {
        self.places.len()
    }

    /// Buildings that some drawn day visits.
    #[must_use]
    pub fn covered(&self) -> usize {
        self.places.iter().filter(|place| place.permille > 0).count()
    }

    /// Buildings, the most often looked at first.
    pub fn places(&self) -> impl Iterator<Item = Place<'_>> {
        self.places.iter().filter_map(|place| self.place(place))
    }

    /// What the plan says of the building of a station, by its position in the list.
    #[must_use]
    pub fn at(&self, station: usize) -> Option<Place<'_>> {
        self.place(self.placed(station)?)
    }

    /// A byte for each station of the ranges: hundredths of the days, or [`NOT_PLANNED`].
    #[must_use]
    pub fn bytes(&self, ranges: &[Range<u32>]) -> Vec<u8> {
        let positions = ranges.iter().flat_map(|range| range.start as usize..range.end as usize);
        let byte = |station| match self.placed(station) {
            // Looked at now and then is not the same as never.
            Some(place) if place.permille > 0 => percent(place.permille).max(1),
            Some(_) => 0,
            None => NOT_PLANNED,
        };
        positions.map(byte).collect()
    }

    fn placed(&self, station: usize) -> Option<&Placed> {
        let building = *self.stations.building_of.get(station)?;
        let at = (*self.place_of.get(building as usize)?)?;
        self.places.get(at as usize)
    }

    fn place(&self, placed: &Placed) -> Option<Place<'_>> {
        let Placed { building, stake, permille } = *placed;
        let building = self.stations.buildings.get(building as usize)?;
        let (why_en, why_ur) = sentence(stake, permille, self.level);
        Some(Place { building, stake: stake.uncovered, permille, why_en, why_ur })
    }
}

fn percent(permille: u16) -> u8 {
    u8::try_from((permille + 5) / 10).unwrap_or(100).min(100)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "teams are counted in 32 bits"
)]
fn whole(teams: f64) -> u32 {
    teams.max(0.0).round() as u32
}
