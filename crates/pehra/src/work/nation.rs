//! A nation of true size: generated, signed and ready to be assessed.

use super::WorkError;
use super::import::unit_search;
use crate::{
    dataset, facts,
    node::{DatasetDraft, Node},
};
use pehra_domain::{
    AreaId, BuildingId, ConstituencyId,
    figure::Figure,
    member::Member,
    poll::PollState,
    progress::{Watch, tell},
    training::{Trainer, Venue},
};
use pehra_drill::{Nation, NationError, nation::member::members};
use pehra_ops::{dataset::DatasetKind, election::Nature, poll::Order, stamp::Actor};
use std::collections::{BTreeMap, BTreeSet};

/// What stands in the record as the source of everything generated.
pub const SOURCE: &str = "generated from published totals (synthetic)";

/// Makes a synthetic nation and signs its lists.
///
/// # Errors
/// [`WorkError`]: a table of facts cannot be used, stopped, or the node could not keep the result.
pub fn run(node: &Node, actor: &Actor, seed: u64, watch: &mut Watch<'_>) -> Result<(), WorkError> {
    let facts = facts::nation().map_err(|error| WorkError::Input(error.to_string()))?;
    let nation =
        pehra_drill::generate(&facts, node.gazetteer(), seed, watch).map_err(from_nation)?;
    keep(node, actor, nation, watch)
}

#[expect(clippy::needless_pass_by_value, reason = "shaped for map_err")]
fn from_nation(error: NationError) -> WorkError {
    if let NationError::Cancelled(cancelled) = error {
        return WorkError::Cancelled(cancelled);
    }
    WorkError::Input(error.to_string())
}

fn keep(
    node: &Node,
    actor: &Actor,
    nation: Nation,
    watch: &mut Watch<'_>,
) -> Result<(), WorkError> {
    const STEPS: u64 = 6;
    let Nation { stations, buildings, places, units, incidents, surveys, polls, .. } = nation;
    let districts: BTreeMap<BuildingId, AreaId> =
        buildings.iter().map(|b| (b.id.clone(), b.district.clone())).collect();
    let district_of =
        |building: &BuildingId| districts.get(building).cloned().unwrap_or_else(AreaId::nation);
    let figures = published_figures()?;
    let mut search = vec![super::import::station_search(&stations), unit_search(&units)];
    let parts: [(DatasetKind, usize, Vec<dataset::Chunk>); 6] = [
        (DatasetKind::Stations, stations.len(), dataset::write_stations(stations, buildings)),
        (DatasetKind::Buildings, places.len(), dataset::write_places(places)),
        (DatasetKind::Forces, units.len(), dataset::write_units(units)),
        (DatasetKind::Events, incidents.len(), dataset::write_incidents(incidents)),
        (DatasetKind::Surveys, surveys.len(), dataset::write_surveys(surveys, district_of)),
        (DatasetKind::Figures, figures.len(), dataset::write_figures(figures)),
    ];
    for ((kind, rows, chunks), done) in parts.into_iter().zip(0_u64..) {
        tell(watch, "sign the nation's lists", done, STEPS)?;
        let mut draft = DatasetDraft::generated(kind, SOURCE, chunks, &[("rows", rows as u64)]);
        draft.search = std::mem::take(&mut search);
        node.commit_dataset(actor, draft)?;
    }
    let order = Order {
        authority: "Election Commission, as published".to_owned(),
        instrument: "see the published figures".to_owned(),
        dated: node.poll_date(),
        copy: None,
    };
    for poll in polls.iter().filter(|poll| poll.state == PollState::Postponed) {
        super::poll::postponed(node, actor, &poll.key, &order)?;
    }
    tell(watch, "sign the nation's lists", STEPS, STEPS)?;
    Ok(())
}

/// The published figures that are in the binary, contradictions and all.
///
/// # Errors
/// [`WorkError::Input`] when the shipped table cannot be read.
pub fn published_figures() -> Result<Vec<Figure>, WorkError> {
    super::import::figures_of(facts::PUBLISHED_FIGURES_CSV.as_bytes())
}

/// Imagined people for the units of an imagined nation.
///
/// # Errors
/// [`WorkError::Input`] on a node whose election is not imagined; [`WorkError::Missing`] without units or stations.
pub fn people(node: &Node) -> Result<Vec<Member>, WorkError> {
    synthetic_only(
        node,
        "people are imagined for the demo's imagined nation only; name the real list with --people FILE",
    )?;
    let world = node.world();
    let units = world
        .units
        .as_ref()
        .ok_or(WorkError::Missing("there are no units yet: `pehra plan import forces FILE`"))?;
    let table = world.stations.as_ref().ok_or(WorkError::Missing(
        "there are no stations yet: `pehra plan import stations FILE`",
    ))?;
    let mut seats: BTreeMap<AreaId, BTreeSet<ConstituencyId>> = BTreeMap::new();
    for station in &table.stations {
        let first = station.contests.first().map(|contest| contest.constituency.clone());
        seats.entry(station.district.clone()).or_default().extend(first);
    }
    let seats =
        seats.into_iter().map(|(area, seats)| (area, seats.into_iter().collect())).collect();
    members(&units.units, &seats, PEOPLE_SEED).map_err(|error| WorkError::Input(error.to_string()))
}

/// Any number does: the people are imagined.
const PEOPLE_SEED: u64 = 2_024;

/// Rooms and trainers for the demo's imagined nation.
///
/// # Errors
/// [`WorkError`]: the election is a real one, or there are no units yet.
pub fn rooms_and_trainers(node: &Node) -> Result<(Vec<Venue>, Vec<Trainer>), WorkError> {
    synthetic_only(
        node,
        "rooms and trainers are imagined for the demo's imagined nation only; name the lists with --venues FILE and \
         --trainers FILE",
    )?;
    let world = node.world();
    let units = world
        .units
        .as_ref()
        .ok_or(WorkError::Missing("there are no units yet: `pehra plan import forces FILE`"))?;
    pehra_drill::nation::training::rooms_and_trainers(&units.units, node.poll_date(), PEOPLE_SEED)
        .map_err(|error| WorkError::Input(error.to_string()))
}

fn synthetic_only(node: &Node, otherwise: &str) -> Result<(), WorkError> {
    let nature = node.ops(|state| state.election().map(|election| election.nature));
    if nature == Some(Nature::Synthetic) {
        return Ok(());
    }
    Err(WorkError::Input(otherwise.to_owned()))
}
