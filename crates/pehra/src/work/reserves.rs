//! Where quick-reaction teams are kept: from classes and units to bases with a bound, and what a change would do.

use super::{THREADS, WorkError, allocate};
use crate::node::Node;
use pehra_domain::{BuildingId, StationId, UnitId, progress::Watch};
use pehra_plan::{
    allocate::{AllocateInput, DistanceModel},
    reserve::{
        base::{self, Block, Demand, Estimates, Outlook, Suggestion, Targets},
        cover::{self, Basing, Cover, CoverError, Effort},
    },
};
use std::collections::BTreeMap;

/// What is asked.
#[derive(Clone, Debug, Default)]
pub struct Question {
    pub teams: usize,
    /// Bases that are lost after the basing was chosen.
    pub lose: Vec<UnitId>,
    /// Lines that no way may cross any more.
    pub blocks: Vec<Block>,
    /// Teams that come in addition.
    pub more: usize,
    /// An incident for which a team is wanted, and how many teams must stay free.
    pub incident: Option<StationId>,
    pub keep: usize,
}

/// A basing with what it means for every station.
pub struct Reserves {
    pub units: Vec<UnitId>,
    pub stations: Vec<StationId>,
    pub basing: Basing,
    pub outlook: Outlook,
    pub change: Option<Change>,
    /// Free teams for the incident, nearest first.
    pub suggestions: Vec<Suggestion>,
}

/// The same after losses, blocks and reinforcements.
pub struct Change {
    pub open: Vec<u32>,
    pub outlook: Outlook,
    /// Stations that lose, and that gain, every team in time.
    pub lose: Vec<usize>,
    pub gain: Vec<usize>,
}

struct Country {
    units: Vec<UnitId>,
    bases: Vec<pehra_domain::Point>,
    stations: Vec<StationId>,
    demands: Vec<Demand>,
    distance: DistanceModel,
}

impl Country {
    fn new(input: &AllocateInput) -> Self {
        let buildings: BTreeMap<&BuildingId, _> =
            input.buildings.iter().map(|building| (&building.id, building)).collect();
        let mut country = Self {
            units: input.units.iter().map(|unit| unit.id.clone()).collect(),
            bases: input.units.iter().map(|unit| unit.point).collect(),
            stations: Vec::with_capacity(input.stations.len()),
            demands: Vec::with_capacity(input.stations.len()),
            distance: input.distance.clone(),
        };
        let mut terrains = BTreeMap::new();
        for duty in &input.stations {
            if let Some(building) = buildings.get(&duty.building) {
                let district = &building.district;
                let terrain =
                    *terrains.entry(district).or_insert_with(|| input.distance.terrain(district));
                country.stations.push(duty.station.clone());
                country.demands.push(Demand { point: building.point, terrain, class: duty.class });
            }
        }
        country
    }

    fn times<'a>(&self, blocks: &'a [Block]) -> Estimates<'a> {
        Estimates::new(&self.bases, &self.demands, &self.distance, blocks)
    }

    fn problem(&self, blocks: &[Block]) -> Result<Cover, WorkError> {
        let times = self.times(blocks);
        base::problem(&self.demands, &Targets::proposed(), &times, THREADS).map_err(from_cover)
    }

    fn outlook(&self, blocks: &[Block], open: &[u32]) -> Outlook {
        let times = self.times(blocks);
        base::outlook(&self.demands, &Targets::proposed(), &times, open)
    }
}

/// Chooses bases among the places of the units at hand, and answers what was asked about them.
///
/// # Errors
/// [`WorkError`]: something is missing, a name is unknown, or stopped.
pub fn run(node: &Node, question: &Question, watch: &mut Watch<'_>) -> Result<Reserves, WorkError> {
    let world = node.world();
    let input = allocate::input(node, &world, &allocate::Options::default())?;
    let country = Country::new(&input);
    let cover = country.problem(&[])?;
    let effort = Effort { enough_per_100_000: 100, ..Effort::default() };
    let basing = base::choose(&cover, question.teams, effort, watch).map_err(from_cover)?;
    let outlook = country.outlook(&[], &basing.open);
    let asked = !question.lose.is_empty() || !question.blocks.is_empty() || question.more > 0;
    let change =
        if asked { Some(change(&country, question, &cover, &basing, &outlook)?) } else { None };
    let open = change.as_ref().map_or(&basing.open, |change| &change.open);
    let suggestions = match &question.incident {
        None => Vec::new(),
        Some(station) => {
            let place = country.stations.iter().position(|id| id == station).ok_or_else(|| {
                WorkError::Input(format!("there is no station {station} that votes in this poll"))
            })?;
            let times = country.times(&question.blocks);
            base::dispatch(&cover, &times, place, open, question.keep)
        }
    };
    let Country { units, stations, .. } = country;
    Ok(Reserves { units, stations, basing, outlook, change, suggestions })
}

fn change(
    country: &Country,
    question: &Question,
    cover: &Cover,
    basing: &Basing,
    before: &Outlook,
) -> Result<Change, WorkError> {
    let mut open = basing.open.clone();
    for unit in &question.lose {
        let place = country.units.iter().position(|id| id == unit);
        let held = open.iter().position(|&base| Some(base as usize) == place);
        let Some(held) = held else {
            return Err(WorkError::Input(format!("no team is based at {unit}")));
        };
        open.remove(held);
    }
    if question.more > 0 {
        let blocked;
        let cover = if question.blocks.is_empty() {
            cover
        } else {
            blocked = country.problem(&question.blocks)?;
            &blocked
        };
        let lost: Vec<u32> =
            basing.open.iter().copied().filter(|base| !open.contains(base)).collect();
        open = cover::extend(cover, &open, question.more, &lost);
    }
    let outlook = country.outlook(&question.blocks, &open);
    let (lose, gain) = base::changed(before, &outlook);
    Ok(Change { open, outlook, lose, gain })
}

#[expect(clippy::needless_pass_by_value, reason = "shaped for map_err")]
fn from_cover(error: CoverError) -> WorkError {
    if let CoverError::Cancelled(cancelled) = error {
        return WorkError::Cancelled(cancelled);
    }
    WorkError::Input(error.to_string())
}
